"""The notebooks run, from first cell to last, and what is committed of them is small."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def test_there_are_notebooks() -> None:
    assert len(NOTEBOOKS) >= 6


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": FOLDER}}).execute()
    for cell in notebook.cells:
        errors = [output for output in cell.get("outputs", []) if output["output_type"] == "error"]
        assert not errors


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_is_committed_is_small_and_tells_both_languages(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text) < 200_000
    notebook = json.loads(text)
    first = "".join(notebook["cells"][0]["source"])
    assert re.search("[\u4e00-\u9fff]", first)
    assert "English" in first
    assert any(cell.get("outputs") for cell in notebook["cells"])
