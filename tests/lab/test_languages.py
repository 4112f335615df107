"""A German interface in a real JupyterLab: labeller, closed gate, comparison and pictures."""

import re
from pathlib import Path

from playwright.sync_api import expect

from real_lab import Notebook
from synthetic import notebook as notebook_of
from synthetic import write_notebook

OPEN = """
import os
import tempfile

os.environ["SECONDSOURCE_LABELS"] = tempfile.mkdtemp()  # other tests label this exercise too
from secondsource import compare
from secondsource.course import exercise
from secondsource.languages import language

ex = exercise("05_wording_alone", language="de")
"""
SPANS = """
from dataclasses import replace

key = ex.case.key("rhetoric")
names = ["Doubt", "Loaded_Language"]
spans = [replace(k.span, label=names[i % 2], confidence=(i % 5 + 1) / 5) for i, k in enumerate(key.spans[::2])
         if k.span.label != "NO_TECHNIQUE"]
comparison = compare(replace(ex.labels, spans=tuple(spans)), key, interface=language("de"))
"""
PICTURES = ("places", "labels", "confidence")


def test_a_lesson_in_german(notebook: Notebook, course: Path) -> None:
    """Chosen in one cell; every widget and picture of the notebook follows."""
    pictures = (f"from secondsource.charts import picture; picture(comparison, {of!r})" for of in PICTURES)
    cells = (OPEN, "ex.compare()", "ex.label()", SPANS, *pictures)
    path = course / "deutsch.ipynb"
    write_notebook(path, notebook_of(*(("code", cell) for cell in cells)))
    notebook.open(path.name)
    notebook.run_all()
    expect(notebook.reveal(1)).to_contain_text("Noch nicht versucht.")
    labeller = notebook.reveal(2).locator(".ss-labeller")
    expect(labeller).to_have_attribute("lang", "de")
    expect(labeller.locator(".ss-chip")).to_have_text("Noch nichts zu speichern")
    for cell in range(4, 4 + len(PICTURES)):
        chart = notebook.reveal(cell).locator("[role='graphics-document'][aria-roledescription='visualization']")
        expect(chart.locator("svg.marks")).to_be_visible()
        expect(chart).to_have_attribute("aria-label", re.compile("Musterlösung"))
