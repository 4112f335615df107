"""Whose words use which technique, and how many techniques stand so many hand-overs from the origin."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from secondsource.article import Sentence
from secondsource.charts.card import Labels, tiles
from secondsource.charts.material import (
    Labelled,
    draft,
    layer_of,
    many,
    names,
    notes,
    place,
    provenance,
    same_article,
    spans_of,
)
from secondsource.charts.picture import Picture
from secondsource.codebook import Layer
from secondsource.spans import Span

if TYPE_CHECKING:
    import altair as alt

__all__ = ["technique_by_voice", "techniques_by_hops"]

VOICE, HOPS = "voice", "hops"
NOT_SAID, CANNOT_TELL = "not said", "unknown"
ABOUT_WORDING = "A technique is a matter of wording. It says nothing about whether a statement holds."
IDS_SHOWN = 6


def technique_by_voice(labelled: Labelled, *, layer: str = "rhetoric") -> Picture:
    """Show how often each technique stands in whose words: the article's own, or those of somebody quoted.

    Parameters
    ----------
    labelled : LabelSet or Key
        Of a key, what it leaves open is not counted.
    layer : str
        A layer whose labels have the attribute ``voice``.

    Examples
    --------
    >>> from secondsource.case import Case
    >>> technique_by_voice(Case.open("analyst-claims").key("rhetoric")).description
    '33 labels: 18 in the article’s own words, 15 in words of somebody quoted or reported.'
    """
    title = "Whose words use which technique"
    book = layer_of(labelled, layer)
    voices = _values(book, VOICE)
    offered = _offered(book, VOICE)
    spans = [span for span in spans_of(labelled, layer) if span.label in offered]
    if not spans:
        told = "There is nothing to draw yet: there are no labels of techniques here."
        return Picture(title, told, provenance(labelled), notes=notes(labelled), draft=draft(labelled))
    counts = Counter((span.label, span.attributes.get(VOICE, NOT_SAID)) for span in spans)
    if any(voice == NOT_SAID for _, voice in counts):
        voices = {**voices, NOT_SAID: "Not said"}
    called = {label: name for label, name in names(book).items() if label in offered}
    return Picture(
        title,
        _voices_description(counts, voices),
        provenance(labelled),
        ("technique", *voices.values()),
        tuple((name, *(counts[label, voice] for voice in voices)) for label, name in called.items()),
        tuple(f"{name}: {_in_whose({v: counts[label, v] for v in voices}, voices)}" for label, name in called.items()),
        (ABOUT_WORDING, *notes(labelled)),
        draft(labelled),
        _draw=lambda: _drawn_voices(called, voices, counts),
    )


def techniques_by_hops(
    wording: Labelled, sourcing: Labelled, *, techniques: str = "rhetoric", sources: str = "sourcing"
) -> Picture:
    """Show how many techniques stand in sentences that lie so many hand-overs from their origin.

    A sentence counts with the most hand-overs of its sources, and with the techniques that begin in it. Sentences
    whose hand-overs nobody has noted are left out.

    Parameters
    ----------
    wording, sourcing : LabelSet or Key
        Labels of the techniques, and of the sources with the attribute ``hops``; of the same article.

    Examples
    --------
    >>> from secondsource.case import Case
    >>> key = Case.open("analyst-claims").key("rhetoric")
    >>> techniques_by_hops(key, key.labels).description
    'There is nothing to draw yet: no source here says how many hand-overs it took.'
    """
    title = "Techniques and hand-overs"
    article = same_article(wording, sourcing)
    where = provenance(wording)
    hops = _values(layer_of(sourcing, sources), HOPS)
    far = _farthest(article.sentence_at, spans_of(sourcing, sources), list(hops))
    if not far:
        told = "There is nothing to draw yet: no source here says how many hand-overs it took."
        return Picture(title, told, where, notes=notes(wording, sourcing), draft=draft(wording, sourcing))
    book = layer_of(wording, techniques)
    passages = {label.id for label in book.labels if label.unit == "span"}
    often = Counter(article.sentence_at(s.start).id for s in spans_of(wording, techniques) if s.label in passages)
    rows = tuple((s.id, hops[far[s.id]], often[s.id]) for s in article.sentences if s.id in far)
    left = many(len(article.sentences) - len(rows), "sentence is", "sentences are")
    told_as = {name: _hand_overs(value, name) for value, name in hops.items()}
    return Picture(
        title,
        _hops_description(rows, told_as),
        where,
        ("sentence", "hand-overs", "techniques"),
        rows,
        tuple(f"{place(sid)}: {_lower(told_as[said])}, {many(number, 'technique')}" for sid, said, number in rows),
        (f"{left} left out: no hand-overs are noted there.", ABOUT_WORDING, *notes(wording, sourcing)),
        draft(wording, sourcing),
        _draw=lambda: _drawn_hops(rows, told_as),
    )


def _values(layer: Layer, attribute: str) -> dict[str, str]:
    """Answers to a further question, by id, in the codebook's order; none if the layer does not ask it."""
    return {value: name for one in layer.attributes if one.id == attribute for value, name in one.values}


def _offered(layer: Layer, attribute: str) -> set[str]:
    return {label for one in layer.attributes if one.id == attribute for label in one.labels}


def _voices_description(counts: Counter[tuple[str, str]], voices: Mapping[str, str]) -> str:
    often = {voice: sum(n for (_, said), n in counts.items() if said == voice) for voice in voices}
    return f"{many(counts.total(), 'label')}: {_in_whose(often, voices)}."


def _in_whose(often: Mapping[str, int], voices: Mapping[str, str]) -> str:
    told = [
        f"{number} in {_lower(voices[voice])}" if voice != NOT_SAID else f"{number} not said"
        for voice, number in often.items()
    ]
    return ", ".join(told)


def _drawn_voices(
    called: Mapping[str, str], voices: Mapping[str, str], counts: Counter[tuple[str, str]]
) -> "alt.LayerChart":
    rows, columns = Labels(called), Labels(voices, length=14)
    colours = dict(zip(voices, ("#0072b2", "#c04f00", "#5a5a5a", "#00775a", "#6a51a3"), strict=False))
    most = max(counts.values())
    values = [
        {
            "row": rows[label],
            "column": columns[voice],
            "kind": voice,
            "share": counts[label, voice] / most,
            "said": str(counts[label, voice]),
            "told": f"{called[label]}: {_in_whose({voice: counts[label, voice]}, voices)}",
        }
        for label in called
        for voice in voices
        if counts[label, voice]
    ]
    return tiles(values, rows=rows, columns=columns, kinds=colours, step=34)


def _farthest(place: Callable[[int], Sentence], spans: Sequence[Span], order: Sequence[str]) -> dict[str, str]:
    """The most hand-overs of each sentence that has any noted; “cannot tell” only where nothing else is."""
    rank = {value: -1 if value == CANNOT_TELL else i for i, value in enumerate(order)}
    far: dict[str, str] = {}
    for span in spans:
        said, at = span.attributes.get(HOPS), place(span.start).id
        if said in rank and (at not in far or rank[said] > rank[far[at]]):
            far[at] = said
    return far


def _hand_overs(value: str, name: str) -> str:
    """Return an answer as a number of hand-overs; what it explains behind a colon is left out."""
    if value == "0":
        return "No hand-overs"
    number = name.partition(":")[0]
    if value == CANNOT_TELL:
        return f"{number} how many hand-overs"
    return f"{number} hand-over{'' if value == '1' else 's'}"


def _hops_description(rows: Sequence[tuple[str, str, int]], told_as: Mapping[str, str]) -> str:
    told = [f"Hand-overs are noted in {many(len(rows), 'sentence')}"]
    for name, hand_overs in told_as.items():
        here = [number for _, said, number in rows if said == name]
        if here:
            told.append(f"{hand_overs}: {many(sum(here), 'technique')} in {many(len(here), 'sentence')}")
    return ". ".join(told) + "."


def _drawn_hops(found: Sequence[tuple[str, str, int]], told_as: Mapping[str, str]) -> "alt.LayerChart":
    steps = range(max(number for *_, number in found), -1, -1)
    rows = Labels({str(n): many(n, "technique") if n else "no technique" for n in steps})
    columns = Labels({name: name for name in told_as}, length=12)
    here: dict[tuple[str, int], list[str]] = {}
    for sid, said, number in found:
        here.setdefault((said, number), []).append(sid)
    most = max(map(len, here.values()))
    values = [
        {
            "row": rows[str(number)],
            "column": columns[said],
            "kind": "there",
            "share": len(ids) / most,
            "said": _ids(ids),
            "told": f"{told_as[said]}, {many(number, 'technique')}: {', '.join(map(place, ids))}",
        }
        for (said, number), ids in here.items()
    ]
    kinds = {"there": "#0072b2"}
    return tiles(values, rows=rows, columns=columns, kinds=kinds, step=46, corner=["Hand-overs →"])


def _ids(ids: Sequence[str]) -> str:
    if len(ids) > IDS_SHOWN:
        return f"{len(ids)}\nsentences"
    return "\n".join(" ".join(ids[i : i + 2]) for i in range(0, len(ids), 2))


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
