"""A month's rules as functions of batches of claims."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from . import _frames, _native
from ._errors import Problem, problems_frame, warn
from ._said import held

if TYPE_CHECKING:
    from ._book import FloatMoney
    from ._frames import Frame
    from ._policy import Policy
    from ._scheme import Path, Scheme


class Priced(NamedTuple):
    """A batch of claims, priced."""

    claims: pl.DataFrame
    """Claims with group, points and pool, as the table `claims` of a month; `standard` and `due` are zero yet."""
    rejects: pl.DataFrame
    """Rows that are not paid, with reasons, as the table `rejects` of a month."""
    sums: pl.DataFrame
    """What the batch adds up to: `sum` and `of_1` … `of_4` say of what, `n_1` … `n_19` are whole numbers to add."""


class Batch:
    """The rules of a month (分批结算) as functions of batches of claims, wherever the batches are.

    Every batch is priced by itself; what all claims have in common comes together as sums, which anything that can add
    may add: rows with equal `sum` and `of_1` … `of_4` are one. The results are those of `Book.settle_month` to the fen,
    for the first month of a book: stays, debts and appeals of earlier months, and recognised exams, are not looked up.

    Parameters
    ----------
    scheme, policy
        What claims are grouped and paid by.
    period
        The month, such as `2026-03`.
    clinical, mapping, float_money
        As of `Book.settle_month`.

    Examples
    --------
    >>> import dianzhi
    >>> scheme = dianzhi.Scheme.load("demo")
    >>> batch = dianzhi.Batch(scheme, dianzhi.Policy.load("demo", scheme), "2026-03")
    >>> claims = dianzhi.synth(scheme, 2000, seed=1, bad_share="0")
    >>> parts = [claims[:900], claims[900:]]
    >>> measured = [batch.measure(part) for part in parts]
    >>> priced = [batch.price(part, measured) for part in parts]
    >>> sums = [part.sums for part in priced]
    >>> values = batch.values(sums)
    >>> due = [batch.due(part.claims, values) for part in priced]
    >>> month = batch.close([*sums, *(part.sums for part in due)])
    >>> month.totals["claims_in"], month.table("institutions")["due"].sum() == sum(d.claims["due"].sum() for d in due)
    ('2000', True)
    """

    def __init__(
        self,
        scheme: Scheme,
        policy: Policy,
        period: str,
        *,
        clinical: bool = False,
        mapping: Path | None = None,
        float_money: FloatMoney | None = None,
    ) -> None:
        self._packed = _native.Batch.pack(scheme._native, policy._native, period, clinical, mapping, float_money)
        self._native = _native.Batch.unpack(self._packed)

    @classmethod
    def from_bytes(cls, packed: bytes) -> Batch:
        """The rules that `to_bytes` packed, compiled anew.

        Raises
        ------
        SettlementError
            When another version of dianzhi packed them.
        """
        batch = cls.__new__(cls)
        batch._packed, batch._native = packed, _native.Batch.unpack(packed)
        return batch

    def to_bytes(self) -> bytes:
        """Scheme, packs and options as bytes: what other machines need; equal for equal rules."""
        return self._packed

    def __reduce__(self) -> tuple[Any, ...]:
        return Batch.from_bytes, (self._packed,)

    @property
    def persons_rule(self) -> str | None:
        """The rule, if any, that looks at all stays of a person: readmissions, transfers."""
        return self._native.across[0]

    @property
    def means_rule(self) -> str | None:
        """The rule, if any, that takes the mean cost of all cases of a pool: `price` then needs `measure`."""
        return self._native.across[1]

    @property
    def warnings(self) -> pl.DataFrame:
        """What the rules give cause to warn of; columns as of `DianzhiError.frame`."""
        return problems_frame(self._native.warnings)

    def keys(self, claims: Frame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """What may relate rows to each other, as numbers, and sums that count the rows.

        Rows that share a number of `id`, `reverses` (both are numbers of one kind) or `stay` are copies of one
        settlement, a reversal and what it reverses, or several settlements of one stay: they must be in one batch, or
        be given to `decide` together. Rows that share `person` are stays of one person.

        Returns
        -------
        tuple of polars.DataFrame
            `id`, `reverses`, `stay` (null where a row has none) and `person`, a row a claim; and the sums.
        """
        keys, sums = self._native.keys(_frames.streams(claims))
        return pl.DataFrame(keys), pl.DataFrame(sums)

    def decide(self, claims: Frame) -> tuple[pl.Series, pl.DataFrame, pl.DataFrame]:
        """Which of some rows that may belong together are to be priced.

        Returns
        -------
        tuple
            Their numbers in the order given, from 0; the rejects of the others, and the sums of the others.
        """
        accepted, rejects, sums, found = self._native.decide(_frames.streams(claims))
        warn(found)
        return pl.DataFrame(accepted)["row"], pl.DataFrame(rejects), pl.DataFrame(sums)

    def measure(self, claims: Frame) -> pl.DataFrame:
        """Sums of a batch that mean costs rest on.

        Raises
        ------
        ClaimsError, SettlementError
            When claims or rules do not give an exact result.
        """
        return pl.DataFrame(self._native.measure(_frames.streams(claims)))

    def price(
        self, claims: Frame, measured: Iterable[Frame] | None = None, *, persons_together: bool = False
    ) -> Priced:
        """Read, group and price a batch.

        Parameters
        ----------
        claims
            Rows with NHSA field names, as for `Book.settle_month`.
        measured
            What `measure` gave for every batch, where a rule measures a mean.
        persons_together
            All claims of a person are in this batch: needed where a rule looks at all stays of a person.

        Raises
        ------
        ClaimsError, SettlementError
            When claims or rules do not give an exact result.
        """
        given = None if measured is None else _all(measured)
        *tables, found = self._native.price(_frames.streams(claims), given, persons_together)
        warn(found)
        return Priced(*(pl.DataFrame(table) for table in tables))

    def values(self, sums: Iterable[Frame]) -> pl.DataFrame:
        """The point value of each pool, from the sums of all batches: `pool`, `point_value` in yuan.

        Raises
        ------
        SettlementError
            When there is no budget, or no exact result.
        """
        return pl.DataFrame(self._native.values(_all(sums)))

    def due(self, claims: Frame, values: Frame) -> Due:
        """Standards and dues of priced claims, by the point values of `values`."""
        claims, sums = self._native.due(_frames.streams(claims), _frames.streams(values))
        return Due(pl.DataFrame(claims), pl.DataFrame(sums))

    def close(self, sums: Iterable[Frame], *, before: Frame | None = None) -> ClosedMonth:
        """The figures of the month, from the sums of `keys`, `price` and `due` of all batches.

        Parameters
        ----------
        sums
            Of all batches. Those of `keys` may be left out; with them no row can have been lost before it was priced.
        before
            The institutions of the month before, whose `carried_out` is carried on.

        Raises
        ------
        SettlementError
            When the sums do not add up (N003), or there is no exact result.

        Warns
        -----
        DianzhiWarning
            When a draft took part.
        """
        given = None if before is None else _frames.streams(before)
        tables, totals, simulation, found = self._native.close(_all(sums), given)
        warn(found)
        return ClosedMonth({name: pl.DataFrame(rows) for name, rows in tables.items()}, totals, simulation, found)

    def __repr__(self) -> str:
        return f"<dianzhi.Batch {len(self._packed)} bytes>"


class Due(NamedTuple):
    """Priced claims with what is due for them."""

    claims: pl.DataFrame
    """As the table `claims` of a month."""
    sums: pl.DataFrame
    """For `Batch.close`."""


class ClosedMonth:
    """A month settled in batches: its figures, without the claims."""

    tables: dict[str, pl.DataFrame]
    """`institutions`, `pools`, `consortia`, `entries`, `placeholders`, as those of a settled month."""

    totals: dict[str, str]
    """Claims in = rejected + left out + paid + unpaid + excluded, and their bills (`medfee_…`) and `due` in yuan."""

    simulation: bool
    """Whether it rests on a draft and must not be paid."""

    def __init__(
        self, tables: dict[str, pl.DataFrame], totals: dict[str, str], simulation: bool, found: list[Problem]
    ) -> None:
        self.tables, self.totals, self.simulation, self._found = tables, totals, simulation, found

    def table(self, name: str) -> pl.DataFrame:
        """A table by name; amounts are decimals in yuan."""
        return held(self.tables, name)

    @property
    def warnings(self) -> pl.DataFrame:
        """What did not stop the run; columns as of `DianzhiError.frame`."""
        return problems_frame(self._found)

    def __repr__(self) -> str:
        return f"<dianzhi.ClosedMonth {self.totals['claims_in']} claims, due {self.totals['due']}>"


def _all(frames: Iterable[Frame]) -> Iterable[object]:
    return (stream for frame in frames for stream in _frames.streams(frame))
