"""Fiscal money: awards (激励奖补) and floors of spending (投入底线)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import polars as pl

from . import _forms, _native
from ._errors import warn
from ._result import PathLike, Result
from ._said import Lang, held, lang_of, said, year_text
from ._text import Answer

if TYPE_CHECKING:
    import os

    import altair as alt

    from ._forms import Forms
    from ._frames import Frame
    from ._plot_fiscal import AwardPlots, FloorPlots


class Fiscal(Result):
    """A run over fiscal money. In a notebook it shows itself."""

    _TOPIC = "fiscal"
    _COUNTS: ClassVar[tuple[str, ...]]

    def __init__(self, native: _native.Awards | _native.Floors) -> None:
        self._run = native
        self._record = native.record()
        self._tables = {name: pl.DataFrame(rows) for name, rows in native.tables(lang_of(None)).items()}

    @property
    def tables(self) -> list[str]:
        """Names for `table`; their columns are described in `docs/awards.md` and `docs/fiscal.md`."""
        return list(self._tables)

    def table(self, name: str) -> pl.DataFrame:
        """A table; amounts are decimals in yuan.

        Raises
        ------
        KeyError
            When there is no such table.
        """
        return held(self._tables, name)

    @property
    def totals(self) -> dict[str, str]:
        """Counts and amounts of the whole run, as exact texts; amounts in yuan."""
        return dict(self._record["run"]["totals"])

    @property
    def period(self) -> str | None:
        """The year of the book that it was entered in; None when it is in no book."""
        year: str | None = self._record["period"]
        return year

    @property
    def simulation(self) -> bool:
        """Whether it rests on a draft and must not be paid."""
        return bool(self._record["run"]["simulation"])

    @property
    def placeholders(self) -> list[str]:
        """Assumed figures and readings that this run relied on."""
        return list(self._record["run"]["placeholders"])

    def title(self, lang: Lang | None = None) -> str:
        """What it is, in a line."""
        year = f" {self.period}" if self.period else ""
        return f"{self._record['title']}{year}"

    def provenance(self) -> dict[str, str]:
        """What the run was made of: policy, readings chosen, hashes of inputs, and the version of the engine."""
        run = self._record["run"]
        made = {"manifest": self._record["manifest_sha256"]} if self.period else {}
        made["dianzhi"] = run["engine"]
        made |= {f"policy {pack['id']}": pack["sha256"] for pack in run["policies"]}
        made |= dict(run["options"])
        made |= {f"{given['role']} {number}": given["sha256"] for number, given in enumerate(run["inputs"], 1)}
        return made

    def to_excel(self, path: PathLike, *, tables: list[str] | None = None, lang: Lang | None = None) -> Path:
        """Write the result workbook (.xlsx), as the program does; with `tables`, only those, a sheet each.

        Parameters
        ----------
        path
            The file.
        tables
            Which tables, when not the whole workbook.
        lang
            `zh` or `en`; the language of DIANZHI_LANG, else Chinese, when not said.

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        FileError
            When the file cannot be written.
        """
        if tables is not None:
            return super().to_excel(path, tables=tables, lang=lang)
        self._run.workbook(path, lang_of(lang))
        return Path(path)

    def _words(self, lang: Lang) -> dict[str, str]:
        names = {name: _native.word(name, lang, "fiscal") for name in self._COUNTS}
        return {word: _grouped(self.totals[name]) for name, word in names.items() if name in self.totals}

    def _marks(self, lang: Lang) -> list[str]:
        if not self.simulation:
            return []
        return [
            {"zh": "模拟：依据征求意见稿，不得付款", "en": "A simulation: it rests on a draft, not to be paid"}[lang]
        ]

    def __repr__(self) -> str:
        where = f" of {self.period}" if self.period else ""
        return f"<dianzhi.{type(self).__name__}{where} by {self._record['policy']}>"


class Awards(Fiscal):
    """Awards that were decided (激励奖补): who is paid what, from which treasury, under which reading."""

    _SHOWN = ("treasuries", "places", "awards", "award_refusals", "award_alternatives")
    _COUNTS = ("events", "awards", "refused", "amount_award", "amount_second", "amount_claw_back", "amount")
    _run: _native.Awards

    def __init__(self, native: _native.Awards) -> None:
        super().__init__(native)
        entries = self._tables["award_entries"]
        self._tables["treasuries"] = _summed(entries, ["treasury_level", "treasury"])
        self._tables["places"] = _summed(entries, ["payee_place"])

    @property
    def treasuries(self) -> pl.DataFrame:
        """What each treasury pays: treasury_level, treasury, entries, awarded, second, back (taken back), net; yuan."""
        return self.table("treasuries")

    @property
    def places(self) -> pl.DataFrame:
        """What the payees of each place get: payee_place, entries, awarded, second, back (taken back), net; yuan."""
        return self.table("places")

    @property
    def entries(self) -> pl.DataFrame:
        """Money from one treasury to one payee, a row each; negative when taken back."""
        return self.table("award_entries")

    @property
    def refusals(self) -> pl.DataFrame:
        """Events that pay nothing, or not yet, with code and reason in both languages."""
        return self.table("award_refusals")

    @property
    def alternatives(self) -> pl.DataFrame:
        """What the run would come to under every other reading, one at a time: switch, reading, total, change; yuan."""
        return self.table("award_alternatives")

    @property
    def plot(self) -> AwardPlots:
        """Charts; they need the extra `dianzhi[plot]`."""
        from ._plot_fiscal import AwardPlots

        return AwardPlots(self)

    def explain(self, name: str, *, lang: Lang | None = None) -> Answer:
        """Why an award is paid, or an event is not: steps, entries, readings and articles.

        Parameters
        ----------
        name
            The number of an award, an entry or an event.
        lang
            `zh` or `en`; the language of DIANZHI_LANG, else Chinese, when not said.

        Raises
        ------
        BookError
            When there is no such award or event.
        """
        return Answer(*self._run.explain(name, lang_of(lang)))

    def _charts(self) -> dict[str, alt.Chart]:
        return self.plot.all()


class Floors(Fiscal):
    """Floors of spending (投入底线) put to accounts: required, actual, gap, and closing the gaps."""

    _SHOWN = ("floor_governments", "floors", "floor_plan")
    _COUNTS = ("floors", "met", "short", "above", "unknown", "gap", "cost")
    _run: _native.Floors

    @property
    def floors(self) -> pl.DataFrame:
        """A row a floor, government and year: required, actual, gap, cost of closing it, formula, article; yuan."""
        return self.table("floors")

    @property
    def governments(self) -> pl.DataFrame:
        """Of each government and year: floors met, short, unknown; `largest` and `sum`, between which the cost lies."""
        return self.table("floor_governments")

    @property
    def plan(self) -> pl.DataFrame:
        """Closing the gaps year by year; empty when nobody asked."""
        return self.table("floor_plan")

    @property
    def plot(self) -> FloorPlots:
        """Charts; they need the extra `dianzhi[plot]`."""
        from ._plot_fiscal import FloorPlots

        return FloorPlots(self)

    def _charts(self) -> dict[str, alt.Chart]:
        return self.plot.all()


def award(
    policy: PathLike = "bazhong_awards",
    forms: Forms | None = None,
    *,
    switches: Mapping[str, str] | None = None,
    until: str | int | None = None,
    **tables: Frame,
) -> Awards:
    """Decide fiscal awards, and keep nothing: to try. `Book.award` enters them in a book.

    Parameters
    ----------
    policy
        A pack, a folder of packs, or the name of one that comes with the package.
    forms
        The filled-in workbook (`dianzhi template awards`), tables named as its sheets, or folders of them; or a frame
        of events; or frames by the names of the forms. Columns have the names or the codes of the template's.
    switches
        Readings of open questions, such as `{"tiers": "highest"}`; of one rule `{"A13.joint_winners": "equal"}`.
    until
        A year: what is dated after it is left out.
    **tables
        Frames as forms: `events`, `joint`, `history`, `successions`, `payments`, `revocations`, `indicators`.

    Returns
    -------
    Awards
        Tables in yuan, charts, explanations.

    Raises
    ------
    AwardError
        Everything that is wrong with the forms, by sheet and cell, or row; a switch or reading that does not exist; a
        pack without awards.
    PolicyError
        When the pack cannot be read or compiled.
    TypeError
        When there are no forms.

    Warns
    -----
    DianzhiWarning
        What does not stop the run.

    Examples
    --------
    >>> import dianzhi, polars as pl
    >>> event = {"event_id": "E1", "achievement": "hospital_grade", "grade": "三级甲等", "subject_id": "H1"}
    >>> event |= {"subject_name": "县医院", "subject_kind": "institution", "place": "通江县", "ownership": "public"}
    >>> event |= {"named": "2025-03-01"}
    >>> dianzhi.award("bazhong_awards", pl.DataFrame([event])).treasuries.select("treasury", "net").rows()
    [('通江县', Decimal('1000000.00'))]
    """
    return _award(policy, forms, tables, switches, period=year_text(until))


def _award(
    policy: PathLike,
    forms: Forms | None,
    tables: Mapping[str, Frame],
    switches: Mapping[str, str] | None,
    *,
    period: str | None = None,
    book: os.PathLike[str] | None = None,
) -> Awards:
    if forms is None and not tables:
        raise TypeError(said("no_forms"))
    with _forms.files(forms, "events", tables) as paths:
        native, found = _native.award(policy, paths, list((switches or {}).items()), period, book)
    warn(found, 4)
    return Awards(native)


def fiscal(
    policy: PathLike = "bazhong_fiscal",
    accounts: Forms | None = None,
    *,
    switches: Mapping[str, str] | None = None,
    close_over: int | None = None,
    growth: str | Decimal = "0",
) -> Floors:
    """Put floors of spending to the accounts of governments, and keep nothing. `Book.fiscal` enters them in a book.

    Parameters
    ----------
    policy
        A pack, a folder of packs, or the name of one that comes with the package.
    accounts
        The filled-in workbook (`dianzhi template fiscal`), a table, or a frame: a row a government and year. What is
        null is not known, and is never taken for zero.
    switches
        Parameters of floors, such as `{"B14-2.bound": "exact"}`.
    close_over
        Plan how the gaps of the latest year are closed over so many years, 1 to 50.
    growth
        For the plan: yearly growth of budgets, `0.05` or `5%`.

    Returns
    -------
    Floors
        Tables in yuan, and charts.

    Raises
    ------
    AwardError
        Everything that is wrong with the accounts; a pack without floors.
    PolicyError
        When the pack cannot be read or compiled, or a parameter does not exist.
    TypeError
        When there are no accounts.

    Warns
    -----
    DianzhiWarning
        What does not stop the run.

    Examples
    --------
    >>> import dianzhi, polars as pl
    >>> account = {"government": "通江县", "year": 2025, "general_budget": "3600000000", "health_spending": "393000000"}
    >>> floors = dianzhi.fiscal("bazhong_fiscal", pl.DataFrame([account])).floors
    >>> floors.filter(floor="B14-1").select("required", "gap").rows()
    [(Decimal('396000000.00'), Decimal('3000000.00'))]
    """
    return _fiscal(policy, accounts, switches, close_over, growth)


def _fiscal(
    policy: PathLike,
    accounts: Forms | None,
    switches: Mapping[str, str] | None,
    close_over: int | None,
    growth: str | Decimal,
    *,
    period: str | None = None,
    book: os.PathLike[str] | None = None,
) -> Floors:
    if accounts is None:
        raise TypeError(said("no_accounts"))
    with _forms.files(accounts, "accounts", {}) as paths:
        chosen = list((switches or {}).items())
        native, found = _native.fiscal(policy, paths, chosen, close_over, str(growth), period, book)
    warn(found, 4)
    return Floors(native)


def _summed(entries: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    def of(*kinds: str) -> Any:
        return pl.col("amount").filter(pl.col("kind").is_in(kinds)).sum()

    keys = [pl.col(name).cast(pl.String) for name in by]
    texts = entries.with_columns(pl.col("kind").cast(pl.String))
    sums = {"awarded": of("award"), "second": of("second"), "back": of("claw_back", "replaced", "team_share")}
    summed = texts.group_by(keys).agg(entries=pl.len(), **sums, net=pl.col("amount").sum())
    return summed.sort("net", *by, descending=[True, *(False for _ in by)])


def _grouped(number: str) -> str:
    return f"{Decimal(number):,}"
