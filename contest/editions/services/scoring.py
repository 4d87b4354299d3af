"""A round from set-up to published results."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from contest.editions.models import Criterion, Round
from contest.editions.phases import Verb, moved
from contest.editions.services.rows import round_row, trace
from contest.errors import RuleBroken
from contest.infra.db import db


def open_to_judges(*, round_id: int, actor_id: int | None, now: datetime) -> None:
    """Let the judges see their entries and declare conflicts; nobody writes marks yet.

    Raises `RuleBroken` "round_cannot_open", "round_without_rubric".
    """
    row = round_row(round_id)
    row.state = moved(row.state, Verb.OPEN)
    _require_rubric(row)
    _trace(row, "round.opened", actor_id, now)


def _require_rubric(row: Round) -> None:
    if not db.session.scalar(select(func.count()).where(Criterion.round_id == row.id)):
        raise RuleBroken("round_without_rubric", item=row.code)


def open_scoring(*, round_id: int, actor_id: int | None, now: datetime) -> None:
    """Let the judges score, within the round's window if it has one.

    Raises `RuleBroken` "round_cannot_start", "round_without_rubric", "round_window_over".
    """
    row = round_row(round_id)
    row.state = moved(row.state, Verb.START)
    _require_rubric(row)
    if row.closes_at is not None and row.closes_at <= now:
        raise RuleBroken("round_window_over", closes=row.closes_at)
    _trace(row, "scoring.opened", actor_id, now)


def close_scoring(*, round_id: int, actor_id: int | None, now: datetime) -> None:
    """End the scoring. Raises `RuleBroken` "round_cannot_close"."""
    row = round_row(round_id)
    row.state = moved(row.state, Verb.CLOSE)
    _trace(row, "scoring.closed", actor_id, now)


def reopen_scoring(
    *, round_id: int, actor_id: int | None, now: datetime, reason: str = "", closes_at: datetime | None = None
) -> None:
    """Let the judges score again; a closing time that has passed gives way to `closes_at` (none: until closed by hand).

    Raises `RuleBroken` "round_cannot_reopen", "round_window_over" when `closes_at` lies in the past.
    """
    if closes_at is not None and closes_at <= now:
        raise RuleBroken("round_window_over", closes=closes_at)
    row = round_row(round_id)
    row.state = moved(row.state, Verb.REOPEN)
    if row.closes_at is not None and row.closes_at <= now:
        row.closes_at = closes_at
    _trace(row, "scoring.reopened", actor_id, now, reason=reason)


def mark_confirmed(*, round_id: int, actor_id: int | None, now: datetime, **facts: str | int) -> None:
    """Note that the results of a closed round are confirmed. Raises `RuleBroken` "round_cannot_confirm"."""
    _move(round_id, Verb.CONFIRM, "round.confirmed", actor_id, now, **facts)


def mark_unconfirmed(*, round_id: int, actor_id: int | None, now: datetime, reason: str = "") -> None:
    """Take the confirmation back. Raises `RuleBroken` "round_cannot_unconfirm"."""
    _move(round_id, Verb.UNCONFIRM, "round.unconfirmed", actor_id, now, reason=reason)


def mark_finalised(*, round_id: int, actor_id: int | None, now: datetime, **facts: str | int) -> None:
    """Note that the results are frozen. Raises `RuleBroken` "round_cannot_finalise"."""
    _move(round_id, Verb.FINALISE, "round.finalised", actor_id, now, **facts)


def mark_corrected(*, round_id: int, actor_id: int | None, now: datetime, **facts: str | int) -> None:
    """Take a frozen round back for a correction; what is public stays so.

    Raises `RuleBroken` "round_cannot_correct".
    """
    _move(round_id, Verb.CORRECT, "round.corrected", actor_id, now, **facts)


def mark_published(*, round_id: int, version: int, actor_id: int | None, now: datetime) -> None:
    """Make one version of the frozen results public. Raises `RuleBroken` "round_cannot_publish"."""
    row = _move(round_id, Verb.PUBLISH, "round.published", actor_id, now, version=version)
    row.published_at, row.published_version = now, version


def _move(round_id: int, verb: Verb, action: str, actor_id: int | None, now: datetime, **facts: str | int) -> Round:
    row = round_row(round_id)
    row.state = moved(row.state, verb)
    _trace(row, action, actor_id, now, **facts)
    return row


def _trace(row: Round, action: str, actor_id: int | None, now: datetime, **facts: str | int) -> None:
    trace(action, edition_id=row.edition_id, actor_id=actor_id, now=now, subject=f"round:{row.id}", **facts)
