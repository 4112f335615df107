"""The best one-to-one assignment, deterministic, sparse, without numpy.

Labels and a key meet only locally, so that almost every row has a handful of columns. Each row in turn is given a
place along the shortest augmenting path (Edmonds & Karp 1972; Jonker & Volgenant 1987, Computing 38, 325-340), in
exact integers. The potentials that this leaves behind tell which pairs can stand in *some* optimal assignment; among
those assignments the first one in reading order is taken.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import heappop, heappush
from itertools import groupby
from math import lcm

__all__ = ["assign"]

Edge = tuple[int, int]
_FREE, _LOOK, _HELD = range(3)  # of steps that are equally near, a free column comes first and a held one last
_FINEST = (
    1 << 256
)  # a finer common denominator is not worth its digits: totals that differ by less are as good as equal


def assign(weights: Mapping[Edge, Fraction], *, preferred: Collection[Edge] = ()) -> list[Edge]:
    """One-to-one pairs of largest total weight.

    Parameters
    ----------
    weights : mapping of (int, int) to Fraction
        Positive weight of each allowed pair ``(row, column)``.
    preferred : collection of (int, int)
        Of several optimal assignments, one with as many of these pairs as possible is taken.

    Returns
    -------
    list of (int, int)
        Sorted. Among assignments that are equally good, the one whose sorted list is lexicographically smallest.

    Examples
    --------
    >>> assign({(0, 0): Fraction(3), (0, 1): Fraction(2), (1, 0): Fraction(2)})
    [(0, 1), (1, 0)]
    >>> assign({(0, 0): Fraction(1), (0, 1): Fraction(1)})
    [(0, 0)]
    >>> assign({(0, 0): Fraction(1), (0, 1): Fraction(1)}, preferred=[(0, 1)])
    [(0, 1)]
    """
    liked = set(preferred)
    return sorted(pair for part in _components(weights) for pair in _solve(part, weights, liked))


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
    parts = [(find(("row", edge[0])), edge) for edge in weights]
    return [[edge for _, edge in part] for _, part in groupby(sorted(parts), key=lambda item: item[0])]


def _solve(part: list[Edge], weights: Mapping[Edge, Fraction], liked: set[Edge]) -> list[Edge]:
    """Return the assignment of one component; its edges are sorted."""
    if len(part) == 1:
        return part
    if len({row for row, _ in part}) == 1 or len({column for _, column in part}) == 1:
        return [min(part, key=lambda edge: (-weights[edge], edge not in liked, edge))]
    # Totals differ by at least one over the common denominator; all likings together count for less than that.
    unit = min(lcm(*(weights[edge].denominator for edge in part)), _FINEST)
    room = len({row for row, _ in part}) + 1
    gains: dict[int, dict[int, int]] = {}
    for row, column in part:
        weight = weights[row, column]
        whole = weight.numerator * unit // weight.denominator  # without a rest, but for denominators beyond the finest
        gains.setdefault(row, {})[column] = whole * room + ((row, column) in liked)
    return _Assignment(gains).first()


@dataclass(slots=True)
class _Tree:
    """What a search has reached, how far each lies from the root, and the cheapest end so far."""

    rows: dict[int, int]
    cost: int
    end: tuple[int, int | None]  # the last row, and a free column or nothing
    columns: dict[int, int] = field(default_factory=dict)
    back: dict[int, int] = field(default_factory=dict)  # the row from which a column is reached
    # What is next: distance and kind; then column and row before it, or row and number of its column to look at.
    heap: list[tuple[int, int, int, int]] = field(default_factory=list)


class _Assignment:
    """An optimal assignment of one component and the potentials that prove it.

    The laws: ``row potential + column potential >= gain``, equal for pairs that stand; all are 0 or more; whoever has
    no partner has 0. Exactly the assignments that obey them are optimal.
    """

    def __init__(self, gains: dict[int, dict[int, int]]) -> None:
        self._gains = gains
        self._ranked = {
            row: sorted(((gain, c) for c, gain in columns.items()), reverse=True) for row, columns in gains.items()
        }
        self._row_potential = {row: max(columns.values()) for row, columns in gains.items()}
        self._column_potential = dict.fromkeys((c for columns in gains.values() for c in columns), 0)
        self._partner: dict[int, int] = {}  # of a row
        self._holder: dict[int, int] = {}  # of a column
        for row in gains:
            self._place(row)

    def _place(self, root: int) -> None:
        """Give a row its due along the cheapest path, and adjust the potentials by what it cost."""
        tree = self._grow(root)
        for row, far in tree.rows.items():
            self._row_potential[row] -= max(0, tree.cost - far)
        for column, far in tree.columns.items():
            self._column_potential[column] += max(0, tree.cost - far)
        last, free = tree.end
        given_up = self._partner.pop(last) if free is None and last in self._partner else free
        while given_up is not None:
            row = tree.back[given_up]
            before = self._partner.get(row)
            self._partner[row], self._holder[given_up] = given_up, row
            given_up = before

    def _grow(self, root: int) -> "_Tree":
        """Search outwards for the cheapest end: a free column, or a row that can do without its column."""
        tree = _Tree({root: 0}, self._row_potential[root], (root, None))
        self._look(tree, root, 0)
        while tree.heap and tree.heap[0][0] < tree.cost:
            far, kind, node, via = heappop(tree.heap)
            if kind == _LOOK:
                self._reach(tree, node, via)
            elif node not in tree.columns:
                tree.columns[node], tree.back[node] = far, via
                if kind == _FREE:
                    tree.cost, tree.end = far, (via, node)
                    break
                row = self._holder[node]
                tree.rows[row] = far
                if far + self._row_potential[row] < tree.cost:
                    tree.cost, tree.end = far + self._row_potential[row], (row, None)
                self._look(tree, row, 0)
        return tree

    def _look(self, tree: "_Tree", row: int, number: int) -> None:
        """Put off the columns of a row from a number on, in order of gain, until they may matter."""
        if number < len(self._ranked[row]):
            nearest = tree.rows[row] + self._row_potential[row] - self._ranked[row][number][0]
            heappush(tree.heap, (nearest, _LOOK, row, number))

    def _reach(self, tree: "_Tree", row: int, number: int) -> None:
        """Look at one column of a row, and put off the next."""
        gain, column = self._ranked[row][number]
        far = tree.rows[row] + self._row_potential[row] + self._column_potential[column] - gain
        if column not in tree.columns and far < tree.cost:
            heappush(tree.heap, (far, _HELD if column in self._holder else _FREE, column, row))
        self._look(tree, row, number + 1)

    def first(self) -> list[Edge]:
        """Of the optimal assignments, the one whose sorted list is lexicographically smallest."""
        self._tight = {row: sorted(c for c in columns if self._stands(row, c)) for row, columns in self._gains.items()}
        self._tight_rows: dict[int, list[int]] = {}
        for row, columns in self._tight.items():
            for column in columns:
                self._tight_rows.setdefault(column, []).append(row)
        self._settled_rows, self._settled_columns = set[int](), set[int]()
        for row in sorted(self._gains):
            self._settled_rows.add(row)
            open_ = (column for column in self._tight[row] if column not in self._settled_columns)
            taken = next((column for column in open_ if self._take(row, column)), None)
            if taken is not None:
                self._settled_columns.add(taken)
        return list(self._partner.items())

    def _stands(self, row: int, column: int) -> bool:
        return self._row_potential[row] + self._column_potential[column] == self._gains[row][column]

    def _take(self, row: int, column: int) -> bool:
        """Make the two a pair, if an optimal assignment has them and all settled pairs."""
        spare, loser = self._partner.get(row), self._holder.get(column)
        if spare == column:
            return True
        self._settled_columns.add(column)
        way = {} if loser is None else self._replace(loser, spare)
        rest = {} if spare is None or way is None or spare in way.values() else self._fill(spare)
        self._settled_columns.discard(column)
        if way is None or rest is None:
            return False
        for name in (row, *way, *rest):
            if (old := self._partner.pop(name, None)) is not None:
                self._holder.pop(old)
        for name, new in {row: column, **way, **rest}.items():
            if new is not None:
                self._partner[name], self._holder[new] = new, name
        return True

    def _replace(self, loser: int, spare: int | None) -> dict[int, int | None] | None:
        """New columns for the row that lost its own and for those it displaces: best of all, the spare one."""
        came: dict[int, int] = {}  # the row that would move to a column
        queue = [loser]
        end: tuple[int, int | None] | None = None
        for row in queue:
            if end is None and self._row_potential[row] == 0:
                end = (row, None)
            for column in self._tight[row]:
                if column in came or column in self._settled_columns:
                    continue
                came[column] = row
                if column == spare:
                    return self._moves(row, column, came)
                if column in self._holder:
                    queue.append(self._holder[column])
                elif end is None:
                    end = (row, column)
        return None if end is None else self._moves(*end, came)

    def _moves(self, row: int, column: int | None, came: dict[int, int]) -> dict[int, int | None]:
        """Follow the path back: each row leaves its column to the row that displaces it."""
        moves: dict[int, int | None] = {row: column}
        while (old := self._partner[row]) in came:
            row = came[old]
            moves[row] = old
        return moves

    def _fill(self, spare: int) -> dict[int, int | None] | None:
        """Find rows to hold the column that was given up, and those that are given up for it in turn."""
        came: dict[int, int] = {}  # the column that a row would move to
        queue = [spare]
        for column in queue:
            if self._column_potential[column] == 0:
                return self._shifts(column, came)
            for row in self._tight_rows[column]:
                if row in came or row in self._settled_rows:
                    continue
                came[row] = column
                if row not in self._partner:
                    return {row: column, **self._shifts(column, came)}
                queue.append(self._partner[row])
        return None

    def _shifts(self, column: int, came: dict[int, int]) -> dict[int, int | None]:
        moves: dict[int, int | None] = {}  # the end of the path may be left without a row
        while column in self._holder and (row := self._holder[column]) in came:
            moves[row] = column = came[row]
        return moves
