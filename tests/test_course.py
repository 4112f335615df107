"""An exercise as a student meets it: label, gate, compare, hand in; and the promises of the committed course."""

import hashlib
import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from secondsource.case import Case
from secondsource.course import Exercise, HandIn, NotYet, exercise
from secondsource.errors import CaseError, OffsetError, QuotationError, StoreError, UnknownNameError
from secondsource.frames import BY_LABEL, BY_SENTENCE, COLUMNS, SCORES
from secondsource.key import Key
from secondsource.languages import language
from secondsource.manifest import Manifest
from secondsource.widgets import ComparisonView, Labeller
from synthetic import write_notebook

ROOT = Path(__file__).resolve().parents[1]
NOT_YET = language().say("exercise", "not_yet")
NOT_ENOUGH = language().say("exercise", "not_enough")
WORDS = [
    *(("stated", "CUE"), ("according to Watson", "CUE"), ("he wrote", "SOURCE"), ("He pointed", "SOURCE")),
    *(
        ("Watson emphasized", "SOURCE"),
        ("claimed", "CUE", 1),
        ("refraining from", "CONTENT"),
        ("the front lines", "CONTENT", 1),
    ),
]


@pytest.fixture
def ex(tmp_path, monkeypatch) -> Exercise:
    """The exercise of lesson 2 in an empty course folder."""
    monkeypatch.delenv("SECONDSOURCE_LABELS", raising=False)
    (tmp_path / "lessons").mkdir()
    monkeypatch.chdir(tmp_path / "lessons")
    return exercise("02_who_says_so")


def label_all(ex: Exercise, confidence: float | None = 0.6) -> None:
    """Make the eight labels that open the comparison."""
    for quote, label, *occurrence in WORDS:
        ex.add(quote, label, confidence=confidence, occurrence=occurrence[0] if occurrence else None)


# --- opening ---------------------------------------------------------------------------------------------------------


def test_an_exercise_tells_what_it_is(ex):
    """One line, the same every time."""
    assert repr(ex) == "Exercise 02_who_says_so: Lesson 2: Who says so? (8 sentences; Who says so?)"


def test_labels_are_kept_beside_the_notebooks(ex, tmp_path):
    """Above lessons, in my-labels; nothing is written before the first label."""
    assert not (tmp_path / "my-labels").exists()
    ex.add("stated", "CUE")
    assert (tmp_path / "my-labels" / "02_who_says_so.labels.json").is_file()
    assert len(exercise("02_who_says_so").labels) == 1


@pytest.mark.parametrize("name", ["exercises", "solutions", "."])
def test_where_a_notebook_may_run(tmp_path, monkeypatch, name):
    """In one of the three folders or above them, the labels are the same."""
    monkeypatch.delenv("SECONDSOURCE_LABELS", raising=False)
    (tmp_path / name).mkdir(exist_ok=True)
    monkeypatch.chdir(tmp_path / name)
    Exercise("05_wording").add("grim", "Loaded_Language")
    assert (tmp_path / "my-labels" / "05_wording.labels.json").is_file()


def test_another_folder_for_labels(tmp_path, monkeypatch):
    """An instructor may say where labels are kept."""
    monkeypatch.setenv("SECONDSOURCE_LABELS", str(tmp_path / "elsewhere"))
    exercise("05_wording").add("grim", "Loaded_Language")
    assert (tmp_path / "elsewhere" / "05_wording.labels.json").is_file()


def test_an_unknown_exercise_is_named(ex):
    """With a guess and those that exist."""
    with pytest.raises(UnknownNameError, match=r"Did you mean “02_who_says_so”.*05_wording_alone"):
        exercise("02_who_said_so")


# --- labelling in Python ---------------------------------------------------------------------------------------------


def test_a_label_by_quotation(ex):
    """It is on disk with everything that was said about it."""
    span = ex.add("stated", "CUE", confidence=1, note="why")
    assert (span.start, span.end, span.quote, span.confidence, span.note) == (580, 586, "stated", 1.0, "why")
    assert exercise("02_who_says_so").labels[span.id] == span
    assert list(ex.labels.frame["label"]) == ["CUE"]


def test_every_change_has_a_twin_in_python(ex):
    """Relabel, resize, confidence, note, attribute, remove."""
    name = ex.add("stated", "CUE").id
    assert ex.set_confidence(name, 0.4).confidence == 0.4
    assert ex.set_confidence(name, None).confidence is None
    assert ex.note(name, "a note").note == "a note"
    assert ex.relabel(name, "CONTENT").label == "CONTENT"
    assert ex.set_attribute(name, "form", "direct").attributes == {"form": "direct"}
    assert ex.resize(name, "the Russian military’s advance").quote == "the Russian military’s advance"
    assert ex.labels[name].attributes == {"form": "direct"}
    assert ex.relabel(name, "SOURCE").attributes == {}
    assert ex.remove(name).label == "SOURCE"
    assert len(ex.labels) == 0


def test_undo_and_redo(ex):
    """Back to nothing and forward again, step by step; a new change ends what could be redone."""
    name = ex.add("stated", "CUE").id
    ex.set_confidence(name, 0.4)
    ex.remove(name)
    ex.undo()
    assert ex.labels[name].confidence == 0.4
    ex.undo()
    assert ex.labels[name].confidence is None
    ex.undo()
    ex.undo()
    assert len(ex.labels) == 0
    ex.redo()
    ex.redo()
    assert ex.labels[name].confidence == 0.4
    ex.note(name, "new")
    ex.redo()
    assert name in ex.labels


def test_undo_and_redo_say_what_they_did(ex):
    """One line, the same every time; a notebook shows it."""
    assert str(ex.undo()) == repr(ex.undo()) == "Nothing to undo."
    assert ex.redo()._repr_html_() == "<p>Nothing to redo.</p>"
    name = ex.add("stated", "CUE").id
    ex.set_confidence(name, 0.4)
    ex.set_confidence(name, 0.4)
    ex.note(name, "why")
    ex.relabel(name, "CONTENT")
    ex.set_attribute(name, "form", "direct")
    ex.resize(name, "emphasized")
    ex.remove(name)
    undone = [
        "Content on “emphasized” is there again.",
        "Content on “emphasized” is now Content on “stated”.",
        "Content on “stated” has no further answers.",
        "Content on “stated” is now Cue on “stated”.",
        "Cue on “stated” has no note.",
        "Cue on “stated” is as it was.",
        "Cue on “stated” has no confidence.",
        "Cue on “stated” is gone.",
    ]
    assert [str(ex.undo()) for _ in undone] == [f"Undone: {line}" for line in undone]
    redone = [
        "Cue on “stated” is there again.",
        "Cue on “stated” has the confidence 0.4.",
        "Cue on “stated” is as it was.",
        "Cue on “stated” has the note “why”.",
        "Cue on “stated” is now Content on “stated”.",
        "Content on “stated” has the answers form=direct.",
        "Content on “stated” is now Content on “emphasized”.",
        "Content on “emphasized” is gone.",
    ]
    assert [str(ex.redo()) for _ in redone] == [f"Done again: {line}" for line in redone]


def test_what_could_not_be_undone_can_be_tried_again(ex, monkeypatch):
    """A full disk does not swallow a step."""
    name = ex.add("stated", "CUE").id

    def full(*_args, **_options):
        raise StoreError("SAVE-FULL", "Full.", "Safe.", "Free some space.")

    with monkeypatch.context() as patch:
        patch.setattr(ex._store, "apply", full)
        with pytest.raises(StoreError):
            ex.undo()
    ex.undo()
    assert name not in ex.labels


def test_an_unknown_label_is_named(ex):
    """With all labels that this exercise offers; labels of other layers are not offered."""
    for call in (lambda: ex.add("stated", "CEU"), lambda: ex.relabel(ex.add("stated", "CUE").id, "Doubt")):
        with pytest.raises(UnknownNameError, match=r"no label in this exercise .* There are: SOURCE, CUE, CONTENT"):
            call()


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        *(("Read: plain wording", "NO_TECHNIQUE"), ("loaded language", "Loaded_Language")),
        *((" no_technique ", "NO_TECHNIQUE"), ("Doubt cast on somebody", "Doubt"), ("DOUBT", "Doubt")),
    ],
)
def test_a_label_may_be_called_by_its_name(tmp_path, name, stored):
    """Id or name, in any case; the id is stored."""
    ex = Exercise("05_wording", folder=tmp_path)
    assert ex.add("a startling claim", name).label == stored
    assert ex.relabel(ex.labels.spans[0].id, name).label == stored


@pytest.mark.parametrize("name", [None, 5, ["CUE"], "", "Some words."])
def test_what_is_no_label(ex, name):
    """Anything else is an unknown name, and nothing is saved."""
    with pytest.raises(UnknownNameError, match="There are: SOURCE, CUE, CONTENT"):
        ex.add("stated", name)
    assert len(ex.labels) == 0


def test_a_sentence_label_takes_the_whole_sentence(tmp_path):
    """As in the labeller: words inside it, or all of it with other punctuation."""
    ex = Exercise("05_wording", folder=tmp_path)
    s1, s3 = ex.case.article.sentences[1], ex.case.article.sentences[3]
    span = ex.add("Alan Watson, a defense analyst", "NO_TECHNIQUE")
    assert (span.start, span.end) == (s1.start, s1.end)
    assert ex.resize(span.id, "who has previously advised NATO").start == s3.start
    word = ex.add("a startling claim", "Loaded_Language")
    assert ex.relabel(word.id, "NO_TECHNIQUE").end == s1.end
    with pytest.raises(QuotationError, match=r"QUOTE-SENTENCES .*touches S1, S2"):
        ex.add("willing to negotiate. This assertion", "NO_TECHNIQUE")
    wide = ex.add("willing to negotiate. This assertion", "Doubt")
    with pytest.raises(QuotationError, match=r"QUOTE-SENTENCES"):
        ex.relabel(wide.id, "NO_TECHNIQUE")


def test_mistakes_in_python_are_told_in_plain_words(ex):
    """Of this package, about what was typed, without the id of a label that never existed."""
    name = ex.add("stated", "CUE").id
    calls = [
        *((lambda v=value: ex.add("stated", "CUE", confidence=v)) for value in ("0.8", 80, "high", True, float("nan"))),
        *(lambda: ex.add("stated", "CUE", 0.8), lambda: ex.add("stated", "CUE", note=5), lambda: ex.note(name, 5)),
        *(lambda: ex.add(None, "CUE"), lambda: ex.add(5, "CUE"), lambda: ex.resize(name, 5)),
        *(lambda: ex.add("Watson", "SOURCE", occurrence="2"), lambda: ex.set_confidence(name, "0.8")),
    ]
    said = []
    for call in calls:
        with pytest.raises((OffsetError, QuotationError)) as caught:
            call()
        said.append(str(caught.value))
    assert not re.search(r"labels\.json|FILE-|^Label|[0-9a-f]{16}", "\n".join(said), re.MULTILINE)
    sure = "How sure is said as a number from 0 to 1: 0.8 for 80 %, without quotation marks."
    assert said[:5] == [sure] * 5
    assert said[5] == "Say by name what 0.8 is, for example confidence=0.8."
    assert said[-1] == sure
    assert [s.note for s in ex.labels.spans] == [""]


def test_an_unknown_id_is_named(ex):
    """With the ids that exist."""
    name = ex.add("stated", "CUE").id
    for call in (
        ex.remove,
        lambda i: ex.note(i, ""),
        lambda i: ex.resize(i, "stated"),
        lambda i: ex.set_confidence(i, 1),
    ):
        with pytest.raises(UnknownNameError, match=name):
            call("nothing")


def test_an_illegal_change_changes_nothing(ex):
    """A confidence of 80 is refused, and there is nothing to undo."""
    name = ex.add("stated", "CUE", confidence=0.8).id
    for confidence in (80, -0.1, float("nan"), True, "0.8"):
        with pytest.raises(OffsetError, match="from 0 to 1"):
            ex.set_confidence(name, confidence)
    assert ex.labels[name].confidence == 0.8
    ex.undo()
    assert len(ex.labels) == 0


def test_words_that_stand_nowhere(ex):
    """The nearest passage is shown."""
    with pytest.raises(QuotationError, match=r"QUOTE-NONE · .*The nearest passage is “stated"):
        ex.add("statd", "CUE")


def test_words_that_stand_several_times(ex):
    """The message asks which, and the number answers."""
    with pytest.raises(QuotationError, match=r"QUOTE-SEVERAL · “Watson” stands \d+ times"):
        ex.add("Watson", "SOURCE")
    assert ex.add("Watson", "SOURCE", occurrence=2).start == 510
    with pytest.raises(QuotationError, match=r"QUOTE-NUMBER"):
        ex.add("Watson", "SOURCE", occurrence=99)


# --- the gate --------------------------------------------------------------------------------------------------------


def shown(closed: NotYet) -> str:
    """Everything a notebook or a terminal could show of the closed gate."""
    return "\n".join(
        [repr(closed), str(closed), closed._repr_html_(), closed.pairs.to_string(), repr(vars(closed).keys())]
    )


@pytest.fixture
def locked(monkeypatch):
    """No key may be opened at all."""

    def fail(*_args, **_options):
        raise AssertionError("the key was opened")

    monkeypatch.setattr(Case, "key", fail)
    monkeypatch.setattr(Key, "read", fail)


def test_the_gate_is_closed_before_the_first_label(ex, locked):
    """A fixed message; the key file is not even read."""
    closed = ex.compare()
    assert isinstance(closed, NotYet)
    assert str(closed) == repr(closed) == closed.text == NOT_YET
    assert closed._repr_html_() == f"<p>{NOT_YET}</p>"


def test_the_gate_stays_closed_with_too_few_labels(ex, locked):
    """It says how many there are and how many are needed."""
    ex.add("stated", "CUE", confidence=0.5)
    assert str(ex.compare()) == (
        f"{NOT_ENOUGH}\nSo far: 1 label. The comparison opens with at least 8 labels, each with a confidence."
    )


def test_the_gate_stays_closed_without_confidences(ex, locked):
    """Enough labels, one of them not rated."""
    label_all(ex)
    ex.set_confidence(ex.labels.spans[3].id, None)
    assert "So far: 8 labels, 1 without a confidence." in str(ex.compare())
    ex.add("emphasized", "CUE")
    assert "So far: 9 labels, 2 without a confidence." in str(ex.compare())


def test_labels_outside_the_part_do_not_open_the_gate(ex, locked):
    """Eight labels in sentences that were not asked are none."""
    for word in ("implications", "developments", "profound", "radical", "ceasefire", "settlement", "fraught", "risks"):
        ex.add(word, "SOURCE", confidence=1)
    asked = "S3, S5, S6, S7, S8, S9, S13, S17"
    assert str(ex.compare()) == f"{NOT_ENOUGH}\n8 labels lie outside the sentences that are asked ({asked})."
    ex.add("stated", "CUE")
    assert str(ex.compare()).split("\n")[1:] == [
        "So far: 1 label, 1 without a confidence. The comparison opens with at least 8 labels, each with a confidence.",
        f"8 labels lie outside the sentences that are asked ({asked}).",
    ]


def test_nothing_of_the_key_is_in_the_closed_gate(ex):
    """In no representation, and not in the empty tables."""
    key = ex.case.key("attribution")
    ex.add("stated", "CUE")
    for closed in (ex.compare(), Exercise("05_wording").compare()):
        text = shown(closed)
        assert [k.reason for k in key.spans if k.reason in text or k.counter in text] == []
        assert [k.span.quote for k in key.spans if len(k.span.quote) > 8 and k.span.quote in text] == []


def test_the_closed_gate_has_empty_tables(ex):
    """With the columns that the comparison will have, so that a lesson runs to its end."""
    closed = ex.compare()
    assert tuple(closed.pairs.columns) == COLUMNS
    assert tuple(closed.scores.columns) == SCORES
    assert tuple(closed.by_label.columns) == BY_LABEL
    assert tuple(closed.by_sentence.columns) == BY_SENTENCE
    assert str(closed.picture("labels")) == str(closed)
    assert len(closed.pairs) == len(closed.by_label) == len(closed.by_sentence) == len(closed.scores) == 0


def test_the_gate_opens_at_the_threshold(ex):
    """Seven labels are too few, eight are enough."""
    label_all(ex)
    view = ex.compare()
    assert isinstance(view, ComparisonView)
    assert view._view["title"] == "Lesson 2: Who says so?"
    assert sum(len(row.pieces) + (row.mark is not None) for row in view.comparison.rows) == 8
    ex.remove(ex.labels.spans[0].id)
    assert isinstance(ex.compare(), NotYet)


def test_the_labeller_of_an_exercise(ex):
    """It offers the exercise's layer and sentences, and shares its store."""
    widget = ex.label()
    assert isinstance(widget, Labeller)
    assert [s["id"] for s in widget._view["sentences"] if s["asked"]] == list(ex.task.units)
    sent = []
    widget.send = sent.append
    ex.add("stated", "CUE")
    assert sent[0]["span"]["quote"] == "stated"


# --- handing in ------------------------------------------------------------------------------------------------------


def test_nothing_to_hand_in(ex):
    """A friendly line before the first label."""
    assert str(ex.hand_in()) == "Nothing to hand in: nothing has been saved for this exercise yet."
    assert ex.hand_in().path is None


def test_what_to_hand_in(ex, tmp_path):
    """One file, what is in it, and a code that pins its content."""
    ex.add("stated", "CUE", confidence=0.5)
    ex.add("emphasized", "CUE")
    made = ex.hand_in()
    assert isinstance(made, HandIn)
    assert made.path == tmp_path / "my-labels" / "02_who_says_so.labels.json"
    first, second, third = str(made).split("\n")
    assert first == "Hand in this one file: my-labels/02_who_says_so.labels.json"
    assert re.fullmatch(
        r"It holds 2 labels, 1 with a confidence; last saved \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC \(revision 2\)\.",
        second,
    )
    assert made.receipt in third
    assert str(tmp_path) not in str(made)
    assert made._repr_html_().count("<p>") == 3


def test_a_receipt_pins_the_content(ex):
    """Ten characters of Crockford's alphabet, from the file's SHA-256; they change with any byte."""
    ex.add("stated", "CUE")
    before = ex.hand_in()
    number = int(hashlib.sha256(before.path.read_bytes()).hexdigest()[:13], 16) >> 2
    expected = ""
    for _ in range(10):
        number, digit = divmod(number, 32)
        expected = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[digit] + expected
    assert before.receipt == expected == ex.hand_in().receipt
    ex.add("emphasized", "CUE")
    assert ex.hand_in().receipt != before.receipt


def test_the_hand_in_tells_what_is_in_the_file(ex):
    """Not what this kernel remembers: another notebook may have added a label."""
    ex.add("stated", "CUE")
    exercise("02_who_says_so").add("emphasized", "CUE")
    assert "It holds 2 labels" in str(ex.hand_in())


# --- the key for solutions -------------------------------------------------------------------------------------------


def test_the_key_with_its_reasons(ex):
    """Only the sentences that were asked; text and table, with provenance, the same every time."""
    table = ex.show_key()
    lines = str(table).split("\n")
    assert lines[0] == ex.case.article.provenance
    assert {line.split(" · ")[0] for line in lines[2:]} == set(ex.task.units)
    assert table._repr_html_().count("<tr>") == len(lines) - 1
    assert ex.case.article.provenance in table._repr_html_()
    assert (str(ex.show_key()), ex.show_key().html) == (str(table), table.html)


def test_a_key_of_chains_shows_the_chains(ex):
    """From the origin to the page, in the order of the text, before the hands one by one; also as a table."""
    drawn = exercise("04_chains_and_corroboration_alone")
    told = str(drawn.show_key()).split("\n")
    assert told[2] == "1. “A radar recording” → “he” → this article · Hand-overs that cannot be checked: 2."
    chains = [line.split(". ", 1)[1].split(" · ")[0] for line in told if " → " in line]
    html = drawn.show_key()._repr_html_()
    assert len(chains) == len(drawn.case.key("chains").within(drawn.task.units).relations) > 3
    assert [chain for chain in chains if f"<td>{chain}</td>" not in html] == []
    assert "this article</td>" not in ex.show_key()._repr_html_()


# --- another course --------------------------------------------------------------------------------------------------

COURSE = """
id = "own"
title = "My own course"
[[exercises]]
id = "frogs"
title = "Frogs"
notebook = "lessons/frogs.ipynb"
case = "my-case"
layers = ["rhetoric", "attribution"]
minimum = 1
level = "marks"
"""


@pytest.fixture
def own_course(tmp_path, monkeypatch) -> Path:
    """A course.toml and a case folder beside the notebooks, and not one line of Python."""
    monkeypatch.delenv("SECONDSOURCE_LABELS", raising=False)
    case = tmp_path / "my-case"
    (case / "keys").mkdir(parents=True)
    text = "Frogs shock the village\n\nFrogs are the worst plague ever, said Ines Falk.\n"
    (case / "article.txt").write_bytes(text.encode())
    digest = hashlib.sha256(text.encode()).hexdigest()
    fields = {"id": "frogs", "title": "Frogs", "language": "en", "sha256": digest, "codebook": "news"}
    fields |= {"provenance": "Invented text, written for practice.", "content_note": "Frogs.", "licence": "CC0"}
    (case / "case.toml").write_text("".join(f'{name} = "{value}"\n' for name, value in fields.items()))
    opened = Case.open(case)
    whole = Case.open("analyst-claims").key("rhetoric")
    start, end = opened.article.locate("the worst plague ever")
    span = whole.spans[0].span.__class__("k1", "rhetoric", "Exaggeration-Minimisation", start, end)
    made = Key(
        whole.labels.__class__(opened.article, opened.codebook, (span,)),
        whole.layer,
        (whole.spans[0].__class__(span, "core", "A superlative without a measure.", "It may be a figure of speech."),),
        (),
        whole.provenance,
    )
    (case / "keys" / "rhetoric.json").write_bytes(made.write())
    (tmp_path / "course.toml").write_text(COURSE)
    (tmp_path / "lessons").mkdir()
    monkeypatch.chdir(tmp_path / "lessons")
    return tmp_path


def test_a_second_course_needs_no_python(own_course):
    """Its own text, its own exercise, its own level of feedback."""
    ex = exercise("frogs")
    assert repr(ex) == "Exercise frogs: Frogs (the whole text; Wording, Who says so?)"
    ex.add("worst", "Exaggeration-Minimisation", confidence=0.6)
    view = ex.compare()
    assert view._view["level"] == "marks"
    assert view.comparison.counts["boundary"] == 1
    with pytest.raises(UnknownNameError, match="There are: frogs"):
        exercise("02_who_says_so")


def test_labels_of_a_layer_that_is_not_compared_do_not_open_the_gate(own_course):
    """Otherwise the key of the first layer would open to somebody who has not looked at it."""
    ex = exercise("frogs")
    ex.add("said", "CUE", confidence=1)
    assert str(ex.compare()) == NOT_YET


def test_one_label_is_asked_for_in_the_singular(own_course):
    """Grammar."""
    ex = exercise("frogs")
    ex.add("worst", "Exaggeration-Minimisation")
    assert "The comparison opens with at least 1 label, each with a confidence." in str(ex.compare())


def test_a_broken_course_is_named(own_course):
    """The message names the file."""
    (own_course / "course.toml").write_text("id = ")
    with pytest.raises(CaseError, match=r"course\.toml is not valid TOML"):
        exercise("frogs")


# --- the committed course --------------------------------------------------------------------------------------------


OPEN = sorted(path for folder in ("lessons", "exercises") for path in (ROOT / folder).glob("*.ipynb"))
TOLD = sorted(path for folder in ("lessons", "exercises", "solutions") for path in (ROOT / folder).glob("*.ipynb"))


def test_there_is_a_course():
    """Three folders with the same names, not empty: otherwise the tests below would pass without looking."""
    names = [sorted(path.name for path in (ROOT / f).glob("*.ipynb")) for f in ("lessons", "exercises", "solutions")]
    assert names[0] == names[1] == names[2] != []


@pytest.mark.parametrize("path", OPEN, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_nothing_of_the_key_is_in_a_lesson_or_exercise(path):
    """Neither a reason nor an explanation; what the gate hides is in no file that students open first."""
    text = json.dumps(json.loads(path.read_text(encoding="utf-8")), ensure_ascii=False)
    assert [secret for secret in key_words() if json.dumps(secret, ensure_ascii=False)[1:-1] in text] == []


@pytest.mark.parametrize("path", TOLD, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_prose_has_the_quotation_marks_and_apostrophes_of_print(path):
    """As the texts and the widgets beside it have them; only code and commands are written with straight ones."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    prose = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    assert len(prose) > 500
    shown = re.sub(r"```.*?```|`[^`]*`|<[^>]*>", "", prose, flags=re.DOTALL)
    assert re.findall(r"[^\n]{0,20}[\"'][^\n]{0,20}", shown) == []


@cache
def key_words() -> list[str]:
    """Every reason, counter-argument and explanation of a key that an exercise opens."""
    cases = [(task, Case.open(task.case)) for task in Manifest.open().tasks]
    rated = {task.id for task, case in cases if case.codebook.layer(task.layers[0]).scale}  # what is rated has no key
    asked = [case.key(task.layers[0]).within(task.units or None) for task, case in cases if task.id not in rated]
    secrets = [text for made in asked for k in made.spans for text in (k.reason, k.counter)]
    secrets += [trap.why_not for made in asked for trap in made.distractors]
    assert len(secrets) > 100
    return secrets


def nbval(folder: Path, scratch: Path) -> subprocess.Popen:
    """Start strict nbval as anyone would who cloned the repository."""
    ours = {"PYTHONHASHSEED": "0", "IPYTHONDIR": str(scratch / "i"), "SECONDSOURCE_LABELS": str(scratch / "labels")}
    ours |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # twice as fast, and nothing but nbval can be the judge
    options = [
        "-p",
        "nbval.plugin",
        "--nbval",
        "--nbval-current-env",
        "--nbval-cell-timeout",
        "60",
        "-p",
        "no:cacheprovider",
    ]
    command = [sys.executable, "-m", "pytest", "-q", *options, "--rootdir", str(folder), str(folder)]
    return subprocess.Popen(command, cwd=folder, env={**os.environ, **ours}, stdout=subprocess.PIPE, text=True)


def tamper(notebook: dict) -> set[str]:
    """Change one stored value of every kind of output; return the kinds."""
    seen = set()
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            for kind, value in output.get("data", {}).items():
                if kind not in seen:
                    text = "".join(value)
                    at = text.rindex("a")
                    output["data"][kind] = text[:at] + "o" + text[at + 1 :]
                    seen.add(kind)
            if "text" in output and "stream" not in seen:
                output["text"] = "".join(output["text"]) + "tampered\n"
                seen.add("stream")
    return seen


def test_strict_validation_notices_a_tampered_output(tmp_path):
    """The untouched copy of a lesson passes; with one value of each kind changed, pytest ends with 1."""
    lesson = min((ROOT / "lessons").glob("*.ipynb"))
    made = json.loads(lesson.read_text(encoding="utf-8"))
    write_notebook(tmp_path / "good" / lesson.name, made)
    assert {"text/plain", "text/html"} <= tamper(made)
    write_notebook(tmp_path / "bad" / lesson.name, made)
    good, bad = [nbval(tmp_path / name, tmp_path) for name in ("good", "bad")]
    good_said, bad_said = good.communicate(timeout=120)[0], bad.communicate(timeout=120)[0]
    assert good.returncode == 0, good_said[-3000:]
    assert bad.returncode == 1, bad_said[-3000:]
    assert "Cell outputs differ" in bad_said


def test_the_frame_of_labels_loads_pandas_only_when_asked(ex):
    """A table is a pandas DataFrame."""
    ex.add("stated", "CUE")
    assert isinstance(ex.labels.frame, pd.DataFrame)
