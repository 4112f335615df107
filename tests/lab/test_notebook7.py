"""The labeller in Notebook 7, which the same server offers: it works, and the notebook's own keys stay out of it."""

from pathlib import Path

from playwright.sync_api import expect

from real_lab import Notebook

LESSON = "lessons/05_wording.ipynb"


def test_labelling_by_keyboard_in_notebook_7(notebook: Notebook, course: Path) -> None:
    """Moving, selecting by word and labelling; keys that mean something to Notebook 7 do nothing to the cells."""
    page = notebook.page
    notebook.open(LESSON, classic=True)
    notebook.run_all()
    labeller = page.locator(".ss-labeller:not(.ss-sorter)").first
    expect(labeller).to_be_visible()
    cells = notebook.js("return panel.content.widgets.length")

    labeller.locator(".ss-scroller").focus()
    for key in ("Control+Shift+ArrowRight", "Control+Shift+ArrowRight"):  # expands all headings outside of a widget
        page.keyboard.press(key)
    expect(labeller.locator(".ss-hint")).to_contain_text("(2 words)")
    page.keyboard.press("Enter")
    expect(labeller.get_by_role("menu")).to_be_visible()
    page.keyboard.press("Enter")
    expect(labeller.locator(".ss-chip")).to_contain_text("(revision 1)")
    page.keyboard.press("+")
    expect(labeller.locator(".ss-chip")).to_contain_text("(revision 2)")
    assert (course / "my-labels" / "05_wording.labels.json").is_file()

    for button in (None, labeller.get_by_role("button", name="Shortcuts"), labeller.locator("summary").first):
        if button:
            button.focus()
        for key in ("b", "x", "a", "Shift+M", "0"):  # insert, cut, merge, restart
            page.keyboard.press(key)
    assert notebook.js("return panel.content.widgets.length") == cells
    assert page.locator(".jp-Dialog").count() == 0
    notebook.ask("ex.undo()")
