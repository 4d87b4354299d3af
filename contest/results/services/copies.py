"""The awards of an edition are settings: they come along into a copy, who won them does not."""

from __future__ import annotations

from sqlalchemy import insert, select

from contest.editions.services.copies import settings_copier
from contest.infra.db import db
from contest.results.models import Award

_SETTINGS = [column for column in Award.__table__.columns if not column.foreign_keys and not column.primary_key]


@settings_copier
def copy_awards(source_id: int, target_id: int) -> None:
    """Copy the declared awards from one edition to another: columns that point nowhere."""
    rows = db.session.execute(select(*_SETTINGS).where(Award.edition_id == source_id).order_by(Award.position))
    copies = [{**row, "edition_id": target_id} for row in rows.mappings()]
    if copies:
        db.session.execute(insert(Award), copies)
