"""Measure the widgets beside other tools and beside plain text: ``python benchmarks/browser/run.py [--quick]``.

One Chromium, one page per tool and round, the tools in turns. Prints a table and writes ``build/bench-browser.json``.
The exit code is 1 if a target is missed or a rival could not be had.
"""

import argparse
import json
import math
import os
import platform
import signal
import statistics
import sys
import threading
import time
from collections import defaultdict
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import load
import rivals
from playwright.sync_api import Browser, Error, Page, sync_playwright
from rows import Row, judge, table

from secondsource import __version__
from secondsource.widgets import ComparisonView, Labeller
from system import chromium

HERE = Path(__file__).resolve().parent
OUTPUT = HERE.parents[1] / "build" / "bench-browser.json"
SLOW = 3000  # ms to the first paint: then two rounds with one addition and one new width each
FRAMES = (120, 20)  # that are scrolled through; the second for what is slow
LIMIT = 60_000  # ms after which a tool has not mounted; its page answers nothing meanwhile, so it is ended
PAUSE = 0.5  # s between two looks at whether it has
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
# The same column, letters and frame for all. What follows for one tool overrides its own size of frame and letters.
SPANMARK = """
.so-root { max-width: none; }
.so-root .so-text { height: 540px; }
.so-root .so-textlayer { max-width: 68ch; margin-inline: auto; font: 1.125rem "Charter", "Bitstream Charter",
  "Iowan Old Style", "Source Serif 4", Georgia, serif; line-height: inherit; }
.so-root .so-text { line-height: calc(1.75 * 1.125rem + var(--so-rail-extra, 0px)); }
"""
FRAME = ".ss-labeller .ss-scroller, .ss-labeller .ss-tall .ss-stage { block-size: 540px; max-block-size: none; }"
Json = dict[str, Any]


def main() -> int:
    """Run what is asked for, print the table, write the file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="two rounds, to see that it runs")
    parser.add_argument("--rounds", type=int, help="pages per tool and size (5)")
    parser.add_argument("--tool", action="append", metavar="WORDS", help="tools that begin like this")
    parser.add_argument("--only", action="append", metavar="WORDS", help="sizes that begin like this, or “comparison”")
    asked = parser.parse_args()
    rounds = asked.rounds or (2 if asked.quick else 5)
    tools, missing = gather()
    begin = time.perf_counter()
    rows: list[Row] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for size, made in payloads(asked.only):
            names = [name for name in tools if tools[name]["part"] == made["part"] and chosen(name, asked.tool)]
            rows += measure(browser, size, made, {name: tools[name] for name in names}, rounds)
        versions = {"chromium": browser.version, "secondsource": __version__, "python": platform.python_version()}
        browser.close()
    judge(rows, missing)
    print(table(rows))
    for name, why in missing.items():
        print(f"NOT MEASURED: {name}: {why}", file=sys.stderr)
    missed = [row for row in rows if row.met is False]
    print(
        f"\n{len(missed)} of {sum(row.met is not None for row in rows)} targets missed."
        if missed
        else "\nAll targets met."
    )
    versions |= {name: tool["version"] for name, tool in tools.items() if "version" in tool}
    OUTPUT.parent.mkdir(exist_ok=True)
    report = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"processor": platform.processor() or platform.machine(), "system": platform.platform()},
        "versions": versions,
        "rounds": rounds,
        "seconds": round(time.perf_counter() - begin),
        "missing": missing,
        "rows": [row.report() for row in rows],
    }
    OUTPUT.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 1 if missed or missing else 0


def chosen(name: str, only: list[str] | None) -> bool:
    """Whether a tool is asked for; plain text and ours always are."""
    return not only or name.startswith(("plain", "secondsource", *only))


def gather() -> tuple[dict[str, Json], dict[str, str]]:
    """Scripts, styles and options of every tool, and the rivals that are missing with the reason."""
    ours = {"script": str(Labeller._esm), "style": str(Labeller._css) + FRAME, "module": True}
    view = {"script": str(ComparisonView._esm), "style": str(ComparisonView._css), "module": True, "part": "comparison"}
    tools: dict[str, Json] = {
        "plain text": {"tool": "plain", "part": "labels"},
        "secondsource": {**ours, "tool": "labeller", "part": "labels"},
        "plain text (comparison)": {"tool": "unmarked", "part": "comparison"},
        "secondsource (comparison)": {**view, "tool": "comparison"},
    }
    missing = {}
    for name, fetch, variants in (
        ("spanmark", rivals.spanmark, {"rails": {"overlaps": True}, "inline": {"overlaps": False}}),
        ("Recogito", rivals.recogito, {"spans": {"renderer": "SPANS"}, "highlights": {"renderer": "CSS_HIGHLIGHTS"}}),
    ):
        try:
            got = fetch()
        except rivals.MissingError as error:
            missing[name] = str(error)
            continue
        module = name == "spanmark"
        for variant, options in variants.items():
            style = got["style"] + (SPANMARK if module else "")
            tools[f"{name} ({variant})"] = {
                **got, "style": style, "tool": name.lower(), "options": options, "module": module, "part": "labels"
            }  # fmt: skip
    return tools, missing


def payloads(only: list[str] | None) -> list[tuple[str, Json]]:
    """The sizes that are asked for with what the pages get."""
    made = []
    for size, (words, spans) in load.SIZES.items():
        if not only or any(size.startswith(name) for name in only):
            made.append((size, {**load.payload(load.load(words, spans)), "part": "labels"}))
    if not only or "comparison" in only:
        made.append(("comparison, 20,000 words", {**load.comparison(), "part": "comparison"}))
    return made


def measure(browser: Browser, size: str, made: Json, tools: dict[str, Json], rounds: int) -> list[Row]:
    """Measure all tools at one size, in turns; the order is reversed every other round."""
    found: dict[str, dict[str, list[float | None]]] = {name: defaultdict(list) for name in tools}
    for turn in range(rounds):
        for name in list(tools)[:: 1 if turn % 2 else -1]:
            if None in found[name]["first paint"] or (turn > 1 and max(map(seen, found[name]["first paint"])) > SLOW):
                continue
            print(f"{size}: {name}, round {turn + 1}", file=sys.stderr)
            for what, values in visit(browser, made, tools[name]).items():
                found[name][what] += values
    rows = []
    for name, all_values in found.items():
        medians = {what: statistics.median(map(seen, values)) for what, values in all_values.items() if values}
        rows.append(Row(size, name, medians, {what: sorted(values, key=seen) for what, values in all_values.items()}))
    return rows


def seen(value: float | None) -> float:
    """Return a time; what was never seen on the screen took for ever."""
    return math.inf if value is None else value


def visit(browser: Browser, made: Json, tool: Json) -> dict[str, list[float | None]]:
    """One page with one tool: every measurement once or a few times."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    page = context.new_page()
    try:
        open_page(page, made, tool)
        before = memory(page)
        values: dict[str, list[float | None]] = defaultdict(list)
        values["first paint"].append(first_paint(page, renderers(browser)))
        if values["first paint"] == [None]:
            return values
        values["all there"].append(page.evaluate("bench.whole"))
        page.evaluate("quiet(15)")
        after = memory(page)
        values["memory"].append((after["bytes"] - before["bytes"]) / 1e6)
        values["nodes"].append(after["nodes"] - before["nodes"])
        slow = seen(values["first paint"][0]) > SLOW
        if page.evaluate("Boolean(bench.tool.add)"):
            if not slow:
                page.evaluate("bench.add(0)")  # the first time is for the compiler
            additions = range(1, 2 if slow else len(made["additions"]))
            values["add"] += [page.evaluate("(n) => bench.add(n)", n) for n in additions]
        page.evaluate("bench.resize(700)")
        widths = (540,) if slow else (540, 700, 540, 700)
        values["resize"] += [page.evaluate("(width) => bench.resize(width)", width) for width in widths]
        frames = page.evaluate("(frames) => bench.scroll(frames)", FRAMES[slow])
        values["scroll"].append(statistics.quantiles(frames, n=20)[-1])
        values["long frames"].append(sum(frame > 25 for frame in frames) / len(frames) * 100)
        return values
    finally:
        context.close()


def first_paint(page: Page, processes: list[int]) -> float | None:
    """Mount the tool; None if it does not come to an end.

    Asked for from outside, and not at once: what the driver puts into a page to wait there would be measured as well.
    """
    end = threading.Timer(LIMIT / 1000, kill, [processes])
    end.start()
    try:
        page.evaluate("() => { bench.first().then((time) => { bench.mounted = [time]; }); }")
        while end.is_alive():
            time.sleep(PAUSE)
            if mounted := page.evaluate("bench.mounted"):
                return mounted[0]
    except Error:
        return None  # the page was ended
    finally:
        end.cancel()
    return None


def renderers(browser: Browser) -> list[int]:
    """Processes that draw pages; there is one page at a time."""
    session = browser.new_browser_cdp_session()
    found = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return [process["id"] for process in found if process["type"] == "renderer"]


def kill(processes: list[int]) -> None:
    """End processes, whatever they are at."""
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGTERM)


def open_page(page: Page, made: Json, tool: Json) -> None:
    """A page with the tool's script and style and the data, and nothing built from them yet."""
    page.on("pageerror", lambda error: print(f"script error: {error}", file=sys.stderr))
    page.goto((HERE / "page.html").as_uri())
    page.evaluate("(given) => bench.open(given)", {"tool": tool, "data": made})


def memory(page: Page) -> Json:
    """What scripts, page nodes and buffers hold after everything unreachable is collected."""
    session = page.context.new_cdp_session(page)
    for _ in range(2):
        session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")
    session.send("Performance.enable")
    metrics = {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}
    held = heap["usedSize"] + heap.get("embedderHeapUsedSize", 0) + heap.get("backingStorageSize", 0)
    session.detach()
    return {"bytes": held, "nodes": metrics["Nodes"]}


if __name__ == "__main__":
    sys.exit(main())
