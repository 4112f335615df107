"""One exercise's label file: what is shown as saved is on disk, and what was on disk is never lost.

A change is an *operation* (add, update, remove). `LabelStore.apply` puts it on top of the newest state of the file,
writes the file atomically (temporary file in the same folder, fsync, replace, fsync of the folder) and only then
returns an acknowledgement. Each revision is also copied to ``backups/``. A damaged file is set aside, never
overwritten, and the newest good backup takes its place.

Other programs may write the same file (a second notebook, a folder that is synchronised). Their state is taken over
before each operation; if it lacks changes that this one had, those are kept in a ``.conflict-`` file. Two programs
that save in the same few milliseconds are not protected from one another: there is no lock.
"""

import errno
import hashlib
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeGuard

from secondsource.article import Article
from secondsource.atomic import Backups, check_writable, free_name, set_aside, sweep, write_atomically
from secondsource.codebook import Codebook
from secondsource.errors import FormatError, MismatchError, SecondSourceError, StoreError, message, plain
from secondsource.formats import operations, w3c
from secondsource.formats.schema import Stamp
from secondsource.formats.strict_json import MAX_BYTES
from secondsource.spans import LabelSet

__all__ = ["Acknowledgement", "LabelStore"]

SUFFIX = ".labels.json"
_CLIENTS = 200  # views whose last operation is remembered
_WRITERS = 20
_CODES = {errno.ENOSPC: "SAVE-FULL", errno.EDQUOT: "SAVE-FULL", errno.EFBIG: "SAVE-FULL"}
_CODES |= dict.fromkeys((errno.EROFS, errno.EACCES, errno.EPERM), "SAVE-READONLY")
_REASONS = {
    "SAVE-FULL": ("the disk is full", "Free some space, then press “Save again”."),
    "SAVE-READONLY": ("this folder cannot be written to", "Copy the course to a folder of your own and open it there."),
    "SAVE-FAILED": ("the file could not be written", "Press “Save again”, or “Download my labels”."),
}


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
        ``<folder>/<exercise>.labels.json``; it exists from the first saved label on.
    labels : LabelSet
        The newest state that is on disk.
    stamp : Stamp
        Revision, time and writer of that state.
    notice : str
        What had to be repaired on opening, for the student; empty when nothing was.
    """

    def __init__(self, folder: Path, exercise: str, article: Article, codebook: Codebook) -> None:
        self.path = (folder / f"{exercise}{SUFFIX}").absolute()
        self.labels = LabelSet(article, codebook, exercise=exercise)
        self.stamp = Stamp()
        self.notice = ""
        self._sha = ""
        self._writer = secrets.token_hex(8)
        self._watchers: list[Watcher] = []
        self._backups = Backups(self.path)
        sweep(self.path)
        self._load()

    def apply(self, operation: Mapping[str, Any], *, client: str = "", seq: int = 0) -> Acknowledgement:
        """Apply one operation, write the file and return once it is on disk.

        Parameters
        ----------
        operation : mapping
            ``{"op": "add" | "update" | "remove", "span": {...}}``; update replaces the whole span with that id.
        client, seq : str, int
            Who sent it and its number, from 1; a repeated number is acknowledged again, not applied.

        Raises
        ------
        OffsetError, UnknownNameError, FormatError
            The operation is not legal; nothing was changed.
        StoreError
            The file could not be written; nothing was changed, and the same call may be tried again.
        """
        self.refresh()
        repeated = client != "" and seq <= self.stamp.clients.get(client, 0)
        if repeated and self._sha:
            return Acknowledgement(self.stamp.revision, self.stamp.saved_at, self._sha, client, seq)
        labels = self.labels if repeated else operations.changed(self.labels, operation)
        clients = dict(self.stamp.clients)
        if client:
            clients.pop(client, None)  # the newest goes last, and only the newest views are remembered
            clients = dict([*clients.items(), (client, seq)][-_CLIENTS:])
        self._save(labels, clients)
        done = Acknowledgement(self.stamp.revision, self.stamp.saved_at, self._sha, client, seq)
        self._tell(operation, done)
        return done

    def watch(self, watcher: Watcher) -> None:
        """Call ``watcher(operation, acknowledgement)`` after each change, with ``(None, None)`` after a foreign one."""
        self._watchers.append(watcher)

    def _tell(self, operation: Mapping[str, Any] | None, done: Acknowledgement | None) -> None:
        for watcher in self._watchers:
            watcher(operation, done)

    def refused(self) -> StoreError | None:
        """Tell before the first label whether the folder can be written to; None means it can."""
        try:
            check_writable(self.path)
        except OSError as error:
            return _store_error(error, self.path, len(self.labels))
        return None

    def refresh(self) -> None:
        """Take over what another program wrote meanwhile, and tell the watchers if there was anything.

        Raises
        ------
        StoreError
            The file cannot be opened, or is no longer one of this exercise; nothing was changed.
        """
        if self._refresh():
            self._tell(None, None)

    def _refresh(self) -> bool:
        try:
            data = self._bytes()
        except FileNotFoundError:
            self._sha = ""  # deleted: the state in memory is the newest, and is written again
            return False
        if _sha(data) == self._sha:
            return False
        try:
            labels, stamp = self._parse(data, self.path.name)
        except (FormatError, MismatchError) as error:
            if not _is_damage(error) or not self._recover(error.reason):
                raise self._conflict(error) from None
            return True
        if labels.spans != self.labels.spans and not _descends(stamp, self.stamp):
            self._keep_ours()
        self.labels, self.stamp, self._sha = labels, stamp, _sha(data)
        return True

    def _save(self, labels: LabelSet, clients: Mapping[str, int]) -> None:
        revision = max([self.stamp.revision, *self._backups.by_revision()]) + 1  # backups may be of a deleted file
        writers = {name: last for name, last in self.stamp.writers.items() if name != self._writer}
        stamp = Stamp(
            revision=revision,
            saved_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            writer=self._writer,
            previous=self._sha,
            clients=clients,
            writers=dict([*writers.items(), (self._writer, revision)][-_WRITERS:]),
        )
        data = w3c.write(labels, stamp)
        w3c.parse(data, self.path.name)  # nothing is written that could not be read again
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self.path, data)
        except OSError as error:
            raise _store_error(error, self.path, len(self.labels)) from error
        self.labels, self.stamp, self._sha = labels, stamp, _sha(data)
        with suppress(OSError):  # a backup that cannot be written must not stop the work
            self._backups.add(data, revision)

    def _load(self) -> None:
        try:
            data = self._bytes()
        except FileNotFoundError:
            return
        try:
            self.labels, self.stamp = self._parse(data, self.path.name)
            self._sha = _sha(data)
        except (FormatError, MismatchError) as error:
            if not _is_damage(error):
                raise
            self._recover(error.reason)

    def _bytes(self) -> bytes:
        try:
            with self.path.open("rb") as file:
                return file.read(MAX_BYTES + 1)
        except FileNotFoundError:
            raise
        except OSError as error:
            happened = f"Could not open {self.path.parent.name}/{self.path.name}: {error.strerror}."
            step = "Check that nothing but a label file has this name and that you may read it."
            raise StoreError("SAVE-FAILED", happened, "The file was not changed.", step) from error

    def _parse(self, data: bytes, name: str) -> tuple[LabelSet, Stamp]:
        labels, stamp = w3c.read(data, self.labels.article, self.labels.codebook, name=name)
        if labels.exercise != self.labels.exercise:
            happened = f"{name} holds labels of the exercise “{plain(labels.exercise)}”, not of {self.labels.exercise}."
            step = "Give the file its own name again."
            raise MismatchError(message("VERSION-EXERCISE", happened, "Nothing was scored or changed.", step))
        return labels, stamp

    def _recover(self, reason: str) -> bool:
        """Set the damaged file aside and go on with the newest good state; tell whether it could be moved."""
        aside = set_aside(self.path)
        self._sha = ""
        source = self._restore()
        if aside and source:
            data = w3c.write(self.labels, self.stamp)
            with suppress(OSError):  # it is written again with the next label
                write_atomically(self.path, data)
                self._sha = _sha(data)
        happened = f"{self.path.name} was damaged ({reason})"
        kept = f"The damaged file is kept as {aside}." if aside else "The damaged file could not be moved."
        if source:
            count = f"{len(self.labels)} label{'s' if len(self.labels) != 1 else ''}"
            safe = f"Your {count} were taken from {source} of revision {self.stamp.revision}. {kept}"
            self.notice = message("FILE-REPAIRED", happened, safe, "Look your labels through, then go on.")
        else:
            step = "Start again, or ask your instructor to look at the damaged file."
            self.notice = message("FILE-DAMAGED", f"{happened} and there is no good backup", kept, step)
        return bool(aside)

    def _restore(self) -> str:
        """Take over the newest good backup unless memory is newer; say where the labels are from, if from anywhere."""
        for revision, path in reversed(self._backups.by_revision().items()):
            if revision <= self.stamp.revision:
                break
            with suppress(SecondSourceError, OSError):
                self.labels, self.stamp = self._parse(path.read_bytes(), path.name)
                return "the backup"
        return "memory" if self.stamp.revision else ""

    def _keep_ours(self) -> None:
        """Keep a state that the file has lost: another computer's version took its place."""
        kept = free_name(self.path, "conflict")
        try:
            write_atomically(kept, w3c.write(self.labels, self.stamp))
        except OSError as error:
            raise _store_error(error, self.path, len(self.labels)) from error
        happened = f"{self.path.name} was replaced by a version that lacks some of your labels."
        safe = f"Your {len(self.labels)} labels of revision {self.stamp.revision} are kept as {kept.name}."
        self.notice = message("FILE-CONFLICT", happened, safe, "Look your labels through and add what is missing.")

    def _conflict(self, error: FormatError | MismatchError) -> StoreError:
        """Refuse to overwrite a file that is not ours."""
        reason = error.reason if isinstance(error, FormatError) else str(error).split(" · ")[1]
        happened = f"{self.path.parent.name}/{self.path.name} was replaced by something else ({reason})."
        safe = "That file was not changed. What is not saved yet stays on this page."
        return StoreError("SAVE-CONFLICT", happened, safe, "Move that file away, then press “Save again”.")


def _is_damage(error: FormatError | MismatchError) -> TypeGuard[FormatError]:
    """Tell a damaged file from a whole one of another text, exercise or version, which is never moved or mended."""
    return isinstance(error, FormatError) and error.code != "FILE-NEWER"


def _descends(theirs: Stamp, ours: Stamp) -> bool:
    """Tell whether a file was made from our state: it knows every program's last revision that we know."""
    return all(theirs.writers.get(name, 0) >= last for name, last in ours.writers.items())


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _store_error(error: OSError, path: Path, count: int) -> StoreError:
    code = _CODES.get(error.errno or 0, "SAVE-FAILED")
    reason, step = _REASONS[code]
    on_disk = f"{path.name} on disk holds {count} label{'s' if count != 1 else ''}, unharmed." if count else ""
    safe = f"What is not saved yet stays on this page. {on_disk}".strip()
    return StoreError(code, f"Could not write {path.parent.name}/{path.name}: {reason}.", safe, step)
