"""`flask check` tells whether the settings are safe and the data hold together."""

from __future__ import annotations

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from contest.editions.queries import FEWEST_OBSERVERS, editions_in_scoring
from contest.home.queries.invariants import INVARIANTS, breaches
from contest.home.queries.proofs import PROOFS, proofs
from contest.infra import startup


@click.command("check")
@with_appcontext
def check() -> None:
    """Look for unsafe settings (in production), contradicting rows, broken chains, changed results and lost files."""
    found = (*breaches(), *proofs(current_app.extensions["storage"]))
    for one in found:
        more = " …" if one.count > len(one.names) else ""
        click.echo(f"{one.code}: {one.sentence} ({one.count}): {', '.join(one.names)}{more}")
    for sentence in _unwatched():
        click.echo(f"warning: {sentence}", err=True)
    problems = _machine()
    for sentence in problems:
        click.echo(f"setting: {sentence}")
    if found or problems:
        raise SystemExit(1)
    click.echo(f"{len(INVARIANTS) + PROOFS} rules hold")


def _unwatched() -> list[str]:
    """Return who is scored while too few people outside keep the signed heads of the trail."""
    return [
        f"{one.code} is being scored and has {one.observers} observers with an e-mail address: give that role to"
        f" {FEWEST_OBSERVERS} people outside of the committee, who keep the signed heads of the audit trail"
        for one in editions_in_scoring()
        if one.too_few
    ]


def _machine() -> list[str]:
    """Return what is unsafe about settings and machine; a laptop is not judged."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  the documented way
    if app.config["APP_ENV"] != startup.PRODUCTION:
        return []
    for sentence in startup.warnings():
        click.echo(f"warning: {sentence}", err=True)
    return [*startup.faults(app), *startup.database_faults()]
