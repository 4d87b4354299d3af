"""Who opened what: marks of single judges, submissions, files, and what tells of people."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra import wiping
from contest.infra.db import Base
from contest.infra.types import UtcDateTime


class Look(Base):
    """Somebody opened what belongs to somebody else: one reader, one page, one thing, one day (UTC).

    `first_at` is when it was opened first that day. `page` names the kind of page (its endpoint), `subject` what the
    address named; `submission_id` is whose it was, None for what tells of all of them.
    """

    __tablename__ = "looks"
    __table_args__ = (
        UniqueConstraint("edition_id", "user_id", "page", "subject", "day"),
        Index("ix_looks_user_id_first_at", "user_id", "first_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    page: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(100))
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submissions.id", ondelete="SET NULL"), index=True)
    day: Mapped[date] = mapped_column(Date)
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)


wiping.hangs_on(Look.edition_id)
