"""Files that are whole at every moment, against faults injected at every file call."""

import errno
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count, pairwise
from pathlib import Path

import pytest

from faults import CALLS, failing
from secondsource import atomic
from secondsource.atomic import Backups, check_writable, free_name, look_alikes, set_aside, sweep, write_atomically


def test_write_and_overwrite(tmp_path: Path):
    """The file holds exactly the bytes, and nothing else is left in the folder."""
    path = tmp_path / "Zoë – 标签.json"
    for data in (b"one", b"", b"\x00" * 100_000):
        write_atomically(path, data)
        assert path.read_bytes() == data
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO])
def test_one_call_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int):
    """The old file stays whole (a failure to synchronise the folder comes after the new one is), and a retry works."""
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with failing(monkeypatch, call, code), pytest.raises(OSError, match=re.escape(os.strerror(code))) as caught:
        write_atomically(path, b"new")
    assert caught.value.errno == code
    assert path.read_bytes() == (b"new" if "folder" in call else b"old")
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]
    write_atomically(path, b"newer")
    assert path.read_bytes() == b"newer"


@pytest.mark.parametrize("code", [errno.EINVAL, errno.ENOTSUP])
def test_folders_that_cannot_be_synchronised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int):
    """Some network file systems do not offer it; saving goes on without."""
    with failing(monkeypatch, "fsync folder", code):
        write_atomically(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"new"


def test_an_interrupt_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Ctrl+C in the middle of a write removes the temporary file."""
    monkeypatch.setattr(os, "fsync", lambda handle: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "file", b"new")
    assert list(tmp_path.iterdir()) == []


def test_a_link_stays_a_link(tmp_path: Path):
    """What it points to is written, in its own folder."""
    real, link = tmp_path / "real" / "file", tmp_path / "link"
    real.parent.mkdir()
    link.symlink_to(real)
    write_atomically(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_a_read_only_mark_is_respected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Replacing a file needs no right to write it, but whoever marked it meant something."""
    path = tmp_path / "file"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda target, mode: False)
    for call in (lambda: write_atomically(path, b"new"), lambda: check_writable(path)):
        with pytest.raises(PermissionError):
            call()
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_check_writable_leaves_no_trace(tmp_path: Path):
    """Neither a file nor the folders that are still missing are made."""
    check_writable(tmp_path / "a" / "b" / "file")
    check_writable(tmp_path / "file")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "a").touch()
    with pytest.raises(NotADirectoryError):
        check_writable(tmp_path / "a" / "file")


@contextmanager
def _windows(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    slept: list[float] = []
    with monkeypatch.context() as patch:
        patch.setattr(atomic, "_WINDOWS", True)
        patch.setattr(time, "sleep", slept.append)
        yield slept


def _held(times: int, code: int) -> Callable[[Path, Path], Path]:
    """A `Path.replace` that another program makes impossible so many times, with an error number of Windows."""
    real, calls = Path.replace, count()

    def replace(path: Path, target: Path) -> Path:
        if next(calls) < times:
            error = PermissionError(errno.EACCES, "held")
            error.winerror = code  # type: ignore[attr-defined]
            raise error
        return real(path, target)

    return replace


@pytest.mark.parametrize("code", [5, 32, 33])
def test_busy_files_are_tried_again_on_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int):
    """F14: a scanner or a synchroniser holds the file for a moment; folders are not synchronised there."""
    path = tmp_path / "file"
    with _windows(monkeypatch) as slept:
        monkeypatch.setattr(Path, "replace", _held(3, code))
        with failing(monkeypatch, "fsync folder", errno.EIO):
            write_atomically(path, b"new")
        assert slept == [0.05, 0.1, 0.2]
        monkeypatch.setattr(Path, "replace", _held(99, code))
        with pytest.raises(OSError, match="another program") as caught:
            write_atomically(path, b"newer")
        assert caught.value.errno == errno.EBUSY
        assert sum(slept[3:]) == pytest.approx(2.55)
    assert path.read_bytes() == b"new"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_other_errors_are_final(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Nothing is tried again that will not pass: not on Windows, and a Windows number means nothing elsewhere."""
    path = tmp_path / "file"
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("waited"))
    monkeypatch.setattr(Path, "replace", _held(99, 32))
    with pytest.raises(PermissionError):
        write_atomically(path, b"new")
    monkeypatch.setattr(atomic, "_WINDOWS", True)
    monkeypatch.setattr(Path, "replace", _held(99, 19))
    with pytest.raises(PermissionError):
        write_atomically(path, b"new")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("call", ["open", "replace", "open folder"])
def test_a_network_folder_that_lost_its_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str):
    """F15: a stale handle is tried again, but not for ever."""
    path = tmp_path / "file"
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    with failing(monkeypatch, call, errno.ESTALE, times=3):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert slept == [0.05, 0.1, 0.2]
    with failing(monkeypatch, call, errno.ESTALE, times=99), pytest.raises(OSError, match=os.strerror(errno.ESTALE)):
        write_atomically(path, b"newer")
    assert len(slept) == 9


def test_a_check_can_stop_a_write(tmp_path: Path):
    """It is asked when all is ready; what it raises goes through, the old file stays and nothing is left behind."""
    path = tmp_path / "file"
    write_atomically(path, b"old")

    def check() -> None:
        assert len(list(tmp_path.iterdir())) == 2
        raise LookupError

    with pytest.raises(LookupError):
        write_atomically(path, b"new", check)
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_sweep_removes_old_strays_only(tmp_path: Path):
    """Temporary files of this file and its backups go, except young ones; others stay."""
    path = tmp_path / "a[1].labels.json"
    folder = tmp_path / "backups"
    folder.mkdir()
    old = [tmp_path / f".{path.name}.0123abcd.tmp", folder / ".a[1].000003.labels.json.0123abcd.tmp"]
    other = [
        tmp_path / ".b.labels.json.0123abcd.tmp",
        tmp_path / ".a1.labels.json.x.tmp",
        tmp_path / f".{path.name}.swp",
    ]
    for stray in [*old, *other]:
        stray.touch()
        os.utime(stray, (1, 1))
    young = tmp_path / f".{path.name}.4567abcd.tmp"
    young.touch()
    directory = tmp_path / f".{path.name}.89.tmp"
    directory.mkdir()
    os.utime(directory, (1, 1))
    sweep(path)
    assert set(tmp_path.rglob("*")) == {*other, young, directory, folder}
    sweep(tmp_path / "missing" / "file")


def test_set_aside_takes_a_free_name(tmp_path: Path):
    """Nothing is overwritten, however often it happens in one second; a link's target is moved, not the link."""
    path, link = tmp_path / "file", tmp_path / "link"
    link.symlink_to(path)
    names = set()
    for i in range(4):
        path.write_text(str(i))
        names.add(set_aside(link if i % 2 else path))
    assert {(tmp_path / name).read_text() for name in names} == {"0", "1", "2", "3"}
    assert all(name.startswith("file.corrupt-") for name in names)
    assert link.is_symlink()
    assert set_aside(path) == ""


def test_free_names_are_free(tmp_path: Path):
    """Two programs at the same moment get different ones; a link's is beside what it points to."""
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "far" / "file")
    names = {free_name(link, "conflict") for _ in range(50)}
    assert len(names) == 50
    assert {name.parent for name in names} == {tmp_path / "far"}


COPIES = (
    *("x (conflicted copy).labels.json", "x.labels (Zoë's conflicted copy 2026-11-22).json", "x-PCNAME.labels.json"),
    *("x.labels.json.sync-conflict-20261122-101112-ABCDEFG", "x.labels.sync-conflict-20261122-101112-ABCDEFG.json"),
    *("x.labels-PC.json", "x.labels (1).json", "x.labels 2.json", "x (1).labels.json", "X.LABELS.JSON", "x.json"),
)
OTHERS = (
    *("x.labels.json", "x_alone.labels.json", "xy.labels.json", "1x.labels.json", ".x.labels.json.0123.tmp"),
    *(".x.labels.json.lock", "x.labels.json.conflict-20261122T101112Z-0123", "x.labels.json.corrupt-20261122T101112Z"),
    *("x.txt", "x.ipynb"),
)


def test_look_alikes(tmp_path: Path):
    """F9: the names that synchronised folders give are recognised, and no others."""
    for name in (*COPIES, *OTHERS):
        (tmp_path / name).touch()
    assert {path.name for path in look_alikes(tmp_path / "x.labels.json")} == set(COPIES)
    assert look_alikes(tmp_path / "missing" / "x.labels.json") == []


def _add(backups: Backups, revision: int, at: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Add a backup at a given time."""

    def stamped(path: Path, data: bytes) -> None:
        path.write_bytes(data)
        os.utime(path, (at, at))

    monkeypatch.setattr(atomic, "write_atomically", stamped)
    backups.add(f"{revision}".encode(), revision, "0123456789abcdef")
    backups.prune()


def _kept(backups: Backups) -> list[int]:
    return [kept.revision for kept in backups.kept()]


def test_backups_in_quick_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """With a change every 30 seconds for hours, the newest four are kept, and six more that are five minutes apart."""
    backups = Backups(tmp_path / "ex.labels.json")
    for revision in range(1, 301):
        _add(backups, revision, 1_000_000 + 30 * revision, monkeypatch)
        assert len(_kept(backups)) <= 10
        assert backups.kept()[-1].path.read_bytes() == f"{revision}".encode()
    *older, a, b, c, d = _kept(backups)
    assert [a, b, c, d] == [297, 298, 299, 300]
    assert len(older) == 6
    assert all(later - earlier >= 10 for earlier, later in pairwise(older))
    assert older[-1] > 280


@pytest.mark.parametrize("step", [0.0, 600.0, -600.0, 86_400.0, -1.0])
def test_backups_never_exceed_ten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: float):
    """Whatever the clock does, the newest four are kept and no more than ten in all."""
    backups = Backups(tmp_path / "ex.labels.json")
    for revision in range(1, 40):
        _add(backups, revision, 10_000_000 + step * revision, monkeypatch)
        assert _kept(backups)[-4:] == list(range(max(1, revision - 3), revision + 1))
        assert len(_kept(backups)) <= 10
    assert len(_kept(backups)) == (10 if abs(step) >= 300 else 5)


def test_a_burst_is_kept_for_some_seconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Other programs may still have to read what was overwritten a moment ago; there is a limit all the same."""
    backups = Backups(tmp_path / "ex.labels.json")
    for revision in range(1, 60):
        _add(backups, revision, time.time(), monkeypatch)
    assert _kept(backups)[1:] == list(range(36, 60))  # and the one before which there is none
    monkeypatch.setattr(time, "time", lambda at=time.time(): at + 60.0)  # noqa: B008
    backups.prune()
    assert _kept(backups) == [1, 56, 57, 58, 59]


def test_two_programs_write_backups_of_their_own(tmp_path: Path):
    """Of the same revision; and those of earlier versions of this program, without a writer, are known too."""
    backups = Backups(tmp_path / "ex.labels.json")
    for writer in ("0123456789", "abcdef0123"):
        backups.add(writer.encode(), 7, writer)
    (backups.folder / "ex.000006.labels.json").write_bytes(b"old")
    assert [(kept.revision, kept.writer, kept.path.read_bytes()) for kept in backups.kept()] == [
        (6, "", b"old"),
        (7, "01234567", b"0123456789"),
        (7, "abcdef01", b"abcdef0123"),
    ]


def test_a_backup_that_is_gone_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Two programs delete the same ones; a folder that could not be synchronised leaves none that is half there."""
    backups = Backups(tmp_path / "ex.labels.json")
    backups.add(b"", 1, "01234567")
    kept = backups.kept()
    kept[0].path.unlink()
    monkeypatch.setattr(Backups, "kept", lambda _: kept)
    backups.prune()
    with failing(monkeypatch, "fsync folder", errno.EIO), pytest.raises(OSError, match=os.strerror(errno.EIO)):
        backups.add(b"", 2, "01234567")
    assert list(backups.folder.iterdir()) == []


def test_backups_of_others_are_left_alone(tmp_path: Path):
    """Only exact names count: not those of another exercise, of the file itself, or with impossible numbers."""
    backups = Backups(tmp_path / "ex.labels.json")
    assert backups.kept() == []
    backups.folder.mkdir()
    names = (
        "ex.1.000001.labels.json",
        "ex.labels.json",
        "exx000002.labels.json",
        f"ex.{'9' * 5_000}"[:200] + ".labels.json",
    )
    for name in (*names, "ex.٠٠٠٠٠١.labels.json", "ex.000003.labels.json.tmp", "ey.000004.labels.json"):
        (backups.folder / name).touch()
    for i in range(20):
        backups.add(b"", i + 1, "01234567")
    assert {*names} <= {entry.name for entry in backups.folder.iterdir()}
    assert _kept(backups)[-1] == 20
