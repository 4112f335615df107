"""Correct, incorrect, partial, missed, spurious: the counts of SemEval-2013, over the best one-to-one alignment."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from fractions import Fraction

from secondsource.assignment import assign
from secondsource.intervals import meetings, shared
from secondsource.metrics.overlap import Mark
from secondsource.metrics.tally import Tally

__all__ = ["SCHEMES", "Counts2013", "align", "distinct", "fit", "semeval2013"]

SCHEMES = ("strict", "exact", "partial", "type")
LABEL_COUNTS = 4  # a right label nearly in place beats a wrong label in place


@dataclass(frozen=True, slots=True)
class Counts2013:
    """Numbers of pairs and leftovers under one scheme; counts of several texts add up.

    Examples
    --------
    >>> (Counts2013(3, 0, 2, 1, 1)).tally.scores.f1.value == 2 / 3
    True
    """

    correct: int = 0
    incorrect: int = 0
    partial: int = 0
    missed: int = 0
    spurious: int = 0

    def __add__(self, other: "Counts2013") -> "Counts2013":
        return Counts2013(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    @property
    def tally(self) -> Tally:
        """``P = (COR + ½PAR) / (COR+INC+PAR+SPU)``, ``R = (COR + ½PAR) / (COR+INC+PAR+MIS)``."""
        credit = self.correct + Fraction(self.partial, 2)
        paired = self.correct + self.incorrect + self.partial
        return Tally(credit, paired + self.spurious, credit, paired + self.missed)


def semeval2013(
    marks: Iterable[Mark], key: Iterable[Mark], *, pairs: Sequence[tuple[int, int]] | None = None
) -> dict[str, Counts2013]:
    """Counts under the four schemes of SemEval-2013 Task 9.

    ==========  ==========================  =================================
    scheme      correct                     other pairs are
    ==========  ==========================  =================================
    *strict*    same words and same label   incorrect
    *exact*     same words                  incorrect
    *partial*   same words                  partial
    *type*      same label                  incorrect
    ==========  ==========================  =================================

    The task does not say which span answers which; here it is the best alignment (`align`), so that no order of the
    spans changes a count; ``pairs`` is what `align` gave, if that is known already. Leftover marks are spurious,
    leftover entries missed.

    References
    ----------
    Segura-Bedmar, Martínez & Herrero-Zazo 2013, SemEval-2013 Task 9 (S13-2056), as restated by later scorers.

    Examples
    --------
    >>> key = [(0, 7, "BRAND"), (33, 41, "DRUG"), (50, 61, "DRUG"), (70, 79, "DRUG"), (80, 88, "DRUG")]
    >>> marks = [(15, 22, "BRAND"), (30, 41, "DRUG"), (50, 61, "BRAND"), (70, 79, "DRUG"), (80, 88, "DRUG")]
    >>> semeval2013([*marks, (90, 109, "DRUG")], [*key, (95, 109, "GROUP")])["strict"]
    Counts2013(correct=2, incorrect=3, partial=0, missed=1, spurious=1)
    """
    mine, theirs = distinct(marks), distinct(key)
    met = [(mine[i], theirs[k]) for i, k in (align(mine, theirs) if pairs is None else pairs)]
    words = sum(a[:2] == b[:2] for a, b in met)
    label = sum(a[2] == b[2] for a, b in met)
    both = sum(a == b for a, b in met)
    n, missed, spurious = len(met), len(theirs) - len(met), len(mine) - len(met)
    return {
        "strict": Counts2013(both, n - both, 0, missed, spurious),
        "exact": Counts2013(words, n - words, 0, missed, spurious),
        "partial": Counts2013(words, 0, n - words, missed, spurious),
        "type": Counts2013(label, n - label, 0, missed, spurious),
    }


def distinct(marks: Iterable[Mark]) -> list[Mark]:
    """Marks without duplicates, in text order."""
    return sorted(set(marks))


def fit(a: Mark, b: Mark) -> Fraction:
    """Characters in common over characters of both, 0 to 1."""
    both = shared(a[:2], b[:2])
    return Fraction(both, a[1] - a[0] + b[1] - b[0] - both)


def align(marks: Iterable[Mark], key: Iterable[Mark]) -> list[tuple[int, int]]:
    """Which mark answers which entry, one to one.

    Equal spans are pairs. The others that share a character are assigned so that the total of ``4·fit`` (same label)
    or ``fit`` (other label) is largest; of equal totals, the first in text order.

    Returns
    -------
    list of (int, int)
        Sorted indices into `distinct` marks and `distinct` entries.

    Examples
    --------
    Taking the closest pair first would leave the second entry to nobody.

    >>> align([(0, 6, "A"), (0, 14, "A")], [(0, 10, "A"), (8, 22, "A")])
    [(0, 0), (1, 1)]
    """
    mine, theirs = distinct(marks), distinct(key)
    place = {entry: k for k, entry in enumerate(theirs)}
    same = [(i, place[mark]) for i, mark in enumerate(mine) if mark in place]
    done, answered = {i for i, _ in same}, {k for _, k in same}
    weights = {
        (k, i): fit(mine[i], theirs[k]) * (LABEL_COUNTS if mine[i][2] == theirs[k][2] else 1)
        for i, k in meetings([mark[:2] for mark in mine], [entry[:2] for entry in theirs])
        if i not in done and k not in answered
    }
    return sorted(same + [(i, k) for k, i in assign(weights)])
