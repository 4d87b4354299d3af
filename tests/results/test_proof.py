"""RS-07: publishing is an act of its own, by somebody who has just proved who they are; time alone does nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from contest.editions.rules import LocalText
from contest.infra import clock
from contest.infra.db import db, unit_of_work
from contest.infra.hashing import hash_password
from contest.results.award_rules import AwardSpec
from contest.results.queries.awards import latest_list
from contest.results.services import awards
from tests.factories import Make
from tests.results import way
from tests.results.conftest import Scored

BASE = "/e/mua-thu-2026/organise"
PASSWORD = "bốn từ không liên quan"
Publish = Callable[[str], int]


@pytest.fixture
def final(make: Make, client: FlaskClient, scored: Scored, noon: datetime) -> Scored:
    """A finalised round with a settled award; the organiser signed in at noon."""
    with unit_of_work():
        spec = AwardSpec(code="first", name=LocalText("Giải Nhất"), round="r1")
        awards.add_award(edition_id=scored.edition.id, spec=spec, actor_id=None, now=noon)
    way.finalise(scored.facts, scored.first.id, scored.organiser.id, noon)
    with unit_of_work():
        awards.settle_awards(edition_id=scored.edition.id, reason="", actor_id=None, now=noon)
    make.sign_in(client, scored.organiser)
    client.set_cookie("locale", "en")
    return scored


def publish(client: FlaskClient, password: str = "") -> tuple[int, int]:
    """Publish results and awards; return the two answers."""
    typed = {"confirm": "r1", "password": password}
    results = client.post(f"{BASE}/results/r1/publish", data=typed).status_code
    return results, client.post(f"{BASE}/awards/publish", data={"password": password}).status_code


def is_public(client: FlaskClient, scored: Scored) -> bool:
    found = latest_list(scored.edition.id, published=True)
    shown = client.get("/e/mua-thu-2026/results/r1").status_code == 200
    assert shown == (found is not None)
    return shown


def set_password(scored: Scored) -> None:
    with unit_of_work():
        person = db.session.merge(scored.organiser)
        person.password_hash = hash_password(PASSWORD)


def test_who_has_just_signed_in_publishes(client: FlaskClient, final: Scored, noon: datetime) -> None:
    with clock.stopped_at(noon + timedelta(minutes=15)):
        assert "once more" not in client.get(f"{BASE}/results/r1").text
        assert publish(client) == (303, 303)
        assert is_public(client, final)


def test_later_the_password_is_asked_for(client: FlaskClient, final: Scored, noon: datetime) -> None:
    set_password(final)
    with clock.stopped_at(noon + timedelta(minutes=15, seconds=1)):
        for page in ("results/r1", "awards"):
            assert "Your password, once more" in client.get(f"{BASE}/{page}").text
        assert publish(client) == (422, 422)
        assert publish(client, "sai mật khẩu") == (422, 422)
        assert not is_public(client, final)
        assert publish(client, PASSWORD) == (303, 303)
        assert is_public(client, final)


def test_without_a_password_one_signs_in_again(make: Make, client: FlaskClient, final: Scored, noon: datetime) -> None:
    with clock.stopped_at(noon + timedelta(hours=1)):
        assert "Sign in again first" in client.get(f"{BASE}/results/r1").text
        answer = client.post(f"{BASE}/results/r1/publish", data={"confirm": "r1", "password": ""})
        assert (answer.status_code, is_public(client, final)) == (422, False)
        make.sign_in(client, final.organiser)
        assert publish(client) == (303, 303)


def test_guessing_ends_after_ten_wrong_passwords(client: FlaskClient, final: Scored, noon: datetime) -> None:
    set_password(final)
    with clock.stopped_at(noon + timedelta(hours=1)):
        answers = [
            client.post(f"{BASE}/awards/publish", data={"password": f"đoán {turn}"}).status_code for turn in range(11)
        ]
        assert answers == [422] * 10 + [429]
        assert not is_public(client, final)


def test_after_a_proof_another_fault_asks_for_it_no_more(client: FlaskClient, final: Scored, noon: datetime) -> None:
    set_password(final)
    with clock.stopped_at(noon + timedelta(hours=1)):
        page = client.get(f"{BASE}/results/r1").text
        assert 'name="password"' in page
        answer = client.post(f"{BASE}/results/r1/publish", data={"confirm": "sai", "password": PASSWORD})
        assert (answer.status_code, 'name="password"' in answer.text) == (422, False)
        assert client.post(f"{BASE}/results/r1/publish", data={"confirm": "r1"}).status_code == 303


def test_time_alone_publishes_nothing(client: FlaskClient, final: Scored, noon: datetime) -> None:
    for days in (1, 30, 400):
        with clock.stopped_at(noon + timedelta(days=days)):
            assert not is_public(client, final)
