"""Who advanced into a round, who judges what there, and the scorecards."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.infra import wiping
from contest.infra.db import Base
from contest.infra.types import EnumText, UtcDateTime, public_id
from contest.judging.states import ScorecardStatus


class Advancement(Base):
    """A submission's place in a later round. The first round takes every submitted one and has no rows."""

    __tablename__ = "advancements"
    __table_args__ = (UniqueConstraint("round_id", "submission_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Assignment(Base):
    """One judge is to score one submission in one round."""

    __tablename__ = "assignments"
    __table_args__ = (UniqueConstraint("round_id", "judge_id", "submission_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    judge_id: Mapped[int] = mapped_column(ForeignKey("judges.id"), index=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    pinned: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    scorecard: Mapped[Scorecard | None] = relationship(back_populates="assignment", cascade="all, delete-orphan")


class PastAssignment(Base):
    """An assignment that was taken away: whose paper it was, for what its judge may still send from a device."""

    __tablename__ = "past_assignments"

    public_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), index=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class Scorecard(Base):
    """A judge's paper for one assignment: at most one, enforced by the unique `assignment_id`.

    `version` grows with every save; `feedback` goes to the team, `private_note` never does. `recusal_reason` says why
    the judge recused or abstained, or why the paper was set aside. `last_key` and `last_digest` belong to the last
    save, so that sending it twice changes nothing.
    """

    __tablename__ = "scorecards"
    __table_args__ = (CheckConstraint("version >= 1", name="version_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"), unique=True)
    status: Mapped[ScorecardStatus] = mapped_column(EnumText(ScorecardStatus), default=ScorecardStatus.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    rubric_version: Mapped[int] = mapped_column(default=1)
    feedback: Mapped[str] = mapped_column(Text, default="")
    private_note: Mapped[str] = mapped_column(Text, default="")
    recusal_reason: Mapped[str] = mapped_column(String(500), default="")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_key: Mapped[str] = mapped_column(String(64), default="", server_default="")
    last_digest: Mapped[str] = mapped_column(String(64), default="", server_default="")

    assignment: Mapped[Assignment] = relationship(back_populates="scorecard")
    scores: Mapped[list[Score]] = relationship(back_populates="scorecard", cascade="all, delete-orphan")


class Score(Base):
    """The mark of one criterion, in points; `max_points` repeats its limit so that the database checks it."""

    __tablename__ = "scores"
    __table_args__ = (
        ForeignKeyConstraint(["criterion_id", "max_points"], ["criteria.id", "criteria.max_points"]),
        CheckConstraint("points >= 0 AND points <= max_points", name="points_in_range"),
    )

    scorecard_id: Mapped[int] = mapped_column(ForeignKey("scorecards.id"), primary_key=True)
    criterion_id: Mapped[int] = mapped_column(primary_key=True)
    points: Mapped[int]
    max_points: Mapped[int]

    scorecard: Mapped[Scorecard] = relationship(back_populates="scores")


for owner in (
    *(Advancement.round_id, Assignment.round_id, PastAssignment.round_id),
    *(Scorecard.assignment_id, Score.scorecard_id),
):
    wiping.hangs_on(owner)
