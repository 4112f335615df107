"""Our own promises: against the bare pass, for one student, for a long text, at import, for a million hand-ins."""

import json
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import median

import bare
import numpy as np
import ours
import peers_joins
from cohort import Spans, hand_ins, long_material, material, parts
from suites import Bench
from timing import Agreement, Row, Target, absolute, interleaved, once, progress, quotient

from secondsource import metrics

LIMIT = "× bare pass"


def limit(bench: Bench) -> list[Row]:
    """Compare our forms with one sort, look-ups and counts, over 10,000 hand-ins: in no order, and sorted before."""
    number = 1_000 if bench.quick else 10_000
    cohort, length = ours.Cohort(bench.made, spans := hand_ins(bench.made, number), number), bench.made.text.length
    prepared, codes = bare.tables(bench.made), bare.packed(spans)
    kind, in_order, ready = bare.fastest_sort(codes), np.sort(codes), cohort.in_order()
    progress("bare pass: timing")
    seconds = interleaved(
        {
            "bare": lambda: bare.bare(prepared, codes, number, length, kind=kind),
            "bare in order": lambda: bare.bare(prepared, in_order, number, length, kind=None),
            "semeval": lambda: cohort.read(ours.SEMEVAL),
            "best": lambda: cohort.read(ours.BEST),
            "all": lambda: cohort.read(ours.EVERYTHING),
            "semeval in order": lambda: ready.read(ours.SEMEVAL),
            "best in order": lambda: ready.read(ours.BEST),
        },
        quick=bench.quick,
    )
    semeval, best = "exact + SemEval form + kappa", "exact + best match + kappa"
    jobs = {
        semeval: ("semeval", "bare", Target(3)),
        best: ("best", "bare", Target(5)),
        "all four": ("all", "bare", None),
        f"{semeval}, marks in order": ("semeval in order", "bare in order", None),
        f"{best}, marks in order": ("best in order", "bare in order", None),
    }
    each = {name: [s / number for s in values] for name, values in seconds.items()}
    note = f"the bare pass uses numpy's {kind} sort, the faster one here"
    rows = [
        quotient("beside bare pass", job, each[mine], each[least], unit=LIMIT, target=target, hand_ins=number)
        for job, (mine, least, target) in jobs.items()
    ]
    # Ours stands above the line here: it is the multiple of the bare pass that is asked.
    return [replace(row, ours=row.theirs, theirs=row.ours, note=note) for row in rows]


def student(bench: Bench) -> list[Row]:
    """Pair, score and word the labels of one student, as `compare` and `print` do."""
    some = [spans for spans in bench.apart if 60 <= len(spans) <= 80][: 5 if bench.quick else 20]
    students = [ours.Student(bench.made, spans) for spans in some]
    first = _first_times(bench, some)
    seconds = interleaved({str(i): one.feedback for i, one in enumerate(students)}, quick=bench.quick)
    per_round = [median(values) for values in zip(*seconds.values(), strict=True)]
    note = f"median of {len(some)} students; the very first comparison of an article takes {1000 * first:.1f} ms"
    job = "compare and str(comparison), 60 to 80 marks, key of 60"
    return [absolute("one student", job, per_round, scale=1000, unit="ms", target=Target(5), note=note)]


def _first_times(bench: Bench, some: list[Spans]) -> float:
    """Seconds of a first comparison, for which nothing is remembered yet."""
    return median(once(ours.Student(bench.made, spans).feedback) for spans in some[:5])


def long(bench: Bench) -> list[Row]:
    """Pair and score the long text: 10,000 marks with 10,000 entries."""
    spans = 1_000 if bench.quick else 10_000
    made, marks = long_material(words=10 * spans, spans=spans)
    mine, key = metrics.distinct(marks.rows()), metrics.distinct(made.key.rows())
    agreement = _same_weight(marks, made.key)
    progress("long text: timing")
    entries = ours.entries(made)
    cohort = ours.Cohort(made, marks, 1)
    seconds = interleaved(
        {
            "pairing": lambda: metrics.align(mine, key),
            "best": lambda: metrics.best_match(mine, entries),
            "columns": lambda: cohort.read(ours.EVERYTHING),
        },
        quick=bench.quick,
    )
    size = f"{spans:,} × {spans:,}"
    return [
        absolute("long text", f"pairing, {size}", seconds["pairing"], unit="s", agreement=agreement),
        absolute("long text", f"best match, plain Python, {size}", seconds["best"], unit="s"),
        absolute("long text", f"all four forms as a cohort of one, {size}", seconds["columns"], unit="s"),
    ]


def _same_weight(marks: Spans, key: Spans, number: int = 600) -> Agreement:
    """Compare with the full matrix on the beginning of the text; over all of it the matrix takes gigabytes."""
    front, back = (s.take(np.lexsort((s.label, s.end, s.start))[:number]) for s in (marks, key))
    mine, theirs = front.rows(), back.rows()
    dense = ours.weight(mine, theirs, peers_joins.dense_pairing(back, front))
    sparse = ours.weight(mine, theirs, metrics.align(mine, theirs))
    return Agreement(f"same total weight as scipy's full matrix on the first {number} spans", dense == sparse)


def imports(bench: Bench) -> list[Row]:
    """Import pandas and secondsource in fresh processes; the start of Python itself is not counted."""
    code = "import time; begin = time.perf_counter(); import {}; print(time.perf_counter() - begin)"
    rounds = 3 if bench.quick else 15
    seconds: dict[str, list[float]] = {name: [] for name in ("secondsource", "numpy", "pandas")}
    progress("import: timing")
    for _ in range(rounds + 1):
        for name, values in seconds.items():
            done = subprocess.run([sys.executable, "-c", code.format(name)], capture_output=True, text=True, check=True)
            values.append(float(done.stdout))
    warm = {name: values[1:] for name, values in seconds.items()}  # the first of each reads from a cold disk
    targets = {"numpy": None, "pandas": Target(10, at_least=True)}
    unit, ours_ = "× import secondsource", warm["secondsource"]
    return [
        quotient(f"import {name}", "in a fresh process", warm[name], ours_, unit=unit, target=target)
        for name, target in targets.items()
    ]


def million(bench: Bench) -> list[Row]:
    """Score a million hand-ins, Parquet to Parquet, in a process of its own; made and stored beforehand, not timed."""
    if bench.quick:
        return [Row("a million hand-ins", "Parquet to Parquet", note="skipped by --quick")]
    number = 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        progress("a million hand-ins: making them")
        store(Path(folder) / "marks.parquet", number)
        progress("a million hand-ins: scoring them")
        command = [sys.executable, str(Path(__file__).with_name("million.py")), folder, str(number)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        told = (done.stderr.strip().splitlines() or ["it stopped without a word"])[-1]
        return [Row("a million hand-ins", "Parquet to Parquet", agreement=Agreement(f"failed: {told}", holds=False))]
    found = json.loads(done.stdout.splitlines()[-1])
    agreement = Agreement(f"{found['rows']:,} rows written; first 100 equal to the plain modules", found["equal"])
    note = f"{found['marks'] / 1e6:.1f} million marks, one thread, {found['processor']:.1f} s of a processor"
    return [
        absolute(
            "a million hand-ins",
            "Parquet to Parquet, exact + best match + kappa",
            [found["seconds"]],
            unit="s",
            target=Target(20),
            agreement=agreement,
            note=note,
        ),
        Row("a million hand-ins", "peak memory", found["peak"] / 1e9, unit="GB", target=Target(4), rounds=1),
    ]


def store(path: Path, number: int) -> None:
    """Write hand-ins to Parquet, in order of hand-in and in no order within one: 13 bytes for a mark."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {"hand_in": pa.int32(), "label": pa.int8(), "start": pa.int32(), "end": pa.int32()}
    with pq.ParquetWriter(path, pa.schema(types.items())) as writer:
        for spans in parts(material(), number, 20_000):
            columns = {name: pa.array(getattr(spans, name), kind) for name, kind in types.items()}
            writer.write_table(pa.table(columns))


PROMISES = {suite.__name__: suite for suite in (limit, student, long, imports, million)}
