"""Lay a student's labels over a key: which label answers which entry, and what became of each.

Pairs are formed one to one per layer, by the largest total fit, so that no order of the labels changes the result.
The rules and their worked examples are documented in `pair`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal

from secondsource.article import Article
from secondsource.assignment import assign
from secondsource.key import Distractor, Key, KeySpan
from secondsource.spans import Span

__all__ = ["OUTCOMES", "Outcome", "Pair", "pair", "trim"]

Outcome = Literal["matched", "boundary", "accepted", "relabelled", "missed", "extra", "distractor", "contested"]
OUTCOMES: tuple[Outcome, ...] = (
    "matched",
    "accepted",
    "boundary",
    "relabelled",
    "missed",
    "extra",
    "distractor",
    "contested",
)

Bounds = tuple[int, int]

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
    outcome : str
        One of `OUTCOMES`.
    mark : Span or None
        The student's label; None when a key entry was missed.
    pieces : tuple of Span
        Further labels of the student that are part of the same answer.
    key : KeySpan or None
        The entry of the key that it was laid over.
    distractor : Distractor or None
        The tempting wrong answer that was met; a *boundary* or *relabelled* row may have met one too.
    covers : tuple of KeySpan
        Further entries that the same label answers, because the key accepts its words for each of them.
    fit : Fraction
        Share of characters that the two have in common, 0 to 1 (intersection over union after trimming; 1 for an
        accepted other boundary); 0 without a partner.
    scored : bool
        Whether the row counts in any number.
    """

    outcome: Outcome
    mark: Span | None
    key: KeySpan | None = None
    pieces: tuple[Span, ...] = ()
    distractor: Distractor | None = None
    covers: tuple[KeySpan, ...] = ()
    fit: Fraction = Fraction(0)
    scored: bool = True

    @property
    def start(self) -> int:
        """Where the row stands in the text, in code points."""
        return min(s.start for s in (self.mark, self.key.span if self.key else None) if s)


@dataclass(slots=True)
class _Mark:
    span: Span
    at: Bounds
    rest: list[Span] = field(default_factory=list)


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


def pair(marks: Iterable[Span], key: Key) -> list[Pair]:
    """Lay labels of one layer over a key.

    1. A label with the words and the label of an entry is its pair.
    2. The others are assigned one to one so that the total of ``4·fit`` (label accepted) or ``fit`` (not accepted) is
       largest. A label that is not accepted and fits by less than half is no answer and is let go.
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
    rows = _pair_spans(
        [m for m in distinct if m.span.label not in whole], [k for k in key.spans if k.span.label not in whole], key
    )
    rows += _pair_sentences([m.span for m in distinct if m.span.label in whole], key, whole)
    return sorted(rows, key=_position)


def _distinct(marks: Iterable[Span], key: Key) -> list[_Mark]:
    kept: dict[tuple[int, int, str], Span] = {}
    for span in sorted((m for m in marks if m.layer == key.layer.id), key=lambda m: m.id):
        kept.setdefault((span.start, span.end, span.label), span)
    made = [_Mark(span, trim(key.article, span.start, span.end)) for span in kept.values()]
    return sorted(made, key=lambda m: (*m.at, m.span.label, m.span.start, m.span.end))


def _pair_spans(marks: list[_Mark], entries: list[KeySpan], key: Key) -> list[Pair]:
    places = [_places(entry, key.article) for entry in entries]
    order = sorted(range(len(entries)), key=lambda k: (places[k][0], entries[k].span.label))
    entries, places = [entries[k] for k in order], [places[k] for k in order]
    partner = _partners(marks, entries, places)
    loose = [m for i, m in enumerate(marks) if i not in partner.values()]
    answers = {k: marks[i] for k, i in partner.items()}
    loose = _join_pieces(loose, answers, entries, places)
    covered = _covered(answers, entries, places)
    rows = [
        replace(
            _answer(answers[k], entries[k], places[k], key),
            covers=tuple(entries[other] for other, home in covered.items() if home == k),
        )
        for k in sorted(answers)
    ]
    rows += [
        Pair("missed", None, entry)
        for k, entry in enumerate(entries)
        if entry.tier == "core" and k not in answers and k not in covered
    ]
    return rows + [_left_over(mark, entries, places, key) for mark in loose]


def _covered(answers: dict[int, _Mark], entries: list[KeySpan], places: list[list[Bounds]]) -> dict[int, int]:
    """Return the answer that also settles an entry without a partner: one label over both halves of a quotation.

    It does when the key lists its very words as another boundary of that entry and accepts its label.
    """
    return {
        k: home
        for k, entry in enumerate(entries)
        if k not in answers and entry.tier != "contested"
        for home, mark in sorted(answers.items(), reverse=True)
        if mark.at in places[k][1:] and mark.at in places[home] and entry.accepts(mark.span.label)
    }


def _partners(marks: list[_Mark], entries: list[KeySpan], places: list[list[Bounds]]) -> dict[int, int]:
    """Return the index of the mark for each entry that has one."""
    exact = {(place[0], entry.span.label): k for k, (entry, place) in enumerate(zip(entries, places, strict=True))}
    partner: dict[int, int] = {}
    for i, mark in enumerate(marks):
        k = exact.get((mark.at, mark.span.label))
        if k is not None and k not in partner:
            partner[k] = i
    paired = set(partner.values())
    weights = {}
    for i, mark in enumerate(marks):
        for k, entry in enumerate(entries):
            if i in paired or k in partner or not _near(mark, places[k]):
                continue
            fit, accepted = _fit(mark.at, places[k]), entry.accepts(mark.span.label)
            if accepted or entry.tier != "contested":
                weights[k, i] = fit * (_LABEL_COUNTS if accepted else 1)
    for k, i in assign(weights):
        if _stands(marks[i], entries[k], places[k]):
            partner[k] = i
    return partner


def _stands(mark: _Mark, entry: KeySpan, places: list[Bounds]) -> bool:
    """Tell whether an assigned pair means anything; otherwise it is dissolved."""
    if entry.tier == "contested":
        return entry.accepts(mark.span.label) and _inside(mark.at, places) >= _HALF
    return entry.accepts(mark.span.label) or _fit(mark.at, places) >= _HALF


def _join_pieces(
    loose: list[_Mark], answers: dict[int, _Mark], entries: list[KeySpan], places: list[list[Bounds]]
) -> list[_Mark]:
    """Hang left-over marks on the answers they are part of; return those that are still loose."""
    left = []
    for mark in loose:
        homes = [
            (-_shared(mark.at, places[k]), k)
            for k, answer in answers.items()
            if entries[k].accepts(mark.span.label)
            and entries[k].accepts(answer.span.label)
            and _inside(mark.at, places[k]) >= _HALF
        ]
        if homes:
            answers[min(homes)[1]].rest.append(mark.span)
        else:
            left.append(mark)
    return left


def _answer(mark: _Mark, entry: KeySpan, places: list[Bounds], key: Key) -> Pair:
    fit = max(_fit(mark.at, places), _union_fit([mark.at, *((s.start, s.end) for s in mark.rest)], places))
    made = Pair("matched", mark.span, entry, tuple(mark.rest), fit=fit)
    if entry.tier == "contested":
        return replace(made, outcome="contested", scored=False)
    if not entry.accepts(mark.span.label):
        return replace(made, outcome="relabelled", distractor=_tempted(mark, key))
    if 2 * fit.numerator < fit.denominator:
        return replace(made, outcome="boundary", distractor=_tempted(mark, key))
    return made if mark.span.label == entry.span.label else replace(made, outcome="accepted")


def _left_over(mark: _Mark, entries: Sequence[KeySpan], places: list[list[Bounds]], key: Key) -> Pair:
    for k, entry in enumerate(entries):
        same_unit = key.layer.unit == "sentence"
        if entry.tier == "contested" and (same_unit or entry.accepts(mark.span.label)):
            share = _inside(mark.at, places[k])
            if share >= _HALF:
                return Pair("contested", mark.span, entry, fit=_fit(mark.at, places[k]), scored=False)
    distractor = _tempted(mark, key)
    return Pair("distractor" if distractor else "extra", mark.span, distractor=distractor)


def _tempted(mark: _Mark, key: Key) -> Distractor | None:
    """Return the distractor with this label that shares at least half of the shorter of the two."""
    for distractor in key.distractors:
        at = trim(key.article, distractor.start, distractor.end)
        shorter = min(mark.at[1] - mark.at[0], at[1] - at[0])
        if mark.span.label in distractor.tempting and 2 * _overlap(mark.at, at) >= shorter:
            return distractor
    return None


def _pair_sentences(marks: list[Span], key: Key, whole: set[str]) -> list[Pair]:
    """Answer labels that call a sentence clean.

    The key's own entry for the sentence decides. Without one, a core entry in the sentence that leaves no room for
    such a reading makes the mark *extra*; in a sentence with acceptable or contested entries only, both readings are
    fine, and the row is *accepted* and not counted.
    """
    keyed = {(k.span.start, k.span.end): k for k in key.spans if k.span.label in whole}
    rows = []
    for mark in marks:
        entry = keyed.get((mark.start, mark.end))
        inside = [k for k in key.spans if k.span.label not in whole and k.span.overlaps(mark)]
        if entry is not None:
            contested = entry.tier == "contested"
            outcome: Outcome = "contested" if contested else "matched"
            rows.append(Pair(outcome, mark, entry, fit=Fraction(1), scored=not contested))
        elif any(k.tier == "core" and mark.label not in k.also for k in inside):
            rows.append(Pair("extra", mark))
        elif inside:
            rows.append(Pair("accepted", mark, inside[0], scored=False))
        else:
            rows.append(Pair("extra", mark))
    marked = {(mark.start, mark.end) for mark in marks}
    return rows + [Pair("missed", None, k) for at, k in keyed.items() if k.tier == "core" and at not in marked]


def _places(entry: KeySpan, article: Article) -> list[Bounds]:
    """Trimmed bounds of an entry, its accepted other boundaries behind them."""
    return [trim(article, start, end) for start, end in ((entry.span.start, entry.span.end), *entry.extents)]


def _near(mark: _Mark, places: list[Bounds]) -> bool:
    return any(mark.at == place for place in places) or _overlap(mark.at, places[0]) > 0


def _fit(at: Bounds, places: list[Bounds]) -> Fraction:
    return Fraction(1) if at in places else _iou(_overlap(at, places[0]), at[1] - at[0], places[0])


def _union_fit(parts: list[Bounds], places: list[Bounds]) -> Fraction:
    """Fit of several marks taken together."""
    characters = {c for start, end in parts for c in range(start, end)}
    return _iou(sum(places[0][0] <= c < places[0][1] for c in characters), len(characters), places[0])


def _iou(shared: int, size: int, place: Bounds) -> Fraction:
    return Fraction(shared, size + (place[1] - place[0]) - shared)


def _inside(at: Bounds, places: list[Bounds]) -> Fraction:
    return Fraction(_shared(at, places), at[1] - at[0])


def _shared(at: Bounds, places: list[Bounds]) -> int:
    return max(_overlap(at, place) for place in places)


def _overlap(a: Bounds, b: Bounds) -> int:
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def _position(row: Pair) -> tuple[int, int, str, str]:
    span = row.mark or (row.key.span if row.key else None)
    assert span is not None  # a row has a mark or a missed entry
    return row.start, span.end, row.outcome, span.id
