"""The outbox: mail is a row written with the change that causes it, sent later or shown to the organiser."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from enum import StrEnum
from urllib.parse import parse_qs, unquote, urlsplit

from sqlalchemy import Index, String, Text, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from contest.infra import wiping
from contest.infra.db import Base, db
from contest.infra.types import EnumText, UtcDateTime

MAX_ATTEMPTS = 8
LEASE = timedelta(minutes=5)


class MailStatus(StrEnum):
    """Waiting mails are sent when SMTP is configured; failed ones are shown with the reason; held ones never leave."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    HELD = "held"


class OutboxMail(Base):
    """One mail to one person. `scope` names what it belongs to, e.g. "edition:3"."""

    __tablename__ = "outbox_mails"
    __table_args__ = (Index("ix_outbox_mails_status_due_at", "status", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(64), index=True)
    recipient: Mapped[str] = mapped_column(String(254))
    recipient_name: Mapped[str] = mapped_column(String(200), default="")
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    status: Mapped[MailStatus] = mapped_column(EnumText(MailStatus), default=MailStatus.WAITING)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(300), default="")


wiping.in_scope(OutboxMail.scope)

Withhold = Callable[[str], bool]
_withholding: list[Withhold] = []


def withhold(check: Withhold) -> Withhold:
    """Register a function of a scope that tells whether its mails are written but never sent (a rehearsal's)."""
    _withholding.append(check)
    return check


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail goes."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False

    @classmethod
    def from_url(cls, url: str, sender: str) -> SmtpServer:
        """Read `smtp://user:password@host:587?starttls=1` or `smtps://…`; raise `ValueError`."""
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("SMTP_URL must look like smtp://user:password@host:587?starttls=1")
        tls = parts.scheme == "smtps"
        return cls(
            host=parts.hostname,
            port=parts.port or (465 if tls else 25),
            sender=sender,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            starttls=parse_qs(parts.query).get("starttls", ["0"])[0] == "1",
            tls=tls,
        )


def enqueue(
    *,
    scope: str,
    recipient: str,
    subject: str,
    body: str,
    now: datetime,
    recipient_name: str = "",
    about: str = "",
) -> None:
    """Add a mail to the running unit of work. Line breaks in the subject are folded to spaces.

    `about` names the scope that a mail concerns when it is filed under another one. A mail whose scope is withheld is
    kept to be read, and never sent; one that may not be read by those of the scope is not even kept.
    """
    held = any(check(about or scope) for check in _withholding)
    if held and about not in ("", scope):
        return
    db.session.add(
        OutboxMail(
            scope=scope,
            recipient=recipient,
            recipient_name=" ".join(recipient_name.split()),
            subject=" ".join(subject.split())[:300],
            body=body,
            status=MailStatus.HELD if held else MailStatus.WAITING,
            created_at=now,
            due_at=now,
        )
    )


def claim_due(*, now: datetime, limit: int = 20) -> Sequence[OutboxMail]:
    """Lease the waiting mails that are due, so that two senders never take the same one."""
    due = (
        select(OutboxMail)
        .where(OutboxMail.status == MailStatus.WAITING, OutboxMail.due_at <= now)
        .order_by(OutboxMail.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    mails = db.session.scalars(due).all()
    for mail in mails:
        mail.due_at, mail.attempts = now + LEASE, mail.attempts + 1
    return mails


def mark_sent(mail_id: int, *, now: datetime) -> None:
    """Record that the server accepted the mail."""
    db.session.execute(
        update(OutboxMail).where(OutboxMail.id == mail_id).values(status=MailStatus.SENT, sent_at=now, error="")
    )


def mark_failed(mail_id: int, *, attempts: int, error: str, now: datetime) -> None:
    """Record a failed attempt: try again later with growing pauses, give up after `MAX_ATTEMPTS`."""
    status = MailStatus.FAILED if attempts >= MAX_ATTEMPTS else MailStatus.WAITING
    pause = timedelta(seconds=30 * 2**attempts)
    db.session.execute(
        update(OutboxMail).where(OutboxMail.id == mail_id).values(status=status, due_at=now + pause, error=error[:300])
    )


def outbox_of(scope: str, *, limit: int, before: int | None = None) -> Sequence[OutboxMail]:
    """Return the mails of a scope, newest first; `before` is the id of the last one seen."""
    found = select(OutboxMail).where(OutboxMail.scope == scope).order_by(OutboxMail.id.desc()).limit(limit)
    if before is not None:
        found = found.where(OutboxMail.id < before)
    return db.session.scalars(found).all()


def outbox_counts(scope: str) -> dict[MailStatus, int]:
    """Return how many mails of a scope stand where; every status is there."""
    counted = select(OutboxMail.status, func.count()).where(OutboxMail.scope == scope).group_by(OutboxMail.status)
    counts = dict.fromkeys(MailStatus, 0)
    for status, number in db.session.execute(counted):
        counts[status] = number
    return counts


def retry(mail_id: int, *, scope: str, now: datetime) -> bool:
    """Make an unsent mail of the scope due at once, its attempts forgotten; tell whether there is such a mail."""
    return _change(mail_id, scope, status=MailStatus.WAITING, due_at=now, attempts=0)


def sent_by_hand(mail_id: int, *, scope: str, now: datetime) -> bool:
    """Record that a person sent the text another way; tell whether the scope has such an unsent mail."""
    return _change(mail_id, scope, status=MailStatus.SENT, sent_at=now, error="")


def _change(mail_id: int, scope: str, **values: object) -> bool:
    open_ = (MailStatus.WAITING, MailStatus.FAILED)
    unsent = (OutboxMail.id == mail_id, OutboxMail.scope == scope, OutboxMail.status.in_(open_))
    changed = update(OutboxMail).where(*unsent).values(**values).returning(OutboxMail.id)
    return db.session.scalar(changed) is not None


def as_message(mail: OutboxMail, sender: str) -> EmailMessage:
    """Return the mail as a plain-text message in UTF-8."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    # The same at every attempt, so that a mail which was accepted just before a crash is recognised as known.
    domain = sender.rpartition("@")[2] or "localhost"
    message["Message-ID"] = f"<{mail.id}.{mail.created_at.timestamp():.6f}@{domain}>"
    message.set_content(mail.body)
    return message


def deliver(server: SmtpServer, message: EmailMessage) -> None:
    """Hand one message to the server; raise `OSError` or `smtplib.SMTPException`."""
    context = ssl.create_default_context()
    connection = (
        smtplib.SMTP_SSL(server.host, server.port, timeout=20, context=context)
        if server.tls
        else smtplib.SMTP(server.host, server.port, timeout=20)
    )
    with connection as smtp:
        if server.starttls:
            smtp.starttls(context=context)
        if server.user:
            smtp.login(server.user, server.password)
        smtp.send_message(message)
