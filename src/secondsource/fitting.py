"""How the words of a label fit those of an entry: trimming, other boundaries, and the best one-to-one partners."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from secondsource.article import Article
from secondsource.assignment import assign
from secondsource.intervals import Bounds, Cover, neighbours, shared
from secondsource.key import Distractor, KeySpan
from secondsource.spans import Span

__all__ = ["HALF", "Entry", "Foil", "Mark", "near", "partners", "places", "trim"]

HALF = Fraction(1, 2)
_LABEL_COUNTS = 4  # a right label nearly in place beats a wrong label in place
_EDGE = "\\s‘’“”\"'«»„.,;:—"
_HEAD = re.compile(rf"(?:[{_EDGE}]+|(?:an?|the|who|whom|whose|which|that)(?=\s))+", re.IGNORECASE)
_TAIL = re.compile(rf"[{_EDGE}]+$")


@dataclass(slots=True)
class Mark:
    """A label, its trimmed bounds, and further labels that are pieces of the same answer."""

    span: Span
    at: Bounds
    pieces: list["Mark"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the key and its trimmed bounds, accepted other boundaries behind them."""

    key: KeySpan
    places: tuple[Bounds, ...]

    @property
    def open(self) -> bool:
        """Whether trained people would disagree."""
        return self.key.tier == "contested"

    def accepts(self, mark: Mark) -> bool:
        """Tell whether the label earns credit."""
        return self.key.accepts(mark.span.label)

    def weight(self, mark: Mark) -> Fraction:
        """What the two are worth as a pair: their fit, four times that if the label is accepted; 0 if they are none."""
        right = self.accepts(mark)
        if self.open and not (right and self.holds_half(mark.at)):
            return Fraction(0)
        fit = self.fit(mark.at)
        return _LABEL_COUNTS * fit if right else fit if fit >= HALF else Fraction(0)

    def fit(self, *parts: Bounds) -> Fraction:
        """Characters in common over characters of both; 1 for an accepted other boundary."""
        if parts[0] in self.places:
            return Fraction(1)
        first, last = self.places[0]
        if len(parts) == 1:
            both, size = shared(parts[0], self.places[0]), parts[0][1] - parts[0][0]
        else:
            cover = Cover(parts)
            both, size = cover.within(self.places[0]), cover.size
        return Fraction(both, size + last - first - both)

    def most(self, at: Bounds) -> int:
        """Largest number of characters that a stretch shares with one of the places."""
        return max(shared(at, place) for place in self.places)

    def holds_half(self, at: Bounds) -> bool:
        """Tell whether at least half of a stretch lies in one of the places."""
        return 2 * self.most(at) >= at[1] - at[0]


@dataclass(frozen=True, slots=True)
class Foil:
    """A distractor and its trimmed bounds."""

    distractor: Distractor
    at: Bounds

    @property
    def places(self) -> tuple[Bounds, ...]:
        """Where it stands, as for an entry."""
        return (self.at,)

    def tempts(self, mark: Mark) -> bool:
        """Tell whether the mark has its label and half of the shorter of the two, and a third of the mark."""
        both, mine, its = shared(mark.at, self.at), mark.at[1] - mark.at[0], self.at[1] - self.at[0]
        return mark.span.label in self.distractor.tempting and 2 * both >= min(mine, its) and 3 * both >= mine


def trim(article: Article, start: int, end: int) -> Bounds:
    """Narrow a span to what matters: no white space, quotation marks, stops, article or relative pronoun at the edge.

    Examples
    --------
    >>> trim(Article("He saw ‘the red car’, she said."), 7, 21)
    (12, 19)
    """
    return _trimmed(article.text, start, end)


@lru_cache(maxsize=1 << 14)  # a key is trimmed once for a whole class
def _trimmed(text: str, start: int, end: int) -> Bounds:
    piece = text[start:end]
    head = _HEAD.match(piece)
    first = head.end() if head else 0
    tail = _TAIL.search(piece, first)
    last = tail.start() if tail else len(piece)
    return (start + first, start + last) if first < last else (start, end)


def places(entry: KeySpan, article: Article) -> tuple[Bounds, ...]:
    """Trimmed bounds of an entry, its accepted other boundaries behind them."""
    return tuple(trim(article, *place) for place in ((entry.span.start, entry.span.end), *entry.extents))


def near(marks: Sequence[Mark], others: Sequence[Entry | Foil]) -> list[list[int]]:
    """For each mark the indices of the others that share a character with it in one of their places, in order."""
    spots = [(place, k) for k, other in enumerate(others) for place in other.places]
    found = neighbours([mark.at for mark in marks], [place for place, _ in spots])
    return [sorted({spots[spot][1] for spot in met}) for met in found]


def partners(marks: Sequence[Mark], entries: Sequence[Entry], met: Sequence[Sequence[int]]) -> dict[int, int]:
    """Return the index of the mark for each entry that has one; ``met`` is what `near` gives for the two.

    The same words with the key's own label are a pair. The others that could stand as one are assigned by the largest
    total weight; of equal totals, the one with more of the key's own labels.
    """
    exact = {(entry.places[0], entry.key.span.label): k for k, entry in enumerate(entries)}
    partner: dict[int, int] = {}
    for i, mark in enumerate(marks):
        if (k := exact.get((mark.at, mark.span.label))) is not None:
            partner.setdefault(k, i)
    taken = set(partner.values())
    weights = {
        (k, i): weight
        for i, mark in enumerate(marks)
        if i not in taken
        for k in met[i]
        if k not in partner and (weight := entries[k].weight(mark))
    }
    own = [(k, i) for k, i in weights if entries[k].key.span.label == marks[i].span.label]
    return partner | dict(assign(weights, preferred=own))
