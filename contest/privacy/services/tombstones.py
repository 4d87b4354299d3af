"""The list of who was erased, outside of the database: a restored copy is freed of them again before it serves.

One line of JSON each in `erased.jsonl` of the data folder. A line holds no name and no address: a salt and keyed
digests of what an older copy would know the person by. The key is `erased_key` beside it; neither alone tells anything,
and whoever holds both, and a copy of the database, can only find a person whose record they already have.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from contest.accounts.models import User
from contest.infra.db import db
from contest.letters import name_digest
from contest.privacy.persons import Person, Subject
from contest.submissions.models import Team, TeamMember

LIST, KEY = "erased.jsonl", "erased_key"


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One erased person: `users` and `members` are keyed digests of accounts and of names within teams."""

    token: str
    at: str
    alias: str
    salt: str
    users: tuple[str, ...]
    members: tuple[str, ...]


def bury(folder: Path, person: Person, *, alias: str, now: datetime) -> Tombstone:
    """Write a person into the list, safely on disk when this returns, and return the line.

    To be called before anything is erased: the names are still needed.
    """
    salt, key = secrets.token_hex(16), _key(folder)
    users = tuple(_digest(key, salt, text) for text in _accounts(person))
    members = tuple(_digest(key, salt, text) for text in _memberships(person))
    stone = Tombstone(secrets.token_hex(16), now.isoformat(), alias, salt, users, members)
    with (folder / LIST).open("a", encoding="utf-8") as out:
        out.write(f"\n{json.dumps(asdict(stone))}\n")  # never on one line with what a crash has cut off
        out.flush()
        os.fsync(out.fileno())
    return stone


def stones(folder: Path) -> Iterator[Tombstone]:
    """Yield the lines of the list in their order; a line that was cut off by a crash is left out."""
    path = folder / LIST
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            held = json.loads(line)
            yield Tombstone(**{**held, "users": tuple(held["users"]), "members": tuple(held["members"])})
        except (ValueError, KeyError, TypeError):
            continue


def subjects_under(folder: Path, stone: Tombstone) -> tuple[Subject, ...]:
    """Return whom of those in the database a line means."""
    key = _key(folder)
    users = db.session.execute(select(User.id, User.public_id).order_by(User.id))
    found = [Subject(user_id=row.id) for row in users if _digest(key, stone.salt, row.public_id) in stone.users]
    rows = db.session.execute(
        select(Team.id, Team.public_id, TeamMember.name)
        .join(TeamMember, TeamMember.team_id == Team.id)
        .order_by(TeamMember.id)
    )
    for row in rows:
        name = name_digest(row.name)
        if _digest(key, stone.salt, f"{row.public_id}:{name}") in stone.members:
            found.append(Subject(team_id=row.id, name_key=name))
    return tuple(found)


def _accounts(person: Person) -> Iterable[str]:
    return db.session.scalars(select(User.public_id).where(User.id.in_(person.users)).order_by(User.id)).all()


def _memberships(person: Person) -> Iterator[str]:
    rows = db.session.execute(
        select(Team.public_id, TeamMember.name)
        .join(TeamMember, TeamMember.team_id == Team.id)
        .where(TeamMember.id.in_(person.members))
        .order_by(TeamMember.id)
    )
    return (f"{row.public_id}:{name_digest(row.name)}" for row in rows)


def _key(folder: Path) -> bytes:
    """Return the key of the list, made the first time, readable by its owner alone."""
    path = folder / KEY
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return bytes.fromhex(path.read_text(encoding="ascii").strip())
    key = secrets.token_bytes(32)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(key.hex())
        out.flush()
        os.fsync(out.fileno())
    return key


def _digest(key: bytes, salt: str, text: str) -> str:
    return hmac.new(key, f"{salt}:{text}".encode(), hashlib.sha256).hexdigest()
