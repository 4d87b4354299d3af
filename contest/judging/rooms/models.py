"""Panels of a round with the entries that all of them judge, and who is present at a live event."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra import wiping
from contest.infra.db import Base
from contest.infra.types import EnumText, UtcDateTime
from contest.judging.rooms.states import EntryState


class RoundPanel(Base):
    """Judges who judge the same entries of a round together."""

    __tablename__ = "round_panels"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))


class RoundPanelMember(Base):
    """A judge of a panel; the key keeps a judge out of a second one of the same round."""

    __tablename__ = "round_panel_members"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    judge_id: Mapped[int] = mapped_column(ForeignKey("judges.id", ondelete="CASCADE"), primary_key=True, index=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("round_panels.id"), index=True)


class AnchorEntry(Base):
    """A submission that every panel of the round judges, so that the panels can be compared."""

    __tablename__ = "anchor_entries"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True, index=True)


class LiveDesk(Base):
    """A round in which judges get their entries one after the other, as they are present; `batch` at a time."""

    __tablename__ = "live_desks"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    batch: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LiveJudge(Base):
    """A judge who came to the desk; `present` ends when the judge goes."""

    __tablename__ = "live_judges"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    judge_id: Mapped[int] = mapped_column(ForeignKey("judges.id", ondelete="CASCADE"), primary_key=True, index=True)
    present: Mapped[bool] = mapped_column(default=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class LiveEntry(Base):
    """An entry about which something was said at a live event; one without a row is present."""

    __tablename__ = "live_entries"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True, index=True)
    state: Mapped[EntryState] = mapped_column(EnumText(EntryState), default=EntryState.PRESENT)
    since: Mapped[datetime] = mapped_column(UtcDateTime)


for owner in (
    RoundPanel.round_id,
    RoundPanelMember.round_id,
    AnchorEntry.round_id,
    LiveDesk.round_id,
    LiveJudge.round_id,
    LiveEntry.round_id,
):
    wiping.hangs_on(owner)
