"""The native format: a W3C Web Annotation collection in JSON-LD.

One collection per exercise and person. Each label is an annotation with a tagging body (the label), an optional
commenting body (the note) and a target with a ``TextQuoteSelector`` and a ``TextPositionSelector``, whose positions
are code points, as the Recommendation demands. What the model has no word for stands under the prefix ``ss:``
(``urn:secondsource:``). Relations are annotations with the motivation ``linking``.

Sources: W3C Web Annotation Data Model, Recommendation of 23 February 2017, sections 3.2, 4.2 and 5.
"""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from secondsource.article import Article
from secondsource.codebook import Codebook
from secondsource.errors import FormatError, MismatchError, OffsetError, message, plain
from secondsource.formats import strict_json
from secondsource.formats.schema import Annotation, Collection, Link, Position, Quote, Stamp
from secondsource.spans import MAX_SPANS, LabelSet, Relation, Span

__all__ = ["FORMAT", "dump", "labels_of", "parse", "read", "write"]

FORMAT = 1
CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"ss": "urn:secondsource:"}]
SPAN_URN = "urn:secondsource:span:"
RELATION_URN = "urn:secondsource:relation:"
ARTICLE_URN = "urn:secondsource:article:sha256:"
_CONTEXT_WIDTH = 32  # code points of prefix and suffix; for people and ambiguity reports, never to rescue a match


def parse(data: bytes, name: str) -> Collection:
    """Read and validate the bytes of a label or key file, without an article.

    Raises
    ------
    FormatError
        ``FILE-NOTLABELS``, ``FILE-LIMIT``, ``FILE-NEWER`` or ``FILE-INVALID``.
    """
    raw = strict_json.loads(data, name)
    if raw.get("type") != "AnnotationCollection" or "ss:format" not in raw:
        raise FormatError("FILE-NOTLABELS", name, "this is JSON, but not a label file of this course.")
    if isinstance(raw["ss:format"], int) and raw["ss:format"] > FORMAT:
        raise FormatError("FILE-NEWER", name, "it was written by a newer version of secondsource.")
    try:
        return Collection.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = plain(".".join(str(part) for part in first["loc"]))
        raise FormatError("FILE-INVALID", name, f"{place}: {plain(first['msg'], 200)}.") from None


def labels_of(collection: Collection, article: Article, codebook: Codebook, name: str) -> LabelSet:
    """Turn a validated file into labels over this article.

    Raises
    ------
    MismatchError
        When the file belongs to another article or codebook version.
    FormatError
        ``FILE-INVALID`` or ``ANCHOR-MISMATCH`` when a label does not fit; the whole file is refused.
    """
    _check_identity(collection, article, codebook, name)
    spans = [_span(item, name) for item in collection.first.items if isinstance(item, Annotation)]
    relations = [_relation(item) for item in collection.first.items if isinstance(item, Link)]
    rater = collection.creator.nickname if collection.creator else ""
    try:
        _check_number(len(spans))
        return LabelSet(article, codebook, tuple(spans), tuple(relations), collection.exercise, rater)
    except OffsetError as error:
        code = "ANCHOR-MISMATCH" if ": ANCHOR-MISMATCH: " in str(error) else "FILE-INVALID"
        raise FormatError(code, name, str(error)) from None


def read(data: bytes, article: Article, codebook: Codebook, *, name: str) -> tuple[LabelSet, Stamp]:
    """Read a label file: `parse`, then `labels_of`."""
    collection = parse(data, name)
    return labels_of(collection, article, codebook, name), collection.stamp


def write(labels: LabelSet, stamp: Stamp = Stamp()) -> bytes:  # noqa: B008 - a frozen value
    """Write a label file: UTF-8, LF, spans in canonical order; equal labels and stamps give equal bytes.

    More labels than a file may hold are an `OffsetError`.
    """
    _check_number(len(labels))
    return dump(labels, stamp)


def _check_number(labels: int) -> None:
    if labels > MAX_SPANS:
        raise OffsetError(f"{labels} labels are more than the {MAX_SPANS} that one file may hold.")


def dump(
    labels: LabelSet,
    stamp: Stamp,
    *,
    head: Mapping[str, Any] | None = None,
    parts: Mapping[str, Mapping[str, Any]] | None = None,
) -> bytes:
    """Write labels, with what a key adds: ``head`` for the whole, ``parts`` by span id."""
    items = [_annotation(span, labels.article, (parts or {}).get(span.id)) for span in labels.spans]
    items += [_link(relation) for relation in labels.relations]
    name = labels.exercise or (head or {}).get("layer", "labels")
    urn = f"urn:secondsource:labels:{name}"
    collection: dict[str, Any] = {
        "@context": CONTEXT,
        "id": urn,
        "type": "AnnotationCollection",
        "label": name,
        "total": len(items),
        "ss:format": FORMAT,
        "ss:exercise": labels.exercise,
        "ss:article": f"sha256:{labels.article.sha256}",
        "ss:codebook": {"id": labels.codebook.id, "version": labels.codebook.version},
        "ss:unit": "code-point",
        "ss:revision": stamp.revision,
        "ss:writer": stamp.writer,
        "ss:previous": stamp.previous,
        "ss:clients": dict(stamp.clients),
    }
    if stamp.writers:
        collection["ss:writers"] = dict(stamp.writers)
    if labels.rater:
        collection["creator"] = {"type": "Person", "nickname": labels.rater}
    if stamp.saved_at:
        collection["modified"] = stamp.saved_at
    if head is not None:
        collection["ss:key"] = head
    collection["first"] = {"id": f"{urn}:page:1", "type": "AnnotationPage", "startIndex": 0, "items": items}
    return (json.dumps(collection, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode("utf-8")


def _annotation(span: Span, article: Article, part: Mapping[str, Any] | None) -> dict[str, Any]:
    body = [{"type": "TextualBody", "purpose": "tagging", "value": span.label}]
    if span.note:
        body.append({"type": "TextualBody", "purpose": "commenting", "value": span.note})
    quote = {
        "type": "TextQuoteSelector",
        "exact": span.quote,
        "prefix": article.text[max(0, span.start - _CONTEXT_WIDTH) : span.start],
        "suffix": article.text[span.end : span.end + _CONTEXT_WIDTH],
    }
    position = {"type": "TextPositionSelector", "start": span.start, "end": span.end}
    made: dict[str, Any] = {
        "id": SPAN_URN + span.id,
        "type": "Annotation",
        "motivation": "classifying",
        "body": body,
        "target": {"source": ARTICLE_URN + article.sha256, "selector": [quote, position]},
        "ss:layer": span.layer,
    }
    if span.confidence is not None:
        made["ss:confidence"] = span.confidence
    if span.attributes:
        made["ss:attributes"] = dict(span.attributes)
    if span.discuss:
        made["ss:discuss"] = True
    if part is not None:
        made["ss:key"] = part
    return made


def _link(relation: Relation) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": RELATION_URN + relation.id,
        "type": "Annotation",
        "motivation": "linking",
        "target": [SPAN_URN + member for member in relation.members],
        "ss:relation": relation.type,
    }
    return made if relation.parent is None else {**made, "ss:parent": relation.parent}


def _span(item: Annotation, name: str) -> Span:
    tags = [body.value for body in item.body if body.purpose == "tagging"]
    notes = [body.value for body in item.body if body.purpose == "commenting"]
    quotes = [s.exact for s in item.target.selector if isinstance(s, Quote)]
    positions = [s for s in item.target.selector if isinstance(s, Position)]
    if (len(tags), len(quotes), len(positions)) != (1, 1, 1) or len(notes) > 1 or not quotes[0]:
        reason = f"label {plain(item.id)} must have one label, one quotation, one position and at most one note."
        raise FormatError("FILE-INVALID", name, reason)
    return Span(
        id=item.id.removeprefix(SPAN_URN),
        layer=item.layer,
        label=tags[0],
        start=positions[0].start,
        end=positions[0].end,
        quote=quotes[0],
        confidence=item.confidence,
        note=notes[0] if notes else "",
        attributes=item.attributes,
        discuss=item.discuss,
    )


def _relation(item: Link) -> Relation:
    members = tuple(target.removeprefix(SPAN_URN) for target in item.target)
    return Relation(item.id.removeprefix(RELATION_URN), item.relation, members, item.parent)


def _check_identity(collection: Collection, article: Article, codebook: Codebook, name: str) -> None:
    safe, step = "Nothing was scored or changed.", "Open the file with the exercise it was made for."
    if collection.article != f"sha256:{article.sha256}":
        told = plain(collection.article.removeprefix("sha256:"), 12)
        happened = f"{plain(name)} holds labels for another article ({told}, not {article.sha256[:12]}…)."
        raise MismatchError(message("VERSION-ARTICLE", happened, safe, step))
    theirs, ours = (collection.codebook.id, collection.codebook.version), (codebook.id, codebook.version)
    if theirs != ours:
        made, here = plain(" ".join(theirs)), " ".join(ours)
        happened = f"{plain(name)} was made with codebook {made}, and this is {here}."
        raise MismatchError(message("VERSION-CODEBOOK", happened, safe, step))
