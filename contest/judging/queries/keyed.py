"""Score sheets on paper: which there are in a round, and what was typed from them."""

from __future__ import annotations

from sqlalchemy import Row, func, select
from sqlalchemy.orm import aliased

from contest.accounts.models import User
from contest.infra.db import db
from contest.judging.keyed import KeyedFacts, SheetLine
from contest.judging.models import Assignment, Conflict, Judge, KeyedPaper, Scorecard
from contest.judging.papers import state_of
from contest.letters import natural_key
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission

_Typist, _Decider = aliased(User), aliased(User)
_LAST = (
    select(func.max(KeyedPaper.id)).where(KeyedPaper.assignment_id == Assignment.id).correlate(Assignment)
).scalar_subquery()
_KEYED = (
    select(KeyedPaper, _Typist.name.label("typist"), _Decider.name.label("decider"))
    .join(_Typist, _Typist.id == KeyedPaper.keyed_by)
    .outerjoin(_Decider, _Decider.id == KeyedPaper.decided_by)
    .order_by(KeyedPaper.id)
)


def keyed_of(assignment_id: int) -> tuple[KeyedFacts, ...]:
    """Return what was typed from the sheet of an assignment, the oldest first, in one query."""
    return tuple(map(_facts, db.session.execute(_KEYED.where(KeyedPaper.assignment_id == assignment_id))))


def _facts(row: Row[KeyedPaper, str, str]) -> KeyedFacts:
    one: KeyedPaper = row.KeyedPaper
    return KeyedFacts(
        id=one.id,
        state=one.state,
        rubric_version=one.rubric_version,
        marks=dict(one.marks),
        feedback=one.feedback,
        photo_key=one.photo_key,
        keyed_at=one.keyed_at,
        keyed_by=one.keyed_by,
        keyed_by_name=row.typist,
        decided_at=one.decided_at,
        decided_by_name=row.decider or "",
        decision=one.decision,
    )


def sheet_lines(round_id: int) -> tuple[SheetLine, ...]:
    """Return the sheets of a round by judge and submission, in one query; none against a declared conflict."""
    conflicted = (
        select(Conflict.id)
        .where(Conflict.judge_id == Assignment.judge_id, Conflict.submission_id == Assignment.submission_id)
        .correlate(Assignment)
        .exists()
    )
    rows = db.session.execute(
        select(
            Assignment.public_id,
            Judge.code.label("judge_code"),
            Judge.name.label("judge_name"),
            Judge.user_id,
            Submission.code,
            Submission.title,
            Scorecard.status,
            KeyedPaper.state,
            KeyedPaper.keyed_by,
            _Typist.name.label("typist"),
        )
        .join(Judge, Judge.id == Assignment.judge_id)
        .join(Submission, Submission.id == Assignment.submission_id)
        .outerjoin(Scorecard, Scorecard.assignment_id == Assignment.id)
        .outerjoin(KeyedPaper, KeyedPaper.id == _LAST)
        .outerjoin(_Typist, _Typist.id == KeyedPaper.keyed_by)
        .where(Assignment.round_id == round_id, Submission.status == SubmissionStatus.SUBMITTED, ~conflicted)
    )
    lines = (
        SheetLine(
            public_id=row.public_id,
            judge_code=row.judge_code,
            judge_name=row.judge_name,
            judge_user_id=row.user_id,
            code=row.code,
            title=row.title,
            state=state_of(row.status),
            keyed=row.state,
            keyed_by=row.keyed_by,
            keyed_by_name=row.typist or "",
        )
        for row in rows
    )
    return tuple(sorted(lines, key=lambda one: (natural_key(one.judge_code), natural_key(one.code))))
