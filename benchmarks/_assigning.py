"""One engine assigns one invented round in a process of its own.

`python -m benchmarks._assigning ENGINE SIZE SEED FILE` prints one JSON object. Processor seconds are those of the
engine alone; the peak is that of the whole process before the plan is examined, beside what it has grown by since the
libraries were loaded. The examination shares no code with the engines.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._instances import SEATS, Array, Round, all_pairs_of, invent, looked_up
from contest.judging.assignment import AssignmentPlan, AssignmentProblem, assign
from contest.judging.flow import Network, cheapest

if sys.platform == "win32":  # the peak is left out there

    def _peak() -> float | None:
        return None

else:
    import resource

    def _peak() -> float | None:
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return used / (1024**2 if sys.platform == "darwin" else 1024)


LEAVE = 0.05  # of the judges
WIDER = 400  # judges, the best ones, among whom a submission finds somebody for those who left


def problem_of(one: Round, pairs: tuple[Array, Array, Array], **wishes: Any) -> AssignmentProblem:
    """Return the round as the product takes it."""
    size = one.size
    seats = np.full(size.submissions, SEATS)
    least, most = np.full(size.judges, size.least), np.full(size.judges, size.most)
    return AssignmentProblem(size.submissions, size.judges, *pairs, seats, least, most, **wishes)


def fair(one: Round, pairs: tuple[Array, Array, Array]) -> AssignmentPlan:
    """Assign without spending anything on comparability."""
    return assign(problem_of(one, pairs, mixing=0.0))


def mixed(one: Round, pairs: tuple[Array, Array, Array]) -> AssignmentPlan:
    """Assign as the product does by default."""
    return assign(problem_of(one, pairs))


def flow(one: Round, pairs: tuple[Array, Array, Array]) -> tuple[Array, Array]:
    """Assign for the greatest total affinity alone: one minimum-cost flow; a seat that nobody can take stays empty."""
    for empty in (0, one.size.submissions):  # that seats stay empty is allowed only where it must be: it takes longer
        flows = cheapest(_network(one, pairs, empty))
        if flows is not None:
            taken = flows[: len(pairs[0])] > 0
            return pairs[0][taken], pairs[1][taken]
    raise RuntimeError("the invented round has no plan")


def _network(one: Round, pairs: tuple[Array, Array, Array], empty: int) -> Network:
    """Return the plain network, costs in steps of a ten thousandth; `empty` submissions may keep empty seats."""
    submission, judge, affinity = pairs
    size = one.size
    source = size.judges + size.submissions
    judges, teams = np.arange(size.judges), size.judges + np.arange(empty)
    return Network(
        tail=np.concatenate([judge, np.full(size.judges + empty, source)]),
        head=np.concatenate([size.judges + submission, judges, teams]),
        capacity=np.repeat([1, size.most - size.least, SEATS], [len(judge), size.judges, empty]),
        cost=np.concatenate(
            [np.round(1e4 * (1 - affinity.astype(float))), np.zeros(size.judges), np.full(empty, 1e7)]
        ).astype(np.int64),
        supply=np.concatenate(
            [
                np.full(size.judges, size.least),
                np.full(size.submissions, -SEATS),
                [SEATS * size.submissions - size.least * size.judges],
            ]
        ),
    )


def greedy(one: Round, pairs: tuple[Array, Array, Array]) -> tuple[Array, Array]:
    """Take the best pair that still fits, one after the other; minimum loads are not looked at."""
    submission, judge, affinity = pairs
    seats, room = [SEATS] * one.size.submissions, [one.size.most] * one.size.judges
    taken = []
    for place in np.argsort(-affinity, kind="stable").tolist():
        team, who = int(submission[place]), int(judge[place])
        if seats[team] and room[who]:
            seats[team] -= 1
            room[who] -= 1
            taken.append(place)
    chosen = np.sort(np.array(taken, dtype=np.int64))
    return submission[chosen], judge[chosen]


ENGINES: dict[str, Callable[[Round, tuple[Array, Array, Array]], Any]] = {
    "greedy": greedy,
    "flow": flow,
    "fair": fair,
    "mixed": mixed,
}


def leave(one: Round, pairs: tuple[Array, Array, Array]) -> tuple[AssignmentPlan, float]:
    """Let some judges leave a plan in force and assign their submissions anew; return the plan and the seconds."""
    before = mixed(one, pairs)
    gone = np.arange(int(LEAVE * one.size.judges) or 1) * 7 % one.size.judges
    touched = np.unique(before.submission[np.isin(before.judge, gone)])
    wider = [np.concatenate(columns) for columns in zip(pairs, all_pairs_of(one, touched, WIDER), strict=True)]
    _, first = np.unique(wider[0] * one.size.judges + wider[1], return_index=True)
    wider = [column[first] for column in wider]
    stays = ~np.isin(wider[1], gone)
    current = np.column_stack([before.submission, before.judge])
    there = (wider[0][stays], wider[1][stays], wider[2][stays])
    changed = problem_of(one, there, current=current, keep=1.0)
    least = changed.min_load.copy()
    least[gone] = 0
    start = time.process_time()
    plan = assign(replace(changed, min_load=least))
    return plan, time.process_time() - start


def measure(engine: str, one: Round, pairs: tuple[Array, Array, Array]) -> dict[str, Any]:
    """Run an engine and examine its plan."""
    assign(problem_of(invent("S", 0), (np.zeros(1, int), np.zeros(1, int), np.ones(1))))  # libraries are loaded now
    before = _peak()
    found: Any
    moved = None
    if engine == "re-assign":
        found, seconds = leave(one, pairs)
        moved = found.moved
    else:
        start = time.process_time()
        found = ENGINES[engine](one, pairs)
        seconds = time.process_time() - start
    peak = _peak()
    figures = {"cpu": seconds, "peak": peak, "grown": (peak or 0) - (before or 0), "moved": moved}
    if not isinstance(found, AssignmentPlan):
        return {**figures, **examined(one, *found)}
    told = {"said": found.comparability, "bound": found.worst_bound}
    return {**figures, **told, **examined(one, found.submission, found.judge)}


def examined(one: Round, submission: Array, judge: Array) -> dict[str, Any]:
    """Return the figures of a plan and what it does wrong."""
    size = one.size
    affinity, able = looked_up(one, submission, judge)
    loads = np.bincount(judge, minlength=size.judges)
    teams = np.bincount(submission, minlength=size.submissions)
    means = np.bincount(submission, affinity, minlength=size.submissions) / SEATS
    return {
        "total": float(affinity.sum()),
        "min": float(means.min()),
        "p5": float(np.percentile(means, 5)),
        "load sd": float(loads.std()),
        "comparability": comparability(submission, judge, teams, loads),
        "conflicts": int((~able).sum()),
        "twice": len(judge) - len(np.unique(submission * size.judges + judge)),
        "empty": int(np.maximum(SEATS - teams, 0).sum()),
        "below": int(np.maximum(size.least - loads, 0).sum()),
        "above": int(np.maximum(loads - size.most, 0).sum() + np.maximum(teams - SEATS, 0).sum()),
    }


def comparability(submission: Array, judge: Array, teams: Array, loads: Array) -> float:
    """Return the variance of ideal severity estimates divided by the plan's; 0 when judges fall into groups."""
    taking_part = loads > 0
    judges = int(taking_part.sum())
    order = np.argsort(submission, kind="stable")
    seated = np.split(judge[order], np.cumsum(teams)[:-1])
    matrix = np.diag(loads.astype(float))
    for team in seated:
        matrix[np.ix_(team, team)] -= 1 / max(1, len(team))
    values = np.linalg.eigvalsh(matrix[np.ix_(taking_part, taking_part)])
    if judges == 1 or values[1] < 1e-8:  # noqa: PLR2004 - more than one way to move all severities of a group
        return 0.0
    return float((judges - 1) ** 2 / matrix.trace() / (1 / values[1:]).sum())


def main() -> None:
    """Measure what the arguments name and print it."""
    engine, size, seed, file = sys.argv[1:]
    with np.load(Path(file)) as stored:
        pairs = (stored["submission"], stored["judge"], stored["affinity"])
    print(json.dumps(measure(engine, invent(size, int(seed)), pairs)))


if __name__ == "__main__":
    main()
