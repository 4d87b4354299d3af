"""The live room: who is at work, what has moved, and that looking costs little."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.editions.queries import round_by_code
from contest.infra.db import db, unit_of_work
from contest.judging.models import JudgePresence
from contest.judging.queries.watch import PRESENT, present_judges, round_mark
from contest.judging.services.watch import note_presence
from contest.judging.views import watch
from tests.counting import counted
from tests.factories import Make
from tests.judging.pages import words
from tests.judging.test_scoring_services import NOW, Desk

SECOND = timedelta(seconds=1)


@pytest.fixture
def desk(app: Flask, make: Make) -> Desk:
    return Desk(make)


def here(desk: Desk, now: datetime) -> bool:
    with unit_of_work():
        return note_presence(edition_id=desk.edition_id, user_id=desk.user_id, now=now)


@pytest.mark.both_databases
def test_a_judge_is_at_work_until_the_page_falls_silent(app: Flask, make: Make) -> None:
    desk = Desk(make)
    assert present_judges(desk.edition_id, NOW) == frozenset()
    assert here(desk, NOW)
    assert not here(desk, NOW + SECOND)  # a word so soon is not written
    assert here(desk, NOW + 20 * SECOND)
    at = NOW + 20 * SECOND
    assert present_judges(desk.edition_id, at + PRESENT - SECOND) == {desk.judge.id}
    assert present_judges(desk.edition_id, at + PRESENT) == frozenset()
    assert db.session.query(JudgePresence).count() == 1


def test_who_is_no_judge_of_the_edition_leaves_no_trace(app: Flask, make: Make, desk: Desk) -> None:
    stranger = make.user().id
    with unit_of_work():
        assert not note_presence(edition_id=desk.edition_id, user_id=stranger, now=NOW)
    assert db.session.query(JudgePresence).count() == 0


def test_the_mark_moves_with_a_save_an_act_and_a_presence(app: Flask, make: Make, desk: Desk) -> None:
    round_ = round_by_code(desk.edition_id, desk.round.code)
    assert round_ is not None
    marks = [round_mark(round_, NOW)]
    assert round_mark(round_, NOW) == marks[0]
    desk.save({"C1": "8"})
    marks.append(round_mark(round_, NOW))
    here(desk, NOW)
    marks.append(round_mark(round_, NOW))
    assert len(set(marks)) == 3
    assert round_mark(round_, NOW + PRESENT) == marks[1]


def organiser(app: Flask, make: Make, desk: Desk) -> tuple[FlaskClient, str]:
    client = app.test_client()
    make.sign_in(client, make.member(desk.edition, Role.ORGANISER, make.user("Phạm Minh Tổ")))
    client.set_cookie("locale", "en")
    return client, f"/e/{desk.edition.code}/organise/rounds/{desk.round.code}/progress"


def test_the_page_is_fetched_in_parts_and_not_again_without_news(
    app: Flask, make: Make, desk: Desk, noon: datetime
) -> None:
    client, base = organiser(app, make, desk)
    page = client.get(base).get_data(as_text=True)
    assert f'data-live="{base}/now"' in page
    first = client.get(f"{base}/now")
    assert words(first).count("0 judges are at work now.") == 1
    tag = {"If-None-Match": first.headers["ETag"]}
    with counted(app) as statements:
        quiet = client.get(f"{base}/now", headers=tag)
    assert (quiet.status_code, quiet.get_data()) == (304, b"")
    assert len(statements) == 8  # the person, the edition, the round with its rules, and three for the mark
    here(desk, noon)
    moved = client.get(f"{base}/now", headers=tag)
    assert moved.status_code == 200
    assert "1 judge is at work now." in words(moved)
    assert "at work" in words(client.get(base))


def test_a_stream_tells_marks_and_gives_its_seat_back(app: Flask, make: Make, desk: Desk, noon: datetime) -> None:
    client, base = organiser(app, make, desk)
    round_ = round_by_code(desk.edition_id, desk.round.code)
    assert round_ is not None
    for _ in range(3):  # more often than there are seats
        answer = client.get(f"{base}/stream")
        text = answer.get_data(as_text=True)
        answer.close()
        assert answer.mimetype == "text/event-stream"
        assert text.count("event: mark") == 1
        assert f"data: {round_mark(round_, noon)}\n" in text


def test_no_more_streams_than_threads_can_be_spared(app: Flask, make: Make, desk: Desk) -> None:
    client, base = organiser(app, make, desk)
    seats: Any = watch.seats_of(app)
    taken = 0
    while seats.acquire(blocking=False):
        taken += 1
    try:
        refused = client.get(f"{base}/stream")
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "30")
    finally:
        for _ in range(taken):
            seats.release()
    assert taken == max(1, app.config["THREADS"] // 4)


def test_a_judge_says_here_and_others_may_not(app: Flask, make: Make, desk: Desk, noon: datetime) -> None:
    judge = app.test_client()
    make.sign_in(judge, db.session.get_one(User, desk.user_id))
    by_script = {"X-Requested-With": "here"}
    assert judge.post(f"/e/{desk.edition.code}/judging/here", headers=by_script).status_code == 204
    assert f"/e/{desk.edition.code}/judging/here" in judge.get(f"/e/{desk.edition.code}/judging/").get_data(
        as_text=True
    )
    assert present_judges(desk.edition_id, noon) == {desk.judge.id}
    client, _base = organiser(app, make, desk)
    assert client.post(f"/e/{desk.edition.code}/judging/here").status_code == 403
