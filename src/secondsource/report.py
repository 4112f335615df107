"""A comparison for programs and for the command line: which part is compared, and every number with its reason."""

from typing import Any

from secondsource.case import Case
from secondsource.comparison import Comparison, compare
from secondsource.errors import FormatError, UnknownNameError
from secondsource.formats import w3c
from secondsource.manifest import Manifest
from secondsource.metrics import Ratio, Scores

__all__ = ["comparisons_of", "record"]


def comparisons_of(
    data: bytes, name: str, case: Case, *, whole: bool = False
) -> tuple[list[Comparison], tuple[str, ...]]:
    """Compare a label file with the keys of a case.

    A file that names an exercise of the course is compared over that exercise's part of the text and its layers,
    unless ``whole`` is set.

    Returns
    -------
    list of Comparison
        One for each layer.
    tuple of str
        Layers of which the file has labels that were not compared.

    Raises
    ------
    FormatError, MismatchError
        When the file is damaged or belongs to another article.
    """
    labels, _ = w3c.read(data, case.article, case.codebook, name=name)
    used = sorted({span.layer for span in labels.spans})
    layers, units = used, None
    try:
        task = Manifest.open().task(labels.exercise)
    except UnknownNameError:
        task = None
    if task is not None and task.case == case.id and not whole:
        layers, units = list(task.layers), task.units or None
    keyed = [layer for layer in layers if layer in case.layers]
    if not keyed:
        told = f"it has labels of the layers {', '.join(layers)}" if layers else "it holds no labels"
        raise FormatError("FILE-INVALID", name, f"{told}; this case has keys for {', '.join(case.layers) or 'none'}.")
    done = [compare(labels, case.key(layer), units=units) for layer in keyed]
    return done, tuple(layer for layer in used if layer not in keyed)


def record(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as plain data for JSON; undefined numbers are null with a reason."""
    return {
        "layer": comparison.key.layer.id,
        "exercise": comparison.labels.exercise,
        "provenance": comparison.labels.article.provenance,
        "key_status": comparison.key.provenance.status,
        "counts": dict(comparison.counts),
        "expected": comparison.expected,
        "outside": comparison.outside,
        "counted": _scores(comparison.counted),
        "overlap": _scores(comparison.overlap),
        "baselines": [{"name": b.name, **_scores(b.scores)} for b in comparison.baselines],
        "human": comparison.key.layer.human,
        "pairs": comparison.records(),
    }


def _scores(scores: Scores) -> dict[str, Any]:
    return {name: _ratio(getattr(scores, name)) for name in ("precision", "recall", "f1")}


def _ratio(ratio: Ratio) -> dict[str, Any]:
    return {"value": ratio.value if ratio.defined else None, "reason": ratio.reason}
