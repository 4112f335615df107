"""The sentences that a student reads: right grammar for none, one and many, and nothing of the key before its time."""

import random
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondsource.article import Article
from secondsource.case import Case
from secondsource.comparison import Comparison, compare
from secondsource.feedback import (
    headline,
    hint,
    numbers,
    outcome_names,
    quoted,
    score_sentence,
    summary,
    tally,
    waiting,
)
from secondsource.languages import language
from secondsource.matching import OUTCOMES, Pair, pair
from secondsource.spans import LabelSet, Span
from secondsource.widgets import ComparisonView
from synthetic import entry, key, labels

CASE = Case.open("analyst-claims")
EN = language()
KEYS = {layer: CASE.key(layer) for layer in CASE.layers}
VERDICTS = re.compile(r"\b(fake|true|false|liar|lie|wrong|stupid|fail|failed|error|mistake)\b", re.IGNORECASE)


def reader(layer: str, seed: int) -> Comparison:
    """A reader who knows a little: some entries exact, some moved, some renamed, and some words at random."""
    rng, article, key_ = random.Random(seed), CASE.article, KEYS[layer]
    if key_.layer.unit == "sentence":
        return sorter(layer, seed)
    names = [label.id for label in key_.layer.labels if label.unit == "span"]
    made = []
    for known in rng.sample(key_.spans, 14):
        start, end, label = known.span.start, known.span.end, known.span.label
        if label in names and rng.random() < 0.6:
            start, end = max(0, start - rng.randrange(30)), min(len(article.text), end + rng.randrange(30))
            label = rng.choice([label, *names])
        made.append((start, end, label))
    words = [m.span() for m in re.finditer(r"\S+", article.text)]
    made += [(*rng.choice(words), rng.choice(names)) for _ in range(6)]
    made += [(trap.start, trap.end, trap.tempting[0]) for trap in rng.sample(key_.distractors, 2)]
    spans = [Span(f"s{i}", layer, label, start, end) for i, (start, end, label) in enumerate(made)]
    return compare(LabelSet(article, CASE.codebook, tuple(spans)), key_)


def sorter(layer: str, seed: int) -> Comparison:
    """The same for whole sentences: most are answered, many as the key does."""
    rng, key_ = random.Random(seed), KEYS[layer]
    names = [label.id for label in key_.layer.labels]
    known = {entry.span.start: entry.span.label for entry in key_.spans}
    spans = [
        Span(s.id, layer, known[s.start] if rng.random() < 0.4 else rng.choice(names), s.start, s.end)
        for s in rng.sample(CASE.article.sentences, 22)
    ]
    return compare(LabelSet(CASE.article, CASE.codebook, tuple(spans)), key_)


def impossible(layer: str) -> set[str]:
    """Outcomes that this key, or a layer of its kind, does not have."""
    key_ = KEYS[layer]
    never = {"accepted"} if not any(known.also for known in key_.spans) else set()
    never |= {"relabelled"} if len(key_.layer.labels) == 1 else set()
    never |= {"contested"} if not any(known.tier == "contested" for known in key_.spans) else set()
    every = len(key_.spans) == len(CASE.article.sentences)
    return never | ({"boundary", "extra", "distractor"} if key_.layer.unit == "sentence" and every else set())


def told_of(row: Pair, *, with_quote: bool = True) -> str:
    """Everything that is said of a row before its answer is shown, with the student's own words or without."""
    layer = KEYS[row.mark.layer if row.mark else row.key.span.layer].layer
    first = headline(row, layer, EN)
    return f"{first if with_quote else re.sub('“.*”', '“”', first)}\n{hint(row, layer, EN)}"


def stands_in(secret: str, told: str) -> bool:
    """Whether words stand in a text as whole words; a pronoun alone gives nothing away."""
    if secret.casefold() in ("he", "his", "who"):
        return False
    return re.search(rf"(?<!\w){re.escape(secret.strip())}(?!\w)", told, re.IGNORECASE) is not None


@pytest.mark.parametrize("layer", sorted(KEYS))
@pytest.mark.parametrize("seed", range(12))
def test_headline_and_hint_do_not_tell_the_answer(layer, seed):
    """Neither the name of the key's label nor its words, unless the student's own label has them."""
    for row in reader(layer, seed).rows:
        told, mine = told_of(row, with_quote=False), row.mark.quote if row.mark else ""
        hidden = []
        for known in (row.key, *row.covers):
            if known is not None:
                name = KEYS[layer].layer.label(known.span.label).name
                hidden += [known.reason, known.counter]
                hidden += [known.span.quote] if known.span.quote not in mine else []
                hidden += [f" {name} "] if row.mark is None or row.mark.label != known.span.label else []
        if row.distractor is not None:
            hidden += [row.distractor.why_not, *([row.distractor.instead] if row.distractor.instead else [])]
            hidden += [row.distractor.quote] if row.distractor.quote not in mine else []
        assert [secret for secret in hidden if stands_in(secret, told)] == []


@pytest.mark.parametrize("layer", sorted(KEYS))
def test_every_kind_of_row_is_told_in_whole_sentences(layer):
    """All outcomes occur that can; each sentence starts with a capital letter, ends with a mark, and judges nobody."""
    rows = [row for seed in range(12) for row in reader(layer, seed).rows]
    assert {row.outcome for row in rows} == set(OUTCOMES) - impossible(layer)
    for row in rows:
        for sentence in told_of(row).split("\n"):
            assert re.fullmatch(r"[A-Z].*[.?!”]", sentence), sentence
            assert "  " not in sentence
        assert not VERDICTS.search(told_of(row, with_quote=False).split("\n")[0])


def test_names_and_meanings_for_all_outcomes():
    """The legend is complete and in display order."""
    assert tuple(outcome_names(EN)) == tuple(EN.table("meanings")) == OUTCOMES
    assert len(set(outcome_names(EN).values())) == len(OUTCOMES)


def test_a_long_quotation_is_shortened():
    """A headline stays one line, even for a label over the whole article."""
    made = labels([(0, 1000)])
    (row,) = pair(made.spans, key([]))
    assert len(headline(row, key([]).layer, EN)) < 160
    assert "…" in headline(row, key([]).layer, EN)


def test_an_open_reading_of_a_whole_sentence_is_told_as_such():
    """An accepted row that is not counted says so."""
    made = key([entry(0, 10, tier="acceptable")])
    (row,) = pair(labels([(0, 1000, "CLEAN")]).spans, made)
    assert headline(row, made.layer, EN).endswith("Name of CLEAN is not counted here.")


SAME = "“bbbbbbbbb” as Name of A, and so does the key."
NEARLY = "and the key has the same label on much the same words. Compare where each begins and ends."


@pytest.mark.parametrize(
    ("mark", "entries", "end"),
    [
        ((0, 9), [(0, 9)], SAME),
        ((0, 9), [entry(0, 20, extents=[(0, 9)])], SAME),
        ((0, 9), [(0, 10)], NEARLY),
        ((0, 9), [(0, 8)], NEARLY),
    ],
)
def test_a_match_with_other_edges_is_told_as_such(mark, entries, end):
    """“And so does the key” is said of the key's own or accepted words only; the key's words are not told."""
    made = key(entries)
    (row,) = pair(labels([mark]).spans, made)
    assert row.outcome == "matched"
    assert headline(row, made.layer, EN).endswith(end)
    assert headline(row, made.layer, EN).startswith("Matched: you marked “bbbbbbbbb” as Name of A, and ")


def test_trimmed_edges_are_no_difference():
    """Quotation marks and stops at the edge are not other words."""
    article = Article("‘green hills’, she said")
    made = key([(1, 12)], article=article)
    (row,) = pair(labels([(0, 14)], article=article).spans, made)
    assert headline(row, made.layer, EN) == "Matched: you marked “‘green hills’,” as Name of A, and so does the key."


def test_what_is_not_in_the_key_can_be_tested():
    """The key says nothing of it, so the rule of its label is told, once for each label."""
    made = compare(labels([(0, 10), (20, 30), (40, 50, "B")]), key([(100, 110)]))
    rule = {label.id: label.rule for label in made.key.layer.labels}
    for told in (str(made), made._repr_html_()):
        assert told.count(f"Test it with the rule: {rule['A']}") == 1
        assert told.count(f"Test it with the rule: {rule['B']}") == 1


def test_what_was_missed_may_have_other_labels_on_it():
    """The sentence is true also where the student has a label that answers something else."""
    made = key([(0, 60), (70, 100)])
    told = "Missed: the key expects a label here, and none of yours answers it."
    for marks, missed in (([], 2), ([(0, 100)], 1)):
        rows = pair(labels(marks).spans, made)
        assert [headline(row, made.layer, EN) for row in rows if row.outcome == "missed"] == [told] * missed


def test_a_whole_sentence_that_was_missed_is_named_where_the_key_is_shown():
    """And only there; a passage that was missed is told as before."""
    clean = entry(0, 1000, "CLEAN")
    made = compare(labels([]), key([clean]))
    hidden = "Missed: the key expects a label here, and none of yours answers it."
    assert headline(made.rows[0], made.key.layer, EN) == hidden
    assert hidden not in str(made)
    assert "· Missed: the key calls this sentence “Name of CLEAN”.\n" in str(made)
    assert "<td>Missed: the key calls this sentence “Name of CLEAN”.</td>" in made._repr_html_()
    assert "Übersehen: Die Musterlösung nennt diesen Satz „Name of CLEAN“." in str(made.told_in("de"))
    for level, named in (("visible", True), ("marks", False)):
        view = ComparisonView(made, level=level)
        assert [row["headline"] for row in view._view["pairs"]] == [hidden]
        assert ("calls this sentence" in view._static_html()) is named
    assert hidden in str(compare(labels([]), key([(0, 60)])))


def test_a_sentence_that_is_wrongly_called_clean_says_what_is_expected():
    """Only where the key expects something; not where it is silent."""
    expects = "The key expects a technique in this sentence. Test it with the rule: rule of CLEAN"
    for entries, told in (([(0, 10)], expects), ([], "Test it with the rule: rule of CLEAN")):
        made = key(entries)
        row = next(row for row in pair(labels([(0, 1000, "CLEAN")]).spans, made) if row.mark)
        assert (row.outcome, hint(row, made.layer, EN)) == ("extra", told)


def test_a_clean_sentence_of_the_bundled_case():
    """The hint is there for each sentence with a core technique, and for no other."""
    article, made = CASE.article, KEYS["rhetoric"]
    spans = [Span(s.id, "rhetoric", "NO_TECHNIQUE", s.start, s.end) for s in article.sentences]
    rows = [row for row in pair(spans, made) if row.outcome == "extra"]
    expecting = {
        article.sentence_at(row.start).id for row in rows if "expects a technique" in hint(row, made.layer, EN)
    }
    core = {
        article.sentence_at(k.span.start).id for k in made.spans if k.tier == "core" and not k.accepts("NO_TECHNIQUE")
    }
    assert expecting == core


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("red", "“red”"),
        ("“My father was a miner.”", "“My father was a miner.”"),
        ("“My father”, she said", "“‘My father’, she said”"),
        ("he said: “No.”", "“he said: ‘No.’”"),
        ("“Insiders” and “players”", "“‘Insiders’ and ‘players’”"),
        ("‘No’", "“‘No’”"),
        ("“”", "“‘’”"),
        ("a\n\n b", "“a b”"),
    ],
)
def test_an_outer_pair_of_the_same_marks_is_dropped(quote, shown):
    """A quotation is not put in the same marks twice, and marks inside of it are single ones."""
    assert quoted(quote, EN) == shown


def test_marks_inside_of_a_quotation_that_is_cut_are_closed():
    """A headline about a card that begins with a quotation; in German, marks that close look like marks that open."""
    card = "“The pool will close on Monday” is a claim that could be checked."
    assert quoted(card, EN, limit=20) == "“‘The pool will …’”"
    assert quoted(card, EN, limit=40) == "“‘The pool will close on Monday’ is a …”"
    assert quoted("„Das Bad schließt“, sagt sie.", language("de")) == "„‚Das Bad schließt‘, sagt sie.“"
    assert quoted("„Das Bad schließt am Montag“, sagt sie.", language("de"), limit=20) == "„‚Das Bad schließt …‘“"


def test_a_quotation_in_quotation_marks_in_a_headline():
    """The marks of the text are those of the sentence."""
    article = Article("“My father was a miner.” That is all.")
    made = key([(0, 24)], article=article)
    (row,) = pair(labels([(0, 24)], article=article).spans, made)
    assert (
        headline(row, made.layer, EN)
        == "Matched: you marked “My father was a miner.” as Name of A, and so does the key."
    )


def words(marks, entries, distractors=(), **options) -> str:
    """The summary of a synthetic comparison."""
    return " ".join(summary(compare(labels(marks), key(entries, distractors=distractors), **options)))


ONE_OF_EACH = ([(0, 10), (100, 110), (205, 215), (300, 310)], [(0, 10), (100, 110, "B"), (200, 290)])


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (([], [(0, 9)]), "You made no labels in this text."),
        (([(0, 9)], [(0, 9)]), "You made 1 label in this text. 1 is in the key."),
        (([(0, 9), (20, 29)], [(0, 9), (20, 29)]), "You made 2 labels in this text. 2 are in the key."),
        (([(0, 9, "B")], [entry(0, 9, also="B")]), "1 is in the key, with a label that it accepts too."),
        (
            ([(0, 9, "B"), (20, 29)], [entry(0, 9, also="B"), (20, 29)]),
            "2 are in the key, 1 of them with a label that the key accepts too.",
        ),
        (ONE_OF_EACH, "1 has the right label, but other words. 1 marks the right words with another label."),
        (ONE_OF_EACH, "1 is not in the key."),
        (([(0, 9), (9, 18)], [(0, 90), (200, 290)]), "1 has the right label, but other words. 1 is part of an answer"),
        (([(0, 5), (5, 9)], [(0, 9)]), "You made 2 labels in this text. 1 is in the key. 1 is part of"),
        (([(0, 3), (3, 6), (6, 9)], [(0, 9)]), "2 are parts of an answer that is already counted."),
        (([(0, 9), (20, 29)], [(50, 60)]), "2 are not in the key."),
        (([(0, 9)], [(50, 60)], [(0, 9, "A")]), "1 is not in the key, but it is a tempting one."),
        (
            ([(0, 9), (20, 29)], [(50, 60)], [(0, 9, "A"), (20, 29, "A")]),
            "2 are not in the key, but all of them are tempting.",
        ),
        (([(0, 9), (20, 29)], [(50, 60)], [(0, 9, "A")]), "2 are not in the key; 1 of them is tempting."),
        (
            ([(0, 9), (20, 29), (40, 49)], [(50, 60)], [(0, 9, "A"), (20, 29, "A")]),
            "3 are not in the key; 2 of them are tempting.",
        ),
        (
            ([(0, 9)], [entry(0, 9, tier="contested"), (20, 30)]),
            "1 is not counted, because careful readers may differ there.",
        ),
        (
            ([(0, 9), (20, 29)], [entry(0, 9, tier="contested"), entry(20, 29, tier="contested")]),
            "2 are not counted, because careful readers may differ there.",
        ),
        (
            ([(0, 5), (5, 9)], [entry(0, 9, tier="contested")]),
            "You made 2 labels in this text. 2 are not counted, because",
        ),
        (
            ([(0, 9), (0, 9), (0, 9), (20, 29)], [(0, 9), (20, 29)]),
            "You made 4 labels in this text. 2 are in the key. 2 identical copies are not counted again.",
        ),
        (
            ([(0, 9), (0, 9)], [(0, 9)]),
            "You made 2 labels in this text. 1 is in the key. 1 identical copy is not counted again.",
        ),
        (
            ([(0, 9), (0, 9, "B")], [(0, 9)]),
            "You made 2 labels in this text. 1 is in the key. 1 is not in the key. You found",
        ),
        (([(0, 9)], [(0, 9)]), "You found the one passage that every reader is expected to find."),
        (([(0, 9), (20, 29)], [(0, 9), (20, 29)]), "You found both passages that every reader is expected to find."),
        (([(10 * i, 10 * i + 5) for i in range(3)],) * 2, "You found all 3 passages that every reader"),
        (([], [(0, 9)]), "You did not find the one passage that every reader is expected to find."),
        (([], [(0, 9), (20, 29)]), "You found none of the 2 passages that every reader is expected to find."),
        (([(0, 9)], [(0, 9), (20, 29)]), "You found 1 of the 2 passages that every reader is expected to find."),
        (([], [entry(0, 9, tier="acceptable")]), "The key expects nothing in particular in this text."),
        (
            ([], [entry(0, 9, tier="acceptable")]),
            "1 more passage may be labelled or not. You lose nothing by leaving it.",
        ),
        (
            ([], [entry(0, 9, tier="acceptable"), entry(20, 29, tier="acceptable")]),
            "2 more passages may be labelled or not. You lose nothing by leaving them.",
        ),
        (([(0, 9)], [(0, 9)]), "Overlap with the key: 100 of 100."),
        (
            ([], [entry(0, 9, tier="acceptable")]),
            "There is no score for the overlap with the key: there is nothing to find here, and nothing was marked.",
        ),
        (([], []), "The key has nothing in this text, so there is nothing to compare."),
        (
            ([(0, 9)], [(0, 9)]),
            "2 with one label over the whole part; 2 with a label on every sentence; 0 with no labels at all.",
        ),
        (([(0, 9)], [(0, 9)]), "Trained people were never asked."),
    ],
)
def test_the_summary_in_words(case, expected):
    """Each sentence for none, one and many."""
    assert expected in words(*case)


def test_labels_outside_the_part_are_told():
    """They are not compared, and the student hears it."""
    article = CASE.article
    s1, s6 = (next(s for s in article.sentences if s.id == name) for name in ("S1", "S6"))
    spans = [Span("a", "attribution", "CUE", s1.start, s1.end), Span("b", "attribution", "CUE", s6.start, s6.end)]
    made = LabelSet(article, CASE.codebook, tuple(spans))
    one = summary(compare(made, KEYS["attribution"], units=["S6"]))
    both = summary(compare(made, KEYS["attribution"], units=["S5"]))
    assert "1 label of yours lies outside this part and is not compared." in one
    assert "2 labels of yours lie outside this part and are not compared." in both


def test_a_part_of_the_text_is_called_a_part():
    """Only where a part was asked."""
    nothing, rhetoric = LabelSet(CASE.article, CASE.codebook), KEYS["rhetoric"]
    assert tally(compare(nothing, rhetoric, units=["S8"]))[0] == "You made no labels in this part of the text."
    assert tally(compare(nothing, rhetoric))[0] == "You made no labels in this text."
    everything = [s.id for s in CASE.article.sentences]
    assert tally(compare(nothing, rhetoric, units=everything))[0] == "You made no labels in this text."
    attribution = KEYS["attribution"]
    silent = next(s.id for s in CASE.article.sentences if not attribution.within([s.id]).spans)
    (line,) = tally(compare(nothing, attribution, units=[silent]))
    assert line == "The key has nothing in this part of the text, so there is nothing to compare."


def test_numbers_lead_to_the_rows_that_they_count():
    """Pieces of an open question are not counted, so the number of pieces does not lead there."""
    made = compare(labels([(0, 5), (5, 9), (20, 25), (25, 29)]), key([entry(0, 9, tier="contested"), (20, 29)]))
    assert numbers(made)[:4] == [
        ("You made 4 labels", [0, 1]),
        ("1 is in the key", [1]),
        ("1 is part", [1]),
        ("2 are not counted", [0]),
    ]


@pytest.mark.parametrize(
    ("numbers_", "units", "told"),
    [
        ((0, 0, 8, 0), ("S3",), []),
        ((0, 0, 8, 1), ("S3",), ["1 label lies outside the sentence that is asked (S3)."]),
        ((0, 0, 8, 2), ("S3", "S5"), ["2 labels lie outside the sentences that are asked (S3, S5)."]),
        (
            (1, 0, 8, 0),
            (),
            [
                "So far: 1 label. The comparison opens with at least 8 labels, each with a confidence.",
            ],
        ),
        (
            (9, 2, 8, 0),
            (),
            [
                "So far: 9 labels, 2 without a confidence. "
                "The comparison opens with at least 8 labels, each with a confidence.",
            ],
        ),
    ],
)
def test_what_is_waited_for(numbers_, units, told):
    """Right grammar for one and many; nothing is said of none."""
    assert waiting(*numbers_, units, EN) == told


@pytest.mark.parametrize(
    ("kind", "numbers_", "told"),
    [
        ("chain", (0, 0, 2, 0), ["The comparison opens with at least 2 hands, each with all its questions answered."]),
        ("written", (0, 0, 3, 0), ["The model answers open when you have written at least 3 answers."]),
        ("scale", (0, 0, 2, 0), []),
        (
            "written",
            (1, 0, 3, 0),
            ["So far: 1 answer. The model answers open when you have written at least 3 answers."],
        ),
        (
            "scale",
            (1, 0, 2, 1),
            [
                "So far: 1 rating. This opens with at least 2 ratings.",
                "1 rating lies outside the sentence that is asked (S3).",
            ],
        ),
        (
            "chain",
            (0, 0, 2, 2),
            [
                "The comparison opens with at least 2 hands, each with all its questions answered.",
                "2 hands lie outside the sentence that is asked (S3).",
            ],
        ),
    ],
)
def test_what_is_waited_for_is_called_by_its_name(kind, numbers_, told):
    """A blank chain or written task says how many are needed; hands, answers and ratings are no labels."""
    assert waiting(*numbers_, ("S3",), EN, kind=kind) == told


@given(st.integers(0, 10**6))
def test_the_counts_of_the_summary_add_up(seed):
    """Every label of the student is told once: right, near, other, not in the key, a piece, or not counted."""
    rng = random.Random(seed)

    def some(number):
        return [(a, a + rng.randrange(1, 40), rng.choice("AB")) for a in rng.choices(range(200), k=number)]

    entries = [entry(*row, tier=rng.choice(("core", "acceptable", "contested"))) for row in some(6)]
    marks = sorted(set(some(8)))
    comparison = compare(labels(marks), key(entries))
    made, *rest = re.findall(r"(?:^|\. |made )(\d+) ", tally(comparison)[0])
    assert int(made) == sum(map(int, rest)) == len(marks)
    by = Counter({"part": 0, "not counted": 0})
    for row in comparison.rows:
        by["part" if row.scored else "not counted"] += len(row.pieces)
        by["not counted"] += row.mark is not None and not row.scored
    told = re.findall(r"(\d+) (?:is|are) (part|not counted)", tally(comparison)[0])
    assert {name: int(n) for n, name in told} == {name: n for name, n in by.items() if n}


def test_the_score_is_one_sentence_or_its_reason():
    """Never a bare NaN."""
    empty = compare(labels([]), key([entry(0, 9, tier="acceptable")]))
    assert "nan" not in score_sentence(empty).casefold()


def test_labels_where_the_key_has_nothing():
    """They are told, and so is that the key has nothing here."""
    told = tally(compare(labels([(0, 10), (20, 30)]), key([])))
    assert told == ["You made 2 labels in this text. 2 are not in the key.", "The key has nothing in this text."]
