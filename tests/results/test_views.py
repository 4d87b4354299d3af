"""The committee's and the public's pages of a round."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.roles import Role
from contest.editions.phases import RoundState
from contest.editions.rules import Aggregate, Combine, RoundRules
from contest.infra import clock
from contest.infra.db import db
from tests.counting import counted
from tests.factories import Make
from tests.results import way
from tests.results.conftest import Scored

BASE = "/e/mua-thu-2026/organise/results"


def _publish(scored: Scored, now: datetime) -> None:
    way.publish(scored.facts, scored.first.id, scored.organiser.id, now)


def test_the_ranking_page_shows_printed_results_with_a_comma(
    make: Make, client: FlaskClient, scored: Scored, noon: datetime
) -> None:
    make.sign_in(client, scored.organiser)
    page = client.get(f"{BASE}/r1").get_data(as_text=True)
    assert page.index("14,50") < page.index("10,50")
    assert "Tạm tính" in page
    client.set_cookie("locale", "en")
    assert "14.50" in client.get(f"{BASE}/r1").get_data(as_text=True)


@pytest.mark.parametrize(
    "action", ["open", "start", "close", "reopen", "finalise", "publish", "advance", "accept", "attendance"]
)
@pytest.mark.parametrize("role", [Role.JUDGE, Role.CAPTAIN, Role.OBSERVER, Role.CHAIR])
def test_only_organisers_decide(
    make: Make, client: FlaskClient, scored: Scored, noon: datetime, action: str, role: Role
) -> None:
    make.sign_in(client, make.member(scored.edition, role))
    assert client.post(f"{BASE}/r1/{action}").status_code == 403


@pytest.mark.parametrize("path", ["", "/r1", "/r1/advance", "/r1/workbook.xlsx"])
def test_strangers_see_nothing(make: Make, client: FlaskClient, scored: Scored, noon: datetime, path: str) -> None:
    assert client.get(BASE + path).status_code == 303
    make.sign_in(client, make.user())
    foreign, missing = client.get(BASE + path), client.get(f"/e/khong-co/organise/results{path}")
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert foreign.data.replace(b"mua-thu-2026", b"khong-co") == missing.data  # but for the address asked for


def test_the_whole_way_through_the_pages(make: Make, client: FlaskClient, scored: Scored, noon: datetime) -> None:
    make.sign_in(client, scored.organiser)
    public = "/e/mua-thu-2026/results/r1"
    assert client.get(public).status_code == 404
    assert client.post(f"{BASE}/r1/publish", data={"confirm": "r1"}).status_code == 409
    for verb in ("finalise", "confirm", "reopen", "start", "open", "advance"):
        assert client.post(f"{BASE}/r1/{verb}").status_code == 409, verb
    assert client.post(f"{BASE}/r1/close").status_code == 303
    preview = client.get(f"{BASE}/r1/advance").get_data(as_text=True)
    assert scored.submissions[0].code in preview
    assert scored.submissions[2].code in preview
    assert client.post(f"{BASE}/r1/confirm").status_code == 303
    assert client.post(f"{BASE}/r1/unconfirm", data={"unconfirm-reason": ""}).status_code == 422
    assert client.post(f"{BASE}/r1/unconfirm", data={"unconfirm-reason": "Nhầm"}).status_code == 303
    assert client.post(f"{BASE}/r1/confirm").status_code == 303
    assert client.post(f"{BASE}/r1/finalise").status_code == 303
    assert client.post(f"{BASE}/r1/advance").status_code == 303
    assert "Vào vòng trong" in client.get(f"{BASE}/r1").get_data(as_text=True)
    assert client.get(public).status_code == 404
    for typed in ({}, {"confirm": ""}, {"confirm": "r2"}):
        assert client.post(f"{BASE}/r1/publish", data=typed).status_code == 422
    assert client.get(public).status_code == 404
    assert client.post(f"{BASE}/r1/publish", data={"confirm": "r1"}).status_code == 303
    answer = client.get(public)
    assert answer.status_code == 200
    assert answer.get_data(as_text=True).count("14,50") == 2


def test_a_round_is_opened_to_judges_and_then_to_marks(make: Make, client: FlaskClient, noon: datetime) -> None:
    edition = make.edition()
    row = make.round(edition, state=RoundState.DRAFT)
    make.sign_in(client, make.member(edition, Role.ORGANISER))
    for verb, expected in (("open", RoundState.OPEN), ("start", RoundState.SCORING)):
        assert client.post(f"{BASE}/r1/{verb}").status_code == 303
        db.session.expire_all()
        assert row.state is expected


@pytest.mark.both_databases
def test_rs_07_no_passing_of_time_publishes(
    app: Flask, make: Make, client: FlaskClient, scored: Scored, noon: datetime
) -> None:
    way.finalise(scored.facts, scored.first.id, scored.organiser.id, noon)
    for days in (0, 1, 365):
        with clock.stopped_at(noon + timedelta(days=days)):
            assert client.get("/e/mua-thu-2026/results/r1").status_code == 404
            assert "/results/r1" not in client.get("/e/mua-thu-2026/").get_data(as_text=True)


def test_the_public_page_names_no_judge_and_no_single_mark(
    make: Make, client: FlaskClient, scored: Scored, noon: datetime
) -> None:
    _publish(scored, noon)
    page = client.get("/e/mua-thu-2026/results/r1").get_data(as_text=True)
    assert not [judge.name for judge in scored.judges if judge.name in page]
    assert "15,0" not in page
    assert "10,50" in page


def test_the_public_page_costs_the_same_few_queries_when_cached(
    app: Flask, client: FlaskClient, scored: Scored, noon: datetime
) -> None:
    _publish(scored, noon)
    client.get("/e/mua-thu-2026/results/r1")
    with counted(app) as statements:
        client.get("/e/mua-thu-2026/results/r1")
    assert len(statements) == 4


def test_the_workbook_equals_the_page(make: Make, client: FlaskClient, scored: Scored, noon: datetime) -> None:
    make.sign_in(client, scored.organiser)
    answer = client.get(f"{BASE}/r1/workbook.xlsx?locale=en")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "2026-10-08_bang-diem_vong-r1.xlsx" in answer.headers["Content-Disposition"]
    sheet = openpyxl.load_workbook(BytesIO(answer.data), data_only=True)["Ranking"]
    client.set_cookie("locale", "en")
    page = client.get(f"{BASE}/r1").get_data(as_text=True)
    for row in sheet.iter_rows(min_row=3, values_only=True):
        assert f"<strong>{row[6]:.2f}</strong>" in page


def test_a_round_that_cannot_be_ranked_says_so(make: Make, client: FlaskClient, noon: datetime) -> None:
    edition = make.edition()
    rules = RoundRules(aggregate=Aggregate.RANKS, combine=Combine.CRITERION)
    make.round(edition, "r9", rules=rules, state=RoundState.CLOSED)
    make.submission(edition)
    make.sign_in(client, make.member(edition, Role.ORGANISER))
    for path in ("", "/minutes", "/sum/BT-001", "/workbook.xlsx"):
        assert client.get(f"{BASE}/r9{path}").status_code == 409, path
    assert client.post(f"{BASE}/r9/confirm").status_code == 409


def test_an_unknown_round_is_404(make: Make, client: FlaskClient, scored: Scored, noon: datetime) -> None:
    make.sign_in(client, scored.organiser)
    assert client.get(f"{BASE}/r7").status_code == 404
    assert client.post(f"{BASE}/r7/close").status_code == 404
    assert client.get("/e/mua-thu-2026/results/r7").status_code == 404


def test_an_empty_round_says_so(make: Make, client: FlaskClient, noon: datetime) -> None:
    edition = make.edition()
    make.round(edition, state=RoundState.DRAFT)
    make.sign_in(client, make.member(edition, Role.ORGANISER))
    assert "Chưa có bài nào để xếp hạng" in client.get(f"{BASE}/r1").get_data(as_text=True)
