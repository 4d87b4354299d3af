"""Whom the providers outside know: issuer and subject of a person, for good."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra import wiping
from contest.infra.db import Base
from contest.infra.types import UtcDateTime


class OutsideLogin(Base):
    """A person as a provider outside knows them; one per person and issuer. No address: that may change there."""

    __tablename__ = "outside_logins"
    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("user_id", "issuer"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    issuer: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(255))
    provider: Mapped[str] = mapped_column(String(30))
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime)


wiping.hangs_on(OutsideLogin.user_id)
