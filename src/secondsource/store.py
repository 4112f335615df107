"""One exercise's label file: what is shown as saved is on disk, and what was on disk is never lost.

A change is an *operation* (add, update, remove). `LabelStore.apply` puts it on top of the newest state of the file,
writes the file atomically (temporary file in the same folder, fsync, replace, fsync of the folder) and only then
returns an acknowledgement. Each revision is also copied to ``backups/``, ten of them. A damaged file is set aside,
never overwritten, and the newest good backup takes its place.
"""

import errno
import hashlib
import os
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from secondsource.article import Article
from secondsource.atomic import sweep, write_atomically
from secondsource.codebook import Codebook
from secondsource.errors import FormatError, MismatchError, SecondSourceError, StoreError, message
from secondsource.formats import w3c
from secondsource.formats.schema import Stamp
from secondsource.spans import LabelSet, Span

__all__ = ["Acknowledgement", "LabelStore"]

SUFFIX = ".labels.json"
KEEP = 10
_CLIENTS = 200
_RECENT = 4  # newest backups that are kept however close in time
_APART = 300.0  # seconds between the older ones
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
        foreign = self._refresh()
        if foreign:
            self._tell(None, None)
        if client and seq <= self.stamp.clients.get(client, 0):
            return Acknowledgement(self.stamp.revision, self.stamp.saved_at, self._sha, client, seq)
        labels = _changed(self.labels, operation)
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
        folder = self.path.parent
        while not folder.exists():
            folder = folder.parent
        probe = folder / f".{self.path.name}.{secrets.token_hex(4)}.tmp"
        try:
            probe.touch(exist_ok=False)
            probe.unlink()
            if self.path.exists() and not os.access(self.path, os.W_OK):
                raise PermissionError(errno.EACCES, "read-only file")
        except OSError as error:
            return _store_error(error, self.path, len(self.labels))
        return None

    def _refresh(self) -> bool:
        """Take over what another program wrote meanwhile; tell whether there was anything."""
        try:
            data = self.path.read_bytes()
        except OSError:
            return False  # deleted or unreadable: the state in memory is the newest, and is written again
        if hashlib.sha256(data).hexdigest() == self._sha:
            return False
        try:
            labels, stamp = w3c.read(data, self.labels.article, self.labels.codebook, name=self.path.name)
        except (FormatError, MismatchError):
            self._set_aside()
            return False
        self.labels, self.stamp, self._sha = labels, stamp, hashlib.sha256(data).hexdigest()
        return True

    def _save(self, labels: LabelSet, clients: Mapping[str, int]) -> None:
        stamp = Stamp(
            revision=self.stamp.revision + 1,
            saved_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            writer=self._writer,
            previous=self._sha,
            clients=clients,
        )
        data = w3c.write(labels, stamp)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self.path, data)
        except OSError as error:
            raise _store_error(error, self.path, len(self.labels)) from error
        self.labels, self.stamp, self._sha = labels, stamp, hashlib.sha256(data).hexdigest()
        with suppress(OSError):  # a backup that cannot be written must not stop the work
            self._back_up(data)

    def _load(self) -> None:
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return
        except OSError as error:
            raise _store_error(error, self.path, 0) from error
        try:
            self.labels, self.stamp = w3c.read(data, self.labels.article, self.labels.codebook, name=self.path.name)
            self._sha = hashlib.sha256(data).hexdigest()
        except MismatchError:
            raise  # a whole and healthy file of another article: nothing to repair, and nothing to overwrite
        except FormatError as error:
            if error.code == "FILE-NEWER":
                raise
            self._recover(error)

    def _recover(self, error: FormatError) -> None:
        """Set the damaged file aside and go on with the newest good backup."""
        aside = self._set_aside()
        kept = f"The damaged file is kept as {aside}." if aside else "The damaged file could not be moved."
        for backup in reversed(_backups(self.path)):
            with suppress(SecondSourceError, OSError):
                labels, stamp = w3c.read(
                    backup.read_bytes(), self.labels.article, self.labels.codebook, name=backup.name
                )
                self._save_recovered(labels, stamp)
                count = f"{len(labels)} label{'s' if len(labels) != 1 else ''}"
                self.notice = message(
                    "FILE-REPAIRED",
                    f"{self.path.name} was damaged ({error.reason})",
                    f"Your {count} were taken from the backup of revision {stamp.revision}. {kept}",
                    "Look your labels through, then go on.",
                )
                return
        self.notice = message(
            "FILE-DAMAGED",
            f"{self.path.name} was damaged and there is no good backup ({error.reason})",
            kept,
            "Start again, or ask your instructor to look at the damaged file.",
        )

    def _save_recovered(self, labels: LabelSet, stamp: Stamp) -> None:
        self.labels, self.stamp = labels, stamp
        data = w3c.write(labels, stamp)
        self._sha = hashlib.sha256(data).hexdigest()
        with suppress(OSError):  # in a read-only folder the labels are at least shown
            write_atomically(self.path, data)

    def _set_aside(self) -> str:
        """Rename a damaged file to a name that is free; return the new name, or nothing if that failed."""
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        for i in range(100):
            aside = self.path.with_name(f"{self.path.name}.corrupt-{stamp}{f'-{i}' if i else ''}")
            if not aside.exists():
                with suppress(OSError):
                    self.path.rename(aside)
                    return aside.name
                return ""
        return ""

    def _back_up(self, data: bytes) -> None:
        folder = self.path.parent / "backups"
        folder.mkdir(exist_ok=True)
        name = self.path.name.removesuffix(SUFFIX)
        write_atomically(folder / f"{name}.{self.stamp.revision:06d}{SUFFIX}", data)
        for old in _expired(_backups(self.path)):
            old.unlink(missing_ok=True)


def _changed(labels: LabelSet, operation: Mapping[str, Any]) -> LabelSet:
    """Return the labels after one operation; raise an error of this package for an illegal one."""
    kind, span = operation.get("op"), operation.get("span")
    if kind not in ("add", "update", "remove") or not isinstance(span, Mapping) or not isinstance(span.get("id"), str):
        raise FormatError("FILE-INVALID", "operation", "it must be add, update or remove, with a label and its id.")
    if kind == "remove":
        return labels.drop(span["id"])
    return labels.put(_span(span))


def _span(data: Mapping[str, Any]) -> Span:
    """Check the types that come from a browser; `LabelSet` checks the rest."""
    texts = {name: data.get(name, "") for name in ("id", "layer", "label", "quote", "note")}
    attributes = data.get("attributes", {})
    if not all(isinstance(value, str) for value in texts.values()) or not texts["quote"]:
        raise FormatError("FILE-INVALID", "operation", "id, layer, label, quotation and note must be text.")
    if not isinstance(attributes, Mapping) or not all(isinstance(v, str) for v in attributes.values()):
        raise FormatError("FILE-INVALID", "operation", "attributes must be text.")
    start, end = cast("int", data.get("start")), cast("int", data.get("end"))
    return Span(start=start, end=end, confidence=data.get("confidence"), attributes=dict(attributes), **texts)


def _store_error(error: OSError, path: Path, count: int) -> StoreError:
    code = _CODES.get(error.errno or 0, "SAVE-FAILED")
    reason, step = _REASONS[code]
    on_disk = f"{path.name} on disk holds {count} label{'s' if count != 1 else ''}, unharmed." if count else ""
    safe = f"Your labels are still on this page. {on_disk}".strip()
    return StoreError(code, f"Could not write {path.parent.name}/{path.name}: {reason}.", safe, step)


def _backups(path: Path) -> list[Path]:
    """Backups of a label file, oldest first, by revision."""
    name = path.name.removesuffix(SUFFIX)
    return sorted((path.parent / "backups").glob(f"{name}.[0-9]*{SUFFIX}"), key=_revision)


def _revision(backup: Path) -> int:
    digits = backup.name.removesuffix(SUFFIX).rpartition(".")[2]
    return int(digits) if digits.isdigit() else -1


def _expired(backups: list[Path]) -> list[Path]:
    """Backups to delete: the newest few stay, the older ones only when minutes apart, `KEEP` in all."""
    kept = backups[-_RECENT:]
    for backup in reversed(backups[:-_RECENT]):
        if len(kept) < KEEP and kept[0].stat().st_mtime - backup.stat().st_mtime >= _APART:
            kept.insert(0, backup)
    return [backup for backup in backups if backup not in kept]
