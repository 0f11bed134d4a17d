"""The engine. Use it through the package `dianzhi`."""

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeAlias, final

from ._errors import Problem

__all__ = [
    "Awards",
    "Batch",
    "Book",
    "Comparison",
    "Floors",
    "Policy",
    "Rows",
    "Scheme",
    "Study",
    "Trace",
    "award",
    "errors",
    "fiscal",
    "heading",
    "run",
    "store",
    "synth",
    "weights",
    "word",
    "workbook",
]

_Path: TypeAlias = str | os.PathLike[str]

@final
class Rows:
    """Rows that any Arrow consumer can take, as often as it likes."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __len__(self) -> int: ...

@final
class Scheme:
    """A compiled scheme."""

    @staticmethod
    def load(path: _Path) -> Scheme: ...
    @property
    def name(self) -> str: ...
    @property
    def fingerprint(self) -> str: ...
    @property
    def warnings(self) -> list[Problem]: ...
    def check(self) -> list[Problem]: ...
    def show(self, code: str | None = None, lang: str = "zh") -> tuple[dict[str, Any], str]: ...
    def diff(self, after: Scheme, lang: str = "zh") -> list[dict[str, Any]]: ...
    def group(
        self, frames: Iterable[object], clinical: bool = False, mapping: _Path | None = None
    ) -> tuple[Rows, list[Problem], Rows]: ...
    def explain(
        self,
        frames: Iterable[object],
        setl_id: str | None = None,
        clinical: bool = False,
        mapping: _Path | None = None,
    ) -> Trace: ...
    def explain_fields(self, claim: dict[str, Any], clinical: bool = False) -> Trace | None: ...

@final
class Trace:
    """Why a claim gets its group."""

    @property
    def setl_id(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def mdc(self) -> str: ...
    @property
    def adrg(self) -> str: ...
    @property
    def drg(self) -> str: ...
    def told(self, lang: str) -> tuple[dict[str, Any], str]: ...

@final
class Policy:
    """Compiled packs of one place."""

    @staticmethod
    def load(path: _Path, scheme: Scheme) -> Policy: ...
    def patch(self, changes: Sequence[tuple[str, str]]) -> Policy: ...
    @property
    def changes(self) -> list[tuple[str, str]]: ...
    @property
    def sources(self) -> list[dict[str, str]]: ...
    @property
    def packs(self) -> list[dict[str, str]]: ...
    @property
    def warnings(self) -> list[Problem]: ...
    def rules(self) -> Rows: ...
    def describe(self, lang: str = "zh") -> list[dict[str, str]]: ...

@final
class Batch:
    """The rules of a month, compiled."""

    @staticmethod
    def pack(
        scheme: Scheme,
        policy: Policy,
        period: str,
        clinical: bool = False,
        mapping: _Path | None = None,
        float_money: str | None = None,
    ) -> bytes: ...
    @staticmethod
    def unpack(packed: bytes) -> Batch: ...
    @property
    def across(self) -> tuple[str | None, str | None]: ...
    @property
    def warnings(self) -> list[Problem]: ...
    def keys(self, frames: Iterable[object]) -> tuple[Rows, Rows]: ...
    def decide(self, frames: Iterable[object]) -> tuple[Rows, Rows, Rows, list[Problem]]: ...
    def measure(self, frames: Iterable[object]) -> Rows: ...
    def price(
        self, frames: Iterable[object], measured: Iterable[object] | None = None, persons_together: bool = False
    ) -> tuple[Rows, Rows, Rows, list[Problem]]: ...
    def values(self, frames: Iterable[object]) -> Rows: ...
    def due(self, frames: Iterable[object], values: Iterable[object]) -> tuple[Rows, Rows]: ...
    def close(
        self, frames: Iterable[object], before: Iterable[object] | None = None
    ) -> tuple[dict[str, Rows], dict[str, str], bool, list[Problem]]: ...

@final
class Book:
    """A folder of settled periods. Each call sees what is on disk."""

    def __new__(cls, folder: _Path) -> Book: ...
    def settle_month(
        self,
        scheme: Scheme,
        policy: Policy,
        claims: Sequence[_Path],
        period: str,
        mapping: _Path | None = None,
        float_money: str | None = None,
        clinical: bool = False,
        tell: Callable[[str], object] | None = None,
        corrections: Sequence[_Path] | None = None,
    ) -> tuple[dict[str, Any], list[Problem]]: ...
    def settle_year(
        self, policy: Policy, year: str, tell: Callable[[str], object] | None = None
    ) -> tuple[dict[str, Any], list[Problem]]: ...
    def recognize(
        self,
        policy: _Path,
        records: Sequence[_Path],
        tests: Sequence[_Path],
        period: str,
        tell: Callable[[str], object] | None = None,
    ) -> tuple[dict[str, Any], list[Problem]]: ...
    def diff(self, period: str, other: Book, against: str) -> dict[str, Any]: ...
    def periods(self) -> list[dict[str, Any]]: ...
    def table_path(self, period: str, table: str) -> Path: ...
    def text(self, period: str, lang: str = "zh") -> str: ...
    def explain(
        self, what: str, name: str, period: str | None = None, lang: str = "zh"
    ) -> tuple[dict[str, Any], str]: ...
    def verify(self, seal: str | None = None) -> dict[str, Any]: ...
    def close(self, period: str) -> str: ...

@final
class Awards:
    """Awards that were decided."""

    def record(self) -> dict[str, Any]: ...
    def tables(self, lang: str = "zh") -> dict[str, Rows]: ...
    def workbook(self, path: _Path, lang: str = "zh") -> None: ...
    def explain(self, name: str, lang: str = "zh") -> tuple[dict[str, Any], str]: ...

@final
class Floors:
    """Floors that were checked."""

    def record(self) -> dict[str, Any]: ...
    def tables(self, lang: str = "zh") -> dict[str, Rows]: ...
    def workbook(self, path: _Path, lang: str = "zh") -> None: ...

@final
class Study:
    """A baseline and what is compared with it."""

    @staticmethod
    def load(path: _Path) -> Study: ...
    @staticmethod
    def of(text: str, folder: _Path) -> Study: ...
    def check(self) -> int: ...
    def points(self) -> int: ...
    def run(self, tell: Callable[[int], object] | None = None) -> tuple[Comparison, list[Problem]]: ...

@final
class Comparison:
    """What a study came to."""

    @property
    def title(self) -> str: ...
    def tables(self) -> dict[str, Rows]: ...
    def workbook(self, path: _Path, lang: str = "zh") -> None: ...

def award(
    policy: _Path,
    forms: Sequence[_Path],
    switches: Sequence[tuple[str, str]],
    period: str | None = None,
    book: _Path | None = None,
) -> tuple[Awards, list[Problem]]: ...
def fiscal(
    policy: _Path,
    accounts: Sequence[_Path],
    switches: Sequence[tuple[str, str]],
    close_over: int | None = None,
    growth: str = "0",
    period: str | None = None,
    book: _Path | None = None,
) -> tuple[Floors, list[Problem]]: ...
def weights(
    scheme: Scheme,
    policy: _Path,
    claims: Sequence[_Path],
    on: str | None = None,
    mapping: _Path | None = None,
    float_money: str | None = None,
    clinical: bool = False,
) -> tuple[str, dict[str, Rows], list[Problem]]: ...
def store(frames: Iterable[object], path: _Path) -> int: ...
def workbook(
    sheets: Sequence[tuple[str, str, Sequence[tuple[str, str]], Sequence[tuple[str, object]]]],
    path: _Path,
    lang: str = "zh",
) -> None: ...
def heading(name: str, lang: str = "zh", topic: str = "insurance") -> str: ...
def word(code: str, lang: str = "zh", topic: str = "insurance", column: str = "") -> str: ...
def errors() -> list[dict[str, str]]: ...
def run(words: Sequence[str]) -> int: ...
def synth(scheme: Scheme, rows: int, seed: int, period: str, bad_share: str) -> tuple[Rows, list[Problem]]: ...
