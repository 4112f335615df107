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


@pytest.mark.parametrize("seed", range(30))
def test_equal_weights_are_decided_by_position(seed):
    """With weights 1 and 2 nearly everything ties, and the answer is still the one that brute force names."""
    rng = random.Random(seed)
    cells = [(row, column) for row in range(4) for column in range(4)]
    weights = {edge: Fraction(rng.choice((1, 2))) for edge in rng.sample(cells, 9)}
    assert assign(weights) == by_brute_force(weights)


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
