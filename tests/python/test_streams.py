"""Capsules of Arrow streams, the one door of the extension that needs `unsafe`, offered rightly and otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import dianzhi
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

CLAIMS = {"setl_id": ["S1", "S2"], "gend": [1, 2], "age": [63, 71], "diag_codes": [["I21.000"], ["J18.900"]]}


@pytest.fixture(scope="module")
def scheme() -> dianzhi.Scheme:
    """Some scheme."""
    return dianzhi.Scheme.load("demo")


class Offers:
    """Something that offers whatever it is told to."""

    def __init__(self, offered: Callable[[], Any]) -> None:
        self.offered = offered

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> Any:
        """What was told."""
        return self.offered()


def test_a_stream_can_be_taken_once(scheme: dianzhi.Scheme) -> None:
    capsule = pl.DataFrame(CLAIMS).__arrow_c_stream__()
    again = Offers(lambda: capsule)
    assert scheme.group(again)["status"].to_list() == ["grouped", "grouped"]
    with pytest.raises(ValueError, match="read before"):
        scheme.group(again)


@pytest.mark.parametrize("offered", [None, 1, b"arrow_array_stream", object(), [], pl.DataFrame(CLAIMS)])
def test_what_is_no_capsule_is_refused(scheme: dianzhi.Scheme, offered: object) -> None:
    with pytest.raises(TypeError, match="no Arrow stream"):
        scheme.group(Offers(lambda: offered))


def test_a_capsule_of_another_name_is_refused(scheme: dianzhi.Scheme) -> None:
    import datetime

    with pytest.raises((TypeError, ValueError)):
        scheme.group(Offers(lambda: datetime.datetime_CAPI))


def test_what_fails_while_it_is_asked_says_so(scheme: dianzhi.Scheme) -> None:
    def fail() -> Any:
        raise RuntimeError("not today")

    with pytest.raises(RuntimeError, match="not today"):
        scheme.group(Offers(fail))


def test_a_stream_that_is_dropped_half_read_harms_nothing(scheme: dianzhi.Scheme) -> None:
    for _ in range(200):
        with pytest.raises(dianzhi.DianzhiError):
            scheme.group(pl.DataFrame({**CLAIMS, "age": [1.5, 2.5], "gend": [[1], [2]]}))
        pl.DataFrame(CLAIMS).__arrow_c_stream__()


@pytest.mark.filterwarnings("ignore::dianzhi.DianzhiWarning")
@settings(max_examples=200)
@given(st.lists(st.tuples(st.lists(st.text(max_size=20), max_size=4), st.integers(0, 7)), max_size=12))
def test_slices_of_any_texts_come_back_as_they_are(scheme: dianzhi.Scheme, rows: list[tuple[list[str], int]]) -> None:
    codes = pl.Series("diag_codes", [codes for codes, _ in rows], dtype=pl.List(pl.String))
    frame = pl.DataFrame({"setl_id": [f"S{at}" for at in range(len(rows))], "diag_codes": codes})
    frame = frame.with_columns(gend=pl.Series([at % 3 for _, at in rows], dtype=pl.Int8), note=codes.list.join("|"))
    for start in range(0, len(rows), 3):
        part = frame.slice(start, 5)
        grouped = scheme.group(Offers(part.__arrow_c_stream__))
        assert grouped.select(part.columns).equals(part)
        assert grouped.height == part.height


def test_a_trace_of_fields_is_that_of_the_frame(scheme: dianzhi.Scheme) -> None:
    claim = {"setl_id": "S1", "gend": 1, "age": 63, "diag_codes": ["I21.000", "I50.900"], "oprn_codes": "36.0600"}
    plain = scheme.explain(claim)
    framed = scheme.explain(pl.DataFrame([claim]))
    cleaned = scheme.explain({**claim, "diag_codes": ["i21.000", " I50.900"]})
    assert plain.record == framed.record == cleaned.record
    assert str(plain) == str(framed)
    assert (plain.status, plain.drg) == (framed.status, framed.drg)
    assert scheme.explain({**claim, "nwb_age": None, "oprn_codes": []}).status == "grouped"


@settings(max_examples=100)
@given(
    st.fixed_dictionaries(
        {
            "setl_id": st.text(alphabet="AS19", min_size=1, max_size=14),
            "gend": st.sampled_from([1, 2, "1", "2"]),
            "age": st.integers(0, 130),
            "diag_codes": st.lists(st.sampled_from(["I21.000", "J18.900", "i50.900", "Z37.000x001"]), min_size=1),
        },
        optional={
            "nwb_age": st.integers(0, 400),
            "nwb_bir_wt": st.integers(0, 6000),
            "dscg_way": st.sampled_from(["1", "5"]),
            "icu": st.sampled_from([0, 1, "0", "1"]),
            "oprn_codes": st.lists(st.sampled_from(["36.0600", "88.5500", "00.6600x004"]), min_size=1),
        },
    )
)
def test_any_claim_by_fields_and_by_frame(scheme: dianzhi.Scheme, claim: dict[str, Any]) -> None:
    assert scheme.explain(claim).record == scheme.explain(pl.DataFrame([claim])).record


def addresses(frame: pl.DataFrame, name: str) -> list[int]:
    """Where the buffers of a column lie in memory, but for the bits that say what is missing."""
    import pyarrow as pa

    batches = list(pa.RecordBatchReader.from_stream(frame.select(name)))
    column = batches[0].column(0)
    assert len(batches) == 1
    parts = [column, column.values] if pa.types.is_large_list(column.type) else [column]
    return [buffer.address for part in parts for buffer in part.buffers()[1:] if buffer is not None]


def test_texts_come_back_where_they_lie(scheme: dianzhi.Scheme) -> None:
    rows = range(1000)
    frame = pl.DataFrame(
        {
            "setl_id": [f"5119{at:020}" for at in rows],
            "gend": [1 for _ in rows],
            "age": [at % 90 for at in rows],
            "diag_codes": [["I21.000", "J18.900x001", "A18.100x018+N51.8*"] for _ in rows],
            "note": ["as it was" * (at % 4) for at in rows],
        }
    ).rechunk()
    grouped = scheme.group(frame)
    for name in ["setl_id", "diag_codes", "note"]:
        assert addresses(grouped, name) == addresses(frame, name), name
