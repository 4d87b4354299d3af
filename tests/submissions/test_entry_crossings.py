from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.editions.entry_rules import Effect, EligibilityRules, QuotaPer, QuotaRule
from contest.submissions.eligibility import review
from contest.submissions.entrants import Code, Entrant, Official, Person
from contest.submissions.entry_crossings import Alike, alike
from contest.submissions.lifecycle import SubmissionStatus
from tests.factories import NOON

WARN, BLOCK = Effect.WARN, Effect.BLOCK
SCHOOL = "THPT Lê Thánh Tôn"
DRAFT, SUBMITTED = SubmissionStatus.DRAFT, SubmissionStatus.SUBMITTED
AN = Person("Nguyễn Văn An")
BIRTH = date(2009, 3, 26)


def team(number: int, *people: Person, minutes: int | None = None, **values: Any) -> Entrant:
    """A draft, or what was handed in so many minutes after noon."""
    usual: dict[str, Any] = {"school": SCHOOL, "people": people, "track": "A"}
    if minutes is not None:
        usual |= {"status": SUBMITTED, "entered_at": NOON + timedelta(minutes=minutes)}
    return Entrant(
        **{"id": number, "code": f"BT-{number:03d}", "team_id": number, "team": f"Đội {number}", **usual, **values}
    )


def found(
    rules: EligibilityRules, *teams: Entrant, officials: tuple[Official, ...] = ()
) -> dict[int, list[tuple[Code, Effect]]]:
    answers = review(rules, teams, officials)
    return {number: [(one.code, one.effect) for one in answers[number]] for number in answers}


@pytest.mark.parametrize(
    ("a", "b", "schools", "sure"),
    [
        (AN, Person("Nguyễn Văn Bình"), (SCHOOL, SCHOOL), Alike.NO),
        (AN, Person("NGUYEN VAN AN"), (SCHOOL, "Trường THPT Lê Thánh Tôn"), Alike.SURE),
        (AN, Person("An Nguyễn Văn"), (SCHOOL, SCHOOL), Alike.SURE),
        (AN, AN, (SCHOOL, "THPT Trưng Vương"), Alike.MAYBE),
        (AN, AN, (SCHOOL, ""), Alike.MAYBE),
        (Person("An", None, "A B"), Person("An", None, "A B"), ("", ""), Alike.NO),
        (replace(AN, school="ĐH Y"), replace(AN, school="ĐH Luật"), (SCHOOL, SCHOOL), Alike.NO),
        (replace(AN, school="ĐH Y"), replace(AN, school="Đại học Y"), ("A B", "C D"), Alike.SURE),
        (replace(AN, birth_date=BIRTH), replace(AN, birth_date=BIRTH), (SCHOOL, "ĐH Y"), Alike.SURE),
        (replace(AN, birth_date=BIRTH), replace(AN, birth_date=date(2009, 3, 27)), (SCHOOL, SCHOOL), Alike.NO),
        (replace(AN, birth_date=BIRTH), AN, (SCHOOL, SCHOOL), Alike.SURE),
        (replace(AN, user_id=3), Person("Tên Khác", user_id=3), ("", ""), Alike.SURE),
        (replace(AN, email="an.nguyen+thi@gmail.com"), Person("B C", email="annguyen@gmail.com"), ("", ""), Alike.SURE),
        (replace(AN, phone="+84903123782"), Person("B C", phone="0903 123 782"), ("", ""), Alike.SURE),
        (replace(AN, phone="0903"), Person("B C", phone="0903"), ("", ""), Alike.NO),
    ],
)  # fmt: skip
def test_when_two_members_are_one_person(a: Person, b: Person, schools: tuple[str, str], sure: Alike) -> None:
    assert alike(a, schools[0], b, schools[1]) is sure
    assert alike(b, schools[1], a, schools[0]) is sure


def test_nobody_is_in_two_teams_and_the_first_to_hand_in_is_left_alone() -> None:
    rules = EligibilityRules(one_team=BLOCK)
    first, second = team(1, AN, minutes=1), team(2, AN, minutes=2)
    assert found(rules, first, second) == {1: [(Code.TWO_TEAMS, WARN)], 2: [(Code.TWO_TEAMS, BLOCK)]}
    assert found(rules, first, team(2, AN)) == {1: [(Code.TWO_TEAMS, WARN)], 2: [(Code.TWO_TEAMS, BLOCK)]}
    assert found(rules, team(1, AN), team(2, AN)) == {1: [(Code.TWO_TEAMS, WARN)], 2: [(Code.TWO_TEAMS, WARN)]}


def test_the_finding_names_team_person_and_the_other_team() -> None:
    (one,) = review(EligibilityRules(one_team=BLOCK), [team(1, AN, minutes=1), team(2, AN)])[2]
    assert dict(one.facts) == {"team": "Đội 2", "person": "Nguyễn Văn An", "other": "Đội 1"}


def test_a_shared_name_alone_only_warns() -> None:
    rules = EligibilityRules(one_team=BLOCK)
    other = team(1, AN, minutes=1, school="THPT Trưng Vương")
    assert found(rules, other, team(2, AN))[2] == [(Code.MAYBE_TWO_TEAMS, WARN)]


@pytest.mark.parametrize("status", [SubmissionStatus.WITHDRAWN, SubmissionStatus.DISQUALIFIED])
def test_what_is_withdrawn_or_disqualified_holds_nobody(status: SubmissionStatus) -> None:
    gone = team(1, AN, minutes=1, status=status)
    rules = EligibilityRules(one_team=BLOCK, one_captain=BLOCK, one_idea=BLOCK, quota=QuotaRule(BLOCK, 1))
    assert found(rules, gone, team(2, AN)) == {2: []}


def test_two_submissions_of_one_team_are_no_second_team() -> None:
    assert found(EligibilityRules(one_team=BLOCK), team(1, AN, minutes=1), team(2, AN, team_id=1)) == {1: [], 2: []}


def test_one_may_be_in_two_teams_and_lead_one() -> None:
    rules = EligibilityRules(one_captain=BLOCK)
    leader = replace(AN, is_captain=True)
    assert found(rules, team(1, leader, minutes=1), team(2, AN)) == {1: [], 2: []}
    assert found(rules, team(1, leader, minutes=1), team(2, leader))[2] == [(Code.LEADS_TWO, BLOCK)]
    elsewhere = team(1, leader, minutes=1, school="ĐH Y")
    assert found(rules, elsewhere, team(2, leader))[2] == [(Code.MAYBE_LEADS_TWO, WARN)]


def test_imported_teams_with_one_contact_are_looked_at() -> None:
    rules = EligibilityRules(one_team=BLOCK)
    a = team(1, AN, minutes=1, email="truong@example.org")
    b = team(2, Person("Lê Bình"), minutes=2, email="TRUONG@example.org")
    assert found(rules, a, b) == {1: [(Code.SAME_CONTACT, WARN)], 2: [(Code.SAME_CONTACT, WARN)]}


def test_one_idea_per_team_goes_by_row_and_by_name_and_school() -> None:
    rules = EligibilityRules(one_idea=BLOCK)
    first = team(1, minutes=1)
    assert found(rules, first, team(2, team_id=1))[2] == [(Code.SECOND_IDEA, BLOCK)]
    assert found(rules, first, team(2, team="ĐỘI 1"))[2] == [(Code.SECOND_IDEA, BLOCK)]
    assert found(rules, first, team(2, team="Đội 1", school="ĐH Y"))[2] == []
    assert found(rules, team(1), team(2, team_id=1))[2] == [(Code.SECOND_IDEA, WARN)]


def quota(most: int | None = None, least: int | None = None, per: QuotaPer = QuotaPer.EDITION) -> EligibilityRules:
    return EligibilityRules(quota=QuotaRule(BLOCK, most, least, per))


def test_the_places_of_a_school_go_in_the_order_of_handing_in() -> None:
    teams = [team(1, minutes=3), team(2, minutes=1), team(3, minutes=2), team(4)]
    answers = found(quota(2), *teams)
    assert answers == {1: [(Code.QUOTA_OVER, BLOCK)], 2: [], 3: [], 4: [(Code.QUOTA_OVER, BLOCK)]}
    (one,) = review(quota(2), teams)[4]
    assert dict(one.facts) == {"team": "Đội 4", "school": SCHOOL, "track": "A", "most": 2}


def test_drafts_take_no_place() -> None:
    assert found(quota(1), *(team(number) for number in range(1, 5))) == {1: [], 2: [], 3: [], 4: []}


def test_spellings_of_one_school_count_together_and_two_schools_do_not() -> None:
    others = [
        team(1, minutes=1, school="Trường trung học phổ thông LÊ THÁNH TÔN"),
        team(2, minutes=2, school="lê thánh tôn"),
    ]
    assert found(quota(2), *others, team(3))[3] == [(Code.QUOTA_OVER, BLOCK)]
    assert found(quota(2), *others, team(3, school="THCS Trưng Vương"))[3] == []


def test_a_quota_per_track_counts_each_track() -> None:
    per = quota(1, per=QuotaPer.TRACK)
    first = team(1, minutes=1)
    assert found(per, first, team(2))[2] == [(Code.QUOTA_OVER_TRACK, BLOCK)]
    assert found(per, first, team(2, track="B"))[2] == []
    assert found(quota(1), first, team(2, track="B"))[2] == [(Code.QUOTA_OVER, BLOCK)]
    assert found(per, team(1, minutes=1, track=""), team(2, track=""))[2] == [(Code.QUOTA_OVER, BLOCK)]


def test_too_few_entries_of_a_school_only_warn() -> None:
    teams = [team(1, minutes=1), team(2)]
    assert found(quota(None, 2), *teams) == {1: [(Code.QUOTA_UNDER, WARN)], 2: [(Code.QUOTA_UNDER, WARN)]}
    assert found(quota(None, 1), *teams) == {1: [], 2: []}
    assert dict(review(quota(None, 2), teams)[2][0].facts)["count"] == 1


def test_a_team_without_a_school_cannot_be_counted() -> None:
    assert found(quota(1), team(1, school="")) == {1: [(Code.SCHOOL_UNKNOWN, WARN)]}
    assert found(quota(1), team(1, school="Tự do")) == {1: [(Code.SCHOOL_UNKNOWN, WARN)]}


OFFICIALS = (
    Official("TS. Trần Quang Minh", 7, judges=True, email="minh@example.org", phone="+84903123782"),
    Official("Bà Ban", 8, judges=False),
)


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (Person("Ai Đó", user_id=7), [(Code.IS_JUDGE, BLOCK)]),
        (Person("Ai Đó", email="MINH+2@example.org"), [(Code.IS_JUDGE, BLOCK)]),
        (Person("Ai Đó", phone="0903.123.782"), [(Code.IS_JUDGE, BLOCK)]),
        (Person("tran quang minh"), [(Code.MAYBE_JUDGE, WARN)]),
        (Person("Ai Đó", user_id=8), [(Code.IS_COMMITTEE, BLOCK)]),
        (Person("Ba Ban"), [(Code.MAYBE_COMMITTEE, WARN)]),
        (Person("Trần Minh"), []),
    ],
)
def test_rule_25_judges_and_the_committee_may_not_enter(person: Person, expected: list[tuple[Code, Effect]]) -> None:
    rules = EligibilityRules(officials=BLOCK)
    assert found(rules, team(1, person), officials=OFFICIALS) == {1: expected}


def test_a_mentor_may_be_a_judge_because_that_is_a_conflict_and_no_entry() -> None:
    rules = EligibilityRules(officials=BLOCK)
    assert found(rules, team(1, AN, mentor="Trần Quang Minh"), officials=OFFICIALS) == {1: []}


NAMES = st.sampled_from(["Nguyễn Văn An", "nguyen van an", "Lê Bình", "Trần Thị Chi", "Đỗ Ân"])
PEOPLE = st.builds(
    Person, NAMES, st.sampled_from([None, BIRTH, date(2010, 1, 1)]), st.sampled_from(["", SCHOOL, "ĐH Y"])
)


@st.composite
def crowds(draw: st.DrawFn) -> list[Entrant]:
    return [
        team(
            number,
            *draw(st.lists(PEOPLE, max_size=3)),
            minutes=draw(st.one_of(st.none(), st.integers(0, 3))),
            school=draw(st.sampled_from(["", SCHOOL, "Lê Thánh Tôn", "ĐH Y"])),
            track=draw(st.sampled_from(["", "A", "B"])),
        )
        for number in range(1, draw(st.integers(1, 7)) + 1)
    ]


@given(crowds(), st.integers(1, 3), st.sampled_from(QuotaPer))
@settings(max_examples=80, deadline=None, derandomize=True)
def test_of_those_that_are_handed_in_exactly_the_first_keep_their_place(
    teams: list[Entrant], most: int, per: QuotaPer
) -> None:
    """Schools of one spelling, so that who counts with whom is plain; the order of the list changes nothing."""
    teams = [replace(one, school="" if not one.school else SCHOOL) for one in teams]
    blocked = {
        number for number, codes in found(quota(most, per=per), *teams).items() if (codes and codes[0][1] is BLOCK)
    }
    assert blocked == {
        number
        for number, codes in found(quota(most, per=per), *reversed(teams)).items()
        if (codes and codes[0][1] is BLOCK)
    }
    for track in {one.track for one in teams} if per is QuotaPer.TRACK else {None}:
        mine = [one for one in teams if one.school and track in (None, one.track)]
        placed = sorted((one.place, one.id) for one in mine if one.place is not None)
        assert {number for _, number in placed if number not in blocked} == {number for _, number in placed[:most]}
        drafts = {one.id for one in mine if one.place is None}
        assert drafts & blocked == (drafts if len(placed) >= most else set())


@given(crowds())
@settings(max_examples=80, deadline=None, derandomize=True)
def test_two_teams_with_one_person_are_never_both_shut_out(teams: list[Entrant]) -> None:
    answers = review(EligibilityRules(one_team=BLOCK), teams)
    shut = {(one_id, dict(f.facts)["other"]) for one_id, all_ in answers.items() for f in all_ if f.effect is BLOCK}
    assert not {(a, b) for a, b in shut if (int(b.split()[1]), f"Đội {a}") in shut}
    by_id = {one.id: one for one in teams}
    for number, other in shut:
        earlier = by_id[int(other.split()[1])].place
        mine = by_id[number].place
        assert earlier is not None
        assert mine is None or earlier < mine
