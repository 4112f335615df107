"""The SemEval forms: published figures, slow references, and what their first scorers get wrong."""

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondsource.metrics import SCHEMES, Counts2013, Tally, align, distinct, exact, semeval2013, semeval2020
from secondsource.metrics.semeval2013 import fit

F = Fraction
STRETCH = st.tuples(st.integers(0, 30), st.integers(1, 12), st.sampled_from("AB"))
MARKS = st.lists(STRETCH.map(lambda row: (row[0], row[0] + row[1], row[2])), max_size=7)


def spans(*rows, label="A"):
    """Marks from ``(start, end)`` or ``(start, end, label)``."""
    return [(row[0], row[1], row[2] if len(row) > 2 else label) for row in rows]


OFFICIAL = {  # marks, key, P, R, F1; from running the task's own scorer, or from its formula
    "V1": (
        spans((0, 50), (161, 172), (0, 10), (115, 167)),
        spans((0, 59), (171, 181), (0, 9), (115, 167), (740, 759)),
        (0.964912, 0.486864, 0.647181),
    ),
    "V2": (spans((0, 5)), spans((0, 10)), (1, 0.5, 0.666667)),
    "V3": (spans((0, 100)), spans((0, 10), (20, 30)), (0.2, 1, 0.333333)),
    "V4": (spans((0, 10)), spans((0, 10), (5, 15)), (1, 0.666667, 0.8)),
    "V7": (spans((0, 2), (3, 5), (6, 8), (50, 60)), spans((0, 10)), (0.75, 0.6, 0.666667)),
    "V8": (spans((0, 8), (50, 60)), spans((0, 10)), (0.5, 0.8, 0.615385)),
    "B1": (spans((0, 2), (4, 6), (8, 10), (50, 60)), spans((0, 10)), (0.75, 0.6, 0.666667)),
    "B2": (spans((0, 30)), spans((0, 10)), (0.333333, 1, 0.5)),
    "B2, cut": (spans((0, 10), (10, 30)), spans((0, 10)), (0.5, 1, 0.666667)),
    "ten fragments are one": (spans(*((i, i + 1) for i in range(10))), spans((0, 10)), (1, 1, 1)),
    "a tenth is a tenth": (spans((0, 10)), spans((0, 100)), (1, 0.1, 0.181818)),
    "copies and parts count once": (spans((0, 10), (0, 10), (0, 9)), spans((0, 10)), (1, 1, 1)),
}


@pytest.mark.parametrize("name", OFFICIAL)
def test_the_official_form(name):
    """Vectors of the task's scorer, where its defects do not strike."""
    marks, key, expected = OFFICIAL[name]
    scores = semeval2020(marks, key).scores
    assert [round(ratio.value, 6) for ratio in (scores.precision, scores.recall, scores.f1)] == list(expected)


def test_an_unanswered_text_counts_when_texts_are_pooled():
    """V6: two texts, one answered: recall is one half."""
    scores = (semeval2020(spans((0, 10)), spans((0, 10))) + semeval2020([], spans((0, 10)))).scores
    assert (scores.precision.value, scores.recall.value, round(scores.f1.value, 6)) == (1, 0.5, 0.666667)


def test_nothing_against_nothing_is_undefined():
    """Not 1, and with the reason."""
    scores = semeval2020([], []).scores
    assert [ratio.reason != "" for ratio in (scores.precision, scores.recall, scores.f1)] == [True] * 3


def by_characters(marks, key, *, labels=True):
    """The official form read off its definition, with sets of characters."""

    def merged(side):
        groups = []
        for start, end, label in sorted(set(side)):
            mine, name = set(range(start, end)), label if labels else ""
            touching = [g for g in groups if g[0] == name and g[1] & mine]
            groups = [g for g in groups if g not in touching]
            groups.append((name, mine.union(*(g[1] for g in touching))))
        return groups

    mine, theirs = merged(marks), merged(key)
    right = sum((F(len(s & t), len(s)) for a, s in mine for b, t in theirs if a == b), F(0))
    found = sum((F(len(s & t), len(t)) for a, s in mine for b, t in theirs if a == b), F(0))
    return Tally(right, len(mine), found, len(theirs))


@given(MARKS, MARKS, st.booleans())
def test_the_official_form_is_its_definition(marks, key, labels):
    """Against sets of characters, exact."""
    assert semeval2020(marks, key, labels=labels) == by_characters(marks, key, labels=labels)


@given(MARKS, MARKS)
def test_swapping_the_sides_swaps_precision_and_recall(marks, key):
    """In the exact and the official form."""
    for form in (exact, semeval2020):
        one, other = form(marks, key), form(key, marks)
        assert (one.right, one.marked, one.found, one.expected) == (
            other.found,
            other.expected,
            other.right,
            other.marked,
        )


@given(MARKS, MARKS, st.randoms(), st.integers(1, 500))
def test_neither_order_nor_copies_nor_place_matter(marks, key, rng, by):
    """The same counts in any order, with copies, and further on in the text."""

    def moved(side):
        return [(start + by, end + by, label) for start, end, label in rng.sample(side + side, 2 * len(side))]

    for form in (exact, semeval2020, semeval2013):
        assert form(moved(marks), moved(key)) == form(marks, key)


M1_KEY = [
    (0, 7, "BRAND"),
    (33, 41, "DRUG"),
    (50, 61, "DRUG"),
    (70, 79, "DRUG"),
    (80, 88, "DRUG"),
    (95, 109, "GROUP"),
]
M1_MARKS = [
    (15, 22, "BRAND"),
    (30, 41, "DRUG"),
    (50, 61, "BRAND"),
    (70, 79, "DRUG"),
    (80, 88, "DRUG"),
    (90, 109, "DRUG"),
]


@pytest.mark.parametrize(
    ("scheme", "counts", "score"),
    [
        ("type", (3, 2, 0, 1, 1), F(1, 2)),
        ("partial", (3, 0, 2, 1, 1), F(2, 3)),
        ("exact", (3, 2, 0, 1, 1), F(1, 2)),
        ("strict", (2, 3, 0, 1, 1), F(1, 3)),
    ],
)
def test_the_counts_of_2013(scheme, counts, score):
    """The table by which later scorers explain the four schemes, with one more exact match."""
    found = semeval2013(M1_MARKS, M1_KEY)[scheme]
    assert found == Counts2013(*counts)
    assert found.tally.scores.f1.value == pytest.approx(float(score), abs=1e-12)


def test_nested_marks_in_either_order():
    """A scorer that takes the first overlap loses the exact hit when the fragment comes first."""
    for marks in (spans((0, 4), (0, 10)), spans((0, 10), (0, 4))):
        assert semeval2013(marks, spans((0, 10)))["strict"].tally.scores.f1.value == pytest.approx(2 / 3)


def test_one_shared_character_is_an_overlap():
    """No hidden percentage: one character of two hundred makes a partial pair."""
    assert semeval2013(spans((199, 240)), spans((0, 200)))["partial"] == Counts2013(partial=1)


def test_touching_spans_are_no_pair():
    """Half-open offsets: nothing is shared, nothing is partial."""
    assert semeval2013(spans((4, 8)), spans((0, 4)))["partial"] == Counts2013(missed=1, spurious=1)


def test_overlapping_entries_of_different_labels_are_scored():
    """Not an error: both are found."""
    both = spans((0, 10), (5, 15, "B"))
    assert semeval2013(both, both)["strict"] == Counts2013(correct=2)


@given(MARKS, MARKS)
def test_everything_is_counted_once(marks, key):
    """Pairs and left-overs of each scheme add up to both sides; exact hits are never lost."""
    mine, theirs = distinct(marks), distinct(key)
    pairs = align(marks, key)
    assert {(mine[i], theirs[k]) for i, k in pairs} >= {(m, m) for m in set(mine) & set(theirs)}
    found = semeval2013(marks, key)
    assert tuple(found) == SCHEMES
    for counts in found.values():
        paired = counts.correct + counts.incorrect + counts.partial
        assert (paired + counts.spurious, paired + counts.missed) == (len(mine), len(theirs))
    assert found["strict"].correct == exact(marks, key).right
    assert found["type"].correct >= found["strict"].correct <= found["exact"].correct == found["partial"].correct


def best_total(mine, theirs):
    """Largest total weight of any one-to-one pairing, by trying all."""
    if not mine:
        return F(0)
    first, rest = mine[0], mine[1:]
    options = [best_total(rest, theirs)]
    for k, entry in enumerate(theirs):
        if fit(first, entry):
            weight = fit(first, entry) * (4 if first[2] == entry[2] else 1)
            options.append(weight + best_total(rest, theirs[:k] + theirs[k + 1 :]))
    return max(options)


@pytest.mark.parametrize("block", range(6))
def test_the_alignment_is_the_best_of_all(block):
    """Exact hits first; of the rest, no other pairing has a larger total."""
    for seed in range(50 * block, 50 * block + 50):
        rng = random.Random(seed)

        def some(rng=rng):
            starts = [rng.randrange(20) for _ in range(rng.randrange(6))]
            return distinct((start, start + rng.randint(1, 9), rng.choice("AB")) for start in starts)

        marks, key = some(), some()
        same = set(marks) & set(key)
        rest = [(marks[i], key[k]) for i, k in align(marks, key) if marks[i] not in same]
        total = sum((fit(a, b) * (4 if a[2] == b[2] else 1) for a, b in rest), F(0))
        assert total == best_total([m for m in marks if m not in same], [e for e in key if e not in same])


def test_counts_of_several_texts_add_up():
    """Two copies have twice the counts and the same scores."""
    once = semeval2013(M1_MARKS, M1_KEY)["partial"]
    assert (once + once).correct == 2 * once.correct
    assert (once + once).tally.scores == once.tally.scores
