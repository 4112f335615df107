"""Pictures in a real JupyterLab: drawn without a network, from a running kernel and from a stored notebook."""

import json
import re
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Locator, expect

from real_lab import Notebook
from synthetic import notebook as notebook_of
from synthetic import write_notebook

SETUP = """
from dataclasses import replace
from secondsource import Case, LabelSet, charts, compare

case = Case.open("analyst-claims")
key = case.key("rhetoric")
names = ["Doubt", "Loaded_Language"]
spans = [replace(k.span, label=names[i % 2], confidence=(i % 5 + 1) / 5) for i, k in enumerate(key.spans[::2])
         if k.span.label != "NO_TECHNIQUE"]
hostile = "<img src=x onerror=alert(1)>"
comparison = compare(LabelSet(case.article, case.codebook, tuple(spans)), key)
"""
DRAWN = (
    "charts.article_map(comparison)",
    "charts.confusion([comparison, comparison])",
    "charts.calibration(comparison)",
    "charts.technique_by_voice(key)",
    "charts.census({hostile: key, 'Mine': comparison.labels}, layer='rhetoric')",
)


def problems_of(notebook: Notebook) -> list[str]:
    """Whatever a page complains about: errors, dialogs, warnings but the known one about Vega-Lite's version."""
    problems: list[str] = []

    def told(message: ConsoleMessage) -> None:
        known = "lsp/status" in message.location["url"] or "current version of Vega-Lite is v5.6" in message.text
        if (message.type == "error" or "Vega" in message.text or "WARN" in message.text) and not known:
            problems.append(message.text)

    notebook.page.on("console", told)
    notebook.page.on("pageerror", lambda error: problems.append(f"script error: {error}"))
    notebook.page.on("dialog", lambda dialog: (problems.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    return problems


def chart_in(notebook: Notebook, cell: int, description: str) -> Locator:
    """The picture of a cell, once it is drawn under its accessible name, inside its output area and unclipped."""
    area = notebook.reveal(cell)
    chart = area.locator("[role='graphics-document'][aria-roledescription='visualization']")
    expect(chart).to_have_attribute("aria-label", description)
    expect(chart.locator("svg.marks")).to_be_visible()
    expect(chart.locator("[role='graphics-symbol']").first).to_be_attached()
    inside = (
        "svg => svg.getBoundingClientRect().right <= svg.closest('.jp-OutputArea-output').getBoundingClientRect().right"
    )
    notebook.page.wait_for_function(inside, arg=chart.locator("svg.marks").element_handle())
    return chart


def test_pictures_are_drawn(notebook: Notebook, course: Path) -> None:
    """Fresh and stored, wide and narrow, with their descriptions; nothing hostile runs."""
    path = course / "pictures – ü.ipynb"
    write_notebook(path, notebook_of(("code", SETUP), *(("code", code) for code in DRAWN)))
    problems = problems_of(notebook)
    notebook.open(path.name)
    notebook.run_all()
    descriptions = [notebook.printed(cell).split("\n\n")[1] for cell in range(1, len(DRAWN) + 1)]
    for cell, description in enumerate(descriptions, start=1):
        chart = chart_in(notebook, cell, description)
        assert "Case-studytext.Claimsunverified." in re.sub(r"\s", "", chart.locator("svg.marks").text_content() or "")
    tile = chart.locator("[aria-label^='<img src=x onerror=alert(1)>, Loaded language: ']")
    tile.scroll_into_view_if_needed()
    box = tile.bounding_box()
    assert box
    notebook.page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2, steps=3)
    expect(notebook.page.locator("#vg-tooltip-element")).to_have_text(tile.get_attribute("aria-label") or "")
    expect(notebook.page.locator("#vg-tooltip-element img, .vega-embed img")).to_have_count(0)
    notebook.save()

    stored = json.loads(path.read_text(encoding="utf-8"))
    assert all("text/html" not in cell["outputs"][0]["data"] for cell in stored["cells"][1:])
    notebook.page.set_viewport_size({"width": 480, "height": 900})
    notebook.open(path.name)
    notebook.js("if (!app.shell.leftCollapsed) await app.commands.execute('application:toggle-left-area')")
    for cell, description in enumerate(descriptions, start=1):
        chart_in(notebook, cell, description)
    assert problems == []
