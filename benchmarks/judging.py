"""`./run.py bench judging`: many judges saving at once against the real server, beside what the machine can do at all.

--judges N          how many save at the same time (default 60)
--seconds N         length of each of the three loads (default 60)
--every N           seconds between two saves of a judge in the paced load (default 2: 60 judges make 30 saves a second)
--database-url URL  a PostgreSQL server that is measured after SQLite; tables are made in a schema of their own
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import Report, Row
from benchmarks._jury import Seat, Stored, build, stored
from benchmarks._servers import NAME, ROOT, THREADS, free_port, served
from benchmarks.web import SPARE, _database, _ended_politely, _environ
from config import from_env
from contest import create_app

HUNDREDTHS = 100


def run(args: list[str]) -> Report:
    """Measure SQLite and, if asked, PostgreSQL; count in the database what every answered save left."""
    parser = argparse.ArgumentParser(prog="bench judging", description=__doc__, allow_abbrev=False)
    parser.add_argument("--judges", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--every", type=float, default=2.0)
    parser.add_argument("--database-url", default="")
    options = parser.parse_args(args)
    rows: list[Row] = []
    wrong: list[str] = []
    with _ended_politely():
        for url in ["", options.database_url] if options.database_url else [""]:
            found, problems = _measure(url, options)
            rows += found
            wrong += problems
    for problem in wrong[:20]:
        print(f"wrong: {problem}", file=sys.stderr)
    return Report.of(
        rows,
        wrong=len(wrong),
        server=f"{NAME}, 1 process, {THREADS} threads",
        judges=options.judges,
        seconds=options.seconds,
    )


def _measure(url: str, options: argparse.Namespace) -> tuple[list[Row], list[str]]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-judging-")))
        database = stack.enter_context(_database(url, folder))
        environ = {**_environ(folder, database), "PYTHONPATH": str(ROOT)}
        app = create_app(from_env(environ))
        seats = build(app, options.judges)
        bare = stack.enter_context(served("benchmarks._one_row:app", "/", environ, free_port()))
        ours = stack.enter_context(served("wsgi:app", "/healthz", environ, free_port()))
        limit = _load(bare.port, [Seat("/", "", "", 1)] * options.judges, options.seconds, 0.0)
        paced = _load(ours.port, seats, options.seconds, options.every)
        flat = _load(ours.port, paced["judges"], options.seconds, 0.0)
        problems = [*limit["wrong"], *paced["wrong"], *flat["wrong"], *_miscounted(flat["judges"], stored(app))]
    name = database.partition("://")[0].partition("+")[0]
    best = _rate(limit)
    rows = [
        _row(name, f"every {options.every:g} s", paced, best),
        _row(name, "without a pause", flat, best),
        _row(name, "bare: one row", limit, best),
    ]
    return rows, problems


def _load(port: int, judges: list[Any], seconds: float, every: float) -> dict[str, Any]:
    """Run one load in a process of its own."""
    people = [one if isinstance(one, dict) else asdict(one) for one in judges]
    plan = json.dumps({"port": port, "seconds": seconds, "every": every, "judges": people})
    command = [sys.executable, "-m", "benchmarks._paced"]
    done = subprocess.run(
        command, cwd=ROOT, input=plan, capture_output=True, text=True, timeout=seconds + SPARE, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _rate(load: dict[str, Any]) -> float:
    return float(len(load["times"]) / max(load["seconds"], 0.001))


def _row(database: str, what: str, load: dict[str, Any], best: float) -> Row:
    times = load["times"]
    cuts = statistics.quantiles(times, n=HUNDREDTHS) if len(times) > 1 else [0.0] * (HUNDREDTHS - 1)
    return {
        "database": database,
        "saves": what,
        "saves/s": round(_rate(load), 1),
        "of the limit %": round(100 * _rate(load) / best, 1) if best else None,
        "p50 ms": round(1000 * cuts[49], 1),
        "p95 ms": round(1000 * cuts[94], 1),
        "p99 ms": round(1000 * cuts[98], 1),
        "max ms": round(1000 * max(times, default=0.0), 1),
        "answered": len(times),
        "wrong": len(load["wrong"]),
    }


def _miscounted(judges: list[dict[str, Any]], found: dict[str, Stored]) -> list[str]:
    """Return how the database differs from what was answered: saves that are lost, doubled, or hold other marks."""
    problems = []
    for judge in judges:
        path, kept = judge["path"], found.get(judge["path"])
        if kept is None:
            problems.append(f"{path} is not stored, {len(judge['keys'])} saves were answered")
        elif kept.keys != judge["keys"]:
            lost, more = set(judge["keys"]) - set(kept.keys), len(kept.keys) - len(judge["keys"])
            problems.append(f"{path}: {len(lost)} saves lost, {max(more, 0)} too many")
        elif (kept.version, kept.marks) != (judge["version"], judge["marks"]):
            problems.append(f"{path} holds {kept}, {judge['version']} {judge['marks']} was answered")
    return problems
