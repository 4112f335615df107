"""A long text with many labels costs what is in sight and what is edited, not what the text holds. Without a clock."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from secondsource.languages import language

Mount = Callable[..., Page]
Json = dict[str, Any]

WORDS = 60  # in a paragraph


def long_text(words: int) -> list[Json]:
    blocks: list[Json] = []
    start = 0
    for number in range(words // WORDS):
        text = " ".join(f"w{number}x{word}" for word in range(WORDS))
        blocks.append({"id": f"b{number}", "kind": "paragraph" if number else "headline", "start": start, "text": text})
        start += len(text) + 2
    return blocks


def view(blocks: list[Json]) -> Json:
    texts = ("ask", "definition", "rule", "example", "near_miss")
    label = {"unit": "span", "attributes": [], "colour": "#0b5cad", "colour_dark": "#8cc4ff"} | dict.fromkeys(texts, "")
    labels = [
        {**label, "id": "SOURCE", "name": "Source", "shortcut": "s", "pattern": "solid"},
        {**label, "id": "CUE", "name": "Cue", "shortcut": "c", "pattern": "dashed"},
    ]
    article = {"sha256": "abc", "title": "A", "language": "en", "dir": "ltr", "provenance": "Invented.", "note": ""}
    return {
        "exercise": "02_who",
        "language": "en",
        "direction": "ltr",
        "strings": language("en").table("labeller"),
        "title": "Long",
        "article": article,
        "blocks": blocks,
        "sentences": [
            {"id": f"S{n}", "start": block["start"], "end": block["start"] + len(block["text"]), "asked": True}
            for n, block in enumerate(blocks)
        ],
        "layers": [{"id": "attribution", "name": "Who", "question": "Who?", "unit": "span", "labels": labels}],
        "confidence": [{"value": 0.5, "name": "50 %"}, {"value": 1.0, "name": "100 %"}],
        "readonly": None,
        "max_spans": 20_000,
        "timing": {"waiting": 60_000, "resend": 60_000},
    }


def spans(blocks: list[Json], count: int) -> list[Json]:
    """Labels over the second word of the paragraphs in turn, then over the fourth, the sixth and so on."""
    made = []
    for number in range(count):
        block = blocks[number % len(blocks)]
        words = block["text"].split(" ")
        at = 1 + 2 * (number // len(blocks))
        start = block["start"] + len(" ".join(words[:at])) + 1
        quote = words[at]
        base = {"id": f"k{number:05}", "layer": "attribution", "label": "SOURCE", "start": start, "quote": quote}
        made.append(
            {**base, "end": start + len(quote), "confidence": 0.5, "note": "", "attributes": {}, "discuss": False}
        )
    return made


@pytest.fixture
def open_long(widget: Mount) -> Callable[[int, int], Page]:
    def mount(words: int, count: int) -> Page:
        blocks = long_text(words)
        state = {"rev": 1, "saved_at": None, "spans": spans(blocks, count), "relations": [], "seq_by_client": {}}
        page = widget("labeller", _view=view(blocks), _state=state)
        page.evaluate(
            "([texts, starts]) => { window.texts = texts; window.starts = starts; }",
            [[block["text"] for block in blocks], [block["start"] for block in blocks]],
        )
        return page

    return mount


def decorated(page: Page) -> list[int]:
    """Numbers of the paragraphs that show marks."""
    return page.eval_on_selector_all(
        ".ss-block", "(all) => all.flatMap((block, n) => (block.querySelector('.ss-seg[data-ids]') ? [n] : []))"
    )


def wait_decorated(page: Page, number: int, yes: bool = True) -> None:
    page.wait_for_function(
        "([n, yes]) => (document.querySelectorAll('.ss-block')[n].querySelector('.ss-seg[data-ids]') !== null) === yes",
        arg=[number, yes],
    )


def scroll_to(page: Page, number: int) -> None:
    page.locator(".ss-block").nth(number).evaluate("(block) => block.scrollIntoView({ block: 'center' })")
    wait_decorated(page, number)


def intact(page: Page) -> bool:
    return page.evaluate(
        "() => [...document.querySelectorAll('.ss-block')].every((block, n) => block.textContent === window.texts[n])"
    )


def select_words(page: Page, number: int, first: int = 10, last: int = 11) -> None:
    """Select words of a paragraph and wait until the widget has noticed."""
    page.evaluate(
        """([number, first, last]) => {
          const block = document.querySelectorAll(".ss-block")[number];
          const words = window.texts[number].split(" ");
          const from = words.slice(0, first).join(" ").length + 1;
          const to = words.slice(0, last + 1).join(" ").length;
          const range = document.createRange();
          let at = 0;
          const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            if (from >= at && from < at + node.length) range.setStart(node, from - at);
            if (to > at && to <= at + node.length) range.setEnd(node, to - at);
            at += node.length;
          }
          getSelection().setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
        }""",
        [number, first, last],
    )
    expect(page.locator(".ss-hint")).to_contain_text("Selected:")


def sent(page: Page) -> list[Json]:
    return [message for message in page.evaluate("window.sent") if message["type"] == "op"]


def test_only_what_is_near_the_part_in_sight_is_decorated(open_long: Mount) -> None:
    page = open_long(20_000, 500)
    wait_decorated(page, 0)
    near = decorated(page)
    assert 0 < len(near) < 40
    assert near == list(range(len(near)))
    assert intact(page)
    assert page.locator(".ss-block").count() == 333
    scroll_to(page, 200)
    wait_decorated(page, 0, yes=False)
    near = decorated(page)
    assert 200 in near
    assert len(near) < 60
    assert intact(page)
    scroll_to(page, 0)
    wait_decorated(page, 200, yes=False)


ANOTHER = """async (act) => {
  const el = document.createElement("div");
  root.append(el);
  const cleanup = await window.widget.render({ model: window.model, el });
  const top = () => el.querySelector(".ss-text").getBoundingClientRect().top - el.getBoundingClientRect().top;
  const count = (selector) => el.querySelectorAll(selector).length;
  const look = () => ({ top: top(), marks: count(".ss-seg[data-ids]"), tools: count("button, select, input"),
    provenance: el.querySelector(".ss-provenance").textContent });
  const first = look();
  const scroller = el.querySelector(".ss-scroller");
  if (act === "focus") scroller.focus();
  if (act === "key") scroller.dispatchEvent(new KeyboardEvent("keydown", { key: "?", bubbles: true }));
  if (act === "leave") cleanup();
  const at_once = count("button");
  await window.painted();
  return { first, at_once, then: act === "leave" ? null : look(), left: el.childElementCount };
}"""


@pytest.mark.parametrize("width", [1200, 800, 480])
def test_the_text_comes_first_and_does_not_move(open_long: Mount, width: int) -> None:
    """With its marks and its label of provenance; the tools come in the next frame, into room kept for them."""
    page = open_long(720, 12)
    page.set_viewport_size({"width": width, "height": 900})
    seen = page.evaluate(ANOTHER, "")
    assert seen["first"]["marks"] > 0
    assert seen["first"]["provenance"] == "Invented."
    assert seen["first"]["tools"] == 0
    assert seen["then"]["tools"] > 10
    assert seen["then"]["marks"] == 12
    assert abs(seen["then"]["top"] - seen["first"]["top"]) < 2


@pytest.mark.parametrize("act", ["focus", "key"])
def test_whoever_comes_before_the_tools_gets_them_at_once(open_long: Mount, act: str) -> None:
    seen = open_long(720, 12).evaluate(ANOTHER, act)
    assert seen["at_once"] > 10


def test_a_view_that_goes_before_it_has_tools_leaves_nothing(open_long: Mount) -> None:
    page = open_long(720, 12)
    before = page.evaluate("window.model.listeners()")
    assert page.evaluate(ANOTHER, "leave")["left"] == 0
    assert page.evaluate("window.model.listeners()") == before


def test_a_short_text_is_decorated_throughout(open_long: Mount) -> None:
    page = open_long(720, 12)
    assert decorated(page) == list(range(12))
    wait_laid(page)


def test_a_paragraph_that_holds_the_selection_stays_as_it_is(open_long: Mount) -> None:
    page = open_long(20_000, 500)
    select_words(page, 1)
    page.evaluate("() => { window.held = getSelection().anchorNode; }")
    scroll_to(page, 200)
    wait_decorated(page, 0, yes=False)
    assert 1 in decorated(page)
    assert page.evaluate("() => getSelection().anchorNode === window.held && window.held.isConnected")
    assert page.evaluate("getSelection().toString()") == "w1x10 w1x11"
    select_words(page, 200)
    wait_decorated(page, 1, yes=False)


def test_labelling_far_from_sight(open_long: Mount) -> None:
    page = open_long(20_000, 500)
    select_words(page, 300)
    page.locator(".ss-label").first.click()
    (made,) = sent(page)
    start = page.evaluate("window.starts[300]")
    assert made["span"]["quote"] == "w300x10 w300x11"
    assert made["span"]["start"] == start + len(" ".join(f"w300x{n}" for n in range(10))) + 1
    assert intact(page)
    scroll_to(page, 300)
    expect(page.locator(f'.ss-seg[data-ids="{made["span"]["id"]}"]')).to_have_text("w300x10 w300x11")
    page.locator(".ss-scroller").focus()
    page.keyboard.press("Control+z")
    expect(page.locator(f'.ss-seg[data-ids="{made["span"]["id"]}"]')).to_have_count(0)


def test_a_selection_across_paragraphs_that_are_not_decorated(open_long: Mount) -> None:
    page = open_long(20_000, 500)
    page.evaluate(
        """() => {
          const [from, to] = [100, 250].map((n) => document.querySelectorAll(".ss-block")[n].firstChild);
          getSelection().setBaseAndExtent(from, 0, to, 6);
        }"""
    )
    expect(page.locator(".ss-hint")).to_contain_text("Selected:")
    page.locator(".ss-label").nth(1).click()
    (made,) = sent(page)
    starts = page.evaluate("[window.starts[100], window.starts[250]]")
    assert [made["span"]["start"], made["span"]["end"]] == [starts[0], starts[1] + 6]
    assert intact(page)
    scroll_to(page, 180)
    expect(
        page.locator(".ss-block").nth(180).locator(f'.ss-seg[data-ids~="{made["span"]["id"]}"]').first
    ).to_be_visible()


def test_the_caret_walks_through_paragraphs_that_were_never_in_sight(open_long: Mount) -> None:
    page = open_long(20_000, 500)
    page.locator(".ss-scroller").focus()
    page.keyboard.press("Control+End")
    expect(page.locator(".ss-caret")).to_be_in_viewport()
    wait_decorated(page, 332)
    seen = page.evaluate(
        """() => {
          const frame = document.querySelector(".ss-scroller").getBoundingClientRect();
          const caret = document.querySelector(".ss-caret").getBoundingClientRect();
          return frame.top <= caret.top && caret.bottom <= frame.bottom;
        }"""
    )
    assert seen
    for _ in range(120):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Home")
    page.keyboard.press("Control+Shift+ArrowRight")
    quote = page.evaluate("getSelection().toString()")
    page.keyboard.press("s")
    made = sent(page)[-1]["span"]
    number = page.evaluate("(start) => window.starts.findLastIndex((at) => at <= start)", made["start"])
    assert 0 < number < 332
    text, start = page.evaluate("(n) => [window.texts[n], window.starts[n]]", number)
    assert made["quote"] == quote.strip() == text[made["start"] - start : made["end"] - start]
    page.keyboard.press("Control+Home")
    wait_decorated(page, 0)
    page.keyboard.press("]")
    page.keyboard.press("]")
    page.keyboard.press("}")
    assert page.evaluate("getSelection().toString()").strip() == page.evaluate("window.texts[2]")


def test_going_to_a_label_far_away_brings_it_into_sight(open_long: Mount) -> None:
    page = open_long(20_000, 500)
    wanted = page.get_by_role("button", name="Go to: “w200x1”")
    while not wanted.count():
        page.get_by_role("button", name="Later labels").click()
    wanted.click()
    wait_decorated(page, 200)
    mark = page.locator(".ss-block").nth(200).locator(".ss-seg.ss-on")
    expect(mark).to_have_text("w200x1")
    page.wait_for_function(
        """() => {
          const frame = document.querySelector(".ss-scroller").getBoundingClientRect();
          const mark = document.querySelectorAll(".ss-block")[200].querySelector(".ss-on").getBoundingClientRect();
          return frame.top <= mark.top && mark.bottom <= frame.bottom;
        }"""
    )


def test_the_reader_goes_their_own_way_after_a_jump(open_long: Mount) -> None:
    page = open_long(20_000, 500)
    page.locator(".ss-scroller").focus()
    page.keyboard.press("Control+End")
    wait_decorated(page, 332)
    page.locator(".ss-scroller").hover()
    for _ in range(3):  # heights that are guessed are put right on the way
        page.mouse.wheel(0, -60_000)
    wait_decorated(page, 0)
    page.wait_for_function("() => document.querySelector('.ss-scroller').scrollTop < 400")


def test_printing_decorates_everything_and_then_lets_go(open_long: Mount) -> None:
    page = open_long(20_000, 500)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert len(decorated(page)) == 333
    assert intact(page)
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert len(decorated(page)) < 60
    assert intact(page)


def test_everything_is_selected_copied_and_found(open_long: Mount) -> None:
    page = open_long(20_000, 500)
    page.locator(".ss-scroller").focus()
    page.keyboard.press("Control+a")
    copied = page.evaluate("getSelection().toString()")
    assert all(text in copied for text in page.evaluate("window.texts"))
    page.keyboard.press("Escape")
    assert page.evaluate("window.find('w300x30', false, false, true)")
    assert page.evaluate("document.body.textContent.includes('w332x59')")


def read_aloud(page: Page, role: str = "StaticText") -> set[str]:
    """What screen readers are told, by role."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    return {node["name"]["value"] for node in nodes if node.get("role", {}).get("value") == role and "name" in node}


def wait_laid(page: Page) -> None:
    page.wait_for_function("() => document.querySelector('.ss-part:not(.ss-laid)') === null")


def test_screen_readers_get_the_whole_text(open_long: Mount) -> None:
    page = open_long(20_000, 500)
    wait_laid(page)
    wait_decorated(page, 0)
    told = " ".join(read_aloud(page))
    missing = [number for number in range(333) if f"w{number}x59" not in told]
    assert missing == []
    assert intact(page)
    assert len(decorated(page)) < 40  # laid out, not drawn
    assert page.evaluate("window.find('w300x30', false, false, true)")
    scroll_to(page, 200)
    assert 0 < len(decorated(page)) < 60


def test_screen_readers_get_the_table_out_of_sight(open_long: Mount) -> None:
    page = open_long(720, 40)
    page.set_viewport_size({"width": 1200, "height": 320})
    page.wait_for_function("() => document.querySelectorAll('.ss-table.ss-laid tbody > *').length === 40")
    assert len([name for name in read_aloud(page, "button") if name.startswith("Go to:")]) == 40
    assert len([name for name in read_aloud(page, "combobox") if name.startswith("How sure:")]) == 40
    assert page.evaluate("document.querySelector('.ss-table tbody').getBoundingClientRect().top > innerHeight")


def test_the_rest_of_a_long_text_follows_another_width_later(open_long: Mount) -> None:
    page = open_long(20_000, 500)
    wait_laid(page)
    page.locator(".ss-scroller").focus()
    page.evaluate(
        """() => {
          const last = [...document.querySelectorAll(".ss-part")].at(-1);
          window.waited = false;
          const look = () => { window.waited ||= !last.matches(".ss-laid"); };
          new MutationObserver(look).observe(last, { attributes: true });
        }"""
    )
    page.set_viewport_size({"width": 480, "height": 900})
    page.wait_for_function("window.waited")
    wait_laid(page)
    assert "w332x59" in " ".join(read_aloud(page))
    page.keyboard.press("Control+End")
    expect(page.locator(".ss-caret")).to_be_in_viewport()
    wait_decorated(page, 332)


def test_without_an_observer_everything_is_decorated(page: Page, open_long: Mount) -> None:
    page.evaluate("() => { delete window.IntersectionObserver; }")
    open_long(20_000, 500)
    assert len(decorated(page)) == 333


COUNT = """() => {
  window.touched = 0;
  const size = (node) => 1 + (node.querySelectorAll?.("*").length ?? 0);
  window.observer = new MutationObserver((records) => {
    for (const { addedNodes, removedNodes } of records) {
      for (const node of [...addedNodes, ...removedNodes]) window.touched += size(node);
    }
  });
  window.observer.observe(document.querySelector(".ss-labeller"), { childList: true, subtree: true });
}"""


@pytest.mark.parametrize(("words", "count"), [(20_000, 500), (100_000, 10_000)])
def test_an_edit_touches_a_bounded_part_of_the_page(open_long: Mount, words: int, count: int) -> None:
    page = open_long(words, count)
    page.evaluate("window.ackAll = true")
    select_words(page, 1, 20, 21)
    page.evaluate(COUNT)
    page.locator(".ss-label").nth(1).click()
    expect(page.locator(".ss-table tbody tr.ss-on bdi")).to_have_text("w1x20 w1x21")
    assert page.evaluate("window.touched") < 500
    page.locator(".ss-scroller").focus()
    page.evaluate("window.touched = 0")
    page.keyboard.press("Control+z")
    expect(page.locator(".ss-table tbody tr.ss-on")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    assert page.evaluate("window.touched") < 500


def far(page: Page) -> list[str]:
    """Parts that are skipped, by their classes."""
    return page.eval_on_selector_all(".ss-far", "(all) => all.map((part) => part.classList[0])")


@pytest.mark.parametrize("used", [False, True])
def test_while_the_width_changes_what_is_out_of_sight_waits(open_long: Mount, used: bool) -> None:
    """Of a short text as well, and the table. What has the focus keeps it; soon all is there for screen readers."""
    page = open_long(720, 12)
    wait_laid(page)
    page.set_viewport_size({"width": 1200, "height": 320})
    wait_laid(page)
    row = page.locator(".ss-table tbody tr").first.get_by_role("button", name="Go to")
    if used:
        row.focus()
        page.evaluate("window.scrollTo(0, 0)")
    page.evaluate(
        """() => {
          let wide = false;
          window.timer = setInterval(() => { root.style.inlineSize = (wide = !wide) ? "500px" : "520px"; }, 30);
        }"""
    )
    page.wait_for_selector(".ss-part.ss-far", state="attached")
    assert page.evaluate("document.querySelector('.ss-table').matches('.ss-far')") is not used
    if used:
        expect(row).to_be_focused()
    page.evaluate("clearInterval(window.timer)")
    wait_laid(page)
    page.wait_for_selector(".ss-table.ss-laid", state="attached")
    assert far(page) == []


def test_of_many_labels_a_stretch_is_listed(open_long: Mount) -> None:
    page = open_long(20_000, 500)
    table = page.get_by_role("table", name="Your labels")
    rows = page.locator(".ss-table tbody tr")
    pages = page.locator(".ss-stretch")
    expect(rows).to_have_count(5)
    expect(pages).to_contain_text("Labels 1 to 5 of 500 are listed.")
    assert table.get_attribute("aria-rowcount") == "501"
    assert rows.first.get_attribute("aria-rowindex") == "2"
    page.get_by_role("button", name="Later labels").click()
    expect(pages).to_contain_text("Labels 6 to 10 of 500 are listed.")
    expect(page.get_by_role("button", name="Later labels")).to_be_focused()
    assert rows.last.get_attribute("aria-rowindex") == "11"
    page.get_by_role("button", name="Earlier labels").click()
    page.keyboard.press("Enter")  # used up, but still there and still with the focus
    expect(pages).to_contain_text("Labels 1 to 5 of 500")

    select_words(page, 300)
    page.locator(".ss-label").nth(1).click()
    expect(page.locator(".ss-table tbody tr.ss-on bdi")).to_have_text("w300x10 w300x11")
    expect(rows).to_have_count(5)
    expect(page.locator(".ss-progress")).to_contain_text("501 labels")
    listed = page.eval_on_selector_all(".ss-table tbody tr", "(all) => all.map((row) => row.dataset.span)")
    assert len(set(listed)) == 5
    quotes = page.eval_on_selector_all(".ss-table tbody tr bdi", "(all) => all.map((bdi) => bdi.textContent)")
    numbers = [int(quote.split("x")[0][1:]) for quote in quotes]
    assert numbers == sorted(numbers)

    row = page.locator(".ss-table tbody tr", has_text="w300x10")
    row.get_by_role("combobox").focus()
    row.get_by_role("combobox").select_option("1")
    assert sent(page)[-1]["span"]["quote"] == "w300x10 w300x11"
    assert sent(page)[-1]["span"]["confidence"] == 1
    row.get_by_role("button", name="Delete").click()
    expect(page.locator(".ss-table tbody tr", has_text="w300x10")).to_have_count(0)
    assert page.evaluate("document.activeElement.closest('.ss-table tbody tr') !== null")


def test_up_to_forty_labels_all_are_listed(open_long: Mount) -> None:
    page = open_long(20_000, 40)
    expect(page.locator(".ss-table tbody tr")).to_have_count(40)
    expect(page.locator(".ss-stretch")).to_be_hidden()
    select_words(page, 300)
    page.locator(".ss-label").nth(1).click()
    expect(page.locator(".ss-table tbody tr")).to_have_count(5)
    page.locator(".ss-scroller").focus()
    page.keyboard.press("Control+z")
    expect(page.locator(".ss-table tbody tr")).to_have_count(40)
    expect(page.locator(".ss-stretch")).to_be_hidden()


def test_a_list_of_choices_is_made_when_it_is_used(open_long: Mount) -> None:
    """Until then it stands there as what looks, reads and works like it; no step more than with the list itself."""
    page = open_long(720, 12)
    page.evaluate("window.ackAll = true")
    sure = page.get_by_role("combobox", name="How sure: “w1x1”")
    assert page.locator(".ss-table select").count() == 0
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    told = next(node for node in nodes if node.get("name", {}).get("value") == "How sure: “w1x1”")
    assert (told["role"]["value"], told["value"]["value"]) == ("combobox", "50 %")
    page.get_by_role("button", name="Delete: “w0x1”").focus()
    page.keyboard.press("Tab")
    expect(sure).to_be_focused()
    assert sure.evaluate("(e) => e.tagName") == "SELECT"
    page.keyboard.press("ArrowDown")
    expect(sure).to_have_value("1")
    assert sent(page)[-1]["span"]["confidence"] == 1
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Delete: “w0x1”")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("combobox", name="How sure: “w0x1”")).to_be_focused()


def test_a_press_on_what_stands_for_a_list_opens_it(open_long: Mount) -> None:
    page = open_long(720, 12)
    page.evaluate("() => { HTMLSelectElement.prototype.showPicker = function () { window.opened = this; }; }")
    for name in ("How sure: “w1x1”", "Meaning of another label"):
        choice = page.get_by_role("combobox", name=name)
        choice.click()
        expect(choice).to_be_focused()
        assert choice.evaluate("(e) => e.tagName === 'SELECT' && e === window.opened")
    page.get_by_role("combobox", name="Meaning of another label").select_option(label="Cue")
    expect(page.locator(".ss-definition .ss-card-title")).to_have_text("Cue")


def test_nothing_is_drawn_under_a_pointer_that_is_dragging(open_long: Mount) -> None:
    page = open_long(20_000, 500)
    box = page.locator(".ss-block").nth(1).bounding_box()
    assert box
    page.mouse.move(box["x"] + 200, box["y"] + 15)
    page.mouse.down()
    page.mouse.move(box["x"] + 330, box["y"] + 15, steps=4)
    before = page.evaluate("() => { window.held = getSelection().anchorNode; return getSelection().toString(); }")
    assert before
    blocks = long_text(20_000)
    state = {"rev": 2, "saved_at": None, "spans": spans(blocks, 400), "relations": [], "seq_by_client": {}}
    page.evaluate("(m) => window.deliver(m)", {"type": "state", "client": None, "readonly": None, **state})
    page.evaluate("() => { document.querySelector('.ss-scroller').scrollTop += 3000; }")
    assert page.evaluate("getSelection().toString()") == before
    assert page.evaluate("window.held.isConnected")
    page.evaluate("() => { document.querySelector('.ss-scroller').scrollTop -= 3000; }")
    page.mouse.up()
    assert page.evaluate("getSelection().toString()") == before
    expect(page.locator(".ss-progress")).to_contain_text("400 labels")
    page.locator(".ss-label").nth(1).click()
    assert sent(page)[-1]["span"]["quote"] == before.strip()
    assert intact(page)


def test_labels_that_come_and_go_while_the_text_scrolls(open_long: Mount) -> None:
    page = open_long(20_000, 500)
    blocks = long_text(20_000)
    for number, count in ((100, 100), (250, 666), (20, 0), (332, 333)):
        state = {"rev": count, "saved_at": None, "spans": spans(blocks, count), "relations": [], "seq_by_client": {}}
        page.locator(".ss-block").nth(number).evaluate("(block) => block.scrollIntoView()")
        page.evaluate("(m) => window.deliver(m)", {"type": "state", "client": None, "readonly": None, **state})
    wait_decorated(page, 332)
    assert intact(page)
    drawn = page.eval_on_selector_all(
        ".ss-seg[data-ids]", "(all) => all.map((each) => [each.dataset.ids, each.textContent])"
    )
    wanted = {span["id"]: span["quote"] for span in spans(blocks, 333)}
    assert drawn
    assert all(wanted[name] == quote for name, quote in drawn)
