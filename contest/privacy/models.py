"""Requests about personal data with the clock of the law, erasures, and how long an edition keeps what."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra import wiping
from contest.infra.db import Base
from contest.infra.types import EnumText, UtcDateTime, public_id
from contest.privacy.kinds import AskedBy, RequestKind, RequestState


class PrivacyRequest(Base):
    """What a person or a guardian asked for about personal data, the answer, and what came of it.

    About a member by `name_digest` of the name within the team (see `contest.submissions.models.Consent`), or about the
    account `user_id`. `answer_due` and `due` are the first moments that are too late; an extension moves `due` once.
    """

    __tablename__ = "privacy_requests"
    __table_args__ = (Index("ix_privacy_requests_edition_id_state", "edition_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    kind: Mapped[RequestKind] = mapped_column(EnumText(RequestKind))
    state: Mapped[RequestState] = mapped_column(EnumText(RequestState), default=RequestState.OPEN)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(64), default="")
    asked_by: Mapped[AskedBy] = mapped_column(EnumText(AskedBy))
    asker: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    words: Mapped[str] = mapped_column(String(2000), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    answer_due: Mapped[datetime] = mapped_column(UtcDateTime)
    due: Mapped[datetime] = mapped_column(UtcDateTime)
    extended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    extended_reason: Mapped[str] = mapped_column(String(500), default="")
    answer: Mapped[str] = mapped_column(String(2000), default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    outcome: Mapped[str] = mapped_column(String(2000), default="")
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class Erasure(Base):
    """That somebody was erased, without saying who: `token` stands in the list of tombstones in the data folder.

    `counts` tells how many rows and files were changed or went, by table. `files` are the public ids of files that
    teams keep and in which the name stood, or that nobody could read, until the committee has decided about each.
    """

    __tablename__ = "erasures"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    alias: Mapped[str] = mapped_column(String(40))
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    files: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")


class RetentionRules(Base):
    """How many days an edition keeps each class of data; a class that is not named keeps its usual time."""

    __tablename__ = "retention_rules"

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    days: Mapped[dict[str, int]] = mapped_column(JSON)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


wiping.hangs_on(PrivacyRequest.edition_id)
wiping.hangs_on(RetentionRules.edition_id)
