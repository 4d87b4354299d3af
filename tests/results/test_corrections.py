"""A correction needs a reason and a second person and makes version 2; version 1 and what is public stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.editions.models import Round
from contest.editions.phases import RoundState
from contest.errors import NotFound, RuleBroken
from contest.infra.db import db, unit_of_work
from contest.judging.models import Score
from contest.results import services
from contest.results.compare import Change, compare
from contest.results.models import Confirmation, Correction
from contest.results.queries import corrections_of, frozen, frozen_report, latest_snapshot, snapshot_of, snapshots_of
from contest.results.reviews import CorrectionStatus
from tests.counting import counted
from tests.factories import Make
from tests.results import way
from tests.results.conftest import Scored

BASE = "/e/mua-thu-2026/organise/results/r1"


@pytest.fixture
def second(make: Make, scored: Scored) -> User:
    return make.member(scored.edition, Role.SECRETARY, make.user("Thư ký Hạnh"))


def publish(scored: Scored, now: datetime) -> None:
    way.publish(scored.facts, scored.first.id, scored.organiser.id, now)


def round_row(scored: Scored) -> Round:
    db.session.expire_all()
    return db.session.get_one(Round, scored.first.id)


def raise_a_mark(scored: Scored, now: datetime) -> None:
    """Open the scoring, change the first mark of the weakest entry's first scorecard, and close again."""
    with unit_of_work() as session:
        services.reopen_round(round_id=scored.first.id, actor_id=None, now=now)
        rows = session.scalars(select(Score).order_by(Score.scorecard_id, Score.criterion_id)).all()
        rows[4].points = 20  # entry 2, judge 1: 5 + 5 becomes 10 + 5
    way.close(scored.facts, scored.first.id, now)


@pytest.mark.both_databases
def test_a_correction_makes_version_two_and_version_one_stays(
    app: Flask, scored: Scored, second: User, noon: datetime
) -> None:
    publish(scored, noon)
    first = latest_snapshot(scored.first.id)
    assert first is not None
    before = frozen_report(first.id)
    way.correct(scored.facts, scored.first.id, scored.organiser.id, second.id, noon, "Nhập nhầm điểm C1")
    row = round_row(scored)
    assert (row.state, row.published_version) == (RoundState.CLOSED, 1)
    raise_a_mark(scored, noon)
    way.confirm(scored.facts, scored.first.id, scored.organiser.id, noon)
    way.freeze(scored.facts, scored.first.id, scored.organiser.id, noon)
    assert [one.version for one in snapshots_of(scored.first.id)] == [1, 2]
    assert (round_row(scored).published_version, frozen_report(first.id)) == (1, before)
    newest = latest_snapshot(scored.first.id)
    assert newest is not None
    record = frozen(newest.id).record
    assert record is not None
    assert (record.version, record.correction) == (2, "Nhập nhầm điểm C1")
    assert db.session.scalars(select(Correction.status)).one() is CorrectionStatus.DONE
    with unit_of_work():
        services.publish_round(edition=scored.facts, round_id=scored.first.id, actor_id=None, now=noon)
    assert round_row(scored).published_version == 2


@pytest.mark.both_databases
def test_one_person_does_not_do_both(app: Flask, scored: Scored, second: User, noon: datetime) -> None:
    publish(scored, noon)
    with pytest.raises(RuleBroken, match="same_person"):
        way.correct(scored.facts, scored.first.id, scored.organiser.id, scored.organiser.id, noon)
    assert round_row(scored).state is RoundState.PUBLISHED
    assert corrections_of(scored.first.id)[0].status is CorrectionStatus.ASKED


def test_a_correction_needs_a_reason_and_frozen_results_and_comes_alone(
    app: Flask, scored: Scored, second: User, noon: datetime
) -> None:
    def ask(reason: str) -> None:
        with unit_of_work():
            services.ask_correction(
                edition=scored.facts, round_id=scored.first.id, reason=reason, actor_id=second.id, now=noon
            )

    with pytest.raises(RuleBroken, match="round_cannot_correct"):
        ask("Sai")
    publish(scored, noon)
    with pytest.raises(RuleBroken, match="reason_missing"):
        ask("  ")
    ask("Sai")
    with pytest.raises(RuleBroken, match="correction_open"):
        ask("Sai nữa")


def test_a_refusal_says_why_and_leaves_everything(app: Flask, scored: Scored, second: User, noon: datetime) -> None:
    publish(scored, noon)
    with unit_of_work():
        asked = services.ask_correction(
            edition=scored.facts, round_id=scored.first.id, reason="Sai", actor_id=second.id, now=noon
        ).public_id

    def decide(answer: str, *, approve: bool = False) -> None:
        with unit_of_work():
            services.decide_correction(
                edition=scored.facts, round_id=scored.first.id, public_id=asked, approve=approve, answer=answer,
                actor_id=scored.organiser.id, now=noon,
            )  # fmt: skip

    with pytest.raises(RuleBroken, match="reason_missing"):
        decide("")
    decide("Điểm đúng như phiếu giấy")
    assert round_row(scored).state is RoundState.PUBLISHED
    line = corrections_of(scored.first.id)[0]
    assert (line.status, line.asked_by, line.decided_by, line.answer) == (
        CorrectionStatus.REFUSED, "Thư ký Hạnh", scored.organiser.name, "Điểm đúng như phiếu giấy",
    )  # fmt: skip
    with pytest.raises(RuleBroken, match="correction_decided"):
        decide("", approve=True)


def test_a_correction_of_another_edition_is_not_there(
    app: Flask, make: Make, scored: Scored, second: User, noon: datetime
) -> None:
    publish(scored, noon)
    other = make.facts(make.edition("mua-khac"))
    with pytest.raises(NotFound):
        way.correct(other, scored.first.id, scored.organiser.id, second.id, noon)
    with pytest.raises(NotFound), unit_of_work():
        services.decide_correction(
            edition=scored.facts, round_id=scored.first.id, public_id="zzzz", approve=True, answer="",
            actor_id=second.id, now=noon,
        )  # fmt: skip


def test_the_confirmation_falls_with_an_approved_correction(
    app: Flask, scored: Scored, second: User, noon: datetime
) -> None:
    publish(scored, noon)
    way.correct(scored.facts, scored.first.id, scored.organiser.id, second.id, noon)
    assert db.session.scalars(select(Confirmation.revoked_at)).one() == noon


def test_two_versions_are_compared_line_by_line(app: Flask, scored: Scored, second: User, noon: datetime) -> None:
    publish(scored, noon)
    way.correct(scored.facts, scored.first.id, scored.organiser.id, second.id, noon)
    raise_a_mark(scored, noon)
    way.confirm(scored.facts, scored.first.id, scored.organiser.id, noon)
    way.freeze(scored.facts, scored.first.id, scored.organiser.id, noon)
    old, new = (snapshot_of(scored.first.id, version) for version in (1, 2))
    assert old is not None
    assert new is not None
    weak = scored.submissions[1]
    report = frozen_report(new.id)
    team = next(line.entrant.team for line in report.lines if line.entrant.code == weak.code)
    assert compare(frozen_report(old.id), report) == (
        Change(weak.code, weak.title, team, "result", "10.50", "13.00"),
        Change(weak.code, weak.title, team, "scorecard", "10.0", "15.0", scored.judges[0].name),
    )
    assert compare(report, report) == ()


def test_who_entered_and_who_left_is_told(app: Flask, scored: Scored, second: User, noon: datetime) -> None:
    publish(scored, noon)
    snapshot = latest_snapshot(scored.first.id)
    assert snapshot is not None
    report = frozen_report(snapshot.id)
    shorter = replace(report, lines=report.lines[1:])
    gone = report.lines[0].entrant
    assert [(one.entry, one.what, one.before, one.after) for one in compare(report, shorter)] == [
        (gone.code, "left", "14.50", None)
    ]
    assert [(one.entry, one.what, one.before, one.after) for one in compare(shorter, report)] == [
        (gone.code, "entered", None, "14.50")
    ]


def test_the_public_page_keeps_the_published_version_while_it_is_corrected(
    make: Make, client: FlaskClient, scored: Scored, second: User, noon: datetime
) -> None:
    publish(scored, noon)
    public = "/e/mua-thu-2026/results/r1"
    before = client.get(public).data
    steps = (
        lambda: way.correct(scored.facts, scored.first.id, scored.organiser.id, second.id, noon, "Bí mật"),
        lambda: raise_a_mark(scored, noon),
        lambda: way.confirm(scored.facts, scored.first.id, scored.organiser.id, noon),
        lambda: way.freeze(scored.facts, scored.first.id, scored.organiser.id, noon),
    )
    for step in steps:
        step()
        answer = client.get(public)
        assert (answer.status_code, answer.data) == (200, before)
    with unit_of_work():
        services.publish_round(edition=scored.facts, round_id=scored.first.id, actor_id=None, now=noon)
    after = client.get(public).get_data(as_text=True)
    assert "13,00" in after
    assert "10,50" not in after
    assert "Bí mật" not in after


def test_asking_and_deciding_through_the_pages(
    make: Make, client: FlaskClient, scored: Scored, second: User, noon: datetime
) -> None:
    publish(scored, noon)
    make.sign_in(client, scored.organiser)
    assert client.post(f"{BASE}/corrections", data={"reason": ""}).status_code == 422
    assert client.post(f"{BASE}/corrections", data={"reason": "Nhập nhầm"}).status_code == 303
    asked = corrections_of(scored.first.id)[0].public_id
    assert client.post(f"{BASE}/corrections/{asked}", data={"act": "approve"}).status_code == 409
    assert client.post(f"{BASE}/corrections/zzzz", data={"act": "approve"}).status_code == 404
    make.sign_in(client, second)
    page = client.get(f"{BASE}/versions").get_data(as_text=True)
    assert "Nhập nhầm" in page
    assert client.post(f"{BASE}/corrections/{asked}", data={"act": "maybe"}).status_code == 422
    assert client.post(f"{BASE}/corrections/{asked}", data={"act": "approve"}).status_code == 303
    assert round_row(scored).state is RoundState.CLOSED
    assert "Nhập nhầm" in client.get(BASE).get_data(as_text=True)


def test_the_pages_of_versions(
    app: Flask, make: Make, client: FlaskClient, scored: Scored, second: User, noon: datetime
) -> None:
    publish(scored, noon)
    way.correct(scored.facts, scored.first.id, scored.organiser.id, second.id, noon, "Nhập nhầm")
    raise_a_mark(scored, noon)
    way.confirm(scored.facts, scored.first.id, scored.organiser.id, noon)
    way.freeze(scored.facts, scored.first.id, scored.organiser.id, noon)
    make.sign_in(client, make.member(scored.edition, Role.OBSERVER))
    client.set_cookie("locale", "en")
    page = client.get(f"{BASE}/versions/2").get_data(as_text=True)
    assert "10.50" in page
    assert "13.00" in page
    assert "Nhập nhầm" in page
    assert "13.00" not in client.get(f"{BASE}/versions/1").get_data(as_text=True)
    for path in ("3", "0", "99999999999"):
        assert client.get(f"{BASE}/versions/{path}").status_code == 404
    for path in ("9", "x", "", "-1"):
        assert client.get(f"{BASE}/minutes?version={path}").status_code == 404
    assert "10.50" in client.get(f"{BASE}/minutes?version=1").get_data(as_text=True)
    with counted(app) as statements:
        client.get(f"{BASE}/versions")
    assert len(statements) <= 8
