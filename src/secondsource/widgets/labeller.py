"""The labeller: read the article and label it, by mouse, keyboard, touch or quotation."""

from secondsource.markup import in_language, literal
from secondsource.static_html import article_html, provenance_html, table_html
from secondsource.widgets.base import script, stylesheet
from secondsource.widgets.saving import SavingWidget

__all__ = ["Labeller"]


class Labeller(SavingWidget):
    """Label an article; every change is on disk before the page calls it saved.

    Select words with the mouse, or with the arrow keys and Shift, then press a label's key or button; or type a
    quotation. :attr:`labels` is the result.

    Parameters
    ----------
    store : LabelStore
        Where the labels live; several labellers may share one.
    layers : sequence of str
        Ids of the layers that are offered.
    asked : sequence of str
        Ids of the sentences that belong to the exercise; all by default.
    title : str
        Shown above the text.
    interface : str
        Language of the buttons and messages, such as ``"de"``; the text and the labels stay as they are.
    """

    _sections = ("labeller",)
    _esm = script("labeller.js")
    _css = stylesheet(
        "labeller.css", "labeller/sentences.css", "labeller/relations.css", "labeller/search.css", "print.css"
    )

    def _summary(self) -> str:
        words, size = self._words, len(self.labels.article.text)
        number = f"{size:,}".replace(",", words.say("still", "thousands"))
        characters = words.say("still", "characters", count=size, number=number)
        labels = words.say("labeller", "count_labels", count=len(self._mine()))
        return words.say("still", "summary", exercise=self.labels.exercise, characters=characters, labels=labels)

    def _static_html(self) -> str:
        article, mine, words = self.labels.article, self._mine(), self._words
        rows = [(self._name(s), s.quote, self._sure(s), self._notes(s)) for s in mine]
        table = table_html(words.say("still", "caption"), words.table("still")["columns"], rows) if rows else ""
        note = f"<p>{literal(words.say('still', 'note'))}</p>"
        text = article_html(article, mine, self._layers, self._asked)
        return provenance_html(article) + in_language(note, words) + text + in_language(table + self._links(), words)

    def _links(self) -> str:
        """Links between the labels, in words."""
        words = self._words
        mine = {s.id: words.say("still", "member", label=self._name(s), quote=s.quote) for s in self._mine()}
        told = [[mine[name] for name in relation.members if name in mine] for relation in self.labels.relations]
        rows = [(", ".join(members),) for members in told if members]
        if not rows:
            return ""
        return table_html(words.say("still", "links"), (words.say("still", "link"),), rows)
