"""The same pictures without script and kernel: escaped HTML that reads well with no styles at all."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from secondsource.article import Article, Block
from secondsource.codebook import Layer
from secondsource.key import Key
from secondsource.spans import Span, segments

__all__ = ["article_html", "key_html", "provenance_html", "table_html"]


def provenance_html(article: Article) -> str:
    """Provenance label and content note."""
    return f"<p><strong>{escape(article.provenance)}</strong></p><p><em>{escape(article.note)}</em></p>"


def article_html(article: Article, spans: Sequence[Span], layers: Mapping[str, Layer], asked: Iterable[str]) -> str:
    """Return the article with its labels: each labelled stretch is a ``mark``, its label's name stands behind it."""
    wanted = {s.start: s.id for s in article.sentences if s.id in set(asked)}
    parts = [_block_html(block, spans, layers, wanted) for block in article.blocks]
    return f'<div lang="{escape(article.language)}" dir="{article.direction}">{"".join(parts)}</div>'


def table_html(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table with caption and column headers; every cell is escaped."""
    top = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def key_html(key: Key, caption: str) -> str:
    """Return a key as a table with reasons, under its provenance."""
    name = {label.id: label.name for label in key.layer.labels}
    head = ("Sentence", "Words", "Label", "How firm", "Reason", "Strongest argument against", "Also accepted")
    rows = [
        (
            key.article.sentence_at(k.span.start).id,
            k.span.quote,
            name[k.span.label],
            k.tier,
            k.reason,
            k.counter,
            ", ".join(name[other] for other in k.also),
        )
        for k in key.spans
    ]
    status = f"<p>{escape(key.provenance.statement)}</p>"
    return provenance_html(key.article) + status + table_html(caption, head, rows)


def _block_html(block: Block, spans: Sequence[Span], layers: Mapping[str, Layer], wanted: Mapping[int, str]) -> str:
    by_id = {span.id: span for span in spans}
    pieces = []
    for start, end, ids in segments(block.start, block.end, spans, wanted):
        if start in wanted:
            pieces.append(f"<sup>{escape(wanted[start])} </sup>")
        text = escape(block.text[start - block.start : end - block.start])
        ending = [by_id[i] for i in ids if by_id[i].end == end]
        names = ", ".join(layers[s.layer].label(s.label).name for s in ending)
        pieces.append((f"<mark>{text}</mark>" if ids else text) + (f"<sub> [{escape(names)}]</sub>" if names else ""))
    tag = "h3" if block.kind == "headline" else "p"
    return f"<{tag}>{''.join(pieces)}</{tag}>"
