"""Policy packs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from . import _native
from ._errors import problems_frame

if TYPE_CHECKING:
    from ._scheme import Path, Scheme


class Policy:
    """The dated policy packs (政策包) of a place, compiled for a scheme. It is immutable."""

    def __init__(self, native: _native.Policy) -> None:
        self._native = native

    @classmethod
    def load(cls, path: Path, scheme: Scheme) -> Policy:
        """Read and compile policy packs.

        Parameters
        ----------
        path
            A TOML file, or a folder of dated packs, with the tables they name beside them; or the name of a pack that
            comes with the package: `demo`, `bazhong_draft`, `leshan_shizhong_2023`, `yaan_2022` …
        scheme
            Where packs take tables of the scheme, such as weights.

        Raises
        ------
        PolicyError
            When rules are missing, unknown or contradict each other, or dates overlap or leave a gap.

        Examples
        --------
        >>> import dianzhi
        >>> scheme = dianzhi.Scheme.load("demo")
        >>> dianzhi.Policy.load("demo", scheme).rules().columns[:4]
        ['pack', 'rule', 'kind', 'stated_by']
        """
        return cls(_native.Policy.load(path, scheme._native))

    @property
    def packs(self) -> list[str]:
        """The ids of the packs."""
        return [source["id"] for source in self._native.sources]

    @property
    def warnings(self) -> pl.DataFrame:
        """What reading the packs gave cause to warn of; columns as of `DianzhiError.frame`."""
        return problems_frame(self._native.warnings)

    def rules(self) -> pl.DataFrame:
        """Every rule, with what it rests on.

        Returns
        -------
        polars.DataFrame
            pack, rule, kind, stated_by (the pack that states it), document, number, article, placeholder (why a figure
            is only assumed; null when it is sourced), parameters.

        Examples
        --------
        >>> import dianzhi
        >>> rules = dianzhi.Policy.load("demo", dianzhi.Scheme.load("demo")).rules()
        >>> rules.filter(rule="pools").height
        1
        """
        return pl.DataFrame(self._native.rules())

    def __repr__(self) -> str:
        return f"<dianzhi.Policy {', '.join(self.packs)}>"
