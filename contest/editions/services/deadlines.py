"""Deadlines moved by a formal decision."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from contest.editions.extensions import NOT_OVER, Decision, check_later
from contest.editions.models import DeadlineExtension, Edition, Round
from contest.editions.services.rows import edition_row, trace
from contest.errors import NotFound, RuleBroken
from contest.infra.db import db


def extend_deadline(
    *,
    edition_id: int,
    until: datetime,
    decision: Decision,
    round_code: str = "",
    actor_id: int | None,
    now: datetime,
) -> None:
    """Move the end of the submissions, or of a round's scoring, to a later moment, and keep the decision for good.

    A deadline that has passed may be extended, too; the new one must lie in the future. Raises `NotFound`, `RuleBroken`
    "edition_archived", "extension_without_deadline", "extension_not_later", "extension_in_the_past" or
    "extension_round_over".
    """
    edition = edition_row(edition_id)
    row = _round(edition_id, round_code) if round_code else None
    was = edition.submissions_close if row is None else row.closes_at
    if was is None:
        raise RuleBroken("extension_without_deadline")
    check_later(was, until)
    if until <= now:
        raise RuleBroken("extension_in_the_past")
    _move(edition, row, until)
    db.session.add(_kept(edition_id, row, was, until, decision, actor_id, now))
    trace(
        "deadline.extended",
        edition_id=edition_id,
        actor_id=actor_id,
        now=now,
        subject="" if row is None else f"round:{row.id}",
        was=was.isoformat(),
        until=until.isoformat(),
        decision=decision.number.strip(),
        decided_on=decision.on.isoformat(),
        reason=decision.reason.strip(),
    )


def _round(edition_id: int, code: str) -> Round:
    row = db.session.scalar(select(Round).where(Round.edition_id == edition_id, Round.code == code).with_for_update())
    if row is None:
        raise NotFound
    if row.state.value not in NOT_OVER:
        raise RuleBroken("extension_round_over", item=row.code)
    return row


def _move(edition: Edition, row: Round | None, until: datetime) -> None:
    if row is None:
        edition.submissions_close = until
    else:
        row.closes_at = until


def _kept(
    edition_id: int,
    row: Round | None,
    was: datetime,
    until: datetime,
    decision: Decision,
    actor_id: int | None,
    now: datetime,
) -> DeadlineExtension:
    return DeadlineExtension(
        edition_id=edition_id,
        round_id=None if row is None else row.id,
        was=was,
        until=until,
        decision=decision.number.strip(),
        decided_on=decision.on,
        reason=decision.reason.strip(),
        actor_id=actor_id,
        at=now,
    )
