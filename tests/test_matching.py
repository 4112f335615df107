"""Which label answers which entry of a key: the vectors of the rules, and properties that hold for any labels."""

import random
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondsource.article import Article
from secondsource.case import Case
from secondsource.fitting import trim
from secondsource.matching import OUTCOMES, Pair, pair
from secondsource.spans import Span
from synthetic import CODEBOOK, LABELS, TEXT, entry, key, labels, spans

F = Fraction
BOUNDS = st.tuples(st.integers(0, 40), st.integers(1, 12)).map(lambda at: (at[0], at[0] + at[1]))
MARKS = st.lists(st.tuples(BOUNDS, st.sampled_from("AB")).map(lambda m: (*m[0], m[1])), max_size=7)
ENTRIES = st.lists(
    st.builds(
        lambda at, label, tier, also, extents: entry(*at, label, tier=tier, also=also, extents=extents),
        BOUNDS,
        st.sampled_from("AB"),
        st.sampled_from(("core", "core", "acceptable", "contested")),
        st.sampled_from(("", "B", "C")),
        st.lists(BOUNDS, max_size=1),
    ),
    max_size=6,
    unique_by=lambda row: row["at"],
)


def told(rows: list[Pair]) -> list[tuple]:
    """Rows as outcome, mark, entry and fit."""
    return [
        (
            row.outcome,
            (row.mark.start, row.mark.end) if row.mark else None,
            (row.key.span.start, row.key.span.end) if row.key else None,
            row.fit,
        )
        for row in rows
    ]


VECTORS = {
    "P1": (
        [(5, 15)],
        [(0, 10), (10, 20)],
        [("boundary", (5, 15), (0, 10), F(1, 3)), ("missed", None, (10, 20), 0)],
    ),
    "P2": (
        [(0, 14), (0, 6)],
        [(0, 10), (8, 22)],
        [("matched", (0, 6), (0, 10), F(3, 5)), ("boundary", (0, 14), (8, 22), F(3, 11))],
    ),
    "P3": (
        [(0, 20)],
        [(0, 20, "B"), (19, 60)],
        [("relabelled", (0, 20), (0, 20), 1), ("missed", None, (19, 60), 0)],
    ),
    "P4": (
        [(0, 10, "B"), (1, 9)],
        [(0, 10)],
        [("matched", (1, 9), (0, 10), F(4, 5)), ("extra", (0, 10), None, 0)],
    ),
    "P5": ([(0, 10), (0, 4)], [(0, 10)], [("matched", (0, 10), (0, 10), 1)]),
    "P6": ([(0, 5), (5, 10)], [(0, 10)], [("matched", (0, 5), (0, 10), 1)]),
    "P7": (
        [(0, 10), (9, 100)],
        [(0, 10)],
        [("matched", (0, 10), (0, 10), 1), ("extra", (9, 100), None, 0)],
    ),
    "P8": (
        [(145, 150)],
        [entry(140, 160, tier="contested")],
        [("contested", (145, 150), (140, 160), F(1, 4))],
    ),
    "P9": (
        [(168, 177)],
        [entry(166, 183, extents=[(168, 177)])],
        [("matched", (168, 177), (166, 183), 1)],
    ),
}


@pytest.mark.parametrize("name", sorted(VECTORS))
def test_the_vectors_of_the_pairing_rules(name):
    """Every documented example, with its exact fit."""
    marks, entries, expected = VECTORS[name]
    rows = told(pair(spans(marks), key(entries)))
    assert sorted(rows, key=str) == sorted(expected, key=str)


def test_pieces_of_one_answer():
    """P5 and P6: the second label is a piece of the same answer, not a row of its own."""
    for marks in ([(0, 10), (0, 4)], [(0, 5), (5, 10)]):
        (row,) = pair(spans(marks), key([(0, 10)]))
        assert len(row.pieces) == 1


E1_KEY = (
    entry(0, 40),
    entry(60, 90, "B", also="C"),
    entry(100, 120, tier="acceptable"),
    entry(140, 160, "C", tier="contested"),
    entry(200, 230, "D"),
    entry(300, 330, "B"),
)
E1_MARKS = (
    *((0, 18), (19, 40), (60, 88, "C"), (138, 160, "C"), (205, 228), (250, 272)),
    *((325, 360, "B"), (400, 420, "B")),
)


def test_the_long_example():
    """E1: one row of every kind but *missed*."""
    rows = pair(spans(E1_MARKS), key(E1_KEY, distractors=[(250, 270, "A")]))
    assert told(rows) == [
        ("matched", (19, 40), (0, 40), F(39, 40)),
        ("accepted", (60, 88), (60, 90), F(14, 15)),
        ("contested", (138, 160), (140, 160), F(20, 22)),
        ("relabelled", (205, 228), (200, 230), F(23, 30)),
        ("distractor", (250, 272), None, 0),
        ("boundary", (325, 360), (300, 330), F(1, 12)),
        ("extra", (400, 420), None, 0),
    ]
    assert [piece.start for piece in rows[0].pieces] == [0]
    assert [row.scored for row in rows] == [True, True, False, True, True, True, True]
    assert rows[4].distractor is not None


@given(MARKS, ENTRIES, st.randoms())
def test_the_order_of_either_side_changes_nothing(marks, entries, rng):
    """Rows are a function of the two sets."""
    before = told(pair(spans(marks), key(entries)))
    rng.shuffle(marks)
    rng.shuffle(entries)
    assert told(pair(spans(marks), key(entries))) == before


@given(ENTRIES)
def test_a_key_laid_over_itself(entries):
    """Only *matched* and *contested*, and nothing is missed."""
    made = key(entries)
    rows = pair(made.labels.spans, made)
    assert {row.outcome for row in rows} <= {"matched", "contested"}
    assert all(row.fit == 1 for row in rows)


@pytest.mark.parametrize("layer", ["attribution", "rhetoric"])
def test_the_bundled_keys_laid_over_themselves(layer):
    """The same for the keys that students meet."""
    made = Case.open("analyst-claims").key(layer)
    rows = pair(made.labels.spans, made)
    assert {row.outcome for row in rows} == {"matched", "contested"}
    assert len(rows) == len(made.spans)


@given(MARKS, st.lists(st.tuples(BOUNDS, st.sampled_from("AB")).map(lambda m: (*m[0], m[1])), max_size=6))
def test_an_exact_hit_is_never_lost(marks, entries):
    """Labels that equal an entry are matched with it, whatever else was marked."""
    rows = pair(spans(marks), key(set(entries)))
    hits = {(row.mark.start, row.mark.end, row.mark.label) for row in rows if row.outcome == "matched" and row.fit == 1}
    assert set(marks) & set(entries) <= hits


@given(MARKS, ENTRIES)
def test_every_label_and_every_core_entry_is_accounted_for_once(marks, entries):
    """Each distinct label is the mark or a piece of one row; each core entry is met by one row, or missed."""
    made = key(entries)
    rows = pair(spans(marks), made)
    used = [s.id for row in rows for s in (row.mark, *row.pieces) if s is not None]
    assert len(used) == len(set(used)) == len(set(marks))
    met = [k.span.id for row in rows for k in (row.key, *row.covers) if k is not None and k.tier == "core"]
    assert len(met) == len(set(met)) == sum(k.tier == "core" for k in made.spans)


@given(MARKS, ENTRIES, st.integers(1, 200))
def test_a_longer_text_in_front_changes_nothing(marks, entries, by):
    """Everything moved by the same number of characters gives the same outcomes."""

    def moved(rows):
        return [(row[0] + by, row[1] + by, *row[2:]) for row in rows]

    later = [
        {**row, "at": moved([row["at"]])[0], "extents": tuple((a + by, b + by) for a, b in row["extents"])}
        for row in entries
    ]
    here, there = pair(spans(marks), key(entries)), pair(spans(moved(marks)), key(later))
    assert [(row.outcome, row.fit) for row in here] == [(row.outcome, row.fit) for row in there]


@given(MARKS, ENTRIES)
def test_other_names_for_the_labels_change_only_the_names(marks, entries):
    """With the labels renamed in the same order on both sides the outcomes are the same."""
    to = {"A": "C", "B": "D", "C": "E"}
    renamed = [
        {**row, "at": (*row["at"][:2], to[row["at"][2]]), "also": tuple(to[name] for name in row["also"])}
        for row in entries
    ]
    rows = pair(spans((a, b, to[name]) for a, b, name in marks), key(renamed))
    assert told(rows) == told(pair(spans(marks), key(entries)))


@given(MARKS, ENTRIES)
def test_exact_duplicates_have_no_effect(marks, entries):
    """The same label twice counts once."""
    assert told(pair(spans([*marks, *marks]), key(entries))) == told(pair(spans(marks), key(entries)))


@given(ENTRIES)
def test_one_label_over_everything_answers_one_entry_at_most(entries):
    """It cannot be a *match* with a short passage."""
    rows = pair(spans([(0, 1000)]), key(entries))
    marked = [row for row in rows if row.mark is not None]
    assert len(marked) == 1
    assert marked[0].outcome in ("boundary", "extra")


def test_touching_is_not_overlapping():
    """A label that ends where an entry starts has nothing to do with it."""
    rows = pair(spans([(0, 10)]), key([(10, 20)]))
    assert [row.outcome for row in rows] == ["extra", "missed"]


@pytest.mark.parametrize("cut", range(1, 10))
def test_cutting_an_answer_in_two_does_no_harm(cut):
    """Two touching labels over an entry are as good as one."""
    (row,) = pair(spans([(0, cut), (cut, 10)]), key([(0, 10)]))
    assert (row.outcome, row.fit) == ("matched", 1)


def test_pieces_are_trimmed_too():
    """Quotation marks at the edge of a piece do not count against it."""
    article = Article("‘green hills’, she said")
    made = key([(1, 12)], article=article)
    (row,) = pair(labels([(0, 6), (7, 13)], article=article).spans, made)
    assert row.fit == F(5 + 5, 11)


def test_a_piece_of_a_wrong_label_is_not_hung_on_a_right_answer():
    """Only labels that the entry accepts are pieces."""
    rows = pair(spans([(0, 10), (0, 4, "B")]), key([(0, 10)]))
    assert [row.outcome for row in rows] == ["extra", "matched"]


def test_a_pair_that_means_nothing_is_dissolved_before_pieces_are_joined():
    """A wrong label that barely fits leaves the entry missed; no other label becomes a piece of what is no answer."""
    rows = pair(spans([(0, 3, "B")]), key([(0, 10)]))
    assert sorted(row.outcome for row in rows) == ["extra", "missed"]
    rows = pair(spans([(5, 25), (0, 1)]), key([entry(0, 10, tier="contested")]))
    assert [(row.mark.start, row.outcome) for row in rows if row.mark] == [(0, "contested"), (5, "extra")]


def test_what_cannot_stand_crowds_nothing_out():
    """A wrong label that fits by less than half is left out before the rest is assigned."""
    rows = pair(spans([(0, 60)]), key([(0, 2), entry(10, 38, "B")]))
    assert told(rows) == [("boundary", (0, 60), (0, 2), F(1, 30)), ("missed", None, (10, 38), 0)]
    rows = pair(spans([(0, 60)]), key([(0, 2), entry(10, 30, tier="contested")]))
    assert told(rows) == [("boundary", (0, 60), (0, 2), F(1, 30))]


def test_a_source_with_too_many_words_is_still_the_source():
    """“He delivered a scathing critique of NATO’s role in the conflict” is *he* with other words."""
    case = Case.open("analyst-claims")
    start, end = case.article.locate("he delivered a scathing critique of NATO’s role in the conflict")
    rows = pair([Span("a", "attribution", "SOURCE", start, end)], case.key("attribution").within(["S12"]))
    (row,) = (row for row in rows if row.mark)
    assert (row.outcome, row.key.span.quote) == ("boundary", "he")


def test_of_two_labels_that_fit_alike_the_preferred_one_is_the_answer():
    """“So-called” as name-calling and as doubt: the key prefers the first, whichever comes first in the alphabet."""
    case = Case.open("analyst-claims")
    start, end = case.article.locate("so-called")
    names = ("Doubt", "Name_Calling-Labeling")
    marks = [Span(name, "rhetoric", name, start, end) for name in names]
    rows = [row for row in pair(marks, case.key("rhetoric").within(["S14"])) if row.mark]
    assert [(row.outcome, row.mark.label, [p.label for p in row.pieces]) for row in rows] == [
        ("matched", "Name_Calling-Labeling", ["Doubt"])
    ]


@pytest.mark.parametrize("names", ["AB", "BA"])
def test_the_preferred_label_wins_ties_only(names):
    """One character more of the other label is worth more than the key's preference."""
    own, other = names
    made = key([entry(0, 20, own, also=other)])
    for marks, outcome in (
        ([(0, 15, own), (0, 15, other)], "matched"),
        ([(0, 15, own), (5, 20, other)], "matched"),
        ([(0, 15, own), (0, 16, other)], "accepted"),
    ):
        (row,) = pair(spans(marks), made)
        assert (row.outcome, len(row.pieces)) == (outcome, 1)


def best(marks, entries, at=0, free=None) -> tuple[Fraction, int]:
    """Largest total weight, then most preferred labels, of all assignments: tried one by one."""
    free = frozenset(range(len(entries))) if free is None else free
    if at == len(marks):
        return F(0), 0
    found = [best(marks, entries, at + 1, free)]
    for k in free:
        if gain := worth(marks[at], entries[k]):
            rest = best(marks, entries, at + 1, free - {k})
            found.append((rest[0] + gain, rest[1] + (marks[at][2] == entries[k]["at"][2])))
    return max(found)


def worth(mark, row) -> Fraction:
    """Weight of a pair, 0 where it could not stand; core entries only."""
    (start, end, name), (first, last, label) = mark, row["at"]
    both = max(0, min(end, last) - max(start, first))
    fit = F(1) if (start, end) in row["extents"] else F(both, end - start + last - first - both)
    return 4 * fit if name == label or name in row["also"] else fit if fit >= F(1, 2) else F(0)


@given(
    st.lists(MARKS.map(lambda marks: marks[0] if marks else (0, 9, "B")), max_size=4, unique=True),
    st.lists(ENTRIES.map(lambda rows: rows[0] if rows else entry(0, 9)), max_size=4, unique_by=lambda row: row["at"]),
)
def test_the_assignment_is_the_best_of_all(marks, entries):
    """The preference for the key's own label decides between equal totals and costs no fit."""
    entries = [{**row, "tier": "core"} for row in entries]
    exact = {row["at"] for row in entries} & set(marks)
    answered = {row["at"]: row for row in entries}
    made = [
        (
            (row.mark.start, row.mark.end, row.mark.label),
            answered[row.key.span.start, row.key.span.end, row.key.span.label],
        )
        for row in pair(spans(marks), key(entries))
        if row.mark and row.key
    ]
    gains = [(worth(mark, row), mark[2] == row["at"][2]) for mark, row in made if mark not in exact]
    expected = best([m for m in marks if m not in exact], [row for row in entries if row["at"] not in exact])
    assert (sum(gain for gain, _ in gains), sum(own for _, own in gains)) == expected


def test_ten_thousand_labels_against_ten_thousand_entries():
    """Half of them moved, one of them over everything: each is accounted for, exact hits are found. Takes seconds."""
    long = Article("b" * 600_000, provenance="Invented.")
    rng = random.Random(7)
    starts = rng.sample(range(599_000), 10_000)
    entries = [(start, start + rng.randint(5, 200), rng.choice("ABC")) for start in starts]
    marks = [(start + 3 * (i % 2), end, label) for i, (start, end, label) in enumerate(entries[1:])]
    rows = pair(spans([(0, 600_000, "A"), *marks]), key(entries, article=long))
    assert sum(row.mark is not None for row in rows) + sum(len(row.pieces) for row in rows) == 10_000
    exact = {(row.mark.start, row.mark.end, row.mark.label) for row in rows if row.fit == 1}
    assert exact >= set(marks[::2])


def test_a_piece_never_harms():
    """A further label in accepted other words leaves the fit of the answer as it was."""
    (row,) = pair(spans([(0, 6), (10, 30)]), key([entry(0, 10, extents=[(0, 30)])]))
    assert (row.outcome, row.fit, len(row.pieces)) == ("matched", F(3, 5), 1)


def test_half_is_enough():
    """A fit of exactly one half is a match, and half of a mark in an open question is enough for it."""
    (row,) = pair(spans([(0, 5)]), key([(0, 10)]))
    assert (row.outcome, row.fit) == ("matched", F(1, 2))
    (row,) = pair(spans([(0, 20)]), key([entry(0, 10, tier="contested")]))
    assert row.outcome == "contested"


def test_a_piece_belongs_to_the_answer_that_holds_most_of_it():
    """Not to the first one in the text."""
    rows = pair(spans([(0, 20), (10, 40), (10, 22)]), key([(0, 20), (10, 40)]))
    assert [len(row.pieces) for row in rows] == [0, 1]


def test_two_entries_on_the_same_words_are_two_questions():
    """One label does not settle both, although the second accepts it."""
    rows = pair(spans([(0, 10)]), key([(0, 10), entry(0, 10, "B", also="A")]))
    assert sorted(row.outcome for row in rows) == ["matched", "missed"]


def test_acceptable_and_contested_entries_are_never_missed():
    """Only core entries are expected of everyone."""
    assert pair([], key([entry(0, 10, tier="acceptable"), entry(20, 30, tier="contested")])) == []


def test_a_contested_entry_never_scores():
    """With its own label it is an open question; with another one the label is simply extra."""
    made = key([entry(0, 10, tier="contested", also="B")])
    for name, outcome, scored in (("A", "contested", False), ("B", "contested", False), ("C", "extra", True)):
        (row,) = pair(spans([(0, 10, name)]), made)
        assert (row.outcome, row.scored) == (outcome, scored)


def test_a_mark_that_lies_mostly_outside_a_contested_entry_counts():
    """One label over the whole article cannot escape through an open question."""
    (row,) = pair(spans([(0, 100)]), key([entry(0, 10, tier="contested")]))
    assert (row.outcome, row.scored) == ("extra", True)


def test_a_left_over_in_a_contested_entry_is_not_counted():
    """Two labels in one open question: neither is held against the reader."""
    rows = pair(spans([(0, 9, "B"), (0, 8)]), key([entry(0, 10, tier="contested"), entry(20, 30)]))
    assert [(row.outcome, row.scored) for row in rows if row.mark] == [("contested", False), ("extra", True)]
    rows = pair(
        spans([(0, 10), (0, 9), (2, 14)]), key([entry(0, 10, tier="contested"), entry(9, 40, tier="contested")])
    )
    assert {row.outcome for row in rows} == {"contested"}


def test_a_distractor_that_is_half_met():
    """Half of the shorter of the two is enough; a different label is not tempting."""
    made = key([], distractors=[(10, 20, "A")])
    outcomes = [pair(spans([mark]), made)[0].outcome for mark in ((15, 25), (16, 25), (10, 20, "B"), (12, 15))]
    assert outcomes == ["distractor", "extra", "extra", "distractor"]


def test_a_distractor_is_met_only_by_who_singled_it_out():
    """It makes up a third of the label at least; otherwise the explanation is for words that nobody picked."""
    made = key([], distractors=[(10, 20, "A")])
    outcomes = [pair(spans([mark]), made)[0].outcome for mark in ((0, 30), (0, 31), (0, 400), (14, 32), (15, 33))]
    assert outcomes == ["distractor", "extra", "extra", "distractor", "extra"]
    made = key([entry(0, 31, "B"), entry(90, 100)], distractors=[(10, 20, "A"), (60, 69, "A")])
    rows = pair(spans([(0, 31), (50, 95)]), made)
    assert [(row.outcome, row.distractor) for row in rows] == [("relabelled", None), ("boundary", None)]


def test_one_label_over_the_article_meets_no_distractor():
    """A CONTENT over everything says nothing about ‘gambit’."""
    case = Case.open("analyst-claims")
    for layer, name in (("attribution", "CONTENT"), ("rhetoric", "Loaded_Language")):
        rows = pair([Span("a", layer, name, 0, len(case.article.text))], case.key(layer))
        assert [row.distractor for row in rows if row.mark] == [None]


def test_a_wrong_answer_on_an_entry_can_be_tempting_too():
    """*Relabelled* and *boundary* rows keep the explanation that was written for them."""
    made = key([entry(0, 20, "B"), entry(40, 90)], distractors=[(0, 20, "A"), (40, 50, "A")])
    rows = pair(spans([(0, 20), (40, 50)]), made)
    assert [(row.outcome, row.distractor is not None) for row in rows] == [("relabelled", True), ("boundary", True)]


HALVES = (entry(0, 10, extents=[(0, 30)]), entry(20, 30, extents=[(0, 30)]))


def test_one_label_over_both_halves_of_a_quotation():
    """Where the key lists the whole stretch for both halves, one label settles both."""
    (row,) = pair(spans([(0, 30)]), key(HALVES))
    assert (row.outcome, row.fit) == ("matched", 1)
    assert [k.span.start for k in row.covers] == [20]


def test_a_half_of_its_own_is_not_covered_twice():
    """Who marks the second half too has two answers."""
    rows = pair(spans([(0, 30), (20, 30)]), key(HALVES))
    assert [row.covers for row in rows] == [(), ()]


def test_a_half_without_the_extent_is_missed():
    """Covering needs the key's word for it, and the right label."""
    assert "missed" in [row.outcome for row in pair(spans([(0, 30)]), key([HALVES[0], entry(20, 30)]))]
    assert "missed" in [row.outcome for row in pair(spans([(0, 30, "B")]), key([HALVES[0], HALVES[1]]))]


def test_a_contested_answer_settles_nothing_else():
    """Its row is not counted, so the other half would be neither found nor missed."""
    rows = pair(spans([(0, 30)]), key([entry(0, 10, tier="contested", extents=[(0, 30)]), HALVES[1]]))
    assert sorted(row.outcome for row in rows) == ["contested", "missed"]


STORY = Article("A headline\n\nBirds sing loudly. Cats sleep. Dogs bark at night.")
S1, S2, S3 = STORY.sentences[1:]


def clean(*sentences):
    """Sentences that a student calls clean."""
    return labels([(s.start, s.end, "CLEAN") for s in sentences], article=STORY).spans


def test_a_clean_sentence_that_the_key_calls_clean():
    """It is matched; a contested one is not scored; an expected one that is not marked is missed."""
    made = key(
        [(S1.start, S1.end, "CLEAN"), entry(S2.start, S2.end, "CLEAN", tier="contested"), (S3.start, S3.end, "CLEAN")],
        article=STORY,
    )
    rows = pair(clean(S1, S2), made)
    assert [(row.outcome, row.scored) for row in rows] == [("matched", True), ("contested", False), ("missed", True)]


def test_a_clean_sentence_in_which_the_key_expects_something():
    """It is *extra*, and the passage is missed as well."""
    rows = pair(clean(S1), key([(S1.start, S1.start + 5)], article=STORY))
    assert sorted(row.outcome for row in rows) == ["extra", "missed"]


def test_a_clean_sentence_in_which_the_key_only_allows_something():
    """Both readings are careful: accepted, and in no number."""
    made = key([entry(S1.start, S1.start + 5, tier="acceptable", also="CLEAN")], article=STORY)
    (row,) = pair(clean(S1), made)
    assert (row.outcome, row.scored, row.key) == ("accepted", False, made.spans[0])


def test_a_clean_sentence_about_which_the_key_is_silent():
    """Without any entry there is nothing to agree with."""
    assert [row.outcome for row in pair(clean(S1), key([], article=STORY))] == ["extra"]


def test_a_clean_sentence_answers_no_span():
    """A label of words and a label of the whole sentence are different answers."""
    marks = [*clean(S2), *labels([(S2.start, S2.end)], article=STORY).spans]
    marks = [replace(mark, id=f"x{i}") for i, mark in enumerate(marks)]
    rows = pair(marks, key([(S2.start, S2.end, "CLEAN")], article=STORY))
    assert sorted(row.outcome for row in rows) == ["extra", "matched"]


def test_a_contested_sentence_is_not_scored_whatever_it_was_called():
    """In a layer of sentences each has one label, and an open one has none that counts."""
    made = key(
        [entry(S1.start, S1.end, "fact", tier="contested"), (S2.start, S2.end, "view")], article=STORY, layer="claims"
    )
    marks = labels([(S1.start, S1.end, "view"), (S2.start, S2.end, "fact")], article=STORY, layer="claims").spans
    assert [row.outcome for row in pair(marks, made)] == ["contested", "relabelled"]


def test_labels_of_other_layers_are_ignored():
    """A key speaks about its own layer only."""
    assert pair(labels([(0, 1000, "fact")], layer="claims").spans, key([])) == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("‘the red car’,", "red car"),
        ("who said so", "said so"),
        ("“the” end", "the” end"),
        ("the", "the"),
        ("a .", "a ."),
        ("…", "…"),
        ("theory", "theory"),
        ("\n\n“An  aim”;", "aim"),
    ],
)
def test_what_is_trimmed(text, kept):
    """White space, quotation marks, stops, articles and relative pronouns at the edge; never the whole span."""
    start, end = trim(Article("x " + text + " x"), 2, 2 + len(text))
    assert ("x " + text + " x")[start:end] == kept


@given(st.text("ab the‘’.,—\n", min_size=1, max_size=20))
def test_trimming_twice_changes_nothing_more(text):
    """The narrowed span is inside the first and stays as it is."""
    article = Article("x" + text + "x")
    once = trim(article, 1, 1 + len(text))
    assert 1 <= once[0] < once[1] <= 1 + len(text)
    assert trim(article, *once) == once


def test_outcomes_are_eight_and_rows_stand_in_text_order():
    """The order is that of the text, whatever became of a label."""
    assert len(set(OUTCOMES)) == 8
    rng = random.Random(7)
    marks = [(a, a + rng.randrange(1, 60), rng.choice(LABELS)) for a in rng.choices(range(900), k=60)]
    made = key([entry(a, a + 30, rng.choice(LABELS)) for a in range(0, 900, 45)])
    rows = pair(spans(marks), made)
    assert [row.start for row in rows] == sorted(row.start for row in rows)
    assert {label.id for label in CODEBOOK.layer("wording").labels} >= set(LABELS)
    assert made.article == TEXT
