"""Which judges must not see which submissions: found in the data, or declared by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from contest.accounts.models import User
from contest.editions.models import Field
from contest.infra.db import db
from contest.infra.signing import fingerprint
from contest.judging.affinity import words_of
from contest.judging.conflicts import ConflictReason, JudgeFacts, SubmissionFacts, find_conflicts
from contest.judging.models import Conflict, DismissedFinding, Judge, Sponsorship, UnitAlias
from contest.judging.queries.panel import PanelJudge
from contest.judging.states import Party
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
    track_id: int | None = None


@dataclass(frozen=True, slots=True)
class Declaration:
    """One party's word about a pair; `by` and `at` are unknown for one that came in a file."""

    party: Party
    kind: ConflictReason
    note: str = ""
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What agrees, or is much alike, in the data of a pair; `digest` names the evidence for good."""

    reason: ConflictReason
    mine: str
    theirs: str
    alike: bool
    digest: str


@dataclass(frozen=True, slots=True)
class PairConflict:
    """Why a pair is barred: what was declared, by whom, and what was found in the data and not dismissed."""

    declarations: tuple[Declaration, ...] = ()
    findings: tuple[Finding, ...] = ()
    sponsor: str = ""

    @property
    def reasons(self) -> frozenset[ConflictReason]:
        """Every reason."""
        sponsor = {ConflictReason.SPONSOR} if self.sponsor else set()
        return frozenset({one.kind for one in self.declarations} | {one.reason for one in self.findings} | sponsor)

    @property
    def declared(self) -> bool:
        """Whether somebody declared it; only then it can be taken back."""
        return bool(self.declarations)

    @property
    def unconfirmed(self) -> bool:
        """Whether it rests on look-alikes only, so that somebody should look."""
        return not self.declarations and not self.sponsor and all(one.alike for one in self.findings)


_COLUMNS: tuple[Any, ...] = (
    Submission.id,
    Submission.public_id,
    Submission.code,
    Submission.title,
    Submission.team_id,
    Submission.track_id,
    Team.name.label("team"),
    Team.school,
    Team.email,
    Team.phone,
    Team.mentor_name,
    Team.mentor_email,
    Team.mentor_phone,
    Team.mentor_school,
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
    members: dict[int, list[Any]] = defaultdict(list)
    teams = select(Submission.team_id).where(*submitted)
    for person in db.session.execute(
        select(TeamMember.team_id, TeamMember.name, TeamMember.school)
        .where(TeamMember.team_id.in_(teams))
        .order_by(TeamMember.position)
    ):
        members[person.team_id].append(person)
    lines = (_line(row, members[row.team_id]) for row in rows)
    return tuple(sorted(lines, key=lambda line: (natural_key(line.code), line.id)))


def _line(row: Row[Any], members: Sequence[Any]) -> SubmissionLine:
    people = SubmissionFacts(
        members=tuple(filter(None, (row.captain, *(one.name for one in members)))),
        emails=tuple(filter(None, (row.email, row.captain_email))),
        phones=tuple(filter(None, (row.phone, row.captain_phone))),
        mentor=row.mentor_name,
        mentor_email=row.mentor_email,
        mentor_phone=row.mentor_phone,
        school=row.school,
        other_schools=tuple(filter(None, (row.mentor_school, *(one.school for one in members)))),
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
        track_id=row.track_id,
    )


def conflicts_between(
    edition_id: int, judges: Sequence[PanelJudge], submissions: Sequence[SubmissionLine], *, round_id: int | None = None
) -> Mapping[IdPair, PairConflict]:
    """Return every barred (submission id, judge id) among these, found or declared, in four queries.

    A sponsor's judge is barred from everything outside the round and track of the sponsor's prize; without `round_id`
    from everything.
    """
    found = findings_between(edition_id, judges, submissions)
    declared = declarations_of(edition_id)
    confined = _confined(edition_id, judges, submissions, round_id)
    known = {(line.id, judge.id) for line in submissions for judge in judges} & declared.keys()
    return {
        pair: PairConflict(declared.get(pair, ()), found.get(pair, ()), confined.get(pair, ""))
        for pair in sorted(found.keys() | known | confined.keys())
    }


def findings_between(
    edition_id: int, judges: Sequence[PanelJudge], submissions: Sequence[SubmissionLine]
) -> Mapping[IdPair, tuple[Finding, ...]]:
    """Return what the data give away and nobody has dismissed, by (submission id, judge id), in two queries."""
    dismissed = _dismissed(edition_id)
    found: dict[IdPair, list[Finding]] = defaultdict(list)
    people = [line.people for line in submissions]
    for one in find_conflicts([facts_of(judge) for judge in judges], people, aliases=aliases_of(edition_id)):
        pair = submissions[one.submission].id, judges[one.judge].id
        digest = fingerprint(one.evidence)
        if (*pair, digest) not in dismissed:
            found[pair].append(Finding(one.reason, one.mine, one.theirs, one.alike, digest))
    return {pair: tuple(each) for pair, each in found.items()}


def facts_of(judge: PanelJudge) -> JudgeFacts:
    """Return what is compared of a judge: also the second e-mail and phone, those that the account signs in with."""
    return JudgeFacts(
        name=judge.name,
        emails=_given(judge.email, judge.account_email),
        phones=_given(judge.phone, judge.account_phone),
        organisation=judge.organisation,
    )


def _given(*texts: str) -> tuple[str, ...]:
    return tuple(filter(None, texts))


def declarations_of(edition_id: int) -> Mapping[IdPair, tuple[Declaration, ...]]:
    """Return what was declared, by (submission id, judge id), in one query."""
    rows = db.session.execute(
        select(
            *(Conflict.submission_id, Conflict.judge_id, Conflict.party, Conflict.kind, Conflict.reason),
            *(Conflict.declared_at, User.name),
        )
        .join(Judge, Judge.id == Conflict.judge_id)
        .outerjoin(User, User.id == Conflict.declared_by)
        .where(Judge.edition_id == edition_id)
        .order_by(Conflict.id)
    )
    found: dict[IdPair, list[Declaration]] = defaultdict(list)
    for row in rows:
        one = Declaration(row.party, row.kind, row.reason, row.name or "", row.declared_at)
        found[row.submission_id, row.judge_id].append(one)
    return {pair: tuple(each) for pair, each in found.items()}


def aliases_of(edition_id: int) -> tuple[tuple[str, str], ...]:
    """Return the names that mean one unit, in the order in which they were written down, in one query."""
    rows = db.session.execute(
        select(UnitAlias.name, UnitAlias.other).where(UnitAlias.edition_id == edition_id).order_by(UnitAlias.id)
    )
    return tuple((row.name, row.other) for row in rows)


def _dismissed(edition_id: int) -> frozenset[tuple[int, int, str]]:
    rows = db.session.execute(
        select(DismissedFinding.submission_id, DismissedFinding.judge_id, DismissedFinding.evidence)
        .join(Judge, Judge.id == DismissedFinding.judge_id)
        .where(Judge.edition_id == edition_id)
    )
    return frozenset((row.submission_id, row.judge_id, row.evidence) for row in rows)


def _confined(
    edition_id: int, judges: Sequence[PanelJudge], submissions: Sequence[SubmissionLine], round_id: int | None
) -> Mapping[IdPair, str]:
    """Return the prizes of sponsors by the pairs that they bar."""
    rows = db.session.execute(
        select(Sponsorship.judge_id, Sponsorship.round_id, Sponsorship.track_id, Sponsorship.prize)
        .join(Judge, Judge.id == Sponsorship.judge_id)
        .where(Judge.edition_id == edition_id)
    ).all()
    here = {judge.id for judge in judges}
    return {
        (line.id, row.judge_id): row.prize
        for row in rows
        if row.judge_id in here
        for line in submissions
        if row.round_id != round_id or row.track_id not in (None, line.track_id)
    }


def named_by_team(submission_id: int) -> tuple[tuple[int, ConflictReason, str], ...]:
    """Return (judge id, kind, reason) of the judges whom a team named, in one query."""
    rows = db.session.execute(
        select(Conflict.judge_id, Conflict.kind, Conflict.reason)
        .where(Conflict.submission_id == submission_id, Conflict.party == Party.TEAM)
        .order_by(Conflict.id)
    )
    return tuple((row.judge_id, row.kind, row.reason) for row in rows)
