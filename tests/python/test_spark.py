"""A month settled on a cluster of two executors is the month settled at once."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import dianzhi
import polars as pl
import pyarrow as pa
import pytest

pytestmark = pytest.mark.filterwarnings("ignore")

FIGURES = ("institutions", "pools", "consortia", "entries", "placeholders")
REASONS = ["setl_id", "field", "code", "value", "kind"]


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """A cluster on this machine: a master, two workers and an executor on each, all processes of their own."""
    if shutil.which("java") is None:
        if os.environ.get("CI"):
            pytest.fail("in CI Java must be installed: make system-packages")
        pytest.skip("Java is not installed (Debian: make system-packages)")
    pyspark = pytest.importorskip("pyspark", reason="pyspark is not installed: make .venv/spark")
    from pyspark.sql import SparkSession

    folder = tmp_path_factory.mktemp("spark")
    # Executors start in a folder of their own; what a cluster leaves behind belongs there.
    home = folder / "home"
    home.mkdir()
    for part in ["bin", "jars"]:
        (home / part).symlink_to(Path(pyspark.__file__).parent / part)
    own = {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
    before = {name: os.environ.get(name) for name in own}
    os.environ.update(own)
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.local.dir": str(folder / "local"),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.shuffle.partitions": "3",
        "spark.ui.showConsoleProgress": "false",
    }
    builder = SparkSession.builder.master("local-cluster[2,1,1024]").appName("dianzhi")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    try:
        yield session
    finally:
        session.stop()
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


@pytest.fixture(scope="module")
def month(
    tmp_path_factory: pytest.TempPathFactory,
    demo: dianzhi.Scheme,
    linking: dianzhi.Policy,
    entangled: pl.DataFrame,
) -> dianzhi.Month:
    book = dianzhi.Book(tmp_path_factory.mktemp("at_once") / "book")
    return book.settle_month(demo, linking, entangled, "2026-03")


@pytest.fixture
def given(spark: object, tmp_path: Path, entangled: pl.DataFrame) -> object:
    path = tmp_path / "claims.parquet"
    entangled.write_parquet(path)
    return spark.read.parquet(str(path))  # type: ignore[attr-defined]


def texts(frame: pl.DataFrame) -> pl.DataFrame:
    plain = pl.selectors.categorical() | pl.selectors.enum()
    return frame.with_columns(plain.cast(pl.String)).sort(frame.columns[0])


def assert_same(month: dianzhi.Month, found: object) -> None:
    claims = pl.DataFrame(found.claims.toArrow()).sort("setl_id")
    assert claims.equals(texts(month.claims)), "claims"
    for name in FIGURES:
        assert texts(found.table(name)).equals(texts(month.table(name))), name
    rejects = pl.DataFrame(found.rejects.toArrow()).select(REASONS)
    wanted = month.table("rejects").select(pl.col(REASONS).cast(pl.String))
    assert rejects.sort(REASONS).equals(wanted.sort(REASONS)), "rejects"
    for total in ["claims_in", "claims_rejected", "claims_paid", "claims_excluded", "medfee_in", "medfee_paid", "due"]:
        assert found.totals[total] == month.totals[total], total
    assert found.simulation == month.simulation
    found.unpersist()


@pytest.mark.parametrize("partitions", [1, 3, 16])
def test_any_number_of_partitions_gives_the_same_money(
    demo: dianzhi.Scheme, linking: dianzhi.Policy, month: dianzhi.Month, given: object, partitions: int
) -> None:
    from dianzhi.spark import settle_month

    spread = given.repartition(partitions)  # type: ignore[attr-defined]
    assert_same(month, settle_month(demo, linking, spread, "2026-03", partitions=partitions))


def test_rules_that_look_at_one_claim_need_no_moving(
    spark: object, tmp_path: Path, demo: dianzhi.Scheme, entangled: pl.DataFrame
) -> None:
    from dianzhi.spark import settle_month

    policy = dianzhi.Policy.load("demo", demo)
    month = dianzhi.Book(tmp_path / "book").settle_month(demo, policy, entangled, "2026-03")
    entangled.write_parquet(tmp_path / "claims.parquet")
    rows = spark.read.parquet(str(tmp_path / "claims.parquet")).repartition(5)  # type: ignore[attr-defined]
    assert_same(month, settle_month(demo, policy, rows, "2026-03"))
    alone = dianzhi.synth(demo, 900, seed=2, bad_share="0").with_columns(refd_setl_flag=pl.lit("0"))
    alone.write_parquet(tmp_path / "alone.parquet")
    month = dianzhi.Book(tmp_path / "alone").settle_month(demo, policy, alone, "2026-03")
    rows = spark.read.parquet(str(tmp_path / "alone.parquet"))  # type: ignore[attr-defined]
    assert_same(month, settle_month(demo, policy, rows, "2026-03"))


def killing(mark: Path) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """A stage that once kills the Python worker it runs in, after some rows; `mark` is the file that says it did."""

    def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield batch
            try:
                os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                continue
            os.kill(os.getpid(), signal.SIGKILL)

    return run


def test_a_killed_task_changes_nothing(
    tmp_path: Path, demo: dianzhi.Scheme, linking: dianzhi.Policy, month: dianzhi.Month, given: object
) -> None:
    from dianzhi.spark import settle_month

    spread = given.repartition(4)  # type: ignore[attr-defined]
    kills = spread.mapInArrow(killing(tmp_path / "killed"), spread.schema)
    found = settle_month(demo, linking, kills, "2026-03")
    assert (tmp_path / "killed").exists()
    assert_same(month, found)


def test_a_lost_executor_changes_nothing(
    spark: object, demo: dianzhi.Scheme, linking: dianzhi.Policy, month: dianzhi.Month, given: object
) -> None:
    from dianzhi.spark import settle_month

    found = settle_month(demo, linking, given.repartition(4), "2026-03")  # type: ignore[attr-defined]
    # What it kept of the priced claims is lost with it, and made again.
    context = spark.sparkContext  # type: ignore[attr-defined]
    pids = context.parallelize(range(2), 2).map(lambda _: os.getppid()).distinct().collect()
    os.kill(parent(pids[0]), signal.SIGKILL)
    assert_same(month, found)


def parent(pid: int) -> int:
    """The executor that started the daemon of a Python worker."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return int(fields[1])


def test_what_is_refused_is_told_once_and_at_once(
    spark: object, demo: dianzhi.Scheme, given: object, tmp_path: Path
) -> None:
    from dianzhi.spark import settle_month

    policy = dianzhi.Policy.load("demo", demo)
    with pytest.raises(dianzhi.ClaimsError, match="C001"):
        settle_month(demo, policy, given.drop("medfee_sumamt"), "2026-03")  # type: ignore[attr-defined]
    with pytest.raises(dianzhi.SettlementError) as caught:
        settle_month(demo, policy, given.repartition(3), "2027-03")  # type: ignore[attr-defined]
    codes = [problem["code"] for problem in caught.value.problems]
    assert codes.count("M013") == 2


def test_spark_is_asked_for_by_name_only() -> None:
    import subprocess

    code = "import sys, dianzhi; assert not [m for m in sys.modules if m.startswith(('pyspark', 'pyarrow', 'numpy'))]"
    subprocess.run([sys.executable, "-c", code], check=True)
