"""The wheel as a new user meets it: a fresh environment, one install, the lines of README.md."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def lines_of(document: str) -> str:
    """The first Python example of a document."""
    found = re.search(r"```python\n(.*?)```", (ROOT / document).read_text(encoding="utf-8"), re.DOTALL)
    assert found, f"{document} has no Python example"
    return found.group(1)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel and what the wheel itself asks for."""
    wheels = sorted((ROOT / "target" / "wheels").glob("dianzhi-*.whl"))
    if not wheels:
        pytest.skip("no wheel in target/wheels: make wheel")
    folder = tmp_path_factory.mktemp("fresh") / "venv"
    venv.create(folder, with_pip=True)
    install = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", wheels[-1]]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    if done.returncode != 0 and "No matching distribution" in done.stderr and not os.environ.get("CI"):
        pytest.skip("no package index can be reached")
    assert done.returncode == 0, done.stderr
    return folder


def test_both_languages_show_the_same_lines() -> None:
    code = [re.sub(r"\s*#.*", "", lines_of(document)) for document in ["README.md", "README.zh-CN.md"]]
    assert code[0] == code[1]
    assert len(code[0].split()) > 10
    assert sum(bool(line.strip()) for line in code[0].splitlines()) <= 11


def test_the_lines_of_the_readme(fresh: Path, tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "DIANZHI_LANG": "en"}
    run = [fresh / "bin" / "python", "-W", "ignore", "-c", lines_of("README.md")]
    done = subprocess.run(run, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Settlement of 2026-03" in done.stdout
    assert {path.name for path in tmp_path.iterdir()} >= {"book", "2026-03.xlsx", "2026-03.html"}
    program = fresh / "bin" / "dianzhi"
    checked = subprocess.run([program, "book", "verify", "book"], cwd=tmp_path, env=environment, check=False)
    assert checked.returncode == 0
    others = subprocess.run(
        [fresh / "bin" / "python", "-c", "import pandas"], env=environment, capture_output=True, check=False
    )
    assert others.returncode == 1, "the wheel needs polars only"


def test_the_version_is_one(fresh: Path) -> None:
    told = subprocess.run([fresh / "bin" / "dianzhi", "--version"], capture_output=True, text=True, check=True)
    own = subprocess.run([sys.executable, "-m", "dianzhi", "--version"], capture_output=True, text=True, check=True)
    assert told.stdout == own.stdout
