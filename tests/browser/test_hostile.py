"""Hostile strings in a real browser: every string of the corpus in every field of both widgets, the stills, the page.

The pages forbid what no widget needs (a policy without any source but blobs and inline style), so a hole shows as a
violation even where the attack itself would fail.
"""

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from browser.waiting import PATIENCE, arrived, whole
from hostile import BIDI, BROKEN, CORPUS, attacked
from secondsource.article import Article
from secondsource.comparison import LEVELS, compare
from secondsource.languages import language
from secondsource.page import labels_page
from secondsource.relations import Relation
from secondsource.spans import LabelSet, Span
from secondsource.store import LabelStore
from secondsource.widgets import ComparisonView, Labeller
from strategies import CODEBOOK
from synthetic import entry, key
from test_hostile import material, renderings

HARNESS = Path(__file__).with_name("harness.html")
POLICY = "default-src 'none'; script-src blob: 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"
# The names that every object has must stand alone; whatever else does harm does it in company too.
ALONE = ["__proto__", "constructor", "prototype", "hasOwnProperty", "toString", "then"]
LONG = [text for text in (CORPUS | BROKEN).values() if text not in ALONE]
POOL = [*ALONE, *(" ¦ ".join(LONG[i : i + 8]) for i in range(0, len(LONG), 8))]
# Names of the protocol, which Python checks, and numbers; and what Python takes from its own tables.
FIXED = frozenset(
    ("id", "kind", "unit", "layer", "label", "text", "quote", "strings", "members", "parent", "type", "saved_at")
) | {*("level", "sid", "tier", "also", "outcome", "language", "direction", "dir", "start", "rev")}
UNSEEN = {"colour", "colour_dark", "pattern", "sha256", "exercise", "relation"}
INSPECT = """
() => {
  const root = document.getElementById("root");
  const allowed = new Set(`a abbr b bdi blockquote button caption circle dd details dialog div dl dt em fieldset footer
    form g h2 h3 h4 h5 h6 header i input kbd label legend li line mark nav ol optgroup option output p path polyline
    rect search section select small span strong summary svg table tbody td textarea th thead tr ul`.split(/\\s+/));
  const problems = [];
  const texts = [root.textContent];
  for (const element of root.querySelectorAll("*")) {
    const rules = /^\\.ss-labeller ::highlight\\(ss-(?!.*(<|url|import))/s; // of the search, by names of its own
    const ours = element.localName === "style" && rules.test(element.textContent);
    if (!ours && !allowed.has(element.localName)) problems.push(`element ${element.localName}`);
    for (const { name, value } of element.attributes) {
      if (/^(on|src|action|formaction|xlink|ping|background)/i.test(name)) problems.push(`attribute ${name}`);
      if (name === "href" && !/^(#|blob:)/.test(value)) problems.push(`address ${value}`);
      const fetching = /url\\(|expression|(^|;)\\s*position|@import/i;
      if (name === "style" && fetching.test(value)) problems.push(`style ${value}`);
      texts.push(value);
    }
    if (typeof element.value === "string") texts.push(element.value);
  }
  const polluted = [Object.prototype, Array.prototype].flatMap(Object.keys).concat("polluted" in {} ? ["x"] : []);
  if (polluted.length) problems.push(`polluted ${polluted}`);
  if (window.pwned) problems.push("a script ran");
  if (typeof document.getElementById !== "function") problems.push("clobbered");
  return JSON.stringify({ problems: problems.concat(window.violations ?? []), text: texts.join("\\n") });
}
"""
# Everything that shows something when it is pointed at, opened or chosen.
POKE = """
() => {
  const root = document.getElementById("root");
  for (const details of root.querySelectorAll("details")) details.open = true;
  for (const button of root.querySelectorAll("button")) {
    for (const kind of ["mouseenter", "focus", "mouseleave", "blur"]) button.dispatchEvent(new Event(kind));
    for (const kind of ["mouseover", "focusin", "focusout"]) button.dispatchEvent(new Event(kind, { bubbles: true }));
  }
}
"""


@pytest.fixture
def strict(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The bare page under a strict policy; a dialog, an error, a request or a violation fails the test."""
    html = HARNESS.read_text(encoding="utf-8").replace(
        "<meta charset",
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"><script>window.violations = [];'
        "document.addEventListener('securitypolicyviolation', (e) => violations.push(`policy ${e.violatedDirective} "
        "${e.blockedURI} ${e.sourceFile}`));</script><meta charset",
        1,
    )
    path = tmp_path / "strict.html"
    path.write_text(html, encoding="utf-8")
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    page, problems = watched(context.new_page)
    page.goto(path.as_uri())
    page.wait_for_function("window.ready === true")
    yield page
    assert page.evaluate("window.violations") == []
    context.close()
    assert problems == []


def watched(make: Callable[[], Page]) -> tuple[Page, list[str]]:
    """A page and everything that must not happen on it."""
    page = make()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(f"script error: {error}"))
    page.on("console", lambda told: problems.append(told.text) if told.type in ("error", "warning") else None)
    page.on("dialog", lambda dialog: (problems.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("popup", lambda _: problems.append("popup"))
    own = ("file:", "blob:", "data:")
    page.on("request", lambda asked: None if asked.url.startswith(own) else problems.append(f"request: {asked.url}"))
    return page, problems


def mount(page: Page, kind: type, **traits: Any) -> None:
    """Mount in place of what is there; as JSON in ASCII, which carries halves of characters and ``__proto__``."""
    page.evaluate(
        "([source, css, traits]) => { window.views?.forEach((_, i) => window.removeView(i)); window.ackAll = false;"
        " return window.mount(source, css, JSON.parse(traits)); }",
        [str(kind._esm), str(kind._css), json.dumps(traits)],
    )
    whole(page)


def inspect(page: Page) -> str:
    """All text, attribute values and fields of the widget; nothing of an attack is there."""
    seen = json.loads(page.evaluate(INSPECT))
    assert seen["problems"] == []
    return str(seen["text"])


def tight(text: str) -> str:
    """Without white space, which pages wrap and join."""
    return "".join(text.split())


def missing(put: dict[tuple[Any, ...], str], text: str) -> list[tuple[Any, ...]]:
    """Fields whose string is nowhere to be seen."""
    told = tight(text)
    return [path for path, string in put.items() if not UNSEEN & set(path) and tight(string) not in told]


def expect_none(page: Page, hidden: Callable[[str], Any]) -> None:
    """Wait until nothing is hidden in what is seen: some of it is drawn a moment later."""
    patient = time.monotonic() + PATIENCE
    while left := hidden(inspect(page)):
        assert time.monotonic() < patient, left
        page.wait_for_timeout(50)


def article(strings: list[str]) -> Article:
    """Every string once as a whole paragraph, inside a sentence, and before and behind an astral character."""
    body = [" ".join(re.sub("[\ud800-\udfff]", "�", text).split("\n")).replace("\r", " ") for text in strings]
    return Article("Headline 💩\n\n" + "\n\n".join(f"💩 {text} 💩 end." for text in body), "t", "p", "n")


def labels_of(text: Article) -> LabelSet:
    """A label on each paragraph and one that overlaps two, linked and with every field filled."""
    places = [(block.start, block.end) for block in text.blocks[:12]]
    places += [(text.blocks[0].start + 2, text.blocks[1].start + 3)]
    spans = tuple(
        Span(f"s{i}", "who", "CONTENT", *place, "", 0.4, "note", {"form": "mixed"}, discuss=i % 2 == 0)
        for i, place in enumerate(places)
    )
    return LabelSet(text, CODEBOOK, spans, (Relation("r1", "attribution", ("s0", "s1")),), "x", "r")


@pytest.fixture
def labeller(tmp_path: Path) -> Callable[[list[str]], tuple[Any, Any]]:
    """View and state of a labeller, as Python sends them."""

    def made(strings: list[str]) -> tuple[Any, Any]:
        labels = labels_of(article(strings))
        store = LabelStore(tmp_path / str(len(list(tmp_path.iterdir()))), "x", labels.article, CODEBOOK)
        for span in labels.spans:
            store.apply({"op": "add", "span": asdict(span)})
        store.apply({"op": "link", "relation": asdict(labels.relations[0])})
        view = Labeller(store, layers=["who", "claims"], title="t")
        return {**view._view, "timing": {"waiting": 60_000, "resend": 60_000}}, view._state

    return made


# --- the labeller ----------------------------------------------------------------------------------------------------


def test_every_field_of_the_labeller(strict: Page, labeller: Callable[[list[str]], tuple[Any, Any]]) -> None:
    """Every string in every field: shown letter by letter, and nothing else."""
    view, state = labeller(["word"])
    offset = 0
    fields = len(attacked([view, state], cycle(["x"]), FIXED)[1])
    assert fields > 60
    for offset in range(len(POOL)):
        strings = cycle([*POOL[offset:], *POOL[:offset]])
        (hostile_view, hostile_state), put = attacked([view, state], strings, FIXED)
        hostile_view["article"]["language"] = next(strings)
        mount(strict, Labeller, _view=hostile_view, _state=hostile_state)
        strict.evaluate(POKE)
        strict.evaluate("document.querySelector('.ss-seg')?.click()")
        shown_when_asked = {"notice", "question", "name", "ask", "definition", "rule", "example", "near_miss"}
        now = {path: string for path, string in put.items() if path[-1] not in shown_when_asked}
        expect_none(strict, partial(missing, now))


def test_definitions_and_questions_of_the_labeller(
    strict: Page, labeller: Callable[[list[str]], tuple[Any, Any]]
) -> None:
    """What comes up when a label is pointed at or chosen: every string, on every label."""
    view, state = labeller(["word"])
    for offset in range(0, len(POOL), 3):
        strings = cycle([*POOL[offset:], *POOL[:offset]])
        hostile_view, _ = attacked(view, strings, FIXED | {"title", "provenance", "note", "message"})
        mount(strict, Labeller, _view=hostile_view, _state=state)
        for i, label in enumerate(hostile_view["layers"][0]["labels"]):
            strict.locator(".ss-label").nth(i).dispatch_event("mouseover")
            parts = {(part,): label[part] for part in ("name", "ask", "definition", "rule", "example", "near_miss")}
            expect_none(strict, partial(missing, parts))


def test_an_article_of_attacks(strict: Page, labeller: Callable[[list[str]], tuple[Any, Any]]) -> None:
    """The text is the stored text, letter by letter; controls have a visible mark that is no text."""
    view, state = labeller(LONG)
    mount(strict, Labeller, _view=view, _state=state)
    strict.evaluate("window.ackAll = true")
    inspect(strict)
    shown = json.loads(
        strict.evaluate("JSON.stringify([...document.querySelectorAll('.ss-block')].map((n) => n.textContent))")
    )
    assert shown == [block["text"] for block in view["blocks"]]
    signs = strict.evaluate(
        "[...document.querySelectorAll('.ss-block .ss-steering')].map((n) => [n.textContent, n.dataset.sign,"
        " getComputedStyle(n, '::before').content, getComputedStyle(n).unicodeBidi])"
    )
    drawn = "".join(text for text, *_ in signs)
    assert {"\u202e", "\x1b"} <= set(drawn)
    assert all(sign and content == json.dumps(sign, ensure_ascii=False) for _, sign, content, _ in signs)
    assert {bidi for *_, bidi in signs} == {"isolate"}


def test_the_labeller_still_works_among_attacks(strict: Page, labeller: Callable[[list[str]], tuple[Any, Any]]) -> None:
    """Select words behind an override, label them: the stored words are sent."""
    attack = CORPUS["override"]
    view, state = labeller([attack, *ALONE])
    hostile, _ = attacked(view, cycle(ALONE), FIXED)
    mount(strict, Labeller, _view=hostile, _state={**state, "spans": [], "relations": []})
    strict.evaluate("window.ackAll = true")
    text = strict.get_by_role("region").locator(".ss-block").nth(1)
    expect(text).to_contain_text("gnp.exe")
    block = view["blocks"][1]
    strict.locator(".ss-scroller").focus()
    strict.evaluate("() => getSelection().selectAllChildren(document.querySelectorAll('.ss-block')[1])")
    expect(strict.locator(".ss-hint")).to_contain_text("Selected")
    strict.locator(".ss-label").first.click()
    arrived(strict, 1)
    sent = strict.evaluate("window.sent.find((m) => m.type === 'op')")
    span = sent.get("span") or sent["changes"][0]["span"]
    assert block["text"][span["start"] - block["start"] : span["end"] - block["start"]] == span["quote"]
    assert attack in span["quote"]
    expect(strict.locator(".ss-seg[data-ids]").first).to_be_visible()
    inspect(strict)


@pytest.mark.parametrize("kind", ["notice", "readonly", "refused", "ack", "state"])
def test_messages_of_the_kernel(strict: Page, labeller: Callable[[list[str]], tuple[Any, Any]], kind: str) -> None:
    """Whatever a message says is text."""
    view, state = labeller(["word"])
    mount(strict, Labeller, _view=view, _state=state)
    arrived(strict, 1, "hello")
    client = strict.evaluate("window.sent[0].client")
    span = state["spans"][0]
    for i, string in enumerate(POOL):
        messages: dict[str, Any] = {
            "notice": {"type": "state", "client": None, **state, "notice": string, "readonly": None},
            "readonly": {"type": "state", "client": None, **state, "readonly": {"code": string, "message": string}},
            "refused": {
                "type": "refused",
                "client": client,
                "seq": i + 1,
                "code": string,
                "message": string,
                "retry": True,
            },
            "ack": {
                **{"type": "ack", "client": "other", "seq": i + 1, "rev": i + 1, "saved_at": string, "sha": string},
                **{"op": "add", "span": {**span, "note": string, "attributes": {string: string}}},
            },
            "state": {
                **{"type": "state", "client": None, "readonly": None, **state, "notice": "", "saved_at": string},
                **{"spans": [{**span, "note": string, "label": string, "attributes": {string: string}}]},
            },
        }
        strict.evaluate("(message) => window.deliver(JSON.parse(message))", json.dumps(messages[kind]))
        if kind != "refused":  # nothing is waiting, so nothing was refused
            expect_none(strict, partial(missing, {("message",): string}))
    inspect(strict)


# --- the comparison --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", LEVELS)
def test_every_field_of_the_comparison(strict: Page, level: str) -> None:
    """Every string in every field, opened as far as the level allows."""
    text = article(["word", "other"])
    known = key([entry(0, 8), entry(14, 20, "B", also="C"), (24, 28, "C")], distractors=[(30, 34, "A")], article=text)
    mine = LabelSet(
        text,
        known.labels.codebook,
        (
            Span("a", "wording", "A", 0, 8, "", 0.4, "note"),
            Span("b", "wording", "A", 14, 20),
            Span("c", "wording", "D", 30, 34),
        ),
    )
    view = ComparisonView(compare(mine, known), level=level, title="t")._view
    fixed = FIXED - {"text"}
    for offset in range(0, len(POOL), 1 if level == "visible" else 4):
        hostile, put = attacked(view, cycle([*POOL[offset:], *POOL[:offset]]), fixed)
        mount(strict, ComparisonView, _view=hostile, selected=0)
        strict.evaluate(POKE)
        strict.evaluate(
            "document.querySelectorAll('[data-focus=all], [data-focus=all-answers]').forEach((b) => b.click())"
        )
        quiet = {"visible": {"pairs"}, "marks": {"pairs"}}.get(level, {"labels", "outcomes", "summary", "key_status"})
        told = {path: string for path, string in put.items() if path[0] not in quiet | {"summary", "outcomes"}}
        expect_none(strict, partial(missing, told))


@pytest.mark.parametrize("name", ["constructor", "toString", "valueOf", "hasOwnProperty", "then"])
def test_labels_and_outcomes_named_like_methods(strict: Page, name: str) -> None:
    """A codebook may call a label ``constructor``; nothing of an object comes up in its place."""
    text = article(["word"])
    known = key([(0, 8), (14, 20)], article=text)
    view = ComparisonView(
        compare(LabelSet(text, known.labels.codebook, (Span("a", "wording", "A", 0, 8),)), known)
    )._view
    for path in ("label", "pattern", "tier", "outcome"):
        told = json.loads(re.sub(rf'"{path}": "[^"]*"', f'"{path}": "{name}"', json.dumps(view)))
        mount(strict, ComparisonView, _view=told, selected=0)
        assert "native code" not in inspect(strict)


# --- stills and the page ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["labeller", "visible", "comparison", "key", "words", "page"])
def test_stills_are_text(browser: Browser, tmp_path: Path, where: str) -> None:
    """The HTML of a notebook without a kernel, and the page to keep: nothing runs, nothing is fetched."""
    context = browser.new_context()
    page, problems = watched(context.new_page)
    path = tmp_path / "still.html"
    for n, string in enumerate(POOL):
        string = re.sub("[\ud800-\udfff]", "�", string)
        labels, known = material(" ".join(string.split()), cycle([string]))
        html = renderings(labels, known, tmp_path / str(n), string)[where]
        head = "" if where == "page" else "<!doctype html><meta charset=utf-8><title>still</title>"
        path.write_text(head + html, encoding="utf-8")
        page.goto(path.as_uri())
        found = page.evaluate(
            "[document.querySelectorAll('script, img, svg, iframe, object, embed, base, form, link, video').length,"
            " document.querySelectorAll('[onclick], [onerror], [onload], [style], [src]').length, String(window.pwned)]"
        )
        assert found == [0, 0, "undefined"]
        assert not set(page.evaluate("document.body.textContent")) & {*BIDI, "\x1b"}
    context.close()
    assert problems == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [480, 1280])
def test_a_page_is_accessible(browser: Browser, tmp_path: Path, scheme: str, width: int) -> None:
    """Nothing for axe to find; numbers lead to the table and back; nothing is wider than the window."""
    text = Article("A headline\n\nOne said two. שלום, three.\n\nFour five.", "t", "Case-study text.", "Care.")
    spans = tuple(
        Span(f"a{i}", "who", name, start, end, "", 0.4, "A note.", discuss=True)
        for i, (name, start, end) in enumerate(
            [("SOURCE", 12, 15), ("CUE", 14, 20), ("CONTENT", 0, 10), ("CUE", 26, 30)]
        )
    )
    labels = LabelSet(text, CODEBOOK, spans, (Relation("r", "attribution", ("a0", "a1")),))
    path = tmp_path / "page.html"
    path.write_text(labels_page(labels, language("en"), ["who", "claims"], ["S1"], "A title"), encoding="utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page, problems = watched(context.new_page)
    page.goto(path.as_uri())
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="Label 2: Some words.").click()
    expect(page.locator("#label-2")).to_be_in_viewport()
    page.get_by_role("link", name="Label 2 in the text").click()
    expect(page.locator("#mark-2")).to_be_in_viewport()
    expect(page.get_by_role("table", name="The labels one by one")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("A title")
    context.close()
    assert problems == []


# --- paper -----------------------------------------------------------------------------------------------------------


def test_a_labeller_on_paper(strict: Page, labeller: Callable[[list[str]], tuple[Any, Any]]) -> None:
    """Text, legend and every label with all that is said about it; no control; nothing of it stays on the screen."""
    view, state = labeller(["word"])
    hostile, put = attacked(view, cycle(POOL), FIXED)
    mount(strict, Labeller, _view=hostile, _state=state)
    sheet = strict.locator(".ss-sheet")
    expect(sheet).to_be_hidden()
    strict.emulate_media(media="print")
    strict.evaluate("document.body.dataset.jpThemeLight = 'false'; dispatchEvent(new Event('beforeprint'))")
    expect(sheet).to_be_visible()
    expect(sheet.locator("tbody tr")).to_have_count(len(state["spans"]))
    expect(sheet.locator("tbody tr").first).to_contain_text("40 %")
    expect(sheet.locator("li")).to_have_count(1)
    told = tight(sheet.evaluate("n => n.textContent"))
    for label in (label for layer in hostile["layers"] for label in layer["labels"]):
        assert tight(label["name"]) in told
        assert tight(label["definition"]) in told
    expect(strict.locator(".ss-root button:visible, .ss-root input:visible, .ss-root select:visible")).to_have_count(0)
    assert strict.locator(".ss-root").evaluate("n => getComputedStyle(n).backgroundColor") == "rgb(255, 255, 255)"
    expect(strict.locator(".ss-block").last).to_be_visible()
    inspect(strict)
    strict.emulate_media(media="screen")
    strict.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(sheet).to_be_hidden()
    expect(sheet).to_be_empty()
    assert put
