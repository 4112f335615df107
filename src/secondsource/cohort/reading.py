"""Ratios of many hand-ins, read from their counts by the rules of `secondsource.metrics.Tally` and `Contingency`."""

import numpy as np
from numpy.typing import NDArray

from secondsource.cohort.forms import Credit
from secondsource.cohort.grid import Floats, Ints
from secondsource.metrics.tally import NO_MARKS, NOTHING_AT_ALL, NOTHING_REQUIRED

__all__ = ["agreements", "kappas", "mean_kappas", "quotients", "reasons"]

Texts = NDArray[np.object_]


def quotients(credit: Credit, expected: int) -> tuple[Floats, Floats, Floats]:
    """Precision, recall and F1, each 0 to 1 or NaN, shape (hand_ins,)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = credit.right / credit.marked
        recall = credit.found / np.float64(expected)
        f1 = 2 * precision * recall / (precision + recall)
    earned = (credit.right > 0) | (credit.found > 0)
    f1[~earned & ((credit.marked > 0) | (expected > 0))] = 0
    f1[earned & (expected == 0)] = np.nan
    return precision, recall, f1


def reasons(credit: Credit, expected: int) -> tuple[Texts, Texts, Texts]:
    """Why precision, recall and F1 are undefined; empty where they are not."""
    unmarked = credit.marked == 0
    precision = np.where(unmarked, NO_MARKS if expected else NOTHING_AT_ALL, "").astype(object)
    recall = np.where(unmarked, NOTHING_AT_ALL, NOTHING_REQUIRED).astype(object)
    if expected:
        recall[:] = ""
    undefined = np.isnan(quotients(credit, expected)[2])
    return precision, recall, np.where(undefined, recall, "").astype(object)


def kappas(both: Ints, first: Ints, second: Ints, units: Ints) -> Floats:
    """Cohen's kappa, -1 to 1 or NaN; the arrays are broadcast.

    ``2 (n·n11 - n1·nk) / (n (n1 + nk) - 2 n1·nk)``: `Contingency.kappa` with both sides multiplied by n², in integers.

    Examples
    --------
    >>> kappas(np.array([50, 4, 0, 0]), np.array([70, 6, 5, 0]), np.array([60, 5, 5, 0]), np.array([100, 20, 10, 10]))
    array([ 0.34782609,  0.625     , -1.        ,         nan])
    """
    guessed = 2 * first * second
    with np.errstate(invalid="ignore"):
        value: Floats = (2 * units * both - guessed) / _nan_for_0(units * (first + second) - guessed)
    return value


def agreements(both: Ints, first: Ints, second: Ints) -> Floats:
    """Positive agreement ``2 n11 / (n1 + nk)``, 0 to 1 or NaN."""
    value: Floats = 2 * both / _nan_for_0(first + second)
    return value


def mean_kappas(both: Ints, first: Ints, second: Ints, units: Ints) -> tuple[Floats, Ints]:
    """Mean over the labels (second axis) for which kappa is defined, and their number."""
    value = kappas(both, first, second, units)
    defined = ~np.isnan(value)
    total = np.zeros(len(value))
    for column in np.where(defined, value, 0).T:  # one after the other: the same sum for any number of hand-ins
        total += column
    number = defined.sum(axis=1)
    return total / _nan_for_0(number), number


def _nan_for_0(number: Ints) -> Floats:
    return np.where(number == 0, np.nan, number)
