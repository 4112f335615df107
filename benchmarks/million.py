"""A million hand-ins from one Parquet file to another, in a process of its own, so that its memory can be told.

Usage: ``python million.py FOLDER NUMBER``, where the folder holds ``marks.parquet``.
"""

import json
import resource
import sys
import time
from pathlib import Path

import ours
import pyarrow as pa
import pyarrow.parquet as pq
from cohort import LABELS, hand_ins, material

from secondsource.cohort import Sheet, score_parquet


def main(folder: Path, number: int) -> None:
    """Score, then tell the time, the memory and whether the first hand-ins are right."""
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    made = material()
    words = list(zip(made.text.starts.tolist(), made.text.ends.tolist(), strict=True))
    sheet = Sheet.plain(ours.entries(made), length=made.text.length, words=words, labels=LABELS)
    source, result = folder / "marks.parquet", folder / "scores.parquet"
    begin, worked = time.perf_counter(), time.process_time()
    score_parquet(source, sheet, result, hand_ins=number, forms=ours.BEST)
    seconds, processor = time.perf_counter() - begin, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    scores = pq.read_table(result)
    first = [spans.rows() for spans in hand_ins(made, 20_000).by_hand_in(0, 100)]
    plain = [ours.plain_scores(marks, ours.entries(made))["best_match"].scores.f1.value for marks in first]
    got = scores["best_match_f1"].slice(0, 100).to_pylist()
    equal = scores.num_rows == number and max(abs(a - b) for a, b in zip(plain, got, strict=True)) < 1e-12
    marks = pq.ParquetFile(source).metadata.num_rows
    found = {"seconds": seconds, "processor": processor, "peak": peak, "marks": marks}
    print(json.dumps(found | {"rows": scores.num_rows, "equal": equal}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
