"""Settled periods of a book."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import polars as pl

from . import _native
from ._result import Result
from ._said import Lang, lang_of

if TYPE_CHECKING:
    import altair as alt

    from ._book import Book
    from ._plot import SettledPlots


class Settled(Result):
    """A settled period of a book. `print` it; in a notebook it shows itself."""

    _JOB: ClassVar[str]
    _TITLE: ClassVar[tuple[str, str]]
    _SHOWN: ClassVar[tuple[str, ...]] = ("pools", "institutions", "consortia", "members", "reserves", "placeholders")

    book: Book
    """Where it is."""

    period: str
    """Such as `2026-03`, of a year `2026`."""

    replaced: bool
    """Whether this run replaced an earlier one."""

    def __init__(self, book: Book, period: str, *, replaced: bool = False) -> None:
        self.book = book
        self.period = period
        self.replaced = replaced
        self._text = self._read_text(lang_of(None))

    def _read_text(self, lang: Lang) -> str:
        return self.book._native.text(self.period, lang)

    @property
    def totals(self) -> dict[str, str]:
        """What went in and what came out, as exact texts: counts `claims_…`, amounts in yuan."""
        return dict(self._run()["totals"])

    @property
    def placeholders(self) -> list[str]:
        """Rules with assumed figures that this run relied on."""
        return list(self._run()["placeholders"])

    @property
    def simulation(self) -> bool:
        """Whether it rests on a draft and must not be paid."""
        return bool(self._run()["simulation"])

    @property
    def tables(self) -> list[str]:
        """Names for `table`."""
        return list(self._entry()["tables"])

    def table(self, name: str) -> pl.DataFrame:
        """A table of the period; amounts are decimals in yuan, texts and categories are texts.

        Parameters
        ----------
        name
            One of `tables`: `claims`, `institutions`, `pools`, `consortia`, `entries`, `rejects`, `rules` … Columns are
            described in `docs/books.md`.

        Raises
        ------
        BookError
            When there is no such table.

        Examples
        --------
        >>> import dianzhi, tempfile
        >>> scheme = dianzhi.Scheme.load("demo")
        >>> policy = dianzhi.Policy.load("demo", scheme)
        >>> book = dianzhi.Book(tempfile.mkdtemp())
        >>> month = book.settle_month(scheme, policy, dianzhi.synth(scheme, 2000, seed=1), "2026-03")
        >>> month.table("pools").select("insutype", "budget").rows()
        [('310', Decimal('23200000.00')), ('390', Decimal('36500000.00'))]
        """
        return pl.read_parquet(self.book._native.table_path(self.period, name))

    @property
    def institutions(self) -> pl.DataFrame:
        """What each institution is due."""
        return self.table("institutions")

    @property
    def claims(self) -> pl.DataFrame:
        """Every claim with its group, points and due."""
        return self.table("claims")

    @property
    def pools(self) -> pl.DataFrame:
        """Budget, points and point value of each pool."""
        return self.table("pools")

    @property
    def plot(self) -> SettledPlots:
        """Charts; they need the extra `dianzhi[plot]`."""
        from ._plot import SettledPlots

        return SettledPlots(self)

    def title(self, lang: Lang | None = None) -> str:
        """What it is, in a line."""
        zh, en = self._TITLE
        return f"{self.period} {zh}" if lang_of(lang) == "zh" else f"{en} {self.period}"

    def provenance(self) -> dict[str, str]:
        """What the run was made of: hashes of manifest, inputs, scheme and policies, and the version of the engine."""
        entry, run = self._entry(), self._run()
        made = {"manifest": entry["manifest_sha256"], "dianzhi": run["engine"]}
        if run.get("scheme"):
            made["scheme"] = f"{run['scheme']['id']} {run['scheme']['sha256']}"
        for policy in run["policies"]:
            made[f"policy {policy['id']}"] = policy["sha256"]
        for number, given in enumerate(run["inputs"], 1):
            made[f"{given['role']} {number}"] = given["sha256"]
        return made

    def _charts(self) -> dict[str, alt.Chart]:
        return self.plot.all()

    def _words(self, lang: Lang) -> dict[str, str]:
        def name(key: str) -> str:
            if key.startswith("medfee_"):
                fee = {"zh": "总费用(元)", "en": "bills, yuan"}[lang]
                part = key.removeprefix("medfee_")
                return f"{_native.word(f'claims_{part}', lang)} {fee}"
            return _native.word(key, lang) if key.startswith("claims_") else _native.heading(key, lang)

        return {name(key): value for key, value in self.totals.items() if value not in ("0", "0.00")}

    def _marks(self, lang: Lang) -> list[str]:
        if not self.simulation:
            return []
        return [
            {"zh": "模拟：依据草案，不得付款", "en": "A simulation: it rests on a draft and must not be paid"}[lang]
        ]

    def _entry(self) -> dict[str, Any]:
        return next(entry for entry in self.book._native.periods() if entry["period"] == self.period)

    def _run(self) -> dict[str, Any]:
        run: dict[str, Any] = self._entry()["runs"].get(self._JOB, {})
        return {
            "totals": {},
            "placeholders": [],
            "policies": [],
            "inputs": [],
            "engine": "",
            "simulation": False,
            **run,
        }

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"<dianzhi.{type(self).__name__} {self.period} of {self.book.path.name}>"


class Month(Settled):
    """A settled month (月度预结算)."""

    _JOB = "month"
    _TITLE = ("月度预结算", "Settlement of")


class Year(Settled):
    """A cleared year (年度清算)."""

    _JOB = "year"
    _TITLE = ("年度清算", "Annual clearing of")


class Recognition(Settled):
    """A month's recognitions of exams (检查检验结果互认), paid, refused and taken back."""

    _JOB = "recognition"
    _TITLE = ("检查检验结果互认", "Recognition of exams in")
    _SHOWN = ("recognition_institutions", "recognition", "recognition_rejects")

    def _read_text(self, lang: Lang) -> str:
        lines = [self.title(lang), *(f"  {name}: {value}" for name, value in self._words(lang).items())]
        return "\n".join([*lines, *(f"  {mark}" for mark in self._marks(lang))])

    def _words(self, lang: Lang) -> dict[str, str]:
        names = {key: words[0 if lang == "zh" else 1] for key, words in _RECOGNITION.items()}
        return {names.get(key, key): value for key, value in self.totals.items()}

    def _charts(self) -> dict[str, alt.Chart]:
        return {}


_RECOGNITION = {
    "records_in": ("收到记录", "records in"),
    "records_paid": ("支付", "paid"),
    "records_refused": ("不付", "refused"),
    "records_unreadable": ("无法读取", "unreadable"),
    "taken_back": ("收回", "taken back"),
    "recognition_due": ("应付（元）", "due, yuan"),
    "recognition_points": ("点数", "points"),
}
