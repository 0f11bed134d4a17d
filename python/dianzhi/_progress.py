"""Bars on long work: in a terminal and in notebooks, nowhere else, and only once it takes over two seconds."""

from __future__ import annotations

import html
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Protocol

from ._said import Lang, language

AFTER = 2.0
"""Seconds before a bar shows."""
TICK = 0.2
WIDTH = 24

STEPS = {
    "reading": ("读取", "reading"),
    "grouping": ("分组", "grouping"),
    "pricing": ("计价", "pricing"),
    "settling": ("结算", "settling"),
    "auditing": ("独立复核", "auditing"),
    "writing": ("写账册", "writing"),
}
"""What the steps of a settlement are called."""


class Screen(Protocol):
    """Where a bar is drawn."""

    def show(self, line: str, share: float | None) -> None:
        """Draw it, over what was drawn before."""

    def clear(self) -> None:
        """Take it away."""


class Terminal:
    """A line on standard error."""

    def show(self, line: str, share: float | None) -> None:
        """Draw it over the line before."""
        sys.stderr.write(f"\r\x1b[K{line}")
        sys.stderr.flush()

    def clear(self) -> None:
        """Leave the line empty."""
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


class Notebook:
    """An output of the running cell, drawn over and in the end empty."""

    def __init__(self) -> None:
        self._output: Any = None

    def show(self, line: str, share: float | None) -> None:
        """Draw it over what was drawn before."""
        at = "" if share is None else f' value="{share:.3f}"'
        self._draw(f"<progress{at}></progress> {html.escape(line)}")

    def clear(self) -> None:
        """Leave the output empty."""
        self._draw("")

    def _draw(self, page: str) -> None:
        shown: Any = import_module("IPython.display")
        if self._output is None:
            self._output = shown.display(shown.HTML(page), display_id=True)
        else:
            self._output.update(shown.HTML(page))


def screen() -> Screen | None:
    """A notebook or a terminal; None in a batch run, or where DIANZHI_PROGRESS is 0."""
    if os.environ.get("DIANZHI_PROGRESS") == "0":
        return None
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None and getattr(shell, "kernel", None) is not None:
        return Notebook()
    return Terminal() if sys.stderr is not None and sys.stderr.isatty() else None


class Bar:
    """The bar of one piece of work. It is drawn by a thread of its own, since the engine works without Python."""

    def __init__(self, what: tuple[str, str], count: int | None = None) -> None:
        self._what = what
        self._count = count
        self._done = 0
        self._begin = time.monotonic()

    def at(self, done: int) -> None:
        """So much is done."""
        self._done = done

    def step(self, name: str) -> None:
        """The step that begins now."""
        self._what = STEPS.get(name, (name, name))

    def steps(self, on_step: Callable[[str], object] | None) -> Callable[[str], object]:
        """What hears the steps of the engine: the bar, and then whoever else wants to."""

        def hear(name: str) -> None:
            self.step(name)
            if on_step is not None:
                on_step(name)

        return hear

    @property
    def share(self) -> float | None:
        """How much of it is done, 0 to 1; None when nobody knows."""
        return min(self._done / self._count, 1.0) if self._count else None

    def line(self, lang: Lang) -> str:
        """The bar as a text: what is done, how far it is, how long it took and will take."""
        what, taken = self._what[0 if lang == "zh" else 1], time.monotonic() - self._begin
        share = self.share
        if share is None:
            return f"{what} {_time(taken)}"
        full = round(share * WIDTH)
        left = "?" if share == 0 else _time(taken / share - taken)
        bar = "█" * full + "░" * (WIDTH - full)
        return f"{what} {share:4.0%} {bar} {self._done}/{self._count} [{_time(taken)}<{left}]"


@contextmanager
def progress(what: tuple[str, str], count: int | None = None) -> Iterator[Bar]:
    """A bar while the work goes on, when somebody watches.

    Parameters
    ----------
    what
        What is done, in Chinese and English.
    count
        How much there is of it, when known.
    """
    bar, drawn_on, over = Bar(what, count), screen(), threading.Event()
    if drawn_on is None:
        yield bar
        return

    def draw() -> None:
        is_shown = False
        wait = AFTER
        while not over.wait(wait):
            drawn_on.show(bar.line(language()), bar.share)
            is_shown, wait = True, TICK
        if is_shown:
            drawn_on.clear()

    thread = threading.Thread(target=draw, name="dianzhi-progress", daemon=True)
    thread.start()
    try:
        yield bar
    finally:
        over.set()
        thread.join()


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes:02}:{rest:02}"
