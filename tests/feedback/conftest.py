"""A scored round of five teams whose judges wrote to them, before its scoring is closed."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.editions.facts import EditionFacts
from contest.editions.models import Edition, Round
from contest.editions.queries import edition_by_code
from contest.editions.rules import RoundRules
from contest.feedback import services
from contest.feedback.states import Languages
from contest.infra.db import db, unit_of_work
from contest.judging.models import Judge, Scorecard
from contest.results import services as results
from contest.submissions.models import Submission
from tests.factories import NOON, Make
from tests.results import way

PLAIN = "Ý tưởng rõ ràng, nên có thêm số liệu thị trường."
FLAGGED = "Gọi cho tôi: 0903 123 782."
SECRET = "GHI-CHU-RIENG"


@dataclass(frozen=True)
class Judged:
    """What the tests of this package look at; the first team has a captain, three comments and a private note."""

    edition: Edition
    facts: EditionFacts
    round: Round
    judges: tuple[Judge, ...]
    submissions: tuple[Submission, ...]
    captain: User
    organiser: User

    def close(self) -> None:
        way.close(self.facts, self.round.id, NOON)

    def publish(self) -> None:
        """Confirm, finalise and publish a closed round, as the views do."""
        way.confirm(self.facts, self.round.id, self.organiser.id, NOON)
        way.freeze(self.facts, self.round.id, self.organiser.id, NOON)
        with unit_of_work():
            results.publish_round(edition=self.facts, round_id=self.round.id, actor_id=self.organiser.id, now=NOON)

    def prepare(self, *, with_place: bool = False, languages: Languages = Languages.BOTH) -> int:
        with unit_of_work():
            return services.prepare_letters(
                round_id=self.round.id,
                languages=languages,
                with_place=with_place,
                actor_id=self.organiser.id,
                now=NOON,
            )


def write(scorecard: Scorecard, text: str, note: str = "") -> None:
    with unit_of_work() as session:
        row = session.get_one(Scorecard, scorecard.id)
        row.feedback, row.private_note = text, note


@pytest.fixture
def judged(app: Flask, make: Make) -> Judged:
    del app
    edition = make.edition()
    round_ = make.round(edition, "r1", rules=RoundRules(decimals=2, min_judges=1), criteria=4)
    judges = tuple(make.judge(edition, make.user(name)) for name in ("TS. Phạm Quốc Hùng", "Mai Lan Anh", "Hồ Đắc Di"))
    captain = make.member(edition, Role.CAPTAIN, make.user("Đội trưởng Vy"))
    submissions = [make.submission(edition, make.team(edition, captain))]
    submissions += [make.submission(edition, make.team(edition, email=f"doi{n}@example.org")) for n in range(4)]
    for place, submission in enumerate(submissions):
        for number, judge in enumerate(judges):
            card = make.scorecard(make.assignment(round_, judge, submission), [place * 3 + 1, 6 + number, 10, 18])
            if place == 0:
                write(card, (PLAIN, FLAGGED, "Cần thử với người dùng thật.")[number], SECRET)
            elif place == 1 and number == 0:
                write(card, "Nên nói rõ chi phí.")
    facts = edition_by_code(edition.code)
    assert facts is not None
    db.session.rollback()
    return Judged(edition, facts, round_, judges, tuple(submissions), captain, make.member(edition, Role.ORGANISER))
