"""The pages of the final day: what each role sees, what screens are told, and that looking costs little."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.roles import Role
from contest.editions.rules import RoundRules
from contest.infra import clock
from contest.infra.db import db, unit_of_work
from contest.judging.models import Scorecard
from contest.judging.states import ScorecardStatus
from contest.judging.views import watch
from contest.stage.pitching import Act, TurnState
from contest.stage.queries.pitching import seats_of, stage_mark
from contest.stage.services import pitching as services
from contest.stage.timer import Command
from tests.factories import NOON, Make
from tests.judging.pages import words
from tests.stage.days import MINUTE, RULES, SECOND, Day


@pytest.fixture
def day(app: Flask, make: Make, noon: datetime) -> Day:
    return Day(make)


@pytest.fixture
def organiser(app: Flask, day: Day) -> FlaskClient:
    return day.client(app)


def test_the_day_runs_by_its_buttons(organiser: FlaskClient, day: Day) -> None:
    first, second = day.codes[:2]

    def act(code: str, act: str, **more: str) -> int:
        return organiser.post(f"{day.address}/act", data={"submission": code, "act": act, **more}).status_code

    assert [act(first, one) for one in ("call", "missing", "call")] == [303, 303, 303]
    assert day.codes[-1] == first
    assert act(first, "missing") == 409  # absent for good: in writing
    assert act(first, "missing", reason="Không đến") == 303
    assert act(second, "stage") == 303
    assert day.states()[first] is TurnState.ABSENT
    page = words(organiser.get(day.address))
    assert "Absent: Không đến" in page
    assert "Moved, lot" in page
    assert act(second, "juggle") == 409
    assert organiser.post(f"{day.address}/place", data={"submission": second, "place": "1"}).status_code == 422
    moved = {"submission": day.codes[2], "place": "2", "reason": "Kẹt xe"}
    wanted = day.codes[2]
    assert organiser.post(f"{day.address}/place", data=moved).status_code == 303
    assert day.codes[1] == wanted


def test_before_the_draw_the_page_leads_to_it(app: Flask, make: Make, noon: datetime) -> None:
    day = Day(make, teams=0)
    client = day.client(app)
    page = client.get(day.address).text
    assert "/organise/rounds/final/order" in page
    assert client.get(f"{day.address}/screen").status_code == 200
    assert client.get(f"{day.address}/clock").get_json()["next"] == []


def test_all_screens_are_told_the_same_clock(organiser: FlaskClient, day: Day) -> None:
    first = day.codes[0]
    day.act(first, Act.STAGE)
    button = {"command": "start", "key": "k1", "at": (NOON - 9 * SECOND).isoformat()}
    sent = organiser.post(f"{day.address}/clock", data=button, headers={"X-Requested-With": "control"})
    assert (sent.status_code, sent.get_json()["running"]) == (200, True)
    with clock.stopped_at(NOON + 61 * SECOND):
        told = organiser.get(f"{day.address}/clock")
        state = told.get_json()
        quiet = organiser.get(f"{day.address}/clock", headers={"If-None-Match": told.headers["ETag"]})
    assert (state["elapsed"], state["part"], state["screen"]) == (61_000, "pitch", "timer")
    assert state["now"] == round((NOON + 61 * SECOND).timestamp() * 1000)
    assert state["lengths"] == {"pitch": 300_000, "answers": 180_000}
    assert state["team"]["code"] == first
    assert [one["code"] for one in state["next"]] == day.codes[1:4]
    assert (quiet.status_code, quiet.get_data()) == (304, b"")
    day.press(Command.PAUSE, NOON + 70 * SECOND)
    moved = organiser.get(f"{day.address}/clock", headers={"If-None-Match": told.headers["ETag"]})
    assert (moved.status_code, moved.get_json()["running"], moved.get_json()["elapsed"]) == (200, False, 70_000)


@pytest.mark.parametrize(("at", "status"), [("yesterday", 409), ("2026-10-08T05:00:00Z", 200), ("9" * 39, 409)])
def test_a_moment_that_cannot_be_read_is_refused(organiser: FlaskClient, day: Day, at: str, status: int) -> None:
    data = {"command": "start", "at": at}
    answer = organiser.post(f"{day.address}/clock", data=data, headers={"X-Requested-With": "control"})
    assert answer.status_code == status


@pytest.mark.both_databases
def test_late_judges_stand_first_and_all_in_means_next(app: Flask, make: Make) -> None:
    with clock.stopped_at(NOON):
        day = Day(make)
        client = day.client(app)
        entry = next(one for one in day.entries if one.code == day.codes[0])
        judges = [make.judge(day.edition, make.user(name)) for name in ("An", "Bình", "Chi", "Dũng")]
        papers = [make.assignment(day.row, judge, entry) for judge in judges]
        make.scorecard(papers[0], [4, 4])
        make.scorecard(papers[1], [4, None], ScorecardStatus.DRAFT)
        make.scorecard(papers[3], [None, None], ScorecardStatus.ABSTAINED)
        day.act(day.codes[0], Act.STAGE)
        seats = seats_of(day.round, entry.id, NOON)
        assert [(seat.name, seat.state.value) for seat in seats] == [
            ("Chi", "not_started"), ("Bình", "draft"), ("An", "submitted"),
        ]  # fmt: skip
        told = client.get(f"{day.address}/now")
        assert "Waiting for 2 of 3 judges" in words(told)
        assert "4.0" not in told.text
        make.scorecard(papers[2], [4, 4])
        db.session.query(Scorecard).filter_by(assignment_id=papers[1].id).update({"status": ScorecardStatus.SUBMITTED})
        db.session.commit()
        assert "All 3 judges are done: next team." in words(client.get(f"{day.address}/now"))
        day.act(day.codes[0], Act.DONE)
        assert f"Judges of {entry.code}, the last team" in words(client.get(day.address))


def test_who_has_a_stake_runs_the_day_and_sees_nothing_of_the_judges(app: Flask, make: Make, noon: datetime) -> None:
    day = Day(make)
    entry = next(one for one in day.entries if one.code == day.codes[0])
    make.scorecard(make.assignment(day.row, make.judge(day.edition), entry), [4, 4])
    day.act(day.codes[0], Act.STAGE)
    helper = make.member(day.edition, Role.SECRETARY)
    entry.team.mentor_email = helper.email or ""
    db.session.commit()
    client = app.test_client()
    client.set_cookie("locale", "en")
    make.sign_in(client, helper)
    page = words(client.get(day.address))
    assert "You have a stake in an entry of this round" in page
    assert "handed in" not in page
    assert client.post(f"{day.address}/act", data={"submission": day.codes[0], "act": "done"}).status_code == 303


@pytest.mark.parametrize(("blind", "names"), [(False, True), (True, False)])
def test_who_is_next_is_seen_only_when_released_and_by_code_in_a_blind_round(
    app: Flask, make: Make, noon: datetime, *, blind: bool, names: bool
) -> None:
    rules = RoundRules(pitch_minutes=5, answer_minutes=3, change_minutes=2, blind=blind)
    day = Day(make, rules=rules)
    anybody = app.test_client()
    anybody.set_cookie("locale", "en")
    page = f"/e/{day.edition.code}/stage/final"
    assert anybody.get(page).status_code == anybody.get(f"{page}/now").status_code == 404
    with unit_of_work():
        services.save_day(round_=day.round, begins_at=NOON, public=True, actor_id=None, now=NOON)
    first = day.stage.lines[0]
    shown = words(anybody.get(page))
    assert (first.line.team in shown, first.line.title in shown) == (names, names)
    assert (first.turn.code in shown) is blind
    told = anybody.get(f"{page}/now")
    tag = {"If-None-Match": told.headers["ETag"]}
    assert anybody.get(f"{page}/now", headers=tag).status_code == 304
    make.scorecard(make.assignment(day.row, make.judge(day.edition), day.entries[0]), [4, 4])
    assert anybody.get(f"{page}/now", headers=tag).status_code == 304  # a mark moves nothing here
    day.act(first.turn.code, Act.CALL)
    assert "called" in words(anybody.get(f"{page}/now", headers=tag))


def test_the_mark_moves_with_every_act_and_every_change_of_the_order(day: Day) -> None:
    marks = [stage_mark(day.row.id)]
    for change in (
        lambda: day.act(day.codes[0], Act.CALL),
        lambda: day.place(day.codes[3], 2),
        lambda: day.press(Command.START, NOON),
    ):
        change()
        marks.append(stage_mark(day.row.id))
    assert len(set(marks)) == 4


def test_streams_tell_marks(organiser: FlaskClient, day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "STREAM_SECONDS", 0.3)
    monkeypatch.setattr(watch, "LOOK_SECONDS", 0.1)
    answer = organiser.get(f"{day.address}/clock/stream")
    assert f"data: {stage_mark(day.row.id)}\n" in answer.get_data(as_text=True)
    answer.close()
    room = organiser.get(f"{day.address}/stream")
    assert room.get_data(as_text=True).count("event: mark") == 1
    room.close()


@pytest.mark.parametrize(
    ("role", "reads", "runs"), [(Role.OBSERVER, 200, 403), (Role.JUDGE, 403, 403), (Role.CAPTAIN, 403, 403)]
)
def test_only_the_committee_runs_the_day(
    app: Flask, make: Make, noon: datetime, role: Role, reads: int, runs: int
) -> None:
    day = Day(make)
    client = app.test_client()
    make.sign_in(client, make.member(day.edition, role))
    for page in ("", "/now", "/screen", "/clock"):
        assert client.get(day.address + page).status_code == reads
    assert client.get(f"{day.address}/control").status_code == runs
    for act in ("act", "place", "day", "breaks", "breaks/remove", "clock", "show"):
        assert client.post(f"{day.address}/{act}").status_code == runs


def test_due_times_stand_on_the_page_in_the_local_hour(organiser: FlaskClient, day: Day) -> None:
    wall = (NOON + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M")  # 13:00 there
    organiser.post(f"{day.address}/day", data={"begins_at": wall})
    organiser.post(f"{day.address}/breaks", data={"after": "1", "minutes": "20", "name": "Trà"})
    page = words(organiser.get(day.address))
    assert all(hour in page for hour in ("13:00", "13:30", "13:40", "13:50"))
    assert day.stage.lines[1].due == NOON + 60 * MINUTE + 30 * MINUTE
    assert RULES.change_minutes == 2
