"""Files that are whole at every moment: the old version or the new one, never a part; and their older versions."""

import errno
import glob
import os
import re
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, TypeVar

__all__ = [
    "Backup",
    "Backups",
    "check_writable",
    "free_name",
    "look_alikes",
    "patiently",
    "set_aside",
    "strays",
    "sweep",
    "write_atomically",
]

_T = TypeVar("_T")
_WINDOWS = os.name == "nt"
_HELD = (32, 33)  # Windows: another program has the file, or a part of it, for itself
_BUSY = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0)  # waits for what passes by itself
_STRAY = 60.0  # seconds; a younger temporary file may belong to a program that is writing now
_KEEP = 10
_RECENT = 4  # newest backups that are kept however close in time
_APART = 300.0  # seconds between the older ones
_BURST = 24  # so many are kept while they are younger than a few seconds: others may be reading them now
_YOUNG = 10.0


def write_atomically(path: Path, data: bytes, check: Callable[[], object] = lambda: None) -> None:
    """Write a file so that at every moment the old or the new version is there, whole.

    Parameters
    ----------
    check : callable
        Called when everything is ready, right before the old version is replaced; what it raises keeps the old one.

    Raises
    ------
    OSError
        The old version is there, or the new one if only the folder could not be synchronised.
    """
    target = Path(os.path.realpath(path))  # a link stays a link
    temporary = _temporary(target)
    try:
        _check_mark(target)
        with patiently(lambda: temporary.open("xb")) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        check()
        patiently(lambda: temporary.replace(target), final=(5,))
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def check_writable(path: Path) -> None:
    """Raise the `OSError` that writing a file would meet, without writing it."""
    target = Path(os.path.realpath(path))
    folder = target.parent
    while not folder.exists():
        folder = folder.parent
    probe = _temporary(folder / target.name)
    probe.touch(exist_ok=False)
    probe.unlink()
    _check_mark(target)


def _check_mark(target: Path) -> None:
    if target.exists() and not os.access(target, os.W_OK):  # replacing it would ignore the mark
        raise PermissionError(errno.EACCES, "the file is marked read-only")


def _temporary(target: Path) -> Path:
    return target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")


def patiently(call: Callable[[], _T], *, final: tuple[int, ...] = ()) -> _T:
    """Call; and again, for two and a half seconds, while it fails for a reason that passes.

    A network folder may have lost its way (``ESTALE``). On Windows a scanner or a synchroniser may hold the file for a
    moment: an `OSError` with ``EBUSY`` if it does not let go. ``final`` are further Windows errors that can mean this.
    """
    for wait in (*_BUSY, None):
        try:
            return call()
        except OSError as error:
            held = _WINDOWS and getattr(error, "winerror", None) in (*_HELD, *final)
            if wait is None and held:
                raise OSError(errno.EBUSY, "another program holds the file") from error
            if wait is None or not (held or error.errno == errno.ESTALE):
                raise
            time.sleep(wait)
    raise AssertionError  # pragma: no cover - the last round returns or raises


def _sync_folder(folder: Path) -> None:
    if _WINDOWS:  # folders cannot be opened there
        return
    handle = patiently(lambda: os.open(folder, os.O_RDONLY))
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network folders do not offer it
            raise
    finally:
        os.close(handle)


def strays(path: Path) -> list[Path]:
    """Temporary files, of a file and its backups, that are in use or that a crash left behind."""
    target, stem = Path(os.path.realpath(path)), glob.escape(path.name.partition(".")[0])
    return [*target.parent.glob(f".{glob.escape(target.name)}.*.tmp"), *Backups(path).folder.glob(f".{stem}.*.tmp")]


def sweep(path: Path, *, alone: bool = False) -> None:
    """Remove `strays`: those that are a minute old, or all of them if nobody else can be writing now."""
    for stray in strays(path):
        with suppress(OSError):
            if alone or time.time() - stray.stat().st_mtime > _STRAY:
                stray.unlink()


def look_alikes(path: Path) -> list[Path]:
    """Files beside a file whose names say that they may be copies of it, as synchronised folders make them.

    Such as ``x (conflicted copy).labels.json``, ``x.labels.json.sync-conflict-1`` or ``x-PC.labels.json`` for
    ``x.labels.json``; not the ``.conflict-`` and ``.corrupt-`` files that this module names.
    """
    target = Path(os.path.realpath(path))
    stem = target.name.partition(".")[0]
    own = re.compile(rf"{re.escape(target.name)}(\.(conflict|corrupt)-.*)?")
    name = re.compile(rf"{re.escape(stem)}\b.*(\.json|conflict.*)", re.IGNORECASE)
    try:
        names = sorted(entry.name for entry in target.parent.iterdir())
    except OSError:
        return []
    return [target.with_name(found) for found in names if name.fullmatch(found) and not own.fullmatch(found)]


def free_name(path: Path, what: str) -> Path:
    """Return a name beside a file, with a word and the time, that nobody else will choose."""
    target = Path(os.path.realpath(path))
    return target.with_name(f"{target.name}.{what}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}")


def set_aside(path: Path) -> str:
    """Rename a damaged file; return its new name, or nothing if it could not be moved."""
    aside = free_name(path, "corrupt")
    try:
        Path(os.path.realpath(path)).rename(aside)
    except OSError:
        return ""
    return aside.name


class Backup(NamedTuple):
    """One older version: its revision, the beginning of its writer's name (empty in old files), and where it is."""

    revision: int
    writer: str
    path: Path


@dataclass(frozen=True, slots=True)
class Backups:
    """Older versions of a file, in ``backups/`` beside it: the newest four, older ones minutes apart, ten in all.

    Those of the last seconds may be more. The backup of revision 7 of ``name.labels.json`` by the program 1a2b3c4d is
    ``name.000007-1a2b3c4d.labels.json``: two programs never write the same one.
    """

    path: Path

    @property
    def folder(self) -> Path:
        """Where they are; it exists from the first one on."""
        return self.path.parent / "backups"

    def kept(self) -> list[Backup]:
        """All of them, oldest first; an `OSError` if the folder is there and cannot be read."""
        stem, dot, suffix = self.path.name.partition(".")
        name = re.compile(rf"{re.escape(stem)}\.([0-9]{{6,9}})(?:-([0-9a-f]{{8}}))?{re.escape(dot + suffix)}")
        try:
            names = [entry.name for entry in self.folder.iterdir()]
        except (FileNotFoundError, NotADirectoryError):
            return []
        found = [(match, entry) for entry in names if (match := name.fullmatch(entry))]
        return sorted(Backup(int(match[1]), match[2] or "", self.folder / entry) for match, entry in found)

    def add(self, data: bytes, revision: int, writer: str) -> Path:
        """Write one; ``writer`` begins with eight hexadecimal digits."""
        stem, dot, suffix = self.path.name.partition(".")
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{stem}.{revision:06d}-{writer[:8]}{dot}{suffix}"
        try:
            write_atomically(path, data)
        except OSError:
            path.unlink(missing_ok=True)  # it is there if only the folder could not be synchronised
            raise
        return path

    def prune(self) -> None:
        """Delete those that are too many."""
        times = []
        for backup in self.kept():
            with suppress(OSError):  # another program deleted it just now
                times.append((backup.path, backup.path.stat().st_mtime))
        for old in _expired(times, time.time()):
            with suppress(OSError):
                old.unlink()


def _expired(times: list[tuple[Path, float]], now: float) -> list[Path]:
    """Those of the older ones (oldest first) that follow the last kept one too closely, or are too many."""
    young = sum(abs(now - at) < _YOUNG for _, at in times)
    newest = max(_RECENT, min(young, _BURST))
    older = times[:-newest]
    kept: list[tuple[Path, float]] = []
    for path, at in older:
        if not kept or abs(at - kept[-1][1]) >= _APART:  # abs: a clock may have been set back
            kept.append((path, at))
    kept = kept[_RECENT - _KEEP :]
    return [path for path, at in older if (path, at) not in kept]
