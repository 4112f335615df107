"""What is loaded when: the first cell of a lesson is fast, and the student's path runs without numpy and pandas."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = [
    "numpy",
    "pandas",
    "altair",
    "anywidget",
    "ipywidgets",
    "pydantic",
    "nbformat",
    "nbclient",
    "click",
    "jupyterlab",
]
NOT_FOR_STUDENTS = [
    "numpy",
    "pandas",
    "pyarrow",
    "altair",
    "jupyterlab",
    "nbformat",
    "nbclient",
    "click",
    "scipy",
    "dask",
]
WHOLE_EXERCISE = """
from secondsource import exercise
ex = exercise("05_wording")
print(ex)
widget = ex.label()
for quote in ("grim", "startling", "rare access", "shattered", "gambit"):
    ex.add(quote, "Loaded_Language", confidence=0.6)
view = ex.compare()
print(view, view._repr_mimebundle_()[0]["text/html"])
print(ex.hand_in(), ex.labels)
"""


def loaded_after(code: str, folder: Path, names: list[str]) -> list[str]:
    """Which of these modules a fresh Python has loaded after running some code."""
    ending = f"\nimport sys\nprint('LOADED', *(name for name in {names} if name in sys.modules))"
    environment = {name: value for name, value in os.environ.items() if name != "SECONDSOURCE_LABELS"}
    command = [sys.executable, "-W", "error", "-c", code + ending]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.split("LOADED")[1].split()


@pytest.mark.parametrize(
    ("code", "names"),
    [("import secondsource", HEAVY), (WHOLE_EXERCISE, NOT_FOR_STUDENTS)],
    ids=["import", "a whole exercise"],
)
def test_what_is_not_loaded(tmp_path, code, names):
    """Importing costs next to nothing; labelling, comparing and handing in need no numbers library."""
    assert loaded_after(code, tmp_path, names) == []


def test_the_check_sees_what_is_loaded(tmp_path):
    """Asking for a table does load pandas: the tests above could fail."""
    code = WHOLE_EXERCISE + "\nview.pairs\n"
    assert "pandas" in loaded_after(code, tmp_path, NOT_FOR_STUDENTS)
