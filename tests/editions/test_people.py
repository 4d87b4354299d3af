"""The people page of an edition."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.accounts.models import Membership, SignInLink, User
from contest.accounts.people import PersonFacts
from contest.accounts.policy import can_issue_link
from contest.accounts.queries import people_of
from contest.accounts.roles import Identity, Role
from contest.editions.models import Edition
from contest.infra.audit import AuditEntry
from contest.infra.db import db
from contest.infra.mail import OutboxMail
from tests.counting import counted
from tests.factories import Make

PEOPLE = "/e/mua-thu-2026/organise/people"


@pytest.fixture
def edition(make: Make, noon: datetime) -> Edition:
    return make.edition()


@pytest.fixture
def organiser(make: Make, edition: Edition) -> User:
    return make.member(edition, Role.ORGANISER, make.user("Nguyễn Kim Ngân", email="ngan@example.vn"))


@pytest.fixture
def desk(app: Flask, make: Make, organiser: User) -> FlaskClient:
    """The organiser's browser, in English."""
    client = app.test_client()
    client.set_cookie("locale", "en")
    make.sign_in(client, organiser)
    return client


def roles(edition: Edition, user: User) -> set[Role]:
    db.session.rollback()
    held = select(Membership.role).where(Membership.edition_id == edition.id, Membership.user_id == user.id)
    return set(db.session.scalars(held))


def page_of(user: User) -> str:
    return f"{PEOPLE}/{user.public_id}"


def add(client: FlaskClient, name: str = "Trần Quốc Đạt", contact: str = "", role: str = "secretary") -> Any:
    return client.post(PEOPLE, data={"name": name, "contact": contact, "role": role})


def codes_in(page: str) -> list[str]:
    return ["".join(found) for found in re.findall(r'class="bv-qr-code">(\d{3}) (\d{3})<', page)]


# The list


def test_people_stand_under_their_roles_in_vietnamese_order(desk: FlaskClient, make: Make, edition: Edition) -> None:
    for name in ("Đỗ Ánh", "Lê Ân", "Bùi An", "Trần Bình"):
        make.member(edition, Role.JUDGE, make.user(name))
    page = desk.get(PEOPLE).text
    judges = page[page.index(">Judge<") :]
    names = re.findall(r'people/[a-z0-9]+">([^<]+)</a>', judges)
    assert names == ["Bùi An", "Đỗ Ánh", "Lê Ân", "Trần Bình"]
    assert page.index(">Organiser<") < page.index(">Judge<")


def test_a_person_with_two_roles_stands_under_both(desk: FlaskClient, make: Make, edition: Edition) -> None:
    person = make.member(edition, Role.CHAIR, make.user("Phạm Minh Châu"))
    make.member(edition, Role.JUDGE, person)
    assert desk.get(PEOPLE).text.count(">Phạm Minh Châu</a>") == 2


@pytest.mark.parametrize("more", [0, 2])
def test_the_list_asks_as_often_for_three_people_as_for_one(
    app: Flask, desk: FlaskClient, make: Make, edition: Edition, more: int
) -> None:
    for _ in range(more):
        make.member(edition, Role.JUDGE)
    with counted(app) as queries:
        page = desk.get(PEOPLE)
    assert page.text.count('name="person"') == more + 1
    assert len(queries) == QUERIES


QUERIES = 3  # who asks, the edition, its people


def test_people_of_other_editions_are_not_listed(desk: FlaskClient, make: Make) -> None:
    make.member(make.edition("khac"), Role.JUDGE, make.user("Người Lạ"))
    assert "Người Lạ" not in desk.get(PEOPLE).text


# Adding


def test_a_new_person_gets_an_account_and_a_role(desk: FlaskClient, edition: Edition) -> None:
    answer = add(desk, "  Trần  Quốc Đạt ", "0903 123 782")
    assert answer.status_code == 303
    db.session.rollback()
    user = db.session.scalars(select(User).where(User.phone == "+84903123782")).one()
    assert answer.location == page_of(user)
    assert (user.name, user.email, user.password_hash) == ("Trần Quốc Đạt", None, None)
    assert roles(edition, user) == {Role.SECRETARY}
    assert "Trần Quốc Đạt" in desk.get(answer.location).text


def test_a_known_person_keeps_account_and_name(desk: FlaskClient, make: Make, edition: Edition) -> None:
    known = make.user("Trần Quốc Đạt", email="dat@example.vn")
    assert add(desk, "Anh Đạt", "DAT@example.vn", "observer").location == page_of(known)
    assert roles(edition, known) == {Role.OBSERVER}


def test_a_guest_without_contact_is_welcome(desk: FlaskClient) -> None:
    assert add(desk, "Khách mời").status_code == 303


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": " "}, "Please fill in this field."),
        ({"contact": "không phải địa chỉ"}, "neither an e-mail address nor a phone number"),
        ({"contact": "x@y"}, "neither an e-mail address nor a phone number"),
        ({"role": "king"}, "Role"),
        ({"role": "judge"}, "Role"),
        ({"role": "captain"}, "Role"),
    ],
)
def test_what_cannot_be_added_is_said_and_nothing_is_written(
    desk: FlaskClient, values: dict[str, str], words: str
) -> None:
    answer = add(desk, **values)
    assert answer.status_code == 422
    assert words in answer.text
    assert len(db.session.scalars(select(User)).all()) == 1


def test_a_closed_account_is_refused_in_words(desk: FlaskClient, make: Make) -> None:
    make.user(email="closed@example.vn", is_active=False)
    answer = add(desk, "Đạt", "closed@example.vn")
    assert answer.status_code == 422
    assert "This account was closed." in answer.text


# Roles


def test_a_role_holds_from_the_next_request_and_is_gone_with_it(
    app: Flask, desk: FlaskClient, make: Make, edition: Edition
) -> None:
    judge = make.member(edition, Role.JUDGE)
    other = app.test_client()
    make.sign_in(other, judge)
    assert other.get(PEOPLE).status_code == 403
    assert desk.post(page_of(judge) + "/roles", data={"role": "secretary"}).status_code == 303
    assert other.get(PEOPLE).status_code == 200
    assert desk.post(page_of(judge) + "/roles/remove", data={"role": "secretary"}).location == page_of(judge)
    assert other.get(PEOPLE).status_code == 403


def test_the_last_role_takes_the_person_off_the_list(desk: FlaskClient, make: Make, edition: Edition) -> None:
    person = make.member(edition, Role.OBSERVER)
    assert desk.post(page_of(person) + "/roles/remove", data={"role": "observer"}).location == PEOPLE
    assert desk.get(page_of(person)).status_code == 404


def test_the_last_organiser_stays(desk: FlaskClient, edition: Edition, organiser: User) -> None:
    answer = desk.post(page_of(organiser) + "/roles/remove", data={"role": "organiser"})
    assert answer.status_code == 409
    assert "An edition keeps at least one organiser." in answer.text
    assert roles(edition, organiser) == {Role.ORGANISER}


def test_one_of_two_organisers_may_leave(desk: FlaskClient, make: Make, edition: Edition, organiser: User) -> None:
    make.member(edition, Role.ORGANISER)
    assert desk.post(page_of(organiser) + "/roles/remove", data={"role": "organiser"}).location == "/"
    assert roles(edition, organiser) == set()
    assert desk.get(PEOPLE).status_code == 404


@pytest.mark.parametrize("role", ["judge", "captain", "king", ""])
def test_places_on_panel_and_team_are_not_taken_here(
    desk: FlaskClient, make: Make, edition: Edition, role: str
) -> None:
    person = make.member(edition, Role.JUDGE)
    make.member(edition, Role.CAPTAIN, person)
    assert desk.post(page_of(person) + "/roles/remove", data={"role": role}).status_code == 404
    assert desk.post(page_of(person) + "/roles", data={"role": role}).status_code == 422
    assert roles(edition, person) == {Role.JUDGE, Role.CAPTAIN}


# Ways in


def test_a_way_in_is_shown_once_and_works(app: Flask, desk: FlaskClient, make: Make, edition: Edition) -> None:
    judge = make.member(edition, Role.JUDGE, make.user("Lê Văn Ân"))
    answer = desk.post(page_of(judge) + "/link")
    assert answer.status_code == 200
    [url] = re.findall(r'value="http://localhost(/s/[^"]+)"', answer.text)
    [digits] = re.findall(r'bv-handover-code">(\d{3}) (\d{3})<', answer.text)
    assert "<svg" in answer.text
    assert url not in desk.get(page_of(judge)).text
    assert "Lê Văn Ân" in app.test_client().get(url).text
    assert app.test_client().post("/e/mua-thu-2026/door", data={"code": "".join(digits)}).status_code == 303
    assert app.test_client().post(url).status_code == 410  # the code and the link are one way in


def test_unused_ways_in_can_be_made_worthless(app: Flask, desk: FlaskClient, make: Make, edition: Edition) -> None:
    judge = make.member(edition, Role.JUDGE)
    [url] = re.findall(r'value="http://localhost(/s/[^"]+)"', desk.post(page_of(judge) + "/link").text)
    assert page_of(judge) + "/links/revoke" in desk.get(page_of(judge)).text
    assert desk.post(page_of(judge) + "/links/revoke").status_code == 303
    assert app.test_client().get(url).status_code == 410
    assert page_of(judge) + "/links/revoke" not in desk.get(page_of(judge)).text


def test_nobody_gets_further_than_the_own_edition(desk: FlaskClient, make: Make, edition: Edition) -> None:
    elsewhere, admin = make.member(edition, Role.JUDGE), make.member(edition, Role.JUDGE, make.user(is_admin=True))
    make.member(make.edition("khac"), Role.ORGANISER, elsewhere)
    for person in (elsewhere, admin):
        refused = desk.post(page_of(person) + "/link")
        assert refused.status_code == 409
        assert "rights outside your editions" in refused.text
        assert page_of(person) + "/link" not in re.findall(r'action="([^"]+)"', desk.get(page_of(person)).text)
    assert db.session.scalars(select(SignInLink)).all() == []


def test_the_page_offers_exactly_what_the_policy_allows(desk: FlaskClient, make: Make, edition: Edition) -> None:
    for number in range(4):
        person = make.member(edition, Role.JUDGE, make.user(is_admin=number == 1))
        if number > 1:
            make.member(make.edition(f"e{number}"), Role.JUDGE, person)
    user = Identity(1, "x", "t", roles={edition.id: frozenset({Role.ORGANISER})})
    found: list[PersonFacts] = people_of(edition.id, edition.created_at)
    allowed = {person.public_id for person in found if can_issue_link(user, person)}
    offered = {
        person.public_id
        for person in found
        if f'action="{PEOPLE}/{person.public_id}/link"' in desk.get(f"{PEOPLE}/{person.public_id}").text
    }
    assert offered == allowed
    assert 0 < len(allowed) < len(found)


def test_a_link_by_mail_waits_in_the_outbox_of_the_edition(desk: FlaskClient, make: Make, edition: Edition) -> None:
    judge = make.member(edition, Role.JUDGE, make.user("Lê Ân", email="an@example.vn", locale="en"))
    assert desk.post(page_of(judge) + "/link/mail").status_code == 303
    db.session.rollback()
    mail = db.session.scalars(select(OutboxMail)).one()
    assert (mail.scope, mail.recipient) == (f"edition:{edition.id}", "an@example.vn")
    assert mail.subject == "Your way in to Start-up ideas 2026"
    assert re.search(r"http://localhost/s/\S{32}\n", mail.body)
    assert re.search(r": \d{6}\n", mail.body)


def test_a_mail_that_reaches_further_is_not_for_organisers_eyes(
    desk: FlaskClient, make: Make, edition: Edition
) -> None:
    admin = make.member(edition, Role.JUDGE, make.user(email="admin@example.vn", is_admin=True))
    assert desk.post(page_of(admin) + "/link/mail").status_code == 303
    db.session.rollback()
    assert db.session.scalars(select(OutboxMail)).one().scope == "accounts"


def test_without_an_address_there_is_no_mail(desk: FlaskClient, make: Make, edition: Edition) -> None:
    guest = make.member(edition, Role.JUDGE, make.user(email=None))
    assert desk.post(page_of(guest) + "/link/mail").status_code == 404
    assert "/link/mail" not in desk.get(page_of(guest)).text


# The sheet


def test_the_sheet_has_a_working_card_for_everyone_ticked(
    app: Flask, desk: FlaskClient, make: Make, edition: Edition
) -> None:
    judges = [make.member(edition, Role.JUDGE, make.user(name)) for name in ("Lê Ân", "Bùi An", "Đỗ Bình")]
    page = desk.post(PEOPLE + "/sheet", data={"person": [judge.public_id for judge in judges[:2]]}).text
    assert re.findall(r'bv-qr-name">([^<]+)<', page) == ["Bùi An", "Lê Ân"]
    assert page.count("<svg") == 2 + page.count("bv-icon")
    codes = codes_in(page)
    assert len(set(codes)) == 2
    for code in codes:
        assert app.test_client().post("/e/mua-thu-2026/door", data={"code": code}).status_code == 303
    assert "Đỗ Bình" not in page


def test_seven_cards_need_two_pages(desk: FlaskClient, make: Make, edition: Edition) -> None:
    judges = [make.member(edition, Role.JUDGE) for _ in range(7)]
    page = desk.post(PEOPLE + "/sheet", data={"person": [judge.public_id for judge in judges]}).text
    assert page.count("bv-sheet bv-qr-sheet") == 2
    assert len(codes_in(page)) == 7


def test_the_sheet_names_whom_it_leaves_out(desk: FlaskClient, make: Make, edition: Edition) -> None:
    judge = make.member(edition, Role.JUDGE, make.user("Lê Ân"))
    admin = make.member(edition, Role.JUDGE, make.user("Quản Trị", is_admin=True))
    page = desk.post(PEOPLE + "/sheet", data={"person": [judge.public_id, admin.public_id]}).text
    assert re.findall(r'bv-qr-name">([^<]+)<', page) == ["Lê Ân"]
    assert "Left out, because their accounts have rights outside your editions: Quản Trị." in page


@pytest.mark.parametrize("chosen", [[], ["khong-co"]])
def test_a_sheet_of_nobody_is_not_printed(desk: FlaskClient, chosen: list[str]) -> None:
    answer = desk.post(PEOPLE + "/sheet", data={"person": chosen})
    assert (answer.status_code, answer.location) == (303, PEOPLE)
    assert "Tick the people first" in desk.get(PEOPLE).text


def test_each_act_is_on_record(desk: FlaskClient, make: Make, edition: Edition, organiser: User) -> None:
    judge = make.member(edition, Role.JUDGE)
    desk.post(page_of(judge) + "/roles", data={"role": "chair"})
    desk.post(page_of(judge) + "/link")
    desk.post(page_of(judge) + "/links/revoke")
    desk.post(page_of(judge) + "/roles/remove", data={"role": "chair"})
    db.session.rollback()
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.action for entry in entries] == ["role.granted", "link.issued", "links.revoked", "role.revoked"]
    assert {(entry.actor_id, entry.subject, entry.scope) for entry in entries} == {
        (organiser.id, f"user:{judge.id}", f"edition:{edition.id}")
    }


# Who may


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.ORGANISER])
def test_the_committee_may(app: Flask, make: Make, edition: Edition, role: Role) -> None:
    client = app.test_client()
    make.sign_in(client, make.member(edition, role))
    assert client.get(PEOPLE).status_code == 200


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SECRETARY, Role.ORGANISER}))
def test_others_of_the_edition_may_not(app: Flask, make: Make, edition: Edition, organiser: User, role: Role) -> None:
    client = app.test_client()
    make.sign_in(client, make.member(edition, role))
    assert client.get(PEOPLE).status_code == 403
    assert client.get(page_of(organiser)).status_code == 403
    assert add(client).status_code == 403
    for path in ("/roles", "/roles/remove", "/link", "/link/mail", "/links/revoke"):
        assert client.post(page_of(organiser) + path, data={"role": "organiser"}).status_code == 403
    assert client.post(PEOPLE + "/sheet").status_code == 403


def test_strangers_see_nothing_and_visitors_sign_in(app: Flask, make: Make, edition: Edition, organiser: User) -> None:
    client = app.test_client()
    assert client.get(PEOPLE).location.startswith("/sign-in?next=")
    assert add(client).status_code == 401
    make.sign_in(client, make.member(make.edition("khac"), Role.ORGANISER))
    assert client.get(PEOPLE).status_code == 404
    assert client.get(page_of(organiser)).status_code == 404


def test_a_person_of_another_edition_is_not_there(desk: FlaskClient, make: Make) -> None:
    stranger = make.member(make.edition("khac"), Role.JUDGE)
    assert desk.get(page_of(stranger)).status_code == 404
    for path in ("/roles", "/roles/remove", "/link", "/link/mail", "/links/revoke"):
        assert desk.post(page_of(stranger) + path, data={"role": "secretary"}).status_code == 404


def test_a_lost_device_is_seen_and_cut_off_at_once(app: Flask, make: Make, edition: Edition, desk: FlaskClient) -> None:
    judge = make.member(edition, Role.JUDGE, make.user("Vũ Hoàng Long"))
    tablet = app.test_client()
    make.sign_in(tablet, judge)
    shown = desk.get(page_of(judge)).get_data(as_text=True)
    assert shown.count("is paired as Vũ Hoàng Long") == 1
    path = re.search(r'action="([^"]+/devices/\d+/end)"', shown)
    assert path is not None
    assert tablet.get("/account").status_code == 200
    assert desk.post(path[1]).status_code == 303
    assert tablet.get("/account").location.startswith("/sign-in")
    assert "No device is signed in." in desk.get(page_of(judge)).get_data(as_text=True)
    assert desk.post(path[1]).status_code == 404


def test_devices_of_who_has_rights_elsewhere_stay_their_own(
    app: Flask, make: Make, edition: Edition, desk: FlaskClient
) -> None:
    other = make.edition("mua-khac")
    judge = make.member(edition, Role.JUDGE, make.member(other, Role.ORGANISER, make.user("Vũ Hoàng Long")))
    tablet = app.test_client()
    make.sign_in(tablet, judge)
    assert "is paired as" not in desk.get(page_of(judge)).get_data(as_text=True)
    for number in range(1, 4):
        assert desk.post(f"{page_of(judge)}/devices/{number}/end").status_code == 404
    assert tablet.get("/account").status_code == 200
