"""Two raters as values: symmetry, pooling, keys, and the numbers of publications."""

import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondsource import metrics
from secondsource.agreement import Contingency
from secondsource.continuum import Text
from secondsource.metrics import Expected, Mark
from secondsource.raters import LayerAgreement, Pairing, Rater, agree
from secondsource.ratio import Ratio

LENGTH = 30
DOCS = ("d1", "d2")


def marks(most: int = LENGTH) -> st.SearchStrategy[Mark]:
    """Draw a span of a text of 30 characters."""
    places = st.tuples(st.integers(0, most - 1), st.integers(0, most - 1)).map(sorted)
    return st.tuples(places, st.sampled_from("ABC")).map(lambda drawn: (drawn[0][0], drawn[0][1] + 1, drawn[1]))


sides = st.fixed_dictionaries({doc: st.lists(marks(), max_size=6) for doc in DOCS})
Side = Mapping[str, Iterable[Mark]]


def rater(side: Side) -> Rater:
    """A rater of the layer x."""
    return Rater({(doc, "x"): sorted(set(spans)) for doc, spans in side.items()})


def compared(first: Side, second: Side, texts: Sequence[Text] | None = None) -> LayerAgreement:
    """All numbers of the layer x, over characters unless the texts have words."""
    texts = texts or [Text(doc, LENGTH) for doc in DOCS]
    (layer,) = agree(rater(first), rater(second), texts, {"x": "word" if texts[0].words else "character"})
    return layer


def same(a: Ratio, b: Ratio) -> bool:
    """Tell whether two ratios are equal, or both undefined for the same reason."""
    return (a.value == b.value and a.defined and b.defined) or (a.reason == b.reason != "")


# --- the whole comparison --------------------------------------------------------------------------------------------


@given(sides, sides)
def test_swapping_the_sides_swaps_precision_and_recall(first, second):
    """And keeps F1, kappa and alpha. Best match and the 2013 form treat the sides differently by design."""
    one, other = compared(first, second), compared(second, first)
    for name in ("exact", "semeval2020", "semeval2020_without_labels"):
        a, b = one.scores[name].scores, other.scores[name].scores
        assert (a.precision.defined, a.recall.defined) == (b.recall.defined, b.precision.defined)
        assert [v for v in (a.precision.value, a.recall.value, a.f1.value) if not math.isnan(v)] == [
            v for v in (b.recall.value, b.precision.value, b.f1.value) if not math.isnan(v)
        ]
    assert all(same(one.measures[name], other.measures[name]) for name in one.measures)
    for a, b in zip(one.labels, other.labels, strict=True):
        assert all(same(a.measures[name], b.measures[name]) for name in ("kappa", "alpha", "unitized_alpha"))


@given(sides, sides)
def test_texts_are_pooled_by_their_counts(first, second):
    """The numbers of two texts are those of their sums; a copy under another name changes no score."""
    both = compared(first, second)
    apart = [compared({doc: first[doc]}, {doc: second[doc]}, [Text(doc, LENGTH)]) for doc in DOCS]
    for name, tally in both.scores.items():
        assert tally == apart[0].scores[name] + apart[1].scores[name]
    for scheme, counts in both.semeval2013.items():
        assert counts == apart[0].semeval2013[scheme] + apart[1].semeval2013[scheme]
    assert both.pairs == apart[0].pairs + apart[1].pairs
    counts = [{label.label: label.counts for label in layer.labels} for layer in apart]
    unused = Contingency(0, 0, 0, LENGTH)
    for label in both.labels:
        assert label.counts == counts[0].get(label.label, unused) + counts[1].get(label.label, unused)


@given(sides, sides)
def test_each_span_has_one_row(first, second):
    """Aligned pairs share a character; their fit is the intersection over the union; rows stand in text order."""
    layer = compared(first, second)
    for doc in DOCS:
        rows = [pair for pair in layer.pairs if pair.doc == doc]
        assert sorted(pair.first for pair in rows if pair.first) == sorted(set(first[doc]))
        assert sorted(pair.second for pair in rows if pair.second) == sorted(set(second[doc]))
        places = [pair.first or pair.second for pair in rows]
        assert places == sorted(places)
    for pair in layer.pairs:
        if pair.first and pair.second:
            a, b = set(range(*pair.first[:2])), set(range(*pair.second[:2]))
            assert pair.fit == Ratio.of(Fraction(len(a & b), len(a | b)))
            assert pair.shared > 0
        else:
            assert pair.fit.reason == "nothing beside it"
    aligned = sum(pair.first is not None and pair.second is not None for pair in layer.pairs)
    partial = layer.semeval2013["partial"]
    assert aligned == partial.correct + partial.partial


@given(sides)
def test_a_rater_agrees_with_himself(side):
    """Every number that is defined is 1."""
    layer = compared(side, side)
    values = [getattr(tally.scores, name) for tally in layer.scores.values() for name in ("precision", "recall", "f1")]
    values += [counts.tally.scores.f1 for counts in layer.semeval2013.values()]
    values += layer.measures.values()
    values += [label.measures[name] for label in layer.labels for name in label.measures if name != "prevalence"]
    assert {value.value for value in values if value.defined} <= {1.0}


def test_the_order_of_texts_changes_nothing():
    """Texts are taken in the order of their names."""
    one = {"d1": [(0, 4, "A")], "d2": [(3, 9, "B")]}
    other = {"d1": [(2, 6, "A")], "d2": [(3, 8, "A")]}
    texts = [Text("d1", 10), Text("d2", 20)]
    assert compared(one, other, texts) == compared(one, other, texts[::-1])


def test_a_text_without_spans_counts_for_kappa_and_alpha():
    """Both left all of it unmarked, which is agreement."""
    one, other = {"d1": [(0, 4, "A")]}, {"d1": [(2, 6, "A")]}
    short, long = (compared(one, other, [Text("d1", 10), *more]) for more in ([], [Text("d2", 90)]))
    assert short.scores == long.scores
    assert (short.units, long.units) == (10, 100)
    assert short.measures["kappa"].value < long.measures["kappa"].value


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["d1"], "the length of text d1 is not known; give it with --length d1=NUMBER"),
        ([""], "the length of the text is not known; give it with --length NUMBER"),
        (["a", "", "c"], "the lengths of 3 texts are not known (one without a name, a, c); give each with --length"),
        (["a", "b", "c", "d"], "the lengths of 4 texts are not known (a, b, c, …); give each with --length"),
    ],
)
def test_without_lengths_scores_are_there_and_agreement_says_why_not(texts, told):
    """One text without a length is enough: agreement is over all of them."""
    side = {doc: [(0, 4, "A")] for doc in texts}
    layer = compared(side, side, [*map(Text, texts), Text("with a length", 9)])
    assert layer.scores["exact"].scores.f1.value == 1
    assert layer.units is None
    assert layer.labels[0].counts is None
    for ratio in (*layer.measures.values(), *layer.labels[0].measures.values()):
        assert ratio.reason.startswith(told)


def test_nothing_at_all_is_undefined_everywhere():
    """Two raters who marked nothing; and no text at all."""
    for layer in (compared({}, {}), agree(Rater({}), Rater({}), [], {"x": "character"})[0]):
        assert (layer.spans, layer.labels, layer.pairs, layer.kappas) == ((0, 0), [], [], 0)
        assert all(ratio.reason for ratio in layer.measures.values())
        assert all(tally.scores.f1.reason for tally in layer.scores.values())


# --- a key -----------------------------------------------------------------------------------------------------------

E1_KEY = (
    Expected(((0, 40),), "loaded"),
    Expected(((60, 90),), "doubt", frozenset({"fear"})),
    Expected(((100, 120),), "loaded", tier="acceptable"),
    Expected(((140, 160),), "fear", tier="contested"),
    Expected(((200, 230),), "authority"),
    Expected(((300, 330),), "doubt"),
)
E1_MARKS = [
    *((0, 18, "loaded"), (19, 40, "loaded"), (60, 88, "fear"), (138, 160, "fear")),
    *((205, 228, "loaded"), (250, 272, "loaded"), (325, 360, "doubt"), (400, 420, "doubt")),
]


def keyed(entries: Sequence[Expected]) -> Rater:
    """A key of the layer x over the text d1."""
    plain = sorted((*entry.places[0], entry.label) for entry in entries if entry.tier != "contested")
    return Rater({("d1", "x"): plain}, {("d1", "x"): entries})


def test_a_key_is_expected_with_its_tiers():
    """E1 of the specification: 5/14, 21/40, 105/247; other forms take core and acceptable spans by their own label."""
    (layer,) = agree(rater({"d1": E1_MARKS}), keyed(E1_KEY), [Text("d1", 500)], {"x": "character"})
    scores = layer.scores["best_match"].scores
    assert (scores.precision.value, scores.recall.value, scores.f1.value) == (5 / 14, 21 / 40, 105 / 247)
    counted = [mark for mark in E1_MARKS if mark != (138, 160, "fear")]  # a contested span holds it
    plain = [(*entry.places[0], entry.label) for entry in E1_KEY if entry.tier != "contested"]
    assert (layer.spans, layer.set_aside) == ((8, 5), (1, 0))
    assert layer.scores["semeval2020"] == metrics.semeval2020(counted, plain)
    assert [pair.first for pair in layer.pairs if pair.first] == counted
    fear = next(label for label in layer.labels if label.label == "fear")
    assert fear.counts == Contingency(0, 28, 0, 500 - 20)


def test_a_key_on_the_left_is_treated_alike():
    """Its contested units are left out too."""
    one = agree(rater({"d1": E1_MARKS}), keyed(E1_KEY), [Text("d1", 500)], {"x": "character"})[0]
    other = agree(keyed(E1_KEY), rater({"d1": E1_MARKS}), [Text("d1", 500)], {"x": "character"})[0]
    assert all(same(one.measures[name], other.measures[name]) for name in one.measures)
    assert one.scores["semeval2020"].scores.precision == other.scores["semeval2020"].scores.recall
    assert (one.set_aside, other.set_aside) == ((1, 0), (0, 1))
    assert other.scores["best_match"].expected == 7


def test_of_two_keys_what_one_leaves_open_is_expected_of_neither():
    """In best match as in the other scores, whichever of the two is A."""
    open_key = keyed([Expected(((0, 40),), "A", tier="contested"), Expected(((60, 70),), "A")])
    other = keyed([Expected(((0, 38),), "A"), Expected(((60, 70),), "A")])
    for sides in ((open_key, other), (other, open_key)):
        (layer,) = agree(*sides, [Text("d1", 500)], {"x": "character"})
        assert sum(layer.set_aside) == 1
        assert {(tally.right, tally.marked, tally.found, tally.expected) for tally in layer.scores.values()} == {
            (1, 1, 1, 1)
        }


def test_a_text_that_a_key_says_nothing_about():
    """Nothing is expected there."""
    key, mine = keyed(E1_KEY), rater({"d1": [(0, 4, "A")]})
    assert key.expected(("d2", "x"), mine) == ()
    assert mine.expected(("d1", "x"), key) == [Expected(((0, 4),), "A")]


# --- published and exact numbers -------------------------------------------------------------------------------------


def stretches(line: str) -> list[Mark]:
    """Turn 0110 into spans of the marked runs."""
    edges = [i for i, (a, b) in enumerate(pairwise(f"0{line}0")) if a != b]
    return [(start, end, "A") for start, end in zip(edges[::2], edges[1::2], strict=True)]


def test_alpha_of_the_binary_example():
    """Krippendorff 2011: 2/21; kappa is 1/11."""
    layer = compared({"d1": stretches("0100000010")}, {"d1": stretches("1110010000")}, [Text("d1", 10)])
    assert layer.labels[0].measures["alpha"].value == 2 / 21
    assert layer.labels[0].measures["kappa"].value == 1 / 11
    assert layer.measures["alpha"].value == 2 / 21


KAPPAS = {  # both, first, second, units: kappa, positive agreement
    (50, 70, 60, 100): (Fraction(8, 23), Fraction(10, 13)),
    (4, 6, 5, 20): (Fraction(5, 8), Fraction(8, 11)),
    (0, 0, 3, 10): (Fraction(0), Fraction(0)),
    (0, 5, 5, 10): (Fraction(-1), Fraction(0)),
    (10, 10, 10, 10): (None, Fraction(1)),
}


@pytest.mark.parametrize("counts", KAPPAS)
def test_kappa_of_the_table(counts):
    """From spans with these counts."""
    both, first, second, units = counts
    one = {"d1": [(0, first, "A")] if first else []}
    other = {"d1": [(first - both, first - both + second, "A")]}
    (label,) = compared(one, other, [Text("d1", units)]).labels
    kappa, positive = KAPPAS[counts]
    assert label.counts == Contingency(*counts)
    assert label.measures["positive_agreement"].value == float(positive)
    assert label.measures["prevalence"].value == second / units
    if kappa is None:
        assert "everybody used this label everywhere" in label.measures["kappa"].reason
    else:
        assert label.measures["kappa"].value == float(kappa)


@pytest.mark.parametrize(
    ("first", "second", "all_", "valued"),
    [
        ((0, 4, "A"), (2, 6, "A"), Fraction(31, 120), Fraction(31, 120)),
        ((0, 4, "A"), (0, 4, "B"), Fraction(51, 140), Fraction(1)),
    ],
)
def test_unitized_alpha_of_the_examples(first, second, all_, valued):
    """Of the specification, over ten characters."""
    measures = compared({"d1": [first]}, {"d1": [second]}, [Text("d1", 10)]).measures
    assert measures["unitized_alpha"].value == float(all_)
    assert measures["unitized_alpha_valued"].value == float(valued)


def test_the_table_of_counts():
    """M1: the README of a scorer, with one more exact match."""
    key = [*((0, 7, "BRAND"), (33, 41, "DRUG"), (50, 61, "DRUG")), *((70, 79, "DRUG"), (80, 88, "DRUG"))]
    mine = [*((15, 22, "BRAND"), (30, 41, "DRUG"), (50, 61, "BRAND")), *((70, 79, "DRUG"), (80, 88, "DRUG"))]
    layer = compared({"d1": [*mine, (90, 109, "DRUG")]}, {"d1": [*key, (95, 109, "GROUP")]}, [Text("d1")])
    f1 = {scheme: counts.tally.scores.f1.value for scheme, counts in layer.semeval2013.items()}
    assert f1 == {"type": 1 / 2, "partial": 2 / 3, "exact": 1 / 2, "strict": 1 / 3}
    assert sum(pair.second is None for pair in layer.pairs) == 1
    assert Pairing("d1", (30, 41, "DRUG"), (33, 41, "DRUG"), 8, 11) in layer.pairs
