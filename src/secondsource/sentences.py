"""Where sentences end, by rules for news English.

A sentence ends at ``.``, ``!``, ``?`` or ``…`` (closing quotation marks and brackets included) before white space and
a capital letter, a digit or an opening mark, and at the end of a paragraph. The exceptions are the abbreviations
below. A paragraph break ends a sentence too, unless a title (“Dr.”) or a state's abbreviation that belongs to the
institution named next (“U.S.” + “Department”) stands before it: news sites break lines there.

A statistical splitter would need a model file and gives no reason for a decision; these rules are short enough to
read, and an instructor can foresee them.
"""

import re
from collections.abc import Sequence

__all__ = ["split_sentences"]

_CLOSERS = "’”\"')]»」』"
_OPENERS = "‘“\"'([«—「『"

# Always followed by a name or number, never the last word of a sentence.
_TITLES = frozenset(
    "mr mrs ms mx dr prof rev hon st gen lt col maj capt cmdr adm sgt gov sen rep pres supt fr no nos vs v cf e.g i.e "
    "viz approx fig vol pp ed eds art sec".split()
)
# May end a sentence: only a following word that cannot start one, or that names an institution, shows that it does not.
_STATES = frozenset("u.s u.k u.n e.u u.s.a u.a.e d.c".split())
_OTHERS = frozenset("inc co corp ltd llc plc jr sr etc al a.m p.m jan feb mar apr jun jul aug sept sep oct nov dec".split())

# Words that open sentences. After “U.S.” such a word starts a new one; another capitalised word goes on with a name.
_STARTERS = frozenset(
    "a an the this that these those he she it they we i you his her its their our my your who what when where why how "
    "if as at in on of for from to by with without within after before since while although though because but and or "
    "nor so yet however meanwhile still then there here now today yesterday tomorrow both each every some many most "
    "all no not only even also another such several few one two three under over during between among despite until "
    "once instead according asked experts officials critics analysts observers".split()
)
# What follows a state's abbreviation when it is an adjective.
_INSTITUTIONS = frozenset(
    "department senate congress house army navy air marine marines coast national state treasury justice supreme "
    "district federal secretary president ambassador embassy consulate attorney central food bureau agency "
    "administration security environmental election government general assembly high foreign home ministry commission "
    "committee parliament council court office service chamber capitol representative energy defense defence".split()
)
_REPORTING = frozenset("said says asked asks added adds wrote writes told tells replied shouted cried".split())

# Full-width stops (。！？) end a sentence without white space behind them.
_END = re.compile(rf"(?P<stop>\.\.\.|…|[.!?؟।]+|[。！？]+)(?P<close>[{re.escape(_CLOSERS)}]*)(?:(?=\s)|(?<=[。！？」』]))")
_WORD_BEFORE = re.compile(r"([\w.’'-]+)$")
_WORD_AFTER = re.compile(rf"[{re.escape(_OPENERS)}]*([^\W_][\w’'-]*)(?:\s+(\w+))?")


def split_sentences(text: str, blocks: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Bounds of the sentences of paragraphs.

    Parameters
    ----------
    text : str
        The whole text.
    blocks : sequence of (int, int)
        Paragraphs as half-open code point spans, in order.

    Returns
    -------
    list of (int, int)
        Half-open spans without white space at the edges, in order, not overlapping.

    Examples
    --------
    >>> text = "Dr. Roe left the U.S. Senate. She won."
    >>> [text[a:b] for a, b in split_sentences(text, [(0, len(text))])]
    ['Dr. Roe left the U.S. Senate.', 'She won.']
    """
    bounds: list[tuple[int, int]] = []
    start: int | None = None
    for i, (first, last) in enumerate(blocks):
        start = first if start is None else start
        for match in _END.finditer(text, first, last):
            if match.start() >= start and _ends(text, match, last):
                bounds.append((start, match.end()))
                start = match.end()
        following = text[blocks[i + 1][0] : blocks[i + 1][1]] if i + 1 < len(blocks) else ""
        if not _runs_on(text[start:last].rstrip(), following):
            bounds.append((start, last))
            start = None
    return [(a, b) for a, b in (_trim(text, *bound) for bound in bounds) if a < b]


def _ends(text: str, match: re.Match[str], last: int) -> bool:
    """Tell whether a stop inside a paragraph ends a sentence."""
    rest = text[match.end() : last].lstrip()
    if not rest:
        return False  # the end of the paragraph decides
    lead = rest.lstrip(_OPENERS)
    if not lead or not (lead[0].isupper() or lead[0].isdigit() or not lead[0].isalpha() or _caseless(lead[0])):
        return False
    after = _WORD_AFTER.match(rest)
    next_word, second = (after.group(1), (after.group(2) or "")) if after else ("", "")
    if match["close"] and match["stop"] != "." and second.casefold() in _REPORTING:
        return False  # “Stop!” Roe said.
    if match["stop"] != "." or match["close"]:
        return True
    before = _word_before(text, match.start())
    if before in _TITLES or (len(before) == 1 and before.isalpha() and before != "i"):
        return False
    if before in _STATES or before in _OTHERS:
        return next_word.casefold() in _STARTERS or rest[0] in _OPENERS
    return True


def _runs_on(block: str, following: str) -> bool:
    """Tell whether a sentence goes on behind a paragraph break."""
    if not following or not block.endswith("."):
        return False
    before = _word_before(block, len(block) - 1)
    if before in _TITLES:
        return following.lstrip()[:1].isalnum()
    after = _WORD_AFTER.match(following.lstrip())
    return before in _STATES and after is not None and after.group(1).casefold() in _INSTITUTIONS


def _word_before(text: str, stop: int) -> str:
    match = _WORD_BEFORE.search(text[max(0, stop - 24) : stop])
    return match.group(1).casefold().lstrip("’'-") if match else ""


def _caseless(char: str) -> bool:
    """Letters of scripts without capitals (Arabic, Hebrew, Chinese) may open a sentence."""
    return char.isalpha() and char.lower() == char.upper()


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))
