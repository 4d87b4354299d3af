"""The day of the presentations: who is called, who is on stage, who was absent, and when each turn is due.

A team that does not come when called is called once more, behind all others; when it is absent then too, it is marked
absent in writing. It gets no mark at all, which is not a zero: it stays without a place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from contest.errors import RuleBroken

CALLS = 2
"""How often a team is called before it counts as absent."""


class TurnState(StrEnum):
    """Where a team stands today."""

    WAITING = "waiting"
    CALLED = "called"
    ON_STAGE = "on_stage"
    DONE = "done"
    ABSENT = "absent"


class Act(StrEnum):
    """What the secretary does with a team. Back undoes the last step; it is kept in the audit trail."""

    CALL = "call"
    STAGE = "stage"
    DONE = "done"
    MISSING = "missing"
    BACK = "back"


OVER = frozenset({TurnState.DONE, TurnState.ABSENT})
FIXED = OVER | {TurnState.ON_STAGE}
"""Turns that nobody can be placed before any more."""

_MOVES: Mapping[Act, Mapping[TurnState, TurnState]] = {
    Act.CALL: {TurnState.WAITING: TurnState.CALLED},
    Act.STAGE: {TurnState.WAITING: TurnState.ON_STAGE, TurnState.CALLED: TurnState.ON_STAGE},
    Act.DONE: {TurnState.ON_STAGE: TurnState.DONE},
    Act.BACK: {
        TurnState.CALLED: TurnState.WAITING,
        TurnState.ON_STAGE: TurnState.CALLED,
        TurnState.DONE: TurnState.WAITING,
        TurnState.ABSENT: TurnState.WAITING,
    },
}


@dataclass(frozen=True, slots=True)
class Turn:
    """One team today. `missed`: how often it was called and did not come; `reason`: why it is marked absent."""

    code: str
    state: TurnState = TurnState.WAITING
    missed: int = 0
    reason: str = ""
    called_at: datetime | None = None
    began_at: datetime | None = None
    ended_at: datetime | None = None
    here: bool = True


def after(turn: Turn, act: Act, on_stage: str, reason: str) -> tuple[TurnState, int]:
    """Return the state of a turn, and how often it was missed, after an act.

    `on_stage`: the code of the team on stage, empty for none. Raises `RuleBroken` "turn_not_now" (`item`),
    "stage_taken" (`item`, `other`), "absent_reason" (`item`), "team_gone" (`item`).
    """
    if act is Act.MISSING:
        return _missed(turn, reason)
    found = _MOVES[act].get(turn.state)
    if found is None:
        raise RuleBroken("turn_not_now", item=turn.code)
    if not turn.here and act in (Act.CALL, Act.STAGE):
        raise RuleBroken("team_gone", item=turn.code)
    if found is TurnState.ON_STAGE and on_stage not in ("", turn.code):
        raise RuleBroken("stage_taken", item=turn.code, other=on_stage)
    missed = turn.missed - (act is Act.BACK and turn.state is TurnState.ABSENT)
    return found, max(0, missed)


def _missed(turn: Turn, reason: str) -> tuple[TurnState, int]:
    """Return what a team is that was called and is not here: waiting at the end, or absent for good."""
    if turn.state is not TurnState.CALLED:
        raise RuleBroken("turn_not_now", item=turn.code)
    missed = turn.missed + 1
    if missed < CALLS:
        return TurnState.WAITING, missed
    if not reason.strip():
        raise RuleBroken("absent_reason", item=turn.code)
    return TurnState.ABSENT, missed


def next_up(turns: Sequence[Turn], count: int) -> tuple[Turn, ...]:
    """Return the next teams: those called first, then those waiting, both in the order of the turns."""
    called = [one for one in turns if one.state is TurnState.CALLED]
    waiting = [one for one in turns if one.state is TurnState.WAITING and one.here]
    return tuple((called + waiting)[:count])


@dataclass(frozen=True, slots=True)
class Break:
    """A pause behind the turn at place `after` (from 1; 0 is before the first), in minutes."""

    after: int
    minutes: int
    name: str = ""


def planned(
    begins: datetime | None, count: int, minutes: Sequence[int | None], breaks: Sequence[Break]
) -> tuple[datetime, ...]:
    """Return when each of `count` turns is due; () without a beginning or without minutes."""
    each = timedelta(minutes=sum(part or 0 for part in minutes))
    if begins is None or not each:
        return ()
    pauses = {
        place: timedelta(minutes=sum(one.minutes for one in breaks if one.after == place)) for place in range(count)
    }
    found, at = [], begins
    for place in range(count):
        at += pauses[place]
        found.append(at)
        at += each
    return tuple(found)


def delay(turns: Sequence[Turn], due: Sequence[datetime], now: datetime) -> int:
    """Return by how many whole minutes the day runs late, by its last beginning; negative when it is ahead.

    While the next turn is overdue and nobody is on stage, its own delay counts.
    """
    if not due:
        return 0
    begun = [(turn.began_at, at) for turn, at in zip(turns, due, strict=True) if turn.began_at is not None]
    late = max(begun)[0] - max(begun)[1] if begun else timedelta(0)
    open_ = [at for turn, at in zip(turns, due, strict=True) if turn.state not in FIXED]
    if open_ and not any(turn.state is TurnState.ON_STAGE for turn in turns):
        late = max(late, now - min(open_)) if begun or now > min(open_) else late
    return int(late / timedelta(minutes=1))
