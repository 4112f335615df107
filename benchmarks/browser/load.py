"""The text and the labels that every tool is given: invented, the same on every run."""

import random
from bisect import bisect_right
from dataclasses import asdict, dataclass, replace
from itertools import accumulate, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from secondsource.article import Article
from secondsource.codebook import Codebook, Label
from secondsource.comparison import compare
from secondsource.key import Key, KeySpan, Provenance
from secondsource.spans import LabelSet, Span
from secondsource.store import LabelStore
from secondsource.widgets import ComparisonView, Labeller

__all__ = ["SIZES", "Load", "comparison", "load", "payload"]

SIZES = {
    "700 words, 60 spans": (700, 60),
    "20,000 words, 500 spans": (20_000, 500),
    "100,000 words, 10,000 spans": (100_000, 10_000),
}
PARAGRAPH = 60  # words
SYLLABLES = ["ba", "den", "fir", "gol", "hu", "ker", "lan", "mos", "ni", "por", "ras", "sel", "tun", "vi", "wen", "zo"]
ADDITIONS = 6
STATUS = Provenance(
    status="draft", made="invented", statement="A key for measuring.", passes=1, human_annotators=0, date="2026-11"
)

Json = dict[str, Any]


@dataclass(frozen=True)
class Load:
    """One text with labels, in the words of each tool."""

    article: Article
    codebook: Codebook
    spans: list[Json]
    additions: list[Json]

    @property
    def blocks(self) -> list[Json]:
        """Paragraphs as the labeller gets them."""
        return [asdict(block) for block in self.article.blocks]


def load(words: int, spans: int, seed: int = 4) -> Load:
    """Make a text of so many words with so many labels, a few of which overlap or cross a paragraph."""
    chance = random.Random(seed)
    article = Article(_text(words, chance), title="Invented", provenance="Invented text.", language="en")
    codebook = Codebook.open("news")
    ids = [label.id for label in codebook.layer("rhetoric").labels if label.unit == "span"]
    places = _places(article)
    made: list[Json] = []
    taken = set()
    while len(made) < spans:
        first = chance.randrange(len(places) - 9)
        last = first + chance.choice((0, 1, 1, 2, 3, 5, 8))
        start, end, label = places[first][1], places[last][2], chance.choice(ids)
        if (start, end, label) in taken:
            continue
        taken.add((start, end, label))
        made.append(_span(article, f"k{len(made)}", start, end, label))
    return Load(article, codebook, made, _additions(article, places, made))


def _text(words: int, chance: random.Random) -> str:
    vocabulary = ["".join(chance.choices(SYLLABLES, k=chance.choice((1, 2, 2, 3)))) for _ in range(2_000)]
    paragraphs = ["Invented words for measuring"]
    for begin in range(0, words, PARAGRAPH):
        drawn = chance.choices(vocabulary, k=min(PARAGRAPH, words - begin))
        sentences = [" ".join(drawn[at : at + 15]) for at in range(0, len(drawn), 15)]
        paragraphs.append(" ".join(f"{sentence[0].upper()}{sentence[1:]}." for sentence in sentences))
    return "\n\n".join(paragraphs) + "\n"


def _places(article: Article) -> list[tuple[int, int, int]]:
    """Block, start and end of every word below the headline."""
    places = []
    for number, block in enumerate(article.blocks[1:], start=1):
        at = block.start
        for word in block.text.split(" "):
            places.append((number, at, at + len(word)))
            at += len(word) + 1
    return places


def _span(article: Article, name: str, start: int, end: int, label: str) -> Json:
    """One label as the kernel sends it, with its place in the page, where no newlines stand between paragraphs."""
    quote = article.text[start:end]
    base = {"id": name, "layer": "rhetoric", "label": label, "start": start, "end": end, "quote": quote}
    return {**base, "confidence": None, "note": "", "attributes": {}}


def _additions(article: Article, places: list[tuple[int, int, int]], spans: list[Json]) -> list[Json]:
    """Two words each that no label covers, in the first screen."""
    found: list[Json] = []
    for (block, start, _), (other, _, end) in pairwise(places):
        free = not any(span["start"] < end and start < span["end"] for span in spans)
        if not free or block != other or any(one["end"] >= start for one in found):
            continue
        begin = article.blocks[block].start
        place = {"block": block, "from": start - begin, "to": end - begin, "start": start, "end": end}
        found.append({**place, "id": f"new{len(found)}"})
        if len(found) == ADDITIONS:
            return found
    raise ValueError("the text is too full of labels to add some")


def payload(made: Load) -> Json:
    """Everything a tool may want to know, as JSON."""
    article = made.article
    places = _in_the_page(article, [item[edge] for item in (*made.spans, *made.additions) for edge in ("start", "end")])
    labels = _offered(made)

    def with_page(item: Json) -> Json:
        return {**item, "paged": [places[item["start"]], places[item["end"]]]}

    return {
        "text": article.text.rstrip("\n"),
        "blocks": made.blocks,
        "labels": [label.id for label in labels],
        "spans": [with_page(span) for span in made.spans],
        "additions": [with_page(place) for place in made.additions],
        "key": labels[0].shortcut,
        "view": _view(made),
        "state": {"rev": 1, "saved_at": "2026-11-22T12:00:00Z", "spans": made.spans, "seq_by_client": {}, "notice": ""},
    }


def _in_the_page(article: Article, positions: list[int]) -> dict[int, int]:
    """Offsets in a page, where paragraphs follow each other without newlines."""
    starts = [block.start for block in article.blocks]
    before = list(accumulate((len(block.text) for block in article.blocks), initial=0))
    blocks = {position: bisect_right(starts, position) - 1 for position in positions}
    return {position: before[block] + position - starts[block] for position, block in blocks.items()}


def _view(made: Load) -> Json:
    """What the labeller's page is given: made by the widget itself."""
    with TemporaryDirectory() as folder:
        labeller = Labeller(LabelStore(Path(folder), "bench", made.article, made.codebook), layers=["rhetoric"])
        return {**labeller._view, "max_spans": 20_000}


def comparison(words: int = 20_000, marks: int = 500) -> Json:
    """What the comparison's page is given: invented labels, half of which the key has too, a quarter elsewhere."""
    made = load(words, marks)
    chance = random.Random(5)
    ours, keys = [_as_span(span) for span in made.spans], []
    for span in ours:
        drawn = chance.random()
        start, end = (span.start, span.end) if drawn < 0.75 else _beside(made.article, span)
        label = span.label if drawn < 0.5 else chance.choice([label.id for label in _offered(made)])
        keys.append(
            replace(span, id=f"x{span.id}", start=start, end=end, quote=made.article.text[start:end], label=label)
        )
    once = list({(span.start, span.end, span.label): span for span in keys}.values())
    key = LabelSet(made.article, made.codebook, tuple(once))
    known = tuple(KeySpan(span, "core", "Invented reason.", "Invented argument.") for span in key.spans)
    whole = Key(key, made.codebook.layer("rhetoric"), known, (), STATUS)
    shown = compare(LabelSet(made.article, made.codebook, tuple(ours)), whole)
    view = ComparisonView(shown)._view
    rows = [pair["i"] for pair in view["pairs"] if pair["outcome"] not in ("matched", "accepted")]
    return {
        "blocks": made.blocks,
        "view": view,
        "additions": [{"row": row} for row in rows[:ADDITIONS]],
        "rows": len(view["pairs"]),
    }


def _as_span(span: Json) -> Span:
    return Span(span["id"], span["layer"], span["label"], span["start"], span["end"], span["quote"])


def _offered(made: Load) -> list[Label]:
    return [label for label in made.codebook.layer("rhetoric").labels if label.unit == "span"]


def _beside(article: Article, span: Span) -> tuple[int, int]:
    """The same words without the first one, or with the one that follows."""
    space = article.text.find(" ", span.start, span.end)
    if space >= 0:
        return space + 1, span.end
    end = min(at for at in (article.text.find(" ", span.end + 1), article.text.find("\n", span.end)) if at >= 0)
    return span.start, max(end, span.end)
