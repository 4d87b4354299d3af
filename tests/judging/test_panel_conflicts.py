"""Case 9: conflicts by member, mentor, school, contact or declaration hold in every round and for every verb."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from contest.editions.facts import RoundFacts
from contest.editions.models import Edition, Round
from contest.editions.phases import SETTLED, RoundState
from contest.editions.queries import round_by_id
from contest.errors import NotFound, RuleBroken
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.judging.conflicts import ConflictReason
from contest.judging.models import Advancement, Assignment, Conflict, Judge, Scorecard
from contest.judging.queries.conflicts import Declaration, PairConflict, conflicts_between, submission_lines
from contest.judging.queries.panel import judges_of
from contest.judging.queries.rounds import participants
from contest.judging.queries.scores import score_table
from contest.judging.services import panel
from contest.judging.states import Party
from contest.submissions.models import Submission, TeamMember
from tests.counting import counted
from tests.factories import Make

pytestmark = pytest.mark.both_databases


def declare(edition: Edition, judge: Judge, submission: Submission, now: datetime, reason: str = "Chú ruột") -> Any:
    with unit_of_work():
        return panel.declare_conflict(
            edition_id=edition.id,
            judge_id=judge.id,
            submission_id=submission.id,
            reason=reason,
            actor_id=None,
            now=now,
        )


def withdraw(edition: Edition, judge: Judge, submission: Submission, now: datetime) -> None:
    with unit_of_work():
        panel.withdraw_conflict(
            edition_id=edition.id, judge_id=judge.id, submission_id=submission.id, actor_id=None, now=now
        )


def found(edition_id: int) -> dict[tuple[int, int], PairConflict]:
    return dict(conflicts_between(edition_id, judges_of(edition_id), submission_lines(edition_id)))


def facts(round_: Round) -> RoundFacts:
    one = round_by_id(round_.id)
    assert one is not None
    return one


SAME = [
    ({"school": "Trường THPT Lê Lợi"}, {"organisation": "trung học phổ thông LÊ LỢI"}, ConflictReason.SAME_UNIT),
    ({}, {"name": "Trần Anh Dũng"}, ConflictReason.MEMBER),
    ({"mentor_name": "ThS. Phan Văn Bảo"}, {"name": "Bảo Phan Văn"}, ConflictReason.MENTOR),
    ({"email": "doi.mot@gmail.com"}, {"email": "doimot+gk@gmail.com"}, ConflictReason.SAME_CONTACT),
    ({"phone": "0903 123 782"}, {"phone": "+84903123782"}, ConflictReason.SAME_CONTACT),
    ({"mentor_phone": "0903.123.782"}, {"phone": "+84903123782"}, ConflictReason.SAME_CONTACT),
]


@pytest.mark.parametrize(("team", "judge", "reason"), SAME)
def test_case_9_a_conflict_is_found_whatever_the_spelling(
    app: Flask, make: Make, team: dict[str, str], judge: dict[str, str], reason: ConflictReason
) -> None:
    edition = make.edition()
    submission = make.submission(edition, make.team(edition, None, **team))
    one = make.judge(edition, make.user(judge.get("name", "Lý Cảnh")), **judge)
    make.submission(edition, make.team(edition, school="THPT Khác", name="Đội khác"))  # its member would match, too
    pairs = found(edition.id)
    assert pairs[submission.id, one.id].reasons == {reason}
    assert not pairs[submission.id, one.id].unconfirmed


def test_case_9_the_second_address_of_a_judge_and_the_captain_count(app: Flask, make: Make) -> None:
    edition = make.edition()
    captain = make.user("Võ Thị Xuân", email="xuan@example.org")
    mine = make.submission(edition, make.team(edition, captain))
    judge = make.judge(edition, make.user("Lý Cảnh", email="xuan@example.com"), email="other@example.com")
    same_name = make.judge(edition, make.user("Xuân Võ Thị"))
    listed = make.submission(edition, make.team(edition, email="xuan@example.com"))
    assert {pair: set(one.reasons) for pair, one in found(edition.id).items()} == {
        (mine.id, same_name.id): {ConflictReason.MEMBER},
        (listed.id, judge.id): {ConflictReason.SAME_CONTACT},
    }


def test_a_declared_conflict_is_told_with_its_reason(app: Flask, make: Make, noon: datetime) -> None:
    edition, judge, submission = _pair(make)
    declare(edition, judge, submission, noon)
    declare(edition, judge, submission, noon, "Cô ruột")
    pair = found(edition.id)[submission.id, judge.id]
    assert pair == PairConflict(
        (Declaration(Party.ORGANISER, ConflictReason.DECLARED, "Cô ruột", by="", at=noon),), (), sponsor=""
    )
    assert pair.reasons == {ConflictReason.DECLARED}
    assert pair.declared
    assert db.session.scalar(select(func.count(Conflict.id))) == 1


def _pair(make: Make) -> tuple[Edition, Judge, Submission]:
    edition = make.edition()
    return edition, make.judge(edition), make.submission(edition)


def test_declaring_takes_assignments_from_open_rounds_only(app: Flask, make: Make, noon: datetime) -> None:
    edition, judge, submission = _pair(make)
    rounds = [make.round(edition, state.value, state=state) for state in RoundState]
    for round_ in rounds:
        make.assignment(round_, judge, submission)
    outcome = declare(edition, judge, submission, noon)
    left = select(Round.state).join(Assignment, Assignment.round_id == Round.id)
    assert set(db.session.scalars(left)) == {RoundState.CLOSED, *SETTLED}
    assert (outcome.removed, outcome.put_aside) == (3, 0)
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.facts["reason"], entry.facts["submission"]) == (
        "conflict.declared",
        "Chú ruột",
        submission.code,
    )


def test_a_scorecard_is_put_aside_and_counts_again_when_the_conflict_is_taken_back(
    app: Flask, make: Make, noon: datetime
) -> None:
    edition, judge, submission = _pair(make)
    round_ = make.round(edition)
    make.scorecard(make.assignment(round_, judge, submission), [3, 4])

    def counts() -> list[bool]:
        return [not card.recused for card in score_table(facts(round_), [submission.id]).cards]

    assert counts() == [True]
    assert declare(edition, judge, submission, noon).put_aside == 1
    assert counts() == [False]
    withdraw(edition, judge, submission, noon)
    assert counts() == [True]
    assert db.session.scalar(select(func.count(Scorecard.id))) == 1


def test_foreign_people_and_things_are_not_found(app: Flask, make: Make, noon: datetime) -> None:
    edition, judge, submission = _pair(make)
    other = make.edition("khac")
    stranger, foreign = make.judge(other), make.submission(other)
    for one, thing in ((stranger, submission), (judge, foreign)):
        with pytest.raises(NotFound):
            declare(edition, one, thing, noon)
    with pytest.raises(NotFound):
        withdraw(edition, judge, submission, noon)
    assert db.session.scalar(select(func.count(Conflict.id))) == 0


def test_case_9_no_verb_assigns_over_a_conflict_not_even_in_the_final(app: Flask, make: Make, noon: datetime) -> None:
    edition, judge, submission = _pair(make)
    school = make.submission(edition, make.team(edition, school="ĐH Luật"))
    friend = make.judge(edition, make.user("Cao Minh"), organisation="Đại học Luật")
    first, final = make.round(edition, "r1"), make.round(edition, "final")
    with unit_of_work() as session:
        session.add_all(
            Advancement(round_id=final.id, submission_id=s.id, decided_at=noon) for s in (submission, school)
        )
    declare(edition, judge, submission, noon)
    for round_ in (first, final):
        for one, thing in ((judge, submission), (friend, school)):
            pair: dict[str, Any] = {"round_id": round_.id, "actor_id": None, "now": noon}
            with pytest.raises(RuleBroken, match="conflict_of_interest"), unit_of_work():
                panel.assign_one(submission_id=thing.id, judge_id=one.id, **pair)
            with pytest.raises(RuleBroken, match="conflict_of_interest"), unit_of_work():
                panel.apply_plan(pairs=[(thing.id, one.id)], **pair)
        with unit_of_work():
            panel.apply_proposal(round_id=round_.id, seed=1, keep=False, expected=None, actor_id=None, now=noon)
        given = select(Assignment.submission_id, Assignment.judge_id).where(Assignment.round_id == round_.id)
        assert {tuple(row) for row in db.session.execute(given)} == {(submission.id, friend.id), (school.id, judge.id)}
    assert set(participants(facts(final))) == {submission.id, school.id}


@pytest.mark.parametrize("size", [1, 3])
def test_conflicts_are_found_in_the_same_number_of_queries(app: Flask, make: Make, size: int) -> None:
    edition = make.edition()
    for number in range(size):
        team = make.team(edition)
        with unit_of_work() as session:
            session.add(TeamMember(team_id=team.id, name=f"Người thứ {number}", position=2))
        make.submission(edition, team)
        make.judge(edition)
    edition_id = edition.id
    with counted(app) as queries:
        found(edition_id)
    assert len(queries) == 7
