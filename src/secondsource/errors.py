"""Everything that can go wrong, in one tree.

::

    SecondSourceError
    ├── OffsetError           a span does not fit its text                    (ValueError)
    ├── UnknownNameError      a case, exercise, layer or label does not exist (LookupError)
    ├── QuotationError        a quotation occurs never, or several times      (ValueError)
    ├── CodebookError         a codebook breaks a rule                        (ValueError)
    ├── CaseError             a case folder or the course manifest is broken  (ValueError)
    ├── FormatError           a file is not what it should be                 (ValueError)
    ├── MismatchError         labels and key belong to different texts        (ValueError)
    ├── TableError            a table of spans cannot be scored               (ValueError)
    ├── StoreError            labels could not be saved or opened             (OSError)
    └── LabError              the course could not be copied or opened        (OSError)

Messages for people have four parts, joined by `` · ``: a code, what happened, what is safe, one next step.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, Final

# ESC as ␛, and so on: the symbols of Unicode for C0 controls and DEL; C1 controls have none.
_PICTURES: Final = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "␡"}
_DIRECTION: Final = {code: f"[U+{code:04X}]" for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
_VISIBLE: Final = (
    {code: sign for code, sign in _PICTURES.items() if chr(code) not in "\n\t"}
    | dict.fromkeys((*range(0x80, 0xA0), *range(0xD800, 0xE000)), "�")
    | _DIRECTION
)


def message(code: str, happened: str, safe: str, step: str) -> str:
    """Join the four parts of a message for people.

    Examples
    --------
    >>> message("SAVE-FULL", "The disk is full.", "Your 14 labels are still in this tab.", "Free some space.")
    'SAVE-FULL · The disk is full. · Your 14 labels are still in this tab. · Free some space.'
    """
    return " · ".join((code, happened, safe, step))


def plain(value: object, most: int = 80) -> str:
    r"""Return what a stranger wrote, fit for a message: one line, cut, control characters as signs.

    Examples
    --------
    >>> plain("red \x1b[31m", most=6)
    'red ␛[…'
    """
    try:
        text = str(value)
    except (ValueError, RecursionError):  # thousands of digits, or nested without end
        return "a value too large to show"
    cut = text if len(text) <= most else text[:most] + "…"
    return "".join(char if char.isprintable() else _PICTURES.get(ord(char), "�") for char in cut)


def visible(text: str) -> str:
    r"""Return a whole text, fit for a terminal or a page: what could steer it or turn its letters around is a sign.

    Line feeds and tabs stay. Other control characters are shown as their pictures, controls of the writing direction
    (CVE-2021-42574) as their code points, halves of characters as �.

    Examples
    --------
    >>> print(visible("red \x1b[31m, user\u202egnp.exe"))
    red ␛[31m, user[U+202E]gnp.exe
    """
    return text.translate(_VISIBLE)


class SecondSourceError(Exception):
    """Base of all errors of this package; a notebook shows its message and no traceback."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self.args, vars(self))  # not through __init__, which takes other arguments

    def _render_traceback_(self) -> list[str]:
        """Lines that IPython prints in place of a traceback."""
        return [str(self)]


def _again(kind: type[SecondSourceError], args: tuple[Any, ...], parts: dict[str, Any]) -> SecondSourceError:
    error = kind.__new__(kind, *args)
    error.args = args
    vars(error).update(parts)
    return error


class OffsetError(SecondSourceError, ValueError):
    """A span does not fit its text: out of range, empty, or not the words it quotes."""


class UnknownNameError(SecondSourceError, LookupError):
    """A name that does not exist; the message lists those that do.

    Examples
    --------
    >>> print(UnknownNameError("layer", "rethoric", ["claims", "rhetoric"]))
    There is no layer “rethoric”. Did you mean “rhetoric”? There are: claims, rhetoric.
    """

    def __init__(self, kind: str, name: object, known: Iterable[str], *, where: str = "") -> None:
        known = list(known)
        told = plain(name)
        folded = {candidate.casefold(): candidate for candidate in known}
        close = get_close_matches(told.casefold(), folded, n=1)
        guess = f" Did you mean “{folded[close[0]]}”?" if close else ""
        listing = f" There are: {', '.join(known)}." if known else f" There is no {kind} here at all."
        super().__init__(f"There is no {kind} “{told}”{where and ' '}{where}.{guess}{listing}")


class QuotationError(SecondSourceError, ValueError):
    """A quotation that does not occur in the text, or occurs several times."""


class CodebookError(SecondSourceError, ValueError):
    """A codebook that breaks a rule of its own format."""


class CaseError(SecondSourceError, ValueError):
    """A case folder or course manifest that is incomplete or contradicts itself."""


class FormatError(SecondSourceError, ValueError):
    """A file that cannot be read as what it claims to be.

    Attributes
    ----------
    code : str
        ``FILE-NOTLABELS``, ``FILE-LIMIT``, ``FILE-NEWER``, ``FILE-INVALID``, ``FILE-WRITTEN``,
        ``FILE-RATED`` or ``ANCHOR-MISMATCH``.
    path : str
        Name of the file, as the reader gave it.
    reason : str
        What is wrong, in words, without the code.
    """

    def __init__(self, code: str, path: str, reason: str, *, step: str = "") -> None:
        super().__init__(
            message(
                code,
                f"{plain(path)}: {reason}",
                "The file was not changed and nothing was scored.",
                step or "Choose the file whose name ends in .labels.json, as it was handed in.",
            )
        )
        self.code = code
        self.path = path
        self.reason = reason


class MismatchError(SecondSourceError, ValueError):
    """Labels and key that belong to different articles or codebook versions; never scored."""


class TableError(SecondSourceError, ValueError):
    """A table of spans that cannot be scored as it is: a column is missing, a cell is empty, rows are out of order."""


class StoreError(SecondSourceError, OSError):
    """Labels that could not be saved or opened; the message says where they are safe.

    Attributes
    ----------
    code : str
        ``SAVE-FULL``, ``SAVE-READONLY``, ``SAVE-FAILED`` or ``SAVE-CONFLICT``.
    """

    def __init__(self, code: str, happened: str, safe: str, step: str) -> None:
        super().__init__(message(code, happened, safe, step))
        self.code = code


class LabError(SecondSourceError, OSError):
    """The course could not be copied or JupyterLab not started.

    Attributes
    ----------
    code : str
        ``LAB-FOLDER``, ``LAB-COURSE``, ``LAB-KERNEL``, ``LAB-PORT`` or ``LAB-START``.
    """

    def __init__(self, code: str, happened: str, step: str, *, safe: str = "Your files were not touched.") -> None:
        super().__init__(message(code, happened, safe, step))
        self.code = code
