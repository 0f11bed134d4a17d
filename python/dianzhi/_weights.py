"""Weights made of claims."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl

from . import _frames, _native
from ._errors import warn
from ._progress import progress
from ._result import PathLike, Result
from ._said import Lang, held, lang_of

if TYPE_CHECKING:
    import altair as alt

    from ._book import FloatMoney
    from ._frames import Frame
    from ._plot import WeightsPlots
    from ._scheme import Scheme


class Weights(Result):
    """A weight table (权重表) and all that led to it. In a notebook it shows itself."""

    _SHOWN = ("summary", "weights", "changes", "levels")

    pack: str
    """The pack that said how."""

    def __init__(self, pack: str, tables: dict[str, pl.DataFrame], scheme: str) -> None:
        self.pack = pack
        self._tables = tables
        self._scheme = scheme

    @property
    def tables(self) -> list[str]:
        """Names for `table`: `weights`, `changes`, `left_out`, `summary` … (`docs/weights.md`)."""
        return list(self._tables)

    def table(self, name: str) -> pl.DataFrame:
        """A table; weights have four decimals, amounts are decimals in yuan.

        Raises
        ------
        KeyError
            When there is no such table.
        """
        return held(self._tables, name)

    @property
    def weights(self) -> pl.DataFrame:
        """The weight table that a policy pack points to: a row a group."""
        return self._tables["weights"]

    @property
    def plot(self) -> WeightsPlots:
        """Charts; they need the extra `dianzhi[plot]`."""
        from ._plot import WeightsPlots

        return WeightsPlots(self)

    def title(self, lang: Lang | None = None) -> str:
        """What it is, in a line."""
        return {"zh": f"权重测算：{self.pack}", "en": f"Weights by {self.pack}"}[lang_of(lang)]

    def provenance(self) -> dict[str, str]:
        """The pack and the scheme."""
        return {"policy": self.pack, "scheme": self._scheme}

    def _charts(self) -> dict[str, alt.Chart]:
        try:
            return {"old_new": self.plot.old_new()}
        except ValueError:
            return {}

    def __repr__(self) -> str:
        return f"<dianzhi.Weights of {self.weights.height} groups by {self.pack}>"


def weights(
    scheme: Scheme,
    policy: PathLike,
    claims: Frame | PathLike | Sequence[PathLike],
    *,
    on: str | None = None,
    clinical: bool = False,
    mapping: PathLike | None = None,
    float_money: FloatMoney | None = None,
) -> Weights:
    """Make weights of one or several years of claims: exclusions, trimming, means, stability, adjustment, coefficients.

    Parameters
    ----------
    scheme
        What claims are grouped by.
    policy
        A pack with `weight_…` rules, or a folder of dated packs (`docs/weights.md`); it need not settle a month.
    claims
        Claims of all years: files (.csv or .parquet) or a frame, amounts in yuan as decimals or texts.
    on
        The day whose pack says how, such as `2026-01-01`, where several do.
    clinical, mapping, float_money
        As of `Book.settle_month`.

    Raises
    ------
    DianzhiError
        When the pack does not say how, or claims cannot be read.

    Warns
    -----
    DianzhiWarning
        What does not stop the run, such as groups without a weight.

    Examples
    --------
    >>> import dianzhi, pathlib, tempfile
    >>> scheme = dianzhi.Scheme.load("demo")
    >>> pack = pathlib.Path(tempfile.mkdtemp()) / "weighing.toml"
    >>> _ = pack.write_text('''
    ... id = "example"
    ... title = "example"
    ... place = "X"
    ... valid_from = 2026-01-01
    ... [rules.years]
    ... kind = "weight_years.means"
    ... years = { "2026" = 1 }
    ... placeholder = "example"
    ... [rules.formula]
    ... kind = "weight_formula.ratio"
    ... scale = 100
    ... placeholder = "example"
    ... [rules.stable]
    ... kind = "weight_stability.cv"
    ... placeholder = "example"
    ... [rules.few]
    ... kind = "weight_few.below"
    ... cases = 5
    ... then = ["own"]
    ... placeholder = "example"
    ... ''')
    >>> made = dianzhi.weights(scheme, pack, dianzhi.synth(scheme, 2000, seed=1, bad_share="0"))
    >>> made.weights.columns[:3]
    ['drg', 'name', 'weight']
    """
    with progress(("测算权重", "weighing")), _frames.files(claims) as paths:
        pack, tables, found = _native.weights(scheme._native, policy, paths, on, mapping, float_money, clinical)
    warn(found)
    return Weights(pack, {name: pl.DataFrame(rows) for name, rows in tables.items()}, scheme.name)
