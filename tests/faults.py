"""File calls that fail on demand."""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CALLS = ("open", "write", "fsync file", "replace", "open folder", "fsync folder")


@contextmanager
def failing(monkeypatch: pytest.MonkeyPatch, call: str, code: int, times: int = 1) -> Iterator[list[int]]:
    """Let one kind of file call fail with an error number, the first so many times; count the calls."""
    calls: list[int] = []

    def fail() -> None:
        calls.append(code)
        if len(calls) <= times:
            raise OSError(code, os.strerror(code))

    def before(real: Callable[..., Any], when: Callable[..., bool]) -> Callable[..., Any]:
        def wrapped(*args: Any, **options: Any) -> Any:
            if when(*args, **options):
                fail()
            return real(*args, **options)

        return wrapped

    def writing(path: Path, mode: str = "r", *_: Any) -> bool:
        return "x" in mode

    def is_folder(handle: int) -> bool:
        return stat.S_ISDIR(os.fstat(handle).st_mode)

    class Full:
        """A file on a full disk: takes half of what is written."""

        def __init__(self, file: Any) -> None:
            self.file = file

        def __enter__(self) -> "Full":
            return self

        def __exit__(self, *_: object) -> None:
            self.file.close()

        def __getattr__(self, name: str) -> Any:
            return getattr(self.file, name)

        def write(self, data: bytes) -> int:
            self.file.write(data[: len(data) // 2])
            fail()
            return int(self.file.write(data[len(data) // 2 :]))

    with monkeypatch.context() as patch:
        if call == "open":
            patch.setattr(Path, "open", before(Path.open, writing))
        elif call == "write":
            real = Path.open
            patch.setattr(
                Path,
                "open",
                lambda path, mode="r", *rest: Full(real(path, mode)) if "x" in mode else real(path, mode, *rest),
            )
        elif call == "fsync file":
            patch.setattr(os, "fsync", before(os.fsync, lambda handle: not is_folder(handle)))
        elif call == "fsync folder":
            patch.setattr(os, "fsync", before(os.fsync, is_folder))
        elif call == "replace":
            patch.setattr(Path, "replace", before(Path.replace, lambda *_: True))
        elif call == "open folder":
            patch.setattr(os, "open", before(os.open, lambda path, *_: Path(path).is_dir()))
        elif call == "read":
            patch.setattr(Path, "open", before(Path.open, lambda path, mode="r", *_: mode == "rb"))
        else:
            raise ValueError(call)
        yield calls


CODES = {
    errno.ENOSPC: "SAVE-FULL",
    errno.EDQUOT: "SAVE-FULL",
    errno.EFBIG: "SAVE-FULL",
    errno.EROFS: "SAVE-READONLY",
    errno.EACCES: "SAVE-READONLY",
    errno.EPERM: "SAVE-READONLY",
    errno.EIO: "SAVE-FAILED",
}
