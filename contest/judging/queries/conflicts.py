"""Which judges must not see which submissions: found in the data, or declared by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from contest.accounts.models import User
from contest.editions.models import Field
from contest.infra.db import db
from contest.judging.affinity import words_of
from contest.judging.conflicts import ConflictReason, JudgeFacts, SubmissionFacts, find_conflicts
from contest.judging.models import Conflict, Judge
from contest.judging.queries.panel import PanelJudge
from contest.letters import natural_key
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission, Team, TeamMember

IdPair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SubmissionLine:
    """A submitted submission as the committee assigns it; `people` is for finding conflicts, `subject` for affinity."""

    id: int
    public_id: str
    code: str
    title: str
    team: str
    school: str
    subject: frozenset[str]
    people: SubmissionFacts


@dataclass(frozen=True, slots=True)
class PairConflict:
    """Why a pair is barred: every reason found, and the words of the one declared, if there is one."""

    reasons: frozenset[ConflictReason]
    note: str = ""

    @property
    def declared(self) -> bool:
        """Whether somebody declared it; only then it can be taken back."""
        return ConflictReason.DECLARED in self.reasons


_COLUMNS: tuple[Any, ...] = (
    Submission.id,
    Submission.public_id,
    Submission.code,
    Submission.title,
    Submission.team_id,
    Team.name.label("team"),
    Team.school,
    Team.email,
    Team.phone,
    Team.mentor_name,
    Team.mentor_email,
    Team.mentor_phone,
    User.name.label("captain"),
    User.email.label("captain_email"),
    User.phone.label("captain_phone"),
    Field.code.label("field_code"),
    Field.name_vi,
    Field.name_en,
)


def submission_lines(edition_id: int) -> tuple[SubmissionLine, ...]:
    """Return the submitted submissions of an edition by code, in two queries."""
    submitted = (Submission.edition_id == edition_id, Submission.status == SubmissionStatus.SUBMITTED)
    rows = db.session.execute(
        select(*_COLUMNS)
        .join(Team, Team.id == Submission.team_id)
        .outerjoin(User, User.id == Team.captain_id)
        .outerjoin(Field, Field.id == Submission.field_id)
        .where(*submitted)
    ).all()
    members: dict[int, list[str]] = defaultdict(list)
    teams = select(Submission.team_id).where(*submitted)
    for person in db.session.execute(
        select(TeamMember.team_id, TeamMember.name).where(TeamMember.team_id.in_(teams)).order_by(TeamMember.position)
    ):
        members[person.team_id].append(person.name)
    lines = (_line(row, members[row.team_id]) for row in rows)
    return tuple(sorted(lines, key=lambda line: (natural_key(line.code), line.id)))


def _line(row: Row[Any], members: Sequence[str]) -> SubmissionLine:
    people = SubmissionFacts(
        members=tuple(filter(None, (row.captain, *members))),
        emails=tuple(filter(None, (row.email, row.captain_email))),
        phones=tuple(filter(None, (row.phone, row.captain_phone))),
        mentor=row.mentor_name,
        mentor_email=row.mentor_email,
        mentor_phone=row.mentor_phone,
        school=row.school,
    )
    return SubmissionLine(
        id=row.id,
        public_id=row.public_id,
        code=row.code,
        title=row.title,
        team=row.team,
        school=row.school,
        subject=words_of(*filter(None, (row.field_code, row.name_vi, row.name_en))),
        people=people,
    )


def conflicts_between(
    edition_id: int, judges: Sequence[PanelJudge], submissions: Sequence[SubmissionLine]
) -> Mapping[IdPair, PairConflict]:
    """Return every barred (submission id, judge id) among these, found or declared, in one query."""
    notes = _declared(edition_id)
    place = {judge.id: position for position, judge in enumerate(judges)}
    seat = {line.id: position for position, line in enumerate(submissions)}
    declared = [
        (place[judge_id], seat[submission_id])
        for submission_id, judge_id in notes
        if judge_id in place and submission_id in seat
    ]
    found: dict[IdPair, set[ConflictReason]] = defaultdict(set)
    people = [line.people for line in submissions]
    for one in find_conflicts([_facts(judge) for judge in judges], people, declared):
        found[submissions[one.submission].id, judges[one.judge].id].add(one.reason)
    return {pair: PairConflict(frozenset(reasons), notes.get(pair, "")) for pair, reasons in found.items()}


def _facts(judge: PanelJudge) -> JudgeFacts:
    return JudgeFacts(
        name=judge.name,
        emails=_given(judge.email, judge.account_email),
        phones=_given(judge.phone, judge.account_phone),
        organisation=judge.organisation,
    )


def _given(*texts: str) -> tuple[str, ...]:
    return tuple(filter(None, texts))


def _declared(edition_id: int) -> Mapping[IdPair, str]:
    rows: Iterable[Row[Any]] = db.session.execute(
        select(Conflict.submission_id, Conflict.judge_id, Conflict.reason)
        .join(Judge, Judge.id == Conflict.judge_id)
        .where(Judge.edition_id == edition_id)
    )
    return {(row.submission_id, row.judge_id): row.reason for row in rows}
