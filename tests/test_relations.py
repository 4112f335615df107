"""Links between labels: what may be made, what becomes of them, and that file, browser and Python agree."""

import json
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secondsource.article import Article
from secondsource.course import Exercise
from secondsource.errors import OffsetError, SecondSourceError, StoreError, UnknownNameError
from secondsource.formats import w3c
from secondsource.formats.operations import changed
from secondsource.key import Key
from secondsource.spans import LabelSet, Relation, Span
from secondsource.store import LabelStore
from secondsource.widgets import Labeller
from strategies import ARTICLE, CODEBOOK, label_sets, names, operations, spans, wire

VECTORS = json.loads((Path(__file__).parent / "js" / "relations.json").read_text(encoding="utf-8"))
FROZEN = sorted((Path(__file__).parent / "formats" / "frozen").iterdir())
S1 = ARTICLE.sentences[1]
WHO = tuple(Span(name, "who", "CUE", 0, 4) for name in "abcd")


def labels(*relations: Relation) -> LabelSet:
    """Four labels of the layer that can be linked, one of the layer that cannot."""
    return LabelSet(ARTICLE, CODEBOOK, (*WHO, Span("e", "claims", "FACT", S1.start, S1.end)), relations)


def link(name: str, *members: str, parent: str | None = None) -> Relation:
    """A link of the type that the layer offers."""
    return Relation(name, "attribution", members, parent)


def linking(relation: Relation, **changes: Any) -> dict[str, Any]:
    """The operation that makes it, as the browser sends it."""
    return {"op": "link", "relation": {**asdict(relation), "members": list(relation.members), **changes}}


# -------------------------------------------------------------------------------------------------------- the vectors


def _operation(made: LabelSet, row: list[Any]) -> dict[str, Any]:
    kind, name, *rest = row
    if kind == "link":
        return linking(link(name, *rest[0], parent=rest[1]))
    if kind in ("move", "relabel"):
        more = (
            {
                "layer": "claims",
                "label": "FACT",
                "start": S1.start,
                "end": S1.end,
                "quote": ARTICLE.text[S1.start : S1.end],
            }
            if kind == "move"
            else {"label": "SOURCE"}
        )
        return {"op": "update", "span": {**wire(made[name]), **more}}
    return {"op": kind, "relation" if kind == "unlink" else "span": {"id": name}}


@pytest.mark.parametrize("row", VECTORS["rows"], ids=lambda row: row["why"])
def test_links_follow_the_rules_that_the_browser_follows(row: dict[str, Any]):
    """The same file is read by the JavaScript tests; what is illegal is refused and changes nothing."""
    made = labels()
    assert [[s.id, s.layer] for s in sorted(made.spans, key=lambda s: s.id)] == VECTORS["spans"]
    for step in row["ops"]:
        with suppress(OffsetError):
            made = changed(made, _operation(made, step))
    assert "".join(sorted(s.id for s in made.spans)) == row["spans"]
    assert [[r.id, list(r.members), r.parent] for r in made.relations] == row["relations"]


# ------------------------------------------------------------------------------------------------------- any sequence

_FEW = st.sampled_from(["a", "b", "c", "d"])
_LINKS = st.builds(
    lambda name, members, parent, kind: linking(Relation(name, kind, tuple(members), parent)),
    st.sampled_from(["r", "s", "t"]),
    st.lists(_FEW, max_size=3),
    st.none() | st.sampled_from(["r", "s", "t"]),
    st.sampled_from(["attribution"] * 5 + ["other"]),
)
_UNLINKS = st.sampled_from(["r", "s", "t"]).map(lambda name: {"op": "unlink", "relation": {"id": name}})


class Model:
    """What the rules say, in the simplest words: two dictionaries."""

    def __init__(self) -> None:
        self.spans: dict[str, str] = {}  # id: layer
        self.links: dict[str, tuple[list[str], str | None]] = {}

    def do(self, operation: dict[str, Any]) -> bool:
        """Do it, or tell that it is illegal."""
        kind = operation["op"]
        if kind == "link":
            return self._link(operation["relation"])
        if kind == "unlink":
            self._unlink(operation["relation"]["id"])
        elif kind == "remove":
            self._leave(operation["span"]["id"])
            self.spans.pop(operation["span"]["id"], None)
        else:
            span = operation["span"]
            if self.spans.get(span["id"], span["layer"]) != span["layer"]:
                self._leave(span["id"])
            self.spans[span["id"]] = span["layer"]
        return True

    def _link(self, relation: dict[str, Any]) -> bool:
        members, parent = relation["members"], relation["parent"]
        layers = {self.spans.get(member) for member in members}
        line = [parent]
        while line[-1] in self.links and line[-1] != relation["id"]:
            line.append(self.links[line[-1]][1])
        legal = len(members) == len(set(members)) > 1 and layers == {"who"} and relation["type"] == "attribution"
        if not legal or line[-1] is not None:
            return False
        self.links[relation["id"]] = (list(members), parent)
        return True

    def _leave(self, span: str) -> None:
        for name, (members, _) in list(self.links.items()):
            if span in members:
                members.remove(span)
                if len(members) < 2:
                    self._unlink(name)

    def _unlink(self, gone: str) -> None:
        if self.links.pop(gone, None):
            self.links = {n: (m, None if parent == gone else parent) for n, (m, parent) in self.links.items()}


@given(st.lists(operations(_FEW) | _LINKS | _LINKS | _UNLINKS, max_size=30))
@settings(max_examples=200)
def test_any_sequence_keeps_the_set_legal(done: list[dict[str, Any]]):
    """A set after any operations is what two dictionaries say, and is written and read again."""
    made, model = LabelSet(ARTICLE, CODEBOOK), Model()
    for operation in done:
        if model.do(operation):
            made = changed(made, operation)
        else:
            with pytest.raises(OffsetError):
                changed(made, operation)
    assert {s.id: s.layer for s in made.spans} == model.spans
    assert {r.id: (list(r.members), r.parent) for r in made.relations} == model.links
    assert w3c.read(w3c.write(made), ARTICLE, CODEBOOK, name="x")[0] == made


@given(label_sets(), spans(), names)
def test_sets_of_other_programs_are_never_broken(made: LabelSet, span: Span, name: str):
    """A file may hold links that could not be made anew; changing its labels keeps every law, and keeps what it can."""
    for then in (made.put(span), made.drop(span.id), made.unlink(name)):
        known = {s.id for s in then.spans}
        assert all(r.members and known.issuperset(r.members) for r in then.relations)
        untouched = [r for r in made.relations if span.id not in r.members and r.parent is None and r.id != name]
        assert set(untouched) <= set(then.relations)


# ------------------------------------------------------------------------------------------------- what is not a link


@pytest.mark.parametrize(
    ("relation", "told"),
    [
        (link("r", "a"), "two or more labels of one layer"),
        (link("r", "a", "e"), "two or more labels of one layer"),
        (link("r", "a", "z"), "must join labels of this set"),
        (link("r", "a", "a"), "stands twice"),
        (link("r"), "must join labels of this set"),
        (link("a b", "a", "b"), "relation id"),
        (link("r", "a", "b", parent="q"), "no such relation"),
        (link("r", "a", "b", parent="r"), "inside of itself"),
        (Relation("r", "quotation", ("a", "b")), "of the type attribution, not quotation"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_a_link(relation: Relation, told: str):
    """One plain reason each; the set stays as it was."""
    with pytest.raises(OffsetError, match=told):
        labels().link(relation)


def test_a_layer_without_links():
    """Two labels of sentences cannot be linked where the codebook offers no link."""
    second = ARTICLE.sentences[2]
    made = labels().put(Span("f", "claims", "FACT", second.start, second.end))
    with pytest.raises(OffsetError, match="cannot be linked"):
        made.link(link("r", "e", "f"))


def test_a_circle_of_another_program_ends():
    """Looking up a line of parents that goes round comes to an end."""
    made = labels(link("r", "a", "b", parent="s"), link("s", "b", "c", parent="r"))
    with pytest.raises(OffsetError, match="inside of itself"):
        made.link(link("t", "c", "d", parent="r"))
    assert made.link(link("t", "c", "d")).relations[-1].id == "t"


@pytest.mark.parametrize(
    "operation",
    [
        *({"op": op} for op in ("link", "unlink", "join", None, 5, ["link"])),
        {"op": "link", "span": {"id": "a"}},
        {"op": "unlink", "relation": {"id": 5}},
        {"op": "link", "relation": "r"},
        *(linking(link("r", "a", "b"), **{name: value}) for name, value in [("members", "ab"), ("members", [1, 2])]),
        *(linking(link("r", "a", "b"), **{name: value}) for name, value in [("type", None), ("parent", 5)]),
        {"op": "add", "span": {**wire(replace(WHO[0], quote="Mill")), "discuss": "yes"}},
        {"op": "add", "span": {**wire(replace(WHO[0], quote="Mill")), "discuss": None}},
    ],
    ids=str,
)
def test_what_a_page_may_not_send(operation: dict[str, Any]):
    """Anything may arrive from a browser; it is one plain error."""
    with pytest.raises(OffsetError):
        changed(labels(), operation)


# ------------------------------------------------------------------------------------------------ flag for discussion


def test_the_flag_is_written_only_where_it_is_set():
    """Files without it have the bytes that they had before there was a flag."""
    made = labels()
    assert b"ss:discuss" not in w3c.write(made)
    data = w3c.write(made.put(replace(made["a"], discuss=True)))
    assert data.count(b'"ss:discuss": true') == 1
    again = w3c.read(data, ARTICLE, CODEBOOK, name="x")[0]
    assert {s.id for s in again.spans if s.discuss} == {"a"}
    assert again.frame.set_index("id")["discuss"].to_dict()["a"]


@pytest.mark.parametrize("folder", FROZEN, ids=lambda folder: folder.name)
def test_files_of_every_version_are_written_as_they_were(folder: Path):
    """Opening and saving a label file of an earlier version changes none of its bytes."""
    article = Article((folder / "article.txt").read_bytes().decode("utf-8"))
    codebook = type(CODEBOOK).parse((folder / "codebook.toml").read_text(encoding="utf-8"))
    data = (folder / "ex.labels.json").read_bytes()
    assert w3c.write(*w3c.read(data, article, codebook, name="x")) == data
    key = Key.read((folder / "who.json").read_bytes(), article, codebook, name="who.json")
    assert not any(k.span.discuss for k in key.spans)


# --------------------------------------------------------------------------------------------------------- in Python


@pytest.fixture
def ex(tmp_path: Path) -> Exercise:
    """A fresh exercise whose layer has links."""
    return Exercise("02_who_says_so", folder=tmp_path)


def three(ex: Exercise) -> tuple[str, str, str]:
    """Source, cue and content of the third sentence."""
    rows = [("Watson", "SOURCE", 2), ("stated", "CUE", None), ("crashed into the rocks", "CONTENT", None)]
    source, cue, content = (ex.add(quote, label, occurrence=which).id for quote, label, which in rows)
    return source, cue, content


def test_links_in_python(ex: Exercise):
    """Linked, taken away, and one inside of another."""
    source, cue, content = three(ex)
    outer = ex.link(source, cue)
    inner = ex.link(cue, content, parent=outer.id)
    assert set(ex.labels.relations) == {outer, inner}
    assert ex.unlink(outer.id) == outer
    assert ex.labels.relations == (replace(inner, parent=None),)
    with pytest.raises(UnknownNameError, match="link with the id"):
        ex.unlink(outer.id)
    with pytest.raises(UnknownNameError, match="label with the id"):
        ex.link("nobody", cue)
    for members in ((), (source,)):
        with pytest.raises(OffsetError):
            ex.link(*members)


def test_links_come_back_with_their_labels(ex: Exercise):
    """Undoing a removal brings the label and all its links back, inner and outer ones; redoing takes them again."""
    source, cue, content = three(ex)
    outer = ex.link(source, cue)
    middle = ex.link(content, cue, parent=outer.id)
    ex.link(content, source, parent=middle.id)
    before = ex.labels
    ex.remove(source)
    after = ex.labels
    assert after.relations == (replace(middle, parent=None),)
    assert str(ex.undo()) == "Undone: Source on “Watson” is there again."
    assert ex.labels == before
    ex.redo()
    assert ex.labels == after
    ex.undo()
    ex.unlink(outer.id)
    assert str(ex.undo()) == "Undone: The link between Source on “Watson” and Cue on “stated” is there again."
    assert ex.labels == before
    for _ in range(3):
        ex.undo()
    assert ex.labels.relations == ()
    assert str(ex.redo()) == "Done again: The link between Source on “Watson” and Cue on “stated” is there again."


def test_a_link_of_a_label_that_is_gone_elsewhere_stays_away(ex: Exercise):
    """Undo brings back what it can."""
    source, cue, _ = three(ex)
    ex.link(source, cue)
    ex.remove(source)
    ex._store.apply({"op": "remove", "span": {"id": cue}})
    ex.undo()
    assert source in ex.labels
    assert ex.labels.relations == ()


def test_a_link_whose_labels_are_gone_elsewhere_is_told_by_its_id(ex: Exercise):
    """Taking back what is gone already does no harm."""
    source, cue, _ = three(ex)
    made = ex.link(source, cue)
    for span_id in (source, cue):
        ex._store.apply({"op": "remove", "span": {"id": span_id}})
    assert str(ex.undo()) == f"Undone: The link between {made.id} is gone."


def test_what_could_not_be_brought_back_can_be_tried_again(ex: Exercise, monkeypatch: pytest.MonkeyPatch):
    """The disk is full between the label and its link: the same undo, a second time, does the rest."""
    source, cue, _ = three(ex)
    made = ex.link(source, cue)
    ex.remove(source)
    real = ex._store.apply

    def full(operation: Any, **more: Any) -> Any:
        if operation["op"] == "link":
            raise StoreError("SAVE-FULL", "The disk is full.", "Nothing was changed.", "Free some space.")
        return real(operation, **more)

    monkeypatch.setattr(ex._store, "apply", full)
    with pytest.raises(StoreError):
        ex.undo()
    monkeypatch.setattr(ex._store, "apply", real)
    ex.undo()
    assert ex.labels.relations == (made,)


def test_the_flag_in_python(ex: Exercise):
    """Set, taken away, undone; nothing but True and False is a flag."""
    _, cue, _ = three(ex)
    assert ex.discuss(cue).discuss
    assert not ex.discuss(cue, False).discuss
    assert str(ex.undo()) == "Undone: Cue on “stated” is for discussion."
    assert str(ex.undo()) == "Undone: Cue on “stated” is not for discussion."
    with pytest.raises(OffsetError, match="True or False"):
        ex.discuss(cue, "yes")


# --------------------------------------------------------------------------------------------------------- the widget


class Page:
    """What a page would hear."""

    def __init__(self, labeller: Labeller, store: LabelStore) -> None:
        self.heard: list[dict[str, Any]] = []
        labeller.send = lambda content, buffers=None: self.heard.append(content)
        self._head = {"exercise": "ex", "article": store.labels.article.sha256, "client": "me"}
        self._labeller, self._seq = labeller, 0

    def send(self, operation: dict[str, Any], seq: int = 0) -> dict[str, Any]:
        """Send an operation and return the answer."""
        self._seq = seq or self._seq + 1
        self._labeller._receive(self._labeller, {**operation, **self._head, "type": "op", "seq": self._seq}, [])
        return self.heard[-1]


def test_an_acknowledgement_says_what_the_file_holds(tmp_path: Path):
    """Of a link as of a label; what is repeated hears of the newest state."""
    store = LabelStore(tmp_path, "ex", ARTICLE, CODEBOOK)
    labeller = Labeller(store, layers=["who"])
    page = Page(labeller, store)
    for span in (replace(WHO[0], quote="Mill"), replace(WHO[1], quote="Mill", discuss=True)):
        assert page.send({"op": "add", "span": wire(span)})["span"]["discuss"] is span.discuss
    made = linking(link("r", "a", "b"))
    answer = page.send(made)
    assert (answer["type"], answer["op"], tuple(answer["relation"]["members"])) == ("ack", "link", ("a", "b"))
    assert [r["id"] for r in labeller._make_state()["relations"]] == ["r"]
    gone = page.send({"op": "unlink", "relation": {"id": "r"}})
    assert (gone["op"], gone["relation"]) == ("unlink", {"id": "r"})
    again = page.send(made, seq=3)
    assert (again["type"], again["op"]) == ("ack", "unlink")
    refused = page.send({"op": "link", "relation": {"id": "q", "type": "attribution", "members": ["a"]}}, seq=5)
    assert (refused["type"], refused["code"], refused["retry"]) == ("refused", "SAVE-REFUSED", False)


def test_links_of_layers_that_are_not_offered_are_refused(tmp_path: Path):
    """As for labels."""
    store = LabelStore(tmp_path, "ex", ARTICLE, CODEBOOK)
    for span in WHO[:2]:
        store.apply({"op": "add", "span": wire(replace(span, quote="Mill"))})
    page = Page(Labeller(store, layers=["claims"]), store)
    assert page.send(linking(link("r", "a", "b")))["type"] == "refused"
    assert page.send({"op": "link", "relation": None})["type"] == "refused"
    for wrong in (["attribution"], {"a": 1}, None, 5):
        assert page.send(linking(link("r", "a", "b"), type=wrong))["type"] == "refused"
    assert store.labels.relations == ()


def test_links_and_flags_without_a_kernel(tmp_path: Path):
    """The stored output says in words what belongs together, and what is for discussion."""
    store = LabelStore(tmp_path, "ex", ARTICLE, CODEBOOK)
    for i, span in enumerate(WHO):
        store.apply(
            {"op": "add", "span": wire(replace(span, quote="Mill", discuss=i == 0, note="Why?" if i == 0 else ""))}
        )
    html = Labeller(store, layers=["who"])._static_html()
    assert "Your links" not in html
    assert "For discussion. Why?" in html
    store.apply(linking(link("r", "a", "b")))
    html = Labeller(store, layers=["who"])._static_html()
    assert "Your links" in html
    assert html.count("Some words. “Mill”, Some words. “Mill”") == 1
    assert "Your links" not in Labeller(store, layers=["claims"])._static_html()


def test_a_file_that_lost_a_link_is_kept_beside(tmp_path: Path):
    """An older version that lacks no label but a link is a loss too: ours is kept in a file of its own."""
    store = LabelStore(tmp_path, "ex", ARTICLE, CODEBOOK)
    for span in WHO[:2]:
        store.apply({"op": "add", "span": wire(replace(span, quote="Mill"))})
    older = store.path.read_bytes()
    store.apply(linking(link("r", "a", "b")))
    store.path.write_bytes(older)
    with suppress(SecondSourceError):
        store.refresh()
    kept = [path for path in store.path.parent.iterdir() if ".conflict-" in path.name]
    assert len(kept) == 1
    assert b'"linking"' in kept[0].read_bytes()


@pytest.mark.parametrize("name", ["\ud800", "x" * 65, "", "a b", "../x"])
@pytest.mark.parametrize(("kind", "what"), [("remove", "span"), ("unlink", "relation")])
def test_what_is_no_id_is_not_removed(kind: str, what: str, name: str):
    """It could not be there, and every page would be told of it; half a character cannot even be sent."""
    with pytest.raises(OffsetError, match="is not 1 to 64 letters"):
        changed(LabelSet(ARTICLE, CODEBOOK), {"op": kind, what: {"id": name}})
