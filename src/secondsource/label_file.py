"""A label file on disk as one program sees it: read, written, met by others, mended.

How changes of several programs come together is told in `store`.
"""

import random
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeGuard

from secondsource.atomic import free_name, patiently, set_aside, strays, sweep, write_atomically
from secondsource.errors import FormatError, MismatchError, StoreError
from secondsource.formats import w3c
from secondsource.formats.schema import Stamp
from secondsource.formats.strict_json import MAX_BYTES
from secondsource.languages import Language
from secondsource.spans import LabelSet
from secondsource.troubles import Troubles
from secondsource.turns import Turns
from secondsource.versions import CLIENTS, WRITERS, Ring, Version, copies, descends, gathered, hashed, holds

__all__ = ["LabelFile"]

_PATIENCE = 5.0  # seconds of beginning again because others wrote


class _OvertakenError(Exception):
    """Another program wrote the file meanwhile."""


class LabelFile:
    """A label file and the newest state of it.

    Attributes
    ----------
    path : Path
        Where it is.
    labels, stamp : LabelSet, Stamp
        The newest state that is on disk.
    sha : str
        Hash of the file's bytes; empty when there is no file.
    notice : str
        What had to be repaired, kept or looked at, for the student; empty when nothing was.
    foreign : bool
        Whether the state has changed otherwise than through `write`.
    turns : Turns
        Whose turn it is to write the file; whoever calls `look` or `write` has taken it.
    """

    def __init__(self, path: Path, empty: LabelSet, words: Language) -> None:
        self.path = path
        self._troubles = Troubles(path, words)
        self.labels = empty
        self.stamp = Stamp()
        self.sha = ""
        self.notice = ""
        self.foreign = False
        self.turns = Turns(path)
        self._last = ""  # hash of the version that memory was made from, when there is no file
        self._owed = False  # memory holds more than the file: changes of others that were put together with it
        self._writer = secrets.token_hex(8)
        self._ring = Ring(path, self._writer, self._parse)
        self._open()

    @property
    def settled(self) -> bool:
        """Whether the file holds all that is in memory."""
        return bool(self.sha) and not self._owed

    def until(self, done: Callable[[], bool]) -> None:
        """Look at the file and try something, until it is done or others have been writing for too long."""
        end = time.monotonic() + _PATIENCE
        self.look()
        while not done():
            if time.monotonic() > end:
                raise self._troubles.busy()
            time.sleep(random.uniform(0.001, 0.02))  # or two programs could stumble over each other for ever
            self.look()

    # ------------------------------------------------------------------------------------------------------- writing

    def write(self, labels: LabelSet, client: str = "", seq: int = 0) -> bool:
        """Write a new state; tell whether that was all, or another program wrote in the same moment.

        Raises
        ------
        OffsetError, FormatError
            The file could not be read again; nothing was changed.
        StoreError
            It could not be written.
        """
        clients = dict(self.stamp.clients)
        if client:
            seq = max(seq, clients.pop(client, 0))  # the newest goes last, and only the newest views are remembered
            clients = dict([*clients.items(), (client, seq)][-CLIENTS:])
        revision = max(self.stamp.revision, self._ring.revision) + 1  # backups may be of a deleted file
        writers = {name: last for name, last in self.stamp.writers.items() if name != self._writer}
        stamp = Stamp(
            revision=revision,
            saved_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            writer=self._writer,
            previous=self.sha or self._last,
            clients=clients,
            writers=dict([*writers.items(), (self._writer, revision)][-WRITERS:]),
        )
        data = w3c.write(labels, stamp)
        w3c.parse(data, self.path.name)  # nothing is written that could not be read again
        if not self._placed(data, revision):
            return False
        self.labels, self.stamp, self.sha, self._owed = labels, stamp, hashed(data), False
        self._ring.prune()
        return not self._ring.strangers(stamp)

    def _placed(self, data: bytes, revision: int) -> bool:
        """Put a version in the file's place, unless another program has replaced the file meanwhile."""
        kept = self._ring.add(data, revision)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self.path, data, self._check_unchanged)
        except (OSError, _OvertakenError) as error:
            if kept:
                with suppress(OSError):
                    kept.unlink()
            if isinstance(error, _OvertakenError):
                return False
            raise error if isinstance(error, StoreError) else self.unwritable(error) from error
        return True

    def _check_unchanged(self) -> None:
        if self.on_disk() != self.sha:
            raise _OvertakenError

    def unwritable(self, error: OSError) -> StoreError:
        """Say why the file could not be written."""
        return self._troubles.unwritable(error, len(self.labels))

    def _keep(self, data: bytes, notice: Callable[[str], str]) -> None:
        """Keep a version beside the file that could not be put together with it, and say so."""
        kept = free_name(self.path, "conflict")
        try:
            write_atomically(kept, data)
        except OSError as error:
            raise self.unwritable(error) from error
        self.notice = notice(kept.name)
        self.foreign = True

    # ------------------------------------------------------------------------------------------------------- reading

    def on_disk(self) -> str:
        """Hash of the file as it is now; empty when there is none."""
        try:
            return hashed(self._bytes())
        except FileNotFoundError:
            return ""

    def look(self) -> None:
        """Bring the state up to the file, and to what was overwritten in it.

        Raises
        ------
        StoreError
            The file cannot be opened, or is no longer one of this exercise; nothing was changed.
        """
        self._look_at_file()
        apart: dict[str, Version] = {}  # the last one of each program holds its earlier ones
        for stranger in (strangers := self._ring.strangers(self.stamp)):
            if merged := gathered(self._version(), [stranger], self._known()):
                self._take(merged)
            else:
                apart[stranger.stamp.writer] = stranger
        for stranger in apart.values():
            self._keep(stranger.data, partial(self._troubles.clash, len(stranger.labels)))
        for stranger in strangers:
            self._ring.forget(stranger.stamp)

    def _look_at_file(self) -> None:
        try:
            data = self._bytes()
        except FileNotFoundError:
            self._gone()  # deleted: the state in memory is the newest, and is written again
            return
        if hashed(data) == self.sha:
            return
        try:
            theirs = Version(*self._parse(data, self.path.name), data)
        except (FormatError, MismatchError) as error:
            if not _is_damage(error) or not self._recover(error.reason):
                raise self._troubles.replaced(error) from None
        else:
            self._meet(theirs)

    def _meet(self, theirs: Version) -> None:
        """Take over another state of the file; what it lacks of ours is put on top, or else kept beside it."""
        ours, merged = self._version(), None
        if theirs.labels != ours.labels and not descends(theirs.stamp, ours.stamp):
            known = self._known()
            lost = [v for v in known.values() if holds(ours.stamp, v.stamp) and not holds(theirs.stamp, v.stamp)]
            if not descends(ours.stamp, theirs.stamp):  # else an old version came back, and somebody may have meant it
                merged = gathered(theirs, lost, {**known, theirs.sha: theirs})
            if merged is None or not descends(merged.stamp, ours.stamp):
                merged = None
                told = partial(self._troubles.overtaken, len(ours.labels), ours.stamp.revision)
                self._keep(w3c.write(ours.labels, ours.stamp), told)
        self.labels, self.stamp, self.sha = theirs.labels, theirs.stamp, theirs.sha
        self._owed, self.foreign = False, True
        if merged:
            self._take(merged)

    def _gone(self) -> None:
        self._last, self.sha = self.sha or self._last, ""

    def _take(self, merged: Version) -> None:
        self.labels, self.stamp, self._owed, self.foreign = merged.labels, merged.stamp, True, True

    def _version(self) -> Version:
        return Version(self.labels, self.stamp, b"")

    def _known(self) -> dict[str, Version]:
        try:
            return {version.sha: version for version in self._ring.newest()}
        except OSError as error:  # not now: what looks as if it were gone would be kept apart for ever
            raise self._troubles.unreadable(error) from error

    def _bytes(self) -> bytes:
        def read() -> bytes:
            with self.path.open("rb") as file:
                return file.read(MAX_BYTES + 1)

        try:
            return patiently(read)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise self._troubles.unreadable(error) from error

    def _parse(self, data: bytes, name: str) -> tuple[LabelSet, Stamp]:
        labels, stamp = w3c.read(data, self.labels.article, self.labels.codebook, name=name)
        if labels.exercise != self.labels.exercise:
            raise self._troubles.elsewhere(name, labels.exercise, self.labels.exercise)
        return labels, stamp

    # ------------------------------------------------------------------------------------------- opening and mending

    def _open(self) -> None:
        with suppress(OSError):
            if strays(self.path) or self.turns.lock.exists():
                with self.turns.take() as alone:
                    sweep(self.path, alone=alone)
        try:
            self._read()
        except FormatError as error:
            if not _is_damage(error):
                raise
            with self.turns.take():
                try:
                    self._read()  # another program may have repaired the file while we waited
                except FormatError as damage:
                    self._recover(damage.reason)
        self._ring.begin(self.stamp)
        with suppress(StoreError):  # what was overwritten and could not be put back by who did it
            self.look()
        self.foreign = False
        if names := copies(self.path, self.labels.exercise):
            self.notice = "\n".join(filter(None, (self.notice, self._troubles.copies(names))))

    def _read(self) -> None:
        with suppress(FileNotFoundError):
            data = self._bytes()
            self.labels, self.stamp = self._parse(data, self.path.name)
            self.sha = hashed(data)

    def _recover(self, reason: str) -> bool:
        """Set the damaged file aside and go on with the newest good state; tell whether it could be moved."""
        try:
            newest = next(self._ring.newest(), None)
        except OSError as error:  # there are backups, and they may be readable in a moment: not the time to begin anew
            raise self._troubles.unreadable(error) from error
        source = "memory" if self.stamp.revision else ""
        if newest and newest.stamp.revision > self.stamp.revision:
            self._meet(newest)
            source = "backup"
        aside, self.foreign = set_aside(self.path), True
        self._gone()
        if aside and source:
            data = w3c.write(self.labels, self.stamp)
            with suppress(OSError):  # it is written again with the next label
                write_atomically(self.path, data)
                self.sha = hashed(data)
        self.notice = self._troubles.restored(reason, aside, source, len(self.labels), self.stamp.revision)
        return bool(aside)


def _is_damage(error: FormatError | MismatchError) -> TypeGuard[FormatError]:
    """Tell a damaged file from a whole one of another text, exercise or version, which is never moved or mended."""
    return isinstance(error, FormatError) and error.code != "FILE-NEWER"
