"""Measures what `docs/scale.md` tells: `make scale`, or `python benches/scale.py CLAIMS` with dianzhi installed.

The same claims are settled by one machine and by Spark's `mapInArrow` on this machine. Told are processor time (user
and system, of all processes), time, memory and bytes a claim; processor time is what repeats on a shared machine.
"""

from __future__ import annotations

import datetime
import itertools
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dianzhi

SCHEME = os.environ.get("DIANZHI_SCHEME", "demo")
POLICY = os.environ.get("DIANZHI_POLICY", "demo")
BUILD = os.environ.get("DIANZHI_BUILD", "release")
SEED, PERIOD = 1, "2026-03"
EXECUTOR_MEMORY = 4 << 30
MEASURED = Path(__file__).with_name("measured.toml")


def used(who: int) -> float:
    """Seconds of processor time."""
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def rules() -> tuple[dianzhi.Scheme, dianzhi.Policy]:
    """The scheme and the policy that are measured."""
    scheme = dianzhi.Scheme.load(SCHEME)
    return scheme, dianzhi.Policy.load(POLICY, scheme)


def apart(function: Callable[..., dict[str, Any]], *words: str) -> dict[str, Any]:
    """What a function returns that is run in a process of its own, so that memory is its own too."""
    environment = {**os.environ, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    command = [sys.executable, __file__, function.__name__, *words]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)  # noqa: S603
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def one_machine(path: str, rows: str) -> dict[str, Any]:
    """Settles a month by `Book.settle_month`, step by step."""
    scheme, policy = rules()
    marks: list[tuple[str, float]] = []
    base, begin = used(resource.RUSAGE_SELF), time.perf_counter()

    def note(step: str) -> None:
        marks.append((step, used(resource.RUSAGE_SELF)))

    with tempfile.TemporaryDirectory() as folder:
        dianzhi.Book(folder).settle_month(scheme, policy, path, PERIOD, on_step=note)
        took = time.perf_counter() - begin
        written = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
    marks.append(("end", used(resource.RUSAGE_SELF)))
    claims = int(rows)
    pairs = itertools.pairwise(marks)
    steps = {first: (after - before) / claims * 10**6 for (first, before), (_, after) in pairs}
    return {
        "cpu_us": steps,
        "all_us": (marks[-1][1] - base) / claims * 10**6,
        "seconds": took,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "output": written / claims,
    }


def on_spark(path: str, rows: str, cores: str, rule: str) -> dict[str, Any]:
    """Settles the month on as many cores of this machine."""
    from dianzhi.spark import settle_month
    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "4g",
        "spark.ui.showConsoleProgress": "false",
    }
    with tempfile.TemporaryDirectory() as folder:
        builder = SparkSession.builder.master(f"local[{cores}]").config("spark.local.dir", folder)
        for name, value in settings.items():
            builder = builder.config(name, value)
        spark = builder.getOrCreate()
        spark.sparkContext.setLogLevel("OFF")
        scheme, policy = rules()
        if rule == "persons":
            policy = linked(folder, scheme)
        begin = time.perf_counter()
        month = settle_month(scheme, policy, spark.read.parquet(path), PERIOD, partitions=4 * int(cores))
        month.claims.write.parquet(f"{folder}/claims")
        took = time.perf_counter() - begin
        memory, cpu_s = workers(), descendants()
        tracker = spark.sparkContext._jsc.sc().statusStore()
        stages = tracker.stageList(
            None, False, False, spark.sparkContext._gateway.new_array(spark._jvm.double, 0), None
        )
        moved = sum(stages.apply(at).shuffleWriteBytes() for at in range(stages.size()))
        kept = sum(one.memoryUsed() + one.diskUsed() for one in _list(tracker.rddList(True)))
        spark.stop()
        spark.sparkContext._gateway.shutdown()
    claims = int(rows)
    return {"seconds": took, "memory": memory, "shuffle": moved / claims, "kept": kept / claims, "cpu_s": cpu_s}


def descendants() -> float:
    """Seconds of processor time of all that this process started, and of itself."""
    parents, spent = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(fields[1])
        # Its own, and of its children that have ended.
        spent[int(stat.parent.name)] = sum(int(field) for field in fields[11:15])
    own = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in own and pid not in own}:
        own |= more
    return sum(spent[pid] for pid in own) / os.sysconf("SC_CLK_TCK")


def _list(sequence: Any) -> list[Any]:
    return [sequence.apply(at) for at in range(sequence.size())]


def linked(folder: str, scheme: dianzhi.Scheme) -> dianzhi.Policy:
    """The demonstration policy with a rule that looks at all stays of a person."""
    city = Path(__file__).parents[1] / "fixtures" / "demo_city"
    rule = '[rules.again]\nkind = "readmission.within"\ndays = 15\nsame = "drg"\nplace = "institution"\n'
    rule += 'reduces = "earlier"\nshare = 0.5\nplaceholder = "to measure"\n'
    for table in ["institutions.csv", "budgets.csv"]:
        Path(folder, table).write_bytes((city / table).read_bytes())
    text = (city / "policy.toml").read_text(encoding="utf-8")
    Path(folder, "policy.toml").write_text(f"{text}\n{rule}", encoding="utf-8")
    return dianzhi.Policy.load(Path(folder, "policy.toml"), scheme)


def workers() -> int:
    """The most memory that a Python worker had, of those that live."""
    most = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text(encoding="utf-8", errors="replace")
            command = status.with_name("cmdline").read_bytes()
        except OSError:
            continue
        if b"pyspark.daemon" in command:
            peak = next((line.split()[1] for line in text.splitlines() if line.startswith("VmHWM")), "0")
            most = max(most, int(peak) * 1024)
    return most


def main(rows: int) -> None:
    """Measures, and writes `measured.toml`. Two sizes tell what a claim costs from what a start does."""
    small = rows // 4
    found: dict[str, dict[int, dict[str, Any]]] = {"one": {}, "spark": {}, "persons": {}}
    with tempfile.TemporaryDirectory() as folder:
        scheme, _ = rules()
        for count in (small, rows):
            path = f"{folder}/{count}.parquet"
            claims = dianzhi.synth(scheme, count, seed=SEED, period=PERIOD, bad_share="0.001")
            claims.write_parquet(path, compression="zstd")
            size = Path(path).stat().st_size / count
            found["one"][count] = apart(one_machine, path, str(count))
            for rule in ("spark", "persons"):
                found[rule][count] = apart(on_spark, path, str(count), "2", rule)
    MEASURED.write_text(toml(rows, small, size, found), encoding="utf-8")
    print(json.dumps(found, indent=2), file=sys.stderr)


def toml(rows: int, small: int, size: float, found: dict[str, dict[int, dict[str, Any]]]) -> str:
    """The file of what was measured."""
    one, spark, persons = (found[name][rows] for name in ("one", "spark", "persons"))

    def each(name: str, key: str) -> float:
        return float(found[name][rows][key] - found[name][small][key]) / (rows - small)

    memory = max(each("one", "memory"), 0)
    steps = "\n".join(f"{step} = {cost:.2f}" for step, cost in one["cpu_us"].items())
    return f"""# Written by benches/scale.py; what is assumed stands at the end and stays.
[measured]
date = "{datetime.date.today()}"
machine = "{os.cpu_count()} virtual CPUs, {processor()}"
build = "{BUILD}"
claims = {rows}

# Microseconds of processor time a claim.
[cpu_us.one_machine]
{steps}

[cpu_us.spark]
all = {each("spark", "cpu_s") * 10**6:.2f}

[cpu_us.persons]
all = {each("persons", "cpu_s") * 10**6:.2f}

# A claim, but for memory and its base.
[bytes]
input = {size:.0f}
output = {one["output"]:.0f}
shuffle = {spark["shuffle"]:.1f}
shuffle_persons = {persons["shuffle"]:.1f}
kept = {spark["kept"]:.0f}
worker_memory = {max(spark["memory"], persons["memory"])}
executor_memory = {EXECUTOR_MEMORY}
one_machine_memory = {memory:.0f}
one_machine_base = {one["memory"] - memory * rows:.0f}

# How much of the cores a run keeps busy; what a disk and a network card carry.
[assumed]
parallel_percent = 80
disk_mb_s = 400
network_mb_s = 1000
"""


def processor() -> str:
    """What the machine calls its processor."""
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return "unknown"


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    if sys.argv[1].isdigit():
        main(int(sys.argv[1]))
    else:
        print(json.dumps({"one_machine": one_machine, "on_spark": on_spark}[sys.argv[1]](*sys.argv[2:])))
