"""Agreement against published tables, exact fractions, other packages and slow references."""

import itertools
import math
import random
from fractions import Fraction

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from secondsource import agreement
from secondsource.agreement import (
    Contingency,
    Unitized,
    binary_alpha,
    mean_kappa,
    nominal_alpha,
    nominal_kappa,
    unitized_alpha,
)
from secondsource.ratio import Ratio

F = Fraction
CLOSE = {"rel": 0, "abs": 1e-12}

rows_of_two = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=30)
ratings = st.integers(0, 8).flatmap(
    lambda units: st.lists(
        st.lists(st.sampled_from([None, "A", "B", "C"]), min_size=units, max_size=units), min_size=2, max_size=5
    )
)


def same(left: Ratio, right: Ratio) -> bool:
    """Whether two ratios are the same number to the last bit, or both undefined for the same reason."""
    return left == right or (math.isnan(left.value) and math.isnan(right.value) and left.reason == right.reason != "")


def is_undefined(ratio: Ratio, reason: str) -> bool:
    """Whether a ratio is NaN with this reason."""
    return math.isnan(ratio.value) and ratio.reason == reason


def table(pairs):
    """The contingency of (first, second) pairs."""
    return Contingency.of([first for first, _ in pairs], [second for _, second in pairs])


# Kappa


@pytest.mark.parametrize(
    ("counts", "kappa"),
    [((50, 70, 60, 100), F(8, 23)), ((4, 6, 5, 20), F(5, 8)), ((0, 0, 3, 10), F(0)), ((0, 5, 5, 10), F(-1))],
)
def test_kappa_of_the_documented_tables(counts, kappa):
    """Exact to the last bit, also the positive agreement and prevalence of the first."""
    assert Contingency(*counts).kappa == Ratio.of(kappa)


def test_the_other_figures_of_a_table():
    """Observed and chance agreement, positive agreement, prevalence."""
    both = Contingency(50, 70, 60, 100)
    assert both.positive_agreement == Ratio.of(F(10, 13))
    assert (both.observed.value, both.chance.value, both.prevalence.value) == (0.7, 0.54, 0.6)


@pytest.mark.parametrize(
    ("counts", "kappa", "positive", "prevalence"),
    [
        ((0, 0, 0, 10), agreement.UNUSED, agreement.UNUSED, 0.0),
        ((10, 10, 10, 10), agreement.EVERYWHERE, 1.0, 1.0),
        ((0, 0, 0, 0), agreement.NOTHING, agreement.NOTHING, agreement.NOTHING),
        ((0, 10, 0, 10), 0.0, 0.0, 0.0),
        ((0, 0, 1, 1), 0.0, 0.0, 1.0),
    ],
    ids=["used by nobody", "on every unit", "no units", "one always, one never", "a single unit"],
)
def test_undefined_kappa_says_why(counts, kappa, positive, prevalence):
    """A number or the reason why there is none; one constant side is a kappa of 0."""
    both = Contingency(*counts)
    for ratio, expected in ((both.kappa, kappa), (both.positive_agreement, positive), (both.prevalence, prevalence)):
        assert is_undefined(ratio, expected) if isinstance(expected, str) else ratio == Ratio(expected)


def test_without_units_nothing_is_defined():
    """Observed and chance agreement too."""
    assert is_undefined(Contingency().observed, agreement.NOTHING)
    assert is_undefined(Contingency().chance, agreement.NOTHING)


@pytest.mark.parametrize("counts", [(5, 4, 6, 10), (0, 6, 6, 10), (-1, 0, 0, 10), (0, -1, 0, 10), (0, 0, 11, 10)])
def test_impossible_counts_are_refused(counts):
    """More in common than either has, less than there must be, more than there are units, negative."""
    with pytest.raises(ValueError, match="no two readers"):
        Contingency(*counts)


def test_rows_of_unequal_length_are_refused():
    """By every function that takes rows."""
    with pytest.raises(ValueError, match="shorter"):
        Contingency.of([1, 0], [1])
    with pytest.raises(ValueError, match="longer"):
        nominal_kappa("A", "AB")
    with pytest.raises(ValueError, match="one entry for each unit"):
        nominal_alpha(["AB", "A"])


def test_a_label_the_student_never_used_earns_nothing():
    """Where AC1 would be 0.990 and PABAK 0.980: 0."""
    assert Contingency(0, 0, 1, 100).kappa == Ratio(0.0)


@given(rows_of_two, rows_of_two)
def test_contingencies_of_texts_add_up(first, second):
    """Counting two texts laid end to end is the same as adding their counts, in either order."""
    assert table(first + second) == table(first) + table(second) == table(second) + table(first)


@given(rows_of_two)
def test_kappa_is_symmetric_and_in_range(pairs):
    """Swapping the readers, or marked with unmarked, changes nothing; several copies of the text neither."""
    kappa = table(pairs).kappa
    assert same(kappa, table([(second, first) for first, second in pairs]).kappa)
    assert same(kappa, table(pairs * 3).kappa)
    turned = table([(not first, not second) for first, second in pairs]).kappa
    assert (kappa.value, kappa.defined) == (turned.value, turned.defined) or not (kappa.defined or turned.defined)
    assert -1 <= kappa.value <= 1 or not kappa.defined


@given(st.lists(st.booleans()))
def test_two_equal_readers_agree_fully(row):
    """Kappa is 1, or undefined if there is nothing to compare."""
    kappa = Contingency.of(row, row).kappa
    assert kappa.value == 1 if len(set(row)) == 2 else not kappa.defined


@given(rows_of_two)
def test_kappa_of_one_label_is_kappa_of_two(pairs):
    """Marked and unmarked are two labels; one reason is told more exactly than the other."""
    one, two = table(pairs).kappa, nominal_kappa([a for a, _ in pairs], [b for _, b in pairs])
    assert one == two or not (one.defined or two.defined)


def test_kappa_equals_scikit_learn():
    """On 500 random pairs of rows with one to five labels, wherever it is defined there."""
    rng = random.Random(1)
    compared = 0
    for _ in range(500):
        labels = "ABCDE"[: rng.randint(2, 5)]
        first, other = rng.choices(labels, k=20), rng.choices(labels, k=20)
        second = [rng.choice(both) for both in zip(first, other, strict=True)]
        if len({*first, *second}) > 1:
            assert nominal_kappa(first, second).value == pytest.approx(cohen_kappa_score(first, second), **CLOSE)
            marked = Contingency.of([a == "A" for a in first], [b == "A" for b in second])
            if marked.kappa.defined:
                peer = cohen_kappa_score([a == "A" for a in first], [b == "A" for b in second])
                assert marked.kappa.value == pytest.approx(peer, **CLOSE)
                compared += 1
    assert compared > 400


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("ABC"))))
def test_nominal_kappa_knows_labels_only_by_difference(pairs):
    """Other names, swapped readers, another order of the units: the same number to the last bit."""
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    kappa = nominal_kappa(first, second)
    assert same(kappa, nominal_kappa(second, first))
    assert same(kappa, nominal_kappa([{"A": 7}.get(a, a) for a in first], [{"A": 7}.get(b, b) for b in second]))
    assert same(kappa, nominal_kappa(first[::-1] * 2, second[::-1] * 2))
    assert -1 <= kappa.value <= 1 or is_undefined(kappa, agreement.NO_VARIATION if pairs else agreement.NOTHING)


def test_mean_kappa_leaves_out_what_is_undefined():
    """And says how many labels entered; in any order to the last bit."""
    tables = [Contingency(4, 6, 5, 20), Contingency(0, 0, 0, 9), Contingency(3, 7, 5, 40), Contingency(0, 5, 5, 10)]
    ((mean, number),) = {mean_kappa(order) for order in itertools.permutations(tables)}
    assert mean.value == pytest.approx(float((F(5, 8) + F(17, 41) - 1) / 3), **CLOSE)
    assert number == 3


def test_mean_kappa_without_any_label():
    """Undefined, of none."""
    for tables in ([], [Contingency(0, 0, 0, 9)]):
        mean, number = mean_kappa(tables)
        assert is_undefined(mean, agreement.NOTHING)
        assert number == 0


# Alpha of units


def test_alpha_of_the_published_tables():
    """Krippendorff 2011, the binary and the nominal example, exact; kappa of the first is 1/11."""
    first, second = "0100000010", "1110010000"
    assert nominal_alpha([first, second]) == Ratio.of(F(2, 21))
    assert binary_alpha([int(a) + int(b) for a, b in zip(first, second, strict=True)], 2) == Ratio.of(F(2, 21))
    assert nominal_kappa(first, second) == Ratio.of(F(1, 11))
    rows = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
    assert nominal_alpha([[None if x == "." else x for x in row] for row in rows]) == Ratio.of(F(113, 152))
    assert nominal_alpha([[math.nan if x == "." else int(x) for x in row] for row in rows]) == Ratio.of(F(113, 152))


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], agreement.TOO_FEW),
        (["AB"], agreement.TOO_FEW),
        (["", ""], agreement.NOTHING),
        ([["A", None], [None, "B"]], agreement.NOT_SHARED),
        ([[None, math.nan], [None, math.nan]], agreement.NOT_SHARED),
        (["AAA", "AAA"], agreement.NO_VARIATION),
        ([["A", "A", "B"], ["A", "A", None]], agreement.NO_VARIATION),
    ],
    ids=["nobody", "one", "no units", "no shared unit", "all missing", "one label", "the other label not shared"],
)
def test_undefined_alpha_says_why(rows, reason):
    """Nobody is given a 0 or a 1 for a table that says nothing."""
    assert is_undefined(nominal_alpha(rows), reason)


@pytest.mark.parametrize(
    ("marked", "raters", "reason"),
    [
        ([], 0, agreement.TOO_FEW),
        ([1, 0], 1, agreement.TOO_FEW),
        ([], 3, agreement.NOTHING),
        ([0, 0], 3, agreement.UNUSED),
        ([3, 3], 3, agreement.EVERYWHERE),
    ],
)
def test_undefined_alpha_of_one_label_says_why(marked, raters, reason):
    """With fewer than two raters, without units, used by nobody and on every unit."""
    assert is_undefined(binary_alpha(marked, raters), reason)


@pytest.mark.parametrize("marked", [[4], [-1], [0, 1, 4]])
def test_more_marks_than_raters_are_refused(marked):
    """Or fewer than none."""
    with pytest.raises(ValueError, match="0 to 3 raters"):
        binary_alpha(marked, 3)


def test_where_a_package_gives_up_there_is_a_reason():
    """Two raters, all 0: an exception in krippendorff 0.9.0."""
    with pytest.raises(ValueError, match="more than one value"):
        krippendorff.alpha([[0, 0, 0], [0, 0, 0]], level_of_measurement="nominal")
    assert is_undefined(nominal_alpha([[0, 0, 0], [0, 0, 0]]), agreement.NO_VARIATION)
    assert is_undefined(binary_alpha([0, 0, 0], 2), agreement.UNUSED)


def test_two_constant_raters_have_a_reason():
    """Where irrCAC 0.4.4 has AC1 1.0, NaN or a ZeroDivisionError."""
    assert is_undefined(nominal_kappa("AAAA", "AAAA"), agreement.NO_VARIATION)
    assert is_undefined(nominal_alpha(["AAAA", "AAAA"]), agreement.NO_VARIATION)
    assert is_undefined(Contingency(4, 4, 4, 4).kappa, agreement.EVERYWHERE)
    assert nominal_kappa("AAAA", "BBBB") == Ratio(0.0)


def test_alpha_equals_krippendorff():
    """On 400 random tables of 2 to 6 raters, up to 5 labels and many missing values."""
    rng = np.random.default_rng(2)
    compared = 0
    for _ in range(400):
        raters, units, labels = rng.integers((2, 1, 2), (7, 30, 6))
        data = rng.integers(labels, size=(raters, units)).astype(float)
        data[rng.random(data.shape) < rng.choice((0, 0.2, 0.6))] = np.nan
        ours = nominal_alpha(data.tolist())
        if ours.defined:
            peer = krippendorff.alpha(data, level_of_measurement="nominal")
            assert ours.value == pytest.approx(peer, **CLOSE)
            compared += 1
    assert compared > 300


@given(ratings, st.randoms())
def test_alpha_knows_nothing_of_names_and_orders(rows, rng):
    """Permuted raters and units and other names of the labels give the same number to the last bit."""
    alpha = nominal_alpha(rows)
    order = rng.sample(range(len(rows[0])), len(rows[0]))
    names = {None: None, "A": 1, "B": "A", "C": ("x",)}
    mixed = [[names[row[unit]] for unit in order] for row in rng.sample(rows, len(rows))]
    assert same(alpha, nominal_alpha(mixed))
    assert alpha.value <= 1 or not alpha.defined


@given(ratings)
def test_units_with_one_label_do_not_count(rows):
    """A unit that only one rater labelled, or none, changes nothing."""
    longer = [[*row, "A" if i == 0 else None, None] for i, row in enumerate(rows)]
    assert nominal_alpha(longer).value == nominal_alpha(rows).value or not nominal_alpha(rows).defined


@given(st.lists(st.sampled_from("ABC")), st.integers(2, 4))
def test_equal_raters_have_full_alpha(row, raters):
    """1, or undefined without variation."""
    alpha = nominal_alpha([row] * raters)
    assert alpha.value == 1 if len(set(row)) > 1 else not alpha.defined


@given(st.integers(2, 6).flatmap(lambda n: st.tuples(st.just(n), st.lists(st.integers(0, n)))), st.randoms())
def test_alpha_of_one_label_needs_no_table(case, rng):
    """It is the alpha of any table of 0 and 1 with these sums, and does not depend on the order of the units."""
    raters, marked = case
    columns = [rng.sample([1] * c + [0] * (raters - c), raters) for c in marked]
    alpha = binary_alpha(marked, raters)
    full = nominal_alpha([[column[i] for column in columns] for i in range(raters)])
    assert alpha == full or not (alpha.defined or full.defined)
    assert same(alpha, binary_alpha(np.array(sorted(marked), dtype=np.int64), raters))


# Alpha of stretches


def slow_unitized(raters, length):
    """The formulas of the paper, character by character and cell by cell, as fractions; None if undefined."""
    m = len(raters)
    values = [None, *sorted({label for units in raters for _, _, label in units})]
    text = [[None] * length for _ in raters]
    lengths_squared = dict.fromkeys(values, 0)
    for row, units in zip(text, raters, strict=True):
        for start, end, label in units:
            row[start:end] = [label] * (end - start)
            lengths_squared[label] += (end - start) ** 2
        lengths_squared[None] += row.count(None)
    o = dict.fromkeys(itertools.product(values, values), F(0))
    for first, second in itertools.permutations(text, 2):
        for pair in zip(first, second, strict=True):
            o[pair] += F(1, m - 1)
    total = sum(o.values())
    n = {c: sum(o[c, k] for k in values) for c in values}
    free = total**2 - sum(lengths_squared.values())
    e = {(c, k): total * (n[c] * n[k] - (c == k) * lengths_squared[c]) / free for c, k in o}
    observed, expected = (total - sum(matrix[c, c] for c in values) for matrix in (o, e))
    loose, by_chance = (sum(matrix[None, k] for k in values[1:]) for matrix in (o, e))
    return [1 - part / whole if whole else None for part, whole in ((observed, expected), (loose, by_chance))]


def agrees(result: Unitized, slow) -> bool:
    """Whether both figures are these fractions, correctly rounded, or undefined with a reason."""
    return all(
        ratio == Ratio.of(fraction) if fraction is not None else math.isnan(ratio.value) and ratio.reason
        for ratio, fraction in zip((result.all, result.valued), slow, strict=True)
    )


EXAMPLES = {
    "two": ([[(0, 4, "A")], [(2, 6, "A")]], 10, F(31, 120), F(31, 120)),
    "two labels": ([[(0, 4, "A")], [(0, 4, "B")]], 10, F(51, 140), F(1)),
    "three raters": (
        [
            [(2, 5, "1"), (9, 11, "1"), (12, 20, "2")],
            [(2, 5, "1"), (7, 15, "2")],
            [(2, 5, "1"), (10, 15, "2")],
        ],
        20,
        F(109, 230),
        F(277, 640),
    ),
}


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_unitized_alpha_of_the_documented_examples(name):
    """Exact, where Potato has 0.208 and 0.321 for the first two; the slow reference agrees."""
    raters, length, every, valued = EXAMPLES[name]
    assert unitized_alpha(raters, length) == Unitized(Ratio.of(every), Ratio.of(valued))
    assert slow_unitized(raters, length) == [every, valued]


@st.composite
def stretches(draw, length):
    """Stretches of one rater, some of them touching, with one of three labels."""
    cuts = sorted(draw(st.sets(st.integers(0, length), max_size=8)))
    labels = draw(st.lists(st.sampled_from([None, "A", "B", "C"]), min_size=8, max_size=8))
    return [(start, end, label) for (start, end), label in zip(itertools.pairwise(cuts), labels, strict=False) if label]


texts = st.integers(1, 25).flatmap(
    lambda length: st.tuples(st.lists(stretches(length), min_size=2, max_size=4), st.just(length))
)


@given(texts)
def test_unitized_alpha_equals_the_slow_reference(text):
    """To the last bit on random texts, gaps and touching stretches included."""
    assert agrees(unitized_alpha(*text), slow_unitized(*text))


def test_unitized_alpha_equals_the_slow_reference_on_many_texts():
    """500 seeded texts with up to five raters, always the same ones."""
    rng = random.Random(3)
    for _ in range(500):
        length = rng.randint(1, 40)
        raters = []
        for _ in range(rng.randint(2, 5)):
            cuts = sorted(rng.sample(range(length + 1), rng.randint(0, min(7, length + 1))))
            pieces = [(*ends, rng.choice("AABC")) for ends in itertools.pairwise(cuts)]
            raters.append([piece for piece in pieces if rng.random() < 0.7])
        assert agrees(unitized_alpha(raters, length), slow_unitized(raters, length))


@given(texts, st.randoms())
def test_unitized_alpha_knows_nothing_of_names_and_orders(text, rng):
    """Permuted raters, stretches and labels, and the text read backwards, give the same to the last bit."""
    raters, length = text
    names = dict(zip("ABC", rng.sample("ABC", 3), strict=True))
    mixed = [
        [(length - end, length - start, names[label]) for start, end, label in rng.sample(units, len(units))]
        for units in rng.sample(raters, len(raters))
    ]
    result, other = unitized_alpha(raters, length), unitized_alpha(mixed, length)
    assert same(result.all, other.all)
    assert same(result.valued, other.valued)
    assert all(not ratio.defined or ratio.value <= 1 for ratio in (result.all, result.valued))


@given(texts)
def test_with_one_label_both_figures_are_the_same(text):
    """Labels that do not differ add nothing to being marked."""
    raters, length = text
    result = unitized_alpha([[(start, end, "A") for start, end, _ in units] for units in raters], length)
    assert same(result.all, result.valued)
    labelled = unitized_alpha(raters, length)
    assert same(labelled.valued, result.valued) or labelled.valued.reason == agreement.NO_GAPS


@given(stretches(20), st.integers(2, 4))
def test_equal_raters_have_full_unitized_alpha(units, raters):
    """1, or undefined without variation."""
    result = unitized_alpha([units] * raters, 20)
    assert all(ratio.value == 1 or ratio.reason for ratio in (result.all, result.valued))
    assert result.all.defined == (bool(units) and not (sum(e - s for s, e, _ in units) == 20 and same_label(units)))


def same_label(units) -> bool:
    """Whether all stretches have one label."""
    return len({label for _, _, label in units}) == 1


@pytest.mark.parametrize("place", [0, 5, 6, 13])
def test_unitized_alpha_does_not_depend_on_where_gaps_are(place):
    """A stretch that all leave unmarked counts the same in front, between and behind the marks."""
    raters, length = [[(0, 5, "A"), (6, 10, "B")], [(0, 5, "A"), (6, 13, "B")]], 13

    def moved(at):
        return at + 7 if at >= place else at

    pushed = [[(moved(start), moved(end - 1) + 1, label) for start, end, label in units] for units in raters]
    behind = unitized_alpha(raters, length + 7)
    assert unitized_alpha(pushed, length + 7) == behind


@pytest.mark.parametrize(
    ("raters", "length", "every", "valued"),
    [
        ([], 10, agreement.TOO_FEW, agreement.TOO_FEW),
        ([[(0, 4, "A")]], 10, agreement.TOO_FEW, agreement.TOO_FEW),
        ([[], []], 0, agreement.NOTHING, agreement.NOTHING),
        ([[], []], 10, agreement.UNMARKED, agreement.UNMARKED),
        ([[(0, 10, "A")], [(0, 4, "A"), (4, 10, "A")]], 10, agreement.NO_VARIATION, agreement.NO_VARIATION),
        ([[(0, 10, "A")], [(0, 10, "B")]], 10, 0, agreement.NO_GAPS),
    ],
    ids=["nobody", "one", "no text", "no marks", "all the same", "no gaps"],
)
def test_undefined_unitized_alpha_says_why(raters, length, every, valued):
    """Each figure for itself: two raters who marked everything, differently, still disagree on labels."""
    result = unitized_alpha(raters, length)
    assert is_undefined(result.all, every) if isinstance(every, str) else result.all.value == every
    assert is_undefined(result.valued, valued)


@pytest.mark.parametrize(
    ("units", "message"),
    [
        ([(0, 5, "A"), (4, 8, "B")], "overlap"),
        ([(0, 5, "A"), (0, 5, "A")], "overlap"),
        ([(4, 8, "A"), (0, 20, "A")], "not a stretch"),
        ([(4, 8, "A"), (0, 10, "A")], "overlap"),
        ([(-1, 5, "A")], "not a stretch"),
        ([(5, 11, "A")], "not a stretch"),
        ([(5, 5, "A")], "not a stretch"),
        ([(6, 5, "A")], "not a stretch"),
    ],
)
def test_impossible_stretches_are_refused(units, message):
    """Overlapping ones of one rater, empty and reversed ones, and those that leave the text; even of a lone rater."""
    for raters in ([units], [[], units]):
        with pytest.raises(ValueError, match=message):
            unitized_alpha(raters, 10)


def test_large_classes():
    """30 raters on 100,000 units, and with 2,000 stretches each; a product of the sides would take minutes."""
    rng = random.Random(4)
    rows = [rng.choices("ABCDE", k=100_000) for _ in range(30)]
    units = []
    for _ in range(30):
        cuts = sorted(rng.sample(range(10**6), 4_000))
        units.append([(*ends, rng.choice("ABCDE")) for ends in zip(cuts[::2], cuts[1::2], strict=True)])
    assert abs(nominal_alpha(rows).value) < 0.01
    assert abs(unitized_alpha(units, 10**6).all.value) < 0.01
