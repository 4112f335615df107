"""Programs that save labels, tell what was acknowledged, and are killed; and what must be true afterwards.

A child is forked from a warm parent, so that a round takes milliseconds. It writes a line to a pipe before each change
(``try``) and after its acknowledgement (``ok``); what stands in a pipe survives the child. The parent then opens the
file as the next program would, and compares it with what was told (`Ledger`).
"""

import errno
import json
import os
import random
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from secondsource.errors import SecondSourceError, StoreError
from secondsource.formats import w3c
from secondsource.spans import Span
from secondsource.store import LabelStore
from strategies import ARTICLE, CODEBOOK, wire

FAULTS = (errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS, errno.EDQUOT)
EXERCISE = "ex"
_MOST = 30  # labels in the file; more are removed again
Tell = Callable[[str], None]


def opened(folder: Path) -> LabelStore:
    """The store of an exercise over the small article."""
    return LabelStore(folder, EXERCISE, ARTICLE, CODEBOOK)


def add(name: str) -> dict[str, Any]:
    """An operation that labels the first word of the small article."""
    return {"op": "add", "span": wire(Span(name, "who", "CUE", 0, 4, "Mill"))}


def remove(name: str) -> dict[str, Any]:
    """An operation that removes a label."""
    return {"op": "remove", "span": {"id": name}}


class Child:
    """A forked program that runs a function until it ends or is killed."""

    def __init__(self, work: Callable[[Tell], None]) -> None:
        self._heard, tell = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._heard)
            _run(work, tell)
        os.close(tell)
        self._told = b""

    def wait(self) -> None:
        """Wait until it tells something: it has begun its work, however busy the computer is."""
        self._told = os.read(self._heard, 65_536)

    def kill(self) -> None:
        """As a kernel that is restarted: at once, and without a word."""
        os.kill(self.pid, signal.SIGKILL)

    def lines(self) -> list[str]:
        """Wait until it has ended; what it told. An error of its own is an error here."""
        with os.fdopen(self._heard, "rb") as lines:
            told = (self._told + lines.read()).decode().splitlines()
        _, status = os.waitpid(self.pid, 0)
        if not os.WIFSIGNALED(status) and os.waitstatus_to_exitcode(status) != 0:
            raise AssertionError("\n".join(["the program failed by itself", *told[-20:]]))
        return told


def _run(work: Callable[[Tell], None], tell: int) -> NoReturn:
    """Do the work of a child; it never comes back to what the parent was doing."""
    code = 1
    try:
        work(lambda line: _write(tell, line))
        code = 0
    except BaseException as error:  # told to the parent
        _write(tell, f"error {error!r}")
    finally:
        os._exit(code)


def _write(handle: int, line: str) -> None:
    os.write(handle, f"{line}\n".encode())


def work(folder: Path, name: str, seed: int, tell: Tell, edits: int = 10_000) -> None:
    """Open the file and make changes under names of one's own; try again what could not be written, three times."""
    chance = random.Random(seed)
    store = _patiently(folder)
    if store is None:
        return
    mine = [span.id for span in store.labels.spans if span.id.startswith(name)]
    seq = store.stamp.clients.get(name, 0)
    for i in range(edits):
        seq += 1
        if len(mine) > _MOST or (mine and chance.random() < 0.3):
            what, label = "remove", mine.pop(chance.randrange(len(mine)))
        else:
            what, label = "add", f"{name}-{seed}-{i}"
            mine.append(label)
        tell(f"try {what} {label}")
        for _ in range(3):
            try:
                store.apply(add(label) if what == "add" else remove(label), client=name, seq=seq)
            except StoreError:
                continue
            tell(f"ok {what} {label}")
            break


def _patiently(folder: Path) -> LabelStore | None:
    for _ in range(3):
        try:
            return opened(folder)
        except StoreError:
            continue
    return None


def killing_at(number: int, tell: Tell) -> Callable[[int, str], None]:
    """Kill this program at a file-system call, and say which it was."""

    def act(count: int, name: str) -> None:
        if count == number:
            tell(f"point {name}")
            os.kill(os.getpid(), signal.SIGKILL)

    return act


def failing_often(seed: int, share: float) -> Callable[[int, str], None]:
    """Let some of the calls fail, as on a disk that is full or dying."""
    chance = random.Random(seed)

    def act(count: int, name: str) -> None:
        if chance.random() < share:
            code = chance.choice(FAULTS)
            raise OSError(code, os.strerror(code))

    return act


@dataclass
class Ledger:
    """What must be in the file of one folder, from what was told."""

    folder: Path
    there: dict[str, bool] = field(default_factory=dict)  # acknowledged: added or removed
    unsure: set[str] = field(default_factory=set)  # told to be tried, and not acknowledged
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    surprising: list[str] = field(default_factory=list)
    strays: int = 0
    strays_left: int = 0
    points: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)  # backups that were found to be whole

    def begin(self) -> None:
        """Begin with nothing: the folder was emptied."""
        self.there, self.unsure, self.seen = {}, set(), set()

    def hear(self, lines: list[str]) -> None:
        """Take down what a program told."""
        for line in lines:
            what, *rest = line.split(" ")
            if what == "point":
                self.points.add(" ".join(rest))
            elif what == "try":
                self.unsure.add(rest[1])
            elif what == "ok":
                self.unsure.discard(rest[1])
                self.there[rest[1]] = rest[0] == "add"
                self.acknowledged += 1

    def check(self) -> None:
        """Open the file as the next program does; compare it with what was told, and go on from what it holds."""
        self.strays += len(_strays(self.folder))
        path = self.folder / f"{EXERCISE}.labels.json"
        if path.exists():
            self._check_whole(path)
        try:
            store = opened(self.folder)
        except SecondSourceError as error:
            self.broken.append(str(error))
            return
        if store.notice:
            self.broken.append(store.notice)
        self.strays_left += len(_strays(self.folder))
        held = {span.id for span in store.labels.spans}
        self.lost += [name for name, there in self.there.items() if there != (name in held) and name not in self.unsure]
        self.surprising += [name for name in held if not self.there.get(name) and name not in self.unsure]
        self.there = dict.fromkeys(held, True)
        self.unsure = set()

    def _check_whole(self, path: Path) -> None:
        backups = [found for found in (self.folder / "backups").glob("*.json") if found.name not in self.seen]
        self.seen |= {found.name for found in backups}
        for found in (path, *backups):
            try:
                w3c.read(found.read_bytes(), ARTICLE, CODEBOOK, name=found.name)
            except SecondSourceError as error:
                self.broken.append(str(error))


def _strays(folder: Path) -> list[Path]:
    return [path for pattern in ("*.tmp", "*.lock") for path in folder.rglob(f".{pattern}")]


class Page:
    """A fake page of a labeller: it keeps each change until it is acknowledged, and sends it again to the next kernel.

    Its log is in the parent, as a browser's outlives the kernel; `serve` is the kernel's side, in a child.
    """

    client = "page-1"

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.pending: dict[int, dict[str, Any]] = {}
        self.model: set[str] = set()
        self.acked = 0
        self._seq = 0

    def click(self, times: int) -> None:
        """Make changes, which wait to be sent."""
        for _ in range(times):
            if len(self.pending) > _MOST:  # a page does not wait to be clicked, but this one must come to an end
                return
            self._seq += 1
            if self.model and (len(self.model) > _MOST or self.chance.random() < 0.35):
                name = self.chance.choice(sorted(self.model))
                self.model.discard(name)
                change = remove(name)
            else:
                self.model.add(f"w{self._seq}")
                change = add(f"w{self._seq}")
            self.pending[self._seq] = {"type": "op", **self._head(), "seq": self._seq, **change}

    def _head(self) -> dict[str, Any]:
        return {"client": self.client, "exercise": EXERCISE, "article": ARTICLE.sha256, "last_acked": self.acked}

    def serve(self, folder: Path, tell: Tell) -> None:
        """Run a kernel, say hello, send everything that waits, twice here and there, until all is acknowledged."""
        from secondsource.widgets import Labeller

        widget = Labeller(opened(folder), layers=["who"])
        answers: list[dict[str, Any]] = []
        widget.send = answers.append
        widget._receive(widget, {"type": "hello", **self._head()}, None)
        waiting, sent = dict(self.pending), 0
        while waiting:
            for seq in sorted(waiting):
                for _ in range(self.chance.choice((1, 1, 2))):
                    widget._receive(widget, waiting[seq], None)
            for answer in answers:
                if answer["type"] == "ack" and answer["client"] == self.client:
                    waiting.pop(answer["seq"], None)
                tell("answer " + json.dumps({name: answer.get(name) for name in ("type", "client", "seq", "retry")}))
            answers.clear()
            sent += 1
            if sent > 50:
                raise AssertionError("the labeller does not take what waits")

    def hear(self, lines: list[str]) -> None:
        """Take down what was acknowledged."""
        for line in lines:
            what, _, text = line.partition(" ")
            answer = json.loads(text) if what == "answer" else {}
            if answer.get("type") == "ack" and answer["client"] == self.client and answer["seq"] in self.pending:
                del self.pending[answer["seq"]]
                self.acked = max(self.acked, answer["seq"])
            if answer.get("type") == "refused" and not answer["retry"]:
                raise AssertionError(f"a change was refused: {line}")
