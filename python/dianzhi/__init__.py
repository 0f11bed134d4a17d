"""dianzhi (点值): DRG grouping, payment, settlement and fiscal incentives.

Exact to the fen, every figure explained down to the policy article. Nouns with verbs:

- `Scheme`, a grouping scheme: `load`, `check`, `show`, `diff`, `group`, `explain`
- `Policy`, the dated policy packs of a place: `load`, `check`, `describe`, `rules`, `patch`
- `Book`, settled periods on disk: `settle_month`, `settle_year`, `recognize`, `award`, `fiscal`, `month`, `year`,
  `table`, `periods`, `diff`, `explain`, `verify`, `close`, `plot`
- `Scenario`, what would be under other parameters: `load`, `patch`, `grid`, `sensitivity`, `monte_carlo`, `goal_seek`,
  `project`, `check`, `run`, `save`
- `Month`, `Year`, `Recognition`, `Awards`, `Floors`, `Comparison`, `Weights`, results: `table`, `plot`, `to_excel`,
  `to_html`
- `Batch`, a month's rules as functions of batches of claims: `keys`, `decide`, `measure`, `price`, `values`, `due`,
  `close`; `dianzhi.spark` runs them on a cluster
- `weights`, weights made of claims; `award` and `fiscal`, awards and floors without a book
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
from ._fiscal import Awards, Floors, award, fiscal
from ._policy import Policy
from ._scenario import Comparison, Scenario
from ._scheme import Scheme, Trace, UnreadableRows
from ._settled import Month, Recognition, Settled, Year
from ._synth import synth
from ._text import Answer
from ._weights import Weights, weights

__all__ = [
    "Answer",
    "AwardError",
    "Awards",
    "Batch",
    "Book",
    "BookError",
    "ClaimsError",
    "Comparison",
    "DianzhiError",
    "DianzhiWarning",
    "Difference",
    "FileError",
    "Floors",
    "Month",
    "Policy",
    "PolicyError",
    "Priced",
    "Problem",
    "Recognition",
    "Scenario",
    "ScenarioError",
    "Scheme",
    "SchemeError",
    "Settled",
    "SettlementError",
    "Trace",
    "UnreadableRows",
    "Weights",
    "Year",
    "award",
    "errors",
    "fiscal",
    "synth",
    "weights",
]
