"""The committee's and the public's pages of a round."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.roles import Role
from contest.editions.phases import RoundState
from contest.editions.rules import Aggregate, RoundRules
from contest.infra.db import unit_of_work
from contest.results import services
from tests.counting import counted
from tests.factories import Make
from tests.results.conftest import Scored

BASE = "/e/mua-thu-2026/organise/results"


def _freeze(scored: Scored, now: datetime) -> None:
    with unit_of_work():
        services.close_round(edition=scored.facts, round_id=scored.first.id, actor_id=None, now=now)


def _publish(scored: Scored, now: datetime) -> None:
    _freeze(scored, now)
    with unit_of_work():
        services.publish_round(edition=scored.facts, round_id=scored.first.id, actor_id=None, now=now)


def test_the_ranking_page_shows_printed_results_with_a_comma(
    make: Make, client: FlaskClient, scored: Scored, noon: datetime
) -> None:
    make.sign_in(client, scored.organiser)
    page = client.get(f"{BASE}/r1").get_data(as_text=True)
    assert page.index("14,50") < page.index("10,50")
    assert "Tạm tính" in page
    client.set_cookie("locale", "en")
    assert "14.50" in client.get(f"{BASE}/r1").get_data(as_text=True)


@pytest.mark.parametrize("action", ["close", "reopen", "freeze", "publish", "advance"])
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


def test_close_advance_publish_through_the_pages(
    make: Make, client: FlaskClient, scored: Scored, noon: datetime
) -> None:
    make.sign_in(client, scored.organiser)
    assert client.get("/e/mua-thu-2026/results/r1").status_code == 404
    assert client.post(f"{BASE}/r1/publish").status_code == 409
    assert client.post(f"{BASE}/r1/close").status_code == 303
    preview = client.get(f"{BASE}/r1/advance").get_data(as_text=True)
    assert scored.submissions[0].code in preview
    assert scored.submissions[2].code in preview
    assert client.post(f"{BASE}/r1/advance").status_code == 303
    assert "Vào vòng trong" in client.get(f"{BASE}/r1").get_data(as_text=True)
    assert client.get("/e/mua-thu-2026/results/r1").status_code == 404
    assert client.post(f"{BASE}/r1/publish").status_code == 303
    public = client.get("/e/mua-thu-2026/results/r1")
    assert public.status_code == 200
    assert public.get_data(as_text=True).count("14,50") == 2


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
    assert len(statements) == 3


def test_the_workbook_equals_the_page(make: Make, client: FlaskClient, scored: Scored, noon: datetime) -> None:
    make.sign_in(client, scored.organiser)
    answer = client.get(f"{BASE}/r1/workbook.xlsx?locale=en")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "2026-10-08_bang-diem_r1.xlsx" in answer.headers["Content-Disposition"]
    sheet = openpyxl.load_workbook(BytesIO(answer.data))["Ranking"]
    client.set_cookie("locale", "en")
    page = client.get(f"{BASE}/r1").get_data(as_text=True)
    for row in sheet.iter_rows(min_row=3, values_only=True):
        assert f"<strong>{row[6]:.2f}</strong>" in page


def test_settings_that_are_not_supported_say_so(make: Make, client: FlaskClient, noon: datetime) -> None:
    edition = make.edition()
    make.round(edition, "r9", rules=RoundRules(aggregate=Aggregate.MEDIAN, tie_breaks=("chair",)))
    make.sign_in(client, make.member(edition, Role.ORGANISER))
    for path in (f"{BASE}/r9", f"{BASE}/r9/advance"):
        answer = client.get(path)
        assert answer.status_code == 409
        assert "aggregate=median, tie_breaks" in answer.get_data(as_text=True)
    assert client.get(f"{BASE}/r9/workbook.xlsx").status_code == 409


def test_a_change_after_freezing_is_shown(make: Make, client: FlaskClient, scored: Scored, noon: datetime) -> None:
    _freeze(scored, noon)
    make.sign_in(client, scored.organiser)
    assert "thay đổi sau khi chốt" not in client.get(f"{BASE}/r1").get_data(as_text=True)
    make.submission(scored.edition)
    assert "thay đổi sau khi chốt" in client.get(f"{BASE}/r1").get_data(as_text=True)
    assert client.post(f"{BASE}/r1/publish").status_code == 409
    assert client.post(f"{BASE}/r1/freeze").status_code == 303
    assert client.post(f"{BASE}/r1/publish").status_code == 303


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
