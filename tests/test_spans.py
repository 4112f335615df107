"""Laws of label sets, and how spans are cut for drawing."""

import json
import math
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondsource.article import Article
from secondsource.errors import OffsetError, QuotationError, UnknownNameError
from secondsource.spans import COLUMNS, MAX_NOTE, LabelSet, Relation, Span, fitted, lanes, segments
from strategies import ARTICLE, CODEBOOK, label_sets, names, spans

VECTORS = json.loads((Path(__file__).parent / "js" / "vectors.json").read_text(encoding="utf-8"))
CASE = SimpleNamespace(article=ARTICLE, codebook=CODEBOOK)
S1 = ARTICLE.sentences[1]


def span(name: str = "a", **changes: Any) -> Span:
    """A legal span over the word “Mill”, with changes."""
    return replace(Span(name, "who", "CUE", 0, 4), **changes)


def make(*spans: Span, **more: Any) -> LabelSet:
    """A label set over the small article."""
    return LabelSet(ARTICLE, CODEBOOK, spans, **more)


@given(label_sets())
def test_the_offset_law(labels: LabelSet):
    """Every span of every set holds exactly the words that it quotes."""
    assert all(ARTICLE.text[s.start : s.end] == s.quote for s in labels.spans)


@given(st.lists(spans(), max_size=6, unique_by=lambda span: span.id), st.randoms())
def test_order_does_not_matter(drawn: list[Span], random: Any):
    """The same spans in any order make equal sets, sorted by place."""
    shuffled = list(drawn)
    random.shuffle(shuffled)
    assert make(*drawn) == make(*shuffled)
    keys = [(s.start, s.end, s.layer, s.label, s.id) for s in make(*drawn).spans]
    assert keys == sorted(keys)


@given(label_sets(), spans())
def test_put_and_drop(labels: LabelSet, new: Span):
    """What is put is there, once; what is dropped is gone, with its part in relations; the original never changes."""
    before = labels.spans
    put = labels.put(new)
    assert put[new.id].quote == ARTICLE.text[new.start : new.end]
    assert len(put) == len(labels) + (new.id not in labels)
    assert put.put(put[new.id]) == put
    dropped = put.drop(new.id)
    assert new.id not in dropped
    assert {s.id for s in dropped.spans} == {s.id for s in labels.spans} - {new.id}
    assert all(r.members and new.id not in r.members for r in dropped.relations)
    assert dropped.drop(new.id) == dropped
    assert labels.spans == before


def test_getitem_names_the_known_ids():
    """An unknown id is an error that lists those there are."""
    with pytest.raises(UnknownNameError, match="There are: a, b"):
        make(span("a"), span("b"))["c"]


def test_what_is_no_id_is_unknown():
    """A list of ids is a common slip, and no error of Python's own."""
    labels = make(span("a"), span("b"))
    for wrong in (["a", "b"], {"a": 1}, None, 7):
        assert wrong not in labels
        with pytest.raises(UnknownNameError, match="There are: a, b"):
            labels[wrong]


def test_equal_sets_hash_alike():
    """A set is a value: it can be a member of a set or a key of a dict."""
    assert hash(make(span(confidence=1))) == hash(make(span(confidence=1.0)))


@pytest.mark.parametrize(
    "change",
    [
        *({"start": 4, "end": 4}, {"start": -1}, {"end": 10**6}, {"start": False}, {"end": 4.0}, {"end": 10**5_000}),
        *({"quote": "Mall"}, {"layer": "whom"}, {"label": "FACT"}, {"label": ["CUE"]}, {"layer": None}),
        *({"confidence": value} for value in (-0.1, 1.1, math.nan, math.inf, True, "1", 10**5_000, 1j, [0.5])),
        *({"note": value} for value in ("x" * (MAX_NOTE + 1), "\udc00", None, 5, b"note")),
        *({"attributes": value} for value in ({"form": "direct"}, {"more": "x"}, {5: "x"})),
        {"label": "CONTENT", "attributes": {"form": "indirect"}},
        {"label": "CONTENT", "attributes": {"form": ["direct"]}},
        {"start": 11, "end": 13},
        {"label": "NONE"},
        {"label": "NONE", "start": S1.start, "end": S1.end - 1},
    ],
    ids=lambda change: ",".join(change),
)
def test_what_is_not_a_label(change: dict[str, Any]):
    """Bad offsets, names, confidences, notes and attributes are refused with the label's id."""
    with pytest.raises(OffsetError, match=r"^Label a1: "):
        make(span("b2"), span("a1", **change))


@pytest.mark.parametrize("value", ["0.8", 80, "high", True, math.nan])
def test_how_sure_is_a_number(value: object):
    """The message says how to write it."""
    with pytest.raises(OffsetError) as caught:
        fitted(span(confidence=value), ARTICLE, CODEBOOK)
    assert str(caught.value) == ("How sure is said as a number from 0 to 1: 0.8 for 80 %, without quotation marks.")


def test_a_note_is_text():
    """The message says how to write it."""
    with pytest.raises(OffsetError, match="A note is text in quotation marks, up to 10000 letters, not 5"):
        fitted(span(note=5), ARTICLE, CODEBOOK)


def test_invisible_words_cannot_be_marked():
    """White space, zero-width characters and controls are not words; a combining mark alone is visible."""
    article = Article("ab \u200b\u2060\x00 e\u0301")
    with pytest.raises(OffsetError, match="no visible character"):
        LabelSet(article, CODEBOOK, (Span("a", "who", "CUE", 2, 7),))
    assert LabelSet(article, CODEBOOK, (Span("a", "who", "CUE", 8, 9),)).spans[0].quote == "\u0301"


@pytest.mark.parametrize("name", ["", "a" * 65, "a b", "ä", "a\n", "\ud800", 5, None, ["a"]])
def test_what_is_not_an_id(name: object):
    """Ids are short and plain, in labels and in relations."""
    with pytest.raises(OffsetError, match="label id"):
        make(span("a"), span(name))
    with pytest.raises(OffsetError, match="relation id"):
        make(span("a"), relations=(Relation(name, "attribution", ("a",)),))


def test_ids_are_unique():
    """Twice the same id is refused, even for equal spans."""
    with pytest.raises(OffsetError, match="label id a stands twice"):
        make(span("a"), span("a"))
    with pytest.raises(OffsetError, match="relation id r stands twice"):
        make(span("a"), relations=(Relation("r", "x", ("a",)),) * 2)


@pytest.mark.parametrize("members", [(), ("b",), ("a", "b"), ("a", "a"), ("\ud800",)])
def test_relations_join_labels_of_the_set(members: tuple[str, ...]):
    """At least one, each once, and none from elsewhere."""
    with pytest.raises(OffsetError):
        make(span("a"), relations=(Relation("r", "attribution", members),))


@pytest.mark.parametrize("change", [{"exercise": "\ud800"}, {"rater": "x" * (MAX_NOTE + 1)}, {"rater": 5}])
def test_names_of_a_set_are_text(change: dict[str, Any]):
    """What could not be written to a file does not get into a set."""
    with pytest.raises(OffsetError):
        make(**change)


def test_relation_types_are_text():
    """Half a character cannot be written."""
    with pytest.raises(OffsetError, match="half a character"):
        make(span("a"), relations=(Relation("r", "\ud800", ("a",)),))


def test_what_is_filled_in():
    """Quotation from the article, confidence as a float, no negative zero, attributes in order."""
    made = make(span(confidence=1), span("b", label="CONTENT", confidence=-0.0, attributes={"form": "direct"}))
    assert [(s.quote, repr(s.confidence)) for s in made.spans] == [("Mill", "0.0"), ("Mill", "1.0")]


def test_sentence_labels_mark_whole_sentences():
    """The bounds are those of the sentence, the headline included."""
    for sentence in ARTICLE.sentences:
        assert make(Span("a", "claims", "FACT", sentence.start, sentence.end)).spans[0].start == sentence.start


def test_from_quotes():
    """Quotation and label, then confidence, then which occurrence; ids count in the order given."""
    rows = [("said", "CUE"), ("Ines Falk", "SOURCE", 0.8), ("ed", "CONTENT", None, 2)]
    made = LabelSet.from_quotes(CASE, "who", rows, rater="ada")
    assert [(s.id, s.label, s.quote, s.confidence) for s in made.spans] == [
        ("q2", "SOURCE", "Ines Falk", 0.8),
        ("q1", "CUE", "said", None),
        ("q3", "CONTENT", "ed", None),
    ]
    assert made.rater == "ada"
    with pytest.raises(QuotationError, match="QUOTE-SEVERAL"):
        LabelSet.from_quotes(CASE, "who", [("ed", "CONTENT")])


def test_frame():
    """One row per label in text order; a confidence that was not said is NaN; empty sets keep columns and types."""
    one = Span("b", "who", "CONTENT", S1.start, S1.end, attributes={"form": "direct"}, note="n")
    frame = make(one, span(confidence=0.5)).frame
    assert list(frame.columns) == list(COLUMNS)
    assert frame["sentence"].tolist() == ["H", "S1"]
    assert frame["attributes"].tolist() == ["", "form=direct"]
    assert frame["confidence"][0] == 0.5
    assert math.isnan(frame["confidence"][1])
    empty = make().frame
    assert len(empty) == 0
    pd.testing.assert_series_equal(
        empty.dtypes[["start", "end", "confidence"]], frame.dtypes[["start", "end", "confidence"]]
    )


def test_touching_is_not_overlapping():
    """Half-open spans share a character or they do not, in either direction."""
    a, b, c = span(start=0, end=4), span(start=4, end=8), span(start=3, end=5)
    assert not a.overlaps(b)
    assert not b.overlaps(a)
    assert a.overlaps(c)
    assert c.overlaps(b)
    assert a.overlaps(a)


def _drawn(rows: list[list[Any]]) -> list[Span]:
    return [Span(name, "who", "CUE", start, end) for name, start, end in rows]


@pytest.mark.parametrize("row", VECTORS["segments"], ids=lambda row: row["why"])
def test_segments_agree_with_the_browser(row: dict[str, Any]):
    """The same file is read by the JavaScript tests."""
    assert [list(run) for run in segments(*row["range"], _drawn(row["spans"]))] == row["runs"]


@pytest.mark.parametrize("row", VECTORS["lanes"])
def test_lanes_agree_with_the_browser(row: dict[str, Any]):
    """The same file is read by the JavaScript tests."""
    assert lanes(0, 100, _drawn(row["spans"])) == row["lanes"]


places = st.tuples(st.integers(0, 40), st.integers(1, 12)).map(lambda pair: (pair[0], sum(pair)))
many = st.lists(st.tuples(names, places), max_size=12, unique_by=lambda row: row[0]).map(
    lambda rows: _drawn([[name, *place] for name, place in rows])
)


@given(places, many, st.sets(st.integers(0, 60)))
def test_segments_partition_the_stretch(place: tuple[int, int], drawn: list[Span], cuts: set[int]):
    """Pieces follow one another without gap, each covered throughout by exactly the spans named, cut where asked."""
    start, end = place
    pieces = segments(start, end, drawn, cuts)
    assert [a for a, _, _ in pieces] + [end] == [start] + [b for _, b, _ in pieces]
    for a, b, ids in pieces:
        assert a < b
        for offset in range(a, b):
            assert set(ids) == {s.id for s in drawn if s.start <= offset < s.end}
    assert {cut for cut in cuts if start < cut < end} <= {a for a, _, _ in pieces}


@given(places, many)
def test_lanes_never_overlap(place: tuple[int, int], drawn: list[Span]):
    """Two spans in one lane share no character, and there are no more lanes than spans at the busiest place."""
    start, end = place
    taken = lanes(start, end, drawn)
    inside = [s for s in drawn if s.start < end and start < s.end]
    assert set(taken) == {s.id for s in inside}
    for a in inside:
        for b in inside:
            assert a.id == b.id or taken[a.id] != taken[b.id] or not a.overlaps(b)
    busiest = max((sum(s.start <= at < s.end for s in inside) for at in range(60)), default=0)
    assert max(taken.values(), default=-1) + 1 == busiest


def test_a_label_set_introduces_itself_in_one_line(ada):
    """Not with the whole article and codebook in it."""
    assert repr(ada) == "LabelSet('tiny', 3 spans)"
