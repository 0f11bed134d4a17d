"""What runs beyond the machines at hand would take, from what was measured: `python benches/plan.py`.

Reads `benches/measured.toml` and prints the table of `docs/scale.md`; a test holds both to each other. The model:
claims cost the same each, processor time is shared by all cores, and disks and networks work
beside it, so that the slowest of the three is the time a run takes.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomllib

MEASURED = Path(__file__).with_name("measured.toml")
MEGABYTE, GIGABYTE = 10**6, 10**9


@dataclass(frozen=True)
class Cluster:
    """Machines a run has."""

    name: str
    machines: int
    cores: int
    spark: bool


@dataclass(frozen=True)
class Plan:
    """What a run takes: seconds of each resource, and bytes."""

    processor_s: float
    disk_s: float
    network_s: float
    cpu_hours: float
    memory: float
    shuffled: float

    @property
    def seconds(self) -> float:
        """How long it takes."""
        return max(self.processor_s, self.disk_s, self.network_s)

    @property
    def bottleneck(self) -> str:
        """The slowest resource."""
        took = {"processor": self.processor_s, "disk": self.disk_s, "network": self.network_s}
        return max(took, key=lambda name: took[name])


CLAIMS = {"a province, 20 M claims": 20 * 10**6, "the nation, 300 M claims": 300 * 10**6}
CLUSTERS = [
    Cluster("one machine, 2 cores", 1, 2, spark=False),
    Cluster("one machine, 16 cores", 1, 16, spark=False),
    Cluster("Spark, 4 × 8 cores", 4, 8, spark=True),
    Cluster("Spark, 16 × 16 cores", 16, 16, spark=True),
]


def plan(claims: int, cluster: Cluster, measured: dict[str, Any]) -> Plan:
    """What a run over so many claims takes."""
    cost, size, assumed = measured["cpu_us"], measured["bytes"], measured["assumed"]
    one = sum(cost["one_machine"].values())
    each_us = sum(cost["spark"].values()) if cluster.spark else one
    cpu_s = claims * each_us / 10**6
    busy = assumed["parallel_percent"] / 100
    moved = claims * size["shuffle"] if cluster.spark else 0
    stored = claims * (size["input"] + size["output"] + (2 * size["kept"] if cluster.spark else 0))
    if cluster.spark:
        memory = cluster.cores * size["worker_memory"] + size["executor_memory"]
    else:
        memory = claims * size["one_machine_memory"] + size["one_machine_base"]
    return Plan(
        processor_s=cpu_s / (cluster.machines * cluster.cores * busy),
        disk_s=stored / (cluster.machines * assumed["disk_mb_s"] * MEGABYTE),
        network_s=moved / (cluster.machines * assumed["network_mb_s"] * MEGABYTE),
        cpu_hours=cpu_s / 3600,
        memory=memory,
        shuffled=moved,
    )


def duration(seconds: float) -> str:
    """Seconds as people say them."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 90 * 60 else f"{seconds / 3600:.1f} h"


def figures(measured: dict[str, Any]) -> str:
    """What was measured, as the page has it."""
    about, cost, size = measured["measured"], measured["cpu_us"], measured["bytes"]
    costs = [sum(cost[name].values()) for name in ("one_machine", "spark", "persons")]
    one_memory = f"{size['one_machine_memory']} bytes a claim and {size['one_machine_base'] / GIGABYTE:.2f} GB"
    worker = f"{size['worker_memory'] / GIGABYTE:.2f} GB a Python worker"
    rows = [
        ["processor time a claim", *(f"{each:.1f} µs" for each in costs)],
        ["claims a second a core", *(f"{round(10**6 / each, -3):,.0f}" for each in costs)],
        ["memory", one_memory, worker, worker],
        ["moved between machines a claim", "–", f"{size['shuffle']} bytes", f"{size['shuffle_persons']} bytes"],
        ["kept by the cluster a claim", "–", f"{size['kept']} bytes", f"{size['kept']} bytes"],
    ]
    steps = ", ".join(f"{step} {each:.1f}" for step, each in cost["one_machine"].items())
    lines = [
        "| | one machine | Spark | Spark, with a rule that looks at persons |",
        "|---|---|---|---|",
        *(f"| {' | '.join(row)} |" for row in rows),
        "",
        f"Measured on {about['date']}: {about['claims']:,} claims on {about['machine']}, shared with other work; "
        f"{about['build']} build. On one machine, in µs: {steps}. A claim is {size['input']} bytes of Parquet as given "
        f"and {size['output']} as settled. `make scale` measures again.",
    ]
    return "\n".join(lines)


def table(measured: dict[str, Any]) -> str:
    """The table of the page, in Markdown."""
    lines = [
        "| a whole year at once | on | core-hours | time | memory a machine | moved between machines | bottleneck |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, claims in CLAIMS.items():
        for cluster in CLUSTERS:
            found = plan(claims, cluster, measured)
            moved = f"{found.shuffled / GIGABYTE:.1f} GB" if cluster.spark else "–"
            cells = [name, cluster.name, f"{found.cpu_hours:.2f}", duration(found.seconds)]
            cells += [f"{found.memory / GIGABYTE:.1f} GB", moved, found.bottleneck]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def write(page: Path, measured: dict[str, Any]) -> None:
    """Puts both tables into the page."""
    text = page.read_text(encoding="utf-8")
    for name, block in [("measured", figures(measured)), ("plan", table(measured))]:
        begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        head, _, rest = text.partition(begin)
        text = head + begin + block + "\n" + end + rest.partition(end)[2]
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    known = tomllib.loads(MEASURED.read_text(encoding="utf-8"))
    print(table(known))
    if "--write" in sys.argv:
        write(MEASURED.parents[1] / "docs" / "scale.md", known)
