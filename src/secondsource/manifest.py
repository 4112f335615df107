"""The course manifest: which exercises there are, on which text, and when their key opens."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal, cast, get_args

from secondsource import fields
from secondsource.case import Case, is_folder
from secondsource.comparison import LEVELS, Level
from secondsource.errors import CaseError, UnknownNameError, plain

__all__ = ["Manifest", "Task", "Widget"]

Widget = Literal["label", "sort", "chains"]
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")  # files are named after it, and names of files have an end


@dataclass(frozen=True, slots=True)
class Task:
    """One exercise as the manifest describes it.

    Attributes
    ----------
    notebook : str
        Path of the notebook that uses it, inside the course.
    case : str
        Id of a bundled case, or path of a case folder relative to the manifest.
    layers, units : tuple of str
        Layers that are offered, of which the first is compared; sentences that are asked, all if empty.
    minimum : int
        Number of labels, each with a confidence, that open the comparison.
    level : str
        How much the comparison shows.
    widget : {"label", "sort", "chains"}
        What it is done with.
    """

    id: str
    title: str
    notebook: str
    case: str
    layers: tuple[str, ...]
    units: tuple[str, ...]
    minimum: int
    level: Level
    widget: Widget = "label"


@dataclass(frozen=True)
class Manifest:
    """The exercises of a course, in order."""

    id: str
    title: str
    tasks: tuple[Task, ...]
    folder: Path | None = None
    grades: tuple[int, int] | None = None  # US school grades that the prose is written for, if the course says so

    def task(self, name: object) -> Task:
        """Return the exercise with this id; `UnknownNameError` lists those that exist.

        ``05_wording--bus-lanes`` is the exercise ``05_wording`` on another text, the whole of it; what asks about the
        headline alone asks about that text's headline alone.
        """
        known = {task.id: task for task in self.tasks}
        name = name if isinstance(name, str) else plain(name)
        if name in known:
            return known[name]
        # Ids of exercises and of texts may hold two hyphens themselves.
        cuts = [(name[: cut.start()], name[cut.start() + 2 :]) for cut in re.finditer("(?=--)", name)]
        base, text = next(((base, text) for base, text in cuts if base in known and _ID.fullmatch(text)), ("", ""))
        if not base:
            raise UnknownNameError("exercise", name, known)
        units = known[base].units
        return replace(known[base], id=name, case=text, units=units if units == ("H",) else ())

    def case(self, task: Task) -> Case:
        """Open the case of an exercise."""
        own = self.folder.absolute() / task.case if self.folder else None
        if own is not None and is_folder(own):
            return Case.open(own)
        cases = sorted(self.folder.glob("*/case.toml")) if self.folder else []
        return Case.open(task.case, beside=[path.parent.name for path in cases])

    @classmethod
    def open(cls, folder: Path | None = None) -> "Manifest":
        """Read ``course.toml`` in a folder, or the bundled one if there is none."""
        if folder is not None and (folder / "course.toml").is_file():
            try:
                return cls.parse((folder / "course.toml").read_text(encoding="utf-8"), folder)
            except (OSError, UnicodeDecodeError) as error:
                raise CaseError(f"course.toml cannot be read as UTF-8 text: {error}") from None
        return _bundled()

    @classmethod
    def parse(cls, text: str, folder: Path | None = None) -> "Manifest":
        """Read a manifest from TOML; `CaseError` names the entry and the rule that it breaks."""
        try:
            data = fields.table(text)
        except ValueError as error:
            raise CaseError(f"course.toml is not valid TOML: {plain(error, 200)}") from None
        rows = data.get("exercises")
        if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
            raise CaseError("course.toml: there is no [[exercises]] table.")
        tasks = tuple(_task(row) for row in rows)
        ids = [task.id for task in tasks]
        if len({name.casefold() for name in ids}) < len(ids):  # some file systems take "A" and "a" for the same name
            raise CaseError(f"course.toml: the exercise ids must differ: {', '.join(ids)}.")
        name, title = (_text(data, field, "course.toml") for field in ("id", "title"))
        return cls(name, title, tasks, folder, _grades(data.get("grades")))


@lru_cache(maxsize=1)
def _bundled() -> Manifest:
    return Manifest.parse((resources.files("secondsource") / "course.toml").read_text(encoding="utf-8"))


def _grades(given: object) -> tuple[int, int] | None:
    if given is None:
        return None
    match given:
        case [int(low), int(high)] if not isinstance(low, bool) and 1 <= low <= high <= 18:
            return low, high
    raise CaseError("course.toml: “grades” must be two whole numbers such as [8, 10].")


def _task(row: dict[str, Any]) -> Task:
    where = f"course.toml, exercise {row.get('id', '?')!s:.64}"
    minimum, level = row.get("minimum", 1), row.get("level", "visible")
    if type(minimum) is not int or minimum < 1:
        raise CaseError(f"{where}: “minimum” must be a whole number from 1 on.")
    if level not in LEVELS:
        raise CaseError(f"{where}: “level” must be one of {', '.join(LEVELS)}.")
    widget = row.get("widget", "label")
    if widget not in get_args(Widget):
        raise CaseError(f"{where}: “widget” must be one of {', '.join(get_args(Widget))}.")
    name = _text(row, "id", where)
    if not _ID.fullmatch(name):
        raise CaseError(
            f"{where}: an id is made of letters, digits, “-” and “_”, at most 64, because files are named after it."
        )
    return Task(
        id=name,
        title=_text(row, "title", where),
        notebook=_text(row, "notebook", where),
        case=_text(row, "case", where),
        layers=_names(row, "layers", where, least=1),
        units=_names(row, "units", where, least=0),
        minimum=minimum,
        level=cast("Level", level),
        widget=cast("Widget", widget),
    )


def _text(row: dict[str, Any], name: str, where: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise CaseError(f"{where}: “{name}” must be text and not empty.")
    return value


def _names(row: dict[str, Any], name: str, where: str, *, least: int) -> tuple[str, ...]:
    value = row.get(name, [])
    if not isinstance(value, list) or len(value) < least or not all(isinstance(v, str) for v in value):
        raise CaseError(f"{where}: “{name}” must be a list of names.")
    if len(set(value)) < len(value):
        raise CaseError(f"{where}: the names of “{name}” must differ.")
    return tuple(value)
