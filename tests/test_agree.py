"""`secondsource agree`: two files in, numbers out, and a mistake is one line."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import synthetic
from secondsource.case import Case
from secondsource.cli import main
from secondsource.formats import w3c
from secondsource.key import Key
from secondsource.matching import places
from secondsource.metrics import Expected, best_match
from secondsource.rater_report import _number_told, record
from secondsource.spans import LabelSet, Span

CASE = Case.open("analyst-claims")
RHETORIC = Path(__file__).parents[1] / "src" / "secondsource" / "cases" / "analyst-claims" / "keys" / "rhetoric.json"
PROGRAM = Path(sys.executable).with_name("secondsource")

Row = tuple[int, int] | tuple[int, int, str]


def call(*words: object) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, ["agree", *map(str, words)])


def numbers(*words: object) -> dict[str, Any]:
    """Return what the command prints for programs; any NaN would be an error."""

    def refuse(word: str) -> None:
        raise AssertionError(word)

    result = call(*words, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.isascii()
    return json.loads(result.stdout, parse_constant=refuse)


def lines(path: Path, rows: Iterable[Row], *, doc: str | None = "d1", layer: str | None = "x") -> Path:
    """Write JSON Lines; a row without a label has the label A."""
    told = [
        {"doc": doc, "layer": layer, "label": row[2] if len(row) > 2 else "A", "start": row[0], "end": row[1]}
        for row in rows
    ]
    kept = ({name: value for name, value in row.items() if value is not None} for row in told)
    path.write_text("".join(json.dumps(row) + "\n" for row in kept), encoding="utf-8")
    return path


def label_file(path: Path, *rows: tuple[str, str, int, int], exercise: str = "") -> Path:
    """Write a label file of the bundled case with ``(layer, label, start, end)``."""
    spans = tuple(Span(f"s{i}", *row) for i, row in enumerate(rows))
    path.write_bytes(w3c.write(LabelSet(CASE.article, CASE.codebook, spans, exercise=exercise)))
    return path


def prf(scores: dict[str, Any]) -> tuple[float | None, ...]:
    """Precision, recall and F1, to six places as publications give them."""
    found = (scores[name]["value"] for name in ("precision", "recall", "f1"))
    return tuple(value if value is None else round(value, 6) for value in found)


@pytest.fixture
def pair(tmp_path) -> tuple[Path, Path]:
    """Two raters of two texts."""
    a = lines(tmp_path / "a.jsonl", [(0, 18, "loaded"), (19, 40, "loaded"), (60, 88, "fear")])
    b = lines(tmp_path / "b.jsonl", [(0, 40, "loaded"), (60, 90, "doubt")])
    with a.open("a") as stream:
        stream.write('{"doc": "d2", "layer": "x", "label": "doubt", "start": 3, "end": 9}\n' * 2)
    return a, b


# --- published and exact numbers -------------------------------------------------------------------------------------

SEMEVAL = {  # marks, key: official precision, recall, F1
    "V1": (
        [(0, 50), (161, 172), (0, 10), (115, 167)],
        [(0, 59), (171, 181), (0, 9), (115, 167), (740, 759)],
        (0.964912, 0.486864, 0.647181),
    ),
    "V2": ([(0, 5)], [(0, 10)], (1, 0.5, 0.666667)),
    "V3": ([(0, 100)], [(0, 10), (20, 30)], (0.2, 1, 0.333333)),
    "V4": ([(0, 10)], [(0, 10), (5, 15)], (1, 0.666667, 0.8)),
    "V7": ([(0, 2), (3, 5), (6, 8), (50, 60)], [(0, 10)], (0.75, 0.6, 0.666667)),
    "V8": ([(0, 8), (50, 60)], [(0, 10)], (0.5, 0.8, 0.615385)),
    "published": (
        [(0, 59, "EM"), (171, 181, "RH"), (0, 9, "NC"), (127, 167, "LL"), (740, 759, "LL")],
        [(0, 59, "EM"), (171, 181, "RH"), (0, 9, "NC"), (115, 167, "LL"), (740, 759, "LL")],
        (1, round(62 / 65, 6), 0.976378),
    ),
}
BEST = {  # the same marks and key: best match
    "V1": (0.956140, 0.589492, 0.729328),
    "V2": (1, 0.5, 0.666667),
    "V3": (0.1, 1, 0.181818),
    "V4": (1, 0.75, 0.857143),
    "V7": (0.5, 0.8, 0.615385),
    "V8": (0.5, 0.8, 0.615385),
}


@pytest.mark.parametrize("name", SEMEVAL)
def test_the_official_figures(tmp_path, name):
    """The scorer's own, and best match beside them."""
    marks, key, official = SEMEVAL[name]
    (layer,) = numbers(lines(tmp_path / "a.jsonl", marks), lines(tmp_path / "b.jsonl", key))["layers"]
    assert prf(layer["scores"]["semeval2020"]) == official
    assert prf(layer["scores"]["best_match"]) == BEST.get(name, prf(layer["scores"]["best_match"]))


def test_an_unanswered_text_is_pooled(tmp_path):
    """V6: one of two texts answered."""
    b = lines(tmp_path / "b.jsonl", [(0, 10)])
    b.write_text(b.read_text() + b.read_text().replace("d1", "d2"))
    (layer,) = numbers(lines(tmp_path / "a.jsonl", [(0, 10)]), b)["layers"]
    assert prf(layer["scores"]["semeval2020"]) == (1, 0.5, 0.666667)


def test_labels_ignored(tmp_path):
    """The subtask of places alone."""
    a, b = lines(tmp_path / "a.jsonl", [(0, 10, "A")]), lines(tmp_path / "b.jsonl", [(0, 20, "B")])
    (layer,) = numbers(a, b)["layers"]
    assert prf(layer["scores"]["semeval2020"]) == (0, 0, 0)
    assert prf(layer["scores"]["semeval2020_without_labels"]) == (1, 0.5, 0.666667)


def test_the_counts_of_2013(tmp_path):
    """M1 of the specification, with all five counts."""
    key = [(0, 7, "B"), (33, 41, "D"), (50, 61, "D"), (70, 79, "D"), (80, 88, "D"), (95, 109, "G")]
    marks = [(15, 22, "B"), (30, 41, "D"), (50, 61, "B"), (70, 79, "D"), (80, 88, "D"), (90, 109, "D")]
    (layer,) = numbers(lines(tmp_path / "a.jsonl", marks), lines(tmp_path / "b.jsonl", key))["layers"]
    names = ("correct", "incorrect", "partial", "missed", "spurious")
    assert {scheme: [row[name] for name in names] for scheme, row in layer["semeval2013"].items()} == {
        "type": [3, 2, 0, 1, 1],
        "partial": [3, 0, 2, 1, 1],
        "exact": [3, 2, 0, 1, 1],
        "strict": [2, 3, 0, 1, 1],
    }
    assert layer["semeval2013"]["partial"]["f1"] == {"value": 2 / 3, "reason": ""}


def test_agreement_of_the_examples(tmp_path):
    """The binary example of Krippendorff 2011, kappa 1/11, and unitized alpha 31/120."""
    a = lines(tmp_path / "a.jsonl", [(1, 2), (8, 9)])
    b = lines(tmp_path / "b.jsonl", [(0, 3), (5, 6)])
    (layer,) = numbers(a, b, "--length", "d1=10")["layers"]
    (label,) = layer["labels"]
    assert label["counts"] == {"both": 1, "a": 2, "b": 4, "units": 10}
    assert (label["alpha"]["value"], label["kappa"]["value"]) == (2 / 21, 1 / 11)
    assert (layer["unit"], layer["units"]) == ("character", 10)
    (layer,) = numbers(lines(a, [(0, 4)]), lines(b, [(2, 6)]), "--length", "10")["layers"]
    assert layer["agreement"]["unitized_alpha"]["value"] == 31 / 120
    (layer,) = numbers(lines(a, [(0, 4)]), lines(b, [(0, 4, "B")]), "--length", "10")["layers"]
    assert layer["agreement"]["unitized_alpha"]["value"] == 51 / 140
    assert layer["agreement"]["unitized_alpha_valued"]["value"] == 1


LETTERS = 'id = "letters"\ntitle = "Letters"\nlanguage = "en"\nprovenance = "Invented."\ncontent_note = "None."\n'


@pytest.fixture
def letters(tmp_path) -> Path:
    """A case with a text of a thousand letters and the key of the worked example E1."""
    folder = tmp_path / "letters"
    (folder / "keys").mkdir(parents=True)
    (folder / "article.txt").write_text(synthetic.TEXT.text)
    (folder / "letters.toml").write_text(synthetic.TOML)
    (folder / "case.toml").write_text(
        LETTERS + f'licence = "none"\ncodebook = "letters.toml"\nsha256 = "{synthetic.TEXT.sha256}"\n'
    )
    made = synthetic.key(
        [
            (0, 40, "A"),
            synthetic.entry(60, 90, "B", also="C"),
            synthetic.entry(100, 120, "A", tier="acceptable"),
            synthetic.entry(140, 160, "C", tier="contested"),
            (200, 230, "D"),
            (300, 330, "B"),
        ],
        distractors=[(250, 270, "A")],
    )
    (folder / "keys" / "wording.json").write_bytes(made.write())
    return folder


E1 = [
    *((0, 18, "A"), (19, 40, "A"), (60, 88, "C"), (138, 160, "C")),
    *((205, 228, "A"), (250, 272, "A"), (325, 360, "B"), (400, 420, "B")),
]


def test_a_key_with_its_tiers(tmp_path, letters):
    """E1 through JSON Lines without doc and layer, and through a label file: 5/14, 21/40, 105/247."""
    key = letters / "keys" / "wording.json"
    labels = tmp_path / "a.labels.json"
    labels.write_bytes(w3c.write(synthetic.labels(E1)))
    for a in (lines(tmp_path / "a.jsonl", E1, doc=None, layer=None), labels):
        made = numbers(a, key, "--case", letters)
        (layer,) = made["layers"]
        assert prf(layer["scores"]["best_match"]) == prf_of(5 / 14, 21 / 40, 105 / 247)
        assert (layer["spans"], layer["set_aside"]) == ({"a": 8, "b": 5}, {"a": 1, "b": 0})
        assert (made["case"], made["texts"]) == ("letters", [{"doc": "letters", "length": 1000}])
        assert (layer["layer"], layer["unit"], layer["units"]) == ("wording", "word", 1)
        assert any(note.startswith("B is a key: best match uses its tiers") for note in made["notes"])


def test_spans_that_a_contested_span_holds_are_told(tmp_path, letters):
    """In the printed tables too."""
    a = lines(tmp_path / "a.jsonl", E1, layer=None)
    told = call(a, letters / "keys" / "wording.json", "--case", letters).stdout
    assert "Set aside, because a contested span of the other side holds them: 1 of A and" in told


def prf_of(*values: float) -> tuple[float, ...]:
    """The same rounding."""
    return tuple(round(value, 6) for value in values)


# --- label files and keys of a case ----------------------------------------------------------------------------------

LOADED = ("rhetoric", "Loaded_Language", 774, 791)
CLEAN = ("rhetoric", "NO_TECHNIQUE", 0, 71)
CUE = ("attribution", "CUE", 580, 586)


def test_two_label_files(tmp_path):
    """The case is found by the article; every layer that one of the two uses is compared, in its own unit."""
    a = label_file(tmp_path / "a.labels.json", LOADED, ("claims", "opinion", 3458, 3510), exercise="05_wording")
    b = label_file(tmp_path / "b.labels.json", LOADED, CUE, CLEAN)
    made = numbers(a, b)
    assert made["case"] == "analyst-claims"
    assert [(layer["layer"], layer["unit"], layer["units"]) for layer in made["layers"]] == [
        ("attribution", "word", 622),
        ("claims", "sentence", 29),
        ("rhetoric", "word", 622),
        ("rhetoric:sentences", "sentence", 29),
    ]
    assert made["layers"][2]["labels"][0]["kappa"]["value"] == 1
    assert made["notes"] == ["A was made for the exercise 05_wording; here the whole text is compared."]


def test_best_match_against_a_key_is_that_of_the_metrics(tmp_path):
    """With raw offsets, over the key's spans and not its sentence labels."""
    key = CASE.key("rhetoric")
    rows = [(s.span.layer, s.span.label, s.span.start, s.span.end) for s in key.spans][::2]
    made = numbers(label_file(tmp_path / "a.labels.json", *rows, CUE), RHETORIC)
    layer = made["layers"][0]
    marks = [(start, end, label) for _, label, start, end in rows if label != "NO_TECHNIQUE"]
    entries = [
        Expected(((k.span.start, k.span.end), *k.extents), k.span.label, frozenset(k.also), k.tier)
        for k in key.spans
        if k.span.label != "NO_TECHNIQUE"
    ]
    expected = best_match(marks, entries).scores
    assert (layer["layer"], made["not_compared"]) == ("rhetoric", ["attribution"])
    assert layer["scores"]["best_match"]["f1"]["value"] == expected.f1.value
    assert places(key.spans[0], CASE.article)  # trimmed ones are another matter


def test_a_key_against_itself():
    """All is 1; the expected ones are the core spans."""
    made = numbers(RHETORIC, RHETORIC)
    assert [layer["layer"] for layer in made["layers"]] == ["rhetoric", "rhetoric:sentences"]
    for layer in made["layers"]:
        assert all(tally["f1"]["value"] == 1 for tally in layer["scores"].values())
        assert layer["agreement"]["mean_kappa"]["value"] == 1
        assert layer["agreement"]["mean_kappa"]["labels"] == len(layer["labels"])


def test_lines_with_a_case_are_counted_in_words(tmp_path):
    """Two JSON Lines files of one text, with the case's article in place of a length."""
    a = lines(tmp_path / "a.jsonl", [(774, 791, "Loaded_Language")], doc="mine", layer="rhetoric")
    b = lines(tmp_path / "b.jsonl", [(774, 800, "Loaded_Language")], doc="theirs", layer=None)
    made = numbers(a, b, "--case", "analyst-claims")
    (layer,) = made["layers"]
    assert (layer["unit"], layer["units"], made["texts"][0]["doc"]) == ("word", 622, "analyst-claims")
    assert layer["pairs"][0]["shared"] == 17


def test_two_empty_label_files(tmp_path):
    """Every layer of the codebook, and nothing to compare in any."""
    a, b = label_file(tmp_path / "a.labels.json"), label_file(tmp_path / "b.labels.json")
    made = numbers(a, b)
    assert [layer["layer"] for layer in made["layers"]] == sorted(layer.id for layer in CASE.codebook.layers)
    assert {layer["agreement"]["kappa"]["value"] for layer in made["layers"]} == {None}


def test_one_layer_of_several(tmp_path):
    """With its sentence labels, or only these."""
    a = label_file(tmp_path / "a.labels.json", LOADED, CUE, CLEAN)
    for asked, there in (
        (["rhetoric"], ["rhetoric", "rhetoric:sentences"]),
        (["rhetoric:sentences"], ["rhetoric:sentences"]),
        (["attribution", "claims"], ["attribution", "claims"]),
    ):
        words = [word for layer in asked for word in ("--layer", layer)]
        assert [layer["layer"] for layer in numbers(a, a, *words)["layers"]] == there


# --- JSON Lines ------------------------------------------------------------------------------------------------------


def test_the_same_bytes_in_any_order_of_lines(tmp_path, pair):
    """Of either file."""
    first, second = pair
    before = [call(first, second, *more).stdout_bytes for more in (["--json"], [], ["--json", "--length", "d1=99"])]
    shuffle = random.Random(3).shuffle
    for path in pair:
        told = path.read_text().splitlines()
        shuffle(told)
        path.write_text("\n".join(told))
    after = [call(first, second, *more).stdout_bytes for more in (["--json"], [], ["--json", "--length", "d1=99"])]
    assert after == before


def test_duplicates_count_once_and_are_told(pair):
    """In the record of the file and in words."""
    made = numbers(*pair)
    assert made["a"] == {"file": "a.jsonl", "kind": "lines", "spans": 4, "duplicates": 1}
    assert "A: 1 span repeats another one; each counts once." in made["notes"]
    pair[0].write_text(pair[0].read_text() * 2)
    assert "A: 6 spans repeat others; each counts once." in numbers(*pair)["notes"]


def test_numbers_without_a_length(pair):
    """All that need none are there; the others are null and say how to get them."""
    (layer,) = numbers(*pair, "--length", "d2=50")["layers"]
    reason = "the length of text d1 is not known; give it with --length d1=NUMBER"
    assert layer["agreement"]["kappa"] == {"value": None, "reason": reason}
    assert layer["labels"][0]["counts"] is None
    assert layer["units"] is None
    assert layer["scores"]["semeval2020"]["f1"]["value"] > 0
    (layer,) = numbers(*pair, "--length", "d2=50", "--length", "d1=100")["layers"]
    assert (layer["units"], layer["labels"][0]["counts"]["units"]) == (150, 150)


def test_pairs_and_leftovers(pair):
    """With doc, offsets, labels, and characters in common and together."""
    (layer,) = numbers(*pair)["layers"]
    assert layer["pairs"][0] == {
        "doc": "d1",
        "a": {"start": 0, "end": 18, "label": "loaded"},
        "b": None,
        "shared": 0,
        "united": 0,
        "fit": {"value": None, "reason": "nothing beside it"},
    }
    assert [(row["a"] and row["a"]["start"], row["b"] and row["b"]["start"]) for row in layer["pairs"]] == [
        (0, None),
        (19, 0),
        (60, 60),
        (3, None),
    ]
    assert layer["pairs"][1]["fit"]["value"] == 21 / 40


def test_texts_of_one_side_only_are_told(tmp_path, pair):
    """A name that was misspelt would look like this."""
    assert "Of 2 texts, 1 has spans of A only: B marked nothing there." in numbers(*pair)["notes"]
    assert "Of 2 texts, 1 has spans of B only: A marked nothing there." in numbers(*reversed(pair))["notes"]
    three = tmp_path / "b3.jsonl"
    three.write_text(pair[1].read_text() + pair[1].read_text().replace("d1", "d3"))
    told = "1 has spans of A only and 1 of B only: the other side marked nothing there."
    assert f"Of 3 texts, {told}" in numbers(pair[0], three)["notes"]
    more = tmp_path / "b4.jsonl"
    more.write_text(three.read_text() + pair[1].read_text().replace("d1", "d4"))
    assert "Of 3 texts, 2 have spans of A only: B marked nothing there." in numbers(more, pair[1])["notes"]
    other = lines(tmp_path / "c.jsonl", [(0, 4)], doc="D1")
    assert "A and B have no text in common" in numbers(other, pair[1])["notes"][0]


def test_nobody_marked_anything(tmp_path):
    """Two empty files are legitimate; a length makes a text of them."""
    a = lines(tmp_path / "a.jsonl", [])
    (layer,) = numbers(a, a)["layers"]
    assert prf(layer["scores"]["exact"]) == (None, None, None)
    assert layer["scores"]["exact"]["f1"]["reason"] == "there is nothing to find here, and nothing was marked"
    made = numbers(a, a, "--length", "7")
    assert (made["texts"], made["layers"][0]["units"]) == ([{"doc": "", "length": 7}], 7)
    empty = tmp_path / "empty"
    empty.write_bytes(b"")
    assert numbers(a, empty)["b"]["kind"] == "lines"


def test_one_rater_marked_nothing(tmp_path):
    """Precision is undefined, recall and F1 are 0."""
    a, b = lines(tmp_path / "a.jsonl", []), lines(tmp_path / "b.jsonl", [(0, 4)])
    (layer,) = numbers(a, b)["layers"]
    assert prf(layer["scores"]["best_match"]) == (None, 0, 0)


def test_layers_of_lines(tmp_path):
    """Each is compared; one can be chosen."""
    a = lines(tmp_path / "a.jsonl", [(0, 4)])
    a.write_text(a.read_text() + a.read_text().replace('"x"', '"y"'))
    assert [layer["layer"] for layer in numbers(a, a)["layers"]] == ["x", "y"]
    assert [layer["layer"] for layer in numbers(a, a, "--layer", "y")["layers"]] == ["y"]


def test_a_file_is_recognised(tmp_path):
    """JSON Lines under any name, on one line or many; label files by what is in them."""
    row = json.dumps({"label": "A", "start": 0, "end": 4})
    for name in ("a.jsonl", "a.ndjson", "a.json", "a.txt", "a"):
        path = tmp_path / name
        path.write_text(f"\n{row}\n{row}\n")
        assert numbers(path, path)["a"]["kind"] == "lines"
    labels = label_file(tmp_path / "x.labels.json", LOADED)
    for name, text in (("flat", json.dumps(json.loads(labels.read_text()))), ("tall", labels.read_text())):
        (tmp_path / name).write_text(text)
        assert numbers(tmp_path / name, labels)["a"]["kind"] == "labels"


# --- words -----------------------------------------------------------------------------------------------------------


def test_the_words_fit_a_terminal(pair, letters):
    """At most 80 columns, with the technical names, who is A and who is B, and why a number is missing."""
    for words in (pair, (*pair, "--length", "d1=4000", "--length", "d2=9"), (RHETORIC, RHETORIC)):
        result = call(*words)
        assert (result.exit_code, result.stderr) == (0, "")
        assert max(map(len, result.stdout.splitlines())) <= 80
        assert "A is what is examined (precision), B the reference (recall)." in result.stdout
        for name in ("SemEval-2020 Task 11", "SemEval-2013", "best match", "Krippendorff", "kappa", "u-alpha", "SPU"):
            assert name in result.stdout
    assert "(1) undefined: the lengths of 2 texts are not known (d1, d2)" in call(*pair).stdout
    assert "… and 13 more; --json has them all" in call(RHETORIC, RHETORIC).stdout


def test_the_words_of_a_small_comparison(tmp_path):
    """As a whole."""
    a, b = lines(tmp_path / "a.jsonl", [(0, 4), (6, 9)], layer=None), lines(tmp_path / "b.jsonl", [(2, 6)], layer=None)
    assert call(a, b, "--length", "10").stdout.splitlines() == SMALL.strip("\n").splitlines()


SMALL = """
A  a.jsonl: JSON Lines, 2 spans
B  b.jsonl: JSON Lines, 1 span
A is what is examined (precision), B the reference (recall).

Layer (no name): 2 spans of A, 1 of B, 1 text
---------------------------------------------
Scores                             precision  recall      F1    right    found
exact: same words, same label          0.000   0.000   0.000      0/2      0/1
overlap, SemEval-2020 Task 11          0.250   0.500   0.333   0.50/2   0.50/1
span identification (no labels)        0.250   0.500   0.333   0.50/2   0.50/1
overlap, best match (ours)             0.250   0.500   0.333   0.50/2   0.50/1

SemEval-2013             COR   INC   PAR   MIS   SPU  precision  recall      F1
strict                     0     1     0     0     1      0.000   0.000   0.000
exact                      0     1     0     0     1      0.000   0.000   0.000
partial                    0     0     1     0     1      0.250   0.500   0.333
type                       1     0     0     0     1      0.500   1.000   0.667

Agreement over characters (10 characters in all)
Cohen’s kappa, one label or none each                  -0.296
mean of kappa per label (1 defined)                    -0.296
Krippendorff’s nominal alpha                           -0.343
unitized alpha (u-alpha), stretches with labels        -0.237
unitized alpha (|u-alpha), marked or not               -0.237

characters per label          both       A       B observed  positive prevalence
A                                2       7       4    0.300     0.364      0.400

per label                  spans A       B    kappa    alpha   u-alpha  |u-alpha
A                                2       1   -0.296   -0.343    -0.237    -0.237

1 aligned pair, 1 leftover
0.333  [0, 4) A                             [2, 6) A
       [6, 9) A                             -
"""


def test_a_number_that_is_nearly_one_or_zero_is_not_rounded_to_it(tmp_path):
    """999,999 of a million characters: neither 1.000 nor 0.000, and the columns stay where they are."""
    a, b = (lines(tmp_path / f"{side}.jsonl", [(0, end)]) for side, end in (("a", 10**6), ("b", 10**6 - 1)))
    told = call(a, b).stdout
    assert "overlap, SemEval-2020 Task 11         >0.999   1.000  >0.999   1.00/1   1.00/1" in told
    assert "\n>0.999 [0, 1000000) A                       [0, 999999) A\n" in told


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (1.0, "1.000"),
        (0.9996, ">0.999"),
        (0.9994, "0.999"),
        (0.0006, "0.001"),
        (0.0004, "<0.001"),
        (0.0, "0.000"),
        (-0.0, "0.000"),
        (-0.0004, ">-0.001"),
        (-0.9996, "<-0.999"),
        (-1.0, "-1.000"),
    ],
)
def test_three_decimals(value, told):
    """0 and 1 are said of nothing else."""
    assert _number_told(value) == told


def test_the_words_of_nothing(tmp_path):
    """Two raters who marked nothing: no table of labels and no pairs, and the reasons."""
    a = lines(tmp_path / "a.jsonl", [])
    told = call(a, a).stdout
    assert "per label  " not in told
    assert "aligned" not in told
    assert "(1) undefined: there is nothing to find here, and nothing was marked" in told


def test_layers_that_a_key_has_not_are_told(tmp_path):
    """In words."""
    a = label_file(tmp_path / "a.labels.json", LOADED, CUE)
    assert "- Not compared, because the key is for another layer: attribution.\n" in call(a, RHETORIC).stdout


def test_nothing_of_a_stranger_reaches_the_terminal(tmp_path):
    """Control characters in names are replaced, long names cut."""
    name = "\x1b[31m" + "x" * 300
    a = lines(tmp_path / "a.jsonl", [(0, 4, name)], doc=name, layer=name)
    b = lines(tmp_path / "b.jsonl", [(0, 4, name)], doc=name + "y", layer=name)
    result = call(a, b)
    assert "\x1b" not in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert "\x1b" not in result.stdout
    assert "\x1b" not in numbers(a, b)["layers"][0]["agreement"]["kappa"]["reason"]


# --- mistakes --------------------------------------------------------------------------------------------------------


def refused(*words: object) -> str:
    """Run a command that must fail with one line on stderr and exit code 2; return the line."""
    result = call(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert isinstance(result.exception, SystemExit)
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.stderr
    return result.stderr


@pytest.mark.parametrize("side", [0, 1])
def test_a_bad_line_is_named(pair, side):
    """With file and line, on either side."""
    with pair[side].open("a") as stream:
        stream.write('{"label": "A", "start": 5, "end": 5}\n')
    number = len(pair[side].read_text().splitlines())
    assert f"SPAN-OFFSETS · {pair[side].name}, line {number}: [5, 5) holds no character. · " in refused(*pair)


LENGTHS = {
    "too short": (
        ["d1=89", "d2=9"],
        "SPAN-OFFSETS · b.jsonl: [60, 90) with the label doubt ends behind text d1, which has 89",
    ),
    "without a name, for two": (["100"], "LENGTH-WHICH · It is not clear which text the length without a name is"),
    "no number": (["d1=x"], "LENGTH-FORM · --length d1=x is neither DOC=NUMBER nor NUMBER."),
    "negative": (["d1=-5"], "LENGTH-FORM"),
    "not ASCII": (["d1=٣"], "LENGTH-FORM"),
    "zero": (
        ["d1=0"],
        "LENGTH-RANGE · --length d1=0: a text has at least 1 code point and at most 1,000,000,000,000,000.",
    ),
    "too large": (["d1=1000000000000001"], "LENGTH-RANGE"),
    "endless": (["d1=" + "9" * 5000], "LENGTH-RANGE"),
    "twice": (
        ["d1=100", "d1=101"],
        "LENGTH-TWICE · --length d1=101 gives a second number for a text; the first was 100.",
    ),
}


@pytest.mark.parametrize("name", LENGTHS)
def test_lengths_that_cannot_be(pair, name):
    """Each is told, with what to write."""
    given, told = LENGTHS[name]
    assert told in refused(*pair, *(word for length in given for word in ("--length", length)))


def test_the_largest_length_and_the_same_one_twice(pair):
    """Neither is a mistake, and zeros in front mean nothing."""
    assert numbers(*pair, *["--length", "d1=1000000000000000"] * 2, "--length", f"d2={'0' * 50}9")["texts"] == [
        {"doc": "d1", "length": 10**15},
        {"doc": "d2", "length": 9},
    ]


def test_a_length_too_short_without_a_name(tmp_path):
    """The text has no name to show."""
    a = lines(tmp_path / "a.jsonl", [(0, 9)], doc=None)
    assert "ends behind the text, which has 5 code points" in refused(a, a, "--length", "5")


def test_files_that_are_none(tmp_path, pair):
    """A missing file, a folder, an empty label file, another JSON, a web page."""
    assert "FILE-NOTLABELS · nothing.jsonl: it cannot be read (No such file" in refused(
        pair[0], tmp_path / "nothing.jsonl"
    )
    assert "it cannot be read (Is a directory)" in refused(tmp_path, pair[0])
    for name, data, told in (
        ("x.json", b"", "x.json: the file is empty"),
        ("y.json", b"{}", "y.json: this is JSON, but not a label file"),
        ("z.json", b"[1]", "z.json: this is JSON, but not a label file"),
        ("z", b"<!doctype html>", "FILE-INVALID · z, line 1: this is not one complete JSON object"),
        (
            "bom.json",
            b'\xef\xbb\xbf{"start": 0}',
            "FILE-INVALID · bom.json, line 1: the file starts with a byte-order mark",
        ),
    ):
        (tmp_path / name).write_bytes(data)
        assert told in refused(pair[0], tmp_path / name)
        assert told in refused(tmp_path / name, pair[0])


def test_labels_of_another_text_or_codebook_are_never_scored(tmp_path):
    """With or without a case."""
    a = label_file(tmp_path / "a.labels.json", LOADED)
    b = tmp_path / "b.labels.json"
    b.write_bytes(a.read_bytes().replace(CASE.article.sha256.encode(), b"0" * 64))
    assert "VERSION-ARTICLE · b.labels.json holds labels for another article" in refused(a, b)
    told = refused(b, a)
    assert "VERSION-ARTICLE · b.labels.json holds labels for an article (000000000000…) that does not come" in told
    assert told.endswith("Name the folder of its case with --case.\n")
    assert "VERSION-ARTICLE" in refused(b, b, "--case", "analyst-claims")
    b.write_bytes(a.read_bytes().replace(b'"version": "', b'"version": "9'))
    assert "VERSION-CODEBOOK · b.labels.json" in refused(a, b)
    assert "There is no case “nothing”" in refused(a, a, "--case", "nothing")


def test_a_length_beside_a_label_file(tmp_path):
    """Its article has one."""
    a = label_file(tmp_path / "a.labels.json", LOADED)
    assert "LENGTH-KNOWN · The length of an article is known." in refused(a, a, "--length", "9")


def test_layers_that_are_not_there(tmp_path, pair):
    """In the files, in the codebook, or in the key."""
    a = label_file(tmp_path / "a.labels.json", CUE)
    assert "There is no layer “z”. There are: x." in refused(*pair, "--layer", "z")
    assert "There is no layer “rethoric”. Did you mean “rhetoric”?" in refused(a, a, "--layer", "rethoric")
    assert "LAYERS-APART · No such layer is on both sides" in refused(a, RHETORIC, "--layer", "attribution")
    assert "LAYERS-APART" in refused(RHETORIC, RHETORIC.with_name("attribution.json"))


def test_lines_beside_a_label_file(tmp_path, pair):
    """They must be of one text, inside it, of one layer, and with labels of the codebook."""
    one = label_file(tmp_path / "one.labels.json", LOADED)
    two = label_file(tmp_path / "two.labels.json", LOADED, CUE)
    assert "LINES-TEXTS · a.jsonl is about 2 texts" in refused(pair[0], one)
    assert "LINES-NAMES · b.jsonl: There is no layer “x”." in refused(pair[1], one)
    loose = lines(tmp_path / "loose.jsonl", [(774, 791, "Loaded_Language")], layer=None)
    assert numbers(loose, one)["layers"][0]["scores"]["exact"]["right"] == 1
    assert "LINES-LAYER · loose.jsonl has lines without a layer" in refused(loose, two)
    assert numbers(loose, two, "--layer", "rhetoric")["layers"][0]["scores"]["exact"]["right"] == 1
    wrong = lines(tmp_path / "wrong.jsonl", [(774, 791, "Loaded")], layer=None)
    assert "LINES-NAMES · wrong.jsonl: There is no label “Loaded” in the layer rhetoric" in refused(wrong, one)
    beyond = lines(tmp_path / "beyond.jsonl", [(774, 9999, "Loaded_Language")], layer=None)
    assert "SPAN-OFFSETS · beyond.jsonl: [774, 9999)" in refused(beyond, RHETORIC)


def test_what_would_take_minutes_is_refused(tmp_path):
    """Thousands of spans that all overlap one another."""
    for doc, told in ((None, "one text"), ("d1", "text d1")):
        a = lines(tmp_path / "a.jsonl", [(i, 3000) for i in range(1500)], doc=doc)
        assert f"SPAN-LIMIT · In {told}, 2,250,000 pairs of a span of A and one of B overlap" in refused(a, a)


def test_a_broken_key(tmp_path, letters):
    """It is named."""
    key = letters / "keys" / "wording.json"
    assert Key.read(key.read_bytes(), synthetic.TEXT, synthetic.CODEBOOK, name="x").layer.id == "wording"
    key.write_bytes(key.read_bytes().replace(b'"reason k0"', b'""'))
    assert "wording.json: key entry k0" in refused(key, key, "--case", letters)


def test_wrong_use_is_told(pair):
    """By the command line library."""
    for words in ([], [pair[0]], [*pair, "--nothing"]):
        result = call(*words)
        assert result.exit_code == 2
        assert "Usage:" in result.stderr


def test_help_says_which_side_is_which():
    """And that offsets are raw."""
    told = " ".join(call("--help").output.split())
    assert "A is what is examined (precision), B the reference (recall)" in told
    assert "without trimming" in told


def fields(value: Any) -> set[str]:
    """Return the names of all fields, at any depth."""
    if isinstance(value, dict):
        return set(value).union(*map(fields, value.values()))
    return set().union(*map(fields, value)) if isinstance(value, list) else set()


def test_every_field_is_documented(pair):
    """In docs/agree.md, and in the description of the function that makes them."""
    told = (Path(__file__).parents[1] / "docs" / "agree.md").read_text(encoding="utf-8")
    made = fields(numbers(*pair, "--length", "d1=100", "--length", "d2=9"))
    assert {name for name in made if f"`{name}`" not in told and f'"{name}"' not in told} == set()
    assert {name for name in made if name not in (record.__doc__ or "")} == set()


def test_the_example_in_the_documentation_is_the_real_output():
    """Byte for byte; the example is checked above."""
    told = (Path(__file__).parents[1] / "docs" / "agree.md").read_text(encoding="utf-8")
    assert f"```{SMALL}```" in told


# --- scale and the program -------------------------------------------------------------------------------------------


def test_a_long_text(tmp_path):
    """Thousands of spans on each side, and a length for which no row per character could be made."""
    made = random.Random(1)

    def side(name: str) -> Path:
        starts = [made.randrange(200_000) for _ in range(3_000)]
        return lines(tmp_path / name, [(s, s + made.randrange(5, 200), f"L{s % 7}") for s in starts])

    (layer,) = numbers(side("a.jsonl"), side("b.jsonl"), "--length", "d1=999999999999999")["layers"]
    assert layer["units"] == 999_999_999_999_999
    assert layer["agreement"]["unitized_alpha"]["reason"]
    assert -1 <= layer["labels"][0]["kappa"]["value"] <= 1


def test_the_program(pair):
    """Through the real entry point, on a terminal without Unicode."""
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run([PROGRAM, "agree", *pair], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Layer x: 4 spans of A, 2 of B, 2 texts" in done.stdout


def test_a_text_that_only_a_length_names_is_told(tmp_path):
    """A slip of the pen in its name would look like agreement about a long unmarked text."""
    a, b = (lines(tmp_path / f"{side}.jsonl", [(at, at + 4, "A")], doc="d1") for side, at in (("a", 0), ("b", 2)))
    assert numbers(a, b, "--length", "d1=10")["notes"] == []
    (note,) = numbers(a, b, "--length", "d1=10", "--length", "dl=4000")["notes"]
    assert note == "Known by --length only, and counted as marked by nobody: dl."
