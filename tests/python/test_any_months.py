"""Months of frames of any content: a book where every claim and fen is accounted for, or a clear error; no panic."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import dianzhi
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing.parametric import column, dataframes

ODD: list[tuple[str, Callable[[pl.Series], Any]]] = [
    ("as it is", lambda values: values),
    ("nulls", lambda values: pl.Series([None] * len(values), dtype=values.dtype)),
    ("texts", lambda values: values.cast(pl.String, strict=False)),
    ("garbage", lambda values: pl.Series(["?\x00\u202e"] * len(values))),
    ("long texts", lambda values: pl.Series(["县" * 5000] * len(values))),
    ("huge", lambda values: pl.Series([2**63 - 1] * len(values))),
    ("negative", lambda values: pl.Series([-(2**63)] * len(values))),
    ("great decimals", lambda values: pl.Series([Decimal("9" * 36 + ".99")] * len(values), dtype=pl.Decimal(38, 2))),
    ("fine decimals", lambda values: pl.Series([Decimal("0.000000001")] * len(values), dtype=pl.Decimal(38, 9))),
    ("not a number", lambda values: pl.Series([float("nan")] * len(values))),
    ("infinite", lambda values: pl.Series([float("inf")] * len(values))),
    ("flags", lambda values: pl.Series([True] * len(values))),
    ("bytes", lambda values: pl.Series([b"\xff\xfe"] * len(values))),
    ("nested", lambda values: pl.Series([[[1], []]] * len(values))),
    ("records", lambda values: pl.Series([{"a": 1}] * len(values))),
    ("categories", lambda values: values.cast(pl.String, strict=False).cast(pl.Categorical)),
    ("far days", lambda values: pl.Series([2**31 - 1] * len(values), dtype=pl.Int32).cast(pl.Date)),
    ("instants", lambda values: pl.Series([2**62] * len(values)).cast(pl.Datetime("ns", "Asia/Shanghai"))),
    ("nothing", lambda values: pl.Series([None] * len(values), dtype=pl.Null)),
]


@pytest.fixture(scope="module")
def policy(demo: dianzhi.Scheme) -> dianzhi.Policy:
    return dianzhi.Policy.load("demo", demo)


@pytest.fixture(scope="module")
def claims(demo: dianzhi.Scheme) -> pl.DataFrame:
    return dianzhi.synth(demo, 60, seed=9, bad_share="0.2")


def settled(scheme: dianzhi.Scheme, policy: dianzhi.Policy, frame: Any) -> dict[str, str] | None:
    """The totals of a month in which everything is accounted for; None when the frame was refused."""
    with warnings.catch_warnings(), tempfile.TemporaryDirectory() as folder:
        warnings.simplefilter("ignore", dianzhi.DianzhiWarning)
        book = dianzhi.Book(f"{folder}/book")
        try:
            month = book.settle_month(scheme, policy, frame, "2026-03")
        except dianzhi.DianzhiError as error:
            assert error.problems
            assert str(error)
            return None
        except TypeError as error:
            assert str(error)
            return None
        totals = month.totals
        parts = ["rejected", "left_out", "excluded", "unpaid", "paid"]
        assert int(totals["claims_in"]) == sum(int(totals[f"claims_{part}"]) for part in parts)
        assert Decimal(totals["medfee_in"]) == sum(Decimal(totals[f"medfee_{part}"]) for part in parts)
        assert (month.institutions["due"].sum() or 0) == (month.pools["due"].sum() or 0) == Decimal(totals["due"])
        book.verify()
        return totals


@settings(max_examples=60)
@given(st.data())
def test_columns_of_another_kind(
    demo: dianzhi.Scheme, policy: dianzhi.Policy, claims: pl.DataFrame, data: st.DataObject
) -> None:
    frame = claims
    for name in data.draw(st.lists(st.sampled_from(claims.columns), min_size=1, max_size=3, unique=True)):
        kind, make = data.draw(st.sampled_from(ODD))
        if kind == "categories" and isinstance(frame[name].dtype, pl.List):
            continue
        frame = frame.with_columns(make(frame[name]).alias(name))
    if data.draw(st.booleans()):
        frame = frame.drop(data.draw(st.sampled_from(frame.columns)))
    settled(demo, policy, frame)


@settings(max_examples=30)
@given(st.data())
def test_storage_and_batches_do_not_matter(
    demo: dianzhi.Scheme, policy: dianzhi.Policy, claims: pl.DataFrame, data: st.DataObject
) -> None:
    start, length = data.draw(st.integers(0, 60)), data.draw(st.integers(0, 60))
    part = claims.slice(start, length)
    plain = settled(demo, policy, part)
    table = claims.to_arrow()
    kinds = [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())]
    for at, field in enumerate(table.schema):
        if pa.types.is_large_string(field.type) or pa.types.is_string_view(field.type):
            kind = data.draw(st.sampled_from(kinds))
            column = table.column(at).cast(pa.string()).cast(kind)
            table = table.set_column(at, field.name, column)
    sliced = table.slice(start, length)
    cuts = data.draw(st.lists(st.integers(0, 60), max_size=3))
    chunks = [sliced.slice(a, max(b - a, 0)) for a, b in zip([0, *sorted(cuts)], [*sorted(cuts), 60], strict=True)]
    again = settled(demo, policy, pa.concat_tables(chunks))
    assert plain == again


@settings(max_examples=60)
@given(dataframes(cols=[column(name) for name in ("setl_id", "medfee_sumamt", "diag_codes", "setl_time")], max_size=6))
def test_frames_of_anything(demo: dianzhi.Scheme, policy: dianzhi.Policy, frame: pl.DataFrame) -> None:
    settled(demo, policy, frame)


def test_frames_of_nothing(demo: dianzhi.Scheme, policy: dianzhi.Policy, claims: pl.DataFrame) -> None:
    for nothing in [pl.DataFrame(), pd.DataFrame(), pa.table({}), claims.clear(), claims.clear().lazy()]:
        settled(demo, policy, nothing)
    twice = pa.Table.from_arrays([pa.array(["S1"])] * 2, names=["setl_id", "setl_id"])
    assert settled(demo, policy, twice) is None


@settings(max_examples=60)
@given(
    dataframes(
        cols=[column(name) for name in ("event_id", "achievement", "subject_id", "named", "grade", "quantity")],
        max_size=5,
    )
)
def test_forms_of_anything(frame: pl.DataFrame) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dianzhi.DianzhiWarning)
        for call in [lambda: dianzhi.award(forms=frame), lambda: dianzhi.fiscal(accounts=frame)]:
            try:
                call()
            except dianzhi.DianzhiError as error:
                assert error.problems
            except TypeError as error:
                assert str(error)
