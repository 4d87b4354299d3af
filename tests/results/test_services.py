"""Closing notes, confirming checks, finalising freezes for good, publishing is an act of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from contest.accounts.roles import Role
from contest.editions.models import Edition, Round
from contest.editions.phases import RoundState
from contest.editions.queries import round_by_id
from contest.editions.rules import Quorum, RoundRules
from contest.editions.rules_json import rules_from_json, rules_to_json
from contest.errors import NotAllowed, NotFound, RuleBroken
from contest.infra import wiping
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.judging.models import Advancement, Score, Scorecard
from contest.judging.papers import Entry
from contest.judging.queries.desk import desk_of
from contest.judging.services.scoring import save_scorecard
from contest.judging.states import ScorecardStatus
from contest.results import services
from contest.results.models import Closing, Confirmation, Snapshot
from contest.results.queries import frozen, frozen_report, latest_snapshot, snapshots_of
from contest.results.queries.lifecycle import council_of
from contest.results.rulings import RulingKind
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission
from tests.factories import Make
from tests.results import way
from tests.results.conftest import Scored


def state(scored: Scored) -> RoundState:
    db.session.expire_all()
    return db.session.get_one(Round, scored.first.id).state


def set_rules(scored: Scored, **values: object) -> None:
    with unit_of_work() as session:
        row = session.get_one(Round, scored.first.id)
        row.rules = rules_to_json(replace(rules_from_json(row.rules), **values))  # type: ignore[arg-type]


def finalise(scored: Scored, now: datetime) -> str:
    return way.finalise(scored.facts, scored.first.id, scored.organiser.id, now)


@pytest.mark.both_databases
def test_closing_notes_what_lies_there_and_freezes_nothing(app: Flask, scored: Scored, noon: datetime) -> None:
    way.close(scored.facts, scored.first.id, noon)
    assert state(scored) is RoundState.CLOSED
    assert db.session.query(Snapshot).count() == 0
    papers = db.session.scalars(select(Closing.papers)).one()
    assert len(papers) == 6
    assert papers[0] == [scored.submissions[0].code, scored.judges[0].code, "submitted 2 30"]


@pytest.mark.both_databases
def test_finalising_freezes_version_one(app: Flask, scored: Scored, noon: datetime) -> None:
    digest = finalise(scored, noon)
    snapshot = latest_snapshot(scored.first.id)
    assert snapshot is not None
    assert (snapshot.version, snapshot.fingerprint, snapshot.created_at) == (1, digest, noon)
    assert (snapshot.created_by, state(scored)) == (scored.organiser.name, RoundState.FINALISED)
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions[-3:] == ["scoring.closed", "round.confirmed", "round.finalised"]
    record = frozen(snapshot.id).record
    assert record is not None
    assert (record.version, record.confirmed_by, record.confirmed_as) == (1, scored.organiser.name, "organiser")
    assert (record.total.expected, record.total.scored, record.missing) == (6, 6, ())


def test_nothing_is_finalised_unconfirmed_or_twice(app: Flask, scored: Scored, noon: datetime) -> None:
    with pytest.raises(RuleBroken, match="round_cannot_finalise"):
        way.freeze(scored.facts, scored.first.id, scored.organiser.id, noon)
    finalise(scored, noon)
    with pytest.raises(RuleBroken, match="round_cannot_finalise"):
        way.freeze(scored.facts, scored.first.id, scored.organiser.id, noon)
    assert db.session.query(Snapshot).count() == 1


@pytest.mark.both_databases
def test_rs_05_a_frozen_result_takes_no_mark_and_its_bytes_stay(
    app: Flask, make: Make, scored: Scored, noon: datetime
) -> None:
    finalise(scored, noon)
    before = db.session.execute(select(Snapshot.payload, Snapshot.fingerprint)).one()
    judge = scored.judges[0]
    paper = desk_of(scored.edition.id, judge.user_id)[0].rows[0]
    entry = Entry(version=1, rubric_version=1, key="later", texts={"C1": "10", "C2": "10"}, submit=True)
    with pytest.raises(RuleBroken, match="scoring_closed"), unit_of_work():
        save_scorecard(
            edition_id=scored.edition.id, assignment=paper.public_id, actor_id=judge.user_id, entry=entry, now=noon
        )
    with unit_of_work() as session:  # not even a change beside the application reaches the results
        for score in session.scalars(select(Score)):
            score.points = 0
    assert db.session.execute(select(Snapshot.payload, Snapshot.fingerprint)).one() == before
    snapshot = latest_snapshot(scored.first.id)
    assert snapshot is not None
    assert [line.result for line in frozen_report(snapshot.id).lines] == ["14.50", "14.50", "10.50"]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "statement", ["UPDATE snapshots SET payload = '{}'", "UPDATE snapshots SET version = 9", "DELETE FROM snapshots"]
)
def test_rs_05_the_database_itself_refuses_to_change_a_snapshot(
    app: Flask, scored: Scored, noon: datetime, statement: str
) -> None:
    finalise(scored, noon)
    with pytest.raises(DatabaseError, match="a snapshot is never"), unit_of_work() as session:
        session.execute(text(statement))
    assert [one.version for one in snapshots_of(scored.first.id)] == [1]


@pytest.mark.both_databases
def test_the_snapshots_of_a_test_edition_go_with_it(app: Flask, scored: Scored, noon: datetime) -> None:
    finalise(scored, noon)
    with unit_of_work() as session:
        session.get_one(Edition, scored.edition.id).is_test = True
    with unit_of_work() as session:
        session.execute(text("DELETE FROM snapshots"))
    assert snapshots_of(scored.first.id) == ()


def test_the_tables_of_the_way_are_known_to_the_sweep() -> None:
    assert {"snapshots", "closings", "confirmations", "attendances", "corrections", "appeals"} <= wiping.covered()


@pytest.mark.both_databases
def test_case_06_unfinished_judges_are_accepted_in_writing(
    app: Flask, make: Make, scored: Scored, noon: datetime
) -> None:
    late = [make.judge(scored.edition, name=f"Giám khảo trễ {number}") for number in (1, 2)]
    for judge in late:
        make.assignment(scored.first, judge, scored.submissions[0])
    way.close(scored.facts, scored.first.id, noon)
    with pytest.raises(RuleBroken) as refused:
        way.confirm(scored.facts, scored.first.id, scored.organiser.id, noon)
    assert (refused.value.code, refused.value.facts["judges"], refused.value.facts["all"]) == ("check_unfinished", 2, 4)
    way.accept(scored.first.id, RulingKind.UNFINISHED_ACCEPTED, scored.organiser.id, noon)
    way.confirm(scored.facts, scored.first.id, scored.organiser.id, noon)
    way.freeze(scored.facts, scored.first.id, scored.organiser.id, noon)
    snapshot = latest_snapshot(scored.first.id)
    assert snapshot is not None
    record = frozen(snapshot.id).record
    assert record is not None
    assert record.missing == tuple((scored.submissions[0].code, judge.code) for judge in late)
    assert [(one.kind, one.reason, one.author) for one in record.rulings] == [
        ("unfinished_accepted", "Hai giám khảo đi vắng", scored.organiser.name)
    ]


@pytest.mark.both_databases
def test_the_chair_confirms_where_there_is_one(app: Flask, make: Make, scored: Scored, noon: datetime) -> None:
    chair = make.member(scored.edition, Role.CHAIR, make.user("Bà Chủ tịch"))
    way.close(scored.facts, scored.first.id, noon)
    with pytest.raises(NotAllowed, match="chair_confirms"):
        way.confirm(scored.facts, scored.first.id, scored.organiser.id, noon)
    way.confirm(scored.facts, scored.first.id, chair.id, noon)
    row = db.session.scalars(select(Confirmation)).one()
    assert (row.name, row.as_chair, row.confirmed_at, row.revoked_at) == ("Bà Chủ tịch", True, noon, None)
    assert state(scored) is RoundState.CONFIRMED


def test_a_chair_who_cannot_sign_in_is_no_chair(app: Flask, make: Make, scored: Scored, noon: datetime) -> None:
    make.member(scored.edition, Role.CHAIR, make.user("Ông Đã Nghỉ", is_active=False))
    way.close(scored.facts, scored.first.id, noon)
    way.confirm(scored.facts, scored.first.id, scored.organiser.id, noon)
    assert db.session.scalars(select(Confirmation.as_chair)).one() is False


@pytest.mark.both_databases
def test_a_confirmation_is_taken_back_with_a_reason_and_made_again(app: Flask, scored: Scored, noon: datetime) -> None:
    way.close(scored.facts, scored.first.id, noon)
    way.confirm(scored.facts, scored.first.id, scored.organiser.id, noon)
    with pytest.raises(RuleBroken, match="round_settled"):
        way.accept(scored.first.id, RulingKind.FEW_ENTRIES_ACCEPTED, scored.organiser.id, noon)
    with pytest.raises(RuleBroken, match="reason_missing"), unit_of_work():
        services.unconfirm_round(round_id=scored.first.id, actor_id=scored.organiser.id, now=noon, reason=" ")
    with unit_of_work():
        services.unconfirm_round(
            round_id=scored.first.id, actor_id=scored.organiser.id, now=noon, reason="Thiếu biên bản"
        )
    assert state(scored) is RoundState.CLOSED
    way.accept(scored.first.id, RulingKind.FEW_ENTRIES_ACCEPTED, scored.organiser.id, noon)
    way.confirm(scored.facts, scored.first.id, scored.organiser.id, noon)
    rows = db.session.execute(select(Confirmation.revoked_at, Confirmation.revoked_reason).order_by(Confirmation.id))
    assert [tuple(row) for row in rows] == [(noon, "Thiếu biên bản"), (None, "")]


def test_what_changed_after_the_confirmation_must_be_confirmed_again(
    app: Flask, scored: Scored, noon: datetime
) -> None:
    way.close(scored.facts, scored.first.id, noon)
    way.confirm(scored.facts, scored.first.id, scored.organiser.id, noon)
    with unit_of_work() as session:
        session.get_one(Submission, scored.submissions[0].id).status = SubmissionStatus.DISQUALIFIED
    with pytest.raises(RuleBroken, match="check_unchanged"):
        way.freeze(scored.facts, scored.first.id, scored.organiser.id, noon)
    assert (state(scored), db.session.query(Snapshot).count()) == (RoundState.CONFIRMED, 0)


@pytest.mark.both_databases
def test_a_quorum_is_met_by_those_who_are_there_or_accepted(
    app: Flask, make: Make, scored: Scored, noon: datetime
) -> None:
    set_rules(scored, quorum=Quorum(present=3, chair=True, secretary=True))
    chair, secretary = make.member(scored.edition, Role.CHAIR), make.member(scored.edition, Role.SECRETARY)
    way.close(scored.facts, scored.first.id, noon)
    seats = {seat.user_id: seat.person for seat in council_of(scored.edition.id, scored.first.id)}
    assert set(seats) == {chair.id, secretary.id, *(judge.user_id for judge in scored.judges)}

    def note(*present: int) -> int:
        with unit_of_work():
            return services.note_attendance(
                edition=scored.facts, round_id=scored.first.id, present=frozenset(seats[one] for one in present),
                actor_id=None, now=noon,
            )  # fmt: skip

    judges = [judge.user_id for judge in scored.judges]
    for there in ((), (chair.id, secretary.id), (chair.id, *judges), (secretary.id, *judges)):
        note(*there)
        with pytest.raises(RuleBroken, match="check_quorum"):
            way.confirm(scored.facts, scored.first.id, chair.id, noon)
    assert note(chair.id, secretary.id, judges[0]) == 3
    way.confirm(scored.facts, scored.first.id, chair.id, noon)
    with pytest.raises(RuleBroken, match="round_settled"):
        note(chair.id)
    way.freeze(scored.facts, scored.first.id, scored.organiser.id, noon)
    snapshot = latest_snapshot(scored.first.id)
    assert snapshot is not None
    record = frozen(snapshot.id).record
    assert record is not None
    assert [(one.chair, one.secretary, one.judge, one.present) for one in record.council] == [
        (True, False, False, True),
        (False, True, False, True),
        *((False, False, True, judge.user_id == judges[0]) for judge in scored.judges),
    ]


def test_a_missed_quorum_may_be_accepted(app: Flask, scored: Scored, noon: datetime) -> None:
    set_rules(scored, quorum=Quorum(present=3), min_entries=9)
    way.close(scored.facts, scored.first.id, noon)
    for code, kind in (
        ("check_quorum", RulingKind.QUORUM_ACCEPTED),
        ("check_entries", RulingKind.FEW_ENTRIES_ACCEPTED),
    ):
        with pytest.raises(RuleBroken, match=code):
            way.confirm(scored.facts, scored.first.id, scored.organiser.id, noon)
        way.accept(scored.first.id, kind, scored.organiser.id, noon)
    way.confirm(scored.facts, scored.first.id, scored.organiser.id, noon)


def test_nobody_from_elsewhere_is_on_the_council(app: Flask, make: Make, scored: Scored, noon: datetime) -> None:
    stranger = make.judge(make.edition("mua-khac"))
    person = council_of(stranger.edition_id, scored.first.id)[0].person
    with pytest.raises(NotFound), unit_of_work():
        services.note_attendance(
            edition=scored.facts, round_id=scored.first.id, present=frozenset({person}), actor_id=None, now=noon
        )


@pytest.mark.both_databases
def test_rs_07_publishing_is_an_act_of_its_own(app: Flask, scored: Scored, noon: datetime) -> None:
    with pytest.raises(RuleBroken, match="round_not_finalised"), unit_of_work():
        services.publish_round(edition=scored.facts, round_id=scored.first.id, actor_id=None, now=noon)
    finalise(scored, noon)
    round_ = round_by_id(scored.first.id)
    assert round_ is not None
    assert (round_.published_at, round_.published_version) == (None, None)
    later = noon + timedelta(days=1)
    for _ in range(2):  # repeating changes nothing
        with unit_of_work():
            services.publish_round(edition=scored.facts, round_id=scored.first.id, actor_id=None, now=later)
        later += timedelta(days=1)
    db.session.expire_all()
    round_ = round_by_id(scored.first.id)
    assert round_ is not None
    assert (round_.state, round_.published_at, round_.published_version) == (
        RoundState.PUBLISHED,
        noon + timedelta(days=1),
        1,
    )


@pytest.mark.both_databases
def test_all_tied_at_the_line_advance(app: Flask, scored: Scored, noon: datetime) -> None:
    finalise(scored, noon)
    with unit_of_work():
        count = services.advance_round(
            edition=scored.facts, round_id=scored.first.id, actor_id=scored.organiser.id, now=noon
        )
    assert count == 2
    rows = db.session.scalars(select(Advancement.submission_id).where(Advancement.round_id == scored.final.id)).all()
    assert set(rows) == {scored.submissions[0].id, scored.submissions[2].id}


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_nobody_advances_before_the_results_are_final(app: Flask, scored: Scored, noon: datetime, steps: int) -> None:
    if steps:
        way.close(scored.facts, scored.first.id, noon)
    if steps == 2:
        way.confirm(scored.facts, scored.first.id, scored.organiser.id, noon)
    with pytest.raises(RuleBroken, match="round_not_finalised"), unit_of_work():
        services.advance_round(edition=scored.facts, round_id=scored.first.id, actor_id=None, now=noon)
    assert db.session.query(Advancement).count() == 0


def test_advancing_twice_replaces_the_first_decision(app: Flask, scored: Scored, noon: datetime) -> None:
    finalise(scored, noon)
    for _ in range(2):
        with unit_of_work():
            services.advance_round(edition=scored.facts, round_id=scored.first.id, actor_id=None, now=noon)
    assert db.session.query(Advancement).count() == 2


def test_the_last_round_has_nobody_to_advance(app: Flask, scored: Scored, noon: datetime, make: Make) -> None:
    make.scorecard(make.assignment(scored.final, scored.judges[0], scored.submissions[0]), [1, 1])
    with unit_of_work() as session:
        session.add(Advancement(round_id=scored.final.id, submission_id=scored.submissions[0].id, decided_at=noon))
    way.finalise(scored.facts, scored.final.id, scored.organiser.id, noon)
    with pytest.raises(RuleBroken, match="no_next_round"), unit_of_work():
        services.advance_round(edition=scored.facts, round_id=scored.final.id, actor_id=None, now=noon)


def test_a_started_next_round_keeps_its_teams(app: Flask, scored: Scored, noon: datetime, make: Make) -> None:
    finalise(scored, noon)
    make.scorecard(make.assignment(scored.final, scored.judges[0], scored.submissions[0]), [1, 1])
    with pytest.raises(RuleBroken, match="next_round_started"), unit_of_work():
        services.advance_round(edition=scored.facts, round_id=scored.first.id, actor_id=None, now=noon)


def test_reopening_and_closing_again_notes_anew(app: Flask, scored: Scored, noon: datetime) -> None:
    way.close(scored.facts, scored.first.id, noon)
    with unit_of_work() as session:
        services.reopen_round(round_id=scored.first.id, actor_id=None, now=noon)
        session.scalars(select(Score)).first().points = 0  # type: ignore[union-attr]  # there are twelve
    finalise(scored, noon)
    assert db.session.query(Closing).count() == 2


def test_a_round_of_nobody_is_not_confirmed(app: Flask, make: Make, noon: datetime) -> None:
    edition = make.edition()
    round_, person = make.round(edition, rules=RoundRules()), make.member(edition, Role.ORGANISER)
    way.close(make.facts(edition), round_.id, noon)
    with pytest.raises(RuleBroken, match="check_ranked"):
        way.confirm(make.facts(edition), round_.id, person.id, noon)


def test_a_round_that_the_old_rules_closed_has_no_note_and_still_goes_on(
    app: Flask, scored: Scored, noon: datetime
) -> None:
    with unit_of_work() as session:
        session.get_one(Round, scored.first.id).state = RoundState.CLOSED
    way.confirm(scored.facts, scored.first.id, scored.organiser.id, noon)
    assert state(scored) is RoundState.CONFIRMED


def test_a_draft_does_not_count_and_is_missing(app: Flask, scored: Scored, noon: datetime) -> None:
    with unit_of_work() as session:
        card = session.scalars(select(Scorecard).order_by(Scorecard.id)).first()
        assert card is not None
        card.status = ScorecardStatus.DRAFT
    way.close(scored.facts, scored.first.id, noon)
    with pytest.raises(RuleBroken, match="check_unfinished"):
        way.confirm(scored.facts, scored.first.id, scored.organiser.id, noon)
