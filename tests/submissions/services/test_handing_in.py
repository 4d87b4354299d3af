from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask

from contest.editions.models import Edition
from contest.errors import NotFound, RuleBroken
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.infra.signing import fingerprint
from contest.submissions import services
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Receipt
from contest.submissions.queries import receipts_of
from tests.factories import NOON
from tests.submissions.conftest import WHOLE, Entry
from tests.submissions.samples import pdf, picture

TICK = timedelta(milliseconds=1)


def refused(entry: Entry, **values: object) -> RuleBroken:
    before = entry.row.status, len(receipts_of(entry.id))
    with pytest.raises(RuleBroken) as broken:
        entry.submit(**values)  # type: ignore[arg-type]
    assert (entry.row.status, len(receipts_of(entry.id))) == before
    return broken.value


@pytest.mark.both_databases
def test_handing_in_gives_a_receipt_of_everything(entry: Entry) -> None:
    entry.complete()

    receipt = entry.submit(now=NOON + TICK)

    assert (receipt.number, receipt.at) == (1, NOON + TICK)
    assert receipt.manifest == {
        "submission": "BT-001",
        "title": "Bản đồ ngập",
        "summary": "Người dân báo điểm ngập, xe tải tránh được.",
        "track": "A",
        "field": "edtech",
        "parts": [
            {
                "code": "problem",
                "name": {"vi": "Vấn đề", "en": "Problem"},
                "kind": "text",
                "text": "Nước ngập mỗi mùa mưa",
                "words": 5,
            },
            {
                "code": "video",
                "name": {"vi": "Video", "en": "Video"},
                "kind": "link",
                "text": "https://youtu.be/abc",
                "words": 0,
            },
        ],
        "files": [
            {"part": "plan", "name": "plan.pdf", "size": len(pdf()), "sha256": hashlib.sha256(pdf()).hexdigest()}
        ],
    }
    assert receipts_of(entry.id) == (receipt,)
    assert (entry.row.status, entry.row.submitted_at) == (SubmissionStatus.SUBMITTED, NOON + TICK)


@pytest.mark.both_databases
def test_anybody_can_recompute_the_fingerprint(entry: Entry) -> None:
    entry.submitted()

    (receipt,) = receipts_of(entry.id)

    plain = json.dumps(
        {"at": receipt.at.isoformat(), "manifest": receipt.manifest},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    assert receipt.fingerprint == hashlib.sha256(plain.encode()).hexdigest()


@pytest.mark.both_databases
def test_what_is_missing_is_named_and_nothing_is_handed_in(entry: Entry) -> None:
    entry.save(replace(WHOLE, summary="", texts={"problem": "từ " * 11}))

    broken = refused(entry)

    assert (broken.code, broken.facts) == (
        "submission_incomplete",
        {"items": ("summary", "part-problem", "part-plan", "part-video")},
    )


@pytest.mark.both_databases
def test_the_last_moment_works_and_the_first_after_does_not(entry: Entry) -> None:
    closes = entry.edition.submissions_close
    assert closes
    entry.complete()

    for late in (closes, closes + TICK):
        broken = refused(entry, now=late)
        assert (broken.code, broken.facts) == ("submissions_closed", {"closed_at": closes})
    receipt = entry.submit(now=closes - TICK)

    assert receipt.at == closes - TICK
    assert entry.row.status is SubmissionStatus.SUBMITTED


@pytest.mark.both_databases
def test_the_deadline_that_counts_is_the_one_at_the_moment_of_writing(entry: Entry) -> None:
    entry.complete()
    opens, closes = entry.edition.submissions_open, entry.edition.submissions_close
    assert closes
    entry.set_window(opens, NOON)
    refused(entry)

    entry.set_window(opens, NOON + timedelta(hours=1))

    assert entry.submit(now=NOON).number == 1


@pytest.mark.both_databases
def test_handing_in_the_same_again_is_the_same_receipt(entry: Entry) -> None:
    first = entry.complete().submit()

    assert entry.submit(now=NOON + TICK) == first
    assert db.session.query(Receipt).count() == 1


@pytest.mark.both_databases
def test_two_presses_at_once_give_one_receipt(app: Flask, entry: Entry) -> None:
    submission_id, start = entry.complete().id, Barrier(4)
    db.session.rollback()

    def press(_: int) -> str:
        with app.app_context():
            start.wait()
            with unit_of_work():
                receipt = services.submit(submission_id=submission_id, actor_id=None, now=NOON)
            db.session.remove()
            return receipt.fingerprint

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(press, range(4)))) == 1

    assert db.session.query(Receipt).count() == 1


@pytest.mark.both_databases
@pytest.mark.parametrize("change", ["text", "file", "removed"])
def test_a_change_gives_a_second_receipt_and_keeps_the_first(entry: Entry, change: str) -> None:
    photo = entry.complete().upload(picture(), part="photo", name="a.png")
    first = entry.submit()
    if change == "text":
        entry.save(replace(WHOLE, title="Tên mới"))
    elif change == "file":
        entry.upload(pdf("moi"))
    else:
        entry.remove(photo)

    second = entry.submit(now=NOON + TICK)

    assert second.number == 2
    assert second.fingerprint != first.fingerprint
    assert receipts_of(entry.id) == (first, second)
    assert entry.row.submitted_at == NOON + TICK


@pytest.mark.both_databases
def test_only_what_was_shown_is_handed_in(entry: Entry) -> None:
    receipt = entry.complete().submit(seen=None)
    shown = fingerprint(dict(receipt.manifest))
    entry.upload(pdf("moi"))

    broken = refused(entry, seen=shown)

    assert broken.code == "changed_since_shown"
    assert entry.submit(seen=None).number == 2


@pytest.mark.both_databases
def test_a_withdrawn_one_comes_back_as_a_draft_and_counts_when_handed_in_again(entry: Entry) -> None:
    entry.submitted()
    with unit_of_work():
        services.withdraw(submission_id=entry.id, actor_id=None, now=NOON, reason="Nhầm bảng")
    assert (entry.row.status, entry.row.status_reason) == (SubmissionStatus.WITHDRAWN, "Nhầm bảng")

    with unit_of_work():
        services.restore_withdrawn(submission_id=entry.id, actor_id=None, now=NOON)
    row = entry.row
    assert (row.status, row.status_reason, row.submitted_at) == (SubmissionStatus.DRAFT, "", None)

    assert entry.submit(now=NOON + TICK).number == 2
    assert entry.row.status is SubmissionStatus.SUBMITTED


@pytest.mark.both_databases
def test_taking_back_and_bringing_back_end_with_the_deadline(entry: Entry) -> None:
    closes = entry.edition.submissions_close
    assert closes
    entry.submitted()

    with pytest.raises(RuleBroken, match="submissions_closed"), unit_of_work():
        services.withdraw(submission_id=entry.id, actor_id=None, now=closes)
    with unit_of_work():
        services.withdraw(submission_id=entry.id, actor_id=None, now=closes - TICK)
    with pytest.raises(RuleBroken, match="submissions_closed"), unit_of_work():
        services.restore_withdrawn(submission_id=entry.id, actor_id=None, now=closes)
    with unit_of_work():
        services.restore_withdrawn(submission_id=entry.id, actor_id=None, now=closes - TICK)
    assert entry.row.status is SubmissionStatus.DRAFT


def test_a_draft_cannot_be_withdrawn_nor_restored(entry: Entry) -> None:
    for act in (services.withdraw, services.restore_withdrawn):
        with pytest.raises(RuleBroken, match="wrong_status"), unit_of_work():
            act(submission_id=entry.id, actor_id=None, now=NOON)


@pytest.mark.both_databases
def test_the_committee_takes_out_and_puts_back_with_a_reason(entry: Entry) -> None:
    closes = entry.edition.submissions_close
    assert closes
    entry.submitted()

    with unit_of_work():
        services.disqualify(submission_id=entry.id, reason=" Sao chép ", actor_id=entry.captain.id, now=closes)
    assert (entry.row.status, entry.row.status_reason) == (SubmissionStatus.DISQUALIFIED, "Sao chép")
    with unit_of_work():
        services.reinstate(submission_id=entry.id, reason="Đã giải trình", actor_id=None, now=closes)

    assert (entry.row.status, entry.row.status_reason) == (SubmissionStatus.SUBMITTED, "Đã giải trình")
    acts = [(act.action, act.facts) for act in db.session.query(AuditEntry).order_by(AuditEntry.id)][-2:]
    assert acts == [
        ("submission.disqualified", {"code": "BT-001", "reason": "Sao chép"}),
        ("submission.reinstated", {"code": "BT-001", "reason": "Đã giải trình"}),
    ]


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_decision_needs_a_reason(entry: Entry, reason: str) -> None:
    entry.submitted()

    for act in (services.disqualify, services.reinstate):
        with pytest.raises(RuleBroken, match="reason_missing"), unit_of_work():
            act(submission_id=entry.id, reason=reason, actor_id=None, now=NOON)

    assert entry.row.status is SubmissionStatus.SUBMITTED


def test_only_submitted_ones_are_disqualified_and_only_disqualified_ones_reinstated(entry: Entry) -> None:
    for act in (services.disqualify, services.reinstate):
        with pytest.raises(RuleBroken, match="wrong_status"), unit_of_work():
            act(submission_id=entry.id, reason="Vì thế", actor_id=None, now=NOON)


def test_a_disqualified_one_cannot_be_changed_by_its_team(entry: Entry) -> None:
    entry.submitted()
    with unit_of_work():
        services.disqualify(submission_id=entry.id, reason="Sao chép", actor_id=None, now=NOON)

    for act in (entry.save, entry.upload, entry.submit):
        with pytest.raises(RuleBroken, match="wrong_status"):
            act()


def test_a_missing_one_is_not_found(contest_edition: Edition) -> None:
    with pytest.raises(NotFound), unit_of_work():
        services.submit(submission_id=4711, actor_id=None, now=NOON)
    with pytest.raises(NotFound), unit_of_work():
        services.disqualify(submission_id=4711, reason="x", actor_id=None, now=NOON)
