"""Outcomes, counts and scores in the words of the classroom.

Headlines and hints never name the key's label or words: they are shown before the key's answer is. Whole numbers, no
technical terms, no verdict about the text or a person.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from secondsource.codebook import Layer
from secondsource.matching import Outcome, Pair
from secondsource.metrics import wilson
from secondsource.remarks import remarks, score_sentence

if TYPE_CHECKING:
    from secondsource.comparison import Comparison

__all__ = [
    "MEANINGS",
    "NAMES",
    "headline",
    "hint",
    "numbers",
    "quoted",
    "summary",
    "tally",
    "waiting",
]

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
    "boundary": "The right label, but more, fewer or other words.",
    "relabelled": "The right passage, but the key gives it another label.",
    "missed": "The key expects a label here, and none of yours answers it.",
    "extra": "You marked something that the key does not mark.",
    "distractor": "A tempting answer that the key explains.",
    "contested": "Trained people would disagree here; it is never counted.",
}


_NEARLY = "the key has the same label on much the same words. Compare where each begins and ends."
_EXPECTS = "The key expects a technique in this sentence. "  # who calls a sentence clean leaves a *missed* row behind


def headline(row: Pair, layer: Layer) -> str:
    """One plain sentence about a row, without the key's answer."""
    quote = quoted(row.mark.quote, limit=90) if row.mark else ""
    name = layer.label(row.mark.label).name if row.mark else ""
    if row.outcome == "accepted" and not row.scored:
        return f"Accepted: leaving this sentence unmarked is a careful reading too. {name} is not counted here."
    same = "and so does the key." if row.fit == 1 else f"and {_NEARLY}"
    return {
        "matched": f"Matched: you marked {quote} as {name}, {same}",
        "accepted": f"Accepted: {name} is a good reading of {quote}, although the key prefers another label.",
        "boundary": f"Other words: {name} is right here, but the key marks more, fewer or other words than {quote}.",
        "relabelled": f"Other label: the key marks {quote} too, but not as {name}.",
        "missed": "Missed: the key expects a label here, and none of yours answers it.",
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
        "extra": f"{_EXPECTS if row.expects else ''}Test it with the rule: {label.rule}",
        "distractor": f"Compare it with an example that only looks like this label: {label.near_miss}",
        "contested": "Find one argument for your reading and one against it.",
    }[row.outcome]


def tally(comparison: "Comparison") -> list[str]:
    """Counts as sentences, most useful first."""
    if not comparison.key.spans and comparison.rows:
        return [_marks(comparison), f"The key has nothing {_where(comparison)}."]
    if not comparison.key.spans:
        return [f"The key has nothing {_where(comparison)}, so there is nothing to compare."]
    return [_marks(comparison), _expected(comparison), *_optional(comparison), *remarks(comparison)]


def summary(comparison: "Comparison") -> list[str]:
    """Counts and scores as sentences, with what is needed to judge the scores."""
    if not comparison.key.spans:
        return tally(comparison)
    scale = [score_sentence(comparison), _baselines(comparison), comparison.key.layer.human]
    return tally(comparison) + [line for line in scale if line]


def waiting(made: int, unrated: int, minimum: int, outside: int, units: Sequence[str]) -> list[str]:
    """Say what is still missing before a comparison opens; nothing is known of the key.

    ``made`` and ``unrated`` count labels in the sentences that are asked (``units``), ``outside`` those in others.
    """
    lines = []
    if made:
        so_far = f"So far: {_many(made, 'label')}, {unrated} without a confidence."
        lines.append(f"{so_far} The comparison opens with at least {_many(minimum, 'label')}, each with a confidence.")
    if outside:
        beside = _many(outside, "label lies", "labels lie")
        asked = "sentence that is" if len(units) == 1 else "sentences that are"
        lines.append(f"{beside} outside the {asked} asked ({', '.join(units)}).")
    return lines


def numbers(comparison: "Comparison") -> list[tuple[str, list[int]]]:
    """Pieces of the summary that give a number, in reading order, each with the rows that it counts."""
    counted = [*_counted(comparison), *_counted_entries(comparison)]
    rows = [(piece, [i for i, row in enumerate(comparison.rows) if test(row)]) for piece, _, test in counted]
    return [(piece, found) for piece, found in rows if found]


_Counted = tuple[str, str, Callable[[Pair], bool]]  # a number in words, the rest of its sentence, which rows it counts


def _counted(comparison: "Comparison") -> list[_Counted]:
    """Sentences about the student's labels."""
    counts = comparison.counts
    if all(row.mark is None for row in comparison.rows):
        return []
    pieces = sum(len(row.pieces) for row in comparison.rows if row.scored)
    also = sum(row.outcome == "accepted" and row.scored for row in comparison.rows)
    open_ = sum(1 + len(row.pieces) for row in comparison.rows if not row.scored)
    wrong = counts["extra"] + counts["distractor"]
    key, foils = _accepted(counts["matched"], also), _tempting(counts["extra"], counts["distractor"])
    parts: list[_Counted] = [
        (_some(counts["matched"] + also, "is in the key", "are in the key"), f"{key}.", _right),
        (
            _some(counts["boundary"], "has the right label", "have the right label"),
            ", but other words.",
            _among("boundary"),
        ),
        (
            _some(counts["relabelled"], "marks the right words", "mark the right words"),
            " with another label.",
            _among("relabelled"),
        ),
        (_some(wrong, "is not in the key", "are not in the key"), f"{foils}.", _among("extra", "distractor")),
        (
            _some(pieces, "is part", "are parts"),
            " of an answer that is already counted.",
            lambda row: row.scored and bool(row.pieces),
        ),
        (
            _some(open_, "is not counted", "are not counted"),
            ", because careful readers may differ there.",
            lambda r: not r.scored,
        ),
    ]
    return [
        (f"You made {_many(comparison.made, 'label')}", f" {_where(comparison)}.", lambda row: row.mark is not None),
        *(part for part in parts if part[0]),
    ]


def _among(*outcomes: Outcome) -> Callable[[Pair], bool]:
    return lambda row: row.outcome in outcomes


def _right(row: Pair) -> bool:
    return row.scored and row.outcome in ("matched", "accepted")


def _marks(comparison: "Comparison") -> str:
    told = [piece + rest for piece, rest, _ in _counted(comparison)]
    if comparison.copies:
        told.append(f"{_many(comparison.copies, 'identical copy is', 'identical copies are')} not counted again.")
    if told:
        return " ".join(told)
    others = sum(span.layer != comparison.key.layer.id for span in comparison.labels.spans)
    elsewhere = f" {_many(others, 'label of yours belongs', 'labels of yours belong')} to another question."
    return f"You made no labels {_where(comparison)}.{elsewhere if others else ''}"


def _where(comparison: "Comparison") -> str:
    whole = len(comparison.sentences) == len(comparison.labels.article.sentences)
    return "in this text" if whole else "in this part of the text"


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


def _counted_entries(comparison: "Comparison") -> list[_Counted]:
    """Return the sentence about the entries that every reader is expected to find."""
    expected, found = comparison.expected, comparison.found

    def is_found(row: Pair) -> bool:
        return _right(row) and any(k is not None and k.tier == "core" for k in (row.key, *row.covers))

    if expected == 1:
        told = f"You {'found' if found else 'did not find'} the one passage"
        return [(told, " that every reader is expected to find.", is_found)]
    every = "both" if expected == 2 else f"all {expected}"
    some = every if found == expected else f"{found or 'none'} of the {expected}"
    return [(f"You found {some} passages", " that every reader is expected to find.", is_found)]


def _expected(comparison: "Comparison") -> str:
    if not comparison.expected:
        return f"The key expects nothing in particular {_where(comparison)}."
    ((piece, rest, _),) = _counted_entries(comparison)
    if comparison.expected == 1 or comparison.made == 0:
        return piece + rest
    low, high = (round(comparison.expected * limit) for limit in wilson(comparison.found, comparison.expected))
    return f"{piece}{rest} Chance plays a part: with the same skill, a reader could find {low} to {high} of them."


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


def quoted(quote: str, limit: int | None = None) -> str:
    """Put words in quotation marks, on one line, cut where they are long, and never in two pairs of the same marks.

    Examples
    --------
    >>> quoted("“My father was a miner.”"), quoted("red, blue and green", limit=12)
    ('“My father was a miner.”', '“red, blue …”')
    """
    words = " ".join(quote.split())
    if words.startswith("“") and words.endswith("”") and len(words) > 2:
        words = words[1:-1]
    if limit is not None and len(words) > limit:
        words = words[: limit - 1].rsplit(" ", 1)[0] + " …"
    return f"“{words}”"


def _many(number: int, one: str, more: str | None = None) -> str:
    """Join a number and the form that goes with it: ``3 labels``, ``1 is``, ``2 are``."""
    return f"{number} {one if number == 1 else more or one + 's'}"


def _some(number: int, one: str, more: str) -> str:
    return _many(number, one, more) if number else ""


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _them(number: int) -> str:
    return "it" if number == 1 else "them"
