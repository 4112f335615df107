"""Best match, the overlap score that students see, for all marks of many hand-ins at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from secondsource.cohort.curves import Slopes
from secondsource.cohort.forms import Credit
from secondsource.cohort.grid import Floats, Grid, Ints, Marks, summed
from secondsource.cohort.homes import Homes
from secondsource.cohort.joining import Joined, join
from secondsource.cohort.places import Groups, Stretches, ranges, shared
from secondsource.metrics import Expected

__all__ = ["BestMatch"]


@dataclass(frozen=True)
class BestMatch:
    """A key made ready for `secondsource.metrics.best_match`.

    Attributes
    ----------
    expected : int
        Core entries.
    homes : Homes
        Finds the entry that a mark answers.
    start, end, several : ndarray, shape (scored entries + 1,)
        Main bounds by id, in code points, and whether an entry has others; id 0 has no characters.
    places : Groups
        All bounds by id.
    plain : Slopes
        Number of core entries with one label and one place before a place.
    choices : Stretches
        Places of the other core entries (tag: choice, a pair of label and place).
    choice_size, choice_first : ndarray of int64
        Characters of each choice, and the first choice of each of those entries.
    """

    expected: int
    homes: Homes
    start: Ints
    end: Ints
    several: Ints
    places: Groups
    plain: Slopes
    choices: Stretches
    choice_size: Ints
    choice_first: Ints

    @classmethod
    def of(cls, entries: Sequence[Expected], codes: Mapping[str, int], grid: Grid) -> "BestMatch":
        """Prepare a key."""
        scored = [entry for entry in entries if entry.tier != "contested"]
        homes = Homes.of([*scored, *(e for e in entries if e.tier == "contested")], codes, grid)
        start, end = np.array([(0, 0), *(entry.places[0] for entry in scored)], dtype=np.int64).T
        places = [sorted(set(entry.places)) for entry in scored]
        core = [entry for entry in scored if entry.tier == "core"]
        one = [(codes[e.label], *e.places[0]) for e in core if _choices(e) == 1]
        plain = [(grid.place(code, first), grid.place(code, last), 1) for code, first, last in one]
        more = [_options(entry, codes) for entry in core if _choices(entry) > 1]
        flat = [option for options in more for option in options]
        return cls(
            len(core),
            homes,
            start,
            end,
            np.array([0, *(len(some) > 1 for some in places)], dtype=np.int64),
            Groups.of([(), *places]),
            Slopes.of(plain, size=grid.places),
            Stretches.of([(*option, choice) for choice, option in enumerate(flat)], grid),
            np.array([last - first for _, first, last in flat], dtype=np.int64),
            np.cumsum([0, *map(len, more)], dtype=np.int64)[:-1],
        )

    def credit(self, marks: Marks) -> Credit:
        """Share of each answer that lies in its entry, number of answers, share of each core entry that is covered."""
        joined = join(*self.homes.find(marks))
        right, marked = self._precision(joined, marks)
        return Credit(right, marked, self._recall(joined, marks))

    def _precision(self, joined: Joined, marks: Marks) -> tuple[Floats, Ints]:
        start, end = joined.start & marks.grid.place_mask, joined.end & marks.grid.place_mask
        hand, home = joined.start >> marks.grid.text_bits, joined.home
        share = np.minimum(end, self.end.take(home)) - np.maximum(start, self.start.take(home))
        share = np.maximum(share, 0) / (end - start)
        answer = hand * len(self.start) + home
        times = np.bincount(answer, minlength=marks.hand_ins * len(self.start)).take(answer)
        hard = np.flatnonzero((home > 0) & (times + self.several.take(home) > 1))
        share[hard] = 0
        right = summed(share, hand, marks.hand_ins)
        marked = np.bincount(hand, minlength=marks.hand_ins)
        if hard.size:
            first, credit = self._answers(answer[hard], start[hard], end[hard])
            owner = first // len(self.start)
            right += summed(credit, owner, marks.hand_ins)
            marked += np.bincount(owner, minlength=marks.hand_ins) - np.bincount(hand[hard], minlength=marks.hand_ins)
        return right, marked

    def _answers(self, answer: Ints, start: Ints, end: Ints) -> tuple[Ints, Floats]:
        """Answers made of several marks, or to entries of several places: which, and how much of each lies inside."""
        order = np.lexsort((end, start, answer))
        answer, start, end = answer[order], start[order], end[order]
        names, group = np.unique(answer, return_inverse=True)
        fresh = _uncovered(group, start, end)
        size = np.bincount(group, weights=end - fresh)
        entry = names % len(self.start)
        first, stop = self.places.first[entry], self.places.first[entry + 1]
        mark, of = ranges(first[group], stop[group])
        both = shared(fresh[mark], end[mark], self.places.start[of], self.places.end[of])
        at = np.cumsum(stop - first) - (stop - first)
        inside = summed(both, (at - first)[group[mark]] + of, int((stop - first).sum()))
        share: Floats = np.maximum.reduceat(inside, at) / size
        return names, share

    def _recall(self, joined: Joined, marks: Marks) -> Floats:
        mask, hand = marks.grid.text_mask, joined.start >> marks.grid.text_bits
        fresh, end = joined.fresh & mask, joined.end & mask
        share = self.plain.at(end) - self.plain.at(fresh)
        found = summed(share, hand, marks.hand_ins)
        if self.choice_size.size:
            width = len(self.choice_size)
            mark, of = ranges(*self.choices.near(fresh, end))
            both = shared(fresh[mark], end[mark], self.choices.start[of], self.choices.end[of])
            cell = hand[mark] * width + self.choices.tag[of]
            inside = summed(both, cell, marks.hand_ins * width).reshape(-1, width)
            best = np.maximum.reduceat(inside / self.choice_size, self.choice_first, axis=1)
            for column in best.T:  # one after the other: the same sum in every chunk
                found += column
        return found


def _choices(entry: Expected) -> int:
    return len(entry.labels) * len(set(entry.places))


def _options(entry: Expected, codes: Mapping[str, int]) -> list[tuple[int, int, int]]:
    """All pairs of an accepted label and accepted bounds."""
    return [(codes[label], *place) for label in sorted(entry.labels) for place in sorted(set(entry.places))]


def _uncovered(group: Ints, start: Ints, end: Ints) -> Ints:
    """Where each stretch begins to cover what those of its group before it have not; its end if it never does."""
    reach = np.maximum.accumulate((group << 32) | end)
    before = np.concatenate(([0], reach[:-1]))
    before = np.where(before >> 32 == group, before & ((1 << 32) - 1), 0)
    fresh: Ints = np.minimum(np.maximum(start, before), end)
    return fresh
