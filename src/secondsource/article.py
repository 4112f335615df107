"""The text under study: immutable, counted in Unicode code points, cut into blocks and sentences.

Every offset in this package is a code point of exactly this text, half-open ``[start, end)``. UTF-16, in which
browsers count, exists only in :meth:`Article.to_utf16` and :meth:`Article.from_utf16`.
"""

import hashlib
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal
from unicodedata import bidirectional

from secondsource.cutting import Block, Sentence, cut, parts
from secondsource.errors import CaseError, OffsetError, QuotationError, UnknownNameError, message, plain
from secondsource.quotation import Folded, bare, fold, nearest, occurrences, trim

__all__ = ["Article", "Block", "Sentence"]

_LISTED = 9  # places or sentences that a message shows
_COPY = "Copy some words from the article."


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
    cards : bool
        Whether it is a deck: a title and then one card per paragraph, each taken as one sentence.

    Examples
    --------
    >>> article = Article("A headline\n\nFirst sentence. Second one.")
    >>> [(s.id, article.text[s.start:s.end]) for s in article.sentences]
    [('H', 'A headline'), ('S1', 'First sentence.'), ('S2', 'Second one.')]
    >>> [s.id for s in Article("A deck\n\nOne card. Still the same.\n\nNext card.", cards=True).sentences]
    ['H', 'C1', 'C2']
    """

    text: str = field(repr=False)
    title: str = ""
    provenance: str = ""
    note: str = ""
    language: str = "en"
    cards: bool = False

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
        return cut(self.text)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Sentences in order; together they hold every visible character."""
        return parts(self.text, self.blocks, cards=self.cards)

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
        """All places where exactly ``quote`` stands, parts of words and overlapping ones included.

        For what a person types see `places` and `locate`.

        Examples
        --------
        >>> Article("one, two, one").find("one")
        [(0, 3), (10, 13)]
        """
        starts = [match.start() for match in re.finditer(f"(?={re.escape(quote)})", self.text)] if quote else []
        return [(start, start + len(quote)) for start in starts]

    def places(self, quote: str) -> list[tuple[int, int]]:
        """Places where a reader would say that ``quote`` stands; see `secondsource.quotation.occurrences`.

        Examples
        --------
        >>> Article("The hen: “He”").places("he")
        [(10, 12)]
        """
        return occurrences(self.text, quote, self._folded)

    def locate(self, quote: object, occurrence: object = None, *, unit: str = "span") -> tuple[int, int]:
        """Span of a quotation; `QuotationError` says what to do when it occurs never or several times.

        Parameters
        ----------
        quote : str
            Words as they stand in the text; capitals, spaces, quotation marks and dashes need not be the same.
        occurrence : int, optional
            Which of its `places` to take, counted from 1, when there are several.
        unit : {"span", "sentence"}
            Whether the words themselves are meant or the sentence that holds them; punctuation at the edges of a
            quotation that stands for its sentence need not be the same.

        Examples
        --------
        >>> Article("one, two, one").locate("One", occurrence=2)
        (10, 13)
        """
        if not isinstance(quote, str):
            raise _refusal("TEXT", f"A quotation is text in quotation marks, not {plain(quote, 40)}.", _COPY)
        found = self.places(quote)
        if unit == "sentence":
            start, end = self._choose(quote, found or self.places(bare(quote)), occurrence)
            sentence = self.only_sentence(start, end)
            return sentence.start, sentence.end
        return self._choose(quote, found, occurrence)

    def _choose(self, quote: str, found: list[tuple[int, int]], occurrence: object) -> tuple[int, int]:
        told = plain(" ".join(quote.split()), 60)
        if not told:
            raise _refusal("EMPTY", "The quotation is empty.", _COPY)
        if not found:
            near = plain(" ".join(self.text[slice(*nearest(self.text, quote))].split()), 200)
            step = f"The nearest passage is “{near}”; copy the words from the article."
            raise _refusal("NONE", f"“{told}” does not stand in the article.", step)
        if occurrence is None and len(found) > 1:
            contexts = [f"{self.sentence_at(start).id}: “{self.context(start, end)}”" for start, end in found[:_LISTED]]
            listing = "; ".join(f"{i} in {context}" for i, context in enumerate(contexts, start=1))
            happened = f"“{told}” stands {len(found)} times in the article ({listing}{'; …' * (len(found) > _LISTED)})."
            step = "Say which one you mean, for example occurrence=1, or quote a few more words."
            raise _refusal("SEVERAL", happened, step)
        number = 1 if occurrence is None else occurrence
        if not isinstance(number, int) or isinstance(number, bool):
            given = f"“{plain(number, 40)}”" if isinstance(number, str) else plain(number, 40)
            happened = f"The occurrence is a whole number without quotation marks, not {given}."
            raise _refusal("NUMBER", happened, "Write for example occurrence=1.")
        if not 1 <= number <= len(found):
            happened = f"There is no occurrence {plain(number, 20)} of “{told}”."
            raise _refusal("NUMBER", happened, f"Choose a number from 1 to {len(found)}.")
        return found[number - 1]

    def only_sentence(self, start: int, end: int) -> Sentence:
        """Return the one sentence that holds the words of ``[start, end)``; `QuotationError` if there are several."""
        inner = trim(self.text, start, end)
        touched = self.sentences_of(*inner) or (self.sentence_at(start),)
        if len(touched) == 1:
            return touched[0]
        told = plain(" ".join(self.text[start:end].split()), 60)
        names = ", ".join(sentence.id for sentence in touched)
        begins = "; ".join(f"{s.id} begins “{_first_words(self.text[s.start : s.end])}”" for s in touched[:_LISTED])
        happened = f"“{told}” touches {names}, and this label marks one whole sentence."
        raise _refusal("SENTENCES", happened, f"Quote words of one of them: {begins}.")

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

    def sentence(self, name: object) -> Sentence:
        r"""Return the sentence or card with this id; `UnknownNameError` lists those that exist.

        Examples
        --------
        >>> Article("Title\n\nOne. Two.").sentence("S2").start
        12
        """
        known = {sentence.id: sentence for sentence in self.sentences}
        if not isinstance(name, str) or name not in known:
            raise UnknownNameError("card" if self.cards else "sentence", name, known)
        return known[name]

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
    def _folded(self) -> Folded:
        return fold(self.text)

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]


def _refusal(code: str, happened: str, step: str) -> QuotationError:
    return QuotationError(message(f"QUOTE-{code}", happened, "Nothing was changed.", step))


def _first_words(sentence: str, most: int = 5) -> str:
    words = sentence.split()
    return " ".join(words[:most]) + ("…" if len(words) > most else "")
