"""Exceptions: one tree, chosen by the codes of the engine's catalogue of problems."""

from __future__ import annotations

import warnings
from typing import Literal, TypedDict

import polars as pl

from . import _native
from ._said import language


class Place(TypedDict, total=False):
    """Where a problem was found. What does not apply is absent."""

    file: str
    row: int
    column: str
    rule: str
    offset: int


class Problem(TypedDict):
    """One thing that is wrong: a stable code, and what to tell people in two languages."""

    code: str
    severity: Literal["error", "warning"]
    place: Place
    zh: str
    en: str


class DianzhiError(Exception):
    """The data, scheme, policy or book was refused. All that is wrong with it is in `problems`.

    Examples
    --------
    >>> import dianzhi
    >>> try:
    ...     dianzhi.Scheme.load("no/such/folder")
    ... except dianzhi.DianzhiError as error:
    ...     print(error.problems[0]["code"])
    F001
    """

    problems: list[Problem]

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        """All problems, a line each, in the language of DIANZHI_LANG."""
        return "\n".join(render(problem) for problem in self.problems)

    def frame(self) -> pl.DataFrame:
        """The problems as a frame, one row a problem.

        Columns: code, severity, file, row, column, rule, offset, zh, en.
        """
        return problems_frame(self.problems)


class FileError(DianzhiError):
    """A file cannot be read or written, or is not what its name says (codes F…)."""


class SchemeError(DianzhiError):
    """A grouping scheme is incomplete or contradicts itself (codes S…)."""


class ClaimsError(DianzhiError):
    """Claims lack a column or have one of a wrong type (codes C…)."""


class PolicyError(DianzhiError):
    """A policy pack is incomplete, contradicts itself or does not fit (codes P…)."""


class SettlementError(DianzhiError):
    """Pricing or settlement found no exact result (codes M…, in batches N…)."""


class BookError(DianzhiError):
    """A book does not allow it, or is not what it was (codes B…)."""


class AwardError(DianzhiError):
    """Awards or fiscal rules refuse their input (codes A…), or a filled-in form has wrong cells (codes K…)."""


class ScenarioError(DianzhiError):
    """A scenario does not fit its baseline (codes X…)."""


class DianzhiWarning(UserWarning):
    """Something that did not stop the run, and that somebody should look at."""


_CLASSES: dict[str, type[DianzhiError]] = {
    "F": FileError,
    "S": SchemeError,
    "C": ClaimsError,
    "P": PolicyError,
    "M": SettlementError,
    "N": SettlementError,
    "B": BookError,
    "A": AwardError,
    "K": AwardError,
    "X": ScenarioError,
}


def error_for(problems: list[Problem]) -> DianzhiError:
    """The exception for what the engine found: the class of its first error."""
    first = next((p for p in problems if p["severity"] == "error"), problems[0] if problems else None)
    chosen = DianzhiError if first is None else _CLASSES.get(first["code"][:1], DianzhiError)
    return chosen(problems)


def errors() -> pl.DataFrame:
    """Every problem the engine can report.

    Returns
    -------
    polars.DataFrame
        code (stable), severity (`error` stops a run, `warning` does not), zh and en: what is said, with `{field}`
        where a value goes.

    Examples
    --------
    >>> import dianzhi
    >>> catalogue = dianzhi.errors()
    >>> catalogue.columns
    ['code', 'severity', 'zh', 'en']
    >>> catalogue.filter(code="F004").row(0)
    ('F004', 'error', '文件为空', 'the file is empty')
    """
    return pl.DataFrame(_native.errors(), schema=dict.fromkeys(("code", "severity", "zh", "en"), pl.String))


def problems_frame(problems: list[Problem]) -> pl.DataFrame:
    """Problems as a frame, one row a problem."""
    schema = {
        "code": pl.String,
        "severity": pl.String,
        "file": pl.String,
        "row": pl.Int64,
        "column": pl.String,
        "rule": pl.String,
        "offset": pl.Int64,
        "zh": pl.String,
        "en": pl.String,
    }
    rows = [{**problem, **problem["place"]} for problem in problems]
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def render(problem: Problem) -> str:
    """A problem in one line: `C002 claims.csv [setl_id]: …`."""
    place = problem["place"]
    parts = [
        place.get("file", "") + (f":{place['row']}" if "row" in place else ""),
        f"[{place['column']}]" if "column" in place else "",
        f"({place['rule']})" if "rule" in place else "",
    ]
    where = " ".join(part for part in [problem["code"], *parts] if part)
    return f"{where}: {problem[language()]}"


def warn(found: list[Problem], level: int = 3) -> None:
    """Warn of each problem, as the caller of the caller."""
    for problem in found:
        warnings.warn(DianzhiWarning(render(problem)), stacklevel=level)
