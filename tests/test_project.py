"""Promises about the repository itself: what is shipped, what is not in it, what is documented."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import secondsource
from secondsource.widgets.base import script

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "secondsource"
STATIC = PACKAGE / "widgets" / "static"
COURSE = ("lessons", "exercises", "solutions")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

MAX_LINES = 300
# Hosts that a package manager may have written into a file (split, so that this file does not name them), and folders
# of particular machines, which tests may name as bad examples.
HOSTS = ("files.python" + "hosted.org", "registry." + "npmjs", "cdn." + "js", "unpkg." + "com", "esm." + "sh/")
NOWHERE = re.compile("|".join(["(?<!no-emit-)index-" + "url", *map(re.escape, HOSTS)]))
FOLDERS = re.compile(r"/(?:home|Users|root|tmp|work)/\w|[A-Z]:\\{1,2}Users")


def tracked(*paths: str) -> list[Path]:
    """Files of the repository: those git knows, and new ones it does not ignore."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard", *paths]
    listing = subprocess.run(command, capture_output=True, check=True).stdout.decode().split("\0")
    return [path for name in listing if name and (path := ROOT / name).is_file()]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built from this checkout without network."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_the_wheel_holds_exactly_the_course(wheel: zipfile.ZipFile):
    """Every notebook that git knows and nothing else: no labels, checkpoints or draft keys of a used checkout."""
    shipped = {name for name in wheel.namelist() if name.startswith("secondsource/_course/")}
    known = {f"secondsource/_course/{path.relative_to(ROOT).as_posix()}" for path in tracked(*COURSE)}
    assert shipped == known, "remove what is not tracked: git clean -ndX lessons exercises solutions"


def test_the_wheel_holds_exactly_the_package(wheel: zipfile.ZipFile):
    """Code, widgets, cases and codebooks."""
    shipped = {name for name in wheel.namelist() if not re.match(r"secondsource/_course/|.*\.dist-info/", name)}
    assert shipped == {path.relative_to(ROOT / "src").as_posix() for path in tracked("src")}


def test_the_lock_names_no_host():
    """Every package has hashes; where it comes from is the business of whoever installs it."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    pins = re.split(r"\n(?=\S)", lock.strip())
    assert all("--hash=sha256:" in pin for pin in pins if not pin.startswith("#"))


def test_no_file_names_a_machine():
    """No home or temporary folder, no package registry, no content delivery network."""
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in tracked()
        if path.suffix not in {".png", ".lock"} and "formats" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if NOWHERE.search(line) or ("tests" not in path.relative_to(ROOT).parts and FOLDERS.search(line))
    ]
    assert found == []


@pytest.mark.parametrize("name", sorted(path.name for path in STATIC.glob("*.js")))
def test_javascript_loads_nothing_and_writes_no_html(name: str):
    """What a page loads is one module: no import, no network, and strings reach the page as text only."""
    source = script(name)
    assert not re.search(r"^\s*import\b|\bimport\s*\(|\brequire\s*\(", source, re.MULTILINE)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\s*\(|new Function", source)
    assert not re.search(r"\bfetch\s*\(|XMLHttpRequest|sendBeacon|new WebSocket|console\.log", source)


@pytest.mark.parametrize("path", sorted(STATIC.rglob("*.css")), ids=lambda path: path.name)
def test_css_loads_nothing_and_stays_in_its_root(path: Path):
    """No import, no address, and every rule begins under a class of ours."""
    source = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search(r"@import|url\((?!['\"]?data:)", source)


def test_version_is_the_first_heading_of_the_changelog():
    """A release cannot forget its changes."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    heading = re.search(r"^## \[([^\]]+)\]", changelog, re.MULTILINE)
    assert heading
    assert heading[1] == secondsource.__version__


def test_the_readme_names_every_command():
    """Commands of the command line and targets of the Makefile."""
    from secondsource.cli import main

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = getattr(main, "commands", {})
    assert commands
    assert [name for name in commands if f"secondsource {name}" not in readme] == []
    targets = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for name in targets if f"make {name}" not in readme] == []


def test_pictures_and_links_of_the_readme_exist():
    """Every relative address in the documents leads to a file."""
    for document in (ROOT / "README.md", ROOT / ".github" / "CONTRIBUTING.md"):
        text = document.read_text(encoding="utf-8")
        targets = re.findall(r"\]\(([^)#:]+)\)|(?:src|srcset)=\"([^\":]+)\"", text)
        missing = [target for pair in targets for target in pair if target and not (document.parent / target).exists()]
        assert missing == []


def test_pictures_are_small():
    """A clone is not for pictures."""
    assert [path.name for path in (ROOT / "docs").glob("*.png") if path.stat().st_size > 250_000] == []


def test_importing_the_package_loads_nothing_heavy():
    """The first cell of a lesson is fast, and the student's path runs where numpy and pandas are missing."""
    heavy = ["numpy", "pandas", "anywidget", "ipywidgets", "pydantic", "nbformat", "nbclient", "click", "jupyterlab"]
    code = f"import sys, secondsource; print(*(name for name in {heavy} if name in sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.split() == []


def test_all_is_sorted_complete_and_documented():
    """The public names of the package."""
    names = secondsource.__all__
    assert names == sorted(names)
    assert [name for name in names if not getattr(secondsource, name).__doc__] == []


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_modules_are_short(path: Path):
    """A module that does not fit is two modules."""
    length = len(path.read_text(encoding="utf-8").splitlines())
    assert length <= MAX_LINES


@pytest.mark.parametrize("name", sorted(PROJECT["project"]["scripts"]))
def test_the_program_runs_and_tells_its_version(name: str):
    """`secondsource --version` works from a shell."""
    program = Path(sys.executable).with_name(name)
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    assert secondsource.__version__ in answer


def test_workflows_run_what_a_person_runs():
    """CI calls `make test` and has read access only."""
    workflows = list((ROOT / ".github" / "workflows").glob("*.yml"))
    assert workflows
    for workflow in workflows:
        text = workflow.read_text(encoding="utf-8")
        assert "make test" in text or ".ci/run" in text
        assert re.search(r"^permissions:\n  contents: read$", text, re.MULTILINE)
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_table_of_faults_names_tests_that_exist():
    """Every file and every function that `tests/README.md` names."""
    here = Path(__file__).parent
    text = (here / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"`(?:tests/)?((?:[a-z]+/)?[\w.]+\.(?:py|mjs))(?:::(\w+))?", text)
    assert len(named) > 30
    missing = [f"{file}::{name}" for file, name in named if not _is_there(here / file, name)]
    assert missing == []


def _is_there(path: Path, name: str) -> bool:
    return path.exists() and (
        not name or re.search(rf"^(?:def |class )?{name}\b", path.read_text(encoding="utf-8"), re.MULTILINE) is not None
    )
