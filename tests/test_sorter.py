"""The sorter's side of the kernel: what its page is told, what it takes, and the still picture."""

import json
from pathlib import Path
from typing import Any

import pytest

from secondsource.article import Article
from secondsource.codebook import Codebook
from secondsource.errors import CodebookError, UnknownNameError
from secondsource.formats import w3c
from secondsource.store import LabelStore
from secondsource.widgets import Labeller, Sorter

NEWS, PRACTICE = Codebook.open("news"), Codebook.open("practice")
ARTICLE = Article(
    "Pool to close\n\nThe council met on Monday. It was <unfair>, she said.\n\nIt may rain.",
    title="Pool",
    provenance="Invented text.",
    note="A note.",
)
DECK = Article("Questions\n\nWhat? Say it.\n\nWhy?", provenance="Questions of the course.", cards=True)


def store(folder: Path, article: Article = ARTICLE, codebook: Codebook = NEWS) -> LabelStore:
    return LabelStore(folder, "ex", article, codebook)


def answer(item: str, label: str, layer: str = "claims", article: Article = ARTICLE, **more: Any) -> dict[str, Any]:
    """An answer as the page sends it."""
    (place,) = [s for s in article.sentences if s.id == item]
    where = {"start": place.start, "end": place.end, "quote": article.text[place.start : place.end]}
    rest = {"confidence": None, "note": "", "attributes": {}, "discuss": False, **more}
    return {"id": f"{layer}-{item}", "layer": layer, "label": label, **where, **rest}


class Page:
    """A sorter, and what it sends to its page."""

    def __init__(self, widget: Sorter) -> None:
        self.widget, self.sent = widget, list[dict[str, Any]]()
        widget.send = self._send

    def _send(self, content: dict[str, Any]) -> None:
        json.dumps(content, allow_nan=False)
        self.sent.append(content)

    def op(self, seq: int, span: dict[str, Any], op: str = "add", client: str = "page") -> dict[str, Any]:
        """Send one change; return the last answer."""
        labels = self.widget.labels
        head = {"type": "op", "exercise": "ex", "article": labels.article.sha256, "client": client, "seq": seq}
        self.widget._handle_custom_msg({**head, "op": op, "span": span}, [])
        return self.sent[-1]


def test_the_page_gets_the_rows_that_are_asked(tmp_path):
    view = Sorter(store(tmp_path), layers=["claims"], asked=["S2"], title="Sort")._view
    assert [s["id"] for s in view["sentences"] if s["asked"]] == ["S2"]
    assert (view["title"], view["written"], view["scale"], view["cards"]) == ("Sort", False, None, False)
    assert view["article"]["provenance"] == "Invented text."
    assert [label["id"] for label in view["layers"][0]["labels"]] == [
        "fact_claim",
        "opinion",
        "prediction",
        "background",
    ]
    assert view["strings"]["progress_sure"] != view["strings"]["save_again"]


@pytest.mark.parametrize("asked", [[], ["Z9"], ["S2", "Z9", "S1"], ["H", "S1", "S1"]])
def test_what_is_asked_may_be_nothing_or_in_any_order(tmp_path, asked):
    """The still picture has the same rows as the page; what does not exist has none."""
    made = Sorter(store(tmp_path), layers=["claims"], asked=asked)
    rows = [s["id"] for s in made._view["sentences"] if s["asked"]]
    assert rows == [s.id for s in ARTICLE.sentences if s.id in asked]
    assert [f"<p><strong>{name}</strong>" in made._static_html() for name in rows] == [True] * len(rows)
    assert f"of {len(rows)} answered" in repr(made)


def test_the_headline_is_no_row_unless_it_is_asked(tmp_path):
    asked = [s["id"] for s in Sorter(store(tmp_path), layers=["claims"])._view["sentences"] if s["asked"]]
    assert asked == ["S1", "S2", "S3"]
    view = Sorter(store(tmp_path), layers=["trust"], asked=["H"])._view
    assert [s["id"] for s in view["sentences"] if s["asked"]] == ["H"]
    assert view["scale"] == {"low": "not at all", "high": "completely"}
    assert [label["id"] for label in view["layers"][0]["labels"]] == [str(i) for i in range(11)]


def test_a_layer_that_marks_words_is_for_the_labeller(tmp_path):
    with pytest.raises(CodebookError, match="attribution marks words"):
        Sorter(store(tmp_path), layers=["attribution"])
    with pytest.raises(UnknownNameError):
        Sorter(store(tmp_path), layers=["claim"])
    with pytest.raises(TypeError):
        Sorter(store(tmp_path), layers=["claims"], caption="x")


def test_an_answer_is_on_disk_before_it_is_acknowledged(tmp_path):
    page = Page(Sorter(store(tmp_path), layers=["claims"]))
    told = page.op(1, answer("S2", "opinion"))
    assert (told["type"], told["seq"], told["rev"], told["op"]) == ("ack", 1, 1, "add")
    made, _ = w3c.read((tmp_path / "ex.labels.json").read_bytes(), ARTICLE, NEWS, name="x")
    assert [(s.label, s.quote) for s in made.spans] == [("opinion", "It was <unfair>, she said.")]
    page.op(2, answer("S2", "opinion", confidence=0.4, note="Why not."), "update")
    assert page.op(2, answer("S2", "opinion", confidence=0.4, note="Why not."), "update")["rev"] == 2  # had before
    (span,) = page.widget.labels.spans
    assert (span.id, span.confidence, span.note) == ("claims-S2", 0.4, "Why not.")
    assert page.op(3, answer("S2", "opinion"), "remove")["op"] == "remove"
    assert len(page.widget.labels) == 0


def test_two_pages_that_answer_one_item_at_once_give_one_answer(tmp_path):
    page = Page(Sorter(store(tmp_path), layers=["claims"]))
    page.op(1, answer("S1", "opinion"), client="one")
    page.op(1, answer("S1", "fact_claim"), client="two")
    assert [span.label for span in page.widget.labels.spans] == ["fact_claim"]


@pytest.mark.parametrize(
    "wrong",
    [
        answer("S1", "opinion", end=20, quote=""),
        answer("S1", "nonsense"),
        answer("S1", "SOURCE", "attribution"),
        {"id": "x"},
        answer("S1", "opinion", note="x" * 10_001),
        answer("S1", "opinion", confidence=7),
    ],
)
def test_what_is_no_answer_is_refused_and_nothing_is_written(tmp_path, wrong):
    page = Page(Sorter(store(tmp_path), layers=["claims"]))
    assert page.op(1, wrong)["type"] == "refused"
    assert list(tmp_path.iterdir()) == []


def test_written_words_are_kept_as_they_are(tmp_path):
    page = Page(Sorter(store(tmp_path, DECK, PRACTICE), layers=["answers"]))
    words = "Line one\n\n  \u202eline 💩 two\t" + "e\u0301" * 4_000
    page.op(1, answer("C1", "ANSWER", "answers", DECK, note=words))
    (span,) = store(tmp_path, DECK, PRACTICE).labels.spans
    assert span.note == words
    assert page.widget._view["written"]
    assert page.widget._view["max_note"] == 10_000


def test_a_sorter_and_a_labeller_share_a_store(tmp_path):
    place = store(tmp_path)
    page, other = Page(Sorter(place, layers=["claims"])), Labeller(place, layers=["claims", "attribution"])
    told: list[dict[str, Any]] = []
    other.send = told.append
    page.op(1, answer("S1", "opinion"))
    assert (told[-1]["type"], told[-1]["span"]["label"]) == ("ack", "opinion")
    assert other.labels is page.widget.labels


def test_what_is_stored_in_the_notebook(tmp_path):
    page = Page(Sorter(store(tmp_path), layers=["claims"], asked=["S1", "S2"]))
    page.op(1, answer("S2", "opinion", confidence=0.8, note="Two\nlines & <b>"))
    assert repr(page.widget) == "Sorter ex (Claims): 1 of 2 answered"
    html = page.widget._static_html()
    assert "<strong>Invented text.</strong>" in html
    assert "What would it take to check this sentence?" in html
    assert "It was &lt;unfair&gt;, she said." in html
    assert "<strong>Opinion</strong>. How sure: 80 %<br>Two\nlines &amp; &lt;b&gt;" in html
    assert "<em>no answer yet</em>" in html
    assert "It may rain." not in html  # not asked
    assert "<script" not in html


def test_the_still_picture_of_a_scale_and_of_words(tmp_path):
    scale = Page(Sorter(store(tmp_path), layers=["trust"], asked=["S1"]))
    scale.op(1, answer("S1", "10", "trust"))
    assert "<strong>10 (completely)</strong>. How sure: not said" in scale.widget._static_html()
    words = Page(Sorter(store(tmp_path / "deck", DECK, PRACTICE), layers=["answers"], interface="de"))
    words.op(1, answer("C1", "ANSWER", "answers", DECK, note="One\ntwo"))
    assert "One<br>two" in words.widget._static_html()
    assert repr(words.widget).endswith(": 1 von 2 beantwortet")
    assert "noch keine Antwort" in words.widget._static_html()


def test_the_files_of_its_page_are_one_script_without_imports():
    whole = str(Sorter._esm)
    assert "import " not in "".join(line for line in whole.splitlines() if line.startswith("import"))
    assert whole.count("export function translator") == 1
    assert "class Sorter" in whole
    assert len(whole) < 200_000
