"""The same hand-ins through data frames and matrices: polars and duckdb for overlap, scipy for pairing."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from cohort import Material, Spans, Whole

Numbers = npt.NDArray[np.float64]


class Overlap(NamedTuple):
    """For each hand-in: the two sums of the SemEval-2020 form, and how many merged marks there are."""

    right: Numbers
    found: Numbers
    marked: Whole


class Polars:
    """Merge, join on the label, keep what overlaps, sum."""

    def __init__(self, made: Material, spans: Spans, hand_ins: int) -> None:
        import polars

        self.pl, self.hand_ins = polars, hand_ins
        self.frame = self._frame(spans)
        self.merged = self._merge(self.frame.lazy()).collect()
        key = self._merge(self._frame(made.key).lazy()).collect()
        self.key = key.select("label", entry_start="start", entry_end="end")

    def _frame(self, spans: Spans) -> Any:
        whose, label = spans.hand_in.astype(np.int32), spans.label.astype(np.int8)
        start, end = spans.start.astype(np.int32), spans.end.astype(np.int32)
        return self.pl.DataFrame({"hand_in": whose, "label": label, "start": start, "end": end})

    def _merge(self, frame: Any) -> Any:
        pl, of = self.pl, ["hand_in", "label"]
        reach = pl.col("end").cum_max().shift(1).over(of)
        begins = (pl.col("start") >= reach).fill_null(value=True)
        runs = frame.sort("hand_in", "label", "start").with_columns(run=begins.cum_sum())
        return runs.group_by("run").agg(pl.first("hand_in", "label"), pl.min("start"), pl.max("end"))

    def _scores(self, marks: Any) -> Any:
        pl = self.pl
        both = pl.min_horizontal("end", "entry_end") - pl.max_horizontal("start", "entry_start")
        return (
            marks.join(self.key.lazy(), on="label", how="left")
            .with_columns(both=both.clip(lower_bound=0).fill_null(0))
            .group_by("hand_in")
            .agg(
                right=(pl.col("both") / (pl.col("end") - pl.col("start"))).sum(),
                found=(pl.col("both") / (pl.col("entry_end") - pl.col("entry_start"))).sum(),
                marked=pl.col("run").n_unique(),
            )
        )

    def whole(self) -> Overlap:
        """Merge and join."""
        return _spread(self._scores(self._merge(self.frame.lazy())).collect().to_dict(), self.hand_ins)

    def join(self) -> Overlap:
        """Join marks that were merged beforehand."""
        return _spread(self._scores(self.merged.lazy()).collect().to_dict(), self.hand_ins)


MERGE = """
    SELECT min(hand_in) AS hand_in, min(label) AS label, min("start") AS "start", max("end") AS "end"
    FROM (
        SELECT *, sum(CASE WHEN "start" >= reach OR reach IS NULL THEN 1 ELSE 0 END)
                  OVER (PARTITION BY hand_in, label ORDER BY "start", "end" ROWS UNBOUNDED PRECEDING) AS run
        FROM (
            SELECT *, max("end") OVER (PARTITION BY hand_in, label ORDER BY "start", "end"
                                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reach
            FROM {table}
        )
    )
    GROUP BY hand_in, label, run
"""
JOIN = """
    SELECT hand_in, sum(part / ("end" - "start")) AS "right", sum(share) AS found, count(*) AS marked
    FROM (
        SELECT m.hand_in, m."start", m."end",
               sum(greatest(0, least(m."end", k."end") - greatest(m."start", k."start"))) AS part,
               sum(greatest(0, least(m."end", k."end") - greatest(m."start", k."start")) / (k."end" - k."start"))
                   AS share
        FROM ({marks}) m JOIN entries k USING (label)
        GROUP BY m.hand_in, label, m."start", m."end"
    )
    GROUP BY hand_in
"""


class Duckdb:
    """The same as SQL, in one thread."""

    def __init__(self, made: Material, spans: Spans, hand_ins: int) -> None:
        import duckdb
        import pyarrow as pa

        self.hand_ins, self.database = hand_ins, duckdb.connect()
        self.database.execute("SET threads TO 1")
        for name, table in (("marks", spans), ("raw_entries", made.key)):
            columns = {
                column: getattr(table, column).astype(np.int32) for column in ("hand_in", "label", "start", "end")
            }
            self.database.register("given", pa.table(columns))
            self.database.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
        self.database.execute(f"CREATE TABLE merged AS {MERGE.format(table='marks')}")
        self.database.execute(f"CREATE TABLE entries AS {MERGE.format(table='raw_entries')}")

    def whole(self) -> Overlap:
        """Merge and join."""
        return self._run(JOIN.format(marks=MERGE.format(table="marks")))

    def join(self) -> Overlap:
        """Join marks that were merged beforehand."""
        return self._run(JOIN.format(marks="SELECT * FROM merged"))

    def _run(self, query: str) -> Overlap:
        return _spread(self.database.execute(query).fetchnumpy(), self.hand_ins)


def _spread(columns: Any, hand_ins: int) -> Overlap:
    """Put the groups, which come in any order, in the order of the hand-ins."""
    whose = np.asarray(columns["hand_in"])
    made = Overlap(np.zeros(hand_ins), np.zeros(hand_ins), np.zeros(hand_ins, np.int64))
    for name, column in made._asdict().items():
        column[whose] = np.asarray(columns[name])
    return made


def dense_pairing(key: Spans, marks: Spans) -> list[tuple[int, int]]:
    """Pair with `scipy` on a full matrix of marks × key: equal spans first, then the largest total of ``4·fit``."""
    from scipy.optimize import linear_sum_assignment

    same_label = marks.label[:, None] == key.label
    low, high = np.maximum(marks.start[:, None], key.start), np.minimum(marks.end[:, None], key.end)
    both = np.maximum(high - low, 0)
    fit = both / ((marks.end - marks.start)[:, None] + (key.end - key.start) - both)
    equal = (fit == 1) & same_label
    weight = np.where(same_label, 4, 1) * fit
    weight[equal.any(axis=1)] = 0
    weight[:, equal.any(axis=0)] = 0
    weight[equal] = 10  # more than any other pair, and in the way of none
    rows, columns = linear_sum_assignment(weight, maximize=True)
    paired = weight[rows, columns] > 0
    return list(zip(rows[paired].tolist(), columns[paired].tolist(), strict=True))
