"""Classes in Parquet files: the same numbers as in memory, in parts of any size, with any number of workers."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secondsource.cohort import TableError, Totals, parquet, score, score_parquet
from secondsource.errors import OffsetError, SecondSourceError, UnknownNameError
from test_cohort import FORMS, SHEET, case, table


def written(folder: Path, frame: pd.DataFrame, *, group: int = 7) -> Path:
    """Write spans sorted by hand-in, in small row groups."""
    path = folder / "spans.parquet"
    pq.write_table(pa.Table.from_pandas(frame.sort_values("hand_in", kind="stable")), path, row_group_size=group)
    return path


def same(a: Totals, b: Totals) -> bool:
    """Tell whether two totals are equal to the last bit."""
    return (a.hand_ins, a.spans, a.tallies) == (b.hand_ins, b.spans, b.tallies) and (a.words == b.words).all()


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.integers(1, 60), st.integers(1, 80), st.booleans(), st.booleans())
def test_a_file_in_parts_is_the_table_at_once(
    tmp_path_factory: pytest.TempPathFactory, seed: int, rows_per_part: int, batch: int, named: bool, listed: bool
):
    """Rows in, rows out: nothing depends on parts, batches, row groups or threads, and nobody is lost."""
    folder = tmp_path_factory.mktemp("parts")
    sheet, rows = case(seed, hand_ins=9)
    frame = table(rows)
    ids = [f"h{i}" for i in range(9)] if named else list(range(9))
    frame["hand_in"] = pd.Series([ids[hand] for hand in frame["hand_in"]], dtype="str" if named else "int64")
    options = {"hand_ins": ids[::-1] if listed else None}
    wanted = score(frame, sheet, hand_ins=ids if listed else None)
    path = written(folder, frame)
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(3) as pool:
        patch.setattr(parquet, "_BATCH", batch)
        for number, map_ in enumerate((map, pool.map)):
            out = folder / f"scores{number}.parquet"
            totals = score_parquet(path, sheet, out, rows_per_part=rows_per_part, map=map_, **options)
            assert same(totals, wanted.totals)
            got = pd.read_parquet(out).set_index("hand_in")
            assert got[wanted.counts.columns].equals(wanted.counts)
            assert got[wanted.frame.columns].equals(wanted.frame)
    assert (folder / "scores0.parquet").read_bytes() == (folder / "scores1.parquet").read_bytes()
    assert sorted(file.name for file in folder.iterdir()) == ["scores0.parquet", "scores1.parquet", "spans.parquet"]


def test_parts_hold_whole_hand_ins_and_no_more_rows_than_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Memory is bounded by the part: only a hand-in that is larger by itself makes a larger one."""
    sizes = [3, 1, 1, 20, 2, 2, 2, 5]
    rows = [(hand, "A", at, at + 1) for hand, size in enumerate(sizes) for at in range(size % 10)]
    rows += [(3, "B", at % 9, at % 9 + 1) for at in range(20)]
    path, seen, told = written(tmp_path, table(rows)), list[int](), list[tuple[int, int]]()
    read = parquet._read

    def watched(*where) -> pd.DataFrame:
        frame = read(*where)
        seen.append(len(frame))
        return frame

    monkeypatch.setattr(parquet, "_read", watched)
    totals = score_parquet(path, SHEET, rows_per_part=6, progress=lambda *done: told.append(done))
    assert seen == [5, 20, 6, 5]
    assert told == [(5, 36), (25, 36), (31, 36), (36, 36)]
    assert (totals.hand_ins, totals.spans) == (8, 36)


def test_a_number_of_hand_ins_and_some_forms_only(tmp_path: Path):
    """Hand-ins without a row stand at the begin, between parts and at the end."""
    path = written(tmp_path, table([(2, "A", 0, 4), (5, "A", 0, 9), (5, "B", 0, 9)]))
    totals = score_parquet(path, SHEET, tmp_path / "out", hand_ins=8, rows_per_part=1, forms=["exact"])
    got = pd.read_parquet(tmp_path / "out")
    assert got["hand_in"].tolist() == list(range(8))
    assert got["spans"].tolist() == [0, 0, 1, 0, 0, 2, 0, 0]
    assert (totals.hand_ins, list(totals.tallies)) == (8, ["exact"])
    with pytest.raises(UnknownNameError):
        _ = totals.pooled


def test_categories_and_numbers_as_labels(tmp_path: Path):
    """Columns that are dictionaries in the file, and labels by number."""
    frame = table([(2, "A", 0, 4), (5, "B", 0, 9), (5, "A", 3, 9)])
    wanted = score(frame, SHEET).totals
    assert same(score_parquet(written(tmp_path, frame.astype({"label": "category"})), SHEET), wanted)
    assert same(score_parquet(written(tmp_path, frame.assign(label=[0, 1, 0])), SHEET), wanted)
    named = frame.assign(hand_in=pd.Categorical(["b", "c", "c"]))
    assert same(score_parquet(written(tmp_path, named), SHEET, rows_per_part=1), wanted)


def test_a_file_without_rows(tmp_path: Path):
    """Nobody handed in."""
    path = written(tmp_path, table([]))
    assert score_parquet(path, SHEET, tmp_path / "out").hand_ins == 0
    assert score_parquet(path, SHEET, hand_ins=3).tallies["exact"].expected == 3
    assert pd.read_parquet(tmp_path / "out").empty


@pytest.mark.parametrize("batch", [1, 100])
@pytest.mark.parametrize("ids", [[2, 1, 3], ["b", "a", "c"]])
def test_rows_that_are_not_sorted_are_refused(tmp_path: Path, ids: list, batch: int, monkeypatch: pytest.MonkeyPatch):
    """A hand-in in two places would be scored as two."""
    monkeypatch.setattr(parquet, "_BATCH", batch)
    path = tmp_path / "spans.parquet"
    table([(0, "A", 0, 4)] * 3).assign(hand_in=ids).to_parquet(path)
    with pytest.raises(TableError, match=r"spans\.parquet .* not sorted by hand_in"):
        score_parquet(path, SHEET)


def test_files_that_cannot_be_scored(tmp_path: Path):
    """A missing column, a missing id, a wrong row: an error with a name, and no half-written result."""
    good, out = table([(1, "A", 0, 4), (2, "A", 0, 4)]), tmp_path / "out"
    with pytest.raises(UnknownNameError, match="“label”"):
        score_parquet(written(tmp_path, good.drop(columns="label")), SHEET, out)
    with pytest.raises(TableError, match="hand_in has gaps"):
        score_parquet(written(tmp_path, good.astype({"hand_in": "Int64"}).assign(hand_in=[1, None])), SHEET, out)
    with pytest.raises(OffsetError, match="Hand-in 2"):
        score_parquet(written(tmp_path, good.assign(end=[4, 99])), SHEET, out, rows_per_part=1)
    with pytest.raises(UnknownNameError, match="hand-in"):
        score_parquet(written(tmp_path, good), SHEET, out, hand_ins=[1, 3])
    out.write_text("no table")
    with pytest.raises(TableError, match="out cannot be read as a Parquet file"):
        score_parquet(out, SHEET)
    out.unlink()
    with pytest.raises(TableError, match="one row at least"):
        score_parquet(written(tmp_path, good), SHEET, out, rows_per_part=0)
    assert [file.name for file in tmp_path.iterdir()] == ["spans.parquet"]


def test_without_pyarrow_the_message_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The extra is named."""
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(SecondSourceError, match=r"secondsource\[parquet\]"):
        score_parquet(tmp_path / "spans.parquet", SHEET)


def test_totals_of_parts_add_up():
    """Scored in two halves, a class has the same totals."""
    sheet, rows = case(12, hand_ins=8)
    halves = [
        score(table([r for r in rows if (r[0] < 4) == early]), sheet, hand_ins=range(8)).totals for early in (0, 1)
    ]
    whole = score(table(rows), sheet, hand_ins=8).totals
    both = halves[0] + halves[1]
    assert [both.tallies[form].right for form in FORMS] == [whole.tallies[form].right for form in FORMS]
    assert both.spans == whole.spans
