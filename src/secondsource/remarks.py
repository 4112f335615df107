"""What single numbers say, in the words of the classroom: the overlap, how readily, how surely, beyond guessing or not.

A number that says nothing yet has no sentence.
"""

from typing import TYPE_CHECKING

from secondsource.measures import Agreed
from secondsource.metrics.discernment import Confidence, Detection, readiness
from secondsource.metrics.tally import wilson

if TYPE_CHECKING:
    from secondsource.comparison import Comparison

__all__ = ["beyond_guessing", "how_readily", "how_surely", "remarks", "score_sentence", "whole_sentences"]

_NEARLY_NOTHING = 0.3  # of c, on either side of 0


def remarks(comparison: "Comparison") -> list[str]:
    """Sentences about a comparison in which the student has labelled something."""
    if comparison.made == 0:
        return []
    measures = comparison.measures
    told = (beyond_guessing(measures.agreed), how_readily(measures.flagging), how_surely(measures.confidence))
    return [line for line in told if line]


def score_sentence(comparison: "Comparison") -> str:
    """Return the headline score as a sentence, or the reason why there is none."""
    score, whole = comparison.overlap.f1, whole_sentences(comparison)
    words = " on marked words" if whole else ""
    if score.defined:
        return f"Overlap with the key{words}: {round(100 * score.value)} of 100. {whole}".rstrip()
    if whole and not comparison.measures.has_passages:
        return "Only whole sentences are labelled here, so there is no overlap of words to measure."
    return f"There is no score for the overlap with the key{words}: {score.reason}."


def whole_sentences(comparison: "Comparison") -> str:
    """Say that labels of whole sentences are no part of the overlap, if there are any; the name of one stands in it."""
    layer = comparison.key.layer
    spans = (s for row in comparison.rows for s in (row.mark, row.key.span if row.key else None) if s is not None)
    names = (layer.label(s.label).name for s in spans if layer.label(s.label).unit != layer.unit)
    name = next(names, None)
    return f"Labels of whole sentences, such as {name}, are not part of this number." if name else ""


def how_readily(sentences: Detection) -> str:
    """Say whether the student marks more readily than the key, or less; nothing if the part cannot tell.

    Examples
    --------
    >>> how_readily(Detection(12, 12, 8, 8))
    'You mark words more readily than the key: you also mark some in sentences where it marks none.'
    """
    criterion = sentences.criterion
    if not criterion.defined:
        return ""
    way = readiness(criterion)
    if way == "more" and sentences.false_alarms:
        return "You mark words more readily than the key: you also mark some in sentences where it marks none."
    if way == "less" and sentences.hits < sentences.signals:
        return "You mark words less readily than the key: in some sentences it expects a passage, and you marked none."
    settled = criterion.low >= -_NEARLY_NOTHING and criterion.high <= _NEARLY_NOTHING
    return "You mark words about as readily as the key." if settled else ""


def how_surely(rated: Confidence) -> str:
    r"""Say how well being sure went with being right; nothing below ten rated labels, no difference within chance.

    Examples
    --------
    >>> print(how_surely(Confidence.of([(0.9, 1), (0.9, 0)] * 5)).replace(", ", ",\n"))
    Your label agreed with the key’s in 50 % of 10 labels with a confidence,
    and you were 90 % sure on average: more sure than right.
    """
    if not rated.enough:
        return ""
    right, sure = round(100 * rated.right.value), round(100 * rated.sure.value)
    low, high = wilson(rated.correct, rated.rated)
    if low <= rated.sure.value <= high:
        verdict = "about as sure as right"
    else:
        verdict = "more sure than right" if sure > right else "more often right than you thought"
    agreed = f"Your label agreed with the key’s in {right} % of {rated.rated} labels with a confidence"
    return f"{agreed}, and you were {sure} % sure on average: {verdict}."


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
