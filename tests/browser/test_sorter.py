"""The sorter in a real browser: what a student answers, what reaches the kernel, and that no answer is lost."""

import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.test_hosts import BARE
from browser.waiting import arrived, stand_still
from secondsource.article import Article
from secondsource.codebook import Codebook
from secondsource.store import LabelStore
from secondsource.widgets import Sorter

Mount = Callable[..., Page]
Json = dict[str, Any]
HARNESS = (Path(__file__).parent / "harness.html").as_uri()

NEWS, PRACTICE = Codebook.open("news"), Codebook.open("practice")
ARTICLE = Article(
    "Pool 💩 to close\n\nThe council met on Monday. The plan, Ines Falk wrote, is <b>unfair</b>.\n\n"
    "قال المصدر إن المسبح سيغلق.\n\nIf it rains, the fair moves indoors.",
    title="Pool",
    provenance="Invented text, written for practice.",
    note="Nothing here is real.",
)
DECK = Article(
    "Before you go\n\nWhat is the difference? Say it in one sentence.\n\nName one thing.\n\nWhat is still unclear?",
    title="Questions",
    provenance="Questions of the course.",
    cards=True,
)
LONG = Article("Deck\n\n" + "\n\n".join(f"Card {i}. Two sentences." for i in range(200)), provenance="p", cards=True)
KINDS = {"recall": (LONG, PRACTICE), "claims": (ARTICLE, NEWS), "trust": (ARTICLE, NEWS), "answers": (DECK, PRACTICE)}


def traits(
    folder: Path, layer: str, *spans: Json, view: Json | None = None, state: Json | None = None, **more: Any
) -> Json:
    """What Python sends; a change is sent without waiting for the browser's log, so that a test may look at once."""
    article, codebook = KINDS[layer]
    made = Sorter(LabelStore(folder, "01_sort", article, codebook), layers=[layer], **{"title": "Sort", **more})
    timing = {"waiting": 60_000, "resend": 60_000, "write": 0}
    return {
        "_view": {**made._view, "readonly": None, "timing": timing, **(view or {})},
        "_state": {**made._state, "spans": list(spans), **(state or {})},
    }


def answer(item: str, label: str, layer: str = "claims", **more: Any) -> Json:
    """An answer as the kernel tells it."""
    article, _ = KINDS[layer]
    (place,) = [s for s in article.sentences if s.id == item]
    quote = article.text[place.start : place.end]
    rest = {"confidence": None, "note": "", "attributes": {}, "discuss": False, **more}
    return {
        "id": f"{layer}-{item}",
        "layer": layer,
        "label": label,
        "start": place.start,
        "end": place.end,
        "quote": quote,
        **rest,
    }


@pytest.fixture
def sorter(page: Page, widget: Mount, tmp_path: Path) -> Mount:
    """A sorter in place of what is there; its kernel acknowledges everything, unless it is `silent`."""

    def mount(layer: str = "claims", *spans: Json, silent: bool = False, **more: Any) -> Page:
        page.evaluate("window.views?.forEach((_, i) => window.removeView(i))")
        widget("sorter", **traits(tmp_path, layer, *spans, **more))
        page.evaluate("(on) => { window.ackAll = on; }", not silent)
        return page

    return mount


def row(page: Page, item: str, view: int = 0) -> Locator:
    return page.locator(".ss-sorter").nth(view).locator(f"[data-item='{item}']")


def choose(page: Page, item: str, name: str, view: int = 0) -> None:
    row(page, item, view).locator(".ss-s-choice, .ss-s-point", has_text=re.compile(rf"^{name}")).click()


def sure(page: Page, item: str, name: str) -> None:
    row(page, item).get_by_role("radiogroup", name="How sure").get_by_text(name).click()


def sent(page: Page, kind: str = "op") -> list[Json]:
    return [message for message in page.evaluate("window.sent") if message["type"] == kind]


def chip(page: Page) -> Locator:
    return page.locator(".ss-chip").first


def progress(page: Page) -> Locator:
    return page.locator(".ss-s-progress").first


def focused(page: Page) -> str:
    """Item and field that have the focus."""
    told: str = page.evaluate(
        """() => {
          const { activeElement: e } = document;
          const item = e.closest("[data-item]")?.dataset.item ?? "";
          const value = e.dataset.field && e.type === "radio" ? e.value : "";
          return [item, e.dataset.field ?? e.dataset.action ?? e.textContent, value].join(" ").trim();
        }"""
    )
    return told


# ------------------------------------------------------------------------------------------- what is shown


def test_a_row_for_each_sentence_that_is_asked(sorter: Mount) -> None:
    page = sorter(asked=["S2", "S3"])
    for words in ("Sort", ARTICLE.provenance, ARTICLE.note, "What would it take to check this sentence?"):
        expect(page.get_by_text(words, exact=True)).to_be_visible()
    expect(page.locator(".ss-s-row")).to_have_count(2)
    expect(row(page, "S2").locator(".ss-s-text")).to_have_text("The plan, Ines Falk wrote, is <b>unfair</b>.")
    expect(page.locator(".ss-s-row b")).to_have_count(0)
    expect(progress(page)).to_have_text("0 of 2 answered, 0 with a confidence")
    expect(chip(page)).to_have_text("Nothing to save yet")
    assert page.locator(".ss-sorter").get_attribute("data-lm-suppress-shortcuts") == "true"
    (hello,) = sent(page, "hello")
    assert (hello["exercise"], hello["article"], hello["last_acked"]) == ("01_sort", ARTICLE.sha256, 0)


def test_the_headline_only_where_it_is_asked(sorter: Mount) -> None:
    expect(sorter("claims").locator("[data-item='H']")).to_have_count(0)
    page = sorter("trust", asked=["H"])
    expect(page.locator("[data-item='H']")).to_contain_text("Pool 💩 to close")
    for name in ("Show in context", "Next unanswered"):  # it may be rated before anything is read, and it is alone
        expect(page.get_by_role("button", name=name)).to_have_count(0)


def test_choosing_with_the_mouse(sorter: Mount) -> None:
    page = sorter()
    stand_still(page)  # words are handed over after a pause; nobody knows how long the typing takes
    choose(page, "S3", "Prediction")
    sure(page, "S3", "60 %")
    row(page, "S3").get_by_role("button", name="Why? (S3)").click()
    assert focused(page) == "S3 note"
    page.keyboard.type("It says “will”.")
    page.keyboard.press("Tab")
    arrived(page, 3)
    first, second, third = sent(page)
    place = first["span"]
    assert ARTICLE.text[place["start"] : place["end"]] == place["quote"] == "قال المصدر إن المسبح سيغلق."
    assert (first["op"], place["layer"], place["label"], place["confidence"]) == ("add", "claims", "prediction", None)
    assert (second["op"], second["span"]) == ("update", {**place, "confidence": 0.6})
    assert (third["op"], third["span"]) == ("update", {**place, "confidence": 0.6, "note": "It says “will”."})
    expect(progress(page)).to_have_text("1 of 4 answered, 1 with a confidence")
    expect(row(page, "S3")).to_have_class(re.compile("ss-s-done"))
    expect(chip(page)).to_contain_text("revision 3")


def test_another_answer_changes_the_same_label_and_clear_removes_it(sorter: Mount) -> None:
    page = sorter(
        "claims", answer("S1", "opinion", confidence=0.8, note="Why not."), answer("S1", "fact_claim", id="extra")
    )
    expect(row(page, "S1").get_by_role("radio", name="Opinion")).to_be_checked()
    expect(row(page, "S1").locator("textarea")).to_have_value("Why not.")
    choose(page, "S1", "Fact claim")
    update, remove = sent(page)
    assert (update["op"], update["span"]["id"], update["span"]["label"], update["span"]["confidence"]) == (
        "update",
        "claims-S1",
        "fact_claim",
        0.8,
    )
    assert (remove["op"], remove["span"]["id"]) == ("remove", "extra")  # one item, one answer
    row(page, "S1").get_by_role("button", name="Clear (S1)").click()
    assert (sent(page)[-1]["op"], sent(page)[-1]["span"]["id"]) == ("remove", "claims-S1")
    expect(row(page, "S1").locator("input:checked")).to_have_count(0)
    expect(row(page, "S1").locator("textarea")).to_be_hidden()
    assert focused(page).startswith("S1 answer")
    page.get_by_role("button", name="Undo").click()
    expect(row(page, "S1").locator("textarea")).to_have_value("Why not.")


def test_a_confidence_from_python_that_is_no_step(sorter: Mount) -> None:
    page = sorter("claims", answer("S1", "opinion", confidence=0.7))
    group = row(page, "S1").get_by_role("radiogroup", name="How sure are you of your answer to S1? 70 %")
    expect(group).to_contain_text("How sure are you? 70 %")
    expect(progress(page)).to_have_text("1 of 4 answered, 1 with a confidence")
    sure(page, "S1", "40 %")
    expect(row(page, "S1").locator(".ss-sure > span").first).to_have_text("How sure are you?")


def test_nothing_moves_when_an_answer_is_given(sorter: Mount) -> None:
    """The place for the confidence is kept free."""
    page = sorter()
    before = row(page, "S2").bounding_box()
    choose(page, "S1", "Opinion")
    expect(row(page, "S1").get_by_role("radiogroup", name="How sure")).to_be_visible()
    assert row(page, "S2").bounding_box() == before


def test_the_meaning_of_a_label_on_focus_on_pointing_and_on_demand(sorter: Mount) -> None:
    page = sorter()
    card = page.get_by_role("region", name="What the label means")
    row(page, "S1").locator(".ss-s-choice").nth(2).hover()
    expect(card).to_contain_text(NEWS.layer("claims").label("prediction").near_miss)
    choose(page, "S1", "Opinion")
    page.mouse.move(0, 0)
    expect(card).to_contain_text(NEWS.layer("claims").label("opinion").example)
    card.get_by_label("Meaning of another label").focus()  # the list is made when it is used
    card.get_by_label("Meaning of another label").select_option(label="Background")
    expect(card).to_contain_text(NEWS.layer("claims").label("background").definition)


def test_what_stands_around_a_sentence(sorter: Mount) -> None:
    page = sorter(asked=["S2"])
    press = row(page, "S2").get_by_role("button", name="Show in context (S2)")
    press.click()
    expect(press).to_have_attribute("aria-expanded", "true")
    context = row(page, "S2").locator(".ss-s-context")
    expect(context).to_have_text(
        "Pool 💩 to close The council met on Monday. The plan, Ines Falk wrote, is <b>unfair</b>. "
        "قال المصدر إن المسبح سيغلق. If it rains, the fair moves indoors."
    )
    expect(context.locator("mark")).to_have_text("The plan, Ines Falk wrote, is <b>unfair</b>.")
    press.click()
    expect(context).to_be_hidden()
    assert sent(page) == []
    expect(sorter("answers").get_by_role("button", name=re.compile("context"))).to_have_count(0)  # cards have none


# ------------------------------------------------------------------------------------------- keyboard


def test_by_keyboard_alone(sorter: Mount) -> None:
    page = sorter()
    page.get_by_role("button", name="Next unanswered").focus()
    page.keyboard.press("Enter")
    assert focused(page) == "S1 answer fact_claim"
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    assert focused(page) == "S1 answer opinion"
    page.keyboard.press("Tab")
    assert focused(page) == "S1 sure 0.2"
    for key in ("ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    assert focused(page) == "S1 sure 0.6"
    page.keyboard.press("Tab")
    assert focused(page) == "S1 why"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert focused(page) == "S2 context"
    made = [(op["op"], op["span"]["label"], op["span"]["confidence"]) for op in sent(page)]
    assert made == [
        ("add", "fact_claim", None),
        ("update", "opinion", None),
        ("update", "opinion", 0.4),
        ("update", "opinion", 0.6),
    ]


def test_single_keys(sorter: Mount) -> None:
    """The key printed on an answer, more and less sure, on to the next; no key reaches the notebook."""
    page = sorter()
    page.evaluate("window.leaked = []; document.addEventListener('keydown', (e) => window.leaked.push(e.key))")
    row(page, "S1").get_by_role("button", name="Show in context").focus()
    page.keyboard.press("3")
    assert focused(page) == "S1 answer prediction"
    page.keyboard.press("+")
    assert focused(page) == "S1 sure 0.6"
    page.keyboard.press("-")
    assert focused(page) == "S1 sure 0.4"
    page.keyboard.press(";")
    assert focused(page) == "S2 answer fact_claim"
    page.keyboard.press("4")
    for _ in range(2):  # S3 and S4
        page.keyboard.press(";")
        page.keyboard.press("1")
    page.keyboard.press(";")
    assert focused(page) == "S2 sure 0.2"  # the first whose confidence is missing
    page.keyboard.press("Delete")
    assert sent(page)[-1]["op"] == "remove"
    assert focused(page) == "S2 answer fact_claim"
    page.keyboard.press("b")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_label("Single-key shortcuts").uncheck()
    page.get_by_role("button", name="Close").click()
    before = len(sent(page))
    row(page, "S2").locator("input").first.focus()
    page.keyboard.press("2")
    assert len(sent(page)) == before
    expect(row(page, "S2").locator("kbd").first).to_be_hidden()
    assert page.evaluate("window.leaked") == []


def test_letters_in_a_note_are_letters(sorter: Mount) -> None:
    page = sorter("claims", answer("S1", "opinion", confidence=0.8))
    stand_still(page)
    row(page, "S1").get_by_role("button", name="Why?").click()
    page.keyboard.type("12;?-+")
    page.keyboard.press("Delete")
    page.keyboard.press("Escape")
    assert focused(page) == "S1 why"
    assert [(op["op"], op["span"]["note"], op["span"]["label"]) for op in sent(page)] == [
        ("update", "12;?-+", "opinion")
    ]


def test_undo_and_redo_take_a_visit_to_a_row_as_one_step(sorter: Mount) -> None:
    page = sorter()
    page.keyboard.press("Tab")
    row(page, "S1").locator("input").first.focus()
    for key in ("1", "2", "3", "+"):
        page.keyboard.press(key)
    page.keyboard.press("Control+z")
    assert sent(page)[-1]["span"]["confidence"] is None
    page.keyboard.press("Control+z")
    assert sent(page)[-1]["op"] == "remove"
    expect(row(page, "S1").locator("input:checked")).to_have_count(0)
    page.keyboard.press("Control+Shift+z")
    expect(row(page, "S1").get_by_role("radio", name="Prediction")).to_be_checked()
    page.keyboard.press("Control+y")
    expect(page.locator(".ss-status")).to_have_text("S1: done again.")
    expect(progress(page)).to_have_text("1 of 4 answered, 1 with a confidence")
    page.keyboard.press("Control+y")
    expect(page.locator(".ss-status")).to_have_text("Nothing to redo.")


# ------------------------------------------------------------------------------------------- scale and written answers


def test_a_rating(sorter: Mount) -> None:
    page = sorter("trust", asked=["H"])
    points = row(page, "H").get_by_role("radiogroup", name="Your answer to H").get_by_role("radio")
    expect(points).to_have_count(11)
    expect(row(page, "H").get_by_role("radio", name="0 not at all")).to_have_count(1)
    expect(row(page, "H").get_by_role("radio", name="10 completely")).to_have_count(1)
    expect(row(page, "H").locator(".ss-s-ends")).to_have_text("not at allcompletely")
    choose(page, "H", "7")
    page.keyboard.press("x")
    page.keyboard.press("ArrowLeft")
    sure(page, "H", "80 %")
    made = [(op["span"]["label"], op["span"]["confidence"]) for op in sent(page)]
    assert made == [("7", None), ("10", None), ("9", None), ("9", 0.8)]
    expect(page.get_by_role("region", name="What the label means")).to_have_count(0)


def write(page: Page, item: str, words: str) -> None:
    row(page, item).locator("textarea").focus()
    page.keyboard.insert_text(words)


def test_a_written_answer_is_saved_while_it_is_written(sorter: Mount) -> None:
    page = sorter("answers")
    stand_still(page)
    write(page, "C1", "One is\nsure of itself, 💩")
    expect(chip(page)).to_have_text("Saving…")
    expect(row(page, "C1").locator(".ss-s-count")).to_have_text("5 words")
    assert sent(page) == []
    page.clock.run_for(1000)
    arrived(page, 1)  # nobody has left the field
    write(page, "C1", " the other")
    page.keyboard.press("Tab")
    first, second = sent(page)
    assert (first["op"], first["span"]["note"], first["span"]["label"]) == (
        "add",
        "One is\nsure of itself, 💩",
        "ANSWER",
    )
    assert (second["op"], second["span"]["id"], second["span"]["note"]) == (
        "update",
        "answers-C1",
        "One is\nsure of itself, 💩 the other",
    )
    assert first["span"]["quote"] == "What is the difference? Say it in one sentence."
    expect(progress(page)).to_have_text("1 of 3 answered")
    expect(chip(page)).to_contain_text("Saved")
    row(page, "C1").locator("textarea").fill("  \n")
    page.keyboard.press("Tab")
    assert sent(page)[-1]["op"] == "remove"
    expect(progress(page)).to_have_text("0 of 3 answered")
    expect(row(page, "C2").get_by_role("button")).to_have_count(
        0
    )  # cards have nothing around them, words no confidence


def test_the_room_that_is_left_is_told_near_the_end(sorter: Mount) -> None:
    page = sorter("answers")
    row(page, "C1").locator("textarea").fill("a" * 9_990)
    expect(row(page, "C1").locator(".ss-s-count")).to_have_text("1 word · room for 10 more characters")
    write(page, "C1", "b" * 50)
    assert row(page, "C1").locator("textarea").evaluate("(e) => [e.value.length, e.value.split('b').length - 1]") == [
        10_000,
        10,
    ]


def test_half_a_character_is_no_reason_to_lose_the_rest(sorter: Mount) -> None:
    page = sorter("answers")
    box = row(page, "C1").locator("textarea")
    box.focus()
    box.evaluate(
        """(e) => {
          e.value = "a\\ud83d b";
          e.dispatchEvent(new Event("input", { bubbles: true }));
          e.blur();
        }"""
    )
    page.wait_for_function("window.sent.some((m) => m.type === 'op')")
    assert sent(page)[-1]["span"]["note"] == "a\ufffd b"


def test_words_in_a_field_are_not_overwritten_from_elsewhere(sorter: Mount) -> None:
    page = sorter("answers", silent=True)
    stand_still(page)
    write(page, "C1", "mine")
    theirs = answer("C1", "ANSWER", "answers", note="theirs")
    page.evaluate(
        "(m) => window.deliver(m)",
        {
            "type": "ack",
            "client": "other",
            "seq": 1,
            "rev": 1,
            "saved_at": "2026-11-22T12:03:05Z",
            "op": "add",
            "span": theirs,
        },
    )
    expect(row(page, "C1").locator("textarea")).to_have_value("mine")
    page.keyboard.press("Tab")
    assert (sent(page)[-1]["op"], sent(page)[-1]["span"]["note"]) == ("update", "mine")


def test_words_that_were_refused_stay_in_their_field(sorter: Mount) -> None:
    page = sorter("answers", silent=True)
    write(page, "C1", "mine")
    page.keyboard.press("Tab")
    client = sent(page)[0]["client"]
    page.evaluate(
        "(m) => window.deliver(m)", {"type": "refused", "client": client, "seq": 1, "code": "X", "message": "X · no"}
    )
    expect(chip(page)).to_have_text("Not saved: X · no")
    expect(row(page, "C1").locator("textarea")).to_have_value("mine")
    page.evaluate("window.ackAll = true")
    page.get_by_role("button", name="Save again").click()
    assert (sent(page)[-1]["op"], sent(page)[-1]["span"]["note"]) == ("add", "mine")
    expect(chip(page)).to_contain_text("Saved")


# ------------------------------------------------------------------------------------------- saving


# However long the typing takes, nobody pauses so long that the words are handed over.
NO_PAUSE = """() => {
  const later = window.setTimeout;
  window.setTimeout = (run, time, ...rest) => (time >= 500 ? 0 : later(run, time, ...rest));
}"""


def open_again(page: Page, folder: Path, layer: str, *spans: Json, **more: Any) -> None:
    """A new visit to the same page; a kernel that has not answered yet."""
    page.goto(HARNESS)
    page.wait_for_function("window.ready === true")
    mounted = [str(Sorter._esm), str(Sorter._css), traits(folder, layer, *spans, **more)]
    page.evaluate("([s, c, t]) => window.mount(s, c, t)", mounted)


def welcome(page: Page, *spans: Json, **more: Any) -> None:
    """The kernel answers the page's greeting."""
    arrived(page, 1, "hello")
    greeting = {
        "type": "state",
        "client": sent(page, "hello")[0]["client"],
        "readonly": None,
        "rev": 0,
        "saved_at": None,
    }
    page.evaluate("(m) => window.deliver(m)", {**greeting, "spans": list(spans), "seq_by_client": {}, **more})


def test_what_is_said_of_saving(sorter: Mount) -> None:
    """Shown at once; saved only after the kernel has said so; waiting, stopped and full are told, and how to go on."""
    page = sorter("claims", silent=True)
    welcome(page)  # so that no timer runs that is older than the clock
    stand_still(page)
    choose(page, "S1", "Opinion")
    expect(chip(page)).to_have_text("Saving…")
    page.clock.run_for(61_000)
    expect(chip(page)).to_have_text("Waiting for the notebook to finish")
    expect(page.get_by_role("status")).to_have_text(re.compile("Your answers are kept in this browser"))
    page.evaluate("(m) => window.acknowledge(m)", sent(page)[0])
    expect(chip(page)).to_contain_text("(revision 1)")
    client = sent(page)[0]["client"]
    sure(page, "S1", "80 %")
    full = {
        "type": "refused",
        "client": client,
        "seq": 2,
        "code": "SAVE-FULL",
        "message": "SAVE-FULL · full",
        "retry": True,
    }
    page.evaluate("(m) => window.deliver(m)", full)
    expect(chip(page)).to_have_text("Not saved: SAVE-FULL · full")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download my labels").locator("visible=true").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert download.value.suggested_filename == "01_sort.from-browser.json"
    assert '"label": "opinion"' in text
    assert '"confidence": 0.8' in text
    page.evaluate("() => { window.model.send = () => { throw new Error('comm is dead'); }; }")
    choose(page, "S2", "Opinion")
    expect(chip(page)).to_contain_text("SAVE-NOKERNEL")
    expect(progress(page)).to_have_text("2 of 4 answered, 1 with a confidence")


def test_an_answer_that_was_not_saved_is_offered_after_a_reload(page: Page, tmp_path: Path) -> None:
    open_again(page, tmp_path, "claims")
    choose(page, "S1", "Opinion")
    sure(page, "S1", "80 %")
    arrived(page, 2)
    open_again(page, tmp_path, "claims")
    expect(row(page, "S1").locator("input:checked")).to_have_count(0)
    welcome(page)
    offer = page.locator(".ss-banner:visible")
    expect(offer).to_contain_text("2 changes from an earlier visit were not saved.")
    offer.get_by_role("button", name="Restore").click()
    expect(row(page, "S1").get_by_role("radio", name="Opinion")).to_be_checked()
    expect(row(page, "S1").get_by_role("radio", name="80 %")).to_be_checked()
    assert [op["op"] for op in sent(page)] == ["add", "update"]


def test_a_reload_in_the_middle_of_a_word_loses_nothing(page: Page, tmp_path: Path) -> None:
    """Nobody had left the field, and nothing had been sent."""
    open_again(page, tmp_path, "answers")
    page.evaluate(NO_PAUSE)
    write(page, "C2", "in the mid")
    assert sent(page) == []
    open_again(page, tmp_path, "answers")
    welcome(page)
    page.get_by_role("button", name="Restore").click()
    expect(row(page, "C2").locator("textarea")).to_have_value("in the mid")
    expect(row(page, "C2").locator(".ss-s-count")).to_have_text("3 words")
    assert sent(page)[-1]["span"]["note"] == "in the mid"


def test_two_views_agree(sorter: Mount) -> None:
    """Also where both answer the same item before either is acknowledged: one answer, that of the last."""
    page = sorter("claims", silent=True)
    page.evaluate("() => window.addView()")
    choose(page, "S1", "Opinion", 0)
    choose(page, "S1", "Background", 1)
    mine, theirs = sent(page)
    assert mine["span"]["id"] == theirs["span"]["id"]
    page.evaluate("(all) => all.forEach(window.acknowledge)", [mine, theirs])
    for view in (0, 1):
        expect(row(page, "S1", view).get_by_role("radio", name="Background")).to_be_checked()
        expect(page.locator(".ss-s-progress").nth(view)).to_have_text("1 of 4 answered, 0 with a confidence")
        expect(page.locator(".ss-chip").nth(view)).to_contain_text("revision 2")


def test_a_view_that_goes_away_leaves_nothing_behind(sorter: Mount) -> None:
    page = sorter("answers")
    page.evaluate("() => window.addView()")
    before = page.evaluate("window.model.listeners()")
    write(page, "C1", "half")
    page.evaluate("window.removeView(0)")
    assert page.evaluate("window.model.listeners()") < before
    assert sent(page)[-1]["span"]["note"] == "half"
    expect(row(page, "C1").locator("textarea")).to_have_value("half")  # the other view heard of it


def test_where_nothing_can_be_saved_nothing_can_be_answered(sorter: Mount) -> None:
    reason = {"code": "READONLY", "message": "READONLY · this folder cannot be written to."}
    page = sorter("claims", answer("S1", "opinion", note="Why not."), silent=True, view={"readonly": reason})
    expect(page.get_by_role("alert")).to_contain_text("cannot be written to")
    expect(row(page, "S1").get_by_role("radio", name="Opinion")).to_be_disabled()
    expect(row(page, "S1").locator("textarea")).to_have_attribute("readonly", "")
    row(page, "S1").get_by_role("button", name="Show in context").focus()
    page.keyboard.press("1")
    assert sent(page) == []


def test_an_answer_in_a_long_deck_costs_its_own_row(sorter: Mount) -> None:
    """Not all 200: what changes in the page does not grow with the deck, and each answer is sent."""
    page = sorter("recall")
    expect(page.locator(".ss-s-row")).to_have_count(200)
    changed = page.evaluate(
        """async () => {
          let changes = 0;
          new MutationObserver((seen) => { changes += seen.length; })
            .observe(document.querySelector(".ss-sorter"), { subtree: true, childList: true, attributes: true });
          const all = [...document.querySelectorAll(".ss-s-choice:first-child input")];
          const some = all.filter((_, n) => n % 20 === 0);
          for (const input of some) {
            input.click();
            await new Promise(requestAnimationFrame);
          }
          return changes / some.length;
        }"""
    )
    assert len(sent(page)) >= 10
    assert changed < 60


@pytest.mark.parametrize("seed", range(2))
def test_whatever_is_pressed_what_is_shown_is_what_was_sent(sorter: Mount, seed: int) -> None:
    """In two views, with answers of the kernel that come late; the last word is that of the file."""
    page, chance = sorter("claims", silent=True), random.Random(seed)
    page.evaluate("() => window.addView()")
    page.evaluate(
        """() => { // a file that takes what comes, in the order in which it comes
          window.held = new Map();
          window.tell = (message) => {
            message.told = true;
            if (message.op === "remove") window.held.delete(message.span.id);
            else window.held.set(message.span.id, message.span);
            window.acknowledge(message);
          };
        }"""
    )
    keys = ["1", "2", "3", "4", "+", "-", ";", "Tab", "ArrowRight", "Delete", "Control+z", "Control+Shift+z"]
    for _ in range(12):
        view = chance.randrange(2)
        page.locator(".ss-sorter").nth(view).get_by_role("button", name="Next unanswered").click()
        for key in chance.choices(keys, k=5):
            page.keyboard.press(key)
        if chance.random() < 0.5:
            page.evaluate("() => window.sent.filter((m) => m.type === 'op' && !m.told).forEach(tell)")
    page.evaluate("() => window.sent.filter((m) => m.type === 'op' && !m.told).forEach(tell)")
    held = {span["start"]: [span["label"], span["confidence"]] for span in page.evaluate("[...window.held.values()]")}
    for view in (0, 1):
        expect(page.locator(".ss-chip").nth(view)).to_contain_text("Saved")
        for item in (s for s in ARTICLE.sentences if s.id != "H"):
            checked = row(page, item.id, view).locator("input:checked")
            wanted = [str(value) for value in held.get(item.start, []) if value is not None]
            expect(checked).to_have_count(len(wanted))
            assert checked.evaluate_all("(all) => all.map((e) => e.value)") == wanted, item.id


def test_other_hosts_offer_enough(sorter: Mount) -> None:
    """The six methods of anywidget's protocol; the host hears no key that the sorter uses."""
    page = sorter()
    page.evaluate(BARE)
    row(page, "S1").locator("input").first.focus()
    for key in ("2", "+", ";", "Control+z"):
        page.keyboard.press(key)
    assert [op["op"] for op in sent(page)] == ["add", "update", "update"]
    assert set(page.evaluate("window.heard")) <= {"Control"}
    assert page.locator(".ss-sorter").evaluate("(e) => getComputedStyle(e).backgroundColor") == "rgb(27, 28, 30)"
    page.evaluate("window.cleanup()")
    expect(page.locator(".ss-sorter")).to_have_count(0)
