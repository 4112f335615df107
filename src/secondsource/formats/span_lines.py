r"""JSON Lines of spans: one span a line, from any tool, in any order.

::

    {"doc": "d1", "layer": "x", "label": "L", "start": 0, "end": 5}

``label``, ``start`` and ``end`` are needed; ``end`` lies behind the last character, and offsets count Unicode code
points. ``doc`` and ``layer`` may be left out, for a text or a layer without a name. Other fields are ignored, blank
lines are skipped, line ends may be ``\n`` or ``\r\n``, and a file without spans is one of a rater who marked nothing.
All else is refused with the number of the line.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, NoReturn

from secondsource.errors import FormatError, OffsetError, SecondSourceError, message, plain
from secondsource.metrics import Mark

__all__ = ["MAX_LINE", "MAX_NAME", "MAX_OFFSET", "MAX_SPANS", "SpanLines", "SpanLinesError", "read"]

MAX_LINE = 1024 * 1024  # bytes
MAX_SPANS = 2_000_000
_GIB = 1024**3
MAX_FILE = 2 * _GIB  # bytes; lines of ignored fields and blank lines count too
MAX_NAME = 500  # code points of a doc, a layer or a label
MAX_OFFSET = 10**15  # a float still holds it exactly
_MAX_DIGITS = 1_000  # of a number in a field that is ignored

_SPLIT = "Split the file by doc."
_SAFE = "The file was not changed and nothing was scored."
_LINE = 'Write one object per line: {"doc": "d1", "layer": "x", "label": "L", "start": 0, "end": 5}.'
_SIGNS = (
    (b"\xef\xbb\xbf", "the file starts with a byte-order mark", "Save it as UTF-8 without a byte-order mark (BOM)."),
    (b"\xff\xfe", "this is UTF-16 text, not UTF-8", "Save it as UTF-8."),
    (b"\xfe\xff", "this is UTF-16 text, not UTF-8", "Save it as UTF-8."),
)


class SpanLinesError(FormatError):
    """A file that is not JSON Lines of spans.

    Attributes
    ----------
    line : int
        Number of the line, from 1.
    """

    def __init__(self, code: str, path: str, line: int, reason: str, step: str = _LINE) -> None:
        told = message(code, f"{plain(path)}, line {line}: {reason}.", _SAFE, step)
        SecondSourceError.__init__(self, told)
        self.code, self.path, self.line, self.reason = code, path, line, reason


@dataclass(frozen=True, slots=True)
class SpanLines:
    """The spans of one rater.

    Attributes
    ----------
    spans : mapping of (str, str) to list of Mark
        Distinct spans by doc and layer, sorted by ``(start, end, label)``.
    duplicates : int
        Lines that repeat another one in all five fields; each span counts once.
    """

    spans: Mapping[tuple[str, str], list[Mark]]
    duplicates: int


def read(stream: BinaryIO, name: str) -> SpanLines:
    r"""Read JSON Lines of spans, one line at a time.

    Parameters
    ----------
    stream : binary file
        Open for reading; need not be seekable.
    name : str
        File name for messages.

    Raises
    ------
    SpanLinesError
        ``FILE-INVALID`` or ``FILE-LIMIT``, for a line that is not such an object.
    OffsetError
        ``SPAN-OFFSETS``, for offsets that are negative, reversed or enclose nothing.

    Examples
    --------
    >>> from io import BytesIO
    >>> lines = b'{"label": "L", "start": 4, "end": 9}\n\n{"label": "L", "start": 0, "end": 3}'
    >>> read(BytesIO(lines), "a.jsonl").spans
    {('', ''): [(0, 3, 'L'), (4, 9, 'L')]}
    """
    found: dict[tuple[str, str], set[Mark]] = {}
    names: dict[str, str] = {}
    spans = 0
    for number, line in _lines(stream, name):
        try:
            where, mark = _span(_decoded(line), names)
        except _OffsetFaultError as fault:
            raise OffsetError(_told(name, number, str(fault))) from None
        except _FaultError as fault:
            raise SpanLinesError(fault.code, name, number, str(fault)) from None
        found.setdefault(where, set()).add(mark)
        spans += 1
        if spans > MAX_SPANS:
            happened = f"a file may hold up to {MAX_SPANS:,} spans"
            raise SpanLinesError("FILE-LIMIT", name, number, happened, _SPLIT)
    kept = {where: sorted(found[where]) for where in sorted(found)}
    return SpanLines(kept, spans - sum(map(len, kept.values())))


def _lines(stream: BinaryIO, name: str) -> Iterator[tuple[int, bytes]]:
    """Lines that are not blank, with their numbers."""
    size = 0
    for number, line in enumerate(iter(lambda: stream.readline(MAX_LINE + 1), b""), start=1):
        size += len(line)
        if len(line) > MAX_LINE:
            raise SpanLinesError("FILE-LIMIT", name, number, f"the line has more than {MAX_LINE:,} bytes")
        if size > MAX_FILE:
            raise SpanLinesError("FILE-LIMIT", name, number, f"the file has more than {MAX_FILE // _GIB} GiB", _SPLIT)
        if number == 1:
            for sign, what, step in _SIGNS:
                if line.startswith(sign):
                    raise SpanLinesError("FILE-INVALID", name, number, what, step)
        if line := line.strip():
            yield number, line


class _FaultError(ValueError):
    """What is wrong with a line, in words; the reader adds where."""

    code = "FILE-INVALID"


class _LimitFaultError(_FaultError):
    code = "FILE-LIMIT"


class _OffsetFaultError(_FaultError):
    pass


def _pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(items)
    if len(made) < len(items):
        twice = next(name for name, count in Counter(name for name, _ in items).items() if count > 1)
        raise _FaultError(f"the entry “{plain(twice)}” stands twice")
    return made


def _constant(word: str) -> NoReturn:
    raise _FaultError(f"{word} is not a number that JSON allows")


def _integer(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:  # Python would refuse it too, in words of its own
        raise _LimitFaultError(f"a number with {len(digits)} digits is too long")
    return int(digits)


# One decoder for all lines: to make one for each would take longer than to read it.
_DECODE: Callable[[str], Any] = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_constant=_constant, parse_int=_integer
).decode


def _decoded(line: bytes) -> dict[str, Any]:
    try:
        row = _DECODE(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise _FaultError(f"byte {error.start + 1} of it is not UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise _FaultError(f"this is not one complete JSON object (character {error.pos + 1})") from None
    except RecursionError:
        raise _LimitFaultError("the entries are nested too deeply") from None
    if not isinstance(row, dict):
        raise _FaultError(f"this is JSON, but not an object in curly brackets: {plain(row, 40)}")
    return row


def _span(row: dict[str, Any], names: dict[str, str]) -> tuple[tuple[str, str], Mark]:
    label = _name(row, "label", names)
    if not label.strip():
        raise _FaultError("“label” is empty" if "label" in row else "“label” is missing")
    start, end = _offset(row, "start"), _offset(row, "end")
    if not 0 <= start < end <= MAX_OFFSET:
        raise _OffsetFaultError(_why_not(start, end))
    return (_name(row, "doc", names), _name(row, "layer", names)), (start, end, label)


def _name(row: dict[str, Any], field: str, names: dict[str, str]) -> str:
    """Return a name; each is checked, and kept in memory, once."""
    name = row.get(field, "")
    if type(name) is not str:
        raise _FaultError(f"“{field}” must be text in quotation marks, not {_shown(name)}")
    if name in names:
        return names[name]
    if len(name) > MAX_NAME:
        raise _LimitFaultError(f"“{field}” has {len(name):,} characters; {MAX_NAME} are the most")
    if any("\ud800" <= char <= "\udfff" for char in name):
        raise _FaultError(f"“{field}” holds half a character (a lone surrogate)")
    return names.setdefault(name, name)


def _offset(row: dict[str, Any], field: str) -> int:
    if field not in row:
        raise _FaultError(f"“{field}” is missing")
    offset = row[field]
    if type(offset) is not int:  # neither 5.0 nor true is an offset
        raise _FaultError(f"“{field}” must be a whole number, not {_shown(offset)}")
    return offset


def _shown(value: object) -> str:
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "an object"
    return plain(json.dumps(value), 40)


def _why_not(start: int, end: int) -> str:
    place = f"[{plain(start, 20)}, {plain(end, 20)})"
    if start < 0 or end < 0:
        return f"{place} lies before the text"
    if start == end:
        return f"{place} holds no character"
    return f"{place} ends before it starts" if end < start else f"{place} lies behind every text"


def _told(name: str, line: int, happened: str) -> str:
    step = "Write “start” (counted from 0) and “end” (behind the last character) so that 0 <= start < end."
    return message("SPAN-OFFSETS", f"{plain(name)}, line {line}: {happened}.", _SAFE, step)
