"""Booths of the exhibition and who stands there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra import wiping
from contest.infra.db import Base
from contest.infra.types import EnumText, UtcDateTime, public_id
from contest.stage.booths import Kind, Side


class Exhibition(Base):
    """The exhibition of an edition; everybody sees the plan from `released_at` on. Two sides that its map shows."""

    __tablename__ = "exhibitions"

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    place: Mapped[str] = mapped_column(String(300), default="")
    entrance: Mapped[Side] = mapped_column(EnumText(Side), default=Side.NONE)
    stage: Mapped[Side] = mapped_column(EnumText(Side), default=Side.NONE)


class Booth(Base):
    """A booth: its number, the row that it stands in, its size as people write it, whether it has power."""

    __tablename__ = "booths"
    __table_args__ = (UniqueConstraint("edition_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    number: Mapped[str] = mapped_column(String(12))
    zone: Mapped[str] = mapped_column(String(60), default="")
    size: Mapped[str] = mapped_column(String(20), default="")
    power: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(300), default="")


class Exhibitor(Base):
    """Who stands at a booth: a team, or a company, an expert, a sponsor by name. One booth each, one each per booth.

    `power` tells that power is needed, `by_hand` that the booth was chosen and is kept by the rule.
    """

    __tablename__ = "exhibitors"
    __table_args__ = (UniqueConstraint("edition_id", "team_id"), UniqueConstraint("booth_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    kind: Mapped[Kind] = mapped_column(EnumText(Kind))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    power: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(300), default="")
    booth_id: Mapped[int | None] = mapped_column(ForeignKey("booths.id"))
    by_hand: Mapped[bool] = mapped_column(default=False)


for owner in (Exhibition.edition_id, Booth.edition_id, Exhibitor.edition_id):
    wiping.hangs_on(owner)
