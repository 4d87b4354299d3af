"""The order of presentation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.infra import wiping
from contest.infra.db import Base
from contest.infra.types import UtcDateTime


class Draw(Base):
    """The order of presentation of a round, by lot; a new draw replaces the old one, in writing."""

    __tablename__ = "draws"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), unique=True)
    seed: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(500), default="")
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    drawn_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    turns: Mapped[list[DrawTurn]] = relationship(
        back_populates="draw", order_by="DrawTurn.number", cascade="all, delete-orphan"
    )


class DrawTurn(Base):
    """One presentation: its lot's place, and why and in which order it was moved behind the others."""

    __tablename__ = "draw_turns"

    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True, index=True)
    number: Mapped[int]
    move: Mapped[int] = mapped_column(default=0)
    moved: Mapped[str] = mapped_column(String(500), default="")

    draw: Mapped[Draw] = relationship(back_populates="turns")


for owner in (Draw.round_id, DrawTurn.draw_id):
    wiping.hangs_on(owner)
