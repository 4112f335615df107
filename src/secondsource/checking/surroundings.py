"""What a notebook is checked against: the course's texts and exercises, opened once."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from secondsource.case import Case
from secondsource.errors import SecondSourceError
from secondsource.manifest import Manifest

__all__ = ["INVENTED", "QUOTED", "Run", "Surroundings", "runs"]

INVENTED = "Invented text, written for practice."  # how the provenance of a text begins that nobody wrote as news
QUOTED = 8  # words in a row that also stand in a text are a quotation of it
Run = tuple[str, ...]
_STRING = re.compile(r"""(["'])([\w-]{1,64})\1""")


def runs(text: str, length: int) -> set[Run]:
    """All runs of so many words, without regard to capitals, punctuation and forms of apostrophes.

    Examples
    --------
    >>> sorted(runs("It rained. It’s wet", 3))
    [('it', 'rained', 'it’s'), ('rained', 'it’s', 'wet')]
    """
    plain = re.findall(r"[^\W_]+(?:’[^\W_]+)*", text.replace("'", "’").casefold())
    return {tuple(plain[i : i + length]) for i in range(len(plain) - length + 1)}


@dataclass(frozen=True)
class Surroundings:
    """Manifest (None if it cannot be read) and cases of a course."""

    manifest: Manifest | None
    cases: tuple[Case, ...]

    @classmethod
    def of(cls, root: Path) -> "Surroundings":
        """Open what can be opened; what cannot is told by the rules of the manifest."""
        try:
            manifest = Manifest.open(root)
        except SecondSourceError:
            return cls(None, ())
        cases: dict[str, Case] = {}
        for task in manifest.tasks:
            try:
                cases.setdefault(task.case, manifest.case(task))
            except SecondSourceError:
                continue
        return cls(manifest, tuple(cases.values()))

    @cached_property
    def published(self) -> tuple[Case, ...]:
        """Cases with a text that was published as news, and decks of cards about one."""
        return tuple(case for case in self.cases if not case.article.provenance.startswith(INVENTED))

    @cached_property
    def quotations(self) -> dict[str, set[Run]]:
        """By the id of each text that was published as news: what would be a quotation of it."""
        said = self._said_around_texts
        return {case.id: runs(case.article.text, QUOTED) - said for case in self.published if not case.article.cards}

    @cached_property
    def open_to_all(self) -> set[Run]:
        """Runs of words that students see before they answer: texts and what stands around them, and codebooks."""
        labels = [label for case in self.cases for layer in case.codebook.layers for label in layer.labels]
        told = {f"{a.ask} {a.definition} {a.rule} {a.example} {a.near_miss}" for a in labels}
        told |= {case.article.text for case in self.cases}
        return self._said_around_texts.union(*(runs(text, QUOTED) for text in told))

    @cached_property
    def _said_around_texts(self) -> set[Run]:
        around = {text for case in self.cases for text in (case.article.provenance, case.article.note, case.licence)}
        return set().union(*(runs(text, QUOTED) for text in around))

    def said(self, text: str) -> set[Run]:
        """Runs of words of a text that are long enough for a quotation; labels and notes of the cases are left out."""
        labels = sorted(
            {told for case in self.cases for told in (case.article.provenance, case.article.note)} - {""}, key=len
        )
        pieces = re.split("|".join(map(re.escape, labels[::-1])), text) if labels else [text]
        return set().union(*(runs(piece, QUOTED) for piece in pieces))

    def used_by(self, code: Iterable[str]) -> tuple[Case, ...]:
        """Cases of the exercises, or those themselves, that stand in the code as text."""
        named = {match[2] for source in code for match in _STRING.finditer(source)}
        tasks = self.manifest.tasks if self.manifest else ()
        wanted = named | {task.case for task in tasks if task.id in named}
        return tuple(case for case in self.cases if case.id in wanted or Path(case.id).name in wanted)
