"""What a class is scored against: a key in plain numbers, and the units in which agreement is counted."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from secondsource.article import Article
from secondsource.cohort.best import BestMatch
from secondsource.cohort.forms import Exact, Kappa, SemEval
from secondsource.cohort.grid import Grid, Marks
from secondsource.errors import CaseError, OffsetError, UnknownNameError
from secondsource.fitting import places
from secondsource.intervals import Bounds, meetings
from secondsource.key import Key
from secondsource.metrics import Expected
from secondsource.words import words

__all__ = ["Sheet"]


@dataclass(frozen=True)
class Sheet:
    """A key as the scores of a class need it.

    Make one with `of` from a key, or with `plain` from numbers.

    Attributes
    ----------
    entries : tuple of Expected
        In key order, bounds in code points.
    length : int
        Characters of the text.
    words : tuple of (int, int)
        Units in which agreement is counted, in order, not overlapping; none leave every kappa undefined.
    labels : tuple of str
        All labels that a mark may have.
    ignored : frozenset of str
        Labels whose marks are left out: those of whole sentences in a layer of spans.
    article : Article or None
        If given, marks are trimmed like the key (`secondsource.fitting.trim`).
    asked : tuple of (int, int)
        Sentences that were asked; marks that meet none of them are left out. None asks for the whole text.
    """

    entries: tuple[Expected, ...]
    length: int
    words: tuple[Bounds, ...]
    labels: tuple[str, ...]
    ignored: frozenset[str] = frozenset()
    article: Article | None = field(default=None, repr=False)
    asked: tuple[Bounds, ...] | None = None

    def __post_init__(self) -> None:
        for entry in self.entries:
            for label in sorted(entry.labels.difference(self.labels)):
                raise UnknownNameError("label", label, self.labels)
            for start, end in entry.places:
                if not 0 <= start < end <= self.length:
                    raise OffsetError(f"Key entry {entry.label} [{start}, {end}) does not fit a text of {self.length}.")
        edges = [0, *(edge for word in self.words for edge in word), self.length]
        if edges != sorted(edges) or any(start == end for start, end in self.words):
            raise OffsetError(f"Words must be in order, apart and within the {self.length} characters of the text.")
        if len(set(self.labels)) < len(self.labels):
            raise CaseError("A label stands twice in the list of labels.")

    @classmethod
    def plain(
        cls,
        entries: Sequence[Expected],
        *,
        length: int,
        words: Sequence[Bounds] = (),
        labels: Sequence[str] | None = None,
    ) -> "Sheet":
        """Make a sheet from numbers; without ``labels``, those of the entries are the only ones.

        Examples
        --------
        >>> sheet = Sheet.plain([Expected(((0, 10),), "A", frozenset("B"))], length=100)
        >>> sheet.labels, sheet.expected("exact")
        (('A', 'B'), 1)
        """
        known = sorted({label for entry in entries for label in entry.labels}) if labels is None else labels
        return cls(tuple(entries), int(length), tuple((int(a), int(b)) for a, b in words), tuple(known))

    @classmethod
    def of(cls, key: Key, *, units: Sequence[str] | None = None) -> "Sheet":
        """Make a sheet from a key, trimmed as for `secondsource.comparison.compare`.

        Parameters
        ----------
        key : Key
            The key of one layer.
        units : sequence of str, optional
            Ids of the sentences that were asked; all by default.
        """
        article, layer = key.article, key.layer
        whole = frozenset(label.id for label in layer.labels if label.unit == "sentence" and layer.unit == "span")
        entries = [
            Expected(places(entry, article), entry.span.label, frozenset(entry.also) - whole, entry.tier)
            for entry in key.within(units).spans
            if entry.span.label not in whole
        ]
        asked, units_of_text = _asked(article, units), words(article.text)
        if asked is not None:
            units_of_text = tuple(units_of_text[i] for i in sorted({i for i, _ in meetings(units_of_text, asked)}))
        labels = tuple(label.id for label in layer.labels if label.id not in whole)
        return cls(tuple(entries), len(article.text), units_of_text, labels, whole, article, asked)

    def expected(self, form: str) -> int:
        """How much credit the key has to give in a form: what recall is out of."""
        return self.compiled(form).expected

    def compiled(self, form: str) -> Exact | SemEval | BestMatch:
        """Return the key made ready for a form: ``exact``, ``semeval`` or ``best_match``."""
        made: dict[str, Exact | SemEval | BestMatch] = self.__dict__.setdefault("_compiled", {})
        if form not in made:
            made[form] = _FORMS[form].of(self.entries, self.codes, self.grid)
        return made[form]

    def scored(self, marks: Marks) -> Marks:
        """Return the marks that count (`secondsource.metrics.scored`)."""
        if all(entry.tier != "contested" for entry in self.entries):
            return marks
        best = self.compiled("best_match")
        assert isinstance(best, BestMatch)  # the only one that knows contested entries
        return best.homes.find(marks)[0]

    def prepare(self, forms: Sequence[str]) -> None:
        """Make the key ready for some forms now."""
        for form in ("best_match", *forms) if any(e.tier == "contested" for e in self.entries) else forms:
            _ = self.kappa if form == "kappa" else self.compiled(form)

    def code(self, label: str) -> int:
        """Return the number of a label."""
        if label not in self.codes:
            raise UnknownNameError("label", label, self.labels)
        return self.codes[label]

    @cached_property
    def kappa(self) -> Kappa:
        """The key made ready for agreement on words."""
        return Kappa.of(self.entries, self.codes, self.words, self.grid)

    @cached_property
    def grid(self) -> Grid:
        """Bits of a code for this sheet."""
        return Grid.fitting(labels=len(self.labels), length=self.length)

    @cached_property
    def codes(self) -> dict[str, int]:
        """Number of each label."""
        return {label: code for code, label in enumerate(self.labels)}


_FORMS: dict[str, type[Exact] | type[SemEval] | type[BestMatch]] = {
    "exact": Exact,
    "semeval": SemEval,
    "best_match": BestMatch,
}


def _asked(article: Article, units: Sequence[str] | None) -> tuple[Bounds, ...] | None:
    if units is None:
        return None
    known = {sentence.id: (sentence.start, sentence.end) for sentence in article.sentences}
    for unit in units:
        if unit not in known:
            raise UnknownNameError("sentence", unit, known)
    return tuple(sorted(known[unit] for unit in set(units)))
