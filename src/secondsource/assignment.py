"""The best one-to-one assignment, deterministic, without numpy.

A student's labels and a key overlap only locally, so the problem falls into many small connected components; each is
solved by shortest augmenting paths (Jonker & Volgenant 1987, Computing 38, 325-340) in exact integers.
"""

from collections.abc import Mapping
from fractions import Fraction
from itertools import groupby
from math import lcm

__all__ = ["assign"]

Edge = tuple[int, int]


def assign(weights: Mapping[Edge, Fraction]) -> list[Edge]:
    """One-to-one pairs of largest total weight.

    Parameters
    ----------
    weights : mapping of (int, int) to Fraction
        Positive weight of each allowed pair ``(row, column)``.

    Returns
    -------
    list of (int, int)
        Sorted. Among several optimal assignments, the one whose sorted list is lexicographically smallest.

    Examples
    --------
    >>> assign({(0, 0): Fraction(3), (0, 1): Fraction(2), (1, 0): Fraction(2)})
    [(0, 1), (1, 0)]
    >>> assign({(0, 0): Fraction(1), (0, 1): Fraction(1)})
    [(0, 0)]
    """
    return sorted(pair for part in _components(weights) for pair in _solve({edge: weights[edge] for edge in part}))


def _components(weights: Mapping[Edge, Fraction]) -> list[list[Edge]]:
    """Group the edges that are connected through shared rows or columns."""
    root: dict[tuple[str, int], tuple[str, int]] = {}

    def find(node: tuple[str, int]) -> tuple[str, int]:
        while root.setdefault(node, node) != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for row, column in weights:
        root[find(("row", row))] = find(("column", column))
    edges = sorted(weights, key=lambda edge: (find(("row", edge[0])), edge))
    return [list(part) for _, part in groupby(edges, key=lambda edge: find(("row", edge[0])))]


def _solve(weights: dict[Edge, Fraction]) -> list[Edge]:
    rows = sorted({row for row, _ in weights})
    columns = sorted({column for _, column in weights})
    if len(rows) == 1 or len(columns) == 1:
        best = max(weights.values())
        return [min(edge for edge, weight in weights.items() if weight == best)]
    gains = _integers(weights, rows, columns)
    flip = len(rows) > len(columns)
    matrix = [
        [-gains.get((column, row) if flip else (row, column), 0) for column in (rows if flip else columns)]
        for row in (columns if flip else rows)
    ]
    chosen = ((c, r) if flip else (r, c) for r, c in enumerate(_cheapest(matrix)))
    return [edge for r, c in chosen if (edge := (rows[r], columns[c])) in weights]


def _integers(weights: dict[Edge, Fraction], rows: list[int], columns: list[int]) -> dict[Edge, int]:
    """Scale weights to integers and add a smaller term that prefers low rows, then low columns."""
    scale = lcm(*(weight.denominator for weight in weights.values()))
    base = len(columns) + 1
    row_at = {row: i for i, row in enumerate(rows)}
    column_at = {column: i for i, column in enumerate(columns)}
    room = base ** (len(rows) + 1)
    return {
        (row, column): int(weight * scale) * room
        + base ** (len(rows) - 1 - row_at[row]) * (base - 1 - column_at[column])
        for (row, column), weight in weights.items()
    }


def _cheapest(cost: list[list[int]]) -> list[int]:
    """Column of each row in the cheapest assignment; there are at least as many columns as rows."""
    n, m = len(cost), len(cost[0])
    u, v = [0] * (n + 1), [0] * (m + 1)  # potentials of rows and columns, counted from 1
    row_of = [0] * (m + 1)  # row assigned to a column; 0 is none
    for row in range(1, n + 1):
        row_of[0], column = row, 0
        tree: list[int] = []  # columns that the search has reached
        least: dict[int, int] = {}  # the cheapest known step to each of the others
        back: dict[int, int] = {}
        while row_of[column]:
            tree.append(column)
            least.pop(column, None)
            i = row_of[column]
            for j in range(1, m + 1):
                if j in tree:
                    continue
                slack = cost[i - 1][j - 1] - u[i] - v[j]
                if j not in least or slack < least[j]:
                    least[j], back[j] = slack, column
            step, following = min((slack, j) for j, slack in least.items())
            for j in tree:
                u[row_of[j]] += step
                v[j] -= step
            least = {j: slack - step for j, slack in least.items()}
            column = following
        while column:
            row_of[column], column = row_of[back[column]], back[column]
    columns = {row: j - 1 for j, row in enumerate(row_of) if j and row}
    return [columns[row] for row in range(1, n + 1)]
