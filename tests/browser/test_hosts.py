"""What VS Code and other hosts of anywidget offer: six methods on the model, their own theme, their own keys."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from secondsource import Case, LabelSet, compare
from secondsource.store import LabelStore
from secondsource.widgets import ComparisonView, Labeller

Mount = Callable[..., Page]

# The protocol of anywidget's front-end modules and nothing besides: no widget manager, no comm, no Jupyter.
BARE = """() => {
  const { model, widget } = window;
  const bare = Object.fromEntries(
    ["get", "set", "save_changes", "on", "off", "send"].map((name) => [name, (...values) => model[name](...values)]));
  const el = document.createElement("div");
  window.removeView(0);
  document.getElementById("root").append(el);
  window.cleanup = widget.render({ model: bare, el });
  delete document.body.dataset.jpThemeLight;
  document.body.className = "vscode-dark";
  window.heard = [];
  window.addEventListener("keydown", (event) => window.heard.push(event.key));
}"""


@pytest.fixture
def open_bare(widget: Mount, tmp_path: Path) -> Callable[[str], Page]:
    """Open a widget of the package, with its real state, on the bare protocol."""
    case = Case.open("analyst-claims")

    def traits(name: str) -> dict[str, Any]:
        if name == "comparison":
            labels = LabelSet.from_quotes(case, "attribution", [("stated", "CUE", 0.8), ("Brussels", "SOURCE", 0.4)])
            return {"_view": ComparisonView(compare(labels, case.key("attribution")))._view, "selected": -1}
        labeller = Labeller(LabelStore(tmp_path, "bare", case.article, case.codebook), layers=["attribution"])
        return {"_view": labeller._view, "_state": labeller._state}

    def open_it(name: str) -> Page:
        page = widget(name, **traits(name))
        page.evaluate(BARE)
        return page

    return open_it


def test_the_bare_protocol_is_enough(open_bare: Callable[[str], Page]) -> None:
    """Labelling by keyboard on such a model; the host hears no key that the labeller uses."""
    page = open_bare("labeller")
    region = page.get_by_role("region", name="Article text")
    region.focus()
    for key in ("Control+Shift+ArrowRight", "Enter", "Enter", "+", "Control+z"):
        page.keyboard.press(key)
    kinds = [message.get("op") for message in page.evaluate("window.sent") if message["type"] == "op"]
    assert kinds == ["add", "update", "update"]
    assert set(page.evaluate("window.heard")) <= {"Control", "Shift"}
    page.evaluate("window.cleanup()")
    expect(page.locator(".ss-labeller")).to_have_count(0)


def test_dark_by_the_host(open_bare: Callable[[str], Page]) -> None:
    """VS Code says in the class of the body which theme it uses."""
    page = open_bare("labeller")
    colour = page.locator(".ss-labeller").evaluate("(el) => getComputedStyle(el).backgroundColor")
    assert colour == "rgb(27, 28, 30)"


def test_the_comparison_needs_no_more(open_bare: Callable[[str], Page]) -> None:
    """The comparison draws itself and steps through its rows."""
    page = open_bare("comparison")
    page.get_by_role("button", name="Next").click()
    page.wait_for_function("window.saved_traits?.selected > -1")
    page.evaluate("window.cleanup()")
    expect(page.locator(".ss-comparison")).to_have_count(0)
