"""Commands of the foundation: the mail, the audit trail."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from contest.infra import audit as trail
from contest.infra import clock, heads
from contest.infra.mail import SmtpServer
from contest.infra.mailer import send_due

mail = AppGroup("mail", help="The outbox.")
audit = AppGroup("audit", help="The audit trail: its chain and its signed heads.")
groups = (mail, audit)


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


@audit.command("head")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Also write it into this file.")
def head(out: Path | None) -> None:
    """Sign what stands at the end of the trail, for somebody outside to keep."""
    signed = heads.sign(Path(current_app.config["DATA_DIR"]), now=clock.now())
    if out is not None:
        out.write_text(json.dumps(signed.written(), indent=2) + "\n", encoding="utf-8")
    click.echo(f"{signed.at}  {signed.short}")


@audit.command("verify")
@click.option(
    "kept",
    "--head",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A head that was kept; may be given several times.",
)
def verify(kept: tuple[Path, ...]) -> None:
    """Check every chain of the trail, and that it still leads to the heads that were kept."""
    faults = [f"{one.scope}: entry {one.seq} does not fit ({one.flaw})" for one in trail.broken()]
    for path in kept:
        faults += [f"{path.name}: {flaw}" for flaw in _flaws(path)]
    for fault in faults:
        click.echo(fault)
    if faults:
        raise SystemExit(1)
    click.echo(f"{len(trail.scopes())} chains and {len(kept)} heads hold")


def _flaws(path: Path) -> list[str]:
    try:
        signed = heads.Head.read(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError, IndexError):
        return ["this is no head of an audit trail"]
    words = {
        heads.HeadFlaw.SIGNATURE: "it was not signed by this instance, or was changed since",
        heads.HeadFlaw.TRAIL: "the trail no longer leads to it: entries were cut off or written anew",
    }
    return [words[flaw] for flaw in heads.flaws(signed, Path(current_app.config["DATA_DIR"]))]
