"""The labeller in a real browser, with a fake model: what a student does, and what reaches the kernel."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from browser.waiting import arrived, eventually, stand_still, whole
from secondsource.languages import language
from secondsource.widgets.base import asset

Mount = Callable[..., Page]
Json = dict[str, Any]

PROVENANCE = "Case-study text. Claims unverified. Shown for analysis, not as information about the war."
CARE = "This text is about an ongoing war."
TEXT = (
    "Analyst 💩 claims a lot\n\n"
    "Watson said the West is tired. The West, he wrote, has 👩‍👩‍👧 no cafe\u0301 plan.\n\n"
    "قال المصدر إن القوات تقدمت.\n\n"
    "<img src=x onerror=alert(1)> He told the U.S.\n\n"
    "Department of Defense. That was all &amp; no more."
)
SENTENCES = [
    ("H", "Analyst 💩 claims a lot", False),
    ("S1", "Watson said the West is tired.", True),
    ("S2", "The West, he wrote, has 👩‍👩‍👧 no cafe\u0301 plan.", True),
    ("S3", "قال المصدر إن القوات تقدمت.", True),
    ("S4", "<img src=x onerror=alert(1)> He told the U.S.\n\nDepartment of Defense.", True),
    ("S5", "That was all &amp; no more.", False),
]
CONFIDENCE = [
    {"value": 0.2, "name": "20 % – guessing"},
    {"value": 0.4, "name": "40 %"},
    {"value": 0.6, "name": "60 %"},
    {"value": 0.8, "name": "80 %"},
    {"value": 1.0, "name": "100 % – certain"},
]


def label(name: str, key: str, pattern: str, **more: Any) -> Json:
    texts = {part: f"{part} of {name}" for part in ("ask", "definition", "rule", "example", "near_miss")}
    base = {"id": name.upper(), "name": name, "unit": "span", "shortcut": key, "pattern": pattern, "attributes": []}
    return {**base, **texts, "colour": "#0b5cad", "colour_dark": "#8cc4ff", **more}


VOICE = {
    "id": "voice",
    "question": "Whose words are these?",
    "values": [{"id": "author", "name": "the author's"}, {"id": "quoted", "name": "quoted"}],
}
LABELS = [
    label("Source", "s", "solid", attributes=[VOICE]),
    label("Cue", "c", "dashed", colour="#b35900", colour_dark="#e69f00"),
    label("Content", "3", "dotted", colour="#007a5e", colour_dark="#2fd0a5"),
    label("Plain <b>wording</b>", "0", "double", unit="sentence", id="PLAIN", colour="#8a3b6e", colour_dark="#e59cc6"),
]
LAYER = {"id": "attribution", "name": "Who says so", "question": "Who says it?", "unit": "span", "labels": LABELS}


def blocks(text: str) -> list[Json]:
    found, start = [], 0
    for index, part in enumerate(text.split("\n\n")):
        kind = "headline" if index == 0 else "paragraph"
        found.append({"id": f"b{index}", "kind": kind, "start": start, "text": part})
        start += len(part) + 2
    return found


def view(text: str = TEXT, *, timing: Json | None = None, **more: Any) -> Json:
    article = {
        "sha256": "abc",
        "title": "A",
        "language": "en",
        "dir": "ltr",
        "provenance": PROVENANCE,
        "note": CARE,
        "url_free": True,
    }
    sentences = [
        {"id": name, "start": text.index(quote), "end": text.index(quote) + len(quote), "asked": asked}
        for name, quote, asked in SENTENCES
        if quote in text
    ]
    return {
        "exercise": "02_who",
        "language": "en",
        "direction": "ltr",
        "strings": language("en").table("labeller"),
        "title": "Who says so?",
        "article": article,
        "blocks": blocks(text),
        "sentences": sentences,
        "layers": [LAYER],
        "confidence": CONFIDENCE,
        "readonly": None,
        "max_spans": 5000,
        "timing": {"waiting": 60_000, "resend": 60_000, **(timing or {})},
        **more,
    }


def span(quote: str, name: str = "SOURCE", text: str = TEXT, **more: Any) -> Json:
    start = text.index(quote)
    base = {"id": f"k{start}-{len(quote)}-{name}", "layer": "attribution", "label": name, "start": start}
    rest = {
        "end": start + len(quote),
        "quote": quote,
        "confidence": None,
        "note": "",
        "attributes": {},
        "discuss": False,
    }
    return {**base, **rest, **more}


def state(*spans: Json, **more: Any) -> Json:
    return {"rev": 0, "saved_at": None, "spans": list(spans), "seq_by_client": {}, **more}


@pytest.fixture
def open_labeller(widget: Mount) -> Mount:
    def mount(*spans: Json, text: str = TEXT, **more: Any) -> Page:
        return widget("labeller", _view=view(text, **more), _state=state(*spans))

    return mount


def sent(page: Page, kind: str = "op") -> list[Json]:
    return [message for message in page.evaluate("window.sent") if message["type"] == kind]


def last(page: Page) -> Json:
    return sent(page)[-1]


def region(page: Page, view: int = 0) -> Locator:
    return page.locator(".ss-labeller").nth(view).get_by_role("region", name="Article text")


def status(page: Page) -> Locator:
    return page.locator(".ss-status")


def chip(page: Page) -> Locator:
    return page.locator(".ss-chip")


def rows(page: Page) -> Locator:
    return page.locator(".ss-table tbody tr")


SELECT = """async ([from, to, backward]) => {
  // UTF-16 offsets in the text of all blocks together, as a mouse would leave them.
  const place = (offset) => {
    for (const block of document.querySelectorAll(".ss-block")) {
      const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (offset <= node.length) return [node, offset];
        offset -= node.length;
      }
    }
  };
  const [a, b] = [place(from), place(to)];
  const ends = (now = getSelection()) => [now.anchorNode, now.anchorOffset, now.focusNode, now.focusOffset];
  const before = ends();
  // The browser tells of it a moment later; this listener is the last one, so the widget has heard it then.
  const noticed = new Promise((done) => {
    document.addEventListener("selectionchange", done, { once: true });
    setTimeout(done, 30_000); // it never came: the test is to fail, not to hang
  });
  getSelection().setBaseAndExtent(...(backward ? [...b, ...a] : [...a, ...b]));
  if (ends().some((end, n) => end !== before[n])) await noticed;
}"""


def select(page: Page, quote: str, occurrence: int = 1, backward: bool = False) -> None:
    """Select words of the article, then wait until the widget has noticed."""
    joined = TEXT.replace("\n\n", "")
    index = -1
    for _ in range(occurrence):
        index = joined.index(quote.replace("\n\n", ""), index + 1)
    units = [len(part.encode("utf-16-le")) // 2 for part in (joined[:index], quote.replace("\n\n", ""))]
    page.evaluate(SELECT, [units[0], sum(units), backward])
    expect(page.locator(".ss-hint")).to_contain_text("Selected:")


def drag(page: Page, words: str) -> None:
    """Select with a real mouse, from the first to the last character of some words in one text node."""
    box = page.evaluate(
        """(words) => {
          for (const block of document.querySelectorAll(".ss-block")) {
            const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
              const at = node.data.indexOf(words);
              if (at < 0) continue;
              const range = document.createRange();
              range.setStart(node, at); range.setEnd(node, at + words.length);
              const { left, right, top, height } = range.getBoundingClientRect();
              return { left, right, middle: top + height / 2 };
            }
          }
        }""",
        words,
    )
    page.mouse.move(box["left"] + 0.5, box["middle"])
    page.mouse.down()
    page.mouse.move((box["left"] + box["right"]) / 2, box["middle"])
    page.mouse.move(box["right"] - 0.5, box["middle"])
    page.mouse.up()


def check_drawn(page: Page, text: str = TEXT) -> None:
    """The marks in the page are exactly the spans the widget holds, and the text is untouched."""
    whole(page)
    both = """() => {
      const [drawn, stored] = [{}, {}];
      for (const piece of document.querySelectorAll(".ss-labeller:first-child .ss-seg[data-ids]")) {
        for (const id of piece.dataset.ids.split(" ")) drawn[id] = (drawn[id] ?? "") + piece.textContent;
      }
      for (const row of document.querySelectorAll(".ss-table tbody tr")) {
        stored[row.dataset.span] = row.querySelector("bdi").textContent;
      }
      return [drawn, stored];
    }"""

    def different() -> list[Json]:
        drawn, stored = page.evaluate(both)
        wanted = {key: quote.replace("\n\n", "") for key, quote in stored.items()}
        return [] if drawn == wanted else [drawn, wanted]

    eventually(page, different, [])
    shown = page.eval_on_selector_all(".ss-block", "(all) => all.map((block) => block.textContent)")
    assert shown == [block["text"] for block in blocks(text)]
    for message in sent(page):
        if message["op"] != "remove":
            assert text[message["span"]["start"] : message["span"]["end"]] == message["span"]["quote"]


# ------------------------------------------------------------------------------------------- what is shown


def test_the_text_stands_as_stored_with_its_provenance(open_labeller: Mount) -> None:
    page = open_labeller()
    expect(page.get_by_text(PROVENANCE)).to_be_visible()
    expect(page.get_by_text(CARE)).to_be_visible()
    expect(page.get_by_text("<img src=x onerror=alert(1)>")).to_be_visible()
    expect(page.locator(".ss-scroller img")).to_have_count(0)
    expect(page.get_by_role("button", name="Plain <b>wording</b>")).to_be_visible()
    expect(page.locator(".ss-sid")).to_have_count(4)
    expect(page.locator(".ss-quiet").first).to_have_text("Analyst 💩 claims a lot")
    expect(chip(page)).to_have_text("Nothing to save yet")
    assert page.locator(".ss-labeller").get_attribute("data-lm-suppress-shortcuts") == "true"
    check_drawn(page)
    (hello,) = sent(page, "hello")
    assert {key: hello[key] for key in ("exercise", "article", "last_acked")} == {
        "exercise": "02_who",
        "article": "abc",
        "last_acked": 0,
    }


def test_the_definition_follows_pointer_focus_and_last_use(open_labeller: Mount) -> None:
    page = open_labeller()
    card = page.get_by_role("region", name="What the label means")
    expect(card).to_contain_text("ask of Source")
    page.get_by_role("button", name="Cue").hover()
    expect(card).to_contain_text("near_miss of Cue")
    page.get_by_role("button", name="Content").focus()
    expect(card).to_contain_text("rule of Content")
    page.mouse.move(0, 0)
    region(page).focus()
    expect(card).to_contain_text("definition of Source")
    select(page, "Watson")
    page.keyboard.press("c")
    expect(card).to_contain_text("definition of Cue")
    select(page, "tired")
    page.keyboard.press("s")
    expect(card).to_contain_text("definition of Source")
    page.get_by_role("button", name="Go to: “Watson”").click()
    expect(card).to_contain_text("definition of Cue")


def test_lanes_are_shared_by_paragraph_and_more_than_four_are_counted(open_labeller: Mount) -> None:
    quotes = ["Watson said the West is", "said the West", "said the", "West is", "the West is", "the"]
    page = open_labeller(*(span(quote) for quote in quotes), span("U.S.\n\nDepartment", "CUE"))
    check_drawn(page)
    deepest = page.locator(".ss-seg", has_text=re.compile(r"^the$"))
    assert deepest.get_attribute("data-more") == "+1"
    assert deepest.evaluate("(e) => getComputedStyle(e).backgroundImage.match(/gradient/g).length") == 4
    heights = page.eval_on_selector_all(
        ".ss-paragraph", "(all) => all.map((e) => parseFloat(getComputedStyle(e).lineHeight))"
    )
    assert heights[0] > heights[1] == heights[2] == heights[3]
    expect(page.locator('.ss-seg[data-ids$="-CUE"]')).to_have_count(2)


# -------------------------------------------------------------------------------------------- making spans


def test_mouse_selection_and_button(open_labeller: Mount) -> None:
    page = open_labeller()
    drag(page, "he wrote")
    expect(page.locator(".ss-hint")).to_have_text("Selected: “he wrote” (2 words)")
    page.get_by_role("button", name="Cue").click()
    start = TEXT.index("he wrote")
    message = last(page)
    assert message["span"] == {**span("he wrote", "CUE"), "id": message["span"]["id"]}
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", message["span"]["id"])
    assert (message["op"], message["seq"], message["exercise"], message["article"]) == ("add", 1, "02_who", "abc")
    assert message["span"]["start"] == start
    expect(status(page)).to_contain_text("Cue added: 2 words, in S2.")
    expect(status(page)).to_contain_text("How sure are you?")
    expect(page.get_by_role("radiogroup", name="How sure are you? Cue: “he wrote”")).to_be_visible()
    check_drawn(page)


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("claims", "claims"),
        ("plan", "plan"),
        (" he wrote, ", "he wrote,"),
        ("المصدر", "المصدر"),
        ("👩\u200d👩", "👩\u200d👩\u200d👧"),
        ("cafe", "cafe\u0301"),
        ("U.S.\n\nDepartment", "U.S.\n\nDepartment"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
    ],
)
def test_offsets_are_code_points_on_whole_graphemes(
    open_labeller: Mount, quote: str, expected: str, backward: bool
) -> None:
    page = open_labeller()
    select(page, quote, backward=backward)
    page.get_by_role("button", name="Source").click()
    made = last(page)["span"]
    assert (made["start"], made["quote"]) == (TEXT.index(expected), expected)
    check_drawn(page)


def test_triple_click_takes_the_paragraph(open_labeller: Mount) -> None:
    page = open_labeller()
    page.locator(".ss-block").nth(1).click(click_count=3, position={"x": 60, "y": 15})
    expect(page.locator(".ss-hint")).to_contain_text("Selected:")
    page.get_by_role("button", name="Content").click()
    assert last(page)["span"]["quote"] == TEXT.split("\n\n")[1]


def test_select_all_in_the_text_stays_in_the_text(open_labeller: Mount) -> None:
    page = open_labeller()
    region(page).focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("3")
    assert last(page)["span"]["quote"] == TEXT
    check_drawn(page)


def test_sentence_labels_take_the_whole_sentence(open_labeller: Mount) -> None:
    page = open_labeller()
    select(page, "told")
    page.get_by_role("button", name="Plain").click()
    assert last(page)["span"]["quote"] == SENTENCES[4][1]
    page.get_by_role("button", name="Plain").click()
    expect(status(page)).to_have_text("These words already have the label Plain <b>wording</b>.")
    assert len(sent(page)) == 1
    check_drawn(page)


def test_labels_outside_the_part_set_are_allowed_and_noted(open_labeller: Mount) -> None:
    page = open_labeller()
    select(page, "no more")
    page.keyboard.press("c") if region(page).evaluate("(e) => e === document.activeElement") else page.get_by_role(
        "button", name="Cue"
    ).click()
    expect(status(page)).to_contain_text("It lies outside the part set for this exercise.")
    expect(page.locator(".ss-progress")).to_have_text(
        "1 label, 1 without confidence, 1 outside the part set for this exercise"
    )
    expect(rows(page)).to_contain_text("Outside the part set for this exercise")


def test_a_page_that_no_longer_shows_the_text_is_refused(open_labeller: Mount) -> None:
    page = open_labeller()
    page.locator(".ss-block").nth(1).evaluate(
        "(e) => { e.lastChild.data = e.lastChild.data.replace('plan', 'Plan B'); }"
    )
    select(page, "he wrote")
    page.get_by_role("button", name="Cue").click()
    expect(status(page)).to_contain_text("no longer shows the text exactly as stored")
    assert sent(page) == []


def test_nothing_selected_says_so(open_labeller: Mount) -> None:
    page = open_labeller()
    page.get_by_role("button", name="Cue").click()
    expect(status(page)).to_have_text("Select some words in the text first.")


def test_there_is_a_largest_number_of_labels(open_labeller: Mount) -> None:
    page = open_labeller(span("Watson"), max_spans=1)
    select(page, "West")
    page.get_by_role("button", name="Cue").click()
    expect(status(page)).to_contain_text("There is room for 1 labels")
    assert sent(page) == []


# ------------------------------------------------------------------------------------------------ keyboard


def test_everything_by_keyboard_alone(open_labeller: Mount) -> None:
    page = open_labeller()
    page.evaluate("window.ackAll = true")
    for _ in range(20):
        page.keyboard.press("Tab")
        if region(page).evaluate("(e) => e === document.activeElement"):
            break
    expect(region(page)).to_be_focused()
    expect(page.locator(".ss-caret")).to_be_visible()

    page.keyboard.press("Control+Shift+ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(region(page)).to_be_focused()
    assert last(page)["span"]["quote"] == "Watson"

    page.keyboard.press("+")
    page.keyboard.press("+")
    page.keyboard.press("-")
    assert last(page)["span"]["confidence"] == 0.6
    page.keyboard.press(".")
    assert last(page)["span"]["quote"] == "Watson said"
    page.keyboard.press(",")
    assert last(page)["span"]["quote"] == "Watson"

    page.keyboard.press("]")
    page.keyboard.press("}")
    page.keyboard.press("c")
    assert last(page)["span"]["quote"] == SENTENCES[2][1]
    page.keyboard.press(">")
    assert last(page)["span"]["quote"] == SENTENCES[2][1].removeprefix("The ")
    page.keyboard.press("<")
    page.keyboard.press("Delete")
    assert last(page)["op"] == "remove"
    page.keyboard.press("Control+z")
    assert (last(page)["op"], last(page)["span"]["quote"]) == ("add", SENTENCES[2][1])
    page.keyboard.press("Control+Shift+Z")
    assert last(page)["op"] == "remove"
    expect(rows(page)).to_have_count(1)

    page.keyboard.press("Control+Home")
    page.keyboard.press("]")
    page.keyboard.press(" ")
    expect(status(page)).to_have_text("Source: “Watson”.")
    page.keyboard.press("c")
    assert (last(page)["op"], last(page)["span"]["label"]) == ("update", "CUE")

    page.keyboard.press("/")
    expect(page.get_by_label("Words from the text")).to_be_focused()
    page.keyboard.type("he wrote")
    page.keyboard.press("Enter")
    assert last(page)["span"]["quote"] == "he wrote"
    page.keyboard.press("Escape")
    expect(region(page)).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(region(page)).to_be_focused()
    expect(chip(page)).to_contain_text("Saved")
    check_drawn(page)


def caret(page: Page, *keys: str) -> str:
    """Where some keys take the selection: the words it covers."""
    for key in keys:
        page.keyboard.press(key)
    return str(page.evaluate("getSelection().toString()"))


def test_the_caret_moves_by_grapheme_word_line_and_sentence(open_labeller: Mount) -> None:
    page = open_labeller()
    region(page).focus()
    assert caret(page, "Shift+ArrowRight") == "W"
    assert caret(page, "ArrowRight", "Alt+Shift+ArrowRight") == "atson"
    assert caret(page, "Home", "Control+ArrowDown", "Shift+ArrowRight") == "T"
    page.keyboard.press("ArrowLeft")
    for _ in range(5):
        page.keyboard.press("Control+ArrowRight")
    assert caret(page, "Shift+ArrowRight", "Shift+ArrowRight") == " 👩‍👩‍👧"
    assert caret(page, "Control+Home", "Shift+End") == "Analyst 💩 claims a lot"
    assert caret(page, "Control+End", "Shift+Home") == "Department of Defense. That was all &amp; no more."
    assert caret(page, "Control+Home", "ArrowDown", "Home", "Shift+End").startswith("Watson said")
    assert caret(page, "ArrowUp", "Home", "Shift+ArrowDown").startswith("Analyst")
    assert caret(page, "Control+Home", "Control+Shift+End").startswith("Analyst")
    assert sent(page) == []


def test_a_cluster_is_one_step(open_labeller: Mount) -> None:
    page = open_labeller()
    select(page, "has ")
    region(page).focus()
    assert caret(page, "ArrowRight", "Shift+ArrowRight") == "👩‍👩‍👧"
    assert caret(page, "ArrowRight", "Shift+ArrowLeft") == "👩‍👩‍👧"


def test_right_to_left(open_labeller: Mount) -> None:
    text = "قال المصدر إن القوات تقدمت.\n\nنهاية"
    base = view(text)
    page = open_labeller(text=text, article={**base["article"], "dir": "rtl", "language": "ar"})
    assert page.locator(".ss-block").first.evaluate("(e) => getComputedStyle(e).direction") == "rtl"
    region(page).focus()
    assert caret(page, "Control+ArrowLeft", "ArrowLeft", "Control+Shift+ArrowLeft") == "المصدر"
    page.keyboard.press("s")
    assert last(page)["span"]["quote"] == "المصدر"
    check_drawn(page, text)


def test_keys_of_the_browser_fall_through_and_ours_do_not_leak(open_labeller: Mount) -> None:
    page = open_labeller()
    page.evaluate(
        """() => {
          window.leaked = [];
          document.body.addEventListener("keydown", (e) => window.leaked.push([e.key, e.defaultPrevented]));
        }"""
    )
    region(page).focus()
    for key in ("ArrowRight", "x", "b", "Enter", "Escape", "Control+z", "Control+c", "Control+k"):
        page.keyboard.press(key)
    leaked = page.evaluate("window.leaked.filter(([key]) => key !== 'Control')")
    assert leaked == [["c", False], ["k", False]]


def test_single_keys_can_be_switched_off(open_labeller: Mount) -> None:
    page = open_labeller()
    expect(page.get_by_role("button", name="Source").locator("kbd")).to_have_text("s")
    page.get_by_role("button", name="Shortcuts").click()
    page.get_by_label(re.compile("Single-key shortcuts")).uncheck()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(page.get_by_role("button", name="Source").locator("kbd")).to_have_count(0)
    select(page, "Watson")
    region(page).focus()
    page.keyboard.press("s")
    assert sent(page) == []
    assert page.evaluate("localStorage.getItem('secondsource:single-keys')") == "off"
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert last(page)["span"]["label"] == "SOURCE"


def test_words_that_are_selected_already_stay_so_when_the_focus_comes(open_labeller: Mount) -> None:
    # A dialog tells of its closing a moment after it closed, and a browser of a selection a moment after it was made.
    page = open_labeller()
    page.get_by_role("button", name="Shortcuts").click()
    start = TEXT.replace("\n\n", "").index("Watson")
    close_and_select = f"(ends) => {{ document.querySelector('dialog[open]').close(); return ({SELECT})(ends); }}"
    page.evaluate(close_and_select, [start + 1, start + 7, False])  # one more: the sign of the headline is two units
    expect(region(page)).to_be_focused()
    expect(page.locator(".ss-hint")).to_contain_text("Selected: “Watson”")


# ----------------------------------------------------------------------------------------------- quotation


def quote_field(page: Page) -> Locator:
    page.locator(".ss-quoter summary").click()
    return page.get_by_label("Words from the text")


def test_quotation_with_several_occurrences(open_labeller: Mount) -> None:
    page = open_labeller()
    field = quote_field(page)
    field.fill("THE WEST")
    options = page.locator(".ss-occurrences").get_by_role("radio")
    expect(options).to_have_count(2)
    expect(page.locator(".ss-found")).to_contain_text("Found 2 times")
    expect(page.locator(".ss-found")).to_contain_text("S2")
    page.get_by_role("button", name="Add label").click()
    expect(status(page)).to_have_text("Choose which occurrence you mean.")
    options.nth(1).check()
    page.locator(".ss-quoter select").first.select_option(label="Content")
    page.get_by_role("button", name="Add label").click()
    made = last(page)["span"]
    assert (made["start"], made["quote"], made["label"]) == (TEXT.index("The West"), "The West", "CONTENT")
    expect(field).to_have_value("")
    check_drawn(page)


def test_quotation_with_confidence(open_labeller: Mount) -> None:
    page = open_labeller()
    region(page).focus()
    page.keyboard.press("/")
    page.keyboard.type("he wrote")
    page.locator(".ss-quoter").get_by_label("How sure are you?").select_option(label="80 %")
    page.get_by_role("button", name="Add label").click()
    assert last(page)["span"]["confidence"] == 0.8
    expect(status(page)).to_have_text("Source added: 2 words, in S2.")
    expect(page.locator(".ss-quoter").get_by_label("How sure are you?")).to_have_value("")


def test_a_note_being_typed_outlives_a_reload(open_labeller: Mount) -> None:
    page = open_labeller(span("Watson", id="a"))
    page.locator("[data-ids=a]").click()
    page.get_by_label("Note").fill("half a no")
    page.evaluate("() => window.dispatchEvent(new Event('pagehide'))")
    assert last(page)["span"]["note"] == "half a no"
    expect_kept(page, 1)


def test_quotation_that_does_not_occur_shows_the_nearest_passage(open_labeller: Mount) -> None:
    page = open_labeller()
    field = quote_field(page)
    field.fill("told U.S. Departments")
    expect(page.locator(".ss-found")).to_contain_text("These words are not in the text. The nearest passage is:")
    expect(page.locator(".ss-found mark")).to_have_text("told the U.S. ¶ Department")
    page.get_by_role("button", name="Use this passage").click()
    expect(page.locator(".ss-found")).to_contain_text("Found once, in S4.")
    field.press("Enter")
    assert last(page)["span"]["quote"] == "told the U.S.\n\nDepartment"
    field.fill("zzz")
    expect(page.locator(".ss-found")).to_have_text("These words are not in the text.")


def test_quotation_shows_markup_literally(open_labeller: Mount) -> None:
    page = open_labeller()
    quote_field(page).fill("onerror")
    expect(page.locator(".ss-context")).to_contain_text("<img src=x onerror=alert(1)>")


# ----------------------------------------------------------------------------------------- changing spans


def test_relabel_confidence_attributes_note_and_delete(open_labeller: Mount) -> None:
    page = open_labeller(span("Watson"))
    page.evaluate("window.ackAll = true")
    page.locator(".ss-seg[data-ids]").click()
    inspector = page.get_by_role("region", name="Selected label")
    expect(inspector.locator("blockquote")).to_have_text("Watson")
    inspector.get_by_label("Whose words are these?").select_option("quoted")
    assert last(page)["span"]["attributes"] == {"voice": "quoted"}
    page.get_by_role("radio", name="80 %").check()
    assert last(page)["span"]["confidence"] == 0.8
    expect(page.locator(".ss-progress")).to_have_text("1 label")
    inspector.get_by_label("Note").fill("because <b>he</b> speaks")
    inspector.get_by_label("Note").blur()
    assert last(page)["span"]["note"] == "because <b>he</b> speaks"
    expect(page.locator(".ss-note")).to_have_text("because <b>he</b> speaks")
    inspector.get_by_role("combobox", name="Label", exact=True).select_option(label="Cue")
    assert (last(page)["span"]["label"], last(page)["span"]["attributes"]) == ("CUE", {})
    expect(status(page)).to_have_text("Source changed to Cue.")
    inspector.get_by_role("button", name="Delete").click()
    assert last(page)["op"] == "remove"
    expect(rows(page)).to_have_count(0)
    check_drawn(page)


def test_resize_to_the_selection(open_labeller: Mount) -> None:
    page = open_labeller(span("Watson"))
    page.locator(".ss-seg[data-ids]").click()
    select(page, "Watson said")
    page.get_by_role("button", name="Use selected words").click()
    made = last(page)
    assert (made["op"], made["span"]["quote"], made["span"]["id"]) == ("update", "Watson said", span("Watson")["id"])
    check_drawn(page)


def test_a_note_is_saved_while_typing_and_undone_at_once(open_labeller: Mount) -> None:
    page = open_labeller(span("Watson"))
    page.evaluate("window.ackAll = true")
    page.locator(".ss-seg[data-ids]").click()
    stand_still(page)  # however long the typing takes
    note = page.get_by_label("Note", exact=True)
    note.press_sequentially("one")
    expect(chip(page)).to_have_text("Saving…")
    page.clock.run_for(1000)
    expect(chip(page)).to_contain_text("Saved")
    note.press_sequentially(" two")
    page.clock.run_for(1000)
    assert [message["span"]["note"] for message in sent(page)] == ["one", "one two"]
    expect(note).to_be_focused()
    page.get_by_role("button", name="Undo").click()
    assert last(page)["span"]["note"] == ""
    expect(note).to_have_value("")


def test_overlapping_labels_are_offered_as_a_list(open_labeller: Mount) -> None:
    page = open_labeller(span("Watson said the West"), span("the West", "CUE"))
    page.locator(".ss-seg", has_text=re.compile("^the West$")).click()
    expect(page.get_by_role("menu", name="Several labels here. Which one?")).to_be_visible()
    page.get_by_role("menuitem", name="Cue").click()
    expect(page.get_by_role("region", name="Selected label").locator("blockquote")).to_have_text("the West")
    expect(region(page)).to_be_focused()
    page.locator(".ss-block").first.click()
    expect(page.get_by_role("region", name="Selected label")).to_contain_text("Click a marked passage")


def test_the_table_goes_to_edits_and_deletes(open_labeller: Mount) -> None:
    page = open_labeller(span("Watson"), span("he wrote", "CUE"))
    expect(rows(page)).to_have_count(2)
    page.get_by_role("button", name="Go to: “he wrote”").click()
    expect(region(page)).to_be_focused()
    expect(page.locator(".ss-on.ss-seg")).to_have_text("he wrote")
    page.get_by_role("combobox", name="How sure: “Watson”").focus()  # the list is made when it is used
    page.get_by_role("combobox", name="How sure: “Watson”").select_option("0.4")
    assert last(page)["span"]["confidence"] == 0.4
    page.get_by_role("button", name="Edit: “Watson”").click()
    inspector = page.get_by_role("region", name="Selected label")
    expect(inspector.get_by_role("combobox", name="Label", exact=True)).to_be_focused()
    page.get_by_role("button", name="Delete: “Watson”").click()
    expect(page.get_by_role("button", name="Delete: “he wrote”")).to_be_focused()
    assert last(page)["op"] == "remove"
    check_drawn(page)


def test_a_hundred_steps_back_and_forth(open_labeller: Mount) -> None:
    page = open_labeller(span("Watson"))
    page.evaluate("window.ackAll = true")
    page.locator(".ss-seg[data-ids]").click()
    for step in range(100):
        page.keyboard.press("c" if step % 2 == 0 else "s")
    for _ in range(100):
        page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    assert len(sent(page)) == 200
    for _ in range(100):
        page.keyboard.press("Control+y")
    expect(page.get_by_role("button", name="Redo")).to_be_disabled()
    assert [message["seq"] for message in sent(page)] == list(range(1, 301))
    expect(rows(page)).to_contain_text("Source")
    check_drawn(page)


def test_layers_have_a_switch(open_labeller: Mount) -> None:
    other = {**LAYER, "id": "claims", "name": "Claims", "unit": "sentence"}
    other["labels"] = [label("Fact", "f", "solid", unit="sentence"), label("Opinion", "o", "dashed", unit="sentence")]
    page = open_labeller(layers=[LAYER, other])
    page.get_by_role("button", name="Claims").click()
    expect(page.get_by_role("button", name="Source")).to_have_count(0)
    select(page, "said")
    region(page).focus()
    page.keyboard.press("f")
    assert (last(page)["span"]["layer"], last(page)["span"]["quote"]) == ("claims", SENTENCES[1][1])
    page.keyboard.press("o")
    assert (last(page)["op"], last(page)["span"]["label"]) == ("update", "OPINION")
    expect(rows(page)).to_have_count(1)


# -------------------------------------------------------------------------------------------------- saving


def add_source(page: Page, quote: str = "Watson") -> Json:
    select(page, quote)
    page.get_by_role("button", name="Source").click()
    return last(page)


# Not for `wait_for_function`: to that, any promise is true.
KEPT = """async ([client, copied]) => {
  const opening = indexedDB.open("secondsource", 1);
  opening.onupgradeneeded = () =>
    opening.result.createObjectStore("entries", { keyPath: ["exercise", "article", "client", "seq"] });
  await new Promise((resolve) => { opening.onsuccess = resolve; });
  const asking = opening.result.transaction("entries").objectStore("entries").getAll();
  await new Promise((resolve) => { asking.onsuccess = resolve; });
  opening.result.close();
  const copies = !copied ? [] : Object.keys(localStorage).filter((key) => key.startsWith("secondsource:02_who:"));
  const records = [...asking.result, ...copies.map((key) => JSON.parse(localStorage.getItem(key)))];
  return [...new Set(records.filter((record) => !client || record.client === client).map(({ seq }) => seq))];
}"""


def expect_kept(page: Page, *seqs: int, client: str = "", copied: bool = True) -> None:
    """Wait until the browser's log, or its database alone, holds just these changes."""
    eventually(page, lambda: sorted(page.evaluate(KEPT, [client, copied])), sorted(seqs))


def welcome(page: Page, *spans: Json, **more: Any) -> None:
    """Answer the page's hello."""
    arrived(page, 1, "hello")
    client = sent(page, "hello")[0]["client"]
    page.evaluate(
        "(m) => window.deliver(m)", {"type": "state", "client": client, "readonly": None, **state(*spans, **more)}
    )


def test_saved_only_after_the_acknowledgement(open_labeller: Mount) -> None:
    page = open_labeller()
    message = add_source(page)
    expect(chip(page)).to_have_text("Saving…")
    expect_kept(page, 1, client=message["client"])
    page.evaluate("(m) => window.acknowledge(m)", message)
    expect(chip(page)).to_have_text(re.compile(r"^Saved \d\d:03:05 \(revision 1\)$"))
    expect_kept(page)


def test_no_answer_turns_amber_and_is_sent_again(open_labeller: Mount) -> None:
    page = open_labeller(timing={"waiting": 30_000, "resend": 30_000})
    welcome(page)  # so that no timer runs that is older than the clock
    stand_still(page)
    message = add_source(page)
    page.clock.run_for(20_000)
    expect(chip(page)).to_have_text("Saving…")
    page.clock.run_for(15_000)
    expect(chip(page)).to_have_text("Waiting for the notebook to finish")
    expect(page.get_by_role("button", name="Download my labels")).to_be_visible()
    assert sent(page) == [message, message]
    page.clock.run_for(600_000)
    assert len(sent(page)) < 10, "each wait is longer than the one before"
    expect(chip(page)).to_have_text("Waiting for the notebook to finish")
    page.evaluate("(m) => window.acknowledge(m)", message)
    expect(chip(page)).to_contain_text("Saved")
    count = len(sent(page))
    page.clock.run_for(600_000)
    assert len(sent(page)) == count


def test_gaps_are_filled_when_the_kernel_asks(open_labeller: Mount) -> None:
    page = open_labeller()
    for quote in ("Watson", "said", "West"):
        add_source(page, quote)
    client = last(page)["client"]
    page.evaluate("(client) => window.deliver({ type: 'resend', client, after: 1 })", client)
    page.evaluate("() => window.deliver({ type: 'resend', client: 'somebody-else', after: 0 })")
    assert [message["seq"] for message in sent(page)] == [1, 2, 3, 2, 3]


def test_a_new_state_keeps_what_is_not_acknowledged(open_labeller: Mount) -> None:
    page = open_labeller()
    first, second = add_source(page, "Watson"), add_source(page, "said")
    client = first["client"]
    known = {"type": "state", "client": client, "readonly": None}
    known |= state(
        first["span"], span("he wrote", "CUE"), rev=5, saved_at="2026-11-22T12:00:00Z", seq_by_client={client: 1}
    )
    page.evaluate("(m) => window.deliver(m)", known)
    expect(rows(page)).to_have_count(3)
    assert sent(page)[-1] == {**second, "last_acked": 1}
    assert len(sent(page)) == 3
    expect(chip(page)).to_have_text("Saving…")
    page.evaluate("(m) => window.acknowledge(m)", second)
    expect(chip(page)).to_contain_text("Saved")
    check_drawn(page)


def test_refused_is_taken_back_and_can_be_tried_again(open_labeller: Mount) -> None:
    page = open_labeller()
    message = add_source(page)
    reason = "STORE-FULL · the disk is full · everything saved before is safe · free some space"
    refusal = {"type": "refused", "client": message["client"], "seq": 1, "code": "STORE-FULL", "message": reason}
    page.evaluate("(m) => window.deliver(m)", refusal)
    expect(chip(page)).to_have_text(f"Not saved: {reason}")
    expect(status(page)).to_have_text(reason)
    expect(rows(page)).to_have_count(0)
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    page.get_by_role("button", name="Save again").click()
    again = last(page)
    assert (again["seq"], again["op"], again["span"]) == (2, "add", message["span"])
    expect(chip(page)).to_have_text("Saving…")
    page.evaluate("(m) => window.acknowledge(m)", again)
    expect(chip(page)).to_contain_text("Saved")
    expect(rows(page)).to_have_count(1)
    check_drawn(page)


def test_a_passing_refusal_takes_nothing_back(open_labeller: Mount) -> None:
    page = open_labeller(timing={"waiting": 150, "resend": 100})
    first = add_source(page)
    reason = "DISK-FULL · the disk is full · everything saved before is safe · free some space"
    refusal = {"type": "refused", "client": first["client"], "seq": 1, "message": reason, "retry": True}
    page.evaluate("(m) => window.deliver(m)", refusal)
    expect(chip(page)).to_have_text(f"Not saved: {reason}")
    expect(chip(page)).to_have_attribute("data-state", "failed")
    expect(status(page)).to_have_text(reason)
    expect(page.get_by_role("button", name="Save again")).to_be_visible()
    expect(rows(page)).to_have_count(1)
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()
    expect_kept(page, 1)
    check_drawn(page)
    page.wait_for_function("window.sent.filter((m) => m.seq === 1).length >= 3")  # patiently, by itself
    page.locator(".ss-sure").get_by_text("80 %").click()
    page.wait_for_function("window.sent.some((m, n) => m.seq === 2 && window.sent[n - 1].seq === 1)")  # in their order
    expect(chip(page)).to_have_attribute("data-state", "failed")
    second = next(message for message in sent(page) if message["seq"] == 2)
    page.evaluate("(ms) => ms.forEach((m) => window.acknowledge(m))", [first, second])
    expect(chip(page)).to_contain_text("Saved")
    expect_kept(page)
    expect(rows(page)).to_have_count(1)


def test_save_again_after_a_passing_refusal(open_labeller: Mount) -> None:
    page = open_labeller()
    first = add_source(page)
    refusal = {"type": "refused", "client": first["client"], "seq": 1, "message": "full", "retry": True}
    page.evaluate("(m) => window.deliver(m)", refusal)
    page.get_by_role("button", name="Save again").click()
    expect(chip(page)).to_have_text("Saving…")
    assert last(page) == first
    page.evaluate("(m) => window.acknowledge(m)", first)
    expect(chip(page)).to_contain_text("Saved")


def test_the_file_has_the_last_word(open_labeller: Mount) -> None:
    page = open_labeller()
    message = add_source(page)
    gone = {"type": "ack", "client": message["client"], "seq": 1, "rev": 1, "saved_at": None, "sha": "0"}
    page.evaluate("(m) => window.deliver(m)", {**gone, "op": "remove", "span": {"id": message["span"]["id"]}})
    expect(rows(page)).to_have_count(0)


def test_a_notice_is_shown_until_it_is_closed(open_labeller: Mount) -> None:
    notice = "FILE-REPAIRED · the file was damaged · Your 14 labels were taken from the backup · Look them through"
    page = open_labeller()
    told = {"type": "state", "client": None, **state(), "readonly": None, "notice": notice}
    page.evaluate("(m) => window.deliver(m)", told)
    banner = page.locator(".ss-banner").filter(has_text="FILE-REPAIRED")
    expect(banner).to_contain_text(notice)
    expect(status(page)).to_have_text(notice)
    banner.get_by_role("button", name="Close").click()
    expect(banner).to_be_hidden()
    expect(page.get_by_role("region", name="Article text")).to_be_focused()
    page.evaluate("(m) => window.deliver(m)", told)
    expect(page.locator(".ss-banner:visible")).to_have_count(0)


def test_into_the_text_and_out_again_by_keyboard(open_labeller: Mount) -> None:
    page = open_labeller()
    page.evaluate("() => { const root = document.getElementById('root'); root.tabIndex = 0; root.focus(); }")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Go to the text")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Article text")).to_be_focused()
    page.keyboard.press("Shift+Control+ArrowRight")
    page.keyboard.press("s")
    page.keyboard.press("+")
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("radio", name="60 %")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("region", name="Article text")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("radiogroup")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator("#root")).to_be_focused()


def test_choosing_words_and_confidence_moves_nothing(open_labeller: Mount) -> None:
    page = open_labeller()
    top = "() => document.querySelector('.ss-text').getBoundingClientRect().top"
    before = page.evaluate(top)
    select(page, "Watson")
    assert page.evaluate(top) == before
    page.get_by_role("button", name="Source").click()
    expect(page.locator(".ss-sure")).to_be_visible()
    assert page.evaluate(top) == before


@pytest.mark.parametrize("name", ["labeller", "comparison"])
def test_no_widget_restyles_another(page: Page, name: str) -> None:
    """Every rule outside base.css is for its own root only."""
    page.add_style_tag(content=asset(f"{name}.css"))
    selectors = page.evaluate(
        """() => {
          const walk = (rules) =>
            [...rules].flatMap((rule) => rule.selectorText ? [rule.selectorText] : walk(rule.cssRules ?? []));
          return [...document.styleSheets].flatMap((sheet) => walk(sheet.cssRules));
        }"""
    )
    loose = [selector for selector in selectors if f".ss-{name}" not in selector]
    assert len(selectors) > 50
    assert loose == []


def test_a_dead_connection_keeps_everything(open_labeller: Mount, tmp_path: Path) -> None:
    page = open_labeller()
    page.evaluate(
        "() => { window.alive = window.model.send; window.model.send = () => { throw new Error('comm is dead'); }; }"
    )
    select(page, "Watson")
    page.get_by_role("button", name="Source").click()
    expect(chip(page)).to_contain_text("Not saved: the notebook’s Python stopped. · 1 change is kept in this browser.")
    expect(page.locator(".ss-visually-hidden[aria-live]")).to_contain_text(
        "Not saved: the notebook’s Python stopped. · 1 change is kept in this browser."
    )
    expect(rows(page)).to_have_count(1)
    expect_kept(page, 1)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download my labels").click()
    download.value.save_as(tmp_path / "labels.json")
    saved = json.loads((tmp_path / "labels.json").read_text(encoding="utf-8"))
    assert (saved["article"], [each["quote"] for each in saved["spans"]]) == ("abc", ["Watson"])
    assert [entry["seq"] for entry in saved["not_acknowledged"]] == [1]
    page.evaluate("() => { window.model.send = window.alive; }")
    page.get_by_role("button", name="Save again").click()
    page.evaluate("(m) => window.acknowledge(m)", last(page))
    expect(chip(page)).to_contain_text("Saved")


def test_changes_of_an_earlier_visit_are_offered_not_forced(page: Page, widget: Mount) -> None:
    left = [
        {"seq": 1, "op": "add", "span": span("Watson")},
        {"seq": 2, "op": "add", "span": span("he wrote", "CUE")},
        {"seq": 3, "op": "add", "span": span("said") | {"quote": "something else"}},
        {"seq": 4, "op": "add", "span": {"id": "../../x"}},
    ]
    page.evaluate("(left) => localStorage.setItem('secondsource:02_who:abc:earlier', JSON.stringify(left))", left)
    widget("labeller", _view=view(), _state=state(span("Watson")))
    welcome(page, span("Watson"), seq_by_client={"earlier": 1})
    expect(page.locator(".ss-banner").get_by_text("2 changes from an earlier visit were not saved.")).to_be_visible()
    expect(rows(page)).to_have_count(1)
    page.get_by_role("button", name="Restore").click()
    expect(rows(page)).to_have_count(2)
    assert [(m["seq"], m["span"]["quote"]) for m in sent(page)] == [(1, "he wrote")]
    expect(status(page)).to_contain_text("1 change did not fit this text any more")
    expect_kept(page, 1, client=last(page)["client"])
    check_drawn(page)


def test_changes_of_an_earlier_visit_can_be_discarded(page: Page, widget: Mount) -> None:
    left = [{"seq": 1, "op": "add", "span": span("Watson")}]
    page.evaluate("(left) => localStorage.setItem('secondsource:02_who:abc:earlier', JSON.stringify(left))", left)
    widget("labeller", _view=view(), _state=state())
    welcome(page)
    page.get_by_role("button", name="Discard").click()
    expect(rows(page)).to_have_count(0)
    expect_kept(page)
    assert sent(page) == []


def test_read_only_is_said_before_the_first_label(open_labeller: Mount) -> None:
    message = "STORE-READONLY · this folder cannot be written · nothing was lost · ask your teacher"
    page = open_labeller(span("Watson"), readonly={"code": "STORE-READONLY", "message": message})
    expect(page.get_by_role("alert")).to_contain_text(message)
    expect(page.get_by_role("alert").get_by_role("button", name="Download my labels")).to_be_visible()
    expect(page.get_by_role("button", name="Source", exact=True)).to_be_disabled()
    select(page, "West")
    region(page).focus()
    for key in ("c", "Enter", "Control+z"):
        page.keyboard.press(key)
    page.locator(".ss-seg[data-ids]").click()
    page.keyboard.press("Delete")
    expect(page.get_by_role("region", name="Selected label").get_by_role("button", name="Delete")).to_be_disabled()
    assert sent(page) == []
    client = sent(page, "hello")[0]["client"]
    page.evaluate(
        "(m) => window.deliver(m)", {"type": "state", "client": client, "readonly": None, **state(span("Watson"))}
    )
    expect(page.get_by_role("alert")).to_be_hidden()
    expect(page.get_by_role("button", name="Source", exact=True)).to_be_enabled()


# ------------------------------------------------------------------------------------------- several views


def test_two_views_stay_in_step(open_labeller: Mount) -> None:
    page = open_labeller()
    page.evaluate("window.ackAll = true")
    page.evaluate("window.addView()")
    first, second = page.locator(".ss-labeller").nth(0), page.locator(".ss-labeller").nth(1)
    expect(second).to_be_visible()
    region(page, 1).focus()
    page.keyboard.press("Control+Shift+ArrowRight")
    page.keyboard.press("s")
    for each in (first, second):
        expect(each.locator(".ss-table tbody tr")).to_have_count(1)
        expect(each.locator(".ss-chip")).to_contain_text("revision 1")
        expect(each.locator(".ss-seg[data-ids]")).to_have_text("Watson")
    expect(first.locator(".ss-seg.ss-on")).to_have_count(0)
    first.get_by_role("button", name="Delete").first.click()
    expect(second.locator(".ss-table tbody tr")).to_have_count(0)


def test_views_leave_nothing_behind(page: Page, open_labeller: Mount) -> None:
    page.evaluate(
        """() => {
          window.live = new Set();
          for (const target of [window, document]) {
            const [add, remove] = [target.addEventListener.bind(target), target.removeEventListener.bind(target)];
            target.addEventListener = (name, run, options) => {
              window.live.add(run);
              options?.signal?.addEventListener("abort", () => window.live.delete(run));
              add(name, run, options);
            };
            target.removeEventListener = (name, run, options) => {
              window.live.delete(run);
              remove(name, run, options);
            };
          }
        }"""
    )
    open_labeller(span("Watson"))
    page.evaluate("window.addView()")
    whole(page)
    both = page.evaluate("[window.model.listeners(), window.live.size]")
    page.locator(".ss-labeller").nth(1).locator(".ss-seg[data-ids]").click()
    page.locator(".ss-labeller").nth(1).get_by_label("Note", exact=True).fill("half a thou")
    page.evaluate("window.removeView(1)")
    assert last(page)["span"]["note"] == "half a thou", "what was typed is handed over"
    one = page.evaluate("[window.model.listeners(), window.live.size]")
    assert one == [both[0] / 2, both[1] / 2]
    page.evaluate("window.removeView(0)")
    assert page.evaluate("[window.model.listeners(), window.live.size]") == [0, 0]
    expect(page.locator(".ss-labeller")).to_have_count(0)


# ----------------------------------------------------------------------------- accessibility, size, speed

BUSY = [span("Watson said the West"), span("the West", "CUE", confidence=0.4, note="n"), span(SENTENCES[3][1], "PLAIN")]


def violations(page: Page) -> list[str]:
    whole(page)
    result = Axe().run(page, context=".ss-labeller")
    return [f"{rule['id']}: {node['html'][:200]}" for rule in result.response["violations"] for node in rule["nodes"]]


@pytest.mark.parametrize("light", ["true", "false"])
def test_axe_finds_nothing(open_labeller: Mount, light: str) -> None:
    page = open_labeller(*BUSY)
    page.evaluate("(light) => { document.body.dataset.jpThemeLight = light; }", light)
    assert violations(page) == []
    page.get_by_role("button", name="Edit: “the West”").click()
    quote_field(page).fill("the west")
    expect(page.locator(".ss-occurrences")).to_be_visible()
    assert violations(page) == []
    region(page).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu")).to_be_visible()
    message = {"type": "refused", "client": "x", "seq": 1, "code": "X", "message": "X"}
    page.evaluate("(m) => window.deliver(m)", message)
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("light", ["true", "false"])
def test_axe_finds_nothing_when_saving_fails(open_labeller: Mount, light: str) -> None:
    page = open_labeller(readonly={"code": "R", "message": "R · read only"}, timing={"waiting": 1, "resend": 60_000})
    page.evaluate("(light) => { document.body.dataset.jpThemeLight = light; }", light)
    assert violations(page) == []
    client = sent(page, "hello")[0]["client"]
    page.evaluate("(m) => window.deliver(m)", {"type": "state", "client": client, "readonly": None, **state()})
    add_source(page)
    expect(chip(page)).to_have_text("Waiting for the notebook to finish")
    assert violations(page) == []
    page.evaluate(
        "(m) => window.deliver(m)", {"type": "refused", "client": client, "seq": 1, "code": "X", "message": "X"}
    )
    expect(chip(page)).to_have_text("Not saved: X")
    assert violations(page) == []


@pytest.mark.parametrize("width", [320, 390, 700, 1200])
def test_no_width_needs_sideways_scrolling(open_labeller: Mount, width: int) -> None:
    page = open_labeller(*BUSY)
    page.set_viewport_size({"width": width, "height": 700})
    expect(quote_field(page)).to_be_visible()
    page.get_by_role("button", name="Edit: “the West”").click()
    expect(page.locator(".ss-inspector blockquote")).to_be_visible()
    overflow = page.evaluate(
        """() => [document.documentElement, ...document.querySelectorAll(".ss-labeller *")]
          .filter((e) => {
            const scrolls = ["auto", "scroll"].includes(getComputedStyle(e).overflowX);
            return (scrolls && e.scrollWidth > e.clientWidth + 1) || e.getBoundingClientRect().right > innerWidth + 1;
          })
          .map((e) => e.className)"""
    )
    assert overflow == []


def test_a_long_article_is_labelled_like_a_short_one(page: Page, widget: Mount) -> None:
    paragraph = (
        "Officials said on Tuesday that the plan would be reviewed before the winter session begins in full. " * 4
    )
    text = "\n\n".join(f"{index} {paragraph.strip()}" for index in range(300))
    starts = [block["start"] for block in blocks(text)]
    spans = [
        {**span("Watson"), "id": f"k{n}", "start": starts[n % 300] + 4 + n // 300 * 9, "end": starts[n % 300] + 30}
        for n in range(500)
    ]
    for each in spans:
        each["quote"] = text[each["start"] : each["end"]]
    widget("labeller", _view=view(text), _state=state(*spans))
    page.evaluate(
        """async () => {
          const once = { once: true };
          const noticed = () => new Promise((done) => document.addEventListener("selectionchange", done, once));
          for (let n = 0; n < 20; n += 1) {
            const words = document.querySelectorAll(".ss-block")[40 + n * 13].lastChild;
            const selected = noticed();
            getSelection().setBaseAndExtent(words, 120, words, 140);
            await selected;
            const collapsed = noticed();
            document.querySelector(".ss-label").click();
            await collapsed;
          }
        }"""
    )
    assert len(sent(page)) == 20
    expect(page.locator(".ss-progress")).to_contain_text("520 labels")
