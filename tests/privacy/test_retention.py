"""PR-09: nothing is kept longer than the schedule says, and not a day less."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select

from contest.accounts.models import User
from contest.errors import RuleBroken
from contest.home.queries.proofs import proofs
from contest.infra import audit, clock
from contest.infra.alarms import Alarm, AlarmKind
from contest.infra.db import db, unit_of_work
from contest.infra.mail import OutboxMail, mark_sent
from contest.infra.storage import current_storage
from contest.judging.models import Look
from contest.privacy.classes import Keep
from contest.privacy.retention import TERMS, USUAL, checked
from contest.privacy.services import report, retain, set_days
from contest.results.models import Snapshot
from contest.submissions.models import PartAnswer, Submission, SubmissionFile
from tests.factories import Make
from tests.privacy.world import ANN, World, build, folder, freeze, holding


@pytest.fixture
def over(make: Make, app: Flask, noon: datetime) -> World:
    """A contest whose results were published at noon."""
    world = build(make, app, noon)
    freeze(make, world, noon)
    return world


def keeps(now: datetime) -> set[Keep]:
    return {one.keep for one in report(now=now)}


def test_pr_09_the_schedule_is_that_of_the_law_and_the_rules() -> None:
    assert {term.keep: (term.days, term.after_contest) for term in TERMS} == {
        Keep.ENTRIES: (183, True),
        Keep.ACCOUNTS: (365, True),
        Keep.CONSENTS: (1826, False),
        Keep.ACCESS: (365, False),
        Keep.MAIL: (90, False),
        Keep.WAYS_IN: (30, False),
        Keep.FILES: (30, False),
    }


@pytest.mark.parametrize("keep", [Keep.ENTRIES, Keep.ACCOUNTS])
def test_pr_09_what_counts_from_the_end_goes_at_the_boundary(over: World, noon: datetime, keep: Keep) -> None:
    del over
    at = noon + timedelta(days=USUAL[keep])
    assert keep not in keeps(at - timedelta(microseconds=1))
    assert keep in keeps(at)


def test_pr_09_an_unpublished_contest_is_not_over(make: Make, app: Flask, noon: datetime) -> None:
    build(make, app, noon)
    assert keeps(noon + timedelta(days=3000)) & {Keep.ENTRIES, Keep.ACCOUNTS} == set()


def test_pr_09_who_opened_what_and_mail_go_at_their_boundary(over: World, noon: datetime) -> None:
    with unit_of_work() as session:
        session.add(
            Look(edition_id=over.edition, user_id=over.organiser, page="p", subject="", day=noon.date(), first_at=noon)
        )
        for mail_id in db.session.scalars(select(OutboxMail.id)).all()[:1]:
            mark_sent(mail_id, now=noon)
    for keep in (Keep.ACCESS, Keep.MAIL):
        at = noon + timedelta(days=USUAL[keep])
        assert keep not in keeps(at - timedelta(microseconds=1))
        assert keep in keeps(at)
    waiting = db.session.scalar(select(func.count()).select_from(OutboxMail).where(OutboxMail.status == "waiting"))
    assert waiting
    lines = report(now=noon + timedelta(days=USUAL[Keep.MAIL]))
    assert [one.count for one in lines if one.keep is Keep.MAIL] == [1]  # what waits is not old


@pytest.mark.parametrize("scope", ["edition", "accounts"])
def test_pr_09_alarms_go_with_what_was_opened(over: World, noon: datetime, scope: str) -> None:
    named = f"edition:{over.edition}" if scope == "edition" else scope
    with unit_of_work() as session:
        said = {"who": "address:1", "subject": "", "count": 60, "seconds": 600, "hour": noon, "at": noon, "note": ""}
        session.add(Alarm(kind=AlarmKind.REFUSALS, scope=named, **said))
    at = noon + timedelta(days=USUAL[Keep.ACCESS])
    assert Keep.ACCESS not in keeps(at - timedelta(microseconds=1))
    assert [one.count for one in report(now=at) if one.keep is Keep.ACCESS] == [1]
    with unit_of_work():
        retain(folder=folder(), now=at)
    assert db.session.scalar(select(func.count()).select_from(Alarm)) == 0


def test_pr_09_the_dry_run_changes_nothing_and_tells_what_the_run_does(over: World, noon: datetime) -> None:
    late = noon + timedelta(days=200)
    before = holding(ANN)
    told = report(now=late)
    assert holding(ANN) == before
    with unit_of_work():
        done = retain(folder=folder(), now=late)
    assert done.lines == told
    assert {(one.table, one.count) for one in told if one.keep is Keep.ENTRIES} == {("submission_files", 1)}
    assert done.files == (over.key,)
    assert db.session.get_one(Submission, over.submission).summary == ""
    assert (db.session.query(SubmissionFile).count(), db.session.query(PartAnswer).count()) == (0, 0)


def test_pr_09_people_are_erased_when_their_time_is_over(over: World, noon: datetime) -> None:
    late = noon + timedelta(days=365)
    digest = db.session.scalar(select(Snapshot.fingerprint))
    with unit_of_work():
        retain(folder=folder(), now=late)
    assert holding(ANN) == []
    assert not db.session.get_one(User, over.ann).is_active
    assert db.session.get_one(User, over.organiser).is_active  # a committee goes on
    assert audit.broken() == []
    assert db.session.scalar(select(Snapshot.fingerprint)) == digest
    assert {one.code for one in proofs(current_storage())} <= {"files_have_an_owner"}
    assert [one for one in report(now=late) if one.keep is Keep.ACCOUNTS] == []


def test_an_edition_sets_its_own_days(over: World, noon: datetime) -> None:
    with unit_of_work():
        set_days(edition_id=over.edition, days={"entries": 60}, actor_id=over.organiser, now=noon)
    assert Keep.ENTRIES in keeps(noon + timedelta(days=60))
    assert Keep.ENTRIES not in keeps(noon + timedelta(days=59))


@pytest.mark.parametrize("days", [{"consents": 1825}, {"entries": 29}, {"mail": 3651}, {"mail": 0}])
def test_evidence_and_what_is_needed_can_not_be_cut_short(days: dict[str, int]) -> None:
    with pytest.raises(RuleBroken, match="retention_days"):
        checked(days)


def test_usual_days_are_not_written_down() -> None:
    assert checked({"mail": 90, "files": 31}) == {"files": 31}


def test_the_command_line_tells_and_does(over: World, app: Flask, noon: datetime) -> None:
    runner = app.test_cli_runner()
    with clock.stopped_at(noon + timedelta(days=183)):
        assert (
            "entries: mua-thu-2026: submission_files: 1"
            in runner.invoke(args=["privacy", "retain", "--dry-run"]).output
        )
        assert current_app.extensions["storage"].exists(over.key)
        assert "gone" in runner.invoke(args=["privacy", "retain"]).output
        assert not current_app.extensions["storage"].exists(over.key)
        assert "0 would go" in runner.invoke(args=["privacy", "retain", "--dry-run"]).output
