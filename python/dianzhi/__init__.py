"""dianzhi (点值): DRG grouping, payment, settlement and fiscal incentives.

Exact to the fen, every figure explained down to the policy article. Nouns with verbs:

- `Scheme`, a grouping scheme: `load`, `check`, `show`, `diff`, `group`, `explain`
- `Policy`, the dated policy packs of a place: `load`, `rules`
- `Book`, settled periods on disk: `settle_month`, `month`, `periods`, `explain`, `verify`, `close`
- `synth`, claims to try things with
- `errors`, every problem the engine can report; `DianzhiError`, the exceptions that carry them

The program `dianzhi` of the command line comes with the package.
"""

from ._book import Book, Month
from ._errors import (
    AwardError,
    BookError,
    ClaimsError,
    DianzhiError,
    DianzhiWarning,
    FileError,
    PolicyError,
    Problem,
    ScenarioError,
    SchemeError,
    SettlementError,
    errors,
)
from ._policy import Policy
from ._scheme import Scheme, Trace, UnreadableRows
from ._synth import synth
from ._text import Answer

__all__ = [
    "Answer",
    "AwardError",
    "Book",
    "BookError",
    "ClaimsError",
    "DianzhiError",
    "DianzhiWarning",
    "FileError",
    "Month",
    "Policy",
    "PolicyError",
    "Problem",
    "ScenarioError",
    "Scheme",
    "SchemeError",
    "SettlementError",
    "Trace",
    "UnreadableRows",
    "errors",
    "synth",
]
