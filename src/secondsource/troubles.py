"""What can go wrong with a label file, in words: what happened, what is safe, one next step."""

import errno
from pathlib import Path

from secondsource.errors import FormatError, MismatchError, StoreError, plain
from secondsource.languages import Language

__all__ = ["Troubles"]

_CODES = {errno.ENOSPC: "SAVE-FULL", errno.EDQUOT: "SAVE-FULL", errno.EFBIG: "SAVE-FULL"}
_CODES |= dict.fromkeys((errno.EROFS, errno.EACCES, errno.EPERM), "SAVE-READONLY")
_CODES |= {errno.EBUSY: "SAVE-BUSY", errno.ENAMETOOLONG: "SAVE-PATH"}
_REASONS = {
    "SAVE-FULL": "unwritable_full",
    "SAVE-READONLY": "unwritable_readonly",
    "SAVE-BUSY": "unwritable_busy",
    "SAVE-PATH": "unwritable_path",
    "SAVE-FAILED": "unwritable_failed",
}
_LISTED = 3


class Troubles:
    """Messages about one label file, in one language.

    Attributes
    ----------
    path : Path
        The file.
    words : Language
        In which language they are told.
    """

    def __init__(self, path: Path, words: Language) -> None:
        self.path = path
        self.words = words

    def unwritable(self, error: OSError, count: int) -> StoreError:
        """Say why the file could not be written, and how many labels it holds on disk."""
        code = _CODES.get(error.errno or 0, "SAVE-FAILED")
        on_disk = [self._say("on_disk", count=count)] if count else []
        return self._error(code, _REASONS[code], safe=" ".join([self._say("kept_here"), *on_disk]))

    def unreadable(self, error: OSError) -> StoreError:
        """Say why the file could not be opened."""
        code = "SAVE-BUSY" if error.errno == errno.EBUSY else "SAVE-FAILED"
        return self._error(code, "unopened", reason=error.strerror)

    def busy(self) -> StoreError:
        """Say that others wrote the file again and again."""
        return self._error("SAVE-BUSY", "busy")

    def replaced(self, error: FormatError | MismatchError) -> StoreError:
        """Refuse to overwrite a file that is not ours."""
        reason = error.reason if isinstance(error, FormatError) else str(error).split(" · ")[1]
        return self._error("SAVE-CONFLICT", "replaced", reason=reason)

    def elsewhere(self, name: str, theirs: str, ours: str) -> MismatchError:
        """Say that a file belongs to another exercise."""
        told = {"file": plain(name), "theirs": plain(theirs), "ours": ours}
        return MismatchError(self.words.message("VERSION-EXERCISE", "other_exercise", **told))

    def restored(self, reason: str, aside: str, source: str, count: int, revision: int) -> str:
        """Tell that the damaged file was set aside, and where the labels are from.

        ``source`` is ``"backup"``, ``"memory"``, or empty if there are none.
        """
        kept = self._say("aside", aside=aside) if aside else self._say("not_aside")
        if not source:
            return self._message("FILE-DAMAGED", "damaged", reason=reason, safe=kept)
        taken = self._say(f"from_{source}", count=count, revision=revision)
        return self._message("FILE-REPAIRED", "repaired", reason=reason, safe=f"{taken} {kept}")

    def overtaken(self, count: int, revision: int, kept: str) -> str:
        """Tell that the file has lost some labels, and under which name they are kept."""
        safe = self._say("kept_ours", count=count, revision=revision, kept=kept)
        return self._message("FILE-CONFLICT", "overtaken", safe=safe)

    def clash(self, count: int, kept: str) -> str:
        """Tell that two programs changed the same labels at the same moment, and where the other version is kept."""
        return self._message("FILE-CONFLICT", "clash", safe=self._say("kept_theirs", count=count, kept=kept))

    def copies(self, names: list[str]) -> str:
        """Tell that a synchronised folder has left copies of the file beside it."""
        listed = ", ".join(plain(name) for name in names[:_LISTED])
        if more := names[_LISTED:]:
            listed = self._say("and_more", listed=listed, count=len(more))
        return self._message("FILE-COPIES", "copies", listed=listed)

    def _error(self, code: str, key: str, **values: object) -> StoreError:
        return StoreError(code, *self.words.parts("messages", key, **self._about(values)))

    def _message(self, code: str, key: str, **values: object) -> str:
        return self.words.message(code, key, **self._about(values))

    def _say(self, key: str, **values: object) -> str:
        return self.words.say("messages", key, **self._about(values))

    def _about(self, values: dict[str, object]) -> dict[str, object]:
        return {"file": self.path.name, "place": f"{self.path.parent.name}/{self.path.name}", **values}
