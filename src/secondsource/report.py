"""A comparison for programs and for the command line: which part is compared, and every number with its reason."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from secondsource.agreement import Contingency
from secondsource.case import Case
from secondsource.chains import ChainComparison, compare_chains
from secondsource.comparison import Comparison, compare
from secondsource.errors import FormatError, UnknownNameError
from secondsource.formats import w3c
from secondsource.frames import score_records
from secondsource.gate import kind_of
from secondsource.key import Key
from secondsource.languages import Language
from secondsource.manifest import Manifest, Task
from secondsource.metrics import Scores
from secondsource.ratio import Ratio
from secondsource.spans import LabelSet

__all__ = ["Compared", "comparisons_of", "record"]


class Compared(NamedTuple):
    """What became of a label file.

    Attributes
    ----------
    comparisons : list of Comparison or ChainComparison
        One for each layer.
    left_out : tuple of str
        Layers of which the file has labels that were not compared.
    task : Task or None
        The exercise whose part of the text was compared; None means the whole text.
    """

    comparisons: list[Comparison | ChainComparison]
    left_out: tuple[str, ...]
    task: Task | None


def comparisons_of(
    data: bytes,
    name: str,
    case: Case,
    *,
    whole: bool = False,
    beside: Iterable[Path] = (),
    interface: Language | str = "en",
) -> Compared:
    """Compare a label file with the keys of a case, one comparison per layer that the file uses.

    A file that names an exercise of a course is compared over that exercise's part of the text and its layers,
    unless ``whole`` is set. The course is the one whose ``course.toml`` lies in a folder of ``beside``, or else the
    bundled one. The comparisons are told in the language ``interface``.

    Raises
    ------
    FormatError, MismatchError
        When the file is damaged or belongs to another article.
    """
    labels, _ = w3c.read(data, case.article, case.codebook, name=name)
    used = sorted({span.layer for span in labels.spans})
    task = None if whole else _task_of(labels.exercise, case, beside)
    layers, units = (list(task.layers), task.units or None) if task else (used or list(case.layers), None)
    written = {layer.id for layer in case.codebook.layers if layer.written}  # these are read, and never scored
    keyed = [layer for layer in layers if layer in case.layers and layer not in written]
    if not keyed and written.intersection(layers):
        step = "Read them beside the model answers: run compare() in their exercise."
        raise FormatError(
            "FILE-WRITTEN", name, "its answers are written, and written answers are not scored.", step=step
        )
    keys = f"this case has keys for {', '.join(case.layers) or 'none'}."
    if not keyed and any(case.codebook.layer(layer).scale for layer in layers):
        step = "Look at them with compare() in their exercise."
        raise FormatError("FILE-RATED", name, f"its answers are ratings, and a rating has no key; {keys}", step=step)
    if not keyed:
        raise FormatError("FILE-INVALID", name, f"it has labels of the layers {', '.join(used) or 'none'}; {keys}")
    done = [_compared(labels, case.key(layer), units, interface) for layer in keyed]
    return Compared(done, tuple(layer for layer in used if layer not in keyed), task)


def _compared(
    labels: LabelSet, key: Key, units: Sequence[str] | None, interface: Language | str
) -> Comparison | ChainComparison:
    if kind_of(key.layer) == "chain":
        return compare_chains(labels, key, units, interface)
    return compare(labels, key, units=units, interface=interface)


def _task_of(exercise: str, case: Case, beside: Iterable[Path]) -> Task | None:
    """Return the exercise of that name on the case's text: of a course beside the file, else of the bundled one."""
    for folder in (*(folder for folder in beside if (folder / "course.toml").is_file()), None):
        manifest = Manifest.open(folder)
        try:
            task = manifest.task(exercise)
            if manifest.case(task).article.sha256 == case.article.sha256:
                return task
        except UnknownNameError:
            continue
    return None


def record(comparison: Comparison | ChainComparison) -> dict[str, Any]:
    """Return a comparison as plain data for JSON; undefined numbers are null with a reason."""
    about = {
        "layer": comparison.key.layer.id,
        "exercise": comparison.labels.exercise,
        "provenance": comparison.labels.article.provenance,
        "key_status": comparison.key.provenance.status,
        "counts": dict(comparison.counts),
        "outside": comparison.outside,
    }
    if isinstance(comparison, ChainComparison):
        return {**about, "human": comparison.key.layer.human, "hands": comparison.records()}
    return {
        **about,
        "expected": comparison.expected,
        "counted": _scores(comparison.counted),
        "overlap": _scores(comparison.overlap),
        "baselines": [{"name": b.name, **_scores(b.scores)} for b in comparison.baselines],
        "human": comparison.key.layer.human,
        "scores": [_plain(row) for row in score_records(comparison.measures)],
        "by_label": {label: _table(counts) for label, counts in comparison.measures.contingencies.items()},
        "pairs": comparison.records(),
    }


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """A number and what belongs to it; what is undefined is null."""
    return {name: None if value != value else value for name, value in row.items()}  # NaN differs from itself


def _table(counts: Contingency) -> dict[str, Any]:
    """Units that both, the student and the key gave the label, and what follows from them."""
    return {
        **{"both": counts.both, "student": counts.first, "key": counts.second, "units": counts.units},
        **{name: _ratio(getattr(counts, name)) for name in ("kappa", "positive_agreement", "prevalence")},
    }


def _scores(scores: Scores) -> dict[str, Any]:
    return {name: _ratio(getattr(scores, name)) for name in ("precision", "recall", "f1")}


def _ratio(ratio: Ratio) -> dict[str, Any]:
    return {"value": ratio.value if ratio.defined else None, "reason": ratio.reason}
