"""The record through its pages: history, receipts, late papers, a judge's own marks."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from contest.accounts.roles import Role
from contest.editions.models import Edition, Round
from contest.editions.phases import RoundState
from contest.infra import clock
from contest.infra.db import db, unit_of_work
from contest.judging.models import LatePaper, Score, Scorecard, ScoreEventRow
from contest.judging.states import LateState, ScorecardStatus
from tests.counting import counted
from tests.factories import Make
from tests.judging.test_judge_views import KEY, Judging, said, text_of


@pytest.fixture
def judging(make: Make, client: FlaskClient, noon: datetime) -> Judging:
    client.set_cookie("locale", "en")
    return Judging(make, client)


@pytest.fixture
def organiser(app: Flask, make: Make, judging: Judging) -> FlaskClient:
    client = app.test_client()
    make.sign_in(client, make.member(judging.edition, Role.ORGANISER, make.user("Phạm Minh Tổ")))
    client.set_cookie("locale", "en")
    return client


def base(judging: Judging) -> str:
    return f"/e/{judging.edition.code}/organise/"


def listing(judging: Judging) -> str:
    return f"{base(judging)}rounds/{judging.round.code}/record"


# History


def test_the_history_says_who_changed_what_and_when(judging: Judging, organiser: FlaskClient) -> None:
    judging.post({"C1": "8"}, feedback="Rõ")
    with clock.stopped_at(clock.now() + timedelta(minutes=5)):
        judging.post({"C1": "8,5", "C2": "0"}, key="another-key", version="1", feedback="Rõ", act="submit")
    page = organiser.get(f"{base(judging)}record/{judging.id}")
    assert page.status_code == 200
    words = text_of(page.text)
    assert "Every version fits its fingerprint" in words
    assert re.search(
        r"2 Score sheet handed in Nguyễn Thị Minh Khai .* Criterion 1: 8 → 8.5 Criterion 2: blank → 0 ", words
    )
    assert re.search(r"1 Saved as a draft Nguyễn Thị Minh Khai .* Criterion 1: blank → 8 Comment to the team", words)
    assert words.index("Score sheet handed in") < words.index("Saved as a draft")


def test_a_changed_database_is_noticed(judging: Judging, organiser: FlaskClient) -> None:
    judging.post({"C1": "8"})
    with unit_of_work() as session:
        session.execute(text("UPDATE scores SET points = 20"))
    address = f"{base(judging)}record/{judging.id}"
    assert "The stored marks are not those of the last version" in text_of(organiser.get(address).text)
    with unit_of_work() as session:  # as somebody does who may drop triggers
        session.execute(text("DROP TRIGGER score_events_never_change"))
        session.execute(text("""UPDATE score_events SET marks = '{"C1": "10"}'"""))
        session.execute(
            text(
                "CREATE TRIGGER score_events_never_change BEFORE UPDATE ON score_events "
                "BEGIN SELECT RAISE(ABORT, 'a score event is never changed'); END"
            )
        )
    assert "Version 1 does not fit its fingerprint any more" in text_of(organiser.get(address).text)


def test_marks_from_elsewhere_have_no_history(judging: Judging, organiser: FlaskClient) -> None:
    judging.make.scorecard(judging.paper, [3, 4])
    page = organiser.get(f"{base(judging)}record/{judging.id}").text
    assert "No history" in text_of(page)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_score_sheets_asks_as_much_for_three_as_for_one(
    judging: Judging, organiser: FlaskClient, app: Flask, rows: int
) -> None:
    for _ in judging.more(rows, ScorecardStatus.SUBMITTED):
        pass
    organiser.get(listing(judging))
    with counted(app) as statements:
        page = organiser.get(listing(judging))
    assert page.text.count(">History<") == rows
    assert len(statements) == 9


def test_only_organisers_see_the_record(judging: Judging, make: Make, app: Flask) -> None:
    judging.post({"C1": "8"})
    for role in (Role.OBSERVER, Role.CHAIR):
        other = app.test_client()
        make.sign_in(other, make.member(judging.edition, role))
        assert other.get(listing(judging)).status_code == 403
        assert other.get(f"{base(judging)}record/{judging.id}").status_code == 403
    assert judging.client.get(f"{base(judging)}record/{judging.id}").status_code == 403


# Receipts


def receipt_of(judging: Judging, **values: Any) -> str:
    found: str = said(judging.autosave({"C1": "8", "C2": "7"}, act="submit", **values))["receipt"]
    return found


def test_a_judge_keeps_a_receipt_of_what_was_handed_in(judging: Judging) -> None:
    code = receipt_of(judging)
    assert code in judging.page()
    page = judging.client.get(judging.url + "/receipt")
    words = text_of(page.text)
    assert code in words
    assert "Criterion 1 8 Criterion 2 7 Your total 15 / 20" in words
    event = db.session.scalars(select(ScoreEventRow)).one()
    assert f"SHA-256 {event.digest}" in page.text


def test_a_draft_and_an_unrecorded_paper_have_no_receipt(judging: Judging) -> None:
    assert judging.client.get(judging.url + "/receipt").status_code == 404
    judging.post({"C1": "8"})
    assert judging.client.get(judging.url + "/receipt").status_code == 404
    assert "Receipt" not in text_of(judging.page())


def test_the_receipt_of_another_judge_is_not_there(judging: Judging, make: Make, app: Flask) -> None:
    receipt_of(judging)
    other = make.judge(judging.edition)
    client = app.test_client()
    make.sign_in(client, type("Person", (), {"id": other.user_id})())
    assert client.get(judging.url + "/receipt").status_code == 404


def test_the_organiser_checks_a_receipt(judging: Judging, organiser: FlaskClient) -> None:
    code = receipt_of(judging)
    assert "Genuine: it stands for the score sheet" in text_of(organiser.get(f"{listing(judging)}?receipt={code}").text)
    judging.post({"C1": "9", "C2": "7"}, key="another-key", version="1", act="submit")
    changed = text_of(organiser.get(f"{listing(judging)}?receipt={code.lower()}").text)
    assert "Genuine, but the score sheet of Nguyễn Thị Minh Khai" in changed
    assert "was changed after version 1" in changed
    for wrong in ("0000-0000-0000-0000-0000", "nonsense", "%25" * 20):
        assert "no score sheet with this receipt" in text_of(organiser.get(f"{listing(judging)}?receipt={wrong}").text)


def test_the_command_line_checks_a_receipt(judging: Judging, app: Flask) -> None:
    code = receipt_of(judging)
    db.session.remove()
    run = app.test_cli_runner()
    good = run.invoke(args=["judging", "receipt", code])
    assert (good.exit_code, good.output) == (
        0,
        f"mua-thu-2026 r1 {judging.code}: version 1 of the scorecard of Nguyễn Thị Minh Khai, genuine, stored now\n",
    )
    judging.post({"C1": "9", "C2": "7"}, key="another-key", version="1", act="submit")
    db.session.remove()
    changed = run.invoke(args=["judging", "receipt", code])
    assert (changed.exit_code, "genuine, changed since (version 2)" in changed.output) == (0, True)
    with unit_of_work() as session:
        session.execute(text("UPDATE scores SET points = 1"))
    forged = run.invoke(args=["judging", "receipt", code])
    assert (forged.exit_code, "does not fit" in forged.output) == (1, True)
    assert run.invoke(args=["judging", "receipt", "0" * 20]).exit_code == 1
    assert run.invoke(args=["judging", "receipt", "x"]).exit_code == 1


# Late


def close(judging: Judging, state: RoundState = RoundState.CLOSED) -> None:
    judging.change(Round, judging.round.id, state=state)


def late() -> list[LatePaper]:
    db.session.rollback()
    return list(db.session.scalars(select(LatePaper).order_by(LatePaper.id)))


def test_what_comes_after_the_close_is_kept_and_offered(judging: Judging, organiser: FlaskClient) -> None:
    judging.post({"C1": "8"})
    close(judging)
    entry = {"version": 1, "rubric_version": 1, "key": "another-key", "marks": {"C1": "9", "C2": "7,5"}, "submit": True}
    typed = {"feedback": "Rõ", "private_note": "Riêng", "started_at": "2026-10-08T11:58:00+07:00"}
    answer = judging.client.post(judging.url, json={**entry, **typed})
    body = said(answer)
    row = late()[0]
    assert (answer.status_code, body["error"], body["late"]) == (409, "scoring_closed", row.public_id)
    assert (row.marks, row.feedback, row.private_note) == ({"C1": "9", "C2": "7,5"}, "Rõ", "Riêng")
    assert (row.submit, row.state, row.started_at) == (
        True,
        LateState.OFFERED,
        datetime.fromisoformat(typed["started_at"]),
    )
    assert judging.stored() == ("draft", 1, {"C1": 16})
    mine = text_of(judging.client.get(body["late_url"]).text)
    assert "The organiser has not decided yet" in mine
    assert "Criterion 2: 7.5" in mine
    assert "Came after the close" in text_of(organiser.get(listing(judging)).text)


def test_one_late_paper_waits_per_paper(judging: Judging) -> None:
    close(judging)
    judging.autosave({"C1": "8"})
    judging.autosave({"C1": "9"}, key="another-key")
    assert [row.marks for row in late()] == [{"C1": "9"}]


def test_nothing_is_kept_that_is_stored_already_or_not_late(judging: Judging) -> None:
    judging.post({"C1": "8,50"}, feedback="Rõ")
    close(judging)
    judging.autosave({"C1": "8,5"}, key="another-key", version="1", feedback="Rõ")
    close(judging, RoundState.OPEN)
    judging.autosave({"C1": "9"}, key="another-key", version="1")
    judging.change(Round, judging.round.id, state=RoundState.SCORING, opens_at=clock.now() + timedelta(hours=1))
    judging.autosave({"C1": "9"}, key="another-key", version="1")
    assert late() == []


def test_a_deadline_that_has_passed_keeps_too(judging: Judging, noon: datetime) -> None:
    judging.change(Round, judging.round.id, closes_at=noon)
    assert said(judging.autosave({"C1": "8"}))["late"] == late()[0].public_id


def decide(judging: Judging, organiser: FlaskClient, verb: str, reason: str = "Mất mạng") -> Any:
    return organiser.post(f"{base(judging)}record/late/{late()[0].public_id}/{verb}", data={f"{verb}-reason": reason})


def test_an_accepted_late_paper_is_the_judges_scorecard(judging: Judging, organiser: FlaskClient) -> None:
    judging.post({"C1": "8"})
    judging.change(Round, judging.round.id, closes_at=clock.now())
    judging.autosave({"C1": "9", "C2": "7"}, key="another-key", version="1", act="submit", feedback="Rõ")
    answer = decide(judging, organiser, "accept")
    assert (answer.status_code, answer.location) == (303, listing(judging))
    assert judging.stored() == ("submitted", 2, {"C1": 18, "C2": 14})
    event = db.session.scalars(select(ScoreEventRow).order_by(ScoreEventRow.id.desc())).first()
    assert event is not None
    assert (event.kind.value, event.final, event.version, event.key) == ("accepted", True, 2, None)
    assert (late()[0].state, late()[0].decision) == (LateState.ACCEPTED, "Mất mạng")
    words = text_of(organiser.get(f"{base(judging)}record/{judging.id}").text)
    assert "Late marks accepted Phạm Minh Tổ" in words
    assert "Accepted" in text_of(judging.client.get(f"{judging.desk_url}late/{late()[0].public_id}").text)
    assert decide(judging, organiser, "dismiss").status_code == 409


def test_a_dismissed_late_paper_changes_nothing_and_stays(judging: Judging, organiser: FlaskClient) -> None:
    close(judging)
    judging.autosave({"C1": "9", "C2": "7"}, act="submit")
    assert decide(judging, organiser, "dismiss", "Quá muộn").status_code == 303
    assert judging.stored() is None
    words = text_of(judging.client.get(f"{judging.desk_url}late/{late()[0].public_id}").text)
    assert "They do not count" in words
    assert "Quá muộn" in words
    assert "Criterion 1: 9" in words


def test_a_closed_round_is_reopened_before_late_marks_count(judging: Judging, organiser: FlaskClient) -> None:
    close(judging)
    judging.autosave({"C1": "9", "C2": "7"}, act="submit")
    answer = decide(judging, organiser, "accept")
    assert (answer.status_code, "Reopen it first" in text_of(answer.text)) == (409, True)
    assert judging.stored() is None


def test_a_judge_who_saved_since_is_not_overwritten(judging: Judging, organiser: FlaskClient) -> None:
    close(judging)
    judging.autosave({"C1": "9", "C2": "7"}, act="submit")
    close(judging, RoundState.SCORING)
    with clock.stopped_at(clock.now() + timedelta(minutes=1)):
        judging.autosave({"C1": "5"}, key="another-key")
        assert decide(judging, organiser, "accept").status_code == 409
    assert judging.stored() == ("draft", 1, {"C1": 10})


def test_late_marks_are_checked_like_others(judging: Judging, organiser: FlaskClient) -> None:
    close(judging)
    judging.autosave({"C1": "11"}, act="submit")
    close(judging, RoundState.SCORING)
    answer = decide(judging, organiser, "accept")
    assert answer.status_code == 422
    assert "outside the scale" in text_of(answer.text)
    assert judging.stored() is None
    assert late()[0].state is LateState.OFFERED


def test_a_decision_needs_a_reason(judging: Judging, organiser: FlaskClient) -> None:
    close(judging)
    judging.autosave({"C1": "9"})
    assert decide(judging, organiser, "dismiss", "  ").status_code == 422
    assert late()[0].state is LateState.OFFERED


def test_the_late_paper_of_another_judge_is_not_there(judging: Judging, make: Make, app: Flask) -> None:
    close(judging)
    judging.autosave({"C1": "9"})
    client = app.test_client()
    make.sign_in(client, type("Person", (), {"id": make.judge(judging.edition).user_id})())
    assert client.get(f"{judging.desk_url}late/{late()[0].public_id}").status_code == 404


# All own marks


def test_all_own_marks_stand_on_one_page(judging: Judging, app: Flask) -> None:
    judging.post({"C1": "8,5", "C2": "7"})
    judging.more(2, ScorecardStatus.SUBMITTED)
    address = f"{judging.desk_url}mine/{judging.round.code}"
    judging.client.get(address)
    with counted(app) as statements:
        page = judging.client.get(address)
    words = text_of(page.text)
    assert "You gave the same total to" in words
    assert re.search(r"1 Bản đồ &lt;ngập&gt; BT-\d+ 8.5 7 15.5", words)
    assert "Criterion 1 3 0.5 3.17 8.5 0–10" in words
    assert len(statements) == 3
    assert judging.client.get(f"{judging.desk_url}mine/khong-co").status_code == 404


def test_own_marks_hold_nothing_of_another_judge(judging: Judging, make: Make) -> None:
    judging.post({"C1": "8,5", "C2": "7"})
    address = f"{judging.desk_url}mine/{judging.round.code}"
    before = judging.client.get(address).data
    other = make.assignment(judging.round, make.judge(judging.edition), judging.submission)
    make.scorecard(other, [20, 20])
    assert judging.client.get(address).data == before


def test_the_database_holds_each_save_once(judging: Judging) -> None:
    for number, mark in enumerate(("8", "8,5", "9")):
        judging.autosave({"C1": mark}, key=f"{KEY}-{number}", version=str(number))
        judging.autosave({"C1": mark}, key=f"{KEY}-{number}", version=str(number))
    assert [row.version for row in db.session.scalars(select(ScoreEventRow).order_by(ScoreEventRow.id))] == [1, 2, 3]
    assert db.session.query(Scorecard).count() == db.session.query(Score).count() == 1
    assert db.session.query(Edition).count() == 1
