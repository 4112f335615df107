"""Labels over an article: spans, relations between them, and one person's whole set.

A `LabelSet` is a value: frozen, validated once, its spans sorted by ``(start, end, layer, label, id)``. Changing it
means making another one (:meth:`LabelSet.put`, :meth:`LabelSet.drop`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

from secondsource.article import Article
from secondsource.codebook import Codebook
from secondsource.errors import OffsetError, SecondSourceError, UnknownNameError
from secondsource.relations import (
    MAX_NOTE,
    Relation,
    check_id,
    check_link,
    check_relations,
    check_texts,
    check_unique,
    left,
    unlinked,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "MAX_NOTE", "MAX_SPANS", "LabelSet", "Relation", "Span", "lanes", "segments"]

MAX_SPANS = 5_000  # in one label file
COLUMNS = ("id", "layer", "label", "sentence", "quote", "start", "end", "confidence", "note", "attributes", "discuss")


@dataclass(frozen=True, slots=True)
class Span:
    """A labelled stretch ``[start, end)`` in code points.

    Attributes
    ----------
    id : str
        Stable name, 1 to 64 of ``A-Z a-z 0-9 _ -``.
    quote : str
        The words it covers; an empty string is filled in from the article.
    confidence : float or None
        How sure the rater is, 0 to 1; None means not said.
    attributes : mapping of str to str
        Answers to the codebook's further questions.
    discuss : bool
        Whether the rater wants to talk about it with others.
    """

    id: str
    layer: str
    label: str
    start: int
    end: int
    quote: str = ""
    confidence: float | None = None
    note: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict, hash=False)
    discuss: bool = False

    def overlaps(self, other: "Span") -> bool:
        """Tell whether the two share a character; touching is not overlapping.

        Examples
        --------
        >>> Span("a", "x", "A", 0, 4).overlaps(Span("b", "x", "A", 4, 8))
        False
        """
        return self.start < other.end and other.start < self.end


class Material(Protocol):
    """Anything that has a text and a codebook, such as a case."""

    @property
    def article(self) -> Article: ...
    @property
    def codebook(self) -> Codebook: ...


def _order(span: Span) -> tuple[int, int, str, str, str]:
    return span.start, span.end, span.layer, span.label, span.id


def _drawing_order(span: Span) -> tuple[int, int, str, str, str]:
    return span.start, -span.end, span.layer, span.label, span.id


@dataclass(frozen=True, repr=False)
class LabelSet:
    """One person's labels over one article.

    Attributes
    ----------
    spans : tuple of Span
        Sorted; every span satisfies ``article.text[start:end] == quote``.
    exercise, rater : str
        Where the labels come from and who made them; a claim, never an identity.

    Raises
    ------
    OffsetError, UnknownNameError
        For a span that does not fit the article or the codebook; the message names its id.

    Examples
    --------
    >>> from secondsource.case import Case
    >>> labels = LabelSet.from_quotes(Case.open("analyst-claims"), "attribution", [("stated", "CUE", 0.8)])
    >>> [(s.start, s.end, s.quote) for s in labels.spans]
    [(580, 586, 'stated')]
    """

    article: Article
    codebook: Codebook
    spans: tuple[Span, ...] = ()
    relations: tuple[Relation, ...] = ()
    exercise: str = ""
    rater: str = ""

    def __post_init__(self) -> None:
        checked = tuple(sorted((check_span(span, self.article, self.codebook) for span in self.spans), key=_order))
        check_unique([span.id for span in checked], "label")
        check_relations(self.relations, {span.id for span in checked})
        check_texts(self.exercise, self.rater)
        object.__setattr__(self, "spans", checked)
        object.__setattr__(self, "relations", tuple(sorted(self.relations, key=lambda relation: relation.id)))

    def __repr__(self) -> str:
        return f"LabelSet({self.exercise!r}, {len(self)} spans)"

    def __len__(self) -> int:
        return len(self.spans)

    def __getitem__(self, span_id: str) -> Span:
        """Return the span with this id."""
        if span_id not in self:
            raise UnknownNameError("label with the id", span_id, self._by_id)
        return self._by_id[span_id]

    def __contains__(self, span_id: object) -> bool:
        return isinstance(span_id, str) and span_id in self._by_id

    def put(self, span: Span) -> "LabelSet":
        """Return the set with this span in place of the one with the same id, or in addition.

        A span that goes to another layer leaves its relations.
        """
        old = self._by_id.get(span.id)
        moved = old is not None and old.layer != span.layer
        relations = left(self.relations, span.id) if moved else self.relations
        return replace(self, spans=(*(s for s in self.spans if s.id != span.id), span), relations=relations)

    def drop(self, span_id: str) -> "LabelSet":
        """Return the set without a span and without its part in relations; an unknown id changes nothing.

        A relation that joins fewer than two labels then goes too.
        """
        spans = tuple(s for s in self.spans if s.id != span_id)
        return replace(self, spans=spans, relations=left(self.relations, span_id))

    def link(self, relation: Relation) -> "LabelSet":
        """Return the set with this relation in place of the one with the same id, or in addition.

        Raises
        ------
        OffsetError
            The codebook's layer does not offer it, or a member or the parent does not exist.
        """
        check_link(relation, self.relations, {span.id: span.layer for span in self.spans}, self.codebook)
        return replace(self, relations=(*(r for r in self.relations if r.id != relation.id), relation))

    def unlink(self, relation_id: str) -> "LabelSet":
        """Return the set without a relation; an unknown id changes nothing."""
        return replace(self, relations=unlinked(self.relations, relation_id))

    @classmethod
    def from_quotes(cls, case: Material, layer: str, rows: Iterable[Sequence[Any]], *, rater: str = "") -> "LabelSet":
        """Make a set from quotations.

        Parameters
        ----------
        case : Case
            Gives the article and the codebook.
        layer : str
            Id of the layer of all labels.
        rows : iterable of tuple
            ``(quotation, label)``, ``(quotation, label, confidence)`` or
            ``(quotation, label, confidence, occurrence)``; occurrences count from 1.
        """
        spans = []
        for i, (quote, label, *rest) in enumerate(rows, start=1):
            confidence, occurrence = [*rest, None, None][:2]
            start, end = case.article.locate(quote, occurrence)
            spans.append(Span(f"q{i}", layer, label, start, end, confidence=confidence))
        return cls(case.article, case.codebook, tuple(spans), rater=rater)

    @cached_property
    def frame(self) -> "pd.DataFrame":
        """The labels as a pandas DataFrame, one row per span, in text order (columns: `COLUMNS`)."""
        import pandas as pd

        place = self.article.sentence_at
        said = ["; ".join(f"{name}={value}" for name, value in s.attributes.items()) for s in self.spans]
        rows = [
            (s.id, s.layer, s.label, place(s.start).id, s.quote, s.start, s.end, s.confidence, s.note, told, s.discuss)
            for s, told in zip(self.spans, said, strict=True)
        ]
        frame = pd.DataFrame(rows, columns=list(COLUMNS))
        return frame.astype({"start": "int64", "end": "int64", "confidence": float, "discuss": bool})

    @cached_property
    def _by_id(self) -> dict[str, Span]:
        return {span.id: span for span in self.spans}


def check_span(span: Span, article: Article, codebook: Codebook) -> Span:
    """Return the span with its quotation filled in, or raise an error that names its id and the reason."""
    check_id(span.id, "label")
    try:
        return fitted(span, article, codebook)
    except SecondSourceError as error:
        raise OffsetError(f"Label {span.id}: {error}") from None


def fitted(span: Span, article: Article, codebook: Codebook) -> Span:
    """Return the span with its quotation filled in, or raise an error with the reason alone."""
    check_texts(span.label, span.note)
    label = codebook.layer(span.layer).label(span.label)
    start, end = article.check(span.start, span.end, span.quote or None)
    quote = article.text[start:end]
    if not any(char.isprintable() and not char.isspace() for char in quote):
        raise OffsetError(f"[{start}, {end}) holds no visible character.")
    if label.unit == "sentence" and not any((start, end) == (s.start, s.end) for s in article.sentences):
        raise OffsetError(f"The label {label.id} marks whole sentences, and [{start}, {end}) is not one.")
    if not _is_confidence(span.confidence):
        raise OffsetError("How sure is said as a number from 0 to 1: 0.8 for 80 %, without quotation marks.")
    if not isinstance(span.discuss, bool):
        raise OffsetError("The flag for discussion is True or False, without quotation marks.")
    codebook.layer(span.layer).check_attributes(span.label, span.attributes)
    confidence = None if span.confidence is None else abs(float(span.confidence))  # -0.0 is written like 0.0
    return replace(span, quote=quote, confidence=confidence, attributes=dict(sorted(span.attributes.items())))


def _is_confidence(value: object) -> bool:
    """Not said, or a number from 0 to 1; NaN and True are neither."""
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1)


def segments(start: int, end: int, spans: Iterable[Span], cuts: Iterable[int] = ()) -> list[tuple[int, int, list[str]]]:
    """Cut ``[start, end)`` at every span boundary, so that each piece is covered by one fixed set of spans.

    Parameters
    ----------
    start, end : int
        Stretch to cut, in code points.
    spans : iterable of Span
        Spans of any layer; parts outside the stretch are ignored.
    cuts : iterable of int
        Further places to cut at.

    Returns
    -------
    list of (int, int, list of str)
        Start, end and the ids that cover the piece, longer spans first; in text order.

    Examples
    --------
    >>> segments(0, 10, [Span("a", "x", "A", 2, 6), Span("b", "x", "B", 4, 20)])
    [(0, 2, []), (2, 4, ['a']), (4, 6, ['a', 'b']), (6, 10, ['b'])]
    """
    inside = sorted((s for s in spans if s.start < end and start < s.end), key=_drawing_order)
    edges = {start, end, *(s.start for s in inside), *(s.end for s in inside), *cuts}
    bounds = sorted(edge for edge in edges if start <= edge <= end)
    return [(a, b, [s.id for s in inside if s.start < b and a < s.end]) for a, b in pairwise(bounds)]


def lanes(start: int, end: int, spans: Iterable[Span]) -> dict[str, int]:
    """Lane of each span inside ``[start, end)``: the lowest one that is free, longer spans first.

    Examples
    --------
    >>> lanes(0, 10, [Span("a", "x", "A", 2, 6), Span("b", "x", "B", 4, 9), Span("c", "x", "C", 6, 8)])
    {'a': 0, 'b': 1, 'c': 0}
    """
    free_from, taken = list[int](), dict[str, int]()
    for span in sorted((s for s in spans if s.start < end and start < s.end), key=_drawing_order):
        lane = next((i for i, edge in enumerate(free_from) if edge <= span.start), len(free_from))
        free_from[lane:] = [span.end, *free_from[lane + 1 :]]
        taken[span.id] = lane
    return taken
