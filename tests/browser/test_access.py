"""Nobody shut out: the labeller without text selection, by keyboard, by touch, in any colours, at any size."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browser.test_labeller import (
    BUSY,
    LABELS,
    LAYER,
    SENTENCES,
    TEXT,
    blocks,
    label,
    last,
    region,
    rows,
    select,
    sent,
    span,
    state,
    status,
    view,
    violations,
)
from browser.test_labeller import (
    CONFIDENCE as STEPS,
)
from browser.waiting import arrived, eventually, whole
from secondsource.widgets import Labeller

Mount = Callable[..., Page]
Json = dict[str, Any]


@pytest.fixture
def labeller(widget: Mount) -> Mount:
    """A labeller whose kernel acknowledges everything."""

    def mount(*spans: Json, text: str = TEXT, **more: Any) -> Page:
        page = widget("labeller", _view=view(text, **more), _state=state(*spans))
        page.evaluate("window.ackAll = true")
        return page

    return mount


def focused(page: Page) -> str:
    """What has the focus, in a few words; fails when it is nothing of the widget."""
    found: str = page.evaluate(
        """() => {
          const active = document.activeElement;
          if (!active.closest(".ss-labeller")) return `outside: ${active.tagName}`;
          return active.getAttribute("aria-label") || active.textContent.trim().slice(0, 40) || active.className;
        }"""
    )
    assert not found.startswith("outside"), found
    return found


# ------------------------------------------------------------------------------------------- the list of sentences


def desk(page: Page, sentence: str) -> Locator:
    """Open the list, and a sentence in it; what can be done with it."""
    panel = page.locator(".ss-sentences")
    if not panel.evaluate("(e) => e.open"):
        panel.locator("summary").click()
    row = panel.locator(f"li[data-sentence='{sentence}']")
    head = row.locator(".ss-sentence-head")
    if head.get_attribute("aria-expanded") == "false":
        head.click()
    return row.locator(".ss-desk")


def press(part: Locator, *words: str) -> None:
    for word in words:
        part.get_by_role("group", name=re.compile("^Words of")).get_by_role(
            "button", name=word, exact=True
        ).first.click()


def choose(part: Locator, name: str, option: str) -> None:
    part.locator(".ss-desk-add, .ss-desk-tools").get_by_label(name).select_option(option)


def add(part: Locator) -> None:
    part.get_by_role("button", name="Add label").click()


def test_a_passage_is_two_words_and_no_selection(labeller: Mount) -> None:
    page = labeller()
    part = desk(page, "S1")
    press(part, "the", "tired")
    expect(part.locator(".ss-chosen")).to_have_text("Selected: “the West is tired” (4 words)")
    choose(part, "Label", "Content")
    choose(part, "How sure are you?", "60 %")
    add(part)
    op = last(page)
    assert (op["op"], op["span"]["quote"], op["span"]["label"], op["span"]["confidence"]) == (
        "add",
        "the West is tired",
        "CONTENT",
        0.6,
    )
    assert focused(page) == "tired"
    expect(part.locator(".ss-entry")).to_have_attribute("aria-label", "Content: “the West is tired”")
    expect(page.locator("li[data-sentence='S1'] .ss-count")).to_have_text("1 label")
    assert page.evaluate("getSelection().toString()") == ""


def test_signs_can_be_left_out_or_taken_in(labeller: Mount) -> None:
    page = labeller()
    part = desk(page, "S1")
    press(part, "tired", "sign .")
    add(part)
    assert last(page)["span"]["quote"] == "tired."
    expect(status(page)).to_have_text("Source added: 1 word, in S1. How sure are you? Choose below.")
    part = desk(page, "S2")
    press(part, "plan", "The")  # the last word first is as good
    add(part)
    assert last(page)["span"]["quote"] == "The West, he wrote, has 👩‍👩‍👧 no cafe\u0301 plan"


def test_one_word_is_enough_and_a_third_press_begins_again(labeller: Mount) -> None:
    page = labeller()
    part = desk(page, "S1")
    press(part, "Watson", "West", "said")
    add(part)
    assert last(page)["span"]["quote"] == "said"
    add(part)
    expect(status(page)).to_have_text("Press the first word, then the last one.")
    assert focused(page) == "said"


def test_words_by_the_arrow_keys(labeller: Mount) -> None:
    page = labeller()
    desk(page, "S1")
    page.keyboard.press("Tab")
    assert focused(page) == "Watson"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator(".ss-visually-hidden")).to_have_text("“said the West” chosen.")
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator(".ss-chosen")).to_have_text("Selected: “said the” (2 words)")
    page.keyboard.press("End")
    assert focused(page) == "sign ."
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    page.keyboard.press(" ")
    expect(page.locator(".ss-chosen")).to_have_text("Selected: “Watson said” (2 words)")
    page.keyboard.press("Tab")
    assert focused(page) == "Whole sentence"
    page.keyboard.press("Escape")
    assert focused(page).startswith("S1 Watson")
    page.keyboard.press("Escape")
    expect(region(page)).to_be_focused()


def test_words_wrap_and_up_and_down_follow_the_lines(labeller: Mount) -> None:
    page = labeller()
    page.set_viewport_size({"width": 360, "height": 700})
    desk(page, "S4")
    words = page.locator(".ss-word")
    words.first.focus()
    page.keyboard.press("ArrowDown")
    top = "(e) => document.activeElement.getBoundingClientRect().top"
    assert words.first.evaluate(top) > words.first.evaluate("(e) => e.getBoundingClientRect().top")
    page.keyboard.press("ArrowUp")
    expect(words.first).to_be_focused()


def test_a_passage_over_several_sentences(labeller: Mount) -> None:
    page = labeller()
    part = desk(page, "S1")
    choose(part, "Ends in", "S2")
    expect(part.get_by_role("group", name="Words of S1–S2")).to_be_visible()
    press(part, "tired", "wrote")
    choose(part, "Label", "Content")
    add(part)
    assert last(page)["span"]["quote"] == "tired. The West, he wrote"
    choose(part, "Ends in", "S4")
    part.get_by_role("button", name="Whole sentence").click()
    expect(part.locator(".ss-chosen")).to_contain_text("(33 words)")
    choose(part, "Ends in", "S1")  # the passage would reach too far now
    expect(part.locator(".ss-chosen")).to_have_text("Press the first word, then the last one.")
    part.get_by_role("button", name="Whole sentence").click()
    add(part)
    assert last(page)["span"]["quote"] == SENTENCES[1][1]


def test_words_can_be_typed(labeller: Mount) -> None:
    page = labeller()
    part = desk(page, "S2")
    field = part.get_by_label("Or type the words")
    field.fill("The west")  # S1 has these words too
    expect(part.locator(".ss-chosen")).to_have_text("Selected: “The West” (2 words)")
    field.fill("nothing like it")
    expect(part.locator(".ss-chosen")).to_have_text("These words are not in this sentence.")
    field.fill("he wrote")
    add(part)
    assert (last(page)["span"]["start"], last(page)["span"]["quote"]) == (TEXT.index("he wrote"), "he wrote")
    expect(field).to_have_value("")


def test_labels_of_sentences_are_one_press(labeller: Mount) -> None:
    page = labeller()
    part = desk(page, "S2")
    part.get_by_role("group", name="For the whole of S2").get_by_role("button").click()
    assert (last(page)["span"]["label"], last(page)["span"]["quote"]) == ("PLAIN", SENTENCES[2][1])
    expect(part.get_by_role("button", name="Change words")).to_be_hidden()
    sentences = {**LAYER, "unit": "sentence", "labels": [LABELS[3], label("Fact", "f", "solid", unit="sentence")]}
    page.evaluate("window.removeView(0)")
    page.evaluate("(layers) => { window.model.traits._view.layers = layers; return window.addView(); }", [sentences])
    part = desk(page, "S1")
    expect(part.get_by_role("button", name="Add label")).to_be_hidden()
    part.get_by_role("button", name="Fact").click()
    assert (last(page)["span"]["label"], last(page)["span"]["quote"]) == ("FACT", SENTENCES[1][1])


def test_everything_about_a_label_in_the_list(labeller: Mount) -> None:
    page = labeller(*BUSY)
    part = desk(page, "S1")
    entry = part.get_by_role("group", name="Source: “Watson said the West”")
    entry.get_by_label("How sure are you?").select_option("80 %")
    assert last(page)["span"]["confidence"] == 0.8
    entry.get_by_label("Label").focus()
    entry.get_by_label("Label").select_option("Cue")
    assert last(page)["span"]["label"] == "CUE"
    assert page.evaluate("document.activeElement.matches('select')")
    page.keyboard.press("Control+z")  # works in a list of choices too
    assert (last(page)["op"], last(page)["span"]["label"]) == ("update", "SOURCE")

    entry.get_by_role("button", name="Change words").click()
    expect(status(page)).to_contain_text("choose its first and its last word anew")
    expect(part.locator(".ss-desk-title")).to_have_text("Other words for Source, “Watson said the West”")
    press(part, "Watson")
    part.get_by_role("button", name="Set words").click()
    assert (last(page)["op"], last(page)["span"]["quote"]) == ("update", "Watson")
    assert focused(page) == "Change words"
    page.keyboard.press("Enter")
    part.get_by_role("button", name="Cancel").click()
    assert focused(page) == "Change words"
    expect(part.get_by_role("button", name="Add label")).to_be_visible()

    part.get_by_role("group", name="Source: “Watson”").get_by_role("button", name="Note and more").click()
    page.get_by_label("Note", exact=True).fill("who says it")
    page.keyboard.press("Escape")
    assert last(page)["span"]["note"] == "who says it"
    assert focused(page) == "Note and more"

    for _ in range(2):
        part.get_by_role("button", name="Delete").first.click()
        assert last(page)["op"] == "remove"
        focused(page)
    assert focused(page) == "Watson"
    expect(part.locator(".ss-entry")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(part.locator(".ss-entry")).to_have_count(1)


def test_an_answer_of_the_notebook_takes_no_choice_back(labeller: Mount) -> None:
    page = labeller()
    page.evaluate("window.ackAll = false")
    part = desk(page, "S1")
    press(part, "Watson")
    add(part)
    press(part, "said")
    choose(part, "Label", "Cue")
    page.locator(".ss-quoter summary").click()
    quoter = page.locator(".ss-quoter")
    quoter.get_by_label("Label").select_option("Content")
    page.evaluate("(m) => window.acknowledge(m)", last(page))
    expect(page.locator(".ss-chip")).to_contain_text("Saved")
    expect(quoter.get_by_label("Label")).to_have_value("attribution/CONTENT")
    add(part)
    assert last(page)["span"]["label"] == "CUE"


def test_an_entry_that_changes_its_place_keeps_the_focus(labeller: Mount) -> None:
    page = labeller(span("Watson"), span("the West", "CUE"))
    part = desk(page, "S1")
    part.get_by_role("group", name="Cue: “the West”").get_by_role("button", name="Change words").click()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    part.get_by_role("button", name="Set words").click()
    first = part.locator(".ss-entry").first
    expect(first).to_contain_text("Cue")  # longer, so it stands first
    expect(first.get_by_role("button", name="Change words")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(part.locator(".ss-entry").last.get_by_role("button", name="Change words")).to_be_focused()


@pytest.mark.parametrize("place", ["list", "inspector"])
def test_labels_that_are_passed_on_the_way_change_nothing(labeller: Mount, place: str) -> None:
    """The arrow keys pass one label after the other; one of whole sentences widens, the next one must not stay so."""
    page = labeller(span("Watson said", "CUE", attributes={"voice": "author"}, confidence=0.4))
    if place == "list":
        desk(page, "S1").locator(".ss-entry").get_by_label("Label").focus()
    else:
        page.get_by_role("button", name="Edit").first.click()
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    assert last(page)["span"]["quote"] == SENTENCES[1][1]
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    made = last(page)["span"]
    assert (made["label"], made["quote"]) == ("SOURCE", "Watson said")
    assert (made["attributes"], made["confidence"]) == ({"voice": "author"}, 0.4)
    page.keyboard.press("Control+z")  # all the way back
    assert (last(page)["span"]["label"], last(page)["span"]["quote"]) == ("CUE", "Watson said")


def test_a_label_that_begins_in_an_earlier_sentence(labeller: Mount) -> None:
    long = span("tired. The West, he wrote")
    page = labeller(long)
    part = desk(page, "S2")
    part.get_by_role("button", name="Change words").click()
    expect(part.get_by_role("group", name="Words of S1–S2")).to_be_visible()
    expect(part.locator(".ss-chosen")).to_contain_text("tired. The West, he wrote")
    page.evaluate("(m) => window.deliver(m)", {"type": "state", "client": None, "readonly": None, **state(rev=9)})
    expect(part.locator(".ss-entry")).to_have_count(0)  # deleted elsewhere: nothing is left to be changed
    expect(part.get_by_role("button", name="Set words")).to_be_hidden()
    assert focused(page) != ""


def test_from_sentence_to_sentence(labeller: Mount) -> None:
    page = labeller(span("Watson"))
    page.locator(".ss-sentences summary").click()
    expect(page.locator(".ss-sentence-head")).to_have_count(4)
    page.get_by_role("button", name="Open the next one without a label").click()
    assert focused(page).startswith("S2 ")
    page.get_by_role("button", name="Open the next one without a label").click()
    assert focused(page).startswith("S3 ")
    page.get_by_label("Also sentences that were not asked for").check()
    expect(page.locator(".ss-sentence-head")).to_have_count(6)
    region(page).focus()
    page.keyboard.press("Control+End")
    page.keyboard.press("l")
    assert focused(page).startswith("S5 ")
    page.keyboard.press("Enter")  # closes it again
    expect(page.locator(".ss-desk")).to_have_count(0)
    page.keyboard.press("ArrowUp")
    assert focused(page).startswith("S4 ")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")  # there is none before
    assert focused(page).startswith("H Analyst")
    page.keyboard.press("End")
    page.keyboard.press("ArrowDown")
    assert focused(page).startswith("S5 ")
    page.get_by_role("button", name="Go to the list of sentences").focus()
    page.keyboard.press("Enter")
    assert focused(page).startswith("H Analyst")


def test_every_sentence_has_a_label(labeller: Mount) -> None:
    page = labeller(*(span(quote, "PLAIN") for _, quote, asked in SENTENCES if asked))
    page.locator(".ss-sentences summary").click()
    page.get_by_role("button", name="Open the next one without a label").click()
    expect(status(page)).to_have_text("Every sentence in the list has a label.")


def test_read_only_in_the_list(labeller: Mount) -> None:
    page = labeller(*BUSY, readonly={"code": "R", "message": "R · read only"})
    part = desk(page, "S1")
    expect(part.get_by_role("button", name="Add label")).to_be_disabled()
    expect(part.get_by_role("button", name="Delete").first).to_be_disabled()
    assert violations(page) == []


def long_text(count: int) -> tuple[str, list[Json]]:
    """Sentences in paragraphs of ten."""
    made = [f"Sentence {n} says that the council met on day {n % 31 + 1}." for n in range(count)]
    text = "\n\n".join(" ".join(made[at : at + 10]) for at in range(0, count, 10))
    found, at = [], 0
    for number, sentence in enumerate(made):
        at = text.index(sentence, at)
        found.append({"id": f"S{number + 1}", "start": at, "end": at + len(sentence), "asked": True})
    return text, found


def test_four_thousand_sentences(labeller: Mount) -> None:
    text, sentences = long_text(4000)
    page = labeller(span("council", text=text), text=text, sentences=sentences)
    page.locator(".ss-sentences summary").click()
    expect(page.locator(".ss-sentence-head")).to_have_count(40)
    pages = page.get_by_role("group", name="More sentences")
    expect(pages).to_contain_text("Sentences 1 to 40 of 4000")
    earlier, later = pages.get_by_role("button", name="Earlier"), pages.get_by_role("button", name="Later")
    earlier.press("Enter")  # nothing before: stays
    expect(earlier).to_have_attribute("aria-disabled", "true")
    later.click()
    assert focused(page).startswith("S41 ")
    expect(page.locator(".ss-visually-hidden")).to_have_text("Sentences 41 to 80 of 4000")
    region(page).focus()
    page.keyboard.press("Control+End")
    page.keyboard.press("[")
    page.keyboard.press("l")
    assert focused(page).startswith("S4000 ")
    expect(later).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")
    assert focused(page).startswith("S3960 ")
    page.keyboard.press("ArrowDown")
    assert focused(page).startswith("S3961 ")
    page.get_by_role("button", name="Open the next one without a label").click()  # begins again from the top
    assert focused(page).startswith("S2 ")
    assert page.locator(".ss-sentences *").count() < 500


# -------------------------------------------------------------------------- the accessibility tree, as Chromium has it


def tree(page: Page) -> list[Json]:
    """Role, name, value and properties of every node that assistive technology is given, in reading order."""
    whole(page)
    session = page.context.new_cdp_session(page)
    nodes = {node["nodeId"]: node for node in session.send("Accessibility.getFullAXTree")["nodes"]}
    session.detach()
    found: list[Json] = []

    def walk(key: str) -> None:
        node = nodes[key]
        if not node.get("ignored"):
            about = {prop["name"]: prop["value"].get("value") for prop in node.get("properties", [])}
            described = {"description": node["description"]["value"]} if "description" in node else {}
            name, role = node.get("name", {}).get("value", ""), node["role"]["value"]
            found.append({"role": role, "name": name, **about, **described})
        for child in node.get("childIds", []):
            if child in nodes:
                walk(child)

    walk(next(key for key, node in nodes.items() if "parentId" not in node))
    return found


def having(nodes: list[Json], role: str, name: str | None = None) -> list[Json]:
    return [node for node in nodes if node["role"] == role and (name is None or node["name"] == name)]


def the(nodes: list[Json], role: str, name: str) -> Json:
    """The one node with a role and a name."""
    (node,) = having(nodes, role, name)
    return node


def heard(page: Page) -> str:
    """What is read of the article, from its start to its end."""
    nodes = tree(page)
    start = nodes.index(the(nodes, "region", "Article text"))
    end = next(i for i, node in enumerate(nodes) if i > start and node["role"] in {"button", "group", "region"})
    return " ".join(node["name"] for node in nodes[start:end] if node["role"] == "StaticText")


def test_the_tree_of_the_labeller(labeller: Mount) -> None:
    page = labeller(*BUSY)
    page.get_by_role("button", name="Edit: “the West”").click()
    nodes = tree(page)
    assert the(nodes, "heading", "Who says so?")["level"] == 2
    text = the(nodes, "region", "Article text")
    assert text["focusable"]
    assert text["description"].startswith("Move with the arrow keys")
    assert the(nodes, "heading", "Analyst 💩 claims a lot")["level"] == 3
    bar = the(nodes, "group", "Labels")
    assert bar
    source = the(nodes, "button", "Source")
    assert (source["description"], source["keyshortcuts"]) == ("ask of Source", "s")
    assert the(nodes, "button", "Undo")["disabled"]
    assert the(nodes, "button", "Tap words")["pressed"] == "false"
    assert the(nodes, "button", "Markers")["pressed"] == "false"
    sure = the(nodes, "radiogroup", "How sure are you? Cue: “the West”")
    assert sure
    assert the(nodes, "radio", "40 %")["checked"] == "true"
    assert [node["name"] for node in nodes if node["role"] == "radio"] == [step["name"] for step in STEPS]
    assert the(nodes, "region", "Selected label")
    assert the(nodes, "combobox", "Label").get("focused")
    assert the(nodes, "table", "Your labels")
    assert len(having(nodes, "row")) == 4
    assert [node["name"] for node in having(nodes, "columnheader")] == [
        "Label",
        "Words and note",
        "How sure",
        "Actions",
    ]
    assert the(nodes, "combobox", "How sure: “the West”")
    assert the(nodes, "button", "Delete: “the West”")
    for closed in ("Label sentence by sentence", "Label by typing the words"):
        assert not the(nodes, "DisclosureTriangle", closed)["expanded"]
    polite = [node for node in nodes if node.get("live") == "polite" and node.get("root") is None]
    assert len(polite) <= 1
    unnamed = [
        n for n in nodes if n["role"] in {"button", "combobox", "textbox", "radio", "checkbox"} and not n["name"]
    ]
    assert unnamed == []


def test_a_page_that_is_never_idle_is_read_all_the_same(page: Page, widget: Mount) -> None:
    never = "(run, options) => (options?.timeout ? setTimeout(run, options.timeout) : 0)"
    page.evaluate(f"() => {{ window.requestIdleCallback = {never}; }}")
    widget("labeller", _view=view(), _state=state(span("Watson")))
    page.wait_for_selector(".ss-table.ss-laid", state="attached")
    assert the(tree(page), "table", "Your labels")


def test_the_tree_of_the_list(labeller: Mount) -> None:
    page = labeller(*BUSY)
    press(desk(page, "S1"), "said", "West")
    nodes = tree(page)
    assert len(having(nodes, "listitem")) >= 4
    head = next(node for node in having(nodes, "button") if node["name"].startswith("S1 Watson said"))
    assert head["expanded"]
    assert head["name"].endswith("2 labels, 1 without confidence")
    words = the(nodes, "group", "Words of S1")
    assert words["description"].startswith("Press the first word")
    pressed = [node["name"] for node in having(nodes, "button") if node.get("pressed") == "true"]
    assert pressed == ["said", "the", "West"]
    assert the(nodes, "button", "sign .")["pressed"] == "false"
    assert the(nodes, "group", "Source: “Watson said the West”")
    assert the(nodes, "list", "Labels in S1")


def test_the_tree_of_the_menu_and_the_dialog(labeller: Mount) -> None:
    page = labeller(*BUSY)
    region(page).focus()
    page.keyboard.press("Shift+End")
    page.keyboard.press("Enter")
    nodes = tree(page)
    assert the(nodes, "menu", "Choose a label")
    assert [node["name"].split()[0] for node in having(nodes, "menuitem")] == ["Source", "Cue", "Content", "Plain"]
    assert having(nodes, "menuitem")[0].get("focused")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    nodes = tree(page)
    assert the(nodes, "dialog", "Keyboard shortcuts")["modal"]
    assert the(nodes, "checkbox", "Single-key shortcuts (letters, digits and signs without Ctrl)")["checked"] == "true"
    assert the(nodes, "button", "Close").get("focused")
    assert having(nodes, "region", "Article text") == []  # behind the dialog


# ------------------------------------------------------------------------------------ markers that are heard and seen


def test_markers_are_read_in_their_place_and_are_no_text(labeller: Mount) -> None:
    page = labeller(*BUSY)
    plain = heard(page)
    assert "start " not in plain
    region(page).focus()
    page.keyboard.press("m")
    expect(page.get_by_role("button", name="Markers")).to_have_attribute("aria-pressed", "true")
    told = heard(page)
    assert re.search(
        r"start Source Watson said \s*start Cue the West\s+end Cue, Source is tired\.", re.sub(r"\s+", " ", told)
    ), told
    shown = page.eval_on_selector_all(".ss-block", "(all) => all.map((block) => block.textContent)")
    assert shown == [block["text"] for block in blocks(TEXT)]
    select(page, "said the West")
    assert page.evaluate("getSelection().toString()") == "said the West"
    page.keyboard.press("c")
    assert last(page)["span"]["quote"] == "said the West"
    page.keyboard.press("m")
    expect(status(page)).to_have_text("Markers are off.")
    assert "start " not in heard(page)


def test_markers_are_remembered_and_reach_every_paragraph(labeller: Mount) -> None:
    text, sentences = long_text(2000)
    last_one = span("Sentence 1999", text=text)
    page = labeller(last_one, text=text, sentences=sentences)
    page.get_by_role("button", name="Markers").click()
    page.evaluate("window.removeView(0); window.addView()")
    expect(page.get_by_role("button", name="Markers")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-starts='start Source'][data-ends='end Source']")).to_have_text("Sentence 1999")
    page.get_by_role("button", name="Markers").click()
    expect(page.locator("[data-starts]")).to_have_count(0)


def test_a_marker_counts_what_is_not_drawn(labeller: Mount) -> None:
    five = [
        {**span("Watson said", name), "id": f"k{n}"}
        for n, name in enumerate(["SOURCE", "CUE", "CONTENT", "SOURCE", "CUE"])
    ]
    page = labeller(*five)
    page.get_by_role("button", name="Markers").click()
    piece = page.locator(".ss-seg[data-more][data-ends]")
    content = piece.evaluate("(e) => getComputedStyle(e, '::after').content")
    assert "+1" in content
    assert "end Cue, Source, Content, Cue, Source" in content


# ------------------------------------------------------------------------------------------------- what is read aloud

LISTEN = """() => {
  window.aloud = [];
  const note = (records) => window.aloud.push(...new Set(records.map((r) => r.target.textContent)));
  for (const region of document.querySelectorAll(".ss-labeller [aria-live], .ss-labeller [role=status]")) {
    new MutationObserver(note).observe(region, { childList: true, characterData: true, subtree: true });
  }
}"""


def aloud(page: Page, do: Callable[[], object]) -> list[str]:
    """Every message that live regions were given while something was done."""
    page.evaluate("window.aloud.length = 0")
    do()
    page.wait_for_function("window.aloud.length > 0")
    page.evaluate("new Promise((done) => setTimeout(done, 120))")  # what would come late must have come
    messages: list[str] = page.evaluate("window.aloud")
    return [message.strip() for message in messages]


def test_one_region_says_each_thing_once(labeller: Mount) -> None:
    page = labeller(*BUSY)
    regions = page.locator(":is(.ss-labeller [aria-live], .ss-labeller [role=status]):not(dialog *)")
    assert regions.count() == 1  # a dialog hides the page from assistive technology, so it may have one of its own
    page.evaluate(LISTEN)
    key = page.keyboard.press
    region(page).focus()
    assert aloud(page, lambda: key("Control+Shift+ArrowRight")) == ["Watson, selected"]
    (added,) = aloud(page, lambda: key("c"))
    assert added.startswith("Cue added: 1 word, in S1. Overlaps Source. How sure are you?")
    assert aloud(page, lambda: key("+")) == ["Confidence: 60 %."]
    assert aloud(page, lambda: key("Delete")) == ["Cue deleted. Undo brings it back."]
    assert aloud(page, lambda: key("Control+z")) == ["Undone."]
    assert aloud(page, lambda: key("Control+z")) == ["Undone."]  # twice the same is heard twice
    assert aloud(page, lambda: key("Control+y")) == ["Done again."]
    go_to = page.get_by_role("button", name="Go to: “the West”")
    assert aloud(page, go_to.click) == ["Cue: “the West”."]
    delete = page.get_by_role("button", name="Delete: “the West”")
    assert aloud(page, delete.click) == ["Cue deleted. Undo brings it back."]
    field = page.get_by_label("Words from the text")
    page.locator(".ss-quoter summary").click()
    assert aloud(page, lambda: field.fill("he wrote")) == ["Found once, in S2."]
    assert aloud(page, lambda: field.fill("xyz")) == ["These words are not in the text."]


def test_notices_are_said_once(labeller: Mount) -> None:
    page = labeller()
    page.evaluate(LISTEN)
    message = {"type": "state", "client": None, "readonly": None, **state(notice="Repaired.", rev=1)}
    assert aloud(page, lambda: page.evaluate("(m) => window.deliver(m)", message)) == ["Repaired."]


# ------------------------------------------------------------------------------------------------ keyboard and focus


def test_the_focus_is_never_lost(labeller: Mount) -> None:
    page = labeller(*BUSY)
    key = page.keyboard.press
    undo = page.get_by_role("button", name="Undo")
    page.get_by_role("button", name="Edit: “the West”").click()
    page.get_by_label("Note", exact=True).fill("because")
    page.locator(".ss-inspector").get_by_role("button", name="Delete").focus()
    key("Enter")
    assert last(page)["op"] == "remove"
    focused(page)
    undo.focus()
    for _ in range(3):  # more often than there is something to undo
        key("Enter")
        assert focused(page) == "Undo"
    page.locator(".ss-sure input").first.evaluate("(e) => e.checked")
    region(page).focus()
    key("Control+Shift+ArrowRight")
    key("c")
    page.locator(".ss-sure input").first.focus()
    key("Control+z")  # takes the label back whose confidence has the focus
    expect(region(page)).to_be_focused()
    page.get_by_label("How sure: “the West”").focus()
    page.evaluate("(m) => window.deliver(m)", {"type": "state", "client": None, "readonly": None, **state(rev=50)})
    expect(rows(page)).to_have_count(0)
    expect(region(page)).to_be_focused()
    page.get_by_role("button", name="Source").focus()
    readonly = {"code": "R", "message": "R · read only"}
    page.evaluate("(m) => window.deliver(m)", {"type": "state", "client": None, **state(rev=51), "readonly": readonly})
    expect(page.get_by_role("alert")).to_be_visible()
    focused(page)
    page.evaluate("(m) => window.deliver(m)", {"type": "state", "client": None, **state(rev=52), "readonly": None})
    focused(page)


def test_the_inspector_goes_back_to_where_it_was_opened(labeller: Mount) -> None:
    page = labeller(*BUSY)
    edit = page.get_by_role("button", name="Edit: “the West”")
    edit.click()
    page.locator(".ss-inspector").get_by_role("button", name="Close").click()
    expect(edit).to_be_focused()
    edit.click()
    page.keyboard.press("Escape")
    expect(edit).to_be_focused()
    page.keyboard.press("Escape")
    expect(region(page)).to_be_focused()
    part = desk(page, "S1")
    part.get_by_role("button", name="Note and more").last.click()
    page.locator(".ss-inspector").get_by_role("button", name="Delete").click()
    assert page.evaluate("document.activeElement.closest('.ss-sentences') !== null")


def test_every_stop_of_the_tab_key_can_be_seen(labeller: Mount) -> None:
    """Each stop has an outline of its own, or its frame has one; none of them is a trap."""
    page = labeller(*BUSY)
    page.get_by_role("button", name="Edit: “the West”").click()
    expect(desk(page, "S1")).to_be_visible()
    page.locator(".ss-quoter summary").click()
    expect(page.get_by_label("Words from the text")).to_be_visible()
    page.evaluate("() => { document.body.tabIndex = -1; document.body.focus(); }")
    seen: list[str] = []
    for _ in range(120):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => {
              const active = document.activeElement;
              if (!active.closest(".ss-labeller")) return null;
              const drawn = [active, active.parentElement].some((e) => {
                const { outlineStyle, outlineWidth } = getComputedStyle(e);
                return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
              });
              const { width, height } = active.getBoundingClientRect();
              return [active.outerHTML.slice(0, 120), drawn && width > 1 && height > 1];
            }"""
        )
        if stop is None:
            break
        assert stop[1], stop[0]
        seen.append(stop[0])
    else:
        pytest.fail("the Tab key does not leave the labeller")
    assert len(seen) > 30


def test_single_keys_off_covers_every_one(labeller: Mount) -> None:
    page = labeller(*BUSY)
    page.get_by_role("button", name="Shortcuts").click()
    keys = page.get_by_role("dialog").locator("dt").all_inner_texts()
    assert {"l", "m", "t", "/", "?"} <= set(keys)
    page.get_by_label(re.compile("Single-key shortcuts")).uncheck()
    page.keyboard.press("Escape")
    region(page).focus()
    before = page.locator(".ss-labeller").evaluate(
        "(e) => e.querySelectorAll('details[open], dialog[open], [aria-pressed=true]').length"
    )
    for key in "abcdefghijklmnopqrstuvwxyz0123456789+-,.<>[]{}/?;:'\"!#*=_~&|":
        page.keyboard.press(key)
        expect(region(page)).to_be_focused()
    after = page.locator(".ss-labeller").evaluate(
        "(e) => e.querySelectorAll('details[open], dialog[open], [aria-pressed=true]').length"
    )
    assert (sent(page), before) == ([], after)
    page.keyboard.press("Enter")  # a menu that is open may be typed into: it has the focus
    page.keyboard.press("Escape")


# ------------------------------------------------------------------------------------------------------------ touch


@pytest.fixture
def phone(browser: Browser) -> Iterator[Callable[..., Page]]:
    """A labeller on a small screen that is touched."""
    contexts = []

    def mount(*spans: Json, width: int = 390, height: int = 780, **more: Any) -> Page:
        contexts.append(
            browser.new_context(viewport={"width": width, "height": height}, has_touch=True, is_mobile=True)
        )
        page = contexts[-1].new_page()
        page.goto((Path(__file__).parent / "harness.html").as_uri())
        page.wait_for_function("window.ready === true")
        traits = {"_view": view(**more), "_state": state(*spans)}
        page.evaluate("([s, c, t]) => window.mount(s, c, t)", [str(Labeller._esm), str(Labeller._css), traits])
        whole(page)
        page.evaluate("window.ackAll = true")
        return page

    yield mount
    for context in contexts:
        context.close()


def tap(page: Page, word: str) -> None:
    """Touch the middle of a word of the article."""
    x, y = page.evaluate(
        """(word) => {
          const walker = document.createTreeWalker(document.querySelector(".ss-text"), NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const at = node.data.indexOf(word);
            if (at < 0) continue;
            node.parentElement.scrollIntoView({ block: "center" });
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + word.length);
            const { left, right, top, bottom } = range.getBoundingClientRect();
            return [(left + right) / 2, (top + bottom) / 2];
          }
        }""",
        word,
    )
    page.touchscreen.tap(x, y)


def test_tapping_the_first_and_the_last_word(phone: Callable[..., Page]) -> None:
    page = phone()
    page.get_by_role("button", name="Tap words").tap()
    expect(status(page)).to_have_text("Tap the first word in the text.")
    tap(page, "the West")
    expect(status(page)).to_contain_text("chosen. Tap the last word, or choose a label.")
    tap(page, "tired")
    expect(page.locator(".ss-hint")).to_contain_text("West is tired”")
    page.get_by_role("button", name="Content").tap()
    arrived(page, 1)  # a tap becomes a click a moment after the touch
    quote = last(page)["span"]["quote"]
    assert quote.endswith("West is tired")
    page.get_by_text("80 %", exact=True).first.tap()
    arrived(page, 2)
    assert last(page)["span"]["confidence"] == 0.8

    tap(page, "wrote")  # a new passage, although the last one was made a moment ago
    expect(page.locator(".ss-hint")).to_contain_text("“wrote”")
    tap(page, "he")
    expect(page.locator(".ss-hint")).not_to_contain_text("“wrote”")
    page.get_by_role("button", name="Cue").tap()
    arrived(page, 3)
    assert last(page)["span"]["quote"].endswith("wrote")
    page.get_by_role("button", name="Tap words").tap()
    expect(status(page)).to_have_text("Tapping words is off.")
    tap(page, "tired")  # taps choose labels again
    expect(page.locator(".ss-inspector")).to_contain_text("West is tired")


def test_tapping_beside_the_words(labeller: Mount) -> None:
    page = labeller()
    page.get_by_role("button", name="Tap words").click()
    box = page.locator(".ss-block").nth(1).bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] - 2, box["y"] + box["height"] - 8)
    assert page.evaluate("getSelection().toString()") == "plan"


def test_the_labels_stay_in_sight_and_are_large_enough(phone: Callable[..., Page]) -> None:
    page = phone(*BUSY)
    page.locator(".ss-block").last.scroll_into_view_if_needed()
    expect(page.get_by_role("button", name="Source")).to_be_in_viewport(ratio=1)
    small = page.evaluate(
        """() => [...document.querySelectorAll(".ss-labeller :is(button, select, summary, .ss-step, .ss-switch)")]
          .filter((e) => e.checkVisibility() && !e.closest(".ss-skip"))
          .filter((e) => { const { width, height } = e.getBoundingClientRect(); return height < 43.5 || width < 24; })
          .map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect().height])"""
    )
    assert small == []


def test_targets_with_a_mouse(labeller: Mount) -> None:
    page = labeller(*BUSY)
    page.get_by_role("button", name="Edit: “the West”").click()
    expect(desk(page, "S1")).to_be_visible()
    page.locator(".ss-quoter summary").click()
    expect(page.get_by_label("Words from the text")).to_be_visible()
    small = page.evaluate(
        """() => [...document.querySelectorAll(".ss-labeller :is(button, select, summary, label, textarea)")]
          .filter((e) => e.checkVisibility() && !e.matches(".ss-skip, .ss-field"))
          .filter((e) => { const { width, height } = e.getBoundingClientRect(); return height < 24 || width < 24; })
          .map((e) => e.outerHTML.slice(0, 80))"""
    )
    assert small == []


# ---------------------------------------------------------------------- other colours, sizes, spacing and directions


def test_forced_colours(labeller: Mount) -> None:
    page = labeller(*BUSY)
    page.emulate_media(forced_colors="active")
    page.get_by_role("button", name="Edit: “the West”").click()
    bands = page.locator(".ss-text .ss-seg.ss-band")
    for index in range(bands.count()):
        style = bands.nth(index).evaluate(
            "(e) => { const s = getComputedStyle(e); return [s.backgroundImage, s.forcedColorAdjust]; }"
        )
        assert "gradient" in style[0]
        assert style[1] == "none"
    patterns = page.eval_on_selector_all(
        ".ss-labels .ss-swatch",
        "(all) => all.map((e) => getComputedStyle(e).backgroundImage.replace(/rgb[^)]*[)]/g, ''))",
    )
    assert len(set(patterns)) == len(patterns)  # told apart by their patterns alone
    outline = page.locator(".ss-seg.ss-on").first.evaluate("(e) => getComputedStyle(e).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    press(desk(page, "S1"), "said")
    word = page.locator(".ss-word[aria-pressed='true']")
    off = page.locator(".ss-word[aria-pressed='false']").first
    background = "(e) => getComputedStyle(e).backgroundColor"
    assert word.evaluate(background) != off.evaluate(background)


def test_reduced_motion(labeller: Mount) -> None:
    page = labeller(*BUSY)
    page.emulate_media(reduced_motion="reduce")
    moving = page.evaluate(
        """() => [...document.querySelectorAll(".ss-labeller, .ss-labeller *")].filter((e) => {
          const { animationName, transitionDuration, scrollBehavior } = getComputedStyle(e);
          return animationName !== "none" || parseFloat(transitionDuration) > 0 || scrollBehavior === "smooth";
        }).map((e) => e.className)"""
    )
    assert moving == []


SPACED = """.ss-root *, .ss-root *::before, .ss-root *::after {
  line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
.ss-root p { margin-block-end: 2em !important; }"""

# What sticks out of the page, or is cut off, in the widget.
LOST = """() => [...document.querySelectorAll(".ss-labeller *")].filter((e) => {
  if (!e.checkVisibility() || e.closest(".ss-visually-hidden, .ss-skip, [hidden], dialog:not([open])")) return false;
  const { overflowX, clipPath, position } = getComputedStyle(e);
  if (clipPath !== "none" || (position === "absolute" && e.offsetWidth <= 1)) return false;
  const sideways = ["auto", "scroll"].includes(overflowX) && e.scrollWidth > e.clientWidth + 1;
  const { left, right, width } = e.getBoundingClientRect();
  const cut = e.matches("button, .ss-step, .ss-name, label") && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0;
  return sideways || cut || (width > 0 && (right > innerWidth + 1 || left < -1));
}).map((e) => e.outerHTML.slice(0, 100))"""


@pytest.mark.parametrize("spaced", [False, True])
@pytest.mark.parametrize(("width", "height"), [(320, 256), (480, 800), (1280, 900)])
def test_nothing_is_lost_at_any_size(labeller: Mount, width: int, height: int, spaced: bool) -> None:
    page = labeller(*BUSY)
    page.set_viewport_size({"width": width, "height": height})
    if spaced:
        page.add_style_tag(content=SPACED)
    page.get_by_role("button", name="Edit: “the West”").click()
    desk(page, "S1").get_by_role("button", name="Change words").first.click()
    page.locator(".ss-quoter summary").click()
    page.get_by_label("Words from the text").fill("the west")
    expect(page.locator(".ss-occurrences")).to_be_visible()
    assert page.evaluate(LOST) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_at_400_percent_the_labels_do_not_cover_the_text(labeller: Mount) -> None:
    page = labeller(*BUSY)
    page.set_viewport_size({"width": 320, "height": 256})
    region(page).focus()
    place = """() => {
      const { left, top, height } = document.querySelector(".ss-caret").getBoundingClientRect();
      const there = document.elementFromPoint(left, top + height / 2);
      return [top >= 0 && top + height <= innerHeight, Boolean(there?.closest(".ss-scroller"))];
    }"""
    for _ in range(6):
        page.keyboard.press("]")
        eventually(page, lambda: page.evaluate(place), [True, True])


@pytest.mark.parametrize("width", [480, 700, 860, 1280])
def test_a_passage_gone_to_is_not_under_the_labels(labeller: Mount, width: int) -> None:
    text = "Title\n\n" + "\n\n".join(f"Paragraph {n} is about rain, wind and the price of bread." for n in range(60))
    page = labeller(span("rain", text=text), text=text)
    page.set_viewport_size({"width": width, "height": 700})
    rows(page).get_by_role("button", name="Go to").click()
    expect(region(page)).to_be_focused()

    def clear() -> bool:
        caret, bar = page.locator(".ss-caret").bounding_box(), page.locator(".ss-bar").bounding_box()
        return bool(caret and bar and bar["y"] + bar["height"] <= caret["y"] <= 700 - caret["height"])

    eventually(page, clear, True)  # the window has its new width a moment later


@pytest.mark.parametrize("width", [480, 860, 1280])
def test_nothing_moves_when_a_way_into_the_text_is_offered(labeller: Mount, width: int) -> None:
    page = labeller(*BUSY)
    page.set_viewport_size({"width": width, "height": 900})
    before = region(page).bounding_box()
    for name in ("Go to the text", "Go to the list of sentences"):
        page.get_by_role("button", name=name).focus()
        expect(page.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)
        assert region(page).bounding_box() == before


def rtl(**more: Any) -> Json:
    text = "قال المصدر إن القوات تقدمت. وأضاف أن 30 جندياً وصلوا.\n\nنهاية"
    first = text.index(" وأضاف")
    sentences = [
        {"id": "S1", "start": 0, "end": first, "asked": True},
        {"id": "S2", "start": first + 1, "end": text.index("\n"), "asked": True},
    ]
    article = {**view(text)["article"], "dir": "rtl", "language": "ar"}
    return {"text": text, "article": article, "sentences": sentences, **more}


def test_a_right_to_left_article_in_the_list_and_by_tapping(labeller: Mount) -> None:
    page = labeller(**rtl())
    part = desk(page, "S2")
    words = part.locator(".ss-word")
    first, second = words.nth(0).bounding_box(), words.nth(1).bounding_box()
    assert first
    assert second
    assert first["x"] > second["x"]
    words.first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+ArrowLeft")  # forward in this script
    add(part)
    assert last(page)["span"]["quote"] == "وأضاف أن"
    page.get_by_role("button", name="Markers").click()
    assert "start Source وأضاف أن end Source" in re.sub(r"[\s\u2068\u2069]+", " ", heard(page))
    page.get_by_role("button", name="Tap words").click()
    tapped = (
        page.locator(".ss-block")
        .nth(1)
        .evaluate(
            """(block) => {
          const range = document.createRange();
          range.selectNodeContents(block);
          const { left, top, width, height } = range.getBoundingClientRect();
          return [left + width / 2, top + height / 2];
        }"""
        )
    )
    page.mouse.click(*tapped)
    assert page.evaluate("getSelection().toString()") == "نهاية"


def test_an_interface_that_runs_from_right_to_left(labeller: Mount) -> None:
    page = labeller(*BUSY, direction="rtl")
    expect(desk(page, "S1")).to_be_visible()
    page.locator(".ss-quoter summary").click()
    expect(page.get_by_label("Words from the text")).to_be_visible()
    assert page.evaluate(LOST) == []
    bar, source = page.locator(".ss-bar").bounding_box(), page.get_by_role("button", name="Source").bounding_box()
    assert bar
    assert source
    assert source["x"] + source["width"] > bar["x"] + bar["width"] - 40
    assert page.locator(".ss-block").first.evaluate("(e) => getComputedStyle(e).direction") == "ltr"


# ------------------------------------------------------------------------------------- axe, in every state, both themes


def nothing(_: Page) -> None:
    pass


def selection(page: Page) -> None:
    select(page, "said the West")


def label_menu(page: Page) -> None:
    selection(page)
    region(page).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu")).to_be_visible()


def several_here(page: Page) -> None:
    page.locator(".ss-seg", has_text="the West").first.click()
    expect(page.get_by_role("menu", name="Several labels here. Which one?")).to_be_visible()


def label_selected(page: Page) -> None:
    page.get_by_role("button", name="Edit: “the West”").click()


def typing_a_note(page: Page) -> None:
    label_selected(page)
    page.get_by_label("Note", exact=True).fill("half a no")


def quoting(page: Page) -> None:
    page.locator(".ss-quoter summary").click()
    page.get_by_label("Words from the text").fill("the west")
    expect(page.locator(".ss-quoter .ss-occurrences")).to_be_visible()


def quoting_in_vain(page: Page) -> None:
    page.locator(".ss-quoter summary").click()
    page.get_by_label("Words from the text").fill("Watson said the Wost is")
    expect(page.get_by_role("button", name="Use this passage")).to_be_visible()


def help_open(page: Page) -> None:
    region(page).focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()


def list_open(page: Page) -> None:
    press(desk(page, "S1"), "said", "West")


def changing_words(page: Page) -> None:
    desk(page, "S1").get_by_role("button", name="Change words").first.click()


def markers_on(page: Page) -> None:
    page.get_by_role("button", name="Markers").click()


def tapping(page: Page) -> None:
    page.get_by_role("button", name="Tap words").click()


def finding(page: Page) -> None:
    page.get_by_role("button", name="Find in the text").click()
    page.locator("input:focus").fill("west")


def linking(page: Page) -> None:
    label_selected(page)
    page.get_by_role("button", name="Link with…", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()


def read_only(page: Page) -> None:
    readonly = {"code": "R", "message": "R · read only"}
    page.evaluate(
        "(m) => window.deliver(m)", {"type": "state", "client": None, **state(*BUSY, rev=9), "readonly": readonly}
    )
    desk(page, "S1")
    expect(page.get_by_role("alert")).to_be_visible()


def notice(page: Page) -> None:
    page.evaluate(
        "(m) => window.deliver(m)",
        {"type": "state", "client": None, "readonly": None, **state(*BUSY, rev=9, notice="N")},
    )


def nothing_left(page: Page) -> None:
    page.evaluate("(m) => window.deliver(m)", {"type": "state", "client": None, "readonly": None, **state(rev=9)})


STATES = [
    nothing,
    selection,
    label_menu,
    several_here,
    label_selected,
    typing_a_note,
    quoting,
    quoting_in_vain,
    help_open,
    list_open,
    changing_words,
    markers_on,
    tapping,
    finding,
    linking,
    read_only,
    notice,
    nothing_left,
]


@pytest.mark.parametrize("light", ["true", "false"])
def test_axe_finds_nothing_in_any_state(labeller: Mount, light: str) -> None:
    page = labeller(layers=[{**LAYER, "relation": "attribution"}])
    page.set_viewport_size({"width": 1200, "height": 3000})  # what is out of sight is not laid out, and not examined
    found = {}
    for reach in STATES:
        page.evaluate("localStorage.clear(); window.removeView(window.views.length - 1)")
        page.evaluate("(light) => { document.body.dataset.jpThemeLight = light; }", light)
        page.evaluate("(state) => { window.model.traits._state = state; return window.addView(); }", state(*BUSY))
        reach(page)
        found[reach.__name__] = violations(page)
    assert {name: rules for name, rules in found.items() if rules} == {}
