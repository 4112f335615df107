"""A person's ratings before and after, beside each other."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from secondsource.charts.card import INK, MUTED, PADDING, PAPER, Labels, beside, wide
from secondsource.charts.picture import Picture
from secondsource.languages import Language
from secondsource.ratings import Moved, Ratings, ends, moved, moved_told, place_name

if TYPE_CHECKING:
    import altair as alt

__all__ = ["before_after"]

BLUE, ORANGE = "#0072b2", "#c04f00"
STEP = 44  # pixels from sentence to sentence: room for the numbers above the marks


def before_after(before: Ratings, after: Ratings) -> Picture:
    """Show each rating before and after: a hollow circle, a full square, and a line from one to the other.

    Parameters
    ----------
    before, after : Ratings
        Of the same article and layer.
    """
    words = after.language or before.language
    assert words is not None  # whoever makes ratings says in which language
    rows = moved(before, after)
    told = tuple(moved_told(row, words) for row in rows)
    title, where = words.say("ratings", "title"), (after.article.provenance,)
    if not rows:
        return Picture(title, words.say("ratings", "nothing"), where, _words=words)
    heads = ("item", "before", "after", "difference")
    return Picture(
        title,
        _summary(rows, words),
        where,
        tuple(words.say("ratings", head) for head in heads),
        tuple((row.item, row.before, row.after, row.difference) for row in rows),
        told,
        (ends(after.layer, words),),
        _draw=lambda: _drawn(rows, told, words),
        _words=words,
    )


def _summary(rows: Sequence[Moved], words: Language) -> str:
    steps = [row.difference for row in rows if row.difference is not None]
    ways = {"higher": sum(step > 0 for step in steps), "lower": sum(step < 0 for step in steps)}
    return words.say("ratings", "summary", both=len(steps), **ways, same=steps.count(0))


def _drawn(rows: Sequence[Moved], told: Sequence[str], words: Language) -> "alt.LayerChart":
    import altair as alt

    names = Labels({row.item: place_name(row.item, words) for row in rows})  # the words of a text stay in the text
    whole = [
        {"row": names[row.item], "before": row.before, "after": row.after, "told": line}
        for row, line in zip(rows, told, strict=True)
    ]
    kinds = [words.say("ratings", "before"), words.say("ratings", "after")]
    points = [
        {"row": names[row.item], "kind": kind, "points": value, "said": str(value), "told": line}
        for row, line in zip(rows, told, strict=True)
        for kind, value in zip(kinds, (row.before, row.after), strict=True)
        if value is not None
    ]
    down = alt.Y("row:N", axis=None).scale(domain=names.domain)
    across = alt.Axis(title=words.say("ratings", "axis"), values=list(range(11)), format="d")
    place = alt.X("points:Q", axis=across).scale(domain=[0, 10])
    both = [row for row in whole if row["before"] is not None and row["after"] is not None]
    way = alt.Chart(alt.InlineData(values=both)).mark_rule(color=MUTED, strokeWidth=2, aria=False)
    base = alt.Chart(alt.InlineData(values=points)).encode(down, place)
    scale: dict[str, Any] = {"domain": kinds}
    mark = base.mark_point(size=150, strokeWidth=2.5, opacity=1).encode(
        alt.Shape("kind:N", legend=alt.Legend()).scale(**scale, range=["circle", "square"]),
        alt.Stroke("kind:N", legend=alt.Legend()).scale(**scale, range=[ORANGE, BLUE]),
        alt.Fill("kind:N", legend=alt.Legend()).scale(**scale, range=[PAPER, BLUE]),
        tooltip=alt.Tooltip("told:N"),
        description=alt.Description("told:N"),
    )
    said = base.mark_text(aria=False, color=INK, baseline="bottom", dy=-10).encode(alt.Text("said:N"))
    line = way.encode(down, alt.X("before:Q", axis=across).scale(domain=[0, 10]), alt.X2("after:Q"))
    taken = names.width + PADDING + 24
    return wide(alt.layer(line, mark, said, beside(names, down)), taken).properties(height=STEP * len(rows))
