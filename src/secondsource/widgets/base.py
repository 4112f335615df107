"""What every widget shares: assets, a deterministic representation, and no unknown options."""

from importlib import resources
from typing import Any

import anywidget
import traitlets

__all__ = ["Widget", "asset"]


def asset(name: str) -> str:
    """Text of a file in ``static/``."""
    return (resources.files("secondsource.widgets") / "static" / name).read_text(encoding="utf-8")


def stylesheet(name: str) -> str:
    """Return the shared tokens and a widget's own rules as one stylesheet."""
    return f"{asset('base.css')}\n{asset(name)}"


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
        return {**data, "text/plain": self._summary(), "text/html": self._static_html()}, metadata
