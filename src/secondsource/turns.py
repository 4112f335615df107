"""Taking turns: programs that write the same file wait for one another, as far as the system can make them.

A lock is a courtesy between well-meaning programs on one computer. On network folders and in synchronised ones it may
be had by two at once, or by nobody; so it is never waited for without end, never the reason for not saving, and never
the only guard (see `store`).
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock

__all__ = ["Turns"]

_PATIENCE = 3.0  # seconds; a turn takes a few milliseconds, so whoever takes longer has been stopped
_IMPATIENCE = 0.2  # after one who did
_POLL = 0.005


class Turns:
    """Turns at writing one file.

    The lock lives in a hidden file beside it, ``.<name>.lock``, for as long as the turn; what a crash leaves behind is
    free again at once and goes with the next turn.

    Parameters
    ----------
    path : Path
        The file; a link to it shares its turns.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._patience = _PATIENCE
        # Jupyter answers widgets on a thread of their own, while a cell changes labels on the main one.
        self._threads = threading.RLock()

    @property
    def lock(self) -> Path:
        """Where the lock lives."""
        target = Path(os.path.realpath(self._path))
        return target.with_name(f".{target.name}.lock")

    @contextmanager
    def take(self) -> Iterator[bool]:
        """Wait for one's turn, and tell whether the lock was had; after a few seconds, or without locks, go on."""
        with self._threads:
            lock = self._had()
            try:
                yield lock is not None
            finally:
                if lock is not None:
                    with suppress(OSError):  # while it is held: who waits for a file without a name looks for a new one
                        Path(lock.lock_file).unlink()
                    with suppress(OSError):
                        lock.release()

    def _had(self) -> FileLock | None:
        # A new object each time: one that was made before a fork refuses to work.
        lock = FileLock(self.lock, timeout=self._patience, poll_interval=_POLL, fallback_to_soft=False)
        try:
            lock.acquire()
        except TimeoutError:
            self._patience = _IMPATIENCE
            return None
        except OSError:  # a folder without locks, or one that cannot be written to
            return None
        self._patience = _PATIENCE
        return lock
