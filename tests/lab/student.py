"""A student at a keyboard, in front of a notebook in a real JupyterLab; no mouse and no touch."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from real_lab import Notebook
from secondsource.case import Case
from secondsource.formats import w3c
from secondsource.manifest import Task
from secondsource.spans import LabelSet

# Name of a control, as a screen reader would say it.
NAME = """() => {
  const e = document.activeElement;
  return e.getAttribute("aria-label") ?? e.labels?.[0]?.firstChild.textContent ?? e.textContent.trim();
}"""

# Where the caret is: number of the block, UTF-16 units in it.
CARET = """() => {
  const { focusNode, focusOffset } = getSelection();
  const block = focusNode.parentElement.closest(".ss-block");
  const range = document.createRange();
  range.setStart(block, 0);
  range.setEnd(focusNode, focusOffset);
  return [[...document.querySelectorAll(".ss-labeller .ss-block")].indexOf(block), range.toString().length];
}"""


class Student:
    """Somebody who works through a notebook with the keys alone."""

    def __init__(self, notebook: Notebook, path: str, case: Case) -> None:
        self.notebook = notebook
        self.page: Page = notebook.page
        self.case = case
        self.blocks = [block.start for block in case.article.blocks]
        notebook.open(path)
        self.begin()

    def begin(self) -> None:
        """Go to the first box: JupyterLab gives a notebook that is opened by its address no focus."""
        self.notebook.js("panel.content.activeCellIndex = 0; panel.content.activate()")

    def press(self, *keys: str) -> None:
        """Press one key after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    # ---- boxes of the notebook

    def run_up_to(self, source: str) -> None:
        """Run the boxes from the top, this one included."""
        for _ in range(self.notebook.find(source) + 1):
            self.press("Shift+Enter")

    def leave(self) -> None:
        """Out of whatever has the focus, to the notebook; each widget needs no more than three."""
        self.press("Escape", "Escape", "Escape", "Escape")

    def go_to(self, source: str) -> None:
        """Out of the widget, and up or down to a box."""
        self.leave()
        index = self.notebook.find(source)
        for _ in range(40):
            here = self.notebook.js("return panel.content.activeCellIndex")
            if here == index:
                return
            self.press("ArrowDown" if here < index else "ArrowUp")
        pytest.fail(f"the arrow keys do not come to {source!r}")

    def run(self, source: str) -> Locator:
        """Go to a box and run it; what it shows, once it has run."""
        self.go_to(source)
        index = self.notebook.find(source)
        before = self.notebook.number(index)
        self.press("Shift+Enter")
        self.notebook.has_run(index, before)
        return self.notebook.reveal(index)

    # ---- controls

    def focused(self) -> str:
        """Name or words of what has the focus."""
        found: str = self.page.evaluate(
            "() => { const e = document.activeElement; return e.getAttribute('aria-label') ?? e.textContent.trim(); }"
        )
        return found

    def named(self) -> str:
        """Name of the control that has the focus."""
        found: str = self.page.evaluate(NAME)
        return found

    def tab_to(self, name: str, key: str = "Tab", reach: int = 12) -> None:
        """Tab to a control by its name, as a screen reader would say it."""
        for _ in range(reach):
            self.press(key)
            if self.named() == name:
                return
        pytest.fail(f"the Tab key does not come to {name!r}")

    def tab_into(self, selector: str, reach: int = 12) -> None:
        """Tab to the next control of a kind."""
        for _ in range(reach):
            self.press("Tab")
            if self.page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                return
        pytest.fail(f"the Tab key does not come to {selector!r}")

    def into_widget(self, stop: str, source: str) -> None:
        """As the notebooks say it: up to the box of the widget, Tab until the button appears, Enter."""
        self.go_to(source)
        self.tab_to(stop)
        self.press("Enter")

    # ---- the caret in a text

    def caret(self) -> int:
        """Position of the caret in the article."""
        block, units = self.page.evaluate(CARET)
        start = self.blocks[block]
        text = self.case.article.text[start:]
        return start + len(text.encode("utf-16-le")[: 2 * units].decode("utf-16-le"))

    def move(self, to: int, extend: str = "") -> None:
        """By sentences, then by words, then by letters."""
        here = self.caret()
        starts = [sentence.start for sentence in self.case.article.sentences]
        while not extend and max(start for start in starts if start <= to) != max(s for s in starts if s <= here):
            self.press("]" if to > here else "[")
            here = self.caret()
        while here < to:
            self.press(f"{extend}Control+ArrowRight")
            here = self.caret()
        while here > to:
            self.press(f"{extend}ArrowLeft")
            here = self.caret()


class Folder:
    """The files of one exercise in the student's folder."""

    def __init__(self, course: Path, task: Task, case: Case) -> None:
        self.course, self.task, self.case = course, task, case

    @property
    def path(self) -> Path:
        """The file to hand in."""
        return self.course / "my-labels" / f"{self.task.id}.labels.json"

    def labels(self) -> LabelSet:
        """What is on disk."""
        return w3c.read(self.path.read_bytes(), self.case.article, self.case.codebook, name=self.path.name)[0]

    def forget(self) -> None:
        """Take away what an earlier test left."""
        for path in (self.course / "my-labels").glob(f"**/*{self.task.id}*"):
            if path.is_file():
                path.unlink()
