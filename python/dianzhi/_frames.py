"""Frames in and out: everything crosses as an Arrow C stream, batch by batch."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeAlias, runtime_checkable

import polars as pl

from ._errors import DianzhiError
from ._native import Rows, store
from ._said import said


@runtime_checkable
class ArrowStream(Protocol):
    """Anything that offers its rows by the Arrow C stream interface: polars, pyarrow, pandas 3, DuckDB …"""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The rows, in a capsule."""
        ...


Frame: TypeAlias = ArrowStream | pl.LazyFrame
"""Rows in: a frame of polars (also lazy), pandas, pyarrow or DuckDB, or any other Arrow stream."""


def library(frame: object) -> str:
    """The library an object comes from: `polars`, `pandas`, `pyarrow` …"""
    return type(frame).__module__.partition(".")[0]


def streams(frame: Frame) -> Iterator[ArrowStream]:
    """The rows as one or several Arrow streams of the same columns.

    Raises
    ------
    TypeError
        When the object is no frame.
    """
    if isinstance(frame, pl.LazyFrame):
        frame = frame.with_columns(_texts_for_nulls(frame.collect_schema()))
        # First the columns, for a frame without rows.
        yield pl.DataFrame(schema=frame.collect_schema())
        yield from frame.collect_batches()
    elif isinstance(frame, pl.DataFrame):
        yield frame.with_columns(_texts_for_nulls(frame.schema))
    elif library(frame) == "pandas":
        yield _from_pandas(frame)
    elif isinstance(frame, pl.Series):
        raise TypeError(said("series"))
    elif isinstance(frame, ArrowStream):
        yield frame
    elif isinstance(frame, str | os.PathLike):
        raise TypeError(said("path", given=os.fspath(frame)))
    else:
        raise TypeError(said("no_frame", given=f"{type(frame).__module__}.{type(frame).__qualname__}"))


def _texts_for_nulls(schema: pl.Schema) -> list[pl.Expr]:
    """What is without a single value has no type to cross with: such columns as texts, also inside of lists."""
    typed = ((name, dtype, _typed(dtype)) for name, dtype in schema.items())
    return [pl.col(name).cast(other) for name, dtype, other in typed if other != dtype]


def _typed(dtype: pl.DataType) -> pl.DataType:
    if isinstance(dtype, pl.Null):
        return pl.String()
    if isinstance(dtype, pl.List):
        return pl.List(_typed(_instance(dtype.inner)))
    if isinstance(dtype, pl.Struct):
        return pl.Struct({field.name: _typed(_instance(field.dtype)) for field in dtype.fields})
    return dtype


def _instance(dtype: Any) -> pl.DataType:
    made: pl.DataType = dtype() if isinstance(dtype, type) else dtype
    return made


def _from_pandas(frame: Any) -> ArrowStream:
    try:
        import pyarrow as pa
    except ImportError as error:
        raise ImportError(said("pandas_needs_pyarrow")) from error
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        raise TypeError(said("pandas_series", given=type(frame).__name__))
    try:
        table: ArrowStream = pa.Table.from_pandas(frame, preserve_index=False)
    except (pa.ArrowException, ValueError, TypeError, OverflowError) as error:
        raise TypeError(said("pandas_unread", why=error)) from error
    return table


def out(rows: Rows, like: Any) -> Any:
    """Rows of the engine, which are those of `like` and further columns, as a frame of the same library.

    A frame in memory keeps its columns as they are; the further ones are put beside them. Rows that were read from a
    stream, and rows of other libraries, come as a polars frame.
    """
    name = library(like)
    if name == "pyarrow":
        return _beside_pyarrow(rows, like)
    if name == "pandas":
        return _beside_pandas(rows, like)
    frame = pl.DataFrame(rows)
    if not isinstance(like, pl.DataFrame):
        return frame
    kept = like.rename(dict(zip(like.columns, frame.columns, strict=False)))
    return kept.hstack(frame.get_columns()[like.width :])


def _beside_pyarrow(rows: Rows, like: Any) -> Any:
    import pyarrow as pa

    table = pa.table(rows)
    if not isinstance(like, pa.Table | pa.RecordBatch):
        return table
    kept = pa.table(like).rename_columns(table.column_names[: like.num_columns])
    for at in range(like.num_columns, table.num_columns):
        kept = kept.append_column(table.column_names[at], table.column(at).cast(pa.string()))
    return kept


def _beside_pandas(rows: Rows, like: Any) -> Any:
    import pyarrow as pa

    table = pa.table(rows)
    width = like.shape[1]
    kept = like.copy(deep=False)
    kept.columns = [
        old if str(old) == new else new for old, new in zip(like.columns, table.column_names[:width], strict=True)
    ]
    for at in range(width, table.num_columns):
        kept[table.column_names[at]] = table.column(at).cast(pa.large_string()).to_pandas().to_numpy()
    return kept


def _of_frame(error: DianzhiError, path: str) -> None:
    """Tell of the frame that was handed in, not of the file it was written to, nor of options of the program."""
    for problem in error.problems:
        if problem["place"].get("file") == path:
            problem["place"]["file"] = "frame"
        for lang in ("zh", "en"):
            problem[lang] = problem[lang].replace(path, "frame").replace("--float-money", "float_money=")


@contextmanager
def files(claims: Any) -> Iterator[list[str | os.PathLike[str]]]:
    """Claims as files: those named, or one that holds the frame, written batch by batch, while it is needed.

    Raises
    ------
    TypeError
        When it is neither.
    """
    if isinstance(claims, str | os.PathLike):
        yield [claims]
    elif isinstance(claims, Sequence):
        if not all(isinstance(path, str | os.PathLike) for path in claims):
            raise TypeError(said("claims_kind"))
        yield list(claims)
    else:
        with tempfile.TemporaryDirectory(prefix="dianzhi-") as folder:
            path = Path(folder) / "claims.parquet"
            store(streams(claims), path)
            try:
                yield [path]
            except DianzhiError as error:
                _of_frame(error, str(path))
                raise
