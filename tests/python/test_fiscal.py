"""Awards and floors of fiscal money, by the package."""

from __future__ import annotations

import datetime
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import dianzhi
import pandas as pd
import polars as pl
import pytest

pytestmark = pytest.mark.filterwarnings("ignore::dianzhi.DianzhiWarning")
YUAN = Decimal("1.00")


def program(*words: object) -> None:
    path = Path(sys.executable).parent / "dianzhi"
    subprocess.run([path, *map(str, words)], check=True, capture_output=True)


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template of awards, with its invented events."""
    path = tmp_path_factory.mktemp("awards") / "awards.xlsx"
    program("template", "awards", "--example", "-o", path)
    return path


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template of accounts, with its invented figures."""
    path = tmp_path_factory.mktemp("accounts") / "accounts.xlsx"
    program("template", "fiscal", "--example", "-o", path)
    return path


def event(number: str, achievement: str, named: datetime.date, **more: str) -> dict[str, object]:
    base = {"event_id": number, "achievement": achievement, "subject_id": "H1", "subject_name": "县医院"}
    base |= {"subject_kind": "institution", "place": "通江县", "ownership": "public", "grade": None}
    return {**base, "named": named, **more}


def events() -> pl.DataFrame:
    """A county hospital becomes tertiary-A (1,000,000 by A8) and gets three stars (1,000,000 by A11)."""
    return pl.DataFrame(
        [
            event("E1", "hospital_grade", datetime.date(2025, 3, 1), grade="三级甲等"),
            event("E2", "smart_hospital", datetime.date(2025, 9, 1), grade="三星"),
        ]
    )


PAID = {"payment_id": "V1", "event_id": "E1", "place": "通江县", "date": "2025-06-01"}


def payments() -> pl.DataFrame:
    """The county has paid all of the first, so that the city adds 10 % of it."""
    return pl.DataFrame([{**PAID, "amount": Decimal("1000000.00")}])


def test_frames_in_every_shape_give_the_same(tmp_path: Path) -> None:
    whole = dianzhi.award("bazhong_awards", {"events": events(), "payments": payments()})
    net = {"通江县": Decimal("2000000.00"), "巴中市": Decimal("100000.00")}
    assert dict(whole.treasuries.select("treasury", "net").rows()) == net
    assert whole.totals["amount"] == "2100000.00"
    pandas = events().to_pandas()
    assert isinstance(pandas, pd.DataFrame)
    events().write_csv(tmp_path / "events.csv")
    payments().write_csv(tmp_path / "payments.csv")
    for again in [
        dianzhi.award("bazhong_awards", events(), payments=payments()),
        dianzhi.award("bazhong_awards", events=events().lazy(), payments=payments().to_arrow()),
        dianzhi.award("bazhong_awards", pandas, payments=payments()),
        dianzhi.award("bazhong_awards", tmp_path),
        dianzhi.award("bazhong_awards", [tmp_path / "events.csv", tmp_path / "payments.csv"]),
    ]:
        assert again.entries.equals(whole.entries)
    assert dianzhi.award("bazhong_awards", events(), until="2024").totals["awards"] == "0"
    assert whole.simulation
    assert whole.period is None


def test_readings_are_chosen_and_compared() -> None:
    stars = [
        event(f"E{n}", "smart_hospital", datetime.date(2025, n, 1), grade=g) for n, g in [(1, "三星"), (2, "四星")]
    ]
    each = dianzhi.award("bazhong_awards", pl.DataFrame(stars))
    assert each.totals["amount"] == "3000000.00"
    others = each.alternatives.filter(pl.col("switch").cast(pl.String) == "tiers")
    changes = dict(others.select(pl.col("reading").cast(pl.String), "change").rows())
    assert changes["highest"] == Decimal("-1000000.00")
    highest = dianzhi.award("bazhong_awards", pl.DataFrame(stars), switches={"tiers": "highest"})
    assert highest.totals["amount"] == "2000000.00"
    assert "switch.tiers" in highest.provenance()
    with pytest.raises(dianzhi.DianzhiError):
        dianzhi.award("bazhong_awards", pl.DataFrame(stars), switches={"tiers": "best"})


def test_a_book_pays_nothing_twice(tmp_path: Path, workbook: Path) -> None:
    book = dianzhi.Book(tmp_path / "fiscal")
    first = book.award("bazhong_awards", workbook, "2025")
    alone = dianzhi.award("bazhong_awards", workbook, until="2025")
    assert first.entries.equals(alone.entries)
    assert first.period == "2025"
    assert first.provenance()["manifest"] == book.periods()["manifest_sha256"][0]
    later = book.award("bazhong_awards", workbook, "2026")
    assert later.totals["amount"] == "0.00"
    with pytest.raises(dianzhi.AwardError, match="A037"):
        book.award("bazhong_awards", workbook, "2025")
    identity = first.table("awards")["award"][0]
    assert str(first.explain(identity)) == str(book.explain(identity, "award"))
    assert str(book.table("awards", 2025).collect()["award"][0]) == identity
    assert "1,000,000.00" in str(alone.explain("E01", lang="zh"))
    with pytest.raises(dianzhi.BookError):
        alone.explain("nothing")
    with pytest.raises(ValueError, match="a year"):
        book.award("bazhong_awards", workbook, "2025-03")
    assert book.verify()["periods"] == 2


def test_what_is_wrong_is_told_by_row(tmp_path: Path) -> None:
    bad = events().with_columns(place=pl.Series(["通江县", "某县"]), named=pl.Series(["2025-03-01", "March"]))
    with pytest.raises(dianzhi.DianzhiError) as caught:
        dianzhi.award("bazhong_awards", bad)
    assert {problem["place"].get("row") for problem in caught.value.problems} == {3}
    assert len(caught.value.problems) == 2
    with pytest.raises(TypeError, match="no frame"):
        dianzhi.award("bazhong_awards", 7)  # type: ignore[arg-type]
    with pytest.raises(dianzhi.DianzhiError):
        dianzhi.award("bazhong_awards", surprises=events())
    with pytest.raises(dianzhi.DianzhiError):
        dianzhi.award("demo", events())
    with pytest.raises(dianzhi.FileError):
        dianzhi.award("bazhong_awards", tmp_path / "none.xlsx")


def test_floors_and_closing_them(accounts: Path, tmp_path: Path) -> None:
    floors = dianzhi.fiscal("bazhong_fiscal", accounts, close_over=3, growth="5%")
    share = floors.floors.filter((pl.col("floor") == "B14-1") & (pl.col("gap") > 0)).row(0, named=True)
    # 3,600,000,000 × 0.11 − 393,000,000; as in docs/fiscal.md, grown by 5 % and closed by a third a year.
    assert share["gap"] == Decimal("3000000.00")
    plan = floors.plan.filter((pl.col("floor") == "B14-1") & (pl.col("government") == share["government"]))
    assert plan["extra"].to_list() == [Decimal("1050000.00"), Decimal("2205000.00"), Decimal("3472875.00")]
    assert {"floors", "floor_governments", "floor_plan"} <= set(floors.tables)
    book = dianzhi.Book(tmp_path / "fiscal")
    entered = book.fiscal("bazhong_fiscal", accounts, "2025")
    assert entered.floors.equals(dianzhi.fiscal("bazhong_fiscal", accounts).floors)
    with pytest.raises(ValueError, match="close_over"):
        dianzhi.fiscal("bazhong_fiscal", accounts, close_over=0)
    with pytest.raises(ValueError, match="growth"):
        dianzhi.fiscal("bazhong_fiscal", accounts, close_over=2, growth="much")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_results_are_shown_and_written(
    workbook: Path, accounts: Path, tmp_path: Path, lang: dianzhi.Lang, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIANZHI_LANG", lang)
    awards = dianzhi.award("bazhong_awards", workbook)
    floors = dianzhi.fiscal("bazhong_fiscal", accounts, close_over=2)
    for result, charts in [(awards, 3), (floors, 2)]:
        page = result.to_html(tmp_path / "page.html", lang=lang)
        assert page.count('class="chart"') == charts
        assert {"zh": "模拟", "en": "must not be paid"}[lang] in page or "not to be paid" in page
        assert len(result._repr_html_()) < 30_000
        path = result.to_excel(tmp_path / "result.xlsx", lang=lang)
        with zipfile.ZipFile(path) as book:
            assert {"zh": "汇总", "en": "Summary"}[lang] in book.read("xl/workbook.xml").decode()
    assert {"zh": "出资财政", "en": "Treasury"}[lang] in awards._repr_html_()
    assert awards.to_excel(tmp_path / "entries.xlsx", tables=["award_entries"]).is_file()
    assert "Awards" in repr(awards)
