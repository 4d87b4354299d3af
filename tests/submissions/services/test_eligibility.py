"""The rules of entry where something is handed in, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask

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
from contest.editions.models import Edition
from contest.editions.services import set_entry_rules
from contest.errors import NotFound, RuleBroken
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.submissions import services
from contest.submissions.entrants import Code
from contest.submissions.facts import Particulars, TeamDetails
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import EntryException, TeamMember
from contest.submissions.queries import reviewed, standing_of, team_of
from tests.counting import counted
from tests.factories import NOON, Make
from tests.submissions.conftest import WHOLE, Entry, entry_in

BLOCK, WARN = Effect.BLOCK, Effect.WARN
LATER = NOON + timedelta(minutes=1)
SMALL = EligibilityRules(size=SizeRule(BLOCK, None, 2))
pytestmark = pytest.mark.both_databases


def rule(edition: Edition, rules: EligibilityRules) -> None:
    with unit_of_work():
        set_entry_rules(edition_id=edition.id, rules=rules, actor_id=None, now=NOON)


def codes(entry: Entry) -> list[Code]:
    return [one.code for one in standing_of(entry.edition.id, entry.id).findings]


def refusal(entry: Entry) -> RuleBroken:
    before = len(entry.row.receipts)
    with pytest.raises(RuleBroken) as broken:
        entry.submit()
    assert entry.status() is SubmissionStatus.DRAFT
    assert len(entry.row.receipts) == before
    return broken.value


def change(entry: Entry, details: TeamDetails) -> None:
    with unit_of_work():
        services.update_team(team_id=entry.row.team_id, team=details, actor_id=entry.captain.id, now=LATER)


def details_of(entry: Entry) -> TeamDetails:
    team = team_of(entry.row.team_id)
    assert team is not None
    return team.details


def let_pass(entry: Entry, key: str, reason: str = "Quyết định 12", **values: Any) -> None:
    with unit_of_work():
        services.let_pass(
            **{"submission_id": entry.id, "key": key, "reason": reason, "actor_id": None, "now": NOON, **values}
        )


def test_without_rules_everybody_may_enter(entry: Entry) -> None:
    assert codes(entry) == []
    entry.submitted()
    assert entry.status() is SubmissionStatus.SUBMITTED


def test_a_blocked_team_is_not_handed_in_and_reads_why(entry: Entry) -> None:
    rule(entry.edition, SMALL)
    entry.complete()

    refused = refusal(entry)

    assert refused.code == "not_eligible"
    (found,) = refused.facts["findings"]
    assert (found.code, dict(found.facts)) == (Code.SIZE_OVER, {"team": "Ánh Sáng", "count": 3, "most": 2})


def test_a_warning_does_not_hold_anybody_up(entry: Entry) -> None:
    rule(entry.edition, replace(SMALL, size=SizeRule(WARN, None, 2)))
    entry.submitted()
    assert codes(entry) == [Code.SIZE_OVER]
    assert entry.status() is SubmissionStatus.SUBMITTED


def test_when_the_team_mends_it_the_way_is_free(entry: Entry) -> None:
    rule(entry.edition, SMALL)
    entry.complete()
    change(entry, replace(details_of(entry), members=("Trần Anh Dung",)))
    entry.submit()
    assert entry.status() is SubmissionStatus.SUBMITTED


def test_a_case_is_let_pass_in_writing_and_taken_back(entry: Entry, organiser: User) -> None:
    rule(entry.edition, SMALL)
    entry.complete()
    (found,) = refusal(entry).facts["findings"]

    let_pass(entry, found.key, actor_id=organiser.id)
    standing = standing_of(entry.edition.id, entry.id)
    passed = standing.passed[found.key]
    assert (passed.reason, passed.author, passed.at) == ("Quyết định 12", "Ban Tổ chức", NOON)
    assert standing.blocking == ()
    entry.submit()

    with unit_of_work():
        services.take_back(submission_id=entry.id, key=found.key, reason="Nhầm đội", actor_id=organiser.id, now=LATER)
    assert [one.key for one in standing_of(entry.edition.id, entry.id).blocking] == [found.key]
    assert entry.status() is SubmissionStatus.SUBMITTED  # what was handed in stays until somebody decides
    (row,) = db.session.query(EntryException).all()
    assert (row.ended_reason, row.ended_by_id, row.ended_at) == ("Nhầm đội", organiser.id, LATER)
    trail = {one.action: one.facts for one in db.session.query(AuditEntry).all()}
    assert trail["submission.entry_let_pass"]["reason"] == "Quyết định 12"
    assert trail["submission.entry_taken_back"]["finding"] == "entry_size_over"


def test_an_exception_ends_with_what_it_was_for(entry: Entry) -> None:
    rule(entry.edition, SMALL)
    entry.complete()
    (found,) = refusal(entry).facts["findings"]
    let_pass(entry, found.key)
    change(entry, replace(details_of(entry), members=("Trần Anh Dung", "Đỗ Ân", "Lê Bình")))
    assert refusal(entry).code == "not_eligible"


def test_letting_pass_twice_keeps_the_first_reason_and_needs_one(entry: Entry) -> None:
    rule(entry.edition, SMALL)
    (found,) = standing_of(entry.edition.id, entry.id).findings
    let_pass(entry, found.key)
    let_pass(entry, found.key, "Lý do khác")
    assert standing_of(entry.edition.id, entry.id).passed[found.key].reason == "Quyết định 12"
    for values, code in (({"reason": "  "}, "reason_missing"), ({"key": "0" * 40}, "finding_gone")):
        with pytest.raises(RuleBroken) as broken:
            let_pass(entry, **{"key": found.key, **values})
        assert broken.value.code == code
    with pytest.raises(NotFound):
        let_pass(entry, found.key, submission_id=9_999)
    with pytest.raises(RuleBroken) as gone, unit_of_work():
        services.take_back(submission_id=entry.id, key="0" * 40, reason="x", actor_id=None, now=NOON)
    assert gone.value.code == "finding_gone"


def test_what_is_handed_in_cannot_be_made_ineligible(entry: Entry) -> None:
    rule(entry.edition, EligibilityRules(size=SizeRule(BLOCK, None, 3)))
    entry.submitted()
    before = details_of(entry)

    with pytest.raises(RuleBroken) as broken:
        change(entry, replace(before, members=(*before.members, "Lê Bình")))

    assert broken.value.code == "would_be_ineligible"
    assert [one.code for one in broken.value.facts["findings"]] == [Code.SIZE_OVER]
    assert details_of(entry) == before


def test_a_rule_that_comes_later_does_not_lock_the_team_in(entry: Entry) -> None:
    entry.submitted()
    rule(entry.edition, SMALL)
    change(entry, replace(details_of(entry), name="Ánh Sáng Mới"))
    entry.save(replace(WHOLE, title="Tên mới"))
    assert entry.team.name == "Ánh Sáng Mới"


def test_a_track_that_is_not_for_them_cannot_be_chosen_afterwards(entry: Entry) -> None:
    ages = AgeRule(BLOCK, date(2026, 11, 22), AgeLimits(10, 60), (("B", AgeLimits(18, 60)),))
    rule(entry.edition, EligibilityRules(age=ages))
    pupil = Particulars(date(2010, 1, 1))
    change(entry, replace(details_of(entry), captain_particulars=pupil, particulars=(pupil, pupil)))
    version = entry.submitted().row.version

    with pytest.raises(RuleBroken) as broken:
        entry.save(replace(WHOLE, track="B"))

    assert broken.value.code == "would_be_ineligible"
    assert {one.code for one in broken.value.facts["findings"]} == {Code.AGE_UNDER}
    assert entry.row.version == version


def test_only_what_a_rule_asks_for_is_kept(entry: Entry) -> None:
    told = Particulars(date(2010, 1, 2), "ĐH Y")
    full = replace(
        details_of(entry), captain_particulars=told, particulars=(told,), mentor_school="ĐH Luật", declared=True
    )
    change(entry, full)
    assert [(one.birth_date, one.school) for one in db.session.query(TeamMember).all()] == [(None, "")] * 3
    assert (entry.team.mentor_school, entry.team.declared) == ("", False)

    rule(
        entry.edition,
        EligibilityRules(
            age=AgeRule(WARN, None, AgeLimits(13)),
            outsiders=OutsiderRule(WARN, 50),
            mentor=MentorRule(WARN, school=MentorSchool.SAME),
            awarded=AwardedRule(WARN, declaration=True),
        ),
    )
    change(entry, full)
    assert details_of(entry) == replace(full, particulars=(told, Particulars()))
    rule(entry.edition, EligibilityRules())
    change(entry, details_of(entry))
    assert details_of(entry).captain_particulars == Particulars()


def test_rule_25_a_judge_who_leads_a_team_is_blocked(entry: Entry, make: Make) -> None:
    rule(entry.edition, EligibilityRules(officials=BLOCK))
    entry.complete()
    make.judge(entry.edition, db.session.get_one(User, entry.captain.id))
    assert [one.code for one in refusal(entry).facts["findings"]] == [Code.IS_JUDGE]


def test_an_organiser_among_the_members_is_found_by_name_as_a_warning(entry: Entry, make: Make) -> None:
    rule(entry.edition, EligibilityRules(officials=BLOCK))
    make.member(entry.edition, Role.SECRETARY, make.user("TRẦN ANH DŨNG"))
    assert codes(entry) == [Code.MAYBE_COMMITTEE]
    entry.submitted()


def entries(app: Flask, make: Make, edition: Edition, number: int, **values: Any) -> list[Entry]:
    """Complete drafts of teams with nobody in common."""
    found = [
        entry_in(app, make, edition, f"Nhóm {place}", make.user(f"Trưởng Nhóm {place}", phone=None))
        for place in range(number)
    ]
    for place, one in enumerate(found):
        change(one, TeamDetails(f"Nhóm {place}", "THPT Lê Thánh Tôn", (f"Người Thứ {place}",), **values))
        one.complete()
    return found


def test_one_person_in_two_teams(app: Flask, make: Make, entry: Entry, contest_edition: Edition) -> None:
    rule(contest_edition, EligibilityRules(one_team=BLOCK))
    other = entry_in(app, make, contest_edition, "Sao Mai", make.user("Vũ Mai", phone=None))
    entry.submitted()
    other.complete()
    found = refusal(other).facts["findings"]
    assert {(one.code, one.facts["person"], one.facts["other"]) for one in found} == {
        (Code.TWO_TEAMS, "Trần Anh Dung", "Ánh Sáng"),
        (Code.TWO_TEAMS, "Đỗ Ân", "Ánh Sáng"),
    }
    entry.save(replace(WHOLE, title="Nộp lại"))
    entry.submit(now=LATER)  # the first one may hand in again


def test_one_captain_of_two_teams(app: Flask, make: Make, entry: Entry, contest_edition: Edition) -> None:
    rule(contest_edition, EligibilityRules(one_captain=BLOCK))
    other = entry_in(app, make, contest_edition, "Sao Mai", entry.captain)
    entry.submitted()
    other.complete()
    assert [one.code for one in refusal(other).facts["findings"]] == [Code.LEADS_TWO]


def test_a_place_that_is_given_up_goes_to_the_next(
    app: Flask, make: Make, contest_edition: Edition, noon: object
) -> None:
    del noon
    rule(contest_edition, EligibilityRules(quota=QuotaRule(BLOCK, 1)))
    first, second = entries(app, make, contest_edition, 2)
    first.submit()
    assert [one.code for one in refusal(second).facts["findings"]] == [Code.QUOTA_OVER]
    with unit_of_work():
        services.withdraw(submission_id=first.id, actor_id=None, now=NOON)
    second.submit(now=LATER)
    with unit_of_work():
        services.restore_withdrawn(submission_id=first.id, actor_id=None, now=LATER)
    assert first.row.entered_at is None
    assert [one.code for one in refusal(first).facts["findings"]] == [Code.QUOTA_OVER]


def test_handing_in_again_keeps_the_place(app: Flask, make: Make, contest_edition: Edition, noon: object) -> None:
    del noon
    rule(contest_edition, EligibilityRules(quota=QuotaRule(BLOCK, 1)))
    first, second = entries(app, make, contest_edition, 2)
    first.submit()
    (found,) = refusal(second).facts["findings"]
    let_pass(second, found.key)
    second.submit(now=LATER)
    first.save(replace(WHOLE, title="Bản mới"))
    first.submit(now=LATER + timedelta(minutes=1))
    assert first.row.entered_at == NOON
    assert first.row.submitted_at == LATER + timedelta(minutes=1)


@pytest.mark.parametrize("per", QuotaPer)
def test_two_who_hand_in_at_once_cannot_both_take_the_last_place(
    app: Flask, make: Make, contest_edition: Edition, noon: object, per: QuotaPer
) -> None:
    del noon
    rule(contest_edition, EligibilityRules(quota=QuotaRule(BLOCK, 1, per=per)))
    racing = entries(app, make, contest_edition, 3)
    ids = [one.id for one in racing]
    db.session.rollback()
    start = Barrier(len(ids))

    def hand_in(submission_id: int) -> str:
        with app.app_context():
            start.wait(timeout=30)
            try:
                with unit_of_work():
                    services.submit(submission_id=submission_id, actor_id=None, now=NOON)
            except RuleBroken as refused:
                return refused.code
            finally:
                db.session.remove()
            return "taken"

    with ThreadPoolExecutor(len(ids)) as pool:
        answers = sorted(pool.map(hand_in, ids))

    assert answers == ["not_eligible", "not_eligible", "taken"]
    db.session.rollback()
    assert [one.status() for one in racing].count(SubmissionStatus.SUBMITTED) == 1


def test_the_number_of_questions_does_not_grow(app: Flask, make: Make, contest_edition: Edition, noon: object) -> None:
    del noon
    everything = EligibilityRules(
        size=SizeRule(WARN, 9),
        one_team=WARN,
        one_captain=WARN,
        quota=QuotaRule(WARN, 1),
        officials=WARN,
        one_idea=WARN,
    )
    rule(contest_edition, everything)
    asked, ids, edition_id = [], [0], contest_edition.id
    for more in (1, 5):
        for one in entries(app, make, contest_edition, more) if more == 1 else _more(app, make, contest_edition, more):
            one.submit()
        with counted(app) as statements:
            listed = reviewed(edition_id)
        asked.append((len(listed), len(statements)))
        ids = [one.id for one, *_rest in listed]
    assert asked == [(1, 5), (6, 5)]
    with counted(app) as statements:
        standing_of(edition_id, ids[0])
    assert len(statements) == 5


def _more(app: Flask, make: Make, edition: Edition, number: int) -> list[Entry]:
    found = [
        entry_in(app, make, edition, f"Thêm {place}", make.user(f"Bạn {place}", phone=None)) for place in range(number)
    ]
    return [one.complete() for one in found]


def test_the_day_of_the_deadline_is_the_day_of_its_last_moment(entry: Entry) -> None:
    """A deadline at midnight belongs to the day before, in the time of the edition's place."""
    midnight = NOON.replace(hour=17)  # 0:00 on 9 October in Ho Chi Minh City
    entry.set_window(NOON - timedelta(days=1), midnight)
    rule(entry.edition, EligibilityRules(age=AgeRule(BLOCK, None, AgeLimits(18))))
    born = Particulars(date(2008, 10, 9))
    change(entry, replace(details_of(entry), captain_particulars=born, particulars=(born, born)))
    found = standing_of(entry.edition.id, entry.id).findings
    assert [(one.code, one.facts["on"], one.facts["age"]) for one in found] == [
        (Code.AGE_UNDER, date(2026, 10, 8), 17)
    ] * 3


def test_the_captain_of_a_team_from_a_file_is_found_among_its_members(make: Make, entry: Entry) -> None:
    rule(entry.edition, EligibilityRules(officials=BLOCK))
    judge = make.judge(entry.edition, make.user("TRẦN ANH DŨNG"))
    team = make.team(entry.edition, db.session.get_one(User, judge.user_id))
    submission = make.submission(entry.edition, team)
    (found,) = standing_of(entry.edition.id, submission.id).findings
    assert (found.code, found.effect, found.facts["person"]) == (Code.IS_JUDGE, BLOCK, "Trần Anh Dung")
    facts = team_of(team.id)
    assert facts is not None
    assert not facts.captain_apart
