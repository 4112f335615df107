"""An exercise as a student meets it in a notebook: label, compare, hand in.

Nothing of the key is opened before the student's own labels, each with a confidence, are on disk.
"""

import hashlib
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
from secondsource.manifest import Manifest
from secondsource.replies import HandIn, KeyTable, NotYet
from secondsource.spans import LabelSet, Span, fitted
from secondsource.store import LabelStore

if TYPE_CHECKING:
    from secondsource.widgets import ComparisonView, Labeller

__all__ = ["Exercise", "HandIn", "KeyTable", "NotYet", "exercise"]

NOT_YET = (
    "Not attempted yet. First label the passages in this exercise and say how sure you are of each; then run this cell "
    "again. Until then nothing of the key is shown."
)
_FOLDERS = ("lessons", "exercises", "solutions")
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def exercise(name: str) -> "Exercise":
    """Open an exercise of the course by its id.

    Examples
    --------
    >>> exercise("02_who_says_so")
    Exercise 02_who_says_so: Lesson 2: Who says so? (8 sentences; attribution)
    """
    return Exercise(name)


class Exercise:
    """One exercise: its text, the student's labels, and the comparison with the key.

    Parameters
    ----------
    name : str
        Id in the course manifest.
    folder : Path, optional
        Course folder; by default the folder above ``lessons``, ``exercises`` or ``solutions`` in which the notebook
        runs. Labels are kept in its ``my-labels``.
    """

    def __init__(self, name: str, *, folder: Path | None = None) -> None:
        root = _root() if folder is None else folder
        manifest = Manifest.open(root)
        self.task = manifest.task(name)
        self.case = manifest.case(self.task)
        labels = Path(os.environ.get("SECONDSOURCE_LABELS") or root / "my-labels")
        self._store = LabelStore(labels, name, self.case.article, self.case.codebook)
        self._history = History(self._apply, self.case.codebook)

    def __repr__(self) -> str:
        part = _count(len(self.task.units), "sentence") if self.task.units else "the whole text"
        return f"Exercise {self.task.id}: {self.task.title} ({part}; {', '.join(self.task.layers)})"

    @property
    def labels(self) -> LabelSet:
        """The student's labels, as they are on disk."""
        return self._store.labels

    def label(self) -> "Labeller":
        """Return the labeller for this exercise."""
        from secondsource.widgets import Labeller

        return Labeller(self._store, layers=self.task.layers, asked=self.task.units or None, title=self.task.title)

    def compare(self) -> "ComparisonView | NotYet":
        """Lay the labels over the key, once there are enough of them, each with a confidence."""
        self._store.refresh()
        if closed := self._closed():
            return closed
        from secondsource.widgets import ComparisonView

        comparison = compare(self.labels, self.case.key(self.task.layers[0]), units=self.task.units or None)
        return ComparisonView(comparison, level=self.task.level, title=self.task.title)

    def hand_in(self) -> HandIn:
        """Say which file to hand in, and what is in it."""
        path = self._store.path
        if not path.exists():
            return HandIn("Nothing to hand in yet: no label has been saved for this exercise.")
        data = path.read_bytes()
        labels, stamp = w3c.read(data, self.case.article, self.case.codebook, name=path.name)
        rated, receipt = sum(span.confidence is not None for span in labels.spans), _receipt(data)
        text = (
            f"Hand in this one file: {path.parent.name}/{path.name}\n"
            f"It holds {_count(len(labels), 'label')}, {rated} with a confidence; last saved "
            f"{stamp.saved_at.replace('T', ' ').replace('Z', ' UTC')} (revision {stamp.revision}).\n"
            f"Receipt code: {receipt}. Send it along with the file; it shows that nothing was changed on the way."
        )
        return HandIn(text, path, receipt)

    def show_key(self) -> KeyTable:
        """Return the key of this exercise with its reasons; for solutions and instructors."""
        from secondsource.static_html import key_html

        key = self.case.key(self.task.layers[0]).within(self.task.units or None)
        lines = [
            f"{key.article.sentence_at(k.span.start).id} · {quoted(k.span.quote)} · "
            f"{key.layer.label(k.span.label).name} ({k.tier}): {k.reason} Against: {k.counter}"
            for k in key.spans
        ]
        text = "\n".join([key.article.provenance, key.provenance.statement, *lines])
        return KeyTable(text, key_html(key, f"Key of {self.task.title}"))

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
        self._history.make(span, None)
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
        self._history.make(before, fitted(after, self.case.article, self.case.codebook))
        return self.labels[after.id]

    def _apply(self, change: Change) -> None:
        before, after = change
        span = after or before
        assert span is not None  # a change has a before or an after
        kind = "remove" if after is None else "update" if span.id in self.labels else "add"
        self._store.apply({"op": kind, "span": asdict(span)})

    def _closed(self) -> NotYet | None:
        """Return the fixed message, and what is still missing, while the gate is closed."""
        layer = [s for s in self.labels.spans if s.layer == self.task.layers[0]]
        mine = [s for s in layer if self._asked(s)]
        missing = sum(span.confidence is None for span in mine)
        if len(mine) >= self.task.minimum and not missing:
            return None
        told = waiting(len(mine), missing, self.task.minimum, len(layer) - len(mine), self.task.units)
        return NotYet("\n".join([NOT_YET, *told]), self.labels)

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


def _receipt(data: bytes) -> str:
    number = int.from_bytes(hashlib.sha256(data).digest()[:7], "big") >> 6  # 50 of 56 bits: ten characters
    return "".join(_CROCKFORD[number >> shift & 31] for shift in range(45, -5, -5))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
