"""What runs beyond the machines at hand would take, from what was measured: `python benches/plan.py`.

Reads `benches/measured.toml` and prints the table of `docs/scale.md`; a test holds both to each other. The model:
claims cost the same each (held by measurement), processor time is shared by all cores, and disks and networks work
beside it, so that the slowest of the three is the time a run takes.
"""

from __future__ import annotations

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


if __name__ == "__main__":
    print(table(tomllib.loads(MEASURED.read_text(encoding="utf-8"))))
