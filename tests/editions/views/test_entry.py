"""The set-up's page on who may enter, and the page of deadlines."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.editions.entry_rules import (
    NO_RULES,
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
from contest.editions.queries import basics_of, entry_rules_of, extensions_of
from contest.editions.rules import LocalText
from contest.editions.services import clone_edition, set_entry_rules
from contest.errors import RuleBroken
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from tests.editions.views.conftest import Words
from tests.factories import NOON, Make

ENTRY = "/e/mua-thu-2026/organise/setup/entry"
DEADLINES = "/e/mua-thu-2026/organise/deadlines"
WHOLE = {
    "size_effect": "block", "size_least": "2", "size_most": "5",
    "age_effect": "block", "age_on": "22/11/2026", "age_least": "13", "age_most": "25",
    "age_tracks-0-code": "A", "age_tracks-0-least": "13", "age_tracks-0-most": "17", "age_tracks-0-by_oldest": "y",
    "one_team": "block", "one_captain": "warn", "officials": "block", "one_idea": "off",
    "quota_effect": "warn", "quota_most": "5", "quota_least": "3", "quota_per": "track",
    "mentor_effect": "warn", "mentor_required": "y", "mentor_school": "same",
    "outsiders_effect": "warn", "outsiders_percent": "50",
    "awarded_effect": "block", "awarded_declaration": "y", "awarded_listed": " Bản đồ ngập \n\nÁnh Sáng\nÁnh Sáng",
    "track": "off", "field": "warn", "anonymous": "warn",
}  # fmt: skip
RULES = EligibilityRules(
    size=SizeRule(Effect.BLOCK, 2, 5),
    age=AgeRule(Effect.BLOCK, date(2026, 11, 22), AgeLimits(13, 25), (("A", AgeLimits(13, 17, by_oldest=True)),)),
    one_team=Effect.BLOCK,
    one_captain=Effect.WARN,
    quota=QuotaRule(Effect.WARN, 5, 3, QuotaPer.TRACK),
    mentor=MentorRule(Effect.WARN, school=MentorSchool.SAME),
    officials=Effect.BLOCK,
    awarded=AwardedRule(Effect.BLOCK, declaration=True, listed=("Bản đồ ngập", "Ánh Sáng")),
    outsiders=OutsiderRule(Effect.WARN, 50),
    field=Effect.WARN,
    anonymous=Effect.WARN,
)


def test_every_rule_is_saved_exactly_and_shown_again(
    organiser: User, client: FlaskClient, make: Make, edition: Edition
) -> None:
    make.track(edition, "A", name_en="Pupils")
    make.track(edition, "B")
    answer = client.post(ENTRY, data={**WHOLE, "action": "next"})
    assert (answer.status_code, answer.location) == (303, "/e/mua-thu-2026/organise/setup/rounds")
    assert entry_rules_of(edition.id) == RULES

    page = client.get(ENTRY).text
    assert 'name="age_on" type="date" value="2026-11-22"' in page
    assert "Pupils" in page
    assert page.count('name="age_tracks-') == 8
    assert client.post(ENTRY, data=WHOLE).status_code == 303  # the same once more leaves no trace
    trail = db.session.query(AuditEntry).filter_by(action="edition.entry_rules_set").order_by(AuditEntry.id).all()
    assert [one.actor_id for one in trail] == [organiser.id]
    assert trail[0].facts["changes"]["awarded"][1]["listed"] == 2  # names of winners stay out of the trail


@pytest.mark.usefixtures("organiser")
def test_nothing_is_asked_where_everything_is_off(client: FlaskClient, edition: Edition) -> None:
    off = dict.fromkeys(
        (
            *("size_effect", "age_effect", "quota_effect", "mentor_effect", "outsiders_effect"),
            "awarded_effect",
            "one_team",
            "one_captain",
            "officials",
            "one_idea",
            "track",
            "field",
            "anonymous",
        ),
        "off",
    )
    sent = {**off, "quota_per": "edition", "mentor_school": "any"}
    assert client.post(ENTRY, data=sent).status_code == 303
    assert not entry_rules_of(edition.id).any_on


@pytest.mark.usefixtures("organiser")
@pytest.mark.parametrize(
    ("values", "field", "told"),
    [
        ({"size_least": "", "size_most": ""}, "size_effect", "The rule is on but has no limit."),
        ({"size_least": "6"}, "size_effect", "The lower limit lies above the upper one."),
        ({"size_most": "500"}, "size_most", "Enter a whole number from 1 to 100."),
        ({"size_most": "nhiều"}, "size_most", "Enter a whole number."),
        ({"age_on": "hôm qua"}, "age_on", "Enter a day, for example 22/11/2026."),
        ({"age_tracks-0-least": "18"}, "age_effect", "The lower limit lies above the upper one."),
        ({"mentor_required": "", "mentor_school": "any"}, "mentor_effect", "The rule is on but asks for nothing."),
        ({"awarded_declaration": "", "awarded_listed": ""}, "awarded_effect", "The rule is on but asks for nothing."),
        ({"outsiders_percent": "101"}, "outsiders_percent", "Enter a whole number from 0 to 100."),
        ({"one_team": "forbid"}, "one_team", "Not a valid choice"),
    ],
)
def test_a_bad_rule_names_its_field_and_saves_nothing(
    client: FlaskClient, make: Make, edition: Edition, values: dict[str, str], field: str, told: str
) -> None:
    make.track(edition, "A")
    sent = {
        name: value
        for name, value in {**WHOLE, **values}.items()
        if value or not name.endswith(("_required", "_declaration"))
    }
    answer = client.post(ENTRY, data=sent)
    assert answer.status_code == 422
    error = answer.text.partition(f'id="{field}-error"')[2].partition("</p>")[0]
    assert told in error
    assert entry_rules_of(edition.id) == NO_RULES
    assert 'value="5"' in answer.text or values.get("size_most") is not None  # what was typed stays


def test_a_track_that_is_gone_cannot_be_ruled(make: Make) -> None:
    edition = make.edition()
    rules = EligibilityRules(age=AgeRule(Effect.WARN, None, AgeLimits(), (("Z", AgeLimits(3)),)))
    with pytest.raises(RuleBroken) as broken, unit_of_work():
        set_entry_rules(edition_id=edition.id, rules=rules, actor_id=None, now=NOON)
    assert broken.value.code == "entry_track_unknown"


def test_next_year_keeps_the_rules_and_not_the_day(make: Make) -> None:
    edition = make.edition(grace_minutes=5)
    make.track(edition, "A")
    edition_id = edition.id
    with unit_of_work():
        set_entry_rules(edition_id=edition_id, rules=RULES, actor_id=None, now=NOON)
    with unit_of_work():
        clone = clone_edition(edition_id=edition_id, name=LocalText("Mùa sau"), actor_id=None, now=NOON).id
    kept = entry_rules_of(clone)
    assert kept.age.on is None
    assert (kept.age.limits, kept.age.tracks) == (RULES.age.limits, RULES.age.tracks)
    assert (kept.size, kept.awarded, kept.quota) == (RULES.size, RULES.awarded, RULES.quota)
    assert basics_of(clone).grace_minutes == 5


@pytest.mark.usefixtures("organiser")
def test_the_minutes_of_grace_are_a_basic_setting(client: FlaskClient, edition: Edition) -> None:
    sent = {
        "name_vi": "Thi", "timezone": "Asia/Ho_Chi_Minh", "languages": ["vi", "en"], "grace_minutes": "15",
        "submissions_open": "2026-10-01T08:00", "submissions_close": "2026-10-30T17:00",
    }  # fmt: skip
    assert client.post("/e/mua-thu-2026/organise/setup/basics", data=sent).status_code == 303
    assert basics_of(edition.id).grace_minutes == 15
    answer = client.post("/e/mua-thu-2026/organise/setup/basics", data={**sent, "grace_minutes": "1441"})
    assert answer.status_code == 422
    assert "Enter a whole number from 0 to 1440." in answer.text


def extension(**values: Any) -> dict[str, Any]:
    return {
        "of": "", "until": "2026-10-20T17:00", "number": "2762/QĐ-UBND", "decided_on": "2026-10-07",
        "reason": "Bão số 9", **values,
    }  # fmt: skip


@pytest.mark.usefixtures("organiser")
def test_a_deadline_is_extended_and_its_history_is_shown(client: FlaskClient, edition: Edition, words: Words) -> None:
    assert "No deadline was extended" in words(client.get(DEADLINES))
    answer = client.post(DEADLINES, data=extension())
    assert (answer.status_code, answer.location) == (303, DEADLINES)
    (one,) = extensions_of(edition.id)
    assert (one.decision.number, one.decision.on, one.decision.reason) == (
        "2762/QĐ-UBND",
        date(2026, 10, 7),
        "Bão số 9",
    )
    page = words(client.get(DEADLINES))
    assert "Submissions 20/10/2026 17:00" in page
    assert (
        "Extended from 15/10/2026 12:00 to 20/10/2026 17:00 by decision No 2762/QĐ-UBND of 07/10/2026: Bão số 9" in page
    )


@pytest.mark.usefixtures("organiser")
def test_the_scoring_of_a_round_is_extended_in_the_place_s_time(
    client: FlaskClient, make: Make, edition: Edition, words: Words
) -> None:
    make.round(edition, "r1", name_en="Preliminary", closes_at=NOON + timedelta(days=1))
    make.round(edition, "r2", name_en="By hand")
    page = client.get(DEADLINES).text
    assert 'value="r1"' in page
    assert 'value="r2"' not in page
    assert client.post(DEADLINES, data=extension(of="r1", until="2026-10-10T08:30")).status_code == 303
    assert "Scoring of Preliminary : Extended from 09/10/2026 12:00 to 10/10/2026 08:30" in words(client.get(DEADLINES))


@pytest.mark.usefixtures("organiser")
@pytest.mark.parametrize(
    ("values", "field", "told"),
    [
        ({"until": "2026-10-14T17:00"}, "until", "later than the present one (15/10/2026 12:00)"),
        ({"until": ""}, "until", "Please fill in this field."),
        ({"until": "mai"}, "until", "Enter a day and a time"),
        ({"number": " "}, "number", "Please fill in this field."),
        ({"reason": ""}, "reason", "Please fill in this field."),
        ({"decided_on": ""}, "decided_on", "Please fill in this field."),
        ({"of": "r9"}, "of", "Not a valid choice"),
    ],
)
def test_an_extension_without_a_proper_decision_is_refused(
    client: FlaskClient, edition: Edition, values: dict[str, str], field: str, told: str
) -> None:
    answer = client.post(DEADLINES, data=extension(**values))
    assert answer.status_code == 422
    assert told in answer.text.partition(f'id="{field}-error"')[2].partition("</p>")[0]
    assert extensions_of(edition.id) == ()


def test_an_observer_reads_the_deadlines_and_extends_none(client: FlaskClient, make: Make, edition: Edition) -> None:
    make.sign_in(client, make.member(edition, Role.OBSERVER))
    page = client.get(DEADLINES)
    assert page.status_code == 200
    assert 'name="decided_on"' not in page.text
    assert client.post(DEADLINES, data=extension()).status_code == 403
