"""The part of a text that was asked: stretches of neighbouring sentences, laid end to end where that matters."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import groupby

from secondsource.article import Article, Sentence
from secondsource.continuum import Continuum, Text, Unit
from secondsource.intervals import Bounds, shared
from secondsource.metrics import Mark
from secondsource.words import words

__all__ = ["Part"]


class Part:
    r"""Some sentences of an article.

    Examples
    --------
    >>> article = Article("Title\n\nOne here. Two here. Three here.")
    >>> Part(article, [s for s in article.sentences if s.id != "S2"]).runs
    [(0, 16), (27, 38)]
    """

    def __init__(self, article: Article, sentences: Sequence[Sentence]) -> None:
        self._article, self._sentences = article, sentences

    @cached_property
    def runs(self) -> list[Bounds]:
        """Stretches of neighbouring sentences, in text order."""
        number = {s.id: n for n, s in enumerate(self._article.sentences)}
        together = groupby(enumerate(self._sentences), key=lambda item: number[item[1].id] - item[0])
        runs = [[s for _, s in run] for _, run in together]
        return [(run[0].start, run[-1].end) for run in runs]

    def continuum(self, unit: Unit, *sides: Iterable[Mark]) -> Continuum:
        """Lay the stretches end to end, each as a text of its own, with the spans of each side."""
        texts = [self._text(f"{n}", run) for n, run in enumerate(self.runs)]
        return Continuum(texts, unit, *(self._by_run(list(side)) for side in sides))

    def _text(self, name: str, run: Bounds) -> Text:
        inside = [(s.start - run[0], s.end - run[0]) for s in self._sentences if shared((s.start, s.end), run)]
        return Text(name, run[1] - run[0], words(self._article.text[slice(*run)]), tuple(inside))

    def _by_run(self, marks: Sequence[Mark]) -> dict[str, list[Mark]]:
        """Marks cut at the ends of the stretches, by the name of the stretch, counted from its start."""
        return {
            f"{n}": [
                (max(start, first) - first, min(end, last) - first, label)
                for start, end, label in marks
                if start < last and first < end
            ]
            for n, (first, last) in enumerate(self.runs)
        }
