"""The chain builder: who handed what to whom until it stood in the article, and what of it a reader is shown."""

from collections.abc import Sequence

from secondsource.chain_matching import CHAIN, Chain, chains_of
from secondsource.chain_words import chain_rows, chain_table
from secondsource.errors import CodebookError
from secondsource.markup import in_language, literal
from secondsource.static_html import article_html, provenance_html
from secondsource.store import LabelStore
from secondsource.widgets.base import script, stylesheet
from secondsource.widgets.saving import SavingWidget

__all__ = ["ChainBuilder"]


class ChainBuilder(SavingWidget):
    """Draw chains over an article; every change is on disk before the page calls it saved.

    Select the words for a person, a paper or a place with the mouse, or with the arrow keys and Shift, then press
    Enter or the button; or type a quotation. :attr:`labels` is the result.

    Parameters
    ----------
    store : LabelStore
        Where the chains live; several widgets may share one.
    layers : sequence of str
        Ids of the layers that are saved; chains are made of the first one.
    asked : sequence of str
        Ids of the sentences that belong to the exercise; all by default.
    title : str
        Shown above the text.
    interface : str
        Language of the buttons and messages, such as ``"de"``; the text and the questions stay as they are.

    Raises
    ------
    CodebookError
        The labels of the first layer are not linked to chains.
    """

    _sections = ("labeller", "chains")
    _esm = script("chains.js")
    _css = stylesheet("labeller.css", "labeller/sentences.css", "print.css", "chains.css")

    def __init__(
        self,
        store: LabelStore,
        *,
        layers: Sequence[str],
        asked: Sequence[str] | None = None,
        title: str = "",
        interface: str = "en",
    ) -> None:
        layer = store.labels.codebook.layer(layers[0])
        if layer.relation != CHAIN:
            raise CodebookError(f"No chains are made of the layer {layer.id}, so it needs the labeller instead.")
        super().__init__(store, layers=layers, asked=asked, title=title, interface=interface)

    def _summary(self) -> str:
        words = self._words
        chains = words.say("chains", "count_chains", count=len(self._chains()))
        hands = words.say("chains", "count_hands", count=len(self._mine()))
        return words.say("chains", "still_summary", exercise=self.labels.exercise, chains=chains, hands=hands)

    def _static_html(self) -> str:
        article, words = self.labels.article, self._words
        note = f"<p>{literal(words.say('chains', 'still_note'))}</p>"
        table = chain_table(words.say("chains", "gallery"), chain_rows(self._chains(), words), words)
        text = article_html(article, self._mine(), self._layers, self._asked)
        return provenance_html(article) + in_language(note, words) + text + in_language(table, words)

    def _chains(self) -> list[Chain]:
        return [*chains_of(self.labels, next(iter(self._layers)), alone=True)]
