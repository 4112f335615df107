"""The best one-to-one assignment, against brute force."""

import random
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondsource.assignment import Edge, assign

EDGES = st.tuples(st.integers(0, 4), st.integers(0, 4))
WEIGHTS = st.builds(Fraction, st.integers(1, 6), st.integers(1, 4))


def by_brute_force(weights: dict[Edge, Fraction]) -> list[Edge]:
    """Every matching is tried; ties go to the smallest sorted list."""
    matchings = (
        chosen
        for size in range(len(weights) + 1)
        for chosen in combinations(sorted(weights), size)
        if len({row for row, _ in chosen}) == len({column for _, column in chosen}) == size
    )
    return list(min(matchings, key=lambda chosen: (-sum(weights[edge] for edge in chosen), chosen)))


@given(st.dictionaries(EDGES, WEIGHTS, max_size=9))
def test_the_assignment_is_optimal_and_the_first_of_its_kind(weights):
    """Largest total weight; among equals, the lexicographically smallest list."""
    assert assign(weights) == by_brute_force(weights)


@pytest.mark.parametrize("block", range(10))
def test_equal_weights_are_decided_by_position(block):
    """With weights 1 and 2 nearly everything ties, and the answer is still the one that brute force names."""
    for seed in range(100 * block, 100 * block + 100):
        rng = random.Random(seed)
        rows, columns = rng.choice(((5, 5), (4, 6), (6, 4)))
        cells = [(row, column) for row in range(rows) for column in range(columns)]
        weights = {edge: Fraction(rng.choice((1, 1, 2))) for edge in rng.sample(cells, rng.randint(6, 11))}
        assert assign(weights) == by_brute_force(weights), seed


@given(st.dictionaries(EDGES, WEIGHTS, max_size=7), st.sets(EDGES))
def test_preferred_pairs_decide_between_equal_totals_only(weights, preferred):
    """First the total, then how many are preferred, then position."""
    by_total = {edge: weight + Fraction(edge in preferred, 10**6) for edge, weight in weights.items()}
    assert assign(weights, preferred=preferred) == by_brute_force(by_total)


@given(st.dictionaries(EDGES, WEIGHTS, max_size=12), st.randoms())
def test_the_order_of_the_candidates_changes_nothing(weights, rng):
    """A mapping has no order that could matter."""
    items = list(weights.items())
    rng.shuffle(items)
    assert assign(dict(items)) == assign(weights)


@given(st.dictionaries(EDGES, WEIGHTS, max_size=12))
def test_turning_the_table_keeps_the_total(weights):
    """More rows than columns are no harder than more columns than rows."""
    turned = assign({(column, row): weight for (row, column), weight in weights.items()})
    assert sum(weights[edge] for edge in assign(weights)) == sum(weights[row, column] for column, row in turned)


def test_nothing_to_assign():
    """No candidates, no pairs."""
    assert assign({}) == []


def test_a_large_component_is_fast_and_exact():
    """A chain of 120 rows, each between two columns: the diagonal is worth more than any shift of it."""
    weights = {(i, i): Fraction(3) for i in range(120)} | {(i, i + 1): Fraction(3) - Fraction(1, 7) for i in range(120)}
    assert assign(weights) == [(i, i) for i in range(120)]


@pytest.mark.parametrize("columns", [(0, 1), (-1, 0), (0, -1), (1, 0)])
def test_ten_thousand_rows_that_tie_are_no_trouble(columns):
    """A chain in which every other assignment is as good: the first in reading order, in a second and not an hour."""
    n = 10_000
    weights = {(i, i + k): Fraction(1, 3) for i in range(n) for k in columns if i + k >= 0}
    assert assign(weights) == [(i, i) for i in range(n)]


def test_denominators_without_end_are_rounded():
    """The best is still the best."""
    primes = [p for p in range(1000, 3000) if all(p % q for q in range(2, 60))][:60]
    weights = {(i, i): 1 - Fraction(1, p) for i, p in enumerate(primes)}
    weights |= {(i, i + 1): 1 - Fraction(2, p) for i, p in enumerate(primes)}
    assert assign(weights) == [(i, i) for i in range(60)]
