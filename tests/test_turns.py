"""Taking turns: waiting that ends, locks that are let go, folders that have none."""

import os
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from secondsource import turns as module
from secondsource.atomic import check_writable
from secondsource.turns import Turns


def test_the_lock_is_there_for_as_long_as_the_turn(tmp_path: Path):
    """A hidden file beside the file, or beside what a link points to; afterwards the folder is as it was."""
    link, real = tmp_path / "x.labels.json", tmp_path / "far" / "x.json"
    link.symlink_to(real)
    for path, place in ((tmp_path / "y.json", tmp_path), (link, real.parent)):
        turns = Turns(path)
        with turns.take() as had:
            assert had
            assert turns.lock.exists()
            assert turns.lock.parent == place
            assert turns.lock.name.startswith(".")
            check_writable(path)
        assert not turns.lock.exists()
    assert {path.name for path in tmp_path.rglob("*")} == {"x.labels.json", "far"}


def most_at_once(turns: Callable[[], Turns], *, locked: bool) -> int:
    """How many of four threads were in their turn at the same time, at most."""
    inside, most = 0, 0

    def work() -> None:
        nonlocal inside, most
        mine = turns()
        for _ in range(10):
            with mine.take() as had:
                assert had is locked
                inside += 1
                most = max(most, inside)
                time.sleep(0.001)
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return most


def test_one_at_a_time(tmp_path: Path):
    """Four threads, each with its own turns, never meet."""
    assert most_at_once(lambda: Turns(tmp_path / "x.json"), locked=True) == 1


def test_waiting_comes_to_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A program that was stopped in its turn holds up the first save for a moment, the next ones hardly."""
    monkeypatch.setattr(module, "_PATIENCE", 0.2)
    monkeypatch.setattr(module, "_IMPATIENCE", 0.05)
    turns = Turns(tmp_path / "x.json")
    with FileLock(turns.lock):
        begun = time.monotonic()
        with turns.take() as had:
            assert not had
        assert time.monotonic() - begun >= 0.2
        assert turns._patience == 0.05
        with turns.take() as had:
            assert not had
        assert turns.lock.exists()
    with turns.take() as had:
        assert had
    assert turns._patience == 0.2


def test_a_lock_that_a_crash_left_behind(tmp_path: Path):
    """Its file is there, its holder is not: it is free, and goes with the next turn."""
    turns = Turns(tmp_path / "x.json")
    turns.lock.touch()
    with turns.take() as had:
        assert had
    assert not turns.lock.exists()


def test_a_turn_ends_when_something_goes_wrong_in_it(tmp_path: Path):
    """What was raised goes through, and the next one gets its turn."""
    turns = Turns(tmp_path / "x.json")
    with pytest.raises(LookupError), turns.take():
        raise LookupError
    with Turns(tmp_path / "x.json").take() as had:
        assert had


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_a_fork_takes_turns_of_its_own(tmp_path: Path):
    """A program that was copied in the middle of a turn is not stuck."""
    turns = Turns(tmp_path / "x.json")
    with turns.take():
        child = os.fork()
        if child == 0:  # pragma: no cover - another process
            os._exit(0 if turns.lock.exists() else 1)
        assert os.waitpid(child, 0)[1] == 0
    with turns.take() as had:
        assert had


def test_a_folder_that_cannot_be_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """No lock, no error and no waiting: whoever writes will hear why it does not work."""
    (tmp_path / "file").touch()
    nowhere, refused = Turns(tmp_path / "file" / "x.json"), Turns(tmp_path / "x.json")
    with nowhere.take() as had:
        assert not had
    monkeypatch.setattr(FileLock, "acquire", lambda lock: (_ for _ in ()).throw(PermissionError))
    with refused.take() as had:
        assert not had
    assert nowhere._patience == refused._patience == module._PATIENCE  # it was refused, not tired of waiting
    assert stat.S_ISREG((tmp_path / "file").stat().st_mode)


def test_threads_of_one_program_take_turns_without_any_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Jupyter answers widgets on one thread and runs cells on another; the folder may have no locks."""

    def no_lock(*_args: object) -> None:
        raise OSError("no locks here")

    monkeypatch.setattr(FileLock, "acquire", no_lock)
    turns = Turns(tmp_path / "x.json")
    assert most_at_once(lambda: turns, locked=False) == 1
