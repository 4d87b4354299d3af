"""Reads for the organiser: the queue of a round, and one letter with the trace of its comments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, func, select

from contest.accounts.models import User
from contest.feedback.models import FeedbackComment, FeedbackDecision, FeedbackLetter, FeedbackRound
from contest.feedback.position import shuffled
from contest.feedback.screening import Flag, FlagKind
from contest.feedback.states import SENT_ON, Act, CommentState, Languages
from contest.infra.db import db
from contest.submissions.models import Submission, Team

PER_PAGE = 50
_WAITS = FeedbackComment.state == CommentState.WAITING
_PLAIN = cast(FeedbackComment.flags, String) == "[]"


@dataclass(frozen=True, slots=True)
class Settings:
    """How the letters of a round are written."""

    languages: Languages
    with_place: bool
    prepared_at: datetime


@dataclass(frozen=True, slots=True)
class CommentLine:
    """A comment as the organiser screens it. Who wrote it is not told here either."""

    public_id: str
    letter: str
    code: str
    title: str
    original: str
    text: str
    state: CommentState
    flags: tuple[Flag, ...]
    version: int


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One line of the trace of a comment."""

    act: Act
    text: str
    reason: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter in the list: how many of its comments wait, were flagged, go to the team, were left out."""

    public_id: str
    submission_id: int
    code: str
    title: str
    team: str
    waiting: int
    flagged: int
    sent_on: int
    left_out: int
    released_at: datetime | None
    mailed_at: datetime | None
    helpful: bool | None


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter with its comments in the order in which the team reads them, and the trace of each."""

    line: LetterLine
    comments: tuple[CommentLine, ...]
    trace: Mapping[str, tuple[DecisionLine, ...]]


def settings_of(round_id: int) -> Settings | None:
    """Return how the letters of a round are written, none before they were prepared."""
    row = db.session.get(FeedbackRound, round_id)
    return None if row is None else Settings(row.languages, row.with_place, row.prepared_at)


def _count(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((which, 1), else_=0)), 0)


_LETTERS = (
    select(
        FeedbackLetter,
        Submission.code,
        Submission.title,
        Team.name.label("team"),
        _count(_WAITS).label("waiting"),
        _count(_WAITS & ~_PLAIN).label("flagged"),
        _count(FeedbackComment.state.in_(SENT_ON)).label("sent_on"),
        _count(FeedbackComment.state == CommentState.LEFT_OUT).label("left_out"),
    )
    .join(Submission, Submission.id == FeedbackLetter.submission_id)
    .join(Team, Team.id == Submission.team_id)
    .outerjoin(FeedbackComment, FeedbackComment.letter_id == FeedbackLetter.id)
    .group_by(FeedbackLetter.id, Submission.code, Submission.title, Team.name)
    .order_by(Submission.code)
)


def _letter_line(row: Any) -> LetterLine:
    one: FeedbackLetter = row.FeedbackLetter
    return LetterLine(
        public_id=one.public_id,
        submission_id=one.submission_id,
        code=row.code,
        title=row.title,
        team=row.team,
        waiting=row.waiting,
        flagged=row.flagged,
        sent_on=row.sent_on,
        left_out=row.left_out,
        released_at=one.released_at,
        mailed_at=one.mailed_at,
        helpful=one.helpful,
    )


def letters_of(round_id: int) -> tuple[LetterLine, ...]:
    """Return the letters of a round by the code of their entry, in one query."""
    return tuple(map(_letter_line, db.session.execute(_LETTERS.where(FeedbackLetter.round_id == round_id))))


def _comment_line(row: Any) -> CommentLine:
    one: FeedbackComment = row.FeedbackComment
    return CommentLine(
        public_id=one.public_id,
        letter=row.letter,
        code=row.code,
        title=row.title,
        original=one.original,
        text=one.text,
        state=one.state,
        flags=tuple(Flag(FlagKind(kind), words) for kind, words in one.flags),
        version=one.version,
    )


_COMMENTS = (
    select(FeedbackComment, FeedbackLetter.public_id.label("letter"), Submission.code, Submission.title)
    .join(FeedbackLetter, FeedbackLetter.id == FeedbackComment.letter_id)
    .join(Submission, Submission.id == FeedbackLetter.submission_id)
)


def waiting_of(round_id: int, *, limit: int = PER_PAGE) -> tuple[CommentLine, ...]:
    """Return the comments that wait to be read, flagged ones first, at most `limit`."""
    first = _COMMENTS.where(FeedbackLetter.round_id == round_id, _WAITS)
    ordered = first.order_by(case((_PLAIN, 1), else_=0), Submission.code, FeedbackComment.public_id).limit(limit)
    return tuple(map(_comment_line, db.session.execute(ordered)))


def letter_of(round_id: int, public_id: str) -> Letter | None:
    """Return one letter of the round with its comments and their trace, in three queries."""
    here = (FeedbackLetter.round_id == round_id) & (FeedbackLetter.public_id == public_id)
    row = db.session.execute(_LETTERS.where(here)).one_or_none()
    if row is None:
        return None
    found = {one.public_id: one for one in map(_comment_line, db.session.execute(_COMMENTS.where(here)))}
    order = shuffled(row.FeedbackLetter.seed, found)
    return Letter(_letter_line(row), tuple(found[key] for key in order), _trace(row.FeedbackLetter.id))


def _trace(letter_id: int) -> dict[str, tuple[DecisionLine, ...]]:
    rows = db.session.execute(
        select(FeedbackDecision, FeedbackComment.public_id, User.name)
        .join(FeedbackComment, FeedbackComment.id == FeedbackDecision.comment_id)
        .outerjoin(User, User.id == FeedbackDecision.actor_id)
        .where(FeedbackComment.letter_id == letter_id)
        .order_by(FeedbackDecision.id)
    )
    found: dict[str, list[DecisionLine]] = defaultdict(list)
    for row in rows:
        one: FeedbackDecision = row.FeedbackDecision
        found[row.public_id].append(DecisionLine(one.act, one.text, one.reason, row.name or "", one.at))
    return {key: tuple(lines) for key, lines in found.items()}
