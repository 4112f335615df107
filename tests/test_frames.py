"""A comparison as tables: columns, types, and the same facts as its rows."""

import pandas as pd
import pytest

from secondsource.case import Case
from secondsource.comparison import compare
from secondsource.frames import BY_LABEL, BY_SENTENCE, SCORES, score_records
from secondsource.matching import OUTCOMES
from synthetic import TEXT, entry, key, labels
from test_matching import E1_KEY, E1_MARKS


@pytest.fixture(scope="module")
def e1():
    """The long example of the pairing rules."""
    return compare(labels(E1_MARKS), key(E1_KEY, distractors=[(250, 270, "A")]))


def test_every_row_is_counted_once_by_label_and_once_by_sentence(e1):
    """All eight outcomes as first columns; both tables add up to the counts."""
    for frame in (e1.by_label, e1.by_sentence):
        assert tuple(frame.columns[:8]) == OUTCOMES
        assert frame[list(OUTCOMES)].sum().to_dict() == e1.counts
        assert frame["expected"].sum() == e1.expected


def test_a_missed_entry_counts_under_the_label_of_the_key():
    """It has no other."""
    missed = compare(labels([]), key([(0, 10, "B")])).by_label
    assert missed.loc["B", "missed"] == 1


def test_what_is_found_counts_under_the_label_of_the_key():
    """An entry that was answered with another accepted label is found, and its row counts under the student's."""
    table = compare(labels([(0, 10, "B")]), key([{**entry(0, 10, "A", also="B")}, (20, 30, "A")])).by_label
    assert table.loc["A", ["expected", "found", "missed"]].tolist() == [2, 1, 1]
    assert table.loc["B", ["accepted", "expected", "found"]].tolist() == [1, 0, 0]


def test_all_labels_of_the_layer_have_a_row(e1):
    """In the order of the codebook, also those that nobody used, with the reason why there is no kappa."""
    assert list(e1.by_label.index) == [label.id for label in e1.key.layer.labels]
    unused = e1.by_label.loc["E"]
    assert pd.isna(unused["kappa"])
    assert "nobody used this label" in unused["reason"]


def test_all_sentences_that_were_asked_have_a_row():
    """In text order, with their words."""
    case = Case.open("analyst-claims")
    frame = compare(case.key("rhetoric").labels, case.key("rhetoric"), units=["S3", "S4"]).by_sentence
    assert list(frame.index) == ["S3", "S4"]
    assert case.article.text.count(frame.loc["S4", "quote"]) == 1


def test_tables_without_rows_have_the_same_columns_and_types(e1):
    """So that code written for one student runs for the next."""
    empty = compare(labels([]), key([]))
    for name in ("scores", "by_label", "by_sentence"):
        pd.testing.assert_series_equal(getattr(empty, name).dtypes, getattr(e1, name).dtypes)
    assert tuple(e1.scores.columns) == SCORES
    assert tuple(e1.by_label.columns) == BY_LABEL
    assert tuple(e1.by_sentence.columns) == BY_SENTENCE


def test_every_number_says_for_whom_it_is(e1):
    """Students see few numbers; F1 of papers is for export only; names do not repeat."""
    scores = e1.scores
    assert set(scores["shown_to"]) == {"student", "instructor", "export"}
    assert not scores.duplicated(["measure", "number"]).any()
    assert set(scores[scores["measure"].str.startswith("SemEval")]["shown_to"]) == {"export"}
    students = scores[(scores["shown_to"] == "student") & ~scores["number"].str.startswith("f1 of")]
    assert list(students["number"]) == ["precision", "recall", "f1", "c"]


def test_ranges_hold_their_numbers(e1):
    """Where there is an interval, the value lies in it; where there are counts, they give the value."""
    for row in e1.scores.dropna(subset=["low"]).itertuples():
        assert row.low <= row.value <= row.high
    counted = e1.scores.dropna(subset=["credit", "value"])
    pd.testing.assert_series_equal(counted["credit"] / counted["out_of"], counted["value"], check_names=False)


def test_numbers_as_plain_data(e1):
    """Without pandas: the same values under the same names."""
    records = score_records(e1.measures)
    assert [row["value"] for row in records] == pytest.approx(list(e1.scores["value"]), nan_ok=True)


def test_sentence_by_sentence_agreement_is_in_the_scores():
    """In a layer with one label per sentence: how many agree, with a range, and beyond chance."""
    at = (0, len(TEXT.text), "fact")
    scores = compare(labels([at], layer="claims"), key([at], layer="claims")).scores.set_index(["measure", "number"])
    agreement = scores.loc["agreement by sentence", "agreement"]
    assert agreement[["value", "credit", "out_of", "shown_to"]].tolist() == [1, 1, 1, "student"]
    assert agreement["low"] < 1 == agreement["high"]
    assert scores.loc["agreement by sentence", "kappa"]["reason"]
    nothing = compare(labels([], layer="claims"), key([], layer="claims")).scores.set_index(["measure", "number"])
    assert nothing.loc["agreement by sentence", "agreement"]["reason"]
