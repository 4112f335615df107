"""How hard prose is and how long it takes: against numbers worked out by hand, and against what a course promises."""

import math
from dataclasses import replace

import pytest
from nbformat import from_dict

from secondsource.case import Case
from secondsource.checking.reading import check_reading, grade, minutes, prose_of
from secondsource.checking.surroundings import Surroundings
from secondsource.errors import CaseError
from secondsource.manifest import Manifest
from synthetic import notebook

REAL = Case.open("analyst-claims")
TOML = """
id = "a"
title = "A"
grades = [8, 10]
[[exercises]]
id = "a"
title = "A"
notebook = "a"
case = "analyst-claims"
layers = ["rhetoric"]
"""
MANIFEST = Manifest.parse(TOML)
AROUND = Surroundings(MANIFEST, (REAL,))
EASY = "The cat sat on the mat. It was a warm day in May. "
MIDDLE = (
    "Before you decide how far to trust a report, look for the people and papers behind each important statement. "
    "A named witness can be asked again, while an unnamed one leaves the reader with nothing to go by. "
)
HARD = (
    "Institutional communication departments characteristically necessitate comprehensive, multidimensional "
    "documentation of organisational responsibilities, notwithstanding considerable administrative complications. "
)


def test_a_grade_is_the_mean_of_three_formulas():
    """ARI = 4.71 c/w + 0.5 w/s − 21.43; CLI = 0.0588 L − 0.296 S − 15.8; SMOG = 1.043 √(30 p/s) + 3.1291.

    Two sentences of four words, 18 letters each and no long word: c/w = 4.5, w/s = 4, L = 450, S = 25, p = 0. The
    library has its own, slightly different constants for SMOG (a square root of 30 p/s, plus 3).
    """
    sentences = ["Dogs chase white birds."] * 2
    letters = len("Dogschasewhitebirds") / 4
    ari = 4.71 * letters + 0.5 * 4 - 21.43
    coleman = 0.0588 * (100 * letters) - 0.296 * 25 - 15.8
    assert math.isclose(grade(sentences), (ari + coleman + 3) / 3, abs_tol=0.1)


def test_longer_words_and_sentences_are_harder():
    """In the order in which a reader would put them."""
    easy, middle, hard = (grade(prose_of([text * 4], AROUND)) for text in (EASY, MIDDLE, HARD))
    assert easy < 5 < 7.5 < middle < 11 < hard


def test_only_the_prose_of_the_course_counts():
    """No headings, tables, code, quotations of a text, labels or short names."""
    quoted = REAL.article.text[REAL.article.sentences[3].start : REAL.article.sentences[3].end]
    source = (
        f"## A heading of quite some length here\n\n| a table | of two |\n|---|---|\n\n> {quoted}\n\n{quoted}\n\n"
        f"*{REAL.article.provenance}*\n\n```\ncode is not prose, or is it?\n```\n\n- Short name\n\n"
        "1. He said “one two three four five six” to **them**, in [the minutes](x.md) of May."
    )
    assert prose_of([source], AROUND) == ["He said this to them, in the minutes of May."]


def test_minutes_are_reading_and_doing():
    """180 words a minute, and the minutes behind headings."""
    made = from_dict(notebook(("markdown", "# A"), ("markdown", "## Do (5 minutes)\n\n" + "word " * 355)))
    assert minutes(made) == 5 + 361 / 180


def test_minutes_are_rounded_up():
    """“45 minutes and takes 45” would read as kept."""
    made = from_dict(notebook(("markdown", "# A\n\n- Time: 2 minutes\n\n" + "word " * 360)))
    ((told, _),) = check_reading(made, replace(AROUND, manifest=None))
    assert told.startswith("it promises 2 minutes and takes 3, read at 180 words a minute.")


@pytest.mark.parametrize(("promised", "kept"), [(7, False), (8, True), (None, True)])
def test_a_promise_of_time_is_kept(promised, kept):
    """Where there is one."""
    line = f"- Time: {promised} minutes\n" if promised else ""
    made = from_dict(notebook(("markdown", f"# A\n\n{line}\n## Do (5 minutes)\n\n{'word ' * 450}")))
    rules = [rule for rule, _ in check_reading(made, replace_grades(None))]
    assert rules == ([] if kept else ["it promises 7 minutes and takes 8, read at 180 words a minute."])


@pytest.mark.parametrize(("text", "word"), [(EASY, "easier"), (MIDDLE, None), (HARD, "harder")])
def test_a_promise_of_grades_is_kept(text, word):
    """Too easy and too hard are both told, from 100 words on."""
    made = from_dict(notebook(("markdown", "# A\n\n" + text * 12)))
    rules = [rule for rule, _ in check_reading(made, AROUND)]
    assert [f"its prose is {word} (grade" in rule for rule in rules] == ([True] if word else [])
    assert list(check_reading(made, replace_grades(None))) == []
    short = from_dict(notebook(("markdown", "# A\n\n" + text)))
    assert list(check_reading(short, AROUND)) == []


def replace_grades(grades: tuple[int, int] | None) -> Surroundings:
    """The course with other grades."""
    return Surroundings(replace(MANIFEST, grades=grades), (REAL,))


@pytest.mark.parametrize("grades", ["8", "[8]", "[10, 8]", "[0, 9]", "[8.0, 10]", '["8", 10]'])
def test_grades_are_two_whole_numbers(grades):
    """Anything else is an error that shows an example."""
    with pytest.raises(CaseError, match="such as"):
        Manifest.parse(TOML.replace("[8, 10]", grades))
