"""Answers that are read: a text that prints, the record it was made of, and the text as a tree."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Branch:
    """A line of a text and the lines that stand under it."""

    line: str
    branches: list[Branch] = field(default_factory=list)


class Answer:
    """An answer of the engine. `print` it; in a notebook it shows itself as a tree that opens and closes."""

    record: dict[str, Any]
    """What the text was made of, as plain dicts, lists, texts and whole numbers; amounts are texts and exact."""

    def __init__(self, record: dict[str, Any], text: str) -> None:
        self.record = record
        self._text = text

    def tree(self) -> str:
        r"""The text drawn as a tree, a line a branch.

        Examples
        --------
        >>> from dianzhi import Answer
        >>> print(Answer({}, "due = 12.30\n  points = 3\n  point value = 4.10").tree())
        due = 12.30
        ├─ points = 3
        └─ point value = 4.10
        """
        return "\n".join(_drawn(branch_of(self._text)))

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"<dianzhi.{type(self).__name__}: {self._text.partition(chr(10))[0]}>"

    def _repr_html_(self) -> str:
        return f'<div style="line-height:1.5">{_as_html(branch_of(self._text), is_open=True)}</div>'


def branch_of(text: str) -> Branch:
    """The lines of a text by their indentation, under its first line."""
    first, *lines = [line for line in text.splitlines() if line.strip()] or [""]
    root = Branch(first.strip())
    path: list[tuple[int, Branch]] = [(-1, root)]
    for line in lines:
        depth = len(line) - len(line.lstrip())
        while path[-1][0] >= depth:
            path.pop()
        branch = Branch(line.strip())
        path[-1][1].branches.append(branch)
        path.append((depth, branch))
    return root


def _drawn(branch: Branch, before: str = "") -> list[str]:
    lines = [branch.line]
    for number, child in enumerate(branch.branches, 1):
        is_last = number == len(branch.branches)
        corner, rest = ("└─ ", "   ") if is_last else ("├─ ", "│  ")
        first, *more = _drawn(child, before + rest)
        lines.append(before + corner + first)
        lines += more
    return lines


def _as_html(branch: Branch, *, is_open: bool) -> str:
    line = html.escape(branch.line)
    if not branch.branches:
        return f'<div style="padding-left:1.1em">{line}</div>'
    # What has many lines under it, such as all the rules that were tried, stays shut until asked for.
    inside = "".join(_as_html(child, is_open=len(child.branches) <= 12) for child in branch.branches)
    state = " open" if is_open else ""
    return f'<details{state}><summary>{line}</summary><div style="padding-left:1.1em">{inside}</div></details>'
