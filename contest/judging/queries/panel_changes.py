"""Reads about a panel that changes while the scoring runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from contest.accounts.models import User
from contest.editions.models import Round
from contest.editions.phases import BEFORE_CLOSE, RoundState
from contest.editions.rules import LocalText
from contest.infra.db import db
from contest.infra.signing import fingerprint
from contest.judging.models import Assignment, PanelChange, Scorecard
from contest.judging.panel_change import Effect, Fate, HeldPaper, Successor, effect_of
from contest.judging.papers import WITHOUT_MARKS, state_of
from contest.judging.queries.conflicts import conflicts_between, submission_lines
from contest.judging.queries.panel import PanelJudge
from contest.judging.states import PanelChangeKind
from contest.submissions.models import Submission


def begun_round(edition_id: int) -> str:
    """Return the code of a round that is being scored and has its first score; "" when there is none."""
    code = db.session.scalar(
        select(Round.code)
        .where(Round.edition_id == edition_id, Round.state == RoundState.SCORING, Round.locked_at.is_not(None))
        .order_by(Round.position)
        .limit(1)
    )
    return code or ""


@dataclass(frozen=True, slots=True)
class LeavingPlan:
    """What would happen if a judge left now. `names` says what each paper is; `digest` changes when anything would."""

    effect: Effect
    names: dict[tuple[int, int], tuple[LocalText, str, str]]
    digest: str


def leaving_plan(judge: PanelJudge, successor: PanelJudge | None, fate: Fate, edition_id: int) -> LeavingPlan:
    """Return the effect on every round that is not over, in six queries."""
    rows = db.session.execute(
        select(
            *(Assignment.id, Assignment.round_id, Assignment.submission_id, Scorecard.status),
            *(Round.name_vi, Round.name_en, Submission.code, Submission.title),
        )
        .join(Round, Round.id == Assignment.round_id)
        .join(Submission, Submission.id == Assignment.submission_id)
        .outerjoin(Scorecard, Scorecard.assignment_id == Assignment.id)
        .where(Assignment.judge_id == judge.id, Round.state.in_(BEFORE_CLOSE))
        .order_by(Round.position, Submission.code)
    ).all()
    papers = [HeldPaper(row.id, (row.round_id, row.submission_id), state_of(row.status)) for row in rows]
    effect = effect_of(papers, None if successor is None else _successor(successor, edition_id), fate)
    told = [[o.held.assignment, o.held.state.value, o.kept, o.voided, o.passed_on, o.bar] for o in effect.outcomes]
    names = {
        (row.round_id, row.submission_id): (LocalText(row.name_vi, row.name_en), row.code, row.title) for row in rows
    }
    digest = fingerprint([judge.id, successor.id if successor else None, fate.value, told])
    return LeavingPlan(effect, names, digest)


def _successor(judge: PanelJudge, edition_id: int) -> Successor:
    rows = db.session.execute(
        select(Assignment.round_id, Assignment.submission_id, Scorecard.status)
        .outerjoin(Scorecard, Scorecard.assignment_id == Assignment.id)
        .where(Assignment.judge_id == judge.id)
    ).all()
    loads: dict[int, int] = {}
    for row in rows:
        if state_of(row.status) not in WITHOUT_MARKS:
            loads[row.round_id] = loads.get(row.round_id, 0) + 1
    barred = conflicts_between(edition_id, [judge], submission_lines(edition_id))
    return Successor(
        held=frozenset((row.round_id, row.submission_id) for row in rows),
        barred=frozenset(submission_id for submission_id, _ in barred),
        loads=loads,
        limit=judge.max_load,
    )


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One exception, as it is listed and goes into the minutes."""

    at: datetime
    by: str
    kind: PanelChangeKind
    judge: str
    successor: str
    set_aside: bool
    reason: str


def panel_changes_of(edition_id: int) -> tuple[ChangeLine, ...]:
    """Return every exception of an edition in the order of time, in one query."""
    rows = db.session.execute(
        select(PanelChange, User.name)
        .outerjoin(User, User.id == PanelChange.decided_by)
        .where(PanelChange.edition_id == edition_id)
        .order_by(PanelChange.id)
    )
    return tuple(
        ChangeLine(
            at=row.decided_at,
            by=by or "",
            kind=row.kind,
            judge=row.judge_name,
            successor=row.successor_name,
            set_aside=row.set_aside,
            reason=row.reason,
        )
        for row, by in rows
    )
