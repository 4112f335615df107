"""Quantities that change along a text, ready to be looked up for millions of places at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from secondsource.cohort.grid import Floats, Ints

__all__ = ["Slopes", "Steps"]

Whole = NDArray[np.signedinteger]

_TABLE = 1 << 21  # places up to which a plain table is made, 16 MB at most; over longer texts the breaks are searched


@dataclass(frozen=True)
class Steps:
    """A whole number that jumps at some places and stays the same between them.

    Attributes
    ----------
    breaks, values : ndarray of int64, shape (pieces,)
        Where a piece begins, from 0 on, and its value.
    table : ndarray, shape (places,)
        The value at every place, in as few bytes as can hold the largest; empty over a very long text.
    """

    breaks: Ints
    values: Ints
    table: Whole

    @classmethod
    def of(cls, places: Ints, heights: Ints, *, size: int) -> "Steps":
        """Sum of all jumps up to and including a place, for places below ``size``.

        Examples
        --------
        >>> Steps.of(np.array([4, 2]), np.array([1, 5]), size=6).at(np.arange(6)).tolist()
        [0, 0, 5, 5, 6, 6]
        """
        order = np.argsort(places, kind="stable")
        breaks, first = np.unique(np.concatenate(([0], places[order])), return_index=True)
        values = np.cumsum(np.concatenate(([0], heights[order])))[np.append(first[1:] - 1, len(places))]
        if size > _TABLE:
            return cls(breaks, values, values[:0])
        narrow = values.astype(np.min_scalar_type(-1 - np.abs(values).max()))  # the smaller, the more is in the cache
        return cls(breaks, values, np.repeat(narrow, np.diff(breaks, append=size)))

    def at(self, places: Ints) -> Whole:
        """Values at the places, in the bytes of the table."""
        if self.table.size:
            return self.table.take(places)
        return self.values.take(np.searchsorted(self.breaks, places, side="right") - 1)


@dataclass(frozen=True)
class Slopes:
    """A number that grows evenly along some stretches and stays the same elsewhere.

    Attributes
    ----------
    breaks, values, slopes : ndarray, shape (pieces,)
        Where a piece begins, from 0 on, the value there, and its growth per place.
    table : ndarray of float64, shape (places,)
        The value at every place; empty over a very long text.
    """

    breaks: Ints
    values: Floats
    slopes: Floats
    table: Floats

    @classmethod
    def of(cls, stretches: Iterable[tuple[int, int, int]], *, size: int) -> "Slopes":
        """Prepare stretches ``(start, end, growth in all)`` for places below ``size``.

        Examples
        --------
        >>> Slopes.of([(1, 5, 1), (6, 8, 2)], size=10).at(np.array([0, 2, 5, 7, 9]))
        array([0.  , 0.25, 1.  , 2.  , 3.  ])
        """
        steep = [(a, b, Fraction(growth, b - a)) for a, b, growth in stretches]
        turns = sorted([(a, slope) for a, _, slope in steep] + [(b, -slope) for _, b, slope in steep])
        pieces = [(0, Fraction(0), Fraction(0))]
        for place, group in groupby(turns, key=itemgetter(0)):
            before, value, slope = pieces[-1]
            value += slope * (place - before)  # exact, so that a whole stretch counts as 1 and not as 0.999…
            pieces.append((place, value, slope + sum((change for _, change in group), Fraction(0))))
        breaks = np.array([place for place, _, _ in pieces], dtype=np.int64)
        values = np.array([float(value) for _, value, _ in pieces])
        slopes = np.array([float(slope) for _, _, slope in pieces])
        made = cls(breaks, values, slopes, values[:0])
        return cls(breaks, values, slopes, made.at(np.arange(size))) if size <= _TABLE else made

    def at(self, places: Ints) -> Floats:
        """Values at the places."""
        if self.table.size:
            return self.table.take(places)
        piece = np.searchsorted(self.breaks, places, side="right") - 1
        value: Floats = self.values.take(piece) + (places - self.breaks.take(piece)) * self.slopes.take(piece)
        return value
