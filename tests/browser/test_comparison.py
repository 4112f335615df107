"""The comparison view in a real browser: stepping, filters, answers, levels, hostile text, several views, axe."""

import itertools
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from browser.waiting import eventually
from secondsource.languages import language

View = dict[str, Any]
Mount = Callable[..., Page]

TEXT = "Officials warn of a flood. “A wave of doubt” has swept the town, 💩 said one. Nobody else was asked."
FIRST, SECOND = 26, 76  # where the first and the second sentence end
OUTCOMES = ("matched", "accepted", "boundary", "relabelled", "missed", "extra", "distractor", "contested")
HOSTILE = "<img src=x onerror=alert(1)>"


def mark(quote: str, label: str, confidence: float | None = None, note: str = "") -> dict[str, Any]:
    start = TEXT.index(quote)
    return {
        "label": label,
        "quote": quote,
        "start": start,
        "end": start + len(quote),
        "confidence": confidence,
        "note": note,
    }


def key(quote: str, label: str, tier: str = "core", also: tuple[str, ...] = ()) -> dict[str, Any]:
    span = mark(quote, label)
    del span["confidence"], span["note"]
    words = {"reason": f"The reason for “{quote}”.", "counter": f"Against “{quote}”."}
    return {**span, "tier": tier, "also": list(also), "draft": True, **words}


def rows() -> list[dict[str, Any]]:
    """One row per outcome, in the order of the text."""
    listed: list[tuple[str, Any, Any]] = [
        ("relabelled", mark("Officials", "doubt", 0.6), key("Officials", "loaded")),
        ("matched", mark("warn", "doubt", 1.0), key("warn", "doubt")),
        ("missed", None, key("a flood", "loaded", also=("doubt",))),
        ("boundary", mark("wave", "loaded"), key("A wave of doubt", "loaded")),
        ("accepted", mark("doubt", "doubt", 0.8, "My own note."), key("doubt", "loaded", "acceptable", ("doubt",))),
        ("contested", mark("swept", "loaded", 0.4), key("swept", "loaded", "contested")),
        ("distractor", mark("the town", "doubt"), None),
        ("extra", mark("said one", "doubt", 0.2), None),
    ]
    return [
        {
            "i": i,
            "outcome": outcome,
            "headline": f"Headline of the {outcome} row.",
            "hint": f"Hint for the {outcome} row.",
            "sid": "S1" if (student or answer)["start"] < FIRST else "S2",
            "layer": "rhetoric",
            "student": student,
            "key": answer,
            "why_not": "It only names a place." if outcome == "distractor" else None,
            "instead": "No mark at all." if outcome == "distractor" else None,
        }
        for i, (outcome, student, answer) in enumerate(listed)
    ]


def runs(pairs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The text cut wherever a mark, a key span or a sentence begins or ends."""
    spans = {
        "s": [(p["student"], p["i"]) for p in pairs if p["student"]],
        "k": [(p["key"], p["i"]) for p in pairs if p["key"]],
    }
    edges = {edge for group in spans.values() for span, _ in group for edge in (span["start"], span["end"])}
    cuts = sorted(edges | {0, FIRST, SECOND, len(TEXT)})
    sids = {0: "S1", FIRST: "S2", SECOND: "S3"}
    return [
        {
            "text": TEXT[a:b],
            "asked": a < SECOND,
            "sid": sids.get(a),
            **{
                who: [i for span, i in group if span["start"] <= a and b <= span["end"]] for who, group in spans.items()
            },
        }
        for a, b in itertools.pairwise(cuts)
    ]


def view(level: str = "visible") -> View:
    """A `_view` as Python sends it, already stripped for its level."""
    pairs = rows() if level in ("visible", "marks") else []
    if level == "marks":
        for pair in pairs:
            pair.update(key=None, why_not=None, instead=None)
    outcomes = {o: {"name": o.capitalize(), "within": o, "meaning": f"What {o} means.", "count": 1} for o in OUTCOMES}
    label = {"colour": "#b34700", "colour_dark": "#f0954f", "definition": "What it is.", "pattern": "solid"}
    numbers = [
        {"id": "marks", "text": "7 marks", "pairs": [p["i"] for p in pairs if p["student"]]},
        {"id": "right", "text": "2", "pairs": [1, 4]},
        {"id": "contested", "text": "1 contested", "pairs": [5]},
    ]
    baselines = [{"name": "Mark everything", "value": "45", "note": "Finds all, explains nothing."}]
    summary = {
        "lines": ["You made 7 marks.", "2 are in the key."],
        "score": {"name": "Overlap with the key", "value": "53", "of": "100", "reader": "About half is shared."},
        "baselines": baselines,
        "human": "Trained people reach 60 with one another.",
        "undefined": None,
        "numbers": numbers,
    }
    if level == "none":
        summary = {
            "lines": ["Your labels are saved."],
            "score": None,
            "baselines": [],
            "human": "",
            "undefined": None,
            "numbers": [],
        }
    lanes = {"s": {str(p["i"]): 0 for p in pairs}, "k": {str(p["i"]): int(p["i"] == 4) for p in pairs}}
    return {
        "title": "What the wording does",
        "level": level,
        "provenance": "Case-study text. Claims unverified.",
        "note": "Another text can be chosen.",
        "article": {"language": "en", "dir": "ltr"},
        "language": "en",
        "direction": "ltr",
        "strings": language("en").table("comparison"),
        "blocks": [{"id": "b0", "kind": "paragraph", "start": 0, "runs": runs(pairs), "lanes": lanes}],
        "labels": {
            "loaded": {**label, "name": "Loaded language"},
            "doubt": {**label, "name": "Doubt", "colour": "#0072b2", "colour_dark": "#6cb8ea", "pattern": "dashed"},
        },
        "outcomes": outcomes,
        "pairs": pairs,
        "summary": summary,
        "key_status": "This is a draft key, not validated by human annotators yet.",
    }


@pytest.fixture
def comparison(widget: Mount) -> Mount:
    def mount(given: View | None = None, selected: int = -1) -> Page:
        return widget("comparison", _view=view() if given is None else given, selected=selected)

    return mount


def shown(page: Page) -> Locator:
    return page.locator(".ss-c-row:visible")


def outcomes(page: Page) -> list[str]:
    return [text.lower() for text in page.locator(".ss-c-row:visible .ss-c-outcome").all_inner_texts()]


def chosen(page: Page) -> Locator:
    return page.locator(".ss-c-row-head[aria-current=true]")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def status(page: Page) -> Locator:
    return page.get_by_role("status")


def selected(page: Page) -> int:
    value: int = page.evaluate("window.saved_traits?.selected ?? window.model.get('selected')")
    return value


# ---- the text and the summary


def test_the_text_is_the_text_at_every_level(comparison: Mount) -> None:
    for level in ("visible", "marks", "score", "none"):
        page = comparison(view(level))
        assert page.evaluate("window.views.at(-1).el.querySelector('.ss-c-block').textContent") == TEXT
        page.evaluate("window.removeView(0)")


def test_header_and_summary(comparison: Mount) -> None:
    page = comparison()
    for text in (
        "Case-study text. Claims unverified.",
        "Another text can be chosen.",
        "This is a draft key",
        "About half is shared.",
    ):
        expect(page.get_by_text(text)).to_be_visible()
    table = page.get_by_role("table")
    expect(table.get_by_role("row")).to_have_count(3)
    expect(table.get_by_role("row", name="Mark everything")).to_contain_text("45")
    expect(page.get_by_text("Trained people reach 60")).to_be_visible()
    expect(page.locator(".ss-c-lines p").first).to_have_text("You made 7 marks.")


def test_an_undefined_score_gives_its_reason(comparison: Mount) -> None:
    given = view()
    given["summary"].update(score=None, undefined="Nobody used this label here.", baselines=[])
    page = comparison(given)
    expect(page.get_by_text("Nobody used this label here.")).to_be_visible()
    expect(page.get_by_role("table")).to_have_count(0)


def test_asked_sentences_show_their_number_without_changing_the_text(comparison: Mount) -> None:
    page = comparison()
    generated = "nodes => nodes.map(n => getComputedStyle(n, '::before').content.replace(/[^S0-9]/g, ''))"
    assert page.locator("[data-sid]").evaluate_all(generated) == ["S1", "S2"]
    expect(page.locator(".ss-seg.ss-c-quiet")).to_have_text([" Nobody else was asked."])


def drawn(page: Page, words: str) -> int:
    """Number of gradients under a passage: one for a bar, three for a line with two ends."""
    passage = page.locator(".ss-seg", has_text=re.compile(f"^{words}$"))
    count: int = passage.evaluate("n => n.style.backgroundImage").count("gradient")
    return count


def test_the_key_is_drawn_below_the_student_where_both_agree(comparison: Mount) -> None:
    page = comparison()
    eventually(page, lambda: drawn(page, "warn"), 4)  # one bar, one line with two ends
    eventually(page, lambda: drawn(page, "a flood"), 0)  # a hint comes first


def test_an_opened_answer_is_drawn_in_the_text(comparison: Mount) -> None:
    page = comparison()
    page.get_by_role("button", name="Missed S1").click()
    expect(page.locator(".ss-c-on")).to_contain_text(["Officials"])  # its whole sentence, until the answer is open
    height = page.locator(".ss-c-block").evaluate("n => n.clientHeight")
    page.get_by_role("button", name="Show the key’s answer").and_(page.locator(":visible")).click()
    expect(page.locator(".ss-c-on")).to_have_text(["a flood"])
    eventually(page, lambda: drawn(page, "a flood"), 3)
    assert page.locator(".ss-c-block").evaluate("n => n.clientHeight") == height  # the text does not move
    page.get_by_role("button", name="Hide the key’s answer").click()
    eventually(page, lambda: drawn(page, "a flood"), 0)


def test_the_whole_key_can_be_called_up(comparison: Mount) -> None:
    page = comparison()
    page.get_by_label("Show the whole key in the text").check()
    eventually(page, lambda: drawn(page, "a flood"), 3)
    page.get_by_label("Show the whole key in the text").uncheck()
    eventually(page, lambda: drawn(page, "a flood"), 0)


def test_lanes_beyond_three_are_counted(comparison: Mount) -> None:
    given = view()
    given["blocks"][0]["lanes"]["s"]["1"] = 3
    page = comparison(given)
    warn = page.locator(".ss-seg", has_text=re.compile("^warn$"))
    expect(warn).to_have_attribute("data-over", "You +1")
    assert page.locator(".ss-c-block").evaluate("n => n.textContent") == TEXT


# ---- stepping


def test_stepping_by_mouse(comparison: Mount) -> None:
    page = comparison()
    expect(chosen(page)).to_have_count(0)
    press(page, "Next")
    expect(chosen(page)).to_contain_text("relabelled row")
    expect(status(page)).to_have_text("Difference 1 of 7: relabelled, S1")
    eventually(page, lambda: selected(page), 0)
    press(page, "Next")
    expect(chosen(page)).to_contain_text("missed row")  # the matched row is passed over
    press(page, "Previous")
    expect(chosen(page)).to_contain_text("relabelled row")
    previous = page.get_by_role("button", name="Previous")
    expect(previous).to_have_attribute("aria-disabled", "true")
    previous.dispatch_event("click")
    expect(status(page)).to_have_text("That was the first one.")
    expect(chosen(page)).to_contain_text("relabelled row")


def test_stepping_by_keyboard_alone(comparison: Mount) -> None:
    page = comparison()
    page.locator(".ss-c-row-head[tabindex='0']").focus()
    page.keyboard.press("n")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".ss-c-row-head:focus")).to_contain_text("missed row")
    page.keyboard.press("End")
    expect(page.locator(".ss-c-row-head:focus")).to_contain_text("extra row")
    page.keyboard.press("ArrowDown")
    expect(status(page)).to_have_text("That was the last one.")
    page.keyboard.press("p")
    expect(page.locator(".ss-c-row-head:focus")).to_contain_text("distractor row")
    page.keyboard.press("Home")
    expect(page.locator(".ss-c-row-head:focus")).to_contain_text("relabelled row")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Show the key’s answer").and_(page.locator(":focus"))).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The reason for “Officials”.")).to_be_visible()
    page.keyboard.press("n")  # the row with the focus closes: the focus goes along
    expect(page.locator(".ss-c-row-head:focus")).to_contain_text("missed row")
    assert page.locator(".ss-c-row-head[tabindex='0']").count() == 1


def test_handled_keys_stay_in_the_widget_and_others_pass(comparison: Mount) -> None:
    page = comparison()
    page.evaluate("window.keys = []; document.addEventListener('keydown', e => window.keys.push(e.key))")
    page.locator(".ss-c-row-head[tabindex='0']").focus()
    for pressed in ("n", "p", "ArrowDown", "End", "Enter", "x", "Control+n"):
        page.keyboard.press(pressed)
    assert page.evaluate("window.keys") == ["x", "Control", "n"]
    expect(page.locator(".ss-root")).to_have_attribute("data-lm-suppress-shortcuts", "true")


def test_escape_leads_back_to_the_notebook(comparison: Mount) -> None:
    page = comparison()
    page.get_by_role("button", name="Next").focus()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Next")).to_be_focused()  # nowhere to go on a bare page
    page.evaluate("document.getElementById('root').tabIndex = 0")
    page.keyboard.press("Escape")
    expect(page.locator("#root")).to_be_focused()


def test_clicking_words_selects_their_rows_one_after_the_other(comparison: Mount) -> None:
    page = comparison()
    page.get_by_label("Show the whole key in the text").check()
    words = page.locator(".ss-seg", has_text=re.compile("^doubt$"))
    words.click()
    expect(chosen(page)).to_contain_text("boundary row")
    words.click()
    expect(chosen(page)).to_contain_text("accepted row")
    page.locator(".ss-seg", has_text=re.compile("^warn$")).click()  # matched, hidden by the default filter
    expect(chosen(page)).to_contain_text("matched row")
    expect(page.get_by_role("button", name="Everything")).to_have_attribute("aria-pressed", "true")
    page.locator(".ss-seg", has_text=" Nobody else was asked.").click()
    expect(chosen(page)).to_contain_text("matched row")


def test_a_chosen_row_opens_and_closes(comparison: Mount) -> None:
    page = comparison()
    head = page.get_by_role("button", name="Accepted S2")
    head.click()
    expect(head).to_have_attribute("aria-expanded", "true")
    for text in ("Hint for the accepted row.", "80 % sure", "My own note."):
        expect(page.get_by_text(text)).to_be_visible()
    head.click()
    expect(head).to_have_attribute("aria-expanded", "false")
    eventually(page, lambda: selected(page), -1)


def test_a_long_text_scrolls_in_its_own_panel(comparison: Mount) -> None:
    given = view()
    filler = {"id": "f", "kind": "paragraph", "start": 0, "lanes": {"s": {}, "k": {}}}
    long = [
        {**filler, "runs": [{"text": "Filler. " * 40, "s": [], "k": [], "asked": False, "sid": None}]}
        for _ in range(20)
    ]
    given["blocks"] = [*long, *given["blocks"]]
    page = comparison(given)
    page.locator(".ss-c-row-head").first.focus()
    page.keyboard.press("n")
    expect(page.locator(".ss-c-on").first).to_be_in_viewport()
    assert page.evaluate("document.querySelector('.ss-c-article').scrollTop") > 0


# ---- filters


def test_only_differences_is_the_default(comparison: Mount) -> None:
    page = comparison()
    expect(shown(page)).to_have_count(7)
    assert "matched" not in outcomes(page)
    press(page, "Everything")
    expect(shown(page)).to_have_count(8)
    expect(status(page)).to_have_text("Showing 8 of 8 rows.")
    press(page, "Only differences")
    expect(shown(page)).to_have_count(7)


def test_outcome_filters_add_up(comparison: Mount) -> None:
    page = comparison()
    filters = page.get_by_role("group", name="Which rows to show")
    filters.get_by_role("button", name="Missed").click()
    filters.get_by_role("button", name="Extra").click()
    eventually(page, lambda: outcomes(page), ["missed", "extra"])
    press(page, "Next")
    expect(status(page)).to_have_text("Row 1 of 2: missed, S1")
    filters.get_by_role("button", name="Missed").click()
    filters.get_by_role("button", name="Extra").click()
    expect(page.get_by_role("button", name="Only differences")).to_have_attribute("aria-pressed", "true")


def test_every_number_opens_to_its_rows(comparison: Mount) -> None:
    page = comparison()
    number = page.get_by_role("button", name="2: show the 2 rows")
    number.click()
    expect(number).to_have_attribute("aria-pressed", "true")
    eventually(page, lambda: outcomes(page), ["matched", "accepted"])
    expect(page.locator(":focus")).to_have_text("The 2 rows behind “2”.")
    press(page, "7 marks")
    expect(shown(page)).to_have_count(7)
    press(page, "1 contested")  # stands in no sentence, and is offered all the same
    eventually(page, lambda: outcomes(page), ["contested"])
    press(page, "1 contested")
    expect(shown(page)).to_have_count(7)


def test_a_filter_without_rows_says_so(comparison: Mount) -> None:
    given = view()
    given["pairs"] = [pair for pair in given["pairs"] if pair["outcome"] == "matched"]
    page = comparison(given)
    expect(page.get_by_text("Nothing differs from the key here.")).to_be_visible()
    page.get_by_role("group", name="Which rows to show").get_by_role("button", name="Missed").click()
    expect(page.get_by_text("No rows to show here.")).to_be_visible()
    page.get_by_role("button", name="Next").dispatch_event("click")
    expect(status(page)).to_have_text("That was the last one.")


# ---- answers


def test_the_hint_comes_first_and_the_answer_on_request(comparison: Mount) -> None:
    page = comparison()
    press(page, "Missed S1")
    expect(page.get_by_text("Hint for the missed row.")).to_be_visible()
    expect(page.get_by_text("Your labels leave this one open.")).to_be_visible()
    expect(page.get_by_text("The reason for “a flood”.")).to_be_hidden()
    press(page, "Show the key’s answer")
    for text in ("The reason for “a flood”.", "The strongest argument against", "Against “a flood”.", "Also accepted"):
        expect(page.locator(".ss-c-answer:visible")).to_contain_text(text)
    expect(status(page)).to_have_text("The key’s answer is shown.")
    expect(page.get_by_role("button", name="Hide the key’s answer")).to_be_focused()


def test_an_opened_answer_stays_open_for_its_row(comparison: Mount) -> None:
    page = comparison()
    press(page, "Missed S1")
    press(page, "Show the key’s answer")
    press(page, "Next")
    expect(page.locator(".ss-c-answer:visible")).to_have_count(0)
    press(page, "Previous")
    expect(page.locator(".ss-c-answer:visible")).to_have_count(1)
    page.evaluate("v => window.model.set('_view', v)", view())  # computed again
    expect(page.locator(".ss-c-answer:visible")).to_have_count(1)


def test_a_distractor_explains_itself(comparison: Mount) -> None:
    page = comparison()
    press(page, "Distractor S2")
    press(page, "Show the key’s answer")
    expect(page.locator(".ss-c-answer:visible")).to_contain_text("It only names a place.")
    expect(page.locator(".ss-c-answer:visible")).to_contain_text("No mark at all.")


def test_a_contested_row_is_never_counted(comparison: Mount) -> None:
    page = comparison()
    press(page, "Contested S2")
    expect(page.get_by_text("Both readings are defended. This row is never counted.")).to_be_visible()


def test_an_extra_row_has_nothing_to_reveal(comparison: Mount) -> None:
    page = comparison()
    press(page, "Extra S2")
    expect(page.get_by_text("Hint for the extra row.")).to_be_visible()
    expect(page.get_by_role("button", name="Show the key’s answer")).to_have_count(0)


def test_all_answers_at_once(comparison: Mount) -> None:
    page = comparison()
    press(page, "Show all answers")
    expect(page.locator(".ss-c-answer:visible")).to_have_count(6)
    press(page, "Hide all answers")
    expect(page.locator(".ss-c-answer:visible")).to_have_count(0)
    expect(page.get_by_role("button", name="Show all answers")).to_be_focused()


# ---- levels


def test_marks_gives_hints_and_nothing_of_the_key(comparison: Mount) -> None:
    page = comparison(view("marks"))
    html = page.evaluate("document.getElementById('root').textContent")
    assert "The reason for" not in html
    assert "Against “" not in html
    press(page, "Missed S1")
    expect(page.get_by_text("Hint for the missed row.")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("answer"))).to_have_count(0)
    expect(page.locator(".ss-c-on").first).to_be_visible()  # the sentence, because the place is not given away
    assert page.locator(".ss-c-on").evaluate_all("nodes => nodes.map(n => n.textContent).join('')") == TEXT[:FIRST]


def test_marks_never_reveals_even_what_was_sent_by_mistake(comparison: Mount) -> None:
    page = comparison({**view(), "level": "marks"})
    press(page, "Missed S1")
    assert "The reason for" not in page.evaluate("document.getElementById('root').textContent")


def test_score_gives_numbers_only(comparison: Mount) -> None:
    page = comparison(view("score"))
    expect(page.get_by_text("This exercise shows the numbers only")).to_be_visible()
    expect(page.locator(".ss-c-score-value")).to_have_text("53")
    for missing in (".ss-c-row", ".ss-c-list", ".ss-c-legend", ".ss-c-marked"):
        expect(page.locator(missing)).to_have_count(0)
    expect(page.locator(".ss-c-summary button")).to_have_count(0)


def test_none_is_one_friendly_line(comparison: Mount) -> None:
    page = comparison(view("none"))
    expect(page.locator(".ss-c-summary p")).to_have_text(["Your labels are saved."])
    expect(page.get_by_text("Case-study text. Claims unverified.")).to_be_visible()
    for missing in (".ss-c-row", ".ss-c-list", ".ss-c-legend", "table", "button", ".ss-c-status"):
        expect(page.locator(missing)).to_have_count(0)


# ---- hostile text, several views, cleanup


def hostile(value: Any, name: str = "") -> Any:
    """Every string that is not a name of the protocol becomes markup."""
    fixed = {"level", "outcome", "sid", "kind", "tier", "pattern", "layer", "label", "also", "id"}
    if isinstance(value, dict):
        return {k: hostile(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [hostile(item, name) for item in value]
    return HOSTILE if isinstance(value, str) and name not in fixed else value


def test_hostile_strings_show_literally(comparison: Mount) -> None:
    own = {name: view()[name] for name in ("strings", "language", "direction")}  # the package's words, not the course's
    given = {**hostile(view()), **own}
    page = comparison(given)
    press(page, "Show all answers")
    press(page, "Everything")
    expect(page.locator("#root img")).to_have_count(0)
    assert page.locator(".ss-c-block").evaluate("n => n.textContent") == HOSTILE * len(given["blocks"][0]["runs"])
    for place in (
        ".ss-c-title",
        ".ss-provenance",
        ".ss-c-note",
        ".ss-c-status",
        ".ss-c-lines p >> nth=0",
        ".ss-c-score-value",
        ".ss-c-baselines",
        ".ss-c-quote >> nth=0",
    ):
        expect(page.locator(place)).to_contain_text(HOSTILE)
    expect(page.locator(".ss-c-answer:visible").first).to_contain_text(HOSTILE)


def test_hostile_names_of_outcomes_and_labels_are_only_words(comparison: Mount) -> None:
    given = view()
    given["pairs"][0]["outcome"] = HOSTILE
    given["pairs"][0]["student"]["label"] = "__proto__"
    given["pairs"][0]["sid"] = HOSTILE
    page = comparison(given)
    page.locator(".ss-c-row-head").first.click()
    expect(page.locator("#root img")).to_have_count(0)
    expect(chosen(page)).to_contain_text(HOSTILE)


def test_two_views_share_the_selection_and_nothing_else(comparison: Mount) -> None:
    page = comparison()
    page.evaluate("window.addView()")
    first, second = page.locator(".ss-root").nth(0), page.locator(".ss-root").nth(1)
    first.get_by_role("button", name="Everything").click()
    first.get_by_role("button", name="Matched S1").click()
    expect(second.locator(".ss-c-on")).to_have_text("warn")
    expect(second.locator(".ss-c-row:visible")).to_have_count(7)
    expect(second.get_by_role("status")).to_have_text("")
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(n => n.id)")
    assert len(ids) == len(set(ids))


def test_selection_from_python(comparison: Mount) -> None:
    page = comparison(selected=2)
    expect(chosen(page)).to_contain_text("missed row")
    page.evaluate("window.model.set('selected', 7)")
    expect(chosen(page)).to_contain_text("extra row")
    page.evaluate("window.model.set('selected', 999)")
    expect(chosen(page)).to_have_count(0)


def test_a_new_view_keeps_the_focus(comparison: Mount) -> None:
    page = comparison()
    page.get_by_role("button", name="Next").focus()
    page.evaluate("v => window.model.set('_view', v)", view())
    expect(page.get_by_role("button", name="Next")).to_be_focused()
    page.evaluate("v => window.model.set('_view', v)", view("none"))
    expect(page.locator(".ss-c-title")).to_be_focused()


def test_cleanup_leaves_nothing(comparison: Mount) -> None:
    page = comparison()
    page.evaluate("window.addView()")
    assert page.evaluate("window.model.listeners()") == 4
    page.evaluate("window.removeView(0)")
    assert page.evaluate("window.model.listeners()") == 2
    page.evaluate("window.removeView(1)")
    assert page.evaluate("window.model.listeners()") == 0
    page.evaluate("window.model.set('selected', 1)")
    expect(page.locator(".ss-root")).to_have_count(0)


def test_an_empty_view_is_no_error(comparison: Mount) -> None:
    page = comparison({})
    expect(page.locator(".ss-root")).to_be_visible()


# ---- accessibility and layout


def axe(page: Page) -> None:
    results = Axe().run(page, context=".ss-root")
    assert results.violations_count == 0, results.generate_report()


def dark(page: Page) -> None:
    page.evaluate("document.body.dataset.jpThemeLight = 'false'; document.body.style.background = '#111'")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("level", ["visible", "marks", "score", "none"])
def test_axe_finds_nothing(comparison: Mount, page: Page, level: str, theme: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    if theme == "dark":
        dark(page)
    comparison(view(level))
    axe(page)
    if level in ("visible", "marks"):
        press(page, "Next")
        axe(page)
        press(page, "2: show")
        axe(page)
    if level == "visible":
        press(page, "Everything")
        press(page, "Show all answers")
        page.locator("summary").click()
        axe(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_when_filtered_to_nothing(comparison: Mount, page: Page, theme: str) -> None:
    if theme == "dark":
        dark(page)
    comparison({**view(), "pairs": view()["pairs"][1:2]})
    expect(page.get_by_text("Nothing differs from the key here.")).to_be_visible()
    axe(page)


@pytest.mark.parametrize("width", [1200, 800, 390, 320])
def test_no_horizontal_scrolling(comparison: Mount, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    comparison()
    press(page, "Show all answers")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(
        "[...document.querySelectorAll('.ss-c-article, .ss-c-rows')].every(n => n.scrollWidth <= n.clientWidth)"
    )
    text, rows = page.locator(".ss-c-text").bounding_box(), page.locator(".ss-c-list").bounding_box()
    assert text is not None
    assert rows is not None
    assert (rows["x"] > text["x"]) == (width >= 900)


def test_selected_words_stand_out_in_forced_colours(comparison: Mount, page: Page) -> None:
    page.emulate_media(forced_colors="active")
    comparison()
    press(page, "Next")
    assert page.locator(".ss-c-on").evaluate("n => getComputedStyle(n).outlineStyle") == "solid"
    assert "rgb" in page.locator(".ss-c-on").evaluate("n => getComputedStyle(n).backgroundImage")


def test_right_to_left_text(comparison: Mount) -> None:
    page = comparison({**view(), "article": {"language": "ar", "dir": "rtl"}})
    article = page.locator(".ss-c-article")
    expect(article).to_have_attribute("dir", "rtl")
    expect(article).to_have_attribute("lang", "ar")


def test_the_view_is_plain_json() -> None:
    assert json.loads(json.dumps(view())) == view()
