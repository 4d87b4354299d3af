"""Conflicts of interest are declared and taken back; they hold in every round, at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from contest.editions.models import Round
from contest.editions.phases import BEFORE_CLOSE
from contest.editions.services.rows import edition_row
from contest.errors import NotFound, RuleBroken
from contest.infra import audit
from contest.infra.db import db
from contest.judging.conflicts import ConflictReason
from contest.judging.models import Assignment, Conflict, DismissedFinding, Judge
from contest.judging.queries.begun import untouched
from contest.judging.queries.conflicts import Finding, findings_between, submission_lines
from contest.judging.queries.panel import judges_of
from contest.judging.services.gone import take_away
from contest.judging.services.judges import judge_row
from contest.judging.states import Party
from contest.submissions.models import Submission


@dataclass(frozen=True, slots=True)
class Declared:
    """What a declaration did: assignments taken away, and scorecards that count no longer (they stay stored)."""

    removed: int
    put_aside: int


def declare_conflict(
    *,
    edition_id: int,
    judge_id: int,
    submission_id: int,
    reason: str,
    actor_id: int | None,
    now: datetime,
    kind: ConflictReason = ConflictReason.DECLARED,
    party: Party = Party.ORGANISER,
) -> Declared:
    """Bar a judge from a submission in every round; the same party declaring again changes kind and reason.

    Assignments of the pair that were not begun disappear from rounds that are not closed. Scorecards stay and count
    for nothing while the conflict stands. Raises `NotFound`, `RuleBroken` "edition_archived".
    """
    edition_row(edition_id)
    judge, submission = judge_row(edition_id, judge_id), _submission(edition_id, submission_id)
    row = _declared(judge.id, submission.id, party)
    if row is None:
        row = Conflict(judge_id=judge.id, submission_id=submission.id, party=party)
        db.session.add(row)
    row.kind, row.reason = kind, reason
    row.declared_at, row.declared_by = now, actor_id
    outcome = _clear(judge.id, submission.id)
    said = {"party": party.value, "kind": kind.value, "reason": reason}
    done = {"removed": outcome.removed, "put_aside": outcome.put_aside}
    _trace("conflict.declared", judge, submission, actor_id, now, **said, **done)
    return outcome


def withdraw_conflict(
    *,
    edition_id: int,
    judge_id: int,
    submission_id: int,
    actor_id: int | None,
    now: datetime,
    party: Party = Party.ORGANISER,
    because: str = "",
) -> None:
    """Take a party's declaration back; scorecards of the pair count again unless another party's stands.

    Raises `NotFound`, `RuleBroken` "edition_archived".
    """
    edition_row(edition_id)
    judge, submission = judge_row(edition_id, judge_id), _submission(edition_id, submission_id)
    row = _declared(judge.id, submission.id, party)
    if row is None:
        raise NotFound
    said = {"party": party.value, "kind": row.kind.value, "reason": row.reason, "because": because}
    _trace("conflict.withdrawn", judge, submission, actor_id, now, **said)
    db.session.delete(row)


def dismiss_finding(
    *,
    edition_id: int,
    judge_id: int,
    submission_id: int,
    evidence: str,
    reason: str,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Say that something found in the data is no conflict; the same evidence never comes back.

    Repeating changes nothing. Raises `NotFound` for evidence that is not there, `RuleBroken`
    "dismissal_without_reason", "edition_archived".
    """
    edition_row(edition_id)
    judge, submission = judge_row(edition_id, judge_id), _submission(edition_id, submission_id)
    if not reason.strip():
        raise RuleBroken("dismissal_without_reason")
    if _dismissed(judge.id, submission.id, evidence) is not None:
        return
    found = _finding(edition_id, judge.id, submission.id, evidence)
    row = DismissedFinding(
        judge_id=judge.id, submission_id=submission.id, evidence=evidence, kind=found.reason, reason=reason.strip(),
        dismissed_at=now, dismissed_by=actor_id,
    )  # fmt: skip
    db.session.add(row)
    seen = {"kind": found.reason.value, "mine": found.mine, "theirs": found.theirs, "reason": row.reason}
    _trace("conflict.dismissed", judge, submission, actor_id, now, **seen)


def restore_finding(
    *, edition_id: int, judge_id: int, submission_id: int, evidence: str, actor_id: int | None, now: datetime
) -> None:
    """Take a dismissal back: what was found bars the pair again. Raises `NotFound`, `RuleBroken` "edition_archived"."""
    edition_row(edition_id)
    judge, submission = judge_row(edition_id, judge_id), _submission(edition_id, submission_id)
    row = _dismissed(judge.id, submission.id, evidence)
    if row is None:
        raise NotFound
    _trace("conflict.restored", judge, submission, actor_id, now, kind=row.kind.value, reason=row.reason)
    db.session.delete(row)


def _finding(edition_id: int, judge_id: int, submission_id: int, evidence: str) -> Finding:
    judges = [one for one in judges_of(edition_id) if one.id == judge_id]
    lines = [one for one in submission_lines(edition_id) if one.id == submission_id]
    found = findings_between(edition_id, judges, lines).get((submission_id, judge_id), ())
    for one in found:
        if one.digest == evidence:
            return one
    raise NotFound


def _dismissed(judge_id: int, submission_id: int, evidence: str) -> DismissedFinding | None:
    return db.session.scalar(
        select(DismissedFinding).where(
            DismissedFinding.judge_id == judge_id,
            DismissedFinding.submission_id == submission_id,
            DismissedFinding.evidence == evidence,
        )
    )


def _submission(edition_id: int, submission_id: int) -> Submission:
    row = db.session.scalar(
        select(Submission).where(Submission.edition_id == edition_id, Submission.id == submission_id)
    )
    if row is None:
        raise NotFound
    return row


def _declared(judge_id: int, submission_id: int, party: Party) -> Conflict | None:
    return db.session.scalar(
        select(Conflict).where(
            Conflict.judge_id == judge_id, Conflict.submission_id == submission_id, Conflict.party == party
        )
    )


def _clear(judge_id: int, submission_id: int) -> Declared:
    rows = db.session.execute(
        select(Assignment.id, Round.state)
        .join(Round, Round.id == Assignment.round_id)
        .where(Assignment.judge_id == judge_id, Assignment.submission_id == submission_id)
        .with_for_update(of=Assignment)  # whoever saves a scorecard now ends first
    ).all()
    blank = set(
        db.session.scalars(select(Assignment.id).where(Assignment.id.in_([row.id for row in rows]), untouched()))
    )
    loose = [row.id for row in rows if row.id in blank and row.state in BEFORE_CLOSE]
    take_away(Assignment.id.in_(loose))
    return Declared(removed=len(loose), put_aside=len(rows) - len(blank))


def _trace(
    action: str, judge: Judge, submission: Submission, actor_id: int | None, now: datetime, **facts: str | int
) -> None:
    audit.record(
        at=now,
        actor_id=actor_id,
        scope=f"edition:{judge.edition_id}",
        action=action,
        subject=f"judge:{judge.id}",
        judge=judge.code,
        submission=submission.code,
        **facts,
    )
