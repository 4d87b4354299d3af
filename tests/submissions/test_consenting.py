"""Which consents an age asks for on a day, and what records of consents say together."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.editions.privacy import COUNTRIES, POLICIES, AgeBand, AskAge, PrivacyRules, policy_at
from contest.editions.privacy import privacy_from_json as read
from contest.editions.privacy import privacy_to_json as written
from contest.errors import RuleBroken
from contest.submissions.consent_words import LANGUAGES, digest, filled, usual_words
from contest.submissions.consenting import OWN, Age, Giver, Purpose, age_at, consented, latest, missing, needed

CHILD, GUARDIAN, OF_AGE = Giver
DAY = date(2026, 10, 8)
VN = PrivacyRules(required=True).policy(DAY)
BOTH, ALONE = (CHILD, GUARDIAN), (CHILD,)


@pytest.mark.parametrize(
    ("born", "wanted"),
    [
        (date(2019, 10, 9), (GUARDIAN,)),  # seven tomorrow
        (date(2019, 10, 8), BOTH),  # seven today
        (date(2010, 10, 9), BOTH),  # sixteen tomorrow
        (date(2010, 10, 8), ALONE),  # sixteen today
        (date(2008, 10, 9), ALONE),  # eighteen tomorrow
        (date(2008, 10, 8), (OF_AGE,)),  # eighteen today
    ],
)
def test_pr_01_the_birthday_itself_is_the_first_day_of_the_new_age(born: date, wanted: tuple[Giver, ...]) -> None:
    assert needed(Age(born), VN, DAY) == wanted


@pytest.mark.parametrize(
    ("day", "age"),
    [(date(2026, 2, 28), 13), (date(2026, 3, 1), 14), (date(2028, 2, 28), 15), (date(2028, 2, 29), 16)],
)
def test_pr_01_who_was_born_on_a_leap_day_is_older_on_the_first_of_march(day: date, age: int) -> None:
    assert age_at(date(2012, 2, 29), day) == age
    guardian = GUARDIAN in needed(Age(date(2012, 2, 29)), VN, day)
    assert guardian is (age < 16)


@pytest.mark.parametrize(
    ("band", "wanted"),
    [
        (AgeBand.UNDER_7, (GUARDIAN,)),
        (AgeBand.FROM_7, BOTH),
        (AgeBand.FROM_13, BOTH),
        (AgeBand.FROM_16, ALONE),
        (AgeBand.FROM_18, (OF_AGE,)),
        (None, BOTH),
    ],
)
def test_pr_02_a_band_of_ages_replaces_the_date_of_birth(band: AgeBand | None, wanted: tuple[Giver, ...]) -> None:
    assert needed(Age(band=band), VN, DAY) == wanted


def test_the_edition_may_ask_guardians_up_to_another_age() -> None:
    older = PrivacyRules(guardian_under=18).policy(DAY)
    assert needed(Age(date(2009, 1, 1)), older, DAY) == BOTH
    assert needed(Age(date(2009, 1, 1)), VN, DAY) == ALONE
    with pytest.raises(RuleBroken) as refused:
        PrivacyRules(guardian_under=6)
    assert refused.value.code == "privacy_age_out_of_range"


def test_policies_are_data_with_the_day_from_which_they_hold() -> None:
    assert policy_at("VN", date(2026, 1, 1)).since == date(2026, 1, 1)
    assert policy_at("VN", date(2025, 12, 31)).since == date(2023, 7, 1)
    assert policy_at("EU-13", DAY).guardian_under == 13
    assert {one.country for one in POLICIES} == set(COUNTRIES)
    with pytest.raises(RuleBroken) as refused:
        policy_at("XX", DAY)
    assert refused.value.code == "privacy_country_unknown"


def test_settings_come_back_as_they_were_and_old_editions_ask_nothing() -> None:
    rules = PrivacyRules(required=True, country="EU", guardian_under=14, ask=AskAge.BIRTH_DATE, contact="Cô Ánh")
    assert read(written(rules)) == rules
    assert read({}) == PrivacyRules(required=False, country="VN", ask=AskAge.BAND)


def test_the_latest_word_of_a_giver_counts_and_the_own_word_is_one() -> None:
    name = Purpose.PUBLISH_NAME
    said = [(name, CHILD, True), (name, GUARDIAN, True), (name, CHILD, False), (name, OF_AGE, True)]
    assert latest(said[:2])[name] == {CHILD: True, GUARDIAN: True}
    assert latest(said[:3])[name] == {CHILD: False, GUARDIAN: True}
    assert latest(said)[name] == {OF_AGE: True, GUARDIAN: True}


def test_pr_01_one_word_of_two_is_not_enough() -> None:
    child = Age(date(2014, 5, 1))
    assert missing({CHILD: True}, child, VN, DAY) == (GUARDIAN,)
    assert missing({GUARDIAN: True}, child, VN, DAY) == (CHILD,)
    assert consented({CHILD: True, GUARDIAN: True}, child, VN, DAY)


def test_pr_04_a_word_taken_back_ends_it_even_where_it_was_not_needed() -> None:
    grown = Age(date(2009, 1, 1))
    assert consented({CHILD: True}, grown, VN, DAY)
    assert missing({CHILD: True, GUARDIAN: False}, grown, VN, DAY) == (GUARDIAN,)


def test_that_somebody_is_of_age_stands_alone_only_where_no_age_is_known() -> None:
    assert consented({OF_AGE: True}, Age(), VN, DAY)
    assert missing({OF_AGE: True}, Age(date(2014, 1, 1)), VN, DAY) == (GUARDIAN,)


@given(
    born=st.none() | st.dates(date(2000, 1, 1), date(2024, 1, 1)),
    records=st.dictionaries(st.sampled_from(Giver), st.booleans()),
)
def test_nothing_is_consented_to_without_a_yes_or_with_any_no(born: date | None, records: dict[Giver, bool]) -> None:
    agreed = consented(records, Age(born), VN, DAY)
    if not any(records.values()):
        assert not agreed
    own = [yes for giver, yes in records.items() if giver in OWN]
    if records.get(GUARDIAN) is False or (own and not any(own)):
        assert not agreed


@pytest.mark.parametrize(("purpose", "audience", "language"), list(product(Purpose, (CHILD, GUARDIAN), LANGUAGES)))
def test_the_usual_words_name_who_answers_and_fit_a_child(purpose: Purpose, audience: Giver, language: str) -> None:
    words = usual_words(purpose, audience, language)
    shown = filled(words, {"contest": "Cuộc thi", "organiser": "Phường", "contact": "cô Ánh"})
    assert "cô Ánh" in shown
    assert "{" not in shown
    assert len(digest(shown)) == 64
    if audience is CHILD:
        assert max(len(sentence.split()) for sentence in shown.split(".")) <= 32
