"""Conflicts of interest: what was declared, looked at, and how an edition treats them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra import wiping
from contest.infra.db import Base
from contest.infra.types import EnumText, UtcDateTime
from contest.judging.conflicts import ConflictReason
from contest.judging.states import Colleagues, Party


class Conflict(Base):
    """A declared conflict of interest between a judge and a submission; never assigned, in any round.

    Each party (judge, team, organiser) declares for itself and takes back its own. `declared_by` and `declared_at` are
    unknown for one that came in a file.
    """

    __tablename__ = "conflicts"
    __table_args__ = (UniqueConstraint("judge_id", "submission_id", "party"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    judge_id: Mapped[int] = mapped_column(ForeignKey("judges.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    party: Mapped[Party] = mapped_column(EnumText(Party), default=Party.ORGANISER, server_default="organiser")
    kind: Mapped[ConflictReason] = mapped_column(
        EnumText(ConflictReason), default=ConflictReason.DECLARED, server_default="declared"
    )
    reason: Mapped[str] = mapped_column(String(300), default="")
    declared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declared_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class DismissedFinding(Base):
    """A conflict found in the data that an organiser looked at and found to be none; `evidence` names what was seen."""

    __tablename__ = "dismissed_findings"
    __table_args__ = (UniqueConstraint("judge_id", "submission_id", "evidence"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    judge_id: Mapped[int] = mapped_column(ForeignKey("judges.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    evidence: Mapped[str] = mapped_column(String(64))
    kind: Mapped[ConflictReason] = mapped_column(EnumText(ConflictReason))
    reason: Mapped[str] = mapped_column(String(300))
    dismissed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    dismissed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class UnitAlias(Base):
    """Two names of one school or organisation that no spelling gives away, e.g. an abbreviation."""

    __tablename__ = "unit_aliases"
    __table_args__ = (UniqueConstraint("edition_id", "name", "other"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    name: Mapped[str] = mapped_column(String(200))
    other: Mapped[str] = mapped_column(String(200))


class Sponsorship(Base):
    """A judge sent by the sponsor of a prize judges only where it is decided: that round, and its track if any."""

    __tablename__ = "sponsorships"

    judge_id: Mapped[int] = mapped_column(ForeignKey("judges.id"), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    track_id: Mapped[int | None] = mapped_column(ForeignKey("tracks.id"), index=True)
    prize: Mapped[str] = mapped_column(String(200))


class ConflictSettings(Base):
    """How an edition treats judges of one unit on one submission, and whether teams may name judges."""

    __tablename__ = "conflict_settings"

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    colleagues: Mapped[Colleagues] = mapped_column(EnumText(Colleagues), default=Colleagues.WARN)
    teams_declare: Mapped[bool] = mapped_column(default=False)


for owner in (
    Conflict.judge_id,
    DismissedFinding.judge_id,
    UnitAlias.edition_id,
    Sponsorship.judge_id,
    ConflictSettings.edition_id,
):
    wiping.hangs_on(owner)
