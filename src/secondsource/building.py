"""Build the course: run lessons and solutions, and cut the exercises from the solutions.

Solutions are the source. A cell with the tag ``solution`` is in the solution only; everything else is in both. The
same sources give the same bytes, so that ``build --check`` can compare.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, CellExecutionError
from nbformat import NotebookNode
from nbformat.validator import iter_validate

from secondsource.atomic import write_atomically
from secondsource.errors import CaseError, message, plain

__all__ = ["FOLDERS", "SOLUTION", "build", "read_notebook", "run", "to_exercise"]

FOLDERS = ("lessons", "exercises", "solutions")
SOLUTION = "solution"
VIEW = "application/vnd.jupyter.widget-view+json"
_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def to_exercise(solution: NotebookNode) -> NotebookNode:
    """Cut an exercise from a solution: the solution's own cells go, and so does every output.

    A pure function; applying it twice changes nothing more.
    """
    made = deepcopy(solution)
    made.cells = [cell for cell in made.cells if SOLUTION not in cell.metadata.get("tags", [])]
    for cell in made.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return _tidy(made)


def run(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Run a notebook in a folder and return it with outputs that are the same on every run."""
    made = _tidy(deepcopy(notebook))
    for cell in made.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client = NotebookClient(
        made,
        timeout=60,
        kernel_name="python3",
        store_widget_state=False,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(folder)}},
    )
    with _quiet_surroundings():
        client.execute(stderr=subprocess.DEVNULL)  # of the kernel's own log; what a cell writes is in its outputs
    for output in (output for cell in made.cells for output in cell.get("outputs", [])):
        # Without its model a stored view opens as "model not found"; the HTML beside it is what readers see.
        output.get("data", {}).pop(VIEW, None)
        if output.output_type == "error":  # an expected one; a traceback shows the folders of this machine
            output.traceback = [f"{output.ename}: {output.evalue}"]
    return _tidy(made)


def build(
    root: Path,
    *,
    check: bool = False,
    execute: bool = True,
    progress: Callable[[str], None] = lambda _line: None,
) -> list[Path]:
    """Bring lessons, solutions and exercises up to date.

    Parameters
    ----------
    root : Path
        Folder that holds ``lessons``, ``exercises`` and ``solutions``.
    check : bool
        Write nothing, only tell what would change.
    execute : bool
        Run lessons and solutions; otherwise only exercises are brought up to date.
    progress : callable
        Called with one line per notebook.

    Returns
    -------
    list of Path
        Notebooks that were (or would be) changed, relative to the root. Nothing is ever deleted.

    Raises
    ------
    CaseError
        When a notebook cannot be read or run, or there is none.
    """
    changed = []
    paths = [p for folder in ("lessons", "solutions") for p in sorted((root / folder).glob("*.ipynb"))]
    if not paths:
        here = plain(root.absolute().name)
        happened = f"There are no notebooks in {here}/lessons or {here}/solutions."
        raise CaseError(message("BUILD-NOTHING", happened, "Nothing was changed.", "Name the folder of your course."))
    for path in paths:
        source = read_notebook(path)
        if execute:
            progress(f"running {path.parent.name}/{path.name}")
            changed += _settle(root, path, _run(source, path), check=check)
        if path.parent.name == "solutions":
            changed += _settle(root, root / "exercises" / path.name, to_exercise(source), check=check)
    return changed


def _run(notebook: NotebookNode, path: Path) -> NotebookNode:
    try:
        return run(notebook, path.parent)
    except CellExecutionError as error:
        reason = f"{error.ename}: {error.evalue}"
    except (CellControlSignal, RuntimeError) as error:  # a cell that takes too long, or a kernel that died
        reason = str(error)
    raise CaseError(f"{_place(path)} does not run to its end: {plain(reason, 200)}")


def _settle(root: Path, path: Path, notebook: NotebookNode, *, check: bool) -> list[Path]:
    data = (nbformat.v4.writes(notebook) + "\n").encode("utf-8")
    if path.is_file() and path.read_bytes() == data:
        return []
    if not check:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, data)
    return [path.relative_to(root)]


def read_notebook(path: Path) -> NotebookNode:
    """Read a notebook of format 4; `CaseError` says what is wrong with any other file."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        json.dumps(raw, ensure_ascii=False).encode("utf-8")  # JSON can hold half a character, which no file can
    except UnicodeEncodeError:
        raise CaseError(f"{_place(path)} cannot be kept: it holds half a character (a lone surrogate).") from None
    except (OSError, ValueError, RecursionError) as error:
        raise CaseError(f"{_place(path)} cannot be read as JSON: {plain(error, 120)}.") from None
    if not isinstance(raw, dict) or raw.get("nbformat") != 4 or not isinstance(raw.get("cells"), list):
        raise CaseError(f"{_place(path)} is not a notebook of format 4.")
    for i, cell in enumerate(raw["cells"]):
        if isinstance(cell, dict):
            cell.setdefault("id", _cell_id(i))
    for problem in iter_validate({**raw, "nbformat_minor": 5}, version=4, version_minor=5):
        raise CaseError(f"{_place(path)} is not a valid notebook: {plain(problem.message, 120)}.")
    notebook: NotebookNode = nbformat.v4.to_notebook(raw)
    return notebook


def _cell_id(i: int) -> str:
    return f"cell-{i:02d}"


def _place(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _tidy(notebook: NotebookNode) -> NotebookNode:
    """Give a notebook the metadata that every notebook of the course has, and nothing else."""
    notebook.metadata = nbformat.from_dict(deepcopy(_METADATA))
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    seen: set[str] = set()
    for i, cell in enumerate(notebook.cells):
        tags = cell.metadata.get("tags", [])
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
        if cell["id"] in seen:
            cell["id"] = f"{_cell_id(i)}-twice"
        seen.add(cell["id"])
    return notebook


@contextmanager
def _quiet_surroundings() -> Iterator[None]:
    """Run kernels with no labels, profile or language of the user's, and one order of sets."""
    with tempfile.TemporaryDirectory() as folder:
        ours = {
            "SECONDSOURCE_LABELS": f"{folder}/my-labels",
            "IPYTHONDIR": f"{folder}/ipython",
            "PYTHONHASHSEED": "0",
            "SECONDSOURCE_LANGUAGE": "",
        }
        before = {name: os.environ.get(name) for name in ours}
        os.environ.update(ours)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
