"""Outcomes, counts and scores in the words of the classroom.

Headlines and hints never name the key's label or words: they are shown before the key's answer is. Whole numbers, no
technical terms, no verdict about the text or a person.
"""

from typing import TYPE_CHECKING

from secondsource.codebook import Layer
from secondsource.matching import Outcome, Pair
from secondsource.metrics import wilson

if TYPE_CHECKING:
    from secondsource.comparison import Comparison

__all__ = ["MEANINGS", "NAMES", "headline", "hint", "score_sentence", "summary", "tally"]

NAMES: dict[Outcome, str] = {
    "matched": "Matched",
    "accepted": "Accepted",
    "boundary": "Other words",
    "relabelled": "Other label",
    "missed": "Missed",
    "extra": "Not in the key",
    "distractor": "Tempting",
    "contested": "Open question",
}
MEANINGS: dict[Outcome, str] = {
    "matched": "You and the key have the same label on the same passage.",
    "accepted": "Your reading differs from the key’s first choice, and the key accepts it as well.",
    "boundary": "The right label, but too many or too few words.",
    "relabelled": "The right passage, but the key gives it another label.",
    "missed": "The key expects a label here, and there is none.",
    "extra": "You marked something that the key does not mark.",
    "distractor": "A tempting answer that the key explains.",
    "contested": "Trained people would disagree here; it is never counted.",
}


def headline(row: Pair, layer: Layer) -> str:
    """One plain sentence about a row, without the key's answer."""
    quote = f"“{_short(row.mark.quote)}”" if row.mark else ""
    name = layer.label(row.mark.label).name if row.mark else ""
    if row.outcome == "accepted" and not row.scored:
        return f"Accepted: leaving this sentence unmarked is a careful reading too. {name} is not counted here."
    return {
        "matched": f"Matched: you marked {quote} as {name}, and so does the key.",
        "accepted": f"Accepted: {name} is a good reading of {quote}, although the key prefers another label.",
        "boundary": f"Other words: {name} is right here, but the key marks more, fewer or other words than {quote}.",
        "relabelled": f"Other label: the key marks {quote} too, but not as {name}.",
        "missed": "Missed: the key expects a label here, and there is none.",
        "extra": f"Not in the key: you marked {quote} as {name}.",
        "distractor": f"Tempting: {quote} looks like {name}, and the key says why it is not.",
        "contested": f"Open question: trained people would disagree about {quote}. It is not counted.",
    }[row.outcome]


def hint(row: Pair, layer: Layer) -> str:
    """Something to think about before looking at the key's answer."""
    if row.mark is None:
        asked = layer.label(row.key.span.label).ask if row.key else ""
        return f"Read the sentence once more and ask: {asked}"
    label = layer.label(row.mark.label)
    return {
        "matched": "Say in your own words why, then compare your reason with the key’s.",
        "accepted": "Which other label could fit these words, and what would speak for it?",
        "boundary": "Which words could you leave out or add, so that the label fits them exactly?",
        "relabelled": f"Ask again: {label.ask} Then try the questions of the other labels.",
        "extra": f"Test it with the rule: {label.rule}",
        "distractor": f"Compare it with an example that only looks like this label: {label.near_miss}",
        "contested": "Find one argument for your reading and one against it.",
    }[row.outcome]


def tally(comparison: "Comparison") -> list[str]:
    """Counts as sentences, most useful first."""
    if not comparison.key.spans:
        return ["The key has nothing in this part of the text, so there is nothing to compare."]
    return [_marks(comparison), _expected(comparison), *_optional(comparison)]


def summary(comparison: "Comparison") -> list[str]:
    """Counts and scores as sentences, with what is needed to judge the scores."""
    if not comparison.key.spans:
        return tally(comparison)
    scale = [score_sentence(comparison), _baselines(comparison), comparison.key.layer.human]
    return tally(comparison) + [line for line in scale if line]


def score_sentence(comparison: "Comparison") -> str:
    """Return the headline score as a sentence, or the reason why there is none."""
    score = comparison.overlap.f1
    if not score.defined:
        return f"There is no score for the overlap with the key: {score.reason}."
    return f"Overlap with the key: {round(100 * score.value)} of 100."


def _marks(comparison: "Comparison") -> str:
    counts = comparison.counts
    marked = [row for row in comparison.rows if row.mark is not None]
    if not marked:
        return "You made no labels in this part of the text."
    open_readings = sum(row.outcome == "accepted" and not row.scored for row in comparison.rows)
    pieces = sum(len(row.pieces) for row in comparison.rows)
    also = counts["accepted"] - open_readings
    open_ = counts["contested"] + open_readings
    parts = [f"You made {_many(len(marked) + pieces, 'label')} in this part of the text."]
    if counts["matched"] + also:
        parts.append(f"{_many(counts['matched'] + also, 'is', 'are')} in the key{_accepted(counts['matched'], also)}.")
    if counts["boundary"]:
        parts.append(f"{_many(counts['boundary'], 'has', 'have')} the right label, but other words.")
    if counts["relabelled"]:
        parts.append(f"{_many(counts['relabelled'], 'marks', 'mark')} the right words with another label.")
    if counts["extra"] + counts["distractor"]:
        wrong = _many(counts["extra"] + counts["distractor"], "is", "are")
        parts.append(f"{wrong} not in the key{_tempting(counts['extra'], counts['distractor'])}.")
    if pieces:
        parts.append(f"{_many(pieces, 'is part', 'are parts')} of an answer that is already counted.")
    if open_:
        parts.append(f"{_many(open_, 'is', 'are')} not counted, because careful readers may differ there.")
    return " ".join(parts)


def _accepted(matched: int, also: int) -> str:
    """Say how many of the labels in the key are accepted alternatives."""
    if not also:
        return ""
    return (
        f", {also} of them with a label that the key accepts too" if matched else ", with a label that it accepts too"
    )


def _tempting(extra: int, tempting: int) -> str:
    """Say how many of the labels that are not in the key were foreseen as tempting."""
    if not tempting:
        return ""
    if not extra:
        return f", but {'it is a tempting one' if tempting == 1 else 'all of them are tempting'}"
    return f"; {tempting} of them {_is(tempting)} tempting"


def _expected(comparison: "Comparison") -> str:
    expected = comparison.expected
    if not expected:
        return "The key expects nothing in particular in this part of the text."
    found = comparison.found
    if expected == 1:
        return f"You {'found' if found else 'did not find'} the one passage that every reader is expected to find."
    low, high = (round(expected * limit) for limit in wilson(found, expected))
    line = f"You found {found or 'none'} of the {expected} passages that every reader is expected to find."
    return f"{line} Chance plays a part: with the same skill, a reader could find {low} to {high} of them."


def _optional(comparison: "Comparison") -> list[str]:
    met = {entry.span.id for row in comparison.rows for entry in (row.key, *row.covers) if entry is not None}
    left = sum(entry.tier == "acceptable" and entry.span.id not in met for entry in comparison.key.spans)
    lines = []
    if left:
        lines.append(
            f"{_many(left, 'more passage')} may be labelled or not. You lose nothing by leaving {_them(left)}."
        )
    if comparison.outside:
        outside = _many(comparison.outside, "label of yours lies", "labels of yours lie")
        lines.append(f"{outside} outside this part and {_is(comparison.outside)} not compared.")
    return lines


def _baselines(comparison: "Comparison") -> str:
    told = [
        f"{baseline.name}: {round(100 * baseline.scores.f1.value)}"
        for baseline in comparison.baselines
        if baseline.scores.f1.defined
    ]
    return f"For scale, what you would get without any reading: {'; '.join(told)}." if told else ""


def _short(quote: str, limit: int = 90) -> str:
    words = " ".join(quote.split())
    return words if len(words) <= limit else words[: limit - 1].rsplit(" ", 1)[0] + " …"


def _many(number: int, one: str, more: str | None = None) -> str:
    """Join a number and the form that goes with it: ``3 labels``, ``1 is``, ``2 are``."""
    return f"{number} {one if number == 1 else more or one + 's'}"


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _them(number: int) -> str:
    return "it" if number == 1 else "them"
