"""How a class did on each passage of the key: how many found it, and whether it tells strong from weak hand-ins."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from secondsource.comparison import Comparison
from secondsource.errors import MismatchError, message
from secondsource.metrics.items import ENOUGH_HAND_INS, Item, items

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "passages"]

COLUMNS = (
    "sentence",
    "label",
    "quote",
    "hand_ins",
    "found",
    "difficulty",
    "low",
    "high",
    "discrimination",
    "flagged",
    "reason",
)
TOO_FEW = f"shown from {ENOUGH_HAND_INS} hand-ins on: with fewer it is chance"


def passages(comparisons: Sequence[Comparison]) -> "pd.DataFrame":
    """One row per core entry of the key, in text order (columns: `COLUMNS`, index: its id).

    ``difficulty`` is the share of hand-ins that found the passage, 0 to 1 (high is easy), with its 95 % interval.
    ``discrimination``, -1 to 1, says whether those who found it found more of the others too; it is blank, with the
    reason, below 50 hand-ins. ``flagged`` passages are worth a second look: strong hand-ins miss them more often.

    Parameters
    ----------
    comparisons : sequence of Comparison
        One for each hand-in, over the same part of the same key.

    Raises
    ------
    MismatchError
        When they are about different keys or parts.

    Examples
    --------
    >>> from secondsource.case import Case
    >>> from secondsource.comparison import compare
    >>> from secondsource.spans import LabelSet
    >>> case = Case.open("analyst-claims")
    >>> key = case.key("rhetoric")
    >>> class_ = [compare(labels, key) for labels in (key.labels, LabelSet(case.article, case.codebook))]
    >>> passages(class_)["difficulty"].unique()
    array([0.5])
    """
    import pandas as pd

    entries = [e for e in comparisons[0].key.spans if e.tier == "core"] if comparisons else []
    if any(c.key.spans != comparisons[0].key.spans for c in comparisons):
        safe, step = "Nothing was counted.", "Take the comparisons of one exercise."
        raise MismatchError(message("CLASS-MIXED", "These comparisons are about different keys or parts.", safe, step))
    found = [{e.span.id for e in c.measures.found} for c in comparisons]
    made = items([[int(e.span.id in own) for e in entries] for own in found])
    rows = {
        e.span.id: [comparisons[0].first_of(e.span).id, e.span.label, e.span.quote, *_numbers(item)]
        for e, item in zip(entries, made, strict=True)
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(COLUMNS)).rename_axis("entry")


def _numbers(item: Item) -> list[Any]:
    ease, tells = item.difficulty, item.discrimination
    shown = tells.value if item.shown else float("nan")
    reason = tells.reason if item.shown else TOO_FEW
    return [item.hand_ins, item.found, ease.value, ease.low, ease.high, shown, item.flagged, reason]
