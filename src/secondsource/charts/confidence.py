"""How sure readers were, and how often their label was right."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from secondsource.charts.card import MUTED, PADDING, PAPER, wide
from secondsource.charts.material import Compared, comparisons, draft, notes, provenance, told_in
from secondsource.charts.picture import Picture, Row
from secondsource.languages import Language
from secondsource.metrics import wilson
from secondsource.metrics.discernment import ENOUGH_RATED, Confidence

if TYPE_CHECKING:
    import altair as alt

__all__ = ["calibration"]

BLUE = "#0072b2"
BINS = 5
SEVERAL = 6  # up to so many different ratings stand for themselves


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
    rated, words = Confidence.of(pairs), told_in(several)
    title = words.say("pictures", "sure_title")
    if not rated.enough:
        told = _few(rated.rated, len(several), words) if several else words.say("pictures", "hidden")
        return Picture(title, told, provenance(*several), draft=draft(*several), _words=words)
    rows = _bins(pairs)
    return Picture(
        title,
        _description(rated, len(several), words),
        provenance(*several),
        tuple(words.table("pictures")["sure_columns"]),
        rows,
        tuple(_told(row, words) for row in rows),
        (words.say("pictures", "sure_chance"), *notes(*several)),
        draft(*several),
        _draw=lambda: _drawn(rows, words),
        _words=words,
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


def _few(number: int, readers: int, words: Language) -> str:
    key = "sure_none" if number == 0 else "sure_few_yours" if readers == 1 else "sure_few_readers"
    return words.say("pictures", key, count=number, needed=ENOUGH_RATED)


def _description(rated: Confidence, readers: int, words: Language) -> str:
    right, sure = round(100 * rated.right.value), round(100 * rated.sure.value)
    key = "sure_yours" if readers == 1 else "sure_readers"
    return words.say("pictures", key, right=right, count=rated.rated, sure=sure, readers=readers)


def _drawn(rows: Sequence[Row], words: Language) -> "alt.LayerChart":
    import altair as alt

    fields = ("sure", "right", "of", "share", "low", "high")
    values = [
        {
            **dict(zip(fields, row, strict=True)),
            "said": words.say("pictures", "sure_point", right=row[1], of=row[2]),
            "told": _told(row, words),
        }
        for row in rows
    ]
    across, up = _scale("sure", "sure_across", words), _scale("share", "sure_up", words)
    base = alt.Chart(alt.InlineData(values=values)).encode(alt.X(**across))
    span = base.mark_rule(strokeWidth=3, color=BLUE, opacity=0.45, aria=False).encode(alt.Y("low:Q"), alt.Y2("high:Q"))
    point = base.mark_circle(size=120, color=BLUE, opacity=1).encode(
        alt.Y(**up), tooltip=alt.Tooltip("told:N"), description=alt.Description("told:N")
    )
    style: dict[str, Any] = {"aria": False, "baseline": "bottom", "dy": -5}
    said = base.encode(alt.Y("high:Q"), alt.Text("said:N"))
    numbers = [said.mark_text(**style, stroke=PAPER, strokeWidth=4), said.mark_text(**style)]
    layers = [*_as_sure_as_right(alt.X(**across), alt.Y(**up), words), span, point, *numbers]
    return wide(alt.layer(*layers), PADDING + 76).properties(height=260)


def _scale(field: str, title: str, words: Language) -> dict[str, Any]:
    import altair as alt

    sign = words.say("pictures", "percent").replace("\\", "").replace("'", "’")  # it stays inside its marks
    percent = f"round(100 * datum.value) + '{sign}'"
    axis = alt.Axis(
        title=words.say("pictures", title), labelExpr=percent, labelFlush=False, values=[0, 0.2, 0.4, 0.6, 0.8, 1]
    )
    return {"field": field, "type": "quantitative", "axis": axis, "scale": alt.Scale(domain=[0, 1])}


def _as_sure_as_right(across: "alt.X", up: "alt.Y", words: Language) -> "list[alt.Chart]":
    """Draw the line on which being sure and being right go together, and its name."""
    import altair as alt

    ends = alt.Chart(alt.InlineData(values=[{"sure": 0, "share": 0}, {"sure": 1, "share": 1}]))
    line = ends.mark_line(strokeDash=[5, 4], color=MUTED, strokeWidth=1.5, aria=False)
    said = words.say("pictures", "sure_line")
    place = alt.Chart(alt.InlineData(values=[{"sure": 0.06, "share": 0.02, "said": said}]))
    name = place.mark_text(aria=False, align="left", baseline="bottom", color=MUTED, fontStyle="italic")
    return [line.encode(across, up), name.encode(across, up, alt.Text("said:N"))]


def _told(row: Row, words: Language) -> str:
    sure, share, low, high = (f"{100 * float(str(row[i])):.0f}" for i in (0, 3, 4, 5))
    values = {"sure": sure, "right": row[1], "of": row[2], "share": share, "low": low, "high": high}
    return words.say("pictures", "sure_row", **values)
