"""One exercise's label file: what is shown as saved is on disk, and what was on disk is never lost.

A change is an *operation*. `LabelStore.apply` puts it on top of the newest state of the file, keeps the new version in
``backups/``, writes the file atomically (temporary file in the same folder, fsync, replace, fsync of the folder) and
only then returns an acknowledgement. A damaged file is set aside, never overwritten, and the newest good backup takes
its place.

Other programs may write the same file: a second notebook, or another computer through a network folder.

1. Programs take turns (`turns`) from looking at the file until it is written, where the system has locks.
2. Right before the file is replaced it is read again; if it has changed, its state is taken over and the operation is
   put on top of that one.
3. Right after, the backups are looked through. A version that was overwritten in between stands there, because each is
   kept before it takes the file's place; its changes are put on top (`versions`), and the file is written again. So the
   last one who writes sees all others, and nothing is acknowledged before.
4. Who finds later that the file lacks changes of its own puts them back in the same way. What cannot be put together,
   because both changed the same label or because an old version came back, is kept in a ``.conflict-`` file.

Steps 2 to 4 do without locks. They need that nobody sees an old listing of the folder: so it is on a local disk; on
network folders it may be some seconds old, and then it is step 4 that helps.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from secondsource.article import Article
from secondsource.atomic import check_writable
from secondsource.codebook import Codebook
from secondsource.errors import StoreError
from secondsource.formats import operations
from secondsource.formats.schema import Stamp
from secondsource.label_file import LabelFile
from secondsource.languages import Language, language
from secondsource.spans import LabelSet

__all__ = ["Acknowledgement", "LabelStore"]

SUFFIX = ".labels.json"
_DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10))}


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The file on disk holds the operation.

    Attributes
    ----------
    revision : int
        Revision of the file.
    saved_at : str
        UTC, ISO 8601.
    sha : str
        SHA-256 of the file's bytes.
    client, seq : str, int
        Whose operation it was and its number; empty and 0 for one made in Python.
    """

    revision: int
    saved_at: str
    sha: str
    client: str = ""
    seq: int = 0


Watcher = Callable[[Mapping[str, Any] | None, Acknowledgement | None], None]


class LabelStore:
    """The label file of one exercise and person.

    Attributes
    ----------
    path : Path
        ``<folder>/<exercise>.labels.json``; it exists from the first saved label on. An exercise ``CON``, which Windows
        would take for a device, has ``CON_.labels.json``.
    """

    def __init__(
        self, folder: Path, exercise: str, article: Article, codebook: Codebook, *, interface: Language | str = "en"
    ) -> None:
        safe = f"{exercise}_" if exercise.upper() in _DEVICES else exercise
        self.path = (folder / f"{safe}{SUFFIX}").absolute()
        self._file = LabelFile(self.path, LabelSet(article, codebook, exercise=exercise), language(interface))
        self._watchers: list[Watcher] = []

    @property
    def labels(self) -> LabelSet:
        """The newest state that is on disk."""
        return self._file.labels

    @property
    def stamp(self) -> Stamp:
        """Revision, time and writer of that state."""
        return self._file.stamp

    @property
    def notice(self) -> str:
        """What had to be repaired, kept or looked at, for the student; empty when nothing was."""
        return self._file.notice

    def apply(self, operation: Mapping[str, Any], *, client: str = "", seq: int = 0) -> Acknowledgement:
        """Apply one operation, write the file and return once it is on disk.

        Parameters
        ----------
        operation : mapping
            As `formats.operations` describes them.
        client, seq : str, int
            Who sent it and its number, from 1; a repeated number is acknowledged again, not applied.

        Raises
        ------
        OffsetError, UnknownNameError, FormatError
            The operation is not legal; nothing was changed.
        StoreError
            The file could not be written; the same call may be tried again.
        """
        file, written = self._file, False

        def done() -> bool:
            nonlocal written
            repeated = client != "" and seq <= file.stamp.clients.get(client, 0)
            if repeated and file.settled:
                return True
            labels = file.labels if repeated else operations.changed(file.labels, operation)
            written = True
            return file.write(labels, client, seq)

        try:
            with file.turns.take():
                file.until(done)
        finally:
            self._tell_foreign()
        acknowledgement = Acknowledgement(file.stamp.revision, file.stamp.saved_at, file.sha, client, seq)
        if written:
            self._tell(operation, acknowledgement)
        return acknowledgement

    def watch(self, watcher: Watcher) -> None:
        """Call ``watcher(operation, acknowledgement)`` after each change, with ``(None, None)`` after a foreign one."""
        self._watchers.append(watcher)

    def refused(self) -> StoreError | None:
        """Tell before the first label whether the folder can be written to; None means it can."""
        try:
            check_writable(self.path)
        except OSError as error:
            return self._file.unwritable(error)
        return None

    def refresh(self) -> None:
        """Take over what another program wrote meanwhile, and tell the watchers if there was anything.

        Raises
        ------
        StoreError
            The file cannot be opened, or is no longer one of this exercise; nothing was changed.
        """
        file = self._file
        try:
            if file.on_disk() not in ("", file.sha):
                with file.turns.take():
                    file.until(lambda: file.settled or file.write(file.labels))
        finally:
            self._tell_foreign()

    def _tell(self, operation: Mapping[str, Any] | None, done: Acknowledgement | None) -> None:
        for watcher in self._watchers:
            watcher(operation, done)

    def _tell_foreign(self) -> None:
        foreign, self._file.foreign = self._file.foreign, False
        if foreign:
            self._tell(None, None)
