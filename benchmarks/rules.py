"""The ranking engine alone: rank a large round with its ladder and cut, and explain single totals of it."""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TypeVar

from benchmarks import Report, Row
from contest.editions.rules import Advance, Aggregate, Combine, CriterionSpec, LocalText, RoundRules, Rubric
from contest.judging.scoring import Scorecard
from contest.results.advancement import advance
from contest.results.explain import Explainer
from contest.results.inputs import RoundInputs
from contest.results.ranking import Standing, rank

Answer = TypeVar("Answer")
TRACKS, JUDGES, PANEL = 4, 100, 5
EVERY = 25  # one line in so many is explained
CUT = Advance(top=100, threshold=Decimal(50), floors=True)
WEIGHTS = ("2", "1.5", "1", "1", "1", "1", "1", "0.5")
LADDER = ("criterion:C1", "judges_preferring", "highest_scorecard", "lower_spread", "chair")
RULES = {
    "mean": RoundRules(tie_breaks=LADDER),
    "mean by criterion": RoundRules(tie_breaks=LADDER, combine=Combine.CRITERION),
    "trimmed": RoundRules(tie_breaks=LADDER, aggregate=Aggregate.TRIMMED, trim_from=5),
    "clamped to 100": RoundRules(
        tie_breaks=LADDER, aggregate=Aggregate.CLAMPED, clamp=Decimal(3), scale_to=Decimal(100)
    ),
    "severity": RoundRules(tie_breaks=LADDER, aggregate=Aggregate.SEVERITY),
}


def contest(submissions: int, rules: RoundRules, seed: int) -> RoundInputs:
    """Return a round in which each submission is scored by five of a hundred judges, the same for the same seed."""
    draw = random.Random(seed)
    criteria = tuple(
        CriterionSpec(f"C{n}", LocalText(), Decimal(0), Decimal(10), Decimal("0.25"), Decimal(weight))
        for n, weight in enumerate(WEIGHTS, start=1)
    )
    cards = tuple(
        Scorecard(judge, entry, tuple(draw.randint(16, 40) for _ in criteria), submitted=True)
        for entry in range(submissions)
        for judge in draw.sample(range(JUDGES), PANEL)
    )
    return RoundInputs(rules, Rubric(criteria), tuple(entry % TRACKS for entry in range(submissions)), cards)


def run(args: list[str]) -> Report:
    """Rank and cut each kind of round in turns; a line that is ranked wrongly or not at all counts as wrong."""
    parser = argparse.ArgumentParser(prog="bench rules", description=__doc__, allow_abbrev=False)
    parser.add_argument("--submissions", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(args)
    rows, wrong = [], 0
    for name, rules in RULES.items():
        row, mistakes = _measured(name, contest(options.submissions, rules, options.seed), options.rounds)
        rows.append(row)
        wrong += mistakes
    return Report.of(
        rows,
        wrong=wrong,
        contest=f"{options.submissions} submissions x {PANEL} judges of {JUDGES} x {len(WEIGHTS)} criteria",
        ladder=", ".join(LADDER),
        times="ms, medians; cpu ms is processor time",
    )


def _measured(name: str, inputs: RoundInputs, rounds: int) -> tuple[Row, int]:
    turns = [_ranked(inputs) for _ in range(rounds)]
    standings, advancing = turns[0].standings, turns[0].advancing
    prepared, explainer = _timed(lambda: Explainer(inputs, standings))
    looks = [_timed(partial(explainer.steps, at)) for at in range(0, len(standings), EVERY)]
    row: Row = {
        "rules": name,
        "rank + cut": round(1000 * statistics.median(turn.seconds for turn in turns)),
        "cpu ms": round(1000 * statistics.median(turn.cpu for turn in turns)),
        "prepare": round(1000 * prepared, 1),
        "explain one": round(1000 * statistics.median(seconds for seconds, _ in looks), 2),
        "slowest": round(1000 * max(seconds for seconds, _ in looks), 2),
        "by ladder": sum(one.decided_by is not None for one in standings),
        "advance": advancing,
    }
    unranked = sum(one.rank is None for one in standings)
    return row, unranked + sum(len(steps) < PANEL for _, steps in looks)


@dataclass(frozen=True)
class _Turn:
    """One ranking with its cut."""

    standings: tuple[Standing, ...]
    advancing: int
    seconds: float
    cpu: float


def _ranked(inputs: RoundInputs) -> _Turn:
    wall, cpu = time.perf_counter(), time.process_time()
    standings = rank(inputs)
    cut = advance(standings, CUT, floors=[Decimal(1)] * len(WEIGHTS))
    return _Turn(standings, len(cut.advancing), time.perf_counter() - wall, time.process_time() - cpu)


def _timed(work: Callable[[], Answer]) -> tuple[float, Answer]:
    start = time.perf_counter()
    answer = work()
    return time.perf_counter() - start, answer
