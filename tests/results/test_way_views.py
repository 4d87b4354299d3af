"""The head of the ranking page, the sum, the attendance and the minutes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.roles import Role
from contest.editions.models import Round
from contest.editions.phases import RoundState
from contest.editions.rules import Quorum
from contest.editions.rules_json import rules_from_json, rules_to_json
from contest.infra.db import unit_of_work
from contest.judging.models import Score
from contest.results import services
from contest.results.queries.lifecycle import council_of
from contest.results.rulings import RulingKind
from tests.counting import counted
from tests.factories import Make
from tests.results import way
from tests.results.conftest import Scored

BASE = "/e/mua-thu-2026/organise/results/r1"


Read = Callable[..., str]
STEP = re.compile(r"<li>(.*?)</li>")


@pytest.fixture
def page(make: Make, client: FlaskClient, scored: Scored) -> Read:
    """Read a page in English as the organiser."""
    make.sign_in(client, scored.organiser)
    client.set_cookie("locale", "en")

    def read(path: str = "") -> str:
        answer = client.get(f"{BASE}{path}")
        assert answer.status_code == 200, path
        return " ".join(answer.get_data(as_text=True).split())

    return read


def set_rules(scored: Scored, **values: object) -> None:
    with unit_of_work() as session:
        row = session.get_one(Round, scored.first.id)
        row.rules = rules_to_json(replace(rules_from_json(row.rules), **values))  # type: ignore[arg-type]


def test_each_state_shows_its_own_next_step(
    make: Make, client: FlaskClient, scored: Scored, noon: datetime, page: Read
) -> None:
    shown = {
        RoundState.DRAFT: ("/r1/start", "/r1/open"),
        RoundState.OPEN: ("/r1/start",),
        RoundState.SCORING: ("/r1/close",),
        RoundState.CLOSED: ("/r1/confirm", "/r1/reopen"),
    }
    every = {verb for verbs in shown.values() for verb in verbs} | {"/r1/finalise", "/r1/publish", "/r1/unconfirm"}
    for state, verbs in shown.items():
        with unit_of_work() as session:
            session.get_one(Round, scored.first.id).state = state
        text = page()
        assert {verb for verb in every if f'action="{BASE.removesuffix("/r1")}{verb}"' in text} == set(verbs), state
    way.confirm(scored.facts, scored.first.id, scored.organiser.id, noon)
    text = page()
    assert f'action="{BASE}/finalise"' in text
    assert f'action="{BASE}/unconfirm"' in text
    assert f"Confirmed by {scored.organiser.name}" in text
    way.freeze(scored.facts, scored.first.id, scored.organiser.id, noon)
    assert f'action="{BASE}/publish"' in page()
    assert "Frozen results, version 1" in page()


def test_case_06_the_screen_and_the_minutes_say_who_is_unfinished(
    make: Make, client: FlaskClient, scored: Scored, noon: datetime, page: Read
) -> None:
    for number in range(19):
        judge = make.judge(scored.edition, name=f"Giám khảo {number}")
        seat = make.assignment(scored.first, judge, scored.submissions[0])
        if number >= 2:
            make.scorecard(seat, [10, 20])
    way.close(scored.facts, scored.first.id, noon)
    text = page()
    assert "2 of 21 judges unfinished (Giám khảo 0, Giám khảo 1), 2 scorecards missing." in text
    assert "must be settled first" in text
    kind = RulingKind.UNFINISHED_ACCEPTED.value
    assert client.post(f"{BASE}/accept", data={"kind": kind, "reason": ""}).status_code == 422
    assert client.post(f"{BASE}/accept", data={"kind": "award", "reason": "x"}).status_code == 422
    assert client.post(f"{BASE}/accept", data={"kind": kind, "reason": "Hai vị đi công tác"}).status_code == 303
    assert f"Accepted in writing by {scored.organiser.name}: Hai vị đi công tác" in page()
    assert client.post(f"{BASE}/confirm").status_code == 303
    assert client.post(f"{BASE}/finalise").status_code == 303
    minutes = page("/minutes")
    assert "2 of 21 judges unfinished: Giám khảo 0 (1 scorecard); Giám khảo 1 (1 scorecard)." in minutes
    assert "Hai vị đi công tác" in minutes
    assert "The edition has no chair of the jury. Confirmed by the organiser" in minutes


def test_the_difference_is_named_on_the_page_and_in_the_refusal(
    client: FlaskClient, scored: Scored, noon: datetime, page: Read
) -> None:
    way.close(scored.facts, scored.first.id, noon)
    assert "6 expected = 6 scored + 0 abstained + 0 recused + 0 missing" in page()
    with unit_of_work() as session:
        session.delete(session.query(Score).order_by(Score.scorecard_id, Score.criterion_id).first())
    text = page()
    code, judge = scored.submissions[0].code, scored.judges[0]
    assert f"{code}: the scorecard of judge {judge.code} was handed in, but marks are missing (C1)." in text
    assert f"<strong>{code}</strong> · {judge.name}: handed in with marks missing (C1)" in text
    answer = client.post(f"{BASE}/confirm")
    assert answer.status_code == 409
    assert code in answer.get_data(as_text=True)
    assert judge.code in answer.get_data(as_text=True)


def test_the_chair_sees_the_button_and_the_organiser_does_not(
    make: Make, client: FlaskClient, scored: Scored, noon: datetime, page: Read
) -> None:
    chair = make.member(scored.edition, Role.CHAIR)
    way.close(scored.facts, scored.first.id, noon)
    text = page()
    assert f'action="{BASE}/confirm"' not in text
    assert "The chair of the jury confirms the results." in text
    assert client.post(f"{BASE}/confirm").status_code == 403
    make.sign_in(client, chair)
    assert f'action="{BASE}/confirm"' in page()
    assert client.post(f"{BASE}/confirm").status_code == 303


def test_attendance_is_noted_and_printed(
    make: Make, client: FlaskClient, scored: Scored, noon: datetime, page: Read
) -> None:
    set_rules(scored, quorum=Quorum(present=2, chair=True, secretary=False))
    chair = make.member(scored.edition, Role.CHAIR, make.user("Bà Chủ tịch"))
    way.close(scored.facts, scored.first.id, noon)
    assert "The rules ask for at least 2 present" in page("/attendance")
    assert "0 of 3 present, 2 needed" in page()
    seats = council_of(scored.edition.id, scored.first.id)
    present = [seat.person for seat in seats if seat.member.chair] + [seats[1].person]
    assert client.post(f"{BASE}/attendance", data={"present": ["zzzz"]}).status_code == 422
    assert client.post(f"{BASE}/attendance", data={"present": present}).status_code == 303
    assert page("/attendance").count(" checked") == 2
    way.confirm(scored.facts, scored.first.id, chair.id, noon)
    assert '<form method="post" action="' + BASE + "/attendance" not in page("/attendance")
    way.freeze(scored.facts, scored.first.id, scored.organiser.id, noon)
    minutes = page("/minutes")
    assert "Members: 3, present: 2, absent: 1." in minutes
    assert "Bà Chủ tịch (chair)" in minutes
    assert "Confirmed by the chair of the jury, Bà Chủ tịch" in minutes


def test_the_minutes_are_a_draft_until_the_round_is_final(scored: Scored, noon: datetime, page: Read) -> None:
    assert "These results are not final." in page("/minutes")
    digest = way.finalise(scored.facts, scored.first.id, scored.organiser.id, noon)
    minutes = page("/minutes")
    assert "These results are not final." not in minutes
    assert digest in minutes
    codes = f"{scored.submissions[0].code}, {scored.submissions[2].code}"
    assert f"{codes} have the same result 14.50: they share the place." in minutes


@pytest.mark.parametrize("locale", ["en", "vi"])
def test_the_minutes_hold_the_sum_of_every_result_in_the_same_words(
    client: FlaskClient, scored: Scored, noon: datetime, page: Read, locale: str
) -> None:
    client.set_cookie("locale", locale)
    for state in ("provisional", "final"):
        minutes = page("/minutes")
        for submission in scored.submissions:
            steps = STEP.findall(page(f"/sum/{submission.code}").partition("<ol")[2].partition("</ol>")[0])
            assert len(steps) > 3, (state, steps)
            assert "".join(f"<li>{step}</li>" for step in steps) in minutes
        if state == "provisional":
            way.finalise(scored.facts, scored.first.id, scored.organiser.id, noon)


def test_case_14_a_freeze_leaks_through_no_page_and_leaves_nothing_pending_behind(
    app: Flask, make: Make, client: FlaskClient, scored: Scored, noon: datetime
) -> None:
    """Case 14: until publication nobody outside reads a result; afterwards no page still calls it provisional."""
    stranger = app.test_client()
    here = "/e/mua-thu-2026"
    pages = ("/", f"{here}/", f"{here}/results/r1", f"{here}/results/r1/", f"{here}/awards")

    def seen() -> str:
        return "".join(stranger.get(path).get_data(as_text=True) for path in pages)

    def leaks() -> list[str]:
        return [mark for mark in ("14.50", "14,50") if mark in seen()]

    assert leaks() == []
    way.finalise(scored.facts, scored.first.id, scored.organiser.id, noon)
    assert leaks() == []
    with unit_of_work():
        services.publish_round(edition=scored.facts, round_id=scored.first.id, actor_id=scored.organiser.id, now=noon)
    after = seen()
    assert "14,50" in after
    make.sign_in(client, scored.organiser)
    client.set_cookie("locale", "en")
    for text in (after, client.get(BASE).get_data(as_text=True)):
        assert "Provisional" not in text
        assert "Tạm tính" not in text


def test_the_minutes_do_not_move_with_the_data(scored: Scored, noon: datetime, page: Read) -> None:
    way.finalise(scored.facts, scored.first.id, scored.organiser.id, noon)
    before = page("/minutes")
    with unit_of_work() as session:
        for score in session.query(Score):
            score.points = 0
    assert page("/minutes") == before


def test_a_sum_shows_marks_and_steps_in_both_languages(
    client: FlaskClient, scored: Scored, noon: datetime, page: Read
) -> None:
    code = scored.submissions[0].code
    text = page(f"/sum/{code}")
    assert "14.50" in text
    assert "Step by step" in text
    assert scored.judges[0].name in text
    client.set_cookie("locale", "vi")
    assert "14,50" in page(f"/sum/{code}")
    assert client.get(f"{BASE}/sum/BT-999").status_code == 404
    assert client.get(f"/e/mua-thu-2026/organise/results/r9/sum/{code}").status_code == 404


def test_a_frozen_sum_stays_when_the_marks_move(scored: Scored, noon: datetime, page: Read) -> None:
    way.finalise(scored.facts, scored.first.id, scored.organiser.id, noon)
    before = page(f"/sum/{scored.submissions[0].code}")
    with unit_of_work() as session:
        for score in session.query(Score):
            score.points = 0
    assert page(f"/sum/{scored.submissions[0].code}") == before
    assert "From the frozen results, version 1." in before


def test_the_ranking_says_what_decided(make: Make, scored: Scored, noon: datetime, page: Read) -> None:
    set_rules(scored, tie_breaks=("criterion:C1", "chair"), spread_alarm=Decimal(1))
    with unit_of_work():
        services.add_entry(
            round_id=scored.first.id, submission=scored.submissions[1].code, points=Decimal("-0.5"),
            reason="Nộp muộn", actor_id=scored.organiser.id, now=noon,
        )  # fmt: skip
    text = page()
    assert "decided by: criterion" in text
    assert "-0.5 by decision" in text
    assert "apart" in text


@pytest.mark.parametrize("closed", [False, True])
def test_the_ranking_page_costs_the_same_whatever_its_size(
    app: Flask, make: Make, client: FlaskClient, scored: Scored, noon: datetime, page: Read, *, closed: bool
) -> None:
    def cost() -> int:
        with counted(app) as statements:
            page()
        return len(statements)

    if closed:
        with unit_of_work() as session:
            session.get_one(Round, scored.first.id).state = RoundState.CLOSED
    page()
    before = cost()
    for _ in range(3):
        submission, judge = make.submission(scored.edition), make.judge(scored.edition)
        make.scorecard(make.assignment(scored.first, judge, submission), [1, 2])
    assert cost() == before
