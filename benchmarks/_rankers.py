"""Every way of ranking that is compared, ours and others: a contest in, a number per team out."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import TypeAlias

import numpy as np

from benchmarks._panels import Contest, Floats
from contest.judging.calibration import Calibration, Method, calibrate

Ranker: TypeAlias = Callable[[Contest], Floats]
RIDGE = 0.1  # of Bradley-Terry
TRIMMED_FROM = 3  # scores of a team from which the extremes are dropped


def fitted(contest: Contest, method: str = Method.SEVERITY) -> Calibration:
    """Return our fair scores."""
    rows = contest.team, contest.judge, contest.score
    return calibrate(*rows, n_submissions=contest.n_teams, n_judges=contest.n_judges, method=method)


def raw(contest: Contest) -> Floats:
    """Return mean scores."""
    sums = np.bincount(contest.team, contest.score, contest.n_teams)
    return sums / np.bincount(contest.team, minlength=contest.n_teams)


def z_score(contest: Contest) -> Floats:
    """Return means of scores that were brought to mean 0 and deviation 1 judge by judge."""
    count = np.maximum(np.bincount(contest.judge, minlength=contest.n_judges), 1)
    mean = np.bincount(contest.judge, contest.score, contest.n_judges) / count
    left = contest.score - mean[contest.judge]
    spread = np.sqrt(np.bincount(contest.judge, left**2, contest.n_judges) / count)
    z = left / np.where(spread > 0, spread, 1)[contest.judge]
    return np.bincount(contest.team, z, contest.n_teams) / np.bincount(contest.team, minlength=contest.n_teams)


def drop_extremes(contest: Contest) -> Floats:
    """Return means without each team's highest and lowest score, where three or more are there."""

    def middle(scores: Floats) -> float:
        return float(np.mean(np.sort(scores)[1:-1] if len(scores) >= TRIMMED_FROM else scores))

    return np.array([middle(contest.score[contest.team == team]) for team in range(contest.n_teams)])


def bradley_terry(contest: Contest) -> Floats:
    """Return strengths from every judge's pairwise preferences (choix, maximum likelihood with a ridge)."""
    wins: list[tuple[int, int]] = []
    for judge in range(contest.n_judges):
        mine = contest.judge == judge
        team, score = contest.team[mine], contest.score[mine]
        better = np.argwhere(score[:, None] > score)
        wins += [(int(team[a]), int(team[b])) for a, b in better]
    strengths: Floats = import_module("choix").opt_pairwise(contest.n_teams, wins, alpha=RIDGE, method="Newton-CG")
    return strengths


OTHERS: dict[str, Ranker] = {
    "raw mean": raw,
    "drop highest and lowest": drop_extremes,
    "z-score": z_score,
    **({"Bradley-Terry": bradley_terry} if find_spec("choix") else {}),  # of the development lock
}
OURS = (Method.SEVERITY, Method.ROBUST, Method.CEILING)
