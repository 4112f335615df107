"""What `make test` says at its end, where whoever reads the log of CI looks first."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import checks

Only = Callable[..., None]

PYTEST_FILE = """
import pytest

class TestGroup:
    def test_inside(self):
        assert "left" == "right"

def test_good():
    pass

def test_skipped():
    pytest.skip("not here")

@pytest.fixture
def broken():
    for line in range(40):
        print(line)
    raise ValueError("no such thing")

def test_set_up(broken):
    pass
"""

TAP = """TAP version 13
# Subtest: a group
    # Subtest: inner
    not ok 1 - inner
      ---
      failureType: 'testCodeFailure'
      error: 'one is not two'
      ...
    # Subtest: good
    ok 2 - good
      ---
      duration_ms: 0.1
      ...
    1..2
not ok 1 - a group
  ---
  failureType: 'subtestsFailed'
  error: '1 subtest failed'
  ...
# Subtest: another
not ok 2 - another
  ---
  failureType: 'testCodeFailure'
  error: |-
    three is not four
  ...
1..2
# pass 1
# fail 2
"""


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Only:
    """Let `checks` have one step."""

    def have(*commands: list[str]) -> None:
        monkeypatch.setattr(checks, "steps", lambda scratch: [checks.Step("one", list(commands))])

    return have


def test_failures_are_told_again_at_the_end(only: Only, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each with the id that runs it alone, then the names, then the count."""
    file = tmp_path / "test_some.py"
    file.write_text(PYTEST_FILE)
    only([*checks.PYTEST, "-c", "/dev/null", "--rootdir", str(tmp_path), "-p", "no:randomly", str(file)])
    assert checks.main([]) == 1
    said = capsys.readouterr().out
    end = said[said.rindex("== one:") :].splitlines()
    assert end[-1] == "1 passed, 2 failed"
    assert end[-5:-2] == ["  test_some.py::TestGroup::test_inside", "  test_some.py::test_set_up", ""]
    assert "-- test_some.py::TestGroup::test_inside" in end
    assert any("assert 'left' == 'right'" in line for line in end)
    assert any("ValueError: no such thing" in line for line in end)
    assert not any(checks.PROGRESS.fullmatch(line) for line in said.splitlines())


def test_a_command_that_fails_is_told_with_its_last_words(only: Only, capsys: pytest.CaptureFixture[str]) -> None:
    only([sys.executable, "-c", "for n in range(100): print('line', n)\nraise SystemExit(3)"])
    assert checks.main([]) == 1
    end = capsys.readouterr().out.split("== one:")[1].splitlines()
    assert end[-1] == "0 passed, 1 failed"
    assert "line 99" in end
    assert f"line {99 - checks.LINES}" not in end


def test_all_good(only: Only, capsys: pytest.CaptureFixture[str]) -> None:
    only([sys.executable, "-c", "print('fine')"])
    assert checks.main([]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "0 passed, 0 failed"


def test_failures_of_node(tmp_path: Path) -> None:
    """A group that failed only by what is in it is no failure of its own."""
    report = tmp_path / "node.tap"
    report.write_text(TAP)
    failures = checks.tap_failures(report)
    assert [name for name, _ in failures] == ["inner", "another"]
    assert "one is not two" in failures[0].message
    assert "three is not four" in failures[1].message
    assert checks.tap_counts(report) == (1, 2)
    assert checks.tap_failures(tmp_path / "none") == []


def test_a_long_message_is_cut_at_its_beginning() -> None:
    failures = [checks.Failure(f"test {n}", "\n".join(map(str, range(60)))) for n in range(checks.TOLD + 3)]
    lines = checks.retell("browser", failures).splitlines()
    assert lines.count("59") == checks.TOLD
    assert "34" not in lines
    assert lines[-len(failures) - 1] == "failed in browser:"
    assert lines[-1] == f"  test {len(failures) - 1}"
