"""dianzhi (点值): DRG grouping, payment, settlement and fiscal incentives.

Exact to the fen, every figure explained down to the policy article. Nouns with verbs:

- `Scheme`: a grouping scheme; `load`, `group`, `explain`
- `errors`: every problem the engine can report; `DianzhiError`: the exceptions that carry them

The program `dianzhi` of the command line comes with the package.
"""

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
from ._scheme import Scheme, Trace, UnreadableRows

__all__ = [
    "AwardError",
    "BookError",
    "ClaimsError",
    "DianzhiError",
    "DianzhiWarning",
    "FileError",
    "PolicyError",
    "Problem",
    "ScenarioError",
    "Scheme",
    "SchemeError",
    "SettlementError",
    "Trace",
    "UnreadableRows",
    "errors",
]
