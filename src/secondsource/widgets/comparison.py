"""The comparison: a student's labels over the key, one text, one list of differences to step through."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import traitlets

from secondsource.article import Block
from secondsource.charts import Picture, picture
from secondsource.codebook import Layer
from secondsource.comparison import Comparison, Level
from secondsource.feedback import headline, hint, numbers, outcome_names, quoted, summary, tally, told_counts
from secondsource.key import KeySpan
from secondsource.languages import Language
from secondsource.markup import in_language, literal
from secondsource.matching import Pair
from secondsource.remarks import score, score_sentence, silly, too_few
from secondsource.spans import Span, lanes, segments
from secondsource.static_html import article_html, provenance_html, shown_blocks, table_html
from secondsource.widgets.base import Widget, script, stylesheet

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ComparisonView"]


class ComparisonView(Widget):
    """Step through what was matched, missed or marked in other words, and read why.

    Parameters
    ----------
    comparison : Comparison
        What to show.
    level : {"visible", "none", "score", "marks"}
        How much is sent to the page: everything, nothing, the numbers, or where the differences are with hints only.
        What a level hides is not in the page at all.
    title : str
        Shown above the text.
    interface : str, optional
        Language of the buttons and messages, such as ``"de"``; that of the comparison by default. The text and the
        labels stay as they are.

    Attributes
    ----------
    selected : int
        Row that is looked at, -1 for none.
    """

    _esm = script("comparison.js")
    _css = stylesheet("comparison.css")
    selected = traitlets.Int(-1).tag(sync=True)

    def __init__(
        self, comparison: Comparison, *, level: Level = "visible", title: str = "", interface: str | None = None
    ) -> None:
        self.comparison = comparison if interface is None else comparison.told_in(interface)
        self._level = level
        self._title = title or comparison.labels.article.title
        self._language = self.comparison.words
        super().__init__(_view=_payload(self.comparison, level, self._title, self._language))

    @property
    def level(self) -> Level:
        """How much is shown."""
        return self._level

    def picture(self, of: str = "places") -> Picture:
        """Draw the comparison.

        Parameters
        ----------
        of : {"places", "labels", "confidence"}
            Where in the text labels met the key, which label was given where the key has which, or how being sure
            went with being right.
        """
        return picture(self, of)

    @property
    def pairs(self) -> "pd.DataFrame":
        """One row per pair; empty where the level hides the rows."""
        return self.comparison.pairs if self._level == "visible" else self.comparison.pairs.iloc[:0]

    @property
    def scores(self) -> "pd.DataFrame":
        """One row per number; empty where the level hides the numbers."""
        return self.comparison.scores if self._level != "none" else self.comparison.scores.iloc[:0]

    @property
    def by_label(self) -> "pd.DataFrame":
        """Outcomes and agreement by label; empty where the level hides the rows."""
        return self.comparison.by_label if self._level == "visible" else self.comparison.by_label.iloc[:0]

    @property
    def by_sentence(self) -> "pd.DataFrame":
        """Outcomes by sentence; empty where the level hides the rows."""
        return self.comparison.by_sentence if self._level == "visible" else self.comparison.by_sentence.iloc[:0]

    def __str__(self) -> str:
        if self._level == "visible":
            return str(self.comparison)
        nothing = [self._language.say("comparison", "nothing_shown")]
        lines = nothing if self._level == "none" else summary(self.comparison)
        return "\n".join([self.comparison.labels.article.provenance, *lines])

    def _summary(self) -> str:
        if self._level not in ("visible", "marks"):
            return self._language.say("told", "comparison")
        return self._language.say("told", "comparison_of", outcomes=told_counts(self.comparison))

    def _static_html(self) -> str:
        comparison, view = self.comparison, self._view
        article, layer = comparison.labels.article, comparison.key.layer
        lines = in_language("".join(f"<p>{literal(line)}</p>" for line in view["summary"]["lines"]), self._language)
        if self._level in ("none", "score"):
            return provenance_html(article) + lines
        mine = [s for row in comparison.rows for s in (row.mark, *row.pieces) if s is not None]
        text = article_html(article, mine, {layer.id: layer}, [s.id for s in comparison.sentences])
        with_key = self._level == "visible"
        rows = [
            (
                view_row["sid"],
                headline(row, layer, comparison.words, shown=with_key),
                *_answer_cells(view_row, layer, self._language),
            )
            for row, view_row in zip(comparison.rows, view["pairs"], strict=True)
        ]
        words = self._language.table("comparison")
        table = in_language(table_html(words["row_by_row"], words["columns"], rows), self._language)
        return provenance_html(article) + lines + text + table


def _payload(comparison: Comparison, level: Level, title: str, words: Language) -> dict[str, Any]:
    """Everything the page may know at this level, and nothing else."""
    article, layer = comparison.labels.article, comparison.key.layer
    rows = comparison.rows if level in ("visible", "marks") else ()
    blocks = _Blocks(comparison, rows, with_key=level == "visible")
    return {
        "title": title,
        "level": level,
        "provenance": article.provenance,
        "note": article.note,
        "article": {"language": article.language, "dir": article.direction},
        "language": words.code,
        "labels_language": comparison.labels.codebook.language,
        "direction": words.direction,
        "strings": words.table("comparison"),
        "blocks": blocks.all(),
        "labels": {
            label.id: {
                "name": label.name,
                "definition": label.definition,
                "colour": label.colour,
                "colour_dark": label.colour_dark,
                "pattern": label.pattern,
            }
            for label in layer.labels
        },
        "outcomes": {
            outcome: {
                "name": name,
                "within": words.say("outcomes_within", outcome),
                "meaning": words.say("meanings", outcome),
                "count": comparison.counts[outcome],
            }
            for outcome, name in outcome_names(words).items()
            if rows and comparison.counts[outcome]  # a filter without rows, and a word that is not used, only puzzle
        },
        "pairs": [_row(i, row, comparison, level) for i, row in enumerate(rows)],
        "summary": _summary(comparison, level, words),
        "key_status": comparison.key.provenance.statement,
    }


def _row(i: int, row: Pair, comparison: Comparison, level: Level) -> dict[str, Any]:
    layer = comparison.key.layer
    open_ = level == "visible"
    sentence = comparison.sentence_of(row).id
    return {
        "i": i,
        "outcome": row.outcome,
        "scored": row.scored,
        "headline": headline(row, layer, comparison.words),
        "hint": hint(row, layer, comparison.words),
        "sid": sentence,
        "layer": layer.id,
        "student": _student(row.mark, row.pieces) if row.mark else None,
        "key": _key(row.key, draft=comparison.key.provenance.status == "draft") if open_ and row.key else None,
        "why_not": row.distractor.why_not if open_ and row.distractor else None,
        "instead": row.distractor.instead if open_ and row.distractor else None,
    }


def _student(mark: Span, pieces: Iterable[Span]) -> dict[str, Any]:
    made = {name: getattr(mark, name) for name in ("label", "quote", "start", "end", "confidence", "note")}
    return {**made, "pieces": [piece.quote for piece in pieces]}


def _key(entry: KeySpan, *, draft: bool) -> dict[str, Any]:
    made = {name: getattr(entry.span, name) for name in ("label", "quote", "start", "end")}
    why = {"reason": entry.reason, "counter": entry.counter, "also": list(entry.also)}
    return {**made, **why, "tier": entry.tier, "draft": draft}


def _summary(comparison: Comparison, level: Level, words: Language) -> dict[str, Any]:
    if level == "none":
        told = words.say("comparison", "nothing_shown")
        return {"lines": [told], "score": None, "baselines": [], "human": "", "undefined": None, "numbers": []}
    shown, rows = score(comparison), comparison.rows if level != "score" else ()
    return {
        "lines": tally(comparison),
        "score": shown,
        "baselines": silly(comparison),
        "human": "" if too_few(comparison) else comparison.key.layer.human,
        "undefined": None if shown else score_sentence(comparison),
        "numbers": [
            {"id": f"n{i}", "text": text, "pairs": found} for i, (text, found) in enumerate(numbers(comparison)) if rows
        ],
    }


class _Blocks:
    """Cut the blocks into runs; ``s`` and ``k`` are the rows whose student's or key's words cover a run."""

    def __init__(self, comparison: Comparison, rows: Iterable[Pair], *, with_key: bool) -> None:
        self._article = comparison.labels.article
        self._asked = {s.id for s in comparison.sentences}
        self._sentences = {s.start: s.id for s in self._article.sentences}
        self._cuts = sorted({edge for s in self._article.sentences for edge in (s.start, s.end)})
        self._starts = [block.start for block in self._article.blocks]
        self._inside: dict[int, list[Span]] = defaultdict(list)  # spans by block, so that no block looks at all of them
        self._row: dict[str, int] = {}
        for i, row in enumerate(rows):
            for n, span in enumerate(s for s in (row.mark, *row.pieces) if s is not None):
                self._add(f"s{i}-{n}", i, span)
            for n, entry in enumerate(e for e in (row.key, *row.covers) if e is not None and with_key):
                self._add(f"k{i}-{n}", i, entry.span)

    def all(self) -> list[dict[str, Any]]:
        shown = {block.id for block in shown_blocks(self._article, self._asked)}
        return [self._block(i, block) for i, block in enumerate(self._article.blocks) if block.id in shown]

    def _block(self, i: int, block: Block) -> dict[str, Any]:
        inside = self._inside[i]
        cuts = self._cuts[bisect_left(self._cuts, block.start) : bisect_right(self._cuts, block.end)]
        runs = []
        for start, end, ids in segments(block.start, block.end, inside, cuts):
            sentence = self._article.sentence_at(start).id
            runs.append(
                {
                    "text": block.text[start - block.start : end - block.start],
                    "s": self._rows(ids, "s"),
                    "k": self._rows(ids, "k"),
                    "asked": sentence in self._asked,
                    "sid": self._sentences.get(start) if sentence in self._asked else None,
                }
            )
        taken = {side: self._lanes(block, [span for span in inside if span.id[0] == side]) for side in "sk"}
        return {"id": block.id, "kind": block.kind, "start": block.start, "runs": runs, "lanes": taken}

    def _add(self, name: str, row: int, span: Span) -> None:
        self._row[name] = row
        named = Span(name, span.layer, span.label, span.start, span.end)
        for i in range(max(0, bisect_right(self._starts, span.start) - 1), bisect_left(self._starts, span.end)):
            self._inside[i].append(named)

    def _rows(self, names: Iterable[str], side: str) -> list[int]:
        return sorted({self._row[name] for name in names if name[0] == side})

    def _lanes(self, block: Block, spans: list[Span]) -> dict[str, int]:
        """Lane of each row; the pieces of one answer share the lowest."""
        taken: dict[str, int] = {}
        for name, lane in lanes(block.start, block.end, spans).items():
            row = str(self._row[name])
            taken[row] = min(lane, taken.get(row, lane))
        return taken


def _answer_cells(row: dict[str, Any], layer: Layer, words: Language) -> tuple[str, str, str]:
    """Return the key's words, its reasons, and the argument against; the hint where the level hides them."""
    key, whys = row["key"], [row["why_not"], row["instead"]]
    if key is None:
        return ("", " ".join(why for why in whys if why) or row["hint"], "")
    also = ", ".join(layer.label(name).name for name in key["also"])
    quote, label = quoted(key["quote"], words), layer.label(key["label"]).name
    told = words.say("told", "answer_also" if also else "answer", quote=quote, label=label, labels=also)
    return (told, " ".join(why for why in (key["reason"], *whys) if why), key["counter"])
