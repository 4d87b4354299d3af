"""How often signs point at honest judges, and how often they find planted ones."""

from __future__ import annotations

import numpy as np

from benchmarks._panels import HIGH, LOW, Contest, Floats, contest
from benchmarks._studies import Job
from contest.judging.health import Papers, judge_signs

CRITERIA = 4
TASTE, SLIP = 0.5, 0.6  # how far a submission's criteria lie apart, and a judge's marks of one criterion
BOMBED = 0.4  # of the bombing judge's submissions
PLANTED = ("honest", "flat", "copying", "reversed", "bombing")


def papers(given: Contest, seed: int, planted: str = "honest") -> Papers:
    """Return scorecards with four criteria; judge 0 is what is `planted`."""
    random = np.random.default_rng([seed, PLANTED.index(planted)])
    taste = TASTE * random.standard_normal((given.n_teams, CRITERIA))[given.team]
    marks = given.score[:, None] + taste + SLIP * random.standard_normal(taste.shape)
    marks = np.clip(np.round(marks), LOW, HIGH)
    mine = given.judge == 0
    marks[mine] = _as_planted(marks[mine], planted, random)
    ends = np.full(CRITERIA, float(LOW)), np.full(CRITERIA, float(HIGH))
    when = random.random(len(marks))
    weights = np.full(CRITERIA, 1 / CRITERIA)
    return Papers(given.team, given.judge, marks, weights, *ends, given.n_teams, given.n_judges, None, when)


def _as_planted(marks: Floats, planted: str, random: np.random.Generator) -> Floats:
    if planted == "flat":
        return np.full_like(marks, np.round(marks.mean()))
    if planted == "copying":
        return np.repeat(marks[:, :1], marks.shape[1], axis=1)
    if planted == "reversed":
        return LOW + HIGH - marks
    if planted == "bombing":
        struck = np.arange(len(marks)) < max(round(BOMBED * len(marks)), 1)
        return np.where(random.permutation(struck)[:, None], LOW, marks)
    return marks


def alarms(job: Job) -> tuple[int, int, bool]:
    """Return how many honest judges were pointed at, how many there were, and whether the planted one was found."""
    *what, planted = job
    panel = papers(contest(*what), what[3], planted)
    pointed = {found.judge for found in judge_signs(panel)}
    first_is_honest = planted == "honest"
    return len(pointed - (set() if first_is_honest else {0})), panel.n_judges - (not first_is_honest), 0 in pointed
