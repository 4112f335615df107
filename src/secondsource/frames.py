"""A comparison as tables: plain records without any library, DataFrames when they are asked for."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from secondsource.agreement import Contingency
from secondsource.matching import OUTCOMES, Pair
from secondsource.measures import Measures
from secondsource.metrics import SCHEMES, Tally, wilson
from secondsource.metrics.discernment import Estimate
from secondsource.ratio import Ratio

if TYPE_CHECKING:
    import pandas as pd

    from secondsource.comparison import Comparison

__all__ = [
    "BY_LABEL",
    "BY_SENTENCE",
    "CHAINS",
    "COLUMNS",
    "SCORES",
    "by_label_frame",
    "by_sentence_frame",
    "chains_frame",
    "pairs_frame",
    "records",
    "score_records",
    "scores_frame",
]

COLUMNS = (
    "outcome",
    "layer",
    "label",
    "quote",
    "start",
    "end",
    "confidence",
    "key_label",
    "key_quote",
    "key_start",
    "key_end",
    "fit",
    "tier",
    "sentence",
    "scored",
    "pieces",
)
SCORES = ("measure", "number", "value", "low", "high", "credit", "out_of", "shown_to", "reason")
BY_LABEL = (
    *OUTCOMES,
    "expected",
    "found",
    "unit",
    "units_both",
    "units_student",
    "units_key",
    "units_in_all",
    "kappa",
    "positive_agreement",
    "prevalence",
    "reason",
)
BY_SENTENCE = (*OUTCOMES, "labels", "expected", "quote")
CHAINS = ("chain", "key_chain", "place", "outcome", "words", "key_words", "tier", "gap", "shown", "sentence")


def records(comparison: "Comparison") -> list[dict[str, object]]:
    """Rows as plain data, in text order (fields: `COLUMNS`)."""
    return [dict(zip(COLUMNS, _record(row, comparison), strict=True)) for row in comparison.rows]


def pairs_frame(comparison: "Comparison | None") -> "pd.DataFrame":
    """Rows as a DataFrame (columns: `COLUMNS`); without rows it is empty and has the same columns and types."""
    import pandas as pd

    rows = [] if comparison is None else [_record(row, comparison) for row in comparison.rows]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    whole = dict.fromkeys(("start", "end", "key_start", "key_end"), "Int64")
    return frame.astype(
        {
            **dict.fromkeys(COLUMNS, "str"),
            **whole,
            "confidence": "float64",
            "fit": "float64",
            "scored": "bool",
            "pieces": "int64",
        }
    )


def _record(row: Pair, comparison: "Comparison") -> tuple[object, ...]:
    mark, key = row.mark, row.key.span if row.key else None
    place = mark or key
    return (
        row.outcome,
        place.layer if place else None,
        mark.label if mark else None,
        mark.quote if mark else None,
        mark.start if mark else None,
        mark.end if mark else None,
        mark.confidence if mark else None,
        key.label if key else None,
        key.quote if key else None,
        key.start if key else None,
        key.end if key else None,
        float(row.fit) if mark and key else None,
        row.key.tier if row.key else None,
        comparison.sentence_of(row).id,
        row.scored,
        len(row.pieces),
    )


def chains_frame(records: Sequence[dict[str, object]]) -> "pd.DataFrame":
    """Hands as a DataFrame (columns: `CHAINS`); without any it is empty and has the same columns."""
    import pandas as pd

    frame = pd.DataFrame(records, columns=list(CHAINS))
    return frame.astype(dict.fromkeys(("chain", "key_chain", "place"), "Int64"))


def scores_frame(measures: Measures | None) -> "pd.DataFrame":
    """Every number with its range, its counts, for whom it is meant, and the reason where there is none.

    One row for each number (columns: `SCORES`). ``low`` and ``high`` are the 95 % interval where there is one.
    ``shown_to`` follows how much training a number needs: *student*, *instructor*, or *export* for comparison with
    publications.
    """
    import pandas as pd

    rows = [] if measures is None else score_records(measures)
    frame = pd.DataFrame([[row.get(name) for name in SCORES] for row in rows], columns=list(SCORES))
    return frame.astype({name: "float64" if name in SCORES[2:7] else "str" for name in SCORES})


def score_records(measures: Measures) -> list[dict[str, Any]]:
    """Return the same as plain data; fields without a value are left out."""
    return list(_scores(measures))


def _scores(m: Measures) -> Iterator[dict[str, Any]]:
    yield from _tally("counted", m.counted, "student", "student", "instructor", exact=True)
    yield from _tally("best match", m.best_match, "instructor", "instructor", "student")
    for baseline in m.baselines:
        yield _ratio("best match", f"f1 of {baseline.name}", baseline.scores.f1, "student")
    for baseline in m.baselines_of_places:
        yield _ratio("best match", f"f1 of {baseline.name}, labels ignored", baseline.scores.f1, "instructor")
    if m.agreed is not None:
        yield {**_ratio("agreement by sentence", "kappa", m.agreed.kappa, "instructor")}
        share = Ratio(m.agreed.agreed / m.agreed.sentences) if m.agreed.sentences else m.agreed.kappa
        low, high = wilson(m.agreed.agreed, m.agreed.sentences)
        counts = {"credit": m.agreed.agreed, "out_of": m.agreed.sentences, "low": low, "high": high}
        yield {**_ratio("agreement by sentence", "agreement", share, "student"), **counts}
    mean, labels = m.mean_kappa
    yield {**_ratio("agreement by label", "mean kappa", mean, "instructor"), "out_of": labels}
    yield _estimate("detection by sentence and label", "d′", m.detection.sensitivity, "instructor")
    yield _estimate("detection by sentence and label", "c", m.detection.criterion, "instructor")
    yield _estimate("detection by sentence", "d′", m.flagging.sensitivity, "instructor")
    yield _estimate("detection by sentence", "c", m.flagging.criterion, "student")
    shown = "student" if m.confidence.enough else "instructor"
    yield {**_ratio("confidence", "over-confidence", m.confidence.over_confidence, shown), "out_of": m.confidence.rated}
    yield {**_ratio("confidence", "Brier score", m.confidence.brier, "instructor"), "out_of": m.confidence.rated}
    yield from _tally("exact", m.exact, "export", "export", "export", exact=True)
    yield from _tally("SemEval-2020", m.semeval2020, "export", "export", "export")
    yield from _tally("SemEval-2020, labels ignored", m.semeval2020_places, "export", "export", "export")
    for scheme in SCHEMES:
        yield from _tally(f"SemEval-2013 {scheme}", m.semeval2013[scheme].tally, "export", "export", "export")
    yield _ratio("unitized alpha", "all values", m.unitized.all, "export")
    yield _ratio("unitized alpha", "marked or not", m.unitized.valued, "export")


def _tally(
    measure: str, tally: Tally, precision: str, recall: str, f1: str, *, exact: bool = False
) -> Iterator[dict[str, Any]]:
    """Rows of precision, recall and F1, each for its readers; `exact` counts have a Wilson interval."""
    scores = tally.scores
    for name, ratio, credit, of, shown in (
        ("precision", scores.precision, tally.right, tally.marked, precision),
        ("recall", scores.recall, tally.found, tally.expected, recall),
    ):
        low, high = wilson(int(credit), of) if exact else (None, None)
        yield {**_ratio(measure, name, ratio, shown), "credit": float(credit), "out_of": of, "low": low, "high": high}
    yield _ratio(measure, "f1", scores.f1, f1)


def _ratio(measure: str, number: str, ratio: Ratio, shown: str) -> dict[str, Any]:
    return {"measure": measure, "number": number, "value": ratio.value, "shown_to": shown, "reason": ratio.reason}


def _estimate(measure: str, number: str, estimate: Estimate, shown: str) -> dict[str, Any]:
    interval = {"low": estimate.low, "high": estimate.high}
    return {**_ratio(measure, number, Ratio(estimate.value, estimate.reason), shown), **interval}


def by_label_frame(comparison: "Comparison | None") -> "pd.DataFrame":
    """One row per label of the layer (columns: `BY_LABEL`).

    Outcomes count under the student's label, but for ``missed``, which like ``expected`` and ``found`` follows the
    key's: core entries, and those of them that were answered. Agreement is counted in words, for labels of sentences
    in sentences: units that both, the student and the key gave the label, of all.
    """
    import pandas as pd

    rows = {} if comparison is None else _by_label(comparison)
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=list(BY_LABEL)).rename_axis("label")
    words, numbers = ("unit", "reason"), ("kappa", "positive_agreement", "prevalence")
    kinds = {**dict.fromkeys(BY_LABEL, "int64"), **dict.fromkeys(words, "str"), **dict.fromkeys(numbers, "float64")}
    return frame.astype(kinds)


def _by_label(comparison: "Comparison") -> dict[str, list[Any]]:
    made: dict[str, list[Any]] = {}
    for label in comparison.key.layer.labels:
        of = [row for row in comparison.rows if _label_of(row) == label.id]
        expected = sum(e.tier == "core" and e.span.label == label.id for e in comparison.key.spans)
        found = sum(entry.span.label == label.id for entry in comparison.measures.found)
        unit = "sentence" if label.unit == "sentence" else "word"
        agreement = _agreement(comparison.measures.contingencies[label.id])
        made[label.id] = [*_outcomes(of), expected, found, unit, *agreement]
    return made


def _agreement(table: Contingency) -> list[Any]:
    ratios = (table.kappa, table.positive_agreement, table.prevalence)
    reason = next((ratio.reason for ratio in ratios if ratio.reason), "")
    return [table.both, table.first, table.second, table.units, *(ratio.value for ratio in ratios), reason]


def _label_of(row: Pair) -> str:
    span = row.mark or (row.key.span if row.key else None)
    return span.label if span else ""


def by_sentence_frame(comparison: "Comparison | None") -> "pd.DataFrame":
    """One row per sentence that was asked, in text order (columns: `BY_SENTENCE`).

    A row of the comparison belongs to the first of these sentences that it touches; ``labels`` are the student's,
    ``expected`` the key's core entries.
    """
    import pandas as pd

    rows = {} if comparison is None else _by_sentence(comparison)
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=list(BY_SENTENCE)).rename_axis("sentence")
    return frame.astype({name: "str" if name == "quote" else "int64" for name in BY_SENTENCE})


def _by_sentence(comparison: "Comparison") -> dict[str, list[Any]]:
    article = comparison.key.article
    made: dict[str, list[Any]] = {}
    for sentence in comparison.sentences:
        of = [row for row in comparison.rows if comparison.sentence_of(row) == sentence]
        core = (e for e in comparison.key.spans if e.tier == "core")
        expected = sum(comparison.first_of(e.span) == sentence for e in core)
        labels = sum((row.mark is not None) + len(row.pieces) for row in of)
        made[sentence.id] = [*_outcomes(of), labels, expected, article.text[sentence.start : sentence.end]]
    return made


def _outcomes(rows: list[Pair]) -> list[int]:
    return [sum(row.outcome == outcome for row in rows) for outcome in OUTCOMES]
