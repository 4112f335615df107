"""Links between passages, made by keyboard, mouse, touch and in the list; the flag for discussion; two labellers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browser.test_labeller import LABELS, LAYER, TEXT, last, region, rows, sent, span, state, status, view, violations
from browser.waiting import arrived, whole
from secondsource.widgets import Labeller

Mount = Callable[..., Page]
Json = dict[str, Any]

LINKED = {**LAYER, "relation": "attribution"}
OTHER = {**LAYER, "id": "rhetoric", "name": "Wording", "labels": [{**LABELS[0], "id": "LOADED", "name": "Loaded"}]}
SOURCE = span("Watson")
CUE = span("said", "CUE")
CONTENT = span("the West is tired", "CONTENT")
FAR = span("he wrote", "CUE")
TIRED = span("tired", "LOADED", layer="rhetoric")
ALL = (SOURCE, CUE, CONTENT, FAR)


def relation(name: str, *members: Json, parent: str | None = None) -> Json:
    return {"id": name, "type": "attribution", "members": [each["id"] for each in members], "parent": parent}


@pytest.fixture
def open_linked(widget: Mount) -> Mount:
    """A labeller whose layer has links; the fake kernel acknowledges everything."""

    def mount(*spans: Json, relations: tuple[Json, ...] = (), **more: Any) -> Page:
        layers = more.pop("layers", [LINKED])
        page = widget("labeller", _view=view(layers=layers, **more), _state=state(*spans, relations=list(relations)))
        page.evaluate("window.ackAll = true")
        return page

    return mount


def choose(page: Page, which: Json) -> None:
    """Select a label from the table; the caret stands at it then."""
    page.locator(f'[data-span="{which["id"]}"]').get_by_role("button", name="Go to").click()
    expect(region(page)).to_be_focused()


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def inspector(page: Page) -> Locator:
    return page.locator(".ss-inspector")


def links(page: Page) -> Locator:
    return inspector(page).locator(".ss-linked-list > li")


def elsewhere(page: Page, op: str, **what: Json) -> None:
    """Another labeller has made a change, and the kernel tells of it."""
    told = {"type": "ack", "client": "other", "seq": 1, "rev": 90, "saved_at": "2026-11-22T12:03:05Z", "sha": "0"}
    page.evaluate("(message) => window.deliver(message)", {**told, "op": op, **what})


# ------------------------------------------------------------------------------------------------------- by keyboard


def test_a_link_is_made_by_keyboard_alone(open_linked: Mount) -> None:
    page = open_linked(*ALL)
    choose(page, CUE)
    page.keyboard.press("&")
    expect(dialog(page)).to_contain_text("Link Cue “said”")
    offered = dialog(page).get_by_role("checkbox")
    expect(offered).to_have_count(3)
    expect(offered.nth(0)).to_be_focused()
    # of the same sentence and nearest first, the cue of another sentence last
    assert [offered.nth(i).get_attribute("value") for i in range(3)] == [each["id"] for each in (SOURCE, CONTENT, FAR)]
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(dialog(page)).to_be_hidden()
    expect(region(page)).to_be_focused()
    message = last(page)
    assert message["op"] == "link"
    assert message["relation"]["members"] == [SOURCE["id"], CUE["id"], CONTENT["id"]]  # in the order of the labels
    assert (message["relation"]["type"], message["relation"]["parent"]) == ("attribution", None)
    expect(status(page)).to_have_text("Linked with Source “Watson”, Content “the West is tired”.")
    expect(links(page)).to_have_count(1)
    expect(rows(page).first).to_contain_text("Linked with Cue “said”, Content “the West is tired”.")
    expect(page.locator(".ss-link-line")).to_have_count(2)
    expect(page.locator(".ss-chip")).to_contain_text("Saved")


def test_a_link_is_changed_and_taken_away(open_linked: Mount) -> None:
    page = open_linked(*ALL, relations=(relation("r", SOURCE, CUE),))
    choose(page, CUE)
    expect(status(page)).to_have_text("Cue: “said”. Linked with Source “Watson”.")
    page.keyboard.press("&")
    expect(dialog(page).get_by_role("checkbox", checked=True)).to_have_count(1)
    dialog(page).get_by_role("checkbox", name="Content").check()
    dialog(page).get_by_role("button", name="Save link").click()
    assert last(page)["relation"] == relation("r", SOURCE, CUE, CONTENT)
    page.keyboard.press("&")
    for name in ("Watson", "the West is tired"):
        dialog(page).get_by_role("checkbox", name=name).uncheck()
    dialog(page).get_by_role("button", name="Save link").click()
    assert last(page)["op"] == "unlink"
    expect(links(page)).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(links(page)).to_have_count(1)
    assert last(page)["relation"] == relation("r", SOURCE, CUE, CONTENT)
    page.keyboard.press("Control+z")
    assert last(page)["relation"] == relation("r", SOURCE, CUE)
    page.keyboard.press("Control+z")
    expect(status(page)).to_have_text("Nothing to undo.")
    page.keyboard.press("Control+y")
    assert last(page)["relation"] == relation("r", SOURCE, CUE, CONTENT)


@pytest.mark.parametrize("wanted", [True, False])
def test_a_link_that_went_elsewhere_while_it_was_being_changed(open_linked: Mount, wanted: bool) -> None:
    """Wanted all the same, it is made anew; not wanted, nothing is left to do, and nothing to take back."""
    page = open_linked(*ALL, relations=(relation("r", SOURCE, CUE),))
    choose(page, CUE)
    page.keyboard.press("&")
    dialog(page).get_by_role("checkbox", name="Watson").set_checked(wanted)
    elsewhere(page, "unlink", relation={"id": "r"})
    expect(links(page)).to_have_count(0)
    dialog(page).get_by_role("button", name="Save link").click()
    expect(links(page)).to_have_count(int(wanted))
    assert [message["op"] for message in sent(page)] == ["link"] * wanted
    page.locator(".ss-scroller").focus()
    page.keyboard.press("Control+z")
    expect(links(page)).to_have_count(0)


def test_a_label_that_went_elsewhere_while_it_was_being_linked(open_linked: Mount) -> None:
    """The others are not linked without it."""
    page = open_linked(*ALL)
    choose(page, CUE)
    page.keyboard.press("&")
    for name in ("Watson", "the West is tired"):
        dialog(page).get_by_role("checkbox", name=name).check()
    elsewhere(page, "remove", span={"id": CUE["id"]})
    dialog(page).get_by_role("button", name="Save link").click()
    expect(status(page)).to_have_text("Select a label first: put the text cursor on it and press Space.")
    expect(dialog(page)).to_be_hidden()
    assert sent(page) == []


def test_a_second_link_of_one_label(open_linked: Mount) -> None:
    page = open_linked(*ALL, relations=(relation("r", SOURCE, CUE),))
    choose(page, SOURCE)
    inspector(page).get_by_role("button", name="Another link…").click()
    expect(dialog(page).get_by_label("Which link")).to_have_value("1")
    dialog(page).get_by_role("button", name="Save link").click()
    expect(dialog(page)).to_contain_text("Choose at least one label, or cancel.")
    dialog(page).get_by_role("checkbox", name="he wrote").check()
    dialog(page).get_by_role("button", name="Save link").click()
    expect(inspector(page).get_by_role("button", name="Another link…")).to_be_focused()
    expect(links(page)).to_have_count(2)
    page.keyboard.press("Enter")
    dialog(page).get_by_label("Which link").select_option(index=0)
    expect(dialog(page).get_by_role("checkbox", checked=True)).to_have_count(1)
    page.keyboard.press("Escape")
    expect(dialog(page)).to_be_hidden()
    assert len(sent(page)) == 1
    links(page).nth(0).get_by_role("button", name="Unlink").click()
    expect(links(page)).to_have_count(1)
    expect(inspector(page).get_by_role("button", name="Another link…")).to_be_focused()
    expect(status(page)).to_contain_text("The link is gone.")


def test_partners_are_one_press_away(open_linked: Mount) -> None:
    page = open_linked(*ALL, relations=(relation("r", SOURCE, CUE),))
    choose(page, CUE)
    links(page).get_by_role("button", name="Source “Watson”", exact=True).click()
    expect(region(page)).to_be_focused()
    expect(status(page)).to_have_text("Source: “Watson”. Linked with Cue “said”.")


def test_links_are_made_from_the_table(open_linked: Mount) -> None:
    page = open_linked(*ALL)
    button = rows(page).nth(0).get_by_role("button", name="Link with…: “Watson”")
    button.press("Enter")
    dialog(page).get_by_role("checkbox", name="said").check()
    page.keyboard.press("Enter")
    assert last(page)["relation"]["members"] == [SOURCE["id"], CUE["id"]]
    expect(button).to_be_focused()
    expect(rows(page).nth(1)).to_contain_text("Linked with Source “Watson”.")
    # the row that has the focus shows its links in the text
    expect(page.locator(".ss-link-line")).to_have_count(1)
    rows(page).nth(3).get_by_role("button", name="Go to").focus()
    expect(page.locator(".ss-link-line")).to_have_count(0)


# ---------------------------------------------------------------------------------------------------------- pointing


def test_pointing_with_the_mouse(open_linked: Mount) -> None:
    page = open_linked(*ALL)
    choose(page, CUE)
    inspector(page).get_by_role("button", name="Point in the text").click()
    expect(page.locator(".ss-pointing")).to_contain_text("belong together with “said”")
    segment = lambda words: page.locator(".ss-seg", has_text=words).first  # noqa: E731
    segment("Watson").click()
    segment("the West is tired").click()
    assert last(page)["relation"]["members"] == [SOURCE["id"], CUE["id"], CONTENT["id"]]
    segment("Watson").click()
    assert last(page)["relation"]["members"] == [CUE["id"], CONTENT["id"]]
    segment("the West is tired").click()
    assert last(page)["op"] == "unlink"
    segment("said").click()  # itself
    expect(status(page)).to_have_text("There is no label here that could be linked.")
    page.keyboard.press("Escape")
    expect(page.locator(".ss-pointing")).to_be_hidden()
    segment("Watson").click()
    expect(status(page)).to_have_text("Source: “Watson”.")
    assert len(sent(page)) == 4


def test_pointing_by_keyboard_and_where_labels_overlap(open_linked: Mount) -> None:
    inner = span("West is", "SOURCE")
    page = open_linked(*ALL, inner)
    choose(page, CUE)
    inspector(page).get_by_role("button", name="Point in the text").press("Enter")
    expect(region(page)).to_be_focused()
    for _ in range(3):
        page.keyboard.press("Control+ArrowRight")
    page.keyboard.press("Space")
    menu = page.get_by_role("menu")
    expect(menu.get_by_role("menuitem")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert set(last(page)["relation"]["members"]) == {CUE["id"], inner["id"]}
    page.locator(".ss-pointing").get_by_role("button", name="Done").click()
    expect(page.locator(".ss-pointing")).to_be_hidden()


def test_pointing_by_touch(browser: Browser) -> None:
    """On a small screen that is touched, and where single words are tapped otherwise."""
    context = browser.new_context(viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto((Path(__file__).parent / "harness.html").as_uri())
    page.wait_for_function("window.ready === true")
    traits = {"_view": view(layers=[LINKED]), "_state": state(*ALL)}
    page.evaluate("([s, c, t]) => window.mount(s, c, t)", [str(Labeller._esm), str(Labeller._css), traits])
    whole(page)
    page.evaluate("window.ackAll = true")
    page.get_by_role("button", name="Tap words").tap()
    expect(page.get_by_role("button", name="Tap words")).to_have_attribute("aria-pressed", "true")
    page.locator(f'[data-span="{CUE["id"]}"]').get_by_role("button", name="Edit").tap()
    inspector(page).get_by_role("button", name="Point in the text").tap()
    expect(page.locator(".ss-pointing")).to_be_visible()
    page.locator(".ss-seg", has_text="Watson").first.tap()
    arrived(page, 1)
    expect(links(page)).to_have_count(1)
    assert last(page)["relation"]["members"] == [SOURCE["id"], CUE["id"]]
    page.locator(".ss-pointing").get_by_role("button", name="Done").tap()
    expect(page.locator(".ss-pointing")).to_be_hidden()
    context.close()


def test_selecting_another_label_ends_the_pointing(open_linked: Mount) -> None:
    page = open_linked(*ALL)
    choose(page, CUE)
    inspector(page).get_by_role("button", name="Point in the text").click()
    choose(page, FAR)
    expect(page.locator(".ss-pointing")).to_be_hidden()


# ----------------------------------------------------------------------------------------------- what becomes of links


def test_a_removed_label_leaves_its_links_and_undo_brings_both_back(open_linked: Mount) -> None:
    made = relation("r", SOURCE, CUE, CONTENT)
    page = open_linked(*ALL, relations=(made, relation("s", CUE, FAR, parent="r")))
    choose(page, CUE)
    expect(links(page)).to_have_count(2)
    page.keyboard.press("Delete")
    assert [last(page)["op"], last(page)["span"]["id"]] == ["remove", CUE["id"]]
    expect(rows(page).nth(0)).to_contain_text("Linked with Content “the West is tired”.")
    expect(rows(page).nth(2)).not_to_contain_text("Linked with “")
    page.keyboard.press("Control+z")
    expect(links(page)).to_have_count(2)
    assert [message["op"] for message in sent(page)] == ["remove", "add", "link", "link"]
    assert [message["relation"] for message in sent(page)[2:]] == [made, relation("s", CUE, FAR, parent="r")]
    page.keyboard.press("Control+y")
    expect(rows(page)).to_have_count(3)
    page.keyboard.press("Control+z")
    expect(links(page)).to_have_count(2)


def test_the_kernel_has_the_last_word(open_linked: Mount) -> None:
    """Another view links two labels; a link that is refused is taken back."""
    page = open_linked(*ALL)
    choose(page, CUE)
    foreign = {"type": "ack", "client": "other", "seq": 1, "rev": 7, "saved_at": "2026-11-22T12:00:00Z", "op": "link"}
    page.evaluate("(m) => window.deliver(m)", {**foreign, "relation": relation("r", SOURCE, CUE)})
    expect(links(page)).to_have_count(1)
    page.evaluate("window.ackAll = false")
    inspector(page).get_by_role("button", name="Unlink").click()
    expect(links(page)).to_have_count(0)
    message = last(page)
    page.evaluate(
        "([client, seq]) => window.deliver({ type: 'refused', client, seq, code: 'X', message: 'No.', retry: false })",
        [message["client"], message["seq"]],
    )
    expect(links(page)).to_have_count(1)
    expect(page.get_by_role("button", name="Undo")).to_have_attribute("aria-disabled", "true")


def test_layers_without_links_offer_none(open_linked: Mount) -> None:
    page = open_linked(*ALL, TIRED, layers=[LINKED, {**OTHER, "relation": None}])
    choose(page, TIRED)
    expect(inspector(page).get_by_role("button", name="Link with…")).to_be_hidden()
    expect(inspector(page).get_by_label("For discussion")).to_be_visible()
    expect(rows(page).filter(has_text="Loaded").get_by_role("button", name="Link with…")).to_be_hidden()
    page.keyboard.press("&")
    expect(status(page)).to_have_text("Labels of this kind are not linked.")
    choose(page, CUE)
    page.keyboard.press("&")
    expect(dialog(page).get_by_role("checkbox")).to_have_count(3)  # only labels of its own layer


def test_a_label_that_goes_to_another_layer_leaves_its_links(open_linked: Mount) -> None:
    page = open_linked(*ALL, layers=[LINKED, {**OTHER, "relation": None}], relations=(relation("r", SOURCE, CUE),))
    choose(page, SOURCE)
    inspector(page).locator("[data-field=label]").select_option("rhetoric/LOADED")
    expect(links(page)).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(links(page)).to_have_count(1)


def test_nothing_can_be_linked_where_nothing_can_be_changed(open_linked: Mount) -> None:
    page = open_linked(*ALL, relations=(relation("r", SOURCE, CUE),), readonly={"code": "R", "message": "Read only."})
    page.evaluate("window.ackAll = false")
    choose(page, CUE)
    expect(links(page).get_by_role("button", name="Unlink")).to_be_disabled()
    expect(inspector(page).get_by_label("For discussion")).to_be_disabled()
    page.keyboard.press("&")
    expect(status(page)).to_have_text("Read only.")
    page.keyboard.press("!")
    expect(inspector(page).get_by_label("For discussion")).not_to_be_checked()
    assert sent(page) == []


def test_many_labels_are_offered_a_few_at_a_time(open_linked: Mount) -> None:
    text = "A headline\n\n" + " ".join(f"word{i}" for i in range(60)) + "."
    many = [span(f"word{i} ", text=text, id=f"m{i}") for i in range(50)]
    page = open_linked(*many, relations=(relation("r", many[0], many[49]),), text=text)
    choose(page, many[0])
    page.keyboard.press("&")
    boxes = dialog(page).get_by_role("checkbox")
    expect(boxes).to_have_count(20)
    expect(boxes.first).to_have_value("m49")  # what is linked is never out of sight
    boxes.nth(3).check()
    dialog(page).get_by_role("button", name="Show more labels").click()
    expect(boxes).to_have_count(40)
    expect(boxes.nth(20)).to_be_focused()
    expect(dialog(page).get_by_role("checkbox", checked=True)).to_have_count(2)


def test_alone_there_is_nothing_to_link(open_linked: Mount) -> None:
    page = open_linked(CUE)
    page.evaluate("document.querySelector('.ss-scroller').focus()")
    page.keyboard.press("&")
    expect(status(page)).to_contain_text("Select a label first")
    choose(page, CUE)
    page.keyboard.press("&")
    expect(dialog(page)).to_contain_text("There is no other label yet")
    dialog(page).get_by_role("button", name="Cancel").click()
    expect(region(page)).to_be_focused()


# ------------------------------------------------------------------------------------------------------------ drawing


FITS = """() => {
  // each end of a line touches the frame of a marked passage, wherever the text was scrolled to
  const frames = [...document.querySelectorAll(".ss-links rect")].map((rect) => rect.getBoundingClientRect());
  const ends = [...document.querySelectorAll(".ss-links circle")].map((end) => end.getBoundingClientRect());
  const near = (end, frame) => end.right >= frame.left - 4 && end.left <= frame.right + 4
    && end.bottom >= frame.top - 4 && end.top <= frame.bottom + 4;
  const words = [...document.querySelectorAll(".ss-seg.ss-on")].map((each) => each.getBoundingClientRect());
  const own = [...document.querySelectorAll(".ss-link-own")].map((each) => each.getBoundingClientRect());
  const over = own.every((frame) => words.some((word) =>
    Math.abs(frame.top - word.top) < 14 && frame.left < word.right && word.left < frame.right));
  return ends.length > 0 && over && ends.every((end) => frames.some((frame) => near(end, frame)));
}"""


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_lines_end_at_the_passages_in_both_directions(open_linked: Mount, direction: str) -> None:
    arabic = span("المصدر")
    later = span("القوات تقدمت", "CONTENT")
    across = span("the U.S.\n\nDepartment", "CONTENT")
    made = relation("r", arabic, later, across)
    page = open_linked(arabic, later, across, relations=(made,))
    page.evaluate("(dir) => { document.querySelector('.ss-text').dir = dir; }", direction)
    choose(page, arabic)
    expect(page.locator(".ss-link-line")).to_have_count(2)
    expect(page.locator(".ss-link-partner")).to_have_count(3)  # one passage stands on two lines
    page.wait_for_function(FITS)
    page.set_viewport_size({"width": 480, "height": 700})
    page.wait_for_function(FITS)
    page.evaluate("document.querySelector('.ss-scroller').scrollTop = 60")
    page.wait_for_function(FITS)
    box = page.locator(".ss-links")
    expect(box).to_have_attribute("aria-hidden", "true")
    assert box.evaluate("e => getComputedStyle(e).pointerEvents") == "none"


def test_links_are_shown_under_the_pointer(open_linked: Mount) -> None:
    page = open_linked(*ALL, relations=(relation("r", SOURCE, CUE),))
    expect(page.locator(".ss-link-line")).to_have_count(0)
    page.locator(".ss-seg", has_text="Watson").first.hover()
    expect(page.locator(".ss-link-line")).to_have_count(1)
    page.get_by_role("heading", name="Who says so?").hover()
    expect(page.locator(".ss-link-line")).to_have_count(0)


def test_lines_are_seen_in_forced_colours(open_linked: Mount) -> None:
    page = open_linked(*ALL, relations=(relation("r", SOURCE, CUE),))
    page.emulate_media(forced_colors="active")
    choose(page, CUE)
    line = page.locator(".ss-link-line")
    expect(line).to_have_count(1)
    highlight = page.evaluate("""() => {
      const element = document.createElement("p");
      element.style.color = "Highlight";
      document.body.append(element);
      return getComputedStyle(element).color;
    }""")
    assert line.evaluate("e => getComputedStyle(e).stroke") == highlight


# --------------------------------------------------------------------------------------------------- flag and two views


def test_the_flag_for_discussion(open_linked: Mount) -> None:
    page = open_linked(*ALL)
    choose(page, CUE)
    page.keyboard.press("!")
    assert last(page)["span"]["discuss"] is True
    expect(status(page)).to_have_text("Flagged for discussion.")
    expect(inspector(page).get_by_label("For discussion")).to_be_checked()
    expect(page.locator(".ss-seg[data-flag]")).to_have_text("said")
    expect(rows(page).nth(1).locator(".ss-flagged")).to_be_visible()
    expect(page.locator(".ss-progress")).to_contain_text("1 for discussion")
    inspector(page).get_by_label("For discussion").uncheck()
    assert last(page)["span"]["discuss"] is False
    expect(page.locator(".ss-seg[data-flag]")).to_have_count(0)
    expect(page.locator(".ss-progress")).not_to_contain_text("for discussion")
    page.keyboard.press("Control+z")
    expect(page.locator(".ss-seg[data-flag]")).to_have_count(1)


def test_single_keys_can_be_switched_off(open_linked: Mount) -> None:
    page = open_linked(*ALL)
    page.get_by_role("button", name="Shortcuts").click()
    dialog(page).get_by_label("Single-key shortcuts").uncheck()
    dialog(page).get_by_role("button", name="Close").click()
    choose(page, CUE)
    for key in ("&", "!", "\\", ";"):
        page.keyboard.press(key)
    assert sent(page) == []
    expect(dialog(page)).to_be_hidden()
    expect(page.get_by_role("search")).to_be_hidden()


def test_two_labellers_in_one_notebook(open_linked: Mount) -> None:
    """Two models on one page, of different exercises: each answers for itself alone, and no id is used twice."""
    page = open_linked(*ALL, relations=(relation("r", SOURCE, CUE),))
    page.evaluate(
        """async ([view, state]) => {
          window.first = window.model;
          const Model = window.model.constructor;
          window.model = new Model({ _view: view, _state: state });
          await window.addView();
          await window.addView();
        }""",
        [
            view(layers=[LINKED], exercise="05_wording", title="Second"),
            state(*ALL, relations=[relation("r", CUE, FAR)]),
        ],
    )
    expect(page.locator(".ss-labeller")).to_have_count(3)
    ids = page.evaluate("() => [...document.querySelectorAll('[id]')].map((each) => each.id)")
    assert len(ids) == len(set(ids))
    second = page.locator(".ss-labeller").nth(1)
    second.locator(".ss-table tbody tr").nth(1).get_by_role("button", name="Go to").click()
    page.keyboard.press("!")
    message = last(page)
    assert (message["exercise"], message["span"]["discuss"]) == ("05_wording", True)
    expect(page.locator(".ss-labeller").nth(0).locator(".ss-seg[data-flag]")).to_have_count(0)
    expect(second.locator(".ss-seg[data-flag]")).to_have_count(1)
    expect(page.locator(".ss-labeller").nth(2).locator(".ss-seg[data-flag]")).to_have_count(1)  # the same model
    expect(second.locator(".ss-link-line")).to_have_count(1)
    expect(page.locator(".ss-labeller").nth(0).locator(".ss-link-line")).to_have_count(0)
    for at in (0, 1):
        one = page.locator(".ss-labeller").nth(at)
        one.get_by_role("button", name="Find in the text").click()
        one.get_by_role("search").get_by_role("textbox").fill("west")
        expect(one.locator(".ss-count")).to_have_text("1 of 2")
    names = "() => [...CSS.highlights.keys()]"
    page.wait_for_function(f"({names})().length === 4")
    page.evaluate("CSS.highlights.set('foreign', new Highlight())")
    page.locator(".ss-labeller").nth(0).get_by_role("search").get_by_role("button", name="Close").click()
    assert len(page.evaluate(names)) == 3
    page.evaluate("window.removeView(1)")
    assert page.evaluate(names) == ["foreign"]


# --------------------------------------------------------------------------------------------------------------- axe


@pytest.mark.parametrize("light", ["true", "false"])
def test_axe_finds_nothing_among_links(open_linked: Mount, light: str) -> None:
    page = open_linked(*[{**each, "discuss": True} for each in ALL], relations=(relation("r", SOURCE, CUE, CONTENT),))
    page.evaluate("(light) => { document.body.dataset.jpThemeLight = light; }", light)
    choose(page, CUE)
    expect(links(page)).to_have_count(1)
    assert violations(page) == []
    inspector(page).get_by_role("button", name="Point in the text").click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("&")
    expect(dialog(page)).to_be_visible()
    assert violations(page) == []


def test_the_text_is_what_it_was(open_linked: Mount) -> None:
    """Neither flags nor lines put a letter into the text."""
    page = open_linked(*[{**each, "discuss": True} for each in ALL], relations=(relation("r", SOURCE, CUE),))
    choose(page, CUE)
    assert page.evaluate("[...document.querySelectorAll('.ss-block')].map((b) => b.textContent).join('\\n\\n')") == TEXT


# ------------------------------------------------------------------------------------------------- what labels mean


def test_what_a_label_means_is_never_out_of_reach(open_linked: Mount) -> None:
    """By pointer, by focus, in the menu and, where nothing can be pointed at, by choosing; and it stays to be read."""
    page = open_linked(*ALL, layers=[LINKED, {**OTHER, "relation": None}])
    card = page.get_by_role("region", name="What the label means")
    cue = page.locator(".ss-bar").get_by_role("button", name="Cue")
    for reach in (cue.hover, cue.focus):
        page.get_by_role("heading", name="Who says so?").hover()
        expect(card).to_contain_text("definition of Source")
        reach()
        for part in ("ask", "definition", "rule", "example", "near_miss"):
            expect(card).to_contain_text(f"{part} of Cue")
    chooser = card.get_by_role("combobox", name="Meaning of another label")
    expect(chooser).to_have_text("Cue")
    chooser.focus()  # the list is made when it is used; the pointer's label is let go
    expect(chooser).to_have_value("attribution/SOURCE")
    chooser.select_option("attribution/CONTENT")
    expect(card).to_contain_text("near_miss of Content")
    card.hover()
    expect(card).to_contain_text("near_miss of Content")
    assert sent(page) == []
    region(page).focus()
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name="Cue").hover()
    expect(card).to_contain_text("definition of Cue")
    page.keyboard.press("ArrowDown")
    expect(card).to_contain_text("definition of Cue")  # the second one, now by focus
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_be_hidden()
