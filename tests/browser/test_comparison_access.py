"""The comparison for everybody: by keyboard, by its accessibility tree, in every colour, on paper, and when long."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.test_comparison import Mount, View, axe, chosen, comparison, dark, press, selected, shown, status, view
from browser.waiting import eventually
from secondsource.languages import language

__all__ = ["comparison"]  # the fixture

SWITCH = "secondsource:single-keys"


# ---- the accessibility tree


def test_the_tree_of_the_open_view(comparison: Mount) -> None:
    page = comparison()
    expect(page.locator(".ss-root")).to_match_aria_snapshot("""
      - region "What the wording does":
        - heading "What the wording does" [level=3]
        - paragraph: Case-study text. Claims unverified.
        - paragraph: Another text can be chosen.
        - paragraph: This is a draft key, not validated by human annotators yet.
        - heading "How it compares" [level=4]
        - paragraph:
          - text: You made
          - 'button "7 marks: show the 7 rows"'
          - text: .
        - paragraph:
          - 'button "2: show the 2 rows"'
          - text: are in the key.
        - paragraph:
          - text: "See the rows behind:"
          - 'button "1 contested: show the row"'
        - table "Overlap with the key, and what simple strategies would get":
          - rowgroup:
            - row "Reader Result, of 100":
              - columnheader "Reader"
              - columnheader "Result, of 100"
          - rowgroup:
            - row "You 53"
            - row /Mark everything.* 45/
        - heading "The text" [level=4]
        - group "How to read the marks":
          - paragraph:
            - checkbox "Show the whole key in the text"
          - group: What the words mean
        - region "The text":
          - paragraph: /S1Officials warn of a flood\\.S2.*Nobody else was asked\\./
        - region "Passage by passage":
          - heading "Passage by passage" [level=4]
          - group "Which rows to show":
            - button "Only differences 7" [pressed]
            - button "Everything 8"
            - button "Matched 1"
          - paragraph: Showing 7 of 8 rows.
          - button "Previous"
          - button "Next"
          - button "Show all answers"
          - checkbox "Single-key shortcuts (n and p)" [checked]
          - list "Passage by passage":
            - listitem:
              - button "Relabelled S1 Headline of the relabelled row."
        - status
    """)
    expect(page.get_by_role("list", name="Passage by passage").get_by_role("listitem")).to_have_count(7)


def test_the_tree_of_an_open_answer(comparison: Mount) -> None:
    page = comparison()
    press(page, "Missed S1")
    press(page, "Show the key’s answer")
    expect(page.locator(".ss-c-chosen")).to_match_aria_snapshot("""
      - listitem:
        - button "Missed S1 Headline of the missed row." [expanded]
        - paragraph: Your labels leave this one open.
        - paragraph:
          - strong: Hint
          - text: Hint for the missed row.
        - button "Hide the key’s answer" [expanded]
        - paragraph:
          - strong: The key’s answer (draft)
          - text: Loaded language
        - blockquote: a flood
        - paragraph: Every reader is expected to find this.
        - term: Why
        - definition: The reason for “a flood”.
        - term: The strongest argument against
        - definition: Against “a flood”.
        - term: Also accepted
        - definition: Doubt
    """)


@pytest.mark.parametrize(
    ("level", "says", "lacks"),
    [("score", "This exercise shows the numbers only", ("list", "checkbox", "button")),
     ("none", "Your labels are saved.", ("list", "checkbox", "button", "table"))],
)  # fmt: skip
def test_the_tree_of_what_is_closed(comparison: Mount, level: str, says: str, lacks: tuple[Any, ...]) -> None:
    page = comparison(view(level))
    expect(page.get_by_role("region", name="The text")).to_contain_text("Officials warn")
    expect(page.get_by_text(says)).to_be_visible()
    for role in lacks:
        expect(page.get_by_role(role)).to_have_count(0)


def test_the_tree_of_an_empty_filter(comparison: Mount) -> None:
    page = comparison()
    page.get_by_role("group", name="Which rows to show").get_by_role("button", name="Missed").click()
    page.evaluate("v => window.model.set('_view', v)", {**view(), "pairs": view()["pairs"][:2]})
    expect(page.get_by_role("list")).to_have_count(0)  # an empty list is not announced; the sentence is there instead
    expect(page.get_by_text("No rows to show here.")).to_be_visible()
    axe(page)


def test_what_is_pressed_is_told(comparison: Mount) -> None:
    page = comparison()
    press(page, "2: show the 2 rows")
    expect(page.get_by_role("button", name="2: show the 2 rows")).to_have_attribute("aria-pressed", "true")
    expect(status(page)).to_have_text("The 2 rows behind “2”.")
    press(page, "Everything")
    expect(page.get_by_role("button", name="2: show the 2 rows")).to_have_attribute("aria-pressed", "false")


# ---- keyboard alone


def focused(page: Page) -> str:
    name: str = page.evaluate("document.activeElement.dataset.focus ?? document.activeElement.tagName")
    return name


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the place has the focus; every stop on the way must be visible."""
    for _ in range(60):
        page.keyboard.press("Tab")
        ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert ring != "none", focused(page)
        if focused(page) == name:
            return
    pytest.fail(f"Tab never reaches {name}")


def test_everything_by_keyboard_alone(comparison: Mount) -> None:
    page = comparison()
    tab_to(page, "number-right")
    page.keyboard.press("Enter")
    expect(shown(page)).to_have_count(2)
    expect(page.locator(":focus")).to_have_text("The 2 rows behind “2”.")  # on to the rows from here
    tab_to(page, "row-1")
    page.keyboard.press("Enter")
    expect(chosen(page)).to_contain_text("matched row")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_text("The reason for “warn”.")).to_be_visible()
    for name in ("show-key", "words", "text", "all"):
        page.locator(".ss-c-title").focus()
        tab_to(page, name)
        if name != "text":
            page.keyboard.press("Space")
    expect(page.get_by_label("Show the whole key in the text")).to_be_checked()
    expect(page.get_by_text("What missed means.")).to_be_visible()
    expect(shown(page)).to_have_count(8)
    tab_to(page, "all-answers")
    page.keyboard.press("Enter")
    expect(page.locator(".ss-c-answer:visible")).to_have_count(7)


def test_the_list_is_one_stop(comparison: Mount) -> None:
    page = comparison()
    tab_to(page, "row-0")
    page.keyboard.press("Tab")
    assert focused(page) == "BODY"  # the last stop of the view


def test_single_key_shortcuts_can_be_turned_off(comparison: Mount) -> None:
    page = comparison()
    switch = page.get_by_label("Single-key shortcuts (n and p)")
    tab_to(page, "single-keys")
    expect(page.get_by_role("button", name="Next")).to_have_attribute("aria-keyshortcuts", "n")
    page.keyboard.press("Space")
    assert page.evaluate(f"localStorage.getItem('{SWITCH}')") == "off"  # the labeller reads the same
    page.keyboard.press("n")
    expect(chosen(page)).to_have_count(0)
    expect(page.get_by_text("Keys: arrow keys inside the list, Esc for the notebook.")).to_be_visible()
    assert page.get_by_role("button", name="Next").get_attribute("aria-keyshortcuts") is None
    tab_to(page, "row-0")
    page.keyboard.press("ArrowDown")
    expect(chosen(page)).to_contain_text("relabelled row")
    switch.check()
    assert page.evaluate(f"localStorage.getItem('{SWITCH}')") is None
    page.keyboard.press("n")
    expect(chosen(page)).to_contain_text("missed row")


def test_the_switch_of_another_widget_holds_here_at_once(comparison: Mount) -> None:
    page = comparison()
    page.get_by_role("button", name="Next").focus()
    page.evaluate(f"localStorage.setItem('{SWITCH}', 'off')")
    page.keyboard.press("n")
    expect(chosen(page)).to_have_count(0)
    page.keyboard.press("Tab")
    expect(page.get_by_label("Single-key shortcuts (n and p)")).not_to_be_checked()


def test_the_switch_works_where_the_browser_keeps_nothing(comparison: Mount, page: Page) -> None:
    page.evaluate("void (Storage.prototype.setItem = () => { throw new Error('full'); })")
    comparison()
    page.get_by_label("Single-key shortcuts (n and p)").uncheck()
    page.keyboard.press("n")
    expect(chosen(page)).to_have_count(0)
    page.get_by_label("Single-key shortcuts (n and p)").check()
    page.keyboard.press("n")
    expect(chosen(page)).to_have_count(1)


# ---- size, colour, motion, direction


SMALL = """root => [...root.querySelectorAll('button, summary, label, [role=checkbox]')]
  .filter(n => n.checkVisibility()).map(n => [n.textContent, n.getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24)
  .map(([text, box]) => `${text}: ${box.width} x ${box.height}`)"""


@pytest.mark.parametrize("width", [1280, 320])
def test_targets_are_large_enough_for_a_finger(comparison: Mount, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    comparison()
    press(page, "Show all answers")
    page.locator("summary").click()
    assert page.locator(".ss-root").evaluate(SMALL) == []


@pytest.mark.parametrize("level", ["visible", "marks", "score", "none"])
def test_at_400_percent_nothing_scrolls_sideways(comparison: Mount, page: Page, level: str) -> None:
    page.set_viewport_size({"width": 320, "height": 256})  # 1280 x 1024 at 400 %
    comparison(view(level))
    if level == "visible":
        press(page, "Show all answers")
        page.locator("summary").click()
    wide = """n => [...n.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
      .map(e => e.className)"""
    assert page.locator(".ss-root").evaluate(wide) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(page)


def contrast(page: Page, where: Locator, part: str = "") -> float:
    """Contrast of the colour that a thing is drawn in with the page behind it."""
    return float(
        where.evaluate(
            """(node, part) => {
          const light = (colour) => {
            const linear = (c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
            const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((c) => linear(c / 255));
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const style = getComputedStyle(node, part || null);
          const mine = part ? style.color : style.backgroundImage.match(/rgb\\([^)]*\\)/)?.[0] ?? style.color;
          const [a, b] = [light(mine), light(getComputedStyle(node.closest('.ss-root')).backgroundColor)].sort();
          return (b + 0.05) / (a + 0.05);
        }""",
            part,
        )
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_show_marks_shapes_and_focus(comparison: Mount, page: Page, scheme: Any) -> None:
    page.emulate_media(forced_colors="active", color_scheme=scheme)
    comparison()
    press(page, "Next")
    press(page, "Show the key’s answer")
    for swatch in page.locator(".ss-c-swatch").all():
        assert contrast(page, swatch) > 7
    for shape in page.locator(".ss-c-chip[aria-pressed=false] .ss-c-outcome").all():
        assert contrast(page, shape, "::before") > 7
    for mark in page.locator(".ss-c-marked[style*=gradient]").all():
        assert contrast(page, mark) > 7
    for name in ("number-marks", "differences", "next", "show-key", "row-0", "reveal-0"):
        place = page.locator(f"[data-focus={name}]")
        page.locator(".ss-c-title").focus()
        page.keyboard.press("Tab")  # from the keyboard, so that the ring shows
        place.focus()
        assert place.evaluate("n => getComputedStyle(n).outlineStyle") == "solid"
        ring = place.evaluate("n => getComputedStyle(n).outlineColor")
        assert ring == page.evaluate(
            "(() => { const n = document.body.appendChild(document.createElement('i')); n.style.color = 'CanvasText';"
            " const c = getComputedStyle(n).color; n.remove(); return c; })()"
        )


def test_less_motion_means_none(comparison: Mount, page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    comparison()
    press(page, "Next")
    assert page.locator(".ss-root").evaluate("n => n.getAnimations({ subtree: true }).length") == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_right_to_left_article_in_a_left_to_right_interface(comparison: Mount, page: Page, theme: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    if theme == "dark":
        dark(page)
    comparison({**view(), "article": {"language": "ar", "dir": "rtl"}})
    expect(page.locator(".ss-root")).to_have_attribute("dir", "ltr")
    press(page, "Next")
    quote = page.locator(".ss-c-quote:visible").first
    expect(quote).to_have_attribute("dir", "rtl")
    expect(quote).to_have_attribute("lang", "ar")
    page.get_by_label("Show the whole key in the text").check()
    drawn = page.locator(".ss-seg", has_text=re.compile("^a flood$")).evaluate("n => n.style.backgroundPosition")
    assert drawn.startswith("left")  # the end of a bracket is on the left
    axe(page)


def test_an_interface_in_another_direction(comparison: Mount) -> None:
    page = comparison({**view(), "direction": "rtl"})
    bar = page.locator(".ss-c-bar").first
    assert bar.evaluate("n => getComputedStyle(n).backgroundPosition").startswith("100%")
    expect(page.locator(".ss-c-article")).to_have_attribute("dir", "ltr")
    axe(page)


def test_the_words_come_in_the_language_that_was_chosen(comparison: Mount) -> None:
    words = language("de")
    page = comparison({**view(), "language": "de", "strings": words.table("comparison")})
    expect(page.locator(".ss-root")).to_have_attribute("lang", "de")
    expect(page.get_by_role("button", name=words.say("comparison", "next"))).to_be_visible()
    expect(page.locator(".ss-c-showing")).to_have_text(words.say("comparison", "rows_shown", count=7, total=8))


def test_every_word_of_the_page_is_in_the_table(comparison: Mount) -> None:
    """With a table of marks in place of words, no other words of the widget are left."""
    table = language("en").table("comparison")
    places = {name: re.findall(r"\{\w+\}", json.dumps(entry)) for name, entry in table.items()}
    strings = {name: "¤" + "".join(dict.fromkeys(places[name])) for name in table}
    given = {**view(), "strings": strings}
    known = {text for text in flat(given) if isinstance(text, str)}
    page = comparison(given)
    page.locator("[data-focus=all]").click()
    page.locator("[data-focus=all-answers]").click()
    texts = page.evaluate(
        """() => {
        const walker = document.createTreeWalker(document.querySelector('.ss-root'), NodeFilter.SHOW_TEXT);
        const all = [];
        while (walker.nextNode()) all.push(walker.currentNode.data.trim()); return all.filter(Boolean); }"""
    )
    own = {"Loaded language", "Doubt"}
    strange = [t for t in texts if "¤" not in t and t not in own and not any(t in k for k in known) and not t.isdigit()]
    assert strange == []


def flat(value: Any) -> list[Any]:
    """Everything that a view says, at any depth."""
    if isinstance(value, dict):
        return [leaf for each in value.values() for leaf in flat(each)]
    if isinstance(value, list):
        return [leaf for each in value for leaf in flat(each)]
    return [value]


# ---- paper


def test_on_paper(comparison: Mount, page: Page) -> None:
    dark(page)
    comparison(long_view(120))
    press(page, "Next")
    press(page, "Show the key’s answer")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".ss-c-block").evaluate_all("nodes => nodes.every(n => n.querySelector('.ss-seg'))")
    for there in (
        ".ss-provenance",
        ".ss-c-legend",
        ".ss-c-status",
        ".ss-c-answer:not([hidden])",
        ".ss-c-row >> nth=-1",
    ):
        expect(page.locator(there).first).to_be_visible()
    for gone in (".ss-c-filters", ".ss-c-stepper", ".ss-c-switch >> nth=0", "details", ".ss-c-detail > .ss-button"):
        expect(page.locator(gone).first).to_be_hidden()
    root = page.locator(".ss-root")
    assert root.evaluate("n => getComputedStyle(n).backgroundColor") == "rgb(255, 255, 255)"
    assert root.evaluate("n => getComputedStyle(n).printColorAdjust") == "exact"
    whole = "n => n.scrollHeight <= n.clientHeight + 1"
    assert page.locator(".ss-c-article").evaluate(whole)
    assert page.locator(".ss-c-rows").evaluate(whole)


# ---- long texts


def long_view(paragraphs: int = 340) -> View:
    """About sixty words and two rows in each paragraph; the same words are one row's and under the next one's key."""
    given = view()
    runs, pairs, blocks = [], [], []
    for b in range(paragraphs):
        i, words = 2 * b, f"It was said that help arrived late in place {b} and nobody asked. " * 4
        pairs += [{**given["pairs"][0], "i": i, "sid": f"S{b}"}, {**given["pairs"][2], "i": i + 1, "sid": f"S{b}"}]
        for n, pair in enumerate(pairs[-2:]):
            pair.update(headline=f"Row {i + n} of the long list.", hint=f"Hint {i + n}.")
            pair["key"] = {**pair["key"], "start": 1000 * b + 50 * n, "end": 1000 * b + 50 * n + 9}
        cut = [words[:40], words[40:60], words[60:90], words[90:]]
        marks: list[tuple[list[int], list[int]]] = [([], []), ([i], [i]), ([i], [i + 1]), ([], [])]
        runs = [
            {"text": text, "s": s, "k": k, "asked": True, "sid": None if n else f"S{b}"}
            for n, (text, (s, k)) in enumerate(zip(cut, marks, strict=True))
        ]
        lanes = {"s": {str(i): 0}, "k": {str(i): 0, str(i + 1): 0}}
        blocks.append({"id": f"b{b}", "kind": "paragraph", "start": 1000 * b, "runs": runs, "lanes": lanes})
    return {**given, "blocks": blocks, "pairs": pairs}


def settled(page: Page) -> None:
    """The rows and paragraphs that came after the first paint are all laid out."""
    kinds = ".ss-c-part, .ss-c-block:not(.ss-c-part *), .ss-c-group"
    expect(page.locator(f":is({kinds}):not(.ss-c-laid)")).to_have_count(0)


def in_tree(page: Page, role: str) -> int:
    """How many there are of a role in the accessibility tree of Chromium."""
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    return sum(node.get("role", {}).get("value") == role and not node["ignored"] for node in tree)


def test_a_long_text_is_drawn_where_it_is_looked_at(comparison: Mount) -> None:
    given = long_view()
    page = comparison(given)
    drawn = page.locator(".ss-c-block:has(.ss-seg)")
    expect(drawn.first).to_be_attached()
    assert drawn.count() < 40
    words = "".join(run["text"] for block in given["blocks"] for run in block["runs"])
    assert page.locator(".ss-c-article").evaluate("n => n.textContent") == words
    settled(page)  # heights that are guessed until then would move the last words away again
    page.locator(".ss-c-block").last.scroll_into_view_if_needed()
    expect(page.locator(".ss-c-block").last.locator(".ss-seg").nth(1)).to_be_in_viewport()
    assert drawn.count() < 80


def test_a_long_list_is_whole_for_keys_search_and_screen_readers(comparison: Mount) -> None:
    page = comparison(long_view())
    expect(page.locator(".ss-c-row")).to_have_count(680)
    settled(page)
    assert in_tree(page, "listitem") == 680
    assert in_tree(page, "paragraph") >= 340
    assert page.evaluate("window.find('Row 555 of the long list.')")
    page.locator(".ss-c-row-head[tabindex='0']").focus()
    page.keyboard.press("End")
    expect(page.locator(".ss-c-row-head:focus")).to_contain_text("Row 679 of the long list.")
    expect(page.locator(".ss-c-row-head:focus")).to_be_in_viewport()
    expect(page.locator(".ss-c-on").first).to_be_in_viewport()
    page.keyboard.press("p")
    expect(chosen(page)).to_contain_text("Row 678 of the long list.")
    eventually(page, lambda: selected(page), 678)
    page.get_by_role("button", name="Show all answers").click()
    expect(page.get_by_text("Hint 3.", exact=False).first).to_be_attached()
    expect(page.locator(".ss-c-answer")).to_have_count(680)
    page.get_by_role("group", name="Which rows to show").get_by_role("button", name="Missed").click()
    expect(page.locator(".ss-c-row")).to_have_count(340)
    settled(page)
    assert in_tree(page, "listitem") == 340
    axe(page)


COUNTED = """async (act) => {
  let count = 0;
  const seen = new MutationObserver((records) => { count += records.length; });
  const all = { subtree: true, childList: true, attributes: true, characterData: true };
  seen.observe(document.querySelector('.ss-root'), all);
  document.querySelector(act).click();
  await Promise.resolve();
  seen.disconnect();
  return count;
}"""


def test_a_step_touches_little_of_a_long_view(comparison: Mount) -> None:
    """No clock: what a step changes does not grow with the text."""
    page = comparison(long_view())
    expect(page.locator(".ss-c-row")).to_have_count(680)
    settled(page)
    page.locator("[data-focus=row-400]").click()
    expect(page.locator(".ss-c-on").first).to_be_in_viewport()
    for act in ("[data-focus=next]", ".ss-c-chosen [data-focus^=reveal]", "[data-focus=previous]"):
        assert page.evaluate(COUNTED, act) < 150


def test_opening_an_answer_far_down_does_not_move_the_text(comparison: Mount) -> None:
    page = comparison(long_view())
    expect(page.locator(".ss-c-row")).to_have_count(680)
    settled(page)
    page.locator("[data-focus=row-401]").click()
    expect(page.locator(".ss-c-on").first).to_be_in_viewport()
    place = "document.querySelector('.ss-c-on').closest('.ss-c-block').getBoundingClientRect().height"
    before = page.evaluate(place)
    page.locator("[data-focus=reveal-401]").click()
    expect(page.locator(".ss-c-on")).to_have_count(1)
    assert page.evaluate(place) == before
    assert page.evaluate("document.querySelector('.ss-c-on').style.backgroundImage").count("gradient") >= 3


FIRST = """(act) => {
  window.removeView(0);
  const el = document.getElementById("root").appendChild(document.createElement("div"));
  window.widget.render({ model: window.model, el }); // what comes in a later frame is not there yet
  const names = [".ss-c-summary", ".ss-c-legend", ".ss-c-article", ".ss-c-block", ".ss-c-marked"];
  window.places = () => names.map((name) => {
    const { left, top, width, height } = el.querySelector(name).getBoundingClientRect();
    return [left, top, width, height];
  });
  const rows = () => el.querySelectorAll(".ss-c-row").length;
  const there = { words: el.querySelector(".ss-c-article").textContent, rows: rows(), places: window.places() };
  if (act === "select") { window.model.set("selected", 1); }
  if (act === "print") { window.dispatchEvent(new Event("beforeprint")); }
  if (act === "compute") { window.model.set("_view", { ...window.model.get("_view") }); }
  return { ...there, then: rows() };
}"""


@pytest.mark.parametrize("width", [1200, 480])
def test_of_a_long_view_the_text_comes_first_and_does_not_move(comparison: Mount, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    given = long_view()
    comparison(given)
    first = page.evaluate(FIRST, "")
    assert first["words"] == "".join(run["text"] for block in given["blocks"] for run in block["runs"])
    assert first["rows"] == first["then"] == 0
    expect(page.locator(".ss-c-row")).to_have_count(680)
    expect(page.locator(".ss-c-words dt")).not_to_have_count(0)
    expect(page.get_by_role("button", name="7 marks: show the 7 rows")).to_be_visible()
    settled(page)
    assert page.evaluate("window.places()") == first["places"]


@pytest.mark.parametrize("act", ["select", "print", "compute"])
def test_what_waits_for_the_first_paint_comes_at_once_when_it_is_used(comparison: Mount, act: str) -> None:
    page = comparison(long_view())
    first = page.evaluate(FIRST, act)
    assert first["rows"] == 0
    assert (first["then"] > 0) == (act != "compute")
    expect(page.locator(".ss-c-row")).to_have_count(680)
    expect(page.locator(".ss-c-rows")).to_have_count(1)
    expect(page.locator(".ss-c-words dl")).to_have_count(1)
    if act == "select":
        expect(chosen(page)).to_contain_text("Row 1 of the long list.")
        expect(page.locator(".ss-c-on").first).to_be_in_viewport()


def test_a_view_that_goes_before_its_first_paint_leaves_nothing_behind(comparison: Mount, page: Page) -> None:
    comparison(long_view())
    page.evaluate(
        """async () => {
          const el = document.createElement("div");
          const cleanup = window.widget.render({ model: window.model, el });
          cleanup();
          for (let n = 0; n < 3; n += 1) await new Promise((done) => requestAnimationFrame(done));
          await new Promise((done) => setTimeout(done));
          window.left = el.childElementCount;
        }"""
    )
    assert page.evaluate("window.left") == 0


def test_while_the_width_changes_only_what_is_seen_follows(comparison: Mount, page: Page) -> None:
    comparison(long_view())
    expect(page.locator(".ss-c-row")).to_have_count(680)
    settled(page)
    page.evaluate(
        """() => {
          window.waited = new Set();
          for (const name of [".ss-c-part", ".ss-c-group"]) {
            const last = [...document.querySelectorAll(name)].at(-1);
            const look = () => { if (!last.matches(".ss-c-laid")) window.waited.add(name); };
            new MutationObserver(look).observe(last, { attributes: true });
          }
        }"""
    )
    page.set_viewport_size({"width": 700, "height": 900})
    page.wait_for_function("window.waited.size === 2")
    settled(page)
    assert in_tree(page, "listitem") == 680
    assert in_tree(page, "paragraph") >= 340


def test_a_character_that_steers_is_shown_and_does_nothing(comparison: Mount) -> None:
    given = view()
    given["blocks"][0]["runs"][0]["text"] = "Of\u202eficials"
    given["pairs"][0]["student"].update(quote="Of\u202eficials", note="a\u2066b")
    page = comparison(given)
    press(page, "Next")
    expect(page.locator(".ss-c-block .ss-steering")).to_have_attribute("data-sign", "RLO")
    expect(page.locator(".ss-c-quote .ss-steering")).to_have_count(1)
    expect(page.locator("bdi .ss-steering")).to_have_attribute("data-sign", "LRI")
    assert page.locator(".ss-c-block").evaluate("n => n.textContent").startswith("Of\u202eficials")
