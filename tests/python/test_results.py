"""Results as pages, workbooks and charts."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import dianzhi
import polars as pl
import pytest
from dianzhi import _html

pytestmark = pytest.mark.filterwarnings("ignore::dianzhi.DianzhiWarning")
CHARTS = ["waterfall", "balance", "hospitals", "drg_costs", "concentration"]


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> dianzhi.Month:
    scheme = dianzhi.Scheme.load("demo")
    policy = dianzhi.Policy.load("demo", scheme)
    book = dianzhi.Book(tmp_path_factory.mktemp("results") / "book")
    return book.settle_month(scheme, policy, dianzhi.synth(scheme, 3000, seed=7), "2026-03")


@pytest.fixture
def _chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIANZHI_LANG", "zh")


@pytest.mark.usefixtures("_chinese")
@pytest.mark.parametrize("name", CHARTS)
def test_charts_are_drawn_offline_in_chinese(month: dianzhi.Month, name: str) -> None:
    import vl_convert

    spec = getattr(month.plot, name)().to_dict()
    drawing = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    title = spec["title"] if isinstance(spec["title"], str) else spec["title"]["text"]
    assert re.search("[\u4e00-\u9fff]", title)
    assert title in drawing
    assert "Noto Sans CJK SC" in spec["config"]["font"]


def test_charts_show_what_the_tables_hold(month: dianzhi.Month) -> None:
    steps = month.plot.waterfall().to_dict()
    [bars] = [data for data in [steps["data"]["values"]] if data]
    assert bars[0]["to"] == float(month.totals["medfee_in"])
    assert bars[-1]["to"] == float(month.totals["due"])
    # Each bar begins where the one before ends.
    assert [bar["from"] for bar in bars[2:-1]] == [bar["to"] for bar in bars[1:-2]]
    balance = month.plot.balance().to_dict()["data"]["values"]
    claims = month.claims.filter(state="paid")
    fund = claims["medfee_sumamt"].sum() - claims["psn_pay"].sum() - claims["oth_fund_pay"].fill_null(0).sum()
    assert abs(sum(bar["balance"] for bar in balance) - float(claims["due"].sum() - fund)) < 0.5
    biggest = month.plot.drg_costs().to_dict()
    counts = claims.group_by("drg").len().sort("len", "drg", descending=[True, False])
    assert sum(bar["cases"] for bar in biggest["layer"][0]["data"]["values"]) == counts["len"][0]
    curve = month.plot.concentration().to_dict()["layer"][1]["data"]["values"]
    assert (curve[0]["bills"], curve[-1]["bills"]) == (0.0, 1.0)
    assert all(point["bills"] <= point["units"] + 1e-9 for point in curve)
    with pytest.raises(ValueError, match="ZZ99"):
        month.plot.drg_costs("ZZ99")
    values = month.book.plot.point_values().to_dict()["data"]["values"]
    assert {row["period"] for row in values} == {"2026-03"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_page_needs_nothing_else(
    month: dianzhi.Month, tmp_path: Path, lang: dianzhi.Lang, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIANZHI_LANG", lang)
    page = month.to_html(tmp_path / "month.html", lang=lang)
    assert (tmp_path / "month.html").read_text(encoding="utf-8") == page
    assert not re.search(r"<(?:script|img|iframe)[^>]*\ssrc=|<link|@import|url\(http", page.split("<script>")[0])
    assert "<script src" not in page
    assert page.count('class="chart"') == len(CHARTS)
    due = month.pools["due"][0]
    assert f"{due:,}" in page
    assert {"zh": "模拟：依据草案", "en": "must not be paid"}[lang] in page
    assert month.provenance()["manifest"] in page


def test_notebooks_get_a_short_table(month: dianzhi.Month) -> None:
    shown = month._repr_html_()
    assert len(shown) < 20_000
    assert month.provenance()["manifest"][:16] in shown
    assert "2026-03" in shown


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_workbooks_hold_the_tables(month: dianzhi.Month, tmp_path: Path, lang: dianzhi.Lang) -> None:
    path = month.to_excel(tmp_path / "month.xlsx", lang=lang)
    with zipfile.ZipFile(path) as book:
        sheets = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
        texts = book.read("xl/sharedStrings.xml").decode()
    assert sheets == [
        {"zh": "概要", "en": "Overview"}[lang],
        *[_html.named(t, lang) for t in month.tables if t not in ("claims", "stays")],
    ]
    assert {"zh": "应付(元)", "en": "Due"}[lang] in texts
    assert month.provenance()["manifest"] in texts
    with pytest.raises(dianzhi.FileError):
        month.to_excel(tmp_path / "no" / "month.xlsx")
    with pytest.raises(dianzhi.FileError, match="F006"):
        month.to_excel(tmp_path / "month.csv")
    chosen = month.to_excel(tmp_path / "claims.xlsx", tables=["claims"])
    assert chosen.stat().st_size > 10_000


def test_totals_of_the_overview_are_numbers(month: dianzhi.Month, tmp_path: Path) -> None:
    with zipfile.ZipFile(month.to_excel(tmp_path / "month.xlsx")) as book:
        overview = book.read("xl/worksheets/sheet1.xml").decode()
        texts = book.read("xl/sharedStrings.xml").decode()
    numbers = {float(number) for number in re.findall(r'<c r="B\d+" s="\d+"><v>([^<]+)</v>', overview)}
    for name in ("claims_in", "claims_paid", "due"):
        assert float(month.totals[name]) in numbers, name
        assert f">{month.totals[name]}<" in texts, "the control total is exact text"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nouns_show_themselves(
    month: dianzhi.Month, demo: dianzhi.Scheme, tmp_path: Path, lang: dianzhi.Lang, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIANZHI_LANG", lang)
    assert "MDC" in demo._repr_html_()
    shown = month.book._repr_html_()
    assert {"zh": "未关账", "en": "open"}[lang] in shown
    assert {"zh": "期间", "en": "Period"}[lang] in shown
    assert month.period in shown
    assert "none" in dianzhi.Book(tmp_path / "none")._repr_html_(), "a book that is not there yet"


def test_without_altair_pages_have_no_charts(month: dianzhi.Month, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "altair", None)
    assert 'class="chart"' not in month.to_html()
    with pytest.raises(ImportError, match=r"dianzhi\[plot\]"):
        month.plot.waterfall()


PACK = """
id = "example"
title = "example"
place = "X"
valid_from = 2026-01-01
[rules.years]
kind = "weight_years.means"
years = { "2026" = 1 }
placeholder = "example"
[rules.formula]
kind = "weight_formula.ratio"
scale = 100
placeholder = "example"
[rules.stable]
kind = "weight_stability.cv"
placeholder = "example"
[rules.few]
kind = "weight_few.below"
cases = 5
then = ["own"]
placeholder = "example"
"""


def test_weights_of_claims(tmp_path: Path) -> None:
    scheme = dianzhi.Scheme.load("demo")
    claims = dianzhi.synth(scheme, 3000, seed=2, bad_share="0")
    pack = tmp_path / "first.toml"
    pack.write_text(PACK)
    first = dianzhi.weights(scheme, pack, claims)
    table = first.weights
    kept = table.filter(pl.col("weight").is_not_null())
    # Σ RW·n = n of the pool, but for the rounding of each weight to four decimals.
    total = sum(weight * cases for weight, cases in kept.select("weight", "cases").iter_rows())
    assert abs(total - table["cases"].sum()) < table["cases"].sum() / 10_000
    assert first.pack == "example"
    with pytest.raises(ValueError, match="weight_previous"):
        first.plot.old_new()
    kept.select("drg", "weight").write_csv(tmp_path / "old.csv")
    previous = '[rules.previous]\nkind = "weight_previous.table"\ntable = "old.csv"\nplaceholder = "example"\n'
    pack.write_text(PACK + previous)
    second = dianzhi.weights(scheme, pack, dianzhi.synth(scheme, 3000, seed=3, bad_share="0").lazy())
    dots = json.dumps(second.plot.old_new().to_dict())
    assert second.table("changes").drop_nulls("previous").height > 50
    assert "previous" in dots
    assert "example" in second._repr_html_()
    assert second.to_excel(tmp_path / "weights.xlsx").is_file()
    assert 'class="chart"' in second.to_html()
    with pytest.raises(dianzhi.DianzhiError):
        dianzhi.weights(scheme, "demo", claims)
    with pytest.raises(ValueError, match="day"):
        dianzhi.weights(scheme, pack, claims, on="tomorrow")
