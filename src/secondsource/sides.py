"""Two sets of labels as the two sides of a comparison: which texts, which layers, and whether they fit together.

JSON Lines of spans stand for themselves: their texts are names, with a length where one is given. Label files and keys
are about the article of a case; beside them, JSON Lines may be about one text only, which is taken to be the article.

In a layer of spans, labels that mark whole sentences ask another question, and so they are a layer of their own
(``rhetoric:sentences``), counted in sentences.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from secondsource.case import Case
from secondsource.codebook import Codebook
from secondsource.continuum import Text, Unit
from secondsource.errors import MismatchError, OffsetError, UnknownNameError, message, plain
from secondsource.metrics import Mark
from secondsource.raters import Place, Rater
from secondsource.words import words

__all__ = ["File", "Sides", "layer_of", "mismatch", "over_article", "over_texts"]

MAX_MEETINGS = 2_000_000  # overlapping pairs of spans in one layer of one text
_SENTENCES = ":sentences"


@dataclass(frozen=True, slots=True)
class File:
    """One side and where it comes from.

    Attributes
    ----------
    kind : {"labels", "key", "lines"}
        Label file, key, or JSON Lines of spans.
    duplicates : int
        Spans that repeat another one; each counts once.
    exercise : str
        What a label file was made for.
    """

    name: str
    kind: Literal["labels", "key", "lines"]
    rater: Rater
    duplicates: int = 0
    exercise: str = ""

    @property
    def docs(self) -> set[str]:
        """Texts in which there is a span."""
        return {doc for doc, _ in (*self.rater.marks, *(self.rater.entries or ()))}

    @property
    def layers(self) -> set[str]:
        """Layers in which there is a span, and the layer of a key."""
        return {layer for _, layer in (*self.rater.marks, *(self.rater.entries or ()))}


@dataclass(frozen=True, slots=True)
class Sides:
    """What `raters.agree` needs, and what must be said beside its numbers.

    Attributes
    ----------
    layers : mapping of str to {"character", "word", "sentence"}
        Layers to compare, each with its unit.
    not_compared : tuple of str
        Layers that only one side can have, because the other one is the key of another layer.
    case : str
        Id of the case; empty for JSON Lines alone.
    notes : tuple of str
        Sentences for people.
    """

    first: File
    second: File
    texts: tuple[Text, ...]
    layers: Mapping[str, Unit]
    not_compared: tuple[str, ...] = ()
    case: str = ""
    notes: tuple[str, ...] = ()


def layer_of(codebook: Codebook, layer: str, label: str) -> str:
    """Layer in which a label is compared; `UnknownNameError` for names that the codebook does not have.

    Examples
    --------
    >>> layer_of(Codebook.open("news"), "rhetoric", "NO_TECHNIQUE")
    'rhetoric:sentences'
    """
    known = codebook.layer(layer)
    return layer + _SENTENCES * (known.label(label).unit == "sentence" and known.unit == "span")


def mismatch(code: str, happened: str, step: str) -> MismatchError:
    """Make the error for two files that cannot be laid over each other."""
    return MismatchError(message(code, happened, "Nothing was scored or changed.", step))


def over_texts(first: File, second: File, lengths: Mapping[str, int], layers: Sequence[str]) -> Sides:
    """Lay JSON Lines over JSON Lines.

    Parameters
    ----------
    lengths : mapping of str to int
        Code points of the texts; the name "" stands for the only text.
    layers : sequence of str
        Layers to compare; none means all.
    """
    docs = first.docs | second.docs
    known = _named(lengths, docs)
    for side in (first, second):
        _check_ends(side, known)
    _check_dense(first, second)
    there = (first.layers | second.layers) or {""}
    for layer in layers:
        if layer not in there:
            raise UnknownNameError("layer", layer, sorted(there))
    texts = tuple(Text(doc, known.get(doc)) for doc in sorted(docs | known.keys()))
    units: dict[str, Unit] = dict.fromkeys(sorted(set(layers) or there), "character")
    told = (*_notes(first, second), *_note_docs(first.docs, second.docs), *_note_unmarked(sorted(known.keys() - docs)))
    return Sides(first, second, texts, units, notes=told)


def _named(lengths: Mapping[str, int], docs: set[str]) -> dict[str, int]:
    """Give the length without a name to the only text."""
    if "" not in lengths or "" in docs or not docs:
        return dict(lengths)
    if len(docs) > 1 or docs & lengths.keys():
        step = f"Write --length {plain(min(docs), 40)}=NUMBER, and so on for each text."
        raise mismatch("LENGTH-WHICH", "It is not clear which text the length without a name is meant for.", step)
    return {doc or min(docs): length for doc, length in lengths.items()}


def _check_ends(side: File, lengths: Mapping[str, int]) -> None:
    for (doc, _), marks in sorted(side.rater.marks.items()):
        start, end, label = max(marks, key=lambda mark: mark[1])
        if end > lengths.get(doc, end):
            text = f"text {plain(doc, 40)}" if doc else "the text"
            happened = f"{plain(side.name)}: [{start}, {end}) with the label {plain(label, 40)} ends behind {text}, "
            happened += f"which has {lengths[doc]} code points."
            step = "Check the length, and that offsets count code points, not bytes or UTF-16 units."
            raise OffsetError(message("SPAN-OFFSETS", happened, "Nothing was scored or changed.", step))


def _note_docs(first: set[str], second: set[str]) -> list[str]:
    if not first or not second or first == second:
        return []
    if not first & second:
        return ["A and B have no text in common: no “doc” of one is a “doc” of the other."]
    mine, theirs = len(first - second), len(second - first)
    one, other = ("A", "B") if mine else ("B", "A")
    number = mine or theirs
    told = f"Of {len(first | second)} texts, {number} {'has' if number == 1 else 'have'} spans of {one} only"
    if mine and theirs:
        return [f"{told} and {theirs} of B only: the other side marked nothing there."]
    return [f"{told}: {other} marked nothing there."]


def _note_unmarked(docs: Sequence[str]) -> list[str]:
    """Tell of texts that only a length names: a slip of the pen would look like agreement."""
    names = ", ".join(plain(doc, 40) or "(no name)" for doc in docs[:5]) + ", …" * (len(docs) > 5)
    return [f"Known by --length only, and counted as marked by nobody: {names}."] if docs else []


def _check_dense(first: File, second: File) -> None:
    """Refuse what would keep the search for the best alignment busy for minutes."""
    for place, marks in sorted(first.rater.marks.items()):
        others = second.rater.marks.get(place, ())
        starts, ends = sorted(start for start, _, _ in others), sorted(end for _, end, _ in others)
        meetings = sum(bisect_left(starts, end) - bisect_right(ends, start) for start, end, _ in marks)
        if meetings > MAX_MEETINGS:
            name = f"text {plain(place[0], 40)}" if place[0] else "one text"
            happened = (
                f"In {name}, {meetings:,} pairs of a span of A and one of B overlap; {MAX_MEETINGS:,} are the most."
            )
            step = "Split the text, or leave out spans that cover most of it."
            raise OffsetError(message("SPAN-LIMIT", happened, "Nothing was scored or changed.", step))


def over_article(first: File, second: File, case: Case, layers: Sequence[str]) -> Sides:
    """Lay two sides over each other that are about the article of a case.

    Parameters
    ----------
    layers : sequence of str
        Layers to compare; none means all that are used, and with a key the layer of the key.
    """
    for layer in layers:
        case.codebook.layer(_whole(layer))
    first, second = _on_article(first, second, case, layers), _on_article(second, first, case, layers)
    _check_dense(first, second)
    there = first.layers | second.layers
    keys = [set(map(_whole, side.layers)) for side in (first, second) if side.kind == "key"]
    fitting = {layer for layer in there if all(_whole(layer) in own for own in keys)}
    if (there and not fitting) or not all(_whole(layer) in own for layer in layers for own in keys):
        happened = f"No such layer is on both sides; there are labels of {', '.join(sorted(there))}."
        raise mismatch("LAYERS-APART", happened, "A key is for one layer; compare labels of that layer.")
    chosen = fitting or {layer.id for layer in case.codebook.layers}
    if layers:
        chosen = {layer for layer in chosen if {layer, _whole(layer)} & set(layers)} | set(layers)
    units = {layer: _unit(case.codebook, layer) for layer in sorted(chosen)}
    left_out = tuple(sorted(there - fitting))
    return Sides(first, second, (_text(case),), units, left_out, case.id, tuple(_notes(first, second)))


def _on_article(side: File, other: File, case: Case, layers: Sequence[str]) -> File:
    """Take JSON Lines of one text to be about the article; leave other files as they are."""
    if side.kind != "lines":
        return side
    if len(side.docs) > 1:
        happened = f"{plain(side.name)} is about {len(side.docs)} texts, and the comparison about one article."
        raise mismatch("LINES-TEXTS", happened, "Keep the lines of that one text.")
    found: dict[Place, set[Mark]] = {}
    for (_, layer), marks in side.rater.marks.items():
        named = _whole(layer) or _only_layer(side, other, layers)
        try:
            for mark in marks:
                found.setdefault((case.id, layer_of(case.codebook, named, mark[2])), set()).add(mark)
        except UnknownNameError as error:
            raise mismatch("LINES-NAMES", f"{plain(side.name)}: {error}", "Use the names of the codebook.") from None
    made = replace(side, rater=Rater({place: sorted(found[place]) for place in sorted(found)}))
    _check_ends(made, {case.id: len(case.article.text)})
    return made


def _only_layer(side: File, other: File, layers: Sequence[str]) -> str:
    """Layer of lines that name none: the one that is asked for, or the only one of the other side."""
    candidates = set(map(_whole, layers)) or set(map(_whole, other.layers)) - {""}
    if len(candidates) != 1:
        happened = f"{plain(side.name)} has lines without a layer, and there is more than one it could be."
        raise mismatch("LINES-LAYER", happened, "Write “layer” into each line, or name one layer with --layer.")
    return min(candidates)


def _whole(layer: str) -> str:
    return layer.removesuffix(_SENTENCES)


def _unit(codebook: Codebook, layer: str) -> Unit:
    return "sentence" if layer.endswith(_SENTENCES) or codebook.layer(layer).unit == "sentence" else "word"


def _text(case: Case) -> Text:
    text = case.article.text
    sentences = tuple((sentence.start, sentence.end) for sentence in case.article.sentences)
    return Text(case.id, len(text), words(text), sentences)


def _notes(first: File, second: File) -> list[str]:
    made = list[str]()
    for name, side in (("A", first), ("B", second)):
        if side.duplicates:
            told = "1 span repeats another one" if side.duplicates == 1 else f"{side.duplicates} spans repeat others"
            made.append(f"{name}: {told}; each counts once.")
        if side.exercise:
            made.append(f"{name} was made for the exercise {side.exercise}; here the whole text is compared.")
        if side.kind == "key":
            made.append(f"{name} is a key: {_KEY_AS[name]}")
    return made


_CONTESTED = (
    "contested spans, and spans of the other side that they hold, enter no number; units that they touch count in no "
    "kappa and no nominal alpha."
)
_KEY_AS = {
    "A": f"its core and acceptable spans stand for its marks, by their own label; {_CONTESTED}",
    "B": "best match uses its tiers, accepted labels and other boundaries; all other numbers take core and acceptable "
    f"spans by their own label; {_CONTESTED}",
}
