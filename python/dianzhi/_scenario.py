"""Scenarios (政策测算): what a settled period, awards or floors would be under other parameters."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import polars as pl

from . import _forms, _native, _toml
from ._errors import warn
from ._progress import progress
from ._result import PathLike, Result
from ._said import Lang, held, lang_of, said, year_text

if TYPE_CHECKING:
    import altair as alt

    from ._book import Book
    from ._forms import Forms
    from ._frames import Frame
    from ._plot_fiscal import ComparisonPlots
    from ._toml import Value

Target: TypeAlias = "str | Mapping[str, str]"
"""A figure: its measure (`due`), or measure with `kind`, `subject`, `part`, `money` (`docs/scenarios.md`)."""
Change = Literal["set", "times", "plus"]
Side = Literal["nearest", "at_most", "at_least"]
Fiscal: TypeAlias = "tuple[PathLike, Forms]"
"""A pack of fiscal money, and the filled-in forms."""


class Scenario:
    """A baseline, and what is to be compared with it. Immutable: each verb gives a new scenario with more in it.

    Parameters
    ----------
    book, period
        A book and a settled month or year of it. Claims are taken as they were grouped then.
    policy
        Another pack than the book kept; without a book, the pack.
    scheme, claims, mapping, clinical
        Without a book: a scheme, and claims as files or a frame.
    awards, floors
        Fiscal sides: a pack and the filled-in forms, such as `("bazhong_awards", "awards.xlsx")` or frames.
    title
        Heads the results.

    Notes
    -----
    Parameters are named by paths: `rules.prepay.share`, `rules.budget.table[2026-03/310].fund_budget`, with `*` for any
    text. Values are whole numbers, decimals, or texts in TOML such as `"0.95"`; no binary fractions.

    Examples
    --------
    >>> import dianzhi, tempfile
    >>> scheme = dianzhi.Scheme.load("demo")
    >>> policy = dianzhi.Policy.load("demo", scheme)
    >>> book = dianzhi.Book(tempfile.mkdtemp())
    >>> _ = book.settle_month(scheme, policy, dianzhi.synth(scheme, 2000, seed=1), "2026-03")
    >>> more = {"rules.budget.table[*].fund_budget": "1.05"}
    >>> compared = dianzhi.Scenario(book, "2026-03").patch("5 % more", times=more).run()
    >>> compared.scenarios.select("scenario", "measure").rows()
    [('5 % more', 'due')]
    """

    def __init__(
        self,
        book: Book | PathLike | None = None,
        period: str | int | None = None,
        *,
        policy: PathLike | None = None,
        scheme: PathLike | None = None,
        claims: Frame | PathLike | Sequence[PathLike] | None = None,
        mapping: PathLike | None = None,
        clinical: bool = False,
        awards: Fiscal | None = None,
        floors: Fiscal | None = None,
        title: str | None = None,
    ) -> None:
        self._frames = _forms.Folder()
        self._folder = Path.cwd()
        folder = self._frames.path
        place: Any = getattr(book, "path", book)
        baseline: dict[str, Any] = {
            "book": None if book is None else os.path.abspath(place),
            "period": year_text(period),
            "policy": _named(policy),
            "scheme": _named(scheme),
            "claims": None if claims is None else _forms.kept(claims, "claims", {}, folder),
            "mapping": _named(mapping),
            "clinical": clinical or None,
        }
        for name, first, side in (("awards", "events", awards), ("floors", "accounts", floors)):
            if side is not None:
                pack, forms = side
                baseline[name] = {"policy": _named(pack), "inputs": _forms.kept(forms, first, {}, folder)}
        self._parts: dict[str, Any] = {"title": title, "baseline": baseline}

    @classmethod
    def load(cls, path: PathLike) -> Scenario:
        """Read a scenario file (`docs/scenarios.md`); further scenarios can be added to it.

        Raises
        ------
        DianzhiError
            When the file cannot be read, or has keys or values that it must not have.
        """
        _native.Study.load(path)
        loaded = cls()
        loaded._folder = Path(path).resolve().parent
        loaded._parts = _toml.read(Path(path).read_text(encoding="utf-8"))
        return loaded

    def patch(
        self,
        name: str,
        changes: Mapping[str, Value] | None = None,
        *,
        times: Mapping[str, Value] | None = None,
        plus: Mapping[str, Value] | None = None,
        note: str | None = None,
    ) -> Scenario:
        """Add a scenario by name.

        Parameters
        ----------
        name
            What results call it.
        changes
            Paths to new values, as of `Policy.patch`.
        times, plus
            Paths to factors, and to addends.
        note
            For readers.
        """
        one = {"name": name, "note": note, "set": _toml.values(changes), **_moves(times, plus)}
        return self._with("scenario", _filled(one))

    def grid(
        self,
        name: str,
        changes: Mapping[str, Sequence[Value]] | None = None,
        *,
        times: Mapping[str, Sequence[Value]] | None = None,
        plus: Mapping[str, Sequence[Value]] | None = None,
    ) -> Scenario:
        """Add every combination of values of some parameters; the last one varies fastest.

        Parameters
        ----------
        name
            What results call the group.
        changes, times, plus
            Paths to all the values, factors and addends.
        """
        axes = []
        for kind, paths in _kinds(changes, times, plus):
            axes += [
                {
                    "path": path,
                    "change": kind,
                    "values": [_toml.value(path, one) for one in _toml.several(path, values)],
                }
                for path, values in paths.items()
            ]
        return self._with("grid", {"name": name, "axis": axes})

    def sensitivity(
        self,
        name: str,
        target: Target,
        changes: Mapping[str, tuple[Value, Value]] | None = None,
        *,
        times: Mapping[str, tuple[Value, Value]] | None = None,
        plus: Mapping[str, tuple[Value, Value]] | None = None,
    ) -> Scenario:
        """Add a sensitivity table (tornado): one parameter at a time, at a low and a high value.

        Parameters
        ----------
        name
            What results call the table.
        target
            The figure looked at, such as `{"kind": "pool", "subject": "310", "measure": "point_value"}`.
        changes, times, plus
            Paths to a low and a high value, factor or addend.
        """
        swings = []
        for kind, paths in _kinds(changes, times, plus):
            for path, pair in paths.items():
                low, high = _toml.pair(path, pair)
                ends = {"low": _toml.value(path, low), "high": _toml.value(path, high)}
                swings.append({"path": path, "change": kind, **ends})
        return self._with("tornado", {"name": name, "target": _target(target), "input": swings})

    def monte_carlo(
        self,
        name: str,
        inputs: Mapping[str, Mapping[str, Any]],
        *,
        count: int,
        seed: int,
        percentiles: Sequence[int] | None = None,
    ) -> Scenario:
        """Add draws; one seed gives the same figures on every machine.

        Parameters
        ----------
        name
            What results call the draws.
        inputs
            Paths to distributions: `{"distribution": "normal", "mean": 1, "sd": "0.03", "low": "0.9", "high": "1.1",
            "change": "times"}`; `uniform`, `triangular`, `lognormal` and `discrete` have others (`docs/scenarios.md`).
        count, seed
            How many draws, and the seed.
        percentiles
            Which; 5, 25, 50, 75 and 95 when not said.
        """
        drawn = [{"path": path, **_distribution(path, one)} for path, one in inputs.items()]
        draws = {"name": name, "count": count, "seed": seed, "percentiles": percentiles, "input": drawn}
        return self._with("draws", _filled(draws))

    def goal_seek(
        self,
        name: str,
        path: str,
        target: Target,
        value: Value,
        *,
        low: Value,
        high: Value,
        digits: int = 4,
        change: Change = "set",
        side: Side = "nearest",
    ) -> Scenario:
        """Add a goal: the value of a parameter at which a figure meets a value.

        Parameters
        ----------
        name
            What results call it.
        path, low, high, digits, change
            The parameter, the bounds between which it is sought, and its decimals.
        target, value
            The figure, and what it shall be: yuan; of a point value, yuan a point.
        side
            Whether the figure may miss the value on any side, or must not be above or below it.
        """
        goal: dict[str, Any] = {"name": name, "path": path, "change": change, "target": _target(target), "side": side}
        goal |= {"low": _toml.value(path, low), "high": _toml.value(path, high), "digits": digits}
        return self._with("goal", {**goal, "value": _toml.value("value", value)})

    def project(
        self,
        name: str,
        years: int,
        *,
        cases: Sequence[Value] = (),
        cost: Sequence[Value] = (),
        budget: Sequence[Value] = (),
        changes: Mapping[str, Value] | None = None,
        times: Mapping[str, Value] | None = None,
        plus: Mapping[str, Value] | None = None,
    ) -> Scenario:
        """Add years to come, 0 being the baseline.

        Parameters
        ----------
        name
            What results call it.
        years
            How many, 1 to 30.
        cases, cost, budget
            Yearly rates of growth: one, or one a year.
        changes, times, plus
            As of `patch`; they hold in every year.
        """
        rates = {"cases": cases, "cost": cost, "budget": budget}
        growth = {what: [_toml.value(what, rate) for rate in given] for what, given in rates.items() if given}
        one = {"name": name, "years": years, **growth, "set": _toml.values(changes), **_moves(times, plus)}
        return self._with("projection", _filled(one))

    def check(self) -> int:
        """Check packs, paths and values without settling; returns how many scenarios there are.

        Raises
        ------
        ScenarioError
            When there is nothing to evaluate, or it does not fit the baseline. All problems are told at once.
        PolicyError
            When a path names nothing (the closest one is told), or a value is out of range.
        """
        return self._study().check()

    def run(self, *, on_step: Callable[[int, int], object] | None = None) -> Comparison:
        """Evaluate all of it.

        Parameters
        ----------
        on_step
            Called with how many scenarios are done, and how many there are. What it raises ends the run, as does
            Ctrl-C.

        Returns
        -------
        Comparison
            Tables of figures beside those of the baseline.

        Raises
        ------
        DianzhiError
            As of `check`, and when the baseline cannot be settled.

        Warns
        -----
        DianzhiWarning
            Scenarios that change nothing, goals out of reach.
        """
        study = self._study()
        count = study.points()
        with progress(("测算", "evaluating"), count) as bar:

            def tell(done: int) -> None:
                bar.at(done)
                if on_step is not None:
                    on_step(done, count)

            native, found = study.run(tell)
        warn(found)
        return Comparison(native, self._baseline())

    def save(self, path: PathLike) -> Path:
        """Write the scenario file that the program reads: `dianzhi scenario run FILE`.

        Paths are absolute; those of a file that was loaded stay as they are, from its folder on.

        Raises
        ------
        ValueError
            When claims or forms were handed in as frames, which no file can name.
        """
        text = str(self)
        if str(self._frames.path) in text:
            raise ValueError(said("frames_unnamed"))
        Path(path).write_text(text, encoding="utf-8")
        return Path(path)

    def _study(self) -> _native.Study:
        return _native.Study.of(str(self), self._folder)

    def _baseline(self) -> str:
        baseline = self._parts.get("baseline", {})
        parts = [baseline.get(name) for name in ("book", "period", "policy")]
        sides = [side["policy"] for side in (baseline.get("awards"), baseline.get("floors")) if side]
        return " ".join(str(part) for part in [*parts, *sides] if part)

    def _with(self, kind: str, one: dict[str, Any]) -> Scenario:
        more = object.__new__(Scenario)
        more._frames, more._folder = self._frames, self._folder
        more._parts = {**self._parts, kind: [*self._parts.get(kind, []), one]}
        return more

    def __str__(self) -> str:  # the scenario file
        return _toml.document(self._parts)

    def __repr__(self) -> str:
        counts = (f"{kind} {len(part)}" for kind, part in self._parts.items() if isinstance(part, list))
        return f"<dianzhi.Scenario of {self._baseline()}: {', '.join(counts) or 'nothing yet'}>"


class Comparison(Result):
    """What scenarios come to, beside the baseline. In a notebook it shows itself."""

    _TOPIC = "scenario"
    _SHOWN = ("scenarios", "tornado", "goals", "percentiles", "projection")

    def __init__(self, native: _native.Comparison, baseline: str) -> None:
        self._native = native
        self._baseline = baseline
        self._tables = {name: pl.DataFrame(rows) for name, rows in native.tables().items()}

    @property
    def tables(self) -> list[str]:
        """Names for `table`; their columns are described in `docs/scenarios.md`."""
        return [name for name, table in self._tables.items() if table.height or name == "scenarios"]

    def table(self, name: str) -> pl.DataFrame:
        """A table; amounts are decimals in yuan, point values have six decimals.

        Raises
        ------
        KeyError
            When there is no such table.
        """
        return held(self._tables, name)

    @property
    def scenarios(self) -> pl.DataFrame:
        """A row a scenario and kind of money: baseline, value, difference, winners and losers; yuan."""
        return self.table("scenarios")

    @property
    def amounts(self) -> pl.DataFrame:
        """Every amount of every subject: baseline, value, difference; yuan."""
        return self.table("amounts")

    @property
    def plot(self) -> ComparisonPlots:
        """Charts; they need the extra `dianzhi[plot]`."""
        from ._plot_fiscal import ComparisonPlots

        return ComparisonPlots(self)

    def title(self, lang: Lang | None = None) -> str:
        """What it is, in a line."""
        return self._native.title or {"zh": "政策测算", "en": "Scenarios"}[lang_of(lang)]

    def provenance(self) -> dict[str, str]:
        """The baseline."""
        return {"baseline": self._baseline}

    def to_excel(self, path: PathLike, *, tables: list[str] | None = None, lang: Lang | None = None) -> Path:
        """Write a workbook (.xlsx), a sheet a table, as the program does; with `tables`, only those.

        Parameters
        ----------
        path
            The file.
        tables
            Which tables; all when not said.
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
        self._native.workbook(path, lang_of(lang))
        return Path(path)

    def _words(self, lang: Lang) -> dict[str, str]:
        counted = {"zh": "情景数", "en": "scenarios"}[lang]
        return {counted: str(self.scenarios["scenario"].n_unique())}

    def _charts(self) -> dict[str, alt.Chart]:
        return self.plot.all()

    def __repr__(self) -> str:
        return f"<dianzhi.Comparison of {self.scenarios.height} lines with {self._baseline}>"


def _named(path: PathLike | None) -> str | None:
    if path is None:
        return None
    if isinstance(path, str | os.PathLike):
        return os.path.abspath(path) if os.path.exists(path) else os.fspath(path)
    raise TypeError(said("pack_name", given=type(path).__name__))


def _kinds(
    changes: Mapping[str, Any] | None, times: Mapping[str, Any] | None, plus: Mapping[str, Any] | None
) -> list[tuple[str, Mapping[str, Any]]]:
    return [("set", changes or {}), ("times", times or {}), ("plus", plus or {})]


def _moves(times: Mapping[str, Value] | None, plus: Mapping[str, Value] | None) -> dict[str, Any]:
    return {"times": _toml.values(times), "plus": _toml.values(plus)}


def _filled(one: dict[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in one.items() if part not in (None, {})}


def _target(target: Target) -> dict[str, str]:
    return {"measure": target} if isinstance(target, str) else dict(target)


_WORDS = ("distribution", "change")


def _distribution(path: str, one: Mapping[str, Any]) -> dict[str, Any]:
    def part(name: str, given: Any) -> Any:
        if name in _WORDS:
            return str(given)
        if isinstance(given, Sequence) and not isinstance(given, str):
            return [_toml.value(path, item) for item in given]
        return _toml.value(path, given)

    return {name: part(name, given) for name, given in one.items()}
