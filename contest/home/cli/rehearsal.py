"""`flask rehearsal …`: start and wipe a rehearsal from the command line."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import force_locale

from contest.accounts.queries import user_by_login
from contest.editions.facts import EditionFacts
from contest.editions.queries import edition_by_code, editions_by_ids
from contest.errors import RuleBroken
from contest.home.rehearsal.chance import MOST_JUDGES, MOST_TEAMS, Fill, Wish
from contest.home.services import start_rehearsal, wipe_rehearsal
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.infra.erasing import erase_file
from contest.web.messages import sentence
from contest.web.testmark import say_test

rehearsal = AppGroup("rehearsal", help="Practise an edition with invented teams.")


def _edition(code: str) -> EditionFacts:
    found = edition_by_code(code)
    if found is None:
        raise click.ClickException(f"there is no edition {code!r}")
    return found


@rehearsal.command("start")
@click.argument("edition_code", metavar="EDITION")
@click.option("--organiser", metavar="LOGIN", required=True, help="E-mail or phone of who runs the rehearsal.")
@click.option("--teams", type=click.IntRange(1, MOST_TEAMS), default=8, show_default=True, help="Teams per track.")
@click.option("--judges", type=click.IntRange(1, MOST_JUDGES), default=7, show_default=True)
@click.option("--rounds", type=click.IntRange(1), default=1, show_default=True, help="How many rounds are scored.")
@click.option("--fill", type=click.Choice([one.value for one in Fill]), default="half", show_default=True)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
def start(edition_code: str, organiser: str, teams: int, judges: int, rounds: int, fill: str, seed: int) -> None:
    """Copy the settings of EDITION into a rehearsal with invented teams, judges and marks."""
    edition, person = _edition(edition_code), user_by_login(organiser)
    if person is None:
        raise click.ClickException(f"nobody signs in as {organiser!r}")
    actor_id, wish = person.id, Wish(teams, judges, rounds, Fill(fill), seed)
    with force_locale("en"):
        try:
            with unit_of_work():
                made = start_rehearsal(edition_id=edition.id, wish=wish, actor_id=actor_id, now=clock.now())
        except RuleBroken as refused:
            raise click.ClickException(sentence(refused)) from refused
    found = editions_by_ids([made])[0]
    say_test(found)
    click.echo(f"Created {found.code}.")


@rehearsal.command("wipe")
@click.argument("edition_code", metavar="REHEARSAL")
@click.option("--confirm", prompt="Type the code of the rehearsal to wipe it", help="The code once more.")
def wipe(edition_code: str, confirm: str) -> None:
    """Delete the rehearsal with the code REHEARSAL, every row and file of it."""
    edition = _edition(edition_code)
    with force_locale("en"):
        try:
            with unit_of_work():
                gone = wipe_rehearsal(edition_id=edition.id, confirmation=confirm, actor_id=None, now=clock.now())
        except RuleBroken as refused:
            raise click.ClickException(sentence(refused)) from refused
    for key in gone.files:
        erase_file(current_app.extensions["storage"], key, data_dir=current_app.config["DATA_DIR"])
    click.echo(f"Wiped {edition.code}: {sum(gone.counts.values())} rows, {len(gone.files)} files.")
