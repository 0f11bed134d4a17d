"""Claims out of databases, and a book as tables of one."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
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
def claims(scheme: dianzhi.Scheme) -> pl.DataFrame:
    return dianzhi.synth(scheme, 2000, seed=7)


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory, scheme: dianzhi.Scheme, claims: pl.DataFrame) -> dianzhi.Month:
    book = dianzhi.Book(tmp_path_factory.mktemp("databases") / "book")
    return book.settle_month(scheme, dianzhi.Policy.load("demo", scheme), claims, "2026-03")


def settled(folder: Path, scheme: dianzhi.Scheme, claims: object) -> pl.DataFrame:
    policy = dianzhi.Policy.load("demo", scheme)
    month = dianzhi.Book(folder / "book").settle_month(scheme, policy, claims, "2026-03")  # type: ignore[arg-type]
    return month.claims


def test_claims_out_of_duckdb(
    tmp_path: Path, scheme: dianzhi.Scheme, claims: pl.DataFrame, month: dianzhi.Month
) -> None:
    with duckdb.connect(str(tmp_path / "claims.duckdb")) as database:
        database.register("given", claims.to_arrow())
        database.sql("create table claims as select * from given")
        relation = database.sql("select * from claims order by setl_id")
        assert settled(tmp_path, scheme, relation).equals(month.claims)


def test_a_book_is_tables_of_duckdb(month: dianzhi.Month) -> None:
    book = month.book.path
    sql = f"""
        select regexp_extract(c.filename, 'periods/([0-9-]+)/', 1) as period, i.fixmedins_name, sum(c.due) as due
        from read_parquet('{book}/periods/*/claims.parquet', filename = true) c
        join read_parquet('{book}/periods/*/institutions.parquet') i using (fixmedins_code, insutype)
        where c.state = 'paid' group by all order by due desc
    """  # noqa: S608
    found = duckdb.sql(sql).pl()
    assert found["due"].sum() == month.pools["due"].sum()
    assert found["period"].unique().to_list() == ["2026-03"]
    assert found.schema["due"].is_decimal()


def programs() -> Path | None:
    """Where initdb and pg_ctl of Debian's packages are."""
    places = [*Path("/usr/lib/postgresql").glob("*/bin"), Path(shutil.which("initdb") or "/none").parent]
    return next((place for place in places if (place / "initdb").exists() and (place / "pg_ctl").exists()), None)


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of its own on loopback."""
    place = programs()
    if place is None:
        if os.environ.get("CI"):
            pytest.fail("in CI PostgreSQL must be installed")
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    folder = tmp_path_factory.mktemp("postgres")
    # The server refuses to run as root.
    as_user: list[str] = []
    if getpass.getuser() == "root":
        as_user = ["runuser", "-u", "postgres", "--"]
        for parent in [folder, folder.parent, folder.parent.parent]:
            parent.chmod(0o755)
        shutil.chown(folder, "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"

    def run(program: str, *words: object) -> None:
        subprocess.run([*as_user, place / program, "-D", data, *words], check=True, stdout=subprocess.DEVNULL)

    run("initdb", "-U", "test", "-A", "trust", "-E", "UTF8")
    options = f"-h 127.0.0.1 -p {port} -k {folder}"
    run("pg_ctl", "-w", "-l", folder / "log", "-o", options, "start")
    try:
        yield f"postgresql://test@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "-m", "immediate", "stop")


def test_claims_out_of_postgresql(
    tmp_path: Path, postgres: str, scheme: dianzhi.Scheme, claims: pl.DataFrame, month: dianzhi.Month
) -> None:
    from adbc_driver_postgresql import dbapi

    lists = [name for name, dtype in claims.schema.items() if isinstance(dtype, pl.List)]
    plain = claims.with_columns(pl.col(name).list.join("|") for name in lists)
    decimals = [name for name, dtype in plain.schema.items() if dtype.is_decimal()]
    with dbapi.connect(postgres) as connection, connection.cursor() as cursor:
        cursor.adbc_ingest("raw", plain.with_columns(pl.col(decimals).cast(pl.String)).to_arrow())
        amounts = {name: f"{name}::numeric(18, 2) as {name}" for name in decimals}
        columns = ", ".join(amounts.get(name, name) for name in plain.columns)
        cursor.execute(f"create table claims as select {columns} from raw")  # noqa: S608
        cursor.execute("select * from claims order by setl_id")
        reader = cursor.fetch_record_batch()
        assert settled(tmp_path, scheme, reader).equals(month.claims)
