"""Codebooks: each rule of the format, broken once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondsource.codebook import Codebook
from secondsource.errors import CodebookError, UnknownNameError
from strategies import codebook_toml

TINY = codebook_toml()


def test_the_bundled_codebook():
    """Four layers; the case's labels; sentence labels may stand in a layer of spans."""
    news = Codebook.open("news")
    assert [layer.id for layer in news.layers] == ["claims", "attribution", "sourcing", "rhetoric"]
    assert [label.id for label in news.layer("attribution").labels] == ["SOURCE", "CUE", "CONTENT"]
    assert news.layer("rhetoric").label("NO_TECHNIQUE").unit == "sentence"
    assert news.layer("rhetoric").label("Doubt").unit == "span"


def test_what_is_read():
    """Units are inherited, colours are lower case, attributes belong to their labels."""
    who, claims = Codebook.parse(TINY).layers
    assert [label.unit for label in (*who.labels, *claims.labels)] == ["span", "span", "span", "sentence", "sentence"]
    assert (who.relation, claims.relation) == ("attribution", None)
    assert who.label("CUE").colour_dark == "#fffff2"
    assert [a.id for a in who.attributes_of("CONTENT")] == ["form"]
    assert who.attributes_of("CUE") == ()


def test_names_that_do_not_exist(codebook: Codebook):
    """The error lists those that do."""
    for call, known in (
        (lambda: Codebook.open("news.toml"), "news"),
        (lambda: Codebook.open("../codebooks/news"), "news"),
        (lambda: codebook.layer("claim"), "who, claims"),
        (lambda: codebook.layer("who").label("FACT"), "SOURCE, CUE, CONTENT, NONE"),
        (
            lambda: codebook.layer("who").check_attributes("CUE", {"form": "direct"}),
            "no attribute “form” of the label CUE. There is no attribute here",
        ),
        (lambda: codebook.layer("who").check_attributes("CONTENT", {"form": "indirect"}), "direct, mixed"),
    ):
        with pytest.raises(UnknownNameError, match=known):
            call()


def test_attributes_that_exist(codebook: Codebook):
    """An offered value passes, and so does nothing at all."""
    codebook.layer("who").check_attributes("CONTENT", {"form": "mixed"})
    codebook.layer("who").check_attributes("CUE", {})


FIRST = "layer who, label SOURCE"
FORM = "layer who, attribute form"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('id = "tiny"', "id = ", "not valid TOML"),
        ('id = "tiny"', "id = " + "9" * 5_000, "not valid TOML"),
        ('id = "tiny"', "id = " + "[" * 100_000, "not valid TOML"),
        ('id = "tiny"', "id = 0x" + "f" * 5_000, "the codebook: “id” must be text"),
        ('id = "tiny"', "", "the codebook: “id” is missing"),
        ('id = "tiny"', 'id = "ti ny"', "the codebook: an id is made of"),
        ('id = "tiny"', 'id = "-tiny"', "the codebook: an id is made of"),
        ('id = "tiny"', f'id = "{"a" * 65}"', "the codebook: an id is made of"),
        ('version = "1"', "version = 1", "the codebook: “version” must be text"),
        ('title = "Tiny"', 'title = " "', "the codebook: “title” must be text and not empty"),
        ('title = "Tiny"', 'title = "Ti\\u202eny"', "invisible control character"),
        ('title = "Tiny"', 'title = "Ti\\u061cny"', "invisible control character"),
        ('title = "Tiny"', 'title = "Ti\\u00adny"', "invisible control character"),
        ('title = "Tiny"', 'titel = "Tiny"', "the codebook: “title” is missing"),
        ('title = "Tiny"', 'title = "Tiny"\nmore = 1', "the codebook: “more” is not known here"),
        ('title = "Tiny"', 'title = "Tiny"\n"\\u001b[2J" = 1', "“␛[2J” is not known here"),
        ('id = "claims"', 'id = "who"', "the codebook: layer ids must differ, but who stands twice"),
        ('id = "claims"', "id = 0x" + "f" * 5_000, "layer a value too large to show: “id” must be text"),
        ('unit = "span"', 'unit = "word"', "layer who: “unit” must be one of span, sentence"),
        ("overlap = true", 'overlap = "true"', "layer who: “overlap” must be true or false"),
        ("human_checked = false", "human_checked = 0", "layer who: “human_checked” must be true or false"),
        ('question = "Some words."', "", "layer who: “question” is missing"),
        ('relation = "attribution"', "relation = 5", "layer who: “relation” must be text"),
        ('id = "CUE"', 'id = "SOURCE"', "layer who: label ids must differ, but SOURCE stands twice"),
        ('shortcut = "2"', 'shortcut = "1"', "layer who: shortcuts must differ, but 1 stands twice"),
        ('shortcut = "1"', 'shortcut = "12"', f"{FIRST}: the shortcut 12 must be one digit"),
        ('shortcut = "1"', 'shortcut = "S"', f"{FIRST}: the shortcut S must be one digit"),
        ('shortcut = "1"', 'shortcut = "²"', f"{FIRST}: the shortcut ² must be one digit"),
        ('colour = "#000001"', 'colour = "red"', f"{FIRST}: colour must look like"),
        ('colour_dark = "#FFFFF1"', 'colour_dark = "#FFF"', f"{FIRST}: colour_dark must look like"),
        ('colour = "#000002"', 'colour = "#000001"', "pairs of colour and pattern must differ"),
        ('pattern = "solid"', 'pattern = "wavy"', f"{FIRST}: “pattern” must be one of solid, dashed"),
        ('near_miss = "Some words."', "", f"{FIRST}: “near_miss” is missing"),
        ('unit = "sentence"', 'unit = "paragraph"', "layer who, label NONE: “unit” must be one of"),
        ('labels = ["CONTENT"]', 'labels = ["CUES"]', f"{FORM}: “labels” must be one or more of SOURCE, CUE"),
        ('labels = ["CONTENT"]', 'labels = "CUE"', f"{FORM}: “labels” must be one or more of"),
        ('labels = ["CONTENT"]', "labels = 5", f"{FORM}: “labels” must be one or more of"),
        ('labels = ["CONTENT"]', "labels = []", f"{FORM}: “labels” must be one or more of"),
        ('labels = ["CONTENT"]', 'labels = [["CONTENT"], {}]', f"{FORM}: “labels” must be one or more of"),
        ('labels = ["CONTENT"]', 'labels = ["CUE", "CUE"]', f"{FORM}: labels must differ, but CUE stands twice"),
        ('id = "mixed"', 'id = "direct"', f"{FORM}: value ids must differ, but direct stands twice"),
        ('id = "mixed", name = "Mixed"', 'id = "mixed"', f"{FORM}, value mixed: “name” is missing"),
        ('id = "mixed",', 'id = "mixed", more = 1,', f"{FORM}, value mixed: “more” is not known"),
        (
            'values = [{ id = "direct", name = "Direct" }, ',
            "values = [1, ",
            f"{FORM}: “values” must be one or more tables",
        ),
        ("[[layers.attributes]]", "[layers.attributes]", "layer who: “attributes” must be one or more tables"),
    ],
    ids=lambda value: value[:24],
)
def test_each_rule(old: str, new: str, told: str):
    """What breaks a rule is an error that names the place and the rule."""
    assert old in TINY
    with pytest.raises(CodebookError) as caught:
        Codebook.parse(TINY.replace(old, new, 1))
    assert told in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("layers", ["[]", "5", '"who"', "[1]", "{ id = 1 }", "[[]]"])
def test_layers_are_tables(layers: str):
    """One or more of them, and nothing else."""
    with pytest.raises(CodebookError, match="“layers” must be one or more tables"):
        Codebook.parse(f'id = "a"\nversion = "1"\nlanguage = "en"\ntitle = "A"\nlayers = {layers}')


def test_attributes_have_ids_of_their_own():
    """The same question cannot be asked twice."""
    start = TINY.index("[[layers.attributes]]")
    block = TINY[start : TINY.index("[[layers]]", start)]
    with pytest.raises(CodebookError, match="attribute ids must differ, but form stands twice"):
        Codebook.parse(TINY.replace(block, block + block))


@given(st.data())
def test_damage_is_always_a_codebook_error(data: st.DataObject):
    """Whatever is cut out or put in, the result is a codebook or one kind of error."""
    start = data.draw(st.integers(0, len(TINY)))
    end = data.draw(st.integers(start, min(len(TINY), start + 40)))
    filling = data.draw(
        st.sampled_from(["", "1", "[", "]", '"', "{}", "= 5\n", "[[layers]]\n", "\x00", "nan", "[[a]]\n"])
    )
    try:
        made = Codebook.parse(TINY[:start] + filling + TINY[end:])
    except CodebookError:
        return
    assert made.layers
