"""What the widgets do, in plain Python: each change of a page has a method of the same effect.

Every change is on disk when its method returns, and can be undone.
"""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from secondsource.article import Article, Sentence
from secondsource.case import Case
from secondsource.codebook import Codebook, Label, Layer
from secondsource.errors import OffsetError, UnknownNameError, plain
from secondsource.history import Change, History, Words
from secondsource.languages import Language
from secondsource.spans import LabelSet, Relation, Span, fitted
from secondsource.store import LabelStore

__all__ = ["Twins"]


class Twins:
    """Changes to the labels of an exercise.

    Parameters
    ----------
    case : Case
        Text and codebook.
    layers : sequence of str
        Ids of the layers that are offered, the one that is compared first.
    store : LabelStore
        Where the labels live.
    words : Language
        In which language undo and redo are told.
    """

    def __init__(self, case: Case, layers: Sequence[str], store: LabelStore, words: Language) -> None:
        self.case = case
        self._layers = tuple(case.codebook.layer(layer) for layer in layers)
        self._store = store
        self._history = History(self._apply, lambda: self.labels, words)

    @property
    def labels(self) -> LabelSet:
        """The student's labels, as they are on disk."""
        return self._store.labels

    def add(
        self,
        quote: str,
        label: str,
        *unnamed: object,
        confidence: float | None = None,
        note: str = "",
        occurrence: int | None = None,
    ) -> Span:
        """Label a quotation; the plain-Python way to do what the labeller does.

        Parameters
        ----------
        quote : str
            Words as they stand in the article; for a label of whole sentences, words of one sentence.
        label : str
            Id or name of a label, such as ``"SOURCE"``.
        confidence : float, optional
            How sure you are, from 0 to 1.
        occurrence : int, optional
            Which one you mean, counted from 1, where the words stand several times.
        """
        _check_named(unnamed)
        layer, asked = self._label(label)
        start, end = self.case.article.locate(quote, occurrence, unit=asked.unit)
        return self._change(None, Span(_new(), layer.id, asked.id, start, end, confidence=confidence, note=note))

    def put(
        self, item: str, label: str | int, *unnamed: object, confidence: float | None = None, note: str = ""
    ) -> Span:
        """Answer a sentence or card as the sorter does; a second answer to it takes the place of the first.

        Parameters
        ----------
        item : str
            Id of a sentence or card, such as ``"S3"`` or ``"C1"``.
        label : str or int
            Id or name of a label of whole sentences; on a scale, a whole number from 0 to 10.
        confidence : float, optional
            How sure you are, from 0 to 1.
        """
        _check_named(unnamed)
        layer, asked = self._label(label)
        place = self.case.article.sentence(item)
        if layer.written and not note:  # words are never taken away by an answer that has none
            note = next((span.note for span in self._answers(layer.id, place)), "")
        if asked.unit != "sentence":
            told = f"{asked.name} marks words, not whole sentences."
            raise OffsetError(f'{told} Give the words instead: ex.add("…", "{asked.id}").')
        return self._answer(
            place, Span("", layer.id, asked.id, place.start, place.end, confidence=confidence, note=note)
        )

    def write(self, item: str, text: str) -> Span:
        """Answer a card in your own words; writing again replaces them."""
        layer = next((layer for layer in self._layers if layer.written), None)
        if layer is None:
            raise OffsetError('Nothing is answered in words of your own here: use ex.put("…", "…").')
        place = self.case.article.sentence(item)
        sure = next((span.confidence for span in self._answers(layer.id, place)), None)
        made = Span("", layer.id, layer.labels[0].id, place.start, place.end, confidence=sure, note=text)
        return self._answer(place, made)

    def chain(self, *hands: str, **answers: str | Sequence[str | None] | None) -> Relation:
        """Say through which hands a statement came, in order from its origin to this page, as in the chain builder.

        Parameters
        ----------
        *hands : str
            Words as they stand in the article, or ids of labels. Words that are no hand yet become one.
        **answers
            Answers to the codebook's further questions, such as ``shown="not_shown"`` for all hands, or a list with
            one answer for each hand and None where there is none.
        """
        layer = next((layer for layer in self._layers if layer.relation == "chain"), None)
        if layer is None:
            raise OffsetError("No chains are built in this exercise.")
        made = [self._hand(hand, layer) for hand in hands]
        given = _by_hand(made, answers)
        for i, span in enumerate(made):
            made[i] = fitted(replace(span, attributes={**span.attributes, **given[i]}), *self._material)
        if len({(span.start, span.end) for span in made}) < max(2, len(made)):
            raise OffsetError(
                "A chain has two or more hands, each once. A statement that came through a single hand is that hand "
                'alone: ex.add("…", "HAND").'
            )
        members, known = tuple(span.id for span in made), {span.id: span for span in self.labels.spans}
        for span in made:
            if known.get(span.id) != span:
                self._change(known.get(span.id), span)
        there = (r for r in self.labels.relations if (r.type, r.members) == (layer.relation, members))
        return next(there, None) or self.link(*members)

    def remove(self, span_id: str) -> Span:
        """Remove a label."""
        span = self.labels[span_id]
        self._history.make((span, None))
        return span

    def relabel(self, span_id: str, label: str) -> Span:
        """Give a labelled passage another label."""
        old = self.labels[span_id]
        layer, asked = self._label(label)
        offered = {a.id for a in layer.attributes_of(asked.id)}
        kept = {name: value for name, value in old.attributes.items() if name in offered}
        whole = self.case.article.only_sentence(old.start, old.end) if asked.unit == "sentence" else old
        return self._alter(span_id, layer=layer.id, label=asked.id, attributes=kept, start=whole.start, end=whole.end)

    def resize(self, span_id: str, quote: str, *, occurrence: int | None = None) -> Span:
        """Move a label to other words."""
        old = self.labels[span_id]
        unit = self.case.codebook.layer(old.layer).label(old.label).unit
        start, end = self.case.article.locate(quote, occurrence, unit=unit)
        return self._alter(span_id, start=start, end=end)

    def set_confidence(self, span_id: str, confidence: float | None) -> Span:
        """Say how sure you are of a label, 0 to 1."""
        return self._alter(span_id, confidence=confidence)

    def note(self, span_id: str, text: str) -> Span:
        """Write a note on a label."""
        return self._alter(span_id, note=text)

    def set_attribute(self, span_id: str, name: object, value: str) -> Span:
        """Answer one of the codebook's further questions about a label."""
        known = self.labels[span_id].attributes
        return self._alter(span_id, attributes={**known, name if isinstance(name, str) else plain(name): value})

    def discuss(self, span_id: str, flagged: bool = True) -> Span:
        """Flag a label for discussion with others, or take the flag away with ``False``."""
        return self._alter(span_id, discuss=flagged)

    def link(self, *span_ids: str, parent: str | None = None) -> Relation:
        """Link labels that belong together, such as a source, its cue and what is said.

        Parameters
        ----------
        *span_ids : str
            Ids of two or more labels of one layer.
        parent : str, optional
            Id of the link that this one is inside of, where somebody says that somebody said it.
        """
        layer = self.case.codebook.layer(self.labels[span_ids[0]].layer) if span_ids else None
        made = Relation(_new(), (layer and layer.relation) or "link", span_ids, parent)
        self._history.make((None, made))
        return made

    def unlink(self, relation_id: object) -> Relation:
        """Take a link away; the labels stay."""
        known = {relation.id: relation for relation in self.labels.relations}
        if not isinstance(relation_id, str) or relation_id not in known:
            raise UnknownNameError("link with the id", relation_id, known)
        self._history.make((known[relation_id], None))
        return known[relation_id]

    def undo(self) -> Words:
        """Take back the last change that was made in Python."""
        return self._history.undo()

    def redo(self) -> Words:
        """Make the last change again that was taken back."""
        return self._history.redo()

    def _answer(self, place: Sentence, made: Span) -> Span:
        """Put the answer to a whole sentence in place of the one that there is in its layer."""
        there = self._answers(made.layer, place)
        if not there:
            return self._change(None, replace(made, id=_new()))
        first, *others = there
        put = self._change(first, replace(made, id=first.id, discuss=first.discuss))
        for span in others:  # the labeller allows for several
            self.remove(span.id)
        return put

    def _answers(self, layer: str, place: Sentence) -> list[Span]:
        """Labels of a layer that mark a whole sentence."""
        asked, at = self.case.codebook.layer(layer), (place.start, place.end)
        spans = (span for span in self.labels.spans if (span.layer, span.start, span.end) == (layer, *at))
        return [span for span in spans if asked.label(span.label).unit == "sentence"]

    def _hand(self, told: object, layer: Layer) -> Span:
        """Label with an id, or on some words, as it is or as it would be made."""
        if isinstance(told, str) and told in self.labels and self.labels[told].layer == layer.id:
            return self.labels[told]
        label = layer.labels[0]
        start, end = self.case.article.locate(told, unit=label.unit)
        there = (s for s in self.labels.spans if (s.layer, s.start, s.end) == (layer.id, start, end))
        return next(there, None) or Span(_new(), layer.id, label.id, start, end)

    def _alter(self, span_id: str, **changes: Any) -> Span:
        old = self.labels[span_id]
        return self._change(old, replace(old, quote="", **changes))

    def _change(self, before: Span | None, after: Span) -> Span:
        self._history.make((before, fitted(after, *self._material)))
        return self.labels[after.id]

    @property
    def _material(self) -> tuple[Article, Codebook]:
        return self.case.article, self.case.codebook

    def _apply(self, change: Change) -> None:
        before, after = change
        thing = after or before
        assert thing is not None  # a change has a before or an after
        if isinstance(thing, Relation):
            self._store.apply({"op": "unlink" if after is None else "link", "relation": asdict(thing)})
            return
        kind = "remove" if after is None else "update" if thing.id in self.labels else "add"
        self._store.apply({"op": kind, "span": asdict(thing)})

    def _label(self, name: object) -> tuple[Layer, Label]:
        """Label of this exercise by its id, or by its name or id in any case, with its layer."""
        offered = {label.id: (layer, label) for layer in reversed(self._layers) for label in layer.labels}
        name = str(name) if type(name) is int else name  # a point of a scale
        told = name.strip().casefold() if isinstance(name, str) else ""
        alike = [i for i, (_, label) in offered.items() if told in (i.casefold(), label.name.casefold())]
        found = [i for i in offered if i == name] or alike
        if len(found) != 1:
            raise UnknownNameError("label in this exercise", name, offered)
        return offered[found[0]]


def _new() -> str:
    return secrets.token_hex(8)


def _check_named(unnamed: Sequence[object]) -> None:
    if unnamed:
        raise OffsetError(f"Say by name what {plain(unnamed[0], 40)} is, for example confidence=0.8.")


def _by_hand(hands: Sequence[Span], answers: Any) -> list[dict[str, str]]:
    """Answers by hand: one is for all of them, a list has one for each."""
    given: list[dict[str, str]] = [{} for _ in hands]
    for name, told in answers.items():
        each = list(told) if isinstance(told, list | tuple) else [told] * len(hands)
        if len(each) != len(hands):
            raise OffsetError(f"“{plain(name, 40)}” has {len(each)} answers, and the chain has {len(hands)} hands.")
        for answer, value in zip(given, each, strict=True):
            answer.update({} if value is None else {name: value})
    return given
