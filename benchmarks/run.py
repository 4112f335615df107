"""Measure secondsource beside its peers: ``python benchmarks/run.py [--quick] [--only NAME …]``.

Prints one table and writes the same, with quartiles and versions, to ``build/bench.json``. The exit code is 1 if
results that should be equal are not; a target that is missed is reported and nothing more.
"""

import argparse
import json
import os
import platform
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from cohort import hand_ins, material
from suites import SUITES, Bench, quiet
from timing import Row, progress, share
from whole import PROMISES

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "POLARS_MAX_THREADS")
PACKAGES = (
    *("secondsource", "numpy", "pandas", "nervaluate", "scikit-learn", "statsmodels", "krippendorff", "seqeval"),
    *("polars", "duckdb", "pyarrow", "scipy", "pygamma-agreement"),
)
OUTPUT = Path(__file__).resolve().parents[1] / "build" / "bench.json"
HEAD = ("", "job", "value", "quartiles", "target", "", "rounds × hand-ins", "checked, notes")


def main() -> int:
    """Run what is asked for, print the table, write the file."""
    suites = SUITES | PROMISES
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="small sizes and few rounds: to see that it runs")
    parser.add_argument("--only", action="append", choices=sorted(suites), metavar="NAME", help=", ".join(suites))
    asked = parser.parse_args()
    number, begin = (100 if asked.quick else 1_000), time.perf_counter()
    made = material()
    bench = Bench(made, hand_ins(made, number), number, asked.quick)
    rows: list[Row] = []
    for name in asked.only or suites:
        progress(f"{name} ({time.perf_counter() - begin:.0f} s so far)")
        rows += quiet(suites[name], bench)
    if asked.quick:  # promises are about the full sizes
        rows = [replace(row, target=None) for row in rows]
    print(table(rows))
    if share() < 0.9:
        print(f"\nThe machine was busy: timed runs had {share():.0%} of a processor. Repeat when nothing else runs.")
    write(rows, quick=asked.quick, seconds=time.perf_counter() - begin)
    wrong = [row for row in rows if row.agreement is not None and not row.agreement.holds]
    for row in wrong:
        print(f"NOT EQUAL: {row.name}, {row.job}: {row.agreement and row.agreement.told}", file=sys.stderr)
    return 1 if wrong else 0


def table(rows: list[Row]) -> str:
    """Lay the rows out as text, one line each."""
    lines = [HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEAD) - 1)]
    padded = [[cell.ljust(width) for cell, width in zip(line, widths, strict=False)] + [line[-1]] for line in lines]
    return "\n".join("  ".join(line).rstrip() for line in padded)


def _cells(row: Row) -> tuple[str, ...]:
    value = "" if row.value is None else f"{_short(row.value)} {row.unit}"
    quartiles = f"{_short(row.low)} to {_short(row.high)}" if row.rounds > 1 else ""
    met = {True: "met", False: "not met", None: ""}[row.met]
    times = f"{row.rounds} × {row.hand_ins:,}" if row.hand_ins else str(row.rounds or "")
    agreement = "" if row.agreement is None else ("= " if row.agreement.holds else "≠ ") + row.agreement.told
    told = "; ".join(part for part in (agreement, row.note) if part)
    return row.name, row.job, value, quartiles, str(row.target or ""), met, times, told


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def write(rows: list[Row], *, quick: bool, seconds: float) -> None:
    """Keep the rows, the versions and the machine."""
    OUTPUT.parent.mkdir(exist_ok=True)
    report = {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "quick": quick,
        "seconds": round(seconds, 1),
        "share_of_a_processor": round(share(), 3),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, one thread used",
        "versions": {name: _version(name) for name in PACKAGES},
        "rows": [row.record() for row in rows],
    }
    text = json.dumps(report, indent=1, ensure_ascii=False, default=lambda number: number.item())  # numpy's
    OUTPUT.write_text(text + "\n", encoding="utf-8")


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def with_one_thread() -> None:
    """Start again with one thread everywhere: libraries look at these variables when they are imported."""
    if any(os.environ.get(name) != "1" for name in THREADS):
        os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | dict.fromkeys(THREADS, "1"))


if __name__ == "__main__":
    with_one_thread()
    sys.exit(main())
