"""What the guide for instructors names can be opened, and is what the lessons themselves offer."""

import re
from pathlib import Path

import pytest

from secondsource import Case, exercise

ROOT = Path(__file__).resolve().parents[1]
GUIDE = (ROOT / "solutions" / "README.md").read_text(encoding="utf-8")
OTHER_TEXTS = re.findall(r'\| `exercise\("(\w+)", text="([\w-]+)"\)`', GUIDE)


def offered(lesson: str) -> list[str]:
    """Texts that a lesson's first cell offers in place of its own."""
    (path,) = (ROOT / "lessons").glob(f"{lesson[:2]}_*.ipynb")
    return re.findall(rf'exercise\(\\"{lesson}\\", text=\\"([\w-]+)\\"\)', path.read_text(encoding="utf-8"))


def test_every_lesson_on_the_article_has_another_way():
    """The table of the guide has a row for lessons 0 to 8."""
    assert [name[:2] for name, _ in OTHER_TEXTS] == [f"0{number}" for number in range(9)]


@pytest.mark.parametrize(("name", "text"), OTHER_TEXTS)
def test_the_other_way_is_the_one_the_lesson_offers(name: str, text: str, monkeypatch, tmp_path: Path):
    """It opens, on an invented text, and lesson and guide name the same one."""
    monkeypatch.setenv("SECONDSOURCE_LABELS", str(tmp_path))
    assert exercise(name, text=text).case.id == text
    assert Case.open(text).article.provenance.startswith("Invented text")
    assert offered(name) == [text]


@pytest.mark.parametrize("link", re.findall(r"\]\(#([\w-]+)\)", GUIDE))
def test_links_within_the_guide_lead_somewhere(link: str):
    """Each has a heading."""
    headings = re.findall(r"^## (.+)$", GUIDE, re.MULTILINE)
    assert link in {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", re.findall(r"`(?:docs/)([\w.-]+\.md)`", GUIDE))
def test_pages_that_the_guide_names_are_there(name: str):
    """In the folder docs."""
    assert (ROOT / "docs" / name).is_file()
