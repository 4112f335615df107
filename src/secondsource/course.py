"""An exercise as a student meets it in a notebook: label, compare, hand in.

Nothing of the key is opened before the student's own labels, each with a confidence, are on disk.
"""

import hashlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from secondsource.comparison import compare, pairs_frame
from secondsource.key import Key
from secondsource.manifest import Manifest
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

    def __str__(self) -> str:
        return self.text

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
        """An empty table."""
        return self.pairs.iloc[:, :0]


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

    html: str = ""

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
        labels_folder = os.environ.get("SECONDSOURCE_LABELS")
        self._store = LabelStore(
            Path(labels_folder) if labels_folder else root / "my-labels", name, self.case.article, self.case.codebook
        )
        self._done: list[tuple[Span | None, Span | None]] = []
        self._undone: list[tuple[Span | None, Span | None]] = []

    def __repr__(self) -> str:
        part = f"{len(self.task.units)} sentences" if self.task.units else "the whole text"
        return f"Exercise {self.task.id}: {self.task.title} ({part}; {', '.join(self.task.layers)})"

    @property
    def labels(self) -> LabelSet:
        """The student's labels, as they are on disk."""
        return self._store.labels

    def label(self) -> "Labeller":
        """Return the labeller for this exercise."""
        from secondsource.widgets import Labeller

        return Labeller(self._store, layers=self.task.layers, asked=self._units(), title=self.task.title)

    def compare(self) -> "ComparisonView | NotYet":
        """Lay the labels over the key, once there are enough of them, each with a confidence."""
        closed = self._closed()
        if closed is not None:
            return closed
        from secondsource.widgets import ComparisonView

        comparison = compare(self.labels, self._key(), units=self.task.units or None)
        return ComparisonView(comparison, level=self.task.level, title=self.task.title)

    def hand_in(self) -> HandIn:
        """Say which file to hand in, and what is in it."""
        store = self._store
        if not store.path.exists():
            return HandIn("Nothing to hand in yet: no label has been saved for this exercise.")
        data = store.path.read_bytes()
        receipt = _receipt(data)
        rated = sum(span.confidence is not None for span in self.labels.spans)
        text = (
            f"Hand in this one file: {store.path.parent.name}/{store.path.name}\n"
            f"It holds {_count(len(self.labels), 'label')}, {rated} with a confidence; last saved "
            f"{store.stamp.saved_at} (revision {store.stamp.revision}).\n"
            f"Receipt code: {receipt}. Paste it beside the file; it shows that nothing was changed on the way."
        )
        return HandIn(text, store.path, receipt)

    def show_key(self) -> KeyTable:
        """Return the key of this exercise with its reasons; for solutions and instructors."""
        from secondsource.widgets.static_html import provenance_html, table_html

        key = self._key().within(self.task.units or None)
        rows = [
            (
                key.article.sentence_at(k.span.start).id,
                k.span.quote,
                key.layer.label(k.span.label).name,
                k.tier,
                k.reason,
                k.counter,
                ", ".join(key.layer.label(name).name for name in k.also),
            )
            for k in key.spans
        ]
        head = ("Sentence", "Words", "Label", "How firm", "Reason", "Strongest argument against", "Also accepted")
        html = provenance_html(key.article) + f"<p>{escape(key.provenance.statement)}</p>"
        html += table_html(f"Key of {self.task.title}", head, rows)
        lines = [f"{row[0]} · “{row[1]}” · {row[2]} ({row[3]}): {row[4]} Against: {row[5]}" for row in rows]
        return KeyTable("\n".join([key.article.provenance, key.provenance.statement, *lines]), html)

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
            How sure you are, 0 to 1.
        occurrence : int, optional
            Which one is meant, from 1, where the words stand several times.
        """
        start, end = self.case.article.locate(quote, occurrence)
        span = Span(secrets.token_hex(8), self._layer_of(label), label, start, end, confidence=confidence, note=note)
        return self._change(None, span)

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
        return self._change(old, replace(old, layer=layer.id, label=label, attributes=kept))

    def resize(self, span_id: str, quote: str, *, occurrence: int | None = None) -> Span:
        """Move a label to other words."""
        start, end = self.case.article.locate(quote, occurrence)
        return self._change(self.labels[span_id], replace(self.labels[span_id], start=start, end=end, quote=""))

    def set_confidence(self, span_id: str, confidence: float | None) -> Span:
        """Say how sure you are of a label, 0 to 1."""
        return self._change(self.labels[span_id], replace(self.labels[span_id], confidence=confidence))

    def note(self, span_id: str, text: str) -> Span:
        """Write a note on a label."""
        return self._change(self.labels[span_id], replace(self.labels[span_id], note=text))

    def set_attribute(self, span_id: str, name: str, value: str) -> Span:
        """Answer one of the codebook's further questions about a label."""
        old = self.labels[span_id]
        return self._change(old, replace(old, attributes={**old.attributes, name: value}))

    def undo(self) -> None:
        """Take back the last change that was made in Python."""
        self._step(self._done, self._undone, back=True)

    def redo(self) -> None:
        """Make the last change again that was taken back."""
        self._step(self._undone, self._done, back=False)

    def _change(self, before: Span | None, after: Span | None) -> Span:
        self._apply(before, after)
        self._done.append((before, after))
        self._undone.clear()
        stored = after or before
        assert stored is not None  # a change has a before or an after
        return self.labels[stored.id] if stored.id in self.labels else stored

    def _step(self, take: list[Any], give: list[Any], *, back: bool) -> None:
        if take:
            before, after = take.pop()
            self._apply(*((after, before) if back else (before, after)))
            give.append((before, after))

    def _apply(self, before: Span | None, after: Span | None) -> None:
        span = after or before
        assert span is not None
        kind = "remove" if after is None else "update" if span.id in self.labels else "add"
        wire: Mapping[str, Any] = {**asdict(span), "quote": self.case.article.text[span.start : span.end]}
        self._store.apply({"op": kind, "span": wire})

    def _closed(self) -> NotYet | None:
        """Return the fixed message while the gate is closed."""
        units = {s.id for s in self.case.article.sentences} if not self.task.units else set(self.task.units)
        article = self.case.article
        mine = [
            span
            for span in self.labels.spans
            if span.layer in self.task.layers and any(s.id in units for s in article.sentences_of(span.start, span.end))
        ]
        rated = sum(span.confidence is not None for span in mine)
        if rated >= self.task.minimum and rated == len(mine):
            return None
        if not mine:
            return NotYet(NOT_YET, self.labels)
        missing = len(mine) - rated
        so_far = f"So far: {_count(len(mine), 'label')}, {missing} without a confidence."
        needed = f"The comparison opens with at least {self.task.minimum} labels, each with a confidence."
        return NotYet(f"{NOT_YET}\n{so_far} {needed}", self.labels)

    def _key(self) -> Key:
        return self.case.key(self.task.layers[0])

    def _units(self) -> tuple[str, ...] | None:
        return self.task.units or None

    def _layer_of(self, label: str) -> str:
        """Layer of this exercise that has the label."""
        layers = [self.case.codebook.layer(name) for name in self.task.layers]
        found = next((layer for layer in layers if any(known.id == label for known in layer.labels)), layers[0])
        found.label(label)  # an unknown label is named, with those that exist
        return found.id


def _root() -> Path:
    here = Path.cwd()
    return here.parent if here.name in _FOLDERS else here


def _receipt(data: bytes) -> str:
    number = int.from_bytes(hashlib.sha256(data).digest()[:7], "big") >> 6  # 50 of 56 bits: ten characters
    return "".join(_CROCKFORD[number >> shift & 31] for shift in range(45, -5, -5))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


