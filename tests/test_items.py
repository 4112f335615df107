"""Items against the documented example, numpy, and what must not matter."""

import math
import random
from functools import reduce
from operator import add

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondsource.metrics import items as module
from secondsource.metrics.items import ENOUGH_HAND_INS, Item, items
from secondsource.metrics.tally import wilson

EXAMPLE = [[int(x) for x in row] for row in ("111", "110", "101", "100", "000")]

classes = st.integers(1, 5).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, 1), min_size=n, max_size=n), min_size=1, max_size=20)
)


def test_the_documented_example():
    """Difficulties 4/5, 2/5, 2/5; discriminations 2/√14, 0.3273, 0.3273; hidden in so small a class."""
    made = items(EXAMPLE)
    assert [item.difficulty.value for item in made] == [0.8, 0.4, 0.4]
    assert made[0].discrimination.value == pytest.approx(2 / math.sqrt(14), abs=1e-15)
    assert [round(item.discrimination.value, 4) for item in made] == [0.5345, 0.3273, 0.3273]
    assert not any(item.shown or item.flagged for item in made)


def test_difficulty_has_its_range():
    """Wilson, as for every proportion of counts."""
    easy = items(EXAMPLE)[0].difficulty
    assert (easy.low, easy.high) == wilson(4, 5)


def reference(rows):
    """Discrimination by numpy, None where a side is constant."""
    data = np.array(rows)
    for k in range(data.shape[1]):
        column, rest = data[:, k], data.sum(axis=1) - data[:, k]
        constant = len(set(column.tolist())) == 1 or len(set(rest.tolist())) == 1
        yield None if constant else np.corrcoef(column, rest)[0, 1]


def test_discrimination_equals_numpy():
    """On 300 random classes, constant columns among them."""
    rng = random.Random(6)
    defined = 0
    for _ in range(300):
        ease = [rng.choice((0, 0.1, 0.5, 0.9, 1)) for _ in range(rng.randint(1, 8))]
        rows = [[int(rng.random() < p) for p in ease] for _ in range(rng.randint(1, 80))]
        for item, expected in zip(items(rows), reference(rows), strict=True):
            assert item.discrimination.defined == (expected is not None)
            if expected is not None:
                assert item.discrimination.value == pytest.approx(expected, rel=0, abs=1e-12)
                defined += 1
    assert defined > 300


@given(classes, st.randoms())
def test_hand_ins_in_any_order_and_in_parts(rows, rng):
    """Permuted hand-ins, and parts that are added up, give the same items; permuted passages permute them."""
    mixed, cut = rng.sample(rows, len(rows)), rng.randint(1, len(rows))
    parts = [part for part in (mixed[:cut], mixed[cut:]) if part]
    added = [reduce(add, columns) for columns in zip(*map(items, parts), strict=True)]
    assert items(rows) == items(mixed) == added
    assert items([row[::-1] for row in rows]) == items(rows)[::-1]


@given(classes)
def test_items_stay_in_range(rows):
    """Or are undefined with a reason; found for not found leaves discrimination as it is."""
    turned = items([[1 - x for x in row] for row in rows])
    for item, other in zip(items(rows), turned, strict=True):
        assert 0 <= item.difficulty.low <= item.difficulty.value <= item.difficulty.high <= 1
        assert item.difficulty.value == pytest.approx(1 - other.difficulty.value)
        ratio = item.discrimination
        assert -1 <= ratio.value <= 1 if ratio.defined else math.isnan(ratio.value)
        assert ratio.value == other.discrimination.value or not (ratio.defined or other.discrimination.defined)


def test_a_second_passage_found_alike_discriminates_fully():
    """And one found by exactly the others discriminates the wrong way round."""
    assert [item.discrimination.value for item in items([[1, 1], [0, 0], [1, 1]])] == [1, 1]
    assert [item.discrimination.value for item in items([[1, 0], [0, 1], [1, 0]])] == [-1, -1]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([[0, 1], [0, 0]], module.NOT_FOUND),
        ([[1, 1], [1, 0]], module.ALL_FOUND),
        ([[1, 0, 1], [0, 1, 0]], module.SAME_REST),
        ([[1], [0]], module.SAME_REST),
        ([[1, 1]], module.ALL_FOUND),
    ],
    ids=["nobody found it", "everybody found it", "the rest is the same", "only one passage", "one hand-in"],
)
def test_undefined_discrimination_says_why(rows, reason):
    """Of the first passage; its difficulty is defined all the same."""
    item = items(rows)[0]
    assert math.isnan(item.discrimination.value)
    assert item.discrimination.reason == reason
    assert item.difficulty.defined
    assert not item.flagged


def test_without_hand_ins_there_is_nothing():
    """No rows, no passages; an item of no hand-ins knows why it has no numbers."""
    assert items([]) == items([[], []]) == []
    assert Item().difficulty.reason == Item().discrimination.reason == module.NO_HAND_INS
    assert math.isnan(Item().difficulty.low)
    assert not Item().flagged


@pytest.mark.parametrize("rows", [[[2]], [[-1]], [[0.5]], [[None]], [[math.nan]], [["1"]]])
def test_entries_are_found_or_not(rows):
    """Nothing between, nothing missing."""
    with pytest.raises(ValueError, match="found"):
        items(rows)


def test_ragged_rows_are_refused():
    """Every hand-in is about the same passages."""
    with pytest.raises(ValueError, match="one entry for each passage"):
        items([[1, 0], [1]])


def test_truth_values_and_floats_count():
    """True is 1 and 1.0 is 1, and the sums are whole numbers."""
    (item,) = items([[True], [1.0], [False]])
    assert item == Item(3, 2, 0, 0, 0)
    assert all(type(number) is int for number in (item.hand_ins, item.found, item.rest))


def backwards(hand_ins, found):
    """A passage found by some hand-ins, and another found by exactly the others."""
    return items([[1, 0]] * found + [[0, 1]] * (hand_ins - found))[0]


def test_discrimination_is_shown_from_fifty_hand_ins():
    """Below, a negative one is no reason to look again."""
    assert ENOUGH_HAND_INS == 50
    assert [(item.shown, item.flagged) for item in (backwards(49, 20), backwards(50, 20))] == [
        (False, False),
        (True, True),
    ]


@pytest.mark.parametrize(("found", "flagged"), [(5, False), (6, True), (54, True), (55, False)])
def test_very_hard_and_very_easy_passages_are_not_flagged(found, flagged):
    """Only from 0.1 to 0.9: of 60 hand-ins, 6 to 54."""
    assert backwards(60, found).flagged == flagged
    positive = items([[1, 1]] * found + [[0, 0]] * (60 - found))[0]
    assert not positive.flagged


def test_a_passage_that_tells_nothing_is_not_flagged():
    """Only a negative discrimination is, and this one is exactly 0."""
    item = items([[1, 1], [1, 0], [0, 1], [0, 0]] * 15)[0]
    assert (item.discrimination.value, item.shown, item.flagged) == (0, True, False)


def test_a_thousand_hand_ins():
    """1,000 hand-ins and 100 passages, with all their figures."""
    rng = random.Random(7)
    rows = [[rng.randint(0, 1) for _ in range(100)] for _ in range(1_000)]
    assert all(item.discrimination.defined and item.difficulty.defined for item in items(rows))
