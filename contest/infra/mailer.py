"""Carry the outbox to the mail server: in a daemon thread of the serving process, or in one run of a command."""

from __future__ import annotations

import logging
import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from threading import Event, Thread

from flask import Flask

from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.infra.mail import OutboxMail, SmtpServer, as_message, claim_due, deliver, mark_failed, mark_sent

POLL_SECONDS = 5.0
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Claimed:
    mail_id: int
    attempts: int
    message: EmailMessage | None
    error: str = ""


def send_due(server: SmtpServer, *, stop: Event | None = None) -> tuple[int, int]:
    """Send every mail that is due and return (sent, failed). Needs an application context.

    One mail at a time: it is leased in one transaction, sent outside of any, and recorded in another. A crash between
    the last two sends it again when the lease ends; nothing else ever sends twice.
    """
    sent = failed = 0
    while not (stop and stop.is_set()):
        claimed = _claim(server.sender)
        if claimed is None:
            break
        if _send(server, claimed):
            sent += 1
        else:
            failed += 1
    return sent, failed


def _claim(sender: str) -> _Claimed | None:
    with unit_of_work():
        mails = claim_due(now=clock.now(), limit=1)
        return _prepared(mails[0], sender) if mails else None


def _prepared(mail: OutboxMail, sender: str) -> _Claimed:
    try:
        return _Claimed(mail.id, mail.attempts, as_message(mail, sender))
    except ValueError as error:  # an address that no header can hold
        return _Claimed(mail.id, mail.attempts, None, str(error))


def _send(server: SmtpServer, claimed: _Claimed) -> bool:
    error = claimed.error
    if claimed.message is not None:
        try:
            deliver(server, claimed.message)
        except (OSError, smtplib.SMTPException, ValueError) as problem:
            error = f"{type(problem).__name__}: {problem}"
    with unit_of_work():
        if error:
            mark_failed(claimed.mail_id, attempts=claimed.attempts, error=error, now=clock.now())
        else:
            mark_sent(claimed.mail_id, now=clock.now())
    if error:
        logger.warning("mail %s was not sent (attempt %s): %s", claimed.mail_id, claimed.attempts, error)
    return not error


class Mailer(Thread):
    """Sends what is due every few seconds until `stop()`; a fault of database or server is logged and tried again."""

    def __init__(self, app: Flask, server: SmtpServer, *, poll_seconds: float = POLL_SECONDS) -> None:
        super().__init__(name="mailer", daemon=True)
        self._app = app
        self._server = server
        self._poll_seconds = poll_seconds
        self._stop_event = Event()

    def run(self) -> None:
        """Poll until stopped."""
        while not self._stop_event.is_set():
            try:
                with self._app.app_context():
                    send_due(self._server, stop=self._stop_event)
            except Exception:
                logger.exception("the mailer stumbled and goes on")
            self._stop_event.wait(self._poll_seconds)

    def stop(self, timeout: float | None = 30) -> None:
        """Let the mail in hand be finished, then end the thread."""
        self._stop_event.set()
        self.join(timeout)


def start_mailer(app: Flask, *, poll_seconds: float = POLL_SECONDS) -> Mailer | None:
    """Start the thread when SMTP is configured, else return none: then the organisers see the mails to send.

    Every serving process may start one; two of them never take the same mail.
    """
    if not app.config["SMTP_URL"]:
        return None
    server = SmtpServer.from_url(app.config["SMTP_URL"], app.config["MAIL_FROM"])
    mailer = Mailer(app, server, poll_seconds=poll_seconds)
    mailer.start()
    return mailer
