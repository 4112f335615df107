"""From the page to a file and back: what “Download my labels” saves without a kernel, Python brings back."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from secondsource import Case
from secondsource.languages import language
from secondsource.rescue import bring_back
from secondsource.store import LabelStore
from secondsource.widgets import Labeller

Mount = Callable[..., Page]


def test_a_download_without_a_kernel_comes_back(widget: Mount, tmp_path: Path) -> None:
    """Two labels that nobody answered for are in the file afterwards, with their links and notes."""
    case = Case.open("analyst-claims")
    store = LabelStore(tmp_path, "02_who_says_so", case.article, case.codebook)
    labeller = Labeller(store, layers=["attribution"])
    timing = {"waiting": 50, "resend": 60_000}
    page = widget("labeller", _view={**labeller._view, "timing": timing}, _state=labeller._state)
    page.get_by_role("region", name="Article text").focus()
    for key in ("Control+Shift+ArrowRight", "1", "+", "Control+ArrowRight", "Control+Shift+ArrowRight", "2", "!"):
        page.keyboard.press(key)
    expect(page.locator(".ss-chip")).to_have_attribute("data-state", "waiting")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download my labels").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)

    assert bring_back(store, file, language("en")) == "2 labels and links were brought back."
    assert [(span.label, span.confidence, span.discuss) for span in store.labels.spans] == [
        ("SOURCE", 0.6, False),
        ("CUE", None, True),
    ]
