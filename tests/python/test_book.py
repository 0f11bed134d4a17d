"""A month from claims to a book, by the package."""

from __future__ import annotations

import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import dianzhi
import duckdb
import polars as pl
import pytest

pytestmark = pytest.mark.filterwarnings("ignore::dianzhi.DianzhiWarning")


@pytest.fixture(scope="module")
def scheme() -> dianzhi.Scheme:
    return dianzhi.Scheme.load("demo")


@pytest.fixture(scope="module")
def policy(scheme: dianzhi.Scheme) -> dianzhi.Policy:
    return dianzhi.Policy.load("demo", scheme)


@pytest.fixture(scope="module")
def claims(scheme: dianzhi.Scheme) -> pl.DataFrame:
    return dianzhi.synth(scheme, 3000, seed=7)


@pytest.fixture
def book(tmp_path: Path, scheme: dianzhi.Scheme, policy: dianzhi.Policy, claims: pl.DataFrame) -> dianzhi.Book:
    book = dianzhi.Book(tmp_path / "book")
    book.settle_month(scheme, policy, claims, "2026-03")
    return book


def test_no_fen_is_lost(book: dianzhi.Book, claims: pl.DataFrame) -> None:
    month = book.month("2026-03")
    due = month.institutions["due"].sum()
    assert isinstance(due, Decimal)
    assert due == month.pools["due"].sum() == Decimal(month.totals["due"])
    parts = ["rejected", "left_out", "paid", "unpaid", "excluded"]
    assert int(month.totals["claims_in"]) == claims.height == sum(int(month.totals[f"claims_{p}"]) for p in parts)
    assert "2026-03" in str(month)
    assert "23,200,000.00" in month._repr_html_()
    assert {"claims", "institutions", "pools", "rejects"} <= set(month.tables)
    sql = f"select sum(due) from '{book.path}/periods/2026-03/institutions.parquet'"  # noqa: S608
    assert duckdb.sql(sql).fetchall() == [(due,)]


def test_frames_and_files_give_the_same_tables(
    tmp_path: Path, book: dianzhi.Book, scheme: dianzhi.Scheme, policy: dianzhi.Policy, claims: pl.DataFrame
) -> None:
    path = tmp_path / "claims.csv"
    claims.write_csv(path)
    for number, given in enumerate([path, [path], claims.lazy(), claims.to_arrow(), claims.to_pandas()]):
        other = dianzhi.Book(tmp_path / f"other{number}").settle_month(scheme, policy, given, "2026-03")
        for table in ["claims", "institutions", "pools", "consortia"]:
            assert other.table(table).equals(book.month("2026-03").table(table))


def test_run_again_close_and_refuse(
    book: dianzhi.Book, scheme: dianzhi.Scheme, policy: dianzhi.Policy, claims: pl.DataFrame
) -> None:
    before = book.periods()
    again = book.settle_month(scheme, policy, claims, "2026-03")
    assert again.replaced
    assert book.periods().equals(before)
    seal = book.close("2026-03")
    assert book.verify(seal)["closed"] == 1
    with pytest.raises(dianzhi.BookError):
        book.settle_month(scheme, policy, claims, "2026-03")
    table = book.path / "periods" / "2026-03" / "claims.parquet"
    table.write_bytes(table.read_bytes()[:-1] + b"x")
    with pytest.raises(dianzhi.BookError):
        book.verify()


@pytest.mark.parametrize("step", ["reading", "grouping", "pricing", "settling", "writing"])
def test_ctrl_c_leaves_the_book_as_it_was(
    book: dianzhi.Book, scheme: dianzhi.Scheme, policy: dianzhi.Policy, claims: pl.DataFrame, step: str
) -> None:
    def press(at: str) -> None:
        if at == step:
            signal.raise_signal(signal.SIGINT)

    before = book.verify()
    for period in ["2026-03", "2026-04"]:
        with pytest.raises(KeyboardInterrupt):
            book.settle_month(scheme, policy, claims.head(100), period, on_step=press)
        assert book.verify() == before
    assert book.settle_month(scheme, policy, claims, "2026-03").replaced


def test_explanations(book: dianzhi.Book) -> None:
    month = book.month("2026-03")
    paid = month.claims.filter(pl.col("due") > 0).row(0, named=True)
    answer = book.explain(paid["setl_id"], lang="zh")
    assert f"{paid['due']}" in str(answer).replace(",", "")
    assert answer.record["steps"]
    institution = month.institutions["fixmedins_code"][0]
    assert str(book.explain(institution, "institution")) != str(book.explain(institution, "institution", lang="zh"))
    with pytest.raises(dianzhi.BookError):
        book.explain("nobody")
    with pytest.raises(ValueError, match="what is one of claim"):
        book.explain("x", "region")  # type: ignore[arg-type]


def test_words_that_are_wrong(tmp_path: Path, scheme: dianzhi.Scheme, policy: dianzhi.Policy) -> None:
    book = dianzhi.Book(tmp_path / "book")
    with pytest.raises(ValueError, match="not a period"):
        book.settle_month(scheme, policy, [], "2026-13")
    with pytest.raises(ValueError, match="a month"):
        book.settle_month(scheme, policy, [], "2026")
    with pytest.raises(ValueError, match="a year"):
        book.settle_year(policy, "2026-03")
    with pytest.raises(ValueError, match="float_money"):
        book.settle_month(scheme, policy, [], "2026-03", float_money="up")  # type: ignore[arg-type]
    with pytest.raises(dianzhi.BookError):
        book.periods()
    with pytest.raises(TypeError):
        book.settle_month(scheme, policy, 7, "2026-03")  # type: ignore[arg-type]


def test_floats_need_a_word(
    tmp_path: Path, scheme: dianzhi.Scheme, policy: dianzhi.Policy, claims: pl.DataFrame
) -> None:
    floats = claims.with_columns(pl.col(pl.Decimal).cast(pl.Float64))
    book = dianzhi.Book(tmp_path / "book")
    with pytest.raises(dianzhi.ClaimsError, match="C005") as caught:
        book.settle_month(scheme, policy, floats, "2026-03")
    assert "--float-money" not in str(caught.value)
    assert {problem["place"]["file"] for problem in caught.value.problems} == {"frame"}
    assert book.settle_month(scheme, policy, floats, "2026-03", float_money="half_up").totals["claims_in"] == "3000"


def test_the_program_and_the_package_share_books(tmp_path: Path) -> None:
    program = Path(sys.executable).parent / "dianzhi"
    done = subprocess.run([program, "demo", "--out", tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    month = dianzhi.Book(tmp_path / "book").month("2026-03")
    assert month.institutions["due"].sum() == month.pools["due"].sum()


def test_schemes_are_checked_shown_and_compared(scheme: dianzhi.Scheme) -> None:
    assert scheme.check().filter(severity="error").is_empty()
    assert len(scheme.fingerprint) == 64
    assert "demo" in str(scheme.show())
    assert scheme.show("ES2").record
    with pytest.raises(dianzhi.SchemeError, match="S052"):
        scheme.show("ZZ99")
    assert scheme.diff(scheme).is_empty()


def test_policies(policy: dianzhi.Policy, scheme: dianzhi.Scheme) -> None:
    assert policy.packs
    assert policy.rules().height > 5
    with pytest.raises(dianzhi.DianzhiError):
        dianzhi.Policy.load("no/such/pack.toml", scheme)


@pytest.fixture
def year_policy(policy: dianzhi.Policy) -> dianzhi.Policy:
    """The demonstration policy with budgets for a whole year."""
    rows = [f'{{ period = "2026", pool = "{pool}", fund_budget = 2400000.01 }}' for pool in ("310", "390")]
    return policy.patch({"rules.budget.table": f"[{', '.join(rows)}]"})


def test_a_year_is_cleared_from_its_months(tmp_path: Path, scheme: dianzhi.Scheme, year_policy: dianzhi.Policy) -> None:
    book = dianzhi.Book(tmp_path / "book")
    months = []
    for number, period in enumerate(["2026-01", "2026-02"]):
        claims = dianzhi.synth(scheme, 400, seed=number, period=period)
        months.append(book.settle_month(scheme, year_policy, claims, period))
    with pytest.raises(KeyboardInterrupt):
        book.settle_year(year_policy, "2026", on_step=lambda _: signal.raise_signal(signal.SIGINT))
    assert book.periods()["period"].to_list() == ["2026-01", "2026-02"]
    year = book.settle_year(year_policy, "2026")
    paid = sum(int(month.totals["claims_paid"]) for month in months)
    assert int(year.totals["claims_paid"]) == paid
    assert year.institutions["due"].sum() == Decimal(year.totals["due"])
    assert year.simulation
    assert "2026" in str(book.year("2026"))
    assert book.table("pools").collect()["settled_in"].unique().sort().to_list() == ["2026-01", "2026-02"]
    assert book.table("pools", "2026").collect().height == 2
    with pytest.raises(KeyError):
        book.table("no_such_table")
    with pytest.raises(dianzhi.BookError, match="B031"):
        book.settle_year(year_policy, "2027")


def test_patches_are_kept_and_told(
    book: dianzhi.Book, tmp_path: Path, scheme: dianzhi.Scheme, policy: dianzhi.Policy, claims: pl.DataFrame
) -> None:
    patched = policy.patch({"rules.prepay.share": Decimal("0.9"), "rules.deposit.share": "0.1"})
    assert policy.changes == {}
    assert patched.changes == {"rules.prepay.share": "0.9", "rules.deposit.share": "0.1"}
    assert patched.patch({"rules.prepay.share": 1}).changes["rules.prepay.share"] == "1"
    other = dianzhi.Book(tmp_path / "other")
    month = other.settle_month(scheme, patched, claims, "2026-03")
    assert month.simulation
    due, prepaid = Decimal(month.totals["due"]), Decimal(month.totals["prepaid"])
    assert abs(prepaid - due * Decimal("0.9")) < 1
    difference = book.diff("2026-03", other)
    assert difference
    assert {"policies", "kept"} <= set(difference.causes["field"])
    assert difference.sums.filter(table="pools").is_empty()
    changed = difference.changes.filter(table="institutions", column="prepaid")
    assert changed.height > 5
    assert not book.diff("2026-03")
    with pytest.raises(dianzhi.PolicyError, match=r"P025.*rules\.prepay\.share"):
        policy.patch({"rules.prepay.shar": "0.9"})
    with pytest.raises(TypeError, match="Decimal"):
        policy.patch({"rules.prepay.share": 0.9})  # type: ignore[dict-item]
    with pytest.raises(dianzhi.PolicyError):
        policy.patch({"rules.prepay.share": "much"})


def test_policies_in_words(policy: dianzhi.Policy) -> None:
    assert policy.check().filter(severity="error").is_empty()
    zh, en = policy.describe("low_line", lang="zh"), policy.describe("low_line", lang="en")
    assert "低倍率界限" in str(zh)
    assert "ratio = 0.35" in str(zh)
    assert "ratio = 0.35" in str(en)
    assert str(zh) != str(en)
    assert "<details" in policy._repr_html_()
    with pytest.raises(KeyError):
        policy.describe("no_such_rule")


def test_a_stream_is_settled_batch_by_batch(
    tmp_path: Path, book: dianzhi.Book, scheme: dianzhi.Scheme, policy: dianzhi.Policy, claims: pl.DataFrame
) -> None:
    first = dianzhi.Book(tmp_path / "first").settle_month(scheme, policy, claims.to_arrow().to_reader(700), "2026-03")
    again = dianzhi.Book(tmp_path / "again").settle_month(scheme, policy, claims.to_arrow(), "2026-03")
    assert first.provenance() == again.provenance()
    assert first.claims.equals(book.month("2026-03").claims)
    with pytest.raises(dianzhi.ClaimsError):
        dianzhi.Book(tmp_path / "empty").settle_month(scheme, policy, pl.DataFrame({"a": [object()]}), "2026-03")
