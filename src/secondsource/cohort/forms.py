"""Exact scores, the SemEval-2020 form and agreement on words, for all marks of many hand-ins at once.

Each class is a key made ready for one form. A quantity that adds up along the text is looked up at both ends of a mark
and subtracted: no mark is ever laid beside a key entry.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from secondsource.cohort.curves import Slopes, Steps
from secondsource.cohort.grid import Floats, Grid, Ints, Marks, summed
from secondsource.intervals import Bounds, united
from secondsource.metrics import Expected

__all__ = ["Credit", "Exact", "Kappa", "SemEval"]


class Credit(NamedTuple):
    """Credit of the marks, number of marks and credit of the entries, each of shape (hand_ins,)."""

    right: Ints | Floats
    marked: Ints
    found: Ints | Floats


def _main(entries: Sequence[Expected], codes: Mapping[str, int], *, contested: bool) -> dict[int, list[Bounds]]:
    """Distinct main bounds of the entries that are contested, or of those that are not, by the code of their label."""
    found: dict[int, set[Bounds]] = {code: set() for code in codes.values()}
    for entry in entries:
        if (entry.tier == "contested") == contested:
            found[codes[entry.label]].add(entry.places[0])
    return {code: sorted(places) for code, places in found.items()}


@dataclass(frozen=True)
class Exact:
    """A key of core and acceptable entries, by their own labels and main bounds (`secondsource.metrics.exact`).

    Attributes
    ----------
    expected : int
        Distinct entries.
    ends : tuple of Steps
        Where an entry that starts at a place ends, 0 for none; one for each of the most entries that start together.
    """

    expected: int
    ends: tuple[Steps, ...]

    @classmethod
    def of(cls, entries: Sequence[Expected], codes: Mapping[str, int], grid: Grid) -> "Exact":
        """Prepare a key."""
        found: dict[int, list[int]] = {}
        for code, places in _main(entries, codes, contested=False).items():
            for start, end in places:
                found.setdefault(grid.place(code, start), []).append(end)
        ends = []
        for column in range(max(map(len, found.values()), default=0)):
            some = [(start, its[column]) for start, its in found.items() if len(its) > column]
            start, end = np.array(some, dtype=np.int64).T
            jumps = np.concatenate((end, -end))
            ends.append(Steps.of(np.concatenate((start, start + 1)), jumps, size=grid.places))
        return cls(sum(map(len, found.values())), tuple(ends))

    def credit(self, marks: Marks) -> Credit:
        """Count the marks that are in the key."""
        place, end = marks.start_place, marks.end & marks.grid.place_mask
        hit = np.zeros(len(end), dtype=np.bool_)
        for ends in self.ends:
            hit |= ends.at(place) == end
        right = np.bincount(marks.hand.take(np.flatnonzero(hit)), minlength=marks.hand_ins)
        return Credit(right, marks.per_hand_in(), right)


@dataclass(frozen=True)
class SemEval:
    """A key of core and acceptable entries in the SemEval-2020 form (`secondsource.metrics.semeval2020`).

    Attributes
    ----------
    expected : int
        Entries, those of one label that share a character merged.
    covered, entered : Slopes
        Characters of the entries before a place, and number of the entries.
    """

    expected: int
    covered: Slopes
    entered: Slopes

    @classmethod
    def of(cls, entries: Sequence[Expected], codes: Mapping[str, int], grid: Grid) -> "SemEval":
        """Prepare a key."""
        merged = [
            (grid.place(code, start), grid.place(code, end))
            for code, places in _main(entries, codes, contested=False).items()
            for start, end in united(places)
        ]
        covered = Slopes.of([(start, end, end - start) for start, end in merged], size=grid.places)
        return cls(len(merged), covered, Slopes.of([(*place, 1) for place in merged], size=grid.places))

    def credit(self, marks: Marks) -> Credit:
        """Add up ``|s∩t| / |s|`` and ``|s∩t| / |t|``."""
        runs = marks.runs
        start, end = runs.start_place, runs.end_place
        share = self.covered.at(end) - self.covered.at(start)
        share /= end - start
        right = summed(share, runs.hand, marks.hand_ins)
        share = self.entered.at(end) - self.entered.at(start)
        found = summed(share, runs.hand, marks.hand_ins)
        return Credit(right, runs.per_hand_in(), found)


@dataclass(frozen=True)
class Kappa:
    """Words of the text and those of the key, by label; words that a contested entry of the label touches left out.

    Attributes
    ----------
    second, units : ndarray of int64, shape (labels,)
        Words of the key, and all words that count.
    bits : int
        Where the upper of two counts that share a number begins.
    over, begun : Steps
        Words that end at or before a place, and that begin before it; those of the key in the upper bits.
    """

    second: Ints
    units: Ints
    bits: int
    over: Steps
    begun: Steps

    @classmethod
    def of(cls, entries: Sequence[Expected], codes: Mapping[str, int], words: Sequence[Bounds], grid: Grid) -> "Kappa":
        """Prepare a key."""
        starts, ends = np.array(words, dtype=np.int64).reshape(-1, 2).T
        scored, contested = (_main(entries, codes, contested=which) for which in (False, True))
        second, units = np.zeros((2, len(codes)), dtype=np.int64)
        bits = (len(codes) * len(words)).bit_length()
        over, begun, heights = list[Ints](), list[Ints](), list[Ints]()
        for code in codes.values():
            counts = ~_touched(contested[code], starts, ends)
            keyed = _touched(scored[code], starts, ends) & counts
            second[code], units[code] = keyed.sum(), counts.sum()
            over.append(grid.place(code, ends[counts]))
            begun.append(grid.place(code, starts[counts] + 1))
            heights.append(((keyed.astype(np.int64) << bits) | 1)[counts])
        jumps = np.concatenate([starts[:0], *heights])
        over_, begun_ = (
            Steps.of(np.concatenate([starts[:0], *places]), jumps, size=grid.places) for places in (over, begun)
        )
        return cls(second, units, bits, over_, begun_)

    def counts(self, marks: Marks) -> tuple[Ints, Ints]:
        """Words that both marked, and that the hand-in marked: n11 and n1, shape (hand_ins, labels)."""
        runs = marks.runs
        first, last = self.over.at(runs.start_place), self.begun.at(runs.end_place)
        # A word is counted with the first run that touches it. The words of a label come after those of the labels
        # before it, so that what an earlier label has touched is never more than `first`; a new hand-in starts anew.
        first[1:] = np.maximum(first[1:], np.where(runs.hand[1:] == runs.hand[:-1], last[:-1], 0))
        shape = (marks.hand_ins, 1 << marks.grid.label_bits)
        # Exact in floats: below 2**53 up to two million words and a thousand labels.
        text = runs.start >> marks.grid.place_bits
        both_and_first = summed(last - first, text, shape[0] * shape[1])
        packed = both_and_first.astype(np.int64).reshape(shape)[:, : len(self.units)]
        return packed >> self.bits, packed & ((1 << self.bits) - 1)


def _touched(places: Sequence[Bounds], starts: Ints, ends: Ints) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Tell which words one of the places touches."""
    found = np.zeros(len(starts), dtype=np.bool_)
    for start, end in places:
        found[np.searchsorted(ends, start, side="right") : np.searchsorted(starts, end, side="left")] = True
    return found
