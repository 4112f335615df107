"""Hostile strings where there is no browser: HTML, pictures, terminal, files; and rules that keep it so."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from hostile import BIDI, BROKEN, CORPUS, LETTERS, NAMES
from secondsource import charts
from secondsource.article import Article
from secondsource.case import Case
from secondsource.checking.trees import check_manifest
from secondsource.codebook import Codebook
from secondsource.comparison import LEVELS, compare
from secondsource.course import Exercise
from secondsource.errors import CaseError, OffsetError, StoreError, plain, visible
from secondsource.history import Words
from secondsource.invisible import hidden, invisible
from secondsource.key import Key
from secondsource.languages import language
from secondsource.page import SavedPage, labels_page, save_page
from secondsource.relations import Relation
from secondsource.spans import LabelSet, Span
from secondsource.static_html import key_html
from secondsource.store import LabelStore
from secondsource.widgets import ComparisonView, Labeller
from strategies import CODEBOOK as WHO
from synthetic import STATUS, key

SOURCE = Path(__file__).parents[1] / "src" / "secondsource"
ENGLISH = language("en")
# A line feed ends a paragraph, and an article has no CR.
IN_TEXT = {name: " ".join(text.split("\n")).replace("\r", " ") for name, text in CORPUS.items()}


# --- what is attacked ------------------------------------------------------------------------------------------------


def hostile_codebook(strings: Iterator[str]) -> Codebook:
    """The small codebook with hostile words in every field that is shown; the checks of a file are passed by."""
    layers = []
    for layer in WHO.layers:
        labels = tuple(
            replace(
                b,
                name=next(strings),
                ask=next(strings),
                definition=next(strings),
                rule=next(strings),
                example=next(strings),
                near_miss=next(strings),
            )
            for b in layer.labels
        )
        asked = tuple(
            replace(a, question=next(strings), values=tuple((i, next(strings)) for i, _ in a.values))
            for a in layer.attributes
        )
        layers.append(replace(layer, name=next(strings), human=next(strings), labels=labels, attributes=asked))
    return replace(WHO, title=next(strings), layers=tuple(layers))


def hostile_article(text: str, strings: Iterator[str]) -> Article:
    """An article about nothing, with hostile words in every field."""
    return Article(text, *(next(strings) for _ in range(4)))


def material(text: str, others: Iterator[str]) -> tuple[LabelSet, Key]:
    """Labels and a key over a text of one hostile string, and the others wherever else strings stand."""
    article = hostile_article(f"Headline {text}\n\nBody {text} end.\n\n{text}.", others)
    codebook = hostile_codebook(others)
    places = [(s.start, s.end) for s in article.sentences]
    spans = tuple(
        Span(
            f"a{i}",
            "who",
            "CONTENT",
            *place,
            confidence=0.4,
            note=next(others),
            attributes={"form": "mixed"},
            discuss=True,
        )
        for i, place in enumerate(places)
    )
    labels = LabelSet(article, codebook, spans, (Relation("r", "attribution", tuple(s.id for s in spans)),))
    plain_key = key([places[0], (places[1][0], places[1][0] + 4)], distractors=[(*places[-1], "A")], article=article)
    known = [replace(k, reason=next(others), counter=next(others)) for k in plain_key.spans]
    known = [replace(k, span=replace(k.span, layer="who", label="SOURCE"), also=("CUE",)) for k in known]
    traps = tuple(
        replace(d, tempting=("CONTENT",), why_not=next(others), instead=next(others)) for d in plain_key.distractors
    )
    of_key = LabelSet(article, codebook, tuple(k.span for k in known))
    status = STATUS.model_copy(update={"statement": next(others)})
    return labels, Key(of_key, codebook.layer("who"), tuple(known), traps, status)


def renderings(labels: LabelSet, known: Key, folder: Path, title: str) -> dict[str, str]:
    """Every piece of HTML that the package makes."""
    comparison = compare(labels, known)
    store = LabelStore(folder, "x", labels.article, labels.codebook)
    for span in labels.spans:
        store.apply({"op": "add", "span": _wire(span)})
    views: dict[str, Any] = {
        level: ComparisonView(comparison, level=level, title=title)._repr_mimebundle_()[0]["text/html"]
        for level in LEVELS
    }
    return views | {
        "labeller": Labeller(store, layers=["who"], title=title)._repr_mimebundle_()[0]["text/html"],
        "comparison": comparison._repr_html_(),
        "key": key_html(known, title, ENGLISH),
        "words": Words(title)._repr_html_(),
        "saved": SavedPage(f"Saved: x/{plain(title)}", folder / "x" / plain(title).replace("/", "_"))._repr_html_(),
        "page": labels_page(labels, ENGLISH, ["who"], title=title),
    }


def _wire(span: Span) -> dict[str, Any]:
    names = ("id", "layer", "label", "start", "end", "quote", "confidence", "note", "discuss")
    return {**{name: getattr(span, name) for name in names}, "attributes": dict(span.attributes)}


class Reader(HTMLParser):
    """What a browser would see: elements, attributes, text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.text = ""
        self._style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect names, addresses and what is told by attributes."""
        self.tags.add(tag)
        self._style = tag == "style"
        for name, value in attrs:
            self.attributes.add(name)
            if name in ("href", "src", "action", "content"):
                self.addresses.append(value or "")
            elif value:
                self.text += f"\n{value}\n"

    def handle_endtag(self, tag: str) -> None:
        """Text goes on behind a style sheet."""
        self._style = False

    def handle_data(self, data: str) -> None:
        """Collect what is shown."""
        self.text += "" if self._style else data


def read(html: str) -> Reader:
    """Parse to the end; whatever is not an element, text or our doctype is a hole."""
    reader = Reader()
    reader.unknown_decl = reader.handle_comment = reader.handle_pi = lambda data: pytest.fail(f"not text: {data!r}")  # type: ignore[method-assign]
    reader.feed(html)
    reader.close()
    return reader


PLAIN = {"p", "strong", "em", "div", "h3", "mark", "sub", "sup", "bdi"} | {
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "a")
}
PAGE = {
    *PLAIN,
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "main",
    "h1",
    "h2",
    "span",
    "dl",
    "dt",
    "dd",
    "ol",
    "li",
}
ATTRIBUTES = {"class", "lang", "dir", "scope", "href", "role", "id", "aria-label", "aria-labelledby", "aria-hidden"} | {
    *("charset", "content", "name", "http-equiv", "data-name")
}


# --- HTML ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CORPUS)
def test_no_string_becomes_markup(name: str, tmp_path: Path) -> None:
    """Each string in the text and in every other place: no element, no attribute, no address of its own."""
    others = cycle([CORPUS[name]])
    labels, known = material(IN_TEXT[name], others)
    for where, html in renderings(labels, known, tmp_path, CORPUS[name]).items():
        seen = read(html)
        assert seen.tags <= (PAGE if where == "page" else PLAIN), where
        assert seen.attributes <= ATTRIBUTES, where
        if where not in ("saved", "score", "none"):
            given = "".join(CORPUS[name].splitlines()) if where == "words" else CORPUS[name]
            assert tight(visible(given)) in tight(seen.text), where
        own = ("#label-", "#mark-", "default-src", "width=", "no-referrer")
        assert [a for a in seen.addresses if not a.startswith(own) and where != "saved"] == []
        assert not set(html) & {*BIDI, "\x1b", "\x00", "\x9b"}, where
        html.encode("utf-8")


def tight(text: str) -> str:
    """Without white space: a line may become a paragraph."""
    return "".join(text.split())


def flat(text: str) -> str:
    """White space made alike."""
    return " ".join(text.split())


def test_a_saved_page_leads_to_the_file_and_nowhere_else(tmp_path: Path) -> None:
    """Names of folders are quoted; the link is relative, so no name can be a scheme."""
    for name in ("javascript:alert(1)", '"onclick="x', "a b#c?d%20", "ü"):
        html = save_page(tmp_path / name / "x.labels.json", "<p>", ENGLISH)._repr_html_()
        (address,) = read(html).addresses
        assert re.fullmatch(r"\.\./.*/x\.html", address)
        assert read(html).attributes == {"href"}


def test_a_page_on_another_drive_has_no_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no relative way to it; the words say where it is."""
    saved = save_page(tmp_path / "x.labels.json", "<p>", ENGLISH)

    def nowhere(_path: object) -> str:
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    monkeypatch.setattr("secondsource.page.os.path.relpath", nowhere)
    assert "href" not in saved._repr_html_()
    assert "x.html" in saved._repr_html_()


def test_dollars_are_no_formulas() -> None:
    """A notebook looks for formulas in HTML; prices are none."""
    assert "mathjax_ignore" in Words("It cost $5, then $6.")._repr_html_()
    assert Words("It cost 5.")._repr_html_() == "<p>It cost 5.</p>"


# --- the page --------------------------------------------------------------------------------------------------------


def test_a_page_has_no_script_and_fetches_nothing() -> None:
    """Its policy allows one style sheet, by its hash, and nothing else."""
    labels, _ = material("x", cycle(CORPUS.values()))
    html = labels_page(labels, ENGLISH, ["who"])
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', html)
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/]{43}='; base-uri 'none'; form-action 'none'", policy
    )
    assert not re.search(r"<script|\son\w+=|url\(|@import|style=|src=", re.sub(r"&[\w#]+;[^<]*", "", html))


def test_equal_labels_give_equal_bytes(tmp_path: Path) -> None:
    """Nothing of the day, the folder or the order in which labels were made."""
    labels, _ = material("x", cycle(["a", "b"]))
    turned = replace(labels, spans=labels.spans[::-1])
    pages = [labels_page(each, ENGLISH, ["who"], title="t") for each in (labels, turned)]
    assert pages[0] == pages[1]
    saved = save_page(tmp_path / "02.labels.json", pages[0], ENGLISH)
    assert saved.path == tmp_path / "02.html"
    assert saved.path.read_bytes() == pages[0].encode()


def test_a_page_tells_everything_of_a_label() -> None:
    """Words, name, definition, number, sentence, confidence, note, answer, flag, link."""
    labels, _ = material("x", iter([f"string-{i}" for i in range(500)]))
    html = labels_page(labels, ENGLISH, ["who"])
    seen = flat(read(html).text)
    layer = labels.codebook.layer("who")
    for text in (*(b.name for b in layer.labels), *(b.definition for b in layer.labels), labels.article.note):
        assert text in seen
    assert "3 labels" in seen
    assert "without" not in seen
    for i, span in enumerate(labels.spans, start=1):
        assert f'id="mark-{i}" href="#label-{i}"' in html
        assert f'id="label-{i}"' in html
        assert span.note in seen
    assert seen.count("For discussion.") == 3
    assert seen.count("40 %") == 3
    question = layer.attributes[0]
    assert f"{question.question} {dict(question.values)['mixed']}" in seen
    assert "What belongs together" in seen
    assert "“x.”" in seen


def test_an_exercise_saves_its_page_beside_its_labels(tmp_path: Path) -> None:
    """In the language that was chosen; the reply leads to the file."""
    made = exercise_in(tmp_path)
    made.add("stated", "CUE", confidence=0.8)
    saved = made.page()
    assert saved.path == tmp_path / "my-labels" / "02_who_says_so.html"
    assert str(saved) == (
        "Saved as a page with a legend, to read in a browser, print or send: my-labels/02_who_says_so.html"
    )
    html = saved.path.read_text(encoding="utf-8")
    assert "1 label<" in html
    assert ">80 %<" in html
    assert made.page().path.read_text(encoding="utf-8") == html


def exercise_in(folder: Path) -> Exercise:
    """An exercise of the course whose labels go to a folder of the test."""
    return Exercise("02_who_says_so", folder=folder)


def test_a_page_without_labels_says_so_and_one_of_two_layers_names_them() -> None:
    """An unsaid confidence is counted; layers get a heading when there are several."""
    labels, _ = material("x", cycle(["a"]))
    empty = read(labels_page(replace(labels, spans=(), relations=()), ENGLISH, ["who", "claims"], ["S1"])).text
    assert "No labels yet." in empty
    assert "What belongs together" not in empty
    unsaid = replace(
        labels, spans=(replace(labels.spans[0], confidence=None, note="", attributes={}, discuss=False),), relations=()
    )
    assert "1 label, 1 without confidence" in read(labels_page(unsaid, ENGLISH, ["who"])).text


def test_lanes_below_the_fourth_share_a_place() -> None:
    """Six labels on the same words are six lines, and every one has its number."""
    labels, _ = material("x", cycle(["a"]))
    spans = tuple(
        replace(labels.spans[0], id=f"s{i}", label=name) for i, name in enumerate(("SOURCE", "CUE", "CONTENT") * 2)
    )
    spans = tuple(replace(span, attributes={}) for span in spans)
    html = labels_page(replace(labels, spans=spans, relations=()), ENGLISH, ["who"])
    assert re.findall(r"lane(\d)", html.split("<body>")[1]) == ["3", "3", "3", "2", "1", "0"]
    assert html.count('class="number"') == 6


def test_a_page_that_cannot_be_written_leaves_the_labels_alone(tmp_path: Path) -> None:
    """One line for people, with a next step."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match=r"SAVE-FAILED · file/x\.html could not be written: .* · Your labels are safe"):
        save_page(tmp_path / "file" / "x.labels.json", "<p>", ENGLISH)


# --- pictures --------------------------------------------------------------------------------------------------------

EXPRESSIONS = {"expr", "labelExpr", "filter", "calculate", "signal", "test", "update", "events"}


def leaves(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """All values of a specification and the names that lead to them."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from leaves(value, (*path, name))
    elif isinstance(node, list):
        for value in node:
            yield from leaves(value, path)
    else:
        yield path, node


# Names must stand alone to be names; whatever else does harm does it in company too.
_LONG = [text for name, text in CORPUS.items() if name not in NAMES]
TOGETHER = [*([name] for name in NAMES.values()), *(_LONG[i : i + 6] for i in range(0, len(_LONG), 6))]


@pytest.mark.parametrize("strings", TOGETHER, ids=lambda strings: ascii(strings[0])[:20])
def test_strings_in_pictures_are_data(strings: list[str]) -> None:
    """Never in an expression, an address or a name of a field; only in data, titles and descriptions."""
    given = " ".join(strings)
    labels, known = material(" ".join(given.split()), cycle([given]))
    compared = compare(labels, known)
    made = [charts.article_map(compared), charts.confusion(compared), charts.calibration([compared] * 8)]
    made.append(charts.census({given: known, "other": labels}, layer="who"))
    short = [text for text in strings if len(text) > 6]  # “0” and “name” stand in our own expressions
    for picture in made:
        for path, value in leaves(dict(picture.spec)):
            assert not {"href", "url", "polluted"} & set(path)
            if set(path) & EXPRESSIONS and isinstance(value, str):
                assert [text for text in short if text in value] == []
        json.dumps(picture._repr_mimebundle_(), allow_nan=False).encode()


# --- terminal --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*CORPUS, *BROKEN])
def test_nothing_steers_a_terminal(name: str) -> None:
    """Escapes are shown as ␛, controls of the direction by their code points; lines and tabs stay."""
    given = (CORPUS | BROKEN)[name]
    for shown in (visible(given), plain(given)):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown)
        shown.encode("utf-8")
    assert ("␛" in visible(given)) == ("\x1b" in given)
    if name in LETTERS and name != "spaces":
        assert visible(given) == given


def test_the_command_line_prints_through_one_place() -> None:
    """`click.echo` is called with JSON in ASCII or with what `visible` returned."""
    tree = ast.parse((SOURCE / "cli.py").read_text(encoding="utf-8"))
    printed = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and ast.unparse(n.func) in ("click.echo", "print")]
    assert printed
    for call in printed:
        assert ast.unparse(call.args[0]).startswith(("visible(", "json.dumps("))
        assert "ensure_ascii" not in ast.unparse(call)


# --- characters that nobody sees -------------------------------------------------------------------------------------


@pytest.mark.parametrize("control", [*BIDI, "\x1b", "\x00", "\x9b", "\xad", "\u200b", "\ufeff", "\u2028"])
def test_instructors_texts_hold_nothing_invisible(control: str, tmp_path: Path) -> None:
    """In a codebook, a case and a key it is an error that names the place (CVE-2021-42574)."""
    assert hidden(f"a{control}b")
    case = Case.open("analyst-claims")
    written = json.loads(case.key("attribution").write())
    for field in ("reason", "counter"):
        broken = json.loads(json.dumps(written))
        broken["first"]["items"][0]["ss:key"][field] += control
        with pytest.raises(CaseError, match=r"key entry .* invisible control character"):
            Key.read(json.dumps(broken).encode(), case.article, case.codebook, name="k.json")
    broken = json.loads(json.dumps(written))
    if broken["ss:key"]["distractors"]:
        broken["ss:key"]["distractors"][0]["why_not"] += control
        with pytest.raises(CaseError, match=r"distractor .* invisible control character"):
            Key.read(json.dumps(broken).encode(), case.article, case.codebook, name="k.json")


@pytest.mark.parametrize("control", ["\u202e", "\u200b", "\ufeff"])
def test_a_case_holds_nothing_invisible(control: str, tmp_path: Path) -> None:
    """The same for what a case says of itself."""
    folder = tmp_path / "own"
    folder.mkdir()
    bundled = SOURCE / "cases" / "analyst-claims"
    (folder / "article.txt").write_bytes((bundled / "article.txt").read_bytes())
    told = (bundled / "case.toml").read_text(encoding="utf-8")
    (folder / "case.toml").write_text(told.replace('title = "', f'title = "{control}', 1), encoding="utf-8")
    with pytest.raises(CaseError, match="“title” holds an invisible control character"):
        Case.open(folder)


def test_an_article_may_hold_them_and_its_author_is_told() -> None:
    """Each with its place and name; joiners that join are left alone."""
    text = "A\ufeff b\xadc\n\nd\u200b \u202ee\u202c f\u200dg 👩\u200d👧 می\u200cخواهم"
    assert [(i, what.split()[0]) for i, what in invisible(text)] == [
        *((1, "U+FEFF"), (4, "U+00AD"), (9, "U+200B"), (11, "U+202E"), (13, "U+202C"), (16, "U+200D"))
    ]
    assert list(invisible(Case.open("analyst-claims").article.text)) == []
    with pytest.raises(OffsetError, match="no visible character"):
        LabelSet(Article(text), WHO, (Span("a", "who", "CUE", 9, 10),))


def test_check_lists_what_nobody_sees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nine at most for a text, once for each case; marks of direction are at home in a text from right to left."""
    case = Case.open("analyst-claims")
    root = SOURCE.parents[1]

    def findings(text: str) -> list[str]:
        given = replace(case, article=replace(case.article, text=text))
        monkeypatch.setattr("secondsource.manifest.Manifest.case", lambda *_: given)
        return [f.rule for f in check_manifest(root) if "article.txt" in f.place]

    assert findings(f"{case.article.text[:40]}\u200b{case.article.text[40:]}") == [
        "at code point 40 (H) stands a character that nobody sees: U+200B zero width space."
    ]
    assert len(findings("H\n\n" + "a\xad" * 20)) == 9
    assert findings("שלום\n\nשלום \u200f(x)") == []
    assert len(findings("Hello\n\nHello \u200f(x)")) == 1


# --- odd articles ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["x", "💩", "ש", "a\u2028b\u2029c\x85d\x0be\x0cf", "w" * 1_000_000, "words " * 170_000]
)
def test_odd_articles_can_be_labelled_from_end_to_end(text: str) -> None:
    """One character, lines that are none, a megabyte in one line: one block, and a span over everything."""
    article = Article(text)
    assert [block.text for block in article.blocks] == [text]
    end = len(text.rstrip())
    labels = LabelSet(article, WHO, (Span("all", "who", "CUE", 0, end),))
    assert labels.spans[0].quote == text[:end]
    assert article.from_utf16(article.to_utf16(end)) == end
    html = labels_page(labels, ENGLISH, ["who"])
    assert visible(text[:end])[:2000] in html.replace("</mark>", "")


# --- rules -----------------------------------------------------------------------------------------------------------

TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(SOURCE.rglob("*.py"))}
_TAG = re.compile(r"(?<!\?P)<(?:/?[a-z][a-z0-9]*[ >]|!doctype)")
_ESCAPING = {"literal", "isolated", "still"}
# Names that hold finished HTML or numbers where markup is put together; a new one is put here on purpose.
_FINISHED = {
    *("''.join(parts)", "''.join(made)", "''.join(rows)", "''.join(items)", "top", "body", "words", "html", "text"),
    *("head", "rows", "style", "policy", "told", "care", "place", "number", "depth", "more", "key", "_NO_FORMULAS"),
    *("article.direction", "self._class[layer, label]", "self._class[span.layer, span.label]"),
    *("look.swatch(layer.id, label.id)", "of_text", "items", "about", "broken"),
}
_MARKUP = {
    *("markup.py", "static_html.py", "page.py", "history.py", "comparison.py", "replies.py", "labeller.py"),
    *("answers.py", "before_after.py", "chain_words.py", "chains.py", "pooling.py", "ratings.py", "sorter.py"),
}


@pytest.mark.parametrize("path", TREES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_markup_is_made_in_few_places_and_from_escaped_strings(path: Path) -> None:
    """What stands in an f-string with a tag went through `markup`, or is finished HTML by name."""
    for node in ast.walk(TREES[path]):
        if not isinstance(node, ast.JoinedStr):
            continue
        if not any(isinstance(part, ast.Constant) and _TAG.search(str(part.value)) for part in node.values):
            continue
        assert path.name in _MARKUP
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                value = part.value
                escaped = isinstance(value, ast.Call) and ast.unparse(value.func) in _ESCAPING
                assert escaped or ast.unparse(value) in _FINISHED, f"line {node.lineno}: {ast.unparse(value)}"


_NEVER = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "joblib", "yaml", "ruamel"}


@pytest.mark.parametrize("path", TREES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_nothing_runs_what_it_reads(path: Path) -> None:
    """No pickle and its kin, no YAML, no eval, no HTML by the short ways of libraries, no `.npy`."""
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [a.name for a in node.names] + (
                [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            )
            assert not {name.partition(".")[0] for name in names} & _NEVER
            assert not {"HTML", "Javascript", "display_html"} & {name.rpartition(".")[2] for name in names}
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in ("eval", "exec", "compile", "__import__", "np.load", "numpy.load", "os.system")
            assert not called.endswith((".to_html", "ipywidgets.HTML", "display.HTML"))
            assert "shell=True" not in ast.unparse(node)
