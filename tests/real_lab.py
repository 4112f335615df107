"""A real JupyterLab, driven in a real browser; shared by `tests/lab` and `tools/screenshots.py`. No sleeps."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from playwright.sync_api import Browser, Locator, Page, Playwright, WebSocket, expect

from secondsource.lab import any_port, jupyter_command, silence, wait_for
from system import chromium

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--hide-scrollbars",
]
# On loopback and for minutes only: no token, and the application object within reach of the test.
TESTS_ONLY = [
    "--IdentityProvider.token=",
    "--ServerApp.disable_check_xsrf=True",
    "--LabApp.expose_app_in_browser=True",
    "--JupyterNotebookApp.expose_app_in_browser=True",
]
JUPYTER_FOLDERS = (
    "JUPYTER_CONFIG_DIR",
    "JUPYTER_DATA_DIR",
    "JUPYTER_RUNTIME_DIR",
    "JUPYTERLAB_SETTINGS_DIR",
    "JUPYTERLAB_WORKSPACES_DIR",
    "IPYTHONDIR",
)
IDLE = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
RAN = """([cell, before]) => {
  const { executionCount } = window.jupyterapp.shell.currentWidget.content.widgets[cell].model;
  return executionCount !== null && executionCount !== before;
}"""

# A restarted kernel can answer before what it publishes is heard again, and a cell run in between would never end.
HEARD = """
const soon = () => new Promise((end) => setTimeout(end, 5000, false));
const answered = () => kernel.requestKernelInfo().then(() => true, soon);
while (!(await Promise.race([answered(), soon()])));
"""

PATIENCE = 60_000  # milliseconds; a loaded machine is slow, not broken
expect.set_options(timeout=PATIENCE)

# Client rectangle of the first and the last character of a phrase; it may be cut into several text nodes. A notebook
# lays itself out bit by bit, so what is measured has to stay where it is for some frames.
ENDS = """
async ([root, phrase, nth]) => {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const nodes = [];
  let text = "";
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    nodes.push([text.length, node]);
    text += node.data;
  }
  let at = -1;
  for (let i = 0; i <= nth; i += 1) at = text.indexOf(phrase, at + 1);
  if (at < 0) throw new Error(`not in the text: ${phrase}`);
  const boxOf = (index) => {
    const [from, node] = nodes.findLast(([start]) => start <= index);
    const range = document.createRange();
    range.setStart(node, index - from);
    range.setEnd(node, index - from + 1);
    return range.getBoundingClientRect();
  };
  const [from, node] = nodes.findLast(([start]) => start <= at);
  node.parentElement.scrollIntoView({ block: "center" });
  const measured = () => {
    const [first, last] = [boxOf(at), boxOf(at + phrase.length - 1)];
    return [first.left, first.top + first.height / 2, last.right, last.top + last.height / 2];
  };
  let [ends, before] = [measured(), null];
  while (String(ends) !== String(before)) {
    for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
    [ends, before] = [measured(), ends];
  }
  return ends;
}
"""


def environment(scratch: Path) -> dict[str, str]:
    """Environment in which Jupyter neither reads nor writes anything of the person who runs the tests."""
    folders = {name: str(scratch / name.lower()) for name in JUPYTER_FOLDERS}
    return {**os.environ, **folders, "JUPYTER_PREFER_ENV_PATH": "1"}


def launch(playwright: Playwright) -> Browser:
    """The system's Chromium; `FileNotFoundError` if there is none."""
    program = chromium()
    if program is None:
        raise FileNotFoundError("no Chromium found; install it with: make test, or your package manager")
    return playwright.chromium.launch(executable_path=program, args=FLAGS)


@contextmanager
def served(folder: Path, scratch: Path, **added: str) -> Iterator[str]:
    """Serve a folder in JupyterLab as `secondsource lab` does, but without a token; yield the address."""
    port = any_port()
    silence(folder)
    command = jupyter_command(folder, "", port=port, browser=False)
    process = subprocess.Popen(
        [*command, *TESTS_ONLY], env={**environment(scratch), **added}, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:  # a loaded machine with a dozen kernels to end
            process.kill()
            process.wait()


@dataclass
class Notebook:
    """A page of JupyterLab with one notebook in front; `foreign` collects every request that left this machine."""

    page: Page
    url: str
    foreign: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE)
        self.page.on("request", lambda request: self._watch(request.url))
        self.page.on("websocket", self._watch_socket)

    def _watch(self, url: str) -> None:
        if urlsplit(url).scheme not in {"data", "blob"} and urlsplit(url).netloc != urlsplit(self.url).netloc:
            self.foreign.append(url)

    def _watch_socket(self, socket: WebSocket) -> None:
        self._watch(socket.url)

    def open(self, path: str, *, classic: bool = False) -> None:
        """Open a notebook in a fresh JupyterLab, or in Notebook 7, and wait for its kernel."""
        place = f"notebooks/{quote(path)}" if classic else f"lab/tree/{quote(path)}?reset"
        self.page.goto(f"{self.url}/{place}")
        self.wait_idle()

    def wait_idle(self) -> None:
        """Wait until the kernel has nothing left to do, and has said what it can."""
        self.page.wait_for_function(IDLE, timeout=2 * PATIENCE)
        self.js(f"const {{ kernel }} = panel.sessionContext.session; await kernel.info; {HEARD}")

    def js(self, body: str, argument: object = None) -> Any:
        """Evaluate JavaScript in which `app` is JupyterLab, `panel` the notebook and `x` the argument."""
        head = "const app = window.jupyterapp; const panel = app.shell.currentWidget; "
        end = f"setTimeout(() => fail(new Error('no end')), {3 * PATIENCE})"  # `evaluate` would wait for ever
        race = f"Promise.race([work(), new Promise((_, fail) => {end})])"
        return self.page.evaluate(f"(x) => {{ {head}const work = async () => {{ {body} }}; return {race}; }}", argument)

    def run_all(self) -> None:
        """Run every cell; comes back when the last one has run."""
        self.js("await app.commands.execute('notebook:run-all-cells')")

    def has_run(self, cell: int, before: int | None) -> None:
        """Wait until a cell has another number than before: it gets it when it has run, all its outputs included."""
        self.page.wait_for_function(RAN, arg=[cell, before])

    def number(self, cell: int) -> int | None:
        """The number in front of a cell."""
        number: int | None = self.js("return panel.content.widgets[x].model.executionCount", cell)
        return number

    def run(self, cell: int) -> None:
        """Run one cell; comes back when it has run."""
        self.js("panel.content.activeCellIndex = x; await app.commands.execute('notebook:run-cell')", cell)

    def find(self, source: str) -> int:
        """Index of the first cell whose source holds a piece of text."""
        find = (
            "return panel.content.widgets"
            ".findIndex(w => w.model.type === 'code' && w.model.sharedModel.source.includes(x))"
        )
        index = int(self.js(find, source))
        assert index >= 0, f"no cell with {source!r}"
        return index

    def ask(self, source: str) -> str:
        """Run code in a new last cell and return what it printed."""
        index = int(
            self.js(
                "panel.content.activeCellIndex = panel.content.widgets.length - 1;"
                "await app.commands.execute('notebook:insert-cell-below');"
                "panel.content.activeCell.model.sharedModel.setSource(x);"
                "return panel.content.activeCellIndex;",
                source,
            )
        )
        self.run(index)
        return self.printed(index)

    def printed(self, cell: int) -> str:
        """Plain text of a cell's outputs, as the notebook holds them."""
        pick = (
            "return panel.content.widgets[x].model.outputs.toJSON()"
            ".map(o => o.text ?? o.data?.['text/plain'] ?? `${o.ename}: ${o.evalue}`)"
        )
        return "".join("".join(part) for part in self.js(pick, cell))

    def reveal(self, cell: int) -> Locator:
        """Scroll to a cell and return its output area."""
        self.js("await panel.content.scrollToItem(x, 'start')", cell)
        return self.page.locator(f".jp-Notebook .jp-Cell[data-windowed-list-index='{cell}'] .jp-Cell-outputArea")

    def restart(self) -> None:
        """Restart the kernel, without the question JupyterLab would ask."""
        self.js("await panel.sessionContext.session.kernel.restart()")
        self.wait_idle()

    def reload(self, cell: int, selector: str) -> Locator:
        """Load the page anew; the widget in a cell, which has to come back by itself.

        JupyterLab gives the kernel four seconds to hand over its widgets, which can be too short on a loaded machine
        (jupyter-widgets/ipywidgets#3823); it says so, and a student loads the page once more. A notebook that nobody
        signed shows no widget, however often it is loaded.
        """
        for _ in range(3):
            self.page.reload()
            self.wait_idle()
            area = self.reveal(cell)
            widget = area.locator(selector)
            expect(widget.or_(area.get_by_text("Error displaying widget: model not found"))).to_be_visible()
            if widget.is_visible():
                break
        expect(widget).to_be_visible()
        return widget

    def save(self) -> None:
        """Write the notebook file."""
        self.js("await app.commands.execute('docmanager:save')")

    def theme(self, *, dark: bool) -> None:
        """Switch JupyterLab's theme."""
        name = "JupyterLab Dark" if dark else "JupyterLab Light"
        self.js("await app.commands.execute('apputils:change-theme', { theme: x })", name)
        light = "false" if dark else "true"
        self.page.wait_for_function("light => document.body.dataset.jpThemeLight === light", arg=light)

    def select(self, block: Locator, phrase: str, nth: int = 0) -> None:
        """Select a phrase with the mouse, from the left edge of its first letter to the right edge of its last."""
        handle = block.element_handle()
        left, top, right, bottom = self.page.evaluate(ENDS, [handle, phrase, nth])
        mouse = self.page.mouse
        mouse.move(left + 0.5, top)
        mouse.down()
        mouse.move((left + right) / 2, (top + bottom) / 2, steps=3)
        mouse.move(right - 0.2, bottom, steps=5)
        mouse.up()


def address_in(text: str) -> str | None:
    """The first address of this machine in what a program printed."""
    found = re.search(r"http://127\.0\.0\.1:\d+/\S+", text)
    return found.group() if found else None
