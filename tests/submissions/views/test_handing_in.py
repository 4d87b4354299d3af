from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.infra import clock
from contest.infra.db import db, unit_of_work
from contest.infra.mail import OutboxMail
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Receipt, Team
from contest.submissions.queries import receipts_of
from tests.factories import NOON, Make
from tests.submissions.conftest import Entry, entry_in
from tests.submissions.samples import pdf

TICK = timedelta(milliseconds=1)


def page_of(entry: Entry, rest: str = "") -> str:
    return f"/e/mua-thu-2026/team/{entry.public_id}/{rest}"


def seen_on(client: FlaskClient, entry: Entry) -> str:
    found = re.findall(r'name="seen"[^>]* value="([0-9a-f]{64})"', client.get(page_of(entry, "submit")).text)
    return str(found[0])


def hand_in(client: FlaskClient, entry: Entry, **values: Any) -> Any:
    return client.post(page_of(entry, "submit"), data=values or {"seen": seen_on(client, entry)})


def test_the_last_look_lists_what_goes_to_the_judges(captain: FlaskClient, entry: Entry) -> None:
    entry.complete()

    page = captain.get(page_of(entry, "submit")).text

    for shown in ("Bản đồ ngập", "Pupils", "Education", "5 words", "plan.pdf", "https://youtu.be/abc"):
        assert shown in page
    assert "Photo" not in page


def test_an_incomplete_one_is_told_what_is_missing_with_ways_back(captain: FlaskClient, entry: Entry) -> None:
    page = captain.get(page_of(entry, "submit")).text
    answer = hand_in(captain, entry, seen="")

    assert f'href="{page_of(entry)}#part-plan"' in page
    assert 'name="seen"' not in page
    assert answer.status_code == 422
    assert "Not handed in yet. Please look at: Summary, Field, Problem, Plan, Video." in answer.text
    assert entry.status() is SubmissionStatus.DRAFT


def test_handing_in_leads_to_a_receipt_with_time_code_and_hashes(captain: FlaskClient, entry: Entry) -> None:
    entry.complete()

    answer = hand_in(captain, entry)

    assert (answer.status_code, answer.location) == (303, page_of(entry, "receipts/1"))
    page = captain.get(answer.location).text
    (receipt,) = receipts_of(entry.id)
    for shown in (
        "BT-001",
        "Bản đồ ngập",
        "Ánh Sáng",
        "08/10/2026 12:00",
        "Asia/Ho_Chi_Minh",
        "plan.pdf",
        hashlib.sha256(pdf()).hexdigest(),
        receipt.fingerprint,
    ):
        assert shown in page


def test_the_receipt_is_mailed_when_an_address_is_known(captain: FlaskClient, entry: Entry) -> None:
    entry.complete()

    hand_in(captain, entry)

    letter = db.session.query(OutboxMail).one()
    assert (letter.recipient, letter.recipient_name) == (entry.captain.email, "Lê Thị Ánh")
    assert letter.scope == f"edition:{entry.edition.id}"
    assert "BT-001" in letter.subject
    (receipt,) = receipts_of(entry.id)
    for told in (
        "Bản đồ ngập",
        "08/10/2026 12:00",
        hashlib.sha256(pdf()).hexdigest(),
        receipt.fingerprint,
        f"http://localhost{page_of(entry, 'receipts/1')}",
    ):
        assert told in letter.body


def test_nobody_is_mailed_without_an_address_or_twice(captain: FlaskClient, entry: Entry) -> None:
    entry.complete()
    with unit_of_work() as session:
        session.get_one(Team, entry.team.id).email = ""
    hand_in(captain, entry)
    with unit_of_work() as session:
        session.get_one(Team, entry.team.id).email = "anh@example.org"
    with clock.stopped_at(NOON + TICK):
        hand_in(captain, entry, seen="")

    assert db.session.query(OutboxMail).count() == 0


def test_a_double_press_is_one_receipt(captain: FlaskClient, entry: Entry) -> None:
    entry.complete()
    seen = seen_on(captain, entry)

    first, second = (hand_in(captain, entry, seen=seen) for _ in range(2))

    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert db.session.query(Receipt).count() == 1


def test_what_changed_since_the_last_look_is_looked_at_again(captain: FlaskClient, entry: Entry) -> None:
    entry.complete()
    seen = seen_on(captain, entry)
    entry.upload(pdf("moi"), name="mới.pdf")

    answer = hand_in(captain, entry, seen=seen)

    assert answer.status_code == 409
    assert "has changed since this page was opened" in answer.text
    assert "mới.pdf" in answer.text
    assert entry.status() is SubmissionStatus.DRAFT
    assert hand_in(captain, entry).status_code == 303


def test_a_change_after_handing_in_is_said_and_handed_in_again(captain: FlaskClient, entry: Entry) -> None:
    entry.submitted()
    assert "Handed in on 08/10/2026 12:00" in captain.get(page_of(entry)).text
    assert "nothing to hand in again" in captain.get(page_of(entry, "submit")).text
    entry.upload(pdf("moi"))

    page = captain.get(page_of(entry)).text
    assert "Changed after the last receipt" in page
    assert "Check and hand in again" in page

    answer = hand_in(captain, entry)
    assert answer.location == page_of(entry, "receipts/2")
    assert "Changed after the last receipt" not in captain.get(page_of(entry)).text
    assert "A later receipt exists" in captain.get(page_of(entry, "receipts/1")).text


@pytest.mark.parametrize(("after", "status"), [(-TICK, 303), (timedelta(0), 422), (TICK, 422)])
def test_the_last_moment_works_and_the_first_after_does_not(
    captain: FlaskClient, entry: Entry, after: timedelta, status: int
) -> None:
    closes = NOON + timedelta(hours=1)  # within the life of a session
    entry.set_window(NOON - timedelta(days=1), closes)
    entry.complete()
    seen = seen_on(captain, entry)

    with clock.stopped_at(closes + after):
        answer = hand_in(captain, entry, seen=seen)

    assert answer.status_code == status
    assert entry.status() is (SubmissionStatus.SUBMITTED if status == 303 else SubmissionStatus.DRAFT)
    assert ("The deadline has passed (08/10/2026 13:00)" in answer.text) is (status == 422)


def test_a_made_up_look_is_refused(captain: FlaskClient, entry: Entry) -> None:
    entry.complete()

    assert hand_in(captain, entry, seen="x" * 65).status_code == 422
    assert hand_in(captain, entry, seen="x" * 64).status_code == 409
    assert entry.status() is SubmissionStatus.DRAFT


@pytest.mark.parametrize("number", ["0", "2", "99"])
def test_a_receipt_that_does_not_exist_is_not_found(captain: FlaskClient, entry: Entry, number: str) -> None:
    entry.submitted()

    assert captain.get(page_of(entry, f"receipts/{number}")).status_code == 404


def test_withdrawing_and_bringing_back(captain: FlaskClient, entry: Entry) -> None:
    entry.submitted()

    answer = captain.post(page_of(entry, "withdraw"), data={"reason": "Nhầm bảng"})
    assert (answer.status_code, answer.location) == (303, page_of(entry))
    page = captain.get(page_of(entry)).text
    assert "Withdrawn" in page
    assert "Reason: Nhầm bảng" in page
    assert entry.status() is SubmissionStatus.WITHDRAWN

    captain.post(page_of(entry, "restore"))
    assert entry.status() is SubmissionStatus.DRAFT
    assert "This is a draft" in captain.get(page_of(entry)).text


def test_a_reason_that_is_too_long_withdraws_nothing(captain: FlaskClient, entry: Entry) -> None:
    entry.submitted()

    answer = captain.post(page_of(entry, "withdraw"), data={"reason": "x" * 501})

    assert answer.status_code == 422
    assert "At most 500 characters" in answer.text
    assert entry.status() is SubmissionStatus.SUBMITTED


@pytest.mark.parametrize("act", ["withdraw", "restore"])
def test_what_the_state_forbids_is_answered_with_409(captain: FlaskClient, entry: Entry, act: str) -> None:
    answer = captain.post(page_of(entry, act))

    assert answer.status_code == 409
    assert "not possible in the state" in answer.text


def test_after_the_deadline_nothing_is_withdrawn(captain: FlaskClient, entry: Entry) -> None:
    closes = entry.edition.submissions_close
    assert closes
    entry.submitted()

    with clock.stopped_at(closes):
        answer = captain.post(page_of(entry, "withdraw"))

    assert answer.status_code == 409
    assert entry.status() is SubmissionStatus.SUBMITTED


def test_an_edition_without_parts_takes_title_and_summary_alone(
    app: Flask, make: Make, captain: FlaskClient, entry: Entry
) -> None:
    plain = make.edition("gon")
    make.track(plain, "A")
    small = entry_in(app, make, plain, captain=entry.captain)
    base = f"/e/gon/team/{small.public_id}/"

    saved = captain.post(base, data={"version": "1", "title": "Tên", "summary": "Tóm tắt", "track": "A", "check": "1"})
    answer = captain.post(base + "submit", data={"seen": ""})

    assert (saved.status_code, answer.status_code) == (303, 303)
    assert "No files." in captain.get(answer.location).text
