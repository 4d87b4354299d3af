"""Calling teams, the order of the day, absent when called: in the core and in the database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from contest.editions.phases import EditionState, RoundState
from contest.errors import NotFound, RuleBroken
from contest.infra.db import db, unit_of_work
from contest.infra.models import AuditEntry
from contest.judging.draw import Turn as Lot
from contest.judging.draw import in_order, moved_to_place
from contest.judging.models import Scorecard
from contest.results.queries.rounds import live_report
from contest.stage.pitching import Act, Break, Turn, TurnState, delay, next_up, planned
from contest.stage.screens import Screen
from contest.stage.services import pitching as services
from contest.stage.timer import Command, Part, Timer
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission
from tests.factories import NOON, Make
from tests.stage.days import MINUTE, SECOND, Day


def test_a_team_is_placed_anywhere_and_the_lots_stay() -> None:
    lots = [Lot(code, number) for number, code in enumerate("ABCD", start=1)]
    moved = moved_to_place(lots, "D", 2, "Kẹt xe")
    assert [one.code for one in in_order(moved)] == ["A", "D", "B", "C"]
    assert [one.number for one in moved] == [1, 2, 3, 4]
    assert [one.moved for one in moved] == ["", "", "", "Kẹt xe"]
    again = moved_to_place(moved, "A", 99, "Về sau")
    assert [one.code for one in in_order(again)] == ["D", "B", "C", "A"]


@pytest.mark.parametrize(
    ("code", "place", "reason", "refusal"),
    [("Z", 1, "x", "not_in_draw"), ("A", 0, "x", "place_below_one"), ("A", 1, " ", "reason_missing")],
)
def test_a_place_needs_a_team_a_number_and_a_reason(code: str, place: int, reason: str, refusal: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        moved_to_place([Lot("A", 1)], code, place, reason)
    assert refused.value.code == refusal


def test_due_times_hold_the_minutes_and_the_breaks() -> None:
    times = planned(NOON, 3, (5, 3, 2), [Break(0, 5), Break(2, 15), Break(2, 1), Break(9, 60)])
    assert [(at - NOON) / MINUTE for at in times] == [5, 15, 41]
    assert planned(None, 3, (5, 3, 2), []) == ()
    assert planned(NOON, 3, (None, None, None), []) == ()


def test_called_teams_are_next_and_who_left_is_passed_over() -> None:
    turns = [
        Turn("A", TurnState.DONE),
        Turn("B", here=False),
        Turn("C"),
        Turn("D", TurnState.CALLED),
        Turn("E"),
    ]
    assert [one.code for one in next_up(turns, 2)] == ["D", "C"]


def test_how_late_the_day_is() -> None:
    due = [NOON, NOON + 10 * MINUTE]
    assert delay([Turn("A"), Turn("B")], due, NOON - 5 * MINUTE) == 0
    assert delay([Turn("A"), Turn("B")], due, NOON + 4 * MINUTE) == 4
    on_stage = Turn("A", TurnState.ON_STAGE, began_at=NOON + 6 * MINUTE)
    assert delay([on_stage, Turn("B")], due, NOON + 15 * MINUTE) == 6
    done = Turn("A", TurnState.DONE, began_at=NOON - 3 * MINUTE)
    assert delay([done, Turn("B")], due, NOON + 2 * MINUTE) == -3
    assert delay([done, Turn("B")], due, NOON + 12 * MINUTE) == 2


@pytest.mark.both_databases
def test_a_team_is_called_presents_and_is_done(app: Flask, make: Make) -> None:
    day = Day(make)
    first, second = day.codes[:2]
    day.act(first, Act.CALL)
    assert day.states()[first] is TurnState.CALLED
    day.act(first, Act.STAGE, now=NOON + MINUTE)
    stage = day.stage
    assert stage.on_stage is not None
    assert (stage.on_stage.turn.code, stage.on_stage.turn.called_at, stage.on_stage.turn.began_at) == (
        first, NOON, NOON + MINUTE,
    )  # fmt: skip
    assert stage.screen is Screen.TIMER
    assert [one.turn.code for one in stage.following(2)] == day.codes[1:3]
    with pytest.raises(RuleBroken) as refused:
        day.act(second, Act.STAGE)
    assert (refused.value.code, refused.value.facts) == ("stage_taken", {"item": second, "other": first})
    day.act(second, Act.CALL)
    day.act(first, Act.DONE, now=NOON + 9 * MINUTE)
    stage = day.stage
    assert (stage.on_stage, stage.screen) == (None, Screen.NEXT)
    assert stage.lines[0].turn.ended_at == NOON + 9 * MINUTE
    trail = db.session.query(AuditEntry).filter(AuditEntry.action.like("stage.%")).order_by(AuditEntry.id)
    assert [entry.action for entry in trail] == [
        "stage.call", "stage.stage", "stage.call", "stage.done",
    ]  # fmt: skip


@pytest.mark.both_databases
def test_absent_when_called_comes_last_once_and_is_then_absent_in_writing_without_a_mark(
    app: Flask, make: Make
) -> None:
    day = Day(make)
    first, *others = day.codes
    judge = make.judge(day.edition)
    for entry in day.entries:
        paper = make.assignment(day.row, judge, entry)
        if entry.code != first:
            make.scorecard(paper, [4, 4])
    day.act(first, Act.CALL, Act.MISSING)
    assert day.codes == [*others, first]
    assert day.stage.lines[-1].turn == Turn(first, missed=1)
    assert day.stage.lines[-1].line.turn.moved == "vắng"
    day.act(first, Act.CALL)
    with pytest.raises(RuleBroken) as refused:
        day.act(first, Act.MISSING, reason=" ")
    assert (refused.value.code, day.states()[first]) == ("absent_reason", TurnState.CALLED)
    day.act(first, Act.MISSING, reason="Không liên lạc được")
    last = day.stage.lines[-1].turn
    assert (last.state, last.missed, last.reason) == (TurnState.ABSENT, 2, "Không liên lạc được")
    assert db.session.query(Scorecard).count() == 3
    ranked = {line.entrant.code: line.rank for line in live_report(make.facts(day.edition), day.round).lines}
    assert ranked[first] is None
    assert [ranked[code] for code in others] == [1, 1, 1]
    day.act(first, Act.BACK)
    assert day.stage.lines[-1].turn == Turn(first, missed=1)


def test_what_is_not_due_is_refused(app: Flask, make: Make) -> None:
    day = Day(make)
    first = day.codes[0]
    for act in (Act.DONE, Act.MISSING, Act.BACK):
        with pytest.raises(RuleBroken) as refused:
            day.act(first, act)
        assert refused.value.code == "turn_not_now"
    with pytest.raises(RuleBroken) as refused:
        day.act("BT-999", Act.CALL)
    assert refused.value.code == "not_in_draw"
    db.session.query(Submission).filter_by(code=first).one().status = SubmissionStatus.WITHDRAWN
    db.session.commit()
    with pytest.raises(RuleBroken) as refused:
        day.act(first, Act.CALL)
    assert refused.value.code == "team_gone"


def test_steps_are_undone_one_by_one(app: Flask, make: Make) -> None:
    day = Day(make)
    first = day.codes[0]
    day.act(first, Act.CALL, Act.STAGE, Act.BACK)
    assert day.states()[first] is TurnState.CALLED
    assert day.stage.screen is Screen.NEXT
    day.act(first, Act.BACK)
    assert day.stage.lines[0].turn == Turn(first)


@pytest.mark.both_databases
def test_a_team_moves_in_writing_but_never_before_one_that_had_its_turn(app: Flask, make: Make) -> None:
    day = Day(make)
    a, b, c, d = day.codes
    day.act(a, Act.STAGE, Act.DONE)
    day.place(d, 2)
    assert day.codes == [a, d, b, c]
    entry = db.session.query(AuditEntry).filter_by(action="order.moved").one()
    assert entry.facts == {"submission": d, "place": 2, "reason": "Kẹt xe"}
    with pytest.raises(RuleBroken) as refused:
        day.place(c, 1)
    assert (refused.value.code, refused.value.facts) == ("place_taken", {"item": c, "first": 2})
    with pytest.raises(RuleBroken) as refused:
        day.place(a, 3)
    assert refused.value.code == "turn_not_now"
    assert day.codes == [a, d, b, c]


@pytest.mark.both_databases
def test_buttons_of_the_clock_count_once_and_when_they_were_pressed(app: Flask, make: Make) -> None:
    day = Day(make)
    day.act(day.codes[0], Act.STAGE)
    assert day.press(Command.START, NOON + 30 * SECOND, key="k1", claimed=NOON + 10 * SECOND)
    assert day.stage.timer == Timer(since=NOON + 10 * SECOND)
    assert not day.press(Command.START, NOON + 31 * SECOND, key="k1", claimed=NOON + 10 * SECOND)
    assert day.press(Command.ADD, NOON + 40 * SECOND, key="k2")
    assert not day.press(Command.ADD, NOON + 41 * SECOND, key="k2")
    day.press(Command.PAUSE, NOON + 70 * SECOND, key="k3")
    assert day.stage.timer == Timer(spent=60_000, extra=30_000)
    day.press(Command.ANSWERS, NOON + 80 * SECOND)
    assert day.stage.timer == Timer(Part.ANSWERS)
    day.act(day.codes[0], Act.DONE)
    assert day.stage.timer == Timer()


def test_the_projector_shows_a_break_until_it_is_told_otherwise(app: Flask, make: Make) -> None:
    day = Day(make)
    with unit_of_work():
        services.show(round_=day.round, screen=Screen.BREAK, minutes=15, name="Trà", actor_id=None, now=NOON)
    stage = day.stage
    assert (stage.screen, stage.break_until, stage.break_name) == (Screen.BREAK, NOON + 15 * MINUTE, "Trà")
    with unit_of_work():
        services.show(round_=day.round, screen=Screen.NEXT, minutes=15, name="Trà", actor_id=None, now=NOON)
    stage = day.stage
    assert (stage.screen, stage.break_until, stage.break_name) == (Screen.NEXT, None, "")


def test_breaks_move_what_is_due_and_belong_to_their_round(app: Flask, make: Make) -> None:
    day = Day(make)
    with unit_of_work():
        services.add_break(round_=day.round, pause=Break(1, 20, "Trà"), actor_id=None, now=NOON)
    minutes = [(one.due - NOON) / MINUTE for one in day.stage.lines if one.due]
    assert minutes == [0, 30, 40, 50]
    with pytest.raises(NotFound), unit_of_work():
        services.remove_break(round_=day.round, break_id=77, actor_id=None, now=NOON)
    with unit_of_work():
        services.remove_break(round_=day.round, break_id=day.stage.breaks[0].id, actor_id=None, now=NOON)
    assert day.stage.breaks == ()
    with unit_of_work():
        services.save_day(round_=day.round, begins_at=NOON + timedelta(hours=1), public=True, actor_id=None, now=NOON)
    assert day.stage.lines[0].due == NOON + timedelta(hours=1)


@pytest.mark.parametrize(
    ("state", "edition", "refusal"),
    [
        (RoundState.CLOSED, EditionState.ANNOUNCED, "round_over"),
        (RoundState.SCORING, EditionState.ARCHIVED, "edition_archived"),
    ],
)
def test_a_day_that_is_over_stays(
    app: Flask, make: Make, state: RoundState, edition: EditionState, refusal: str
) -> None:
    day = Day(make)
    day.row.state, day.edition.state = state, edition
    db.session.commit()
    for change in (
        lambda: day.act(day.codes[0], Act.CALL),
        lambda: day.place(day.codes[0], 2),
        lambda: day.press(Command.START, NOON),
    ):
        with pytest.raises(RuleBroken) as refused:
            change()
        assert refused.value.code == refusal
    assert set(day.states().values()) == {TurnState.WAITING}
