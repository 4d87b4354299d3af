"""Reads about people and sessions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select
from sqlalchemy.orm import aliased

from contest.accounts.models import Membership, SignInLink, User, UserSession
from contest.accounts.people import AlarmLine, Device, LinkFacts, PairedDevice, PersonFacts, Recipient
from contest.accounts.roles import COMMITTEE, JURY, TEAM, Identity, Role
from contest.infra.alarms import Alarm
from contest.infra.db import db, plain_rows
from contest.infra.hashing import password_matches
from contest.infra.signing import token_hash
from contest.letters import name_key

_IDENTITY = (
    select(User.id, User.name, User.locale, User.is_admin, Membership.edition_id, Membership.role)
    .add_columns(UserSession.created_at, UserSession.proved_at, UserSession.round_id, UserSession.seen_at)
    .select_from(UserSession)
    .join(User, User.id == UserSession.user_id)
    .outerjoin(Membership, Membership.user_id == User.id)
    .where(UserSession.revoked_at.is_(None), User.is_active)
    .where(UserSession.token_hash == bindparam("token"), UserSession.expires_at > bindparam("now"))
)


def identity_of(token: str, now: datetime) -> Identity | None:
    """Return who the session token belongs to, with all roles, in one query; none when ended or unknown."""
    rows = plain_rows(_IDENTITY, token=token_hash(token), now=now).all()
    if not rows:
        return None
    first = rows[0]
    paired = first.round_id is not None
    return Identity(
        id=first.id,
        name=first.name,
        session=token,
        locale=first.locale,
        is_admin=first.is_admin and not paired,
        roles=_roles(row for row in rows if not paired or row.role in JURY),
        round_id=first.round_id,
        signed_in_at=first.proved_at or first.created_at,
        seen_at=first.seen_at or first.created_at,
    )


def _roles(rows: Iterable[Any]) -> dict[int, frozenset[Role]]:
    roles: dict[int, set[Role]] = defaultdict(set)
    for row in rows:
        if row.edition_id is not None:
            roles[row.edition_id].add(row.role)
    return {edition: frozenset(held) for edition, held in roles.items()}


def user_by_login(login: str) -> User | None:
    """Return the active person with this e-mail (lower case) or phone (E.164)."""
    return db.session.scalar(select(User).where((User.email == login) | (User.phone == login), User.is_active))


def user_by_id(user_id: int) -> User | None:
    """Return a person."""
    return db.session.get(User, user_id)


def password_owner(login: str, password: str) -> int | None:
    """Return the id of the active person with this login and password; takes the same time when there is none."""
    user = user_by_login(login)
    matches = password_matches(user.password_hash if user else None, password)
    return user.id if user is not None and matches else None


def has_password(user_id: int) -> bool:
    """Tell whether the person has set a password."""
    return db.session.scalar(select(User.password_hash).where(User.id == user_id)) is not None


def is_password_of(user_id: int, password: str) -> bool:
    """Tell whether it is the person's password."""
    stored = db.session.scalar(select(User.password_hash).where(User.id == user_id))
    return stored is not None and password_matches(stored, password)


def _unused(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return SignInLink.used_at.is_(None), SignInLink.revoked_at.is_(None), SignInLink.expires_at > now


def link_by_token(token: str, now: datetime) -> LinkFacts | None:
    """Return whose link it is, without using it up; none for unknown, used, revoked and expired ones."""
    row = db.session.execute(
        select(User.id, User.name, SignInLink.expires_at)
        .join(SignInLink, SignInLink.user_id == User.id)
        .where(SignInLink.token_hash == token_hash(token), *_unused(now), User.is_active)
    ).one_or_none()
    return None if row is None else LinkFacts(row.id, row.name, row.expires_at)


def devices_of(user_id: int, here: str, now: datetime) -> list[Device]:
    """Return the running sessions of a person, newest first; `here` is the token of the asking device."""
    rows = db.session.scalars(
        select(UserSession)
        .where(UserSession.user_id == user_id, UserSession.revoked_at.is_(None), UserSession.expires_at > now)
        .order_by(UserSession.id.desc())
    )
    own = token_hash(here)
    return [
        Device(
            id=row.id,
            device=row.device,
            created_at=row.created_at,
            expires_at=row.expires_at,
            here=row.token_hash == own,
            seen_at=row.seen_at or row.created_at,
            place=row.place,
            round_id=row.round_id,
        )
        for row in rows
    ]


def paired_devices(round_id: int, now: datetime) -> list[PairedDevice]:
    """Return the running sessions that are paired for a round, newest first."""
    rows = db.session.execute(
        select(UserSession.id, User.public_id, User.name, UserSession.device, UserSession.created_at)
        .join(User, User.id == UserSession.user_id)
        .where(UserSession.round_id == round_id, UserSession.revoked_at.is_(None), UserSession.expires_at > now)
        .order_by(UserSession.id.desc())
    )
    return [PairedDevice(*row) for row in rows]


def people_of(edition_id: int, now: datetime) -> list[PersonFacts]:
    """Return everybody with a role in the edition, in Vietnamese name order, in one query."""
    members = select(Membership.user_id).where(Membership.edition_id == edition_id)
    return _people(edition_id, now, User.id.in_(members))


def person_of(edition_id: int, public_id: str, now: datetime) -> PersonFacts | None:
    """Return one person of the edition; none when the person has no role in it."""
    members = select(Membership.user_id).where(Membership.edition_id == edition_id)
    found = _people(edition_id, now, User.public_id == public_id, User.id.in_(members))
    return found[0] if found else None


def _people(edition_id: int, now: datetime, *which: ColumnElement[bool]) -> list[PersonFacts]:
    by_person: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in db.session.execute(_people_rows(edition_id, now).where(*which)):
        by_person[row.id].append(row)
    people = [_person(rows) for rows in by_person.values()]
    return sorted(people, key=lambda person: (name_key(person.name), person.id))


def _people_rows(edition_id: int, now: datetime) -> Select[Any]:
    """One row per person and role, in every edition, with the edition's live link and the last sign-in."""
    links = (
        select(SignInLink.user_id, func.max(SignInLink.expires_at).label("link_until"))
        .where(SignInLink.edition_id == edition_id, *_unused(now))
        .group_by(SignInLink.user_id)
        .subquery()
    )
    seen = (
        select(UserSession.user_id, func.max(UserSession.created_at).label("last_sign_in"))
        .group_by(UserSession.user_id)
        .subquery()
    )
    return (
        select(
            User.id,
            User.public_id,
            User.name,
            User.email,
            User.phone,
            User.locale,
            User.is_admin,
            Membership.edition_id,
            Membership.role,
            links.c.link_until,
            seen.c.last_sign_in,
        )
        .join(Membership, Membership.user_id == User.id)
        .outerjoin(links, links.c.user_id == User.id)
        .outerjoin(seen, seen.c.user_id == User.id)
        .where(User.is_active)
    )


def _person(rows: list[Row[Any]]) -> PersonFacts:
    first = rows[0]
    return PersonFacts(
        id=first.id,
        public_id=first.public_id,
        name=first.name,
        email=first.email,
        phone=first.phone,
        locale=first.locale,
        is_admin=first.is_admin,
        roles=_roles(rows),
        link_until=first.link_until,
        last_sign_in=first.last_sign_in,
    )


def alarms_of(scope: str, *, most: int) -> list[AlarmLine]:
    """Return the alarms of a scope: the open ones first, the newest first among them and among the others."""
    reader = aliased(User)
    rows = db.session.execute(
        select(Alarm, User.name, reader.name.label("reader"))
        .outerjoin(User, User.id == Alarm.user_id)
        .outerjoin(reader, reader.id == Alarm.acknowledged_by)
        .where(Alarm.scope == scope)
        .order_by(Alarm.acknowledged_at.is_not(None), Alarm.at.desc(), Alarm.id.desc())
        .limit(most)
    )
    return [_alarm(row.Alarm, row.name or "", row.reader or "") for row in rows]


def _alarm(row: Alarm, name: str, reader: str) -> AlarmLine:
    return AlarmLine(
        id=row.id,
        kind=row.kind.value,
        who=row.who,
        name=name,
        user_id=row.user_id,
        subject=row.subject,
        count=row.count,
        seconds=row.seconds,
        at=row.at,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=reader,
        note=row.note,
    )


def open_alarms(scope: str) -> int:
    """Return how many alarms of a scope nobody has looked at."""
    counted = select(func.count()).where(Alarm.scope == scope, Alarm.acknowledged_at.is_(None))
    return db.session.scalar(counted) or 0


def alarmed_name(user_id: int) -> str:
    """Return the name of an account as a mail may carry it: "" for who is in a team, who may be a child."""
    held = set(db.session.scalars(select(Membership.role).where(Membership.user_id == user_id)))
    row = db.session.get(User, user_id)
    return row.name if row is not None and (row.is_admin or held) and not held & TEAM else ""


_RECIPIENTS = select(User.name, User.email, User.locale).where(User.is_active, User.email.is_not(None))


def committee_of(edition_id: int) -> list[Recipient]:
    """Return the organisers and secretaries of an edition who can be written to."""
    held = select(Membership.user_id).where(Membership.edition_id == edition_id, Membership.role.in_(COMMITTEE))
    return _written(User.id.in_(held))


def administrators() -> list[Recipient]:
    """Return the administrators who can be written to."""
    return _written(User.is_admin.is_(True))


def _written(which: ColumnElement[bool]) -> list[Recipient]:
    rows = db.session.execute(_RECIPIENTS.where(which).order_by(User.id))
    return [Recipient(row.name, row.email or "", row.locale) for row in rows]
