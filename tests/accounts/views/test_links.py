"""The page behind a one-time link, and asking for one by e-mail."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.accounts import services
from contest.accounts.models import SignInLink, User
from contest.infra import clock
from contest.infra.db import db, unit_of_work
from contest.infra.mail import OutboxMail
from tests.accounts.conftest import without_tokens
from tests.factories import Make


def issue(user: User, now: datetime) -> str:
    with unit_of_work():
        return services.issue_link(user_id=user.id, edition_id=None, secret_key="k", actor_id=None, now=now).token


def used() -> list[datetime | None]:
    db.session.rollback()
    return list(db.session.scalars(select(SignInLink.used_at)))


def mails() -> list[OutboxMail]:
    db.session.rollback()
    return list(db.session.scalars(select(OutboxMail)))


def ask(client: FlaskClient, email: str, **query: str) -> Any:
    return client.post("/sign-in/link", query_string=query, data={"email": email})


def link_in(mail: OutboxMail) -> str:
    [url] = re.findall(r"http://localhost(/s/\S+)", mail.body)
    return str(url)


def test_opening_a_link_shows_whose_it_is_and_uses_nothing(english: FlaskClient, ngan: User, noon: datetime) -> None:
    token = issue(ngan, noon)
    for _ in range(3):
        answer = english.get(f"/s/{token}")
        assert answer.status_code == 200
        assert "Sign in as Nguyễn Kim Ngân" in answer.text
    english.head(f"/s/{token}")
    assert used() == [None]
    assert english.get("/account").status_code == 303


def test_the_button_signs_in_once(english: FlaskClient, ngan: User, noon: datetime) -> None:
    token = issue(ngan, noon)
    answer = english.post(f"/s/{token}?next=/account")
    assert (answer.status_code, answer.location) == (303, "/account")
    assert "Nguyễn Kim Ngân" in english.get("/account").text
    assert used() == [noon]
    assert english.post(f"/s/{token}").status_code == 410


def test_a_page_is_no_place_for_search_engines_and_caches(english: FlaskClient, ngan: User, noon: datetime) -> None:
    answer = english.get(f"/s/{issue(ngan, noon)}")
    assert 'name="robots" content="noindex' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_used_expired_revoked_and_unknown_links_look_the_same(
    app: Flask, english: FlaskClient, ngan: User, noon: datetime
) -> None:
    tokens = {name: issue(ngan, noon) for name in ("used", "expired", "revoked")}
    app.test_client().post(f"/s/{tokens['used']}")
    with unit_of_work():
        services.revoke_links(user_id=ngan.id, edition_id=None, actor_id=None, now=noon)
        late = services.issue_link(
            user_id=ngan.id, edition_id=None, secret_key="k", actor_id=None, now=noon, life=timedelta(minutes=1)
        )
    tokens |= {"expired": late.token, "unknown": "khong-co"}
    with clock.stopped_at(noon + timedelta(minutes=1)):
        answers = [
            (answer.status_code, answer.text.replace(token, "TOKEN"))
            for token in tokens.values()
            for answer in (english.get(f"/s/{token}"), english.post(f"/s/{token}"))
        ]
    assert {status for status, _ in answers} == {410}
    assert len({text for _, text in answers}) == 1
    assert 'href="/sign-in/link"' in answers[0][1]
    assert "Ngân" not in answers[0][1]


def test_a_link_for_another_account_warns_and_then_changes_over(
    english: FlaskClient, make: Make, ngan: User, noon: datetime
) -> None:
    make.sign_in(english, make.user("Trần Quốc Đạt"))
    token = issue(ngan, noon)
    assert "You are signed in as Trần Quốc Đạt" in english.get(f"/s/{token}").text
    english.post(f"/s/{token}")
    assert "Nguyễn Kim Ngân" in english.get("/account").text


def test_the_cookie_is_new_after_a_link(english: FlaskClient, ngan: User, noon: datetime) -> None:
    with english.session_transaction() as session:
        session["planted"] = "x"
    english.post(f"/s/{issue(ngan, noon)}")
    with english.session_transaction() as session:
        assert "planted" not in session


def test_a_link_by_mail_works_for_half_an_hour(english: FlaskClient, ngan: User, noon: datetime) -> None:
    answer = ask(english, " Ngan@Example.vn ", next="/account")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/account")
    [mail] = mails()
    assert (mail.recipient, mail.recipient_name, mail.scope) == ("ngan@example.vn", "Nguyễn Kim Ngân", "accounts")
    path = link_in(mail)
    with clock.stopped_at(noon + timedelta(minutes=30)):
        assert english.get(path).status_code == 410
    with clock.stopped_at(noon + timedelta(minutes=29, seconds=59)):
        assert english.post(path).location == "/account"


def test_the_mail_speaks_its_readers_language(english: FlaskClient, make: Make, noon: datetime) -> None:
    make.user("Lê Ân", email="en@example.vn", locale="en")
    ask(english, "en@example.vn")
    [mail] = mails()
    assert mail.subject == "Your sign-in link for Bảng Vàng"
    assert mail.body.startswith("Hello Lê Ân,\n")


@pytest.mark.parametrize("email", ["nobody@example.vn", "closed@example.vn"])
def test_an_unknown_address_gets_the_same_answer_and_no_mail(
    app: Flask, make: Make, ngan: User, noon: datetime, email: str
) -> None:
    make.user(email="closed@example.vn", is_active=False)

    def seen(address: str) -> tuple[int, str, list[str], str]:
        client = app.test_client()
        client.set_cookie("locale", "en")
        answer = ask(client, address)
        return (
            answer.status_code,
            answer.location,
            sorted(answer.headers.keys()),
            without_tokens(client.get("/sign-in").text),
        )

    assert seen(email) == seen("ngan@example.vn")
    assert [mail.recipient for mail in mails()] == ["ngan@example.vn"]


def test_what_is_no_address_is_said_at_once(english: FlaskClient, noon: datetime) -> None:
    answer = ask(english, "không phải địa chỉ")
    assert answer.status_code == 422
    assert "neither an e-mail address nor a phone number" in answer.text
    assert 'value="không phải địa chỉ"' in answer.text


def test_nobody_can_fill_a_mailbox(english: FlaskClient, ngan: User, noon: datetime) -> None:
    answers = [ask(english, "ngan@example.vn").status_code for _ in range(6)]
    assert answers == [303] * 5 + [429]
    assert len(mails()) == 5


def test_without_a_mail_server_the_page_says_so(
    app: Flask, english: FlaskClient, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "This site sends no mail yet" in english.get("/sign-in/link").text
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://127.0.0.1:25")
    assert "This site sends no mail yet" not in english.get("/sign-in/link").text


def test_the_address_in_the_mail_never_comes_from_the_request(english: FlaskClient, ngan: User, noon: datetime) -> None:
    english.post("/sign-in/link", data={"email": "ngan@example.vn"}, headers={"Host": "evil.example"})
    assert "evil.example" not in mails()[0].body
    assert "http://localhost/s/" in mails()[0].body
