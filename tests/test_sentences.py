"""Where sentences end: the case article by heart, other texts by rule, random texts by law."""

import time

import pytest
from hypothesis import given

from secondsource.article import Article
from secondsource.case import Case
from strategies import articles

REFERENCE = [
    *(("H", 0, 71), ("S1", 73, 343), ("S2", 345, 508), ("S3", 510, 686), ("S4", 687, 897), ("S5", 899, 1000)),
    *(("S6", 1001, 1155), ("S7", 1157, 1307), ("S8", 1308, 1362), ("S9", 1363, 1491), ("S10", 1492, 1756)),
    *(("S11", 1757, 1892), ("S12", 1894, 2062), ("S13", 2063, 2264), ("S14", 2265, 2397), ("S15", 2399, 2614)),
    *(("S16", 2616, 2701), ("S17", 2703, 2929), ("S18", 2931, 3079), ("S19", 3080, 3160), ("S20", 3161, 3242)),
    *(("S21", 3243, 3456), ("S22", 3458, 3510), ("S23", 3512, 3677), ("S24", 3679, 3816), ("S25", 3818, 3865)),
    *(("S26", 3867, 4010), ("S27", 4012, 4084), ("S28", 4085, 4151)),
]


def sentences(text: str) -> list[str]:
    """Sentences of a text behind its headline, as strings."""
    article = Article(f"Headline\n{text}")
    return [article.text[s.start : s.end] for s in article.sentences[1:]]


def test_the_case_article():
    """Its 29 sentences are where the keys and exercises expect them."""
    assert [(s.id, s.start, s.end) for s in Case.open("analyst-claims").article.sentences] == REFERENCE


@pytest.mark.parametrize(
    "text",
    [
        # titles, ranks and initials
        "Dr. Roe came.|She left.",
        "Dr. No won.|He left.",
        "The book is by J. K. Rowling.|It sold.",
        "The book is by J.K. Rowling.|It sold.",
        'William J. "Bill" Roe died.|He was old.',
        "We took plan B.|Then it rained.",
        "It was Roe and I.|Then it rained.",
        "Sen. Roe and Gov. Falk met.|They talked.",
        "He is a sales rep.|She is not.",
        "She has a Ph.D. in law.|He has none.",
        "They sued in Roe v. The State.|It lost.",
        # words that look like abbreviations
        "She said no.|He left.",
        "She studied art.|He did not.",
        "See no. 5 and fig. 3.|Then go on.",
        "It took a sec.|Then it was over.",
        # states, companies, months, hours
        "He left the U.S. Senate.|She won.",
        "He left the U.S.|The Senate did not.",
        "He left the U.S.|“We stay,” she said.",
        "Roe Inc. Chairman Falk left.|It was Jan. 5.",
        "They met at 5 p.m. Monday.|They met at 6 p.m.|Officials left at 7.",
        "Use tools, e.g. Hammers.|Or not.",
        # numbers and ellipses
        "It cost 3.5 million.|5 people paid.",
        "He waited…|Then he left.",
        "He waited... and left....|Then came she.",
        "Wait…what?|Yes.",
        "Really?!|No way!!|Fine.",
        # quotation marks
        "“Stop!” she said.|He did.",
        "“Stop!” Roe said.|He did.",
        "“Stop!” Ines Maria Falk said, and left.|He did.",
        "“Stop!”|He left.",
        "“Is it Roe?”|Everybody Knew It Was Not.",
        "“Stop!”|A B C D E said.",
        "‘The so-called ‘coalition’ has failed,’ he said.|‘It is ‘over.’’|She agreed.",
        "(He left.)|[She stayed.]|«Oui.»|Non.",
        "He left (see below). and came back.|‘Why?’ he asked.",
        "He left.|— She stayed.",
        "He left. ‘",
        # other scripts
        "قال نعم.|ثم ذهب؟|نعم.",
        "یہ ہے\u06d4|وہ ہے\u06d4",
        "הוא הלך.|היא נשארה.",
        "यह है।|वह है।",
        "Он ушёл. а она нет.|Она осталась.",
    ],
)
def test_where_sentences_end(text: str):
    """Each bar is a boundary behind which a space was, and there is no other."""
    assert sentences(text.replace("|", " ")) == text.split("|")


@pytest.mark.parametrize(
    "text",
    [
        "他走了。|她没走！|为什么？|iPhone也在。",
        "“停！”他说。|“走吧。”|她走了。",
        "「やめて！」と彼は言った。|彼は走った。",
    ],
)
def test_full_width_stops_need_no_space(text: str):
    """Closing marks stay with their sentence, and a shout goes on with whoever shouts."""
    assert sentences(text.replace("|", "")) == text.split("|")


@pytest.mark.parametrize(
    "text",
    [
        "Sources in the U.S.\n\nDepartment of Defense left.|They talked.",
        "She met Dr.\nRoe.|They talked.",
        "She met Gen.\nRoe.|They talked.",
        "He left the U.S.|“Why?” she asked.",
        "He left the U.S.|Nobody cared.",
        "She said no.|He left.",
        "He is a rep.|She is not.",
        "She met Dr.|— and left.",
        "No stop at the end|Another one",
    ],
)
def test_paragraph_breaks(text: str):
    """A break ends a sentence unless a title or an adjective stands before it."""
    assert sentences(text.replace("|", "\n\n")) == text.split("|")


def test_a_title_at_the_very_end():
    """Nothing follows, so the sentence ends there."""
    assert sentences("He saw the U.S. \n \n") == ["He saw the U.S."]


@given(articles)
def test_nothing_is_lost(article: Article):
    """Sentences are in order and disjoint, hold every visible character, and begin and end with one."""
    covered = ""
    last = 0
    for sentence in article.sentences:
        assert last <= sentence.start < sentence.end
        piece = article.text[sentence.start : sentence.end]
        assert piece == piece.strip()
        assert not article.text[last : sentence.start].strip()
        covered += piece
        last = sentence.end
    assert not article.text[last:].strip()
    assert "".join(covered.split()) == "".join(article.text.split())


@given(articles)
def test_ids_count_from_the_headline(article: Article):
    """H, S1, S2 and so on, without a gap."""
    assert [s.id for s in article.sentences] == ["H", *(f"S{i}" for i in range(1, len(article.sentences)))]


@pytest.mark.parametrize("piece", ["!", "Ab. ", ". ", "Dr.\n", "a! )))", "。", "! \t "])
def test_long_texts_take_seconds_at_most(piece: str):
    """A quarter of a million characters of stops in one line or many: time grows with the length, not its square."""
    started = time.process_time()
    sentences(piece * (250_000 // len(piece)))
    assert time.process_time() - started < 60  # its square would take hours
