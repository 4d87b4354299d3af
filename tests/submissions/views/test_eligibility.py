"""What teams and the committee read about who may enter."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.editions.entry_rules import (
    AgeLimits,
    AgeRule,
    AwardedRule,
    Effect,
    EligibilityRules,
    MentorRule,
    MentorSchool,
    OutsiderRule,
    QuotaPer,
    QuotaRule,
    SizeRule,
)
from contest.editions.extensions import Decision
from contest.editions.models import Edition
from contest.editions.rules import LocalText
from contest.editions.services import extend_deadline, set_entry_rules
from contest.infra import clock
from contest.infra.db import db, unit_of_work
from contest.submissions.entrants import Code, Finding
from contest.submissions.facts import Particulars
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import EntryException
from contest.submissions.queries import standing_of, team_of
from contest.submissions.views.eligibility_words import SENTENCES, words
from tests.counting import counted
from tests.factories import NOON, Make
from tests.submissions.conftest import Entry, entry_in

TEAM = "/e/mua-thu-2026/team/"
LIST = "/e/mua-thu-2026/organise/eligibility"
SMALL = EligibilityRules(size=SizeRule(Effect.BLOCK, None, 2), field=Effect.WARN)
TOO_MANY = "“Ánh Sáng” has 3 members, at most 2 may enter. Take somebody off on the team's page."


def rule(edition: Edition, rules: EligibilityRules) -> None:
    with unit_of_work():
        set_entry_rules(edition_id=edition.id, rules=rules, actor_id=None, now=NOON)


def text(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def decide(client: FlaskClient, entry: Entry, verb: str, key: str, reason: str = "Quyết định 12") -> tuple[int, str]:
    address = f"/e/mua-thu-2026/organise/submissions/{entry.public_id}/eligibility/{verb}"
    answer = client.post(address, data={"key": key, "reason": reason})
    return answer.status_code, text(answer.text)


def test_a_team_reads_what_blocks_and_what_warns_while_it_writes(captain: FlaskClient, entry: Entry) -> None:
    rule(entry.edition, SMALL)
    for place in ("", "people", "submit"):
        page = text(captain.get(f"{TEAM}{entry.public_id}/{place}").text)
        assert "1 thing forbids handing in" in page, place
        assert f"Blocks {TOO_MANY}" in page, place
        assert "Warning “Ánh Sáng” has not chosen a field." in page, place


def test_without_rules_nothing_is_said(captain: FlaskClient, entry: Entry) -> None:
    assert "bv-findings" not in captain.get(f"{TEAM}{entry.public_id}/").text


def test_handing_in_is_refused_in_words_and_nothing_happens(captain: FlaskClient, entry: Entry) -> None:
    entry.complete()
    rule(entry.edition, SMALL)
    assert "Hand in</button>" not in captain.get(f"{TEAM}{entry.public_id}/submit").text
    answer = captain.post(f"{TEAM}{entry.public_id}/submit", data={})
    assert answer.status_code == 422
    assert f"Not handed in, because the rules on who may enter forbid it: {TOO_MANY}" in text(answer.text)
    assert entry.status() is SubmissionStatus.DRAFT


def test_a_change_of_the_team_that_would_block_is_refused(captain: FlaskClient, entry: Entry) -> None:
    rule(entry.edition, EligibilityRules(size=SizeRule(Effect.BLOCK, None, 3)))
    entry.submitted()
    sent = {"name": "Ánh Sáng", "school": "THPT", **{f"members-{n}": f"Người Thứ {n}" for n in range(3)}}
    answer = captain.post(f"{TEAM}{entry.public_id}/people", data=sent)
    assert answer.status_code == 422
    assert "with this change the rules on who may enter would forbid it: “Ánh Sáng” has 4 members" in text(answer.text)
    assert len(entry.team.members) == 3


@pytest.mark.parametrize("missing", ["name", "school"])
def test_a_form_without_a_needed_field_changes_nothing(captain: FlaskClient, entry: Entry, missing: str) -> None:
    entry.submitted()
    before = (entry.team.name, entry.team.school)
    sent = {"name": "Ánh Sáng", "school": "THPT", "members-0": "Người Mới"}
    answer = captain.post(f"{TEAM}{entry.public_id}/people", data={k: v for k, v in sent.items() if k != missing})
    assert answer.status_code == 422
    team = team_of(entry.team.id)
    assert team is not None
    assert (team.details.name, team.details.school) == before


ASKING = EligibilityRules(
    age=AgeRule(Effect.WARN, date(2026, 11, 22), AgeLimits(13, 18)),
    outsiders=OutsiderRule(Effect.WARN, 50),
    mentor=MentorRule(Effect.WARN, school=MentorSchool.SAME),
    awarded=AwardedRule(Effect.WARN, declaration=True),
)
ASKED = ("captain_birth", "captain_school", "births-0", "schools-0", "mentor_school", "declared")


@pytest.mark.parametrize("place", ["register", "team"])
def test_particulars_are_asked_only_while_a_rule_needs_them(
    captain: FlaskClient, visitor: FlaskClient, entry: Entry, place: str
) -> None:
    client, address = (
        (visitor, "/e/mua-thu-2026/register") if place == "register" else (captain, f"{TEAM}{entry.public_id}/people")
    )

    def shown() -> list[str]:
        page = client.get(address).text
        return [name for name in ASKED if f'name="{name}"' in page]

    assert shown() == []
    rule(entry.edition, ASKING)
    assert shown() == list(ASKED)


def test_particulars_are_saved_beside_their_member_and_shown_again(captain: FlaskClient, entry: Entry) -> None:
    rule(entry.edition, ASKING)
    sent = {
        "name": "Ánh Sáng", "school": "THPT Lê Thánh Tôn", "captain_birth": "2010-05-06", "captain_school": "ĐH Y",
        "members-0": "", "births-0": "2001-01-01", "members-2": "Đỗ Ân", "births-2": "26/03/2009",
        "schools-2": "THPT X", "mentor_name": "Cô Hoà", "mentor_school": "Lê Thánh Tôn", "declared": "y",
    }  # fmt: skip
    assert captain.post(f"{TEAM}{entry.public_id}/people", data=sent).status_code == 303
    team = team_of(entry.team.id)
    assert team is not None
    details = team.details
    assert (details.members, details.particulars) == (("Đỗ Ân",), (Particulars(date(2009, 3, 26), "THPT X"),))
    assert details.captain_particulars == Particulars(date(2010, 5, 6), "ĐH Y")
    assert (details.mentor_school, details.declared) == ("Lê Thánh Tôn", True)
    page = captain.get(f"{TEAM}{entry.public_id}/people").text
    assert re.findall(r'name="births-0"[^>]*value="([^"]+)"', page) == ["2009-03-26"]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("hôm qua", "Enter a day, for example 22/11/2026."),
        ("2099-01-01", "This cannot be a date of birth."),
        ("1850-01-01", "This cannot be a date of birth."),
    ],
)
def test_a_day_that_is_no_birthday_is_refused(captain: FlaskClient, entry: Entry, typed: str, told: str) -> None:
    rule(entry.edition, ASKING)
    sent = {"name": "Khác", "school": "THPT", "members-0": "Đỗ Ân", "births-0": typed}
    answer = captain.post(f"{TEAM}{entry.public_id}/people", data=sent)
    assert (answer.status_code, entry.team.name) == (422, "Ánh Sáng")
    assert told in text(answer.text)


def test_a_visitor_registers_with_what_is_asked(visitor: FlaskClient, entry: Entry) -> None:
    rule(entry.edition, ASKING)
    sent = {
        "name": "Đội Nắng", "school": "THPT X", "captain_name": "Lê Bình", "email": "binh@example.org",
        "password": "bốn từ không liên quan", "captain_birth": "2010-05-06", "declared": "y",
    }  # fmt: skip
    assert visitor.post("/e/mua-thu-2026/register", data=sent).status_code == 303
    standing = standing_of(entry.edition.id, entry.id + 1)
    assert [one.code for one in standing.findings] == [Code.MENTOR_MISSING, Code.OUTSIDERS_UNKNOWN]


def test_the_committee_sees_every_finding_and_lets_one_pass_in_writing(committee: FlaskClient, entry: Entry) -> None:
    rule(entry.edition, SMALL)
    page = text(committee.get(LIST).text)
    assert "Ánh Sáng Draft BT-001 · THPT Lê Thánh Tôn" in page
    assert f"Blocks {TOO_MANY}" in page
    (found, _warning) = standing_of(entry.edition.id, entry.id).findings

    assert decide(committee, entry, "pass", found.key, " ")[0] == 422
    assert decide(committee, entry, "pass", "0" * 40)[0] == 409
    assert db.session.query(EntryException).count() == 0
    assert decide(committee, entry, "pass", found.key)[0] == 303

    page = text(committee.get(f"{LIST}?show=passed").text)
    assert f"Let pass {TOO_MANY} Ban Tổ chức on 08/10/2026 12:00: Quyết định 12" in page
    assert "No submission breaks a rule in this view" in text(committee.get(f"{LIST}?show=block").text)
    assert decide(committee, entry, "return", found.key, "Nhầm")[0] == 303
    status, page = decide(committee, entry, "return", found.key, "Nhầm")
    assert status == 409
    assert "This remark is not there any more" in page
    assert standing_of(entry.edition.id, entry.id).blocking == (found,)


def test_the_team_reads_the_reason_of_the_exception(captain: FlaskClient, committee: FlaskClient, entry: Entry) -> None:
    entry.complete()
    rule(entry.edition, SMALL)
    (found,) = standing_of(entry.edition.id, entry.id).blocking
    decide(committee, entry, "pass", found.key)
    assert "Let pass on 08/10/2026: Quyết định 12" in text(captain.get(f"{TEAM}{entry.public_id}/").text)
    assert captain.post(f"{TEAM}{entry.public_id}/submit", data={}).status_code == 303


def test_an_observer_reads_and_does_not_decide(english: Callable[[], FlaskClient], make: Make, entry: Entry) -> None:
    rule(entry.edition, SMALL)
    client = english()
    make.sign_in(client, make.member(entry.edition, Role.OBSERVER))
    page = client.get(LIST).text
    assert TOO_MANY in text(page)
    assert "Let it pass in writing" not in page
    (found,) = standing_of(entry.edition.id, entry.id).blocking
    assert decide(client, entry, "pass", found.key)[0] == 404
    assert db.session.query(EntryException).count() == 0


def test_without_rules_the_page_leads_to_the_set_up(committee: FlaskClient, entry: Entry) -> None:
    page = committee.get(LIST).text
    assert "No rule is on" in page
    assert 'href="/e/mua-thu-2026/organise/setup/entry"' in page


def test_the_list_is_paged_and_costs_the_same_for_more_teams(
    app: Flask, make: Make, committee: FlaskClient, entry: Entry
) -> None:
    rule(entry.edition, SMALL)
    committee.get(LIST)  # the first look of a day is noted
    with counted(app) as few:
        committee.get(LIST)
    for number in range(52):
        entry_in(app, make, entry.edition, f"Nhóm {number}")
    with counted(app) as many:
        first = committee.get(LIST).text
    assert len(many) == len(few)
    assert "Page 1 of 2" in text(first)
    assert text(committee.get(f"{LIST}?page=2").text).count("Blocks") == 3
    assert committee.get(f"{LIST}?page=9&show=nonsense").status_code == 200


def test_in_the_grace_the_draft_says_so_and_is_handed_in_late(captain: FlaskClient, entry: Entry) -> None:
    entry.complete().set_window(NOON - timedelta(days=1), NOON - timedelta(minutes=4))
    with unit_of_work() as session:
        session.get_one(Edition, entry.edition.id).grace_minutes = 10
    page = text(captain.get(f"{TEAM}{entry.public_id}/").text)
    assert "Until 08/10/2026 12:06 you can still hand in this draft. It is then marked as late." in page
    assert "Deadline: 08/10/2026 11:56 The deadline has passed" in page  # the official one, all the same
    assert captain.post(f"{TEAM}{entry.public_id}/submit", data={}).status_code == 303
    assert entry.row.late
    assert "Submitted Late" in text(captain.get(f"{TEAM}{entry.public_id}/").text)
    with clock.stopped_at(NOON + timedelta(minutes=1)):
        assert captain.post(f"{TEAM}{entry.public_id}/withdraw", data={}).status_code == 409


def test_teams_read_the_decision_that_extended_the_deadline(captain: FlaskClient, entry: Entry) -> None:
    decision = Decision("2762/QĐ-UBND", date(2026, 10, 7), "Bão số 9")
    with unit_of_work():
        extend_deadline(
            edition_id=entry.edition.id, until=NOON + timedelta(days=9), decision=decision, actor_id=None, now=NOON
        )
    told = "Extended from 15/10/2026 12:00 to 17/10/2026 12:00 by decision No 2762/QĐ-UBND of 07/10/2026: Bão số 9"
    for address in (f"{TEAM}{entry.public_id}/", "/e/mua-thu-2026/"):
        assert told in text(captain.get(address).text), address


FACTS = {
    "team": "Đội", "other": "Đội khác", "person": "An", "people": ("An", "Bình"), "mentor": "Cô Hoà", "line": "Bản đồ",
    "school": "THPT X", "mentor_school": "THPT Y", "track": "A", "on": date(2026, 11, 22), "age": 17, "count": 3,
    "least": 2, "most": 5, "total": 4,
}  # fmt: skip


@pytest.mark.parametrize("code", Code)
@pytest.mark.parametrize("locale", ["vi", "en"])
def test_every_finding_is_a_sentence_with_all_its_facts(app: Flask, code: Code, locale: str) -> None:
    with app.test_request_context(), force_locale(locale):
        said = words(Finding(code, Effect.WARN, FACTS), {"A": LocalText("Học sinh", "Pupils")})
    assert "Đội" in said
    assert said[-1] in ".!"
    assert not re.search(r"%\(|%s|2026-11-22|\bA\b", said)


def test_no_code_is_without_words() -> None:
    assert set(SENTENCES) == set(Code)


def test_the_school_that_has_no_place_left_reads_the_track_by_name(
    app: Flask, make: Make, captain: FlaskClient, entry: Entry
) -> None:
    rule(entry.edition, EligibilityRules(quota=QuotaRule(Effect.BLOCK, 1, per=QuotaPer.TRACK)))
    entry_in(app, make, entry.edition, "Sao Mai").submitted()
    said = (
        "THPT Lê Thánh Tôn has handed in the 1 entries that one school may have in the track Pupils, before “Ánh Sáng”."
    )
    assert said in text(captain.get(f"{TEAM}{entry.public_id}/").text)


def test_a_captain_among_the_members_is_not_asked_twice(captain: FlaskClient, make: Make, entry: Entry) -> None:
    rule(entry.edition, ASKING)
    mine = make.submission(entry.edition, make.team(entry.edition, db.session.get_one(User, entry.captain.id)))
    page = captain.get(f"{TEAM}{mine.public_id}/people").text
    assert 'name="births-0"' in page
    assert 'name="captain_birth"' not in page
    assert 'name="captain_school"' not in page
