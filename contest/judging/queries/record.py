"""The record behind the scorecards: what was saved when, receipts, and papers that came too late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select

from contest.accounts.models import User
from contest.editions.models import Edition, Round
from contest.editions.rules import LocalText
from contest.infra.db import db
from contest.infra.signing import fingerprint
from contest.judging.events import ScoreEvent, first_broken, receipt_of
from contest.judging.marks import mark_texts
from contest.judging.models import Assignment, Judge, LatePaper, Scorecard, ScoreEventRow
from contest.judging.papers import PaperFacts, PaperState, Sheet, state_of
from contest.judging.queries.desk import EVENT_COLUMNS, paper_of, sheet_of
from contest.judging.states import LateCause, LateState, ScorecardStatus
from contest.submissions.models import Submission


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A scorecard of a round as the organiser lists it; `receipt` is empty unless it is handed in."""

    public_id: str
    judge: str
    judge_code: str
    submission: str
    title: str
    state: PaperState
    version: int
    updated_at: datetime
    receipt: str


_LAST = (
    select(ScoreEventRow.digest)
    .where(ScoreEventRow.assignment_id == Assignment.id)
    .order_by(ScoreEventRow.version.desc())
    .limit(1)
    .correlate(Assignment)
    .scalar_subquery()
)
_LINE: Select[Any] = (
    select(
        Assignment.public_id,
        Judge.name.label("judge"),
        Judge.code.label("judge_code"),
        Submission.code.label("submission"),
        Submission.title,
        Scorecard.status,
        Scorecard.version,
        Scorecard.updated_at,
        _LAST.label("digest"),
    )
    .join(Judge, Judge.id == Assignment.judge_id)
    .join(Submission, Submission.id == Assignment.submission_id)
    .join(Scorecard, Scorecard.assignment_id == Assignment.id)
)


def _line(row: Row[Any]) -> RecordLine:
    handed_in = row.status is ScorecardStatus.SUBMITTED and row.digest
    return RecordLine(
        public_id=row.public_id,
        judge=row.judge,
        judge_code=row.judge_code,
        submission=row.submission,
        title=row.title,
        state=state_of(row.status),
        version=row.version,
        updated_at=row.updated_at,
        receipt=receipt_of(row.digest) if handed_in else "",
    )


def record_of(round_id: int) -> tuple[RecordLine, ...]:
    """Return the scorecards of a round, by submission and judge, in one query."""
    rows = db.session.execute(
        _LINE.where(Assignment.round_id == round_id).order_by(Submission.code, Judge.code, Assignment.id)
    )
    return tuple(map(_line, rows))


@dataclass(frozen=True, slots=True)
class History:
    """All events of one scorecard in order, the names of who acted, and whether everything fits.

    `broken` is the version of the first event that does not fit its fingerprint; `agrees` tells that the scorecard
    holds the marks of its last event.
    """

    paper: PaperFacts
    sheet: Sheet
    judge: str
    events: tuple[ScoreEvent, ...]
    people: Mapping[int, str]
    broken: int | None
    agrees: bool


def history_of(edition_id: int, public_id: str) -> History | None:
    """Return the history of a paper's scorecard in four queries; None when the edition has no such paper."""
    paper = paper_of(edition_id, public_id)
    if paper is None:
        return None
    events = events_of(paper.id, paper.public_id)
    sheet = sheet_of(paper.round)
    actors = {event.actor_id for event in events}
    people = db.session.execute(select(User.id, User.name).where(User.id.in_(actors))).all()
    judge = db.session.scalars(select(Judge.name).where(Judge.id == paper.judge_id)).one()
    return History(
        paper=paper,
        sheet=sheet,
        judge=judge,
        events=events,
        people={row.id: row.name for row in people},
        broken=first_broken(events, fingerprint),
        agrees=not events or dict(events[-1].marks) == mark_texts(sheet, paper.points(sheet)),
    )


def events_of(assignment_id: int, public_id: str) -> tuple[ScoreEvent, ...]:
    """Return the events of a scorecard in the order of their versions; `public_id` names its paper."""
    names = [name for name in EVENT_COLUMNS if name != "assignment_id"]
    rows = db.session.execute(
        select(*(getattr(ScoreEventRow, name) for name in names))
        .where(ScoreEventRow.assignment_id == assignment_id)
        .order_by(ScoreEventRow.version)
    )
    return tuple(
        ScoreEvent(assignment=public_id, **{**row._mapping, "key": row.key or ""})  # noqa: SLF001  its public way
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where a receipt belongs: the paper and the version of its scorecard that it was given for."""

    edition_id: int
    edition: str
    round: str
    assignment: str
    version: int


def receipts_like(start: str, *, edition_id: int | None = None) -> tuple[Receipt, ...]:
    """Return the scorecards handed in whose fingerprint begins with `start` (see `events.digest_start`), by event."""
    chosen = (
        select(Round.edition_id, Edition.code, Round.code.label("round"), Assignment.public_id, ScoreEventRow.version)
        .join(Round, Round.id == ScoreEventRow.round_id)
        .join(Edition, Edition.id == Round.edition_id)
        .join(Assignment, Assignment.id == ScoreEventRow.assignment_id)
        .where(ScoreEventRow.digest.startswith(start, autoescape=True), ScoreEventRow.final)
        .order_by(ScoreEventRow.id)
    )
    if edition_id is not None:
        chosen = chosen.where(Round.edition_id == edition_id)
    return tuple(Receipt(*row) for row in db.session.execute(chosen))


@dataclass(frozen=True, slots=True)
class Late:
    """What could not be stored, as typed; `assignment` is the public id of its paper, empty once that is taken away."""

    public_id: str
    round_id: int
    assignment: str
    judge_user_id: int
    judge: str
    submission: str
    title: str
    round: LocalText
    round_code: str
    version: int
    submit: bool
    marks: Mapping[str, str]
    feedback: str
    private_note: str
    started_at: datetime | None
    received_at: datetime
    state: LateState
    decided_at: datetime | None
    decision: str
    cause: LateCause = LateCause.CLOSED


_LATE_COLUMNS: tuple[Any, ...] = (
    LatePaper,
    Assignment.public_id.label("assignment"),
    func.coalesce(Judge.name, User.name).label("judge"),
    Submission.code,
    Submission.title,
    Round.name_vi,
    Round.name_en,
    Round.code.label("round_code"),
)
_LATE: Select[Any] = (
    select(*_LATE_COLUMNS)
    .join(Round, Round.id == LatePaper.round_id)
    .join(Submission, Submission.id == LatePaper.submission_id)
    .join(User, User.id == LatePaper.actor_id)
    .outerjoin(Assignment, Assignment.id == LatePaper.assignment_id)
    .outerjoin(Judge, (Judge.edition_id == Round.edition_id) & (Judge.user_id == LatePaper.actor_id))
)


def late_papers_of(round_id: int) -> tuple[Late, ...]:
    """Return the late papers of a round, those that wait first, in one query."""
    rows = db.session.execute(_LATE.where(LatePaper.round_id == round_id).order_by(LatePaper.id)).all()
    return tuple(sorted(map(_late, rows), key=lambda one: one.state is not LateState.OFFERED))


def late_paper_of(edition_id: int, public_id: str) -> Late | None:
    """Return one late paper of an edition, whoever asks."""
    row = db.session.execute(
        _LATE.where(Round.edition_id == edition_id, LatePaper.public_id == public_id)
    ).one_or_none()
    return None if row is None else _late(row)


def _late(row: Row[Any]) -> Late:
    late: LatePaper = row.LatePaper
    return Late(
        public_id=late.public_id,
        round_id=late.round_id,
        assignment=row.assignment or "",
        judge_user_id=late.actor_id,
        judge=row.judge,
        submission=row.code,
        title=row.title,
        round=LocalText(row.name_vi, row.name_en),
        round_code=row.round_code,
        version=late.version,
        submit=late.submit,
        marks=late.marks,
        feedback=late.feedback,
        private_note=late.private_note,
        started_at=late.started_at,
        received_at=late.received_at,
        state=late.state,
        decided_at=late.decided_at,
        decision=late.decision,
        cause=late.cause,
    )
