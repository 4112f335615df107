"""Decks of cards, sorted sentences, written answers, ratings and chains: one store, one gate, one comparison."""

import json
import re
from pathlib import Path

import pytest

from decks import TEXT, write_case, write_chain, write_course, write_key
from secondsource import exercise
from secondsource.answers import Answers
from secondsource.case import Case
from secondsource.chains import ChainComparison
from secondsource.codebook import Codebook
from secondsource.comparison import compare
from secondsource.course import Exercise, NotYet
from secondsource.errors import CaseError, FormatError, MismatchError, OffsetError, QuotationError, UnknownNameError
from secondsource.key import Key
from secondsource.languages import language
from secondsource.pooling import together
from secondsource.ratings import Ratings
from secondsource.report import comparisons_of, record
from secondsource.spans import LabelSet, Span
from secondsource.widgets import ComparisonView

SAID = language().table("exercise")
UNSURE = "without confidence"


@pytest.fixture
def course(tmp_path, monkeypatch) -> Path:
    """The small course, in a folder of its own."""
    monkeypatch.delenv("SECONDSOURCE_LABELS", raising=False)
    monkeypatch.delenv("SECONDSOURCE_LANGUAGE", raising=False)
    return write_course(tmp_path)


@pytest.fixture
def locked(monkeypatch):
    """No key may be opened at all."""

    def fail(*_args, **_options):
        raise AssertionError("the key was opened")

    monkeypatch.setattr(Case, "key", fail)
    monkeypatch.setattr(Key, "read", fail)


# --- decks -----------------------------------------------------------------------------------------------------------


def test_a_deck_is_a_title_and_cards(course):
    """A card is a paragraph, however many sentences it has."""
    article = Case.open(course / "facts").article
    told = {s.id: article.text[s.start : s.end] for s in article.sentences}
    assert list(told) == ["H", "C1", "C2", "C3"]
    assert told["C1"] == "A person who is only talked about is no source. Who speaks is one."
    assert told["H"] == "Practice cards"


def test_a_form_is_known(tmp_path):
    """An article or cards; nothing else."""
    write_case(tmp_path / "a", TEXT)
    with pytest.raises(CaseError, match="“form” must be one of article, cards"):
        write_case(tmp_path / "b", TEXT, form="slides")


def test_an_article_and_a_deck_of_the_same_words_are_two_things(tmp_path):
    """Whoever says which one it is, decides how it is cut."""
    text = "Title\n\nOne. Two.\n"
    article, deck = (write_case(tmp_path / form, text, form=form).article for form in ("article", "cards"))
    assert [s.id for s in article.sentences] == ["H", "S1", "S2"]
    assert [s.id for s in deck.sentences] == ["H", "C1"]
    assert article.sha256 == deck.sha256


def test_cards_are_called_cards(course):
    """In the exercise, at the gate, and where a card is named that does not exist."""
    ex = Exercise("recall", folder=course)
    assert repr(ex) == "Exercise recall: What do you remember? (2 cards; Does it hold?)"
    assert str(ex.compare()).startswith("Not attempted yet. First give each card an answer")
    with pytest.raises(UnknownNameError, match=r"no card “C9”.*There are: H, C1, C2, C3"):
        ex.put("C9", "RIGHT")
    ex.put("C3", "RIGHT", confidence=1)
    assert "1 answer lies outside the cards that are asked (C1, C2)." in str(ex.compare())


def test_cards_are_compared_as_sentences_are(course):
    """Matched, relabelled and missed, in words about cards."""
    ex = Exercise("recall", folder=course)
    ex.put("C1", "Holds", confidence=0.8)
    ex.put("C2", "Holds", confidence=0.4)
    view = ex.compare()
    assert isinstance(view, ComparisonView)
    counts = view.comparison.counts
    assert (counts["matched"], counts["relabelled"], counts["missed"]) == (1, 1, 0)
    told = str(view)
    assert "Matched: you and the key answer “A person who is only talked about" in told
    assert "Other answer: you answered “Every number makes a fact claim.” with “Holds”" in told
    assert "sentence" not in told.lower()
    shown = view._view["summary"]
    assert (shown["score"]["name"], shown["score"]["value"], shown["score"]["of"]) == (
        "Agreement with the key",
        "1",
        "2",
    )
    assert shown["undefined"] is None
    assert list(view.pairs["sentence"]) == ["C1", "C2"]
    assert view._view["strings"]["list"] == "Card by card"
    assert '<th scope="col">Card</th>' in view.comparison._repr_html_()
    assert view.picture().rows


def test_cards_that_are_not_asked_are_not_shown(course):
    """They belong to other lessons; the rest of an article stays, as its sentences need it."""
    ex = Exercise("recall", folder=course)
    ex.put("C1", "RIGHT", confidence=1)
    ex.put("C2", "RIGHT", confidence=1)
    view, cards = ex.compare(), ex.case.article
    third = cards.text[cards.sentence("C3").start : cards.sentence("C3").end]
    page = ex.page().path.read_text(encoding="utf-8")
    for told in (view._static_html(), page, json.dumps(view._view["blocks"], ensure_ascii=False)):
        assert third not in told
        assert "A person who is only talked about" in told
    assert "2 answers" in page
    assert "label" not in re.sub(r"<[^>]*>|\s--?\w+", "", page.split("</style>")[1]).lower()
    claims = Exercise("claims", folder=course)
    claims.put("S1", "fact_claim", confidence=1)
    claims.put("S2", "fact_claim", confidence=1)
    assert len(claims.compare()._view["blocks"]) == len(claims.case.article.blocks)


def six_cards(course, *, also=None):
    """An exercise of six cards, of which the key says of four that they hold."""
    text = "Deck\n\n" + "".join(f"Card number {n}.\n\n" for n in range(1, 7))
    case = write_case(course / "six", text, codebook="practice", form="cards")
    said = {f"C{n}": "RIGHT" if n <= 4 else "NOT_RIGHT" for n in range(1, 7)}
    write_key(case, "recall", said, also=also)
    extra = '[[exercises]]\nid = "six"\ntitle = "Six"\nnotebook = "x"\ncase = "six"\nlayers = ["recall"]\n'
    extra += f"units = {[*said]}\nminimum = 6\n"
    (course / "course.toml").write_text((course / "course.toml").read_text() + extra)
    return Exercise("six", folder=course), [*said]


BESIDE = ("Chance plays", "Guessing", "For scale")


def test_a_few_cards_are_not_set_beside_chance(course):
    """Of two cards, guessing and always the same answer say nothing; of six they do, as what people reach does."""
    few, (many, items) = Exercise("recall", folder=course), six_cards(course)
    for ex, cards in ((few, ("C1", "C2")), (many, items)):
        for item in cards:
            ex.put(item, "RIGHT", confidence=0.8)
    human = many.layer.human
    told, shown = str(few.compare()), few.compare()._view["summary"]
    assert [line for line in (*BESIDE, human) if line in told] == []
    assert (shown["human"], shown["baselines"]) == ("", [])
    assert "You answered 2 cards. 1 answer is the key’s." in told
    told, shown = str(many.compare()), many.compare()._view["summary"]
    assert [line for line in (*BESIDE, human) if line in told] == [*BESIDE, human]
    assert shown["human"] == human
    assert shown["baselines"] == [{"name": "always “Holds”", "value": "4", "note": ""}]


@pytest.mark.parametrize(("also", "agreed"), [({}, 4), ({"C5": ["RIGHT"]}, 5)])
def test_guessing_with_one_answer_is_as_good_as_giving_it(course, also, agreed):
    """What the key accepts beside its own answer counts for both."""
    ex, items = six_cards(course, also=also)
    for item in items:
        ex.put(item, "RIGHT", confidence=0.8)
    guessing = f"Guessing, with the same answers as often, would give about {agreed}."
    assert f"You agree with the key on {agreed} of 6 cards. {guessing}" in str(ex.compare())


def test_german_cards(course):
    """Nothing of sentences in the other language either."""
    assert repr(Exercise("recall", folder=course, language="de")).endswith("? (2 Karten; Does it hold?)")
    items = six_cards(course)[1]
    ex = Exercise("six", folder=course, language="de")
    for item in items:
        ex.put(item, "RIGHT", confidence=0.8)
    told = str(ex.compare())
    assert "Bei 4 von 6 Karten stimmst du mit der Musterlösung überein." in told
    assert "Satz" not in told
    assert "Sätze" not in told


def test_the_words_of_cards_replace_entries_that_exist():
    """Each with the same shape; the language stays as it was."""
    for code in ("en", "de"):
        words = language(code)
        for name, entry in [*words.table("cards").items(), *words.table("sentences").items()]:
            section, _, key = name.partition(".")
            assert type(words.table(section)[key]) is type(entry), name
            assert words.table(section)[key] != entry, name
        assert words.of_cards is words.of_cards
        assert words.of_cards == words.of_sentences == words
        assert words.fitting(cards=True, sentences=True) is words.of_cards
        assert words.fitting(cards=False, sentences=False) is words
        assert set(words.table("sentences")) == set(language().table("sentences"))
    for words in (language().of_cards, language().of_sentences):
        for outcome, headline in words.table("headlines").items():
            assert headline.startswith(f"{words.say('outcomes', outcome.split('_')[0])}: ")


# --- a sentence layer ------------------------------------------------------------------------------------------------


def test_an_answer_takes_the_place_of_the_one_before(course):
    """By id, by name, once for each sentence; and it can be taken back."""
    ex = Exercise("claims", folder=course)
    first = ex.put("S2", "fact_claim", confidence=0.2, note="why")
    second = ex.put("S2", "Opinion")
    assert (second.id, second.label, second.confidence, second.note) == (first.id, "opinion", None, "")
    assert second.quote == "It is a shame for the square."
    assert len(ex.labels) == 1
    assert str(ex.undo()) == (
        "Undone: Opinion on “It is a shame for the square.” is now Fact claim on “It is a shame for the square.”."
    )
    assert ex.labels.spans[0].note == "why"


def test_an_answer_without_words_takes_none_away(course):
    """What is written stays until other words are written."""
    ex = Exercise("questions", folder=course)
    ex.write("C1", "The log shows when.")
    ex.put("C1", "ANSWER", confidence=0.6)
    assert [(s.note, s.confidence) for s in ex.labels.spans] == [("The log shows when.", 0.6)]
    ex.put("C1", "ANSWER", note="The caretaker knows.")
    assert [s.note for s in ex.labels.spans] == ["The caretaker knows."]


def test_what_is_no_id_changes_nothing(course):
    """A list of ids, or of names of questions, is no error of Python's own."""
    ex = Exercise("chains", folder=course)
    hand = ex.add("a letter", "HAND").id
    calls = (
        lambda: ex.link([hand, hand]),
        lambda: ex.remove([hand]),
        lambda: ex.unlink({hand: 1}),
        lambda: ex.note([hand], "x"),
        lambda: ex.set_attribute(hand, ["shown"], "shown"),
        lambda: ex.chain([hand], "the baker"),
    )
    for call in calls:
        with pytest.raises((UnknownNameError, QuotationError)):
            call()
    assert len(ex.labels) == 1


def test_an_answer_ends_several(course):
    """The labeller lets two labels stand on one sentence; an answer is one."""
    ex = Exercise("claims", folder=course)
    for label in ("fact_claim", "opinion", "prediction"):
        ex.add("It is a shame for the square.", label)
    ex.discuss(ex.labels.spans[0].id)
    ex.put("S2", "background", confidence=1)
    assert [(s.label, s.discuss) for s in ex.labels.spans] == [("background", True)]


def test_a_refused_answer_changes_nothing(course):
    """What there is stays."""
    ex = Exercise("claims", folder=course)
    ex.put("S1", "opinion", confidence=0.4)
    for call, error in (
        (lambda: ex.put("S1", "fact_claim", confidence=4), OffsetError),
        (lambda: ex.put("S1", "fact_claim", 0.4), OffsetError),
        (lambda: ex.put("S9", "fact_claim"), UnknownNameError),
        (lambda: ex.put(["S1"], "fact_claim"), UnknownNameError),
        (lambda: ex.put("S1", "fact"), UnknownNameError),
        (lambda: ex.put("S1", 3), UnknownNameError),
        (lambda: ex.put("S1", True), UnknownNameError),
        (lambda: ex.write("S1", "text"), OffsetError),
        (lambda: ex.chain("a letter", "the baker"), OffsetError),
    ):
        with pytest.raises(error):
            call()
    assert [(s.label, s.confidence) for s in ex.labels.spans] == [("opinion", 0.4)]


def test_labels_of_words_are_no_answers(tmp_path, monkeypatch):
    """In a layer of spans only labels of whole sentences can be put; the message says what to do."""
    monkeypatch.delenv("SECONDSOURCE_LABELS", raising=False)
    ex = Exercise("05_wording", folder=tmp_path)
    with pytest.raises(OffsetError, match=r'marks words, not whole sentences\. .*ex\.add\("…", "Doubt"\)'):
        ex.put("S1", "Doubt")
    sentence = ex.case.article.sentence("S1")
    words = ex.add(ex.case.article.text[sentence.start : sentence.end], "Doubt")
    ex.put("S1", "NO_TECHNIQUE")
    assert words.id in ex.labels
    assert len(ex.labels) == 2


def test_sorting_is_asked_for_in_words_of_its_own(course, locked):
    """Sentences, not passages; then what is missing."""
    ex = Exercise("claims", folder=course)
    assert str(ex.compare()) == SAID["not_yet_sort"]
    ex.put("S1", "fact_claim")
    ex.put("S4", "fact_claim")
    assert str(ex.compare()).split("\n") == [
        SAID["not_enough_sort"],
        "So far: 1 label, 1 without a confidence. The comparison opens with at least 2 labels, each with a confidence.",
        "1 label lies outside the sentences that are asked (S1, S2, S3).",
    ]


def test_claims_are_compared(course):
    """Right, right in another way, and missed; silly readers that could be there."""
    ex = Exercise("claims", folder=course)
    ex.put("S1", "fact_claim", confidence=1)
    ex.put("S3", "opinion", confidence=0.6)
    view = ex.compare()
    counts = view.comparison.counts
    assert (counts["matched"], counts["accepted"], counts["missed"]) == (1, 1, 1)
    assert [b.name for b in view.comparison.baselines] == ["a label on every sentence", "no labels at all"]
    assert view.comparison.measures.agreed.sentences == 3
    assert "Overlap" not in str(view)


def test_sentences_are_called_sentences(course):
    """Where whole sentences are answered, no feedback speaks of passages, words or marks."""
    ex = Exercise("claims", folder=course)
    assert "passage" not in str(ex.compare())
    ex.put("S1", "fact_claim", confidence=1)
    ex.put("S3", "opinion", confidence=0.6)
    view = ex.compare()
    for told in (str(view), view._static_html(), view.comparison._repr_html_(), view._view["strings"]["list"]):
        assert not re.search(r"passage|you mark|marked", told, re.IGNORECASE)
    assert "You labelled 2 sentences. 2 labels are the key’s or accepted by it; 1 of them only accepted." in str(view)
    assert "Matched: you and the key give “" in str(view)


def test_a_sentence_without_an_answer_counts(course):
    """Every sentence has an answer: an acceptable entry has several, and whoever gives none does not agree."""
    case = Case.open(course / "facts")
    said = {"C1": "RIGHT", "C2": "NOT_RIGHT", "C3": "RIGHT"}
    write_key(case, "recall", said, tiers={"C2": "acceptable", "C3": "contested"}, also={"C2": ["RIGHT"]})
    extra = '[[exercises]]\nid = "all"\ntitle = "All"\nnotebook = "x"\ncase = "facts"\nlayers = ["recall"]\n'
    (course / "course.toml").write_text((course / "course.toml").read_text() + extra)
    ex = Exercise("all", folder=course)
    ex.put("C1", "RIGHT", confidence=1)
    view = ex.compare()
    agreed = view.comparison.measures.agreed
    assert (agreed.agreed, agreed.sentences) == (1, 2)
    told = "You also left open 1 card on which careful readers may differ; it counts as different from the key."
    assert told in str(view)
    assert (view._view["summary"]["score"]["value"], view._view["summary"]["score"]["of"]) == ("1", "2")
    assert len(view.comparison.rows) == 1
    pool = together(ex)
    assert (pool.agreed.agreed, pool.agreed.sentences) == (1, 2)
    assert "always “Holds” would agree with the key on 2 of 2" in str(pool)


def test_only_outcomes_that_occur_become_filters(course):
    """Ten buttons, mostly with a 0, would stand over three cards."""
    ex = Exercise("recall", folder=course)
    ex.put("C1", "RIGHT", confidence=1)
    ex.put("C2", "RIGHT", confidence=1)
    shown = ex.compare()._view["outcomes"]
    assert {name: outcome["count"] for name, outcome in shown.items()} == {"matched": 1, "relabelled": 1}


def test_agreement_where_nothing_counts(course):
    """A key of open questions alone gives no number, and no reason that speaks of passages."""
    case = Case.open(course / "facts")
    write_key(case, "recall", {"C1": "RIGHT"}, tiers={"C1": "contested"})
    ex = Exercise("recall", folder=course)
    for item in ("C1", "C2"):
        ex.put(item, "RIGHT", confidence=0.8)
    shown = ex.compare()._view["summary"]
    assert (shown["score"], shown["baselines"], shown["undefined"]) == (None, [], "")
    assert "agree with the key" not in str(ex.compare())


# --- written answers -------------------------------------------------------------------------------------------------


def test_written_answers_open_when_they_are_written(course, locked):
    """Blank ones do not count, and no model answer is read before."""
    ex = Exercise("questions", folder=course)
    needed = "The model answers open when you have written at least 2 answers."
    assert str(ex.compare()).split("\n") == [SAID["not_yet_written"], needed]
    ex.write("C1", "  \n ")
    told = [SAID["not_enough_written"], f"So far: 1 answer, 1 still without words. {needed}"]
    assert str(ex.compare()).split("\n") == told
    ex.write("C1", "The baker.")
    assert str(ex.compare()).split("\n")[1] == f"So far: 1 answer. {needed}"
    ex.write("C1", " ")
    ex.write("C2", "No letter.")
    assert isinstance(ex.compare(), NotYet)


def test_written_answers_beside_the_model(course):
    """Yours, a model answer and a weaker one; nothing is called right or wrong."""
    ex = Exercise("questions", folder=course)
    ex.write("C1", "The baker,\nbecause she was there.")
    ex.write("C2", "Nothing")
    assert ex.write("C2", "The <b>letter</b>").note == "The <b>letter</b>"
    assert len(ex.labels) == 2
    made = ex.compare()
    assert isinstance(made, Answers)
    first, second = made.rows
    assert (first.item, first.model, first.weaker) == ("C1", "Reason for C1.", "Against C1.")
    assert second.yours == "The <b>letter</b>"
    told = str(made)
    assert told.startswith("Invented text, written for practice.\nWritten answers are not scored.")
    assert "A key for tests." in told
    assert "Card 1 (C1) · Who would know when the clock stopped?" in told
    assert [row.name for row in made.rows] == ["Card 1 (C1)", "Card 2 (C2)"]
    assert "   You wrote: The baker, because she was there." in told
    assert "   A common weaker answer: Against C2." in told
    assert not any(name.lower() in told.lower() for name in ("matched", "missed", "tempting", "not in the key"))
    html = made._repr_html_()
    assert "The baker,<br>because she was there." in html
    assert "&lt;b&gt;letter&lt;/b&gt;" in html
    assert list(made.frame.columns) == ["item", "question", "yours", "model", "weaker"]
    assert list(made.frame["item"]) == ["C1", "C2"]


def test_a_closed_gate_has_the_empty_table_of_its_kind(course):
    """With the columns and types that the answer will have, so that a later cell runs before."""
    answers = {
        "questions": lambda ex: [ex.write(item, "Words.") for item in ("C1", "C2")],
        "before": lambda ex: [ex.put(item, 5) for item in ("H", "S1")],
        "chains": lambda ex: ex.chain("a letter", "the baker", shown="not_shown", onward="straight"),
    }
    for name, answer in answers.items():
        ex = Exercise(name, folder=course)
        closed = ex.compare()
        assert isinstance(closed, NotYet)
        empty = closed.frame
        answer(ex)
        full = ex.compare().frame
        assert (len(empty), len(full) > 0) == (0, True)
        assert list(empty.columns) == list(full.columns), name
    claims = Exercise("claims", folder=course).compare()
    assert list(claims.frame.columns) == list(claims.pairs.columns)


def test_written_answers_of_a_part(course):
    """Only the cards that are asked, also those that were left open."""
    text = (course / "course.toml").read_text()
    (course / "course.toml").write_text(
        text.replace('layers = ["answers"]\nminimum = 2', 'layers = ["answers"]\nunits = ["C2"]')
    )
    ex = Exercise("questions", folder=course)
    ex.write("C1", "Not asked.")
    assert str(ex.compare()).split("\n")[2] == "1 answer lies outside the card that is asked (C2)."
    ex.write("C2", "A letter.")
    assert [row.item for row in ex.compare().rows] == ["C2"]
    assert [row.item for row in ex.show_key().rows] == ["C2"]
    assert "You wrote" not in str(ex.show_key())
    assert "Reason for C2." in ex.show_key()._repr_html_()


def test_cards_are_numbered_as_the_student_sees_them():
    """The fourth lesson has five of fifty cards: the first of them is card 1, in the sorter and in its answers."""
    ex = exercise("04_questions")
    assert "Card 1 (C23) · S10" in str(ex.show_key())
    assert "<strong>Card 5 (C27)</strong>" in ex.sort()._static_html()


def test_model_answers_can_be_kept_for_the_lesson(course):
    """A level below “visible” shows what was written and nothing of the key."""
    text = (course / "course.toml").read_text()
    (course / "course.toml").write_text(text.replace('layers = ["answers"]', 'level = "none"\nlayers = ["answers"]'))
    ex = Exercise("questions", folder=course)
    for item in ("C1", "C2"):
        ex.write(item, "Something.")
    told = str(ex.compare()) + ex.compare()._repr_html_()
    assert "Your instructor will show model answers." in told
    assert "Reason" not in told
    assert "A key for tests." not in told


def test_written_answers_are_scored_nowhere(course):
    """Not by the function, and not by the command for label files; the message says how to read them."""
    ex = Exercise("questions", folder=course)
    ex.write("C1", "One.")
    with pytest.raises(MismatchError, match=r"LAYER-WRITTEN · Written answers are not scored\."):
        compare(ex.labels, ex.case.key("answers"))
    for whole in (True, False):
        with pytest.raises(FormatError, match="FILE-WRITTEN · x: its answers are written"):
            comparisons_of(ex._store.path.read_bytes(), "x", ex.case, whole=whole, beside=[course])


def test_a_comparison_of_cards_in_another_language(course):
    """It still speaks of cards."""
    ex = Exercise("recall", folder=course)
    ex.put("C1", "RIGHT", confidence=1)
    made = compare(ex.labels, ex.case.key("recall"))
    assert "Karte" in str(made.told_in("de"))
    assert "Satz" not in str(made.told_in("de"))
    assert ComparisonView(made, interface="de")._view["strings"]["list"] == "Karte für Karte"


def test_confidence_of_a_written_answer_stays(course):
    """It is no part of the text."""
    ex = Exercise("questions", folder=course)
    name = ex.write("C1", "One.").id
    ex.set_confidence(name, 0.6)
    assert (ex.write("C1", "Two.").id, ex.labels[name].confidence) == (name, 0.6)


def test_what_is_handed_in_is_called_by_its_name(course):
    """Answers, ratings and hands have no confidence that would be missing."""
    ex = Exercise("questions", folder=course)
    ex.write("C1", "One.")
    assert "It holds 1 answer; last saved " in str(ex.hand_in())
    ex = Exercise("before", folder=course)
    ex.put("H", 7)
    assert "It holds 1 rating; last saved " in str(ex.hand_in())


def test_what_needs_no_confidence_is_not_called_unsure(course):
    """A page to keep counts missing confidences where they are asked for."""
    for name, fill in {
        "questions": lambda ex: ex.write("C1", "One."),
        "before": lambda ex: ex.put("H", 7),
        "chains": lambda ex: ex.chain("a letter", "the baker"),
    }.items():
        ex = Exercise(name, folder=course)
        fill(ex)
        assert UNSURE not in ex.page().path.read_text(encoding="utf-8")
    ex = Exercise("claims", folder=course)
    ex.put("S1", "opinion")
    assert UNSURE in ex.page().path.read_text(encoding="utf-8")


def test_a_damaged_file_is_mended_before_it_is_handed_in(course):
    """What is told is what is there."""
    ex = Exercise("questions", folder=course)
    ex.write("C1", "One.")
    ex.hand_in().path.write_bytes(b"{")
    handed = ex.hand_in()
    assert "It holds 1 answer" in str(handed)
    assert [s.note for s in Exercise("questions", folder=course).labels.spans] == ["One."]


def test_a_file_of_chains_is_compared_as_chains(course):
    """On the command line as in the notebook, with the part that was asked; for programs, hand by hand."""
    ex = Exercise("chains", folder=course)
    ex.chain("a letter", "the baker", shown="not_shown", onward="straight")
    data = ex._store.path.read_bytes()
    (made,), left_out, task = comparisons_of(data, "x", ex.case, beside=[course], interface=ex.words)
    assert (str(made), left_out, task) == (str(ex.compare()), (), ex.task)
    told = record(made)
    assert (told["layer"], told["counts"]["chains_found"], told["counts"]["hands_missed"]) == ("chains", 1, 1)
    assert [hand["outcome"] for hand in told["hands"]] == ["found", "found", "missed"]
    assert json.loads(json.dumps(told, allow_nan=False)) == told


def test_a_file_of_ratings_is_called_by_its_name(course):
    """It has no key, and nothing is wrong with it."""
    ex = Exercise("before", folder=course)
    ex.put("H", 7)
    with pytest.raises(FormatError, match="FILE-RATED · x: its answers are ratings, and a rating has no key"):
        comparisons_of(ex._store.path.read_bytes(), "x", ex.case, beside=[course])


# --- other texts -----------------------------------------------------------------------------------------------------


def test_a_deck_has_cards(tmp_path):
    """A title alone is a slip of whoever wrote it."""
    with pytest.raises(CaseError, match="a deck without cards"):
        write_case(tmp_path / "empty", "Only a title\n", codebook="practice", form="cards")


def test_a_headline_alone_can_be_sorted(course, monkeypatch):
    """There is nothing else to ask about."""
    monkeypatch.chdir(course)
    write_key(write_case(course / "short", "One line"), "claims", {"H": "opinion"})
    ex = exercise("claims", text="short")
    assert ex.task.units == ("H",)
    assert "H" in ex.sort()._static_html()


def test_on_a_short_text_fewer_answers_open_the_comparison(course, monkeypatch):
    """Or nobody could open it."""
    monkeypatch.chdir(course)
    write_key(write_case(course / "short", "Head\n\nIt rained."), "claims", {"S1": "fact_claim"})
    ex = exercise("claims", text="short")
    assert ex.task.minimum == 1
    ex.put("S1", "fact_claim", confidence=1)
    assert "You labelled 1 sentence" in str(ex.compare())


def test_a_text_without_the_key_is_refused_at_once(course, monkeypatch):
    """And not when the work is done. One without any key is still being prepared."""
    monkeypatch.chdir(course)
    write_chain(write_case(course / "half", TEXT), "a letter", "the baker")
    with pytest.raises(UnknownNameError, match=r"There is no key “claims” in the case half\. .*There are: chains"):
        exercise("claims", text="half")
    write_case(course / "new", TEXT)
    assert exercise("claims", text="new").task.case == "new"
    assert exercise("before", text="half").kind == "scale"
    for wrong in ("", "../half", "x" * 300):
        with pytest.raises(UnknownNameError, match="There is no exercise"):
            exercise("claims", text=wrong)


# --- ratings ---------------------------------------------------------------------------------------------------------


def test_a_rating_is_a_number(course):
    """0 to 10, as a number or as its name; what is no point is refused with the points there are."""
    ex = Exercise("before", folder=course)
    assert str(ex.compare()) == SAID["not_yet_scale"]
    assert ex.put("H", 7).label == "7"
    assert ex.put("H", "10", confidence=0.4).label == "10"
    for wrong in (11, -1, 7.0, "ten", None):
        with pytest.raises(UnknownNameError, match="There are: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10"):
            ex.put("H", wrong)
    assert len(ex.labels) == 1


def test_own_ratings_are_shown_without_a_key(course, locked):
    """In words and as a table; nothing is scored."""
    ex = Exercise("before", folder=course)
    ex.put("H", 7, confidence=0.6, note="a <b>headline</b>")
    ex.put("S1", 0)
    ex.put("S2", 3)
    made = ex.compare()
    assert isinstance(made, Ratings)
    assert [(row.item, row.points) for row in made.rows] == [("H", 7), ("S1", 0)]
    told = str(made).split("\n")
    assert told[0] == "Invented text, written for practice."
    assert "0 means “not at all”, 10 means “completely”." in told
    assert "A rating is yours. There is no key for it." in told
    assert told[-2] == "H “Town clock stops”: 7 of 10. Your note: a <b>headline</b>"
    html = made._repr_html_()
    assert "<td>60 %</td>" in html
    assert "<td>not said</td>" in html
    assert "a &lt;b&gt;headline&lt;/b&gt;" in html
    assert made["S1"].points == 0
    for wrong in ("S2", 0, ["S1"]):
        with pytest.raises(UnknownNameError, match="There are: H, S1"):
            made[wrong]
    assert list(made.frame["points"]) == [7, 0]


def test_the_page_of_ratings_explains_its_scale_once(course):
    """Eleven points with one and the same meaning would be eleven lines; and what nobody is asked is not missing."""
    ex = Exercise("before", folder=course)
    ex.put("H", 4)
    page = ex.page().path.read_text(encoding="utf-8")
    assert page.count("0 means “not at all”, 10 means “completely”.") == 1
    assert "1 rating" in page
    assert "not said" in page
    questions = Exercise("questions", folder=course)
    questions.write("C1", "The baker.")
    told = questions.page().path.read_text(encoding="utf-8")
    assert "1 answer" in told
    assert "not said" not in told


def test_a_long_sentence_is_cut_where_it_is_rated(tmp_path):
    """The table stays readable; the row has all words."""
    from secondsource.ratings import shortened

    text = "Head\n\n" + "word " * 40 + "end.\n"
    assert shortened(text).endswith("word …")
    assert len(shortened(text)) <= 90


# --- chains ----------------------------------------------------------------------------------------------------------


def test_a_chain_of_quotations(course):
    """Hands are made where there are none, in order, with their answers; the same chain twice is one."""
    ex = Exercise("chains", folder=course)
    letter = ex.add("a letter", "HAND")
    made = ex.chain("a letter", "the baker", "A neighbour", shown="not_shown", onward=["straight", None, "gap"])
    assert [ex.labels[name].quote for name in made.members] == ["a letter", "the baker", "A neighbour"]
    assert made.members[0] == letter.id
    assert made.type == "chain"
    hands = [dict(ex.labels[name].attributes) for name in made.members]
    assert hands[0] == {"shown": "not_shown", "onward": "straight"}
    assert hands[1:] == [{"shown": "not_shown"}, {"shown": "not_shown", "onward": "gap"}]
    assert ex.chain(*made.members) == made
    assert len(ex.labels) == 3
    other = ex.chain(letter.id, "The baker")
    assert len(ex.labels.relations) == 2
    assert other.members[0] == letter.id


def test_what_is_no_chain_changes_nothing(course):
    """Too few hands, one twice, words that stand nowhere, an answer too many or one that is not offered."""
    ex = Exercise("chains", folder=course)
    for call, error, told in (
        (lambda: ex.chain("a letter"), OffsetError, "two or more hands, each once"),
        (lambda: ex.chain(), OffsetError, "two or more hands, each once"),
        (lambda: ex.chain("a letter", "a letter"), OffsetError, "two or more hands, each once"),
        (lambda: ex.chain("a letter", "a parrot"), QuotationError, "QUOTE-NONE"),
        (lambda: ex.chain("a letter", ["the baker"]), QuotationError, "QUOTE-TEXT"),
        (lambda: ex.chain("a letter", "A neighbour", shown=["shown"]), OffsetError, "1 answers, and .* 2 hands"),
        (lambda: ex.chain("a letter", "A neighbour", shown="seen"), UnknownNameError, "shown, not_shown"),
        (lambda: ex.chain("a letter", "A neighbour", seen="shown"), UnknownNameError, "no attribute “seen”"),
    ):
        with pytest.raises(error, match=told):
            call()
    assert len(ex.labels) == 0


def test_chains_open_when_their_questions_are_answered(course, locked):
    """No confidence is asked for; a hand has two questions."""
    ex = Exercise("chains", folder=course)
    needed = "The comparison opens with at least 2 hands, each with all its questions answered."
    assert str(ex.compare()).split("\n") == [SAID["not_yet_chain"], needed]
    ex.chain("a letter", "the baker", shown="not_shown", onward=["straight", None])
    told = [SAID["not_enough_chain"], f"So far: 2 hands, 1 of them with an open question. {needed}"]
    assert str(ex.compare()).split("\n") == told
    assert "It holds 2 hands" in str(ex.hand_in())


def test_chains_are_compared(course):
    """With the key's; and not at all where the level says so."""
    ex = Exercise("chains", folder=course)
    ex.chain("a letter", "the baker", "A neighbour", shown="not_shown", onward="straight")
    made = ex.compare()
    assert isinstance(made, ChainComparison)
    assert "Invented text, written for practice." in str(made)
    text = (course / "course.toml").read_text()
    (course / "course.toml").write_text(text.replace('widget = "chains"', 'widget = "chains"\nlevel = "score"'))
    assert str(Exercise("chains", folder=course).compare()) == language().say("comparison", "nothing_shown")


# --- the widgets -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "call", "units"), [("recall", "sort", ["C1", "C2"]), ("chains", "chains", None), ("claims", "label", 3)]
)
def test_the_widgets_share_the_store(course, name, call, units):
    """What is answered in Python is seen by the page at once."""
    ex = Exercise(name, folder=course)
    widget = getattr(ex, call)()
    sent = []
    widget.send = sent.append
    if name == "chains":
        ex.add("the baker", "HAND")
    else:
        ex.put(ex.task.units[0], ex.case.codebook.layer(ex.task.layers[0]).labels[0].id)
    assert sent[0]["type"] == "ack"
    asked = [s["id"] for s in widget._view["sentences"] if s["asked"]]
    assert asked == (list(ex.task.units) or [s.id for s in ex.case.article.sentences])
    assert widget._view["title"] == ex.task.title


# --- what a page may send --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("layer", "label"), [("recall", "RIGHT"), ("answers", "ANSWER")])
def test_a_card_is_answered_whole(course, layer, label):
    """Half a card, several cards or the blank line between them are refused wherever labels come from."""
    article = Case.open(course / "facts").article
    first, second = article.sentence("C1"), article.sentence("C2")
    practice = Codebook.open("practice")
    for start, end in ((first.start, first.end - 1), (first.start, second.end), (first.end, second.start), (0, 5)):
        with pytest.raises(OffsetError):
            LabelSet(article, practice, (Span("a", layer, label, start, end),))
    LabelSet(article, practice, (Span("a", layer, label, first.start, first.end),))


@pytest.mark.parametrize("label", ["11", "-1", "07", "7.0", "", "x"])
def test_a_point_that_is_not_on_the_scale_is_refused(course, label):
    """The same check as for every other label."""
    ex = Exercise("before", folder=course)
    place = ex.case.article.sentence("H")
    span = {"id": "a", "layer": "trust", "label": label, "start": place.start, "end": place.end}
    with pytest.raises(OffsetError, match=r"no label|holds|needs|Label a"):
        ex._store.apply({"op": "add", "span": {**span, "quote": "Town clock stops"}})
    with pytest.raises(OffsetError):
        ex._store.apply({"op": "add", "span": {**span, "label": "7", "start": 0, "end": 4, "quote": "Town"}})
    assert len(ex.labels) == 0


def test_what_is_stored_is_a_label_file(course):
    """No second format: a rating and a written answer are annotations like any other."""
    Exercise("before", folder=course).put("H", 7)
    Exercise("questions", folder=course).write("C1", "Words.")
    for name, label in (("before", "7"), ("questions", "ANSWER")):
        file = json.loads((course / "my-labels" / f"{name}.labels.json").read_text(encoding="utf-8"))
        (item,) = file["first"]["items"]
        assert item["body"][0]["value"] == label
        assert item["motivation"] == "classifying"


def test_sorting_a_whole_text_leaves_its_headline_out(tmp_path, monkeypatch):
    """The sorter has no row for it, so the comparison must not miss it."""
    monkeypatch.setenv("SECONDSOURCE_LABELS", str(tmp_path))
    ex = exercise("01_claims_opinions_predictions", text="bus-lanes")
    assert ex.task.units == tuple(s.id for s in ex.case.article.sentences if s.id != "H")
    assert exercise("05_wording", text="bus-lanes").task.units == ()
