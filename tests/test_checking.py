"""One minimal bad course for each rule; the finding names the file, the rule and the repair."""

import json
from pathlib import Path

import nbformat
import pytest

from secondsource.building import build, to_exercise
from secondsource.checking import Finding, check_course
from synthetic import executed, notebook, write_notebook

ROOT = Path(__file__).resolve().parents[1]
LABEL = "Invented text, written for practice."
TURN = ("markdown", f"## Your turn\n\n{LABEL}\n\n### Hint\n\nLook.\n\nYour answer: …")
LESSON = (("markdown", "# A lesson"), TURN, ("code", "1 + 1"))
TOML = """
id = "own"
title = "Own"
[[exercises]]
id = "a"
title = "A"
notebook = "lessons/a.ipynb"
case = "analyst-claims"
layers = ["rhetoric"]
minimum = 2
"""


@pytest.fixture(scope="module")
def good(tmp_path_factory) -> dict[str, str]:
    """A course without findings, as file names and contents."""
    root = tmp_path_factory.mktemp("good") / "course"
    write_notebook(root / "lessons" / "a.ipynb", notebook(*LESSON))
    write_notebook(root / "solutions" / "a.ipynb", notebook(*LESSON, ("markdown", "Two."), tags={3: ["solution"]}))
    (root / "course.toml").write_text(TOML, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("secondsource.building.run", executed)
        build(root)
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def course(tmp_path, good) -> Path:
    """The good course in a folder of its own, to be broken."""
    for name, content in good.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


def lesson(course: Path, change) -> list[Finding]:
    """Findings after a change of the built lesson."""
    changed(course / "lessons" / "a.ipynb", change)
    return check_course(course)


def changed(path: Path, change) -> None:
    """Change a notebook file; its sources are one string each."""
    made = json.loads(path.read_text(encoding="utf-8"))
    for cell in made["cells"]:
        cell["source"] = "".join(cell["source"])
    change(made)
    write_notebook(path, made)


def test_a_good_course_has_no_findings(course):
    """The smallest course that keeps every rule."""
    assert check_course(course) == []


def test_the_course_of_this_repository_has_no_findings():
    """It is what students get."""
    assert [str(finding) for finding in check_course(ROOT)] == []


def test_a_finding_names_place_rule_and_repair():
    """In one line."""
    assert str(Finding("lessons/a.ipynb", "it is empty.", "fill it")) == "lessons/a.ipynb: it is empty. Repair: fill it"


def one(findings: list[Finding]) -> Finding:
    """The only finding."""
    assert len(findings) == 1, [str(finding) for finding in findings]
    return findings[0]


# --- the three folders and the manifest ------------------------------------------------------------------------------


def test_an_empty_folder(tmp_path):
    """There is nothing to check, and that is told; nothing is told of the exercises of another course."""
    (finding,) = check_course(tmp_path)
    assert "there are no notebooks here" in finding.rule


@pytest.mark.parametrize(
    ("folder", "repair"),
    [
        ("lessons", "write lessons/a.ipynb"),
        ("exercises", "secondsource build"),
        ("solutions", "write solutions/a.ipynb"),
    ],
)
def test_a_missing_notebook(course, folder, repair):
    """The three folders hold the same names; only an exercise can be built."""
    (course / folder / "a.ipynb").unlink()
    found = {finding.place: finding for finding in check_course(course)}
    assert found[f"{folder}/a.ipynb"].rule == "it is missing; the three folders hold the same names."
    assert found[f"{folder}/a.ipynb"].repair == repair


def test_an_exercise_without_solution_cannot_be_built(course):
    """So the repair is to write it."""
    for folder in ("exercises", "solutions"):
        (course / folder / "a.ipynb").unlink()
    assert {f.repair for f in check_course(course)} == {"write exercises/a.ipynb", "write solutions/a.ipynb"}


def test_a_file_that_is_not_expected(course):
    """Labels or drafts beside the notebooks; a read-me and Jupyter's checkpoints are fine."""
    (course / "lessons" / "key.json").write_text("{}")
    (course / "lessons" / "README.md").write_text("x")
    (course / "lessons" / ".ipynb_checkpoints").mkdir()
    finding = one(check_course(course))
    assert (finding.place, finding.rule) == ("lessons/key.json", "this file is not expected here.")


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('id = "own"', "id = ", "course.toml is not valid TOML"),
        ("lessons/a.ipynb", "lessons/b.ipynb", "the notebook lessons/b.ipynb does not exist."),
        ("minimum = 2", 'units = ["S99"]', "there is no sentence S99 in the case analyst-claims."),
        ("minimum = 2", "minimum = 500", "it asks for 500 labels, and the key of rhetoric has only"),
        ('"analyst-claims"', '"nothing"', "There is no case “nothing”"),
        ('"analyst-claims"', f'"{"a" * 5_000}"', "There is no case “aaa"),
        ("minimum = 2", 'widget = "sort"', "its widget is “sort”, and the layer rhetoric marks words."),
        ("minimum = 2", 'widget = "chains"', "labels of the layer rhetoric are not linked to chains."),
        ('["rhetoric"]', '["trust"]\nunits = ["H"]', "it asks for 2 answers, and there are only 1 to give."),
        ('["rhetoric"]', '["nothing"]', "There is no layer “nothing”"),
    ],
)
def test_a_manifest_that_does_not_fit(course, old, new, rule):
    """The finding names the exercise and what to edit."""
    (course / "course.toml").write_text(TOML.replace(old, new), encoding="utf-8")
    finding = check_course(course)[0]
    assert rule in finding.rule
    assert finding.place.startswith("course.toml")
    assert finding.repair.startswith("edit course.toml")


@pytest.mark.parametrize("content", ["", "x", "[]", '{"nbformat": 3, "worksheets": []}', '{"nbformat": 4, "cells": 3}'])
def test_a_file_that_is_no_notebook(course, content):
    """One finding, and the other files are still checked."""
    (course / "lessons" / "a.ipynb").write_text(content)
    finding = one(check_course(course))
    assert (finding.place, finding.repair) == ("lessons/a.ipynb", "git checkout lessons/a.ipynb")
    assert finding.rule.startswith("it ")


# --- one notebook ----------------------------------------------------------------------------------------------------


def cell(number: int, **fields):
    """A change of one cell."""
    return lambda made: made["cells"][number].update(fields)


def output(**fields):
    """A change of the output of the code cell."""
    return lambda made: made["cells"][2]["outputs"].append({"output_type": "display_data", "metadata": {}, **fields})


def stream(text: str, name: str = "stdout"):
    """An output of text."""
    return lambda made: made["cells"][2]["outputs"].append({"output_type": "stream", "name": name, "text": text})


def prose(text: str):
    """More prose."""
    return lambda made: made["cells"][1].update(source=f"{made['cells'][1]['source']}\n\n{text}")


def error(evalue: str = "x", traceback: str = "x"):
    """An output that is an error."""
    made_error = {"output_type": "error", "ename": "E", "evalue": evalue, "traceback": [traceback]}
    return lambda made: made["cells"][2]["outputs"].append(made_error)


BUILD = "secondsource build"
RULES = {
    "size": (prose("x" * 1_000_001), "it is larger than 1 MB.", BUILD),
    "kernel": (lambda made: made["metadata"]["kernelspec"].update(name="ir"), "its kernel must be python3.", BUILD),
    "no kernel": (lambda made: made["metadata"].pop("kernelspec"), "its kernel must be python3.", BUILD),
    "widget state": (lambda made: made["metadata"].update(widgets={}), "it stores widget state.", BUILD),
    "ids": (cell(1, id="c0"), "two cells have the same id.", BUILD),
    "empty cell": (
        lambda made: made["cells"].append({**made["cells"][0], "id": "e", "source": " "}),
        "cell 4 is empty.",
        "delete",
    ),
    "cell metadata": (cell(0, metadata={"collapsed": True}), "cell 1 has metadata other than tags.", BUILD),
    "view": (
        output(data={"application/vnd.jupyter.widget-view+json": {}}),
        "cell 3 stores a widget view without its widget.",
        BUILD,
    ),
    "no title": (cell(0, source="A lesson"), "it needs exactly one title (#), at the top.", "edit"),
    "two titles": (prose("# Another"), "it needs exactly one title (#), at the top.", "edit"),
    "title below": (
        lambda made: (made["cells"][0].update(source="## Before"), made["cells"][1].update(source=f"# A\n\n{TURN[1]}")),
        "it needs exactly one title (#), at the top.",
        "edit",
    ),
    "level": (prose("##### Deep"), "the heading “Deep” skips a level.", "edit"),
    "same heading": (prose("## Your turn"), "headings must differ and not be empty.", "edit"),
    "empty heading": (prose("##\nwords"), "headings must differ and not be empty.", "edit"),
    "provenance": (cell(1, source="## Your turn"), "the provenance label of its text is missing.", "copy"),
    "picture": (prose("![](x.png)"), "an image has no alternative text.", "write"),
    "html picture": (prose('<img src="x.png" alt="">'), "an image has no alternative text.", "write"),
    "verdict": (prose("This is fake."), "“fake” passes a verdict; the course never does.", "say"),
    "magic": (cell(2, source="%time 1"), "cell 3 uses a magic", "edit"),
    "shell": (cell(2, source="x = 1\n!ls"), "cell 3 uses a magic", "edit"),
    "input": (cell(2, source="input('x')"), "cell 3 uses a magic", "edit"),
    "output widget": (cell(2, source="out = Output()"), "cell 3 uses a magic", "edit"),
    "semicolon": (cell(2, source="1 + 1;"), "cell 3 uses a magic", "edit"),
    "not Python": (cell(2, source="one plus"), "cell 3 is not Python", "edit"),
    "nested without end": (cell(2, source="-" * 50_000 + "1"), "cell 3 is not Python", "edit"),
    "a name without end": (cell(2, source="a" + ".b" * 50_000), "cell 3 is not Python", "edit"),
    "null byte": (cell(2, source="1\0"), "cell 3 is not Python", "edit"),
    "import": (cell(2, source="import numpy.random"), "cell 3 imports numpy.random;", "edit"),
    "import from": (cell(2, source="from os import path"), "cell 3 imports os;", "edit"),
    "relative import": (cell(2, source="from . import x"), "cell 3 imports .;", "edit"),
    "not run": (cell(2, execution_count=None), "its cells were not run in order", BUILD),
    "run twice": (cell(2, execution_count=7), "its cells were not run in order", BUILD),
    "error": (error(), "code cell 1 ends in an error.", "mend"),
    "stderr": (stream("careful", "stderr"), "code cell 1 wrote to stderr.", "mend"),
    "png": (output(data={"image/png": "x"}), "code cell 1 shows a picture that tests cannot compare.", "use a chart"),
    "address": (stream("<object at 0x7f00aa11>"), "changes from run to run (0x7f00aa11).", "mend"),
    "folder": (output(data={"text/html": "/home/ada"}), "changes from run to run (/home/).", "mend"),
    "windows": (stream("C:\\Users"), "changes from run to run (C:\\).", "mend"),
    "time": (output(data={"text/plain": "2026-11-22T10:00"}), "changes from run to run (2026-11-22T10:00).", "mend"),
    "clock": (stream("at 10:11:12"), "changes from run to run (10:11:12).", "mend"),
    "styler": (output(data={"application/json": {"id": "T_1a2b3"}}), "changes from run to run (T_1a2b3).", "mend"),
}


@pytest.mark.parametrize("name", RULES)
def test_every_rule_finds_its_breach(course, name):
    """Exactly this rule, in exactly this file, with a repair."""
    change, rule, repair = RULES[name]
    finding = one(lesson(course, change))
    assert finding.place == "lessons/a.ipynb"
    assert rule in finding.rule
    assert repair in finding.repair


def test_an_expected_error_is_no_breach(course):
    """With its tag; but not with a folder of a machine in its traceback."""

    def expected(made, traceback="E: x"):
        made["cells"][2]["metadata"] = {"tags": ["raises-exception"]}
        error(traceback=traceback)(made)

    assert lesson(course, expected) == []
    finding = one(lesson(course, lambda made: expected(made, 'File "/root/x.py"')))
    assert "(/root/)" in finding.rule


def test_minutes_without_end_are_no_promise(course):
    """A number that nobody could mean is no number of minutes, and no traceback."""

    def endless(made):
        prose(f"## Later ({'9' * 5_000} minutes)")(made)
        made["cells"][0]["source"] += f"\n\n- Time: {'9' * 5_000} minutes"

    assert lesson(course, endless) == []


def test_what_only_looks_like_a_breach(course):
    """A code sample, a hash tag, a described picture, a semicolon inside a line."""

    def fine(made):
        prose('```\n# not a title\n```\n\n#hashtag\n\n![a frog](x.png) <img src="x" alt="a frog">')(made)
        made["cells"][2]["source"] = "import pandas\nx = 'a; b'\nx"

    assert lesson(course, fine) == []


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (cell(2, metadata={"tags": ["solution"]}), "it holds a cell of the solution."),
        (cell(2, execution_count=1), "it holds outputs."),
        (stream("x"), "it holds outputs."),
        (cell(1, source=TURN[1].replace("Your turn", "Go")), "“Your turn” does not stand anywhere in it."),
        (cell(1, source=TURN[1].replace("Hint", "Help")), "“Hint” does not stand anywhere in it."),
        (cell(1, source=TURN[1].replace("Your answer", "Write")), "“Your answer” does not stand anywhere in it."),
    ],
)
def test_an_exercise_is_handed_out_unsolved(course, change, rule):
    """No answer, no output, and the three things that every exercise has."""
    changed(course / "exercises" / "a.ipynb", change)
    finding = one(check_course(course))
    assert (finding.place, finding.rule) == ("exercises/a.ipynb", rule)
    assert BUILD in finding.repair


def test_a_cut_exercise_keeps_the_rules(course):
    """What `build` makes of a good solution has no findings of its own."""
    solution = nbformat.read(course / "solutions" / "a.ipynb", as_version=4)
    assert nbformat.v4.writes(to_exercise(solution)) + "\n" == (course / "exercises" / "a.ipynb").read_text("utf-8")
