"""Codebooks: each rule of the format, broken once."""

from importlib import resources
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondsource.codebook import Codebook, Scale
from secondsource.errors import CodebookError, UnknownNameError
from strategies import codebook_toml

TINY = codebook_toml()


def test_the_bundled_codebook():
    """Layers of a text, the first four of which label it; sentence labels may stand in a layer of spans."""
    news = Codebook.open("news")
    assert [layer.id for layer in news.layers] == [
        *("claims", "attribution", "sourcing", "rhetoric"),
        *("trust", "chains", "transparency"),
    ]
    assert [label.id for label in news.layer("attribution").labels] == ["SOURCE", "CUE", "CONTENT"]
    assert news.layer("rhetoric").label("NO_TECHNIQUE").unit == "sentence"
    assert news.layer("rhetoric").label("Doubt").unit == "span"


def test_the_codebook_of_decks():
    """Questions about whole cards, one of them answered in words; texts for students in every label."""
    practice = Codebook.open("practice")
    labels = {layer.id: [label.id for label in layer.labels] for layer in practice.layers}
    assert labels == {
        "recall": ["RIGHT", "NOT_RIGHT"],
        "pairs": ["CONTRADICTS", "SUPPORTS", "NEITHER"],
        "origins": ["SAME_ORIGIN", "INDEPENDENT", "CANNOT_TELL"],
        "support": ["WELL_SUPPORTED", "PARTLY_SUPPORTED", "UNSUPPORTED_AS_WRITTEN", "CANNOT_TELL"],
        "answers": ["ANSWER"],
    }
    assert {label.unit for layer in practice.layers for label in layer.labels} == {"sentence"}
    assert [layer.id for layer in practice.layers if layer.written] == ["answers"]
    assert all(layer.scale is None for layer in practice.layers)


def test_a_chain_of_hands():
    """One label with two questions about each hand."""
    chains = Codebook.open("news").layer("chains")
    assert (chains.unit, chains.overlap, chains.relation) == ("span", True, "chain")
    values = {a.id: [value for value, _ in a.values] for a in chains.attributes_of("HAND")}
    assert values == {"shown": ["shown", "not_shown"], "onward": ["straight", "gap"]}


@pytest.mark.parametrize("name", ["news", "practice"])
def test_labels_of_a_layer_differ_without_colour(name):
    """Neighbours have another line pattern, and the colours of a layer are from a palette that is told apart."""
    for layer in Codebook.open(name).layers:
        if layer.scale is None:
            patterns = [label.pattern for label in layer.labels]
            assert all(one != other for one, other in pairwise(patterns)), layer.id
            assert len({label.colour for label in layer.labels}) == len(patterns), layer.id


def test_a_scale_makes_its_labels():
    """Eleven points, in order, whole sentences; their ends are said in each."""
    trust = Codebook.open("news").layer("trust")
    assert trust.scale == Scale("not at all", "completely")
    assert [(label.id, label.name, label.unit) for label in trust.labels] == [
        (str(i), str(i), "sentence") for i in range(11)
    ]
    assert {label.definition for label in trust.labels} == {"0 = not at all, 10 = completely"}
    assert len({label.shortcut for label in trust.labels}) == 11


RATING = """
[[layers]]
id = "trust"
name = "Trust"
unit = "sentence"
overlap = false
question = "How far?"
human = "None."
human_source = "none"
human_checked = false

[layers.scale]
low = "not at all"
high = "completely"
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('unit = "sentence"', 'unit = "span"', "layer trust: ratings and written answers are given to whole sentences"),
        ('low = "not at all"\n', "", "layer trust, scale: “low” is missing"),
        ('low = "not at all"', 'low = " "', "layer trust, scale: “low” must be text"),
        ('low = "not at all"', 'low = "a"\nmiddle = "b"', "layer trust, scale: “middle” is not known here"),
        ("[layers.scale]", "[[layers.scale]]", "layer trust: “scale” must be a table with “low” and “high”"),
        ("[layers.scale]", "[[layers.labels]]\nx = 1\n[layers.scale]", "layer trust: “labels” is not known here"),
        ("[layers.scale]", "written = true\n[layers.scale]", "layer trust: a layer of written answers has one label"),
        ("[layers.scale]", 'written = "yes"\n[layers.scale]', "layer trust: “written” must be true or false"),
    ],
)
def test_each_rule_of_a_scale(old, new, told):
    """The message names the layer and the rule."""
    assert Codebook.parse(TINY + RATING).layer("trust").scale
    assert old in RATING
    with pytest.raises(CodebookError) as caught:
        Codebook.parse(TINY + RATING.replace(old, new, 1))
    assert told in str(caught.value)


def test_written_answers_have_one_label():
    """Of whole sentences, or cards."""

    def written(layer: str, text: str = TINY) -> Codebook:
        return Codebook.parse(text.replace(f'id = "{layer}"', f'id = "{layer}"\nwritten = true', 1))

    assert written("claims").layer("claims").written
    assert not written("claims").layer("who").written
    with pytest.raises(CodebookError, match=r"layer who: .*whole sentences or cards, not to spans"):
        written("who")
    practice = (resources.files("secondsource") / "codebooks" / "practice.toml").read_text(encoding="utf-8")
    with pytest.raises(CodebookError, match=r"layer recall: .*one label and no scale"):
        written("recall", practice)


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
