"""Many rows at once: the objects are skipped, the defaults of the columns are not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert

from contest.infra.db import Base, db

Values = dict[str, Any]


def insert_ids(model: type[Base], rows: Sequence[Values]) -> list[int]:
    """Insert rows and return their ids in the order of the rows; ids grow with the order."""
    if not rows:
        return []
    key = model.__table__.c.id
    return list(db.session.scalars(insert(model).returning(key, sort_by_parameter_order=True), rows))


def insert_rows(model: type[Base], rows: Sequence[Values]) -> None:
    """Insert rows whose ids nobody asks for."""
    if rows:
        db.session.execute(insert(model), rows)
