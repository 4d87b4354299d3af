"""One-time links with their QR codes, and six-digit codes for the door of an edition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, select, update

from contest.accounts.models import SignInLink, User
from contest.errors import RuleBroken
from contest.infra import audit
from contest.infra.db import db
from contest.infra.signing import keyed_hash, keys_of, new_code, new_token, token_hash

LINK_LIFE = timedelta(days=14)
# Six digits can be guessed, a link cannot: the code lives for the days around an event only.
CODE_LIFE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class IssuedLink:
    """A fresh way in. Shown once: the database keeps hashes only. `code` is empty without an edition."""

    user_id: int
    token: str
    code: str
    expires_at: datetime
    code_expires_at: datetime


class Redeemed(NamedTuple):
    """Whose way in was used up, and the round that its device is paired for, if any."""

    user_id: int
    round_id: int | None


def issue_link(
    *,
    user_id: int,
    edition_id: int | None,
    secret_key: str,
    actor_id: int | None,
    now: datetime,
    life: timedelta = LINK_LIFE,
) -> IssuedLink:
    """Issue a one-time link and a six-digit code for a person; the code works at the door of `edition_id`."""
    return issue_links(
        user_ids=[user_id], edition_id=edition_id, secret_key=secret_key, actor_id=actor_id, now=now, life=life
    )[0]


def issue_links(
    *,
    user_ids: Sequence[int],
    edition_id: int | None,
    secret_key: str,
    actor_id: int | None,
    now: datetime,
    life: timedelta = LINK_LIFE,
    round_id: int | None = None,
) -> tuple[IssuedLink, ...]:
    """Issue a link and, with an edition, a code for each person, in the order given; one audit entry each.

    With `round_id` they pair a device for that round: it opens the judge's papers there and nothing else.
    """
    codes = [""] * len(user_ids) if edition_id is None else _free_codes(edition_id, secret_key, now, len(user_ids))
    issued = []
    for user_id, code in zip(user_ids, codes, strict=True):
        link = IssuedLink(user_id, new_token(), code, now + life, now + min(life, CODE_LIFE))
        issued.append(link)
        row = _row(link, edition_id, secret_key, actor_id, now)
        row.round_id = round_id
        db.session.add(row)
        scope = "accounts" if edition_id is None else f"edition:{edition_id}"
        bound = {} if round_id is None else {"round_id": round_id}
        audit.record(at=now, actor_id=actor_id, scope=scope, action="link.issued", subject=f"user:{user_id}", **bound)
    return tuple(issued)


def _row(link: IssuedLink, edition_id: int | None, secret_key: str, actor_id: int | None, now: datetime) -> SignInLink:
    return SignInLink(
        token_hash=token_hash(link.token),
        code_hash=None if edition_id is None else code_hash(secret_key, edition_id, link.code),
        user_id=link.user_id,
        edition_id=edition_id,
        created_at=now,
        expires_at=link.expires_at,
        created_by=actor_id,
    )


def code_hash(secret_key: str, edition_id: int, code: str) -> str:
    """Return what is stored of a six-digit code."""
    return keyed_hash(secret_key, "door", str(edition_id), code)


def _free_codes(edition_id: int, secret_key: str, now: datetime, count: int) -> list[str]:
    """Return `count` different codes that open nothing at this edition's door yet."""
    found: dict[str, str] = {}
    while len(found) < count:
        drawn = {code_hash(secret_key, edition_id, code): code for code in (new_code() for _ in range(count))}
        taken = select(SignInLink.code_hash).where(SignInLink.code_hash.in_(drawn), *_unused(now))
        for used in db.session.scalars(taken):
            drawn.pop(str(used), None)
        found.update(drawn)
    return list(found.values())[:count]


def _unused(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return SignInLink.used_at.is_(None), SignInLink.revoked_at.is_(None), SignInLink.expires_at > now


def redeem_link(*, token: str, now: datetime) -> Redeemed:
    """Use up a one-time link and return whose it was; of two simultaneous uses exactly one succeeds.

    Raises `RuleBroken` "link_not_valid" for unknown, used, revoked and expired links and closed accounts alike.
    """
    redeemed = _redeem(now, SignInLink.token_hash == token_hash(token))
    if redeemed is None:
        raise RuleBroken("link_not_valid")
    return redeemed


def redeem_code(*, edition_id: int, code: str, secret_key: str, now: datetime) -> Redeemed:
    """Use up a six-digit code at the door of an edition and return whose it was.

    Raises `RuleBroken` "code_not_valid".
    """
    redeemed = _redeem(
        now,
        SignInLink.code_hash.in_([code_hash(key, edition_id, code) for key in keys_of(secret_key)]),
        SignInLink.created_at > now - CODE_LIFE,
    )
    if redeemed is None:
        raise RuleBroken("code_not_valid")
    return redeemed


def _redeem(now: datetime, *which: ColumnElement[bool]) -> Redeemed | None:
    active = select(User.id).where(User.is_active)
    used = (
        update(SignInLink)
        .where(*which, *_unused(now), SignInLink.user_id.in_(active))
        .values(used_at=now)
        .returning(SignInLink.user_id, SignInLink.edition_id, SignInLink.round_id)
        .execution_options(synchronize_session=False)
    )
    row = db.session.execute(used).first()
    if row is None:
        return None
    scope = "accounts" if row.edition_id is None else f"edition:{row.edition_id}"
    audit.record(at=now, actor_id=row.user_id, scope=scope, action="link.used", subject=f"user:{row.user_id}")
    return Redeemed(row.user_id, row.round_id)


def revoke_links(*, user_id: int, edition_id: int | None, actor_id: int | None, now: datetime) -> int:
    """Make the unused links and codes of a person worthless, those of one edition or all; return how many."""
    ending = update(SignInLink).where(SignInLink.user_id == user_id, *_unused(now))
    if edition_id is not None:
        ending = ending.where(SignInLink.edition_id == edition_id)
    revoked = db.session.scalars(ending.values(revoked_at=now).returning(SignInLink.id)).all()
    if revoked:
        scope = "accounts" if edition_id is None else f"edition:{edition_id}"
        audit.record(
            at=now,
            actor_id=actor_id,
            scope=scope,
            action="links.revoked",
            subject=f"user:{user_id}",
            count=len(revoked),
        )
    return len(revoked)
