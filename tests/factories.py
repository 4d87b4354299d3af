"""Rows for tests: sensible defaults, everything overridable, each call committed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from contest.accounts import services as accounts
from contest.accounts.models import Membership, User
from contest.accounts.roles import Role
from contest.editions.facts import EditionFacts
from contest.editions.models import Criterion, Edition, Field, Part, Round, Track
from contest.editions.parts import PartKind
from contest.editions.phases import EditionState, RoundState
from contest.editions.queries import edition_by_code
from contest.editions.rules import RoundKind, RoundRules
from contest.editions.rules_json import rules_to_json
from contest.infra import clock
from contest.infra.db import db, unit_of_work
from contest.judging.models import Assignment, Judge, Score, Scorecard
from contest.judging.states import ScorecardStatus
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission, Team, TeamMember

NOON = datetime(2026, 10, 8, 5, 0, tzinfo=UTC)


class Make:
    """Row builders bound to one application. Objects come back loaded and usable for reading their columns."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._numbers = count(1)

    def _save(self, row: Any) -> Any:
        with unit_of_work() as session:
            session.add(row)
        db.session.refresh(row)
        return row

    def user(self, name: str = "Lê Thị Ánh", **values: Any) -> User:
        number = next(self._numbers)
        row = User(**{"name": name, "email": f"user{number}@example.org", "created_at": NOON, **values})
        return self._save(row)  # type: ignore[no-any-return]

    def member(self, edition: Edition, role: Role, user: User | None = None) -> User:
        """A person who holds `role` in the edition."""
        person = user or self.user()
        self._save(Membership(user_id=person.id, edition_id=edition.id, role=role))
        return person

    def edition(self, code: str = "mua-thu-2026", **values: Any) -> Edition:
        """An announced edition whose window is open at NOON."""
        defaults = {
            "code": code,
            "name_vi": "Ý tưởng khởi nghiệp 2026",
            "name_en": "Start-up ideas 2026",
            "organiser": "UBND Phường Tân Thuận",
            "state": EditionState.ANNOUNCED,
            "submissions_open": NOON - timedelta(days=7),
            "submissions_close": NOON + timedelta(days=7),
            "created_at": NOON,
        }
        return self._save(Edition(**{**defaults, **values}))  # type: ignore[no-any-return]

    def facts(self, edition: Edition) -> EditionFacts:
        """The edition as views see it."""
        found = edition_by_code(edition.code)
        assert found is not None
        return found

    def track(self, edition: Edition, code: str = "A", **values: Any) -> Track:
        row = Track(
            **{
                "edition_id": edition.id,
                "code": code,
                "name_vi": f"Bảng {code}",
                "position": next(self._numbers),
                **values,
            }
        )
        return self._save(row)  # type: ignore[no-any-return]

    def field(self, edition: Edition, code: str = "edtech", **values: Any) -> Field:
        row = Field(
            **{"edition_id": edition.id, "code": code, "name_vi": code, "position": next(self._numbers), **values}
        )
        return self._save(row)  # type: ignore[no-any-return]

    def part(self, edition: Edition, code: str = "plan", kind: PartKind = PartKind.TEXT, **values: Any) -> Part:
        row = Part(
            **{
                "edition_id": edition.id,
                "code": code,
                "name_vi": f"Phần {code}",
                "kind": kind,
                "position": next(self._numbers),
                **values,
            }
        )
        return self._save(row)  # type: ignore[no-any-return]

    def round(
        self, edition: Edition, code: str = "r1", *, rules: RoundRules | None = None, criteria: int = 2, **values: Any
    ) -> Round:
        """A round in scoring with `criteria` criteria C1, C2 … of 0 to 10 by 0.5, weight 1."""
        defaults = {
            "edition_id": edition.id,
            "code": code,
            "name_vi": f"Vòng {code}",
            "kind": RoundKind.PRELIMINARY,
            "state": RoundState.SCORING,
            "rules": rules_to_json(rules or RoundRules()),
            "position": next(self._numbers),
        }
        row = Round(**{**defaults, **values})
        row.criteria = [self._criterion(number) for number in range(1, criteria + 1)]
        return self._save(row)  # type: ignore[no-any-return]

    @staticmethod
    def _criterion(number: int) -> Criterion:
        return Criterion(
            code=f"C{number}",
            name_vi=f"Tiêu chí {number}",
            name_en=f"Criterion {number}",
            minimum=Decimal(0),
            maximum=Decimal(10),
            step=Decimal("0.5"),
            weight=Decimal(1),
            max_points=20,
            position=number,
        )

    def team(self, edition: Edition, captain: User | None = None, **values: Any) -> Team:
        number = next(self._numbers)
        row = Team(
            **{
                "edition_id": edition.id,
                "captain_id": captain.id if captain else None,
                "name": f"Đội {number}",
                "school": "THPT Lê Thánh Tôn",
                "created_at": NOON,
                **values,
            }
        )
        row.members = [TeamMember(name="Trần Anh Dung", position=1)]
        return self._save(row)  # type: ignore[no-any-return]

    def submission(self, edition: Edition, team: Team | None = None, **values: Any) -> Submission:
        """A submitted submission."""
        number = next(self._numbers)
        owner = team or self.team(edition)
        defaults = {
            "edition_id": edition.id,
            "team_id": owner.id,
            "code": f"BT-{number:03d}",
            "title": f"Ý tưởng {number}",
            "summary": "Bản đồ ngập nước theo thời gian thực.",
            "status": SubmissionStatus.SUBMITTED,
            "created_at": NOON,
            "updated_at": NOON,
            "submitted_at": NOON,
        }
        return self._save(Submission(**{**defaults, **values}))  # type: ignore[no-any-return]

    def judge(self, edition: Edition, user: User | None = None, **values: Any) -> Judge:
        """A judge with an account and the judge's role."""
        person = self.member(edition, Role.JUDGE, user)
        number = next(self._numbers)
        row = Judge(
            **{"edition_id": edition.id, "user_id": person.id, "code": f"GK{number}", "name": person.name, **values}
        )
        return self._save(row)  # type: ignore[no-any-return]

    def assignment(self, round_: Round, judge: Judge, submission: Submission, **values: Any) -> Assignment:
        row = Assignment(
            **{
                "round_id": round_.id,
                "judge_id": judge.id,
                "submission_id": submission.id,
                "created_at": NOON,
                **values,
            }
        )
        return self._save(row)  # type: ignore[no-any-return]

    def scorecard(
        self, assignment: Assignment, points: list[int | None], status: ScorecardStatus = ScorecardStatus.SUBMITTED
    ) -> Scorecard:
        """A scorecard with `points` in the order of the round's criteria; none leaves a mark blank."""
        criteria = (
            db.session.query(Criterion).filter_by(round_id=assignment.round_id).order_by(Criterion.position).all()
        )
        row = Scorecard(assignment_id=assignment.id, status=status, updated_at=NOON, submitted_at=NOON)
        row.scores = [
            Score(criterion_id=c.id, points=p, max_points=c.max_points)
            for c, p in zip(criteria, points, strict=True)
            if p is not None
        ]
        return self._save(row)  # type: ignore[no-any-return]

    def sign_in(self, client: FlaskClient, user: User) -> None:
        """Give the client a session of this person, as a redeemed link does."""
        with unit_of_work():
            token = accounts.start_session(user_id=user.id, device="test", now=clock.now())
        with client.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True
