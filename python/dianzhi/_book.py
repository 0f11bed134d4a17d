"""Books: settled periods on disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from . import _fiscal, _frames, _html, _native
from ._errors import warn
from ._progress import progress
from ._said import Lang, lang_of, period_text, said, year_text
from ._settled import Month, Recognition, Year
from ._text import Answer

if TYPE_CHECKING:
    from decimal import Decimal

    from ._fiscal import Awards, Floors
    from ._forms import Forms
    from ._frames import Frame
    from ._plot import BookPlots
    from ._policy import Policy
    from ._scheme import Path, Scheme

FloatMoney = Literal["half_up", "half_even", "toward_zero", "floor", "ceiling"]
Subject = Literal["claim", "institution", "consortium", "pool", "award", "recognition"]


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
        corrections: Frame | Path | Sequence[Path] = (),
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
        corrections
            Corrections of earlier months: appeals, revaluations, reversals (更正), as files or a frame.
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
        period = period_text(period)
        with (
            progress(("读取", "reading")) as bar,
            _frames.files(claims) as files,
            _frames.files(corrections) as orders,
        ):
            tell = bar.steps(on_step)
            receipt, found = self._native.settle_month(
                scheme._native, policy._native, files, period, mapping, float_money, clinical, tell, orders
            )
        warn(found)
        return Month(self, period, replaced=bool(receipt["replaced"]))

    def settle_year(self, policy: Policy, year: str | int, *, on_step: Callable[[str], object] | None = None) -> Year:
        """Clear a year from the months that the book holds.

        Final point values, sharing of surplus and overrun, deposits, and what is paid or recovered.

        Parameters
        ----------
        policy
            What the year is cleared by.
        year
            Such as `2026`, as a text or a number.
        on_step
            As of `settle_month`; called with `settling`.

        Raises
        ------
        BookError
            When the book holds no month of the year, or the year is closed.
        PolicyError, SettlementError
            When the rules do not give an exact result.

        Warns
        -----
        DianzhiWarning
            What does not stop the run.

        Examples
        --------
        >>> import dianzhi, tempfile
        >>> scheme = dianzhi.Scheme.load("demo")
        >>> budget = '{ period = "2026", pool = "310", fund_budget = 9000 }'
        >>> budgets = f"[{budget}, {budget.replace('310', '390')}]"
        >>> policy = dianzhi.Policy.load("demo", scheme).patch({"rules.budget.table": budgets})
        >>> book = dianzhi.Book(tempfile.mkdtemp())
        >>> _ = book.settle_month(scheme, policy, dianzhi.synth(scheme, 500, seed=1), "2026-03")
        >>> book.settle_year(policy, "2026").period
        '2026'
        """
        period = period_text(year)
        with progress(("清算", "clearing")) as bar:
            receipt, found = self._native.settle_year(policy._native, period, bar.steps(on_step))
        warn(found)
        return Year(self, period, replaced=bool(receipt["replaced"]))

    def recognize(
        self,
        policy: Path,
        records: Frame | Path | Sequence[Path],
        period: str,
        *,
        tests: Frame | Path | Sequence[Path] = (),
        on_step: Callable[[str], object] | None = None,
    ) -> Recognition:
        """Pay for exams of other institutions that were recognised and not repeated (检查检验结果互认).

        Parameters
        ----------
        policy
            A pack with `recognition_…` rules, or a folder of dated packs (`docs/recognition.md`).
        records
            Records of recognition: files (.csv or .parquet) or a frame.
        period
            The month, such as `2026-03`.
        tests
            Tests done and billed, to find repeated ones.
        on_step
            As of `settle_month`; called with `reading`.

        Raises
        ------
        DianzhiError
            When rules or records do not give an exact result; the book stays as it was.
        """
        period = period_text(period)
        with progress(("读取", "reading")) as bar, _frames.files(records) as given, _frames.files(tests) as done:
            receipt, found = self._native.recognize(policy, given, done, period, bar.steps(on_step))
        warn(found)
        return Recognition(self, period, replaced=bool(receipt["replaced"]))

    def award(
        self,
        policy: Path,
        forms: Forms | None,
        period: str | int | None = None,
        *,
        switches: Mapping[str, str] | None = None,
        **tables: Frame,
    ) -> Awards:
        """Decide a year's fiscal awards into the book, which is one of fiscal money; nothing is ever paid twice.

        Parameters
        ----------
        policy, forms, switches, **tables
            As of `dianzhi.award`.
        period
            The year, such as `2025`; that of all dates of the forms when not said. What is dated later is left for
            later years; history, payments and what was paid are known from earlier ones.

        Raises
        ------
        AwardError, PolicyError
            As of `dianzhi.award`; also when the book has awards of a later year.
        BookError
            When the year is closed, the book is one of insurance money, or somebody else is writing.

        Warns
        -----
        DianzhiWarning
            What does not stop the run.

        Examples
        --------
        >>> import dianzhi, polars as pl, tempfile
        >>> event = {"event_id": "E1", "achievement": "hospital_grade", "grade": "三级甲等", "subject_id": "H1"}
        >>> event |= {"subject_name": "县医院", "subject_kind": "institution", "place": "通江县", "ownership": "public"}
        >>> event |= {"named": "2025-03-01"}
        >>> book = dianzhi.Book(tempfile.mkdtemp())
        >>> awards = book.award("bazhong_awards", pl.DataFrame([event]), "2025")
        >>> awards.entries.select("entry", "treasury", "amount").rows()
        [('A8:H1/1', '通江县', Decimal('1000000.00'))]
        """
        return _fiscal._award(policy, forms, tables, switches, period=year_text(period), book=self.path)

    def fiscal(
        self,
        policy: Path,
        accounts: Forms,
        period: str | int | None = None,
        *,
        switches: Mapping[str, str] | None = None,
        close_over: int | None = None,
        growth: str | Decimal = "0",
    ) -> Floors:
        """Put floors of spending to accounts, into the book, which is one of fiscal money.

        Parameters
        ----------
        policy, accounts, switches, close_over, growth
            As of `dianzhi.fiscal`.
        period
            The year, such as `2025`; that of all accounts when not said. Later accounts are left out.

        Raises
        ------
        AwardError, PolicyError
            As of `dianzhi.fiscal`.
        BookError
            When the year is closed, the book is one of insurance money, or somebody else is writing.

        Warns
        -----
        DianzhiWarning
            What does not stop the run.
        """
        return _fiscal._fiscal(policy, accounts, switches, close_over, growth, period=year_text(period), book=self.path)

    def month(self, period: str) -> Month:
        """A settled month.

        Raises
        ------
        BookError
            When the book does not hold it.
        ValueError
            When it is no month.
        """
        text = period_text(period)
        if "-" not in text:
            raise ValueError(said("month", given=text))
        return Month(self, text)

    def year(self, year: str | int) -> Year:
        """A cleared year.

        Raises
        ------
        BookError
            When the book does not hold it.
        ValueError
            When it is no year.
        """
        text = period_text(year)
        if "-" in text:
            raise ValueError(said("year", given=text))
        return Year(self, text)

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

    def table(self, name: str, period: str | int | None = None) -> pl.LazyFrame:
        """A table of one period, or of all months that have it, read when it is collected.

        Amounts are decimals in yuan. The column `settled_in`, put first, is the period of the book. Years, which sum up
        months, come only when asked for.

        Raises
        ------
        BookError
            When the period has no such table.
        KeyError
            When no month has one.

        Examples
        --------
        >>> import dianzhi, tempfile
        >>> scheme = dianzhi.Scheme.load("demo")
        >>> policy = dianzhi.Policy.load("demo", scheme)
        >>> book = dianzhi.Book(tempfile.mkdtemp())
        >>> _ = book.settle_month(scheme, policy, dianzhi.synth(scheme, 500, seed=1), "2026-03")
        >>> book.table("pools").select("settled_in", "insutype").collect().rows()
        [('2026-03', '310'), ('2026-03', '390')]
        """
        months = [entry for entry in self._native.periods() if len(entry["period"]) > len("2026")]
        held = [entry["period"] for entry in months if name in entry["tables"]]
        wanted = held if period is None else [period_text(period)]
        if not wanted:
            known = sorted({table for entry in months for table in entry["tables"]})
            raise KeyError(said("no_table", given=repr(name), known=", ".join(known)))
        frames = [pl.scan_parquet(self._native.table_path(one, name)) for one in wanted]
        dated = [
            frame.select(pl.lit(one).alias("settled_in"), pl.all()) for one, frame in zip(wanted, frames, strict=True)
        ]
        return pl.concat(dated, how="diagonal_relaxed")

    def diff(self, period: str, other: Book | None = None, against: str | None = None) -> Difference:
        """What another state of a period has otherwise: by claim, institution and rule, and by how much.

        Parameters
        ----------
        period
            The period of this book.
        other
            The other book; this one when not said.
        against
            The period of the other book; the same when not said.

        Raises
        ------
        BookError
            When a book does not hold the period.

        Examples
        --------
        >>> import dianzhi, tempfile
        >>> scheme = dianzhi.Scheme.load("demo")
        >>> policy = dianzhi.Policy.load("demo", scheme)
        >>> claims = dianzhi.synth(scheme, 500, seed=1)
        >>> books = [dianzhi.Book(tempfile.mkdtemp()) for _ in range(2)]
        >>> _ = books[0].settle_month(scheme, policy, claims, "2026-03")
        >>> _ = books[1].settle_month(scheme, policy.patch({"rules.prepay.share": "0.9"}), claims, "2026-03")
        >>> books[0].diff("2026-03", books[1]).sums.filter(table="pools").height
        0
        """
        return Difference(self._native.diff(period, (other or self)._native, against or period))

    @property
    def plot(self) -> BookPlots:
        """Charts; they need the extra `dianzhi[plot]`."""
        from ._plot import BookPlots

        return BookPlots(self)

    def explain(
        self, name: str | int, what: Subject = "claim", *, period: str | int | None = None, lang: Lang | None = None
    ) -> Answer:
        """Where a figure comes from: each step with its rule, its numbers and the article of the policy.

        Parameters
        ----------
        name
            `setl_id` of a claim, `fixmedins_code` of an institution, name of a consortium or pool; number of an award,
            entry or event; number of a record of recognition.
        what
            `claim`, `institution`, `consortium`, `pool`, `award` or `recognition`.
        period
            The month; the latest that has it when not said.
        lang
            `zh` or `en`; the language of DIANZHI_LANG, else Chinese, when not said.
        """
        return Answer(*self._native.explain(what, str(name), year_text(period), lang_of(lang)))

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

    def close(self, period: str | int) -> str:
        """Close a period for good; returns the seal, to be kept outside the book."""
        return self._native.close(period_text(period))

    def __repr__(self) -> str:
        return f"<dianzhi.Book {self.path}>"

    def _repr_html_(self) -> str:
        head = f"<b>{_html.escaped(str(self.path))}</b>"
        if not (self.path / "book.json").is_file():
            return head
        lang = lang_of(None)
        names = {
            "zh": {"period": "期间", "status": "状态", "simulation": "模拟", "manifest_sha256": "清单", "seal": "封签"},
            "en": {"period": "Period", "status": "Status", "simulation": "Simulation"},
        }[lang]
        periods = self.periods().with_columns(
            pl.col("manifest_sha256", "seal").str.head(12),
            pl.col("status").replace({"open": "未关账", "closed": "已关账"} if lang == "zh" else {}),
            pl.col("simulation").replace_strict({True: "是" if lang == "zh" else "yes", False: ""}),
        )
        return head + _html.table(periods.rename(names), lang, 24)


class Difference:
    """What differs between two states of a period."""

    record: dict[str, Any]
    """Everything, as plain dicts, lists and texts."""

    def __init__(self, record: dict[str, Any]) -> None:
        self.record = record

    @property
    def causes(self) -> pl.DataFrame:
        """What the runs were made of otherwise: job, field, before, after."""
        names = ("job", "field", "before", "after")
        return pl.DataFrame(self.record["causes"], schema=dict.fromkeys(names, pl.String), orient="row")

    @property
    def sums(self) -> pl.DataFrame:
        """Sums that differ: table, rule (null: all rows), column, before, after, difference."""
        rows = []
        for name, table in self.record["tables"].items():
            groups = [(None, table["sums"]), *table["by_rule"].items()]
            rows += [{"table": name, "rule": rule, **one} for rule, sums in groups for one in sums]
        return pl.DataFrame(rows, schema=_SUMS)

    @property
    def changes(self) -> pl.DataFrame:
        """Cells that differ: table, key, kind (`removed`, `changed`, `added`), column, before, after."""
        rows = []
        for name, table in self.record["tables"].items():
            for change in table["changes"]:
                start = (name, " ".join(part for part in change["key"] if part), change["kind"])
                rows += [(*start, *cell) for cell in change["columns"] or [(None, None, None)]]
        return pl.DataFrame(rows, schema=dict.fromkeys(_CHANGES, pl.String), orient="row")

    def __bool__(self) -> bool:
        """Whether any result differs."""
        return bool(self.record["tables"])

    def __repr__(self) -> str:
        counts = (f"{name} {len(table['changes'])}" for name, table in self.record["tables"].items())
        return f"<dianzhi.Difference {self.record['before']} → {self.record['after']}: {', '.join(counts) or 'none'}>"

    def _repr_html_(self) -> str:
        lang = lang_of(None)
        return _html.table(self.sums, lang, 20) + _html.table(self.changes, lang, 20)


_SUMS = dict.fromkeys(("table", "rule", "column", "before", "after", "difference"), pl.String)
_CHANGES = ("table", "key", "kind", "column", "before", "after")
