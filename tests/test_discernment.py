"""Signal detection and confidence against documented figures, exact fractions and scikit-learn."""

import itertools
import math
import random
from dataclasses import replace
from fractions import Fraction
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss

from secondsource.metrics import discernment
from secondsource.metrics.discernment import ENOUGH_RATED, Confidence, Detection, Estimate, readiness

F = Fraction
Z = NormalDist().inv_cdf

cells = st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
detections = st.builds(lambda signal, noise: Detection(*signal, *noise), cells, cells)
probabilities = st.floats(0, 1)
rated = st.lists(st.tuples(probabilities, st.integers(0, 1)), min_size=1)


# d′ and c


@pytest.mark.parametrize(
    ("counts", "sensitivity", "interval", "criterion"),
    [
        ((20, 25, 10, 25), 1.0445, (0.301, 1.788), -0.2788),
        ((9, 12, 6, 120), 2.2457, (1.396, 3.096), 0.4601),
        ((7, 12, 3, 8), 0.4799, None, 0.0489),
        ((12, 12, 8, 8), 0.0, None, -1.6906),
        ((0, 12, 0, 8), 0.0, None, 1.6906),
    ],
)
def test_the_documented_figures(counts, sensitivity, interval, criterion):
    """Every digit that is printed."""
    detection = Detection(*counts)
    d = detection.sensitivity
    assert round(d.value, 4) == sensitivity
    assert round(detection.criterion.value, 4) == criterion
    if interval:
        assert (round(d.low, 3), round(d.high, 3)) == interval


def test_the_interval_is_computed_as_written():
    """All terms for one table, by hand."""
    h, n, f, m = 9, 12, 6, 120
    q = n / (n + m)
    rates = ((h + q) / (n + 2 * q), n), ((f + 1 - q) / (m + 2 * (1 - q)), m)
    error = math.sqrt(sum(r * (1 - r) / (k * NormalDist().pdf(Z(r)) ** 2) for r, k in rates))
    detection = Detection(h, n, f, m)
    for estimate, half in ((detection.sensitivity, 1.96 * error), (detection.criterion, 1.96 * error / 2)):
        assert estimate.high - estimate.value == pytest.approx(half, abs=1e-12)
        assert estimate.value - estimate.low == pytest.approx(half, abs=1e-12)


def test_marking_everything_or_nothing_tells_nothing():
    """d′ is exactly 0, where the usual correction gives 0.18 for 12 and 8 units and 0.85 for 10 and 90."""
    assert round(Z(12.5 / 13) - Z(8.5 / 9), 2) == 0.18
    assert round(Z(0.5 / 11) - Z(0.5 / 91), 2) == 0.85
    for signals, noises in itertools.product((1, 8, 10, 12, 90, 1_000_000), repeat=2):
        assert Detection(0, signals, 0, noises).sensitivity.value == 0
        assert Detection(signals, signals, noises, noises).sensitivity.value == 0


@pytest.mark.parametrize(
    ("detection", "reason"),
    [
        (Detection(), discernment.NO_SIGNAL),
        (Detection(0, 0, 3, 8), discernment.NO_SIGNAL),
        (Detection(5, 9, 0, 0), discernment.NO_NOISE),
    ],
)
def test_without_signal_or_noise_there_is_a_reason(detection, reason):
    """Three NaN each, and no words for c."""
    for estimate in (detection.sensitivity, detection.criterion):
        assert all(map(math.isnan, (estimate.value, estimate.low, estimate.high)))
        assert (estimate.reason, estimate.defined) == (reason, False)
    assert readiness(detection.criterion) == ""


@pytest.mark.parametrize("counts", [(5, 4, 0, 0), (0, 0, 5, 4), (-1, 4, 0, 4), (0, 4, -1, 4), (0, -1, 0, 4)])
def test_impossible_cells_are_refused(counts):
    """More marked than there are, or fewer than none."""
    with pytest.raises(ValueError, match="no reader"):
        Detection(*counts)


@given(detections)
def test_turning_the_question_round_turns_the_sign(detection):
    """Marked for unmarked and signal for noise: same d′, opposite c; every number is finite and in its interval."""
    turned = Detection(
        detection.noises - detection.false_alarms,
        detection.noises,
        detection.signals - detection.hits,
        detection.signals,
    )
    for ours, theirs, sign in (
        (detection.sensitivity, turned.sensitivity, 1),
        (detection.criterion, turned.criterion, -1),
    ):
        assert ours.value == pytest.approx(sign * theirs.value, abs=1e-9)
        assert ours.high - ours.low == pytest.approx(theirs.high - theirs.low, abs=1e-9)
        assert -math.inf < ours.low < ours.value < ours.high < math.inf


@given(detections)
def test_a_further_hit_raises_sensitivity(detection):
    """And makes the reader look readier."""
    if detection.hits < detection.signals:
        better = replace(detection, hits=detection.hits + 1)
        assert better.sensitivity.value > detection.sensitivity.value
        assert better.criterion.value < detection.criterion.value


def test_detections_add_up():
    """Field by field."""
    assert Detection(1, 2, 3, 4) + Detection(10, 20, 30, 40) == Detection(11, 22, 33, 44)


@pytest.mark.parametrize(
    ("estimate", "word"),
    [
        (Estimate(-0.31, -0.6, -0.01), "more"),
        (Estimate(-0.31, -0.6, 0.0), "about"),
        (Estimate(-0.3, -0.4, -0.2), "about"),
        (Estimate(0.0, -0.1, 0.1), "about"),
        (Estimate(0.3, 0.2, 0.4), "about"),
        (Estimate(0.31, 0.0, 0.6), "about"),
        (Estimate(0.31, 0.01, 0.6), "less"),
        (Estimate.undefined("no cells"), ""),
    ],
)
def test_readiness_needs_size_and_certainty(estimate, word):
    """More than 0.3 away from 0, and an interval without 0."""
    assert readiness(estimate) == word


# Confidence


def test_the_documented_confidences():
    """The example of scikit-learn, and one with over-confidence; 60 % right and 78 % sure."""
    first = Confidence.of([(0.1, 0), (0.9, 1), (0.8, 1), (0.3, 0)])
    assert first.brier.value == pytest.approx(0.0375, abs=1e-15)
    second = Confidence.of(zip((0.9, 0.8, 0.9, 0.6, 0.7), (1, 0, 1, 1, 0), strict=True))
    assert second.brier.value == pytest.approx(0.262, abs=1e-15)
    assert second.over_confidence.value == pytest.approx(0.18, abs=1e-15)
    assert (second.right.value, second.sure.value) == (0.6, pytest.approx(0.78, abs=1e-15))


def test_always_half_sure_is_a_quarter():
    """Whatever was right; certainty is best when right and worst when wrong."""
    assert Confidence.of([(0.5, 1), (0.5, 0), (0.5, 0)]).brier.value == 0.25
    assert Confidence.of([(1, 1), (0, 0), (1.0, True)]).brier.value == 0
    assert Confidence.of([(0, 1), (1, 0)]).brier.value == 1


@pytest.mark.parametrize("pairs", [[], [(None, 1)], [(math.nan, 0), (None, None)], [(np.float64("nan"), 1)]])
def test_without_rated_marks_there_is_a_reason(pairs):
    """Missing confidences count for nothing, not for 0."""
    confidence = Confidence.of(pairs)
    assert confidence == Confidence()
    for ratio in (confidence.brier, confidence.over_confidence, confidence.sure, confidence.right):
        assert math.isnan(ratio.value)
        assert ratio.reason == discernment.NOT_RATED


@pytest.mark.parametrize("pair", [(-0.01, 1), (1.01, 1), (80, 1), (math.inf, 0), (0.5, 2), (0.5, None), (0.5, 0.5)])
def test_what_is_no_confidence_is_refused(pair):
    """Outside 0 to 1, or neither right nor wrong."""
    with pytest.raises(ValueError, match="not a confidence"):
        Confidence.of([(0.5, 1), pair])


def test_students_see_it_from_ten_marks():
    """Rated ones."""
    assert ENOUGH_RATED == 10
    assert [Confidence.of([(0.5, 1)] * n + [(None, 1)]).enough for n in (9, 10)] == [False, True]


def test_brier_equals_scikit_learn():
    """On 300 random sets of marks, a third of them without confidence."""
    rng = random.Random(5)
    for _ in range(300):
        pairs = [(rng.choice((rng.random(), 0.8, 1.0)), rng.randint(0, 1)) for _ in range(rng.randint(1, 60))]
        gaps = [(rng.choice((None, math.nan)), rng.randint(0, 1)) for _ in range(rng.randint(0, 20))]
        ours = Confidence.of(rng.sample(pairs + gaps, len(pairs) + len(gaps)))
        p, y = zip(*pairs, strict=True)
        assert ours.brier.value == pytest.approx(brier_score_loss(y, p, labels=[0, 1]), rel=0, abs=1e-12)
        assert ours.over_confidence.value == pytest.approx(np.mean(p) - np.mean(y), rel=0, abs=1e-12)


@given(rated, st.randoms())
def test_confidences_add_up_in_any_order(pairs, rng):
    """The sums are exact: every order and every division into parts gives the same value to the last bit."""
    cut = rng.randint(0, len(pairs))
    mixed = rng.sample(pairs, len(pairs))
    whole = Confidence.of(pairs)
    assert whole == Confidence.of(mixed) == Confidence.of(mixed[cut:]) + Confidence.of(mixed[:cut])
    assert whole.squares == sum((F(p) - y) ** 2 for p, y in pairs)
    assert whole.certainty == sum(F(p) for p, _ in pairs)


@given(rated)
def test_confidence_stays_in_range(pairs):
    """Brier 0 to 1, over-confidence -1 to 1; not to be right turns the sign."""
    ours, turned = Confidence.of(pairs), Confidence.of([(1 - p, 1 - y) for p, y in pairs])
    assert 0 <= ours.brier.value <= 1
    assert -1 <= ours.over_confidence.value <= 1
    assert ours.over_confidence.value == pytest.approx(-turned.over_confidence.value, abs=1e-12)
    assert ours.brier.value == pytest.approx(turned.brier.value, abs=1e-12)
