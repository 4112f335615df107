"""Rules of care that a machine can check; the whole list is in .github/CONTRIBUTING.md.

No verdict about a text or a person; what was published as news keeps its label wherever it is quoted, and its claims
are not repeated in titles; addresses that were taken apart stay apart.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from nbformat import NotebookNode

from secondsource.case import Case
from secondsource.checking.finding import Broken, Finding
from secondsource.checking.shown import shown
from secondsource.checking.surroundings import Surroundings, runs
from secondsource.errors import SecondSourceError

__all__ = ["check_care", "check_case", "check_titles"]

_REPEATED = 4  # words in a row of a title that also stand in a text
_VERDICTS = re.compile(
    r"\b(fake|liars?|lying|propaganda (?:outlet|site|piece|machine)|propagandists?|disinformation|trolls?|hoax(?:es)?"
    r"|AI-generated|conspiracy theorists?|foreign agents?|mouthpieces?|puppets?|shills?|psy-?ops?)\b",
    re.IGNORECASE,
)
_SAY = "say what the text shows and what it does not"
_APART = re.compile(r"[\w-]+(?:\.[\w-]+)*\[\.\]\w+")  # name[.]tld
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|org|net|news|info|us|ru|by|tech|io)\b")
_HEADING = re.compile(r"^#{1,6}[ \t]+(.*)$", re.MULTILINE)
_CAPTION = re.compile(r"!\[([^\]]*)\]|<summary>(.*?)</summary>|<caption>(.*?)</caption>", re.IGNORECASE | re.DOTALL)


def check_care(notebook: NotebookNode, path: Path, around: Surroundings) -> Iterator[Broken]:
    """Rules of care for one notebook: prose, code, outputs and its name."""
    cells = [(cell, list(shown(cell))) for cell in notebook.cells]
    prose = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    if not any(case.article.provenance in prose for case in around.cases) and "Invented text, written" not in prose:
        yield "the provenance label of its text is missing.", "copy it from the case"
    for text in [path.stem.replace("_", " "), *(text for _, texts in cells for text in texts)]:
        yield from ((f"“{word}” passes a verdict; the course never does.", _SAY) for word in _verdicts(text))
        for address in _put_together(text, around.cases):
            yield f"the address {address} can be followed; elsewhere it is taken apart.", "write “[.]” for its dots"
    titles = [path.stem.replace("_", " "), *_HEADING.findall(prose), *_captions(prose)]
    for title in titles:
        yield from _repeats(title, around)
    for cell, texts in cells:
        for case in _unlabelled(texts, around):
            where = f"cell “{cell.id}” quotes the case {case.id} without its provenance label."
            yield where, "copy the label from the case into the cell"
    yield from _without_note(notebook, around)


def check_case(case: Case) -> Iterator[Finding]:
    """Rules of care for what instructors write about a text: titles, notes, keys; and for the cards of a deck."""
    yield from _check_words(f"case {case.id}", [case.article.title, case.article.note, case.article.provenance])
    for layer in case.layers:
        try:
            key = case.key(layer)
        except SecondSourceError:
            continue  # told by the rules of the manifest
        told = [text for k in key.spans for text in (k.reason, k.counter)]
        told += [text for d in key.distractors for text in (d.why_not, d.instead or "")]
        yield from _check_words(f"case {case.id}, key of {layer}", told)
    if case.article.cards:
        yield from _check_words(f"case {case.id}, article.txt", [case.article.text])


def check_titles(around: Surroundings) -> Iterator[Finding]:
    """Titles of exercises and cases repeat no claim of a text that was published as news."""
    manifest = around.manifest
    if manifest is None:
        return
    titles = [manifest.title, *(task.title for task in manifest.tasks), *(case.article.title for case in around.cases)]
    for title in titles:
        for rule, repair in [*_repeats(title, around), *((f"“{w}” passes a verdict.", _SAY) for w in _verdicts(title))]:
            yield Finding("course.toml", rule, repair)


def _check_words(place: str, texts: Iterable[str]) -> Iterator[Finding]:
    for text in texts:
        for word in _verdicts(text):
            yield Finding(place, f"“{word}” passes a verdict; the course never does.", _SAY)
        for match in _ADDRESS.finditer(text):
            rule = f"the address {match.group()} can be followed."
            yield Finding(place, rule, "write “[.]” for its dots, or leave it out")


def _verdicts(text: str) -> list[str]:
    return [match.group() for match in _VERDICTS.finditer(text)]


def _put_together(text: str, cases: Iterable[Case]) -> list[str]:
    """Addresses in a text that stand taken apart on a card of the course."""
    decks = [case.article.text for case in cases if case.article.cards]
    apart = {name.replace("[.]", ".") for deck in decks for name in _APART.findall(deck)}
    return sorted(name for name in apart if re.search(rf"(?<![\w.-]){re.escape(name)}\b", text, re.IGNORECASE))


def _captions(prose: str) -> list[str]:
    return [next(filter(None, found), "") for found in _CAPTION.findall(prose)]


def _repeats(title: str, around: Surroundings) -> Iterator[Broken]:
    mine = runs(title, _REPEATED)
    for case in around.published:
        if not case.article.cards and mine & runs(case.article.text, _REPEATED):
            yield f"the title “{title}” repeats words of the case {case.id}.", "say what readers do, not what it claims"


def _unlabelled(texts: list[str], around: Surroundings) -> Iterator[Case]:
    """Cases that are quoted in a cell or its outputs where their label does not stand."""
    said = [(text, around.said(text)) for text in texts]
    for case in around.published:
        known = around.quotations.get(case.id, set())
        if any(case.article.provenance not in text and known & mine for text, mine in said):
            yield case


def _without_note(notebook: NotebookNode, around: Surroundings) -> Iterator[Broken]:
    """Before a text that was published as news is shown, its content note stands, with another way to go."""
    code = [i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    before = "\n\n".join(cell.source for cell in notebook.cells[: code[0] if code else None])
    for case in around.used_by(notebook.cells[i].source for i in code):
        if case in around.published and case.article.note not in before:
            rule = f"the content note of the case {case.id} does not stand before its first code."
            yield rule, "copy it from the case"
