"""What the less usual numbers say, in the words of the classroom: how readily, how surely, how far beyond guessing.

A number that says nothing yet has no sentence.
"""

from typing import TYPE_CHECKING

from secondsource.measures import Agreed
from secondsource.metrics.discernment import Confidence, Detection, readiness

if TYPE_CHECKING:
    from secondsource.comparison import Comparison

__all__ = ["beyond_guessing", "how_readily", "how_surely", "remarks"]

_NEARLY_NOTHING = 0.3  # of c, on either side of 0
_POINTS = 5  # ratings come in steps of 10 or 20: a smaller difference says nothing


def remarks(comparison: "Comparison") -> list[str]:
    """Sentences about a comparison in which the student has labelled something."""
    if comparison.made == 0:
        return []
    measures = comparison.measures
    told = (beyond_guessing(measures.agreed), how_readily(measures.flagging), how_surely(measures.confidence))
    return [line for line in told if line]


def how_readily(sentences: Detection) -> str:
    """Say whether the student marks more readily than the key, or less; nothing if the part cannot tell.

    Examples
    --------
    >>> how_readily(Detection(12, 12, 8, 8))
    'You mark more readily than the key: you also mark sentences in which it has nothing.'
    """
    criterion = sentences.criterion
    if not criterion.defined:
        return ""
    way = readiness(criterion)
    if way == "more" and sentences.false_alarms:
        return "You mark more readily than the key: you also mark sentences in which it has nothing."
    if way == "less" and sentences.hits < sentences.signals:
        return "You mark less readily than the key: you leave sentences unmarked in which it expects something."
    settled = criterion.low >= -_NEARLY_NOTHING and criterion.high <= _NEARLY_NOTHING
    return "You mark about as readily as the key." if settled else ""


def how_surely(rated: Confidence) -> str:
    """Say how well being sure went with being right; nothing below ten rated labels.

    Examples
    --------
    >>> how_surely(Confidence.of([(0.75, 1), (0.75, 0)] * 5))
    'You chose the right label in 50 % of what you rated, and were 75 % sure on average: more sure than right.'
    """
    if not rated.enough:
        return ""
    right, sure = round(100 * rated.right.value), round(100 * rated.sure.value)
    verdict = "about as sure as right"
    if abs(sure - right) >= _POINTS:
        verdict = "more sure than right" if sure > right else "more often right than you thought"
    cases = f"You chose the right label in {right} % of what you rated"
    return f"{cases}, and were {sure} % sure on average: {verdict}."


def beyond_guessing(agreed: Agreed | None) -> str:
    """Say on how many sentences student and key agree, beside what guessing would give.

    Examples
    --------
    >>> from secondsource.ratio import Ratio
    >>> beyond_guessing(Agreed(sentences=26, agreed=21, guessed=11.2, kappa=Ratio(0.66)))
    'You agree with the key on 21 of 26 sentences. Guessing, with the same labels as often, would give about 11.'
    """
    if agreed is None or not agreed.sentences:
        return ""
    told = f"You agree with the key on {agreed.agreed} of {agreed.sentences} sentences."
    return f"{told} Guessing, with the same labels as often, would give about {round(agreed.guessed)}."
