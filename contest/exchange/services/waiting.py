"""Uploaded files between preview and confirmation. The bytes lie in the storage, the edge removes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, or_, select

from contest.exchange.models import ImportDraft, SheetMapping
from contest.exchange.waiting import LIFE, MOST_WAITING, Purpose
from contest.infra.db import db
from contest.infra.storage import Stored


def keep_file(
    *, filename: str, stored: Stored, purpose: Purpose, user_id: int, now: datetime, edition_id: int | None = None
) -> str:
    """Let a stored file wait for its person and return its public id; flushes for it."""
    row = ImportDraft(
        user_id=user_id,
        edition_id=edition_id,
        purpose=purpose,
        filename=filename[:200],
        storage_key=stored.key,
        created_at=now,
        expires_at=now + LIFE,
    )
    db.session.add(row)
    db.session.flush()  # the public id is part of the answer
    return row.public_id


def sweep_files(*, user_id: int, now: datetime) -> list[str]:
    """Forget expired files of everybody and the oldest of this person; return the storage keys that nobody needs."""
    own = select(ImportDraft.id).where(ImportDraft.user_id == user_id).order_by(ImportDraft.id.desc())
    surplus = list(db.session.scalars(own.offset(MOST_WAITING - 1)))
    gone = or_(ImportDraft.expires_at <= now, ImportDraft.id.in_(surplus))
    return list(db.session.scalars(delete(ImportDraft).where(gone).returning(ImportDraft.storage_key)))


def drop_file(*, file_id: int) -> None:
    """Forget a file that was used; the storage key is the caller's to remove after the commit."""
    db.session.execute(delete(ImportDraft).where(ImportDraft.id == file_id))


def remember_mapping(
    *, edition_id: int, fingerprint: str, columns: Mapping[str, str], actor_id: int | None, now: datetime
) -> None:
    """Keep column -> target for sheets of the edition with this header."""
    row = db.session.scalar(
        select(SheetMapping).where(SheetMapping.edition_id == edition_id, SheetMapping.fingerprint == fingerprint)
    )
    if row is None:
        row = SheetMapping(edition_id=edition_id, fingerprint=fingerprint)
        db.session.add(row)
    row.columns, row.updated_at, row.updated_by = dict(columns), now, actor_id
