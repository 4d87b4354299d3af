"""The panel changes while the scoring runs: only in writing, with the effect seen first."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select, update

from contest.accounts import services as accounts
from contest.accounts.models import Membership
from contest.accounts.roles import JURY
from contest.editions.services.rows import edition_row
from contest.errors import NotFound, RuleBroken
from contest.infra import audit
from contest.infra.db import db
from contest.judging.models import Assignment, Judge, PanelChange, Scorecard
from contest.judging.panel_change import Effect, Fate
from contest.judging.queries.begun import untouched
from contest.judging.queries.panel import PanelJudge, judges_of
from contest.judging.queries.panel_changes import begun_round, leaving_plan
from contest.judging.services.gone import take_away
from contest.judging.states import PanelChangeKind, ScorecardStatus

LONGEST_REASON = 500


def need_reason(edition_id: int, reason: str) -> str:
    """Return the reason, which may be empty while nothing is scored. Raises `RuleBroken` "reason_needed" (`round`)."""
    said, begun = reason.strip(), begun_round(edition_id)
    if begun and not said:
        raise RuleBroken("reason_needed", round=begun)
    return said if begun else ""


def note_change(
    judge: Judge | PanelJudge,
    kind: PanelChangeKind,
    reason: str,
    *,
    edition_id: int,
    actor_id: int | None,
    now: datetime,
    successor: PanelJudge | None = None,
    set_aside: bool = False,
) -> None:
    """Write an exception down, for the minutes."""
    row = PanelChange(
        edition_id=edition_id,
        kind=kind,
        judge_code=judge.code,
        judge_name=judge.name,
        successor_code=successor.code if successor else "",
        successor_name=successor.name if successor else "",
        set_aside=set_aside,
        reason=reason[:LONGEST_REASON],
        decided_at=now,
        decided_by=actor_id,
    )
    db.session.add(row)


def let_leave(
    *,
    edition_id: int,
    judge_id: int,
    successor_id: int | None,
    fate: Fate,
    reason: str,
    expected: str | None,
    actor_id: int | None,
    now: datetime,
) -> Effect:
    """Take a judge out of every round that is not over; a successor gets what was not finished.

    Papers that were not begun go, drafts are set aside, and what was handed in stays or is set aside, by `fate`;
    set aside means kept on record and counted for nothing. `expected` is the digest of the effect that was shown.
    Rounds that are over stay as they are. Raises `NotFound`, `RuleBroken` "leave_without_reason", "judge_left"
    (`judge`), "successor_same", "effect_changed", "edition_archived".
    """
    edition_row(edition_id)
    said = reason.strip()
    if not said:
        raise RuleBroken("leave_without_reason")
    _take_papers(edition_id, [judge_id, successor_id])
    judge, successor = _two(edition_id, judge_id, successor_id)
    plan = leaving_plan(judge, successor, fate, edition_id)
    if expected is not None and plan.digest != expected:
        raise RuleBroken("effect_changed")
    _apply(plan.effect, successor, said, now)
    db.session.execute(update(Judge).where(Judge.id == judge.id).values(left_at=now))
    _end_roles(edition_id, judge, actor_id, now)
    kind = PanelChangeKind.REPLACED if successor else PanelChangeKind.LEFT
    aside = fate is Fate.ASIDE
    note_change(
        judge, kind, said, edition_id=edition_id, actor_id=actor_id, now=now, successor=successor, set_aside=aside
    )
    _trace(edition_id, judge, successor, plan.effect, fate, said, actor_id, now)
    return plan.effect


def _take_papers(edition_id: int, judges: list[int | None]) -> None:
    """Wait for whoever is saving on these papers; who saves later finds the change."""
    del edition_id
    db.session.execute(select(Assignment.id).where(Assignment.judge_id.in_(judges)).with_for_update()).all()


def _two(edition_id: int, judge_id: int, successor_id: int | None) -> tuple[PanelJudge, PanelJudge | None]:
    known = {one.id: one for one in judges_of(edition_id)}
    if judge_id not in known or (successor_id is not None and successor_id not in known):
        raise NotFound
    judge, successor = known[judge_id], None if successor_id is None else known[successor_id]
    if successor is judge:
        raise RuleBroken("successor_same")
    for one in (judge, successor):
        if one is not None and one.left_at is not None:
            raise RuleBroken("judge_left", judge=one.name)
    return judge, successor


def _apply(effect: Effect, successor: PanelJudge | None, reason: str, now: datetime) -> None:
    gone = [one.held.assignment for one in effect.outcomes if not one.kept and not one.voided]
    aside = [one.held.assignment for one in effect.outcomes if one.voided]
    take_away(Assignment.id.in_(gone), untouched())
    _set_aside_blank(gone, reason, now)
    db.session.execute(
        update(Scorecard)
        .where(Scorecard.assignment_id.in_(aside))
        .values(
            status=ScorecardStatus.VOIDED,
            recusal_reason=reason[:LONGEST_REASON],
            version=Scorecard.version + 1,
            updated_at=now,
            last_key="",
            last_digest="",
        )
    )
    taken = [one.held.paper for one in effect.outcomes if one.passed_on]
    if taken and successor is not None:
        db.session.execute(
            insert(Assignment),
            [
                {"round_id": one, "submission_id": other, "judge_id": successor.id, "pinned": True, "created_at": now}
                for one, other in taken
            ],
        )


def _set_aside_blank(gone: list[int], reason: str, now: datetime) -> None:
    """Set aside what has no marks but a paper that came in: it stays on record, too."""
    for assignment_id in db.session.scalars(select(Assignment.id).where(Assignment.id.in_(gone))).all():
        db.session.add(
            Scorecard(
                assignment_id=assignment_id,
                status=ScorecardStatus.VOIDED,
                recusal_reason=reason[:LONGEST_REASON],
                updated_at=now,
            )
        )


def _end_roles(edition_id: int, judge: PanelJudge, actor_id: int | None, now: datetime) -> None:
    held = select(Membership.role).where(Membership.user_id == judge.user_id, Membership.edition_id == edition_id)
    for role in sorted(JURY & set(db.session.scalars(held))):
        accounts.revoke_role(user_id=judge.user_id, edition_id=edition_id, role=role, actor_id=actor_id, now=now)


def _trace(
    edition_id: int,
    judge: PanelJudge,
    successor: PanelJudge | None,
    effect: Effect,
    fate: Fate,
    reason: str,
    actor_id: int | None,
    now: datetime,
) -> None:
    audit.record(
        at=now,
        actor_id=actor_id,
        scope=f"edition:{edition_id}",
        action="judge.replaced" if successor else "judge.left",
        subject=f"judge:{judge.id}",
        code=judge.code,
        successor=successor.code if successor else "",
        fate=fate.value,
        reason=reason,
        kept=effect.count("kept"),
        voided=effect.count("voided"),
        passed_on=effect.count("passed_on"),
        empty=effect.empty,
    )
