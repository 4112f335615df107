"""Every check of the project, in the order in which a failure is cheapest to learn: what ``make test`` runs.

``python tools/checks.py`` runs all steps, ``python tools/checks.py lint types`` only those. It stops at the first
step that fails, tells at the very end what failed (whoever reads a log in CI may see no more than its end), and its
last line is ``N passed, N failed``, which counts the tests of pytest and Node and each other command that failed.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from types import MappingProxyType
from typing import IO, NamedTuple
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
PYTEST = [sys.executable, "-m", "pytest", "-q", "-rs", "--no-header", "--tb=short", "-o", "junit_family=xunit1"]
LINES = 25  # of each failure that are told again at the end
TOLD = 6  # failures told again in full; of the others only the names
PROGRESS = re.compile(r"[.sxXFE]+( +\[ *\d+%\])?|\.+")  # of pytest and Node: for people who watch


class Step(NamedTuple):
    """A named group of commands; `environment` is added to the process's own."""

    name: str
    commands: list[list[str]]
    environment: Mapping[str, str] = MappingProxyType({})


class Failure(NamedTuple):
    """A test, or a whole command, that failed, and what it said."""

    name: str
    message: str


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
        # The step before has run the notebooks and compared what they show.
        Step("course", [[tool("secondsource"), "build", "--check", "--no-run"], [tool("secondsource"), "check"]]),
        Step("lab", [[*PYTEST, "tests/lab"]]),
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
    to_screen = ["--test-reporter=dot", "--test-reporter-destination=stdout"]
    to_file = ["--test-reporter=tap", f"--test-reporter-destination={scratch / 'node.tap'}"]
    return [[node or "node", "--test", *to_screen, *to_file, *files]]


def run(step: Step, scratch: Path) -> tuple[int, int, list[Failure]]:
    """Run a step until a command of it fails; tests passed, tests (or commands) failed, and what the failures said."""
    passed = 0
    for command in step.commands:
        report, tap = scratch / f"{step.name}.xml", scratch / "node.tap"
        is_pytest = command[: len(PYTEST)] == PYTEST
        code, end = show([*command, f"--junit-xml={report}"] if is_pytest else command, step.environment)
        good, bad = junit_counts(report) if is_pytest else tap_counts(tap) if step.name == "js" else (0, 0)
        passed += good
        if code or bad:
            failures = junit_failures(report) if is_pytest else tap_failures(tap) if step.name == "js" else []
            name = " ".join([Path(command[0]).name, *command[1:]])
            return passed, max(bad, 1), failures or [Failure(name, end)]
    return passed, 0, []


def show(command: list[str], environment: Mapping[str, str]) -> tuple[int, str]:
    """Run a command and pass on what it prints, to people with its dots; its exit code and its last lines."""
    end: deque[str] = deque(maxlen=LINES)
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )

    def pass_on(lines: IO[str]) -> None:
        with lines:
            for line in lines:
                end.append(line)
                if sys.stdout.isatty() or not PROGRESS.fullmatch(line.strip()):
                    print(line, end="", flush=True)

    reader = Thread(target=pass_on, args=[process.stdout], daemon=True)
    reader.start()
    code = process.wait()
    reader.join(timeout=10)  # a program that it left running may hold the pipe open
    return code, "".join(end)


def junit_counts(report: Path) -> tuple[int, int]:
    """Passed and failed tests in a JUnit XML file; nothing if there is none."""
    if not report.exists():
        return 0, 0
    suites = list(ElementTree.parse(report).iter("testsuite"))
    total, skipped, *bad = (
        sum(int(suite.get(name, 0)) for suite in suites) for name in ("tests", "skipped", "failures", "errors")
    )
    return total - skipped - sum(bad), sum(bad)


def junit_failures(report: Path) -> list[Failure]:
    """The tests that failed in a JUnit XML file, with their tracebacks; none if there is no file."""
    cases = list(ElementTree.parse(report).iter("testcase")) if report.exists() else []
    return [
        Failure(test_id(case), bad.text or bad.get("message") or "")
        for case in cases
        for bad in case
        if bad.tag in {"failure", "error"}
    ]


def test_id(case: ElementTree.Element) -> str:
    """What pytest takes to run this test alone: file, class if there is one, name."""
    file, names, name = (case.get(key, "") for key in ("file", "classname", "name"))
    group = names.removeprefix(file.removesuffix(".py").replace("/", ".")).strip(".")
    return "::".join(part for part in (file or names, group if file else "", name) if part)


def tap_counts(report: Path) -> tuple[int, int]:
    """Passed and failed tests in what Node's TAP reporter wrote; nothing if there is no file."""
    text = report.read_text(encoding="utf-8") if report.exists() else ""
    good, bad = (re.search(rf"^# {word} (\d+)$", text, re.MULTILINE) for word in ("pass", "fail"))
    return int(good[1]) if good else 0, int(bad[1]) if bad else 0


def tap_failures(report: Path) -> list[Failure]:
    """The tests that failed in what Node's TAP reporter wrote; a group that failed only by its tests is left out."""
    text = report.read_text(encoding="utf-8") if report.exists() else ""
    found = re.findall(r"^( *)not ok \d+ - (.*)\n\1  ---\n((?s:.*?))^\1  \.\.\.$", text, re.MULTILINE)
    return [Failure(name, said) for _, name, said in found if "failureType: 'subtestsFailed'" not in said]


def retell(step: str, failures: list[Failure]) -> str:
    """What failed, short: the end of each message, then all names."""
    parts = []
    for name, message in failures[:TOLD]:
        lines = message.rstrip().splitlines()
        parts.append("\n".join([f"\n-- {name}", *(["   ..."] if len(lines) > LINES else []), *lines[-LINES:]]))
    return "\n".join([*parts, f"\nfailed in {step}:", *(f"  {name}" for name, _ in failures)])


def main(names: list[str]) -> int:
    """Run all steps, or those named; 1 at the first that fails."""
    passed = failed = 0
    story = ""
    began = time.monotonic()
    with TemporaryDirectory(prefix="secondsource-checks-") as folder:
        chosen = [step for step in steps(Path(folder)) if not names or step.name in names]
        if not chosen:
            sys.exit(f"There is no step {' or '.join(names)}.")
        for step in chosen:
            print(f"\n== {step.name}", flush=True)
            start = time.monotonic()
            good, failed, failures = run(step, Path(folder))
            passed += good
            skipped = "" if step.commands else "SKIPPED: Node is not installed · "
            print(f"== {step.name}: {skipped}{time.monotonic() - start:.1f} s", flush=True)
            if failed:
                story = retell(step.name, failures)
                break
    if story:
        print(story)
    print(f"\n{time.monotonic() - began:.0f} s in all")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
