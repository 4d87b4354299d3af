"""The audit trail: who did what when, written in the same transaction as the change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra.db import Base, db
from contest.infra.types import UtcDateTime


class AuditEntry(Base):
    """One act. `scope` names what the act hangs on, e.g. "edition:3"; `facts` hold codes and numbers, no secrets."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_scope_id", "scope", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    scope: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(64))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)


def record(*, at: datetime, actor_id: int | None, scope: str, action: str, subject: str = "", **facts: Any) -> None:
    """Add an entry to the running unit of work; side effect only, nothing is flushed."""
    db.session.add(AuditEntry(at=at, actor_id=actor_id, scope=scope, action=action, subject=subject, facts=facts))
