"""What results have in common: tables, a workbook, a page."""

from __future__ import annotations

import os
import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import polars as pl

from . import _html, _native
from ._said import Lang, lang_of

if TYPE_CHECKING:
    import altair as alt

PathLike: TypeAlias = "str | os.PathLike[str]"


class Result:
    """Tables that a run made, with what they rest on. In a notebook it shows itself."""

    _SHOWN: ClassVar[tuple[str, ...]] = ()
    """Tables that displays and pages show, in this order."""

    _TOPIC: ClassVar[str] = "insurance"
    """Whose words name columns and codes."""

    @property
    def tables(self) -> list[str]:
        """Names for `table`."""
        raise NotImplementedError

    def table(self, name: str) -> pl.DataFrame:
        """A table of the result; amounts are decimals in yuan."""
        raise NotImplementedError

    def title(self, lang: Lang | None = None) -> str:
        """What the result is, in a line."""
        raise NotImplementedError

    def provenance(self) -> dict[str, str]:
        """What the result was made of: name and value."""
        raise NotImplementedError

    def _charts(self) -> dict[str, alt.Chart]:
        return {}

    def _words(self, lang: Lang) -> dict[str, str]:
        """Totals, with their names in the language of the reader."""
        return {}

    def _marks(self, lang: Lang) -> list[str]:
        """What must be said above everything else."""
        return []

    def _shown(self) -> list[str]:
        held = set(self.tables)
        return [name for name in self._SHOWN if name in held]

    def to_excel(self, path: PathLike, *, tables: list[str] | None = None, lang: Lang | None = None) -> Path:
        """Write a workbook (.xlsx): a sheet of totals and provenance, then a sheet a table.

        Amounts are numbers with two decimals, and exact up to 10¹³ yuan; beside the totals stands their exact text.

        Parameters
        ----------
        path
            The file.
        tables
            Which tables; all but those of single claims when not said.
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
        lang = lang_of(lang)
        wanted = tables if tables is not None else [name for name in self.tables if name not in ("claims", "stays")]
        title = self.title(lang)
        first = {"zh": "概要", "en": "Overview"}[lang]
        words, totals = _totals(self._words(lang), lang)
        facts = list({**words, **self.provenance()}.items())
        sheets: list[tuple[str, str, list[tuple[str, str]], list[tuple[str, object]]]] = [(first, title, facts, totals)]
        sheets += [
            (_html.named(name, lang)[:31], title, [], [(_html.named(name, lang), _storable(self.table(name)))])
            for name in wanted
        ]
        _native.workbook(sheets, path, lang)
        return Path(path)

    def to_html(self, path: PathLike | None = None, *, rows: int = 200, lang: Lang | None = None) -> str:
        """A page of its own: it opens in any browser without a network, with charts where altair is installed.

        Parameters
        ----------
        path
            Where the page is written too, when said.
        rows
            How many rows of each table it shows.
        lang
            `zh` or `en`; the language of DIANZHI_LANG, else Chinese, when not said.

        Returns
        -------
        str
            The page.
        """
        lang = lang_of(lang)
        head = [f'<p class="mark">{mark}</p>' for mark in self._marks(lang)]
        head.append(_html.facts(self._words(lang)))
        parts: list[str] = []
        for name in self._shown():
            parts += [f"<h2>{_html.named(name, lang)}</h2>", _html.table(self.table(name), lang, rows, self._TOPIC)]
        parts += [f"<h2>{_html.named('provenance', lang)}</h2>", _html.facts(self.provenance())]
        page = _html.page(self.title(lang), head, parts, lang, self._specs())
        if path is not None:
            Path(path).write_text(page, encoding="utf-8")
        return page

    def _specs(self) -> dict[str, dict[str, Any]]:
        try:
            import altair  # noqa: F401
            import vl_convert  # noqa: F401
        except ImportError:
            return {}
        return {_html.named(name, lang_of(None)): chart.to_dict() for name, chart in self._charts().items()}

    def _repr_html_(self) -> str:
        lang = lang_of(None)
        parts = [f"<b>{_html.escaped(self.title(lang))}</b>"]
        parts += [f'<div style="color:#a40000"><b>{mark}</b></div>' for mark in self._marks(lang)]
        parts.append(_html.facts(self._words(lang)))
        parts += [_html.table(self.table(name), lang, 8, self._TOPIC) for name in self._shown()[:2]]
        made = " · ".join(f"{name} {value[:16]}" for name, value in self.provenance().items())
        parts.append(f'<div style="color:#666;font-size:.85em">{_html.escaped(made)}</div>')
        return "".join(parts)


_NUMBER = re.compile(r"-?[0-9,]+(\.[0-9]{2,4})?")


def _totals(words: dict[str, str], lang: Lang) -> tuple[dict[str, str], list[tuple[str, object]]]:
    """What is no number; and tables of counts and of amounts, numbers with a format beside the exact texts."""
    zh = lang == "zh"
    item, control = ("项目", "控制总数") if zh else ("Item", "Control total")
    heads = {0: "数量" if zh else "Number", 2: "金额(元)" if zh else "Amount, yuan", 4: "点数" if zh else "Points"}
    found: dict[int, list[tuple[str, Decimal, str]]] = {}
    texts = {}
    for name, text in words.items():
        places = len(text.partition(".")[2])
        if _NUMBER.fullmatch(text) and places in heads:
            exact = text.replace(",", "")
            found.setdefault(places, []).append((name, Decimal(exact), exact))
        else:
            texts[name] = text
    tables: list[tuple[str, object]] = []
    for places, rows in sorted(found.items()):
        number = pl.Decimal(18, places) if places else pl.Int64()
        schema = {item: pl.String(), heads[places]: number, control: pl.String()}
        values = [(name, value if places else int(value), exact) for name, value, exact in rows]
        tables.append((heads[places], pl.DataFrame(values, schema=schema, orient="row")))
    return texts, tables


def _storable(frame: pl.DataFrame) -> pl.DataFrame:
    """Columns that a sheet can hold."""
    lists = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.List)]
    return frame.with_columns(pl.col(name).cast(pl.List(pl.String)).list.join(" ") for name in lists)
