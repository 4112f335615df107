"""Texts end to end: counts taken from ranges are those of a row with one entry per unit."""

import math
from collections.abc import Iterable, Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondsource.agreement import Contingency, binary_alpha, nominal_alpha, nominal_kappa, unitized_alpha
from secondsource.continuum import Continuum, Text, Units, label_alpha
from secondsource.metrics import Mark
from secondsource.ratio import Ratio

LENGTH = 30
WORDS = ((1, 4), (5, 6), (8, 15), (15, 20), (22, 29))
CHARACTERS = tuple((i, i + 1) for i in range(LENGTH))
DOCS = ("d1", "d2")
Side = Mapping[str, Iterable[Mark]]


def marks(most: int = LENGTH) -> st.SearchStrategy[Mark]:
    """Draw a span of a text of 30 characters."""
    places = st.tuples(st.integers(0, most - 1), st.integers(0, most - 1)).map(sorted)
    return st.tuples(places, st.sampled_from("ABC")).map(lambda drawn: (drawn[0][0], drawn[0][1] + 1, drawn[1]))


sides = st.fixed_dictionaries({doc: st.lists(marks(), max_size=6) for doc in DOCS})


def row(side: Iterable[Mark], units: Sequence[tuple[int, int]], label: str | None = None) -> list[frozenset[str]]:
    """Labels of each unit, the slow way."""
    wanted = [span for span in side if label in (None, span[2])]
    return [frozenset(m[2] for m in wanted if m[0] < end and start < m[1]) for start, end in units]


def same(a: Ratio, b: Ratio) -> bool:
    """Tell whether two ratios are equal, or both undefined for the same reason."""
    return (a.value == b.value and a.defined and b.defined) or (a.reason == b.reason != "")


@pytest.mark.parametrize("words", [None, WORDS], ids=["characters", "words"])
@given(first=sides, second=sides)
def test_counts_are_those_of_a_row_with_one_entry_per_unit(words, first, second):
    """Per label and for the whole layer, over all texts; the alphas too."""
    texts = [Text(doc, LENGTH, words) for doc in DOCS]
    continuum = Continuum(texts, "word" if words else "character", first, second)
    units = words or CHARACTERS
    for label in "ABC":
        mine, theirs = ([cell for doc in DOCS for cell in row(side[doc], units, label)] for side in (first, second))
        counts = continuum.counts(label)
        assert counts == Contingency.of(mine, theirs)
        expected = binary_alpha([bool(a) + bool(b) for a, b in zip(mine, theirs, strict=True)], 2)
        assert same(label_alpha(counts), expected)
    mine, theirs = ([cell for doc in DOCS for cell in row(side[doc], units)] for side in (first, second))
    if any(len(cell) > 1 for cell in mine + theirs):
        assert "two different labels" in continuum.kappa.reason
        assert continuum.kappa == continuum.alpha or math.isnan(continuum.alpha.value)
    else:
        one = [[min(cell, default="none") for cell in cells] for cells in (mine, theirs)]
        assert same(continuum.kappa, nominal_kappa(*one))
        assert same(continuum.alpha, nominal_alpha(one))


@given(sides, sides)
def test_unitized_alpha_is_that_of_the_texts_end_to_end(first, second):
    """Per label with overlaps united; for the layer where no labels of one side overlap."""

    def laid(side: Side, label: str | None) -> list[Mark]:
        cells = [(i * LENGTH + s, i * LENGTH + e, lab) for i, doc in enumerate(DOCS) for s, e, lab in side[doc]]
        made: list[Mark] = []
        for start, end, lab in sorted(cell for cell in cells if label in (None, cell[2])):
            if made and start < made[-1][1] and lab == made[-1][2]:
                made[-1] = (made[-1][0], max(end, made[-1][1]), lab)
            else:
                made.append((start, end, lab))
        return made

    continuum = Continuum([Text(doc, LENGTH) for doc in DOCS], "character", first, second)
    for label in "ABC":
        both = [laid(first, label), laid(second, label)]
        expected = unitized_alpha(both, len(DOCS) * LENGTH)
        assert same(continuum.unitized(label).all, expected.all)
        assert same(continuum.unitized(label).valued, expected.valued)
    apart = [(a, b) for side in (first, second) for doc in DOCS for a in side[doc] for b in side[doc] if a[2] != b[2]]
    if any(a[0] < b[1] and b[0] < a[1] for a, b in apart):
        assert "with different labels overlap" in continuum.unitized_layer.all.reason
    else:
        both = [sorted(span for label in "ABC" for span in laid(side, label)) for side in (first, second)]
        assert same(continuum.unitized_layer.all, unitized_alpha(both, len(DOCS) * LENGTH).all)


@given(sides, sides, sides)
def test_units_that_a_contested_span_touches_are_left_out(first, second, contested):
    """Of the same label in a label's counts, of any in the layer's kappa."""
    texts = [Text(doc, LENGTH, WORDS) for doc in DOCS]
    continuum = Continuum(texts, "word", first, second, contested)

    def kept(side: Side, label: str | None) -> list[frozenset[str]]:
        cells = [cell for doc in DOCS for cell in row(side[doc], WORDS, label)]
        holes = [cell for doc in DOCS for cell in row(contested[doc], WORDS, label)]
        return [cell for cell, hole in zip(cells, holes, strict=True) if not hole]

    for label in "ABC":
        assert continuum.counts(label) == Contingency.of(kept(first, label), kept(second, label))
    rows = [kept(first, None), kept(second, None)]
    if all(len(cell) < 2 for cells in rows for cell in cells):
        assert same(continuum.kappa, nominal_kappa(*rows))


def test_a_text_that_cannot_be_cut_into_words():
    """A mistake in a program is a ValueError."""
    with pytest.raises(ValueError, match="the words of the text d1 are not known"):
        Text("d1", 5).units("word")
    assert Text("d1", 5, sentences=((0, 2),)).units("sentence") == Units(1, ((0, 2),))
