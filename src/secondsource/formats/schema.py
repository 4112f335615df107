"""What a label or key file must look like, as strict pydantic models; ``w3c`` reads and writes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "Annotation",
    "Collection",
    "Distractor",
    "KeyHead",
    "KeyPart",
    "Link",
    "Position",
    "Provenance",
    "Quote",
    "Stamp",
]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file says about its own making.

    Attributes
    ----------
    revision : int
        Counts saved changes, from 1; 0 before the first.
    saved_at : str
        UTC, ISO 8601; shown to people, never used to decide which of two files is newer.
    writer, previous : str
        Who wrote it (one per running program), and the SHA-256 of the file that it replaced.
    clients : mapping of str to int
        Last operation of each browser view that the file contains.
    writers : mapping of str to int
        Last revision of each program that the file descends from.
    """

    revision: int = 0
    saved_at: str = ""
    writer: str = ""
    previous: str = ""
    clients: Mapping[str, int] = field(default_factory=dict, hash=False)
    writers: Mapping[str, int] = field(default_factory=dict, hash=False)


class _Model(BaseModel):
    # Unknown fields are ignored: a newer minor version may add some, and other tools do.
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True, populate_by_name=True)


class Quote(_Model):
    """Words of the text."""

    type: Literal["TextQuoteSelector"]
    exact: str


class Position(_Model):
    """Half-open code points."""

    type: Literal["TextPositionSelector"]
    start: int
    end: int


class _Target(_Model):
    selector: list[Annotated[Quote | Position, Field(discriminator="type")]]


class _Body(_Model):
    type: Literal["TextualBody"]
    purpose: Literal["tagging", "commenting"]
    value: str


class KeyPart(_Model):
    """What only a key says about a span."""

    tier: Literal["core", "acceptable", "contested"]
    reason: str
    counter: str
    also: list[str] = []
    extents: list[list[int]] = []


class Annotation(_Model):
    """One label."""

    id: str
    motivation: Literal["classifying"]
    body: list[_Body]
    target: _Target
    layer: str = Field(alias="ss:layer")
    confidence: float | int | None = Field(default=None, alias="ss:confidence")
    attributes: dict[str, str] = Field(default={}, alias="ss:attributes")
    discuss: bool = Field(default=False, alias="ss:discuss")
    key: KeyPart | None = Field(default=None, alias="ss:key")


class Link(_Model):
    """One relation."""

    id: str
    motivation: Literal["linking"]
    target: list[str]
    relation: str = Field(alias="ss:relation")
    parent: str | None = Field(default=None, alias="ss:parent")


class Distractor(_Model):
    """A tempting wrong answer of a key."""

    id: str
    layer: str
    tempting: list[str]
    start: int
    end: int
    quote: str
    why_not: str
    instead: str | None = None


class Provenance(_Model):
    """How a key was made."""

    status: Literal["draft", "validated"]
    made: str
    statement: str
    passes: int
    human_annotators: int
    agreement: str | None = None
    date: str


class KeyHead(_Model):
    """What a key says about itself as a whole."""

    mode: Literal["open"]
    layer: str
    provenance: Provenance
    distractors: list[Distractor] = []


class _Page(_Model):
    items: list[Annotated[Annotation | Link, Field(discriminator="motivation")]]


class _Codebook(_Model):
    id: str
    version: str


class _Person(_Model):
    nickname: str


class Collection(_Model):
    """A whole file."""

    type: Literal["AnnotationCollection"]
    format: int = Field(alias="ss:format", ge=1)
    exercise: str = Field(alias="ss:exercise")
    article: str = Field(alias="ss:article")
    codebook: _Codebook = Field(alias="ss:codebook")
    unit: Literal["code-point"] = Field(alias="ss:unit")
    revision: int = Field(default=0, alias="ss:revision", ge=0)
    writer: str = Field(default="", alias="ss:writer")
    previous: str = Field(default="", alias="ss:previous")
    clients: dict[str, int] = Field(default={}, alias="ss:clients")
    writers: dict[str, int] = Field(default={}, alias="ss:writers")
    creator: _Person | None = None
    modified: str = ""
    key: KeyHead | None = Field(default=None, alias="ss:key")
    first: _Page

    @property
    def stamp(self) -> Stamp:
        """Revision, time and writer of the file."""
        return Stamp(self.revision, self.modified, self.writer, self.previous, self.clients, self.writers)
