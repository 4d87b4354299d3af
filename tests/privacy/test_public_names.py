"""Names in public: with consent only, an alias without, and gone with the next request."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from contest.infra.db import db, unit_of_work
from contest.letters import name_digest
from contest.submissions.consenting import Giver, Means, Purpose
from contest.submissions.models import Submission, Team
from contest.submissions.public_names import PublicNames
from contest.submissions.services.consents import Word, say
from tests.certificates.conftest import HOSTILE, Night, night
from tests.factories import NOON

__all__ = ["night"]  # the fixture of a final with three teams of one member each
AN, BINH = "Trần Anh Dung", "Vũ Bình"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Ánh Sáng", "Ánh Sáng"),
        ("Đội của Trần Anh Dung", "MS-1"),
        ("ĐỘI TRAN ANH DUNG 10A", "MS-1"),
        ("Trần Anh Dungg", "Trần Anh Dungg"),
        ("Đội Vũ Bình", "Đội Vũ Bình"),
    ],
)
def test_pr_03_words_that_name_somebody_without_consent_become_the_code(words: str, told: str) -> None:
    names = PublicNames(named={"MS-1": frozenset({name_digest(BINH)})}, people={"MS-1": (AN, BINH)})
    assert names.told("MS-1", words) == told
    assert names.members("MS-1", (AN, BINH)) == (BINH,)
    assert replace(names, hidden=frozenset({"MS-1"})).told("MS-1", "Ánh Sáng") == "MS-1"


def word(night: Night, number: int, *, given: bool, purpose: Purpose = Purpose.PUBLISH_NAME) -> None:
    with unit_of_work():
        say(
            team_id=night.submissions[number].team_id,
            name=f"Em {number}",
            purposes=[purpose],
            givers=[Giver.CHILD, Giver.GUARDIAN],
            given=given,
            word=Word(Means.TOLD),
            actor_id=night.organiser.id,
            now=NOON,
        )


def pages(night: Night, reader: FlaskClient) -> dict[str, str]:
    """Read what everybody may read."""
    base = f"/e/{night.edition.code}"
    found = [f"{base}/", f"{base}/results/ck", f"{base}/awards", "/", "/editions"]
    linked = {one for path in found for one in re.findall(rf'href="({base}/[^"#?]*)"', reader.get(path).text)}
    answers = {path: reader.get(path) for path in sorted({*found, *linked})}
    return {path: one.text for path, one in answers.items() if one.status_code == 200 and one.mimetype == "text/html"}


def test_pr_03_public_pages_name_a_member_with_consent_only_and_no_longer_once_it_is_taken_back(night: Night) -> None:
    night.publish()
    reader = night.app.test_client()
    assert not [path for path, text in pages(night, reader).items() if "Em 0" in text or "Em 1" in text]

    word(night, 0, given=True)
    named = [path for path, text in pages(night, reader).items() if "Em 0" in text]
    assert named == [f"/e/{night.edition.code}/awards", f"/e/{night.edition.code}/results/ck"]
    assert not [path for path, text in pages(night, reader).items() if "Em 1" in text]

    word(night, 0, given=False)
    assert not [path for path, text in pages(night, reader).items() if "Em 0" in text]


def test_pr_03_two_worlds_that_differ_in_a_name_without_consent_are_the_same_byte_for_byte(
    night: Night, noon: datetime
) -> None:
    assert noon == NOON  # the pages hold the moment for their countdowns
    night.publish()
    reader = night.app.test_client()
    before = pages(night, reader)
    with unit_of_work() as session:
        team = session.get_one(Team, night.submissions[0].team_id)
        team.members[0].name = "Nguyễn Thị Bí Mật"
    assert pages(night, reader) == before


def test_pr_03_a_team_that_bears_a_childs_name_is_shown_by_its_code(night: Night) -> None:
    night.publish()
    with unit_of_work() as session:
        team = session.get_one(Team, night.submissions[0].team_id)
        team.members[0].name = f"Đội {HOSTILE[0]}"
    reader = night.app.test_client()
    word(night, 1, given=True)  # any word renders the table anew
    assert f"Đội {HOSTILE[0]}" not in reader.get(f"/e/{night.edition.code}/awards").text


def test_pr_04_who_takes_back_to_take_part_is_no_longer_told_of_in_public(night: Night) -> None:
    night.publish()
    word(night, 0, given=True)
    reader = night.app.test_client()
    title = db.session.get_one(Submission, night.submissions[0].id).title
    assert title in reader.get(f"/e/{night.edition.code}/results/ck").text

    word(night, 0, given=False, purpose=Purpose.TAKE_PART)

    for path, text in pages(night, reader).items():
        assert title not in text, path
        assert "Em 0" not in text, path
