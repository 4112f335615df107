"""How far readers agree beyond chance: kappa of two readers, alpha of many, alpha of stretches of text.

Plain Python on exact integers, so that no result depends on the order of its parts. A unit is a word or a sentence,
as the caller decides. An undefined coefficient is a NaN that knows why (`Ratio`).
"""

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from operator import index

from secondsource.intervals import Bounds
from secondsource.ratio import Ratio

__all__ = ["Contingency", "Unitized", "binary_alpha", "mean_kappa", "nominal_alpha", "nominal_kappa", "unitized_alpha"]

Mark = tuple[int, int, str]

NOTHING = "there is nothing to compare here"
UNUSED = "nobody used this label here, so there is nothing to compare"
EVERYWHERE = "everybody used this label everywhere, so there is nothing to compare"
NO_VARIATION = "everybody used one and the same label everywhere, so there is nothing to compare"
TOO_FEW = "fewer than two people labelled this, so there is nothing to compare"
NOT_SHARED = "no part was labelled by two people, so there is nothing to compare"
UNMARKED = "nobody marked anything here, so there is nothing to compare"
NO_GAPS = "everybody marked the whole text, so there is nothing to compare"


@dataclass(frozen=True, slots=True)
class Contingency:
    """How often two readers used one label on the same units; contingencies of several texts add up.

    Attributes
    ----------
    both, first, second, units : int
        Units that both marked (n11), the first reader (n1), the second reader or the key (nk), and all of them (n).
        Counts that no two readers can have produced are a `ValueError`.

    Notes
    -----
    Cohen (1960), Educ. Psychol. Meas. 20; Artstein & Poesio (2008), Computational Linguistics 34(4)::

        observed = (n - n1 - nk + 2 n11) / n            chance = (n1 nk + (n - n1)(n - nk)) / n²
        kappa = (observed - chance) / (1 - chance)

    Examples
    --------
    The table of Artstein & Poesio (not yet compared with the paper):

    >>> table = Contingency(50, 70, 60, 100)
    >>> table.observed.value, round(table.kappa.value, 3), round(table.positive_agreement.value, 3)
    (0.7, 0.348, 0.769)
    >>> Contingency(0, 0, 0, 10).kappa.reason
    'nobody used this label here, so there is nothing to compare'
    """

    both: int = 0
    first: int = 0
    second: int = 0
    units: int = 0

    def __post_init__(self) -> None:
        fewest = max(0, self.first + self.second - self.units)
        if not (fewest <= self.both <= min(self.first, self.second) and max(self.first, self.second) <= self.units):
            raise ValueError(f"no two readers can have produced {self}")

    def __add__(self, other: "Contingency") -> "Contingency":
        both, first = self.both + other.both, self.first + other.first
        return Contingency(both, first, self.second + other.second, self.units + other.units)

    @classmethod
    def of(cls, first: Iterable[object], second: Iterable[object]) -> "Contingency":
        """Count two rows of equal length with one entry per unit; what is true in the sense of Python is marked.

        Examples
        --------
        >>> Contingency.of([1, 1, 0, 0], [1, 0, 0, 0])
        Contingency(both=1, first=2, second=1, units=4)
        """
        pairs = Counter(zip(map(bool, first), map(bool, second), strict=True))
        both = pairs[True, True]
        return cls(both, both + pairs[True, False], both + pairs[False, True], pairs.total())

    @property
    def observed(self) -> Ratio:
        """Share of units on which the two agree, 0 to 1; undefined without units."""
        return _share(self._equal, self.units, NOTHING)

    @property
    def chance(self) -> Ratio:
        """Share on which they would agree by guessing equally often, 0 to 1; undefined without units."""
        return _share(self._guessed, self.units**2, NOTHING)

    @property
    def kappa(self) -> Ratio:
        """Agreement beyond chance, -1 to 1; 0 if one side is constant; undefined if both are, in the same way."""
        reason = EVERYWHERE if self.first else UNUSED if self.units else NOTHING
        return _share(self.units * self._equal - self._guessed, self.units**2 - self._guessed, reason)

    @property
    def positive_agreement(self) -> Ratio:
        """``2 n11 / (n1 + nk)``, 0 to 1: agreement where somebody marked; undefined if nobody did."""
        return _share(2 * self.both, self.first + self.second, UNUSED if self.units else NOTHING)

    @property
    def prevalence(self) -> Ratio:
        """Share of units that the second side marked, 0 to 1; undefined without units. Where it is low, so is kappa."""
        return _share(self.second, self.units, NOTHING)

    @property
    def _equal(self) -> int:
        return self.units - self.first - self.second + 2 * self.both

    @property
    def _guessed(self) -> int:
        return self.first * self.second + (self.units - self.first) * (self.units - self.second)


def _share(part: int, whole: int, reason: str) -> Ratio:
    return Ratio.of(Fraction(part, whole)) if whole else Ratio.undefined(reason)


def nominal_kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> Ratio:
    """Kappa of two readers who gave each unit one label, -1 to 1; None is a label like any other.

    ``(po - pe) / (1 - pe)`` with po the share of equal labels, ``pe = Σ p_l q_l`` (Cohen 1960). Undefined without units
    and if both used one label throughout. Rows of unequal length are a `ValueError`.

    Examples
    --------
    >>> nominal_kappa("AABB", "AABA").value
    0.5
    """
    equal = sum(a == b for a, b in zip(first, second, strict=True))
    units, times = len(first), Counter(second)
    guessed = sum(count * times[label] for label, count in Counter(first).items())
    return _share(units * equal - guessed, units**2 - guessed, NO_VARIATION if units else NOTHING)


def mean_kappa(contingencies: Iterable[Contingency]) -> tuple[Ratio, int]:
    """Mean of kappa over the labels for which it is defined, with their number; undefined if there are none.

    Examples
    --------
    >>> mean_kappa([Contingency(4, 6, 5, 20), Contingency(0, 0, 3, 10), Contingency(0, 0, 0, 10)])
    (Ratio(value=0.3125, reason=''), 2)
    """
    defined = [kappa.value for kappa in (each.kappa for each in contingencies) if kappa.defined]
    return Ratio(math.fsum(defined) / len(defined)) if defined else Ratio.undefined(NOTHING), len(defined)


def nominal_alpha(ratings: Sequence[Sequence[Hashable | None]]) -> Ratio:
    """Krippendorff's alpha of any number of raters with one label per unit; at most 1, below 0 if worse than chance.

    ``ratings`` has the shape (raters, units), with rows of equal length (otherwise `ValueError`) and None or NaN where
    a label is missing. Undefined with fewer than two raters, if no two labelled a unit, and without variation.

    ``alpha = 1 - (n - 1) Σ_{c≠k} o_ck / Σ_{c≠k} n_c n_k`` with ``o_ck = Σ_u (ordered pairs c, k in u) / (m_u - 1)``
    over units u with at least two labels; Krippendorff (2011), Computing Krippendorff's alpha-reliability.

    Examples
    --------
    The binary and the nominal table of that paper:

    >>> round(nominal_alpha(["0100000010", "1110010000"]).value, 3)
    0.095
    >>> rows = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
    >>> round(nominal_alpha([[None if label == "." else label for label in row] for row in rows]).value, 3)
    0.743
    """
    if len({len(row) for row in ratings}) > 1:
        raise ValueError("every rater needs one entry for each unit (None where it is missing)")
    if len(ratings) < 2:
        return Ratio.undefined(TOO_FEW)
    frequency, unequal = Counter[Hashable](), Counter[int]()
    for unit, times in Counter(zip(*ratings, strict=True)).items():
        # NaN, the missing value of tables, is the one label that is not equal to itself.
        labels = Counter([label for label in unit if label is not None and label == label])
        m = labels.total()
        if m >= 2:
            frequency.update({label: times * n for label, n in labels.items()})
            unequal[m - 1] += times * _unequal_pairs(labels)
    observed = sum((Fraction(pairs, others) for others, pairs in unequal.items()), Fraction())
    reason = NO_VARIATION if frequency else NOT_SHARED if ratings[0] else NOTHING
    return _beyond((frequency.total() - 1) * observed, _unequal_pairs(frequency), reason)


def _beyond(observed: Fraction | int, expected: int, reason: str) -> Ratio:
    return Ratio.of(1 - Fraction(observed) / expected) if expected else Ratio.undefined(reason)


def _unequal_pairs(labels: "Counter[Hashable]") -> int:
    return labels.total() ** 2 - sum(n * n for n in labels.values())


def binary_alpha(marked: Iterable[int], raters: int) -> Ratio:
    """Krippendorff's alpha of one label, from how many of all raters marked each unit; at most 1.

    The same as `nominal_alpha` on a table of 0 and 1: not to have marked is 0, not missing. Undefined with fewer than
    two raters and without variation. A number below 0 or above the number of raters is a `ValueError`.

    Examples
    --------
    >>> round(binary_alpha([1, 2, 1, 0, 0, 1, 0, 0, 1, 0], 2).value, 3)
    0.095
    """
    units = Counter(map(index, marked))
    if units and not 0 <= min(units) <= max(units) <= raters:
        raise ValueError(f"a unit can be marked by 0 to {raters} raters, not by {min(units)} to {max(units)}")
    if raters < 2:
        return Ratio.undefined(TOO_FEW)
    ones = sum(c * times for c, times in units.items())
    zeros = raters * units.total() - ones
    unequal = sum(c * (raters - c) * times for c, times in units.items())
    reason = EVERYWHERE if ones else UNUSED if units else NOTHING
    return _beyond((ones + zeros - 1) * unequal, (raters - 1) * ones * zeros, reason)


@dataclass(frozen=True, slots=True)
class Unitized:
    """Alpha of stretches of text: with their labels, and of marked against unmarked text alone."""

    all: Ratio
    valued: Ratio


def unitized_alpha(raters: Sequence[Sequence[Mark]], length: int) -> Unitized:
    """Krippendorff's alpha of raters who chose stretches of a text themselves and labelled them; at most 1.

    Each rater has stretches (start, end, label) in half-open code points; ``length`` are the code points of the text.
    Texts do not pool: lay them end to end. Undefined with fewer than two raters, without text, and without variation.
    Stretches of one rater that overlap, are empty or leave the text are a `ValueError`.

    Krippendorff, Mathet, Bouvry & Widlöcher (2016), Quality & Quantity 50 (not yet compared with the paper). Unmarked
    text, the gap, is a value too; o_ck are the characters valued c by one and k by another rater over ordered pairs of
    the m raters, divided by m - 1; n_c and n their totals; Q_c the sum of len² of stretches valued c, of len for gaps::

        e_ck = n (n_c n_k - [c = k] Q_c) / (n² - Σ_c Q_c)
        all = 1 - (n - Σ_c o_cc) / (n - Σ_c e_cc)        valued = 1 - Σ_{k≠gap} o_gap,k / Σ_{k≠gap} e_gap,k

    Examples
    --------
    >>> alex, paul = [(2, 5, "1"), (9, 11, "1"), (12, 20, "2")], [(2, 5, "1"), (7, 15, "2")]
    >>> alpha = unitized_alpha([alex, paul, [(2, 5, "1"), (10, 15, "2")]], 20)
    >>> half = unitized_alpha([[(0, 4, "A")], [(2, 6, "A")]], 10)
    >>> alpha.all.value == 109 / 230, alpha.valued.value == 277 / 640, half.all.value == 31 / 120
    (True, True, True)
    """
    by_label = defaultdict[str, list[Bounds]](list)
    for units in raters:
        _check(sorted(units), length)
        for start, end, label in units:
            by_label[label].append((start, end))
    if len(raters) < 2 or not length:
        return Unitized(*[Ratio.undefined(NOTHING if len(raters) >= 2 else TOO_FEW)] * 2)
    return _alphas(by_label, len(raters), length)


def _check(units: list[Mark], length: int) -> None:
    for start, end, label in units:
        if not 0 <= start < end <= length:
            raise ValueError(f"{(start, end, label)} is not a stretch of a text of {length} characters")
    for left, right in pairwise(units):
        if right[0] < left[1]:
            raise ValueError(f"{left} and {right} of one rater overlap")


def _alphas(by_label: Mapping[str, list[Bounds]], m: int, length: int) -> Unitized:
    places = [place for own in by_label.values() for place in own]
    sizes = [sum(end - start for start, end in own) for own in by_label.values()]
    n = m * length
    gap = n - sum(sizes)
    # The formula's n - Σ e_cc is n (n² - Σ n_c²) / free.
    free = n**2 - gap - sum((end - start) ** 2 for start, end in places)
    # d raters with the same value are d² ordered pairs; where d of m mark, the gap has (m - d)².
    gap_pairs = m * n - 2 * m * sum(sizes) + _squared_depth(places)
    unequal = m * n - gap_pairs - sum(map(_squared_depth, by_label.values()))
    reason = UNMARKED if gap == n else NO_VARIATION if len(sizes) == 1 else NO_GAPS
    scale = (m - 1) * n
    return Unitized(
        _beyond(unequal * free, scale * (n**2 - gap**2 - sum(size**2 for size in sizes)), reason),
        _beyond((m * gap - gap_pairs) * free, scale * gap * (n - gap), reason),
    )


def _squared_depth(places: Iterable[Bounds]) -> int:
    """Sum over all characters of the squared number of stretches they lie in: one sweep over the boundaries."""
    steps = defaultdict[int, int](int)
    for start, end in places:
        steps[start] += 1
        steps[end] -= 1
    squares = depth = before = 0
    for place in sorted(steps):
        squares += depth * depth * (place - before)
        depth, before = depth + steps[place], place
    return squares
