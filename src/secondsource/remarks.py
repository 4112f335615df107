"""What single numbers say, in the words of the classroom: the overlap, how readily, how surely, beyond guessing or not.

A number that says nothing yet has no sentence.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from secondsource.codebook import Layer
from secondsource.languages import Language
from secondsource.matching import Pair
from secondsource.measures import Agreed, agreement, constant
from secondsource.metrics.discernment import Confidence, Detection, readiness
from secondsource.metrics.tally import wilson
from secondsource.ratio import Ratio

if TYPE_CHECKING:
    from secondsource.comparison import Comparison

__all__ = [
    "always",
    "beyond_guessing",
    "how_readily",
    "how_surely",
    "no_words",
    "remarks",
    "score",
    "score_sentence",
    "silly",
    "too_few",
    "whole_sentences",
]

_NEARLY_NOTHING = 0.3  # of c, on either side of 0
_ENOUGH = 5  # sentences or cards: what a lesson warms up with is fewer, and chance says nothing about them


def too_few(comparison: "Comparison") -> bool:
    """Tell whether so few sentences or cards are sorted that chance, guessing and other people say nothing."""
    return comparison.key.layer.unit == "sentence" and len(comparison.sentences) < _ENOUGH


def no_words(comparison: "Comparison") -> bool:
    """Tell whether the student labelled whole sentences alone: an overlap of 0 would look like a failure."""
    return comparison.made > 0 and not comparison.measures.marks_words


def remarks(comparison: "Comparison") -> list[str]:
    """Sentences about a comparison in which the student has labelled something."""
    if comparison.made == 0:
        return []
    measures, words = comparison.measures, comparison.words
    told = (
        "" if too_few(comparison) else beyond_guessing(measures.agreed, words),
        how_readily(measures.flagging, words),
        how_surely(measures.confidence, words),
    )
    return [line for line in told if line]


def score_sentence(comparison: "Comparison") -> str:
    """Return the headline score as a sentence, or the reason why there is none; agreement has its own sentence."""
    if comparison.measures.agreed:
        return ""
    score, whole, words = comparison.overlap.f1, whole_sentences(comparison), comparison.words
    if score.defined and no_words(comparison):
        return words.say("remarks", "no_words")
    of_marked = "_marked" if whole else ""
    if score.defined:
        overlap = words.say("remarks", f"of_hundred{of_marked}", score=round(100 * score.value))
        return " ".join(sentence for sentence in (overlap, whole) if sentence)
    if whole and not comparison.measures.has_passages:
        return words.say("remarks", "only_sentences")
    return words.say("remarks", f"no_score{of_marked}", reason=words.translated("reasons", score.reason))


def score(comparison: "Comparison") -> dict[str, str | None] | None:
    """Return the headline score for a page; None where it is undefined.

    It is the overlap of passages, and agreement where whole sentences are labelled: there a long sentence is no more
    than a short one.
    """
    words, agreed, overlap = comparison.words, comparison.measures.agreed, comparison.overlap.f1
    if agreed:
        named = {"name": words.say("comparison", "agreed"), "reader": ""}
        return {**named, "value": str(agreed.agreed), "of": str(agreed.sentences)} if agreed.sentences else None
    reader = " ".join((words.say("comparison", "scale"), whole_sentences(comparison))).strip()
    shown = {"name": words.say("comparison", "overlap"), "value": _whole(overlap), "of": "100", "reader": reader}
    return None if no_words(comparison) or not overlap.defined else shown


def silly(comparison: "Comparison") -> list[dict[str, str | None]]:
    """Return what readers would have got who do not read, for a page."""
    words, agreed, layer = comparison.words, comparison.measures.agreed, comparison.key.layer
    if too_few(comparison) or no_words(comparison):
        return []
    if not agreed:
        return [
            {
                "name": words.translated("strategies", b.name),
                "value": _whole(b.scores.f1),
                "note": words.translated("reasons", b.scores.f1.reason),
            }
            for b in comparison.baselines
        ]
    if not agreed.sentences:
        return []
    best, often = constant(comparison.answers, (label.id for label in layer.labels))
    note = words.say("together", "uneven") if uneven(often, agreed.sentences, len(layer.labels)) else ""
    name = words.say("comparison", "always", label=layer.label(best).name)
    return [{"name": name, "value": str(often), "note": note}]


def uneven(often: int, count: int, labels: int) -> bool:
    """Tell whether one answer to everything does so well that the number of agreements says little.

    That is, much better than an even share: closer to all of them than to one of so many labels.

    Examples
    --------
    >>> uneven(4, 6, 3), uneven(5, 9, 3)
    (True, False)
    """
    return 2 * often * labels >= count * (labels + 1)


def always(rows: Iterable[Pair], layer: Layer, words: Language) -> str:
    """Say on how many sentences one and the same answer would agree with the key; nothing if none count."""
    rows = list(rows)
    count, (best, often) = agreement(rows).sentences, constant(rows, (label.id for label in layer.labels))
    if not count:
        return ""
    told = words.say("together", "constant", label=layer.label(best).name, agreed=often, count=count)
    return f"{told} {words.say('together', 'uneven')}" if uneven(often, count, len(layer.labels)) else told


def _whole(share: Ratio) -> str | None:
    """Return a share as a whole number of a hundred."""
    return str(round(100 * share.value)) if share.defined else None


def whole_sentences(comparison: "Comparison") -> str:
    """Say that labels of whole sentences are no part of the overlap, if there are any; the name of one stands in it."""
    layer = comparison.key.layer
    spans = (s for row in comparison.rows for s in (row.mark, row.key.span if row.key else None) if s is not None)
    names = (layer.label(s.label).name for s in spans if layer.label(s.label).unit != layer.unit)
    name = next(names, None)
    return comparison.words.say("remarks", "whole_sentences", label=name) if name else ""


def how_readily(sentences: Detection, words: Language) -> str:
    """Say whether the student marks more readily than the key, or less; nothing if the part cannot tell.

    Examples
    --------
    >>> from secondsource.languages import language
    >>> how_readily(Detection(12, 12, 8, 8), language())
    'You mark words more readily than the key: you also mark some in sentences where it marks none.'
    """
    criterion = sentences.criterion
    if not criterion.defined:
        return ""
    # Where few sentences hold something, c can lie far from 0 with as many sentences marked as the key has: “than the
    # key” is said of somebody who also marks more of them, or fewer.
    way, marked = readiness(criterion), sentences.hits + sentences.false_alarms
    if way == "more" and marked > sentences.signals:
        return words.say("remarks", "more_readily")
    if way == "less" and marked < sentences.signals:
        return words.say("remarks", "less_readily")
    settled = criterion.low >= -_NEARLY_NOTHING and criterion.high <= _NEARLY_NOTHING
    return words.say("remarks", "as_readily") if settled else ""


def how_surely(rated: Confidence, words: Language) -> str:
    r"""Say how well being sure went with being right; nothing below ten rated labels, no difference within chance.

    Examples
    --------
    >>> from secondsource.languages import language
    >>> print(how_surely(Confidence.of([(0.9, 1), (0.9, 0)] * 5), language()).replace(", ", ",\n"))
    Your label agreed with the key’s in 50 % of 10 labels with a confidence,
    and you were 90 % sure on average: more sure than right.
    """
    if not rated.enough:
        return ""
    right, sure = round(100 * rated.right.value), round(100 * rated.sure.value)
    low, high = wilson(rated.correct, rated.rated)
    verdict = "as_sure" if low <= rated.sure.value <= high else "too_sure" if sure > right else "too_unsure"
    return words.say("remarks", verdict, right=right, count=rated.rated, sure=sure)


def beyond_guessing(agreed: Agreed | None, words: Language) -> str:
    """Say on how many sentences student and key agree, beside what guessing would give.

    Examples
    --------
    >>> from secondsource.languages import language
    >>> from secondsource.ratio import Ratio
    >>> beyond_guessing(Agreed(sentences=26, agreed=21, guessed=11.2, kappa=Ratio(0.66)), language())
    'You agree with the key on 21 of 26 sentences. Guessing, with the same labels as often, would give about 11.'
    """
    if agreed is None or not agreed.sentences:
        return ""
    guessed = round(agreed.guessed)
    return words.say("remarks", "guessing", agreed=agreed.agreed, count=agreed.sentences, guessed=guessed)
