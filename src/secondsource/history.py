"""Undo and redo: changes to labels and links, each as the one before and after it, told in one line."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import reduce
from typing import cast

from secondsource.errors import OffsetError
from secondsource.languages import Language, language
from secondsource.markup import in_language, literal, still
from secondsource.spans import LabelSet, Relation, Span

__all__ = ["Change", "History", "Words"]

Change = tuple[Span | Relation | None, Span | Relation | None]  # a label or link before and after; None: there is none
_Step = tuple[Change, tuple[Relation, ...]]  # with the links that the change alters besides, as they were


@dataclass(frozen=True)
class Words:
    """Text that shows itself in a notebook."""

    text: str
    language: Language | None = field(default=None, kw_only=True, compare=False)

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        told = "".join(f"<p>{literal(line)}</p>" for line in self.text.splitlines())
        return still(in_language(told, self.language))


@dataclass
class History:
    """Changes that were made and can be taken back.

    Attributes
    ----------
    apply : callable
        Makes one change; what it raises goes through, and the history stays as it was.
    labels : callable
        Returns the labels as they are.
    words : Language
        In which language it is told.
    """

    apply: Callable[[Change], None]
    labels: Callable[[], LabelSet]
    words: Language = field(default_factory=language)
    _done: list[_Step] = field(default_factory=list)
    _undone: list[_Step] = field(default_factory=list)

    def make(self, change: Change) -> None:
        """Make a new change; what was taken back before cannot be made again."""
        lost = _altered(self.labels(), change)
        self.apply(change)
        self._done.append((change, lost))
        self._undone.clear()

    def undo(self) -> Words:
        """Take the last change back and say what that did."""
        if not self._done:
            return self._reply("nothing_undo")
        (before, after), lost = self._done[-1]
        told = self._told(after, before)
        self.apply((after, before))
        for relation in lost:
            with suppress(OffsetError):  # one of its labels may have been deleted elsewhere in the meantime
                self.apply((None, relation))
        self._undone.append(self._done.pop())  # only now: what could not be saved can be tried again
        return self._reply("undone", told=told)

    def redo(self) -> Words:
        """Make the last change again that was taken back, and say what that did."""
        if not self._undone:
            return self._reply("nothing_redo")
        (before, after), _ = self._undone[-1]
        told = self._told(before, after)
        self.apply((before, after))
        self._done.append(self._undone.pop())
        return self._reply("redone", told=told)

    def _told(self, before: Span | Relation | None, after: Span | Relation | None) -> str:
        thing = after or before
        if isinstance(thing, Relation):
            known = self.labels()
            names = [self._named(known[member]) for member in thing.members if member in known]
            what = reduce(lambda some, more: self._say("members", some=some, more=more), names or [thing.id])
            return self._say("link_gone" if after is None else "link_there", members=what)
        return self._told_of_label(cast("Span | None", before), cast("Span | None", after))

    def _told_of_label(self, before: Span | None, after: Span | None) -> str:
        old, new = (span and self._named(span) for span in (before, after))
        if before is None or after is None:
            return self._say("there_again", label=new) if before is None else self._say("gone", label=old)
        if old != new:
            return self._say("changed", old=old, label=new)
        if before.confidence != after.confidence:
            key = "no_confidence" if after.confidence is None else "confidence"
            return self._say(key, label=new, confidence=after.confidence)
        if before.note != after.note:
            return self._say("note" if after.note else "no_note", label=new, note=after.note)
        if before.attributes != after.attributes:
            answers = ", ".join(f"{name}={value}" for name, value in after.attributes.items())
            return self._say("answers" if answers else "no_answers", label=new, answers=answers)
        if before.discuss != after.discuss:
            return self._say("for_discussion" if after.discuss else "not_for_discussion", label=new)
        return self._say("same", label=new)

    def _named(self, span: Span) -> str:
        name = self.labels().codebook.layer(span.layer).label(span.label).name
        return self._say("label", label=name, quote=span.quote)

    def _reply(self, key: str, **values: object) -> Words:
        return Words(self._say(key, **values), language=self.words)

    def _say(self, key: str, **values: object) -> str:
        return self.words.say("history", key, **values)


def _altered(labels: LabelSet, change: Change) -> tuple[Relation, ...]:
    """Links that a change alters besides, as they are before it; the outer ones first, since the inner need them."""
    before, after = change
    if isinstance(after, Relation):
        return ()
    if isinstance(after, Span):
        then = labels.put(after)
    else:
        then = labels.unlink(before.id) if isinstance(before, Relation) else labels.drop(cast("Span", before).id)
    kept, above = set(then.relations), {relation.id: relation.parent for relation in labels.relations}

    def depth(relation: Relation) -> int:
        seen, name = set[str](), relation.parent
        while name is not None and name not in seen:
            seen.add(name)
            name = above.get(name)
        return len(seen)

    return tuple(sorted((r for r in labels.relations if r not in kept and r != before), key=depth))
