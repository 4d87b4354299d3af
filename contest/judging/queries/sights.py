"""Reads about who opened what."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import BindParameter, Integer, Select, String, bindparam, cast, select

from contest.accounts.models import User
from contest.editions.models import Edition
from contest.infra.db import db
from contest.judging.looking import bursts
from contest.judging.models import Assignment, Look
from contest.submissions.models import Submission, SubmissionFile, TeamMember

MOST = 1_000

_KEY: BindParameter[str] = bindparam("key", type_=String)
# Whose a thing is, by what the address names; ids are unique over all editions, codes are not.
WHOSE: Mapping[str, Select[Any]] = {
    "submission": select(Submission.id).where(Submission.public_id == _KEY),
    "file": select(SubmissionFile.submission_id).where(SubmissionFile.public_id == _KEY),
    "paper": select(Assignment.submission_id).where(Assignment.public_id == _KEY),
    "member": select(Submission.id)
    .join(TeamMember, TeamMember.team_id == Submission.team_id)
    .where(TeamMember.id == cast(_KEY, Integer))
    .order_by(Submission.id)
    .limit(1),
    "code": select(Submission.id)
    .where(Submission.code == _KEY, Submission.edition_id == Edition.id)
    .correlate(Edition),
}


@dataclass(frozen=True, slots=True)
class View:
    """One line of the log: who opened which kind of page about what, first on that day; `code` of the submission."""

    name: str
    page: str
    subject: str
    code: str
    first_at: datetime


_COLUMNS: tuple[Any, ...] = (User.name, Look.page, Look.subject, Submission.code, Look.first_at)
_LINES: Select[Any] = (
    select(*_COLUMNS)
    .join(User, User.id == Look.user_id)
    .outerjoin(Submission, Submission.id == Look.submission_id)
    .order_by(Look.id.desc())
)


def marks_shown_in(edition_code: str) -> tuple[int, bool] | None:
    """Return the edition's id and whether its committee sees the marks of single judges."""
    row = db.session.execute(select(Edition.id, Edition.marks_shown).where(Edition.code == edition_code)).one_or_none()
    return None if row is None else (row.id, row.marks_shown)


def views_of(edition_id: int, pages: Collection[str]) -> tuple[View, ...]:
    """Return who opened pages of these kinds, latest first, the last thousand lines."""
    return _read(_LINES.where(Look.edition_id == edition_id, Look.page.in_(pages)).limit(MOST))


def looks_at(edition_id: int, *, submission: str = "", most: int | None = MOST) -> tuple[View, ...]:
    """Return who opened what in an edition, latest first; of one submission by its code, or of one team's by it.

    What tells of all submissions at once (exports, lists) belongs to every one of them.
    """
    chosen: Select[Any] = _LINES.where(Look.edition_id == edition_id)
    if submission:
        own = select(Submission.id).where(Submission.edition_id == edition_id, Submission.code == submission)
        chosen = chosen.where(Look.submission_id.is_(None) | Look.submission_id.in_(own))
    return _read(chosen.limit(most))


@dataclass(frozen=True, slots=True)
class Rush:
    """A person who opened unusually much: how many things, from when to when."""

    name: str
    things: int
    since: datetime
    until: datetime


def rushes_of(edition_id: int, *, most: int, within: timedelta) -> tuple[Rush, ...]:
    """Return who opened more than `most` things of an edition within so short a time, latest first.

    Pages of one file are one thing; what was opened again on the same day counts once.
    """
    rows = db.session.execute(
        select(Look.user_id, User.name, Look.first_at)
        .join(User, User.id == Look.user_id)
        .where(Look.edition_id == edition_id)
        .order_by(Look.user_id, Look.first_at, Look.id)
    )
    found = []
    for _user, lines in groupby(rows, key=lambda row: row.user_id):
        seen = list(lines)
        for start, end in bursts([row.first_at for row in seen], most, within):
            found.append(Rush(seen[0].name, end - start, seen[start].first_at, seen[end - 1].first_at))
    return tuple(sorted(found, key=lambda rush: (rush.since, rush.name), reverse=True))


def _read(statement: Select[Any]) -> tuple[View, ...]:
    rows = db.session.execute(statement)
    return tuple(View(row.name, row.page, row.subject, row.code or "", row.first_at) for row in rows)
