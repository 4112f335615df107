"""The labeller: read the article and label it, by mouse, keyboard, touch or quotation."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import traitlets

from secondsource.codebook import Layer
from secondsource.errors import SecondSourceError, StoreError, message
from secondsource.languages import Language, language
from secondsource.spans import MAX_SPANS, LabelSet, Span
from secondsource.static_html import article_html, provenance_html, table_html
from secondsource.store import Acknowledgement, LabelStore
from secondsource.widgets.base import Widget, script, stylesheet

__all__ = ["Labeller"]

CONFIDENCE = (0.2, 0.4, 0.6, 0.8, 1.0)
_CLIENT = re.compile(r"[A-Za-z0-9_-]{1,64}")
_MAX_SEQ = 10**9
_SAFE = "Your other labels are safe."
_UNREADABLE = message("SAVE-REFUSED", "The page sent something that is not a label.", _SAFE, "Reload the page.")
_STILL = (
    "<p>This is a still picture. To label, or to go on labelling, run the boxes above and this one (click on a box, "
    "then press Shift+Enter). Labels that were saved come back.</p>"
)
_IN_ORDER = message(
    "SAVE-FAILED", "An earlier change is not saved yet.", "It is kept on this page.", "Press “Save again”."
)
_ELSEWHERE = message(
    "SAVE-REFUSED",
    "This page belongs to another exercise or another text than the notebook that is running.",
    "Nothing was written.",
    "Run the cell again.",
)


class Labeller(Widget):
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

    _esm = script("labeller.js")
    _css = stylesheet("labeller.css")
    _state = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        store: LabelStore,
        *,
        layers: Sequence[str],
        asked: Sequence[str] | None = None,
        title: str = "",
        interface: str = "en",
    ) -> None:
        article, codebook = store.labels.article, store.labels.codebook
        self._store = store
        self._language = language(interface)
        self._layers = {name: codebook.layer(name) for name in layers}
        self._asked = [s.id for s in article.sentences] if asked is None else list(asked)
        self._resent: set[tuple[str, int]] = set()
        self._answered: dict[str, int] = {}  # last refused operation of each page
        self._waiting: dict[str, int] = {}  # operation of each page that could not be written yet
        self._told = 0  # acknowledgements that were sent
        super().__init__(_view=self._make_view(title), _state=self._make_state())
        store.watch(self._tell)
        self.on_msg(self._receive)

    @property
    def labels(self) -> LabelSet:
        """The labels that are on disk."""
        return self._store.labels

    def _receive(self, _widget: Widget, content: object, _buffers: object) -> None:
        """Answer one message of the page; nothing in it is trusted."""
        if not isinstance(content, Mapping):
            return
        client, seq = content.get("client"), content.get("seq")
        if not isinstance(client, str) or not _CLIENT.fullmatch(client):
            return
        here = (content.get("exercise"), content.get("article")) == (self.labels.exercise, self.labels.article.sha256)
        if content.get("type") == "hello":
            self.send({"type": "state", "client": client, **self._greeting(here=here)})
        elif content.get("type") == "op" and type(seq) is int and 0 < seq <= _MAX_SEQ:
            if here:
                self._operate(content, client, seq)
            else:
                self._refuse(client, seq, "SAVE-REFUSED", _ELSEWHERE)

    def _greeting(self, *, here: bool) -> dict[str, Any]:
        """State for a page that says hello; one of another exercise or text learns nothing of these labels."""
        if here:
            return {**self._make_state(), "readonly": self._readonly()}
        nothing: dict[str, Any] = {"rev": 0, "saved_at": None, "spans": [], "seq_by_client": {}, "notice": ""}
        return {**nothing, "readonly": {"code": "SAVE-REFUSED", "message": _ELSEWHERE}}

    def _operate(self, content: Mapping[str, Any], client: str, seq: int) -> None:
        known = max(self._store.stamp.clients.get(client, -1), self._answered.get(client, -1))
        if 0 <= known < seq - 1 and client not in self._waiting and (client, known) not in self._resent:
            self._resent.add((client, known))  # asked once; a page that cannot fill the gap is believed
            self.send({"type": "resend", "client": client, "after": known})
            return
        if seq > self._waiting.get(client, seq):
            self._refuse(client, seq, "SAVE-FAILED", _IN_ORDER, retry=True)
            return
        if not self._offered(content):
            self._refuse(client, seq, "SAVE-REFUSED", _UNREADABLE)
            return
        told = self._told
        try:
            done = self._store.apply(content, client=client, seq=seq)
        except StoreError as error:
            self._waiting[client] = seq  # or a later operation would pass it, and it would count as done
            self._refuse(client, seq, error.code, str(error), retry=True)
            return
        except SecondSourceError as error:
            text = message("SAVE-REFUSED", str(error), _SAFE, "Make this label again.")
            self._refuse(client, seq, "SAVE-REFUSED", text)
        else:
            if told == self._told:  # it was on disk already
                self._tell(content, done)
        if self._waiting.get(client) == seq:
            del self._waiting[client]

    def _offered(self, content: Mapping[str, Any]) -> bool:
        """Tell whether a new or changed label is of a layer that this labeller offers."""
        span = content.get("span")
        layer = span.get("layer") if isinstance(span, Mapping) else None
        return content.get("op") == "remove" or (isinstance(layer, str) and layer in self._layers)

    def _refuse(self, client: str, seq: int, code: str, text: str, *, retry: bool = False) -> None:
        """Say no; with ``retry`` the page keeps the operation and sends it again."""
        if not retry:
            self._answered[client] = max(seq, self._answered.get(client, 0))
        self.send({"type": "refused", "client": client, "seq": seq, "code": code, "message": text, "retry": retry})

    def _tell(self, operation: Mapping[str, Any] | None, done: Acknowledgement | None) -> None:
        """Tell the page what is now on disk."""
        if operation is None or done is None:
            self.send({"type": "state", "client": None, **self._make_state(), "readonly": self._readonly()})
            return
        self._told += 1
        self.send(
            {
                "type": "ack",
                "client": done.client,
                "seq": done.seq,
                "rev": done.revision,
                "saved_at": done.saved_at,
                "sha": done.sha,
                **self._truth(operation),
            }
        )

    def _truth(self, operation: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the file holds of an operation's label, which a repeated operation may no longer know."""
        span = operation.get("span")
        name = span.get("id") if isinstance(span, Mapping) else None
        if isinstance(name, str) and name in self.labels:
            return {"op": "add", "span": _wire(self.labels[name])}
        return {"op": "remove", "span": {"id": name if isinstance(name, str) else ""}}

    def _readonly(self) -> dict[str, str] | None:
        error = self._store.refused()
        return None if error is None else {"code": error.code, "message": str(error)}

    def _make_state(self) -> dict[str, Any]:
        stamp = self._store.stamp
        return {
            "rev": stamp.revision,
            "saved_at": stamp.saved_at or None,
            "spans": [_wire(span) for span in self.labels.spans],
            "seq_by_client": dict(stamp.clients),
            "notice": self._store.notice,
        }

    def _make_view(self, title: str) -> dict[str, Any]:
        article = self.labels.article
        asked = set(self._asked)
        return {
            "exercise": self.labels.exercise,
            "title": title or article.title,
            "article": {
                "sha256": article.sha256,
                "title": article.title,
                "language": article.language,
                "dir": article.direction,
                "provenance": article.provenance,
                "note": article.note,
            },
            "blocks": [asdict(block) for block in article.blocks],
            "sentences": [{**asdict(s), "asked": s.id in asked} for s in article.sentences],
            "layers": [_layer(layer) for layer in self._layers.values()],
            "confidence": _confidence(self._language),
            "language": self._language.code,
            "direction": self._language.direction,
            "strings": self._language.table("labeller"),
            "readonly": self._readonly(),
            "max_spans": MAX_SPANS,
        }

    def _summary(self) -> str:
        count = len(self._mine())
        text = f"{len(self.labels.article.text):,} characters, {count} label{'s' if count != 1 else ''}"
        return f"Labeller {self.labels.exercise}: {text}"

    def _static_html(self) -> str:
        article, mine = self.labels.article, self._mine()
        rows = [(self._layers[s.layer].label(s.label).name, s.quote, _percent(s.confidence), s.note) for s in mine]
        table = table_html("Your labels", ("Label", "Words", "How sure", "Note"), rows) if rows else ""
        return provenance_html(article) + _STILL + article_html(article, mine, self._layers, self._asked) + table

    def _mine(self) -> list[Span]:
        return [span for span in self.labels.spans if span.layer in self._layers]


def _confidence(words: Language) -> list[dict[str, Any]]:
    steps = [(value, f"confidence_{round(100 * value)}") for value in CONFIDENCE]
    return [{"value": value, "name": words.say("labeller", name)} for value, name in steps]


def _wire(span: Span) -> dict[str, Any]:
    return asdict(span)


def _layer(layer: Layer) -> dict[str, Any]:
    labels = []
    for label in layer.labels:
        offered = [
            {"id": a.id, "question": a.question, "values": [{"id": value, "name": name} for value, name in a.values]}
            for a in layer.attributes_of(label.id)
        ]
        labels.append({**asdict(label), "attributes": offered})
    return {"id": layer.id, "name": layer.name, "question": layer.question, "unit": layer.unit, "labels": labels}


def _percent(confidence: float | None) -> str:
    return "not said" if confidence is None else f"{round(100 * confidence)} %"
