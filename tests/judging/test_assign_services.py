"""Plans are computed anew when they are applied, begun scorecards stay, hand-placed pairs stay, nobody twice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from contest.editions.facts import RoundFacts
from contest.editions.models import Edition, Round
from contest.editions.phases import SETTLED, EditionState, RoundState
from contest.editions.queries import round_by_id
from contest.editions.rules import RoundRules
from contest.errors import NotFound, RuleBroken
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.judging.assignment import UnfilledReason
from contest.judging.models import Advancement, Assignment, Conflict, Judge
from contest.judging.queries.assignments import RoundPlan, assignments_of, last_plan_of, plan_of
from contest.judging.services import panel
from contest.judging.states import ScorecardStatus
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission
from tests.counting import counted
from tests.factories import Make

pytestmark = pytest.mark.both_databases
TWO_EACH = RoundRules(judges_per_submission=2)


def facts(round_: Round) -> RoundFacts:
    one = round_by_id(round_.id)
    assert one is not None
    return one


def plan(round_: Round, seed: int = 1, *, keep: bool = False) -> RoundPlan:
    return plan_of(facts(round_), seed=seed, keep=keep)


def apply(round_: Round, now: datetime, *, seed: int = 1, keep: bool = False, expected: str | None = None) -> Any:
    with unit_of_work():
        return panel.apply_proposal(round_id=round_.id, seed=seed, keep=keep, expected=expected, actor_id=None, now=now)


def assign_one(round_: Round, submission: Submission, judge: Judge, now: datetime) -> None:
    with unit_of_work():
        panel.assign_one(round_id=round_.id, submission_id=submission.id, judge_id=judge.id, actor_id=None, now=now)


def unassign(round_: Round, submission: Submission, judge: Judge, now: datetime) -> None:
    with unit_of_work():
        panel.unassign_one(round_id=round_.id, submission_id=submission.id, judge_id=judge.id, actor_id=None, now=now)


def pairs(round_: Round) -> set[tuple[int, int]]:
    return {(one.submission_id, one.judge_id) for one in assignments_of(round_.id)}


def edition_with(make: Make, submissions: int, judges: int) -> tuple[Edition, list[Submission], list[Judge]]:
    edition = make.edition()
    return (
        edition,
        [make.submission(edition) for _ in range(submissions)],
        [make.judge(edition, make.user(f"Giám khảo {number}")) for number in range(judges)],
    )


def test_without_a_number_everybody_judges_everything(app: Flask, make: Make, noon: datetime) -> None:
    edition, submissions, judges = edition_with(make, 3, 2)
    round_ = make.round(edition)
    outcome = apply(round_, noon)
    assert pairs(round_) == {(s.id, j.id) for s in submissions for j in judges}
    assert (outcome.added, outcome.removed, outcome.kept) == (6, 0, 0)


def test_a_number_is_filled_evenly_within_the_maximum(app: Flask, make: Make, noon: datetime) -> None:
    edition, submissions, judges = edition_with(make, 6, 3)
    small = make.judge(edition, make.user("Bận rộn"), max_load=1)
    round_ = make.round(edition, rules=TWO_EACH)
    apply(round_, noon)
    loads = dict.fromkeys([judge.id for judge in (*judges, small)], 0)
    for _, judge_id in pairs(round_):
        loads[judge_id] += 1
    assert sorted(loads.values()) == [1, 3, 4, 4]
    assert loads[small.id] == 1
    assert len(pairs(round_)) == 2 * len(submissions)


def test_case_20_seventeen_judges_and_eighteen_entries(app: Flask, make: Make, noon: datetime) -> None:
    edition, submissions, _judges = edition_with(make, 18, 16)
    school = submissions[0]
    with unit_of_work() as session:
        session.get_one(Submission, school.id).team.school = "Đại học Luật"
    barred = make.judge(edition, make.user("Cao Minh"), organisation="ĐH Luật")
    round_ = make.round(edition)
    planned = plan(round_)
    assert len(planned.proposal.pairs) == 17 * 18 - 1
    (gap,) = planned.proposal.gaps
    assert planned.board.submissions[gap.unfilled.submission].id == school.id
    assert (gap.unfilled.seats, gap.unfilled.reason) == (1, UnfilledReason.TOO_FEW_JUDGES)
    assert [planned.board.judges[bar.judge].id for bar in gap.bars] == [barred.id]
    apply(round_, noon, expected=planned.digest)
    assert len(pairs(round_)) == 17 * 18 - 1


def test_every_empty_seat_names_the_judges_who_cannot_take_it(app: Flask, make: Make, noon: datetime) -> None:
    edition, submissions, judges = edition_with(make, 2, 3)
    round_ = make.round(edition, rules=RoundRules(judges_per_submission=3))
    make.scorecard(make.assignment(round_, judges[0], submissions[0]), [None, None], ScorecardStatus.RECUSED)
    with unit_of_work() as session:
        session.add(Conflict(judge_id=judges[1].id, submission_id=submissions[0].id))
        session.get_one(Judge, judges[2].id).max_load = 0
    planned = plan(round_)
    told = {
        planned.board.submissions[gap.unfilled.submission].id: {
            planned.board.judges[bar.judge].id: bar.reason.value for bar in gap.bars
        }
        for gap in planned.proposal.gaps
    }
    assert told == {
        submissions[0].id: {judges[0].id: "recused", judges[1].id: "conflict", judges[2].id: "full"},
        submissions[1].id: {judges[2].id: "full"},
    }


def test_matching_fields_are_preferred(app: Flask, make: Make, noon: datetime) -> None:
    edition = make.edition()
    names = {code: f"Lĩnh vực {code}" for code in ("edtech", "fintech")}
    fields = {code: make.field(edition, code, name_vi=name) for code, name in names.items()}
    submissions = [make.submission(edition, field_id=fields[code].id) for code in ("edtech", "fintech")]
    by_code = make.judge(edition, make.user("A"), fields="khac;EDTECH")
    by_name = make.judge(edition, make.user("B"), fields="linh vuc fintech")
    round_ = make.round(edition, rules=RoundRules(judges_per_submission=1))
    expected = {(s.id, (by_code if s.field_id == fields["edtech"].id else by_name).id) for s in submissions}
    for seed in range(8):
        apply(round_, noon, seed=seed)
        assert pairs(round_) == expected
        with unit_of_work():
            panel.clear_unstarted(round_id=round_.id, actor_id=None, now=noon)


def test_the_same_seed_gives_the_same_plan_and_is_kept(app: Flask, make: Make, noon: datetime) -> None:
    edition, _submissions, _judges = edition_with(make, 6, 4)
    round_ = make.round(edition, rules=TWO_EACH)
    assert plan(round_, 7).digest == plan(round_, 7).digest
    assert plan(round_, 7).digest != plan(round_, 8).digest
    assert last_plan_of(facts(round_)) is None
    apply(round_, noon, seed=7)
    last = last_plan_of(facts(round_))
    assert last is not None
    assert (last.seed, last.added, last.removed, last.at, last.by) == (7, 12, 0, noon, "")


def test_a_plan_that_was_overtaken_is_not_applied(app: Flask, make: Make, noon: datetime) -> None:
    edition, _submissions, _judges = edition_with(make, 2, 2)
    round_ = make.round(edition)
    shown = plan(round_).digest
    make.judge(edition)
    with pytest.raises(RuleBroken, match="plan_changed"):
        apply(round_, noon, expected=shown)
    assert pairs(round_) == set()


def test_case_7_begun_scorecards_stay_when_the_panel_changes(app: Flask, make: Make, noon: datetime) -> None:
    edition, submissions, judges = edition_with(make, 4, 2)
    round_ = make.round(edition, rules=RoundRules(judges_per_submission=1))
    begun = make.assignment(round_, judges[0], submissions[0])
    make.scorecard(begun, [1, None], ScorecardStatus.DRAFT)
    for submission in submissions[1:]:
        make.assignment(round_, judges[0], submission)
    newcomer = make.judge(edition, make.user("Người mới"))
    apply(round_, noon)
    assert (submissions[0].id, judges[0].id) in pairs(round_)
    assert len(pairs(round_)) == 4
    assert len({one for one, _ in pairs(round_)}) == 4
    loads = [sum(judge_id == judge.id for _, judge_id in pairs(round_)) for judge in (*judges, newcomer)]
    assert sorted(loads) == [1, 1, 2]
    assert db.session.scalar(select(Assignment.id).where(Assignment.id == begun.id)) == begun.id


def test_case_7_keeping_moves_nothing_that_needs_not_move(app: Flask, make: Make, noon: datetime) -> None:
    edition, submissions, judges = edition_with(make, 4, 2)
    round_ = make.round(edition, rules=RoundRules(judges_per_submission=1))
    for submission in submissions[:3]:
        make.assignment(round_, judges[0], submission)
    apply(round_, noon, keep=True)
    assert {(s.id, judges[0].id) for s in submissions[:3]} < pairs(round_)
    apply(round_, noon, keep=False)
    loads = [sum(judge_id == judge.id for _, judge_id in pairs(round_)) for judge in judges]
    assert loads == [2, 2]


def test_case_7_more_judges_per_entry_in_mid_round_give_nobody_an_entry_twice(
    app: Flask, make: Make, noon: datetime
) -> None:
    edition, submissions, _judges = edition_with(make, 4, 4)
    round_ = make.round(edition, rules=RoundRules(judges_per_submission=1))
    apply(round_, noon)
    one_each = pairs(round_)
    with unit_of_work() as session:
        session.get_one(Round, round_.id).rules = {"judges_per_submission": 3}
    apply(round_, noon, keep=True)
    assert one_each < pairs(round_)
    rows = db.session.scalar(select(func.count(Assignment.id)))
    assert rows == len(pairs(round_)) == 3 * len(submissions)


def test_a_withdrawn_judge_is_replaced_and_never_asked_again(app: Flask, make: Make, noon: datetime) -> None:
    edition, (submission,), (first, second) = edition_with(make, 1, 2)
    round_ = make.round(edition, rules=RoundRules(judges_per_submission=1))
    make.scorecard(make.assignment(round_, first, submission), [None, None], ScorecardStatus.RECUSED)
    apply(round_, noon)
    assert pairs(round_) == {(submission.id, first.id), (submission.id, second.id)}
    with pytest.raises(RuleBroken, match="judge_recused"):
        assign_one(round_, submission, first, noon)


def test_a_conflict_found_later_empties_the_seat_even_if_placed_by_hand(app: Flask, make: Make, noon: datetime) -> None:
    edition, (submission,), (judge, other) = edition_with(make, 1, 2)
    round_ = make.round(edition, rules=RoundRules(judges_per_submission=1))
    assign_one(round_, submission, judge, noon)
    with unit_of_work() as session:
        session.get_one(Judge, judge.id).organisation = "THPT Lê Thánh Tôn"
    apply(round_, noon)
    assert pairs(round_) == {(submission.id, other.id)}


def test_the_hand_wins_over_the_plan(app: Flask, make: Make, noon: datetime) -> None:
    edition, submissions, (judge, _other) = edition_with(make, 2, 2)
    round_ = make.round(edition, rules=RoundRules(judges_per_submission=1))
    for submission in submissions:
        assign_one(round_, submission, judge, noon)
    assign_one(round_, submissions[0], judge, noon)
    apply(round_, noon)
    assert pairs(round_) == {(submission.id, judge.id) for submission in submissions}
    assert db.session.scalars(select(AuditEntry.action)).all().count("assignment.added") == 2


def test_the_maximum_holds_for_the_hand_too(app: Flask, make: Make, noon: datetime) -> None:
    edition, submissions, (judge,) = edition_with(make, 2, 1)
    with unit_of_work() as session:
        session.get_one(Judge, judge.id).max_load = 1
    round_ = make.round(edition)
    assign_one(round_, submissions[0], judge, noon)
    with pytest.raises(RuleBroken, match=r"judge_full\(judge='Giám khảo 0', limit=1\)"):
        assign_one(round_, submissions[1], judge, noon)
    assert pairs(round_) == {(submissions[0].id, judge.id)}


@pytest.mark.parametrize("status", list(ScorecardStatus))
def test_an_assignment_with_a_scorecard_cannot_be_taken_away(
    app: Flask, make: Make, noon: datetime, status: ScorecardStatus
) -> None:
    edition, (submission,), (judge,) = edition_with(make, 1, 1)
    round_ = make.round(edition)
    make.scorecard(make.assignment(round_, judge, submission), [None, None], status)
    with pytest.raises(RuleBroken, match="scorecard_started"):
        unassign(round_, submission, judge, noon)
    with unit_of_work():
        assert panel.clear_unstarted(round_id=round_.id, actor_id=None, now=noon).removed == 0
        panel.apply_plan(round_id=round_.id, pairs=[], actor_id=None, now=noon)
    assert pairs(round_) == {(submission.id, judge.id)}


def test_taking_away_and_clearing(app: Flask, make: Make, noon: datetime) -> None:
    edition, submissions, (judge,) = edition_with(make, 3, 1)
    round_ = make.round(edition)
    apply(round_, noon)
    unassign(round_, submissions[0], judge, noon)
    assert pairs(round_) == {(s.id, judge.id) for s in submissions[1:]}
    with pytest.raises(NotFound):
        unassign(round_, submissions[0], judge, noon)
    with unit_of_work():
        assert panel.clear_unstarted(round_id=round_.id, actor_id=None, now=noon).removed == 2
    assert pairs(round_) == set()


def test_a_whole_plan_replaces_what_was_not_begun(app: Flask, make: Make, noon: datetime) -> None:
    edition, (one, two), (judge, other) = edition_with(make, 2, 2)
    round_ = make.round(edition)
    make.scorecard(make.assignment(round_, judge, one), [1, 1])
    make.assignment(round_, judge, two)
    with unit_of_work():
        outcome = panel.apply_plan(
            round_id=round_.id, pairs=[(two.id, other.id), (one.id, judge.id)], actor_id=None, now=noon
        )
    assert pairs(round_) == {(one.id, judge.id), (two.id, other.id)}
    assert (outcome.added, outcome.removed, outcome.kept) == (1, 1, 1)


def test_a_plan_with_a_stranger_changes_nothing(app: Flask, make: Make, noon: datetime) -> None:
    edition, (submission,), (judge,) = edition_with(make, 1, 1)
    other = make.edition("khac")
    stranger, foreign = make.judge(other), make.submission(other)
    draft = make.submission(edition, status=SubmissionStatus.DRAFT)
    round_ = make.round(edition)
    for pair in ((submission.id, stranger.id), (foreign.id, judge.id), (draft.id, judge.id)):
        with pytest.raises(NotFound), unit_of_work():
            panel.apply_plan(round_id=round_.id, pairs=[(submission.id, judge.id), pair], actor_id=None, now=noon)
    assert pairs(round_) == set()


@pytest.mark.parametrize("state", [RoundState.CLOSED, *sorted(SETTLED)])
def test_a_closed_round_keeps_its_assignments(app: Flask, make: Make, noon: datetime, state: RoundState) -> None:
    edition, (submission,), (judge,) = edition_with(make, 1, 1)
    round_ = make.round(edition, state=state)
    make.assignment(round_, judge, submission)
    with pytest.raises(RuleBroken, match="assignments_closed"):
        apply(round_, noon)
    with pytest.raises(RuleBroken, match="assignments_closed"):
        unassign(round_, submission, judge, noon)
    with pytest.raises(RuleBroken, match="assignments_closed"), unit_of_work():
        panel.clear_unstarted(round_id=round_.id, actor_id=None, now=noon)
    assert len(pairs(round_)) == 1


def test_an_archived_edition_and_a_missing_round_refuse(app: Flask, make: Make, noon: datetime) -> None:
    round_ = make.round(make.edition(state=EditionState.ARCHIVED))
    with pytest.raises(RuleBroken, match="edition_archived"):
        apply(round_, noon)
    with pytest.raises(NotFound), unit_of_work():
        panel.clear_unstarted(round_id=999, actor_id=None, now=noon)


def test_only_who_advanced_is_planned_and_strays_are_swept(app: Flask, make: Make, noon: datetime) -> None:
    edition, (one, two), (judge,) = edition_with(make, 2, 1)
    make.round(edition, "r1")
    final = make.round(edition, "final")
    with unit_of_work() as session:
        session.add(Advancement(round_id=final.id, submission_id=one.id, decided_at=noon))
    make.assignment(final, judge, two)
    assert apply(final, noon).removed == 1
    assert pairs(final) == {(one.id, judge.id)}


@pytest.mark.parametrize("size", [1, 3])
def test_planning_takes_the_same_number_of_queries(app: Flask, make: Make, noon: datetime, size: int) -> None:
    edition, _submissions, _judges = edition_with(make, size, size)
    round_ = make.round(edition)
    apply(round_, noon)
    one = facts(round_)
    with counted(app) as queries:
        plan_of(one, seed=1, keep=True)
    assert len(queries) == 16
