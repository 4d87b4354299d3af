"""The award ceremony of a round: its running order, the logos on its wall, the phones that may drive it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra import wiping
from contest.infra.db import Base
from contest.infra.types import EnumText, UtcDateTime, public_id
from contest.stage.script import Press


class Ceremony(Base):
    """The ceremony of one round. It holds no result: winners stay in the settled list of awards.

    `places` lists what the organiser decided on each step (`script.Place` as JSON) in its order, `readings` maps a
    submission's code to how its name is read aloud. `polled_at` is when the operator's screen last asked for presses.
    """

    __tablename__ = "ceremonies"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), unique=True)
    places: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    readings: Mapped[dict[str, str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    polled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CeremonyLogo(Base):
    """A logo of the wall, as a clean PNG."""

    __tablename__ = "ceremony_logos"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    ceremony_id: Mapped[int] = mapped_column(ForeignKey("ceremonies.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    storage_key: Mapped[str] = mapped_column(String(64), unique=True)


class CeremonyRemote(Base):
    """A phone's pairing: whoever has the code may press three buttons until it expires, and reads nothing."""

    __tablename__ = "ceremony_remotes"

    id: Mapped[int] = mapped_column(primary_key=True)
    ceremony_id: Mapped[int] = mapped_column(ForeignKey("ceremonies.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CeremonyPress(Base):
    """One press of a paired phone, on its way to the operator's screen."""

    __tablename__ = "ceremony_presses"
    __table_args__ = (Index("ix_ceremony_presses_ceremony_id_id", "ceremony_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ceremony_id: Mapped[int] = mapped_column(ForeignKey("ceremonies.id"))
    verb: Mapped[Press] = mapped_column(EnumText(Press))
    pressed_at: Mapped[datetime] = mapped_column(UtcDateTime)


wiping.holds_file(CeremonyLogo.storage_key)
for owner in (Ceremony.edition_id, CeremonyLogo.ceremony_id, CeremonyRemote.ceremony_id, CeremonyPress.ceremony_id):
    wiping.hangs_on(owner)
