"""A label file against the keys of a case: which part is compared, and numbers for programs."""

import hashlib
import json
import shutil

import pytest

from secondsource.case import Case
from secondsource.chains import ChainComparison
from secondsource.comparison import Comparison
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
RATING = ("trust", "5", 3458, 3510)  # a layer that has no key


def test_a_file_of_an_exercise_is_compared_over_its_part():
    """Layer and sentences come from the course, even when the file is empty."""
    for data in (label_file(CUE, exercise="02_who_says_so"), label_file(exercise="02_who_says_so")):
        (comparison,), left_out, task = comparisons_of(data, "x", CASE)
        assert task is not None
        assert [s.id for s in comparison.sentences] == ["S3", "S5", "S6", "S7", "S8", "S9", "S13", "S17"]
        assert (comparison.key.layer.id, left_out) == ("attribution", ())


def test_the_whole_text_when_asked_for():
    """One comparison for each layer of the file."""
    data = label_file(CUE, LOADED, exercise="02_who_says_so")
    done, left_out, task = comparisons_of(data, "x", CASE, whole=True)
    assert task is None
    assert [comparison.key.layer.id for comparison in done] == ["attribution", "rhetoric"]
    assert {len(comparison.sentences) for comparison in done} == {len(CASE.article.sentences)}
    assert left_out == ()


def test_a_file_of_no_exercise_is_compared_over_the_whole_text():
    """Such as labels that were made in Python."""
    (comparison,), _, task = comparisons_of(label_file(CUE, exercise="mine"), "x", CASE)
    assert task is None
    assert len(comparison.sentences) == len(CASE.article.sentences)


def test_layers_without_a_key_are_told():
    """They are not dropped in silence."""
    done, left_out, _ = comparisons_of(label_file(CUE, RATING), "x", CASE)
    assert ([comparison.key.layer.id for comparison in done], left_out) == (["attribution"], ("trust",))
    _, left_out, _ = comparisons_of(label_file(CUE, LOADED, exercise="02_who_says_so"), "x", CASE)
    assert left_out == ("rhetoric",)


def test_nothing_to_compare_is_an_error_that_says_what_there_is():
    """With the layers for which the case has keys."""
    with pytest.raises(FormatError, match="a rating has no key; this case has keys for attribution, chains, cl"):
        comparisons_of(label_file(RATING), "x", CASE)


def test_an_empty_file_is_compared_with_every_key():
    """Nothing was marked, and that is a result."""
    done, left_out, _ = comparisons_of(label_file(), "x", CASE)
    assert tuple(comparison.key.layer.id for comparison in done) == CASE.layers
    chains = {comparison.key.layer.id: comparison for comparison in done if isinstance(comparison, ChainComparison)}
    assert [(name, made.counts["chains_found"]) for name, made in chains.items()] == [("chains", 0)]
    assert {made.found for made in done if isinstance(made, Comparison)} == {0}
    assert left_out == ()


COURSE = """
id = "mine"
title = "My course"

[[exercises]]
id = "{name}"
title = "Mine"
notebook = "mine.ipynb"
case = "{case}"
layers = ["attribution"]
units = ["S3"]
"""


def test_a_course_beside_the_file_goes_first(tmp_path):
    """An instructor's own exercise, on a case of her own with the same text, asks about other sentences."""
    case = str(CASE._folder)
    (tmp_path / "course.toml").write_text(COURSE.format(name="02_who_says_so", case=case), encoding="utf-8")
    data = label_file(CUE, exercise="02_who_says_so")
    (comparison,), _, _ = comparisons_of(data, "x", CASE, beside=[tmp_path / "my-labels", tmp_path])
    assert [s.id for s in comparison.sentences] == ["S3"]


def test_a_course_without_the_exercise_is_passed_over(tmp_path):
    """The bundled one knows it."""
    (tmp_path / "course.toml").write_text(COURSE.format(name="other", case="analyst-claims"), encoding="utf-8")
    (comparison,), _, _ = comparisons_of(label_file(CUE, exercise="05_wording"), "x", CASE, beside=[tmp_path])
    assert comparison.sentences[0].id == "S1"


def test_an_exercise_on_another_text_is_not_taken(tmp_path):
    """The name alone is not enough."""
    folder = tmp_path / "council"
    shutil.copytree(str(CASE._folder), folder)
    text = (folder / "article.txt").read_bytes() + b"\n\nOne more sentence."
    (folder / "article.txt").write_bytes(text)
    about = (folder / "case.toml").read_text(encoding="utf-8")
    sha = hashlib.sha256(text).hexdigest()
    (folder / "case.toml").write_text(about.replace(CASE.article.sha256, sha), encoding="utf-8")
    (tmp_path / "course.toml").write_text(COURSE.format(name="mine", case="council"), encoding="utf-8")
    _, _, task = comparisons_of(label_file(CUE, exercise="mine"), "x", CASE, beside=[tmp_path])
    assert task is None


def test_a_damaged_file_is_refused():
    """The reader's errors pass through."""
    with pytest.raises(FormatError):
        comparisons_of(b"{", "x", CASE)
    with pytest.raises(MismatchError):
        comparisons_of(label_file(CUE).replace(CASE.article.sha256.encode(), b"0" * 64), "x", CASE)


def test_numbers_for_programs():
    """Plain JSON without NaN; what is undefined is null with its reason."""
    (comparison,), _, _ = comparisons_of(label_file(exercise="02_who_says_so"), "x", CASE)
    made = json.loads(json.dumps(record(comparison), allow_nan=False))
    assert made["counted"]["precision"] == {"value": None, "reason": "nothing was marked"}
    assert made["counted"]["recall"] == {"value": 0.0, "reason": ""}
    assert made["counts"]["missed"] == made["expected"] == len(made["pairs"])
    assert made["provenance"] == CASE.article.provenance
    assert (made["key_status"], made["layer"], made["exercise"]) == ("draft", "attribution", "02_who_says_so")
    assert [baseline["name"] for baseline in made["baselines"]][-1] == "no labels at all"
    scores = {(row["measure"], row["number"]): row for row in made["scores"]}
    assert scores["counted", "precision"] | {"low": 0, "high": 0} == {
        **{"measure": "counted", "number": "precision", "value": None, "low": 0, "high": 0},
        **{"credit": 0.0, "out_of": 0, "shown_to": "student", "reason": "nothing was marked"},
    }
    assert made["by_label"]["CUE"]["kappa"] == {"value": 0.0, "reason": ""}
    assert made["by_label"]["CUE"]["both"] == 0 < made["by_label"]["CUE"]["key"] < made["by_label"]["CUE"]["units"]
