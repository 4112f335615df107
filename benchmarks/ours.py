"""Our side of each comparison: a cohort, one student, the long text."""

from collections.abc import Sequence
from copy import copy
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from cohort import LABELS, Firmness, Material, Spans
from timing import Agreement

from secondsource import cohort as package
from secondsource import metrics
from secondsource.agreement import Contingency, binary_alpha
from secondsource.article import Article
from secondsource.codebook import Codebook
from secondsource.comparison import compare
from secondsource.key import Key, KeySpan, Provenance
from secondsource.metrics import Expected, Mark, Tally
from secondsource.spans import LabelSet, Span

Numbers = npt.NDArray[np.float64]
FORMS = ("exact", "semeval", "best_match")
EXACT = ("exact", "kappa")
SEMEVAL = ("exact", "semeval", "kappa")
BEST = ("exact", "best_match", "kappa")
EVERYTHING = ("exact", "semeval", "best_match", "kappa")


def entries(made: Material, firm: Firmness | None = None) -> list[Expected]:
    """Entries of the key, all core unless it is said how firm they are."""
    rows = made.key.rows()
    if firm is None:
        return [Expected(((start, end),), label) for start, end, label in rows]
    return [
        Expected(((start, end), *extents), label, also, tier)
        for (start, end, label), tier, also, extents in zip(rows, *firm, strict=True)
    ]


class Cohort:
    """Hand-ins as the package takes them: packed, unsorted."""

    def __init__(self, made: Material, spans: Spans, hand_ins: int, *, firm: Firmness | None = None) -> None:
        self.words = list(zip(made.text.starts.tolist(), made.text.ends.tolist(), strict=True))
        self.key = entries(made, firm)
        self.sheet = package.Sheet.plain(self.key, length=made.text.length, words=self.words, labels=LABELS)
        columns = {name: getattr(spans, name) for name in ("hand_in", "label", "start", "end")}
        self.spans, self.hand_ins = package.pack(columns, self.sheet, hand_ins=hand_ins), hand_ins

    def in_order(self) -> "Cohort":
        """Return the same hand-ins with their marks sorted, as a file of collected hand-ins stores them."""
        ready = copy(self)
        ready.spans = self.spans.sorted()
        return ready

    def scores(self, forms: Sequence[str] = EVERYTHING) -> package.CohortScores:
        """Counts of every hand-in; ratios are computed on reading."""
        return package.score(self.spans, self.sheet, forms=forms)

    def read(self, forms: Sequence[str]) -> object:
        """Counts, and every ratio of every hand-in as a table: what is timed."""
        return self.scores(forms).frame

    def kappas(self) -> Numbers:
        """Kappa of each hand-in (row) and label (column)."""
        kappa = self.scores(("kappa",)).by_label["kappa"].to_numpy(dtype=np.float64)
        return kappa.reshape(self.hand_ins, len(LABELS))


def reference(cohort: Cohort, hand_ins: Sequence[Spans]) -> Agreement:
    """Compare the cohort's counts with those of the plain modules, hand-in by hand-in, and all 25 tables of each."""
    made = cohort.scores()
    wrong = 0
    for i, spans in enumerate(hand_ins):
        plain = plain_scores(spans.rows(), cohort.key)
        same = all(_equal(made.tally(i, form), plain[form]) for form in FORMS)
        same &= all(made.contingency(i, label) == table for label, table in contingencies(cohort, spans.rows()).items())
        wrong += not same
    return Agreement(f"{len(hand_ins) - wrong} of {len(hand_ins)} hand-ins equal to the plain modules", wrong == 0)


def plain_scores(marks: Sequence[Mark], key: Sequence[Expected]) -> dict[str, Tally]:
    """Score one hand-in with the modules that know no columns; marks that a contested entry holds do not count."""
    rows = [(*entry.places[0], entry.label) for entry in key if entry.tier != "contested"]
    counted = metrics.scored(marks, key) if len(rows) < len(key) else marks
    return {
        "exact": metrics.exact(counted, rows),
        "semeval": metrics.semeval2020(counted, rows),
        "best_match": metrics.best_match(marks, key),
    }


def contingencies(cohort: Cohort, marks: Sequence[Mark]) -> dict[str, Contingency]:
    """Tables of one hand-in by label, word by word; words that a contested entry touches are left out."""
    made = {}
    for label in LABELS:
        contested, scored = (
            [entry.places[0] for entry in cohort.key if entry.label == label and (entry.tier == "contested") is open_]
            for open_ in (True, False)
        )
        mine = [(start, end) for start, end, of in metrics.scored(marks, cohort.key) if of == label]
        words = [word for word in cohort.words if not _touched(word, contested)]
        made[label] = Contingency.of(*([_touched(word, side) for word in words] for side in (mine, scored)))
    return made


def _touched(word: tuple[int, int], places: Sequence[tuple[int, int]]) -> bool:
    return any(start < word[1] and word[0] < end for start, end in places)


def _equal(a: Tally, b: Tally) -> bool:
    counts = a.marked == b.marked and a.expected == b.expected
    apart = max(abs(float(a.right) - float(b.right)), abs(float(a.found) - float(b.found)))
    return counts and apart < 1e-9


def alphas(matrix: npt.NDArray[np.int8]) -> Numbers:
    """Alpha of each label from the matrix of hand-ins × labels × words."""
    counts = matrix.sum(axis=0, dtype=np.int64)
    return np.array([binary_alpha(of_label, len(matrix)).value for of_label in counts.tolist()])


def weight(marks: Sequence[Mark], key: Sequence[Mark], pairs: Sequence[tuple[int, int]]) -> Fraction:
    """Total weight of a pairing of sorted spans; an equal pair counts more than any other."""
    total = Fraction(0)
    for i, k in pairs:
        (a, b, of), (c, d, to) = marks[i], key[k]
        both = max(0, min(b, d) - max(a, c))
        fit = Fraction(both, (b - a) + (d - c) - both)
        total += 10 if fit == 1 and of == to else fit * (4 if of == to else 1)
    return total


_LAYER = """
id = "invented"
version = "1"
language = "en"
title = "Invented"

[[layers]]
id = "marks"
name = "Marks"
unit = "span"
overlap = true
question = "Which?"
human = "Nobody was asked."
human_source = "none"
human_checked = false
"""
_LABEL = """
[[layers.labels]]
id = "{id}"
name = "Label {id}"
unit = "span"
ask = "Is it {id}?"
definition = "What is called {id}."
rule = "Mark what is {id}."
example = "This is {id}."
near_miss = "This is not {id}."
colour = "#0000{number:02x}"
colour_dark = "#ff00{number:02x}"
pattern = "solid"
shortcut = "{shortcut}"
"""


class Student:
    """One student's labels and the key as the lessons have them: all 25 labels in one layer of one article."""

    def __init__(self, made: Material, marks: Spans) -> None:
        labels = (
            _LABEL.format(id=name, number=i, shortcut="abcdefghijklmnopqrstuvwxy"[i]) for i, name in enumerate(LABELS)
        )
        self.codebook = Codebook.parse(_LAYER + "".join(labels))
        self.article = Article(made.text.string, provenance="Invented text.")
        self.labels = self._labels(marks, "m")
        key = self._labels(made.key, "k")
        known = tuple(KeySpan(span, "core", "A reason.", "An argument against.") for span in key.spans)
        status = Provenance(
            status="draft", made="by a program", statement="Invented.", passes=1, human_annotators=0, date="2026-11"
        )
        self.key = Key(key, self.codebook.layer("marks"), known, (), status)

    def _labels(self, spans: Spans, name: str) -> LabelSet:
        rows = [Span(f"{name}{i}", "marks", label, a, b) for i, (a, b, label) in enumerate(spans.rows())]
        return LabelSet(self.article, self.codebook, tuple(rows))

    def feedback(self) -> str:
        """Pair, score and put into words."""
        return str(compare(self.labels, self.key))
