"""Pictures: the same for the same numbers, valid, told in full, careful, and safe with strings of others."""

import json
import math
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import altair as alt
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from secondsource import charts
from secondsource.article import Article
from secondsource.case import Case
from secondsource.charts import Picture, article_map, calibration, confusion
from secondsource.codebook import Codebook
from secondsource.comparison import LEVELS, Comparison, compare
from secondsource.errors import MismatchError, UnknownNameError
from secondsource.matching import OUTCOMES
from secondsource.metrics import wilson
from secondsource.spans import LabelSet, Span
from secondsource.widgets import ComparisonView
from strategies import articles
from synthetic import CODEBOOK, TOML, entry, key, labels
from test_feedback import VERDICTS, reader
from test_matching import E1_KEY, E1_MARKS

CASE = Case.open("analyst-claims")
WORDING = CASE.key("rhetoric")
MIME = "application/vnd.vegalite.v5+json"
HOSTILE = "<img src=x onerror=alert(1)> \"'&<script> ]; datum.x \\ שלום " + "long " * 30
# Own signals and fields; a string of somebody else in an expression would be code.
EXPRESSIONS = re.compile(r"(clamp|windowSize|split|length|datum\.\w+|width|round|[\d\s.()\[\]*/+,<>=-]|'[\\n %]+')+")


def rated(comparison: Comparison, sure: float | None = 0.8) -> Comparison:
    """The same labels, each with a confidence."""
    spans = tuple(replace(span, confidence=sure) for span in comparison.labels.spans)
    return compare(replace(comparison.labels, spans=spans), comparison.key)


def sources(article: Article, hops: dict[str, str | None], *, label: str = "NAMED") -> LabelSet:
    """One source for each sentence named, with its hand-overs."""
    places = {s.id: s for s in article.sentences}
    spans = [
        Span(f"n{sid}", "sourcing", label, places[sid].start, places[sid].start + 3, attributes=said)
        for sid, number in hops.items()
        for said in [{"hops": number} if number else {}]
    ]
    return LabelSet(article, CASE.codebook, tuple(spans))


def e1() -> Comparison:
    """The long example of the rules."""
    return compare(labels(E1_MARKS), key(E1_KEY, distractors=[(250, 270, "A")]))


CLASS = [rated(reader("rhetoric", seed), (0.2, 0.4, 0.6, 0.8, 1.0)[seed % 5]) for seed in range(6)]
HOPS = {"H": "1", "S1": "2", "S4": "2", "S19": "3+", "S20": "3+", "S27": "unknown", "S2": None}
PICTURES: dict[str, Callable[[], Picture]] = {
    "map": lambda: charts.article_map(CLASS[0]),
    "map of a class": lambda: charts.article_map(CLASS),
    "confusion": lambda: charts.confusion(CLASS[0]),
    "confusion of a class": lambda: charts.confusion(CLASS),
    "calibration": lambda: charts.calibration(CLASS[0]),
    "calibration of a class": lambda: charts.calibration(CLASS),
    "voice": lambda: charts.technique_by_voice(WORDING),
    "census": lambda: charts.census({"Case": WORDING, "Again": WORDING.labels}),
    "hops": lambda: charts.techniques_by_hops(WORDING, sources(CASE.article, HOPS)),
}


@pytest.fixture(params=PICTURES)
def picture(request: pytest.FixtureRequest) -> Picture:
    """Each picture in turn."""
    return PICTURES[request.param]()


def as_json(picture: Picture) -> str:
    """What is stored in a notebook; NaN would not be JSON."""
    return json.dumps(picture._repr_mimebundle_(), allow_nan=False, ensure_ascii=False)


def inside(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """All leaves of a specification and the names that lead to them."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from inside(value, (*path, name))
    elif isinstance(node, list):
        for value in node:
            yield from inside(value, path)
    else:
        yield path, node


def expressions(picture: Picture) -> list[str]:
    """Everything in a specification that Vega would run."""
    return [leaf for path, leaf in inside(picture.spec) if path[-1] in ("expr", "labelExpr", "filter", "calculate")]


def values(picture: Picture) -> list[dict[str, Any]]:
    """All data of a specification."""
    return [row for rows in picture.spec["datasets"].values() for row in rows]


# --- what all pictures share -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PICTURES)
def test_the_same_numbers_give_the_same_bytes(name):
    """No counter, time, order of a set or theme of the user's enters a picture."""
    first = as_json(PICTURES[name]())
    with alt.theme.enable("dark"):
        assert as_json(PICTURES[name]()) == first


def test_the_same_bytes_in_another_process():
    """The hash of strings is another one in each process."""
    names = ("confusion", "census", "hops")
    code = f"import test_charts as t; print(*(t.as_json(t.PICTURES[name]()) for name in {names}), sep='\\n')"
    folder = str(Path(__file__).parent)
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code],
        env={**os.environ, "PYTHONHASHSEED": "1", "PYTHONPATH": folder},
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert done.stdout.splitlines() == [as_json(PICTURES[name]()) for name in names]


def test_a_notebook_gets_a_chart_and_text_but_no_html(picture):
    """JupyterLab would show the HTML in place of the chart."""
    bundle = picture._repr_mimebundle_(include=None)
    assert set(bundle) == {MIME, "text/plain"}
    assert bundle["text/plain"] == str(picture)
    assert bundle[MIME]["$schema"].startswith("https://vega.github.io/schema/vega-lite/v5")
    assert "data" not in bundle[MIME] or "url" not in bundle[MIME]["data"]


def test_the_specification_is_valid(picture):
    """The card that is put around a chart keeps to the schema too."""
    alt.LayerChart.from_dict(dict(picture.spec), validate=True)


def test_the_description_is_the_accessible_name(picture):
    """One or two sentences with numbers; the same in the chart, in words and as its short form."""
    assert picture.spec["description"] == picture.description
    assert re.search(r"\d", picture.description)
    assert picture.description in str(picture)
    assert picture.description in repr(picture)


def test_the_provenance_stands_under_the_title(picture):
    """In the chart, in lines short enough for a narrow card, and in the text."""
    title = picture.spec["title"]
    drawn = " ".join(title["subtitle"])
    for told in picture.provenance:
        assert told in drawn
        assert told in str(picture)
    assert CASE.article.provenance in drawn
    assert max(map(len, [*title["subtitle"], *title["text"]])) <= 56


def test_every_number_is_told(picture):
    """Each row of the table stands in the text, with all its numbers but zeroes, and all of them whole."""
    assert "\n".join(picture.told) in str(picture)
    for row, line in zip(picture.rows, picture.told, strict=True):
        assert not re.search(r"\d\.\d", line)
        numbers = [int(n) for n in re.findall(r"(?<![\w+])\d+(?![\w+])", line.replace("every 100 sentences", ""))]
        percent = [0, 3, 4, 5] if "share" in picture.columns else []
        exact = [100 * n if i in percent else n for i, n in enumerate(row) if not isinstance(n, str)]
        assert [n for n in numbers if n] == [n for n in map(round, exact) if n]


def test_pictures_and_rows_are_told_in_whole_numbers(picture):
    """What is drawn or read out rounds; the table is exact."""
    told = [picture.description, *(str(v[name]) for v in values(picture) for name in ("said", "told") if name in v)]
    assert not any(re.search(r"\d\.\d", text) for text in told)


def test_a_draft_is_drawn_and_told_once(picture):
    """The card says it shortly; in words the key's own statement is enough, if it says so."""
    assert "The key is a draft." in " ".join(picture.spec["title"]["subtitle"])
    assert "The key is a draft." not in str(picture)
    assert str(picture).count("draft key") == 1
    assert str(replace(picture, notes=("Made by hand.",))).count("The key is a draft.") == 1


def test_the_table_holds_the_rows(picture):
    """One row for each, columns as named."""
    assert list(picture.frame.columns) == list(picture.columns)
    assert [tuple(row) for row in picture.frame.itertuples(index=False)] == list(picture.rows)


def test_no_verdict_no_claim_no_quotation(picture):
    """Nothing about the text or a person is decided, and no words of the article are repeated in a picture."""
    own = f"{picture.title} {picture.description} {' '.join(picture.columns)} {as_json(picture)}"
    assert VERDICTS.findall(re.sub(r'": (true|false)', '": ', own)) == []
    for sentence in CASE.article.sentences:
        assert CASE.article.text[sentence.start : sentence.end][:30] not in own


def test_nothing_of_others_is_run(picture):
    """Expressions are the package's own, tips are text, and no menu leads to the network."""
    assert expressions(picture)
    assert all(EXPRESSIONS.fullmatch(expression) for expression in expressions(picture))
    assert picture.spec["usermeta"]["embedOptions"] == {"renderer": "svg", "actions": False}
    fields = {leaf for path, leaf in inside(picture.spec) if path[-1] == "field"}
    assert fields <= {
        "row",
        "column",
        "kind",
        "share",
        "said",
        "told",
        "text",
        "rate",
        "sure",
        "low",
        "high",
        "upright",
    }


def test_dark_ink_on_a_light_card(picture):
    """The card brings its own paper, so that it can be read in either theme."""
    assert picture.spec["background"] == "#ffffff"
    assert picture.spec["config"]["axis"]["labelColor"] == "#1b1b1a"


def test_pictures_are_drawn_without_numpy_and_pandas():
    """The student's path loads neither; Altair comes with the first chart, and reading a picture needs none of them."""
    code = (
        "import sys; from secondsource.case import Case; from secondsource import charts\n"
        "picture = charts.technique_by_voice(Case.open('analyst-claims').key('rhetoric')); print(str(picture)[:0])\n"
        "heavy = {'numpy', 'pandas'}; assert not {'altair', *heavy} & set(sys.modules)\n"
        "picture.spec; assert 'altair' in sys.modules; assert not heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


# --- strings of others -----------------------------------------------------------------------------------------------


def hostile_codebook() -> Codebook:
    """A codebook whose names try to break out."""
    made = re.sub(r'name = "Name of (\w)"', lambda m: f"name = {json.dumps(HOSTILE + m[1], ensure_ascii=False)}", TOML)
    return Codebook.parse(made)


def test_hostile_names_stay_data():
    """Names of labels, of texts and the provenance come out as they went in, and never in an expression."""
    codebook = hostile_codebook()
    article = Article("b" * 1000, provenance=HOSTILE, title=HOSTILE)
    base = key([(0, 10, "A"), (20, 40, "B"), (60, 70, "C")], article=article)
    made = replace(base, labels=replace(base.labels, codebook=codebook), layer=codebook.layer("wording"))
    mine = replace(labels([(0, 10, "A"), (20, 40, "C"), (80, 90, "B")], article=article), codebook=codebook)
    compared = compare(mine, made)
    for picture in (charts.confusion(compared), charts.article_map(compared), charts.census({HOSTILE: made})):
        assert all(EXPRESSIONS.fullmatch(expression) for expression in expressions(picture))
        assert "text/html" not in picture._repr_mimebundle_()
        assert " ".join(HOSTILE.split()) in str(picture).replace("\n", " ")
        json.loads(as_json(picture))
    domain = charts.confusion(compared).spec["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert [" ".join(name.split()) for name in domain[:-1]] == [f"{n}. {HOSTILE[:35]}…" for n in (1, 2, 3)]
    assert max(len(line) for name in domain for line in name.split("\n")) <= 20


def test_labels_of_the_same_name_stay_apart():
    """They get their id in addition."""
    codebook = Codebook.parse(TOML.replace("Name of B", "Name of A"))
    mine = replace(labels([(0, 10, "A"), (20, 30, "B")]), codebook=codebook)
    assert [row[1] for row in charts.census({"t": mine}, layer="wording").rows[:3]] == [
        "Name of A (A)",
        "Name of A (B)",
        "Name of C",
    ]


@given(articles)
def test_any_article_can_be_mapped(article):
    """Other scripts, joined families and control characters change nothing."""
    seen = [i for i, char in enumerate(article.text) if char.isalnum()]
    assume(seen)
    place = [(seen[0], seen[0] + 1)]
    picture = charts.article_map(compare(labels(place, article=article), key(place, article=article)))
    assert len(picture.rows) == len(article.sentences)
    json.loads(as_json(picture))


# --- article_map -----------------------------------------------------------------------------------------------------


def test_the_map_counts_rows_by_sentence_and_outcome():
    """As `Comparison.records` has them."""
    picture = charts.article_map(CLASS)
    for sid, *counts in picture.rows:
        records = [r for c in CLASS for r in c.records() if r["sentence"] == sid]
        assert counts == [sum(r["outcome"] == outcome for r in records) for outcome in OUTCOMES]
    tiles = [value for value in values(picture) if "kind" in value]
    assert sum(int(tile["said"]) for tile in tiles) == sum(len(c.rows) for c in CLASS)


def test_the_map_names_the_sentences_that_were_asked():
    """In the order of the text, also those in which nothing stands."""
    part = compare(WORDING.labels, WORDING, units=["S11", "S2", "S1"])
    assert [row[0] for row in charts.article_map(part).rows] == ["S1", "S2", "S11"]


def test_the_map_of_eight_outcomes():
    """E1: one of each but missed; an open question is no difference."""
    picture = charts.article_map(e1())
    assert picture.rows == (("H", 1, 1, 1, 1, 0, 1, 1, 1),)
    told = "Matched 1, Accepted 1, Other words 1, Other label 1, Not in the key 1, Tempting 1, Open question 1"
    assert picture.told == (f"H (headline): {told}",)
    assert picture.description.endswith(" H (headline) has the most differences.")


def test_where_most_differs_is_said_without_open_questions():
    """One sentence, several, or none."""
    article = Article("Head\n\nOne is here. Two is here. Three is here.")
    at = {s.id: (s.start, s.start + 3) for s in article.sentences}
    made = key([at["S1"], at["S2"]], article=article)
    for mine, told in (
        ([], "S1 and S2 have the most differences."),
        ([at["S1"]], "S2 has the most differences."),
        ([at["H"]], "H (headline), S1 and S2 have the most differences."),
        ([at["S1"], at["S2"]], "Nothing differs."),
    ):
        picture = charts.article_map(compare(labels(mine, article=article), made))
        assert picture.description.endswith(f". {told}")
    open_ = compare(labels([at["S1"]], article=article), key([entry(*at["S1"], tier="contested")], article=article))
    picture = charts.article_map(open_)
    assert picture.description.endswith(": 1 Open question. Nothing differs.")
    assert picture.told == ("H (headline): nothing", "S1: Open question 1", "S2: nothing", "S3: nothing")


def test_many_sentences_with_as_many_differences_are_counted():
    """Twenty names in a row would tell nobody anything."""
    marks = [(s.start, s.end, "Doubt") for s in CASE.article.sentences[1:8]]
    spans = tuple(Span(f"m{i}", "rhetoric", label, start, end) for i, (start, end, label) in enumerate(marks))
    compared = compare(
        LabelSet(CASE.article, CASE.codebook, spans), replace(WORDING, spans=()), units=[f"S{i}" for i in range(1, 8)]
    )
    assert article_map(compared).description.endswith("They are spread out: 7 sentences have equally many differences.")


def test_two_hundred_sentences():
    """Each has its row; the card grows."""
    article = Article("Head\n\n" + " ".join(f"Sentence number {i} is here." for i in range(200)))
    picture = charts.article_map(compare(labels([(0, 4)], article=article), key([(0, 4)], article=article)))
    assert len(picture.rows) == 201
    assert picture.spec["height"] == {"step": 14}


# --- confusion -------------------------------------------------------------------------------------------------------


def test_confusion_counts_scored_rows_once():
    """E1: the open question is left out; a label on other words counts as its label."""
    picture = charts.confusion(e1())
    assert sum(row[-1] for row in picture.rows) == sum(row.scored for row in e1().rows) == 6
    assert {row[2] for row in picture.rows} == {
        "The same label",
        "Another label that the key accepts",
        "Another label",
        "On one side only",
    }


def test_confusion_of_missed_and_not_in_the_key():
    """They stand at the edge, and unused labels do not stand at all."""
    picture = charts.confusion(compare(labels([(0, 10), (50, 60, "B")]), key([(0, 10), (80, 90, "C")])))
    assert picture.rows == (
        ("Name of A", "Name of A", "The same label", 1),
        ("Name of B", "Not in the key", "On one side only", 1),
        ("Missed", "Name of C", "On one side only", 1),
    )
    assert picture.told == (
        "You: Name of A. The key: Name of A. 1 time",
        "Not in the key: Name of B, 1 time",
        "Missed: Name of C, 1 time",
    )
    assert picture.description == (
        "Your labels beside the key’s. Same label: 1. Another label that the key accepts: 0. Another label: 0. "
        "Missed: 1. Not in the key: 1."
    )
    encoding = picture.spec["layer"][0]["encoding"]
    assert encoding["x"]["scale"]["domain"] == ["Name of A", "Name of B", "Name of C", "Not in the key"]
    assert encoding["y"]["scale"]["domain"] == ["Name of A", "Name of B", "Name of C", "Missed"]


def test_a_cell_with_two_kinds_is_told_by_kind():
    """The same two labels may go together in one place and not in another."""
    made = key([entry(0, 10, also="B"), (20, 30, "A")])
    picture = charts.confusion(compare(labels([(0, 10, "B"), (20, 30, "B")]), made))
    (tile,) = [v for v in values(picture) if "kind" in v and v["row"] == "Name of B"][:1]
    assert (tile["said"], tile["kind"]) == ("1 + 1", "Accepted at some places only")
    colours = picture.spec["layer"][1]["encoding"]["color"]["scale"]
    assert tile["kind"] in colours["domain"]
    assert tile["kind"] not in charts.confusion(e1()).spec["layer"][1]["encoding"]["color"]["scale"]["domain"]
    assert picture.told == (
        "You: Name of B. The key: Name of A, and it accepts yours. 1 time",
        "You: Name of B. The key: Name of A. 1 time",
    )
    assert tile["told"] == ". ".join(picture.told)


# --- calibration -----------------------------------------------------------------------------------------------------


def rows_rated(*sure: float | None, right: int) -> Comparison:
    """So many labels with these ratings, the first ones right."""
    spans = [
        Span(f"m{i}", "wording", "A" if i < right else "B", 20 * i, 20 * i + 10, confidence=p)
        for i, p in enumerate(sure)
    ]
    made = key([(20 * i, 20 * i + 10) for i in range(len(sure))])
    return compare(LabelSet(made.article, CODEBOOK, tuple(spans)), made)


def test_calibration_counts_and_ranges():
    """Four of five right at 80 %, none of five at 40 %; Wilson's ranges."""
    picture = charts.calibration(rows_rated(*[0.8] * 4, *[0.4] * 5, 0.8, right=4))
    assert picture.rows == ((0.4, 0, 5, 0.0, *wilson(0, 5)), (0.8, 4, 5, 0.8, *wilson(4, 5)))
    assert picture.description == (
        "Your label agreed with the key’s in 40 % of 10 labels with a confidence, and you were 60 % sure on average."
    )
    assert picture.told == (
        "40 % sure: right 0 of 5, 0 %; by chance 0 to 43 %",
        "80 % sure: right 4 of 5, 80 %; by chance 38 to 96 %",
    )


def test_calibration_of_several_readers():
    """Numbers alone: what they say about being sure is said in one place, `secondsource.remarks`."""
    several = [rows_rated(*[0.5] * 5, right=2), rows_rated(*[0.7] * 5, right=3)]
    assert charts.calibration(several).description == (
        "Of 10 labels with a confidence from 2 readers, 50 % agreed with the key’s. They were 60 % sure on average."
    )


def test_calibration_waits_for_ten():
    """Below that there is one plain sentence, and no number but how many count."""
    picture = charts.calibration(rows_rated(*[0.5] * 9, None, None, right=3))
    assert (picture.empty, picture.rows, dict(picture.spec)) == (True, (), {})
    assert set(picture._repr_mimebundle_()) == {"text/plain"}
    few = rows_rated(0.5, right=0)
    told = "labels with a confidence count here. The picture needs 10: fewer say too little."
    assert picture.description == f"9 of your {told}"
    assert charts.calibration(rows_rated(None, right=0)).description == f"No {told}"
    assert charts.calibration([few, few]).description == f"2 {told}"
    assert charts.calibration(few).description.startswith("1 of your labels with a confidence counts here.")
    assert charts.calibration([few, rows_rated(None, right=0)]).description.startswith(
        "1 label with a confidence counts"
    )


def test_many_ratings_are_put_into_fifths():
    """Each with the mean of its ratings."""
    picture = charts.calibration(rows_rated(*[i / 20 for i in range(21)], right=21))
    assert [row[2] for row in picture.rows] == [4, 4, 4, 4, 5]
    assert [row[0] for row in picture.rows] == pytest.approx([0.075, 0.275, 0.475, 0.675, 0.9])


def test_a_confidence_that_is_no_number_is_not_rated():
    """NaN cannot come from a file, but nothing breaks if it does."""
    comparison = rows_rated(*[0.5] * 10, right=10)
    odd = replace(comparison.rows[0], mark=replace(comparison.rows[0].mark, confidence=math.nan))
    picture = charts.calibration(replace(comparison, rows=(odd, *comparison.rows[1:])))
    assert picture.description.startswith("9 of your labels")


@given(st.lists(st.floats(0, 1), min_size=10, max_size=30), st.integers(0, 30))
def test_calibration_of_any_ratings(sure, right):
    """All rated labels stand in one bin each, and every range holds its share."""
    picture = charts.calibration(rows_rated(*sure, right=min(right, len(sure))))
    assert sum(row[2] for row in picture.rows) == len(sure)
    assert all(low <= share <= high for _, _, _, share, low, high in picture.rows)
    assert list(picture.rows) == sorted(picture.rows)


# --- technique_by_voice, census, techniques_by_hops ------------------------------------------------------------------


def test_techniques_by_voice():
    """Core and acceptable entries of the key, by whose words they are; an unused technique stands with zeroes."""
    picture = charts.technique_by_voice(WORDING)
    kept = [k.span for k in WORDING.spans if k.tier != "contested" and "voice" in k.span.attributes]
    assert sum(row[1] for row in picture.rows) == sum(s.attributes["voice"] == "author" for s in kept)
    assert sum(row[2] for row in picture.rows) == sum(s.attributes["voice"] == "quoted" for s in kept)
    one = replace(WORDING.labels, spans=(replace(kept[0], attributes={}),))
    picture = charts.technique_by_voice(one)
    assert picture.columns[-1] == "Not said"
    assert sum(sum(row[1:]) for row in picture.rows) == 1
    assert len(picture.rows) == 9
    assert picture.description.endswith("1 not said.")


def test_the_census_is_for_every_hundred_sentences():
    """Counts beside it, a long text and a short one."""
    short = Article("Head\n\nOne. Two is here. Three is here.", provenance="Invented.")
    few = LabelSet(short, CASE.codebook, (Span("a", "rhetoric", "Doubt", 0, 4), Span("b", "claims", "opinion", 0, 4)))
    picture = charts.census({"Case": WORDING, "Short": few})
    row = next(row for row in picture.rows if row[:2] == ("Short", "Doubt cast on somebody"))
    assert row[2:] == (1, 100 / len(short.sentences))
    assert picture.provenance == (f"Case: {CASE.article.provenance}", "Short: Invented.")
    assert picture.title == "How many labels: Wording"
    assert "Case, Loaded language: 11 labels, 38 for every 100 sentences" in picture.told
    assert "Short, Loaded language: 0 labels" in picture.told
    assert sum(row[2] for row in picture.rows if row[0] == "Case") == sum(k.tier != "contested" for k in WORDING.spans)
    assert picture.description.startswith("Labels for every 100 sentences. Case: ")


def test_the_census_of_a_part_counts_its_sentences():
    """Who labelled three sentences is not set beside 29; what lies outside them is not counted."""
    part = {"Case": ["S1", "S2", "S4"]}
    whole, few = (charts.census({"Case": WORDING}, units=units) for units in (None, part))
    inside = [e.span for e in WORDING.within(part["Case"]).spans if e.tier != "contested"]
    assert sum(row[2] for row in few.rows) == len(inside) < sum(row[2] for row in whole.rows)
    assert f"Case: {100 * len(inside) / 3:.0f} ({len(inside)} labels in 3 sentences)." in few.description
    both = charts.census({"Case": WORDING, "Again": WORDING}, units=part)
    assert {row[0]: sum(r[2] for r in both.rows if r[0] == row[0]) for row in both.rows} == {
        "Case": len(inside),
        "Again": sum(row[2] for row in whole.rows),
    }


def test_a_census_of_a_part_needs_its_names():
    """A text or a sentence that is not there is named."""
    with pytest.raises(UnknownNameError, match=r"no text “Cases”.*Case"):
        charts.census({"Case": WORDING}, units={"Cases": ["S1"]})
    with pytest.raises(UnknownNameError, match="no sentence “S99”"):
        charts.census({"Case": WORDING}, units={"Case": ["S99"]})


def test_a_census_of_nothing():
    """Kind words in place of an empty chart; the layer of sources is the one that is meant."""
    for picture in (charts.census({}), charts.census({"Case": WORDING.labels})):
        assert picture.empty
        assert "nothing to draw yet" in picture.description


def test_a_census_needs_one_codebook():
    """And a layer that exists."""
    with pytest.raises(UnknownNameError):
        charts.census({"Letters": labels([(0, 10)])})
    other = replace(labels([(0, 10)]), codebook=Codebook.parse(TOML.replace('id = "E"', 'id = "F"')))
    with pytest.raises(MismatchError, match="Nothing was drawn"):
        charts.census({"Letters": labels([(0, 10)]), "Others": other}, layer="wording")


def test_techniques_by_hops():
    """Each sentence with its most hand-overs; “cannot tell” only where nothing else is known."""
    noted = sources(CASE.article, HOPS)
    more = sources(CASE.article, {"S1": "unknown", "S27": "1", "S4": "0"}, label="VAGUE")
    more = replace(noted, spans=(*noted.spans, *(replace(span, id=f"m{span.id}") for span in more.spans)))
    picture = charts.techniques_by_hops(WORDING, more)
    assert {row[0]: row[1] for row in picture.rows} == {
        "H": "One",
        "S1": "Two",
        "S4": "Two",
        "S19": "Three or more",
        "S20": "Three or more",
        "S27": "One",
    }
    passages = [k.span for k in WORDING.spans if k.tier != "contested" and k.span.label != "NO_TECHNIQUE"]
    for sid, _, number in picture.rows:
        assert number == sum(CASE.article.sentence_at(span.start).id == sid for span in passages)
    assert "23 sentences are left out" in str(picture)
    assert any(re.fullmatch(r"H \(headline\): one hand-over, \d techniques?", line) for line in picture.told)
    assert any(re.fullmatch(r"S19: three or more hand-overs, \d techniques?", line) for line in picture.told)


@pytest.mark.parametrize(
    ("hops", "told"),
    [
        ("0", "no hand-overs"),
        ("1", "one hand-over"),
        ("2", "two hand-overs"),
        ("unknown", "cannot tell how many hand-overs"),
    ],
)
def test_hand_overs_in_words(hops, told):
    """In the row, and in the description."""
    picture = charts.techniques_by_hops(WORDING, sources(CASE.article, {"S1": hops}))
    techniques = "1 technique" if picture.rows[0][2] == 1 else f"{picture.rows[0][2]} techniques"
    assert picture.told == (f"S1: {told}, {techniques}",)
    noted = "Hand-overs are noted in 1 sentence."
    assert picture.description == f"{noted} {told.capitalize()}: {techniques} in 1 sentence."


def test_a_long_text_with_one_label():
    """Less than one for every 100 sentences is not 0."""
    article = Article("Head\n\n" + " ".join(f"Sentence number {i} is here." for i in range(300)))
    mine = LabelSet(article, CASE.codebook, (Span("a", "rhetoric", "Doubt", 0, 4),))
    told = charts.census({"Long": mine}, layer="rhetoric").told
    assert "Long, Doubt cast on somebody: 1 label, less than 1 for every 100 sentences" in told


def test_many_sentences_in_one_tile_are_counted():
    """Their names stand in the table and under the pointer."""
    picture = charts.techniques_by_hops(
        replace(WORDING.labels, spans=()),
        sources(CASE.article, dict.fromkeys(["S1", "S2", "S3", "S4", "S5", "S6", "S7"], "1")),
    )
    (tile, *_) = [value for value in values(picture) if "kind" in value]
    assert tile["said"] == "7\nsentences"
    assert tile["told"] == "One hand-over, 0 techniques: S1, S2, S3, S4, S5, S6, S7"


def test_hops_need_one_article():
    """Labels of two texts are not laid over each other."""
    other = sources(Article("Head\n\nA sentence is here."), {"S1": "1"})
    with pytest.raises(MismatchError, match="different articles"):
        charts.techniques_by_hops(WORDING, other)


# --- nothing to draw, several, hidden --------------------------------------------------------------------------------


def test_nothing_to_draw_is_said_kindly():
    """Never an empty or broken chart."""
    empty = compare(labels([]), key([]))
    none = replace(WORDING.labels, spans=())
    for picture in (
        charts.article_map(empty),
        charts.confusion(empty),
        charts.calibration(empty),
        charts.technique_by_voice(none),
        charts.techniques_by_hops(WORDING, none),
    ):
        assert picture.empty
        assert set(picture._repr_mimebundle_()) == {"text/plain"}
        assert picture.frame.empty
        assert picture.provenance[0] in str(picture)


def test_no_marks_still_show_what_was_missed():
    """Each missed entry has its place."""
    picture = charts.article_map(compare(labels([]), key([(0, 10)])))
    assert picture.rows == (("H", 0, 0, 0, 0, 1, 0, 0, 0),)
    assert charts.confusion(compare(labels([]), key([(0, 10)]))).rows[0][:2] == ("Missed", "Name of A")


def test_one_mark():
    """One tile."""
    picture = charts.article_map(compare(labels([(0, 10)]), key([(0, 10)])))
    assert picture.description == "Where your labels met the key, in 1 sentence: 1 Matched. Nothing differs."


@pytest.mark.parametrize("draw", [charts.article_map, charts.confusion, charts.calibration])
def test_views_and_lists_are_taken_too(draw):
    """A view is its comparison; the order of a class changes nothing; other articles are refused."""
    assert as_json(draw(ComparisonView(CLASS[0]))) == as_json(draw([CLASS[0]]))
    assert as_json(draw(CLASS)) == as_json(draw(iter(CLASS[::-1])))
    with pytest.raises(MismatchError, match="Nothing was drawn"):
        draw([CLASS[0], e1()])


@pytest.mark.parametrize("level", LEVELS)
def test_what_a_view_hides_is_in_no_picture(level):
    """With hints only, outcomes are shown and the key's labels are not; with less, nothing is."""
    view = ComparisonView(CLASS[0], level=level)
    shown = [not draw(view).empty for draw in (charts.article_map, charts.calibration, charts.confusion)]
    assert shown == {"visible": [True] * 3, "marks": [True, True, False]}.get(level, [False] * 3)
    if level == "none":
        assert str(charts.confusion([view])).endswith("Your instructor will show this picture.")


@pytest.mark.parametrize(("of", "drawn"), [("places", article_map), ("labels", confusion), ("confidence", calibration)])
def test_a_picture_by_its_name(of, drawn):
    """The same pictures, by the word that a lesson uses; a wrong word is named."""
    assert str(charts.picture(CLASS[0], of)) == str(drawn(CLASS[0]))
    with pytest.raises(UnknownNameError, match="There is no picture “place”"):
        charts.picture(CLASS[0], "place")
