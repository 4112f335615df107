"""Gamma in a process of its own, because `pygamma-agreement` takes seconds to import and compiles when first used.

Reads ``{"key": rows, "hand_ins": [rows, …]}`` as JSON, where a row is (start, end, label), and writes the times.
"""

import json
import sys
import time

import numpy as np
from pyannote.core import Segment
from pygamma_agreement import CombinedCategoricalDissimilarity, Continuum

Rows = list[tuple[int, int, str]]


def continuum(marks: Rows, key: Rows) -> Continuum:
    """Put two label sets side by side."""
    made = Continuum()
    for rater, rows in (("marks", marks), ("key", key)):
        for start, end, label in rows:
            made.add(rater, Segment(start, end), label)
    return made


def gamma(marks: Rows, key: Rows) -> float:
    """Gamma with the package's usual settings, 30 samples and a fixed seed."""
    np.random.seed(4772)  # noqa: NPY002 (the package draws from the global generator)
    dissimilarity = CombinedCategoricalDissimilarity(alpha=1, beta=1, delta_empty=1)
    return float(continuum(marks, key).compute_gamma(dissimilarity, n_samples=30).gamma)


def main() -> None:
    """Warm up on equal sets, then time each hand-in."""
    request = json.load(sys.stdin)
    identical = gamma(request["key"], request["key"])
    seconds, values = [], []
    for marks in request["hand_ins"]:
        begin = time.perf_counter()
        values.append(gamma(marks, request["key"]))
        seconds.append(time.perf_counter() - begin)
    print(json.dumps({"seconds": seconds, "values": values, "identical": identical}))


if __name__ == "__main__":
    main()
