"""A class laid over a real key: trimmed, cut to what was asked and freed of labels of sentences as for one student."""

import random

import pandas as pd
import pytest

from secondsource.agreement import Contingency
from secondsource.article import Article
from secondsource.case import Case
from secondsource.cohort import Sheet, pack, score
from secondsource.comparison import compare
from secondsource.errors import UnknownNameError
from secondsource.key import Key
from secondsource.spans import LabelSet, Span
from secondsource.words import words
from synthetic import CODEBOOK, entry, key

CASE = Case.open("analyst-claims")
TEXT = Article("One head\n\n“The red car”, he said. A dog ran. The end of it, the very end.", title="Small")


def hand_in(rng: random.Random, key: Key) -> LabelSet:
    """Return labels of one student: key spans, moved ones, random ones, and sentences called clean."""
    article, found = key.article, []
    sentences = [(s.start, s.end) for s in article.sentences]
    for number in range(rng.randrange(30)):
        label = rng.choice(key.layer.labels)
        start, end = rng.choice([(k.span.start, k.span.end) for k in key.spans])
        if rng.random() < 0.4:
            start = rng.randrange(len(article.text) - 1)
            end = start + rng.randrange(1, 200)
        start, end = max(0, start + rng.randrange(-2, 3)), min(len(article.text), end + rng.randrange(-2, 5))
        if label.unit == "sentence":
            start, end = rng.choice(sentences)
        if start < end and article.text[start:end].strip():
            found.append(Span(f"s{number}", key.layer.id, label.id, start, end))
    return LabelSet(article, key.labels.codebook, tuple(found))


def table(class_: list[LabelSet]) -> pd.DataFrame:
    """Return the labels of a class as a table."""
    rows = [(f"h{i}", s.label, s.start, s.end) for i, labels in enumerate(class_) for s in labels.spans]
    return pd.DataFrame(rows, columns=["hand_in", "label", "start", "end"])


@pytest.mark.parametrize("units", [None, ("S2", "S3", "S4", "S9", "S20")], ids=["all", "some sentences"])
@pytest.mark.parametrize("layer", CASE.layers)
def test_the_headline_is_that_of_a_comparison(layer: str, units: tuple[str, ...] | None):
    """What a student sees and what the class table shows is one number, undefined for the same reason."""
    rng, of_layer = random.Random(5), CASE.key(layer)
    class_ = [of_layer.labels, LabelSet(of_layer.article, of_layer.labels.codebook)]
    class_ += [hand_in(rng, of_layer) for _ in range(25)]
    scores = score(table(class_), Sheet.of(of_layer, units=units), hand_ins=[f"h{i}" for i in range(len(class_))])
    for i, labels in enumerate(class_):
        overlap = compare(labels, of_layer, units=units).overlap
        for name in ("precision", "recall", "f1"):
            ratio = getattr(overlap, name)
            assert scores.frame.loc[f"h{i}", f"best_match_{name}"] == pytest.approx(ratio.value, abs=1e-12, nan_ok=True)
            assert scores.reasons.loc[f"h{i}", f"best_match_{name}"] == ratio.reason


def test_both_sides_are_trimmed():
    """An article in front or quotation marks around change nothing, in any form of score."""
    of_text = key([entry(11, 22), entry(34, 43)], article=TEXT)
    assert (TEXT.text[11:22], TEXT.text[34:43]) == ("The red car", "A dog ran")
    class_ = [
        LabelSet(TEXT, CODEBOOK, (Span("a", "wording", "A", 10, 24), Span("b", "wording", "A", 36, 44))),
        LabelSet(TEXT, CODEBOOK, (Span("a", "wording", "A", 15, 22), Span("b", "wording", "A", 15, 24))),
    ]
    frame = score(table(class_), Sheet.of(of_text)).frame
    assert frame.loc["h0", ["exact_f1", "semeval_f1", "best_match_f1", "mean_kappa"]].tolist() == [1, 1, 1, 1]
    assert frame.loc["h1", ["exact_precision", "exact_recall"]].tolist() == [1, 0.5]  # twice the same words


def test_words_are_those_of_the_sentences_that_were_asked():
    """Agreement counts no word of another sentence, and marks there are no marks."""
    of_text = key([entry(34, 43), entry(45, 52)], article=TEXT)
    sheet = Sheet.of(of_text, units=["S2"])
    asked = next(s for s in TEXT.sentences if s.id == "S2")
    assert sheet.words == tuple(word for word in words(TEXT.text) if asked.start <= word[0] < asked.end)
    class_ = [LabelSet(TEXT, CODEBOOK, (Span("a", "wording", "A", 36, 39), Span("b", "wording", "A", 11, 22)))]
    scores = score(table(class_), sheet)
    assert scores.contingency("h0", "A") == Contingency(1, 1, 2, 3)
    assert scores.counts.loc["h0", ["spans", "exact_marked"]].tolist() == [1, 1]


def test_labels_of_sentences_enter_no_score_of_spans():
    """In a layer of spans “nothing to mark here” is left out, on both sides; an unknown label is still an error."""
    of_text = key([entry(34, 43, also="CLEAN"), entry(45, 73, "CLEAN")], article=TEXT)
    sheet = Sheet.of(of_text)
    assert "CLEAN" not in sheet.labels
    assert [expected.labels for expected in sheet.entries] == [frozenset("A")]
    rows = {"hand_in": ["kim", "kim"], "label": ["CLEAN", "A"], "start": [45, 34], "end": [73, 43]}
    assert score(rows, sheet).frame.loc["kim", ["spans", "exact_f1"]].tolist() == [1, 1]
    with pytest.raises(UnknownNameError):
        pack(rows | {"label": ["CLEAR", "A"]}, sheet)


def test_an_unknown_sentence_is_named():
    """As in a comparison, with a guess at what was meant."""
    with pytest.raises(UnknownNameError, match="“S99”"):
        Sheet.of(key([(34, 43)], article=TEXT), units=["S99"])
