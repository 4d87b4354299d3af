"""Letters to the teams: the settings of a round, a letter per team, its comments, and the trace of each comment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.feedback.states import Act, CommentState, Languages
from contest.infra import wiping
from contest.infra.db import Base
from contest.infra.types import EnumText, UtcDateTime, public_id


class FeedbackRound(Base):
    """How the letters of a round are written; without a row they were never prepared."""

    __tablename__ = "feedback_rounds"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    languages: Mapped[Languages] = mapped_column(EnumText(Languages), default=Languages.BOTH)
    with_place: Mapped[bool] = mapped_column(default=False)
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    prepared_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class FeedbackLetter(Base):
    """The letter to one team. It is read from the moment on at which it is released and its round is published.

    `seed` orders the comments; `mailed_at` is set once. `helpful` is the team's one answer.
    """

    __tablename__ = "feedback_letters"
    __table_args__ = (UniqueConstraint("round_id", "submission_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    seed: Mapped[str] = mapped_column(String(32))
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    released_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    mailed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    helpful: Mapped[bool | None]
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FeedbackComment(Base):
    """What one judge wrote to the team: `original` as it was drafted, `text` as the team is to read it.

    `source_id` is the scorecard it came from, no foreign key: a scorecard may go when a round is opened again, and
    what was screened stays. `flags` are codes of `screening.FlagKind` with the words that they were raised by.
    """

    __tablename__ = "feedback_comments"
    __table_args__ = (
        UniqueConstraint("letter_id", "source_id"),
        CheckConstraint("version >= 1", name="version_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    letter_id: Mapped[int] = mapped_column(ForeignKey("feedback_letters.id"))
    source_id: Mapped[int]
    original: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[CommentState] = mapped_column(EnumText(CommentState), default=CommentState.WAITING, index=True)
    flags: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column(default=1)


class FeedbackDecision(Base):
    """One act on a comment: who did what, the text that stood after it, and why. Only ever added."""

    __tablename__ = "feedback_decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("feedback_comments.id"), index=True)
    act: Mapped[Act] = mapped_column(EnumText(Act))
    text: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(500), default="")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


for owner in (
    FeedbackRound.round_id,
    FeedbackLetter.round_id,
    FeedbackComment.letter_id,
    FeedbackDecision.comment_id,
):
    wiping.hangs_on(owner)
