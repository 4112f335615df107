"""`secondsource lab` itself, as a student starts it."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, expect

from real_lab import Notebook, address_in, environment
from secondsource.lab import any_port, first_lesson, free_port


@contextmanager
def started(command: list[str | Path], scratch: Path) -> Iterator[subprocess.Popen[str]]:
    """A program that listens to Ctrl+C, even where tests run in the background, and does not outlive a failed test."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # what is ignored here is ignored in children too
    try:
        started = subprocess.Popen(
            command, env=environment(scratch), stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
    finally:
        signal.signal(signal.SIGINT, before)
    with started as program:
        try:
            yield program
        finally:
            program.terminate()


def test_the_command_serves_the_first_lesson_and_stops(browser: Browser, tmp_path: Path) -> None:
    """It prints an address that opens the first lesson with a kernel, asks nobody for news, and stops at Ctrl+C."""
    folder = tmp_path / "Mein Kurs – ü"
    port = any_port()
    program = Path(sys.executable).with_name("secondsource")
    command = [program, "lab", folder, "--no-browser", "--port", str(port)]
    with started(command, tmp_path) as lab:
        assert lab.stdout
        address = next(filter(None, map(address_in, lab.stdout)))
        assert urlsplit(address).port == port
        context = browser.new_context()
        notebook = Notebook(context.new_page(), f"http://127.0.0.1:{port}")
        notebook.page.goto(address)
        expect(notebook.page.locator(".jp-Notebook")).to_be_visible()
        expect(notebook.page.get_by_role("tab", name=Path(first_lesson()).name)).to_be_visible()
        expect(notebook.page.locator("#jp-main-statusbar")).to_contain_text("Idle")
        expect(notebook.page.locator(".Toastify__toast")).to_have_count(0)
        context.close()
        assert notebook.foreign == []
        assert (folder / first_lesson()).is_file()
        assert not (folder / "solutions").exists()
        lab.send_signal(signal.SIGINT)
        assert lab.wait(timeout=60) == 0
    assert free_port(port) == port
