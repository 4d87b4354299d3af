"""The outbox: rows that are written with the change, claimed once, tried again, given up."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from contest.infra import mail
from contest.infra.db import db, unit_of_work
from contest.infra.mail import LEASE, MAX_ATTEMPTS, MailStatus, OutboxMail, SmtpServer

pytestmark = pytest.mark.both_databases
SCOPE = "edition:1"


def write(now: datetime, number: int = 1, *, scope: str = SCOPE, subject: str = "Nhắc chấm bài") -> None:
    with unit_of_work():
        mail.enqueue(
            scope=scope,
            recipient=f"judge{number}@example.vn",
            recipient_name="Đỗ Thị  Ánh\nTuyết",
            subject=subject,
            body="Kính gửi bà,\n\ncòn 3 bài.\n",
            now=now,
        )


def claim(now: datetime, limit: int = 20) -> list[int]:
    with unit_of_work():
        return [row.id for row in mail.claim_due(now=now, limit=limit)]


def only() -> OutboxMail:
    db.session.expire_all()
    return db.session.scalars(select(OutboxMail)).one()


def test_a_mail_waits_and_names_are_one_line(app: Flask, noon: datetime) -> None:
    write(noon, subject="Thư\r\nBcc: all@example.vn")
    row = only()
    assert (row.status, row.due_at, row.attempts, row.sent_at) == (MailStatus.WAITING, noon, 0, None)
    assert row.subject == "Thư Bcc: all@example.vn"
    assert row.recipient_name == "Đỗ Thị Ánh Tuyết"


def test_no_mail_is_written_for_work_that_was_rolled_back(app: Flask, noon: datetime) -> None:
    def fail() -> None:
        with unit_of_work():
            mail.enqueue(scope=SCOPE, recipient="a@example.vn", subject="x", body="x", now=noon)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert mail.outbox_counts(SCOPE)[MailStatus.WAITING] == 0


def test_a_claimed_mail_is_leased_and_comes_back_when_the_lease_ends(app: Flask, noon: datetime) -> None:
    write(noon)
    first = claim(noon)
    assert len(first) == 1
    assert claim(noon) == []
    assert claim(noon + LEASE - timedelta(seconds=1)) == []
    assert claim(noon + LEASE) == first
    assert only().attempts == 2


def test_the_oldest_is_claimed_first_and_never_more_than_asked(app: Flask, noon: datetime) -> None:
    for number in range(3):
        write(noon, number)
    ids = claim(noon, limit=2)
    assert ids == sorted(ids)
    assert len(ids) == 2
    assert claim(noon, limit=2) == [max(ids) + 1]


def test_a_sent_mail_is_never_claimed_again(app: Flask, noon: datetime) -> None:
    write(noon)
    [mail_id] = claim(noon)
    with unit_of_work():
        mail.mark_sent(mail_id, now=noon)
    assert claim(noon + timedelta(days=1)) == []
    assert (only().status, only().sent_at) == (MailStatus.SENT, noon)


def test_pauses_grow_and_the_last_attempt_gives_up(app: Flask, noon: datetime) -> None:
    write(noon)
    now, pauses = noon, []
    for _ in range(MAX_ATTEMPTS):
        [mail_id] = claim(now)
        with unit_of_work():
            mail.mark_failed(mail_id, attempts=only().attempts, error="E" * 400, now=now)
        pauses.append(only().due_at - now)
        now = only().due_at
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(minutes=1)
    assert only().status is MailStatus.FAILED
    assert only().error == "E" * 300
    assert claim(now + timedelta(days=9)) == []


def test_trying_again_starts_from_the_beginning(app: Flask, noon: datetime) -> None:
    write(noon)
    [mail_id] = claim(noon)
    with unit_of_work():
        mail.mark_failed(mail_id, attempts=MAX_ATTEMPTS, error="refused", now=noon)
    later = noon + timedelta(hours=1)
    with unit_of_work():
        assert mail.retry(mail_id, scope=SCOPE, now=later)
    assert (only().status, only().due_at, only().attempts) == (MailStatus.WAITING, later, 0)
    assert claim(later) == [mail_id]


def test_a_text_sent_by_hand_counts_as_sent(app: Flask, noon: datetime) -> None:
    write(noon)
    with unit_of_work():
        assert mail.sent_by_hand(only().id, scope=SCOPE, now=noon)
    assert (only().status, only().sent_at) == (MailStatus.SENT, noon)
    assert claim(noon + timedelta(days=1)) == []


def test_sent_mails_and_those_of_other_scopes_cannot_be_changed(app: Flask, noon: datetime) -> None:
    write(noon)
    mail_id = only().id
    with unit_of_work():
        assert not mail.retry(mail_id, scope="edition:2", now=noon)
        assert not mail.sent_by_hand(mail_id, scope="edition:2", now=noon)
        mail.mark_sent(mail_id, now=noon)
    with unit_of_work():
        assert not mail.retry(mail_id, scope=SCOPE, now=noon)
    assert only().status is MailStatus.SENT


def test_the_list_is_newest_first_in_pages_and_of_one_scope(app: Flask, noon: datetime) -> None:
    for number in range(5):
        write(noon, number)
    write(noon, 9, scope="accounts")
    page = mail.outbox_of(SCOPE, limit=2)
    rest = mail.outbox_of(SCOPE, limit=9, before=page[-1].id)
    assert [row.recipient[5] for row in (*page, *rest)] == ["4", "3", "2", "1", "0"]
    assert mail.outbox_counts(SCOPE) == {**dict.fromkeys(MailStatus, 0), MailStatus.WAITING: 5}
    assert mail.outbox_counts("accounts")[MailStatus.WAITING] == 1


def test_the_message_keeps_every_letter_and_its_id(app: Flask, noon: datetime) -> None:
    write(noon, subject="Kết quả vòng sơ khảo: chúc mừng đội Sao Khuê")
    first, second = (mail.as_message(only(), "no-reply@bangvang.example") for _ in range(2))
    assert first["Subject"] == "Kết quả vòng sơ khảo: chúc mừng đội Sao Khuê"
    assert first["To"] == "judge1@example.vn"
    assert first["From"] == "no-reply@bangvang.example"
    assert first.get_content() == "Kính gửi bà,\n\ncòn 3 bài.\n"
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@bangvang.example>")


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("smtp://mail.example", ("mail.example", 25, "", "", False, False)),
        ("smtp://u%40x:p%2Fw@mail.example:587?starttls=1", ("mail.example", 587, "u@x", "p/w", True, False)),
        ("smtps://mail.example", ("mail.example", 465, "", "", False, True)),
    ],
)
def test_the_address_of_the_server(url: str, wanted: tuple[object, ...]) -> None:
    server = SmtpServer.from_url(url, "a@b.vn")
    assert (server.host, server.port, server.user, server.password, server.starttls, server.tls) == wanted
    assert server.sender == "a@b.vn"


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "mail.example:25", ""])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="SMTP_URL"):
        SmtpServer.from_url(url, "a@b.vn")
