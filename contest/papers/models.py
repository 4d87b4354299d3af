"""Signed papers that were scanned and filed back, and what papers say besides the results."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra import wiping
from contest.infra.db import Base
from contest.infra.types import EnumText, UtcDateTime, public_id
from contest.papers.kinds import Paper


class PaperScan(Base):
    """A signed paper as it came back, with its hash, and the frozen results that it was made of; never changed."""

    __tablename__ = "paper_scans"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    paper: Mapped[Paper] = mapped_column(EnumText(Paper))
    version: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(String(64))
    filename: Mapped[str] = mapped_column(String(255))
    content_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    storage_key: Mapped[str] = mapped_column(String(64))
    filed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    filed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class PaperDetails(Base):
    """What the papers of an edition say besides its results: `said` as `details.to_json` writes it."""

    __tablename__ = "paper_details"

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


wiping.hangs_on(PaperScan.round_id)
wiping.hangs_on(PaperDetails.edition_id)
wiping.holds_file(PaperScan.storage_key)
