"""A picture: a Vega-Lite specification together with everything it shows, in words and as a table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from secondsource.charts.card import MIME, finished
from secondsource.languages import Language, language

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
        Names of the values of a row.
    rows : tuple of tuple
        The exact numbers, in the order in which they are told.
    told : tuple of str
        Each row in words, with whole numbers.
    notes : tuple of str
        What must be known to read the numbers.
    draft : bool
        Whether a key is a draft: drawn under the title, and told once in words.

    Examples
    --------
    >>> rows = {"columns": ("text", "labels"), "rows": (("A", 2),), "told": ("A: 2 labels",)}
    >>> print(Picture("Labels", "One text with 2 labels.", ("Invented text.",), **rows))
    Labels
    Invented text.
    <BLANKLINE>
    One text with 2 labels.
    <BLANKLINE>
    A: 2 labels
    """

    title: str
    description: str
    provenance: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    told: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    draft: bool = False
    _draw: Callable[[], "alt.LayerChart"] | None = field(default=None, compare=False)
    _words: Language = field(default_factory=language, compare=False)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw; the description says why."""
        return self._draw is None

    @cached_property
    def spec(self) -> Mapping[str, Any]:
        """The Vega-Lite 5 specification, the same for the same numbers; empty if there is nothing to draw."""
        if self._draw is None:
            return {}
        caption = (*self.provenance, *([self._drafted] if self.draft else []))
        return finished(self._draw(), title=self.title, caption=caption, description=self.description)

    @cached_property
    def frame(self) -> "pd.DataFrame":
        """The numbers as a pandas DataFrame, one row per `rows`."""
        import pandas as pd

        return pd.DataFrame(list(self.rows), columns=list(self.columns))

    def __str__(self) -> str:
        """Tell everything that the picture shows, for a terminal or a screen reader."""
        said = any("draft" in note.lower() for note in self.notes)  # the key’s own statement mostly says so
        heading = [self.title, *self.provenance, *([self._drafted] if self.draft and not said else [])]
        parts = ("\n".join(heading), self.description, "\n".join(self.told), "\n".join(self.notes))
        return "\n\n".join(part for part in parts if part)

    @property
    def _drafted(self) -> str:
        return self._words.say("pictures", "draft")

    def __repr__(self) -> str:
        return f"Picture({self.title!r}: {self.description})"

    def _repr_mimebundle_(self, **_options: object) -> dict[str, Any]:
        """Give no HTML: JupyterLab would show it in place of the chart."""
        drawn = {MIME: self.spec} if self.spec else {}
        return {**drawn, "text/plain": str(self)}
