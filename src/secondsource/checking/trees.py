"""Rules about the three folders and the manifest: names that match, cases that open, keys that are large enough."""

from collections.abc import Iterator
from pathlib import Path

from secondsource.article import Article
from secondsource.building import FOLDERS
from secondsource.case import Case
from secondsource.chain_matching import CHAIN
from secondsource.checking.finding import BUILD, Finding
from secondsource.errors import SecondSourceError
from secondsource.invisible import invisible
from secondsource.manifest import Manifest, Task

__all__ = ["check_manifest", "check_trees"]

_LISTED = 9  # characters of one text


def check_trees(root: Path) -> Iterator[Finding]:
    """The three folders hold notebooks of the same names, and nothing else."""
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


def check_manifest(root: Path) -> Iterator[Finding]:
    """Every exercise has its notebook, its case, its sentences, and a key that can open."""
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
            yield from (Finding(place, rule, "edit course.toml") for rule in _broken(task, case))
        except SecondSourceError as error:
            yield Finding(place, str(error), "edit course.toml or the case")


def _broken(task: Task, case: Case) -> Iterator[str]:
    sentences = {s.id for s in case.article.sentences}
    for unit in task.units:
        if unit not in sentences:
            yield f"there is no sentence {unit} in the case {case.id}."
    layer = case.codebook.layer(task.layers[0])
    if task.widget == "sort" and any(label.unit != "sentence" for label in layer.labels):
        yield f"its widget is “sort”, and the layer {layer.id} marks words."
    if task.widget == "chains" and layer.relation != CHAIN:
        yield f"its widget is “chains”, and labels of the layer {layer.id} are not linked to chains."
    body = len(case.article.sentences) - (task.widget == "sort")  # the sorter leaves the headline out
    if layer.unit == "sentence" and task.minimum > (asked := len(task.units) or body):
        yield f"it asks for {task.minimum} answers, and there are only {asked} to give."
    for name in task.layers:
        if case.codebook.layer(name).scale is not None:  # nobody knows the right answer to a rating
            continue
        entries = case.key(name).within(task.units or None).spans
        if len(entries) < task.minimum:
            yield f"it asks for {task.minimum} labels, and the key of {name} has only {len(entries)} there."


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
