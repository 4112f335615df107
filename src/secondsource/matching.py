"""Lay a student's labels over a key: which label answers which entry, and what became of each.

Pairs are formed one to one per layer, by the largest total fit, so that no order of the labels changes the result.
The rules and their worked examples are documented in `pair`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import lcm
from typing import Literal, get_args

from secondsource.article import Article
from secondsource.assignment import assign
from secondsource.key import Distractor, Key, KeySpan
from secondsource.metrics import Bounds, shared
from secondsource.spans import Span

__all__ = ["OUTCOMES", "Outcome", "Pair", "pair", "places", "trim"]

Outcome = Literal["matched", "accepted", "boundary", "relabelled", "missed", "extra", "distractor", "contested"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)  # in the order in which they are shown

_HALF = Fraction(1, 2)
_LABEL_COUNTS = 4  # a right label nearly in place beats a wrong label in place
_EDGE = "\\s‘’“”\"'«»„.,;:—"
_HEAD = re.compile(rf"(?:[{_EDGE}]+|(?:an?|the|who|whom|whose|which|that)(?=\s))+", re.IGNORECASE)
_TAIL = re.compile(rf"[{_EDGE}]+$")


@dataclass(frozen=True, slots=True)
class Pair:
    """One row of a comparison.

    Attributes
    ----------
    mark : Span or None
        The student's label; None when a key entry was missed.
    key : KeySpan or None
        The entry of the key that it was laid over.
    pieces : tuple of Span
        Further labels of the student that are part of the same answer.
    distractor : Distractor or None
        The tempting wrong answer that was met; a *boundary* or *relabelled* row may have met one too.
    covers : tuple of KeySpan
        Further entries that the same label answers, because the key accepts its words for each of them.
    fit : Fraction
        Characters in common over characters of both, after trimming; 1 for an accepted other boundary, 0 for no key.
    scored : bool
        Whether the row counts in any number.
    expects : bool
        Whether the mark calls a sentence clean in which the key expects something.
    """

    outcome: Outcome
    mark: Span | None
    key: KeySpan | None = None
    pieces: tuple[Span, ...] = ()
    distractor: Distractor | None = None
    covers: tuple[KeySpan, ...] = ()
    fit: Fraction = Fraction(0)
    scored: bool = True
    expects: bool = False

    @property
    def start(self) -> int:
        """Where the row stands in the text, in code points."""
        return min(s.start for s in (self.mark, self.key.span if self.key else None) if s)


@dataclass(slots=True)
class _Mark:
    """A label, its trimmed bounds, and further labels that are pieces of the same answer."""

    span: Span
    at: Bounds
    pieces: list["_Mark"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of the key and its trimmed bounds, accepted other boundaries behind them."""

    key: KeySpan
    places: tuple[Bounds, ...]

    @property
    def open(self) -> bool:
        return self.key.tier == "contested"

    def accepts(self, mark: _Mark) -> bool:
        return self.key.accepts(mark.span.label)

    def answered_by(self, mark: _Mark) -> bool:
        """Tell whether the two could stand as a pair."""
        right = self.accepts(mark)
        return (right and self.holds_half(mark.at)) if self.open else (right or self.fit(mark.at) >= _HALF)

    def fit(self, *parts: Bounds) -> Fraction:
        first, last = self.places[0]
        if len(parts) == 1:
            both, size = shared(parts[0], self.places[0]), parts[0][1] - parts[0][0]
        else:
            characters = {c for start, end in parts for c in range(start, end)}
            both, size = sum(first <= c < last for c in characters), len(characters)
        return Fraction(1) if parts[0] in self.places else Fraction(both, size + last - first - both)

    def most(self, at: Bounds) -> int:
        return max(shared(at, place) for place in self.places)

    def holds_half(self, at: Bounds) -> bool:
        return 2 * self.most(at) >= at[1] - at[0]


def trim(article: Article, start: int, end: int) -> Bounds:
    """Narrow a span to what matters: no white space, quotation marks, stops, article or relative pronoun at the edge.

    Examples
    --------
    >>> trim(Article("He saw ‘the red car’, she said."), 7, 21)
    (12, 19)
    """
    piece = article.text[start:end]
    head = _HEAD.match(piece)
    first = head.end() if head else 0
    tail = _TAIL.search(piece, first)
    last = tail.start() if tail else len(piece)
    return (start + first, start + last) if first < last else (start, end)


def places(entry: KeySpan, article: Article) -> tuple[Bounds, ...]:
    """Trimmed bounds of an entry, its accepted other boundaries behind them."""
    return tuple(trim(article, *place) for place in ((entry.span.start, entry.span.end), *entry.extents))


def pair(marks: Iterable[Span], key: Key) -> list[Pair]:
    """Lay labels of one layer over a key.

    1. A label with the words and the label of an entry is its pair.
    2. The others are assigned one to one so that the total of ``4·fit`` (label accepted) or ``fit`` (not accepted) is
       largest; of equal totals, the one with more of the key's own labels. No pair is a label that is not accepted
       and fits by less than half, or that lies mostly outside a contested entry.
    3. A left-over label is a *piece* of an answer if it lies at least half in an entry that accepts it.
    4. A label whose words the key accepts for several entries (a quotation in two halves) answers all of them.
    5. Each row gets its outcome: *matched*, *accepted*, *boundary* (fit below one half), *relabelled*, *missed*,
       *contested* (at least half in a contested entry that accepts the label), *distractor* or *extra*.

    Labels of sentences in a layer of spans (“nothing to mark here”) are answered sentence by sentence.

    Parameters
    ----------
    marks : iterable of Span
        A student's labels; other layers are ignored, of exact duplicates the smallest id counts.
    key : Key
        The key, or the part of it that was asked.

    Returns
    -------
    list of Pair
        In text order. Acceptable and contested entries that nobody marked have no row.
    """
    distinct = _distinct(marks, key)
    whole = {label.id for label in key.layer.labels if label.unit == "sentence" and key.layer.unit == "span"}
    entries = [_Entry(k, places(k, key.article)) for k in key.spans if k.span.label not in whole]
    entries.sort(key=lambda entry: (entry.places[0], entry.key.span.label))
    rows = _pair_spans([m for m in distinct if m.span.label not in whole], entries, key)
    rows += _pair_sentences([m.span for m in distinct if m.span.label in whole], key, whole)
    return sorted(rows, key=_position)


def _distinct(marks: Iterable[Span], key: Key) -> list[_Mark]:
    kept: dict[tuple[int, int, str], Span] = {}
    for span in sorted((m for m in marks if m.layer == key.layer.id), key=lambda m: m.id):
        kept.setdefault((span.start, span.end, span.label), span)
    made = [_Mark(span, trim(key.article, span.start, span.end)) for span in kept.values()]
    return sorted(made, key=lambda m: (*m.at, m.span.label, m.span.start, m.span.end))


def _pair_spans(marks: list[_Mark], entries: list[_Entry], key: Key) -> list[Pair]:
    partner = _partners(marks, entries)
    answers = {k: marks[i] for k, i in partner.items()}
    taken = set(partner.values())
    loose = _join_pieces([mark for i, mark in enumerate(marks) if i not in taken], answers, entries)
    covered = _covered(answers, entries)
    rows = [_answer(answers[k], entries[k], [entries[c].key for c in covered if covered[c] == k], key) for k in answers]
    rows += [
        Pair("missed", None, entry.key)
        for k, entry in enumerate(entries)
        if entry.key.tier == "core" and k not in answers and k not in covered
    ]
    return rows + [_left_over(mark, entries, key) for mark in loose]


def _partners(marks: list[_Mark], entries: list[_Entry]) -> dict[int, int]:
    """Return the index of the mark for each entry that has one."""
    exact = {(entry.places[0], entry.key.span.label): k for k, entry in enumerate(entries)}
    partner: dict[int, int] = {}
    for i, mark in enumerate(marks):
        if (k := exact.get((mark.at, mark.span.label))) is not None:
            partner.setdefault(k, i)
    taken = set(partner.values())
    weights = {
        (k, i): fit * (_LABEL_COUNTS if entry.accepts(mark) else 1)
        for i, mark in enumerate(marks)
        for k, entry in enumerate(entries)
        if i not in taken and k not in partner and entry.answered_by(mark) and (fit := entry.fit(mark.at))
    }
    # Totals differ by at least one over the common denominator. All bonuses of an assignment together are less than
    # that, so they decide between equal totals only.
    bonus = Fraction(1, lcm(*(weight.denominator for weight in weights.values())) * (len(marks) + 1))
    own = {(k, i): bonus * (entries[k].key.span.label == marks[i].span.label) for k, i in weights}
    return partner | dict(assign({edge: weight + own[edge] for edge, weight in weights.items()}))


def _join_pieces(loose: list[_Mark], answers: dict[int, _Mark], entries: list[_Entry]) -> list[_Mark]:
    """Hang left-over marks on the answers they are part of; return those that are still loose."""
    left: list[_Mark] = []
    for mark in loose:
        homes = [
            (-entries[k].most(mark.at), k)
            for k, answer in answers.items()
            if entries[k].accepts(mark) and entries[k].accepts(answer) and entries[k].holds_half(mark.at)
        ]
        (answers[min(homes)[1]].pieces if homes else left).append(mark)
    return left


def _covered(answers: dict[int, _Mark], entries: list[_Entry]) -> dict[int, int]:
    """Return the answer that also settles an entry without a partner: one label over both halves of a quotation.

    It does when the key lists its very words as another boundary of that entry and accepts its label. A contested
    answer settles nothing, because its row is not counted.
    """
    return {
        k: home
        for k, entry in enumerate(entries)
        if k not in answers and not entry.open
        for home, mark in sorted(answers.items(), reverse=True)
        if mark.at in entry.places[1:] and mark.at in entries[home].places
        if entry.accepts(mark) and not entries[home].open
    }


def _answer(mark: _Mark, entry: _Entry, covers: list[KeySpan], key: Key) -> Pair:
    pieces = tuple(piece.span for piece in mark.pieces)
    fit = max(entry.fit(mark.at), entry.fit(mark.at, *(piece.at for piece in mark.pieces)))
    made = Pair("matched", mark.span, entry.key, pieces, covers=tuple(covers), fit=fit)
    if entry.open:
        return replace(made, outcome="contested", scored=False)
    if fit < _HALF or not entry.accepts(mark):
        outcome: Outcome = "boundary" if entry.accepts(mark) else "relabelled"
        return replace(made, outcome=outcome, distractor=_tempted(mark, key))
    return made if mark.span.label == entry.key.span.label else replace(made, outcome="accepted")


def _left_over(mark: _Mark, entries: list[_Entry], key: Key) -> Pair:
    any_label = key.layer.unit == "sentence"  # a contested sentence is not scored, whatever it was called
    for entry in entries:
        if entry.open and (any_label or entry.accepts(mark)) and entry.holds_half(mark.at):
            return Pair("contested", mark.span, entry.key, fit=entry.fit(mark.at), scored=False)
    distractor = _tempted(mark, key)
    return Pair("distractor" if distractor else "extra", mark.span, distractor=distractor)


def _tempted(mark: _Mark, key: Key) -> Distractor | None:
    """Return the distractor with this label that shares half of the shorter of the two and a third of the mark."""
    for distractor in key.distractors:
        at = trim(key.article, distractor.start, distractor.end)
        both, mine, its = shared(mark.at, at), mark.at[1] - mark.at[0], at[1] - at[0]
        if mark.span.label in distractor.tempting and 2 * both >= min(mine, its) and 3 * both >= mine:
            return distractor
    return None


def _pair_sentences(marks: list[Span], key: Key, whole: set[str]) -> list[Pair]:
    """Answer labels that call a sentence clean.

    The key's own entry for the sentence decides. Without one, a core entry in the sentence that leaves no room for
    such a reading makes the mark *extra*; in a sentence with acceptable or contested entries only, both readings are
    fine, and the row is *accepted* and not counted.
    """
    keyed = {(k.span.start, k.span.end, k.span.label): k for k in key.spans if k.span.label in whole}
    marked = {(mark.start, mark.end, mark.label): mark for mark in marks}
    rows = [Pair("missed", None, entry) for at, entry in keyed.items() if entry.tier == "core" and at not in marked]
    for at, mark in marked.items():
        inside = [k for k in key.spans if k.span.label not in whole and k.span.overlaps(mark)]
        if at in keyed:
            scored = keyed[at].tier != "contested"
            rows.append(Pair("matched" if scored else "contested", mark, keyed[at], fit=Fraction(1), scored=scored))
        elif not inside or any(k.tier == "core" and not k.accepts(mark.label) for k in inside):
            rows.append(Pair("extra", mark, expects=bool(inside)))
        else:
            rows.append(Pair("accepted", mark, inside[0], scored=False))
    return rows


def _position(row: Pair) -> tuple[int, int, str, str]:
    span = next(s for s in (row.mark, row.key.span if row.key else None) if s)
    return row.start, span.end, row.outcome, span.id
