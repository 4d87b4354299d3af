"""A team asks once, within the window after publication; nothing is to be seen before."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.editions.models import Round
from contest.editions.rules_json import rules_from_json, rules_to_json
from contest.errors import NotFound, RuleBroken
from contest.infra import clock
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.results import services
from contest.results.models import Appeal, Correction
from contest.results.queries.appeals import appeals_about, appeals_of
from contest.results.reviews import AppealEffect, AppealWindow, CorrectionStatus, appeal_window, appeals_close
from contest.submissions.models import Submission, Team
from tests.factories import NOON, Make
from tests.results import way
from tests.results.conftest import Scored

TICK = timedelta(microseconds=1)
WEEK = timedelta(days=7)


@pytest.fixture
def captain(make: Make, scored: Scored) -> User:
    """The captain of the first entry's team, in an edition that takes appeals for a week."""
    person = make.member(scored.edition, Role.CAPTAIN, make.user("Đội trưởng Mai"))
    with unit_of_work() as session:
        team = session.get_one(Team, scored.submissions[0].team_id)
        team.captain_id = person.id
        row = session.get_one(Round, scored.first.id)
        row.rules = rules_to_json(replace(rules_from_json(row.rules), appeal_days=7))
    return person


def publish(scored: Scored, now: datetime) -> None:
    way.publish(scored.facts, scored.first.id, scored.organiser.id, now)


def file(scored: Scored, now: datetime, text: str = "Xin xem lại tổng điểm.", entry: int = 0) -> str:
    with unit_of_work() as session:
        row = services.file_appeal(
            round_id=scored.first.id, submission_id=scored.submissions[entry].id, text=text, actor_id=None, now=now
        )
        session.flush()  # its public id is wanted
        return row.public_id


def answer(scored: Scored, appeal: str, effect: AppealEffect, text: str = "Điểm đã cộng đúng.") -> None:
    with unit_of_work():
        services.answer_appeal(
            edition=scored.facts, round_id=scored.first.id, public_id=appeal, answer=text, effect=effect,
            actor_id=scored.organiser.id, now=NOON,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("published", "days", "now", "window"),
    [
        (NOON, None, NOON, AppealWindow.NONE),
        (None, None, NOON, AppealWindow.NONE),
        (None, 7, NOON, AppealWindow.BEFORE),
        (NOON, 7, NOON, AppealWindow.OPEN),
        (NOON, 7, NOON + WEEK - TICK, AppealWindow.OPEN),
        (NOON, 7, NOON + WEEK, AppealWindow.OVER),
    ],
)
def test_the_window_begins_with_publication_and_ends_after_its_days(
    published: datetime | None, days: int | None, now: datetime, window: AppealWindow
) -> None:
    assert appeal_window(published, days, now) is window


def test_without_publication_or_days_nothing_closes() -> None:
    assert (appeals_close(None, 7), appeals_close(NOON, None), appeals_close(NOON, 7)) == (None, None, NOON + WEEK)


@pytest.mark.both_databases
def test_an_appeal_is_filed_once_and_remembers_the_version(
    app: Flask, scored: Scored, captain: User, noon: datetime
) -> None:
    publish(scored, noon)
    file(scored, noon + WEEK - TICK)
    line = appeals_about(scored.submissions[0].id)[scored.first.id]
    assert (line.text, line.version, line.effect, line.answered_at) == ("Xin xem lại tổng điểm.", 1, None, None)
    with pytest.raises(RuleBroken, match="appeal_twice"):
        file(scored, noon)
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.subject) == ("appeal.filed", "round:r1")


def test_nothing_is_taken_before_publication_after_the_window_or_without_words(
    app: Flask, make: Make, scored: Scored, captain: User, noon: datetime
) -> None:
    with pytest.raises(NotFound):
        file(scored, noon)
    way.finalise(scored.facts, scored.first.id, scored.organiser.id, noon)
    with pytest.raises(NotFound):
        file(scored, noon)
    with unit_of_work():
        services.publish_round(edition=scored.facts, round_id=scored.first.id, actor_id=None, now=noon)
    with pytest.raises(RuleBroken, match="appeal_empty"):
        file(scored, noon, " \n")
    with pytest.raises(RuleBroken) as late:
        file(scored, noon + WEEK)
    assert (late.value.code, late.value.facts) == ("appeal_too_late", {"closed": noon + WEEK})
    outsider = make.submission(scored.edition)
    with pytest.raises(NotFound), unit_of_work():
        services.file_appeal(round_id=scored.first.id, submission_id=outsider.id, text="Xin", actor_id=None, now=noon)
    assert db.session.query(Appeal).count() == 0


def test_a_round_without_a_window_takes_none(app: Flask, scored: Scored, noon: datetime) -> None:
    publish(scored, noon)
    with pytest.raises(RuleBroken, match="appeals_not_taken"):
        file(scored, noon)


@pytest.mark.both_databases
def test_an_answer_may_ask_for_a_correction(app: Flask, scored: Scored, captain: User, noon: datetime) -> None:
    publish(scored, noon)
    answer(scored, file(scored, noon), AppealEffect.CORRECTION, "Cộng sót 5 điểm")
    row = db.session.scalars(select(Correction)).one()
    assert (row.reason, row.asked_by, row.status) == ("Cộng sót 5 điểm", scored.organiser.id, CorrectionStatus.ASKED)
    answer(scored, file(scored, noon, entry=1), AppealEffect.CORRECTION, "Cùng một lỗi")  # the same one serves both
    assert db.session.query(Correction).count() == 1
    assert [(one.effect, one.correction) for one in appeals_of(scored.first.id)] == [
        (AppealEffect.CORRECTION, CorrectionStatus.ASKED)
    ] * 2


def test_an_appeal_is_answered_once_and_with_words(app: Flask, scored: Scored, captain: User, noon: datetime) -> None:
    publish(scored, noon)
    appeal = file(scored, noon)
    with pytest.raises(RuleBroken, match="answer_missing"):
        answer(scored, appeal, AppealEffect.NONE, " ")
    answer(scored, appeal, AppealEffect.NONE)
    with pytest.raises(RuleBroken, match="appeal_answered"):
        answer(scored, appeal, AppealEffect.NONE)
    with pytest.raises(NotFound):
        answer(scored, "zzzz", AppealEffect.NONE)
    line = appeals_of(scored.first.id)[0]
    assert (line.effect, line.answer, line.answered_by, line.correction) == (
        AppealEffect.NONE, "Điểm đã cộng đúng.", scored.organiser.name, None,
    )  # fmt: skip
    assert db.session.query(Correction).count() == 0


def own(scored: Scored, entry: int = 0) -> str:
    db.session.expire_all()
    public_id = db.session.get_one(Submission, scored.submissions[entry].id).public_id
    return f"/e/mua-thu-2026/team/{public_id}/results"


def test_a_team_asks_and_reads_the_answer_on_its_pages(
    make: Make, client: FlaskClient, scored: Scored, captain: User, noon: datetime
) -> None:
    make.sign_in(client, captain)
    assert client.get("/e/mua-thu-2026/team/results").status_code == 303
    empty = client.get(own(scored)).get_data(as_text=True)
    assert "14,50" not in empty
    assert client.get(f"{own(scored)}/r1/appeal").status_code == 404
    assert client.post(f"{own(scored)}/r1/appeal", data={"text": "Xin", "sure": "y"}).status_code == 404
    publish(scored, noon)
    assert "14,50" in client.get(own(scored)).get_data(as_text=True)
    assert client.post(f"{own(scored)}/r1/appeal", data={"text": "Xin xem lại"}).status_code == 422
    assert client.post(f"{own(scored)}/r1/appeal", data={"text": "Xin xem lại", "sure": "y"}).status_code == 303
    assert "Xin xem lại" in client.get(f"{own(scored)}/r1/appeal").get_data(as_text=True)
    assert client.post(f"{own(scored)}/r1/appeal", data={"text": "Nữa", "sure": "y"}).status_code == 409
    appeal = appeals_of(scored.first.id)[0].public_id
    make.sign_in(client, scored.organiser)
    base = "/e/mua-thu-2026/organise/results/r1/appeals"
    assert "Xin xem lại" in client.get(base).get_data(as_text=True)
    assert client.post(f"{base}/{appeal}", data={f"{appeal}-answer": ""}).status_code == 422
    reply = {f"{appeal}-answer": "Điểm đã cộng đúng.", f"{appeal}-effect": "none"}
    assert client.post(f"{base}/{appeal}", data=reply).status_code == 303
    assert client.post(f"{base}/{appeal}", data=reply).status_code == 409
    assert client.post(f"{base}/zzzz", data=reply).status_code == 404
    make.sign_in(client, captain)
    assert "Điểm đã cộng đúng." in client.get(f"{own(scored)}/r1/appeal").get_data(as_text=True)


def test_after_the_window_the_page_says_so(make: Make, client: FlaskClient, scored: Scored, captain: User) -> None:
    with clock.stopped_at(NOON):
        publish(scored, NOON)
    with clock.stopped_at(NOON + WEEK):
        make.sign_in(client, captain)
        client.set_cookie("locale", "en")
        page = client.get(f"{own(scored)}/r1/appeal").get_data(as_text=True)
        assert "The time for appeals is over" in page
        assert "<textarea" not in page
        late = client.post(f"{own(scored)}/r1/appeal", data={"text": "Xin", "sure": "y"})
        assert late.status_code == 409
        assert "The time for appeals ended" in late.get_data(as_text=True)


def test_another_teams_pages_stay_closed(
    make: Make, client: FlaskClient, scored: Scored, captain: User, noon: datetime
) -> None:
    publish(scored, noon)
    file(scored, noon, "Chuyện riêng của đội khác", entry=1)
    make.sign_in(client, captain)
    for path in (own(scored, 1), f"{own(scored, 1)}/r1/appeal", "/e/mua-thu-2026/organise/results/r1/appeals"):
        assert client.get(path).status_code in (403, 404)
    assert "Chuyện riêng" not in client.get(own(scored)).get_data(as_text=True)


def test_a_captain_of_several_teams_chooses(
    make: Make, client: FlaskClient, scored: Scored, captain: User, noon: datetime
) -> None:
    make.submission(scored.edition, make.team(scored.edition, captain), title="Ý tưởng thứ hai")
    make.sign_in(client, captain)
    page = client.get("/e/mua-thu-2026/team/results").get_data(as_text=True)
    assert scored.submissions[0].title in page
    assert "Ý tưởng thứ hai" in page
