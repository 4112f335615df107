"""What every widget shares: assets, a deterministic representation, and no unknown options."""

import re
from importlib import resources
from posixpath import dirname, join, normpath
from typing import Any

import anywidget
import traitlets

from secondsource.markup import still

__all__ = ["Widget", "asset", "script", "stylesheet"]

# A remark that has its lines to itself: nobody reads it in a browser.
_REMARK = re.compile(r"^[ \t]*(?://[^\n]*|/\*(?:(?!\*/).)*\*/[ \t]*)\n", re.MULTILINE | re.DOTALL)
_WIDE = re.compile(r"[^\x00-\xff]")
_IMPORT = re.compile(r'^import \{[^}]*\} from "(\.[^"]+)";\n', re.MULTILINE)


def asset(name: str) -> str:
    """Text of a file in ``static/``."""
    return (resources.files("secondsource.widgets") / "static" / name).read_text(encoding="utf-8")


def script(name: str) -> str:
    """Return a module with all that it imports, as one module: a page loads it from a Blob, which can import nothing.

    What is imported comes first, each file once. All of them share one scope, so every name at the top of a file is
    used once. Remarks stay behind, and characters beyond Latin-1 are escaped: with a single one of them a browser keeps
    two bytes for each character of the whole script.
    """
    files: dict[str, str] = {}

    def collect(path: str) -> None:
        text = asset(path)
        files[path] = ""  # known from here on, so that a circle ends
        for imported in _IMPORT.findall(text):
            if (wanted := normpath(join(dirname(path), imported))) not in files:
                collect(wanted)
        files[path] = files.pop(path) + _IMPORT.sub("", text)

    collect(name)
    return _WIDE.sub(_escaped, _REMARK.sub("", "\n".join(files.values())))


def _escaped(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


def stylesheet(*names: str) -> str:
    """Return the shared tokens and a widget's own rules as one stylesheet."""
    return "\n".join(asset(name) for name in ("base.css", *names))


class Widget(anywidget.AnyWidget):
    """A view whose stored output is the same on every run and readable without a kernel.

    Subclasses give ``_summary`` (one countable line) and ``_static_html`` (escaped, without script, times or key
    content that is not open).
    """

    _view = traitlets.Dict().tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        unknown = sorted(set(traits) - set(self.trait_names()))
        if unknown:
            known = sorted(name for name in self.trait_names() if not name.startswith("_"))
            raise TypeError(f"{type(self).__name__} has no option “{unknown[0]}”; it has {', '.join(known)}.")
        super().__init__(**traits)

    def _summary(self) -> str:
        raise NotImplementedError

    def _static_html(self) -> str:
        raise NotImplementedError

    def __repr__(self) -> str:
        return self._summary()

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        return {**data, "text/plain": self._summary(), "text/html": still(self._static_html())}, metadata
