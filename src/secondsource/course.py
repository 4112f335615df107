"""An exercise as a student meets it in a notebook: label, compare, hand in.

Nothing of the key is opened before the student's own labels, each with a confidence, are on disk.
"""

import hashlib
import os
import secrets
from dataclasses import asdict, dataclass, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from secondsource.comparison import compare, pairs_frame
from secondsource.errors import UnknownNameError
from secondsource.formats import w3c
from secondsource.manifest import Manifest
from secondsource.matching import OUTCOMES
from secondsource.spans import LabelSet, Span
from secondsource.store import LabelStore

if TYPE_CHECKING:
    import pandas as pd

    from secondsource.widgets import ComparisonView, Labeller

__all__ = ["Exercise", "HandIn", "KeyTable", "NotYet", "exercise"]

NOT_YET = (
    "Not attempted yet. First label the passages in this exercise and say how sure you are of each; then run this cell "
    "again. Until then nothing of the key is shown."
)
_FOLDERS = ("lessons", "exercises", "solutions")
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_Change = tuple[Span | None, Span | None]  # a label before and after; None where there is none


def exercise(name: str) -> "Exercise":
    """Open an exercise of the course by its id.

    Examples
    --------
    >>> exercise("02_who_says_so")
    Exercise 02_who_says_so: Lesson 2: Who says so? (8 sentences; attribution)
    """
    return Exercise(name)


@dataclass(frozen=True)
class _Words:
    """Text that shows itself in a notebook."""

    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return "".join(f"<p>{escape(line)}</p>" for line in self.text.splitlines())


@dataclass(frozen=True, repr=False)
class NotYet(_Words):
    """Stands where the comparison will be; it knows nothing of the key."""

    labels: LabelSet

    @property
    def pairs(self) -> "pd.DataFrame":
        """An empty table with the columns that the comparison will have."""
        return pairs_frame((), self.labels.article)

    @property
    def by_label(self) -> "pd.DataFrame":
        """An empty table with the columns that the comparison will have."""
        return self.pairs.reindex(columns=list(OUTCOMES))


@dataclass(frozen=True, repr=False)
class HandIn(_Words):
    """What to hand in: the one file, what is in it, and a code that pins its content.

    Attributes
    ----------
    path : Path or None
        The label file; None while there is nothing to hand in.
    receipt : str
        First ten Crockford base32 characters of the file's SHA-256.
    """

    path: Path | None = None
    receipt: str = ""


@dataclass(frozen=True, repr=False)
class KeyTable(_Words):
    """The key of an exercise, entry by entry, with reasons."""

    html: str

    def _repr_html_(self) -> str:
        return self.html


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
        self._done: list[_Change] = []
        self._undone: list[_Change] = []

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
        from secondsource.widgets.static_html import key_html

        key = self.case.key(self.task.layers[0]).within(self.task.units or None)
        lines = [
            f"{key.article.sentence_at(k.span.start).id} · “{k.span.quote}” · {key.layer.label(k.span.label).name} "
            f"({k.tier}): {k.reason} Against: {k.counter}"
            for k in key.spans
        ]
        text = "\n".join([key.article.provenance, key.provenance.statement, *lines])
        return KeyTable(text, key_html(key, f"Key of {self.task.title}"))

    def add(
        self, quote: str, label: str, *, confidence: float | None = None, note: str = "", occurrence: int | None = None
    ) -> Span:
        """Label a quotation; the plain-Python way to do what the labeller does.

        Parameters
        ----------
        quote : str
            Words exactly as they stand in the article.
        label : str
            Id of a label, such as ``"SOURCE"``.
        confidence : float, optional
            How sure you are, from 0 to 1.
        occurrence : int, optional
            Which one you mean, counted from 1, where the words stand several times.
        """
        start, end = self.case.article.locate(quote, occurrence)
        span = Span(secrets.token_hex(8), self._layer_of(label), label, start, end, confidence=confidence, note=note)
        self._change(None, span)
        return self.labels[span.id]

    def remove(self, span_id: str) -> Span:
        """Remove a label."""
        span = self.labels[span_id]
        self._change(span, None)
        return span

    def relabel(self, span_id: str, label: str) -> Span:
        """Give a labelled passage another label."""
        old = self.labels[span_id]
        layer = self.case.codebook.layer(self._layer_of(label))
        offered = {a.id for a in layer.attributes_of(label)}
        kept = {name: value for name, value in old.attributes.items() if name in offered}
        return self._alter(span_id, layer=layer.id, label=label, attributes=kept)

    def resize(self, span_id: str, quote: str, *, occurrence: int | None = None) -> Span:
        """Move a label to other words."""
        start, end = self.case.article.locate(quote, occurrence)
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

    def undo(self) -> None:
        """Take back the last change that was made in Python."""
        self._step(self._done, self._undone, back=True)

    def redo(self) -> None:
        """Make the last change again that was taken back."""
        self._step(self._undone, self._done, back=False)

    def _alter(self, span_id: str, **changes: Any) -> Span:
        old = self.labels[span_id]
        self._change(old, replace(old, **changes))
        return self.labels[span_id]

    def _change(self, before: Span | None, after: Span | None) -> None:
        self._apply(before, after)
        self._done.append((before, after))
        self._undone.clear()

    def _step(self, take: list[_Change], give: list[_Change], *, back: bool) -> None:
        if take:
            before, after = take[-1]
            self._apply(*((after, before) if back else (before, after)))
            give.append(take.pop())  # only now: a change that could not be saved can be tried again

    def _apply(self, before: Span | None, after: Span | None) -> None:
        span = after or before
        assert span is not None  # a change has a before or an after
        kind = "remove" if after is None else "update" if span.id in self.labels else "add"
        wire = {**asdict(span), "quote": self.case.article.text[span.start : span.end]}
        self._store.apply({"op": kind, "span": wire})

    def _closed(self) -> NotYet | None:
        """Return the fixed message while the gate is closed."""
        mine = [s for s in self.labels.spans if s.layer == self.task.layers[0] and self._asked(s)]
        missing = sum(span.confidence is None for span in mine)
        if len(mine) >= self.task.minimum and not missing:
            return None
        so_far = f"So far: {_count(len(mine), 'label')}, {missing} without a confidence."
        needed = f"The comparison opens with at least {_count(self.task.minimum, 'label')}, each with a confidence."
        return NotYet(f"{NOT_YET}\n{so_far} {needed}" if mine else NOT_YET, self.labels)

    def _asked(self, span: Span) -> bool:
        """Tell whether a label touches the part of the text that this exercise asks about."""
        touched = self.case.article.sentences_of(span.start, span.end)
        return not self.task.units or any(sentence.id in self.task.units for sentence in touched)

    def _layer_of(self, label: str) -> str:
        """Layer of this exercise that has the label."""
        layers = [self.case.codebook.layer(name) for name in reversed(self.task.layers)]
        offered = {known.id: layer.id for layer in layers for known in layer.labels}
        if label not in offered:
            raise UnknownNameError("label in this exercise", label, offered)
        return offered[label]


def _root() -> Path:
    here = Path.cwd()
    return here.parent if here.name in _FOLDERS else here


def _receipt(data: bytes) -> str:
    number = int.from_bytes(hashlib.sha256(data).digest()[:7], "big") >> 6  # 50 of 56 bits: ten characters
    return "".join(_CROCKFORD[number >> shift & 31] for shift in range(45, -5, -5))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
