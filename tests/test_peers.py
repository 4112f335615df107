"""What published scorers get wrong, row by row: the same input, and the number that is right here.

Where it runs in the test environment, the peer is asked too, so that a row is dropped when the peer is mended.
"""

import random
from fractions import Fraction

import krippendorff
import numpy as np
import pytest

from secondsource.agreement import Contingency, binary_alpha, nominal_alpha, unitized_alpha
from secondsource.comparison import compare
from secondsource.errors import OffsetError
from secondsource.formats import w3c
from secondsource.matching import pair
from secondsource.metrics import Counts2013, Expected, best_match, exact, semeval2013, semeval2020
from secondsource.metrics.discernment import Detection
from secondsource.spans import LabelSet, Span
from synthetic import CODEBOOK, TEXT, key, labels, spans

F = Fraction


def marks(*rows):
    """Marks from ``(start, end)`` (label A) or ``(start, end, label)``."""
    return [(row[0], row[1], row[2] if len(row) > 2 else "A") for row in rows]


def wanted(*rows):
    """Core entries."""
    return [Expected((row[:2],), row[2]) for row in marks(*rows)]


@pytest.mark.parametrize("order", [1, -1], ids=["fragment first", "fragment last"])
def test_1_a_fragment_takes_no_exact_hit_away(order):
    """nervaluate: strict F1 0.0 or 0.667, by the order of the marks."""
    made = marks((0, 4), (0, 10))[::order]
    assert semeval2013(made, marks((0, 10)))["strict"].tally.scores.f1.value == pytest.approx(2 / 3)
    assert exact(made, marks((0, 10))).scores.f1.value == pytest.approx(2 / 3)
    assert compare(labels(made), key([(0, 10)])).counts["matched"] == 1


@pytest.mark.parametrize("seed", range(20))
def test_2_no_exact_hit_is_lost_and_no_order_matters(seed):
    """nervaluate: more than a quarter of the exact hits of a crowded class lost, F1 by the order of the marks."""
    rng = random.Random(seed)

    def some(number):
        starts = [rng.randrange(300) for _ in range(number)]
        return sorted({(start, start + rng.randint(1, 60), rng.choice("ABCDE")) for start in starts})

    wanted_spans, made = some(60), some(40)
    made = sorted({*made, *rng.sample(wanted_spans, 20)})
    before = semeval2013(made, wanted_spans)
    assert before["strict"].correct == len(set(made) & set(wanted_spans))
    for _ in range(3):
        rng.shuffle(made)
        rng.shuffle(wanted_spans)
        assert semeval2013(made, wanted_spans) == before


def test_3_one_shared_character_is_an_overlap():
    """nervaluate: no overlap, for a hidden limit of one percent."""
    assert semeval2013(marks((199, 240)), marks((0, 200)))["partial"] == Counts2013(partial=1)


def test_4_touching_is_not_overlapping():
    """nervaluate: partial F1 0.5, because ends are inclusive inside."""
    assert semeval2013(marks((4, 8)), marks((0, 4)))["partial"].tally.scores.f1.value == 0
    assert pair(spans([(4, 8)]), key([(0, 4)]))[1].outcome == "extra"


def test_5_recall_never_exceeds_one():
    """The task's scorer, per technique: ten marks of one character in (0, 10) give recall 10 and F1 1.818."""
    tiny = marks(*((i, i + 1) for i in range(10)))
    for tally in (semeval2020(tiny, marks((0, 10))), best_match(tiny, wanted((0, 10)))):
        assert tally.scores.recall.value == tally.scores.f1.value == 1


def test_6_a_tenth_found_is_a_tenth():
    """The task's scorer, per technique: recall 1, because precision's sum is printed."""
    assert semeval2020(marks((0, 10)), marks((0, 100))).scores.recall.value == 0.1


def test_7_fragments_do_not_pay():
    """The task's form: three fragments beat one mark over the same passage. Best match: they are equal."""
    fragments, whole = marks((0, 2), (3, 5), (6, 8), (50, 60)), marks((0, 8), (50, 60))
    assert semeval2020(fragments, marks((0, 10))).scores.f1.value > semeval2020(whole, marks((0, 10))).scores.f1.value
    assert best_match(fragments, wanted((0, 10))) == best_match(whole, wanted((0, 10)))


def test_8_copies_count_once():
    """The task's scorer without merging: recall 2.9."""
    made = marks((0, 10), (0, 10), (0, 9))
    assert semeval2020(made, marks((0, 10))).scores.recall.value == 1
    assert best_match(made, wanted((0, 10))).scores.recall.value == 1


def test_9_nothing_against_nothing_is_no_success():
    """The task's scorer: F1 1 with precision and recall 0."""
    for tally in (semeval2020([], []), best_match([], []), exact([], []), semeval2013([], [])["strict"].tally):
        assert tally.scores.f1.reason == "there is nothing to find here, and nothing was marked"


@pytest.mark.parametrize("at", [(5, 5), (9, 4), (-1, 3), (0, 1001)])
def test_10_impossible_places_are_refused(at):
    """The task's scorer: ZeroDivisionError."""
    with pytest.raises(OffsetError):
        LabelSet(TEXT, CODEBOOK, (Span("a", "wording", "A", *at),))


def test_11_overlapping_labels_are_all_kept():
    """BIO tags, as in seqeval: a third of the labels of a crowded layer cut or erased."""
    made = labels([(0, 20), (5, 10, "B"), (8, 30, "C"), (0, 20, "D")])
    assert len(w3c.read(w3c.write(made), TEXT, CODEBOOK, name="x")[0]) == 4
    assert compare(made, key([(0, 20), (5, 10, "B"), (8, 30, "C"), (0, 20, "D")])).counts["matched"] == 4


def test_12_overlapping_entries_are_scored():
    """spaneval: ValueError."""
    both = marks((0, 10), (5, 15, "B"))
    assert best_match(both, wanted(*both)).scores.f1.value == 1


def test_13_one_mark_over_everything_matches_nothing():
    """Potato: partial F1 1, because half of *either* span is enough."""
    assert best_match(marks((0, 4200)), wanted((10, 20))).scores.f1.value == pytest.approx(2 / 421)
    assert pair(spans([(0, 1000)]), key([(10, 20)]))[0].outcome == "boundary"


@pytest.mark.parametrize(
    ("sides", "value"), [(("A", "A"), F(31, 120)), (("A", "B"), F(51, 140))], ids=["moved", "relabelled"]
)
def test_14_unitized_alpha(sides, value):
    """Potato: 0.208 and 0.321."""
    places = ((0, 4), (2, 6)) if sides == ("A", "A") else ((0, 4), (0, 4))
    raters = [[(*at, label)] for at, label in zip(places, sides, strict=True)]
    assert unitized_alpha(raters, 10).all.value == pytest.approx(float(value), abs=1e-12)


def test_15_agreement_without_variation_is_undefined():
    """krippendorff: an exception."""
    assert nominal_alpha([[0, 0, 0], [0, 0, 0]]).reason
    assert binary_alpha([0, 0, 0], 2).reason
    with pytest.raises(ValueError, match="more than one value"):
        krippendorff.alpha(np.zeros((2, 3)), level_of_measurement="nominal")


@pytest.mark.parametrize("table", [(0, 0, 0, 10), (10, 10, 10, 10)], ids=["unused", "everywhere"])
def test_16_two_constant_raters_do_not_agree_beyond_chance(table):
    """irrCAC: 1.0, NaN or ZeroDivisionError, by the coefficient."""
    assert Contingency(*table).kappa.reason


def test_17_no_marks_are_not_precise():
    """The MAFALDA scorer: precision 1."""
    assert best_match([], wanted((0, 10))).scores.precision.reason == "nothing was marked"


def test_18_who_marks_everything_tells_nothing_apart():
    """The usual correction: d′ 0.18."""
    assert Detection(12, 12, 8, 8).sensitivity.value == pytest.approx(0, abs=1e-12)
    assert Detection(0, 12, 0, 8).sensitivity.value == pytest.approx(0, abs=1e-12)
