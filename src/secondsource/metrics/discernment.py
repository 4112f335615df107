"""Whether a reader tells what is there from what is not (d′ and c), and whether being sure goes with being right."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist

from secondsource.ratio import Ratio

__all__ = ["ENOUGH_RATED", "Confidence", "Detection", "Estimate", "readiness"]

ENOUGH_RATED = 10  # rated marks below which students see nothing about confidence

NO_SIGNAL = "there is nothing to find here"
NO_NOISE = "there is no part here that should stay unmarked"
NOT_RATED = "no mark says how sure its reader was"

_NORMAL = NormalDist()
_NOISE = 1e-12  # what rounding leaves of quantiles that cancel out


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95 % interval, or three NaN with the reason why there is none.

    Examples
    --------
    >>> Estimate.undefined("nobody handed in")
    Estimate(value=nan, low=nan, high=nan, reason='nobody handed in')
    """

    value: float
    low: float
    high: float
    reason: str = ""

    @classmethod
    def undefined(cls, reason: str) -> "Estimate":
        """Make an undefined estimate."""
        return cls(math.nan, math.nan, math.nan, reason)

    @property
    def defined(self) -> bool:
        """Whether there is a number."""
        return not self.reason


@dataclass(frozen=True, slots=True)
class Detection:
    """How many cells (sentence × label) a reader marked, with and without something to find there; adds up.

    Attributes
    ----------
    hits, signals : int
        Marked cells among those with something to find, and all of those.
    false_alarms, noises : int
        Marked cells among those with nothing to find, and all of those. Impossible counts are a `ValueError`.

    Notes
    -----
    The log-linear correction of Hautus (1995), Behavior Research Methods, Instruments & Computers 27, in its
    proportional form: with q the share of signal cells, z the quantile and φ the density of the normal distribution::

        H = (hits + q) / (signals + 2q)        F = (false_alarms + 1 - q) / (noises + 2(1 - q))
        d′ = z(H) - z(F)                       c = -(z(H) + z(F)) / 2
        SE(d′)² = H(1 - H) / (signals φ(z(H))²) + F(1 - F) / (noises φ(z(F))²)        SE(c) = SE(d′) / 2

    The interval is ± 1.96 SE (Gourevitch & Galanter 1967, Psychometrika 32). Correction and variance have not yet been
    compared with the papers.

    Examples
    --------
    >>> reader = Detection(hits=20, signals=25, false_alarms=10, noises=25)
    >>> [round(number, 3) for number in (reader.sensitivity.low, reader.sensitivity.high)]
    [0.301, 1.788]
    >>> round(reader.sensitivity.value, 4), round(reader.criterion.value, 4)
    (1.0445, -0.2788)
    """

    hits: int = 0
    signals: int = 0
    false_alarms: int = 0
    noises: int = 0

    def __post_init__(self) -> None:
        if not (0 <= self.hits <= self.signals and 0 <= self.false_alarms <= self.noises):
            raise ValueError(f"no reader can have produced {self}")

    def __add__(self, other: "Detection") -> "Detection":
        return Detection(
            self.hits + other.hits,
            self.signals + other.signals,
            self.false_alarms + other.false_alarms,
            self.noises + other.noises,
        )

    @property
    def sensitivity(self) -> Estimate:
        """d′: how well the reader tells the two kinds of cells apart; 0 if not at all, undefined without both kinds."""
        reason = self._reason()
        if reason:
            return Estimate.undefined(reason)
        (z_hit, hit_variance), (z_false, false_variance) = self._rates()
        return _interval(z_hit - z_false, math.sqrt(hit_variance + false_variance))

    @property
    def criterion(self) -> Estimate:
        """c: below 0 if the reader marks readily, above 0 if reluctantly; undefined without both kinds of cells."""
        reason = self._reason()
        if reason:
            return Estimate.undefined(reason)
        (z_hit, hit_variance), (z_false, false_variance) = self._rates()
        return _interval((0 - z_hit - z_false) / 2, math.sqrt(hit_variance + false_variance) / 2)

    def _reason(self) -> str:
        return (NO_NOISE if self.signals else NO_SIGNAL) if not (self.signals and self.noises) else ""

    def _rates(self) -> tuple[tuple[float, float], tuple[float, float]]:
        q = Fraction(self.signals, self.signals + self.noises)
        return _rate(self.hits, self.signals, q), _rate(self.false_alarms, self.noises, 1 - q)


def _rate(marked: int, cells: int, share: Fraction) -> tuple[float, float]:
    """Return z of the corrected rate, and the variance of z."""
    rate = float((marked + share) / (cells + 2 * share))
    z = _NORMAL.inv_cdf(rate)
    return z, rate * (1 - rate) / (cells * _NORMAL.pdf(z) ** 2)


def _interval(value: float, error: float) -> Estimate:
    value = 0.0 if abs(value) < _NOISE else value
    return Estimate(value, value - 1.96 * error, value + 1.96 * error)


def readiness(criterion: Estimate) -> str:
    """How readily a reader marks, from c: ``"more"``, ``"less"`` or ``"about"`` (as readily as the key).

    More below -0.3, less above 0.3, and only if the interval excludes 0; empty if c is undefined.

    Examples
    --------
    >>> readiness(Detection(12, 12, 8, 8).criterion), readiness(Detection(7, 12, 3, 8).criterion)
    ('more', 'about')
    """
    if not criterion.defined:
        return ""
    if criterion.value < -0.3 and criterion.high < 0:
        return "more"
    return "less" if criterion.value > 0.3 and criterion.low > 0 else "about"


@dataclass(frozen=True, slots=True)
class Confidence:
    """Exact sums over rated marks, of how sure the reader was (p) and whether the label was right (y); adds up.

    Attributes
    ----------
    rated, correct : int
        Rated marks, and those of them whose label was right.
    certainty, squares : Fraction
        Sum of p, and sum of (p - y)².

    Examples
    --------
    The example of the scikit-learn documentation:

    >>> round(Confidence.of([(0.1, 0), (0.9, 1), (0.8, 1), (0.3, 0)]).brier.value, 12)
    0.0375
    """

    rated: int = 0
    correct: int = 0
    certainty: Fraction = Fraction()
    squares: Fraction = Fraction()

    @classmethod
    def of(cls, pairs: Iterable[tuple[float | None, int]]) -> "Confidence":
        """Sum pairs (p, y) with p in [0, 1] and y 0 or 1, otherwise `ValueError`; p None or NaN is not rated.

        Examples
        --------
        >>> Confidence.of([(0.5, 1), (None, 0), (0.75, 0)])
        Confidence(rated=2, correct=1, certainty=Fraction(5, 4), squares=Fraction(13, 16))
        """
        # Few different ratings are in use: the exact sums are made once for each.
        rows = Counter((p, y) for p, y in pairs if p is not None and not math.isnan(p))
        wrong = [(p, y) for p, y in rows if not 0 <= p <= 1 or y not in (0, 1)]
        if wrong:
            raise ValueError(f"{wrong[0]} is not a confidence from 0 to 1 with right (1) or not (0)")
        exact = [(Fraction(float(p)), int(y), times) for (p, y), times in rows.items()]
        return cls(
            rows.total(),
            sum(y * times for _, y, times in exact),
            sum((p * times for p, _, times in exact), Fraction()),
            sum(((p - y) ** 2 * times for p, y, times in exact), Fraction()),
        )

    def __add__(self, other: "Confidence") -> "Confidence":
        return Confidence(
            self.rated + other.rated,
            self.correct + other.correct,
            self.certainty + other.certainty,
            self.squares + other.squares,
        )

    @property
    def enough(self) -> bool:
        """Whether there are enough rated marks to show a student."""
        return self.rated >= ENOUGH_RATED

    @property
    def brier(self) -> Ratio:
        """Mean of (p - y)², 0 (best) to 1; always 0.5 sure gives 0.25 (Brier 1950, Monthly Weather Review 78)."""
        return self._mean(self.squares)

    @property
    def sure(self) -> Ratio:
        """Mean of p, 0 to 1; undefined without rated marks, like the other three."""
        return self._mean(self.certainty)

    @property
    def right(self) -> Ratio:
        """Mean of y, 0 to 1: the share of rated marks whose label was right."""
        return self._mean(Fraction(self.correct))

    @property
    def over_confidence(self) -> Ratio:
        """Mean p less mean y, -1 to 1; positive: more sure than right.

        Examples
        --------
        >>> rated = Confidence.of([(0.9, 1), (0.8, 0), (0.9, 1), (0.6, 1), (0.7, 0)])
        >>> round(rated.over_confidence.value, 12), round(rated.brier.value, 12)
        (0.18, 0.262)
        """
        return self._mean(self.certainty - self.correct)

    def _mean(self, total: Fraction) -> Ratio:
        return Ratio.of(total / self.rated) if self.rated else Ratio.undefined(NOT_RATED)
