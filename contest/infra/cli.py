"""Commands of the foundation: the mail, the audit trail."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from contest.infra import audit as trail
from contest.infra import clock, heads
from contest.infra.db import unit_of_work
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
@click.option("--mail", "every_edition", is_flag=True, help="Keep it, and mail it to the observers of every edition.")
def head(out: Path | None, *, every_edition: bool) -> None:
    """Sign what stands at the end of the trail, for somebody outside to keep."""
    folder = Path(current_app.config["DATA_DIR"])
    if every_edition:
        with unit_of_work():
            for scope in trail.scopes():
                heads.keep(folder, scope=scope, reason=heads.PERIODIC, now=clock.now())
    signed = heads.sign(folder, now=clock.now())
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
@click.option(
    "proofs",
    "--proof",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A proof of one entry; may be given several times.",
)
def verify(kept: tuple[Path, ...], proofs: tuple[Path, ...]) -> None:
    """Check every chain of the trail, that it still leads to the heads that were kept, and proofs of single entries."""
    faults = [f"{one.scope}: entry {one.seq} does not fit ({one.flaw})" for one in trail.broken()]
    faults += [f"{path.name}: the proof does not hold" for path in proofs if not _proves(path)]
    for path in kept:
        faults += [f"{path.name}: {flaw}" for flaw in _flaws(path)]
    for fault in faults:
        click.echo(fault)
    if faults:
        raise SystemExit(1)
    click.echo(f"{len(trail.scopes())} chains and {len(kept)} heads hold")


@audit.command("prove")
@click.argument("scope")
@click.argument("entry", type=int)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the proof into this file.")
@click.option("kept", "--head", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Under this head.")
def prove(scope: str, entry: int, out: Path | None, kept: Path | None) -> None:
    """Show that one entry of a chain stands under its root, e.g. `audit prove edition:3 17`."""
    try:
        signed = heads.Head.read(json.loads(kept.read_text(encoding="utf-8"))) if kept else None
        size = signed.ends[scope][0] if signed else None
        proof = heads.prove(scope, entry, size=size)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise click.ClickException("there is no such entry, or no such head") from error
    if signed is not None and not proof.under(signed):
        raise click.ClickException("the trail no longer leads to this head")
    text = json.dumps(proof.written(), indent=2) + "\n"
    if out is not None:
        out.write_text(text, encoding="utf-8")
    click.echo(f"{scope} entry {entry} of {proof.size}: {proof.digest}\nroot {proof.root}")


def _proves(path: Path) -> bool:
    try:
        proof = heads.Proof.read(json.loads(path.read_text(encoding="utf-8")))
        return proof.holds and heads.prove(proof.scope, proof.seq, size=proof.size) == proof
    except (ValueError, KeyError, TypeError, IndexError):
        return False


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
