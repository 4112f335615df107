"""Labels that “Download my labels” saved from a page come back into the label file."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from secondsource.errors import FormatError, MismatchError, SecondSourceError, StoreError, message, plain
from secondsource.formats import operations, strict_json
from secondsource.languages import Language
from secondsource.spans import LabelSet
from secondsource.store import LabelStore

__all__ = ["bring_back"]

_STEP = "Give the name of the file that “Download my labels” saved, with its folder."
_LISTS = ("refused", "not_restored")  # changes; what was only not acknowledged is among the labels already


def bring_back(store: LabelStore, file: object, words: Language) -> str:
    """Put labels and links of a download into the label file, and say how many that were.

    What the file has in the same way stays as it is; what it has in another way becomes as it was on the page; nothing
    is deleted. What does not fit the text is left out and counted.

    Parameters
    ----------
    file : str or Path
        Where the download is.

    Raises
    ------
    FormatError
        There is no such file, or it is no download of a labeller.
    MismatchError
        It belongs to another exercise or text.
    StoreError
        The label file could not be written; what was written until then stays, and the call can be made again.
    """
    if not isinstance(file, str | Path):
        told = "the name of the file is text in quotation marks."
        raise FormatError("FILE-NOTLABELS", plain(file, 40), told, step=_STEP)
    content = _read(Path(file), store.labels)
    done = left = 0
    for operation in _operations(content):
        try:
            if operations.changed(store.labels, operation) != store.labels:
                store.apply(operation)
                done += 1
        except StoreError:
            raise
        except SecondSourceError:
            left += 1
    told = words.say("exercise", "brought_back", count=done)
    return f"{told} {words.say('exercise', 'brought_not', count=left)}" if left else told


def _read(path: Path, labels: LabelSet) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            data = file.read(strict_json.MAX_BYTES + 1)
    except OSError as error:
        raise FormatError(
            "FILE-NOTLABELS", path.name, f"it could not be opened: {error.strerror}.", step=_STEP
        ) from None
    except ValueError:  # a name with a zero in it, or with half a character
        raise FormatError("FILE-NOTLABELS", path.name, "no file can have this name.", step=_STEP) from None
    content = strict_json.loads(data, path.name)
    if not isinstance(content.get("spans"), list):
        raise FormatError("FILE-NOTLABELS", path.name, "this is JSON, but not what “Download my labels” saves.")
    if (content.get("exercise"), content.get("article")) != (labels.exercise, labels.article.sha256):
        happened = f"{path.name} holds labels of another exercise or another text, not of {labels.exercise}."
        raise MismatchError(
            message("VERSION-EXERCISE", happened, "Nothing was changed.", "Open the exercise it was saved from.")
        )
    return content


def _operations(content: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Labels before the links between them; whatever has no shape at all is left for `operations` to refuse."""
    yield from ({"op": "update", "span": span} for span in _list(content, "spans"))
    for change in (change for name in _LISTS for change in _list(content, name)):
        if isinstance(change, Mapping) and change.get("op") in ("add", "update"):
            yield {"op": "update", "span": change.get("span")}
    yield from ({"op": "link", "relation": relation} for relation in _list(content, "relations"))


def _list(content: Mapping[str, Any], name: str) -> list[Any]:
    found = content.get(name)
    return found if isinstance(found, list) else []
