"""Which version of a label file holds whose changes, and how changes of several programs come together.

Every version names its writer, its revision and the version that it replaced, and remembers the last revision of each
program that it descends from. So two versions tell, without clocks, which was made from which, or that neither was;
and what one program changed is the difference between its version and the one before it, which can be put on top of
another. The versions of the last minutes stand in the backups (`Ring`), where a program that has written over another's
finds it.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from secondsource.atomic import Backup, Backups, look_alikes
from secondsource.errors import SecondSourceError
from secondsource.formats import w3c
from secondsource.formats.schema import Stamp
from secondsource.spans import MAX_SPANS, LabelSet, Relation, Span

__all__ = ["CLIENTS", "WRITERS", "Ring", "Version", "copies", "descends", "gathered", "hashed", "holds"]

CLIENTS = 200  # views whose last operation is remembered
WRITERS = 20
_Thing = TypeVar("_Thing", Span, Relation)


def hashed(data: bytes) -> str:
    """SHA-256, in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True)
class Version:
    """A label file as it was read: what it holds, and its bytes."""

    labels: LabelSet
    stamp: Stamp
    data: bytes

    @property
    def sha(self) -> str:
        """Hash of the bytes."""
        return hashed(self.data)


def holds(stamp: Stamp, other: Stamp) -> bool:
    """Tell whether a version holds the last change of another one."""
    return _holds(stamp, other.writer, other.revision)


def descends(stamp: Stamp, other: Stamp) -> bool:
    """Tell whether a version was made from another one: it holds every program's last change that the other holds."""
    return all(_holds(stamp, writer, last) for writer, last in other.writers.items())


def _holds(stamp: Stamp, writer: str, revision: int) -> bool:
    # Only the newest writers are remembered: one who is older than all of them was forgotten.
    forgotten = min(stamp.writers.values()) if len(stamp.writers) >= WRITERS else 1
    return revision < forgotten or revision <= stamp.writers.get(writer, 0)


def gathered(version: Version, others: Iterable[Version], known: Mapping[str, Version]) -> Version | None:
    """Put the changes of other versions on top of one; None if that is not possible without losing any.

    Parameters
    ----------
    version : Version
        What to begin with.
    others : iterable of Version
        Those whose changes it lacks.
    known : mapping of str to Version
        Versions by hash, among them those that the others were made from.
    """
    labels, stamp = version.labels, version.stamp
    for other in sorted(others, key=lambda other: (other.stamp.revision, other.stamp.writer)):
        before = known.get(other.stamp.previous)
        if before is None and other.stamp.previous:
            return None  # what it was made from is gone: nobody can say what it changed
        if before is not None and not holds(stamp, before.stamp):
            return None
        joined = _joined(labels, before.labels if before else replace(labels, spans=(), relations=()), other.labels)
        if joined is None:
            return None
        labels, stamp = joined, _stamped(stamp, other.stamp)
    return Version(labels, stamp, b"")


def _stamped(stamp: Stamp, other: Stamp) -> Stamp:
    writers = {**stamp.writers, other.writer: other.revision}
    clients = dict(stamp.clients)
    for client, seq in other.clients.items():
        clients[client] = max(seq, clients.get(client, 0))
    return replace(
        stamp,
        revision=max(stamp.revision, other.revision),
        writers=dict(sorted(writers.items(), key=lambda item: item[1])[-WRITERS:]),
        clients=dict([*clients.items()][-CLIENTS:]),
    )


def _joined(labels: LabelSet, before: LabelSet, after: LabelSet) -> LabelSet | None:
    """Make the changes from one set to another in a third; None if they meet other changes of the same things."""
    spans = _changed(labels.spans, before.spans, after.spans)
    relations = _changed(labels.relations, before.relations, after.relations)
    if spans is None or relations is None or len(spans) > MAX_SPANS:
        return None
    with suppress(SecondSourceError):  # a link to a label that the other program has removed
        return replace(labels, spans=spans, relations=relations)
    return None


def _changed(
    ours: tuple[_Thing, ...], before: tuple[_Thing, ...], after: tuple[_Thing, ...]
) -> tuple[_Thing, ...] | None:
    have, old, new = ({thing.id: thing for thing in things} for things in (ours, before, after))
    for name in {**old, **new}:
        was, now = old.get(name), new.get(name)
        if was == now or have.get(name) == now:
            continue
        if have.get(name) != was:
            return None
        if now is None:
            del have[name]
        else:
            have[name] = now
    return tuple(have.values())


def copies(path: Path, exercise: str) -> list[str]:
    """Names of other files beside a label file that hold labels of its exercise, or are called a conflict of it."""
    return [found.name for found in look_alikes(path) if _is_copy(found, path, exercise)]


def _is_copy(found: Path, path: Path, exercise: str) -> bool:
    try:
        if path.exists() and found.samefile(path):  # the file itself, in a folder that does not tell X from x
            return False
        return w3c.parse(found.read_bytes(), found.name).exercise == exercise
    except SecondSourceError:
        return "conflict" in found.name.lower()
    except OSError:
        return False


class Ring:
    """The last versions of a file, each in a backup that is there *before* its version takes the file's place.

    Who replaces a file and then looks here sees every version that it may have replaced, without relying on locks.

    Parameters
    ----------
    path : Path
        The label file.
    writer : str
        Name of this program.
    read : callable
        Reads bytes with a file name into labels and stamp, or raises an error of this package.
    """

    def __init__(self, path: Path, writer: str, read: Callable[[bytes, str], tuple[LabelSet, Stamp]]) -> None:
        self._backups = Backups(path)
        self._writer = writer
        self._read = read
        self._past: set[str] | None = None  # names that were there before this program came, or were seen to
        self._stamps: dict[str, Stamp | None] = {}  # of the others, by name; None for what is no version of this file
        self._first = Stamp()

    def begin(self, stamp: Stamp) -> None:
        """Call everything that is there the past, but what was written at the same moment as the version with a stamp.

        Whoever writes takes a revision above all that it sees; so equal revisions did not see one another.
        """
        self._first = stamp
        with suppress(OSError):
            self._past = {b.path.name for b in self._backups.kept() if b.revision != stamp.revision or self._own(b)}

    def _begin_late(self) -> None:
        """The folder could not be read at first: what is newer than the file was then is not the past."""
        kept = self._backups.kept()
        self._past = {b.path.name for b in kept if b.revision < self._first.revision or self._own(b)}

    def _own(self, backup: Backup) -> bool:
        return self._first.writer.startswith(backup.writer) and backup.revision == self._first.revision

    @property
    def revision(self) -> int:
        """The highest one, 0 if there is none."""
        with suppress(OSError):
            return max((backup.revision for backup in self._backups.kept()), default=0)
        return 0

    def add(self, data: bytes, revision: int) -> Path | None:
        """Keep a version that is going to take the file's place; None if that cannot be: it must not stop the work."""
        with suppress(OSError):
            return self._backups.add(data, revision, self._writer)
        return None

    def prune(self) -> None:
        """Delete what is too much."""
        with suppress(OSError):
            self._backups.prune()

    def newest(self) -> Iterator[Version]:
        """All versions, newest first, but those that are damaged.

        Raises
        ------
        OSError
            In the end, if one of them could not be read.
        """
        failed: OSError | None = None
        for backup in reversed(self._backups.kept()):
            try:
                yield self._version(backup.path)
            except SecondSourceError:
                continue
            except FileNotFoundError:  # another program deleted it just now
                continue
            except OSError as error:
                failed = error
        if failed:
            raise failed

    def strangers(self, stamp: Stamp) -> list[Version]:
        """Return versions of other programs, oldest first, that one with this stamp lacks and was not the basis of.

        It may have overwritten them, or they may be about to overwrite it.
        """
        found: list[Version] = []
        with suppress(OSError):
            if self._past is None:
                self._begin_late()
            for backup in self._backups.kept():
                if backup.path.name not in (self._past or ()):
                    with suppress(OSError):
                        found += self._stranger(backup.path, stamp)
        return found

    def _stranger(self, path: Path, stamp: Stamp) -> list[Version]:
        if path.name not in self._stamps:
            try:
                self._stamps[path.name] = self._version(path).stamp
            except SecondSourceError:
                self._stamps[path.name] = None
        known = self._stamps[path.name]
        if known is None or descends(known, stamp):
            return []
        if holds(stamp, known):
            self.forget(known)
            return []
        return [self._version(path)]

    def forget(self, stamp: Stamp) -> None:
        """Call a version the past: it was dealt with."""
        if self._past is not None:
            self._past |= {name for name, known in self._stamps.items() if known == stamp}

    def _version(self, path: Path) -> Version:
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise
        except OSError:  # once more: an older backup would be a loss
            data = path.read_bytes()
        return Version(*self._read(data, path.name), data)
