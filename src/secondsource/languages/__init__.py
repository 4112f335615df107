"""The words of the interface: one table per language, in ``<code>.toml`` beside this file.

A translation is a data file with the entries of ``en.toml`` (docs/translating.md); an entry that it lacks is said in
English. Sentences have {places}; an entry with forms is chosen by its number, by the plural categories of Unicode
CLDR; where a sentence has a part that the page makes a link, that part stands in [brackets]. Of a deck of cards, the
entries of the section ``cards`` are said in place of those that they name; where whole sentences of a text are
answered, those of the section ``sentences``.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from secondsource.errors import UnknownNameError, message

__all__ = ["VARIABLE", "Language", "choose", "language", "languages"]

VARIABLE = "SECONDSOURCE_LANGUAGE"
_ENGLISH = "en"
_LIKE_ENGLISH = ("en", "de")  # plural forms: one for 1, other for all else; known without a library
_CARDS, _SENTENCES = "cards", "sentences"
_REPLACING = (_CARDS, _SENTENCES)  # sections whose entries name the entries that they replace
_LINK = re.compile(r"\[(.*)\]")


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
    _sections: Mapping[str, Mapping[str, Any]] = field(repr=False, compare=False)

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
        return self._form(section, key, values).format_map(values)

    def cut(self, section: str, key: str, /, **values: object) -> tuple[str, str, str]:
        """Return a sentence in three: before its part in brackets, that part, and after it.

        Examples
        --------
        >>> language("en").cut("tally", "made_text", count=2)
        ('', 'You made 2 labels', ' in this text.')
        """
        form = self._form(section, key, values)
        found = _LINK.search(form)
        cuts = found.span() if found else (len(form), len(form))
        inside = found[1] if found else ""
        before, part, after = (piece.format_map(values) for piece in (form[: cuts[0]], inside, form[cuts[1] :]))
        return before, part, after

    def message(self, code: str, key: str, /, **values: object) -> str:
        """Return a message for people: a code, then what happened, what is safe and one next step.

        Examples
        --------
        >>> language("de").message("SAVE-REFUSED", "unreadable").split(" · ")[2]
        'Deine anderen Markierungen sind sicher.'
        """
        return message(code, *self.parts("messages", key, **values))

    def parts(self, section: str, key: str, /, **values: object) -> tuple[str, str, str]:
        """Return the three sentences of an entry that has as many, with their places filled."""
        first, second, third = (sentence.format_map(values) for sentence in self._sections[section][key])
        return first, second, third

    @cached_property
    def of_cards(self) -> "Language":
        """The same language, speaking of a deck of cards instead of the sentences of a text.

        Examples
        --------
        >>> language("en").say("told", "sentence"), language("en").of_cards.say("told", "sentence")
        ('Sentence', 'Card')
        """
        return self._with(_CARDS)

    @cached_property
    def of_sentences(self) -> "Language":
        """The same language where whole sentences are answered, and no passages marked.

        Examples
        --------
        >>> words = language("en").of_sentences
        >>> words.say("comparison", "list"), words.of_cards.say("comparison", "list")
        ('Sentence by sentence', 'Card by card')
        """
        return self._with(_SENTENCES)

    def fitting(self, *, cards: bool, sentences: bool) -> "Language":
        """Return the same language with the words for what is answered: cards, whole sentences, or passages."""
        return self.of_cards if cards else self.of_sentences if sentences else self

    def _with(self, replacing: str) -> "Language":
        sections = {name: dict(entries) for name, entries in self._sections.items()}
        for name, entry in self._sections[replacing].items():
            section, _, key = name.partition(".")
            sections[section][key] = entry
        return replace(self, _sections=sections)

    def translated(self, section: str, english: str) -> str:
        """Return the sentence whose English is given, for what is computed without a language; itself if unknown.

        Examples
        --------
        >>> language("de").translated("reasons", "nothing was marked")
        'es wurde nichts markiert'
        """
        keys = (key for key, entry in language(_ENGLISH)._sections[section].items() if entry == english)
        key = next(keys, None)
        return english if key is None else self.say(section, key)

    def _form(self, section: str, key: str, values: Mapping[str, Any]) -> str:
        entry = self._sections[section][key]
        if isinstance(entry, str):
            return entry
        return str(entry.get(_category(self.code, values["count"])) or entry["other"])


def choose(user: str | None = None, case: str | None = None) -> Language:
    """Open the language of the interface: what the user asks for, else the environment, else the case, else English.

    Parameters
    ----------
    user : str, optional
        As a person typed it, such as ``"de"``.
    case : str, optional
        The ``interface`` of a case.

    Raises
    ------
    UnknownNameError
        There is no table for it; the message names those that there are.
    """
    if user:
        return language(user)
    if told := os.environ.get(VARIABLE, "").strip():
        return language(told, where=f"(asked for by the environment variable {VARIABLE})")
    return language(case or _ENGLISH)


def language(code: str | Language = _ENGLISH, *, where: str = "") -> Language:
    """Open the table of a language; ``de-AT`` is ``de`` where there is no table of its own. An open one is returned.

    Raises
    ------
    UnknownNameError
        There is no table for it; the message names those that there are, and ``where`` it was asked for.

    Examples
    --------
    >>> language("de-AT").name
    'Deutsch'
    """
    if isinstance(code, Language):
        return code
    known = {name.casefold(): name for name in languages()}
    parts = str(code).replace("_", "-").casefold().split("-")
    for size in range(len(parts), 0, -1):
        if (asked := "-".join(parts[:size])) in known:
            return _opened(known[asked])
    raise UnknownNameError("language", code, languages(), where=where)


def languages() -> tuple[str, ...]:
    """Return the codes of all languages there are."""
    names = (entry.name for entry in _folder().iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


@cache
def _opened(code: str) -> Language:
    english, own = _read(_ENGLISH), _read(code)
    sections = {
        # English words of cards must not take the place of a translation's words of sentences.
        section: {**({} if section in _REPLACING else entries), **own.get(section, {})}
        for section, entries in english.items()
        if isinstance(entries, dict)
    }
    return Language(code, own["name"], own["direction"], sections)


def _folder() -> Traversable:
    return resources.files(__name__)


def _read(code: str) -> dict[str, Any]:
    return tomllib.loads((_folder() / f"{code}.toml").read_text(encoding="utf-8"))


def _category(code: str, count: Any) -> str:
    """Plural category of a number, by Unicode CLDR."""
    if code in _LIKE_ENGLISH:
        return "one" if count == 1 else "other"
    return str(_rule(code)(count))


@cache
def _rule(code: str) -> Any:
    from babel.core import Locale  # only where a sentence has a number, in a language that came later

    return Locale.parse(code, sep="-").plural_form
