"""The invented hand-ins of `benchmarks/` are what its README says, and the same on every run."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[1]


def load(name: str) -> ModuleType:
    """A module of `benchmarks`, which is a folder of scripts and no package."""
    known = f"benchmarks_{name}"
    spec = importlib.util.spec_from_file_location(known, ROOT / "benchmarks" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[known] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


cohort = load("cohort")
timing = load("timing")
MADE = cohort.material()
HAND_INS = cohort.hand_ins(MADE, 2_000)
COLUMNS = ("hand_in", "label", "start", "end")
SEEDS = st.integers(0, 2**32)


def same(a, b) -> bool:
    """Whether two sets of spans are equal, order included."""
    return all(np.array_equal(getattr(a, column), getattr(b, column)) for column in COLUMNS)


@given(SEEDS)
def test_a_key_has_60_spans_and_every_label(seed):
    """Forty short ones with 20 labels, twenty long ones with 5; all within the article."""
    made = cohort.material(seed=seed)
    layer = cohort.LAYER_OF[made.key.label]
    assert np.bincount(layer).tolist() == [40, 20]
    assert set(made.key.label.tolist()) == set(range(25))
    low, high = made.text.touched(made.key.start, made.key.end)
    words = high - low
    assert words[layer == 0].min() >= 1
    assert words[layer == 0].max() <= 12
    assert words[layer == 1].min() >= 8
    assert words[layer == 1].max() <= 40


@given(SEEDS)
def test_no_two_key_spans_of_a_label_overlap(seed):
    """Peers that cannot hold it are not handed it in the key."""
    key = cohort.material(seed=seed).key
    for label in range(25):
        of_label = key.take(key.label == label)
        order = np.argsort(of_label.start)
        assert (of_label.end[order][:-1] <= of_label.start[order][1:]).all()


@given(SEEDS, st.integers(0, 1_000))
def test_the_same_seed_gives_the_same_hand_ins(seed, first):
    """Another seed or another part gives others."""
    made = cohort.material(seed=seed)
    one = cohort.hand_ins(made, 3, first=first)
    assert same(one, cohort.hand_ins(cohort.material(seed=seed), 3, first=first))
    assert not same(one, cohort.hand_ins(made, 3, first=first + 3))


@given(SEEDS)
def test_marks_lie_in_the_article(seed):
    """Half-open, never empty, with a known label."""
    made = cohort.material(seed=seed)
    marks = cohort.hand_ins(made, 5)
    assert (marks.start >= 0).all()
    assert (marks.start < marks.end).all()
    assert (marks.end <= made.text.length).all()
    assert set(marks.label.tolist()) <= set(range(25))


def test_the_text_has_the_words_of_the_article():
    """Offsets of words are those of the string; it is one headline and several paragraphs."""
    found = MADE.text.string.split()
    assert len(found) == 700
    assert len(MADE.text.string) == MADE.text.length
    places = zip(MADE.text.starts.tolist(), MADE.text.ends.tolist(), strict=True)
    assert [MADE.text.string[start:end] for start, end in places] == found
    assert MADE.text.string.count("\n") == 7


def test_a_hand_in_has_40_to_80_marks():
    """About 61 on average, none twice, in no order."""
    sizes = np.bincount(HAND_INS.hand_in)
    assert len(sizes) == 2_000
    assert sizes.min() >= 38  # a random mark may fall on another one
    assert sizes.max() <= 80
    assert 60 < sizes.mean() < 62
    rows = set(zip(*(getattr(HAND_INS, column).tolist() for column in COLUMNS), strict=True))
    assert len(rows) == len(HAND_INS)
    assert (np.diff(HAND_INS.hand_in) >= 0).all()
    assert 0.4 < (np.diff(HAND_INS.start) > 0).mean() < 0.6


def test_students_find_much_of_the_key():
    """About a sixth of their marks are in the key as they stand: found, unmoved, not ragged, with its own label."""
    key = set(MADE.key.rows())
    share = np.mean([row in key for row in HAND_INS.rows()])
    assert 0.14 < share < 0.18


def test_parts_are_numbered_through():
    """Every hand-in of a million belongs to one part."""
    made = list(cohort.parts(MADE, 25, 10))
    assert [sorted(set(part.hand_in.tolist())) for part in made] == [
        list(range(10)),
        list(range(10, 20)),
        list(range(20, 25)),
    ]
    assert same(made[1], cohort.hand_ins(MADE, 10, first=10))


def test_by_hand_in_keeps_order_and_empty_ones():
    """A hand-in without marks is one."""
    few = HAND_INS.take((HAND_INS.hand_in < 3) & (HAND_INS.hand_in != 1))
    first, second, third, fourth = few.by_hand_in(0, 4)
    assert [len(second), len(fourth)] == [0, 0]
    assert first.rows() + third.rows() == few.rows()


def test_the_long_text_has_a_mark_for_every_entry():
    """As many marks as entries."""
    made, marks = cohort.long_material(words=2_000, spans=200)
    assert (made.text.words, len(made.key), len(marks)) == (2_000, 200, 200)


def test_untidy_hand_ins_hold_copies_and_nested_marks():
    """Everything of the tidy ones, and more."""
    firm, marks = cohort.firmness(MADE), cohort.hand_ins(MADE, 50)
    messy = cohort.untidy(MADE, marks)
    assert same(messy.take(np.arange(len(marks))), marks)
    rows = list(zip(messy.hand_in.tolist(), messy.rows(), strict=True))
    assert len(set(rows)) < len(rows)
    assert (messy.start < messy.end).all()
    assert set(firm.tier) == {"core", "acceptable", "contested"}
    assert any(firm.also)
    assert all(label not in also for (_, _, label), also in zip(MADE.key.rows(), firm.also, strict=True))
    assert any(firm.extents)


def test_tasks_take_turns():
    """Each runs once before the clock starts; short ones run three times in each round."""
    done: list[str] = []
    seconds = timing.interleaved({"a": lambda: done.append("a"), "b": lambda: done.append("b")}, quick=True)
    assert done == ["a", "b"] + ["a", "a", "a", "b", "b", "b"] * 3
    assert [len(values) for values in seconds.values()] == [3, 3]


def test_a_ratio_is_the_median_of_the_rounds():
    """So are its quartiles."""
    row = timing.quotient("peer", "job", [2.0, 4.0, 30.0], [1.0, 1.0, 2.0], target=timing.Target(3, at_least=True))
    assert row.value == pytest.approx(4)
    assert (row.low, row.high) == (3, 9.5)
    assert row.met
    assert row.record()["target"] == "≥ 3"
    assert not timing.Target(3).met(row.value)
