"""Reads for the front door."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from contest.accounts.models import Membership, User
from contest.accounts.roles import Role
from contest.editions.facts import EditionFacts
from contest.editions.models import Edition, Round
from contest.editions.queries import editions_by_ids, rehearsal_of
from contest.infra.db import db
from contest.judging.models import Assignment, Judge, Scorecard
from contest.submissions.models import Team


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be given a way in."""

    user_id: int
    name: str
    role: Role
    edition_id: int


def count_editions() -> int:
    """Return how many editions there are."""
    return db.session.scalar(select(func.count()).select_from(Edition)) or 0


def demo_people() -> list[Person]:
    """Return one organiser, judge and captain of the newest demo edition; empty when there is none."""
    demos = select(Edition.id).where(Edition.is_test, Edition.rehearsal_of_id.is_(None))
    edition_id = db.session.scalar(demos.order_by(Edition.id.desc()).limit(1))
    if edition_id is None:
        return []
    rows = db.session.execute(
        select(User.id, User.name, Membership.role)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.edition_id == edition_id, Membership.role.in_((Role.ORGANISER, Role.JUDGE, Role.CAPTAIN)))
        .order_by(Membership.id)
    )
    first: dict[Role, Person] = {}
    for user_id, name, role in rows:
        first.setdefault(role, Person(user_id, name, role, edition_id))
    return [first[role] for role in (Role.ORGANISER, Role.JUDGE, Role.CAPTAIN) if role in first]


@dataclass(frozen=True, slots=True)
class RehearsalFacts:
    """A rehearsal with what is in it, and the edition that it rehearses."""

    edition: EditionFacts
    original: EditionFacts
    teams: int
    judges: int
    scorecards: int


def rehearsal_facts(edition: EditionFacts) -> RehearsalFacts | None:
    """Return the rehearsal that an edition is or has, in three queries; none when there is neither."""
    rehearsal = edition if edition.is_rehearsal else rehearsal_of(edition.id)
    if rehearsal is None or rehearsal.rehearsal_of_id is None:
        return None
    original = edition if rehearsal is not edition else editions_by_ids([rehearsal.rehearsal_of_id])[0]
    papers = select(func.count()).select_from(Scorecard).join(Assignment).join(Round)
    counts = db.session.execute(
        select(
            select(func.count()).where(Team.edition_id == rehearsal.id).scalar_subquery(),
            select(func.count()).where(Judge.edition_id == rehearsal.id).scalar_subquery(),
            papers.where(Round.edition_id == rehearsal.id).scalar_subquery(),
        )
    ).one()
    return RehearsalFacts(rehearsal, original, *counts)
