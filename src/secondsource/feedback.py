"""Outcomes, counts and scores in the words of the classroom, in the language of the interface.

Headlines and hints never name the key's label or words: they are shown before the key's answer is. Whole numbers, no
technical terms, no verdict about the text or a person.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from secondsource.codebook import Layer
from secondsource.languages import Language
from secondsource.matching import OUTCOMES, Outcome, Pair, left_open
from secondsource.metrics import wilson
from secondsource.remarks import always, no_words, remarks, score_sentence, too_few

if TYPE_CHECKING:
    from secondsource.comparison import Comparison

__all__ = [
    "headline",
    "hint",
    "numbers",
    "outcome_names",
    "quoted",
    "summary",
    "tally",
    "told_counts",
    "waiting",
]

_WAITING = {  # what is counted: so many of them, and how many are needed
    "labels": ("labels", "labels_needed"),
    "written": ("answers", "answers"),
    "scale": ("ratings", "ratings"),
    "chain": ("hands", "hands"),
}
_TELLS_FIRST = ("written", "chain")  # of these nobody would know how many are needed before the first one
_OUTER = ("“”", "„“")  # pairs of marks that are dropped around words before they are put in marks
_INNER = {"“": "‘", "”": "’", "„": "\N{SINGLE LOW-9 QUOTATION MARK}"}  # inside of marks, single ones stand


def outcome_names(words: Language) -> dict[Outcome, str]:
    """Names of all outcomes, in display order."""
    return {outcome: words.say("outcomes", outcome) for outcome in OUTCOMES}


def headline(row: Pair, layer: Layer, words: Language, *, shown: bool = False) -> str:
    """One plain sentence about a row, without the key's answer; with it in a place of its own where that is `shown`."""
    kind: str = row.outcome
    if shown and row.outcome == "missed" and row.key and (label := layer.label(row.key.span.label)).unit != layer.unit:
        return words.say("headlines", "missed_sentence", label=label.name)
    if row.outcome == "accepted" and not row.scored:
        kind = "accepted_open"
    elif row.outcome == "matched" and row.fit != 1:
        kind = "matched_nearly"
    quote = quoted(row.mark.quote, words, limit=90) if row.mark else ""
    name = layer.label(row.mark.label).name if row.mark else ""
    return words.say("headlines", kind, quote=quote, label=name)


def hint(row: Pair, layer: Layer, words: Language) -> str:
    """Something to think about before looking at the key's answer."""
    if row.mark is None:
        # Of a whole sentence without an answer, the question of the key's label would be the answer.
        label = layer.label(row.key.span.label) if row.key else None
        return words.say("hints", "missed", ask=label.ask if label and label.unit == "span" else layer.question)
    label = layer.label(row.mark.label)
    # Who calls a sentence clean in which a technique is expected leaves a *missed* row behind.
    kind = "extra_expected" if row.outcome == "extra" and row.expects else row.outcome
    return words.say("hints", kind, ask=label.ask, rule=label.rule, near_miss=label.near_miss)


def told_counts(comparison: "Comparison") -> str:
    """Say how many rows there are of each outcome, as part of a sentence."""
    words = comparison.words
    within = {outcome: words.say("outcomes_within", outcome) for outcome in OUTCOMES}
    counts = comparison.counts.items()
    told = [words.say("told", "outcome", count=n, name=within[outcome]) for outcome, n in counts if n]
    return ", ".join(told) or words.say("told", "no_rows")


def tally(comparison: "Comparison") -> list[str]:
    """Counts as sentences, most useful first."""
    if not comparison.key.spans and comparison.rows:
        return [_marks(comparison), _here(comparison, "silent")]
    if not comparison.key.spans:
        return [_here(comparison, "nothing")]
    return [_marks(comparison), _expected(comparison), *_optional(comparison), *remarks(comparison)]


def summary(comparison: "Comparison") -> list[str]:
    """Counts and scores as sentences, with what is needed to judge the scores."""
    if not comparison.key.spans:
        return tally(comparison)
    human = "" if too_few(comparison) else comparison.key.layer.human
    scale = [score_sentence(comparison), _baselines(comparison), human]
    return tally(comparison) + [line for line in scale if line]


def waiting(
    made: int, unrated: int, minimum: int, outside: int, units: Sequence[str], words: Language, *, kind: str = "labels"
) -> list[str]:
    """Say what is still missing before a comparison opens; nothing is known of the key.

    ``made`` and ``unrated`` count labels in the sentences that are asked (``units``), ``outside`` those in others;
    ``kind`` is what is counted (`gate.Kind`).
    """
    counted, needed = _WAITING[kind]
    first, lines = [], []
    if made:
        so_far = "so_far" if not unrated else f"so_far_{kind}"
        first.append(words.say("exercise", so_far, labels=words.say("exercise", counted, count=made), unrated=unrated))
    if made or kind in _TELLS_FIRST:
        first.append(words.say("exercise", f"needs_{kind}", minimum=words.say("exercise", needed, count=minimum)))
        lines.append(" ".join(first))
    if outside:
        labels = words.say("exercise", counted, count=outside)
        asked = words.say("exercise", "asked", count=len(units), sentences=", ".join(units))
        lines.append(words.say("exercise", "outside", count=outside, labels=labels, asked=asked))
    return lines


def numbers(comparison: "Comparison") -> list[tuple[str, list[int]]]:
    """Pieces of the summary that give a number, in reading order, each with the rows that it counts."""
    counted = [*_counted(comparison), *_counted_entries(comparison)]
    rows = [(piece, [i for i, row in enumerate(comparison.rows) if test(row)]) for (_, piece, _), test in counted]
    return [(piece, found) for piece, found in rows if found]


_Counted = tuple[tuple[str, str, str], Callable[[Pair], bool]]  # a sentence cut at its number; which rows it counts


def _counted(comparison: "Comparison") -> list[_Counted]:
    """Sentences about the student's labels."""
    counts = comparison.counts
    if all(row.mark is None for row in comparison.rows):
        return []
    also = sum(row.outcome == "accepted" and row.scored for row in comparison.rows)
    sentences: list[tuple[tuple[str, str, str] | None, Callable[[Pair], bool]]] = [
        (_cut(comparison, _place(comparison, "made"), comparison.made), lambda row: row.mark is not None),
        (_accepted(comparison, counts["matched"], also), _right),
        (_cut(comparison, "boundary", counts["boundary"]), _among("boundary")),
        (_cut(comparison, "relabelled", counts["relabelled"]), _among("relabelled")),
        (_tempting(comparison, counts["extra"], counts["distractor"]), _among("extra", "distractor")),
        (
            _cut(comparison, "pieces", sum(len(row.pieces) for row in comparison.rows if row.scored)),
            lambda row: row.scored and bool(row.pieces),
        ),
        (
            _cut(comparison, "open", sum(1 + len(row.pieces) for row in comparison.rows if not row.scored)),
            lambda row: not row.scored,
        ),
    ]
    return [(sentence, test) for sentence, test in sentences if sentence]


def _cut(comparison: "Comparison", key: str, count: int, **values: object) -> tuple[str, str, str] | None:
    return comparison.words.cut("tally", key, count=count, **values) if count else None


def _among(*outcomes: Outcome) -> Callable[[Pair], bool]:
    return lambda row: row.outcome in outcomes


def _right(row: Pair) -> bool:
    return row.scored and row.outcome in ("matched", "accepted")


def _place(comparison: "Comparison", key: str) -> str:
    """Name of the entry that speaks of the whole text, or of a part of it."""
    whole = len(comparison.sentences) == len(comparison.labels.article.sentences)
    return f"{key}_text" if whole else f"{key}_part"


def _here(comparison: "Comparison", key: str) -> str:
    return comparison.words.say("tally", _place(comparison, key))


def _accepted(comparison: "Comparison", matched: int, also: int) -> tuple[str, str, str] | None:
    """Say how many labels are in the key, and how many of them are accepted alternatives."""
    key = "right" if not also else "right_some_also" if matched else "right_also"
    return _cut(comparison, key, matched + also, also=also)


def _tempting(comparison: "Comparison", extra: int, tempting: int) -> tuple[str, str, str] | None:
    """Say how many labels are not in the key, and how many of them were foreseen as tempting."""
    key = "extra" if not tempting else "extra_some_tempting" if extra else "extra_tempting"
    some = comparison.words.say("tally", "some_tempting", count=tempting)
    return _cut(comparison, key, extra + tempting, some=some)


def _marks(comparison: "Comparison") -> str:
    words = comparison.words
    told = ["".join(sentence) for sentence, _ in _counted(comparison)]
    if comparison.copies:
        told.append(words.say("tally", "copies", count=comparison.copies))
    if told:
        return " ".join(told)
    others = sum(span.layer != comparison.key.layer.id for span in comparison.labels.spans)
    elsewhere = [words.say("tally", "other_question", count=others)] if others else []
    return " ".join([_here(comparison, "none"), *elsewhere])


def _counted_entries(comparison: "Comparison") -> list[_Counted]:
    """Return the sentence about the entries that every reader is expected to find."""
    expected, found = comparison.expected, comparison.found

    def is_found(row: Pair) -> bool:
        return _right(row) and any(k is not None and k.tier == "core" for k in (row.key, *row.covers))

    if expected == 1:
        key = "found_the_one" if found else "missed_the_one"
    elif found == expected:
        key = "found_both" if expected == 2 else "found_all"
    else:
        key = "found_some" if found else "found_none"
    return [(comparison.words.cut("tally", key, count=expected, found=found), is_found)]


def _expected(comparison: "Comparison") -> str:
    if not comparison.expected:
        return _here(comparison, "nothing_expected")
    ((sentence, _),) = _counted_entries(comparison)
    if comparison.expected == 1 or comparison.made == 0 or too_few(comparison):
        return "".join(sentence)
    low, high = (round(comparison.expected * limit) for limit in wilson(comparison.found, comparison.expected))
    return " ".join(("".join(sentence), comparison.words.say("tally", "chance", low=low, high=high)))


def _optional(comparison: "Comparison") -> list[str]:
    left = len(left_open(comparison.rows, comparison.key))
    told = {"optional": left, "outside": comparison.outside}
    return [comparison.words.say("tally", key, count=count) for key, count in told.items() if count]


def _baselines(comparison: "Comparison") -> str:
    words = comparison.words
    if too_few(comparison) or no_words(comparison):
        return ""
    if comparison.measures.agreed:
        return always(comparison.answers, comparison.key.layer, words)
    told = [
        words.say(
            "tally",
            "strategy",
            name=words.translated("strategies", baseline.name),
            score=round(100 * baseline.scores.f1.value),
        )
        for baseline in comparison.baselines
        if baseline.scores.f1.defined
    ]
    return words.say("tally", "scale", strategies="; ".join(told)) if told else ""


def quoted(quote: str, words: Language, limit: int | None = None) -> str:
    """Put words in quotation marks, on one line, cut where they are long, and never in two pairs of the same marks.

    Examples
    --------
    >>> from secondsource.languages import language
    >>> quoted("“My father was a miner.”", language()), quoted("red, blue and green", language("de"), limit=12)
    ('“My father was a miner.”', '„red, blue …“')
    >>> quoted("“The pool will close” is a claim that could be checked.", language(), limit=16)
    '“‘The pool will …’”'
    """
    told = " ".join(quote.split())
    if len(told) > 2 and told[0] + told[-1] in _OUTER and not any(mark in _INNER for mark in told[1:-1]):
        told = told[1:-1]
    if limit is not None and len(told) > limit:
        told = told[: limit - 1].rsplit(" ", 1)[0] + " …"
        if told.count("“") > told.count("”") + told.count("„"):  # what was open when it was cut
            told += "”"
        elif told.count("„") > told.count("“"):
            told += "“"
    return words.say("told", "quoted", quote=_inside(told))


def _inside(told: str) -> str:
    """Words with single marks in place of double ones; in German, “ closes what „ has opened."""
    made, low = "", 0
    for sign in told:
        closes = sign == "“" and low > 0
        low += (sign == "„") - closes
        made += "‘" if closes else _INNER.get(sign, sign)
    return made
