"""What may never happen, counted: a complete design that is not the raw mean, a better score that costs a rank."""

from __future__ import annotations

import numpy as np

from benchmarks._panels import contest
from benchmarks._rankers import fitted
from contest.judging.calibration import calibrate
from contest.results.robustness import ranks_of

EXACT = 1e-12
TRIALS = 40


def violations(seed: int, trials: int = TRIALS) -> dict[str, int]:
    """Return how often each rule was broken."""
    seeds = range(seed, seed + trials)
    return {
        "complete design is the raw mean": sum(map(_moved_by_severity, seeds)),
        "order of rows or a second run changes something": sum(map(_depends_on_order, seeds)),
        "a higher score lowers a rank": sum(map(_punished, seeds)),
    }


def _moved_by_severity(seed: int) -> bool:
    random = np.random.default_rng(seed)
    teams, judges = random.integers(2, 40), random.integers(2, 12)
    table = random.integers(1, 11, (teams, judges)) + random.random() * random.standard_normal((teams, judges))
    team, judge = np.divmod(np.arange(teams * judges), judges)
    found = calibrate(team, judge, table.ravel(), n_submissions=int(teams), n_judges=int(judges))
    return bool(np.abs(found.shown - table.mean(axis=1)).max() > EXACT)


def _depends_on_order(seed: int) -> bool:
    given = contest(60, 3, "hackathon", seed)
    order = np.random.default_rng(seed).permutation(len(given.team))
    one, two, three = (
        calibrate(given.team[x], given.judge[x], given.score[x], n_submissions=60, n_judges=15)
        for x in (slice(None), order, order)
    )
    same = np.array_equal(one.shown, two.shown) and np.array_equal(two.shown, three.shown)
    return not (same and np.array_equal(one.draw(5, seed), two.draw(5, seed)))


def _punished(seed: int) -> bool:
    given = contest(60, 3, "wild", seed)
    before = fitted(given)
    row = int(np.random.default_rng(seed).integers(len(given.team)))
    score = given.score + (np.arange(len(given.team)) == row)
    rows = given.team, given.judge, score
    after = calibrate(*rows, n_submissions=given.n_teams, n_judges=given.n_judges, ratios=before.ratios)
    team = given.team[row]
    ranks = [ranks_of(np.round(found.value, 9))[team] for found in (before, after)]
    return bool(ranks[1] > ranks[0])
