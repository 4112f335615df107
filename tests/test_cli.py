"""The command line: what it prints, how it ends, and that a mistake is one line and never a traceback."""

import errno
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import secondsource
from secondsource.case import Case
from secondsource.cli import main
from secondsource.errors import StoreError
from secondsource.formats import w3c
from secondsource.lab import LabError
from secondsource.spans import LabelSet, Span
from synthetic import executed, notebook, write_notebook

CASE = Case.open("analyst-claims")
BUNDLED = Path(secondsource.__file__).parent / "cases"
PROGRAM = Path(sys.executable).with_name("secondsource")


def call(*words: object) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def hand_in(tmp_path) -> Path:
    """A student's file with two labels of lesson 2."""
    spans = (Span("a", "attribution", "CUE", 580, 586, confidence=0.8), Span("b", "attribution", "SOURCE", 946, 952))
    return write_labels(tmp_path / "ada.labels.json", spans, exercise="02_who_says_so")


def write_labels(path: Path, spans: tuple[Span, ...], exercise: str = "") -> Path:
    """A label file."""
    path.write_bytes(w3c.write(LabelSet(CASE.article, CASE.codebook, spans, exercise=exercise)))
    return path


def test_version():
    """The package's own."""
    assert call("--version").output == f"secondsource {secondsource.__version__}\n"


def test_help_names_the_commands():
    """With both options, and without one."""
    for words in (["-h"], ["--help"]):
        assert all(name in call(*words).output for name in ("lab", "compare", "build", "check"))


def test_compare_in_words(hand_in):
    """The part of the text that the exercise asks for, with provenance and the state of the key."""
    result = call("compare", hand_in, "--case", "analyst-claims")
    assert (result.exit_code, result.stderr) == (0, "")
    assert CASE.article.provenance in result.stdout
    assert "You made 2 labels in this part of the text. 2 are in the key." in result.stdout
    assert "This is a draft key." in result.stdout


def test_compare_for_programs(hand_in):
    """JSON that any parser reads: no NaN, and nothing outside ASCII."""

    def refuse(word: str) -> None:
        raise AssertionError(word)

    result = call("compare", hand_in, "--case", "analyst-claims", "--json")
    assert result.exit_code == 0
    assert result.stdout.isascii()
    made = json.loads(result.stdout, parse_constant=refuse)
    assert (made["case"], made["file"], made["not_compared"]) == ("analyst-claims", "ada.labels.json", [])
    assert made["layers"][0]["counts"]["matched"] == 2


def test_the_case_is_found_by_the_article(tmp_path, hand_in):
    """Among the bundled ones, or beside the file; a file of no known article says so."""
    assert call("compare", hand_in).stdout == call("compare", hand_in, "--case", "analyst-claims").stdout
    course = tmp_path / "course"
    shutil.copytree(BUNDLED / "analyst-claims", course / "ours")
    manifest = course / "ours" / "case.toml"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"analyst-claims"', '"ours"', 1), encoding="utf-8")
    (course / "empty").mkdir()
    (course / "empty" / "case.toml").write_text("no text beside it", encoding="utf-8")
    (course / "my-labels").mkdir()
    file = hand_in.rename(course / "my-labels" / hand_in.name)
    assert json.loads(call("compare", file, "--json").stdout)["case"] == "ours"
    file.write_bytes(file.read_bytes().replace(CASE.article.sha256.encode(), b"0" * 64))
    result = call("compare", file)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("VERSION-ARTICLE · ada.labels.json holds labels for an article (000000000000…)")


def test_compare_the_whole_text(hand_in):
    """More is expected there."""
    part, whole = (
        json.loads(call("compare", hand_in, "--case", "analyst-claims", "--json", *more).stdout)["layers"][0][
            "expected"
        ]
        for more in ([], ["--whole"])
    )
    assert whole > part


def test_layers_without_a_key_are_told(tmp_path):
    """The rest is compared; exit code 3 says that it was not everything."""
    spans = (Span("a", "attribution", "CUE", 580, 586), Span("b", "trust", "5", 3458, 3510))
    result = call("compare", write_labels(tmp_path / "x.labels.json", spans), "--case", "analyst-claims")
    assert result.exit_code == 3
    assert result.stderr == (
        "x.labels.json names no exercise of a course found here: compared over the whole text.\n"
        "x.labels.json: its labels of the layers trust were not compared.\n"
    )
    assert "You made 1 label" in result.stdout


MISTAKES = {
    "no such file": (None, "analyst-claims", "FILE-NOTLABELS · x.labels.json: it cannot be read"),
    "no such case": (b"{}", "nothing", "NAME-UNKNOWN · There is no case “nothing”. There are: analyst-claims, "),
    "empty": (b"", "analyst-claims", "FILE-NOTLABELS · x.labels.json: the file is empty."),
    "not JSON": (b"x", "analyst-claims", "FILE-NOTLABELS · x.labels.json: this is not complete JSON"),
    "a web page": (b"<!doctype html>", "analyst-claims", "FILE-NOTLABELS · x.labels.json: this looks like a web page"),
    "another JSON": (b"{}", "analyst-claims", "FILE-NOTLABELS · x.labels.json: this is JSON, but not a label file"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_line(tmp_path, name):
    """On stderr, with exit code 2 and nothing on stdout."""
    content, case, told = MISTAKES[name]
    path = tmp_path / "x.labels.json"
    if content is not None:
        path.write_bytes(content)
    result = call("compare", path, "--case", case)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(told)
    assert result.stderr.count("\n") == 1
    assert isinstance(result.exception, SystemExit)


def test_a_folder_is_no_label_file(tmp_path):
    """The same for something that is there and cannot be read."""
    result = call("compare", tmp_path, "--case", "analyst-claims")
    assert result.exit_code == 2
    assert "it cannot be read" in result.stderr


def test_labels_of_another_text_are_not_scored(tmp_path, hand_in):
    """They are named."""
    hand_in.write_bytes(hand_in.read_bytes().replace(CASE.article.sha256.encode(), b"0" * 64))
    result = call("compare", hand_in, "--case", "analyst-claims")
    assert result.exit_code == 2
    assert result.stderr.startswith("VERSION-ARTICLE · ada.labels.json holds labels for another article")


@pytest.mark.parametrize(
    "words", [["compare"], ["compare", "x", "--nothing"], ["nothing"], ["check", "--nothing"], ["build", "nowhere"]]
)
def test_wrong_use_is_told(words):
    """By the command line library, with exit code 2."""
    result = call(*words)
    assert result.exit_code == 2
    assert "Usage:" in result.stderr


def test_an_error_of_the_surroundings_has_its_own_code(monkeypatch, hand_in):
    """A disk that is full or a folder that cannot be read is not the user's mistake."""
    errors = [
        StoreError("SAVE-FULL", "The disk is full.", "Safe.", "Free some space."),
        LabError("LAB-PORT", "The port is taken.", "Choose another."),
        PermissionError(errno.EACCES, "Permission denied", "notebook.ipynb"),
        OSError("something else"),
    ]
    told = [
        "SAVE-FULL · ",
        "LAB-PORT · ",
        "SYSTEM · Permission denied (notebook.ipynb). · ",
        "SYSTEM · something else. · ",
    ]
    for error, start in zip(errors, told, strict=True):

        def fail(*_args, error=error, **_options):
            raise error

        monkeypatch.setattr("secondsource.report.comparisons_of", fail)
        result = call("compare", hand_in, "--case", "analyst-claims")
        assert result.exit_code == 4
        assert result.stderr.startswith(start)


def test_a_closed_pipe_is_left_to_the_library(monkeypatch, hand_in):
    """`secondsource compare … | head` ends quietly."""

    def fail(*_args, **_options):
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    monkeypatch.setattr("secondsource.report.comparisons_of", fail)
    result = call("compare", hand_in, "--case", "analyst-claims")
    assert (result.exit_code, result.stderr) == (1, "")


def test_lab_passes_its_options_on(monkeypatch, tmp_path):
    """And ends with the server's exit code."""
    seen = {}

    def run_lab(folder: Path, **options: object) -> int:
        seen.update(options, folder=folder)
        return 7

    monkeypatch.setattr("secondsource.lab.run_lab", run_lab)
    result = call("lab", tmp_path, "--with-solutions", "--no-browser", "--no-launch", "--port", "8899")
    assert result.exit_code == 7
    assert seen.pop("say") is click.echo
    assert seen == {"folder": tmp_path, "with_solutions": True, "browser": False, "launch": False, "port": 8899}


@pytest.fixture
def course(tmp_path) -> Path:
    """A course of one lesson without findings."""
    label = "Invented text, written for practice.\n\n## Your turn\n\n### Hint\n\nYour answer: …"
    cells = (("markdown", f"# A\n\n{label}"), ("code", "1 + 1"))
    for folder in ("lessons", "solutions"):
        write_notebook(tmp_path / folder / "a.ipynb", notebook(*cells))
    (tmp_path / "course.toml").write_text(
        'id = "x"\ntitle = "X"\n[[exercises]]\nid = "a"\ntitle = "A"\nnotebook = "lessons/a.ipynb"\n'
        'case = "analyst-claims"\nlayers = ["rhetoric"]\n'
    )
    return tmp_path


def test_build_and_check(course, monkeypatch):
    """What is written, what is up to date, what is not, and what is found."""
    monkeypatch.setattr("secondsource.building.run", executed)
    monkeypatch.chdir(course)
    assert call("build").stdout == "lessons/a.ipynb: written\nsolutions/a.ipynb: written\nexercises/a.ipynb: written\n"
    result = call("build", "--check")
    assert (result.exit_code, result.stdout) == (0, "Everything is up to date.\n")
    assert result.stderr == "running lessons/a.ipynb\nrunning solutions/a.ipynb\n"
    assert call("check").output == "0 findings.\n"
    (course / "exercises" / "a.ipynb").unlink()
    result = call("build", "--check", course)
    assert result.exit_code == 2
    assert result.stdout == "exercises/a.ipynb: is not up to date. Repair: secondsource build\n"
    result = call("check", course)
    assert result.exit_code == 2
    assert result.stdout.endswith(" Repair: secondsource build\n1 finding.\n")


def test_a_notebook_that_cannot_be_built_is_named(course, monkeypatch):
    """One line and exit code 2."""
    (course / "lessons" / "a.ipynb").write_text("x")
    result = call("build", course)
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1].startswith("lessons/a.ipynb cannot be read as JSON: ")


def test_a_stream_that_is_not_a_file_is_left_alone(monkeypatch):
    """Such as one that a test or a notebook put there."""
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert main.callback is not None
    assert main.callback() is None


# --- as a program ----------------------------------------------------------------------------------------------------


def test_the_program_on_a_terminal_without_unicode(hand_in):
    """Words that it cannot show become question marks, not a traceback."""
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    command = [PROGRAM, "compare", hand_in, "--case", "analyst-claims"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "You made 2 labels" in done.stdout


def test_the_program_checks_a_build_with_real_kernels(course):
    """An output that was tampered with is noticed; exit code 2."""
    (course / "solutions" / "a.ipynb").unlink()  # one kernel is enough

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([PROGRAM, *words, course], capture_output=True, text=True, check=False)

    assert run("build").returncode == 0
    lesson = course / "lessons" / "a.ipynb"
    lesson.write_text(lesson.read_text(encoding="utf-8").replace('"2"', '"3"'), encoding="utf-8")
    done = run("build", "--check")
    assert done.returncode == 2
    assert done.stdout == "lessons/a.ipynb: is not up to date. Repair: secondsource build\n"
    assert "Traceback" not in done.stderr


def test_the_program_tells_a_mistake_without_a_traceback(tmp_path):
    """Through the real entry point."""
    command = [PROGRAM, "compare", tmp_path / "nothing.json", "--case", "analyst-claims"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("FILE-NOTLABELS · nothing.json: it cannot be read")
    assert "Traceback" not in done.stderr
