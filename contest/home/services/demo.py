"""Seed the demo edition."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from contest.accounts.models import Membership, User
from contest.accounts.roles import Role
from contest.accounts.services import create_user, grant_role
from contest.editions.models import Edition, Part
from contest.exchange.services import load_bundle
from contest.home.demo.edition import CODE, PLAN, demo_bundle
from contest.home.demo.ideas import IDEAS
from contest.infra.db import db
from contest.judging.models import Judge
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import PartAnswer, Submission, Team

ORGANISER, SECRETARY = "Hoàng Thị Ban Mai", "Dương Khắc Thư"


def seed_demo(*, now: datetime) -> int:
    """Create the demo edition with its people and return its id; nobody gets a password.

    Raises `RuleBroken` when an edition of its code exists.
    """
    organiser = create_user(name=ORGANISER, now=now)
    edition_id = load_bundle(demo_bundle(now), actor_id=organiser.id, now=now)
    db.session.execute(update(Edition).where(Edition.id == edition_id).values(is_test=True))
    secretary = create_user(name=SECRETARY, now=now)
    for person, role in ((organiser, Role.ORGANISER), (secretary, Role.SECRETARY)):
        grant_role(user_id=person.id, edition_id=edition_id, role=role, actor_id=None, now=now)
    _add_captains(edition_id, now)
    _add_plans(edition_id)
    first_judge = db.session.scalars(
        select(Judge.user_id).where(Judge.edition_id == edition_id).order_by(Judge.code).limit(1)
    ).one()
    grant_role(user_id=first_judge, edition_id=edition_id, role=Role.CHAIR, actor_id=None, now=now)
    return edition_id


def _add_captains(edition_id: int, now: datetime) -> None:
    teams = {team.name: team for team in db.session.scalars(select(Team).where(Team.edition_id == edition_id))}
    captains = [(teams[idea.team], User(name=idea.captain, created_at=now)) for idea in IDEAS]
    db.session.add_all(user for _team, user in captains)
    db.session.flush()  # the ids are needed for teams and roles
    for team, user in captains:
        team.captain_id = user.id
        db.session.add(Membership(user_id=user.id, edition_id=edition_id, role=Role.CAPTAIN))


def _add_plans(edition_id: int) -> None:
    part_id = db.session.scalars(select(Part.id).where(Part.edition_id == edition_id, Part.code == PLAN)).one()
    submitted = db.session.scalars(
        select(Submission).where(Submission.edition_id == edition_id, Submission.status == SubmissionStatus.SUBMITTED)
    )
    plans = {idea.title: idea.plan for idea in IDEAS}
    db.session.add_all(
        PartAnswer(submission_id=submission.id, part_id=part_id, text=plans[submission.title])
        for submission in submitted
    )


def demo_exists() -> bool:
    """Tell whether an edition of the demo's code is there."""
    return db.session.scalar(select(Edition.id).where(Edition.code == CODE)) is not None
