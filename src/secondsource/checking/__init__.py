"""Check the course: every rule that a machine can check, each message with the command that repairs it."""

from pathlib import Path

from secondsource.building import FOLDERS, read_notebook
from secondsource.checking.care import check_care, check_case, check_titles
from secondsource.checking.finding import Finding
from secondsource.checking.notebooks import check_code, check_form, check_general, check_outputs, check_unsolved
from secondsource.checking.prose import check_prose
from secondsource.checking.reading import check_reading
from secondsource.checking.surroundings import Surroundings
from secondsource.checking.trees import check_manifest, check_trees
from secondsource.checking.unrevealed import check_unrevealed
from secondsource.errors import CaseError

__all__ = ["Finding", "check_course"]


def check_course(root: Path) -> list[Finding]:
    """Check a course folder against every rule; an empty list means that all hold.

    Parameters
    ----------
    root : Path
        Folder that holds ``lessons``, ``exercises`` and ``solutions``.
    """
    if not any((root / name).exists() for name in (*FOLDERS, "course.toml")):
        return [*check_trees(root)]  # the wrong folder: its exercises would be those of the bundled course
    around = Surroundings.of(root)
    findings = [*check_trees(root), *check_manifest(root), *check_titles(around)]
    findings += [finding for case in around.cases for finding in check_case(case)]
    for folder in FOLDERS:
        for path in sorted((root / folder).glob("*.ipynb")):
            findings += _check_file(path, folder, around)
    return findings


def _check_file(path: Path, folder: str, around: Surroundings) -> list[Finding]:
    place = f"{folder}/{path.name}"
    try:
        notebook = read_notebook(path)
    except CaseError as error:
        return [Finding(place, str(error).replace(place, "it", 1), f"git checkout {place}")]
    rules = [*check_form(notebook, path), *check_prose(notebook), *check_code(notebook)]
    rules += check_unsolved(notebook) if folder == "exercises" else check_outputs(notebook)
    rules += check_general(notebook, [case.id for case in around.cases])
    rules += [*check_care(notebook, path, around), *check_reading(notebook, around)]
    if folder != "solutions":
        rules += check_unrevealed(notebook, around)
    return [Finding(place, rule, repair) for rule, repair in rules]
