"""Invented hand-ins of a known kind: an article, a key and any number of students, from a fixed seed.

Errors of these students are independent of each other; those of a real class are not.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Yes = npt.NDArray[np.bool_]

SEED = 20_200


class Layer(NamedTuple):
    """How many labels a layer has, how many spans its key has, and from how many to how many words they hold."""

    labels: int
    spans: int
    fewest: int
    most: int


LAYERS = (Layer(labels=20, spans=40, fewest=1, most=12), Layer(labels=5, spans=20, fewest=8, most=40))
FIRST_LABEL = tuple(accumulate((layer.labels for layer in LAYERS[:-1]), initial=0))
LABELS = tuple(f"L{i}_{j:02}" for i, layer in enumerate(LAYERS) for j in range(layer.labels))
LAYER_OF = np.repeat(np.arange(len(LAYERS)), [layer.labels for layer in LAYERS])


@dataclass(frozen=True)
class Text:
    """Words with one blank between them; word i is ``[starts[i], ends[i])`` in code points."""

    starts: Whole
    ends: Whole
    seed: int

    @property
    def length(self) -> int:
        """Number of code points."""
        return int(self.ends[-1])

    @property
    def words(self) -> int:
        """Number of words."""
        return len(self.starts)

    def touched(self, start: Whole, end: Whole) -> tuple[Whole, Whole]:
        """First word that shares a character with ``[start, end)``, and the word behind the last one."""
        return np.searchsorted(self.ends, start, "right"), np.searchsorted(self.starts, end, "left")

    @cached_property
    def string(self) -> str:
        """Letters without meaning; 20 words are a sentence, the first 20 the headline, 100 a paragraph."""
        letters = np.random.default_rng([self.seed, 1]).integers(ord("a"), ord("z") + 1, self.length).astype(np.uint8)
        letters[self.starts[1:] - 1] = ord(" ")
        letters[self.starts[::20]] -= 32
        long = self.ends[19::20][(self.ends - self.starts)[19::20] > 1]
        letters[long - 1] = ord(".")
        letters[self.starts[20::100] - 1] = ord("\n")
        return letters.tobytes().decode("ascii")


@dataclass(frozen=True)
class Spans:
    """Spans as columns of one length: whose, which label, from and to which code point (half-open)."""

    hand_in: Whole
    label: Whole
    start: Whole
    end: Whole

    def __len__(self) -> int:
        return len(self.start)

    def take(self, which: Whole | Yes) -> "Spans":
        """Return the spans at these places, in this order."""
        return Spans(self.hand_in[which], self.label[which], self.start[which], self.end[which])

    def rows(self) -> list[tuple[int, int, str]]:
        """Plain ``(start, end, label)``, in order."""
        names = [LABELS[label] for label in self.label.tolist()]
        return list(zip(self.start.tolist(), self.end.tolist(), names, strict=True))

    def by_hand_in(self, first: int, number: int) -> list["Spans"]:
        """One set of spans for each hand-in from ``first`` on, empty ones included; order is kept."""
        ordered = self.take(np.argsort(self.hand_in, kind="stable"))
        edges = np.searchsorted(ordered.hand_in, np.arange(first, first + number + 1))
        return [ordered.take(np.arange(low, high)) for low, high in pairwise(edges)]


class Material(NamedTuple):
    """A text, its key and the seed of its students."""

    text: Text
    key: Spans
    seed: int


class Firmness(NamedTuple):
    """What a key knows beyond places and labels, one entry per key span."""

    tier: list[str]
    also: list[frozenset[str]]
    extents: list[tuple[tuple[int, int], ...]]


def material(*, seed: int = SEED, words: int = 700, times: int = 1) -> Material:
    """Make an article of so many words, with a key of 60 spans, or ``times`` as many.

    No two key spans of one label overlap, and every label occurs.
    """
    rng = np.random.default_rng([seed, 0])
    sizes = np.clip(rng.poisson(5, words), 1, 18)
    ends = np.cumsum(sizes + 1) - 1
    text = Text(ends - sizes, ends, seed)
    layers = [_key_of_layer(rng, text, number, layer.spans * times) for number, layer in enumerate(LAYERS)]
    columns = [np.concatenate(column) for column in zip(*layers, strict=True)]
    key = Spans(np.zeros(len(columns[0]), np.int64), *columns)
    return Material(text, key.take(np.lexsort((key.label, key.end, key.start))), seed)


def long_material(*, seed: int = SEED, words: int = 100_000, spans: int = 10_000) -> tuple[Material, Spans]:
    """Make a book of an article, and one hand-in with as many marks as the key has spans."""
    made = material(seed=seed, words=words, times=-(-spans // sum(layer.spans for layer in LAYERS)))
    rng = np.random.default_rng([seed, 3])
    made = made._replace(key=_some(rng, made.key, spans))
    marks = hand_ins(made, 1, target=(spans + spans // 50, spans + spans // 50))
    return made, _some(rng, marks, spans)


def hand_ins(made: Material, number: int, *, first: int = 0, target: tuple[int, int] = (40, 80)) -> Spans:
    """Make students ``first`` to ``first + number - 1``, their marks in random order, none of them twice.

    The same numbers give the same students; another ``first`` gives others, so that a million can be made in parts.
    """
    rng = np.random.default_rng([made.seed, 2, first])
    answers = _answers(rng, made, number)
    missing = rng.integers(target[0], target[1], number, endpoint=True) - np.bincount(answers[0], minlength=number)
    guesses = _guesses(rng, made.text, np.repeat(np.arange(number), np.maximum(missing, 0)))
    hand_in, label, low, high = (np.concatenate(pair) for pair in zip(answers, guesses, strict=True))
    start, end = _ragged(rng, made.text, made.text.starts[low], made.text.ends[high])
    marks = _distinct(rng, Spans(hand_in, label, start, end))
    return replace(marks, hand_in=marks.hand_in + first)


def parts(made: Material, number: int, size: int) -> Iterator[Spans]:
    """Make many students, at most ``size`` at a time."""
    for first in range(0, number, size):
        yield hand_ins(made, min(size, number - first), first=first)


def firmness(made: Material) -> Firmness:
    """Invent tiers (70 % core, 20 % acceptable, 10 % contested), other labels (25 %) and other bounds (10 %)."""
    rng = np.random.default_rng([made.seed, 4])
    number = len(made.key)
    tier = rng.choice(["core", "acceptable", "contested"], number, p=[0.7, 0.2, 0.1]).tolist()
    others, wider = _other_label(rng, made.key.label), np.minimum(made.key.end + 6, made.text.length)
    also = [frozenset({LABELS[o]} if yes else ()) for o, yes in zip(others, rng.random(number) < 0.25, strict=True)]
    bounds = zip(made.key.start.tolist(), wider.tolist(), (rng.random(number) < 0.1).tolist(), strict=True)
    return Firmness(tier, also, [((start, end),) if yes else () for start, end, yes in bounds])


def untidy(made: Material, marks: Spans) -> Spans:
    """Add to 5 % of the marks an exact copy, and to 10 % one of the same label inside them."""
    rng = np.random.default_rng([made.seed, 5])
    copies = marks.take(rng.random(len(marks)) < 0.05)
    outer = marks.take((rng.random(len(marks)) < 0.10) & (marks.end - marks.start > 2))
    inner = replace(outer, start=outer.start + 1, end=outer.end - rng.integers(0, 2, len(outer)))
    columns = ("hand_in", "label", "start", "end")
    joined = (np.concatenate([getattr(s, column) for s in (marks, copies, inner)]) for column in columns)
    return Spans(*joined)


def _key_of_layer(rng: np.random.Generator, text: Text, number: int, spans: int) -> tuple[Whole, Whole, Whole]:
    layer = LAYERS[number]
    of = np.concatenate([np.arange(layer.labels), rng.integers(0, layer.labels, spans - layer.labels)])
    starts, ends = [], []
    for label in range(layer.labels):
        low, high = _apart(rng, text.words, int((of == label).sum()), layer)
        starts.append(text.starts[low])
        ends.append(text.ends[high - 1])
    return FIRST_LABEL[number] + np.sort(of), np.concatenate(starts), np.concatenate(ends)


def _apart(rng: np.random.Generator, words: int, number: int, layer: Layer) -> tuple[Whole, Whole]:
    """Draw stretches of words that do not overlap: random gaps first, then the stretches between them."""
    size = rng.integers(layer.fewest, layer.most, number, endpoint=True)
    while size.sum() > words:
        size = rng.integers(layer.fewest, layer.most, number, endpoint=True)
    low = np.sort(rng.integers(0, words - size.sum(), number, endpoint=True)) + np.cumsum(size) - size
    return low, low + size


def _answers(rng: np.random.Generator, made: Material, number: int) -> tuple[Whole, Whole, Whole, Whole]:
    """Key spans that were found, with moved bounds and other labels: hand-in, label, first and last word."""
    ability = rng.beta(5, 2, number)
    hand_in, found = np.nonzero(rng.random((number, len(made.key))) < (0.35 + 0.6 * ability)[:, None])
    low, high = made.text.touched(made.key.start, made.key.end)
    first, last = (_moved(rng, word[found], made.text.words) for word in (low, high - 1))
    label = made.key.label[found]
    label = np.where(rng.random(len(label)) < 0.15, _other_label(rng, label), label)
    return hand_in, label, np.minimum(first, last), np.maximum(first, last)


def _moved(rng: np.random.Generator, word: Whole, words: int) -> Whole:
    by = rng.geometric(0.5, len(word)) * (2 * rng.integers(0, 2, len(word)) - 1) * (rng.random(len(word)) >= 0.55)
    moved: Whole = np.clip(word + by, 0, words - 1)
    return moved


def _other_label(rng: np.random.Generator, label: Whole) -> Whole:
    first = np.array(FIRST_LABEL)[LAYER_OF[label]]
    size = np.array([layer.labels for layer in LAYERS])[LAYER_OF[label]]
    other: Whole = first + (label - first + rng.integers(1, size)) % size
    return other


def _guesses(rng: np.random.Generator, text: Text, hand_in: Whole) -> tuple[Whole, Whole, Whole, Whole]:
    """Spans anywhere, of the same layers and lengths as those of the key."""
    share = np.array([layer.spans for layer in LAYERS]) / sum(layer.spans for layer in LAYERS)
    of = rng.choice(len(LAYERS), len(hand_in), p=share)
    first, labels, fewest, most = np.array(
        [(first, layer.labels, layer.fewest, layer.most) for first, layer in zip(FIRST_LABEL, LAYERS, strict=True)]
    ).T
    size = rng.integers(fewest[of], most[of], endpoint=True)
    low = rng.integers(0, text.words - size, endpoint=True)
    return hand_in, first[of] + rng.integers(0, labels[of]), low, low + size - 1


def _ragged(rng: np.random.Generator, text: Text, start: Whole, end: Whole) -> tuple[Whole, Whole]:
    """Move one bound in ten by one character, where something is left."""
    by = (2 * rng.integers(0, 2, (2, len(start))) - 1) * (rng.random((2, len(start))) < 0.10)
    low, high = np.maximum(start + by[0], 0), np.minimum(end + by[1], text.length)
    return np.where(low < high, low, start), np.where(low < high, high, end)


def _distinct(rng: np.random.Generator, spans: Spans) -> Spans:
    """Drop repeated spans and shuffle those of each hand-in; 20 bits hold any offset."""
    code = np.sort(((spans.hand_in * len(LABELS) + spans.label) << 20 | spans.start) << 20 | spans.end)
    code = code[np.diff(code, prepend=-1) != 0]
    hand_in, label = np.divmod(code >> 40, len(LABELS))
    order = np.argsort(hand_in << 32 | rng.integers(0, 1 << 32, len(code)))
    return Spans(hand_in, label, code >> 20 & 0xFFFFF, code & 0xFFFFF).take(order)


def _some(rng: np.random.Generator, spans: Spans, number: int) -> Spans:
    return spans.take(np.sort(rng.permutation(len(spans))[:number]))
