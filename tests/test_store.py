"""Label files: nothing that was acknowledged is lost, whatever fails and whoever else writes."""

import contextlib
import errno
import json
import os
import shutil
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st

from faults import CALLS, CODES, failing
from secondsource.article import Article
from secondsource.atomic import Backups
from secondsource.errors import FormatError, MismatchError, OffsetError, StoreError
from secondsource.formats import w3c
from secondsource.spans import LabelSet, Span
from secondsource.store import LabelStore
from secondsource.versions import CLIENTS, WRITERS, hashed
from strategies import ARTICLE, CODEBOOK, operations, wire

NAMES = ("a", "b", "c")


def opened(folder: Path, exercise: str = "ex") -> LabelStore:
    """The store of an exercise over the small article."""
    return LabelStore(folder, exercise, ARTICLE, CODEBOOK)


def add(name: str = "a", **changes: Any) -> dict[str, Any]:
    """An operation that labels the first word of the small article."""
    return {"op": "add", "span": {**wire(Span(name, "who", "CUE", 0, 4, "Mill")), **changes}}


def remove(name: str) -> dict[str, Any]:
    """An operation that removes a label."""
    return {"op": "remove", "span": {"id": name}}


def ids(store: LabelStore) -> set[str]:
    """Ids of the labels in memory."""
    return {span.id for span in store.labels.spans}


def on_disk(store: LabelStore) -> set[str]:
    """Ids of the labels in the file."""
    labels, _ = w3c.read(store.path.read_bytes(), ARTICLE, CODEBOOK, name="file")
    return {span.id for span in labels.spans}


def files(folder: Path) -> set[str]:
    """Names in a folder, without backups."""
    return {entry.name for entry in folder.iterdir()} - {"backups"}


# ------------------------------------------------------------------------------------------------------ ordinary days


def test_nothing_is_written_before_the_first_label(tmp_path: Path):
    """Opening an exercise leaves no trace."""
    store = opened(tmp_path / "my-labels")
    assert store.refused() is None
    assert (len(store.labels), store.stamp.revision, store.notice) == (0, 0, "")
    assert list(tmp_path.iterdir()) == []


def test_an_acknowledged_label_is_on_disk(tmp_path: Path):
    """The acknowledgement names revision, time and hash of the file that is there; reopening finds the label."""
    store = opened(tmp_path / "my-labels" / "Zoë 标签")
    done = store.apply(add("a"), client="c", seq=1)
    assert (done.revision, done.client, done.seq) == (1, "c", 1)
    assert done.sha == hashed(store.path.read_bytes())
    assert done.saved_at.endswith("Z")
    again = opened(store.path.parent)
    assert again.labels == store.labels
    assert again.stamp == store.stamp
    assert again.notice == ""


def test_paths_do_not_depend_on_where_one_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A notebook that changes its folder goes on writing the same file."""
    monkeypatch.chdir(tmp_path)
    store = LabelStore(Path("labels"), "ex", ARTICLE, CODEBOOK)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    store.apply(add())
    assert (tmp_path / "labels" / "ex.labels.json").is_file()


@given(st.lists(operations(st.sampled_from(NAMES)), max_size=12))
@settings(max_examples=25)
def test_disk_and_memory_follow_a_simple_model(sequence: list[dict[str, Any]]):
    """After any operations, disk, memory and a plain dict hold the same labels; revisions count one by one."""
    with tempfile.TemporaryDirectory() as name:
        store = opened(Path(name))
        model: dict[str, str] = {}
        for i, operation in enumerate(sequence, start=1):
            assert store.apply(operation).revision == i
            span = operation["span"]
            if operation["op"] == "remove":
                model.pop(span["id"], None)
            else:
                model[span["id"]] = span["quote"]
            assert {s.id: s.quote for s in store.labels.spans} == model
            assert opened(Path(name)).labels == store.labels


def test_watchers_hear_of_every_change(tmp_path: Path):
    """Of one's own with operation and acknowledgement, of foreign ones without."""
    ours, theirs = opened(tmp_path), opened(tmp_path)
    heard: list[Any] = []
    ours.watch(lambda operation, done: heard.append((operation and operation["op"], done and done.revision)))
    ours.apply(add("a"))
    theirs.apply(add("b"))
    ours.apply(remove("a"))
    assert heard == [("add", 1), (None, None), ("remove", 3)]


@pytest.mark.parametrize(
    "operation",
    [
        *({}, {"op": "add"}, {"op": "drop", "span": {"id": "a"}}, {"op": "add", "span": []}, {"op": "add", "span": {}}),
        *({"op": ["add"], "span": {"id": "a"}}, {"op": "remove", "span": {"id": 5}}, {"op": "remove", "span": "a"}),
        *(add(**{name: None}) for name in ("layer", "label", "start", "end", "quote", "note", "attributes")),
        *(add(**{name: value}) for name in ("start", "end") for value in (1.0, True, "1", [], {}, -1, 10**400)),
        *(add(confidence=value) for value in (float("nan"), True, "0.5", 2, [], 10**400)),
        *(add(quote=value) for value in ("", "Mall", 5)),
        *(add(attributes=value) for value in ([], {"form": 5}, {"form": "direct"}, "form")),
        *(add(name) for name in ("", "a b", "x" * 65)),
        *({**add(), "span": {**add()["span"], "id": value}} for value in (None, 5, ["a"])),
    ],
    ids=lambda operation: str(operation)[:60].encode("ascii", "replace").decode().replace("::", ""),
)
def test_illegal_operations_change_nothing(tmp_path: Path, operation: dict[str, Any]):
    """A hostile or broken page gets an error of this package; file, memory and revision stay."""
    store = opened(tmp_path)
    store.apply(add("good"))
    before = store.path.read_bytes()
    with pytest.raises((OffsetError, FormatError)):
        store.apply(operation, client="c", seq=1)
    assert store.path.read_bytes() == before
    assert (ids(store), store.stamp.revision) == ({"good"}, 1)


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5), st.lists, max_leaves=5)
)
def test_any_value_in_any_place_of_an_operation(value: Any):
    """No field of a message from the browser leads to anything but an error of this package, or a saved label."""
    with tempfile.TemporaryDirectory() as name:
        store = opened(Path(name))
        for field in add()["span"]:
            try:
                store.apply({"op": "add", "span": {**add()["span"], field: value}})
            except (OffsetError, FormatError):
                continue
        assert not store.path.exists() or opened(Path(name)).labels == store.labels


# ---------------------------------------------------------------------------------- what is written can be read again


@pytest.mark.parametrize("seq", [10**15, 10**400])
def test_numbers_that_could_not_be_read_again_are_refused(tmp_path: Path, seq: int):
    """A page that counts from the clock in nanoseconds must not make the file unreadable."""
    store = opened(tmp_path)
    with pytest.raises(FormatError, match="FILE-LIMIT"):
        store.apply(add(), client="c", seq=seq)
    assert not store.path.exists()


def test_files_that_could_not_be_read_again_are_refused(tmp_path: Path):
    """Notes may not make the file larger than a reader accepts; what was saved before stays and opens."""
    store = opened(tmp_path)
    spans = tuple(Span(f"s{i}", "who", "CUE", 0, 4, note="漢" * 10_000) for i in range(165))
    store.path.write_bytes(w3c.write(LabelSet(ARTICLE, CODEBOOK, spans, exercise="ex")))
    for i in range(10):
        with contextlib.suppress(FormatError):
            store.apply(add(f"more{i}", note="漢" * 10_000))
            saved = i + 1
    assert 0 < saved < 9
    again = opened(tmp_path)
    assert again.notice == ""
    assert len(again.labels) == len(store.labels) == 165 + saved


# ------------------------------------------------------------------------------------------------- faults of the disk


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("code", CODES, ids=errno.errorcode.get)
def test_a_save_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int):
    """The error has the right code, the file is whole, and the same call works when tried again, without doubling."""
    store = opened(tmp_path)
    store.apply(add("a"), client="c", seq=1)
    with failing(monkeypatch, call, code, times=2), pytest.raises(StoreError) as caught:  # the backup's, and the file's
        store.apply(add("b"), client="c", seq=2)
    assert caught.value.code == CODES[code]
    assert str(caught.value).count(" · ") == 3
    assert on_disk(store) == ({"a", "b"} if "folder" in call else {"a"})
    assert files(tmp_path) == {"ex.labels.json"}
    done = store.apply(add("b"), client="c", seq=2)
    assert (done.revision, on_disk(store), ids(store)) == (2, {"a", "b"}, {"a", "b"})


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("times", [1, 2, 3])
def test_the_nth_call_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, times: int):
    """The first save, with its backup, meets one to three failures in a row: error or acknowledgement, never a lie."""
    store = opened(tmp_path / "labels")
    acknowledged: set[str] = set()
    with failing(monkeypatch, call, errno.EIO, times):
        for seq, name in enumerate(NAMES, start=1):
            try:
                store.apply(add(name), client="c", seq=seq)
            except StoreError:
                assert not store.path.exists() or acknowledged <= on_disk(store)
            else:
                acknowledged.add(name)
                assert acknowledged <= on_disk(store)


def test_a_backup_that_fails_does_not_stop_the_work(tmp_path: Path):
    """A file where the folder should be: the label is saved all the same."""
    (tmp_path / "backups").touch()
    store = opened(tmp_path)
    assert store.apply(add("a")).revision == 1
    assert on_disk(store) == {"a"}


def test_a_file_that_cannot_be_read_is_not_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Who cannot read the newest state must not write over it."""
    store, theirs = opened(tmp_path), opened(tmp_path)
    theirs.apply(add("b"))
    with failing(monkeypatch, "read", errno.EIO), pytest.raises(StoreError, match="SAVE-FAILED"):
        store.apply(add("a"))
    store.apply(add("a"))
    assert on_disk(store) == {"a", "b"}
    with failing(monkeypatch, "read", errno.EACCES), pytest.raises(StoreError, match="Could not open"):
        opened(tmp_path)


def test_a_folder_in_place_of_the_file(tmp_path: Path):
    """It is said on opening; nothing is moved."""
    (tmp_path / "ex.labels.json").mkdir()
    with pytest.raises(StoreError, match="Could not open"):
        opened(tmp_path)
    assert files(tmp_path) == {"ex.labels.json"}


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES])
def test_a_read_only_folder_is_said_before_the_first_label(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int):
    """`refused` says so with the folder's name and without a trace."""

    def touch(path: Path, **_: Any) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(Path, "touch", touch)
    error = opened(tmp_path / "my-labels").refused()
    assert error is not None
    assert error.code == "SAVE-READONLY"
    assert "my-labels/ex.labels.json" in str(error)
    assert list(tmp_path.iterdir()) == []


def test_a_read_only_file_is_neither_offered_nor_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A file marked read-only stays as it is; its labels can be looked at."""
    opened(tmp_path).apply(add("a"))
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    store = opened(tmp_path)
    assert ids(store) == {"a"}
    error = store.refused()
    assert error is not None
    assert error.code == "SAVE-READONLY"
    assert "holds 1 label, unharmed" in str(error)
    with pytest.raises(StoreError, match="SAVE-READONLY"):
        store.apply(add("b"))
    assert on_disk(store) == {"a"}


def test_a_linked_file_stays_a_link(tmp_path: Path):
    """Saving and repairing go to the place that the link points to."""
    real = tmp_path / "synced" / "mine.json"
    real.parent.mkdir()
    folder = tmp_path / "my-labels"
    folder.mkdir()
    (folder / "ex.labels.json").symlink_to(real)
    opened(folder).apply(add("a"))
    real.write_bytes(b"damaged")
    store = opened(folder)
    store.apply(add("b"))
    assert store.path.is_symlink()
    assert on_disk(store) == {"a", "b"}
    assert len(list(real.parent.iterdir())) == 2


def test_strays_are_swept_on_opening(tmp_path: Path):
    """What a crash left behind is removed at once; while another program has its turn, only what is a minute old."""
    (tmp_path / "backups").mkdir()
    old = [tmp_path / ".ex.labels.json.1.tmp", tmp_path / "backups" / ".ex.000001.labels.json.1.tmp"]
    young = tmp_path / ".ex.labels.json.2.tmp"
    for stray in (*old, young):
        stray.touch()
    for stray in old:
        os.utime(stray, (time.time() - 3600,) * 2)
    with FileLock(tmp_path / ".ex.labels.json.lock"):
        opened(tmp_path)
        assert [stray.exists() for stray in (*old, young)] == [False, False, True]
    opened(tmp_path)
    assert files(tmp_path) == set()


# ------------------------------------------------------------------------------------------ repeated and foreign ones


def test_repeated_numbers_are_acknowledged_and_not_applied(tmp_path: Path):
    """A page that did not hear the answer sends again; an older number never undoes a newer one."""
    store = opened(tmp_path)
    first = store.apply(add("a"), client="c", seq=1)
    store.apply(remove("a"), client="c", seq=2)
    again = store.apply(add("a"), client="c", seq=1)
    assert (again.revision, again.seq, ids(store)) == (2, 1, set())
    assert first.revision == 1
    assert opened(tmp_path).apply(add("a"), client="c", seq=2).revision == 2
    assert opened(tmp_path).apply(add("a"), client="d", seq=1).revision == 3


@given(st.permutations(range(1, 7)), st.lists(st.integers(1, 6), max_size=6))
@settings(max_examples=20)
def test_replays_reach_the_same_state(order: list[int], repeats: list[int]):
    """Sent in order with any repetitions between, operations have the effect of being sent once."""
    sent: list[int] = []
    for number in range(1, 7):
        sent += [number, *(n for n in (*repeats, *order) if n <= number)][:4]
    with tempfile.TemporaryDirectory() as name:
        store = opened(Path(name))
        for number in sent:
            operation = add(f"s{number}") if number % 3 else remove(f"s{number - 1}")
            store.apply(operation, client="c", seq=number)
        assert ids(store) == on_disk(store) == {"s1", "s4"}
        assert store.stamp.revision == 6


def test_only_the_newest_views_are_remembered(tmp_path: Path):
    """The file does not grow with every reload; the view at work is never forgotten."""
    store = opened(tmp_path)
    store.apply(add("a"), client="first", seq=1)
    many = {f"c{i}": 1 for i in range(CLIENTS)}
    store._file.stamp = replace(store.stamp, clients={"first": 1, **many})
    store.path.unlink()
    store.apply(add("b"), client="first", seq=2)
    assert len(store.stamp.clients) == CLIENTS
    assert list(store.stamp.clients.items())[-1] == ("first", 2)


@given(st.lists(st.tuples(st.integers(0, 1), operations(st.sampled_from(NAMES))), max_size=14))
@settings(max_examples=25)
def test_two_programs_take_turns(turns: list[tuple[int, dict[str, Any]]]):
    """With operations in any order from either, no update is lost and no conflict is seen."""
    with tempfile.TemporaryDirectory() as name:
        stores = [opened(Path(name)), opened(Path(name))]
        model: dict[str, str] = {}
        for i, (which, operation) in enumerate(turns, start=1):
            assert stores[which].apply(operation, client=f"c{which}", seq=i).revision == i
            span = operation["span"]
            if operation["op"] == "remove":
                model.pop(span["id"], None)
            else:
                model[span["id"]] = span["quote"]
            assert {s.id: s.quote for s in stores[which].labels.spans} == model
        assert files(Path(name)) <= {"ex.labels.json"}


def test_many_programs_one_after_another(tmp_path: Path):
    """A kernel restarted thirty times leaves no conflict behind, and the list of writers stays short."""
    first = opened(tmp_path)
    first.apply(add("first"))
    for i in range(30):
        opened(tmp_path).apply(add(f"s{i}"))
    assert len(opened(tmp_path).stamp.writers) == WRITERS
    first.apply(add("last"))
    assert len(on_disk(first)) == 32


def test_an_older_version_from_elsewhere(tmp_path: Path):
    """A synchronised folder puts an old file back: it is taken, ours is kept beside it, and nothing is lost."""
    store = opened(tmp_path)
    store.apply(add("a"), client="c", seq=1)
    old = store.path.read_bytes()
    store.apply(add("b"), client="c", seq=2)
    store.path.write_bytes(old)
    store.apply(add("c"), client="c", seq=3)
    assert on_disk(store) == {"a", "c"}
    [kept] = [name for name in files(tmp_path) if "conflict" in name]
    assert kept in store.notice
    assert store.notice.startswith("FILE-CONFLICT")
    labels, _ = w3c.read((tmp_path / kept).read_bytes(), ARTICLE, CODEBOOK, name=kept)
    assert {span.id for span in labels.spans} == {"a", "b"}
    assert store.stamp.revision == 3
    store.apply(add("d"), client="c", seq=4)
    assert len(files(tmp_path)) == 2


def test_a_conflict_that_cannot_be_kept_stops_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """On a full disk our state stays in memory until it has been kept."""
    store = opened(tmp_path)
    store.apply(add("a"))
    old = store.path.read_bytes()
    store.apply(add("b"))
    store.path.write_bytes(old)
    with failing(monkeypatch, "write", errno.ENOSPC), pytest.raises(StoreError, match="SAVE-FULL"):
        store.apply(add("c"))
    assert ids(store) == {"a", "b"}
    store.apply(add("c"))
    assert len(files(tmp_path)) == 2


def test_an_older_version_with_the_same_labels(tmp_path: Path):
    """Nothing would be lost, so nothing is kept."""
    store = opened(tmp_path)
    store.apply(add("a"))
    old = store.path.read_bytes()
    store.apply(add("b"))
    store.apply(remove("b"))
    store.path.write_bytes(old)
    store.apply(add("c"))
    assert files(tmp_path) == {"ex.labels.json"}


def test_a_deleted_file_is_written_again(tmp_path: Path):
    """The state in memory is the newest; a repeated number is on disk again before it is acknowledged."""
    store = opened(tmp_path)
    store.apply(add("a"), client="c", seq=1)
    store.path.unlink()
    store.apply(add("a"), client="c", seq=1)
    assert on_disk(store) == {"a"}
    shutil.rmtree(tmp_path)
    store.apply(add("b"), client="c", seq=2)
    assert on_disk(store) == {"a", "b"}


def test_starting_over_keeps_the_ring_of_backups_in_order(tmp_path: Path):
    """Revisions go on behind those of a deleted file, so that new work is backed up and old work never comes back."""
    store = opened(tmp_path)
    for i in range(6):
        store.apply(add(f"old{i}"))
    store.path.unlink()
    store = opened(tmp_path)
    assert ids(store) == set()
    assert store.apply(add("new")).revision == 7
    store.path.write_bytes(b"damaged")
    assert ids(opened(tmp_path)) == {"new"}


# ------------------------------------------------------------------------------------------------------------- damage


def _damages() -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as name:
        store = opened(Path(name))
        store.apply(add("a"))
        data = store.path.read_bytes()
    wrong = json.loads(data)
    wrong["first"]["items"][0]["target"]["selector"][0]["exact"] = "Mall"
    return {
        "empty": b"",
        "NULs": b"\x00" * len(data),
        "NULs at the start": b"\x00" * 100 + data[100:],
        "cut": data[: len(data) // 2],
        "HTML": b"<html>",
        "large": b" " * 6_000_000,
        "quotation": json.dumps(wrong).encode(),
        "other JSON": b"{}",
    }


@pytest.mark.parametrize("damage", _damages())
def test_a_damaged_file_is_set_aside_and_the_newest_good_backup_used(tmp_path: Path, damage: str):
    """Damaged backups are passed over; the notice names file and backup; the bytes of the damaged file are kept."""
    data = _damages()[damage]
    store = opened(tmp_path)
    for name in NAMES:
        store.apply(add(name), client="c", seq=ord(name))
    newest = Backups(store.path).kept()[-1].path
    newest.write_bytes(data)
    store.path.write_bytes(data)
    again = opened(tmp_path)
    assert ids(again) == on_disk(again) == {"a", "b"}
    [aside] = [name for name in files(tmp_path) if "corrupt" in name]
    assert (tmp_path / aside).read_bytes() == data
    assert again.notice.startswith("FILE-REPAIRED · ex.labels.json was damaged (")
    assert again.notice.count(" · ") == 3
    assert (
        f"Your 2 labels were taken from the backup of revision 2. The damaged file is kept as {aside}." in again.notice
    )
    assert again.apply(add("c"), client="c", seq=ord("c")).revision == 4
    assert opened(tmp_path).notice == ""


def test_damage_without_backups(tmp_path: Path):
    """The notice says so and where the damaged file is; work can begin anew."""
    (tmp_path / "ex.labels.json").write_bytes(b"{")
    store = opened(tmp_path)
    assert store.notice.startswith("FILE-DAMAGED · ")
    assert store.notice.count(" · ") == 3
    [aside] = files(tmp_path)
    assert aside in store.notice
    store.apply(add("a"))
    assert files(tmp_path) == {"ex.labels.json", aside}


def test_damage_while_working(tmp_path: Path):
    """What is in memory is the newest: it is written again, and a repeated number is acknowledged only then."""
    store = opened(tmp_path)
    heard: list[Any] = []
    store.watch(lambda *change: heard.append(change))
    store.apply(add("a"), client="c", seq=1)
    store.path.write_bytes(b"")
    store.apply(add("a"), client="c", seq=1)
    assert on_disk(store) == {"a"}
    assert heard[-1] == (None, None)
    assert "taken from memory of revision 1" in store.notice


def test_damage_of_what_another_program_wrote(tmp_path: Path):
    """Its last change is in a backup that is newer than our memory: that is taken."""
    ours, theirs = opened(tmp_path), opened(tmp_path)
    ours.apply(add("a"))
    theirs.apply(add("b"))
    ours.path.write_bytes(b"damaged")
    ours.apply(add("c"))
    assert on_disk(ours) == {"a", "b", "c"}


def test_damage_that_cannot_be_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """In a read-only folder the labels of the backup are shown, and the damaged file is never overwritten."""
    store = opened(tmp_path)
    store.apply(add("a"))
    store.path.write_bytes(b"damaged")

    def rename(path: Path, target: Path) -> None:
        raise OSError(errno.EROFS, "read-only")

    monkeypatch.setattr(Path, "rename", rename)
    for again in (store, opened(tmp_path)):
        with pytest.raises(StoreError, match="SAVE-CONFLICT"):
            again.apply(add("b"))
        assert ids(again) == {"a"}
        assert "could not be moved" in again.notice
    assert (tmp_path / "ex.labels.json").read_bytes() == b"damaged"


def test_a_repair_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The labels are shown all the same, and are written with the next one."""
    opened(tmp_path).apply(add("a"))
    (tmp_path / "ex.labels.json").write_bytes(b"damaged")
    with failing(monkeypatch, "write", errno.ENOSPC):
        store = opened(tmp_path)
    assert ids(store) == {"a"}
    assert not store.path.exists()
    store.apply(add("b"))
    assert on_disk(store) == {"a", "b"}


OTHER = Article("Another text entirely.")


def _foreign(kind: str) -> bytes:
    span = Span("x", "who", "CUE", 0, 4)
    labels = LabelSet(OTHER if kind == "article" else ARTICLE, CODEBOOK, (span,), exercise="ex")
    collection = json.loads(w3c.write(labels))
    collection["ss:exercise"] = "other" if kind == "exercise" else "ex"
    collection["ss:codebook"]["version"] = "2" if kind == "codebook" else "1"
    collection["ss:format"] = 2 if kind == "newer" else 1
    return json.dumps(collection).encode()


KINDS = {
    "article": (MismatchError, "VERSION-ARTICLE"),
    "codebook": (MismatchError, "VERSION-CODEBOOK"),
    "exercise": (MismatchError, "VERSION-EXERCISE"),
    "newer": (FormatError, "FILE-NEWER"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_healthy_file_of_something_else_is_left_alone(tmp_path: Path, kind: str):
    """Of another article, codebook, exercise or a newer version: neither set aside nor overwritten, at any time."""
    store = opened(tmp_path)
    store.apply(add("a"), client="c", seq=1)
    store.path.write_bytes(_foreign(kind))
    with pytest.raises(KINDS[kind][0], match=KINDS[kind][1]):
        opened(tmp_path)
    with pytest.raises(StoreError, match="SAVE-CONFLICT") as caught:
        store.apply(add("b"), client="c", seq=2)
    assert str(caught.value).count(" · ") == 3
    assert store.path.read_bytes() == _foreign(kind)
    assert files(tmp_path) == {"ex.labels.json"}
    store.path.rename(tmp_path / "moved away")
    store.apply(add("b"), client="c", seq=2)
    assert on_disk(store) == {"a", "b"}


def test_backups_of_something_else_are_not_used(tmp_path: Path):
    """A backup of another exercise or article under our name is passed over."""
    store = opened(tmp_path)
    store.apply(add("a"))
    for i, kind in enumerate(KINDS, start=2):
        (tmp_path / "backups" / f"ex.{i:06d}.labels.json").write_bytes(_foreign(kind))
    store.path.write_bytes(b"")
    assert ids(opened(tmp_path)) == {"a"}


def test_exercises_do_not_touch_one_another(tmp_path: Path):
    """Names that begin alike have files and backups of their own."""
    one, two = opened(tmp_path, "ex"), opened(tmp_path, "ex_alone")
    one.apply(add("a"))
    for i in range(12):
        two.apply(add(f"b{i}"))
    assert ids(opened(tmp_path, "ex")) == {"a"}
    assert [kept.revision for kept in Backups(one.path).kept()] == [1]
