"""What the ranking page asks the database (nothing twice, no more for a larger round), and where it leads."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.roles import Role
from tests.counting import counted
from tests.factories import Make
from tests.results import way
from tests.results.conftest import Scored

PAGE = "/e/mua-thu-2026/organise/results/r1"


def asked(app: Flask, client: FlaskClient) -> list[str]:
    client.get(PAGE)
    with counted(app) as statements:
        assert client.get(PAGE).status_code == 200
    return statements


@pytest.mark.parametrize(("finalised", "cost"), [(False, 33), (True, 17)])
def test_nothing_is_asked_twice(
    app: Flask, make: Make, client: FlaskClient, scored: Scored, noon: datetime, *, finalised: bool, cost: int
) -> None:
    if finalised:
        way.finalise(scored.facts, scored.first.id, scored.organiser.id, noon)
    make.sign_in(client, scored.organiser)
    statements = asked(app, client)
    assert len(set(statements)) == len(statements) == cost


def test_a_larger_round_costs_the_same(
    app: Flask, make: Make, client: FlaskClient, scored: Scored, noon: datetime
) -> None:
    make.sign_in(client, scored.organiser)
    few = len(asked(app, client))
    for _ in range(3):
        one = make.submission(scored.edition)
        for judge in scored.judges:
            make.scorecard(make.assignment(scored.first, judge, one), [3, 4])
    assert len(asked(app, client)) == few


def test_the_other_pages_stand_in_one_group_beside_one_action(
    make: Make, client: FlaskClient, scored: Scored, noon: datetime
) -> None:
    make.sign_in(client, scored.organiser)
    page = client.get(PAGE).get_data(as_text=True)
    doors = page.partition('<nav class="bv-doors"')[2].partition("</nav>")[0]
    pages = (
        *(
            "fairness",
            "plots",
            "letters",
            "advance",
            "minutes",
            "papers",
            "workbook.xlsx",
            "files",
            "decisions",
            "ledger",
        ),
        "attendance",
    )
    assert [name for name in pages if f'href="{PAGE}/{name}' in doors] == list(pages)
    assert doors.count('class="bv-door"') == len(pages)
    assert "btn" not in doors
    assert page.count("btn btn-primary") == 1


def test_an_empty_round_is_not_called_provisional(make: Make, client: FlaskClient, noon: datetime) -> None:
    edition = make.edition()
    make.round(edition, "r1")
    make.sign_in(client, make.member(edition, Role.ORGANISER))
    client.set_cookie("locale", "en")
    page = client.get(PAGE).get_data(as_text=True)
    assert "Nobody to rank yet" in page
    assert "Provisional" not in page
