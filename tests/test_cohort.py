"""Scores of a class: every number is that of the plain functions, and no order or chunk changes a bit of it."""

import random
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from math import isnan

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secondsource.agreement import Contingency, mean_kappa
from secondsource.cohort import CohortScores, Sheet, TableError, pack, score, scoring
from secondsource.errors import CaseError, OffsetError, SecondSourceError, UnknownNameError
from secondsource.metrics import Expected, Tally, best_match, exact, scored, semeval2020

LABELS = ("A", "B", "C", "D")
FORMS = ("exact", "semeval", "best_match")
NUMBERS = ("right", "marked", "found", "expected")
Rows = list[tuple[int, str, int, int]]


def text(rng: random.Random) -> tuple[list[tuple[int, int]], int]:
    """Return words, some of them touching, and the length of the text."""
    words, at = [], rng.randrange(2)
    for _ in range(rng.randrange(1, 12)):
        size = rng.randrange(1, 6)
        words.append((at, at + size))
        at += size + rng.choice((0, 1, 1, 2))
    return words, at + rng.randrange(3)


def stretch(rng: random.Random, length: int, near: list[tuple[int, int]]) -> tuple[int, int]:
    """Return bounds, often those of the key or close to them, sometimes the whole text."""
    if near and rng.random() < 0.6:
        start, end = rng.choice(near)
        start, end = start + rng.choice((0, 0, -1, 1, 2)), end + rng.choice((0, 0, -2, 1))
    else:
        start = rng.randrange(length)
        end = length if rng.random() < 0.1 else start + rng.randrange(1, 9)
    start, end = max(0, min(start, length - 1)), min(length, end)
    return (start, end) if start < end else (0, length)


def key(rng: random.Random, length: int) -> list[Expected]:
    """Return entries of all tiers; same-label ones overlap, touch, repeat and have other bounds and labels."""
    entries: list[Expected] = []
    for _ in range(rng.choice((0, 1, 2, 4, 8))):
        near = [place for entry in entries for place in entry.places]
        places = tuple(stretch(rng, length, near) for _ in range(rng.choice((1, 1, 1, 2, 3))))
        also = frozenset(rng.sample(LABELS, rng.choice((0, 0, 1, 2))))
        tier = rng.choice(("core", "core", "core", "acceptable", "contested"))
        entries.append(Expected(places, rng.choice(LABELS[:3]), also, tier))
    return entries


def marks(rng: random.Random, length: int, entries: list[Expected], hand_ins: int) -> Rows:
    """Return rows of some hand-ins: nothing, the key itself, fragments, duplicates and nonsense."""
    near = [place for entry in entries for place in entry.places]
    rows: Rows = []
    for hand in range(hand_ins):
        kind = rng.randrange(5)
        if kind == 1:
            rows += [(hand, entry.label, *entry.places[0]) for entry in entries]
        elif kind == 2:
            rows += [(hand, rng.choice(LABELS), at, at + 1) for at in range(0, length, rng.choice((1, 2, 3)))]
        elif kind > 2:
            rows += [(hand, rng.choice(LABELS), *stretch(rng, length, near)) for _ in range(rng.randrange(12))]
        rows += rng.sample(rows, min(len(rows), rng.randrange(3)))
    rng.shuffle(rows)
    return rows


def table(rows: Rows) -> pd.DataFrame:
    """Return rows as a table."""
    return pd.DataFrame(rows, columns=["hand_in", "label", "start", "end"]).astype(
        {"hand_in": "int64", "label": "str", "start": "int64", "end": "int64"}
    )


def case(seed: int, hand_ins: int = 6) -> tuple[Sheet, Rows]:
    """Return a random sheet and the rows of some hand-ins."""
    rng = random.Random(seed)
    words, length = text(rng)
    entries = key(rng, length)
    sheet = Sheet.plain(entries, length=length, words=words if rng.random() < 0.95 else (), labels=LABELS)
    return sheet, marks(rng, length, entries, hand_ins)


def plain_tally(form: str, mine: list[tuple[int, int, str]], sheet: Sheet) -> Tally:
    """Return what the plain functions say."""
    if form == "best_match":
        return best_match(mine, sheet.entries)
    spans = [(*entry.places[0], entry.label) for entry in sheet.entries if entry.tier != "contested"]
    return (exact if form == "exact" else semeval2020)(scored(mine, sheet.entries), spans)


def plain_contingency(label: str, mine: list[tuple[int, int, str]], sheet: Sheet) -> Contingency:
    """Return agreement on words, word by word."""

    def touched(word: tuple[int, int], spans: list[tuple[int, int, str]]) -> bool:
        return any(s < word[1] and word[0] < e for s, e, name in spans if name == label)

    spans = {
        contested: [(*e.places[0], e.label) for e in sheet.entries if (e.tier == "contested") == contested]
        for contested in (True, False)
    }
    words = [word for word in sheet.words if not touched(word, spans[True])]
    counted = scored(mine, sheet.entries)
    return Contingency.of((touched(word, counted) for word in words), (touched(word, spans[False]) for word in words))


def same(value: float, other: float) -> bool:
    """Tell whether two numbers are equal to 12 digits, or both undefined."""
    return (isnan(value) and isnan(other)) or abs(value - other) <= 1e-12


def check(sheet: Sheet, rows: Rows, hand_ins: int) -> CohortScores:
    """Compare all numbers of all hand-ins with the plain functions."""
    scores = score(table(rows), sheet, hand_ins=hand_ins)
    totals = dict.fromkeys(FORMS, Tally())
    frame, reasons, counts, by_label = (
        table_.to_dict("index") for table_ in (scores.frame, scores.reasons, scores.counts, scores.by_label)
    )
    for hand in range(hand_ins):
        mine = [(start, end, label) for owner, label, start, end in rows if owner == hand]
        assert frame[hand]["spans"] == len(mine)
        for form in FORMS:
            wanted, got = plain_tally(form, mine, sheet), scores.tally(hand, form)
            totals[form] += wanted
            assert (got.marked, got.expected) == (wanted.marked, wanted.expected)
            assert same(float(got.right), float(wanted.right))
            assert same(float(got.found), float(wanted.found))
            assert all(counts[hand][f"{form}_{name}"] == getattr(got, name) for name in NUMBERS)
            for name in ("precision", "recall", "f1"):
                ratio = getattr(wanted.scores, name)
                assert same(frame[hand][f"{form}_{name}"], ratio.value)
                assert reasons[hand][f"{form}_{name}"] == ratio.reason
        tables = [plain_contingency(label, mine, sheet) for label in LABELS]
        assert [scores.contingency(hand, label) for label in LABELS] == tables
        mean, number = mean_kappa(tables)
        assert same(frame[hand]["mean_kappa"], mean.value)
        assert (frame[hand]["kappa_labels"], reasons[hand]["mean_kappa"]) == (number, mean.reason)
        for label, wanted_table in zip(LABELS, tables, strict=True):
            assert same(by_label[hand, label]["kappa"], wanted_table.kappa.value)
            assert same(by_label[hand, label]["positive_agreement"], wanted_table.positive_agreement.value)
    for form in FORMS:
        total = scores.totals.tallies[form]
        assert (total.marked, total.expected) == (totals[form].marked, totals[form].expected)
        assert same(float(total.right), float(totals[form].right))
        assert same(float(total.found), float(totals[form].found))
    return scores


@pytest.mark.parametrize("block", range(10))
def test_every_number_is_that_of_the_plain_functions(block: int):
    """Counts, ratios and reasons, for all kinds of keys and hand-ins."""
    for seed in range(block * 20, block * 20 + 20):
        check(*case(seed), 6)


@pytest.mark.parametrize("block", range(4))
def test_long_texts_and_small_blocks_change_no_number(block: int, monkeypatch: pytest.MonkeyPatch):
    """Without plain tables, and with marks settled a few at a time, everything is as before."""
    monkeypatch.setattr("secondsource.cohort.curves._TABLE", 0)
    monkeypatch.setattr("secondsource.cohort.homes._BLOCK", 3)
    for seed in range(1000 + block * 20, 1020 + block * 20):
        check(*case(seed), 6)


def bits(scores: CohortScores) -> list[bytes]:
    """Return every number as its bytes."""
    credit = [values.tobytes() for of_form in scores.credit.values() for values in of_form]
    frames = [frame.to_numpy(dtype=float).tobytes() for frame in (scores.frame, scores.counts)]
    return [*credit, *frames, scores.both.tobytes(), scores.first.tobytes(), repr(scores.totals.tallies).encode()]


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False), st.integers(1, 9), st.integers(1, 200))
def test_no_order_and_no_part_changes_a_bit(seed: int, shuffling: random.Random, spans: int, cells: int):
    """Rows in any order, parts of any size and any number of threads give the same bytes."""
    sheet, rows = case(seed, hand_ins=9)
    wanted = bits(score(table(rows), sheet, hand_ins=9))
    shuffling.shuffle(rows)
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(3) as pool:
        patch.setattr(scoring, "_SPANS", spans)
        patch.setattr(scoring, "_CELLS", cells)
        assert bits(score(table(rows), sheet, hand_ins=9)) == wanted
        assert bits(score(pack(table(rows), sheet, hand_ins=9).sorted(), sheet, map=pool.map)) == wanted


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.permutations(range(6)))
def test_hand_ins_do_not_know_of_each_other(seed: int, order: list[int]):
    """In another order, under other names or alone, each hand-in has the same row; n copies have n times the sums."""
    sheet, rows = case(seed)
    frame = score(table(rows), sheet, hand_ins=6).frame
    renamed = table(rows).assign(hand_in=[f"h{order[hand]}" for hand, *_ in rows])
    other = score(renamed, sheet, hand_ins=[f"h{order[hand]}" for hand in range(6)])
    assert other.frame.reset_index(drop=True).equals(frame.reset_index(drop=True))
    alone = [row for row in rows if row[0] == 2]
    assert score(table(alone), sheet, hand_ins=[2]).frame.equals(frame.loc[[2]])
    copies = [(hand * 4 + copy, *rest) for hand, *rest in rows for copy in range(3)]
    totals, once = score(table(copies), sheet).totals, score(table(rows), sheet).totals
    for form in FORMS:
        assert totals.tallies[form].right == 3 * once.tallies[form].right
        assert totals.tallies[form].found == 3 * once.tallies[form].found
    assert (totals.pooled["both"] == 3 * once.pooled["both"]).all()


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.integers(1, 3000))
def test_moving_everything_changes_nothing(seed: int, by: int):
    """Words in front of the text move all bounds and no score but the number of unmarked words."""
    sheet, rows = case(seed)
    moved = Sheet.plain(
        [
            Expected(tuple((start + by, end + by) for start, end in e.places), e.label, e.also, e.tier)
            for e in sheet.entries
        ],
        length=sheet.length + by,
        words=[(start + by, end + by) for start, end in sheet.words],
        labels=LABELS,
    )
    further = [(hand, label, start + by, end + by) for hand, label, start, end in rows]
    there, here = (score(table(r), s, hand_ins=6) for r, s in ((further, moved), (rows, sheet)))
    assert there.counts.drop(columns=["semeval_found", "best_match_found"]).equals(
        here.counts.drop(columns=["semeval_found", "best_match_found"])
    )
    assert np.allclose(there.frame, here.frame, rtol=0, atol=1e-12, equal_nan=True)


E1 = [
    Expected(((0, 40),), "loaded"),
    Expected(((60, 90),), "doubt", frozenset({"fear"})),
    Expected(((100, 120),), "loaded", tier="acceptable"),
    Expected(((140, 160),), "fear", tier="contested"),
    Expected(((200, 230),), "authority"),
    Expected(((300, 330),), "doubt"),
]
E1_MARKS = [
    *((0, 18, "loaded"), (19, 40, "loaded"), (60, 88, "fear"), (138, 160, "fear"), (205, 228, "loaded")),
    *((250, 272, "loaded"), (325, 360, "doubt"), (400, 420, "doubt")),
]


@pytest.mark.parametrize(
    ("mine", "entries", "wanted"),
    [
        ([(0, 2, "A"), (4, 6, "A"), (8, 10, "A"), (50, 60, "A")], [Expected(((0, 10),), "A")], (1 / 2, 3 / 5, 6 / 11)),
        ([(0, 30, "A")], [Expected(((0, 10),), "A")], (1 / 3, 1, 1 / 2)),
        ([(0, 10, "A"), (10, 30, "A")], [Expected(((0, 10),), "A")], (1 / 3, 1, 1 / 2)),
        ([(0, 10, "A"), (0, 10, "B")], [Expected(((0, 10),), "A", frozenset("B"))], (1, 1, 1)),
        ([(0, 3, "A")], [Expected(((0, 3),), "A", tier="acceptable")], (1, float("nan"), float("nan"))),
        (E1_MARKS, E1, (5 / 14, 21 / 40, 105 / 247)),
    ],
    ids=["B1", "B2 whole", "B2 cut", "B3", "B4", "E1"],
)
def test_worked_examples_of_the_headline(mine: list, entries: list[Expected], wanted: tuple[float, float, float]):
    """The vectors of the specification, among them fragments, a broad mark and an entry with two labels."""
    sheet = Sheet.plain(entries, length=500)
    rows = [("kim", label, start, end) for start, end, label in mine]
    frame = score(table_of(rows), sheet).frame
    got = frame.loc["kim", ["best_match_precision", "best_match_recall", "best_match_f1"]]
    assert all(same(a, b) for a, b in zip(got, wanted, strict=True))


def table_of(rows: list[tuple[str, str, int, int]]) -> pd.DataFrame:
    """Return rows with names for hand-ins as a table."""
    return pd.DataFrame(rows, columns=["hand_in", "label", "start", "end"])


def test_the_published_example_of_the_semeval_form():
    """1, 62/65 and 124/127, as in the task's scorer."""
    rest = [(0, 59, "EM"), (171, 181, "RH"), (0, 9, "NC"), (740, 759, "LL")]
    sheet = Sheet.plain([Expected(((s, e),), label) for s, e, label in [*rest, (115, 167, "LL")]], length=800)
    rows = [(0, label, start, end) for start, end, label in [*rest, (127, 167, "LL")]]
    frame = score(table(rows), sheet, forms=["semeval"]).frame
    assert list(frame.columns) == ["spans", "semeval_precision", "semeval_recall", "semeval_f1"]
    assert np.allclose(frame.loc[0].iloc[1:], [1, 62 / 65, 124 / 127], rtol=0, atol=1e-15)


def test_many_marks_of_one_hand_in_that_clash():
    """A long chain of touching marks for neighbouring entries is walked to its end."""
    entries = [Expected(((at, at + 5),), "A") for at in range(0, 1000, 5)]
    rows = [(hand, "A", at, at + size) for hand, size in ((0, 5), (1, 7), (3, 12)) for at in range(0, 980, 5)]
    sheet = Sheet.plain(entries, length=1000, words=[(at, at + 4) for at in range(0, 1000, 5)], labels=LABELS)
    check(sheet, rows, 4)


def test_an_empty_class_and_an_empty_key():
    """Nobody handed in, or nothing is asked: tables without rows, and ratios that say why they are missing."""
    sheet = Sheet.plain([], length=10, labels=["A"])
    empty = score(table([]), sheet)
    assert (len(empty.frame), len(empty.by_label), empty.totals.hand_ins) == (0, 0, 0)
    assert empty.totals.tallies["exact"] == Tally()
    scores = score(table([(0, "A", 0, 4)]), sheet, hand_ins=2)
    assert scores.frame["best_match_f1"].tolist()[0] == 0
    assert scores.reasons["best_match_f1"].tolist() == ["", "there is nothing to find here, and nothing was marked"]
    assert score(table([]), Sheet.plain([], length=10)).frame.empty


def test_a_sheet_can_be_sent_to_another_process():
    """Workers may be processes: a copy, of the kind that pickle makes too, works like the sheet, made ready or not."""
    sheet, rows = case(8)
    for _ in range(2):
        assert bits(score(table(rows), deepcopy(sheet))) == bits(score(table(rows), sheet))


def test_all_ways_to_write_a_table_are_the_same():
    """Text, categories and numbers for labels; text, categories and numbers for hand-ins; lists and arrays."""
    sheet, rows = case(3)
    frame, wanted = table(rows), bits(score(table(rows), sheet))
    assert bits(score(frame.astype({"label": "category"}), sheet)) == wanted
    assert bits(score(frame.assign(label=[LABELS.index(label) for label in frame["label"]]), sheet)) == wanted
    assert bits(score({name: frame[name].to_numpy() for name in frame}, sheet)) == wanted
    assert bits(score({name: frame[name].tolist() for name in frame}, sheet)) == wanted
    present = np.unique(frame["hand_in"])
    assert bits(score(frame, sheet, hand_ins=present)) == wanted
    assert bits(score(frame, sheet, hand_ins=np.int64(6))) == bits(score(frame, sheet, hand_ins=6))
    named = frame.assign(hand_in=[f"h{hand:03}" for hand in frame["hand_in"]])
    assert bits(score(named, sheet)) == wanted
    backwards = pd.CategoricalDtype(sorted(set(named["hand_in"]), reverse=True))
    assert bits(score(named.astype({"hand_in": backwards}), sheet)) == wanted
    assert bits(score(frame.assign(hand_in=frame["hand_in"] * 10**9), sheet)) == wanted
    assert bits(score(frame.astype({"start": "Int64", "end": "int32"}), sheet)) == wanted


SHEET = Sheet.plain([Expected(((0, 4),), "A")], length=10, labels=["A", "B"])
GOOD = {"hand_in": ["kim", "lee"], "label": ["A", "B"], "start": [0, 2], "end": [4, 9]}


@pytest.mark.parametrize(
    ("change", "error", "told"),
    [
        ({"start": [0, 9]}, OffsetError, "lee"),
        ({"start": [0, 10]}, OffsetError, "lee"),
        ({"start": [-1, 2]}, OffsetError, "kim"),
        ({"end": [4, 11]}, OffsetError, "10 characters"),
        ({"start": [0.5, 2]}, TableError, "start must hold whole numbers"),
        ({"start": [None, 2]}, TableError, "start has gaps"),
        ({"label": ["A", None]}, TableError, "label has gaps"),
        ({"hand_in": [None, "lee"]}, TableError, "hand_in has gaps"),
        ({"hand_in": [1.5, 2.5]}, TableError, "hand_in must hold text"),
        ({"hand_in": [1, "lee"]}, TableError, "hand_in must hold text"),
        ({"label": ["A", "C"]}, UnknownNameError, "“C”"),
        ({"label": [0, 2]}, TableError, "from 0 to 1"),
        ({"label": pd.Categorical.from_codes([0, 1], ["A", 7])}, UnknownNameError, "“7”"),
        ({"start": [0]}, TableError, "same length"),
    ],
)
def test_rows_that_cannot_be_scored(change: dict, error: type[Exception], told: str):
    """Every wrong row is an error of this package that says what is wrong and with whom."""
    with pytest.raises(error, match=told) as caught:
        score(GOOD | change, SHEET)
    assert isinstance(caught.value, SecondSourceError)


def test_a_missing_column_is_named():
    """The message lists the columns there are."""
    with pytest.raises(UnknownNameError, match="“label”"):
        score({"hand_in": [1], "start": [1], "end": [2]}, SHEET)


@pytest.mark.parametrize(
    ("hand_ins", "error", "told"),
    [
        (["kim"], UnknownNameError, "“lee”"),
        (["kim", "kim"], TableError, "kim is listed twice"),
        (1, TableError, "whole numbers"),
    ],
)
def test_lists_of_hand_ins_that_do_not_fit(hand_ins: object, error: type[Exception], told: str):
    """An id that is not listed, one that is listed twice, and a number of hand-ins that have names."""
    with pytest.raises(error, match=told):
        score(GOOD, SHEET, hand_ins=hand_ins)
    with pytest.raises(TableError, match="from 0 to 2"):
        score(GOOD | {"hand_in": [0, 3]}, SHEET, hand_ins=3)


def test_too_many_hand_ins_for_one_table():
    """Codes have 63 bits: over a very long text, few hand-ins fit."""
    sheet = Sheet.plain([Expected(((0, 4),), "A")], length=2**29)
    with pytest.raises(TableError, match="5 hand-ins, and 3"):
        pack({"hand_in": [0], "label": ["A"], "start": [0], "end": [4]}, sheet, hand_ins=5)
    with pytest.raises(CaseError, match="too long"):
        Sheet.plain([Expected(((0, 4),), "A")], length=2**31).compiled("best_match")


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"entries": [Expected(((0, 4),), "C")]}, UnknownNameError),
        ({"entries": [Expected(((0, 4), (6, 11)), "A")]}, OffsetError),
        ({"words": [(0, 3), (2, 4)]}, OffsetError),
        ({"words": [(3, 3)]}, OffsetError),
        ({"words": [(0, 11)]}, OffsetError),
        ({"labels": ["A", "A"]}, CaseError),
    ],
)
def test_sheets_that_cannot_be(options: dict, error: type[Exception]):
    """Entries and words must fit the text, labels must be known and distinct."""
    given_ = {"entries": [], "length": 10, "labels": ["A"]} | options
    with pytest.raises(error):
        Sheet.plain(given_.pop("entries"), **given_)


def test_asking_for_what_is_not_there():
    """A form, a hand-in or a label that does not exist is named; spans of another key are refused."""
    scores = score(GOOD, SHEET, forms=["exact"])
    assert list(scores.reasons.columns) == ["exact_precision", "exact_recall", "exact_f1"]
    for ask in (
        lambda: score(GOOD, SHEET, forms=["gamma"]),
        lambda: scores.tally("kim", "semeval"),
        lambda: scores.tally("max", "exact"),
        lambda: scores.contingency("kim", "A"),
        lambda: scores.by_label,
        lambda: scores.totals.pooled,
        lambda: score(GOOD, SHEET).contingency("kim", "C"),
    ):
        with pytest.raises(UnknownNameError):
            ask()
    with pytest.raises(TableError, match="another key"):
        score(pack(GOOD, SHEET), Sheet.plain([], length=10))


def test_marks_in_any_order_over_the_borders_of_rows():
    """A class is sorted in short rows that are then merged: hand-ins lie across their borders."""
    rng = random.Random(5)
    rows = [
        (hand_in, rng.choice("AB"), start, start + rng.randint(1, 9))
        for hand_in in range(11)
        for start in rng.choices(range(60), k=97)
    ]
    sheet = Sheet.plain([Expected(((10, 20),), "A"), Expected(((30, 44),), "B")], length=80, words=[(0, 40), (41, 80)])
    columns = dict(zip(("hand_in", "label", "start", "end"), map(list, zip(*rows, strict=True)), strict=True))
    shuffled = dict(
        zip(columns, map(list, zip(*sorted(rows, key=lambda row: (row[0], rng.random())), strict=True)), strict=True)
    )
    here, there = (score(table_, sheet, hand_ins=11) for table_ in (columns, shuffled))
    assert here.counts.equals(there.counts)
    for hand_in in (0, 1, 5, 10):
        mine = [(start, end, label) for of, label, start, end in rows if of == hand_in]
        assert here.tally(hand_in, "exact") == exact(mine, [(10, 20, "A"), (30, 44, "B")])
