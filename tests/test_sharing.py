"""F8, F9, F15: several programs and one label file, with locks and without; nothing acknowledged is lost."""

import multiprocessing
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest

from secondsource.formats import w3c
from secondsource.spans import Span
from secondsource.store import LabelStore
from secondsource.turns import Turns
from strategies import ARTICLE, CODEBOOK, wire

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


def opened(folder: Path) -> LabelStore:
    """The store of an exercise over the small article."""
    return LabelStore(folder, "ex", ARTICLE, CODEBOOK)


def add(name: str) -> dict[str, Any]:
    """An operation that labels the first word of the small article."""
    return {"op": "add", "span": wire(Span(name, "who", "CUE", 0, 4, "Mill"))}


@contextmanager
def _no_turn(turns: Turns) -> Iterator[bool]:
    """What a network folder may do: everybody gets the lock."""
    yield True


def _slow(real: Any, chance: random.Random) -> Any:
    def replace(path: Path, target: Path) -> Path:
        time.sleep(chance.choice((0, 0, 0.001, 0.005)))  # between the last look and the replacement
        return real(path, target)

    return replace


def _write(number: int, folder: Path, barrier: Barrier, edits: int, locks: bool, tell: int) -> None:
    chance = random.Random(number)
    if not locks:
        Turns.take = _no_turn  # type: ignore[method-assign, assignment]
        Path.replace = _slow(Path.replace, chance)  # type: ignore[method-assign]
    store, seq = opened(folder), count(1)
    for i in range(edits):
        barrier.wait(30)
        if locks or chance.random() < 0.7:
            name = f"p{number}-{i}"
            store.apply(add(name), client=f"c{number}", seq=next(seq))
            if i % 5 == 4:
                store.apply({"op": "remove", "span": {"id": name}}, client=f"c{number}", seq=next(seq))
            os.write(tell, f"{name} {'-' if i % 5 == 4 else '+'}\n".encode())


def _run(folder: Path, writers: int, edits: int, *, locks: bool) -> tuple[set[str], set[str]]:
    """Let programs write at the same moments; what they were told is saved, and what they were told is removed."""
    context = multiprocessing.get_context("fork")
    barrier, (heard, tell) = context.Barrier(writers), os.pipe()
    programs = [context.Process(target=_write, args=(n, folder, barrier, edits, locks, tell)) for n in range(writers)]
    for program in programs:
        program.start()
    os.close(tell)
    with os.fdopen(heard) as lines:
        told = [line.split() for line in lines]
    for program in programs:
        program.join(30)
    assert [program.exitcode for program in programs] == [0] * writers
    return {name for name, what in told if what == "+"}, {name for name, what in told if what == "-"}


def ids(path: Path) -> set[str]:
    """Ids of the labels in a file."""
    return {span.id for span in w3c.read(path.read_bytes(), ARTICLE, CODEBOOK, name=path.name)[0].spans}


@pytest.mark.parametrize(("writers", "edits"), [(2, 25), (4, 8)])
def test_programs_that_save_at_the_same_moment(tmp_path: Path, writers: int, edits: int):
    """With locks, the file holds every acknowledged change of all, and nothing else lies around."""
    saved, removed = _run(tmp_path, writers, edits, locks=True)
    assert len(saved | removed) == writers * edits
    assert ids(tmp_path / "ex.labels.json") == saved
    assert {path.name for path in tmp_path.iterdir()} == {"ex.labels.json", "backups"}
    assert opened(tmp_path).stamp.revision == writers * (edits + edits // 5)


@pytest.mark.parametrize(("writers", "edits"), [(2, 25), (4, 10)])
def test_programs_that_save_at_the_same_moment_without_locks(tmp_path: Path, writers: int, edits: int):
    """Where locks lie, the file and the conflict files together hold every acknowledged change."""
    saved, removed = _run(tmp_path, writers, edits, locks=False)
    kept = list(tmp_path.glob("ex.labels.json.conflict-*"))
    assert saved <= ids(tmp_path / "ex.labels.json").union(*map(ids, kept))
    assert kept or not removed & ids(tmp_path / "ex.labels.json")
