"""The comparison: a student's labels over the key, one text, one list of differences to step through."""

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Any

import traitlets

from secondsource.article import Block
from secondsource.charts import Picture, picture
from secondsource.codebook import Layer
from secondsource.comparison import Comparison, Level
from secondsource.feedback import MEANINGS, NAMES, headline, hint, numbers, quoted, summary, tally
from secondsource.key import KeySpan
from secondsource.matching import Pair
from secondsource.ratio import Ratio
from secondsource.remarks import score_sentence, whole_sentences
from secondsource.spans import Span, lanes, segments
from secondsource.static_html import article_html, provenance_html, table_html
from secondsource.widgets.base import Widget, script, stylesheet

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ComparisonView"]

_SCALE = "100 would mean exactly the key’s words and labels. This is feedback, not a grade."
_NOTHING_SHOWN = "Your labels are saved. Your instructor will show the comparison."


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

    Attributes
    ----------
    selected : int
        Row that is looked at, -1 for none.
    """

    _esm = script("comparison.js")
    _css = stylesheet("comparison.css")
    selected = traitlets.Int(-1).tag(sync=True)

    def __init__(self, comparison: Comparison, *, level: Level = "visible", title: str = "") -> None:
        self.comparison = comparison
        self._level = level
        self._title = title or comparison.labels.article.title
        super().__init__(_view=_payload(comparison, level, self._title))

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
        lines = [_NOTHING_SHOWN] if self._level == "none" else summary(self.comparison)
        return "\n".join([self.comparison.labels.article.provenance, *lines])

    def _summary(self) -> str:
        told = ", ".join(f"{n} {NAMES[outcome].lower()}" for outcome, n in self.comparison.counts.items() if n)
        return f"Comparison: {told or 'no rows'}" if self._level in ("visible", "marks") else "Comparison"

    def _static_html(self) -> str:
        comparison, view = self.comparison, self._view
        article, layer = comparison.labels.article, comparison.key.layer
        lines = "".join(f"<p>{escape(line)}</p>" for line in view["summary"]["lines"])
        if self._level in ("none", "score"):
            return provenance_html(article) + lines
        mine = [s for row in comparison.rows for s in (row.mark, *row.pieces) if s is not None]
        text = article_html(article, mine, {layer.id: layer}, [s.id for s in comparison.sentences])
        rows = [(row["sid"], row["headline"], *_answer_cells(row, layer)) for row in view["pairs"]]
        head = ("Sentence", "What happened", "The key", "Reason", "Strongest argument against")
        return provenance_html(article) + lines + text + table_html("Row by row", head, rows)


def _payload(comparison: Comparison, level: Level, title: str) -> dict[str, Any]:
    """Everything the page may know at this level, and nothing else."""
    article, layer = comparison.labels.article, comparison.key.layer
    rows = comparison.rows if level in ("visible", "marks") else ()
    blocks = _Blocks(comparison, rows, with_key=level == "visible")
    return {
        "title": title,
        "level": level,
        "provenance": article.provenance,
        "note": article.note,
        "dir": article.direction,
        "language": article.language,
        "blocks": [blocks.block(block) for block in article.blocks],
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
            outcome: {"name": NAMES[outcome], "meaning": MEANINGS[outcome], "count": count if rows else 0}
            for outcome, count in comparison.counts.items()
        },
        "pairs": [_row(i, row, comparison, level) for i, row in enumerate(rows)],
        "summary": _summary(comparison, level),
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
        "headline": headline(row, layer),
        "hint": hint(row, layer),
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


def _summary(comparison: Comparison, level: Level) -> dict[str, Any]:
    if level == "none":
        return {
            "lines": [_NOTHING_SHOWN],
            "score": None,
            "baselines": [],
            "human": "",
            "undefined": None,
            "numbers": [],
        }
    score, rows = comparison.overlap.f1, comparison.rows if level != "score" else ()
    return {
        "lines": tally(comparison),
        "score": {
            "name": "Overlap with the key",
            "value": _whole(score),
            "of": "100",
            "reader": " ".join((_SCALE, whole_sentences(comparison))).strip(),
        }
        if score.defined
        else None,
        "baselines": [
            {"name": b.name, "value": _whole(b.scores.f1), "note": b.scores.f1.reason} for b in comparison.baselines
        ],
        "human": comparison.key.layer.human,
        "undefined": None if score.defined else score_sentence(comparison),
        "numbers": [
            {"id": f"n{i}", "text": text, "pairs": found} for i, (text, found) in enumerate(numbers(comparison)) if rows
        ],
    }


class _Blocks:
    """Cut the blocks into runs; ``s`` and ``k`` are the rows whose student's or key's words cover a run."""

    def __init__(self, comparison: Comparison, rows: Iterable[Pair], *, with_key: bool) -> None:
        self._asked = {s.id for s in comparison.sentences}
        self._sentences = {s.start: s.id for s in comparison.labels.article.sentences}
        self._ends = {s.end for s in comparison.labels.article.sentences}
        self._article = comparison.labels.article
        self._student: list[Span] = []
        self._key: list[Span] = []
        self._row: dict[str, int] = {}
        for i, row in enumerate(rows):
            for n, span in enumerate(s for s in (row.mark, *row.pieces) if s is not None):
                self._student.append(self._named(f"s{i}-{n}", i, span))
            for n, entry in enumerate(e for e in (row.key, *row.covers) if e is not None and with_key):
                self._key.append(self._named(f"k{i}-{n}", i, entry.span))

    def block(self, block: Block) -> dict[str, Any]:
        cuts = {*self._sentences, *self._ends}
        runs = []
        for start, end, ids in segments(block.start, block.end, [*self._student, *self._key], cuts):
            rows = {side: sorted({self._row[i] for i in ids if i[0] == side}) for side in "sk"}
            sentence = self._article.sentence_at(start).id
            runs.append(
                {
                    "text": block.text[start - block.start : end - block.start],
                    **rows,
                    "asked": sentence in self._asked,
                    "sid": self._sentences.get(start) if sentence in self._asked else None,
                }
            )
        taken = {"s": self._lanes(block, self._student), "k": self._lanes(block, self._key)}
        return {"id": block.id, "kind": block.kind, "start": block.start, "runs": runs, "lanes": taken}

    def _named(self, name: str, row: int, span: Span) -> Span:
        self._row[name] = row
        return Span(name, span.layer, span.label, span.start, span.end)

    def _lanes(self, block: Block, spans: list[Span]) -> dict[str, int]:
        """Lane of each row; the pieces of one answer share the lowest."""
        taken: dict[str, int] = {}
        for name, lane in lanes(block.start, block.end, spans).items():
            row = str(self._row[name])
            taken[row] = min(lane, taken.get(row, lane))
        return taken


def _whole(ratio: Ratio) -> str | None:
    return str(round(100 * ratio.value)) if ratio.defined else None


def _answer_cells(row: dict[str, Any], layer: Layer) -> tuple[str, str, str]:
    """Return the key's words, its reasons, and the argument against; the hint where the level hides them."""
    key, whys = row["key"], [row["why_not"], row["instead"]]
    if key is None:
        return ("", " ".join(why for why in whys if why) or row["hint"], "")
    also = f" (also accepted: {', '.join(layer.label(name).name for name in key['also'])})" if key["also"] else ""
    told = f"{quoted(key['quote'])}: {layer.label(key['label']).name}{also}"
    return (told, " ".join(why for why in (key["reason"], *whys) if why), key["counter"])
