"""How many labels of each kind texts have, beside each other."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from secondsource.article import Article
from secondsource.charts.card import MOST, PADDING, SPLIT, Labels, beside, wide
from secondsource.charts.material import Labelled, draft, layer_of, names, notes, spans_of
from secondsource.charts.picture import Picture
from secondsource.errors import MismatchError, UnknownNameError, message
from secondsource.key import Key
from secondsource.languages import Language, language
from secondsource.spans import Span

if TYPE_CHECKING:
    import altair as alt

__all__ = ["census"]

EDGES = ("#0072b2", "#c04f00", "#00775a", "#9c3d7c", "#946400", "#5a5a5a")
GAP = 0.25  # between the groups of bars, as a share
FILLS = ("#0072b2", "#fbe9df", "#7fbbac", "#f3e7ef", "#946400", "#dddddd")  # full and empty: not colour alone


def census(
    texts: Mapping[str, Labelled],
    *,
    layer: str | None = None,
    units: Mapping[str, Sequence[str]] | None = None,
    interface: Language | str = "en",
) -> Picture:
    """Show how often each label stands in each text, counted for every 100 sentences.

    Parameters
    ----------
    texts : mapping of str to LabelSet or Key
        What each text is called in the picture, and its labels. Of a key, what it leaves open is not counted.
    layer : str, optional
        Id of the layer that is counted; if left out, that of the first key, or ``sourcing``.
    units : mapping of str to sequence of str, optional
        Ids of the sentences that were asked, for texts of which only a part was; labels that begin elsewhere are not
        counted, and neither are the other sentences.
    interface : str or Language
        In which language it is told, such as ``"de"``.

    Examples
    --------
    >>> from secondsource.case import Case
    >>> print(census({"Case study": Case.open("analyst-claims").key("attribution")}).description)
    Labels for every 100 sentences. Case study: 255 (74 labels in 29 sentences).
    """
    words = language(interface)
    if not texts:
        told = words.say("pictures", "census_no_text")
        return Picture(words.say("pictures", "census_title"), told, _words=words)
    wanted = layer or next((one.layer.id for one in texts.values() if isinstance(one, Key)), "sourcing")
    books = [layer_of(one, wanted) for one in texts.values()]
    if any([label.id for label in book.labels] != [label.id for label in books[0].labels] for book in books):
        step = "Compare texts that were labelled with the same codebook."
        happened = f"The texts differ in the labels of the layer {wanted}."
        raise MismatchError(message("VERSION-CODEBOOK", happened, "Nothing was drawn.", step))
    called = names(books[0])
    parts = {text: _part(one.article, (units or {}).get(text)) for text, one in texts.items()}
    if unknown := [text for text in units or {} if text not in texts]:
        raise UnknownNameError("text", unknown[0], texts)
    counts = {
        text: Counter(s.label for s in spans_of(one, wanted) if _begins(s, one.article, parts[text]))
        for text, one in texts.items()
    }
    sizes = {text: len(part) for text, part in parts.items()}
    title = words.say("pictures", "census_of", layer=" ".join(books[0].name.split()))
    where = _provenance(texts)
    if not any(count.total() for count in counts.values()):
        told = words.say("pictures", "census_no_labels")
        return Picture(title, told, where, notes=notes(*texts.values()), draft=draft(*texts.values()), _words=words)
    rows = tuple(
        (text, called[label], counts[text][label], 100 * counts[text][label] / sizes[text])
        for label in called
        for text in texts
    )
    return Picture(
        title,
        _description(counts, sizes, words),
        where,
        tuple(words.table("pictures")["census_columns"]),
        rows,
        tuple(_told(*row, words) for row in rows),
        notes(*texts.values()),
        draft(*texts.values()),
        _draw=lambda: _drawn(list(texts), list(called.values()), rows, words),
        _words=words,
    )


def _part(article: Article, units: Sequence[str] | None) -> set[str]:
    """Ids of the sentences that count; all of them if none are named."""
    asked = (article.sentence(sid) for sid in units) if units else article.sentences
    return {sentence.id for sentence in asked}


def _begins(span: Span, article: Article, part: set[str]) -> bool:
    return article.sentence_at(span.start).id in part


def _provenance(texts: Mapping[str, Labelled]) -> tuple[str, ...]:
    """Labels of the articles, each once, behind the names of its texts."""
    named: dict[str, list[str]] = {}
    for text, one in texts.items():
        named.setdefault(one.article.provenance, []).append(text)
    return tuple(f"{', '.join(names)}: {label}" for label, names in named.items())


def _description(counts: Mapping[str, Counter[str]], sizes: Mapping[str, int], words: Language) -> str:
    told = [
        words.say(
            "pictures",
            "census_text",
            text=text,
            rate=_whole(100 * count.total() / sizes[text], words),
            labels=words.say("pictures", "labels", count=count.total()),
            sentences=words.say("pictures", "sentences", count=sizes[text]),
        )
        for text, count in counts.items()
    ]
    return words.say("pictures", "census_told", texts="; ".join(told))


def _told(text: str, name: str, number: int, rate: float, words: Language) -> str:
    labels = words.say("pictures", "labels", count=number)
    key = "census_bar" if number else "census_no_bar"
    return words.say("pictures", key, text=text, name=name, labels=labels, rate=_whole(rate, words))


def _whole(rate: float, words: Language) -> str:
    return words.say("pictures", "less_than_one") if 0 < rate < 1 else f"{rate:.0f}"


def _drawn(
    texts: Sequence[str], called: Sequence[str], rows: Sequence[tuple[str, str, int, float]], words: Language
) -> "alt.LayerChart":
    import altair as alt

    down, legend = Labels({name: name for name in called}), Labels({text: text for text in texts}, length=MOST)
    values = [
        {
            "row": down[name],
            "text": legend[text],
            "rate": rate,
            "said": f"{_whole(rate, words)} ({number})" if number else "0",
            "told": _told(text, name, number, rate, words),
        }
        for text, name, number, rate in rows
    ]
    fills = [FILLS[i % len(FILLS)] for i in range(len(texts))]
    edges = [EDGES[i % len(EDGES)] for i in range(len(texts))]
    key = alt.Legend(labelExpr=SPLIT)
    most = max(rate for *_, rate in rows)
    across = alt.Y("row:N", axis=None).scale(domain=down.domain, paddingInner=GAP)
    offset = alt.YOffset("text:N").scale(domain=legend.domain)
    base = alt.Chart(alt.InlineData(values=values)).encode(across, offset)
    bar = base.mark_bar(strokeWidth=1.5, cornerRadiusEnd=2).encode(
        alt.X("rate:Q", title=words.say("pictures", "census_axis")).scale(domain=[0, 1.3 * most]),
        alt.Fill("text:N", legend=key).scale(domain=legend.domain, range=fills),
        alt.Stroke("text:N", legend=key).scale(domain=legend.domain, range=edges),
        tooltip=alt.Tooltip("told:N"),
        description=alt.Description("told:N"),
    )
    said = base.mark_text(aria=False, align="left", dx=5).encode(alt.X("rate:Q"), alt.Text("said:N"))
    height = round(len(called) * len(texts) * max(18, 36 // len(texts)) / (1 - GAP))
    return wide(alt.layer(bar, said, beside(down, across)), down.width + PADDING + 24).properties(height=height)
