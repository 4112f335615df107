"""How hard the prose is to read, and how long it takes: against the school grades and the minutes that are promised."""

import math
import re
from collections.abc import Iterator

from nbformat import NotebookNode

from secondsource.checking.finding import Broken
from secondsource.checking.prose import without_code
from secondsource.checking.surroundings import QUOTED, Surroundings, runs
from secondsource.sentences import split_sentences

__all__ = ["check_reading", "grade", "minutes", "prose_of"]

WORDS_PER_MINUTE = 180
_ENOUGH = 100  # words: the formulas are made for samples of that length
_FEW = 5  # words: shorter lines are names and not sentences
_TIME = re.compile(r"^\W*Time:\D{0,20}(\d{1,4})\s*(?:minutes|min)\b", re.MULTILINE | re.IGNORECASE)
_ACTIVITY = re.compile(r"^#{1,6}.*\((\d{1,4}) minutes?\)[ \t]*$", re.MULTILINE)
_NOT_PROSE = re.compile(r"^\s*(?:#|\||>|<|\*.*\*$)")  # headings, tables, quotations, tags, labels in italics
_MARKS = re.compile(r"\*\*|__|`|(?<!\w)[*_](?=\w)|(?<=[\w.,;:!?])[*_](?!\w)|\[([^\]]*)\]\([^)]*\)")
_BULLET = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")
_QUOTATION = re.compile(r"“[^”]*”|‘[^’]*’(?!\w)")


def check_reading(notebook: NotebookNode, around: Surroundings) -> Iterator[Broken]:
    """Compare grade and minutes with what the course promises; nothing where it promises nothing."""
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    if promised := _TIME.search(sources[0] if sources else ""):
        needed = minutes(notebook)
        if needed > int(promised[1]):
            takes = f"{math.ceil(needed)}, read at {WORDS_PER_MINUTE} words a minute."  # 45.3 of 45 would read as kept
            yield f"it promises {promised[1]} minutes and takes {takes}", "shorten it, or promise more"
    if around.manifest is None or around.manifest.grades is None:
        return
    low, high = around.manifest.grades
    sentences = prose_of(sources, around)
    if sum(len(sentence.split()) for sentence in sentences) < _ENOUGH:
        return
    found = grade(sentences)
    if not low - 0.5 <= found < high + 1:
        word = "easier" if found < low else "harder"
        rule = f"its prose is {word} (grade {found:.1f}) than the grades {low} to {high}."
        yield rule, "rewrite long or choppy sentences"


def minutes(notebook: NotebookNode) -> float:
    """Time that a notebook takes: reading all of its prose, and the minutes behind headings for doing things."""
    prose = without_code("\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown"))
    return len(prose.split()) / WORDS_PER_MINUTE + sum(map(int, _ACTIVITY.findall(prose)))


def prose_of(sources: list[str], around: Surroundings) -> list[str]:
    """Sentences of the course's own: no headings, tables or code, and nothing that quotes one of its texts."""
    known = around.open_to_all
    found = []
    for line in (line for source in sources for line in without_code(source).splitlines()):
        if _NOT_PROSE.match(line):
            continue
        text = _QUOTATION.sub("this", _MARKS.sub(r"\1", _BULLET.sub("", line))).strip()
        pieces = [text[start:end] for start, end in split_sentences(text, [(0, len(text))])] if text else []
        found += [piece for piece in pieces if len(piece.split()) >= _FEW and not runs(piece, QUOTED) & known]
    return found


def grade(sentences: list[str]) -> float:
    """US school grade of English prose: the mean of ARI, Coleman-Liau and SMOG.

    Source: Smith & Senter 1967; Coleman & Liau 1975; McLaughlin 1969; computed by the library ``readability``. The
    first two count letters. Formulas that count every syllable are left out, because syllables are guessed.

    Examples
    --------
    >>> easy = ["The cat sat on the mat.", "It was a warm day.", "The dog ran to the door."]
    >>> grade(easy) < 5 < 12 < grade(["Institutional correspondence necessitates comprehensive documentation."] * 3)
    True
    """
    import readability

    tokens = [" ".join(re.findall(r"[\w’'-]+|[^\w\s]", sentence)) for sentence in sentences]
    grades = readability.getmeasures(tokens, lang="en")["readability grades"]
    return float(sum(grades[name] for name in ("ARI", "Coleman-Liau", "SMOGIndex")) / 3)
