"""Scenarios by the package: built up or from a file, the same as a full settlement."""

from __future__ import annotations

import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import dianzhi
import polars as pl
import pytest

pytestmark = pytest.mark.filterwarnings("ignore::dianzhi.DianzhiWarning")
BUDGETS = "rules.budget.table[*].fund_budget"
POINT_VALUE = {"kind": "pool", "subject": "310", "measure": "point_value"}


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> tuple[dianzhi.Book, pl.DataFrame]:
    scheme = dianzhi.Scheme.load("demo")
    claims = dianzhi.synth(scheme, 1500, seed=7)
    book = dianzhi.Book(tmp_path_factory.mktemp("scenarios") / "book")
    book.settle_month(scheme, dianzhi.Policy.load("demo", scheme), claims, "2026-03")
    return book, claims


@pytest.fixture
def scenario(settled: tuple[dianzhi.Book, pl.DataFrame]) -> dianzhi.Scenario:
    return dianzhi.Scenario(settled[0], "2026-03", title="预算")


def test_a_scenario_is_a_settlement_under_other_parameters(
    settled: tuple[dianzhi.Book, pl.DataFrame], scenario: dianzhi.Scenario, tmp_path: Path
) -> None:
    book, claims = settled
    compared = scenario.patch("more", times={BUDGETS: "1.05"}).patch("prepay", {"rules.prepay.share": "0.9"}).run()
    scheme = dianzhi.Scheme.load("demo")
    before = dianzhi.Policy.load("demo", scheme)
    amounts = compared.amounts.filter((pl.col("kind") == "institution") & (pl.col("measure") == "prepaid"))
    after = dianzhi.Book(tmp_path / "after").settle_month(
        scheme, before.patch({"rules.prepay.share": "0.9"}), claims, "2026-03"
    )
    found = dict(amounts.filter(scenario="prepay").group_by("subject").agg(pl.col("value").sum()).rows())
    expected = dict(after.institutions.group_by("fixmedins_code").agg(pl.col("prepaid").sum()).rows())
    assert found == expected
    kept = dict(amounts.filter(scenario="prepay").group_by("subject").agg(pl.col("baseline").sum()).rows())
    assert kept == dict(
        book.month("2026-03").institutions.group_by("fixmedins_code").agg(pl.col("prepaid").sum()).rows()
    )
    more = compared.scenarios.filter(scenario="more").row(0, named=True)
    assert more["difference"] == more["value"] - more["baseline"] > 0


def test_every_verb_adds_its_table(scenario: dianzhi.Scenario, tmp_path: Path) -> None:
    drawn = {BUDGETS: {"distribution": "uniform", "low": "0.9", "high": "1.1", "change": "times"}}
    goal = "rules.budget.table[2026-03/310].fund_budget"
    whole = (
        scenario.patch("more", times={BUDGETS: "1.05"})
        .grid("both", {"rules.prepay.share": ["0.85", "0.95"], "rules.deposit.share": ["0.03", Decimal("0.05")]})
        .sensitivity(
            "swing", POINT_VALUE, times={BUDGETS: ("0.95", "1.05"), "rules.high_line.bands[*].ratio": ("0.9", "1.1")}
        )
        .monte_carlo("luck", drawn, count=8, seed=1, percentiles=[50])
        .goal_seek("goal", goal, POINT_VALUE, 100, low=1000, high=10**9, digits=0, side="at_least")
        .project("years", 2, cost=["0.03"], budget=["0.05"])
    )
    assert whole.check() == 1 + 4 + 4 + 8
    heard: list[tuple[int, int]] = []
    compared = whole.run(on_step=lambda done, count: heard.append((done, count)))
    assert heard[-1] == (17, 17)
    assert [done for done, _ in heard] == sorted(done for done, _ in heard)
    assert set(compared.tables) == {
        "scenarios", "amounts", "numbers", "winners", "tornado", "percentiles", "drawn", "goals", "projection",
    }  # fmt: skip
    swings = compared.table("tornado")
    assert swings["swing"].to_list() == sorted(swings["swing"], reverse=True)
    reached = compared.table("goals").row(0, named=True)
    assert reached["reached"] >= 100
    assert compared.scenarios["scenario"].n_unique() == 17
    # The file says the same.
    again = dianzhi.Scenario.load(whole.save(tmp_path / "what-if.toml"))
    assert str(again) == str(whole)
    assert again.patch("less", times={BUDGETS: "0.95"}).check() == 18
    told = subprocess.run(
        [Path(sys.executable).parent / "dianzhi", "scenario", "check", tmp_path / "what-if.toml"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "17" in told.stdout
    assert repr(whole).startswith("<dianzhi.Scenario")


def test_a_baseline_of_claims_and_of_fiscal_money(settled: tuple[dianzhi.Book, pl.DataFrame], tmp_path: Path) -> None:
    book, claims = settled
    more = {BUDGETS: "1.05"}
    of_claims = dianzhi.Scenario(period="2026-03", scheme="demo", policy="demo", claims=claims)
    of_book = dianzhi.Scenario(book, "2026-03")
    assert of_claims.patch("x", times=more).run().amounts.equals(of_book.patch("x", times=more).run().amounts)
    with pytest.raises(ValueError, match="hand in files"):
        of_claims.save(tmp_path / "s.toml")
    event = {
        "event_id": "E1",
        "achievement": "hospital_grade",
        "grade": "三级甲等",
        "subject_id": "H1",
        "place": "通江县",
    }
    event |= {"subject_name": "县医院", "subject_kind": "institution", "named": "2025-03-01", "ownership": "public"}
    awards = dianzhi.Scenario(awards=("bazhong_awards", pl.DataFrame([event])))
    halved = awards.patch("half", {"rules.A8.tiers[0].yuan": 500_000}).run()
    line = halved.scenarios.row(0, named=True)
    assert (line["baseline"], line["value"]) == (Decimal("1000000.00"), Decimal("500000.00"))
    scheme = dianzhi.Scheme.load("demo")
    with pytest.raises(TypeError, match="Scheme"):
        dianzhi.Scenario(book, "2026-03", policy=scheme)  # type: ignore[arg-type]


def test_what_is_wrong_is_told(scenario: dianzhi.Scenario, tmp_path: Path) -> None:
    with pytest.raises(dianzhi.ScenarioError):
        scenario.check()
    with pytest.raises(dianzhi.DianzhiError, match="prepay"):
        scenario.patch("x", {"rules.prepy.share": "0.9"}).check()
    with pytest.raises(TypeError, match="float"):
        scenario.patch("x", {"rules.prepay.share": 0.9})  # type: ignore[dict-item]
    with pytest.raises(dianzhi.DianzhiError):
        scenario.patch("x", {"rules.prepay.share": "much"}).check()
    (tmp_path / "s.toml").write_text("[baselin]\n", encoding="utf-8")
    with pytest.raises(dianzhi.DianzhiError, match="baselin"):
        dianzhi.Scenario.load(tmp_path / "s.toml")
    with pytest.raises(dianzhi.FileError):
        dianzhi.Scenario.load(tmp_path / "none.toml")
    with pytest.raises(dianzhi.ScenarioError, match="X004"):
        scenario.patch("nothing", {"rules.prepay.share": "0.95"}).run()


def test_ctrl_c_stops_a_study(scenario: dianzhi.Scenario) -> None:
    study = scenario.grid("many", {"rules.prepay.share": [f"0.{n:04}" for n in range(1, 4000)]})

    def press(done: int, count: int) -> None:
        assert done < count
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        study.run(on_step=press)

    # Also when all points are done and the goal is sought.
    goal = "rules.budget.table[2026-03/310].fund_budget"
    few = scenario.patch("less", {"rules.prepay.share": "0.9"})

    def late(done: int, count: int) -> None:
        assert (done, count) == (1, 1)
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        few.goal_seek("g", goal, POINT_VALUE, 100, low=1000, high=10**9, digits=0).run(on_step=late)

    def fail(done: int, count: int) -> None:
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        study.run(on_step=fail)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_results_are_shown_and_drawn(
    scenario: dianzhi.Scenario, tmp_path: Path, lang: dianzhi.Lang, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIANZHI_LANG", lang)
    more = scenario.patch("增 5 %", times={BUDGETS: "1.05"})
    compared = more.sensitivity("敏感性", POINT_VALUE, times={BUDGETS: ("0.9", "1.1")}).project("三年", 3).run()
    page = compared.to_html(tmp_path / "page.html", lang=lang)
    assert page.count('class="chart"') == 4
    assert {"zh": "情景汇总", "en": "Scenarios"}[lang] in page
    assert {"zh": "点值", "en": "point value"}[lang] in page.lower()
    bars = compared.plot.winners_losers("增 5 %").to_dict()["data"]["values"]
    sums = compared.amounts.filter((pl.col("kind") == "institution") & (pl.col("measure") == "due"))
    gained = sums.filter(scenario="增 5 %")["difference"].sum()
    assert abs(sum(bar["difference"] for bar in bars) - float(gained)) < 0.5
    with pytest.raises(ValueError, match="sensitivity"):
        compared.plot.tornado("none")
    assert compared.to_excel(tmp_path / "x.xlsx").is_file()
    assert compared.to_excel(tmp_path / "y.xlsx", tables=["scenarios"]).is_file()
    assert compared.title() == "预算"
    assert "预算" in compared._repr_html_()
