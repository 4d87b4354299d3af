"""Second factors and what waits for them: the app's key, passkeys, recovery codes, half sign-ins, challenges."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from contest.accounts.second.factors import Asked, FirstStep
from contest.infra import wiping
from contest.infra.db import Base
from contest.infra.types import EnumText, UtcDateTime, public_id


class AppKey(Base):
    """The key that a person's authenticator app holds too, sealed. `waiting` is a new one until a code confirms it.

    `last_step` is the time step of the last accepted code: no code of it or before is taken again.
    """

    __tablename__ = "app_keys"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, autoincrement=False)
    sealed: Mapped[str | None] = mapped_column(Text)
    waiting: Mapped[str | None] = mapped_column(Text)
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    set_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Passkey(Base):
    """A passkey: the public half of a key that never leaves the person's device. Identifiers and keys are base64url."""

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[str] = mapped_column(Text)
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    name: Mapped[str] = mapped_column(String(60))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RecoveryCode(Base):
    """A code on paper that replaces the second factor once; only its hash is kept (80 random bits)."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class HalfSignIn(Base):
    """Somebody who has shown a first factor: no session, but the right to show a second one soon, in this browser."""

    __tablename__ = "half_sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), index=True)
    way: Mapped[FirstStep] = mapped_column(EnumText(FirstStep))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PasskeyChallenge(Base):
    """A question to a passkey, answered once at most, by the browser whose secret has the hash `holder_hash`."""

    __tablename__ = "passkey_challenges"

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_hash: Mapped[str] = mapped_column(String(64), unique=True)
    holder_hash: Mapped[str] = mapped_column(String(64))
    asked: Mapped[Asked] = mapped_column(EnumText(Asked))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


for _table in (AppKey, Passkey, RecoveryCode, PasskeyChallenge):
    wiping.hangs_on(_table.user_id)
wiping.hangs_on(HalfSignIn.user_id, HalfSignIn.round_id)
