"""Widgets whose answers are labels: every change of the page is on disk before it is called saved."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import traitlets

from secondsource.codebook import Layer
from secondsource.errors import SecondSourceError, StoreError
from secondsource.formats.operations import touched
from secondsource.languages import Language, language
from secondsource.spans import MAX_SPANS, LabelSet, Span
from secondsource.store import Acknowledgement, LabelStore
from secondsource.widgets.base import Widget

__all__ = ["SavingWidget"]

CONFIDENCE = (0.2, 0.4, 0.6, 0.8, 1.0)
_CLIENT = re.compile(r"[A-Za-z0-9_-]{1,64}")
_MAX_SEQ = 10**9
_REMEMBERED = 100  # refused operations of one page


class SavingWidget(Widget):
    """A view on the labels of a store: it takes the page's operations, and tells every page what is on disk.

    Subclasses name in ``_sections`` the tables of words that their page speaks with.
    """

    _sections: tuple[str, ...] = ()
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
        self._words = language(interface)
        self._layers = {name: codebook.layer(name) for name in layers}
        self._asked = [s.id for s in article.sentences] if asked is None else list(asked)
        self._asked_after: dict[str, int] = {}  # operation after which each page was asked to send again
        self._refused: dict[str, dict[int, tuple[str, str]]] = {}  # code and message of what each page was refused
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
            for refused, reason in self._refused.get(client, {}).items():  # the state would count them as done
                if refused > _number(content.get("last_acked")):
                    self._refuse(client, refused, *reason)
            self.send({"type": "state", "client": client, **self._greeting(here=here)})
        elif content.get("type") == "op" and type(seq) is int and 0 < seq <= _MAX_SEQ:
            if here:
                self._operate(content, client, seq)
            else:
                text = self._words.message("SAVE-REFUSED", "elsewhere")
                self._refuse(client, seq, "SAVE-REFUSED", text, remember=False)

    def _greeting(self, *, here: bool) -> dict[str, Any]:
        """State for a page that says hello; one of another exercise or text learns nothing of these labels."""
        if here:
            return {**self._make_state(), "readonly": self._readonly()}
        nothing: dict[str, Any] = {"rev": 0, "saved_at": None, "spans": [], "seq_by_client": {}, "notice": ""}
        told = self._words.message("SAVE-REFUSED", "elsewhere")
        return {**nothing, "readonly": {"code": "SAVE-REFUSED", "message": told}}

    def _operate(self, content: Mapping[str, Any], client: str, seq: int) -> None:
        """Apply an operation if it is the next one of its page; answer one that was had before as it was then."""
        refused = self._refused.get(client, {})
        known = max(self._store.stamp.clients.get(client, 0), *refused, _number(content.get("last_acked")))
        if seq in refused:
            self._refuse(client, seq, *refused[seq])
            return
        if seq > self._waiting.get(client, seq):
            self._refuse(client, seq, "SAVE-FAILED", self._words.message("SAVE-FAILED", "in_order"), retry=True)
            return
        if (
            seq > known + 1
        ):  # some were lost, which the page still has: it sends the oldest ones first until they arrive
            if self._asked_after.get(client) != known:
                self._asked_after[client] = known
                self.send({"type": "resend", "client": client, "after": known})
            return
        if not self._offered(content):
            self._refuse(client, seq, "SAVE-REFUSED", self._words.message("SAVE-REFUSED", "unreadable"))
            return
        told = self._told
        try:
            done = self._store.apply(content, client=client, seq=seq)
        except StoreError as error:
            self._waiting[client] = seq  # or a later operation would pass it, and it would count as done
            self._refuse(client, seq, error.code, str(error), retry=True)
            return
        except SecondSourceError as error:
            text = self._words.message("SAVE-REFUSED", "refused", reason=error)
            self._refuse(client, seq, "SAVE-REFUSED", text)
        else:
            if told == self._told:  # it was on disk already
                self._tell(content, done)
        if self._waiting.get(client) == seq:
            del self._waiting[client]

    def _offered(self, content: Mapping[str, Any]) -> bool:
        """Tell whether a new or changed label or link is of a layer that this labeller offers."""
        thing = touched(content) or {}
        if content.get("op") == "link":
            kind = thing.get("type")
            return isinstance(kind, str) and kind in [layer.relation for layer in self._layers.values()]
        layer = thing.get("layer")
        return content.get("op") in ("remove", "unlink") or (isinstance(layer, str) and layer in self._layers)

    def _refuse(
        self, client: str, seq: int, code: str, text: str, *, retry: bool = False, remember: bool = True
    ) -> None:
        """Say no; with ``retry`` the page keeps the operation and sends it again."""
        if remember and not retry:
            reasons = self._refused.setdefault(client, {})
            reasons[seq] = (code, text)
            if len(reasons) > _REMEMBERED:
                del reasons[min(reasons)]
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
        """Return what the file holds of what an operation touched, which a repeated operation may no longer know.

        Links that a label left, or that are inside of nothing now, follow from this by the rules of `operations`.
        """
        thing = touched(operation) or {"id": ""}
        if operation.get("op") in ("link", "unlink"):
            held = next((relation for relation in self.labels.relations if relation.id == thing["id"]), None)
            return {"op": "link" if held else "unlink", "relation": asdict(held) if held else {"id": thing["id"]}}
        if thing["id"] in self.labels:
            return {"op": "add", "span": asdict(self.labels[thing["id"]])}
        return {"op": "remove", "span": {"id": thing["id"]}}

    def _readonly(self) -> dict[str, str] | None:
        error = self._store.refused()
        return None if error is None else {"code": error.code, "message": str(error)}

    def _make_state(self) -> dict[str, Any]:
        stamp = self._store.stamp
        return {
            "rev": stamp.revision,
            "saved_at": stamp.saved_at or None,
            "spans": [asdict(span) for span in self.labels.spans],
            "relations": [asdict(relation) for relation in self.labels.relations],
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
            "confidence": _confidence(self._words),
            "language": self._words.code,
            "labels_language": self.labels.codebook.language,
            "direction": self._words.direction,
            "strings": self._words.table(*self._sections),
            "readonly": self._readonly(),
            "max_spans": MAX_SPANS,
        }

    def _name(self, span: Span) -> str:
        return self._layers[span.layer].label(span.label).name

    def _sure(self, span: Span) -> str:
        if span.confidence is None:
            return self._words.say("still", "not_said")
        return self._words.say("still", "percent", number=round(100 * span.confidence))

    def _notes(self, span: Span) -> str:
        flag = self._words.say("still", "for_discussion") if span.discuss else ""
        return " ".join(part for part in (flag, span.note) if part)

    def _mine(self) -> list[Span]:
        return [span for span in self.labels.spans if span.layer in self._layers]


def _number(value: object) -> int:
    """Return a page's number of an operation; 0 for anything else."""
    return value if type(value) is int and 0 < value <= _MAX_SEQ else 0


def _confidence(words: Language) -> list[dict[str, Any]]:
    steps = [(value, f"confidence_{round(100 * value)}") for value in CONFIDENCE]
    return [{"value": value, "name": words.say("labeller", name)} for value, name in steps]


def _layer(layer: Layer) -> dict[str, Any]:
    labels = []
    for label in layer.labels:
        offered = [
            {"id": a.id, "question": a.question, "values": [{"id": value, "name": name} for value, name in a.values]}
            for a in layer.attributes_of(label.id)
        ]
        labels.append({**asdict(label), "attributes": offered})
    told = {name: getattr(layer, name) for name in ("id", "name", "question", "unit", "relation")}
    return {**told, "labels": labels}
