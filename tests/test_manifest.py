"""The course manifest: what it may say, and which rule a broken one breaks."""

from pathlib import Path

import pytest

from secondsource.case import Case
from secondsource.errors import CaseError, SecondSourceError, UnknownNameError
from secondsource.manifest import Manifest

HEAD = 'id = "own"\ntitle = "My course"\n'
FULL = {
    "id": '"frogs"',
    "title": '"Frogs"',
    "notebook": '"lessons/frogs.ipynb"',
    "case": '"analyst-claims"',
    "layers": '["rhetoric"]',
}


def toml(*rows: dict[str, str], head: str = HEAD) -> str:
    """A manifest with these exercises; values are TOML."""
    return head + "".join(
        "\n[[exercises]]\n" + "".join(f"{name} = {value}\n" for name, value in row.items()) for row in rows
    )


def test_the_course_that_comes_with_the_package():
    """Every exercise opens its case, has sentences and a key, and can be opened by its number of labels."""
    manifest = Manifest.open()
    ids = [task.id for task in manifest.tasks]
    stems = {Path(task.notebook).stem for task in manifest.tasks}
    assert len(stems) == 11
    for stem in stems:
        number = stem[:2]
        assert {stem, f"{stem}_alone", f"{number}_recall", f"{number}_questions", f"{number}_questions_alone"} <= {*ids}
    for task in manifest.tasks:
        case = manifest.case(task)
        assert set(task.units) <= {s.id for s in case.article.sentences}
        for layer in task.layers:
            if case.codebook.layer(layer).scale is None:  # a rating has no key
                assert len(case.key(layer).within(task.units or None).spans) >= task.minimum
        assert manifest.task(task.id) is task


def test_what_may_be_left_out():
    """All sentences, one label, everything shown."""
    (task,) = Manifest.parse(toml(FULL)).tasks
    assert (task.units, task.minimum, task.level) == ((), 1, "visible")


def test_an_unknown_exercise_is_named():
    """With those that exist."""
    with pytest.raises(UnknownNameError, match="There are: frogs"):
        Manifest.parse(toml(FULL)).task("toads")


BROKEN = {
    "not TOML": ("id = ", "not valid TOML"),
    "a number without end": (toml({**FULL, "minimum": "9" * 5_000}), "not valid TOML"),
    "a byte-order mark": ("\ufeff" + toml(FULL), "save it as UTF-8 without one"),
    "nested without end": ("x = " + "[" * 100_000, "not valid TOML"),
    "grades that are true": (toml(FULL, head=HEAD + "grades = [true, 8]\n"), "“grades” must be two whole numbers"),
    "no exercises": (HEAD, r"no \[\[exercises\]\] table"),
    "exercises as one table": (HEAD + '[exercises]\nid = "x"\n', r"no \[\[exercises\]\] table"),
    "exercises as numbers": (HEAD + "exercises = [1]\n", r"no \[\[exercises\]\] table"),
    "course without id": (toml(FULL, head='title = "x"\n'), "course.toml: “id” must be text"),
    "course without title": (toml(FULL, head='id = "x"\n'), "course.toml: “title” must be text"),
    "the same id twice": (toml(FULL, FULL), "must differ: frogs, frogs"),
    "ids that differ in case only": (toml(FULL, {**FULL, "id": '"Frogs"'}), "must differ: frogs, Frogs"),
    "no id": (toml({**FULL, "id": '""'}), "exercise : “id” must be text"),
    "id with a slash": (toml({**FULL, "id": '"../x"'}), "exercise ../x: an id is made of"),
    "id with an umlaut": (toml({**FULL, "id": '"frö"'}), "exercise frö: an id is made of"),
    "title as a number": (toml({**FULL, "title": "5"}), "exercise frogs: “title” must be text"),
    "no notebook": (toml({k: v for k, v in FULL.items() if k != "notebook"}), "“notebook” must be text"),
    "no case": (toml({k: v for k, v in FULL.items() if k != "case"}), "“case” must be text"),
    "no layers": (toml({**FULL, "layers": "[]"}), "“layers” must be a list of names"),
    "layers as text": (toml({**FULL, "layers": '"rhetoric"'}), "“layers” must be a list of names"),
    "units with a number": (toml({**FULL, "units": "[5]"}), "“units” must be a list of names"),
    "units twice": (toml({**FULL, "units": '["S1", "S1"]'}), "the names of “units” must differ"),
    "layers twice": (toml({**FULL, "layers": '["rhetoric", "rhetoric"]'}), "the names of “layers” must differ"),
    "id without end": (toml({**FULL, "id": f'"{"x" * 65}"'}), "at most 64"),
    "minimum of nothing": (toml({**FULL, "minimum": "0"}), "“minimum” must be a whole number from 1 on"),
    "minimum in words": (toml({**FULL, "minimum": '"8"'}), "“minimum” must be a whole number"),
    "minimum that is true": (toml({**FULL, "minimum": "true"}), "“minimum” must be a whole number"),
    "unknown level": (toml({**FULL, "level": '"some"'}), "“level” must be one of visible, none, score, marks"),
    "unknown widget": (toml({**FULL, "widget": '"draw"'}), "“widget” must be one of label, sort, chains"),
    "widget as a list": (toml({**FULL, "widget": "[]"}), "“widget” must be one of"),
    "level as a list": (toml({**FULL, "level": "[]"}), "“level” must be one of"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_manifest_is_named(name):
    """The place and the rule, in one line."""
    text, told = BROKEN[name]
    with pytest.raises(CaseError, match=told) as caught:
        Manifest.parse(text)
    assert str(caught.value).startswith("course.toml")
    assert "\n" not in str(caught.value)


def test_a_folder_without_manifest_has_the_bundled_course(tmp_path):
    """Most people never write one."""
    assert Manifest.open(tmp_path) is Manifest.open()


def test_a_folder_with_a_manifest_of_its_own(tmp_path):
    """It replaces the bundled course."""
    (tmp_path / "course.toml").write_text(toml(FULL), encoding="utf-8")
    manifest = Manifest.open(tmp_path)
    assert (manifest.title, manifest.folder) == ("My course", tmp_path)
    assert manifest.case(manifest.tasks[0]).id == "analyst-claims"


def test_a_manifest_in_another_encoding_is_named(tmp_path):
    """Not a UnicodeDecodeError."""
    (tmp_path / "course.toml").write_bytes("title = 'Frösche'".encode("latin-1"))
    with pytest.raises(CaseError, match="cannot be read as UTF-8 text"):
        Manifest.open(tmp_path)


def test_a_case_beside_the_notebooks_goes_first(tmp_path, monkeypatch):
    """Even if it has the id of a bundled one, and even if the folder is given as “.”."""
    (tmp_path / "analyst-claims").mkdir()
    (tmp_path / "course.toml").write_text(toml(FULL), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for folder in (tmp_path, tmp_path.relative_to(tmp_path)):
        manifest = Manifest.open(folder)
        with pytest.raises(SecondSourceError):  # its own folder is taken, and it is empty
            manifest.case(manifest.tasks[0])
    assert Case.open("analyst-claims").id == "analyst-claims"


def test_an_unknown_case_is_named():
    """With those that exist."""
    manifest = Manifest.parse(toml({**FULL, "case": '"nothing"'}))
    with pytest.raises(UnknownNameError, match="There are: analyst-claims"):
        manifest.case(manifest.tasks[0])


def test_an_unknown_case_is_named_with_those_beside_the_course(tmp_path):
    """They go before those that come with the package."""
    (tmp_path / "course.toml").write_text(toml({**FULL, "case": '"nothing"'}), encoding="utf-8")
    for name in ("frog-pond", "council"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "case.toml").touch()
    manifest = Manifest.open(tmp_path)
    with pytest.raises(UnknownNameError, match="There are: council, frog-pond, analyst-claims"):
        manifest.case(manifest.tasks[0])


def test_any_exercise_runs_on_another_text():
    """Its id, two hyphens and the case's id; the whole text is asked. What is not a name of a case is no exercise."""
    manifest = Manifest.parse(toml(FULL))
    task = manifest.tasks[0]
    other = manifest.task(f"{task.id}--bus-lanes")
    assert (other.case, other.units, other.layers, other.minimum) == ("bus-lanes", (), task.layers, task.minimum)
    assert manifest.case(other).article.provenance.startswith("Invented text")
    for name in (f"{task.id}--", f"{task.id}--../x", "x--bus-lanes", f"{task.id}--{'x' * 300}"):
        with pytest.raises(UnknownNameError, match="There is no exercise"):
            manifest.task(name)


def test_ids_may_hold_two_hyphens():
    """Of the exercise and of the text; a name that stands in the manifest goes first."""
    rows = [{**FULL, "id": '"frogs--big"'}, {**FULL, "id": '"toads"'}, {**FULL, "id": '"toads--x"'}]
    manifest = Manifest.parse(toml(*rows))
    assert manifest.task("frogs--big--bus-lanes").case == "bus-lanes"
    assert manifest.task("toads--my--case").case == "my--case"
    assert manifest.task("toads--x") is manifest.tasks[2]


@pytest.mark.parametrize("name", [None, 7, [], {"a": 1}, "\ud800", "a\0b"])
def test_what_is_no_name_is_no_exercise(name):
    """Not an error of Python's own."""
    with pytest.raises(UnknownNameError, match="There are: frogs"):
        Manifest.parse(toml(FULL)).task(name)


def test_what_asks_about_a_headline_alone_does_so_on_another_text():
    """A rating of the headline stays one rating; whole texts are asked without their headline where rows are sorted."""
    other = Manifest.open().task("00_before_you_read--bus-lanes")
    assert (other.case, other.units) == ("bus-lanes", ("H",))
    assert Manifest.open().task("05_wording--bus-lanes").units == ()
