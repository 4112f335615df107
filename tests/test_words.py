"""Words as units of agreement."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from secondsource.words import words


@given(st.text())
def test_words_are_all_that_is_not_blank(text):
    """In order, apart from each other, never a blank inside, and nothing but blanks outside."""
    found = words(text)
    assert all(start < end for start, end in found)
    assert all(earlier[1] <= later[0] for earlier, later in itertools.pairwise(found))
    assert "".join(text[start:end] for start, end in found) == "".join(text.split())


def test_the_words_of_a_latin_text_are_what_split_gives():
    """Stops and quotation marks stay with their word."""
    text = "“Nobody  asked us!”\n\nshe wrote,\tagain."
    assert [text[start:end] for start, end in words(text)] == text.split()


def test_scripts_without_spaces_count_by_character():
    """Otherwise a sentence would be one word, and everybody would agree about it."""
    assert len(words("新闻报道说")) == len(words("ข่าวจร")) - 1 == 5
    assert len(words("신문 기사")) == 2
