"""Loading for a change: the row is taken, archived editions refuse, and the trace has one shape."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from contest.editions.models import Edition, Round
from contest.editions.phases import EditionState
from contest.errors import NotFound, RuleBroken
from contest.infra import audit
from contest.infra.db import db


def edition_row(edition_id: int) -> Edition:
    """Take an edition for a change. Raises `NotFound`, or `RuleBroken` "edition_archived"."""
    row = any_edition_row(edition_id)
    if row.state is EditionState.ARCHIVED:
        raise RuleBroken("edition_archived")
    return row


def any_edition_row(edition_id: int) -> Edition:
    """Take an edition, archived ones too. Raises `NotFound`."""
    row = db.session.scalar(select(Edition).where(Edition.id == edition_id).with_for_update())
    if row is None:
        raise NotFound
    return row


def round_row(round_id: int) -> Round:
    """Take a round for a change. Raises `NotFound`, or `RuleBroken` "edition_archived"."""
    row = db.session.scalar(select(Round).where(Round.id == round_id).with_for_update())
    if row is None:
        raise NotFound
    state = db.session.scalar(select(Edition.state).where(Edition.id == row.edition_id))
    if state is EditionState.ARCHIVED:
        raise RuleBroken("edition_archived")
    return row


def trace(
    action: str, *, edition_id: int, actor_id: int | None, now: datetime, subject: str = "", **facts: Any
) -> None:
    """Record an act on an edition."""
    audit.record(at=now, actor_id=actor_id, scope=f"edition:{edition_id}", action=action, subject=subject, **facts)


def changes(row: Any, values: dict[str, Any]) -> dict[str, list[str]]:
    """Set the values on a row and return what differs, as `{column: [before, after]}` in plain text."""
    differing: dict[str, list[str]] = {}
    for name, value in values.items():
        before = getattr(row, name)
        if before != value:
            differing[name] = [_plain(before), _plain(value)]
            setattr(row, name, value)
    return differing


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, datetime) else str(value)
