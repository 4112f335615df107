"""Chains: what counts as a hand-over, own chains beside the key's, and the widget without a browser."""

import itertools
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondsource.article import Article
from secondsource.case import Case
from secondsource.chain_matching import Chain
from secondsource.chains import COLUMNS, ChainComparison, chains_of, compare_chains
from secondsource.charts import hand_overs
from secondsource.codebook import Codebook
from secondsource.errors import CodebookError, MismatchError, UnknownNameError
from secondsource.key import Distractor, Key, KeySpan
from secondsource.languages import language
from secondsource.spans import LabelSet, Relation, Span
from secondsource.store import LabelStore
from secondsource.widgets.chains import ChainBuilder
from synthetic import STATUS
from test_charts import EXPRESSIONS, as_json, expressions
from test_feedback import VERDICTS

CASE = Case.open("analyst-claims")
NEWS = Codebook.open("news")
NAMES = ("Ada", "Ben", "the mill", "a letter", "the council", "Cleo", "the radio", "Dora")
TEXT = Article(
    "Chains\n\n"
    + "\n\n".join(f"Here {name} says it." for name in NAMES)
    + "\n\nAt last the council, which met, says what Ada says.",
    title="Chains",
    provenance="Invented text, written for practice.",
    note="Nothing happens.",
)


def hand(
    quote: str, *, shown: str = "not_shown", onward: str = "straight", article: Article = TEXT, nth: int = 1
) -> Span:
    """A hand on words of the text."""
    start, end = article.locate(quote, nth if len(article.find(quote)) > 1 else None)
    answers = {name: value for name, value in (("shown", shown), ("onward", onward)) if value}
    return Span(f"h{start}-{end}", "chains", "HAND", start, end, attributes=answers)


def drawn(*chains: list[Span], article: Article = TEXT) -> LabelSet:
    """A label set with these chains; the same words are one hand."""
    spans = {span.id: span for chain in chains for span in chain}
    links = tuple(
        Relation(f"c{i}", "chain", tuple(span.id for span in chain)) for i, chain in enumerate(chains) if len(chain) > 1
    )
    return LabelSet(article, NEWS, tuple(spans.values()), links, exercise="04")


def key(*chains: list[Span], tiers: dict[str, str] | None = None, extents: dict[str, tuple] | None = None) -> Key:
    """The same as a key; every hand has a reason of its own."""
    labels = drawn(*chains)
    entries = tuple(
        KeySpan(
            span,
            (tiers or {}).get(span.quote, "core"),
            f"Reason of {span.quote}.",
            f"Against {span.quote}.",
            extents=(extents or {}).get(span.quote, ()),
        )
        for span in labels.spans
    )
    return Key(labels, NEWS.layer("chains"), entries, (), STATUS)


def outcomes(comparison: ChainComparison) -> list[list[str]]:
    return [[each.outcome for each in row.hands] for row in comparison.rows]


ADA, BEN, MILL, LETTER, COUNCIL = map(hand, NAMES[:5])

# ---- hand-overs: the table of chains of the course, row by row

GAP = {"onward": "gap"}
TABLE = [
    ((("one Russian general", {}), ("The memo", {}), ("a European intelligence service", GAP)), 3, True),
    ((("Russian officials", {}), ("a confidential memo", {}), ("a European intelligence service", GAP)), 3, True),
    ((("internal NATO assessments", {}), ("Watson", {})), 2, False),
    ((("Western military officials", {}), ("Watson", {})), 2, False),
    ((("satellite imagery and intercepted communications", {}), ("Watson", {})), 2, False),
    ((("leaked documents from a European intelligence agency", GAP), ("Watson", {})), 2, True),
    ((("Kiselyov", {}), ("a Russian state media outlet", {})), 2, False),
    ((("videos", {}), ("Russian military bloggers", {})), 2, False),
]


@pytest.mark.parametrize(("hands", "number", "more"), TABLE)
def test_hand_overs_of_the_chains_of_the_case(hands, number, more):
    """“3+”, “2”, “2, at least”: every arrow that a reader cannot check; who stands in a gap is not counted."""
    spans = [hand(quote, article=CASE.article, **answers) for quote, answers in hands]
    (chain,) = chains_of(drawn(spans, article=CASE.article))
    assert (chain.hand_overs, chain.open_ended, chain.open_questions) == (number, more, 0)
    assert str(chain).endswith("→ this article")
    assert str(chain).count(" → ") == len(hands) + more


def test_what_the_text_shows_can_be_checked():
    """It is no hand-over to be taken on trust; an open question is."""
    shown, open_ = replace(ADA, attributes={"shown": "shown"}), replace(BEN, attributes={})
    chain = Chain("c", (shown, open_, MILL))
    assert (chain.hand_overs, chain.open_questions, chain.gaps) == (2, 3, 0)


def test_only_chains_of_the_layer_and_hands_alone_when_they_are_asked_for():
    """A link of another kind is no chain."""
    spans = (ADA, BEN, MILL, Span("s1", "attribution", "SOURCE", 8, 12), Span("s2", "attribution", "CUE", 13, 17))
    links = (Relation("c1", "chain", (BEN.id, ADA.id)), Relation("r1", "attribution", ("s1", "s2")))
    labels = LabelSet(TEXT, NEWS, spans, links)
    assert [[h.quote for h in chain.hands] for chain in chains_of(labels)] == [["Ben", "Ada"]]
    assert [[h.quote for h in chain.hands] for chain in chains_of(labels, alone=True)] == [["Ben", "Ada"], ["the mill"]]


# ---- beside a key


def test_a_chain_like_the_keys():
    """Nothing to remark."""
    made = compare_chains(drawn([ADA, BEN, MILL]), key([ADA, BEN, MILL]))
    (row,) = made.rows
    assert row.same
    assert outcomes(made) == [["found"] * 3]
    assert made.counts["hands_found"] == 3
    assert "As in the key: every hand, in this order." in str(made)
    assert "Hand-overs that cannot be checked: 3 in yours, 3 in the key’s." in str(made)


def test_chains_that_share_one_hand_are_not_told_as_right():
    """It is said how many have every hand; a gap that was missed has a line of its own."""
    wanted = key([hand("Ada", onward="gap"), BEN], [MILL, LETTER])
    made = compare_chains(drawn([ADA, BEN], [MILL, COUNCIL]), wanted)
    assert [(row.in_place, row.same) for row in made.rows] == [(True, False), (False, False)]
    told = "Chains of the key that are among yours: 2 of 2, 1 of them with every hand in its place."
    assert told in str(made)
    german = str(replace(made, words=language("de")))
    assert "unter deinen sind: 2 von 2, davon 1 mit jeder Stelle an ihrem Platz." in german


def test_the_reason_of_a_chain_speaks_of_the_whole():
    """It stands under lines about single hands; what it begins with is not said twice."""
    wanted = key([ADA, BEN])
    assert "\n   About the whole chain: Reason of Ada." in str(compare_chains(drawn([ADA, BEN]), wanted))
    began = tuple(replace(k, reason=f"The chain: {k.reason}") for k in wanted.spans)
    made = compare_chains(drawn([ADA, BEN]), replace(wanted, spans=began))
    assert "About the whole chain: Reason of Ada." in str(made)
    assert "The chain:" not in str(made)


def test_missed_extra_and_moved_hands():
    """The order counts: of two that are swapped, one is in its place."""
    made = compare_chains(drawn([BEN, ADA, LETTER]), key([ADA, BEN, MILL]))
    assert outcomes(made) == [["found", "moved", "missed", "extra"]]
    told = str(made)
    assert "“Ben” stands at another place" in told
    assert "The key has “the mill” as a hand, too." in told
    assert "In the key “a letter” is no hand of this chain." in told
    assert "The key’s reason: Reason of the mill." in told
    assert "The strongest argument against: Against Ada." in told
    assert "Against the mill" not in told
    assert made.counts == {
        **{"own_chains": 1, "chains_found": 1, "chains_missed": 0, "chains_extra": 0},
        **{"hands_found": 1, "hands_moved": 1, "hands_missed": 1, "hands_extra": 1},
        **{"gaps_noticed": 0, "gaps_missed": 0, "gaps_extra": 0},
    }


def test_gaps_noticed_missed_and_seen_where_there_is_none():
    """Behind the hand where they stand."""
    wanted = key([hand("Ada", onward="gap"), hand("Ben", onward="gap"), MILL])
    made = compare_chains(drawn([hand("Ada", onward="gap"), BEN, hand("the mill", onward="gap")]), wanted)
    assert [each.gap for each in made.rows[0].hands] == ["same", "missed", "extra"]
    assert not made.rows[0].same
    told = str(made)
    assert "You noticed that “Ada” does not lead straight to the next hand." in told
    assert "Behind “Ben” the key sees somebody whom the text does not name." in told
    assert "Behind “the mill” the key sees no gap." in told
    assert "Gaps that you noticed: 1 of 2." in told
    assert "at least 3 in yours, at least 3 in the key’s" in told


def test_what_is_shown_is_told_where_the_two_differ():
    """And where both have said something."""
    wanted = key([hand("Ada", shown="shown"), BEN, MILL, LETTER])
    own = drawn([ADA, hand("Ben", shown="shown"), hand("the mill", shown=""), LETTER])
    made = compare_chains(own, wanted)
    assert [each.shown for each in made.rows[0].hands] == ["differs", "differs", "", "same"]
    assert "The key says that the text shows what “Ada” passed on." in str(made)
    assert "The key says that the text does not show what “Ben” passed on." in str(made)


@pytest.mark.parametrize(
    ("quote", "found"),
    [("the mill", True), ("mill", True), ("the mill says", True), ("Here the mill says it", True), ("says it", False)],
)
def test_words_that_are_much_the_same_are_the_same_hand(quote, found):
    """Half of the shorter one, without articles and marks."""
    start = TEXT.text.index("Here the mill")
    at = TEXT.text.index(quote, start)
    other = Span("x", "chains", "HAND", at, at + len(quote))
    made = compare_chains(drawn([ADA, other]), key([ADA, MILL]))
    assert (outcomes(made)[0][1] == "found") is found


def test_the_same_words_elsewhere_and_other_places_that_the_key_accepts():
    """A person is named several times; the key may name a pronoun."""
    again = hand("the council", nth=2)
    assert outcomes(compare_chains(drawn([again, BEN]), key([COUNCIL, BEN]))) == [["found", "found"]]
    described = hand("the council, which met")
    assert outcomes(compare_chains(drawn([described, BEN]), key([COUNCIL, BEN]))) == [["found", "found"]]
    short = hand("Ada", nth=2)  # as “he” is: somebody else at every place
    assert outcomes(compare_chains(drawn([short, BEN]), key([ADA, BEN]))) == [["missed", "found", "extra"]]
    radio = hand("the radio")
    assert outcomes(compare_chains(drawn([ADA, radio]), key([ADA, MILL]))) == [["found", "missed", "extra"]]
    accepted = key([ADA, MILL], extents={"the mill": ((radio.start, radio.end),)})
    assert outcomes(compare_chains(drawn([ADA, radio]), accepted)) == [["found", "found"]]


def test_each_chain_answers_the_one_it_shares_most_with():
    """Three chains end in the same hand; each finds its own."""
    wanted = key([ADA, LETTER], [BEN, LETTER], [MILL, LETTER])
    made = compare_chains(drawn([BEN, LETTER], [ADA, LETTER], [COUNCIL, LETTER]), wanted)
    assert [(row.own.hands[0].quote, row.key.hands[0].quote) for row in made.answered] == [
        ("Ada", "Ada"),
        ("Ben", "Ben"),
        ("the council", "the mill"),
    ]
    nothing = compare_chains(drawn([COUNCIL, hand("Dora")]), wanted)
    assert [row.answered for row in nothing.rows] == [False] * 4
    assert "3 chains" not in str(nothing)
    assert "Chains of the key that are among yours: 0 of 3." in str(nothing)
    assert "1 chain of yours is not in the key." in str(nothing)


def test_what_the_key_does_not_ask_for_is_not_missed():
    """An acceptable hand, an acceptable chain, a contested one."""
    wanted = key(
        [ADA, BEN],
        [MILL, LETTER],
        [COUNCIL, LETTER],
        tiers={"Ben": "acceptable", "the mill": "acceptable", "the council": "contested"},
    )
    made = compare_chains(drawn([ADA, hand("Cleo")]), wanted)
    assert outcomes(made) == [["found", "optional", "extra"], ["optional", "missed"], ["optional", "missed"]]
    assert (made.counts["chains_missed"], made.counts["hands_missed"]) == (0, 0)
    assert "“Ben” may be named, too." in str(made)
    assert "The key accepts this chain and does not ask for it." in str(made)
    assert "careful readers may differ" in str(made)


def test_only_what_was_asked_is_compared():
    """A chain of the key by its origin, an own one by any hand; what lies outside is counted."""
    wanted = key([ADA, LETTER], [BEN, LETTER])
    made = compare_chains(drawn([ADA, LETTER], [BEN, LETTER], [COUNCIL, hand("Dora")]), wanted, ["S1", "S4"])
    assert [(row.own is not None, row.key is not None) for row in made.rows] == [(True, True), (True, False)]
    assert (made.outside, made.units) == (1, ("S1", "S4"))
    assert "1 chain is outside the sentences that are asked; it is not compared." in str(made)
    with pytest.raises(UnknownNameError, match="sentence"):
        compare_chains(drawn(), wanted, ["S99"])


def test_what_only_looks_like_a_hand_is_told_why():
    """By the key, in a chain that is answered and in one that is not."""
    wanted, dora = key([ADA, BEN]), hand("Dora")
    tempting = Distractor("D1", ("HAND",), dora.start - 5, dora.end, "Here Dora", "She only heard of it.", "a listener")
    other = Distractor("D2", ("HAND",), ADA.start, ADA.end, "Ada", "Never told.")
    plain = Distractor("D3", ("HAND",), LETTER.start, LETTER.end, "a letter", "It was never sent.")
    wanted = replace(wanted, distractors=(other, tempting, plain))
    for chains in ([ADA, dora, BEN],), ([hand("Cleo"), dora, LETTER],):
        told = str(compare_chains(drawn(*chains), wanted))
        assert "About “Here Dora”: She only heard of it." in told
        assert "Instead: a listener" in told
        assert ("About “a letter”: It was never sent." in told) is (LETTER in chains[0])
        assert "Never told." not in told


def test_a_hand_alone_is_a_chain_of_one():
    """On both sides."""
    made = compare_chains(drawn([ADA], [BEN, MILL]), key([ADA], [BEN, MILL]))
    assert outcomes(made) == [["found"], ["found", "found"]]
    assert all(row.same for row in made.rows)


def test_another_text_is_refused():
    """Nothing is compared."""
    other = LabelSet(Article("Another\n\nHere Ada says it."), NEWS)
    with pytest.raises(MismatchError, match="another article"):
        compare_chains(other, key([ADA, BEN]))


# ---- laws

CHAINS = st.lists(
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True).map(tuple), max_size=5, unique=True
)


def built(names: list[tuple[str, ...]], answers: dict[str, tuple[str, str]]) -> list[list[Span]]:
    return [[hand(n, shown=answers[n][0], onward=answers[n][1]) for n in chain] for chain in names]


ANSWERS = st.fixed_dictionaries(
    {n: st.tuples(st.sampled_from(["shown", "not_shown", ""]), st.sampled_from(["straight", "gap", ""])) for n in NAMES}
)


@given(CHAINS, ANSWERS)
def test_a_key_compared_with_itself_is_perfect(names, answers):
    """Every chain, every hand, every gap."""
    wanted = key(*built(names, answers))
    made = compare_chains(wanted.labels, wanted)
    assert all(row.same and row.own.id == row.key.id for row in made.rows)
    assert not any(made.counts[name] for name in made.counts if "missed" in name or "extra" in name or "moved" in name)
    assert len(made.rows) == len(chains_of(wanted.labels, alone=True))


@given(CHAINS, CHAINS, ANSWERS, ANSWERS)
def test_every_hand_and_chain_is_accounted_for_once(mine, theirs, said, known):
    """Whatever was drawn."""
    own, wanted = drawn(*built(mine, said)), key(*built(theirs, known))
    made = compare_chains(own, wanted)
    assert sorted(row.own.id for row in made.rows if row.own) == sorted(c.id for c in chains_of(own, alone=True))
    assert sorted(row.key.id for row in made.rows if row.key) == sorted(
        c.id for c in chains_of(wanted.labels, alone=True)
    )
    for row in made.rows:
        assert sorted(h.own.id for h in row.hands if h.own) == sorted(h.id for h in (row.own.hands if row.own else ()))
        assert sorted(h.key.span.id for h in row.hands if h.key) == sorted(
            h.id for h in (row.key.hands if row.key else ())
        )
        places = [row.own.hands.index(h.own) for h in row.hands if h.outcome == "found"]
        assert places == sorted(places)
        assert row.answered is bool(places)
    assert str(made) == str(compare_chains(own, wanted))
    assert len(made.frame) == len(made.records()) == sum(len(row.hands) for row in made.rows)


@given(st.permutations(NAMES[:5]))
def test_the_order_is_what_counts(names):
    """As many are found as stand in the longest row that goes up."""
    wanted = key([hand(name) for name in NAMES[:5]])
    made = compare_chains(drawn([hand(name) for name in names]), wanted)
    ranks = [NAMES.index(name) for name in names]
    longest = max(
        size for size in range(1, 6) for some in itertools.combinations(ranks, size) if list(some) == sorted(some)
    )
    (row,) = made.rows
    assert (row.count("found"), row.count("moved")) == (longest, 5 - longest)


# ---- tables, words and pictures


def example() -> ChainComparison:
    wanted = key([hand("Ada", onward="gap"), BEN], [MILL, LETTER, COUNCIL])
    return compare_chains(drawn([hand("Ada", onward="gap"), BEN], [hand("Cleo"), hand("Dora")]), wanted)


def test_the_table_of_hands():
    """One row for each, empty ones with the same columns and types."""
    frame = example().frame
    assert tuple(frame.columns) == COLUMNS
    assert frame["outcome"].tolist() == ["found", "found", "missed", "missed", "missed", "extra", "extra"]
    assert frame["chain"].tolist()[:2] == [1, 1]
    assert frame["chain"].isna().tolist() == [False, False, True, True, True, False, False]
    nothing = compare_chains(drawn(), key()).frame
    assert (tuple(nothing.columns), len(nothing)) == (COLUMNS, 0)
    assert nothing["place"].dtype == frame["place"].dtype


def test_the_same_in_html_and_without_markup_of_others():
    """Everything is escaped; the provenance stands above it."""
    made = example()
    html = made._repr_html_()
    assert html.startswith("<p><strong>Invented text, written for practice.</strong></p>")
    assert "Not among yours" not in html
    assert "A chain of the key that is not among yours." in html
    assert html.count("<h4>") == 3
    assert repr(made) == "ChainComparison('04': 1 of 2 chains)"
    hostile = replace(made.key, spans=tuple(replace(k, reason="<img src=x> & more") for k in made.key.spans))
    html = compare_chains(made.labels, hostile)._repr_html_()
    assert "<img" not in html
    assert "&lt;img src=x&gt; &amp; more" in html


def test_the_comparison_in_german_says_nothing_in_english():
    """Every sentence comes from the table."""
    german = compare_chains(example().labels, example().key, interface="de")
    told = str(german)
    assert "Du hast 2 Ketten gezeichnet." in told
    assert "Wie in der Musterlösung: jede Station, in dieser Reihenfolge." in told
    assert "„Ada“ → ? → „Ben“ → dieser Artikel" in told
    english = set(str(example()).splitlines())
    kept = {made for made in told.splitlines() if made in english}
    assert kept <= {"", TEXT.provenance, STATUS.statement, german.key.layer.human}
    assert str(german.picture()).startswith("Weitergaben, die sich nicht prüfen lassen")


def test_nothing_is_judged():
    """Neither the text nor a person; in no language."""
    for code in ("en", "de"):
        made = compare_chains(example().labels, example().key, interface=code)
        told = [str(made), str(made.picture()), str(made.picture("hand_overs"))]
        told += [str(text) for text in json.loads(json.dumps(list(language(code).table("chains").values())))]
        assert not any(VERDICTS.search(text) for text in told)


def test_pictures_show_the_counts():
    """Chain by chain, and how many have how many; both can be read."""
    made = example()
    one_by_one, often = made.picture(), made.picture("hand_overs")
    assert one_by_one.rows == (
        ("1. S1 Ada", "S1", "2+", "2+"),
        ("2. S3 the mill", "S3", "", "3"),
        ("3. S6 Cleo", "S6", "2", ""),
    )
    assert one_by_one.description == (
        "Hand-overs that a reader cannot check. Your chains: 2, 2+. The key’s chains: 2+, 3."
    )
    assert often.rows == (("You", "2", 1), ("You", "2+", 1), ("Key", "2+", 1), ("Key", "3", 1))
    assert often.told[1] == "You: 1 chain with 2+ hand-overs"
    for drawing in (one_by_one, often):
        assert drawing.spec["$schema"].endswith("v5.20.1.json") or "vega-lite" in drawing.spec["$schema"]
        values = json.dumps(dict(drawing.spec))
        assert all(json.dumps(line)[1:-1] in values for line in drawing.told)
        assert drawing.provenance == ("Invented text, written for practice.",)
    several = hand_overs(made, made)
    assert several.rows[0] == ("You", "2", 2)
    assert compare_chains(drawn(), key()).picture().empty
    assert compare_chains(drawn(), key()).picture("hand_overs").empty
    with pytest.raises(UnknownNameError, match="hand_overs"):
        made.picture("colours")


def test_pictures_run_nothing_of_others():
    """Words of an article are data; the same numbers give the same bytes."""
    text = Article("Head\n\n<img src=x> ]; datum.x 'x' told \\ Ben \"&.", title="t", provenance="'; datum.y")
    odd, plain = (hand(words, article=text) for words in ("<img src=x> ]; datum.x 'x'", '\\ Ben "&'))
    made = compare_chains(drawn([odd, plain], article=text), replace(key(), labels=LabelSet(text, NEWS)))
    for drawing in (made.picture(), made.picture("hand_overs")):
        assert all(EXPRESSIONS.fullmatch(expression) for expression in expressions(drawing))
        assert as_json(drawing) == as_json(replace(drawing))
    assert "<img" not in made._repr_html_()


# ---- the widget, without a browser


def builder(folder: Path, *chains: list[Span], interface: str = "en") -> ChainBuilder:
    store = LabelStore(folder, "04", TEXT, NEWS, interface=interface)
    labels = drawn(*chains)
    for span in labels.spans:
        store.apply({"op": "add", "span": {**_plain(span), "quote": span.quote}})
    for relation in labels.relations:
        store.apply({"op": "link", "relation": _plain(relation)})
    return ChainBuilder(store, layers=["chains"], asked=["S1", "S2"], title="Chains", interface=interface)


def _plain(thing: Span | Relation) -> dict:
    from dataclasses import asdict

    return asdict(thing)


def test_the_still_picture(tmp_path):
    """Text, chains in words, hand-overs; the same on every run."""
    widget = builder(tmp_path, [hand("Ada", onward="gap"), BEN])
    assert repr(widget) == "Chain builder 04: 1 chain, 2 hands"
    html = widget._static_html()
    assert "<td>“Ada” → ? → “Ben” → this article</td><td>at least 2</td>" in html
    assert "<mark>Ada</mark>" in html
    assert html.startswith("<p><strong>Invented text")
    german = builder(tmp_path / "de", [ADA, BEN], interface="de")
    assert '<div lang="de" dir="ltr"><p>Das ' in german._static_html()
    assert "<table>" not in builder(tmp_path / "none")._static_html()
    begun = builder(tmp_path / "begun", [replace(ADA, attributes={"shown": "shown"}), BEN])._static_html()
    assert "<td>“Ada” → “Ben” → this article</td><td>1 question about it is open.</td>" in begun


def test_the_view_has_what_the_page_needs(tmp_path):
    """The questions about a hand, the kind of link, words in the chosen language, nothing of a key."""
    view = builder(tmp_path, interface="de")._view
    (layer,) = view["layers"]
    assert layer["relation"] == "chain"
    assert [asked["id"] for asked in layer["labels"][0]["attributes"]] == ["shown", "onward"]
    assert view["strings"]["begin_chain"] == "Neue Kette anfangen"
    assert view["strings"]["undo"] == "Rückgängig"
    assert [s["id"] for s in view["sentences"] if s["asked"]] == ["S1", "S2"]


def test_a_layer_without_chains_is_refused(tmp_path):
    """It would be a page on which nothing can be done."""
    store = LabelStore(tmp_path, "04", TEXT, NEWS)
    with pytest.raises(CodebookError, match="No chains are made of the layer attribution"):
        ChainBuilder(store, layers=["attribution"])


def test_a_chain_is_saved_in_its_order(tmp_path):
    """Members stand in the file as they were linked; an update turns them around."""
    widget, sent = builder(tmp_path, [ADA, BEN, MILL]), []
    widget.send = sent.append
    head = {"type": "op", "client": "c", "exercise": "04", "article": TEXT.sha256, "seq": 1}
    members = [MILL.id, ADA.id, BEN.id]
    turned = {"id": "c0", "type": "chain", "members": members, "parent": None}
    widget._receive(widget, {**head, "op": "link", "relation": turned}, [])
    assert sent[-1]["type"] == "ack"
    again = LabelStore(tmp_path, "04", TEXT, NEWS)
    assert [list(relation.members) for relation in again.labels.relations] == [members]


def test_a_hand_is_compared_once_however_often_it_stands_in_chains(monkeypatch):
    """A file of five megabytes holds a thousand chains of the same hands; nobody waits a minute for it."""
    from secondsource import chain_matching

    asked = []
    monkeypatch.setattr(chain_matching, "_fit", lambda own, entry, _: asked.append((own.id, entry.span.id)) or 0)
    names = [*itertools.permutations(NAMES[:5])]
    compare_chains(drawn(*[[hand(name) for name in some] for some in names]), key([ADA, BEN], [MILL, LETTER]))
    assert len(asked) == len({*asked}) == 5 * 4
