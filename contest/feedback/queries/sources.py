"""What letters are drafted from: comments of judges to the teams, and the names that they should not hold."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import exists, select

from contest.editions.facts import RoundFacts
from contest.feedback.screening import EntryNames, Known
from contest.infra.db import db
from contest.judging.models import Assignment, Conflict, Judge, Scorecard
from contest.judging.queries.rounds import participants
from contest.judging.states import ScorecardStatus
from contest.submissions.models import Submission, Team, TeamMember


@dataclass(frozen=True, slots=True)
class Source:
    """What a judge wrote to a team; `id` is the scorecard's."""

    id: int
    submission_id: int
    code: str
    text: str


def sources_of(round_: RoundFacts) -> tuple[Source, ...]:
    """Return the comments to the teams on the scorecards that count, never the private notes, in one query."""
    conflicted = exists().where(
        Conflict.judge_id == Assignment.judge_id, Conflict.submission_id == Assignment.submission_id
    )
    rows = db.session.execute(
        select(Scorecard.id, Assignment.submission_id, Submission.code, Scorecard.feedback)
        .join(Assignment, Assignment.id == Scorecard.assignment_id)
        .join(Submission, Submission.id == Assignment.submission_id)
        .where(
            Assignment.round_id == round_.id,
            Scorecard.status == ScorecardStatus.SUBMITTED,
            Scorecard.feedback != "",
            ~conflicted,
        )
        .order_by(Scorecard.id)
    )
    taking_part = set(participants(round_))
    found = (Source(row.id, row.submission_id, row.code, row.feedback.strip()) for row in rows)
    return tuple(one for one in found if one.text and one.submission_id in taking_part)


def known_of(round_: RoundFacts) -> Known:
    """Return the names that a comment should not hold, in three queries."""
    judges = db.session.execute(
        select(Judge.name, Judge.organisation).where(Judge.edition_id == round_.edition_id).order_by(Judge.id)
    ).all()
    people: dict[int, list[str]] = defaultdict(list)
    members = select(TeamMember.team_id, TeamMember.name).join(Team).where(Team.edition_id == round_.edition_id)
    for team_id, name in db.session.execute(members.order_by(TeamMember.id)):
        people[team_id].append(name)
    entries = db.session.execute(
        select(Submission.code, Submission.title, Submission.team_id, Team.name, Team.mentor_name)
        .join(Team, Team.id == Submission.team_id)
        .where(Submission.edition_id == round_.edition_id)
        .order_by(Submission.id)
    )
    return Known(
        judges=tuple(dict.fromkeys(row.name for row in judges)),
        organisations=tuple(dict.fromkeys(row.organisation for row in judges if row.organisation)),
        entries=tuple(
            EntryNames(row.code, row.title, row.name, tuple(filter(None, (*people[row.team_id], row.mentor_name))))
            for row in entries
        ),
    )
