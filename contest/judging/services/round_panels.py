"""Panels of a round: who sits in which, and their plan in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete

from contest.errors import NotFound, RuleBroken
from contest.infra.db import db
from contest.judging.queries.panel import judges_of
from contest.judging.queries.round_panels import RoundPanels, round_panels
from contest.judging.rooms.models import AnchorEntry, RoundPanel, RoundPanelMember
from contest.judging.services.assignments import apply_plan, open_round, trace


def save_panels(
    *, round_id: int, names: Sequence[str], members: Mapping[int, int], actor_id: int | None, now: datetime
) -> None:
    """Put these panels in place of those before; nothing is assigned yet. Flushes for the ids.

    `names` in the order of the panels' numbers from 1 on, `members` numbers by judge id; judges not named sit in none.
    No names: the round is judged without panels. Raises `NotFound`, `RuleBroken` "panel_number_wrong" (`number`),
    "panel_of_nobody", "assignments_closed", "edition_archived".
    """
    round_ = open_round(round_id)
    known = {judge.id: judge.code for judge in judges_of(round_.edition_id) if judge.left_at is None}
    if not members.keys() <= known.keys():
        raise NotFound
    wrong = next((number for number in members.values() if not 1 <= number <= len(names)), None)
    if wrong is not None:
        raise RuleBroken("panel_number_wrong", number=wrong)
    if set(members.values()) != set(range(1, len(names) + 1)):
        raise RuleBroken("panel_of_nobody")
    db.session.execute(delete(RoundPanelMember).where(RoundPanelMember.round_id == round_id))
    db.session.execute(delete(RoundPanel).where(RoundPanel.round_id == round_id))
    rows = [RoundPanel(round_id=round_id, number=number, name=name) for number, name in enumerate(names, start=1)]
    db.session.add_all(rows)
    db.session.flush()  # the ids are needed for the members
    for judge_id, number in members.items():
        db.session.add(RoundPanelMember(round_id=round_id, judge_id=judge_id, panel_id=rows[number - 1].id))
    listed = {known[judge_id]: number for judge_id, number in members.items()}
    trace("panels.set", round_, actor_id, now, panels=list(names), members=listed)


def apply_panels(
    *, round_id: int, count: int, expected: str, reason: str, actor_id: int | None, now: datetime
) -> RoundPanels:
    """Put the plan of the panels in force and keep its anchors; `expected` is the digest of the plan that was shown.

    Raises `RuleBroken` "panel_of_nobody" without panels, "plan_changed", and what `apply_plan` raises.
    """
    round_ = open_round(round_id)
    found = round_panels(round_, count)
    if found is None:
        raise RuleBroken("panel_of_nobody")
    if found.digest != expected:
        raise RuleBroken("plan_changed")
    apply_plan(round_id=round_id, pairs=found.pairs(), reason=reason, actor_id=actor_id, now=now)
    db.session.execute(delete(AnchorEntry).where(AnchorEntry.round_id == round_id))
    for submission_id in found.anchor_ids():
        db.session.add(AnchorEntry(round_id=round_id, submission_id=submission_id))
    codes = [found.board.submissions[one].code for one in found.plan.anchors]
    trace("panels.applied", round_, actor_id, now, anchors=codes)
    return found
