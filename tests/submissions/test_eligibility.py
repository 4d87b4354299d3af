from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.editions.entry_rules import (
    AgeLimits,
    AgeRule,
    AwardedRule,
    Effect,
    EligibilityRules,
    MentorRule,
    MentorSchool,
    OutsiderRule,
    SizeRule,
)
from contest.submissions.eligibility import Passed, Standing, review
from contest.submissions.entrants import Code, Entrant, Finding, Person
from contest.submissions.entry_checks import age_on
from contest.submissions.lifecycle import SubmissionStatus
from tests.factories import NOON

OFF, WARN, BLOCK = Effect.OFF, Effect.WARN, Effect.BLOCK
DAY = date(2026, 11, 22)
SCHOOL = "THPT Lê Thánh Tôn"
AN, BINH, CHI = Person("Lê Văn An", is_captain=True), Person("Trần Bình"), Person("Đỗ Thị Chi")
TEAM = Entrant(1, "BT-001", 1, "Ánh Sáng", school=SCHOOL, people=(AN, BINH, CHI), title="Bản đồ ngập", track="A")


def found(rules: EligibilityRules, entrant: Entrant = TEAM, **values: Any) -> list[tuple[Code, Effect]]:
    return [(one.code, one.effect) for one in review(rules, [entrant], **values)[entrant.id]]


def facts(rules: EligibilityRules, entrant: Entrant = TEAM, **values: Any) -> dict[str, Any]:
    (one,) = review(rules, [entrant], **values)[entrant.id]
    return dict(one.facts)


def born(*years: int, day: str = "11-22") -> Entrant:
    people = tuple(
        replace(one, birth_date=date.fromisoformat(f"{year}-{day}"))
        for one, year in zip((AN, BINH, CHI), years, strict=True)
    )
    return replace(TEAM, people=people)


def aged(low: int | None = None, high: int | None = None, **values: Any) -> EligibilityRules:
    by_oldest = values.pop("by_oldest", False)
    return EligibilityRules(age=AgeRule(BLOCK, DAY, AgeLimits(low, high, by_oldest), **values))


def test_without_rules_nothing_is_found() -> None:
    assert found(EligibilityRules()) == []
    assert not EligibilityRules().any_on


@pytest.mark.parametrize("effect", [WARN, BLOCK])
@pytest.mark.parametrize(
    ("low", "high", "code"),
    [(1, 5, None), (3, 3, None), (4, None, Code.SIZE_UNDER), (None, 2, Code.SIZE_OVER), (None, 3, None)],
)
def test_the_size_counts_the_captain_and_not_the_mentor(
    low: int | None, high: int | None, code: Code | None, effect: Effect
) -> None:
    rules = EligibilityRules(size=SizeRule(effect, low, high))
    assert found(rules, replace(TEAM, mentor="Cô Hoà")) == ([(code, effect)] if code else [])


def test_the_size_is_said_in_numbers() -> None:
    assert facts(EligibilityRules(size=SizeRule(BLOCK, None, 2))) == {"team": "Ánh Sáng", "count": 3, "most": 2}
    assert facts(EligibilityRules(size=SizeRule(BLOCK, 5))) == {"team": "Ánh Sáng", "count": 3, "least": 5}


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        ("2008-11-22", "2026-11-22", 18),
        ("2008-11-23", "2026-11-22", 17),
        ("2008-02-29", "2025-02-28", 16),
        ("2008-02-29", "2025-03-01", 17),
        ("2008-02-29", "2028-02-29", 20),
        ("2026-11-22", "2026-11-22", 0),
    ],
)
def test_age_in_completed_years(birth: str, day: str, age: int) -> None:
    assert age_on(date.fromisoformat(birth), date.fromisoformat(day)) == age


@given(st.dates(date(1900, 1, 1), date(2020, 1, 1)), st.dates(date(2020, 1, 2), date(2100, 1, 1)))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_a_day_later_nobody_is_younger_and_at_most_a_year_older(birth: date, day: date) -> None:
    following = date.fromordinal(day.toordinal() + 1)
    assert age_on(birth, following) - age_on(birth, day) in (0, 1)
    assert abs((day - birth).days / 365.2425 - age_on(birth, day)) < 1.01


def test_both_limits_of_the_age_are_included() -> None:
    assert found(aged(13, 17), born(2013, 2009, 2010)) == []
    assert found(aged(13, 17), born(2014, 2008, 2010)) == [(Code.AGE_UNDER, BLOCK), (Code.AGE_OVER, BLOCK)]


def test_a_wrong_age_names_the_person_the_age_and_the_limit() -> None:
    assert facts(aged(None, 17), born(2010, 2000, 2010)) == {
        "team": "Ánh Sáng", "person": "Trần Bình", "age": 26, "on": DAY, "most": 17,
    }  # fmt: skip


def test_the_day_is_the_rules_own_or_that_of_the_deadline() -> None:
    rules = EligibilityRules(age=AgeRule(BLOCK, None, AgeLimits(18)))
    team = born(2000, 2000, 2008, day="11-22")
    assert found(rules, team, deadline=date(2026, 11, 22)) == []
    assert found(rules, team, deadline=date(2026, 11, 21)) == [(Code.AGE_UNDER, BLOCK)]
    assert found(rules, team) == [(Code.AGE_DAY_MISSING, WARN)]


def test_a_track_may_have_ages_of_its_own() -> None:
    rules = aged(13, 25, tracks=(("A", AgeLimits(13, 17)),))
    team = born(2010, 2003, 2010)
    assert found(rules, team) == [(Code.AGE_OVER, BLOCK)]
    assert found(rules, replace(team, track="B")) == []


def test_a_mixed_team_counts_by_its_oldest_member_in_the_upper_level() -> None:
    mixed, pupils = born(2010, 2006, 2010), born(2010, 2010, 2010)
    assert found(aged(18, 25), mixed) == [(Code.AGE_UNDER, BLOCK)] * 2
    assert found(aged(18, 25, by_oldest=True), mixed) == []
    assert found(aged(18, 25, by_oldest=True), pupils) == [(Code.AGE_UNDER, BLOCK)] * 3


def test_an_unknown_age_warns_and_never_passes_in_silence() -> None:
    team = replace(born(2010, 2010, 2010), people=(AN, *born(2010, 2010, 2010).people[1:]))
    assert found(aged(13, 17), team) == [(Code.AGE_UNKNOWN, WARN)]
    assert facts(aged(13, 17), team) == {"team": "Ánh Sáng", "people": ("Lê Văn An",)}
    assert found(aged(18, by_oldest=True), team) == [(Code.AGE_UNKNOWN, WARN)]
    assert found(aged(13, 17), replace(TEAM, people=())) == [(Code.AGE_UNKNOWN, WARN)]


def test_an_age_that_depends_on_the_track_waits_for_the_track() -> None:
    rules = EligibilityRules(age=AgeRule(BLOCK, DAY, tracks=(("A", AgeLimits(13, 17)),)))
    assert found(rules, replace(born(2000, 2000, 2000), track="")) == [(Code.AGE_TRACK_MISSING, WARN)]
    assert found(rules, replace(born(2000, 2000, 2000), track="B")) == []


@pytest.mark.parametrize(
    ("rule", "mentor", "school", "expected"),
    [
        (MentorRule(BLOCK), "", "", [(Code.MENTOR_MISSING, BLOCK)]),
        (MentorRule(BLOCK), "Cô Hoà", "", []),
        (MentorRule(WARN, required=False, school=MentorSchool.SAME), "", "", []),
        (MentorRule(BLOCK, school=MentorSchool.SAME), "Cô Hoà", "", [(Code.MENTOR_SCHOOL_UNKNOWN, WARN)]),
        (MentorRule(BLOCK, school=MentorSchool.SAME), "Cô Hoà", "Trường trung học phổ thông LE THANH TON", []),
        (MentorRule(BLOCK, school=MentorSchool.SAME), "Cô Hoà", "THCS Lê Thánh Tôn",
         [(Code.MENTOR_NOT_SAME_SCHOOL, BLOCK)]),
        (MentorRule(WARN, school=MentorSchool.OTHER), "Cô Hoà", "lê thánh tôn", [(Code.MENTOR_SAME_SCHOOL, WARN)]),
        (MentorRule(WARN, school=MentorSchool.OTHER), "Cô Hoà", "ĐH Bách khoa", []),
    ],
)  # fmt: skip
def test_the_mentor(rule: MentorRule, mentor: str, school: str, expected: list[tuple[Code, Effect]]) -> None:
    team = replace(TEAM, mentor=mentor, mentor_school=school)
    assert found(EligibilityRules(mentor=rule), team) == expected


def test_the_declaration_is_asked_until_it_is_given() -> None:
    rules = EligibilityRules(awarded=AwardedRule(BLOCK, declaration=True))
    assert found(rules) == [(Code.NOT_DECLARED, BLOCK)]
    assert found(rules, replace(TEAM, declared=True)) == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("BẢN ĐỒ NGẬP.", [(Code.AWARDED, BLOCK)]),
        ("ban do ngap", [(Code.AWARDED, BLOCK)]),
        ("Bản đồ ngập nước", []),
        ("ánh sáng", [(Code.MAYBE_AWARDED, WARN)]),
        ("Đỗ Thị Chí", [(Code.MAYBE_AWARDED, WARN)]),
        ("Đỗ Chi", []),
        ("ĐỖ THỊ CHI", [(Code.MAYBE_AWARDED, WARN)]),
        ("Chi Đỗ Thị", [(Code.MAYBE_AWARDED, WARN)]),
    ],
)
def test_earlier_winners(line: str, expected: list[tuple[Code, Effect]]) -> None:
    assert found(EligibilityRules(awarded=AwardedRule(BLOCK, listed=(line,)))) == expected


def from_schools(*schools: str) -> Entrant:
    return replace(
        TEAM, people=tuple(replace(one, school=name) for one, name in zip((AN, BINH, CHI), schools, strict=True))
    )


@pytest.mark.parametrize(
    ("percent", "schools", "expected"),
    [
        (50, (SCHOOL, "Trường THPT Lê Thánh Tôn", "ĐH Luật"), []),
        (33, (SCHOOL, SCHOOL, "ĐH Luật"), [(Code.OUTSIDERS_OVER, BLOCK)]),
        (34, (SCHOOL, SCHOOL, "ĐH Luật"), []),
        (50, (SCHOOL, "ĐH Luật", "ĐH Y"), [(Code.OUTSIDERS_OVER, BLOCK)]),
        (50, (SCHOOL, "", "ĐH Luật"), [(Code.OUTSIDERS_UNKNOWN, WARN)]),
        (50, ("", SCHOOL, SCHOOL), []),
        (50, ("", "ĐH Luật", "ĐH Y"), [(Code.OUTSIDERS_OVER, BLOCK)]),
        (0, (SCHOOL, SCHOOL, SCHOOL), []),
        (100, ("A B", "C D", "E F"), []),
    ],
)
def test_the_share_of_outsiders_is_exact(
    percent: int, schools: tuple[str, ...], expected: list[tuple[Code, Effect]]
) -> None:
    rules = EligibilityRules(outsiders=OutsiderRule(BLOCK, percent))
    assert found(rules, from_schools(*schools)) == expected


def test_outsiders_of_a_team_without_a_school_cannot_be_counted() -> None:
    rules = EligibilityRules(outsiders=OutsiderRule(BLOCK, 50))
    team = replace(from_schools(SCHOOL, SCHOOL, SCHOOL), school="Tự do")
    assert found(rules, team) == [(Code.OUTSIDERS_UNKNOWN, WARN)]
    assert facts(rules, team)["people"] == ("Lê Văn An", "Trần Bình", "Đỗ Thị Chi")
    assert found(rules, replace(TEAM, people=())) == [(Code.OUTSIDERS_UNKNOWN, WARN)]


def test_track_and_field_must_be_chosen() -> None:
    rules = EligibilityRules(track=BLOCK, field=WARN)
    assert found(rules, replace(TEAM, track="")) == [(Code.TRACK_MISSING, BLOCK), (Code.FIELD_MISSING, WARN)]
    assert found(rules, replace(TEAM, field="edtech")) == []


@pytest.mark.parametrize(
    ("title", "summary", "shown"),
    [
        ("Bản đồ ngập", "Ý tưởng của chúng em", False),
        ("Bản đồ ngập", "Nhóm học sinh trường THPT LÊ THÁNH TÔN", True),
        ("Le Thanh Ton – bản đồ", "", True),
        ("Lê Thánh", "Tôn trọng", False),
        ("Đường Lê Thánh Tôn ngập", "", True),
        ("Bản đồ Lê Thánh Tông", "", False),
    ],
)
def test_title_and_summary_do_not_name_the_school(title: str, summary: str, shown: bool) -> None:  # noqa: FBT001  a parameter of the test
    rules = EligibilityRules(anonymous=WARN)
    team = replace(TEAM, title=title, summary=summary)
    assert found(rules, team) == ([(Code.NAMES_SCHOOL, WARN)] if shown else [])
    assert found(rules, replace(team, school="")) == []


def test_one_word_is_no_name_of_a_school() -> None:
    rules, team = EligibilityRules(anonymous=WARN), replace(TEAM, school="Đại học Luật")
    assert found(rules, replace(team, title="Luật chơi mới")) == []
    assert found(rules, replace(team, title="Sinh viên Đại học Luật")) == [(Code.NAMES_SCHOOL, WARN)]


@pytest.mark.parametrize("status", [SubmissionStatus.WITHDRAWN, SubmissionStatus.DISQUALIFIED])
def test_what_is_out_of_the_contest_has_no_findings(status: SubmissionStatus) -> None:
    assert review(EligibilityRules(size=SizeRule(BLOCK, 9)), [replace(TEAM, status=status)]) == {}


def test_only_what_is_asked_for_is_answered_and_what_blocks_comes_first() -> None:
    rules = EligibilityRules(size=SizeRule(WARN, 9), mentor=MentorRule(BLOCK), field=WARN)
    answers = review(rules, [TEAM, replace(TEAM, id=2, team_id=2)], only=[2])
    assert list(answers) == [2]
    assert [one.code for one in answers[2]] == [Code.MENTOR_MISSING, Code.SIZE_UNDER, Code.FIELD_MISSING]


def test_an_exception_holds_for_what_was_found_and_for_nothing_else() -> None:
    rules = EligibilityRules(size=SizeRule(BLOCK, None, 1))
    three = review(rules, [TEAM])[1]
    two = review(rules, [replace(TEAM, people=(AN, BINH))])[1]
    passed = {three[0].key: Passed("Quyết định 12", "Bà Ban", NOON)}
    assert Standing(three, passed).blocking == ()
    assert Standing(three, passed).finding(three[0].key) == three[0]
    assert Standing(two, passed).blocking == two
    assert Standing(two, passed).finding(three[0].key) is None
    assert len(three[0].key) == 40


def test_warnings_and_blocks_are_told_apart() -> None:
    block, warn = Finding(Code.SIZE_OVER, BLOCK), Finding(Code.FIELD_MISSING, WARN)
    standing = Standing((block, warn))
    assert (standing.blocking, standing.warnings, standing.open) == ((block,), (warn,), (block, warn))
    assert Standing((block, warn), {warn.key: Passed("Đã xem", "", NOON)}).warnings == ()
