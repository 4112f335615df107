"""Every number of a comparison, from hand-made cases; and what bad input gives."""

import math
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondsource.agreement import Contingency
from secondsource.article import Article
from secondsource.comparison import Comparison, compare
from secondsource.metrics import Counts2013, Tally
from secondsource.metrics.discernment import Confidence, Detection
from secondsource.spans import LabelSet
from secondsource.words import words
from synthetic import CODEBOOK, TEXT, entry, key, labels
from test_matching import E1_KEY, E1_MARKS, ENTRIES, MARKS

F = Fraction
WORDS = Article(
    "Headline here\n\n" + " ".join(f"One two three four five six seven eight nine te{n}." for n in range(6)),
    provenance="Invented text, written for practice.",
)


def over_words(marks, entries, **options):
    """A comparison over a text of six sentences of ten words."""
    return compare(labels(marks, article=WORDS), key(entries, article=WORDS), **options)


def word(sentence: int, number: int) -> tuple[int, int]:
    """Bounds of a word of a sentence, both counted from 0 (sentence 0 is S1)."""
    return words(WORDS.text)[2 + 10 * sentence + number]


def test_the_long_example():
    """E1 of the pairing rules: counted and best match as documented, exact hits none, forms of the papers."""
    measures = compare(labels(E1_MARKS), key(E1_KEY, distractors=[(250, 270, "A")])).measures
    assert measures.counted == Tally(2, 6, 2, 4)
    assert measures.best_match.scores.f1.value == pytest.approx(105 / 247)
    assert measures.exact == Tally(0, 7, 0, 5)
    assert measures.semeval2013["type"] == Counts2013(correct=2, incorrect=2, missed=1, spurious=3)


def test_what_is_left_open_enters_no_form():
    """A label that a contested entry holds is in no number, whatever the form."""
    entries = [entry(0, 10), entry(100, 120, "B", tier="contested")]
    with_open = compare(labels([(0, 10), (102, 118, "B")]), key(entries)).measures
    without = compare(labels([(0, 10)]), key(entries)).measures
    for name in ("counted", "best_match", "exact", "semeval2020", "semeval2020_places", "semeval2013"):
        assert getattr(with_open, name) == getattr(without, name), name


def test_agreement_is_counted_in_words_of_the_part_that_was_asked():
    """Two of three marked words are the key's; words of other sentences are no units."""
    marks = [(word(0, 0)[0], word(0, 2)[1])]
    entries = [(word(0, 1)[0], word(0, 3)[1])]
    assert over_words(marks, entries).measures.contingencies["A"] == Contingency(2, 3, 3, 62)
    part = over_words(marks, entries, units=["S1", "S3", "S4"])
    assert part.measures.contingencies["A"] == Contingency(2, 3, 3, 30)
    assert part.measures.contingencies["B"] == Contingency(0, 0, 0, 30)


def test_words_of_an_open_question_are_no_units():
    """For its own label only."""
    entries = [word(0, 1), entry(*word(1, 1), "A", tier="contested")]
    measures = over_words([word(0, 1), word(1, 1)], entries).measures
    assert measures.contingencies["A"] == Contingency(1, 1, 1, 61)
    assert measures.contingencies["B"].units == 62


def test_a_label_that_an_open_question_holds_is_in_no_agreement():
    """Also where the question has another label of its own, and accepts this one."""
    entries = [word(0, 1), entry(*word(1, 1), "A", also="B", tier="contested")]
    measures = over_words([word(0, 1), (*word(1, 1), "B")], entries).measures
    assert measures.contingencies["B"] == Contingency(0, 0, 0, 62)
    assert measures.mean_kappa[0].value == 1


def test_blind_labels_cover_only_what_was_asked():
    """A label over the whole part leaves out the sentences between."""
    entries = [(WORDS.sentences[1].start, WORDS.sentences[1].end), (WORDS.sentences[5].start, WORDS.sentences[5].end)]
    blind = over_words([], entries, units=["S1", "S5"]).measures.baselines[0]
    assert (blind.name, blind.scores.f1.value) == ("one label over the whole part", 1)


def test_marking_readily():
    """Cells are sentence by label; with five labels and seven sentences there are 35."""
    entries = [word(0, 1), word(2, 1), entry(*word(3, 1), "B", tier="acceptable"), entry(*word(4, 4), "A", also="C")]
    marks = [word(0, 1), word(1, 1), (*word(3, 1), "B"), (*word(4, 4), "C"), (*word(5, 0), "D")]
    # Signals: A in S1, S3 and S5. Neither: B in S4 (acceptable), C in S5 (also accepted).
    assert over_words(marks, entries).measures.detection == Detection(1, 3, 2, 30)


def test_flagging_sentences():
    """Whatever the label: three sentences with core entries, one with an acceptable one, three with nothing."""
    entries = [word(0, 1), word(2, 1), entry(*word(3, 1), "B", tier="acceptable"), entry(*word(4, 4), "A", also="C")]
    marks = [(*word(0, 1), "D"), word(1, 1), (*word(4, 5), "E"), (*word(4, 6), "B"), (*word(5, 0), "D")]
    assert over_words(marks, entries).measures.flagging == Detection(2, 3, 2, 3)


def test_contested_labels_raise_no_alarm():
    """A mark that is read as contested is no hit and no false alarm, and its cell is none either."""
    entries = [word(0, 1), entry(*word(1, 1), "B", tier="contested")]
    assert over_words([(*word(1, 1), "B")], entries).measures.detection == Detection(0, 1, 0, 33)


def test_how_sure_and_how_right():
    """The label is right in matched, accepted and boundary rows; pieces, unrated and open rows are left out."""
    marked = labels(E1_MARKS)
    sure = LabelSet(TEXT, CODEBOOK, tuple(replace(s, confidence=0.5) if s.id != "m7" else s for s in marked.spans))
    measures = compare(sure, key(E1_KEY, distractors=[(250, 270, "A")])).measures
    assert measures.confidence == Confidence(5, 3, F(5, 2), F(5, 4))


def test_one_label_per_sentence():
    """Two of three scored sentences agree; an unlabelled one is a choice of its own."""
    at = [(s.start, s.end) for s in WORDS.sentences[1:]]
    entries = [
        entry(*at[0], "fact"),
        entry(*at[1], "view"),
        entry(*at[2], "fact"),
        entry(*at[3], "view", tier="contested"),
    ]
    marks = [(*at[0], "fact"), (*at[1], "view"), (*at[3], "fact")]
    compared = compare(labels(marks, article=WORDS, layer="claims"), key(entries, article=WORDS, layer="claims"))
    agreed = compared.measures.agreed
    assert (agreed.sentences, agreed.agreed, agreed.guessed) == (3, 2, 1.0)
    assert agreed.kappa.value == pytest.approx((2 / 3 - 1 / 3) / (1 - 1 / 3))
    assert compared.measures.contingencies["fact"].units == 7
    assert compared.measures.contingencies["view"].units == 6  # the contested sentence is left out
    assert over_words([], []).measures.agreed is None


def test_guessing_is_right_where_the_key_accepts_the_label_too():
    """One label on all of three sentences: blindly placed it agrees with as many as it does here."""
    at = [(s.start, s.end) for s in WORDS.sentences[1:4]]
    entries = [entry(*at[0], "fact"), entry(*at[1], "view", also=("fact",)), entry(*at[2], "view")]
    marks = [(*place, "fact") for place in at]
    compared = compare(labels(marks, article=WORDS, layer="claims"), key(entries, article=WORDS, layer="claims"))
    assert (compared.measures.agreed.agreed, compared.measures.agreed.guessed) == (2, 2.0)


@given(MARKS, ENTRIES, st.randoms())
def test_no_order_changes_any_number(marks, entries, rng):
    """The whole table of scores, to the last bit."""
    one = compare(labels(marks), key(entries)).scores
    other = compare(labels(rng.sample(marks, len(marks))), key(rng.sample(entries, len(entries)))).scores
    assert one.to_csv() == other.to_csv()


@given(ENTRIES)
def test_a_key_against_itself_is_perfect_in_every_form(entries):
    """All core entries, labelled exactly: every precision, recall and F1 is 1."""
    rows = [(*row["at"],) for row in entries]
    measures = compare(labels(rows), key([entry(*row) for row in rows])).measures
    for tally in (measures.counted, measures.best_match, measures.exact, measures.semeval2020):
        assert all(not rows or ratio.value == 1 for ratio in (tally.scores.precision, tally.scores.recall))


def kinds(comparison: Comparison) -> dict[str, str]:
    """Each number of the comparison as text, or its reason."""
    return {f"{row.measure} {row.number}": row.reason or f"{row.value:.3f}" for row in comparison.scores.itertuples()}


whole = (0, len(WORDS.text))
ENTRY = word(0, 1)
BAD = {  # marks, entries, and some of the numbers
    "nothing against nothing": ([], [], {
        "counted precision": "there is nothing to find here, and nothing was marked",
        "counted f1": "there is nothing to find here, and nothing was marked",
        "best match f1": "there is nothing to find here, and nothing was marked",
        "exact f1": "there is nothing to find here, and nothing was marked",
        "SemEval-2020 f1": "there is nothing to find here, and nothing was marked",
        "agreement by label mean kappa": "there is nothing to compare here",
        "detection by sentence and label d′": "there is nothing to find here",
        "unitized alpha all values": "nobody marked anything here, so there is nothing to compare",
    }),
    "nothing against something": ([], [ENTRY], {
        "counted precision": "nothing was marked",
        "counted recall": "0.000",
        "counted f1": "0.000",
        "best match precision": "nothing was marked",
        "best match f1": "0.000",
        "agreement by label mean kappa": "0.000",
        "confidence Brier score": "no mark says how sure its reader was",
    }),
    "something against nothing": ([ENTRY], [], {
        "counted precision": "0.000",
        "counted recall": "the key expects nothing in particular here",
        "best match f1": "0.000",
        "detection by sentence c": "there is nothing to find here",
    }),
    "one label over everything": ([whole], [ENTRY], {
        "counted f1": "0.000",
        "best match recall": "1.000",
        "best match precision": f"{3 / (len(WORDS.text) - 1):.3f}",
        "SemEval-2013 partial f1": "0.500",
        "agreement by label mean kappa": "0.000",
    }),
    "every sentence": ([(s.start, s.end) for s in WORDS.sentences], [ENTRY], {
        "best match recall": "1.000",
        "counted recall": "0.000",
    }),
    "copies": ([ENTRY, ENTRY, ENTRY], [ENTRY], {
        "counted f1": "1.000", "best match f1": "1.000", "exact f1": "1.000", "SemEval-2013 strict f1": "1.000",
    }),
    "fragments": ([(ENTRY[0], ENTRY[0] + 1), (ENTRY[0] + 1, ENTRY[1])], [ENTRY], {
        "counted f1": "1.000", "best match f1": "1.000", "exact f1": "0.000",
    }),
    "a label never used": ([(*ENTRY, "B")], [(*ENTRY, "C")], {
        "counted f1": "0.000", "agreement by label mean kappa": "0.000", "SemEval-2020, labels ignored f1": "1.000",
    }),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_bad_input_gives(name):
    """Each has a documented result; what is undefined says why; the words stay kind and whole."""
    marks, entries, expected = BAD[name]
    comparison = over_words(marks, entries)
    told = kinds(comparison)
    assert {number: told[number] for number in expected} == expected
    for row in comparison.scores.itertuples():
        assert math.isnan(row.value) == bool(row.reason), row
    text = str(comparison) + comparison._repr_html_()
    assert not any(word in text.casefold() for word in ("nan", "wrong", "fail", "bad", "error"))
    assert len(comparison.by_label) == 6
    assert comparison.by_sentence["labels"].sum() == len(set(marks))


def test_every_sentence_marked_is_one_answer_and_many_misses():
    """The sentences that hold nothing are joined where they touch, and none escapes."""
    tally = over_words([(s.start, s.end) for s in WORDS.sentences], [ENTRY]).measures.best_match
    assert (tally.found, tally.expected) == (1, 1)
    assert 0 < tally.scores.precision.value < 0.1


def test_confidences_that_are_missing_are_not_rated():
    """None of them enters a mean."""
    comparison = over_words([word(0, 1), word(1, 1)], [ENTRY])
    assert comparison.measures.confidence == Confidence()
    assert comparison.measures.confidence.brier.reason


def test_labels_outside_the_layer_are_ignored():
    """Another layer's labels are in no number."""
    at = WORDS.sentences[1]
    alien = labels([(at.start, at.end, "fact")], article=WORDS, layer="claims")
    assert compare(alien, key([ENTRY], article=WORDS)).scores.equals(over_words([], [ENTRY]).scores)


@pytest.mark.parametrize("by", [1, 137])
def test_a_longer_text_in_front_changes_no_count(by):
    """Every form is about places relative to each other."""
    moved = [(s + by, e + by, *rest) for s, e, *rest in E1_MARKS]
    entries = [{**r, "at": (r["at"][0] + by, r["at"][1] + by, r["at"][2]),
                "extents": tuple((s + by, e + by) for s, e in r["extents"])} for r in E1_KEY]  # fmt: skip
    here = compare(labels(E1_MARKS), key(E1_KEY)).measures
    there = compare(labels(moved), key(entries)).measures
    for name in ("counted", "best_match", "exact", "semeval2020", "semeval2013", "detection"):
        assert getattr(here, name) == getattr(there, name), name
