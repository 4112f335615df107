"""Scores of whole classes: the numbers of `metrics` and `agreement` for thousands of hand-ins in one pass.

A `Sheet` is a key in plain numbers, `pack` checks the spans of a class, `score` gives a `CohortScores`, and
`score_parquet` does the same for files of any size.
"""

from secondsource.cohort.pack import Spans, pack
from secondsource.cohort.parquet import score_parquet
from secondsource.cohort.scores import CohortScores
from secondsource.cohort.scoring import FORMS, score
from secondsource.cohort.sheet import Sheet
from secondsource.cohort.totals import Totals
from secondsource.errors import TableError

__all__ = ["FORMS", "CohortScores", "Sheet", "Spans", "TableError", "Totals", "pack", "score", "score_parquet"]
