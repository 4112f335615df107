"""Written answers beside model answers: read against each other, never scored."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from secondsource.article import Article
from secondsource.history import Words
from secondsource.key import Key
from secondsource.languages import Language
from secondsource.markup import in_language, literal, still
from secondsource.spans import LabelSet
from secondsource.static_html import provenance_html

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Answer", "Answers", "answers_beside", "answers_frame", "card_names"]


@dataclass(frozen=True, slots=True)
class Answer:
    """One question with what was written and what the key says to it.

    Attributes
    ----------
    name : str
        What the item is called where it is shown: a card by its number in the exercise, too.
    yours : str
        The student's own words; empty if there are none.
    model : str
        A model answer; empty if the key has none.
    weaker : str
        A common weaker answer, and what separates it from the model answer.
    """

    item: str
    question: str
    name: str = ""
    yours: str = ""
    model: str = ""
    weaker: str = ""


@dataclass(frozen=True, repr=False)
class Answers(Words):
    """Written answers, question by question.

    Attributes
    ----------
    rows : tuple of Answer
        In text order.
    """

    rows: tuple[Answer, ...]
    html: str

    @property
    def frame(self) -> "pd.DataFrame":
        """The same as a pandas DataFrame, one row for each question."""
        return answers_frame(self.rows)

    def _repr_html_(self) -> str:
        return still(self.html)


def answers_frame(rows: Sequence[Answer]) -> "pd.DataFrame":
    """Written answers as a DataFrame; without any it is empty and has the same columns."""
    import pandas as pd

    columns = ("item", "question", "yours", "model", "weaker")
    return pd.DataFrame([[getattr(row, name) for name in columns] for row in rows], columns=list(columns))


def card_names(article: Article, units: Collection[str], words: Language) -> list[str]:
    """Return what the items that are asked are called: cards by number and id, sentences by their id.

    Parameters
    ----------
    units : collection of str
        Ids of the sentences or cards that are asked; all but the title if empty.
    """
    asked = [place.id for place in article.sentences if (place.id in units if units else place.id != "H")]
    if not article.cards:
        return asked
    return [words.say("sorter", "card", number=number, id=name) for number, name in enumerate(asked, start=1)]


def answers_beside(
    labels: LabelSet | None, key: Key, units: Sequence[str], words: Language, *, with_key: bool = True
) -> Answers:
    """Lay written answers beside the key's.

    Parameters
    ----------
    labels : LabelSet or None
        The student's; None shows the key alone.
    units : sequence of str
        Ids of the cards that are asked; all but the title if empty.
    with_key : bool
        Whether the key's answers may be shown.
    """
    article, layer = key.article, key.layer.id
    written = {s.start: s.note for s in labels.spans if s.layer == layer} if labels is not None else {}
    known = {entry.span.start: entry for entry in key.spans} if with_key else {}
    asked = [place for place in article.sentences if place.id in units or (not units and place.id != "H")]
    rows = []
    for place, name in zip(asked, card_names(article, units, words), strict=True):
        if not units and place.start not in {*written, *known}:
            continue
        entry = known.get(place.start)
        model, weaker = (entry.reason, entry.counter) if entry else ("", "")
        question = article.text[place.start : place.end]
        rows.append(Answer(place.id, question, name, written.get(place.start, "").strip(), model, weaker))
    shown = [words.say("answers", "about"), key.provenance.statement]
    told = shown if with_key else [words.say("answers", "of_hand_in")]
    lines = [line for row in rows for line in (f"{row.name} · {row.question}", *_lines(row, words, labels is not None))]
    text = "\n".join([article.provenance, *told, *lines])
    html = _html(rows, told, article, words, own=labels is not None)
    return Answers(text, tuple(rows), html, language=words)


def _parts(row: Answer, words: Language, own: bool) -> list[tuple[str, str]]:
    """Headings and texts of one question."""
    yours = [(words.say("answers", "yours"), row.yours or words.say("answers", "nothing"))] if own else []
    parts = [(words.say("answers", key), getattr(row, key)) for key in ("model", "weaker")]
    return yours + [(name, text) for name, text in parts if text]


def _lines(row: Answer, words: Language, own: bool) -> list[str]:
    return [f"   {name} {' '.join(text.split())}" for name, text in _parts(row, words, own)]


def _html(rows: Sequence[Answer], told: Sequence[str], article: Article, words: Language, *, own: bool) -> str:
    about = "".join(f"<p>{literal(line)}</p>" for line in told)
    of_text = f'lang="{literal(article.language)}" dir="{article.direction}"'
    items = []
    for row in rows:
        items.append(f"<h4>{literal(row.name)} · <span {of_text}>{literal(row.question)}</span></h4>")
        for name, text in _parts(row, words, own):
            broken = "<br>".join(literal(line) for line in text.splitlines())
            items.append(f"<p><strong>{literal(name)}</strong> {broken}</p>")
    return provenance_html(article) + in_language(f"{about}{''.join(items)}", words)
