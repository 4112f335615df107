"""The least that any columnar program must do: sort the spans once, look each bound up, count per hand-in.

It computes no score. What a score takes is told as a multiple of it.
"""

from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from cohort import LABELS, Material, Spans, Whole
from timing import once

Table = npt.NDArray[np.int32]
Kind = Literal["quicksort", "stable", "in rows"]

_BITS = 13  # an offset in the article of the benchmark
_LABEL_BITS = 5
_ROW = 128  # as in our own pass


class Tables(NamedTuple):
    """For each label and code point, flat (label · (length + 1) + offset): what a look-up gives."""

    word: Table
    covered: Table
    covered_words: Table
    entry_start: Table
    entry_end: Table


def tables(made: Material) -> Tables:
    """Prepare the look-up tables of a key, once."""
    length = made.text.length
    shape = (len(LABELS), length + 1)
    word = np.broadcast_to(np.searchsorted(made.text.ends, np.arange(length + 1), "right"), shape)
    cover, entry_start, entry_end = np.zeros(shape, np.int32), np.zeros(shape, np.int32), np.zeros(shape, np.int32)
    for label, start, end in zip(made.key.label, made.key.start, made.key.end, strict=True):
        cover[label, start + 1 : end + 1] = 1
        entry_start[label, start : end + 1] = start
        entry_end[label, start : end + 1] = end
    covered = np.cumsum(cover, axis=1, dtype=np.int32)
    covered_words = np.cumsum(cover * (np.diff(word, axis=1, prepend=0) > 0), axis=1, dtype=np.int32)
    columns = (word, covered, covered_words, entry_start, entry_end)
    return Tables(*(np.ascontiguousarray(column, dtype=np.int32).ravel() for column in columns))


def packed(spans: Spans) -> Whole:
    """Hand-in, label, start and end in one number each; made beforehand, as our own is."""
    return ((spans.hand_in << _LABEL_BITS | spans.label) << _BITS | spans.start) << _BITS | spans.end


def bare(prepared: Tables, codes: Whole, hand_ins: int, length: int, *, kind: Kind | None) -> list[npt.NDArray[Any]]:
    """One sort of packed numbers, one unpacking, five look-ups at both bounds, five counts per hand-in.

    Without a kind of sort the codes are sorted already.
    """
    code = codes if kind is None else ordered(codes, kind)
    hand_in = code >> 2 * _BITS + _LABEL_BITS
    row = (code >> 2 * _BITS & (1 << _LABEL_BITS) - 1) * (length + 1)
    low, high = row + (code >> _BITS & (1 << _BITS) - 1), row + (code & (1 << _BITS) - 1)
    # Counts come back as floats, because numpy adds weights as such.
    return [np.bincount(hand_in, table.take(high) - table.take(low), hand_ins) for table in prepared]


def ordered(codes: Whole, kind: Kind) -> Whole:
    """Sort with one of numpy's sorts, or first in short rows and then merge these."""
    if kind != "in rows":
        return np.sort(codes, kind=kind)
    made = codes.copy()
    made[: len(made) // _ROW * _ROW].reshape(-1, _ROW).sort(axis=1)
    made.sort(kind="stable")
    return made


def fastest_sort(codes: Whole) -> Kind:
    """Say which way to sort is fastest here; the usual one can take five times as long as it should.

    Numpy picks the widest vector instructions, which AMD's fourth generation executes slowly.
    """
    kinds: tuple[Kind, ...] = ("quicksort", "stable", "in rows")
    return min(kinds, key=lambda kind: min(once(lambda: ordered(codes, kind)) for _ in range(3)))
