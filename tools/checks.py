"""Every check of the project, in the order in which a failure is cheapest to learn: what ``make test`` runs.

``python tools/checks.py`` runs all steps, ``python tools/checks.py lint types`` only those. It stops at the first
step that fails and ends with one line, ``N passed, N failed``, which counts the tests of pytest and Node and each
other command that failed.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import NamedTuple
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
PYTEST = [sys.executable, "-m", "pytest", "-q", "-rs"]


class Step(NamedTuple):
    """A named group of commands; `environment` is added to the process's own."""

    name: str
    commands: list[list[str]]
    environment: Mapping[str, str] = MappingProxyType({})


def steps(scratch: Path) -> list[Step]:
    """All steps in order; `scratch` is an empty folder that is gone afterwards."""
    labels, ipython = scratch / "labels", scratch / "ipython"
    labels.mkdir()
    ipython.mkdir()
    return [
        Step("lint", [[tool("ruff"), "check", "-q"], [tool("ruff"), "format", "--check", "-q"], [tool("codespell")]]),
        Step("types", [[tool("mypy")]]),
        Step("layers", [[tool("lint-imports"), "--no-logo"]]),
        Step("units", [[*PYTEST, "-n", "2", "--cov", "--ignore=tests/browser", "--ignore=tests/lab"]]),
        Step("js", node_commands(scratch)),
        Step("browser", [[*PYTEST, "-n", "2", "--dist", "loadfile", "tests/browser"]]),
        Step(
            "notebooks",
            [
                [
                    *(*PYTEST, "--nbval", "--nbval-current-env", "--nbval-cell-timeout", "60", "-p", "no:randomly"),
                    *("-n", "2", "--dist", "loadfile", "lessons", "solutions", "exercises"),
                ]
            ],
            {"PYTHONHASHSEED": "0", "IPYTHONDIR": str(ipython), "SECONDSOURCE_LABELS": str(labels)},
        ),
        Step("course", [[tool("secondsource"), "build", "--check"], [tool("secondsource"), "check"]]),
        # `make faults` runs the other file: its tests share one kernel and are not yet independent of their order.
        Step("lab", [[*PYTEST, "tests/lab", "--ignore=tests/lab/test_faults.py"]]),
    ]


def tool(name: str) -> str:
    """Path of a program of this environment."""
    return str(BIN / name)


def node_commands(scratch: Path) -> list[list[str]]:
    """The command for the JavaScript tests; none where Node is missing, except in CI, where it has to fail."""
    node = shutil.which("node")
    if node is None and not os.environ.get("CI"):
        return []
    files = sorted(str(path) for path in (ROOT / "tests" / "js").glob("*.test.*"))
    to_screen = ["--test-reporter=spec", "--test-reporter-destination=stdout"]
    to_file = ["--test-reporter=tap", f"--test-reporter-destination={scratch / 'node.tap'}"]
    return [[node or "node", "--test", *to_screen, *to_file, *files]]


def run(step: Step, scratch: Path) -> tuple[int, int]:
    """Run a step until a command of it fails; tests passed, and tests (or commands) failed."""
    passed = 0
    for command in step.commands:
        report = scratch / f"{step.name}.xml"
        is_pytest = command[: len(PYTEST)] == PYTEST
        words = [*command, f"--junit-xml={report}"] if is_pytest else command
        code = subprocess.run(words, cwd=ROOT, env={**os.environ, **step.environment}, check=False).returncode
        tap = scratch / "node.tap"
        good, bad = junit_counts(report) if is_pytest else tap_counts(tap) if step.name == "js" else (0, 0)
        passed += good
        if code or bad:
            print(f"failed: {' '.join([Path(command[0]).name, *command[1:]])}")
            return passed, max(bad, 1)
    return passed, 0


def junit_counts(report: Path) -> tuple[int, int]:
    """Passed and failed tests in a JUnit XML file; nothing if there is none."""
    if not report.exists():
        return 0, 0
    suites = list(ElementTree.parse(report).iter("testsuite"))
    total, skipped, *bad = (
        sum(int(suite.get(name, 0)) for suite in suites) for name in ("tests", "skipped", "failures", "errors")
    )
    return total - skipped - sum(bad), sum(bad)


def tap_counts(report: Path) -> tuple[int, int]:
    """Passed and failed tests in what Node's TAP reporter wrote; nothing if there is no file."""
    text = report.read_text(encoding="utf-8") if report.exists() else ""
    good, bad = (re.search(rf"^# {word} (\d+)$", text, re.MULTILINE) for word in ("pass", "fail"))
    return int(good[1]) if good else 0, int(bad[1]) if bad else 0


def main(names: list[str]) -> int:
    """Run all steps, or those named; 1 at the first that fails."""
    passed = failed = 0
    began = time.monotonic()
    with TemporaryDirectory(prefix="secondsource-checks-") as folder:
        chosen = [step for step in steps(Path(folder)) if not names or step.name in names]
        if not chosen:
            sys.exit(f"There is no step {' or '.join(names)}.")
        for step in chosen:
            print(f"\n== {step.name}", flush=True)
            start = time.monotonic()
            good, failed = run(step, Path(folder))
            passed += good
            skipped = "" if step.commands else "SKIPPED: Node is not installed · "
            print(f"== {step.name}: {skipped}{time.monotonic() - start:.1f} s", flush=True)
            if failed:
                break
    print(f"\n{time.monotonic() - began:.0f} s in all")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
