"""Teams and their submissions: text, links, files and receipts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.editions.privacy import AgeBand
from contest.infra import wiping
from contest.infra.db import Base
from contest.infra.types import EnumText, UtcDateTime, public_id
from contest.submissions.consenting import Giver, Means, Purpose
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.scans import ScanState


class Team(Base):
    """A team of an edition. Imported teams have no captain's account until they are invited."""

    __tablename__ = "teams"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    captain_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    school: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    mentor_name: Mapped[str] = mapped_column(String(200), default="")
    mentor_email: Mapped[str] = mapped_column(String(254), default="")
    mentor_phone: Mapped[str] = mapped_column(String(40), default="")
    mentor_school: Mapped[str] = mapped_column(String(200), default="")
    declared: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    members: Mapped[list[TeamMember]] = relationship(
        back_populates="team", order_by="TeamMember.position", cascade="all, delete-orphan"
    )
    submissions: Mapped[list[Submission]] = relationship(back_populates="team")


class TeamMember(Base):
    """A person of a team; no account and no contact data are needed.

    Date of birth, band of ages and own school are there only while a rule of the edition asks for them.
    """

    __tablename__ = "team_members"

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]
    birth_date: Mapped[date | None]
    age_band: Mapped[AgeBand | None] = mapped_column(EnumText(AgeBand))
    school: Mapped[str] = mapped_column(String(200), default="")

    team: Mapped[Team] = relationship(back_populates="members")


class Submission(Base):
    """One idea of one team. `version` grows with every change, for autosave from two tabs.

    `entered_at` is when it was handed in for good: handing in again keeps it, withdrawing gives it up. `late` tells
    that this was after the official deadline, in the minutes of grace.
    """

    __tablename__ = "submissions"
    __table_args__ = (
        UniqueConstraint("edition_id", "code"),
        Index("ix_submissions_edition_id_status", "edition_id", "status"),
        CheckConstraint("version >= 1", name="version_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(500), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    track_id: Mapped[int | None] = mapped_column(ForeignKey("tracks.id"))
    field_id: Mapped[int | None] = mapped_column(ForeignKey("fields.id"))
    status: Mapped[SubmissionStatus] = mapped_column(EnumText(SubmissionStatus), default=SubmissionStatus.DRAFT)
    status_reason: Mapped[str] = mapped_column(String(500), default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    entered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    late: Mapped[bool] = mapped_column(default=False)

    team: Mapped[Team] = relationship(back_populates="submissions")
    answers: Mapped[list[PartAnswer]] = relationship(back_populates="submission", cascade="all, delete-orphan")
    files: Mapped[list[SubmissionFile]] = relationship(
        back_populates="submission", order_by="SubmissionFile.id", cascade="all, delete-orphan"
    )
    receipts: Mapped[list[Receipt]] = relationship(
        back_populates="submission", order_by="Receipt.id", cascade="all, delete-orphan"
    )


class PartAnswer(Base):
    """The text or link that a team gave for one part."""

    __tablename__ = "part_answers"
    __table_args__ = (UniqueConstraint("submission_id", "part_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    part_id: Mapped[int] = mapped_column(ForeignKey("parts.id"))
    text: Mapped[str] = mapped_column(Text)

    submission: Mapped[Submission] = relationship(back_populates="answers")


class SubmissionFile(Base):
    """An uploaded file. A replaced one keeps its row and bytes with `superseded_at` set.

    `scan_found` is what the virus scanner called it.
    """

    __tablename__ = "submission_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("parts.id"))
    filename: Mapped[str] = mapped_column(String(255))
    content_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    storage_key: Mapped[str] = mapped_column(String(64), unique=True)
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    scan: Mapped[ScanState] = mapped_column(EnumText(ScanState), default=ScanState.NONE, server_default="none")
    scan_found: Mapped[str] = mapped_column(String(200), default="", server_default="")
    superseded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    submission: Mapped[Submission] = relationship(back_populates="files")


class Receipt(Base):
    """What a team handed in and when: a frozen list with SHA-256 of every file, and a fingerprint of it all."""

    __tablename__ = "receipts"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    manifest: Mapped[dict[str, Any]] = mapped_column(JSON)
    fingerprint: Mapped[str] = mapped_column(String(64))

    submission: Mapped[Submission] = relationship(back_populates="receipts")


class EntryException(Base):
    """A finding about eligibility that the committee let pass in writing; `key` and `code` are those of the finding.

    Taking it back sets the second author, reason and moment; the row stays. At most one of a finding is in force.
    """

    __tablename__ = "entry_exceptions"
    __table_args__ = (
        Index(
            "ix_entry_exceptions_in_force",
            "submission_id",
            "key",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    key: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(String(500))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_reason: Mapped[str] = mapped_column(String(500), default="")
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ConsentText(Base):
    """The words that somebody consented to, kept once they were shown to give it; a new wording is a new version."""

    __tablename__ = "consent_texts"
    __table_args__ = (UniqueConstraint("edition_id", "purpose", "audience", "language", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    purpose: Mapped[Purpose] = mapped_column(EnumText(Purpose))
    audience: Mapped[Giver] = mapped_column(EnumText(Giver))
    language: Mapped[str] = mapped_column(String(5))
    version: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class ConsentLink(Base):
    """A link for one person to give a consent without an account, once; afterwards it only takes back and asks."""

    __tablename__ = "consent_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(64))
    giver: Mapped[Giver] = mapped_column(EnumText(Giver))
    giver_name: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Consent(Base):
    """One word about a member's data: given, or (`given` false) taken back. Never changed; the latest one counts.

    By `name_digest` of the name within the team, because names are what frozen results hold and a team's list of
    members is written anew. `giver_name` is the guardian's, `attested_by` who filed or told of it, `note` in which
    words. The database refuses to change what was said.
    """

    __tablename__ = "consents"
    __table_args__ = (Index("ix_consents_team_id_name_key", "team_id", "name_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(64))
    purpose: Mapped[Purpose] = mapped_column(EnumText(Purpose))
    giver: Mapped[Giver] = mapped_column(EnumText(Giver))
    given: Mapped[bool]
    means: Mapped[Means] = mapped_column(EnumText(Means))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    by_team: Mapped[bool] = mapped_column(default=False)
    giver_name: Mapped[str] = mapped_column(String(200), default="")
    attested_by: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
    text_id: Mapped[int | None] = mapped_column(ForeignKey("consent_texts.id"))
    link_id: Mapped[int | None] = mapped_column(ForeignKey("consent_links.id"))
    scan_key: Mapped[str | None] = mapped_column(String(64))
    scan_name: Mapped[str] = mapped_column(String(255), default="")
    scan_type: Mapped[str] = mapped_column(String(100), default="")
    scan_sha256: Mapped[str] = mapped_column(String(64), default="")


wiping.holds_file(SubmissionFile.storage_key)
wiping.holds_file(Consent.scan_key)
for owner in (
    Team.edition_id,
    TeamMember.team_id,
    Submission.edition_id,
    PartAnswer.submission_id,
    SubmissionFile.submission_id,
    Receipt.submission_id,
    EntryException.submission_id,
    ConsentText.edition_id,
    ConsentLink.team_id,
    Consent.team_id,
):
    wiping.hangs_on(owner)
