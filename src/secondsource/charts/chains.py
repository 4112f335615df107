"""Hand-overs that a reader cannot check: of each chain beside the key's, and how many chains have how many."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from secondsource.chain_matching import Chain
from secondsource.charts.card import MOST, PADDING, SPLIT, Labels, beside, wide
from secondsource.charts.census import EDGES, FILLS, GAP
from secondsource.charts.material import draft, notes, provenance
from secondsource.charts.picture import Picture, Row
from secondsource.errors import UnknownNameError
from secondsource.languages import Language

if TYPE_CHECKING:
    import altair as alt

    from secondsource.chains import ChainComparison

__all__ = ["chain_picture", "hand_overs"]

Bar = tuple[str, str, int, str, str]  # row, whose, length, what stands behind it, what is read out


def chain_picture(comparison: "ChainComparison", of: str) -> Picture:
    """Draw a comparison of chains: ``chains`` one by one, or how many have how many ``hand_overs``."""
    if of == "chains":
        return _one_by_one(comparison)
    if of == "hand_overs":
        return hand_overs(comparison)
    raise UnknownNameError("picture", of, ("chains", "hand_overs"))


def hand_overs(first: "ChainComparison", *others: "ChainComparison") -> Picture:
    """Show how many chains have how many hand-overs that a reader cannot check; several readers are put together."""
    comparisons = (first, *others)
    words, whose = first.words, _whose(first.words)
    own = Counter(_number(row.own) for one in comparisons for row in one.rows if row.own)
    wanted = Counter(_number(row.key) for row in first.rows if row.key)
    title = words.say("chains", "often_title")
    found = sorted({*own, *wanted}, key=_by_number)
    if not found:
        return _nothing(first, title)
    rows: list[Row] = [
        (whose[side], name, count[name])
        for name in found
        for side, count in (("own", own), ("key", wanted))
        if count[name]
    ]
    told = [_often(str(name), str(number), int(str(often)), words) for name, number, often in rows]
    bars = [
        (
            words.say("chains", "hops", count=_size(str(number)), number=number),
            str(name),
            int(str(often)),
            str(often),
            said,
        )
        for (name, number, often), said in zip(rows, told, strict=True)
    ]
    return Picture(
        title,
        words.say("chains", "picture_told", title=title, own=_list(own, "you", words), key=_list(wanted, "key", words)),
        provenance(first.labels),
        tuple(words.table("chains")["often_columns"]),
        tuple(rows),
        tuple(told),
        (words.say("chains", "what_counts"), *notes(first.key)),
        draft(first.key),
        _draw=lambda: _drawn(bars, list(whose.values()), words.say("chains", "often_axis")),
        _words=words,
    )


def _one_by_one(comparison: "ChainComparison") -> Picture:
    words, whose = comparison.words, _whose(comparison.words)
    title = words.say("chains", "picture_title")
    rows, told, bars = list[Row](), list[str](), list[Bar]()
    for number, row in enumerate(comparison.rows, start=1):
        first = row.chain.hands[0]
        place = comparison.labels.article.sentence_at(first.start).id
        name = f"{number}. {place} {' '.join(first.quote.split())}"
        sides = {side: one for side, one in (("own", row.own), ("key", row.key)) if one}
        numbers = ", ".join(words.say("chains", f"picture_{side}", number=_number(one)) for side, one in sides.items())
        said = words.say("chains", "picture_row", chain=name, numbers=numbers)
        rows.append((name, place, *(_number(one) if one else "" for one in (row.own, row.key))))
        told.append(said)
        bars += [(name, whose[side], one.hand_overs, _number(one), said) for side, one in sides.items()]
    if not rows:
        return _nothing(comparison, title)
    own = Counter(_number(row.own) for row in comparison.rows if row.own)
    wanted = Counter(_number(row.key) for row in comparison.rows if row.key)
    return Picture(
        title,
        words.say("chains", "picture_told", title=title, own=_list(own, "you", words), key=_list(wanted, "key", words)),
        provenance(comparison.labels),
        tuple(words.table("chains")["picture_columns"]),
        tuple(rows),
        tuple(told),
        (words.say("chains", "what_counts"), *notes(comparison.key)),
        draft(comparison.key),
        _draw=lambda: _drawn(bars, list(whose.values()), words.say("chains", "picture_axis")),
        _words=words,
    )


def _nothing(comparison: "ChainComparison", title: str) -> Picture:
    told = comparison.words.say("chains", "picture_none")
    where = provenance(comparison.labels)
    return Picture(
        title, told, where, notes=notes(comparison.key), draft=draft(comparison.key), _words=comparison.words
    )


def _whose(words: Language) -> Mapping[str, str]:
    return {"own": words.say("chains", "you_name"), "key": words.say("chains", "key_name")}


def _number(chain: Chain) -> str:
    """Number of hand-overs; with a plus where there may be more."""
    return f"{chain.hand_overs}{'+' * chain.open_ended}"


def _size(number: str) -> int:
    return int(number.rstrip("+"))


def _by_number(number: str) -> tuple[int, str]:
    return _size(number), number


def _often(whose: str, number: str, often: int, words: Language) -> str:
    chains = words.say("chains", "count_chains", count=often)
    overs = words.say("chains", "hops", count=_size(number), number=number)
    return words.say("chains", "often_row", whose=whose, chains=chains, overs=overs)


def _list(often: Counter[str], whose: str, words: Language) -> str:
    numbers = [number for number in sorted(often, key=_by_number) for _ in range(often[number])]
    none = words.say("chains", "picture_of_none")
    return words.say("chains", f"picture_of_{whose}", numbers=", ".join(numbers) or none)


def _drawn(bars: Sequence[Bar], whose: Sequence[str], axis: str) -> "alt.LayerChart":
    import altair as alt

    names = list(dict.fromkeys(name for name, *_ in bars))
    down, legend = Labels({name: name for name in names}), Labels({name: name for name in whose}, length=MOST)
    values = [
        {"row": down[name], "side": legend[side], "size": size, "said": said, "told": told}
        for name, side, size, said, told in bars
    ]
    most = max(1, *(size for _, _, size, *_ in bars))
    across = alt.Y("row:N", axis=None).scale(domain=down.domain, paddingInner=GAP)
    base = alt.Chart(alt.InlineData(values=values)).encode(across, alt.YOffset("side:N").scale(domain=legend.domain))
    key = alt.Legend(labelExpr=SPLIT)
    bar = base.mark_bar(strokeWidth=1.5, cornerRadiusEnd=2).encode(
        alt.X("size:Q", axis=alt.Axis(title=axis, tickMinStep=1, format="d")).scale(domain=[0, 1.2 * most]),
        alt.Fill("side:N", legend=key).scale(domain=legend.domain, range=list(FILLS[:2])),
        alt.Stroke("side:N", legend=key).scale(domain=legend.domain, range=list(EDGES[:2])),
        tooltip=alt.Tooltip("told:N"),
        description=alt.Description("told:N"),
    )
    said = base.mark_text(aria=False, align="left", dx=5).encode(alt.X("size:Q"), alt.Text("said:N"))
    height = round(len(names) * max(44, 15 * down.lines))
    return wide(alt.layer(bar, said, beside(down, across)), down.width + PADDING + 24).properties(height=height)
