"""Every exercise of the course done three times through plain Python: not at all, well, and badly.

Well means as the key has it. Badly means one answer to everything, the one that fits least often, with full confidence.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from secondsource import exercise
from secondsource.checking.care import _VERDICTS
from secondsource.checking.surroundings import runs
from secondsource.course import Exercise, NotYet
from secondsource.key import Key, KeySpan
from secondsource.manifest import Manifest, Task
from secondsource.spans import Span

TASKS = Manifest.open().tasks
EVERY = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.id)


@pytest.fixture
def ex(task: Task, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Exercise:
    """The exercise with an empty folder of labels."""
    monkeypatch.setenv("SECONDSOURCE_LABELS", str(tmp_path))
    return exercise(task.id)


def key_of(ex: Exercise) -> Key | None:
    """The part of the key that is asked; a rating has none."""
    return None if ex.kind == "scale" else ex.case.key(ex.layer.id).within(ex.task.units or None)


def asked(ex: Exercise) -> list[str]:
    """Sentences or cards that are asked; the whole text but its headline if none are named."""
    return list(ex.task.units) or [sentence.id for sentence in ex.case.article.sentences[1:]]


def told(reply: object) -> str:
    """What a student reads, as text and as HTML."""
    return f"{getattr(reply, 'comparison', reply)}\n{getattr(reply, '_repr_html_', str)()}"


def do(ex: Exercise, entries: list[KeySpan], *, confidence: float = 0.8, label: str | None = None) -> None:
    """Enter what the key has (or one label for all of it) the way a student would."""
    for entry in entries:
        span = entry.span
        name = label or span.label
        if ex.kind == "written":
            ex.write(ex.case.article.sentence_at(span.start).id, entry.reason)
        elif ex.task.widget == "sort":
            ex.put(ex.case.article.sentence_at(span.start).id, name, confidence=confidence)
        else:
            places = ex.case.article.places(span.quote)
            number = places.index((span.start, span.end)) + 1 if (span.start, span.end) in places else 1
            made = ex.add(span.quote, name, confidence=confidence, occurrence=number)
            for attribute, value in span.attributes.items():
                if label is None:
                    ex.set_attribute(made.id, attribute, value)


def do_well(ex: Exercise) -> None:
    """As the key has it: every core entry, and the chains in their order."""
    key = key_of(ex)
    if key is None:
        for number, item in enumerate(asked(ex)):
            ex.put(item, 3 + number, confidence=0.6)
    elif ex.kind == "chain":
        for relation in key.relations:
            hands = [key.by_id[member].span for member in relation.members]
            answers = {name: [hand.attributes[name] for hand in hands] for name in hands[0].attributes}
            ex.chain(*(_hand(ex, hand) for hand in hands), **answers)
    else:
        do(ex, [entry for entry in key.spans if entry.tier == "core"] or list(key.spans))
        do(ex, list(_more(ex, key)))


def _hand(ex: Exercise, wanted: Span) -> str:
    """The id of a hand, which is made if it is not there."""
    place = (wanted.start, wanted.end)
    for span in ex.labels.spans:
        if (span.start, span.end) == place:
            return span.id
    return ex.add(wanted.quote, wanted.label, occurrence=ex.case.article.places(wanted.quote).index(place) + 1).id


def _more(ex: Exercise, key: Key) -> Iterator[KeySpan]:
    """Acceptable entries, as many as it takes to open the comparison."""
    others = [entry for entry in key.spans if entry.tier == "acceptable"] + [
        entry for entry in key.spans if entry.tier == "contested"
    ]
    yield from others[: max(0, ex.task.minimum - len(ex.labels))]


@EVERY
def test_blank(task, ex):
    """Nothing opens: not a word of the key, no error, and it says what to do first; the widget shows no key either."""
    reply = ex.compare()
    assert isinstance(reply, NotYet)
    assert "run this box again" in str(reply)
    assert ex.hand_in().path is None
    widget = {"label": ex.label, "sort": ex.sort, "chains": ex.chains}[task.widget]()
    shown = f"{told(reply)}\n{widget._repr_mimebundle_()}\n{ {name: getattr(widget, name) for name in widget.keys} }"
    if key := key_of(ex):
        secrets = {run for entry in key.spans for run in runs(f"{entry.reason} {entry.counter}", 8)}
        open_to_all = runs(ex.case.article.text, 8) | runs(f"{ex.case.article.provenance} {ex.case.article.note}", 8)
        labels = [label for layer in ex.case.codebook.layers for label in layer.labels]
        for label in labels:
            open_to_all |= runs(f"{label.ask} {label.definition} {label.rule} {label.example} {label.near_miss}", 8)
        assert not runs(shown, 8) & (secrets - open_to_all)


@EVERY
def test_well(task, ex):
    """Everything that the key expects is found, and said; the text keeps its label; the hand-in names its file."""
    do_well(ex)
    reply = ex.compare()
    text = told(reply)
    assert ex.case.article.provenance in text
    assert not _VERDICTS.findall(str(getattr(reply, "comparison", reply)))
    if ex.kind == "labels":
        comparison = reply.comparison
        assert comparison.found == comparison.expected
        assert (comparison.counts["missed"], comparison.counts["distractor"]) == (0, 0)
    elif ex.kind == "chain":
        assert not reply.missed
        assert not reply.extra
        assert {name: count for name, count in reply.counts.items() if name.endswith(("missed", "moved"))} == {
            "chains_missed": 0,
            "gaps_missed": 0,
            "hands_missed": 0,
            "hands_moved": 0,
        }
    elif ex.kind == "written":
        assert all(row.yours and row.model and row.weaker for row in reply.rows if row.yours)
        assert sum(bool(row.yours) for row in reply.rows) == len(asked(ex))
    handed = ex.hand_in()
    assert handed.path.name == f"{task.id}.labels.json"
    assert handed.receipt in str(handed)


@EVERY
def test_badly(task, ex):
    """One answer for everything opens the comparison too, earns less than the key's, and each row says why."""
    key = key_of(ex)
    if key is None or ex.kind == "written":
        for item in asked(ex):
            _ = ex.put(item, 10, confidence=1.0) if key is None else ex.write(item, "I do not know.")
        assert "10" in str(ex.compare()) if key is None else "I do not know." in str(ex.compare())
        return
    if ex.kind == "chain":
        sentences = {s.id: s for s in ex.case.article.sentences}
        words = [ex.case.article.text[sentences[i].start : sentences[i].end] for i in asked(ex)]
        ex.chain(*words, shown="shown", onward="straight")
        reply = ex.compare()
        assert len(reply.answered) < len(key.relations)
        assert reply.missed or reply.extra
        return
    rarest = min(ex.layer.labels, key=lambda label: sum(entry.accepts(label.id) for entry in key.spans)).id
    for item in asked(ex):
        sentence = next(s for s in ex.case.article.sentences if s.id == item)
        if task.widget == "sort":
            ex.put(item, rarest, confidence=1.0)
        else:
            ex.add(ex.case.article.text[sentence.start : sentence.end], rarest, confidence=1.0)
    comparison = ex.compare().comparison
    assert comparison.found < comparison.expected
    text = str(comparison)
    assert any(entry.counter in text for entry in key.spans)
    assert not _VERDICTS.findall(text)
