"""`flask privacy`: whom a restored database still knows."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.infra.shredding import shred
from contest.privacy import services

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
