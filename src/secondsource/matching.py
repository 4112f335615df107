"""Lay a student's labels over a key: which label answers which entry, and what became of each.

Pairs are formed one to one per layer, by the largest total fit, so that no order of the labels changes the result.
The rules and their worked examples are documented in `pair`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, NamedTuple, get_args

from secondsource.fitting import HALF, Entry, Foil, Mark, near, partners, places, trim
from secondsource.intervals import Bounds
from secondsource.key import Distractor, Key, KeySpan
from secondsource.spans import Span

__all__ = ["OUTCOMES", "Outcome", "Pair", "left_open", "pair"]

Outcome = Literal["matched", "accepted", "boundary", "relabelled", "missed", "extra", "distractor", "contested"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)  # in the order in which they are shown


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


def pair(marks: Iterable[Span], key: Key) -> list[Pair]:
    """Lay labels of one layer over a key.

    1. A label with the words and the label of an entry is its pair.
    2. The others are assigned one to one so that the total of ``4·fit`` (label accepted) or ``fit`` (not accepted) is
       largest; of equal totals, the one with more of the key's own labels. No pair is a label that is not accepted
       and fits by less than half, or that lies mostly outside a contested entry.
    3. A leftover label is a *piece* of an answer if it lies at least half in an entry that accepts it.
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
    entries = [Entry(k, places(k, key.article)) for k in key.spans if k.span.label not in whole]
    entries.sort(key=lambda entry: (entry.places[0], entry.key.span.label))
    rows = _pair_spans([m for m in distinct if m.span.label not in whole], entries, key)
    rows += _pair_sentences([m.span for m in distinct if m.span.label in whole], key, whole)
    return sorted(rows, key=_position)


def _distinct(marks: Iterable[Span], key: Key) -> list[Mark]:
    kept: dict[tuple[int, int, str], Span] = {}
    for span in sorted((m for m in marks if m.layer == key.layer.id), key=lambda m: m.id):
        kept.setdefault((span.start, span.end, span.label), span)
    made = [Mark(span, trim(key.article, span.start, span.end)) for span in kept.values()]
    return sorted(made, key=lambda m: (*m.at, m.span.label, m.span.start, m.span.end))


def _pair_spans(marks: list[Mark], entries: list[Entry], key: Key) -> list[Pair]:
    foils, met = _foils(marks, key), near(marks, entries)
    partner = partners(marks, entries, met)
    answers = {k: marks[i] for k, i in partner.items()}
    taken = set(partner.values())
    loose = _join_pieces([_Loose(marks[i], met[i]) for i in range(len(marks)) if i not in taken], answers, entries)
    covers = _covers(answers, entries)
    settled = {*answers, *(c for covered in covers.values() for c in covered)}
    return [
        *(_answer(mark, entries[k], [entries[c].key for c in covers.get(k, ())], foils) for k, mark in answers.items()),
        *_left_over(loose, entries, foils, any_label=key.layer.unit == "sentence"),
        *(Pair("missed", None, e.key) for k, e in enumerate(entries) if e.key.tier == "core" and k not in settled),
    ]


class _Loose(NamedTuple):
    """A mark without a partner, and the entries that it meets."""

    mark: Mark
    met: list[int]


def _foils(marks: list[Mark], key: Key) -> dict[str, Distractor]:
    """Return the first distractor that each mark has met, by the mark's id."""
    foils = [Foil(d, trim(key.article, d.start, d.end)) for d in key.distractors]
    return {
        mark.span.id: foils[k].distractor
        for mark, met in zip(marks, near(marks, foils), strict=True)
        for k in reversed(met)
        if foils[k].tempts(mark)
    }


def _join_pieces(loose: list[_Loose], answers: dict[int, Mark], entries: list[Entry]) -> list[_Loose]:
    """Hang leftover marks on the answers they are part of; return those that are still loose."""
    left: list[_Loose] = []
    for mark, met in loose:
        homes = [
            (-entries[k].most(mark.at), k)
            for k in met
            if k in answers and entries[k].accepts(mark) and entries[k].accepts(answers[k])
            if entries[k].holds_half(mark.at)
        ]
        if homes:
            answers[min(homes)[1]].pieces.append(mark)
        else:
            left.append(_Loose(mark, met))
    return left


def _covers(answers: dict[int, Mark], entries: list[Entry]) -> dict[int, list[int]]:
    """Return further entries that an answer settles too: one label over both halves of a quotation.

    It does when the key lists its very words as another boundary of that entry and accepts its label. A contested
    answer settles nothing, because its row is not counted.
    """
    homes: dict[Bounds, list[int]] = {}
    for home, mark in sorted(answers.items()):
        if not entries[home].open and mark.at in entries[home].places:
            homes.setdefault(mark.at, []).append(home)
    covers: dict[int, list[int]] = {}
    for k, entry in enumerate(entries):
        if k not in answers and not entry.open:
            able = [home for at in entry.places[1:] for home in homes.get(at, ()) if entry.accepts(answers[home])]
            if able:
                covers.setdefault(min(able), []).append(k)
    return covers


def _answer(mark: Mark, entry: Entry, covers: list[KeySpan], foils: dict[str, Distractor]) -> Pair:
    pieces = tuple(piece.span for piece in mark.pieces)
    fit = entry.fit(mark.at)
    if pieces:
        fit = max(fit, entry.fit(mark.at, *(piece.at for piece in mark.pieces)))
    made = Pair("matched", mark.span, entry.key, pieces, covers=tuple(covers), fit=fit)
    if entry.open:
        return replace(made, outcome="contested", scored=False)
    if fit < HALF or not entry.accepts(mark):
        outcome: Outcome = "boundary" if entry.accepts(mark) else "relabelled"
        return replace(made, outcome=outcome, distractor=foils.get(mark.span.id))
    return made if mark.span.label == entry.key.span.label else replace(made, outcome="accepted")


def _left_over(
    loose: list[_Loose], entries: list[Entry], foils: dict[str, Distractor], *, any_label: bool
) -> Iterator[Pair]:
    """Rows of marks without a partner; a contested sentence is not scored, whatever it was called (`any_label`)."""
    for mark, met in loose:
        close = (entries[k] for k in met if entries[k].open and entries[k].holds_half(mark.at))
        held = next((entry for entry in close if any_label or entry.accepts(mark)), None)
        foil = foils.get(mark.span.id)
        if held is not None:
            yield Pair("contested", mark.span, held.key, fit=held.fit(mark.at), scored=False)
        else:
            yield Pair("distractor" if foil else "extra", mark.span, distractor=foil)


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


def _position(row: Pair) -> tuple[object, ...]:
    """Text order; of rows on the same words, that of outcome and labels, so that no id and no input order matters."""
    mark, key = row.mark, row.key.span if row.key else None
    first, second = (s for s in ((mark or key), (key or mark)) if s)
    return row.start, first.end, row.outcome, first.start, first.label, second.start, second.end, second.label, first.id


def left_open(rows: Iterable[Pair], key: Key) -> list[Pair]:
    """Return a *missed* row for each acceptable entry that no row is about.

    Where passages are marked, leaving one is as good as marking it. Where every sentence is answered, such an entry is
    one with several good answers, and whoever gives none does not agree.
    """
    met = {entry.span.id for row in rows for entry in (row.key, *row.covers) if entry is not None}
    return [
        Pair("missed", None, entry) for entry in key.spans if entry.tier == "acceptable" and entry.span.id not in met
    ]
