"""Closing freezes, changes are noticed, the tie at the line advances together, publishing is explicit."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from contest.editions.models import Round
from contest.editions.phases import RoundState
from contest.errors import RuleBroken
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.judging.models import Advancement, Score
from contest.results import services
from contest.results.models import Snapshot
from contest.results.queries import frozen_report, latest_snapshot
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission
from tests.factories import Make
from tests.results.conftest import Scored


def _close(scored: Scored, now: datetime) -> str:
    with unit_of_work():
        return services.close_round(
            edition=scored.facts, round_id=scored.first.id, actor_id=scored.organiser.id, now=now
        )


@pytest.mark.both_databases
def test_closing_freezes_a_snapshot(app: Flask, scored: Scored, noon: datetime) -> None:
    digest = _close(scored, noon)
    snapshot = latest_snapshot(scored.first.id)
    assert snapshot is not None
    assert (snapshot.version, snapshot.fingerprint, snapshot.created_at) == (1, digest, noon)
    assert snapshot.created_by == scored.organiser.name
    assert db.session.get(Round, scored.first.id).state is RoundState.CLOSED  # type: ignore[union-attr]  # it exists
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions[-2:] == ["scoring.closed", "round.frozen"]


def test_freezing_again_without_a_change_keeps_version_one(app: Flask, scored: Scored, noon: datetime) -> None:
    digest = _close(scored, noon)
    with unit_of_work():
        again = services.freeze_round(edition=scored.facts, round_id=scored.first.id, actor_id=None, now=noon)
    assert again == digest
    assert db.session.query(Snapshot).count() == 1


def test_an_open_round_cannot_be_frozen(app: Flask, scored: Scored, noon: datetime) -> None:
    with pytest.raises(RuleBroken, match="round_not_closed"), unit_of_work():
        services.freeze_round(edition=scored.facts, round_id=scored.first.id, actor_id=None, now=noon)


def test_a_snapshot_does_not_move_with_the_data(app: Flask, scored: Scored, noon: datetime) -> None:
    _close(scored, noon)
    snapshot = latest_snapshot(scored.first.id)
    assert snapshot is not None
    before = frozen_report(snapshot.id)
    with unit_of_work() as session:
        for score in session.scalars(select(Score)):
            score.points = 0
    assert frozen_report(snapshot.id) == before


@pytest.mark.both_databases
def test_all_tied_at_the_line_advance(app: Flask, scored: Scored, noon: datetime) -> None:
    _close(scored, noon)
    with unit_of_work():
        count = services.advance_round(
            edition=scored.facts, round_id=scored.first.id, actor_id=scored.organiser.id, now=noon
        )
    assert count == 2
    rows = db.session.scalars(select(Advancement.submission_id).where(Advancement.round_id == scored.final.id)).all()
    assert set(rows) == {scored.submissions[0].id, scored.submissions[2].id}


def test_nobody_advances_from_an_open_round(app: Flask, scored: Scored, noon: datetime) -> None:
    with pytest.raises(RuleBroken, match="round_not_closed"), unit_of_work():
        services.advance_round(edition=scored.facts, round_id=scored.first.id, actor_id=None, now=noon)
    assert db.session.query(Advancement).count() == 0


def test_advancing_twice_replaces_the_first_decision(app: Flask, scored: Scored, noon: datetime) -> None:
    _close(scored, noon)
    for _ in range(2):
        with unit_of_work():
            services.advance_round(edition=scored.facts, round_id=scored.first.id, actor_id=None, now=noon)
    assert db.session.query(Advancement).count() == 2


def test_the_last_round_has_nobody_to_advance(app: Flask, scored: Scored, noon: datetime, make: Make) -> None:
    with unit_of_work():
        services.close_round(edition=scored.facts, round_id=scored.final.id, actor_id=None, now=noon)
    with pytest.raises(RuleBroken, match="no_next_round"), unit_of_work():
        services.advance_round(edition=scored.facts, round_id=scored.final.id, actor_id=None, now=noon)


def test_a_started_next_round_keeps_its_teams(app: Flask, scored: Scored, noon: datetime, make: Make) -> None:
    _close(scored, noon)
    make.scorecard(make.assignment(scored.final, scored.judges[0], scored.submissions[0]), [1, 1])
    with pytest.raises(RuleBroken, match="next_round_started"), unit_of_work():
        services.advance_round(edition=scored.facts, round_id=scored.first.id, actor_id=None, now=noon)


def test_a_disqualification_after_closing_stops_publishing_until_frozen_again(
    app: Flask, scored: Scored, noon: datetime
) -> None:
    _close(scored, noon)
    with unit_of_work() as session:
        session.get_one(Submission, scored.submissions[0].id).status = SubmissionStatus.DISQUALIFIED
    with pytest.raises(RuleBroken, match="results_changed"), unit_of_work():
        services.publish_round(edition=scored.facts, round_id=scored.first.id, actor_id=None, now=noon)
    with unit_of_work():
        services.freeze_round(edition=scored.facts, round_id=scored.first.id, actor_id=None, now=noon)
        services.publish_round(edition=scored.facts, round_id=scored.first.id, actor_id=None, now=noon)
    snapshot = latest_snapshot(scored.first.id)
    assert snapshot is not None
    assert snapshot.version == 2
    assert [line.entrant.code for line in frozen_report(snapshot.id).lines] == [
        scored.submissions[2].code,
        scored.submissions[1].code,
    ]


def test_reopening_keeps_the_snapshots_and_closing_makes_the_next(app: Flask, scored: Scored, noon: datetime) -> None:
    _close(scored, noon)
    with unit_of_work() as session:
        services.reopen_round(round_id=scored.first.id, actor_id=None, now=noon)
        session.scalars(select(Score)).first().points = 0  # type: ignore[union-attr]  # there are twelve
    _close(scored, noon)
    assert [row.version for row in db.session.query(Snapshot).order_by(Snapshot.version)] == [1, 2]
