"""The text under study: immutable, counted in Unicode code points, cut into blocks and sentences.

Every offset in this package is a code point of exactly this text, half-open ``[start, end)``. UTF-16, in which
browsers count, exists only in :meth:`Article.to_utf16` and :meth:`Article.from_utf16`.
"""

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property
from typing import Literal
from unicodedata import bidirectional

from secondsource.errors import CaseError, OffsetError, QuotationError, plain
from secondsource.sentences import split_sentences

__all__ = ["Article", "Block", "Sentence"]

_NEAREST_WORDS = 12  # enough to recognise a passage by; comparing long ones takes seconds


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
    """A sentence: ``H`` for the headline, then ``S1``, ``S2``, …; it may run over a paragraph break."""

    id: str
    start: int
    end: int


@dataclass(frozen=True)
class Article:
    r"""An article, identified by the SHA-256 of its UTF-8 bytes.

    Attributes
    ----------
    text : str
        Exact text, LF line ends; the first line is the headline. Never normalised.
    title : str
        Neutral description of the text, not its headline.
    provenance : str
        Label that stays on every rendering.
    note : str
        Content note, shown before the text.
    language : str
        BCP 47 tag.

    Examples
    --------
    >>> article = Article("A headline\n\nFirst sentence. Second one.")
    >>> [(s.id, article.text[s.start:s.end]) for s in article.sentences]
    [('H', 'A headline'), ('S1', 'First sentence.'), ('S2', 'Second one.')]
    """

    text: str = field(repr=False)
    title: str = ""
    provenance: str = ""
    note: str = ""
    language: str = "en"

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise CaseError("The article is empty: it needs at least a headline.")
        if "\r" in self.text:
            raise CaseError("The article has CR line ends; save it with LF: offsets count every character.")
        try:
            self.text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise CaseError(f"The article holds a lone surrogate at code point {error.start}.") from None

    @cached_property
    def sha256(self) -> str:
        """Hex digest of the UTF-8 bytes."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()

    @cached_property
    def direction(self) -> Literal["ltr", "rtl"]:
        """Writing direction: that of the first letter that has one.

        Examples
        --------
        >>> Article("שלום, world").direction
        'rtl'
        """
        strong = (bidirectional(char) for char in self.text)
        return "rtl" if next((b for b in strong if b in ("L", "R", "AL")), "L") in ("R", "AL") else "ltr"

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Headline and paragraphs: the stretches between line breaks, white space kept as it is."""
        stretches = [m for m in re.finditer(r"[^\n]+", self.text) if m.group().strip()]
        return tuple(
            Block(f"b{i}", "paragraph" if i else "headline", m.start(), m.group()) for i, m in enumerate(stretches)
        )

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Sentences in order; together they hold every visible character."""
        headline, *body = self.blocks
        first = Sentence("H", headline.start + _lead(headline.text), headline.start + len(headline.text.rstrip()))
        bounds = split_sentences(self.text, [(block.start, block.end) for block in body])
        return (first, *(Sentence(f"S{i}", start, end) for i, (start, end) in enumerate(bounds, start=1)))

    def check(self, start: object, end: object, quote: str | None = None) -> tuple[int, int]:
        """Return ``(start, end)`` if they are a legal span (and hold ``quote``); raise `OffsetError` otherwise.

        Examples
        --------
        >>> Article("Title").check(0, 5, "Title")
        (0, 5)
        """
        if type(start) is not int or type(end) is not int:  # neither 1.0 nor True is an offset
            given = " and ".join(f"{plain(offset, 40)} ({type(offset).__name__})" for offset in (start, end))
            raise OffsetError(f"Offsets are whole numbers of code points, not {given}.")
        if not 0 <= start < end <= len(self.text):
            place = f"[{plain(start, 20)}, {plain(end, 20)})"
            raise OffsetError(f"{place} is not a span of a text with {len(self.text)} code points.")
        if quote is not None and self.text[start:end] != quote:
            stands = self.text[start:end]
            raise OffsetError(
                f"ANCHOR-MISMATCH: at [{start}, {end}) the article says {stands!r:.80}, not {quote!r:.80}."
            )
        return start, end

    def find(self, quote: str) -> list[tuple[int, int]]:
        """All places where ``quote`` stands exactly, overlapping ones included.

        Examples
        --------
        >>> Article("one, two, one").find("one")
        [(0, 3), (10, 13)]
        """
        return list(_occurrences(self.text, quote)) if quote else []

    def nearest(self, quote: str) -> tuple[int, int]:
        """Span of the passage most like the first words of ``quote``, for a message when it does not occur.

        Every stretch with as many words is compared with them, ignoring case.
        """
        words = [m.span() for m in re.finditer(r"\S+", self.text)]
        wanted = quote.split()[:_NEAREST_WORDS]
        size = max(1, min(len(wanted), len(words)))
        matcher = SequenceMatcher(b=" ".join(wanted).casefold(), autojunk=False)
        nearest, best = (words[0][0], words[size - 1][1]), 0.0
        for (start, _), (_, end) in zip(words, words[size - 1 :], strict=False):
            matcher.set_seq1(self.text[start:end].casefold())
            # The quick ones are upper bounds: most stretches need no more.
            if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best and matcher.ratio() > best:
                nearest, best = (start, end), matcher.ratio()
        return nearest

    def locate(self, quote: str, occurrence: int | None = None) -> tuple[int, int]:
        """Span of a quotation; `QuotationError` says what to do when it occurs never or several times.

        Parameters
        ----------
        quote : str
            Words exactly as they stand in the text; white space around them is ignored.
        occurrence : int, optional
            Which one to take, counted from 1, when the words occur several times.

        Examples
        --------
        >>> Article("one, two, one").locate("one", occurrence=2)
        (10, 13)
        """
        found = self.find(quote.strip())
        if not found:
            raise QuotationError(self._not_found(quote.strip()))
        if occurrence is None and len(found) > 1:
            places = "; ".join(f"{i}: “{self.context(*span)}”" for i, span in enumerate(found[:9], start=1))
            raise QuotationError(
                f"QUOTE-SEVERAL · “{quote.strip():.60}” stands {len(found)} times in the article ({places}). · "
                "Nothing was changed. · Say which one you mean, for example occurrence=1, or quote a few more words."
            )
        if occurrence is not None and not 1 <= occurrence <= len(found):
            raise QuotationError(
                f"QUOTE-NUMBER · There is no occurrence {plain(occurrence, 20)} of “{quote.strip():.60}”. · "
                f"Nothing was changed. · Choose a number from 1 to {len(found)}."
            )
        return found[(occurrence or 1) - 1]

    def context(self, start: int, end: int, *, width: int = 24) -> str:
        """Passage with a little of the text around it, on one line.

        Examples
        --------
        >>> Article("one, two, three").context(5, 8, width=4)
        '…ne, two, th…'
        """
        before, after = self.text[max(0, start - width) : start], self.text[end : end + width]
        piece = ("…" if start > width else "") + before + self.text[start:end] + after
        return " ".join((piece + ("…" if end + width < len(self.text) else "")).split())

    def _not_found(self, quote: str) -> str:
        if not quote:
            return "QUOTE-EMPTY · The quotation is empty. · Nothing was changed. · Copy some words from the article."
        start, end = self.nearest(quote)
        return (
            f"QUOTE-NONE · “{quote:.80}” does not stand in the article word for word. · Nothing was changed. · "
            f"The nearest passage is “{plain(' '.join(self.text[start:end].split()), 200)}”; copy the words from the "
            "article."
        )

    def sentence_at(self, offset: int) -> Sentence:
        """Return the sentence that holds a code point, or the last one that starts before it."""
        return self.sentences[max(0, bisect_right(self._starts, offset) - 1)]

    def sentences_of(self, start: int, end: int) -> tuple[Sentence, ...]:
        """Sentences that share at least one character with ``[start, end)``."""
        return tuple(s for s in self.sentences if s.start < end and start < s.end)

    def to_utf16(self, offset: int) -> int:
        """UTF-16 position of a code point offset; `OffsetError` outside the text.

        Examples
        --------
        >>> Article("😀 ok").to_utf16(2)
        3
        """
        if not 0 <= offset <= len(self.text):
            raise OffsetError(f"Offset {plain(offset, 20)} lies outside the text.")
        return len(self.text[:offset].encode("utf-16-le")) // 2

    def from_utf16(self, position: int) -> int:
        """Code point offset of a UTF-16 position; `OffsetError` inside a surrogate pair.

        Examples
        --------
        >>> Article("😀 ok").from_utf16(3)
        2
        """
        units = self.text.encode("utf-16-le")
        try:
            if not 0 <= position <= len(units) // 2:
                raise OffsetError(f"UTF-16 position {plain(position, 20)} lies outside the text.")
            return len(units[: 2 * position].decode("utf-16-le"))
        except UnicodeDecodeError:
            raise OffsetError(f"UTF-16 position {position} lies inside a character.") from None

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]


def _lead(text: str) -> int:
    return len(text) - len(text.lstrip())


def _occurrences(text: str, quote: str) -> Iterator[tuple[int, int]]:
    at = text.find(quote)
    while at >= 0:
        yield at, at + len(quote)
        at = text.find(quote, at + 1)
