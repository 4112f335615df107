"""Finding words as people type them."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondsource.article import Article
from secondsource.case import Case
from secondsource.quotation import bare, fold, nearest, occurrences, trim
from strategies import articles, texts

VECTORS = json.loads((Path(__file__).parent / "js" / "vectors.json").read_text(encoding="utf-8"))
TEXT = "The “West” watches — the west too.\n\nWestern words, don’t\n\nwait"


def found(quote: str, text: str = TEXT) -> list[str]:
    """Return the words that stand at the places of a quotation."""
    return [text[start:end] for start, end in occurrences(text, quote)]


@pytest.mark.parametrize("row", VECTORS["quotes"], ids=lambda row: row["quote"])
def test_places_agree_with_the_browser(row: dict):
    """The same file is read by the JavaScript tests."""
    assert [list(span) for span in occurrences(row["text"], row["quote"])] == row["spans"]


@given(texts)
def test_folding_keeps_the_way_back(text: str):
    """Each folded character comes from a stretch of the text, in order; folding twice changes nothing."""
    made = fold(text)
    assert len(made.text) == len(made.starts) == len(made.ends)
    assert list(made.starts) == sorted(made.starts)
    assert all(start < end for start, end in zip(made.starts, made.ends, strict=True))
    assert "  " not in made.text
    if text:
        assert (made.starts[0], made.ends[-1]) == (0, len(text))


def test_exact_spelling_wins_over_alike_spelling():
    """As in the labeller."""
    assert found("west") == ["west"]
    assert found("WEST") == ["West", "west"]


def test_whole_words_win_over_parts():
    """Parts of words are found only when no whole word fits."""
    assert occurrences("the hen; he", "he") == [(9, 11)]
    assert found("ester") == ["ester"]


def test_spaces_quotation_marks_and_dashes_are_alike():
    """As typed on any keyboard; a paragraph break is a space."""
    assert found('"WEST"') == ["“West”"]
    assert found("don't  wait") == ["don’t\n\nwait"]
    assert found("watches - the") == ["watches — the"]
    assert occurrences("Well… no", "well...") == [(0, 5)]
    assert occurrences("Well… no", ".") == [(4, 5)]


def test_nothing_to_find():
    """An empty quotation, white space, or what is not there."""
    assert [found(""), found(" \n"), found("peace")] == [[], [], []]


@pytest.mark.parametrize(
    ("text", "part"), [("cafe\u0301", "e"), ("cafe\u0301", "\u0301"), ("👩‍👧", "👩"), ("👍🏽", "👍")]
)
def test_half_a_character_is_no_place(text: str, part: str):
    """A letter without its accent, one of a joined family, a hand without its tone."""
    assert occurrences(text, part) == []


@given(articles, st.data())
def test_copied_words_are_found(article: Article, data: st.DataObject):
    """Whole words from anywhere in the text are found there, also in capitals and with other white space."""
    words = article.text.split()
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    quote = " ".join(words[first : last + 1])
    places = occurrences(article.text, quote)
    assert places
    assert all(fold(article.text[start:end]).text == fold(quote).text for start, end in places)
    assert places == sorted(set(places))


@given(articles, texts)
def test_the_nearest_passage_is_never_what_was_typed(article: Article, quote: str):
    """Otherwise the message would offer the very words that it refuses."""
    if not occurrences(article.text, quote):
        start, end = nearest(article.text, quote)
        assert fold(article.text[start:end]).text != fold(quote.strip()).text


def test_the_nearest_passage_has_no_punctuation_at_its_edges():
    """Unless there is nothing else, or only the punctuation is the difference."""
    text = "He said, “one two”, then left. ..."
    assert [text[a:b] for a, b in [nearest(text, q) for q in ("one tvo", "sayd", "left?", "….")]] == [
        *("one two", "said", "left", "...")
    ]
    assert nearest("-\u0301abc", "\u0301abc") == (0, 5)


def test_trimming():
    """White space and punctuation go, symbols stay."""
    assert bare(" “$5, please.” ") == "$5, please"
    assert bare("...") == ""
    assert trim("a, b.", 1, 5) == (3, 4)


@pytest.mark.parametrize(
    ("quote", "passage"),
    [
        ("the russian militarys advance", "the Russian military’s advance"),
        ("narrative of atrition", "narrative of attrition"),
        (
            "undisclosed briefings with eastern military officials",
            "undisclosed briefings with Western military officials",
        ),
    ],
)
def test_nearest_finds_what_was_meant(quote: str, passage: str):
    """A missing apostrophe, a typing mistake or a wrong word still lead to the passage."""
    article = Case.open("analyst-claims").article
    start, end = nearest(article.text, quote)
    assert article.text[start:end] == passage


@given(articles, texts)
def test_nearest_is_always_a_passage(article: Article, quote: str):
    """Whatever is asked for, the answer is a legal span that begins and ends with a word."""
    start, end = nearest(article.text, quote)
    passage = article.text[start:end]
    assert article.check(start, end) == (start, end)
    assert passage == passage.strip()


def test_nearest_is_quick_for_long_quotations():
    """A whole article with one changed character is answered at once; one endless word, too."""
    article = Case.open("analyst-claims").article
    started = time.process_time()
    start, _ = nearest(article.text, article.text.replace("’", "ʼ")[100:])
    nearest("x" * 100_000, "y" * 100_000)
    assert abs(start - 100) < 10
    assert time.process_time() - started < 3
