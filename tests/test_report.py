"""A label file against the keys of a case: which part is compared, and numbers for programs."""

import json

import pytest

from secondsource.case import Case
from secondsource.errors import FormatError, MismatchError
from secondsource.formats import w3c
from secondsource.report import comparisons_of, record
from secondsource.spans import LabelSet, Span

CASE = Case.open("analyst-claims")


def label_file(*rows: tuple[str, str, int, int], exercise: str = "") -> bytes:
    """A label file with ``(layer, label, start, end)``."""
    spans = tuple(Span(f"s{i}", *row) for i, row in enumerate(rows))
    return w3c.write(LabelSet(CASE.article, CASE.codebook, spans, exercise=exercise))


CUE = ("attribution", "CUE", 580, 586)
LOADED = ("rhetoric", "Loaded_Language", 774, 791)
CLAIM = ("claims", "opinion", 3458, 3510)


def test_a_file_of_an_exercise_is_compared_over_its_part():
    """Layer and sentences come from the course, even when the file is empty."""
    for data in (label_file(CUE, exercise="02_who_says_so"), label_file(exercise="02_who_says_so")):
        (comparison,), left_out = comparisons_of(data, "x", CASE)
        assert [s.id for s in comparison.sentences] == ["S3", "S5", "S6", "S7", "S8", "S9", "S13", "S17"]
        assert (comparison.key.layer.id, left_out) == ("attribution", ())


def test_the_whole_text_when_asked_for():
    """One comparison for each layer of the file."""
    data = label_file(CUE, LOADED, exercise="02_who_says_so")
    done, left_out = comparisons_of(data, "x", CASE, whole=True)
    assert [comparison.key.layer.id for comparison in done] == ["attribution", "rhetoric"]
    assert {len(comparison.sentences) for comparison in done} == {len(CASE.article.sentences)}
    assert left_out == ()


def test_a_file_of_no_exercise_is_compared_over_the_whole_text():
    """Such as labels that were made in Python."""
    (comparison,), _ = comparisons_of(label_file(CUE, exercise="mine"), "x", CASE)
    assert len(comparison.sentences) == len(CASE.article.sentences)


def test_layers_without_a_key_are_told():
    """They are not dropped in silence."""
    done, left_out = comparisons_of(label_file(CUE, CLAIM), "x", CASE)
    assert ([comparison.key.layer.id for comparison in done], left_out) == (["attribution"], ("claims",))
    _, left_out = comparisons_of(label_file(CUE, LOADED, exercise="02_who_says_so"), "x", CASE)
    assert left_out == ("rhetoric",)


@pytest.mark.parametrize(
    ("rows", "told"), [([CLAIM], "it has labels of the layers claims"), ([], "it holds no labels")]
)
def test_nothing_to_compare_is_an_error_that_says_what_there_is(rows, told):
    """With the layers for which the case has keys."""
    with pytest.raises(FormatError, match=f"{told}; this case has keys for attribution, rhetoric"):
        comparisons_of(label_file(*rows), "x", CASE)


def test_a_damaged_file_is_refused():
    """The reader's errors pass through."""
    with pytest.raises(FormatError):
        comparisons_of(b"{", "x", CASE)
    with pytest.raises(MismatchError):
        comparisons_of(label_file(CUE).replace(CASE.article.sha256.encode(), b"0" * 64), "x", CASE)


def test_numbers_for_programs():
    """Plain JSON without NaN; what is undefined is null with its reason."""
    (comparison,), _ = comparisons_of(label_file(exercise="02_who_says_so"), "x", CASE)
    made = json.loads(json.dumps(record(comparison), allow_nan=False))
    assert made["counted"]["precision"] == {"value": None, "reason": "nothing was marked"}
    assert made["counted"]["recall"] == {"value": 0.0, "reason": ""}
    assert made["counts"]["missed"] == made["expected"] == len(made["pairs"])
    assert made["provenance"] == CASE.article.provenance
    assert (made["key_status"], made["layer"], made["exercise"]) == ("draft", "attribution", "02_who_says_so")
    assert [baseline["name"] for baseline in made["baselines"]][-1] == "no labels at all"
