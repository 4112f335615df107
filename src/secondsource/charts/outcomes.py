"""What became of the labels: sentence by sentence along the text, and label by label beside the key."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from secondsource.charts.card import Labels, tiles
from secondsource.charts.material import Compared, comparisons, draft, many, names, notes, place, provenance
from secondsource.charts.picture import Picture
from secondsource.comparison import Comparison
from secondsource.feedback import NAMES
from secondsource.matching import Outcome, Pair

if TYPE_CHECKING:
    import altair as alt

__all__ = ["HIDDEN", "article_map", "confusion"]

# Dark enough for a line on white; place and number say the same without them.
COLOURS: dict[Outcome, str] = {
    "matched": "#00775a",
    "accepted": "#1f7f8c",
    "boundary": "#0072b2",
    "relabelled": "#6a51a3",
    "missed": "#b3263c",
    "extra": "#946400",
    "distractor": "#c04f00",
    "contested": "#5a5a5a",
}
DIFFER = frozenset(COLOURS) - {"matched", "accepted", "contested"}  # an open question is no difference
LONG = 60  # sentences: from here on the rows stand closer
MISSED, NOT_IN_KEY = "(missed)", "(extra)"  # no id of a label has brackets
SAME, ALSO, OTHER, ALONE = "The same label", "Another label that the key accepts", "Another label", "On one side only"
KINDS = {SAME: "#00775a", ALSO: "#0072b2", OTHER: "#c04f00", ALONE: "#5a5a5a"}
HIDDEN = "Your labels are saved. Your instructor will show this picture."

_Cell = tuple[str, str, str]  # the student's label, the key's label, and how they go together


def article_map(compared: Compared | Iterable[Compared]) -> Picture:
    """Show where in the article labels met the key: one row per sentence, one column per outcome.

    Parameters
    ----------
    compared : Comparison, ComparisonView, or several of them
        Several are added up.

    Examples
    --------
    >>> from secondsource.case import Case
    >>> from secondsource.comparison import compare
    >>> key = Case.open("analyst-claims").key("attribution")
    >>> article_map(compare(key.labels, key, units=["S1"])).description
    'Where your labels met the key, in 1 sentence: 3 Matched. Nothing differs.'
    """
    several = comparisons(compared, ("visible", "marks"))
    title = f"Where {_whose(several)} met the key"
    if not any(comparison.rows for comparison in several):
        return nothing(title, several)
    asked = [s.id for s in several[0].labels.article.sentences if any(s in c.sentences for c in several)]
    counts = Counter((c.sentence_of(row).id, row.outcome) for c in several for row in c.rows)
    known = {*asked, *(sid for sid, _ in counts)}
    asked = [s.id for s in several[0].labels.article.sentences if s.id in known]
    return Picture(
        title,
        _map_description(title, counts, asked),
        provenance(*several),
        ("sentence", *NAMES.values()),
        tuple((sid, *(counts[sid, outcome] for outcome in NAMES)) for sid in asked),
        tuple(_told_sentence(sid, counts) for sid in asked),
        notes(*several),
        draft(*several),
        _draw=lambda: _drawn_map(asked, counts),
    )


def confusion(compared: Compared | Iterable[Compared]) -> Picture:
    """Show which label was given where the key has which.

    Parameters
    ----------
    compared : Comparison, ComparisonView, or several of them
        Several are added up. Open questions are left out; a label on other words than the key's is counted with its
        label, because labels are what is looked at here.

    Examples
    --------
    >>> from secondsource.case import Case
    >>> from secondsource.comparison import compare
    >>> key = Case.open("analyst-claims").key("attribution")
    >>> confusion(compare(key.labels, key, units=["S1"])).rows
    (('Source', 'Source', 'The same label', 1), ('Cue', 'Cue', 'The same label', 1), ...)
    """
    several = comparisons(compared)
    title = f"{_whose(several).capitalize()} beside the key’s"
    counts = Counter(_cell(row) for comparison in several for row in comparison.rows if row.scored)
    if not counts:
        return nothing(title, several)
    layer = several[0].key.layer
    called = {**names(layer), MISSED: NAMES["missed"], NOT_IN_KEY: NAMES["extra"]}
    order = [*called, *KINDS]
    cells = sorted(counts, key=lambda cell: [order.index(part) for part in cell])
    return Picture(
        title,
        _confusion_description(title, counts),
        provenance(*several),
        ("your label", "the key’s label", "together", "times"),
        tuple((called[mine], called[theirs], kind, counts[mine, theirs, kind]) for mine, theirs, kind in cells),
        tuple(_told_cell(called, cell, counts[cell]) for cell in cells),
        notes(*several),
        draft(*several),
        _draw=lambda: _drawn_confusion(called, counts),
    )


def nothing(title: str, several: Sequence[Comparison]) -> Picture:
    """Say kindly that there is nothing to draw, or that it is not shown yet."""
    told = "There is nothing to draw yet: no labels, and the key expects nothing here." if several else HIDDEN
    return Picture(title, told, provenance(*several), draft=draft(*several))


def _whose(several: Sequence[Comparison]) -> str:
    return "your labels" if len(several) < 2 else f"the labels of {len(several)} readers"


def _map_description(title: str, counts: Counter[tuple[str, Outcome]], asked: Sequence[str]) -> str:
    often = {name: sum(counts[sid, outcome] for sid in asked) for outcome, name in NAMES.items()}
    told = ", ".join(f"{number} {name}" for name, number in often.items() if number)
    return f"{title}, in {many(len(asked), 'sentence')}: {told}. {_most_differences(counts, asked)}"


def _most_differences(counts: Counter[tuple[str, Outcome]], asked: Sequence[str]) -> str:
    differ = {sid: sum(n for (at, outcome), n in counts.items() if at == sid and outcome in DIFFER) for sid in asked}
    most = max(differ.values())
    *others, last = (place(sid) for sid in asked if differ[sid] == most)
    if not most:
        return "Nothing differs."
    return (
        f"{', '.join(others)} and {last} have the most differences." if others else f"{last} has the most differences."
    )


def _told_sentence(sid: str, counts: Counter[tuple[str, Outcome]]) -> str:
    told = ", ".join(f"{name} {counts[sid, outcome]}" for outcome, name in NAMES.items() if counts[sid, outcome])
    return f"{place(sid)}: {told or 'nothing'}"


def _drawn_map(asked: Sequence[str], counts: Counter[tuple[str, Outcome]]) -> "alt.LayerChart":
    rows, columns = (
        Labels({sid: sid for sid in asked}),
        Labels({str(outcome): name for outcome, name in NAMES.items()}, length=10),
    )
    most = max(counts.values())
    values = [
        {
            "row": rows[sid],
            "column": columns[outcome],
            "kind": outcome,
            "share": counts[sid, outcome] / most,
            "said": str(counts[sid, outcome]),
            "told": f"{place(sid)}: {NAMES[outcome]} {counts[sid, outcome]}",
        }
        for sid in asked
        for outcome in NAMES
        if counts[sid, outcome]
    ]
    kinds = {str(outcome): colour for outcome, colour in COLOURS.items()}
    return tiles(values, rows=rows, columns=columns, kinds=kinds, step=20 if len(asked) <= LONG else 14)


def _cell(row: Pair) -> _Cell:
    mine, theirs = row.mark.label if row.mark else MISSED, row.key.span.label if row.key else NOT_IN_KEY
    if row.mark is None or row.key is None:
        return mine, theirs, ALONE
    return mine, theirs, SAME if mine == theirs else ALSO if row.key.accepts(mine) else OTHER


def _confusion_description(title: str, counts: Counter[_Cell]) -> str:
    often = {kind: sum(n for cell, n in counts.items() if cell[2] == kind) for kind in KINDS}
    missed = sum(n for cell, n in counts.items() if cell[0] == MISSED)
    met = f"Same label: {often[SAME]}. {ALSO}: {often[ALSO]}. {OTHER}: {often[OTHER]}."
    return f"{title}. {met} {NAMES['missed']}: {missed}. {NAMES['extra']}: {often[ALONE] - missed}."


def _told_cell(called: Mapping[str, str], cell: _Cell, number: int) -> str:
    mine, theirs, kind = cell
    times = many(number, "time")
    if kind == ALONE:
        edge, label = (mine, theirs) if mine == MISSED else (theirs, mine)
        return f"{called[edge]}: {called[label]}, {times}"
    return f"You: {called[mine]}. The key: {called[theirs]}{', and it accepts yours' if kind == ALSO else ''}. {times}"


def _drawn_confusion(called: dict[str, str], counts: Counter[_Cell]) -> "alt.LayerChart":
    used = {label for mine, theirs, _ in counts for label in (mine, theirs)}
    labels = {label: name for label, name in called.items() if label in used and label not in (MISSED, NOT_IN_KEY)}
    rows = Labels({**labels, MISSED: called[MISSED]})
    columns = Labels({**labels, NOT_IN_KEY: called[NOT_IN_KEY]})
    most = max(counts.values())
    values = []
    for mine, theirs in sorted({(mine, theirs) for mine, theirs, _ in counts}):
        here = {kind: counts[mine, theirs, kind] for kind in KINDS if counts[mine, theirs, kind]}
        values.append(
            {
                "row": rows[mine],
                "column": columns[theirs],
                "kind": list(here)[-1],
                "share": min(1, sum(here.values()) / most),
                "said": str(sum(here.values())),
                "told": ". ".join(_told_cell(called, (mine, theirs, kind), number) for kind, number in here.items()),
            }
        )
    corner = ("The key’s label →", "Your label ↓")
    return tiles(values, rows=rows, columns=columns, kinds=KINDS, step=34, corner=corner, legend=True)
