"""How hard the passages of a key are for a class, and which of them tell strong from weak hand-ins."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from secondsource.metrics.discernment import Estimate
from secondsource.metrics.tally import wilson
from secondsource.ratio import Ratio

__all__ = ["ENOUGH_HAND_INS", "Item", "items"]

ENOUGH_HAND_INS = 50  # below, discrimination is noise: ± 0.37 with 30 hand-ins

NO_HAND_INS = "nobody handed in"
NOT_FOUND = "nobody found this passage, so it does not tell hand-ins apart"
ALL_FOUND = "everybody found this passage, so it does not tell hand-ins apart"
SAME_REST = "all hand-ins found equally many of the other passages"


@dataclass(frozen=True, slots=True)
class Item:
    """A passage of the key in a class: exact sums over hand-ins; those of several classes add up.

    With x 1 for a hand-in that found the passage and 0 for others, and t the number of *other* passages it found:

    Attributes
    ----------
    hand_ins, found : int
        Number of hand-ins, and sum of x.
    rest, rest_squares, together : int
        Sums of t, t² and x t.
    """

    hand_ins: int = 0
    found: int = 0
    rest: int = 0
    rest_squares: int = 0
    together: int = 0

    def __add__(self, other: "Item") -> "Item":
        return Item(
            self.hand_ins + other.hand_ins,
            self.found + other.found,
            self.rest + other.rest,
            self.rest_squares + other.rest_squares,
            self.together + other.together,
        )

    @property
    def difficulty(self) -> Estimate:
        """Share of hand-ins that found the passage, 0 to 1, with Wilson interval: high is easy."""
        if not self.hand_ins:
            return Estimate.undefined(NO_HAND_INS)
        return Estimate(self.found / self.hand_ins, *wilson(self.found, self.hand_ins))

    @property
    def discrimination(self) -> Ratio:
        """Pearson correlation of x with t, -1 to 1; undefined if either is the same for all. Show it if `shown`."""
        n = self.hand_ins
        x_spread = self.found * (n - self.found)
        rest_spread = n * self.rest_squares - self.rest**2
        if not x_spread:
            return Ratio.undefined((ALL_FOUND if self.found else NOT_FOUND) if n else NO_HAND_INS)
        if not rest_spread:
            return Ratio.undefined(SAME_REST)
        return Ratio(self._covariance / math.sqrt(x_spread * rest_spread))

    @property
    def shown(self) -> bool:
        """Whether there are enough hand-ins for discrimination to be more than noise."""
        return self.hand_ins >= ENOUGH_HAND_INS

    @property
    def flagged(self) -> bool:
        """Whether to look at the passage again: negative discrimination that may be shown, difficulty 0.1 to 0.9."""
        between = self.hand_ins <= 10 * self.found <= 9 * self.hand_ins
        return self.shown and between and self.discrimination.defined and self._covariance < 0

    @property
    def _covariance(self) -> int:
        return self.hand_ins * self.together - self.found * self.rest


def items(rows: Sequence[Sequence[int]]) -> list[Item]:
    """Sum up hand-ins, one item for each column; no rows give no items.

    Parameters
    ----------
    rows : sequence of shape (hand-ins, passages)
        1 where the hand-in found the passage (*matched* or *accepted*), otherwise 0. Anything else and rows of unequal
        length are a `ValueError`.

    Examples
    --------
    >>> easy, *others = items([(1, 1, 1), (1, 1, 0), (1, 0, 1), (1, 0, 0), (0, 0, 0)])
    >>> easy.difficulty.value, [item.difficulty.value for item in others]
    (0.8, [0.4, 0.4])
    >>> round(easy.discrimination.value, 4), [round(item.discrimination.value, 4) for item in others]
    (0.5345, [0.3273, 0.3273])
    """
    if len({len(row) for row in rows}) > 1:
        raise ValueError("every hand-in needs one entry for each passage")
    if any(x not in (0, 1) for row in rows for x in row):
        raise ValueError("an entry is 1 (found) or 0 (not found)")
    totals = [sum(map(int, row)) for row in rows]
    every, squares = sum(totals), sum(total**2 for total in totals)
    made = []
    for column in zip(*rows, strict=True):
        finders = [total for total, x in zip(totals, column, strict=True) if x]
        found, theirs = len(finders), sum(finders)
        # t is the total less x: these are the sums of t, t² and x t, with x² = x.
        made.append(Item(len(totals), found, every - found, squares - 2 * theirs + found, theirs - found))
    return made
