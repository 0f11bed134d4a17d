"""A month settled in batches is the month settled at once."""

from __future__ import annotations

import itertools
import pickle
from pathlib import Path

import dianzhi
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.filterwarnings("ignore::dianzhi.DianzhiWarning")

FIGURES = ("institutions", "pools", "consortia", "entries", "placeholders")
REASONS = ["setl_id", "field", "code", "value", "kind"]


@pytest.fixture(scope="module")
def policy(demo: dianzhi.Scheme) -> dianzhi.Policy:
    return dianzhi.Policy.load("demo", demo)


def at_once(folder: Path, scheme: dianzhi.Scheme, policy: dianzhi.Policy, claims: pl.DataFrame) -> dianzhi.Month:
    return dianzhi.Book(folder / "book").settle_month(scheme, policy, claims, "2026-03")


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory, demo: dianzhi.Scheme, policy: dianzhi.Policy) -> dianzhi.Month:
    claims = dianzhi.synth(demo, 2000, seed=3, bad_share="0.02")
    return at_once(tmp_path_factory.mktemp("plain"), demo, policy, claims)


def in_batches(
    batch: dianzhi.Batch, parts: list[pl.DataFrame], *, together: bool = False
) -> tuple[pl.DataFrame, pl.DataFrame, object]:
    """Claims, rejects and the closed month: parts are priced each by itself, in any order."""
    given = [batch.keys(part) for part in parts]
    keys = pl.concat([keys for keys, _ in given])
    whole = pl.concat(parts)
    numbers = pl.concat([keys["id"], keys["reverses"], keys["stay"]]).drop_nulls()
    shared = numbers.value_counts().filter(pl.col("count") > 1)[numbers.name]
    belong = keys.select(pl.any_horizontal(pl.col("id", "reverses", "stay").is_in(shared.implode())).fill_null(False))
    belong = belong.to_series()
    accepted, rejects, left_out = batch.decide(whole.filter(belong))
    apart, start = [], 0
    for part in parts:
        apart.append(part.filter(~belong[start : start + part.height]))
        start += part.height
    rows = [*apart, whole.filter(belong)[accepted]]
    rows = [pl.concat(rows)] if together else [part for part in rows if part.height]
    measured = [batch.measure(part) for part in rows]
    priced = [batch.price(part, measured, persons_together=together) for part in rows]
    values = batch.values([part.sums for part in priced])
    due = [batch.due(part.claims, values) for part in priced]
    sums = [left_out, *(sums for _, sums in given), *(part.sums for part in priced), *(part.sums for part in due)]
    month = batch.close(sums)
    claims = pl.concat([part.claims for part in due]).sort("setl_id")
    return claims, pl.concat([rejects, *(part.rejects for part in priced)]), month


def reasons(rejects: pl.DataFrame) -> pl.DataFrame:
    return rejects.select(pl.col(REASONS).cast(pl.String)).sort(REASONS)


def texts(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.selectors.categorical().cast(pl.String), pl.selectors.enum().cast(pl.String))


def assert_same(month: dianzhi.Month, claims: pl.DataFrame, rejects: pl.DataFrame, closed: object) -> None:
    assert texts(claims).equals(texts(month.claims.sort("setl_id")))
    for name in FIGURES:
        assert texts(closed.table(name)).equals(texts(month.table(name))), name
    assert reasons(rejects).equals(reasons(month.table("rejects")))
    for total in ["claims_in", "claims_rejected", "claims_paid", "claims_excluded", "medfee_in", "medfee_paid", "due"]:
        assert closed.totals[total] == month.totals[total]
    assert closed.simulation == month.simulation


@settings(max_examples=8)
@given(cuts=st.lists(st.integers(0, 2000), max_size=5), seed=st.integers(0, 1000))
def test_batches_of_any_size_in_any_order(
    demo: dianzhi.Scheme, policy: dianzhi.Policy, plain: dianzhi.Month, cuts: list[int], seed: int
) -> None:
    rows = dianzhi.synth(demo, 2000, seed=3, bad_share="0.02").sample(fraction=1, shuffle=True, seed=seed)
    edges = sorted({0, *cuts, rows.height})
    parts = [rows[start:end] for start, end in itertools.pairwise(edges)]
    assert_same(plain, *in_batches(dianzhi.Batch(demo, policy, "2026-03"), parts))


def test_claims_that_have_to_do_with_each_other(
    tmp_path: Path, demo: dianzhi.Scheme, linking: dianzhi.Policy, entangled: pl.DataFrame
) -> None:
    month = at_once(tmp_path, demo, linking, entangled)
    met = set(month.claims["adjusted_by"].drop_nulls())
    assert {"again", "moved"} <= met
    assert (month.claims["case_kind"] == "reviewed").sum() == 3
    batch = dianzhi.Batch(demo, linking, "2026-03")
    parts = [entangled[:1000], entangled[1000:3010], entangled[3010:]]
    assert_same(month, *in_batches(batch, parts, together=True))


def test_the_rules_travel_as_bytes(demo: dianzhi.Scheme, policy: dianzhi.Policy) -> None:
    changed = policy.patch({"rules.low_line.ratio": "0.5"})
    batch = dianzhi.Batch(demo, changed, "2026-03")
    again = pickle.loads(pickle.dumps(batch))  # noqa: S301
    claims = dianzhi.synth(demo, 300, seed=1)
    measured = [batch.measure(claims)]
    assert again.price(claims, measured).claims.equals(batch.price(claims, measured).claims)
    assert batch.to_bytes() == dianzhi.Batch(demo, changed, "2026-03").to_bytes()
    assert batch.to_bytes() != dianzhi.Batch(demo, policy, "2026-03").to_bytes()
    other = batch.to_bytes().replace(b'"engine":"', b'"engine":"0.', 1)
    for packed, code in [(other, "N004"), (b"{}", "N005"), (b"scheme", "N005")]:
        with pytest.raises(dianzhi.SettlementError) as caught:
            dianzhi.Batch.from_bytes(packed)
        assert caught.value.problems[0]["code"] == code


def test_what_a_batch_cannot_know_is_asked_for(
    demo: dianzhi.Scheme, policy: dianzhi.Policy, linking: dianzhi.Policy
) -> None:
    claims = dianzhi.synth(demo, 300, seed=1)
    batch = dianzhi.Batch(demo, policy, "2026-03")
    assert (batch.persons_rule, batch.means_rule) == (None, "pool_mean")
    with pytest.raises(dianzhi.SettlementError, match="N001"):
        batch.price(claims)
    batch = dianzhi.Batch(demo, linking, "2026-03")
    assert batch.persons_rule in {"again", "moved"}
    assert batch.warnings["code"].to_list()[-1] == "N006"
    with pytest.raises(dianzhi.SettlementError, match="N002"):
        batch.price(claims, [batch.measure(claims)])


def test_what_is_lost_on_the_way_is_told(demo: dianzhi.Scheme, policy: dianzhi.Policy) -> None:
    batch = dianzhi.Batch(demo, policy, "2026-03")
    claims = dianzhi.synth(demo, 600, seed=1, bad_share="0")
    parts = [claims[:400], claims[400:]]
    measured = [batch.measure(part) for part in parts]
    priced = [batch.price(part, measured) for part in parts]
    given = [batch.keys(part)[1] for part in parts]
    values = batch.values([part.sums for part in priced])
    due = [batch.due(part.claims, values) for part in priced]
    sums = [part.sums for part in priced]
    batch.close([*given, *sums, *(part.sums for part in due)])
    lost = [[*given, *sums, due[0].sums], [*given, sums[0], due[0].sums], [*given, *sums, *sums, due[0].sums]]
    for parts_left in lost:
        with pytest.raises(dianzhi.SettlementError, match="N003"):
            batch.close(parts_left)
    with pytest.raises(dianzhi.FileError):
        batch.close([claims])


def test_debts_of_the_month_before_are_carried_on(demo: dianzhi.Scheme, policy: dianzhi.Policy) -> None:
    batch = dianzhi.Batch(demo, policy, "2026-03")
    claims = dianzhi.synth(demo, 600, seed=1, bad_share="0")
    measured = [batch.measure(claims)]
    priced = batch.price(claims, measured)
    due = batch.due(priced.claims, batch.values([priced.sums]))
    free = batch.close([priced.sums, due.sums]).table("institutions")
    first = free.row(0, named=True)
    left = free.with_columns(
        carried_out=pl.when(pl.int_range(pl.len()) == 0)
        .then(pl.lit("-12.34"))
        .otherwise(pl.lit("0"))
        .cast(free.schema["carried_out"])
    )
    carried = batch.close([priced.sums, due.sums], before=left).table("institutions").row(0, named=True)
    assert str(carried["carried_in"]) == "-12.34"
    assert first["payable"] - carried["payable"] == -carried["carried_in"]
