"""Messages and the exception tree."""

import copy
import inspect
import pickle

import pytest

from secondsource import errors
from secondsource.errors import FormatError, LabError, SecondSourceError, StoreError, UnknownNameError, message, plain

CLASSES = [value for value in vars(errors).values() if inspect.isclass(value) and issubclass(value, Exception)]


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_one_tree_of_familiar_kinds(kind: type[Exception]):
    """Every error is of this package and, but for the root, also a built-in kind that callers know."""
    assert issubclass(kind, SecondSourceError)
    assert kind is SecondSourceError or issubclass(kind, ValueError | LookupError | OSError)
    assert f"── {kind.__name__} " in errors.__doc__ or kind is SecondSourceError


def test_messages_have_four_parts():
    """Errors that reach people say code, what happened, what is safe and one next step."""
    for error in (
        FormatError("FILE-LIMIT", "a.json", "too long."),
        StoreError("SAVE-FULL", "a", "b", "c"),
        LabError("LAB-PORT", "a", "b"),
    ):
        assert str(error).count(" · ") == 3
        assert str(error).startswith(f"{error.code} · ")
    assert message("A", "b", "c", "d") == "A · b · c · d"


def test_format_error_keeps_its_parts():
    """A program can ask for code, path and reason without parsing the text."""
    error = FormatError("FILE-LIMIT", "a.json", "too long.")
    assert (error.code, error.path, error.reason) == ("FILE-LIMIT", "a.json", "too long.")


@pytest.mark.parametrize(
    ("name", "known", "wanted"),
    [
        ("CUES", ["CUE", "SOURCE"], "There is no label “CUES”. Did you mean “CUE”? There are: CUE, SOURCE."),
        ("zzz", ["CUE"], "There is no label “zzz”. There are: CUE."),
        (None, [], "There is no label “None”. There is no label here at all."),
    ],
)
def test_unknown_names_list_the_known_ones(name: object, known: list[str], wanted: str):
    """The guess stands there only when there is a close one."""
    assert str(UnknownNameError("label", name, iter(known))) == wanted


def test_words_of_strangers_are_cut_and_cannot_steer_a_terminal():
    """A megabyte, an escape sequence, a bidirectional override or half a character do no harm in a message."""
    told = str(UnknownNameError("label", "\x1b[2J\u202e\ud800\n" + "x" * 1_000_000, ["CUE"]))
    assert len(told) < 200
    assert told.isprintable()
    assert str(FormatError("FILE-LIMIT", "\x1b]0;x\x07.json", "too long.")).isprintable()


@pytest.mark.parametrize("kind", [int, list])
def test_values_that_python_refuses_to_show(kind: type):
    """Thousands of digits or endless nesting are named instead of raising another error."""
    value: object = 10**5_000
    if kind is list:
        value = []
        for _ in range(100_000):
            value = [value]
    assert plain(value) == "a value too large to show"


def test_a_notebook_shows_the_message_and_no_traceback():
    """IPython prints these lines in place of a traceback."""
    error = errors.QuotationError("QUOTE-EMPTY · The quotation is empty. · Nothing was changed. · Copy some words.")
    assert error._render_traceback_() == [str(error)]


def test_a_name_in_other_capitals_is_guessed():
    """Students type `source` for SOURCE."""
    assert "Did you mean “SOURCE”?" in str(errors.UnknownNameError("label", "source", ["SOURCE", "CUE"]))


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_errors_can_be_sent_to_another_process(kind: type[SecondSourceError]):
    """A pool of workers, or a copy, gives the same error back: kind, message and parts."""
    made = {
        UnknownNameError: lambda: UnknownNameError("label", "CUES", ["CUE"]),
        FormatError: lambda: FormatError("FILE-LIMIT", "a.json", "too long.", step="Try."),
        StoreError: lambda: StoreError("SAVE-FULL", "a", "b", "c"),
        LabError: lambda: LabError("LAB-PORT", "a", "b", safe="c"),
    }
    error = made.get(kind, lambda: kind("A · b · c · d"))()
    error.add_note("and a note")
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):  # noqa: S301
        assert type(again) is kind
        assert str(again) == str(error)
        assert vars(again) == vars(error)
        assert again.args == error.args
