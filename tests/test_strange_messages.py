"""Messages that no page of ours would send, to the sorter in all its forms and to the chain builder."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from decks import write_course
from secondsource.course import Exercise
from secondsource.formats import w3c

# How each is done, and an answer that is legal.
FORMS = {
    "claims": ("sort", "opinion"),
    "recall": ("sort", "RIGHT"),
    "questions": ("sort", "ANSWER"),
    "before": ("sort", "3"),
    "chains": ("chains", "HAND"),
}
STRANGE: list[Any] = [
    *(None, True, False, 0, -1, 2**63, 10**400, 1.5, math.nan, math.inf, "", " ", "x" * 100_000, "\ud800", "a\0"),
    *(
        "__proto__",
        "../../x",
        "\u202e",
        "add",
        "link",
        "chain",
        "HAND",
        "r1",
        [],
        ["a"],
        [["a"]],
        {},
        {"id": {"id": 1}},
    ),
]


class Page:
    """What a page sends to a widget, and what it is told."""

    def __init__(self, ex: Exercise, how: str) -> None:
        self.ex, self.told = ex, list[dict[str, Any]]()
        self.widget = getattr(ex, how)()
        self.widget.send = self.told.append
        self.head = {"type": "op", "client": "c", "exercise": ex.task.id, "article": ex.case.article.sha256}

    def send(self, message: object) -> list[dict[str, Any]]:
        """Replies to one message; each can be sent as JSON."""
        before = len(self.told)
        self.widget._receive(self.widget, message, [])
        for reply in self.told[before:]:
            json.dumps(reply, ensure_ascii=False, allow_nan=False).encode("utf-8")
        return self.told[before:]

    def operate(self, **fields: Any) -> list[dict[str, Any]]:
        """Replies to the next operation; it always gets one."""
        refused = self.widget._refused.get("c", {})
        seq = max(self.ex._store.stamp.clients.get("c", 0), *refused, 0) + 1
        replies = self.send({**self.head, "seq": seq, **fields})
        assert replies, fields
        return replies


def span(ex: Exercise, label: str, number: int = 1) -> dict[str, Any]:
    """A legal answer, or hand."""
    article = ex.case.article
    place = article.sentences[number]
    start, end = article.locate(("a letter", "the baker")[number - 1]) if label == "HAND" else (place.start, place.end)
    plain = {"confidence": None, "note": "", "attributes": {}, "discuss": False}
    words = {"id": f"s{number}", "layer": ex.layer.id, "label": label, "quote": article.text[start:end]}
    return {**words, "start": start, "end": end, **plain}


@pytest.fixture(params=FORMS)
def page(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Page:
    """A page of each form, with something on it."""
    monkeypatch.delenv("SECONDSOURCE_LABELS", raising=False)
    how, label = FORMS[request.param]
    made = Page(Exercise(request.param, folder=write_course(tmp_path)), how)
    for number in (1, 2):
        assert made.operate(op="add", span=span(made.ex, label, number))[0]["type"] == "ack"
    if label == "HAND":
        relation = {"id": "r1", "type": "chain", "members": ["s1", "s2"], "parent": None}
        assert made.operate(op="link", relation=relation)[0]["type"] == "ack"
    return made


def test_no_message_stops_a_widget_or_leaves_a_file_that_cannot_be_read(page: Page):
    """Every strange value in every field of every kind of message: an answer, and the file is what is shown."""
    ex, label = page.ex, FORMS[page.ex.task.id][1]
    good = span(ex, label)
    link = {"id": "r1", "type": "chain", "members": ["s1", "s2"], "parent": None}
    for value in STRANGE:
        page.send(value)
        for name in ("type", "client", "seq", "exercise", "article", "op", "last_acked"):
            page.send({**page.head, "seq": 1, "op": "add", "span": good, name: value})
            page.send({**page.head, "type": "hello", name: value})
        for name in good:
            page.operate(op="update", span={**good, name: value})
        for name in link:
            page.operate(op="link", relation={**link, name: value})
        page.operate(op="update", span={**good, "attributes": {"shown": value}})
        page.operate(op="link", relation={**link, "members": ["s1", value]})
        for op, what in (("remove", "span"), ("unlink", "relation"), ("update", "span"), ("link", "relation")):
            page.operate(**{"op": op, what: value})
            page.operate(**{"op": op, what: {"id": value}})
    labels, _ = w3c.read(ex._store.path.read_bytes(), ex.case.article, ex.case.codebook, name="x")
    assert (labels.spans, labels.relations) == (ex.labels.spans, ex.labels.relations)
    assert "s2" in labels
    assert page.operate(op="update", span={**good, "note": "still at work"})[-1]["type"] == "ack"


@pytest.mark.parametrize("page", ["chains"], indirect=True)
def test_chains_that_cannot_be_are_refused(page: Page):
    """Members twice, thousands, gone or of another layer; links inside of each other."""
    link = {"id": "r2", "type": "chain", "members": ["s2", "s1"], "parent": None}
    wrong = (["s1"] * 5_000, [f"s{i}" for i in range(5_000)], ["s1", "s2", "s1"], ["s1", "gone"], ["s1"], [])
    for members in wrong:
        assert page.operate(op="link", relation={**link, "members": members})[0]["type"] == "refused"
    assert page.operate(op="link", relation={**link, "parent": "r1"})[0]["type"] == "ack"
    for parent in ("r1", "r2", "r9"):
        told = page.operate(op="link", relation={**link, "id": "r1", "parent": parent})
        assert told[0]["type"] == "refused"
    assert [relation.id for relation in page.ex.labels.relations] == ["r1", "r2"]
