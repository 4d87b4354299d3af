"""Writes about the order of presentation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from contest.editions.facts import RoundFacts
from contest.editions.models import Round
from contest.editions.phases import BEFORE_CLOSE
from contest.errors import RuleBroken
from contest.infra import audit
from contest.infra.db import db
from contest.judging.draw import Turn, drawn, moved_to_end, moved_to_place
from contest.judging.models import Draw, DrawTurn
from contest.judging.queries.rounds import participants
from contest.submissions.models import Submission


def draw_order(*, round_: RoundFacts, seed: str, reason: str, actor_id: int | None, now: datetime) -> int:
    """Draw the order in which the round's submissions present and return how many there are.

    A second draw needs a reason. Raises `RuleBroken` "seed_empty", "draw_nobody", "draw_again_reason",
    "round_over" once the round is closed.
    """
    _hold(round_)
    before = _draw(round_.id)
    if before is not None and not reason:
        raise RuleBroken("draw_again_reason")
    codes = _codes(participants(round_))
    if not codes:
        raise RuleBroken("draw_nobody")
    order = drawn(seed, codes)
    if before is not None:
        db.session.delete(before)
        db.session.flush()  # the round has one draw at a time
    turns = [DrawTurn(submission_id=codes[code], number=number) for number, code in enumerate(order, start=1)]
    db.session.add(Draw(round_id=round_.id, seed=seed, reason=reason, drawn_at=now, drawn_by=actor_id, turns=turns))
    _trace("order.drawn", round_, actor_id, now, seed=seed, reason=reason, order=list(order))
    return len(order)


def move_to_end(*, round_: RoundFacts, code: str, reason: str, actor_id: int | None, now: datetime) -> None:
    """Call a team that was absent once more, behind all others.

    Raises `RuleBroken` "not_in_draw" (item), "reason_missing", "round_over".
    """
    rows = _turns(round_, code)
    _put(rows, moved_to_end([_turn(name, row) for name, row in rows.items()], code, reason))
    _trace("order.moved", round_, actor_id, now, submission=code, reason=reason)


def move_to_place(
    *, round_: RoundFacts, code: str, place: int, reason: str, actor_id: int | None, now: datetime
) -> None:
    """Call a team at another place, from 1. Raises as `move_to_end`, and "place_below_one" (item)."""
    rows = _turns(round_, code)
    _put(rows, moved_to_place([_turn(name, row) for name, row in rows.items()], code, place, reason))
    _trace("order.moved", round_, actor_id, now, submission=code, place=place, reason=reason)


def _turns(round_: RoundFacts, code: str) -> dict[str, DrawTurn]:
    """Hold the round and return its turns by the codes of their submissions."""
    _hold(round_)
    draw = _draw(round_.id)
    if draw is None:
        raise RuleBroken("not_in_draw", item=code)
    names = {id_: name for name, id_ in _codes([turn.submission_id for turn in draw.turns]).items()}
    return {names[row.submission_id]: row for row in draw.turns}


def _turn(name: str, row: DrawTurn) -> Turn:
    return Turn(name, row.number, row.moved, row.move)


def _put(rows: dict[str, DrawTurn], turns: Iterable[Turn]) -> None:
    for turn in turns:
        rows[turn.code].moved, rows[turn.code].move = turn.moved, turn.move


def _hold(round_: RoundFacts) -> None:
    """Hold the round's row and refuse when its scoring is over."""
    state = db.session.scalar(select(Round.state).where(Round.id == round_.id).with_for_update())
    if state not in BEFORE_CLOSE:
        raise RuleBroken("round_over", round=round_.code)


def _draw(round_id: int) -> Draw | None:
    return db.session.scalar(select(Draw).where(Draw.round_id == round_id))


def _codes(ids: tuple[int, ...] | list[int]) -> dict[str, int]:
    rows = db.session.execute(select(Submission.code, Submission.id).where(Submission.id.in_(ids)))
    return {row.code: row.id for row in rows}


def _trace(action: str, round_: RoundFacts, actor_id: int | None, now: datetime, **facts: object) -> None:
    audit.record(
        at=now,
        actor_id=actor_id,
        scope=f"edition:{round_.edition_id}",
        action=action,
        subject=f"round:{round_.code}",
        **facts,
    )
