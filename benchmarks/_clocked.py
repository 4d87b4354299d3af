"""What fair scores cost: processor time, the least of several turns, because other programs only ever add to it."""

from __future__ import annotations

from dataclasses import dataclass
from time import process_time

import numpy as np

from benchmarks._panels import Floats, Ints, contest
from contest.judging.calibration import calibrate
from contest.results.robustness import rank_chances

DRAWS = 1000
JUDGES_PER_TEAM = 5


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of processor time of a fit, and of the draws with the chances counted in them."""

    fit: float
    chances: float

    @property
    def both(self) -> float:
        """All of it."""
        return self.fit + self.chances


def vast(scores: int, judges: int, seed: int) -> tuple[Ints, Ints, Floats]:
    """Return teams, judges and scores of a round in which five judges see each team."""
    random = np.random.default_rng(seed)
    teams = scores // JUDGES_PER_TEAM
    team = np.repeat(np.arange(teams), JUDGES_PER_TEAM)
    apart = np.arange(JUDGES_PER_TEAM) * (judges // JUDGES_PER_TEAM)
    judge = (random.integers(0, judges, teams)[:, None] + apart).ravel() % judges
    quality, severity = random.standard_normal(teams), random.standard_normal(judges)
    return team, judge, quality[team] + severity[judge] + random.standard_normal(scores)


def hall(seed: int) -> tuple[Ints, Ints, Floats]:
    """Return the scores of 60 teams by three of fifteen judges."""
    given = contest(60, 3, "hackathon", seed)
    return given.team, given.judge, given.score


def least(rows: tuple[Ints, Ints, Floats], seed: int, turns: int) -> Cost:
    """Return the cheapest of several turns: fit, a thousand draws of the contenders, chances of the podium, ranks."""
    return min((_turn(rows, seed) for _ in range(turns)), key=lambda cost: cost.both)


def _turn(rows: tuple[Ints, Ints, Floats], seed: int) -> Cost:
    teams, judges = (int(places.max()) + 1 for places in rows[:2])
    start = process_time()
    found = calibrate(*rows, n_submissions=teams, n_judges=judges)
    middle = process_time()
    rank_chances(found.draw(DRAWS, seed, only=found.contenders(3)))
    return Cost(1000 * (middle - start), 1000 * (process_time() - middle))
