"""The same hand-ins through libraries that score spans: nervaluate, seqeval and the scorer of SemEval-2020."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from cohort import LABELS, LAYER_OF, Material, Spans, Text

Documents = list[list[dict[str, Any]]]


class Nervaluate:
    """nervaluate on many hand-ins; its ends are inclusive, so ours are given less one."""

    def __init__(self, key: Spans, hand_ins: Sequence[Spans]) -> None:
        from nervaluate.evaluator import Evaluator

        entries = _documents([key])
        self.evaluator = Evaluator(entries * len(hand_ins), _documents(hand_ins), tags=list(LABELS), loader="dict")

    def with_tags(self) -> dict[str, Any]:
        """Four schemes, overall and for each label: pooled counts."""
        result: dict[str, Any] = self.evaluator.evaluate()
        return result

    def overall(self) -> list[list[int]]:
        """Four schemes, overall only: how many marks are correct in each hand-in."""
        strategies = self.evaluator.strategies.values()
        tags = self.evaluator.tags
        return [
            [strategy.evaluate(true, pred, tags, i)[0].correct for strategy in strategies]
            for i, (true, pred) in enumerate(zip(self.evaluator.true, self.evaluator.pred, strict=True))
        ]

    def exact_hits(self) -> list[int]:
        """Correct marks under its scheme *strict*, for each hand-in."""
        strict, tags = self.evaluator.strategies["strict"], self.evaluator.tags
        pairs = zip(self.evaluator.true, self.evaluator.pred, strict=True)
        return [strict.evaluate(true, pred, tags)[0].correct for true, pred in pairs]


def _documents(hand_ins: Sequence[Spans]) -> Documents:
    return [[{"label": label, "start": a, "end": b - 1} for a, b, label in spans.rows()] for spans in hand_ins]


def hits_first(key: Spans, spans: Spans) -> Spans:
    """Put the marks that are in the key first: nervaluate, which answers in order, then loses none."""
    entries = set(key.rows())
    return spans.take(np.argsort([row not in entries for row in spans.rows()], kind="stable"))


class Apart(NamedTuple):
    """Spans in words, none overlapping another of its layer: all that BIO tags can hold."""

    rows: set[tuple[int, int, str]]
    tags: list[list[str]]  # one sequence per layer


def apart(text: Text, spans: Spans) -> Apart:
    """Keep the spans that overlap no earlier one of their layer, widened to whole words."""
    tags = [["O"] * text.words for _ in range(int(LAYER_OF[-1]) + 1)]
    rows = set()
    low, high = text.touched(spans.start, spans.end)
    for first, behind, label in sorted(zip(low.tolist(), high.tolist(), spans.label.tolist(), strict=True)):
        of_layer, name = tags[LAYER_OF[label]], LABELS[label]
        if all(tag == "O" for tag in of_layer[first:behind]):
            of_layer[first:behind] = [f"B-{name}", *[f"I-{name}"] * (behind - first - 1)]
            rows.add((first, behind, name))
    return Apart(rows, tags)


class Seqeval:
    """seqeval on BIO tags, two sequences per hand-in."""

    def __init__(self, text: Text, key: Spans, hand_ins: Sequence[Spans]) -> None:
        self.key, self.hand_ins = apart(text, key), [apart(text, spans) for spans in hand_ins]
        self.true = [tags for _ in hand_ins for tags in self.key.tags]
        self.pred = [tags for spans in self.hand_ins for tags in spans.tags]
        self.lost = 1 - sum(len(s.rows) for s in self.hand_ins) / sum(map(len, hand_ins))

    def report(self) -> dict[str, Any]:
        """Precision, recall and F1, overall and for each label, pooled over hand-ins."""
        from seqeval.metrics import classification_report

        result: dict[str, Any] = classification_report(self.true, self.pred, output_dict=True, zero_division=0)
        return result


class Scorer:
    """The organisers' script of SemEval-2020 Task 11 (`task-FLC_scorer.py`), a program that reads files."""

    def __init__(self, script: Path, made: Material, hand_ins: Sequence[Spans], folder: Path) -> None:
        self.script, self.folder = script, folder
        (folder / "techniques.txt").write_text("".join(f"{label}\n" for label in LABELS), encoding="utf-8")
        (folder / "key").mkdir()
        for number, _ in enumerate(hand_ins, start=1):
            lines = _lines(number, made.key)
            (folder / "key" / f"article{number}.task-FLC.labels").write_text(lines, encoding="utf-8")
        lines = "".join(_lines(number, spans) for number, spans in enumerate(hand_ins, start=1))
        (folder / "marks.tsv").write_text(lines, encoding="utf-8")

    def run(self) -> tuple[float, float]:
        """Seconds of the whole program, and its pooled F1."""
        arguments = ["-s", "marks.tsv", "-r", "key", "-t", "techniques.txt"]
        begin = time.perf_counter()
        done = subprocess.run(
            [sys.executable, str(self.script), *arguments], cwd=self.folder, capture_output=True, text=True, check=True
        )
        seconds = time.perf_counter() - begin
        told = next(line for line in (done.stdout + done.stderr).splitlines() if "F1=" in line and "P=" not in line)
        return seconds, float(told.split("F1=")[1].split()[0])


def _lines(number: int, spans: Spans) -> str:
    """Write one hand-in in the script's format, its overlapping spans of one label merged: the script refuses them."""
    from secondsource.intervals import united

    rows = []
    for label in np.unique(spans.label):
        of_label = spans.take(spans.label == label)
        places = zip(of_label.start.tolist(), of_label.end.tolist(), strict=True)
        rows += [f"{number}\t{LABELS[label]}\t{start}\t{end}\n" for start, end in united(places)]
    return "".join(rows)
