"""Answers that are read: a text that prints, and the record it was made of."""

from __future__ import annotations

import html
from typing import Any


class Answer:
    """An answer of the engine. `print` it; in a notebook it shows itself."""

    record: dict[str, Any]
    """What the text was made of, as plain dicts, lists, texts and whole numbers; amounts are texts and exact."""

    def __init__(self, record: dict[str, Any], text: str) -> None:
        self.record = record
        self._text = text

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"<dianzhi.{type(self).__name__}: {self._text.partition(chr(10))[0]}>"

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(self._text)}</pre>"
