"""What pictures are made of: comparisons, label sets and keys, taken as they come and checked once."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from secondsource.article import Article
from secondsource.codebook import Layer
from secondsource.comparison import Comparison
from secondsource.errors import MismatchError, message
from secondsource.key import Key
from secondsource.languages import Language, language
from secondsource.spans import LabelSet, Span

__all__ = [
    "Compared",
    "Labelled",
    "View",
    "comparisons",
    "draft",
    "layer_of",
    "names",
    "notes",
    "provenance",
    "same_article",
    "spans_of",
    "told_in",
]


class View(Protocol):
    """A widget that shows a comparison."""

    @property
    def comparison(self) -> Comparison:
        """The comparison that it shows."""


Compared = Comparison | View
Labelled = LabelSet | Key


def comparisons(given: "Compared | Iterable[Compared]", levels: Sequence[str] = ("visible",)) -> list[Comparison]:
    """All comparisons, of one article and layer; none if a view hides what the picture would show.

    Raises
    ------
    MismatchError
        When they are about different articles or layers.
    """
    several = list(given) if isinstance(given, Iterable) else [given]
    if any(getattr(view, "level", "visible") not in levels for view in several):
        return []
    made = [item if isinstance(item, Comparison) else item.comparison for item in several]
    if len({(c.labels.article.sha256, c.key.layer.id) for c in made}) > 1:
        raise _mismatch("These comparisons are about different articles or layers.")
    return made


def told_in(several: Sequence[Comparison]) -> Language:
    """Return the language in which the first of them is told; English if there are none."""
    return several[0].words if several else language()


def same_article(*labelled: Labelled) -> Article:
    """Return the article that all are about; `MismatchError` if there are several."""
    if len({one.article.sha256 for one in labelled}) > 1:
        raise _mismatch("These labels are about different articles.")
    return labelled[0].article


def spans_of(labelled: Labelled, layer: str) -> list[Span]:
    """Spans of a layer; what a key leaves open is not among them."""
    if isinstance(labelled, Key):
        return [entry.span for entry in labelled.spans if entry.span.layer == layer and entry.tier != "contested"]
    return [span for span in labelled.spans if span.layer == layer]


def layer_of(labelled: Labelled, layer: str) -> Layer:
    """Return the layer with this id in the codebook of the labels."""
    return (labelled.labels if isinstance(labelled, Key) else labelled).codebook.layer(layer)


def names(layer: Layer) -> dict[str, str]:
    """Names of the labels of a layer, in the codebook's order; one that two labels share is told with the id.

    Examples
    --------
    >>> from secondsource.codebook import Codebook
    >>> names(Codebook.open("news").layer("attribution"))
    {'SOURCE': 'Source', 'CUE': 'Cue', 'CONTENT': 'Content'}
    """
    told = [" ".join(label.name.split()) for label in layer.labels]
    return {
        label.id: name if told.count(name) == 1 else f"{name} ({label.id})"
        for label, name in zip(layer.labels, told, strict=True)
    }


def provenance(*labelled: Comparison | Labelled) -> tuple[str, ...]:
    """Labels of the articles, each once."""
    articles = [(one.labels if isinstance(one, Comparison) else one).article for one in labelled]
    return tuple(dict.fromkeys(article.provenance for article in articles if article.provenance.strip()))


def draft(*labelled: Comparison | Labelled) -> bool:
    """Whether a key is a draft."""
    return any(key.provenance.status == "draft" for key in _keys(labelled))


def notes(*labelled: Comparison | Labelled) -> tuple[str, ...]:
    """What the keys say about how they were made, each statement once."""
    return tuple(dict.fromkeys(key.provenance.statement for key in _keys(labelled)))


def _keys(labelled: Iterable[Comparison | Labelled]) -> list[Key]:
    keys = [one.key if isinstance(one, Comparison) else one for one in labelled]
    return [key for key in keys if isinstance(key, Key)]


def _mismatch(happened: str) -> MismatchError:
    step = "Take labels of the same article, made with the same codebook."
    return MismatchError(message("VERSION-ARTICLE", happened, "Nothing was drawn.", step))
