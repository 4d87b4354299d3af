"""The invented teams and judges of a rehearsal as rows: with accounts that reach nothing else."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime

from contest.accounts.models import Membership
from contest.accounts.roles import Role
from contest.accounts.services import invent_people
from contest.editions.parts import PartKind
from contest.editions.queries import fields_of, parts_of, tracks_of
from contest.home.rehearsal.chance import Wish
from contest.home.rehearsal.names import MARK, InventedJudge, InventedTeam, invent_judges, invent_teams
from contest.infra.db import db
from contest.judging.models import Judge
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import PartAnswer, Submission, Team, TeamMember

SHORT_ANSWER = f"{MARK}. Câu trả lời bịa để diễn tập."
SHORT_LINK = "https://example.org/test"  # reserved by RFC 2606: nobody's page


@dataclass(frozen=True, slots=True)
class Entrants:
    """Who was invented, by the row ids of submissions and judges; `tracks` holds each submission's track id."""

    teams: dict[int, InventedTeam]
    tracks: dict[int, int | None]
    judges: dict[int, InventedJudge]


def add_entrants(edition_id: int, wish: Wish, chance: random.Random, now: datetime) -> Entrants:
    """Write `wish.teams` teams per track, each with a submitted submission, and `wish.judges` judges."""
    tracks: list[int | None] = [row.id for row in tracks_of(edition_id)]
    places = [track for track in tracks or [None] for _ in range(wish.teams)]
    teams = invent_teams(chance, len(places))
    submissions = _add_teams(edition_id, teams, places, chance, now)
    judges = invent_judges(chance, wish.judges)
    judge_ids = _add_judges(edition_id, judges, chance, now)
    return Entrants(
        teams=dict(zip(submissions, teams, strict=True)),
        tracks=dict(zip(submissions, places, strict=True)),
        judges=dict(zip(judge_ids, judges, strict=True)),
    )


def _add_teams(
    edition_id: int, teams: list[InventedTeam], places: list[int | None], chance: random.Random, now: datetime
) -> list[int]:
    captains = invent_people(names=[team.captain for team in teams], rehearsal_id=edition_id, now=now)
    fields: list[int | None] = [row.id for row in fields_of(edition_id)]
    rows = []
    for number, (team, track, captain) in enumerate(zip(teams, places, captains, strict=True), start=1):
        owner = _team(edition_id, team, captain.id, now)
        rows.append(_submission(edition_id, owner, number, team, now))
        rows[-1].track_id, rows[-1].field_id = track, chance.choice(fields or [None])
        db.session.add(Membership(user_id=captain.id, edition_id=edition_id, role=Role.CAPTAIN))
    db.session.add_all(rows)
    db.session.flush()  # the ids are needed for answers and marks
    _add_answers(edition_id, rows)
    return [row.id for row in rows]


def _team(edition_id: int, team: InventedTeam, captain_id: int, now: datetime) -> Team:
    people = (team.captain, *team.members)
    return Team(
        edition_id=edition_id,
        captain_id=captain_id,
        name=team.name,
        school=team.school,
        mentor_name=team.mentor,
        created_at=now,
        members=[TeamMember(name=name, position=place) for place, name in enumerate(people, start=1)],
    )


def _submission(edition_id: int, owner: Team, number: int, team: InventedTeam, now: datetime) -> Submission:
    return Submission(
        edition_id=edition_id,
        team=owner,
        code=f"{MARK}-{number:03d}",
        title=team.title,
        summary=team.summary,
        status=SubmissionStatus.SUBMITTED,
        created_at=now,
        updated_at=now,
        submitted_at=now,
    )


def _add_answers(edition_id: int, submissions: list[Submission]) -> None:
    texts = {PartKind.TEXT: SHORT_ANSWER, PartKind.LINK: SHORT_LINK}
    written = {part_id: texts[part.kind] for part_id, part in parts_of(edition_id).items() if part.kind in texts}
    db.session.add_all(
        PartAnswer(submission_id=row.id, part_id=part_id, text=text)
        for row in submissions
        for part_id, text in written.items()
    )


def _add_judges(edition_id: int, judges: list[InventedJudge], chance: random.Random, now: datetime) -> list[int]:
    people = invent_people(names=[judge.name for judge in judges], rehearsal_id=edition_id, now=now)
    known = [row.code for row in fields_of(edition_id)]
    rows = [
        Judge(
            edition_id=edition_id,
            user_id=person.id,
            code=f"{MARK}-GK{number}",
            name=judge.name,
            organisation=judge.organisation,
            fields=";".join(chance.sample(known, min(2, len(known)))),
        )
        for number, (person, judge) in enumerate(zip(people, judges, strict=True), start=1)
    ]
    db.session.add_all(rows)
    db.session.add_all(Membership(user_id=one.id, edition_id=edition_id, role=Role.JUDGE) for one in people)
    db.session.flush()  # the ids are needed for assignments
    return [row.id for row in rows]


def seat_the_chair(edition_id: int, entrants: Entrants) -> None:
    """Let the first invented judge chair the jury."""
    first = db.session.get_one(Judge, next(iter(entrants.judges)))
    db.session.add(Membership(user_id=first.user_id, edition_id=edition_id, role=Role.CHAIR))
