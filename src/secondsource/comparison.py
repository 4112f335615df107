"""What became of a student's labels: rows, counts and scores of one layer, as values, DataFrames and plain words."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from secondsource.article import Sentence
from secondsource.errors import MismatchError, message
from secondsource.feedback import headline, hint, quoted, summary
from secondsource.frames import by_label_frame, by_sentence_frame, pairs_frame, records, scores_frame
from secondsource.key import Key
from secondsource.languages import Language, language
from secondsource.markup import in_language, literal, still
from secondsource.matching import OUTCOMES, Outcome, Pair, left_open, pair
from secondsource.measures import Baseline, Measures
from secondsource.metrics import Scores
from secondsource.spans import LabelSet, Span
from secondsource.static_html import provenance_html, table_html

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Comparison", "Level", "check_same", "compare"]

Level = Literal["visible", "none", "score", "marks"]
LEVELS: tuple[Level, ...] = ("visible", "none", "score", "marks")


@dataclass(frozen=True, repr=False)
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
    words : Language
        In which language it is told.
    """

    labels: LabelSet
    key: Key
    rows: tuple[Pair, ...]
    sentences: tuple[Sentence, ...]
    outside: int = 0
    words: Language = field(default_factory=language, compare=False)

    @cached_property
    def counts(self) -> dict[Outcome, int]:
        """Number of rows of each outcome, all eight, in display order."""
        counter = Counter(row.outcome for row in self.rows)
        return {outcome: counter[outcome] for outcome in OUTCOMES}

    @cached_property
    def measures(self) -> Measures:
        """Counts for every number that can be read from the comparison."""
        return Measures(self.rows, self.key, self.sentences)

    @property
    def answers(self) -> list[Pair]:
        """The rows, and where whole sentences are answered, those that were left open and count as well."""
        return [*self.rows, *left_open(self.rows, self.key)]

    @property
    def counted(self) -> Scores:
        """Precision, recall and F1 over rows; contested rows enter no number."""
        return self.measures.counted.scores

    @property
    def overlap(self) -> Scores:
        """Best-match scores over characters (`metrics.best_match`); labels of whole sentences are left out."""
        return self.measures.best_match.scores

    @property
    def baselines(self) -> tuple[Baseline, ...]:
        """What silly strategies would have scored on the same part of the text."""
        return self.measures.baselines

    @property
    def found(self) -> int:
        """Number of core entries that are matched or accepted."""
        return int(self.measures.counted.found)

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
        return self.measures.counted.expected

    def sentence_of(self, row: Pair) -> Sentence:
        """Return the first sentence that was asked and that a row touches."""
        spans = (row.mark, row.key.span if row.key else None)
        return min((self.first_of(span) for span in spans if span is not None), key=lambda sentence: sentence.start)

    def first_of(self, span: Span) -> Sentence:
        """Return the first sentence that was asked and that a span touches, or the last one before it."""
        return self.sentences[min(bisect_right(self.sentences, span.start, key=_end), len(self.sentences) - 1)]

    @cached_property
    def pairs(self) -> "pd.DataFrame":
        """One row per pair, in text order (columns: `frames.COLUMNS`)."""
        return pairs_frame(self)

    @cached_property
    def scores(self) -> "pd.DataFrame":
        """One row per number, with its range, its counts, for whom it is meant, and why it may be missing."""
        return scores_frame(self.measures)

    @cached_property
    def by_label(self) -> "pd.DataFrame":
        """One row per label of the layer: outcomes, and agreement with the key word by word."""
        return by_label_frame(self)

    @cached_property
    def by_sentence(self) -> "pd.DataFrame":
        """One row per sentence that was asked: outcomes, labels, entries that are expected."""
        return by_sentence_frame(self)

    def records(self) -> list[dict[str, object]]:
        """Rows as plain data, in text order (fields: `frames.COLUMNS`)."""
        return records(self)

    def told_in(self, interface: Language | str) -> "Comparison":
        """Return the same comparison, told in another language."""
        words = language(interface)
        sentences = self.key.layer.unit == "sentence"
        return replace(self, words=words.fitting(cards=self.labels.article.cards, sentences=sentences))

    def __repr__(self) -> str:
        told = ", ".join(f"{n} {outcome}" for outcome, n in self.counts.items() if n)
        return f"Comparison({self.labels.exercise!r}, {self.key.layer.id}: {told or 'no rows'})"

    def __str__(self) -> str:
        """Tell the whole comparison in words, for a terminal or a screen reader."""
        lines = [self._title, self.labels.article.provenance, self.key.provenance.statement, ""]
        lines += [*summary(self), ""]
        for i, (row, details) in enumerate(self._told_rows(), start=1):
            lines.append(f"{i}. {self.sentence_of(row).id} · {headline(row, self.key.layer, self.words, shown=True)}")
            lines += [f"   {line}" for line in details]
        return "\n".join(lines).strip()

    def _repr_html_(self) -> str:
        """Tell the same in a notebook: what to know first, then row by row with reasons."""
        article, layer, words = self.labels.article, self.key.layer, self.words
        told = "".join(f"<p>{literal(line)}</p>" for line in (self.key.provenance.statement, *summary(self)))
        rows = [
            (
                self.sentence_of(row).id,
                headline(row, layer, words, shown=True),
                " ".join(details),
            )
            for row, details in self._told_rows()
        ]
        head = [words.say("told", column) for column in ("sentence", "happened", "why")]
        table = table_html(self._title, head, rows)
        return still(provenance_html(article) + in_language(told + table, words))

    def _told_rows(self) -> Iterator[tuple[Pair, list[str]]]:
        """Each row with what the key says to it, or else the hint, the first time that it is the same."""
        given = set[str]()
        for row in self.rows:
            details = _details(row, self.key, self.words)
            if not details and (tip := hint(row, self.key.layer, self.words)) not in given:
                given.add(tip)
                details.append(tip)
            yield row, details

    @property
    def _title(self) -> str:
        return self.words.say("told", "title", layer=self.key.layer.name)


def compare(
    labels: LabelSet, key: Key, *, units: Sequence[str] | None = None, interface: Language | str = "en"
) -> Comparison:
    """Lay labels over a key.

    Parameters
    ----------
    labels : LabelSet
        A student's labels; layers other than the key's are ignored.
    key : Key
        The instructor's key.
    units : sequence of str, optional
        Ids of the sentences that were asked; all by default. Labels outside them are counted, not compared.
    interface : str or Language
        In which language the comparison is told, such as ``"de"``.

    Raises
    ------
    MismatchError
        When the two belong to different articles or codebook versions, or the answers are written.
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
    check_same(labels, key)
    known = labels.article.sentences
    for name in units or ():
        labels.article.sentence(name)
    sentences = known if units is None else tuple(s for s in known if s.id in units)
    mine = [s for s in labels.spans if s.layer == key.layer.id]
    inside = [s for s in mine if any(s.start < unit.end and unit.start < s.end for unit in sentences)]
    part = key.within(units)
    rows = tuple(pair(inside, part))
    return Comparison(labels, part, rows, sentences, len(mine) - len(inside)).told_in(interface)


def _end(sentence: Sentence) -> int:
    return sentence.end


def _details(row: Pair, key: Key, words: Language) -> list[str]:
    lines = []
    if row.key is not None:
        entry, label = row.key, key.layer.label(row.key.span.label).name
        quote = quoted(entry.span.quote, words)
        lines.append(words.say("told", "key_says", quote=quote, label=label, reason=entry.reason))
        lines.append(words.say("told", "argument", counter=entry.counter))
        if entry.also:
            lines.append(words.say("told", "also", labels=", ".join(key.layer.label(name).name for name in entry.also)))
        lines += [
            words.say("told", "covers", quote=quoted(other.span.quote, words), reason=other.reason)
            for other in row.covers
        ]
    if row.distractor is not None:
        lines.append(words.say("told", "why_not", why=row.distractor.why_not))
        if row.distractor.instead:
            lines.append(words.say("told", "instead", instead=row.distractor.instead))
    return lines


def check_same(labels: LabelSet, key: Key) -> None:
    """Raise `MismatchError` where labels and key are not about one text and codebook, or answers cannot be scored."""
    safe, step = "Nothing was scored.", "Compare labels with the key of the same case."
    if key.layer.written:
        instead = "Read them beside the model answers: run compare() in their exercise."
        raise MismatchError(message("LAYER-WRITTEN", "Written answers are not scored.", safe, instead))
    if labels.article.sha256 != key.article.sha256:
        raise MismatchError(message("VERSION-ARTICLE", "The labels belong to another article.", safe, step))
    mine, theirs = labels.codebook, key.labels.codebook
    if (mine.id, mine.version) != (theirs.id, theirs.version):
        happened = f"The labels use codebook {mine.id} {mine.version}, the key {theirs.id} {theirs.version}."
        raise MismatchError(message("VERSION-CODEBOOK", happened, safe, step))
