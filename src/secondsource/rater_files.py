"""Files of two raters, read: label files and keys of a case, or JSON Lines of spans.

A file is JSON Lines if its name ends in ``.jsonl`` or ``.ndjson``, or else by its first line. The article of a label
file or key is found by its SHA-256 among the bundled cases, or it is that of the case that is named.
"""

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from secondsource.case import Case
from secondsource.errors import FormatError, plain
from secondsource.formats import span_lines, strict_json, w3c
from secondsource.key import Key
from secondsource.metrics import Expected, Mark
from secondsource.raters import Place, Rater
from secondsource.sides import File, Sides, layer_of, mismatch, over_article, over_texts
from secondsource.spans import Span

__all__ = ["lengths_of", "open_sides"]

_DIGITS = len(str(span_lines.MAX_OFFSET))
_PEEK = 64 * 1024  # bytes that tell a label file from JSON Lines


@dataclass(frozen=True, slots=True)
class _Collection:
    """Bytes of a label file or key, whose article is not known yet."""

    name: str
    data: bytes


def open_sides(
    first: Path,
    second: Path,
    *,
    case: str | None = None,
    lengths: Mapping[str, int] | None = None,
    layers: Sequence[str] = (),
) -> Sides:
    """Read two files.

    Parameters
    ----------
    first, second : Path
        A and B.
    case : str, optional
        Id of a bundled case, or path of a case folder; by default the bundled case with the files' article.
    lengths : mapping of str to int, optional
        Code points of texts of JSON Lines; the name "" stands for the only text.
    layers : sequence of str, optional
        Layers to compare; by default all.

    Raises
    ------
    FormatError, OffsetError, CaseError
        For a file that is damaged, or spans that do not fit the text.
    MismatchError
        For two files that cannot be laid over each other.
    UnknownNameError
        For a layer or case that does not exist.
    """
    read = [_read(path) for path in (first, second)]
    if case is None and isinstance(read[0], File) and isinstance(read[1], File):
        return over_texts(read[0], read[1], lengths or {}, layers)
    if lengths:
        raise mismatch("LENGTH-KNOWN", "The length of an article is known.", "Leave --length out.")
    opened = Case.open(case) if case is not None else _case_of(read)
    a, b = (_of_case(side, opened) for side in read)
    return over_article(a, b, opened, layers)


def lengths_of(options: Iterable[str]) -> dict[str, int]:
    """Read ``DOC=NUMBER``, or ``NUMBER`` for the only text.

    Examples
    --------
    >>> lengths_of(["d1=4151", "a=b=7"])
    {'d1': 4151, 'a=b': 7}
    """
    made: dict[str, int] = {}
    for option in options:
        doc, _, digits = option.rpartition("=")
        told = f"--length {plain(option, 40)}"
        number = _code_points(digits, told)
        if number != made.setdefault(doc, number):
            happened = f"{told} gives a second number for a text; the first was {made[doc]}."
            raise mismatch("LENGTH-TWICE", happened, "Write --length once for each text.")
    return made


def _code_points(digits: str, told: str) -> int:
    if not (digits.isascii() and digits.isdigit()):
        step = "Write a whole number of code points, for example --length d1=4151."
        raise mismatch("LENGTH-FORM", f"{told} is neither DOC=NUMBER nor NUMBER.", step)
    # Python refuses to read thousands of digits.
    number = int(digits) if len(digits.lstrip("0")) <= _DIGITS else span_lines.MAX_OFFSET + 1
    if not 1 <= number <= span_lines.MAX_OFFSET:
        happened = f"{told}: a text has at least 1 code point and at most {span_lines.MAX_OFFSET:,}."
        raise mismatch("LENGTH-RANGE", happened, "Write how many code points the text has.")
    return number


def _read(path: Path) -> File | _Collection:
    try:
        with io.BufferedReader(path.open("rb", buffering=0), _PEEK) as stream:
            if _is_lines(path, stream.peek(_PEEK).lstrip()):
                lines = span_lines.read(stream, path.name)
                return File(path.name, "lines", Rater(lines.spans), lines.duplicates)
            return _Collection(path.name, stream.read(strict_json.MAX_BYTES + 1))
    except OSError as error:
        step = "Name a label file, a key, or a file with JSON Lines of spans."
        raise FormatError("FILE-NOTLABELS", path.name, f"it cannot be read ({error.strerror}).", step=step) from None


def _is_lines(path: Path, head: bytes) -> bool:
    """Tell JSON Lines from a label file: by the name, or else by the first line."""
    if path.suffix in (".jsonl", ".ndjson"):
        return True
    line = head.split(b"\n", 1)[0].strip()
    if path.suffix != ".json":
        return line != b"{" and b'"AnnotationCollection"' not in head
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(row, dict) and "start" in row


def _case_of(read: Iterable[File | _Collection]) -> Case:
    labels = next(side for side in read if isinstance(side, _Collection))
    return Case.of_labels(labels.data, labels.name)


def _of_case(side: File | _Collection, case: Case) -> File:
    """Read a label file or key over the article of a case; JSON Lines stay as they are."""
    if isinstance(side, File):
        return side
    if w3c.parse(side.data, side.name).key is not None:
        return _of_key(Key.read(side.data, case.article, case.codebook, name=side.name), side.name, case)
    labels, _ = w3c.read(side.data, case.article, case.codebook, name=side.name)
    marks, duplicates = _marks(labels.spans, case)
    return File(side.name, "labels", Rater(marks), duplicates, labels.exercise)


def _of_key(key: Key, name: str, case: Case) -> File:
    entries: dict[Place, list[Expected]] = {(case.id, key.layer.id): []}
    for k in key.spans:
        entry = Expected(((k.span.start, k.span.end), *k.extents), k.span.label, frozenset(k.also), k.tier)
        entries.setdefault((case.id, layer_of(case.codebook, k.span.layer, k.span.label)), []).append(entry)
    marks, duplicates = _marks([k.span for k in key.spans if k.tier != "contested"], case)
    return File(name, "key", Rater(marks, entries), duplicates)


def _marks(spans: Sequence[Span], case: Case) -> tuple[dict[Place, list[Mark]], int]:
    found: dict[Place, set[Mark]] = {}
    for span in spans:
        place = case.id, layer_of(case.codebook, span.layer, span.label)
        found.setdefault(place, set()).add((span.start, span.end, span.label))
    made = {place: sorted(found[place]) for place in sorted(found)}
    return made, len(spans) - sum(map(len, made.values()))
