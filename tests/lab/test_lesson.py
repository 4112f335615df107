"""A student's way through lesson 2, in a real JupyterLab: label, save, restart, compare. Mouse and keyboard."""

import json
import re
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, expect

from real_lab import Notebook
from secondsource import Case

LESSON = "lessons/02_who_says_so.ipynb"
EXERCISE = "02_who_says_so"

# Words of the sentences that the lesson asks about, and the label to give them.
BY_MOUSE = [
    ("Watson, who has previously advised NATO on Eastern European security", "Source"),
    # over the end of a line
    ("that the ‘gambit’ of arming Ukraine to halt Russian forces has ‘crashed into the rocks of reality.’", "Content"),
    ("The situation on the front lines, according to Watson", "Content"),
    ("according to", "Cue"),  # inside the one before: the text is cut into several nodes by now
    ("Watson emphasized", "Source"),
    ("pointed to", "Cue"),
    ("have privately urged", "Cue"),
]


def labels_on_disk(course: Path) -> list[dict[str, Any]]:
    """Annotations in the student's label file."""
    path = course / "my-labels" / f"{EXERCISE}.labels.json"
    items: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["first"]["items"]
    return items


def frame(notebook: Notebook) -> list[tuple[str, str, float | None]]:
    """Quotation, label and confidence of each label, as the kernel has them."""
    code = "print([(s.quote, s.label, s.confidence) for s in ex.labels.spans])"
    rows: list[tuple[str, str, float | None]] = eval(notebook.ask(code), {})
    return rows


def selected(notebook: Notebook, *, other_than: int) -> int:
    """The row that the kernel takes for chosen; news of it may arrive after the question, on another thread."""
    wait = f"import time\nfor _ in range(600):\n    if comparison.selected != {other_than}:\n        break\n"
    return int(notebook.ask(f"{wait}    time.sleep(0.1)\nprint(comparison.selected)"))


def expect_accessible(notebook: Notebook, selector: str) -> None:
    """Axe finds nothing in the widget, in either theme."""
    for dark in (False, True):
        notebook.theme(dark=dark)
        results = Axe().run(notebook.page, context=selector)
        assert results.violations_count == 0, results.generate_report()
    notebook.theme(dark=False)


def open_lesson(notebook: Notebook) -> Locator:
    """Open and run the lesson; the labeller."""
    notebook.open(LESSON)
    notebook.run_all()
    labeller = notebook.reveal(notebook.find("ex.label()")).locator(".ss-labeller")
    expect(labeller).to_be_visible()
    return labeller


def test_a_student_labels_and_compares(notebook: Notebook, course: Path) -> None:
    """The whole path of one lesson, on one page."""
    page = notebook.page
    labeller = open_lesson(notebook)
    text, chip = labeller.locator(".ss-text"), labeller.locator(".ss-chip")
    expect(chip).to_have_text("Nothing to save yet")

    # The gate is closed, and the key is not in the page, nor in any file the student has.
    compare = notebook.find("ex.compare()")
    assert notebook.printed(compare).startswith("Not attempted yet")
    reasons = [span.reason for span in Case.open("analyst-claims").key("attribution").spans]
    notebook.save()
    handed_out = [path for path in course.rglob("*") if path.is_file() and "solutions" not in path.parts]
    for content in (page.content(), *(path.read_text(encoding="utf-8", errors="replace") for path in handed_out)):
        assert [reason for reason in reasons if reason in content] == []

    # With the keyboard alone: the caret stands at the first sentence asked.
    labeller.locator(".ss-scroller").focus()
    page.keyboard.press("Alt+ArrowDown")  # the next sentence: S4
    page.keyboard.press("Alt+ArrowDown")  # S5
    for _ in range(2):
        page.keyboard.press("Shift+Control+ArrowRight")
    page.keyboard.press("Enter")
    expect(labeller.get_by_role("menu")).to_be_visible()
    expect_accessible(notebook, ".ss-labeller")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(chip).to_have_text(re.compile(r"^Saved \d\d:\d\d:\d\d \(revision 1\)$"))
    page.keyboard.press("+")
    expect(chip).to_contain_text("(revision 2)")
    ((quote, label, confidence),) = frame(notebook)
    assert (quote, label) == ("The situation", "CONTENT")
    assert confidence is not None

    # With the mouse: select, press the label's button, say how sure.
    for number, (words, name) in enumerate(BY_MOUSE, start=2):
        notebook.select(text, words)
        labeller.locator(".ss-bar").get_by_role("button", name=name).click()
        labeller.locator(".ss-sure").get_by_text("80 %", exact=True).click()
        expect(chip).to_contain_text(f"(revision {2 * number})")
        assert len(labels_on_disk(course)) == number
    expected = {(words, name.upper(), 0.8) for words, name in BY_MOUSE}
    assert set(frame(notebook)) == expected | {(quote, label, confidence)}
    expect(labeller.locator("tbody tr")).to_have_count(8)
    expect_accessible(notebook, ".ss-labeller")

    # A reloaded page: the labeller comes back by itself, because the course was signed when it was copied.
    notebook.save()
    labeller = notebook.reload(notebook.find("ex.label()"), ".ss-labeller")
    expect(labeller.locator("tbody tr")).to_have_count(8)

    # A restarted kernel and a reopened page: everything is there.
    notebook.restart()
    labeller = open_lesson(notebook)
    expect(labeller.locator("tbody tr")).to_have_count(8)
    expect(labeller.locator(".ss-chip")).to_contain_text("(revision 16)")
    assert len(frame(notebook)) == 8

    # A label without a confidence keeps the comparison closed; taking it back opens it.
    notebook.ask('extra = ex.add("he wrote", "CUE")')
    expect(labeller.locator("tbody tr")).to_have_count(9)
    notebook.run(compare)
    assert "1 without a confidence" in notebook.printed(compare)
    notebook.ask("ex.undo()")
    expect(labeller.locator("tbody tr")).to_have_count(8)
    notebook.run(compare)
    comparison = notebook.reveal(compare).locator(".ss-comparison")
    expect(comparison).to_be_visible()

    # Step through the differences, by mouse and by keyboard; the kernel knows where the student is.
    comparison.get_by_role("button", name="Next").click()
    first = selected(notebook, other_than=-1)
    comparison.get_by_role("button", name="Next").focus()
    page.keyboard.press("n")
    expect(comparison.locator("[aria-current='true']")).to_have_count(1)
    second = selected(notebook, other_than=first)
    assert -1 < first != second > -1
    expect_accessible(notebook, ".ss-comparison")
    comparison.get_by_role("button", name="Show all answers").click()
    told = re.compile("|".join(map(re.escape, reasons)))  # rows out of sight are filled between the next frames
    expect(comparison).to_contain_text(told, use_inner_text=True)
    expect_accessible(notebook, ".ss-comparison")
    assert notebook.ask("print(len(comparison.pairs) >= 8)") == "True\n"

    # The same on one page, as a picture with a name that tells it.
    picture = notebook.find("comparison.picture()")
    notebook.run(picture)
    drawn = notebook.reveal(picture).locator("[role='graphics-document'][aria-roledescription='visualization']")
    expect(drawn).to_have_attribute("aria-label", re.compile("^Where your labels met the key, in 8 sentences: "))
