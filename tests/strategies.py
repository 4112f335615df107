"""What random tests are made of: texts in many scripts, articles, label sets and operations."""

from typing import Any

from hypothesis import strategies as st

from secondsource.article import Article
from secondsource.codebook import Codebook
from secondsource.spans import LabelSet, Relation, Span

TEXT = "Mill closes\n\nThe 😀 mill closed, Ines Falk said. “Nobody asked us!” she wrote.\n\nקראו: לא ידוע. It rained."
ARTICLE = Article(TEXT, title="A small article", provenance="Invented for tests.", language="en")


def codebook_toml() -> str:
    """Return a small codebook: a layer of spans with an attribute and a sentence label, and a layer of sentences."""
    return "\n".join(
        (
            'id = "tiny"\nversion = "1"\nlanguage = "en"\ntitle = "Tiny"',
            _layer("who", "span", 'relation = "attribution"'),
            *(_label(name, i) for i, name in enumerate(("SOURCE", "CUE", "CONTENT"), start=1)),
            _label("NONE", 4, 'unit = "sentence"'),
            '[[layers.attributes]]\nid = "form"\nquestion = "Which form?"\nlabels = ["CONTENT"]',
            'values = [{ id = "direct", name = "Direct" }, { id = "mixed", name = "Mixed" }]',
            _layer("claims", "sentence"),
            _label("FACT", 1),
        )
    )


def _layer(name: str, unit: str, more: str = "") -> str:
    texts = "\n".join(f'{key} = "Some words."' for key in ("name", "question", "human", "human_source"))
    return f'[[layers]]\nid = "{name}"\nunit = "{unit}"\noverlap = true\nhuman_checked = false\n{texts}\n{more}'


def _label(name: str, number: int, more: str = "") -> str:
    keys = ("name", "ask", "definition", "rule", "example", "near_miss")
    texts = "\n".join(f'{key} = "Some words."' for key in keys)
    colours = f'colour = "#00000{number}"\ncolour_dark = "#FFFFF{number}"\npattern = "solid"\nshortcut = "{number}"'
    return f'[[layers.labels]]\nid = "{name}"\n{texts}\n{colours}\n{more}'


CODEBOOK = Codebook.parse(codebook_toml())

# Astral characters, joined families, combining marks, flags, Hebrew, Arabic, Chinese, quotation marks, white space.
_PIECES = (
    *(
        "the",
        "U.S.",
        "Dr.",
        "J.",
        "No.",
        "3.5",
        "word",
        "A",
        "Ines",
        "said",
        "…",
        "...",
        ".",
        "!",
        "?",
        "。",
        "！",
        "؟",
    ),
    *(
        "‘",
        "’",
        "“",
        "”",
        '"',
        "(",
        ")",
        "「",
        "」",
        "—",
        ",",
        "😀",
        "👩‍👩‍👧",
        "🇩🇪",
        "👍🏽",
        "𠮷",
        "e\u0301",
        "漢字",
        "שלום",
        "مرحبا",
    ),
    *(
        "\u202b",
        "\u200b",
        "\ufeff",
        "\xa0",
        "\u2028",
        "\t",
        "\x0b",
        "\x85",
        "\x00",
        "<b>",
        "&amp;",
        "\\",
        " ",
        "\n",
        "\n\n",
    ),
)
pieces = st.lists(st.sampled_from(_PIECES) | st.just(" "), max_size=60).map("".join)
any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
texts = pieces | any_text
articles = texts.map(lambda text: text.replace("\r", " ")).filter(str.strip).map(Article)

names = st.text("abcXYZ019_-", min_size=1, max_size=8)
confidences = st.none() | st.floats(0, 1) | st.sampled_from([0, 1])


@st.composite
def spans(draw: st.DrawFn, article: Article = ARTICLE) -> Span:
    """Draw a legal span with an id of its own."""
    layer, label = draw(st.sampled_from([(layer.id, label) for layer in CODEBOOK.layers for label in layer.labels]))
    if label.unit == "sentence":
        sentence = draw(st.sampled_from(article.sentences))
        start, end = sentence.start, sentence.end
    else:
        visible = [i for i, char in enumerate(article.text) if char.isprintable() and not char.isspace()]
        inside = draw(st.sampled_from(visible))
        start, end = draw(st.integers(0, inside)), draw(st.integers(inside + 1, len(article.text)))
    attributes = {"form": draw(st.sampled_from(["direct", "mixed"]))} if label.id == "CONTENT" else {}
    return Span(
        draw(names),
        layer,
        label.id,
        start,
        end,
        article.text[start:end],
        draw(confidences),
        draw(texts),
        attributes,
        draw(st.booleans()),
    )


@st.composite
def label_sets(draw: st.DrawFn) -> LabelSet:
    """Draw a label set over the small article, with relations."""
    drawn = tuple(draw(st.lists(spans(), max_size=6, unique_by=lambda span: span.id)))
    relations: tuple[Relation, ...] = ()
    if drawn:
        members = st.lists(st.sampled_from([s.id for s in drawn]), min_size=1, unique=True).map(tuple)
        made = st.builds(Relation, names, texts, members, st.none() | names)
        relations = tuple(draw(st.lists(made, max_size=3, unique_by=lambda relation: relation.id)))
    return LabelSet(ARTICLE, CODEBOOK, drawn, relations, draw(names), draw(texts))


def wire(span: Span) -> dict[str, Any]:
    """Return a span as the browser sends it."""
    return {name: getattr(span, name) for name in Span.__slots__}


def operations(ids: st.SearchStrategy[str] = names) -> st.SearchStrategy[dict[str, Any]]:
    """Draw legal operations; few ids, so that they meet one another."""
    put = st.builds(
        lambda kind, span, name: {"op": kind, "span": {**wire(span), "id": name}},
        st.sampled_from(["add", "update"]),
        spans(),
        ids,
    )
    return put | ids.map(lambda name: {"op": "remove", "span": {"id": name}})
