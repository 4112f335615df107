"""The same pictures without script and kernel: escaped HTML that reads well with no styles at all."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from secondsource.article import Article, Block
from secondsource.codebook import Layer
from secondsource.key import Key
from secondsource.languages import Language
from secondsource.markup import isolated, literal
from secondsource.spans import Span, lanes, segments

__all__ = ["Look", "article_html", "key_html", "provenance_html", "shown_blocks", "table_html"]


def provenance_html(article: Article) -> str:
    """Provenance label and content note."""
    return f"<p><strong>{literal(article.provenance)}</strong></p><p><em>{literal(article.note)}</em></p>"


class Look(Protocol):
    """How labels are drawn; what it returns is HTML and must be escaped."""

    def around(self, words: str, spans: Sequence[Span], lane: Mapping[str, int]) -> str:
        """Return words (HTML) with the marks of the labels that cover them; ``lane`` is by id."""

    def behind(self, spans: Sequence[Span]) -> str:
        """Return what stands where labels end."""


class _Plain:
    """Readable with no styles at all: a mark, and the names of the labels behind it."""

    def __init__(self, layers: Mapping[str, Layer]) -> None:
        self._layers = layers

    def around(self, words: str, spans: Sequence[Span], lane: Mapping[str, int]) -> str:
        return f"<mark>{words}</mark>" if spans else words

    def behind(self, spans: Sequence[Span]) -> str:
        names = ", ".join(self._layers[span.layer].label(span.label).name for span in spans)
        return f"<sub> [{isolated(names)}]</sub>" if names else ""


def article_html(
    article: Article,
    spans: Sequence[Span],
    layers: Mapping[str, Layer],
    asked: Iterable[str],
    *,
    look: Look | None = None,
) -> str:
    """Return the article with its labels.

    Parameters
    ----------
    spans : sequence of Span
        Labels of the ``layers``.
    asked : iterable of str
        Ids of the sentences whose numbers are shown, or of the cards that are shown.
    look : Look, optional
        By default each labelled stretch is a ``mark``, and its label's name stands behind it.
    """
    names = set(asked)
    numbers = {s.start: s.id for s in article.sentences if s.id in names}
    parts = [_block_html(block, spans, numbers, look or _Plain(layers)) for block in shown_blocks(article, names)]
    return f'<div lang="{literal(article.language)}" dir="{article.direction}">{"".join(parts)}</div>'


def shown_blocks(article: Article, asked: Collection[str]) -> list[Block]:
    """Return the paragraphs to show: all of an article; of a deck, its title and the cards that are asked.

    What is asked about an article needs the rest of it; other cards belong to other lessons.
    """
    if not article.cards:
        return list(article.blocks)
    starts = {s.start for s in article.sentences if s.id in asked}
    return [b for b in article.blocks if b.kind == "headline" or any(b.start <= start < b.end for start in starts)]


def table_html(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table with caption and column headers; every cell is escaped."""
    top = "".join(f'<th scope="col">{literal(name)}</th>' for name in head)
    body = "".join("<tr>" + "".join(f"<td>{literal(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><caption>{literal(caption)}</caption><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def key_html(key: Key, caption: str, words: Language) -> str:
    """Return a key as a table with reasons, under its provenance."""
    name = {label.id: label.name for label in key.layer.labels}
    columns = ("sentence", "words", "label", "how_firm", "reason", "counter", "also_accepted")
    head = [words.say("told", column) for column in columns]
    rows = [
        (
            key.article.sentence_at(k.span.start).id,
            k.span.quote,
            name[k.span.label],
            words.say("told", f"tier_{k.tier}"),
            k.reason,
            k.counter,
            ", ".join(name[other] for other in k.also),
        )
        for k in key.spans
    ]
    status = f"<p>{literal(key.provenance.statement)}</p>"
    return provenance_html(key.article) + status + table_html(caption, head, rows)


def _block_html(block: Block, spans: Sequence[Span], numbers: Mapping[int, str], look: Look) -> str:
    by_id, lane = {span.id: span for span in spans}, lanes(block.start, block.end, spans)
    pieces = []
    for start, end, ids in segments(block.start, block.end, spans, numbers):
        if start in numbers:
            pieces.append(f"<sup>{literal(numbers[start])} </sup>")
        words, here = literal(block.text[start - block.start : end - block.start]), [by_id[i] for i in ids]
        pieces += [look.around(words, here, lane), look.behind([span for span in here if span.end == end])]
    tag = "h3" if block.kind == "headline" else "p"
    return f"<{tag}>{''.join(pieces)}</{tag}>"
