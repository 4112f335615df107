"""The chain builder in a real browser: what a student does, what is seen and read aloud, what reaches the kernel."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from browser.test_labeller import drag
from browser.waiting import eventually
from hostile import CORPUS
from secondsource.article import Article
from secondsource.codebook import Codebook
from secondsource.store import LabelStore
from secondsource.widgets.chains import ChainBuilder

Mount = Callable[..., Page]
Json = dict[str, Any]
HARNESS = (Path(__file__).parent / "harness.html").as_uri()

NEWS = Codebook.open("news")
TEXT = Article(
    "Roof to be mended\n\n"
    "A neighbour told the caretaker 💩 about the roof. The caretaker wrote it in the newsletter.\n\n"
    "قال الجار إن السقف يسرب.\n\nThe mayor, who read the newsletter, spoke of a survey.",
    title="Roof",
    provenance="Invented text, written for practice.",
    note="Nothing here is real.",
)
WORDS = {"a": "A neighbour", "b": "the caretaker", "c": "the newsletter", "d": "a survey", "e": "The mayor"}
NOT = {"shown": "not_shown", "onward": "straight"}
GAP = {"shown": "not_shown", "onward": "gap"}


def hand(name: str, **answers: str) -> Json:
    start, end = TEXT.find(WORDS[name])[0]
    plain = {"confidence": None, "note": "", "discuss": False, "attributes": answers}
    return {"id": name, "layer": "chains", "label": "HAND", "start": start, "end": end, "quote": WORDS[name], **plain}


def chain(name: str, members: str) -> Json:
    return {"id": name, "type": "chain", "members": [*members], "parent": None}


DRAWN = (hand("a", **GAP), hand("b", **NOT), hand("c", shown="shown", onward="straight"), hand("d"), hand("e", **NOT))
CHAINS = (chain("c1", "abc"), chain("c2", "dec"))


def traits(folder: Path, *spans: Json, links: tuple[Json, ...] = (), **more: Any) -> Json:
    """What Python sends; a change is sent without waiting for the browser's log, so that a test may look at once."""
    store = LabelStore(folder, "04_chains", TEXT, NEWS)
    made = ChainBuilder(store, layers=["chains"], asked=["S1", "S2", "S3"], title="Chains", **more)
    timing = {"waiting": 60_000, "resend": 60_000, "write": 0}
    state = {**made._state, "spans": list(spans), "relations": list(links)}
    return {"_view": {**made._view, "timing": timing}, "_state": state}


def mounted(page: Page, made: Json) -> Page:
    page.evaluate("([s, c, t]) => window.mount(s, c, t)", [str(ChainBuilder._esm), str(ChainBuilder._css), made])
    page.evaluate("window.ackAll = true")
    return page


@pytest.fixture
def builder(page: Page, tmp_path: Path) -> Mount:
    """A chain builder whose kernel acknowledges everything."""

    def mount(*spans: Json, links: tuple[Json, ...] = (), **more: Any) -> Page:
        return mounted(page, traits(tmp_path, *spans, links=links, **more))

    return mount


def sent(page: Page) -> list[Json]:
    return [message for message in page.evaluate("window.sent") if message["type"] == "op"]


def link(page: Page) -> list[str]:
    """Words of the chain that was saved last, in their order."""
    made = [message for message in sent(page) if message["op"] == "link"][-1]["relation"]["members"]
    quotes = {m["span"]["id"]: m["span"]["quote"] for m in sent(page) if m["op"] in ("add", "update")}
    return [quotes.get(name) or WORDS[name] for name in made]


def drawing(page: Page, number: int = 0) -> list[str]:
    """What a chain's picture shows, box by box; arrows are left out."""
    boxes = page.locator(".ss-strip").nth(number).locator(".ss-box")
    return [re.sub(r"\s+", " ", text).strip() for text in boxes.evaluate_all("(all) => all.map((e) => e.innerText)")]


def status(page: Page) -> Locator:
    return page.locator(".ss-status")


def region(page: Page) -> Locator:
    return page.get_by_role("region", name="Article text")


def pick(page: Page, words: str) -> None:
    """Select with the mouse, and wait until the widget has noticed."""
    drag(page, words)
    expect(page.locator(".ss-picked").last).to_contain_text(f"“{words}”")


def working_on(page: Page) -> Locator:
    return page.get_by_label("You are working on")


def violations(page: Page) -> list[str]:
    result = Axe().run(page, context=".ss-chains")
    return [f"{rule['id']}: {node['html'][:200]}" for rule in result.response["violations"] for node in rule["nodes"]]


# ----------------------------------------------------------------------------------------------------- building a chain


def test_a_chain_by_mouse(builder: Mount) -> None:
    """Select, press the button, answer beside the text."""
    page = builder()
    expect(page.get_by_text("Where did the statement begin?")).to_be_visible()
    pick(page, "A neighbour")
    expect(page.locator(".ss-picked").last).to_have_text("Selected: “A neighbour” (2 words)")
    page.get_by_role("button", name="Begin a new chain").first.click()
    assert [(m["op"], m["span"]["quote"], m["span"]["label"]) for m in sent(page)] == [("add", "A neighbour", "HAND")]
    expect(status(page)).to_have_text(
        "“A neighbour” is now number 1 of chain 1. "
        "Two questions about it are open; they stand under “You are working on”."
    )
    pick(page, "the caretaker")
    page.get_by_role("button", name="Add to chain 1").first.click()
    assert link(page) == ["A neighbour", "the caretaker"]
    assert sent(page)[-1]["relation"]["type"] == "chain"
    first = page.locator(".ss-hand").first
    first.get_by_label("Not shown").check()
    first.get_by_label("Through someone the text does not name").check()
    assert sent(page)[-1]["span"]["attributes"] == GAP
    expect(status(page)).to_have_text("Answer noted. 2 questions about it are open.")
    page.locator(".ss-hand").nth(1).get_by_label("Shown", exact=True).check()
    wanted = ["A neighbour S1 not shown", "? Somebody the text does not name", "the caretaker S1 shown"]
    eventually(page, lambda: drawing(page), [*wanted, "This article", "You"])
    expect(page.locator(".ss-overs")).to_have_text("1 question about it is open.")
    expect(page.locator(".ss-progress")).to_have_text("1 chain, 2 hands, 1 question open")
    page.locator(".ss-hand").nth(1).get_by_label("To the next hand").check()
    expect(page.locator(".ss-overs")).to_have_text("At least 1 hand-over that you cannot check.")
    expect(page.locator(".ss-progress")).to_have_text("1 chain, 2 hands")
    expect(page.locator(".ss-chip")).to_contain_text("Saved")
    expect(page.locator(".ss-seg[data-ids]")).to_have_text(["A neighbour", "the caretaker"])


def test_a_chain_by_keyboard_alone(builder: Mount) -> None:
    """Select with Shift, Enter, c for the questions, buttons for the order."""
    page = builder()
    for key in ("Tab", "Enter"):
        page.keyboard.press(key)
    expect(region(page)).to_be_focused()
    for key in ("Control+Shift+ArrowRight", "Control+Shift+ArrowRight", "Enter"):
        page.keyboard.press(key)
    page.keyboard.press("]")
    for key in ("Control+Shift+ArrowRight", "Control+Shift+ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect(region(page)).to_be_focused()
    assert link(page) == ["A neighbour", "The caretaker"]
    page.keyboard.press("c")
    expect(working_on(page)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    answers = sent(page)[-1]["span"]["attributes"]
    assert answers == {"shown": "not_shown", "onward": "straight"}
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Later: “A neighbour”")).to_be_focused()
    page.keyboard.press("Enter")
    assert link(page) == ["The caretaker", "A neighbour"]
    expect(page.get_by_role("button", name="Later: “A neighbour”")).to_be_focused()
    expect(status(page)).to_have_text("“A neighbour” is now number 2 of 2.")
    page.keyboard.press("Enter")
    expect(status(page)).to_have_text("It cannot go further in this direction.")
    page.keyboard.press("Escape")
    expect(region(page)).to_be_focused()
    page.keyboard.press("Control+z")
    assert link(page) == ["A neighbour", "The caretaker"]
    page.keyboard.press("Control+y")
    assert link(page) == ["The caretaker", "A neighbour"]
    # with n the same words begin another chain, and Space chooses a marked passage
    for key in ("Control+Home", "]", "Space"):
        page.keyboard.press(key)
    expect(page.locator(".ss-picked").last).to_have_text("Marked already: “A neighbour”")
    page.keyboard.press("n")
    expect(working_on(page).locator("option:checked")).to_have_text("Chain 2: A neighbour")
    page.keyboard.press("]")
    for key in ("Control+Shift+ArrowRight", "Control+Shift+ArrowRight", "Enter"):
        page.keyboard.press(key)
    assert link(page) == ["A neighbour", "The caretaker"]
    expect(page.locator(".ss-strip")).to_have_count(2)


def test_a_chain_by_typed_words(builder: Mount) -> None:
    """The occurrence is asked for where the words stand several times; what is not there is told."""
    page = builder(hand("a", **NOT))
    working_on(page).select_option("a")
    region(page).focus()
    page.keyboard.press("/")
    field = page.get_by_label("Words from the text")
    expect(field).to_be_focused()
    page.keyboard.press("Enter")
    expect(status(page)).to_have_text("Type some words from the text first.")
    field.fill("the teacher")
    expect(page.locator(".ss-found")).to_contain_text("These words are not in the text.")
    field.fill("THE newsletter")
    expect(page.locator(".ss-found legend")).to_have_text("Found 2 times. Which one do you mean?")
    field.press("Enter")
    expect(status(page)).to_have_text("Choose which occurrence you mean.")
    page.locator(".ss-found input").nth(1).check()
    page.locator(".ss-found input").nth(1).press("Enter")
    assert link(page) == ["A neighbour", "the newsletter"]
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    field.fill("a survey")
    expect(page.locator(".ss-found p")).to_have_text("Found once, in S4.")
    page.locator(".ss-quoter").get_by_role("button", name="Begin a new chain").click()
    expect(working_on(page).locator("option:checked")).to_have_text("Chain 2: a survey")


def test_a_chain_by_tapping_words(builder: Mount) -> None:
    """The first word, then the last one."""
    page = builder()
    page.get_by_role("button", name="Tap words").click()
    for word in ("mayor", "newsletter, spoke"):
        place = page.evaluate(
            """(word) => {
              const walker = document.createTreeWalker(document.querySelector(".ss-text"), NodeFilter.SHOW_TEXT);
              for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const at = node.data.indexOf(word);
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(node, at + 1); range.setEnd(node, at + 3);
                const { left, top, height } = range.getBoundingClientRect();
                return [left, top + height / 2];
              }
            }""",
            word,
        )
        page.mouse.click(*place, delay=150)  # a hand takes its time between press and click
    page.get_by_role("button", name="Begin a new chain").first.click()
    assert sent(page)[0]["span"]["quote"] == "mayor, who read the newsletter"


def test_a_hand_stands_in_several_chains(builder: Mount) -> None:
    """It is chosen from the list, told in both, and stays when it leaves one."""
    page = builder(*DRAWN, links=CHAINS)
    expect(page.locator(".ss-strip")).to_have_count(2)
    assert drawing(page, 1)[2] == "the newsletter S2 · also in another chain shown"
    working_on(page).select_option("c2")
    known = page.get_by_label("Or a passage that is marked already")
    known.select_option("b")
    page.get_by_role("button", name="Add", exact=True).click()
    assert link(page) == ["a survey", "The mayor", "the newsletter", "the caretaker"]
    page.get_by_role("button", name="Take out: “the caretaker”").click()
    assert (sent(page)[-1]["op"], link(page)) == ("link", ["a survey", "The mayor", "the newsletter"])
    expect(page.get_by_role("button", name="Take out: “the newsletter”")).to_be_focused()
    page.get_by_role("button", name="Take out: “The mayor”").click()
    assert (sent(page)[-1]["op"], sent(page)[-1]["span"]["id"]) == ("remove", "e")
    expect(page.locator(".ss-strip").nth(1).locator(".ss-link-hand")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    assert [m["op"] for m in sent(page)[-2:]] == ["add", "link"]
    assert link(page) == ["a survey", "The mayor", "the newsletter"]


def test_a_chain_goes_and_comes_back_in_one_step(builder: Mount) -> None:
    """With the marks that stand in no other chain."""
    page = builder(*DRAWN, links=CHAINS)
    page.get_by_role("button", name="Work on it: chain 1").click()
    expect(working_on(page)).to_be_focused()
    page.get_by_role("button", name="Delete this chain").click()
    assert [(m["op"], (m.get("span") or m["relation"])["id"]) for m in sent(page)] == [
        ("unlink", "c1"),
        ("remove", "a"),
        ("remove", "b"),
    ]
    expect(page.locator(".ss-strip")).to_have_count(1)
    expect(working_on(page)).to_be_focused()
    page.keyboard.press("Control+z")
    expect(page.locator(".ss-strip")).to_have_count(2)
    assert drawing(page)[0] == "A neighbour S1 not shown"
    page.keyboard.press("Control+Shift+z")
    expect(page.locator(".ss-strip")).to_have_count(1)


def test_a_marked_passage_is_chosen_and_deleted_in_the_text(builder: Mount) -> None:
    """A click chooses it; of several at one place, a list asks."""
    page = builder(
        *DRAWN, {**hand("c"), "id": "x", "end": hand("c")["end"] + 1, "quote": "the newsletter."}, links=CHAINS
    )
    page.locator(".ss-seg[data-ids~=x]").first.click()
    page.get_by_role("menuitem", name="the newsletter.").click()
    expect(page.locator(".ss-picked").last).to_have_text("Marked already: “the newsletter.”")
    page.get_by_role("button", name="Delete this mark").click()
    assert (sent(page)[-1]["op"], sent(page)[-1]["span"]["id"]) == ("remove", "x")
    expect(page.get_by_role("button", name="Begin a new chain").first).to_have_attribute("aria-disabled", "true")
    region(page).focus()
    page.keyboard.press("Enter")
    expect(status(page)).to_have_text(re.compile("Select some words in the text first"))


def test_seen_from_the_page(builder: Mount) -> None:
    """Where chains meet is told once, with their number."""
    page = builder(*DRAWN, links=CHAINS)
    tree = page.locator(".ss-branches")
    assert re.sub(r"\s+", " ", tree.inner_text()) == (
        "This article the newsletter S2 · in 2 chains shown the caretaker S1 not shown A neighbour S1 · "
        "by somebody the text does not name not shown The mayor S4 not shown a survey S4 shown or not?"
    )
    expect(tree.locator(".ss-arrow-gap")).to_have_count(1)


def test_all_of_a_text_is_marked_and_read(page: Page, tmp_path: Path) -> None:
    """Also what is far below; it follows another width, and markers can be had for it."""
    words = [f"Neighbour {number} told somebody in the street about the roof of the school." for number in range(80)]
    text = Article("Roof to be mended\n\n" + "\n\n".join(words), title="Roof", provenance="Invented.", note="")
    made = ChainBuilder(LabelStore(tmp_path, "04_chains", text, NEWS), layers=["chains"], asked=["S1"], title="Chains")
    base = {"layer": "chains", "label": "HAND", "confidence": None, "note": "", "discuss": False, "attributes": {}}
    found = [text.find(f"Neighbour {number}")[0] for number in range(10, 80)]
    spans = [{**base, "id": f"x{a}", "start": a, "end": b, "quote": text.text[a:b]} for a, b in found]
    mounted(page, {"_view": made._view, "_state": {**made._state, "spans": spans, "relations": []}})
    expect(page.locator(".ss-seg[data-ids]")).to_have_count(70)
    page.set_viewport_size({"width": 500, "height": 600})
    page.wait_for_function("() => document.querySelector('.ss-part.ss-far') !== null")
    page.wait_for_function("() => document.querySelector('.ss-part:not(.ss-laid), .ss-far') === null")
    markers = page.get_by_role("button", name="Markers")
    markers.click()
    expect(markers).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".ss-seg[data-starts]")).to_have_count(70)


# ------------------------------------------------------------------------------------------------------------- saving


def test_what_is_saved_is_there_after_a_reload(page: Page, browser: Browser, tmp_path: Path) -> None:
    """Through the real Python side, into the file and back, in the order of the chain."""
    mounted(page, traits(tmp_path))
    for words, button in (("the caretaker", "Begin a new chain"), ("A neighbour", "Add to chain 1")):
        pick(page, words)
        page.get_by_role("button", name=button).first.click()
    page.locator(".ss-hand").first.get_by_label("Not shown").check()
    store = LabelStore(tmp_path, "04_chains", TEXT, NEWS)
    widget, answers = ChainBuilder(store, layers=["chains"]), []
    widget.send = answers.append
    for message in sent(page):
        widget._receive(widget, message, [])
    assert [answer["type"] for answer in answers] == ["ack"] * 4
    (made,) = store.labels.relations
    assert [store.labels[member].quote for member in made.members] == ["the caretaker", "A neighbour"]
    again = ChainBuilder(LabelStore(tmp_path, "04_chains", TEXT, NEWS), layers=["chains"], asked=["S1"])
    fresh = browser.new_page()
    fresh.goto(HARNESS)
    fresh.wait_for_function("window.ready === true")
    mounted(fresh, {"_view": again._view, "_state": again._state})
    wanted = ["the caretaker S1 not shown", "A neighbour S1 shown or not?", "This article", "You"]
    eventually(fresh, lambda: drawing(fresh), wanted)
    expect(fresh.locator(".ss-chip")).to_contain_text("(revision 4)")
    fresh.close()


def test_nothing_is_called_saved_before_it_is(page: Page, tmp_path: Path) -> None:
    """Unanswered changes are sent again; a refused one is taken back."""
    made = traits(tmp_path)
    made["_view"]["timing"] = {"waiting": 150, "resend": 150, "write": 0}
    mounted(page, made)
    page.evaluate("window.ackAll = false")
    pick(page, "A neighbour")
    page.get_by_role("button", name="Begin a new chain").first.click()
    expect(page.locator(".ss-chip")).to_have_text("Waiting for the notebook to finish")
    page.wait_for_function("window.sent.filter((m) => m.type === 'op').length > 1")
    client = sent(page)[0]["client"]
    no = {"type": "refused", "client": client, "seq": 1, "code": "X", "message": "X · not possible", "retry": False}
    page.evaluate("(message) => window.deliver(message)", no)
    expect(page.locator(".ss-chip")).to_have_text("Not saved: X · not possible")
    expect(page.locator(".ss-strip")).to_have_count(0)


def test_a_change_from_elsewhere_is_followed(builder: Mount) -> None:
    """The chain that is worked on stays chosen while another page changes it; when it is gone, a new one is begun."""
    page = builder(*DRAWN, links=CHAINS)
    working_on(page).select_option("c1")
    told = {"type": "ack", "client": "other", "seq": 1, "saved_at": "2026-11-22T12:03:05Z", "sha": "0"}
    page.evaluate("(m) => window.deliver(m)", {**told, "rev": 8, "op": "link", "relation": chain("c1", "cab")})
    expect(page.locator(".ss-hand").first).to_contain_text("the newsletter")
    page.evaluate("(m) => window.deliver(m)", {**told, "rev": 9, "op": "unlink", "relation": {"id": "c1"}})
    expect(page.locator(".ss-strip").first.locator(".ss-link-hand")).to_have_count(3)  # of chain 2
    expect(page.locator(".ss-strip")).to_have_count(3)


def test_read_only(page: Page, tmp_path: Path) -> None:
    """Said at once; nothing can be changed, everything can be read."""
    made = traits(tmp_path, *DRAWN, links=CHAINS)
    made["_view"]["readonly"] = made["_state"]["readonly"] = {"code": "R", "message": "R · read only"}
    mounted(page, made)
    expect(page.get_by_role("alert")).to_contain_text("R · read only")
    working_on(page).select_option("c1")
    expect(page.get_by_role("button", name="Take out: “A neighbour”")).to_be_disabled()
    expect(page.locator(".ss-hand input").first).to_be_disabled()
    page.get_by_role("region", name="Article text").focus()
    page.keyboard.press("Enter")
    assert sent(page) == []


def test_nothing_is_left_behind(builder: Mount) -> None:
    page = builder(*DRAWN, links=CHAINS)
    page.evaluate("window.removeView(0)")
    assert page.evaluate("window.model.listeners()") == 0
    expect(page.locator(".ss-chains")).to_have_count(0)


# ------------------------------------------------------------------------------------------- for everybody, everywhere


@pytest.mark.parametrize("light", ["true", "false"])
@pytest.mark.parametrize("width", [1200, 320])
def test_axe_finds_nothing(builder: Mount, light: str, width: int) -> None:
    """With everything open; and nothing needs to be scrolled sideways at 400 %."""
    page = builder(*DRAWN, links=CHAINS)
    page.set_viewport_size({"width": width, "height": 700})
    page.evaluate("(light) => { document.body.dataset.jpThemeLight = light; }", light)
    working_on(page).select_option("c1")
    page.locator(".ss-quoter summary").click()
    page.get_by_label("Words from the text").fill("the newsletter")
    expect(page.locator(".ss-found legend")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    wide = page.locator(".ss-chains *:not(.ss-visually-hidden, .ss-visually-hidden *, .ss-skip)")
    assert wide.evaluate_all("(all) => all.filter((e) => e.getBoundingClientRect().right > innerWidth + 1).length") == 0


def test_what_a_screen_reader_finds(builder: Mount) -> None:
    """The drawing is a list in words, the questions are groups of radio buttons."""
    page = builder(*DRAWN, links=CHAINS)
    working_on(page).select_option("c1")
    expect(page.locator(".ss-strip").first).to_match_aria_snapshot(
        """
        - list "chain 1, from the origin to you":
          - listitem: A neighbour S1 not shown
          - listitem: Somebody the text does not name
          - listitem: the caretaker S1 not shown
          - listitem: the newsletter S2 · also in another chain shown
          - listitem: This article
          - listitem: You
        """
    )
    expect(page.locator(".ss-hands")).to_match_aria_snapshot(
        """
        - list "Hands of chain 1, from the origin on":
          - listitem:
            - group /Does the text let you see for yourself/:
              - radio "Shown"
              - radio "Not shown" [checked]
            - group /Where does it go next/:
              - radio "To the next hand"
              - radio "Through someone the text does not name" [checked]
            - 'button "Earlier: “A neighbour”" [disabled]'
            - 'button "Later: “A neighbour”"'
            - 'button "Take out: “A neighbour”"'
            - 'button "Go to: “A neighbour”"'
        """
    )


def test_colours_are_never_needed(builder: Mount) -> None:
    """Forced colours and reduced motion: lines, dashes, eyes and words are still there; on paper too."""
    page = builder(*DRAWN, links=CHAINS)
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    assert page.locator(".ss-arrow path").first.evaluate("(e) => getComputedStyle(e).stroke") != "none"
    assert page.locator(".ss-box-gap").evaluate("(e) => getComputedStyle(e).borderTopStyle") == "dashed"
    dashes = page.locator(".ss-arrow-gap path:first-child").first.evaluate("(e) => getComputedStyle(e).strokeDasharray")
    assert dashes != "none"
    page.emulate_media(forced_colors="none", media="print")
    expect(page.locator(".ss-strip").first).to_be_visible()
    expect(page.locator(".ss-text")).to_be_visible()
    for gone in (".ss-bar", ".ss-side", ".ss-quoter", ".ss-foot"):
        expect(page.locator(gone)).to_be_hidden()


def test_from_right_to_left(page: Page, tmp_path: Path) -> None:
    """Arrows point the other way."""
    made = traits(tmp_path, *DRAWN, links=CHAINS)
    made["_view"]["direction"] = "rtl"
    mounted(page, made)
    boxes = page.locator(".ss-strip").first.locator(".ss-box")
    first, second = (boxes.nth(i).bounding_box() for i in (0, 1))
    assert first is not None
    assert second is not None
    assert first["x"] > second["x"]
    turned = page.locator(".ss-strip .ss-arrow").first.evaluate("(e) => getComputedStyle(e).transform")
    assert turned == "matrix(-1, 0, 0, 1, 0, 0)"


def test_in_german(builder: Mount) -> None:
    page = builder(*DRAWN, links=CHAINS, interface="de")
    expect(page.locator(".ss-overs").first).to_have_text("Mindestens 2 Weitergaben, die du nicht prüfen kannst.")
    expect(page.get_by_role("button", name="Neue Kette anfangen").first).to_be_visible()
    assert not re.search(r"\b(undefined|chain|hand-over)\b", page.locator(".ss-gallery").inner_text())


def test_hostile_strings_stay_text(page: Page, tmp_path: Path) -> None:
    """In every string that is not ours."""
    bad = " ".join(text for text in CORPUS.values() if len(text) < 200)
    made = traits(tmp_path, *DRAWN, links=CHAINS)
    view = json.loads(json.dumps(made["_view"]))
    for words in (view, view["article"]):
        words["title"] = bad
    view["article"]["provenance"] = view["article"]["note"] = bad
    layer = view["layers"][0]
    layer["question"] = layer["name"] = bad
    for told in ("name", "ask", "definition", "rule", "example", "near_miss"):
        layer["labels"][0][told] = bad
    for asked in layer["labels"][0]["attributes"]:
        asked["question"] = bad
        for value in asked["values"]:
            value["name"] = bad
    for sentence in view["sentences"]:
        sentence["id"] = bad
    for span in made["_state"]["spans"]:
        span["note"] = bad
    mounted(page, {**made, "_view": view})
    working_on(page).select_option("c1")
    page.get_by_role("button", name="Later: “A neighbour”").click()
    active = "img, script, iframe, object, embed, link, base, form[action], [onerror], [onload], a[href]"
    assert page.locator(".ss-chains").locator(active).count() == 0
    assert page.evaluate("document.title") == "widget on a bare page"
