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
    names,
    notes,
    provenance,
    same_article,
    spans_of,
)
from secondsource.charts.outcomes import place
from secondsource.charts.picture import Picture
from secondsource.codebook import Layer
from secondsource.languages import Language, language
from secondsource.spans import Span

if TYPE_CHECKING:
    import altair as alt

__all__ = ["technique_by_voice", "techniques_by_hops"]

VOICE, HOPS = "voice", "hops"
NOT_SAID, CANNOT_TELL = "not said", "unknown"
IDS_SHOWN = 6


def technique_by_voice(labelled: Labelled, *, layer: str = "rhetoric", interface: Language | str = "en") -> Picture:
    """Show how often each technique stands in whose words: the article's own, or those of somebody quoted.

    Parameters
    ----------
    labelled : LabelSet or Key
        Of a key, what it leaves open is not counted.
    layer : str
        A layer whose labels have the attribute ``voice``.
    interface : str or Language
        In which language it is told, such as ``"de"``.

    Examples
    --------
    >>> from secondsource.case import Case
    >>> technique_by_voice(Case.open("analyst-claims").key("rhetoric")).description
    '33 labels: 18 in the article’s own words, 15 in words of somebody quoted or reported.'
    """
    words = language(interface)
    title = words.say("pictures", "voice_title")
    book = layer_of(labelled, layer)
    voices = _values(book, VOICE)
    offered = _offered(book, VOICE)
    spans = [span for span in spans_of(labelled, layer) if span.label in offered]
    if not spans:
        told = words.say("pictures", "voice_nothing")
        return Picture(title, told, provenance(labelled), notes=notes(labelled), draft=draft(labelled), _words=words)
    counts = Counter((span.label, span.attributes.get(VOICE, NOT_SAID)) for span in spans)
    if any(voice == NOT_SAID for _, voice in counts):
        voices = {**voices, NOT_SAID: words.say("pictures", "voice_not_said")}
    called = {label: name for label, name in names(book).items() if label in offered}
    return Picture(
        title,
        _voices_description(counts, voices, words),
        provenance(labelled),
        (words.say("pictures", "column_technique"), *voices.values()),
        tuple((name, *(counts[label, voice] for voice in voices)) for label, name in called.items()),
        tuple(
            f"{name}: {_in_whose({v: counts[label, v] for v in voices}, voices, words)}"
            for label, name in called.items()
        ),
        (words.say("pictures", "about_wording"), *notes(labelled)),
        draft(labelled),
        _draw=lambda: _drawn_voices(called, voices, counts, words),
        _words=words,
    )


def techniques_by_hops(
    wording: Labelled,
    sourcing: Labelled,
    *,
    techniques: str = "rhetoric",
    sources: str = "sourcing",
    interface: Language | str = "en",
) -> Picture:
    """Show how many techniques stand in sentences that lie so many hand-overs from their origin.

    A sentence counts with the most hand-overs of its sources, and with the techniques that begin in it. Sentences
    whose hand-overs nobody has noted are left out.

    Parameters
    ----------
    wording, sourcing : LabelSet or Key
        Labels of the techniques, and of the sources with the attribute ``hops``; of the same article.
    interface : str or Language
        In which language it is told, such as ``"de"``.

    Examples
    --------
    >>> from secondsource.case import Case
    >>> key = Case.open("analyst-claims").key("rhetoric")
    >>> techniques_by_hops(key, key.labels).description
    'There is nothing to draw yet: no source here says how many hand-overs it took.'
    """
    words = language(interface)
    title = words.say("pictures", "hops_title")
    article = same_article(wording, sourcing)
    where = provenance(wording)
    hops = _values(layer_of(sourcing, sources), HOPS)
    far = _farthest(article.sentence_at, spans_of(sourcing, sources), list(hops))
    if not far:
        told = words.say("pictures", "hops_nothing")
        return Picture(title, told, where, notes=notes(wording, sourcing), draft=draft(wording, sourcing), _words=words)
    book = layer_of(wording, techniques)
    passages = {label.id for label in book.labels if label.unit == "span"}
    often = Counter(article.sentence_at(s.start).id for s in spans_of(wording, techniques) if s.label in passages)
    rows = tuple((s.id, hops[far[s.id]], often[s.id]) for s in article.sentences if s.id in far)
    left = words.say("pictures", "hops_left", count=len(article.sentences) - len(rows))
    told_as = {name: _hand_overs(value, name, words) for value, name in hops.items()}
    return Picture(
        title,
        _hops_description(rows, told_as, words),
        where,
        tuple(words.table("pictures")["hops_columns"]),
        rows,
        tuple(
            words.say("pictures", "hops_row", place=place(sid, words), hops=_lower(told_as[said]), techniques=told)
            for sid, said, number in rows
            for told in (words.say("pictures", "techniques", count=number),)
        ),
        (left, words.say("pictures", "about_wording"), *notes(wording, sourcing)),
        draft(wording, sourcing),
        _draw=lambda: _drawn_hops(rows, told_as, words),
        _words=words,
    )


def _values(layer: Layer, attribute: str) -> dict[str, str]:
    """Answers to a further question, by id, in the codebook's order; none if the layer does not ask it."""
    return {value: name for one in layer.attributes if one.id == attribute for value, name in one.values}


def _offered(layer: Layer, attribute: str) -> set[str]:
    return {label for one in layer.attributes if one.id == attribute for label in one.labels}


def _voices_description(counts: Counter[tuple[str, str]], voices: Mapping[str, str], words: Language) -> str:
    often = {voice: sum(n for (_, said), n in counts.items() if said == voice) for voice in voices}
    labels = words.say("pictures", "labels", count=counts.total())
    return words.say("pictures", "voice_told", labels=labels, voices=_in_whose(often, voices, words))


def _in_whose(often: Mapping[str, int], voices: Mapping[str, str], words: Language) -> str:
    told = [
        words.say("pictures", "voice_none" if voice == NOT_SAID else "voice_in", count=n, voice=_lower(voices[voice]))
        for voice, n in often.items()
    ]
    return ", ".join(told)


def _drawn_voices(
    called: Mapping[str, str], voices: Mapping[str, str], counts: Counter[tuple[str, str]], words: Language
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
            "told": f"{called[label]}: {_in_whose({voice: counts[label, voice]}, voices, words)}",
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


def _hand_overs(value: str, name: str, words: Language) -> str:
    """Return an answer as a number of hand-overs; what it explains behind a colon is left out."""
    number = name.partition(":")[0]
    if value == "0":
        return words.say("pictures", "no_hops")
    if value == CANNOT_TELL:
        return words.say("pictures", "unknown_hops", name=number)
    return words.say("pictures", "hops", count=1 if value == "1" else 2, number=number)


def _hops_description(rows: Sequence[tuple[str, str, int]], told_as: Mapping[str, str], words: Language) -> str:
    told = [words.say("pictures", "hops_noted", sentences=words.say("pictures", "sentences", count=len(rows)))]
    for name, hand_overs in told_as.items():
        here = [number for _, said, number in rows if said == name]
        if here:
            techniques = words.say("pictures", "techniques", count=sum(here))
            sentences = words.say("pictures", "sentences", count=len(here))
            told.append(words.say("pictures", "hops_in", hops=hand_overs, techniques=techniques, sentences=sentences))
    return " ".join(told)


def _drawn_hops(found: Sequence[tuple[str, str, int]], told_as: Mapping[str, str], words: Language) -> "alt.LayerChart":
    named = {n: words.say("pictures", "techniques", count=n) for n in range(max(number for *_, number in found) + 1)}
    named[0] = words.say("pictures", "no_technique")
    rows = Labels({str(n): named[n] for n in reversed(named)})
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
            "said": _ids(ids, words),
            "told": words.say(
                "pictures",
                "hops_tile",
                hops=told_as[said],
                techniques=words.say("pictures", "techniques", count=number),
                places=", ".join(place(sid, words) for sid in ids),
            ),
        }
        for (said, number), ids in here.items()
    ]
    kinds, corner = {"there": "#0072b2"}, [words.say("pictures", "corner_hops")]
    return tiles(values, rows=rows, columns=columns, kinds=kinds, step=46, corner=corner)


def _ids(ids: Sequence[str], words: Language) -> str:
    if len(ids) > IDS_SHOWN:
        return "\n".join(words.say("pictures", "so_many_sentences", count=len(ids)).split(" ", 1))
    return "\n".join(" ".join(ids[i : i + 2]) for i in range(0, len(ids), 2))


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
