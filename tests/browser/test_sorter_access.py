"""The sorter for everybody, and against attacks: spoken, any colours, sizes, directions, on paper, hostile strings."""

import json
import re
from collections.abc import Callable
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from browser.test_access import LOST, SPACED
from browser.test_hostile import (
    FIXED,
    LONG,
    POKE,
    POOL,
    expect_none,
    inspect,
    missing,
    mount,
    strict,
    tight,
)
from browser.test_labeller import violations
from browser.test_sorter import (
    ARTICLE,
    HARNESS,
    KINDS,
    NEWS,
    answer,
    chip,
    choose,
    row,
    sent,
    sorter,
    sure,
    traits,
    welcome,
)
from browser.waiting import arrived
from hostile import attacked
from secondsource.article import Article
from secondsource.languages import language
from secondsource.store import LabelStore
from secondsource.widgets import Sorter

__all__ = ["sorter", "strict"]  # fixtures

Mount = Callable[..., Page]
Json = dict[str, Any]
BUSY = {
    "claims": [answer("S1", "opinion", confidence=0.8, note="A judgement."), answer("S2", "fact_claim")],
    "trust": [answer("S1", "7", "trust", confidence=0.6), answer("S2", "10", "trust")],
    "answers": [answer("C1", "ANSWER", "answers", note="One is sure of itself.\nThe other can be checked.")],
}
MESSAGE = {"code": "READONLY", "message": "READONLY · this folder cannot be written to."}


# ------------------------------------------------------------------------------------------- what is read aloud


def test_the_tree_of_choices(sorter: Mount) -> None:
    page = sorter("claims", *BUSY["claims"], asked=["S1", "S2"])
    expect(page.locator(".ss-sorter")).to_match_aria_snapshot("""
      - heading "Sort" [level=2]
      - button "Undo" [disabled]
      - button "Redo" [disabled]
      - button "Shortcuts"
      - paragraph: Invented text, written for practice.
      - paragraph: Nothing here is real.
      - heading "What would it take to check this sentence?" [level=3]
      - paragraph: 2 of 2 answered, 1 with a confidence
      - button "Next unanswered"
      - list "Items to answer":
        - listitem:
          - group "S1":
            - paragraph:
              - text: The council met on Monday.
              - button "Show in context (S1)"
            - radiogroup "Your answer to S1":
              - radio "Fact claim"
              - radio "Opinion" [checked]
              - radio "Prediction"
              - radio "Background"
            - radiogroup "How sure are you of your answer to S1?":
              - radio "20 % – guessing"
              - radio "40 %"
              - radio "60 %"
              - radio "80 %" [checked]
              - radio "100 % – certain"
            - button "Why? (S1)" [expanded]
            - button "Clear (S1)"
            - textbox "Why? (S1)": A judgement.
        - listitem:
          - group "S2"
    """)
    group = row(page, "S1").get_by_role("radiogroup", name="Your answer to S1", exact=True)
    assert (
        group.evaluate("(e) => document.getElementById(e.getAttribute('aria-describedby')).textContent")
        == "The council met on Monday."
    )
    described = row(page, "S1").get_by_role("radio", name="Opinion").get_attribute("aria-description")
    assert described == NEWS.layer("claims").label("opinion").ask


def test_the_tree_of_a_scale_and_of_words(sorter: Mount) -> None:
    expect(sorter("trust", *BUSY["trust"], asked=["S1"]).locator("[data-item]")).to_match_aria_snapshot("""
      - listitem:
        - group "S1":
          - radiogroup "Your answer to S1":
            - radio "0 not at all"
            - radio "1"
            - radio "2"
            - radio "3"
            - radio "4"
            - radio "5"
            - radio "6"
            - radio "7" [checked]
            - radio "8"
            - radio "9"
            - radio "10 completely"
    """)
    page = sorter("answers", *BUSY["answers"])
    expect(row(page, "C1")).to_match_aria_snapshot("""
      - listitem:
        - group "Card 1 (C1)":
          - paragraph: What is the difference? Say it in one sentence.
          - textbox "Your answer to Card 1 (C1)": One is sure of itself. The other can be checked.
          - paragraph: 10 words
    """)


def test_little_is_read_aloud(sorter: Mount) -> None:
    """A radio button says by itself that it was chosen; what goes wrong, and what is gone, is said."""
    page = sorter()
    page.evaluate(
        """() => {
          window.told = [];
          const region = document.querySelector("[role=status]");
          new MutationObserver(() => window.told.push(region.textContent)).observe(region, { childList: true });
        }"""
    )
    choose(page, "S1", "Opinion")
    sure(page, "S1", "80 %")
    expect(page.locator(".ss-status")).to_have_text("S1: Opinion. Confidence: 80 %.")
    expect(chip(page)).to_contain_text("Saved")
    row(page, "S1").get_by_role("button", name="Clear").click()
    expect(page.get_by_role("status")).to_have_text("S1: the answer is gone. Undo brings it back.")
    assert page.evaluate("window.told") == ["S1: the answer is gone. Undo brings it back."]


def flaws(page: Page) -> list[str]:
    """All that axe finds in the light theme, and what of it depends on colours in the dark one."""
    found = violations(page)
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    dark = Axe().run(page, context=".ss-sorter", options={"runOnly": ["color-contrast"]}).response["violations"]
    page.evaluate("document.body.dataset.jpThemeLight = 'true'")
    return found + [node["html"][:200] for rule in dark for node in rule["nodes"]]


@pytest.mark.parametrize("layer", BUSY)
def test_axe_finds_nothing(sorter: Mount, layer: str) -> None:
    page = sorter(layer, *BUSY[layer], silent=True, view={"timing": {"waiting": 1, "resend": 60_000, "write": 0}})
    if layer != "answers":
        row(page, "S2").get_by_role("button", name="Show in context").click()
    assert flaws(page) == []
    if layer == "answers":
        row(page, "C3").locator("textarea").fill("words")
    else:
        choose(page, "S3", {"claims": "Opinion", "trust": "3"}[layer])
    expect(chip(page)).to_have_text("Waiting for the notebook to finish")
    assert flaws(page) == []
    client = sent(page, "hello")[0]["client"]
    refused = {"type": "refused", "client": client, "seq": 1, "code": "X", "message": "X · no"}
    page.evaluate("(m) => window.deliver(m)", refused)
    expect(chip(page)).to_have_text("Not saved: X · no")
    expect(page.get_by_role("status")).to_have_text(re.compile("Not saved: X · no"))
    welcome(page, *BUSY[layer], readonly=MESSAGE, notice="Something was repaired.")
    expect(page.get_by_role("alert")).to_be_visible()
    assert flaws(page) == []
    page.get_by_role("button", name="Shortcuts").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert flaws(page) == []


# ------------------------------------------------------------------------------------------- sizes, colours, directions


@pytest.mark.parametrize("spaced", [False, True])
@pytest.mark.parametrize(("width", "height"), [(320, 256), (480, 800), (1280, 900)])
def test_nothing_is_lost_at_any_size(sorter: Mount, width: int, height: int, spaced: bool) -> None:
    """400 % of a window 1,280 pixels wide is 320 pixels: nothing sticks out, nothing has to be scrolled sideways."""
    for layer, spans in BUSY.items():
        page = sorter(layer, *spans)
        page.set_viewport_size({"width": width, "height": height})
        if spaced:
            page.add_style_tag(content=SPACED)
        assert page.evaluate(LOST) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_targets_are_large_enough(sorter: Mount, browser: Browser, tmp_path: Path) -> None:
    small = """([width, height]) => [...document.querySelectorAll(".ss-root button, .ss-root .ss-step, .ss-s-point")]
      .filter((e) => e.checkVisibility({ visibilityProperty: true }))
      .filter((e) => e.getBoundingClientRect().height < height - 0.5 || e.getBoundingClientRect().width < width - 0.5)
      .map((e) => e.outerHTML.slice(0, 120))"""
    for layer in ("claims", "trust"):
        page = sorter(layer, *BUSY[layer])
        page.set_viewport_size({"width": 360, "height": 800})
        assert page.evaluate(small, [24, 24]) == []
    context = browser.new_context(viewport={"width": 360, "height": 800}, has_touch=True, is_mobile=True)
    touch = context.new_page()
    for layer in ("claims", "trust"):
        touch.goto(HARNESS)
        touch.wait_for_function("window.ready === true")
        touch.evaluate(
            "([s, c, t]) => window.mount(s, c, t)",
            [str(Sorter._esm), str(Sorter._css), traits(tmp_path, layer, *BUSY[layer])],
        )
        assert touch.evaluate(small, [24, 44]) == []
        assert touch.evaluate("document.documentElement.scrollWidth <= innerWidth")
    row(touch, "S3").locator(".ss-s-point").nth(4).tap()
    arrived(touch, 1)  # a tap becomes a click a moment after the touch
    assert sent(touch)[-1]["span"]["label"] == "4"
    context.close()


def test_in_forced_colours_what_is_chosen_is_seen(sorter: Mount) -> None:
    page = sorter("trust", *BUSY["trust"])
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    look = "(e) => [getComputedStyle(e).backgroundColor, getComputedStyle(e).borderTopWidth].join()"
    points = row(page, "S1").locator(".ss-s-point")
    assert points.nth(7).evaluate(look) != points.nth(6).evaluate(look)
    steps = row(page, "S1").locator(".ss-sure .ss-step")
    assert steps.nth(2).evaluate(look) != steps.nth(1).evaluate(look)
    assert page.locator(".ss-s-line").evaluate("(e) => getComputedStyle(e, '::before').transitionDuration") == "0s"


def test_right_to_left(sorter: Mount) -> None:
    """The text one way, the interface the other, and both."""
    hebrew = Article("כותרת\n\nהמועצה נפגשה ביום שני.", provenance="p", language="he")
    KINDS["hebrew"] = (hebrew, NEWS)
    view = traits_of(hebrew)
    page = sorter("claims", view={**view, "direction": "rtl"})
    text, choices = page.locator(".ss-s-text").first, page.locator(".ss-s-choice")
    assert text.evaluate("(e) => getComputedStyle(e).direction") == "rtl"
    first, second = (choices.nth(n).bounding_box() for n in (0, 1))
    assert first
    assert second
    assert first["x"] > second["x"]
    assert page.locator("legend").first.bounding_box()["x"] > first["x"]
    assert page.evaluate(LOST) == []
    choices.first.locator("input").focus()
    page.keyboard.press("Space")
    assert sent(page)[-1]["span"]["quote"] == "המועצה נפגשה ביום שני."


def traits_of(article: Article) -> Json:
    """The parts of a view that come from the text."""
    made = Sorter(LabelStore(Path("nowhere"), "x", article, NEWS), layers=["claims"])._view
    return {name: made[name] for name in ("article", "blocks", "sentences")}


def test_in_german(sorter: Mount) -> None:
    page = sorter("claims", interface="de")
    expect(page.locator(".ss-s-progress")).to_have_text("0 von 4 beantwortet, 0 mit Angabe zur Sicherheit")
    choose(page, "S1", "Opinion")
    expect(page.locator(".ss-status")).to_have_text("S1: Opinion. Wie sicher bist du?")
    page.get_by_role("button", name="Tasten").click()
    expect(page.get_by_role("dialog")).to_contain_text("nächster Eintrag ohne Antwort")
    assert page.locator(".ss-sorter").get_attribute("lang") == "de"
    assert language("de").say("sorter", "words_written", count=2) == "2 Wörter"


# ------------------------------------------------------------------------------------------- paper, and no script


@pytest.mark.parametrize("layer", BUSY)
def test_on_paper(sorter: Mount, layer: str) -> None:
    page = sorter(layer, *BUSY[layer])
    page.evaluate("document.body.dataset.jpThemeLight = 'false'; dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    article = KINDS[layer][0]
    for words in (article.provenance, *(line for span in BUSY[layer] for line in span["note"].split("\n") if line)):
        expect(page.get_by_text(words).locator("visible=true").first).to_be_visible()
    for item in (s for s in article.sentences if s.id != "H"):
        expect(row(page, item.id).locator(".ss-s-text")).to_be_visible()
    expect(page.locator(".ss-root button:visible")).to_have_count(0)
    blank = page.locator(".ss-root textarea:visible")  # to be filled with a pen
    assert blank.evaluate_all("(all) => all.map((e) => e.value)") == [""] * (2 if layer == "answers" else 0)
    assert page.locator(".ss-root").evaluate("(e) => getComputedStyle(e).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator(".ss-scroller").evaluate("(e) => e.scrollHeight <= e.clientHeight + 1")
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".ss-s-paper")).to_have_count(0)


def test_the_still_picture_needs_no_script(browser: Browser, tmp_path: Path) -> None:
    store = LabelStore(tmp_path, "01_sort", ARTICLE, NEWS)
    for span in BUSY["claims"]:
        store.apply({"op": "add", "span": span})
    html = Sorter(store, layers=["claims"])._repr_mimebundle_()[0]["text/html"]
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_content(f"<!doctype html><html lang='en'><title>t</title>{html}")
    expect(page.get_by_text(ARTICLE.provenance)).to_be_visible()
    rows = page.locator("p:has(> strong:first-child + span)")
    expect(rows).to_have_text([re.compile(f"^{s.id} ") for s in ARTICLE.sentences[1:]])
    expect(rows.first).to_contain_text("→ Opinion. How sure: 80 %A judgement.")
    expect(rows.last).to_contain_text("no answer yet")
    expect(page.get_by_text("<b>unfair</b>")).to_be_visible()
    context.close()


# ------------------------------------------------------------------------------------------- hostile strings


@pytest.mark.parametrize("layer", BUSY)
def test_every_string_in_every_field(strict: Page, tmp_path: Path, layer: str) -> None:
    """Shown letter by letter, and nothing else."""
    made = traits(tmp_path, layer, *BUSY[layer])
    strings = POOL if layer == "claims" else POOL[::3]
    for offset in range(0, len(strings), 2):
        given = cycle([*strings[offset:], *strings[:offset]])
        hostile, put = attacked([made["_view"], made["_state"]], given, FIXED)
        hostile[0]["article"]["language"] = next(given)
        mount(strict, Sorter, _view=hostile[0], _state=hostile[1])
        strict.evaluate(POKE)
        strict.evaluate("document.querySelectorAll('[data-action=context]').forEach((b) => b.click())")
        strict.evaluate("document.querySelectorAll('.ss-s-choice input').forEach((input) => input.focus())")
        # titles and descriptions of the text, and what comes up for one label at a time
        quiet = {
            "name",
            "ask",
            "definition",
            "rule",
            "example",
            "near_miss",
            "title",
            "notice",
            "question",
            "low",
            "high",
        }
        loud = {path: text for path, text in put.items() if path[-1] not in quiet or path[:2] == (0, "title")}
        expect_none(strict, partial(missing, loud))


def test_a_deck_of_attacks(strict: Page, tmp_path: Path) -> None:
    """Cards and written answers are the stored ones, letter by letter; an answer among them is sent as typed."""
    cards = [" ".join(re.sub("[\ud800-\udfff]", "�", text).split()) for text in LONG]
    deck = Article("Deck 💩\n\n" + "\n\n".join(f"💩 {card}" for card in cards), provenance="p", cards=True)
    made = Sorter(LabelStore(tmp_path, "x", deck, KINDS["answers"][1]), layers=["answers"])
    mount(
        strict,
        Sorter,
        _view={**made._view, "timing": {"waiting": 60_000, "resend": 60_000, "write": 0}},
        _state=made._state,
    )
    shown = json.loads(
        strict.evaluate("JSON.stringify([...document.querySelectorAll('.ss-s-text')].map((n) => n.textContent))")
    )
    assert shown == [deck.text[s.start : s.end] for s in deck.sentences if s.id != "H"]
    for text in (LONG[0], LONG[-1]):
        box = strict.locator("textarea").first
        box.fill(text)
        box.blur()
        op = sent(strict)[-1]["span"]
        assert deck.text[op["start"] : op["end"]] == op["quote"]
        assert tight(op["note"]) == tight(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    inspect(strict)
