"""Judges, changes of the panel, and what judges say of the titles before they are assigned."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra import wiping
from contest.infra.db import Base
from contest.infra.types import EnumText, UtcDateTime
from contest.judging.states import Bid, PanelChangeKind


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
    profile: Mapped[str] = mapped_column(Text, default="", server_default="")
    experience: Mapped[int | None]
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


class JudgePresence(Base):
    """When a judge's page last said that it is open; one row per judge, written at most every few seconds."""

    __tablename__ = "judge_presences"

    judge_id: Mapped[int] = mapped_column(ForeignKey("judges.id"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class JudgeBid(Base):
    """Whether a judge wants to judge a submission, said after its title; it holds for every round until changed."""

    __tablename__ = "bids"

    judge_id: Mapped[int] = mapped_column(ForeignKey("judges.id"), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True, index=True)
    bid: Mapped[Bid] = mapped_column(EnumText(Bid))
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TitlesCall(Base):
    """The judges are asked to look at the titles of a round before anything is assigned; open until `closed_at`."""

    __tablename__ = "titles_calls"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TitlesAnswer(Base):
    """A judge has looked through the titles of a round and said so."""

    __tablename__ = "titles_answers"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    judge_id: Mapped[int] = mapped_column(ForeignKey("judges.id"), primary_key=True, index=True)
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)


for owner in (
    Judge.edition_id,
    PanelChange.edition_id,
    JudgePresence.judge_id,
    JudgeBid.judge_id,
    TitlesCall.round_id,
    TitlesAnswer.round_id,
):
    wiping.hangs_on(owner)
