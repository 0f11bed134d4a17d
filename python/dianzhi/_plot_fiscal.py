"""Charts of fiscal money and of scenarios. Figures are binary fractions, for the eye only; the tables stay exact."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import polars as pl

from . import _native
from ._plot import _chart, _finished, altair, words
from ._said import language, said

if TYPE_CHECKING:
    import altair as alt

    from ._fiscal import Awards, Floors
    from ._scenario import Comparison

MORE, LESS, FLAT = "#2b8a5a", "#c0392b", "#4c78a8"
ENDS = 15
"""The most winners, and the most losers, that a chart shows."""


def _all(charts: dict[str, Callable[[], alt.Chart]]) -> dict[str, alt.Chart]:
    """Those that the tables allow, by name."""
    drawn = {}
    for name, draw in charts.items():
        try:
            drawn[name] = draw()
        except (ValueError, KeyError):
            continue
    return drawn


def _signed(bars: pl.DataFrame, value: str, label: str, title: str, unit: str) -> alt.Chart:
    """Bars to both sides of zero, in the order of the rows."""
    alt = altair()
    sides = bars.with_columns(side=pl.when(pl.col(value) < 0).then(pl.lit("less")).otherwise(pl.lit("more")))
    chart = (
        _chart(sides)
        .mark_bar()
        .encode(
            x=alt.X(f"{value}:Q", title=unit),
            y=alt.Y(f"{label}:N", sort=bars[label].to_list(), title=None),
            color=alt.Color("side:N", legend=None, scale=alt.Scale(domain=["more", "less"], range=[MORE, LESS])),
            tooltip=[f"{label}:N", alt.Tooltip(f"{value}:Q", format=",.2f")],
        )
    )
    return _finished(chart, title)


class AwardPlots:
    """Charts of awards, each an `altair.Chart`."""

    def __init__(self, awards: Awards) -> None:
        self._awards = awards

    def treasuries(self) -> alt.Chart:
        """What each treasury pays, in yuan: awards, second awards, what is taken back."""
        return self._stacked("treasury", words("各级财政应拨", "What each treasury pays"))

    def places(self) -> alt.Chart:
        """What the payees of each place get, in yuan."""
        return self._stacked("payee_place", words("各地获奖主体所得", "What each place gets"))

    def rules(self) -> alt.Chart:
        """What each rule comes to, in yuan."""
        return self._stacked("rule", words("按规则", "By rule"))

    def alternatives(self) -> alt.Chart:
        """How much every other reading of the text would change the total, one at a time, in yuan; widest first.

        Raises
        ------
        ValueError
            When no other reading changes anything.
        """
        others = self._awards.alternatives.drop_nulls("change").filter(pl.col("change") != 0)
        if others.is_empty():
            raise ValueError(said("no_reading"))
        named = others.select("change", reading=pl.format("{} = {}", "switch", "reading"))
        ordered = named.sort(pl.col("change").abs(), "reading", descending=[True, False])
        title = words("若改用其他口径，总额之差", "Change of the total under other readings")
        return _signed(ordered, "change", "reading", title, words("元", "yuan"))

    def all(self) -> dict[str, alt.Chart]:
        """Every chart that the tables allow, by name."""
        return _all({"treasuries": self.treasuries, "places": self.places, "alternatives": self.alternatives})

    def _stacked(self, by: str, title: str) -> alt.Chart:
        alt = altair()
        entries = self._awards.entries
        if entries.is_empty():
            raise ValueError(said("nothing_paid"))
        texts = entries.with_columns(pl.col(by, "kind").cast(pl.String))
        sums = texts.group_by(by, "kind").agg(pl.col("amount").sum())
        order = texts.group_by(by).agg(pl.col("amount").sum()).sort("amount", by, descending=[True, False])[by]
        kinds = ["award", "second", "claw_back", "replaced", "team_share"]
        called = {kind: _native.word(kind, language(), "fiscal") for kind in kinds}
        named = sums.with_columns(pl.col("kind").replace(called)).sort("kind", by)
        colours = alt.Scale(domain=list(called.values()), range=[FLAT, "#e0862f", LESS, "#8a5fa8", "#7a8a99"])
        chart = (
            _chart(named)
            .mark_bar()
            .encode(
                x=alt.X("amount:Q", title=words("元", "yuan")),
                y=alt.Y(f"{by}:N", sort=order.to_list(), title=None),
                color=alt.Color("kind:N", scale=colours, title=None),
                tooltip=[f"{by}:N", "kind:N", alt.Tooltip("amount:Q", format=",.2f")],
            )
        )
        return _finished(chart, title)


class FloorPlots:
    """Charts of floors of spending, each an `altair.Chart`."""

    def __init__(self, floors: Floors) -> None:
        self._floors = floors

    def gaps(self) -> alt.Chart:
        """What is missing to each floor that is not met, by government, in yuan; of the latest year.

        Raises
        ------
        ValueError
            When every floor is met.
        """
        alt = altair()
        floors = self._floors.floors
        gaps = floors.filter((pl.col("gap") > 0) & (pl.col("year") == floors["year"].max()))
        if gaps.is_empty():
            raise ValueError(said("floors_met"))
        named = gaps.select(
            pl.col("government").cast(pl.String),
            "gap",
            floor=pl.format("{} {}", pl.col("floor").cast(pl.String), pl.col("title").cast(pl.String)),
        )
        chart = (
            _chart(named)
            .mark_bar()
            .encode(
                x=alt.X("gap:Q", title=words("缺口（元）", "gap, yuan")),
                y=alt.Y("floor:N", sort="-x", title=None),
                color=alt.Color("government:N", title=words("政府", "government")),
                tooltip=["government:N", "floor:N", alt.Tooltip("gap:Q", format=",.2f")],
            )
        )
        return _finished(chart, words("投入底线缺口", "Gaps to the floors of spending"))

    def plan(self) -> alt.Chart:
        """Closing the gaps year by year: what is spent on top and what is left, in yuan, over all floors.

        Raises
        ------
        ValueError
            When no plan was asked for: `close_over`.
        """
        alt = altair()
        plan = self._floors.plan
        if plan.is_empty():
            raise ValueError(said("no_plan"))
        sums = plan.group_by("year").agg(pl.col("extra").sum(), pl.col("left").sum()).sort("year")
        names = {"extra": words("当年增加投入", "spent on top"), "left": words("剩余缺口", "left")}
        long = sums.unpivot(["extra", "left"], index="year").with_columns(
            pl.col("variable").replace(names), place=pl.col("variable") == "left"
        )
        colours = alt.Scale(domain=list(names.values()), range=[FLAT, "#c9c9c9"])
        chart = (
            _chart(long)
            .mark_bar()
            .encode(
                x=alt.X("year:O", title=words("年度", "year"), axis=alt.Axis(labelAngle=0)),
                y=alt.Y("value:Q", title=words("元", "yuan")),
                color=alt.Color("variable:N", title=None, scale=colours),
                order="place:O",
                tooltip=["year:O", "variable:N", alt.Tooltip("value:Q", format=",.2f")],
            )
        )
        return _finished(chart.properties(width=420), words("分年补足缺口", "Closing the gaps"))

    def all(self) -> dict[str, alt.Chart]:
        """Every chart that the tables allow, by name."""
        return _all({"gaps": self.gaps, "plan": self.plan})


class ComparisonPlots:
    """Charts of scenarios against their baseline, each an `altair.Chart`."""

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison

    def scenarios(self) -> alt.Chart:
        """How far each named scenario moves its kind of money from the baseline, in yuan.

        Raises
        ------
        ValueError
            When there are only grids, tables and draws.
        """
        lines = _texts(self._comparison.scenarios)
        named = lines.filter(pl.col("group") == "")
        if named.is_empty():
            raise ValueError(said("no_scenario"))
        money = {code: _native.word(code, language(), "scenario", "money") for code in named["money"].unique()}
        several = len(money) > 1
        label = pl.format("{}：{}", "scenario", pl.col("money").replace(money)) if several else pl.col("scenario")
        bars = named.select("difference", label=label)
        title = words("各情景与基线之差", "Difference from the baseline")
        return _signed(bars, "difference", "label", title, words("元", "yuan"))

    def tornado(self, name: str | None = None) -> alt.Chart:
        """One parameter at a time, at its low and its high value: what becomes of the figure. The widest comes first.

        Parameters
        ----------
        name
            Of the table; the first when not said.

        Raises
        ------
        ValueError
            When there is no such table: `Scenario.sensitivity`.
        """
        alt = altair()
        swings = _texts(self._comparison.table("tornado"))
        if name is None:
            name = swings["scenario"][0] if swings.height else ""
        swings = swings.filter(pl.col("scenario") == name)
        if swings.is_empty():
            raise ValueError(said("no_tornado", given=repr(name)))
        sides = {"at_low": words("取低值", "low"), "at_high": words("取高值", "high")}
        label = pl.format("{}  {} ~ {}", "path", "low", "high").alias("label")
        long = swings.with_columns(label).unpivot(list(sides), index=["label", "baseline"], variable_name="side")
        long = long.with_columns(pl.col("side").replace(sides))
        measure = _native.word(swings["measure"][0], language(), "scenario", "measure")
        base = float(swings["baseline"][0])
        order = swings.select(label)["label"].to_list()
        bars = (
            _chart(long)
            .mark_bar(height=18)
            .encode(
                x=alt.X("baseline:Q", title=measure, scale=alt.Scale(zero=False, nice=True)),
                x2="value:Q",
                y=alt.Y("label:N", sort=order, title=None, axis=alt.Axis(labelLimit=420)),
                color=alt.Color(
                    "side:N", title=None, scale=alt.Scale(domain=list(sides.values()), range=["#e0862f", FLAT])
                ),
                tooltip=["label:N", "side:N", alt.Tooltip("value:Q", format=",.4~f")],
            )
        )
        rule = _chart(pl.DataFrame({"baseline": [base]})).mark_rule(color="#555").encode(x="baseline:Q")
        return _finished((bars + rule).properties(height=alt.Step(30)), f"{name}：{measure}")

    def winners_losers(self, scenario: str | None = None) -> alt.Chart:
        """Who gains and who loses under a scenario, in yuan: institutions by due, payees, or governments.

        Parameters
        ----------
        scenario
            Its name; the first that moves somebody when not said.

        Raises
        ------
        ValueError
            When nobody gains or loses.
        """
        amounts = _texts(self._comparison.amounts).filter(pl.col("difference") != 0)
        stakes = [("institution", "net"), ("institution", "due"), ("payee", "amount"), ("government", "cost")]
        if scenario is not None:
            amounts = amounts.filter(pl.col("scenario") == scenario)
        for kind, measure in stakes:
            moved = amounts.filter((pl.col("kind") == kind) & (pl.col("measure") == measure))
            if moved.height:
                break
        else:
            raise ValueError(said("nobody"))
        scenario = moved["scenario"][0]
        who = pl.when(pl.col("name") != "").then("name").otherwise("subject")
        sums = moved.filter(pl.col("scenario") == scenario).group_by(who=who).agg(pl.col("difference").sum())
        ordered = sums.filter(pl.col("difference") != 0).sort("difference", "who", descending=[True, False])
        if ordered.height > 2 * ENDS:
            ordered = pl.concat([ordered.head(ENDS), ordered.tail(ENDS)])
        title = words(f"“{scenario}”：谁增谁减", f'"{scenario}": who gains and who loses')
        return _signed(ordered, "difference", "who", title, words("元", "yuan"))

    def projection(self, name: str | None = None) -> alt.Chart:
        """What a projection comes to, year by year, in yuan: the totals of each kind of money.

        Raises
        ------
        ValueError
            When there is no projection: `Scenario.project`.
        """
        alt = altair()
        years = _texts(self._comparison.table("projection")).filter(pl.col("kind") == "total")
        if name is None:
            name = years["scenario"][0] if years.height else ""
        years = years.filter(pl.col("scenario") == name)
        if years.is_empty():
            raise ValueError(said("no_projection", given=repr(name)))
        names = {code: _native.word(code, language(), "scenario", "measure") for code in years["measure"].unique()}
        called = years.with_columns(pl.col("measure").replace(names))
        chart = (
            _chart(called.select("year", "measure", "value"))
            .mark_line(point=True)
            .encode(
                x=alt.X("year:O", title=words("第几年", "year"), axis=alt.Axis(labelAngle=0)),
                y=alt.Y("value:Q", title=words("元", "yuan"), scale=alt.Scale(zero=False)),
                color=alt.Color("measure:N", title=None),
            )
        )
        return _finished(chart.properties(width=420), str(name))

    def all(self) -> dict[str, alt.Chart]:
        """Every chart that the tables allow, by name."""
        charts = {"scenarios": self.scenarios, "tornado": self.tornado, "winners_losers": self.winners_losers}
        return _all({**charts, "projection": self.projection})


def _texts(frame: pl.DataFrame) -> pl.DataFrame:
    """Categories as texts; what has no name is an empty one."""
    return frame.with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String).fill_null(""))
