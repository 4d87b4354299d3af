"""The desk of a live event: judges check in and get entries one after the other; nothing is kept for the absent.

Every act takes the round first, so that two judges who ask at the same moment are served one after the other.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select

from contest.editions.facts import RoundFacts
from contest.editions.phases import RoundState
from contest.errors import NotFound, RuleBroken
from contest.infra.db import db
from contest.judging.models import Assignment
from contest.judging.queries.begun import untouched
from contest.judging.queries.live import Event, event_of
from contest.judging.queries.panel import judges_of
from contest.judging.rooms.models import LiveDesk, LiveEntry, LiveJudge
from contest.judging.rooms.states import EntryState
from contest.judging.services.assignments import clear_unstarted, open_round, trace
from contest.judging.services.gone import take_away

LARGEST_BATCH = 5


def open_desk(*, round_id: int, batch: int, actor_id: int | None, now: datetime, reason: str = "") -> int:
    """Open the desk, or open it again with another `batch` (1 to 5 entries at a time); return what was taken back.

    What was assigned but not begun is taken away: from now on entries go to those who are present. Raises `NotFound`,
    `RuleBroken` "reason_needed" (`round`), "assignments_closed", "edition_archived".
    """
    round_ = open_round(round_id)
    desk = db.session.get(LiveDesk, round_id)
    taken = 0
    if desk is None or desk.closed_at is not None:
        taken = clear_unstarted(round_id=round_id, actor_id=actor_id, now=now, reason=reason).removed
    size = min(max(batch, 1), LARGEST_BATCH)
    if desk is None:
        db.session.add(LiveDesk(round_id=round_id, batch=size, opened_at=now))
    else:
        desk.batch, desk.closed_at = size, None
    trace("live.opened", round_, actor_id, now, batch=size, taken=taken)
    return taken


def close_desk(*, round_id: int, actor_id: int | None, now: datetime) -> int:
    """Close the desk; entries handed out but not begun go back. Return how many. Raises as `check_in`."""
    round_, event = _event(round_id)
    back = _give_back(round_id, [judge.id for judge in event.board.judges if judge.id in event.presence.judges])
    desk = db.session.get_one(LiveDesk, round_id)
    desk.closed_at = now
    db.session.execute(delete(LiveJudge).where(LiveJudge.round_id == round_id))
    trace("live.closed", round_, actor_id, now, back=back)
    return back


def check_in(*, round_id: int, judge_id: int, actor_id: int | None, now: datetime) -> None:
    """Note that a judge is present; may be repeated.

    Raises `NotFound`, `RuleBroken` "desk_closed", "judge_left" (`judge`), "assignments_closed", "edition_archived".
    """
    round_ = _open(round_id)
    judge = next((one for one in judges_of(round_.edition_id) if one.id == judge_id), None)
    if judge is None:
        raise NotFound
    if judge.left_at is not None:
        raise RuleBroken("judge_left", judge=judge.name)
    row = db.session.get(LiveJudge, (round_id, judge_id))
    if row is None:
        db.session.add(LiveJudge(round_id=round_id, judge_id=judge_id, present=True, since=now))
    elif row.present:
        return
    else:
        row.present, row.since = True, now
    trace("live.checked_in", round_, actor_id, now, judge=judge.code)


def check_out(*, round_id: int, judge_id: int, actor_id: int | None, now: datetime) -> int:
    """Note that a judge went; what was not begun goes back to the others. Return how many. Raises as `check_in`."""
    round_ = _open(round_id)
    row = db.session.get(LiveJudge, (round_id, judge_id))
    if row is None:
        raise NotFound
    row.present, row.since = False, now
    back = _give_back(round_id, [judge_id])
    trace("live.checked_out", round_, actor_id, now, judge=judge_id, back=back)
    return back


def _give_back(round_id: int, judges: list[int]) -> int:
    return take_away(Assignment.round_id == round_id, Assignment.judge_id.in_(judges), untouched())


def set_entry(*, round_id: int, submission_id: int, state: EntryState, actor_id: int | None, now: datetime) -> None:
    """Say whether judges can be sent to an entry. Raises as `check_in`, `NotFound` for one that takes no part."""
    round_, event = _event(round_id)
    line = next((one for one in event.board.submissions if one.id == submission_id), None)
    if line is None:
        raise NotFound
    row = db.session.get(LiveEntry, (round_id, submission_id))
    if row is None:
        db.session.add(LiveEntry(round_id=round_id, submission_id=submission_id, state=state, since=now))
    else:
        row.state, row.since = state, now
    trace("live.entry_set", round_, actor_id, now, submission=line.code, state=state.value)


def hand_out(*, round_id: int, judge_id: int, actor_id: int | None, now: datetime) -> tuple[str, ...]:
    """Give a judge who is present the next entries, and return the public ids of all that are under way.

    Asked again before something is handed in, it gives the same. Raises as `check_in`, and `RuleBroken`
    "judge_not_present" (`judge`), "nothing_next" (`judge`), "live_before_scoring" (`round`).
    """
    round_, event = _event(round_id, judge_id)
    if round_.state is not RoundState.SCORING:
        raise RuleBroken("live_before_scoring", round=round_.code)
    place = event.place(judge_id)
    if place is None:
        raise NotFound
    judge = event.board.judges[place]
    if judge.id not in event.presence.judges:
        raise RuleBroken("judge_not_present", judge=judge.name)
    entries = [event.board.submissions[one] for one in event.next_for(place)]
    if not entries:
        raise RuleBroken("nothing_next", judge=judge.name)
    new = [one for one in entries if (one.id, judge.id) not in event.board.held]
    if new:
        db.session.execute(
            insert(Assignment),
            [{"round_id": round_id, "submission_id": one.id, "judge_id": judge.id, "created_at": now} for one in new],
        )
        trace("live.handed_out", round_, actor_id, now, judge=judge.code, submissions=[one.code for one in new])
    ids = [one.id for one in entries]
    rows = db.session.execute(
        select(Assignment.submission_id, Assignment.public_id).where(
            Assignment.round_id == round_id, Assignment.judge_id == judge.id, Assignment.submission_id.in_(ids)
        )
    )
    known = {row.submission_id: row.public_id for row in rows}
    return tuple(known[one] for one in ids)


def _open(round_id: int) -> RoundFacts:
    round_ = open_round(round_id)
    desk = db.session.get(LiveDesk, round_id)
    if desk is None or desk.closed_at is not None:
        raise RuleBroken("desk_closed")
    return round_


def _event(round_id: int, judge_id: int | None = None) -> tuple[RoundFacts, Event]:
    round_ = _open(round_id)
    event = event_of(round_, judge_id)
    if event is None:
        raise RuleBroken("desk_closed")
    return round_, event
