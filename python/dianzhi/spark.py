"""A month settled on Apache Spark; needs the extra `dianzhi[spark]`.

The functions of `dianzhi.Batch` as `mapInArrow` over a Spark DataFrame. Scheme and policy travel as one broadcast and
are compiled once a Python worker. Between stages rows travel as parcels: a batch as one binary value, so that neither
the JVM nor a shuffle touches single claims.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
from pyspark import StorageLevel
from pyspark.sql import functions as sql

from . import _native
from ._batch import Batch, ClosedMonth
from ._errors import DianzhiError, Problem, error_for, warn

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from ._book import FloatMoney
    from ._frames import Frame
    from ._policy import Policy
    from ._scheme import Path, Scheme

ROWS = 1 << 16
"""Claims that a call of the engine takes, where it may choose."""

_PARCELS = "kind string, bucket int, data binary"
_KEYS = ("dianzhi_id", "dianzhi_reverses", "dianzhi_stay")
_NAMES = ("sum", "of_1", "of_2", "of_3", "of_4")
_NUMBERS = tuple(f"n_{number}" for number in range(1, 20))
_SUMS = ", ".join([f"{name} string" for name in _NAMES] + [f"{name} long" for name in _NUMBERS])
_REJECTS = ("setl_id", "field", "code", "value", "reason_zh", "reason_en", "kind")
_PARTS = ("fulamt_ownpay_amt", "preselfpay_amt", "dedc_std", "tcm_amt", "tcm_base_amt")

Batches = Iterator[pa.RecordBatch]
Stage = Callable[[Batches], Batches]


class SparkMonth(ClosedMonth):
    """A month settled on a cluster. Claims and rejects stay there; figures are here."""

    claims: DataFrame
    """Every claim with its group, points, standard and due: the columns of a month's table `claims`."""

    rejects: DataFrame
    """Rows that are not paid: setl_id, field, code, value, reason_zh, reason_en, kind."""

    _kept: list[DataFrame]

    def unpersist(self) -> None:
        """Let go of what the cluster keeps for `claims` and `rejects`."""
        for frame in self._kept:
            frame.unpersist()


def settle_month(
    scheme: Scheme,
    policy: Policy,
    claims: DataFrame,
    period: str,
    *,
    clinical: bool = False,
    mapping: Path | None = None,
    float_money: FloatMoney | None = None,
    before: Frame | None = None,
    partitions: int | None = None,
    storage: StorageLevel = StorageLevel.MEMORY_AND_DISK,
) -> SparkMonth:
    """Group, price and settle a month of claims on a cluster, to the fen as `Book.settle_month` does.

    Rows that may belong together (copies, reversals, several settlements of one stay) are found over the whole cluster
    and decided in one place; where a rule looks at all stays of a person, claims are brought together by person. Stays,
    debts and appeals that a book holds are not looked up.

    Parameters
    ----------
    scheme, policy, period, clinical, mapping, float_money
        As of `Book.settle_month`.
    claims
        A Spark DataFrame with NHSA field names, only the columns that are needed. It is read once.
    before
        The institutions of the month before, whose `carried_out` is carried on.
    partitions
        Into how many partitions claims are put where they move; `spark.sql.shuffle.partitions` when not said.
    storage
        Where the cluster keeps claims between stages: about 100 bytes a claim as given, and 60 as priced.

    Raises
    ------
    ClaimsError, PolicyError, SettlementError
        When claims or rules do not give an exact result; also when a claim or a fen was lost on the way (N003).

    Warns
    -----
    DianzhiWarning
        What does not stop the run.

    Examples
    --------
    >>> import dianzhi.spark
    >>> month = dianzhi.spark.settle_month(scheme, policy, spark.read.parquet(path), "2026-03")  # doctest: +SKIP
    >>> month.claims.write.parquet("claims-2026-03")  # doctest: +SKIP
    """
    batch = Batch(scheme, policy, period, clinical=clinical, mapping=mapping, float_money=float_money)
    run = _Run(claims.sparkSession, batch, partitions, storage)
    run.mapped = mapping is not None
    try:
        return run.settle(claims, before)
    except BaseException:
        run.forget()
        raise


class _Rules:
    """The rules of a month on their way to the Python workers of executors."""

    def __init__(self, spark: SparkSession, batch: Batch) -> None:
        packed = batch.to_bytes()
        self.fingerprint = hashlib.sha256(packed).hexdigest()
        # Spark Connect has no broadcasts: there the rules travel with each stage.
        context = getattr(spark, "_sc", None)
        self.held = packed if context is None else context.broadcast(packed)

    def engine(self) -> _native.Batch:
        """The rules, compiled once in this process."""
        if self.fingerprint not in _COMPILED:
            # A worker is one task: other cores have workers of their own.
            os.environ.setdefault("RAYON_NUM_THREADS", "1")
            _COMPILED.clear()
            _COMPILED[self.fingerprint] = _native.Batch.unpack(getattr(self.held, "value", self.held))
        return _COMPILED[self.fingerprint]


_COMPILED: dict[str, _native.Batch] = {}


class _Run:
    """One settlement."""

    def __init__(self, spark: SparkSession, batch: Batch, partitions: int | None, storage: StorageLevel) -> None:
        self.batch, self.storage = batch, storage
        self.rules = _Rules(spark, batch)
        self.partitions = partitions or int(str(spark.conf.get("spark.sql.shuffle.partitions")))
        # More buckets than partitions, so that hashing fills these evenly.
        self.buckets = 4 * self.partitions if batch.persons_rule else 0
        self.mapped = False
        self.kept: list[DataFrame] = []
        self.found: list[Problem] = []

    def keep(self, frame: DataFrame) -> DataFrame:
        kept = frame.persist(self.storage)
        self.kept.append(kept)
        return kept

    def forget(self) -> None:
        for frame in self.kept:
            frame.unpersist()
        self.kept.clear()

    def settle(self, claims: DataFrame, before: Frame | None) -> SparkMonth:
        schema = _claims_schema(self.batch, claims, self.mapped)
        parcels = self.keep(claims.mapInArrow(_pack(self.rules, self.buckets, self.partitions), _PARCELS))
        given = self.sums(parcels)
        work, decided = self.work(parcels)
        persons = self.batch.persons_rule is not None
        if persons:
            work = work.repartition(self.partitions, "bucket")
        measured = pa.table(_NO_SUMS)
        if self.batch.means_rule:
            measured = self.sums(work.mapInArrow(_measure(self.rules), _PARCELS))
        priced = work.mapInArrow(_price(self.rules, measured, persons), _PARCELS)
        if decided is not None:
            priced = priced.unionByName(decided.filter("kind in ('rejects', 'sums', 'problems')"))
        raw, priced = list(self.kept), self.keep(priced)
        sums = self.sums(priced)
        for frame in raw:
            frame.unpersist()
        self.kept = [priced]
        values = pa.table(self.batch._native.values([given, sums]))
        parcels = priced.filter("kind = 'claims'")
        due = self.sums(parcels.mapInArrow(_due_sums(self.rules, values), _PARCELS))
        month = self.close([given, sums, due], before)
        month.claims = parcels.mapInArrow(_due(self.rules, values, schema), _spark(schema))
        month.rejects = priced.filter("kind = 'rejects'").mapInArrow(
            _unpack(_reject_schema()), _spark(_reject_schema())
        )
        month._kept = self.kept
        return month

    def work(self, parcels: DataFrame) -> tuple[DataFrame, DataFrame | None]:
        """The rows to price: those that belong to no others as they are, and what was decided of the others."""
        keys = parcels.filter("kind = 'keys'").repartition(self.partitions, "bucket")
        tables = [_opened(row.data) for row in keys.mapInArrow(_shared, _PARCELS).collect()]
        rows = parcels.filter("kind = 'rows'")
        if not tables:
            return rows.mapInArrow(_apart(None), _PARCELS), None
        shared = pa.concat_tables(tables).column("key").combine_chunks()
        related = rows.mapInArrow(_related(shared), _PARCELS).repartition(1)
        decided = self.keep(related.mapInArrow(_decide(self.rules, self.buckets), _PARCELS))
        return rows.mapInArrow(_apart(shared), _PARCELS).unionByName(decided.filter("kind = 'rows'")), decided

    def sums(self, parcels: DataFrame) -> pa.Table:
        """The sums of parcels, added up by Spark; what is wrong anywhere is raised."""
        parts = parcels.filter("kind in ('sums', 'problems')").mapInArrow(_unpack_sums, _SUMS)
        # Whole numbers of 38 digits cannot overflow unnoticed.
        added = [sql.sum(sql.col(name).cast("decimal(28,0)")).alias(name) for name in _NUMBERS]
        table = parts.groupBy(*_NAMES).agg(*added).toArrow()
        is_sum = pc.not_equal(table.column("sum"), "problem")
        found = [json.loads(text) for text in table.filter(pc.invert(is_sum)).column("of_1").to_pylist()]
        if any(problem["severity"] == "error" for problem in found):
            raise error_for(sorted(found, key=lambda problem: (problem["severity"], problem["code"], problem["en"])))
        self.found += found
        return table.filter(is_sum)

    def close(self, sums: list[pa.Table], before: Frame | None) -> SparkMonth:
        from . import _frames

        given = None if before is None else _frames.streams(before)
        tables, totals, simulation, found = self.batch._native.close(sums, given)
        all_found = [*self.batch._native.warnings, *self.found, *found]
        warn(all_found, 5)
        return SparkMonth({name: pl.DataFrame(rows) for name, rows in tables.items()}, totals, simulation, all_found)


# What runs on executors: functions of parcels.


def _parcel(kind: str, bucket: int, data: pa.Table | bytes) -> pa.RecordBatch:
    if isinstance(data, pa.Table):
        sink = pa.BufferOutputStream()
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        with pa.ipc.new_stream(sink, data.schema, options=options) as writer:
            writer.write_table(data.combine_chunks())
        data = sink.getvalue().to_pybytes()
    arrays = [pa.array([kind]), pa.array([bucket], pa.int32()), pa.array([data], pa.binary())]
    return pa.RecordBatch.from_arrays(arrays, ["kind", "bucket", "data"])


def _opened(data: bytes) -> pa.Table:
    with pa.ipc.open_stream(data) as reader:
        return reader.read_all()


def _tables(batches: Batches) -> Iterator[tuple[str, pa.Table]]:
    """Parcels of rows, one at a time: kind and table."""
    for batch in batches:
        for kind, data in zip(batch.column("kind").to_pylist(), batch.column("data"), strict=True):
            yield kind, _opened(data.as_buffer())


def _gathered(tables: Iterable[pa.Table], rows: int) -> Iterator[pa.Table]:
    """The tables put together to some with at least so many rows."""
    waiting: list[pa.Table] = []
    for table in tables:
        waiting.append(table)
        if sum(len(one) for one in waiting) >= rows:
            yield pa.concat_tables(waiting)
            waiting = []
    if waiting:
        yield pa.concat_tables(waiting)


def _problems(found: Iterable[Problem]) -> Batches:
    for problem in found:
        yield _parcel("problems", 0, json.dumps(problem, ensure_ascii=False, sort_keys=True).encode())


def _told(stage: Stage) -> Stage:
    """The stage, of which what the engine refuses becomes parcels: tasks that fail would be tried again."""

    def run(batches: Batches) -> Batches:
        try:
            yield from stage(batches)
        except DianzhiError as error:
            yield from _problems(error.problems)
            for _ in batches:
                pass

    return run


def _by_bucket(numbers: Any, buckets: int) -> Iterator[tuple[int, Any]]:
    """The places of numbers in each bucket."""
    of = numbers % buckets
    order = np.argsort(of, kind="stable")
    edges = np.searchsorted(of[order], np.arange(buckets + 1))
    for bucket in np.unique(of):
        yield int(bucket), order[edges[bucket] : edges[bucket + 1]]


def _in_parcels(table: pa.Table, persons: Any, buckets: int) -> Batches:
    if not buckets:
        yield _parcel("rows", 0, table)
        return
    for bucket, places in _by_bucket(persons, buckets):
        yield _parcel("rows", bucket, table.take(pa.array(places)))


def _pack(rules: _Rules, buckets: int, partitions: int) -> Stage:
    """Claims as given → rows in parcels (by person where that is asked), keys in parcels, sums."""

    def run(batches: Batches) -> Batches:
        engine = rules.engine()
        tables = (pa.Table.from_batches([batch]) for batch in batches)
        for table in _gathered(tables, ROWS):
            found, sums = engine.keys([table])
            keys = pa.table(found)
            yield _parcel("sums", 0, pa.table(sums))
            own = pa.concat_arrays([chunk for name in ("id", "reverses", "stay") for chunk in keys.column(name).chunks])
            numbers = own.drop_null().to_numpy()
            for bucket, places in _by_bucket(numbers, partitions):
                yield _parcel("keys", bucket, pa.table({"key": numbers[places]}))
            named = table
            for name in _KEYS:
                named = named.append_column(name, keys.column(name.removeprefix("dianzhi_")))
            yield from _in_parcels(named, keys.column("person").to_numpy(), buckets)

    return _told(run)


def _shared(batches: Batches) -> Batches:
    """Keys → those that several rows have."""
    tables = [table for _, table in _tables(batches)]
    if not tables:
        return
    counts = pc.value_counts(pa.concat_tables(tables).column("key").combine_chunks())
    several = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
    if len(several):
        yield _parcel("shared", 0, pa.table({"key": several}))


def _belong(table: pa.Table, shared: pa.Array) -> pa.ChunkedArray:
    """Which rows share a key with others."""
    found = [pc.is_in(table.column(name), value_set=shared) for name in _KEYS]
    return pc.or_(pc.or_(found[0], found[1]), found[2])


def _related(shared: pa.Array) -> Stage:
    def run(batches: Batches) -> Batches:
        for _, table in _tables(batches):
            rows = table.filter(_belong(table, shared))
            if len(rows):
                yield _parcel("rows", 0, rows)

    return run


def _apart(shared: pa.Array | None) -> Stage:
    def run(batches: Batches) -> Batches:
        for batch in batches:
            columns = (batch.column(name).to_pylist() for name in ("kind", "bucket"))
            for kind, bucket, data in zip(*columns, batch.column("data"), strict=True):
                table = _opened(data.as_buffer())
                rows = table if shared is None else table.filter(pc.invert(_belong(table, shared)))
                yield _parcel(kind, bucket, rows.drop_columns(list(_KEYS)))

    return run


def _decide(rules: _Rules, buckets: int) -> Stage:
    """Rows that may belong together → those to price, rejects and sums of the others."""

    def run(batches: Batches) -> Batches:
        tables = [table for _, table in _tables(batches)]
        if not tables:
            return
        engine = rules.engine()
        table = pa.concat_tables(tables).drop_columns(list(_KEYS))
        accepted, rejects, sums, found = engine.decide([table])
        yield _parcel("rejects", 0, pa.table(rejects))
        yield _parcel("sums", 0, pa.table(sums))
        yield from _problems(found)
        kept = table.take(pa.table(accepted).column("row"))
        if len(kept):
            persons = pa.table(engine.keys([kept])[0]).column("person").to_numpy()
            yield from _in_parcels(kept, persons, buckets)

    return _told(run)


def _measure(rules: _Rules) -> Stage:
    def run(batches: Batches) -> Batches:
        engine = rules.engine()
        for table in _gathered((table for _, table in _tables(batches)), ROWS):
            yield _parcel("sums", 0, pa.table(engine.measure([table])))

    return _told(run)


def _price(rules: _Rules, measured: pa.Table, persons: bool) -> Stage:
    """Rows → priced claims, rejects, sums. Where stays of a person count, all rows of the partition at once."""

    def run(batches: Batches) -> Batches:
        engine = rules.engine()
        tables = (table for _, table in _tables(batches))
        for table in _gathered(tables, (1 << 62) if persons else ROWS):
            claims, rejects, sums, found = engine.price([table], [measured], persons)
            yield _parcel("claims", 0, pa.table(claims))
            if len(rejects):
                yield _parcel("rejects", 0, pa.table(rejects))
            yield _parcel("sums", 0, pa.table(sums))
            yield from _problems(found)

    return _told(run)


def _due_sums(rules: _Rules, values: pa.Table) -> Stage:
    def run(batches: Batches) -> Batches:
        engine = rules.engine()
        for _, table in _tables(batches):
            yield _parcel("sums", 0, pa.table(engine.due([table], [values])[1]))

    return _told(run)


def _due(rules: _Rules, values: pa.Table, schema: pa.Schema) -> Stage:
    def run(batches: Batches) -> Batches:
        engine = rules.engine()
        for _, table in _tables(batches):
            yield from _fit(pa.table(engine.due([table], [values])[0]), schema)

    return run


def _unpack(schema: pa.Schema) -> Stage:
    def run(batches: Batches) -> Batches:
        for _, table in _tables(batches):
            yield from _fit(table, schema)

    return run


def _unpack_sums(batches: Batches) -> Batches:
    for batch in batches:
        for kind, data in zip(batch.column("kind").to_pylist(), batch.column("data"), strict=True):
            if kind == "sums":
                yield from _fit(_opened(data.as_buffer()), _SUM_SCHEMA)
            else:
                text = data.as_py().decode()
                yield pa.RecordBatch.from_pylist(
                    [dict.fromkeys(_SUM_SCHEMA.names) | {"sum": "problem", "of_1": text}], _SUM_SCHEMA
                )


def _fit(table: pa.Table, schema: pa.Schema) -> Batches:
    """The table with exactly these columns, types as Spark takes them."""
    columns = []
    for field in schema:
        at = table.schema.get_field_index(field.name)
        column = pa.nulls(len(table), field.type) if at < 0 else table.column(at).cast(field.type)
        columns.append(column)
    yield from pa.Table.from_arrays(columns, schema=schema).combine_chunks().to_batches()


_SUM_SCHEMA = pa.schema([*((name, pa.string()) for name in _NAMES), *((name, pa.int64()) for name in _NUMBERS)])
_NO_SUMS = _SUM_SCHEMA.empty_table()


def _reject_schema() -> pa.Schema:
    return pa.schema([(name, pa.string()) for name in _REJECTS])


def _claims_schema(batch: Batch, claims: DataFrame, mapped: bool) -> pa.Schema:
    """The columns of priced claims. What the frame lacks is told here, before anything runs."""
    given = _PARTS if mapped else claims.columns
    empty = claims.limit(0).toArrow()
    priced, *_ = batch._native.price([empty], [_NO_SUMS], True)
    table = pa.table(priced)
    fields = []
    for field in table.schema:
        plain = pa.types.is_decimal(field.type) or pa.types.is_integer(field.type) or pa.types.is_date(field.type)
        fields.append(pa.field(field.name, field.type if plain else pa.string()))
    parts = [pa.field(name, pa.decimal128(18, 2)) for name in _PARTS if name in given]
    at = table.column_names.index("pool") + 1
    return pa.schema([*fields[:at], *parts, *fields[at:]])


def _spark(schema: pa.Schema) -> str:
    """The schema in the words of Spark."""

    def word(kind: pa.DataType) -> str:
        if pa.types.is_decimal(kind):
            return f"decimal({kind.precision},{kind.scale})"
        return {"int64": "long", "date32[day]": "date"}.get(str(kind), "string")

    return ", ".join(f"`{field.name}` {word(field.type)}" for field in schema)
