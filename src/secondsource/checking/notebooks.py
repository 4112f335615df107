"""Rules about notebooks as files: form, code, outputs, and exercises that are handed out unsolved."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from secondsource.building import SOLUTION, VIEW
from secondsource.checking.finding import BUILD, Broken
from secondsource.errors import plain

__all__ = ["check_code", "check_form", "check_general", "check_outputs", "check_unsolved"]

_MAX_BYTES = 1_000_000
_CHANGING = re.compile(
    r"0x[0-9a-f]{6,}|T_[0-9a-f]{5}|altair-viz-|/home/|/root/|/tmp/|/Users/|\b[A-Z]:\\|\d{4}-\d\d-\d\dT\d\d:\d\d|\d\d:\d\d:\d\d"
)
_BANNED = re.compile(r"\bOutput\(|\binteract\b|\bclear_output\b|\binput\(|^\s*[%!]|;\s*$", re.MULTILINE)


def check_form(notebook: NotebookNode, path: Path) -> Iterator[Broken]:
    """Size, kernel, ids, metadata: what makes a notebook the same on every computer."""
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


def check_code(notebook: NotebookNode) -> Iterator[Broken]:
    """Plain Python that a beginner can run and a test can repeat."""
    for i, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type != "code":
            continue
        if _BANNED.search(cell.source):
            yield f"cell {i} uses a magic, a shell escape, input, a trailing “;” or an Output widget.", "edit the cell"
            continue
        try:
            imported = list(_imports(cell.source))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:  # the last two: nested without end
            yield f"cell {i} is not Python ({plain(error, 120) or 'too complex'}).", "edit the cell"
            continue
        for name in imported:
            if name.split(".")[0] not in ("secondsource", "pandas"):
                yield (
                    f"cell {i} imports {name}; lessons import secondsource and, where needed, pandas.",
                    "edit the cell",
                )


def check_general(notebook: NotebookNode, cases: Iterable[str]) -> Iterator[Broken]:
    """No code names a case: which text an exercise is about is the manifest's to say."""
    for cell in notebook.cells:
        for name in cases:
            if cell.cell_type == "code" and re.search(rf"([\"']){re.escape(name)}\1", cell.source):
                yield f"cell “{cell.id}” names the case {name}.", "take the case of the exercise: ex.case"


def check_outputs(notebook: NotebookNode) -> Iterator[Broken]:
    """Run from top to bottom, and the same on every run."""
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


def check_unsolved(notebook: NotebookNode) -> Iterator[Broken]:
    """No answer, no output, and the three things that every exercise has."""
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
