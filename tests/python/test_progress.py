"""Bars on long work: in a terminal and a notebook, and nowhere else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from dianzhi import _progress
from nbclient import NotebookClient

SLOW = """
import time
from dianzhi import _progress

_progress.AFTER, _progress.TICK = 0.05, 0.02
with _progress.progress(("测算", "evaluating"), 4) as bar:
    for done in range(5):
        bar.at(done)
        time.sleep(0.1)
"""


def test_a_bar_tells_what_and_how_far(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(_progress.time, "monotonic", lambda: now[0])
    bar = _progress.Bar(("测算", "evaluating"), 200)
    assert bar.line("en").endswith("0/200 [00:00<?]")
    bar.at(50)
    now[0] = 120.0
    assert bar.line("zh") == "测算  25% " + "█" * 6 + "░" * 18 + " 50/200 [00:20<01:00]"
    steps = _progress.Bar(("读取", "reading"))
    heard: list[str] = []
    tell = steps.steps(heard.append)
    tell("grouping")
    assert steps.line("zh") == "分组 00:00"
    tell("dancing")
    assert steps.line("en") == "dancing 00:00"
    assert heard == ["grouping", "dancing"]


def run(code: str, **environment: str) -> str:
    """What a script writes to a standard error that is a terminal."""
    pty = pytest.importorskip("pty")
    own, terminal = pty.openpty()
    child = subprocess.Popen([sys.executable, "-c", code], stderr=terminal, env={**os.environ, **environment})
    os.close(terminal)
    written = b""
    while True:
        try:
            part = os.read(own, 4096)
        except OSError:
            break
        if not part:
            break
        written += part
    os.close(own)
    assert child.wait() == 0
    return written.decode()


def test_in_a_terminal() -> None:
    written = run(SLOW)
    assert "evaluating" in written
    assert "4/4" in written
    assert written.endswith("\r\x1b[K"), "the line is left empty"
    assert "测算" in run(SLOW, DIANZHI_LANG="zh")


def test_silent_where_nobody_watches() -> None:
    batch = subprocess.run([sys.executable, "-c", SLOW], capture_output=True, text=True, check=True)
    assert batch.stdout + batch.stderr == ""
    assert run(SLOW, DIANZHI_PROGRESS="0") == ""
    assert run(SLOW.replace("0.05", "2.0")) == "", "work under two seconds shows nothing"


def test_an_error_takes_the_bar_away() -> None:
    failing = SLOW.replace("bar.at(done)", "bar.at(done); assert done < 3, 'stop'")
    written = run(f"try:\n    exec({failing!r})\nexcept AssertionError: pass")
    assert written.endswith("\r\x1b[K")


@pytest.mark.filterwarnings("ignore")
def test_in_a_notebook(tmp_path: Path) -> None:
    source = SLOW.replace("time.sleep(0.1)", "time.sleep(0.15)")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    shown: list[str] = []
    client = NotebookClient(notebook, timeout=60, kernel_name="python3", resources={"metadata": {"path": tmp_path}})
    client.on_cell_executed = None
    keep = client.process_message

    def hear(message: dict, *rest: object, **named: object) -> object:  # type: ignore[type-arg]
        data = message.get("content", {}).get("data", {})
        shown.append(data.get("text/html", ""))
        return keep(message, *rest, **named)

    client.process_message = hear  # type: ignore[method-assign]
    client.execute()
    assert any("<progress value=" in page for page in shown)
    [output] = notebook.cells[0].outputs
    assert output["data"]["text/html"] == "", "the output is left empty"
