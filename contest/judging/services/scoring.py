"""A judge writes on a paper: saves a draft, submits, withdraws. Each verb is one transaction of its caller."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, bindparam, delete, update
from sqlalchemy.dialects import postgresql, sqlite

from contest.editions.services import lock_rubric
from contest.errors import NotFound, RuleBroken
from contest.infra import audit
from contest.infra.db import db
from contest.infra.signing import fingerprint
from contest.judging.marks import read_marks
from contest.judging.models import Score, Scorecard
from contest.judging.papers import WITHOUT_MARKS, Entry, PaperFacts, PaperState, ScorecardFacts, Sheet, StaleScorecard
from contest.judging.queries.desk import paper_of, sheet_of
from contest.judging.states import ScorecardStatus


def save_scorecard(*, edition_id: int, assignment: str, actor_id: int, entry: Entry, now: datetime) -> PaperFacts:
    """Store what the judge sent for the paper with the public id `assignment`; return it as it is stored now.

    A draft may have blanks; with `entry.submit`, and on a paper that is submitted already, every mark must be given.
    The first mark of a round locks its rubric. Sending the same entry again answers the same and changes nothing.

    Raises `NotFound` for anybody but the assigned judge; `RuleBroken` "scoring_closed" (closed), "paper_recused",
    "paper_abstained", "paper_voided", "rubric_changed", "criterion_unknown", "key_reused"; `StaleScorecard`;
    `MarksRefused`.
    """
    paper = _held(edition_id, assignment, actor_id)
    digest = _digest(entry)
    if _is_repeat(paper, entry, digest):
        return paper
    sheet = _open_sheet(paper, now)
    if entry.rubric_version != sheet.rubric_version:
        raise RuleBroken("rubric_changed")
    if not _follows(paper, entry):
        raise StaleScorecard(paper)
    final = entry.submit or paper.state is PaperState.SUBMITTED
    points = read_marks(sheet, entry.texts, complete=final)
    card = _card(paper, sheet, entry, points, digest=digest, final=final, now=now)
    stored = _write(paper, card)
    if stored is None:  # another save of the same paper came first
        return _after_the_other(edition_id, assignment, actor_id, entry, digest)
    _write_marks(paper, stored, sheet)
    if final:
        action = "scorecard.changed" if paper.state is PaperState.SUBMITTED else "scorecard.submitted"
        _trace(action, paper, stored, actor_id, now)
    head = paper.round
    if stored.marks and not head.locked:
        lock_rubric(round_id=head.id, now=now)
        head = replace(head, locked=True)
    return replace(paper, round=head, scorecard=stored)


def submit_scorecard(*, edition_id: int, assignment: str, actor_id: int, entry: Entry, now: datetime) -> PaperFacts:
    """Hand the paper in: `save_scorecard` with every mark given. Raises the same."""
    final = replace(entry, submit=True)
    return save_scorecard(edition_id=edition_id, assignment=assignment, actor_id=actor_id, entry=final, now=now)


def recuse(*, edition_id: int, assignment: str, actor_id: int, reason: str, now: datetime) -> PaperFacts:
    """Withdraw the judge from a paper; its marks stay stored and count for nothing. Repeating changes nothing.

    Raises `NotFound` for anybody but the assigned judge, `RuleBroken` "scoring_closed".
    """
    paper = _held(edition_id, assignment, actor_id)
    if paper.state is PaperState.RECUSED:
        return paper
    if paper.state is PaperState.VOIDED:
        raise RuleBroken("paper_voided")
    if not paper.round.recusal_open(now):
        raise RuleBroken("scoring_closed")
    return _turn(paper, ScorecardStatus.RECUSED, reason, actor_id, now)


def abstain(*, edition_id: int, assignment: str, actor_id: int, reason: str, now: datetime) -> PaperFacts:
    """Say that the judge cannot score a paper, which is no conflict; its marks stay stored and count for nothing.

    Until the scoring ends `resume` takes it back. Repeating changes nothing. Raises as `save_scorecard` does for a
    paper that is not open.
    """
    paper = _held(edition_id, assignment, actor_id)
    if paper.state is PaperState.ABSTAINED:
        return paper
    _open_sheet(paper, now)
    return _turn(paper, ScorecardStatus.ABSTAINED, reason, actor_id, now)


def resume(*, edition_id: int, assignment: str, actor_id: int, now: datetime) -> PaperFacts:
    """Take an abstention back: the paper is a draft again, with the marks it had. Any other open paper stays as it is.

    Raises `NotFound` for anybody but the assigned judge, `RuleBroken` "scoring_closed", "paper_recused",
    "paper_voided".
    """
    paper = _held(edition_id, assignment, actor_id)
    if paper.state is not PaperState.ABSTAINED:
        _open_sheet(paper, now)
        return paper
    if not paper.round.scoring_open(now):
        raise RuleBroken("scoring_closed")
    return _turn(paper, ScorecardStatus.DRAFT, "", actor_id, now)


_TURNS = {
    ScorecardStatus.RECUSED: "scorecard.recused",
    ScorecardStatus.ABSTAINED: "scorecard.abstained",
    ScorecardStatus.DRAFT: "scorecard.resumed",
}


def _turn(paper: PaperFacts, status: ScorecardStatus, reason: str, actor_id: int, now: datetime) -> PaperFacts:
    """Give a paper another state; marks and words on it stay stored."""
    sheet = sheet_of(paper.round)
    blank = Entry(version=paper.version, rubric_version=sheet.rubric_version, key="", texts={})
    card = _card(paper, sheet, blank, paper.points(sheet), digest="", final=False, now=now)
    card = replace(
        card,
        status=status,
        recusal_reason=reason,
        feedback=paper.scorecard.feedback if paper.scorecard else "",
        private_note=paper.scorecard.private_note if paper.scorecard else "",
    )
    stored = _write(paper, card)
    if stored is None:
        raise StaleScorecard(_held(paper.round.edition_id, paper.public_id, actor_id))
    _trace(_TURNS[status], paper, stored, actor_id, now, reason=reason)
    return replace(paper, scorecard=stored)


def _held(edition_id: int, assignment: str, actor_id: int) -> PaperFacts:
    paper = paper_of(edition_id, assignment, hold=True)
    if paper is None or not paper.opens_to(actor_id):
        raise NotFound
    return paper


def _open_sheet(paper: PaperFacts, now: datetime) -> Sheet:
    if paper.state in WITHOUT_MARKS:
        raise RuleBroken(f"paper_{paper.state.value}")
    if not paper.round.scoring_open(now):
        raise RuleBroken("scoring_closed")
    return sheet_of(paper.round)


def _digest(entry: Entry) -> str:
    return fingerprint([entry.submit, entry.rubric_version, dict(entry.texts), entry.feedback, entry.private_note])


def _is_repeat(paper: PaperFacts, entry: Entry, digest: str) -> bool:
    """Tell whether this very entry is the last one stored. Raises `RuleBroken` "key_reused" for another content."""
    if not entry.key or paper.scorecard is None or paper.scorecard.last_key != entry.key:
        return False
    if paper.scorecard.last_digest != digest:
        raise RuleBroken("key_reused")
    return True


def _follows(paper: PaperFacts, entry: Entry) -> bool:
    """Tell whether the entry was typed over what is stored, or over what the same page stored since unheard."""
    return entry.version == paper.version or (paper.scorecard is not None and paper.scorecard.last_key in entry.after)


def _after_the_other(edition_id: int, assignment: str, actor_id: int, entry: Entry, digest: str) -> PaperFacts:
    paper = _held(edition_id, assignment, actor_id)
    if _is_repeat(paper, entry, digest):
        return paper
    raise StaleScorecard(paper)


def _card(
    paper: PaperFacts,
    sheet: Sheet,
    entry: Entry,
    points: Sequence[int | None],
    *,
    digest: str,
    final: bool,
    now: datetime,
) -> ScorecardFacts:
    """Return the scorecard as it will be stored; its id is 0 when there was none."""
    before = paper.scorecard
    submitted_at = before.submitted_at if before else None
    return ScorecardFacts(
        id=before.id if before else 0,
        status=ScorecardStatus.SUBMITTED if final else ScorecardStatus.DRAFT,
        version=paper.version + 1,
        marks={i: one for i, one in zip(sheet.ids, points, strict=True) if one is not None},
        feedback=entry.feedback,
        private_note=entry.private_note,
        recusal_reason="",
        updated_at=now,
        submitted_at=(submitted_at or now) if final else submitted_at,
        last_key=entry.key,
        last_digest=digest,
    )


_CHANGED_CARD = update(Scorecard).where(Scorecard.id == bindparam("card_id"), Scorecard.version == bindparam("seen"))


@cache
def _insert(dialect: str) -> Callable[..., Any]:
    return postgresql.insert if dialect == "postgresql" else sqlite.insert


@cache
def _new_card(dialect: str) -> Executable:
    new = _insert(dialect)(Scorecard)
    return new.on_conflict_do_nothing(index_elements=["assignment_id"]).returning(Scorecard.id)  # type: ignore[no-any-return]


@cache
def _put_marks(dialect: str) -> Executable:
    new = _insert(dialect)(Score)
    return new.on_conflict_do_update(  # type: ignore[no-any-return]
        index_elements=["scorecard_id", "criterion_id"], set_={"points": new.excluded.points}
    )


def _write(paper: PaperFacts, card: ScorecardFacts) -> ScorecardFacts | None:
    """Write the row of the scorecard over the version that was read; None when somebody else was first."""
    values = {
        "status": card.status,
        "version": card.version,
        "rubric_version": paper.round.rubric_version,
        "feedback": card.feedback,
        "private_note": card.private_note,
        "recusal_reason": card.recusal_reason,
        "updated_at": card.updated_at,
        "submitted_at": card.submitted_at,
        "last_key": card.last_key,
        "last_digest": card.last_digest,
    }
    connection = db.session.connection()
    if paper.scorecard is None:
        made = connection.execute(_new_card(connection.dialect.name), {"assignment_id": paper.id, **values}).scalar()
        return None if made is None else replace(card, id=made)
    found = connection.execute(_CHANGED_CARD, {"card_id": card.id, "seen": paper.version, **values})
    return card if found.rowcount == 1 else None


def _write_marks(paper: PaperFacts, card: ScorecardFacts, sheet: Sheet) -> None:
    """Bring the rows of the marks in line, touching only those that differ."""
    before = paper.scorecard.marks if paper.scorecard else {}
    limits = {i: criterion.max_points for i, criterion in zip(sheet.ids, sheet.criteria, strict=True)}
    changed = [
        {"scorecard_id": card.id, "criterion_id": i, "points": points, "max_points": limits[i]}
        for i, points in card.marks.items()
        if before.get(i) != points
    ]
    connection = db.session.connection()
    if changed:
        connection.execute(_put_marks(connection.dialect.name), changed)
    gone = before.keys() - card.marks.keys()
    if gone:
        connection.execute(delete(Score).where(Score.scorecard_id == card.id, Score.criterion_id.in_(gone)))


def _trace(action: str, paper: PaperFacts, card: ScorecardFacts, actor_id: int, now: datetime, **facts: str) -> None:
    audit.record(
        at=now,
        actor_id=actor_id,
        scope=f"edition:{paper.round.edition_id}",
        action=action,
        subject=f"scorecard:{card.id}",
        round=paper.round.code,
        submission=paper.code,
        version=card.version,
        **facts,
    )
