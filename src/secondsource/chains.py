"""Own chains beside the key's: through whose hands a statement came to the page.

Everything here is counted and nothing is divided: a chain is short, and a share of three says little.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from secondsource.chain_matching import Chain, ChainRow, Hand, chains_of, pair_chains
from secondsource.chain_words import chain_html, chain_lines
from secondsource.comparison import check_same
from secondsource.errors import UnknownNameError
from secondsource.frames import CHAINS as COLUMNS
from secondsource.frames import chains_frame
from secondsource.key import Key
from secondsource.languages import Language, language
from secondsource.markup import still
from secondsource.spans import LabelSet, Span

if TYPE_CHECKING:
    import pandas as pd

    from secondsource.charts import Picture

__all__ = ["COLUMNS", "Chain", "ChainComparison", "ChainRow", "Hand", "chains_of", "compare_chains"]


@dataclass(frozen=True, repr=False)
class ChainComparison:
    """Own chains beside the key's.

    Attributes
    ----------
    labels : LabelSet
    key : Key
        The whole key of the layer.
    rows : tuple of ChainRow
        In the order of the text: answered chains, chains of the key alone, own chains alone.
    units : tuple of str or None
        Sentences that were asked; None: all.
    outside : int
        Own chains that touch none of them; they are not compared.
    words : Language
        In which language it is told.
    """

    labels: LabelSet
    key: Key
    rows: tuple[ChainRow, ...]
    units: tuple[str, ...] | None = None
    outside: int = 0
    words: Language = field(default_factory=language, compare=False)

    @property
    def answered(self) -> tuple[ChainRow, ...]:
        """Chains of the key that the student drew."""
        return tuple(row for row in self.rows if row.answered)

    @property
    def missed(self) -> tuple[ChainRow, ...]:
        """Chains of the key that the student did not draw; what the key leaves open is not among them."""
        return tuple(row for row in self.rows if row.own is None and self.tier(row) == "core")

    @property
    def extra(self) -> tuple[ChainRow, ...]:
        """Own chains that answer none of the key's."""
        return tuple(row for row in self.rows if row.key is None)

    def tier(self, row: ChainRow) -> str:
        """How firm the key's chain is: as its origin, on which the chain's reason stands."""
        return self.key.by_id[row.key.hands[0].id].tier if row.key else ""

    @cached_property
    def counts(self) -> dict[str, int]:
        """Every number of the comparison: chains, the hands of the answered ones, and their gaps."""
        hands = [hand for row in self.answered for hand in row.hands]
        gaps = [hand.gap for hand in hands]
        return {
            **{"own_chains": sum(row.own is not None for row in self.rows), "chains_found": len(self.answered)},
            **{"chains_missed": len(self.missed), "chains_extra": len(self.extra)},
            **{
                f"hands_{name}": sum(h.outcome == name for h in hands) for name in ("found", "moved", "missed", "extra")
            },
            **{
                "gaps_noticed": gaps.count("same"),
                "gaps_missed": gaps.count("missed"),
                "gaps_extra": gaps.count("extra"),
            },
        }

    @cached_property
    def frame(self) -> "pd.DataFrame":
        """One row per hand (columns: `COLUMNS`); chains are numbered as they stand in `rows`."""
        return chains_frame(self.records())

    def records(self) -> list[dict[str, object]]:
        """Hands as plain data, in the order of `rows` (fields: `COLUMNS`)."""
        made: list[dict[str, object]] = []
        for number, row in enumerate(self.rows, start=1):
            for place, hand in enumerate(row.hands, start=1):
                span = hand.own or (hand.key.span if hand.key else None)
                values: tuple[object, ...] = (
                    number if row.own else None,
                    number if row.key else None,
                    place,
                    hand.outcome,
                    hand.own.quote if hand.own else "",
                    hand.key.span.quote if hand.key else "",
                    hand.key.tier if hand.key else "",
                    hand.gap,
                    hand.shown,
                    self.labels.article.sentence_at(span.start).id if span else "",
                )
                made.append(dict(zip(COLUMNS, values, strict=True)))
        return made

    def picture(self, of: str = "chains") -> "Picture":
        """Draw the hand-overs of each chain (``chains``) or how many chains have how many (``hand_overs``)."""
        from secondsource.charts.chains import chain_picture

        return chain_picture(self, of)

    def __repr__(self) -> str:
        found, wanted = len(self.answered), len(self.answered) + len(self.missed)
        return f"ChainComparison({self.labels.exercise!r}: {found} of {wanted} chains)"

    def __str__(self) -> str:
        """Tell the whole comparison in words, for a terminal or a screen reader."""
        return "\n".join(chain_lines(self))

    def _repr_html_(self) -> str:
        """Tell the same in a notebook."""
        return still(chain_html(self))


def compare_chains(
    labels: LabelSet, key: Key, units: Sequence[str] | None = None, interface: Language | str | None = None
) -> ChainComparison:
    """Lay own chains over the key's.

    An own chain answers the chain of the key with which it shares most, one for one; a hand that stands in no chain is
    a chain of one. A hand is that of the key when the two share half the words of the shorter one, or when the same
    name stands elsewhere in the text. Hands count as found along the longest row of them that both chains have in the
    same order.

    Parameters
    ----------
    labels : LabelSet
        A student's labels; other layers than the key's are ignored.
    key : Key
        The key of a layer whose labels are hands.
    units : sequence of str, optional
        Ids of the sentences that were asked; all by default. A chain of the key belongs to the sentence in which its
        origin stands; an own chain is compared when any of its hands stands in one of them.
    interface : str or Language
        In which language the comparison is told, such as ``"de"``.

    Raises
    ------
    MismatchError
        When the two belong to different articles or codebook versions.
    UnknownNameError
        When there is no such sentence.
    """
    check_same(labels, key)
    article = labels.article
    for name in units or ():
        if name not in {sentence.id for sentence in article.sentences}:
            raise UnknownNameError("sentence", name, [sentence.id for sentence in article.sentences])
    asked = None if units is None else set(units)

    def inside(hand: Span) -> bool:
        return asked is None or any(s.id in asked for s in article.sentences_of(hand.start, hand.end))

    drawn = chains_of(labels, key.layer.id, alone=True)
    own = [chain for chain in drawn if any(map(inside, chain.hands))]
    wanted = [chain for chain in chains_of(key.labels, key.layer.id, alone=True) if inside(chain.hands[0])]
    rows = pair_chains(own, wanted, key)
    words = language(interface or "en")
    return ChainComparison(labels, key, rows, None if units is None else tuple(units), len(drawn) - len(own), words)
