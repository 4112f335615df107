"""One JupyterLab and one Chromium for the session, one page for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from real_lab import Notebook, served
from secondsource.lab import copy_course

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.lab)


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A student's working folder, with a name that needs quoting everywhere."""
    return copy_course(tmp_path_factory.mktemp("lab") / "mein Kurs – 课程", with_solutions=True).folder


@pytest.fixture(scope="session")
def lab(course: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a JupyterLab that serves the course."""
    with served(course, tmp_path_factory.mktemp("jupyter")) as url:
        yield url


@pytest.fixture
def notebook(browser: Browser, lab: str) -> Iterator[Notebook]:
    """A page of JupyterLab; a request that leaves this machine fails the test."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    notebook = Notebook(context.new_page(), lab)
    yield notebook
    context.close()
    assert notebook.foreign == []
