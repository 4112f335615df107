"""What a reader sees of a cell."""

from collections.abc import Iterator
from typing import Any

__all__ = ["shown"]


def shown(cell: Any) -> Iterator[str]:
    """Give the source of a cell, and each of its outputs in each form that is text."""
    yield cell.source
    for output in cell.get("outputs", []):
        yield from (str(text) for text in (output.get("text"), output.get("evalue")) if text)
        yield from (str(data) for kind, data in output.get("data", {}).items() if kind.startswith("text/"))
