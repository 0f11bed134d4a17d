"""Grouping through every kind of frame."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dianzhi
import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

SCHEME = "chs_drg_20"
MAPPING = "fixtures/mappings/vectors.toml"
RESULT = ["mdc", "adrg", "drg"]


@pytest.fixture(scope="module")
def scheme(shared: Path) -> dianzhi.Scheme:
    return dianzhi.Scheme.load(shared / "schemes" / SCHEME)


@pytest.fixture(scope="module")
def records(shared: Path) -> pl.DataFrame:
    """All records as text, and what an independent grouper says of them."""
    return pl.read_csv(shared / "vectors" / f"{SCHEME}.csv", infer_schema=False)


def check(grouped: Any, records: pl.DataFrame) -> None:
    got = pl.DataFrame(grouped)
    expected = records.select(pl.col(RESULT).fill_null(""))
    assert got.select(pl.col(RESULT).cast(pl.String).fill_null("")).rows() == expected.rows()


@pytest.mark.filterwarnings("ignore::dianzhi.DianzhiWarning")
def test_every_record_through_every_library(scheme: dianzhi.Scheme, records: pl.DataFrame) -> None:
    asked = records.drop("status", *RESULT)
    typed = asked.with_columns(
        pl.col("age", "age_days", "birth_weight_g", "los_days").cast(pl.Int64, strict=False),
        pl.col("dept", "discharge_way").cast(pl.Categorical),
        pl.col("diagnoses", "procedures").str.split("|"),
    )
    in_memory: dict[type, Any] = {
        pl.DataFrame: [asked, typed, typed.to_pandas().pipe(pl.from_pandas)],
        pa.Table: [asked.to_arrow(), typed.to_arrow(), typed.to_arrow().to_reader(), asked.to_arrow().to_reader(777)],
        pd.DataFrame: [asked.to_pandas(), typed.to_pandas()],
    }
    for kind, frames in in_memory.items():
        for frame in frames:
            grouped = scheme.group(frame, mapping=MAPPING)
            assert type(grouped) is kind
            check(grouped, records)
    duckdb.register("asked_rows", asked.to_arrow())
    for other in [typed.lazy(), asked.lazy().filter(pl.col("record_id") > ""), duckdb.sql("select * from asked_rows")]:
        grouped = scheme.group(other, mapping=MAPPING)
        assert type(grouped) is pl.DataFrame
        check(grouped, records)


@pytest.fixture
def claims() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "setl_id": ["S1", "S2", "S3"],
            "gend": [1, 2, 1],
            "age": [63, 71, 5],
            "diag_codes": [["I21.000", "I50.900"], ["J18.900"], []],
            "oprn_codes": [["36.0600"], [], None],
            "paid": pl.Series(["12.30", "1.00", None]).cast(pl.Decimal(18, 2)),
        }
    )


def test_rows_columns_and_types_stay(demo: dianzhi.Scheme, claims: pl.DataFrame) -> None:
    extra = claims.with_columns(pl.Series("kind", ["a", "b", "a"], dtype=pl.Categorical), when=pl.date(2026, 3, 1))
    grouped = demo.group(extra)
    assert grouped.columns == [*extra.columns, "status", "mdc", "adrg", "drg"]
    assert grouped.select(extra.columns).equals(extra)
    assert grouped.schema["paid"] == pl.Decimal(18, 2)
    assert grouped["status"].to_list() == ["grouped", "grouped", "ungroupable"]


def test_pandas_keeps_index_and_dtypes(demo: dianzhi.Scheme, claims: pl.DataFrame) -> None:
    frame = claims.drop("paid").to_pandas().set_index(pd.Index(["x", "y", "z"], name="row"))
    frame["note"] = pd.Categorical(["a", "b", "a"])
    grouped = demo.group(frame)
    assert list(grouped.index) == ["x", "y", "z"]
    assert grouped[list(frame.columns)].dtypes.equals(frame.dtypes)
    assert list(frame.columns) == list(grouped.columns)[:-4]
    assert list(grouped["status"]) == ["grouped", "grouped", "ungroupable"]


def test_a_column_with_the_name_of_a_result_is_renamed(demo: dianzhi.Scheme, claims: pl.DataFrame) -> None:
    named = claims.with_columns(drg=pl.lit("own"), input_drg=pl.lit("older"))
    for frame in [named, named.to_arrow(), named.drop("paid").to_pandas()]:
        grouped = pl.DataFrame(demo.group(frame))
        assert "drg" in grouped.columns
        assert grouped["input_drg"].to_list() == ["older"] * 3
        assert grouped["input_input_drg"].to_list() == ["own"] * 3


def test_no_rows(demo: dianzhi.Scheme, claims: pl.DataFrame) -> None:
    with pytest.warns(dianzhi.DianzhiWarning, match="F009"):
        grouped = demo.group(claims.clear())
    assert grouped.columns[-4:] == ["status", "mdc", "adrg", "drg"]
    assert grouped.height == 0
    with pytest.warns(dianzhi.DianzhiWarning, match="F009"):
        assert demo.group(claims.clear().lazy()).height == 0
    with pytest.warns(dianzhi.DianzhiWarning, match="F009"):
        assert demo.group(claims.to_arrow().schema.empty_table()).num_rows == 0


def test_unreadable_rows_are_invalid_and_told(demo: dianzhi.Scheme, claims: pl.DataFrame) -> None:
    spoiled = claims.with_columns(pl.Series("age", ["63", "abc", "5"]))
    with pytest.warns(dianzhi.UnreadableRows, match="C011") as caught:
        grouped = demo.group(spoiled)
    assert grouped["status"].to_list() == ["grouped", "invalid", "ungroupable"]
    warning = caught[0].message
    assert isinstance(warning, dianzhi.UnreadableRows)
    assert warning.rejects.select("row", "setl_id", "field", "code", "value").rows() == [
        (2, "S2", "age", "C011", "abc")
    ]


def test_what_is_no_frame(demo: dianzhi.Scheme, claims: pl.DataFrame) -> None:
    for other in [None, 1, "S1", [1], claims["setl_id"], claims.to_pandas()["setl_id"], claims.to_arrow()["setl_id"]]:
        with pytest.raises(TypeError):
            demo.group(other)


def test_a_reader_cannot_be_read_twice(demo: dianzhi.Scheme, claims: pl.DataFrame) -> None:
    reader = claims.to_arrow().to_reader()
    assert demo.group(reader).num_rows == 3
    with pytest.warns(dianzhi.DianzhiWarning, match="F009"):
        assert demo.group(reader).num_rows == 0


def test_an_exception_of_the_producer_comes_through(demo: dianzhi.Scheme, claims: pl.DataFrame) -> None:
    def batches() -> Any:
        yield claims.to_arrow().to_batches()[0]
        raise RuntimeError("the connection is lost")

    reader = pa.RecordBatchReader.from_batches(claims.to_arrow().schema, batches())
    with pytest.raises(dianzhi.FileError, match="the connection is lost"):
        demo.group(reader)


def test_missing_columns_are_told_all_at_once(demo: dianzhi.Scheme, claims: pl.DataFrame) -> None:
    with pytest.raises(dianzhi.ClaimsError) as caught:
        demo.group(claims.drop("gend", "diag_codes"))
    problems = caught.value.problems
    assert {p["code"] for p in problems if p["severity"] == "error"} <= {"C001", "C002"}
    assert caught.value.frame().filter(severity="error").height == 2
    assert all(p["zh"] and p["en"] for p in problems)


def test_explanations(demo: dianzhi.Scheme, claims: pl.DataFrame) -> None:
    trace = demo.explain(claims, "S2", lang="zh")
    assert trace.setl_id == "S2"
    assert trace.drg == demo.group(claims)["drg"][1]
    assert "J18.900" in str(trace)
    record = claims.row(0, named=True)
    assert demo.explain(record).drg == demo.group(claims)["drg"][0]
    assert str(demo.explain(record)) != str(demo.explain(record, lang="zh"))
    assert "<details" in demo.explain(record)._repr_html_()
    assert demo.explain(record).tree().count("─ ") > 5
    with pytest.raises(dianzhi.ClaimsError, match="C054"):
        demo.explain(claims, "S9")
    with pytest.raises(dianzhi.ClaimsError, match="C011"):
        demo.explain({**record, "age": "abc"})
    with pytest.raises(ValueError, match="lang"):
        demo.explain(record, lang="fr")  # type: ignore[arg-type]
