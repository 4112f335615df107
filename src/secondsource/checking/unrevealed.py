"""Nothing of a key stands in what students get before they have answered: lessons and exercises."""

from collections.abc import Iterator
from functools import lru_cache

from nbformat import NotebookNode

from secondsource.case import Case
from secondsource.checking.finding import Broken
from secondsource.checking.shown import shown
from secondsource.checking.surroundings import QUOTED, Surroundings, runs
from secondsource.errors import SecondSourceError

__all__ = ["check_unrevealed"]


def check_unrevealed(notebook: NotebookNode, around: Surroundings) -> Iterator[Broken]:
    """Reasons, counter-arguments and explanations of a key are words of its own; none stands in a cell or an output."""
    for cell in notebook.cells:
        told = set().union(*map(around.said, shown(cell))) - around.open_to_all
        for case in around.cases:
            if found := min(told & _told_by_keys(case), default=None):
                rule = f"cell “{cell.id}” holds words of a key of the case {case.id}: “{' '.join(found)}”."
                yield rule, "move it to the solution, or say it in other words"


@lru_cache(maxsize=64)
def _told_by_keys(case: Case) -> frozenset[tuple[str, ...]]:
    """Runs of words that stand in the case's keys."""
    told = set[tuple[str, ...]]()
    for layer in case.layers:
        try:
            key = case.key(layer)
        except SecondSourceError:
            continue  # told by the rules of the manifest
        texts = [text for k in key.spans for text in (k.reason, k.counter)]
        texts += [text for d in key.distractors for text in (d.why_not, d.instead or "")]
        told.update(run for text in texts for run in runs(text, QUOTED))
    return frozenset(told)
