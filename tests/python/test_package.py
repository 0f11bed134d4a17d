"""The package as it is installed."""

from __future__ import annotations

import importlib.metadata
import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import dianzhi
import polars as pl
import pytest


def program(*words: str) -> subprocess.CompletedProcess[str]:
    path = Path(sys.executable).parent / "dianzhi"
    return subprocess.run([path, *words], capture_output=True, text=True, check=False)


def test_the_program_comes_with_the_package(tmp_path: Path) -> None:
    told = program("--version")
    assert told.returncode == 0
    assert told.stdout.split() == ["dianzhi", importlib.metadata.version("dianzhi")]
    assert program("no-such-command").returncode == 2
    refused = program("--json", "book", "list", str(tmp_path / "none"))
    assert refused.returncode == 1
    assert json.loads(refused.stdout)["problems"][0]["code"].startswith("B")


def test_the_catalogue_has_both_languages() -> None:
    catalogue = dianzhi.errors()
    assert catalogue["code"].n_unique() == catalogue.height > 50
    assert catalogue.filter((pl.col("zh") == "") | (pl.col("en") == "")).is_empty()
    assert set(catalogue["severity"]) == {"error", "warning"}


def test_exceptions_are_one_tree(tmp_path: Path) -> None:
    (tmp_path / "scheme.csv").write_text("key,value\n")
    with pytest.raises(dianzhi.SchemeError) as caught:
        dianzhi.Scheme.load(tmp_path)
    assert isinstance(caught.value, dianzhi.DianzhiError)
    assert len(caught.value.problems) > 1
    first = caught.value.problems[0]
    assert str(caught.value).startswith(first["code"])
    assert first["en"] in str(caught.value)


def test_messages_follow_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DIANZHI_LANG")
    with pytest.raises(dianzhi.DianzhiError) as caught:
        dianzhi.Scheme.load("no/such/folder")
    assert caught.value.problems[0]["zh"] in str(caught.value)


ONLY_POLARS = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("pandas", "pyarrow", "numpy", "duckdb"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
import polars as pl
import dianzhi

scheme = dianzhi.Scheme.load("fixtures/demo_scheme")
claims = pl.DataFrame({"setl_id": ["S1"], "gend": [1], "age": [63], "diag_codes": [["I21.000"]]})
assert scheme.group(claims)["status"].to_list() == ["grouped"]
assert scheme.group(claims.lazy())["status"].to_list() == ["grouped"]
assert scheme.explain(claims).status == "grouped"
assert dianzhi.errors().height

import tempfile, warnings
warnings.simplefilter("ignore", dianzhi.DianzhiWarning)
folder = tempfile.mkdtemp()
policy = dianzhi.Policy.load("demo", scheme)
month = dianzhi.Book(folder + "/book").settle_month(scheme, policy, dianzhi.synth(scheme, 300, seed=1), "2026-03")
assert month.institutions["due"].sum() == month.pools["due"].sum()
assert month.to_excel(folder + "/month.xlsx").is_file()
assert "2026-03" in month.to_html()
more = {"rules.budget.table[*].fund_budget": "1.05"}
assert dianzhi.Scenario(month.book, "2026-03").patch("more", times=more).run().scenarios.height == 1
event = {"event_id": "E1", "achievement": "hospital_grade", "grade": "三级甲等", "subject_id": "H1", "place": "通江县"}
event |= {"subject_name": "县医院", "subject_kind": "institution", "named": "2025-03-01", "ownership": "public"}
assert dianzhi.award("bazhong_awards", pl.DataFrame([event])).totals["amount"] == "1000000.00"
assert not {"pandas", "pyarrow", "numpy", "duckdb"} & set(sys.modules)
"""


def test_polars_is_enough() -> None:
    done = subprocess.run([sys.executable, "-c", ONLY_POLARS], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def many(rows: int) -> pl.DataFrame:
    one = pl.DataFrame({"setl_id": ["S"], "gend": ["1"], "age": [63], "diag_codes": ["I21.000|I50.900|E11.900"]})
    return pl.concat([one] * 1000).sample(rows, with_replacement=True, seed=1)


def test_other_threads_run_while_it_groups(demo: dianzhi.Scheme) -> None:
    claims = many(300_000)
    ticks, done = [0], threading.Event()

    def tick() -> None:
        while not done.is_set():
            ticks[0] += 1
            time.sleep(0.0005)

    thread = threading.Thread(target=tick)
    thread.start()
    before = ticks[0]
    demo.group(claims)
    after = ticks[0]
    done.set()
    thread.join()
    assert after - before > 2


def test_ctrl_c_stops_between_batches(demo: dianzhi.Scheme) -> None:
    def frames() -> object:
        claims = many(1000)
        for batch in range(1000):
            if batch == 3:
                signal.raise_signal(signal.SIGINT)
            yield claims

    with pytest.raises(KeyboardInterrupt):
        demo._native.group(frames())
