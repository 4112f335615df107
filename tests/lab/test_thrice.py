"""Exercises 0, 1 and 4 in a real JupyterLab, each done blank, badly and well, by keyboard alone.

Well means as the key has it. What is asserted is what a student reads: which answers were missed, with their reasons,
what was matched, which file to hand in; and that all of it is there again when the page is loaded anew.
"""

import re
from itertools import cycle
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from lab.student import Folder, Student
from real_lab import Notebook
from secondsource.case import Case
from secondsource.key import Key
from secondsource.manifest import Manifest
from secondsource.spans import Span

STEPS = (0.2, 0.4, 0.6, 0.8, 1.0)
ANSWER = "[data-field=answer]"
SURE = "[data-field=sure]"
# Value of the button that is chosen in the group that has the focus.
CHOSEN = """() => {
  const { name } = document.activeElement;
  return [...document.getElementsByName(name)].find(({ checked }) => checked)?.value ?? null;
}"""
SAVED = re.compile("^Saved ")


class Pupil(Student):
    """A student with one exercise of the course, its files, and its part of the key."""

    def __init__(self, notebook: Notebook, course: Path, name: str, layer: str) -> None:
        task = Manifest.open(course).task(name)
        case = Case.open(task.case)
        self.folder = Folder(course, task, case)
        self.folder.forget()
        self.key: Key | None = None if case.codebook.layer(layer).scale else case.key(layer).within(task.units)
        super().__init__(notebook, task.notebook, case)

    def expect_saved(self, widget: Locator) -> None:
        """All that was done is on disk."""
        expect(widget.locator(".ss-chip")).to_have_text(SAVED)

    def expect_nothing_revealed(self) -> None:
        """Not in the page, nor in any file that a student has."""
        assert self.key
        secrets = [text for entry in self.key.spans for text in (entry.reason, entry.counter)]
        self.notebook.save()
        files = [path for path in self.folder.course.rglob("*") if path.is_file() and "solutions" not in path.parts]
        for content in (
            self.page.content(),
            *(path.read_text(encoding="utf-8", errors="replace") for path in files),
        ):
            assert [secret for secret in secrets if secret in content] == []

    def set(self, value: str) -> None:
        """Choose with the arrow keys in the group of buttons that has the focus, as the notebook says."""
        if self.page.evaluate(CHOSEN) is None:
            self.press("Space")
        for _ in range(12):
            if self.page.evaluate(CHOSEN) == value:
                return
            self.press("ArrowRight")
        pytest.fail(f"{value!r} is not offered")

    def reload(self, source: str, selector: str) -> None:
        """Save the notebook with its own key, and load the page anew; the widget of a box comes back by itself."""
        self.leave()
        self.press("Control+s")
        self.page.wait_for_function("!window.jupyterapp.shell.currentWidget.context.model.dirty")
        self.notebook.reload(self.notebook.find(source), selector)
        self.begin()

    def hand_in(self, source: str) -> str:
        """Run the box that says which file to hand in; it is there, and it is the one. What the box says."""
        said = self.run(source).inner_text()
        assert f"my-labels/{self.folder.path.name}" in said
        assert re.search(r"Receipt code: [A-Z0-9]{10}\.", said)
        assert self.folder.path.is_file()
        return said


# ---------------------------------------------------------------------------------------------- exercise 1: the sorter


class Sorting(Pupil):
    """Exercise 1: whole sentences, one label for each."""

    def __init__(self, notebook: Notebook, course: Path) -> None:
        super().__init__(notebook, course, "01_claims_opinions_predictions_alone", "claims")

    @property
    def sorter(self) -> Locator:
        """The box with the sentences; the one with the questions comes later."""
        return self.notebook.reveal(self.notebook.find("ex.sort()")).locator(".ss-sorter")

    def into_sorter(self) -> None:
        """Up to its box, then Tab until the first sentence is reached."""
        self.go_to("ex.sort()")
        self.tab_into(ANSWER)

    def answers(self) -> dict[str, tuple[str, float | None]]:
        """Label and confidence by sentence, as they are on disk."""
        at = self.case.article.sentence_at
        return {at(span.start).id: (span.label, span.confidence) for span in self.folder.labels().spans}

    def shown(self) -> dict[str, tuple[str, float | None]]:
        """The same as the page has it."""
        rows = self.sorter.locator("[data-item]").evaluate_all(
            """(rows) => rows.map((row) => [row.dataset.item, ...["answer", "sure"].map((field) =>
              row.querySelector(`[data-field=${field}]:checked`)?.value ?? null)])"""
        )
        return {item: (label, sure and float(sure)) for item, label, sure in rows if label}


def test_sorting_blank_badly_and_well(notebook: Notebook, course: Path) -> None:
    """One label for thirteen sentences; then, by arrow keys, the key's for all twenty; nothing is lost in between."""
    student = Sorting(notebook, course)
    assert student.key
    entries = {student.case.article.sentence_at(entry.span.start).id: entry for entry in student.key.spans}
    items = list(student.folder.task.units)
    assert list(entries) == items

    # Blank.
    student.run_up_to("ex.sort()")
    expect(student.sorter).to_be_visible()
    compared = student.run("ex.compare()")
    expect(compared).to_contain_text("Not attempted yet. First give each sentence in this exercise an answer")
    expect(student.run("ex.hand_in()")).to_contain_text("Nothing to hand in: nothing has been saved")
    student.expect_nothing_revealed()

    # Badly: everything is a prediction, and certainly so.
    student.into_sorter()
    for _ in range(13):
        student.press("3", "+", "+", "+", ";")
    progress = student.sorter.locator(".ss-s-progress")
    expect(progress).to_have_text("13 of 20 answered, 13 with a confidence")
    student.expect_saved(student.sorter)
    assert student.answers() == dict.fromkeys(items[:13], ("prediction", 1.0))

    compared = student.run("ex.compare()").locator(".ss-comparison")
    for told in (
        "You labelled 13 sentences.",
        "none of the 12 ",
        "You agree with the key on 0 of 20 sentences.",
        "you were 100 % sure on average: more sure than right.",
    ):
        expect(compared).to_contain_text(told)
    assert not any(entry.reason in compared.inner_text() for entry in entries.values())  # hints first
    student.go_to("ex.compare()")
    for filtered, outcome, item in (("differences", "Other label", "S1"), ("outcome-missed", "Missed", "S15")):
        student.tab_into(f"[data-focus={filtered}]", reach=40)
        student.press("Enter", "n")
        row = compared.locator(".ss-c-chosen")
        expect(row.locator(".ss-c-row-head")).to_have_text(re.compile(rf"^{outcome}\s*{item}(?!\d)"))
        student.tab_into("[data-focus^=reveal]", reach=20)
        student.press("Enter")
        for told in ("Fact claim", entries[item].reason, entries[item].counter):
            expect(row).to_contain_text(told)
        student.go_to("ex.compare()")

    # Well.
    meant = {}
    student.into_sorter()
    for item, sure in zip(items, cycle(STEPS), strict=False):
        if meant:
            student.tab_into(ANSWER)
        student.set(entries[item].span.label)
        student.tab_into(SURE)
        student.set(str(sure) if sure < 1 else "1")
        meant[item] = (entries[item].span.label, sure)
    expect(progress).to_have_text("20 of 20 answered, 20 with a confidence")
    student.expect_saved(student.sorter)
    assert student.shown() == student.answers() == meant

    compared = student.run("ex.compare()").locator(".ss-comparison")
    for told in (
        "You labelled 20 sentences.",
        "all 12 ",
        "You agree with the key on 20 of 20 sentences.",
    ):
        expect(compared).to_contain_text(told)
    expect(compared.locator("[data-focus=outcome-matched]")).to_have_text(re.compile(r"Matched\s+20"))
    expect(compared.locator("[data-focus=differences]")).to_have_text(re.compile(r"\s0$"))

    student.reload("ex.sort()", ".ss-sorter")
    expect(student.sorter.locator(".ss-s-progress")).to_have_text("20 of 20 answered, 20 with a confidence")
    assert student.shown() == meant
    expect(notebook.reveal(notebook.find("ex.compare()")).locator(".ss-comparison")).to_contain_text(
        "on 20 of 20 sentences"
    )
    said = student.hand_in("ex.hand_in()")
    assert "It holds 20 labels, 20 with a confidence" in said
    assert student.answers() == meant


# ---------------------------------------------------------------------------------------- exercise 4: the chain builder


class Drawing(Pupil):
    """Exercise 4: chains of hands, drawn from the text."""

    def __init__(self, notebook: Notebook, course: Path) -> None:
        super().__init__(notebook, course, "04_chains_and_corroboration_alone", "chains")

    @property
    def builder(self) -> Locator:
        """The box with the text and the chains."""
        return self.notebook.reveal(self.notebook.find("ex.chains()")).locator(".ss-chains")

    def draw(self, places: list[tuple[int, int]], answers: list[tuple[str, str]]) -> None:
        """Mark the hands of one chain in their order, then answer both questions about each."""
        for number, (start, end) in enumerate(places):
            self.move(start)
            self.move(end, "Shift+")
            self.press("Enter" if number else "n")
        self.press("c")
        for answer in (each for hand in answers for each in hand):
            self.tab_into(".ss-question input")
            self.set(answer)
        self.press("Escape")

    def drawn(self) -> set[tuple[tuple[str, str, str], ...]]:
        """Chains on disk: words and answers of each hand, from the origin on."""
        labels = self.folder.labels()
        hands = {span.id: (span.quote, *answers_of(span)) for span in labels.spans}
        return {tuple(hands[member] for member in relation.members) for relation in labels.relations}


def answers_of(span: Span) -> tuple[str, str]:
    """Whether the text shows what this hand passed on, and where it went."""
    return span.attributes["shown"], span.attributes["onward"]


def test_chains_blank_badly_and_well(notebook: Notebook, course: Path) -> None:
    """Two chains in one and back to front, with a gap behind every hand; then those of the key, and a reload."""
    student = Drawing(notebook, course)
    assert student.key
    hands = {entry.span.id: entry.span for entry in student.key.spans}
    wanted = [[hands[member] for member in relation.members] for relation in student.key.relations]

    # Blank.
    student.run_up_to("ex.chains()")
    expect(student.builder).to_be_visible()
    compared = student.run("ex.compare()")
    expect(compared).to_contain_text("Not attempted yet. First mark the hands through which a statement came")
    expect(compared).to_contain_text("The comparison opens with at least 6 hands")
    expect(student.run("ex.hand_in()")).to_contain_text("Nothing to hand in: nothing has been saved")
    student.expect_nothing_revealed()

    # Badly: two chains in one, the wrong way round, and all of it called shown.
    back = [hands[name] for name in ("H-S7-captain", "H-S7-recording", "H-S12-skipper", "H-S12-licence")]
    more = [student.case.article.places(words)[0] for words in ("the wrecked buoy", "a buoy")]
    places = [*((span.start, span.end) for span in back), *more]
    student.into_widget("Go to the text", "ex.chains()")
    student.draw(places, [("shown", "gap")] * 6)
    expect(student.builder.locator(".ss-progress")).to_have_text("1 chain, 6 hands")
    student.expect_saved(student.builder)
    ((first, *_),) = student.drawn()
    assert first == ("he", "shown", "gap")

    compared = student.run("ex.compare()")
    for told in (
        "You drew 1 chain.",
        "1 of 3, 0 of them with every hand in its place.",
        "A chain of the key, but not in every part.",
        "A chain of the key that is not among yours.",
        "“Ulla Brandivere” stands at another place of the chain in the key.",
        "In the key “the wrecked buoy” is no hand of this chain.",
        "Behind “Ulla Brandivere” the key sees no gap.",
        "The key says that the text does not show what “Ulla Brandivere” passed on.",
    ):
        expect(compared).to_contain_text(told)
    for origin in ("H-S7-recording", "H-S14-order"):  # missed: why it is one, and what can be said against it
        entry = student.key.by_id[origin]
        expect(compared).to_contain_text(entry.reason.removeprefix("The chain: "))
        expect(compared).to_contain_text(entry.counter)

    # Well, and not on top of it.
    student.into_widget("Go to the text", "ex.chains()")
    student.press("c")
    student.tab_to("Delete this chain", reach=60)
    student.press("Enter", "Escape")
    expect(student.builder.locator(".ss-strip")).to_have_count(0)
    for chain in wanted:
        student.draw([(span.start, span.end) for span in chain], [answers_of(span) for span in chain])
    expect(student.builder.locator(".ss-progress")).to_have_text("5 chains, 9 hands")
    student.expect_saved(student.builder)
    meant = {tuple((span.quote, *answers_of(span)) for span in chain) for chain in wanted}
    assert student.drawn() == meant

    compared = student.run("ex.compare()")
    for told in (
        "You drew 5 chains.",
        "5 of 5, 5 of them with every hand in its place.",
        "order: 10 of 10.",
        "As in the key: every hand, in this order.",
    ):
        expect(compared).to_contain_text(told)
    expect(compared).not_to_contain_text("not among yours")

    student.reload("ex.chains()", ".ss-chains")
    expect(student.builder.locator(".ss-strip")).to_have_count(5)
    expect(student.builder.locator(".ss-progress")).to_have_text("5 chains, 9 hands")
    expect(notebook.reveal(notebook.find("ex.compare()"))).to_contain_text("You drew 5 chains.")
    assert "It holds 9 hands" in student.hand_in("ex.hand_in()")
    assert student.drawn() == meant


# --------------------------------------------------------------------------------- exercise 0: a rating, and own words


class Rating(Pupil):
    """Exercise 0: how far one would trust a headline, and one question to write about."""

    def __init__(self, notebook: Notebook, course: Path) -> None:
        tasks = Manifest.open(course)
        self.written = Folder(course, tasks.task("00_questions_alone"), Case.open("practice-questions"))
        self.written.forget()
        super().__init__(notebook, course, "00_before_you_read_alone", "trust")

    def widget(self, source: str) -> Locator:
        """The scale, or the cards."""
        return self.notebook.reveal(self.notebook.find(source)).locator(".ss-sorter")

    def write(self, words: str) -> None:
        """Write under the card, in place of what is there."""
        self.go_to("questions.sort()")
        self.tab_into("textarea")
        self.press("Control+a")
        self.page.keyboard.type(words)
        self.leave()
        self.expect_saved(self.widget("questions.sort()"))
        assert [span.note for span in self.written.labels().spans] == [words]


def test_a_rating_and_words_of_ones_own(notebook: Notebook, course: Path) -> None:
    """A rating is read back, and no key is spoken of; words stand beside a model answer once there are some."""
    student = Rating(notebook, course)
    (answer,) = Case.open("practice-questions").key("answers").within(student.written.task.units).spans

    # Blank.
    student.run_up_to("ex.sort()")
    expect(student.widget("ex.sort()")).to_be_visible()
    expect(student.run("ex.compare()")).to_contain_text("Nothing is rated yet. Give your rating first")
    student.run("questions.sort()")
    expect(student.run("questions.compare()")).to_contain_text("Not attempted yet. First write your own answers")
    for source in ("ex.hand_in()", "questions.hand_in()"):
        expect(student.run(source)).to_contain_text("Nothing to hand in")
    assert not any(text in notebook.page.content() for text in (answer.reason, answer.counter))

    headline = student.case.article.text[: student.case.article.blocks[0].end]

    # Two ratings, the second more careful than the first; neither is called right.
    for rating, sure in (("10", "1"), ("6", "0.4")):
        student.go_to("ex.sort()")
        student.tab_into(ANSWER)
        student.set(rating)
        student.tab_into(SURE)
        student.set(sure)
        student.expect_saved(student.widget("ex.sort()"))
        ((span),) = student.folder.labels().spans
        assert (span.label, span.confidence) == (rating, float(sure))
        compared = student.run("ex.compare()")
        expect(compared.locator("tbody").get_by_role("cell")).to_have_text(
            ["H", headline, rating, f"{float(sure):.0%}".replace("%", " %"), ""]
        )
        expect(compared).to_contain_text("There is no key for it.")

    # Badly, then well: nothing is scored, and both stand beside the same two answers.
    for words in (
        "I do not know.",
        "What did the expert measure, and who else has seen it? Both can be asked of others.",
    ):
        student.write(words)
        compared = student.run("questions.compare()")
        for told in (words, answer.reason, answer.counter, "Written answers are not scored."):
            expect(compared).to_contain_text(told)

    student.reload("ex.sort()", ".ss-sorter")
    rows = student.widget("ex.sort()")
    expect(rows.locator(f"{ANSWER}:checked")).to_have_value("6")
    expect(rows.locator(f"{SURE}:checked")).to_have_value("0.4")
    expect(student.widget("questions.sort()").locator("textarea")).to_have_value(words)
    assert "It holds 1 rating" in student.hand_in("ex.hand_in()")
