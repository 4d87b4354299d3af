"""The day of the presentations: its clock, its turns, its pauses."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra import wiping
from contest.infra.db import Base
from contest.infra.types import EnumText, UtcDateTime
from contest.stage.pitching import TurnState
from contest.stage.screens import Screen
from contest.stage.timer import Part


class PitchDay(Base):
    """The stage of one round. `revision` grows with every act, so that a screen can ask whether there is news.

    `spent` and `extra` in milliseconds, `since` the moment from which the clock runs, `pressed_at` the last button;
    `keys` are those of the last buttons, so that one sent twice counts once.
    """

    __tablename__ = "pitch_days"
    __table_args__ = (CheckConstraint("spent >= 0 AND extra >= 0", name="times_positive"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    begins_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    public: Mapped[bool] = mapped_column(default=False)
    screen: Mapped[Screen] = mapped_column(EnumText(Screen), default=Screen.NEXT)
    break_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    break_name: Mapped[str] = mapped_column(String(120), default="")
    part: Mapped[Part] = mapped_column(EnumText(Part), default=Part.PITCH)
    spent: Mapped[int] = mapped_column(default=0)
    since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    extra: Mapped[int] = mapped_column(default=0)
    pressed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    keys: Mapped[list[str]] = mapped_column(JSON, default=list)
    revision: Mapped[int] = mapped_column(default=0)


class PitchTurn(Base):
    """What happened to a team on the day; a team without a row is waiting."""

    __tablename__ = "pitch_turns"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True, index=True)
    state: Mapped[TurnState] = mapped_column(EnumText(TurnState), default=TurnState.WAITING)
    missed: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(500), default="")
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    began_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PitchBreak(Base):
    """A pause behind the turn at a place; 0 stands before the first."""

    __tablename__ = "pitch_breaks"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    after: Mapped[int]
    minutes: Mapped[int]
    name: Mapped[str] = mapped_column(String(120), default="")


for owner in (PitchDay.round_id, PitchTurn.round_id, PitchBreak.round_id):
    wiping.hangs_on(owner)
