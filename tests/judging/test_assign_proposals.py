"""Propose, look, adjust by hand, put in force, undo; ways out that are clicked; mails to those touched."""

from __future__ import annotations

import html
import re
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from contest.accounts.models import User
from contest.editions.models import Round
from contest.editions.phases import RoundState
from contest.editions.queries import round_by_id
from contest.editions.rules import RoundRules
from contest.infra.audit import AuditEntry
from contest.infra.background import run_next
from contest.infra.db import db, unit_of_work
from contest.infra.mail import OutboxMail
from contest.judging.models import Assignment, AssignmentProposal, Conflict, Judge
from contest.judging.queries import proposals as reading
from contest.judging.queries.assignments import assignments_of
from contest.judging.services import proposals as writing
from contest.judging.states import ScorecardStatus
from contest.submissions.models import Submission
from tests.factories import Make
from tests.judging.pages import Desk, desk_of, words

pytestmark = pytest.mark.both_databases


@pytest.fixture
def desk(app: Flask, make: Make, noon: datetime) -> Desk:
    return desk_of(app, make)


def scene(
    desk: Desk, submissions: int, judges: int, wanted: int | None = 2, **values: Any
) -> tuple[Round, list[Submission], list[Judge]]:
    make = desk.make
    round_ = make.round(desk.edition, rules=RoundRules(judges_per_submission=wanted), name_en="Heat", **values)
    return (
        round_,
        [make.submission(desk.edition) for _ in range(submissions)],
        [make.judge(desk.edition, make.user(f"Giám khảo {number}")) for number in range(judges)],
    )


def limit(judge: Judge, **values: int | None) -> None:
    with unit_of_work() as session:
        row = session.get_one(Judge, judge.id)
        for name, value in values.items():
            setattr(row, name, value)


def pairs(round_: Round) -> set[tuple[int, int]]:
    return {(one.submission_id, one.judge_id) for one in assignments_of(round_.id)}


def lines(round_: Round) -> set[tuple[int, int, bool]]:
    return {(one.submission_id, one.judge_id, one.pinned) for one in assignments_of(round_.id)}


def page(desk: Desk, round_: Round, path: str) -> str:
    answer = desk.get(desk.at(round_, f"assignments{path}"))
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def post(desk: Desk, round_: Round, path: str, **fields: object) -> TestResponse:
    return desk.post(desk.at(round_, f"assignments{path}"), **fields)


def buttons(text: str) -> dict[str, dict[str, str]]:
    """Return the ways out on a page: words of the button -> the hidden fields that it sends."""
    found = {}
    for form in re.findall(r'<form method="post" action="[^"]*/assignments/remedy".*?</form>', text, re.DOTALL):
        name = re.search(r"<button[^>]*>(.*?)</button>", form, re.DOTALL)
        assert name is not None
        label = html.unescape(re.sub(r"<[^>]+>", "", name.group(1))).strip()
        found[label] = dict(re.findall(r'name="(seed|key|keep|number)" value="([^"]*)"', form))
    return found


def click(desk: Desk, round_: Round, fields: dict[str, str]) -> str:
    answer = post(desk, round_, "/remedy", **fields)
    assert answer.status_code == 303, words(answer)
    return desk.client.get(answer.location).get_data(as_text=True)


def digest(text: str) -> str:
    found = re.search(r'name="digest" value="(\w{64})"', text)
    assert found is not None
    return found.group(1)


def kept(desk: Desk, round_: Round, seed: int = 1, **fields: object) -> str:
    answer = post(desk, round_, "/proposals", seed=seed, **fields)
    assert answer.status_code == 303
    return str(answer.location)


def mails() -> dict[str, str]:
    return {one.recipient: one.body for one in db.session.scalars(select(OutboxMail).order_by(OutboxMail.id))}


def actions() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


# Ways out, clicked.


def test_too_few_judges_a_click_raises_the_maximum(desk: Desk) -> None:
    round_, _, judges = scene(desk, 3, 2)
    limit(judges[0], max_load=2)
    before = page(desk, round_, "/plan?seed=1")
    assert "3 submissions need 6 seats; only 2 judges may judge them, with room for 5: 1 short." in html.unescape(
        before
    )
    after = click(desk, round_, buttons(before)["Raise the most for Giám khảo 0 from 2 to 3"])
    assert "short." not in after
    assert buttons(after) == {}
    assert db.session.get_one(Judge, judges[0].id).max_load == 3
    assert actions()[-1] == "judge.limit_changed"


def test_too_few_judges_in_vietnamese(desk: Desk) -> None:
    round_, _, judges = scene(desk, 3, 2)
    limit(judges[0], max_load=2)
    desk.client.set_cookie("locale", "vi")
    text = page(desk, round_, "/plan?seed=1")
    assert "What helps" not in text
    assert "Raise" not in text
    (label, *_) = buttons(text)
    assert "Giám khảo 0" in label
    assert "2" in label
    assert "3" in label
    assert buttons(click(desk, round_, buttons(text)[label])) == {}


def test_fewer_judges_for_each_are_one_click(desk: Desk) -> None:
    round_, _, judges = scene(desk, 4, 2)
    for judge in judges:
        limit(judge, max_load=3)
    found = buttons(page(desk, round_, "/plan?seed=1"))
    after = click(desk, round_, found["Want 1 judge per submission instead of 2"])
    assert "short." not in after
    assert db.session.get_one(Round, round_.id).rules["judges_per_submission"] == 1


def test_a_button_does_not_name_a_crowd(desk: Desk) -> None:
    round_, _, judges = scene(desk, 4, 6, wanted=6)
    for judge in judges:
        limit(judge, max_load=2)
    found = buttons(page(desk, round_, "/plan?seed=1"))
    after = click(desk, round_, found["Raise the most for 6 judges, by 2 or less each"])
    assert buttons(after) == {}
    assert {db.session.get_one(Judge, judge.id).max_load for judge in judges} == {4}


def test_with_the_first_score_the_number_of_judges_stays(desk: Desk, noon: datetime) -> None:
    round_, _, judges = scene(desk, 4, 2, locked_at=noon)
    for judge in judges:
        limit(judge, max_load=3)
    assert [label for label in buttons(page(desk, round_, "/plan?seed=1")) if label.startswith("Want")] == []


def test_a_whole_school_under_conflict_can_do_with_fewer(desk: Desk) -> None:
    round_, submissions, _ = scene(desk, 2, 1)
    for number in range(2):
        desk.make.judge(desk.edition, desk.make.user(f"Cô {number}"), organisation="THPT Lê Thánh Tôn")
    before = html.unescape(page(desk, round_, "/plan?seed=1"))
    assert "2 submissions need 4 seats; only 1 judge may judge them, with room for 2: 2 short." in before
    assert "Invite 1 more judge without a conflict" in before
    after = click(desk, round_, buttons(before)["Want 1 judge per submission instead of 2"])
    assert "short." not in after
    assert len(submissions) == 2


def test_minima_that_are_too_high_are_lowered_by_one_click(desk: Desk) -> None:
    round_, _, judges = scene(desk, 2, 2, wanted=1)
    limit(judges[0], min_load=3)
    limit(judges[1], min_load=2)
    before = html.unescape(page(desk, round_, "/plan?seed=1"))
    assert "The least numbers add up to 5, but only 2 seats are to be filled." in before
    (fields,) = buttons(before).values()
    after = click(desk, round_, fields)
    assert "least number" not in after
    assert sum(db.session.get_one(Judge, judge.id).min_load or 0 for judge in judges) == 2


def test_a_pinned_conflict_is_taken_away_by_one_click(desk: Desk) -> None:
    round_, (submission,), (judge, _) = scene(desk, 1, 2, wanted=1)
    desk.make.assignment(round_, judge, submission, pinned=True)
    limit(judge)
    with unit_of_work() as session:
        session.get_one(Judge, judge.id).organisation = "THPT Lê Thánh Tôn"
    before = html.unescape(page(desk, round_, "/plan?seed=1"))
    assert f"Giám khảo 0 has {submission.code} although there is a conflict of interest." in before
    after = click(desk, round_, buttons(before)[f"Take away Giám khảo 0 – {submission.code}"])
    assert "although there is" not in after
    assert pairs(round_) == set()


def test_a_conflict_found_after_the_first_mark_is_declared_by_one_click(desk: Desk) -> None:
    round_, (submission,), (_,) = scene(desk, 1, 1, wanted=1)
    barred = desk.make.judge(desk.edition, desk.make.user("Cao Minh"), organisation="THPT Lê Thánh Tôn")
    desk.make.scorecard(desk.make.assignment(round_, barred, submission), [1, 1])
    found = buttons(page(desk, round_, "/plan?seed=1"))
    label = f"Declare the conflict Cao Minh – {submission.code}: its marks count no longer"
    after = click(desk, round_, found[label])
    assert "although there is" not in after
    assert [one.judge_id for one in db.session.scalars(select(Conflict))] == [barred.id]


def test_pins_beyond_a_maximum_are_freed_by_one_click(desk: Desk) -> None:
    round_, submissions, (judge, _) = scene(desk, 2, 2, wanted=1)
    for submission in submissions:
        desk.make.assignment(round_, judge, submission, pinned=True)
    limit(judge, max_load=1)
    found = buttons(page(desk, round_, "/plan?seed=1"))
    (label,) = [label for label in found if label.startswith("Unpin")]
    after = click(desk, round_, found[label])
    assert "more than the most allowed" not in after
    assert sorted(one.pinned for one in assignments_of(round_.id)) == [False, True]


def test_groups_are_joined_in_a_proposal_by_one_click(desk: Desk) -> None:
    round_, _, _ = scene(desk, 2, 2, wanted=1)
    before = page(desk, round_, "/plan?seed=1")
    assert "Falls into 2 groups that share no submission: Giám khảo 0; Giám khảo 1" in html.unescape(before)
    (label,) = [label for label in buttons(before) if label.startswith("Assign on top")]
    after = click(desk, round_, buttons(before)[label])
    assert "Proposal 1" in after
    assert "All judges can be compared: one group" in after
    assert pairs(round_) == set()


def test_a_way_that_is_not_offered_any_more_changes_nothing(desk: Desk) -> None:
    round_, _, judges = scene(desk, 3, 2)
    limit(judges[0], max_load=2)
    fields = buttons(page(desk, round_, "/plan?seed=1"))["Raise the most for Giám khảo 0 from 2 to 3"]
    limit(judges[0], max_load=1)
    answer = post(desk, round_, "/remedy", **fields)
    assert answer.status_code == 409
    assert "Something has changed since this plan was shown." in words(answer)
    assert post(desk, round_, "/remedy", seed=1, key="forged").status_code == 409
    assert post(desk, round_, "/remedy", seed=1).status_code == 422
    assert db.session.get_one(Judge, judges[0].id).max_load == 1


# Proposals.


def test_proposals_stand_side_by_side(desk: Desk) -> None:
    round_, _, _ = scene(desk, 4, 3)
    assert kept(desk, round_, 7).endswith("/assignments/proposals/1")
    assert kept(desk, round_, 8).endswith("/assignments/proposals/2")
    text = words(desk.get(desk.at(round_, "assignments")))
    assert "Proposal 1 seed 7 · Phạm Minh Tổ 8/8" in text
    assert "Proposal 2 seed 8 · Phạm Minh Tổ 8/8" in text
    assert re.search(r"2–3 one group, \d+ % of ideal 8 added, 0 taken away Throw away", text)
    assert "changed since" not in text
    desk.make.judge(desk.edition, desk.make.user("Muộn"))
    assert words(desk.get(desk.at(round_, "assignments"))).count("The round has changed since") == 2
    assert "It was computed anew" in page(desk, round_, "/proposals/1")


def test_a_kept_proposal_is_the_same_on_every_look(desk: Desk) -> None:
    round_, _, _ = scene(desk, 4, 3)
    kept(desk, round_, 7)
    assert digest(page(desk, round_, "/proposals/1")) == digest(page(desk, round_, "/proposals/1"))


def test_a_proposal_is_adjusted_by_hand_and_put_in_force_with_its_pins(desk: Desk) -> None:
    round_, (one, two), (first, second) = scene(desk, 2, 2, wanted=1)
    limit(first, max_load=0)
    kept(desk, round_)
    limit(first, max_load=2)
    base = f"/proposals/1/{one.public_id}"
    assert "This changes proposal 1 only." in page(desk, round_, base)
    assert post(desk, round_, f"{base}/unassign", judge=desk.person(second)).status_code in (303, 404)
    before = _planned(round_)
    where = next(pair for pair in before if pair[0] == two.id)
    judge = first if where[1] == first.id else second
    other = second if judge is first else first
    base = f"/proposals/1/{two.public_id}"
    assert post(desk, round_, f"{base}/move", judge=desk.person(judge), to_judge=desk.person(other)).status_code == 303
    assert post(desk, round_, f"{base}/pin", judge=desk.person(other)).status_code == 303
    assert (two.id, other.id) in _planned(round_)
    assert "changes by hand" in page(desk, round_, "")
    assert pairs(round_) == set()
    text = page(desk, round_, "/proposals/1")
    planned = _planned(round_)
    answer = post(desk, round_, "/proposals/1/deploy", digest=digest(text))
    assert answer.status_code == 303
    assert pairs(round_) == planned
    assert (two.id, other.id, True) in lines(round_)
    assert "proposal.changed" in actions()


def _planned(round_: Round) -> set[tuple[int, int]]:
    facts = round_by_id(round_.id)
    assert facts is not None
    found = reading.kept_plan(facts, 1)
    assert found is not None
    return set(found.pairs())


def test_the_hand_is_refused_in_words_on_a_proposal(desk: Desk) -> None:
    round_, (one,), (barred, full, begun) = scene(desk, 1, 3, wanted=1)
    desk.make.scorecard(desk.make.assignment(round_, begun, one), [1, None], ScorecardStatus.DRAFT)
    with unit_of_work() as session:
        session.add(Conflict(judge_id=barred.id, submission_id=one.id))
    limit(full, max_load=0)
    kept(desk, round_)
    base = f"/proposals/1/{one.public_id}"
    for verb, judge, said in (
        ("assign", barred, "has a conflict of interest with"),
        ("assign", full, "would have more than 0 submissions"),
        ("unassign", begun, "has begun to score"),
        ("pin", begun, "has begun to score"),
    ):
        answer = post(desk, round_, f"{base}/{verb}", judge=desk.person(judge))
        assert answer.status_code == 409
        assert said in words(answer)
    assert post(desk, round_, f"{base}/unassign", judge=desk.person(full)).status_code == 404
    assert post(desk, round_, f"{base}/assign", judge="zzz").status_code == 404


def test_a_proposal_that_was_overtaken_is_shown_anew(desk: Desk) -> None:
    round_, _, _ = scene(desk, 2, 2)
    kept(desk, round_)
    shown = digest(page(desk, round_, "/proposals/1"))
    desk.make.submission(desk.edition)
    answer = post(desk, round_, "/proposals/1/deploy", digest=shown)
    assert answer.status_code == 409
    assert "Something has changed since this plan was shown." in words(answer)
    assert pairs(round_) == set()
    assert post(desk, round_, "/proposals/1/deploy").status_code == 422


def test_changes_by_hand_that_no_longer_hold_are_left_out(desk: Desk) -> None:
    round_, (one,), (first, second) = scene(desk, 1, 2, wanted=1)
    limit(second, max_load=0)
    kept(desk, round_)
    limit(second, max_load=2)
    assert post(desk, round_, f"/proposals/1/{one.public_id}/assign", judge=desk.person(second)).status_code == 303
    with unit_of_work() as session:
        session.add(Conflict(judge_id=second.id, submission_id=one.id))
    assert "1 change by hand no longer holds and is left out." in page(desk, round_, "/proposals/1")
    assert _planned(round_) == {(one.id, first.id)}


def test_a_proposal_is_thrown_away_and_there_is_an_end_to_keeping(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    round_, _, _ = scene(desk, 1, 1)
    monkeypatch.setattr(writing, "MOST_KEPT", 1)
    kept(desk, round_)
    assert "At most 1 proposals are kept" in words(post(desk, round_, "/proposals", seed=2))
    assert post(desk, round_, "/proposals/1/drop").status_code == 303
    assert desk.get(desk.at(round_, "assignments/proposals/1")).status_code == 404
    assert post(desk, round_, "/proposals/1/drop").status_code == 404
    assert kept(desk, round_).endswith("/proposals/1")


def test_a_proposal_of_another_round_is_not_found(desk: Desk) -> None:
    round_, (one,), _ = scene(desk, 1, 1)
    kept(desk, round_)
    desk.make.round(desk.edition, "r2")
    for path in ("/proposals/1", f"/proposals/1/{one.public_id}"):
        assert desk.get(f"rounds/r2/assignments{path}").status_code == 404
    for path in ("/proposals/1/deploy", "/proposals/1/drop", f"/proposals/1/{one.public_id}/assign"):
        assert desk.post(f"rounds/r2/assignments{path}", digest="x").status_code == 404


# Undo.


def undo(desk: Desk, round_: Round, **fields: object) -> TestResponse:
    return post(desk, round_, "/undo", digest=digest(page(desk, round_, "/undo")), **fields)


def apply(desk: Desk, round_: Round, seed: int = 1, **fields: object) -> TestResponse:
    text = page(desk, round_, f"/plan?seed={seed}")
    return post(desk, round_, "/plan", seed=seed, digest=digest(text), **fields)


def test_undo_restores_the_exact_assignments(desk: Desk) -> None:
    round_, submissions, judges = scene(desk, 4, 3, wanted=1)
    for submission in submissions[:3]:
        desk.make.assignment(round_, judges[0], submission)
    desk.make.assignment(round_, judges[1], submissions[3], pinned=True)
    before = lines(round_)
    assert apply(desk, round_, tell="1").status_code == 303
    assert lines(round_) != before
    assert "Undo what was put in force last" in page(desk, round_, "")
    assert undo(desk, round_).status_code == 303
    assert lines(round_) == before
    assert "There is nothing to undo" in page(desk, round_, "/undo")
    assert actions()[-1] == "assignments.undone"


def test_clearing_is_undone_with_its_pins(desk: Desk) -> None:
    round_, (one,), (judge,) = scene(desk, 1, 1)
    desk.make.assignment(round_, judge, one, pinned=True)
    post(desk, round_, "/clear")
    assert pairs(round_) == set()
    undo(desk, round_)
    assert lines(round_) == {(one.id, judge.id, True)}


def test_undo_says_what_stays_because_scoring_began(desk: Desk) -> None:
    round_, submissions, judges = scene(desk, 2, 2, wanted=1)
    apply(desk, round_)
    (begun, other) = assignments_of(round_.id)
    row = next(one for one in assignments_of(round_.id) if one.id == begun.id)
    desk.make.scorecard(db.session.get_one(Assignment, row.id), [1, None], ScorecardStatus.DRAFT)
    text = html.unescape(page(desk, round_, "/undo"))
    code = next(one.code for one in submissions if one.id == begun.submission_id)
    name = next(one.name for one in judges if one.id == begun.judge_id)
    assert f"{name} – {code}: scoring has begun, so it stays" in re.sub(r"\s+", " ", text)
    assert undo(desk, round_).status_code == 303
    assert pairs(round_) == {(begun.submission_id, begun.judge_id)}
    assert other.id != begun.id


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("conflict", "a conflict of interest is known now"),
        ("left", "has left the panel"),
        ("full", "has the most submissions allowed"),
    ],
)
def test_undo_says_what_cannot_come_back(desk: Desk, noon: datetime, change: str, said: str) -> None:
    round_, (one,), (judge,) = scene(desk, 1, 1)
    desk.make.assignment(round_, judge, one)
    post(desk, round_, "/clear")
    with unit_of_work() as session:
        row = session.get_one(Judge, judge.id)
        if change == "conflict":
            session.add(Conflict(judge_id=judge.id, submission_id=one.id))
        elif change == "left":
            row.left_at = noon
        else:
            row.max_load = 0
    assert said in page(desk, round_, "/undo")
    assert post(desk, round_, "/undo", digest="x" * 64).status_code == 409
    assert pairs(round_) == set()


def test_an_undo_that_was_overtaken_is_shown_anew(desk: Desk) -> None:
    round_, _, _ = scene(desk, 2, 1, wanted=1)
    apply(desk, round_)
    shown = digest(page(desk, round_, "/undo"))
    first = assignments_of(round_.id)[0]
    post(desk, round_, f"/{_public(first.submission_id)}/unassign", judge=_person(first.judge_id))
    assert post(desk, round_, "/undo", digest=shown).status_code == 409
    assert len(pairs(round_)) == 1


def _public(submission_id: int) -> str:
    return str(db.session.get_one(Submission, submission_id).public_id)


def _person(judge_id: int) -> str:
    return str(db.session.get_one(User, db.session.get_one(Judge, judge_id).user_id).public_id)


# Who gains and loses what, and who is told.


def test_only_those_touched_get_a_mail(desk: Desk) -> None:
    round_, (one, two), (busy, idle, same) = scene(desk, 2, 3, wanted=2)
    for submission in (one, two):
        desk.make.assignment(round_, busy, submission)
        desk.make.assignment(round_, same, submission, pinned=True)
    limit(busy, max_load=1)
    text = words(desk.get(desk.at(round_, "assignments/plan?seed=1")))
    assert "Tell the 2 judges whose list changes by e-mail" in text
    assert re.search(r"Giám khảo 0 GK\d+ 2 → 1 – BT-\d+", text)
    assert re.search(r"Giám khảo 1 GK\d+ 0 → 1 BT-\d+ –", text)
    assert apply(desk, round_, tell="1").status_code == 303
    found = mails()
    people = {judge.id: db.session.get_one(User, judge.user_id).email or "" for judge in (busy, idle, same)}
    assert set(found) == {people[busy.id], people[idle.id]}
    gone = next(submission.code for submission in (one, two) if (submission.id, busy.id) not in pairs(round_))
    assert gone in found[people[busy.id]]
    assert f"/e/{desk.code}/judging/" in found[people[idle.id]]


@pytest.mark.parametrize(
    ("state", "fields", "count"),
    [
        (RoundState.OPEN, {"tell": "1"}, 1),
        (RoundState.SCORING, {"tell": "1"}, 1),
        (RoundState.SCORING, {}, 0),
        (RoundState.DRAFT, {"tell": "1"}, 0),
    ],
)
def test_mails_go_out_once_the_judges_see_their_lists(
    desk: Desk, state: RoundState, fields: dict[str, str], count: int
) -> None:
    round_, _, _ = scene(desk, 1, 1, state=state)
    kept(desk, round_)
    text = page(desk, round_, "/proposals/1")
    assert ("whose list changes" in text) == (state is not RoundState.DRAFT)
    assert post(desk, round_, "/proposals/1/deploy", digest=digest(text), **fields).status_code == 303
    assert len(mails()) == count
    assert undo(desk, round_, **fields).status_code == 303
    assert db.session.query(OutboxMail).count() == 2 * count


def test_a_judge_without_an_address_is_passed_over(desk: Desk) -> None:
    round_, _, (judge,) = scene(desk, 1, 1)
    with unit_of_work() as session:
        session.get_one(User, judge.user_id).email = None
        session.get_one(User, judge.user_id).phone = "+84903123456"
    assert apply(desk, round_, tell="1").status_code == 303
    assert mails() == {}


def test_what_is_rolled_back_sends_nothing(desk: Desk) -> None:
    round_, _, _ = scene(desk, 1, 1)
    answer = post(desk, round_, "/plan", seed=1, digest="f" * 64, tell="1")
    assert answer.status_code == 409
    assert mails() == {}


# Pins in force, and the table.


def test_pins_are_set_and_taken_back_on_the_page_of_a_submission(desk: Desk) -> None:
    round_, (one,), (judge, other) = scene(desk, 1, 2, wanted=1)
    desk.make.assignment(round_, judge, one)
    path = f"/{one.public_id}"
    assert post(desk, round_, f"{path}/pin", judge=desk.person(judge)).status_code == 303
    assert lines(round_) == {(one.id, judge.id, True)}
    assert post(desk, round_, f"{path}/unpin", judge=desk.person(judge)).status_code == 303
    assert lines(round_) == {(one.id, judge.id, False)}
    assert post(desk, round_, f"{path}/pin", judge=desk.person(other)).status_code == 404
    assert actions()[-2:] == ["assignment.pinned", "assignment.unpinned"]


def test_a_seat_moves_to_another_judge_or_not_at_all(desk: Desk) -> None:
    round_, (one, two), (judge, other) = scene(desk, 2, 2, wanted=1)
    desk.make.assignment(round_, judge, one)
    base = f"/{one.public_id}/move"
    limit(other, max_load=0)
    assert post(desk, round_, base, judge=desk.person(judge), to_judge=desk.person(other)).status_code == 409
    assert pairs(round_) == {(one.id, judge.id)}
    limit(other, max_load=1)
    fields = {"judge": desk.person(judge), "to_judge": desk.person(other), "to_submission": two.public_id}
    assert post(desk, round_, base, **fields).status_code == 303
    assert pairs(round_) == {(two.id, other.id)}


def test_the_table_says_fit_load_and_where_its_acts_go(desk: Desk) -> None:
    round_, (one,), (judge,) = scene(desk, 1, 1)
    text = page(desk, round_, "")
    assert f'data-row="{one.public_id}"' in text
    assert f'data-judge="{desk.person(judge)}"' in text
    assert re.search(r'data-assign="[^"]*/assignments/~/assign"', text)
    assert re.search(r'<td class="bv-fit-\d" title="\d+ %" data-mark="">', text)
    assert "<meter" in text
    desk.make.scorecard(desk.make.assignment(round_, judge, one), [1, 1])
    assert "Only one judge has submissions" in page(desk, round_, "")
    assert "Least well matched" in page(desk, round_, "")


def test_a_table_in_which_every_change_needs_a_reason_is_worked_on_the_pages(desk: Desk, noon: datetime) -> None:
    round_, _, _ = scene(desk, 1, 1, locked_at=noon)
    assert "data-matrix" not in page(desk, round_, "")


# Large rounds.


def test_a_large_round_is_planned_in_the_background(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    round_, _, _ = scene(desk, 4, 3)
    monkeypatch.setattr(reading, "LARGEST_AT_ONCE", 0)
    assert "computed in the background" in page(desk, round_, "/plan?seed=7")
    answer = post(desk, round_, "/proposals", seed=7)
    assert (answer.status_code, "/assignments/jobs/" in answer.location) == (303, True)
    assert post(desk, round_, "/proposals", seed=7).location == answer.location
    waiting = desk.client.get(answer.location)
    assert "data-poll" in waiting.get_data(as_text=True)
    assert "waiting for its turn" in words(waiting)
    assert run_next()
    assert not run_next()
    done = desk.client.get(answer.location)
    assert "Open proposal 1" in words(done)
    assert "data-poll" not in done.get_data(as_text=True)
    row = db.session.scalar(select(AssignmentProposal))
    assert row is not None
    assert len(row.planned or []) == 8
    text = page(desk, round_, "/proposals/1")
    assert post(desk, round_, "/proposals/1/deploy", digest=digest(text)).status_code == 303
    assert len(pairs(round_)) == 8


def test_a_background_plan_that_is_refused_says_why(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    round_, _, _ = scene(desk, 1, 1)
    monkeypatch.setattr(reading, "LARGEST_AT_ONCE", 0)
    address = post(desk, round_, "/proposals", seed=7).location
    with unit_of_work() as session:
        session.get_one(Round, round_.id).state = RoundState.CLOSED
    assert run_next()
    assert "Scoring of this round is over" in words(desk.client.get(address))
    desk.make.round(desk.edition, "r2")
    assert desk.client.get(address.replace("/r1/", "/r2/")).status_code == 404
    assert desk.client.get(address[:-10] + "zzzzzzzzzz").status_code == 404
