"""Scores of one label set against another: plain numbers in, plain numbers out, nothing known of articles.

Offsets are half-open code points, trimmed by the caller if at all. What is counted is kept as counts (`Tally`, which
adds up over texts); ratios are computed on reading, and an undefined one is a NaN that knows why.

==========================  ==========================================================================================
`exact`                     same words, same label
`best_match`                overlap: every mark and every entry meets its best counterpart (what students see)
`semeval2020`               overlap in the official form of SemEval-2020 Task 11, for comparison with papers
`semeval2013`               correct, incorrect, partial, missed and spurious over the best one-to-one alignment
`scored`                    the marks that count where a key leaves questions open
`wilson`                    range of a proportion
`discernment`               d′ and c, confidence against being right
`items`                     how hard a passage is, and whether it tells strong from weak hand-ins
==========================  ==========================================================================================
"""

from secondsource.metrics.overlap import Expected, Mark, best_match, exact, scored, semeval2020
from secondsource.metrics.semeval2013 import SCHEMES, Counts2013, align, distinct, semeval2013
from secondsource.metrics.tally import Scores, Tally, wilson

__all__ = [
    "SCHEMES",
    "Counts2013",
    "Expected",
    "Mark",
    "Scores",
    "Tally",
    "align",
    "best_match",
    "distinct",
    "exact",
    "scored",
    "semeval2013",
    "semeval2020",
    "wilson",
]
