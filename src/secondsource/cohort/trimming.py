"""Trimming of the marks of a class: each pair of bounds once, because a class marks the same words again and again."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from secondsource.article import Article
from secondsource.cohort.grid import Ints
from secondsource.fitting import trim
from secondsource.intervals import Bounds, shared

__all__ = ["trimmed"]


def trimmed(
    article: Article, asked: tuple[Bounds, ...] | None, start: Ints, end: Ints
) -> tuple[NDArray[np.bool_], Ints, Ints]:
    """Tell which marks meet a sentence that was asked, and narrow all of them to what matters.

    Examples
    --------
    >>> trimmed(Article("He saw ‘the red car’, she said."), None, np.array([7, 7]), np.array([21, 21]))
    (array([ True,  True]), array([12, 12]), array([19, 19]))
    """
    which, codes = pd.factorize((start << 32) | end)
    pairs = [(code >> 32, code & 0xFFFFFFFF) for code in codes.tolist()]
    met = [asked is None or any(shared(pair, unit) for unit in asked) for pair in pairs]
    narrow = np.array([trim(article, *pair) for pair in pairs], dtype=np.int64).reshape(-1, 2)
    return np.array(met, dtype=np.bool_)[which], narrow[which, 0], narrow[which, 1]
