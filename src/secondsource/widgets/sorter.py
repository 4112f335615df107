"""The sorter: one row for each sentence or card, with one question to answer: a choice, a rating or some words."""

from collections.abc import Sequence
from typing import Any

from secondsource.answers import card_names
from secondsource.article import Sentence
from secondsource.codebook import Layer
from secondsource.errors import CodebookError
from secondsource.markup import in_language, literal
from secondsource.relations import MAX_NOTE
from secondsource.spans import Span
from secondsource.static_html import provenance_html
from secondsource.store import LabelStore
from secondsource.widgets.base import script, stylesheet
from secondsource.widgets.saving import SavingWidget

__all__ = ["Sorter"]


class Sorter(SavingWidget):
    """Answer one question about each sentence or card; every answer is on disk before the page calls it saved.

    Parameters
    ----------
    store : LabelStore
        Where the answers live; several sorters and labellers may share one.
    layers : sequence of str
        Ids of the layers whose labels are saved; the rows ask the question of the first one, which is one of whole
        sentences.
    asked : sequence of str
        Ids of the sentences or cards that get a row; by default all but the headline.
    title : str
        Shown above the rows.
    interface : str
        Language of the buttons and messages, such as ``"de"``; the text and the labels stay as they are.

    Raises
    ------
    CodebookError
        The first layer marks words instead of whole sentences.
    """

    _sections = ("labeller", "sorter")
    _esm = script("sorter.js")
    _css = stylesheet("labeller.css", "sorter.css", "print.css")

    def __init__(
        self,
        store: LabelStore,
        *,
        layers: Sequence[str],
        asked: Sequence[str] | None = None,
        title: str = "",
        interface: str = "en",
    ) -> None:
        self._layer = store.labels.codebook.layer(layers[0])
        if any(label.unit != "sentence" for label in self._layer.labels):
            raise CodebookError(f"The layer {self._layer.id} marks words, so it needs the labeller and not the sorter.")
        if asked is None:
            asked = [s.id for s in store.labels.article.sentences if s.id != "H"]
        super().__init__(store, layers=layers, asked=asked, title=title, interface=interface)

    def _make_view(self, title: str) -> dict[str, Any]:
        layer = self._layer
        scale = None if layer.scale is None else {"low": layer.scale.low, "high": layer.scale.high}
        more = {"written": layer.written, "scale": scale, "cards": self.labels.article.cards, "max_note": MAX_NOTE}
        return {**super()._make_view(title), **more}

    def _items(self) -> list[Sentence]:
        return [s for s in self.labels.article.sentences if s.id in self._asked]

    def _answers(self) -> dict[int, Span]:
        """Answers by where their item starts."""
        return {span.start: span for span in self.labels.spans if span.layer == self._layer.id}

    def _summary(self) -> str:
        words, items, answers = self._words, self._items(), self._answers()
        done = sum(item.start in answers for item in items)
        progress = words.say("sorter", "progress", answered=done, count=len(items))
        return words.say("sorter", "summary", exercise=self.labels.exercise, layer=self._layer.name, progress=progress)

    def _static_html(self) -> str:
        article, words, answers = self.labels.article, self._words, self._answers()
        note = in_language(f"<p>{literal(words.say('sorter', 'still'))}</p>", words)
        book = literal(self.labels.codebook.language)
        question = f'<p lang="{literal(book)}"><strong>{literal(self._layer.question)}</strong></p>'
        text = f'lang="{literal(article.language)}" dir="{article.direction}"'
        told = f'lang="{literal(words.code)}" dir="{literal(words.direction)}"'
        rows = [
            f"<p><strong>{literal(name)}</strong> <span {text}>{literal(article.text[item.start : item.end])}</span>"
            f"<br><span {told}>{html}</span></p>"
            for item, name, html in (
                (item, name, self._answer_html(answers.get(item.start)))
                # Where none is asked there is no row, and the names are those of all.
                for item, name in zip(self._items(), card_names(article, self._asked, words), strict=False)
            )
        ]
        return provenance_html(article) + note + question + "".join(rows)

    def _answer_html(self, answer: Span | None) -> str:
        """Return one answer in words, escaped."""
        words = self._words
        if answer is None:
            return f"<em>{literal(words.say('sorter', 'unanswered'))}</em>"
        if self._layer.written:
            return "→ " + "<br>".join(literal(line) for line in answer.note.split("\n"))
        sure = words.say("sorter", "sure_still", sure=self._sure(answer))
        notes = self._notes(answer)
        html = f"→ <strong>{literal(_named(self._layer, answer.label))}</strong>. {literal(sure)}"
        return html + (f"<br>{literal(notes)}" if notes else "")


def _named(layer: Layer, label: str) -> str:
    """Name of an answer; the ends of a scale with what they mean."""
    name = layer.label(label).name
    ends = {} if layer.scale is None else {layer.labels[0].id: layer.scale.low, layer.labels[-1].id: layer.scale.high}
    return f"{name} ({ends[label]})" if label in ends else name
