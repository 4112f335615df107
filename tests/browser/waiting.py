"""Waiting for what a page shows a moment later. A slow machine is no reason to fail, and no sleep is a proof."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from playwright.sync_api import Page

PATIENCE = 60  # seconds; a loaded machine is slow, not broken


def eventually(page: Page, read: Callable[[], Any], wanted: Any) -> None:
    """Read again until it is what is wanted; what was read last is told when it never is."""
    patient = time.monotonic() + PATIENCE
    while (found := read()) != wanted:
        assert time.monotonic() < patient, f"wanted {wanted!r}, found {found!r}"
        page.wait_for_timeout(50)


def whole(page: Page) -> None:
    """Wait until each labeller has all its parts, also those that come after the first frame, and they are laid out.

    What a browser has not laid out is missing from the accessibility tree, and not examined by axe.
    """
    missing = ".ss-labeller:not(.ss-sorter, .ss-chains, :has(.ss-table.ss-laid)), .ss-part:not(.ss-laid)"
    gone = "(missing) => document.querySelector(missing) === null"
    page.wait_for_function(gone, arg=missing, timeout=PATIENCE * 1000)


def arrived(page: Page, count: int, kind: str = "op") -> None:
    """Wait until so many messages of a kind were sent."""
    enough = "([count, kind]) => window.sent.filter((message) => message.type === kind).length >= count"
    page.wait_for_function(enough, arg=[count, kind], timeout=PATIENCE * 1000)


def stand_still(page: Page) -> None:
    """From now on timers wait for `page.clock.run_for`, however long the test takes in between."""
    page.clock.install()
    page.clock.pause_at(datetime.now() + timedelta(hours=1))
