from __future__ import annotations

import pytest
from flask import Flask

from contest.editions.models import Edition
from contest.infra.db import db
from contest.submissions.facts import OwnRow, SubmissionFacts, TeamDetails, TeamFacts
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.queries import access_of, all_of, facts_by_ids, own_submissions, submitted_of, team_of
from tests.counting import counted
from tests.factories import NOON, Make
from tests.submissions.conftest import Entry, entry_in


@pytest.mark.both_databases
def test_only_submitted_ones_are_given_to_judging_in_the_order_of_their_codes(
    make: Make, contest_edition: Edition
) -> None:
    for code in ("BT-1000", "BT-2", "BT-010"):
        make.submission(contest_edition, code=code)
    for status in SubmissionStatus:
        make.submission(contest_edition, code=f"X-{status.value}", status=status)
    make.submission(make.edition("mua-2027"), code="BT-1")

    assert [facts.code for facts in submitted_of(contest_edition.id)] == ["BT-2", "BT-010", "BT-1000", "X-submitted"]
    assert len(all_of(contest_edition.id)) == 8


@pytest.mark.both_databases
def test_a_submission_comes_with_its_people(make: Make, contest_edition: Edition) -> None:
    team = make.team(
        contest_edition, name="Ánh Sáng", email="a@example.org", phone="+84903123782", mentor_name="Cô Hoà"
    )
    row = make.submission(contest_edition, team, code="BT-001", title="Bản đồ", summary="Ngập")

    assert submitted_of(contest_edition.id) == (
        SubmissionFacts(
            id=row.id,
            public_id=row.public_id,
            code="BT-001",
            title="Bản đồ",
            summary="Ngập",
            status=SubmissionStatus.SUBMITTED,
            team_id=team.id,
            team_name="Ánh Sáng",
            school="THPT Lê Thánh Tôn",
            members=("Trần Anh Dung",),
            mentor="Cô Hoà",
            track_id=None,
            field_id=None,
            email="a@example.org",
            phone="+84903123782",
        ),
    )


@pytest.mark.both_databases
def test_facts_by_id_leave_out_what_does_not_exist(make: Make, contest_edition: Edition) -> None:
    two, one = (make.submission(contest_edition, code=code) for code in ("BT-2", "BT-1"))

    found = facts_by_ids([two.id, one.id, 4711])

    assert [(key, facts.code) for key, facts in found.items()] == [(one.id, "BT-1"), (two.id, "BT-2")]


@pytest.mark.both_databases
@pytest.mark.parametrize("rows", [1, 3])
def test_facts_cost_two_queries(app: Flask, make: Make, contest_edition: Edition, rows: int) -> None:
    for _ in range(rows):
        make.submission(contest_edition)
    edition_id = contest_edition.id

    with counted(app) as queries:
        assert len(submitted_of(edition_id)) == rows

    assert len(queries) == 2


@pytest.mark.both_databases
def test_access_tells_whose_it_is(entry: Entry) -> None:
    found = access_of(entry.edition.id, entry.public_id)

    assert found is not None
    assert (found.id, found.public_id, found.edition_id) == (entry.id, entry.public_id, entry.edition.id)
    assert (found.captain_id, found.team_id) == (entry.captain.id, entry.team.id)
    assert (found.code, found.status) == ("BT-001", SubmissionStatus.DRAFT)


def test_access_stays_inside_the_edition(make: Make, entry: Entry) -> None:
    assert access_of(make.edition("mua-2027").id, entry.public_id) is None
    assert access_of(entry.edition.id, "nonsense") is None


@pytest.mark.both_databases
def test_a_captain_finds_her_own_only(app: Flask, make: Make, entry: Entry) -> None:
    entry_in(app, make, entry.edition, "Sao Mai")
    second = entry_in(app, make, entry.edition, "Ánh Sáng 2", entry.captain)

    assert own_submissions(entry.edition.id, entry.captain.id) == (
        OwnRow(entry.public_id, "BT-001", "Bản đồ", "Ánh Sáng", SubmissionStatus.DRAFT, None),
        OwnRow(second.public_id, "BT-003", "Bản đồ", "Ánh Sáng 2", SubmissionStatus.DRAFT, None),
    )


@pytest.mark.both_databases
def test_a_team_is_read_as_its_captain_edits_it(entry: Entry) -> None:
    assert team_of(entry.team.id) == TeamFacts(
        id=entry.team.id,
        edition_id=entry.edition.id,
        captain="Lê Thị Ánh",
        email=entry.captain.email or "",
        phone="",
        details=TeamDetails(
            "Ánh Sáng", "THPT Lê Thánh Tôn", ("Trần Anh Dung", "Đỗ Ân"), "Cô Hoà", "hoa@example.org", ""
        ),
    )


def test_a_team_without_an_account_has_no_captain_and_all_its_members(make: Make, contest_edition: Edition) -> None:
    team = make.team(contest_edition, created_at=NOON)

    found = team_of(team.id)

    assert found is not None
    assert (found.captain, found.details.members) == ("", ("Trần Anh Dung",))


def test_a_missing_team_is_none(app: Flask) -> None:
    assert team_of(4711) is None
    db.session.rollback()
