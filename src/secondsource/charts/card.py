"""How every picture looks: a light card that can be read in the light and in the dark theme, wide and narrow.

Strings of others (names, labels, provenance) stand in data values, scale domains and titles, never in an expression
or a field name. Only what Vega-Lite 5.6 draws is used, the version in JupyterLab 4.6.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    import altair as alt

__all__ = ["MIME", "Labels", "beside", "finished", "lines", "tiles", "wide"]

MIME: Final = "application/vnd.vegalite.v5+json"
INK, MUTED, LINE, PAPER = "#1b1b1a", "#5c5c57", "#dddcd6", "#ffffff"
SPLIT = "split(datum.label, '\\n')"  # a name over several lines; the name itself is data
LINE_LENGTH = 56  # characters of a caption line in the narrowest card
TITLE_LENGTH, NAME_LENGTH, MOST = 42, 20, 36
LETTER, LEADING = 6, 13  # pixels: a letter on average, and from line to line
NARROW, PADDING = 350, 24  # pixels: the narrowest card, and its two margins

# A chart cannot follow the width of JupyterLab's output area: `width: "container"` makes both grow without end.
# The window's width, read once when the chart is drawn, is enough: a card of 350 pixels fits into a window of 480.
TOTAL = f"clamp(windowSize()[0] / 2, {NARROW}, 640)"

CONFIG: dict[str, Any] = {
    "font": "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
    "view": {"stroke": None},
    "title": {
        **{"anchor": "start", "frame": "bounds", "offset": 14, "fontSize": 14, "color": INK},
        **{"subtitleColor": MUTED, "subtitleFontSize": 11, "subtitleLineHeight": 14, "subtitlePadding": 6},
    },
    "axis": {
        **{"labelColor": INK, "labelFontSize": 11, "labelLimit": 400, "titleColor": INK, "titleFontSize": 11},
        **{"titleFontWeight": "normal", "domain": False, "ticks": False, "labelPadding": 6, "gridColor": LINE},
    },
    "legend": {
        **{"labelColor": INK, "labelFontSize": 11, "labelLimit": 400, "orient": "bottom", "direction": "vertical"},
        **{"title": None, "symbolType": "square", "symbolSize": 140, "offset": 14},
    },
    "text": {"color": INK, "fontSize": 11, "lineHeight": LEADING},
}


class Labels:
    r"""Names of things as they stand beside tiles: over several lines, not too long, and no two the same.

    Examples
    --------
    >>> names = Labels({"a": "A name", "b": "A name", "c": "A name that needs more than a line"})
    >>> names["b"], names["c"]
    ('2. A name', 'A name that needs\nmore than a line')
    """

    def __init__(self, names: Mapping[str, str], *, length: int = NAME_LENGTH) -> None:
        short = {key: shorten(" ".join(name.split())) for key, name in names.items()}
        often = Counter(short.values())
        self._whole = {
            key: name if often[name] == 1 else f"{n}. {name}" for n, (key, name) in enumerate(short.items(), start=1)
        }
        self._names = {key: _broken(name, length) for key, name in self._whole.items()}

    def __getitem__(self, key: str) -> str:
        return self._names[key]

    @property
    def domain(self) -> list[str]:
        """All names, in the order given."""
        return list(self._names.values())

    def broken(self, length: int) -> list[str]:
        """All names again, in lines of another length."""
        return [_broken(name, length) for name in self._whole.values()]

    @property
    def lines(self) -> int:
        """How many lines the longest name has."""
        return max((name.count("\n") + 1 for name in self.domain), default=0)

    @property
    def width(self) -> int:
        """Pixels that the longest line needs."""
        return LETTER * max((len(line) for name in self.domain for line in name.split("\n")), default=0) + 12


def shorten(name: str) -> str:
    """Cut a long name; text and table have it in full."""
    return name if len(name) <= MOST else name[: MOST - 1] + "…"


def lines(text: str, length: int = LINE_LENGTH) -> list[str]:
    """Cut a text into lines; white space becomes single blanks."""
    return wrap(" ".join(text.split()), length)


def wide(chart: "alt.LayerChart", taken: int) -> "alt.LayerChart":
    """Make a chart half as wide as the window, in limits; ``taken`` are the pixels of what stands beside it."""
    import altair as alt

    return chart.add_params(alt.param(name="width", expr=f"{TOTAL} - {taken}")).properties(width=300)


def tiles(
    values: Sequence[Mapping[str, object]],
    *,
    rows: Labels,
    columns: Labels,
    kinds: Mapping[str, str],
    step: int = 24,
    corner: Sequence[str] = (),
    legend: bool = False,
) -> "alt.LayerChart":
    """Draw a table of tiles.

    Parameters
    ----------
    values : sequence of mappings
        Tiles with ``row`` and ``column`` (as `rows` and `columns` have them), ``kind``, ``share`` (0 to 1: how
        strong), ``said`` (printed) and ``told`` (read out, and shown under the pointer).
    kinds : mapping of str to str
        Colour of each kind.
    step : int
        Pixels from row to row, at the least.
    corner : sequence of str
        Lines that say what the columns and the rows are.
    """
    import altair as alt

    across = alt.X("column:N", axis=None).scale(domain=columns.domain, paddingInner=0.1, paddingOuter=0.05)
    row_lines = alt.Axis(title=None, labels=False, grid=True, zindex=0)
    down = alt.Y("row:N", axis=row_lines).scale(domain=rows.domain, paddingInner=0.14, paddingOuter=0.07)
    base = alt.Chart(alt.InlineData(values=list(values))).encode(across, down)
    colours: dict[str, Any] = {"domain": list(kinds), "range": list(kinds.values())}
    key = alt.Legend() if legend else None
    tile = base.mark_rect(cornerRadius=3, strokeWidth=1.5).encode(
        alt.Color("kind:N", legend=key).scale(**colours),
        alt.Stroke("kind:N", legend=key).scale(**colours),
        alt.FillOpacity("share:Q", legend=None).scale(domain=[0, 1], range=[0.12, 0.55]),
        tooltip=alt.Tooltip("told:N"),
        description=alt.Description("told:N"),
    )
    said = base.mark_text(aria=False, lineBreak="\n", dy=_centred("said")).encode(alt.Text("said:N"))
    paper = base.mark_rect(cornerRadius=3, color=PAPER, aria=False)  # or the row's line would shine through
    taken = PADDING + max([rows.width, *(LETTER * len(line) for line in corner)])
    layers = [paper, tile, said, beside(rows, down), *_above(columns, across, NARROW - taken), *_corner(corner)]
    return wide(alt.layer(*layers), taken).properties(height={"step": max(step, LEADING * rows.lines + 1)})


def _centred(field: str) -> Any:
    """How far up a text of several lines must go to be centred."""
    import altair as alt

    return alt.expr(f"-{LEADING / 2} * (length(split(datum.{field}, '\\n')) - 1)")


def beside(rows: Labels, down: "alt.Y") -> "alt.Chart":
    """Names of the rows; an axis cannot centre names of several lines."""
    import altair as alt

    names = alt.Chart(alt.InlineData(values=[{"row": name} for name in rows.domain])).encode(down, x=alt.value(-8))
    marks = names.mark_text(aria=False, align="right", baseline="middle", lineBreak="\n", dy=_centred("row"))
    return cast("alt.Chart", marks.encode(alt.Text("row:N")))


def _above(columns: Labels, across: "alt.X", room: int) -> "list[alt.Chart]":
    """Names of the columns: level where there is room for them, upright where there is not."""
    import altair as alt

    each = room / len(columns.domain)
    upright = columns.broken(20 if each >= 2 * LEADING else 200)
    values = [{"column": name, "upright": turned} for name, turned in zip(columns.domain, upright, strict=True)]
    enough = columns.width * len(columns.domain)
    data = alt.Chart(alt.InlineData(values=values)).encode(across, y=alt.value(-6))
    up = alt.expr(f"-{LEADING} * (length(split(datum.column, '\\n')) - 1)")
    level = data.mark_text(aria=False, baseline="bottom", lineBreak="\n", dy=up)
    turned = data.mark_text(aria=False, angle=270, align="left", lineBreak="\n", dy=_centred("upright"))
    return [
        level.encode(alt.Text("column:N")).transform_filter(f"width >= {enough}"),
        turned.encode(alt.Text("upright:N")).transform_filter(f"width < {enough}"),
    ]


def _corner(told: Sequence[str]) -> "list[alt.Chart]":
    import altair as alt

    if not told:
        return []
    data = alt.Chart(alt.InlineData(values=[{"told": "\n".join(told)}])).encode(x=alt.value(-8), y=alt.value(-6))
    style: dict[str, Any] = {"align": "right", "baseline": "bottom", "color": MUTED, "fontStyle": "italic"}
    marks = data.mark_text(aria=False, lineBreak="\n", dy=-LEADING * (len(told) - 1), **style)
    return [marks.encode(alt.Text("told:N"))]


def finished(chart: "alt.LayerChart", *, title: str, caption: Iterable[str], description: str) -> Mapping[str, Any]:
    """Put a chart on its card and return the specification; nothing in it depends on time, order or chance."""
    under = [line for text in caption for line in lines(text)]
    heading: dict[str, Any] = {"text": lines(title, TITLE_LENGTH), **({"subtitle": under} if under else {})}
    made = {
        **chart.to_dict(),
        "description": description,
        "title": heading,
        "background": PAPER,
        "padding": PADDING // 2,
        "config": CONFIG,
        # No menu: it would offer an editor on the network. SVG stays sharp on a projector.
        "usermeta": {"embedOptions": {"renderer": "svg", "actions": False}},
    }
    return dict(sorted(made.items()))


def _broken(name: str, length: int) -> str:
    return "\n".join(lines(name, length)) or " "
