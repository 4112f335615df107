"""Finding words in the text, and going to the next sentence without a label."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.test_labeller import blocks, last, region, rows, select, sent, span, state, status, view, violations
from browser.waiting import eventually

Mount = Callable[..., Page]
Json = dict[str, Any]

LONG = "A headline\n\n" + "\n\n".join(
    " ".join(f"Sentence {i} of block {n} is about the weather, and Watson said so." for i in range(8))
    for n in range(400)
)


@pytest.fixture
def opened(widget: Mount) -> Mount:
    """A labeller whose changes are all acknowledged."""

    def mount(*spans: Json, text: str | None = None, **more: Any) -> Page:
        made = view(text, **more) if text else view(**more)
        page = widget("labeller", _view=made, _state=state(*spans))
        page.evaluate("window.ackAll = true")
        return page

    return mount


def field(page: Page) -> Locator:
    return page.get_by_role("search").get_by_role("textbox", name="Find in the text")


def count(page: Page) -> Locator:
    return page.locator(".ss-count")


def marked(page: Page, which: str = "found") -> list[str]:
    """Words under one of this view's highlights."""
    client = page.locator(".ss-labeller").get_attribute("data-client")
    return page.evaluate(
        "(name) => [...(CSS.highlights.get(name) ?? [])].map((range) => range.toString())", f"ss-{client}-{which}"
    )


def spoken(page: Page) -> Locator:
    return page.locator(".ss-visually-hidden[aria-live]")


def wait_in_sight(page: Page) -> None:
    """Wait until the place found is inside the frame of the text, and marked."""
    client = page.locator(".ss-labeller").get_attribute("data-client")
    page.wait_for_function(
        """(name) => {
          const frame = document.querySelector(".ss-scroller").getBoundingClientRect();
          const [range] = CSS.highlights.get(`${name}-here`) ?? [];
          const rect = range?.getBoundingClientRect();
          const marked = CSS.highlights.get(`${name}-found`)?.size;
          return Boolean(rect && marked) && rect.top >= frame.top - 1 && rect.bottom <= frame.bottom + 1;
        }""",
        arg=f"ss-{client}",
    )


def test_finding_by_keyboard_and_labelling_what_was_found(opened: Mount) -> None:
    page = opened()
    region(page).focus()
    page.keyboard.press("\\")
    expect(field(page)).to_be_focused()
    page.keyboard.type("the WEST")
    expect(count(page)).to_have_text("1 of 2")
    expect(spoken(page)).to_contain_text("1 of 2, in S1")
    eventually(page, lambda: (marked(page, "here"), marked(page)), (["the West"], ["The West"]))
    page.keyboard.press("Enter")
    expect(count(page)).to_have_text("2 of 2")
    expect(spoken(page)).to_contain_text("2 of 2, in S2")
    page.keyboard.press("Enter")
    expect(count(page)).to_have_text("1 of 2")
    page.keyboard.press("Shift+Enter")
    expect(count(page)).to_have_text("2 of 2")
    expect(field(page)).to_be_focused()
    page.keyboard.press("Escape")
    expect(region(page)).to_be_focused()
    expect(page.get_by_role("search")).to_be_hidden()
    expect(status(page)).to_have_text("“The West” is selected. Choose a label.")
    assert page.evaluate("CSS.highlights.size") == 0
    page.keyboard.press("s")
    assert (last(page)["span"]["quote"], last(page)["span"]["label"]) == ("The West", "SOURCE")


def test_finding_with_buttons_alone(opened: Mount) -> None:
    """For those who switched single keys off, and for touch."""
    page = opened()
    toggle = page.get_by_role("button", name="Find in the text")
    expect(toggle).to_have_attribute("aria-expanded", "false")
    toggle.click()
    expect(toggle).to_have_attribute("aria-expanded", "true")
    field(page).fill("watson")
    expect(count(page)).to_have_text("1 of 1")
    page.get_by_role("button", name="Next place").click()
    expect(count(page)).to_have_text("1 of 1")
    page.get_by_role("button", name="Previous place").click()
    page.get_by_role("button", name="Select this place").click()
    expect(page.locator(".ss-hint")).to_contain_text("Selected: “Watson”")
    toggle.click()
    toggle.click()
    expect(page.get_by_role("search")).to_be_hidden()
    expect(toggle).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("est", ["est", "est"]),  # a part of a word
        ("u.s. department", ["U.S.\n\nDepartment"]),  # across paragraphs
        ("café", []),  # the text has another é
        ("cafe\u0301", ["cafe\u0301"]),
        ("💩 claims", ["💩 claims"]),
        ("القوات", ["القوات"]),
        ("<img", ["<img"]),
        ("nowhere", []),
        ("   ", []),
    ],
)
def test_what_is_found(opened: Mount, typed: str, found: list[str]) -> None:
    """Capitals, spaces and signs made alike, parts of words included; offsets hold behind astral characters."""
    page = opened()
    page.get_by_role("button", name="Find in the text").click()
    field(page).fill(typed)
    expect(count(page)).to_have_text(f"1 of {len(found)}" if found else "Not found" if typed.strip() else "")
    if not found:
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        expect(region(page)).to_be_focused()
        return
    page.keyboard.press("Escape")
    assert page.evaluate("getSelection().toString().replace(/\\n+/g, '\\n\\n')") == found[0]


def test_what_is_selected_is_looked_for(opened: Mount) -> None:
    page = opened()
    select(page, "The West", 1)
    region(page).focus()
    page.keyboard.press("\\")
    expect(field(page)).to_have_value("The West")
    expect(count(page)).to_have_text("2 of 2")  # the place itself first
    page.get_by_role("search").get_by_role("button", name="Close").click()
    expect(region(page)).to_be_focused()


def test_a_long_text_is_folded_in_turns_and_marks_are_few(opened: Mount) -> None:
    """Other things happen in between; at most a hundred marks; what is found far away comes into sight."""
    page = opened(text=LONG, sentences=[{"id": "S1", "start": 12, "end": 60, "asked": True}])
    between = page.evaluate(
        """async () => {
          let now = 0;
          performance.now = () => (now += 3);  // a turn is over after a few pieces, on any machine
          let [between, going] = [0, true];
          const tick = () => {
            between += 1;
            if (going) setTimeout(tick);
          };
          tick();
          [...document.querySelectorAll("button")].find((b) => b.textContent === "Find in the text").click();
          const field = document.querySelector(".ss-find input");
          field.value = "watson said";
          field.dispatchEvent(new Event("input"));
          await new Promise((done) => {
            const count = document.querySelector(".ss-count");
            const wait = () => (count.textContent.includes("of") ? done() : setTimeout(wait));
            wait();
          });
          going = false;
          return between;
        }"""
    )
    assert between > 50
    expect(count(page)).to_have_text("1 of 3200")
    wait_in_sight(page)
    assert 0 < len(marked(page)) < 100
    page.keyboard.press("Shift+Enter")
    expect(count(page)).to_have_text("3200 of 3200")
    page.wait_for_function("() => document.querySelector('.ss-scroller').scrollTop > 1000")
    expect(count(page)).to_have_text("3200 of 3200")
    wait_in_sight(page)
    assert 0 < len(marked(page)) < 100


def test_without_custom_highlights(opened: Mount, page: Page) -> None:
    """A browser that knows none of them finds all the same."""
    page.evaluate("delete window.Highlight")
    opened()
    page.get_by_role("button", name="Find in the text").click()
    field(page).fill("west")
    expect(count(page)).to_have_text("1 of 2")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".ss-hint")).to_contain_text("Selected: “West”")


# --------------------------------------------------------------------------------------------- sentences without label


def test_the_next_sentence_without_a_label(opened: Mount) -> None:
    page = opened(span("Watson"), span("he wrote", "CUE"))
    region(page).focus()
    page.keyboard.press(";")
    expect(status(page)).to_have_text("S3: no label yet. 2 sentences of 4 have none.")
    page.keyboard.press(";")
    expect(status(page)).to_have_text("S4: no label yet. 2 sentences of 4 have none.")
    page.keyboard.press(";")
    expect(status(page)).to_have_text("S3: no label yet. 2 sentences of 4 have none.")
    expect(region(page)).to_be_focused()
    page.keyboard.press("Shift+Control+ArrowRight")
    page.keyboard.press("s")
    assert last(page)["span"]["start"] == view()["sentences"][3]["start"]
    page.get_by_role("button", name="Next sentence without a label").first.click()
    expect(status(page)).to_have_text("S4: no label yet. 1 sentence of 4 has none.")
    page.keyboard.press("0")  # a label of whole sentences
    page.keyboard.press(";")
    expect(status(page)).to_have_text("Every sentence here has a label.")


def test_the_first_sentence_is_not_passed_over(opened: Mount) -> None:
    """The caret stands at its beginning when the text gets the focus."""
    page = opened()
    region(page).focus()
    for sentence in ("S1", "S2", "S3", "S4", "S1"):
        page.keyboard.press(";")
        expect(status(page)).to_have_text(f"{sentence}: no label yet. 4 sentences of 4 have none.")


def test_labels_of_layers_that_are_not_offered_do_not_count(opened: Mount) -> None:
    page = opened(*[span(quote, layer="rhetoric") for quote in ("Watson", "he wrote", "المصدر", "He told")])
    page.get_by_role("button", name="Next sentence without a label").first.click()
    expect(status(page)).to_have_text("S1: no label yet. 4 sentences of 4 have none.")
    assert len(sent(page)) == 0
    expect(rows(page)).to_have_count(4)


@pytest.mark.parametrize("light", ["true", "false"])
def test_axe_finds_nothing_while_searching(opened: Mount, light: str) -> None:
    page = opened(span("Watson"))
    page.evaluate("(light) => { document.body.dataset.jpThemeLight = light; }", light)
    page.get_by_role("button", name="Find in the text").click()
    field(page).fill("west")
    expect(count(page)).to_have_text("1 of 2")
    assert violations(page) == []


def test_blocks_of_the_long_text_are_many() -> None:
    assert len(blocks(LONG)) == 401
