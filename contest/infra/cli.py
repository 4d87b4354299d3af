"""Commands of the foundation: the mail."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from contest.infra.mail import SmtpServer
from contest.infra.mailer import send_due

mail = AppGroup("mail", help="The outbox.")
groups = (mail,)


@mail.command("send")
def send() -> None:
    """Send the mails that are due, once."""
    url = current_app.config["SMTP_URL"]
    if not url:
        raise click.ClickException("SMTP_URL is not set: the organisers see the mails to send on their outbox page.")
    sent, failed = send_due(SmtpServer.from_url(url, current_app.config["MAIL_FROM"]))
    click.echo(f"{sent} sent, {failed} not sent")
    if failed:
        raise SystemExit(1)
