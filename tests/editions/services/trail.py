"""What the audit trail says, for tests of services."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from contest.infra.audit import AuditEntry
from contest.infra.db import db


def acts() -> list[str]:
    """The actions in their order."""
    return [entry.action for entry in _entries()]


def last_act() -> tuple[str, str, int | None, dict[str, Any]]:
    """The last entry as (action, subject, actor, facts)."""
    entry = _entries()[-1]
    return entry.action, entry.subject, entry.actor_id, entry.facts


def _entries() -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)))
