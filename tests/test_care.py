"""Rules of care and of accessible prose: one breach each is found and named, and what only looks like one is not."""

from dataclasses import replace
from pathlib import Path

import pytest
from nbformat import from_dict
from nbformat.v4 import new_output

from secondsource.article import Article
from secondsource.case import Case
from secondsource.checking.care import check_care, check_case, check_titles
from secondsource.checking.notebooks import check_general
from secondsource.checking.prose import check_prose
from secondsource.checking.surroundings import INVENTED, Surroundings, runs
from secondsource.checking.unrevealed import check_unrevealed
from secondsource.manifest import Manifest
from synthetic import notebook

REAL = Case.open("analyst-claims")
LABEL, NOTE = REAL.article.provenance, REAL.article.note
QUOTE = "Watson, who has previously advised NATO on Eastern European security, stated"
DECK = replace(
    REAL, id="deck", article=Article("A deck\n\nSeen at example[.]news in November.", provenance=LABEL, cards=True)
)
MANIFEST = """
id = "own"
title = "Own"
[[exercises]]
id = "05_wording"
title = "Wording"
notebook = "lessons/a.ipynb"
case = "analyst-claims"
layers = ["rhetoric"]
"""
PLACE = Path("lessons/05_wording.ipynb")


@pytest.fixture
def around() -> Surroundings:
    """A course with the case article and a deck of cards."""
    return Surroundings(Manifest.parse(MANIFEST), (REAL, DECK))


def found(around: Surroundings, *cells: tuple[str, str], path: Path = PLACE, output: str = "") -> list[str]:
    """Rules of care that a notebook with the right label and note breaks."""
    made = from_dict(notebook(("markdown", f"# Words\n\n{NOTE}\n\n{LABEL}"), *cells))
    if output:
        made.cells[-1].outputs = [new_output("execute_result", {"text/plain": output, "image/png": "fake"})]
    return [rule for rule, _ in check_care(made, path, around)]


CODE = ("code", 'exercise("05_wording")')
BREACHES = {
    "verdict in prose": ((("markdown", "The man is a liar."),), "“liar” passes a verdict"),
    "verdict in code": ((("code", 'print("a hoax")'),), "“hoax” passes a verdict"),
    "a claim in a heading": (
        (("markdown", "## The stakes have never been higher"),),
        "the title “The stakes have never been higher” repeats words of the case analyst-claims.",
    ),
    "a claim in a caption": (
        (("markdown", "![a drawing: stakes have never been higher](x.png)"),),
        "the title “a drawing: stakes have never been higher” repeats words",
    ),
    "a quotation without label": (
        (("markdown", f"> “{QUOTE}”"),),
        "cell “c1” quotes the case analyst-claims without its provenance label.",
    ),
    "an address put together": ((("markdown", "Look at Example.news today."),), "the address example.news can be"),
}


@pytest.mark.parametrize("name", BREACHES)
def test_a_breach_of_care_is_named(around, name):
    """Once, with the words."""
    cells, rule = BREACHES[name]
    assert [rule in one for one in found(around, *cells)] == [True]


def test_what_keeps_the_rules_is_left_alone(around):
    """The label beside the quotation, a taken-apart address, plain words of the trade, three words of a text."""
    fine = (
        ("markdown", f"> “{QUOTE}”\n\n*{LABEL}*"),
        (
            "markdown",
            "## What the headline says\n\nSeen at example[.]news, and at myexample.news.\n\nThe river lies low.",
        ),
        CODE,
    )
    assert found(around, *fine) == []


def test_outputs_are_read_too(around):
    """A stored output quotes without label, or holds a verdict; a picture's bytes are not words."""
    assert "quotes the case" in found(around, CODE, output=QUOTE)[0]
    assert "“trolls”" in found(around, CODE, output="a farm of trolls")[0]
    assert found(around, CODE, output=f"{LABEL}\n{QUOTE}") == []


def test_the_name_of_a_file_is_a_title(around):
    """It keeps the same rules."""
    words = "_".join(sorted(runs(REAL.article.text, 4))[0])
    assert "repeats words" in found(around, path=Path(f"lessons/{words}.ipynb"))[0]
    assert "“fake”" in found(around, path=Path("lessons/05_fake.ipynb"))[0]


def test_the_content_note_comes_before_the_first_code(around):
    """Only where a text is used that was published as news."""
    made = from_dict(notebook(("markdown", f"# Words\n\n{LABEL}"), CODE, ("markdown", NOTE)))
    rules = [rule for rule, _ in check_care(made, PLACE, around)]
    assert rules == ["the content note of the case analyst-claims does not stand before its first code."]
    invented = replace(REAL, article=replace(REAL.article, provenance=f"{INVENTED} x"))
    other = Surroundings(around.manifest, (invented,))
    made.cells[0].source = f"# Words\n\n{INVENTED}"
    assert list(check_care(made, PLACE, other)) == []


def test_keys_and_cards_keep_the_rules():
    """Verdicts and addresses in what instructors write, named by where they stand."""
    key = REAL.key("rhetoric")
    bad = replace(key.spans[0], reason="This is a hoax.", counter="See www.example.com for more.")

    class Changed(type(REAL)):
        def key(self, layer):
            return replace(key, spans=(bad, *key.spans[1:]))

    fields = {name: getattr(REAL, name) for name in ("id", "article", "codebook", "licence", "interface", "_folder")}
    rules = {str(finding) for finding in check_case(Changed(**fields))}
    assert any("key of rhetoric: “hoax” passes a verdict" in rule for rule in rules)
    assert any("the address www.example.com can be followed" in rule for rule in rules)
    cards = replace(DECK, article=Article("A deck\n\nSeen at example.news.", provenance=LABEL, cards=True))
    assert any("article.txt: the address example.news" in str(finding) for finding in check_case(cards))
    assert list(check_case(REAL)) == []


def test_titles_in_the_manifest_keep_the_rules():
    """As headings do."""
    titled = MANIFEST.replace('title = "Wording"', 'title = "A turning point, says a liar"')
    rules = [str(finding) for finding in check_titles(Surroundings(Manifest.parse(titled), (REAL,)))]
    assert rules == ["course.toml: “liar” passes a verdict. Repair: say what the text shows and what it does not"]
    assert list(check_titles(Surroundings(None, ()))) == []


PROSE = {
    "[here](x.md)": "the link “here” does not say where it leads.",
    "[](x.md)": "the link “” does not say where it leads.",
    "[https://a.b/c](https://a.b/c)": "does not say where it leads.",
    '<a href="x">Click <b>here</b></a>': "the link “Click here” does not say",
    "**Not a heading**": "“**Not a heading**” looks like a heading and is none.",
    "| a | |\n|---|---|\n| 1 | 2 |": "a column of the table “a |” has no name.",
    "Look at the red words.": "“the red words” can be found only by those who see colours.",
    "It is shown in blue.": "“in blue” can be found only by those who see colours.",
}


@pytest.mark.parametrize("text", PROSE)
def test_prose_that_shuts_somebody_out_is_named(text):
    """One rule, one breach."""
    made = from_dict(notebook(("markdown", f"# Title\n\n{text}")))
    rules = [rule for rule, _ in check_prose(made)]
    assert len(rules) == 1
    assert PROSE[text] in rules[0]


def test_prose_that_shuts_nobody_out_is_left_alone():
    """Links that name a page, bold words in a line, colours of things, code."""
    text = (
        "[the glossary](x.md) and ![a red frog](x.png)\n\n**Cue**: a verb.\n\nShe lives in a green house, in Redwood."
        "\n\n| a | b |\n|---|---|\n| 1 |  |\n\n```\n**x**\n[here](x)\n```"
    )
    assert list(check_prose(from_dict(notebook(("markdown", f"# Title\n\n{text}"))))) == []


def test_a_course_that_cannot_be_read_has_no_surroundings(tmp_path):
    """Its manifest, or a case of it, is told by other rules."""
    (tmp_path / "course.toml").write_text("id =", encoding="utf-8")
    assert Surroundings.of(tmp_path) == Surroundings(None, ())
    (tmp_path / "course.toml").write_text(MANIFEST.replace("analyst-claims", "nothing"), encoding="utf-8")
    assert Surroundings.of(tmp_path).cases == ()


def test_words_of_a_key_are_for_solutions_only(around):
    """Reasons and counter-arguments, in prose and in outputs; what text and codebook say is open to all."""
    reason = REAL.key("rhetoric").spans[5].reason
    assert len(reason.split()) > 8
    made = from_dict(notebook(("markdown", f"# A\n\n{reason}"), CODE))
    assert [rule.split(":")[0] for rule, _ in check_unrevealed(made, around)] == [
        "cell “c0” holds words of a key of the case analyst-claims"
    ]
    label = REAL.codebook.layer("rhetoric").labels[0]
    made.cells[0].source = f"# A\n\n{label.definition} {label.rule} {QUOTE}"
    assert list(check_unrevealed(made, around)) == []
    made.cells[1].outputs = [new_output("execute_result", {"text/html": f"<p>{reason.upper()}</p>"})]
    assert ["cell “c1”" in rule for rule, _ in check_unrevealed(made, around)] == [True]


def test_no_code_names_a_case():
    """Which text an exercise is about is the manifest's to say; prose may name it, and longer words may hold it."""
    cells = (("code", "Case.open('analyst-claims')"), ("markdown", "'analyst-claims'"), ("code", '"analyst-claims-2"'))
    rules = [rule for rule, _ in check_general(from_dict(notebook(*cells)), ["analyst-claims", "deck"])]
    assert rules == ["cell “c0” names the case analyst-claims."]
