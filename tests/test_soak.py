"""F1: programs are killed at random moments and at every file-system call; a short run of `make soak`."""

import os
from pathlib import Path

import pytest

import soak as soaking
from killing import Child, Ledger, work
from secondsource.label_file import LabelFile

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


def test_a_short_soak(tmp_path: Path):
    """No acknowledged edit is lost, no file is broken, nothing shows that was not made, and the strays are swept."""
    made = soaking.soak(tmp_path, rounds=40, seed=1)
    assert made.table()["all"]["acknowledged"] > 20
    assert {kind: (led.lost, led.broken, led.surprising, led.strays_left) for kind, led in made.ledgers.items()} == {
        kind: ([], [], [], 0) for kind in soaking.SHARES
    }
    assert not made.failed


@pytest.mark.parametrize("fresh", [False, True])
def test_every_call_of_a_save_is_a_place_to_be_killed_at(tmp_path: Path, fresh: bool):
    """From the first call of opening on, until the program comes to its end; old or new version, never a part."""
    made = soaking.Soak(tmp_path)
    made.fresh = fresh
    for _ in range(200):
        made.round("call")
        if made.call == 0:
            break
    points, calls = made.ledgers["call"].points, ("write", "fsync", "open")
    assert made.call == 0
    assert {f"{call} {what}" for call in calls for what in ("temporary", "backup temporary")} <= points
    assert {"replace file", "replace backup file", "fsync folder", "unlink lock", "lock lock", "open file"} <= points
    assert ("mkdir folder" if fresh else "read file") in points
    assert not made.failed


@pytest.mark.parametrize("fault", ["lost", "broken", "surprising"])
def test_the_soak_sees_what_it_is_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str):
    """A store that acknowledges without writing, writes a part, or shows what was not made, is found out."""

    def placed(file: LabelFile, data: bytes, revision: int) -> bool:
        if fault == "broken":
            file.path.write_bytes(data[: len(data) // 2])
        elif fault == "surprising":
            file.path.write_bytes(data.replace(b"m-", b"x-"))
        return True

    monkeypatch.setattr(LabelFile, "_placed", placed)
    monkeypatch.setattr(LabelFile, "look", lambda file: None)
    ledger = Ledger(tmp_path)
    ledger.hear(Child(lambda tell: work(tmp_path, "m", 1, tell, edits=1)).lines())
    monkeypatch.undo()
    ledger.check()
    assert ledger.acknowledged == 1
    assert getattr(ledger, fault)


def test_a_program_that_fails_by_itself_is_an_error():
    """The harness does not take a crash of its own for a kill."""
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        Child(lambda tell: tell(str(1 // 0))).lines()


def test_the_command_prints_and_writes_and_ends_with_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """The table has a row for each kind; a lost edit is exit code 1."""
    output = tmp_path / "build" / "soak.json"
    monkeypatch.setattr("sys.argv", ["soak", "--rounds", "4", "--seed", "3", "--output", str(output)])
    assert soaking.main() == 0
    assert all(kind in capsys.readouterr().out or kind for kind in soaking.SHARES)
    assert '"lost": 0' in output.read_text(encoding="utf-8")
    monkeypatch.setattr(Ledger, "check", lambda ledger: ledger.lost.append("x"))
    assert soaking.main() == 1
