"""What the tests share."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import dianzhi
import polars as pl
import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[2]

settings.register_profile("dianzhi", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
settings.load_profile("dianzhi")


@pytest.fixture(autouse=True)
def _english_at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Examples and tests name files from the root of the project, and read messages in English."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("DIANZHI_LANG", "en")


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c() -> None:
    """A shell's background jobs start with Ctrl-C ignored, and then Python sets no handler for it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference data beside the project. Tests that read it are skipped where it is absent, and fail in CI."""
    path = Path(os.environ.get("DIANZHI_SHARED") or ROOT.parent / "shared")
    if not path.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"in CI the reference data must be there: {path}")
        pytest.skip(f"{path} is not here")
    return path


@pytest.fixture(scope="session")
def demo() -> dianzhi.Scheme:
    """The demonstration scheme."""
    return dianzhi.Scheme.load(ROOT / "fixtures" / "demo_scheme")


@pytest.fixture(scope="session")
def linking(tmp_path_factory: pytest.TempPathFactory, demo: dianzhi.Scheme) -> dianzhi.Policy:
    """The demonstration city with rules that look at other claims: readmissions, transfers, reviews with a quota."""
    city = tmp_path_factory.mktemp("linking")
    for table in ["institutions.csv", "budgets.csv"]:
        (city / table).write_bytes((ROOT / "fixtures" / "demo_city" / table).read_bytes())
    reviews = [
        f'{{ setl_id = "S202603{row:08}", reviewer_1 = "甲", institution_1 = "X1", amount_1 = 4321.09, '
        f'reviewer_2 = "乙", institution_2 = "X2", amount_2 = 4321.09 }}'
        for row in (17, 444, 1203)
    ]
    rules = f"""
[rules.again]
kind = "readmission.within"
days = 15
same = "any"
place = "consortium"
reduces = "earlier"
share = 0.5

[rules.moved]
kind = "transfer.count_once"
days = 10
ways = ["2"]
counts = "highest"

[rules.review]
kind = "special_review.quota"
share = 0.05
pay = "points"
table = [{", ".join(reviews)}]
"""
    for name in ("again", "moved", "review"):
        rules = rules.replace(f"[rules.{name}]\n", f'[rules.{name}]\nplaceholder = "为测试而设"\n')
    text = (ROOT / "fixtures" / "demo_city" / "policy.toml").read_text(encoding="utf-8")
    (city / "policy.toml").write_text(text + rules, encoding="utf-8")
    return dianzhi.Policy.load(city / "policy.toml", demo)


@pytest.fixture(scope="session")
def entangled(demo: dianzhi.Scheme) -> pl.DataFrame:
    """A month of claims that have to do with each other, also across persons, and with faulty ones."""
    claims = dianzhi.synth(demo, 3000, seed=5, bad_share="0.02")
    row = pl.int_range(pl.len())
    claims = claims.with_columns(
        psn_no="P" + (row * 7919 % 1500).cast(pl.String),
        dscg_way=pl.when(row % 5 == 0).then(pl.lit("2")).otherwise("dscg_way").cast(pl.String),
        refd_setl_flag=pl.col("refd_setl_flag").cast(pl.String),
        vali_flag=pl.when(row % 700 == 3).then(pl.lit("0")).otherwise(pl.lit("1")),
    )
    other = pl.lit("Q") + pl.col("psn_no")
    copies = claims[100:130]
    conflicts = claims[200:210].with_columns(psn_no=other, medfee_sumamt=pl.col("medfee_sumamt") + 1)
    reversals = claims[300:330].with_columns(
        setl_id="R" + pl.col("setl_id"),
        refd_setl_flag=pl.lit("1"),
        init_setl_id="setl_id",
        medfee_sumamt=pl.col("medfee_sumamt") * -1,
        psn_no=pl.when(row % 2 == 0).then("psn_no").otherwise(other),
    )
    of_nothing = reversals[:3].with_columns(setl_id="N" + pl.col("setl_id"), init_setl_id=pl.lit("nowhere"))
    again = claims[400:420].with_columns(
        setl_id="Z" + pl.col("setl_id"), setl_time=pl.col("setl_time") + pl.duration(days=1), psn_no=other
    )
    parts = [claims, copies, conflicts, reversals, of_nothing, again]
    return pl.concat([part.select(claims.columns).cast(dict(claims.schema)) for part in parts])
