"""An exercise as a student meets it in a notebook: label, compare, hand in.

Nothing of the key is opened before the student's own labels, each with a confidence, are on disk.
"""

import os
import secrets
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from secondsource.codebook import Label, Layer
from secondsource.comparison import compare
from secondsource.errors import OffsetError, UnknownNameError, plain
from secondsource.feedback import quoted, waiting
from secondsource.formats import w3c
from secondsource.history import Change, History, Words
from secondsource.languages import choose
from secondsource.manifest import Manifest
from secondsource.page import SavedPage, labels_page, save_page
from secondsource.replies import HandIn, KeyTable, NotYet, receipt_of
from secondsource.rescue import bring_back
from secondsource.spans import LabelSet, Relation, Span, fitted
from secondsource.store import LabelStore

if TYPE_CHECKING:
    from secondsource.widgets import ComparisonView, Labeller

__all__ = ["Exercise", "HandIn", "KeyTable", "NotYet", "exercise"]

_FOLDERS = ("lessons", "exercises", "solutions")


def exercise(name: str, *, language: str | None = None) -> "Exercise":
    """Open an exercise of the course by its id, with the interface in a language such as ``"de"``.

    Examples
    --------
    >>> exercise("02_who_says_so")
    Exercise 02_who_says_so: Lesson 2: Who says so? (8 sentences; attribution)
    """
    return Exercise(name, language=language)


class Exercise:
    """One exercise: its text, the student's labels, and the comparison with the key.

    Parameters
    ----------
    name : str
        Id in the course manifest.
    folder : Path, optional
        Course folder; by default the folder above ``lessons``, ``exercises`` or ``solutions`` in which the notebook
        runs. Labels are kept in its ``my-labels``.
    language : str, optional
        Language of buttons, messages and feedback; by default that of the environment variable
        ``SECONDSOURCE_LANGUAGE``, else the case's ``interface``, else English. Text, labels and key stay as they are.
    """

    def __init__(self, name: str, *, folder: Path | None = None, language: str | None = None) -> None:
        root = _root() if folder is None else folder
        manifest = Manifest.open(root)
        self.task = manifest.task(name)
        self.case = manifest.case(self.task)
        self._words = choose(language, self.case.interface)
        labels = Path(os.environ.get("SECONDSOURCE_LABELS") or root / "my-labels")
        self._store = LabelStore(labels, name, self.case.article, self.case.codebook, interface=self._words)
        self._history = History(self._apply, lambda: self.labels, self._words)

    def __repr__(self) -> str:
        words, task = self._words, self.task
        count = len(task.units)
        part = words.say("exercise", "sentences", count=count) if count else words.say("exercise", "whole_text")
        layers = ", ".join(task.layers)
        return words.say("exercise", "summary", exercise=task.id, title=task.title, part=part, layers=layers)

    @property
    def labels(self) -> LabelSet:
        """The student's labels, as they are on disk."""
        return self._store.labels

    def label(self) -> "Labeller":
        """Return the labeller for this exercise."""
        from secondsource.widgets import Labeller

        return Labeller(
            self._store,
            layers=self.task.layers,
            asked=self.task.units or None,
            title=self.task.title,
            interface=self._words.code,
        )

    def compare(self) -> "ComparisonView | NotYet":
        """Lay the labels over the key, once there are enough of them, each with a confidence."""
        self._store.refresh()
        if closed := self._closed():
            return closed
        from secondsource.widgets import ComparisonView

        key, units = self.case.key(self.task.layers[0]), self.task.units or None
        comparison = compare(self.labels, key, units=units, interface=self._words)
        return ComparisonView(comparison, level=self.task.level, title=self.task.title)

    def hand_in(self) -> HandIn:
        """Say which file to hand in, and what is in it."""
        path, words = self._store.path, self._words
        if not path.exists():
            return HandIn(words.say("exercise", "nothing_to_hand_in"), language=words)
        data = path.read_bytes()
        labels, stamp = w3c.read(data, self.case.article, self.case.codebook, name=path.name)
        rated, receipt = sum(span.confidence is not None for span in labels.spans), receipt_of(data)
        count = words.say("exercise", "labels", count=len(labels))
        time = stamp.saved_at.replace("T", " ").replace("Z", " UTC")
        lines = (
            words.say("exercise", "hand_in_file", file=f"{path.parent.name}/{path.name}"),
            words.say("exercise", "hand_in_holds", labels=count, rated=rated, time=time, revision=stamp.revision),
            words.say("exercise", "hand_in_code", receipt=receipt),
        )
        return HandIn("\n".join(lines), path, receipt, language=words)

    def page(self) -> SavedPage:
        """Save the labels as a page with a legend, to read in a browser, print or send; not a file to hand in."""
        self._store.refresh()
        html = labels_page(self.labels, self._words, self.task.layers, self.task.units, self.task.title)
        return save_page(self._store.path, html, self._words)

    def bring_back(self, file: str | Path) -> Words:
        """Put labels back that “Download my labels” saved from the page; nothing that is there is deleted."""
        return Words(bring_back(self._store, file, self._words), language=self._words)

    def show_key(self) -> KeyTable:
        """Return the key of this exercise with its reasons; for solutions and instructors."""
        from secondsource.static_html import key_html

        key, words = self.case.key(self.task.layers[0]).within(self.task.units or None), self._words
        lines = [
            words.say(
                "told",
                "key_entry",
                sentence=key.article.sentence_at(k.span.start).id,
                quote=quoted(k.span.quote, words),
                label=key.layer.label(k.span.label).name,
                tier=words.say("told", f"tier_{k.tier}"),
                reason=k.reason,
                counter=k.counter,
            )
            for k in key.spans
        ]
        text = "\n".join([key.article.provenance, key.provenance.statement, *lines])
        return KeyTable(text, key_html(key, words.say("told", "key_of", title=self.task.title), words))

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
        if unnamed:
            raise OffsetError(f"Say by name what {plain(unnamed[0], 40)} is, for example confidence=0.8.")
        layer, asked = self._label(label)
        start, end = self.case.article.locate(quote, occurrence, unit=asked.unit)
        made = Span(secrets.token_hex(8), layer.id, asked.id, start, end, confidence=confidence, note=note)
        return self._change(None, made)

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

    def set_attribute(self, span_id: str, name: str, value: str) -> Span:
        """Answer one of the codebook's further questions about a label."""
        return self._alter(span_id, attributes={**self.labels[span_id].attributes, name: value})

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
        made = Relation(secrets.token_hex(8), (layer and layer.relation) or "link", span_ids, parent)
        self._history.make((None, made))
        return made

    def unlink(self, relation_id: str) -> Relation:
        """Take a link away; the labels stay."""
        known = {relation.id: relation for relation in self.labels.relations}
        if relation_id not in known:
            raise UnknownNameError("link with the id", relation_id, known)
        self._history.make((known[relation_id], None))
        return known[relation_id]

    def undo(self) -> Words:
        """Take back the last change that was made in Python."""
        return self._history.undo()

    def redo(self) -> Words:
        """Make the last change again that was taken back."""
        return self._history.redo()

    def _alter(self, span_id: str, **changes: Any) -> Span:
        old = self.labels[span_id]
        return self._change(old, replace(old, quote="", **changes))

    def _change(self, before: Span | None, after: Span) -> Span:
        self._history.make((before, fitted(after, self.case.article, self.case.codebook)))
        return self.labels[after.id]

    def _apply(self, change: Change) -> None:
        before, after = change
        thing = after or before
        assert thing is not None  # a change has a before or an after
        if isinstance(thing, Relation):
            self._store.apply({"op": "unlink" if after is None else "link", "relation": asdict(thing)})
            return
        kind = "remove" if after is None else "update" if thing.id in self.labels else "add"
        self._store.apply({"op": kind, "span": asdict(thing)})

    def _closed(self) -> NotYet | None:
        """Return the fixed message, and what is still missing, while the gate is closed."""
        layer = [s for s in self.labels.spans if s.layer == self.task.layers[0]]
        mine = [s for s in layer if self._asked(s)]
        missing = sum(span.confidence is None for span in mine)
        if len(mine) >= self.task.minimum and not missing:
            return None
        outside, units = len(layer) - len(mine), self.task.units
        told = waiting(len(mine), missing, self.task.minimum, outside, units, self._words)
        return NotYet("\n".join([self._words.say("exercise", "not_yet"), *told]), self.labels, language=self._words)

    def _asked(self, span: Span) -> bool:
        """Tell whether a label touches the part of the text that this exercise asks about."""
        touched = self.case.article.sentences_of(span.start, span.end)
        return not self.task.units or any(sentence.id in self.task.units for sentence in touched)

    def _label(self, name: object) -> tuple[Layer, Label]:
        """Label of this exercise by its id, or by its name or id in any case, with its layer."""
        layers = [self.case.codebook.layer(layer) for layer in reversed(self.task.layers)]
        offered = {label.id: (layer, label) for layer in layers for label in layer.labels}
        told = name.strip().casefold() if isinstance(name, str) else ""
        alike = [i for i, (_, label) in offered.items() if told in (i.casefold(), label.name.casefold())]
        found = [i for i in offered if i == name] or alike
        if len(found) != 1:
            raise UnknownNameError("label in this exercise", name, offered)
        return offered[found[0]]


def _root() -> Path:
    here = Path.cwd()
    return here.parent if here.name in _FOLDERS else here
