"""What can be counted over a comparison: the plain numbers that the formulas of `metrics` and `agreement` need.

Everything is about the part of the text that was asked. What the key leaves open enters no number: neither its
contested entries nor the labels that they hold (`metrics.scored`). Labels of whole sentences in a layer of spans
(“nothing to mark here”) count in `counted` and in agreement by sentence, and stay out of the overlap scores, which are
about passages.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from secondsource import metrics
from secondsource.agreement import Contingency, Unitized, mean_kappa, nominal_kappa
from secondsource.article import Sentence
from secondsource.continuum import Continuum, Unit
from secondsource.fitting import places, trim
from secondsource.key import Key, KeySpan
from secondsource.matching import Pair, left_open
from secondsource.metrics import Counts2013, Expected, Mark, Scores, Tally
from secondsource.metrics.discernment import Confidence, Detection
from secondsource.part import Part
from secondsource.ratio import Ratio
from secondsource.spans import Span

__all__ = ["Agreed", "Baseline", "Measures", "agreement", "constant"]

_LABEL_RIGHT = ("matched", "accepted", "boundary")


@dataclass(frozen=True, slots=True)
class Baseline:
    """A silly strategy and what it would have scored on the same part of the text."""

    name: str
    scores: Scores


@dataclass(frozen=True, slots=True)
class Agreed:
    """One label per sentence: on how many sentences student and key agree, and what guessing would give.

    Attributes
    ----------
    sentences, agreed : int
        Sentences that count, and those with the key's own or another accepted label.
    guessed : float
        Sentences with a label that the key accepts if the student's labels stood on them as often, but blindly.
    kappa : Ratio
        Agreement beyond chance on the key's own labels; no label is a choice too.
    """

    sentences: int
    agreed: int
    guessed: float
    kappa: Ratio


class Measures:
    """Counts over the rows of a comparison; each is computed when it is first asked for.

    Parameters
    ----------
    rows : sequence of Pair
        The comparison, row by row.
    key : Key
        The part of the key that was asked.
    sentences : sequence of Sentence
        The part of the text that was asked.
    """

    def __init__(self, rows: Sequence[Pair], key: Key, sentences: Sequence[Sentence]) -> None:
        self._rows, self._key, self._sentences = rows, key, sentences
        self._part = Part(key.article, sentences)

    @cached_property
    def counted(self) -> Tally:
        """Right rows of all with a mark, found entries of all that are expected."""
        expected = sum(entry.tier == "core" for entry in self._key.spans)
        marked = sum(row.scored and row.mark is not None for row in self._rows)
        return Tally(len(self._right), marked, len(self.found), expected)

    @property
    def found(self) -> list[KeySpan]:
        """Core entries that are matched or accepted."""
        entries = (entry for row in self._right for entry in (row.key, *row.covers))
        return [entry for entry in entries if entry is not None and entry.tier == "core"]

    @property
    def _right(self) -> list[Pair]:
        return [row for row in self._rows if row.scored and row.outcome in ("matched", "accepted")]

    @cached_property
    def best_match(self) -> Tally:
        """Overlap as students see it."""
        return metrics.best_match(self._marks, self._entries)

    @property
    def has_passages(self) -> bool:
        """Whether the student or the key labels a passage here, and not only whole sentences."""
        return bool(self._marks or self._entries)

    @property
    def marks_words(self) -> bool:
        """Whether the student labels a passage here, and not only whole sentences."""
        return bool(self._marks)

    @cached_property
    def exact(self) -> Tally:
        """Same trimmed words and the key's own label."""
        return metrics.exact(self._scored, self._plain)

    @cached_property
    def semeval2020(self) -> Tally:
        """Overlap in the form of SemEval-2020 Task 11."""
        return metrics.semeval2020(self._scored, self._plain)

    @cached_property
    def semeval2020_places(self) -> Tally:
        """The same with labels ignored."""
        return metrics.semeval2020(self._scored, self._plain, labels=False)

    @cached_property
    def semeval2013(self) -> dict[str, Counts2013]:
        """Correct, incorrect, partial, missed and spurious."""
        return metrics.semeval2013(self._scored, self._plain)

    @cached_property
    def contingencies(self) -> dict[str, Contingency]:
        """By label: words (sentences for labels of sentences) that student, key and both gave it.

        The key's side are core and acceptable entries by their own label. Units that a contested entry of the label
        touches are left out, and so are the student's labels that a contested entry holds.
        """
        by_unit = {unit: self._continuum(unit) for unit in ("word", "sentence")}
        return {label.id: by_unit[self._unit_of(label.id)].counts(label.id) for label in self._key.layer.labels}

    @cached_property
    def mean_kappa(self) -> tuple[Ratio, int]:
        """Mean over the labels for which kappa is defined, and how many those are."""
        return mean_kappa(self.contingencies.values())

    @cached_property
    def unitized(self) -> Unitized:
        """Alpha of the stretches themselves, over all labels of passages; undefined where they overlap."""
        return self._part.continuum("word", self._scored, self._plain).unitized_layer

    @cached_property
    def agreed(self) -> Agreed | None:
        """Agreement sentence by sentence; None in a layer of spans."""
        answers = [*self._rows, *left_open(self._rows, self._key)]
        return agreement(answers) if self._key.layer.unit == "sentence" else None

    @cached_property
    def detection(self) -> Detection:
        """Cells, sentence by label, with something to find and with nothing, and which of them were marked.

        Something: a core entry of this label touches the sentence. Nothing: no entry of any tier that accepts the
        label touches it. Other cells are left out.
        """
        cells = {(s.id, label.id) for s in self._sentences for label in self._key.layer.labels}
        spans = [(entry, sid) for entry in self._passages for sid in self._touched(entry.span)]
        signals = {(sid, entry.span.label) for entry, sid in spans if entry.tier == "core"}
        touched = {(sid, label) for entry, sid in spans for label in (entry.span.label, *entry.also)}
        noises = {(sid, label) for sid, label in cells - touched if self._offered(label)}
        marked = {(sid, span.label) for span in self._read for sid in self._touched(span)}
        return Detection(len(marked & signals), len(signals), len(marked & noises), len(noises))

    @cached_property
    def flagging(self) -> Detection:
        """The same by sentence alone: whether it holds anything, whatever its label."""
        spans = [(entry.tier, sid) for entry in self._passages for sid in self._touched(entry.span)]
        signals = {sid for tier, sid in spans if tier == "core"}
        noises = {s.id for s in self._sentences} - {sid for _, sid in spans}
        marked = {sid for span in self._read if self._offered(span.label) for sid in self._touched(span)}
        return Detection(len(marked & signals), len(signals), len(marked & noises), len(noises))

    @property
    def rated(self) -> list[tuple[float, int]]:
        """How sure the student was of each label that counts, where that is said, and 1 if it was right, else 0."""
        made = ((row.mark.confidence, row.outcome) for row in self._rows if row.scored and row.mark is not None)
        return [(sure, int(outcome in _LABEL_RIGHT)) for sure, outcome in made if sure is not None]

    @cached_property
    def confidence(self) -> Confidence:
        """The same as sums."""
        return Confidence.of(self.rated)

    @cached_property
    def baselines(self) -> tuple[Baseline, ...]:
        """What silly strategies would have scored, each with the commonest core label of the part."""
        return self._silly(self._entries)

    @cached_property
    def baselines_of_places(self) -> tuple[Baseline, ...]:
        """The same with labels ignored."""
        label = self._commonest() or ""
        return self._silly([Expected(entry.places, label, tier=entry.tier) for entry in self._entries])

    def _silly(self, entries: Sequence[Expected]) -> tuple[Baseline, ...]:
        label = self._commonest()
        if label is None:
            return ()
        strategies = {
            "one label over the whole part": self._part.runs,
            "a label on every sentence": [(s.start, s.end) for s in self._sentences],
            "no labels at all": [],
        }
        if self._key.layer.unit == "sentence":  # in which nobody can mark more than a sentence at once
            del strategies["one label over the whole part"]
        trimmed = {
            name: [(*trim(self._key.article, *at), label) for at in places] for name, places in strategies.items()
        }
        return tuple(Baseline(name, metrics.best_match(marks, entries).scores) for name, marks in trimmed.items())

    def _commonest(self) -> str | None:
        """Most frequent core label of spans; the codebook's order decides ties."""
        core = Counter(e.label for e in self._entries if e.tier == "core")
        order = [label.id for label in self._key.layer.labels]
        return min(core, key=lambda label: (-core[label], order.index(label))) if core else None

    @property
    def _passages(self) -> list[KeySpan]:
        return [entry for entry in self._key.spans if self._offered(entry.span.label)]

    @property
    def _read(self) -> list[Span]:
        """The student's labels, without those that are read as an open question."""
        return [span for row in self._rows if row.outcome != "contested" for span in _made(row)]

    @cached_property
    def _marks(self) -> list[Mark]:
        return [self._trimmed(span) for row in self._rows for span in _made(row) if self._offered(span.label)]

    @cached_property
    def _scored(self) -> list[Mark]:
        return metrics.scored(self._marks, self._entries)

    @cached_property
    def _entries(self) -> list[Expected]:
        """Entries of spans as the formulas need them, in key order."""
        return [Expected(places(e, self._key.article), e.span.label, frozenset(e.also), e.tier) for e in self._passages]

    @cached_property
    def _plain(self) -> list[Mark]:
        """Core and acceptable entries as spans with the key's own label."""
        return [(*entry.places[0], entry.label) for entry in self._entries if entry.tier != "contested"]

    def _trimmed(self, span: Span) -> Mark:
        return (*trim(self._key.article, span.start, span.end), span.label)

    def _offered(self, label: str) -> bool:
        """Whether a label is one of passages in a layer of passages, or of sentences in a layer of sentences."""
        return self._unit_of(label) == "word" or self._key.layer.unit == "sentence"

    def _unit_of(self, label: str) -> Unit:
        return "sentence" if self._key.layer.label(label).unit == "sentence" else "word"

    def _touched(self, span: Span) -> Iterator[str]:
        """Ids of the sentences that were asked in which the span has a character."""
        start, end, _ = self._trimmed(span)
        first = bisect_right(self._sentences, start, key=lambda s: s.end)
        return (s.id for s in takewhile(lambda s: s.start < end, self._sentences[first:]))

    def _continuum(self, unit: Unit) -> Continuum:
        """The student's and the key's spans of labels that are counted in a unit."""
        whole = [self._trimmed(span) for span in self._read if not self._offered(span.label)]
        scored = [self._trimmed(entry.span) for entry in self._key.spans if entry.tier != "contested"]
        contested = [self._trimmed(entry.span) for entry in self._key.spans if entry.tier == "contested"]
        sides = (
            [m for m in side if self._unit_of(m[2]) == unit] for side in ([*self._scored, *whole], scored, contested)
        )
        return self._part.continuum(unit, *sides)


def agreement(rows: Iterable[Pair]) -> Agreed:
    """Count agreement over rows of a layer of sentences, of one comparison or of several."""
    counted = [row for row in rows if row.scored and row.key is not None and row.key.tier != "contested"]
    mine = [row.mark.label if row.mark else None for row in counted]
    keys = [row.key.span.label for row in counted if row.key]
    often = Counter(mine)
    accepted = sum(n * row.key.accepts(label) for row in counted if row.key for label, n in often.items() if label)
    guessed = accepted / len(counted) if counted else 0.0
    agreed = sum(row.outcome in ("matched", "accepted") for row in counted)
    return Agreed(len(counted), agreed, guessed, nominal_kappa(mine, keys))


def constant(rows: Iterable[Pair], labels: Iterable[str]) -> tuple[str, int]:
    """Return the label that agrees with the key on most sentences if it stands on all of them, and on how many."""
    entries = [row.key for row in rows if row.scored and row.key is not None and row.key.tier != "contested"]
    often = {label: sum(entry.accepts(label) for entry in entries) for label in labels}
    best = max(often, key=lambda label: often[label])
    return best, often[best]


def _made(row: Pair) -> tuple[Span, ...]:
    return () if row.mark is None else (row.mark, *row.pieces)
