"""Check the course: every rule that a machine can check, each message with the command that repairs it."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from secondsource.article import Article
from secondsource.building import FOLDERS, SOLUTION, VIEW, read_notebook
from secondsource.case import Case
from secondsource.errors import CaseError, SecondSourceError
from secondsource.invisible import invisible
from secondsource.manifest import Manifest

__all__ = ["Finding", "check_course"]

BUILD = "secondsource build"
_MAX_BYTES = 1_000_000
_LISTED = 9  # characters of one text
_CHANGING = re.compile(
    r"0x[0-9a-f]{6,}|T_[0-9a-f]{5}|altair-viz-|/home/|/root/|/tmp/|/Users/|\b[A-Z]:\\|\d{4}-\d\d-\d\dT\d\d:\d\d|\d\d:\d\d:\d\d"
)
_BANNED = re.compile(r"\bOutput\(|\binteract\b|\bclear_output\b|\binput\(|^\s*[%!]|;\s*$", re.MULTILINE)
# Words that would judge the article or a person; see the care rules in .github/CONTRIBUTING.md.
_VERDICTS = re.compile(
    r"\b(fake|liars?|lying|propaganda outlet|disinformation|troll|hoax|AI-generated)\b", re.IGNORECASE
)
_HEADING = re.compile(r"^(#{1,6})(?![^ \t\n])[ \t]*(.*)$", re.MULTILINE)
_IMAGE = re.compile(r"!\[\s*\]\(|<img(?![^>]*\balt=\"[^\"]+\")", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule: where, what, and how to repair it."""

    place: str
    rule: str
    repair: str

    def __str__(self) -> str:
        return f"{self.place}: {self.rule} Repair: {self.repair}"


def check_course(root: Path) -> list[Finding]:
    """Check a course folder against every rule; an empty list means that all hold.

    Parameters
    ----------
    root : Path
        Folder that holds ``lessons``, ``exercises`` and ``solutions``.
    """
    findings = [*_check_trees(root), *_check_manifest(root)]
    for folder in FOLDERS:
        for path in sorted((root / folder).glob("*.ipynb")):
            findings += _check_file(path, f"{folder}/{path.name}", folder)
    return findings


def _check_trees(root: Path) -> Iterator[Finding]:
    stems = {folder: {p.stem for p in (root / folder).glob("*.ipynb")} for folder in FOLDERS}
    if not any(stems.values()):
        yield Finding(str(root.name or root), "there are no notebooks here.", "run the command in the course folder")
    for stem in sorted(set().union(*stems.values())):
        for folder in FOLDERS:
            if stem not in stems[folder]:
                repair = (
                    BUILD if folder == "exercises" and stem in stems["solutions"] else f"write {folder}/{stem}.ipynb"
                )
                yield Finding(f"{folder}/{stem}.ipynb", "it is missing; the three folders hold the same names.", repair)
    for folder in FOLDERS:
        for path in sorted((root / folder).glob("*")):
            if path.suffix not in (".ipynb", ".md") and path.name != ".ipynb_checkpoints":
                yield Finding(f"{folder}/{path.name}", "this file is not expected here.", "move it out of the folder")


def _check_manifest(root: Path) -> Iterator[Finding]:
    try:
        manifest = Manifest.open(root)
    except SecondSourceError as error:
        yield Finding("course.toml", str(error), "edit course.toml")
        return
    read = set[str]()
    for task in manifest.tasks:
        place = f"course.toml, exercise {task.id}"
        if not (root / task.notebook).is_file():
            yield Finding(place, f"the notebook {task.notebook} does not exist.", "edit course.toml")
        try:
            case = manifest.case(task)
            if case.id not in read:
                yield from _check_text(case)
            read.add(case.id)
            sentences = {s.id for s in case.article.sentences}
            for unit in task.units:
                if unit not in sentences:
                    yield Finding(place, f"there is no sentence {unit} in the case {case.id}.", "edit course.toml")
            for layer in task.layers:
                entries = case.key(layer).within(task.units or None).spans
                if len(entries) < task.minimum:
                    rule = f"it asks for {task.minimum} labels, and the key of {layer} has only {len(entries)} there."
                    yield Finding(place, rule, "edit course.toml")
        except SecondSourceError as error:
            yield Finding(place, str(error), "edit course.toml or the case")


def _check_text(case: Case) -> Iterator[Finding]:
    """What a reader cannot see, but offsets count: often left over from a web page."""
    article = case.article
    found = [(offset, what) for offset, what in invisible(article.text) if not _marks_direction(article, offset)]
    for offset, what in found[:_LISTED]:
        where = f"at code point {offset} ({article.sentence_at(offset).id})"
        rule = f"{where} stands a character that nobody sees: {what}."
        yield Finding(f"case {case.id}, article.txt", rule, "take it out before anybody labels the text")


def _marks_direction(article: Article, offset: int) -> bool:
    """A text that runs from right to left needs marks of direction."""
    return article.direction == "rtl" and article.text[offset] in "\u061c\u200e\u200f"


def _check_file(path: Path, place: str, folder: str) -> list[Finding]:
    try:
        notebook = read_notebook(path)
    except CaseError as error:
        return [Finding(place, str(error).replace(place, "it", 1), f"git checkout {place}")]
    rules = [*_check_form(notebook, path), *_check_prose(notebook), *_check_code(notebook)]
    rules += _check_unsolved(notebook) if folder == "exercises" else _check_outputs(notebook)
    return [Finding(place, rule, repair) for rule, repair in rules]


Broken = tuple[str, str]


def _check_form(notebook: NotebookNode, path: Path) -> Iterator[Broken]:
    if path.stat().st_size > _MAX_BYTES:
        yield "it is larger than 1 MB.", "clear large outputs, then " + BUILD
    if notebook.metadata.get("kernelspec", {}).get("name") != "python3":
        yield "its kernel must be python3.", BUILD
    if "widgets" in notebook.metadata:
        yield "it stores widget state.", BUILD
    if len({cell.id for cell in notebook.cells}) < len(notebook.cells):
        yield "two cells have the same id.", BUILD
    for i, cell in enumerate(notebook.cells, start=1):
        if not cell.source.strip():
            yield f"cell {i} is empty.", "delete the cell"
        if set(cell.metadata) - {"tags"}:
            yield f"cell {i} has metadata other than tags.", BUILD
        if any(VIEW in output.get("data", {}) for output in cell.get("outputs", [])):
            yield f"cell {i} stores a widget view without its widget.", BUILD


def _check_prose(notebook: NotebookNode) -> Iterator[Broken]:
    prose = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    outside = re.sub(r"^```.*?^```", "", prose, flags=re.DOTALL | re.MULTILINE)
    headings = [(len(level), title.strip()) for level, title in _HEADING.findall(outside)]
    if [level for level, _ in headings].count(1) != 1 or not headings or headings[0][0] != 1:
        yield "it needs exactly one title (#), at the top.", "edit the headings"
    for (above, _), (below, title) in pairwise(headings):
        if below > above + 1:
            yield f"the heading “{title}” skips a level.", "edit the headings"
    titles = [title for level, title in headings if level <= 2]
    if len(set(titles)) < len(titles) or not all(title for _, title in headings):
        yield "headings must differ and not be empty.", "edit the headings"
    if "Case-study text. Claims unverified." not in prose and "Invented text, written for practice." not in prose:
        yield "the provenance label of its text is missing.", "copy it from the case"
    if _IMAGE.search(prose):
        yield "an image has no alternative text.", "write one"
    for match in _VERDICTS.finditer(prose):
        yield (
            f"“{match.group()}” passes a verdict; the course never does.",
            "say what the text shows and what it does not",
        )


def _check_code(notebook: NotebookNode) -> Iterator[Broken]:
    for i, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type != "code":
            continue
        if _BANNED.search(cell.source):
            yield f"cell {i} uses a magic, a shell escape, input, a trailing “;” or an Output widget.", "edit the cell"
            continue
        try:
            imported = list(_imports(cell.source))
        except (SyntaxError, ValueError) as error:
            yield f"cell {i} is not Python ({error}).", "edit the cell"
            continue
        for name in imported:
            if name.split(".")[0] not in ("secondsource", "pandas"):
                yield (
                    f"cell {i} imports {name}; lessons import secondsource and, where needed, pandas.",
                    "edit the cell",
                )


def _check_outputs(notebook: NotebookNode) -> Iterator[Broken]:
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if [cell.execution_count for cell in code] != list(range(1, len(code) + 1)):
        yield "its cells were not run in order from a fresh start.", BUILD
    for i, cell in enumerate(code, start=1):
        for output in cell.outputs:
            yield from _check_output(i, output, cell.metadata.get("tags", []))


def _check_output(i: int, output: Any, tags: list[str]) -> Iterator[Broken]:
    if output.output_type == "error" and "raises-exception" not in tags:
        yield f"code cell {i} ends in an error.", "mend the cell, then " + BUILD
    if output.get("name") == "stderr":
        yield f"code cell {i} wrote to stderr.", "mend the cell, then " + BUILD
    data = output.get("data", {})
    if any(kind in data for kind in ("image/png", "image/jpeg")):
        yield f"code cell {i} shows a picture that tests cannot compare.", "use a chart with a text summary"
    shown = [output.get("text", ""), output.get("evalue", ""), *output.get("traceback", []), *data.values()]
    for text in map(str, shown):
        if found := _CHANGING.search(text):
            yield (
                f"code cell {i} shows something that changes from run to run ({found.group()}).",
                "mend it, then " + BUILD,
            )


def _check_unsolved(notebook: NotebookNode) -> Iterator[Broken]:
    if any(SOLUTION in cell.metadata.get("tags", []) for cell in notebook.cells):
        yield "it holds a cell of the solution.", BUILD
    if any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells):
        yield "it holds outputs.", BUILD
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown").casefold()
    for needed in ("your turn", "hint", "your answer"):
        if needed not in prose:
            yield f"“{needed.capitalize()}” does not stand anywhere in it.", "add it to the solution, then " + BUILD


def _imports(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")
