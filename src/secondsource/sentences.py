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

# Always followed by a name, never the last word of a sentence.
_TITLES = frozenset("mr mrs ms mx dr lt maj capt cmdr adm sgt supt vs v cf e.g i.e viz approx".split())
# Words of their own as well: titles before a name, abbreviations before a number.
_RANKS = frozenset("prof rev hon gen col gov sen rep pres st fr".split())
_NUMBERED = frozenset("no nos art fig sec vol pp".split())
# May end a sentence, and so may initials: only a word behind them that cannot start one shows that they do not.
_OTHERS = frozenset(
    "inc co corp ltd llc plc jr sr etc al jan feb mar apr jun jul aug sept sep oct nov dec ph.d ed eds".split()
)
_STATES = frozenset("u.s u.k u.n e.u u.s.a u.a.e d.c".split())
_INITIALS = re.compile(r"[^\W\d_](?:\.[^\W\d_])*")

# Words that open sentences. After “U.S.” such a word starts a new one; another capitalised word goes on with a name.
_STARTERS = frozenset(
    "a an the this that these those he she it they we i you his her its their our my your who what when where why how "
    "if as at in on of for from to by with without within after before since while although though because but and or "
    "nor so yet however meanwhile still then there here now today yesterday tomorrow both each every some many most "
    "all no not only even also another such several few one two three under over during between among despite until "
    "once instead according asked experts officials critics analysts observers".split()
)
# What follows a state's abbreviation that is an adjective.
_INSTITUTIONS = frozenset(
    "department senate congress house army navy air marine marines coast national state treasury justice supreme "
    "district federal secretary president ambassador embassy consulate attorney central food bureau agency "
    "administration security environmental election government general assembly high foreign home ministry commission "
    "committee parliament council court office service chamber capitol representative energy defense defence".split()
)
_REPORTING = frozenset("said says asked asks added adds wrote writes told tells replied shouted cried".split())

# A whole run of stops, so that a million of them are read once. Full-width ones (。！？) need no white space behind.
_STOPS = ".!?…؟\N{ARABIC FULL STOP}।"
_END = re.compile(
    rf"(?<![{_STOPS}])(?P<stop>[{_STOPS}]++)(?P<close>[{re.escape(_CLOSERS)}]*+)(?=\s)"
    r"|(?<![。！？])(?P<wide>[。！？]++)(?P<wide_close>[’”」』）]*+)"
)
_SPACE = re.compile(r"\s*")
_WORD_BEFORE = re.compile(r"([\w.’'-]+)$")
_WORD_AFTER = re.compile(rf"[{re.escape(_OPENERS)}]*([^\W_][\w’'-]*)")
_AHEAD = 80  # code points behind a stop that are looked at


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
        if not _runs_on(text[max(start, first) : last].rstrip(), following):
            bounds.append((start, last))
            start = None
    return [(a, b) for a, b in (_trim(text, *bound) for bound in bounds) if a < b]


def _ends(text: str, match: re.Match[str], last: int) -> bool:
    """Tell whether a stop inside a paragraph ends a sentence."""
    rest = _ahead(text, match.end(), last)
    if not rest:
        return False  # the end of the paragraph decides
    if match["wide"]:
        return not match["wide_close"] or match["wide"] == "。"  # 「やめて！」と彼は言った。
    lead = rest.lstrip(_OPENERS)
    if not lead or not (lead[0].isupper() or not lead[0].isalpha() or _caseless(lead[0])):
        return False
    if match["stop"] == "." and not match["close"]:
        return not _goes_on(_word_before(text, match.start()), rest)
    return match["stop"] == "." or not match["close"] or not _reports(rest)


def _goes_on(before: str, rest: str) -> bool:
    """Tell whether an abbreviation (without its last stop) belongs to what follows it."""
    after = _WORD_AFTER.match(rest)
    word = after.group(1).casefold() if after else ""
    if before in _TITLES:
        return True
    if before in _NUMBERED:
        return word.isdigit()
    if before in _RANKS or (len(before) == 1 and before.isalpha() and before != "i"):
        return word not in _STARTERS
    if before in _OTHERS or (_INITIALS.fullmatch(before) and before != "i"):
        return word not in _STARTERS and rest[0] not in _OPENERS
    return False


def _reports(rest: str) -> bool:
    """Tell whether names and a verb of saying follow: “Stop!” Ines Falk said."""
    for word in rest.split()[:5]:
        if word.rstrip(".,:;").casefold() in _REPORTING:
            return True
        if not word[0].isupper():
            return False
    return False


def _runs_on(block: str, following: str) -> bool:
    """Tell whether a sentence goes on behind a paragraph break."""
    rest = _ahead(following, 0, len(following))
    if not block.endswith(".") or not rest[:1].isalnum():
        return False
    before = _word_before(block, len(block) - 1)
    after = _WORD_AFTER.match(rest)
    if before in _STATES:
        return after is not None and after.group(1).casefold() in _INSTITUTIONS
    return before in _TITLES | _RANKS and _goes_on(before, rest)


def _ahead(text: str, start: int, last: int) -> str:
    """Return the next characters that are not white space."""
    space = _SPACE.match(text, start, last)
    at = space.end() if space else start
    return text[at : min(last, at + _AHEAD)]


def _word_before(text: str, stop: int) -> str:
    match = _WORD_BEFORE.search(text[max(0, stop - 24) : stop])
    return match.group(1).casefold().lstrip("’'-") if match else ""


def _caseless(char: str) -> bool:
    """Letters of scripts without capitals (Arabic, Hebrew, Chinese) may open a sentence."""
    return char.isalpha() and char.lower() == char.upper()


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))
