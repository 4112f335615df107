"""Files that are whole at every moment: the old version or the new one, never a part; and their older versions."""

import errno
import glob
import os
import re
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

__all__ = ["Backups", "check_writable", "free_name", "set_aside", "sweep", "write_atomically"]

_WINDOWS = os.name == "nt"
_BUSY = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0)  # waits while another program holds the file (Windows)
_STRAY = 60.0  # seconds; a younger temporary file may belong to a program that is writing now
_KEEP = 10
_RECENT = 4  # newest backups that are kept however close in time
_APART = 300.0  # seconds between the older ones


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that at every moment the old or the new version is there, whole.

    Raises
    ------
    OSError
        The old version is there, or the new one if only the folder could not be synchronised.
    """
    target = Path(os.path.realpath(path))  # a link stays a link
    temporary = _temporary(target)
    try:
        _check_mark(target)
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _replace(temporary, target)
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


def _replace(temporary: Path, target: Path) -> None:
    for wait in _BUSY:
        try:
            temporary.replace(target)
            return
        except PermissionError:
            if not _WINDOWS:  # elsewhere this is final
                raise
            time.sleep(wait)
    temporary.replace(target)


def _sync_folder(folder: Path) -> None:
    if _WINDOWS:  # folders cannot be opened there
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network folders do not offer it
            raise
    finally:
        os.close(handle)


def sweep(path: Path) -> None:
    """Remove temporary files, of a file and its backups, that a crash left behind."""
    target, stem = Path(os.path.realpath(path)), glob.escape(path.name.partition(".")[0])
    strays = [*target.parent.glob(f".{glob.escape(target.name)}.*.tmp"), *Backups(path).folder.glob(f".{stem}.*.tmp")]
    for stray in strays:
        with suppress(OSError):
            if time.time() - stray.stat().st_mtime > _STRAY:
                stray.unlink()


def free_name(path: Path, what: str) -> Path:
    """Return a name beside a file, with a word and the time, under which there is nothing yet."""
    target = Path(os.path.realpath(path))
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    name, count = target.with_name(f"{target.name}.{what}-{stamp}"), 0
    while os.path.lexists(name):
        count += 1
        name = target.with_name(f"{target.name}.{what}-{stamp}-{count}")
    return name


def set_aside(path: Path) -> str:
    """Rename a damaged file; return its new name, or nothing if it could not be moved."""
    aside = free_name(path, "corrupt")
    try:
        Path(os.path.realpath(path)).rename(aside)
    except OSError:
        return ""
    return aside.name


@dataclass(frozen=True, slots=True)
class Backups:
    """Older versions of a file, in ``backups/`` beside it: the newest four, older ones minutes apart, ten in all.

    The backup of revision 7 of ``name.labels.json`` is ``name.000007.labels.json``.
    """

    path: Path

    @property
    def folder(self) -> Path:
        """Where they are; it exists from the first one on."""
        return self.path.parent / "backups"

    def by_revision(self) -> dict[int, Path]:
        """All of them, oldest first."""
        stem, dot, suffix = self.path.name.partition(".")
        name = re.compile(rf"{re.escape(stem)}\.([0-9]{{6,9}}){re.escape(dot + suffix)}")
        found = [(match, path) for path in self.folder.glob("*") if (match := name.fullmatch(path.name))]
        return dict(sorted((int(match[1]), path) for match, path in found))

    def add(self, data: bytes, revision: int) -> None:
        """Write one, and delete those that are too many."""
        stem, dot, suffix = self.path.name.partition(".")
        self.folder.mkdir(exist_ok=True)
        write_atomically(self.folder / f"{stem}.{revision:06d}{dot}{suffix}", data)
        times = [(path, path.stat().st_mtime) for path in self.by_revision().values()]
        for old in _expired(times):
            old.unlink()


def _expired(times: list[tuple[Path, float]]) -> list[Path]:
    """Those of the older ones (oldest first) that follow the last kept one too closely, or are too many."""
    older = times[:-_RECENT]
    kept: list[tuple[Path, float]] = []
    for path, at in older:
        if not kept or abs(at - kept[-1][1]) >= _APART:  # abs: a clock may have been set back
            kept.append((path, at))
    kept = kept[_RECENT - _KEEP :]
    return [path for path, at in older if (path, at) not in kept]
