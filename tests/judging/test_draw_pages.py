"""The order of presentation in the database and on its page."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.editions.facts import RoundFacts
from contest.editions.models import Edition, Round
from contest.editions.phases import RoundState
from contest.editions.queries import round_by_id
from contest.editions.rules import RoundRules
from contest.errors import RuleBroken
from contest.infra.db import db, unit_of_work
from contest.infra.models import AuditEntry
from contest.judging.draw import drawn
from contest.judging.models import Draw, DrawTurn
from contest.judging.queries.draw import drawn_order
from contest.judging.services import draw as services
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission
from tests.counting import counted
from tests.factories import Make

SEED = "5 2 6 1"


@pytest.fixture
def edition(make: Make, noon: datetime) -> Edition:
    return make.edition()


@pytest.fixture
def entries(make: Make, edition: Edition) -> list[Submission]:
    return [make.submission(edition) for _ in range(4)]


@pytest.fixture
def row(make: Make, edition: Edition) -> Round:
    return make.round(edition, "final")


def facts(row: Round) -> RoundFacts:
    found = round_by_id(row.id)
    assert found is not None
    return found


def draw(row: Round, now: datetime, seed: str = SEED, reason: str = "") -> int:
    with unit_of_work():
        return services.draw_order(round_=facts(row), seed=seed, reason=reason, actor_id=None, now=now)


def called(row: Round) -> list[str]:
    order = drawn_order(row.id)
    return [] if order is None else [line.turn.code for line in order.lines]


@pytest.mark.both_databases
def test_the_seed_decides(row: Round, entries: list[Submission], noon: datetime) -> None:
    assert draw(row, noon) == 4
    assert called(row) == list(drawn(SEED, [entry.code for entry in entries]))
    order = drawn_order(row.id)
    assert order is not None
    assert (order.seed, order.drawn_at, [line.turn.number for line in order.lines]) == (SEED, noon, [1, 2, 3, 4])


@pytest.mark.both_databases
def test_a_second_draw_needs_a_reason_and_replaces_the_first(
    row: Round, entries: list[Submission], noon: datetime
) -> None:
    draw(row, noon)
    with pytest.raises(RuleBroken) as refused:
        draw(row, noon, "6 6 6")
    assert refused.value.code == "draw_again_reason"
    assert called(row) == list(drawn(SEED, [entry.code for entry in entries]))
    draw(row, noon, "6 6 6", "Một đội chưa có tên")
    assert called(row) == list(drawn("6 6 6", [entry.code for entry in entries]))
    assert len(db.session.scalars(select(Draw)).all()) == 1
    assert len(db.session.scalars(select(DrawTurn)).all()) == 4
    actions = db.session.scalars(
        select(AuditEntry.action).where(AuditEntry.action == "order.drawn").order_by(AuditEntry.id)
    ).all()
    assert len(actions) == 2


@pytest.mark.both_databases
def test_a_team_that_is_absent_comes_last(row: Round, entries: list[Submission], noon: datetime) -> None:
    draw(row, noon)
    before = called(row)
    with unit_of_work():
        services.move_to_end(round_=facts(row), code=before[0], reason="Vắng", actor_id=None, now=noon)
    assert called(row) == [*before[1:], before[0]]
    order = drawn_order(row.id)
    assert order is not None
    assert (order.lines[-1].turn.number, order.lines[-1].turn.moved) == (1, "Vắng")


def test_who_has_withdrawn_is_marked_and_keeps_the_turn(row: Round, entries: list[Submission], noon: datetime) -> None:
    draw(row, noon)
    entries[0].status = SubmissionStatus.WITHDRAWN
    db.session.commit()
    order = drawn_order(row.id)
    assert order is not None
    assert {line.turn.code for line in order.lines if not line.here} == {entries[0].code}


@pytest.mark.parametrize("state", [RoundState.CLOSED, RoundState.FINALISED, RoundState.PUBLISHED])
def test_the_order_of_a_round_that_is_over_stays(
    row: Round, entries: list[Submission], noon: datetime, state: RoundState
) -> None:
    draw(row, noon)
    before = called(row)
    row.state = state
    db.session.commit()
    for change in (
        lambda: draw(row, noon, "other", "why"),
        lambda: services.move_to_end(round_=facts(row), code=before[0], reason="x", actor_id=None, now=noon),
    ):
        with pytest.raises(RuleBroken) as refused:
            change()
        assert refused.value.code == "round_over"
    assert called(row) == before


def test_nobody_to_draw(row: Round, noon: datetime) -> None:
    with pytest.raises(RuleBroken) as refused:
        draw(row, noon)
    assert refused.value.code == "draw_nobody"


def test_moving_before_the_draw_is_refused(row: Round, entries: list[Submission], noon: datetime) -> None:
    with pytest.raises(RuleBroken) as refused, unit_of_work():
        services.move_to_end(round_=facts(row), code=entries[0].code, reason="x", actor_id=None, now=noon)
    assert refused.value.code == "not_in_draw"


@pytest.fixture
def organiser(app: Flask, make: Make, edition: Edition) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("locale", "en")
    make.sign_in(client, make.member(edition, Role.ORGANISER))
    return client


def test_the_page_draws_moves_and_says_what_is_wrong(
    organiser: FlaskClient, edition: Edition, row: Round, entries: list[Submission]
) -> None:
    page = f"/e/{edition.code}/organise/rounds/final/order"
    assert organiser.get(page).status_code == 200
    refused = organiser.post(page, data={"seed": " "})
    assert (refused.status_code, called(row)) == (422, [])
    answer = organiser.post(page, data={"seed": SEED})
    assert (answer.status_code, answer.location) == (303, page)
    order = called(row)
    body = organiser.get(page).text
    assert [body.index(code + " ·") for code in order] == sorted(body.index(code + " ·") for code in order)
    assert SEED in body
    again = organiser.post(page, data={"seed": "x"})
    assert again.status_code == 409
    assert called(row) == order
    unknown = organiser.post(page + "/move", data={"submission": "nobody", "reason": "x"})
    assert unknown.status_code == 409
    assert organiser.post(page + "/move", data={"submission": order[0], "reason": ""}).status_code == 422
    assert organiser.post(page + "/move", data={"submission": order[0], "reason": "Vắng"}).status_code == 303
    assert called(row) == [*order[1:], order[0]]


def test_the_page_asks_the_same_number_of_questions_whatever_the_size(
    organiser: FlaskClient, make: Make, edition: Edition, row: Round, entries: list[Submission], noon: datetime
) -> None:
    page = f"/e/{edition.code}/organise/rounds/final/order"
    draw(row, noon)
    organiser.get(page)
    with counted(organiser.application) as few:
        organiser.get(page)
    for _ in range(5):
        make.submission(edition)
    draw(row, noon, "more", "more teams")
    with counted(organiser.application) as many:
        organiser.get(page)
    assert len(many) == len(few)


def test_judges_and_strangers_see_no_order(app: Flask, make: Make, edition: Edition, row: Round) -> None:
    page = f"/e/{edition.code}/organise/rounds/final/order"
    judge = make.judge(edition)
    client = app.test_client()
    assert client.get(page).status_code in (302, 303)

    user = db.session.get(User, judge.user_id)
    assert user is not None
    make.sign_in(client, user)
    assert client.get(page).status_code == 403
    assert client.post(page, data={"seed": "x"}).status_code == 403
    assert drawn_order(row.id) is None


def test_rule_42_the_page_shows_a_timetable(
    organiser: FlaskClient, make: Make, edition: Edition, entries: list[Submission], noon: datetime
) -> None:
    rules = RoundRules(pitch_minutes=5, answer_minutes=10, change_minutes=2)
    row = make.round(edition, "stage", rules=rules, opens_at=noon)
    draw(row, noon)
    body = organiser.get(f"/e/{edition.code}/organise/rounds/stage/order").text
    shown = [body.index(f">{time}<") for time in ("12:00", "12:17", "12:34", "12:51")]  # Ho Chi Minh City
    assert shown == sorted(shown)
    assert "5 minutes on stage, 10 for answers, 2 between two teams." in body
