"""Nothing lost in a real JupyterLab: kernels that stop or do not answer, tabs that crash, connections that are cut.

Each test has a notebook, a kernel, a folder of labels and a browser profile of its own, so that none depends on
another; and it waits for what happens, never for a time.
"""

import json
import os
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, WebSocketRoute, expect
from playwright.sync_api import Error as PlaywrightError

from real_lab import FLAGS, PATIENCE, Notebook
from secondsource import Case
from secondsource.store import LabelStore
from synthetic import notebook as notebook_of
from synthetic import write_notebook
from system import chromium

EXERCISE = "02_who_says_so"
NUMBERS = count(1)
VIEW: Any = {"width": 1400, "height": 1000}
NO_KERNEL = "SAVE-NOKERNEL · Not saved: the notebook’s Python stopped."
KERNEL = "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel"
PRINTED = "window.jupyterapp.shell.currentWidget.content.widgets[2].model.outputs.toJSON()"
Tab = Callable[..., Notebook]


def written(folder: Path) -> list[dict[str, Any]]:
    """Labels in the file, in the order of the text."""
    path = folder / f"{EXERCISE}.labels.json"
    if not path.exists():
        return []
    items: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["first"]["items"]
    return items


LOGGED = """(number) => new Promise((resolve, reject) => {
  const opening = indexedDB.open("secondsource", 1);
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const asked = opening.result.transaction("entries").objectStore("entries").count();
    asked.onsuccess = () => { opening.result.close(); resolve(asked.result === number); };
    asked.onerror = () => reject(asked.error);
  };
})"""


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

    @property
    def rows(self) -> Locator:
        """Its labels."""
        return self.labeller.locator("tbody tr[data-span]")

    @property
    def offer(self) -> Locator:
        """What it says above the text."""
        return self.labeller.locator(".ss-banner:visible")

    def run(self, cells: tuple[int, ...] = (0, 1)) -> None:
        """Open the exercise on this folder, and the labeller."""
        source = f"import os; os.environ['SECONDSOURCE_LABELS'] = {str(self.folder)!r}; print(os.getpid())\n"
        source += f"from secondsource import exercise; ex = exercise('{EXERCISE}')"
        self.notebook.js("panel.content.widgets[0].model.sharedModel.setSource(x)", source)
        for cell in cells:
            self.notebook.run(cell)
        self.ready()

    def ready(self) -> None:
        """The labeller is there, and the keyboard is its own."""
        expect(self.labeller).to_be_visible()
        self.labeller.locator(".ss-scroller").focus()

    def label(self, number: int = 1) -> None:
        """Label the next words, one label each."""
        for _ in range(number):
            self.page.keyboard.press("Control+Shift+ArrowRight")
            self.page.keyboard.press("1")

    def label_the_end(self) -> None:
        """Label the last word."""
        self.page.keyboard.press("Control+End")
        self.page.keyboard.press("Control+Shift+ArrowLeft")
        self.page.keyboard.press("1")

    def expect_logged(self, number: int) -> None:
        """So many changes are in the browser's log; a crash some milliseconds after an edit would take them."""
        self.page.wait_for_function(LOGGED, arg=number, polling=100)

    def expect_saved(self, number: int, revision: int | None = None) -> None:
        """All labels are shown, saved and in the file."""
        expect(self.rows).to_have_count(number)
        ending = "" if revision is None else rf" \(revision {revision}\)$"
        expect(self.chip).to_have_text(re.compile(rf"^Saved \d\d:\d\d:\d\d.*{ending}"))
        expect(self.rows).to_have_count(number)
        assert len(written(self.folder)) == number

    @contextmanager
    def busy(self, work: str = "pass") -> Iterator[None]:
        """The last cell is running, and does some work over and over, until the end of the block."""
        enough = self.folder.with_name("enough")
        code = f"import pathlib, time\nprint('begun')\nwhile not pathlib.Path({str(enough)!r}).exists():\n"
        code += f"    {work}\n    time.sleep(0.01)"
        self.notebook.js(
            "panel.content.activeCellIndex = 2; panel.content.activeCell.model.sharedModel.setSource(x);"
            "app.commands.execute('notebook:run-cell');",
            code,
        )
        self.page.wait_for_function(f"{PRINTED}.length > 0")
        self.labeller.locator(".ss-scroller").focus()
        try:
            yield
        finally:
            enough.touch()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Nothing at all in the process of the kernel runs, not even the thread that answers widgets."""
        process = int(self.notebook.printed(0))
        os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(process, signal.SIGCONT)

    def restart_elsewhere(self) -> None:
        """Restart the kernel as another tab would, and ask the new one who it is, as that tab would; this one hears."""
        kernel = self.notebook.js("return panel.sessionContext.session.kernel.id")
        answer = self.page.request.post(f"{self.notebook.url}/api/kernels/{kernel}/restart", timeout=PATIENCE)
        assert answer.ok, answer.status_text
        self.page.wait_for_function(
            f"""() => {{
              {KERNEL}.requestKernelInfo().catch(() => {{}});
              return document.querySelector(".ss-chip").textContent.includes("The notebook’s Python has stopped");
            }}""",
            polling=500,
        )
        self.labeller.locator(".ss-scroller").focus()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The labels of one student."""
    return tmp_path / "labels"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile: its tabs share what the browser keeps."""
    context = browser.new_context(viewport=VIEW)
    yield context
    context.close()


def stop_kernel(lab: str, book: str) -> None:
    """End a notebook's kernel: other tests need the memory."""
    with urlopen(f"{lab}/api/sessions") as answer:
        sessions = json.load(answer)
    for session in sessions:
        if session["path"] == book:
            urlopen(Request(f"{lab}/api/sessions/{session['id']}", method="DELETE")).close()


@pytest.fixture
def book(lab: str, course: Path) -> Iterator[Callable[[], str]]:
    """Make a notebook with three boxes; each has a kernel of its own."""
    made: list[str] = []

    def make() -> str:
        made.append(f"lessons/faults_{next(NUMBERS)}.ipynb")
        write_notebook(course / made[-1], notebook_of(("code", ""), ("code", "ex.label()"), ("code", "")))
        return made[-1]

    yield make
    for path in made:
        stop_kernel(lab, path)


@pytest.fixture
def tab(lab: str, context: BrowserContext, book: Callable[[], str]) -> Iterator[Tab]:
    """Open the notebook of this test, or another, in a new tab of this browser, or another."""
    own = book()
    opened: list[Notebook] = []

    def make(where: BrowserContext = context, path: str = own) -> Notebook:
        notebook = Notebook(where.new_page(), lab)
        opened.append(notebook)
        notebook.open(path)
        return notebook

    yield make
    assert [address for notebook in opened for address in notebook.foreign] == []


@pytest.fixture
def desk(tab: Tab, folder: Path) -> Desk:
    """A labeller without labels."""
    desk = Desk(tab(), folder)
    desk.run()
    return desk


def test_a_restarted_kernel_is_told_at_once_and_nothing_is_lost(desk: Desk) -> None:
    """F4: the student keeps clicking; the labels are replayed once when the notebook is run again."""
    desk.label()
    desk.expect_saved(1, revision=1)
    desk.restart_elsewhere()
    expect(desk.chip).to_have_attribute("data-state", "saved")
    desk.label(3)
    expect(desk.chip).to_contain_text(f"{NO_KERNEL} · 3 changes are kept in this browser.")
    expect(desk.chip).to_have_attribute("data-state", "failed")
    desk.notebook.wait_idle()
    assert len(written(desk.folder)) == 1
    desk.run()
    desk.expect_saved(4, revision=4)

    desk.notebook.restart()
    desk.labeller.locator(".ss-scroller").focus()
    desk.label_the_end()
    expect(desk.chip).to_contain_text(f"{NO_KERNEL} · 1 change is kept in this browser.")
    desk.run()
    desk.expect_saved(5, revision=5)
    desk.run()
    desk.expect_saved(5, revision=5)


def test_a_busy_kernel_is_waited_for(desk: Desk) -> None:
    """F5: amber after a while, every edit on disk in its order, none left out."""
    with desk.busy(), desk.frozen():
        desk.label(40)
        expect(desk.chip).to_have_text("Waiting for the notebook to finish")
        expect(desk.chip).to_have_attribute("data-state", "waiting")
        assert written(desk.folder) == []
    desk.expect_saved(40, revision=40)  # one for each edit
    made = written(desk.folder)
    assert [item["body"][0] for item in made] == [made[0]["body"][0]] * 40


def test_labels_made_beside_a_running_cell_are_saved_when_it_ends_at_the_latest(desk: Desk) -> None:
    """JupyterLab mostly has widgets answered on a thread of their own, past the queue of cells, but not always."""
    with desk.busy():
        desk.label(2)
        expect(desk.rows).to_have_count(2)
    desk.expect_saved(2, revision=2)


def test_a_flood_of_output_holds_up_but_loses_nothing(desk: Desk) -> None:
    """F5: while the server withholds messages, acknowledgements too, labels are sent again until answered.

    Each piece of output alone is more than the server passes on in three seconds, however slow the machine.
    """
    withheld = f"{PRINTED}.some((output) => `${{output.text}}`.includes('IOPub data rate exceeded'))"
    with desk.busy("print('x' * 4_000_000, flush=True); time.sleep(0.2)"):
        desk.page.wait_for_function(withheld, polling=500)
        desk.labeller.locator(".ss-scroller").focus()
        desk.label(20)
        expect(desk.rows).to_have_count(20)
    desk.expect_saved(20, revision=20)


def test_a_cut_connection_resumes_by_itself(tab: Tab, context: BrowserContext, folder: Path) -> None:
    """F7: said truthfully for as long as it lasts, longer than it takes to send again; nobody has to do anything."""
    sockets: list[WebSocketRoute] = []
    cut = False

    def pass_on(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        if cut:
            socket.close()
        else:
            socket.connect_to_server()

    context.route_web_socket(re.compile("/channels"), pass_on)
    desk = Desk(tab(), folder)
    desk.run()
    desk.label()
    desk.expect_saved(1)
    desk.notebook.js("Math.random = () => 0.5")  # of it JupyterLab makes the time until it tries again
    cut = True
    context.set_offline(True)
    for socket in sockets:
        socket.close()
    expect(desk.chip).to_contain_text("Saved")
    desk.notebook.js(
        """const { kernel } = panel.sessionContext.session;
        const send = kernel.sendShellMessage;
        window.tried = 0;
        kernel.sendShellMessage = function (message, ...rest) {
          if (message.header.msg_type === "comm_msg") window.tried += 1;
          return send.call(this, message, ...rest);
        };"""
    )
    desk.label(3)
    expect(desk.chip).to_have_text("Waiting for the connection. 3 changes are kept in this browser.")
    desk.page.wait_for_function("window.tried > 4")  # three labels, and what was not answered again and again
    expect(desk.chip).to_have_text("Waiting for the connection. 3 changes are kept in this browser.")
    assert len(written(folder)) == 1
    cut = False
    context.set_offline(False)
    desk.expect_saved(4, revision=4)


def test_two_tabs_are_merged_live(desk: Desk, tab: Tab) -> None:
    """F8: both show both; what one has not saved is not offered to the other."""
    other = Desk(tab(), desk.folder)
    other.run(cells=(1,))
    desk.label(2)
    other.page.keyboard.press("Control+End")
    other.page.keyboard.press("Control+Shift+ArrowLeft")
    other.page.keyboard.press("2")
    for each in (desk, other):
        each.expect_saved(3, revision=3)
    with desk.frozen():
        desk.label(2)
        expect(desk.rows).to_have_count(5)
        other.notebook.js(
            "panel.content.activeCellIndex = 1; window.ran = app.commands.execute('notebook:run-cell'); return null;"
        )
        expect(desk.chip).not_to_contain_text("Saved")
    other.notebook.js("await window.ran")
    other.ready()
    for each in (other, desk):
        each.expect_saved(5, revision=5)
    expect(other.offer).to_have_count(0)


def test_two_kernels_on_one_file_lose_nothing(desk: Desk, tab: Tab, book: Callable[[], str]) -> None:
    """F9: two notebooks, each with a Python of its own, and a program beside them; users see it all."""
    other = Desk(tab(path=book()), desk.folder)
    other.run()
    assert other.notebook.printed(0) != desk.notebook.printed(0)
    case = Case.open("analyst-claims")
    elsewhere = LabelStore(desk.folder, EXERCISE, case.article, case.codebook)
    start = case.article.text.index("according to")
    for number in range(3):
        desk.label()
        desk.expect_saved(3 * number + 1)
        other.labeller.locator(".ss-scroller").focus()
        if not number:
            other.page.keyboard.press("Control+End")
        for key in ("Control+Shift+ArrowLeft", "2"):
            other.page.keyboard.press(key)
        other.expect_saved(3 * number + 2)
        quote = case.article.text[start : start + 12 + number].strip()
        span = {"id": f"e{number}", "layer": "attribution", "label": "CUE", "start": start, "quote": quote}
        elsewhere.apply({"op": "add", "span": {**span, "end": start + len(quote)}})
        assert len(written(desk.folder)) == 3 * number + 3
        desk.labeller.locator(".ss-scroller").focus()
    desk.label()
    desk.expect_saved(10)
    other.run()
    other.expect_saved(10)
    assert list(desk.folder.glob("*conflict*")) == []


def test_a_folder_that_cannot_be_written_to_is_announced_first(desk: Desk) -> None:
    """F11: before the first label, with the download beside it."""
    refuse = "def refuse(path): raise OSError(30, 'Read-only file system')\n"
    desk.notebook.ask(f"import secondsource.store as store\n{refuse}store.check_writable = refuse")
    desk.run()
    alert = desk.labeller.get_by_role("alert")
    expect(alert).to_contain_text("SAVE-READONLY")
    expect(alert.get_by_role("button", name="Download my labels")).to_be_visible()
    desk.label()
    expect(desk.rows).to_have_count(0)


def test_a_damaged_file_is_set_aside_and_said(desk: Desk) -> None:
    """F13: the newest good backup takes its place; both are named."""
    desk.label(2)
    desk.expect_saved(2, revision=2)
    path = desk.folder / f"{EXERCISE}.labels.json"
    path.write_bytes(b"\0" * 100 + path.read_bytes()[100:])
    desk.label()
    expect(desk.offer).to_contain_text("FILE-REPAIRED")
    desk.expect_saved(3)
    assert len(list(desk.folder.glob("*corrupt*"))) == 1


@pytest.mark.parametrize("end", ["close", "crash"])
def test_a_tab_that_is_gone_leaves_its_changes_to_the_next_visit(desk: Desk, tab: Tab, end: str) -> None:
    """F6: what nobody answered for is offered, not forced."""
    desk.label()
    desk.expect_saved(1)
    desk.restart_elsewhere()
    desk.label(2)
    expect(desk.chip).to_contain_text("2 changes are kept in this browser")
    desk.expect_logged(2)
    if end == "crash":
        with suppress(PlaywrightError):
            desk.page.goto("chrome://crash")
    desk.page.close()
    again = Desk(tab(), desk.folder)
    again.run()
    expect(again.offer).to_contain_text("2 changes from an earlier visit were not saved.")
    expect(again.rows).to_have_count(1)
    again.offer.get_by_role("button", name="Restore").click()
    again.expect_saved(3)


def test_a_killed_browser_gives_the_changes_back(tab: Tab, folder: Path, browser: Browser, tmp_path: Path) -> None:
    """F6: the whole browser is gone from one moment to the next; its profile on disk has what was not answered."""

    def profile() -> BrowserContext:
        return browser.browser_type.launch_persistent_context(
            tmp_path / "profile", executable_path=chromium(), args=FLAGS, viewport=VIEW
        )

    context = profile()
    doomed = Desk(tab(context), folder)
    doomed.run()
    doomed.label()
    doomed.expect_saved(1)
    doomed.restart_elsewhere()
    doomed.label(2)
    expect(doomed.chip).to_contain_text("2 changes are kept in this browser")
    doomed.expect_logged(2)
    with suppress(PlaywrightError), context.expect_event("close", timeout=PATIENCE):
        context.new_cdp_session(doomed.page).send("Browser.crash")
    context = profile()
    try:
        again = Desk(tab(context), folder)
        again.run()
        expect(again.offer).to_contain_text("2 changes from an earlier visit were not saved.")
        again.offer.get_by_role("button", name="Restore").click()
        again.expect_saved(3, revision=3)
    finally:
        context.close()
