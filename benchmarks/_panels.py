"""Simulated contests in which each judge sees only some teams, and how well a ranking recovers what is true.

Scores are whole numbers from 1 to 10 with a ceiling. A judge has a severity, a scale (how far apart good and bad are
put) and a steadiness of their own. Everything follows from the seed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]

LOW, HIGH = 1, 10
JUDGES = {12: 6, 60: 15, 300: 60}
DIGITS = 9  # estimates closer than this are a tie


@dataclass(frozen=True, slots=True)
class Setting:
    """Standard deviations of quality, severity, noise, scale and logarithm of the noise; the mean score."""

    quality: float
    severity: float
    noise: float
    scale: float
    steadiness: float
    mean: float


SETTINGS = {
    "trained": Setting(1.5, 0.3, 0.6, 0.08, 0.12, 6.5),
    "hackathon": Setting(1.2, 0.7, 1.0, 0.15, 0.20, 7.0),
    "wild": Setting(1.0, 1.1, 1.2, 0.30, 0.30, 7.0),
}


@dataclass(frozen=True, slots=True, eq=False)
class Contest:
    """One simulated contest: who scored whom, the truth, and every score that could be asked for (teams x judges)."""

    team: Ints
    judge: Ints
    quality: Floats
    table: Floats

    @property
    def score(self) -> Floats:
        """The scores given."""
        given: Floats = self.table[self.team, self.judge]
        return given

    @property
    def n_teams(self) -> int:
        """How many teams there are."""
        return int(self.table.shape[0])

    @property
    def n_judges(self) -> int:
        """How many judges there are."""
        return int(self.table.shape[1])


def contest(
    n_teams: int, k: int, setting: str, seed: int, *, judges: int | None = None, unequal: bool = False
) -> Contest:
    """Simulate a contest; every team has `k` judges at random with even loads, or between 1 and 2k - 1 of them."""
    random = np.random.default_rng([n_teams, k, list(SETTINGS).index(setting), seed])
    s, n_judges = SETTINGS[setting], judges or JUDGES[n_teams]
    team, judge = _assigned(n_teams, n_judges, k, random, unequal=unequal)
    quality = s.quality * random.standard_normal(n_teams)
    severity = s.severity * random.standard_normal(n_judges)
    scale = np.maximum(0.2, 1 + s.scale * random.standard_normal(n_judges))
    noise = s.noise * np.exp(s.steadiness * random.standard_normal(n_judges))
    level = s.mean + severity + scale * quality[:, None]
    table = np.clip(np.round(level + noise * random.standard_normal(level.shape)), LOW, HIGH)
    return Contest(team, judge, quality, table)


def _assigned(n: int, judges: int, k: int, random: np.random.Generator, *, unequal: bool) -> tuple[Ints, Ints]:
    load = np.zeros(judges)
    counts = random.integers(1, 2 * k, n) if unequal else np.full(n, k)
    seats: list[tuple[int, int]] = []
    for team in random.permutation(n):
        chosen = np.argsort(load + random.random(judges))[: counts[team]]
        seats += [(int(team), int(judge)) for judge in chosen]
        load[chosen] += 1
    team, judge = np.array(sorted(seats)).T
    return team, judge


def dirty(given: Contest, how: str, seed: int) -> Contest:
    """Return the contest with one `careless` judge (any mark from 1 to 10), or with 4 % of scores `bombed` to 1."""
    random, table = np.random.default_rng(seed), given.table.copy()
    if how == "careless":
        table[:, 0] = random.integers(LOW, HIGH + 1, given.n_teams)
    elif how == "bombed":
        table[random.random(table.shape) < 0.04] = LOW  # noqa: PLR2004 - four in a hundred
    return Contest(given.team, given.judge, given.quality, table)


def tau_a(estimate: Floats, truth: Floats) -> float:
    """Return Kendall's tau-a; a tie in the estimate counts nothing, as if broken at random."""
    rounded = np.round(estimate, DIGITS)
    i, j = np.triu_indices(len(truth), 1)
    return float((np.sign(rounded[i] - rounded[j]) * np.sign(truth[i] - truth[j])).mean())


def recovered(estimate: Floats, truth: Floats, m: int) -> float:
    """Return the share of the true first `m` that the estimate puts there, ties broken at random (in expectation)."""
    rounded = np.round(estimate, DIGITS)
    best = np.argsort(-truth, kind="stable")[:m]
    line = np.sort(rounded)[-m]
    above, level = rounded > line, rounded == line
    share = (m - above.sum()) / level.sum()
    return float((above[best] + share * level[best]).sum() / m)
