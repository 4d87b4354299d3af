"""A judge writes on a paper: saves a draft, submits, withdraws. Each verb is one transaction of its caller."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from contest.editions.services import lock_rubric
from contest.errors import NotFound, RuleBroken
from contest.infra.signing import fingerprint
from contest.judging.events import EventKind, ScoreEvent
from contest.judging.marks import read_marks, stored_points
from contest.judging.papers import WITHOUT_MARKS, Entry, PaperFacts, PaperState, Sheet, StaleScorecard
from contest.judging.queries.desk import paper_of, paper_to_save, sheet_of
from contest.judging.queries.recusals import was_replaced
from contest.judging.services.cards import new_card, trace, write_card, write_marks
from contest.judging.services.events import add_event
from contest.judging.states import ScorecardStatus


def hold(*, edition_id: int, assignment: str, actor_id: int, key: str) -> PaperFacts:
    """Take a paper for a save: from here to the end of the unit of work its round stays as it is.

    The moment that decides about deadlines is read after this, so that nothing is stored later than it says. Raises
    `NotFound` for anybody but the assigned judge.
    """
    paper = paper_to_save(edition_id, assignment, actor_id=actor_id, key=key)
    if paper is None or not paper.opens_to(actor_id):
        raise NotFound
    return paper


def save_scorecard(*, edition_id: int, assignment: str, actor_id: int, entry: Entry, now: datetime) -> PaperFacts:
    """Hold a paper and save it, see `hold` and `save_held`, for a moment that is known beforehand."""
    paper = hold(edition_id=edition_id, assignment=assignment, actor_id=actor_id, key=entry.key)
    return save_held(paper, actor_id=actor_id, entry=entry, now=now)


def save_held(paper: PaperFacts, *, actor_id: int, entry: Entry, now: datetime) -> PaperFacts:
    """Store what the judge sent for a paper that is held; return it as it is stored now, with its event.

    A draft may have blanks; with `entry.submit`, and on a paper that is submitted already, every mark must be given.
    The first mark of a round locks its rubric. Sending an entry again, now or later, answers what it was answered the
    first time and changes nothing.

    Raises `RuleBroken` "scoring_closed" (closed), "paper_recused", "paper_abstained", "paper_voided", "rubric_changed",
    "criterion_unknown", "key_reused"; `StaleScorecard`; `MarksRefused`.
    """
    if paper.event is not None:
        return _as_answered(paper, entry, paper.event)
    sheet = _open_sheet(paper, now)
    if entry.rubric_version != sheet.rubric_version:
        raise RuleBroken("rubric_changed")
    if not _follows(paper, entry):
        raise StaleScorecard(paper)
    final = entry.submit or paper.state is PaperState.SUBMITTED
    points = read_marks(sheet, entry.texts, complete=final)
    content = fingerprint(entry.said())
    card = new_card(paper, sheet, entry, points, digest=content, final=final, now=now)
    stored = write_card(paper, card)
    if stored is None:  # another save of the same paper came first
        return _after_the_other(paper, actor_id, entry)
    write_marks(paper, stored, sheet)
    kind = _kind(paper, final=final)
    event = add_event(paper, stored, sheet, kind, actor_id=actor_id, now=now, key=entry.key, content=content)
    if final:
        trace(f"scorecard.{kind}", paper, stored, actor_id, now, fingerprint=event.digest)
    head = paper.round
    if stored.marks and not head.locked:
        lock_rubric(round_id=head.id, now=now)
        head = replace(head, locked=True)
    return replace(paper, round=head, scorecard=stored, event=event, proof=event.digest)


def _kind(paper: PaperFacts, *, final: bool) -> EventKind:
    if not final:
        return EventKind.SAVED
    return EventKind.CHANGED if paper.state is PaperState.SUBMITTED else EventKind.SUBMITTED


def _as_answered(paper: PaperFacts, entry: Entry, event: ScoreEvent) -> PaperFacts:
    """Return what this key was answered before. Raises `RuleBroken` "key_reused" for another content or paper."""
    card = paper.scorecard
    if event.assignment != paper.public_id or event.content != fingerprint(entry.said()) or card is None:
        raise RuleBroken("key_reused")
    if card.version == event.version:
        return paper
    sheet = sheet_of(paper.round)
    then = replace(
        card,
        status=ScorecardStatus.SUBMITTED if event.final else ScorecardStatus.DRAFT,
        version=event.version,
        marks=stored_points(sheet, event.marks),
        feedback=entry.feedback,
        private_note=entry.private_note,
        recusal_reason="",
        updated_at=event.at,
        last_key=entry.key,
        last_digest=event.content,
    )
    return replace(paper, scorecard=then)


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


def take_recusal_back(
    *, edition_id: int, assignment: str, actor_id: int, reason: str, now: datetime, organiser: bool = False
) -> PaperFacts:
    """Undo a withdrawal in writing: the paper is what it was, and marks that were handed in count again.

    The judge may until somebody else was given the submission, an `organiser` also afterwards. Raises `NotFound` for
    any other person and while a declared conflict stands, `RuleBroken` "return_without_reason", "paper_not_recused",
    "already_replaced", "scoring_closed".
    """
    paper = paper_of(edition_id, assignment, hold=True) if organiser else _held(edition_id, assignment, actor_id)
    if paper is None or not paper.listed:
        raise NotFound
    if not reason.strip():
        raise RuleBroken("return_without_reason")
    if paper.state is not PaperState.RECUSED or paper.scorecard is None:
        raise RuleBroken("paper_not_recused")
    if not paper.round.recusal_open(now):
        raise RuleBroken("scoring_closed")
    if not organiser and was_replaced(paper.id):
        raise RuleBroken("already_replaced")
    before = ScorecardStatus.SUBMITTED if paper.scorecard.submitted_at else ScorecardStatus.DRAFT
    return _turn(paper, before, "", actor_id, now, because=reason.strip())


_TURNS = {
    ScorecardStatus.RECUSED: EventKind.RECUSED,
    ScorecardStatus.ABSTAINED: EventKind.ABSTAINED,
    ScorecardStatus.DRAFT: EventKind.RESUMED,
    ScorecardStatus.SUBMITTED: EventKind.RESUMED,
}


def _turn(
    paper: PaperFacts, status: ScorecardStatus, reason: str, actor_id: int, now: datetime, *, because: str = ""
) -> PaperFacts:
    """Give a paper another state; marks and words on it stay stored."""
    sheet = sheet_of(paper.round)
    blank = Entry(version=paper.version, rubric_version=sheet.rubric_version, key="", texts={})
    card = new_card(paper, sheet, blank, paper.points(sheet), digest="", final=False, now=now)
    card = replace(
        card,
        status=status,
        recusal_reason=reason,
        feedback=paper.scorecard.feedback if paper.scorecard else "",
        private_note=paper.scorecard.private_note if paper.scorecard else "",
    )
    stored = write_card(paper, card)
    if stored is None:
        raise StaleScorecard(_held(paper.round.edition_id, paper.public_id, actor_id))
    kind = _TURNS[status]
    event = add_event(paper, stored, sheet, kind, actor_id=actor_id, now=now)
    trace(f"scorecard.{kind}", paper, stored, actor_id, now, reason=reason or because)
    return replace(paper, scorecard=stored, event=event, proof=event.digest)


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


def _follows(paper: PaperFacts, entry: Entry) -> bool:
    """Tell whether the entry was typed over what is stored, or over what the same page stored since unheard."""
    return entry.version == paper.version or (paper.scorecard is not None and paper.scorecard.last_key in entry.after)


def _after_the_other(paper: PaperFacts, actor_id: int, entry: Entry) -> PaperFacts:
    again = hold(edition_id=paper.round.edition_id, assignment=paper.public_id, actor_id=actor_id, key=entry.key)
    if again.event is None:
        raise StaleScorecard(again)
    return _as_answered(again, entry, again.event)
