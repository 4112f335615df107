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

__all__ = ["MEANINGS", "NAMES", "headline", "hint", "score_sentence", "summary"]

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
    "matched": "The same passage and the same label as in the key.",
    "accepted": "Another label or reading that the key accepts as well.",
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
        "accepted": f"Accepted: {name} for {quote} is a good reading; the key prefers another label.",
        "boundary": f"Other words: {name} is right here, but {quote} does not cover the same words as the key.",
        "relabelled": f"Other label: the key marks these words too, but not as {name}: {quote}.",
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
        "boundary": "Which words could you leave out, or would you need to add, so that the label is exactly right?",
        "relabelled": f"Ask again: {label.ask} Then look at the other labels’ questions.",
        "extra": f"Test it with the rule: {label.rule}",
        "distractor": f"Compare with the near-miss of this label: {label.near_miss}",
        "contested": "Find one argument for your reading and one against it.",
    }[row.outcome]


def summary(comparison: "Comparison") -> list[str]:
    """Counts and scores as sentences, most useful first."""
    if not comparison.key.spans:
        return ["The key has nothing in this part of the text, so there is nothing to compare."]
    lines = [_marks(comparison), _expected(comparison), *_optional(comparison), score_sentence(comparison)]
    lines += [_baselines(comparison), comparison.key.layer.human]
    return [line for line in lines if line]


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
    right = counts["matched"] + counts["accepted"] - open_readings
    parts = [f"You made {_many(len(marked) + pieces, 'label')} in this part."]
    if right:
        also = counts["accepted"] - open_readings
        parts.append(f"{_many(right, 'is', 'are')} in the key{f', {also} of them with a label that the key accepts too' if also else ''}.")
    if counts["boundary"]:
        parts.append(f"{_many(counts['boundary'], 'has', 'have')} the right label, but other words.")
    if counts["relabelled"]:
        parts.append(f"{_many(counts['relabelled'], 'marks', 'mark')} the right words with another label.")
    if counts["extra"] + counts["distractor"]:
        tempting = f"; {counts['distractor']} of these {_is(counts['distractor'])} tempting, and the key says why"
        missing = f"{_many(counts['extra'] + counts['distractor'], 'is', 'are')} not in the key"
        parts.append(missing + (tempting if counts["distractor"] else "") + ".")
    if pieces:
        parts.append(f"{_many(pieces, 'is part', 'are parts')} of an answer that is already counted.")
    if counts["contested"] + open_readings:
        parts.append(f"{_many(counts['contested'] + open_readings, 'is', 'are')} not counted, because readers may differ.")
    return " ".join(parts)


def _expected(comparison: "Comparison") -> str:
    expected = comparison.expected
    if not expected:
        return "The key expects nothing in particular in this part."
    found = comparison.found
    low, high = (round(expected * limit) for limit in wilson(found, expected))
    line = f"You found {found} of the {_many(expected, 'passage')} that every reader is expected to find."
    return f"{line} With so few passages chance matters: the same skill could find {low} to {high}."


def _optional(comparison: "Comparison") -> list[str]:
    met = {entry.span.id for row in comparison.rows for entry in (row.key, *row.covers) if entry is not None}
    left = sum(entry.tier == "acceptable" and entry.span.id not in met for entry in comparison.key.spans)
    lines = []
    if left:
        lines.append(f"{_many(left, 'more passage')} may be marked or not. You lose nothing by leaving {_them(left)}.")
    if comparison.outside:
        lines.append(f"{_many(comparison.outside, 'label')} outside this part {_is(comparison.outside)} not compared.")
    return lines


def _baselines(comparison: "Comparison") -> str:
    told = [
        f"{baseline.name}: {round(100 * baseline.scores.f1.value)}"
        for baseline in comparison.baselines
        if baseline.scores.f1.defined
    ]
    return f"For scale, without any reading ({'; '.join(told)})." if told else ""


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
