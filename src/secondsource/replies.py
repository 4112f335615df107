"""What an exercise replies in a notebook: not yet, what to hand in, the key."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from secondsource.answers import answers_frame
from secondsource.frames import by_label_frame, by_sentence_frame, chains_frame, pairs_frame, scores_frame
from secondsource.history import Words
from secondsource.markup import still
from secondsource.ratings import ratings_frame
from secondsource.spans import LabelSet

if TYPE_CHECKING:
    import pandas as pd

    from secondsource.gate import Kind

__all__ = ["HandIn", "KeyTable", "NotYet", "receipt_of"]

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, repr=False)
class NotYet(Words):
    """Stands where the comparison will be; it knows nothing of the key."""

    labels: LabelSet
    kind: "Kind" = "labels"

    @property
    def frame(self) -> "pd.DataFrame":
        """An empty table with the columns that chains, ratings or written answers will have; else that of `pairs`."""
        if self.kind == "chain":
            return chains_frame(())
        if self.kind == "written":
            return answers_frame(())
        return ratings_frame(()) if self.kind == "scale" else self.pairs

    @property
    def pairs(self) -> "pd.DataFrame":
        """An empty table with the columns that the comparison will have, like the others."""
        return pairs_frame(None)

    def picture(self, of: str = "places") -> "NotYet":
        """Nothing to draw yet."""
        return self

    @property
    def scores(self) -> "pd.DataFrame":
        """No numbers yet."""
        return scores_frame(None)

    @property
    def by_label(self) -> "pd.DataFrame":
        """No labels yet."""
        return by_label_frame(None)

    @property
    def by_sentence(self) -> "pd.DataFrame":
        """No sentences yet."""
        return by_sentence_frame(None)


@dataclass(frozen=True, repr=False)
class HandIn(Words):
    """What to hand in: the one file, what is in it, and a code that pins its content.

    Attributes
    ----------
    path : Path or None
        The label file; None while there is nothing to hand in.
    receipt : str
        First ten Crockford base32 characters of the file's SHA-256.
    """

    path: Path | None = None
    receipt: str = ""


@dataclass(frozen=True, repr=False)
class KeyTable(Words):
    """The key of an exercise, entry by entry, with reasons."""

    html: str

    def _repr_html_(self) -> str:
        return still(self.html)


def receipt_of(data: bytes) -> str:
    """Return the receipt code of a file: ten characters that nobody confuses, from its SHA-256.

    Examples
    --------
    >>> receipt_of(b"")
    'WERC8GMRZG'
    """
    number = int.from_bytes(hashlib.sha256(data).digest()[:7], "big") >> 6  # 50 of 56 bits: ten characters
    return "".join(_CROCKFORD[number >> shift & 31] for shift in range(45, -5, -5))
