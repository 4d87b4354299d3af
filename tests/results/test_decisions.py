"""Decisions in writing, the ledger, measured numbers: services on both databases, and their pages."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.accounts.roles import Role
from contest.editions.measures import Conversion, Measure
from contest.editions.models import Criterion, Round
from contest.editions.phases import RoundState
from contest.editions.queries import round_by_id
from contest.editions.rules import Advance, CutTies, RoundRules, Source
from contest.editions.rules_json import measure_to_json, rules_to_json
from contest.errors import NotFound, RuleBroken
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.judging.models import Advancement, Assignment, MeasuredScore
from contest.results import services
from contest.results.models import Adjustment, RulingRow
from contest.results.queries.cuts import awaiting_codes, cut_of
from contest.results.queries.rounds import live_report
from contest.results.rulings import RulingKind
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission
from tests.factories import Make
from tests.results.conftest import Scored

BASE = "/e/mua-thu-2026/organise/results/r1"


def record(scored: Scored, now: datetime, kind: RulingKind, place: int | None = None, value: str = "") -> int:
    code = "" if place is None else scored.submissions[place].code
    with unit_of_work():
        return services.record_ruling(
            round_id=scored.first.id,
            kind=kind,
            submission=code,
            value=value,
            reason="Hội đồng thống nhất",
            actor_id=scored.organiser.id,
            now=now,
        )


def set_rules(scored: Scored, rules: RoundRules) -> None:
    with unit_of_work():
        row = db.session.get(Round, scored.first.id)
        assert row is not None
        row.rules = rules_to_json(rules)


def set_state(scored: Scored, state: RoundState) -> None:
    with unit_of_work():
        row = db.session.get(Round, scored.first.id)
        assert row is not None
        row.state = state


def codes_of(scored: Scored, *places: int) -> list[str]:
    return [scored.submissions[place].code for place in places]


def actions() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def finalised(scored: Scored, now: datetime) -> None:
    """Close, confirm and finalise the first round; the edition has no chair."""
    with unit_of_work():
        services.close_round(edition=scored.facts, round_id=scored.first.id, actor_id=scored.organiser.id, now=now)
    with unit_of_work():
        services.confirm_round(edition=scored.facts, round_id=scored.first.id, actor_id=scored.organiser.id, now=now)
    with unit_of_work():
        services.finalise_round(edition=scored.facts, round_id=scored.first.id, actor_id=scored.organiser.id, now=now)


@pytest.mark.both_databases
def test_a_ruling_is_kept_with_reason_and_author_and_revoked_with_a_reason(
    app: Flask, scored: Scored, noon: datetime
) -> None:
    del app
    ruling_id = record(scored, noon, RulingKind.WILD_CARD, 1)
    row = db.session.get(RulingRow, ruling_id)
    assert row is not None
    assert (row.kind, row.submission_id, row.author, row.reason) == (
        RulingKind.WILD_CARD,
        scored.submissions[1].id,
        scored.organiser.name,
        "Hội đồng thống nhất",
    )
    with pytest.raises(RuleBroken, match="ruling_stands"):
        record(scored, noon, RulingKind.WILD_CARD, 1)
    with unit_of_work():
        services.revoke_ruling(
            round_id=scored.first.id, ruling_id=ruling_id, reason="Nhầm", actor_id=scored.organiser.id, now=noon
        )
    db.session.refresh(row)
    assert (row.revoked_at, row.revoked_by, row.revoked_reason) == (noon, scored.organiser.id, "Nhầm")
    assert record(scored, noon, RulingKind.WILD_CARD, 1) != ruling_id
    assert actions()[-3:] == ["ruling.recorded", "ruling.revoked", "ruling.recorded"]


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("state", [RoundState.CONFIRMED, RoundState.FINALISED, RoundState.PUBLISHED])
def test_confirmed_results_take_no_decision(scored: Scored, noon: datetime, state: RoundState) -> None:
    ruling_id = record(scored, noon, RulingKind.WILD_CARD, 1)
    set_state(scored, state)
    by: dict[str, Any] = {"round_id": scored.first.id, "reason": "Vì", "actor_id": scored.organiser.id, "now": noon}
    code = scored.submissions[0].code
    for act in (
        lambda: services.record_ruling(kind=RulingKind.HELD_BACK, submission=code, **by),
        lambda: services.revoke_ruling(ruling_id=ruling_id, **by),
        lambda: services.add_entry(submission=code, points=Decimal(1), **by),
        lambda: services.record_order(places={code: "1"}, **by),
    ):
        with pytest.raises(RuleBroken, match="round_settled"), unit_of_work():
            act()
    assert len(list(db.session.scalars(select(RulingRow)))) == 1


@pytest.mark.usefixtures("app")
def test_a_ruling_without_reason_or_about_a_stranger_is_refused(scored: Scored, noon: datetime) -> None:
    by: dict[str, Any] = {"round_id": scored.first.id, "actor_id": scored.organiser.id, "now": noon}
    with pytest.raises(RuleBroken, match="reason_missing"):
        services.record_ruling(kind=RulingKind.WILD_CARD, submission=scored.submissions[0].code, reason=" ", **by)
    with pytest.raises(RuleBroken, match="submission_not_in_round"):
        services.record_ruling(kind=RulingKind.WILD_CARD, submission="khong-co", reason="Vì", **by)
    with pytest.raises(NotFound):
        services.revoke_ruling(ruling_id=99, reason="Vì", **by)


@pytest.mark.usefixtures("app")
def test_an_order_of_the_chair_replaces_the_one_before(scored: Scored, noon: datetime) -> None:
    first, _second, third = (one.code for one in scored.submissions)
    by: dict[str, Any] = {"round_id": scored.first.id, "actor_id": scored.organiser.id, "now": noon, "reason": "Vì"}
    for places in ({first: "1", third: "2"}, {first: "2", third: "1"}):
        with unit_of_work():
            services.record_order(places=places, **by)
    standing = db.session.execute(
        select(Submission.code, RulingRow.value)
        .join(Submission, Submission.id == RulingRow.submission_id)
        .where(RulingRow.revoked_at.is_(None))
    )
    assert {row.code: row.value for row in standing} == {first: "2", third: "1"}
    with pytest.raises(RuleBroken, match="order_incomplete"):
        services.record_order(places={}, **by)
    with pytest.raises(RuleBroken, match="ruling_place_invalid"), unit_of_work():
        services.record_order(places={first: "1", third: "x"}, **by)
    assert len(list(db.session.scalars(select(RulingRow)))) == 4


@pytest.mark.both_databases
def test_rule_08_bonus_and_penalty_with_author_and_reason(app: Flask, scored: Scored, noon: datetime) -> None:
    del app
    code = scored.submissions[0].code
    by: dict[str, Any] = {"round_id": scored.first.id, "actor_id": scored.organiser.id, "now": noon}
    with unit_of_work():
        entry = services.add_entry(submission=code, points=Decimal(-25), reason="Nêu tên trường", **by)
        services.add_entry(submission=code, points=Decimal("2.5"), reason="Thưởng", author="Trưởng ban", **by)
    round_ = round_by_id(scored.first.id)
    assert round_ is not None
    line = next(one for one in live_report(scored.facts, round_).lines if one.entrant.code == code)
    assert line.result == "-8.00"
    with unit_of_work():
        services.withdraw_entry(entry_id=entry, reason="Nhầm đội", **by)
    line = next(one for one in live_report(scored.facts, round_).lines if one.entrant.code == code)
    assert line.result == "17.00"
    rows = db.session.scalars(select(Adjustment).order_by(Adjustment.id)).all()
    assert [(row.author, row.withdrawn_reason) for row in rows] == [
        (scored.organiser.name, "Nhầm đội"),
        ("Trưởng ban", ""),
    ]
    assert actions()[-3:] == ["ledger.added", "ledger.added", "ledger.withdrawn"]
    for points, refusal in ((Decimal(0), "points_zero"), (Decimal(10**7), "points_too_many")):
        with pytest.raises(RuleBroken, match=refusal):
            services.add_entry(submission=code, points=points, reason="Vì", **by)


def measured_criterion(scored: Scored, measure: Measure | None, source: Source = Source.ORGANISER) -> None:
    with unit_of_work():
        db.session.add(
            Criterion(
                round_id=scored.first.id,
                code="TIME",
                name_vi="Giây",
                minimum=Decimal(0),
                maximum=Decimal(10),
                step=Decimal("0.5"),
                weight=Decimal(1),
                max_points=20,
                source=source,
                measure=None if measure is None else measure_to_json(measure),
                position=9,
            )
        )


LINE = Measure(Conversion.LINEAR, best=Decimal(30), worst=Decimal(60))


@pytest.mark.both_databases
def test_rule_07_the_organiser_fills_a_criterion(app: Flask, scored: Scored, noon: datetime) -> None:
    del app
    measured_criterion(scored, None)
    first, second, third = (one.code for one in scored.submissions)
    by: dict[str, Any] = {"round_id": scored.first.id, "actor_id": scored.organiser.id, "now": noon}
    numbers = {first: Decimal("7.5"), second: Decimal(0), third: None}
    with unit_of_work():
        assert services.set_numbers(criterion="TIME", numbers=numbers, **by) == 2
    round_ = round_by_id(scored.first.id)
    assert round_ is not None
    assert round_.locked
    lines = {line.entrant.code: line for line in live_report(scored.facts, round_).lines}
    # 14.50 + 7.5; zero is a mark, a blank is not measured yet.
    assert {code: (line.result, line.status) for code, line in lines.items()} == {
        first: ("22.00", "ranked"),
        second: ("10.50", "ranked"),
        third: (None, "incomplete"),
    }
    with unit_of_work():
        assert services.set_numbers(criterion="TIME", numbers={first: None, second: Decimal(0)}, **by) == 1
    assert [row.points for row in db.session.scalars(select(MeasuredScore))] == [0]
    with pytest.raises(RuleBroken, match="score_off_step"), unit_of_work():
        services.set_numbers(criterion="TIME", numbers={first: Decimal("0.3")}, **by)
    with pytest.raises(NotFound):
        services.set_numbers(criterion="C1", numbers={}, **by)


@pytest.mark.usefixtures("app")
def test_a_measured_number_is_converted_and_lower_may_be_better(scored: Scored, noon: datetime) -> None:
    measured_criterion(scored, LINE)
    first, second, third = (one.code for one in scored.submissions)
    numbers = {first: Decimal(45), second: Decimal(20), third: Decimal("61.25")}
    with unit_of_work():
        services.set_numbers(
            round_id=scored.first.id, criterion="TIME", numbers=numbers, actor_id=scored.organiser.id, now=noon
        )
    round_ = round_by_id(scored.first.id)
    assert round_ is not None
    results = {line.entrant.code: line.result for line in live_report(scored.facts, round_).lines}
    assert results == {first: "19.50", second: "20.50", third: "14.50"}
    assert sorted(row.raw for row in db.session.scalars(select(MeasuredScore)) if row.raw is not None) == sorted(
        numbers.values()
    )


@pytest.mark.both_databases
def test_rule_40_void_votes_are_taken_off_on_record(app: Flask, scored: Scored, noon: datetime) -> None:
    del app
    measured_criterion(scored, Measure(Conversion.LEADER), Source.AUDIENCE)
    code = scored.submissions[0].code
    by: dict[str, Any] = {"round_id": scored.first.id, "actor_id": scored.organiser.id, "now": noon}
    with unit_of_work():
        services.set_numbers(criterion="TIME", numbers={code: Decimal(500)}, **by)
    with unit_of_work():
        left = services.void_votes(criterion="TIME", submission=code, votes=120, reason="Thư rác", **by)
    assert left == 380
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "votes.voided")).one()
    assert (entry.facts["votes"], entry.facts["reason"], entry.facts["remaining"]) == (120, "Thư rác", "380")
    for votes in (0, 381):
        with pytest.raises(RuleBroken, match="votes_too_many"):
            services.void_votes(criterion="TIME", submission=code, votes=votes, reason="Vì", **by)
    with pytest.raises(RuleBroken, match="reason_missing"):
        services.void_votes(criterion="TIME", submission=code, votes=1, reason="", **by)


@pytest.mark.both_databases
def test_rule_20_the_line_waits_for_the_chair_and_then_does_not(app: Flask, scored: Scored, noon: datetime) -> None:
    del app
    set_rules(scored, RoundRules(min_judges=2, advance=Advance(top=1, ties=CutTies.CHAIR)))
    round_ = round_by_id(scored.first.id)
    assert round_ is not None
    assert list(awaiting_codes(scored.facts.id, round_, live_report(scored.facts, round_))) == codes_of(scored, 0, 2)
    with unit_of_work():
        services.choose_at_line(
            round_id=scored.first.id,
            chosen=codes_of(scored, 2),
            reason="Ý tưởng mới hơn",
            actor_id=scored.organiser.id,
            now=noon,
        )
    report = live_report(scored.facts, round_)
    cut = cut_of(scored.facts.id, round_, report)
    assert [report.lines[place].entrant.code for place in cut.advancing] == codes_of(scored, 2)
    assert awaiting_codes(scored.facts.id, round_, report) == ()
    with pytest.raises(RuleBroken, match="nobody_chosen"):
        services.choose_at_line(
            round_id=scored.first.id, chosen=[], reason="Vì", actor_id=scored.organiser.id, now=noon
        )


def places_in(round_id: int) -> list[str]:
    return list(
        db.session.scalars(
            select(Submission.code)
            .join(Advancement, Advancement.submission_id == Submission.id)
            .where(Advancement.round_id == round_id)
            .order_by(Submission.code)
        )
    )


@pytest.mark.both_databases
def test_who_leaves_after_the_cut_promotes_the_next(make: Make, scored: Scored, noon: datetime) -> None:
    set_rules(scored, RoundRules(min_judges=2, advance=Advance(top=2)))
    finalised(scored, noon)
    by: dict[str, Any] = {
        "edition": scored.facts,
        "round_id": scored.first.id,
        "actor_id": scored.organiser.id,
        "now": noon,
    }
    with unit_of_work():
        assert services.advance_round(**by) == 2
    make.scorecard(make.assignment(scored.final, scored.judges[0], scored.submissions[0]), [10, 10])
    make.assignment(scored.final, scored.judges[0], scored.submissions[2])
    with unit_of_work():
        nobody = services.promote_next(**by)
    assert (nobody.added, nobody.removed, actions()[-1]) == ((), (), "round.advanced")
    with unit_of_work():
        db.session.get_one(Submission, scored.submissions[2].id).status = SubmissionStatus.WITHDRAWN
    with unit_of_work():
        done = services.promote_next(**by)
    assert (list(done.added), list(done.removed), done.kept) == (codes_of(scored, 1), codes_of(scored, 2), ())
    assert places_in(scored.final.id) == codes_of(scored, 0, 1)
    left = db.session.scalars(select(Assignment.submission_id).where(Assignment.round_id == scored.final.id)).all()
    assert left == [scored.submissions[0].id]


@pytest.mark.usefixtures("app")
def test_one_who_left_keeps_what_judges_wrote(make: Make, scored: Scored, noon: datetime) -> None:
    set_rules(scored, RoundRules(min_judges=2, advance=Advance(top=2)))
    finalised(scored, noon)
    by: dict[str, Any] = {
        "edition": scored.facts,
        "round_id": scored.first.id,
        "actor_id": scored.organiser.id,
        "now": noon,
    }
    with unit_of_work():
        services.advance_round(**by)
    make.scorecard(make.assignment(scored.final, scored.judges[0], scored.submissions[2]), [10, 10])
    with unit_of_work():
        db.session.get_one(Submission, scored.submissions[2].id).status = SubmissionStatus.DISQUALIFIED
    with unit_of_work():
        done = services.promote_next(**by)
    assert (list(done.added), done.removed, list(done.kept)) == (codes_of(scored, 1), (), codes_of(scored, 2))
    assert places_in(scored.final.id) == codes_of(scored, 0, 1, 2)


@pytest.mark.usefixtures("app")
def test_rule_38_the_best_skip_a_round(make: Make, scored: Scored, noon: datetime) -> None:
    last = make.round(scored.edition, "last")
    set_rules(scored, RoundRules(min_judges=2, advance=Advance(top=3, direct=2)))
    finalised(scored, noon)
    with unit_of_work():
        services.advance_round(edition=scored.facts, round_id=scored.first.id, actor_id=scored.organiser.id, now=noon)
    assert places_in(scored.final.id) == codes_of(scored, 1)
    assert places_in(last.id) == codes_of(scored, 0, 2)


# The pages.


def test_a_decision_is_recorded_and_taken_back_on_the_page(
    make: Make, client: FlaskClient, scored: Scored, noon: datetime
) -> None:
    make.sign_in(client, scored.organiser)
    client.set_cookie("locale", "en")
    code = scored.submissions[1].code
    page = client.get(f"{BASE}/decisions").get_data(as_text=True)
    assert "Nothing was decided in writing" in page
    data = {"kind": "wild_card", "wild_card-submission": code, "wild_card-reason": "Đáng xem"}
    assert client.post(f"{BASE}/decisions", data=data).status_code == 303
    page = client.get(f"{BASE}/decisions").get_data(as_text=True)
    assert "Đáng xem" in page
    assert client.post(f"{BASE}/decisions", data=data).status_code == 409
    ruling = db.session.scalars(select(RulingRow)).one()
    refused = client.post(f"{BASE}/decisions/{ruling.id}/revoke", data={"back-reason": ""})
    assert refused.status_code == 422
    assert client.post(f"{BASE}/decisions/{ruling.id}/revoke", data={"back-reason": "Nhầm"}).status_code == 303
    assert "Taken back" in client.get(f"{BASE}/decisions").get_data(as_text=True)


def test_another_number_of_places_moves_the_line(
    make: Make, client: FlaskClient, scored: Scored, noon: datetime
) -> None:
    make.sign_in(client, scored.organiser)
    data = {"kind": "cut_top", "cut_top-group": "", "cut_top-places": "3", "cut_top-reason": "Thêm suất"}
    assert client.post(f"{BASE}/decisions", data=data).status_code == 303
    page = client.get(f"{BASE}/advance").get_data(as_text=True)
    assert all(f"{one.code} ·" in page for one in scored.submissions)


def test_what_does_not_fit_is_told_on_the_form(make: Make, client: FlaskClient, scored: Scored, noon: datetime) -> None:
    make.sign_in(client, scored.organiser)
    data = {"kind": "cut_top", "cut_top-places": "viele", "cut_top-reason": ""}
    assert client.post(f"{BASE}/decisions", data=data).status_code == 422
    assert client.post(f"{BASE}/decisions", data={"kind": "award"}).status_code == 404
    assert client.post(f"{BASE}/decisions/line", data={"order-reason": "Vì"}).status_code == 409
    assert client.post(f"{BASE}/decisions/order", data={"order-reason": "Vì"}).status_code == 409
    assert list(db.session.scalars(select(RulingRow))) == []


def test_a_tie_for_the_chair_is_ordered_on_the_page(
    make: Make, client: FlaskClient, scored: Scored, noon: datetime
) -> None:
    set_rules(scored, RoundRules(min_judges=2, tie_breaks=("chair",)))
    chair = make.member(scored.edition, Role.CHAIR)
    make.sign_in(client, chair)
    first, third = codes_of(scored, 0, 2)
    assert f'name="place-{first}"' in client.get(f"{BASE}/decisions").get_data(as_text=True)
    data = {f"place-{first}": "2", f"place-{third}": "1", "order-reason": "Ý tưởng mới hơn"}
    assert client.post(f"{BASE}/decisions/order", data=data).status_code == 303
    round_ = round_by_id(scored.first.id)
    assert round_ is not None
    lines = live_report(scored.facts, round_).lines
    assert [(line.entrant.code, line.rank) for line in lines[:2]] == [(third, 1), (first, 2)]
    assert f'name="place-{first}"' not in client.get(f"{BASE}/decisions").get_data(as_text=True)


def test_the_ledger_page_takes_comma_and_sign(make: Make, client: FlaskClient, scored: Scored, noon: datetime) -> None:
    make.sign_in(client, scored.organiser)
    code = scored.submissions[0].code
    data = {"entry-submission": code, "entry-points": "-2,5", "entry-reason": "Nộp muộn"}
    assert client.post(f"{BASE}/ledger", data=data).status_code == 303
    row = db.session.scalars(select(Adjustment)).one()
    assert row.points == Decimal("-2.5")
    assert client.post(f"{BASE}/ledger", data={**data, "entry-points": "0"}).status_code == 409
    assert client.post(f"{BASE}/ledger", data={**data, "entry-points": "x"}).status_code == 422
    assert client.post(f"{BASE}/ledger/{row.id}/withdraw", data={"back-reason": "Nhầm"}).status_code == 303
    assert "-2,5" in client.get(f"{BASE}/ledger").get_data(as_text=True)


def test_a_grid_of_numbers_takes_comma_and_point(
    make: Make, client: FlaskClient, scored: Scored, noon: datetime
) -> None:
    measured_criterion(scored, LINE)
    make.sign_in(client, scored.organiser)
    client.set_cookie("locale", "en")
    here = f"{BASE}/measured/TIME"
    assert "60 or worse is 0" in client.get(here).get_data(as_text=True)
    first, second, third = (one.code for one in scored.submissions)
    data = {f"number-{first}": "41,5", f"number-{second}": "41.5", f"number-{third}": ""}
    assert client.post(here, data=data).status_code == 303
    assert [row.raw for row in db.session.scalars(select(MeasuredScore))] == [Decimal("41.5"), Decimal("41.5")]
    refused = client.post(here, data={f"number-{first}": "nhanh", f"number-{second}": "7"})
    assert refused.status_code == 422
    assert [row.raw for row in db.session.scalars(select(MeasuredScore))] == [Decimal("41.5"), Decimal("41.5")]
    assert client.get(f"{BASE}/measured/C1").status_code == 404


def test_a_file_is_shown_before_it_is_saved(make: Make, client: FlaskClient, scored: Scored, noon: datetime) -> None:
    measured_criterion(scored, Measure(Conversion.LEADER), Source.AUDIENCE)
    make.sign_in(client, scored.organiser)
    client.set_cookie("locale", "en")
    first, second, _third = (one.code for one in scored.submissions)
    text = f"note;votes;submission\nx;120;{first.lower()}\ny;80;{second}\nz;1;BT-999\n"
    page = client.post(
        f"{BASE}/measured/TIME/file", data={"file-file": (BytesIO(text.encode()), "phieu.csv")}
    ).get_data(as_text=True)
    assert 'value="120"' in page
    assert "“BT-999” is not in this round" in page
    assert list(db.session.scalars(select(MeasuredScore))) == []
    data = {f"number-{first}": "120", f"number-{second}": "80"}
    assert client.post(f"{BASE}/measured/TIME", data=data).status_code == 303
    assert client.post(f"{BASE}/measured/TIME", data={f"number-{first}": "0,5"}).status_code == 422
    void = {"void-submission": first, "void-votes": "20", "void-reason": "Thư rác"}
    assert client.post(f"{BASE}/measured/TIME/void", data=void).status_code == 303
    assert [row.raw for row in db.session.scalars(select(MeasuredScore).order_by(MeasuredScore.id))] == [100, 80]
    assert client.post(f"{BASE}/measured/TIME/void", data={**void, "void-votes": "101"}).status_code == 409


@pytest.mark.parametrize("role", [Role.JUDGE, Role.CAPTAIN, Role.OBSERVER])
def test_only_the_committee_and_the_chair_decide(
    make: Make, client: FlaskClient, scored: Scored, noon: datetime, role: Role
) -> None:
    make.sign_in(client, make.member(scored.edition, role))
    for path in ("decisions", "decisions/order", "decisions/line", "decisions/1/revoke", "ledger", "ledger/1/withdraw"):
        assert client.post(f"{BASE}/{path}").status_code == 403
    for path in ("measured/TIME", "measured/TIME/file", "measured/TIME/void", "promote"):
        assert client.post(f"{BASE}/{path}").status_code == 403
