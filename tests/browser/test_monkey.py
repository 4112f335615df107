"""A monkey at the labeller: random use, a bad line and a bad disk, against the real Python side and a real label file.

`MONKEY_SEEDS=0-40 MONKEY_ACTIONS=300 pytest tests/browser/test_monkey.py` runs more. Each seed is one run. What the
browser does in its own time (writing its log, sending again) is not repeated exactly, so a seed may need a second try.
"""

import errno
import os
import random
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from browser.test_labeller import SELECT, TEXT
from browser.waiting import PATIENCE, whole
from faults import failing
from secondsource.article import Article
from secondsource.codebook import Codebook
from secondsource.store import LabelStore
from secondsource.widgets import Labeller

HARNESS = (Path(__file__).parent / "harness.html").as_uri()
Json = dict[str, Any]

LAYERS = ("attribution", "rhetoric", "claims")
ARTICLE = Article(TEXT, title="A", provenance="Case-study text.", language="en")
CODEBOOK = Codebook.open("news")
UNITS = sum(len(block.text.encode("utf-16-le")) // 2 for block in ARTICLE.blocks)
TIMING = {"waiting": 50, "resend": 50, "write": 30}
CHECK_EVERY = 12


def _seeds() -> list[int]:
    first, _, last = os.environ.get("MONKEY_SEEDS", "1-3").partition("-")
    return list(range(int(first), int(last or first) + 1))


ACTIONS = int(os.environ.get("MONKEY_ACTIONS", "36"))

# The test looks inside: private fields become ordinary ones, and each labeller can be reached.
INSIDE = "(window.apps ??= []).push(labeller);"

SNAPSHOT = """() => window.apps.filter((app) => app.reader.el.isConnected).map((app) => {
  const root = app.reader.el.closest(".ss-labeller");
  const drawn = {};
  for (const piece of root.querySelectorAll(".ss-seg[data-ids]"))
    for (const id of piece.dataset.ids.split(" ")) drawn[id] = (drawn[id] ?? "") + piece.textContent;
  return {
    spans: [...app.spans.values()], relations: [...app.relations.values()], drawn,
    rows: [...root.querySelectorAll(".ss-table tbody tr")].map((row) =>
      [row.dataset.span, row.querySelector("bdi").textContent]),
    linked: Object.fromEntries([...root.querySelectorAll(".ss-table tbody tr")].map((row) =>
      [row.dataset.span, row.querySelector(".ss-linked") !== null])),
    blocks: [...root.querySelectorAll(".ss-block")].map((block) => block.textContent),
    chip: root.querySelector(".ss-chip").dataset.state, told: root.querySelector(".ss-chip").textContent,
    pending: app._outbox.pending.size, refused: app._outbox.refused.length, greeted: app._outbox._greeted,
    dirty: app.inspector.dirty, readonly: app.readonly, selected: app.selected, offer: !app.saving.offer.hidden,
    menu: !app.menu.el.hidden, menuHasFocus: app.menu.el.contains(document.activeElement),
  };
})"""

FRAME = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 5)))"

# Something that can be used, anywhere in one part of one view: the n-th of them gets the focus.
FOCUS = """([view, part, n]) => {
  const root = window.alive(view).reader.el.closest(".ss-labeller");
  const dialog = root.querySelector("dialog[open]");
  const all = [...(dialog ?? root).querySelectorAll(dialog ? "button, input, select" : part)].filter((each) =>
    each.checkVisibility() && !each.disabled && !each.closest("[inert]") && !/download/i.test(each.textContent));
  if (!all.length) return null;
  const one = all[Math.floor(n * all.length)];
  one.focus();
  const now = one.isConnected ? one : document.activeElement; // what stands for a list becomes it
  return [now.tagName, now.type, now.options?.length ?? 0, (now.ariaLabel ?? now.textContent).slice(0, 50)];
}"""
CHOOSE = """(n) => {
  const one = document.activeElement;
  one.selectedIndex = n;
  one.dispatchEvent(new Event("input", { bubbles: true }));
  one.dispatchEvent(new Event("change", { bubbles: true }));
}"""
PARTS = {
    "bar": ".ss-bar button, .ss-bar input",
    "inspector": ".ss-inspector button, .ss-inspector select, .ss-inspector input, .ss-inspector textarea",
    "table": ".ss-table button, .ss-table select",
    "list": ".ss-sentences summary, .ss-sentences button, .ss-sentences input, .ss-sentences select",
    "desk": ".ss-desk button, .ss-desk select, .ss-desk input",
    "quoter": ".ss-quoter summary, .ss-quoter input, .ss-quoter select, .ss-quoter button",
    "tools": ".ss-head button",
    "find": ".ss-find button, .ss-find input",
    "banners": ".ss-banner button",
    "rescue": ".ss-rescue button",
    "menu": ".ss-menu button",
    "pointing": ".ss-pointing button",
}
KEYS = {
    "ArrowRight": 4, "Shift+ArrowRight": 6, "Control+Shift+ArrowRight": 14, "ArrowLeft": 3, "Shift+ArrowLeft": 3,
    "Control+ArrowRight": 5, "ArrowDown": 5, "ArrowUp": 3, "Shift+ArrowDown": 4, "Home": 2, "Shift+End": 4, "[": 2,
    "]": 4, "{": 1, "}": 5, "1": 14, "2": 14, "3": 10, "4": 5, "0": 5, "Enter": 6, "+": 5, "-": 4, ",": 5, ".": 5,
    "<": 4, ">": 4, "Delete": 5, "Control+z": 12, "Control+Shift+z": 8, "Control+y": 2, "Escape": 4, " ": 7, "&": 7,
    "!": 4, "\\": 3, ";": 4, "/": 3, "l": 4, "m": 2, "t": 2, "?": 1, "Control+a": 1, "Tab": 3, "Shift+Tab": 2,
}  # fmt: skip


class Bridged(Labeller):
    """A labeller whose messages are kept for the test to deliver."""

    def send(self, content: Any, buffers: Any = None) -> None:
        """Keep it."""
        self.__dict__.setdefault("out", []).append(content)


class Monkey:
    """One run: the page, the line and the Python side."""

    def __init__(self, page: Page, folder: Path, patch: pytest.MonkeyPatch, seed: int) -> None:
        self.page, self.folder, self.patch, self.random = page, folder, patch, random.Random(seed)
        self.alone = seed % 3 == 1  # one view and nobody else: then undo and redo lead to exactly the same
        self.labeller = Bridged(self._store(), layers=LAYERS)
        self.up: list[tuple[int, Json]] = []
        self.down: list[tuple[int, Json]] = []
        self.full = ExitStack()
        self.failing = self.inside = False
        self.trace: list[str] = []
        self.console: list[str] = []
        page.on("console", lambda told: self.console.append(told.text) if told.type == "error" else None)
        self._mount()

    def _store(self) -> LabelStore:
        return LabelStore(self.folder, "monkey", ARTICLE, CODEBOOK)

    def _mount(self) -> None:
        esm = self.patched()
        view = {**self.labeller._view, "timing": TIMING}
        state = self.labeller._state if self.random.random() < 0.3 else self.labeller._make_state()
        self.page.evaluate(
            "([s, c, t]) => window.mount(s, c, t)", [esm, str(Labeller._css), {"_view": view, "_state": state}]
        )
        whole(self.page)
        self.page.evaluate("() => { window.alive = (n) => window.apps.filter((app) => app.reader.el.isConnected)[n]; }")

    @staticmethod
    def patched() -> str:
        """Turn private names into public ones, and nothing else."""
        esm = re.sub(r"(?<![\w\"'`&])#(?=[a-z]\w*)", "_", str(Labeller._esm))
        return esm.replace("return () => labeller.dispose", INSIDE + "return () => labeller.dispose")

    # ---- the line

    def _through(
        self, queue: list[tuple[int, Json]], messages: list[Json], bad: bool, turned: bool = True
    ) -> list[Json]:
        """Messages that arrive now; a bad line drops, doubles, delays them and turns two around."""
        chance = self.random.random
        for message in messages:
            copies = 1 if not bad else 0 if chance() < 0.12 else 2 if chance() < 0.1 else 1
            for _ in range(copies):
                queue.append((self.random.choice((0, 0, 0, 1, 2)) if bad else 0, message))
        if bad and turned and len(queue) > 1 and chance() < 0.1:
            queue[-2:] = reversed(queue[-2:])
        arrived = []
        while queue and queue[0][0] <= 0:
            arrived.append(queue.pop(0)[1])
        queue[:] = [(wait - 1, message) for wait, message in queue]
        return arrived

    def _pump(self, bad: bool = True) -> None:
        for message in self._through(self.up, self.page.evaluate("window.sent.splice(0)"), bad):
            assert message["type"] in ("hello", "op"), message
            if message["type"] == "op":
                assert message["seq"] > message["last_acked"] >= 0, message
                if "span" in message and message["op"] != "remove":
                    span = message["span"]
                    assert TEXT[span["start"] : span["end"]] == span["quote"], message
            self.labeller._receive(self.labeller, message, [])
        out = self.labeller.__dict__.setdefault("out", [])
        # An answer that comes late shows an old state for a moment, and an undo in this moment finds that one.
        answers = self._through(self.down, out, bad, turned=not self.alone)
        out.clear()
        for answer in answers:
            if answer["type"] == "refused" and not answer["retry"]:
                self.note(f"refused {answer}")
        if answers:
            self.page.evaluate("(all) => all.forEach((each) => window.deliver(each))", answers)

    def note(self, text: str) -> None:
        """Remember what was done, for the report."""
        self.trace.append(text)

    # ---- what a student does

    def _views(self) -> int:
        return int(self.page.evaluate("window.apps.filter((app) => app.reader.el.isConnected).length"))

    def act(self) -> None:
        """Do one thing."""
        actions: list[tuple[Callable[[], None], int]] = [
            (self._press, 40), (self._select, 14), (self.use, 34), (self.type, 6), (self.click, 5), (self._many, 3),
            (self._reload, 1),
            (self._hide, 1), (self._disk, 2),
        ]  # fmt: skip
        if not self.alone:
            actions += [
                (self._another_view, 1),
                (self._from_python, 3),
                (self._other_notebook, 2),
                (self.remove_view, 1),
            ]
        (action,) = self.random.choices([a for a, _ in actions], [w for _, w in actions])
        lost = self._lost()
        assert not (self.inside and lost), "focus lost while others did something"
        before = len(self.trace)
        action()
        self._pump()
        tabbed = any("Tab" in told for told in self.trace[before:])  # may lead out of the widget
        if not lost and not tabbed and action not in (self._reload, self.remove_view):
            assert not self._lost(), f"focus lost: {self.trace[before:]}"
        self.inside = not self._lost()

    def _lost(self) -> bool:
        return bool(self.page.evaluate("document.activeElement === document.body"))

    def _view(self) -> int:
        return self.random.randrange(self._views())

    def _to_text(self, view: int) -> None:
        self.page.evaluate(
            "(v) => { if (!document.querySelector('dialog[open]')) window.alive(v).reader.takeFocus(); }", view
        )

    def _press(self) -> None:
        if self.random.random() < 0.75:
            self._to_text(self._view())
        for key in self.random.choices(list(KEYS), list(KEYS.values()), k=self.random.choice((1, 1, 2, 3, 5))):
            self.note(f"key {key}")
            self.page.keyboard.press(key)

    def _many(self) -> None:
        self._to_text(self._view())
        key, times = self.random.choice(("Control+z", "Control+Shift+z")), self.random.randrange(2, 12)
        self.note(f"key {key} {times} times")
        for _ in range(times):
            self.page.keyboard.press(key)

    def _select(self) -> None:
        view = self._view()
        start = self.random.randrange(UNITS)
        end = min(UNITS, start + self.random.choice((0, 1, 2, 5, 15, 40, 120)))
        backward = self.random.random() < 0.4
        self.note(f"select {start} {end} {backward} in {view}")
        self._to_text(view)
        script = SELECT.replace("document.querySelectorAll", f"window.alive({view}).reader.el.querySelectorAll")
        self.page.evaluate(script, [start, end, backward])
        self.page.evaluate(FRAME)
        if self.random.random() < 0.7:
            key = self.random.choice("12340")
            self.note(f"key {key}")
            self.page.keyboard.press(key)

    def use(self) -> None:
        """Something in a part of the view, by keyboard."""
        part = self.random.choice(list(PARTS))
        found = self.page.evaluate(FOCUS, [self._view(), PARTS[part], self.random.random()])
        self.note(f"use {part} {found}")
        if found:
            self._handle(*found)

    def _handle(self, tag: str, kind: str, options: int, _name: str) -> None:
        keyboard = self.page.keyboard
        if tag == "SELECT":
            self.page.evaluate(CHOOSE, self.random.randrange(options))
        elif tag == "TEXTAREA" or kind == "text":
            words = self.random.choice(TEXT.split())
            self.note(f"type {words!r}")
            keyboard.type(words)
            if kind == "text" and self.random.random() < 0.7:
                keyboard.press("Enter")
        elif kind in ("checkbox", "radio"):
            keyboard.press(" ")
        else:
            keyboard.press(self.random.choice(("Enter", " ")))

    def type(self) -> None:
        """A note, in several goes."""
        found = self.page.evaluate(FOCUS, [self._view(), ".ss-inspector textarea", 0.0])
        if found and found[0] == "TEXTAREA":
            words = self.random.choice(("maybe ", "who? ", "💩 ", "سؤال "))
            self.note(f"note {words}")
            self.page.keyboard.type(words)

    def click(self) -> None:
        """With the mouse, somewhere in the text."""
        box = self.page.evaluate(
            """([v, n]) => { const block = window.alive(v).reader.el.querySelectorAll(".ss-block");
              const one = block[Math.floor(n * block.length)]; one.scrollIntoView({ block: "center" });
              const { left, top, height, width } = one.getBoundingClientRect(); return [left, top, width, height]; }""",
            [self._view(), self.random.random()],
        )
        x, y = box[0] + box[2] * self.random.random() ** 2, box[1] + box[3] * self.random.random()
        self.note(f"click {x:.0f} {y:.0f}")
        self.page.mouse.click(x, y)

    def _reload(self) -> None:
        self.note("reload")
        self.down.clear()
        if self.random.random() < 0.5:
            self._pump()
        self.page.goto(HARNESS)
        self.page.reload()
        self.page.wait_for_function("window.ready === true")
        self._mount()

    def _hide(self) -> None:
        self.note("pagehide")
        self.page.evaluate("window.dispatchEvent(new Event('pagehide'))")

    def _disk(self) -> None:
        if self.failing:
            self._recover()
        else:
            self.note("disk full")
            self.full.enter_context(failing(self.patch, "write", errno.ENOSPC, times=10**9))
            self.failing = True

    def _recover(self) -> None:
        self.note("disk free")
        self.full.close()
        self.failing = False

    def _another_view(self) -> None:
        if self._views() < 3:
            self.note("another view")
            self.page.evaluate("window.addView()")

    def remove_view(self) -> None:
        """And open it anew, as when a notebook draws a cell again."""
        self.note("remove a view")
        gone = self._view()
        self.page.evaluate(
            """async (n) => {
              const app = window.alive(n);
              const index = window.views.findIndex((view) => view.el.contains(app.reader.el));
              window.removeView(index);
              if (!window.apps.some((each) => each.reader.el.isConnected)) await window.addView();
            }""",
            gone,
        )

    # ---- what others do

    def _edit(self, store: LabelStore) -> None:
        spans, relations = store.labels.spans, store.labels.relations
        if relations and self.random.random() < 0.5:
            name = self.random.choice(relations).id
            store.apply({"op": "unlink", "relation": {"id": name}})
            self.note(f"Python unlinks {name}")
        elif spans and self.random.random() < 0.5:
            span = self.random.choice(spans)
            change = self.random.choice(({"confidence": 0.4}, {"note": "from Python"}, {"discuss": True}, None))
            store.apply({"op": "update" if change else "remove", "span": {**asdict(span), **(change or {})}})
            self.note(f"Python changes {span.id}: {change}")
        else:
            quote = self.random.choice(("Watson", "the West", "plan", "Department of Defense", "قال المصدر"))
            start = TEXT.index(quote)
            span_id = f"p{self.random.randrange(10**9)}"
            places = {"start": start, "end": start + len(quote), "quote": quote}
            store.apply({"op": "add", "span": {"id": span_id, "layer": "attribution", "label": "CUE", **places}})
            self.note(f"Python adds {span_id} {quote}")

    def _from_python(self) -> None:
        if not self.failing:
            self._edit(self.labeller._store)

    def _other_notebook(self) -> None:
        if not self.failing:
            self._edit(self._store())
            if self.random.random() < 0.7:
                self.labeller._store.refresh()

    # ---- what has to be true

    def settle(self) -> list[Json]:
        """The line and the disk are good again; everything that waits is answered."""
        if self.failing:
            self._recover()
        self.labeller._store.refresh()
        self._pump(bad=False)
        self.page.evaluate("window.model.emit('comm_live_update')")
        patient = time.monotonic() + PATIENCE  # nothing is too slow; what never comes is an error
        for turn in count():
            self._pump(bad=False)
            self.page.evaluate("window.apps.forEach((app) => app.reader.el.isConnected && app.inspector.flush())")
            self.page.evaluate(FRAME)
            views: list[Json] = self.page.evaluate(SNAPSHOT)
            offer = next((n for n, view in enumerate(views) if view["offer"] and not view["readonly"]), None)
            if offer is not None:
                answer = self.random.choice((0, 0, 1))
                self.note(f"answer the offer: {answer}")
                press = "([v, n]) => window.alive(v).saving.offer.querySelectorAll('button')[n].click()"
                self.page.evaluate(press, [offer, answer])
            elif all(self._quiet(view) for view in views) and not self.page.evaluate("window.sent.length") and turn > 1:
                return views
            elif time.monotonic() > patient:
                break
        told = ("told", "pending", "refused", "greeted", "dirty", "readonly", "offer")
        raise AssertionError(f"does not settle: {[{name: view[name] for name in told} for view in views]}")

    @staticmethod
    def _quiet(view: Json) -> bool:
        return bool(view["greeted"] and not view["pending"] and not view["dirty"])

    def check(self) -> None:
        """Compare the pages, Python and the file."""
        views = self.settle()
        labels = self.labeller.labels
        spans = {span.id: asdict(span) for span in labels.spans}
        relations = {
            relation.id: {**asdict(relation), "members": list(relation.members)} for relation in labels.relations
        }
        again = self._store().labels
        assert (again.spans, again.relations) == (labels.spans, labels.relations), "the file is not what Python holds"
        order = [s.id for s in sorted(labels.spans, key=lambda span: (span.start, -span.end, span.id))]
        linked = {member for relation in labels.relations for member in relation.members}
        for view in views:
            assert {s["id"]: s for s in view["spans"]} == spans, "labels"
            assert {r["id"]: r for r in view["relations"]} == relations, "links"
            assert view["rows"] == [[name, spans[name]["quote"]] for name in order], "table"
            assert {name for name, shown in view["linked"].items() if shown} == linked, "links in the table"
            assert view["drawn"] == {name: span["quote"].replace("\n\n", "") for name, span in spans.items()}, "drawn"
            assert view["blocks"] == [block.text for block in ARTICLE.blocks], "text"
            assert view["chip"] == "saved" or view["refused"], view["told"]
            assert not view["readonly"], "locked for nothing"
            assert view["selected"] is None or view["selected"] in spans
            assert not view["menu"] or view["menuHasFocus"], "a menu is left open"
        assert self.console == []
        if self.alone:
            self.there_and_back()

    def there_and_back(self) -> None:
        """Redo everything, undo everything, redo everything: the first and the last are the same."""
        ends = []
        for side in ("redo", "undo", "redo"):
            self.page.evaluate(
                """(side) => { const app = window.alive(0);
                  const stack = side === "undo" ? "done" : "undone";
                  do app[side](); while (app._history[stack].length); }""",
                side,
            )
            (view,) = self.settle()
            ends.append([sorted(view[what], key=lambda each: each["id"]) for what in ("spans", "relations")])
        changed = [
            (a, b)
            for one, other in zip(ends[0], ends[2], strict=True)
            for a, b in zip(one, other, strict=False)
            if a != b
        ]
        assert ends[0] == ends[2], f"undo and redo do not lead back: {changed}"
        labels = self.labeller.labels
        assert [s["id"] for s in ends[2][0]] == sorted(s.id for s in labels.spans)


@pytest.fixture
def monkey(page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], Monkey]]:
    made: list[Monkey] = []

    def make(seed: int) -> Monkey:
        made.append(Monkey(page, tmp_path, monkeypatch, seed))
        return made[-1]

    yield make
    for each in made:
        each.full.close()


@pytest.mark.parametrize("seed", _seeds())
def test_whatever_a_monkey_does_nothing_is_lost(monkey: Callable[[int], Monkey], seed: int) -> None:
    run = monkey(seed)
    try:
        for number in range(1, ACTIONS + 1):
            run.act()
            if number % CHECK_EVERY == 0:
                run.note("-- check")
                run.check()
        run.check()
    except Exception as error:
        raise AssertionError(f"seed {seed}: {error}\n" + "\n".join(run.trace[-30:])) from error
