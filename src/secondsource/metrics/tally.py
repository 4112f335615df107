"""Credit and what it is out of: the counts from which precision, recall and F1 are read."""

import math
from dataclasses import dataclass
from fractions import Fraction

from secondsource.ratio import Ratio

__all__ = ["Scores", "Tally", "wilson"]

NO_MARKS = "nothing was marked"
NOTHING_REQUIRED = "the key expects nothing in particular here"
NOTHING_AT_ALL = "there is nothing to find here, and nothing was marked"


@dataclass(frozen=True, slots=True)
class Scores:
    """Precision, recall and their harmonic mean, each 0 to 1 or undefined."""

    precision: Ratio
    recall: Ratio
    f1: Ratio


@dataclass(frozen=True, slots=True)
class Tally:
    """Credit earned on each side. Tallies of several texts add up; the scores of the sum are the micro average.

    Attributes
    ----------
    right, marked
        Credit of the marks, and how many marks there are.
    found, expected
        Credit of the entries, and how many entries are expected.

    Examples
    --------
    >>> (Tally(2, 6, 2, 4) + Tally(0, 4, 0, 0)).scores.precision.value
    0.2
    """

    right: Fraction | int = 0
    marked: int = 0
    found: Fraction | int = 0
    expected: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.right + other.right,
            self.marked + other.marked,
            self.found + other.found,
            self.expected + other.expected,
        )

    @property
    def scores(self) -> Scores:
        """``P = right / marked``, ``R = found / expected``, ``F1 = 2PR / (P + R)``.

        F1 is 0 if no credit was earned although something was marked or expected, and undefined if there was nothing
        to earn it with.

        Examples
        --------
        >>> round(Tally(2, 6, 2, 4).scores.f1.value, 3)
        0.4
        >>> Tally(0, 0, 0, 4).scores.precision.reason
        'nothing was marked'
        """
        precision = _quotient(self.right, self.marked, NO_MARKS if self.expected else NOTHING_AT_ALL)
        recall = _quotient(self.found, self.expected, NOTHING_REQUIRED if self.marked else NOTHING_AT_ALL)
        return Scores(precision, recall, self._f1(precision, recall))

    def _f1(self, precision: Ratio, recall: Ratio) -> Ratio:
        credit = self.right > 0 or self.found > 0
        if self.marked and self.expected and credit:
            p, r = Fraction(self.right, self.marked), Fraction(self.found, self.expected)
            return Ratio.of(2 * p * r / (p + r))
        if not credit and (self.marked or self.expected):
            return Ratio(0.0)
        return Ratio.undefined(recall.reason or precision.reason)


def _quotient(credit: Fraction | int, of: int, reason: str) -> Ratio:
    return Ratio.of(Fraction(credit, of)) if of else Ratio.undefined(reason)


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """95 % interval of a proportion (Wilson 1927, JASA 22, 209-212); NaN without trials.

    Examples
    --------
    >>> [round(limit, 4) for limit in wilson(7, 12)]
    [0.3195, 0.8067]
    >>> [round(limit, 4) for limit in wilson(81, 263)]  # the example of Newcombe 1998
    [0.2553, 0.3662]
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
