"""`flask demo seed`."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from contest.home.demo.edition import CODE
from contest.home.services.demo import demo_exists, seed_demo
from contest.infra import clock, startup
from contest.infra.db import unit_of_work

demo = AppGroup("demo", help="The demo edition.")


@demo.command("seed")
def seed() -> None:
    """Create the demo edition with invented teams, judges and marks."""
    if current_app.config["APP_ENV"] == startup.PRODUCTION:
        raise click.ClickException("the demo stays out of production")
    if demo_exists():
        raise click.ClickException(f"the edition {CODE!r} exists already")
    with unit_of_work():
        seed_demo(now=clock.now())
    click.echo(f"Created the edition {CODE!r}. `flask serve` prints ways in.")
