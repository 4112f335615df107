"""Ratings of two exercises beside each other: before and after."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from secondsource.course import Exercise, exercise
from secondsource.errors import MismatchError, message
from secondsource.history import Words
from secondsource.markup import in_language, literal, still
from secondsource.ratings import Moved, Ratings, ends, moved, moved_told, own_ratings, shortened
from secondsource.static_html import provenance_html, table_html

if TYPE_CHECKING:
    import pandas as pd

    from secondsource.charts import Picture

__all__ = ["COLUMNS", "Change", "change"]

COLUMNS = ("item", "text", "before", "after", "difference")


@dataclass(frozen=True, repr=False)
class Change(Words):
    """Ratings before and after.

    Attributes
    ----------
    before, after : Ratings
    rows : tuple of Moved
        What was rated at least once, in text order.
    """

    before: Ratings
    after: Ratings
    rows: tuple[Moved, ...]
    html: str

    @property
    def frame(self) -> "pd.DataFrame":
        """The same as a pandas DataFrame, one row each (columns: `COLUMNS`); not rated is missing."""
        import pandas as pd

        frame = pd.DataFrame([[getattr(row, name) for name in COLUMNS] for row in self.rows], columns=list(COLUMNS))
        return frame.astype(dict.fromkeys(COLUMNS[2:], "Int64"))

    def picture(self) -> "Picture":
        """Draw each rating before and after."""
        from secondsource.charts.ratings import before_after

        return before_after(self.before, self.after)

    def _repr_html_(self) -> str:
        return still(self.html)


def change(before: str | Exercise, after: str | Exercise, *, language: str | None = None) -> Change:
    """Lay the ratings of two exercises beside each other.

    Parameters
    ----------
    before, after : str or Exercise
        Exercises about one text, of the same layer with a scale, or their ids.

    Raises
    ------
    MismatchError
        One of them is not answered on a scale, or they are about different texts or scales.
    """
    opened = [one if isinstance(one, Exercise) else exercise(one, language=language) for one in (before, after)]
    if any(one.kind != "scale" for one in opened):
        step = "Take exercises in which something is rated from 0 to 10."
        happened = "One of the two exercises asks for no rating."
        raise MismatchError(message("VERSION-LAYER", happened, "Nothing was changed.", step))
    words = opened[1].words
    first, second = (own_ratings(one.labels, one.layer, one.task.units, words) for one in opened)
    rows = moved(first, second)
    article = second.article
    told = [moved_told(row, words) for row in rows] or [words.say("ratings", "nothing")]
    twice = any(row.difference is not None for row in rows)
    about = [ends(second.layer, words), *([words.say("ratings", "think")] if twice else [])]
    head = [words.say("ratings", name) for name in ("item", "text", "before", "after", "difference")]
    cells = [(r.item, shortened(r.text), _shown(r.before), _shown(r.after), _signed(r.difference)) for r in rows]
    table = table_html(words.say("ratings", "title"), head, cells) if rows else f"<p>{literal(told[0])}</p>"
    html = "".join(f"<p>{literal(line)}</p>" for line in about) + table
    text = "\n".join([article.provenance, *told, *about])
    shown = provenance_html(article) + in_language(html, words)
    return Change(text, first, second, rows, shown, language=words)


def _shown(points: int | None) -> str:
    return "–" if points is None else str(points)


def _signed(difference: int | None) -> str:
    """Return how many points higher or lower, with its sign."""
    return "–" if difference is None else f"{difference:+d}".replace("-", "−") if difference else "0"
