"""Offsets, blocks, quotations and UTF-16."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondsource.article import Article, Block
from secondsource.errors import CaseError, OffsetError, QuotationError
from strategies import articles

VECTORS = json.loads((Path(__file__).parent / "js" / "vectors.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        ("a\r\nb", "CR"),
        ("a\rb", "CR"),
        ("ab\udfff", "lone surrogate at code point 2"),
    ],
)
def test_what_is_not_an_article(text: str, reason: str):
    """An article has visible text, LF line ends and whole characters."""
    with pytest.raises(CaseError, match=reason):
        Article(text)


def test_hash_is_that_of_the_bytes(article: Article):
    """Nothing is normalised: composed and decomposed letters are different articles."""
    assert article.sha256 == hashlib.sha256(article.text.encode()).hexdigest()
    assert Article("caf\xe9").sha256 != Article("cafe\u0301").sha256


def test_blocks(article: Article):
    """The first visible line is the headline, the others are paragraphs; white space is kept."""
    made = Article("\n  \n Head \n\n one\ttwo \n\x0b\n").blocks
    assert made == (Block("b0", "headline", 4, " Head "), Block("b1", "paragraph", 12, " one\ttwo "))
    assert [article.text[b.start : b.end] for b in article.blocks] == [b.text for b in article.blocks]


@given(articles)
def test_blocks_hold_every_visible_character(article: Article):
    """They are exact slices in order, and only white space lies between them."""
    last = 0
    for block in article.blocks:
        assert article.text[block.start : block.end] == block.text
        assert "\n" not in block.text
        assert not article.text[last : block.start].strip()
        last = block.end
    assert not article.text[last:].strip()


@pytest.mark.parametrize(
    ("text", "direction"), [("Hello שלום", "ltr"), ("“שלום” hello", "rtl"), ("123 مرحبا", "rtl"), ("1234 !", "ltr")]
)
def test_direction_is_that_of_the_first_letter(text: str, direction: str):
    """Digits and punctuation do not decide; without letters it is left to right."""
    assert Article(text).direction == direction


@given(articles, st.data())
def test_the_offset_law(article: Article, data: st.DataObject):
    """Every non-empty stretch inside the text is legal with exactly the words it covers."""
    start = data.draw(st.integers(0, len(article.text) - 1))
    end = data.draw(st.integers(start + 1, len(article.text)))
    assert article.check(start, end) == (start, end)
    assert article.check(start, end, article.text[start:end]) == (start, end)
    with pytest.raises(OffsetError, match="ANCHOR-MISMATCH"):
        article.check(start, end, article.text[start:end] + "x")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        *((3, 3), (4, 3), (-1, 3), (0, 10**6), (0, 10**5_000), (-(10**5_000), 3), (0.0, 3), (0, 3.0), (False, True)),
        *((0, True), ("0", "3"), (None, 3), (0, float("nan")), (10**5_000, 1.0), ([[]], {}), (0, b"\x1b")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_not_an_offset(article: Article, start: object, end: object):
    """Empty, backward or outside stretches, and anything that is not a plain whole number."""
    with pytest.raises(OffsetError):
        article.check(start, end)


@given(articles)
def test_utf16_round_trip(article: Article):
    """Each code point offset has one UTF-16 position; positions inside a character have none."""
    positions = [article.to_utf16(offset) for offset in range(len(article.text) + 1)]
    assert [article.from_utf16(position) for position in positions] == list(range(len(positions)))
    assert positions[-1] == sum(1 + (char > "\uffff") for char in article.text)
    for inside in set(range(positions[-1])) - set(positions):
        with pytest.raises(OffsetError, match="inside a character"):
            article.from_utf16(inside)


@pytest.mark.parametrize("position", [-1, 6, 10**5_000], ids=["negative", "behind", "huge"])
def test_utf16_outside_the_text(position: int):
    """Nothing is rounded to the nearest end."""
    with pytest.raises(OffsetError, match="outside the text"):
        Article("😀 ok").from_utf16(position)
    with pytest.raises(OffsetError, match="outside the text"):
        Article("😀 okk").to_utf16(position)


@pytest.mark.parametrize("row", [row for row in VECTORS["code_points"] if row["text"]], ids=lambda row: row["text"])
def test_code_points_agree_with_the_browser(row: dict):
    """The same file is read by the JavaScript tests."""
    article = Article(row["text"])
    assert len(article.text) == row["length"]
    assert [article.to_utf16(offset) for offset in range(row["length"] + 1)] == row["utf16"]


@pytest.mark.parametrize("row", VECTORS["quotes"], ids=lambda row: row["quote"])
def test_quotations_agree_with_the_browser(row: dict):
    """Places of a quotation, in code points and in UTF-16."""
    article = Article(row["text"])
    found = article.places(row["quote"])
    assert [list(span) for span in found] == row["spans"]
    assert [[article.to_utf16(start), article.to_utf16(end)] for start, end in found] == row["utf16"]


@given(articles, st.data())
def test_find_finds_all(article: Article, data: st.DataObject):
    """All occurrences are exact, in order, and the place the quotation was taken from is among them."""
    start = data.draw(st.integers(0, len(article.text) - 1))
    end = data.draw(st.integers(start + 1, min(len(article.text), start + 6)))
    quote = article.text[start:end]
    found = article.find(quote)
    assert (start, end) in found
    assert found == [(i, i + len(quote)) for i in range(len(article.text)) if article.text.startswith(quote, i)]


def test_find_counts_overlaps():
    """Half of one occurrence may be half of the next; an empty quotation stands nowhere."""
    assert Article("aaa").find("aa") == [(0, 2), (1, 3)]
    assert Article("aaa").find("") == []


def test_locate_takes_the_only_place_or_the_numbered_one():
    """White space around the quotation is ignored."""
    article = Article("one, two, one")
    assert article.locate("  two\n") == (5, 8)
    assert [article.locate("one", i) for i in (1, 2)] == [(0, 3), (10, 13)]
    assert article.locate("two", 1) == (5, 8)


@pytest.mark.parametrize(
    ("quote", "occurrence", "told"),
    [
        ("one", None, "“one” stands 2 times in the article (1 in H: “one, two, one”; 2 in H: “one, two, one”)."),
        ("one", 3, "QUOTE-NUMBER · There is no occurrence 3"),
        ("one", 0, "QUOTE-NUMBER · There is no occurrence 0"),
        ("two", -1, "QUOTE-NUMBER · There is no occurrence -1"),
        ("two", 10**5_000, "QUOTE-NUMBER · There is no occurrence a value too large to show"),
        ("one", "2", "QUOTE-NUMBER · The occurrence is a whole number without quotation marks, not “2”."),
        ("one", True, "QUOTE-NUMBER · The occurrence is a whole number without quotation marks, not True."),
        (" \n", None, "QUOTE-EMPTY"),
        (None, None, "QUOTE-TEXT · A quotation is text in quotation marks, not None."),
        (5, 1, "QUOTE-TEXT · A quotation is text in quotation marks, not 5."),
        ("tvo", None, "The nearest passage is “two”;"),
        ("“One,  Tvo", 1, "QUOTE-NONE · ““One, Tvo” does not stand"),
        ("\ud800" * 3, None, "QUOTE-NONE"),
    ],
    ids=lambda value: "huge" if value == 10**5_000 else ascii(value)[:20],
)
def test_locate_says_what_to_do(quote: Any, occurrence: Any, told: str):
    """The message names the problem, says that nothing was changed, and gives the next step."""
    with pytest.raises(QuotationError) as caught:
        Article("one, two, one").locate(quote, occurrence)
    assert told in str(caught.value)
    assert str(caught.value).count(" · ") == 3


def test_locate_finds_what_people_type():
    """Spaces, capitals, quotation marks and dashes as typed; whole words first; offsets are those of the article."""
    article = Article("The “West”\n\nwatches — he does")
    assert article.locate('"west" watches -') == (4, 21)
    assert article.locate("he") == (22, 24)
    assert article.find("he") == [(1, 3), (16, 18), (22, 24)]


def test_many_places_are_not_all_listed():
    """Nine, with the sentences they are in."""
    with pytest.raises(QuotationError, match=r"stands 12 times .*9 in S9: “[^”]*”; …\)"):
        Article("Head\n\n" + "A dog barked. " * 12).locate("dog")


@pytest.mark.parametrize(
    "quote", ["First words", "first words here.", "“First words here!”", "words here. ", "words here.  “"]
)
def test_a_quotation_stands_for_its_sentence(quote: str):
    """Part of it, all of it, or with other punctuation around it."""
    article = Article("Head\n\nFirst words here. “Second one.”")
    sentence = article.sentences[1]
    assert article.locate(quote, unit="sentence") == (sentence.start, sentence.end)


def test_words_of_two_sentences_stand_for_neither():
    """The message names them and shows how they begin."""
    article = Article("Head\n\nFirst words here. Second one, and much more than that.")
    with pytest.raises(QuotationError) as caught:
        article.locate("here. Second", unit="sentence")
    assert str(caught.value) == (
        "QUOTE-SENTENCES · “here. Second” touches S1, S2, and this label marks one whole sentence. · "
        "Nothing was changed. · Quote words of one of them: S1 begins “First words here.”; "
        "S2 begins “Second one, and much more…”."
    )
    for quote in ("...", None):
        with pytest.raises(QuotationError):
            article.locate(quote, unit="sentence")


def test_context_is_cut_and_marked():
    """Ellipses stand only where something was left out; line breaks become spaces."""
    article = Article("one\n\ntwo three")
    assert article.context(5, 8, width=5) == "one two thre…"
    assert article.context(5, 8, width=4) == "…ne two thr…"
    assert article.context(0, 14) == "one two three"


def test_sentences_of_a_place(article: Article):
    """A place in the white space between sentences belongs to the one before; touching is not sharing."""
    s1, s2 = article.sentences[1:3]
    assert article.sentence_at(0).id == "H"
    assert article.sentence_at(s1.end).id == "S1"
    assert article.sentence_at(s2.start).id == "S2"
    assert article.sentence_at(10**6).id == article.sentences[-1].id
    assert Article("\n\nHead").sentence_at(0).id == "H"
    assert [s.id for s in article.sentences_of(s1.start, s1.end)] == ["S1"]
    assert [s.id for s in article.sentences_of(s1.end - 1, s2.start + 1)] == ["S1", "S2"]
    assert article.sentences_of(s1.end, s1.end + 1) == ()
