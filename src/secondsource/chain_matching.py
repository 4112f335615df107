"""Chains as values, and which hands of two chains are the same.

A chain is a relation whose members stand in order, from the origin to the last hand before the page. The page itself
is never marked.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Literal

from secondsource.article import Article
from secondsource.assignment import assign
from secondsource.fitting import HALF, places, trim
from secondsource.intervals import Bounds, shared
from secondsource.key import Distractor, Key, KeySpan
from secondsource.spans import LabelSet, Relation, Span

__all__ = ["CHAIN", "Chain", "ChainRow", "Hand", "chains_of", "pair_chains", "tempting"]

CHAIN = "chain"
NAMED = 5  # letters: shorter words are pronouns, mostly
HandOutcome = Literal["found", "moved", "missed", "optional", "extra"]
_Fit = Callable[[Span, Span], Fraction]
Agreement = Literal["same", "missed", "extra", "differs", ""]


@dataclass(frozen=True, slots=True)
class Chain:
    """Hands in order, from the origin to the last one before the page.

    Attributes
    ----------
    id : str
        Id of the relation.
    hands : tuple of Span
        Two or more labels; one, where a statement came through a single hand.
    """

    id: str
    hands: tuple[Span, ...]

    @property
    def hand_overs(self) -> int:
        """Number of hand-overs that a reader cannot check.

        Each hand hands over once: to the next one, the last to the page. It can be checked if the text shows what was
        passed on. Whoever stands in a gap is not counted, because nobody can say how many they are: `open_ended`.
        """
        return sum(hand.attributes.get("shown") != "shown" for hand in self.hands)

    @property
    def gaps(self) -> int:
        """Number of places where the text does not name the next hand."""
        return sum(hand.attributes.get("onward") == "gap" for hand in self.hands)

    @property
    def open_ended(self) -> bool:
        """Whether there may be more hand-overs than can be counted."""
        return self.gaps > 0

    @property
    def open_questions(self) -> int:
        """Number of questions about its hands that nobody has answered."""
        return sum(name not in hand.attributes for hand in self.hands for name in ("shown", "onward"))

    @property
    def start(self) -> int:
        """Where its first words stand in the text."""
        return min(hand.start for hand in self.hands)

    def __str__(self) -> str:
        """Tell it with arrows; a question mark stands for whom the text does not name.

        Examples
        --------
        >>> print(Chain("c", (Span("a", "chains", "HAND", 0, 4, "a memo", attributes={"onward": "gap"}),)))
        a memo → ? → this article
        """
        return " → ".join(part for hand in self.hands for part in (hand.quote, *_gap(hand))) + " → this article"


@dataclass(frozen=True, slots=True)
class Hand:
    """What became of one hand of a chain.

    Attributes
    ----------
    outcome : str
        ``found`` in its place, ``moved`` (found in another place of the chain), ``missed``, ``optional`` (the key does
        not ask for it) or ``extra`` (the key does not have it in this chain).
    own : Span or None
    key : KeySpan or None
    """

    outcome: HandOutcome
    own: Span | None = None
    key: KeySpan | None = None

    @property
    def gap(self) -> Agreement:
        """Whether a gap behind it was noticed (``same``) or ``missed``, or only the student sees one (``extra``)."""
        return self._beside("onward", "gap")

    @property
    def shown(self) -> Agreement:
        """Whether both say the same about what the text shows; empty where one of them says nothing."""
        if self.own is None or self.key is None:
            return ""
        said, wanted = self.own.attributes.get("shown"), self.key.span.attributes.get("shown")
        if said is None or wanted is None:
            return ""
        return "same" if said == wanted else "differs"

    def _beside(self, name: str, value: str) -> Agreement:
        if self.key is None:
            return ""
        wanted = self.key.span.attributes.get(name) == value
        said = self.own is not None and self.own.attributes.get(name) == value
        if wanted:
            return "same" if said else "missed"
        return "extra" if said else ""


@dataclass(frozen=True, slots=True)
class ChainRow:
    """An own chain and the key's chain that it answers; one of them may be missing.

    Attributes
    ----------
    own, key : Chain or None
    hands : tuple of Hand
        In the key's order; hands that the key does not have come last.
    """

    own: Chain | None
    key: Chain | None
    hands: tuple[Hand, ...]

    @property
    def chain(self) -> Chain:
        """The key's chain, else the own one."""
        chain = self.key or self.own
        assert chain is not None  # a row has one or the other
        return chain

    @property
    def answered(self) -> bool:
        """Whether it is a chain of the key that the student drew."""
        return self.own is not None and self.key is not None

    @property
    def in_place(self) -> bool:
        """Whether every hand is found in its place, with none too many."""
        return self.answered and all(hand.outcome in ("found", "optional") for hand in self.hands)

    @property
    def same(self) -> bool:
        """Whether every hand is in its place, and every gap is noticed and none too many."""
        return self.in_place and all(hand.gap in ("", "same") for hand in self.hands)

    def count(self, outcome: HandOutcome) -> int:
        """Number of hands with an outcome."""
        return sum(hand.outcome == outcome for hand in self.hands)


def _gap(hand: Span) -> tuple[str, ...]:
    return ("?",) if hand.attributes.get("onward") == "gap" else ()


def chains_of(labels: LabelSet, layer: str = "chains", *, alone: bool = False) -> tuple[Chain, ...]:
    """Return the chains of a label set, in the order of their ids.

    Parameters
    ----------
    alone : bool
        Whether hands that stand in no chain follow, each as a chain of one: a relation needs two labels.

    Examples
    --------
    >>> from secondsource.case import Case
    >>> case = Case.open("analyst-claims")
    >>> chains_of(LabelSet(case.article, case.codebook))
    ()
    """
    linked = [relation for relation in labels.relations if relation.type == CHAIN and _of(relation, labels, layer)]
    made = [Chain(relation.id, tuple(labels[member] for member in relation.members)) for relation in linked]
    if alone:
        taken = {member for relation in linked for member in relation.members}
        made += [Chain(s.id, (s,)) for s in labels.spans if s.layer == layer and s.id not in taken]
    return tuple(made)


def _of(relation: Relation, labels: LabelSet, layer: str) -> bool:
    return all(labels[member].layer == layer for member in relation.members)


def pair_chains(own: Sequence[Chain], wanted: Sequence[Chain], key: Key) -> tuple[ChainRow, ...]:
    """Pair each own chain with the key's chain that it shares most with; answered ones first, in text order each."""
    fit = _fitting(key)
    found = {(i, k): _in_order(a, b, fit) for i, a in enumerate(own) for k, b in enumerate(wanted)}
    size = {(i, k): len(own[i].hands) + len(wanted[k].hands) for i, k in found}
    weights = {pair: Fraction(2 * len(hands), size[pair]) for pair, hands in found.items() if hands}
    origins = [pair for pair in weights if (0, 0) in found[pair]]
    partner = dict(assign(weights, preferred=origins))
    both = [(own[i], wanted[k], found[i, k]) for i, k in partner.items()]
    answered = [ChainRow(a, b, _hands(a, b, hands, key, fit)) for a, b, hands in both]
    left = [b for k, b in enumerate(wanted) if k not in partner.values()]
    missed = [ChainRow(None, b, _hands(None, b, [], key, fit)) for b in left]
    extra = [ChainRow(a, None, tuple(Hand("extra", h) for h in a.hands)) for i, a in enumerate(own) if i not in partner]
    return tuple(row for group in (answered, missed, extra) for row in sorted(group, key=_place))


def _place(row: ChainRow) -> tuple[int, str]:
    return row.chain.start, row.chain.id


def _hands(own: Chain | None, wanted: Chain, found: Sequence[tuple[int, int]], key: Key, fit: _Fit) -> tuple[Hand, ...]:
    """What became of each hand: those in order first, then the best partners among the rest."""
    mine = own.hands if own else ()
    in_order = {k: i for i, k in found}
    left = {
        (k, i): share
        for k, b in enumerate(wanted.hands)
        if k not in in_order
        for i, a in enumerate(mine)
        if i not in in_order.values() and (share := fit(a, b))
    }
    moved = dict(assign(left))
    made = []
    for k, b in enumerate(wanted.hands):
        entry = key.by_id[b.id]
        if (at := in_order.get(k, moved.get(k))) is not None:
            made.append(Hand("found" if k in in_order else "moved", mine[at], entry))
        else:
            made.append(Hand("missed" if entry.tier == "core" else "optional", None, entry))
    taken = {*in_order.values(), *moved.values()}
    return (*made, *(Hand("extra", a) for i, a in enumerate(mine) if i not in taken))


def _in_order(own: Chain, wanted: Chain, fit: _Fit) -> list[tuple[int, int]]:
    """Pairs along the longest common row of hands (places in the own and in the key's chain); of several, the first."""
    a, b = own.hands, wanted.hands
    best = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    fits = [[fit(x, y) > 0 for y in b] for x in a]
    for i in reversed(range(len(a))):
        for k in reversed(range(len(b))):
            best[i][k] = max(best[i + 1][k], best[i][k + 1], best[i + 1][k + 1] + 1 if fits[i][k] else 0)
    pairs, i, k = [], 0, 0
    while i < len(a) and k < len(b):
        if fits[i][k] and best[i][k] == best[i + 1][k + 1] + 1:
            pairs.append((i, k))
            i, k = i + 1, k + 1
        elif best[i + 1][k] >= best[i][k + 1]:
            i += 1
        else:
            k += 1
    return pairs


def _fitting(key: Key) -> _Fit:
    """How well a hand fits one of the key's, worked out once: a hand may stand in very many chains."""
    return cache(lambda own, wanted: _fit(own, key.by_id[wanted.id], key.article))


def _fit(own: Span, entry: KeySpan, article: Article) -> Fraction:
    """Words in common over those of the shorter one, if that is half or more; 1 for the same name elsewhere.

    Words of a few letters stand for somebody else at every place: “he”, “they”.
    """
    at, there = trim(article, own.start, own.end), places(entry, article)
    most = max(_within(at, place) for place in there)
    if most >= HALF:
        return most
    name = _name(article, at)
    return Fraction(len(name) >= NAMED and name in {_name(article, place) for place in there})


def tempting(own: Span, key: Key) -> Distractor | None:
    """Return what the key says of words that look like a hand and are none; None if it says nothing of these."""
    at = trim(key.article, own.start, own.end)
    near = [(_within(at, trim(key.article, d.start, d.end)), d) for d in key.distractors if own.label in d.tempting]
    fit, found = max(near, key=_first, default=(Fraction(0), None))
    return found if fit >= HALF else None


def _first(pair: tuple[Fraction, Distractor]) -> Fraction:
    return pair[0]


def _within(a: Bounds, b: Bounds) -> Fraction:
    """Characters in common over those of the shorter one."""
    return Fraction(shared(a, b), min(a[1] - a[0], b[1] - b[0]))


def _name(article: Article, at: Bounds) -> str:
    """Words without what is told of them: “Ines Falk, who has run the library” is Ines Falk."""
    return " ".join(article.text[slice(*at)].partition(",")[0].casefold().split())
