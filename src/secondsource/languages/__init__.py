"""The words of the interface: one table per language, in ``<code>.toml`` beside this file.

A translation is a data file with the entries of ``en.toml``; an entry that it lacks is said in English.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from secondsource.errors import UnknownNameError

__all__ = ["Language", "language", "languages"]

_ENGLISH = "en"


@dataclass(frozen=True)
class Language:
    """Words of the interface in one language.

    Attributes
    ----------
    code : str
        BCP 47, such as ``en`` or ``de``.
    name : str
        What the language calls itself.
    direction : {"ltr", "rtl"}
        In which direction it is written.
    """

    code: str
    name: str
    direction: str
    _sections: Mapping[str, Mapping[str, Any]]

    def table(self, *sections: str) -> dict[str, Any]:
        """Return the entries of some sections as one table, for a page; later sections win."""
        return {key: entry for section in sections for key, entry in self._sections[section].items()}

    def say(self, section: str, key: str, /, **values: object) -> str:
        """Return one sentence with its places filled; the number of an entry with forms is its ``count``.

        Examples
        --------
        >>> language("en").say("labeller", "words", count=1)
        '1 word'
        """
        entry = self._sections[section][key]
        if not isinstance(entry, str):
            entry = entry.get(_category(self.code, values["count"])) or entry["other"]
        return str(entry.format_map(values))


@cache
def language(code: str = _ENGLISH) -> Language:
    """Open the table of a language.

    Raises
    ------
    UnknownNameError
        There is no table for it; the message names those that there are.
    """
    if code not in languages():
        raise UnknownNameError("language", code, languages())
    english, own = _read(_ENGLISH), _read(code)
    sections = {
        section: {**entries, **own.get(section, {})}
        for section, entries in english.items()
        if isinstance(entries, dict)
    }
    return Language(code, own["name"], own["direction"], sections)


@cache
def languages() -> tuple[str, ...]:
    """Return the codes of all languages there are."""
    names = (entry.name for entry in resources.files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def _read(code: str) -> dict[str, Any]:
    return tomllib.loads((resources.files(__name__) / f"{code}.toml").read_text(encoding="utf-8"))


def _category(code: str, count: Any) -> str:
    """Plural category of a number, by Unicode CLDR."""
    from babel.core import Locale  # only where a sentence has a number

    return str(Locale.parse(code, sep="-").plural_form(count))
