"""Editions with their tracks, fields, parts, rounds and rubrics."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.editions.parts import PartKind
from contest.editions.phases import EditionState, RoundState
from contest.editions.rules import RoundKind, Source
from contest.infra import wiping
from contest.infra.db import Base
from contest.infra.types import EnumText, ExactDecimal, UtcDateTime


class Edition(Base):
    """One year's run of a contest; all other data hang on it.

    A rehearsal names the edition whose settings it copies; each edition has one at most. Numbers are never given
    twice, because the audit trail of a wiped rehearsal stays.
    """

    __tablename__ = "editions"
    __table_args__ = (
        CheckConstraint("rehearsal_of_id IS NULL OR is_test", name="rehearsal_is_a_test"),
        Index("ix_editions_rehearsal_of_id", "rehearsal_of_id", unique=True),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    name_vi: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    organiser: Mapped[str] = mapped_column(String(200), default="")
    about_vi: Mapped[str] = mapped_column(Text, default="")
    about_en: Mapped[str] = mapped_column(Text, default="")
    contact: Mapped[str] = mapped_column(String(300), default="")
    logo_key: Mapped[str | None] = mapped_column(String(64))
    timezone: Mapped[str] = mapped_column(String(60), default="Asia/Ho_Chi_Minh")
    languages: Mapped[str] = mapped_column(String(20), default="vi,en")
    state: Mapped[EditionState] = mapped_column(EnumText(EditionState), default=EditionState.DRAFT)
    submissions_open: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submissions_close: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_number: Mapped[int] = mapped_column(default=1)
    grace_minutes: Mapped[int] = mapped_column(default=0)
    entry_rules: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    fit_rules: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    privacy_rules: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    marks_shown: Mapped[bool] = mapped_column(default=True, server_default=true())
    is_test: Mapped[bool] = mapped_column(default=False)
    second_factor_required: Mapped[bool] = mapped_column(default=False, server_default=false())
    cloned_from_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id"))
    rehearsal_of_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    tracks: Mapped[list[Track]] = relationship(
        back_populates="edition", order_by="Track.position", cascade="all, delete-orphan"
    )
    fields: Mapped[list[Field]] = relationship(
        back_populates="edition", order_by="Field.position", cascade="all, delete-orphan"
    )
    parts: Mapped[list[Part]] = relationship(
        back_populates="edition", order_by="Part.position", cascade="all, delete-orphan"
    )
    rounds: Mapped[list[Round]] = relationship(
        back_populates="edition", order_by="Round.position", cascade="all, delete-orphan"
    )


class Track(Base):
    """A division with a ranking of its own."""

    __tablename__ = "tracks"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    code: Mapped[str] = mapped_column(String(40))
    name_vi: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    position: Mapped[int]

    edition: Mapped[Edition] = relationship(back_populates="tracks")


class Field(Base):
    """A subject area; it has no ranking."""

    __tablename__ = "fields"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    code: Mapped[str] = mapped_column(String(40))
    name_vi: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    position: Mapped[int]

    edition: Mapped[Edition] = relationship(back_populates="fields")


class Part(Base):
    """One part that a submission consists of (see `parts.PartSpec`)."""

    __tablename__ = "parts"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    code: Mapped[str] = mapped_column(String(40))
    name_vi: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    help_vi: Mapped[str] = mapped_column(Text, default="")
    help_en: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[PartKind] = mapped_column(EnumText(PartKind))
    required: Mapped[bool] = mapped_column(default=True)
    accept: Mapped[str] = mapped_column(String(60), default="")
    max_mb: Mapped[int] = mapped_column(default=20)
    max_words: Mapped[int] = mapped_column(default=500)
    position: Mapped[int]

    edition: Mapped[Edition] = relationship(back_populates="parts")


class Round(Base):
    """One round: its window, its rules (JSON of exact strings, see `rules_json`) and its rubric.

    `rubric_version` grows with every change of rules or criteria; `locked_at` is set with the first score.
    `published_version` names the snapshot that everybody sees since `published_at`, also while a correction is made.
    """

    __tablename__ = "rounds"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    code: Mapped[str] = mapped_column(String(40))
    name_vi: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[RoundKind] = mapped_column(EnumText(RoundKind))
    state: Mapped[RoundState] = mapped_column(EnumText(RoundState), default=RoundState.DRAFT)
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rules: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    rubric_version: Mapped[int] = mapped_column(default=1)
    locked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_version: Mapped[int | None]
    position: Mapped[int]

    edition: Mapped[Edition] = relationship(back_populates="rounds")
    criteria: Mapped[list[Criterion]] = relationship(
        back_populates="round", order_by="Criterion.position", cascade="all, delete-orphan"
    )


class Criterion(Base):
    """One criterion. (id, max_points) is unique so that scores can repeat the limit and be checked against it."""

    __tablename__ = "criteria"
    __table_args__ = (
        UniqueConstraint("round_id", "code"),
        UniqueConstraint("id", "max_points"),
        CheckConstraint("max_points > 0", name="max_points_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    code: Mapped[str] = mapped_column(String(40))
    name_vi: Mapped[str] = mapped_column(String(300))
    name_en: Mapped[str] = mapped_column(String(300), default="")
    description_vi: Mapped[str] = mapped_column(Text, default="")
    description_en: Mapped[str] = mapped_column(Text, default="")
    minimum: Mapped[Decimal] = mapped_column(ExactDecimal)
    maximum: Mapped[Decimal] = mapped_column(ExactDecimal)
    step: Mapped[Decimal] = mapped_column(ExactDecimal)
    weight: Mapped[Decimal] = mapped_column(ExactDecimal)
    floor: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    max_points: Mapped[int]
    source: Mapped[Source] = mapped_column(EnumText(Source), default=Source.JUDGES)
    guidance: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    part_code: Mapped[str] = mapped_column(String(40), default="", server_default="")
    measure: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    position: Mapped[int]

    round: Mapped[Round] = relationship(back_populates="criteria")


class DeadlineExtension(Base):
    """A deadline moved by a formal decision: that of the submissions, or of the scoring of one round. Never changed."""

    __tablename__ = "deadline_extensions"
    __table_args__ = (CheckConstraint("until > was", name="until_later"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("rounds.id"), index=True)
    was: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    decision: Mapped[str] = mapped_column(String(100))
    decided_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(500))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


wiping.root(Edition.id)
wiping.holds_file(Edition.logo_key)
for owner in (
    Track.edition_id,
    Field.edition_id,
    Part.edition_id,
    Round.edition_id,
    Criterion.round_id,
    DeadlineExtension.edition_id,
):
    wiping.hangs_on(owner)
