"""Scores of a class: counts for every hand-in, ratios on reading."""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from secondsource.agreement import NOTHING, Contingency
from secondsource.cohort.forms import Credit
from secondsource.cohort.grid import Ints
from secondsource.cohort.reading import agreements, kappas, mean_kappas, quotients, reasons
from secondsource.cohort.sheet import Sheet
from secondsource.cohort.totals import Totals, exact_sum
from secondsource.errors import UnknownNameError
from secondsource.metrics import Tally

__all__ = ["CohortScores"]

_RATIOS = ("precision", "recall", "f1")
_LISTED = 9  # ids that a message shows


@dataclass(frozen=True)
class CohortScores:
    """What a class scored: integers and sums of fractions for each hand-in, from which all ratios are read.

    Attributes
    ----------
    hand_ins : pandas.Index, shape (hand_ins,)
        Ids.
    spans : ndarray of int64, shape (hand_ins,)
        Spans of each hand-in that were packed, duplicates included.
    credit : dict of str to Credit
        By form: `right`, `marked` and `found`, each of shape (hand_ins,).
    both, first : ndarray of int32, shape (hand_ins, labels)
        Words that hand-in and key marked (n11), and that the hand-in marked (n1); None without ``kappa``.
    """

    sheet: Sheet
    hand_ins: pd.Index
    spans: Ints
    credit: dict[str, Credit]
    both: Ints | None = None
    first: Ints | None = None

    @cached_property
    def counts(self) -> pd.DataFrame:
        """One row per hand-in: ``spans``, then ``right``, ``marked``, ``found`` and ``expected`` of each form."""
        columns: dict[str, Any] = {"spans": self.spans}
        for form, credit in self.credit.items():
            columns |= {f"{form}_{name}": values for name, values in credit._asdict().items()}
            columns[f"{form}_expected"] = self.sheet.expected(form)
        return pd.DataFrame(columns, index=self.hand_ins)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row per hand-in: ``spans``, then precision, recall and F1 of each form, 0 to 1 or NaN.

        With ``kappa`` also ``mean_kappa``, -1 to 1 or NaN, over the ``kappa_labels`` labels for which it is defined.
        """
        columns: dict[str, Any] = {"spans": self.spans}
        for form, credit in self.credit.items():
            values = quotients(credit, self.sheet.expected(form))
            columns |= {f"{form}_{name}": value for name, value in zip(_RATIOS, values, strict=True)}
        if self.both is not None:
            columns["mean_kappa"], columns["kappa_labels"] = mean_kappas(*self._table())
        return pd.DataFrame(columns, index=self.hand_ins)

    @cached_property
    def reasons(self) -> pd.DataFrame:
        """Why a ratio of `frame` is undefined, in words: the same columns, empty where there is a number."""
        columns: dict[str, Any] = {}
        for form, credit in self.credit.items():
            texts = reasons(credit, self.sheet.expected(form))
            columns |= {f"{form}_{name}": text for name, text in zip(_RATIOS, texts, strict=True)}
        if self.both is not None:
            columns["mean_kappa"] = np.where(self.frame["kappa_labels"] == 0, NOTHING, "")
        return pd.DataFrame(columns, index=self.hand_ins, dtype="str")

    @cached_property
    def by_label(self) -> pd.DataFrame:
        """One row per hand-in and label: the four counts of `Contingency`, ``kappa`` and ``positive_agreement``.

        Hand-ins times labels rows; for large classes see `Totals.pooled`.
        """
        both, first, second, units = (np.ravel(values) for values in np.broadcast_arrays(*self._table()))
        columns = {"both": both, "first": first, "second": second, "units": units}
        ratios = {"kappa": kappas(both, first, second, units), "positive_agreement": agreements(both, first, second)}
        index = pd.MultiIndex.from_product([self.hand_ins, self.sheet.labels], names=["hand_in", "label"])
        return pd.DataFrame(columns | ratios, index=index)

    def tally(self, hand_in: Hashable, form: str) -> Tally:
        """Counts of one hand-in; their scores say why one is undefined."""
        right, marked, found = (values[self._row(hand_in)].item() for values in self._credit(form))
        return Tally(right, marked, found, self.sheet.expected(form))

    @cached_property
    def totals(self) -> Totals:
        """Counts of the whole class."""
        times, words = len(self.hand_ins), np.zeros((0, 4), dtype=np.int64)
        if self.both is not None:
            both, first, second, units = self._table()
            words = np.column_stack([both.sum(axis=0), first.sum(axis=0), second * times, units * times])
        tallies = {
            form: Tally(
                exact_sum(of.right), int(of.marked.sum()), exact_sum(of.found), self.sheet.expected(form) * times
            )
            for form, of in self.credit.items()
        }
        return Totals(times, int(self.spans.sum()), tallies, self.sheet.labels, words)

    def contingency(self, hand_in: Hashable, label: str) -> Contingency:
        """Counts of one hand-in and label on words."""
        row, column = self._row(hand_in), self.sheet.code(label)
        both, first, second, units = self._table()
        return Contingency(int(both[row, column]), int(first[row, column]), int(second[column]), int(units[column]))

    def _row(self, hand_in: Hashable) -> int:
        row = int(self.hand_ins.get_indexer(pd.Index([hand_in]))[0])
        if row < 0:
            raise UnknownNameError("hand-in", hand_in, map(str, self.hand_ins[:_LISTED]))
        return row

    def _credit(self, form: str) -> Credit:
        if form not in self.credit:
            raise UnknownNameError("form of score here", form, self.credit)
        return self.credit[form]

    def _table(self) -> tuple[Ints, Ints, Ints, Ints]:
        if self.both is None or self.first is None:
            raise UnknownNameError("form of score here", "kappa", self.credit)
        return self.both.astype(np.int64), self.first.astype(np.int64), self.sheet.kappa.second, self.sheet.kappa.units
