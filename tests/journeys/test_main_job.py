"""The main job through the test client, without scripts, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from contest.accounts.services import create_user, issue_link
from contest.infra import clock
from contest.infra.db import unit_of_work
from tests.journeys.driver import ClientDriver
from tests.journeys.main_job import Cast, run


def administrator_token(app: Flask) -> str:
    """Create the first administrator as the command line does and return the token of the link."""
    now = clock.now()
    with unit_of_work():
        user = create_user(name="Hoàng Thị Ban Mai", now=now, is_admin=True)
        link = issue_link(
            user_id=user.id,
            edition_id=None,
            secret_key=app.config["SECRET_KEY"],
            actor_id=None,
            now=now,
            life=timedelta(hours=1),
        )
    return link.token


@pytest.mark.both_databases
def test_the_main_job(app: Flask) -> None:
    cast = Cast(new_person=lambda: ClientDriver(app.test_client()), organiser_token=administrator_token(app))
    run(cast, clock.now())
