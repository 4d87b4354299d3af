"""LG-12: mass reads, and marks that change after they were handed in; an alarm tells no mark and breaks nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.accounts.roles import Role
from contest.errors import Busy
from contest.infra import alarms
from contest.infra.alarms import Alarm, AlarmKind
from contest.infra.audit import AuditEntry
from contest.infra.cache import clear_all
from contest.infra.db import db
from contest.infra.mail import OutboxMail
from contest.submissions.models import Submission
from tests.factories import Make
from tests.judging.test_judge_views import KEY, Judging, text_of

both = pytest.mark.both_databases
pytestmark = pytest.mark.usefixtures("alarms_on")


@pytest.fixture
def judging(make: Make, client: FlaskClient, noon: datetime) -> Judging:
    return Judging(make, client)


@pytest.fixture
def organiser(app: Flask, make: Make, judging: Judging) -> FlaskClient:
    client = app.test_client()
    person = make.user("Phạm Minh Tổ", email="to@example.vn", locale="en")
    make.sign_in(client, make.member(judging.edition, Role.ORGANISER, person))
    return client


def raised() -> list[Alarm]:
    db.session.rollback()
    return list(db.session.scalars(select(Alarm).order_by(Alarm.id)))


def mails() -> list[OutboxMail]:
    db.session.rollback()
    return list(db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


def addresses(judging: Judging, count: int) -> list[str]:
    for _ in range(count - 1):
        judging.make.submission(judging.edition)
    ids = db.session.scalars(select(Submission.public_id).order_by(Submission.id)).all()
    return [f"/e/{judging.edition.code}/organise/submissions/{one}" for one in ids]


@both
def test_lg_12_whoever_opens_thirty_things_within_a_minute_raises_one_alarm(
    judging: Judging, organiser: FlaskClient, noon: datetime
) -> None:
    pages = addresses(judging, 33)
    for page in pages[:29]:
        assert organiser.get(page).status_code == 200
    clear_all()
    for page in pages[:29]:  # the same again on the same day is nothing new
        organiser.get(page)
    assert raised() == []
    for page in pages[29:]:
        assert organiser.get(page).status_code == 200
    (alarm,) = raised()
    assert (alarm.kind, alarm.scope) == (AlarmKind.MASS_READS, f"edition:{judging.edition.id}")
    assert (alarm.count, alarm.seconds, alarm.at) == (30, 60, noon)
    assert [one.recipient for one in mails()] == ["to@example.vn"]


@both
def test_lg_12_marks_changed_after_they_were_handed_in_raise_one_alarm(
    judging: Judging, organiser: FlaskClient, noon: datetime
) -> None:
    assert judging.post({"C1": "8", "C2": "7"}, act="submit").status_code == 303
    assert raised() == []
    again = {"version": "1", "act": "submit", "feedback": "Rõ hơn"}
    assert judging.post({"C1": "8", "C2": "7"}, key=KEY + "1", **again).status_code == 303
    assert raised() == []  # words alone
    assert judging.post({"C1": "9.5", "C2": "7"}, key=KEY + "2", **(again | {"version": "2"})).status_code == 303
    (alarm,) = raised()
    assert (alarm.kind, alarm.scope) == (AlarmKind.CHANGED_SCORES, f"edition:{judging.edition.id}")
    assert (alarm.user_id, alarm.subject, alarm.count, alarm.at) == (judging.user_id, judging.round.code, 1, noon)
    assert judging.post({"C1": "9.5", "C2": "6"}, key=KEY + "3", **(again | {"version": "3"})).status_code == 303
    assert len(raised()) == 1
    assert len(mails()) == 1


def test_a_draft_that_changes_raises_none(judging: Judging, organiser: FlaskClient) -> None:
    judging.post({"C1": "8", "C2": "7"})
    judging.post({"C1": "9", "C2": "7"}, key=KEY + "1", version="1")
    assert judging.stored() == ("draft", 2, {"C1": 18, "C2": 14})
    assert raised() == []


@both
def test_lg_12_an_alarm_leaks_neither_marks_nor_the_entry(judging: Judging, organiser: FlaskClient) -> None:
    judging.post({"C1": "3.5", "C2": "7"}, act="submit")
    judging.post({"C1": "9.5", "C2": "7"}, act="submit", key=KEY + "1", version="1")
    (alarm,), (mail,) = raised(), mails()
    row = [getattr(alarm, column.name) for column in Alarm.__table__.columns]
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "alarm.raised")).one()
    page = text_of(organiser.get(f"/e/{judging.edition.code}/organise/alarms").text)
    for text in (str(row), mail.subject, mail.body, str(entry.facts), page):
        for secret in ("9.5", "3.5", "9,5", "3,5", judging.code, "Bản đồ", "raised the", "lowered"):
            assert secret not in text, (secret, text)
    assert "Nguyễn Thị Minh Khai" in mail.body
    assert "Nguyễn Thị Minh Khai" in page


@both
@pytest.mark.parametrize("fault", [ZeroDivisionError, Busy])
def test_lg_12_a_fault_while_an_alarm_is_raised_breaks_neither_a_mark_nor_a_page(
    judging: Judging, organiser: FlaskClient, monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    def fail(_alert: object) -> None:
        raise fault

    pages = addresses(judging, 31)
    monkeypatch.setattr(alarms, "_raise", fail)
    judging.post({"C1": "8", "C2": "7"}, act="submit")
    assert judging.post({"C1": "9", "C2": "7"}, act="submit", key=KEY + "1", version="1").status_code == 303
    assert judging.stored() == ("submitted", 2, {"C1": 18, "C2": 14})
    for page in pages:
        assert organiser.get(page).status_code == 200
    assert raised() == []


def test_lg_12_a_change_that_falls_counts_nothing(judging: Judging, organiser: FlaskClient) -> None:
    judging.post({"C1": "8", "C2": "7"}, act="submit")
    stale = judging.post({"C1": "9", "C2": "7"}, act="submit", key=KEY + "1", version="0")
    assert stale.status_code == 409
    assert judging.stored() == ("submitted", 1, {"C1": 16, "C2": 14})
    assert raised() == []


def test_each_edition_counts_for_itself() -> None:
    one = alarms.Happening(AlarmKind.MASS_READS, "edition:1", "user:1", datetime.fromisoformat("2026-10-08T05:00Z"))
    assert alarms.Alert(one, 30, 60).key != alarms.Alert(replace(one, scope="edition:2"), 30, 60).key
