"""Whether a comparison may open: decided by what is on disk alone, before anything of the key is read."""

from collections.abc import Sequence
from typing import Literal

from secondsource.codebook import Layer
from secondsource.feedback import waiting
from secondsource.languages import Language
from secondsource.spans import LabelSet, Span

__all__ = ["Kind", "closed", "counted", "kind_of"]

Kind = Literal["labels", "written", "scale", "chain"]


def kind_of(layer: Layer) -> Kind:
    """What is answered in a layer: labels, in words of one's own, on a scale, or the hands of a chain.

    Examples
    --------
    >>> from secondsource.codebook import Codebook
    >>> [kind_of(layer) for layer in Codebook.open("news").layers if layer.id in ("claims", "trust", "chains")]
    ['labels', 'scale', 'chain']
    """
    if layer.scale is not None:
        return "scale"
    return "written" if layer.written else "chain" if layer.relation == "chain" else "labels"


def counted(*kinds: Kind) -> str:
    """Return the entry that counts what is answered; labels, where it is more than one kind of thing.

    Examples
    --------
    >>> counted("scale"), counted("labels", "written")
    ('ratings', 'labels')
    """
    named = {"labels": "labels", "written": "answers", "scale": "ratings", "chain": "hands"}
    return named[kinds[0]] if len(set(kinds)) == 1 else "labels"


def closed(
    labels: LabelSet, layer: Layer, units: Sequence[str], minimum: int, words: Language, *, sorted_: bool = False
) -> str | None:
    """Return what stands in place of the comparison while it is closed; None once it may open.

    Parameters
    ----------
    layer : Layer
        Its labels count.
    units : sequence of str
        Ids of the sentences or cards that are asked; all if empty. Labels outside them do not count.
    minimum : int
        How many labels there must be. Each needs a confidence, a written answer some words, and a hand of a chain all
        its further answers; a rating needs nothing more.
    sorted_ : bool
        Whether whole sentences or cards are sorted, and no passages marked.
    """
    mine = [span for span in labels.spans if span.layer == layer.id]
    inside = [span for span in mine if _asked(span, labels, units)]
    missing = sum(_unfinished(span, layer) for span in inside)
    if len(inside) >= minimum and not missing:
        return None
    kind = kind_of(layer)
    told = waiting(len(inside), missing, minimum, len(mine) - len(inside), units, words, kind=kind)
    if kind == "labels" and not sorted_:
        first = "not_enough" if mine else "not_yet"
    else:
        asked = "sort" if kind == "labels" else kind
        first = f"not_enough_{asked}" if mine else f"not_yet_{asked}"
    return "\n".join([words.say("exercise", first), *told])


def _unfinished(span: Span, layer: Layer) -> bool:
    kind = kind_of(layer)
    if kind == "written":
        return not span.note.strip()
    if kind == "chain":
        return any(asked.id not in span.attributes for asked in layer.attributes_of(span.label))
    return kind == "labels" and span.confidence is None


def _asked(span: Span, labels: LabelSet, units: Sequence[str]) -> bool:
    """Tell whether a label touches the part of the text that is asked about."""
    touched = labels.article.sentences_of(span.start, span.end)
    return not units or any(sentence.id in units for sentence in touched)
