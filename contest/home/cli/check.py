"""`flask check` tells whether the data hold together."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from contest.home.queries.invariants import INVARIANTS, breaches
from contest.home.queries.proofs import PROOFS, proofs


@click.command("check")
@with_appcontext
def check() -> None:
    """Look for rows that contradict each other, broken chains, changed results and lost files. Changes nothing."""
    found = (*breaches(), *proofs(current_app.extensions["storage"]))
    for one in found:
        more = " …" if one.count > len(one.names) else ""
        click.echo(f"{one.code}: {one.sentence} ({one.count}): {', '.join(one.names)}{more}")
    if found:
        raise SystemExit(1)
    click.echo(f"{len(INVARIANTS) + PROOFS} rules hold")
