"""Books: settled periods on disk."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from . import _frames, _native
from ._errors import Lang, lang_of, warn
from ._text import Answer

if TYPE_CHECKING:
    from ._frames import Frame
    from ._policy import Policy
    from ._scheme import Path, Scheme

FloatMoney = Literal["half_up", "half_even", "toward_zero", "floor", "ceiling"]
Subject = Literal["claim", "institution", "consortium", "pool"]


class Book:
    """A book (账册): a folder of settled periods as plain Parquet files that nobody can change unnoticed.

    A run replaces an open period as a whole or not at all; a closed one is never rewritten. Every call reads what is on
    disk.
    """

    path: FilePath
    """The folder."""

    def __init__(self, path: Path) -> None:
        self.path = FilePath(path)
        self._native = _native.Book(path)

    def settle_month(
        self,
        scheme: Scheme,
        policy: Policy,
        claims: Frame | Path | Sequence[Path],
        period: str,
        *,
        clinical: bool = False,
        mapping: Path | None = None,
        float_money: FloatMoney | None = None,
        on_step: Callable[[str], object] | None = None,
    ) -> Month:
        """Group, price and settle a month of claims into the book; the book is made where there is none.

        Parameters
        ----------
        scheme, policy
            What claims are grouped and paid by.
        claims
            Files (.csv or .parquet) or a frame, with NHSA field names. Amounts are in yuan, as decimals or texts.
        period
            The month, such as `2026-03`.
        clinical
            The codes are of the clinical edition (国临版): translate them by the scheme's code maps first.
        mapping
            A TOML file that says which of your columns holds which field.
        float_money
            How amounts in float columns are rounded to the fen; such columns are refused when it is not said.
        on_step
            Called with `reading`, `grouping`, `pricing`, `settling` and `writing` before each. What it raises, as does
            Ctrl-C, ends the run and leaves the book as it was.

        Raises
        ------
        BookError
            When the period is closed, or somebody else is writing.
        ClaimsError, PolicyError, SettlementError
            When claims or rules do not give an exact result.

        Warns
        -----
        DianzhiWarning
            What does not stop the run. Rows that are not paid are in the table `rejects`, with reasons.

        Examples
        --------
        >>> import dianzhi, tempfile
        >>> scheme = dianzhi.Scheme.load("demo")
        >>> policy = dianzhi.Policy.load("demo", scheme)
        >>> claims = dianzhi.synth(scheme, 2000, seed=1, period="2026-03")
        >>> book = dianzhi.Book(tempfile.mkdtemp())
        >>> month = book.settle_month(scheme, policy, claims, "2026-03")
        >>> month.totals["claims_in"]
        '2000'
        """
        with _files(claims) as files:
            receipt, found = self._native.settle_month(
                scheme._native, policy._native, files, period, mapping, float_money, clinical, on_step
            )
        warn(found)
        return Month(self, period, replaced=bool(receipt["replaced"]))

    def month(self, period: str) -> Month:
        """A settled month.

        Raises
        ------
        BookError
            When the book does not hold it.
        """
        return Month(self, period)

    def periods(self) -> pl.DataFrame:
        """The periods of the book: period, status, simulation, manifest_sha256, seal."""
        schema = {
            "period": pl.String,
            "status": pl.String,
            "simulation": pl.Boolean,
            "manifest_sha256": pl.String,
            "seal": pl.String,
        }
        rows = [{name: period[name] for name in schema} for period in self._native.periods()]
        return pl.DataFrame(rows, schema=schema)

    def explain(
        self, name: str, what: Subject = "claim", *, period: str | None = None, lang: Lang | None = None
    ) -> Answer:
        """Where a figure comes from: each step with its rule, its numbers and the article of the policy.

        Parameters
        ----------
        name
            `setl_id` of a claim, `fixmedins_code` of an institution, name of a consortium or pool.
        what
            `claim`, `institution`, `consortium` or `pool`.
        period
            The month; the latest that has it when not said.
        lang
            `zh` or `en`; the language of DIANZHI_LANG, else Chinese, when not said.
        """
        return Answer(*self._native.explain(what, name, period, lang_of(lang)))

    def verify(self, seal: str | None = None) -> dict[str, Any]:
        """Check every byte of the book, and that it holds a seal noted at an earlier closing.

        Returns
        -------
        dict
            Numbers of periods, closed periods, files and bytes, and the last seal.

        Raises
        ------
        BookError
            When anything was changed, removed or added.
        """
        return self._native.verify(seal)

    def close(self, period: str) -> str:
        """Close a period for good; returns the seal, to be kept outside the book."""
        return self._native.close(period)

    def __repr__(self) -> str:
        return f"<dianzhi.Book {self.path}>"


class Month:
    """A settled month of a book. `print` it; in a notebook it shows itself."""

    book: Book
    """Where it is."""

    period: str
    """Such as `2026-03`."""

    replaced: bool
    """Whether this run replaced an earlier one."""

    def __init__(self, book: Book, period: str, *, replaced: bool = False) -> None:
        self.book = book
        self.period = period
        self.replaced = replaced
        self._text = book._native.month_text(period, lang_of(None))

    @property
    def totals(self) -> dict[str, str]:
        """What went in and what came out, as exact texts: counts `claims_…`, amounts in yuan."""
        run = self._entry()["runs"]["month"]
        return dict(run["totals"])

    @property
    def placeholders(self) -> list[str]:
        """Rules with assumed figures that this run relied on."""
        return list(self._entry()["runs"]["month"]["placeholders"])

    @property
    def simulation(self) -> bool:
        """Whether it rests on a draft and must not be paid."""
        return bool(self._entry()["simulation"])

    @property
    def tables(self) -> list[str]:
        """Names for `table`."""
        return list(self._entry()["tables"])

    def table(self, name: str) -> pl.DataFrame:
        """A table of the month; amounts are decimals in yuan.

        Parameters
        ----------
        name
            One of `tables`: `claims`, `institutions`, `pools`, `consortia`, `entries`, `rejects`, `rules` …

        Raises
        ------
        BookError
            When there is no such table.
        """
        return pl.read_parquet(self.book._native.table_path(self.period, name))

    @property
    def institutions(self) -> pl.DataFrame:
        """What each institution is due."""
        return self.table("institutions")

    @property
    def claims(self) -> pl.DataFrame:
        """Every claim with its group, case kind, points and due."""
        return self.table("claims")

    @property
    def pools(self) -> pl.DataFrame:
        """Budget, points and point value of each pool."""
        return self.table("pools")

    def _entry(self) -> dict[str, Any]:
        return next(entry for entry in self.book._native.periods() if entry["period"] == self.period)

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"<dianzhi.Month {self.period} of {self.book.path}>"

    def _repr_html_(self) -> str:
        return Answer({}, self._text)._repr_html_()


@contextmanager
def _files(claims: Any) -> Iterator[list[str | os.PathLike[str]]]:
    """Claims as files: those named, or one that holds the frame while it is needed."""
    if isinstance(claims, str | os.PathLike):
        yield [claims]
    elif isinstance(claims, Sequence):
        if not all(isinstance(path, str | os.PathLike) for path in claims):
            raise TypeError("claims are files, or one frame")
        yield list(claims)
    else:
        with tempfile.TemporaryDirectory(prefix="dianzhi-") as folder:
            path = FilePath(folder) / "claims.parquet"
            parts = [pl.DataFrame(part) for part in _frames.streams(claims)]
            pl.concat(parts).write_parquet(path)
            yield [path]
