"""Frames of any content: a result with a row for each, or a clear error; never a panic."""

from __future__ import annotations

import datetime
import decimal
import warnings
from typing import Any

import dianzhi
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing.parametric import column, dataframes

NAMES = ["setl_id", "gend", "age", "nwb_age", "nwb_bir_wt", "act_ipt_days", "dscg_way", "diag_codes", "oprn_codes"]
CODES = st.sampled_from(["I21.000", "i21.000", "I50.900", "J18.900", "P07.100", "Ｉ21.000", " I21.000", "A00", "", "|"])
VALUES = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.text(max_size=20),
    st.booleans(),
    st.dates(),
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12),
    CODES,
    st.lists(CODES, max_size=4),
)


def accept(scheme: dianzhi.Scheme, frame: Any, rows: int) -> None:
    """A row out for each row in, or an error that says what is wrong."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dianzhi.DianzhiWarning)
        try:
            grouped = scheme.group(frame)
        except dianzhi.DianzhiError as error:
            assert error.problems
            return
        except TypeError as error:
            assert str(error)
            return
    out = pl.DataFrame(grouped)
    assert out.height == rows
    assert out["status"].null_count() == 0


@given(dataframes(cols=[column(name) for name in NAMES], max_size=12, allow_null=True))
def test_any_polars_frame(demo: dianzhi.Scheme, frame: pl.DataFrame) -> None:
    accept(demo, frame, frame.height)
    accept(demo, frame.lazy(), frame.height)
    accept(demo, frame.slice(1, 5), frame.slice(1, 5).height)


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(NAMES, VALUES)), max_size=6))
def test_any_pandas_frame(demo: dianzhi.Scheme, rows: list[dict[str, Any]]) -> None:
    accept(demo, pd.DataFrame(rows, columns=NAMES), len(rows))


@given(
    st.lists(st.tuples(CODES, st.lists(CODES, max_size=5), st.sampled_from(["1", "2", "3", "", None])), max_size=30),
    st.integers(0, 30),
    st.integers(0, 30),
    st.sampled_from([pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())]),
    st.booleans(),
)
def test_storage_and_slices_do_not_matter(
    demo: dianzhi.Scheme, rows: list[Any], start: int, length: int, kind: pa.DataType, large: bool
) -> None:
    list_type = pa.large_list(pa.string()) if large else pa.list_(pa.string())
    table = pa.table(
        {
            "setl_id": pa.array([str(n) for n in range(len(rows))], pa.string()).cast(pa.string()),
            "gend": pa.array([row[2] for row in rows], pa.string()).cast(kind),
            "age": pa.array([63] * len(rows), pa.int16()),
            "diag_codes": pa.array([row[1] for row in rows], list_type),
        }
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dianzhi.DianzhiWarning)
        part = demo.group(table.slice(start, length))
        plain = demo.group(
            pl.DataFrame(
                {
                    "setl_id": [str(n) for n in range(len(rows))],
                    "gend": [row[2] for row in rows],
                    "age": [63] * len(rows),
                    "diag_codes": ["|".join(row[1]) for row in rows],
                },
                schema={"setl_id": pl.String, "gend": pl.String, "age": pl.Int64, "diag_codes": pl.String},
            )
        )
    assert pl.DataFrame(part)["drg"].to_list() == plain["drg"].slice(start, length).to_list()


def test_odd_columns(demo: dianzhi.Scheme) -> None:
    good: dict[str, Any] = {"setl_id": ["S1"], "gend": [1], "age": [63], "diag_codes": ["I21.000"]}
    odd = [
        {"setl_id": pl.Series([None])},
        {"diag_codes": pl.Series([None], dtype=pl.List(pl.String))},
        {"diag_codes": pl.Series([[1, 2]])},
        {"diag_codes": pl.Series([{"code": "I21.000"}])},
        {"age": pl.Series([2**64 - 1], dtype=pl.UInt64)},
        {"age": [float("nan")]},
        {"age": [decimal.Decimal("63.5")]},
        {"gend": [datetime.date(2026, 3, 1)]},
        {"gend": pl.Series(["1"], dtype=pl.Enum(["1", "2"]))},
        {"age": pl.Series([b"\xff"])},
        {"other": pl.Series([datetime.timedelta(1)])},
        {"other": pl.Series([{"a": None}])},
        {"other": pl.Series([object()], dtype=pl.Object)},
    ]
    for columns in odd:
        accept(demo, pl.DataFrame({**good, **columns}), 1)


@pytest.mark.parametrize("lazy", [False, True])
def test_columns_without_a_value(demo: dianzhi.Scheme, lazy: bool) -> None:
    """Of adults nobody knows the weight at birth: a column of nulls, and a list without procedures."""
    claims = pl.DataFrame(
        {
            "setl_id": ["S1"],
            "gend": ["1"],
            "age": [63],
            "nwb_bir_wt": [None],
            "diag_codes": [["I21.000"]],
            "oprn_codes": [[]],
            "other": [[[None]]],
        }
    )
    assert claims.schema["nwb_bir_wt"] == pl.Null
    grouped = demo.group(claims.lazy() if lazy else claims)
    assert grouped.drop("other")["status"].to_list() == ["grouped"]
    one = {"setl_id": "S1", "gend": "1", "age": 63, "nwb_age": None, "diag_codes": ["I21.000"], "oprn_codes": []}
    assert demo.explain(one).status == "grouped"


def test_frames_without_columns_or_with_double_names(demo: dianzhi.Scheme) -> None:
    accept(demo, pl.DataFrame(), 0)
    accept(demo, pd.DataFrame(), 0)
    accept(demo, pa.table({}), 0)
    accept(demo, pa.Table.from_arrays([pa.array(["S1"])] * 2, names=["setl_id", "setl_id"]), 1)
    accept(demo, pd.DataFrame([["S1", "1", "I21.000", 1]], columns=["setl_id", "gend", "diag_codes", "setl_id"]), 1)
    accept(demo, pd.DataFrame([["S1", "1", "I21.000", 1]], columns=["setl_id", "gend", "diag_codes", 7]), 1)
