"""What was measured as rows, which targets they meet, and the table."""

import math
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Row", "judge", "table"]

FRAME = 1000 / 60
FIRST_PAINT = 1.5  # times plain text
ADD = 2 * FRAME + 0.1
LEVEL = 1.10  # within a tenth, a millisecond or a megabyte, two tools are level
WHAT = {"first paint": "ms", "add": "ms", "resize": "ms", "scroll": "ms", "memory": "MB"}


@dataclass
class Row:
    """One tool at one size."""

    size: str
    tool: str
    medians: dict[str, float]
    values: dict[str, list[float]]
    verdicts: dict[str, str] = field(default_factory=dict)

    @property
    def ours(self) -> bool:
        """Whether targets are about this row."""
        return self.tool.startswith("secondsource")

    @property
    def met(self) -> bool | None:
        """Whether all targets are met; None where there are none."""
        return all(not told.startswith("MISSED") for told in self.verdicts.values()) if self.ours else None

    def report(self) -> dict[str, Any]:
        """Everything, for the file."""
        return {
            "size": self.size,
            "tool": self.tool,
            "medians": {what: None if math.isinf(value) else value for what, value in self.medians.items()},
            "verdicts": self.verdicts,
            "values": self.values,
        }


def judge(rows: list[Row], missing: dict[str, str]) -> None:
    """Write at each of our rows which targets it meets."""
    for row in rows:
        if not row.ours:
            continue
        plain = next(other for other in rows if other.size == row.size and other.tool.startswith("plain"))
        ratio = row.medians["first paint"] / plain.medians["first paint"]
        row.verdicts["first paint"] = _told(ratio <= FIRST_PAINT, f"{ratio:.2f} × plain text, target {FIRST_PAINT}")
        row.verdicts["add"] = _told(row.medians["add"] <= ADD, f"{row.medians['add']:.1f} ms, target {ADD:.1f}")
        others = [other for other in rows if other.size == row.size and not other.ours and other is not plain]
        for what in WHAT if others else ():
            behind = [other.tool for other in others if not _ahead(row, other, what)]
            row.verdicts[f"{what} beside rivals"] = _told(
                not behind, f"behind {', '.join(behind)}" if behind else "ahead or level"
            )
        if not row.tool.endswith("(comparison)"):
            for name in missing:
                row.verdicts[f"beside {name}"] = f"MISSED: {name} was not measured"


def _ahead(ours: Row, other: Row, what: str) -> bool:
    mine, theirs = ours.medians.get(what), other.medians.get(what)
    return theirs is None or (mine is not None and mine <= max(theirs * LEVEL, theirs + 1))


def _told(met: bool, text: str) -> str:
    return text if met else f"MISSED: {text}"


def table(rows: list[Row]) -> str:
    """Lay the rows out as text, one line each, with the targets below."""
    lines = []
    for size in dict.fromkeys(row.size for row in rows):
        here = [row for row in rows if row.size == size]
        head = ["", *(f"{what} ({unit})" for what, unit in WHAT.items()), "long frames", "nodes", "all there (ms)"]
        cells = [head] + [
            [row.tool, *(_cell(row, here, what) for what in WHAT), _share(row), _nodes(row), _whole(row)]
            for row in here
        ]
        widths = [max(len(line[column]) for line in cells) for column in range(len(head))]
        lines += [
            "",
            size,
            *(
                "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
                for line in cells
            ),
        ]
        lines += [f"    {what}: {told}" for row in here for what, told in row.verdicts.items()]
    return "\n".join(lines)


def _cell(row: Row, here: list[Row], what: str) -> str:
    value = row.medians.get(what)
    if value is None or math.isinf(value):
        return "–" if value is None else "never"
    ours = next((other.medians.get(what) for other in here if other.ours), None)
    beside = f" ({value / ours:.2f} × ours)" if ours and not row.ours else ""
    return f"{value:.1f}{beside}"


def _share(row: Row) -> str:
    return f"{row.medians.get('long frames', 0):.0f} %"


def _nodes(row: Row) -> str:
    return f"{row.medians.get('nodes', 0):,.0f}"


def _whole(row: Row) -> str:
    return f"{row.medians.get('all there', math.inf):.1f}"
