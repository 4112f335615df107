"""Words as people type them: where a quotation stands in a text, and the nearest passage when it does not.

The labeller finds words by the same rules: ``findOccurrences`` in ``labeller.js``.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from unicodedata import category

__all__ = ["Folded", "bare", "fold", "nearest", "occurrences", "trim"]

_ALIKE = {
    **dict.fromkeys("‘’‚", "'"),  # noqa: RUF001
    **dict.fromkeys("“”„«»", '"'),
    **dict.fromkeys("–—‑", "-"),  # noqa: RUF001
    "…": "...",
}
_JOINER = "\u200d"
_SKIN_TONES = "🏻🏼🏽🏾🏿"
_NEAREST_WORDS = 12  # enough to recognise a passage by; comparing long ones takes seconds


@dataclass(frozen=True, slots=True)
class Folded:
    """A text with what people type alike made alike, and the way back.

    Attributes
    ----------
    text : str
        White space runs are one space, letters small, quotation marks and dashes those of a keyboard.
    starts, ends : list of int
        For each character of ``text``, the code points of the original that it stands for.
    """

    text: str
    starts: list[int]
    ends: list[int]


def fold(text: str) -> Folded:
    """Make capitals, quotation marks, dashes and spaces alike.

    Examples
    --------
    >>> fold("The “West” – now").text
    'the "west" - now'
    """
    pieces, starts, ends = list[str](), list[int](), list[int]()
    for at, char in enumerate(text):
        alike = " " if char.isspace() else _ALIKE.get(char) or char.lower()
        if alike == " " and pieces[-1:] == [" "]:
            ends[-1] = at + 1
            continue
        pieces.append(alike)
        starts += [at] * len(alike)
        ends += [at + 1] * len(alike)
    return Folded("".join(pieces), starts, ends)


def occurrences(text: str, quote: str, folded: Folded | None = None) -> list[tuple[int, int]]:
    """Places where a reader would say that the quotation stands, in text order, in code points of ``text``.

    Exact spelling wins over alike spelling, and whole words win over parts of words.

    Parameters
    ----------
    text, quote : str
        White space around the quotation is ignored.
    folded : Folded, optional
        ``fold(text)``, where it is at hand.

    Examples
    --------
    >>> occurrences("the hen, He", "he")
    [(9, 11)]
    """
    where, quote = folded or fold(text), quote.strip()
    needle = fold(quote).text
    found = dict[tuple[int, int], None]()  # without repetition: two of the three points of “…” are one place
    at = where.text.find(needle) if needle else -1
    while at >= 0:
        found[where.starts[at], where.ends[at + len(needle) - 1]] = None
        at = where.text.find(needle, at + 1)
    whole = [place for place in found if not any(_parts(text, edge) for edge in place)]
    words = [(a, b) for a, b in whole if not (_is_letter(text[a - 1 : a]) or _is_letter(text[b : b + 1]))] or whole
    return [(start, end) for start, end in words if text[start:end] == quote] or words


def nearest(text: str, quote: str) -> tuple[int, int]:
    """Span of the passage most like the first words of a quotation that does not occur.

    Every stretch with as many words is compared with them. Punctuation at its edges is left out, unless the passage
    would then read like the quotation.
    """
    where = fold(text)
    words = [m.span() for m in re.finditer(r"\S+", where.text)]
    wanted = fold(quote).text.split()[:_NEAREST_WORDS]
    size = max(1, min(len(wanted), len(words)))
    matcher = SequenceMatcher(b=" ".join(wanted), autojunk=False)
    found, best = (words[0][0], words[size - 1][1]), 0.0
    for (start, _), (_, end) in zip(words, words[size - 1 :], strict=False):
        matcher.set_seq1(where.text[start:end])
        # The quick ones are upper bounds: most stretches need no more.
        if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best and matcher.ratio() > best:
            found, best = (start, end), matcher.ratio()
    whole = where.starts[found[0]], where.ends[found[1] - 1]
    start, end = trim(text, *whole)
    return whole if fold(text[start:end]).text in ("", fold(quote.strip()).text) else (start, end)


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave white space and punctuation at both edges out of ``[start, end)``.

    Examples
    --------
    >>> trim("one, two.", 3, 9)
    (5, 8)
    """
    while start < end and _is_edge(text[start]):
        start += 1
    while start < end and _is_edge(text[end - 1]):
        end -= 1
    return start, end


def bare(quote: str) -> str:
    """Return the quotation without white space and punctuation at its edges.

    Examples
    --------
    >>> bare("“he said,”")
    'he said'
    """
    start, end = trim(quote, 0, len(quote))
    return quote[start:end]


def _is_edge(char: str) -> bool:
    return char.isspace() or category(char).startswith("P")


def _is_letter(char: str) -> bool:
    return char != "" and category(char)[0] in "LN"


def _parts(text: str, at: int) -> bool:
    """Tell whether a cut parts what a reader sees as one character: a letter and its accent, a joined emoji."""
    before, after = text[at - 1 : at], text[at : at + 1]
    if not before or not after or before.isspace() or after.isspace():
        return False
    return before == _JOINER or after == _JOINER or after in _SKIN_TONES or category(after).startswith("M")
