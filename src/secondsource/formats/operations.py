"""One change to a label set, as the browser sends it: ``{"op": "add" | "update" | "remove", "span": {...}}``."""

from collections.abc import Mapping
from typing import Any, cast

from secondsource.errors import OffsetError
from secondsource.spans import LabelSet, Span

__all__ = ["changed"]


def changed(labels: LabelSet, operation: Mapping[str, Any]) -> LabelSet:
    """Return the labels after one operation; raise an error of this package for an illegal one."""
    kind, span = operation.get("op"), operation.get("span")
    if kind not in ("add", "update", "remove") or not isinstance(span, Mapping) or not isinstance(span.get("id"), str):
        raise OffsetError("A change is “add”, “update” or “remove”, with a label and its id.")
    if kind == "remove":
        return labels.drop(span["id"])
    return labels.put(_span(span))


def _span(data: Mapping[str, Any]) -> Span:
    """Check the types that come from a browser; `LabelSet` checks the rest."""
    texts = {name: data.get(name, "") for name in ("id", "layer", "label", "quote", "note")}
    attributes = data.get("attributes", {})
    if not all(isinstance(value, str) for value in texts.values()) or not texts["quote"]:
        raise OffsetError("A label’s id, layer, name, quotation and note are text, and the quotation is not empty.")
    if not isinstance(attributes, Mapping) or not all(isinstance(v, str) for v in attributes.values()):
        raise OffsetError("The answers to a label’s further questions are text.")
    start, end = cast("int", data.get("start")), cast("int", data.get("end"))
    return Span(start=start, end=end, confidence=data.get("confidence"), attributes=dict(attributes), **texts)
