from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from flask import Flask

from contest.editions import services
from contest.editions.models import Round
from contest.editions.phases import RoundState
from contest.errors import RuleBroken
from contest.infra.db import db, unit_of_work
from tests.editions.samples import at
from tests.editions.services.trail import acts, last_act
from tests.factories import NOON, Make

TICK = timedelta(microseconds=1)


def state(row: Round) -> RoundState:
    db.session.expire_all()
    return row.state


@pytest.mark.both_databases
def test_a_round_from_set_up_to_published(app: Flask, make: Make) -> None:
    row, person = make.round(make.edition(), state=RoundState.DRAFT), make.user()
    steps = (
        (services.open_to_judges, RoundState.OPEN),
        (services.open_scoring, RoundState.SCORING),
        (services.close_scoring, RoundState.CLOSED),
        (services.reopen_scoring, RoundState.SCORING),
        (services.close_scoring, RoundState.CLOSED),
        (services.mark_confirmed, RoundState.CONFIRMED),
        (services.mark_unconfirmed, RoundState.CLOSED),
        (services.mark_confirmed, RoundState.CONFIRMED),
        (services.mark_finalised, RoundState.FINALISED),
        (partial(services.mark_published, version=1), RoundState.PUBLISHED),
        (services.mark_corrected, RoundState.CLOSED),
    )
    for step, expected in steps:
        with unit_of_work():
            step(round_id=row.id, actor_id=person.id, now=NOON)
        assert state(row) is expected
    assert acts() == [
        *("round.opened", "scoring.opened", "scoring.closed", "scoring.reopened", "scoring.closed"),
        *("round.confirmed", "round.unconfirmed", "round.confirmed", "round.finalised"),
        *("round.published", "round.corrected"),
    ]
    assert (row.published_at, row.published_version) == (NOON, 1)  # what is public stays so while it is corrected
    assert last_act()[1:] == (f"round:{row.id}", person.id, {})


def test_wrong_turns_are_refused_and_change_nothing(app: Flask, make: Make) -> None:
    row = make.round(make.edition(), state=RoundState.PUBLISHED)
    for step, code in (
        (services.open_to_judges, "round_cannot_open"),
        (services.open_scoring, "round_cannot_start"),
        (services.close_scoring, "round_cannot_close"),
        (services.reopen_scoring, "round_cannot_reopen"),
        (services.mark_confirmed, "round_cannot_confirm"),
        (services.mark_unconfirmed, "round_cannot_unconfirm"),
        (services.mark_finalised, "round_cannot_finalise"),
        (partial(services.mark_published, version=1), "round_cannot_publish"),
    ):
        with pytest.raises(RuleBroken, match=code), unit_of_work():
            step(round_id=row.id, actor_id=None, now=NOON)
    assert state(row) is RoundState.PUBLISHED
    assert acts() == []


def test_nothing_opens_without_a_rubric_or_after_its_time(app: Flask, make: Make) -> None:
    edition = make.edition()
    bare = make.round(edition, "bare", state=RoundState.DRAFT, criteria=0)
    with pytest.raises(RuleBroken, match="round_without_rubric"), unit_of_work():
        services.open_to_judges(round_id=bare.id, actor_id=None, now=NOON)
    with pytest.raises(RuleBroken) as no_rubric, unit_of_work():
        services.open_scoring(round_id=bare.id, actor_id=None, now=NOON)
    assert (no_rubric.value.code, no_rubric.value.facts) == ("round_without_rubric", {"item": "bare"})
    row = make.round(edition, "late", state=RoundState.DRAFT, closes_at=NOON)
    with pytest.raises(RuleBroken) as over, unit_of_work():
        services.open_scoring(round_id=row.id, actor_id=None, now=NOON)
    assert (over.value.code, over.value.facts) == ("round_window_over", {"closes": NOON})
    with unit_of_work():
        services.open_scoring(round_id=row.id, actor_id=None, now=NOON - TICK)
    assert (state(bare), state(row)) == (RoundState.DRAFT, RoundState.SCORING)


def test_opening_again_replaces_a_closing_time_that_has_passed(app: Flask, make: Make) -> None:
    edition = make.edition()
    over = make.round(edition, "over", state=RoundState.CLOSED, closes_at=at(-1))
    again = make.round(edition, "again", state=RoundState.CLOSED, closes_at=NOON)
    ahead = make.round(edition, "ahead", state=RoundState.CLOSED, closes_at=at(3))
    with unit_of_work():
        services.reopen_scoring(round_id=over.id, actor_id=None, now=NOON, reason="Phiếu giấy đến muộn")
        services.reopen_scoring(round_id=again.id, actor_id=None, now=NOON, closes_at=at(1))
        services.reopen_scoring(round_id=ahead.id, actor_id=None, now=NOON)
    db.session.expire_all()
    assert [row.closes_at for row in (over, again, ahead)] == [None, at(1), at(3)]
    assert {row.state for row in (over, again, ahead)} == {RoundState.SCORING}


def test_opening_again_until_the_past_is_refused(app: Flask, make: Make) -> None:
    row = make.round(make.edition(), state=RoundState.CLOSED)
    with pytest.raises(RuleBroken, match="round_window_over"), unit_of_work():
        services.reopen_scoring(round_id=row.id, actor_id=None, now=NOON, closes_at=NOON)
    assert state(row) is RoundState.CLOSED
