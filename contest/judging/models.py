"""Judges, conflicts, who advanced into a round, assignments, scorecards and scores."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.infra import wiping
from contest.infra.db import Base
from contest.infra.types import EnumText, ExactDecimal, UtcDateTime, public_id
from contest.judging.states import PanelChangeKind, ScorecardStatus


class Judge(Base):
    """A judge of an edition. Lists (`fields`, `languages`) are joined by ";" as in the bundle."""

    __tablename__ = "judges"
    __table_args__ = (UniqueConstraint("edition_id", "code"), UniqueConstraint("edition_id", "user_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    organisation: Mapped[str] = mapped_column(String(200), default="")
    fields: Mapped[str] = mapped_column(String(500), default="")
    languages: Mapped[str] = mapped_column(String(100), default="")
    min_load: Mapped[int | None]
    max_load: Mapped[int | None]
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PanelChange(Base):
    """An exception to "nobody joins or leaves the panel once scoring has begun", with its reason; never changed.

    It holds names, not references, so that it outlives the judge's row. `set_aside` tells that the scorecards handed
    in by who left count no longer.
    """

    __tablename__ = "panel_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    kind: Mapped[PanelChangeKind] = mapped_column(EnumText(PanelChangeKind))
    judge_code: Mapped[str] = mapped_column(String(40))
    judge_name: Mapped[str] = mapped_column(String(200))
    successor_code: Mapped[str] = mapped_column(String(40), default="")
    successor_name: Mapped[str] = mapped_column(String(200), default="")
    set_aside: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(500))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class Conflict(Base):
    """A declared conflict of interest between a judge and a submission; never assigned, in any round."""

    __tablename__ = "conflicts"
    __table_args__ = (UniqueConstraint("judge_id", "submission_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    judge_id: Mapped[int] = mapped_column(ForeignKey("judges.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    reason: Mapped[str] = mapped_column(String(300), default="")


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


class MeasuredScore(Base):
    """A mark that stands on no judge's paper: the organiser measured it (attendance, a metric) or the audience gave it.

    `points` hold a mark that was entered as such, `raw` the measured number or the count of votes of a criterion that
    declares a conversion. `judge_id` names the judge who wrote it down, if it was one.
    """

    __tablename__ = "measured_scores"
    __table_args__ = (
        UniqueConstraint("criterion_id", "submission_id", "judge_id"),
        ForeignKeyConstraint(["criterion_id", "max_points"], ["criteria.id", "criteria.max_points"]),
        CheckConstraint("points >= 0 AND points <= max_points", name="points_in_range"),
        CheckConstraint("(points IS NULL) <> (raw IS NULL)", name="points_or_raw"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    criterion_id: Mapped[int]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    judge_id: Mapped[int | None] = mapped_column(ForeignKey("judges.id"), index=True)
    points: Mapped[int | None]
    raw: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    max_points: Mapped[int]


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


for owner in (
    Judge.edition_id,
    PanelChange.edition_id,
    Conflict.judge_id,
    Advancement.round_id,
    Assignment.round_id,
    Scorecard.assignment_id,
    Score.scorecard_id,
    MeasuredScore.submission_id,
    Draw.round_id,
    DrawTurn.draw_id,
):
    wiping.hangs_on(owner)
