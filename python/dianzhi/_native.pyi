"""The engine. Use it through the package `dianzhi`."""

import os
from collections.abc import Iterable
from typing import Any, final

from ._errors import Problem

__all__ = ["Rows", "Scheme", "errors", "run"]

@final
class Rows:
    """Rows that any Arrow consumer can take, as often as it likes."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __len__(self) -> int: ...

@final
class Scheme:
    """A compiled scheme."""

    @staticmethod
    def load(path: str | os.PathLike[str]) -> Scheme: ...
    @property
    def name(self) -> str: ...
    @property
    def warnings(self) -> list[Problem]: ...
    def group(
        self, frames: Iterable[object], clinical: bool = False, mapping: str | os.PathLike[str] | None = None
    ) -> tuple[Rows, list[Problem], Rows]: ...
    def explain(
        self,
        frames: Iterable[object],
        setl_id: str | None = None,
        clinical: bool = False,
        mapping: str | os.PathLike[str] | None = None,
        lang: str = "zh",
    ) -> tuple[dict[str, Any], str]: ...

def errors() -> list[dict[str, str]]: ...
def run(words: list[str]) -> int: ...
