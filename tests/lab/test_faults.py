"""Nothing lost in a real JupyterLab: kernels that stop or do not answer, tabs that crash, connections that are cut.

One page serves most tests: each starts a labeller of its own, on an empty folder, in the notebook that is open.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, WebSocketRoute, expect
from playwright.sync_api import Error as PlaywrightError

from real_lab import FLAGS, Notebook
from secondsource import Case
from secondsource.store import LabelStore
from system import chromium

EXERCISE = "02_who_says_so"
BOOK = "lessons/faults.ipynb"
# Nothing in the process runs while it sleeps, not even the thread that answers widgets beside a busy cell.
DEAF = "import ctypes; ctypes.PyDLL(None).usleep({})"
NO_KERNEL = "SAVE-NOKERNEL · Not saved: the notebook’s Python stopped."


def written(folder: Path) -> list[dict[str, Any]]:
    """Labels in the file, in the order of the text."""
    path = folder / f"{EXERCISE}.labels.json"
    if not path.exists():
        return []
    items: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["first"]["items"]
    return items


@dataclass
class Desk:
    """A labeller on a notebook page, and the folder of its label file."""

    notebook: Notebook
    folder: Path

    @property
    def page(self) -> Page:
        """The tab."""
        return self.notebook.page

    @property
    def labeller(self) -> Locator:
        """The only labeller of the page."""
        return self.page.locator(".ss-labeller")

    @property
    def chip(self) -> Locator:
        """What it says about saving."""
        return self.labeller.locator(".ss-chip")

    def run(self, cells: tuple[int, ...] = (0, 1)) -> None:
        """Open the exercise on this folder, and the labeller."""
        source = f"import os; os.environ['SECONDSOURCE_LABELS'] = {str(self.folder)!r}\n"
        source += f"from secondsource import exercise; ex = exercise('{EXERCISE}')"
        self.notebook.js("panel.content.widgets[0].model.sharedModel.setSource(x)", source)
        for cell in cells:
            self.notebook.run(cell)
        expect(self.labeller).to_be_visible()
        self.labeller.locator(".ss-scroller").focus()

    def start(self, code: str) -> None:
        """Run code in the last cell without waiting for it."""
        self.notebook.js(
            "panel.content.activeCellIndex = 2; panel.content.activeCell.model.sharedModel.setSource(x);"
            "app.commands.execute('notebook:run-cell'); await panel.sessionContext.session.kernel.info;",
            code,
        )
        self.labeller.locator(".ss-scroller").focus()

    def label(self, count: int = 1) -> None:
        """Label the next words, one label each."""
        for _ in range(count):
            self.page.keyboard.press("Control+Shift+ArrowRight")
            self.page.keyboard.press("1")

    def expect_saved(self, count: int, revision: int | None = None) -> None:
        """All labels are shown, saved and in the file."""
        expect(self.labeller.locator("tbody tr[data-span]")).to_have_count(count)
        ending = "" if revision is None else rf" \(revision {revision}\)$"
        expect(self.chip).to_have_text(re.compile(rf"^Saved \d\d:\d\d:\d\d.*{ending}"))
        expect(self.labeller.locator("tbody tr[data-span]")).to_have_count(count)
        assert len(written(self.folder)) == count


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One browser profile: its tabs share what the browser keeps."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    yield context
    context.close()


@pytest.fixture(scope="module")
def tab(lab: str, course: Path, context: BrowserContext) -> Callable[[BrowserContext | None], Notebook]:
    """Open the notebook in a new tab."""
    cells = [
        {"cell_type": "code", "id": name, "metadata": {}, "execution_count": None, "outputs": [], "source": source}
        for name, source in (("one", ""), ("two", "ex.label()"), ("three", ""))
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    plain = {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    (course / BOOK).write_text(json.dumps(plain), encoding="utf-8")

    def make(where: BrowserContext | None = None) -> Notebook:
        notebook = Notebook((where or context).new_page(), lab)
        notebook.open(BOOK)
        return notebook

    return make


@pytest.fixture(scope="module")
def first(tab: Callable[[], Notebook]) -> Iterator[Notebook]:
    """The tab that most tests use."""
    notebook = tab()
    yield notebook
    assert notebook.foreign == []


@pytest.fixture
def desk(first: Notebook, tmp_path: Path) -> Desk:
    """A labeller without labels in that tab."""
    desk = Desk(first, tmp_path / "labels")
    desk.run()
    return desk


def test_a_restarted_kernel_is_told_at_once_and_nothing_is_lost(desk: Desk) -> None:
    """F4: the student keeps clicking; the labels are replayed once when the notebook is run again."""
    desk.label()
    desk.expect_saved(1, revision=1)
    kernel = desk.notebook.js("return panel.sessionContext.session.kernel.id")
    desk.page.request.post(f"{desk.notebook.url}/api/kernels/{kernel}/restart")  # from outside, as another tab would
    expect(desk.chip).to_contain_text("The notebook’s Python has stopped")
    expect(desk.chip).to_have_attribute("data-state", "saved")
    desk.label(3)
    expect(desk.chip).to_contain_text(f"{NO_KERNEL} · 3 changes are kept in this browser.")
    expect(desk.chip).to_have_attribute("data-state", "failed")
    desk.notebook.wait_idle()
    assert len(written(desk.folder)) == 1
    desk.run()
    desk.expect_saved(4, revision=4)

    desk.notebook.js("panel.sessionContext.session.kernel.restart()")
    desk.labeller.locator(".ss-scroller").focus()
    desk.page.keyboard.press("Control+End")
    desk.page.keyboard.press("Control+Shift+ArrowLeft")
    desk.page.keyboard.press("1")
    expect(desk.chip).to_contain_text(f"{NO_KERNEL} · 1 change is kept in this browser.")
    desk.notebook.wait_idle()
    desk.run()
    desk.expect_saved(5, revision=5)
    desk.run()
    desk.expect_saved(5, revision=5)


def test_a_busy_kernel_is_waited_for(desk: Desk) -> None:
    """F5: amber after three seconds, every edit on disk in its order, none left out."""
    desk.start(DEAF.format(6_000_000))
    desk.label(50)
    expect(desk.chip).to_have_text("Waiting for the notebook to finish")
    expect(desk.chip).to_have_attribute("data-state", "waiting")
    assert written(desk.folder) == []
    expect(desk.chip).to_contain_text("(revision 50)", timeout=60_000)  # one for each edit
    desk.expect_saved(50, revision=50)
    made = written(desk.folder)
    assert [item["body"][0] for item in made] == [made[0]["body"][0]] * 50


def test_widgets_are_answered_beside_a_cell_that_only_waits(desk: Desk) -> None:
    """JupyterLab sends widget messages past the queue of cells: saving does not stop for a long cell."""
    desk.start("import time; time.sleep(600)")
    desk.label(2)
    desk.expect_saved(2, revision=2)
    desk.notebook.js("await panel.sessionContext.session.kernel.interrupt()")
    desk.notebook.wait_idle()


def test_a_flood_of_output_holds_up_but_loses_nothing(desk: Desk) -> None:
    """F5: while the server withholds messages, acknowledgements too, labels are sent again until answered."""
    desk.start("for n in range(100): print('x' * 100_000)")
    desk.label(20)
    desk.expect_saved(20, revision=20)
    assert "IOPub data rate exceeded" in desk.page.content()


def test_a_cut_connection_resumes_by_itself(desk: Desk, tab: Callable[[BrowserContext], Notebook]) -> None:
    """F7: said truthfully; nobody has to do anything."""
    sockets: list[WebSocketRoute] = []
    cut = False

    def pass_on(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        if cut:
            socket.close()
        else:
            socket.connect_to_server()

    browser = desk.page.context.browser
    assert browser is not None
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    context.route_web_socket(re.compile("/channels"), pass_on)
    try:
        other = Desk(tab(context), desk.folder)
        other.run()
        other.label()
        other.expect_saved(1)
        cut = True
        for socket in sockets:
            socket.close()
        expect(other.labeller.locator(".ss-chip")).to_contain_text("Saved")
        other.label(3)
        expect(other.chip).to_have_text("Waiting for the connection. 3 changes are kept in this browser.")
        cut = False
        other.expect_saved(4, revision=4)
    finally:
        context.close()


def test_two_tabs_are_merged_live(desk: Desk, tab: Callable[[], Notebook]) -> None:
    """F8: both show both; what one has not saved is not offered to the other."""
    other = Desk(tab(), desk.folder)
    try:
        other.run(cells=(1,))
        desk.label(2)
        other.page.keyboard.press("Control+End")
        other.page.keyboard.press("Control+Shift+ArrowLeft")
        other.page.keyboard.press("2")
        for each in (desk, other):
            each.expect_saved(3, revision=3)
        desk.start(DEAF.format(2_000_000))
        desk.label(2)
        other.run(cells=(1,))
        expect(other.labeller.locator("tbody tr[data-span]")).to_have_count(5)
        expect(other.labeller.locator(".ss-banner:visible")).to_have_count(0)
        desk.expect_saved(5, revision=5)
    finally:
        other.page.close()


def test_two_programs_on_one_file_lose_nothing(desk: Desk) -> None:
    """F9: a second process writes between the student's labels."""
    case = Case.open("analyst-claims")
    elsewhere = LabelStore(desk.folder, EXERCISE, case.article, case.codebook)
    for number in range(1, 4):
        desk.label()
        desk.expect_saved(2 * number - 1)
        start = case.article.text.index("according to")
        span = {"id": f"e{number}", "layer": "attribution", "label": "CUE", "start": start, "end": start + 9 + number}
        span["quote"] = case.article.text[start : start + 9 + number].strip()
        span["end"] = start + len(span["quote"])
        elsewhere.apply({"op": "add", "span": span})
        assert len(written(desk.folder)) == 2 * number
    desk.label()
    desk.expect_saved(7)
    assert list(desk.folder.glob("*conflict*")) == []


def test_a_folder_that_cannot_be_written_to_is_announced_first(desk: Desk) -> None:
    """F11: before the first label, with the download beside it."""
    refuse = "def refuse(path): raise OSError(30, 'Read-only file system')\n"
    desk.notebook.ask(
        f"import secondsource.store as store; kept = store.check_writable\n{refuse}store.check_writable = refuse"
    )
    try:
        desk.run()
        alert = desk.labeller.get_by_role("alert")
        expect(alert).to_contain_text("SAVE-READONLY")
        expect(alert.get_by_role("button", name="Download my labels")).to_be_visible()
        desk.label()
        expect(desk.labeller.locator("tbody tr[data-span]")).to_have_count(0)
    finally:
        desk.notebook.ask("store.check_writable = kept")


def test_a_damaged_file_is_set_aside_and_said(desk: Desk) -> None:
    """F13: the newest good backup takes its place; both are named."""
    desk.label(2)
    desk.expect_saved(2, revision=2)
    path = desk.folder / f"{EXERCISE}.labels.json"
    path.write_bytes(b"\0" * 100 + path.read_bytes()[100:])
    desk.label()
    expect(desk.labeller.locator(".ss-banner:visible")).to_contain_text("FILE-REPAIRED")
    desk.expect_saved(3)
    assert len(list(desk.folder.glob("*corrupt*"))) == 1


@pytest.mark.parametrize("end", ["close", "crash"])
def test_a_tab_that_is_gone_leaves_its_changes_to_the_next_visit(
    desk: Desk, tab: Callable[[], Notebook], end: str
) -> None:
    """F6: what nobody answered for is offered, not forced."""
    gone = Desk(tab(), desk.folder)
    gone.run()
    gone.label()
    gone.expect_saved(1)
    kernel = gone.notebook.js("return panel.sessionContext.session.kernel.id")
    gone.page.request.post(f"{gone.notebook.url}/api/kernels/{kernel}/restart")
    expect(gone.chip).to_contain_text("The notebook’s Python has stopped")
    gone.label(2)
    expect(gone.chip).to_contain_text("2 changes are kept in this browser")
    if end == "crash":
        with suppress(PlaywrightError):
            gone.page.goto("chrome://crash")
    gone.page.close()
    again = Desk(tab(), desk.folder)
    again.run()
    offer = again.labeller.locator(".ss-banner:visible")
    expect(offer).to_contain_text("2 changes from an earlier visit were not saved.")
    expect(again.labeller.locator("tbody tr[data-span]")).to_have_count(1)
    offer.get_by_role("button", name="Restore").click()
    again.expect_saved(3)
    again.page.close()


def test_a_killed_browser_gives_the_changes_back(
    desk: Desk, tab: Callable[[BrowserContext], Notebook], browser: Browser, tmp_path: Path
) -> None:
    """F6: the whole browser is gone from one moment to the next; its profile on disk has what was not answered."""

    def profile() -> BrowserContext:
        return browser.browser_type.launch_persistent_context(
            tmp_path / "profile", executable_path=chromium(), args=FLAGS, viewport={"width": 1400, "height": 1000}
        )

    context = profile()
    doomed = Desk(tab(context), desk.folder)
    doomed.run()
    doomed.label()
    doomed.expect_saved(1)
    kernel = doomed.notebook.js("return panel.sessionContext.session.kernel.id")
    doomed.page.request.post(f"{doomed.notebook.url}/api/kernels/{kernel}/restart")
    doomed.label(2)
    expect(doomed.chip).to_contain_text("2 changes are kept in this browser")
    with suppress(PlaywrightError), context.expect_event("close"):
        context.new_cdp_session(doomed.page).send("Browser.crash")
    context = profile()
    try:
        again = Desk(tab(context), desk.folder)
        again.run()
        offer = again.labeller.locator(".ss-banner:visible")
        expect(offer).to_contain_text("2 changes from an earlier visit were not saved.")
        offer.get_by_role("button", name="Restore").click()
        again.expect_saved(3, revision=3)
    finally:
        context.close()
