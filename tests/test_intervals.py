"""Half-open stretches, against sets of characters."""

import random
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondsource.intervals import Cover, meetings, neighbours, shared, united

STRETCHES = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 12)).map(lambda at: (at[0], at[0] + at[1])), max_size=8
)


def characters(*stretches):
    """All characters of the stretches."""
    return {c for start, end in stretches for c in range(start, end)}


def test_touching_stretches_share_nothing():
    """Half-open: the end of one is the start of the next."""
    assert [shared((0, 4), (4, 8)), shared((4, 8), (0, 4)), shared((0, 6), (4, 9)), shared((0, 9), (2, 3))] == [
        0,
        0,
        2,
        1,
    ]
    assert meetings([(0, 4)], [(4, 8)]) == []
    assert united([(0, 4), (4, 8)]) == [(0, 4), (4, 8)]


@given(STRETCHES, STRETCHES)
def test_who_meets_whom(left, right):
    """Every pair with a character in common, once, in order."""
    expected = [(i, j) for i, a in enumerate(left) for j, b in enumerate(right) if characters(a) & characters(b)]
    assert meetings(left, right) == expected
    assert neighbours(left, right) == [[j for i, j in expected if i == k] for k in range(len(left))]


@given(STRETCHES, st.integers(-1, 2))
def test_joined_stretches(stretches, gap):
    """The same characters but for filled gaps; what is left apart is farther apart than the gap."""
    joined = united(stretches, gap=gap)
    assert characters(*stretches) <= characters(*joined)
    assert all(later[0] > earlier[1] + gap for earlier, later in pairwise(joined))
    if gap <= 0:
        assert characters(*stretches) == characters(*joined)


@given(STRETCHES, st.tuples(st.integers(0, 40), st.integers(0, 20)))
def test_how_much_is_covered(stretches, place):
    """Each character counts once, however many stretches hold it."""
    start, end = place[0], place[0] + place[1]
    cover = Cover(stretches)
    assert cover.size == len(characters(*stretches))
    assert cover.within((start, end)) == len(characters(*stretches) & characters((start, end)))


@pytest.mark.parametrize("seed", range(3))
def test_a_long_text_needs_no_table_of_all_pairs(seed):
    """Ten thousand on each side, one of them over everything: as many pairs as there are, no more."""
    rng = random.Random(seed)
    left = [(start, start + rng.randint(1, 60)) for start in rng.choices(range(600_000), k=10_000)]
    right = [(0, 700_000), *((start, start + rng.randint(1, 60)) for start in rng.choices(range(600_000), k=10_000))]
    met = Counter(j for _, j in meetings(left, right))
    assert met[0] == len(left)
    assert sum(met.values()) < 40_000
