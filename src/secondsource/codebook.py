"""What may be marked: layers, labels and their attributes, read from TOML and checked once.

A *layer* is one question asked of the text; its labels are the possible answers. The file format is documented by the
bundled ``codebooks/news.toml``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from typing import Any, Literal, NamedTuple, cast

from secondsource import fields
from secondsource.errors import CodebookError, UnknownNameError, plain

__all__ = ["Attribute", "Codebook", "Label", "Layer", "Scale"]

Unit = Literal["span", "sentence"]

PATTERNS = ("solid", "dashed", "dotted", "double")
_COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
_POINTS = "0123456789x"  # of a scale, by the keys that give them


@dataclass(frozen=True, slots=True)
class Attribute:
    """A further question about a labelled span, with a closed list of answers.

    Attributes
    ----------
    id, question : str
        Name in files, and what the student is asked.
    labels : tuple of str
        Labels of the layer on which it may be set.
    values : tuple of (str, str)
        Pairs of id and name.
    """

    id: str
    question: str
    labels: tuple[str, ...]
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Label:
    """One possible answer; see ``codebooks/news.toml`` for what each text is for.

    Attributes
    ----------
    unit : {"span", "sentence"}
        Whether it marks words or a whole sentence.
    colour, colour_dark : str
        ``#rrggbb`` for the light and the dark theme.
    pattern : {"solid", "dashed", "dotted", "double"}
        Line pattern, so that colour is never the only sign.
    shortcut : str
        One character, unique in the layer.
    """

    id: str
    name: str
    unit: Unit
    ask: str
    definition: str
    rule: str
    example: str
    near_miss: str
    colour: str
    colour_dark: str
    pattern: str
    shortcut: str


class Scale(NamedTuple):
    """What the two ends of a rating from 0 to 10 mean."""

    low: str
    high: str


@dataclass(frozen=True)
class Layer:
    """One question asked of the text, with its labels.

    Attributes
    ----------
    unit : {"span", "sentence"}
        Whether students mark words or sentences.
    overlap : bool
        Whether spans of this layer may overlap.
    relation : str or None
        Type of the link that joins spans of this layer.
    human : str
        One sentence: how well trained people agree; `human_source` cites it, `human_checked` says whether the figure
        was compared with the publication.
    written : bool
        Whether the answer is the label's note, in the student's own words.
    scale : Scale or None
        The ends of a rating, whose labels are the points "0" to "10"; such a layer has no key.
    """

    id: str
    name: str
    unit: Unit
    overlap: bool
    question: str
    relation: str | None
    human: str
    human_source: str
    human_checked: bool
    labels: tuple[Label, ...]
    attributes: tuple[Attribute, ...]
    written: bool = False
    scale: Scale | None = None

    def label(self, name: str) -> Label:
        """Return the label with this id; `UnknownNameError` lists those that exist."""
        found = self._by_id.get(name)
        if found is None:
            raise UnknownNameError("label", name, self._by_id, where=f"in the layer {self.id}")
        return found

    def attributes_of(self, label: str) -> tuple[Attribute, ...]:
        """Attributes that may be set on a label."""
        return tuple(a for a in self.attributes if label in a.labels)

    def check_attributes(self, label: str, given: Mapping[str, str]) -> None:
        """Raise `UnknownNameError` for an attribute or value that the label does not have."""
        offered = {a.id: [value for value, _ in a.values] for a in self.attributes_of(label)}
        for name, value in given.items():
            if name not in offered:
                raise UnknownNameError("attribute", name, offered, where=f"of the label {label}")
            if value not in offered[name]:
                raise UnknownNameError("value", value, offered[name], where=f"of the attribute {name}")

    @cached_property
    def _by_id(self) -> dict[str, Label]:
        return {label.id: label for label in self.labels}


@dataclass(frozen=True)
class Codebook:
    """The layers of a course, by id and version.

    Examples
    --------
    >>> codebook = Codebook.open("news")
    >>> codebook.layer("attribution").label("CUE").name
    'Cue'
    """

    id: str
    version: str
    language: str
    title: str
    layers: tuple[Layer, ...]

    def layer(self, name: str) -> Layer:
        """Return the layer with this id; `UnknownNameError` lists those that exist."""
        for layer in self.layers:
            if layer.id == name:
                return layer
        raise UnknownNameError("layer", name, [layer.id for layer in self.layers])

    @classmethod
    def open(cls, name: str) -> "Codebook":
        """Open a codebook that comes with the package."""
        folder = resources.files("secondsource") / "codebooks"
        names = sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))
        if name not in names:
            raise UnknownNameError("codebook", name, names)
        return cls.parse((folder / f"{name}.toml").read_text(encoding="utf-8"))

    @classmethod
    def parse(cls, text: str) -> "Codebook":
        """Read a codebook from TOML; `CodebookError` names the place and the rule that it breaks."""
        try:
            data = fields.table(text)
        except ValueError as error:
            raise CodebookError(f"The codebook is not valid TOML: {plain(error, 200)}") from None
        fields.check(data, "the codebook", {"id", "version", "language", "title", "layers"}, set())
        layers = tuple(_layer(row) for row in fields.rows(data, "layers", "the codebook"))
        fields.unique((layer.id for layer in layers), "layer ids", "the codebook")
        return cls(
            id=fields.identifier(data, "the codebook"),
            version=fields.text(data, "version", "the codebook"),
            language=fields.text(data, "language", "the codebook"),
            title=fields.text(data, "title", "the codebook"),
            layers=layers,
        )


def _layer(row: dict[str, Any]) -> Layer:
    where = f"layer {plain(row.get('id', '?'))}"
    answers = "scale" if "scale" in row else "labels"
    required = {"id", "name", "unit", "overlap", "question", "human", "human_source", "human_checked", answers}
    fields.check(row, where, required, {"relation", "attributes", "written"})
    unit = cast("Unit", fields.choice(row, "unit", ("span", "sentence"), where))
    question = fields.text(row, "question", where)
    scale = _scale(row, where) if answers == "scale" else None
    labels = (
        _points(scale, question) if scale else tuple(_label(a, unit, where) for a in fields.rows(row, "labels", where))
    )
    asked = fields.rows(row, "attributes", where) if "attributes" in row else []
    attributes = tuple(_attribute(entry, [label.id for label in labels], where) for entry in asked)
    written = fields.flag(row, "written", where) if "written" in row else False
    _check_answers(unit, labels, scale, written, where)
    fields.unique((attribute.id for attribute in attributes), "attribute ids", where)
    return Layer(
        id=fields.identifier(row, where),
        name=fields.text(row, "name", where),
        unit=unit,
        overlap=fields.flag(row, "overlap", where),
        question=question,
        relation=fields.text(row, "relation", where) if "relation" in row else None,
        human=fields.text(row, "human", where),
        human_source=fields.text(row, "human_source", where),
        human_checked=fields.flag(row, "human_checked", where),
        labels=labels,
        attributes=attributes,
        written=written,
        scale=scale,
    )


def _check_answers(unit: Unit, labels: tuple[Label, ...], scale: Scale | None, written: bool, where: str) -> None:
    if (scale or written) and {unit, *(label.unit for label in labels)} != {"sentence"}:
        raise CodebookError(
            f"{where}: ratings and written answers are given to whole sentences or cards, not to spans."
        )
    if written and (scale or len(labels) > 1):
        raise CodebookError(f"{where}: a layer of written answers has one label and no scale.")
    if scale:
        return
    fields.unique((label.id for label in labels), "label ids", where)
    fields.unique((label.shortcut for label in labels), "shortcuts", where)
    fields.unique(((label.colour, label.pattern) for label in labels), "pairs of colour and pattern", where)


def _scale(row: dict[str, Any], where: str) -> Scale:
    ends = row["scale"]
    if not isinstance(ends, dict):
        raise CodebookError(f"{where}: “scale” must be a table with “low” and “high”.")
    where = f"{where}, scale"
    fields.check(ends, where, {"low", "high"}, set())
    return Scale(fields.text(ends, "low", where), fields.text(ends, "high", where))


def _points(scale: Scale, question: str) -> tuple[Label, ...]:
    """Labels "0" to "10"; they share one colour, because their numbers tell them apart and no colour should judge."""
    told = f"0 = {scale.low}, 10 = {scale.high}"
    look = {"colour": "#0072b2", "colour_dark": "#5fb4f0", "pattern": "solid"}
    return tuple(
        Label(str(i), str(i), "sentence", question, told, "", "", "", shortcut=key, **look)
        for i, key in enumerate(_POINTS)
    )


def _label(row: dict[str, Any], unit: Unit, layer: str) -> Label:
    where = f"{layer}, label {plain(row.get('id', '?'))}"
    texts = ("name", "ask", "definition", "rule", "example", "near_miss")
    fields.check(row, where, {"id", *texts, "colour", "colour_dark", "pattern", "shortcut"}, {"unit"})
    shortcut = fields.text(row, "shortcut", where)
    if len(shortcut) != 1 or not (shortcut.isdigit() or shortcut.islower()) or not shortcut.isascii():
        raise CodebookError(f"{where}: the shortcut {plain(shortcut, 10)} must be one digit or one letter a to z.")
    for name in ("colour", "colour_dark"):
        if not _COLOUR.fullmatch(fields.text(row, name, where)):
            raise CodebookError(f"{where}: {name} must look like #1a2b3c.")
    return Label(
        id=fields.identifier(row, where),
        unit=cast("Unit", fields.choice(row, "unit", ("span", "sentence"), where)) if "unit" in row else unit,
        **{name: fields.text(row, name, where) for name in texts},
        colour=row["colour"].lower(),
        colour_dark=row["colour_dark"].lower(),
        pattern=fields.choice(row, "pattern", PATTERNS, where),
        shortcut=shortcut,
    )


def _attribute(row: dict[str, Any], labels: list[str], layer: str) -> Attribute:
    where = f"{layer}, attribute {plain(row.get('id', '?'))}"
    fields.check(row, where, {"id", "question", "labels", "values"}, set())
    names = row["labels"]
    if not isinstance(names, list) or not names or not all(name in labels for name in names):
        raise CodebookError(f"{where}: “labels” must be one or more of {', '.join(labels)}.")
    fields.unique(names, "labels", where)
    values = tuple(_value(value, where) for value in fields.rows(row, "values", where))
    fields.unique((value for value, _ in values), "value ids", where)
    return Attribute(fields.identifier(row, where), fields.text(row, "question", where), tuple(names), values)


def _value(row: dict[str, Any], attribute: str) -> tuple[str, str]:
    where = f"{attribute}, value {plain(row.get('id', '?'))}"
    fields.check(row, where, {"id", "name"}, set())
    return fields.identifier(row, where), fields.text(row, "name", where)
