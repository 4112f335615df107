"""An instructor's key: labels that know why, how firmly, what else is accepted, and which wrong answers tempt.

A key says about itself how it was made. Only keys declared ``open`` exist so far: they are plain files, and an
exercise decides when its student may see them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from secondsource.article import Article
from secondsource.codebook import Codebook, Layer
from secondsource.errors import CaseError, FormatError, SecondSourceError, plain
from secondsource.formats import w3c
from secondsource.formats.schema import Annotation, KeyHead, KeyPart, Provenance, Stamp
from secondsource.invisible import hidden
from secondsource.spans import LabelSet, Relation, Span

__all__ = ["Distractor", "Key", "KeySpan", "Provenance"]

Tier = Literal["core", "acceptable", "contested"]


@dataclass(frozen=True, slots=True)
class KeySpan:
    """A span of the key.

    Attributes
    ----------
    tier : {"core", "acceptable", "contested"}
        Core is expected of everyone; acceptable may be marked or not; contested is never scored.
    reason, counter : str
        Why this label, and the strongest argument against it.
    also : tuple of str
        Other labels that earn full credit on this span.
    extents : tuple of (int, int)
        Other boundaries that count as exact.
    """

    span: Span
    tier: Tier
    reason: str
    counter: str
    also: tuple[str, ...] = ()
    extents: tuple[tuple[int, int], ...] = ()

    def accepts(self, label: str) -> bool:
        """Tell whether a label earns credit on this span."""
        return label == self.span.label or label in self.also


@dataclass(frozen=True, slots=True)
class Distractor:
    """A tempting wrong answer: words, the labels that tempt, why not, and what they are instead."""

    id: str
    tempting: tuple[str, ...]
    start: int
    end: int
    quote: str
    why_not: str
    instead: str | None = None


@dataclass(frozen=True)
class Key:
    """The key of one layer over one article.

    Attributes
    ----------
    labels : LabelSet
        All spans and relations as plain labels.
    spans : tuple of KeySpan
        The same spans, in the same order, with what the key knows of them.
    provenance : Provenance
        How the key was made and whether human annotators have validated it.
    """

    labels: LabelSet
    layer: Layer
    spans: tuple[KeySpan, ...]
    distractors: tuple[Distractor, ...]
    provenance: Provenance

    @property
    def article(self) -> Article:
        """The article that the key is about."""
        return self.labels.article

    @property
    def relations(self) -> tuple[Relation, ...]:
        """Links between the spans."""
        return self.labels.relations

    def within(self, sentences: Iterable[str] | None) -> "Key":
        """Return the part of the key that lies in the given sentences; None keeps all of it.

        A span belongs to every sentence that holds a character of it; a relation stays when all its members do.
        """
        if sentences is None:
            return self
        wanted = set(sentences)

        def asked(start: int, end: int) -> bool:
            return any(sentence.id in wanted for sentence in self.article.sentences_of(start, end))

        inside = tuple(k for k in self.spans if asked(k.span.start, k.span.end))
        ids = {k.span.id for k in inside}
        relations = tuple(r for r in self.relations if ids.issuperset(r.members))
        return replace(
            self,
            labels=replace(self.labels, spans=tuple(k.span for k in inside), relations=relations),
            spans=inside,
            distractors=tuple(d for d in self.distractors if asked(d.start, d.end)),
        )

    @classmethod
    def read(cls, data: bytes, article: Article, codebook: Codebook, *, name: str) -> "Key":
        """Read a key file; every problem is an error that names the entry."""
        collection = w3c.parse(data, name)
        head = collection.key
        if head is None:
            raise FormatError("FILE-INVALID", name, "this is a label file and not a key.")
        labels = w3c.labels_of(collection, article, codebook, name)
        parts = {
            item.id.removeprefix(w3c.SPAN_URN): item.key
            for item in collection.first.items
            if isinstance(item, Annotation)
        }
        try:
            layer = codebook.layer(head.layer)
            spans = tuple(_key_span(span, parts[span.id], layer, article) for span in labels.spans)
            return cls(labels, layer, spans, _distractors(head, layer, article), head.provenance)
        except SecondSourceError as error:
            raise CaseError(f"{name}: {error}") from None

    def write(self) -> bytes:
        """Write the key as a file that `read` understands."""
        head = KeyHead(mode="open", layer=self.layer.id, provenance=self.provenance).model_dump()
        head["distractors"] = [
            {
                "id": d.id,
                "layer": self.layer.id,
                "tempting": list(d.tempting),
                "start": d.start,
                "end": d.end,
                "quote": d.quote,
                "why_not": d.why_not,
                "instead": d.instead,
            }
            for d in sorted(self.distractors, key=_place)
        ]
        parts = {
            k.span.id: {
                "tier": k.tier,
                "reason": k.reason,
                "counter": k.counter,
                "also": list(k.also),
                "extents": [list(extent) for extent in k.extents],
            }
            for k in self.spans
        }
        return w3c.dump(self.labels, Stamp(), head=head, parts=parts)

    @cached_property
    def by_id(self) -> dict[str, KeySpan]:
        """Key spans by their id."""
        return {k.span.id: k for k in self.spans}


def _key_span(span: Span, part: KeyPart | None, layer: Layer, article: Article) -> KeySpan:
    where = f"key entry {span.id}"
    if part is None or not part.reason.strip() or not part.counter.strip():
        raise CaseError(f"{where}: a tier, a reason and a counter-argument are needed.")
    if hidden(part.reason) or hidden(part.counter):
        raise CaseError(f"{where}: its reason or counter-argument holds an invisible control character.")
    if span.layer != layer.id:
        raise CaseError(f"{where}: it belongs to the layer {span.layer}, and the key to {layer.id}.")
    if any(len(extent) != 2 for extent in part.extents):
        raise CaseError(f"{where}: an extent is a pair of code points.")
    try:
        also = tuple(label for label in part.also if layer.label(label).id != span.label)
        extents = tuple(article.check(start, end) for start, end in part.extents)
    except SecondSourceError as error:
        raise CaseError(f"{where}: {error}") from None
    return KeySpan(span, part.tier, part.reason, part.counter, also, extents)


def _distractors(head: KeyHead, layer: Layer, article: Article) -> tuple[Distractor, ...]:
    made: dict[str, Distractor] = {}
    for row in head.distractors:
        where = f"distractor {plain(row.id)}"
        if row.id in made or not row.tempting or not row.why_not.strip():
            raise CaseError(f"{where}: an id of its own, a tempting label and a reason why not are needed.")
        if hidden(row.why_not) or hidden(row.instead or ""):
            raise CaseError(f"{where}: its explanation holds an invisible control character.")
        if row.layer != layer.id:
            raise CaseError(f"{where}: it belongs to the layer {plain(row.layer)}, and the key to {layer.id}.")
        try:
            tempting = tuple(layer.label(label).id for label in row.tempting)
            start, end = article.check(row.start, row.end, row.quote)
        except SecondSourceError as error:
            raise CaseError(f"{where}: {error}") from None
        made[row.id] = Distractor(row.id, tempting, start, end, row.quote, row.why_not, row.instead)
    return tuple(sorted(made.values(), key=_place))


def _place(distractor: Distractor) -> tuple[int, int, str]:
    return distractor.start, distractor.end, distractor.id
