"""`flask privacy`: erase again after a restore, keep no longer than said, a breach, the record of processing."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.infra.shredding import shred
from contest.privacy import services
from contest.privacy.incident import Summary, summary
from contest.privacy.queries.breach import Affected, acts_of, affected
from contest.privacy.record import record_text

privacy = AppGroup("privacy", help="Personal data: erase again, keep no longer than said, tell of a breach.")
groups = (privacy,)


@privacy.command("reapply")
def reapply() -> None:
    """Erase again whom the list of tombstones names and this database still knows: after a restore."""
    done = erase_again()
    click.echo(f"{done} erased again" if done else "nobody to erase again")


def erase_again() -> int:
    """Work off the list of tombstones; return how many people were erased again."""
    folder = Path(current_app.config["DATA_DIR"])
    if not services.pending(folder):
        return 0
    with unit_of_work():
        done = services.reapply(folder=folder, now=clock.now())
    services.finish(done, storage=current_app.extensions["storage"], data_dir=folder)
    if done:
        shred()
    return len(done)


@privacy.command("retain")
@click.option("--dry-run", is_flag=True, help="Only tell what would go.")
def retain(*, dry_run: bool) -> None:
    """Let go of what is older than the schedule says. For a daily job."""
    now = clock.now()
    if dry_run:
        lines = services.report(now=now)
    else:
        folder = Path(current_app.config["DATA_DIR"])
        with unit_of_work():
            kept = services.retain(folder=folder, now=now)
        gone = services.Erased("", {}, kept.files)
        services.finish((gone, *kept.people), storage=current_app.extensions["storage"], data_dir=folder)
        if kept.lines:
            shred()
        lines = kept.lines
    for one in lines:
        click.echo(f"{one.keep.value}: {one.edition or 'accounts'}: {one.table}: {one.count}")
    click.echo(f"{sum(one.count for one in lines)} {'would go' if dry_run else 'gone'}")


@privacy.command("record")
@click.option("--language", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
def record(language: str) -> None:
    """Print the record of processing and the template of an impact assessment, from the classes of the columns."""
    click.echo(record_text(language), nl=False)


MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])


@privacy.command("breach")
@click.option("since", "--from", type=MOMENT, required=True, help="The beginning, in UTC.")
@click.option("until", "--to", type=MOMENT, required=True, help="The end, in UTC; not included.")
@click.option("--account", default="", help="Only what this account opened: its e-mail or phone number.")
@click.option("--known", type=MOMENT, help="When it became known, in UTC; the 72 hours begin there. Default: now.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Write the list and the letters here.")
def breach(since: datetime, until: datetime, account: str, known: datetime | None, out: Path | None) -> None:
    """List whose records were opened in a time, children marked, and write letters to the authority and to people."""
    first, last = since.replace(tzinfo=UTC), until.replace(tzinfo=UTC)
    known_at = clock.now() if known is None else known.replace(tzinfo=UTC)
    found = affected(since=first, until=last, account=account, today=first.date())
    facts = summary((one.child for one in found), known_at=known_at)
    for one in found:
        click.echo(
            f"{one.name} ({one.team}, {one.edition}) child={one.child} reach={one.reach or '-'} {len(one.records)}"
        )
    for at, action, subject in acts_of(account, since=first, until=last) if account else ():
        click.echo(f"act {at.isoformat(timespec='seconds')} {action} {subject}")
    click.echo(f"{facts.people} people, {facts.children} children, {facts.unknown} of unknown age")
    click.echo(f"tell the authority by {facts.due_at.isoformat(timespec='minutes')}")
    if out is not None:
        _write(out, found, facts, {"since": first, "until": last, "known_at": known_at})


def _write(out: Path, found: tuple[Affected, ...], facts: Summary, times: dict[str, datetime]) -> None:
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (out / "affected.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(("edition", "team", "name", "child", "reach", "first_at", "records"))
        for one in found:
            row = (
                one.edition,
                one.team,
                one.name,
                one.child,
                one.reach,
                one.first_at.isoformat(),
                "; ".join(one.records),
            )
            table.writerow(f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell for cell in row)
    said = {name: moment.isoformat(timespec="minutes") for name, moment in times.items()}
    for letter in ("authority", "people"):
        for language in ("vi", "en"):
            name = f"{letter}.{language}.txt"
            source = f"mail/privacy/breach_{letter}_{language}.txt"
            template = current_app.jinja_env.get_template(source)  # the letters need nothing of a request
            text = template.render(organiser="……………", summary=facts, **said)
            (out / name).write_text(text + "\n", encoding="utf-8")
