"""Files that are whole at every moment: the old version or the new one, never a part."""

import os
import secrets
import time
from contextlib import suppress
from pathlib import Path

__all__ = ["sweep", "write_atomically"]

_BUSY = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0)  # waits while another program holds the file (Windows)
_STRAY = 60.0  # seconds; a younger temporary file may belong to a program that is writing now


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that at every moment the old or the new version is there, whole.

    Raises
    ------
    OSError
        Nothing was changed.
    """
    target = Path(os.path.realpath(path))  # a link stays a link
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
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


def _replace(temporary: Path, target: Path) -> None:
    for wait in _BUSY:
        try:
            temporary.replace(target)
            return
        except PermissionError:
            if os.name != "nt":  # elsewhere this is final
                raise
            time.sleep(wait)
    temporary.replace(target)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # folders cannot be opened there
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(path: Path) -> None:
    """Remove temporary files of a file that a crash left behind."""
    with suppress(OSError):
        for stray in path.parent.glob(f".{path.name}.*.tmp"):
            if time.time() - stray.stat().st_mtime > _STRAY:
                stray.unlink(missing_ok=True)
