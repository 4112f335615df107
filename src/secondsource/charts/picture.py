"""A picture: a Vega-Lite specification together with everything it shows, in words and as a table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from secondsource.charts.card import MIME, finished

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

__all__ = ["Picture"]

Row = tuple[object, ...]


@dataclass(frozen=True, repr=False)
class Picture:
    """A chart that can also be read: JupyterLab draws it, `print` tells all its numbers, `frame` holds them.

    Attributes
    ----------
    title : str
        What the picture is about; never a statement of the article.
    description : str
        What it shows, in one or two sentences with the main numbers: the accessible name.
    provenance : tuple of str
        Labels of the articles, drawn under the title.
    columns : tuple of str
        Names of the values of a row; the first one or ones name the row.
    rows : tuple of tuple
        The numbers, in the order in which they are told.
    notes : tuple of str
        What must be known to read the numbers.
    named_by : int
        How many columns name a row.
    sparse : bool
        Whether zeroes are left out when the rows are told.

    Examples
    --------
    >>> print(Picture("Labels", "One text with 2 labels.", ("Invented text.",), ("text", "labels"), (("A", 2),)))
    Labels
    Invented text.
    <BLANKLINE>
    One text with 2 labels.
    <BLANKLINE>
    A: labels 2
    """

    title: str
    description: str
    provenance: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()
    named_by: int = 1
    sparse: bool = False
    _draw: Callable[[], "alt.LayerChart"] | None = field(default=None, compare=False)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw; the description says why."""
        return self._draw is None

    @cached_property
    def spec(self) -> Mapping[str, Any]:
        """The Vega-Lite 5 specification, the same for the same numbers; empty if there is nothing to draw."""
        if self._draw is None:
            return {}
        return finished(self._draw(), title=self.title, caption=self.provenance, description=self.description)

    @cached_property
    def frame(self) -> "pd.DataFrame":
        """The numbers as a pandas DataFrame, one row per `rows`."""
        import pandas as pd

        return pd.DataFrame(list(self.rows), columns=list(self.columns))

    def __str__(self) -> str:
        """Tell everything that the picture shows, for a terminal or a screen reader."""
        parts = ["\n".join([self.title, *self.provenance]), self.description, "\n".join(map(self._told, self.rows))]
        return "\n\n".join(part for part in (*parts, "\n".join(self.notes)) if part)

    def __repr__(self) -> str:
        return f"Picture({self.title!r}: {self.description})"

    def _told(self, row: Row) -> str:
        name = ", ".join(map(_word, row[: self.named_by]))
        values = zip(self.columns[self.named_by :], row[self.named_by :], strict=True)
        told = [f"{column} {_word(value)}" for column, value in values if value != 0 or not self.sparse]
        return f"{name}: {', '.join(told) or 'nothing'}"

    def _repr_mimebundle_(self, **_options: object) -> dict[str, Any]:
        """Give no HTML: JupyterLab would show it in place of the chart."""
        drawn = {MIME: self.spec} if self.spec else {}
        return {**drawn, "text/plain": str(self)}


def _word(value: object) -> str:
    """One value in words; shares have at most three decimals."""
    return f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
