"""People, their roles per edition, their sessions and their one-time sign-in links."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, exists
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.roles import Role
from contest.infra import wiping
from contest.infra.audit import AuditEntry
from contest.infra.db import Base
from contest.infra.types import EnumText, UtcDateTime, public_id


class User(Base):
    """A person with an account. `email` is lower case, `phone` is E.164; both may be missing (pupils, guests).

    `rehearsal_id` names the rehearsal that an invented person was made for: such a person has no address that mail
    could reach and holds no role anywhere else.
    """

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint(
            "rehearsal_id IS NULL OR (email IS NULL AND phone IS NULL AND NOT is_admin)", name="invented_unreachable"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    phone: Mapped[str | None] = mapped_column(String(20), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    locale: Mapped[str | None] = mapped_column(String(8))
    is_admin: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    rehearsal_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    memberships: Mapped[list[Membership]] = relationship(back_populates="user", cascade="all, delete-orphan")


class Membership(Base):
    """One role of one person in one edition."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("user_id", "edition_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    role: Mapped[Role] = mapped_column(EnumText(Role))

    user: Mapped[User] = relationship(back_populates="memberships")


class UserSession(Base):
    """A signed-in device. The cookie holds the token, the row only its hash; revoking the row ends the session.

    With `round_id` the device is paired for one round: it opens the judge's papers of that round and nothing else.
    `proved_at` is the last moment since signing in when somebody proved on it who they are; `seen_at` the last use, to
    some minutes, and `place` where from: an address without its end (`devices.coarse_place`).
    """

    __tablename__ = "user_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    proved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    device: Mapped[str] = mapped_column(String(200), default="")
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    place: Mapped[str] = mapped_column(String(40), default="", server_default="")
    round_id: Mapped[int | None] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), index=True)


class SignInLink(Base):
    """A one-time way in: a link, its QR code, and a six-digit code for the door of one edition.

    What it opens is a session of the same `round_id`.
    """

    __tablename__ = "sign_in_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), index=True)


# Whoever signed in as an invented person and did something is named in the trail: that account stays, closed.
wiping.hangs_on(
    User.rehearsal_id,
    witness=exists().where(AuditEntry.actor_id == User.id),
    then={"rehearsal_id": None, "is_active": False},
)
wiping.hangs_on(Membership.edition_id, Membership.user_id)
wiping.hangs_on(UserSession.user_id, UserSession.round_id)
wiping.hangs_on(SignInLink.edition_id, SignInLink.user_id)
