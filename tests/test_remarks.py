"""What the less usual numbers say in words, and when they say nothing."""

import pytest

from secondsource.comparison import compare
from secondsource.feedback import summary
from secondsource.languages import language
from secondsource.measures import Agreed
from secondsource.metrics.discernment import Confidence, Detection
from secondsource.ratio import Ratio
from secondsource.remarks import beyond_guessing, how_readily, how_surely, remarks, score, score_sentence, silly
from synthetic import TEXT, entry, key, labels

EN = language()


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ((20, 20, 30, 60), "more readily"),
        ((2, 20, 0, 60), "less readily"),
        ((150, 200, 50, 200), "about as readily"),
        ((7, 12, 3, 8), ""),  # too little to say anything
        ((16, 22, 6, 84), ""),  # c is 0.41, but as many sentences are marked as the key has
        ((14, 22, 3, 84), "less readily"),
        ((0, 0, 3, 8), ""),
        ((3, 3, 0, 0), ""),
    ],
)
def test_how_readily(cells, said):
    """Only what the interval supports is said, and never that someone marked where nothing was marked."""
    told = how_readily(Detection(*cells), EN)
    assert said in told
    assert bool(told) == bool(said)


@pytest.mark.parametrize(
    ("rated", "said"),
    [
        ([(0.9, 1), (0.9, 0)] * 5, "and you were 90 % sure on average: more sure than right"),
        ([(0.6, 1)] * 10, "100 % of 10 labels with a confidence, and you were 60 % sure on average: more often right"),
        ([(0.5, 1), (0.5, 0)] * 5, "about as sure as right"),
        ([(0.9, 0)] * 9, ""),
        ([(None, 0)] * 30, ""),
    ],
)
def test_how_surely(rated, said):
    """Nothing below ten rated labels; a few points of difference are none."""
    told = how_surely(Confidence.of(rated), EN)
    assert said in told
    assert bool(told) == bool(said)


def test_beyond_guessing():
    """Whole numbers, and nothing without sentences."""
    assert "on 3 of 4 sentences" in beyond_guessing(Agreed(4, 3, 1.6, Ratio(0.5)), EN)
    assert "about 2" in beyond_guessing(Agreed(4, 3, 1.6, Ratio(0.5)), EN)
    assert beyond_guessing(Agreed(0, 0, 0.0, Ratio.undefined("nothing")), EN) == ""
    assert beyond_guessing(None, EN) == ""


def test_nothing_is_said_about_nothing():
    """Who has not labelled anything is not told that they mark less readily."""
    entries = [(10 * n, 10 * n + 5) for n in range(30)]
    assert remarks(compare(labels([]), key(entries))) == []


def over_passages(marks, entries):
    """The score in words, of a layer of passages that has a label for whole sentences too."""
    return score_sentence(compare(labels(marks), key(entries)))


def test_the_overlap_says_when_whole_sentences_are_not_part_of_it():
    """Otherwise 100 of 100 would stand beside a sentence that was missed."""
    clean = (0, len(TEXT.text), "CLEAN")
    assert over_passages([(0, 10)], [(0, 10)]) == "Overlap with the key: 100 of 100."
    told = over_passages([(0, 10)], [(0, 10), clean])
    assert told.startswith("Overlap with the key on marked words: 100 of 100. Labels of whole sentences, such as Name")
    plain = "You marked no words here, so there is no overlap with the key to measure."
    assert over_passages([clean], [(0, 10), clean]) == plain
    assert over_passages([(0, 10), clean], [(20, 30), clean]).startswith(
        "Overlap with the key on marked words: 0 of 100."
    )
    only = "Only whole sentences are labelled here, so there is no overlap of words to measure."
    assert over_passages([clean], [clean]) == only == over_passages([], [clean])
    optional = [entry(0, 10, tier="acceptable"), clean]
    for marks in ([], [(0, 10)]):
        told = over_passages(marks, optional)
        assert told.startswith("There is no score for the overlap with the key on marked words: the")


def test_who_marks_no_words_is_given_no_score_of_words():
    """An overlap of 0, or what silly readers have of it, would look like a failure beside a right answer."""
    made = compare(labels([(0, len(TEXT.text), "CLEAN")]), key([(0, 10), (0, len(TEXT.text), "CLEAN")]))
    assert (score(made), silly(made)) == (None, [])
    told = " ".join(summary(made))
    assert "You made 1 label in this text. 1 is in the key." in told
    assert "of 100" not in told
    assert "For scale" not in told
    german = made.told_in("de")
    assert "Du hast hier keine Wörter markiert, also lässt" in " ".join(summary(german))


def test_a_difference_within_chance_is_none():
    """80 % sure and 75 % right, on 28 labels: nothing to say."""
    assert "about as sure as right" in how_surely(Confidence.of([(0.8, 1)] * 21 + [(0.8, 0)] * 7), EN)
