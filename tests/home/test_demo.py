"""The demo edition is believable, consistent and opens for its people."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from contest.accounts.models import User
from contest.editions.models import Edition
from contest.editions.queries import edition_by_code, round_by_code
from contest.errors import RuleBroken
from contest.home.demo.edition import CODE, JUDGES, demo_bundle
from contest.home.demo.ideas import IDEAS
from contest.home.services import seed_demo, ways_in
from contest.infra.db import db, unit_of_work
from contest.judging.models import Assignment, Judge, Scorecard
from contest.judging.states import ScorecardStatus
from contest.results.queries import live_report
from contest.submissions.models import Submission, Team
from tests.conftest import NOON


def _seed(now: datetime) -> int:
    with unit_of_work():
        return seed_demo(now=now)


def test_the_same_moment_makes_the_same_demo() -> None:
    assert demo_bundle(NOON) == demo_bundle(NOON)


def test_names_of_the_demo_are_all_different() -> None:
    assert len({idea.team for idea in IDEAS}) == len({idea.title for idea in IDEAS}) == 24
    people = [name for idea in IDEAS for name in (idea.captain, *idea.members)]
    assert len(set(people)) == len(people)


@pytest.mark.both_databases
def test_it_has_teams_judges_rounds_and_half_of_the_marks(app: Flask, noon: datetime) -> None:
    edition_id = _seed(noon)
    counts = {
        model: db.session.scalar(select(func.count()).where(model.edition_id == edition_id))
        for model in (Team, Submission, Judge)
    }
    assert counts == {Team: 24, Submission: 24, Judge: len(JUDGES)}
    assigned = db.session.scalar(select(func.count()).select_from(Assignment))
    done = db.session.scalar(
        select(func.count()).select_from(Scorecard).where(Scorecard.status == ScorecardStatus.SUBMITTED)
    )
    assert assigned == 66
    assert done is not None
    assert 0.4 <= done / assigned <= 0.6
    assert db.session.scalars(select(Edition.is_test).where(Edition.id == edition_id)).one()


def test_nobody_gets_a_password(app: Flask, noon: datetime) -> None:
    _seed(noon)
    assert db.session.scalars(select(User.password_hash).distinct()).all() == [None]


def test_its_first_round_ranks(app: Flask, noon: datetime) -> None:
    _seed(noon)
    edition = edition_by_code(CODE)
    assert edition is not None
    round_ = round_by_code(edition.id, "so-khao")
    assert round_ is not None
    report = live_report(edition, round_)
    assert len(report.lines) == 22
    assert len(report.groups) == 3
    assert all(line.rank is not None for line in report.lines if line.status == "ranked")
    assert any(line.status == "ranked" for line in report.lines)


def test_seeding_twice_is_refused(app: Flask, noon: datetime) -> None:
    _seed(noon)
    with pytest.raises(RuleBroken):
        _seed(noon)
    assert db.session.scalar(select(func.count()).select_from(Edition)) == 1


def test_the_command_seeds_once(app: Flask) -> None:
    runner = app.test_cli_runner()
    first, second = (runner.invoke(args=["demo", "seed"]) for _ in range(2))
    assert (first.exit_code, second.exit_code) == (0, 1), first.output + second.output
    assert "exists already" in second.output


def test_each_role_gets_a_link_that_leads_to_its_desk(app: Flask, noon: datetime) -> None:
    _seed(noon)
    with unit_of_work():
        ways = ways_in(secret_key=app.config["SECRET_KEY"], now=noon)
    assert [way.role for way in ways] == ["organiser", "judge", "captain"]
    expected = {"organiser": "/organise/", "judge": "/judging/", "captain": "/team/"}
    for way in ways:
        client = app.test_client()
        assert client.get(f"/s/{way.token}").status_code == 200
        assert client.post(f"/s/{way.token}").status_code == 303
        page = client.get("/").get_data(as_text=True)
        assert way.name in page
        assert f"/e/{CODE}{expected[way.role]}" in page


def test_there_is_no_way_into_a_real_edition(app: Flask, client: FlaskClient) -> None:
    with unit_of_work():
        assert ways_in(secret_key="k", now=NOON) == []


@pytest.mark.parametrize("command", [["demo", "seed"], ["serve", "--demo"]])
def test_cf_08_production_knows_no_demo(app: Flask, monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
    monkeypatch.setitem(app.config, "APP_ENV", "production")
    answer = app.test_cli_runner().invoke(args=command)
    assert (answer.exit_code, answer.output) == (1, "Error: the demo stays out of production\n")
    assert db.session.scalar(select(func.count()).select_from(Edition)) == 0
