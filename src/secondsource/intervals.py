"""Half-open stretches of text: what they share, which of them meet, how much they cover together."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from heapq import heappop, heappush
from itertools import accumulate

__all__ = ["Bounds", "Cover", "meetings", "neighbours", "shared", "united"]

Bounds = tuple[int, int]


def shared(a: Bounds, b: Bounds) -> int:
    """Number of characters that two stretches have in common; touching ones have none.

    Examples
    --------
    >>> shared((0, 6), (4, 9)), shared((0, 4), (4, 8))
    (2, 0)
    """
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def united(stretches: Iterable[Bounds], *, gap: int = -1) -> list[Bounds]:
    """Join stretches that share a character, or lie at most ``gap`` characters apart (0: touching ones too).

    Examples
    --------
    >>> united([(5, 9), (0, 4), (3, 5)])
    [(0, 5), (5, 9)]
    >>> united([(5, 9), (0, 4), (3, 5)], gap=0)
    [(0, 9)]
    """
    joined: list[Bounds] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1] + gap:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def meetings(left: Sequence[Bounds], right: Sequence[Bounds]) -> list[tuple[int, int]]:
    """Index pairs of all stretches that share a character, sorted.

    One sweep over the text: the time grows with the number of pairs found and not with the product of the two sides.

    Examples
    --------
    >>> meetings([(0, 6), (4, 9)], [(4, 8), (9, 12)])
    [(0, 0), (1, 0)]
    """
    if not left or not right:
        return []
    begins = sorted([(*at, 0, i) for i, at in enumerate(left)] + [(*at, 1, j) for j, at in enumerate(right)])
    active: tuple[dict[int, None], dict[int, None]] = ({}, {})
    ends: list[tuple[int, int, int]] = []
    found = list[tuple[int, int]]()
    for start, end, side, index in begins:
        while ends and ends[0][0] <= start:
            _, gone_side, gone = heappop(ends)
            del active[gone_side][gone]
        found += ((index, other) if side == 0 else (other, index) for other in active[1 - side])
        active[side][index] = None
        heappush(ends, (end, side, index))
    return sorted(found)


def neighbours(left: Sequence[Bounds], right: Sequence[Bounds]) -> list[list[int]]:
    """For each stretch on the left, the indices of those on the right that share a character with it.

    Examples
    --------
    >>> neighbours([(0, 6), (4, 9)], [(4, 8), (5, 7), (9, 12)])
    [[0, 1], [0, 1]]
    """
    found: list[list[int]] = [[] for _ in left]
    for i, j in meetings(left, right):
        found[i].append(j)
    return found


class Cover:
    """The characters of many stretches together, ready to be asked how many of them lie between two places.

    Examples
    --------
    >>> cover = Cover([(0, 4), (2, 6), (10, 12)])
    >>> cover.size, cover.within((3, 11))
    (8, 4)
    """

    def __init__(self, stretches: Iterable[Bounds]) -> None:
        parts = united(stretches, gap=0)
        self._starts = [start for start, _ in parts]
        self._parts = parts
        self._before = [0, *accumulate(end - start for start, end in parts)]

    @property
    def size(self) -> int:
        """Number of characters in all."""
        return self._before[-1]

    def within(self, place: Bounds) -> int:
        """Number of covered characters in ``[start, end)``."""
        return self._up_to(place[1]) - self._up_to(place[0])

    def _up_to(self, place: int) -> int:
        i = bisect_left(self._starts, place)
        return self._before[i] - max(0, self._parts[i - 1][1] - place) if i else 0
