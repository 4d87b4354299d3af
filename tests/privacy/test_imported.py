"""What comes in by a file waits for consents exactly as what comes in by the form of the site."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from contest.editions.models import Edition
from contest.editions.privacy import PrivacyRules
from contest.errors import RuleBroken
from contest.exchange.answers import FormSubmission
from contest.exchange.queries import bundle_of
from contest.exchange.services import import_answers, load_bundle
from contest.exchange.services.sheets import SheetOutcome
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.judging.models import Scorecard
from contest.submissions.consenting import Giver, Means, Purpose
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission
from contest.submissions.queries.consents import lacking
from contest.submissions.services import reinstate
from contest.submissions.services.consents import Word, say
from tests.factories import NOON, Make
from tests.privacy.conftest import TAKE_PART, Team

HELD, SUBMITTED = SubmissionStatus.HELD, SubmissionStatus.SUBMITTED
ANSWER = FormSubmission(2, "Đội Giấy", "Máy lọc", captain="Vũ Bình", members=("Hồ Chi",), school="THCS Sông Xanh")


def imported(edition: Edition, *answers: FormSubmission) -> SheetOutcome:
    with unit_of_work():
        return import_answers(
            edition_id=edition.id, answers=answers, keep_shared_contacts=False, actor_id=None, now=NOON
        )


def row_of(edition_id: int, code: str) -> Submission:
    db.session.rollback()
    return db.session.scalars(
        select(Submission).where(Submission.edition_id == edition_id, Submission.code == code)
    ).one()


def agree(row: Submission) -> None:
    with unit_of_work():
        for member in row.team.members:
            say(
                team_id=row.team_id, name=member.name, purposes=[Purpose.TAKE_PART],
                givers=[Giver.CHILD, Giver.GUARDIAN], given=True, word=Word(Means.PAPER, attested_by="Cô Lan"),
                actor_id=None, now=NOON,
            )  # fmt: skip


def test_pr_01_what_a_sheet_brings_is_held_until_the_consents_are_there(team: Team) -> None:
    edition = team.entry.edition

    outcome = imported(edition, ANSWER)

    [code] = outcome.codes
    assert outcome.held == (code,)
    row = row_of(edition.id, code)
    assert row.status is HELD
    assert [one.name for one in lacking(edition.id, row.team_id, NOON)] == ["Vũ Bình", "Hồ Chi"]
    page = team.organiser.get(f"{team.desk}/consents").text
    assert page.index("Đội Giấy") < page.index("No answer yet", page.index("Đội Giấy"))
    assert "Hồ Chi" in page
    with pytest.raises(RuleBroken) as refused, unit_of_work():
        reinstate(submission_id=row.id, reason="Đã đủ", actor_id=None, now=NOON)
    assert refused.value.code == "consents_missing"

    agree(row)
    with unit_of_work():
        reinstate(submission_id=row.id, reason="Đã đủ giấy", actor_id=None, now=NOON)

    assert row_of(edition.id, code).status is SUBMITTED
    acts = select(AuditEntry.action).where(AuditEntry.subject == f"submission:{row.public_id}").order_by(AuditEntry.id)
    assert db.session.scalars(acts).all() == ["submission.held", "submission.reinstated"]


def test_a_sheet_leaves_what_was_handed_in_before(team: Team) -> None:
    team.everybody(TAKE_PART)
    team.entry.submit()
    with unit_of_work() as session:  # as it stood before the edition asked
        session.get_one(Submission, team.entry.id).team.members[0].name = "Tên Khác"

    imported(team.entry.edition, ANSWER)

    assert team.entry.status() is SUBMITTED


def test_where_nothing_is_asked_nothing_is_held(make: Make) -> None:
    edition = make.edition()

    outcome = imported(edition, ANSWER)

    assert outcome.held == ()
    assert row_of(edition.id, outcome.codes[0]).status is SUBMITTED


@pytest.mark.parametrize("required", [True, False])
def test_pr_01_what_a_bundle_brings_is_held_unless_it_was_judged(make: Make, required: bool) -> None:  # noqa: FBT001  a parameter of the test
    edition = make.edition()
    judged, waiting = (make.submission(edition, make.team(edition, name=name)) for name in ("Một", "Hai"))
    make.scorecard(make.assignment(make.round(edition), make.judge(edition), judged), [5, 5])
    db.session.commit()
    bundle = bundle_of(edition.id)
    asking = replace(bundle.edition, code="ban-sao", consents=PrivacyRules(required=required))

    with unit_of_work():
        again = load_bundle(replace(bundle, edition=asking), actor_id=None, now=NOON)

    assert row_of(again, judged.code).status is SUBMITTED
    assert row_of(again, waiting.code).status is (HELD if required else SUBMITTED)
    assert db.session.query(Scorecard).count() == 2
    missing = lacking(again, row_of(again, judged.code).team_id, NOON)
    assert len(missing) == int(required)
