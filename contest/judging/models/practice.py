"""Practice entries: scored by all judges before a round, to agree on what the marks mean; no result ever reads them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra import wiping
from contest.infra.db import Base
from contest.infra.types import UtcDateTime, public_id


class PracticeEntry(Base):
    """An invented or earlier idea for the judges of a round. `anchors` are the committee's own marks by criterion code.

    `note` says why these marks fit. Judges see anchors and each other's marks from `shown_at` on.
    """

    __tablename__ = "practice_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text)
    anchors: Mapped[dict[str, str]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    shown_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PracticeMarks(Base):
    """What a judge gave a practice entry: plain decimals by criterion code."""

    __tablename__ = "practice_marks"

    entry_id: Mapped[int] = mapped_column(ForeignKey("practice_entries.id"), primary_key=True)
    judge_id: Mapped[int] = mapped_column(ForeignKey("judges.id"), primary_key=True, index=True)
    marks: Mapped[dict[str, str]] = mapped_column(JSON)
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)


for owner in (PracticeEntry.round_id, PracticeMarks.entry_id):
    wiping.hangs_on(owner)
