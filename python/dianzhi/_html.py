"""Results as HTML: short tables for notebooks, whole pages that open without a network."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from . import _native
from ._said import Lang

FONTS = "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','WenQuanYi Micro Hei',sans-serif"
"""Fonts with Chinese letters, of Linux, Windows and macOS."""

STYLE = f"""
body{{font-family:{FONTS};margin:2em auto;max-width:75em;padding:0 1em;color:#222}}
h1{{font-size:1.5em}} h2{{font-size:1.15em;margin-top:2em;border-bottom:1px solid #ccc}}
table{{border-collapse:collapse;font-size:.85em;margin:.5em 0}}
th,td{{padding:.2em .6em;border-bottom:1px solid #e4e4e4;text-align:left;white-space:nowrap}}
th{{background:#f4f4f4}} td.t{{white-space:normal;min-width:24em;max-width:36em}}
td.n{{text-align:right;font-variant-numeric:tabular-nums}}
.wide{{overflow-x:auto}} .note{{color:#666;font-size:.85em}} .mark{{color:#a40000;font-weight:bold}}
.chart{{margin:1em 0}}
"""


LONG = 28
"""From how many characters on a text may break into lines."""


def table(frame: pl.DataFrame, lang: Lang, rows: int = 10, topic: str = "insurance") -> str:
    """The first rows of a frame, with headings in the language of the reader."""
    heads = "".join(f"<th>{html.escape(_native.heading(name, lang, topic))}</th>" for name in frame.columns)
    lines = []
    for row in frame.head(rows).iter_rows():
        typed = zip(row, frame.columns, frame.dtypes, strict=True)
        cells = (_cell(value, name, dtype, lang, topic) for value, name, dtype in typed)
        lines.append(f"<tr>{''.join(cells)}</tr>")
    more = frame.height - rows
    note = {"zh": f"……另有 {more} 行，共 {frame.height} 行", "en": f"… {more} rows more, {frame.height} in all"}[lang]
    below = f'<div class="note" style="color:#666">{note}</div>' if more > 0 else ""
    return f'<div class="wide"><table><tr>{heads}</tr>{"".join(lines)}</table></div>{below}'


def _cell(value: object, name: str, dtype: pl.DataType, lang: Lang, topic: str) -> str:
    if value is None:
        return "<td></td>"
    # 2,026 is no year.
    if dtype.is_numeric() and name != "year":
        return f'<td class="n" style="text-align:right">{value:,}</td>'
    if isinstance(value, str):
        long = ' class="t"' if len(value) > LONG else ""
        return f"<td{long}>{html.escape(_native.word(value, lang, topic, name))}</td>"
    return f"<td>{html.escape(str(value))}</td>"


def facts(pairs: Mapping[str, str]) -> str:
    """Names and values, a line each."""
    lines = (
        f'<tr><th style="text-align:left">{html.escape(name)}</th><td>{html.escape(value)}</td></tr>'
        for name, value in pairs.items()
    )
    return f"<table>{''.join(lines)}</table>"


def page(
    title: str, head: Iterable[str], tables: Iterable[str], lang: Lang, charts: Mapping[str, dict[str, Any]]
) -> str:
    """A page of its own: styles, charts and their program are in it, and nothing is fetched."""
    shown = "".join(
        f'<h2>{html.escape(name)}</h2><div class="chart" id="chart{number}"></div>'
        for number, name in enumerate(charts)
    )
    return (
        f'<!DOCTYPE html><html lang="{"zh-CN" if lang == "zh" else "en"}"><head><meta charset="utf-8">'
        f"<title>{html.escape(title)}</title><style>{STYLE}</style></head><body><h1>{html.escape(title)}</h1>"
        f"{''.join(head)}{shown}{''.join(tables)}{_script(charts)}</body></html>"
    )


def _script(charts: Mapping[str, dict[str, Any]]) -> str:
    if not charts:
        return ""
    import vl_convert

    specs = json.dumps(list(charts.values()), ensure_ascii=False).replace("</", "<\\/")
    draw = 'specs.forEach((spec, n) => vegaEmbed("#chart" + n, spec, {actions: false, renderer: "svg"}));'
    program = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return f"<script>{program}</script><script>{{const specs = {specs};{draw}}}</script>"


def escaped(text: str) -> str:
    """A text that may stand in HTML."""
    return html.escape(text)


def named(part: str, lang: Lang) -> str:
    """What people call a table, a chart or a part of a page; its own name where they have none for it."""
    words = _PARTS.get(part)
    return part if words is None else words[0 if lang == "zh" else 1]


_PARTS = {
    "claims": ("病例", "Claims"),
    "stays": ("住院信息", "Stays"),
    "entries": ("分录", "Entries"),
    "rejects": ("退回与剔除", "Rejects"),
    "rules": ("规则", "Rules"),
    "corrections": ("更正", "Corrections"),
    "numbers": ("点值与数量", "Point values and counts"),
    "amounts": ("金额明细", "Amounts"),
    "drawn": ("抽样值", "Values drawn"),
    "left_out": ("排除的病例", "Left out"),
    "levels": ("等级系数", "Levels"),
    "pools": ("点值", "Point values"),
    "institutions": ("医疗机构", "Institutions"),
    "consortia": ("医共体与城市医疗集团", "Consortia"),
    "members": ("医共体成员", "Members of consortia"),
    "reserves": ("调剂金", "Reserves"),
    "placeholders": ("没有文件依据的参数", "Parameters without a source"),
    "provenance": ("依据", "Made of"),
    "weights": ("权重", "Weights"),
    "changes": ("新旧权重", "Weights, before and now"),
    "summary": ("概要", "Summary"),
    "recognition_institutions": ("各机构互认应付", "Recognition by institution"),
    "recognition": ("互认记录", "Recognitions"),
    "treasuries": ("各级财政应拨", "What each treasury pays"),
    "places": ("各地获奖主体所得", "What each place gets"),
    "awards": ("奖补", "Awards"),
    "award_refusals": ("未奖补或待付", "Not paid"),
    "award_alternatives": ("若改用其他口径", "Under other readings"),
    "alternatives": ("其他口径下的总额之差", "Change under other readings"),
    "floor_governments": ("各级政府", "Governments"),
    "floors": ("投入底线", "Floors of spending"),
    "floor_plan": ("分年补足缺口", "Closing the gaps"),
    "gaps": ("投入底线缺口", "Gaps"),
    "plan": ("分年补足缺口", "Closing the gaps"),
    "scenarios": ("情景汇总", "Scenarios"),
    "tornado": ("敏感性", "Sensitivity"),
    "winners_losers": ("谁增谁减", "Winners and losers"),
    "winners": ("增减明细", "Who gains and who loses"),
    "goals": ("目标求解", "Goals"),
    "percentiles": ("分位数", "Percentiles"),
    "projection": ("多年预测", "Projection"),
    "waterfall": ("从病例费用到应付", "From bills to what is due"),
    "balance": ("各机构结余与超支", "Surplus and overrun"),
    "hospitals": ("CMI 与费用消耗指数", "Case mix and cost"),
    "drg_costs": ("病组费用分布", "Bills of the largest group"),
    "concentration": ("费用集中度", "Concentration of bills"),
    "old_new": ("新旧权重对照", "Weights, before and now"),
}
