"""F2, F3, F11, F13, F15: file-system calls that fail, one after the other; full disks; damaged files.

Each scenario runs without a fault first, which counts its calls; then once for each call and error number, with that
call failing, and, for dying disks, with all calls from that one on. The file must stay whole and hold what was
acknowledged, errors must be `SAVE-*`, and the same call must work afterwards.
"""

import errno
import itertools
import os
import re
import resource
import shutil
import signal
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faulty_fs import FaultyFS
from killing import Child, add, opened
from secondsource.errors import FormatError, MismatchError, StoreError
from secondsource.formats import w3c
from secondsource.store import LabelStore
from strategies import ARTICLE, CODEBOOK

ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS, errno.EDQUOT, errno.ESTALE, errno.ENOLCK)
ALL = os.environ.get("SECONDSOURCE_FAULTS") == "all"  # each call with each error in each scenario: minutes
Step = Callable[[LabelStore], object]


def ids(path: Path) -> set[str]:
    """Ids of the labels in a file."""
    return {span.id for span in w3c.read(path.read_bytes(), ARTICLE, CODEBOOK, name=path.name)[0].spans}


def everywhere(folder: Path) -> set[str]:
    """Ids of the labels in the file and in conflict files, as far as they are there and whole."""
    found: set[str] = set()
    for path in (folder / "ex.labels.json", *folder.glob("ex.labels.json.conflict-*")):
        with suppress(FormatError, FileNotFoundError):
            found |= ids(path)
    return found


def _first(folder: Path) -> set[str]:
    return set()


def _used(folder: Path) -> set[str]:
    """A file with two labels."""
    store = opened(folder)
    store.apply(add("s0"), client="p", seq=1)
    store.apply(add("s1"), client="p", seq=2)
    return {"s0", "s1"}


def _aged(folder: Path) -> set[str]:
    """Backups that are old and many enough to be deleted."""
    there = _used(folder)
    for i in range(4):
        shutil.copy(folder / "ex.labels.json", folder / "backups" / f"ex.00000{i}-01234567.labels.json")
    for backup in (folder / "backups").iterdir():
        os.utime(backup, (1_000_000, 1_000_000))
    return there


def _damaged(folder: Path) -> set[str]:
    there = _used(folder)
    (folder / "ex.labels.json").write_bytes(b"\x00" * 500)
    return there


def _stray(folder: Path) -> set[str]:
    there = _used(folder)
    (folder / ".ex.labels.json.01234567.tmp").touch()
    return there


def _copied(folder: Path) -> set[str]:
    there = _used(folder)
    shutil.copy(folder / "ex.labels.json", folder / "ex (conflicted copy).labels.json")
    return there


def _nothing(store: LabelStore) -> None:
    """No other program."""


def _other(store: LabelStore) -> None:
    """Another program writes the file."""
    opened(store.path.parent).apply(add("other"))


def _old(store: LabelStore) -> None:
    """A synchroniser puts an old version back."""
    before = store.path.read_bytes()
    store.apply(add("newer"))
    store.path.write_bytes(before)


def _wrecked(store: LabelStore) -> None:
    """The file is damaged while we work."""
    store.path.write_bytes(b"{")


def _overwritten(store: LabelStore) -> None:
    """A version of another program was replaced by ours in the same moment; only its backup tells."""
    data = store.path.read_bytes()
    opened(store.path.parent).apply(add("other"))
    store.path.write_bytes(data)


# What is in the folder, what happens while the program works, and what must be there in the end.
SCENARIOS: dict[str, tuple[Callable[[Path], set[str]], Step, set[str]]] = {
    "first": (_first, _nothing, set()),
    "again": (_aged, _nothing, set()),
    "damaged": (_damaged, _nothing, set()),
    "stray": (_stray, _nothing, set()),
    "copied": (_copied, _nothing, set()),
    "refresh": (_used, _other, {"other"}),
    "conflict": (_used, _old, {"newer"}),
    "wrecked": (_used, _wrecked, set()),
    "overwritten": (_used, _overwritten, {"other"}),
}


def _attempt(folder: Path, step: Step, faults: Callable[[], Any]) -> tuple[LabelStore, set[str]]:
    """Open, let something happen, save, with faults while we work; then what was acknowledged."""
    errors, acknowledged = list[StoreError](), set[str]()
    try:
        with faults():
            store = opened(folder)
    except StoreError as error:
        errors.append(error)
        store = opened(folder)
    step(store)
    try:
        with faults():
            store.apply(add("new"), client="p", seq=99)
            acknowledged.add("new")
    except StoreError as error:
        errors.append(error)
    assert all(re.fullmatch(r"SAVE-[A-Z]+( · [^·]+){3}", str(error)) for error in errors), errors
    return store, acknowledged


@contextmanager
def failing_at(folder: Path, number: int, code: int, *, lasting: bool, count: list[int]) -> Iterator[None]:
    """Let one call fail, or all from that one on; go on counting where the last time ended."""

    def act(_: int, name: str) -> None:
        count[0] += name != "unlock lock"  # that cannot fail
        if name != "unlock lock" and (count[0] == number or (lasting and count[0] > number)):
            raise OSError(code, os.strerror(code))

    with FaultyFS(folder, act):
        yield


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "lasting"])
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_call_fails(tmp_path: Path, scenario: str, lasting: bool, monkeypatch: pytest.MonkeyPatch):
    """The file stays whole, nothing acknowledged is lost, and the same change works afterwards."""
    monkeypatch.setattr("secondsource.atomic._BUSY", (0.0, 0.0))
    prepare, step, more = SCENARIOS[scenario]
    (tmp_path / "template").mkdir()
    must = prepare(tmp_path / "template") | more
    every = ALL or (scenario == "again" and not lasting)
    for number in itertools.count(1):
        counts = []
        for code in ERRORS[:5] if every else ERRORS[number % len(ERRORS) :][:1]:
            folder, count = tmp_path / f"{number}-{code}", [0]
            shutil.copytree(tmp_path / "template", folder)
            faults = partial(failing_at, folder, number, code, lasting=lasting, count=count)
            store, acknowledged = _attempt(folder, step, faults)
            kept = set().union(*map(ids, (folder / "backups").glob("*.json")))
            assert must | acknowledged <= everywhere(folder) | {span.id for span in store.labels.spans} | kept
            store.apply(add("new"), client="p", seq=99)
            assert "new" in ids(store.path)
            assert must <= everywhere(folder)
            assert opened(folder).labels == store.labels
            assert not list(folder.rglob(".*.tmp"))
            counts.append(count[0])
        if max(counts) < number:
            break
    assert number > 50


# ----------------------------------------------------------------------------------------------------- full disks, F3


def _fill(folder: Path, limit: int, tell: Callable[[str], None]) -> None:
    """Save labels with long notes until the system says no; then make room and save again."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    _save_until_full(folder, tell)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    opened(folder).apply(_long("last"))
    tell("ok last")


def _long(name: str) -> dict[str, Any]:
    change = add(name)
    change["span"]["note"] = "x" * 5_000
    return change


def _save_until_full(folder: Path, tell: Callable[[str], None]) -> None:
    store = opened(folder)
    for i in range(1_000):
        try:
            store.apply(_long(f"s{i}"), client="p", seq=i + 1)
        except StoreError as error:
            tell(f"no {error.code} {ids(store.path) == {span.id for span in store.labels.spans}}")
            return
        tell(f"ok s{i}")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_files_may_not_grow_any_more(tmp_path: Path):
    """F3: at a limit of the system the old file stays whole, the message says full, and there is no empty file."""
    told = Child(lambda tell: _fill(tmp_path, 100_000, tell)).lines()
    assert told[-2:] == ["no SAVE-FULL True", "ok last"]
    assert ids(tmp_path / "ex.labels.json") == {line.split()[1] for line in told if line.startswith("ok")}
    assert all(path.stat().st_size for path in tmp_path.rglob("*"))
    assert not list(tmp_path.rglob(".*"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 kB; skipped, and said so, where one may not be made."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "secondsource", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount a small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_is_really_full(small_disk: Path):
    """F3: the same with a disk of 256 kB; backups give way to nothing, and room makes it work again."""
    told: list[str] = []
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * 100_000)
    _save_until_full(small_disk, told.append)
    assert told[-1] == "no SAVE-FULL True"
    filler.unlink()
    store = opened(small_disk)
    store.apply(_long("last"))
    assert ids(store.path) == {line.split()[1] for line in told[:-1]} | {"last"}
    assert store.notice == ""


# ------------------------------------------------------------------------------------------ folders that refuse, F11


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
@pytest.mark.parametrize("what", ["folder", "file"])
def test_what_may_not_be_written_is_said_first_and_stays(tmp_path: Path, what: str):
    """F11: a folder or a file marked read-only, seen by a program without special rights; nothing is left behind."""
    folder = tmp_path / "labels"
    opened(folder).apply(add("a"))
    before = {path: path.read_bytes() for path in folder.rglob("*.json")}
    marked = folder if what == "folder" else folder / "ex.labels.json"
    everybody = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH
    mine = [path for path in (folder / "backups", *(folder / "x").parents) if path.stat().st_uid == os.geteuid()]
    for path in mine if os.geteuid() == 0 else []:  # the program below is somebody else, and has to get here
        path.chmod(path.stat().st_mode | everybody | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    if what == "file":
        folder.chmod(0o777)
    marked.chmod(0o555 if what == "folder" else 0o444)

    def look(tell: Callable[[str], None]) -> None:
        if os.geteuid() == 0:
            os.setgid(65534)
            os.setuid(65534)
        store = opened(folder)
        error = store.refused()
        tell(f"{error and error.code} {sorted(span.id for span in store.labels.spans)}")
        try:
            store.apply(add("b"))
        except StoreError as refused:
            tell(refused.code)

    told = Child(look).lines()
    folder.chmod(0o755)
    assert told == ["SAVE-READONLY ['a']", "SAVE-READONLY"]
    assert {path: path.read_bytes() for path in folder.rglob("*.json")} == before
    assert not list(folder.rglob(".*"))


# --------------------------------------------------------------------------------------------------- damage, F13


def _three(folder: Path) -> bytes:
    store = opened(folder)
    for name in ("a", "b", "c"):
        store.apply(add(name))
    return store.path.read_bytes()


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """A folder with three labels and their backups, and the file's bytes."""
    folder = tmp_path_factory.mktemp("three")
    return folder, _three(folder)


def _opens_after(three: tuple[Path, bytes], data: bytes) -> LabelStore:
    """Open the file with other bytes in it; the damaged bytes must be kept, and the folder is put back as it was."""
    folder, good = three
    path = folder / "ex.labels.json"
    path.write_bytes(data)
    try:
        store = opened(folder)
        aside = list(folder.glob("*.corrupt-*"))
        assert [found.read_bytes() for found in aside] == ([data] if store.notice else [])
        assert path.read_bytes()
    finally:
        for found in folder.glob("*.corrupt-*"):
            found.unlink()
        path.write_bytes(good)
    return store


STEP = 1 if ALL else 61


@pytest.mark.parametrize("tail", [b"", b"\x00" * 400], ids=["cut", "NULs"])
def test_a_file_that_ends_anywhere(three: tuple[Path, bytes], tail: bytes):
    """F13: cut off at any byte, or with NULs from there on: set aside, and the labels are those of the last backup."""
    _, good = three
    for end in range(0, len(good) - 2, STEP):
        store = _opens_after(three, good[:end] + tail)
        assert {span.id for span in store.labels.spans} == {"a", "b", "c"}
        assert store.notice.startswith("FILE-REPAIRED")


def test_a_file_that_begins_with_nuls(three: tuple[Path, bytes]):
    """F13: a disk that lost the first blocks."""
    _, good = three
    for size in (1, 2, 511, 512, len(good)):
        assert len(_opens_after(three, b"\x00" * size + good[size:]).labels) == 3


@given(st.data())
def test_any_byte_is_another_one(three: tuple[Path, bytes], data: st.DataObject):
    """F13: whatever is changed, the program opens with whole labels, or says that the file is of something else."""
    _, good = three
    place, value = data.draw(st.integers(0, len(good) - 1)), data.draw(st.integers(0, 255))
    with suppress(MismatchError, FormatError):  # FILE-NEWER: another number of the format
        store = _opens_after(three, good[:place] + bytes([value]) + good[place + 1 :])
        assert len(store.labels) == 3


# ---------------------------------------------------------------------------------------------- network folders, F15


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.ENOSYS, errno.EACCES, errno.EIO, errno.ENOTSUP])
def test_a_folder_without_locks(tmp_path: Path, code: int):
    """F15: whatever a network folder says about locks, and without waiting: saving works."""

    def act(_: int, name: str) -> None:
        if name == "lock lock":
            raise OSError(code, os.strerror(code))

    with FaultyFS(tmp_path, act) as system:
        store = opened(tmp_path)
        assert store.apply(add("a")).revision == 1
        assert store.apply(add("b")).revision == 2
    assert "lock lock" in system.calls
    assert ids(store.path) == {"a", "b"}


def test_a_handle_that_is_stale_for_a_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """F15: looking at the file is tried again, with pauses, and not for ever."""
    store = opened(tmp_path)
    store.apply(add("a"))
    slept: list[float] = []
    monkeypatch.setattr("secondsource.atomic.time.sleep", slept.append)
    fails = [3]

    def act(_: int, name: str) -> None:
        if name == "read file" and fails[0]:
            fails[0] -= 1
            raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))

    with FaultyFS(tmp_path, act):
        store.apply(add("b"))
        assert len(slept) == 3
        fails[0] = 99
        with pytest.raises(StoreError, match="SAVE-FAILED"):
            store.apply(add("c"))
    assert 2 < sum(slept) < 6
    assert ids(store.path) == {"a", "b"}
