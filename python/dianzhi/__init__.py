"""dianzhi (点值): DRG grouping, payment, settlement and fiscal incentives.

Exact to the fen, every figure explained down to the policy article. Nouns with verbs:

- `Scheme`, a grouping scheme: `load`, `check`, `show`, `diff`, `group`, `explain`
- `Policy`, the dated policy packs of a place: `load`, `check`, `describe`, `rules`, `patch`
- `Book`, settled periods on disk: `settle_month`, `settle_year`, `recognize`, `month`, `year`, `table`, `periods`,
  `diff`, `explain`, `verify`, `close`, `plot`
- `Month`, `Year`, `Recognition`, `Weights`, results: `table`, `plot`, `to_excel`, `to_html`
- `Batch`, a month's rules as functions of batches of claims: `keys`, `decide`, `measure`, `price`, `values`, `due`,
  `close`; `dianzhi.spark` runs them on a cluster
- `weights`, weights made of claims
- `synth`, claims to try things with
- `errors`, every problem the engine can report; `DianzhiError`, the exceptions that carry them

The program `dianzhi` of the command line comes with the package.
"""

from ._batch import Batch, Priced
from ._book import Book, Difference
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
from ._settled import Month, Recognition, Settled, Year
from ._synth import synth
from ._text import Answer
from ._weights import Weights, weights

__all__ = [
    "Answer",
    "AwardError",
    "Batch",
    "Book",
    "BookError",
    "ClaimsError",
    "DianzhiError",
    "DianzhiWarning",
    "Difference",
    "FileError",
    "Month",
    "Policy",
    "PolicyError",
    "Priced",
    "Problem",
    "Recognition",
    "ScenarioError",
    "Scheme",
    "SchemeError",
    "Settled",
    "SettlementError",
    "Trace",
    "UnreadableRows",
    "Weights",
    "Year",
    "errors",
    "synth",
    "weights",
]
