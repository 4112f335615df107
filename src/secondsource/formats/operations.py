"""One change to a label set, as the browser sends it.

``{"op": "add" | "update" | "remove", "span": {...}}`` for a label, ``{"op": "link" | "unlink", "relation": {...}}``
for a link between labels. To remove takes no more than an id. A label that is removed, or goes to another layer, leaves
its links, and a link that joins fewer than two labels then is removed too: what the browser does with these operations
(``static/labeller/marks.js``) is the same.
"""

from collections.abc import Mapping
from typing import Any, cast

from secondsource.errors import OffsetError
from secondsource.relations import check_id
from secondsource.spans import LabelSet, Relation, Span

__all__ = ["changed", "touched"]


def changed(labels: LabelSet, operation: Mapping[str, Any]) -> LabelSet:
    """Return the labels after one operation; raise an error of this package for an illegal one."""
    kind = operation.get("op")
    what = touched(operation)
    if what is None:
        happened = "A change is “add”, “update” or “remove” with a label and its id, or “link” or “unlink” with a link."
        raise OffsetError(happened)
    if kind in ("remove", "unlink"):
        check_id(what["id"], "label" if kind == "remove" else "relation")  # it is told to every page
    if kind == "remove":
        return labels.drop(what["id"])
    if kind == "unlink":
        return labels.unlink(what["id"])
    return labels.link(_relation(what)) if kind == "link" else labels.put(_span(what))


def touched(operation: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the label or link that an operation is about, which has an id; None when there is none."""
    fields = {"add": "span", "update": "span", "remove": "span", "link": "relation", "unlink": "relation"}
    kind = operation.get("op")
    what = operation.get(fields[kind]) if isinstance(kind, str) and kind in fields else None
    return what if isinstance(what, Mapping) and isinstance(what.get("id"), str) else None


def _span(data: Mapping[str, Any]) -> Span:
    """Check the types that come from a browser; `LabelSet` checks the rest."""
    texts = {name: data.get(name, "") for name in ("id", "layer", "label", "quote", "note")}
    attributes = data.get("attributes", {})
    if not all(isinstance(value, str) for value in texts.values()) or not texts["quote"]:
        raise OffsetError("A label’s id, layer, name, quotation and note are text, and the quotation is not empty.")
    if not isinstance(attributes, Mapping) or not all(isinstance(v, str) for v in attributes.values()):
        raise OffsetError("The answers to a label’s further questions are text.")
    start, end = cast("int", data.get("start")), cast("int", data.get("end"))
    more = {"confidence": data.get("confidence"), "discuss": data.get("discuss", False)}
    return Span(start=start, end=end, attributes=dict(attributes), **texts, **more)


def _relation(data: Mapping[str, Any]) -> Relation:
    members, parent = data.get("members"), data.get("parent")
    if not isinstance(members, list | tuple) or not all(isinstance(member, str) for member in members):
        raise OffsetError("A link joins labels by their ids.")
    if not isinstance(data.get("type"), str) or not (parent is None or isinstance(parent, str)):
        raise OffsetError("A link’s type is text, and what it is inside of is a link’s id or nothing.")
    return Relation(data["id"], data["type"], tuple(members), parent)
