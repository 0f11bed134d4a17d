"""The page on more claims than one machine: its examples run, its figures are those that were measured."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import dianzhi
import pytest
import tomllib

PAGE = Path("docs/scale.md")


def between(text: str, name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n(.*?)\n<!-- /{name} -->", text, re.DOTALL)
    assert found, name
    return found[1]


@pytest.mark.filterwarnings("ignore::dianzhi.DianzhiWarning")
def test_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = PAGE.read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    scheme = dianzhi.Scheme.load("demo")
    claims = dianzhi.synth(scheme, 2000, seed=1, bad_share="0")
    claims.write_parquet("claims.parquet")
    names: dict[str, object] = {"dianzhi": dianzhi}
    examples = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(examples) == 1
    for example in examples:
        exec(example, names)  # noqa: S102
    month = dianzhi.Book("book").settle_month(scheme, dianzhi.Policy.load("demo", scheme), claims, "2026-03")
    assert names["month"].table("pools").equals(month.pools)  # type: ignore[attr-defined]


def test_the_plan_is_what_the_script_reckons() -> None:
    plan = runpy.run_path("benches/plan.py")
    measured = tomllib.loads(Path("benches/measured.toml").read_text(encoding="utf-8"))
    assert between(PAGE.read_text(encoding="utf-8"), "plan") == plan["table"](measured)
    assert between(PAGE.read_text(encoding="utf-8"), "measured") == plan["figures"](measured)


def test_a_plan_by_hand() -> None:
    plan = runpy.run_path("benches/plan.py")
    measured = {
        "cpu_us": {"one_machine": {"read": 2, "price": 3}, "spark": {"all": 20}},
        "bytes": {
            "input": 100,
            "output": 60,
            "kept": 50,
            "shuffle": 10,
            "worker_memory": 10**9,
            "executor_memory": 10**9,
            "one_machine_memory": 1000,
            "one_machine_base": 10**8,
        },
        "assumed": {"parallel_percent": 50, "disk_mb_s": 100, "network_mb_s": 10},
    }
    # 10 M claims × 5 µs = 50 s of processor, half of two cores: 50 s; 160 bytes each at 100 MB/s: 16 s.
    one = plan["plan"](10**7, plan["Cluster"]("one", 1, 2, spark=False), measured)
    assert (one.seconds, one.disk_s, one.network_s, one.bottleneck) == (50, 16, 0, "processor")
    assert one.memory == 10_100_000_000
    # On two machines of four cores: 200 s ÷ 4 = 50 s; 260 bytes ÷ 2: 13 s; 100 MB ÷ 2 at 10 MB/s: 5 s.
    two = plan["plan"](10**7, plan["Cluster"]("two", 2, 4, spark=True), measured)
    assert (two.seconds, two.disk_s, two.network_s, two.shuffled) == (50, 13, 5, 10**8)
    slow = {**measured, "assumed": {**measured["assumed"], "network_mb_s": 0.1}}
    assert plan["plan"](10**7, plan["Cluster"]("two", 2, 4, spark=True), slow).bottleneck == "network"
