"""The words of a text, the units in which agreement is counted."""

import re

from secondsource.intervals import Bounds

__all__ = ["words"]

# Scripts that are written without spaces: a run of them would be one word, so each character is.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3005-\u3007\u3021-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff"  # Han, kana
)
_WORD = re.compile(rf"[{_UNSPACED}]|[^\s{_UNSPACED}]+")


def words(text: str) -> tuple[Bounds, ...]:
    """Bounds of all words in order: runs of non-blanks, and single characters of scripts written without spaces.

    Examples
    --------
    >>> words("He said: “No.”")
    ((0, 2), (3, 8), (9, 14))
    >>> words("新聞 a")
    ((0, 1), (1, 2), (3, 4))
    """
    return tuple(match.span() for match in _WORD.finditer(text))
