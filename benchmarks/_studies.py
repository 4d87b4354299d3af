"""The studies of `bench ranking`: each is a function of a list of jobs, spread over the processors."""

from __future__ import annotations

import csv
import os
import tomllib
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from time import process_time
from typing import Any, TypeAlias

import numpy as np

from benchmarks._panels import SETTINGS, Contest, Floats, Ints, contest, dirty, recovered, tau_a
from benchmarks._rankers import OTHERS, OURS, bradley_terry, fitted, raw, z_score
from contest.judging.calibration import Method
from contest.results.robustness import next_scorecards, rank_chances

Job: TypeAlias = tuple[Any, ...]
PANELS = Path(__file__).resolve().parents[1] / "tests" / "data" / "panels"
CUPS = (2, 3, 5)  # judges per team
DRAWS = 1000
BINS = 10
BATCH = 15  # extra scorecards, one per judge


def pool(workers: int) -> ProcessPoolExecutor:
    """Return processes that compute on one thread each, so that their processor time is that of one thread."""
    os.environ |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return ProcessPoolExecutor(workers, get_context("spawn"))  # NumPy reads them when it is imported


def spread(work: Callable[[Job], Any], jobs: Iterable[Job], processes: Executor) -> list[Any]:
    """Return the results in the order of the jobs."""
    return list(processes.map(work, jobs, chunksize=4))


def cells(seeds: range, n_teams: int, cups: Iterable[int] = CUPS) -> list[Job]:
    """Return a job per setting, number of judges per team, and seed."""
    return [(n_teams, k, setting, seed) for k in cups for setting in SETTINGS for seed in seeds]


def measures(estimate: Floats, quality: Floats) -> list[float]:
    """Return tau-a, recovery of the best, recovery of the first three."""
    return [tau_a(estimate, quality), recovered(estimate, quality, 1), recovered(estimate, quality, 3)]


def recovery(job: Job) -> dict[str, list[float]]:
    """Rank one contest by every method; the last figure is milliseconds of processor time.

    Bradley-Terry only where it is affordable.
    """
    given = contest(*job[:4])
    if len(job) > 4:  # noqa: PLR2004 - something planted
        given = dirty(given, job[4], job[3])
    others = {name: ranker for name, ranker in OTHERS.items() if ranker is not bradley_terry or _affordable(job)}
    rankers = {**others, **{str(method): _ours(method) for method in OURS}}
    return {name: _timed(ranker, given) for name, ranker in rankers.items()}


def _affordable(job: Job) -> bool:
    return len(job) == 4 and job[0] <= 60 and job[3] % 4 == 0  # noqa: PLR2004 - nothing planted; teams; every fourth


def _ours(method: Method) -> Callable[[Contest], Floats]:
    return lambda given: fitted(given, method).value


def _timed(ranker: Callable[[Contest], Floats], given: Contest) -> list[float]:
    start = process_time()
    estimate = ranker(given)
    spent = 1000 * (process_time() - start)
    return [*measures(estimate, given.quality), spent]


def certainty(job: Job) -> tuple[float, float, Floats]:
    """Return coverage and mean width of the 90 % intervals, and (teams, said, came true) per tenth of P(first three).

    Quality has no zero of its own: the truth is shifted to the mean of the draws.
    """
    given = contest(*job[:4])
    draws = fitted(given).draw(DRAWS, job[3])
    low, high = np.quantile(draws, [0.05, 0.95], axis=0)
    truth = given.quality - given.quality.mean() + draws.mean()
    said = rank_chances(draws, tops=(3,)).chance[0]
    true = np.argsort(np.argsort(-given.quality)) < 3  # noqa: PLR2004 - the podium
    table = np.zeros((BINS, 3))
    np.add.at(table, np.minimum((said * BINS).astype(int), BINS - 1), np.column_stack((np.ones_like(said), said, true)))
    return float(((low <= truth) & (truth <= high)).mean()), float((high - low).mean()), table


def settling(job: Job) -> dict[str, float]:
    """Return how much of the podium is found with extra scorecards of 60 teams that two judges each have seen."""
    given, random = contest(*job[:4]), np.random.default_rng(job[3])
    free = [(t, j) for t in range(given.n_teams) for j in range(given.n_judges)]
    seen = set(zip(given.team.tolist(), given.judge.tolist(), strict=True))
    free = [pair for pair in free if pair not in seen]
    drawn = [free[at] for at in random.permutation(len(free))]
    found = {f"uniform +{extra}": _podium(_asked(given, drawn[:extra])) for extra in (0, 30, 60, 120)}
    one, batch = given, given
    for extra in range(1, 2 * BATCH + 1):
        one = _next(one, 1) if extra <= BATCH else one
        batch = _next(batch, BATCH) if extra % BATCH == 0 else batch
        if extra in (5, 10, BATCH):
            found[f"one by one +{extra}"] = _podium(one)
        if extra % BATCH == 0:
            found[f"batches +{extra}"] = _podium(batch)
    return found


def _next(given: Contest, count: int) -> Contest:
    room = np.full(given.n_judges, 6 if count == 1 else 1)
    extra = next_scorecards(fitted(given), room, count=count, per_judge=1)
    return _asked(given, [(one.submission, one.judge) for one in extra])


def _asked(given: Contest, pairs: list[tuple[int, int]]) -> Contest:
    team, judge = (np.array([pair[side] for pair in pairs], dtype=np.intp) for side in (0, 1))
    return Contest(np.append(given.team, team), np.append(given.judge, judge), given.quality, given.table)


def _podium(given: Contest) -> float:
    return recovered(fitted(given).value, given.quality, 3)


@cache
def real_panels() -> dict[str, Floats]:
    """Return the real panels of the tests: totals, submissions x judges, all complete."""
    return {folder.name: _table(folder) for folder in sorted(PANELS.iterdir()) if folder.is_dir()}


def _table(folder: Path) -> Floats:
    edition = tomllib.loads((folder / "edition.toml").read_text(encoding="utf-8"))
    weight = {c["code"]: float(c["weight"]) for c in edition["rounds"][0]["criteria"]}
    with (folder / "scores.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    places = [{name: at for at, name in enumerate(sorted({row[of] for row in rows}))} for of in ("submission", "judge")]
    table = np.zeros((len(places[0]), len(places[1])))
    for row in rows:
        cell = places[0][row["submission"]], places[1][row["judge"]]
        table[cell] += weight[row["criterion"]] * float(row["score"])
    return table


def real(job: Job) -> list[float]:
    """Return tau-a against the full panel's mean of raw mean, z-score and severity, from `k` judges per submission."""
    name, k, seed = job
    table = real_panels()[name]
    random = np.random.default_rng(seed)
    team, judge = sample(table.shape, k, random)
    given = Contest(team, judge, table.mean(axis=1), table)
    found = (raw(given), z_score(given), fitted(given).value)
    return [tau_a(estimate, given.quality) for estimate in found]


def sample(shape: tuple[int, ...], k: int, random: np.random.Generator) -> tuple[Ints, Ints]:
    """Draw `k` judges for each team, loads even."""
    load, chosen = np.zeros(shape[1]), np.zeros((shape[0], k), dtype=np.intp)
    for team in random.permutation(shape[0]):
        chosen[team] = np.argsort(load + random.random(shape[1]))[:k]
        load[chosen[team]] += 1
    return np.repeat(np.arange(shape[0]), k), chosen.ravel()
