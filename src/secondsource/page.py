"""A page to keep, print or send: the text with its labels, a legend and every label in words, in one HTML file.

The file holds no script and fetches nothing; its own policy forbids both, even where a string should slip through.
Equal labels give equal bytes.
"""

import os
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources
from pathlib import Path
from urllib.parse import quote

from secondsource.article import Article
from secondsource.atomic import write_atomically
from secondsource.codebook import Label, Layer
from secondsource.errors import StoreError, plain
from secondsource.gate import counted, kind_of
from secondsource.history import Words
from secondsource.languages import Language
from secondsource.markup import isolated, literal, still
from secondsource.ratings import ends
from secondsource.relations import Relation
from secondsource.spans import LabelSet, Span
from secondsource.static_html import article_html

__all__ = ["SavedPage", "document", "labels_page", "save_page"]

_LANES = 4  # that have a height of their own; further ones share the last


@dataclass(frozen=True, repr=False)
class SavedPage(Words):
    """Where a page was saved.

    Attributes
    ----------
    path : Path
        The HTML file; open it in a browser.
    """

    path: Path

    def _repr_html_(self) -> str:
        try:
            place = quote(Path(os.path.relpath(self.path)).as_posix())
        except ValueError:  # on another drive there is no way from here to there
            return super()._repr_html_()
        before, name, after = self.text.rpartition(f"{self.path.parent.name}/{self.path.name}")
        return still(f'<p>{literal(before)}<a href="{literal(place)}">{literal(name)}</a>{literal(after)}</p>')


def save_page(file: Path, html: str, words: Language) -> SavedPage:
    """Write a page beside a label file, under the same name, whole or not at all.

    Raises
    ------
    StoreError
        It could not be written; the label file is not touched in any case.
    """
    path = file.with_name(f"{file.name.partition('.')[0]}.html")
    told = f"{path.parent.name}/{path.name}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, html.encode("utf-8"))
    except OSError as error:
        parts = words.parts("messages", "page", place=told, reason=error.strerror or plain(error))
        raise StoreError("SAVE-FAILED", *parts) from None
    return SavedPage(words.say("page", "saved", path=told), path)


def labels_page(
    labels: LabelSet, words: Language, layers: Sequence[str], asked: Sequence[str] = (), title: str = ""
) -> str:
    """Return one person's labels as an HTML page.

    Parameters
    ----------
    labels : LabelSet
        Labels of other layers are left out.
    words : Language
        Language of the page's own words.
    layers : sequence of str
        Ids of the layers to show.
    asked : sequence of str
        Ids of the sentences that belong to the exercise, whose numbers are shown; empty for all.
    title : str
        The heading; by default the article's title.
    """
    article = labels.article
    shown = {name: labels.codebook.layer(name) for name in layers}
    mine = [span for span in labels.spans if span.layer in shown]
    look = _Lines(shown, {span.id: i for i, span in enumerate(mine, start=1)}, words)
    text = article_html(article, mine, shown, asked or [s.id for s in article.sentences], look=look)
    parts = [
        _heading(words, "text") + f'<div class="text">{text}</div>',
        _legend(shown, words, look),
        _heading(words, "table") + (_table(mine, article, shown, words, look) if mine else _paragraph(words, "none")),
        _links(labels.relations, mine, shown, words, look),
    ]
    kinds = [kind_of(layer) for layer in shown.values()]
    counts = [words.say("exercise", counted(*kinds), count=len(mine))]
    if missing := sum(span.confidence is None for span in mine if kind_of(shown[span.layer]) == "labels"):
        counts.append(words.say("labeller", "count_open", count=missing))
    return document(title or article.title, words, article, [", ".join(counts)], "".join(parts), shown)


def document(
    title: str, words: Language, article: Article, about: Sequence[str], body: str, layers: Mapping[str, Layer]
) -> str:
    """Return a whole HTML page; ``body`` is HTML and escaped already, all else is text.

    What must be said about the article stands under the title.
    """
    style = _style() + "".join(_colours(layers))
    digest = b64encode(sha256(style.encode("utf-8")).digest()).decode("ascii")
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    told = "".join(f'<p class="about">{literal(line)}</p>' for line in about)
    care = "".join(f"<p>{literal(line)}</p>" for line in (article.provenance, article.note) if line.strip())
    return "\n".join(
        (
            "<!doctype html>",
            f'<html lang="{literal(words.code)}" dir="{literal(words.direction)}">',
            '<head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{literal(' '.join(title.split()))}</title>",
            f"<style>{style}</style></head>",
            f"<body><main><h1>{literal(title)}</h1>{told}",
            f'<div class="care" role="note">{care}</div>' if care else "",
            f"{body}</main></body></html>\n",
        )
    )


@cache
def _style() -> str:
    return (resources.files("secondsource") / "page.css").read_text(encoding="utf-8")


def _colours(layers: Mapping[str, Layer]) -> list[str]:
    """Rules for the colours of the labels; a codebook's colours are checked to be ``#rrggbb``."""
    labels = [label for layer in layers.values() for label in layer.labels]
    light = [f".k{i} {{ --colour: {label.colour}; }}\n" for i, label in enumerate(labels)]
    dark = "".join(f".k{i} {{ --colour: {label.colour_dark}; }} " for i, label in enumerate(labels))
    return [*light, f"@media screen and (prefers-color-scheme: dark) {{ {dark}}}\n"]


class _Lines:
    """Labels as lines under their words, with a number that leads to the table."""

    def __init__(self, layers: Mapping[str, Layer], numbers: Mapping[str, int], words: Language) -> None:
        labels = [(layer, label) for layer in layers.values() for label in layer.labels]
        self._class = {(la.id, lb.id): f"k{i} {lb.pattern}" for i, (la, lb) in enumerate(labels)}
        self._label = {(la.id, lb.id): lb for la, lb in labels}
        self.numbers, self._words = numbers, words

    def label(self, span: Span) -> Label:
        return self._label[span.layer, span.label]

    def swatch(self, layer: str, label: str) -> str:
        return f'<span class="swatch {self._class[layer, label]}" aria-hidden="true"></span>'

    def around(self, words: str, spans: Sequence[Span], lane: Mapping[str, int]) -> str:
        for span in spans:
            depth = min(lane[span.id], _LANES - 1)
            words = f'<mark class="{self._class[span.layer, span.label]} lane{depth}">{words}</mark>'
        return words

    def behind(self, spans: Sequence[Span]) -> str:
        return "".join(self._number(span) for span in spans)

    def _number(self, span: Span) -> str:
        number = self.numbers[span.id]
        told = self._words.say("page", "number", number=number, label=self.label(span).name)
        place = f'id="mark-{number}" href="#label-{number}" aria-label="{literal(told)}"'
        return f'<a class="number" {place}>{number}</a>'


def _legend(layers: Mapping[str, Layer], words: Language, look: _Lines) -> str:
    parts = [_heading(words, "legend")]
    for layer in layers.values():
        if len(layers) > 1:
            parts.append(f"<h3>{literal(layer.name)}</h3>")
        if layer.scale is not None:  # what the ends mean, once, and not for each of its points
            parts.append(f"<p>{literal(ends(layer, words))}</p>")
            continue
        rows = (
            f"<dt>{look.swatch(layer.id, label.id)}{isolated(label.name)}</dt><dd>{literal(label.definition)}</dd>"
            for label in layer.labels
        )
        parts.append(f"<dl>{''.join(rows)}</dl>")
    return "".join(parts)


def _table(spans: Sequence[Span], article: Article, layers: Mapping[str, Layer], words: Language, look: _Lines) -> str:
    columns = [str(name) for name in words.table("page")["columns"]]
    head = "".join(f'<th role="columnheader" scope="col">{literal(name)}</th>' for name in columns)
    rows = "".join(_row(span, article, layers[span.layer], columns, words, look) for span in spans)
    # The roles keep it a table for screen readers where narrow screens lay the rows out as cards.
    return (
        f'<table role="table" aria-labelledby="table"><thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'<tbody role="rowgroup">{rows}</tbody></table>'
    )


def _row(span: Span, article: Article, layer: Layer, columns: Sequence[str], words: Language, look: _Lines) -> str:
    number, label = look.numbers[span.id], look.label(span)
    back = words.say("page", "number_in_text", number=number)
    asked_sure = kind_of(layer) in ("labels", "scale")
    unsaid = _say(words, "not_said") if asked_sure else "–"
    sure = unsaid if span.confidence is None else f"{round(100 * span.confidence)} %"
    quotation = f' class="words" lang="{literal(article.language)}" dir="{article.direction}"'
    cells = (
        ("", f'<a href="#mark-{number}" aria-label="{literal(back)}">{number}</a>'),
        ("", literal(", ".join(s.id for s in article.sentences_of(span.start, span.end)))),
        ("", look.swatch(layer.id, label.id) + isolated(label.name)),
        (quotation, literal(span.quote)),
        ("", literal(sure)),
        (' class="note"', "".join(f"<p>{literal(line)}</p>" for line in _notes(span, layer, words))),
    )
    made = (
        f'<td role="cell" data-name="{literal(name)}"{more}>{html}</td>'
        for name, (more, html) in zip(columns, cells, strict=True)
    )
    return f'<tr role="row" id="label-{number}">{"".join(made)}</tr>'


def _notes(span: Span, layer: Layer, words: Language) -> list[str]:
    """Flag, answers to the codebook's further questions, and the note."""
    asked = layer.attributes_of(span.label)
    answers = [f"{a.question} {dict(a.values)[span.attributes[a.id]]}" for a in asked if a.id in span.attributes]
    return [*([_say(words, "for_discussion")] if span.discuss else []), *answers, *([span.note] if span.note else [])]


def _links(
    relations: Sequence[Relation], spans: Sequence[Span], layers: Mapping[str, Layer], words: Language, look: _Lines
) -> str:
    """Say in words what belongs together."""
    mine = {span.id: span for span in spans}
    told = [[mine[i] for i in relation.members if i in mine] for relation in relations]
    items = []
    for members in told:
        parts = [
            words.say("page", "member", number=look.numbers[s.id], label=look.label(s).name, quote=s.quote)
            for s in members
        ]
        items.append(f"<li>{literal('; '.join(parts))}</li>" if parts else "")
    return _heading(words, "links") + f"<ol>{''.join(items)}</ol>" if any(items) else ""


def _say(words: Language, key: str) -> str:
    return words.say("page", key)


def _heading(words: Language, key: str) -> str:
    return f'<h2 id="{key}">{literal(_say(words, key))}</h2>'


def _paragraph(words: Language, key: str) -> str:
    return f"<p>{literal(_say(words, key))}</p>"
