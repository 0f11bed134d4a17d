"""Examples in docstrings and documents run, and every public name has a text."""

from __future__ import annotations

import doctest
import importlib
import inspect
import os
import pkgutil
import re
from pathlib import Path

import dianzhi
import pytest

PAGES = ["docs/python.md", "docs/python.zh-CN.md"]
MODULES = [dianzhi.__name__, *(f"dianzhi.{info.name}" for info in pkgutil.iter_modules(dianzhi.__path__))]


@pytest.mark.filterwarnings("ignore::dianzhi.DianzhiWarning")
@pytest.mark.parametrize("name", [name for name in MODULES if name != "dianzhi.__main__"])
def test_examples_in_docstrings(name: str) -> None:
    if name == "dianzhi.spark" and not os.environ.get("CI"):
        pytest.importorskip("pyspark", reason="pyspark is not installed: make .venv/spark")
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


@pytest.mark.filterwarnings("ignore::dianzhi.DianzhiWarning")
@pytest.mark.parametrize("page", PAGES)
def test_the_page_on_python_runs(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = Path(page).read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"dianzhi": dianzhi}
    dianzhi.synth(dianzhi.Scheme.load("demo"), 200, seed=1).write_parquet("claims.parquet")
    examples = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    for example in examples:
        exec(example, names)  # noqa: S102
    assert len(examples) == 4


@pytest.mark.parametrize("page", PAGES)
def test_the_page_on_python_names_all_there_is(page: str) -> None:
    text = Path(page).read_text(encoding="utf-8")
    for noun in [dianzhi.Scheme, dianzhi.Policy, dianzhi.Book, dianzhi.Scenario]:
        verbs = [name for name, value in vars(noun).items() if callable(value) or isinstance(value, classmethod)]
        assert not [verb for verb in verbs if not verb.startswith("_") and f"`{verb}`" not in text]
