"""Practice entries of a round, and what the judges gave them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import ColumnElement, select

from contest.editions.models import Round
from contest.editions.phases import RoundState
from contest.infra.db import db
from contest.judging.models import Judge, PracticeEntry, PracticeMarks
from contest.judging.practice import Given, PracticeFacts
from contest.letters import natural_key

FOR_JUDGES = (RoundState.OPEN, RoundState.SCORING)


def practice_of(round_id: int) -> tuple[PracticeFacts, ...]:
    """Return the practice entries of a round, the oldest first, in two queries."""
    return _found(PracticeEntry.round_id == round_id)


def practice_by_id(edition_id: int, public_id: str) -> PracticeFacts | None:
    """Return one practice entry of an edition, in two queries."""
    found = _found(
        PracticeEntry.public_id == public_id,
        PracticeEntry.round_id.in_(select(Round.id).where(Round.edition_id == edition_id)),
    )
    return found[0] if found else None


def open_practice(edition_id: int, user_id: int, round_id: int | None = None) -> tuple[PracticeFacts, ...]:
    """Return the practice entries that a judge may open, in all rounds or in one, in two queries.

    Who sits on no panel, such as a chair who only reads along, may open none.
    """
    seat = select(Judge.id).where(Judge.edition_id == edition_id, Judge.user_id == user_id)
    rounds = select(Round.id).where(Round.edition_id == edition_id, Round.state.in_(FOR_JUDGES))
    if round_id is not None:
        rounds = rounds.where(Round.id == round_id)
    return _found(PracticeEntry.round_id.in_(rounds), seat.exists())


def _found(*which: ColumnElement[bool]) -> tuple[PracticeFacts, ...]:
    entries = db.session.scalars(select(PracticeEntry).where(*which).order_by(PracticeEntry.id)).all()
    given: dict[int, list[Given]] = defaultdict(list)
    rows = db.session.execute(
        select(PracticeMarks, Judge.name)
        .join(Judge, Judge.id == PracticeMarks.judge_id)
        .where(PracticeMarks.entry_id.in_([one.id for one in entries]))
    )
    for row in sorted(rows, key=lambda row: (natural_key(row.name), row.PracticeMarks.judge_id)):
        marks: Any = row.PracticeMarks
        given[marks.entry_id].append(Given(marks.judge_id, row.name, dict(marks.marks), marks.given_at))
    return tuple(_facts(one, tuple(given[one.id])) for one in entries)


def _facts(one: PracticeEntry, given: tuple[Given, ...]) -> PracticeFacts:
    return PracticeFacts(
        id=one.id,
        public_id=one.public_id,
        round_id=one.round_id,
        title=one.title,
        summary=one.summary,
        anchors=dict(one.anchors),
        note=one.note,
        shown_at=one.shown_at,
        given=given,
    )
