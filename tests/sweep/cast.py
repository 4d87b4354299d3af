"""More people for the world: those in two roles at once, those with a stake, and those whose account is closed."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask
from sqlalchemy import select

from contest.accounts import services as accounts
from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.editions.models import Edition, Round
from contest.infra.db import db, unit_of_work
from contest.judging.models import Conflict, Judge
from contest.judging.states import ScorecardStatus
from contest.submissions.models import Submission, Team
from tests.factories import NOON
from tests.sweep.world import World

# Who they are beside their name: a second role, or nothing but it.
HELD = {
    "member": (Role.MEMBER,),
    "mentor": (Role.MENTOR,),
    "organiser who judges": (Role.ORGANISER, Role.JUDGE),
    "organiser who mentors": (Role.ORGANISER, Role.MENTOR),
    "organiser who leads a team": (Role.ORGANISER, Role.CAPTAIN),
    "judge who observes": (Role.JUDGE, Role.OBSERVER),
    "closed account": (Role.ORGANISER,),
    "second judge": (Role.JUDGE,),
    "barred judge": (Role.JUDGE,),
}
MARKS = [14, 3]
SCORED = (1, 2)
GIVEN = (*SCORED, 3)  # places of the rounds that are scored, closed, open: nothing of them is settled


def join(app: Flask, world: World) -> World:
    """Let them all join the edition of our own, with a session each; return the world with them in it."""
    edition = db.session.scalars(select(Edition).where(Edition.code == world.own.code)).one()
    found = select(Submission).where(Submission.edition_id == edition.id).order_by(Submission.id)
    entries = list(db.session.scalars(found))
    people: dict[str, User] = {}
    for name, roles in HELD.items():
        person = people[name] = world.make.user(f"Anh {name}")
        for role in roles:
            if role is Role.JUDGE:
                _papers(world, edition, world.make.judge(edition, person), entries[:2], barred=name == "barred judge")
            else:
                world.make.member(edition, role, person)
    _stakes(people, entries)
    with unit_of_work() as session:
        made = {name: accounts.start_session(user_id=one.id, device="sweep", now=NOON) for name, one in people.items()}
        session.get_one(User, people["closed account"].id).is_active = False
    ids = {name: one.id for name, one in people.items()}
    own = replace(world.own, people_ids={**world.own.people_ids, **ids})
    return replace(world, own=own, tokens={**world.tokens, **made})


def _papers(world: World, edition: Edition, judge: Judge, entries: list[Submission], *, barred: bool) -> None:
    """Give a judge the first two entries of every round that is not settled, with marks where there are some."""
    rounds = db.session.scalars(select(Round).where(Round.edition_id == edition.id).order_by(Round.position, Round.id))
    for number, round_ in enumerate(rounds.all()):
        for place, entry in enumerate(entries if number in GIVEN else ()):
            paper = world.make.assignment(round_, judge, entry)
            if number in SCORED:
                state = ScorecardStatus.DRAFT if number == 1 else ScorecardStatus.SUBMITTED
                votes = [None] if number == 1 else []  # no judge gives those
                world.make.scorecard(paper, [*(mark + place for mark in MARKS), *votes], state)
    if barred:
        with unit_of_work() as session:
            session.add(Conflict(judge_id=judge.id, submission_id=entries[0].id, reason="Cháu ruột"))


def _stakes(people: dict[str, User], entries: list[Submission]) -> None:
    """Let one organiser mentor the first entry, by address, and another lead the team of the third."""
    with unit_of_work() as session:
        session.get_one(Team, entries[0].team_id).mentor_email = people["organiser who mentors"].email or ""
        session.get_one(Team, entries[2].team_id).captain_id = people["organiser who leads a team"].id
