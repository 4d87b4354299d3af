"""Consents as records: given before anything is used, taken back at once, by whom, when and on which words."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DatabaseError

from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import db, unit_of_work
from contest.infra.mail import OutboxMail
from contest.submissions.consenting import Giver, Means, Purpose
from contest.submissions.facts import TeamDetails
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Consent, ConsentText
from contest.submissions.queries.consents import lacking
from contest.submissions.services import consent_links, update_team
from tests.factories import NOON
from tests.privacy.conftest import BORN, NAME, TAKE_PART, Team, ticked
from tests.submissions.samples import pdf


def test_pr_01_nothing_is_handed_in_before_the_consents_of_children_and_guardians(team: Team) -> None:
    for name in BORN:
        assert team.give(name, TAKE_PART) == 303
    assert [one.name for one in lacking(team.entry.edition.id, team.entry.team.id, NOON)] == ["Trần Anh Dung", "Đỗ Ân"]
    with pytest.raises(RuleBroken) as refused:
        team.entry.submit()
    assert (refused.value.code, refused.value.facts) == ("consents_missing", {"count": 2})
    page = team.captain.get(f"/e/{team.entry.edition.code}/team/{team.entry.public_id}/submit").text
    for name in ("Trần Anh Dung", "Đỗ Ân"):
        assert f'href="{team.base}/{team.member(name)}">{name} agrees to take part</a>' in page
    assert page.count("A parent or guardian has yet to agree.") == 2
    assert 'name="seen"' not in page

    team.guardian_agrees("Đỗ Ân", TAKE_PART)
    team.guardian_agrees("Trần Anh Dung", TAKE_PART)

    team.entry.submit()
    assert team.entry.status() is SubmissionStatus.SUBMITTED


def test_pr_01_a_record_tells_purpose_giver_means_moment_and_the_words_that_were_read(team: Team) -> None:
    team.give("Đỗ Ân", TAKE_PART)
    link = team.guardian_agrees("Đỗ Ân", TAKE_PART)

    own, guardian = team.records()
    assert (own.purpose, own.giver, own.given, own.means) == (Purpose.TAKE_PART, Giver.CHILD, True, Means.SITE)
    assert (own.by_id, own.by_team, own.at) == (team.entry.captain.id, True, NOON)
    assert (guardian.giver, guardian.means, guardian.by_id) == (Giver.GUARDIAN, Means.LINK, None)
    assert guardian.giver_name == "Mẹ Hoa"
    text = db.session.get_one(ConsentText, guardian.text_id)
    assert text.sha256 == hashlib.sha256(text.words.encode()).hexdigest()
    assert (text.version, text.audience) == (1, Giver.GUARDIAN)
    assert "Cô Lan, 028 3333 4444" in text.words
    assert own.text_id != guardian.text_id
    assert team.entry.app.test_client().get(link).status_code == 200


def test_pr_01_no_box_is_ticked_and_nothing_ticked_records_nothing(team: Team) -> None:
    page = team.captain.get(f"{team.base}/{team.member('Đỗ Ân')}").text
    link = team.ask_guardian("Đỗ Ân")

    assert page.count('type="checkbox"') == len(Purpose)
    assert "checked" not in re.sub(r"<script.*?</script>", "", page)
    assert "checked" not in team.captain.get(link).text
    assert team.give("Đỗ Ân") == 422
    assert team.records() == []


def test_pr_01_a_member_signs_with_the_own_name(team: Team) -> None:
    assert team.give("Đỗ Ân", TAKE_PART, signed="Lê Thị Ánh") == 422
    assert team.records() == []
    assert team.give("Đỗ Ân", TAKE_PART, signed="  đỗ  ân ") == 303


def test_a_guardian_is_asked_by_a_way_that_is_not_the_teams_and_not_too_often(team: Team) -> None:
    target = f"{team.base}/{team.member('Đỗ Ân')}/guardian"
    own = team.captain.post(target, data={"guardian": "Mẹ", "email": (team.entry.captain.email or "").upper()})
    assert own.status_code == 422
    assert "own address" in own.text
    for _time in range(consent_links.MAILS_A_DAY):
        team.ask_guardian("Đỗ Ân")
    again = team.captain.post(target, data={"guardian": "Mẹ", "email": "me@example.org"})
    assert again.status_code == 422
    db.session.rollback()
    assert db.session.query(OutboxMail).count() == consent_links.MAILS_A_DAY


def test_ac_15_a_link_agrees_once_and_a_newer_one_ends_it(team: Team) -> None:
    first, second = team.ask_guardian("Đỗ Ân"), team.ask_guardian("Đỗ Ân")
    guardian = team.entry.app.test_client()
    assert guardian.get(first).status_code == 404
    assert ticked(guardian, second, f"{second}/give", "Mẹ Hoa", TAKE_PART) == 303
    assert guardian.post(f"{second}/give", data={TAKE_PART: "y", "signed": "Mẹ"}).status_code == 422
    assert len(team.records()) == 1
    with clock.stopped_at(NOON + consent_links.LINK_LIFE):
        assert guardian.get(second).status_code == 404
    assert guardian.get("/consent/unknown").status_code == 404


def test_words_that_changed_meanwhile_are_read_again(team: Team) -> None:
    page = f"{team.base}/{team.member('Đỗ Ân')}"
    text = team.captain.get(page).text
    sent = dict(re.findall(r'name="(\w+_seen|language)"[^>]* value="([^"]*)"', text))
    words = {"words_vi": "Em thi {contest}. Hỏi {contact}.", "words_en": "I join {contest}. Ask {contact}."}
    assert team.organiser.post(f"{team.desk}/texts/take_part/child", data=words).status_code == 303

    late = team.captain.post(f"{page}/give", data={**sent, TAKE_PART: "y", "signed": "Đỗ Ân"})

    assert late.status_code == 422
    assert "The words have changed" in late.text
    assert "I join Start-up ideas 2026. Ask Cô Lan" in late.text
    assert team.give("Đỗ Ân", TAKE_PART) == 303
    assert db.session.get_one(ConsentText, team.records()[0].text_id).version >= 1


@pytest.mark.parametrize("by", ["member", "guardian"])
def test_pr_04_taking_back_is_one_click_and_hides_the_entry_from_judges_at_once(team: Team, by: str) -> None:
    link = team.everybody(TAKE_PART)
    team.entry.submit()
    if by == "member":
        page = f"{team.base}/{team.member('Trần Anh Dung')}"
        assert f"{page}/take-back/{TAKE_PART}" in team.captain.get(page).text
        assert team.captain.post(f"{page}/take-back/{TAKE_PART}").status_code == 303
    else:
        guardian = team.entry.app.test_client()
        assert f"{link}/take-back/{TAKE_PART}" in guardian.get(link).text
        assert guardian.post(f"{link}/take-back/{TAKE_PART}").status_code == 303

    assert team.entry.status() is SubmissionStatus.HELD
    detail = f"/e/{team.entry.edition.code}/organise/submissions/{team.entry.public_id}"
    refused = team.organiser.post(f"{detail}/reinstate", data={"reason": "Đã gọi điện"})
    assert refused.status_code == 409

    if by == "member":
        assert team.give("Trần Anh Dung", TAKE_PART) == 303
    else:
        team.guardian_agrees("Trần Anh Dung", TAKE_PART)
    assert team.entry.status() is SubmissionStatus.HELD  # the committee decides
    assert team.organiser.post(f"{detail}/reinstate", data={"reason": "Mẹ đồng ý lại"}).status_code == 303
    assert team.entry.status() is SubmissionStatus.SUBMITTED


def test_a_member_who_comes_later_holds_what_was_handed_in(team: Team) -> None:
    team.everybody(TAKE_PART)
    team.entry.submit()
    details = TeamDetails("Ánh Sáng", "THPT Lê Thánh Tôn", ("Trần Anh Dung", "Đỗ Ân", "Vũ Bình"))
    with unit_of_work():
        update_team(team_id=team.entry.team.id, team=details, actor_id=team.entry.captain.id, now=NOON)
    assert team.entry.status() is SubmissionStatus.HELD


@pytest.mark.both_databases
def test_a_consent_is_never_changed_not_even_by_the_database(team: Team) -> None:
    team.give("Đỗ Ân", TAKE_PART)
    for column, value in (("given", False), ("purpose", "publish_name"), ("at", NOON + timedelta(days=1))):
        with pytest.raises(DatabaseError, match="never changed"):
            db.session.execute(update(Consent).values({column: value}))
        db.session.rollback()
    assert [one.given for one in team.records()] == [True]


def test_a_signed_paper_is_filed_with_its_scan_and_who_attests(team: Team) -> None:
    page = f"{team.desk}/consents/{team.member('Đỗ Ân')}"
    values = {"giver": "both", TAKE_PART: "y", "attested": "Cô chủ nhiệm", "guardian": "Bố Nam"}
    without = team.organiser.post(f"{page}/paper", data=values)
    assert without.status_code == 422
    sent = {**values, "scan": (BytesIO(pdf()), "giay.pdf")}
    assert team.organiser.post(f"{page}/paper", data=sent).status_code == 303

    child, guardian = team.records()
    assert {child.giver, guardian.giver} == {Giver.CHILD, Giver.GUARDIAN}
    assert (guardian.means, guardian.attested_by, guardian.giver_name) == (Means.PAPER, "Cô chủ nhiệm", "Bố Nam")
    assert guardian.scan_sha256 == hashlib.sha256(pdf()).hexdigest()
    with team.organiser.get(f"{team.desk}/papers/{guardian.public_id}") as scan:
        assert scan.data == pdf()
        assert "attachment" in scan.headers["Content-Disposition"]
    assert team.captain.get(f"{team.desk}/papers/{guardian.public_id}").status_code == 403


def test_another_teams_member_is_not_there(team: Team) -> None:
    other = team.entry.make.team(team.entry.edition)
    stranger = other.members[0].id
    assert team.captain.get(f"{team.base}/{stranger}").status_code == 404
    assert team.captain.post(f"{team.base}/{stranger}/take-back/{NAME}").status_code == 404


def test_an_edition_that_asks_for_none_lets_everybody_in_until_somebody_takes_back(team: Team) -> None:
    assert team.organiser.post(f"{team.desk}/settings", data={"country": "VN", "ask": "band"}).status_code == 303
    team.entry.submit()
    assert "does not wait for consents" in team.organiser.get(f"{team.desk}/consents").text
    page = f"{team.base}/{team.member('Trần Anh Dung')}"
    assert team.captain.post(f"{page}/take-back/{TAKE_PART}").status_code == 303
    assert team.entry.status() is SubmissionStatus.HELD


@pytest.mark.parametrize(("locale", "words"), [("vi", "Dữ liệu của bạn"), ("en", "Your data in this contest")])
def test_pr_15_the_notice_stands_in_the_language_of_the_reader_before_any_consent(
    team: Team, locale: str, words: str
) -> None:
    notice = f"/e/{team.entry.edition.code}/privacy"
    reader = team.entry.app.test_client()
    reader.set_cookie("locale", locale)
    page = reader.get(notice).text
    assert words in page
    assert "Cô Lan, 028 3333 4444" in page
    link = team.ask_guardian("Đỗ Ân")
    for shown in (team.captain.get(f"{team.base}/{team.member('Đỗ Ân')}").text, reader.get(link).text):
        assert shown.index(f'href="{notice}"') < shown.index('type="checkbox"')
    footer = reader.get(f"/e/{team.entry.edition.code}/").text.split("bv-footer")[1]
    assert notice in footer
    long = [
        one for one in re.split(r"[.:]\s", re.sub(r"<[^>]+>", " ", page.split("<main")[1])) if len(one.split()) > 45
    ]
    assert long == []
