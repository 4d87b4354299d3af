"""CO-02: no walk through withdrawing, leaving, archiving and the steps of a round leads round a limit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from contest.editions import services as editions
from contest.editions.models import Edition, Round
from contest.editions.phases import FROZEN, EditionState, RoundState
from contest.editions.queries import edition_by_code
from contest.editions.rules import RoundRules
from contest.errors import Refused
from contest.infra.db import db, unit_of_work
from contest.judging.models import Score
from contest.results import services as results
from contest.results.models import Snapshot
from contest.submissions import services as submissions
from contest.submissions.facts import TeamDetails
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission, Team, TeamMember
from contest.submissions.services.teams import MOST_MEMBERS
from tests.factories import NOON, Make

_numbers = count(1)
STEPS = ("open", "start", "close", "reopen", "confirm", "unconfirm", "finalise", "publish")


class Walk(RuleBasedStateMachine):
    """An edition with three submitted ideas and one scored round; whoever may act does what comes to mind."""

    make: Make

    def __init__(self) -> None:
        super().__init__()
        self.code = f"di-{next(_numbers)}"
        edition = self.make.edition(self.code, submissions_close=NOON + timedelta(hours=5))
        round_ = self.make.round(edition, "r1", rules=RoundRules(min_judges=1))
        judge, self.organiser = self.make.judge(edition), self.make.user().id
        rows = [self.make.submission(edition) for _ in range(3)]
        for number, row in enumerate(rows):
            self.make.scorecard(self.make.assignment(round_, judge, row), [number, number + 4])
        self.edition, self.round = edition.id, round_.id
        self.ids, self.teams = [row.id for row in rows], [row.team_id for row in rows]
        self.now, self.closes = NOON, NOON + timedelta(hours=5)
        self.frozen: list[tuple[int, str]] = []
        self.at_deadline: set[int] | None = None

    def attempt(self, act: Callable[..., Any], **named: Any) -> None:
        """Do something as the pages do; a refusal changes nothing, and an archived edition refuses everything."""
        before, archived = self.picture(), self.archived
        try:
            with unit_of_work():
                act(now=self.now, **named)
        except Refused:
            assert self.picture() == before
        else:
            assert not archived or act is editions.restore

    @property
    def archived(self) -> bool:
        return db.session.scalar(select(Edition.state).where(Edition.id == self.edition)) is EditionState.ARCHIVED

    def picture(self) -> list[Any]:
        """What counts: the states of the ideas, the members, the marks, the state of the round."""
        db.session.rollback()
        states = db.session.execute(
            select(Submission.id, Submission.status).where(Submission.id.in_(self.ids)).order_by(Submission.id)
        ).all()
        members = db.session.scalars(
            select(func.count(TeamMember.id)).where(TeamMember.team_id.in_(self.teams)).group_by(TeamMember.team_id)
        ).all()
        return [states, sorted(members), self.state(), db.session.scalar(select(func.sum(Score.points)))]

    def state(self) -> RoundState:
        return db.session.scalars(select(Round.state).where(Round.id == self.round)).one()

    def snapshots(self) -> list[tuple[int, str]]:
        rows = db.session.execute(
            select(Snapshot.version, Snapshot.payload).where(Snapshot.round_id == self.round).order_by(Snapshot.version)
        )
        return [(row.version, row.payload) for row in rows]

    def submitted(self) -> set[int]:
        rows = select(Submission.id).where(Submission.id.in_(self.ids), Submission.status == SubmissionStatus.SUBMITTED)
        return set(db.session.scalars(rows))

    @rule(hours=st.integers(1, 3))
    def wait(self, hours: int) -> None:
        later = self.now + timedelta(hours=hours)
        if self.now < self.closes <= later:
            self.at_deadline = self.submitted()
        self.now = later

    @rule(place=st.integers(0, 2))
    def withdraw(self, place: int) -> None:
        self.attempt(submissions.withdraw, submission_id=self.ids[place], actor_id=self.organiser)

    @rule(place=st.integers(0, 2))
    def bring_back(self, place: int) -> None:
        self.attempt(submissions.restore_withdrawn, submission_id=self.ids[place], actor_id=self.organiser)

    @rule(place=st.integers(0, 2))
    def hand_in(self, place: int) -> None:
        self.attempt(submissions.submit, submission_id=self.ids[place], actor_id=self.organiser)

    @rule(place=st.integers(0, 2), size=st.integers(0, MOST_MEMBERS + 2))
    def join_and_leave(self, place: int, size: int) -> None:
        name = f"Đội {self.code} {place}"
        members = tuple(f"Bạn {number}" for number in range(size))
        details = TeamDetails(name=name, school="THPT Lê Thánh Tôn", members=members, declared=True)
        self.attempt(submissions.update_team, team_id=self.teams[place], team=details, actor_id=self.organiser)

    @rule()
    def archive(self) -> None:
        self.attempt(editions.archive, edition_id=self.edition, actor_id=self.organiser)

    @rule()
    def bring_out_of_the_archive(self) -> None:
        self.attempt(editions.restore, edition_id=self.edition, actor_id=self.organiser)

    @rule(step=st.sampled_from(STEPS))
    def move(self, step: str) -> None:
        facts = edition_by_code(self.code)
        assert facts is not None
        whole = {"edition": facts, "round_id": self.round, "actor_id": self.organiser}
        bare = {"round_id": self.round, "actor_id": self.organiser}
        acts: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
            "open": (editions.open_to_judges, bare),
            "start": (editions.open_scoring, bare),
            "close": (results.close_round, whole),
            "reopen": (results.reopen_round, bare),
            "confirm": (results.confirm_round, whole),
            "unconfirm": (results.unconfirm_round, {**bare, "reason": "Thiếu chữ ký"}),
            "finalise": (results.finalise_round, whole),
            "publish": (results.publish_round, whole),
        }
        act, named = acts[step]
        self.attempt(act, **named)

    @invariant()
    def nothing_is_handed_in_after_the_deadline(self) -> None:
        if self.at_deadline is not None:
            assert self.submitted() <= self.at_deadline

    @invariant()
    def no_team_is_larger_than_it_may_be(self) -> None:
        teams = select(Team.id).where(Team.edition_id == self.edition)
        sizes = db.session.scalars(
            select(func.count(TeamMember.id)).where(TeamMember.team_id.in_(teams)).group_by(TeamMember.team_id)
        )
        assert all(size <= MOST_MEMBERS + 1 for size in sizes)

    @invariant()
    def a_frozen_round_is_never_judged_again(self) -> None:
        found = self.snapshots()
        assert found[: len(self.frozen)] == self.frozen
        self.frozen = found
        assert not found or self.state() in FROZEN


@pytest.mark.trust
def test_co_02_no_walk_leads_round_a_limit(sqlite_app: Flask, make: Make) -> None:
    Walk.make = make
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=12, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
