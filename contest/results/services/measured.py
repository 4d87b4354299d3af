"""Numbers that stand on no judge's paper: measured by the organiser, or votes of the audience."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from contest.editions import services as editions
from contest.editions.facts import RoundFacts
from contest.editions.rules import CriterionSpec, Source
from contest.errors import NotFound, RuleBroken
from contest.infra.db import db
from contest.judging.models import MeasuredScore
from contest.results.queries.decisions import participants_of
from contest.results.services.rows import trace
from contest.results.services.rulings import open_to_decisions


def set_numbers(
    *, round_id: int, criterion: str, numbers: Mapping[str, Decimal | None], actor_id: int, now: datetime
) -> int:
    """Write what was measured, by submission code, and return how many numbers changed; None takes one away.

    Submissions that are not named keep theirs. The first number locks the rubric, as a judge's first mark does.
    Raises `NotFound` for a criterion that judges fill or that does not exist, `RuleBroken` "round_settled",
    "submission_not_in_round" (item), "score_out_of_range", "score_off_step".
    """
    round_ = open_to_decisions(round_id)
    criterion_id, spec = measured_criterion(round_, criterion)
    ids = {one.code: one.id for one in participants_of(round_)}
    rows = _rows(criterion_id)
    changes: dict[str, list[str | None]] = {}
    for code, number in numbers.items():
        if code not in ids:
            raise RuleBroken("submission_not_in_round", item=code)
        row = rows.get(ids[code])
        before = None if row is None else _number(row, spec)
        if before != number:
            _write(row, criterion_id, spec, ids[code], number)
            changes[code] = [_text(before), _text(number)]
    if changes:
        editions.lock_rubric(round_id=round_id, now=now)
        trace("measured.set", round_, actor_id=actor_id, now=now, criterion=spec.code, changes=changes)
    return len(changes)


def void_votes(
    *, round_id: int, criterion: str, submission: str, votes: int, reason: str, actor_id: int, now: datetime
) -> Decimal:
    """Take votes that do not count off a submission's number, on record with the reason; return what remains.

    Raises `NotFound`, `RuleBroken` "round_settled", "reason_missing", "submission_not_in_round" (item),
    "votes_too_many" (value) when there are not so many.
    """
    round_ = open_to_decisions(round_id)
    if not reason.strip():
        raise RuleBroken("reason_missing")
    criterion_id, spec = measured_criterion(round_, criterion)
    if spec.source is not Source.AUDIENCE or spec.measure is None:
        raise NotFound
    ids = {one.code: one.id for one in participants_of(round_)}
    if submission not in ids:
        raise RuleBroken("submission_not_in_round", item=submission)
    row = _rows(criterion_id).get(ids[submission])
    counted = Decimal(0) if row is None or row.raw is None else row.raw
    if row is None or not 0 < votes <= counted:
        raise RuleBroken("votes_too_many", value=counted)
    row.raw = counted - votes
    facts = {"criterion": spec.code, "submission": submission, "votes": votes, "reason": reason.strip()}
    trace("votes.voided", round_, actor_id=actor_id, now=now, remaining=_text(row.raw), **facts)
    return row.raw


def measured_criterion(round_: RoundFacts, code: str) -> tuple[int, CriterionSpec]:
    """Return row id and criterion. Raises `NotFound` for one that judges fill or that does not exist."""
    for criterion_id, spec in zip(round_.criterion_ids, round_.rubric.criteria, strict=True):
        if spec.code == code and spec.source is not Source.JUDGES:
            return criterion_id, spec
    raise NotFound


def _rows(criterion_id: int) -> dict[int, MeasuredScore]:
    rows = db.session.scalars(
        select(MeasuredScore).where(MeasuredScore.criterion_id == criterion_id, MeasuredScore.judge_id.is_(None))
    )
    return {row.submission_id: row for row in rows}


def _number(row: MeasuredScore, spec: CriterionSpec) -> Decimal | None:
    return row.raw if row.points is None else spec.value_of(row.points)


def _write(
    row: MeasuredScore | None, criterion_id: int, spec: CriterionSpec, submission_id: int, number: Decimal | None
) -> None:
    if number is None:
        db.session.delete(row)
        return
    values: dict[str, Any] = {"raw": number, "points": None}
    if spec.measure is None:
        values = {"raw": None, "points": spec.points_of(number)}
    if row is None:
        row = MeasuredScore(criterion_id=criterion_id, submission_id=submission_id, max_points=spec.max_points)
        db.session.add(row)
    row.raw, row.points = values["raw"], values["points"]


def _text(number: Decimal | None) -> str | None:
    return None if number is None else format(number, "f")
