"""The outbox page of an edition."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.accounts.roles import Role
from contest.editions.models import Edition
from contest.infra import mail
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.infra.mail import MAX_ATTEMPTS, MailStatus, OutboxMail
from tests.counting import counted
from tests.factories import Make

OUTBOX = "/e/mua-thu-2026/organise/outbox"


@pytest.fixture
def edition(make: Make, noon: datetime) -> Edition:
    return make.edition()


@pytest.fixture
def desk(app: Flask, make: Make, edition: Edition) -> FlaskClient:
    """The organiser's browser, in English."""
    client = app.test_client()
    client.set_cookie("locale", "en")
    make.sign_in(client, make.member(edition, Role.ORGANISER))
    return client


def write(edition: Edition, now: datetime, subject: str = "Nhắc chấm bài", status: str = "waiting") -> int:
    scope = f"edition:{edition.id}"
    with unit_of_work() as session:
        mail.enqueue(
            scope=scope,
            recipient="tuyet@example.vn",
            recipient_name="Đỗ Ánh Tuyết",
            subject=subject,
            body=f"Kính gửi bà,\n<b>{subject}</b>",
            now=now,
        )
        session.flush()  # the id is wanted
        mail_id = mail.outbox_of(scope, limit=1)[0].id
        if status == "sent":
            mail.mark_sent(mail_id, now=now)
        if status == "failed":
            mail.mark_failed(mail_id, attempts=MAX_ATTEMPTS, error="550 no such person", now=now)
    return mail_id


def row(mail_id: int) -> OutboxMail:
    db.session.rollback()
    return db.session.scalars(select(OutboxMail).where(OutboxMail.id == mail_id)).one()


def test_an_empty_outbox_says_what_will_come(desk: FlaskClient) -> None:
    assert "No mail yet" in desk.get(OUTBOX).text


def test_waiting_mails_show_their_text_to_copy(desk: FlaskClient, edition: Edition, noon: datetime) -> None:
    write(edition, noon)
    page = desk.get(OUTBOX).text
    assert "Kính gửi bà,\n&lt;b&gt;Nhắc chấm bài&lt;/b&gt;</textarea>" in page
    assert "Đỗ Ánh Tuyết · tuyet@example.vn" in page
    assert "Waiting" in page


def test_failed_mails_show_the_reason(desk: FlaskClient, edition: Edition, noon: datetime) -> None:
    write(edition, noon, status="failed")
    page = desk.get(OUTBOX).text
    assert "550 no such person" in page
    assert "</textarea>" in page


def test_sent_mails_do_not_show_their_text(desk: FlaskClient, edition: Edition, noon: datetime) -> None:
    write(edition, noon, status="sent")
    page = desk.get(OUTBOX).text
    assert "Nhắc chấm bài" in page
    assert "Kính gửi bà" not in page


def test_a_mail_noted_as_sent_is_on_record(desk: FlaskClient, edition: Edition, noon: datetime) -> None:
    mail_id = write(edition, noon)
    answer = desk.post(f"{OUTBOX}/{mail_id}/by-hand")
    assert (answer.status_code, answer.location) == (303, OUTBOX)
    assert (row(mail_id).status, row(mail_id).sent_at) == (MailStatus.SENT, noon)
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject, entry.scope) == (
        "mail.sent_by_hand",
        f"mail:{mail_id}",
        f"edition:{edition.id}",
    )


def test_a_failed_mail_can_be_tried_again(
    app: Flask, desk: FlaskClient, edition: Edition, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail_id = write(edition, noon, status="failed")
    assert f"{OUTBOX}/{mail_id}/retry" not in desk.get(OUTBOX).text  # nothing would send it
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://127.0.0.1:25")
    assert f"{OUTBOX}/{mail_id}/retry" in desk.get(OUTBOX).text
    assert desk.post(f"{OUTBOX}/{mail_id}/retry").status_code == 303
    assert (row(mail_id).status, row(mail_id).attempts, row(mail_id).due_at) == (MailStatus.WAITING, 0, noon)


def test_without_a_server_the_page_says_what_to_do(
    app: Flask, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "This site has no mail server" in desk.get(OUTBOX).text
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://127.0.0.1:25")
    assert "This site has no mail server" not in desk.get(OUTBOX).text


@pytest.mark.parametrize("act", ["retry", "by-hand"])
def test_mails_of_other_editions_and_sent_ones_are_out_of_reach(
    desk: FlaskClient, make: Make, edition: Edition, noon: datetime, act: str
) -> None:
    foreign, sent = write(make.edition("khac"), noon), write(edition, noon, status="sent")
    for mail_id in (foreign, sent, 9999):
        assert desk.post(f"{OUTBOX}/{mail_id}/{act}").status_code == 404
    assert row(foreign).status is MailStatus.WAITING


def test_mails_of_other_scopes_are_not_shown(desk: FlaskClient, make: Make, noon: datetime) -> None:
    write(make.edition("khac"), noon, "Thư của mùa thi khác")
    with unit_of_work():
        mail.enqueue(scope="accounts", recipient="a@b.vn", subject="Thư riêng", body="/s/abc", now=noon)
    page = desk.get(OUTBOX).text
    assert "Thư của mùa thi khác" not in page
    assert "Thư riêng" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_often_for_three_mails_as_for_one(
    app: Flask, desk: FlaskClient, edition: Edition, noon: datetime, count: int
) -> None:
    for _ in range(count):
        write(edition, noon)
    with counted(app) as queries:
        page = desk.get(OUTBOX)
    assert page.text.count("</textarea>") == count
    assert len(queries) == 4  # who asks, the edition, its mails, how many stand where


def test_old_mails_are_on_further_pages(desk: FlaskClient, edition: Edition, noon: datetime) -> None:
    for number in range(51):
        write(edition, noon, f"Thư số {number:02d}.")
    first = desk.get(OUTBOX).text
    assert "Thư số 50." in first
    assert "Thư số 00." not in first
    [link] = [part.split('"')[0] for part in first.split('href="') if part.startswith(OUTBOX + "?before=")]
    second = desk.get(link).text
    assert "Thư số 00." in second
    assert "Thư số 01." not in second
    assert f'href="{OUTBOX}?before=' not in second


@pytest.mark.parametrize("role", [Role.CHAIR, Role.JUDGE, Role.CAPTAIN, Role.OBSERVER])
def test_only_the_committee_reads_mail(app: Flask, make: Make, edition: Edition, noon: datetime, role: Role) -> None:
    client = app.test_client()
    make.sign_in(client, make.member(edition, role))
    mail_id = write(edition, noon)
    assert client.get(OUTBOX).status_code == 403
    for act in ("retry", "by-hand"):
        assert client.post(f"{OUTBOX}/{mail_id}/{act}").status_code == 403
