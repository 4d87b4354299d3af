"""Who of the committee looked at the marks of single judges."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra import wiping
from contest.infra.db import Base
from contest.infra.types import UtcDateTime


class MarkView(Base):
    """One person, one page with marks, one day (UTC): `first_at` is when it was opened first.

    `page` names the kind of page (its endpoint), `subject` the round or the paper that it was about.
    """

    __tablename__ = "mark_views"
    __table_args__ = (UniqueConstraint("edition_id", "user_id", "page", "subject", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    page: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(100))
    day: Mapped[date] = mapped_column(Date)
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)


wiping.hangs_on(MarkView.edition_id)
