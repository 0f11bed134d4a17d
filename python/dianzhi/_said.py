"""Everything the package says by itself, in Chinese and English: texts of ValueError, TypeError, KeyError and the like.

What the engine finds wrong with data is told by its catalogue of problems, as `DianzhiError`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final, Literal, TypeVar

Lang = Literal["zh", "en"]
"""Chinese or English."""

Table = TypeVar("Table")

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "lang": ("lang 须为 'zh' 或 'en'，不能是 {given}", "lang is 'zh' or 'en', not {given}"),
    # Periods and options.
    "period": (
        "{given} 不是期间：月份写 2026-03，年度写 2026",
        "{given} is not a period: write 2026-03 for a month, 2026 for a year",
    ),
    "period_type": (
        "期间写成文本，如 '2026-03'（年度也可写整数 2026），不能是 {given}",
        "a period is a text such as '2026-03', a year also the number 2026, not {given}",
    ),
    "month": ("须为月份，如 2026-03，不能是 {given}", "a month is needed, such as 2026-03, not {given}"),
    "year": ("须为年度，如 2026，不能是 {given}", "a year is needed, such as 2026, not {given}"),
    "day": ("on 须为日期，如 2026-03-01，不能是 {given}", "on is a day such as 2026-03-01, not {given}"),
    "float_money": ("float_money 须为 {known} 之一，不能是 {given}", "float_money is one of {known}, not {given}"),
    "close_over": ("close_over 须为 1 至 50 年", "close_over is 1 to 50 years"),
    "growth": ("growth 须为高于 -100%、不超过 1000% 的比率", "growth is a rate above -100% to 1000%"),
    "subject": (
        "what 须为 claim、institution、consortium、pool、award、recognition 之一，不能是 {given}",
        "what is one of claim, institution, consortium, pool, award, recognition, not {given}",
    ),
    # Names.
    "no_table": ("没有表 {given}；有：{known}", "there is no table {given}; there are: {known}"),
    "no_rule": ("政策包中没有规则 {given}；有：{known}", "no pack has a rule {given}; there are: {known}"),
    # Frames.
    "series": (
        "Series 只有一列，这里需要整行：请用 .to_frame()",
        "a Series is one column; rows are needed: use .to_frame()",
    ),
    "pandas_series": (
        "pandas 的 {given} 不是整行的表：请给 DataFrame",
        "a pandas {given} is no frame of rows: give a DataFrame",
    ),
    "no_frame": (
        "{given} 不是数据表：请给 polars、pandas、pyarrow 或 DuckDB 的表，或任何有 __arrow_c_stream__ 的对象",
        "{given} is no frame: give one of polars, pandas, pyarrow or DuckDB, or anything with __arrow_c_stream__",
    ),
    "path": (
        "这里需要数据表，不是文件：请先读入 {given}，"
        "如 polars.read_parquet(文件) 或 polars.read_csv(文件, infer_schema=False)",
        "rows are needed here, not a file: read {given} first, "
        "with polars.read_parquet(file) or polars.read_csv(file, infer_schema=False)",
    ),
    "pandas_needs_pyarrow": (
        "读取 pandas 的表需要 pyarrow：pip install 'dianzhi[pandas]'",
        "frames of pandas are read by pyarrow: pip install 'dianzhi[pandas]'",
    ),
    "pandas_unread": ("pyarrow 读不了这个 pandas 表：{why}", "pyarrow cannot read this pandas frame: {why}"),
    "claims_kind": ("病例须为文件（一个或几个），或一张表", "claims are files, or one frame"),
    "forms_kind": (
        "填报表须为文件、一张表，或以表名为键的几张表",
        "forms are files, a frame, or frames by the names of the forms",
    ),
    "no_forms": (
        "没有填报表：请给填好的工作簿（dianzhi template awards），或事件表",
        "there are no forms: give the filled-in workbook (dianzhi template awards), or a frame of events",
    ),
    "no_accounts": (
        "没有账户：请给填好的工作簿（dianzhi template fiscal），或账户表",
        "there are no accounts: give the filled-in workbook (dianzhi template fiscal), or a frame",
    ),
    "claim_fields": ("这不是一例病例的各字段：{why}", "not the fields of a claim: {why}"),
    "no_stream": ("__arrow_c_stream__ 没有给出 Arrow 数据流", "no Arrow stream was offered"),
    "stream_read": ("这个 Arrow 数据流已经读过一次", "this Arrow stream was read before"),
    "no_columns": ("不是由列组成的表：{why}", "not a frame of columns: {why}"),
    "other_columns": ("后面的表与第一张的列不同", "a later frame has other columns than the first"),
    "nothing": ("没有表", "no frame"),
    # Scenarios.
    "frames_unnamed": (
        "以表交入的数据不能写进测算文件：请改用文件",
        "frames cannot be named in a file: hand in files",
    ),
    "pack_name": (
        "请给政策包或分组方案的文件或名称，不能是 {given}",
        "give the file or the name of a pack or scheme, not a {given}",
    ),
    "value": (
        "{path}：请给整数、Decimal 或文本（如 '0.95'），不能是 {given}（二进制小数不精确）",
        "{path}: give a whole number, a Decimal or a text such as '0.95', not {given} (binary fractions are inexact)",
    ),
    "pair": (
        "{path}：请给低值与高值两个，如 ('0.95', '1.05')，不能是 {given}",
        "{path}: give a low and a high value, such as ('0.95', '1.05'), not {given}",
    ),
    "several": (
        "{path}：请给几个值的列表，如 ['0.85', '0.95']，不能是 {given}",
        "{path}: give a list of values, such as ['0.85', '0.95'], not {given}",
    ),
    # Charts.
    "altair": (
        "画图需要 altair：pip install 'dianzhi[plot]'",
        "charts are drawn by altair: pip install 'dianzhi[plot]'",
    ),
    "not_a_month": (
        "{period} 的病例表缺少 {columns}：这张图只能由月份画出",
        "the claims of {period} lack {columns}: draw this of a month",
    ),
    "no_case": ("{given} 没有付费病例", "no paid case in {given}"),
    "no_earlier_weights": (
        "规则没有给出上一年权重（weight_previous）",
        "the rules name no earlier weights: weight_previous",
    ),
    "no_reading": ("其他口径都不改变总额", "no other reading changes the total"),
    "nothing_paid": ("没有任何奖补", "nothing is paid"),
    "floors_met": ("各条底线都已达标", "every floor is met"),
    "no_plan": ("没有要求分年补足：close_over", "no plan was asked for: close_over"),
    "no_scenario": ("没有单独命名的情景", "no scenario has a name of its own"),
    "no_tornado": (
        "没有名为 {given} 的敏感性分析：Scenario.sensitivity",
        "no sensitivity table is called {given}: Scenario.sensitivity",
    ),
    "nobody": ("没有得失变化", "nobody gains or loses"),
    "no_projection": (
        "没有名为 {given} 的多年测算：Scenario.project",
        "no projection is called {given}: Scenario.project",
    ),
}
"""By name: Chinese, English; `{field}` where a value goes."""


def language() -> Lang:
    """The language of messages where none is asked for: that of the environment variable DIANZHI_LANG, else Chinese."""
    return "en" if os.environ.get("DIANZHI_LANG", "").lower().startswith("en") else "zh"


def lang_of(asked: Lang | None) -> Lang:
    """The language asked for, or the usual one.

    Raises
    ------
    ValueError
        When it is neither `zh` nor `en`.
    """
    lang = asked or language()
    if lang not in ("zh", "en"):
        raise ValueError(said("lang", given=repr(asked)))
    return lang


def held(tables: Mapping[str, Table], name: str) -> Table:
    """A table by its name.

    Raises
    ------
    KeyError
        When there is none of the name; those that are there are told.
    """
    if name not in tables:
        raise KeyError(said("no_table", given=repr(name), known=", ".join(sorted(tables))))
    return tables[name]


def period_text(given: object) -> str:
    """A period as it is written; a year may be a whole number.

    Raises
    ------
    TypeError
        When it is neither a text nor a whole number.
    """
    if isinstance(given, str):
        return given
    if isinstance(given, int) and not isinstance(given, bool):
        return str(given)
    raise TypeError(said("period_type", given=repr(given)))


def year_text(given: object | None) -> str | None:
    """As `period_text`; nothing where nothing is given."""
    return None if given is None else period_text(given)


def said(name: str, lang: Lang | None = None, **values: object) -> str:
    """A text in the language asked for, else that of DIANZHI_LANG, else Chinese.

    Examples
    --------
    >>> said("month", "en", given="'2026'")
    "a month is needed, such as 2026-03, not '2026'"
    """
    zh, en = TEXTS[name]
    return (en if lang_of(lang) == "en" else zh).format(**values)
