"""A comparison as a value: rows, counts, scores, tables, text, and what it refuses."""

import math
import re

import pandas as pd
import pytest

from secondsource.article import Article
from secondsource.case import Case
from secondsource.codebook import Codebook
from secondsource.comparison import Comparison, compare
from secondsource.errors import MismatchError, UnknownNameError
from secondsource.frames import COLUMNS, pairs_frame
from secondsource.matching import OUTCOMES
from secondsource.spans import LabelSet, Span
from synthetic import CODEBOOK, STATUS, TEXT, entry, key, labels
from test_matching import E1_KEY, E1_MARKS

CASE = Case.open("analyst-claims")
ATTRIBUTION = CASE.key("attribution")


@pytest.fixture
def e1() -> Comparison:
    """The long example of the rules."""
    return compare(labels(E1_MARKS), key(E1_KEY, distractors=[(250, 270, "A")]))


def test_counts_have_all_outcomes_in_order(e1):
    """Zeroes too, so that tables of different students line up."""
    assert tuple(e1.counts) == OUTCOMES
    assert list(e1.counts.values()) == [1, 1, 1, 1, 0, 1, 1, 1]


def test_counted_scores(e1):
    """E1: 2 of 6 right, 2 of 4 found."""
    assert (e1.counted.precision.value, e1.counted.recall.value) == (2 / 6, 2 / 4)
    assert (e1.found, e1.expected) == (2, 4)


def test_labels_and_copies_of_them():
    """All labels of the layer in the part that was asked; a copy has the same words and the same label."""
    comparison = compare(
        labels([(0, 10), (0, 10), (0, 10, "B"), (0, 4), (0, 1000, "CLEAN"), (0, 1000, "CLEAN")]), key([(0, 10)])
    )
    assert (comparison.made, comparison.copies) == (6, 2)
    part = compare(ATTRIBUTION.labels, ATTRIBUTION, units=["S5"])
    assert (part.made + part.outside, part.copies) == (len(ATTRIBUTION.spans), 0)


def test_quotation_marks_do_not_nest():
    """Words that stand in double marks are told in one pair of them."""
    article = Article("“My father was a miner.” That is all.")
    text = str(compare(labels([(0, 24)], article=article), key([(0, 24)], article=article)))
    assert "The key: “My father was a miner.” as Name of A." in text
    assert "““" not in text
    assert "””" not in text


def test_overlap_scores(e1):
    """E1: 5/14 and 21/40."""
    assert e1.overlap.precision.value == pytest.approx(5 / 14)
    assert e1.overlap.recall.value == pytest.approx(21 / 40)


def test_labels_of_whole_sentences_enter_no_overlap():
    """A sentence that is called clean is not a passage that was marked."""
    made = key([(10, 20)])
    with_clean = compare(labels([(10, 20), (0, 1000, "CLEAN")]), made)
    assert with_clean.overlap == compare(labels([(10, 20)]), made).overlap
    assert compare(labels([(10, 20)]), key([(10, 20), (0, 1000, "CLEAN")])).overlap.f1.value == 1


def test_one_label_over_both_halves_finds_both():
    """Entries that a label covers are found."""
    comparison = compare(labels([(0, 30)]), key([entry(0, 10, extents=[(0, 30)]), entry(20, 30, extents=[(0, 30)])]))
    assert (comparison.found, comparison.expected, comparison.counts["missed"]) == (2, 2, 0)
    assert comparison.counted.recall.value == 1
    assert "The same label also answers “bbbbbbbbbb”. reason k1" in str(comparison)


@pytest.mark.parametrize("layer", CASE.layers)
def test_a_key_against_itself(layer):
    """Everything is found, and the scores are 1."""
    made = CASE.key(layer)
    comparison = compare(made.labels, made)
    assert comparison.counted.recall.value == 1
    assert comparison.counted.precision.value == 1
    assert comparison.overlap.f1.value == 1
    assert comparison.counts["missed"] == comparison.counts["extra"] == 0


def test_silly_strategies_stand_beside_the_score():
    """Each on the part that was asked, with the commonest core label; nothing earns nothing."""
    comparison = compare(labels([]), key([(0, 10), (20, 30), (40, 50, "B")]))
    assert [baseline.name for baseline in comparison.baselines] == [
        "one label over the whole part",
        "a label on every sentence",
        "no labels at all",
    ]
    whole, each, none = comparison.baselines
    assert whole.scores.precision.value == pytest.approx(10 / 1000)
    assert whole.scores.recall.value == pytest.approx(2 / 3)
    assert each.scores == whole.scores  # the text is one sentence
    assert (none.scores.f1.value, none.scores.precision.defined) == (0, False)


def test_no_silly_strategy_without_anything_to_find():
    """Acceptable entries give no label to paint with."""
    assert compare(labels([]), key([entry(0, 10, tier="acceptable")])).baselines == ()


def test_ties_of_the_commonest_label_follow_the_codebook():
    """A before B, wherever they stand."""
    comparison = compare(labels([]), key([(0, 10, "B"), (20, 30, "A")]))
    assert comparison.baselines[0].scores.recall.value == 1 / 2
    assert comparison.baselines[0].scores.precision.value == pytest.approx(10 / 1000)


def test_a_part_of_the_text():
    """Only the sentences that were asked; labels outside are counted, not compared."""
    comparison = compare(ATTRIBUTION.labels, ATTRIBUTION, units=["S5", "S8"])
    assert [s.id for s in comparison.sentences] == ["S5", "S8"]
    assert {CASE.article.sentence_at(row.start).id for row in comparison.rows} == {"S5", "S8"}
    assert comparison.outside + len(comparison.rows) == len(ATTRIBUTION.spans)


def test_a_label_that_touches_the_part_belongs_to_it():
    """One shared character is enough; ending where the part starts is not."""
    s5 = next(s for s in CASE.article.sentences if s.id == "S5")
    reaching = Span("a", "attribution", "CUE", s5.start - 40, s5.start + 1)
    before = Span("b", "attribution", "CUE", s5.start - 40, s5.start)
    made = LabelSet(CASE.article, CASE.codebook, (reaching, before))
    comparison = compare(made, ATTRIBUTION, units=["S5"])
    assert comparison.outside == 1
    assert [row.mark.id for row in comparison.rows if row.mark] == ["a"]


@pytest.mark.parametrize("units", [["S5", "S99"], "S5"])
def test_an_unknown_sentence_is_named(units):
    """With those that exist, in place of an empty comparison."""
    with pytest.raises(UnknownNameError, match="There are: H, S1, S2"):
        compare(ATTRIBUTION.labels, ATTRIBUTION, units=units)


def test_another_article_is_never_scored():
    """The message says so, and that nothing was scored."""
    other = LabelSet(Article("Another text"), CASE.codebook)
    with pytest.raises(MismatchError, match=r"VERSION-ARTICLE · .* · Nothing was scored\. · "):
        compare(other, ATTRIBUTION)


def test_another_codebook_is_never_scored():
    """Neither another one nor another version."""
    with pytest.raises(MismatchError, match=r"VERSION-CODEBOOK · The labels use codebook letters 1, the key news"):
        compare(LabelSet(CASE.article, CODEBOOK), ATTRIBUTION)
    newer = Codebook(CODEBOOK.id, "2", CODEBOOK.language, CODEBOOK.title, CODEBOOK.layers)
    with pytest.raises(MismatchError, match=r"letters 2, the key letters 1"):
        compare(LabelSet(TEXT, newer), key([]))


def test_the_table_of_pairs(e1):
    """One row per pair with the documented columns, in the order of the rows."""
    frame = e1.pairs
    assert tuple(frame.columns) == COLUMNS
    assert list(frame["outcome"]) == [row.outcome for row in e1.rows]
    assert frame["fit"].tolist()[:3] == pytest.approx([39 / 40, 14 / 15, 20 / 22])
    assert frame["scored"].sum() == 6
    assert list(frame["sentence"]) == ["H"] * 7


def test_what_is_not_there_is_missing_in_the_table():
    """No label of the student, or none of the key."""
    frame = compare(labels([(50, 60)]), key([(0, 10)])).pairs
    assert frame["label"].isna().tolist() == [True, False]
    assert frame["key_label"].isna().tolist() == [False, True]
    assert frame["start"].isna().tolist() == [True, False]
    assert frame["fit"].isna().all()


def test_an_empty_table_has_the_same_columns_and_types(e1):
    """So that a lesson's code runs before anything was labelled."""
    empty = pairs_frame(None)
    assert len(empty) == 0
    pd.testing.assert_series_equal(empty.dtypes, e1.pairs.dtypes)
    pd.testing.assert_series_equal(compare(labels([]), key([(0, 9)])).pairs.dtypes, e1.pairs.dtypes)


def test_records_are_the_table_as_plain_data(e1):
    """The same fields, with None where nothing is."""
    records = e1.records()
    assert [tuple(record) for record in records] == [COLUMNS] * 7
    assert records[4]["key_label"] is None
    assert not any(isinstance(value, float) and math.isnan(value) for record in records for value in record.values())


def test_the_text_tells_everything(e1):
    """Provenance, how the key was made, counts, score, and each row with its reasons."""
    text = str(e1)
    assert text.startswith("Your labels beside the key: Layer wording\nInvented text, written for practice.\n")
    assert STATUS.statement in text
    assert len(re.findall(r"^\d\. H · ", text, re.MULTILINE)) == 7
    assert "The key: “" in text
    assert "The strongest argument against: counter k0" in text
    assert "Also accepted: Name of C." in text
    assert "Why not: why not 0\n   Instead: instead 0" in text


def test_a_distractor_need_not_have_an_instead():
    """Some wrong answers are nothing else instead."""
    made = key([], distractors=[(0, 10, "A")])
    trap = made.distractors[0]
    object.__setattr__(trap, "instead", None)
    assert "Instead" not in str(compare(labels([(0, 10)]), made))


def test_the_text_is_the_same_every_time(e1):
    """No ids, times or addresses."""
    again = compare(labels(reversed(E1_MARKS)), key(E1_KEY, distractors=[(250, 270, "A")]))
    assert str(again) == str(e1)


def test_what_crosses_the_edge_of_the_part_belongs_to_it():
    """An entry over an asked and an unasked sentence is asked, found by its own words, and told in the asked one."""
    case = Case.open("analyst-claims")
    key_ = case.key("attribution")
    over = next(k.span for k in key_.spans if len(case.article.sentences_of(k.span.start, k.span.end)) > 1)
    _, later = case.article.sentences_of(over.start, over.end)
    part = compare(key_.labels, key_, units=[later.id])
    assert part.counts["extra"] == 0
    assert part.counted.precision.value == 1
    assert set(part.pairs["sentence"]) == {later.id}
    assert part.by_sentence[list(OUTCOMES)].sum().to_dict() == part.counts
    assert f" {later.id} · Matched" in str(part)


def test_a_label_from_the_sentence_before_is_told_in_the_part():
    """It starts outside, and its row stands with the sentence that was asked."""
    case = Case.open("analyst-claims")
    asked = next(s for s in case.article.sentences if s.id == "S7")
    labels_ = LabelSet(
        case.article, case.codebook, (Span("a", "attribution", "CONTENT", asked.start - 20, asked.start + 60),)
    )
    part = compare(labels_, case.key("attribution"), units=["S7"])
    assert part.by_sentence.loc["S7", "labels"] == part.made == 1


def test_a_comparison_is_named_in_one_line(e1):
    """Not by everything that is in it."""
    assert repr(e1) == (
        "Comparison('', wording: 1 matched, 1 accepted, 1 boundary, 1 relabelled, 1 extra, 1 distractor, 1 contested)"
    )
    assert repr(compare(labels([]), key([]))) == "Comparison('', wording: no rows)"
