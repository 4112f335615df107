"""Marks of one label that make one answer together: fragments are joined unless they answer different entries."""

from dataclasses import dataclass

import numpy as np

from secondsource.cohort.grid import Ints, Marks

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
    start, reach = marks.start, marks.reach
    apart = start[1:] > reach[:-1] + 1
    if apart.all():
        return Joined(start, marks.end, start, home)
    cut = np.flatnonzero(apart)
    first, last = np.concatenate(([0], cut + 1)), np.concatenate((cut, [len(start) - 1]))
    theirs = np.maximum.reduceat(home, first)
    lowest = np.minimum.reduceat(np.where(home > 0, home, _NONE), first)
    clash = lowest < theirs
    calm = Joined(start[first], reach[last], start[first], theirs)
    if not clash.any():
        return calm
    walked = _walk(marks, home, first[clash], last[clash])
    return Joined(
        np.concatenate((calm.start[~clash], walked.start)),
        np.concatenate((calm.end[~clash], walked.end)),
        np.concatenate((calm.fresh[~clash], walked.fresh)),
        np.concatenate((calm.home[~clash], walked.home)),
    )


def _walk(marks: Marks, home: Ints, first: Ints, last: Ints) -> Joined:
    """Walk through some stretches, all at once, one mark of each at a step."""
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
    begin, end, at_home = begin[order], end[order], at_home[order]
    start = marks.start[begin]
    before = np.where(begin > 0, marks.reach[begin - 1], 0)  # of another label, or of this one and then in the way
    return Joined(start, end, np.minimum(np.maximum(start, before), end), at_home)
