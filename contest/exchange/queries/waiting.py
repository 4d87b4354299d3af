"""Files that wait, and mappings that are remembered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from contest.exchange.models import ImportDraft, SheetMapping
from contest.exchange.waiting import Purpose, WaitingFile
from contest.infra.db import db


def waiting_file(
    public_id: str, *, user_id: int, purpose: Purpose, now: datetime, edition_id: int | None = None
) -> WaitingFile | None:
    """Return a person's own file that still waits; agrees with `policy.can_use_file`."""
    row = db.session.scalar(
        select(ImportDraft).where(
            ImportDraft.public_id == public_id,
            ImportDraft.user_id == user_id,
            ImportDraft.purpose == purpose,
            ImportDraft.expires_at > now,
        )
    )
    if row is None or row.edition_id != edition_id:
        return None
    return WaitingFile(
        id=row.id,
        public_id=row.public_id,
        user_id=row.user_id,
        edition_id=row.edition_id,
        purpose=Purpose(row.purpose),
        filename=row.filename,
        storage_key=row.storage_key,
        expires_at=row.expires_at,
    )


def remembered_mapping(edition_id: int, fingerprint: str) -> Mapping[str, str] | None:
    """Return column -> target as it was confirmed for a sheet with the same header."""
    return db.session.scalar(
        select(SheetMapping.columns).where(
            SheetMapping.edition_id == edition_id, SheetMapping.fingerprint == fingerprint
        )
    )
