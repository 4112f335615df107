"""The command line: open, call, print."""

import errno
import io
import json
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from secondsource import __version__
from secondsource.errors import FormatError, SecondSourceError, UnknownNameError, message, visible

__all__ = ["main"]

OK, BAD_INPUT, PARTLY, ENVIRONMENT = 0, 2, 3, 4


def _say(text: str, *, err: bool = False) -> None:
    """Print for people; strings of others cannot steer the terminal."""
    click.echo(visible(text), err=err)


def _for_people(command: Callable[..., None]) -> Callable[..., None]:
    """Turn errors of this package into one line on stderr and an exit code."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except UnknownNameError as error:
            safe, step = "Nothing was scored or changed.", "Choose one of these names."
            _say(message("NAME-UNKNOWN", str(error), safe, step), err=True)
            sys.exit(BAD_INPUT)
        except SecondSourceError as error:
            _say(str(error), err=True)
            sys.exit(ENVIRONMENT if isinstance(error, OSError) else BAD_INPUT)
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader of a pipe had enough, which click takes care of
                raise
            where = f" ({error.filename})" if error.filename else ""
            safe, step = "No file of yours was changed.", "Mend this, then run the command again."
            _say(message("SYSTEM", f"{error.strerror or error}{where}.", safe, step), err=True)
            sys.exit(ENVIRONMENT)

    return wrapped


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="secondsource", message="%(prog)s %(version)s")
def main() -> None:
    """Read the news critically: label an article, then compare with an instructor's key."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that has no “ shows ? and not a traceback


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path("course"))
@click.option("--with-solutions", is_flag=True, help="Copy the solutions too (for instructors).")
@click.option("--no-browser", is_flag=True, help="Print the address instead of opening a browser.")
@click.option("--no-launch", is_flag=True, help="Copy the course and stop.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port of the server; a free one by default.")
@_for_people
def lab(folder: Path, *, with_solutions: bool, no_browser: bool, no_launch: bool, port: int | None) -> None:
    """Copy the course to FOLDER and open it in JupyterLab.

    Nothing that is already in FOLDER is ever overwritten.
    """
    from secondsource.lab import run_lab

    sys.exit(
        run_lab(
            folder,
            with_solutions=with_solutions,
            browser=not no_browser,
            launch=not no_launch,
            port=port,
            say=click.echo,
        )
    )


@main.command("compare")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--case", "case_name", help="Id of a bundled case, or a case folder; found by the article by default.")
@click.option("--json", "as_json", is_flag=True, help="Print numbers for programs.")
@click.option("--whole", is_flag=True, help="Compare over the whole text, not only the exercise's part of it.")
@click.option("--language", metavar="CODE", help="Tell it in this language, such as de; by default the case's.")
@_for_people
def compare_command(file: Path, case_name: str | None, *, as_json: bool, whole: bool, language: str | None) -> None:
    """Compare the labels in FILE with the key of a case.

    A file that names an exercise is compared over that exercise's part of the text; the course.toml beside the file
    or in this folder goes before the bundled course.
    """
    from secondsource.case import Case
    from secondsource.languages import choose
    from secondsource.report import comparisons_of, record

    data = _read(file)
    folder = file.absolute().parent  # label files lie in my-labels, below the course
    beside = (folder, folder.parent, Path.cwd())
    own = (found.parent for near in beside for found in sorted(near.glob("*/case.toml")))
    case = Case.of_labels(data, file.name, own=own) if case_name is None else Case.open(case_name)
    words = choose(language, case.interface)
    done, left_out, task = comparisons_of(data, file.name, case, whole=whole, beside=beside, interface=words)
    if as_json:
        told = {
            "case": case.id,
            "file": file.name,
            "layers": [record(comparison) for comparison in done],
            "part": task.id if task else "whole",
            "not_compared": left_out,
        }
        click.echo(json.dumps(told, indent=1, allow_nan=False))  # ASCII: the same bytes on every terminal
    else:
        _say("\n\n".join(str(comparison) for comparison in done))
    if task is None and not whole:
        _say(f"{file.name} names no exercise of a course found here: compared over the whole text.", err=True)
    if left_out:
        _say(f"{file.name}: its labels of the layers {', '.join(left_out)} were not compared.", err=True)
        sys.exit(PARTLY)


@main.command("agree")
@click.argument("a", type=click.Path(path_type=Path))
@click.argument("b", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print numbers for programs.")
@click.option(
    "--length",
    "lengths",
    multiple=True,
    metavar="DOC=NUMBER",
    help="Code points of a text of JSON Lines; may be given several times.",
)
@click.option("--case", "case_name", help="Case of the files: an id, or a folder; found by the article by default.")
@click.option(
    "--layer", "layers", multiple=True, metavar="NAME", help="Compare this layer only; may be given several times."
)
@_for_people
def agree_command(
    a: Path, b: Path, *, as_json: bool, lengths: tuple[str, ...], case_name: str | None, layers: tuple[str, ...]
) -> None:
    """Compare two raters, or a rater (A) and a key (B), for research.

    A and B are label files, keys, or JSON Lines with one span per line, such as
    {"doc": "d1", "layer": "x", "label": "L", "start": 0, "end": 5}, in half-open offsets of Unicode code points.

    A is what is examined (precision), B the reference (recall). Offsets are taken as they are, without trimming, and
    over the whole text; scores of several texts are pooled. Kappa and alpha need the length of each text of JSON
    Lines: --length d1=4151, or --length 4151 for the only one. docs/agree.md explains every number.
    """
    from secondsource.rater_files import lengths_of, open_sides
    from secondsource.rater_report import record, words
    from secondsource.raters import agree

    sides = open_sides(a, b, case=case_name, lengths=lengths_of(lengths), layers=layers)
    done = agree(sides.first.rater, sides.second.rater, sides.texts, sides.layers)
    if as_json:
        click.echo(json.dumps(record(sides, done), sort_keys=True, allow_nan=False))
    else:
        _say(words(sides, done))


@main.command()
@click.argument("root", type=click.Path(path_type=Path, file_okay=False, exists=True), default=Path())
@click.option("--check", "only_check", is_flag=True, help="Change nothing; fail if something would change.")
@click.option("--no-run", is_flag=True, help="Run no notebook; only cut the exercises.")
@_for_people
def build(root: Path, *, only_check: bool, no_run: bool) -> None:
    """Run the lessons and solutions in ROOT and cut the exercises from the solutions."""
    from secondsource.building import build as build_course

    changed = build_course(root, check=only_check, execute=not no_run, progress=lambda line: _say(line, err=True))
    for path in changed:
        _say(f"{path}: {'is not up to date. Repair: secondsource build' if only_check else 'written'}")
    if not changed:
        _say("Everything is up to date.")
    sys.exit(BAD_INPUT if only_check and changed else OK)


@main.command()
@click.argument("root", type=click.Path(path_type=Path, file_okay=False, exists=True), default=Path())
@_for_people
def check(root: Path) -> None:
    """Check the course in ROOT against its rules."""
    from secondsource.checking import check_course

    findings = check_course(root)
    for finding in findings:
        _say(str(finding))
    _say(f"{len(findings)} finding{'' if len(findings) == 1 else 's'}.")
    sys.exit(BAD_INPUT if findings else OK)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise FormatError("FILE-NOTLABELS", file.name, f"it cannot be read ({error.strerror}).") from None
