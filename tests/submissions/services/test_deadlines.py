"""The official deadline, the minutes of grace behind it, and extensions by decision: the server's clock decides."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from contest.editions.extensions import Decision
from contest.editions.models import Edition
from contest.editions.services import extend_deadline
from contest.errors import RuleBroken
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.submissions import services
from contest.submissions.facts import TeamDetails
from contest.submissions.lifecycle import SubmissionStatus
from tests.factories import NOON
from tests.submissions.conftest import WHOLE, Entry

SECOND = timedelta(seconds=1)
TICK = timedelta(microseconds=1)
CLOSE = NOON + timedelta(hours=2)
DECISION = Decision("2762/QĐ-UBND", date(2026, 10, 7), "Bão số 9")
pytestmark = pytest.mark.both_databases


def closing(entry: Entry, grace: int = 0) -> Entry:
    """Everything is filled in, and the window ends two hours after noon."""
    entry.complete().set_window(NOON - timedelta(days=1), CLOSE)
    with unit_of_work() as session:
        session.get_one(Edition, entry.edition.id).grace_minutes = grace
    return entry


def late(entry: Entry, **values: object) -> str:
    with pytest.raises(RuleBroken) as broken:
        entry.submit(**values)  # type: ignore[arg-type]  # moments
    return broken.value.code


def trail(action: str) -> dict[str, object]:
    (row,) = db.session.query(AuditEntry).filter_by(action=action).all()
    return dict(row.facts)


def test_case_13_the_last_second_before_and_the_first_after_the_deadline_work(entry: Entry) -> None:
    closing(entry)
    assert late(entry, now=CLOSE) == "submissions_closed"
    assert late(entry, now=CLOSE + SECOND) == "submissions_closed"
    assert entry.status() is SubmissionStatus.DRAFT
    receipt = entry.submit(now=CLOSE - SECOND)
    assert receipt.at == CLOSE - SECOND
    assert (entry.row.status, entry.row.late) == (SubmissionStatus.SUBMITTED, False)
    assert "late" not in trail("submission.submitted")


@pytest.mark.parametrize("after", [timedelta(0), SECOND, timedelta(minutes=10) - TICK])
def test_case_13_inside_the_grace_it_is_taken_marked_late_and_logged(entry: Entry, after: timedelta) -> None:
    closing(entry, grace=10)
    receipt = entry.submit(now=CLOSE + after)
    assert (entry.row.late, entry.row.entered_at, receipt.at) == (True, CLOSE + after, CLOSE + after)
    logged = trail("submission.submitted")
    assert (logged["late"], logged["deadline"]) == (True, CLOSE.isoformat())


def test_case_13_the_end_of_the_grace_is_the_first_moment_outside(entry: Entry) -> None:
    closing(entry, grace=10)
    assert late(entry, now=CLOSE + timedelta(minutes=10)) == "submissions_closed"
    assert late(entry, now=NOON - timedelta(days=2)) == "submissions_not_open"
    assert entry.status() is SubmissionStatus.DRAFT


def test_a_draft_can_be_finished_in_the_grace_and_what_is_handed_in_stays(entry: Entry) -> None:
    closing(entry, grace=10)
    entry.save(WHOLE, now=CLOSE + SECOND)
    details = TeamDetails("Ánh Sáng", "THPT Lê Thánh Tôn")
    with unit_of_work():
        services.update_team(team_id=entry.row.team_id, team=details, actor_id=None, now=CLOSE + SECOND)
    entry.submit(now=CLOSE + SECOND)

    for act in (
        lambda: entry.save(now=CLOSE + 2 * SECOND),
        lambda: entry.submit(now=CLOSE + 2 * SECOND),
        lambda: entry.upload(now=CLOSE + 2 * SECOND),
        lambda: services.withdraw(submission_id=entry.id, actor_id=None, now=CLOSE + 2 * SECOND),
        lambda: services.update_team(team_id=entry.row.team_id, team=details, actor_id=None, now=CLOSE + 2 * SECOND),
    ):
        with pytest.raises(RuleBroken) as broken:
            act()
        assert broken.value.code == "submissions_closed"


def test_nobody_registers_in_the_grace(entry: Entry) -> None:
    closing(entry, grace=10)
    with pytest.raises(RuleBroken) as broken, unit_of_work():
        services.register_team(
            edition_id=entry.edition.id,
            captain=entry.captain.id,
            team=TeamDetails("Muộn"),
            actor_id=None,
            now=CLOSE + SECOND,
        )
    assert broken.value.code == "submissions_closed"


def test_handed_in_in_time_and_again_in_time_is_never_late(entry: Entry) -> None:
    closing(entry, grace=10)
    entry.submit(now=CLOSE - 2 * SECOND)
    entry.save(now=CLOSE - SECOND)
    assert not entry.row.late


def test_case_13_an_extension_moves_the_moment_for_everybody(entry: Entry) -> None:
    closing(entry)
    assert late(entry, now=CLOSE + SECOND) == "submissions_closed"
    until = CLOSE + timedelta(days=1)
    with unit_of_work():
        extend_deadline(edition_id=entry.edition.id, until=until, decision=DECISION, actor_id=None, now=CLOSE + SECOND)
    assert late(entry, now=until) == "submissions_closed"
    entry.submit(now=until - SECOND)
    assert not entry.row.late
