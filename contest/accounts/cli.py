"""Commands: the first administrator, and a way in for someone who is locked out. No password is ever made."""

from __future__ import annotations

from datetime import timedelta

import click
from flask import current_app
from flask.cli import AppGroup

from contest.accounts import services
from contest.accounts.logins import login_key, normal_email
from contest.accounts.queries import user_by_login
from contest.accounts.second.services import remove_everything, reseal_apps
from contest.errors import NotFound, RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.web.mailing import write_to

LIFE = timedelta(days=1)
accounts = AppGroup("accounts", help="People and their ways in.")
groups = (accounts,)


def _link(user_id: int) -> str:
    """Issue a one-time link in the running unit of work and return its address."""
    issued = services.issue_link(
        user_id=user_id,
        edition_id=None,
        secret_key=current_app.config["SECRET_KEY"],
        actor_id=None,
        now=clock.now(),
        life=LIFE,
    )
    # Not url_for: a command has no request, and the base is the configured one anyway.
    return f"{current_app.config['BASE_URL']}/s/{issued.token}"


@accounts.command("create-admin")
@click.argument("name")
@click.option("--email", required=True, help="The administrator's address.")
def create_admin(name: str, email: str) -> None:
    """Make a system administrator and print a one-time link, good for a day."""
    try:
        with unit_of_work():
            user = services.create_user(name=name.strip(), email=normal_email(email), now=clock.now(), is_admin=True)
            url = _link(user.id)
    except RuleBroken as refused:
        raise click.ClickException(f"refused: {refused}") from refused
    click.echo(url)


@accounts.command("link")
@click.argument("login")
def link(login: str) -> None:
    """Print a one-time link, good for a day, for the person with this e-mail or phone number."""
    with unit_of_work():
        user = user_by_login(login_key(login))
        if user is None:
            raise click.ClickException(f"nobody signs in with {login}")
        url = _link(user.id)
    click.echo(url)


@accounts.command("remove-second-step")
@click.argument("login")
def remove_second_step(login: str) -> None:
    """Take away app, passkeys and recovery codes of a person who has lost them, and end all sessions."""
    now = clock.now()
    try:
        with unit_of_work():
            user = user_by_login(login_key(login))
            if user is None:
                raise click.ClickException(f"nobody signs in with {login}")
            remove_everything(user_id=user.id, actor_id=None, now=now)
            facts = {"name": user.name, "what": "removed", "at": now}
            write_to(user, "accounts/second_factor", scope="accounts", now=now, **facts)
    except NotFound as nothing:
        raise click.ClickException(f"{login} has no second step") from nothing
    click.echo(f"{login} signs in without a second step; every session has ended")


@accounts.command("reseal")
def reseal() -> None:
    """Seal stored secrets with the key in use, so that SECRET_KEY_FALLBACKS can be emptied (docs/keys.md)."""
    with unit_of_work():
        done = reseal_apps(secret_key=current_app.config["SECRET_KEY"])
    click.echo(f"{done} sealed with the key in use")
