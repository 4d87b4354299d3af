"""`./run.py bench ranking`: how well fair scores recover the truth, how sure they are of it, and how fast they are.

--full         many more simulated contests (about ten minutes on two quiet processors); without it one
--only NAMES   some studies, with commas: recovery (or recovery-12, recovery-60, recovery-300), stress, certainty,
               settling, real, alarms, cost
--workers N    processes (default: one per processor)
--seed N       where the seeds begin (default 1000000; nothing was tuned on seeds from there on)
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

import numpy as np

from benchmarks import Report, Row
from benchmarks import _studies as studies
from benchmarks._alarms import PLANTED, alarms
from benchmarks._clocked import hall, least, vast
from benchmarks._invariants import violations
from benchmarks._panels import SETTINGS, Floats
from benchmarks._rankers import OTHERS

START = 1_000_000
SIZES = (12, 60, 300)
STRESS = ("careless", "bombed")
Sizes: TypeAlias = dict[str, tuple[int, ...] | int]
QUICK: Sizes = {"recovery": (40, 10, 3), "certainty": (40, 10, 3), "stress": 16, "settling": 6, "real": 25, "alarms": 4}
FULL: Sizes = {
    "recovery": (150, 200, 120),
    "certainty": (300, 150, 40),
    "stress": 60,
    "settling": 150,
    "real": 500,
    "alarms": 30,
}
VAST = ((10_000, 200, 40.0), (100_000, 1_000, 50.0), (1_000_000, 2_000, 250.0))
HALL = ("60 teams x 3 judges", 25.0)
TURNS = 9  # of a measurement in time, of which the least counts
AIMS = (
    *((f"recovery N = {n} severity tau", ">=", aim) for n, aim in zip(SIZES, (0.690, 0.694, 0.695), strict=True)),
    *((f"recovery N = {n} severity top 3", ">=", aim) for n, aim in zip(SIZES, (0.733, 0.570, 0.396), strict=True)),
    *((f"recovery N = {n} ceiling top 3", ">=", aim) for n, aim in zip(SIZES, (0.735, 0.580, 0.420), strict=True)),
    ("stress careless robust tau", ">=", 0.735),
    ("stress bombed robust tau", ">=", 0.720),
    *((f"robust loss on clean data, N = {n}", "<=", 0.002) for n in SIZES),
    ("real panels, least gain over raw", ">=", -0.005),
    ("coverage, lowest cell", ">=", 0.86),
    ("coverage, highest cell", "<=", 0.92),
    ("width 60", "<=", 1.65),
    ("calibration", "<=", 0.015),
    ("one by one +15 over uniform +120", ">=", 0.0),
    ("batches +30 over uniform +120", ">=", 0.0),
    ("false alarms", "<=", 1.0),
    *((f"alarm {planted}", ">=", 0.9) for planted in PLANTED[1:]),
    (f"cost {HALL[0]}", "<=", HALL[1]),
    *((f"cost {scores:,} scores", "<=", aim) for scores, _, aim in VAST),
)
SCORES = ("tau", "top 1", "top 3", "ms")


@dataclass
class Bench:
    """Where the run stands: the rows so far, and the figures by name for the targets."""

    processes: Executor
    start: int
    sizes: Sizes
    rows: list[Row] = field(default_factory=list)
    found: dict[str, tuple[float, float]] = field(default_factory=dict)

    def seeds(self, study: str, at: int | None = None) -> range:
        """Return the seeds of a study, or of its part `at`."""
        count = self.sizes[study]
        number = count if isinstance(count, int) else count[at or 0]
        return range(self.start, self.start + number)

    def note(self, name: str, values: Floats, strata: int = 1) -> tuple[float, float]:
        """Keep a mean and its standard error; `strata` kinds of contest follow each other, equally many of each."""
        groups = np.asarray(values, dtype=np.float64).reshape(strata, -1)
        several = groups.shape[1] > 1
        wide = float(np.sqrt(groups.var(axis=1, ddof=1).mean() / values.size)) if several else float("nan")
        self.found[name] = float(np.mean(values)), wide
        return self.found[name]

    def figure(self, name: str, values: Floats, strata: int = 1) -> None:
        """Keep a mean and show it."""
        mean, wide = self.note(name, values, strata)
        row: Row = {"part": "figure", "case": name, "runs": values.size}
        self.rows.append({**row, "found": round(mean, 4), "se": round(wide, 4)})

    def table(self, part: str, found: list[dict[str, list[float]]], case: str, strata: int) -> None:
        """Add one row per method with means and standard errors."""
        for method in dict.fromkeys(name for one in found for name in one):
            values = np.array([one[method] for one in found if method in one])
            row: dict[str, str | float] = {"part": part, "case": case, "method": method, "runs": len(values)}
            for at, name in enumerate(SCORES):
                mean, wide = self.note(f"{part} {case} {method} {name}", values[:, at], strata)
                row |= {name: round(mean, 3)} if name == "ms" else {name: round(mean, 4), f"{name} se": round(wide, 4)}
            self.rows.append(row)


def run(args: list[str]) -> Report:
    """Simulate, rank, count, and say which targets hold; wrong is what may never happen, not a missed target."""
    parser = argparse.ArgumentParser(prog="bench ranking", description=__doc__, allow_abbrev=False)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seed", type=int, default=START)
    parser.add_argument("--only", default="")
    options = parser.parse_args(args)
    with studies.pool(options.workers) as processes:
        bench = Bench(processes, options.seed, FULL if options.full else QUICK)
        for study in _chosen(options.only):
            study(bench)
    wrong = violations(options.seed)
    bench.rows += [{"part": "never", "case": name, "found": float(count)} for name, count in wrong.items()]
    targets = _targets(bench)
    return Report.of(
        [*bench.rows, *targets],
        wrong=sum(wrong.values()),
        form="full" if options.full else "quick",
        seeds_from=str(options.seed),
        bradley_terry="choix" if "Bradley-Terry" in OTHERS else "left out: choix comes with the development lock",
        targets_held=f"{sum(row['holds'] == 'yes' for row in targets)} of {len(targets)}",
    )


def _chosen(names: str) -> list[Callable[[Bench], None]]:
    """Return the studies that are named, in full or by how they begin, with commas; all without a name."""
    begins = tuple(names.split(","))
    chosen = [study for name, study in STUDIES.items() if name.startswith(begins)]
    if not all(any(name.startswith(one) for name in STUDIES) for one in begins):
        raise SystemExit(f"There is no study {names!r}; there are {', '.join(STUDIES)}.")
    return chosen


def _recovery(bench: Bench, at: int) -> None:
    jobs = studies.cells(bench.seeds("recovery", at), SIZES[at])
    found = studies.spread(studies.recovery, jobs, bench.processes)
    bench.table("recovery", found, f"N = {SIZES[at]}", len(studies.CUPS) * len(SETTINGS))
    _loss(bench, found, SIZES[at])


def _loss(bench: Bench, found: list[dict[str, list[float]]], teams: int) -> None:
    """Note what the robust option costs where nothing is wrong, contest by contest."""
    lost = np.array([one["severity"][0] - one["robust"][0] for one in found])
    name = f"robust loss on clean data, N = {teams}"
    bench.figure(name, lost, len(studies.CUPS) * len(SETTINGS))


def _stress(bench: Bench) -> None:
    for how in STRESS:
        jobs = [(*job, how) for job in studies.cells(bench.seeds("stress"), 60, (5,))]
        bench.table("stress", studies.spread(studies.recovery, jobs, bench.processes), how, len(SETTINGS))


def _certainty(bench: Bench) -> None:
    tables = np.zeros((studies.BINS, 3))
    for at, teams in enumerate(SIZES):
        widths = []
        for k in studies.CUPS:
            for setting in SETTINGS:
                jobs = [(teams, k, setting, seed) for seed in bench.seeds("certainty", at)]
                found = studies.spread(studies.certainty, jobs, bench.processes)
                cover, wide = bench.note(f"cover {teams} {k} {setting}", np.array([one[0] for one in found]))
                widths += [one[1] for one in found]
                tables += np.sum([one[2] for one in found], axis=0)
                case = f"N = {teams}, k = {k}, {setting}"
                figures = {"found": round(cover, 4), "se": round(wide, 4)}
                bench.rows.append({"part": "certainty", "case": case, "runs": len(found), **figures})
        bench.figure(f"width {teams}", np.array(widths), len(studies.CUPS) * len(SETTINGS))
    count, said, true = tables.T
    bench.figure("calibration", np.array([np.abs(said - true).sum() / count.sum()]))


def _settling(bench: Bench) -> None:
    found = studies.spread(studies.settling, studies.cells(bench.seeds("settling"), 60, (2,)), bench.processes)
    for name in found[0]:
        mean, wide = bench.note(name, np.array([one[name] for one in found]), len(SETTINGS))
        figures = {"top 3": round(mean, 4), "top 3 se": round(wide, 4)}
        bench.rows.append({"part": "extra scorecards", "case": name, "runs": len(found), **figures})
    for name in ("one by one +15", "batches +30"):
        gain = np.array([one[name] - one["uniform +120"] for one in found])
        bench.figure(f"{name} over uniform +120", gain, len(SETTINGS))


def _real(bench: Bench) -> None:
    for name in studies.real_panels():
        for k in studies.CUPS:
            jobs = [(name, k, seed) for seed in bench.seeds("real")]
            found = np.array(studies.spread(studies.real, jobs, bench.processes))
            for at, method in enumerate(("raw mean", "z-score", "severity")):
                mean, wide = bench.note(f"real {name} {k} {method}", found[:, at])
                row: Row = {"part": "real", "case": f"{name}, k = {k}", "method": method, "runs": len(found)}
                bench.rows.append({**row, "tau": round(mean, 4), "tau se": round(wide, 4)})
            bench.figure(f"real {name}, k = {k}, gain", found[:, 2] - found[:, 0])


def _alarms(bench: Bench) -> None:
    for planted in PLANTED:
        jobs = [(*job, planted) for job in studies.cells(bench.seeds("alarms"), 60, (3, 5))]
        found = studies.spread(alarms, jobs, bench.processes)
        pointed, honest = (sum(one[at] for one in found) for at in (0, 1))
        mean, wide = bench.note(f"alarm {planted}", np.array([one[2] for one in found], dtype=np.float64))
        row: Row = {"part": "alarms", "case": planted, "runs": len(found), "false per 50": 50 * pointed / honest}
        bench.rows.append(row if planted == "honest" else {**row, "found": mean, "se": wide})
        bench.found["false alarms"] = (
            (50 * pointed / honest, 0.0) if planted == "honest" else bench.found["false alarms"]
        )


def _cost(bench: Bench) -> None:
    sizes = [(f"{scores:,} scores", vast(scores, judges, bench.start)) for scores, judges, _ in VAST]
    for name, rows in ((HALL[0], hall(bench.start)), *sizes):
        cost = bench.processes.submit(least, rows, bench.start, TURNS).result()
        bench.found[f"cost {name}"] = cost.both, 0.0
        row: Row = {"part": "cost", "case": name, "runs": TURNS}
        bench.rows.append({**row, "ms": round(cost.fit, 1), "chances ms": round(cost.chances, 1)})


def _targets(bench: Bench) -> list[Row]:
    """Say which targets of the studies that ran hold; "within error" is a miss by no more than two standard errors."""
    found = bench.found | _derived(bench.found)
    return [_target(name, sign, aim, *found[name]) for name, sign, aim in AIMS if name in found]


def _target(name: str, sign: str, aim: float, mean: float, error: float) -> Row:
    short = aim - mean if sign == ">=" else mean - aim
    holds = "yes" if short <= 0 else "within error" if short <= 2 * np.nan_to_num(error) else "NO"
    return {"part": "target", "case": name, "aim": aim, "found": round(mean, 4), "se": round(error, 4), "holds": holds}


def _derived(found: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """Return the worst cells of the studies that ran."""
    cover = sorted(value for name, value in found.items() if name.startswith("cover "))
    gains = sorted(value for name, value in found.items() if name.startswith("real ") and name.endswith(" gain"))
    worst = {f"coverage, {end} cell": cover[at] for end, at in (("lowest", 0), ("highest", -1)) if cover}
    return worst | ({"real panels, least gain over raw": gains[0]} if gains else {})


STUDIES: dict[str, Callable[[Bench], None]] = {
    **{f"recovery-{teams}": partial(_recovery, at=at) for at, teams in enumerate(SIZES)},
    "stress": _stress,
    "certainty": _certainty,
    "settling": _settling,
    "real": _real,
    "alarms": _alarms,
    "cost": _cost,
}
