"""Scores of one label set against another: plain numbers in, plain numbers out, nothing known of articles.

Offsets are half-open code points, trimmed by the caller if at all. An undefined ratio is a NaN that knows why
(`Ratio`), never a silent 0 or 1.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

__all__ = ["Bounds", "Expected", "Ratio", "Scores", "best_match", "counted", "f1", "shared", "wilson"]

Bounds = tuple[int, int]
Mark = tuple[int, int, str]

NO_MARKS = "nothing was marked"
NOTHING_REQUIRED = "the key expects nothing in particular here"
NOTHING_AT_ALL = "there is nothing to find here, and nothing was marked"


@dataclass(frozen=True, slots=True)
class Ratio:
    """A number from 0 to 1, or NaN with the reason why it is undefined.

    Examples
    --------
    >>> Ratio.of(Fraction(2, 6))
    Ratio(value=0.3333333333333333, reason='')
    """

    value: float
    reason: str = ""

    @classmethod
    def of(cls, fraction: Fraction) -> "Ratio":
        """Make a ratio from an exact fraction."""
        return cls(float(fraction))

    @classmethod
    def undefined(cls, reason: str) -> "Ratio":
        """Make an undefined ratio."""
        return cls(math.nan, reason)

    @property
    def defined(self) -> bool:
        """Whether there is a number."""
        return not self.reason


@dataclass(frozen=True, slots=True)
class Scores:
    """Precision, recall and their harmonic mean, each 0 to 1 or undefined."""

    precision: Ratio
    recall: Ratio
    f1: Ratio


@dataclass(frozen=True, slots=True)
class Expected:
    """An entry of a key as the formulas need it.

    Attributes
    ----------
    places : tuple of (int, int)
        Main bounds first, then accepted other bounds.
    labels : frozenset of str
        All labels that earn credit.
    tier : str
        ``core``, ``acceptable`` or ``contested``.
    """

    places: tuple[Bounds, ...]
    labels: frozenset[str]
    tier: str = "core"


def shared(a: Bounds, b: Bounds) -> int:
    """Number of characters that two stretches have in common; touching ones have none.

    Examples
    --------
    >>> shared((0, 6), (4, 9)), shared((0, 4), (4, 8))
    (2, 0)
    """
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def counted(right: int, marked: int, found: int, expected: int) -> Scores:
    """Scores from counts: ``P = right / marked``, ``R = found / expected``.

    Parameters
    ----------
    right, marked : int
        Rows that are matched or accepted, of all scored rows with a mark.
    found, expected : int
        Core entries that are matched or accepted, of all core entries.

    Examples
    --------
    >>> scores = counted(2, 6, 2, 4)
    >>> round(scores.f1.value, 3)
    0.4
    """
    precision = Ratio.of(Fraction(right, marked)) if marked else Ratio.undefined(_nothing(NO_MARKS, expected))
    recall = Ratio.of(Fraction(found, expected)) if expected else Ratio.undefined(_nothing(NOTHING_REQUIRED, marked))
    return Scores(precision, recall, f1(precision, recall, credit=right > 0 or found > 0))


def f1(precision: Ratio, recall: Ratio, *, credit: bool) -> Ratio:
    """Return ``2PR / (P + R)``; 0 if no credit was earned although something was marked or required; else undefined.

    Examples
    --------
    >>> f1(Ratio(0.5), Ratio(1.0), credit=True).value
    0.6666666666666666
    """
    if precision.defined and recall.defined and precision.value + recall.value > 0:
        return Ratio(2 * precision.value * recall.value / (precision.value + recall.value))
    if not credit and (precision.defined or recall.defined):
        return Ratio(0.0)
    return Ratio.undefined(recall.reason or precision.reason)


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """95 % interval of a proportion (Wilson 1927, JASA 22, 209-212); NaN without trials.

    Examples
    --------
    >>> [round(limit, 4) for limit in wilson(7, 12)]
    [0.3195, 0.8067]
    >>> [round(limit, 4) for limit in wilson(0, 20)]
    [0.0, 0.1611]
    """
    if trials == 0:
        return math.nan, math.nan
    z = 1.959964
    p = hits / trials
    centre = p + z * z / (2 * trials)
    half = z * math.sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    low = 0.0 if hits == 0 else (centre - half) / scale
    high = 1.0 if hits == trials else (centre + half) / scale
    return low, high


def best_match(marks: Iterable[Mark], key: Sequence[Expected]) -> Scores:
    """Overlap scores in which every mark and every entry meets its best counterpart.

    The SemEval-2020 Task 11 form (Da San Martino et al. 2020) with two repairs, fragments count as one answer and a
    mark is credited once, and with sets of accepted labels after MAFALDA (Helwe et al. 2024)::

        P = (1/(u+x)) Σ_t |U_t ∩ t| / |U_t|        R = (1/|core|) Σ_{t core} max_{l accepted by t} |t ∩ M_l| / |t|

    ``U_t`` are the characters of all marks whose best entry is ``t``, ``u`` the number of such entries, ``x`` the
    number of marks without one, ``M_l`` the characters marked with label ``l``.

    Parameters
    ----------
    marks : iterable of (int, int, str)
        Start, end and label; order and duplicates change nothing.
    key : sequence of Expected
        Entries in key order.

    Returns
    -------
    Scores
        NaN with a reason where nothing was marked or nothing is required.

    Examples
    --------
    >>> scores = best_match([(0, 30, "A")], [Expected(((0, 10),), frozenset("A"))])
    >>> round(scores.precision.value, 3), scores.recall.value, scores.f1.value
    (0.333, 1.0, 0.5)
    """
    scored = [i for i, entry in enumerate(key) if entry.tier != "contested"]
    open_ = [entry for entry in key if entry.tier == "contested"]
    kept = [(mark, _best(mark, key, scored)) for mark in sorted(set(marks))]
    kept = [(mark, best) for mark, best in kept if not _set_aside(mark, best, key, open_)]
    joined = _join(kept)
    precision = _precision(joined, key, expected=any(key[i].tier == "core" for i in scored))
    recall = _recall(joined, [key[i] for i in scored if key[i].tier == "core"])
    acceptable_met = any(best is not None for _, best in joined)
    return Scores(precision, recall, f1(precision, recall, credit=acceptable_met))


def _precision(joined: list[tuple[Mark, int | None]], key: Sequence[Expected], *, expected: bool) -> Ratio:
    if not joined:
        return Ratio.undefined(NO_MARKS if expected else NOTHING_AT_ALL)
    characters: dict[int, set[int]] = {}
    misses = 0
    for (start, end, _), best in joined:
        if best is None:
            misses += 1
        else:
            characters.setdefault(best, set()).update(range(start, end))
    shares = (
        Fraction(max(sum(a <= c < b for c in covered) for a, b in key[best].places), len(covered))
        for best, covered in characters.items()
    )
    return Ratio.of(sum(shares, Fraction(0)) / (len(characters) + misses))


def _recall(joined: list[tuple[Mark, int | None]], core: list[Expected]) -> Ratio:
    if not core:
        return Ratio.undefined(NOTHING_REQUIRED if joined else NOTHING_AT_ALL)
    covered: dict[str, set[int]] = {}
    for (start, end, label), _ in joined:
        covered.setdefault(label, set()).update(range(start, end))
    shares = (
        max(
            Fraction(sum(c in covered.get(label, ()) for c in range(start, end)), end - start)
            for start, end in entry.places
            for label in entry.labels
        )
        for entry in core
    )
    return Ratio.of(sum(shares, Fraction(0)) / len(core))


def _best(mark: Mark, key: Sequence[Expected], among: list[int]) -> int | None:
    """Index of the entry that accepts the label and shares most with the mark."""
    candidates = []
    for i in among:
        if mark[2] in key[i].labels:
            share, iou = max(_share_and_iou(mark, place) for place in key[i].places)
            if share:
                candidates.append((-share, -iou, i))
    return min(candidates)[2] if candidates else None


def _set_aside(mark: Mark, best: int | None, key: Sequence[Expected], contested: list[Expected]) -> bool:
    """Tell whether a contested entry holds more of the mark than its best entry does, and at least half of it."""
    size, share = mark[1] - mark[0], 0 if best is None else _most(mark, key[best])
    return any(mark[2] in entry.labels and 2 * _most(mark, entry) >= max(size, 2 * share + 1) for entry in contested)


def _most(mark: Mark, entry: Expected) -> int:
    return max(shared(mark[:2], place) for place in entry.places)


def _share_and_iou(mark: Mark, place: Bounds) -> tuple[int, Fraction]:
    both = shared(mark[:2], place)
    return both, Fraction(both, (mark[1] - mark[0]) + (place[1] - place[0]) - both)


def _join(marks: list[tuple[Mark, int | None]]) -> list[tuple[Mark, int | None]]:
    """Join marks of one label that touch, overlap or lie one character apart, unless they answer different entries."""
    joined: list[tuple[Mark, int | None]] = []
    for mark, best in sorted(marks, key=lambda item: (item[0][2], item[0][0], item[0][1])):
        (start, end, label), before = joined[-1] if joined else ((0, -2, ""), None)
        if joined and label == mark[2] and mark[0] <= end + 1 and (best is None or before is None or best == before):
            joined[-1] = ((start, max(end, mark[1]), label), best if before is None else before)
        else:
            joined.append((mark, best))
    return joined


def _nothing(reason: str, other: int) -> str:
    return reason if other else NOTHING_AT_ALL
