"""Exercises 2 and 5 from beginning to end in a real JupyterLab, by keyboard alone, and through the list of sentences.

No mouse and no touch; through the list, no text is selected either. What is labelled comes from the keys, so that every
kind of passage the course asks for is met: one word, quotation marks, a passage over a paragraph break, a sentence.
"""

import re
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from lab.student import Folder, Student
from real_lab import Notebook
from secondsource import Case
from secondsource.manifest import Manifest

STEPS = (0.2, 0.4, 0.6, 0.8, 1.0)
# + begins at the middle step
SURE = {0.2: "+--", 0.4: "+-", 0.6: "+", 0.8: "++", 1.0: "+++"}
EXERCISES = {"02_who_says_so": "attribution", "05_wording": "rhetoric"}

SURE_NAMES = ("20 % – guessing", "40 %", "60 %", "80 %", "100 % – certain")


@dataclass(frozen=True)
class Wanted:
    """A label to give."""

    start: int
    end: int
    label: str
    confidence: float
    quote: str


class Work:
    """One exercise, its part of the article, and the labels to give."""

    def __init__(self, course: Path, name: str) -> None:
        layer, self.path = EXERCISES[name], f"exercises/{name}.ipynb"
        self.task = Manifest.open(course).task(f"{name}_alone")
        self.case = Case.open("analyst-claims")
        self.layer = self.case.codebook.layer(layer)
        steps = cycle(STEPS)
        key = self.case.key(layer).within(self.task.units)
        spans = sorted({(k.span.start, k.span.end, k.span.label, k.span.quote) for k in key.spans})
        self.wanted = [Wanted(start, end, label, next(steps), quote) for start, end, label, quote in spans]
        self.folder = Folder(course, self.task, self.case)

    def names(self) -> list[str]:
        """Ids of the labels in the order in which they are offered."""
        return [label.id for label in self.layer.labels]

    def on_disk(self) -> set[tuple[int, int, str, float | None]]:
        """Start, end, label and confidence of each label in the student's file."""
        return {(span.start, span.end, span.label, span.confidence) for span in self.folder.labels().spans}

    def intended(self) -> set[tuple[int, int, str, float | None]]:
        """The same of what was wanted."""
        return {(each.start, each.end, each.label, each.confidence) for each in self.wanted}


class Labelling(Student):
    """A student in front of a labeller."""

    def __init__(self, notebook: Notebook, work: Work) -> None:
        self.work = work
        super().__init__(notebook, work.path, work.case)

    def into_the_labeller(self, stop: str) -> None:
        """As the notebook says it: the up arrow once, then Tab until the button appears, then Enter."""
        self.run_up_to("ex.label()")
        expect(self.labeller).to_be_visible()
        expect(self.labeller).not_to_have_class(re.compile("ss-opening"))  # the tools come a frame after the text
        self.press("ArrowUp")
        self.tab_to(stop)
        self.press("Enter")

    @property
    def labeller(self) -> Locator:
        """The labeller on the page."""
        return self.page.locator(".ss-labeller")

    def saved(self) -> None:
        """Everything is on disk, and it is what was meant."""
        rows = self.labeller.locator(".ss-table tbody tr")
        expect(rows).to_have_count(len(self.work.wanted))
        expect(self.labeller.locator(".ss-chip")).to_have_text(re.compile("^Saved "))
        assert self.work.on_disk() == self.work.intended()

    def compare(self) -> None:
        """Out of the labeller, down to the comparison, and run it."""
        expect(self.run("ex.compare()").locator(".ss-comparison")).to_be_visible()

    # ---- with the caret

    def label_by_caret(self, wanted: Wanted, *, by_menu: bool) -> None:
        """Go there, select, choose the label, say how sure."""
        label = self.work.layer.label(wanted.label)
        self.move(wanted.start)
        if label.unit == "span":
            self.move(wanted.end, "Shift+")
        if by_menu:
            self.press("Enter", *["ArrowDown"] * self.work.names().index(wanted.label), "Enter")
        else:
            self.press(label.shortcut)
        self.press(*SURE[wanted.confidence])

    # ---- with the list of sentences

    def pick(self, name: str, option: str) -> None:
        """Tab to a list of choices, and choose."""
        self.tab_to(name)
        self.choose(option)

    def choose(self, option: str) -> None:
        """Choose with the arrow keys in the list of choices that has the focus."""
        for key in ("ArrowDown", "ArrowUp"):
            for _ in range(14):
                if self.page.evaluate("document.activeElement.selectedOptions[0].textContent") == option:
                    return
                self.press(key)
        pytest.fail(f"{option!r} is not offered")

    def open_sentence(self, name: str) -> None:
        """From the words of one sentence to another sentence; it opens."""
        if self.page.evaluate("document.activeElement.closest('.ss-desk') !== null"):
            self.press("Escape")
        for _ in range(40):
            if self.focused().startswith(f"{name} "):
                break
            self.press("ArrowDown")
        else:
            pytest.fail(f"the arrow keys do not come to {name}")
        if self.page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "false":
            self.press("Enter")
        self.press("Tab")

    def tab_within(self, group: str, name: str) -> None:
        """Tab to a control of a group, past those of the same name in other groups."""
        for _ in range(60):
            self.press("Tab")
            where = "document.activeElement.closest('[role=group]')?.getAttribute('aria-label')"
            if self.named() == name and self.page.evaluate(where) == group:
                return
        pytest.fail(f"the Tab key does not come to {name!r} of {group!r}")

    def label_by_list(self, wanted: Wanted, *, by_typing: bool) -> None:
        """In an open sentence: choose or type the words, then the label and how sure."""
        label = self.work.layer.label(wanted.label)
        sure = next(name for value, name in zip(STEPS, SURE_NAMES, strict=True) if value == wanted.confidence)
        if label.unit == "sentence":
            self.pick("How sure are you?", sure)
            self.tab_to(label.name)
            self.press("Enter", "Shift+Tab")
            return
        last = self.work.case.article.sentence_at(wanted.end - 1).id
        if last != self.work.case.article.sentence_at(wanted.start).id:
            self.pick("Ends in", last)
            self.tab_to("Whole sentence", "Shift+Tab")
            self.press("Shift+Tab")
        if by_typing:
            self.tab_to("Or type the words")
            self.page.keyboard.insert_text(wanted.quote.replace("\n\n", " "))
        else:
            words = self.page.locator(".ss-word").all_text_contents()
            first, final = passage(words, wanted.quote)
            self.press("Home", *["ArrowRight"] * first, "Enter", *["ArrowRight"] * (final - first), "Enter")
        expect(self.labeller.locator(".ss-chosen")).to_contain_text("Selected: ")
        self.pick("Label", label.name)
        self.pick("How sure are you?", sure)
        self.tab_to("Add label")
        self.press("Enter")


def shortened(quote: str) -> str:
    """As the page shortens a quotation."""
    flat = re.sub(r"\s+", " ", quote)
    return flat if len(flat) <= 60 else flat[:59].rstrip() + "…"


def passage(words: list[str], quote: str) -> tuple[int, int]:
    """Places of the first and the last word of a quotation."""
    bare = re.sub(r"\s", "", quote)
    for first in range(len(words)):
        joined = ""
        for final in range(first, len(words)):
            joined += words[final]
            if joined == bare:
                return first, final
            if not bare.startswith(joined):
                break
    raise AssertionError(f"cannot be chosen as words: {quote}")


@pytest.mark.parametrize("name", list(EXERCISES))
def test_by_keyboard_alone(notebook: Notebook, course: Path, name: str) -> None:
    """Every label with the caret; menu and keys by turns; then one is changed in every way, and changed back."""
    work = Work(course, name)
    work.folder.forget()
    student = Labelling(notebook, work)
    student.into_the_labeller("Go to the text")
    for number, wanted in enumerate(work.wanted):
        student.label_by_caret(wanted, by_menu=number % 2 == 0)
    student.saved()

    student.move(work.wanted[-1].start)
    student.press(" ", "1", ",", ".", "<", ">", "Delete")  # another label, shorter, longer, earlier, later, gone
    expect(student.labeller.locator(".ss-table tbody tr")).to_have_count(len(work.wanted) - 1)
    student.press(*["Control+z"] * 6)
    student.saved()
    student.compare()


@pytest.mark.parametrize("name", list(EXERCISES))
def test_through_the_list_of_sentences_alone(notebook: Notebook, course: Path, name: str) -> None:
    """The same without selecting any text, as with a screen reader."""
    work = Work(course, name)
    work.folder.forget()
    student = Labelling(notebook, work)
    student.into_the_labeller("Go to the list of sentences")
    for number, wanted in enumerate(work.wanted):
        student.open_sentence(work.case.article.sentence_at(wanted.start).id)
        student.label_by_list(wanted, by_typing=number % 3 == 2)
    student.saved()

    # The last label in every way, and back again.
    entry = work.wanted[-1]
    name_now = work.layer.label(entry.label).name
    other = next(label for label in work.layer.labels if label.id != entry.label and label.unit == "span")
    student.tab_within(f"{name_now}: “{shortened(entry.quote)}”", "Change words")
    student.press("Enter", "Home", "Enter")
    student.tab_to("Set words")
    student.press("Enter")
    expect(student.labeller.locator(".ss-status")).to_contain_text("The label now covers")
    student.press("Control+z")
    student.press("Shift+Tab", "Shift+Tab")
    student.choose(other.name)
    expect(student.labeller.locator(".ss-status")).to_have_text(f"{name_now} changed to {other.name}.")
    student.press("Control+z")
    student.tab_to("Delete")
    student.press("Enter")
    expect(student.labeller.locator(".ss-table tbody tr")).to_have_count(len(work.wanted) - 1)
    student.press("Control+z")
    student.saved()
    student.compare()
    assert notebook.page.evaluate("getSelection().toString()") == ""
