"""A small scored edition: three submissions, two judges, two rounds."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.editions.facts import EditionFacts
from contest.editions.models import Edition, Round
from contest.editions.queries import edition_by_code
from contest.editions.rules import Advance, RoundRules
from contest.judging.models import Judge
from contest.submissions.models import Submission
from tests.factories import Make


@dataclass(frozen=True)
class Scored:
    """What the tests of this package look at."""

    edition: Edition
    facts: EditionFacts
    first: Round
    final: Round
    judges: tuple[Judge, ...]
    submissions: tuple[Submission, ...]
    organiser: User


@pytest.fixture
def scored(make: Make) -> Scored:
    """Totals 15/14, 10/11 and 15/14: results 14.50, 10.50, 14.50; the best two (a tie) are cut at one place."""
    edition = make.edition()
    rules = RoundRules(decimals=2, min_judges=2, advance=Advance(top=1))
    first = make.round(edition, "r1", rules=rules)
    final = make.round(edition, "final")
    judges = tuple(make.judge(edition) for _ in range(2))
    submissions = tuple(make.submission(edition) for _ in range(3))
    points = (((10, 20), (8, 20)), ((10, 10), (12, 10)), ((20, 10), (20, 8)))
    for submission, by_judge in zip(submissions, points, strict=True):
        for judge, marks in zip(judges, by_judge, strict=True):
            make.scorecard(make.assignment(first, judge, submission), list(marks))
    facts = edition_by_code(edition.code)
    assert facts is not None
    return Scored(edition, facts, first, final, judges, submissions, make.member(edition, Role.ORGANISER))
