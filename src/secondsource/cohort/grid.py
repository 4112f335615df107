"""Marks of a whole class as plain numbers: one sorted array of codes, and the line on which all of them lie.

A code holds hand-in, label, start and end, so that one sort puts the marks of a hand-in together, by label and place.
Without its end a code is a place on one long *line*: the text once for every label of every hand-in, end to end. There
a mark of one hand-in or label can never meet one of another, and a running maximum over the line is one for each text.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import overload

import numpy as np
from numpy.typing import NDArray

__all__ = ["Floats", "Grid", "Ints", "Marks", "summed"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_BITS = 63  # of an int64 without its sign


@dataclass(frozen=True, slots=True)
class Grid:
    """How many bits of a code stand for a label and for a place.

    Examples
    --------
    >>> grid = Grid.fitting(labels=3, length=100)
    >>> grid
    Grid(label_bits=2, place_bits=7)
    >>> f"{grid.code(hand_in=5, label=2, start=10, end=14):b}"
    '1011000010100001110'
    """

    label_bits: int
    place_bits: int

    @classmethod
    def fitting(cls, *, labels: int, length: int) -> "Grid":
        """Choose the bits; a stretch of the line ends with a gap, so that neighbours on it never touch."""
        return cls(max(1, (labels - 1).bit_length()), (length + 2).bit_length())

    @property
    def text_bits(self) -> int:
        """Bits that hold a label and a place in its text."""
        return self.label_bits + self.place_bits

    @property
    def place_mask(self) -> int:
        """Bits of a place in the text."""
        return (1 << self.place_bits) - 1

    @property
    def text_mask(self) -> int:
        """Bits of a label and a place."""
        return (1 << self.text_bits) - 1

    @property
    def hand_bits(self) -> int:
        """Bits below those of the hand-in."""
        return self.text_bits + self.place_bits

    @property
    def hand_ins(self) -> int:
        """How many hand-ins the codes can tell apart."""
        return (1 << max(0, _BITS - self.hand_bits)) - 1

    @property
    def places(self) -> int:
        """How many places there are for all labels together."""
        return 1 << self.text_bits

    @overload
    def place(self, label: int, at: int) -> int: ...
    @overload
    def place(self, label: Ints | int, at: Ints) -> Ints: ...
    def place(self, label: Ints | int, at: Ints | int) -> Ints | int:
        """Place of a code point when the text of every label is laid end to end."""
        return (label << self.place_bits) + at

    def code(self, *, hand_in: Ints | int, label: Ints | int, start: Ints | int, end: Ints | int) -> Ints:
        """Pack four numbers into one, in this order of importance."""
        code = np.array(hand_in, dtype=np.int64)  # changed in place: millions of spans are large
        code <<= self.label_bits
        code |= label
        code <<= self.place_bits
        code |= start
        code <<= self.place_bits
        code |= end
        return code


@dataclass(frozen=True)
class Marks:
    """Distinct marks of some hand-ins, in order of hand-in, label, start and end.

    Attributes
    ----------
    hand_ins : int
        How many there are, those without marks included; they are numbered from 0.
    start, end : ndarray of int64, shape (marks,)
        Bounds on the line; ``& grid.place_mask`` gives code points, ``& grid.text_mask`` label and code points.
    """

    grid: Grid
    hand_ins: int
    start: Ints
    end: Ints

    @classmethod
    def of(cls, codes: Ints, grid: Grid, hand_ins: int) -> "Marks":
        """Unpack sorted codes; of duplicates one stays."""
        fresh = codes[1:] != codes[:-1]
        if not fresh.all():
            codes = codes[np.concatenate(([True], fresh))]
        start = codes >> grid.place_bits
        end = start & ~grid.place_mask
        end |= codes & grid.place_mask
        return cls(grid, hand_ins, start, end)

    @cached_property
    def hand(self) -> Ints:
        """Hand-in of each mark."""
        return self.start >> self.grid.text_bits

    @cached_property
    def start_place(self) -> Ints:
        """Label and start of each mark in one number, see `Grid.place`."""
        return self.start & self.grid.text_mask

    @cached_property
    def end_place(self) -> Ints:
        """Label and end of each mark in one number."""
        return self.end & self.grid.text_mask

    @cached_property
    def reach(self) -> Ints:
        """Farthest end on the line of each mark and those before it."""
        reach: Ints = np.maximum.accumulate(self.end)
        return reach

    def per_hand_in(self) -> Ints:
        """Number of marks of each hand-in, shape (hand_ins,)."""
        return np.bincount(self.hand, minlength=self.hand_ins)

    def kept(self, keep: NDArray[np.bool_]) -> "Marks":
        """Return only some of the marks."""
        return Marks(self.grid, self.hand_ins, self.start[keep], self.end[keep])

    @cached_property
    def runs(self) -> "Marks":
        """Marks of one label that share a character, joined into one; touching ones stay apart."""
        fresh = self.start[1:] >= self.reach[:-1]
        if fresh.all():
            return self
        cut = np.flatnonzero(fresh)
        first = np.concatenate(([0], cut + 1))
        last = np.concatenate((cut, [len(self.start) - 1]))
        return Marks(self.grid, self.hand_ins, self.start.take(first), self.reach.take(last))


def summed(values: Floats | Ints, at: Ints, size: int) -> Floats:
    """Sum of the values at each of the numbers below ``size``, added one after the other as they stand.

    Examples
    --------
    >>> summed(np.array([0.5, 1.0, 0.25]), np.array([2, 0, 2]), 3)
    array([1.  , 0.  , 0.75])
    """
    # Without any value, bincount gives whole numbers.
    return np.bincount(at, weights=values, minlength=size).astype(np.float64, copy=False)
