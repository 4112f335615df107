"""Read the news critically: label an article, then compare with an instructor's key.

The whole of what a lesson needs::

    from secondsource import exercise

    ex = exercise("02_who_says_so")
    ex.label()
    ex.compare()
    ex.hand_in()
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from secondsource.article import Article
    from secondsource.before_after import change
    from secondsource.case import Case
    from secondsource.codebook import Codebook
    from secondsource.comparison import Comparison, compare
    from secondsource.course import Exercise, exercise
    from secondsource.key import Key
    from secondsource.pooling import together
    from secondsource.spans import LabelSet, Span
    from secondsource.widgets import ChainBuilder, ComparisonView, Labeller, Sorter

__version__ = "0.1.0"

__all__ = [
    "Article",
    "Case",
    "ChainBuilder",
    "Codebook",
    "Comparison",
    "ComparisonView",
    "Exercise",
    "Key",
    "LabelSet",
    "Labeller",
    "Sorter",
    "Span",
    "change",
    "compare",
    "exercise",
    "together",
]

# Names are imported when they are first used (PEP 562), so that ``import secondsource`` costs next to nothing.
_HOME = {
    "Article": "article",
    "Case": "case",
    "ChainBuilder": "widgets",
    "Codebook": "codebook",
    "Comparison": "comparison",
    "ComparisonView": "widgets",
    "Exercise": "course",
    "Key": "key",
    "LabelSet": "spans",
    "Labeller": "widgets",
    "Sorter": "widgets",
    "Span": "spans",
    "change": "before_after",
    "compare": "comparison",
    "exercise": "course",
    "together": "pooling",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
