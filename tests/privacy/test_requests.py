"""The queue of requests about personal data and its clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from contest.infra.db import db
from contest.infra.mail import OutboxMail
from contest.privacy.deadlines import CARRY_OUT_DAYS, answer_day, is_working_day, last_day
from contest.privacy.kinds import AskedBy, RequestKind, RequestState
from contest.privacy.models import PrivacyRequest
from contest.privacy.queries.requests import requests_of
from tests.factories import NOON
from tests.privacy.conftest import Team


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (date(2026, 10, 8), date(2026, 10, 12)),  # Thursday: Friday and Monday
        (date(2026, 10, 10), date(2026, 10, 13)),  # Saturday
        (date(2026, 4, 29), date(2026, 5, 5)),  # 30 April and 1 May, then the weekend
        (date(2026, 2, 13), date(2026, 2, 23)),  # Tết
        (date(2026, 12, 31), date(2027, 1, 5)),
    ],
)
def test_an_answer_is_due_two_working_days_later(asked: date, due: date) -> None:
    assert answer_day(asked) == due
    assert is_working_day(due)


def test_each_kind_has_its_days_to_be_carried_out() -> None:
    assert set(CARRY_OUT_DAYS) == set(RequestKind)
    assert last_day(RequestKind.WITHDRAWAL, date(2026, 10, 8)) == date(2026, 10, 23)
    assert last_day(RequestKind.ERASURE, date(2026, 10, 8)) == date(2026, 10, 28)


def rows() -> list[PrivacyRequest]:
    db.session.rollback()
    return db.session.query(PrivacyRequest).order_by(PrivacyRequest.id).all()


def test_a_member_asks_and_the_committee_sees_what_is_due(team: Team) -> None:
    page = f"{team.base}/{team.member('Đỗ Ân')}"
    sent = {"kind": "erasure", "words": "Xin xóa ảnh của em"}
    assert team.captain.post(f"{page}/request", data=sent).status_code == 303

    (row,) = rows()
    assert (row.kind, row.asked_by, row.name) == (RequestKind.ERASURE, AskedBy.PERSON, "Đỗ Ân")
    assert row.answer_due == datetime(2026, 10, 12, 17, tzinfo=UTC)  # midnight in Ho Chi Minh City
    queue = team.organiser.get(f"{team.desk}/requests").text
    assert "Đỗ Ân" in queue
    assert "12/10/2026" in queue
    assert "Overdue" not in queue
    edition, tick = team.entry.edition.id, timedelta(microseconds=1)
    assert [one.late for one in requests_of(edition, row.answer_due - tick)] == [False]
    assert [one.late for one in requests_of(edition, row.answer_due)] == [True]
    assert "answered within two working days" in team.organiser.get(f"/e/{team.entry.edition.code}/organise/").text


def test_a_guardian_asks_by_the_link_and_gets_the_answer_by_mail(team: Team) -> None:
    link = team.ask_guardian("Đỗ Ân")
    guardian = team.entry.app.test_client()
    assert guardian.post(f"{link}/request", data={"kind": "access"}).status_code == 303
    (row,) = rows()
    assert (row.asked_by, row.asker, row.email) == (AskedBy.GUARDIAN, "Mẹ Hoa", "me@example.org")

    page = f"{team.desk}/requests/{row.public_id}"
    assert team.organiser.post(page, data={"act": "done", "words": " "}).status_code == 422
    assert team.organiser.post(page, data={"act": "answer", "words": "Chúng tôi gửi trước thứ Sáu."}).status_code == 303
    assert rows()[0].state is RequestState.ANSWERED
    mail = db.session.query(OutboxMail).order_by(OutboxMail.id.desc()).first()
    assert mail is not None
    assert mail.recipient == "me@example.org"
    assert "Chúng tôi gửi trước thứ Sáu." in mail.body

    assert team.organiser.post(page, data={"act": "done", "words": "Đã gửi tệp."}).status_code == 303
    assert rows()[0].state is RequestState.DONE
    assert team.organiser.post(page, data={"act": "done", "words": "Lại"}).status_code == 422
    assert "Đã gửi tệp." in guardian.get(link).text


def test_the_time_is_extended_once_with_a_reason(team: Team) -> None:
    sent = {"kind": "withdrawal", "name": "Vũ Bình", "asked_by": "person"}
    assert team.organiser.post(f"{team.desk}/requests", data=sent).status_code == 303
    (row,) = rows()
    due, page = row.due, f"{team.desk}/requests/{row.public_id}"
    assert team.organiser.post(page, data={"act": "extend", "words": "Chờ trường xác nhận"}).status_code == 303
    assert rows()[0].due == due + timedelta(days=15)
    assert team.organiser.post(page, data={"act": "extend", "words": "Nữa"}).status_code == 422


def test_what_is_due_first_stands_first(team: Team) -> None:
    for name in ("Một", "Hai"):
        team.organiser.post(f"{team.desk}/requests", data={"kind": "erasure", "name": name, "asked_by": "other"})
    first = rows()[0]
    team.organiser.post(f"{team.desk}/requests/{first.public_id}", data={"act": "answer", "words": "Vâng"})
    db.session.rollback()
    assert [one.request.name for one in requests_of(team.entry.edition.id, NOON)] == ["Hai", "Một"]


def test_nobody_but_organisers_reads_the_queue(team: Team) -> None:
    assert team.captain.get(f"{team.desk}/requests").status_code == 403
    assert team.entry.app.test_client().get(f"{team.desk}/requests").status_code == 303
