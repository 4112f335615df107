"""Stretches of a key, to lay marks beside where a plain lookup cannot decide."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from secondsource.cohort.curves import Steps
from secondsource.cohort.grid import Grid, Ints

__all__ = ["Groups", "Stretches", "ranges", "shared"]


@dataclass(frozen=True)
class Stretches:
    """Stretches of the text, each for one label, sorted by label and start.

    Attributes
    ----------
    start, end : ndarray of int64, shape (stretches,)
        Bounds, see `Grid.place`.
    tag : ndarray of int64, shape (stretches,)
        What a stretch belongs to.
    past, begun : Steps
        How many stretches lie before a place together with all those before them, and how many begin before it.
    """

    start: Ints
    end: Ints
    tag: Ints
    past: Steps
    begun: Steps

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int, int, int]], grid: Grid) -> "Stretches":
        """Collect ``(label, start, end, tag)``."""
        table = np.array(sorted(rows), dtype=np.int64).reshape(-1, 4)
        label, start, end, tag = (np.ascontiguousarray(column) for column in table.T)
        start, end = grid.place(label, start), grid.place(label, end)
        past = Steps.of(np.maximum.accumulate(end), np.ones_like(end), size=grid.places)
        return cls(start, end, tag, past, Steps.of(start + 1, np.ones_like(start), size=grid.places))

    def near(self, start: Ints, end: Ints) -> tuple[Ints, Ints]:
        """First and last but one of the stretches that may meet a mark: all that do, and others if some are nested."""
        return self.past.at(start), self.begun.at(end)


@dataclass(frozen=True)
class Groups:
    """Stretches of the text in groups.

    Attributes
    ----------
    first : ndarray of int64, shape (groups + 1,)
        Where the stretches of each group begin in the other arrays.
    start, end : ndarray of int64, shape (stretches,)
        Bounds in code points.
    """

    first: Ints
    start: Ints
    end: Ints

    @classmethod
    def of(cls, groups: Iterable[Iterable[tuple[int, int]]]) -> "Groups":
        """Collect the bounds of every group.

        Examples
        --------
        >>> Groups.of([[(5, 9)], [(0, 4), (2, 3)]]).first
        array([0, 1, 3])
        """
        rows = [list(group) for group in groups]
        start, end = np.array([bounds for row in rows for bounds in row], dtype=np.int64).reshape(-1, 2).T
        first = np.cumsum([0, *map(len, rows)], dtype=np.int64)
        return cls(first, np.ascontiguousarray(start), np.ascontiguousarray(end))


def ranges(first: Ints, stop: Ints) -> tuple[Ints, Ints]:
    """Every row with every number of its range: both as arrays.

    Examples
    --------
    >>> ranges(np.array([4, 0, 7]), np.array([6, 0, 8]))
    (array([0, 0, 2]), array([4, 5, 7]))
    """
    count = stop - first
    row = np.repeat(np.arange(len(first)), count)
    return row, np.arange(len(row)) - (np.cumsum(count) - count - first)[row]


def shared(start: Ints, end: Ints, other_start: Ints, other_end: Ints) -> Ints:
    """Characters in common, pair by pair."""
    both: Ints = np.minimum(end, other_end)
    both -= np.maximum(start, other_start)
    return both.clip(min=0, out=both)
