"""Practice entries: the organiser adds them and shows the marks; judges score them. No result ever reads them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from contest.editions.facts import RoundFacts
from contest.editions.phases import BEFORE_CLOSE
from contest.editions.queries import round_by_id
from contest.errors import NotFound, RuleBroken
from contest.infra import audit
from contest.infra.db import db
from contest.judging.marks import mark_texts, read_marks
from contest.judging.models import Judge, PracticeEntry, PracticeMarks
from contest.judging.queries.desk import sheet_of
from contest.judging.queries.practice import FOR_JUDGES, practice_by_id

MOST = 5
"""Practice entries of a round: more would be scoring."""


def add_practice(
    *, round_: RoundFacts, title: str, summary: str, anchors: Mapping[str, str], note: str, actor_id: int, now: datetime
) -> str:
    """Add a practice entry; return its public id. `anchors` are texts by criterion code, blanks allowed.

    Raises `RuleBroken` "practice_over" (the round is closed), "practice_enough"; `MarksRefused`.
    """
    if round_.state not in BEFORE_CLOSE:
        raise RuleBroken("practice_over", round=round_.code)
    known = db.session.scalars(select(PracticeEntry.id).where(PracticeEntry.round_id == round_.id)).all()
    if len(known) >= MOST:
        raise RuleBroken("practice_enough", limit=MOST)
    sheet = sheet_of(round_)
    row = PracticeEntry(
        round_id=round_.id,
        title=title,
        summary=summary,
        anchors=mark_texts(sheet, read_marks(sheet, anchors)),
        note=note,
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()  # its public id is needed
    _trace("practice.added", round_, row, actor_id, now)
    return row.public_id


def show_practice(*, edition_id: int, public_id: str, actor_id: int, now: datetime) -> None:
    """Let the judges see all marks and the anchors; from now on nothing is changed. Repeating changes nothing."""
    row, round_ = _held(edition_id, public_id)
    if row.shown_at is None:
        row.shown_at = now
        _trace("practice.shown", round_, row, actor_id, now)


def remove_practice(*, edition_id: int, public_id: str, actor_id: int, now: datetime) -> None:
    """Take a practice entry away with all that was given to it."""
    row, round_ = _held(edition_id, public_id)
    db.session.execute(delete(PracticeMarks).where(PracticeMarks.entry_id == row.id))
    _trace("practice.removed", round_, row, actor_id, now)
    db.session.delete(row)


def give_practice(*, edition_id: int, public_id: str, user_id: int, texts: Mapping[str, str], now: datetime) -> None:
    """Keep a judge's marks, all of them given; until they are shown they may be given anew.

    Raises `NotFound` for anybody but a judge of the edition and while the round is not open to judges; `RuleBroken`
    "practice_shown"; `MarksRefused`.
    """
    row, round_ = _held(edition_id, public_id)
    judge_id = db.session.scalar(select(Judge.id).where(Judge.edition_id == edition_id, Judge.user_id == user_id))
    if judge_id is None or round_.state not in FOR_JUDGES:
        raise NotFound
    if row.shown_at is not None:
        raise RuleBroken("practice_shown")
    sheet = sheet_of(round_)
    marks = mark_texts(sheet, read_marks(sheet, texts, complete=True))
    session: Session = db.session()
    session.merge(PracticeMarks(entry_id=row.id, judge_id=judge_id, marks=marks, given_at=now))


def _held(edition_id: int, public_id: str) -> tuple[PracticeEntry, RoundFacts]:
    facts = practice_by_id(edition_id, public_id)
    row = None if facts is None else db.session.get(PracticeEntry, facts.id)
    round_ = None if row is None else round_by_id(row.round_id)
    if row is None or round_ is None:
        raise NotFound
    return row, round_


def _trace(action: str, round_: RoundFacts, row: PracticeEntry, actor_id: int, now: datetime) -> None:
    audit.record(
        at=now,
        actor_id=actor_id,
        scope=f"edition:{round_.edition_id}",
        action=action,
        subject=f"practice:{row.id}",
        round=round_.code,
    )
