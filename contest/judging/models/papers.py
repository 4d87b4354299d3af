"""What was sent for a scorecard, and marks that stand on no judge's paper."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra import wiping
from contest.infra.db import Base
from contest.infra.types import EnumText, ExactDecimal, UtcDateTime, public_id
from contest.judging.events import EventKind
from contest.judging.states import KeyedState, LateCause, LateState


class ScoreEventRow(Base):
    """One change of a scorecard as it came in, see `events.ScoreEvent`; the database itself never changes a row.

    A person's `key` belongs to one event; a version of a scorecard is written once. Deleted with a rehearsal only.
    """

    __tablename__ = "score_events"
    __table_args__ = (UniqueConstraint("actor_id", "key"), UniqueConstraint("assignment_id", "version"))

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"))
    actor_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[EventKind] = mapped_column(EnumText(EventKind))
    final: Mapped[bool]
    version: Mapped[int]
    rubric_version: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    key: Mapped[str | None] = mapped_column(String(64))
    content: Mapped[str] = mapped_column(String(64))
    marks: Mapped[dict[str, str]] = mapped_column(JSON)
    feedback_changed: Mapped[bool]
    note_changed: Mapped[bool]
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64), unique=True)


class LatePaper(Base):
    """What a judge sent and could not be stored (see `LateCause`), as typed, for the organiser; one waits per paper.

    `actor_id` is the judge; `assignment_id` is empty when the paper was taken away. `started_at` is what the device's
    clock said, a hint only. `state` is offered, accepted or dismissed; what was decided stays.
    """

    __tablename__ = "late_papers"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignments.id"), index=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    cause: Mapped[LateCause] = mapped_column(
        EnumText(LateCause), default=LateCause.CLOSED, server_default=LateCause.CLOSED.value
    )
    key: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    rubric_version: Mapped[int]
    submit: Mapped[bool]
    marks: Mapped[dict[str, str]] = mapped_column(JSON)
    feedback: Mapped[str] = mapped_column(Text)
    private_note: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[LateState] = mapped_column(EnumText(LateState), default=LateState.OFFERED)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decision: Mapped[str] = mapped_column(String(500), default="", server_default="")


class KeyedPaper(Base):
    """A score sheet on paper, typed in by one person of the committee for its judge; a second person types it again.

    `marks` are plain decimals by criterion code. Rows stay: `state` and `decision` tell what became of each.
    """

    __tablename__ = "keyed_papers"
    __table_args__ = (
        Index(
            "uq_keyed_papers_waiting",
            "assignment_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"), index=True)
    state: Mapped[KeyedState] = mapped_column(EnumText(KeyedState), default=KeyedState.WAITING)
    rubric_version: Mapped[int]
    marks: Mapped[dict[str, str]] = mapped_column(JSON)
    feedback: Mapped[str] = mapped_column(Text)
    photo_key: Mapped[str | None] = mapped_column(String(64))
    photo_sha256: Mapped[str] = mapped_column(String(64), default="", server_default="")
    keyed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    keyed_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decision: Mapped[str] = mapped_column(String(500), default="", server_default="")


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


for owner in (ScoreEventRow.round_id, LatePaper.round_id, KeyedPaper.assignment_id, MeasuredScore.submission_id):
    wiping.hangs_on(owner)
wiping.holds_file(KeyedPaper.photo_key)
