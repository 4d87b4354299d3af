"""Builders and independent checks for assignment problems."""

from __future__ import annotations

import itertools
import random
from collections import deque
from collections.abc import Iterable, Iterator

import numpy as np

from contest.judging.assignment import AssignmentPlan, AssignmentProblem, Pair


def problem(
    eligible: Iterable[Pair],
    seats: list[int],
    most: list[int],
    least: list[int] | None = None,
    *,
    affinity: list[float] | None = None,
    penalty: list[float] | None = None,
    pinned: Iterable[Pair] = (),
    current: Iterable[Pair] = (),
    keep: float = 0.0,
) -> AssignmentProblem:
    pairs = list(eligible)
    return AssignmentProblem(
        n_submissions=len(seats),
        n_judges=len(most),
        submission=np.array([one for one, _ in pairs], dtype=np.int64),
        judge=np.array([other for _, other in pairs], dtype=np.int64),
        affinity=np.array(affinity or [0.0] * len(pairs)),
        seats=np.array(seats, dtype=np.int64),
        min_load=np.array(least or [0] * len(most), dtype=np.int64),
        max_load=np.array(most, dtype=np.int64),
        pinned=tuple(pinned),
        current=tuple(current),
        keep=keep,
        penalty=None if penalty is None else np.array(penalty),
    )


def everybody(submissions: int, judges: int) -> list[Pair]:
    return list(itertools.product(range(submissions), range(judges)))


def random_problem(seed: int, submissions: int, judges: int, *, plain: bool = False) -> AssignmentProblem:
    """Draw a problem; `plain` leaves out pins, current pairs and minimum loads."""
    draw = random.Random(seed)
    density = draw.choice([0.3, 0.6, 0.9, 1.0])
    eligible = [pair for pair in everybody(submissions, judges) if draw.random() < density]
    few = [] if plain else eligible
    return problem(
        eligible,
        [draw.randint(0, 3) for _ in range(submissions)],
        [draw.randint(0, 3) for _ in range(judges)],
        None if plain else [draw.choice([0, 0, 1, 2]) for _ in range(judges)],
        affinity=[draw.choice([0.0, 0.5, 1.0]) for _ in eligible],
        pinned=draw.sample(few, min(len(few), draw.randint(0, 2))),
        current=draw.sample(few, min(len(few), draw.randint(0, 4))),
    )


def pairs_of(plan: AssignmentPlan) -> list[Pair]:
    return list(zip(plan.submission.tolist(), plan.judge.tolist(), strict=True))


def listed(given: AssignmentProblem) -> set[Pair]:
    return set(zip(given.submission.tolist(), given.judge.tolist(), strict=True))


def most_seats(given: AssignmentProblem) -> int:
    """Return the value of a maximum flow, one breadth-first augmentation at a time over an explicit network."""
    source, sink = ("source", 0), ("sink", 0)
    room: dict[tuple[str, int], dict[tuple[str, int], int]] = {}

    def arc(tail: tuple[str, int], head: tuple[str, int], capacity: int) -> None:
        room.setdefault(tail, {})[head] = capacity
        room.setdefault(head, {}).setdefault(tail, 0)

    for one, seats in enumerate(given.seats.tolist()):
        arc(source, ("submission", one), seats)
    for other, most in enumerate(given.max_load.tolist()):
        arc(("judge", other), sink, most)
    for one, other in listed(given):
        arc(("submission", one), ("judge", other), 1)
    total = 0
    while path := _augmenting(room, source, sink):
        for tail, head in path:
            room[tail][head] -= 1
            room[head][tail] += 1
        total += 1
    return total


def _augmenting(
    room: dict[tuple[str, int], dict[tuple[str, int], int]], source: tuple[str, int], sink: tuple[str, int]
) -> list[tuple[tuple[str, int], tuple[str, int]]]:
    came = {source: source}
    queue = deque([source])
    while queue and sink not in came:
        node = queue.popleft()
        for head, capacity in room.get(node, {}).items():
            if capacity > 0 and head not in came:
                came[head] = node
                queue.append(head)
    path = []
    node = sink
    while node in came and node != source:
        path.append((came[node], node))
        node = came[node]
    return path


def all_plans(given: AssignmentProblem) -> Iterator[set[Pair]]:
    """Yield every set of eligible pairs that keeps the pins and the limits; a pin may break a limit."""
    pins = set(given.pinned) & listed(given)
    free = sorted(listed(given) - pins)
    for chosen in itertools.product((False, True), repeat=len(free)):
        plan = pins | set(itertools.compress(free, chosen))
        if not excess(given, plan):
            yield plan


def excess(given: AssignmentProblem, plan: set[Pair]) -> int:
    """Count what exceeds the seats and the maximum loads beyond what the pins alone do."""
    pins = set(given.pinned) & listed(given)
    over = 0
    for axis, limits in ((0, given.seats.tolist()), (1, given.max_load.tolist())):
        for place, limit in enumerate(limits):
            pinned = sum(pair[axis] == place for pair in pins)
            over += max(0, sum(pair[axis] == place for pair in plan) - max(limit, pinned))
    return over


def objective(given: AssignmentProblem, plan: set[Pair]) -> tuple[int, int, int, int]:
    """Return (missing seats, their squares, loads missing below the minima, squared loads): less is better."""
    teams = [sum(one == s for one, _ in plan) for s in range(given.n_submissions)]
    loads = [sum(other == j for _, other in plan) for j in range(given.n_judges)]
    missing = [max(0, seats - team) for seats, team in zip(given.seats.tolist(), teams, strict=True)]
    below = [max(0, least - load) for least, load in zip(given.min_load.tolist(), loads, strict=True)]
    return sum(missing), sum(m * m for m in missing), sum(below), sum(load * load for load in loads)
