"""Results as HTML: short tables for notebooks, whole pages that open without a network."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from . import _native
from ._errors import Lang

FONTS = "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','WenQuanYi Micro Hei',sans-serif"
"""Fonts with Chinese letters, of Linux, Windows and macOS."""

STYLE = f"""
body{{font-family:{FONTS};margin:2em auto;max-width:75em;padding:0 1em;color:#222}}
h1{{font-size:1.5em}} h2{{font-size:1.15em;margin-top:2em;border-bottom:1px solid #ccc}}
table{{border-collapse:collapse;font-size:.85em;margin:.5em 0}}
th,td{{padding:.2em .6em;border-bottom:1px solid #e4e4e4;text-align:left;white-space:nowrap}}
th{{background:#f4f4f4}} td.n{{text-align:right;font-variant-numeric:tabular-nums}}
.wide{{overflow-x:auto}} .note{{color:#666;font-size:.85em}} .mark{{color:#a40000;font-weight:bold}}
.chart{{margin:1em 0}}
"""


def table(frame: pl.DataFrame, lang: Lang, rows: int = 10) -> str:
    """The first rows of a frame, with headings in the language of the reader."""
    heads = "".join(f"<th>{html.escape(_native.heading(name, lang))}</th>" for name in frame.columns)
    lines = []
    for row in frame.head(rows).iter_rows():
        cells = (_cell(value, dtype, lang) for value, dtype in zip(row, frame.dtypes, strict=True))
        lines.append(f"<tr>{''.join(cells)}</tr>")
    more = frame.height - rows
    note = {"zh": f"……另有 {more} 行，共 {frame.height} 行", "en": f"… {more} rows more, {frame.height} in all"}[lang]
    below = f'<div class="note" style="color:#666">{note}</div>' if more > 0 else ""
    return f'<div class="wide"><table><tr>{heads}</tr>{"".join(lines)}</table></div>{below}'


def _cell(value: object, dtype: pl.DataType, lang: Lang) -> str:
    if value is None:
        return "<td></td>"
    if dtype.is_numeric():
        return f'<td class="n" style="text-align:right">{value:,}</td>'
    if isinstance(value, str):
        return f"<td>{html.escape(_native.word(value, lang))}</td>"
    return f"<td>{html.escape(str(value))}</td>"


def facts(pairs: Mapping[str, str]) -> str:
    """Names and values, a line each."""
    lines = (
        f'<tr><th style="text-align:left">{html.escape(name)}</th><td>{html.escape(value)}</td></tr>'
        for name, value in pairs.items()
    )
    return f"<table>{''.join(lines)}</table>"


def page(title: str, parts: Iterable[str], lang: Lang, charts: Mapping[str, dict[str, Any]]) -> str:
    """A page of its own: styles, charts and their program are in it, and nothing is fetched."""
    shown = "".join(
        f'<h2>{html.escape(name)}</h2><div class="chart" id="chart{number}"></div>'
        for number, name in enumerate(charts)
    )
    return (
        f'<!DOCTYPE html><html lang="{"zh-CN" if lang == "zh" else "en"}"><head><meta charset="utf-8">'
        f"<title>{html.escape(title)}</title><style>{STYLE}</style></head><body><h1>{html.escape(title)}</h1>"
        f"{''.join(parts)}{shown}{_script(charts)}</body></html>"
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
    "waterfall": ("从病例费用到应付", "From bills to what is due"),
    "balance": ("各机构结余与超支", "Surplus and overrun"),
    "hospitals": ("CMI 与费用消耗指数", "Case mix and cost"),
    "drg_costs": ("病组费用分布", "Bills of the largest group"),
    "concentration": ("费用集中度", "Concentration of bills"),
    "old_new": ("新旧权重对照", "Weights, before and now"),
}
