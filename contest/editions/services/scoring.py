"""A round from set-up to published results."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from contest.editions.models import Criterion, Round
from contest.editions.phases import Verb, moved
from contest.editions.services.rows import round_row, trace
from contest.errors import RuleBroken
from contest.infra.db import db


def open_scoring(*, round_id: int, actor_id: int | None, now: datetime) -> None:
    """Let the judges score, within the round's window if it has one.

    Raises `RuleBroken` "round_cannot_open", "round_without_rubric", "round_window_over".
    """
    row = round_row(round_id)
    row.state = moved(row.state, Verb.OPEN)
    if not db.session.scalar(select(func.count()).where(Criterion.round_id == round_id)):
        raise RuleBroken("round_without_rubric", item=row.code)
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


def mark_published(*, round_id: int, actor_id: int | None, now: datetime) -> None:
    """Note that the round's results are public; again after a correction.

    Raises `RuleBroken` "round_cannot_publish".
    """
    row = round_row(round_id)
    row.state = moved(row.state, Verb.PUBLISH)
    _trace(row, "round.published", actor_id, now)


def _trace(row: Round, action: str, actor_id: int | None, now: datetime, **facts: str) -> None:
    trace(action, edition_id=row.edition_id, actor_id=actor_id, now=now, subject=f"round:{row.id}", **facts)
