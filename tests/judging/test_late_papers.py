"""What could not be stored is kept for the organiser: typed on an old rubric, or on a paper that was taken away."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.editions.models import Round
from contest.editions.phases import RoundState
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.infra.mail import OutboxMail
from contest.judging.models import Assignment, LatePaper, PastAssignment
from contest.judging.services.assignments import unassign_one
from contest.judging.services.gone import take_away
from contest.judging.states import LateCause, LateState, ScorecardStatus
from tests.factories import Make
from tests.judging.test_judge_views import Judging, said, text_of

both = pytest.mark.both_databases


@pytest.fixture
def judging(make: Make, client: FlaskClient, noon: datetime) -> Judging:
    client.set_cookie("locale", "en")
    return Judging(make, client)


@pytest.fixture
def organiser(app: Flask, make: Make, judging: Judging) -> FlaskClient:
    client = app.test_client()
    make.sign_in(client, make.member(judging.edition, Role.ORGANISER, make.user("Phạm Minh Tổ")))
    client.set_cookie("locale", "en")
    return client


def late() -> list[LatePaper]:
    db.session.rollback()
    return list(db.session.scalars(select(LatePaper).order_by(LatePaper.id)))


def reassign(judging: Judging, noon: datetime) -> None:
    with unit_of_work():
        unassign_one(
            round_id=judging.round.id,
            submission_id=judging.submission.id,
            judge_id=judging.judge.id,
            actor_id=None,
            now=noon,
            reason="Đổi",
        )


def page_of(judging: Judging, code: str) -> str:
    return f"/e/{judging.edition.code}/organise/record/late/{code}"


@both
def test_marks_for_a_paper_that_was_taken_away_are_kept_for_the_organiser(
    judging: Judging, organiser: FlaskClient, noon: datetime
) -> None:
    reassign(judging, noon)
    answer = judging.autosave({"C1": "8,5"}, feedback="Rõ ràng.", private_note="Hỏi giá.")
    assert answer.status_code == 404
    body = said(answer)
    assert (body["error"], "kept for the organiser" in body["message"]) == ("paper_gone", True)
    again = said(judging.autosave({"C1": "9"}, key="another-key-1", feedback="Rõ ràng.", private_note="Hỏi giá."))
    assert again["late"] == body["late"]
    (row,) = late()
    assert (row.cause, row.assignment_id, row.state) == (LateCause.GONE, None, LateState.OFFERED)
    assert (row.marks["C1"], row.feedback, row.private_note) == ("9", "Rõ ràng.", "Hỏi giá.")
    own = judging.client.get(body["late_url"])
    assert own.status_code == 200
    assert "Criterion 1: 9" in own.text
    assert "Hỏi giá." in own.text
    listed = organiser.get(f"/e/{judging.edition.code}/organise/rounds/{judging.round.code}/record")
    assert body["late"] in listed.text
    shown = text_of(organiser.get(page_of(judging, body["late"])).text)
    assert re.search(r"Criterion 1 9 .*Rõ ràng\..*Hỏi giá\.", shown)


@both
def test_kept_marks_count_once_the_judge_has_the_paper_again(
    judging: Judging, organiser: FlaskClient, make: Make, noon: datetime
) -> None:
    reassign(judging, noon)
    code = said(judging.autosave({"C1": "8,5", "C2": "7"}, act="submit"))["late"]
    refused = organiser.post(page_of(judging, code) + "/accept", data={"accept-reason": "Máy mất mạng"})
    assert refused.status_code == 409
    assert "Assign it to the judge again" in text_of(refused.text)
    paper = make.assignment(judging.round, judging.judge, judging.submission)
    done = organiser.post(page_of(judging, code) + "/accept", data={"accept-reason": "Máy mất mạng"})
    assert done.status_code == 303
    db.session.rollback()
    card = db.session.get_one(Assignment, paper.id).scorecard
    assert card is not None
    assert (card.status, {one.points for one in card.scores}) == (ScorecardStatus.SUBMITTED, {17, 14})


def test_a_page_without_scripts_leads_to_what_was_kept(judging: Judging, noon: datetime) -> None:
    reassign(judging, noon)
    answer = judging.post({"C1": "8"})
    assert answer.status_code == 303
    assert answer.location == f"/e/{judging.edition.code}/judging/late/{late()[0].public_id}"


@both
def test_only_the_judge_who_had_the_paper_learns_of_it(
    judging: Judging, make: Make, app: Flask, noon: datetime
) -> None:
    reassign(judging, noon)
    other = make.judge(judging.edition)
    client = app.test_client()
    make.sign_in(client, db.session.get_one(User, other.user_id))
    values = {"version": "0", "rubric_version": "1", "key": "0123456789", "mark-C1": "8"}
    script = {"X-Requested-With": "autosave"}
    foreign = client.post(judging.url, data=values, headers=script)
    missing = client.post(judging.desk_url + "nowhere", data=values, headers=script)
    assert (foreign.status_code, foreign.data) == (missing.status_code, missing.data) == (404, missing.data)
    assert late() == []


@both
def test_marks_typed_on_an_earlier_rubric_are_kept_and_never_accepted(judging: Judging, organiser: FlaskClient) -> None:
    judging.change(Round, judging.round.id, rubric_version=2)
    body = said(judging.autosave({"C1": "8,5"}, feedback="Rõ ràng."))
    assert body["error"] == "rubric_changed"
    (row,) = late()
    assert (row.public_id, row.cause, row.rubric_version) == (body["late"], LateCause.RUBRIC, 1)
    assert "earlier version of the rubric" in text_of(organiser.get(page_of(judging, row.public_id)).text)
    refused = organiser.post(page_of(judging, row.public_id) + "/accept", data={"accept-reason": "Cho tính"})
    assert refused.status_code == 409
    assert judging.stored() is None
    assert (
        organiser.post(
            page_of(judging, row.public_id) + "/dismiss", data={"dismiss-reason": "Giám khảo đã chấm lại"}
        ).status_code
        == 303
    )


def test_sc_12_nobody_accepts_what_they_sent_themselves(judging: Judging, make: Make, app: Flask) -> None:
    make.member(judging.edition, Role.ORGANISER, db.session.get_one(User, judging.user_id))
    judging.change(Round, judging.round.id, state=RoundState.CLOSED)
    code = said(judging.autosave({"C1": "8,5"}))["late"]
    judging.change(Round, judging.round.id, state=RoundState.SCORING)
    refused = judging.client.post(page_of(judging, code) + "/accept", data={"accept-reason": "Tôi gửi muộn"})
    assert refused.status_code == 409
    assert "another person of the committee" in text_of(refused.text)
    assert judging.stored() is None
    assert late()[0].state is LateState.OFFERED


def test_sc_12_an_accepted_change_keeps_the_original_and_tells_the_judge(
    judging: Judging, organiser: FlaskClient, make: Make
) -> None:
    judging.post({"C1": "8", "C2": "7"}, act="submit")
    judging.change(Round, judging.round.id, state=RoundState.CLOSED)
    code = said(judging.autosave({"C1": "9", "C2": "7"}, key="second-key-1", version="1", act="submit"))["late"]
    judging.change(Round, judging.round.id, state=RoundState.SCORING)
    without = organiser.post(page_of(judging, code) + "/accept", data={"accept-reason": " "})
    assert without.status_code == 422
    done = organiser.post(page_of(judging, code) + "/accept", data={"accept-reason": "Mất mạng lúc hết giờ"})
    assert done.status_code == 303
    assert judging.stored() == ("submitted", 2, {"C1": 18, "C2": 14})
    history = text_of(organiser.get(f"/e/{judging.edition.code}/organise/record/{judging.id}").text)
    assert history.index("2 Late marks accepted Phạm Minh Tổ") < history.index(
        "1 Score sheet handed in Nguyễn Thị Minh Khai"
    )
    assert "Criterion 1: 8 → 9" in history
    (letter,) = db.session.scalars(select(OutboxMail)).all()
    assert letter.recipient == db.session.get_one(User, judging.user_id).email
    assert "Mất mạng lúc hết giờ" in letter.body
    assert db.session.scalars(select(AuditEntry.action)).all().count("late.accepted") == 1


@both
def test_a_round_that_judges_have_not_seen_remembers_nothing(judging: Judging) -> None:
    judging.change(Round, judging.round.id, state=RoundState.DRAFT)
    with unit_of_work():
        assert take_away(Assignment.id == judging.paper.id) == 1
    assert db.session.scalars(select(PastAssignment)).all() == []
