"""A settled month from files to a book: time and memory of the program, by size and format.

`make bench-e2e` (CLAIMS=1000000, or several: CLAIMS="1000000 10000000 50000000"; FORMATS="parquet csv"). Claims are
made by `dianzhi synth` once and kept in target/bench.
"""

import os
import platform
import shutil
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = Path(os.environ.get("DIANZHI_PROGRAM", ROOT / "target/release/dianzhi"))
WORK = ROOT / "target/bench"


def run(*words: str) -> tuple[float, float, float, float]:
    """Seconds by the clock, of the user and of the system, and the peak of memory in MiB."""
    start = time.perf_counter()
    pid = os.posix_spawn(PROGRAM, [str(PROGRAM), "--json", *words], os.environ, file_actions=silent())
    _, status, used = os.wait4(pid, 0)
    if status != 0:
        sys.exit(f"failed: dianzhi {' '.join(words)}")
    return time.perf_counter() - start, used.ru_utime, used.ru_stime, used.ru_maxrss / 1024


def silent() -> list[tuple[int, int, str, int, int]]:
    """Standard output of a child goes nowhere."""
    return [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]


def claims(count: int, kind: str) -> Path:
    """The file of so many claims, made where it is not there yet."""
    path = WORK / f"claims_{count}.{kind}"
    if not path.exists():
        run("synth", "--scheme", "demo", "--claims", str(count), "--seed", "7", "--out", str(path))
    return path


def main() -> None:
    """Measure every size in every format."""
    WORK.mkdir(parents=True, exist_ok=True)
    counts = [int(text) for text in os.environ.get("CLAIMS", "1000000").split()]
    kinds = os.environ.get("FORMATS", "parquet csv").split()
    print(f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[0]:.1f}")
    print(f"{'job':<18}{'claims':>12}{'s':>8}{'user s':>8}{'sys s':>7}{'us a claim':>11}{'MiB':>7}")
    for count in counts:
        for kind in kinds:
            source = claims(count, kind)
            book, out = WORK / "book", WORK / f"grouped.{kind}"
            shutil.rmtree(book, ignore_errors=True)
            settled = ["--policy", "demo", "--period", "2026-03", "--book", str(book)]
            jobs = {
                f"settle {kind}": ["settle", "month", "--scheme", "demo", "--claims", str(source), *settled],
                f"group {kind}": ["group", "--scheme", "demo", "--claims", str(source), "--out", str(out)],
            }
            for name, words in jobs.items():
                wall, user, system, peak = run(*words)
                each = 1e6 * (user + system) / count
                times = f"{wall:>8.1f}{user:>8.1f}{system:>7.1f}{each:>11.2f}{peak:>7.0f}"
                print(f"{name:<18}{count:>12,}{times}", flush=True)
            out.unlink(missing_ok=True)
    shutil.rmtree(WORK / "book", ignore_errors=True)


if __name__ == "__main__":
    main()
