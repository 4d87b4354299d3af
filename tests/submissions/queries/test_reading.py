from __future__ import annotations

import pytest
from flask import Flask

from contest.editions.models import Edition
from contest.editions.rules import LocalText
from contest.infra.db import db, unit_of_work
from contest.submissions.facts import TeamView
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.links import LinkKind
from contest.submissions.models import PartAnswer
from contest.submissions.queries import receipts_of, submission_view, view_by_public_id
from tests.counting import counted
from tests.factories import Make
from tests.submissions.conftest import Entry
from tests.submissions.samples import picture


@pytest.mark.both_databases
def test_a_view_holds_everything_a_judge_may_see(entry: Entry) -> None:
    entry.complete()

    view = submission_view(entry.id)

    assert view is not None
    assert (view.id, view.public_id, view.edition_id) == (entry.id, entry.public_id, entry.edition.id)
    assert (view.code, view.title, view.status) == ("BT-001", "Bản đồ ngập", SubmissionStatus.DRAFT)
    assert (view.track, view.field) == (LocalText("Học sinh", "Pupils"), LocalText("Giáo dục", "Education"))
    assert [(text.part.code, text.text) for text in view.texts] == [("problem", "Nước ngập mỗi mùa mưa")]
    assert [(link.part.code, link.link.url, link.link.kind) for link in view.links] == [
        ("video", "https://youtu.be/abc", LinkKind.YOUTUBE)
    ]
    assert [(file.part.code, file.name) for file in view.files] == [("plan", "plan.pdf")]
    assert view.team == TeamView("Ánh Sáng", "THPT Lê Thánh Tôn", ("Lê Thị Ánh", "Trần Anh Dung", "Đỗ Ân"), "Cô Hoà")


@pytest.mark.both_databases
def test_a_blind_view_names_nobody(entry: Entry) -> None:
    entry.complete().upload(picture(), part="photo", name="Lê Thị Ánh.png")

    view = submission_view(entry.id, blind=True)

    assert view is not None
    assert view.team is None
    assert [file.name for file in view.files] == ["BT-001-plan.pdf", "BT-001-photo.png"]
    assert "Ánh" not in repr(view)


def test_a_link_that_got_in_by_another_way_is_never_shown_as_a_link(entry: Entry) -> None:
    entry.complete()
    with unit_of_work() as session:
        session.query(PartAnswer).filter(PartAnswer.text.startswith("https")).one().text = "javascript:alert(1)"

    view = submission_view(entry.id)

    assert view is not None
    assert view.links == ()


def test_an_unfinished_one_is_shown_as_far_as_it_goes(make: Make) -> None:
    edition = make.edition()
    row = make.submission(edition, title="", summary="")

    view = submission_view(row.id)

    assert view is not None
    assert (view.title, view.track, view.field, view.texts, view.links, view.files) == ("", None, None, (), (), ())


@pytest.mark.both_databases
@pytest.mark.parametrize(("blind", "cost"), [(False, 5), (True, 4)])
def test_a_view_costs_a_fixed_number_of_queries(app: Flask, entry: Entry, blind: bool, cost: int) -> None:  # noqa: FBT001  a case
    entry.complete().upload(picture(), part="photo", name="a.png")
    submission_id = entry.id
    db.session.rollback()

    with counted(app) as queries:
        submission_view(submission_id, blind=blind)

    assert len(queries) == cost


def test_views_stay_inside_their_edition(make: Make, entry: Entry) -> None:
    found = view_by_public_id(entry.edition.id, entry.public_id)

    assert found == submission_view(entry.id)
    assert view_by_public_id(make.edition("mua-2027").id, entry.public_id) is None
    assert submission_view(4711) is None


def test_receipts_are_numbered_from_one(entry: Entry, contest_edition: Edition) -> None:
    assert receipts_of(entry.id) == ()
    entry.submitted().upload(picture(), part="photo", name="a.png")
    entry.submit()

    assert [receipt.number for receipt in receipts_of(entry.id)] == [1, 2]
