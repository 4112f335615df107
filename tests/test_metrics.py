"""Overlap scores against exact fractions, published figures and a slow reference."""

import math
import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondsource import metrics
from secondsource.metrics import Expected, Scores, Tally, wilson
from secondsource.metrics.tally import NO_MARKS, NOTHING_AT_ALL, NOTHING_REQUIRED
from secondsource.ratio import Ratio
from test_matching import E1_KEY, E1_MARKS

F = Fraction


def best_match(rows, key):
    """Best match as scores."""
    return metrics.best_match(rows, key).scores


def marks(*rows):
    """Marks from ``(start, end)`` (label A) or ``(start, end, label)``."""
    return [(row[0], row[1], row[2] if len(row) > 2 else "A") for row in rows]


def want(start, end, labels="A", tier="core", *extents):
    """An entry of the key; ``labels`` are all that earn credit."""
    return Expected(((start, end), *extents), labels[0], frozenset(labels[1:]), tier)


def exactly(scores: Scores, *fractions: Fraction | int | None) -> bool:
    """Whether precision, recall and F1 are these fractions, None for undefined."""
    return all(
        not ratio.defined and math.isnan(ratio.value)
        if fraction is None
        else ratio.value == pytest.approx(float(fraction), abs=1e-12)
        for ratio, fraction in zip((scores.precision, scores.recall, scores.f1), fractions, strict=True)
    )


V1 = (
    marks((0, 50), (161, 172), (0, 10), (115, 167)),
    [want(0, 59), want(171, 181), want(0, 9), want(115, 167), want(740, 759)],
)
VECTORS = {
    "V2": (marks((0, 5)), [want(0, 10)], (1, F(1, 2), F(2, 3))),
    "V3": (marks((0, 100)), [want(0, 10), want(20, 30)], (F(1, 10), 1, F(2, 11))),
    "V4": (marks((0, 10)), [want(0, 10), want(5, 15)], (1, F(3, 4), F(6, 7))),
    "V7": (marks((0, 2), (3, 5), (6, 8), (50, 60)), [want(0, 10)], (F(1, 2), F(4, 5), F(8, 13))),
    "V8": (marks((0, 8), (50, 60)), [want(0, 10)], (F(1, 2), F(4, 5), F(8, 13))),
    "B1": (marks((0, 2), (4, 6), (8, 10), (50, 60)), [want(0, 10)], (F(1, 2), F(3, 5), F(6, 11))),
    "B2": (marks((0, 30)), [want(0, 10)], (F(1, 3), 1, F(1, 2))),
    "B2, cut": (marks((0, 10), (10, 30)), [want(0, 10)], (F(1, 3), 1, F(1, 2))),
    "B3": (marks((0, 10), (0, 10, "B")), [want(0, 10, "AB")], (1, 1, 1)),
    "B4": (marks((0, 3)), [want(0, 3, "A", "acceptable")], (1, None, None)),
    "E1": (
        marks(*E1_MARKS),
        [
            Expected((row["at"][:2], *row["extents"]), row["at"][2], frozenset(row["also"]), row["tier"])
            for row in E1_KEY
        ],
        (F(5, 14), F(21, 40), F(105, 247)),
    ),
}


@pytest.mark.parametrize("name", sorted(VECTORS))
def test_the_vectors_of_best_match(name):
    """Every documented example, exact."""
    rows, key, expected = VECTORS[name]
    assert exactly(best_match(rows, key), *expected)


def test_the_vector_with_six_decimals():
    """V1 is documented rounded: 0.956140, 0.589492, 0.729328."""
    scores = best_match(*V1)
    assert [round(ratio.value, 6) for ratio in (scores.precision, scores.recall, scores.f1)] == [
        0.956140,
        0.589492,
        0.729328,
    ]


def characters(start, end):
    """A stretch as the set of its characters."""
    return set(range(start, end))


def reference(rows, key):
    """Best match, read off the rule sentence by sentence, with sets of characters and no cleverness."""
    best = {}
    for mark in set(rows):
        mine = characters(*mark[:2])
        options = []
        for number, entry in enumerate(key):
            if entry.tier == "contested" or mark[2] not in entry.labels:
                continue
            overlaps = [
                (len(mine & characters(*place)), F(len(mine & characters(*place)), len(mine | characters(*place))))
                for place in entry.places
            ]
            share, iou = max(overlaps)
            if share > 0:
                options.append((share, iou, -number))
        best[mark] = max(options) if options else None
    kept = {}
    for mark, option in best.items():
        mine, share = characters(*mark[:2]), option[0] if option else 0
        asides = [
            max(len(mine & characters(*place)) for place in entry.places)
            for entry in key
            if entry.tier == "contested" and mark[2] in entry.labels
        ]
        if not any(aside > share and F(aside, len(mine)) >= F(1, 2) for aside in asides):
            kept[mark] = -option[2] if option else None
    joined = []
    for label in sorted({mark[2] for mark in kept}):
        line = []
        for mark in sorted(mark for mark in kept if mark[2] == label):
            if line:
                start, end, target = line[-1]
                if mark[0] <= end + 1 and (target is None or kept[mark] is None or target == kept[mark]):
                    line[-1] = (start, max(end, mark[1]), kept[mark] if target is None else target)
                    continue
            line.append((mark[0], mark[1], kept[mark]))
        joined += [(*stretch, label) for stretch in line]
    precision = recall = None
    if joined:
        met = {target for _, _, target, _ in joined if target is not None}
        misses = sum(target is None for _, _, target, _ in joined)
        credit = F(0)
        for number in met:
            covered = set().union(*(characters(start, end) for start, end, target, _ in joined if target == number))
            credit += max(F(len(covered & characters(*place)), len(covered)) for place in key[number].places)
        precision = credit / (len(met) + misses)
    core = [entry for entry in key if entry.tier == "core"]
    if core:
        total = F(0)
        for entry in core:
            shares = [F(0)]
            for label in entry.labels:
                covered = set().union(*(characters(start, end) for start, end, _, name in joined if name == label))
                shares += [F(len(covered & characters(*place)), place[1] - place[0]) for place in entry.places]
            total += max(shares)
        recall = total / len(core)
    return precision, recall


def random_case(seed):
    """A dozen marks and entries, crowded enough that every rule is needed."""
    rng = random.Random(seed)

    def stretch():
        start = rng.randrange(40)
        return start, start + rng.randrange(1, 14)

    rows = [(*stretch(), rng.choice("AB")) for _ in range(rng.randrange(8))]
    key = [
        Expected(
            (stretch(), *(stretch() for _ in range(rng.choice((0, 0, 1))))),
            *rng.choice((("A", frozenset()), ("B", frozenset()), ("A", frozenset("B")))),
            rng.choice(("core", "core", "acceptable", "contested")),
        )
        for _ in range(rng.randrange(6))
    ]
    return rows, key


@pytest.mark.parametrize("block", range(10))
def test_best_match_is_the_rule_word_for_word(block):
    """3,000 random cases against the slow reference."""
    for seed in range(300 * block, 300 * block + 300):
        rows, key = random_case(seed)
        precision, recall = reference(rows, key)
        scores = best_match(rows, key)
        assert exactly(Scores(scores.precision, scores.recall, Ratio(0.0)), precision, recall, 0), seed


@given(st.integers(0, 10**6), st.randoms())
def test_order_and_duplicates_change_nothing(seed, rng):
    """The same marks in any order, and twice, give the same numbers to the last bit."""
    rows, key = random_case(seed)
    shuffled = rng.sample(rows + rows, 2 * len(rows))
    assert repr(best_match(shuffled, key)) == repr(best_match(rows, key))


@given(st.integers(0, 10**6))
def test_every_score_is_between_nothing_and_all_or_undefined_with_a_reason(seed):
    """Never a number outside 0 to 1, never a NaN without words."""
    scores = best_match(*random_case(seed))
    for ratio in (scores.precision, scores.recall, scores.f1):
        assert 0 <= ratio.value <= 1 if ratio.defined else math.isnan(ratio.value)


@given(st.integers(0, 10**6))
def test_a_key_against_itself_is_perfect(seed):
    """All core entries marked exactly: everything is 1."""
    _, key = random_case(seed)
    key = [Expected(entry.places[:1], entry.label, entry.also) for entry in key]
    if key:
        scores = best_match([(*entry.places[0], min(entry.labels)) for entry in key], key)
        assert exactly(scores, 1, 1, 1)


@given(st.integers(0, 10**6))
def test_marking_a_missing_passage_never_lowers_recall(seed):
    """More found is never worse."""
    rows, key = random_case(seed)
    before = best_match(rows, key)
    for entry in key:
        if entry.tier == "core":
            after = best_match([*rows, (*entry.places[0], min(entry.labels))], key)
            assert after.recall.value >= before.recall.value - 1e-12


@pytest.mark.parametrize("cut", range(1, 12))
def test_cutting_a_mark_changes_nothing(cut):
    """Touching parts are one answer."""
    key = [want(3, 20)]
    assert repr(best_match(marks((0, cut), (cut, 12)), key)) == repr(best_match(marks((0, 12)), key))


@given(st.integers(0, 10**6))
def test_contested_entries_away_from_the_scored_ones_change_nothing(seed):
    """Marked or not, an open question is in no number."""
    rows, key = random_case(seed)
    key = [entry for entry in key if entry.tier != "contested"]
    there = [*key, want(500, 520, "A", "contested")]
    assert repr(best_match([*rows, (500, 520, "A")], there)) == repr(best_match(rows, key))
    assert repr(best_match(rows, there)) == repr(best_match(rows, key))


PEERS = {
    "ten fragments are one answer": (marks(*((i, i + 1) for i in range(10))), [want(0, 10)], (1, 1, 1)),
    "a tenth is a tenth": (marks((0, 10)), [want(0, 100)], (1, F(1, 10), F(2, 11))),
    "overlapping marks count once": (marks((0, 10), (0, 9)), [want(0, 10)], (1, 1, 1)),
    "a mark over the article": (marks((0, 4200)), [want(10, 20)], (F(1, 420), 1, F(2, 421))),
    "touching is not overlapping": (marks((4, 8)), [want(0, 4)], (0, 0, 0)),
    "overlapping entries are both kept": (marks((0, 10), (5, 15, "B")), [want(0, 10), want(5, 15, "B")], (1, 1, 1)),
    "no marks": ([], [want(0, 10)], (None, 0, 0)),
    "empty key": (marks((0, 10)), [], (0, None, 0)),
    "both empty": ([], [], (None, None, None)),
    "acceptable, not marked": ([], [want(0, 10, "A", "acceptable")], (None, None, None)),
    "acceptable, missed": (marks((20, 30)), [want(0, 10, "A", "acceptable")], (0, None, 0)),
    "contested only": (marks((0, 10)), [want(0, 10, "A", "contested")], (None, None, None)),
}


@pytest.mark.parametrize("name", PEERS)
def test_what_other_scorers_get_wrong(name):
    """One documented defect of a published scorer each, and the right answer."""
    rows, key, expected = PEERS[name]
    assert exactly(best_match(rows, key), *expected)


def test_a_mark_over_the_article_does_not_escape_through_an_open_question():
    """A contested entry takes a mark out of the count only if it holds at least half of it."""
    key = [want(0, 10), want(50, 80, "A", "contested")]
    assert exactly(best_match(marks((0, 100)), key), F(1, 10), 1, F(2, 11))
    assert exactly(best_match(marks((52, 78)), key), None, 0, 0)


def test_another_boundary_of_the_key_is_as_good_as_the_first():
    """The extent that gives the larger share stands for the entry."""
    key = [want(0, 20, "A", "core", (30, 40))]
    assert exactly(best_match(marks((30, 40)), key), 1, 1, 1)


@pytest.mark.parametrize(
    ("counts", "reasons"),
    [
        ((0, 0, 0, 4), (NO_MARKS, "", "")),
        ((0, 3, 0, 0), ("", NOTHING_REQUIRED, "")),
        ((0, 0, 0, 0), (NOTHING_AT_ALL, NOTHING_AT_ALL, NOTHING_AT_ALL)),
        ((1, 1, 0, 0), ("", NOTHING_REQUIRED, NOTHING_REQUIRED)),
        ((2, 6, 2, 4), ("", "", "")),
        ((0, 6, 0, 4), ("", "", "")),
    ],
)
def test_scores_from_counts_and_their_reasons(counts, reasons):
    """An undefined ratio says why; one that is defined says nothing."""
    scores = Tally(*counts).scores
    assert (scores.precision.reason, scores.recall.reason, scores.f1.reason) == reasons


def test_scores_from_counts():
    """E1: 2 of 6 labels right, 2 of 4 passages found; without credit F1 is 0."""
    assert exactly(Tally(2, 6, 2, 4).scores, F(1, 3), F(1, 2), F(2, 5))
    assert exactly(Tally(0, 0, 0, 4).scores, None, 0, 0)
    assert exactly(Tally(0, 3, 0, 0).scores, 0, None, 0)


@given(st.lists(st.integers(0, 10**6), max_size=4))
def test_texts_are_pooled_by_their_counts(seeds):
    """The sum of tallies is the tally of the texts laid end to end, and copies of a text change no score."""
    cases = [random_case(seed) for seed in seeds]
    far = 1000
    rows = [(s + far * n, e + far * n, label) for n, (mine, _) in enumerate(cases) for s, e, label in mine]
    key = [
        Expected(tuple((s + far * n, e + far * n) for s, e in entry.places), entry.label, entry.also, entry.tier)
        for n, (_, entries) in enumerate(cases)
        for entry in entries
    ]
    pooled = sum((metrics.best_match(*case) for case in cases), Tally())
    assert metrics.best_match(rows, key) == pooled
    assert repr((pooled + pooled + pooled).scores) == repr(pooled.scores)


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [(7, 12, 0.3195, 0.8067), (81, 263, 0.2553, 0.3662), (0, 20, 0.0, 0.1611), (20, 20, 0.8389, 1.0)],
)
def test_wilson_interval(hits, trials, low, high):
    """Published figures, and exact ends."""
    assert [round(limit, 4) for limit in wilson(hits, trials)] == [low, high]


def test_wilson_without_trials():
    """No interval for nothing."""
    assert all(math.isnan(limit) for limit in wilson(0, 0))


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_interval_holds_the_proportion(case):
    """Within 0 to 1, around the observed share."""
    low, high = wilson(*case)
    assert 0 <= low <= case[0] / case[1] <= high <= 1
