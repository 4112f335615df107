"""Scores of classes of any size, from a Parquet file to a Parquet file, part after part.

A part is a range of rows that no hand-in crosses. Workers get the range and read it themselves, so that at no time more
is in memory than one part for each of them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial, reduce
from importlib import import_module
from itertools import pairwise
from operator import add
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

from secondsource.cohort.grid import Ints
from secondsource.cohort.pack import COLUMNS, HandIns
from secondsource.cohort.scoring import FORMS, Map, score
from secondsource.cohort.sheet import Sheet
from secondsource.cohort.totals import Totals
from secondsource.errors import SecondSourceError, TableError, UnknownNameError, plain

__all__ = ["score_parquet"]

_BATCH = 1 << 19  # rows that are decoded at a time


@dataclass(frozen=True)
class _Part:
    """Rows of a file, and the ids of their hand-ins if they are known."""

    rows: tuple[int, int]
    hand_ins: pd.Index | None


def score_parquet(
    path_in: str | Path,
    sheet: Sheet,
    path_out: str | Path | None = None,
    *,
    hand_ins: HandIns = None,
    forms: Iterable[str] = FORMS,
    rows_per_part: int = 2_000_000,
    map: Map = map,
    progress: Callable[[int, int], object] | None = None,
) -> Totals:
    """Score a Parquet file of spans, and write one row per hand-in.

    Parameters
    ----------
    path_in : path
        The columns of `pack`, sorted by ``hand_in``; other columns are ignored. Rows of a hand-in may be in any order.
    path_out : path, optional
        Gets the columns of `CohortScores.counts` and `CohortScores.frame`, in order of the ids. It appears when all of
        it has been written.
    hand_ins : int or sequence, optional
        All ids, so that hand-ins without spans get a row, see `pack`.
    rows_per_part : int
        About 100 bytes of memory for each and for each worker. A larger hand-in is a part of its own; no part size
        changes a result.
    map : callable
        Works on parts; `ThreadPoolExecutor.map` uses several processors, with the same result.
    progress : callable, optional
        Called after every part with the rows done and all rows.

    Returns
    -------
    Totals
        Counts of all hand-ins together.

    Raises
    ------
    TableError
        If the rows are not sorted by hand-in; for the errors of the rows themselves see `pack`.
    SecondSourceError
        If pyarrow is not installed.
    """
    if rows_per_part < 1:
        raise TableError("A part has one row at least.")
    wanted = tuple(forms)
    sheet.prepare(wanted)
    parts = _parts(Path(path_in), hand_ins, rows_per_part)
    rows, totals = parts[-1].rows[1], list[Totals]()
    work = partial(_score_rows, Path(path_in), sheet, wanted, path_out is not None)
    with _writer(path_out) as write:
        for part, (of_part, table) in zip(parts, map(work, parts), strict=True):
            totals.append(of_part)
            write(table)
            if progress is not None:
                progress(part.rows[1], rows)
    return reduce(add, totals)


def _score_rows(path: Path, sheet: Sheet, forms: Sequence[str], wanted: bool, part: _Part) -> tuple[Totals, Any]:
    pa = _arrow("pyarrow")
    scores = score(_read(path, *part.rows), sheet, hand_ins=part.hand_ins, forms=forms)
    frame = pd.concat([scores.counts, scores.frame.drop(columns="spans")], axis=1) if wanted else None
    return scores.totals, None if frame is None else pa.Table.from_pandas(frame.reset_index(), preserve_index=False)


def _arrow(module: str) -> ModuleType:
    try:
        return import_module(module)
    except ImportError:
        needed = 'Parquet files are read with pyarrow, which is not installed: pip install "secondsource[parquet]"'
        raise SecondSourceError(needed) from None


def _open(path: Path) -> Any:
    parquet, invalid = _arrow("pyarrow.parquet"), _arrow("pyarrow").ArrowInvalid
    try:
        names = parquet.read_schema(path).names
    except invalid as error:
        raise TableError(f"{plain(path.name)} cannot be read as a Parquet file: {plain(error)}") from None
    for name in COLUMNS:
        if name not in names:
            raise UnknownNameError(f"column in {plain(path.name)}", name, names)
    return parquet.ParquetFile(path, read_dictionary=["label"])


def _read(path: Path, first: int, stop: int) -> pd.DataFrame:
    """Rows of a file, decoded batch after batch: row groups may be larger than a part."""
    pa = _arrow("pyarrow")
    with _open(path) as file:
        sizes = [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]
        ends = np.cumsum([0, *sizes])
        groups = [i for i in range(len(sizes)) if ends[i] < stop and first < ends[i + 1]]
        at, kept = int(ends[groups[0]]) if groups else 0, []
        for batch in file.iter_batches(_BATCH, row_groups=groups, columns=list(COLUMNS)):
            low, high = max(first - at, 0), min(stop - at, len(batch))
            if low < high:
                kept.append(batch.slice(low, high - low))
            at += len(batch)
        schema = pa.schema([file.schema_arrow.field(name) for name in COLUMNS])
        table: pd.DataFrame = pa.Table.from_batches(kept, schema).to_pandas(split_blocks=True)
        return table


def _parts(path: Path, hand_ins: HandIns, most: int) -> list[_Part]:
    """Ranges of rows, as long as allowed, that end where a hand-in ends."""
    with _open(path) as file:
        cuts = list(_cuts(file, path.name, most))
        rows = [row for row, _ in cuts] + [file.metadata.num_rows]
    if hand_ins is None:
        return [_Part(some, None) for some in pairwise(rows)]
    ids = pd.Index(
        range(hand_ins) if isinstance(hand_ins, int | np.integer) else list(hand_ins), name="hand_in"
    ).sort_values()
    # Hand-ins without rows belong to the part before the next one that has some.
    edges = [0, *(int(ids.searchsorted(name)) for _, name in cuts[1:]), len(ids)]
    return [_Part(some, ids[a:b]) for some, (a, b) in zip(pairwise(rows), pairwise(edges), strict=True)]


def _cuts(file: Any, name: str, most: int) -> Iterator[tuple[int, Any]]:
    """First row of each part, and the hand-in that begins there."""
    cut, last, last_id = 0, 0, None
    yield cut, None
    for places, ids in _changes(file, name):
        places = np.concatenate(([last], places))
        while places[-1] - cut > most:
            i = int(np.searchsorted(places, cut + most, side="right")) - 1
            i += int(places[i] == cut)  # one hand-in is larger than a part
            cut = int(places[i])
            if cut < file.metadata.num_rows:
                yield cut, ids[i - 1].as_py() if i else last_id
        last, last_id = int(places[-1]), ids[-1].as_py() if len(ids) else last_id


def _changes(file: Any, name: str) -> Iterator[tuple[Ints, Any]]:
    """Rows where another hand-in begins, and which; the end of the file is the last of them."""
    pa, pc = _arrow("pyarrow"), _arrow("pyarrow.compute")
    at, before = 0, None
    for batch in file.iter_batches(_BATCH, columns=["hand_in"]):
        ids = batch.column(0)
        ids = ids.dictionary_decode() if pa.types.is_dictionary(ids.type) else ids
        if ids.null_count:
            raise TableError(f"{plain(name)} cannot be scored: the column hand_in has gaps.")
        if before is not None:
            ids, at = pa.concat_arrays([before, ids]), at - 1
        if pc.any(pc.greater(ids[:-1], ids[1:])).as_py():
            raise TableError(f"{plain(name)} cannot be scored in parts: its rows are not sorted by hand_in.")
        new = np.flatnonzero(pc.not_equal(ids[1:], ids[:-1]).to_numpy(zero_copy_only=False)) + 1
        yield new + at, ids.take(pa.array(new))
        at, before = at + len(ids), ids[-1:]
    yield np.array([file.metadata.num_rows]), pa.nulls(1)


@contextmanager
def _writer(path: str | Path | None) -> Iterator[Callable[[Any], None]]:
    """Give a function that appends tables to a file, which gets its name when it is whole."""
    if path is None:
        yield lambda _: None
        return
    unfinished, file = Path(f"{path}.unfinished"), ExitStack()
    writer: Any = None

    def write(table: Any) -> None:
        nonlocal writer
        if writer is None:
            writer = file.enter_context(_arrow("pyarrow.parquet").ParquetWriter(unfinished, table.schema))
        writer.write_table(table)

    try:
        with file:
            yield write
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
