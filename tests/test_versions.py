"""F8, F9, F16-F18: which version holds what, what is put together, what is kept apart; clocks, names, any order."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from faulty_fs import FaultyFS
from killing import FAULTS, add, opened, remove
from secondsource import versions
from secondsource.errors import StoreError
from secondsource.formats import w3c
from secondsource.formats.schema import Stamp
from secondsource.label_file import LabelFile
from secondsource.spans import LabelSet, Relation, Span
from secondsource.store import LabelStore
from secondsource.turns import Turns
from secondsource.versions import Version, descends, gathered, holds
from strategies import ARTICLE, CODEBOOK, wire


def ids(store: LabelStore) -> set[str]:
    """Ids of the labels in the file."""
    return _ids(store.path)


def _ids(path: Path) -> set[str]:
    return {span.id for span in w3c.read(path.read_bytes(), ARTICLE, CODEBOOK, name=path.name)[0].spans}


def conflicts(store: LabelStore) -> list[Path]:
    """Versions that were kept apart."""
    return sorted(store.path.parent.glob("*.conflict-*"))


def note(name: str, text: str) -> dict[str, Any]:
    """An operation that changes a label's note."""
    return {"op": "update", "span": wire(Span(name, "who", "CUE", 0, 4, "Mill", note=text))}


# ------------------------------------------------------------------------------------------------------ what holds what


def test_versions_tell_without_a_clock_which_is_newer():
    """By the last revision of each program, not by number or time."""
    old = Stamp(3, writer="a", writers={"b": 2, "a": 3})
    new = Stamp(4, writer="b", writers={"a": 3, "b": 4})
    side = Stamp(9, writer="c", writers={"b": 2, "c": 9})
    assert (descends(new, old), descends(old, new), descends(side, old)) == (True, False, False)
    assert descends(old, Stamp())
    assert (holds(new, old), holds(old, new), holds(side, new)) == (True, False, False)


def test_writers_who_were_forgotten_are_not_missing():
    """A file remembers the newest ones only."""
    crowd = {f"w{i}": 100 + i for i in range(versions.WRITERS)}
    assert descends(Stamp(119, writers=crowd), Stamp(7, writers={"old": 7}))
    assert not descends(Stamp(119, writers=crowd), Stamp(110, writers={"other": 110}))


# ------------------------------------------------------------------------------------- written in the very same moment


def _meanwhile(monkeypatch: pytest.MonkeyPatch, at: str, act: Callable[[], object]) -> None:
    """Let another program act once, before the file is looked at again or right before it is replaced; no locks."""
    monkeypatch.setattr(Turns, "_had", lambda turns: None)
    real, waiting = LabelFile._check_unchanged, [act]

    def check(file: LabelFile) -> None:
        now = [waiting.pop()] if waiting else []
        if at == "before the check":
            [other() for other in now]
        real(file)
        if at == "after the check":
            [other() for other in now]

    monkeypatch.setattr(LabelFile, "_check_unchanged", check)


@pytest.mark.parametrize("at", ["before the check", "after the check"])
@pytest.mark.parametrize("client", ["", "c"])
def test_what_another_program_wrote_in_that_moment_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str, client: str
):
    """Seen before the file is replaced, or overwritten and found in the backups: both changes are in the file."""
    ours, theirs = opened(tmp_path), opened(tmp_path)
    ours.apply(add("first"))
    heard: list[Any] = []
    ours.watch(lambda operation, done: heard.append(operation and operation["op"]))
    _meanwhile(monkeypatch, at, lambda: [theirs.apply(add("b")), theirs.apply(add("c"), client="t", seq=1)])
    done = ours.apply(add("a"), client=client, seq=1 if client else 0)
    assert ids(ours) == {"first", "a", "b", "c"} == {span.id for span in ours.labels.spans}
    assert done.sha == versions.hashed(ours.path.read_bytes())
    assert ours.stamp.clients.get("t") == 1
    assert conflicts(ours) == []
    assert heard == [None, "add"]
    assert theirs.apply(remove("a")).revision > done.revision
    assert ids(theirs) == {"first", "b", "c"}
    assert (theirs.notice, conflicts(theirs)) == ("", [])


def test_removals_and_links_come_together_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What was removed does not come back, and a link that the other program made is there."""
    ours, theirs = opened(tmp_path), opened(tmp_path)
    for name in "ab":
        ours.apply(add(name))
    ours.apply({"op": "add", "span": wire(Span("x", "who", "SOURCE", 0, 4, "Mill"))})
    link = {"op": "link", "relation": {"id": "r", "type": "attribution", "members": ["x", "b"], "parent": None}}
    _meanwhile(monkeypatch, "after the check", lambda: theirs.apply(link))
    ours.apply(remove("a"))
    assert ids(ours) == {"b", "x"}
    assert [relation.members for relation in opened(tmp_path).labels.relations] == [("x", "b")]


def test_both_changed_the_same_label(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The last one stands in the file; each keeps the other's version whole, once, and says so."""
    ours, theirs = opened(tmp_path), opened(tmp_path)
    ours.apply(add("a"))
    _meanwhile(monkeypatch, "after the check", lambda: theirs.apply(note("a", "theirs")))
    ours.apply(note("a", "ours"))
    assert ours.labels["a"].note == "ours"
    kept = [
        (path, w3c.read(path.read_bytes(), ARTICLE, CODEBOOK, name="kept")[0]["a"].note) for path in conflicts(ours)
    ]
    assert sorted(note for _, note in kept) == ["ours", "theirs"]
    assert [note for path, note in kept if path.name in ours.notice] == ["theirs"]
    assert ours.notice.startswith("FILE-CONFLICT")
    ours.apply(add("b"))
    assert len(conflicts(ours)) == 2


def test_a_program_that_never_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """We give up after some seconds and say so; the same call works when it is quiet again."""
    ours, theirs = opened(tmp_path), opened(tmp_path)
    monkeypatch.setattr(Turns, "_had", lambda turns: None)
    monkeypatch.setattr("secondsource.label_file._PATIENCE", 0.05)
    real, numbers = LabelFile._check_unchanged, iter(range(1_000_000))

    def check(file: LabelFile) -> None:
        if file is ours._file:
            theirs.apply(add(f"t{next(numbers) % 3}"))
        real(file)

    monkeypatch.setattr(LabelFile, "_check_unchanged", check)
    with pytest.raises(StoreError, match="SAVE-BUSY"):
        ours.apply(add("a"))
    monkeypatch.setattr(LabelFile, "_check_unchanged", real)
    ours.apply(add("a"))
    assert "a" in ids(ours)


def test_who_was_overwritten_puts_its_changes_back(tmp_path: Path):
    """The other one was killed before it looked: we find that the file lacks ours, and put it in again."""
    ours, theirs = opened(tmp_path), opened(tmp_path)
    ours.apply(add("first"))
    theirs.refresh()
    before = ours.path.read_bytes()
    ours.apply(add("a"))
    ours.apply(add("b"))
    mine = ours.path.read_bytes()
    theirs._file.look = lambda: None  # type: ignore[method-assign] # as if it looked before we wrote
    ours.path.write_bytes(before)
    hidden = (tmp_path / "backups").rename(tmp_path / "hidden")
    theirs.apply(add("c"))
    shutil.copytree(hidden, tmp_path / "backups", dirs_exist_ok=True)
    assert ids(theirs) == {"first", "c"}
    assert mine
    ours.refresh()
    assert ids(ours) == {"first", "a", "b", "c"}
    assert conflicts(ours) == []


def test_two_programs_that_were_both_killed(tmp_path: Path):
    """The version that was overwritten has the same revision as the file: the next program puts its change back."""
    first, second = opened(tmp_path), opened(tmp_path)
    first.apply(add("first"))
    second.refresh()
    before = first.path.read_bytes()
    first.apply(add("a"))
    first.path.write_bytes(before)
    hidden = (tmp_path / "backups").rename(tmp_path / "hidden")
    second._file.look = lambda: None  # type: ignore[method-assign]
    second.apply(add("b"))
    for backup in hidden.iterdir():
        shutil.copy(backup, tmp_path / "backups")
    third = opened(tmp_path)
    assert third.stamp.revision == first.stamp.revision == second.stamp.revision
    assert {span.id for span in third.labels.spans} == {"first", "a", "b"}
    third.refresh()
    third.apply(add("c"))
    assert ids(third) == {"first", "a", "b", "c"}


def test_an_old_version_that_somebody_brought_back_is_not_overruled(tmp_path: Path):
    """By a new program: old work does not come back from the backups, neither at once nor after the next label."""
    store = opened(tmp_path)
    store.apply(add("a"))
    old = store.path.read_bytes()
    store.apply(add("b"))
    store.path.write_bytes(old)
    for name in ("c", "d"):
        again = opened(tmp_path)
        again.apply(add(name))
    assert ids(again) == {"a", "c", "d"}
    assert (again.notice, conflicts(again)) == ("", [])


def test_versions_whose_basis_is_gone_are_kept_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Another computer worked for hours: nobody can say what it changed, so its last version is kept whole."""
    ours, theirs = opened(tmp_path), opened(tmp_path)
    ours.apply(add("first"))
    theirs.refresh()
    for name in "abc":
        theirs.apply(add(name))
    for backup in (tmp_path / "backups").iterdir():
        if "000002" in backup.name or "000003" in backup.name:
            backup.unlink()
    data = theirs.path.read_bytes()
    ours._file.look()
    assert ids(ours) == {"first", "a", "b", "c"}
    ours.apply(add("o"))
    theirs.path.write_bytes(data)
    theirs._file.foreign = False
    base = Version(LabelSet(ARTICLE, CODEBOOK, exercise="ex"), Stamp(), b"")
    lost = Version(theirs.labels, theirs.stamp, data)
    assert gathered(base, [lost], {}) is None
    before = Version(base.labels, Stamp(3, writer="z", writers={"z": 3}), b"before")
    orphan = Version(theirs.labels, replace(theirs.stamp, previous=before.sha), data)
    assert gathered(base, [orphan], {before.sha: before}) is None


def test_what_cannot_be_put_together(tmp_path: Path):
    """A link to a label that the other one removed, or more labels than a file may hold: None, and nothing is lost."""
    spans = tuple(Span(name, "who", label, 0, 4) for name, label in (("a", "CUE"), ("b", "SOURCE")))
    base = LabelSet(ARTICLE, CODEBOOK, spans, exercise="ex")
    linked = replace(base, relations=(Relation("r", "attribution", ("a", "b")),))
    assert versions._joined(base.drop("a"), base, linked) is None
    assert versions._joined(base, base, linked) == linked
    assert versions._joined(linked, linked, base) == base
    many = replace(base, spans=tuple(Span(f"m{i}", "who", "CUE", 0, 4) for i in range(4_999)))
    assert versions._joined(many, replace(base, spans=()), base) is None


# ------------------------------------------------------------------------------------------------ copies, clocks, names


def test_copies_of_a_synchronised_folder_are_listed_and_never_picked(tmp_path: Path):
    """F9: those that hold labels of this exercise, or say that they are a conflict; other files are not mentioned."""
    store = opened(tmp_path)
    store.apply(add("a"))
    data = store.path.read_bytes()
    names = (
        "ex (conflicted copy).labels.json",
        "ex-PC.labels.json",
        "ex.labels.json.sync-conflict-1",
        "ex-conflict.json",
    )
    for name in names:
        (tmp_path / name).write_bytes(data if "-conflict.json" not in name else b"damaged")
    (tmp_path / "ex-other.labels.json").write_bytes(data.replace(b'"ss:exercise": "ex"', b'"ss:exercise": "ex-other"'))
    (tmp_path / "ex-notes.json").write_bytes(b"{}")
    (tmp_path / "ex-folder.json").mkdir()
    again = opened(tmp_path)
    assert again.notice.startswith("FILE-COPIES")
    assert again.notice.count(" · ") == 3
    listed = [name for name in sorted(names) if name in again.notice]
    assert len(listed) == 3
    assert "1" in again.notice
    assert "ex-other" not in again.notice
    assert "notes" not in again.notice
    again.apply(add("b"))
    assert [(tmp_path / name).read_bytes() for name in names] == [data, data, data, b"damaged"]
    assert ids(again) == {"a", "b"}


def test_a_file_under_a_name_in_other_capitals(tmp_path: Path):
    """F18: where x and X are the same file, it is not called a copy of itself."""
    store = opened(tmp_path)
    store.apply(add("a"))
    os.link(store.path, tmp_path / "EX.labels.json")
    assert opened(tmp_path).notice == ""


@pytest.mark.parametrize("times", [(2_000_000_000, 1_000_000_000), (0, 4_000_000_000), (1_700_000_000,) * 2])
def test_clocks_decide_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: tuple[int, int]):
    """F16: with clocks and file times years apart, forwards or back, order and backups follow the revisions."""
    for i, name in enumerate("abcd"):
        monkeypatch.setattr(time, "time", lambda at=times[i % 2]: float(at))
        store = opened(tmp_path)
        assert store.apply(add(name)).revision == i + 1
        for path in tmp_path.rglob("*.json"):
            os.utime(path, (times[i % 2],) * 2)
    store.path.write_bytes(b"damaged")
    assert {span.id for span in opened(tmp_path).labels.spans} == set("abcd")


@pytest.mark.parametrize("name", ["CON", "nul", "Com7"])
def test_names_that_windows_keeps_for_devices(tmp_path: Path, name: str):
    """F18: the file gets another name, the exercise keeps its own."""
    store = LabelStore(tmp_path, name, ARTICLE, CODEBOOK)
    store.apply(add("a"))
    assert store.path.name == f"{name}_.labels.json"
    assert LabelStore(tmp_path, name, ARTICLE, CODEBOOK).labels.exercise == name


def test_long_paths(tmp_path: Path):
    """F18: more than 260 characters work where the system allows them; a name that it refuses is named."""
    deep = tmp_path.joinpath(*["a long folder name " * 3] * 6)
    assert len(str(deep)) > 260
    store = opened(deep)
    store.apply(add("a"))
    assert _ids(deep / "ex.labels.json") == {"a"}
    with pytest.raises(StoreError, match="SAVE-PATH") as caught:
        LabelStore(tmp_path, "e" * 238, ARTICLE, CODEBOOK).apply(add("a"))
    assert str(caught.value).count(" · ") == 3


def test_temporary_files_are_beside_the_file_that_a_link_points_to(tmp_path: Path):
    """F18: another device for temporary files, or for the link, does not matter."""
    real = tmp_path / "far" / "mine.json"
    real.parent.mkdir()
    (tmp_path / "near").mkdir()
    (tmp_path / "near" / "ex.labels.json").symlink_to(real)
    folders = set()

    def act(_: int, name: str) -> None:
        if name == "write temporary":
            folders.update(path.parent for path in tmp_path.rglob(".mine.json.*.tmp"))

    with FaultyFS(tmp_path, act):
        opened(tmp_path / "near").apply(add("a"))
    assert folders == {real.parent}
    assert (tmp_path / "near" / "ex.labels.json").is_symlink()


def test_a_removal_while_the_file_was_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Both know the label, one removes it, the other adds another in the same moment: it stays removed."""
    ours, theirs = opened(tmp_path), opened(tmp_path)
    ours.apply(add("a"))
    theirs.refresh()
    ours.path.unlink()
    _meanwhile(monkeypatch, "after the check", lambda: theirs.apply(add("b")))
    ours.apply(remove("a"))
    assert ids(ours) == {"b"}
    assert conflicts(ours) == []


# --------------------------------------------------------------------------------------------- anything, in any order


class Crash(BaseException):
    """The power goes: from some call on, nothing happens any more."""


class Programs(RuleBasedStateMachine):
    """Two programs on one file, with and without locks; crashes, faults, old versions, deleted files."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.stores = [opened(self.folder), opened(self.folder)]
        self.must: set[str] = set()  # acknowledged, and not removed since
        self.never: set[str] = set()  # acknowledged to be removed, and no old version came back since
        self.old: list[bytes] = []
        self.number = 0

    def teardown(self) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self.folder)

    def _change(self, which: int, names: st.DataObject) -> tuple[str, dict[str, Any]]:
        self.number += 1
        held = sorted(self.must)
        if held and names.draw(st.integers(0, 2)) == 0:
            name = names.draw(st.sampled_from(held))
            return name, remove(name)
        return f"n{self.number}", add(f"n{self.number}")

    def _try(self, which: int, name: str, change: dict[str, Any]) -> None:
        removed = change["op"] == "remove"
        self.must -= {name}
        self.stores[which].apply(change, client=f"c{which}", seq=self.number)
        (self.never if removed else self.must).add(name)

    @rule(which=st.integers(0, 1), names=st.data())
    def edit(self, which: int, names: st.DataObject) -> None:
        """An ordinary change."""
        self._try(which, *self._change(which, names))

    @rule(which=st.integers(0, 1), names=st.data(), after=st.booleans())
    def at_once(self, which: int, names: st.DataObject, after: bool) -> None:
        """Both change something in the same moment, without locks."""
        mine, theirs = self._change(which, names), (f"t{self.number}", add(f"t{self.number}"))
        with pytest.MonkeyPatch.context() as patch:
            at = "after the check" if after else "before the check"
            patch.setattr("secondsource.label_file._PATIENCE", 60.0)  # on a busy computer
            _meanwhile(patch, at, lambda: self._try(1 - which, *theirs))
            self._try(which, *mine)

    @rule(which=st.integers(0, 1), names=st.data(), at=st.integers(1, 90))
    def crash(self, which: int, names: st.DataObject, at: int) -> None:
        """A program is gone in the middle of a change, or after it, and is started again."""
        name, change = self._change(which, names)
        deleted = not self.stores[0].path.exists()

        def act(count: int, call: str) -> None:
            if count >= at:
                raise Crash

        try:
            with FaultyFS(self.folder, act):
                self._try(which, name, change)
        except Crash:
            pass
        self.stores[which] = opened(self.folder)
        assert "FILE-REPAIRED" not in self.stores[which].notice
        if deleted:  # what was in the memory of this program only is gone with it
            self.must &= self._anywhere()

    @rule(which=st.integers(0, 1), names=st.data(), at=st.integers(1, 80), code=st.sampled_from(FAULTS))
    def fault(self, which: int, names: st.DataObject, at: int, code: int) -> None:
        """One call fails; then the page tries again."""
        name, change = self._change(which, names)

        def act(count: int, call: str) -> None:
            if count == at:
                raise OSError(code, os.strerror(code))

        try:
            with FaultyFS(self.folder, act):
                self._try(which, name, change)
        except StoreError:
            self._try(which, name, change)

    @rule()
    def remember(self) -> None:
        """A synchroniser takes a copy."""
        if self.stores[0].path.exists():
            self.old.append(self.stores[0].path.read_bytes())

    @precondition(lambda self: self.old)
    @rule(which=st.data())
    def restore(self, which: st.DataObject) -> None:
        """It puts an old copy back, while both programs know the newest state."""
        for store in self.stores:
            store.refresh()
        self.stores[0].path.write_bytes(which.draw(st.sampled_from(self.old)))
        self.never.clear()
        for store in self.stores:
            store.refresh()
            self.must &= self._anywhere()  # what no program had in memory any more

    @rule()
    def delete(self) -> None:
        """Somebody deletes the file; the programs know the newest state."""
        for store in self.stores:
            store.refresh()
        self.stores[0].path.unlink(missing_ok=True)
        self.never.clear()  # a program that had not heard of a removal may write the label again

    def _anywhere(self) -> set[str]:
        paths = [self.stores[0].path, *self.folder.glob("*.conflict-*")]
        there = {name for path in paths if path.exists() for name in _ids(path)}
        return there | {span.id for store in self.stores for span in store.labels.spans}

    @invariant()
    def nothing_is_lost(self) -> None:
        """In the file, in a conflict file, or, where the file was deleted, in a program that writes it again."""
        assert self.must <= self._anywhere()
        path = self.stores[0].path
        if path.exists() and not list(self.folder.glob("*.conflict-*")):
            assert not self.never & _ids(path)


TestPrograms = Programs.TestCase
TestPrograms.settings = settings(max_examples=15, stateful_step_count=12)
