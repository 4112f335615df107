"""Texts laid end to end, and what two sides marked in them: the counts behind kappa and alpha.

Nothing here has a row per character. Stretches are turned into ranges of units, and counts are taken from the ranges:
a text of any length costs as much as the spans in it.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Literal

from secondsource.agreement import NO_VARIATION, NOTHING, Contingency, Unitized, unitized_alpha
from secondsource.intervals import Bounds, Cover, meetings, shared, united
from secondsource.metrics import Mark
from secondsource.ratio import Ratio

__all__ = ["Continuum", "Text", "Unit", "Units"]

Unit = Literal["character", "word", "sentence"]
Marks = Mapping[str, Sequence[Mark]]  # by doc

OVERLAPPING = "spans of one side with different labels overlap, so the text cannot be cut into stretches of one label"


@dataclass(frozen=True)
class Units:
    """The characters, words or sentences of one text.

    Attributes
    ----------
    count : int
        How many there are.
    bounds : tuple of (int, int) or None
        Where they are, sorted and without overlap; None for characters.

    Examples
    --------
    A span marks every unit of which it holds a character.

    >>> words = Units(3, ((0, 3), (4, 8), (9, 12)))
    >>> words.touched(5, 10), words.touched(3, 4)
    ((1, 3), (1, 1))
    """

    count: int
    bounds: tuple[Bounds, ...] | None = None

    def touched(self, start: int, end: int) -> Bounds:
        """Half-open range of the units that share a character with ``[start, end)``."""
        if self.bounds is None:
            return start, end
        return bisect_right(self._ends, start), bisect_left(self._starts, end)

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _ in self.bounds or ()]

    @cached_property
    def _ends(self) -> list[int]:
        return [end for _, end in self.bounds or ()]


@dataclass(frozen=True, slots=True)
class Text:
    """One text, as far as it is known.

    Attributes
    ----------
    doc : str
        Its name.
    length : int or None
        Code points; None if not known, which leaves kappa and alpha undefined.
    words, sentences : tuple of (int, int) or None
        Where they are; None if only the length is known.
    """

    doc: str
    length: int | None = None
    words: tuple[Bounds, ...] | None = None
    sentences: tuple[Bounds, ...] | None = None

    def units(self, unit: Unit) -> Units:
        """Cut the text; raises ValueError if that is not known."""
        bounds = {"word": self.words, "sentence": self.sentences, "character": None}[unit]
        count = self.length if unit == "character" else None if bounds is None else len(bounds)
        if count is None:
            raise ValueError(f"the {unit}s of the text {self.doc} are not known")
        return Units(count, bounds)


class Continuum:
    """What two sides marked in one layer of some texts, with the texts laid end to end.

    Parameters
    ----------
    texts : sequence of Text
        All texts that were offered, each with its length. Their order changes no number: a stretch never runs over
        the end of a text, and gaps enter by their length only.
    unit : {"character", "word", "sentence"}
        What `counts`, `kappa` and `alpha` count.
    first, second : mapping of str to sequence of Mark
        Stretches of each side by doc.
    contested : mapping of str to sequence of Mark
        Stretches whose units enter no count: of the same label in `counts`, of any in `kappa` and `alpha`.

    Examples
    --------
    >>> spans = {"d1": [(0, 4, "A")]}, {"d1": [(2, 6, "A")]}
    >>> continuum = Continuum([Text("d1", 10)], "character", *spans)
    >>> continuum.counts("A")
    Contingency(both=2, first=4, second=4, units=10)
    >>> round(continuum.unitized("A").all.value, 3)  # 31/120
    0.258
    """

    def __init__(
        self, texts: Sequence[Text], unit: Unit, first: Marks, second: Marks, contested: Marks | None = None
    ) -> None:
        cut = [(text.doc, text.length or 0, text.units(unit)) for text in texts]
        self.unit: Unit = unit
        self.length = sum(length for _, length, _ in cut)
        self.units = sum(units.count for _, _, units in cut)
        self._stretches = [_laid(cut, side) for side in (first, second)]
        self._units = [_laid_units(cut, side) for side in (first, second)]
        self._holes = _laid_units(cut, contested or {})

    def counts(self, label: str) -> Contingency:
        """Units that both sides, the first and the second marked with a label, of all units."""
        holes = united(self._holes.get(label, ()), gap=0)
        first, second = (_without(side.get(label, ()), holes) for side in self._units)
        cover = Cover(second)
        return Contingency(sum(map(cover.within, first)), _size(first), cover.size, self.units - _size(holes))

    def unitized(self, label: str) -> Unitized:
        """Alpha of the stretches of one label; those of one side that overlap are united."""
        sides = ([(*at, label) for at in united(side.get(label, ()))] for side in self._stretches)
        return unitized_alpha(list(sides), self.length)

    @cached_property
    def unitized_layer(self) -> Unitized:
        """Alpha of all stretches; undefined where stretches of one side with different labels overlap."""
        sides = [_flat(side, gap=-1) for side in self._stretches]
        if any(_crossing(side) for side in sides):
            return Unitized(*[Ratio.undefined(OVERLAPPING)] * 2)
        return unitized_alpha(sides, self.length)

    @cached_property
    def kappa(self) -> Ratio:
        """Cohen's kappa, one label or none per unit; undefined where one side gave a unit two."""
        if self._table is None:
            return Ratio.undefined(self._twice)
        units, equal, (first, second) = self._margins(self._table)
        guessed = sum(times * second[label] for label, times in first.items())
        if guessed == units**2:
            return Ratio.undefined(NO_VARIATION if units else NOTHING)
        return Ratio.of(Fraction(units * equal - guessed, units**2 - guessed))

    @cached_property
    def alpha(self) -> Ratio:
        """Krippendorff's nominal alpha, one label or none per unit; undefined where one side gave a unit two."""
        if self._table is None:
            return Ratio.undefined(self._twice)
        units, equal, (first, second) = self._margins(self._table)
        return _alpha(units, units - equal, (first + second).values())

    @property
    def _twice(self) -> str:
        return f"one side gave a {self.unit} two different labels, so it has no single label"

    @cached_property
    def _table(self) -> "Counter[tuple[str | None, str | None]] | None":
        """How many units the two sides gave which pair of labels (None: not marked); None if a unit has two."""
        holes = united((at for places in self._holes.values() for at in places), gap=0)
        first, second = (_flat({name: _without(side[name], holes) for name in side}, gap=0) for side in self._units)
        if _crossing(first) or _crossing(second):
            return None
        table = Counter[tuple[str | None, str | None]]()
        left = self.units - _size(holes)
        for i, k in meetings([mark[:2] for mark in first], [mark[:2] for mark in second]):
            table[first[i][2], second[k][2]] += shared(first[i][:2], second[k][:2])
        both = list(table.items())
        for start, end, label in first:
            table[label, None] += end - start
        for start, end, label in second:
            table[None, label] += end - start
        for (mine, theirs), units in both:
            table[mine, None] -= units
            table[None, theirs] -= units
        table[None, None] = left - table.total()
        return table

    @staticmethod
    def _margins(
        table: "Counter[tuple[str | None, str | None]]",
    ) -> tuple[int, int, "tuple[Counter[str | None], Counter[str | None]]"]:
        """Number of units, of equal ones, and how often each side used each label."""
        first, second = Counter[str | None](), Counter[str | None]()
        for (mine, theirs), units in table.items():
            first[mine] += units
            second[theirs] += units
        return table.total(), sum(units for (mine, theirs), units in table.items() if mine == theirs), (first, second)


def label_alpha(counts: Contingency) -> Ratio:
    """Krippendorff's nominal alpha of marked against not marked, for two raters; see `agreement.nominal_alpha`.

    Examples
    --------
    The binary table of Krippendorff (2011), 2/21:

    >>> round(label_alpha(Contingency(1, 2, 4, 10)).value, 3)
    0.095
    """
    if not counts.kappa.defined:  # the same cases: nobody marked anything, or everybody everything
        return Ratio.undefined(counts.kappa.reason)
    ones = counts.first + counts.second
    return _alpha(counts.units, ones - 2 * counts.both, (ones, 2 * counts.units - ones))


def _alpha(units: int, unequal: int, frequency: Iterable[int]) -> Ratio:
    """``1 − (n − 1) · Σ_{c≠k} o_ck / Σ_{c≠k} n_c n_k`` for two raters without gaps: n values, two in each unit."""
    n = 2 * units
    expected = n * n - sum(times * times for times in frequency)
    if expected == 0:
        return Ratio.undefined(NO_VARIATION if units else NOTHING)
    return Ratio.of(1 - Fraction((n - 1) * 2 * unequal, expected))


_Cut = Sequence[tuple[str, int, Units]]
_ByLabel = Mapping[str, Sequence[Bounds]]


def _laid(cut: _Cut, side: Marks) -> _ByLabel:
    """Stretches by label, in characters of the texts end to end."""
    made, before = defaultdict[str, list[Bounds]](list), 0
    for doc, length, _ in cut:
        for start, end, label in side.get(doc, ()):
            made[label].append((before + start, before + end))
        before += length
    return made


def _laid_units(cut: _Cut, side: Marks) -> _ByLabel:
    """Stretches by label, in units of the texts end to end; those that touch no unit are gone."""
    made, before = defaultdict[str, list[Bounds]](list), 0
    for doc, _, units in cut:
        for start, end, label in side.get(doc, ()):
            first, last = units.touched(start, end)
            if first < last:
                made[label].append((before + first, before + last))
        before += units.count
    return made


def _flat(side: _ByLabel, *, gap: int) -> list[Mark]:
    """All stretches in text order, those of one label united."""
    return sorted((*at, label) for label, places in side.items() for at in united(places, gap=gap))


def _crossing(marks: Sequence[Mark]) -> bool:
    return any(right[0] < left[1] for left, right in pairwise(marks))


def _without(places: Iterable[Bounds], holes: Sequence[Bounds]) -> list[Bounds]:
    """Cut the holes, sorted and without overlap, out of the union of the places."""
    starts, ends = [start for start, _ in holes], [end for _, end in holes]
    kept = list[Bounds]()
    for start, end in united(places, gap=0):
        first = start
        for i in range(bisect_right(ends, start), bisect_left(starts, end)):
            kept.append((first, starts[i]))
            first = ends[i]
        kept.append((first, end))
    return [(start, end) for start, end in kept if start < end]


def _size(places: Iterable[Bounds]) -> int:
    return sum(end - start for start, end in places)
