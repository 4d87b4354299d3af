"""Files that wait for a yes, and the mappings of sheets that were imported before."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra import wiping
from contest.infra.db import Base
from contest.infra.types import UtcDateTime, public_id


class ImportDraft(Base):
    """An uploaded file between preview and confirmation: it belongs to one person and expires.

    `edition_id` is set for files that go into an existing edition; `purpose` is "bundle" or "form".
    """

    __tablename__ = "import_drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    filename: Mapped[str] = mapped_column(String(200))
    storage_key: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class SheetMapping(Base):
    """Which column of a response sheet means what; found again by the fingerprint of the sheet's header."""

    __tablename__ = "sheet_mappings"
    __table_args__ = (UniqueConstraint("edition_id", "fingerprint"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    fingerprint: Mapped[str] = mapped_column(String(64))
    columns: Mapped[dict[str, str]] = mapped_column(JSON)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


wiping.holds_file(ImportDraft.storage_key)
wiping.hangs_on(ImportDraft.edition_id, ImportDraft.user_id)
wiping.hangs_on(SheetMapping.edition_id)
