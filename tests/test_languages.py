"""Every language has every sentence, with the same places and its own plural forms; nothing is said past the table."""

import ast
import errno
import json
import re
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from babel.core import Locale
from click.testing import CliRunner

from secondsource import languages as module
from secondsource.case import Case
from secondsource.charts import census, picture, technique_by_voice, techniques_by_hops
from secondsource.cli import main
from secondsource.comparison import compare
from secondsource.course import NotYet, exercise
from secondsource.errors import CaseError, UnknownNameError
from secondsource.feedback import numbers, quoted, summary, waiting
from secondsource.languages import choose, language, languages
from secondsource.manifest import Manifest
from secondsource.matching import OUTCOMES
from secondsource.measures import Measures
from secondsource.metrics import tally
from secondsource.spans import LabelSet, Span
from secondsource.store import LabelStore
from secondsource.troubles import Troubles
from secondsource.widgets import ChainBuilder, ComparisonView, Labeller, Sorter
from secondsource.widgets.base import script
from synthetic import entry, key, labels
from test_feedback import reader

SOURCE = Path(module.__file__).parents[1]
FOLDER = Path(module.__file__).parent
TRANSLATIONS = [code for code in languages() if code != "en"]
PLACE = re.compile(r"\{(\w+)\}")
LINK = re.compile(r"\[.+\]")
# Words that both languages have; places and signs alone may always read the same.
SAME = {"de": {"pictures.census_text", "pictures.hops_in", "pictures.map_told"}}
CASE = Case.open("analyst-claims")


def table(code: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{code}.toml").read_text(encoding="utf-8"))


def entries(code: str) -> dict[str, Any]:
    """All entries of a language by ``section.key``."""
    sections = {name: section for name, section in table(code).items() if isinstance(section, dict)}
    return {f"{name}.{key}": entry for name, section in sections.items() for key, entry in section.items()}


ENGLISH = entries("en")


def texts(entry: Any) -> Iterator[str]:
    """Every string of an entry."""
    if isinstance(entry, str):
        yield entry
    else:
        for part in entry.values() if isinstance(entry, dict) else entry:
            yield from texts(part)


def has_words(text: str) -> bool:
    """Whether anything but places, numbers and signs stands in a sentence."""
    return re.search(r"[^\W\d_]{2}", PLACE.sub("", text)) is not None


def shape(entry: Any) -> Any:
    """What must be the same in a translation: a sentence, forms, or a list of as many."""
    if isinstance(entry, str):
        return "a sentence"
    return "forms" if isinstance(entry, dict) else [shape(part) for part in entry]


def places(text: str) -> set[str]:
    """Places of a sentence; a form may say its number in a word or not at all."""
    return {*PLACE.findall(text)} - {"count"}


def wanted_places(english: Any) -> list[set[str]]:
    """Places of each sentence of an entry; all forms have the same."""
    return [places(text) for text in ([english["other"]] if isinstance(english, dict) else texts(english))]


# ---- the files


@pytest.mark.parametrize("code", TRANSLATIONS)
def test_a_translation_has_every_entry_and_no_other(code):
    """The message lists what to translate, as it stands in en.toml."""
    own = entries(code)
    missing = [f"[{name.partition('.')[0]}] {name.partition('.')[2]} = {ENGLISH[name]!r}" for name in ENGLISH]
    missing = [line for line, name in zip(missing, ENGLISH, strict=True) if name not in own]
    assert not missing, f"{code}.toml lacks:\n" + "\n".join(missing)
    assert sorted(own.keys() - ENGLISH.keys()) == [], "nobody uses these any more"
    assert list(table(code))[:2] == ["name", "direction"]
    assert table(code)["direction"] in ("ltr", "rtl")


@pytest.mark.parametrize("code", languages())
def test_every_form_has_the_same_places(code):
    """A sentence of another shape, or with another place, would break where it is said."""
    for name, said in entries(code).items():
        wanted = wanted_places(ENGLISH[name])
        assert shape(said) == shape(ENGLISH[name]), name
        found = [places(text) for text in texts(said)]
        assert found == (wanted * len(found) if isinstance(said, dict) else wanted), name
        if name != "labeller.keys":  # which shows braces as keys
            assert not any(re.search(r"[{}]", PLACE.sub("", text)) for text in texts(said)), name


@pytest.mark.parametrize("code", languages())
def test_the_plural_forms_are_those_of_the_language(code):
    """By Unicode CLDR; “other” is always there."""
    wanted = {*Locale.parse(code, sep="-").plural_form.tags, "other"}
    found = {name: {*entry} for name, entry in entries(code).items() if isinstance(entry, dict)}
    assert {name: forms for name, forms in found.items() if forms != wanted} == {}


@pytest.mark.parametrize("code", languages())
def test_what_becomes_a_link_is_there_in_every_form(code):
    """One part in brackets where English has one, and no bracket elsewhere."""
    for name, said in entries(code).items():
        english = next(texts(ENGLISH[name]))
        if name.startswith("tally."):
            links = [(text.count("["), text.count("]"), bool(LINK.search(text))) for text in texts(said)]
            assert {*links} == {(1, 1, True) if LINK.search(english) else (0, 0, False)}, name


@pytest.mark.parametrize("code", TRANSLATIONS)
def test_nothing_is_left_in_english(code):
    """Entries that read the same are known by name."""
    own = entries(code)
    same = {name for name in ENGLISH if own.get(name) == ENGLISH[name] and any(map(has_words, texts(own[name])))}
    assert sorted(same - SAME.get(code, set())) == []
    assert (
        sorted(
            f"{name}: {text}"
            for name, entry in own.items()
            for text, english in zip(texts(entry), texts(ENGLISH[name]), strict=False)
            if text == english and len(re.findall(r"[A-Za-z]{2,}", PLACE.sub("", text))) > 1
        )
        == []
    )


@pytest.mark.parametrize("code", languages())
def test_no_entry_is_empty_and_the_marks_are_those_of_the_language(code):
    """Quotation marks as the entry told.quoted has them, in pairs; no blank at an edge, no two in a row."""
    opening, closing = table(code)["told"]["quoted"].split("{quote}")
    for name, said in entries(code).items():
        for text in texts(said):
            assert text.strip(), name
            assert name == "pictures.percent" or text == text.strip(), name
            assert "  " not in text, name
            assert '"' not in text, name
            marks = re.sub(rf"[^“”„«»‹›{opening}{closing}]", "", text)
            assert marks == (opening + closing) * (len(marks) // 2), f"{name}: {text}"


def test_the_headlines_begin_with_the_name_of_the_outcome():
    """The comparison shows the name apart, and cuts it off the headline."""
    for code in languages():
        words = language(code)
        for outcome in OUTCOMES:
            for name in words.table("headlines"):
                if name.split("_")[0] == outcome:
                    assert words.table("headlines")[name].startswith(f"{words.say('outcomes', outcome)}: ")


def test_what_is_computed_without_a_language_can_be_said_in_one():
    """Reasons and names of strategies stand in the table as the formulas say them."""
    reasons = [getattr(tally, name) for name in ("NO_MARKS", "NOTHING_REQUIRED", "NOTHING_AT_ALL")]
    assert sorted(reasons) == sorted(language().table("reasons").values())
    made = compare(labels([(0, 9)]), key([(0, 9)]))
    assert [each.name for each in made.baselines] == list(language().table("strategies").values())
    assert isinstance(made.measures, Measures)
    assert language("de").translated("reasons", "something new") == "something new"


# ---- what is said, and where


WIDGETS = {"labeller": "labeller.js", "comparison": "comparison.js", "sorter": "sorter.js", "chains": "chains.js"}
_WITH_TABLES = {"sorter": Sorter, "chains": ChainBuilder}  # widgets that also speak with the words of another
CALL = re.compile(r'\bt\((?:[^"()`]*\? )?"(\w+)"(?: : "(\w+)")?')


@pytest.mark.parametrize("section", WIDGETS)
def test_every_key_in_a_script_is_in_the_table(section):
    """A slip of the pen would show “undefined” to a student."""
    found = {key for keys in CALL.findall(script(WIDGETS[section])) for key in keys if key}
    assert len(found) > 20
    tables = getattr(_WITH_TABLES.get(section), "_sections", (section,))
    assert sorted(found - language().table(*tables).keys()) == []


@pytest.mark.parametrize("section", WIDGETS)
def test_quotation_marks_come_from_the_table(section):
    """They differ from language to language; only the search knows those that people type alike."""
    written = re.sub(r"\\u([0-9a-f]{4})", lambda escaped: chr(int(escaped[1], 16)), script(WIDGETS[section]))
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", written, flags=re.DOTALL)
    marks = [line.strip() for line in code.splitlines() if re.search("[“”„«»]", line)]
    assert [line for line in marks if not line.startswith('"‘": "\'"')] == []


def python_files() -> list[ast.Module]:
    return [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(SOURCE.rglob("*.py"))]


def test_every_key_in_python_is_in_the_table():
    """Wherever section and key are written out."""
    calls = [
        tuple(arg.value for arg in node.args if isinstance(arg, ast.Constant))
        for tree in python_files()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("say", "cut")
    ]
    named = [call for call in calls if len(call) == 2]
    assert len(named) > 50
    assert [call for call in named if ".".join(call) not in ENGLISH] == []


def patterns() -> list[re.Pattern[str]]:
    """Keys that are put together: `tier_${tier}` in a script, f"tier_{tier}" in Python."""
    found = {
        "".join(part.value if isinstance(part, ast.Constant) else ".*" for part in node.values)
        for tree in python_files()
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
    }
    for name in WIDGETS.values():
        found |= {f"{before}.*{after}" for before, after in re.findall(r"`(\w*)\$\{[^`]*?\}(\w*)`", script(name))}
    return [re.compile(pattern) for pattern in found if re.fullmatch(r"(?=.*\w{3})(\w|\.\*)+", pattern)]


def test_every_entry_is_used():
    """An entry that nobody says would be translated for nothing."""
    python = [path.read_text(encoding="utf-8") for path in sorted(SOURCE.rglob("*.py"))]
    scripts = {section: [script(name)] for section, name in WIDGETS.items()}
    whole = {"outcomes", "outcomes_within", "meanings", "headlines", "hints", "reasons", "strategies"}  # by outcome
    unused, together = [], patterns()
    for name in ENGLISH:
        section, _, key = name.partition(".")
        sources = [*scripts.get(section, []), *python]
        if section in ("cards", "sentences"):  # said in place of the entry that is named
            assert key in ENGLISH, name
            continue
        if section in whole or any(re.search(rf"[\"'`]{key}[\"'`]", source) for source in sources):
            continue
        if not any(pattern.fullmatch(key) for pattern in together):
            unused.append(name)
    assert unused == []


# ---- which language


def test_the_user_goes_before_the_environment_and_that_before_the_case(monkeypatch):
    """English is the last resort."""
    monkeypatch.delenv("SECONDSOURCE_LANGUAGE", raising=False)
    assert choose().code == choose("", "").code == "en"
    assert choose(None, "de").code == "de"
    assert choose("en", "de").code == "en"
    monkeypatch.setenv("SECONDSOURCE_LANGUAGE", "de")
    assert choose(None, "en").code == "de"
    assert choose("en", "en").code == "en"


@pytest.mark.parametrize("code", ["de-AT", "de_CH.UTF-8", "DE", "de-1996"])
def test_a_region_falls_back_to_its_language(code):
    """Whoever asks for Austria's German gets German."""
    assert language(code).code == "de"


def test_an_unknown_language_is_told_with_those_there_are(monkeypatch, tmp_path):
    """By whoever it was asked for."""
    with pytest.raises(UnknownNameError, match=r"no language “klingon”.* There are: de, en\."):
        exercise("02_who_says_so", language="klingon")
    monkeypatch.setenv("SECONDSOURCE_LANGUAGE", "xx")
    with pytest.raises(UnknownNameError, match=r"no language “xx” \(asked for by .* SECONDSOURCE_LANGUAGE\)"):
        choose()


def own_case(folder: Path, line: str) -> Path:
    """A copy of the bundled case with a line more."""
    shutil.copytree(SOURCE / "cases" / "analyst-claims", folder)
    with (folder / "case.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    return folder


def test_a_case_chooses_a_language(tmp_path):
    """By one field; a wrong one is told with the file's name."""
    assert CASE.interface == ""
    assert Case.open(own_case(tmp_path / "a", 'interface = "de-AT"')).interface == "de"
    with pytest.raises(UnknownNameError, match=r"no language “xx” \(“interface” in b/case.toml\)"):
        Case.open(own_case(tmp_path / "b", 'interface = "xx"'))
    with pytest.raises(CaseError, match="“interface” must be the code of a language"):
        Case.open(own_case(tmp_path / "c", "interface = 5"))


@pytest.fixture
def course(tmp_path, monkeypatch) -> Path:
    """A course folder with a German case."""
    monkeypatch.delenv("SECONDSOURCE_LABELS", raising=False)
    monkeypatch.delenv("SECONDSOURCE_LANGUAGE", raising=False)
    own_case(tmp_path / "german", 'interface = "de"')
    text = (SOURCE / "course.toml").read_text(encoding="utf-8").replace('"analyst-claims"', '"german"')
    (tmp_path / "course.toml").write_text(text, encoding="utf-8")
    (tmp_path / "lessons").mkdir()
    monkeypatch.chdir(tmp_path / "lessons")
    return tmp_path


def test_a_whole_exercise_in_the_language_of_the_case(course):
    """Labeller, closed gate, comparison, pictures, hand-in and key."""
    ex = exercise("05_wording_alone")
    view = ex.label()._view
    assert (view["language"], view["direction"], view["strings"]["undo"]) == ("de", "ltr", "Rückgängig")
    assert view["confidence"][0]["name"] == "20 % – geraten"
    assert repr(ex) == "Aufgabe 05_wording_alone: Exercise 5: Wording (6 Sätze; Wording)"
    assert str(ex.compare()).startswith("Noch nicht versucht.")
    assert ex.compare()._repr_html_().startswith('<div lang="de" dir="ltr"><p>Noch nicht versucht.')
    assert str(ex.hand_in()).startswith("Nichts abzugeben: ")
    for known in ex.case.key("rhetoric").within(ex.task.units).spans[:5]:
        made = ex.add(known.span.quote, known.span.label, confidence=0.8, occurrence=None)
    assert "gespeichert" in str(ex.hand_in())
    assert "5 Markierungen, 5 mit Angabe zur Sicherheit" in str(ex.hand_in())
    opened = ex.compare()
    assert isinstance(opened, ComparisonView)
    assert repr(opened).startswith("Vergleich: 4 getroffen, 2 übersehen")
    assert "Stelle für Stelle" in opened._view["strings"].values()
    assert opened._view["outcomes"]["missed"]["name"] == "Übersehen"
    assert opened._view["pairs"][0]["headline"].startswith(("Getroffen: Du hast „", "Übersehen: "))
    assert str(opened.picture()).startswith("Wo deine Markierungen auf die Musterlösung trafen")
    assert "Strongest" not in opened._static_html()
    assert '<div lang="de" dir="ltr"><table><caption>Zeile für Zeile</caption>' in opened._static_html()
    assert "Musterlösung zu Exercise 5" in ex.show_key()._repr_html_()
    ex.set_confidence(made.id, None)
    assert str(ex.undo()).endswith("hat die Sicherheit 0.8.")
    assert str(ex.redo()).endswith("hat keine Angabe zur Sicherheit.")
    ex.remove(ex.labels.spans[0].id)
    assert "Bisher: 4 Markierungen, 1 ohne Angabe zur Sicherheit." in str(ex.compare())
    assert isinstance(exercise("05_wording_alone", language="en").compare(), NotYet)
    assert str(exercise("05_wording_alone", language="en").compare()).startswith("Not enough yet.")


def test_the_still_picture_in_german(course):
    """With marks, numbers and the language of the words around the article."""
    ex = exercise("02_who_says_so")
    ex.add("he wrote", "SOURCE", confidence=0.8)
    ex.add("according to Watson", "CUE")
    widget = ex.label()
    assert repr(widget) == "Markieren 02_who_says_so: 4.151 Zeichen, 2 Markierungen"
    html = widget._static_html()
    assert '<div lang="de" dir="ltr"><p>Das ist ein stehendes Bild.' in html
    assert '<div lang="en" dir="ltr">' in html  # the article
    assert "<td>80 %</td>" in html
    assert "<td>nicht gesagt</td>" in html
    assert "<caption>Deine Markierungen</caption>" in html


def test_the_command_line_compares_in_a_language(tmp_path, monkeypatch):
    """``--language``; numbers for programs stay as they are."""
    monkeypatch.delenv("SECONDSOURCE_LANGUAGE", raising=False)
    monkeypatch.chdir(tmp_path)
    file = SOURCE / "cases" / "analyst-claims" / "keys" / "rhetoric.json"
    asked = ["compare", str(file), "--case", "analyst-claims", "--whole", "--language"]
    german, english = (CliRunner().invoke(main, [*asked, code]) for code in ("de", "en"))
    assert german.output.startswith("Deine Markierungen neben der Musterlösung: ")
    assert english.output.startswith("Your labels beside the key: ")
    assert CliRunner().invoke(main, [*asked, "xx"]).exit_code == 2
    told = [CliRunner().invoke(main, [*asked, code, "--json"]).output for code in ("de", "en")]
    assert told[0] == told[1]


# ---- German sentences


GERMAN = language("de")


@pytest.mark.parametrize("layer", CASE.layers)
@pytest.mark.parametrize("seed", range(4))
def test_a_comparison_in_german_says_nothing_in_english(layer, seed):
    """Every sentence of the summary, the rows and the pictures; what the key's author wrote stays as it is."""
    made = reader(layer, seed)
    german = compare(made.labels, made.key, interface=GERMAN)
    english = [words for words in summary(made) if words != made.key.layer.human]
    assert [line for line in english if line in summary(german)] == []
    assert len(summary(german)) == len(summary(made))
    assert [found for _, found in numbers(german)] == [found for _, found in numbers(made)]
    lines = " ".join(summary(german))
    assert all(piece in lines for piece, _ in numbers(german))
    for of in ("places", "labels", "confidence"):
        told = str(picture(german, of))
        assert str(picture(made, of)) != told
        assert not re.search(r"\b(the|your|label|labels|sentence|times|and|of)\b", _without(told, german))
    assert "Strongest argument" not in german._repr_html_()


def _without(told: str, made: Any) -> str:
    """A text without what stands in the case and the codebook."""
    for own in (
        made.labels.article.provenance,
        made.key.provenance.statement,
        *(x.name for x in made.key.layer.labels),
    ):
        told = told.replace(own, "")
    return told


def test_several_readers_in_german():
    """Pictures of a class speak the language of its comparisons."""
    two = [compare(reader("rhetoric", seed).labels, reader("rhetoric", seed).key, interface=GERMAN) for seed in (1, 2)]
    assert str(picture(two, "places")).startswith("Wo die Markierungen von 2 Personen")


def test_pictures_of_labels_in_german():
    """Those that are drawn without a comparison are asked for in a language."""
    key_ = CASE.key("rhetoric")
    (hops,) = (a for a in CASE.codebook.layer("sourcing").attributes if a.id == "hops")
    label = CASE.codebook.layer("sourcing").labels[0].id
    spans = [
        Span(
            f"h{i}", "sourcing", label, s.start, s.start + 3, attributes={"hops": hops.values[i % len(hops.values)][0]}
        )
        for i, s in enumerate(CASE.article.sentences)
    ]
    empty = LabelSet(CASE.article, CASE.codebook)
    pictures = {
        census({"Fall": key_}, interface="de"): "Markierungen auf 100 Sätze. Fall: ",
        census({}, interface="de"): "Noch gibt es nichts zu zeichnen: Es wurde kein Text angegeben.",
        census({"x": empty}, layer="rhetoric", interface=GERMAN): "Noch gibt es nichts zu zeichnen: keine Markierungen",
        technique_by_voice(key_, interface="de"): "33 Markierungen: 18-mal in",
        technique_by_voice(empty, interface="de"): "Noch gibt es nichts zu zeichnen: Hier sind keine Techniken",
        techniques_by_hops(key_, empty, interface="de"): "Noch gibt es nichts zu zeichnen: Keine Quelle sagt hier",
        techniques_by_hops(key_, replace(empty, spans=tuple(spans)), interface="de"): "Weitergaben sind in 29 Sätzen",
    }
    for made, told in pictures.items():
        assert made.description.startswith(told)
        assert "The key is a draft" not in json.dumps(dict(made.spec))


def test_what_is_waited_for_in_german():
    """One and many."""
    assert waiting(0, 0, 8, 1, ("S3",), GERMAN) == ["1 Markierung liegt außerhalb des Satzes, um den es geht (S3)."]
    told = waiting(2, 1, 8, 2, ("S3", "S5"), GERMAN)
    assert told[0].startswith("Bisher: 2 Markierungen, 1 ohne Angabe zur Sicherheit.")
    assert told[1] == "2 Markierungen liegen außerhalb der Sätze, um die es geht (S3, S5)."
    assert waiting(1, 0, 2, 2, ("S3",), GERMAN, kind="chain") == [
        "Bisher: 1 Stelle. Der Vergleich öffnet sich mit mindestens 2 Stellen, bei denen jede Frage beantwortet ist.",
        "2 Stellen liegen außerhalb des Satzes, um den es geht (S3).",
    ]


@pytest.mark.parametrize(
    ("quote", "shown"), [("red", "„red“"), ("“My father.”", "„My father.“"), ("„Mein Vater.“", "„Mein Vater.“")]
)
def test_a_quotation_in_german_marks(quote, shown):
    """Never in two pairs."""
    assert quoted(quote, GERMAN) == shown


def test_a_view_can_speak_another_language_than_its_comparison():
    """The comparison that was given stays as it is."""
    made = compare(labels([]), key([entry(0, 9)]), interface="en")
    view = ComparisonView(made, interface="de")
    assert view.comparison.words.code == "de"
    assert made.words.code == "en"
    assert ComparisonView(made).comparison is made


def test_troubles_with_a_file_are_told_in_german(tmp_path):
    """A damaged file, a full disk, a file of another exercise: the code stays, the sentences are German."""

    def store(**more):
        return LabelStore(tmp_path, "x", CASE.article, CASE.codebook, interface=GERMAN, **more)

    (tmp_path / "x.labels.json").write_bytes(b"{")
    code, happened, safe, step = store().notice.split(" · ")
    assert code == "FILE-DAMAGED"
    assert happened.startswith("x.labels.json war beschädigt (auf Englisch: ")
    assert safe.startswith("Die beschädigte Datei liegt jetzt als x.labels.")
    assert step.startswith("Fang neu an")
    told = Troubles(tmp_path / "x.labels.json", GERMAN)
    full = told.unwritable(OSError(errno.ENOSPC, "full"), 1)
    assert (full.code, str(full).count(" · ")) == ("SAVE-FULL", 3)
    assert "In x.labels.json auf der Festplatte steht unversehrt 1 Markierung." in str(full)
    assert "a, b, c und 2 weitere" in told.copies(list("abcde"))
    assert "gemacht hat: a. ·" in told.copies(["a"])
    assert told.busy().code == "SAVE-BUSY"
    assert "Deine 2 Markierungen aus Fassung 3 liegen jetzt in y." in told.overtaken(2, 3, "y")
    assert "Dessen Fassung mit 1 Markierung liegt jetzt in y." in told.clash(1, "y")
    assert "stammt aus der Sicherungskopie von Fassung 7. Die besch" in told.restored("kaputt", "", "backup", 1, 7)
    assert "nicht von y" in str(told.elsewhere("a.json", "x", "y"))


def test_a_refusal_in_german(tmp_path):
    """What the page is told when it sends nonsense."""
    store = LabelStore(tmp_path, "x", CASE.article, CASE.codebook, interface=GERMAN)
    widget, sent = Labeller(store, layers=["attribution"], interface="de"), []
    widget.send = sent.append
    head = {"type": "op", "client": "c", "exercise": "x", "article": CASE.article.sha256}
    broken = {"id": "a", "layer": "attribution", "label": "NOBODY", "start": 0, "end": 5}
    widget._receive(widget, {**head, "seq": 1, "op": "add", "span": {"layer": "nowhere"}}, [])
    widget._receive(widget, {**head, "seq": 2, "op": "add", "span": broken}, [])
    widget._receive(widget, {**head, "seq": 3, "exercise": "y"}, [])
    messages = [answer["message"] for answer in sent if answer["type"] == "refused"]
    assert [message.split(" · ")[0] for message in messages] == ["SAVE-REFUSED"] * 3
    assert [message.split(" · ")[1][:16] for message in messages] == [
        "Die Seite hat et",
        "Diese Änderung p",
        "Diese Seite gehö",
    ]


# ---- a language that is not there yet


ARABIC_WORDS = {"zero": "لا كلمات {count}", "one": "كلمة {count}", "two": "كلمتان {count}", "few": "{count} كلمات"}
ARABIC_WORDS |= {"many": "{count} كلمة", "other": "{count} كلمة أخرى"}


@pytest.fixture
def arabic(tmp_path, monkeypatch) -> Iterator[None]:
    """A third language that is written from right to left, with six plural forms and few entries."""
    forms = "\n".join(f'{name} = "{form}"' for name, form in ARABIC_WORDS.items())
    text = f'name = "العربية"\ndirection = "rtl"\n[labeller]\nundo = "تراجع"\n[labeller.words]\n{forms}\n'
    shutil.copy(FOLDER / "en.toml", tmp_path / "en.toml")
    (tmp_path / "ar.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(module, "_folder", lambda: tmp_path)
    module._opened.cache_clear()
    yield
    module._opened.cache_clear()


def test_a_third_language_is_a_file(arabic, tmp_path):
    """Its forms, its direction; what it lacks is English."""
    assert languages() == ("ar", "en")
    words = language("ar-EG")
    for count, form in ((0, "zero"), (1, "one"), (2, "two"), (3, "few"), (11, "many"), (100, "other")):
        assert words.say("labeller", "words", count=count) == ARABIC_WORDS[form].format(count=count)
    assert words.say("labeller", "count_labels", count=2) == "2 labels"
    widget = Labeller(LabelStore(tmp_path, "x", CASE.article, CASE.codebook), layers=["attribution"], interface="ar")
    view = widget._view
    assert (view["direction"], view["strings"]["undo"], view["strings"]["redo"]) == ("rtl", "تراجع", "Redo")
    made = compare(LabelSet(CASE.article, CASE.codebook), CASE.key("rhetoric"))
    assert ComparisonView(made, interface="ar")._view["direction"] == "rtl"
    assert Manifest.open().task("05_wording").case == CASE.id
