"""A case: one article or deck with its codebook, its keys and what must be said about it wherever it is shown.

A case is a folder with ``case.toml``, ``article.txt`` (exact bytes) and ``keys/<layer>.json``; it comes with the
package or is the instructor's own. Its ``codebook`` is the id of a bundled one or the name of a ``.toml`` file in the
folder.
"""

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from secondsource import fields
from secondsource.article import Article
from secondsource.codebook import Codebook
from secondsource.errors import CaseError, MismatchError, UnknownNameError, message, plain
from secondsource.formats import w3c
from secondsource.invisible import hidden
from secondsource.key import Key
from secondsource.languages import language

__all__ = ["Case", "is_folder"]

_FIELDS = ("id", "title", "language", "sha256", "codebook", "provenance", "content_note", "licence")
_FORMS = ("article", "cards")


@dataclass(frozen=True)
class Case:
    """An article, the codebook it is read with, and its keys.

    Attributes
    ----------
    interface : str
        Language of buttons and messages around it, such as ``"de"``; empty if that is not said.

    Examples
    --------
    >>> case = Case.open("analyst-claims")
    >>> len(case.article.text), "attribution" in case.layers
    (4151, True)
    """

    id: str
    article: Article
    codebook: Codebook
    licence: str
    interface: str
    _folder: Traversable = field(repr=False, compare=False)

    @property
    def layers(self) -> tuple[str, ...]:
        """Ids of the layers for which there is a key."""
        return tuple(sorted(self._keys))

    def key(self, layer: str) -> Key:
        """Open the key of a layer."""
        if layer not in self._keys:
            raise UnknownNameError("key", layer, self.layers, where=f"in the case {self.id}")
        entry = self._keys[layer]
        key = Key.read(_bytes(entry), self.article, self.codebook, name=entry.name)
        if key.layer.id != layer:
            raise CaseError(f"keys/{entry.name} is a key for the layer {key.layer.id}; rename it to that.")
        return key

    @classmethod
    def open(cls, name: str | Path, *, beside: Iterable[str] = ()) -> "Case":
        """Open a bundled case by its id, or an instructor's own by the path of its folder.

        `UnknownNameError` lists the bundled ones, behind those that are ``beside``.
        """
        bundled = _bundled()
        if str(name) in bundled:
            return cls._read(bundled[str(name)])
        folder = Path(name)
        if not str(name) or not is_folder(folder):
            raise UnknownNameError("case", name, [*beside, *bundled])
        if not (folder / "case.toml").is_file():
            raise CaseError(f"The folder {plain(folder.absolute().name)} has no case.toml, so it is not a case.")
        return cls._read(folder)

    @classmethod
    def of_labels(cls, data: bytes, name: str, *, own: Iterable[Path] = ()) -> "Case":
        """Open the case whose article a label file or key belongs to.

        It is looked for by the SHA-256 of the article, first among the case folders ``own``, then among the bundled
        ones. `MismatchError` ``VERSION-ARTICLE`` if it is in none, `FormatError` if `data` is no label file.
        """
        wanted = w3c.parse(data, name).article
        for folder in (*own, *_bundled().values()):
            with suppress(OSError):
                if wanted == f"sha256:{hashlib.sha256((folder / 'article.txt').read_bytes()).hexdigest()}":
                    return cls._read(folder)
        told = plain(wanted.removeprefix("sha256:"), 12)
        happened = f"{plain(name)} holds labels for an article ({told}) that does not come with this package."
        step = "Name the folder of its case with --case."
        raise MismatchError(message("VERSION-ARTICLE", happened, "Nothing was scored or changed.", step))

    @classmethod
    def _read(cls, folder: Traversable) -> "Case":
        data = _manifest(folder)
        raw = _bytes(folder / "article.txt")
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise CaseError(f"{folder.name}/article.txt is not UTF-8 text: {error}") from None
        if (found := hashlib.sha256(raw).hexdigest()) != data["sha256"]:
            raise CaseError(
                f"CASE-CHANGED · {folder.name}/article.txt is not the text that the keys were written for. · "
                "Labels and keys were not touched. · "
                "Restore the file (an editor may have changed line ends or quotation marks), or, if the text is new, "
                f'write sha256 = "{found}" into case.toml.'
            )
        article = Article(
            text,
            title=data["title"],
            provenance=data["provenance"],
            note=data["content_note"],
            language=data["language"],
            cards=_form(folder, data) == "cards",
        )
        if article.cards and len(article.blocks) < 2:
            raise CaseError(
                f"{folder.name}/article.txt is a deck without cards: a title, an empty line, then the cards."
            )
        codebook, interface = _codebook(folder, data["codebook"]), _interface(folder, data)
        return cls(data["id"], article, codebook, data["licence"], interface, folder)

    @cached_property
    def _keys(self) -> dict[str, Traversable]:
        folder = self._folder / "keys"
        entries = folder.iterdir() if folder.is_dir() else iter(())
        named = [entry for entry in entries if entry.name.endswith(".json") and not entry.name.startswith(".")]
        return {entry.name.removesuffix(".json"): entry for entry in named}


def is_folder(path: Path) -> bool:
    """Tell whether there is such a folder; what can be no name of one is none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):  # too long, or with a zero or half a character in it
        return False


def _bundled() -> dict[str, Traversable]:
    entries = sorted((resources.files("secondsource") / "cases").iterdir(), key=lambda entry: entry.name)
    return {entry.name: entry for entry in entries if (entry / "case.toml").is_file()}


def _bytes(entry: Traversable) -> bytes:
    try:
        return entry.read_bytes()
    except OSError as error:
        raise CaseError(f"The case's file {entry.name} cannot be read: {error.strerror}.") from None


def _codebook(folder: Traversable, name: str) -> Codebook:
    """Open the case's own codebook, a ``.toml`` file in its folder, or a bundled one by its id."""
    if not name.endswith(".toml"):
        return Codebook.open(name)
    try:
        return Codebook.parse(_bytes(folder / name).decode("utf-8"))
    except UnicodeDecodeError as error:
        raise CaseError(f"{folder.name}/{name} is not UTF-8 text: {error}") from None


def _form(folder: Traversable, data: dict[str, Any]) -> str:
    """Whether the text is an article, cut into sentences, or a deck of cards, one per paragraph."""
    form = data.get("form", _FORMS[0])
    if form not in _FORMS:
        raise CaseError(f"{folder.name}/case.toml: “form” must be one of {', '.join(_FORMS)}.")
    return str(form)


def _interface(folder: Traversable, data: dict[str, Any]) -> str:
    """Language of buttons and messages that the case asks for; empty if it does not."""
    told = data.get("interface", "")
    if not isinstance(told, str):
        raise CaseError(f'{folder.name}/case.toml: “interface” must be the code of a language, such as "de".')
    return language(told, where=f"(“interface” in {folder.name}/case.toml)").code if told.strip() else ""


def _manifest(folder: Traversable) -> dict[str, Any]:
    try:
        data = fields.table(_bytes(folder / "case.toml").decode("utf-8"))
    except ValueError as error:  # of TOML or of UTF-8
        raise CaseError(f"{folder.name}/case.toml is not valid TOML: {plain(error, 200)}") from None
    for name in _FIELDS:
        if not isinstance(data.get(name), str) or not data[name].strip():
            raise CaseError(f"{folder.name}/case.toml: “{name}” must be text and not empty.")
        if hidden(data[name]):
            raise CaseError(f"{folder.name}/case.toml: “{name}” holds an invisible control character.")
    return data
