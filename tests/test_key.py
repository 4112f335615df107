"""Keys: what they know, what they refuse, and the part of a key that an exercise asks for."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondsource.article import Article
from secondsource.case import Case
from secondsource.codebook import Codebook
from secondsource.errors import CaseError, FormatError, MismatchError
from secondsource.key import Key

FOLDER = Path(__file__).parent / "formats" / "frozen" / "0.1.0"
ARTICLE = Article((FOLDER / "article.txt").read_bytes().decode())
CODEBOOK = Codebook.parse((FOLDER / "codebook.toml").read_text(encoding="utf-8"))
DATA = (FOLDER / "who.json").read_bytes()


def read(data: bytes) -> Key:
    """Read a key over the small article."""
    return Key.read(data, ARTICLE, CODEBOOK, name="who.json")


KEY = read(DATA)


def test_the_bundled_keys():
    """They open, obey the law, are drafts that no human annotator has validated, and are written byte for byte."""
    case = Case.open("analyst-claims")
    folder = Path(str(case._folder)) / "keys"
    for layer in case.layers:
        key = case.key(layer)
        assert key.layer.id == layer
        assert key.provenance.status == "draft"
        assert key.provenance.human_annotators == 0
        assert all(case.article.text[d.start : d.end] == d.quote for d in key.distractors)
        assert key.write() == (folder / f"{layer}.json").read_bytes()


def test_what_is_written_is_read_again():
    """Tiers, reasons, alternatives, extents, relations, distractors and provenance survive."""
    assert read(KEY.write()) == KEY
    assert KEY.article is KEY.labels.article
    assert set(KEY.by_id) == {s.id for s in KEY.labels.spans}


def test_what_earns_credit():
    """The label itself and the accepted alternatives; a label is not an alternative to itself."""
    cue = KEY.by_id["a_2"]
    assert [cue.accepts(label) for label in ("CUE", "SOURCE", "CONTENT")] == [True, True, False]
    assert KEY.by_id["a4"].also == ()


Change = Callable[[dict[str, Any]], Any]


def item(data: dict[str, Any]) -> dict[str, Any]:
    """The entry with extents, as JSON."""
    return next(i for i in data["first"]["items"] if i["id"].endswith(":a4"))


def head(data: dict[str, Any]) -> dict[str, Any]:
    """What the key says of itself, as JSON."""
    return data["ss:key"]


def trap(data: dict[str, Any]) -> dict[str, Any]:
    """The first distractor, as JSON."""
    return data["ss:key"]["distractors"][0]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda d: item(d).pop("ss:key"), "key entry a4: a tier, a reason"),
        (lambda d: item(d)["ss:key"].update(reason=" "), "key entry a4: a tier, a reason"),
        (lambda d: item(d)["ss:key"].update(counter=""), "key entry a4: a tier, a reason"),
        (lambda d: item(d)["ss:key"].update(extents=[[1]]), "key entry a4: an extent is a pair"),
        (lambda d: item(d)["ss:key"].update(extents=[[5, 5]]), "key entry a4: [5, 5) is not a span"),
        (lambda d: item(d)["ss:key"].update(also=["CLUE"]), "key entry a4: There is no label “CLUE” in the layer who"),
        (lambda d: head(d).update(layer="claims"), "key entry a3: it belongs to the layer who, and the key to claims"),
        (lambda d: head(d).update(layer="whom"), "There is no layer “whom”"),
        (lambda d: trap(d).update(tempting=[]), "distractor d2: an id of its own, a tempting label"),
        (lambda d: trap(d).update(tempting=["CLUE"]), "distractor d2: There is no label “CLUE” in the layer who"),
        (lambda d: trap(d).update(why_not="\n"), "distractor d2: an id of its own"),
        (lambda d: trap(d).update(layer="claims"), "distractor d2: it belongs to the layer claims"),
        (lambda d: trap(d).update(quote="mall"), "distractor d2: ANCHOR-MISMATCH"),
        (lambda d: trap(d).update(start=10**14), "distractor d2: [100000000000000, 23) is not a span"),
        (lambda d: trap(d).update(id="d1"), "distractor d1: an id of its own"),
    ],
)
def test_entries_that_break_a_rule(change: Change, told: str):
    """The error names the file, the entry and the rule."""
    data = json.loads(DATA)
    change(data)
    with pytest.raises(CaseError) as caught:
        read(json.dumps(data).encode())
    assert str(caught.value).startswith("who.json: ")
    assert told in str(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.pop("ss:key"),
        lambda d: head(d).update(mode="sealed"),
        lambda d: head(d).pop("provenance"),
        lambda d: head(d)["provenance"].update(status="perfect"),
        lambda d: head(d)["provenance"].update(passes="2"),
        lambda d: item(d)["ss:key"].update(tier="sure"),
        lambda d: item(d)["ss:key"].update(extents=[[True, 5]]),
        lambda d: trap(d).update(start=1.0),
        lambda d: d["first"]["items"].append(item(d)),
    ],
)
def test_files_that_are_not_keys(change: Change):
    """A label file, or a key that lacks what every key has, is a format error."""
    data = json.loads(DATA)
    change(data)
    with pytest.raises(FormatError, match="FILE-INVALID"):
        read(json.dumps(data).encode())


def test_keys_of_another_article():
    """Nothing is scored against the wrong text."""
    with pytest.raises(MismatchError, match="VERSION-ARTICLE"):
        Key.read(DATA, Article("Another text."), CODEBOOK, name="who.json")


def test_within_nothing_and_everything():
    """None asks for all of the key, an empty list for none of it."""
    assert KEY.within(None) is KEY
    assert KEY.within(s.id for s in ARTICLE.sentences) == KEY
    none = KEY.within([])
    assert (none.spans, none.distractors, none.relations, len(none.labels)) == ((), (), (), 0)
    assert none.provenance == KEY.provenance


@given(st.sets(st.sampled_from([s.id for s in ARTICLE.sentences])))
def test_within_some_sentences(wanted: set[str]):
    """A span belongs where it starts; a relation stays with all its members; both views show the same spans."""
    part = KEY.within(wanted)
    assert [k.span for k in part.spans] == list(part.labels.spans)
    assert {k.span.id for k in part.spans} == {
        k.span.id for k in KEY.spans if ARTICLE.sentence_at(k.span.start).id in wanted
    }
    assert {r.id for r in part.relations} == {r.id for r in KEY.relations if all(m in part.by_id for m in r.members)}
    assert all(ARTICLE.sentence_at(d.start).id in wanted for d in part.distractors)
    rest = KEY.within({s.id for s in ARTICLE.sentences} - wanted)
    assert len(part.spans) + len(rest.spans) == len(KEY.spans)
    assert len(part.distractors) + len(rest.distractors) == len(KEY.distractors)
