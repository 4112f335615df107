"""What may be marked: layers, labels and their attributes, read from TOML and checked once.

A *layer* is one question asked of the text; its labels are the possible answers. The file format is documented by the
bundled ``codebooks/news.toml``.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from typing import Any, Literal, cast

from secondsource.errors import CodebookError, UnknownNameError, plain
from secondsource.invisible import hidden

__all__ = ["Attribute", "Codebook", "Label", "Layer"]

Unit = Literal["span", "sentence"]

PATTERNS = ("solid", "dashed", "dotted", "double")
_COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_+-]{0,63}")


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
            data = tomllib.loads(text)
        except (ValueError, RecursionError) as error:  # a number with thousands of digits is a bare ValueError
            raise CodebookError(f"The codebook is not valid TOML: {plain(error, 200)}") from None
        _fields(data, "the codebook", {"id", "version", "language", "title", "layers"}, set())
        layers = tuple(_layer(row) for row in _rows(data, "layers", "the codebook"))
        _unique((layer.id for layer in layers), "layer ids", "the codebook")
        return cls(
            id=_identifier(data, "the codebook"),
            version=_text(data, "version", "the codebook"),
            language=_text(data, "language", "the codebook"),
            title=_text(data, "title", "the codebook"),
            layers=layers,
        )


def _layer(row: dict[str, Any]) -> Layer:
    where = f"layer {plain(row.get('id', '?'))}"
    required = {"id", "name", "unit", "overlap", "question", "human", "human_source", "human_checked", "labels"}
    _fields(row, where, required, {"relation", "attributes"})
    unit = cast("Unit", _choice(row, "unit", ("span", "sentence"), where))
    labels = tuple(_label(label, unit, where) for label in _rows(row, "labels", where))
    asked = _rows(row, "attributes", where) if "attributes" in row else []
    attributes = tuple(_attribute(entry, [label.id for label in labels], where) for entry in asked)
    _unique((label.id for label in labels), "label ids", where)
    _unique((label.shortcut for label in labels), "shortcuts", where)
    _unique(((label.colour, label.pattern) for label in labels), "pairs of colour and pattern", where)
    _unique((attribute.id for attribute in attributes), "attribute ids", where)
    return Layer(
        id=_identifier(row, where),
        name=_text(row, "name", where),
        unit=unit,
        overlap=_flag(row, "overlap", where),
        question=_text(row, "question", where),
        relation=_text(row, "relation", where) if "relation" in row else None,
        human=_text(row, "human", where),
        human_source=_text(row, "human_source", where),
        human_checked=_flag(row, "human_checked", where),
        labels=labels,
        attributes=attributes,
    )


def _label(row: dict[str, Any], unit: Unit, layer: str) -> Label:
    where = f"{layer}, label {plain(row.get('id', '?'))}"
    texts = ("name", "ask", "definition", "rule", "example", "near_miss")
    _fields(row, where, {"id", *texts, "colour", "colour_dark", "pattern", "shortcut"}, {"unit"})
    shortcut = _text(row, "shortcut", where)
    if len(shortcut) != 1 or not (shortcut.isdigit() or shortcut.islower()) or not shortcut.isascii():
        raise CodebookError(f"{where}: the shortcut {plain(shortcut, 10)} must be one digit or one letter a to z.")
    for name in ("colour", "colour_dark"):
        if not _COLOUR.fullmatch(_text(row, name, where)):
            raise CodebookError(f"{where}: {name} must look like #1a2b3c.")
    return Label(
        id=_identifier(row, where),
        unit=cast("Unit", _choice(row, "unit", ("span", "sentence"), where)) if "unit" in row else unit,
        **{name: _text(row, name, where) for name in texts},
        colour=row["colour"].lower(),
        colour_dark=row["colour_dark"].lower(),
        pattern=_choice(row, "pattern", PATTERNS, where),
        shortcut=shortcut,
    )


def _attribute(row: dict[str, Any], labels: list[str], layer: str) -> Attribute:
    where = f"{layer}, attribute {plain(row.get('id', '?'))}"
    _fields(row, where, {"id", "question", "labels", "values"}, set())
    names = row["labels"]
    if not isinstance(names, list) or not names or not all(name in labels for name in names):
        raise CodebookError(f"{where}: “labels” must be one or more of {', '.join(labels)}.")
    _unique(names, "labels", where)
    values = tuple(_value(value, where) for value in _rows(row, "values", where))
    _unique((value for value, _ in values), "value ids", where)
    return Attribute(_identifier(row, where), _text(row, "question", where), tuple(names), values)


def _value(row: dict[str, Any], attribute: str) -> tuple[str, str]:
    where = f"{attribute}, value {plain(row.get('id', '?'))}"
    _fields(row, where, {"id", "name"}, set())
    return _identifier(row, where), _text(row, "name", where)


def _fields(row: dict[str, Any], where: str, required: set[str], optional: set[str]) -> None:
    for name in sorted(required - set(row)):
        raise CodebookError(f"{where}: “{name}” is missing.")
    for name in sorted(set(row) - required - optional):
        raise CodebookError(f"{where}: “{plain(name)}” is not known here.")


def _rows(row: dict[str, Any], name: str, where: str) -> list[dict[str, Any]]:
    rows = row[name]
    if not isinstance(rows, list) or not rows or not all(isinstance(entry, dict) for entry in rows):
        raise CodebookError(f"{where}: “{name}” must be one or more tables.")
    return rows


def _text(row: dict[str, Any], name: str, where: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise CodebookError(f"{where}: “{name}” must be text and not empty.")
    if hidden(value):
        raise CodebookError(f"{where}: “{name}” holds an invisible control character.")
    return value


def _identifier(row: dict[str, Any], where: str) -> str:
    value = _text(row, "id", where)
    if not _ID.fullmatch(value):
        raise CodebookError(f"{where}: an id is made of letters A to Z, digits, “-”, “_” and “+”, at most 64.")
    return value


def _choice(row: dict[str, Any], name: str, known: tuple[str, ...], where: str) -> str:
    value = _text(row, name, where)
    if value not in known:
        raise CodebookError(f"{where}: “{name}” must be one of {', '.join(known)}.")
    return value


def _flag(row: dict[str, Any], name: str, where: str) -> bool:
    value = row[name]
    if not isinstance(value, bool):
        raise CodebookError(f"{where}: “{name}” must be true or false.")
    return value


def _unique(values: Iterable[object], what: str, where: str) -> None:
    for value, count in Counter(values).items():
        if count > 1:
            raise CodebookError(f"{where}: {what} must differ, but {plain(value)} stands twice.")
