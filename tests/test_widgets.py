"""What the widgets send to a page, what they accept from it, and what stands in a notebook without a kernel."""

import errno
import json
import re
import shutil
from dataclasses import replace
from html import escape
from pathlib import Path

import pytest
import traitlets
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from secondsource.article import Article
from secondsource.comparison import LEVELS, Comparison, compare
from secondsource.errors import StoreError, UnknownNameError
from secondsource.formats import w3c
from secondsource.key import Key
from secondsource.matching import OUTCOMES
from secondsource.spans import LabelSet, Span
from secondsource.store import LabelStore
from secondsource.widgets import ComparisonView, Labeller, base
from secondsource.widgets.base import Widget, asset
from synthetic import CODEBOOK, entry, key, labels, spans
from test_feedback import CASE, KEYS, reader
from test_matching import E1_KEY, E1_MARKS

HOSTILE = "<img src=x onerror=alert(1)> \"'&<script>"
SHA = CASE.article.sha256


def synced(widget: Widget) -> str:
    """Everything that the widget sends to a page when it is shown, as JSON, without its own code and style."""
    state = {name: value for name, value in widget.get_state().items() if name not in ("_esm", "_css", "layout")}
    return json.dumps(state, ensure_ascii=False, default=str)


def everything(widget: Widget) -> str:
    """All that a page, a notebook file, a terminal or a table could show of a comparison."""
    data, _ = widget._repr_mimebundle_()
    tables = [widget.pairs.to_string(), widget.by_label.to_string()] if isinstance(widget, ComparisonView) else []
    return "\n".join([synced(widget), repr(widget), str(widget), data["text/plain"], data["text/html"], *tables])


# --- what all widgets share ------------------------------------------------------------------------------------------


class Small(Widget):
    """A widget with one option."""

    shade = traitlets.Int(0).tag(sync=True)


def test_an_unknown_option_is_named():
    """A typing error in an option is not swallowed; the message lists the options."""
    with pytest.raises(TypeError, match=r"Small has no option “shady”; it has .*shade"):
        Small(shady=1)


@pytest.mark.parametrize("method", ["_summary", "_static_html"])
def test_a_widget_has_to_say_how_it_looks_without_a_kernel(method):
    """There is no default that could show an address of memory."""
    with pytest.raises(NotImplementedError):
        getattr(Small(), method)()


def test_real_widgets_refuse_unknown_keywords(tmp_path):
    """The same for the two that students meet."""
    with pytest.raises(TypeError):
        ComparisonView(compare(labels([]), key([])), depth="none")
    with pytest.raises(TypeError):
        Labeller(store(tmp_path), layers=["attribution"], caption="x")


# --- the comparison --------------------------------------------------------------------------------------------------


def view(comparison: Comparison, level: str = "visible") -> ComparisonView:
    """A comparison at a level."""
    return ComparisonView(comparison, level=level, title="A title")


def secrets_of(key_: Key, comparison: Comparison) -> list[str]:
    """Texts that only the key knows: reasons, counter-arguments, explanations, and words that only it cuts out."""
    told = [text for known in key_.spans for text in (known.reason, known.counter)]
    told += [text for trap in key_.distractors for text in (trap.why_not, trap.instead) if text]
    assert len(set(told)) > 20, "the key must have something to hide"
    edges, mine = public_edges(comparison), {s.quote for row in comparison.rows for s in (row.mark, *row.pieces) if s}
    hidden = [k.span for k in key_.spans if not {k.span.start, k.span.end} <= edges and k.span.quote not in mine]
    return told + [f'"{span.quote}"' for span in hidden]


def public_edges(comparison: Comparison) -> set[int]:
    """Where the text may be cut without telling anything: at sentences, paragraphs, and the student's own labels."""
    article = comparison.labels.article
    own = [s for row in comparison.rows for s in (row.mark, *row.pieces) if s is not None]
    return {edge for s in (*article.sentences, *article.blocks, *own) for edge in (s.start, s.end)}


@pytest.mark.parametrize("level", ["marks", "score", "none"])
@pytest.mark.parametrize("layer", sorted(KEYS))
def test_a_hidden_answer_is_nowhere(layer, level):
    """Nothing of the key in traits, representation, text or tables."""
    for seed in (1, 2):
        comparison = reader(layer, seed)
        shown = everything(view(comparison, level))
        assert [text for text in secrets_of(KEYS[layer], comparison) if text in shown or escape(text) in shown] == []


@pytest.mark.parametrize("level", ["marks", "score", "none"])
def test_a_hidden_answer_leaves_no_trace_in_the_structure(level):
    """No key, no explanation, and the text is not cut where the key's words begin or end."""
    comparison = reader("attribution", 3)
    shown = view(comparison, level)._view
    assert all(row["key"] is row["why_not"] is row["instead"] is None for row in shown["pairs"])
    runs = [run for block in shown["blocks"] for run in block["runs"]]
    assert all(run["k"] == [] for run in runs)
    assert all(block["lanes"]["k"] == {} for block in shown["blocks"])
    assert cuts(shown) <= public_edges(comparison)
    assert not cuts(view(comparison)._view) <= public_edges(comparison), "the open view must cut at the key's words"


def cuts(shown: dict) -> set[int]:
    """Where the runs of a view begin."""
    found = set()
    for block in shown["blocks"]:
        at = block["start"]
        for run in block["runs"]:
            found.add(at)
            at += len(run["text"])
    return found


def test_levels_hide_more_and_more():
    """Rows with answers, rows with hints, numbers, one sentence."""
    comparison = reader("rhetoric", 4)
    visible, none, score, marks = (view(comparison, level)._view for level in LEVELS)
    assert any(row["key"] for row in visible["pairs"])
    assert [row["headline"] for row in marks["pairs"]] == [row["headline"] for row in visible["pairs"]]
    assert [row["hint"] for row in marks["pairs"]] == [row["hint"] for row in visible["pairs"]]
    assert score["pairs"] == none["pairs"] == score["summary"]["numbers"] == []
    assert score["summary"]["score"] == visible["summary"]["score"] is not None
    assert (none["summary"]["score"], none["summary"]["numbers"], len(none["summary"]["lines"])) == (None, [], 1)
    assert none["outcomes"] == {}
    assert not any(run["s"] for block in none["blocks"] for run in block["runs"])


@pytest.mark.parametrize("level", LEVELS)
def test_the_provenance_label_is_always_there(level):
    """In traits, in HTML, and in the text for a terminal."""
    shown = view(reader("attribution", 5), level)
    data, _ = shown._repr_mimebundle_()
    assert shown._view["provenance"] == CASE.article.provenance
    assert CASE.article.provenance in data["text/html"]
    assert CASE.article.provenance in str(shown)
    assert CASE.article.note in data["text/html"]


@pytest.mark.parametrize("level", LEVELS)
def test_stored_output_is_the_same_every_time(level):
    """Two views of one comparison give the same bytes; no address, no id of a model."""
    first, second = (view(reader("rhetoric", 6), level)._repr_mimebundle_()[0] for _ in range(2))
    assert [first[kind] for kind in ("text/plain", "text/html")] == [
        second[kind] for kind in ("text/plain", "text/html")
    ]
    assert not re.search(r"0x[0-9a-f]{6}|model_id", first["text/plain"] + first["text/html"])


def test_the_stored_text_tells_the_counts():
    """One countable line, where the level allows it."""
    comparison = compare(labels(E1_MARKS), key(E1_KEY))
    assert repr(view(comparison)).startswith("Comparison: 1 matched, 1 accepted, 1 other words, 1 other label")
    assert repr(view(comparison, "score")) == repr(view(comparison, "none")) == "Comparison"
    assert repr(view(compare(labels([]), key([])))) == "Comparison: no rows"


def test_a_view_is_complete(tmp_path):
    """Every row with its place, label and outcome; every outcome in display order; every number with its rows."""
    comparison = compare(labels(E1_MARKS), key(E1_KEY, distractors=[(250, 270, "A")]))
    shown = view(comparison)._view
    assert tuple(shown["outcomes"]) == tuple(outcome for outcome in OUTCOMES if comparison.counts[outcome])
    assert [row["i"] for row in shown["pairs"]] == list(range(7))
    first, *_ = shown["pairs"]
    assert (first["sid"], first["student"]["start"], first["student"]["pieces"]) == ("H", 19, ["b" * 18])
    assert first["key"] == {
        "label": "A",
        "quote": "b" * 40,
        "start": 0,
        "end": 40,
        "tier": "core",
        "reason": "reason k0",
        "counter": "counter k0",
        "also": [],
        "draft": True,
    }
    assert shown["pairs"][4]["why_not"] == "why not 0"
    numbers = shown["summary"]["numbers"]
    assert [(number["text"], number["pairs"]) for number in numbers] == [
        ("You made 8 labels", [0, 1, 2, 3, 4, 5, 6]),
        ("2 are in the key", [0, 1]),
        ("1 has the right label", [5]),
        ("1 marks the right words", [3]),
        ("2 are not in the key", [4, 6]),
        ("1 is part", [0]),
        ("1 is not counted", [2]),
        ("You found 2 of the 4 passages", [0, 1]),
    ]
    position = 0
    for number in numbers:  # in reading order, word for word
        position = " ".join(shown["summary"]["lines"]).index(number["text"], position)
    assert shown["summary"]["score"]["value"] == "43"
    assert shown["summary"]["baselines"][2] == {"name": "no labels at all", "value": "0", "note": ""}
    assert set(shown["labels"]) == {label.id for label in CODEBOOK.layer("wording").labels}
    assert shown["key_status"] == comparison.key.provenance.statement


def test_the_runs_are_the_text():
    """Joined they are each block exactly, and each knows the rows that cover it."""
    comparison = reader("attribution", 7)
    shown = view(comparison)._view
    for block, stored in zip(shown["blocks"], CASE.article.blocks, strict=True):
        assert "".join(run["text"] for run in block["runs"]) == stored.text
        at = stored.start
        for run in block["runs"]:
            inside = range(at, at + len(run["text"]))
            for i, row in enumerate(comparison.rows):
                mine = [s for s in (row.mark, *row.pieces) if s]
                theirs = [known.span for known in (row.key, *row.covers) if known]
                assert (i in run["s"]) == any(s.start <= at and inside.stop <= s.end for s in mine)
                assert (i in run["k"]) == any(s.start <= at and inside.stop <= s.end for s in theirs)
            at = inside.stop
        for side in "sk":
            assert {int(row) for row in block["lanes"][side]} == {i for run in block["runs"] for i in run[side]}


def test_both_halves_that_one_label_answers_are_drawn():
    """A row's key lane holds every entry that the label settles."""
    halves = [entry(0, 10, extents=[(0, 30)]), entry(20, 30, extents=[(0, 30)])]
    runs = view(compare(labels([(0, 30)]), key(halves)))._view["blocks"][0]["runs"]
    assert [(len(run["text"]), run["k"]) for run in runs[:3]] == [(10, [0]), (10, []), (10, [0])]


def test_sentences_are_named_where_they_were_asked():
    """The first run of an asked sentence carries its name; others are greyed."""
    comparison = compare(KEYS["attribution"].labels, KEYS["attribution"], units=["S5", "S6"])
    runs = [run for block in view(comparison)._view["blocks"] for run in block["runs"]]
    assert [run["sid"] for run in runs if run["sid"]] == ["S5", "S6"]
    asked = "".join(run["text"] for run in runs if run["asked"]).strip()
    assert asked.startswith("The situation on the front lines")
    assert asked.endswith("outpaced expectations.")


def test_an_undefined_score_has_words():
    """No number, no NaN: a reason."""
    shown = view(compare(labels([]), key([entry(0, 9, tier="acceptable")])))._view["summary"]
    assert shown["score"] is None
    assert shown["undefined"].startswith("There is no score for the overlap with the key: there is nothing to find")
    assert "NaN" not in json.dumps(shown)


def test_tables_are_empty_where_rows_are_hidden():
    """With the same columns, so that a lesson's code runs."""
    comparison = reader("rhetoric", 8)
    for level in ("marks", "score", "none"):
        assert len(view(comparison, level).pairs) == len(view(comparison, level).by_label) == 0
        assert list(view(comparison, level).pairs.columns) == list(comparison.pairs.columns)
        assert len(view(comparison, level).by_sentence) == 0
        assert len(view(comparison, level).scores) == (0 if level == "none" else len(comparison.scores))
        assert view(comparison, level).level == level
    assert view(comparison).pairs is comparison.pairs
    assert view(comparison).by_label is comparison.by_label
    assert view(comparison).by_sentence is comparison.by_sentence


def test_pictures_show_no_more_than_the_level():
    """Where the rows are hidden, the picture says so and draws nothing."""
    comparison = reader("rhetoric", 8)
    assert not view(comparison).picture().empty
    assert view(comparison).picture("labels").title != view(comparison).picture().title
    for level in ("score", "none"):
        assert view(comparison, level).picture().empty


def test_static_html_of_a_comparison_reads_well():
    """A table with caption and headers, names in place of ids, reasons and what else is accepted."""
    html = view(compare(labels(E1_MARKS), key(E1_KEY, distractors=[(250, 270, "A")])))._static_html()
    assert html.count("<tr>") == 8
    assert '<th scope="col">What happened</th>' in html
    assert "Name of B (also accepted: Name of C)" in html
    assert "why not 0 instead 0" in html
    assert "reason k1" in html


def test_a_default_title():
    """Without a title the text's neutral description stands there."""
    assert ComparisonView(compare(labels([]), key([])))._view["title"] == "Letters"


def test_the_page_may_select_a_row():
    """The one thing that comes back."""
    shown = view(compare(labels([]), key([(0, 9)])))
    shown.set_state({"selected": 0})
    assert shown.selected == 0


# --- hostile strings -------------------------------------------------------------------------------------------------


def test_static_html_escapes_every_hostile_string(tmp_path):
    """Text, title, provenance, note, notes of students, reasons of keys: nothing becomes an element."""
    article = Article(f"Headline {HOSTILE}\n\nBody {HOSTILE} end.", title=HOSTILE, provenance=HOSTILE, note=HOSTILE)
    made = key([(0, 20), (60, 70)], article=article, distractors=[(30, 40, "A")])
    known = tuple(replace(k, reason=HOSTILE, counter=HOSTILE) for k in made.spans)
    traps = tuple(replace(trap, why_not=HOSTILE, instead=HOSTILE) for trap in made.distractors)
    hostile = replace(made, spans=known, distractors=traps)
    mine = replace(labels([(2, 20), (30, 41)], article=article).spans[0], note=HOSTILE)
    comparison = compare(LabelSet(article, CODEBOOK, (mine, *spans([(30, 41)], name="n"))), hostile)
    place = LabelStore(tmp_path, "x", article, CODEBOOK)
    place.apply({"op": "add", "span": {**wire(mine), "quote": article.text[2:20]}})
    widgets = [*(ComparisonView(comparison, level=level, title=HOSTILE) for level in LEVELS)]
    widgets.append(Labeller(place, layers=["wording"], title=HOSTILE))
    for widget in widgets:
        html = widget._static_html()
        assert escape(HOSTILE) in html
        tags = set(re.findall(r"<\s*/?\s*([a-zA-Z0-9]+)", html))
        assert tags <= {
            "p",
            "strong",
            "em",
            "div",
            "h3",
            "mark",
            "sub",
            "sup",
            *("table", "caption", "thead", "tbody"),
        } | {
            "tr",
            "th",
            "td",
        }


def test_a_script_is_one_module():
    """What a page loads imports nothing, and every file of it is there once."""
    for whole in (Labeller._esm, ComparisonView._esm):
        assert not re.search(r"^\s*import\b", str(whole), re.MULTILINE)
        assert str(whole).count("export default") == 1
    assert str(Labeller._esm).count("export function translator") == 1


def test_assets_load_nothing():
    """The style sheet of a widget is the shared tokens and its own rules."""
    assert Labeller._css.startswith(asset("base.css"))
    assert asset("labeller.css") in Labeller._css


# --- the labeller ----------------------------------------------------------------------------------------------------


def store(folder: Path, exercise: str = "tiny") -> LabelStore:
    """A store over the case of the course."""
    return LabelStore(folder, exercise, CASE.article, CASE.codebook)


def wire(span: Span, **more: object) -> dict:
    """A label as the page sends it."""
    made = {name: getattr(span, name) for name in ("id", "layer", "label", "start", "end", "confidence", "note")}
    return {**made, "quote": CASE.article.text[span.start : span.end], "attributes": {}, **more}


STATED = Span("a1", "attribution", "CUE", 580, 586, confidence=0.8)


class Page:
    """A labeller and what it sends; `on_disk` is the file at the moment of each message."""

    def __init__(self, place: LabelStore, layers: tuple[str, ...] = ("attribution",)) -> None:
        self.widget = Labeller(place, layers=layers)
        self.sent: list[dict] = []
        self.on_disk: list[list[str]] = []
        self._path = place.path
        self.widget.send = self._send

    def _send(self, content: dict) -> None:
        json.dumps(content, allow_nan=False)
        self.sent.append(content)
        self.on_disk.append(self.ids())

    def ids(self) -> list[str]:
        """Ids of the labels in the file."""
        if not self._path.exists():
            return []
        made, _ = w3c.read(self._path.read_bytes(), CASE.article, CASE.codebook, name="x")
        return [span.id for span in made.spans]

    def receive(self, content: object) -> list[dict]:
        """Hand a message to the widget as the front end would; return what it answers."""
        before = len(self.sent)
        self.widget._handle_custom_msg(content, [])
        return self.sent[before:]

    def op(self, seq: object, op: str = "add", span: object = None, **more: object) -> list[dict]:
        """Send one change."""
        span = wire(STATED) if span is None else span
        head = {"type": "op", "exercise": "tiny", "article": SHA, "client": "c1"}
        return self.receive({**head, "seq": seq, "op": op, "span": span, **more})


@pytest.fixture
def page(tmp_path) -> Page:
    """A labeller on an empty folder."""
    return Page(store(tmp_path))


HELLO = {"type": "hello", "exercise": "tiny", "article": SHA, "client": "c1", "last_acked": 0}


def test_hello_is_answered_with_the_state(page):
    """For the page that asked; before the first label there is nothing to tell."""
    (state,) = page.receive(HELLO)
    assert state == {
        "type": "state",
        "client": "c1",
        "rev": 0,
        "saved_at": None,
        "spans": [],
        "relations": [],
        "seq_by_client": {},
        "notice": "",
        "readonly": None,
    }


def test_a_change_is_acknowledged_once_it_is_on_disk(page):
    """At the moment of the acknowledgement the file holds it."""
    (ack,) = page.op(1)
    assert page.on_disk == [["a1"]]
    assert (ack["type"], ack["client"], ack["seq"], ack["rev"]) == ("ack", "c1", 1, 1)
    assert ack["span"] == {**wire(STATED), "attributes": {}, "discuss": False}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", ack["saved_at"])
    page.op(2, "update", wire(STATED, note="new"))
    assert page.widget.labels["a1"].note == "new"
    (ack,) = page.op(3, "remove", {"id": "a1"})
    assert (ack["op"], ack["span"], page.on_disk[-1]) == ("remove", {"id": "a1"}, [])


def test_the_state_after_changes(page):
    """A reloaded page gets everything, and learns how far it had come."""
    page.op(1)
    (state,) = page.receive(HELLO)
    assert (state["rev"], state["seq_by_client"]) == (1, {"c1": 1})
    assert [span["id"] for span in state["spans"]] == ["a1"]


def test_a_repeated_change_is_acknowledged_and_not_applied(page):
    """The acknowledgement was lost; the file is not written again."""
    page.op(1)
    (again,) = page.op(1, "update", wire(STATED, note="late"))
    assert (again["type"], again["seq"], again["rev"]) == ("ack", 1, 1)
    assert page.widget.labels["a1"].note == ""
    assert again["span"]["note"] == ""


def test_a_repeated_change_tells_what_the_file_holds_now(page):
    """A label that was removed meanwhile does not come back to life in other views."""
    page.op(1)
    page.op(1, "remove", {"id": "a1"}, client="c2")
    (again,) = page.op(1)
    assert (again["op"], again["span"]) == ("remove", {"id": "a1"})


@pytest.mark.parametrize("span", [3, {}, {"id": 7}, {"id": None}, {"id": "zz"}])
def test_a_repeated_number_with_other_content_is_harmless(page, span):
    """It is not applied, and nothing of it is passed on."""
    page.op(1)
    for answer in page.op(1, "remove", span):
        assert answer["type"] == "ack"
        assert answer["op"] == "remove"
        assert answer["span"]["id"] in ("", "zz")
    assert page.ids() == ["a1"]


def test_a_gap_is_never_passed(page):
    """It is asked for once; what comes too early is not taken, or what was lost would count as done."""
    (answer,) = page.op(2, span=wire(replace(STATED, id="a2")))
    assert answer == {"type": "resend", "client": "c1", "after": 0}
    page.op(1)
    (answer,) = page.op(4, span=wire(replace(STATED, id="a4")))
    assert answer == {"type": "resend", "client": "c1", "after": 1}
    assert page.op(4, span=wire(replace(STATED, id="a4"))) == []
    assert page.ids() == ["a1"]


@pytest.mark.parametrize("last_acked", [3, 10**9])
def test_what_a_page_has_answers_for_is_no_gap(page, last_acked):
    """The file remembers a limited number of pages; each knows itself how far it came."""
    page.op(1)
    (answer,) = page.op(4, span=wire(replace(STATED, id="a4")), last_acked=last_acked)
    assert (answer["type"], answer["seq"], page.ids()) == ("ack", 4, ["a1", "a4"])


@pytest.mark.parametrize("last_acked", [None, -1, True, "3", 10**10, [3]])
def test_a_last_answer_that_is_no_number_is_not_believed(page, last_acked):
    """The page is asked for everything."""
    (answer,) = page.op(4, last_acked=last_acked)
    assert answer == {"type": "resend", "client": "c1", "after": 0}


def test_a_refusal_is_repeated_until_it_arrives(page):
    """With a later change on disk its number would count as done, and the page would never learn."""
    (refused,) = page.op(1, span=wire(STATED, label="NOBODY"))
    page.op(2)
    assert page.op(1, span=wire(STATED, label="NOBODY")) == [refused]
    assert page.receive(HELLO)[0] == refused
    assert [answer["type"] for answer in page.receive({**HELLO, "last_acked": 1})] == ["state"]
    for seq in range(3, 3 + 200):
        page.op(seq, span=wire(STATED, label="NOBODY"))
    assert len(page.receive(HELLO)) == 101, "the last hundred, and the state"


def test_a_refused_change_does_not_block_the_next(page):
    """Its number counts as answered."""
    page.op(1)
    (refused,) = page.op(2, span=wire(STATED, label="NOBODY"))
    assert (refused["type"], refused["retry"]) == ("refused", False)
    assert [answer["type"] for answer in page.op(3, "update", wire(STATED, note="x"))] == ["ack"]


def test_a_change_that_could_not_be_written_is_not_passed_by_a_later_one(page, monkeypatch):
    """Or the later number would count it as done: both wait, and both arrive in order."""
    page.op(1)

    def full(*_args: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    with monkeypatch.context() as patch:
        patch.setattr("secondsource.label_file.write_atomically", full)
        (refused,) = page.op(2, "update", wire(STATED, note="two"))
        assert (refused["code"], refused["retry"]) == ("SAVE-FULL", True)
        (refused,) = page.op(3, span=wire(replace(STATED, id="b", label="CONTENT")))
        assert (refused["type"], refused["retry"]) == ("refused", True)
    (refused,) = page.op(3, span=wire(replace(STATED, id="b", label="CONTENT")))
    assert (refused["type"], refused["retry"]) == ("refused", True)
    assert [answer["type"] for answer in page.op(1)] == ["ack"]
    assert [answer["type"] for answer in page.op(2, "update", wire(STATED, note="two"))] == ["ack"]
    assert [answer["type"] for answer in page.op(3, span=wire(replace(STATED, id="b", label="CONTENT")))] == ["ack"]
    assert page.widget.labels["a1"].note == "two"
    assert sorted(page.ids()) == ["a1", "b"]


@pytest.mark.parametrize("more", [{"exercise": "other"}, {"article": "0" * 64}, {"exercise": None}, {"article": ["x"]}])
def test_a_change_meant_for_something_else_is_refused(page, more):
    """Nothing is written, and the message says what to do."""
    page.op(1)
    (refused,) = page.op(5, span=wire(replace(STATED, id="b")), **more)
    assert (refused["type"], refused["seq"], refused["code"]) == ("refused", 5, "SAVE-REFUSED")
    assert refused["message"].count(" · ") == 3
    assert page.ids() == ["a1"]
    assert [answer["type"] for answer in page.receive(HELLO)] == ["state"], "the number is not taken"


def test_a_page_of_something_else_learns_nothing(page):
    """Its greeting is answered with a refusal and no labels."""
    page.op(1)
    (state,) = page.receive({**HELLO, "exercise": "other"})
    assert (state["spans"], state["seq_by_client"]) == ([], {})
    assert state["readonly"]["code"] == "SAVE-REFUSED"


BAD_SPANS = {
    "unknown label": {"label": "NOBODY"},
    "unknown layer": {"layer": "nothing"},
    "layer that is not offered": {"layer": "rhetoric", "label": "Doubt"},
    "other words": {"quote": "stated."},
    "reversed": {"start": 586, "end": 580},
    "out of range": {"end": 10**9},
    "thousands of digits": {"start": 10**5000},
    "boolean offset": {"start": True},
    "confidence above one": {"confidence": 1.5},
    "confidence in words": {"confidence": "sure"},
    "huge confidence": {"confidence": 10**5000},
    "note that is too long": {"note": "x" * 10_001},
    "note with half a character": {"note": "\ud800"},
    "note that is a list": {"note": []},
    "attributes that are a list": {"attributes": [1]},
    "unknown attribute": {"attributes": {"colour": "red"}},
    "id with a slash": {"id": "../../x"},
    "id that is a number": {"id": 5},
    "no quotation": {"quote": ""},
}


@pytest.mark.parametrize("name", BAD_SPANS)
def test_an_illegal_label_is_refused_in_plain_words(page, name):
    """One message of four parts, no Python in it, nothing written."""
    (refused,) = page.op(1, span=wire(STATED, **BAD_SPANS[name]))
    assert (refused["type"], refused["code"]) == ("refused", "SAVE-REFUSED")
    assert refused["message"].startswith("SAVE-REFUSED · ")
    assert refused["message"].count(" · ") == 3
    assert not re.search(r"Traceback|Error\b|integer string|labels\.json", refused["message"])
    assert len(refused["message"]) < 600
    assert page.ids() == []


@pytest.mark.parametrize("seq", [0, -1, True, 1.0, "1", None, 10**9 + 1, 10**20, [1]])
def test_a_number_that_is_none_is_ignored(page, seq):
    """Not even a huge one is written: the file's own reader would refuse it."""
    assert page.op(seq) == []
    assert page.ids() == []


@pytest.mark.parametrize("client", ["", "x" * 65, "a b", "é", None, 5, ["c1"], "c1\n"])
def test_a_page_without_a_proper_name_is_ignored(page, client):
    """Names of pages stand in the file."""
    assert page.op(1, client=client) == page.receive({**HELLO, "client": client}) == []
    assert page.ids() == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ("id", "layer", "label", "start", "end", "quote", "confidence", "note", "attributes")
PIECES = st.dictionaries(st.sampled_from(FIELDS), JSON, min_size=1)
MESSAGES = st.one_of(
    JSON,
    st.dictionaries(st.sampled_from(("type", "exercise", "article", "client", "seq", "op", "span")), JSON),
    st.builds(
        lambda span, op: {**HELLO, "type": "op", "seq": 1, "op": op, "span": span},
        JSON | PIECES.map(lambda more: {**wire(STATED), **more, "label": "NOBODY"}),
        st.sampled_from(("add", "update")) | JSON,
    ),
)


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory) -> Page:
    """One labeller for all hostile messages; its file must never appear."""
    return Page(store(tmp_path_factory.mktemp("fuzz")))


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(message=MESSAGES)
def test_no_message_raises_or_writes_what_is_not_a_label(fuzzed, message):
    """Any JSON: it is ignored or refused."""
    assert {answer["type"] for answer in fuzzed.receive(message)} <= {"refused", "state"}
    assert fuzzed.ids() == []


def test_what_cannot_be_saved_is_refused_and_can_be_tried_again(page, monkeypatch):
    """The code of the reason, the message, and the permission to retry."""

    def full(*_args, **_options):
        raise StoreError("SAVE-FULL", "The disk is full.", "It is safe.", "Free some space.")

    with monkeypatch.context() as patch:
        patch.setattr(page.widget._store, "apply", full)
        (refused,) = page.op(1)
    assert refused == {
        "type": "refused",
        "client": "c1",
        "seq": 1,
        "code": "SAVE-FULL",
        "message": "SAVE-FULL · The disk is full. · It is safe. · Free some space.",
        "retry": True,
    }
    assert [answer["type"] for answer in page.op(1)] == ["ack"]


def test_two_labellers_on_one_store_are_both_told(tmp_path):
    """A change in one view appears in the other."""
    place = store(tmp_path)
    first, second = Page(place), Page(place)
    first.op(1)
    assert first.sent == second.sent
    assert second.sent[0]["client"] == "c1"


def test_a_change_made_in_python_is_told(page):
    """The page sees what a cell did."""
    page.widget._store.apply({"op": "add", "span": wire(STATED)})
    assert [(answer["type"], answer["client"], answer["span"]["id"]) for answer in page.sent] == [("ack", "", "a1")]


def test_a_change_by_another_program_is_told_as_a_state(page, tmp_path):
    """Before the acknowledgement of one's own change, for every view."""
    page.op(1)
    store(tmp_path).apply({"op": "add", "span": wire(replace(STATED, id="theirs"))})
    state, ack = page.op(2, span=wire(replace(STATED, id="a2")))
    assert (state["type"], state["client"]) == ("state", None)
    assert [span["id"] for span in state["spans"]] == ["a1", "a2", "theirs"]
    assert (ack["type"], page.ids()) == ("ack", ["a1", "a2", "theirs"])


def test_a_read_only_folder_is_told_before_the_first_label(tmp_path, monkeypatch):
    """In the view from the start, and again in the answer to hello."""
    place = store(tmp_path)
    error = StoreError("SAVE-READONLY", "No.", "Safe.", "Next.")
    monkeypatch.setattr(place, "refused", lambda: error)
    page = Page(place)
    expected = {"code": "SAVE-READONLY", "message": "SAVE-READONLY · No. · Safe. · Next."}
    assert page.widget._view["readonly"] == expected
    assert page.receive(HELLO)[0]["readonly"] == expected


def test_the_view_of_a_labeller_is_complete(tmp_path):
    """Text, sentences, offered layers with their labels and questions, and how sure one can be."""
    widget = Labeller(store(tmp_path), layers=["attribution"], asked=["S5", "S6"], title="Lesson")
    shown = widget._view
    assert (shown["exercise"], shown["title"], shown["max_spans"]) == ("tiny", "Lesson", 5000)
    assert shown["article"]["provenance"] == CASE.article.provenance
    assert "".join(block["text"] for block in shown["blocks"]) == CASE.article.text.replace("\n", "")
    assert [s["id"] for s in shown["sentences"] if s["asked"]] == ["S5", "S6"]
    (layer,) = shown["layers"]
    assert [label["id"] for label in layer["labels"]] == ["SOURCE", "CUE", "CONTENT"]
    assert [a["id"] for a in layer["labels"][2]["attributes"]] == ["form"]
    assert [choice["value"] for choice in shown["confidence"]] == [0.2, 0.4, 0.6, 0.8, 1.0]
    assert all(s["asked"] for s in Labeller(store(tmp_path), layers=["attribution"])._view["sentences"])


def test_a_labeller_knows_nothing_of_the_key(tmp_path):
    """No reason, no distractor, no tier in what it sends or stores."""
    shown = everything(Labeller(store(tmp_path), layers=["attribution", "rhetoric"]))
    for made in KEYS.values():
        assert [k.reason for k in made.spans if k.reason in shown or k.counter in shown] == []
        assert [trap.why_not for trap in made.distractors if trap.why_not in shown] == []


def test_an_unknown_layer_is_named(tmp_path):
    """With those that exist."""
    with pytest.raises(UnknownNameError, match="Did you mean “attribution”"):
        Labeller(store(tmp_path), layers=["attributions"])


def test_the_stored_output_of_a_labeller(tmp_path):
    """One line and a readable page: sentences numbered, labels marked and listed, the same on every run."""
    place = store(tmp_path)
    assert repr(Labeller(place, layers=["attribution"])) == "Labeller tiny: 4,151 characters, 0 labels"
    assert "<table>" not in Labeller(place, layers=["attribution"])._static_html()
    place.apply({"op": "add", "span": wire(STATED, note="a note")})
    place.apply({"op": "add", "span": wire(Span("z", "rhetoric", "Doubt", 0, 7))})
    place.apply(
        {"op": "add", "span": wire(replace(STATED, id="b", start=510, end=516, confidence=None, label="SOURCE"))}
    )
    first, second = (Labeller(place, layers=["attribution"], asked=["S3"]) for _ in range(2))
    assert repr(first) == "Labeller tiny: 4,151 characters, 2 labels"
    html = first._static_html()
    assert html == second._static_html()
    assert "<mark>stated</mark><sub> [Cue]</sub>" in html
    assert "<td>Cue</td><td>stated</td><td>80 %</td><td>a note</td>" in html
    assert "<td>Source</td><td>Watson</td><td>not said</td><td></td>" in html
    assert html.count("<sup>") == 1
    assert "<sup>S3 </sup>" in html


def test_a_label_across_a_paragraph_break_is_named_once(tmp_path):
    """Marked in both paragraphs, named at its end."""
    place = store(tmp_path)
    place.apply({"op": "add", "span": wire(Span("x", "attribution", "SOURCE", 1600, 1656))})
    html = Labeller(place, layers=["attribution"])._static_html()
    assert html.count("<mark>") == 2
    assert html.count("[Source]") == 1


def test_the_direction_of_the_text_is_kept(tmp_path):
    """Hebrew reads from the right, in the stored output too."""
    article = Article("שלום עולם", provenance="p", note="n", language="he")
    html = Labeller(LabelStore(tmp_path, "x", article, CODEBOOK), layers=["wording"])._static_html()
    assert '<div lang="he" dir="rtl">' in html


def test_a_deleted_file_is_written_again_with_everything(page):
    """What was acknowledged is not lost when somebody deletes the folder under a running page."""
    page.op(1)
    shutil.rmtree(page._path.parent)
    page.op(2, span=wire(replace(STATED, id="a2")))
    assert page.ids() == ["a1", "a2"]
    shutil.rmtree(page._path.parent)
    assert [answer["type"] for answer in page.op(2, span=wire(replace(STATED, id="a2")))] == ["ack"]
    assert page.ids() == ["a1", "a2"]


class Sender:
    """A page as `static/shared/outbox.js` is one, in a few lines: what it sends may be lost, repeated or late."""

    def __init__(self, client: str) -> None:
        self.client = client
        self.pending: dict[int, dict] = {}
        self.made = 0

    def make(self, change: dict) -> None:
        """One edit."""
        self.made += 1
        self.pending[self.made] = change

    def messages(self) -> list[dict]:
        """Everything without an answer, oldest first."""
        settled = min(self.pending, default=self.made + 1) - 1
        head = {"type": "op", "exercise": "tiny", "article": SHA, "client": self.client, "last_acked": settled}
        return [{**head, "seq": seq, **change} for seq, change in self.pending.items()]

    def hear(self, answers: list[dict]) -> None:
        """Take note of what is answered for."""
        for answer in answers:
            if answer["type"] in ("ack", "refused") and answer["client"] == self.client and not answer.get("retry"):
                self.pending.pop(answer["seq"], None)


EDIT = st.tuples(st.sampled_from(("c1", "c2")), st.integers(0, 3), st.integers(0, 9))
EDITS = st.lists(EDIT, min_size=1, max_size=12)


@settings(max_examples=40)
@given(edits=EDITS, data=st.data())
def test_messages_lost_repeated_or_out_of_order_change_nothing(tmp_path_factory, edits, data):
    """F12: whatever the line does, each page's edits are done once and in its order, and none is left out."""
    page = Page(store(tmp_path_factory.mktemp("line")))
    senders = {name: Sender(name) for name in ("c1", "c2")}
    expected: dict[str, str | None] = {}
    for client, mark, edit in edits:  # each page has marks of its own, so that the order between pages does not matter
        name = f"{client}-{mark}"
        change = {"op": "remove", "span": {"id": name}} if edit == 0 else {"op": "add"}
        senders[client].make({**change, "span": change.get("span") or wire(STATED, id=name, note=str(edit))})
        expected[name] = str(edit) if edit else None
    for bad in range(6):  # six rounds on a bad line, then a good one
        line = [message for sender in senders.values() for message in sender.messages()]
        sent = line if bad == 5 else data.draw(st.lists(st.sampled_from(line), max_size=2 * len(line))) if line else []
        for message in sent:
            answers = page.receive(message)
            heard = answers if bad == 5 or data.draw(st.booleans()) else []
            for sender in senders.values():
                sender.hear(heard)
    assert not any(sender.pending for sender in senders.values())
    assert {span.id: span.note for span in page.widget.labels.spans} == {k: v for k, v in expected.items() if v}


def test_a_script_keeps_its_code_and_leaves_its_remarks(monkeypatch):
    """One byte for each character in a browser: a single wide one would double the whole script."""
    files = {
        "a.js": 'import { b } from "./b.js";\n// a “remark”\n/** 2\n * lines */\nconst a = `${b}…`; /** s */ f(a);\n',
        "b.js": '  /* in\n  front */\nconst b = "// no remark 💩";\n/** kept: code follows */ const c = /[-‐]/u;\n',
    }
    monkeypatch.setattr(base, "asset", files.__getitem__)
    made = base.script("a.js")
    assert made == (
        'const b = "// no remark \\ud83d\\udca9";\n/** kept: code follows */ const c = /[-\\u2010]/u;\n\n'
        "const a = `${b}\\u2026`; /** s */ f(a);\n"
    )
