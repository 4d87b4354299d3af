from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.models import User, UserSession
from contest.accounts.roles import Role
from contest.editions.models import Edition
from contest.infra import clock
from contest.infra.db import db, unit_of_work
from contest.infra.hashing import hash_password, password_matches
from contest.infra.mail import OutboxMail
from contest.submissions.models import Submission, Team
from contest.submissions.queries import team_of
from tests.accounts.conftest import without_tokens
from tests.counting import counted
from tests.factories import Make
from tests.submissions.views.test_register import FORM, URL

KNOWN, NEW = "known@example.vn", "fresh@example.vn"
BY_MAIL = {"email": NEW, "phone": "", "password": ""}


@pytest.fixture(autouse=True)
def _mails(app: Flask, monkeypatch: pytest.MonkeyPatch, contest_edition: Edition, noon: datetime) -> None:
    assert contest_edition.submissions_close
    assert noon < contest_edition.submissions_close
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://127.0.0.1:9")


def sent(client: FlaskClient, **changes: Any) -> Any:
    return client.post(URL, data={**FORM, **BY_MAIL, **changes})


def mails() -> list[OutboxMail]:
    db.session.rollback()
    return db.session.query(OutboxMail).order_by(OutboxMail.id).all()


def link_in(mail: OutboxMail) -> str:
    found = re.search(r"http://localhost(/e/mua-thu-2026/register/\S+)", mail.body)
    assert found
    return found[1]


@pytest.mark.parametrize("phone", ["", "0903 123 782"])
def test_au_04_registering_answers_alike_whether_or_not_the_address_has_an_account(
    app: Flask, make: Make, english: Callable[[], FlaskClient], phone: str
) -> None:
    make.user(email=KNOWN, phone="+84903123782")

    def seen(name: str, email: str) -> tuple[Any, ...]:
        client = english()
        with counted(app) as statements:
            answer = sent(client, name=name, email=email, phone=phone)
        after = client.get(answer.location)
        kept = sorted((key, value) for key, value in answer.headers if key not in ("Date", "Set-Cookie"))
        cookies = len(answer.headers.getlist("Set-Cookie"))
        where = (answer.status_code, answer.location, answer.data, kept, cookies)
        return where, len(statements), after.status_code, without_tokens(after.text)

    assert seen("Đội Một", KNOWN) == seen("Đội Hai", NEW)
    assert seen("Đội Ba", KNOWN)[0][0] == 303
    assert db.session.query(User).count() == 1
    assert [(team.captain_id, bool(team.phone)) for team in db.session.query(Team)] == [(None, bool(phone))] * 3


def test_au_04_what_is_wrong_is_said_alike(make: Make, english: Callable[[], FlaskClient]) -> None:
    make.user(email=KNOWN)

    def seen(email: str) -> tuple[int, str]:
        answer = sent(english(), email=email, school="")
        return answer.status_code, without_tokens(answer.text).replace(email, "")

    assert seen(KNOWN) == seen(NEW)
    assert mails() == []


def test_au_04_the_mail_tells_the_owner_which_it_is_and_repeats_nothing_that_was_typed(
    make: Make, visitor: FlaskClient
) -> None:
    make.user("Chủ Tài Khoản", email=KNOWN, locale="en")

    sent(visitor, name="Đội Một", email=KNOWN)
    sent(visitor, name="Đội Hai")

    known, fresh = mails()
    assert (known.recipient, fresh.recipient, known.scope, fresh.scope) == (KNOWN, NEW, "accounts", "accounts")
    assert known.subject == fresh.subject
    assert "You already have an account with this address." in known.body
    assert "then set a new one under My account" in known.body
    assert "confirm your address" in fresh.body
    assert "already have an account" not in fresh.body
    for typed in ("Đội Một", "Đội Hai", "Lê Thị Ánh", "Bản đồ ngập"):
        assert typed not in known.body + fresh.body


def test_nothing_that_was_typed_is_lost_and_the_link_makes_the_account(visitor: FlaskClient) -> None:
    answer = sent(visitor)
    assert "One step is left: open our mail" in visitor.get(answer.location).text
    [mail] = mails()

    page = visitor.get(link_in(mail))
    done = visitor.post(link_in(mail), data={"password": "con mèo leo cây"})

    assert "Ánh Sáng" in page.text
    row = db.session.query(Submission).one()
    assert (done.status_code, done.location) == (303, f"/e/mua-thu-2026/team/{row.public_id}/")
    person = db.session.query(User).one()
    assert (person.name, person.email, person.phone) == ("Lê Thị Ánh", NEW, None)
    assert person.password_hash
    assert password_matches(person.password_hash, "con mèo leo cây")
    assert [membership.role for membership in person.memberships] == [Role.CAPTAIN]
    team = team_of(row.team_id)
    assert team is not None
    assert team.details.members == ("Trần Anh Dung", "Đỗ Ân", "Hoàng Ánh")
    draft = visitor.get(done.location)
    assert "Bản đồ ngập" in draft.text
    assert "Your team is registered" in draft.text


def test_the_link_works_once_and_opening_it_uses_nothing(visitor: FlaskClient, english: Any) -> None:
    sent(visitor)
    link = link_in(mails()[0])

    assert [visitor.get(link).status_code for _ in range(2)] == [200, 200]
    assert db.session.query(User).count() == 0
    assert visitor.post(link).status_code == 303
    assert [english().get(link).status_code, english().post(link).status_code] == [410, 410]


def test_a_password_that_is_refused_makes_no_account(visitor: FlaskClient) -> None:
    sent(visitor)
    link = link_in(mails()[0])

    answer = visitor.post(link, data={"password": "ngắn"})

    assert answer.status_code == 422
    assert "at least 8 characters" in answer.text
    assert db.session.query(User).count() == 0


def test_whoever_has_an_account_signs_in_first(make: Make, visitor: FlaskClient, english: Any) -> None:
    owner = make.user("Chủ Tài Khoản", email=KNOWN, password_hash=hash_password("con mèo leo cây"))
    sent(visitor, email=KNOWN)
    link = link_in(mails()[0])

    page = visitor.get(link)
    refused = visitor.post(link, data={"password": "một mật khẩu khác"})
    assert "You already have an account with this address." in page.text
    assert f"/sign-in?next={link}" in page.text
    assert refused.status_code == 422
    assert db.session.query(UserSession).count() == 0

    stranger, me = english(), english()
    make.sign_in(stranger, make.user("Người Lạ"))
    make.sign_in(me, owner)
    assert stranger.post(link).status_code == 422
    assert "this address belongs to another account" in stranger.get(link).text
    assert me.post(link).status_code == 303
    assert db.session.query(Team).one().captain_id == owner.id
    db.session.refresh(owner)
    assert password_matches(owner.password_hash or "", "con mèo leo cây")


def test_a_closed_account_takes_nothing_over(make: Make, visitor: FlaskClient) -> None:
    make.user(email=KNOWN, is_active=False)

    assert sent(visitor, email=KNOWN).status_code == 303
    assert visitor.post(link_in(mails()[0])).status_code == 422
    assert db.session.query(Team).one().captain_id is None


@pytest.mark.parametrize("spoilt", ["x", "a" * 60, "%E1%BA%A3nh"])
def test_a_link_that_is_none_or_over_is_gone(visitor: FlaskClient, noon: datetime, spoilt: str) -> None:
    sent(visitor)
    link = link_in(mails()[0])

    assert visitor.get(f"{URL}/{spoilt}").status_code == 410
    with clock.stopped_at(noon + timedelta(days=14)):
        assert visitor.get(link).status_code == 410


def test_a_link_opens_no_other_edition(make: Make, visitor: FlaskClient) -> None:
    make.edition("khac")
    sent(visitor)

    assert visitor.get(link_in(mails()[0]).replace("mua-thu-2026", "khac")).status_code == 410


def test_nobody_can_fill_a_mailbox(visitor: FlaskClient) -> None:
    answers = [sent(visitor, name=f"Đội {number}").status_code for number in range(6)]

    assert answers == [303] * 5 + [429]
    assert len(mails()) == 5


def test_a_phone_alone_goes_on_as_before(visitor: FlaskClient) -> None:
    answer = sent(visitor, email="", phone="0903 123 782", password="con mèo leo cây")

    assert answer.status_code == 303
    assert db.session.query(Team).one().captain_id == db.session.query(User).one().id
    assert sent(visitor, email="", name="Khác").status_code == 303  # signed in by now
    assert mails() == []


def test_a_phone_alone_asks_for_a_password(visitor: FlaskClient) -> None:
    assert sent(visitor, email="", phone="0903 123 782").status_code == 422


def test_what_a_site_without_mail_tells_is_told_few_times(
    app: Flask, make: Make, english: Callable[[], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "SMTP_URL", "")
    make.user(email=KNOWN)

    answers = [sent(english(), email=KNOWN, password="con mèo leo cây").status_code for _ in range(21)]

    assert answers == [422] * 20 + [429]
    assert sent(english(), password="con mèo leo cây").status_code == 429  # whoever asked so often waits for all


def test_where_mails_are_withheld_nobody_waits_for_one(
    english: Callable[[], FlaskClient], contest_edition: Edition
) -> None:
    with unit_of_work() as session:
        session.get_one(Edition, contest_edition.id).is_test = True
    client = english()
    assert sent(client, password="").status_code == 422
    answer = sent(client, password="con chó leo cây thật cao")
    assert (answer.status_code, "sent" in answer.location) == (303, False)
    assert db.session.query(Team).one().captain_id is not None
    assert mails() == []
