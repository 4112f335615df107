"""JSON from strangers: size, encoding, depth, duplicate keys, numbers and surrogates are checked before anything else.

The standard library keeps the last of two equal keys, accepts NaN and gives up with a RecursionError on deep nesting;
here each of these is a `FormatError` with a plain reason.
"""

import json
import math
from collections import Counter
from typing import Any, NoReturn

from secondsource.errors import FormatError, plain

__all__ = ["MAX_BYTES", "MAX_DEPTH", "loads"]

MAX_BYTES = 5 * 1024 * 1024
MAX_DEPTH = 32
_MAX_DIGITS = 15  # every integer of this format is far smaller, and a float holds it exactly


def loads(data: bytes, name: str) -> dict[str, Any]:
    """Parse one JSON object.

    Parameters
    ----------
    data : bytes
        The whole file, at most `MAX_BYTES`.
    name : str
        File name for messages.

    Raises
    ------
    FormatError
        ``FILE-NOTLABELS`` or ``FILE-LIMIT``, with the reason in words.

    Examples
    --------
    >>> loads(b'{"a": 1}', "x.json")
    {'a': 1}
    """
    if len(data) > MAX_BYTES:
        raise FormatError("FILE-LIMIT", name, f"the file has {len(data):,} bytes; {MAX_BYTES:,} are the most.")
    text = _decode(data, name)

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(items)
        if len(made) < len(items):
            twice = next(key for key, count in Counter(key for key, _ in items).items() if count > 1)
            raise FormatError("FILE-NOTLABELS", name, f"the entry “{plain(twice)}” stands twice in one object.")
        return made

    def constant(word: str) -> NoReturn:
        raise FormatError("FILE-NOTLABELS", name, f"{word} is not a number that JSON allows.")

    def integer(digits: str) -> int:
        length = len(digits.lstrip("-"))
        if length > _MAX_DIGITS:
            raise FormatError("FILE-LIMIT", name, f"a number with {length} digits is too long.")
        return int(digits)

    def decimal(digits: str) -> float:
        value = float(digits)
        if not math.isfinite(value):
            raise FormatError("FILE-LIMIT", name, f"the number {plain(digits, 40)} is too large.")
        return value

    try:
        made = json.loads(
            text, object_pairs_hook=pairs, parse_constant=constant, parse_int=integer, parse_float=decimal
        )
    except json.JSONDecodeError as error:
        what = _looks_like(data)
        place = f"line {error.lineno}, column {error.colno}"
        raise FormatError("FILE-NOTLABELS", name, what or f"this is not complete JSON ({place}).") from None
    except RecursionError:
        raise FormatError("FILE-LIMIT", name, "the entries are nested too deeply.") from None
    _check_tree(made, name)
    if not isinstance(made, dict):
        raise FormatError("FILE-NOTLABELS", name, "this is JSON, but not a label file.")
    return made


def _decode(data: bytes, name: str) -> str:
    if not data.strip():
        raise FormatError("FILE-NOTLABELS", name, "the file is empty.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        what = _looks_like(data) or f"byte {error.start} is not UTF-8 text."
        raise FormatError("FILE-NOTLABELS", name, what) from None


def _looks_like(data: bytes) -> str | None:
    head = data[:256].lstrip().lower()
    signs = (
        ((b"<!doctype html", b"<html"), "this looks like a web page (HTML)."),
        ((b"pk\x03\x04",), "this looks like a zip or Word file."),
        ((b"%pdf",), "this looks like a PDF file."),
        ((b"\xff\xfe", b"\xfe\xff"), "this is UTF-16 text, not UTF-8."),
        ((b"\xef\xbb\xbf",), "the file starts with a byte-order mark; an editor may have changed it."),
        ((b"\x00",), "the file starts with empty bytes; it was damaged."),
    )
    return next((what for starts, what in signs if head.startswith(starts)), None)


def _check_tree(made: Any, name: str) -> None:
    """Refuse deep nesting and lone surrogates, without recursion."""
    waiting = [(made, 1)]
    while waiting:
        value, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise FormatError("FILE-LIMIT", name, f"the entries are nested more than {MAX_DEPTH} deep.")
        if isinstance(value, dict):
            waiting += ((key, depth) for key in value)
            waiting += ((child, depth + 1) for child in value.values())
        elif isinstance(value, list):
            waiting += ((child, depth + 1) for child in value)
        elif isinstance(value, str) and any("\ud800" <= char <= "\udfff" for char in value):
            raise FormatError("FILE-NOTLABELS", name, "it holds half a character (a lone surrogate).")
