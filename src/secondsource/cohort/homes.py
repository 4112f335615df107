"""The entry that each mark answers: of those that accept its label, the one that shares most with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from secondsource.cohort.curves import Steps
from secondsource.cohort.grid import Grid, Ints, Marks
from secondsource.cohort.places import Stretches, ranges, shared
from secondsource.errors import CaseError
from secondsource.metrics import Expected

__all__ = ["Homes"]

_BLOCK = 1 << 20  # pairs of a mark and a stretch that are held at a time


@dataclass(frozen=True)
class Homes:
    """Where the entries of a key lie, by the labels that they accept.

    Entries are known by their id: 1 to `scored` are core or acceptable, in key order, those above are contested, and 0
    is none.

    Attributes
    ----------
    one : int
        A stretch in the next two: above the sum of all ids.
    over, begun : Steps
        Stretches that end at or before a place, and that begin before it: `one` for each, and the sum of their ids.
    accepting : Stretches
        The same stretches (tag: id).
    """

    grid: Grid
    scored: int
    one: int
    over: Steps
    begun: Steps
    accepting: Stretches

    @classmethod
    def of(cls, entries: Sequence[Expected], codes: Mapping[str, int], grid: Grid) -> "Homes":
        """Prepare a key whose scored entries come first."""
        rows = [
            (codes[label], start, end, id_)
            for id_, entry in enumerate(entries, start=1)
            for label in sorted(entry.labels)
            for start, end in sorted(set(entry.places))
        ]
        if len(entries).bit_length() + 2 * grid.place_bits > 63:
            raise CaseError("The text and its key are too long to be scored for a class.")
        scored = sum(entry.tier != "contested" for entry in entries)
        accepting = Stretches.of(rows, grid)
        one = 1 << int(accepting.tag.sum()).bit_length()
        over = Steps.of(accepting.end, accepting.tag | one, size=grid.places)
        begun = Steps.of(accepting.start + 1, accepting.tag | one, size=grid.places)
        return cls(grid, scored, one, over, begun, accepting)

    def find(self, marks: Marks) -> tuple[Marks, Ints]:
        """Id of the entry of each mark, without the marks that a contested entry holds better."""
        met = self.begun.at(marks.end_place)
        met -= self.over.at(marks.start_place)
        hard = np.flatnonzero(met > self.one | self.scored)  # several stretches, or a contested one
        home = (met & (self.one - 1)).astype(np.int64)
        if not hard.size:
            return marks, home
        aside = np.zeros(len(home), dtype=np.bool_)
        home[hard], aside[hard] = self._settle(marks, hard)
        if not aside.any():
            return marks, home
        return marks.kept(~aside), home[~aside]

    def _settle(self, marks: Marks, hard: Ints) -> tuple[Ints, NDArray[np.bool_]]:
        """Settle marks one block after the other; a block has one mark at least."""
        start, end = marks.start_place[hard], marks.end_place[hard]
        first, stop = self.accepting.near(start, end)
        block = np.cumsum(stop - first) // _BLOCK
        cuts = [0, *(np.flatnonzero(np.diff(block)) + 1).tolist(), len(hard)]
        made = [self._choose(start[a:b], end[a:b], first[a:b], stop[a:b]) for a, b in pairwise(cuts)]
        return np.concatenate([home for home, _ in made]), np.concatenate([aside for _, aside in made])

    def _choose(self, start: Ints, end: Ints, first: Ints, stop: Ints) -> tuple[Ints, NDArray[np.bool_]]:
        """Id of the best entry, and whether a contested one holds more of the mark, and at least half of it."""
        mark, of = ranges(first, stop)
        its_start, its_end, id_ = self.accepting.start[of], self.accepting.end[of], self.accepting.tag[of]
        both = shared(start[mark], end[mark], its_start, its_end)
        # Largest share, then the smallest stretch (of equal shares it has the largest IoU), then key order.
        bits, top = self.scored.bit_length(), self.grid.place_mask
        rank = (((both << self.grid.place_bits) | (top - (its_end - its_start))) << bits) | (self.scored - id_)
        open_ = id_ > self.scored
        rank[open_ | (both == 0)] = 0
        at = np.cumsum(stop - first) - (stop - first)
        best = np.maximum.reduceat(rank, at)
        share = best >> (self.grid.place_bits + bits)
        home = np.where(share > 0, self.scored - (best & ((1 << bits) - 1)), 0)
        both[~open_] = 0
        return home, 2 * np.maximum.reduceat(both, at) >= np.maximum(end - start, 2 * share + 1)
