"""Own chains beside the key's, in the words of the classroom; no verdict about the text or a person."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from secondsource.chain_matching import Chain, ChainRow, Hand, tempting
from secondsource.feedback import quoted
from secondsource.languages import Language
from secondsource.markup import in_language, literal
from secondsource.static_html import provenance_html, table_html

if TYPE_CHECKING:
    from secondsource.chains import ChainComparison

__all__ = [
    "chain_headline",
    "chain_html",
    "chain_lines",
    "chain_overs",
    "chain_rows",
    "chain_summary",
    "chain_table",
    "told_chain",
]


_NAMED = "The chain: "  # so the reasons of the bundled keys begin; it would be said twice


def told_chain(chain: Chain, words: Language, *, limit: int = 60) -> str:
    """Tell a chain with arrows, from the origin to the page."""
    parts = []
    for hand in chain.hands:
        parts.append(quoted(hand.quote, words, limit=limit))
        if hand.attributes.get("onward") == "gap":
            parts.append(words.say("chains", "somebody_short"))
    return " → ".join([*parts, words.say("chains", "this_article_short")])


def chain_overs(chain: Chain, words: Language) -> str:
    """Tell how many of its hand-overs a reader cannot check; behind a gap there may be more."""
    return words.say("chains", "number_least" if chain.open_ended else "number", number=chain.hand_overs)


def chain_rows(chains: Iterable[Chain], words: Language) -> list[tuple[str, str, str]]:
    """Return number, hands and hand-overs of each chain; while questions are open, nobody can count the last."""
    return [
        (
            str(number),
            told_chain(chain, words, limit=200),
            words.say("chains", "overs_open", count=chain.open_questions)
            if chain.open_questions
            else chain_overs(chain, words),
        )
        for number, chain in enumerate(chains, start=1)
    ]


def chain_table(caption: str, rows: Sequence[tuple[str, str, str]], words: Language) -> str:
    """Return `chain_rows` as a table of escaped HTML; without chains nothing."""
    return table_html(caption, words.table("chains")["still_columns"], rows) if rows else ""


def chain_summary(comparison: "ChainComparison") -> list[str]:
    """What to know first, in sentences; every number in them is a count."""
    words, counts = comparison.words, comparison.counts
    wanted = counts["chains_found"] + counts["chains_missed"]
    lines = [words.say("chains", "drawn", count=counts["own_chains"])]
    whole = sum(row.in_place for row in comparison.answered)
    found = "found_of_whole" if comparison.answered else "found_of"  # one hand in common is enough to be found
    lines.append(words.say("chains", found, found=counts["chains_found"], wanted=wanted, whole=whole))
    if counts["chains_found"]:
        hands = counts["hands_found"] + counts["hands_moved"] + counts["hands_missed"]
        told = words.say("chains", "hands_of_key", found=counts["hands_found"], wanted=hands)
        for name in ("moved", "extra"):
            if counts[f"hands_{name}"]:
                told += " " + words.say("chains", f"hands_{name}", count=counts[f"hands_{name}"])
        lines.append(told)
    if gaps := counts["gaps_noticed"] + counts["gaps_missed"]:
        lines.append(words.say("chains", "gaps_of_key", found=counts["gaps_noticed"], wanted=gaps))
    if counts["chains_extra"]:
        lines.append(words.say("chains", "more_chains", count=counts["chains_extra"]))
    if comparison.outside:
        lines.append(words.say("chains", "outside_chains", count=comparison.outside))
    lines.append(words.say("chains", "what_counts"))
    return [*lines, comparison.key.layer.human]


def chain_headline(row: ChainRow, words: Language) -> str:
    """One plain sentence about a row."""
    if row.key is None:
        return words.say("chains", "row_extra")
    if row.own is None:
        return words.say("chains", "row_missed")
    return words.say("chains", "row_same" if row.same else "row_partly")


def _details(row: ChainRow, comparison: "ChainComparison") -> Iterator[str]:
    words = comparison.words
    if row.own:
        yield words.say("chains", "yours", chain=told_chain(row.own, words))
    if row.key:
        yield words.say("chains", "the_keys", chain=told_chain(row.key, words))
    yield from _numbers(row, words)
    for hand in row.hands:
        yield from _about(hand, row, words)
        if hand.outcome == "extra" and hand.own and (foil := tempting(hand.own, comparison.key)):
            yield words.say("chains", "why_not", quote=quoted(foil.quote, words, limit=90), why=foil.why_not)
            if foil.instead:
                yield words.say("told", "instead", instead=foil.instead)
    if row.key:
        entry = comparison.key.by_id[row.key.hands[0].id]  # the chain's reason stands on its origin
        if entry.tier != "core":
            yield words.say("chains", f"tier_{entry.tier}")
        yield words.say("chains", "reason_whole", reason=entry.reason.removeprefix(_NAMED))
        yield words.say("told", "argument", counter=entry.counter)


def _numbers(row: ChainRow, words: Language) -> Iterator[str]:
    if row.own and row.key:
        yield words.say("chains", "overs_both", own=chain_overs(row.own, words), key=chain_overs(row.key, words))
    else:
        yield words.say("chains", "overs_one", number=chain_overs(row.chain, words))


def _about(hand: Hand, row: ChainRow, words: Language) -> Iterator[str]:
    """What to say of one hand; of a chain that was not drawn, only the whole is told."""
    if not row.answered:
        return
    span = hand.own or (hand.key.span if hand.key else None)
    quote = quoted(span.quote, words, limit=90) if span else ""
    if hand.outcome != "found":
        told = words.say("chains", f"hand_{hand.outcome}", quote=quote)
        if hand.outcome == "missed" and hand.key and row.key and hand.key.span.id != row.key.hands[0].id:
            told += " " + words.say("chains", "reason", reason=hand.key.reason)  # that of the first is the chain's
        yield told
    if hand.gap and hand.outcome not in ("missed", "optional"):
        yield words.say("chains", f"gap_{hand.gap}", quote=quote)
    if hand.shown == "differs" and hand.key:
        shown = hand.key.span.attributes["shown"] == "shown"
        yield words.say("chains", "key_shown" if shown else "key_not_shown", quote=quote)


def chain_lines(comparison: "ChainComparison") -> list[str]:
    """Tell the whole comparison, line by line."""
    words = comparison.words
    head = [_title(comparison), comparison.labels.article.provenance, comparison.key.provenance.statement, ""]
    lines = [*head, *chain_summary(comparison)]
    for number, row in enumerate(comparison.rows, start=1):
        lines += ["", f"{number}. {_where(row, comparison)} · {chain_headline(row, words)}"]
        lines += [f"   {line}" for line in _details(row, comparison)]
    return lines


def chain_html(comparison: "ChainComparison") -> str:
    """Tell the same as escaped HTML."""
    words = comparison.words
    told = [comparison.key.provenance.statement, *chain_summary(comparison)]
    rows = []
    for number, row in enumerate(comparison.rows, start=1):
        head = f"{number}. {_where(row, comparison)} · {chain_headline(row, words)}"
        items = "".join(f"<li>{literal(line)}</li>" for line in _details(row, comparison))
        rows.append(f"<h4>{literal(head)}</h4><ul>{items}</ul>")
    top = "".join(f"<p>{literal(line)}</p>" for line in told)
    whole = f"<h3>{literal(_title(comparison))}</h3>{top}{''.join(rows)}"
    return provenance_html(comparison.labels.article) + in_language(whole, words)


def _where(row: ChainRow, comparison: "ChainComparison") -> str:
    return comparison.labels.article.sentence_at(row.chain.hands[0].start).id


def _title(comparison: "ChainComparison") -> str:
    return comparison.words.say("chains", "title", layer=comparison.key.layer.name)
