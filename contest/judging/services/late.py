"""Papers that come after the scoring has closed: kept as typed, then accepted in writing or set aside."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, select

from contest.editions.facts import RoundHead
from contest.editions.models import Round
from contest.editions.phases import RoundState
from contest.errors import NotFound, RuleBroken
from contest.infra import audit
from contest.infra.db import db
from contest.judging.events import EventKind
from contest.judging.marks import mark_texts, read_marks
from contest.judging.models import Assignment, Judge, LatePaper, PastAssignment
from contest.judging.papers import WITHOUT_MARKS, Entry, PaperFacts, PaperState, Sheet, StaleScorecard
from contest.judging.queries.desk import paper_of, sheet_of
from contest.judging.services.cards import new_card, write_card, write_marks
from contest.judging.services.events import add_event
from contest.judging.states import LateCause, LateState
from contest.submissions.models import Submission

BEFORE = frozenset({RoundState.DRAFT, RoundState.OPEN})


def keep_late(*, edition_id: int, assignment: str, actor_id: int, entry: Entry, now: datetime) -> str:
    """Keep what the judge sent and could not be stored; return the public id under which it is kept, else nothing.

    Kept is what comes after the scoring, what was typed on an earlier rubric, and what belongs to a paper that was
    taken away. Nothing is kept before the scoring has begun, on a paper without marks, or when the stored scorecard
    says the same. One late paper waits per paper: a later one takes its place. Raises `NotFound` for anybody but the
    judge whose paper it is or was.
    """
    paper = paper_of(edition_id, assignment, hold=True)
    if paper is None:
        return _keep_gone(edition_id, assignment, actor_id, entry, now)
    if not paper.opens_to(actor_id):
        raise NotFound
    cause = _cause(paper, entry, now)
    if cause is None or _says_the_same(paper, entry):
        return ""
    row = _offered(LatePaper.assignment_id == paper.id)
    if row is None:
        row = LatePaper(round_id=paper.round.id, submission_id=paper.submission_id, assignment_id=paper.id)
        _trace("late.offered", _Place.of(paper), actor_id, now, cause=cause.value)
    return _fill(row, cause, entry, actor_id, now)


def _cause(paper: PaperFacts, entry: Entry, now: datetime) -> LateCause | None:
    if paper.state in WITHOUT_MARKS:
        return None
    if paper.round.scoring_open(now):
        return LateCause.RUBRIC if entry.rubric_version != paper.round.rubric_version else None
    return LateCause.CLOSED if _is_late(paper.round, now) else None


def _keep_gone(edition_id: int, assignment: str, actor_id: int, entry: Entry, now: datetime) -> str:
    """Keep what was typed on a paper that has been taken away since."""
    past = db.session.execute(
        select(PastAssignment, Round, Submission.code)
        .join(Round, Round.id == PastAssignment.round_id)
        .join(Submission, Submission.id == PastAssignment.submission_id)
        .where(PastAssignment.public_id == assignment, PastAssignment.user_id == actor_id)
        .where(Round.edition_id == edition_id)
        .with_for_update(of=PastAssignment)
    ).one_or_none()
    if past is None:
        raise NotFound
    kept, round_, code = past
    if round_.state in BEFORE or not (entry.texts or entry.feedback or entry.private_note):
        return ""
    row = _offered(
        LatePaper.assignment_id.is_(None),
        LatePaper.round_id == kept.round_id,
        LatePaper.submission_id == kept.submission_id,
        LatePaper.actor_id == actor_id,
    )
    if row is None:
        row = LatePaper(round_id=kept.round_id, submission_id=kept.submission_id)
        place = _Place(edition_id, round_.code, code, f"round:{kept.round_id}")
        _trace("late.offered", place, actor_id, now, cause=LateCause.GONE.value)
    return _fill(row, LateCause.GONE, entry, actor_id, now)


def _offered(*which: ColumnElement[bool]) -> LatePaper | None:
    return db.session.scalar(select(LatePaper).where(*which, LatePaper.state == LateState.OFFERED).with_for_update())


def _is_late(round_: RoundHead, now: datetime) -> bool:
    return round_.state not in BEFORE and (round_.opens_at is None or now >= round_.opens_at)


def _says_the_same(paper: PaperFacts, entry: Entry) -> bool:
    sheet = sheet_of(paper.round)
    card = paper.scorecard
    if card is None or (entry.submit and paper.state is not PaperState.SUBMITTED):
        return False
    typed = {code: text.replace(",", ".") for code, text in entry.texts.items()}
    same_texts = (card.feedback, card.private_note) == (entry.feedback, entry.private_note)
    return same_texts and typed == mark_texts(sheet, paper.points(sheet))


def _fill(row: LatePaper, cause: LateCause, entry: Entry, actor_id: int, now: datetime) -> str:
    row.state, row.cause, row.actor_id, row.key = LateState.OFFERED, cause, actor_id, entry.key
    row.version, row.rubric_version, row.submit = entry.version, entry.rubric_version, entry.submit
    row.marks, row.feedback, row.private_note = dict(entry.texts), entry.feedback, entry.private_note
    row.started_at, row.received_at = entry.started_at, now
    db.session.add(row)
    db.session.flush()  # the public id is wanted
    return row.public_id


def accept_late(*, edition_id: int, late: str, reason: str, actor_id: int, now: datetime) -> PaperFacts:
    """Make a late paper the judge's scorecard, in writing; return the paper as it is stored now.

    The round must be in scoring, whatever its deadline says: one that is closed is reopened first, so that its closing
    is counted again; of a paper that was taken away, the judge must have the submission again. Nobody accepts what
    they sent themselves: marks change by two persons. Raises `NotFound`, `RuleBroken` "late_decided", "late_own",
    "late_without_paper", "late_round_closed", "paper_recused", "paper_abstained", "paper_voided", "rubric_changed";
    `StaleScorecard` when the judge has saved since; `MarksRefused`.
    """
    row, place = _waiting(edition_id, late)
    if row.actor_id == actor_id:
        raise RuleBroken("late_own")
    paper = _paper_now(edition_id, row)
    if paper is None:
        raise RuleBroken("late_without_paper")
    if paper.round.state is not RoundState.SCORING:
        raise RuleBroken("late_round_closed")
    if paper.state in WITHOUT_MARKS:
        raise RuleBroken(f"paper_{paper.state.value}")
    sheet = sheet_of(paper.round)
    if row.rubric_version != sheet.rubric_version:
        raise RuleBroken("rubric_changed")
    if paper.scorecard is not None and paper.scorecard.updated_at > row.received_at:
        raise StaleScorecard(paper)
    stored = _take(paper, sheet, row, actor_id=actor_id, now=now)
    _decide(row, LateState.ACCEPTED, reason, actor_id, now)
    _trace("late.accepted", place, actor_id, now, reason=reason, fingerprint=stored.proof)
    return stored


def _take(paper: PaperFacts, sheet: Sheet, row: LatePaper, *, actor_id: int, now: datetime) -> PaperFacts:
    entry = Entry(
        version=paper.version,
        rubric_version=row.rubric_version,
        key="",
        texts=row.marks,
        feedback=row.feedback,
        private_note=row.private_note,
        submit=row.submit,
    )
    final = row.submit or paper.state is PaperState.SUBMITTED
    points = read_marks(sheet, entry.texts, complete=final)
    stored = write_card(paper, new_card(paper, sheet, entry, points, digest="", final=final, now=now))
    if stored is None:
        raise StaleScorecard(paper)
    write_marks(paper, stored, sheet)
    event = add_event(paper, stored, sheet, EventKind.ACCEPTED, actor_id=actor_id, now=now)
    return replace(paper, scorecard=stored, event=event, proof=event.digest)


def dismiss_late(*, edition_id: int, late: str, reason: str, actor_id: int, now: datetime) -> None:
    """Set a late paper aside, in writing; its text stays. Raises `NotFound`, `RuleBroken` "late_decided"."""
    row, place = _waiting(edition_id, late)
    _decide(row, LateState.DISMISSED, reason, actor_id, now)
    _trace("late.dismissed", place, actor_id, now, reason=reason)


@dataclass(frozen=True, slots=True)
class _Place:
    """What the trail says of a late paper."""

    edition_id: int
    round: str
    submission: str
    subject: str

    @classmethod
    def of(cls, paper: PaperFacts) -> _Place:
        return cls(paper.round.edition_id, paper.round.code, paper.code, f"assignment:{paper.id}")


def _waiting(edition_id: int, late: str) -> tuple[LatePaper, _Place]:
    found = db.session.execute(
        select(LatePaper, Round.code, Submission.code)
        .join(Round, Round.id == LatePaper.round_id)
        .join(Submission, Submission.id == LatePaper.submission_id)
        .where(LatePaper.public_id == late, Round.edition_id == edition_id)
        .with_for_update(of=LatePaper)
    ).one_or_none()
    if found is None:
        raise NotFound
    row, round_code, code = found
    if row.state is not LateState.OFFERED:
        raise RuleBroken("late_decided")
    subject = f"round:{row.round_id}" if row.assignment_id is None else f"assignment:{row.assignment_id}"
    return row, _Place(edition_id, round_code, code, subject)


def _paper_now(edition_id: int, row: LatePaper) -> PaperFacts | None:
    """Return the judge's present paper on the submission of a late one."""
    public_id = db.session.scalar(
        select(Assignment.public_id)
        .join(Judge, Judge.id == Assignment.judge_id)
        .where(Assignment.round_id == row.round_id, Assignment.submission_id == row.submission_id)
        .where(Judge.user_id == row.actor_id)
    )
    return None if public_id is None else paper_of(edition_id, public_id, hold=True)


def _decide(row: LatePaper, state: LateState, reason: str, actor_id: int, now: datetime) -> None:
    row.state, row.decision, row.decided_by, row.decided_at = state, reason, actor_id, now


def _trace(action: str, place: _Place, actor_id: int, now: datetime, **facts: str) -> None:
    audit.record(
        at=now,
        actor_id=actor_id,
        scope=f"edition:{place.edition_id}",
        action=action,
        subject=place.subject,
        round=place.round,
        submission=place.submission,
        **facts,
    )
