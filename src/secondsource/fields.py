"""Fields of a table that an instructor wrote in TOML: each is there, of the right kind, and readable as it is stored.

What is wrong is an error that names the place and the rule.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from typing import Any

from secondsource.errors import CodebookError, plain
from secondsource.invisible import hidden

__all__ = ["check", "choice", "flag", "identifier", "rows", "table", "text", "unique"]

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_+-]{0,63}")


def table(source: str) -> dict[str, Any]:
    """Read TOML; `ValueError` says what is wrong with it, also where the library has no words for it."""
    if source.startswith("\ufeff"):
        raise ValueError("it begins with a byte-order mark; save it as UTF-8 without one")
    try:
        return tomllib.loads(source)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def check(row: dict[str, Any], where: str, required: set[str], optional: set[str]) -> None:
    """Raise `CodebookError` for a field that is missing or that nobody knows."""
    for name in sorted(required - set(row)):
        raise CodebookError(f"{where}: “{name}” is missing.")
    for name in sorted(set(row) - required - optional):
        raise CodebookError(f"{where}: “{plain(name)}” is not known here.")


def rows(row: dict[str, Any], name: str, where: str) -> list[dict[str, Any]]:
    """Return the one or more tables of a field."""
    value = row[name]
    if not isinstance(value, list) or not value or not all(isinstance(entry, dict) for entry in value):
        raise CodebookError(f"{where}: “{name}” must be one or more tables.")
    return value


def text(row: dict[str, Any], name: str, where: str) -> str:
    """Return a text that is not empty and holds nothing invisible."""
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise CodebookError(f"{where}: “{name}” must be text and not empty.")
    if hidden(value):
        raise CodebookError(f"{where}: “{name}” holds an invisible control character.")
    return value


def identifier(row: dict[str, Any], where: str) -> str:
    """Return the id of a table."""
    value = text(row, "id", where)
    if not _ID.fullmatch(value):
        raise CodebookError(f"{where}: an id is made of letters A to Z, digits, “-”, “_” and “+”, at most 64.")
    return value


def choice(row: dict[str, Any], name: str, known: tuple[str, ...], where: str) -> str:
    """Return one of the known words."""
    value = text(row, name, where)
    if value not in known:
        raise CodebookError(f"{where}: “{name}” must be one of {', '.join(known)}.")
    return value


def flag(row: dict[str, Any], name: str, where: str) -> bool:
    """Return true or false."""
    value = row[name]
    if not isinstance(value, bool):
        raise CodebookError(f"{where}: “{name}” must be true or false.")
    return value


def unique(values: Iterable[object], what: str, where: str) -> None:
    """Raise `CodebookError` for what stands twice."""
    for value, count in Counter(values).items():
        if count > 1:
            raise CodebookError(f"{where}: {what} must differ, but {plain(value)} stands twice.")
