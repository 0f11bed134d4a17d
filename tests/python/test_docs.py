"""Examples in docstrings and documents run, and every public name has a text."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil

import dianzhi
import pytest

MODULES = [dianzhi.__name__, *(f"dianzhi.{info.name}" for info in pkgutil.iter_modules(dianzhi.__path__))]


@pytest.mark.filterwarnings("ignore::dianzhi.DianzhiWarning")
@pytest.mark.parametrize("name", [name for name in MODULES if name != "dianzhi.__main__"])
def test_examples_in_docstrings(name: str) -> None:
    module = importlib.import_module(name)
    done = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    assert done.failed == 0


def test_every_public_name_is_described() -> None:
    missing = []
    for name in dianzhi.__all__:
        thing = getattr(dianzhi, name)
        if not inspect.getdoc(thing):
            missing.append(name)
        members = inspect.getmembers(thing) if inspect.isclass(thing) else []
        own = [(member, value) for member, value in members if member in vars(thing) and not member.startswith("_")]
        missing += [f"{name}.{member}" for member, value in own if not inspect.getdoc(value)]
    assert not missing


def test_calls_have_examples() -> None:
    for call in [dianzhi.errors, dianzhi.Scheme.load, dianzhi.Scheme.group, dianzhi.Scheme.explain]:
        assert "Examples" in (inspect.getdoc(call) or "")
