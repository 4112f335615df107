"""Rules about prose for every reader.

Headings stand in order, pictures and links say what they are, and no sign goes by colour alone.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from nbformat import NotebookNode

from secondsource.checking.finding import Broken

__all__ = ["check_prose", "without_code"]

_HEADING = re.compile(r"^(#{1,6})(?![^ \t\n])[ \t]*(.*)$", re.MULTILINE)
_IMAGE = re.compile(r"!\[\s*\]\(|<img(?![^>]*\balt=\"[^\"]+\")", re.IGNORECASE)
_LINK = re.compile(r"(?<!!)\[([^\]\n]*)\]\([^)\n]*\)|<a\b[^>]*>(.*?)</a>", re.IGNORECASE | re.DOTALL)
# Read out of their sentence, as a list of links is, these say nothing.
_NOTHING = re.compile(
    r"\W*(|(?:click |see |read |look )?(?:here|this|this link|link|more|details)|\w*://\S*|www\.\S*)\W*", re.IGNORECASE
)
_COLOUR = "(?:red|green|blue|yellow|orange|purple|violet|pink|brown|gr[ea]y)"
_THING = "(?:ones?|words?|marks?|spans?|lines?|labels?|bars?|dots?)"
_COLOURED = re.compile(rf"\b(?:in {_COLOUR}|(?:the|all|every|each|any) {_COLOUR} {_THING})\b", re.IGNORECASE)
_BOLD_LINE = re.compile(r"^(?:\*\*|__)[^*_\n]+(?:\*\*|__):?[ \t]*$", re.MULTILINE)
_TABLE_HEAD = re.compile(r"^\|(.*)\|[ \t]*\n\|[ \t:|-]+\|[ \t]*$", re.MULTILINE)


def without_code(source: str) -> str:
    r"""Prose of a cell without its fenced code.

    Examples
    --------
    >>> without_code("Before\n```python\n# not a title\n```\nAfter")
    'Before\n\nAfter'
    """
    return re.sub(r"^```.*?^```", "", source, flags=re.DOTALL | re.MULTILINE)


def check_prose(notebook: NotebookNode) -> Iterator[Broken]:
    """Headings, pictures, links, tables and colours, as somebody who listens to the page needs them."""
    prose = without_code("\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown"))
    yield from _check_headings([(len(level), title.strip()) for level, title in _HEADING.findall(prose)])
    if _IMAGE.search(prose):
        yield "an image has no alternative text.", "write one"
    for inner, html in _LINK.findall(prose):
        if _NOTHING.fullmatch(text := inner or re.sub(r"<[^>]*>", "", html)):
            yield f"the link “{text}” does not say where it leads.", "let its words name the page"
    for match in _BOLD_LINE.finditer(prose):
        yield f"“{match.group().strip()}” looks like a heading and is none.", "make it a heading (##, ###)"
    for match in _TABLE_HEAD.finditer(prose):
        if not all(name.strip() for name in match[1].split("|")):
            yield f"a column of the table “{match[1].strip()}” has no name.", "name every column"
    for match in _COLOURED.finditer(prose):
        yield f"“{match.group()}” can be found only by those who see colours.", "name the place or the pattern too"


def _check_headings(headings: list[tuple[int, str]]) -> Iterator[Broken]:
    if [level for level, _ in headings].count(1) != 1 or not headings or headings[0][0] != 1:
        yield "it needs exactly one title (#), at the top.", "edit the headings"
    for (above, _), (below, title) in pairwise(headings):
        if below > above + 1:
            yield f"the heading “{title}” skips a level.", "edit the headings"
    titles = [title for level, title in headings if level <= 2]
    if len(set(titles)) < len(titles) or not all(title for _, title in headings):
        yield "headings must differ and not be empty.", "edit the headings"
