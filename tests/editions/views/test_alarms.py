"""LG-12: refusals are counted, alarms are listed, mailed and looked at; nobody else sees them."""

from __future__ import annotations

import html
import logging
import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.editions.models import Edition
from contest.infra import clock
from contest.infra.alarms import SITE, Alarm, AlarmKind
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.infra.mail import OutboxMail
from tests.counting import counted
from tests.factories import Make

PAGE = "/e/mua-thu-2026/organise/alarms"
CLOSED = "/e/mua-thu-2026/organise/people/"


@pytest.fixture
def edition(make: Make, noon: datetime) -> Edition:
    return make.edition()


@pytest.fixture
def organiser(make: Make, edition: Edition) -> User:
    return make.member(edition, Role.ORGANISER, make.user("Phạm Minh Tổ", email="to@example.vn"))


@pytest.fixture
def captain(make: Make, edition: Edition) -> User:
    return make.member(edition, Role.CAPTAIN, make.user("Em Nguyễn Văn Nhỏ"))


def browser(app: Flask, make: Make, user: User | None, locale: str = "en") -> FlaskClient:
    client = app.test_client()
    client.set_cookie("locale", locale)
    if user is not None:
        make.sign_in(client, user)
    return client


def alarms() -> list[Alarm]:
    db.session.rollback()
    return list(db.session.scalars(select(Alarm).order_by(Alarm.id)))


def mails() -> list[OutboxMail]:
    db.session.rollback()
    return list(db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


def words(client: FlaskClient, path: str = PAGE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def probe(client: FlaskClient, times: int, start: int = 0) -> None:
    for number in range(start, start + times):
        assert client.get(f"{CLOSED}{number}").status_code in (403, 404)


def store(scope: str, at: datetime, user: User | None = None, kind: AlarmKind = AlarmKind.REFUSALS) -> int:
    with unit_of_work() as session:
        row = Alarm(
            kind=kind, scope=scope, who=f"user:{user.id}" if user else "address:3f2a91c004d7e855",
            user_id=user.id if user else None, subject="", count=60, seconds=600, hour=at, at=at,
        )  # fmt: skip
        session.add(row)
        session.flush()  # its number is wanted
        return row.id


# Refusals.


@pytest.mark.both_databases
@pytest.mark.usefixtures("alarms_on")
def test_lg_12_many_refusals_of_one_account_alarm_the_edition_once(
    app: Flask, make: Make, organiser: User, captain: User, edition: Edition, noon: datetime
) -> None:
    client = browser(app, make, captain)
    probe(client, 59)
    assert alarms() == []
    probe(client, 30, start=59)
    (alarm,) = alarms()
    assert (alarm.kind, alarm.scope, alarm.who) == (AlarmKind.REFUSALS, f"edition:{edition.id}", f"user:{captain.id}")
    assert (alarm.user_id, alarm.count, alarm.seconds, alarm.at) == (captain.id, 60, 600, noon)
    (mail,) = mails()
    assert (mail.recipient, mail.scope) == ("to@example.vn", f"edition:{edition.id}")


@pytest.mark.usefixtures("alarms_on")
def test_a_page_that_asks_again_and_again_by_itself_alarms_nobody(app: Flask, make: Make, captain: User) -> None:
    client = browser(app, make, captain)
    for _ in range(100):
        assert client.get(PAGE).status_code == 403
    assert alarms() == []


@pytest.mark.usefixtures("alarms_on")
def test_lg_12_who_has_no_role_in_the_edition_is_the_business_of_the_site(
    app: Flask, make: Make, organiser: User, edition: Edition
) -> None:
    make.user("Quản trị viên", email="root@example.vn", is_admin=True)
    stranger = make.member(make.edition("mua-khac"), Role.JUDGE, make.user("Giám khảo Mùa Khác"))
    probe(browser(app, make, stranger), 60)
    assert [(one.scope, one.user_id) for one in alarms()] == [(SITE, stranger.id)]
    assert [(one.recipient, one.scope) for one in mails()] == [("root@example.vn", SITE)]
    assert "Giám khảo Mùa Khác" in mails()[0].body


@pytest.mark.usefixtures("alarms_on")
def test_lg_12_visitors_are_counted_by_address_and_a_venue_stays_silent(
    app: Flask, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    client = browser(app, make, None)
    for number in range(999):
        client.get(f"/khong-co/{number}")
    assert alarms() == []
    with caplog.at_level(logging.WARNING):
        for number in (999, 1000, 1001):
            client.get(f"/khong-co/{number}")
    (alarm,) = alarms()
    assert [one.getMessage() for one in caplog.records] == [f"{alarm.who}: refusals from 127.0.0.1"]
    assert (alarm.scope, alarm.user_id, alarm.count) == (SITE, None, 1000)
    assert re.fullmatch(r"address:[0-9a-f]{16}", alarm.who)


def test_lg_01_refusals_are_one_entry_per_account_answer_and_ten_minutes(
    app: Flask, make: Make, captain: User, edition: Edition, noon: datetime
) -> None:
    client = browser(app, make, captain)
    probe(client, 8)
    client.get("/khong-co")
    browser(app, make, None).get("/khong-co")
    with clock.stopped_at(noon + timedelta(minutes=11)):
        client.get("/")
    db.session.rollback()
    told = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "access.refused").order_by(AuditEntry.id))
    assert [(one.actor_id, one.scope, one.facts["status"], one.facts["times"]) for one in told] == [
        (captain.id, f"edition:{edition.id}", 403, 8),
        (captain.id, "accounts", 404, 1),
    ]


def test_counting_a_refusal_sends_no_statement_that_writes(
    app: Flask, make: Make, captain: User, alarms_on: None
) -> None:
    client = browser(app, make, captain)
    client.get("/")
    written = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("SELECT", "BEGIN", "PRAGMA")):
            written.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        probe(client, 50)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert written == []


# The mail.


@pytest.mark.usefixtures("alarms_on")
@pytest.mark.parametrize(("locale", "said"), [("vi", "Cảnh báo ở"), ("en", "Alarm in")])
def test_lg_12_the_mail_names_no_child_and_leads_to_the_page(
    app: Flask, make: Make, edition: Edition, captain: User, locale: str, said: str
) -> None:
    make.member(edition, Role.SECRETARY, make.user("Thư ký", email="thu-ky@example.vn", locale=locale))
    make.member(edition, Role.OBSERVER, make.user("Quan sát viên", email="quan-sat@example.vn"))
    make.member(make.edition("mua-khac"), Role.ORGANISER, make.user("Người khác", email="khac@example.vn"))
    probe(browser(app, make, captain), 61)
    (mail,) = mails()
    assert mail.recipient == "thu-ky@example.vn"
    assert mail.subject.startswith(said)
    assert captain.name not in mail.subject + mail.body
    assert f"http://localhost{PAGE}" in mail.body
    assert "12:00" in mail.body


@pytest.mark.usefixtures("alarms_on")
def test_the_mail_names_a_judge(app: Flask, make: Make, organiser: User, edition: Edition) -> None:
    judge = make.member(edition, Role.JUDGE, make.user("Bà Giám Khảo"))
    probe(browser(app, make, judge), 60)
    assert "Bà Giám Khảo" in mails()[0].body


# The page.


def test_lg_12_open_alarms_stand_on_top_and_the_newest_first(
    app: Flask, make: Make, organiser: User, captain: User, edition: Edition, noon: datetime
) -> None:
    scope = f"edition:{edition.id}"
    store(scope, noon, captain, AlarmKind.MASS_READS)
    store(scope, noon + timedelta(hours=1), captain, AlarmKind.SIGN_INS)
    last = store(scope, noon + timedelta(hours=2))
    client = browser(app, make, organiser)
    assert client.post(f"{PAGE}/{last}", data={"note": " Đã  hỏi "}).status_code == 303
    page = words(client)
    titles = ["Many failed sign-ins", "Very much was opened in a short time", "Many pages were refused"]
    places = [page.index(title) for title in titles]
    assert places == sorted(places)
    assert "60 tries failed within 10 minutes" in page
    assert "Em Nguyễn Văn Nhỏ" in page
    assert "Not signed in, from the address 3f2a91c0" in page
    assert "Ask the person whether it was them" in page
    assert "Looked at by Phạm Minh Tổ on 08/10/2026 12:00: Đã hỏi" in page
    assert page.count("I have looked at it") == 2


def test_lg_12_the_overview_tells_how_many_are_open(
    app: Flask, make: Make, organiser: User, edition: Edition, noon: datetime
) -> None:
    client = browser(app, make, organiser)
    overview = "/e/mua-thu-2026/organise/"
    assert "Open alarms" not in words(client, overview)
    one = store(f"edition:{edition.id}", noon)
    store(f"edition:{edition.id}", noon + timedelta(hours=1))
    store("edition:777", noon)
    assert "2 Open alarms" in words(client, overview)
    assert f'href="{PAGE}"' in client.get("/e/mua-thu-2026/organise/looks").text
    client.post(f"{PAGE}/{one}", data={})
    assert "1 Open alarms" in words(client, overview)
    observer = make.member(edition, Role.OBSERVER)
    assert "Open alarms" not in words(browser(app, make, observer), overview)


def test_lg_12_looking_at_it_twice_or_at_ones_own_is_refused_in_words(
    app: Flask, make: Make, organiser: User, edition: Edition, noon: datetime
) -> None:
    client = browser(app, make, organiser)
    number = store(f"edition:{edition.id}", noon)
    own = store(f"edition:{edition.id}", noon, organiser)
    assert "This alarm is about your own account" in words(client)
    answer = client.post(f"{PAGE}/{own}", data={"note": "không sao"})
    assert (answer.status_code, "about your own account" in answer.text) == (409, True)
    answer = client.post(f"{PAGE}/{number}", data={"note": "x" * 501})
    assert (answer.status_code, "500 letters at most" in answer.text) == (409, True)
    assert client.post(f"{PAGE}/{number}", data={"note": ""}).status_code == 303
    answer = client.post(f"{PAGE}/{number}", data={"note": "lần hai"})
    assert (answer.status_code, "already" in answer.text) == (409, True)
    first, second = alarms()
    assert (first.acknowledged_by, first.note, second.acknowledged_by) == (organiser.id, "", None)


def test_lg_12_only_the_committee_of_the_edition_sees_its_alarms(
    app: Flask, make: Make, organiser: User, captain: User, edition: Edition, noon: datetime
) -> None:
    number = store(f"edition:{edition.id}", noon, captain)
    site = store(SITE, noon)
    other = make.member(make.edition("mua-khac"), Role.ORGANISER, make.user("Người khác"))
    judge = make.member(edition, Role.JUDGE)
    for user, status in ((captain, 403), (judge, 403), (other, 404)):
        client = browser(app, make, user)
        assert client.get(PAGE).status_code == status
        assert client.post(f"{PAGE}/{number}", data={}).status_code == status
    own = browser(app, make, other)
    assert own.post(f"/e/mua-khac/organise/alarms/{number}", data={}).status_code == 404
    for user in (organiser, other, captain):
        client = browser(app, make, user)
        assert client.get("/alarms").status_code == 404
        assert client.post(f"/alarms/{site}", data={}).status_code == 404
    assert browser(app, make, organiser).post(f"{PAGE}/{site}", data={}).status_code == 404
    assert [one.acknowledged_at for one in alarms()] == [None, None]


def test_lg_12_administrators_have_a_page_of_the_site(
    app: Flask, make: Make, edition: Edition, captain: User, noon: datetime
) -> None:
    root = make.user("Quản trị viên", is_admin=True)
    store(f"edition:{edition.id}", noon, captain)
    number = store(SITE, noon)
    client = browser(app, make, root)
    assert words(client, "/alarms").count("Many pages were refused") == 1
    assert captain.name not in client.get("/alarms").text
    assert "finds the address in its log" in words(client, "/alarms")
    assert 'href="/alarms"' in client.get("/editions").text
    assert client.post(f"/alarms/{number}", data={"note": "máy quét"}).status_code == 303
    assert "máy quét" in words(client, "/alarms")


@pytest.mark.parametrize("size", [1, 3])
def test_the_page_asks_the_same_whatever_its_length(
    app: Flask, make: Make, organiser: User, captain: User, edition: Edition, noon: datetime, size: int
) -> None:
    for number in range(size):
        store(f"edition:{edition.id}", noon + timedelta(hours=number), captain)
    client = browser(app, make, organiser)
    client.get(PAGE)
    with counted(app) as statements:
        client.get(PAGE)
    assert len(statements) == 4
