"""A consent to be named that is taken back: the page that proves shows the code at once, the committee has a task."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.certificates.kinds import Hold, Kind
from contest.certificates.models import Certificate
from contest.certificates.queries.register import proof_of, roll_page
from contest.certificates.queries.taken_back import to_reissue
from contest.certificates.services import register
from contest.certificates.veil import names_one, veiled
from contest.errors import RuleBroken
from contest.infra.db import db, unit_of_work
from contest.infra.signing import fingerprint
from contest.submissions.consenting import Giver, Means, Purpose
from contest.submissions.models import Submission, TeamMember
from contest.submissions.services.consents import Word, say
from tests.certificates.conftest import Night
from tests.counting import counted
from tests.factories import NOON


def speak(night: Night, name: str, *, given: bool, purpose: Purpose = Purpose.PUBLISH_NAME) -> None:
    db.session.rollback()
    member = db.session.query(TeamMember).filter_by(name=name).one()
    with unit_of_work():
        say(
            team_id=member.team_id, name=name, purposes=[purpose], givers=[Giver.GUARDIAN], given=given,
            word=Word(Means.TOLD), actor_id=None, now=NOON,
        )  # fmt: skip


def of(name: str) -> Certificate:
    db.session.rollback()
    return db.session.query(Certificate).filter_by(name=name, revoked_at=None).one()


@pytest.fixture
def told(night: Night) -> Night:
    """Everybody agreed, the certificates of the participants are out."""
    night.consent()
    assert night.issue(Kind.PARTICIPANT) == 3
    night.publish()
    return night


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("locale", "en")
    return client


@pytest.mark.both_databases
def test_pr_03_the_page_that_proves_shows_the_code_at_once_and_the_certificate_still_holds(
    told: Night, visitor: FlaskClient
) -> None:
    row = of("Em 1")
    address, code = f"/c/{row.code}", db.session.get_one(Submission, row.submission_id).code
    before = visitor.get(address).text
    assert "Em 1" in before
    assert f"{address}/certificate.pdf" in before

    speak(told, "Em 1", given=False)

    after = visitor.get(address)
    assert after.status_code == 200
    assert "This certificate is genuine" in after.text
    assert "Em 1" not in after.text
    assert f'<p class="h2">{code}</p>' in after.text
    assert "took back the consent to be named" in after.text
    assert row.fingerprint in before
    assert row.fingerprint not in after.text
    assert row.number in after.text
    assert visitor.get(f"{address}/certificate.pdf").status_code == 404
    other = visitor.get(f"/c/{of('Em 2').code}")
    assert "Em 2" in other.text
    assert "took back" not in other.text

    speak(told, "Em 1", given=True)
    assert "Em 1" in visitor.get(address).text


def test_pr_03_who_takes_back_to_take_part_is_named_no_longer(told: Night, visitor: FlaskClient) -> None:
    row = of("Em 1")
    speak(told, "Em 1", given=True, purpose=Purpose.TAKE_PART)
    speak(told, "Em 1", given=False, purpose=Purpose.TAKE_PART)

    assert "Em 1" not in visitor.get(f"/c/{row.code}").text


def test_it_is_still_one_question(told: Night) -> None:
    code = of("Em 1").code
    speak(told, "Em 1", given=False)
    with told.app.app_context(), counted(told.app) as statements:
        found = proof_of(code)
        assert found is not None
        assert found.hides
    assert len(statements) == 1
    # Whoever guessed the name could try it against the fingerprint: that is why the page does not show it either.
    assert fingerprint({**found.content, "name": "Em 1"}) == found.fingerprint


def test_pr_03_the_committee_is_told_and_issues_it_anew_under_the_code(told: Night, visitor: FlaskClient) -> None:
    told.make.sign_in(visitor, told.organiser)
    desk, overview = f"/e/{told.edition.code}/organise/certificates", f"/e/{told.edition.code}/organise/"
    assert "Certificates to issue anew" not in visitor.get(overview).text
    row = of("Em 1")
    code = db.session.get_one(Submission, row.submission_id).code

    speak(told, "Em 1", given=False)

    assert [one.name for one in to_reissue(told.edition.id)] == ["Em 1"]
    assert "Certificates to issue anew" in visitor.get(overview).text
    page = visitor.get(desk).text
    assert "1 certificate names somebody who took that back" in page
    assert row.number in page
    assert f'value="{code}"' in visitor.get(f"{desk}/register/{row.public_id}").text
    again: dict[str, Any] = {"edition": told.facts, "public_id": row.public_id, "reason": "Rút đồng ý", **told.by}
    with pytest.raises(RuleBroken) as refused, unit_of_work():
        register.reissue(name="", **again)
    assert refused.value.code == "certificate_held"
    with unit_of_work():
        register.reissue(name=code, **again)

    assert to_reissue(told.edition.id) == []
    assert "Certificates to issue anew" not in visitor.get(overview).text
    fresh = visitor.get(f"/c/{of(code).code}").text
    assert "Em 1" not in fresh
    assert "/certificate.pdf" in fresh


def test_who_is_of_age_and_took_it_back_gets_none_with_the_name(night: Night) -> None:
    with unit_of_work() as session:
        session.query(TeamMember).filter_by(name="Em 1").one().birth_date = date(1990, 1, 1)
    speak(night, "Em 1", given=True)
    speak(night, "Em 1", given=False)

    lines = roll_page(night.facts, Kind.PARTICIPANT, NOON).lines
    assert [line.hold for line in lines if line.candidate.name == "Em 1"] == [Hold.TAKEN_BACK]


CONTENT: dict[str, Any] = {
    "name": "Lê Thị Ánh",
    "team": "Đội Lê Thị Ánh",
    "title": "Bản đồ",
    "number": "1/2026",
    "said": {
        "vi": {"heading": "Giấy", "lines": ["LÊ THỊ ÁNH", "Tặng em Lê Thị Ánh, lớp 9", "le thi anh", "Lê Thị Ánhh"]}
    },
}


def test_every_spelling_goes_and_nothing_else() -> None:
    shown = veiled(CONTENT, ["Lê Thị Ánh"], "BT-001")
    assert (shown["name"], shown["team"], shown["title"]) == ("BT-001", "Đội BT-001", "Bản đồ")
    assert shown["said"]["vi"]["lines"] == ["BT-001", "Tặng em BT-001, lớp 9", "BT-001", "Lê Thị Ánhh"]
    assert shown["said"]["vi"]["heading"] == "Giấy"
    assert not names_one(shown, ["Lê Thị Ánh"])
    assert veiled(CONTENT, ["Vũ Bình"], "BT-001") == CONTENT
    assert not re.search("BT-001", str(CONTENT))
