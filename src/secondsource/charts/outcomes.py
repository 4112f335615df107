"""What became of the labels: sentence by sentence along the text, and label by label beside the key."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from secondsource.charts.card import Labels, tiles
from secondsource.charts.material import Compared, comparisons, draft, names, notes, provenance, told_in
from secondsource.charts.picture import Picture
from secondsource.comparison import Comparison
from secondsource.feedback import outcome_names
from secondsource.languages import Language
from secondsource.matching import OUTCOMES, Outcome, Pair

if TYPE_CHECKING:
    import altair as alt

__all__ = ["article_map", "confusion", "place"]

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
NAMED = 5  # sentences at the most, where several have the most differences
LONG = 60  # sentences: from here on the rows stand closer
MISSED, NOT_IN_KEY = "(missed)", "(extra)"  # no id of a label has brackets
SAME, ALSO, OTHER, ALONE = "same", "accepted", "other", "alone"  # how the two labels go together
KINDS = {SAME: "#00775a", ALSO: "#0072b2", OTHER: "#c04f00", ALONE: "#5a5a5a"}
MIXED, BETWEEN = "mixed", "#6a51a3"  # a tile in which the key accepts the label at one place and not at another

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
    words = told_in(several)
    title = _title(several, "map_yours", "map_readers", words)
    if not any(comparison.rows for comparison in several):
        return nothing(title, several, words)
    asked = [s.id for s in several[0].labels.article.sentences if any(s in c.sentences for c in several)]
    counts = Counter((c.sentence_of(row).id, row.outcome) for c in several for row in c.rows)
    known = {*asked, *(sid for sid, _ in counts)}
    asked = [s.id for s in several[0].labels.article.sentences if s.id in known]
    return Picture(
        title,
        _map_description(title, counts, asked, words),
        provenance(*several),
        (words.say("pictures", "column_sentence"), *outcome_names(words).values()),
        tuple((sid, *(counts[sid, outcome] for outcome in OUTCOMES)) for sid in asked),
        tuple(_told_sentence(sid, counts, words) for sid in asked),
        notes(*several),
        draft(*several),
        _draw=lambda: _drawn_map(asked, counts, words),
        _words=words,
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
    words = told_in(several)
    title = _title(several, "labels_yours", "labels_readers", words)
    counts = Counter(_cell(row) for comparison in several for row in comparison.rows if row.scored)
    if not counts:
        return nothing(title, several, words)
    layer = several[0].key.layer
    told = outcome_names(words)
    called = {**names(layer), MISSED: told["missed"], NOT_IN_KEY: told["extra"]}
    kinds = {kind: words.say("pictures", kind) for kind in (*KINDS, MIXED)}
    order = [*called, *KINDS]
    cells = sorted(counts, key=lambda cell: [order.index(part) for part in cell])
    return Picture(
        title,
        _confusion_description(title, counts, words),
        provenance(*several),
        tuple(words.say("pictures", f"column_{column}") for column in ("yours", "key", "together", "times")),
        tuple((called[mine], called[theirs], kinds[kind], counts[mine, theirs, kind]) for mine, theirs, kind in cells),
        tuple(_told_cell(called, cell, counts[cell], words) for cell in cells),
        notes(*several),
        draft(*several),
        _draw=lambda: _drawn_confusion(called, counts, kinds, words),
        _words=words,
    )


def nothing(title: str, several: Sequence[Comparison], words: Language) -> Picture:
    """Say kindly that there is nothing to draw, or that it is not shown yet."""
    told = words.say("pictures", "nothing" if several else "hidden")
    return Picture(title, told, provenance(*several), draft=draft(*several), _words=words)


def _title(several: Sequence[Comparison], one: str, more: str, words: Language) -> str:
    return words.say("pictures", one if len(several) < 2 else more, readers=len(several))


def place(sid: str, words: Language) -> str:
    """Name a sentence in a text, where its id alone may not say enough."""
    return words.say("pictures", "headline_place") if sid == "H" else sid


def _map_description(title: str, counts: Counter[tuple[str, Outcome]], asked: Sequence[str], words: Language) -> str:
    often = {name: sum(counts[sid, outcome] for sid in asked) for outcome, name in outcome_names(words).items()}
    told = [words.say("pictures", "map_outcome", count=count, name=name) for name, count in often.items() if count]
    return words.say(
        "pictures",
        "map_told",
        title=title,
        sentences=words.say("pictures", "sentences", count=len(asked)),
        outcomes=", ".join(told),
        most=_most_differences(counts, asked, words),
    )


def _most_differences(counts: Counter[tuple[str, Outcome]], asked: Sequence[str], words: Language) -> str:
    differ = {sid: sum(n for (at, outcome), n in counts.items() if at == sid and outcome in DIFFER) for sid in asked}
    most = max(differ.values())
    *others, last = (place(sid, words) for sid in asked if differ[sid] == most)
    if not most:
        return words.say("pictures", "nothing_differs")
    if len(others) >= NAMED:
        spread = words.say("pictures", "sentences", count=len(others) + 1)
        return words.say("pictures", "most_many", sentences=spread)
    if not others:
        return words.say("pictures", "most_one", place=last)
    return words.say("pictures", "most_several", places=", ".join(others), last=last)


def _told_sentence(sid: str, counts: Counter[tuple[str, Outcome]], words: Language) -> str:
    told = [
        words.say("pictures", "map_sentence_outcome", name=name, count=counts[sid, outcome])
        for outcome, name in outcome_names(words).items()
        if counts[sid, outcome]
    ]
    key = "map_sentence" if told else "map_sentence_nothing"
    return words.say("pictures", key, place=place(sid, words), outcomes=", ".join(told))


def _drawn_map(asked: Sequence[str], counts: Counter[tuple[str, Outcome]], words: Language) -> "alt.LayerChart":
    named = outcome_names(words)
    rows = Labels({sid: sid for sid in asked})
    columns = Labels({str(outcome): name for outcome, name in named.items()}, length=10)
    most = max(counts.values())
    values = [
        {
            "row": rows[sid],
            "column": columns[outcome],
            "kind": outcome,
            "share": counts[sid, outcome] / most,
            "said": str(counts[sid, outcome]),
            "told": words.say(
                "pictures",
                "map_sentence",
                place=place(sid, words),
                outcomes=words.say("pictures", "map_sentence_outcome", name=name, count=counts[sid, outcome]),
            ),
        }
        for sid in asked
        for outcome, name in named.items()
        if counts[sid, outcome]
    ]
    kinds = {str(outcome): colour for outcome, colour in COLOURS.items()}
    return tiles(values, rows=rows, columns=columns, kinds=kinds, step=20 if len(asked) <= LONG else 14)


def _cell(row: Pair) -> _Cell:
    mine, theirs = row.mark.label if row.mark else MISSED, row.key.span.label if row.key else NOT_IN_KEY
    if row.mark is None or row.key is None:
        return mine, theirs, ALONE
    return mine, theirs, SAME if mine == theirs else ALSO if row.key.accepts(mine) else OTHER


def _confusion_description(title: str, counts: Counter[_Cell], words: Language) -> str:
    often = {kind: sum(n for cell, n in counts.items() if cell[2] == kind) for kind in KINDS}
    missed = sum(n for cell, n in counts.items() if cell[0] == MISSED)
    return words.say("pictures", "labels_told", title=title, missed=missed, extra=often[ALONE] - missed, **often)


def _told_cell(called: Mapping[str, str], cell: _Cell, number: int, words: Language) -> str:
    mine, theirs, kind = cell
    times = words.say("pictures", "times", count=number)
    if kind == ALONE:
        edge, label = (mine, theirs) if mine == MISSED else (theirs, mine)
        return words.say("pictures", "labels_cell_alone", outcome=called[edge], label=called[label], times=times)
    key = "labels_cell_accepted" if kind == ALSO else "labels_cell"
    return words.say("pictures", key, yours=called[mine], key=called[theirs], times=times)


def _drawn_confusion(
    called: Mapping[str, str], counts: Counter[_Cell], kinds: Mapping[str, str], words: Language
) -> "alt.LayerChart":
    used = {label for mine, theirs, _ in counts for label in (mine, theirs)}
    labels = {label: name for label, name in called.items() if label in used and label not in (MISSED, NOT_IN_KEY)}
    rows = Labels({**labels, MISSED: called[MISSED]})
    columns = Labels({**labels, NOT_IN_KEY: called[NOT_IN_KEY]})
    most = max(counts.values())
    values = []
    for mine, theirs in sorted({(mine, theirs) for mine, theirs, _ in counts}):
        here = {kind: counts[mine, theirs, kind] for kind in KINDS if counts[mine, theirs, kind]}
        told = [_told_cell(called, (mine, theirs, kind), number, words) for kind, number in here.items()]
        values.append(
            {
                "row": rows[mine],
                "column": columns[theirs],
                "kind": kinds[MIXED if len(here) > 1 else next(iter(here))],
                "share": min(1, sum(here.values()) / most),
                "said": " + ".join(str(number) for number in here.values()),
                "told": ". ".join(told),
            }
        )
    corner = [words.say("pictures", f"corner_{side}") for side in ("key", "yours")]
    colours = {kinds[kind]: colour for kind, colour in KINDS.items()}
    if any(value["kind"] == kinds[MIXED] for value in values):
        colours[kinds[MIXED]] = BETWEEN
    return tiles(values, rows=rows, columns=columns, kinds=colours, step=34, corner=corner, legend=True)
