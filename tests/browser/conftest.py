"""One Chromium for the session; a bare page with a fake model for each test. No server, no sleeps."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from secondsource.widgets import ComparisonView, Labeller, Sorter

HERE = Path(__file__).parent
Mount = Callable[..., Page]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page that fails the test on a script error or a request that leaves the file system."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    context.set_default_timeout(60_000)  # as long as `expect` waits
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(f"script error: {error}"))
    page.on("dialog", lambda dialog: (problems.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith(("file:", "blob:", "data:")) else problems.append(f"request: {request.url}")
        ),
    )
    page.goto((HERE / "harness.html").as_uri())
    page.wait_for_function("window.ready === true")
    yield page
    context.close()
    assert problems == []


@pytest.fixture
def widget(page: Page) -> Mount:
    """Mount a widget's real JavaScript and CSS: ``widget("labeller", _view={...}, _state={...})``."""

    def mount(name: str, **traits: Any) -> Page:
        kind = {"labeller": Labeller, "comparison": ComparisonView, "sorter": Sorter}[name]
        page.evaluate("([s, c, t]) => window.mount(s, c, t)", [str(kind._esm), str(kind._css), traits])
        return page

    return mount
