"""Scores of spans: exact, the SemEval-2020 form, and best match, which is the one that students see."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from secondsource.intervals import Bounds, Cover, meetings, neighbours, shared, united
from secondsource.metrics.tally import Tally

__all__ = ["Expected", "Mark", "best_match", "exact", "scored", "semeval2020"]

Mark = tuple[int, int, str]
_Of = TypeVar("_Of")
_Answer = tuple[Mark, int | None]  # a mark and its best entry


@dataclass(frozen=True, slots=True)
class Expected:
    """An entry of a key as the formulas need it.

    Attributes
    ----------
    places : tuple of (int, int)
        Main bounds first, then accepted other bounds.
    label : str
        The key's own label.
    also : frozenset of str
        Other labels that earn credit.
    tier : str
        ``core``, ``acceptable`` or ``contested``.
    """

    places: tuple[Bounds, ...]
    label: str
    also: frozenset[str] = frozenset()
    tier: str = "core"

    @property
    def labels(self) -> frozenset[str]:
        """All labels that earn credit."""
        return self.also | {self.label}

    def accepts(self, label: str) -> bool:
        """Tell whether a label earns credit."""
        return label == self.label or label in self.also

    def most(self, at: Bounds) -> int:
        """Largest number of characters that a stretch shares with one of the places."""
        return max(shared(at, place) for place in self.places)


def exact(marks: Iterable[Mark], key: Iterable[Mark]) -> Tally:
    """Same start, end and label: ``P = |S∩K| / |S|``, ``R = |S∩K| / |K|`` over distinct spans.

    Examples
    --------
    >>> scores = exact([(0, 4, "A"), (0, 10, "A")], [(0, 10, "A")]).scores
    >>> scores.precision.value, scores.recall.value, round(scores.f1.value, 3)
    (0.5, 1.0, 0.667)
    """
    mine, theirs = set(marks), set(key)
    both = len(mine & theirs)
    return Tally(both, len(mine), both, len(theirs))


def semeval2020(marks: Iterable[Mark], key: Iterable[Mark], *, labels: bool = True) -> Tally:
    """Overlap in the form of SemEval-2020 Task 11, for comparison with published figures.

    ``C(s,t,h) = |s∩t| / h`` for spans of one label, ``P = (1/|S|) Σ C(s,t,|s|)``, ``R = (1/|T|) Σ C(s,t,|t|)``; spans
    of one label that share a character are merged on each side first, touching ones are not. Texts are pooled by
    adding the tallies. It rewards fragments and broad marks; `best_match` does not.

    Parameters
    ----------
    marks, key : iterable of (int, int, str)
        Start, end and label; order and duplicates change nothing.
    labels : bool
        False scores places only (the task's subtask SI).

    References
    ----------
    Da San Martino et al. 2019, Fine-Grained Analysis of Propaganda in News Articles (D19-1565), and 2020,
    SemEval-2020 Task 11.

    Examples
    --------
    The example published with the task's scorer: 1, 62/65 and 124/127.

    >>> rest = [(0, 59, "EM"), (171, 181, "RH"), (0, 9, "NC"), (740, 759, "LL")]
    >>> scores = semeval2020([*rest, (127, 167, "LL")], [*rest, (115, 167, "LL")]).scores
    >>> scores.precision.value, scores.recall.value == 62 / 65, round(scores.f1.value, 6)
    (1.0, True, 0.976378)
    """
    mine, theirs = _merged(marks, labels=labels), _merged(key, labels=labels)
    right = found = Fraction(0)
    for label, stretches in sorted(mine.items()):
        others = theirs.get(label, [])
        for i, j in meetings(stretches, others):
            both = shared(stretches[i], others[j])
            right += Fraction(both, stretches[i][1] - stretches[i][0])
            found += Fraction(both, others[j][1] - others[j][0])
    return Tally(right, sum(map(len, mine.values())), found, sum(map(len, theirs.values())))


def _merged(marks: Iterable[Mark], *, labels: bool) -> dict[str, list[Bounds]]:
    apart: dict[str, list[Bounds]] = {}
    for start, end, label in marks:
        apart.setdefault(label if labels else "", []).append((start, end))
    return {label: united(stretches) for label, stretches in apart.items()}


def scored(marks: Iterable[Mark], key: Sequence[Expected]) -> list[Mark]:
    """Distinct marks that count, in text order: all but those that a contested entry holds.

    A contested entry takes a mark out of the count if it accepts its label, holds at least half of it, and shares more
    of it than any core or acceptable entry that accepts the label.

    Examples
    --------
    >>> open_question = Expected(((0, 10),), "A", tier="contested")
    >>> scored([(2, 8, "A"), (2, 8, "B"), (0, 30, "A")], [open_question])
    [(0, 30, 'A'), (2, 8, 'B')]
    """
    return [mark for mark, _ in _kept(sorted(set(marks)), key)]


def best_match(marks: Iterable[Mark], key: Sequence[Expected]) -> Tally:
    """Overlap in which every mark and every entry meets its best counterpart.

    The SemEval-2020 form with two repairs, fragments count as one answer and a mark is credited once, and with sets
    of accepted labels after MAFALDA (Helwe et al. 2024)::

        P = (1/(u+x)) Σ_t |U_t ∩ t| / |U_t|        R = (1/|core|) Σ_{t core} max_{l accepted by t} |t ∩ M_l| / |t|

    ``U_t`` are the characters of all marks whose best entry is ``t``, ``u`` the number of such entries, ``x`` the
    number of marks without one, ``M_l`` the characters marked with label ``l``. Marks that a contested entry holds
    better are set aside.

    Parameters
    ----------
    marks : iterable of (int, int, str)
        Start, end and label; order and duplicates change nothing.
    key : sequence of Expected
        Entries in key order.

    Returns
    -------
    Tally
        Its scores are NaN with a reason where nothing was marked or nothing is required.

    Examples
    --------
    >>> scores = best_match([(0, 30, "A")], [Expected(((0, 10),), "A")]).scores
    >>> round(scores.precision.value, 3), scores.recall.value, scores.f1.value
    (0.333, 1.0, 0.5)
    """
    kept = _kept(sorted(set(marks)), key)
    joined = _join(kept)
    right, marked = _precision(joined, key)
    core = [entry for entry in key if entry.tier == "core"]
    return Tally(right, marked, _recall(joined, core), len(core))


def _kept(marks: list[Mark], key: Sequence[Expected]) -> list[_Answer]:
    """Marks with their best entries, without those that a contested entry holds better."""
    places = [(place, k) for k, entry in enumerate(key) for place in entry.places]
    met = neighbours([mark[:2] for mark in marks], [place for place, _ in places])
    kept: list[_Answer] = []
    for mark, spots in zip(marks, met, strict=True):
        near = {places[spot][1] for spot in spots if key[places[spot][1]].accepts(mark[2])}
        best = _best(mark, key, [k for k in near if key[k].tier != "contested"])
        if not _set_aside(mark, best, key, [k for k in near if key[k].tier == "contested"]):
            kept.append((mark, best))
    return kept


def _best(mark: Mark, key: Sequence[Expected], near: Iterable[int]) -> int | None:
    """Index of the entry that shares most with the mark; of equals, the one that fits best, then the first."""
    shares = {k: key[k].most(mark[:2]) for k in near}
    most = max(shares.values(), default=0)
    return min(
        (k for k, share in shares.items() if share == most), key=lambda k: (_size(mark, key[k]), k), default=None
    )


def _size(mark: Mark, entry: Expected) -> int:
    """Size of the smallest place that shares most with the mark: of equal shares, it is the one that fits best."""
    most = entry.most(mark[:2])
    return min(end - start for start, end in entry.places if shared(mark[:2], (start, end)) == most)


def _set_aside(mark: Mark, best: int | None, key: Sequence[Expected], contested: Iterable[int]) -> bool:
    """Tell whether a contested entry holds more of the mark than its best entry does, and at least half of it."""
    size, share = mark[1] - mark[0], 0 if best is None else key[best].most(mark[:2])
    return any(2 * key[k].most(mark[:2]) >= max(size, 2 * share + 1) for k in contested)


def _join(marks: list[_Answer]) -> list[_Answer]:
    """Join marks of one label that touch, overlap or lie one character apart, unless they answer different entries."""
    joined: list[_Answer] = []
    for mark, best in sorted(marks, key=lambda item: (item[0][2], item[0][0], item[0][1])):
        (start, end, label), before = joined[-1] if joined else ((0, -2, ""), None)
        if joined and label == mark[2] and mark[0] <= end + 1 and (best is None or before is None or best == before):
            joined[-1] = ((start, max(end, mark[1]), label), best if before is None else before)
        else:
            joined.append((mark, best))
    return joined


def _precision(joined: list[_Answer], key: Sequence[Expected]) -> tuple[Fraction, int]:
    """Sum of the shares of the answered entries, and how many answers there are."""
    answers = _covers(joined, lambda _, best: best)
    misses = sum(best is None for _, best in joined)
    right = _total(
        (max(cover.within(place) for place in key[best].places), cover.size)
        for best, cover in answers.items()
        if best is not None
    )
    return right, sum(best is not None for best in answers) + misses


def _recall(joined: list[_Answer], core: list[Expected]) -> Fraction:
    """Sum of the shares that marks of an accepted label cover of each core entry."""
    marked = _covers(joined, lambda mark, _: mark[2])
    return _total(
        max(
            (
                (cover.within(place), place[1] - place[0])
                for label in entry.labels
                if (cover := marked.get(label)) is not None
                for place in entry.places
            ),
            key=lambda share: Fraction(*share),
            default=(0, 1),
        )
        for entry in core
    )


def _total(shares: Iterable[tuple[int, int]]) -> Fraction:
    """Exact sum of quotients, by denominator: adding fractions one by one costs more than all the rest."""
    by_size: dict[int, int] = {}
    for part, whole in shares:
        by_size[whole] = by_size.get(whole, 0) + part
    return sum((Fraction(part, whole) for whole, part in by_size.items() if part), Fraction(0))


def _covers(joined: list[_Answer], of: Callable[[Mark, int | None], _Of]) -> dict[_Of, Cover]:
    """Characters of the joined marks, by label or by entry."""
    stretches: dict[_Of, list[Bounds]] = {}
    for mark, best in joined:
        stretches.setdefault(of(mark, best), []).append(mark[:2])
    return {name: Cover(places) for name, places in stretches.items()}
