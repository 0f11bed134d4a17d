"""Synthetic claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from . import _native
from ._errors import warn
from ._progress import progress

if TYPE_CHECKING:
    from ._scheme import Scheme


def synth(scheme: Scheme, claims: int, *, seed: int, period: str = "2026-03", bad_share: str = "0.01") -> pl.DataFrame:
    """Make plausible claims (模拟病例) of the demonstration city; the same seed gives the same rows.

    Parameters
    ----------
    scheme
        Whose groups the claims reach.
    claims
        How many rows.
    seed
        Any whole number from 0.
    period
        Month or year of discharge and settlement, such as `2026-03`.
    bad_share
        Share of rows that a reader must refuse, as a decimal number in a text.

    Returns
    -------
    polars.DataFrame
        Claims in wide form with NHSA field names; amounts are decimals in yuan.

    Examples
    --------
    >>> import dianzhi
    >>> claims = dianzhi.synth(dianzhi.Scheme.load("demo"), 100, seed=1)
    >>> claims.height
    100
    >>> claims.schema["medfee_sumamt"]
    Decimal(precision=18, scale=2)
    """
    with progress(("生成病例", "making claims")):
        rows, found = _native.synth(scheme._native, claims, seed, period, bad_share)
    warn(found)
    return pl.DataFrame(rows)
