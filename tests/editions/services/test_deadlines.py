from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from contest.editions.extensions import Decision, Extension, accepts_late
from contest.editions.models import DeadlineExtension, Edition, Round
from contest.editions.phases import EditionState, RoundState
from contest.editions.queries import extensions_of
from contest.editions.services import extend_deadline
from contest.errors import NotFound, RuleBroken
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from tests.factories import NOON, Make

DECISION = Decision("2762/QĐ-UBND", date(2026, 10, 7), "Bão số 9")
DAY = timedelta(days=1)


def extend(edition_id: int, **values: Any) -> None:
    usual = {"until": NOON + 10 * DAY, "decision": DECISION, "actor_id": None, "now": NOON}
    with unit_of_work():
        extend_deadline(edition_id=edition_id, **{**usual, **values})


def refused(edition_id: int, **values: Any) -> str:
    with pytest.raises(RuleBroken) as broken:
        extend(edition_id, **values)
    db.session.rollback()
    assert db.session.query(DeadlineExtension).count() == 0
    return broken.value.code


@pytest.mark.both_databases
def test_the_submissions_are_extended_twice_and_both_decisions_stay(make: Make) -> None:
    edition = make.edition()
    organiser = make.user("Ban Tổ chức")
    was, edition_id = edition.submissions_close, edition.id
    extend(edition_id, actor_id=organiser.id)
    second = Decision("2900/QĐ-UBND", date(2026, 10, 8), "Mất điện")
    extend(edition_id, until=NOON + 12 * DAY, decision=second)

    assert db.session.get_one(Edition, edition_id).submissions_close == NOON + 12 * DAY
    assert was is not None
    assert extensions_of(edition_id) == (
        Extension(was, NOON + 10 * DAY, DECISION),
        Extension(NOON + 10 * DAY, NOON + 12 * DAY, second),
    )
    trail = db.session.query(AuditEntry).filter_by(action="deadline.extended").order_by(AuditEntry.id).all()
    assert [(one.actor_id, one.facts["decision"], one.facts["was"]) for one in trail] == [
        (organiser.id, "2762/QĐ-UBND", was.isoformat()),
        (None, "2900/QĐ-UBND", (NOON + 10 * DAY).isoformat()),
    ]


@pytest.mark.both_databases
def test_the_scoring_of_a_round_is_extended(make: Make) -> None:
    edition = make.edition()
    row = make.round(edition, "r1", opens_at=NOON, closes_at=NOON + DAY)
    edition_id, round_id, deadline = edition.id, row.id, edition.submissions_close
    extend(edition_id, round_code="r1")
    assert db.session.get_one(Round, round_id).closes_at == NOON + 10 * DAY
    assert db.session.get_one(Edition, edition_id).submissions_close == deadline
    assert extensions_of(edition_id) == (Extension(NOON + DAY, NOON + 10 * DAY, DECISION, "r1"),)


def test_what_cannot_be_extended_is_named(make: Make) -> None:
    edition = make.edition()
    make.round(edition, "by-hand")
    make.round(edition, "over", closes_at=NOON, state=RoundState.CLOSED)
    edition_id = edition.id
    assert refused(edition_id, until=edition.submissions_close) == "extension_not_later"
    assert refused(edition_id, until=NOON + 8 * DAY, now=NOON + 9 * DAY) == "extension_in_the_past"
    assert refused(edition_id, round_code="by-hand") == "extension_without_deadline"
    assert refused(edition_id, round_code="over") == "extension_round_over"
    with pytest.raises(NotFound):
        extend(edition_id, round_code="none")
    archived = make.edition("cu", state=EditionState.ARCHIVED)
    assert refused(archived.id) == "edition_archived"


@pytest.mark.parametrize(
    ("number", "reason", "code"),
    [
        (" ", "Bão", "extension_without_decision"),
        ("1" * 101, "Bão", "extension_without_decision"),
        ("1", " ", "extension_without_reason"),
        ("1", "x" * 501, "extension_without_reason"),
    ],
)
def test_a_decision_can_be_looked_up(number: str, reason: str, code: str) -> None:
    with pytest.raises(RuleBroken) as broken:
        Decision(number, date(2026, 10, 7), reason)
    assert broken.value.code == code


def test_an_extension_is_longer() -> None:
    with pytest.raises(RuleBroken) as broken:
        Extension(NOON, NOON, DECISION)
    assert broken.value.code == "extension_not_later"


@pytest.mark.parametrize(
    ("state", "closes", "grace", "now", "taken"),
    [
        (EditionState.ANNOUNCED, NOON, 0, NOON, False),
        (EditionState.ANNOUNCED, NOON, 1, NOON, True),
        (EditionState.ANNOUNCED, NOON, 1, NOON + timedelta(seconds=59, microseconds=999_999), True),
        (EditionState.ANNOUNCED, NOON, 1, NOON + timedelta(minutes=1), False),
        (EditionState.ANNOUNCED, NOON, 1, NOON - timedelta(microseconds=1), False),
        (EditionState.ANNOUNCED, None, 1, NOON, False),
        (EditionState.ARCHIVED, NOON, 1, NOON, False),
        (EditionState.DRAFT, NOON, 1, NOON, False),
    ],
)
def test_the_minutes_of_grace(state: EditionState, closes: Any, grace: int, now: Any, taken: object) -> None:
    assert accepts_late(state, closes, grace, now) is taken
