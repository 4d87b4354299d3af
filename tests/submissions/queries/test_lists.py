from __future__ import annotations

import pytest
from flask import Flask

from contest.editions.models import Edition
from contest.editions.rules import LocalText
from contest.infra.db import db
from contest.submissions.completeness import Flaw
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.queries import Filters, status_counts, submission_list
from tests.counting import counted
from tests.factories import NOON, Make
from tests.submissions.conftest import Entry, entry_in


def codes(edition: Edition, filters: Filters = Filters(), **paging: int) -> list[str]:  # noqa: B008  frozen
    return [row.code for row in submission_list(edition.id, filters, **paging).rows]


@pytest.mark.both_databases
def test_a_line_tells_where_a_submission_stands_and_what_is_missing(entry: Entry) -> None:
    (row,) = submission_list(entry.edition.id, Filters()).rows

    assert (row.public_id, row.code, row.title) == (entry.public_id, "BT-001", "Bản đồ")
    assert (row.team_name, row.school, row.status) == ("Ánh Sáng", "THPT Lê Thánh Tôn", SubmissionStatus.DRAFT)
    assert (row.track, row.field) == (LocalText("Học sinh", "Pupils"), None)
    assert (row.submitted_at, row.updated_at) == (None, NOON)
    assert [(item.key, item.flaw) for item in row.missing] == [
        (key, Flaw.MISSING) for key in ("summary", "field", "part-problem", "part-plan", "part-video")
    ]


@pytest.mark.both_databases
def test_the_list_is_filtered_by_state_track_field_and_text(make: Make, contest_edition: Edition) -> None:
    track = make.track(contest_edition, "C", name_vi="Thanh niên")
    field = make.field(contest_edition, "fintech")
    team = make.team(contest_edition, name="Đội Đường Hoà", school="THCS Tân Thuận")
    make.submission(contest_edition, code="A1", track_id=track.id, title="Bản đồ ngập")
    make.submission(contest_edition, code="A2", field_id=field.id, status=SubmissionStatus.DRAFT)
    make.submission(contest_edition, team, code="A3", title="Ví điện tử")

    assert codes(contest_edition, Filters(status=SubmissionStatus.DRAFT)) == ["A2"]
    assert codes(contest_edition, Filters(track="C")) == ["A1"]
    assert codes(contest_edition, Filters(field="fintech")) == ["A2"]
    assert codes(contest_edition, Filters(text="duong HOA")) == ["A3"]
    assert codes(contest_edition, Filters(text="tan thuan dien")) == ["A3"]
    assert codes(contest_edition, Filters(text="ban do")) == ["A1"]
    assert codes(contest_edition, Filters(text="a2")) == ["A2"]
    assert codes(contest_edition, Filters(text="%")) == []
    assert codes(contest_edition, Filters(track="C", text="vi")) == []


@pytest.mark.both_databases
def test_pages_are_cut_in_the_order_of_the_codes(make: Make, contest_edition: Edition) -> None:
    for number in (10, 9, 1, 2, 11):
        make.submission(contest_edition, code=f"BT-{number}")

    assert codes(contest_edition, page=1, size=2) == ["BT-1", "BT-2"]
    assert codes(contest_edition, page=3, size=2) == ["BT-11"]
    assert codes(contest_edition, page=99, size=2) == ["BT-11"]
    assert codes(contest_edition, page=-1, size=2) == ["BT-1", "BT-2"]
    found = submission_list(contest_edition.id, Filters(), page=2, size=2)
    assert (found.total, found.number, found.pages) == (5, 2, 3)


def test_an_empty_edition_has_one_empty_page(make: Make) -> None:
    found = submission_list(make.edition().id, Filters())

    assert (found.rows, found.total, found.number, found.pages) == ((), 0, 1, 1)


@pytest.mark.both_databases
@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_seven_queries(app: Flask, make: Make, entry: Entry, rows: int) -> None:
    entry.complete()
    for number in range(rows - 1):
        entry_in(app, make, entry.edition, f"Đội {number}").complete()
    edition_id = entry.edition.id
    db.session.rollback()

    with counted(app) as queries:
        assert submission_list(edition_id, Filters()).total == rows

    assert len(queries) == 7


@pytest.mark.both_databases
def test_states_are_counted_with_their_zeros(make: Make, contest_edition: Edition) -> None:
    for status in (SubmissionStatus.SUBMITTED, SubmissionStatus.SUBMITTED, SubmissionStatus.WITHDRAWN):
        make.submission(contest_edition, status=status)

    assert status_counts(contest_edition.id) == {
        SubmissionStatus.DRAFT: 0,
        SubmissionStatus.SUBMITTED: 2,
        SubmissionStatus.WITHDRAWN: 1,
        SubmissionStatus.DISQUALIFIED: 0,
        SubmissionStatus.HELD: 0,
    }
