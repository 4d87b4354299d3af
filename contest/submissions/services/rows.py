"""Rows taken for writing, and the checks that every write shares."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from contest.editions.extensions import accepts_late
from contest.editions.models import Edition, Part
from contest.editions.phases import EditionState, Window, window_at
from contest.errors import NotFound, RuleBroken
from contest.infra import audit
from contest.infra.db import db
from contest.submissions.completeness import Content, flaws
from contest.submissions.lifecycle import Act, SubmissionStatus, after
from contest.submissions.models import Submission
from contest.submissions.queries.contents import requirements_of


def locked(submission_id: int) -> Submission:
    """Return the submission, held until the transaction ends; raise `NotFound`."""
    row = db.session.scalar(select(Submission).where(Submission.id == submission_id).with_for_update())
    if row is None:
        raise NotFound
    return row


def locked_for(submission_id: int, act: Act, now: datetime) -> Submission:
    """Return the submission for an act of its team: the state allows it and the window is open at `now`.

    Raises `NotFound`, `RuleBroken` "wrong_status", "submissions_not_open" or "submissions_closed".
    """
    return timed_for(submission_id, act, now)[0]


def timed_for(submission_id: int, act: Act, now: datetime) -> tuple[Submission, datetime | None]:
    """Return what `locked_for` does, and the official deadline when `now` lies behind it, in the minutes of grace.

    They are there to write and to hand in a draft, and for nothing else: what was handed in stays as it was.
    """
    row = locked(submission_id)
    after(row.status, act)
    graced = act in (Act.EDIT, Act.SUBMIT) and row.status is SubmissionStatus.DRAFT
    return row, require_open(row.edition_id, now, graced=graced)


def require_open(edition_id: int, now: datetime, *, graced: bool = False) -> datetime | None:
    """Refuse unless teams may write at `now`: the opening moment is inside, the closing moment is the first outside.

    Where the minutes of grace count (`graced`), return the deadline inside them; none before it. Raises `RuleBroken`
    "submissions_not_open" or "submissions_closed".
    """
    row = db.session.execute(
        select(Edition.state, Edition.submissions_open, Edition.submissions_close, Edition.grace_minutes).where(
            Edition.id == edition_id
        )
    ).one()
    window = window_at(row.submissions_open, row.submissions_close, now)
    if graced and accepts_late(row.state, row.submissions_close, row.grace_minutes, now):
        closed: datetime = row.submissions_close
        return closed
    if row.state is EditionState.ARCHIVED or window is Window.AFTER:
        raise RuleBroken("submissions_closed", closed_at=row.submissions_close)
    if row.state is EditionState.DRAFT or window is not Window.OPEN:
        raise RuleBroken("submissions_not_open", opens_at=row.submissions_open)
    return None


def part_rows(edition_id: int) -> Mapping[str, Part]:
    """Return the rows of the parts by code."""
    rows = db.session.scalars(select(Part).where(Part.edition_id == edition_id))
    return {row.code: row for row in rows}


def refuse_incomplete(row: Submission, content: Content) -> None:
    """Refuse a change that would leave a submitted one incomplete.

    Raises `RuleBroken` "would_be_incomplete" with the checklist keys in `items`.
    """
    if row.status is not SubmissionStatus.SUBMITTED:
        return
    found = flaws(content, requirements_of(row.edition_id))
    if found:
        raise RuleBroken("would_be_incomplete", items=tuple(item.key for item in found))


def note(row: Submission, action: str, *, actor_id: int | None, now: datetime, **facts: object) -> None:
    """Record an act on a submission in the audit trail."""
    audit.record(
        at=now,
        actor_id=actor_id,
        scope=f"edition:{row.edition_id}",
        action=f"submission.{action}",
        subject=f"submission:{row.public_id}",
        code=row.code,
        **facts,
    )
