"""Hostile strings in the sorter, in all its forms, and in the chain builder: the same corpus under the same policy.

`test_hostile` does this for the labeller, the comparison, their stills and the page to keep.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.test_hostile import FIXED, LONG, POKE, POOL, UNSEEN, attacked, expect_none, inspect, strict, tight, watched
from browser.waiting import arrived
from hostile import BIDI, CORPUS
from secondsource.answers import answers_beside
from secondsource.article import Article
from secondsource.chains import compare_chains
from secondsource.codebook import Codebook
from secondsource.key import Key, KeySpan
from secondsource.languages import language
from secondsource.ratings import own_ratings
from secondsource.relations import Relation
from secondsource.spans import LabelSet, Span
from secondsource.store import LabelStore
from secondsource.widgets import ChainBuilder, Sorter
from synthetic import STATUS

__all__ = ["strict"]  # a fixture

Json = dict[str, Any]
NEWS, PRACTICE = Codebook.open("news"), Codebook.open("practice")
# Each form of the sorter, by the layer that asks for it: a choice, a deck, a rating, words of one's own.
FORMS = {
    "claims": (NEWS, "opinion"),
    "recall": (PRACTICE, "RIGHT"),
    "trust": (NEWS, "10"),
    "answers": (PRACTICE, "ANSWER"),
}
ANSWERED = {"shown": "not_shown", "onward": "gap"}
ENGLISH = language("en")
# Explained when it is pointed at, said only when something happens, or not for eyes.
ON_DEMAND = {"name", "ask", "definition", "rule", "example", "near_miss", "notice", "language"}
NOWHERE = {(0, "article", "title")}  # the title of the exercise stands above the text


def text_of(strings: list[str], *, cards: bool = False) -> Article:
    """Every string once as a whole paragraph, inside words, and before and behind an astral character."""
    body = [" ".join(re.sub("[\ud800-\udfff]", "�", text).split("\n")).replace("\r", " ") for text in strings]
    paragraphs = "\n\n".join(f"💩 {text} 💩 end." for text in body)
    return Article(f"Headline 💩\n\n{paragraphs}", "t", "p", "n", cards=cards)


def answers_of(article: Article, layer: str, notes: Iterator[str] | None = None) -> LabelSet:
    """An answer to each sentence or card."""
    codebook, label = FORMS[layer]
    spans = tuple(
        Span(f"s{i}", layer, label, place.start, place.end, confidence=0.4, note=next(notes) if notes else "note")
        for i, place in enumerate(article.sentences)
    )
    return LabelSet(article, codebook, spans, exercise="x")


def chains_of(article: Article) -> LabelSet:
    """Two chains with a hand in common, and a hand alone; every question is answered."""
    places = [(block.start, block.end) for block in article.blocks[:4]]
    spans = tuple(Span(f"s{i}", "chains", "HAND", *place, attributes=ANSWERED) for i, place in enumerate(places))
    links = [("c1", ("s0", "s1")), ("c2", ("s2", "s1"))] if len(spans) > 2 else [("c1", ("s0", "s1"))]
    return LabelSet(article, NEWS, spans, tuple(Relation(name, "chain", members) for name, members in links), "x")


def widget_of(labels: LabelSet, folder: Path) -> Sorter | ChainBuilder:
    """The widget over a file with these labels; the file is written at once, so that none of this takes long."""
    store = LabelStore(folder / str(len(list(folder.iterdir()))), "x", labels.article, labels.codebook)
    store._file.write(labels)
    layers = sorted({span.layer for span in labels.spans})
    kind = ChainBuilder if layers == ["chains"] else Sorter
    return kind(store, layers=layers, asked=[s.id for s in labels.article.sentences], title="t")


def sent_by(widget: Sorter | ChainBuilder) -> tuple[Json, Json]:
    """View and state, as Python sends them."""
    timing = {"waiting": 60_000, "resend": 60_000, "write": 0}
    return {**widget._view, "readonly": None, "timing": timing}, widget._state


def mount(page: Page, kind: type, view: Json, state: Json) -> None:
    """Mount in place of what is there; as JSON in ASCII, which carries halves of characters and ``__proto__``."""
    page.evaluate(
        "([source, css, traits]) => { window.views?.forEach((_, i) => window.removeView(i)); window.ackAll = false;"
        " window.sent = []; return window.mount(source, css, JSON.parse(traits)); }",
        [str(kind._esm), str(kind._css), json.dumps({"_view": view, "_state": state})],
    )
    page.locator(".ss-labeller").wait_for()


def missing(put: dict[tuple[Any, ...], str], text: str) -> list[tuple[Any, ...]]:
    """Fields whose string is nowhere to be seen, but for those that wait to be asked for."""
    told = tight(text)
    unseen = UNSEEN | ON_DEMAND
    asked = {path: string for path, string in put.items() if path not in NOWHERE and not unseen & {*path}}
    return [path for path, string in asked.items() if tight(string) not in told]


def without(put: dict[tuple[Any, ...], str], *names: str) -> dict[tuple[Any, ...], str]:
    """Fields but those that have one of these names in their path."""
    return {path: string for path, string in put.items() if not {*names} & {*path}}


def shown(page: Page, selector: str) -> list[str]:
    """Texts of elements, with halves of characters and all."""
    found: list[str] = json.loads(
        page.evaluate("(s) => JSON.stringify([...document.querySelectorAll(s)].map((e) => e.textContent))", selector)
    )
    return found


# --- the sorter ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layer", FORMS)
def test_every_field_of_the_sorter(strict: Page, tmp_path: Path, layer: str) -> None:
    """Every string in every field of each form: shown letter by letter, and nothing else."""
    widget = widget_of(answers_of(text_of(["word", "other"], cards=layer in ("recall", "answers")), layer), tmp_path)
    made = [*sent_by(widget)]
    for offset in range(len(POOL)):
        strings = cycle([*POOL[offset:], *POOL[:offset]])
        (view, state), put = attacked(made, strings, FIXED)
        view["article"]["language"] = next(strings)
        mount(strict, Sorter, view, state)
        strict.evaluate(POKE)
        strict.evaluate(
            "document.querySelectorAll('[data-action=context], [data-action=why]').forEach((b) => b.click())"
        )
        if layer == "answers":  # nothing is chosen, so no key chooses it
            put = without(put, "shortcut")
        expect_none(strict, partial(missing, put))
        labels = view["layers"][0]["labels"]
        told = tight(inspect(strict))
        assert all(tight(label["name"]) in told for label in labels if layer != "answers")
        for i, label in enumerate(labels[:2] if layer in ("claims", "recall") else []):
            strict.locator(".ss-s-choice").nth(i).dispatch_event("mouseover")
            parts = {(part,): label[part] for part in ("definition", "rule", "example", "near_miss")}
            expect_none(strict, lambda text, parts=parts: [p for p, s in parts.items() if tight(s) not in tight(text)])


@pytest.mark.parametrize("layer", FORMS)
def test_sentences_and_cards_of_attacks(strict: Page, tmp_path: Path, layer: str) -> None:
    """The words of each row are the stored ones; controls do nothing, and have a mark that is no text."""
    article = text_of(LONG, cards=layer in ("recall", "answers"))
    mount(strict, Sorter, *sent_by(widget_of(answers_of(article, layer), tmp_path)))
    inspect(strict)
    assert shown(strict, ".ss-s-text") == [article.text[s.start : s.end] for s in article.sentences]
    drawn = "".join(shown(strict, ".ss-s-text .ss-steering"))
    assert {"\u202e", "\x1b"} <= {*drawn}


@pytest.mark.parametrize("layer", ["answers", "claims"])
def test_words_that_attack_can_be_written(strict: Page, tmp_path: Path, layer: str) -> None:
    """An answer or a reason is sent as it was written, and comes back as it was saved."""
    article = text_of(["word"], cards=layer == "answers")
    view, state = sent_by(widget_of(answers_of(article, layer), tmp_path))
    mount(strict, Sorter, view, state)
    strict.evaluate("window.ackAll = true")
    field = strict.locator("[data-field=note]").first
    typed = [re.sub("[\ud800-\udfff]", "", string).replace("\r\n", "\n").replace("\r", "\n") for string in POOL]
    limit = 10_000 if layer == "answers" else 2_000
    for number, string in enumerate(typed, start=1):
        field.evaluate(
            "(field, text) => { field.value = text; field.dispatchEvent(new Event('input', { bubbles: true })); }",
            string[:limit],
        )
        field.evaluate("(field) => field.dispatchEvent(new Event('change', { bubbles: true }))")
        arrived(strict, number)
        op = strict.evaluate("window.sent.filter((m) => m.type === 'op').at(-1)")
        assert op["span"]["note"] == string[:limit]
        assert field.input_value() == string[:limit]
    inspect(strict)


# --- the chain builder -----------------------------------------------------------------------------------------------


def test_every_field_of_the_chain_builder(strict: Page, tmp_path: Path) -> None:
    """Every string in every field: names of labels, questions and answers, the text's title and its notes."""
    widget = widget_of(chains_of(text_of(["word", "other", "third"])), tmp_path)
    made = [*sent_by(widget)]
    assert len(attacked(made, cycle(["x"]), FIXED)[1]) > 20
    for offset in range(len(POOL)):
        strings = cycle([*POOL[offset:], *POOL[:offset]])
        (view, state), put = attacked(made, strings, FIXED | {"shown", "onward"})
        view["article"]["language"] = next(strings)
        mount(strict, ChainBuilder, view, state)
        strict.locator("[data-chain] button").first.click()
        strict.evaluate(POKE)
        hand = view["layers"][0]["labels"][0]
        told = {("hand", part): hand[part] for part in ("ask", "definition", "rule", "example", "near_miss")}
        told |= {("asked", a["id"]): a["question"] for a in hand["attributes"]}
        # An answer is shown up to its first colon; the whole of it stands in its title.
        told |= {("answer", a["id"], v["id"]): v["name"] for a in hand["attributes"] for v in a["values"]}
        # Of a hand nobody asks how sure one is, or for a note; there is one label, so no key chooses it.
        put = {path: string for path, string in put.items() if not (path[0] == 1 and path[-1] == "note")}
        expect_none(strict, partial(missing, without(put, "confidence", "shortcut")))
        expect_none(strict, lambda text, told=told: [p for p, s in told.items() if tight(s) not in tight(text)])


def test_an_article_of_attacks_with_chains(strict: Page, tmp_path: Path) -> None:
    """The text is the stored text; a hand that attacks is words in its box, in the lists and in what is read aloud."""
    article = text_of(LONG)
    for first in range(1, len(article.blocks) - 3, 3):
        blocks = article.blocks[first : first + 3]
        spans = tuple(
            Span(f"s{i}", "chains", "HAND", b.start, b.end, attributes=ANSWERED) for i, b in enumerate(blocks)
        )
        links = (Relation("c1", "chain", ("s0", "s1")), Relation("c2", "chain", ("s2", "s1")))
        mount(strict, ChainBuilder, *sent_by(widget_of(LabelSet(article, NEWS, spans, links, "x"), tmp_path)))
        strict.locator("[data-chain] button").first.click()
        inspect(strict)
        assert shown(strict, ".ss-hand-head .ss-box-words") == [block.text for block in blocks[:2]]
        boxes = shown(strict, ".ss-strip .ss-box-words")
        assert len(boxes) == 4
        # The byte-order mark is white space to a script.
        heads = [tight(block.text).replace("\ufeff", "")[:20] for block in (blocks[0], blocks[1], blocks[2], blocks[1])]
        assert [tight(box)[:20] for box in boxes] == heads
    assert shown(strict, ".ss-block") == [block.text for block in article.blocks]


def test_words_that_attack_become_hands(strict: Page, tmp_path: Path) -> None:
    """Typed or pasted, each is found where it stands, put into a chain, and sent with exactly its words."""
    strings = [text for text in CORPUS.values() if len(text) < 200 and "\n" not in text and "\r" not in text]
    article = text_of(strings)
    made = widget_of(chains_of(Article(article.text, "t", "p", "n")), tmp_path)
    view, state = sent_by(made)
    mount(strict, ChainBuilder, view, {**state, "spans": [], "relations": []})
    strict.evaluate("window.ackAll = true")
    strict.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    field = strict.locator("[data-field=typed]")
    done = 0
    for string, block in zip(strings, article.blocks[1:], strict=True):
        field.evaluate(
            "(field, text) => { field.value = text; field.dispatchEvent(new Event('input', { bubbles: true })); }",
            block.text,
        )
        inspect(strict)
        if strict.locator(".ss-found mark").count() != 1:
            continue  # “name” stands in other places too
        before = len(strict.evaluate("window.sent"))
        strict.locator(".ss-quoter-form button[type=submit]").click()
        strict.wait_for_function("(n) => window.sent.length > n", arg=before)
        op = strict.evaluate("(n) => window.sent.slice(n).find((m) => m.op === 'add')", before)
        assert op["span"]["quote"] == block.text, string
        assert article.text[op["span"]["start"] : op["span"]["end"]] == block.text
        done += 1
    assert done > len(strings) // 2
    inspect(strict)


# --- messages, for both ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layer", ["claims", "answers", "chains"])
def test_messages_of_the_kernel(strict: Page, tmp_path: Path, layer: str) -> None:
    """Whatever a message says is text."""
    article = text_of(["word", "other"], cards=layer == "answers")
    labels = chains_of(article) if layer == "chains" else answers_of(article, layer)
    view, state = sent_by(widget_of(labels, tmp_path))
    mount(strict, ChainBuilder if layer == "chains" else Sorter, view, state)
    client = strict.evaluate("window.sent[0].client")
    span = state["spans"][0]
    hello = {"type": "state", "client": None, "readonly": None, **state}
    for i, string in enumerate(POOL):
        changed = {**span, "note": string, "attributes": {**span["attributes"], string: string}}
        messages: dict[str, Json] = {
            "notice": {**hello, "notice": string},
            "readonly": {**hello, "readonly": {"code": string, "message": string}},
            "refused": {
                **{"type": "refused", "client": client, "seq": i + 1, "code": string, "message": string, "retry": True}
            },
            "ack": {
                **{"type": "ack", "client": "other", "seq": i + 1, "rev": i + 1, "saved_at": string, "sha": string},
                **{"op": "add", "span": changed},
            },
            "state": {**hello, "notice": "", "saved_at": string, "spans": [changed, *state["spans"][1:]]},
        }
        for kind, message in messages.items():
            strict.evaluate("(message) => window.deliver(JSON.parse(message))", json.dumps(message))
            if kind in ("notice", "readonly"):
                expect_none(strict, lambda text, string=string: tight(string) not in tight(text))
            inspect(strict)
    strict.evaluate("(message) => window.deliver(JSON.parse(message))", json.dumps(hello))
    expect(strict.locator(".ss-labeller")).to_be_visible()


# --- stills and replies ----------------------------------------------------------------------------------------------


def key_of(labels: LabelSet, layer: str, strings: Iterator[str]) -> Key:
    """The same labels as a key, with hostile reasons."""
    known = tuple(KeySpan(span, "core", next(strings), next(strings)) for span in labels.spans)
    status = STATUS.model_copy(update={"statement": next(strings)})
    return Key(labels, labels.codebook.layer(layer), known, (), status)


def stills(layer: str, string: str, strings: Iterator[str], folder: Path) -> list[str]:
    """Every piece of HTML of a form: the widget without a kernel, and what its comparison says."""
    base = text_of([string, f"{string} again", f"more {string}"], cards=layer in ("recall", "answers"))
    article = replace(base, title=next(strings), provenance=next(strings), note=next(strings), language=next(strings))
    if layer == "chains":
        labels = chains_of(article)
        other = chains_of(replace(article, title="x"))
        compared = compare_chains(other, key_of(labels, layer, strings))
        return [widget_of(labels, folder)._repr_mimebundle_()[0]["text/html"], compared._repr_html_()]
    labels = answers_of(article, layer, strings)
    still = widget_of(labels, folder)._repr_mimebundle_()[0]["text/html"]
    if layer == "answers":
        return [still, answers_beside(labels, key_of(labels, layer, strings), (), ENGLISH)._repr_html_()]
    if layer == "trust":
        return [still, own_ratings(labels, NEWS.layer(layer), (), ENGLISH, next(strings))._repr_html_()]
    return [still]


@pytest.mark.parametrize("layer", [*FORMS, "chains"])
def test_stills_are_text(browser: Browser, tmp_path: Path, layer: str) -> None:
    """The HTML of a notebook without a kernel, and of what is compared: nothing runs, nothing is fetched."""
    context = browser.new_context()
    page, problems = watched(context.new_page)
    path = tmp_path / "still.html"
    (tmp_path / "labels").mkdir()
    pool = [re.sub("[\ud800-\udfff]", "�", text) for text in POOL]
    for string in pool:
        told = " ".join(string.split())
        made = "".join(stills(layer, told, cycle([string]), tmp_path / "labels"))
        path.write_text(f"<!doctype html><meta charset=utf-8><title>still</title>{made}", encoding="utf-8")
        page.goto(path.as_uri())
        found = page.evaluate(
            "[document.querySelectorAll('script, img, svg, iframe, object, embed, base, form, link, video').length,"
            " document.querySelectorAll('[onclick], [onerror], [onload], [style], [src]').length, String(window.pwned)]"
        )
        assert found == [0, 0, "undefined"]
        text = page.evaluate("document.body.textContent")
        assert not {*text} & {*BIDI, "\x1b"}
        if string.isascii() and string.isprintable():
            assert tight(string) in tight(text)
    context.close()
    assert problems == []
