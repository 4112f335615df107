"""From tables of spans to packed codes: every row is checked, and a wrong one is an error that names its hand-in."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from secondsource.cohort.grid import Ints
from secondsource.cohort.sheet import Sheet
from secondsource.cohort.trimming import trimmed
from secondsource.errors import OffsetError, TableError, UnknownNameError, plain

__all__ = ["COLUMNS", "HandIns", "Spans", "Table", "pack"]

COLUMNS = ("hand_in", "label", "start", "end")
Table = pd.DataFrame | Mapping[str, NDArray[Any] | Sequence[Any]]
HandIns = int | np.integer[Any] | Iterable[Hashable] | None
_LISTED = 9  # ids that a message shows
_DENSE = 4  # numbers of hand-ins are looked up in a table if they leave at most three gaps each


@dataclass(frozen=True)
class Spans:
    """Marks of a class, packed for one sheet.

    Attributes
    ----------
    codes : ndarray of int64, shape (spans,)
        Hand-in, label, start and end of each span in one number (`secondsource.cohort.grid.Grid`), in any order.
    hand_ins : pandas.Index
        Ids of the hand-ins, those without spans included.
    """

    codes: Ints
    hand_ins: pd.Index
    sheet: Sheet

    def __len__(self) -> int:
        return len(self.codes)

    def sorted(self) -> "Spans":
        """Return the spans in order of hand-in, label, start and end: the fastest to score."""
        ordered = (self.codes[1:] >= self.codes[:-1]).all()
        return self if ordered else Spans(np.sort(self.codes), self.hand_ins, self.sheet)

    def grouped(self) -> "Spans":
        """Return the spans in order of hand-in, and those of a hand-in in any order."""
        hand = self.codes >> self.sheet.grid.hand_bits
        return self if (hand[1:] >= hand[:-1]).all() else self.sorted()

    def bounds(self) -> Ints:
        """Where the spans of each hand-in begin, and where the last ones end; the spans must be grouped."""
        edges: Ints = np.arange(len(self.hand_ins) + 1) << self.sheet.grid.hand_bits
        return np.searchsorted(self.codes, edges)


def pack(table: Table, sheet: Sheet, *, hand_ins: HandIns = None) -> Spans:
    """Check a table of spans and pack it.

    Parameters
    ----------
    table : DataFrame or mapping of arrays
        One row per span, in any order, with the columns ``hand_in`` (text or whole numbers), ``label`` (text,
        categories, or whole numbers that are positions in ``sheet.labels``), ``start`` and ``end`` (code points,
        half-open).
    sheet : Sheet
        What will be scored against.
    hand_ins : int or sequence, optional
        All ids, so that hand-ins without spans are not forgotten: a number n means 0 to n - 1. By default those that
        occur, sorted.

    Raises
    ------
    OffsetError
        For a span that is empty, reversed or outside the text; the message names the hand-in.
    UnknownNameError
        For a column that is missing, and for a label or a hand-in that does not exist.
    TableError
        For missing values, for bounds that are no whole numbers, and for more hand-ins than fit into one table.

    Examples
    --------
    >>> from secondsource.metrics import Expected
    >>> sheet = Sheet.plain([Expected(((0, 10),), "A")], length=100)
    >>> spans = pack({"hand_in": ["kim"], "label": ["A"], "start": [0], "end": [4]}, sheet, hand_ins=["ada", "kim"])
    >>> len(spans), list(spans.hand_ins)
    (1, ['ada', 'kim'])
    """
    columns = {name: _column(table, name) for name in COLUMNS}
    if len({len(column) for column in columns.values()}) > 1:
        raise _refused("its columns are not of the same length.")
    hand, ids = _hands(columns["hand_in"], hand_ins)
    if len(ids) > sheet.grid.hand_ins:
        raise _refused(f"it has {len(ids)} hand-ins, and {sheet.grid.hand_ins} over this text fit into one table.")
    label = _labels(columns["label"], sheet)
    start, end = _whole(columns["start"], "start"), _whole(columns["end"], "end")
    _check_bounds(ids, hand, start, end, sheet.length)
    if sheet.article is not None:
        keep, start, end = trimmed(sheet.article, sheet.asked, start, end)
        keep &= label >= 0
        if not keep.all():
            hand, label, start, end = hand[keep], label[keep], start[keep], end[keep]
    return Spans(sheet.grid.code(hand_in=hand, label=label, start=start, end=end), ids, sheet)


def _column(table: Table, name: str) -> pd.Series:
    if name not in table:
        raise UnknownNameError("column", name, sorted(map(str, table)))
    column = pd.Series(table[name])
    if column.hasnans:
        raise _refused(f"the column {name} has gaps.")
    return column


def _whole(column: pd.Series, name: str) -> Ints:
    if len(column) and not pd.api.types.is_integer_dtype(column.dtype):
        raise _refused(f"the column {name} must hold whole numbers.")
    numbers: Ints = column.to_numpy(dtype=np.int64)
    return numbers


def _hands(column: pd.Series, hand_ins: HandIns) -> tuple[Ints, pd.Index]:
    """Position of the hand-in of each row, and all ids."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(column.cat.categories.dtype)
    whole = pd.api.types.is_integer_dtype(column.dtype)
    if len(column) and not whole and pd.api.types.infer_dtype(column) != "string":
        raise _refused("the column hand_in must hold text, or whole numbers.")
    if hand_ins is None and whole and len(column):
        return _numbered(_whole(column, "hand_in"))
    if hand_ins is None:
        codes, found = pd.factorize(column, sort=True)
        return codes.astype(np.int64), pd.Index(found, name="hand_in")
    return _listed(column, hand_ins)


def _listed(column: pd.Series, hand_ins: int | np.integer[Any] | Iterable[Hashable]) -> tuple[Ints, pd.Index]:
    """The same if the ids are known."""
    if isinstance(hand_ins, int | np.integer):
        hand = _whole(column, "hand_in")
        if len(hand) and not 0 <= hand.min() <= hand.max() < hand_ins:
            raise _refused(f"hand-ins are numbered from 0 to {hand_ins - 1}.")
        return hand, pd.RangeIndex(int(hand_ins), name="hand_in")
    ids = pd.Index(hand_ins if isinstance(hand_ins, pd.Index) else list(hand_ins), name="hand_in")
    if not ids.is_unique:
        raise _refused(f"the hand-in {plain(ids[ids.duplicated()][0])} is listed twice.")
    hand = ids.get_indexer(pd.Index(column)).astype(np.int64)
    if (hand < 0).any():
        raise UnknownNameError("hand-in", column.iloc[int(np.argmin(hand))], map(str, ids[:_LISTED]))
    return hand, ids


def _numbered(hand: Ints) -> tuple[Ints, pd.Index]:
    """The same for whole numbers: a table of those that occur is much faster than a search."""
    low, high = int(hand.min()), int(hand.max())
    if high - low >= _DENSE * len(hand):
        ids, position = np.unique(hand, return_inverse=True)
        return position, pd.Index(ids, name="hand_in")
    there = np.zeros(high - low + 1, dtype=np.bool_)
    there[hand - low] = True
    return (np.cumsum(there) - 1).take(hand - low), pd.Index(np.flatnonzero(there) + low, name="hand_in")


def _labels(column: pd.Series, sheet: Sheet) -> Ints:
    """Number of the label of each row, -1 for those that are ignored."""
    if pd.api.types.is_integer_dtype(column.dtype):
        numbers = _whole(column, "label")
        if len(numbers) and not 0 <= numbers.min() <= numbers.max() < len(sheet.labels):
            raise _refused(f"labels are numbered from 0 to {len(sheet.labels) - 1}.")
        return numbers
    kinds = column.astype("category").cat if column.dtype != "category" else column.cat
    known = np.array([_label(name, sheet) if used else -1 for name, used in _used(kinds)], dtype=np.int64)
    return known.take(kinds.codes.to_numpy()) if len(known) else np.zeros(0, dtype=np.int64)


def _used(kinds: Any) -> Iterable[tuple[Hashable, bool]]:
    """Categories, and whether one occurs: DataFrames keep those of rows that were dropped."""
    times = np.bincount(kinds.codes, minlength=len(kinds.categories))
    return zip(kinds.categories, times > 0, strict=True)


def _label(name: Hashable, sheet: Sheet) -> int:
    if name in sheet.ignored:
        return -1
    if not isinstance(name, str) or name not in sheet.codes:
        raise UnknownNameError("label", name, sheet.labels)
    return sheet.codes[name]


def _check_bounds(ids: pd.Index, hand: Ints, start: Ints, end: Ints, length: int) -> None:
    wrong = (start < 0) | (start >= end) | (end > length)
    if wrong.any():
        row = int(np.argmax(wrong))
        place = f"[{start[row]}, {end[row]})"
        raise OffsetError(f"Hand-in {plain(ids[hand[row]])}: {place} is no span of a text of {length} characters.")


def _refused(reason: str) -> TableError:
    return TableError(f"The table of spans cannot be scored: {reason}")
