"""Only what is needed is asked, public ids tell nothing, and nobody learns how to reach a child or a judge."""

from __future__ import annotations

import hashlib
import re

import pytest
from flask.testing import FlaskClient

from contest.accounts.models import User
from contest.editions import services as editions
from contest.editions.entry_rules import Asks
from contest.editions.privacy import AgeBand, AskAge, PrivacyRules
from contest.editions.rules import LocalText
from contest.infra.db import db, unit_of_work
from contest.infra.types import public_id
from contest.privacy.forms.consents import GiveForm, GuardianForm, RequestForm
from contest.submissions.facts import TeamDetails
from contest.submissions.forms.teams import RegisterForm, RegisterTeamForm, TeamForm, register_form, team_form
from contest.submissions.models import Team, TeamMember
from contest.web.forms import Form
from tests.factories import NOON, Make
from tests.privacy.conftest import Team as Pupils
from tests.submissions.conftest import Entry

TEAM = {"name", "school", "members", "mentor_name", "mentor_email", "mentor_phone"}
CAPTAIN = {"captain_name", "email", "phone", "password"}
IDEA = {"title", "track", "field"}
PARTICULARS = {
    "birth_dates": {"births", "captain_birth"},
    "age_bands": {"bands", "captain_band"},
    "member_schools": {"schools", "captain_school"},
    "mentor_school": {"mentor_school"},
    "declaration": {"declared"},
}
PURPOSES = {"take_part", "publish_name", "publish_photo", "keep_alumni"}


def fields(form: Form) -> set[str]:
    return {field.name for field in form if field.name != "csrf_token"}


def test_pr_02_each_form_of_a_participant_holds_these_fields_and_no_others(pupils: Pupils) -> None:
    choices = {"A": LocalText("Học sinh", "Pupils")}
    with pupils.entry.app.test_request_context():
        assert fields(team_form(TeamDetails("Đội"))) == TEAM
        assert fields(register_form(RegisterTeamForm, {}, {})) == TEAM | {"title"}
        assert fields(register_form(RegisterForm, choices, choices)) == TEAM | IDEA | CAPTAIN
        assert fields(GiveForm()) == PURPOSES | {f"{one}_seen" for one in PURPOSES} | {"language", "signed"}
        assert fields(GuardianForm()) == {"guardian", "email"}
        assert fields(RequestForm()) == {"kind", "words"}


@pytest.mark.parametrize("asked", PARTICULARS)
def test_pr_02_what_a_rule_needs_is_asked_and_nothing_beside_it(pupils: Pupils, asked: str) -> None:
    with pupils.entry.app.test_request_context():
        assert fields(team_form(TeamDetails("Đội"), Asks(**{asked: True}))) == TEAM | PARTICULARS[asked]


def test_pr_02_no_field_and_no_column_asks_for_the_number_of_an_identity_card() -> None:
    asked = {name for form in (RegisterForm, TeamForm, GuardianForm) for name in vars(form)}
    kept = {column.name for table in (User, Team, TeamMember) for column in table.__table__.columns}
    assert not [name for name in asked | kept if re.search(r"cccd|cmnd|passport|identity|id_?number|national", name)]


@pytest.mark.parametrize(
    ("ask", "shown", "absent"), [(AskAge.BAND, "bands", "births"), (AskAge.BIRTH_DATE, "births", "bands")]
)
def test_pr_02_an_edition_asks_for_a_band_of_ages_or_the_date_of_birth(
    pupils: Pupils, ask: AskAge, shown: str, absent: str
) -> None:
    edition = pupils.entry.edition
    with unit_of_work():
        rules = PrivacyRules(required=True, ask=ask)
        editions.set_privacy_rules(edition_id=edition.id, rules=rules, actor_id=pupils.person.id, now=NOON)
    page = pupils.entry.app.test_client().get(f"/e/{edition.code}/register").text
    assert f'name="{shown}-0"' in page
    assert f'name="{absent}-0"' not in page


def test_pr_11_an_age_that_is_emptied_is_empty(pupils: Pupils) -> None:
    base = f"/e/{pupils.entry.edition.code}/team/{pupils.entry.public_id}/people"
    sent = {"name": "Ánh Sáng", "school": "THPT", "members-0": "Đỗ Ân", "bands-0": "from_13", "captain_band": "from_16"}
    assert pupils.captain.post(base, data=sent).status_code == 303
    db.session.rollback()
    assert {one.age_band for one in pupils.entry.team.members} == {AgeBand.FROM_13, AgeBand.FROM_16}
    assert pupils.captain.post(base, data={**sent, "bands-0": "", "captain_band": ""}).status_code == 303
    db.session.rollback()
    assert {one.age_band for one in pupils.entry.team.members} == {None}


def test_pr_12_public_ids_come_from_chance_alone(make: Make) -> None:
    alike = [make.user("Lê An", email=f"an{number}@example.org") for number in range(20)]
    ids = [one.public_id for one in alike]
    assert len(set(ids)) == len(ids)
    assert ids != sorted(ids)
    for one in alike:
        for known in (one.email or "", one.name, str(one.id), str(one.created_at), f"{one.name}{one.email}"):
            for spelled in (known, known.lower()):
                for make_hash in (hashlib.md5, hashlib.sha1, hashlib.sha256):
                    found = make_hash(spelled.encode())
                    numbers = (int.from_bytes(found.digest(), "big"), int.from_bytes(found.digest()[:8], "big"))
                    assert one.public_id not in {in_alphabet(number) for number in numbers}
                    assert one.public_id[:6] not in found.hexdigest()


def in_alphabet(number: int) -> str:
    letters, found = "23456789bcdfghjkmnpqrstvwxz", ""
    while number and len(found) < len(public_id()):
        number, place = divmod(number, len(letters))
        found += letters[place]
    return found


@pytest.fixture
def pupils(team: Pupils) -> Pupils:
    """The team of pupils."""
    return team


def crawl(client: FlaskClient, start: list[str], most: int = 120) -> dict[str, str]:
    """Follow every link of the own site from these pages."""
    seen: dict[str, str] = {}
    waiting = list(start)
    while waiting and len(seen) < most:
        path = waiting.pop(0)
        if path in seen or "/static/" in path or path.endswith((".pdf", ".png", ".zip", ".svg")):
            continue
        with client.get(path) as answer:
            seen[path] = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
            waiting += [answer.location] if answer.location else []
        waiting += re.findall(r'href="(/[^"#?]*)"', seen[path])
    return seen


def test_pr_13_no_page_of_a_judge_tells_how_to_reach_a_child_and_none_of_a_team_how_to_reach_a_judge(
    pupils: Pupils, make: Make
) -> None:
    entry: Entry = pupils.entry
    for name in ("Lê Thị Ánh", "Trần Anh Dung", "Đỗ Ân"):
        assert pupils.give(name, "take_part") == 303
    for name in ("Đỗ Ân", "Trần Anh Dung"):
        pupils.guardian_agrees(name, "take_part")
    entry.submit()
    round_ = make.round(entry.edition)
    judge_row = make.judge(entry.edition, make.user("Ông Khôi", email="khoi.rieng@giamkhao.vn", phone="+84911222333"))
    make.assignment(round_, judge_row, entry.row)
    with unit_of_work() as session:
        team = session.get_one(Team, entry.team.id)
        team.email, team.phone = "em.rieng@hocsinh.vn", "+84988777666"
        captain = session.get_one(User, entry.captain.id)
        captain.email, captain.phone = "em.rieng@hocsinh.vn", "+84988777666"
    judge = entry.app.test_client()
    make.sign_in(judge, session.get_one(User, judge_row.user_id))
    base = f"/e/{entry.edition.code}"

    read = crawl(judge, ["/", f"{base}/", f"{base}/judging/"])
    assert any(entry.row.title in text for text in read.values())
    children = ("em.rieng@hocsinh.vn", "988777666", "988 777 666", "me@example.org", "Mẹ Hoa")
    assert [(path, one) for path, text in read.items() for one in children if one in text] == []

    own = crawl(pupils.captain, ["/", f"{base}/", f"{base}/team/"])
    assert any("Bản đồ" in text for text in own.values())
    adults = ("khoi.rieng@giamkhao.vn", "911222333", "911 222 333")
    assert [(path, one) for path, text in own.items() for one in adults if one in text] == []
