"""A second article proves it: the lessons run on another text when the manifest names one, and nothing else changes."""

from pathlib import Path

import pytest

from secondsource.building import read_notebook
from secondsource.case import Case
from secondsource.manifest import Manifest

ROOT = Path(__file__).resolve().parents[1]
OTHER = "harbour-patrol"  # it has a key for every layer that a lesson asks about, but one
LESSONS = ("00", "01", "02", "03", "04", "05")


def on_another_text(source: str) -> str:
    """The course with the case article replaced, the whole of the other text asked; decks stay as they are."""
    out: list[str] = []
    entry: list[str] = []
    for line in [*source.splitlines(), "[[exercises]]"]:
        if line.startswith("[[exercises]]"):
            if 'case = "analyst-claims"' in entry:
                out += _without_units([row.replace("analyst-claims", OTHER) for row in entry])
            else:
                out += entry
            entry = []
        entry.append(line)
    return "\n".join(out)


def _without_units(rows: list[str]) -> list[str]:
    kept, inside = [], False
    for row in rows:
        inside = inside or row.startswith("units = [")
        if not inside:
            kept.append(row)
        inside = inside and not row.rstrip().endswith("]")
    return kept


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course folder with nothing in it but the changed manifest."""
    folder = tmp_path_factory.mktemp("course")
    source = (ROOT / "src" / "secondsource" / "course.toml").read_text(encoding="utf-8")
    (folder / "course.toml").write_text(on_another_text(source), encoding="utf-8")
    (folder / "lessons").mkdir()
    return folder


@pytest.mark.parametrize("number", LESSONS)
def test_a_lesson_runs_on_another_text(number, course, monkeypatch):
    """Every cell, from top to bottom; its exercise is about the other text now."""
    monkeypatch.chdir(course / "lessons")
    monkeypatch.setenv("SECONDSOURCE_LABELS", str(course / f"labels-{number}"))
    path = next((ROOT / "lessons").glob(f"{number}_*.ipynb"))
    names: dict = {}
    for cell in read_notebook(path).cells:
        if cell.cell_type == "code":
            exec(compile(cell.source, cell.id, "exec"), names)
    assert names["ex"].case.id == OTHER
    assert len(names["ex"].case.article.sentences) == len(Case.open(OTHER).article.sentences)


def test_the_changed_manifest_names_the_case_article_nowhere(course):
    """And every key that it needs is there, but for the one layer that only the case article has."""
    manifest = Manifest.open(course)
    assert "analyst-claims" not in {task.case for task in manifest.tasks}
    for task in manifest.tasks:
        case = manifest.case(task)
        for layer in task.layers:
            if case.codebook.layer(layer).scale is None and layer != "transparency":
                assert len(case.key(layer).within(task.units or None).spans) >= task.minimum
