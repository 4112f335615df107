"""The same hand-ins through libraries of agreement: scikit-learn, statsmodels, krippendorff, pygamma-agreement."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from cohort import LABELS, Material, Spans, Text

Numbers = npt.NDArray[np.float64]
Bits = npt.NDArray[np.int8]


def word_matrix(text: Text, hand_ins: Sequence[Spans]) -> Bits:
    """Which words each hand-in marks with each label: hand-ins × labels × words, 0 or 1."""
    bits = np.zeros((len(hand_ins), len(LABELS), text.words), np.int8)
    for i, spans in enumerate(hand_ins):
        low, high = text.touched(spans.start, spans.end)
        for label, first, behind in zip(spans.label, low, high, strict=True):
            bits[i, label, first:behind] = 1
    return bits


def sklearn_kappas(key: Bits, marks: Bits) -> Numbers:
    """Kappa of each hand-in (row) and label (column); NaN where both sides agree on nothing but constants."""
    from sklearn.metrics import cohen_kappa_score

    return np.array([[cohen_kappa_score(a, b) for a, b in zip(one, key, strict=True)] for one in marks])


def tables(key: Bits, marks: Bits) -> npt.NDArray[np.int64]:
    """Two by two counts of each hand-in and label: neither, key only, mark only, both."""
    both = np.einsum("hlw,lw->hl", marks.astype(np.int64), key.astype(np.int64))
    mine, theirs, words = marks.sum(2, dtype=np.int64), key.sum(1, dtype=np.int64), key.shape[1]
    cells = [words - mine - theirs + both, theirs - both, mine - both, both]
    return np.stack(np.broadcast_arrays(*cells), axis=-1).reshape(*both.shape, 2, 2)


def statsmodels_kappas(counts: npt.NDArray[np.int64]) -> Numbers:
    """Kappa from tables that were counted beforehand."""
    from statsmodels.stats.inter_rater import cohens_kappa

    return np.array([[cohens_kappa(table, return_results=False) for table in one] for one in counts])


def krippendorff_alphas(marks: Bits) -> Numbers:
    """Nominal alpha of each label over all hand-ins, from the matrix of raters × words."""
    from krippendorff import alpha

    return np.array(
        [alpha(marks[:, label], level_of_measurement="nominal", value_domain=[0, 1]) for label in range(len(LABELS))]
    )


def fleiss_alphas(marks: Bits) -> Numbers:
    """The same alphas from Fleiss' kappa of statsmodels: both differ by the factor 1 − 1/(raters · words)."""
    from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

    cells = marks.shape[0] * marks.shape[2]
    kappas = [fleiss_kappa(aggregate_raters(marks[:, label].T, 2)[0]) for label in range(len(LABELS))]
    return np.array([1 - (1 - kappa) * (cells - 1) / cells for kappa in kappas])


class Gamma(NamedTuple):
    """Seconds of gamma per pair of label sets, its values, and the value for two equal sets."""

    seconds: list[float]
    values: list[float]
    identical: float


def gammas(made: Material, hand_ins: Sequence[Spans], *, timeout: float) -> Gamma | str:
    """Gamma of the first hand-ins with the key, in a process of its own; a reason if there is none."""
    request = json.dumps({"key": made.key.rows(), "hand_ins": [spans.rows() for spans in hand_ins]})
    try:
        done = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("gamma.py"))],
            input=request,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"took longer than {timeout:g} s"
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["it stopped without a word"])[-1]
    return Gamma(**json.loads(done.stdout.splitlines()[-1]))
