"""Characters that nobody sees: in instructors' texts an error, in articles told to their author with the place."""

import re
from collections.abc import Iterator
from unicodedata import name

__all__ = ["hidden", "invisible"]

# C0, C1, controls of the writing direction and zero-width characters: a name must read as it is stored
# (CVE-2021-42574). Joiners are left out: Persian words and families of emoji need them.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]"
)
# The same and tags; a joiner only between letters that it cannot join.
_SUSPICIOUS = re.compile(f"{_HIDDEN.pattern}|[\U000e0000-\U000e007f]|(?<=[ -\u024f])[\u200c\u200d](?=[ -\u024f])")


def hidden(text: str) -> bool:
    r"""Tell whether a text holds a character that must not stand in what an instructor writes.

    Examples
    --------
    >>> hidden("Source"), hidden("So\u202eurce"), hidden("👩\u200d👧")
    (False, True, False)
    """
    return _HIDDEN.search(text) is not None


def invisible(text: str) -> Iterator[tuple[int, str]]:
    r"""Give the characters of a text that nobody sees, with their code points' offsets and names.

    Examples
    --------
    >>> list(invisible("Mos\xadcow\u200b"))
    [(3, 'U+00AD soft hyphen'), (7, 'U+200B zero width space')]
    """
    for found in _SUSPICIOUS.finditer(text):
        char = found.group()
        yield found.start(), f"U+{ord(char):04X} {name(char, 'control character').lower()}"
