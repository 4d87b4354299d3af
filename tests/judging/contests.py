"""Small panels for the tests of fair scores, and the textbook estimate that they are compared with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contest.judging.calibration import Calibration, calibrate

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Rows:
    submission: Ints
    judge: Ints
    score: Floats
    n_submissions: int
    n_judges: int

    def fit(self, **settings: Any) -> Calibration:
        settings |= {"n_submissions": self.n_submissions, "n_judges": self.n_judges}
        return calibrate(self.submission, self.judge, self.score, **settings)

    def taken(self, order: Any) -> Rows:
        rows = self.submission[order], self.judge[order], self.score[order]
        return Rows(*rows, self.n_submissions, self.n_judges)

    def scored(self, score: Any) -> Rows:
        return Rows(self.submission, self.judge, np.asarray(score, dtype=float), self.n_submissions, self.n_judges)


def rows(*cells: tuple[int, int, float], n: int = 5, judges: int = 4) -> Rows:
    """Build from (submission, judge, score)."""
    submission, judge = (np.array([cell[at] for cell in cells], dtype=np.intp) for at in (0, 1))
    return Rows(submission, judge, np.array([cell[2] for cell in cells], dtype=float), n, judges)


def complete(table: Any) -> Rows:
    """Build from submissions x judges; every judge has seen everything."""
    table = np.asarray(table, dtype=float)
    submission, judge = np.divmod(np.arange(table.size), table.shape[1])
    return Rows(submission, judge, table.ravel(), *table.shape)


def drawn(n: int, judges: int, k: int, seed: int, *, severity: float = 0.8, noise: float = 0.8) -> Rows:
    """Draw a panel from the additive model: `k` random judges per submission, team deviation 1, mean 6."""
    random = np.random.default_rng(seed)
    judge = np.array([random.permutation(judges)[:k] for _ in range(n)]).ravel()
    submission = np.repeat(np.arange(n), k)
    score = 6 + random.standard_normal(n)[submission] + severity * random.standard_normal(judges)[judge]
    return Rows(submission, judge, score + noise * random.standard_normal(len(judge)), n, judges)


@dataclass(frozen=True)
class Textbook:
    variance: tuple[float, float, float]
    mean: float
    team: Floats
    judge: Floats


def textbook(panel: Rows, rounds: int = 400) -> Textbook:
    """Estimate by restricted maximum likelihood with the full covariance matrix of all scores and Fisher scoring."""
    z, w = np.eye(panel.n_submissions)[panel.submission], np.eye(panel.n_judges)[panel.judge]
    parts = [z @ z.T, w @ w.T, np.eye(len(panel.score))]
    sigma = np.full(3, panel.score.var() / 3)
    for _ in range(rounds):
        project, _ = _projection(parts, sigma)
        pulled = project @ panel.score
        slope = np.array([(pulled @ part @ pulled - np.trace(project @ part)) / 2 for part in parts])
        products = [project @ part for part in parts]
        bend = np.array([[np.sum(a * b.T) / 2 for b in products] for a in products])
        step = np.linalg.solve(bend, slope)
        while (sigma + step <= 0).any():
            step = step / 2
        sigma = sigma + step
        if np.abs(step).max() < 1e-13:
            break
    project, mean = _projection(parts, sigma)
    pulled = project @ panel.score
    found = (float(part) for part in sigma)
    return Textbook((*found,), float(mean @ panel.score), sigma[0] * z.T @ pulled, sigma[1] * w.T @ pulled)  # type: ignore[arg-type]


def _projection(parts: list[Floats], sigma: Floats) -> tuple[Floats, Floats]:
    inverse = np.linalg.inv(sum(s * part for s, part in zip(sigma, parts, strict=True)))
    ones = inverse.sum(axis=0)
    mean = ones / ones.sum()
    return inverse - np.outer(ones, mean), mean
