"""How certificates look, the register, who is named in them, and files that were made."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from contest.certificates.kinds import Kind
from contest.infra import wiping
from contest.infra.db import Base
from contest.infra.types import EnumText, UtcDateTime, public_id

CODE_LETTERS = 28
"""Of an alphabet of 27: more than 2^133 codes, so that none can be guessed."""


def new_code() -> str:
    """Return the secret of a certificate's address; see `types.public_id` for the letters, drawn by `secrets`."""
    return public_id(CODE_LETTERS)


class CertificateLook(Base):
    """How the certificates of an edition look: `look` as `look.to_json` writes it, and the own pictures."""

    __tablename__ = "certificate_looks"

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    look: Mapped[dict[str, Any]] = mapped_column(JSON)
    background_key: Mapped[str | None] = mapped_column(String(64))
    logo_key: Mapped[str | None] = mapped_column(String(64))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class Volunteer(Base):
    """A helper whom the organiser named; no account is needed."""

    __tablename__ = "volunteers"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    task: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class Certificate(Base):
    """One entry of the register: never changed but for its revocation and its mail, never deleted.

    `content` is the canonical JSON of everything that it says, `fingerprint` its SHA-256. `subject` tells for whom and
    what; only one of a subject is valid at a time. `round_id` and the versions name the frozen results it rests on.
    """

    __tablename__ = "certificates"
    __table_args__ = (
        UniqueConstraint("edition_id", "sequence"),
        CheckConstraint("sequence >= 1", name="sequence_positive"),
        Index(
            "ix_certificates_valid",
            "edition_id",
            "subject",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    sequence: Mapped[int]
    number: Mapped[str] = mapped_column(String(80))
    code: Mapped[str] = mapped_column(String(40), unique=True, default=new_code)
    kind: Mapped[Kind] = mapped_column(EnumText(Kind))
    subject: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    content: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(String(64))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("rounds.id"))
    snapshot_version: Mapped[int | None]
    list_version: Mapped[int | None]
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submissions.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    email: Mapped[str] = mapped_column(String(254), default="")
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    revoked_reason: Mapped[str] = mapped_column(String(500), default="")
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"))
    mailed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CertificateFile(Base):
    """A file that a job made of the certificates; the row is written once the file is whole on disk."""

    __tablename__ = "certificate_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    storage_key: Mapped[str] = mapped_column(String(64), unique=True)
    filename: Mapped[str] = mapped_column(String(200))
    content_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    count: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


for held in (CertificateLook.background_key, CertificateLook.logo_key, CertificateFile.storage_key):
    wiping.holds_file(held)
for owner in (
    CertificateLook.edition_id,
    Volunteer.edition_id,
    Certificate.edition_id,
    CertificateFile.edition_id,
):
    wiping.hangs_on(owner)
