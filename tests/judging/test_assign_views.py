"""The assignment pages: as it stands, a proposed plan, applied only as shown, and one submission by hand."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from contest.accounts.roles import Role
from contest.editions.models import Round
from contest.editions.phases import RoundState
from contest.editions.rules import RoundRules
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.judging.models import Conflict, Judge
from contest.judging.queries.assignments import assignments_of
from contest.judging.states import ScorecardStatus
from contest.judging.views import assignment_matrix
from contest.submissions.models import Submission
from tests.counting import counted
from tests.factories import Make
from tests.judging.pages import Desk, desk_of, words


@pytest.fixture
def desk(app: Flask, make: Make, noon: datetime) -> Desk:
    return desk_of(app, make)


@pytest.fixture
def round_(desk: Desk) -> Round:
    return desk.make.round(desk.edition, rules=RoundRules(judges_per_submission=2), name_en="Heat")


def fill(desk: Desk, submissions: int, judges: int) -> tuple[list[Submission], list[Judge]]:
    make = desk.make
    return (
        [make.submission(desk.edition) for _ in range(submissions)],
        [make.judge(desk.edition, make.user(f"Giám khảo {number}")) for number in range(judges)],
    )


def pairs(round_: Round) -> set[tuple[int, int]]:
    return {(one.submission_id, one.judge_id) for one in assignments_of(round_.id)}


def hidden(page: str) -> dict[str, str]:
    """The fields of the button that puts the plan in force."""
    form = re.search(r'<form method="post" action="[^"]*/assignments/plan".*?</form>', page, re.DOTALL)
    assert form is not None
    return dict(re.findall(r'name="(seed|digest|keep)" value="([^"]*)"', form.group(0)))


def test_what_is_missing_is_said(desk: Desk, round_: Round) -> None:
    assert "No submission takes part yet" in words(desk.get(desk.at(round_, "assignments")))
    desk.make.submission(desk.edition)
    assert "No judges yet" in words(desk.get(desk.at(round_, "assignments")))


def test_the_list_of_rounds_shows_how_far_they_are(desk: Desk, round_: Round) -> None:
    (submission,), (judge,) = fill(desk, 1, 1)
    desk.make.scorecard(desk.make.assignment(round_, judge, submission), [1, 1])
    text = words(desk.get("rounds"))
    assert "Heat Scoring 1/1 1/1" in text


def test_a_plan_is_shown_before_anything_changes_and_applied_as_shown(desk: Desk, round_: Round) -> None:
    submissions, _judges = fill(desk, 4, 3)
    opened = desk.get(desk.at(round_, "assignments/plan"))
    assert opened.status_code == 303
    assert re.search(r"[?&]seed=\d+", opened.location)
    page = desk.get(desk.at(round_, "assignments/plan?seed=7"))
    assert page.status_code == 200
    assert "8 added 0 taken away 0 kept 0 seats stay empty 2–3 submissions per judge" in words(page)
    assert pairs(round_) == set()
    fields = hidden(page.get_data(as_text=True))
    answer = desk.post(desk.at(round_, "assignments/plan"), **fields)
    assert (answer.status_code, answer.location) == (303, desk.url(desk.at(round_, "assignments")))
    assert len(pairs(round_)) == 2 * len(submissions)
    text = words(desk.get(desk.at(round_, "assignments")))
    assert "The plan is in force: 8 added, 0 taken away, 0 kept." in text
    assert "seed 7, 8 added, 0 taken away. Phạm Minh Tổ" in text
    assert "8 assigned of 8 seats" in text


def test_a_plan_that_was_overtaken_is_shown_anew(desk: Desk, round_: Round) -> None:
    fill(desk, 2, 2)
    fields = hidden(desk.get(desk.at(round_, "assignments/plan?seed=7")).get_data(as_text=True))
    desk.make.judge(desk.edition)
    answer = desk.post(desk.at(round_, "assignments/plan"), **fields)
    assert answer.status_code == 409
    assert "Something has changed since this plan was shown." in words(answer)
    assert pairs(round_) == set()
    again = hidden(answer.get_data(as_text=True))
    assert desk.post(desk.at(round_, "assignments/plan"), **again).status_code == 303


@pytest.mark.parametrize("seed", ["", "x", "-1", str(2**31)])
def test_a_plan_needs_a_seed(desk: Desk, round_: Round, seed: str) -> None:
    fill(desk, 1, 1)
    assert desk.get(desk.at(round_, f"assignments/plan?seed={seed}")).status_code == 422
    assert desk.post(desk.at(round_, "assignments/plan"), seed=seed, digest="x").status_code == 422
    assert pairs(round_) == set()


def test_a_forged_plan_changes_nothing(desk: Desk, round_: Round) -> None:
    fill(desk, 2, 2)
    assert desk.post(desk.at(round_, "assignments/plan"), seed="1", digest="f" * 64).status_code == 409
    assert desk.post(desk.at(round_, "assignments/plan"), seed="1").status_code == 422
    assert pairs(round_) == set()


def test_keeping_goes_from_the_page_into_the_plan(desk: Desk, round_: Round) -> None:
    submissions, judges = fill(desk, 3, 3)
    for submission in submissions:
        for judge in judges[:2]:
            desk.make.assignment(round_, judge, submission)
    kept = desk.get(desk.at(round_, "assignments/plan?seed=7&keep=1"))
    assert "0 added 0 taken away 6 kept" in words(kept)
    assert hidden(kept.get_data(as_text=True))["keep"] == "1"
    assert "2 added 2 taken away 4 kept" in words(desk.get(desk.at(round_, "assignments/plan?seed=7")))


def test_case_20_every_empty_seat_is_explained_in_words(desk: Desk, noon: datetime) -> None:
    round_ = desk.make.round(desk.edition)
    submissions, judges = fill(desk, 18, 15)
    desk.make.judge(desk.edition, desk.make.user("Cao Minh"), organisation="THPT Lê Thánh Tôn")
    desk.make.judge(desk.edition, desk.make.user("Bận Rộn"), max_load=0)
    with unit_of_work() as session:
        session.add(Conflict(judge_id=judges[0].id, submission_id=submissions[0].id))
    desk.make.scorecard(desk.make.assignment(round_, judges[1], submissions[0]), [None, None], ScorecardStatus.RECUSED)
    text = words(desk.get(desk.at(round_, "assignments/plan?seed=1")))
    first = text[text.index(f"{submissions[0].code} ") : text.index(f"{submissions[1].code} ")]
    assert "3 seats stay empty: too few judges may judge it." in first
    assert "1 seat stays empty: those who may judge it have no room left." in first
    assert "Cao Minh: same school or organisation" in first
    assert "Giám khảo 0: declared" in first
    assert "Giám khảo 1: has withdrawn" in first
    assert "Bận Rộn: has the most submissions allowed" in first


def test_a_submission_that_nobody_may_judge_is_named(desk: Desk, round_: Round) -> None:
    submission = desk.make.submission(desk.edition)
    desk.make.judge(desk.edition, desk.make.user("Cao Minh"), organisation="THPT Lê Thánh Tôn")
    text = words(desk.get(desk.at(round_, "assignments/plan?seed=1")))
    assert f"{submission.code} {submission.title}: No judge may judge it." in text


def test_advice_is_given_in_words(desk: Desk, round_: Round) -> None:
    _submissions, (eager, crossed, *_rest) = fill(desk, 4, 4)
    with unit_of_work() as session:
        session.get_one(Judge, eager.id).min_load = 9
        session.get_one(Judge, crossed.id).max_load = 0
        session.get_one(Judge, crossed.id).min_load = 1
    text = words(desk.get(desk.at(round_, "assignments/plan?seed=1")))
    assert "Giám khảo 0 gets 5 fewer than the least number wanted." in text
    assert "For Giám khảo 1 the least number of submissions is higher than the most." in text


def test_a_shortage_is_told_in_numbers_with_ways_out(desk: Desk) -> None:
    round_ = desk.make.round(desk.edition, rules=RoundRules(judges_per_submission=2))
    _submissions, judges = fill(desk, 3, 2)
    with unit_of_work() as session:
        session.get_one(Judge, judges[0].id).max_load = 2
        session.get_one(Judge, judges[1].id).min_load = 9
    text = words(desk.get(desk.at(round_, "assignments/plan?seed=1")))
    assert "3 submissions need 6 seats; only 2 judges may judge them, with room for 5: 1 short." in text
    assert "What helps: Raise the most for Giám khảo 0 from 2 to 3 Invite 1 more judge without a conflict" in text
    assert "with room for 1 each Want 1 judge per submission instead of 2" in text
    assert "The least numbers add up to 9, but only 6 seats are to be filled." in text


def test_everybody_judging_everything_is_never_short(desk: Desk, round_: Round) -> None:
    fill(desk, 3, 2)
    desk.make.judge(desk.edition, desk.make.user("Cao Minh"), organisation="THPT Lê Thánh Tôn")
    assert "What helps" not in words(desk.get(desk.at(round_, "assignments/plan?seed=1")))


def test_pins_that_do_not_fit_are_told(desk: Desk) -> None:
    round_ = desk.make.round(desk.edition, rules=RoundRules(judges_per_submission=1))
    (one, two), (judge, other) = fill(desk, 2, 2)
    for submission in (one, two):
        desk.make.assignment(round_, judge, submission, pinned=True)
    desk.make.assignment(round_, other, one, pinned=True)
    barred = desk.make.judge(desk.edition, desk.make.user("Cao Minh"), organisation="THPT Lê Thánh Tôn")
    desk.make.scorecard(desk.make.assignment(round_, barred, one), [1, 1])
    with unit_of_work() as session:
        session.get_one(Judge, judge.id).max_load = 1
    text = words(desk.get(desk.at(round_, "assignments/plan?seed=1")))
    assert f"Cao Minh has {one.code} although there is a conflict of interest." in text
    assert "Giám khảo 0 has 1 more than the most allowed" in text
    assert f"{one.code} has 1 judges more than needed" in text
    now = words(desk.get(desk.at(round_, "assignments")))
    assert "Assigned against a conflict of interest" in now
    assert f"Cao Minh · {one.code}: same school or organisation" in now


def test_groups_without_a_common_judge_are_pointed_out(desk: Desk) -> None:
    round_ = desk.make.round(desk.edition, rules=RoundRules(judges_per_submission=1))
    fill(desk, 2, 2)
    assert "The plan falls into 2 groups" in words(desk.get(desk.at(round_, "assignments/plan?seed=1")))


def test_a_submission_gets_and_loses_judges_by_hand(desk: Desk, round_: Round) -> None:
    (submission,), (judge,) = fill(desk, 1, 1)
    path = desk.at(round_, f"assignments/{submission.public_id}")
    assert "0 of 2 seats are taken." in words(desk.get(path))
    answer = desk.post(f"{path}/assign", judge=desk.person(judge))
    assert (answer.status_code, answer.location) == (303, desk.url(path))
    assert [one.pinned for one in assignments_of(round_.id)] == [True]
    text = words(desk.get(path))
    assert f"Giám khảo 0 judges {submission.code}." in text
    assert "1 of 2 seats are taken." in text
    assert desk.post(f"{path}/unassign", judge=desk.person(judge)).status_code == 303
    assert pairs(round_) == set()
    actions = db.session.scalars(
        select(AuditEntry.action).where(AuditEntry.action.startswith("assignment.")).order_by(AuditEntry.id)
    ).all()
    assert actions == ["assignment.added", "assignment.removed"]


def test_the_hand_is_refused_in_words(desk: Desk, round_: Round) -> None:
    (submission,), (judge, full, begun) = fill(desk, 1, 3)
    path = desk.at(round_, f"assignments/{submission.public_id}")
    with unit_of_work() as session:
        session.add(Conflict(judge_id=judge.id, submission_id=submission.id))
        session.get_one(Judge, full.id).max_load = 0
    desk.make.scorecard(desk.make.assignment(round_, begun, submission), [1, None], ScorecardStatus.DRAFT)
    expected = {
        ("assign", judge.id): "Giám khảo 0 has a conflict of interest with",
        ("assign", full.id): "Giám khảo 1 would have more than 0 submissions.",
        ("unassign", begun.id): "Giám khảo 2 has begun to score",
    }
    for (verb, judge_id), message in expected.items():
        answer = desk.post(f"{path}/{verb}", judge=desk.person(db.session.get_one(Judge, judge_id)))
        assert answer.status_code == 409
        assert message in words(answer)
    page = desk.get(path).get_data(as_text=True)
    assert "/assign" not in page.partition("Judges of this submission")[2]
    assert pairs(round_) == {(submission.id, begun.id)}


def test_what_was_not_begun_is_cleared(desk: Desk, round_: Round) -> None:
    (one, two), (judge,) = fill(desk, 2, 1)
    desk.make.scorecard(desk.make.assignment(round_, judge, one), [1, 1])
    desk.make.assignment(round_, judge, two)
    assert "Take away 1 assignment that was not begun" in words(desk.get(desk.at(round_, "assignments")))
    assert desk.post(desk.at(round_, "assignments/clear")).status_code == 303
    assert pairs(round_) == {(one.id, judge.id)}


def test_scoring_opens_from_here(desk: Desk) -> None:
    round_ = desk.make.round(desk.edition, state=RoundState.DRAFT)
    fill(desk, 1, 1)
    assert "Judges see nothing before the round is open" in words(desk.get(desk.at(round_, "assignments")))
    assert desk.post(desk.at(round_, "assignments/open")).status_code == 303
    assert db.session.scalar(select(Round.state)) is RoundState.SCORING
    again = desk.post(desk.at(round_, "assignments/open"))
    assert again.status_code == 409


def test_a_closed_round_offers_and_takes_nothing(desk: Desk) -> None:
    round_ = desk.make.round(desk.edition, state=RoundState.CLOSED)
    (submission,), (judge,) = fill(desk, 1, 1)
    desk.make.assignment(round_, judge, submission)
    page = desk.get(desk.at(round_, "assignments"))
    assert "its assignments stay as they are" in words(page)
    assert "<form" not in page.get_data(as_text=True).partition("<main")[2]
    assert desk.post(desk.at(round_, "assignments/clear")).status_code == 409
    path = desk.at(round_, f"assignments/{submission.public_id}")
    assert desk.post(f"{path}/unassign", judge=desk.person(judge)).status_code == 409
    plan = desk.get(desk.at(round_, "assignments/plan?seed=1"))
    assert "Put this plan in force" not in words(plan)
    assert len(pairs(round_)) == 1


def test_a_table_that_would_be_too_large_becomes_a_list(
    desk: Desk, round_: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    (submission,), (judge,) = fill(desk, 1, 1)
    desk.make.assignment(round_, judge, submission)
    monkeypatch.setattr(assignment_matrix, "MOST_CELLS", 0)
    for path in ("assignments", "assignments/plan?seed=1"):
        page = desk.get(desk.at(round_, path))
        assert "bv-matrix" not in page.get_data(as_text=True)
        assert f"{submission.code} {submission.title} 1/2 Giám khảo 0" in words(page)


def test_marks_tell_every_state(desk: Desk, round_: Round) -> None:
    submissions, (judge,) = fill(desk, 6, 1)
    free, pinned, draft, submitted, recused, blocked = submissions
    desk.make.assignment(round_, judge, free)
    desk.make.assignment(round_, judge, pinned, pinned=True)
    for submission, status in ((draft, "draft"), (submitted, "submitted"), (recused, "recused")):
        desk.make.scorecard(desk.make.assignment(round_, judge, submission), [1, 1], ScorecardStatus(status))
    with unit_of_work() as session:
        session.add(Conflict(judge_id=judge.id, submission_id=blocked.id))
    page = desk.get(desk.at(round_, "assignments")).get_data(as_text=True)
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    assert re.findall(r"bv-seat is-(\w+)", body) == ["free", "pinned", "draft", "submitted", "recused", "blocked"]


def test_foreign_rounds_submissions_and_judges_are_not_found(desk: Desk, round_: Round) -> None:
    (submission,), (judge,) = fill(desk, 1, 1)
    other = desk.make.edition("khac")
    foreign, stranger = desk.make.submission(other), desk.make.judge(other)
    desk.make.round(other, "xa")
    for path in ("", "/plan?seed=1", f"/{submission.public_id}"):
        assert desk.get(f"rounds/xa/assignments{path}").status_code == 404
    for path in ("plan", "open", "clear", f"{submission.public_id}/assign"):
        form = {"seed": "1", "digest": "x", "judge": desk.person(judge)}
        assert desk.post(f"rounds/xa/assignments/{path}", **form).status_code == 404
    base = desk.at(round_, "assignments/")
    assert desk.get(f"{base}{foreign.public_id}").status_code == 404
    assert desk.post(f"{base}{foreign.public_id}/assign", judge=desk.person(judge)).status_code == 404
    assert desk.post(f"{base}{submission.public_id}/assign", judge=desk.person(stranger)).status_code == 404
    assert desk.post(f"{base}{submission.public_id}/assign").status_code == 404
    assert pairs(round_) == set()


@pytest.mark.parametrize("size", [1, 3])
def test_the_pages_take_the_same_number_of_queries(desk: Desk, round_: Round, size: int) -> None:
    submissions, judges = fill(desk, size, size)
    for submission, judge in zip(submissions, judges, strict=True):
        desk.make.assignment(round_, judge, submission)
    public_id = submissions[0].public_id
    # the session, the edition, two for the round, nine for the board, six for the fit; on the first two pages also the
    # kept proposals, on the first one the last plan and what could be undone
    found = {}
    for path in ("", "/plan?seed=1", f"/{public_id}"):
        with counted(desk.app) as queries:
            assert desk.get(f"rounds/r1/assignments{path}").status_code == 200
        found[path] = len(queries)
    assert list(found.values()) == [23, 21, 21]
    with counted(desk.app) as queries:
        assert desk.get("rounds").status_code == 200
    assert len(queries) == 4


@pytest.mark.parametrize("role", [Role.CHAIR, Role.OBSERVER])
def test_readers_see_the_table_and_no_button(app: Flask, make: Make, noon: datetime, role: Role) -> None:
    desk = desk_of(app, make, role)
    round_ = make.round(desk.edition)
    (submission,), (judge,) = fill(desk, 1, 1)
    desk.make.assignment(round_, judge, submission)
    page = desk.get(desk.at(round_, "assignments"))
    assert page.status_code == 200
    assert "<form" not in page.get_data(as_text=True).partition("<main")[2]
    assert desk.get(desk.at(round_, "assignments/plan?seed=1")).status_code == 403
    for path in ("plan", "open", "clear", f"{submission.public_id}/assign", f"{submission.public_id}/unassign"):
        assert desk.post(desk.at(round_, f"assignments/{path}")).status_code == 403


def test_judges_see_no_assignments_of_others(app: Flask, make: Make, noon: datetime) -> None:
    desk = desk_of(app, make, Role.JUDGE)
    round_ = make.round(desk.edition)
    assert desk.get("rounds").status_code == 403
    assert desk.get(desk.at(round_, "assignments")).status_code == 403
