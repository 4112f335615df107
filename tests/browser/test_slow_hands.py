"""What people do at their own pace: presses that last, keys held down, fingers, other keyboards, a kernel in between.

An instant click of a test has one order of events; a hand, a finger and a held key have others.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browser.test_chains import CHAINS, DRAWN, builder  # noqa: F401 - a fixture
from browser.test_labeller import (  # noqa: F401
    LABELS,
    LAYER,
    blocks,
    chip,
    drag,
    last,
    open_labeller,
    region,
    rows,
    sent,
    span,
    status,
    view,
)
from browser.test_labeller import state as state_of
from browser.test_sorter import answer, row, sorter, write  # noqa: F401 - a fixture
from browser.waiting import arrived, eventually, whole
from secondsource.widgets import Labeller

Mount = Callable[..., Page]
Json = dict[str, Any]

WATSON, SAID, TIRED = span("Watson"), span("said", "CUE"), span("tired", "CONTENT")
LONG = "Head\n\n" + "\n\n".join(f"Word{i} " + "lorem ipsum dolor sit amet " * 20 + f"end{i}." for i in range(14))
ASKED = [{"id": "S1", "start": 6, "end": 40, "asked": True}]

PLACE = """([words, part]) => {
  const walker = document.createTreeWalker(document.querySelector(".ss-text"), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.data.indexOf(words);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at); range.setEnd(node, at + words.length);
    const { left, width, top, bottom } = range.getClientRects()[0];
    return [left + width * part, (top + bottom) / 2];
  }
}"""


def place(page: Page, words: str, part: float = 0.5) -> tuple[float, float]:
    """Where words of the article stand on the screen."""
    x, y = page.evaluate(PLACE, [words, part])
    return x, y


def middle(locator: Locator) -> tuple[float, float]:
    locator.scroll_into_view_if_needed()
    box = locator.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def press(page: Page, x: float, y: float) -> None:
    """A mouse button that is down for a while."""
    page.mouse.move(x, y)
    page.mouse.down()
    page.wait_for_timeout(120)
    page.mouse.up()


def hold(page: Page, key: str, times: int = 5) -> None:
    """A key that is held until it has repeated itself."""
    for _ in range(times):
        page.keyboard.down(key)
        page.wait_for_timeout(30)
    page.keyboard.up(key)


def key_of(page: Page, key: str, code: str, **more: bool) -> None:
    """A key of another keyboard: what it says, and where it is."""
    region(page).evaluate(
        "(e, init) => e.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init }))",
        {"key": key, "code": code, **more},
    )


def told(page: Page, op: str, **what: Json) -> None:
    """Another view has made a change, and the kernel tells of it."""
    message = {"type": "ack", "client": "other", "seq": 1, "rev": 1, "saved_at": "2026-11-22T12:03:05Z", "sha": "0"}
    page.evaluate("(message) => window.deliver(message)", {**message, "op": op, **what})


def ops(page: Page) -> list[tuple[str, str]]:
    return [(message["op"], message["span"]["label"]) for message in sent(page)]


@pytest.fixture
def labeller(open_labeller: Mount) -> Mount:  # noqa: F811
    def mount(*spans: Json, **more: Any) -> Page:
        page = open_labeller(*spans, **more)
        page.evaluate("window.ackAll = true")
        return page

    return mount


# ------------------------------------------------------------------------------------------- nothing is lost


def note(page: Page) -> Locator:
    return page.locator(".ss-inspector textarea")


def test_a_note_outlives_another_label(labeller: Mount) -> None:
    """The label is changed before the words were handed over."""
    page = labeller({**WATSON, "note": "old"})
    press(page, *place(page, "Watson"))
    note(page).press("End")
    page.keyboard.type(" new")
    press(page, *middle(page.get_by_role("button", name="Cue")))
    expect(note(page)).to_have_value("old new")
    assert [(m["span"]["label"], m["span"]["note"]) for m in sent(page)][-1] == ("CUE", "old new")


def test_a_note_outlives_what_others_do_to_its_label(labeller: Mount) -> None:
    """Changed elsewhere it goes on; taken away elsewhere it ends without a fault; locked it waits."""
    page = labeller(WATSON)
    press(page, *place(page, "Watson"))
    note(page).press_sequentially("mine")
    told(page, "update", span={**WATSON, "label": "CUE"})
    expect(note(page)).to_have_value("mine")
    arrived(page, 1)
    assert (last(page)["span"]["label"], last(page)["span"]["note"]) == ("CUE", "mine")
    note(page).press_sequentially(" too")
    client = last(page)["client"]
    locked = {"type": "state", "client": client, "rev": 2, "saved_at": None, "seq_by_client": {client: 1}, "notice": ""}
    held = {**locked, "spans": [last(page)["span"]], "relations": []}
    page.evaluate("(m) => window.deliver(m)", {**held, "readonly": {"code": "X", "message": "X · full"}})
    expect(note(page)).to_be_disabled()
    page.wait_for_timeout(1000)  # longer than words ever wait
    assert len(sent(page)) == 1
    page.evaluate("(m) => window.deliver(m)", {**held, "readonly": None})
    arrived(page, 2)
    assert last(page)["span"]["note"] == "mine too"
    note(page).press_sequentially(" and more")
    told(page, "remove", span=last(page)["span"])
    expect(note(page)).to_have_count(0)
    page.wait_for_timeout(1000)
    assert {message["seq"] for message in sent(page)} == {1, 2}


def test_who_never_pauses_is_saved_too(sorter: Mount, labeller: Mount) -> None:  # noqa: F811
    """At the latest five seconds after the first letter."""
    page = labeller(WATSON)
    press(page, *place(page, "Watson"))
    note(page).focus()
    page.clock.install()
    for _ in range(12):
        page.keyboard.type("a")
        page.clock.run_for(500)
    assert 9 <= len(last(page)["span"]["note"]) <= 11
    page = sorter("answers")
    row(page, "C1").locator("textarea").focus()
    for _ in range(12):
        page.keyboard.type("a")
        page.clock.run_for(500)
    eventually(page, lambda: 9 <= len(sent(page)[-1]["span"]["note"]) <= 11, True)


def test_a_page_that_is_put_behind_others_hands_over_what_is_typed(sorter: Mount, labeller: Mount) -> None:  # noqa: F811
    """A tablet ends such a page without a word."""
    hidden = """() => {
      Object.defineProperty(document, "hidden", { configurable: true, value: true });
      document.dispatchEvent(new Event("visibilitychange"));
      delete document.hidden;
    }"""
    page = labeller(WATSON)
    press(page, *place(page, "Watson"))
    note(page).fill("mine")
    page.evaluate(hidden)
    assert last(page)["span"]["note"] == "mine"
    page = sorter("answers")
    write(page, "C1", "mine")
    page.evaluate(hidden)
    assert sent(page)[-1]["span"]["note"] == "mine"


def test_words_that_had_to_wait_are_handed_over(sorter: Mount) -> None:  # noqa: F811
    """The disk was full for a while, and nobody types any more."""
    page = sorter("answers", view={"readonly": {"code": "X", "message": "X · full"}})
    page.evaluate("document.querySelectorAll('textarea').forEach((field) => { field.readOnly = false; })")
    write(page, "C1", "mine")
    page.wait_for_timeout(900)
    assert sent(page) == []
    page.evaluate("(m) => window.deliver(m)", {**state_of(), "type": "state", "client": None, "readonly": None})
    arrived(page, 1)
    assert sent(page)[-1]["span"]["note"] == "mine"


def test_one_saved_answer_does_not_cover_another_that_is_not(sorter: Mount) -> None:  # noqa: F811
    """Words that were refused for good stay what the page says about saving."""
    page = sorter("answers", silent=True)
    write(page, "C1", "mine")
    page.keyboard.press("Tab")
    client = sent(page)[0]["client"]
    page.evaluate("(m) => window.deliver(m)", {"type": "refused", "client": client, "seq": 1, "message": "X · no"})
    page.evaluate("window.ackAll = true")
    write(page, "C2", "more")
    page.keyboard.press("Tab")
    arrived(page, 2)
    expect(chip(page).first).to_have_text("Not saved: X · no")
    page.get_by_role("button", name="Save again").click()
    expect(chip(page).first).to_contain_text("Saved")
    assert [m["span"]["note"] for m in sent(page)] == ["mine", "more", "mine"]


def test_a_view_that_begins_while_python_is_busy_knows_what_the_last_one_knew(labeller: Mount) -> None:
    """A notebook draws an output anew, and nobody answers."""
    page = labeller()
    drag(page, "Watson")
    press(page, *middle(page.get_by_role("button", name="Source")))
    expect(chip(page)).to_contain_text("Saved")
    page.evaluate("window.ackAll = false; window.removeView(0)")
    page.evaluate("window.addView()")
    expect(rows(page)).to_have_count(1)
    expect(page.locator(".ss-seg[data-ids]")).to_have_text(["Watson"])


# ------------------------------------------------------------------------------------------- keys that are held


def test_a_held_enter_takes_away_one_row(labeller: Mount) -> None:
    """The focus goes to the next button of the kind, and the key repeats itself."""
    page = labeller(WATSON, SAID, TIRED)
    rows(page).nth(0).locator("[data-does=remove]").focus()
    hold(page, "Enter")
    assert ops(page) == [("remove", "SOURCE")]
    page.keyboard.press("Enter")  # let go and pressed again, it is meant
    assert ops(page) == [("remove", "SOURCE"), ("remove", "CUE")]


def test_a_held_enter_takes_out_one_hand(builder: Mount) -> None:  # noqa: F811
    page = builder(*DRAWN, links=CHAINS)
    page.get_by_role("button", name="Work on it: chain 1").click()
    page.get_by_role("button", name="Take out: “A neighbour”").focus()
    hold(page, "Enter")
    expect(page.locator(".ss-hand")).to_have_count(2)


def test_a_held_key_labels_once(labeller: Mount) -> None:
    page = labeller()
    drag(page, "Watson")
    region(page).focus()
    hold(page, "c")
    assert ops(page) == [("add", "CUE")]
    hold(page, "Enter")  # opens the list of labels, and takes nothing from it
    expect(page.locator(".ss-menu")).to_be_visible()
    assert ops(page) == [("add", "CUE")]


def test_the_same_again_is_no_step(labeller: Mount) -> None:
    """A second click on a label, and more than everything sure: one undo takes back what was done."""
    page = labeller()
    drag(page, "Watson")
    page.mouse.dblclick(*middle(page.get_by_role("button", name="Cue")))
    assert ops(page) == [("add", "CUE")]
    region(page).focus()
    page.keyboard.press("+")
    for _ in range(6):
        page.keyboard.press("+")
    assert [m["span"]["confidence"] for m in sent(page)][-1] == 1
    made = len(sent(page))
    page.keyboard.press("+")
    assert len(sent(page)) == made


def test_a_double_click_takes_away_one_row(labeller: Mount) -> None:
    page = labeller(WATSON, SAID, TIRED)
    page.mouse.dblclick(*middle(rows(page).nth(0).locator("[data-does=remove]")))
    expect(rows(page)).to_have_count(2)
    assert ops(page) == [("remove", "SOURCE")]


# ------------------------------------------------------------------------------------------- presses that last


def test_arrows_stay_in_the_text_after_a_press_on_a_confidence(labeller: Mount) -> None:
    """Also if the words beside the circle are pressed."""
    page = labeller(WATSON)
    press(page, *place(page, "Watson"))
    press(page, *middle(page.locator(".ss-bar").get_by_text("60 %", exact=True)))
    assert last(page)["span"]["confidence"] == 0.6
    expect(region(page)).to_be_focused()
    page.keyboard.press("ArrowDown")
    assert len(sent(page)) == 1


def test_a_press_inside_a_selection_lets_go_of_it(labeller: Mount) -> None:
    """What is not seen to be selected is not labelled; the mark under the pointer is chosen."""
    page = labeller(WATSON)
    drag(page, "Watson")
    expect(page.locator(".ss-hint")).to_contain_text("Selected:")
    page.wait_for_timeout(600)  # or it would be a double click
    press(page, *place(page, "Watson"))
    expect(page.locator(".ss-inspector blockquote")).to_have_text("Watson")
    assert page.evaluate("getSelection().toString()") == ""
    expect(page.locator(".ss-hint")).not_to_contain_text("Selected:")


def test_keys_are_the_labellers_after_a_press_beside_the_text(labeller: Mount) -> None:
    """A notebook would take them for its own."""
    page = labeller()
    page.evaluate(
        """() => {
          document.getElementById("root").tabIndex = -1;
          window.heard = [];
          window.addEventListener("keydown", (event) => window.heard.push(event.key));
        }"""
    )
    drag(page, "Watson")
    press(page, *middle(page.locator(".ss-definition p").first))
    page.keyboard.press("c")
    assert ops(page) == [("add", "CUE")]
    assert page.evaluate("window.heard") == []


def test_a_drag_that_ends_below_the_frame_ends_with_what_is_in_sight(labeller: Mount) -> None:
    page = labeller(blocks=blocks(LONG), sentences=ASKED)
    box = page.locator(".ss-scroller").bounding_box()
    foot = page.locator(".ss-foot").bounding_box()
    assert box
    assert foot
    page.mouse.move(*place(page, "Word0", 0.1))
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + box["height"] - 20, steps=3)
    page.mouse.move(box["x"] + 200, foot["y"] + foot["height"] / 2, steps=3)
    page.mouse.up()
    expect(page.locator(".ss-hint")).to_contain_text("Selected:")
    seen = page.evaluate("getSelection().toString()")
    assert seen.startswith("Word0")
    assert "end13." not in seen


def test_a_press_that_never_ends_does_not_stop_the_drawing(labeller: Mount) -> None:
    """The menu of the right button keeps its release to itself."""
    page = labeller(WATSON)
    press(page, *place(page, "Watson"))
    page.mouse.down(button="right")
    page.keyboard.press("Delete")
    expect(page.locator(".ss-seg[data-ids]")).to_have_count(0)


def test_a_press_on_the_title_of_a_menu_leaves_it_open(labeller: Mount) -> None:
    page = labeller()
    drag(page, "Watson")
    region(page).focus()
    page.keyboard.press("Enter")
    press(page, *middle(page.locator(".ss-menu-title")))
    expect(page.locator(".ss-menu")).to_be_visible()
    page.keyboard.press("Enter")
    assert ops(page) == [("add", "SOURCE")]


def test_the_page_stays_where_somebody_scrolled_to(labeller: Mount) -> None:
    """Beside the text as well: a new width does not pull it back to the caret."""
    page = labeller(span("Word9", text=LONG), blocks=blocks(LONG), sentences=ASKED)
    page.evaluate(
        "document.body.append(document.createElement('div')); document.body.lastChild.style.height = '3000px'"
    )
    rows(page).nth(0).get_by_role("button", name="Go to").click()
    page.mouse.move(1190, 850)
    for _ in range(4):
        page.mouse.wheel(0, 600)
        page.wait_for_timeout(100)
    there = page.evaluate("scrollY")
    assert there > 1500
    page.set_viewport_size({"width": 1000, "height": 900})
    page.wait_for_timeout(600)
    assert page.evaluate("scrollY") > 1500


def test_an_output_that_was_away_comes_back_where_it_was(labeller: Mount) -> None:
    """Notebooks take what is far away from the page, and put it back."""
    page = labeller(blocks=blocks(LONG), sentences=ASKED)
    top = "() => document.querySelector('.ss-scroller').scrollTop"
    page.evaluate("document.querySelector('.ss-scroller').scrollTop = 900")
    page.wait_for_timeout(100)
    before = page.evaluate(top)
    assert before > 500
    page.evaluate(
        """() => new Promise((done) => {
          const { el } = window.views[0];
          const home = el.parentNode;
          el.remove();
          requestAnimationFrame(() => requestAnimationFrame(() => { home.append(el); done(); }));
        })"""
    )
    eventually(page, lambda: page.evaluate(top), before)


# ------------------------------------------------------------------------------------------- fingers


@pytest.mark.parametrize("tapping", [True, False])
def test_the_first_touch_meets_what_it_touches(browser: Browser, tapping: bool) -> None:
    """A finger is up before the focus comes: the text must not go to its beginning first."""
    context = browser.new_context(viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto((Path(__file__).parent / "harness.html").as_uri())
    page.wait_for_function("window.ready === true")
    traits = {"_view": view(LONG, sentences=ASKED), "_state": state_of(span("Word9", text=LONG))}
    page.evaluate("([s, c, t]) => window.mount(s, c, t)", [str(Labeller._esm), str(Labeller._css), traits])
    whole(page)
    if tapping:
        page.get_by_role("button", name="Tap words").tap()
    page.locator(".ss-block", has_text="Word9").evaluate("(block) => block.scrollIntoView({ block: 'center' })")
    page.touchscreen.tap(*place(page, "Word9"))
    expect(page.locator(".ss-hint" if tapping else ".ss-inspector blockquote")).to_contain_text("Word9")
    context.close()


# ------------------------------------------------------------------------------------------- other keyboards


def test_digits_that_need_shift(labeller: Mount) -> None:
    """On a French keyboard the key of 6 says “-”, which otherwise means less sure."""
    labels = [{**each, "shortcut": str(number)} for number, each in enumerate(LABELS, start=5)]
    page = labeller({**WATSON, "confidence": 0.6}, layers=[{**LAYER, "labels": labels}])
    press(page, *place(page, "Watson"))
    key_of(page, "-", "Digit6")
    assert (last(page)["span"]["label"], last(page)["span"]["confidence"]) == ("CUE", 0.6)
    key_of(page, "-", "Minus")
    assert last(page)["span"]["confidence"] == 0.4


def test_letters_of_other_alphabets(labeller: Mount) -> None:
    """The key counts that stands where the letter would; a letter that is a label's own goes before."""
    page = labeller(WATSON)
    press(page, *place(page, "Watson"))
    key_of(page, "с", "KeyC")
    assert last(page)["span"]["label"] == "CUE"
    key_of(page, "я", "KeyZ", ctrlKey=True)
    assert last(page)["span"]["label"] == "SOURCE"
    key_of(page, "Я", "KeyZ", ctrlKey=True, shiftKey=True)
    assert last(page)["span"]["label"] == "CUE"
    key_of(page, "å", "KeyC", altKey=True)  # a sign of its own on a Mac
    assert len(sent(page)) == 3


def test_enter_that_ends_a_word_in_another_script_is_not_for_the_search(labeller: Mount) -> None:
    page = labeller()
    region(page).focus()
    page.keyboard.press("\\")
    field = page.locator(".ss-find input")
    field.fill("he")
    count = page.locator(".ss-find .ss-count")
    expect(count).to_contain_text("1 of")
    for key in ("Enter", "Escape"):
        field.evaluate(
            "(e, key) => e.dispatchEvent(new KeyboardEvent('keydown', { key, isComposing: true, bubbles: true }))", key
        )
    expect(count).to_contain_text("1 of")
    expect(page.locator(".ss-find")).to_be_visible()


# ------------------------------------------------------------------------------------------- a kernel in between


def test_a_choice_in_a_list_outlives_an_answer_of_the_kernel(builder: Mount) -> None:  # noqa: F811
    """The hand that was chosen comes into the chain, not the first of the list."""
    page = builder(*DRAWN, links=CHAINS[:1])
    page.get_by_role("button", name="Work on it: chain 1").click()
    known = page.get_by_label("Or a passage that is marked already")
    known.select_option("e")
    told(page, "update", span={**DRAWN[0], "note": "of another view"})
    expect(known).to_have_value("e")
    page.get_by_role("button", name="Add", exact=True).click()
    assert sent(page)[-1]["relation"]["members"][-1] == "e"


def test_a_button_that_is_held_while_the_kernel_answers_is_pressed(builder: Mount) -> None:  # noqa: F811
    """An answer that brings nothing new leaves every button where it is."""
    page = builder(*DRAWN, links=CHAINS)
    page.evaluate("window.ackAll = false")
    page.get_by_role("button", name="Work on it: chain 2").click()
    third = page.locator(".ss-hand").first
    third.get_by_label("Shown", exact=True).check()
    third.get_by_label("To the next hand").check()
    x, y = middle(page.get_by_role("button", name="Work on it: chain 1"))
    page.mouse.move(x, y)
    page.mouse.down()
    for message in sent(page):  # as Python tells it: the answers by name
        ordered = {**message["span"], "attributes": dict(sorted(message["span"]["attributes"].items()))}
        page.evaluate("(message) => window.acknowledge(message)", {**message, "span": ordered})
    page.mouse.up()
    expect(page.get_by_label("You are working on").locator("option:checked")).to_contain_text("Chain 1")


def test_an_answer_that_another_view_takes_away_leaves_what_is_typed(sorter: Mount) -> None:  # noqa: F811
    """Letters of a reason do not become keys that choose labels."""
    page = sorter("claims", answer("S1", "opinion"))
    row(page, "S1").get_by_role("button", name="Why").click()
    page.keyboard.type("only 1")
    told(page, "remove", span=answer("S1", "opinion"))
    page.keyboard.type(" of 2")
    expect(row(page, "S1").locator("textarea")).to_have_value("only 1 of 2")
    assert sent(page) == []
    assert status(page).count() <= 1
