"""A file system that counts the calls made in one folder and does something at a chosen one: fail, or kill.

The product code is not touched: the functions of `os`, `io` and `fcntl` that it calls, directly or through `pathlib`
and `filelock`, are wrapped. Each call has a name, such as ``replace file`` or ``fsync backup folder``.
"""

import fcntl
import io
import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

_ON_PATHS = ("open", "replace", "rename", "unlink", "mkdir", "stat", "lstat", "access", "listdir", "scandir", "utime")
Act = Callable[[int, str], None]


class FaultyFS:
    """Calls ``act(number, name)`` before each file-system call inside a folder; what it raises is what the call does.

    Parameters
    ----------
    folder : Path
        Calls elsewhere are not counted.
    act : callable
        Gets the number of the call, from 1, and its name.
    sync : bool
        Whether fsync reaches the disk: without, thousands of rounds take seconds.
    """

    def __init__(self, folder: Path, act: Act, *, sync: bool = False) -> None:
        self.calls: list[str] = []
        self._folder = os.path.realpath(folder)
        self._act = act
        self._sync = sync
        self._open: dict[int, str] = {}
        self._real: list[tuple[Any, str, Any]] = []

    def __enter__(self) -> "FaultyFS":
        for name in _ON_PATHS:
            self._wrap(os, name, self._on_path(name, getattr(os, name)))
        self._wrap(io, "open", self._on_open(io.open))
        self._wrap(os, "fsync", self._on_sync(os.fsync))
        self._wrap(fcntl, "flock", self._on_lock(fcntl.flock))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for module, name, real in self._real:
            setattr(module, name, real)
        self._real.clear()

    def _wrap(self, module: Any, name: str, wrapped: Any) -> None:
        self._real.append((module, name, getattr(module, name)))
        setattr(module, name, wrapped)

    def before(self, call: str, path: object) -> None:
        """Count a call and act, if it is one of the folder's."""
        if isinstance(path, str | os.PathLike):
            whole = str(Path(path).absolute())
            if whole.startswith(self._folder):
                name = f"{call} {self._kind(whole)}"
                self.calls.append(name)
                self._act(len(self.calls), name)

    def _kind(self, path: str) -> str:
        name = Path(path).name
        kinds = {".tmp": "temporary", ".lock": "lock", ".json": "file"}
        kind = next((kind for end, kind in kinds.items() if name.endswith(end)), "folder")
        if "conflict-" in name or "corrupt-" in name:
            kind = f"kept {kind}"
        return f"backup {kind}" if "backups" in path else kind

    def _on_path(self, call: str, real: Any) -> Any:
        def wrapped(path: Any = ".", *args: Any, **options: Any) -> Any:
            # replace counts as what it makes: the file, a backup
            self.before(call, args[0] if call in ("replace", "rename") else path)
            done = real(path, *args, **options)
            if call == "open" and isinstance(path, str | os.PathLike):
                self._open[done] = os.fspath(path)
            return done

        return wrapped

    def _on_open(self, real: Any) -> Any:
        def wrapped(path: Any, *args: Any, **options: Any) -> Any:
            self.before("open", path)
            file = real(path, *args, **options)
            if isinstance(path, str | os.PathLike):
                self._open[file.fileno()] = os.fspath(path)
                return _File(file, os.fspath(path), self)
            return file

        return wrapped

    def _on_handle(self, call: str, real: Any) -> Any:
        def wrapped(handle: int, *args: Any) -> Any:
            self.before(call, self._open.get(handle))
            return real(handle, *args)

        return wrapped

    def _on_lock(self, real: Any) -> Any:
        def wrapped(handle: int, operation: int) -> Any:
            self.before("unlock" if operation == fcntl.LOCK_UN else "lock", self._open.get(handle))
            return real(handle, operation)

        return wrapped

    def _on_sync(self, real: Any) -> Any:
        return self._on_handle("fsync", real if self._sync else lambda handle: None)


class _File:
    """An open file whose writes go half through before they fail."""

    def __init__(self, file: Any, path: str, owner: FaultyFS) -> None:
        self._file, self._path, self._owner = file, path, owner

    def __enter__(self) -> "_File":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def read(self, *args: int) -> Any:
        self._owner.before("read", self._path)
        return self._file.read(*args)

    def write(self, data: bytes) -> int:
        self._file.write(data[: len(data) // 2])
        self._file.flush()
        self._owner.before("write", self._path)
        return int(self._file.write(data[len(data) // 2 :]))
