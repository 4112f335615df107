"""The widgets in German, on a bare page: no English sentence is left anywhere, the language of each part is told."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from browser.waiting import whole
from secondsource import languages as module
from secondsource.case import Case
from secondsource.comparison import compare
from secondsource.languages import language
from secondsource.spans import LabelSet, Span
from secondsource.store import LabelStore
from secondsource.widgets import ComparisonView, Labeller

Mount = Callable[..., Page]

CASE = Case.open("analyst-claims")
ASKED = ["S3", "S5", "S6"]
# What the case and its codebook say, in their own language.
CONTENT = {CASE.article.provenance, CASE.article.note, CASE.key("attribution").layer.human}
CONTENT |= {CASE.key("attribution").provenance.statement}
CONTENT |= {text for entry in CASE.key("attribution").spans for text in (entry.reason, entry.counter)}
for _layer in CASE.codebook.layers:
    CONTENT |= {_layer.name, _layer.question}
    for _label in _layer.labels:
        CONTENT |= {getattr(_label, name) for name in ("name", "ask", "definition", "rule", "example", "near_miss")}
PLACE = re.compile(r"\\\{\w+\\\}")
WIDTHS = (320, 480, 1280)

# Every text and every attribute that is read out, with the language that is told for it.
STRINGS = """() => {
  const found = [];
  const root = document.querySelector(".ss-root");
  const language = (node) => node.closest("[lang]")?.lang;
  for (const node of root.querySelectorAll("*")) {
    for (const child of node.childNodes) {
      const text = child.nodeType === Node.TEXT_NODE ? child.textContent.replace(/\\s+/g, " ").trim() : "";
      if (text) found.push([text, language(node)]);
    }
    for (const name of ["aria-label", "title", "placeholder", "aria-description", "aria-valuetext", "alt"])
      if (node.getAttribute(name)) found.push([node.getAttribute(name), language(node)]);
  }
  return found;
}"""


def sentences(code: str) -> dict[str, str]:
    """Every sentence of a language that a widget may say, by its place in the table."""
    sections = (
        "labeller",
        "comparison",
        "outcomes",
        "meanings",
        "headlines",
        "hints",
        "tally",
        "remarks",
        "strategies",
    )
    found = {}
    for section in sections:
        for key, said in language(code).table(section).items():
            parts = said if isinstance(said, list) else said.values() if isinstance(said, dict) else [said]
            for i, part in enumerate(parts):
                for j, text in enumerate(part if isinstance(part, list) else [part]):
                    found[f"{section}.{key}.{i}.{j}"] = text
    return found


def english() -> list[re.Pattern[str]]:
    """The English sentences that are not German too; their places may hold anything."""
    german = {*sentences("de").values()}
    texts = {text for text in sentences("en").values() if text not in german}
    words = [re.escape(text.replace("[", "").replace("]", "")) for text in texts if re.search(r"[A-Za-z]{2}", text)]
    return [re.compile(PLACE.sub(".+", text)) for text in words if re.search(r"[A-Za-z]{2}", PLACE.sub("", text))]


def left_in_english(page: Page) -> list[str]:
    """What is said in words of the English table; content of the codebook and the article is not."""
    said = {text for text, told in page.evaluate(STRINGS) if told == "de" and text not in CONTENT}
    assert len(said) > 15  # so that nothing is not taken for German
    return sorted(text for text in said for pattern in english() if pattern.fullmatch(text))


def spans() -> list[Span]:
    """Labels as a student makes them: a sure one, an unsure one, and one outside the part that is asked."""
    article = CASE.article
    made = []
    for i, (quote, label, confidence) in enumerate(
        [("he wrote", "SOURCE", 0.8), ("according to Watson", "CUE", None), ("stated", "CUE", 0.4)]
    ):
        start, end = article.locate(quote, 1)
        made.append(Span(f"s{i}", "attribution", label, start, end, confidence=confidence, note="Eine Notiz."))
    return made


@pytest.fixture
def german_labeller(widget: Mount, page: Page, tmp_path: Path) -> Callable[..., Page]:
    def mount(width: int = 1200, code: str = "de") -> Page:
        page.set_viewport_size({"width": width, "height": 900})
        store = LabelStore(tmp_path, "02_who_says_so", CASE.article, CASE.codebook)
        for span in spans():
            store.apply({"op": "add", "span": {**vars_of(span)}})
        made = Labeller(store, layers=["attribution"], asked=ASKED, title="Lektion 2: Wer sagt das?", interface=code)
        page.evaluate("window.ackAll = true")
        widget("labeller", _view=made._view, _state=made._state)
        whole(page)
        return page

    return mount


def vars_of(span: Span) -> dict[str, Any]:
    names = ("id", "layer", "label", "start", "end", "quote", "confidence", "note")
    made = {name: getattr(span, name) for name in names}
    return {**made, "quote": CASE.article.text[span.start : span.end], "attributes": {}}


@pytest.fixture
def german_comparison(widget: Mount, page: Page) -> Callable[..., Page]:
    def mount(width: int = 1200, level: Any = "visible", code: str = "de") -> Page:
        page.set_viewport_size({"width": width, "height": 900})
        made = compare(LabelSet(CASE.article, CASE.codebook, tuple(spans())), CASE.key("attribution"), units=ASKED)
        view = ComparisonView(made, level=level, title="Lektion 2: Wer sagt das?", interface=code)
        return widget("comparison", _view=view._view, selected=-1)

    return mount


def open_everything(page: Page) -> None:
    """Press every switch and open every part of the labeller that a button opens, one after the other."""
    root = page.locator(".ss-root")
    for name in ("Tasten", "Rückgängig", "Wiederholen"):
        expect(root.get_by_role("button", name=name, exact=True).first).to_be_attached()
    page.get_by_role("button", name="Ändern").first.click()
    expect(
        page.get_by_role("region", name="Gewählte Markierung").or_(page.locator(".ss-inspector")).first
    ).to_be_visible()
    for part in page.locator(".ss-root summary").all():
        part.click()


def overflow(page: Page) -> list[str]:
    """Elements that stick out of the page or of their cell, or whose text sticks out of its button."""
    script = """
    () => [...document.querySelectorAll(".ss-root *")].filter((node) => {
      const box = node.getBoundingClientRect(), style = getComputedStyle(node);
      if (!box.width || style.position === "absolute" || node.closest(".visually-hidden")) return false;
      const rolls = (one) => /auto|scroll/.test(getComputedStyle(one).overflowX);
      const scrolls = (one) => one && (rolls(one) || scrolls(one.parentElement));
      const cell = node.closest("td")?.getBoundingClientRect() ?? { right: innerWidth };
      if (box.right > Math.min(cell.right, innerWidth) + 1 && !scrolls(node)) return true;
      return node.tagName === "BUTTON" && node.scrollWidth > node.clientWidth + 1;
    }).map((node) => `${node.tagName} ${node.className} ${node.textContent.slice(0, 60)}`)"""
    return list(page.evaluate(script))


def test_the_labeller_speaks_german(german_labeller: Callable[..., Page], page: Page) -> None:
    """In its parts that are open, and those that open."""
    german_labeller()
    root = page.locator(".ss-root")
    expect(root).to_have_attribute("lang", "de")
    expect(root).to_have_attribute("dir", "ltr")
    expect(page.locator(".ss-chip")).to_have_text(re.compile(r"^Gespeichert um \d\d:\d\d:\d\d \(Fassung 3\)$"))
    assert left_in_english(page) == []
    open_everything(page)
    assert left_in_english(page) == []
    page.get_by_role("button", name="Tasten", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_role("dialog")).to_contain_text("um einen Satz bewegen")
    assert left_in_english(page) == []
    page.keyboard.press("Escape")


def test_every_tool_speaks_german(german_labeller: Callable[..., Page], page: Page) -> None:
    """Search, links, markers, tapping, sentences and quotation, each while it is open."""
    german_labeller()
    root = page.locator(".ss-root")
    for name in ("Im Text suchen", "Wörter antippen", "Grenzen", "Nächster Satz ohne Markierung"):
        root.get_by_role("button", name=name, exact=True).click()
        assert left_in_english(page) == [], name
    root.get_by_role("button", name="Ändern").first.click()
    root.get_by_role("button", name="Verbinden mit …").first.click()
    assert left_in_english(page) == []
    page.keyboard.press("Escape")
    for part in ("Satz für Satz markieren", "Markieren, indem du die Wörter eintippst"):
        root.locator("summary", has_text=part).click()
        assert left_in_english(page) == [], part
    root.get_by_role("button", name="Den nächsten ohne Markierung öffnen").click()
    assert left_in_english(page) == []
    for words in ("xyz", "he wrote", "the"):
        root.get_by_label("Wörter aus dem Text").last.fill(words)
        assert left_in_english(page) == [], words
    assert overflow(page) == []
    # An English word would be found:
    root.get_by_role("button", name="Tasten", exact=True).evaluate(
        "button => { button.title = 'Selected: “a” (1 word)' }"
    )
    assert left_in_english(page) == ["Selected: “a” (1 word)"]


def test_what_is_said_aloud_is_german(german_labeller: Callable[..., Page], page: Page) -> None:
    """The line that screen readers speak, through a few steps with the keyboard."""
    german_labeller()
    page.locator(".ss-scroller").focus()
    page.keyboard.press("Control+Home")
    heard = page.locator(".ss-visually-hidden[aria-live]")
    for keys in ("Control+ArrowRight", "Control+Shift+ArrowRight", "1", "+", "Control+z", "Control+Shift+z", "Delete"):
        heard.evaluate("(region) => { region.textContent = ''; }")
        page.keyboard.press(keys)
        expect(heard).not_to_be_empty()
        assert left_in_english(page) == []
    expect(page.locator(".ss-chip")).to_have_text(re.compile("^Gespeichert um "))


@pytest.mark.parametrize("level", ["visible", "marks", "score", "none"])
def test_the_comparison_speaks_german(german_comparison: Callable[..., Page], page: Page, level: str) -> None:
    """At every level, with every answer open."""
    german_comparison(level=level)
    root = page.locator(".ss-root")
    expect(root).to_have_attribute("lang", "de")
    if level == "none":
        assert page.evaluate(STRINGS)[-1]
        expect(root).to_contain_text("Deine Markierungen sind gespeichert.")
        return
    assert left_in_english(page) == []
    if level == "visible":
        page.get_by_role("button", name="Alle Antworten zeigen").click()
        page.get_by_role("button", name="Alles").first.click()
        page.get_by_role("button", name="Weiter", exact=True).click()
        assert left_in_english(page) == []


def test_the_article_keeps_its_language(
    german_labeller: Callable[..., Page], german_comparison: Callable[..., Page], page: Page
) -> None:
    """Words of the article are English, those around them German."""
    german_labeller()
    told = dict(map(tuple, page.evaluate(STRINGS)))
    assert told["Deine Markierungen"] == "de"
    assert told["So entscheidest du"] == "de"
    assert told[CASE.article.provenance] == told[CASE.article.note] == "en"
    assert told[CASE.codebook.layer("attribution").label("SOURCE").rule] == "en"
    assert page.locator(".ss-text").evaluate("node => node.closest('[lang]').lang") == "en"
    page.evaluate("window.removeView(0)")
    german_comparison()
    page.get_by_role("button", name="Alle Antworten zeigen").click()
    told = dict(map(tuple, page.evaluate(STRINGS)))
    assert told["Das stärkste Argument dagegen"] == "de"
    assert told[CASE.key("attribution").provenance.statement] == told[CASE.key("attribution").layer.human] == "en"
    assert {told[entry.reason] for entry in CASE.key("attribution").spans if entry.reason in told} == {"en"}
    assert page.locator(".ss-root blockquote").first.evaluate("node => node.closest('[lang]').lang") == "en"


@pytest.mark.parametrize("theme", ["true", "false"])
def test_axe_finds_nothing_in_german(
    german_labeller: Callable[..., Page], german_comparison: Callable[..., Page], page: Page, theme: str
) -> None:
    """Light and dark."""
    page.evaluate("theme => { document.body.dataset.jpThemeLight = theme; }", theme)
    for mount in (german_labeller, german_comparison):
        mount()
        found = Axe().run(page, context=".ss-root")
        assert found.violations_count == 0, found.generate_report()
        page.evaluate("window.removeView(0)")
        page.evaluate("document.getElementById('widget-css').remove()")


@pytest.mark.parametrize("width", WIDTHS)
def test_long_words_do_not_break_the_layout(
    german_labeller: Callable[..., Page], german_comparison: Callable[..., Page], page: Page, width: int
) -> None:
    """At the width of a phone, of half a window and of a whole one."""
    german_labeller(width)
    assert overflow(page) == []
    page.evaluate("window.removeView(0)")
    page.evaluate("document.getElementById('widget-css').remove()")
    german_comparison(width)
    assert overflow(page) == []


@pytest.fixture
def arabic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    folder = tmp_path / "languages"
    folder.mkdir()
    shutil.copy(Path(module.__file__).parent / "en.toml", folder / "en.toml")
    words = 'name = "العربية"\ndirection = "rtl"\n[labeller]\nundo = "تراجع"\n[comparison]\nnext = "التالي"\n'
    (folder / "ar.toml").write_text(words, encoding="utf-8")
    monkeypatch.setattr(module, "_folder", lambda: folder)
    module._opened.cache_clear()
    yield
    module._opened.cache_clear()


def test_a_language_from_right_to_left(
    arabic: None, german_labeller: Callable[..., Page], german_comparison: Callable[..., Page], page: Page
) -> None:
    """The whole widget turns around; the article does not."""
    german_labeller(code="ar")
    expect(page.locator(".ss-root")).to_have_attribute("dir", "rtl")
    expect(page.locator(".ss-root")).to_have_attribute("lang", "ar")
    expect(page.get_by_role("button", name="تراجع")).to_be_visible()
    assert page.locator(".ss-text").evaluate("node => getComputedStyle(node).direction") == "ltr"
    assert overflow(page) == []
    page.evaluate("window.removeView(0)")
    german_comparison(code="ar")
    expect(page.locator(".ss-root")).to_have_attribute("dir", "rtl")
    expect(page.get_by_role("button", name="التالي")).to_be_visible()
