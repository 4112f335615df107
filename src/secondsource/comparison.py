"""What became of a student's labels: rows, counts and scores of one layer, as values, DataFrames and plain words."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from secondsource import metrics
from secondsource.article import Article, Sentence
from secondsource.errors import MismatchError, UnknownNameError, message
from secondsource.feedback import headline, quoted, summary
from secondsource.fitting import places, trim
from secondsource.key import Key
from secondsource.matching import OUTCOMES, Outcome, Pair, pair
from secondsource.metrics import Expected, Scores, Tally
from secondsource.spans import LabelSet, Span

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "Baseline", "Comparison", "Level", "compare"]

Level = Literal["visible", "none", "score", "marks"]
LEVELS: tuple[Level, ...] = ("visible", "none", "score", "marks")

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
)


@dataclass(frozen=True, slots=True)
class Baseline:
    """A silly strategy and what it would have scored on the same part of the text."""

    name: str
    scores: Scores


@dataclass(frozen=True)
class Comparison:
    """A student's labels laid over the key of one layer.

    Attributes
    ----------
    rows : tuple of Pair
        In text order; see `secondsource.matching.Pair`.
    key : Key
        The part of the key that was asked.
    sentences : tuple of Sentence
        The part of the text that was asked.
    outside : int
        Labels of this layer outside that part; they are not compared.
    """

    labels: LabelSet
    key: Key
    rows: tuple[Pair, ...]
    sentences: tuple[Sentence, ...]
    outside: int = 0

    @cached_property
    def counts(self) -> dict[Outcome, int]:
        """Number of rows of each outcome, all eight, in display order."""
        counter = Counter(row.outcome for row in self.rows)
        return {outcome: counter[outcome] for outcome in OUTCOMES}

    @cached_property
    def counted(self) -> Scores:
        """Precision, recall and F1 over rows (`metrics.Tally`); contested rows enter no number."""
        scored = [row for row in self.rows if row.scored]
        marked = [row for row in scored if row.mark is not None]
        right = [row for row in marked if row.outcome in ("matched", "accepted")]
        return Tally(len(right), len(marked), self.found, self.expected).scores

    @property
    def found(self) -> int:
        """Number of core entries that are matched or accepted."""
        return sum(
            entry.tier == "core"
            for row in self.rows
            if row.scored and row.outcome in ("matched", "accepted")
            for entry in (row.key, *row.covers)
            if entry is not None
        )

    @property
    def made(self) -> int:
        """Number of the student's labels in the part that was asked."""
        return sum(span.layer == self.key.layer.id for span in self.labels.spans) - self.outside

    @property
    def copies(self) -> int:
        """Number of labels that repeat another one: the same words with the same label."""
        return self.made - sum(len(row.pieces) + (row.mark is not None) for row in self.rows)

    @property
    def expected(self) -> int:
        """Number of core entries in the part that was asked."""
        return sum(entry.tier == "core" for entry in self.key.spans)

    @cached_property
    def overlap(self) -> Scores:
        """Best-match scores over characters (`metrics.best_match`); labels of whole sentences are left out."""
        return self._overlap_of(s for row in self.rows for s in (row.mark, *row.pieces) if s is not None)

    @cached_property
    def baselines(self) -> tuple[Baseline, ...]:
        """What silly strategies would have scored, each with the commonest core label of the part."""
        label = self._commonest()
        if label is None:
            return ()
        first, last = self.sentences[0].start, self.sentences[-1].end
        whole = [Span("all", self.key.layer.id, label, first, last)]
        each = [Span(s.id, self.key.layer.id, label, s.start, s.end) for s in self.sentences]
        return (
            Baseline("one label over the whole part", self._overlap_of(whole)),
            Baseline("a label on every sentence", self._overlap_of(each)),
            Baseline("no labels at all", self._overlap_of([])),
        )

    @cached_property
    def pairs(self) -> "pd.DataFrame":
        """One row per pair, in text order (columns: `COLUMNS`)."""
        return pairs_frame(self.rows, self.labels.article)

    def records(self) -> list[dict[str, object]]:
        """Rows as plain data, in text order (fields: `COLUMNS`)."""
        article = self.labels.article
        return [dict(zip(COLUMNS, _record(row, article), strict=True)) for row in self.rows]

    @cached_property
    def by_label(self) -> "pd.DataFrame":
        """Outcomes counted by label; a missed entry counts under the key's label."""
        import pandas as pd

        frame = self.pairs.assign(of=self.pairs["label"].fillna(self.pairs["key_label"]))
        return pd.crosstab(frame["of"], frame["outcome"]).reindex(columns=list(OUTCOMES), fill_value=0)

    def __str__(self) -> str:
        """Tell the whole comparison in words, for a terminal or a screen reader."""
        article, layer = self.labels.article, self.key.layer
        lines = [f"{layer.name}: your labels beside the key", article.provenance, self.key.provenance.statement, ""]
        lines += [*summary(self), ""]
        for i, row in enumerate(self.rows, start=1):
            lines.append(f"{i}. {article.sentence_at(row.start).id} · {headline(row, layer)}")
            lines += [f"   {line}" for line in _details(row, self.key)]
        return "\n".join(lines).strip()

    def _commonest(self) -> str | None:
        """Most frequent core label of spans; the codebook's order decides ties."""
        core = Counter(e.span.label for e in self.key.spans if e.tier == "core" and e.span.label not in self._clean)
        order = [label.id for label in self.key.layer.labels]
        return min(core, key=lambda label: (-core[label], order.index(label))) if core else None

    def _overlap_of(self, spans: Iterable[Span]) -> Scores:
        article = self.labels.article
        marks = [(*trim(article, s.start, s.end), s.label) for s in spans if s.label not in self._clean]
        return metrics.best_match(marks, self._entries).scores

    @cached_property
    def _entries(self) -> list[Expected]:
        """Entries of spans as the formulas need them, in key order."""
        article = self.labels.article
        return [
            Expected(places(e, article), e.span.label, frozenset(e.also), e.tier)
            for e in self.key.spans
            if e.span.label not in self._clean
        ]

    @cached_property
    def _clean(self) -> frozenset[str]:
        """Labels of whole sentences in a layer of spans."""
        layer = self.key.layer
        return frozenset(label.id for label in layer.labels if label.unit == "sentence" and layer.unit == "span")


def compare(labels: LabelSet, key: Key, *, units: Sequence[str] | None = None) -> Comparison:
    """Lay labels over a key.

    Parameters
    ----------
    labels : LabelSet
        A student's labels; layers other than the key's are ignored.
    key : Key
        The instructor's key.
    units : sequence of str, optional
        Ids of the sentences that were asked; all by default. Labels outside them are counted, not compared.

    Raises
    ------
    MismatchError
        When the two belong to different articles or codebook versions.
    UnknownNameError
        When there is no such sentence.

    Examples
    --------
    >>> from secondsource.case import Case
    >>> case = Case.open("analyst-claims")
    >>> key = case.key("attribution")
    >>> comparison = compare(key.labels, key)
    >>> comparison.counted.recall.value, comparison.counts["missed"]
    (1.0, 0)
    """
    _check_same(labels, key)
    known = labels.article.sentences
    for name in units or ():
        if name not in {s.id for s in known}:
            raise UnknownNameError("sentence", name, [s.id for s in known])
    sentences = known if units is None else tuple(s for s in known if s.id in units)
    mine = [s for s in labels.spans if s.layer == key.layer.id]
    inside = [s for s in mine if any(s.start < unit.end and unit.start < s.end for unit in sentences)]
    part = key.within(units)
    return Comparison(labels, part, tuple(pair(inside, part)), sentences, len(mine) - len(inside))


def pairs_frame(rows: Iterable[Pair], article: Article) -> "pd.DataFrame":
    """Rows as a DataFrame; without rows it is empty and has the same columns and types."""
    import pandas as pd

    frame = pd.DataFrame([_record(row, article) for row in rows], columns=list(COLUMNS))
    whole = dict.fromkeys(("start", "end", "key_start", "key_end"), "Int64")
    return frame.astype(
        {**dict.fromkeys(COLUMNS, "str"), **whole, "confidence": "float64", "fit": "float64", "scored": "bool"}
    )


def _record(row: Pair, article: Article) -> tuple[object, ...]:
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
        article.sentence_at(row.start).id,
        row.scored,
    )


def _details(row: Pair, key: Key) -> list[str]:
    lines = []
    if row.key is not None:
        entry = row.key
        lines.append(f"The key: {quoted(entry.span.quote)} as {key.layer.label(entry.span.label).name}. {entry.reason}")
        lines.append(f"The strongest argument against: {entry.counter}")
        if entry.also:
            lines.append(f"Also accepted: {', '.join(key.layer.label(name).name for name in entry.also)}.")
        lines += [f"The same label also answers {quoted(other.span.quote)}. {other.reason}" for other in row.covers]
    if row.distractor is not None:
        lines.append(f"Why not: {row.distractor.why_not}")
        if row.distractor.instead:
            lines.append(f"Instead: {row.distractor.instead}")
    return lines


def _check_same(labels: LabelSet, key: Key) -> None:
    safe, step = "Nothing was scored.", "Compare labels with the key of the same case."
    if labels.article.sha256 != key.article.sha256:
        raise MismatchError(message("VERSION-ARTICLE", "The labels belong to another article.", safe, step))
    mine, theirs = labels.codebook, key.labels.codebook
    if (mine.id, mine.version) != (theirs.id, theirs.version):
        happened = f"The labels use codebook {mine.id} {mine.version}, the key {theirs.id} {theirs.version}."
        raise MismatchError(message("VERSION-CODEBOOK", happened, safe, step))
