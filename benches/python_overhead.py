"""What Python adds to the time of grouping, and whether texts are copied on the way.

python benches/python_overhead.py [WHEEL] [ROWS]

Groups claims in a polars frame by the demonstration scheme. The whole call `Scheme.group` is timed beside the engine's
part of it, which reads the Arrow stream, groups, and gives its rows back. Times are processor times of all threads, the
median of the rounds, which alternate so that other work on the machine falls on both.
"""

from __future__ import annotations

import resource
import statistics
import sys
import tempfile
import time
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROUNDS = 9


def package(wheel: Path | None) -> Any:
    """The package out of a wheel, else the one installed."""
    if wheel is not None:
        folder = tempfile.mkdtemp(prefix="dianzhi-bench-")
        with zipfile.ZipFile(wheel) as packed:
            packed.extractall(folder)
        sys.path.insert(0, folder)
    import dianzhi

    return dianzhi


def timed(work: Callable[[], object]) -> float:
    """Processor seconds of all threads."""
    begin = time.process_time()
    kept = work()
    taken = time.process_time() - begin
    del kept
    return taken


def peak() -> int:
    """The most memory this process has had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    """Measure and print."""
    given = sys.argv[1:]
    wheel = next((Path(word) for word in given if word.endswith(".whl")), None)
    rows = next((int(word) for word in given if word.isdigit()), 1_000_000)
    dianzhi = package(wheel)
    import polars as pl

    warnings.simplefilter("ignore", dianzhi.DianzhiWarning)
    from dianzhi import _frames

    scheme = dianzhi.Scheme.load("demo")
    columns = [
        "setl_id",
        "gend",
        "age",
        "nwb_age",
        "nwb_bir_wt",
        "act_ipt_days",
        "dscg_way",
        "diag_codes",
        "oprn_codes",
    ]
    made = dianzhi.synth(scheme, rows, seed=1, bad_share="0")
    claims = made.select(name for name in columns if name in made.columns)
    lists = [name for name, dtype in claims.schema.items() if isinstance(dtype, pl.List)]
    claims = claims.with_columns(pl.col(name).list.join("|") for name in lists).rechunk()
    del made
    texts = claims.select(pl.col(pl.String)).estimated_size()

    before = peak()
    whole = [timed(lambda: scheme.group(claims))]
    grown = peak() - before
    engine = [timed(lambda: scheme._native.group(_frames.streams(claims)))]
    for _ in range(ROUNDS):
        engine.append(timed(lambda: scheme._native.group(_frames.streams(claims))))
        whole.append(timed(lambda: scheme.group(claims)))
    full, own = statistics.median(whole[1:]), statistics.median(engine[1:])
    print(f"claims                      {rows:>12,}")
    print(f"engine, processor seconds   {own:>12.3f}")
    print(f"Scheme.group                {full:>12.3f}")
    print(f"Python adds                 {max(full - own, 0) / own:>12.2%}")
    print(f"texts handed in, MB         {texts / 1e6:>12.1f}")
    print(f"peak of memory grew by, MB  {grown / 1e6:>12.1f}")


if __name__ == "__main__":
    main()
