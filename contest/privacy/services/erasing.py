"""Erase a person: rows, files and what was drawn of them, words beside the trail, and the bytes on the disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, func, select, update

from contest.accounts.models import User
from contest.errors import NotFound, RuleBroken
from contest.infra import audit
from contest.infra.cache import clear_all
from contest.infra.db import db
from contest.infra.erasing import erase_file
from contest.infra.storage import Storage
from contest.infra.types import public_id
from contest.privacy.models import Erasure
from contest.privacy.persons import Subject
from contest.privacy.queries.people import person_of
from contest.privacy.queries.plan import Plan, plan_of
from contest.privacy.services.tombstones import Tombstone, bury, stones, subjects_under

ALIAS = "Ẩn danh"
TURN = 0x65726173
"""The number of the lock that processes take turns by."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What was done, and the stored files to delete once it is committed."""

    alias: str
    counts: dict[str, int]
    files: tuple[str, ...]


def erase(subject: Subject, *, folder: Path, actor_id: int | None, now: datetime, naming: Sequence[str] = ()) -> Erased:
    """Erase a person in the running unit of work, after writing them into the list of tombstones.

    The list is written first: an erasure whose transaction was lost is carried out when the next process starts.
    `naming` are the files of the team that name the person: they stay, and are listed for the committee.
    Marks, ranks and the team's name stay; where the person was named stands an alias. The caller deletes the files with
    `finish` after the commit. Raises `NotFound`, `RuleBroken` "erase_yourself" or "erase_administrator".
    """
    person = person_of(subject)
    if not person.known:
        raise NotFound
    if actor_id in person.users:
        raise RuleBroken("erase_yourself")
    if db.session.scalar(select(User.id).where(User.id.in_(person.users), User.is_admin)) is not None:
        raise RuleBroken("erase_administrator")
    alias = f"{ALIAS} {public_id(4).upper()}"
    stone = bury(folder, person, alias=alias, now=now)
    plan = plan_of(person, alias)
    done = Erased(alias, _carry_out(plan), tuple(sorted(plan.files)))
    _note(stone, done.counts, actor_id, now, naming)
    return done


def _carry_out(plan: Plan) -> dict[str, int]:
    """Do what the plan says and return its counts."""
    counts = plan.counts
    changing = [update(one.table).where(one.where).values(**one.values) for one in plan.changes]
    for statement in (*changing, *(delete(table).where(where) for table, where in plan.gone)):
        db.session.execute(statement, execution_options={"synchronize_session": False})
    db.session.expire_all()
    return counts


def _note(
    stone: Tombstone, counts: dict[str, int], actor_id: int | None, now: datetime, naming: Sequence[str] = ()
) -> None:
    row = Erasure(token=stone.token, at=now, actor_id=actor_id, alias=stone.alias, counts=counts, files=list(naming))
    db.session.add(row)
    audit.record(
        at=now,
        actor_id=actor_id,
        scope="accounts",
        action="person.erased",
        subject=f"erasure:{stone.token}",
        counts=counts,
    )


def finish(erased: Iterable[Erased], *, storage: Storage, data_dir: str | Path) -> None:
    """Delete the files of erased people with the pictures of their pages, and forget what the process has cached."""
    for one in erased:
        for key in one.files:
            erase_file(storage, key, data_dir=data_dir)
    clear_all()


def pending(folder: Path) -> tuple[Tombstone, ...]:
    """Return the tombstones that this database has not seen: it is older than the list."""
    listed = tuple(stones(folder))
    seen = set(db.session.scalars(select(Erasure.token))) if listed else set()
    return tuple(one for one in listed if one.token not in seen)


def reapply(*, folder: Path, now: datetime) -> list[Erased]:
    """Erase again, in the running unit of work, whom the list names and this database still knows.

    Each line is worked off once: somebody who comes later is not taken for somebody who was erased.
    """
    if (
        db.engine.dialect.name == "postgresql"
    ):  # two processes may start at once; SQLite has one writer at a time anyway
        db.session.execute(select(func.pg_advisory_xact_lock(TURN)))
    done: list[Erased] = []
    for stone in pending(folder):
        counts: Counter[str] = Counter()
        for person in map(person_of, subjects_under(folder, stone)):
            if person.known:
                plan = plan_of(person, stone.alias)
                done.append(Erased(stone.alias, _carry_out(plan), tuple(sorted(plan.files))))
                counts.update(done[-1].counts)
        _note(stone, dict(counts), None, now)
    return done
