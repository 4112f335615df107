"""The pictures of the README, taken from the running widgets: `make screenshots` writes them to `docs/`.

A real JupyterLab, lesson 2, a few labels as a student might set them (some of them wrong), light and dark.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Locator, ViewportSize, expect, sync_playwright

from real_lab import Notebook, launch, served
from secondsource.lab import copy_course

DOCS = Path(__file__).resolve().parents[1] / "docs"
SIZE: ViewportSize = {"width": 1160, "height": 940}
MAX_BYTES = 250_000

LABELS = [
    ("Watson, who has previously advised NATO on Eastern European security", "SOURCE", 0.8),
    ("stated", "CUE", 1.0),
    ("the ‘gambit’ of arming Ukraine to halt Russian forces", "CONTENT", 0.6),
    ("according to Watson", "SOURCE", 0.6),
    ("The situation on the front lines", "CONTENT", 0.8),
    ("‘The narrative of attrition has been shattered,’", "CONTENT", 1.0),
    ("he wrote", "CUE", 0.8),
    ("internal NATO assessments", "SOURCE", 0.4),
    ("pointed to", "CUE", 0.8),
    ("Watson emphasized", "SOURCE", 0.6),
]


def label_lesson(notebook: Notebook) -> tuple[Locator, Locator]:
    """Open lesson 2 with the labels above; the labeller, and the lower part of the comparison."""
    notebook.open("lessons/02_who_says_so.ipynb")
    notebook.js("await app.commands.execute('application:toggle-left-area')")
    notebook.run_all()
    for quote, label, confidence in LABELS:
        notebook.ask(f"_ = ex.add({quote!r}, {label!r}, confidence={confidence}, occurrence=1)")
    compare = notebook.find("ex.compare()")
    notebook.run(compare)
    labeller, comparison = notebook.page.locator(".ss-labeller"), notebook.page.locator(".ss-comparison")
    labeller.get_by_role("button", name="Edit: “‘The narrative").click()
    comparison.get_by_role("button", name="Next").click()
    comparison.get_by_role("button", name="Show the key’s answer").first.click()
    return labeller, comparison.get_by_role("heading", name="The text")


def show(notebook: Notebook, part: Locator) -> None:
    """Scroll until a part of a widget stands at the top of the window; what is above may still change its height."""
    part.evaluate(
        """async (element) => {
          for (let frame = 0; frame < 20; frame += 1) {
            element.scrollIntoView({ block: "start" });
            await new Promise(requestAnimationFrame);
          }
        }"""
    )
    expect(part).to_be_in_viewport()
    notebook.page.mouse.move(5, 5)


def main() -> int:
    """Take the four pictures."""
    DOCS.mkdir(exist_ok=True)
    with TemporaryDirectory() as scratch, sync_playwright() as playwright:
        folder = copy_course(Path(scratch) / "course").folder
        with served(folder, Path(scratch)) as url, launch(playwright) as browser:
            notebook = Notebook(browser.new_page(viewport=SIZE, reduced_motion="reduce"), url)
            labeller, comparison = label_lesson(notebook)
            for dark in (False, True):
                notebook.theme(dark=dark)
                for name, widget in (("labeller", labeller), ("comparison", comparison)):
                    path = DOCS / f"{name}-{'dark' if dark else 'light'}.png"
                    show(notebook, widget)
                    notebook.page.screenshot(path=path)
                    print(f"{path.relative_to(DOCS.parent)}: {path.stat().st_size // 1000} kB")
                    if path.stat().st_size > MAX_BYTES:
                        sys.exit(f"{path.name} is larger than {MAX_BYTES // 1000} kB.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
