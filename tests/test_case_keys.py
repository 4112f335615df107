"""The keys and decks of the course: whole, in order, careful, and not to be had by one and the same answer."""

import re
from collections import Counter
from itertools import groupby
from pathlib import Path

import pytest

from secondsource.case import Case
from secondsource.comparison import compare
from secondsource.gate import kind_of
from secondsource.key import Key
from secondsource.manifest import Manifest, Task
from secondsource.remarks import uneven
from secondsource.spans import LabelSet

CASE = Case.open("analyst-claims")
DECKS = {
    "recall": "recall",
    "questions": "answers",
    "practice-questions": "answers",
    "pairs": "pairs",
    "practice-pairs": "pairs",
    "practice-origins": "origins",
    "cards": "origins",
}
KEYS = [("analyst-claims", "claims"), ("analyst-claims", "sourcing"), ("analyst-claims", "chains"), *DECKS.items()]
INVENTED = "Invented text, written for practice. People, places and events are fictional."
SEEN = "As seen in stored copies in November 2026, openings only."
VERDICTS = r"\b(fake|liars?|lying|hoax|disinformation|propaganda|trolls?|AI-generated)\b"
CHAINS = [
    ("Western military officials", "His"),
    ("internal NATO assessments", "he"),
    ("satellite imagery and intercepted communications", "He"),
    ("leaked documents from a European intelligence agency", "His"),
    ("Kiselyov", "a Russian state media outlet"),
    ("videos", "Russian military bloggers"),
    ("Russian officials", "a confidential memo", "a European intelligence service"),
    ("one Russian general", "a confidential memo", "a European intelligence service"),
]


def key(case: str, layer: str) -> Key:
    """The key of a bundled case."""
    return Case.open(case).key(layer)


def sentences(case: Case) -> dict[str, str]:
    """Words of each sentence or card, by its id, with line breaks as spaces."""
    article = case.article
    return {s.id: " ".join(article.text[s.start : s.end].split()) for s in article.sentences}


def cards(deck: str) -> dict[str, str]:
    """Words of each card."""
    return {name: words for name, words in sentences(Case.open(deck)).items() if name != "H"}


def quotations(text: str) -> list[tuple[str, str]]:
    """Pairs of a sentence and the words quoted behind its id, as in “S6: “words””."""
    return re.findall(r"\b(H|S\d+):? “([^”]+)”", text)


@pytest.mark.parametrize(("case", "layer"), KEYS)
def test_a_key_says_that_it_is_a_draft(case: str, layer: str):
    """It is written byte for byte, says how it was made, and claims no reader who was not there."""
    made = key(case, layer)
    assert made.write() == (Path(str(Case.open(case)._folder)) / "keys" / f"{layer}.json").read_bytes()
    assert made.provenance.status == "draft"
    assert made.provenance.human_annotators == 0
    assert "No independent" in made.provenance.made
    assert "No independent" in made.provenance.statement


@pytest.mark.parametrize(("case", "layer"), KEYS)
def test_no_entry_judges_or_leads_away(case: str, layer: str):
    """No verdict about a text or a person, and no address that could be followed; the titles keep to that too."""
    opened = Case.open(case)
    made = opened.key(layer)
    texts = [text for entry in made.spans for text in (entry.reason, entry.counter)]
    texts += [text for foil in made.distractors for text in (foil.why_not, foil.instead or "")]
    texts += [opened.article.title, opened.article.note, *(cards(case).values() if case in DECKS else ())]
    for text in texts:
        assert not re.search(VERDICTS, text, re.IGNORECASE), text
        assert not re.search(r"://|www\.|\w\.(com|org|us|news|tech|ru|by)\b", text), text


@pytest.mark.parametrize(("case", "layer"), KEYS)
def test_reasons_are_their_own(case: str, layer: str):
    """Every reason is its entry's own; a reason and its counter-argument differ, and both are short enough to read."""
    made = key(case, layer)
    named = [entry for entry in made.spans if entry.span.quote.casefold() not in ("he", "his")]
    assert len({entry.reason for entry in named}) == len(named)
    for entry in made.spans:
        assert entry.reason != entry.counter
        assert len(entry.reason.split()) <= (140 if layer == "answers" else 60), entry.span.id
        assert len(entry.counter.split()) <= (110 if layer == "answers" else 50), entry.span.id


def test_every_sentence_has_one_claims_entry():
    """Headline and 28 sentences; only a core entry accepts nothing else, and every other one says what else."""
    made = CASE.key("claims")
    places = [(entry.span.start, entry.span.end) for entry in made.spans]
    assert places == [(s.start, s.end) for s in CASE.article.sentences]
    assert len(places) == 29
    assert all((entry.tier == "core") == (not entry.also) for entry in made.spans)


@pytest.mark.parametrize("label", ["fact_claim", "opinion", "prediction", "background"])
def test_no_constant_answer_reaches_the_aim_of_lesson_1(label: str):
    """Eight of the ten core sentences that the lesson asks about, S2 and S22 being worked there."""
    asked = CASE.key("claims").within([f"S{i}" for i in range(1, 29) if i not in (2, 22)])
    core = [entry for entry in asked.spans if entry.tier == "core"]
    assert len(core) == 10
    assert sum(entry.accepts(label) for entry in core) < 8


def test_good_things_are_there_to_be_found():
    """At least twelve scored places where the text helps its readers, five of them expected of everyone."""
    helps = [e for e in CASE.key("sourcing").spans if e.span.label == "TRANSPARENCY" and e.tier != "contested"]
    assert len(helps) >= 12
    assert sum(entry.tier == "core" for entry in helps) >= 5


def test_sources_answer_the_questions_of_their_label():
    """Whoever is named needs no reason for anonymity, and nothing of this text can be checked in it."""
    for entry in CASE.key("sourcing").spans:
        told = entry.span.attributes
        if entry.span.label in ("NAMED", "DOCUMENT"):
            assert told["anonymity_reason"] == "n_a", entry.span.id
        if entry.span.label == "UNNAMED_DESCRIBED":
            assert told["anonymity_reason"] == "not_given", entry.span.id
        assert told.get("verifiability") != "in_article", entry.span.id


def test_chains_run_from_the_origin_to_the_page():
    """The eight chains, hand by hand; each hand says what is shown of it and where it goes, and none is left over."""
    made = CASE.key("chains")
    words = {entry.span.id: entry.span.quote for entry in made.spans}
    told = [tuple(words[member] for member in chain.members) for chain in made.relations]
    assert sorted(told) == sorted(CHAINS)
    assert {chain.type for chain in made.relations} == {"chain"}
    assert {member for chain in made.relations for member in chain.members} == set(words)
    assert all(set(entry.span.attributes) == {"shown", "onward"} for entry in made.spans)
    for chain in made.relations:
        assert made.by_id[chain.members[0]].reason.startswith("The chain:")


@pytest.mark.parametrize(("deck", "layer"), DECKS.items())
def test_every_card_has_its_entry(deck: str, layer: str):
    """Cards are numbered from C1 on without a gap, and the key answers each of them once."""
    case = Case.open(deck)
    spans = case.key(layer).spans
    assert case.codebook.id == "practice"
    assert list(cards(deck)) == [f"C{i}" for i in range(1, len(spans) + 1)]
    assert [(e.span.start, e.span.end) for e in spans] == [(s.start, s.end) for s in case.article.sentences[1:]]


def test_three_recall_cards_for_each_lesson():
    """Lessons 0 to 10; among three cards one holds and one does not, so no constant answer is right."""
    labels = [entry.span.label for entry in key("recall", "recall").spans]
    assert len(labels) == 33
    for lesson in range(11):
        assert set(labels[3 * lesson : 3 * lesson + 3]) == {"RIGHT", "NOT_RIGHT"}, lesson
    assert all(len(list(run)) <= 3 for _, run in groupby(labels))


@pytest.mark.parametrize("deck", ["recall", "practice-questions", "practice-pairs", "practice-origins"])
def test_invented_decks_repeat_nothing_of_the_case_article(deck: str):
    """They carry the line of invented texts, and no five words in a row are the article's."""

    def runs(text: str) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", text.casefold())
        return {tuple(words[i : i + 5]) for i in range(len(words) - 4)}

    opened = Case.open(deck)
    assert opened.article.provenance == INVENTED
    assert runs(CASE.article.text).isdisjoint(runs(opened.article.text))


@pytest.mark.parametrize("deck", ["questions", "pairs", "cards"])
def test_decks_about_the_case_article_say_so(deck: str):
    """Its note stands before them, and their label says that nothing in them is verified or complete."""
    article = Case.open(deck).article
    assert article.note == CASE.article.note
    assert "Claims unverified." in article.provenance
    assert "in stored copies in November 2026, openings only" in article.provenance


def test_pairs_quote_the_sentences_they_name():
    """Two passages on each card, each of them words of the sentence whose number stands before it."""
    words = sentences(CASE)
    for card in cards("pairs").values():
        found = quotations(card)
        assert len(found) == 2, card
        assert all(quote in words[sentence] for sentence, quote in found), card


def test_no_constant_answer_fits_all_pairs_or_cards():
    """Every answer is preferred somewhere among the scored ones, and none is accepted on all of them."""
    for deck, layer in (("pairs", "pairs"), ("cards", "origins")):
        scored = [entry for entry in key(deck, layer).spans if entry.tier != "contested"]
        labels = [label.id for label in Case.open(deck).codebook.layer(layer).labels]
        assert {entry.span.label for entry in scored} == set(labels)
        assert not any(all(entry.accepts(label) for entry in scored) for label in labels)


@pytest.mark.parametrize(("deck", "layer"), [(d, name) for d, name in DECKS.items() if name != "answers"])
def test_no_constant_answer_does_well_on_invented_cards(deck: str, layer: str):
    """Where the authors chose the cards; those about the case article are as uneven as what was found there."""
    made = key(deck, layer)
    scored = [entry for entry in made.spans if entry.tier != "contested"]
    often = {label.id: sum(entry.accepts(label.id) for entry in scored) for label in made.layer.labels}
    assert all(often.values())
    if Case.open(deck).article.provenance == INVENTED:
        assert not uneven(max(often.values()), len(scored), len(often)), often
        core = Counter(entry.span.label for entry in scored if entry.tier == "core")
        assert not uneven(max(core.values()), core.total(), len(often)), core


SORTED = [task for task in Manifest.open().tasks if task.widget == "sort"]


@pytest.mark.parametrize("task", SORTED, ids=lambda task: task.id)
def test_where_one_answer_does_well_the_comparison_says_so(task: Task):
    """In every exercise that is sorted; with fewer than five sentences or cards nothing is said of any strategy."""
    case = Manifest.open().case(task)
    layer = case.codebook.layer(task.layers[0])
    if kind_of(layer) != "labels":
        return
    asked = case.key(layer.id).within(task.units or None)
    told = str(compare(LabelSet(case.article, case.codebook), asked, units=task.units or None))
    scored = [entry for entry in asked.spans if entry.tier != "contested"]
    best = max(sum(entry.accepts(label.id) for entry in scored) for label in layer.labels)
    few = len(task.units or case.article.sentences) < 5
    assert ("The answers here are uneven" in told) == (not few and uneven(best, len(scored), len(layer.labels)))
    assert (f" would agree with the key on {best} of {len(scored)}." in told) == (not few)


def test_evidence_cards_say_what_was_seen():
    """K1 to K10, each with the line about stored copies; the ones for instructors are not among them."""
    for number, card in enumerate(cards("cards").values(), start=1):
        assert card.startswith(f"K{number} ")
        assert SEEN in card
    assert all(f"{name}[.]" in cards("cards")["C4"] for name in ("allstatesnews", "klas", "newsguard", "metroreport"))
    assert not re.search(r"CopyCop|Kherson|Belarus|NewsGuard\b", Case.open("cards").article.text)


def test_evidence_cards_quote_little():
    """At most 15 words in a row are somebody else's, and the key says for each card what is not known."""
    for card in cards("cards").values():
        assert all(len(quote.split()) <= 15 for quote in re.findall(r"“([^”]+)”", card))
    for deck in ("cards", "practice-origins"):
        assert all("Not known:" in entry.reason for entry in key(deck, "origins").spans)


def test_questions_quote_the_sentences_they_name():
    """What stands behind the number of a sentence is in that sentence, or next to it; gaps are marked."""
    plain = [re.sub(r"\W+", " ", words) for words in sentences(CASE).values()]
    known = {f"S{i}": " ".join(plain[i - 1 : i + 2]) for i in range(1, len(plain))}
    quoted = [found for card in cards("questions").values() for found in quotations(card)]
    assert len(quoted) >= 10
    for sentence, quote in quoted:
        for part in re.split(r"…|\[new paragraph\]", quote):
            assert re.sub(r"\W+", " ", part).strip() in known[sentence], (sentence, part)


@pytest.mark.parametrize("deck", ["questions", "practice-questions"])
def test_a_model_answer_comes_with_a_weaker_one(deck: str):
    """The counter-argument of a written question shows a common weaker answer and what separates the two."""
    for entry in key(deck, "answers").spans:
        weaker, told, better = entry.counter.partition(" What separates them: ")
        assert told
        assert weaker.strip()
        assert better.strip()
        assert weaker != better
