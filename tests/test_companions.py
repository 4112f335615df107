"""Texts written for practice and their keys: what the course asks of them, as far as a machine can tell.

A course with one weak article teaches suspicion. The companions are there against that, so these tests guard what
makes them useful: that sound texts show what sound means, that weak ones are not all weak, and that reasons teach.
"""

import re
from collections import Counter
from functools import cache
from importlib import resources

import pytest

from secondsource.case import Case
from secondsource.comparison import compare
from secondsource.key import Key, KeySpan
from secondsource.spans import LabelSet, Span

SOUND = ("bus-lanes", "ferry-timetable", "harbour-patrol", "well-water")
WEAK = ("town-mascot",)
FURTHER = ("night-market", "school-clock")  # the booster and the text for building a key: a bit of both
REAL = ("analyst-claims",)
PROVENANCE = "Invented text, written for practice. People, places and events are fictional."
LAYERS = ("attribution", "claims", "rhetoric", "sourcing")
SHORTEST, LONGEST = 250, 450  # words below the headline
VERDICTS = re.compile(
    r"\b(fakes?|hoax\w*|liars?|lying|trolls?|disinformation|propaganda|AI-generated)\b", re.IGNORECASE
)


def _bundled() -> list[str]:
    cases = resources.files("secondsource") / "cases"
    return sorted(entry.name for entry in cases.iterdir() if (entry / "case.toml").is_file())


ARTICLES = tuple(name for name in _bundled() if not Case.open(name).article.cards)
INVENTED = tuple(name for name in ARTICLES if name not in REAL)
KEYS = tuple((name, layer) for name in ARTICLES for layer in Case.open(name).layers)
PRACTICE_KEYS = tuple((name, layer) for name, layer in KEYS if name in SOUND + WEAK)


@cache
def _case(name: str) -> Case:
    return Case.open(name)


@cache
def _key(name: str, layer: str) -> Key:
    return _case(name).key(layer)


def _labelled(name: str, layer: str, label: str, *tiers: str) -> list[KeySpan]:
    wanted = tiers or ("core", "acceptable")
    return [k for k in _key(name, layer).spans if k.span.label == label and k.tier in wanted]


def _flagged(name: str) -> set[str]:
    """Sentences in which a technique is scored."""
    key = _key(name, "rhetoric")
    scored = [k.span for k in key.spans if k.span.label != "NO_TECHNIQUE" and k.tier != "contested"]
    return {sentence.id for span in scored for sentence in key.article.sentences_of(span.start, span.end)}


def _clean(name: str) -> set[str]:
    """Sentences that the key calls plain."""
    key = _key(name, "rhetoric")
    plain = [k.span for k in key.spans if k.span.label == "NO_TECHNIQUE"]
    return {sentence.id for span in plain for sentence in key.article.sentences_of(span.start, span.end)}


def _everywhere(name: str, label: str) -> LabelSet:
    """A reader who gives every sentence the same label without reading it."""
    case = _case(name)
    spans = (Span(s.id, "rhetoric", label, s.start, s.end) for s in case.article.sentences)
    return LabelSet(case.article, case.codebook, tuple(spans))


def test_no_text_is_forgotten():
    """Whoever adds a text says here what kind of text it is, and its requirements apply."""
    assert set(ARTICLES) == {*SOUND, *WEAK, *FURTHER, *REAL}
    assert len(SOUND) >= 3 * len(WEAK)


@pytest.mark.parametrize("name", INVENTED)
def test_an_invented_text_says_so(name: str):
    """The label that stays on every rendering is the same for all of them."""
    case = _case(name)
    assert case.article.provenance == PROVENANCE
    assert case.article.note.strip()
    assert case.licence == "Written for this course and published under the same licence as the package."
    assert case.article.title != case.article.text.splitlines()[0]


@pytest.mark.parametrize("name", INVENTED)
def test_the_form_of_a_text(name: str):
    """As the article: headline, one paragraph per line, blank lines between, curly quotes, no line feed at the end."""
    text = _case(name).article.text
    headline, *paragraphs = text.split("\n\n")
    assert "\r" not in text
    assert text == text.strip()
    assert len(paragraphs) >= 3
    assert all(block == block.strip() and "\n" not in block and "  " not in block for block in (headline, *paragraphs))
    assert not set(text) & set("\"'\t\N{NO-BREAK SPACE}")
    assert not headline.endswith(".")
    assert SHORTEST <= sum(len(block.split()) for block in paragraphs) <= LONGEST


@pytest.mark.parametrize("name", SOUND + WEAK)
def test_every_layer_has_a_key(name: str):
    """A text for the pool can be used in every lesson."""
    assert set(LAYERS) <= set(_case(name).layers)


@pytest.mark.parametrize(("name", "layer"), KEYS)
def test_a_key_says_how_it_was_made(name: str, layer: str):
    """Nobody has validated these keys yet, and each of them admits it."""
    told = _key(name, layer).provenance
    assert (told.status, told.human_annotators, told.agreement) == ("draft", 0, None)
    assert told.statement.startswith("This is a draft key.")
    assert re.search(r"no independent (human )?annotators", told.statement, re.IGNORECASE)


@pytest.mark.parametrize(("name", "layer"), [row for row in KEYS if row[1] in LAYERS])
def test_the_key_is_its_own_best_answer(name: str, layer: str):
    """Scores are full for the key's own labels, and for no labels all that is expected is missed."""
    key = _key(name, layer)
    core = sum(k.tier == "core" for k in key.spans)
    full, empty = compare(key.labels, key), compare(LabelSet(key.article, key.labels.codebook, ()), key)
    assert core
    assert (full.counted.precision.value, full.counted.recall.value, full.counts["missed"]) == (1.0, 1.0, 0)
    assert (empty.counted.recall.value, empty.counts["missed"]) == (0.0, core)


PARTS = {"sourcing": "transparency", "transparency": "sourcing"}


@pytest.mark.parametrize(("name", "layer"), PRACTICE_KEYS)
def test_reasons_differ(name: str, layer: str):
    """Every entry has a reason and a counter-argument of its own: short, and used nowhere else in the text's keys.

    The layer of transparency is a part of sourcing, and says the same.
    """
    told = Counter(
        words
        for other in {layer, *_case(name).layers} - {PARTS.get(layer)}
        for k in _key(name, other).spans
        for words in (k.reason.strip(), k.counter.strip())
    )
    for k in _key(name, layer).spans:
        for words in (k.reason.strip(), k.counter.strip()):
            assert told[words] == 1, f"{k.span.id}: {words}"
            assert 4 <= len(words.split()) <= 70, f"{k.span.id}: {words}"
            assert words.endswith((".", "?", "!", "”", "”.", ")")), f"{k.span.id}: {words}"
    for d in _key(name, layer).distractors:
        assert d.why_not not in told, d.id


@pytest.mark.parametrize(("name", "layer"), KEYS)
def test_no_verdicts(name: str, layer: str):
    """Keys judge wording and sourcing, never people, and never whether a text is true."""
    key = _key(name, layer)
    told = [words for k in key.spans for words in (k.reason, k.counter)]
    told += [words for d in key.distractors for words in (d.why_not, d.instead or "")]
    assert not [words for words in told if VERDICTS.search(words)]


@pytest.mark.parametrize(("name", "layer"), [row for row in PRACTICE_KEYS if row[1] in LAYERS])
def test_other_boundaries_lie_near(name: str, layer: str):
    """Another boundary lies in a sentence of its entry, and is another one; hands of a chain may come up anywhere."""
    key = _key(name, layer)
    for k in key.spans:
        home = {sentence.id for sentence in key.article.sentences_of(k.span.start, k.span.end)}
        for place in k.extents:
            assert home & {sentence.id for sentence in key.article.sentences_of(*place)}, k.span.id
        assert len({(k.span.start, k.span.end), *k.extents}) == 1 + len(k.extents), k.span.id


@pytest.mark.parametrize("name", SOUND + WEAK)
def test_every_sentence_has_one_claims_entry(name: str):
    """Headline and sentences, each exactly once."""
    key = _key(name, "claims")
    places = [(k.span.start, k.span.end) for k in key.spans]
    assert places == [(s.start, s.end) for s in key.article.sentences]


@pytest.mark.parametrize("name", SOUND + WEAK)
def test_an_attribution_is_whole(name: str):
    """Source, cue and content; only where the text itself gives no source may the source be missing."""
    key = _key(name, "attribution")
    unsourced = [k.span for k in _key(name, "sourcing").spans if k.span.label == "NO_SOURCE"]
    assert key.relations
    for relation in key.relations:
        parts = [key.by_id[member].span for member in relation.members]
        labels = {span.label for span in parts}
        if any(gap.overlaps(span) for gap in unsourced for span in parts):
            labels.add("SOURCE")
        assert labels == {"SOURCE", "CUE", "CONTENT"}, relation.id
    linked = {member for relation in key.relations for member in relation.members}
    assert {k.span.id for k in key.spans} == linked


@pytest.mark.parametrize("name", SOUND + WEAK)
def test_tempting_wrong_answers(name: str):
    """Each text has some, spread over the layers of spans, and none is right by the key."""
    layers = ("attribution", "rhetoric", "sourcing")
    assert sum(len(_key(name, layer).distractors) for layer in layers) >= 8
    for layer in layers:
        key = _key(name, layer)
        right = {(*place, label) for k in key.spans for place in _places(k) for label in (k.span.label, *k.also)}
        assert not [d.id for d in key.distractors for label in d.tempting if (d.start, d.end, label) in right]


def _places(k: KeySpan) -> tuple[tuple[int, int], ...]:
    return ((k.span.start, k.span.end), *k.extents)


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_text_shows_its_sources(name: str):
    """Two named sources, a document with title and date, an unnamed source with the reason, help for the reader."""
    named = {k.span.quote for k in _labelled(name, "sourcing", "NAMED") if _full(k.span.quote)}
    assert len(named) >= 2
    documents = [_around(name, k) for k in _labelled(name, "sourcing", "DOCUMENT")]
    assert any(re.search(r"‘[^’]+’", quote) and re.search(r"\b\d{1,2}\b.*\b[A-Z][a-z]+", quote) for quote in documents)
    unnamed = _labelled(name, "sourcing", "UNNAMED_DESCRIBED")
    assert any(k.span.attributes.get("anonymity_reason") == "given" for k in unnamed)
    assert len(_labelled(name, "sourcing", "TRANSPARENCY")) >= 5
    assert len(_labelled(name, "sourcing", "TRANSPARENCY", "core")) >= 5
    assert re.search(r"\b(Correction|corrected|earlier version|earlier report)\b", _case(name).article.text)


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_text_has_all_kinds_of_claims(name: str):
    """Three clear sentences of background, which the article has none of, and a marked prediction."""
    assert len(_labelled(name, "claims", "background", "core")) >= 3
    assert _labelled(name, "claims", "prediction")
    assert _labelled(name, "claims", "fact_claim", "core")


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_text_is_mostly_plain_but_not_flawless(name: str):
    """Whoever flags everything is mostly wrong, and whoever finds nothing has missed something."""
    assert 1 <= len(_flagged(name)) <= 4
    assert len(_clean(name)) >= 3 * len(_flagged(name))
    assert any(k.tier == "core" for k in _key(name, "rhetoric").spans if k.span.label != "NO_TECHNIQUE") or _labelled(
        name, "sourcing", "NO_SOURCE", "core"
    )
    suspicious = compare(_everywhere(name, "Loaded_Language"), _key(name, "rhetoric"))
    assert suspicious.counted.precision.value < 0.2


@pytest.mark.parametrize("name", WEAK)
def test_a_weak_text_has_good_sentences_too(name: str):
    """Most of it is flagged, some is done well, and calling all of it plain earns little."""
    assert len(_flagged(name)) > len(_clean(name)) >= 3
    assert len(_labelled(name, "sourcing", "TRANSPARENCY")) >= 2
    techniques = {k.span.label for k in _key(name, "rhetoric").spans if k.tier == "core"} - {"NO_TECHNIQUE"}
    assert len(techniques) >= 6
    trusting = compare(_everywhere(name, "NO_TECHNIQUE"), _key(name, "rhetoric"))
    assert trusting.counted.recall.value < 0.5


@pytest.mark.parametrize("name", ARTICLES)
def test_no_sentence_is_plain_and_flagged(name: str):
    """A sentence with an expected technique is never called plain."""
    if "rhetoric" not in _case(name).layers:
        pytest.skip("no key for this layer")
    key = _key(name, "rhetoric")
    expected = [k.span for k in key.spans if k.tier == "core" and k.span.label != "NO_TECHNIQUE"]
    flagged = {s.id for span in expected for s in key.article.sentences_of(span.start, span.end)}
    assert not flagged & _clean(name)


def test_the_pool_lets_both_rates_be_estimated():
    """Hits need flagged sentences, false alarms need plain ones; twenty of each is the least that tells something."""
    pool = SOUND + WEAK
    assert min(sum(len(_flagged(name)) for name in pool), sum(len(_clean(name)) for name in pool)) >= 20


def test_nobody_lives_in_two_texts():
    """A name that came back would look like a hint; institutions in short form (“The company”) may come back."""
    people = [
        {k.span.quote for k in _key(name, "sourcing").spans if k.span.label == "NAMED" and _full(k.span.quote)}
        for name in INVENTED
        if "sourcing" in _case(name).layers
    ]
    assert all(people)
    met = Counter(quote for names in people for quote in names)
    assert not [quote for quote, texts in met.items() if texts > 1]


def _full(quote: str) -> bool:
    """Tell whether a quotation is a name of several words."""
    words = quote.split()
    return len(words) > 1 and words[0] != "The" and all(word[0].isupper() for word in words)


def _around(name: str, k: KeySpan) -> str:
    """The sentence in which an entry begins."""
    article = _case(name).article
    sentence = article.sentences_of(k.span.start, k.span.end)[0]
    return article.text[sentence.start : sentence.end]
