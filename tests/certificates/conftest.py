"""A final with a settled list of awards, frozen and not published yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from flask import Flask

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.certificates.kinds import Basis, Kind
from contest.certificates.queries.people import members_of
from contest.certificates.services import people, register
from contest.editions.facts import EditionFacts
from contest.editions.models import Edition, Round
from contest.editions.rules import LocalText, RoundKind, RoundRules
from contest.infra.db import db, unit_of_work
from contest.judging.models import Judge
from contest.results import services as results
from contest.results.award_rules import AwardSpec, Scope
from contest.results.services import awards
from contest.submissions.models import Submission
from tests.factories import NOON, Make

HOSTILE = ("=1+1", "+84 903", "-5%", "@x", "Đỗ Thị Ỷ", "Nguye\u0302\u0303n Va\u0306n", "مريم", "#let x = [*a*] $b$")


@dataclass
class Night:
    """Award night: three submissions of one member each; the first two win."""

    app: Flask
    make: Make
    edition: Edition
    round: Round
    judge: Judge
    submissions: list[Submission]
    captain: User
    organiser: User

    @property
    def facts(self) -> EditionFacts:
        return self.make.facts(self.edition)

    @property
    def by(self) -> dict[str, Any]:
        return {"actor_id": self.organiser.id, "now": NOON}

    def consent(self, *names: str) -> int:
        """Record the consent of these members, or of all."""
        chosen = [one.member_id for one in members_of(self.edition.id) if not names or one.name in names]
        with unit_of_work():
            return people.record_consents(
                edition_id=self.edition.id, member_ids=chosen, basis=Basis.CONSENT, how="Đơn có chữ ký", **self.by
            )

    def issue(self, kind: Kind) -> int:
        with unit_of_work():
            return register.issue(edition=self.facts, kind=kind, **self.by)

    def publish(self) -> None:
        with unit_of_work():
            results.publish_round(edition=self.facts, round_id=self.round.id, **self.by)
            awards.publish_awards(edition_id=self.edition.id, **self.by)


@pytest.fixture
def night(app: Flask, make: Make) -> Night:
    edition = make.edition()
    organiser, captain = make.member(edition, Role.ORGANISER), make.member(edition, Role.CAPTAIN)
    round_ = make.round(edition, "ck", kind=RoundKind.FINAL, rules=RoundRules(min_judges=1, judges_per_submission=1))
    judge = make.judge(edition, email="judge@example.org")
    submissions = []
    for number in range(3):
        team = make.team(edition, captain if number == 0 else None, name=f"Đội {HOSTILE[number]}", mentor_name="Cô Lan")
        team_member = team.members[0]
        with unit_of_work() as session:
            row = session.merge(team_member)
            row.name, row.birth_date = f"Em {number}", date(2010, 5, number + 1)
        submissions.append(make.submission(edition, team, title=f"Ý tưởng {number}"))
        make.scorecard(make.assignment(round_, judge, submissions[-1]), [20 - number, 12])
    by: dict[str, Any] = {"actor_id": organiser.id, "now": NOON}
    step: dict[str, Any] = {"edition": make.facts(edition), "round_id": round_.id, **by}
    with unit_of_work():
        results.close_round(**step)
        results.confirm_round(**step)
        results.finalise_round(**step)
    with unit_of_work():
        spec = AwardSpec("first", LocalText("Giải Nhất", "First prize"), "ck", scope=Scope.ALL, places=2)
        awards.add_award(edition_id=edition.id, spec=spec, **by)
        awards.settle_awards(edition_id=edition.id, reason="", **by)
    db.session.refresh(edition)
    return Night(app, make, edition, round_, judge, submissions, captain, organiser)
