"""The native format: what is written is read again, and what is not a label file is one plain error."""

import contextlib
import copy
import json
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secondsource.article import Article
from secondsource.codebook import Codebook
from secondsource.errors import FormatError, MismatchError, OffsetError
from secondsource.formats import strict_json, w3c
from secondsource.formats.schema import Stamp
from secondsource.key import Key
from secondsource.spans import LabelSet, Relation, Span
from strategies import ARTICLE, CODEBOOK, label_sets, names

FORMATS = Path(__file__).parent / "formats"
BAD = sorted((FORMATS / "bad").glob("*/*.labels.json"))
FROZEN = sorted((FORMATS / "frozen").iterdir())

counters = st.dictionaries(names, st.integers(0, 10**9), max_size=3)
stamps = st.builds(
    Stamp,
    revision=st.integers(0, 10**9),
    saved_at=st.sampled_from(["", "2026-11-22T09:08:07Z"]),
    writer=names,
    previous=names,
    clients=counters,
    writers=counters,
)


def small() -> LabelSet:
    """One label with a note, an attribute and a relation."""
    start, end = ARTICLE.locate("The 😀 mill")
    span = Span("a", "who", "CONTENT", start, end, confidence=0.8, note="n", attributes={"form": "mixed"})
    return LabelSet(ARTICLE, CODEBOOK, (span,), (Relation("r", "attribution", ("a",)),), "ex", "ada")


def read(data: bytes) -> LabelSet:
    """Read over the small article."""
    return w3c.read(data, ARTICLE, CODEBOOK, name="x.labels.json")[0]


def refused(data: bytes) -> FormatError | MismatchError:
    """Return the one error that reading raises; anything else fails the test."""
    with pytest.raises((FormatError, MismatchError)) as caught:
        read(data)
    return caught.value


# ----------------------------------------------------------------------------------------------------- writing, reading


@given(label_sets(), stamps)
def test_what_is_written_is_read_again(labels: LabelSet, stamp: Stamp):
    """Every label set and stamp comes back equal, and so do the bytes."""
    data = w3c.write(labels, stamp)
    again, its_stamp = w3c.read(data, ARTICLE, CODEBOOK, name="x")
    assert (again, its_stamp) == (labels, stamp)
    assert w3c.write(again, its_stamp) == data


@given(label_sets(), st.randoms())
def test_bytes_do_not_depend_on_order(labels: LabelSet, random: Any):
    """The same labels and relations, put together in any order, are written as the same bytes."""
    spans, relations = list(labels.spans), list(labels.relations)
    random.shuffle(spans)
    random.shuffle(relations)
    again = LabelSet(ARTICLE, CODEBOOK, tuple(spans), tuple(relations), labels.exercise, labels.rater)
    assert w3c.write(again) == w3c.write(labels)


def test_equal_confidences_are_written_alike():
    """Neither 1 and 1.0 nor 0.0 and -0.0 make a difference."""
    for confidences in ((1, 1.0), (0, 0.0, -0.0)):
        made = {
            w3c.write(LabelSet(ARTICLE, CODEBOOK, (Span("a", "who", "CUE", 0, 4, confidence=c),))) for c in confidences
        }
        assert len(made) == 1


def test_the_shape_is_that_of_the_recommendation():
    """A collection with one page; tagging and commenting bodies; quote and position selectors in code points."""
    made = json.loads(w3c.write(small(), Stamp(3, "2026-11-22T09:08:07Z")))
    assert made["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    assert (made["type"], made["total"], made["modified"]) == ("AnnotationCollection", 2, "2026-11-22T09:08:07Z")
    assert made["creator"] == {"type": "Person", "nickname": "ada"}
    annotation, link = made["first"]["items"]
    assert [(body["purpose"], body["value"]) for body in annotation["body"]] == [
        ("tagging", "CONTENT"),
        ("commenting", "n"),
    ]
    assert annotation["target"]["selector"] == [
        {
            "type": "TextQuoteSelector",
            "exact": "The 😀 mill",
            "prefix": "Mill closes\n\n",
            "suffix": " closed, Ines Falk said. “Nobody",
        },
        {"type": "TextPositionSelector", "start": 13, "end": 23},
    ]
    assert (link["motivation"], link["target"]) == ("linking", [annotation["id"]])


def test_files_are_utf8_with_lf():
    """No byte-order mark, no escapes for letters, one newline at the end."""
    data = w3c.write(small())
    assert "😀".encode() in data
    assert data.endswith(b"}\n")
    assert b"\r" not in data


# ------------------------------------------------------------------------------------------------------- frozen files


@pytest.mark.parametrize("folder", FROZEN, ids=lambda folder: folder.name)
def test_files_of_every_version_open_for_ever(folder: Path):
    """Label file, key and codebook of an earlier version mean today what they meant then."""
    article = Article((folder / "article.txt").read_bytes().decode("utf-8"))
    codebook = Codebook.parse((folder / "codebook.toml").read_text(encoding="utf-8"))
    labels, stamp = w3c.read((folder / "ex.labels.json").read_bytes(), article, codebook, name="ex.labels.json")
    assert [(s.id, s.label, s.quote, s.confidence) for s in labels.spans] == [
        ("f", "FACT", "Mill closes", 0.25),
        ("a3", "CONTENT", "The 😀 mill closed", 0.0),
        ("a4", "CONTENT", "closed, Ines", None),
        ("a-1", "SOURCE", "Ines Falk", 0.8),
        ("a_2", "CUE", "said", 1.0),
        ("rtl", "CONTENT", "קראו: לא ידוע", None),
        ("n", "NONE", "It rained.", None),
    ]
    assert labels["a-1"].note == "A “note” with 😀\nand a second line."
    assert labels["a3"].attributes == {"form": "mixed"}
    assert labels.relations[1] == Relation("r2", "attribution", ("rtl",), "r1")
    assert (labels.exercise, labels.rater) == ("ex", "Ada Ö.")
    assert (stamp.revision, stamp.saved_at, stamp.clients) == (
        7,
        "2026-11-22T09:08:07Z",
        {"client-1": 4, "client-2": 1},
    )
    key = Key.read((folder / "who.json").read_bytes(), article, codebook, name="who.json")
    assert [k.tier for k in key.spans] == ["core", "acceptable", "contested", "core", "acceptable", "core"]
    assert key.by_id["a_2"].also == ("SOURCE",)
    assert len(key.by_id["a4"].extents) == 1
    assert [(d.id, d.quote, d.tempting) for d in key.distractors] == [
        ("d2", "mill", ("SOURCE",)),
        ("d1", "she wrote", ("SOURCE", "CUE")),
    ]
    assert (key.provenance.status, key.provenance.human_annotators) == ("draft", 0)


def test_there_are_frozen_files():
    """The loop above has something to open."""
    assert [folder.name for folder in FROZEN] == ["0.1.0"]


# ------------------------------------------------------------------------------------------------------------ bad files


@pytest.mark.parametrize("path", BAD, ids=lambda path: f"{path.parent.name}/{path.name.partition('.')[0]}")
def test_bad_files(path: Path):
    """Each file of the corpus is one error with the code its folder is named after, in words fit for a person."""
    error = refused(path.read_bytes())
    told = str(error)
    assert told.startswith(f"{path.parent.name} · x.labels.json")
    assert told.count(" · ") == 3
    assert len(told) < 500
    assert told.isprintable()


def test_there_are_bad_files():
    """The corpus has not been lost."""
    assert len(BAD) > 120


def _generated() -> dict[str, tuple[str, Callable[[], bytes]]]:
    text = w3c.write(small()).decode()

    def spans(count: int) -> bytes:
        made = json.loads(text)
        first = made["first"]["items"][0]
        made["first"]["items"] = [{**first, "id": f"s{i}"} for i in range(count)]
        return json.dumps(made, separators=(",", ":")).encode()

    def relations(count: int, extra: int = 0) -> bytes:
        made = json.loads(text)
        link = {"motivation": "linking", "target": ["a"], "ss:relation": "x"}
        made["first"]["items"] += [{**link, "id": f"r{i % (count - extra)}"} for i in range(count)]
        return json.dumps(made, separators=(",", ":")).encode()

    many = ",".join(f'"k{i}":0' for i in range(250_000))
    return {
        "too many bytes": ("FILE-LIMIT", lambda: text.encode() + b" " * strict_json.MAX_BYTES),
        "5,001 labels": ("FILE-INVALID", lambda: spans(5_001)),
        "nested 100,000 deep": ("FILE-LIMIT", lambda: b"[" * 100_000 + b"]" * 100_000),
        "nested and cut": ("FILE-LIMIT", lambda: b'{"a":' * 100_000),
        "a number of a million digits": ("FILE-LIMIT", lambda: text.replace("0.8", "9" * 1_000_000).encode()),
        "a fraction of a million digits": (
            "FILE-INVALID",
            lambda: text.replace("0.8", "1." + "9" * 1_000_000).encode(),
        ),
        "a quarter of a million keys, one of them twice": ("FILE-NOTLABELS", lambda: f'{{{many},"k1":0}}'.encode()),
        "60,000 relations, one of them twice": ("FILE-INVALID", lambda: relations(60_000, 1)),
        "a million open brackets in a text": ("FILE-NOTLABELS", lambda: b'"' + b"[" * 1_000_000 + b'"'),
    }


@pytest.mark.parametrize("name", _generated())
def test_large_bad_files(name: str):
    """Files that are too large to keep here are refused in seconds, whatever they try."""
    code, make = _generated()[name]
    data = make()
    started = time.process_time()
    error = refused(data)
    assert time.process_time() - started < 10
    assert isinstance(error, FormatError)
    assert error.code == code
    assert len(str(error)) < 500


def test_as_many_labels_as_allowed():
    """Five thousand are written and read; the 5,001st is refused before anything is written."""
    spans = tuple(Span(f"s{i}", "who", "CUE", 0, 4) for i in range(5_001))
    labels = LabelSet(ARTICLE, CODEBOOK, spans[:-1])
    assert read(w3c.write(labels)) == labels
    with pytest.raises(OffsetError, match="5001 labels"):
        w3c.write(LabelSet(ARTICLE, CODEBOOK, spans))


def test_cut_at_every_byte():
    """However much of a file is missing, it is one error; only the last newline is not missed."""
    data = w3c.write(small())
    for length in range(len(data) - 1):
        error = refused(data[:length])
        assert isinstance(error, FormatError)
        assert error.code == "FILE-NOTLABELS"
    assert read(data[:-1]) == small()


def test_every_byte_damaged():
    """A byte that became another is one error, or a file that still obeys every rule."""
    data = w3c.write(small())
    for i in range(len(data)):
        for byte in (0x00, 0x22, 0x7B, 0xFF, data[i] ^ 1):
            with contextlib.suppress(FormatError, MismatchError):
                read(data[:i] + bytes([byte]) + data[i + 1 :])


@given(st.binary(max_size=200))
@settings(max_examples=150)
def test_any_bytes(data: bytes):
    """Noise is never anything but a format error."""
    assert isinstance(refused(data), FormatError)


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=10)
    | st.sampled_from(["Annotation", "classifying", "linking", "a", "urn:secondsource:span:a", 0, 1, 13, 23, [], {}]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, child in inner for place in _places(child, (*path, key)))]


WHOLE = json.loads((FROZEN[0] / "who.json").read_bytes())
PLACES = _places(WHOLE)[1:]


@given(
    st.lists(
        st.tuples(st.sampled_from(PLACES), st.sampled_from(["set", "drop", "twice"]), values), min_size=1, max_size=3
    )
)
@settings(max_examples=400)
def test_any_change_of_a_file(changes: list[tuple[tuple[Any, ...], str, Any]]):
    """Values replaced, dropped or doubled anywhere: one error, or labels that obey the law."""
    made = json.loads(json.dumps(WHOLE))
    for path, what, value in changes:
        with contextlib.suppress(KeyError, IndexError, TypeError, AttributeError):
            parent = made
            for step in path[:-1]:
                parent = parent[step]
            if what == "set":
                parent[path[-1]] = copy.deepcopy(value)
            elif what == "drop":
                del parent[path[-1]]
            else:
                parent.insert(path[-1], copy.deepcopy(parent[path[-1]]))
    data = json.dumps(made).encode()
    with contextlib.suppress(FormatError, MismatchError):
        labels, stamp = w3c.read(data, ARTICLE, CODEBOOK, name="x")
        assert all(ARTICLE.text[s.start : s.end] == s.quote for s in labels.spans)
        assert read(w3c.write(labels, stamp)) == labels


# ------------------------------------------------------------------------------------------------------ what is allowed


def test_unknown_fields_do_no_harm():
    """Fields of other tools or of a newer minor version are passed over, wherever they stand."""
    made = json.loads(w3c.write(small()))
    places = [made, made["first"], *made["first"]["items"], made["first"]["items"][0]["target"], made["ss:codebook"]]
    for place in places:
        place["x:new"] = {"deep": [1, None, "text"]}
    assert read(json.dumps(made).encode()) == small()


def test_optional_fields_may_be_missing():
    """Another tool need not know revisions, clients, contexts or the rater."""
    made = json.loads(w3c.write(small()))
    for name in (
        "@context",
        "id",
        "label",
        "total",
        "creator",
        "ss:revision",
        "ss:writer",
        "ss:previous",
        "ss:clients",
    ):
        del made[name]
    labels, stamp = w3c.read(json.dumps(made).encode(), ARTICLE, CODEBOOK, name="x")
    assert (labels.spans, labels.rater, stamp) == (small().spans, "", Stamp())


def test_selectors_and_bodies_in_any_order():
    """Their types and purposes say what they are."""
    made = json.loads(w3c.write(small()))
    item = made["first"]["items"][0]
    item["body"].reverse()
    item["target"]["selector"].reverse()
    assert read(json.dumps(made).encode()) == small()


# ------------------------------------------------------------------------------------------------------------- the JSON


@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"])),
        st.integers(-(10**14), 10**14) | st.text() | st.floats(allow_nan=False),
    )
)
def test_ordinary_json_is_read_as_usual(value: dict[str, Any]):
    """Strictness changes no value of a legal file; what it refuses are halves of characters and infinities."""
    try:
        made = strict_json.loads(json.dumps(value).encode(), "x")
    except FormatError:
        assert any(isinstance(v, float) and math.isinf(v) for v in value.values()) or "\\ud" in json.dumps(value)
    else:
        assert made == value


def test_depth_is_counted_exactly():
    """Thirty-two levels are read, thirty-three are not."""
    for depth, legal in ((strict_json.MAX_DEPTH - 1, True), (strict_json.MAX_DEPTH, False)):
        data = b'{"a":' + b"[" * (depth - 1) + b"1" + b"]" * (depth - 1) + b"}"
        with contextlib.nullcontext() if legal else pytest.raises(FormatError, match="FILE-LIMIT"):
            assert strict_json.loads(data, "x")["a"]


def test_size_is_counted_exactly():
    """Five mebibytes are read, one byte more is not."""
    data = b'{"a":1}'.ljust(strict_json.MAX_BYTES)
    assert strict_json.loads(data, "x") == {"a": 1}
    with pytest.raises(FormatError, match="FILE-LIMIT"):
        strict_json.loads(data + b" ", "x")
