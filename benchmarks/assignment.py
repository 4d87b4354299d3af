"""`./run.py bench assignment`: who judges what, beside a plain flow and a greedy choice on the same invented rounds.

--xl            measures the round of 50,000 submissions and 3,000 judges as well (about ten minutes)
--sizes S,M     measures only these sizes
--seeds 11,12   draws these rounds (means are shown); 1 to 3 were used while the engine was made
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from benchmarks import Report, Row
from benchmarks._instances import SEATS, SIZES, invent, pairs
from benchmarks._targets import targets

ROOT = Path(__file__).parent.parent
ENGINES = ("greedy", "flow", "fair", "mixed", "re-assign")
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def run(args: list[str]) -> Report:
    """Draw the rounds, run every engine on each in a process of its own, and count what is wrong in our plans."""
    parser = argparse.ArgumentParser(prog="bench assignment", description=__doc__, allow_abbrev=False)
    parser.add_argument("--xl", action="store_true")
    parser.add_argument("--sizes", default="S,M,L")
    parser.add_argument("--seeds", default="11,12,13")
    options = parser.parse_args(args)
    sizes = [*options.sizes.split(","), *(["XL"] if options.xl else [])]
    seeds = [int(seed) for seed in options.seeds.split(",")]
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    with tempfile.TemporaryDirectory(prefix="bench-assignment-") as folder:
        for size in sizes:
            for seed in seeds[:1] if size == "XL" else seeds:
                file = _stored(size, seed, Path(folder))
                for engine in ENGINES:
                    found.setdefault((size, engine), []).append(_measured(engine, size, seed, file))
    mistakes = [
        text
        for (size, engine), all_ in found.items()
        for one, blind in zip(all_, found[size, "flow"], strict=True)
        for text in mistakes_in(size, engine, one, blind["empty"])
    ]
    for text in mistakes:
        print(f"wrong: {text}", file=sys.stderr)
    rows = [_row(size, engine, all_) for (size, engine), all_ in found.items()]
    aims = list(targets(found, seeds))
    held = f"{sum(row['holds'] == 'yes' for row in aims)} of {len(aims)}"
    return Report.of(
        [*rows, *aims],
        wrong=len(mistakes),
        seeds=options.seeds,
        judges_per_submission=SEATS,
        threads=1,
        targets_held=held,
    )


def _stored(size: str, seed: int, folder: Path) -> Path:
    """Write the pairs of a round to a file, so that drawing them costs the engines neither time nor memory."""
    file = folder / f"{size}-{seed}.npz"
    submission, judge, affinity = pairs(invent(size, seed))
    np.savez(file, submission=submission, judge=judge, affinity=affinity)
    return file


def _measured(engine: str, size: str, seed: int, file: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks._assigning", engine, size, str(seed), str(file)]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **ONE_THREAD}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{engine} on {size}: {done.stderr.strip()}")
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def _row(size: str, engine: str, all_: list[dict[str, Any]]) -> Row:
    """Return the means over the rounds; the worst peak and the worst submission."""
    moved = [one["moved"] for one in all_ if one["moved"] is not None]
    peaks = [one["peak"] for one in all_ if one["peak"] is not None]
    apart = not all(one["comparability"] for one in all_)
    one = SIZES[size]
    return {
        "round": f"{size} {one.submissions:,} x {one.judges:,}",
        "engine": engine,
        "cpu s": round(fmean(one["cpu"] for one in all_), 3),
        "peak MB": round(max(peaks)) if peaks else None,
        "grown MB": round(max(one["grown"] for one in all_)) if peaks else None,
        "total": round(fmean(one["total"] for one in all_), 1),
        "min": round(fmean(one["min"] for one in all_), 4),
        "p5": round(fmean(one["p5"] for one in all_), 4),
        "load sd": round(fmean(one["load sd"] for one in all_), 2),
        "comparable %": "apart" if apart else str(round(100 * fmean(one["comparability"] for one in all_), 1)),
        "below min": None if moved else sum(one["below"] for one in all_),
        "empty": sum(one["empty"] for one in all_),
        "moved": sum(moved) if moved else None,
    }


def mistakes_in(size: str, engine: str, one: dict[str, Any], empty: int) -> list[str]:
    """Return which hard rules a plan of ours breaks, `empty` seats being left by a maximum flow."""
    if engine not in ("fair", "mixed", "re-assign"):
        return []
    rules = ["conflicts", "twice", "above"]
    rules += [] if engine == "re-assign" else ["below"]  # those who left have no load
    found = [f"{size} {engine}: {one[rule]} {rule}" for rule in rules if one[rule]]
    if one["empty"] > empty:
        found.append(f"{size} {engine}: {one['empty']} seats are empty, {empty} need to be")
    if not one["comparability"]:
        found.append(f"{size} {engine}: more than one group")
    if one["bound"] < one["min"] - 1e-6:
        found.append(f"{size} {engine}: the worst submission is better than its bound")
    if abs(one["said"] - one["comparability"]) > 0.001:  # noqa: PLR2004 - a tenth of a percent
        found.append(f"{size} {engine}: says {one['said']}, is {one['comparability']}")
    if one["moved"]:
        found.append(f"{size} {engine}: {one['moved']} pairs of judges who stay were moved")
    return found
