"""How sure readers were, and how often their label was right."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from secondsource.charts.card import MUTED, PADDING, PAPER, wide
from secondsource.charts.material import Compared, comparisons, draft, notes, provenance
from secondsource.charts.outcomes import HIDDEN
from secondsource.charts.picture import Picture, Row
from secondsource.metrics import wilson
from secondsource.metrics.discernment import ENOUGH_RATED, Confidence

if TYPE_CHECKING:
    import altair as alt

__all__ = ["calibration"]

TITLE = "How sure, and how often right"
BLUE = "#0072b2"
BINS = 5
SEVERAL = 6  # up to so many different ratings stand for themselves
COLUMNS = ("sure", "right", "of", "share", "range from", "to")


def calibration(compared: Compared | Iterable[Compared]) -> Picture:
    """Show how often the label was right, for each degree of being sure, with the part that chance plays.

    Below ten rated labels there is a sentence in place of the picture: so few say nothing yet. A label is right when
    the key has or accepts it, on much the same or on other words; open questions and labels without a confidence are
    left out. Ranges are Wilson's (`secondsource.metrics.wilson`).

    Parameters
    ----------
    compared : Comparison, ComparisonView, or several of them
        Several are put together.

    Examples
    --------
    >>> from secondsource.case import Case
    >>> from secondsource.comparison import compare
    >>> key = Case.open("analyst-claims").key("attribution")
    >>> calibration(compare(key.labels, key)).description
    'No labels with a confidence count here. The picture needs 10: fewer say too little.'
    """
    several = comparisons(compared, ("visible", "marks"))
    pairs = [pair for comparison in several for pair in comparison.measures.rated]
    rated = Confidence.of(pairs)
    if not rated.enough:
        told = _few(rated.rated, len(several)) if several else HIDDEN
        return Picture(TITLE, told, provenance(*several), draft=draft(*several))
    rows = _bins(pairs)
    return Picture(
        TITLE,
        _description(rated, len(several)),
        provenance(*several),
        COLUMNS,
        rows,
        tuple(_told(row) for row in rows),
        ("By chance: the share could be anywhere between these two by chance alone.", *notes(*several)),
        draft(*several),
        _draw=lambda: _drawn(rows),
    )


def _bins(pairs: Sequence[tuple[float, int]]) -> tuple[Row, ...]:
    """One row for each rating, or for each fifth of the scale where there are many different ones."""
    pairs = sorted((round(p, 6), y) for p, y in pairs)  # 0.1 + 0.2 is 0.3
    few = len({p for p, _ in pairs}) <= SEVERAL
    groups: dict[float, list[tuple[float, int]]] = {}
    for p, y in pairs:
        groups.setdefault(p if few else min(int(p * BINS), BINS - 1), []).append((p, y))
    return tuple(_bin(group) for _, group in sorted(groups.items()))


def _bin(group: Sequence[tuple[float, int]]) -> Row:
    right, size = sum(y for _, y in group), len(group)
    sure = float(sum((Fraction(str(p)) for p, _ in group), Fraction()) / size)
    return (sure, right, size, right / size, *wilson(right, size))


def _few(number: int, readers: int) -> str:
    which = "No" if number == 0 else f"{number} of your" if readers == 1 else str(number)
    kind = "label" if number == 1 and readers > 1 else "labels"
    count = "counts" if number == 1 else "count"
    return f"{which} {kind} with a confidence {count} here. The picture needs {ENOUGH_RATED}: fewer say too little."


def _description(rated: Confidence, readers: int) -> str:
    right, sure = round(100 * rated.right.value), round(100 * rated.sure.value)
    cases = f"{rated.rated} labels with a confidence"
    if readers == 1:
        return f"Your label agreed with the key’s in {right} % of {cases}, and you were {sure} % sure on average."
    return f"Of {cases} from {readers} readers, {right} % agreed with the key’s. They were {sure} % sure on average."


def _drawn(rows: Sequence[Row]) -> "alt.LayerChart":
    import altair as alt

    fields = ("sure", "right", "of", "share", "low", "high")
    values = [
        {**dict(zip(fields, row, strict=True)), "said": f"{row[1]} of {row[2]}", "told": _told(row)} for row in rows
    ]
    across, up = _scale("sure", "How sure"), _scale("share", "How often right")
    base = alt.Chart(alt.InlineData(values=values)).encode(alt.X(**across))
    span = base.mark_rule(strokeWidth=3, color=BLUE, opacity=0.45, aria=False).encode(alt.Y("low:Q"), alt.Y2("high:Q"))
    point = base.mark_circle(size=120, color=BLUE, opacity=1).encode(
        alt.Y(**up), tooltip=alt.Tooltip("told:N"), description=alt.Description("told:N")
    )
    style: dict[str, Any] = {"aria": False, "baseline": "bottom", "dy": -5}
    said = base.encode(alt.Y("high:Q"), alt.Text("said:N"))
    numbers = [said.mark_text(**style, stroke=PAPER, strokeWidth=4), said.mark_text(**style)]
    layers = [*_as_sure_as_right(alt.X(**across), alt.Y(**up)), span, point, *numbers]
    return wide(alt.layer(*layers), PADDING + 76).properties(height=260)


def _scale(field: str, title: str) -> dict[str, Any]:
    import altair as alt

    percent = "round(100 * datum.value) + ' %'"
    axis = alt.Axis(title=title, labelExpr=percent, labelFlush=False, values=[0, 0.2, 0.4, 0.6, 0.8, 1])
    return {"field": field, "type": "quantitative", "axis": axis, "scale": alt.Scale(domain=[0, 1])}


def _as_sure_as_right(across: "alt.X", up: "alt.Y") -> "list[alt.Chart]":
    """Draw the line on which being sure and being right go together, and its name."""
    import altair as alt

    ends = alt.Chart(alt.InlineData(values=[{"sure": 0, "share": 0}, {"sure": 1, "share": 1}]))
    line = ends.mark_line(strokeDash=[5, 4], color=MUTED, strokeWidth=1.5, aria=False)
    place = alt.Chart(alt.InlineData(values=[{"sure": 0.06, "share": 0.02, "said": "dashed: as sure as right"}]))
    name = place.mark_text(aria=False, align="left", baseline="bottom", color=MUTED, fontStyle="italic")
    return [line.encode(across, up), name.encode(across, up, alt.Text("said:N"))]


def _told(row: Row) -> str:
    sure, share, low, high = (f"{100 * float(str(row[i])):.0f}" for i in (0, 3, 4, 5))
    return f"{sure} % sure: right {row[1]} of {row[2]}, {share} %; by chance {low} to {high} %"
