"""A person's own ratings, which have no key: as a table, as words, and before and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from secondsource.article import Article
from secondsource.codebook import Layer
from secondsource.errors import MismatchError, UnknownNameError, message
from secondsource.history import Words
from secondsource.languages import Language
from secondsource.markup import in_language, literal, still
from secondsource.spans import LabelSet
from secondsource.static_html import provenance_html, table_html

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Moved",
    "Rating",
    "Ratings",
    "ends",
    "moved",
    "moved_told",
    "own_ratings",
    "place_name",
    "ratings_frame",
    "shortened",
]

_SHOWN = 90  # characters of a sentence in a table


@dataclass(frozen=True, slots=True)
class Rating:
    """One point of a scale, given to one sentence or card.

    Attributes
    ----------
    item, text : str
        Id and words of the sentence or card.
    points : int
        0 to 10.
    """

    item: str
    text: str
    points: int
    confidence: float | None = None
    note: str = ""


@dataclass(frozen=True, repr=False)
class Ratings(Words):
    """What somebody rated, in text order.

    Attributes
    ----------
    rows : tuple of Rating
        One for each sentence or card that is rated.
    """

    article: Article
    layer: Layer
    rows: tuple[Rating, ...]
    html: str

    def __getitem__(self, item: object) -> Rating:
        """Return the rating of a sentence or card; `UnknownNameError` lists those that are rated."""
        known = {row.item: row for row in self.rows}
        if not isinstance(item, str) or item not in known:
            raise UnknownNameError("rating of", item, known)
        return known[item]

    @property
    def frame(self) -> "pd.DataFrame":
        """The ratings as a pandas DataFrame, one row each."""
        return ratings_frame(self.rows)

    def _repr_html_(self) -> str:
        return still(self.html)


def ratings_frame(rows: Sequence[Rating]) -> "pd.DataFrame":
    """Ratings as a DataFrame; without any it is empty and has the same columns."""
    import pandas as pd

    columns = ("item", "text", "points", "confidence", "note")
    cells = [(row.item, row.text, row.points, row.confidence, row.note) for row in rows]
    return pd.DataFrame(cells, columns=list(columns)).astype({"points": "int64", "confidence": float})


def own_ratings(labels: LabelSet, layer: Layer, units: Sequence[str], words: Language, title: str = "") -> Ratings:
    """Collect the ratings of a layer with a scale.

    Parameters
    ----------
    units : sequence of str
        Ids of the sentences or cards that are asked; all if empty.
    title : str
        Stands above the table; by default the layer's name.
    """
    article = labels.article
    rows = tuple(
        Rating(place.id, span.quote, int(span.label), span.confidence, span.note)
        for span in labels.spans
        if span.layer == layer.id and (place := article.sentence_at(span.start)).id in (units or {place.id})
    )
    about = [layer.question, ends(layer, words), words.say("ratings", "no_key")]
    told = [_told(row, words) for row in rows]
    head = [words.say("ratings", key) for key in ("item", "text", "points", "sure", "note")]
    cells = [(r.item, shortened(r.text), str(r.points), _sure(r, words), r.note) for r in rows]
    table = table_html(title or layer.name, head, cells)
    html = "".join(f"<p>{literal(line)}</p>" for line in about) + table
    return Ratings(
        "\n".join([article.provenance, *about, *told]),
        article,
        layer,
        rows,
        provenance_html(article) + in_language(html, words),
        language=words,
    )


def ends(layer: Layer, words: Language) -> str:
    """Say what the two ends of a scale mean."""
    low, high = layer.scale or ("", "")
    return words.say("ratings", "ends", low=low, high=high)


def shortened(text: str) -> str:
    """Return the beginning of a sentence, on one line."""
    told = " ".join(text.split())
    return told if len(told) <= _SHOWN else told[: _SHOWN - 1].rsplit(" ", 1)[0] + " …"


def _told(row: Rating, words: Language) -> str:
    values = {"item": row.item, "text": shortened(row.text), "points": row.points}
    told = words.say("ratings", "rated", **values)
    return " ".join([told, *([words.say("ratings", "note_of", note=row.note)] if row.note else [])])


def _sure(row: Rating, words: Language) -> str:
    if row.confidence is None:
        return words.say("still", "not_said")
    return words.say("still", "percent", number=round(100 * row.confidence))


@dataclass(frozen=True, slots=True)
class Moved:
    """A sentence or card that was rated before, after, or both.

    Attributes
    ----------
    before, after : int or None
        0 to 10; None where it was not rated.
    """

    item: str
    text: str
    before: int | None
    after: int | None

    @property
    def difference(self) -> int | None:
        """How many points higher the second rating is; None without both."""
        return None if self.before is None or self.after is None else self.after - self.before


def moved(before: Ratings, after: Ratings) -> tuple[Moved, ...]:
    """Put ratings beside each other, in text order.

    Raises
    ------
    MismatchError
        They are of different articles, or on different scales.
    """
    if (before.article.sha256, before.layer) != (after.article.sha256, after.layer):
        happened = "The two exercises ask for ratings of different texts, or on different scales."
        step = "Take two exercises about the same text."
        raise MismatchError(message("VERSION-ARTICLE", happened, "Nothing was changed.", step))
    first, second = ({row.item: row for row in rows} for rows in (before.rows, after.rows))
    order = [place.id for place in after.article.sentences if place.id in {**first, **second}]
    return tuple(
        Moved(
            item,
            (second.get(item) or first[item]).text,
            first[item].points if item in first else None,
            second[item].points if item in second else None,
        )
        for item in order
    )


def place_name(item: str, words: Language) -> str:
    """Return what a sentence or card is called where its words are not repeated."""
    return words.say("pictures", "headline_place") if item == "H" else item


def moved_told(row: Moved, words: Language) -> str:
    """Say in one sentence what became of a rating, without the words that were rated."""
    values = {"item": place_name(row.item, words), "before": row.before, "after": row.after}
    step = row.difference
    if step is None:
        return words.say("ratings", "only_before" if row.after is None else "only_after", **values)
    if step == 0:
        return words.say("ratings", "same", **values)
    return words.say("ratings", "higher" if step > 0 else "lower", count=abs(step), **values)
