"""Counts of a whole class: sums that no order of the hand-ins and no division into parts changes."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from secondsource.cohort.grid import Floats, Ints
from secondsource.cohort.reading import agreements, kappas
from secondsource.errors import UnknownNameError
from secondsource.metrics import Tally

__all__ = ["Totals", "exact_sum"]


@dataclass(frozen=True)
class Totals:
    """Counts of many hand-ins together; those of several parts add up.

    Attributes
    ----------
    hand_ins, spans : int
        How many there are, duplicates of spans included.
    tallies : dict of str to Tally
        By form; their scores are the micro averages.
    labels : tuple of str
        Rows of `pooled`.
    words : ndarray of int64, shape (labels, 4)
        n11, n1, nk and n by label, summed over hand-ins; without rows if agreement was not asked for.
    """

    hand_ins: int
    spans: int
    tallies: dict[str, Tally]
    labels: tuple[str, ...]
    words: Ints

    def __add__(self, other: "Totals") -> "Totals":
        tallies = {form: tally + other.tallies[form] for form, tally in self.tallies.items()}
        spans, words = self.spans + other.spans, self.words + other.words
        return Totals(self.hand_ins + other.hand_ins, spans, tallies, self.labels, words)

    @property
    def pooled(self) -> pd.DataFrame:
        """One row per label: ``both``, ``first``, ``second`` and ``units``, ``kappa`` and ``positive_agreement``."""
        if not len(self.words):
            raise UnknownNameError("form of score here", "kappa", self.tallies)
        both, first, second, units = self.words.T
        ratios = {"kappa": kappas(both, first, second, units), "positive_agreement": agreements(both, first, second)}
        counts = {"both": both, "first": first, "second": second, "units": units}
        return pd.DataFrame(counts | ratios, index=pd.Index(self.labels, name="label"))


def exact_sum(values: Floats | Ints) -> Fraction:
    """Sum without rounding.

    Examples
    --------
    >>> exact_sum(np.array([1e16, 1.0, -1e16, 0.5]))
    Fraction(3, 2)
    """
    mantissa, exponent = np.frexp(values.astype(np.float64))
    digits = np.ldexp(mantissa, 53).astype(np.int64)  # a float is a whole number of 53 bits times a power of 2
    total = Fraction(0)
    for power in np.unique(exponent).tolist():
        some = digits[exponent == power]
        total += ((int((some >> 27).sum()) << 27) + int((some & 0x7FFFFFF).sum())) * Fraction(2) ** (power - 53)
    return total
