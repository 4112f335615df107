"""Links between labels of one set: an ``attribution`` joins a source, a cue and what is said.

What a file may hold is wide (:func:`check_relations`), so that every file of an earlier version opens. What may be
made anew is what the codebook offers (:func:`check_link`).
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from secondsource.codebook import Codebook
from secondsource.errors import OffsetError, plain

__all__ = ["MAX_NOTE", "Relation", "check_link", "check_relations", "left", "unlinked"]

MAX_NOTE = 10_000  # code points
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Relation:
    """A typed link between labels of one set.

    Attributes
    ----------
    id : str
        Stable name, 1 to 64 of ``A-Z a-z 0-9 _ -``.
    type : str
        Kind of link, as the codebook's layer calls it: ``attribution`` joins a source, a cue and contents.
    members : tuple of str
        Ids of the labels that are joined, each once.
    parent : str or None
        Id of the link that this one is inside of: who says that somebody said it.
    """

    id: str
    type: str
    members: tuple[str, ...]
    parent: str | None = None


def left(relations: Sequence[Relation], span_id: str) -> tuple[Relation, ...]:
    """Return the relations after a label has left them; one that joins fewer than two labels then is gone.

    Examples
    --------
    >>> left([Relation("r", "attribution", ("a", "b", "c"))], "b")
    (Relation(id='r', type='attribution', members=('a', 'c'), parent=None),)
    """
    smaller = [
        replace(r, members=tuple(m for m in r.members if m != span_id)) if span_id in r.members else r
        for r in relations
    ]
    gone = {r.id for r, old in zip(smaller, relations, strict=True) if r is not old and len(r.members) < 2}
    return _without(smaller, gone)


def unlinked(relations: Sequence[Relation], relation_id: str) -> tuple[Relation, ...]:
    """Return the relations without one; those inside of it stay, inside of nothing.

    Examples
    --------
    >>> unlinked([Relation("r", "x", ("a", "b")), Relation("s", "x", ("b", "c"), "r")], "r")
    (Relation(id='s', type='x', members=('b', 'c'), parent=None),)
    """
    return _without(relations, {relation_id} & {relation.id for relation in relations})


def _without(relations: Iterable[Relation], gone: Collection[str]) -> tuple[Relation, ...]:
    kept = (relation for relation in relations if relation.id not in gone)
    return tuple(replace(relation, parent=None) if relation.parent in gone else relation for relation in kept)


def check_relations(relations: Sequence[Relation], known: Collection[str]) -> None:
    """Raise `OffsetError` for relations that could not stand in a set with these label ids."""
    known = set(known)
    for relation in relations:
        check_id(relation.id, "relation")
        check_texts(relation.type)
        check_unique(relation.members, "member")
        if not relation.members or not known.issuperset(relation.members):
            raise OffsetError(f"Relation {relation.id} must join labels of this set, not {plain(relation.members)}.")
    check_unique([relation.id for relation in relations], "relation")


def check_link(relation: Relation, others: Iterable[Relation], layers: Mapping[str, str], codebook: Codebook) -> None:
    """Raise `OffsetError` for a relation that the codebook does not offer.

    Parameters
    ----------
    relation : Relation
        New, or in place of the one with its id.
    others : iterable of Relation
        Those of the set.
    layers : mapping of str to str
        Layer of each label of the set, by the label's id.
    """
    check_relations([relation], layers)
    where = f"Relation {relation.id}"
    joined = {layers[member] for member in relation.members}
    if len(relation.members) < 2 or len(joined) > 1:
        raise OffsetError(f"{where} must join two or more labels of one layer.")
    offered = codebook.layer(joined.pop()).relation
    if offered is None:
        raise OffsetError(f"{where}: labels of this layer cannot be linked.")
    if relation.type != offered:
        raise OffsetError(f"{where} must be of the type {offered}, not {plain(relation.type, 40)}.")
    parents = {other.id: other.parent for other in others} | {relation.id: relation.parent}
    if relation.parent is not None and relation.parent not in parents:
        raise OffsetError(f"{where} cannot be inside of {plain(relation.parent, 40)}: there is no such relation.")
    seen, above = {relation.id}, relation.parent
    while above is not None:
        if above in seen:
            raise OffsetError(f"{where} would be inside of itself.")
        seen.add(above)
        above = parents.get(above)


def check_id(name: object, what: str) -> None:
    """Raise `OffsetError` for what is not an id."""
    if not isinstance(name, str) or not _ID.fullmatch(name):
        raise OffsetError(f"The {what} id “{plain(name)}” is not 1 to 64 letters, digits, “-” or “_”.")


def check_unique(ids: Sequence[str], what: str) -> None:
    """Raise `OffsetError` when an id stands twice."""
    twice = next((name for name, count in Counter(ids).items() if count > 1), None)
    if twice is not None:
        raise OffsetError(f"The {what} id {twice} stands twice.")


def check_texts(*texts: object) -> None:
    """Raise `OffsetError` for what is not text, too long, or could not be written to a file."""
    for text in texts:
        if not isinstance(text, str) or len(text) > MAX_NOTE:
            raise OffsetError(f"A note is text in quotation marks, up to {MAX_NOTE} letters, not {plain(text)}.")
        if any("\ud800" <= char <= "\udfff" for char in text):
            raise OffsetError(f"“{plain(text)}” holds half a character (a lone surrogate).")
