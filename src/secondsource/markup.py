"""Strings on their way into HTML: always text, never markup, and never anything that a page would read on its own."""

from html import escape
from typing import Protocol
from unicodedata import bidirectional

from secondsource.errors import visible

__all__ = ["in_language", "isolated", "literal", "still"]

_RIGHT_TO_LEFT = ("R", "AL", "AN")
# Classes by which MathJax leaves a part alone (version 3 and version 2): “$5 and $6” is no formula.
_NO_FORMULAS = "mathjax_ignore tex2jax_ignore"


def literal(value: str) -> str:
    """Escape a string for an element or a quoted attribute; what cannot be seen is shown as a sign.

    Examples
    --------
    >>> literal('<b> & "c"')
    '&lt;b&gt; &amp; &quot;c&quot;'
    """
    return escape(visible(value))


def isolated(value: str) -> str:
    """Escape a string that stands in a line with others; where it runs from right to left, the line does not.

    Examples
    --------
    >>> isolated("Cue"), isolated("שלום")
    ('Cue', '<bdi>שלום</bdi>')
    """
    turned = any(bidirectional(char) in _RIGHT_TO_LEFT for char in value)
    return f"<bdi>{literal(value)}</bdi>" if turned else literal(value)


class Spoken(Protocol):
    """A language of the interface."""

    @property
    def code(self) -> str:
        """BCP 47."""

    @property
    def direction(self) -> str:
        """``ltr`` or ``rtl``."""


def in_language(html: str, words: Spoken | None) -> str:
    """Mark words of the interface with their language, where JupyterLab's page would take them for English."""
    if not html or words is None or words.code == "en":
        return html
    return f'<div lang="{literal(words.code)}" dir="{literal(words.direction)}">{html}</div>'


def still(html: str) -> str:
    """Return a finished piece of HTML for a notebook: where it could be taken for a formula, it says that it is none.

    Examples
    --------
    >>> still("<p>$5 and $6</p>")
    '<div class="mathjax_ignore tex2jax_ignore"><p>$5 and $6</p></div>'
    """
    return f'<div class="{_NO_FORMULAS}">{html}</div>' if "$" in html or "\\" in html else html
