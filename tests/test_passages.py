"""A class, passage by passage."""

import pytest

from secondsource.comparison import compare
from secondsource.errors import MismatchError
from secondsource.passages import COLUMNS, TOO_FEW, passages
from synthetic import entry, key, labels

ENTRIES = [(0, 10), (20, 30), (40, 50), entry(60, 70, tier="acceptable"), entry(80, 90, tier="contested")]
KEY = key(ENTRIES)


def hand_ins(*patterns):
    """Comparisons of hand-ins that found the passages whose place holds a 1."""
    places = [(0, 10), (20, 30), (40, 50)]
    return [
        compare(labels([at for at, hit in zip(places, found, strict=True) if hit == "1"]), KEY) for found in patterns
    ]


def test_the_worked_example():
    """Five hand-ins: difficulty as documented; discrimination is chance and not shown."""
    frame = passages(hand_ins("111", "110", "101", "100", "000"))
    assert tuple(frame.columns) == COLUMNS
    assert frame["difficulty"].tolist() == [0.8, 0.4, 0.4]
    assert ((frame["low"] < frame["difficulty"]) & (frame["difficulty"] < frame["high"])).all()
    assert frame["discrimination"].isna().all()
    assert set(frame["reason"]) == {TOO_FEW}
    assert not frame["flagged"].any()


def test_discrimination_is_shown_from_fifty_hand_ins_on():
    """Ten copies of the example: the documented correlations."""
    frame = passages(hand_ins(*["111", "110", "101", "100", "000"] * 10))
    assert frame["discrimination"].round(4).tolist() == [0.5345, 0.3273, 0.3273]
    assert (frame["reason"] == "").all()
    always = passages(hand_ins(*["100"] * 25, *["110"] * 25))
    assert always["reason"].tolist()[0].startswith("everybody found this passage")


def test_a_passage_that_strong_hand_ins_miss_is_flagged():
    """Those who found it found none of the others."""
    frame = passages(hand_ins(*["100"] * 20, *["011"] * 30))
    assert frame.loc[frame["quote"].index[0], "flagged"]


def test_nobody_handed_in():
    """An empty table with the same columns."""
    frame = passages([])
    assert (tuple(frame.columns), len(frame)) == (COLUMNS, 0)


def test_a_mixed_class_is_refused():
    """Other keys and other parts are other questions."""
    with pytest.raises(MismatchError, match="CLASS-MIXED"):
        passages([*hand_ins("111"), compare(labels([]), key([(0, 10)]))])
