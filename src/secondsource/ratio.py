"""A number that knows why it is missing."""

import math
from dataclasses import dataclass
from fractions import Fraction

__all__ = ["Ratio"]


@dataclass(frozen=True, slots=True)
class Ratio:
    """A quotient of counts, or NaN with the reason why it is undefined.

    Counts are stored and ratios computed on reading: an undefined one is never a silent 0 or 1.

    Attributes
    ----------
    value : float
        The number; what it can be is said where it is made.
    reason : str
        Why there is none; empty if there is.

    Examples
    --------
    >>> Ratio.of(Fraction(2, 6))
    Ratio(value=0.3333333333333333, reason='')
    >>> Ratio.undefined("nothing was marked")
    Ratio(value=nan, reason='nothing was marked')
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
