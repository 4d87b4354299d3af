"""Paper score sheets: one person of the committee types a sheet in, a second one types it again, then it counts."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from io import BytesIO

from sqlalchemy import select

from contest.errors import NotFound, RuleBroken
from contest.infra import audit
from contest.infra.db import db
from contest.infra.pictures import clean_picture
from contest.infra.storage import Storage
from contest.judging.keyed import KeyedFacts, SheetsDiffer, differing
from contest.judging.marks import mark_texts, read_marks
from contest.judging.models import Assignment, KeyedPaper
from contest.judging.papers import WITHOUT_MARKS, Entry, PaperFacts, PaperState, Sheet
from contest.judging.queries.desk import paper_to_save, sheet_of
from contest.judging.queries.keyed import keyed_of
from contest.judging.services.scoring import save_held
from contest.judging.states import KeyedState

MAX_PHOTO = 15 << 20
PHOTO_SIDE = 2400


def key_sheet(
    *,
    edition_id: int,
    assignment: str,
    actor_id: int,
    entry: Entry,
    now: datetime,
    photo: bytes | None = None,
    storage: Storage | None = None,
) -> KeyedState:
    """Take what a person typed from the paper sheet of an assignment; return what became of it.

    The first person's marks wait, and may be typed anew by the same person until a second one has confirmed them. The
    second person's have to be the same: then they are the judge's scorecard, submitted, and the trail says for whom
    they were entered. Every mark must be given. `photo` is a picture of the sheet.

    Raises `NotFound`; `RuleBroken` "sheet_of_your_own" (nobody types in their own sheet), "sheet_scored_online",
    "scoring_closed", "rubric_changed", "paper_recused", "paper_abstained", "paper_voided", "picture_…"; `MarksRefused`;
    `SheetsDiffer`.
    """
    paper = _held(edition_id, assignment, actor_id, entry.key)
    if paper.event is not None:  # the same page sent again
        return KeyedState.ENTERED
    sheet = _open_sheet(paper, entry, now)
    marks = mark_texts(sheet, read_marks(sheet, entry.texts, complete=True))
    waiting = _waiting(paper)
    if waiting is None or waiting.keyed_by == actor_id or waiting.rubric_version != sheet.rubric_version:
        _store(paper, sheet, waiting, marks, entry, _photo(photo, storage), actor_id, now)
        return KeyedState.WAITING
    differ = differing(sheet, waiting.marks, marks)
    if differ:
        raise SheetsDiffer(differ)
    final = replace(entry, version=paper.version, submit=True)
    stored = save_held(paper, actor_id=actor_id, entry=final, now=now)
    _decide(waiting, KeyedState.ENTERED, "", actor_id, now)
    _trace("sheet.entered", paper, actor_id, now, keyed_by=waiting.keyed_by, version=stored.version)
    return KeyedState.ENTERED


def return_sheet(*, edition_id: int, assignment: str, actor_id: int, reason: str, now: datetime) -> None:
    """Set aside what the first person typed, with the reason: the sheet is to be typed in anew.

    Raises `NotFound` where nothing waits.
    """
    paper = _held(edition_id, assignment, actor_id, "")
    waiting = _waiting(paper)
    if waiting is None:
        raise NotFound
    _decide(waiting, KeyedState.RETURNED, reason, actor_id, now)
    _trace("sheet.returned", paper, actor_id, now, keyed_by=waiting.keyed_by, reason=reason)


def _held(edition_id: int, assignment: str, actor_id: int, key: str) -> PaperFacts:
    # One after the other: of two persons at one sheet the later one is the second, not another first.
    db.session.execute(select(Assignment.id).where(Assignment.public_id == assignment).with_for_update())
    paper = paper_to_save(edition_id, assignment, actor_id=actor_id, key=key)
    if paper is None or not paper.listed:
        raise NotFound
    if paper.judge_user_id == actor_id:
        raise RuleBroken("sheet_of_your_own")
    return paper


def _open_sheet(paper: PaperFacts, entry: Entry, now: datetime) -> Sheet:
    if paper.state is PaperState.SUBMITTED:
        raise RuleBroken("sheet_scored_online")
    if paper.state in WITHOUT_MARKS:
        raise RuleBroken(f"paper_{paper.state.value}")
    if not paper.round.scoring_open(now):
        raise RuleBroken("scoring_closed")
    sheet = sheet_of(paper.round)
    if entry.rubric_version != sheet.rubric_version:
        raise RuleBroken("rubric_changed")
    return sheet


def _waiting(paper: PaperFacts) -> KeyedFacts | None:
    last = next(iter(reversed(keyed_of(paper.id))), None)
    return last if last is not None and last.state is KeyedState.WAITING else None


def _photo(photo: bytes | None, storage: Storage | None) -> tuple[str | None, str]:
    if not photo or storage is None:
        return None, ""
    clean = clean_picture(photo, side=PHOTO_SIDE, max_bytes=MAX_PHOTO, photo=True)
    return storage.put(BytesIO(clean), limit=MAX_PHOTO).key, hashlib.sha256(clean).hexdigest()


def _store(
    paper: PaperFacts,
    sheet: Sheet,
    waiting: KeyedFacts | None,
    marks: dict[str, str],
    entry: Entry,
    photo: tuple[str | None, str],
    actor_id: int,
    now: datetime,
) -> None:
    if waiting is None:
        row = KeyedPaper(assignment_id=paper.id, keyed_by=actor_id)
        db.session.add(row)
    else:
        row = db.session.get_one(KeyedPaper, waiting.id)
    row.rubric_version, row.marks, row.feedback = sheet.rubric_version, marks, entry.feedback
    row.keyed_at, row.keyed_by = now, actor_id
    if photo[0] is not None:
        row.photo_key, row.photo_sha256 = photo
    _trace("sheet.keyed", paper, actor_id, now, photo=row.photo_sha256 or "")


def _decide(waiting: KeyedFacts, state: KeyedState, decision: str, actor_id: int, now: datetime) -> None:
    row = db.session.get_one(KeyedPaper, waiting.id)
    row.state, row.decision, row.decided_at, row.decided_by = state, decision, now, actor_id


def _trace(action: str, paper: PaperFacts, actor_id: int, now: datetime, **facts: str | int) -> None:
    audit.record(
        at=now,
        actor_id=actor_id,
        scope=f"edition:{paper.round.edition_id}",
        action=action,
        subject=f"assignment:{paper.id}",
        round=paper.round.code,
        submission=paper.code,
        judge_id=paper.judge_id,
        **facts,
    )
