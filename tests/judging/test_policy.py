"""Who may judge, open, read and score; and that lists and single things agree."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from contest.accounts.roles import Identity, Nobody, Role
from contest.editions.phases import RoundState
from contest.infra.db import unit_of_work
from contest.judging import policy
from contest.judging.models import Conflict
from contest.judging.papers import PaperFacts, PaperState
from contest.judging.queries.desk import desk_of, paper_of, readable_file
from contest.judging.states import ScorecardStatus
from contest.submissions.lifecycle import SubmissionStatus
from tests.factories import Make
from tests.judging.test_desk import hand_in

NOW = datetime(2026, 10, 8, 5, 0, tzinfo=UTC)


def person(user_id: int, edition_id: int, *roles: Role) -> Identity:
    return Identity(user_id, "Lê Thị Ánh", "token", roles={edition_id: frozenset(roles)})


@pytest.mark.parametrize("role", list(Role))
def test_judges_pages_open_to_the_jury_of_that_edition(make: Make, role: Role) -> None:
    edition = make.facts(make.edition())
    assert policy.can_judge(person(1, edition.id, role), edition) is (role in (Role.JUDGE, Role.CHAIR))
    assert not policy.can_judge(person(1, edition.id + 1, role), edition)


def test_a_visitor_judges_nothing(make: Make) -> None:
    edition = make.edition()
    paper = make.assignment(make.round(edition), make.judge(edition), make.submission(edition))
    found = paper_of(edition.id, paper.public_id)
    assert found is not None
    assert not policy.can_judge(Nobody(), make.facts(edition))
    assert not policy.can_open(Nobody(), found)
    assert not policy.can_score(Nobody(), found, NOW)


class World:
    """Two judges, and papers in every mix of round state, submission state, conflict and scorecard."""

    def __init__(self, make: Make) -> None:
        self.edition = make.edition()
        self.judges = [make.judge(self.edition) for _ in range(2)]
        part = make.part(self.edition, "slides")
        rounds = [make.round(self.edition, state.value, state=state) for state in RoundState]
        self.papers: list[PaperFacts] = []
        self.files: dict[str, str] = {}
        mixes = product(rounds, (SubmissionStatus.SUBMITTED, SubmissionStatus.WITHDRAWN), (False, True), STATUSES)
        for number, (round_, status, conflict, scored) in enumerate(mixes):
            submission, judge = make.submission(self.edition, status=status), self.judges[number % 2]
            paper = make.assignment(round_, judge, submission)
            if scored is not None:
                make.scorecard(paper, [1, 2], scored)
            if conflict:
                with unit_of_work() as session:
                    session.add(Conflict(judge_id=judge.id, submission_id=submission.id))
            found = paper_of(self.edition.id, paper.public_id)
            assert found is not None
            self.papers.append(found)
            self.files[paper.public_id] = hand_in(submission, part.id)

    def people(self) -> list[Identity]:
        return [person(judge.user_id, self.edition.id, Role.JUDGE) for judge in self.judges]


STATUSES = (None, *ScorecardStatus)


def test_lists_files_and_papers_agree_in_every_mix(make: Make) -> None:
    world = World(make)
    for user in world.people():
        opened = {paper.public_id for paper in world.papers if policy.can_open(user, paper)}
        assert {row.public_id for desk in desk_of(world.edition.id, user.id) for row in desk.rows} == opened
        assert len(opened) == (len(RoundState) - 1) * len(STATUSES) // 2
        for paper in world.papers:
            found = readable_file(world.edition.id, world.files[paper.public_id], user.id)
            assert (found is not None) is policy.can_read(user, paper), paper
            writes = policy.can_read(user, paper) and paper.round.state is RoundState.SCORING
            assert policy.can_abstain(user, paper, NOW) is writes, paper
            # Whoever abstained takes that back first.
            assert policy.can_score(user, paper, NOW) is (writes and paper.state is not PaperState.ABSTAINED), paper


@pytest.mark.parametrize(
    ("opens", "closes", "allowed"),
    [(None, None, True), (1, None, False), (0, None, True), (None, 1, True), (None, 0, False), (-1, 1, True)],
)
def test_the_window_counts_too(make: Make, opens: int | None, closes: int | None, *, allowed: bool) -> None:
    edition = make.edition()
    judge = make.judge(edition)
    moments: dict[str, Any] = {
        name: None if hours is None else NOW + timedelta(hours=hours)
        for name, hours in (("opens_at", opens), ("closes_at", closes))
    }
    paper = make.assignment(make.round(edition, **moments), judge, make.submission(edition))
    found = paper_of(edition.id, paper.public_id)
    assert found is not None
    assert policy.can_score(person(judge.user_id, edition.id, Role.JUDGE), found, NOW) is allowed
