"""Solutions become exercises, and the same sources give the same bytes."""

import json
import os
import re
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondsource.building import build, read_notebook, run, to_exercise
from secondsource.errors import CaseError
from synthetic import executed, notebook, write_notebook

SOLUTION = notebook(
    ("markdown", "# A title"),
    ("code", "print('one')\n40 + 2"),
    ("markdown", "The answer is 42."),
    ("code", "6 * 7"),
    tags={2: ["solution"], 3: ["solution", "raises-exception"]},
)


@pytest.fixture
def quick(monkeypatch) -> None:
    """Notebooks are run in no time."""
    monkeypatch.setattr("secondsource.building.run", executed)


@pytest.fixture
def course(tmp_path, quick) -> Path:
    """A course of one lesson, one solution and the exercise that is cut from it, built."""
    root = tmp_path / "course"
    write_notebook(root / "lessons" / "a.ipynb", notebook(("markdown", "# Lesson"), ("code", "1 + 1")))
    write_notebook(root / "solutions" / "a.ipynb", SOLUTION)
    build(root)
    return root


def snapshot(root: Path) -> dict[str, bytes]:
    """Every file with its bytes."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def as_node(made: dict) -> nbformat.NotebookNode:
    """A notebook as nbformat has it."""
    return nbformat.from_dict(made)


def test_an_exercise_is_a_solution_without_its_answers():
    """Cells with the tag go, with every output and number; the rest stays as it is."""
    solved = as_node(SOLUTION)
    solved.cells[1].outputs = [nbformat.v4.new_output("stream", text="42\n")]
    solved.cells[1].execution_count = 1
    made = to_exercise(solved)
    assert [cell.source for cell in made.cells] == ["# A title", "print('one')\n40 + 2"]
    assert [cell.id for cell in made.cells] == ["c0", "c1"]
    assert (made.cells[1].outputs, made.cells[1].execution_count) == ([], None)


CELLS = st.lists(
    st.tuples(
        st.sampled_from(("markdown", "code")),
        st.text(max_size=9),
        st.sampled_from(([], ["solution"], ["raises-exception"])),
    ),
    max_size=6,
)


@given(CELLS)
def test_cutting_an_exercise_is_pure_and_done_once(cells):
    """The solution is not changed, and a second cut changes nothing."""
    made = as_node(notebook(*(cell[:2] for cell in cells), tags={i: cell[2] for i, cell in enumerate(cells)}))
    before = json.dumps(made, sort_keys=True)
    once = to_exercise(made)
    assert json.dumps(made, sort_keys=True) == before
    assert to_exercise(once) == once
    assert len(once.cells) == sum("solution" not in cell[2] for cell in cells)


def test_foreign_metadata_goes():
    """Only tags and the kernel's name stay; ids stay, and are made different where they are not."""
    made = as_node(notebook(("markdown", "a"), ("markdown", "b"), ("code", "c")))
    made.cells[0].metadata = {"collapsed": True, "tags": ["x"]}
    made.cells[1].id = made.cells[0].id
    made.metadata.widgets = {}
    tidy = to_exercise(made)
    assert set(tidy.metadata) == {"kernelspec", "language_info"}
    assert [dict(cell.metadata) for cell in tidy.cells] == [{"tags": ["x"]}, {}, {}]
    assert len({cell.id for cell in tidy.cells}) == 3


def test_a_run_is_the_same_every_time(tmp_path):
    """Numbers from 1, streams in one piece, no view without its widget, no folder of this machine in a traceback."""
    made = as_node(
        notebook(
            ("code", "import sys\nfor i in range(3):\n    print(i); sys.stdout.flush()"),
            ("code", "1 / 0"),
            ("code", "from ipywidgets import IntSlider\nIntSlider()"),
            ("code", "import os\nos.environ['SECONDSOURCE_LABELS'].endswith('my-labels'), {'a', 'b', 'c', 'd'}"),
            tags={1: ["raises-exception"]},
        )
    )
    first, second = (nbformat.v4.writes(run(made, tmp_path)) for _ in range(2))
    assert first == second
    ran = json.loads(first)
    assert [cell["execution_count"] for cell in ran["cells"]] == [1, 2, 3, 4]
    assert [output["text"] for output in ran["cells"][0]["outputs"]] == [["0\n", "1\n", "2\n"]]
    assert ran["cells"][1]["outputs"][0]["traceback"] == ["ZeroDivisionError: division by zero"]
    assert list(ran["cells"][2]["outputs"][0]["data"]) == ["text/plain"]
    assert str(tmp_path) not in first
    assert not re.search("widget-view", first)


def test_a_run_leaves_the_surroundings_alone(tmp_path, monkeypatch):
    """Variables that were set are set again, those that were not are gone."""
    monkeypatch.setenv("SECONDSOURCE_LABELS", "mine")
    monkeypatch.delenv("PYTHONHASHSEED", raising=False)
    run(as_node(notebook(("markdown", "x"))), tmp_path)
    assert os.environ["SECONDSOURCE_LABELS"] == "mine"
    assert "PYTHONHASHSEED" not in os.environ


def test_building_brings_everything_up_to_date(course):
    """Lessons and solutions are run, exercises cut; a second build changes nothing."""
    exercise = read_notebook(course / "exercises" / "a.ipynb")
    assert len(exercise.cells) == 2
    before = snapshot(course)
    assert build(course) == []
    assert snapshot(course) == before
    assert {path.split("/")[0] for path in before} == {"lessons", "exercises", "solutions"}


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("lessons/a.ipynb", '"text/plain": [\n       "1 + 1"', '"text/plain": [\n       "1 + 2"'),
        ("exercises/a.ipynb", "A title", "The answer is 42"),
        ("solutions/a.ipynb", '"execution_count": 2', '"execution_count": 9'),
    ],
)
def test_a_check_notices_what_was_tampered_with(course, name, old, new):
    """An output, or an exercise; nothing is written."""
    path = course / name
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    before = snapshot(course)
    lines: list[str] = []
    assert build(course, check=True, progress=lines.append) == [Path(name)]
    assert snapshot(course) == before
    assert lines == ["running lessons/a.ipynb", "running solutions/a.ipynb"]
    assert build(course) == [Path(name)]
    assert build(course, check=True) == []


def test_exercises_are_cut_without_running_anything(course, monkeypatch):
    """What ran already is tested elsewhere; only what is cut is compared, or made."""

    def never(*_given):
        raise AssertionError

    monkeypatch.setattr("secondsource.building.run", never)
    assert build(course, execute=False) == []
    for folder in ("lessons", "exercises"):
        path = course / folder / "a.ipynb"
        path.write_text(path.read_text(encoding="utf-8").replace("A title", "Another"), encoding="utf-8")
    lines: list[str] = []
    assert build(course, check=True, execute=False, progress=lines.append) == [Path("exercises/a.ipynb")]
    assert build(course, execute=False) == [Path("exercises/a.ipynb")]
    assert lines == []


def test_a_missing_exercise_is_made(tmp_path, quick):
    """With its folder."""
    write_notebook(tmp_path / "solutions" / "b.ipynb", notebook(("markdown", "# B")))
    assert Path("exercises/b.ipynb") in build(tmp_path)
    assert (tmp_path / "exercises" / "b.ipynb").is_file()


def test_a_folder_without_notebooks_is_not_up_to_date(tmp_path):
    """Whoever names the wrong folder is told."""
    with pytest.raises(CaseError, match=r"BUILD-NOTHING · There are no notebooks in .*/lessons or .*/solutions\."):
        build(tmp_path)


def test_nothing_is_ever_deleted(course):
    """A student's folder has exercises and no solutions: building there must not cost them their work."""
    for path in (course / "solutions").iterdir():
        path.unlink()
    before = snapshot(course)
    build(course)
    assert snapshot(course)["exercises/a.ipynb"] == before["exercises/a.ipynb"]


@pytest.mark.parametrize(
    ("source", "told"),
    [("1 / 0", "ZeroDivisionError: division by zero"), ("import os\nos._exit(1)", "[Kk]ernel")],
)
def test_a_notebook_that_does_not_run_is_named(tmp_path, source, told):
    """With the reason, in one line, without a traceback."""
    write_notebook(tmp_path / "lessons" / "bad.ipynb", notebook(("code", source)))
    with pytest.raises(CaseError, match=rf"^lessons/bad\.ipynb does not run to its end: .*{told}") as caught:
        build(tmp_path)
    assert "\n" not in str(caught.value)


BAD_FILES = {
    "empty": "",
    "not JSON": "x",
    "a list": "[]",
    "an old format": '{"nbformat": 3, "worksheets": []}',
    "a future format": '{"nbformat": 5, "cells": []}',
    "no cells": '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
    "cells as a number": '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": 3}',
    "a number as a cell": '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [3]}',
    "a cell without source": '{"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "markdown", "metadata": {}}]}',
    "nested without end": "[" * 100_000,
    "half a character": json.dumps(notebook(("markdown", "# A \ud800"))),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_is_no_notebook_is_named(tmp_path, name):
    """One line with the file and the reason, whatever is in it."""
    (tmp_path / "lessons").mkdir()
    path = tmp_path / "lessons" / "x.ipynb"
    path.write_text(BAD_FILES[name], encoding="utf-8")
    with pytest.raises(CaseError, match=r"^lessons/x\.ipynb (is not|cannot)"):
        read_notebook(path)


def test_cells_without_ids_are_given_some(tmp_path, quick):
    """Older notebooks have none; the ids depend on nothing but the place."""
    made = notebook(("markdown", "# A"), ("code", "1"))
    for cell in made["cells"]:
        del cell["id"]
    path = write_notebook(tmp_path / "solutions" / "a.ipynb", {**made, "nbformat_minor": 4})
    assert [cell.id for cell in read_notebook(path).cells] == ["cell-00", "cell-01"]
    build(tmp_path)
    assert build(tmp_path, check=True) == []
