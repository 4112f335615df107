"""A text cut into a headline and paragraphs, and these into sentences, or into the cards of a deck."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from secondsource.sentences import split_sentences

__all__ = ["Block", "Sentence", "cut", "parts"]


@dataclass(frozen=True, slots=True)
class Block:
    """A headline or paragraph: ``text`` starts at code point ``start`` of the article and holds no newline."""

    id: str
    kind: Literal["headline", "paragraph"]
    start: int
    text: str

    @property
    def end(self) -> int:
        """Code point behind the last character."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: ``H`` for the headline, then ``S1``, ``S2``, …; it may run over a paragraph break.

    In a deck, a whole card: ``C1``, ``C2``, …
    """

    id: str
    start: int
    end: int


def cut(text: str) -> tuple[Block, ...]:
    """Return headline and paragraphs: the stretches between line breaks, white space kept as it is."""
    stretches = [m for m in re.finditer(r"[^\n]+", text) if m.group().strip()]
    return tuple(
        Block(f"b{i}", "paragraph" if i else "headline", m.start(), m.group()) for i, m in enumerate(stretches)
    )


def parts(text: str, blocks: Sequence[Block], *, cards: bool = False) -> tuple[Sentence, ...]:
    r"""Return the headline and the sentences in order, or the title and the cards, of which each is one paragraph.

    Examples
    --------
    >>> text = "Title\n\nOne. Still the same.\n\nTwo."
    >>> [s.id for s in parts(text, cut(text))], [s.id for s in parts(text, cut(text), cards=True)]
    (['H', 'S1', 'S2', 'S3'], ['H', 'C1', 'C2'])
    """
    headline, *body = blocks
    if cards:
        places, letter = [_visible(block) for block in body], "C"
    else:
        places, letter = split_sentences(text, [(block.start, block.end) for block in body]), "S"
    counted = (Sentence(f"{letter}{i}", start, end) for i, (start, end) in enumerate(places, start=1))
    return (Sentence("H", *_visible(headline)), *counted)


def _visible(block: Block) -> tuple[int, int]:
    """Place of a block without the white space at its edges."""
    return block.end - len(block.text.lstrip()), block.start + len(block.text.rstrip())
