"""Writes about the day of the presentations: who is called, the clock, the projector, the plan of the day.

Every act takes the round first, so that two people at two desks are served one after the other.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from contest.editions.facts import RoundFacts
from contest.editions.models import Edition, Round
from contest.editions.phases import BEFORE_CLOSE, EditionState
from contest.errors import NotFound, RuleBroken
from contest.infra import audit
from contest.infra.db import db
from contest.judging.services.draw import move_to_end, move_to_place
from contest.stage.models.pitching import PitchBreak, PitchDay, PitchTurn
from contest.stage.pitching import FIXED, Act, Break, TurnState, after
from contest.stage.queries.pitching import Stage, StageLine, stage_of, timer_of
from contest.stage.screens import Screen
from contest.stage.timer import Command, Part, Timer, moment_of, pressed

KEYS_KEPT = 40


def act(*, round_: RoundFacts, code: str, act: Act, reason: str, actor_id: int | None, now: datetime) -> TurnState:
    """Call a team, bring it on stage, end its turn, note that it did not come, or undo; return where it stands now.

    Who did not come the first time is called again behind all others. Raises `RuleBroken` "not_in_draw" (`item`),
    those of `pitching.after`, "reason_missing", "round_over" (`round`), "edition_archived".
    """
    day, stage = _hold(round_), stage_of(round_)
    line = _line(stage, code)
    there = stage.on_stage
    state, missed = after(line.turn, act, there.turn.code if there else "", reason)
    row = db.session.get(PitchTurn, (round_.id, line.id))
    if row is None:
        row = PitchTurn(round_id=round_.id, submission_id=line.id)
        db.session.add(row)
    row.state, row.missed = state, missed
    row.reason = reason if state is TurnState.ABSENT else ""
    _stamp(row, line.turn.state, now)
    if act is Act.MISSING and state is TurnState.WAITING:
        move_to_end(round_=round_, code=code, reason=reason, actor_id=actor_id, now=now)
    if TurnState.ON_STAGE in (state, line.turn.state):
        _set(day, Timer())
        day.pressed_at = now
        day.screen = Screen.TIMER if state is TurnState.ON_STAGE else Screen.NEXT
    _note(day, round_, f"stage.{act.value}", actor_id, now, submission=code, state=state.value, reason=reason)
    return state


def _stamp(row: PitchTurn, before: TurnState, now: datetime) -> None:
    """Keep when a team was called, began and ended; what is undone is forgotten here and stays in the audit trail."""
    if row.state is TurnState.WAITING:
        row.called_at = row.began_at = row.ended_at = None
    elif row.state is TurnState.CALLED:
        row.began_at = row.ended_at = None
        row.called_at = now if before is TurnState.WAITING else row.called_at
    elif row.state is TurnState.ON_STAGE:
        row.began_at = now
    else:
        row.ended_at = now


def place(*, round_: RoundFacts, code: str, place: int, reason: str, actor_id: int | None, now: datetime) -> None:
    """Call a team at another place, in writing; never before a team that has had its turn.

    Raises `RuleBroken` as the draw does, "turn_not_now" (`item`), "place_taken" (`item`, `first`).
    """
    day, stage = _hold(round_), stage_of(round_)
    if _line(stage, code).turn.state in FIXED:
        raise RuleBroken("turn_not_now", item=code)
    first = next((one.place for one in stage.lines if one.turn.state not in FIXED), 1)
    if 1 <= place < first:
        raise RuleBroken("place_taken", item=code, first=first)
    move_to_place(round_=round_, code=code, place=place, reason=reason, actor_id=actor_id, now=now)
    day.revision += 1


def save_day(
    *, round_: RoundFacts, begins_at: datetime | None, public: bool, actor_id: int | None, now: datetime
) -> None:
    """Set when the first team begins, and whether everybody may see who is next. Raises as `act`."""
    day = _hold(round_)
    day.begins_at, day.public = begins_at, public
    begins = begins_at.isoformat() if begins_at else ""
    _note(day, round_, "stage.day_saved", actor_id, now, begins=begins, public=public)


def add_break(*, round_: RoundFacts, pause: Break, actor_id: int | None, now: datetime) -> None:
    """Plan a pause. Raises as `act`."""
    day = _hold(round_)
    db.session.add(PitchBreak(round_id=round_.id, after=pause.after, minutes=pause.minutes, name=pause.name))
    _note(day, round_, "stage.break_added", actor_id, now, after=pause.after, minutes=pause.minutes)


def remove_break(*, round_: RoundFacts, break_id: int, actor_id: int | None, now: datetime) -> None:
    """Take a pause out of the plan. Raises as `act`, and `NotFound`."""
    day = _hold(round_)
    row = db.session.get(PitchBreak, break_id)
    if row is None or row.round_id != round_.id:
        raise NotFound
    db.session.delete(row)
    _note(day, round_, "stage.break_removed", actor_id, now, after=row.after, minutes=row.minutes)


def press(
    *,
    round_: RoundFacts,
    command: Command,
    key: str,
    claimed: datetime | None,
    actor_id: int | None,
    now: datetime,
) -> bool:
    """Press a button of the clock; return False for one that was pressed already (the same `key`).

    `claimed`: when it was pressed on a phone that could not reach the server. Raises as `act`, and "timer_extra".
    """
    day = _hold(round_)
    if key and key in day.keys:
        return False
    at = moment_of(claimed, day.pressed_at, now)
    _set(day, pressed(timer_of(day), command, at))
    day.pressed_at = at
    day.screen = Screen.TIMER
    if key:
        day.keys = [*day.keys, key][-KEYS_KEPT:]
    _note(day, round_, "stage.timer", actor_id, now, command=command.value, pressed=at.isoformat())
    return True


def show(
    *, round_: RoundFacts, screen: Screen, minutes: int | None, name: str, actor_id: int | None, now: datetime
) -> None:
    """Choose what the projector shows; a pause may have an end in `minutes` and a name. Raises as `act`."""
    day = _hold(round_)
    day.screen = screen
    pausing = screen is Screen.BREAK
    day.break_until = now + timedelta(minutes=minutes) if pausing and minutes else None
    day.break_name = name if pausing else ""
    _note(day, round_, "stage.shown", actor_id, now, screen=screen.value, minutes=minutes or 0)


def _set(day: PitchDay, timer: Timer) -> None:
    day.part, day.spent, day.since, day.extra = Part(timer.part), timer.spent, timer.since, timer.extra


def _line(stage: Stage, code: str) -> StageLine:
    found = next((one for one in stage.lines if one.turn.code == code), None)
    if found is None:
        raise RuleBroken("not_in_draw", item=code)
    return found


def _hold(round_: RoundFacts) -> PitchDay:
    """Hold the round and return its day; refuse once the round or its edition is over."""
    row = db.session.execute(
        select(Round.state, Edition.state.label("edition_state"))
        .join(Edition, Edition.id == Round.edition_id)
        .where(Round.id == round_.id)
        .with_for_update(of=Round)
    ).one()
    if row.edition_state is EditionState.ARCHIVED:
        raise RuleBroken("edition_archived")
    if row.state not in BEFORE_CLOSE:
        raise RuleBroken("round_over", round=round_.code)
    day = db.session.get(PitchDay, round_.id, with_for_update=True)
    if day is None:
        day = PitchDay(round_id=round_.id)
        db.session.add(day)
        db.session.flush()  # its defaults are needed
    return day


def _note(day: PitchDay, round_: RoundFacts, action: str, actor_id: int | None, now: datetime, **facts: object) -> None:
    day.revision += 1
    audit.record(
        at=now,
        actor_id=actor_id,
        scope=f"edition:{round_.edition_id}",
        action=action,
        subject=f"round:{round_.code}",
        **facts,
    )
