"""Counts the instructions of each stage under callgrind, and compares them with the figures kept.

Usage: count.py [--update]. A stage that needs 2 % more than its kept figure is a failure; --update keeps what was
found. The count is the same in every run on one machine, and hardly moves from one to another, so it judges a change
where the clock cannot.
"""

from __future__ import annotations

import csv
import datetime
import os
import platform
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "benches" / "instructions.tsv"
CLAIMS = 20_000
TRACED = 200
TOLERANCE = 1.02
SCHEMES = ("chs_drg_11", "bazhong_2023")


def program() -> Path:
    """The newest build of the bench `stages`."""
    folder = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release" / "deps"
    builds = [path for path in folder.glob("stages-*") if path.suffix == "" and os.access(path, os.X_OK)]
    if not builds:
        sys.exit("no build of the bench `stages`: make bench-count builds it")
    return max(builds, key=lambda path: path.stat().st_mtime)


def count() -> dict[tuple[str, str], int]:
    """Instructions a claim by scheme and stage."""
    found: dict[tuple[str, str], int] = {}
    for scheme in SCHEMES:
        with tempfile.TemporaryDirectory() as folder:
            out = f"{folder}/out"
            settings = {**os.environ, "STAGES_ONCE": "1", "STAGES_CLAIMS": str(CLAIMS), "STAGES_SCHEME": scheme}
            tool = ["valgrind", "--tool=callgrind", "--toggle-collect=*::stage_*", f"--callgrind-out-file={out}"]
            quiet = subprocess.DEVNULL
            subprocess.run([*tool, str(program())], check=True, env=settings, stdout=quiet, stderr=quiet)  # noqa: S603
            asked = ["callgrind_annotate", "--inclusive=yes", "--threshold=100", out]
            text = subprocess.run(asked, check=True, capture_output=True, text=True).stdout  # noqa: S603
        for total, name in re.findall(r"^\s*([\d,]+) \([^)]*\)\s+\S*stages::stage_(\w+)", text, re.MULTILINE):
            found[scheme, name] = int(total.replace(",", "")) // (TRACED if name == "trace" else CLAIMS)
    return found


def main() -> None:
    """Counts, prints, compares."""
    found = count()
    if "--update" in sys.argv:
        today = datetime.datetime.now(tz=datetime.timezone.utc).date()
        machine = f"{platform.machine()} {platform.system()}"
        with KEPT.open("w", encoding="utf-8", newline="") as file:
            file.write(f"# instructions a claim, callgrind, release profile; {machine}, {today}\n")
            rows = csv.writer(file, delimiter="\t", lineterminator="\n")
            rows.writerow(("scheme", "stage", "instructions"))
            rows.writerows((*key, value) for key, value in found.items())
    if not KEPT.exists():
        sys.exit(
            "\n".join(
                [f"{scheme} {stage} {n:,}" for (scheme, stage), n in found.items()] + [f"no {KEPT.name} yet: UPDATE=1"]
            )
        )
    with KEPT.open(encoding="utf-8") as file:
        lines = [line for line in file if not line.startswith("#")]
    kept = {(row["scheme"], row["stage"]): int(row["instructions"]) for row in csv.DictReader(lines, delimiter="\t")}
    worse = []
    for key, value in found.items():
        before = kept.get(key)
        change = f"{value / before - 1:+.1%}" if before else "new"
        print(f"{key[0]:14} {key[1]:14} {value:>9,} instructions a claim, kept {before or 0:>9,} {change:>7}")
        if before is None or value > before * TOLERANCE:
            worse.append(" ".join(key))
    if worse or not found:
        sys.exit(f"more instructions than kept: {', '.join(worse)}" if found else "nothing was counted")


if __name__ == "__main__":
    main()
