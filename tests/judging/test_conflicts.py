from __future__ import annotations

import itertools
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.judging.conflicts import (
    ConflictFound,
    ConflictReason,
    JudgeFacts,
    SubmissionFacts,
    colleagues,
    email_key,
    find_conflicts,
    phone_key,
    same_person,
    same_unit,
)
from contest.letters import fold
from contest.likeness import Aliases, alike_names, alike_units, unit_of

DECLARED, MEMBER, MENTOR = ConflictReason.DECLARED, ConflictReason.MEMBER, ConflictReason.MENTOR
SAME_UNIT, SAME_CONTACT = ConflictReason.SAME_UNIT, ConflictReason.SAME_CONTACT

FOLDED = {
    "": "",
    "  Nguyễn   Văn\tĐức ": "nguyen van duc",
    "HÒA BÌNH": "hoa binh",
    "hoà bình": "hoa binh",
    "Thuỷ": "thuy",
    "Thủy": "thuy",
    "ĐẶNG THỊ ƯỚC": "dang thi uoc",
    "đường": "duong",
    "Ｎｇｕｙễｎ\u00a0An": "nguyen an",  # noqa: RUF001, RUF100  # full-width letters on purpose
    "Lê\u200bAn": "lean",
    "Straße": "strasse",
}


@pytest.mark.parametrize(("text", "folded"), FOLDED.items())
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(unicodedata.normalize("NFD", text)) == folded


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=30))
def test_folding_does_not_depend_on_the_encoding(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text)) == fold(text)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Nguyễn Văn An", "NGUYEN VAN AN"),
        ("Nguyễn Văn An", "nguyễn  văn an "),
        ("Nguyễn Văn An", "An Nguyen Van"),
        ("Nguyễn Văn An", "Van An, Nguyen"),
        ("Trần Thị Hoà", "Trần Thị Hòa"),
        ("TS. Trần Thị Hoà", "Tran Thi Hoa"),
        ("PGS.TS. Trần Thị Hoà", "ThS Trần Thị Hòa"),
        ("Bà Trần Thị Hoà", "Ông Trần Thị Hoà"),
        ("Mr. An Nguyen", "Nguyễn An"),
        ("Cổ An", "Cổ An"),
    ],
)
def test_other_spellings_are_the_same_person(a: str, b: str) -> None:
    assert same_person(a, b)
    assert same_person(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Nguyễn Văn An", "Nguyễn Văn Bình"),
        ("Nguyễn Văn An", "Nguyễn An"),
        ("Nguyễn Văn An", "Văn Nguyễn An"),
        ("An", "An"),
        ("TS. An", "An"),
        ("", ""),
        ("TS.", "TS."),
        ("Ông Bà", "Bà"),
        (" . - _ ", "_"),
    ],
)
def test_other_people(a: str, b: str) -> None:
    assert not same_person(a, b)
    assert not same_person(b, a)


def test_a_very_long_name_is_cheap() -> None:
    start = time.process_time()
    assert same_person("a b " * 50_000, "a b " * 50_000)
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Trường THPT Nguyễn Du", "THPT nguyễn du"),
        ("Trường Trung học phổ thông Nguyễn Du", "THPT Nguyễn Du"),
        ("Trường Nguyễn Du", "THPT Nguyễn Du"),
        ("ĐH Bách khoa", "Trường Đại học Bách Khoa"),
        ("Trường Đại học Bách Khoa, TP.HCM", "ĐH Bách khoa"),
        ("THPT Nguyễn Du (Quận 10)", "THPT Nguyễn Du - Quận 10"),
        ("THPT Nguyễn Du, TP. Huế", "Trường THPT Nguyễn Du, Thành phố Huế"),
        ("UBND Phường Bến Thành", "P. Bến Thành"),
        ("Công ty TNHH Sao Mai", "Cty Sao Mai"),
        ("Học viện Sáng tạo", "HV Sáng Tạo"),
    ],
)
def test_one_unit_under_two_names(a: str, b: str) -> None:
    assert same_unit(a, b)
    assert same_unit(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("THPT Nguyễn Du", "THCS Nguyễn Du"),
        ("THPT Nguyễn Du", "THPT Nguyễn Trãi"),
        ("THPT Nguyễn Du, Quận 1", "THPT Nguyễn Du, Quận 3"),
        ("Phường 1", "Quận 1"),
        ("Trường THPT", "Trường THPT"),
        ("", ""),
        ("Không có", "không có"),
        ("Tự do", "tu do"),
        ("N/A", "n/a"),
        ("(Quận 1)", ""),
        ("-", "-"),
    ],
)
def test_two_units_or_none(a: str, b: str) -> None:
    assert not same_unit(a, b)
    assert not same_unit(b, a)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("An.Nguyen@Example.org ", "an.nguyen@example.org"),
        ("an+contest@example.org", "an@example.org"),
        ("A.n.Nguyen+x@Gmail.com", "annguyen@gmail.com"),
        ("annguyen@googlemail.com", "annguyen@gmail.com"),
        ("", ""),
        ("an", ""),
        ("@example.org", ""),
        ("+tag@example.org", ""),
        ("an@", ""),
    ],
)
def test_mailboxes(address: str, key: str) -> None:
    assert email_key(address) == key


@pytest.mark.parametrize(
    "number",
    [
        "0901234567",
        "+84 901 234 567",
        "0084901234567",
        "84-901-234-567",
        "(+84) 0901.234.567",
        "901234567",
        "０９０１２３４５６７",
    ],
)
def test_one_phone_in_many_spellings(number: str) -> None:
    assert phone_key(number) == "901234567"


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("0841 234 567", "841234567"),
        ("+84 841 234 567", "841234567"),
        ("028 3829 1234", "2838291234"),
        ("+84 28 3829 1234", "2838291234"),
        ("113", ""),
        ("", ""),
        ("không", ""),
        ("00000000000", ""),
    ],
)
def test_other_phones(number: str, key: str) -> None:
    assert phone_key(number) == key


JUDGES = (
    JudgeFacts("TS. Nguyễn Văn An", ("an@example.org",), ("0901 234 567",), "Trường THPT Nguyễn Du"),
    JudgeFacts("Lê Bình", organisation="Tự do"),
)


@pytest.mark.parametrize(
    ("facts", "reasons"),
    [
        (SubmissionFacts(), []),
        (SubmissionFacts(members=("Trần C", "An Nguyen Van")), [MEMBER]),
        (SubmissionFacts(mentor="nguyen van an"), [MENTOR]),
        (SubmissionFacts(members=("Nguyễn Văn An",), mentor="Nguyễn Văn Ân"), [MEMBER, MENTOR]),
        (SubmissionFacts(school="THPT Nguyễn Du"), [SAME_UNIT]),
        (SubmissionFacts(school="THCS Nguyễn Du"), []),
        (SubmissionFacts(emails=("x@example.org", "AN+team@example.org")), [SAME_CONTACT]),
        (SubmissionFacts(phones=("+84901234567",)), [SAME_CONTACT]),
        (SubmissionFacts(mentor_email="an@example.org", mentor_phone="84901234567"), [SAME_CONTACT]),
        (SubmissionFacts(emails=("",), phones=("",), mentor_email=" "), []),
    ],
)
def test_what_the_data_give_away(facts: SubmissionFacts, reasons: list[ConflictReason]) -> None:
    found = find_conflicts(JUDGES, (SubmissionFacts(), facts))
    assert sorted({(one.judge, one.submission, one.reason) for one in found}) == [
        (0, 1, one) for one in sorted(reasons)
    ]
    assert not any(one.alike for one in found)


def test_declared_conflicts_stand_beside_the_found_ones() -> None:
    teams = (SubmissionFacts(members=("Lê Bình",)), SubmissionFacts())
    found = find_conflicts(JUDGES, teams, declared=[(1, 0), (0, 1), (1, 0)])
    assert found == (
        ConflictFound(0, 1, DECLARED),
        ConflictFound(1, 0, DECLARED),
        ConflictFound(1, 0, MEMBER, "Lê Bình", "Lê Bình"),
    )


def test_freelancers_share_no_unit() -> None:
    assert find_conflicts(JUDGES, (SubmissionFacts(school="Tự do"), SubmissionFacts(school="tu do"))) == ()


NAMES = st.sampled_from(
    ["", "An", "Lê An", "TS. Lê An", "An Lê", "Lê Ân", "Lê Bình", "Bà Lê Bình", "Võ Lê An", "Lê Văn An", "Lê Văn Thành",
     "Le Van Thanhh", "Lê Văn Thnah", "Lê Văn Khanh"]
)  # fmt: skip
EMAILS = st.sampled_from(["", "a@example.org", "A@example.org", "a+x@example.org", "b@example.org"])
PHONES = st.sampled_from(["", "0901234567", "+84901234567", "0907654321"])
UNITS = st.sampled_from(
    ["", "THPT A", "Trường A", "THCS A", "THPT A, Huế", "THPT A (Đà Nẵng)", "THPT B", "Tự do", "Bách khoa",
     "ĐH Bách khoa Hà Nội", "CĐ Bách khoa Hà Nội", "Lương Thế Vinh", "Lương Thế Vingh"]
)  # fmt: skip
SOME_JUDGE = st.builds(JudgeFacts, NAMES, st.tuples(EMAILS), st.tuples(PHONES), UNITS)
SOME_TEAM = st.builds(
    SubmissionFacts,
    *(st.tuples(NAMES, NAMES), st.tuples(EMAILS), st.tuples(PHONES), NAMES, EMAILS, PHONES, UNITS, st.tuples(UNITS)),
)


def _by_definition(judge: JudgeFacts, team: SubmissionFacts) -> set[ConflictReason]:
    mails = {email_key(mail) for mail in (*team.emails, team.mentor_email)} - {""}
    phones = {phone_key(phone) for phone in (*team.phones, team.mentor_phone)} - {""}
    contact = mails & {email_key(mail) for mail in judge.emails} or phones & {phone_key(p) for p in judge.phones}
    holds = {
        MEMBER: any(same_person(judge.name, member) for member in team.members),
        MENTOR: same_person(judge.name, team.mentor),
        SAME_UNIT: any(same_unit(judge.organisation, school) for school in team.schools()),
        SAME_CONTACT: bool(contact),
    }
    return {reason for reason, true in holds.items() if true}


@given(st.lists(SOME_JUDGE, max_size=3), st.lists(SOME_TEAM, max_size=3))
def test_the_index_finds_exactly_what_pairwise_comparison_finds(
    judges: list[JudgeFacts], teams: list[SubmissionFacts]
) -> None:
    expected = {
        (j, s, reason)
        for (j, judge), (s, team) in itertools.product(enumerate(judges), enumerate(teams))
        for reason in _by_definition(judge, team)
    }
    found = find_conflicts(judges, teams)
    assert {(one.judge, one.submission, one.reason) for one in found if not one.alike} == expected
    alike = {(one.judge, one.submission, one.mine, one.theirs) for one in found if one.alike}
    assert alike == {
        (j, s, mine, theirs)
        for (j, judge), (s, team) in itertools.product(enumerate(judges), enumerate(teams))
        for mine, others, like in (
            (judge.name, (*team.members, team.mentor), alike_names),
            (judge.organisation, tuple(team.schools()), _alike_schools),
        )
        for theirs in others
        if like(mine, theirs) and not same_person(mine, theirs)
    }


def _alike_schools(a: str, b: str) -> bool:
    return alike_units(unit_of(a), unit_of(b))


@pytest.mark.parametrize(
    ("a", "b", "alike"),
    [
        ("Nguyễn Văn An", "Nguyễn An", True),
        ("TS. Nguyễn An", "NGUYEN VAN MINH AN", True),
        ("Nguyễn Văn Hoàng", "Nguyen Van Hoangg", True),
        ("Nguyễn Văn Hoàng", "Nguyen Van Haong", True),
        ("Nguyễn Văn Hoàng", "Nguyn Van Hoang", True),
        ("Nguyễn Văn Hoàng", "Nguyễn Văn Hoàng", False),
        ("Nguyễn Văn An", "Nguyễn Văn Anh", False),
        ("Nguyễn Thị Hương", "Nguyễn Thị Phương", False),
        ("Nguyễn Hoàng", "Nguyễn Hoangg", False),
        ("Nguyễn Văn An", "Trần Văn An", False),
        ("An", "An Bình", False),
        ("", "Nguyễn Văn An", False),
    ],
)
def test_names_that_somebody_should_look_at(a: str, b: str, *, alike: bool) -> None:
    assert alike_names(a, b) is alike
    assert alike_names(b, a) is alike


@pytest.mark.parametrize(
    ("a", "b", "alike"),
    [
        ("ĐH Bách khoa", "Trường Đại học Bách khoa Hà Nội", True),
        ("THPT Nguyễn Thượng Hiền", "THPT Nguyễn Thượngg Hienn", False),
        ("THPT Nguyễn Thượng Hiền", "THPT Nguyễn Thượngg Hiền", True),
        ("THPT Nguyễn Du", "THPT Nguyễn Du, Huế", False),
        ("ĐH Bách khoa", "CĐ Bách khoa Hà Nội", False),
        ("THPT Chu Văn An", "THPT Chu Văn Anh", False),
        ("FPT", "FPT Software", False),
        ("", "THPT Chu Văn An", False),
    ],
)
def test_units_that_somebody_should_look_at(a: str, b: str, *, alike: bool) -> None:
    assert alike_units(unit_of(a), unit_of(b)) is alike
    assert alike_units(unit_of(b), unit_of(a)) is alike


def test_an_alias_makes_one_unit_of_two_names_and_passes_on() -> None:
    aliases = [("ĐH Bách Khoa", "HCMUT"), ("HCMUT", "Polytechnic University"), ("Tự do", "FPT")]
    judges = (JudgeFacts("Lê Bình", organisation="Trường Đại học Bách khoa"),)
    teams = (SubmissionFacts(school="polytechnic university"), SubmissionFacts(school="FPT"))
    assert find_conflicts(judges, teams) == ()
    assert find_conflicts(judges, teams, aliases=aliases) == (
        ConflictFound(0, 0, SAME_UNIT, "Trường Đại học Bách khoa", "polytechnic university"),
    )
    assert Aliases(aliases).names("Tự do") == ()


def test_the_own_school_of_a_member_or_mentor_counts() -> None:
    facts = SubmissionFacts(school="THPT Khác", other_schools=("", "THPT Nguyễn Du"))
    assert [one.theirs for one in find_conflicts(JUDGES, (facts,))] == ["THPT Nguyễn Du"]


def test_evidence_is_the_same_for_other_spellings_and_another_for_other_texts() -> None:
    one = ConflictFound(0, 0, MEMBER, "Lê An", "Lê Văn An", alike=True)
    assert ConflictFound(5, 7, MEMBER, "LÊ AN", "le van  an", alike=True).evidence == one.evidence
    assert ConflictFound(0, 0, MEMBER, "Lê An", "Lê Văn Anh", alike=True).evidence != one.evidence
    assert ConflictFound(0, 0, MENTOR, "Lê An", "Lê Văn An", alike=True).evidence != one.evidence


def test_judges_of_one_unit() -> None:
    units = ["Cty Sao Mai", "Tự do", "Công ty TNHH Sao Mai", "HCMUT", "", "ĐH Bách khoa", "", "Sao Mai Hà Nội"]
    assert colleagues(units) == ((0, 2),)
    assert colleagues(units, [("HCMUT", "ĐH Bách Khoa")]) == ((0, 2), (3, 5))
