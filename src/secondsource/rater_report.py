"""The comparison of two raters for programs (`record`) and for a terminal (`words`)."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from textwrap import wrap
from typing import Any

from secondsource.errors import plain
from secondsource.metrics import Counts2013, Mark, Tally
from secondsource.raters import LabelAgreement, LayerAgreement, Pairing
from secondsource.ratio import Ratio
from secondsource.sides import File, Sides

__all__ = ["FORMAT", "record", "words"]

FORMAT = 1
_WIDTH = 80
_NAME = 26  # columns of the first column
_LISTED = 20  # pairs that a terminal shows

_SCORES = {
    "exact": "exact: same words, same label",
    "semeval2020": "overlap, SemEval-2020 Task 11",
    "semeval2020_without_labels": "span identification (no labels)",
    "best_match": "overlap, best match (ours)",
}
_MEASURES = {
    "kappa": "Cohen’s kappa, one label or none each",
    "mean_kappa": "mean of kappa per label ({kappas} defined)",
    "alpha": "Krippendorff’s nominal alpha",
    "unitized_alpha": "unitized alpha (u-alpha), stretches with labels",
    "unitized_alpha_valued": "unitized alpha (|u-alpha), marked or not",
}


def record(sides: Sides, layers: Sequence[LayerAgreement]) -> dict[str, Any]:
    """Return the comparison as plain data for JSON.

    A *ratio* is ``{"value": number or null, "reason": text}``, null with the reason where it is undefined. Offsets and
    counts are whole numbers; credit is one where it can only be one, and a float where it is a sum of shares.

    ::

        format         1
        a, b           file, kind ("labels", "key", "lines"), spans, duplicates
        case           id, or null
        texts          [doc, length or null]
        notes          sentences for people
        not_compared   layers that only one side can have
        layers         sorted by layer:
          layer, unit ("character", "word", "sentence"), units or null, spans {a, b}, set_aside {a, b}
          scores       exact, semeval2020, semeval2020_without_labels, best_match:
                         precision, recall, f1 (ratios), right, marked, found, expected
          semeval2013  strict, exact, partial, type:
                         correct, incorrect, partial, missed, spurious, precision, recall, f1
          agreement    kappa, alpha, unitized_alpha, unitized_alpha_valued (ratios), mean_kappa (a ratio, with labels)
          labels       sorted by label:
                         label, spans {a, b}, counts {both, a, b, units} or null, and the ratios kappa,
                         positive_agreement, prevalence, observed, alpha, unitized_alpha, unitized_alpha_valued
          pairs        in text order: doc, a, b (start, end, label; null for a leftover), shared, united, fit (a ratio)
    """
    return {
        "format": FORMAT,
        "a": _file(sides.first),
        "b": _file(sides.second),
        "case": sides.case or None,
        "texts": [{"doc": text.doc, "length": text.length} for text in sides.texts],
        "notes": list(sides.notes),
        "not_compared": list(sides.not_compared),
        "layers": [_layer(layer) for layer in layers],
    }


def _file(file: File) -> dict[str, Any]:
    spans = sum(map(len, file.rater.marks.values()))
    return {"file": file.name, "kind": file.kind, "spans": spans, "duplicates": file.duplicates}


def _layer(layer: LayerAgreement) -> dict[str, Any]:
    agreement: dict[str, Any] = _ratios(layer.measures)
    agreement["mean_kappa"]["labels"] = layer.kappas
    return {
        "layer": layer.layer,
        "unit": layer.unit,
        "units": layer.units,
        "spans": _two(layer.spans),
        "set_aside": _two(layer.set_aside),
        "scores": {name: _tally(tally) for name, tally in layer.scores.items()},
        "semeval2013": {scheme: _counts2013(counts) for scheme, counts in layer.semeval2013.items()},
        "agreement": agreement,
        "labels": [_label(row) for row in layer.labels],
        "pairs": [_pair(pair) for pair in layer.pairs],
    }


def _tally(tally: Tally) -> dict[str, Any]:
    credit = {"right": _number(tally.right), "found": _number(tally.found)}
    return {**_scores(tally), **credit, "marked": tally.marked, "expected": tally.expected}


def _number(credit: Fraction | int) -> float | int:
    return credit if isinstance(credit, int) else float(credit)


def _scores(tally: Tally) -> dict[str, Any]:
    scores = tally.scores
    return _ratios({"precision": scores.precision, "recall": scores.recall, "f1": scores.f1})


def _counts2013(counts: Counts2013) -> dict[str, Any]:
    names = ("correct", "incorrect", "partial", "missed", "spurious")
    return {**{name: getattr(counts, name) for name in names}, **_scores(counts.tally)}


def _label(row: LabelAgreement) -> dict[str, Any]:
    counts = row.counts and {
        "both": row.counts.both,
        "a": row.counts.first,
        "b": row.counts.second,
        "units": row.counts.units,
    }
    return {"label": row.label, "spans": _two(row.spans), "counts": counts, **_ratios(row.measures)}


def _pair(pair: Pairing) -> dict[str, Any]:
    sides = {"a": _mark(pair.first), "b": _mark(pair.second)}
    return {"doc": pair.doc, **sides, "shared": pair.shared, "united": pair.united, "fit": _ratio(pair.fit)}


def _mark(mark: Mark | None) -> dict[str, Any] | None:
    return mark and dict(zip(("start", "end", "label"), mark, strict=True))


def _two(numbers: tuple[int, int]) -> dict[str, int]:
    return {"a": numbers[0], "b": numbers[1]}


def _ratios(ratios: Mapping[str, Ratio]) -> dict[str, Any]:
    return {name: _ratio(ratio) for name, ratio in ratios.items()}


def _ratio(ratio: Ratio) -> dict[str, Any]:
    return {"value": ratio.value if ratio.defined else None, "reason": ratio.reason}


# --- for a terminal --------------------------------------------------------------------------------------------------


class _Table:
    """Lines for a terminal; an undefined number is a number in brackets, and its reason stands below."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._reasons: dict[str, str] = {}

    def row(self, name: str, *cells: object, widths: Sequence[int] = (), wide: int = _NAME) -> None:
        told = plain(name, wide - 1).ljust(wide)
        shown = (f" {self._cell(cell)}".rjust(width) for cell, width in zip(cells, widths, strict=True))
        self.lines.append((told + "".join(shown)).rstrip())

    def say(self, text: str) -> None:
        self.lines += wrap(text, _WIDTH, subsequent_indent="  ") if text else [""]

    def end(self) -> list[str]:
        """Return all lines, the reasons behind them."""
        for reason, mark in self._reasons.items():
            self.say(f"  {mark} undefined: {reason}")
        return self.lines

    def _cell(self, cell: object) -> str:
        if isinstance(cell, Ratio):
            mark = f"({len(self._reasons) + 1})"
            return _number_told(cell.value) if cell.defined else self._reasons.setdefault(cell.reason, mark)
        return str(cell)


def words(sides: Sides, layers: Sequence[LayerAgreement]) -> str:
    """Tell the comparison for a terminal of 80 columns, with three decimals."""
    lines = [
        f"A  {_told(sides.first)}",
        f"B  {_told(sides.second)}",
        "A is what is examined (precision), B the reference (recall).",
    ]
    for note in (*sides.notes, *_left_out(sides)):
        lines += wrap(f"- {note}", _WIDTH, subsequent_indent="  ")
    for layer in layers:
        lines += ["", *_layer_words(layer, len(sides.texts))]
    return "\n".join(lines)


def _told(file: File) -> str:
    kinds = {"labels": "label file", "key": "key", "lines": "JSON Lines"}
    spans = sum(map(len, file.rater.marks.values()))
    return f"{plain(file.name, 40)}: {kinds[file.kind]}, {_count(spans, 'span')}"


def _left_out(sides: Sides) -> list[str]:
    if not sides.not_compared:
        return []
    return [f"Not compared, because the key is for another layer: {', '.join(map(plain, sides.not_compared))}."]


def _layer_words(layer: LayerAgreement, texts: int) -> list[str]:
    table = _Table()
    name = plain(layer.layer, 40) or "(no name)"
    title = f"Layer {name}: {_count(layer.spans[0], 'span')} of A, {layer.spans[1]} of B, {_count(texts, 'text')}"
    table.lines += [title, "-" * len(title)]
    if any(layer.set_aside):
        told = f"{layer.set_aside[0]} of A and {layer.set_aside[1]} of B"
        table.say(f"Set aside, because a contested span of the other side holds them: {told}.")
    _scores_words(table, layer)
    _agreement_words(table, layer)
    _labels_words(table, layer)
    _pairs_words(table, layer.pairs)
    return table.end()


def _scores_words(table: _Table, layer: LayerAgreement) -> None:
    widths: tuple[int, ...] = (10, 8, 8, 9, 9)
    table.row("Scores", "precision", "recall", "F1", "right", "found", widths=widths, wide=34)
    for name, tally in layer.scores.items():
        scores = tally.scores
        out_of = (f"/{tally.marked}", f"/{tally.expected}")
        credit = (_short(tally.right) + out_of[0], _short(tally.found) + out_of[1])
        table.row(_SCORES[name], scores.precision, scores.recall, scores.f1, *credit, widths=widths, wide=34)
    table.say("")
    widths = (6, 6, 6, 6, 6, 11, 8, 8)
    table.row("SemEval-2013", *("COR", "INC", "PAR", "MIS", "SPU", "precision", "recall", "F1"), widths=widths, wide=22)
    for scheme, c in layer.semeval2013.items():
        scores = c.tally.scores
        counts = (c.correct, c.incorrect, c.partial, c.missed, c.spurious)
        table.row(scheme, *counts, scores.precision, scores.recall, scores.f1, widths=widths, wide=22)


def _agreement_words(table: _Table, layer: LayerAgreement) -> None:
    units = "" if layer.units is None else f" ({_count(layer.units, layer.unit)} in all)"
    table.lines += ["", f"Agreement over {layer.unit}s{units}"]
    for name, told in _MEASURES.items():
        text = told.format(kappas=layer.kappas)
        table.row(text, layer.measures[name], widths=(9,), wide=52)


def _labels_words(table: _Table, layer: LayerAgreement) -> None:
    if not layer.labels:
        return
    widths = (8, 8, 8, 9, 10, 11)
    table.say("")
    table.row(f"{layer.unit}s per label", "both", "A", "B", "observed", "positive", "prevalence", widths=widths)
    for row in layer.labels:
        c = row.counts
        numbers = (c.both, c.first, c.second) if c else ("-", "-", "-")
        shown = (row.measures[name] for name in ("observed", "positive_agreement", "prevalence"))
        table.row(row.label, *numbers, *shown, widths=widths)
    widths = (8, 8, 9, 9, 10, 10)
    table.say("")
    table.row("per label", "spans A", "B", "kappa", "alpha", "u-alpha", "|u-alpha", widths=widths)
    for row in layer.labels:
        shown = (row.measures[name] for name in ("kappa", "alpha", "unitized_alpha", "unitized_alpha_valued"))
        table.row(row.label, *row.spans, *shown, widths=widths)


def _pairs_words(table: _Table, pairs: Sequence[Pairing]) -> None:
    if not pairs:
        return
    aligned = sum(pair.first is not None and pair.second is not None for pair in pairs)
    table.lines += ["", f"{_count(aligned, 'aligned pair')}, {_count(len(pairs) - aligned, 'leftover')}"]
    named = len({pair.doc for pair in pairs}) > 1
    width = 30 if named else 35
    for pair in pairs[:_LISTED]:
        fit = _number_told(pair.fit.value) if pair.fit.defined else ""
        line = f"{fit:6} {_place(pair.first, width)}  {_place(pair.second, width)}"
        table.lines.append(f"{line} {plain(pair.doc, 9) if named else ''}".rstrip())
    if len(pairs) > _LISTED:
        table.lines.append(f"… and {len(pairs) - _LISTED:,} more; --json has them all")


def _place(mark: Mark | None, width: int) -> str:
    if mark is None:
        return "-".ljust(width)
    place = f"[{mark[0]}, {mark[1]}) "
    return (place + plain(mark[2], max(1, width - len(place) - 1))).ljust(width)


def _number_told(value: float) -> str:
    """Return three decimals; 0, 1 and -1 only for what is exactly that, and bounds for what would round to them."""
    near = round(value, 3) + 0.0  # no −0.000
    if near == value or near not in (-1, 0, 1):
        return f"{near:.3f}"
    return f">{near - 0.001:.3f}" if value < near else f"<{near + 0.001:.3f}"


def _short(credit: Fraction | int) -> str:
    return str(credit) if isinstance(credit, int) else f"{float(credit):.{2 if credit < 100 else 0}f}"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
