"""The rows that the verbs of a round begin with, and the trace that they leave."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from contest.editions.facts import RoundFacts
from contest.editions.models import Round
from contest.editions.queries import round_by_id
from contest.errors import NotFound, RuleBroken
from contest.infra import audit
from contest.infra.db import db
from contest.judging.models import Assignment
from contest.judging.queries.begun import untouched


def locked_round(round_id: int) -> RoundFacts:
    """Hold the row of a round until the transaction ends and return the round. Raises `NotFound`."""
    db.session.execute(select(Round.id).where(Round.id == round_id).with_for_update())
    round_ = round_by_id(round_id)
    if round_ is None:
        raise NotFound
    return round_


def following(round_: RoundFacts) -> Round | None:
    """Return the round after this one."""
    return db.session.scalar(
        select(Round)
        .where(Round.edition_id == round_.edition_id, Round.position > round_.position)
        .order_by(Round.position)
        .limit(1)
    )


def next_round(round_: RoundFacts) -> Round:
    """Return the round after this one. Raises `RuleBroken` "no_next_round"."""
    target = following(round_)
    if target is None:
        raise RuleBroken("no_next_round", round=round_.code)
    return target


def has_scorecards(round_id: int) -> bool:
    """Tell whether anything was written for a paper of the round, by its judge or for its judge."""
    started = select(func.count()).where(Assignment.round_id == round_id, ~untouched())
    return bool(db.session.scalar(started))


def trace(action: str, round_: RoundFacts, *, actor_id: int | None, now: datetime, **facts: Any) -> None:
    """Record an act on the results of a round."""
    audit.record(
        at=now,
        actor_id=actor_id,
        scope=f"edition:{round_.edition_id}",
        action=action,
        subject=f"round:{round_.code}",
        **facts,
    )
