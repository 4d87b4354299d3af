"""Rounds, their rules and their rubrics. Rules and rubric stop changing with the first score."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from contest.editions.basics import RoundBasics
from contest.editions.codes import LONGEST, check_code, free_code
from contest.editions.models import Criterion, Round
from contest.editions.phases import RoundState
from contest.editions.rules import CriterionSpec, RoundRules, Rubric
from contest.editions.rules_json import measure_to_json, rules_to_json
from contest.editions.services.rows import changes, edition_row, round_row, trace
from contest.errors import NotFound, RuleBroken
from contest.infra.db import db

MOST_POINTS = 1_000_000
"""Steps between the lowest and the highest mark; no person tells more apart, and the column holds them."""


def add_round(
    *,
    edition_id: int,
    basics: RoundBasics,
    actor_id: int | None,
    now: datetime,
    code: str = "",
    rules: RoundRules | None = None,
    rubric: Rubric | None = None,
) -> Round:
    """Add a round after the others; without a code its kind names it. Flushes for the id.

    Raises `RuleBroken` "code_invalid", "code_twice", "scale_too_fine", "edition_archived".
    """
    edition = edition_row(edition_id)  # held: a list outlives no parent that nobody holds
    rounds = edition.rounds
    taken = [row.code for row in rounds]
    chosen = check_code(code) if code else free_code(basics.kind.value, taken, LONGEST)
    if chosen in taken:
        raise RuleBroken("code_twice", item=chosen)
    row = Round(
        code=chosen,
        rules=rules_to_json(rules or RoundRules()),
        criteria=_criteria(rubric or Rubric()),
        position=max((row.position for row in rounds), default=0) + 1,
        **_columns(basics),
    )
    rounds.append(row)
    db.session.flush()  # the id goes into the trace and back to the caller
    _trace_round("round.added", row, actor_id=actor_id, now=now, code=chosen, kind=basics.kind.value)
    return row


def _columns(basics: RoundBasics) -> dict[str, Any]:
    return {
        "name_vi": basics.name.vi,
        "name_en": basics.name.en,
        "kind": basics.kind,
        "opens_at": basics.opens_at,
        "closes_at": basics.closes_at,
    }


def update_round(*, round_id: int, basics: RoundBasics, actor_id: int | None, now: datetime) -> None:
    """Change a round's name, kind and scoring window, also after the rubric is locked.

    Raises `RuleBroken` "edition_archived".
    """
    row = round_row(round_id)
    differing = changes(row, _columns(basics))
    if differing:
        _trace_round("round.updated", row, actor_id=actor_id, now=now, changes=differing)


def _trace_round(action: str, row: Round, *, actor_id: int | None, now: datetime, **facts: object) -> None:
    trace(action, edition_id=row.edition_id, actor_id=actor_id, now=now, subject=f"round:{row.id}", **facts)


def remove_round(*, round_id: int, actor_id: int | None, now: datetime) -> None:
    """Remove a round that nothing hangs on. Raises `RuleBroken` "rubric_locked" or "round_in_use"."""
    row = round_row(round_id)
    _refuse_locked(row)
    code = row.code
    _trace_round("round.removed", row, actor_id=actor_id, now=now, code=code)
    try:
        with db.session.begin_nested():
            db.session.delete(row)
            db.session.flush()  # the foreign keys tell now whether assignments or results hang on it
    except IntegrityError as used:
        raise RuleBroken("round_in_use", item=code) from used


def move_round(*, round_id: int, places: int, actor_id: int | None, now: datetime) -> None:
    """Move a round towards the start (negative) or the end; it stops at either end.

    Raises `RuleBroken` "rounds_started" once any of the rounds has left the draft state: the order decides who plays.
    """
    edition = edition_row(round_row(round_id).edition_id)  # held, as above
    rounds = edition.rounds
    if any(row.state is not RoundState.DRAFT for row in rounds):
        raise RuleBroken("rounds_started")
    ordered = list(rounds)
    place = next(index for index, row in enumerate(ordered) if row.id == round_id)
    moving = ordered.pop(place)
    ordered.insert(min(max(place + places, 0), len(ordered)), moving)
    for position, row in enumerate(ordered, start=1):
        row.position = position
    _trace_round("round.moved", moving, actor_id=actor_id, now=now, order=[row.code for row in ordered])


def set_rules(*, round_id: int, rules: RoundRules, actor_id: int | None, now: datetime) -> None:
    """Change how the round's marks become results; a change raises the rubric version.

    Raises `RuleBroken` "rubric_locked" after the first score.
    """
    row = round_row(round_id)
    data = rules_to_json(rules)
    if data == row.rules:
        return
    _refuse_locked(row)
    before, row.rules = row.rules, data
    row.rubric_version += 1
    differing = {key: [before.get(key), value] for key, value in data.items() if before.get(key) != value}
    _trace_round("round.rules_set", row, actor_id=actor_id, now=now, version=row.rubric_version, changes=differing)


def replace_rubric(*, round_id: int, rubric: Rubric, actor_id: int | None, now: datetime) -> None:
    """Put these criteria in place of the old ones and raise the rubric version.

    Raises `RuleBroken` "rubric_locked" after the first score, "scale_too_fine", "code_invalid".
    """
    row = round_row(round_id)
    _refuse_locked(row)
    criteria = _criteria(rubric)
    row.criteria.clear()
    db.session.flush()  # the old codes must be gone before the same codes come again
    row.criteria.extend(criteria)
    row.rubric_version += 1
    listed = [[c.code, format(c.maximum, "f"), format(c.weight, "f")] for c in rubric.criteria]
    _trace_round("round.rubric_set", row, actor_id=actor_id, now=now, version=row.rubric_version, criteria=listed)


def lock_rubric(*, round_id: int, now: datetime) -> int:
    """Lock rules and rubric, because a score is being written; return the version that is locked. May be repeated.

    Raises `NotFound`.
    """
    db.session.execute(
        update(Round).where(Round.id == round_id, Round.locked_at.is_(None)).values(locked_at=now),
        execution_options={"synchronize_session": False},
    )
    version = db.session.scalar(select(Round.rubric_version).where(Round.id == round_id))
    if version is None:
        raise NotFound
    return version


def _refuse_locked(row: Round) -> None:
    if row.locked_at is not None:
        raise RuleBroken("rubric_locked", item=row.code)


def _criteria(rubric: Rubric) -> list[Criterion]:
    return [_criterion(spec, position) for position, spec in enumerate(rubric.criteria, start=1)]


def _criterion(spec: CriterionSpec, position: int) -> Criterion:
    if spec.max_points > MOST_POINTS:
        raise RuleBroken("scale_too_fine", criterion=spec.code, limit=MOST_POINTS)
    guidance = [{"mark": format(g.mark, "f"), "vi": g.text.vi, "en": g.text.en} for g in spec.guidance]
    return Criterion(
        code=check_code(spec.code),
        name_vi=spec.name.vi,
        name_en=spec.name.en,
        description_vi=spec.description.vi,
        description_en=spec.description.en,
        minimum=spec.minimum,
        maximum=spec.maximum,
        step=spec.step,
        weight=spec.weight,
        floor=spec.floor,
        max_points=spec.max_points,
        source=spec.source,
        guidance=guidance,
        part_code=spec.part,
        measure=None if spec.measure is None else measure_to_json(spec.measure),
        position=position,
    )
