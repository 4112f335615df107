"""An exercise as a student meets it in a notebook: label, compare, hand in.

Nothing of the key is opened before the student's own answers are on disk (`gate`).
"""

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from secondsource.answers import Answers, answers_beside
from secondsource.case import Case
from secondsource.chain_matching import chains_of
from secondsource.chain_words import chain_rows, chain_table
from secondsource.chains import ChainComparison, compare_chains
from secondsource.codebook import Layer
from secondsource.comparison import compare
from secondsource.feedback import quoted
from secondsource.formats import w3c
from secondsource.gate import Kind, closed, counted, kind_of
from secondsource.history import Words
from secondsource.languages import Language, choose
from secondsource.manifest import Manifest, Task
from secondsource.page import SavedPage, labels_page, save_page
from secondsource.ratings import Ratings, own_ratings
from secondsource.replies import HandIn, KeyTable, NotYet, receipt_of
from secondsource.rescue import bring_back
from secondsource.store import LabelStore
from secondsource.twins import Twins

if TYPE_CHECKING:
    from secondsource.widgets import ChainBuilder, ComparisonView, Labeller, Sorter

__all__ = ["Exercise", "HandIn", "KeyTable", "NotYet", "exercise"]

_FOLDERS = ("lessons", "exercises", "solutions")


def exercise(name: str, *, text: str | None = None, language: str | None = None) -> "Exercise":
    """Open an exercise of the course by its id, with the interface in a language such as ``"de"``.

    With ``text``, the id of another case, the same is done on that text, the whole of it, in a file of its own.

    Examples
    --------
    >>> exercise("02_who_says_so")
    Exercise 02_who_says_so: Lesson 2: Who says so? (8 sentences; Who says so?)
    >>> exercise("02_who_says_so", text="bus-lanes")
    Exercise 02_who_says_so--bus-lanes: Lesson 2: Who says so? (the whole text; Who says so?)
    """
    return Exercise(name if text is None else f"{name}--{text}", language=language)


class Exercise(Twins):
    """One exercise: its text or cards, the student's labels, and the comparison with the key.

    Parameters
    ----------
    name : str
        Id in the course manifest.
    folder : Path, optional
        Course folder; by default the folder above ``lessons``, ``exercises`` or ``solutions`` in which the notebook
        runs. Labels are kept in its ``my-labels``.
    language : str, optional
        Language of buttons, messages and feedback; by default that of the environment variable
        ``SECONDSOURCE_LANGUAGE``, else the case's ``interface``, else English. Text, labels and key stay as they are.
    """

    def __init__(self, name: str, *, folder: Path | None = None, language: str | None = None) -> None:
        root = _root() if folder is None else folder
        manifest = Manifest.open(root)
        self.task = manifest.task(name)
        case = manifest.case(self.task)
        places = [sentence.id for sentence in case.article.sentences]
        if self.task.widget == "sort" and not self.task.units:  # the sorter has no row for a headline that is not asked
            self.task = replace(self.task, units=tuple(places[1:] or places))
        if name not in {task.id for task in manifest.tasks}:
            self.task = _on_another_text(self.task, case)
        words = choose(language, case.interface)
        whole = case.codebook.layer(self.task.layers[0]).unit == "sentence"
        self._words = words.fitting(cards=case.article.cards, sentences=whole)
        labels = Path(os.environ.get("SECONDSOURCE_LABELS") or root / "my-labels")
        store = LabelStore(labels, name, case.article, case.codebook, interface=self._words)
        super().__init__(case, self.task.layers, store, self._words)

    def __repr__(self) -> str:
        words, task = self._words, self.task
        count = len(task.units)
        part = words.say("exercise", "sentences", count=count) if count else words.say("exercise", "whole_text")
        layers = ", ".join(layer.name for layer in self._layers)
        return words.say("exercise", "summary", exercise=task.id, title=task.title, part=part, layers=layers)

    @property
    def layer(self) -> Layer:
        """The layer that is compared."""
        return self._layers[0]

    @property
    def words(self) -> Language:
        """Language in which the exercise speaks."""
        return self._words

    @property
    def kind(self) -> Kind:
        """What is answered: labels, in words of one's own, on a scale, or chains."""
        return kind_of(self.layer)

    def label(self) -> "Labeller":
        """Return the labeller for this exercise."""
        from secondsource.widgets import Labeller

        return Labeller(self._store, **self._asked())

    def sort(self) -> "Sorter":
        """Return the sorter for this exercise: one question about each sentence or card."""
        from secondsource.widgets import Sorter

        return Sorter(self._store, **self._asked())

    def chains(self) -> "ChainBuilder":
        """Return the chain builder for this exercise: through whose hands a statement came."""
        from secondsource.widgets import ChainBuilder

        return ChainBuilder(self._store, **self._asked())

    def _asked(self) -> dict[str, Any]:
        """What every widget is told of the exercise."""
        task = self.task
        asked = {"layers": task.layers, "asked": task.units or None, "title": task.title}
        return {**asked, "interface": self._words.code}

    def compare(self) -> "ComparisonView | ChainComparison | Answers | Ratings | Words":
        """Lay the labels over the key, once there are enough of them, each with a confidence.

        Written answers are shown beside model answers; a rating has no key, and is shown by itself.
        """
        self._store.refresh()
        if not_yet := self.closed():
            return not_yet
        layer, units, level, words = self.layer, self.task.units, self.task.level, self._words
        if self.kind == "scale":
            return own_ratings(self.labels, layer, units, words, self.task.title)
        if self.kind == "written":
            return answers_beside(self.labels, self.case.key(layer.id), units, words, with_key=level == "visible")
        key = self.case.key(layer.id)
        if self.kind == "chain":
            hidden = Words(words.say("comparison", "nothing_shown"), language=words)
            return compare_chains(self.labels, key, units or None, words) if level == "visible" else hidden
        from secondsource.widgets import ComparisonView

        comparison = compare(self.labels, key, units=units or None, interface=words)
        return ComparisonView(comparison, level=level, title=self.task.title)

    def closed(self) -> NotYet | None:
        """Return what stands in place of the comparison while it is closed; None once it may open."""
        task = self.task
        told = closed(self.labels, self.layer, task.units, task.minimum, self._words, sorted_=task.widget == "sort")
        return NotYet(told, self.labels, self.kind, language=self._words) if told else None

    def hand_in(self) -> HandIn:
        """Say which file to hand in, and what is in it."""
        self._store.refresh()  # a damaged file is mended first
        path, words = self._store.path, self._words
        if not path.exists():
            return HandIn(words.say("exercise", "nothing_to_hand_in"), language=words)
        data = path.read_bytes()
        labels, stamp = w3c.read(data, self.case.article, self.case.codebook, name=path.name)
        rated, receipt = sum(span.confidence is not None for span in labels.spans), receipt_of(data)
        held = {
            "labels": words.say("exercise", counted(self.kind), count=len(labels)),
            "time": stamp.saved_at.replace("T", " ").replace("Z", " UTC"),
            "revision": stamp.revision,
        }
        lines = (
            words.say("exercise", "hand_in_file", file=f"{path.parent.name}/{path.name}"),
            words.say("exercise", "hand_in_holds" if self.kind == "labels" else "hand_in_unrated", rated=rated, **held),
            words.say("exercise", "hand_in_code", receipt=receipt),
        )
        return HandIn("\n".join(lines), path, receipt, language=words)

    def page(self) -> SavedPage:
        """Save the labels as a page with a legend, to read in a browser, print or send; not a file to hand in."""
        self._store.refresh()
        html = labels_page(self.labels, self._words, self.task.layers, self.task.units, self.task.title)
        return save_page(self._store.path, html, self._words)

    def bring_back(self, file: str | Path) -> Words:
        """Put labels back that “Download my labels” saved from the page; nothing that is there is deleted."""
        return Words(bring_back(self._store, file, self._words), language=self._words)

    def show_key(self) -> KeyTable | Answers:
        """Return the key of this exercise with its reasons; for solutions and instructors."""
        from secondsource.static_html import key_html

        key, words = self.case.key(self.layer.id).within(self.task.units or None), self._words
        if self.kind == "written":
            return answers_beside(None, key, self.task.units, words)
        lines = [
            words.say(
                "told",
                "key_entry",
                sentence=key.article.sentence_at(k.span.start).id,
                quote=quoted(k.span.quote, words),
                label=key.layer.label(k.span.label).name,
                tier=words.say("told", f"tier_{k.tier}"),
                reason=k.reason,
                counter=k.counter,
            )
            for k in key.spans
        ]
        caption = words.say("told", "key_of", title=self.task.title)
        built = chains_of(key.labels, self.layer.id) if self.kind == "chain" else ()
        drawn = chain_rows(sorted(built, key=lambda chain: chain.start), words)
        chains = [f"{n}. {told} · {words.say('chains', 'overs_one', number=overs)}" for n, told, overs in drawn]
        text = "\n".join([key.article.provenance, key.provenance.statement, *chains, *lines])
        table = chain_table(f"{caption}: {self.layer.name}", drawn, words)
        return KeyTable(text, key_html(key, caption, words) + table)


def _on_another_text(task: Task, case: Case) -> Task:
    """What the manifest does not say: that the text has a key for the layer, and that enough of it is there."""
    layer = case.codebook.layer(task.layers[0])
    if case.layers and layer.scale is None and layer.id not in case.layers:  # a text without keys is being prepared
        case.key(layer.id)
    asked = len(task.units or case.article.sentences)
    return replace(task, minimum=min(task.minimum, asked)) if layer.unit == "sentence" else task


def _root() -> Path:
    here = Path.cwd()
    return here.parent if here.name in _FOLDERS else here
