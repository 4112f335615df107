"""Several exercises together: one set of counts, and ratings before and after."""

import json
import math
from dataclasses import replace
from pathlib import Path

import altair as alt
import pytest
from hypothesis import given
from hypothesis import strategies as st

import secondsource
from decks import write_case, write_course, write_key
from secondsource.article import Article
from secondsource.before_after import COLUMNS as MOVED
from secondsource.before_after import Change, change
from secondsource.case import Case
from secondsource.charts.ratings import before_after
from secondsource.codebook import Codebook
from secondsource.course import Exercise
from secondsource.errors import MismatchError
from secondsource.key import Key
from secondsource.languages import language
from secondsource.measures import agreement
from secondsource.pooling import COLUMNS, Together, together
from secondsource.ratings import moved, moved_told, own_ratings
from secondsource.spans import LabelSet, Span
from test_charts import EXPRESSIONS, MIME, as_json, expressions

WORDING = ("05_wording", "05_wording_alone")


@pytest.fixture
def course(tmp_path, monkeypatch) -> Path:
    """The small course, in a folder of its own."""
    monkeypatch.delenv("SECONDSOURCE_LABELS", raising=False)
    monkeypatch.delenv("SECONDSOURCE_LANGUAGE", raising=False)
    return write_course(tmp_path)


def answer_as_the_key(ex: Exercise, *, every: int = 1) -> Exercise:
    """Label what the key labels, with a confidence."""
    for known in ex.case.key(ex.layer.id).within(ex.task.units).spans[::every]:
        ex._store.apply({"op": "add", "span": vars_of(replace(known.span, id=f"m-{known.span.id}", confidence=0.8))})
    return ex


def vars_of(span: Span) -> dict:
    names = ("id", "layer", "label", "start", "end", "quote", "confidence")
    return {name: getattr(span, name) for name in names}


# --- together --------------------------------------------------------------------------------------------------------


def test_counts_of_two_exercises_add_up(tmp_path, monkeypatch):
    """Each sum is that of the two; the last row is their pool."""
    monkeypatch.delenv("SECONDSOURCE_LABELS", raising=False)
    one, two = (answer_as_the_key(Exercise(name, folder=tmp_path), every=2) for name in WORDING)
    made = together(one, two)
    assert isinstance(made, Together)
    frame = made.frame
    assert tuple(frame.columns) == COLUMNS
    assert list(frame["exercise"]) == [*WORDING, "together"]
    for name in COLUMNS[1:9]:
        assert frame[name].iloc[2] == frame[name].iloc[:2].sum()
    assert frame["agreed"].isna().all()
    assert made.agreed is None
    assert (made.flagging.hits, made.flagging.signals) == tuple(frame[["hits", "signals"]].iloc[2])
    assert made.counted.scores.precision.value == 1
    measures = made.scores
    assert measures.loc["d_prime", "value"] == made.flagging.sensitivity.value
    assert measures.loc["c", "value"] == made.flagging.criterion.value
    told = str(made)
    assert f"2 exercises are counted as one: “{one.task.title}”, “{two.task.title}”." in told
    assert f"Found: you marked {made.flagging.hits} of the {made.flagging.signals} sentences" in told
    assert f"finds all {made.flagging.signals} and flags {made.flagging.noises} without need" in told
    assert one.layer.human in told
    assert one.case.article.provenance in told.split("\n")[1]
    assert told.count(one.case.article.provenance) == 1
    html = made._repr_html_()
    assert html.count(one.case.article.provenance) == 1
    assert "<td>Together</td>" in html


def test_only_open_exercises_count(course, monkeypatch):
    """What is not open is named, and its key is not read."""
    one = Exercise("recall", folder=course)
    made = together(one)
    assert str(made).split("\n")[1:] == [
        "There is nothing to count together yet.",
        "Not counted yet: “What do you remember?”. Label first; what is open joins in.",
    ]
    assert (made.closed, made.hidden, dict(made.comparisons)) == (("recall",), (), {})
    assert len(made.frame) == 1
    assert made.agreed is None
    assert "<table>" not in made._repr_html_()
    with monkeypatch.context() as patch:
        patch.setattr(Key, "read", lambda *_a, **_k: pytest.fail("the key was opened"))
        together(one)


def test_an_exercise_without_a_comparison_stays_out(course):
    """Its teacher shows it."""
    text = (course / "course.toml").read_text()
    (course / "course.toml").write_text(text.replace('layers = ["recall"]', 'level = "none"\nlayers = ["recall"]'))
    one = Exercise("recall", folder=course)
    for item in ("C1", "C2"):
        one.put(item, "RIGHT", confidence=1)
    made = together(one)
    assert (made.closed, made.hidden) == ((), ("recall",))
    assert str(made).endswith("Not counted: “What do you remember?”. Your instructor will show the comparison.")


def test_sentences_are_counted_by_agreement(course):
    """Two decks of one layer: agreement, guessing, and the reader who always says the same."""
    facts = Case.open(course / "facts")
    more = write_case(course / "more", "More cards\n\nOne.\n\nTwo.\n\nThree.\n", codebook="practice", form="cards")
    write_key(more, "recall", {"C1": "RIGHT", "C2": "RIGHT", "C3": "NOT_RIGHT"}, tiers={"C3": "contested"})
    extra = '[[exercises]]\nid = "more"\ntitle = "More"\nnotebook = "x"\ncase = "more"\nlayers = ["recall"]\n'
    (course / "course.toml").write_text((course / "course.toml").read_text() + extra)
    one, two = (Exercise(name, folder=course) for name in ("recall", "more"))
    for ex, items in ((one, ("C1", "C2")), (two, ("C1", "C3"))):
        for item in items:
            ex.put(item, "RIGHT", confidence=0.8)
    made = together(one, two)
    assert (made.agreed.agreed, made.agreed.sentences) == (2, 4)
    assert list(made.frame["agreed"]) == [1, 1, 2]
    assert list(made.frame["sentences"]) == [2, 2, 4]
    told = str(made)
    assert "You agree with the key on 2 of 4 cards." in told
    assert "For scale: always “Holds” would agree with the key on 3 of 4." in told
    assert "sentence" not in told
    assert "<td>More</td><td>1</td><td>2</td>" in made._repr_html_()
    assert facts.article.provenance in told


def test_a_pool_of_open_questions_says_no_more_than_it_knows(course):
    """Nothing that counts: no agreement, no constant reader, no error."""
    case = Case.open(course / "facts")
    write_key(case, "recall", {"C1": "RIGHT"}, tiers={"C1": "contested"})
    one = Exercise("recall", folder=course)
    for item in ("C1", "C2"):
        one.put(item, "RIGHT", confidence=0.8)
    told = str(together(one))
    assert "agree with the key" not in told
    assert "1 exercise is counted" in told


@pytest.mark.parametrize("names", [(), ("recall", "claims"), ("before",), ("questions",), ("chains",)])
def test_what_cannot_be_counted_as_one(course, names):
    """Other questions, and answers without a key to count with."""
    with pytest.raises(MismatchError, match="VERSION-LAYER · These exercises cannot be counted as one"):
        together(*(Exercise(name, folder=course) for name in names))


def test_the_same_exercise_twice_counts_once(course):
    """Whether it is given by name or opened."""
    one = Exercise("recall", folder=course)
    for item in ("C1", "C2"):
        one.put(item, "RIGHT", confidence=0.8)
    assert len(together(one, one).comparisons) == 1


@pytest.mark.parametrize(
    ("marks", "told"),
    [
        ("signals", "apart"),
        ("noises", "apart_not"),
        ("all", "apart_all"),
        ("none", "apart_none"),
        ("half", "apart_unclear"),
    ],
)
def test_how_well_the_sentences_are_told_apart(tmp_path, monkeypatch, marks, told):
    """Better than guessing, like guessing, and worse; in words."""
    monkeypatch.delenv("SECONDSOURCE_LABELS", raising=False)
    text = "Head\n\n" + " ".join(f"Sentence number {i} is here." for i in range(24)) + "\n"
    case = write_case(tmp_path / "long", text)
    sentences = case.article.sentences[1:]
    spans = tuple(Span(f"k{i}", "rhetoric", "Doubt", s.start, s.start + 8) for i, s in enumerate(sentences[:12]))
    template = Case.open("analyst-claims").key("rhetoric")
    known = tuple(replace(template.spans[0], span=span, tier="core", also=(), extents=()) for span in spans)
    labels = LabelSet(case.article, case.codebook, spans)
    known = tuple(replace(k, span=s) for k, s in zip(known, labels.spans, strict=True))
    key = Key(labels, case.codebook.layer("rhetoric"), known, (), template.provenance)
    (tmp_path / "long" / "keys" / "rhetoric.json").write_bytes(key.write())
    (tmp_path / "course.toml").write_text(
        'id = "x"\ntitle = "X"\n[[exercises]]\nid = "pool"\ntitle = "Pool"\nnotebook = "n"\ncase = "long"\n'
        'layers = ["rhetoric"]\n'
    )
    ex = Exercise("pool", folder=tmp_path)
    half = [*sentences[:6], *sentences[12:18]]
    headline = [case.article.sentences[0]]
    chosen = {"signals": sentences[:12], "noises": sentences[12:], "all": [*headline, *sentences], "half": half}
    if marks == "none":
        ex.put("S1", "NO_TECHNIQUE", confidence=0.6)
    for s in chosen.get(marks, ()):
        ex.add(text[s.start : s.end - 1], "Doubt", confidence=0.6)
    made = together(ex)
    assert language().say("together", told) in str(made)
    readily = language().say("remarks", "more_readily") in str(made)
    assert readily == (marks == "all")
    detection = made.flagging
    assert (detection.signals, detection.noises) == (12, 13)
    assert math.isfinite(made.scores.loc["d_prime", "low"])


def test_without_sentences_of_both_kinds_only_counts_are_told(course, tmp_path):
    """d′ has no value then, and no sentence speaks of it."""
    ex = Exercise("05_wording", folder=tmp_path / "other")
    answer_as_the_key(ex)
    ex.task = replace(ex.task, units=("S3",), minimum=1)
    made = together(ex)
    assert made.scores.loc["d_prime", "reason"]
    for name in ("apart", "apart_not", "apart_unclear", "apart_all", "apart_none"):
        assert language().say("together", name) not in str(made)


def test_together_in_german(course):
    """Nothing in English but what stands in the case and the codebook."""
    one = Exercise("recall", folder=course, language="de")
    for item in ("C1", "C2"):
        one.put(item, "RIGHT", confidence=0.8)
    told = str(together(one))
    assert "1 Aufgabe zählt: „What do you remember?“." in told
    assert "Bei 1 von 2 Karten" in told
    assert together(one)._repr_html_().count('lang="de"') == 1


def test_names_open_the_exercises(course, monkeypatch):
    """As a notebook calls them."""
    monkeypatch.chdir(course / "lessons")
    assert secondsource.together("recall").closed == ("recall",)
    assert str(secondsource.change("before", "after")).split("\n")[1].startswith("Nothing is rated yet.")
    assert "Noch nichts bewertet." in str(secondsource.change("before", "after", language="de"))


# --- before and after ------------------------------------------------------------------------------------------------


def test_a_rating_before_and_after(course):
    """Higher, lower, the same, and rated once; as words, table and picture."""
    before, after = (Exercise(name, folder=course) for name in ("before", "after"))
    before.put("H", 7)
    before.put("S1", 4)
    after.put("H", 3)
    after.put("S1", 5)
    made = change(before, after)
    assert isinstance(made, Change)
    told = str(made).split("\n")
    assert told[:3] == [
        "Invented text, written for practice.",
        "H (headline): 7 of 10 before, 3 after. That is 4 points lower.",
        "S1: 4 of 10 before, 5 after. That is 1 point higher.",
    ]
    assert told[-1].startswith("Neither is right or wrong.")
    assert tuple(made.frame.columns) == MOVED
    assert list(made.frame["difference"]) == [-4, 1]
    html = made._repr_html_()
    assert "<td>−4</td>" in html
    assert "<td>+1</td>" in html
    picture = made.picture()
    assert picture.description == "Rated twice: 2. Higher after: 1; lower: 1; the same: 0."
    assert picture.rows == (("H", 7, 3, -4), ("S1", 4, 5, 1))
    assert picture.told == tuple(told[1:3])
    data = [row for rows in picture.spec["datasets"].values() for row in rows]
    assert {(row["kind"], row["points"]) for row in data if "kind" in row} == {
        *(("Before", 7), ("After", 3)),
        *(("Before", 4), ("After", 5)),
    }
    after.put("S1", 4)
    assert "S1: 4 of 10, before and after." in str(change(before, after))


def test_the_picture_of_ratings_keeps_the_rules_of_pictures(course):
    """Valid, the same each time, told in full; no words of the text, no code but the package's own."""
    before, after = (Exercise(name, folder=course) for name in ("before", "after"))
    for ex, points in ((before, 7), (after, 3)):
        ex.put("H", points)
        ex.put("S1", points)
    picture = change(before, after).picture()
    alt.LayerChart.from_dict(dict(picture.spec), validate=True)
    assert as_json(picture) == as_json(change(before, after).picture())
    assert set(picture._repr_mimebundle_()) == {MIME, "text/plain"}
    assert all(EXPRESSIONS.fullmatch(expression) for expression in expressions(picture))
    assert picture.spec["description"] == picture.description
    assert "Invented text, written for practice." in " ".join(picture.spec["title"]["subtitle"])
    for told in (as_json(picture), str(picture), str(change(before, after))):
        assert "clock" not in told
    assert "clock" in change(before, after)._repr_html_()
    assert list(picture.frame.columns) == ["Sentence", "Before", "After", "Change"]


def test_what_was_rated_once(course):
    """Missing is missing, not nought."""
    before, after = (Exercise(name, folder=course) for name in ("before", "after"))
    before.put("H", 0)
    after.put("S1", 10)
    made = change(before, after)
    told = str(made).split("\n")
    assert told[1] == "H (headline): 0 of 10 before, not rated again yet."
    assert told[2].endswith("not rated before, 10 of 10 after.")
    assert made.frame["after"].isna().tolist() == [True, False]
    assert made._repr_html_().count("<td>–</td>") == 4
    assert json.dumps(dict(made.picture().spec), allow_nan=False)


def test_nothing_rated_yet(course):
    """A sentence in place of table and picture."""
    made = change(*(Exercise(name, folder=course) for name in ("before", "after")))
    assert "Nothing is rated yet." in str(made)
    assert "Nothing is rated yet." in made._repr_html_()
    assert "<table>" not in made._repr_html_()
    assert len(made.frame) == 0
    assert made.picture().empty
    assert str(made.picture()).endswith("Nothing is rated yet. Give your rating first; then run this box again.")


def test_what_is_not_rated_has_no_before_and_after(course):
    """A layer with a key, and ratings of another text."""
    before, other = (Exercise(name, folder=course) for name in ("before", "claims"))
    with pytest.raises(MismatchError, match=r"VERSION-LAYER · One of the two exercises asks for no rating."):
        change(before, other)
    labels = LabelSet(Article("Other\n\nText."), Codebook.open("news"))
    ratings = [own_ratings(one, before.layer, (), language()) for one in (before.labels, labels)]
    with pytest.raises(MismatchError, match="VERSION-ARTICLE"):
        moved(*ratings)


POINTS = st.lists(st.none() | st.integers(0, 10), min_size=4, max_size=4)


@given(POINTS, POINTS)
def test_before_and_after_tell_all_ratings_and_no_other(first, second):
    """Turned around, every difference has the other sign; the picture shows what the words say."""
    article = Article("Head\n\nOne. Two. Three.", provenance="Invented.")
    news = Codebook.open("news")
    trust = news.layer("trust")

    def ratings(points):
        rated = [(s, n) for s, n in zip(article.sentences, points, strict=True) if n is not None]
        spans = tuple(Span(s.id, "trust", str(n), s.start, s.end) for s, n in rated)
        return own_ratings(LabelSet(article, news, spans), trust, (), language())

    one, two = ratings(first), ratings(second)
    rows, turned = moved(one, two), moved(two, one)
    wanted = [(f, s) for f, s in zip(first, second, strict=True) if (f, s) != (None, None)]
    assert [(row.before, row.after) for row in rows] == wanted
    assert [row.item for row in rows] == [row.item for row in turned]
    for row, back in zip(rows, turned, strict=True):
        assert row.difference == (None if back.difference is None else -back.difference)
        assert ("points higher" in moved_told(row, language())) == ((row.difference or 0) > 1)
    picture = before_after(one, two)
    assert picture.empty == (not rows)
    shown = [row for rows in picture.spec.get("datasets", {}).values() for row in rows if "kind" in row]
    assert len(shown) == sum(n is not None for n in (*first, *second))


def test_agreement_of_pooled_rows_is_that_of_one_list():
    """Nothing counted is nothing agreed."""
    nothing = agreement([])
    assert (nothing.sentences, nothing.agreed, nothing.guessed) == (0, 0, 0.0)
