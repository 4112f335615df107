"""Undo and redo: changes to labels, each as the label before and after it, told in one line."""

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from secondsource.codebook import Codebook
from secondsource.spans import Span

__all__ = ["Change", "History", "Words"]

Change = tuple[Span | None, Span | None]  # a label before and after; None where there is none


@dataclass(frozen=True)
class Words:
    """Text that shows itself in a notebook."""

    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return "".join(f"<p>{escape(line)}</p>" for line in self.text.splitlines())


@dataclass
class History:
    """Changes that were made and can be taken back.

    Attributes
    ----------
    apply : callable
        Makes one change; what it raises goes through, and the history stays as it was.
    codebook : Codebook
        Gives the labels' names.
    """

    apply: Callable[[Change], None]
    codebook: Codebook
    _done: list[Change] = field(default_factory=list)
    _undone: list[Change] = field(default_factory=list)

    def make(self, before: Span | None, after: Span | None) -> None:
        """Make a new change; what was taken back before cannot be made again."""
        self.apply((before, after))
        self._done.append((before, after))
        self._undone.clear()

    def undo(self) -> Words:
        """Take the last change back and say what that did."""
        if not self._done:
            return Words("Nothing to undo.")
        before, after = self._done[-1]
        self.apply((after, before))
        self._undone.append(self._done.pop())  # only now: what could not be saved can be tried again
        return Words(f"Undone: {self._told(after, before)}")

    def redo(self) -> Words:
        """Make the last change again that was taken back, and say what that did."""
        if not self._undone:
            return Words("Nothing to redo.")
        before, after = self._undone[-1]
        self.apply((before, after))
        self._done.append(self._undone.pop())
        return Words(f"Done again: {self._told(before, after)}")

    def _told(self, before: Span | None, after: Span | None) -> str:
        old, new = (span and self._named(span) for span in (before, after))
        if before is None or after is None:
            return f"{new} is there again." if before is None else f"{old} is gone."
        if old != new:
            return f"{old} is now {new}."
        if before.confidence != after.confidence:
            return f"{new} has {_or_no('the confidence', after.confidence)}."
        if before.note != after.note:
            return f"{new} has {_or_no('the note', after.note and f'“{after.note}”')}."
        if before.attributes != after.attributes:
            answers = ", ".join(f"{name}={value}" for name, value in after.attributes.items())
            return f"{new} has the answers {answers}." if answers else f"{new} has no further answers."
        return f"{new} is as it was."

    def _named(self, span: Span) -> str:
        return f"{self.codebook.layer(span.layer).label(span.label).name} on “{span.quote}”"


def _or_no(what: str, value: float | str | None) -> str:
    return what.replace("the", "no", 1) if value in (None, "") else f"{what} {value}"
