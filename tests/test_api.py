"""The public names: sorted, complete, documented, and what lessons use."""

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest

import secondsource

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(secondsource.__path__, "secondsource.")
    if module.name != "secondsource.errors"
)


def test_the_package_lists_what_it_offers():
    """Sorted, without repetition, each one importable, and nothing else in its table of homes."""
    assert secondsource.__all__ == sorted(set(secondsource.__all__))
    assert set(secondsource.__all__) == set(secondsource._HOME)
    namespace: dict[str, object] = {}
    exec("from secondsource import *", namespace)
    assert set(secondsource.__all__) <= set(namespace)
    assert set(secondsource.__all__) <= set(dir(secondsource))


def test_a_name_that_does_not_exist():
    """As for any module."""
    with pytest.raises(AttributeError, match="module 'secondsource' has no attribute 'exercice_'"):
        _ = secondsource.exercice_


@pytest.mark.parametrize("name", MODULES)
def test_every_module_lists_its_public_names(name):
    """Once each; they exist and are documented."""
    module = importlib.import_module(name)
    assert module.__doc__
    if name.endswith(("formats", "cohort")):
        return  # a folder of modules
    names = module.__all__
    assert len(names) == len(set(names))
    for public in names:
        thing = getattr(module, public)
        if inspect.isclass(thing) or inspect.isfunction(thing):
            assert inspect.getdoc(thing), public


def public_members(owner: type) -> list[str]:
    """Methods and properties that a class defines itself."""
    return [
        name
        for name, thing in vars(owner).items()
        if not name.startswith("_") and (callable(thing) or isinstance(thing, property))
    ]


@pytest.mark.parametrize("name", secondsource.__all__)
def test_every_public_method_is_documented(name):
    """`help()` answers for everything that a lesson or an instructor may call."""
    thing = getattr(secondsource, name)
    assert inspect.getdoc(thing)
    if inspect.isclass(thing):
        assert [member for member in public_members(thing) if not inspect.getdoc(getattr(thing, member))] == []


def test_parameters_have_types():
    """Of everything public."""
    for name in secondsource.__all__:
        thing = getattr(secondsource, name)
        call = thing.__init__ if inspect.isclass(thing) else thing
        parameters = [
            p for p in inspect.signature(call).parameters.values() if p.name not in ("self", "args", "kwargs")
        ]
        assert [p.name for p in parameters if p.annotation is inspect.Parameter.empty] == [], name


def test_what_lessons_import_exists():
    """Every name that a notebook takes from the package."""
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "solutions").glob("*.ipynb"))
    names = {
        name.strip() for line in re.findall(r"from secondsource import ([\w, ]+)", sources) for name in line.split(",")
    }
    assert names
    assert names <= set(secondsource.__all__)
