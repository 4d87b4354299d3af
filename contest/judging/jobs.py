"""Long work about the judging: plans of large rounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contest.editions.queries import round_by_id
from contest.errors import NotFound
from contest.infra import background, clock
from contest.infra.db import unit_of_work
from contest.judging.adjusting import Hand
from contest.judging.queries.assignments import fitted, plan_on, round_board
from contest.judging.services.proposals import keep_proposal

PLAN_JOB = "assignments.plan"
STEPS = 4


@background.kind(PLAN_JOB)
def plan_round(task: background.Task) -> Mapping[str, Any]:
    """Compute a plan outside of any unit of work and keep it; arguments `round_id`, `seed`, `keep`.

    Returns the number of the proposal. Raises what `keep_proposal` raises.
    """
    round_ = round_by_id(task.arguments["round_id"])
    if round_ is None:
        raise NotFound
    task.report(0, STEPS)
    board = round_board(round_)
    task.report(1, STEPS)
    board = fitted(board)
    task.report(2, STEPS)
    plan = plan_on(board, seed=task.arguments["seed"], keep=task.arguments["keep"])
    task.report(3, STEPS)
    with unit_of_work():
        number = keep_proposal(plan=plan, hand=Hand(), actor_id=task.actor_id, now=clock.now())
    return {"number": number, "pairs": len(plan.proposal.pairs)}
