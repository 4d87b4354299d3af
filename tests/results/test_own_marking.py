"""How I marked: a judge's own strictness, after closing, and nothing about anybody else."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.roles import Role
from contest.editions.models import Round
from contest.editions.phases import RoundState
from contest.infra.db import db, unit_of_work
from tests.counting import counted
from tests.factories import Make
from tests.results import way
from tests.results.fair_panels import strict_and_kind
from tests.results.test_fairness_views import Panel, words

PAGE = "/e/mua-thu-2026/my-marking"


def closed(panel: Panel, state: RoundState = RoundState.CLOSED) -> Panel:
    with unit_of_work():
        db.session.get_one(Round, panel.round.id).state = state
    return panel


def own_page(panel: Panel, client: FlaskClient, judge: int, locale: str = "en") -> str:
    panel.make.sign_in(client, panel.users[judge])
    client.set_cookie("locale", locale)
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return words(answer.get_data(as_text=True))


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("judge", "told"),
    [
        (0, "You marked about 2.00 points stricter than the panel as a whole."),
        (1, "You marked about as strictly as the panel: the difference of 0.00 points"),
        (2, "You marked about 2.00 points kinder than the panel as a whole."),
    ],
)
def test_each_judge_reads_the_own_strictness_alone(
    make: Make, client: FlaskClient, noon: datetime, judge: int, told: str
) -> None:
    page = own_page(closed(Panel(make, strict_and_kind())), client, judge)
    assert told in page
    assert page.count('<circle class="bv-plot-dot"') == 1
    for other in {0, 1, 2} - {judge}:
        assert f"Giám khảo {other}" not in page


def test_totals_are_those_of_the_own_scorecards(make: Make, client: FlaskClient, noon: datetime) -> None:
    page = own_page(closed(Panel(make, strict_and_kind())), client, 0)
    assert re.findall(r"<dd>([^<]*)</dd>", page) == ["4", "5.00 to 10.00"]
    assert "You use about as much of the scale as is usual here." in page


def test_numbers_carry_the_comma_in_vietnamese(make: Make, client: FlaskClient, noon: datetime) -> None:
    page = own_page(closed(Panel(make, strict_and_kind())), client, 0, "vi")
    assert "2,00 điểm" in page
    assert "5,00 đến 10,00" in page


@pytest.mark.parametrize("state", [RoundState.OPEN, RoundState.SCORING])
def test_nothing_is_told_before_the_scoring_is_closed(
    make: Make, client: FlaskClient, noon: datetime, state: RoundState
) -> None:
    page = own_page(closed(Panel(make, strict_and_kind()), state), client, 0)
    assert "Nothing to look back on yet" in page
    assert "stricter than the panel as a whole" not in page


def test_a_finalised_round_tells_what_was_frozen(make: Make, client: FlaskClient, noon: datetime) -> None:
    panel = Panel(make, strict_and_kind())
    way.publish(make.facts(panel.edition), panel.round.id, panel.organiser.id, noon)
    assert "2.00 points stricter" in own_page(panel, client, 0)


def test_where_everybody_judged_everything_it_says_so(make: Make, client: FlaskClient, noon: datetime) -> None:
    marks = {(one, judge): (one + judge, one) for one in range(6) for judge in range(3)}
    page = own_page(closed(Panel(make, marks)), client, 0)
    assert "Every judge scored every submission, so it changes nothing how strict anybody is." in page
    assert "bv-plot-dot" not in page


def test_too_few_judges_say_so(make: Make, client: FlaskClient, noon: datetime) -> None:
    marks = {(one, judge): (one + judge, one) for one in range(6) for judge in range(2)}
    page = own_page(closed(Panel(make, marks)), client, 0)
    assert "Too few judges or submissions are linked" in page


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.CAPTAIN, Role.OBSERVER])
def test_the_page_is_for_judges(make: Make, client: FlaskClient, noon: datetime, role: Role) -> None:
    panel = closed(Panel(make, strict_and_kind()))
    make.sign_in(client, make.member(panel.edition, role))
    assert client.get(PAGE).status_code == 403


def test_a_chair_without_scorecards_sees_an_empty_page(make: Make, client: FlaskClient, noon: datetime) -> None:
    panel = closed(Panel(make, strict_and_kind()))
    make.sign_in(client, make.member(panel.edition, Role.CHAIR))
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "bv-plot-dot" not in page.get_data(as_text=True)


def test_the_cost_does_not_grow_with_the_round(app: Flask, make: Make, client: FlaskClient, noon: datetime) -> None:
    panel = closed(Panel(make, strict_and_kind()))
    own_page(panel, client, 0)
    with counted(app) as few:
        client.get(PAGE)
    for _ in range(3):
        one = make.submission(panel.edition)
        for judge in panel.judges[:2]:
            make.scorecard(make.assignment(panel.round, judge, one), [8, 9])
    with counted(app) as many:
        client.get(PAGE)
    assert len(many) == len(few)


def test_the_desk_leads_here_once_a_round_is_closed(make: Make, client: FlaskClient, noon: datetime) -> None:
    panel = Panel(make, strict_and_kind())
    make.sign_in(client, panel.users[0])
    desk = "/e/mua-thu-2026/judging/"
    assert f'href="{PAGE}"' not in client.get(desk).get_data(as_text=True)
    closed(panel)
    assert f'href="{PAGE}"' in client.get(desk).get_data(as_text=True)
