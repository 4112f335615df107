"""A tiny article, a codebook and two label sets (`strategies` has the random ones), and the browser."""

import os
import signal
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from secondsource.article import Article
from secondsource.codebook import Codebook
from secondsource.spans import LabelSet, Span
from strategies import ARTICLE, CODEBOOK

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large)
settings.register_profile("quick", max_examples=60, deadline=None, database=None, suppress_health_check=_QUIET)
settings.register_profile("long", max_examples=3_000, deadline=None, database=None, suppress_health_check=_QUIET)
settings.load_profile(os.environ.get("SECONDSOURCE_HYPOTHESIS", "quick"))
os.environ.pop("SECONDSOURCE_LANGUAGE", None)  # what tests expect is English, whoever runs them
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that runs the tests in the background has them ignore Ctrl+C, and so would every program they start.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def article() -> Article:
    """A headline, three sentences in two paragraphs, an astral character and some Hebrew."""
    return ARTICLE


@pytest.fixture
def codebook() -> Codebook:
    """Two layers, one of spans and one of sentences."""
    return CODEBOOK


def _labels(*rows: tuple[str, str], rater: str) -> LabelSet:
    places = [(ARTICLE.locate(quote), label) for quote, label in rows]
    made = [Span(f"{rater}{i}", "who", label, start, end) for i, ((start, end), label) in enumerate(places)]
    return LabelSet(ARTICLE, CODEBOOK, tuple(made), exercise="tiny", rater=rater)


@pytest.fixture
def ada() -> LabelSet:
    """Source, cue and content of the first sentence."""
    return _labels(("Ines Falk", "SOURCE"), ("said", "CUE"), ("The 😀 mill closed", "CONTENT"), rater="ada")


@pytest.fixture
def ben() -> LabelSet:
    """Another reading: no cue, and a longer source."""
    return _labels(("mill closed, Ines Falk", "SOURCE"), ("The 😀 mill closed", "CONTENT"), rater="ben")


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """The system's browser; a failure in CI, a visible skip elsewhere."""
    from playwright.sync_api import sync_playwright

    from real_lab import launch

    with sync_playwright() as playwright:
        try:
            browser = launch(playwright)
        except FileNotFoundError as error:
            (pytest.fail if os.environ.get("CI") else pytest.skip)(str(error))
        yield browser
        browser.close()
