"""Reads about who looked at the marks of single judges."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import exists, select

from contest.accounts.models import User
from contest.editions.models import Edition
from contest.infra.db import db
from contest.judging.models import MarkView

MOST = 1_000


@dataclass(frozen=True, slots=True)
class View:
    """One line of the log: who opened which kind of page about what, first on that day."""

    name: str
    page: str
    subject: str
    first_at: datetime


def marks_shown_in(edition_code: str) -> tuple[int, bool] | None:
    """Return the edition's id and whether its committee sees the marks of single judges."""
    row = db.session.execute(select(Edition.id, Edition.marks_shown).where(Edition.code == edition_code)).one_or_none()
    return None if row is None else (row.id, row.marks_shown)


def was_noted(*, edition_id: int, user_id: int, page: str, subject: str, now: datetime) -> bool:
    """Tell whether the log has this page of this person today."""
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    MarkView.edition_id == edition_id,
                    MarkView.user_id == user_id,
                    MarkView.page == page,
                    MarkView.subject == subject,
                    MarkView.day == now.astimezone(UTC).date(),
                )
            )
        )
    )


def views_of(edition_id: int) -> tuple[View, ...]:
    """Return who looked at marks, latest first, the last thousand lines."""
    rows = db.session.execute(
        select(User.name, MarkView.page, MarkView.subject, MarkView.first_at)
        .join(User, User.id == MarkView.user_id)
        .where(MarkView.edition_id == edition_id)
        .order_by(MarkView.id.desc())
        .limit(MOST)
    )
    return tuple(View(*row) for row in rows)
