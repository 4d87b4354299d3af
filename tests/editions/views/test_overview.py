from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.editions.models import Edition, Round
from contest.infra.db import db
from tests.editions.samples import at
from tests.editions.views.conftest import Words
from tests.factories import Make

HOME = "/e/mua-thu-2026/organise/"


def _state(row: Edition | Round) -> str:
    db.session.expire_all()
    return row.state.value


def test_a_fresh_draft_says_what_is_missing_and_leads_to_the_first(
    organiser: User, client: FlaskClient, edition: Edition, words: Words
) -> None:
    answer = client.get(HOME)
    page = words(answer)
    assert answer.status_code == 200
    assert "1 thing is still missing before you can announce the edition." in page
    assert "At least one round Missing" in page
    assert f'href="{HOME}setup/rounds"' in answer.get_data(as_text=True)
    assert client.get(f"{HOME}setup/").location == f"{HOME}setup/rounds"


def test_an_edition_is_announced_and_taken_back(
    organiser: User, client: FlaskClient, edition: Edition, make: Make, words: Words
) -> None:
    refused = client.post(f"{HOME}announce")
    assert refused.status_code == 409
    assert "Not ready yet: the checklist still shows missing things (1)." in words(refused)
    make.round(edition, "final", kind="final", state="draft")
    assert "Announce the edition, and everybody sees its page." in words(client.get(HOME))
    assert client.get(f"{HOME}setup/").location == f"{HOME}setup/basics"
    for verb, state in (
        ("announce", "announced"),
        ("unannounce", "draft"),
        ("announce", "announced"),
        ("archive", "archived"),
        ("restore", "announced"),
    ):
        answer = client.post(f"{HOME}{verb}")
        assert (answer.status_code, answer.location) == (303, HOME)
        assert _state(edition) == state
    assert client.post(f"{HOME}delete").status_code in (404, 405)


def test_the_archive_says_so_and_refuses_changes(
    organiser: User, client: FlaskClient, edition: Edition, make: Make, words: Words
) -> None:
    row = make.round(edition, "final", kind="final", state="draft")
    client.post(f"{HOME}announce")
    client.post(f"{HOME}archive")
    assert "The edition is archived: it can be read, not changed." in words(client.get(HOME))
    answer = client.post(f"{HOME}rounds/final/open")
    assert answer.status_code == 409
    assert "This edition is archived." in words(answer)
    assert _state(row) == "draft"


def test_scoring_is_opened_once_and_closed_from_the_ranking(
    organiser: User, client: FlaskClient, edition: Edition, make: Make, words: Words
) -> None:
    row = make.round(edition, "final", kind="final", state="draft", name_vi="Chung kết", name_en="Final")
    client.post(f"{HOME}announce")
    assert client.post(f"{HOME}rounds/final/open").location == HOME
    assert _state(row) == "scoring"
    assert client.post(f"{HOME}rounds/final/close").status_code == 404
    assert f'href="{HOME}results/final"' in client.get(HOME).get_data(as_text=True)
    answer = client.post(f"{HOME}rounds/final/open")
    assert answer.status_code == 409
    assert "Scoring of this round was opened before." in words(answer)
    assert "Judges are scoring Final." in words(client.get(HOME))
    assert client.post(f"{HOME}rounds/none/open").status_code == 404


@pytest.mark.parametrize(
    ("values", "round_state", "text"),
    [
        ({"submissions_open": at(1)}, "draft", "The edition is announced. Use the time to invite teams and judges."),
        ({}, "draft", "Teams are submitting. Use the time to invite judges."),
        ({"submissions_close": at(-1)}, "draft", "Assign the judges of Vòng r1, then open its scoring."),
        ({"submissions_close": at(-1)}, "closed", "Scoring of Vòng r1 is closed."),
        ({"submissions_close": at(-1)}, "published", "All results are published."),
    ],
)
def test_the_next_step_in_words(
    make: Make,
    client: FlaskClient,
    noon: datetime,
    words: Words,
    values: dict[str, Any],
    round_state: str,
    text: str,
) -> None:
    edition = make.edition(**values)
    make.round(edition, "r1", kind="final", state=round_state)
    make.sign_in(client, make.member(edition, Role.ORGANISER))
    client.set_cookie("locale", "en")
    assert text in words(client.get(HOME))


def test_chair_and_observer_read_along_without_buttons(
    app: Flask, make: Make, client: FlaskClient, edition: Edition
) -> None:
    make.round(edition, "final", kind="final", state="draft")
    for role, status in ((Role.CHAIR, 200), (Role.OBSERVER, 200), (Role.JUDGE, 403), (Role.CAPTAIN, 403)):
        make.sign_in(client, make.member(edition, role))
        answer = client.get(HOME)
        assert answer.status_code == status
        assert 'action="/e/mua-thu-2026/organise/' not in answer.get_data(as_text=True)
        assert client.post(f"{HOME}announce").status_code == 403
    assert _state(edition) == "draft"


def test_strangers_are_sent_to_the_door_or_find_nothing(make: Make, client: FlaskClient, edition: Edition) -> None:
    assert client.get(HOME).location == f"/sign-in?next={HOME}"
    assert client.post(f"{HOME}announce").status_code == 401
    make.sign_in(client, make.user())
    assert client.get(HOME).status_code == 404
    assert client.post(f"{HOME}announce").status_code == 404
