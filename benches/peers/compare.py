"""The engine beside what an analyst has, on the same machine, one after another, in one table.

Usage: compare.py STAGES.tsv SCHEME_FOLDER. The first is what `cargo bench --bench stages` wrote; each peer is named
with what it does and leaves out. Every figure is the median of several runs, with the least and the greatest.
"""

from __future__ import annotations

import csv
import datetime
import os
import platform
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

# One core, as the engine is measured. Read when polars is imported.
os.environ["POLARS_MAX_THREADS"] = "1"

import pandas as pd
import polars as pl

RUNS = 5
CLAIMS = 100_000
PRICED = 2_000_000
HOSPITALS = 400
Rate = tuple[float, float, float]


def rate(count: int, work: Callable[[], object], runs: int = RUNS) -> Rate:
    """Least, median and greatest items a second."""
    rates = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        rates.append(count / (time.perf_counter() - start))
    return min(rates), statistics.median(rates), max(rates)


def each(calls: list[Callable[[], object]]) -> Rate:
    """Least, median and greatest calls a second, by the time of each call: the median is that of the calls."""
    times = []
    for call in calls:
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return 1 / max(times), 1 / statistics.median(times), 1 / min(times)


class Scheme:
    """Tables of a scheme as polars frames, and claims drawn from them: 8 diagnoses and 3 procedures each."""

    def __init__(self, folder: Path) -> None:
        def read(name: str) -> pl.DataFrame:
            return pl.read_csv(folder / f"{name}.csv", infer_schema=False)

        self.rules = read("adrg").with_row_index("place")
        self.codes = read("adrg_codes").with_columns(pl.col("code").str.strip_chars())
        self.mdcs = read("mdc_diagnoses")
        self.cc = read("cc")
        self.drgs = read("drg")
        self.procedures = read("valid_procedures")["code"].to_list()
        self.diagnoses = self.mdcs["icd10"].unique().sort().to_list()

    def claims(self, count: int) -> pl.DataFrame:
        """Claims as an analyst holds them: codes in lists."""
        draw = random.Random(7)
        lists: dict[tuple[str, str], list[str]] = {}
        for adrg, name, code in self.codes.select("adrg", "list", "code").rows():
            lists.setdefault((adrg, name), []).append(code)
        adrgs = [adrg for adrg in self.rules["adrg"].to_list() if (adrg, "D1") in lists or (adrg, "P1") in lists]
        cc = self.cc["icd10"].to_list()
        dx, proc = [], []
        for _ in range(count):
            adrg = draw.choice(adrgs)
            first = draw.choice(lists.get((adrg, "D1"), self.diagnoses))
            dx.append([first] + [draw.choice(cc if draw.random() < 1 / 3 else self.diagnoses) for _ in range(7)])
            main = draw.choice(lists.get((adrg, "P1"), self.procedures))
            proc.append([main] + [draw.choice(self.procedures) for _ in range(2)])
        sexes = [draw.choice((1, 2)) for _ in range(count)]
        ages = [draw.randint(1, 90) for _ in range(count)]
        ids = [f"S{at:09}" for at in range(count)]
        columns = {"setl_id": ids, "gend": sexes, "age": ages, "diag_codes": dx, "oprn_codes": proc}
        return pl.DataFrame(columns)


class FirstCodes:
    """The rules that look at the principal diagnosis and the main procedure alone, as joins.

    No exclusions of CC, no conditions of age, sex or weight, no rules of several codes: an approximation, and the
    simple part of the work.
    """

    def __init__(self, scheme: Scheme) -> None:
        rules = scheme.rules.with_columns(
            dx=pl.col("condition").str.contains("pdx in D1"), proc=pl.col("condition").str.contains("main_proc in P1")
        )
        simple = pl.col("condition").is_in(["pdx in D1", "main_proc in P1", "pdx in D1 and main_proc in P1"])
        rules = rules.filter(simple).select("place", "adrg", "mdc", "dx", "proc")
        of = scheme.codes.join(rules, on="adrg").select("place", "adrg", "mdc", "list", "code", "dx", "proc")
        self.mdcs = scheme.mdcs.select("mdc", "icd10").unique()
        self.by_dx = of.filter(pl.col("list") == "D1", "dx").select("place", "adrg", "mdc", "code", "proc").unique()
        self.by_proc = of.filter(pl.col("list") == "P1", "proc").select("place", "adrg", "mdc", "code", "dx").unique()
        self.severity = scheme.cc.select(code="icd10", mcc=pl.col("level") == "MCC").unique("code")
        self.pandas = {name: frame.to_pandas() for name, frame in vars(self).items()}

    def polars(self, claims: pl.DataFrame) -> pl.DataFrame:
        """As polars expressions."""
        first = claims.select("setl_id", dx=pl.col("diag_codes").list.first(), proc=pl.col("oprn_codes").list.first())
        known = first.join(self.mdcs, left_on="dx", right_on="icd10")
        medical = known.join(self.by_dx, left_on=["mdc", "dx"], right_on=["mdc", "code"])
        surgical = known.join(self.by_proc, left_on=["mdc", "proc"], right_on=["mdc", "code"])
        both = medical.filter("proc_right").join(surgical.select("setl_id", "place"), on=["setl_id", "place"])
        keys = ["setl_id", "place", "adrg"]
        alone = [medical.filter(~pl.col("proc_right")), surgical.filter(~pl.col("dx_right")), both]
        taken = pl.concat([frame.select(keys) for frame in alone]).sort("place").unique("setl_id", keep="first")
        others = claims.select("setl_id", code=pl.col("diag_codes").list.slice(1)).explode("code")
        severe = others.join(self.severity, on="code").group_by("setl_id").agg(pl.col("mcc").any())
        return claims.select("setl_id").join(taken, on="setl_id", how="left").join(severe, on="setl_id", how="left")

    def with_pandas(self, claims: pd.DataFrame) -> pd.DataFrame:
        """The same as a pandas script."""
        own = self.pandas
        first = pd.DataFrame(
            {"setl_id": claims["setl_id"], "dx": claims["diag_codes"].str[0], "proc_code": claims["oprn_codes"].str[0]}
        )
        known = first.merge(own["mdcs"], left_on="dx", right_on="icd10")
        medical = known.merge(own["by_dx"], left_on=["mdc", "dx"], right_on=["mdc", "code"])
        by_proc = own["by_proc"].rename(columns={"dx": "needs_dx"})
        surgical = known.merge(by_proc, left_on=["mdc", "proc_code"], right_on=["mdc", "code"])
        both = medical[medical["proc"]].merge(surgical[["setl_id", "place"]], on=["setl_id", "place"])
        alone = [medical[~medical["proc"]], surgical[~surgical["needs_dx"]], both]
        taken = pd.concat([frame[["setl_id", "place", "adrg"]] for frame in alone])
        taken = taken.sort_values("place").drop_duplicates("setl_id")
        others = claims[["setl_id"]].assign(code=claims["diag_codes"].str[1:]).explode("code")
        severe = others.merge(own["severity"], on="code").groupby("setl_id")["mcc"].any()
        return claims[["setl_id"]].merge(taken, on="setl_id", how="left").merge(severe, on="setl_id", how="left")


def pricing() -> dict[str, Rate]:
    """Weight by join, price, outlier class: in binary fractions, because exact decimals are slower still."""
    draw = random.Random(11)
    rows = {
        "hospital": [draw.randrange(HOSPITALS) for _ in range(PRICED)],
        "drg": [f"G{draw.randrange(700):03}" for _ in range(PRICED)],
        "cost": [float(draw.randrange(100_000, 9_000_000)) / 100 for _ in range(PRICED)],
    }
    claims = pl.DataFrame(rows)
    weights = pl.DataFrame({"drg": [f"G{at:03}" for at in range(700)], "weight": [0.2 + at / 100 for at in range(700)]})
    factors = pl.DataFrame(
        {"hospital": range(HOSPITALS), "factor": [(1.1, 1.0, 0.85)[at % 3] for at in range(HOSPITALS)]}
    )
    normal = pl.col("weight") * 10_000

    def with_polars() -> pl.DataFrame:
        joined = claims.join(weights, on="drg", how="left").join(factors, on="hospital", how="left")
        kind = pl.when(pl.col("cost") < normal * 0.35).then(pl.lit("low"))
        kind = kind.when(pl.col("cost") > normal * 2.5).then(pl.lit("high")).otherwise(pl.lit("normal"))
        return joined.with_columns(points=(pl.col("weight") * 100 * pl.col("factor")).round(4), kind=kind)

    claims_pd, weights_pd, factors_pd = claims.to_pandas(), weights.to_pandas(), factors.to_pandas()

    def with_pandas() -> pd.DataFrame:
        joined = claims_pd.merge(weights_pd, on="drg", how="left").merge(factors_pd, on="hospital", how="left")
        ratio = joined["cost"] / (joined["weight"] * 10_000)
        joined["points"] = (joined["weight"] * 100 * joined["factor"]).round(4)
        joined["kind"] = pd.cut(ratio, [-1, 0.35, 2.5, float("inf")], labels=["low", "normal", "high"])
        return joined

    return {
        "polars expressions, in float": rate(PRICED, with_polars),
        "pandas script, in float": rate(PRICED, with_pandas),
    }


def american(count: int) -> dict[str, Rate]:
    """The open groupers of MS-DRG on claims of the same shape, in their own codes."""
    import msdrg
    from drgpy.msdrg import DRGEngine

    engine = DRGEngine()
    draw = random.Random(5)
    diagnoses, procedures = sorted(engine.dxmap), sorted(engine.prmap)
    claims = [(draw.sample(diagnoses, 8), draw.sample(procedures, 3)) for _ in range(count)]
    python = each([lambda dx=dx, proc=proc: engine.get_drg(dx, proc) for dx, proc in claims])

    def as_dict(dx: list[str], proc: list[str]) -> dict[str, object]:
        head = {"version": 431, "age": 65, "sex": 1, "discharge_status": 1, "pdx": {"code": dx[0]}}
        return {**head, "sdx": [{"code": code} for code in dx[1:]], "procedures": [{"code": code} for code in proc]}

    dicts = [as_dict(dx, proc) for dx, proc in claims]
    with msdrg.MsdrgGrouper() as grouper:
        zig = each([lambda claim=claim: grouper.group(claim) for claim in dicts])
    return {"drgpy (Python; MS-DRG; the group alone)": python, "msdrg (Zig; MS-DRG; with 2 kB of detail)": zig}


def one_claim(scheme_folder: Path, claims: pl.DataFrame) -> dict[str, Rate]:
    """One claim from Python with its trace, where the wheel is installed."""
    try:
        import dianzhi
    except ImportError:
        return {}
    scheme = dianzhi.Scheme.load(scheme_folder)
    calls = [lambda claim=claim: scheme.explain(claim) for claim in claims.head(5000).to_dicts()]
    for call in calls[:500]:
        call()
    return {"dianzhi, one dict, traced": each(calls)}


def stages(path: Path) -> dict[tuple[str, str, int], Rate]:
    """Least, median and greatest claims a second of the engine's stages."""
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    found = {}
    for row in rows:
        rates = [1e10 / max(1, int(row[name])) for name in ("greatest", "median", "least")]
        found[row["scheme"], row["stage"], int(row["threads"])] = (rates[0], rates[1], rates[2])
    return found


def processor() -> str:
    """The name of the processor, where the system tells."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def table(title: str, unit: str, base: float, rows: dict[str, Rate]) -> None:
    """One table, the first row of which is what the others are compared with."""
    print(f"\n{title} ({unit} a second: median, least to greatest; how many times slower)")
    for name, (least, median, greatest) in rows.items():
        ratio = base / median
        slower = f"{ratio:,.0f} ×" if ratio >= 10 else f"{ratio:.1f} ×"
        print(f"  {name:<52} {median:>12,.0f}   {least:>12,.0f} – {greatest:>12,.0f}   {slower:>9}")


def main(stage_file: Path, folder: Path) -> None:
    """Measures the peers and prints all."""
    name = folder.name
    found = stages(stage_file)
    today = datetime.datetime.now(tz=datetime.timezone.utc).date()
    print(f"{processor()}, {os.cpu_count()} cores, {platform.system()}, {today}; one core unless it says two")
    scheme = Scheme(folder)
    claims = scheme.claims(CLAIMS)
    simple, frame = FirstCodes(scheme), claims.to_pandas()
    peers = american(3000)
    ours = {
        f"dianzhi, {own}{also}": found[own, stage, threads]
        for own in sorted({key[0] for key in found})
        for stage, threads, also in (
            ("group", 1, ""),
            ("group", 2, ", two cores"),
            ("group frames", 1, ", Arrow frame in and out"),
            ("group + price", 1, ", grouped and priced"),
            ("trace", 1, ", with the trace of each"),
        )
    }
    rows = {
        **ours,
        "Rust with HashMap<String>, the same groups": found[name, "naive", 1],
        "polars expressions, first codes only": rate(CLAIMS, lambda: simple.polars(claims)),
        "pandas script, first codes only": rate(CLAIMS, lambda: simple.with_pandas(frame)),
        **peers,
    }
    table("Grouping, 8 diagnoses + 3 procedures a claim", "claims", found[name, "group", 1][1], rows)
    priced = {
        f"dianzhi, {also}": found[name, stage, threads]
        for stage, threads, also in (
            ("price rows", 1, "exact, policy ready"),
            ("price", 1, "exact, from policy to prices"),
            ("price", 2, "exact, from policy to prices, two cores"),
        )
    }
    table("Pricing grouped claims", "rows", found[name, "price rows", 1][1], {**priced, **pricing()})
    single = one_claim(folder, claims)
    for peer, (slowest, median, fastest) in {**single, **peers}.items():
        print(
            f"\n  one claim, {peer}: median {1e6 / median:.1f} µs, {1e6 / fastest:.1f} to {1e6 / slowest:.0f} µs",
            end="",
        )
    print()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
