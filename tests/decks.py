"""A small course of invented texts and decks, with keys for every kind of answer."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from secondsource.case import Case
from secondsource.key import Key, KeySpan
from secondsource.spans import LabelSet, Relation, Span
from synthetic import STATUS

TEXT = (
    "Town clock stops\n\n"
    "The town clock stopped on Monday, the council’s log shows. It is a shame for the square. "
    "The hands will move again by Friday.\n\n"
    "A neighbour heard it from the baker. The baker had it from a letter.\n"
)
FACTS = (
    "Practice cards\n\nA person who is only talked about is no source. Who speaks is one.\n\n"
    "Every number makes a fact claim.\n\nA hedge can help the reader.\n"
)
QUESTIONS = "Questions\n\nWho would know when the clock stopped?\n\nWhat is not shown?\n"

COURSE = """
id = "clock"
title = "A stopped clock"
[[exercises]]
id = "claims"
title = "Sorting sentences"
notebook = "lessons/clock.ipynb"
case = "clock"
layers = ["claims"]
units = ["S1", "S2", "S3"]
minimum = 2
widget = "sort"
[[exercises]]
id = "recall"
title = "What do you remember?"
notebook = "lessons/clock.ipynb"
case = "facts"
layers = ["recall"]
units = ["C1", "C2"]
minimum = 2
widget = "sort"
[[exercises]]
id = "questions"
title = "In your own words"
notebook = "lessons/clock.ipynb"
case = "questions"
layers = ["answers"]
minimum = 2
widget = "sort"
[[exercises]]
id = "before"
title = "Before you read"
notebook = "lessons/clock.ipynb"
case = "clock"
layers = ["trust"]
units = ["H", "S1"]
widget = "sort"
[[exercises]]
id = "after"
title = "Afterwards"
notebook = "lessons/clock.ipynb"
case = "clock"
layers = ["trust"]
units = ["H", "S1"]
widget = "sort"
[[exercises]]
id = "chains"
title = "Through whose hands?"
notebook = "lessons/clock.ipynb"
case = "clock"
layers = ["chains"]
minimum = 2
widget = "chains"
"""


def write_case(folder: Path, text: str, *, codebook: str = "news", form: str = "article", **more: str) -> Case:
    """Write a case folder and open it."""
    (folder / "keys").mkdir(parents=True)
    (folder / "article.txt").write_bytes(text.encode())
    fields = {"id": folder.name, "title": f"Case {folder.name}", "language": "en", "codebook": codebook, "form": form}
    fields |= {"sha256": hashlib.sha256(text.encode()).hexdigest(), "licence": "CC0", "content_note": "A clock."}
    fields |= {"provenance": "Invented text, written for practice.", **more}
    (folder / "case.toml").write_text("".join(f'{name} = "{value}"\n' for name, value in fields.items()))
    return Case.open(folder)


def write_key(
    case: Case,
    layer: str,
    rows: Mapping[str, str],
    *,
    also: Mapping[str, Sequence[str]] | None = None,
    tiers: Mapping[str, str] | None = None,
) -> Key:
    """Write the key of a layer of whole sentences or cards: the label of each, by its id."""
    places = {item: case.article.sentence(item) for item in rows}
    spans = tuple(Span(item, layer, rows[item], place.start, place.end) for item, place in places.items())
    labels = LabelSet(case.article, case.codebook, spans)
    known = tuple(
        KeySpan(
            span,
            (tiers or {}).get(span.id, "core"),
            f"Reason for {span.id}.",
            f"Against {span.id}.",
            tuple((also or {}).get(span.id, ())),
        )
        for span in labels.spans
    )
    return _written(case, Key(labels, case.codebook.layer(layer), known, (), STATUS))


def write_chain(case: Case, *quotes: str) -> Key:
    """Write a key with one chain."""
    spans = tuple(
        Span(f"h{i}", "chains", "HAND", *case.article.locate(quote), attributes={"shown": "not_shown"})
        for i, quote in enumerate(quotes)
    )
    relation = Relation("r", "chain", tuple(span.id for span in spans))
    labels = LabelSet(case.article, case.codebook, spans, (relation,))
    known = tuple(KeySpan(span, "core", "Reason for a hand.", "Against it.") for span in labels.spans)
    return _written(case, Key(labels, case.codebook.layer("chains"), known, (), STATUS))


def _written(case: Case, key: Key) -> Key:
    Path(str(case._folder), "keys", f"{key.layer.id}.json").write_bytes(key.write())
    return key


def write_course(folder: Path) -> Path:
    """Write the whole course into a folder."""
    clock = write_case(folder / "clock", TEXT)
    write_key(
        clock,
        "claims",
        {"S1": "fact_claim", "S2": "opinion", "S3": "prediction", "S4": "fact_claim"},
        also={"S3": ["opinion"]},
        tiers={"S3": "acceptable"},
    )
    write_chain(clock, "a letter", "the baker", "A neighbour")
    facts = write_case(folder / "facts", FACTS, codebook="practice", form="cards")
    write_key(facts, "recall", {"C1": "RIGHT", "C2": "NOT_RIGHT", "C3": "RIGHT"})
    questions = write_case(folder / "questions", QUESTIONS, codebook="practice", form="cards")
    write_key(questions, "answers", {"C1": "ANSWER", "C2": "ANSWER"})
    (folder / "course.toml").write_text(COURSE)
    (folder / "lessons").mkdir()
    return folder
