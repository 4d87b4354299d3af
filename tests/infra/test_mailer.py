"""Mail on its way: a real server takes it, refuses it, vanishes; nothing is lost and nothing goes twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier, Event, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from contest.infra import clock, mail
from contest.infra.db import db, unit_of_work
from contest.infra.mail import MailStatus, OutboxMail, SmtpServer
from contest.infra.mailer import Mailer, send_due, start_mailer
from tests.infra.post_office import SENDER, post_office

SUBJECT = "Thư mời giám khảo – Ý tưởng khởi nghiệp phường Tân Thuận, hạn chấm ngày 30 tháng 11 năm 2026"
NOBODY_LISTENS = SmtpServer("127.0.0.1", 1, SENDER)


def write(count: int = 1, recipient: str = "judge{}@example.vn") -> None:
    with unit_of_work():
        for number in range(count):
            mail.enqueue(
                scope="edition:1",
                recipient=recipient.format(number),
                subject=SUBJECT,
                body="Kính gửi bà Ánh Tuyết,\n.\nDòng sau dấu chấm.\n",
                now=clock.now(),
            )


def rows() -> list[OutboxMail]:
    db.session.rollback()
    return list(db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@pytest.mark.both_databases
def test_a_mail_arrives_with_all_its_letters(app: Flask, noon: datetime) -> None:
    write()
    with post_office() as office:
        assert send_due(office.server) == (1, 0)
        assert send_due(office.server) == (0, 0)
    [message] = office.taken
    assert message["Subject"] == SUBJECT
    assert message["From"] == SENDER
    assert message.get_content().replace("\r\n", "\n") == "Kính gửi bà Ánh Tuyết,\n.\nDòng sau dấu chấm.\n"
    assert [(row.status, row.sent_at, row.error) for row in rows()] == [(MailStatus.SENT, noon, "")]


@pytest.mark.both_databases
def test_a_refused_mail_is_tried_again_later(app: Flask, noon: datetime) -> None:
    write()
    with post_office("451 come back later") as office:
        assert send_due(office.server) == (0, 1)
        assert send_due(office.server) == (0, 0)
        [row] = rows()
        assert (row.status, row.attempts) == (MailStatus.WAITING, 1)
        assert "come back later" in row.error
        with clock.stopped_at(row.due_at):
            assert send_due(office.server) == (1, 0)
    assert len(office.taken) == 1
    assert [(row.status, row.error) for row in rows()] == [(MailStatus.SENT, "")]


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_server_that_asks_for_a_password_gets_it(app: Flask, noon: datetime) -> None:
    write(2)
    with post_office(locked=True) as office:
        assert send_due(SmtpServer.from_url(office.url, SENDER)) == (0, 2)
        address = office.url.replace("//", "//bang%40vang:con%2Fmeo@")
        with clock.stopped_at(noon + timedelta(hours=1)):
            assert send_due(SmtpServer.from_url(address, SENDER)) == (2, 0)
    assert len(office.taken) == 2


def test_one_bad_address_does_not_hold_up_the_others(app: Flask, noon: datetime) -> None:
    write(1, "judge\n@example.vn")
    write(1, "")
    write(2)
    with post_office() as office:
        sent, failed = send_due(office.server)
    assert (sent, failed) == (2, 2)
    assert [message["To"] for message in office.taken] == ["judge0@example.vn", "judge1@example.vn"]
    assert all(row.error for row in rows()[:2])


@pytest.mark.both_databases
def test_a_server_that_is_away_loses_nothing(app: Flask, noon: datetime) -> None:
    write(2)
    assert send_due(NOBODY_LISTENS) == (0, 2)
    assert [(row.status, row.attempts) for row in rows()] == [(MailStatus.WAITING, 1)] * 2
    assert all("ConnectionRefusedError" in row.error for row in rows())
    with clock.stopped_at(noon + timedelta(hours=1)), post_office() as office:
        assert send_due(office.server) == (2, 0)
    assert len(office.taken) == 2


@pytest.mark.both_databases
def test_two_senders_never_send_the_same_mail(app: Flask) -> None:
    write(12)
    start, results = Barrier(3), []

    def work(server: SmtpServer) -> None:
        with app.app_context():
            start.wait()
            results.append(send_due(server))

    with post_office() as office:
        threads = [Thread(target=work, args=(office.server,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(str(message["To"]) for message in office.taken) == sorted(f"judge{n}@example.vn" for n in range(12))
    assert sum(sent for sent, _ in results) == 12
    assert {row.attempts for row in rows()} == {1}


def test_a_stopped_sender_starts_nothing_new(app: Flask) -> None:
    write()
    stop = Event()
    stop.set()
    with post_office() as office:
        assert send_due(office.server, stop=stop) == (0, 0)
    assert rows()[0].attempts == 0


def test_the_thread_sends_what_is_written_while_it_runs(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with post_office() as office:
        monkeypatch.setitem(app.config, "SMTP_URL", office.url)
        mailer = start_mailer(app, poll_seconds=0.02)
        assert mailer is not None
        assert mailer.daemon
        try:
            write()
            wait_until(lambda: len(office.taken) == 1)
            write()
            wait_until(lambda: len(office.taken) == 2)
        finally:
            mailer.stop()
    assert not mailer.is_alive()
    assert [row.status for row in rows()] == [MailStatus.SENT] * 2


def test_without_a_server_no_thread_starts(app: Flask) -> None:
    assert not app.config["SMTP_URL"]
    assert start_mailer(app) is None


def test_the_thread_survives_a_database_that_is_away(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    write()
    with post_office() as office:
        with unit_of_work() as session:
            session.connection().exec_driver_sql("ALTER TABLE outbox_mails RENAME TO away")
        mailer = Mailer(app, office.server, poll_seconds=0.02)
        mailer.start()
        try:
            wait_until(lambda: "stumbled" in caplog.text)
            assert office.taken == []
            with unit_of_work() as session:
                session.connection().exec_driver_sql("ALTER TABLE away RENAME TO outbox_mails")
            wait_until(lambda: len(office.taken) == 1)
        finally:
            mailer.stop()


def test_the_command_sends_once_and_tells_how_much(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    write(2)
    run = app.test_cli_runner()
    with post_office("550 no such person") as office:
        monkeypatch.setitem(app.config, "SMTP_URL", office.url)
        first = run.invoke(args=["mail", "send"])
        second = run.invoke(args=["mail", "send"])
    assert (first.output, first.exit_code) == ("1 sent, 1 not sent\n", 1)
    assert (second.output, second.exit_code) == ("0 sent, 0 not sent\n", 0)
    assert len(office.taken) == 1


def test_the_command_says_when_there_is_no_server(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["mail", "send"])
    assert answer.exit_code == 1
    assert "SMTP_URL is not set" in answer.output
