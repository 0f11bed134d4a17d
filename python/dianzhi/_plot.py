"""Charts, by altair: nothing is fetched to draw them, and their words are Chinese or English.

Figures of charts are binary fractions, for the eye only; the tables they come from stay exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from . import _native
from ._html import FONTS
from ._said import Lang, language, said

if TYPE_CHECKING:
    import altair as alt

    from ._book import Book
    from ._settled import Settled
    from ._weights import Weights

BINS = 40
"""Bars of a distribution."""


def altair() -> Any:
    """The library that draws.

    Raises
    ------
    ImportError
        When it is not installed.
    """
    try:
        import altair as alt
    except ImportError as error:
        raise ImportError(said("altair")) from error
    return alt


def words(zh: str, en: str) -> str:
    """One of two texts, in the language of DIANZHI_LANG."""
    return zh if language() == "zh" else en


def _chart(frame: pl.DataFrame) -> Any:
    alt = altair()
    plain = frame.with_columns(pl.col(pl.Decimal).cast(pl.Float64), pl.col(pl.Categorical, pl.Enum).cast(pl.String))
    return alt.Chart(alt.Data(values=plain.to_dicts()))


def _finished(chart: Any, title: str) -> alt.Chart:
    chart = chart.properties(title=title).configure(font=FONTS, padding=12)
    chart = chart.configure_view(continuousWidth=460, continuousHeight=300).configure_axisQuantitative(tickCount=6)
    finished: alt.Chart = chart.configure_axis(labelLimit=260, titlePadding=8).configure_legend(labelLimit=260)
    return finished


def _names(month: Settled) -> pl.DataFrame:
    institutions = month.table("institutions")
    name = pl.coalesce(pl.col("fixmedins_name").cast(pl.String), pl.col("fixmedins_code").cast(pl.String))
    return institutions.select(pl.col("fixmedins_code").cast(pl.String), name=name).unique("fixmedins_code")


def _paid(month: Settled) -> pl.DataFrame:
    claims = month.table("claims").filter(pl.col("state") == "paid")
    missing = {"drg", "medfee_sumamt", "psn_pay", "oth_fund_pay", "weight", "mean_cost"} - set(claims.columns)
    if missing:
        raise ValueError(said("not_a_month", period=month.period, columns=", ".join(sorted(missing))))
    return claims.with_columns(pl.col(pl.Decimal).cast(pl.Float64), pl.col("fixmedins_code", "drg").cast(pl.String))


def _by_institution(month: Settled) -> pl.DataFrame:
    """Of each institution: bills, what is due, its costs to the fund by item, and weights."""
    fund = pl.col("medfee_sumamt") - pl.col("psn_pay").fill_null(0) - pl.col("oth_fund_pay").fill_null(0)
    weighed = pl.col("weight").is_not_null()
    sums = (
        _paid(month)
        .group_by("fixmedins_code", maintain_order=True)
        .agg(
            cases=pl.len(),
            due=pl.col("due").sum(),
            fund=fund.sum(),
            weights=pl.col("weight").sum(),
            weighed=weighed.sum(),
            bills=pl.col("medfee_sumamt").filter(weighed).sum(),
        )
    )
    return sums.join(_names(month), on="fixmedins_code", how="left").sort("fixmedins_code")


class SettledPlots:
    """Charts of a settled month or year, each an `altair.Chart`."""

    def __init__(self, month: Settled) -> None:
        self._month = month

    def drg_costs(self, drg: str | None = None) -> alt.Chart:
        """Distribution of the bills of a DRG in yuan, with its mean and the lines of low and high outliers.

        Parameters
        ----------
        drg
            The group; the one with the most paid cases when not said.

        Raises
        ------
        ValueError
            When no paid case is in the group.
        """
        alt = altair()
        paid = _paid(self._month).filter(pl.col("drg").is_not_null())
        if drg is None:
            counts = paid.group_by("drg").len().sort("len", "drg", descending=[True, False])
            drg = counts["drg"][0] if counts.height else ""
        cases = paid.filter(pl.col("drg") == drg)
        if cases.is_empty():
            raise ValueError(said("no_case", given=repr(drg)))
        low, high = _float(cases["medfee_sumamt"].min()), _float(cases["medfee_sumamt"].max())
        width = max((high - low) / BINS, 0.01)
        start = low + ((pl.col("medfee_sumamt") - low) / width).floor().clip(0, BINS - 1) * width
        bins = cases.select(start.alias("from")).group_by("from").len("cases").sort("from")
        bins = bins.with_columns(to=pl.col("from") + width)
        bill = words("住院总费用（元）", "bill, yuan")
        bars = (
            _chart(bins)
            .mark_bar(color="#7aa6c2")
            .encode(
                x=alt.X("from:Q", title=bill, bin="binned"),
                x2="to:Q",
                y=alt.Y("cases:Q", title=words("病例数", "cases")),
            )
        )
        lines = _lines(cases)
        if lines.is_empty():
            return _finished(bars, words(f"{drg} 费用分布", f"Bills of {drg}"))
        rules = (
            _chart(lines)
            .mark_rule(strokeWidth=2, strokeDash=[6, 3])
            .encode(x="at:Q", color=alt.Color("line:N", title=None, scale=alt.Scale(scheme="set1")))
        )
        return _finished(bars + rules, words(f"{drg} 费用分布与倍率线", f"Bills of {drg} and its outlier lines"))

    def hospitals(self) -> alt.Chart:
        """Bubbles of institutions: case mix index against cost index, as large as their cases.

        The cost index is the bill for each unit of weight over that of all institutions; 1 is as dear as the others.
        """
        alt = altair()
        sums = _by_institution(self._month).filter(pl.col("weights") > 0)
        each = pl.col("bills").sum() / pl.col("weights").sum()
        points = sums.select(
            "name",
            "cases",
            cmi=(pl.col("weights") / pl.col("weighed")).round(4),
            index=(pl.col("bills") / pl.col("weights") / each).round(4),
        )
        bubbles = (
            _chart(points)
            .mark_circle(opacity=0.7)
            .encode(
                x=alt.X("cmi:Q", title="CMI", scale=alt.Scale(zero=False, padding=30)),
                y=alt.Y("index:Q", title=words("费用消耗指数", "cost index"), scale=alt.Scale(zero=False, padding=30)),
                size=alt.Size("cases:Q", title=words("病例数", "cases"), scale=alt.Scale(range=[40, 1200])),
                color=alt.Color("name:N", title=words("医疗机构", "institution")),
                tooltip=["name:N", "cmi:Q", "index:Q", "cases:Q"],
            )
        )
        one = _chart(pl.DataFrame({"index": [1.0]})).mark_rule(color="#888", strokeDash=[4, 4]).encode(y="index:Q")
        return _finished(one + bubbles, words("各机构 CMI 与费用消耗指数", "Case mix and cost by institution"))

    def balance(self) -> alt.Chart:
        """Surplus and overrun by institution in yuan: what the fund owes less what the cases cost it by item."""
        alt = altair()
        bars = _by_institution(self._month).select(
            "name",
            balance=(pl.col("due") - pl.col("fund")).round(2),
            side=pl.when(pl.col("due") >= pl.col("fund"))
            .then(pl.lit(words("结余", "surplus")))
            .otherwise(pl.lit(words("超支", "overrun"))),
        )
        colours = alt.Scale(domain=[words("结余", "surplus"), words("超支", "overrun")], range=["#2b8a5a", "#c0392b"])
        chart = (
            _chart(bars)
            .mark_bar()
            .encode(
                x=alt.X("balance:Q", title=words("结余（元）", "balance, yuan")),
                y=alt.Y("name:N", sort="-x", title=None),
                color=alt.Color("side:N", scale=colours, title=None),
                tooltip=["name:N", alt.Tooltip("balance:Q", format=",.2f")],
            )
        )
        return _finished(chart, words("各机构结余与超支", "Surplus and overrun by institution"))

    def waterfall(self) -> alt.Chart:
        """From bills to what is due, in yuan: what falls away, what patients and other funds pay, what pricing adds."""
        alt = altair()
        steps = pl.DataFrame(_steps(self._month), schema=["step", "from", "to", "kind"], orient="row")
        order = steps["step"].to_list()
        bars = (
            _chart(steps)
            .mark_bar()
            .encode(
                x=alt.X("step:N", sort=order, title=None, axis=alt.Axis(labelAngle=-30)),
                y=alt.Y("from:Q", title=words("万元", "10,000 yuan"), axis=alt.Axis(labelExpr=TEN_THOUSANDS)),
                y2="to:Q",
                color=alt.Color(
                    "kind:N", legend=None, scale=alt.Scale(domain=KINDS, range=["#4c78a8", "#2b8a5a", "#c0392b"])
                ),
                tooltip=["step:N", alt.Tooltip("from:Q", format=",.2f"), alt.Tooltip("to:Q", format=",.2f")],
            )
        )
        return _finished(bars.properties(width=520), words("从病例费用到应付", "From bills to what is due"))

    def concentration(self, by: Literal["drg", "fixmedins_code"] = "drg") -> alt.Chart:
        """How bills gather in few groups or institutions (Lorenz curve), the cheapest first."""
        alt = altair()
        groups = _paid(self._month).filter(pl.col(by).is_not_null()).group_by(by)
        sums = groups.agg(pl.col("medfee_sumamt").sum()).sort("medfee_sumamt", by)
        count = max(sums.height, 1)
        curve = sums.select(
            units=(pl.int_range(1, pl.len() + 1) / count).round(6),
            bills=(pl.col("medfee_sumamt").cum_sum() / pl.col("medfee_sumamt").sum()).round(6),
        )
        curve = pl.concat([pl.DataFrame({"units": [0.0], "bills": [0.0]}), curve])
        what = {
            "drg": words("病组累计占比", "share of groups"),
            "fixmedins_code": words("机构累计占比", "share of institutions"),
        }
        line = (
            _chart(curve)
            .mark_line(color="#4c78a8")
            .encode(
                x=alt.X("units:Q", title=what[by], axis=alt.Axis(format="%")),
                y=alt.Y("bills:Q", title=words("费用累计占比", "share of bills"), axis=alt.Axis(format="%")),
            )
        )
        even = pl.DataFrame({"units": [0.0, 1.0], "bills": [0.0, 1.0]})
        diagonal = _chart(even).mark_line(color="#999", strokeDash=[4, 4]).encode(x="units:Q", y="bills:Q")
        return _finished(diagonal + line, words("费用集中度（洛伦兹曲线）", "Concentration of bills"))

    def all(self) -> dict[str, alt.Chart]:
        """Every chart that the tables allow, by name."""
        charts = {}
        for name in ["waterfall", "balance", "hospitals", "drg_costs", "concentration"]:
            try:
                charts[name] = getattr(self, name)()
            except (ValueError, KeyError, pl.exceptions.PolarsError):
                continue
        return charts


class BookPlots:
    """Charts of a whole book, each an `altair.Chart`."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def point_values(self) -> alt.Chart:
        """The point value of each pool, month by month, in yuan."""
        alt = altair()
        periods = [period for period in self._book.periods()["period"] if len(period) > 4]
        months = [self._book.month(period) for period in periods]
        held = [month for month in months if "pools" in month.tables]
        frames = [
            month.table("pools").select(
                period=pl.lit(month.period), pool=pl.col("insutype"), value=pl.col("point_value")
            )
            for month in held
        ]
        schema = pl.Schema({"period": pl.String(), "pool": pl.String(), "value": pl.Decimal(18, 6)})
        values = pl.concat(frames) if frames else pl.DataFrame(schema=schema)
        named = values.with_columns(
            pool=pl.Series([_native.word(pool, language()) for pool in values["pool"]], dtype=pl.String)
        )
        chart = (
            _chart(named)
            .mark_line(point=True)
            .encode(
                x=alt.X("period:O", title=words("月份", "month"), axis=alt.Axis(labelAngle=-35)),
                y=alt.Y("value:Q", title=words("点值（元）", "point value, yuan"), scale=alt.Scale(zero=False)),
                color=alt.Color("pool:N", title=words("基金池", "pool")),
            )
        )
        return _finished(chart.properties(width=460), words("点值走势", "Point values"))


class WeightsPlots:
    """Charts of weights, each an `altair.Chart`."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights

    def old_new(self) -> alt.Chart:
        """Weights as they were against weights as they are now, a dot a group; on the line nothing changed.

        Raises
        ------
        ValueError
            When the rules name no weights of the year before.
        """
        alt = altair()
        changes = self._weights.table("changes").drop_nulls(["previous", "value"])
        if changes.is_empty():
            raise ValueError(said("no_earlier_weights"))
        dots = (
            _chart(changes)
            .mark_circle(opacity=0.7, color="#4c78a8")
            .encode(
                x=alt.X("previous:Q", title=words("原权重", "before")),
                y=alt.Y("value:Q", title=words("新权重", "now")),
                size=alt.Size("cases:Q", title=words("病例数", "cases")),
                tooltip=["drg:N", "previous:Q", "value:Q", "cases:Q"],
            )
        )
        top = _float(changes.select(pl.max_horizontal("previous", "value").max()).item())
        ends = pl.DataFrame({"previous": [0.0, top], "value": [0.0, top]})
        line = _chart(ends).mark_line(color="#999", strokeDash=[4, 4]).encode(x="previous:Q", y="value:Q")
        return _finished(line + dots, words("新旧权重对照", "Weights, before and now"))


TEN_THOUSANDS = "format(datum.value / 10000, ',')"
"""How an axis writes large amounts."""
KINDS = ["total", "more", "less"]


def _float(value: Any) -> float:
    return float(value) if value is not None else 0.0


def _lines(cases: pl.DataFrame) -> pl.DataFrame:
    """Mean cost and outlier lines of the cases of a group, in yuan."""
    known = cases.drop_nulls("mean_cost")
    if known.is_empty():
        return pl.DataFrame(schema={"line": pl.String, "at": pl.Float64})
    first = known.row(0, named=True)
    found = {words("例均费用", "mean"): first["mean_cost"]}
    named = {"low_line": words("低倍率线", "low line"), "high_line": words("高倍率线", "high line")}
    for column, line in named.items():
        if first[column] is not None:
            found[line] = first["mean_cost"] * first[column]
    return pl.DataFrame({"line": list(found), "at": list(found.values())})


def _steps(month: Settled) -> list[tuple[str, float, float, str]]:
    """The bars of the waterfall."""
    totals = {name: _float(value) for name, value in month.totals.items()}
    lang: Lang = language()
    bars = [(words("收到病例费用", "bills received"), 0.0, totals["medfee_in"], "total")]
    level = totals["medfee_in"]
    for part in ["rejected", "left_out", "excluded", "unpaid"]:
        amount = totals.get(f"medfee_{part}", 0.0)
        if amount:
            bars.append((_native.word(f"claims_{part}", lang), level, level - amount, "less"))
            level -= amount
    paid = month.table("claims").filter(pl.col("state") == "paid")
    for column, name in {
        "psn_pay": words("个人支付", "patients"),
        "oth_fund_pay": words("其他基金", "other funds"),
    }.items():
        amount = _float(paid[column].sum())
        bars.append((name, level, level - amount, "less"))
        level -= amount
    due = totals["due"]
    bars.append((words("付费差额", "by pricing"), level, due, "more" if due >= level else "less"))
    bars.append((words("应付", "due"), 0.0, due, "total"))
    return bars
