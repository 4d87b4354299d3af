"""What a judge sees: the list of papers, one paper, the sheet to fill, a file.

Every read is one statement over columns, not entities: these are the busiest pages of a contest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, bindparam, cast, exists, func, select

from contest.editions.facts import RoundFacts, RoundHead
from contest.editions.models import Round, Track
from contest.editions.phases import RoundState
from contest.editions.queries import round_by_id, rounds_of
from contest.editions.rules import LocalText, Source
from contest.errors import NotFound
from contest.infra.cache import FrozenCache
from contest.infra.db import plain_rows
from contest.judging.compare import OwnPaper
from contest.judging.events import ScoreEvent
from contest.judging.models import Assignment, Conflict, Judge, Score, Scorecard, ScoreEventRow
from contest.judging.order import in_reading_order, reading_key
from contest.judging.papers import DeskRound, DeskRow, PaperFacts, Place, ScorecardFacts, Sheet, state_of
from contest.judging.states import ScorecardStatus
from contest.submissions.facts import FileView
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission, SubmissionFile, Team
from contest.submissions.queries import file_of

_sheets: FrozenCache[Sheet] = FrozenCache(256)

_CONFLICTED = exists().where(
    Conflict.judge_id == Assignment.judge_id, Conflict.submission_id == Assignment.submission_id
)
_LISTED = (Submission.status == SubmissionStatus.SUBMITTED) & ~_CONFLICTED
# "12:7,13:20": criterion ids and points of the scorecard in one cell, so that no second statement is needed.
_MARKS = (
    select(func.aggregate_strings(cast(Score.criterion_id, String) + ":" + cast(Score.points, String), ","))
    .where(Score.scorecard_id == Scorecard.id)
    .correlate(Scorecard)
    .scalar_subquery()
)
_PROOF = (
    select(ScoreEventRow.digest)
    .where(ScoreEventRow.assignment_id == Assignment.id)
    .order_by(ScoreEventRow.version.desc())
    .limit(1)
    .correlate(Assignment)
    .scalar_subquery()
)
_ROUND_COLUMNS = "id edition_id code name_vi name_en kind state opens_at closes_at position rubric_version locked_at"
_ROUND: tuple[ColumnElement[Any], ...] = tuple(
    getattr(Round, name).label(f"round_{name}") for name in _ROUND_COLUMNS.split()
)
EVENT_COLUMNS = (
    *("assignment_id", "code", "actor_id", "kind", "final", "version", "rubric_version", "at", "key", "content"),
    *("marks", "feedback_changed", "note_changed", "previous", "digest"),
)
_HEADING = (
    Assignment.id,
    Assignment.public_id,
    Assignment.judge_id,
    Submission.code,
    Submission.title,
    Track.name_vi,
    Track.name_en,
    Scorecard.status,
    *_ROUND,
)


# `PaperFacts.opens_to` in SQL, for a statement with the parameter `user_id`.
_OPENS = (Judge.user_id == bindparam("user_id")) & (Round.state != RoundState.DRAFT) & _LISTED
_IN_EDITION = Round.edition_id == bindparam("edition_id")


def _head(row: Row[Any]) -> RoundHead:
    return RoundHead(
        id=row.round_id,
        edition_id=row.round_edition_id,
        code=row.round_code,
        name=LocalText(row.round_name_vi, row.round_name_en),
        kind=row.round_kind,
        state=row.round_state,
        opens_at=row.round_opens_at,
        closes_at=row.round_closes_at,
        position=row.round_position,
        rubric_version=row.round_rubric_version,
        locked=row.round_locked_at is not None,
    )


def _track(row: Row[Any]) -> LocalText | None:
    return None if row.name_vi is None else LocalText(row.name_vi, row.name_en)


_DESK: Select[Any] = (
    select(*_HEADING, Team.name.label("team"))
    .join(Judge, Judge.id == Assignment.judge_id)
    .join(Round, Round.id == Assignment.round_id)
    .join(Submission, Submission.id == Assignment.submission_id)
    .join(Team, Team.id == Submission.team_id)
    .outerjoin(Track, Track.id == Submission.track_id)
    .outerjoin(Scorecard, Scorecard.assignment_id == Assignment.id)
    .where(_IN_EDITION, _OPENS)
    .order_by(Round.position, Round.id)
)


def desk_of(edition_id: int, user_id: int, round_id: int | None = None) -> tuple[DeskRound, ...]:
    """Return a judge's papers by round, the rounds in their order; agrees with `policy.can_open`.

    With `round_id` those of that round only, as a device shows them that is paired for it.

    Within a round the rows stand in the judge's own reading order. One query, and two more the first time that this
    process meets one of the rubrics, however many there are.
    """
    rows = plain_rows(_DESK, edition_id=edition_id, user_id=user_id)
    grouped = groupby(rows, key=lambda row: row.round_id)
    read = _all_at_once(edition_id)
    return tuple(_desk_round(list(group), read) for one, group in grouped if round_id in (None, one))


_PLACE_COLUMNS: tuple[Any, ...] = (Assignment.id, Assignment.public_id, Scorecard.status)
_PLACES: Select[Any] = (
    select(*_PLACE_COLUMNS)
    .join(Judge, Judge.id == Assignment.judge_id)
    .join(Round, Round.id == Assignment.round_id)
    .join(Submission, Submission.id == Assignment.submission_id)
    .outerjoin(Scorecard, Scorecard.assignment_id == Assignment.id)
    .where(Assignment.round_id == bindparam("round_id"), Assignment.judge_id == bindparam("judge_id"), _LISTED)
)


def place_of(paper: PaperFacts) -> Place:
    """Return where a paper stands among the judge's papers of its round, in one query."""
    key = partial(reading_key, paper.judge_id, paper.round.id)
    rows = sorted(plain_rows(_PLACES, round_id=paper.round.id, judge_id=paper.judge_id), key=lambda row: key(row.id))
    return Place.among([(row.public_id, state_of(row.status)) for row in rows], paper)


_OWN = _DESK.add_columns(_MARKS.label("marks")).where(Round.code == bindparam("round_code"))


def own_papers(edition_id: int, user_id: int, round_code: str) -> tuple[RoundHead, tuple[OwnPaper, ...]] | None:
    """Return a judge's papers of one round with their points, in reading order; None when there is none."""
    rows = plain_rows(_OWN, edition_id=edition_id, user_id=user_id, round_code=round_code).all()
    if not rows:
        return None
    desk = _desk_round(list(rows))
    ids = sheet_of(desk.round).ids
    points = {row.id: _points(row.marks) for row in rows}
    return desk.round, tuple(OwnPaper(one, tuple(points[one.id].get(i) for i in ids)) for one in desk.rows)


def _desk_round(rows: list[Row[Any]], read: Callable[[int], RoundFacts | None] = round_by_id) -> DeskRound:
    head = _head(rows[0])
    blind = sheet_of(head, read).blind
    lines = (
        DeskRow(
            id=row.id,
            public_id=row.public_id,
            code=row.code,
            title=row.title,
            track=_track(row),
            team="" if blind else row.team,
            state=state_of(row.status),
        )
        for row in rows
    )
    return DeskRound(head, in_reading_order(lines, judge_id=rows[0].judge_id, round_id=head.id))


_PAPER: Select[Any] = (
    select(
        *_HEADING,
        Judge.user_id,
        Submission.id.label("submission_id"),
        Submission.version.label("submission_version"),
        _LISTED.label("listed"),
        Scorecard.id.label("scorecard_id"),
        Scorecard.version,
        Scorecard.feedback,
        Scorecard.private_note,
        Scorecard.recusal_reason,
        Scorecard.updated_at,
        Scorecard.submitted_at,
        Scorecard.last_key,
        Scorecard.last_digest,
        _MARKS.label("marks"),
        _PROOF.label("proof"),
    )
    .join(Judge, Judge.id == Assignment.judge_id)
    .join(Round, Round.id == Assignment.round_id)
    .join(Submission, Submission.id == Assignment.submission_id)
    .outerjoin(Track, Track.id == Submission.track_id)
    .outerjoin(Scorecard, Scorecard.assignment_id == Assignment.id)
    .where(_IN_EDITION, Assignment.public_id == bindparam("public_id"))
)
# A key share lock: whoever changes the round's state or rubric takes the row and waits for this save, or this save
# waits and sees the change; other saves do not wait, not even while one of them locks the rubric.
_HELD_PAPER = _PAPER.with_for_update(read=True, key_share=True, of=[Round, Assignment])
# What the person has stored before under this key, on whichever paper.
_SAVED = (
    _PAPER.add_columns(*(getattr(ScoreEventRow, name).label(f"event_{name}") for name in EVENT_COLUMNS))
    .outerjoin(
        ScoreEventRow,
        (ScoreEventRow.actor_id == bindparam("actor_id")) & (ScoreEventRow.key == bindparam("key")),
    )
    .with_for_update(read=True, key_share=True, of=[Round, Assignment])
)


def paper_of(edition_id: int, public_id: str, *, hold: bool = False) -> PaperFacts | None:
    """Return a paper of an edition, whoever asks, in one query; `policy.can_open` decides about the person.

    With `hold`, inside a unit of work, its round and assignment stay as they are until the end of it.
    """
    row = plain_rows(_HELD_PAPER if hold else _PAPER, edition_id=edition_id, public_id=public_id).one_or_none()
    return None if row is None else _paper(row)


def paper_to_save(edition_id: int, public_id: str, *, actor_id: int, key: str) -> PaperFacts | None:
    """Return a paper as `paper_of` with `hold` does, with the event that this person has stored under `key`, if any.

    The event may belong to another paper.
    """
    values = {"edition_id": edition_id, "public_id": public_id, "actor_id": actor_id, "key": key}
    row = plain_rows(_SAVED, **values).one_or_none()
    if row is None:
        return None
    return replace(_paper(row), event=None if row.event_code is None else _event(row))


def _event(row: Row[Any]) -> ScoreEvent:
    values = {name: getattr(row, f"event_{name}") for name in EVENT_COLUMNS}
    of_another = values.pop("assignment_id") != row.id
    return ScoreEvent(assignment="" if of_another else row.public_id, **{**values, "key": values["key"] or ""})


def _paper(row: Row[Any]) -> PaperFacts:
    return PaperFacts(
        id=row.id,
        public_id=row.public_id,
        judge_id=row.judge_id,
        judge_user_id=row.user_id,
        round=_head(row),
        submission_id=row.submission_id,
        submission_version=row.submission_version,
        code=row.code,
        title=row.title,
        track=_track(row),
        listed=bool(row.listed),
        proof=row.proof or "",
        scorecard=None if row.scorecard_id is None else _scorecard(row),
    )


def _scorecard(row: Row[Any]) -> ScorecardFacts:
    return ScorecardFacts(
        id=row.scorecard_id,
        status=row.status,
        version=row.version,
        marks=_points(row.marks),
        feedback=row.feedback,
        private_note=row.private_note,
        recusal_reason=row.recusal_reason,
        updated_at=row.updated_at,
        submitted_at=row.submitted_at,
        last_key=row.last_key,
        last_digest=row.last_digest,
    )


def _points(marks: str | None) -> dict[int, int]:
    pairs = (pair.split(":") for pair in (marks or "").split(",") if pair)
    return {int(criterion_id): int(points) for criterion_id, points in pairs}


def sheet_of(head: RoundHead, read: Callable[[int], RoundFacts | None] = round_by_id) -> Sheet:
    """Return the sheet of a round's present rubric; kept per version, which grows with every change of it.

    `read` finds the round by its id the first time.
    """
    return _sheets.get((head.edition_id, head.id, head.rubric_version), lambda: _sheet(read(head.id)))


def _all_at_once(edition_id: int) -> Callable[[int], RoundFacts | None]:
    """Return a reader of rounds that asks for all of the edition with the first: two queries for any number."""
    rounds = cache(lambda: {one.id: one for one in rounds_of(edition_id)})
    return lambda round_id: rounds().get(round_id)


def _sheet(facts: RoundFacts | None) -> Sheet:
    if facts is None:
        raise NotFound
    judged = [
        (criterion, criterion_id)
        for criterion, criterion_id in zip(facts.rubric.criteria, facts.criterion_ids, strict=True)
        if criterion.source is Source.JUDGES
    ]
    return Sheet(
        round_id=facts.id,
        rubric_version=facts.rubric_version,
        blind=facts.rules.blind,
        minutes=(facts.rules.pitch_minutes or 0, facts.rules.answer_minutes or 0),
        criteria=tuple(criterion for criterion, _ in judged),
        ids=tuple(criterion_id for _, criterion_id in judged),
    )


_FILE: Select[Any] = (
    select(Submission.id, Submission.code, *_ROUND)
    .join(SubmissionFile, SubmissionFile.submission_id == Submission.id)
    .join(Assignment, Assignment.submission_id == Submission.id)
    .join(Judge, Judge.id == Assignment.judge_id)
    .join(Round, Round.id == Assignment.round_id)
    .outerjoin(Scorecard, Scorecard.assignment_id == Assignment.id)
    .where(
        SubmissionFile.public_id == bindparam("public_id"),
        Scorecard.status.is_(None) | Scorecard.status.not_in((ScorecardStatus.RECUSED, ScorecardStatus.VOIDED)),
        _IN_EDITION,
        _OPENS,
    )
)


def readable_file(edition_id: int, public_id: str, user_id: int) -> FileView | None:
    """Return a current file of a submission that this judge may read; agrees with `policy.can_read`.

    Its name is anonymous when any of the judge's rounds with the submission is blind.
    """
    rows = plain_rows(_FILE, edition_id=edition_id, public_id=public_id, user_id=user_id).all()
    if not rows:
        return None
    read = _all_at_once(edition_id)
    blind = any(sheet_of(_head(row), read).blind for row in rows)
    return file_of(rows[0].id, public_id, blind_code=rows[0].code if blind else "")
