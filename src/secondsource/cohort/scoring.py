"""Scoring of a class: cut into parts, each part in one pass over sorted codes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Protocol

import numpy as np

from secondsource.cohort.forms import Credit
from secondsource.cohort.grid import Ints, Marks
from secondsource.cohort.pack import HandIns, Spans, Table, pack
from secondsource.cohort.scores import CohortScores
from secondsource.cohort.sheet import Sheet
from secondsource.errors import TableError, UnknownNameError

__all__ = ["FORMS", "Map", "score"]

FORMS = ("exact", "semeval", "best_match", "kappa")
_SPANS = 1 << 15  # marks at a time: their arrays stay in the cache, and memory is not given back between parts
_ROW = 128  # marks in a row: few enough for the fast sorting networks of numpy, enough to leave little to merge
_CELLS = 1 << 20  # numbers at a time in tables with a row for each hand-in

Part = tuple[list[Credit], tuple[Ints, Ints] | None]


class Map(Protocol):
    """The built-in `map`, that of an executor, or any other that keeps the order."""

    def __call__(self, function: Callable[[Any], Any], items: Iterable[Any], /) -> Iterable[Any]:
        """Apply the function to every item."""
        ...


def score(
    spans: Spans | Table,
    sheet: Sheet,
    *,
    hand_ins: HandIns = None,
    forms: Iterable[str] = FORMS,
    map: Map = map,
) -> CohortScores:
    """Score all hand-ins of an exercise against one key, in one pass.

    Every number equals that of the plain functions: `metrics.exact`, `metrics.semeval2020` and `Contingency` on words,
    of the marks that count (`metrics.scored`) and core and acceptable entries, and `metrics.best_match`. No order of
    the rows changes any bit of the result.

    Parameters
    ----------
    spans : DataFrame, mapping of arrays, or Spans
        See `pack`; spans that are packed already belong to this sheet.
    hand_ins : int or sequence, optional
        All ids, see `pack`; for packed spans they are known.
    forms : iterable of str
        Which of ``exact``, ``semeval``, ``best_match`` and ``kappa``; all by default.
    map : callable
        Works on parts of the class; `ThreadPoolExecutor.map` uses several processors.

    Examples
    --------
    >>> from secondsource.metrics import Expected
    >>> sheet = Sheet.plain([Expected(((0, 10),), "A")], length=20, words=[(0, 4), (5, 10), (11, 20)])
    >>> marks = {"hand_in": [0, 2], "label": ["A", "A"], "start": [0, 0], "end": [20, 10]}
    >>> score(marks, sheet, hand_ins=3).frame["best_match_f1"].round(3).tolist()
    [0.667, 0.0, 1.0]
    """
    wanted = _checked(forms)
    packed = (spans if isinstance(spans, Spans) else pack(spans, sheet, hand_ins=hand_ins)).grouped()
    if packed.sheet is not sheet:
        raise TableError("These spans were packed for another key.")
    bounds = packed.bounds()
    parts = [(packed.codes[bounds[a] : bounds[b]], a, b) for a, b in _cut(bounds, sheet)]
    parts = parts or [(packed.codes, 0, 0)]
    sheet.prepare(wanted)  # once, and not by several workers at a time
    made = list(map(partial(_score_part, sheet, wanted), parts))
    return _collected(sheet, packed, wanted, made)


def _checked(forms: Iterable[str]) -> tuple[str, ...]:
    wanted = tuple(forms)
    for form in wanted:
        if form not in FORMS:
            raise UnknownNameError("form of score", form, FORMS)
    return tuple(form for form in FORMS if form in wanted)


def _cut(bounds: Ints, sheet: Sheet) -> Iterator[tuple[int, int]]:
    """First and last hand-in of each part; a hand-in is never divided."""
    widest = sum(len(entry.places) * len(entry.labels) for entry in sheet.entries) + (1 << sheet.grid.label_bits)
    most, first, last = max(1, _CELLS // widest), 0, len(bounds) - 1
    while first < last:
        full = int(np.searchsorted(bounds, bounds[first] + _SPANS, side="right")) - 1
        stop = min(max(full, first + 1), first + most, last)
        yield first, stop
        first = stop


def _score_part(sheet: Sheet, forms: Sequence[str], part: tuple[Ints, int, int]) -> Part:
    codes, first, stop = part
    codes = codes - (first << sheet.grid.hand_bits)
    if (codes[1:] < codes[:-1]).any():
        codes[: len(codes) // _ROW * _ROW].reshape(-1, _ROW).sort(axis=1)
        codes.sort(kind="stable")  # marks come by hand-in, so that only neighbouring rows are left to be merged
    marks = Marks.of(codes, sheet.grid, stop - first)
    scored = sheet.scored(marks)
    # Best match looks at the contested entries itself; the other forms know only what counts.
    made = ((form, sheet.compiled(form)) for form in forms if form != "kappa")
    credit = [key.credit(marks if form == "best_match" else scored) for form, key in made]
    if "kappa" not in forms:
        return credit, None
    both, first_ = sheet.kappa.counts(scored)
    return credit, (both.astype(np.int32), first_.astype(np.int32))


def _collected(sheet: Sheet, packed: Spans, forms: Sequence[str], parts: Sequence[Part]) -> CohortScores:
    names = [form for form in forms if form != "kappa"]
    columns = {
        form: Credit(*(np.concatenate(values) for values in zip(*(credit[i] for credit, _ in parts), strict=True)))
        for i, form in enumerate(names)
    }
    tables = [table for _, table in parts if table is not None]
    both, first = (np.concatenate(values) for values in zip(*tables, strict=True)) if tables else (None, None)
    return CohortScores(sheet, packed.hand_ins, np.diff(packed.bounds()), columns, both, first)
