"""Marks of one label that make one answer together: fragments are joined unless they answer different entries."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from secondsource.cohort.grid import Ints, Marks
from secondsource.cohort.places import ranges

__all__ = ["Joined", "join"]

_NONE = np.iinfo(np.int64).max  # above every id


@dataclass(frozen=True)
class Joined:
    """Joined marks, in an order of their own within each hand-in.

    Attributes
    ----------
    start, end : ndarray of int64, shape (joined,)
        Bounds on the line.
    fresh : ndarray of int64
        Where the part begins that no joined mark before it has covered; `end` if there is none.
    home : ndarray of int64
        Id of the entry, 0 for none.
    """

    start: Ints
    end: Ints
    fresh: Ints
    home: Ints


def join(marks: Marks, home: Ints) -> Joined:
    """Join marks that touch, overlap or lie one character apart, unless they have different entries.

    Stretches of such marks are found with a running maximum. Only those in which two entries meet are walked.
    """
    reach = marks.reach
    apart = marks.start[1:] > reach[:-1] + 1
    if apart.all():
        return Joined(marks.start, marks.end, marks.start, home)
    cut = np.flatnonzero(apart)
    first, last = np.concatenate(([0], cut + 1)), np.concatenate((cut, [len(home) - 1]))
    theirs = home.take(first)
    many = np.flatnonzero(first < last)
    theirs[many], several = _together(home, first[many], last[many])
    clash = many[several]
    if not clash.size:
        start = marks.start.take(first)
        return Joined(start, reach.take(last), start, theirs)
    begin, end, at_home = _walk(marks, home, first[clash], last[clash])
    before = np.where(begin > 0, reach[begin - 1], 0)  # of another label, or of this one and then in the way
    fresh = np.minimum(np.maximum(marks.start[begin], before), end)
    calm, last, theirs = (np.delete(values, clash) for values in (first, last, theirs))
    start = marks.start.take(np.concatenate((calm, begin)))
    return Joined(
        start,
        np.concatenate((reach.take(last), end)),
        np.concatenate((start[: len(calm)], fresh)),
        np.concatenate((theirs, at_home)),
    )


def _together(home: Ints, first: Ints, last: Ints) -> tuple[Ints, NDArray[np.bool_]]:
    """Id that stands in each stretch of marks, the largest of several, and whether there are several."""
    _, mark = ranges(first, last + 1)
    met, size = home.take(mark), last + 1 - first
    at = np.cumsum(size) - size
    theirs = np.maximum.reduceat(met, at)
    return theirs, np.minimum.reduceat(np.where(met > 0, met, _NONE), at) < theirs


def _walk(marks: Marks, home: Ints, first: Ints, last: Ints) -> tuple[Ints, Ints, Ints]:
    """Walk through some stretches, all at once, one mark of each at a step: first mark, end and id of each piece."""
    order = np.argsort(first - last, kind="stable")  # longest first, so that those still walked are the first ones
    first, size = first[order], (last - first)[order] + 1
    begin, end, at_home = first.copy(), marks.end[first], home[first]
    done: list[tuple[Ints, Ints, Ints]] = []
    for step in range(1, int(size[0])):
        on = slice(0, int(np.searchsorted(-size, -step, side="left")))
        i = first[on] + step
        known = (home[i] > 0) & (at_home[on] > 0) & (home[i] != at_home[on])
        breaks = known | (marks.start[i] > end[on] + 1)
        out = np.flatnonzero(breaks)
        done.append((begin[out], end[out], at_home[out]))
        begin[out] = i[out]
        end[on] = np.where(breaks, marks.end[i], np.maximum(end[on], marks.end[i]))
        at_home[on] = np.where(breaks | (at_home[on] == 0), home[i], at_home[on])
    begin, end, at_home = (np.concatenate(parts) for parts in zip(*done, (begin, end, at_home), strict=True))
    order = np.argsort(begin)
    return begin[order], end[order], at_home[order]
