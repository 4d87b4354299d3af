"""The pages for a round that changes in its middle, and the calculator before inviting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from contest.editions.models import Round
from contest.editions.phases import RoundState
from contest.editions.queries import round_by_id
from contest.editions.rules import RoundRules
from contest.editions.services import lock_rubric
from contest.errors import NotFound, RuleBroken
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.infra.mail import OutboxMail
from contest.judging.models import Assignment, Judge, Scorecard
from contest.judging.panel_change import Fate
from contest.judging.queries.panel_changes import panel_changes_of
from contest.judging.queries.reshuffles import Asked, ChangePlan, change_plan
from contest.judging.services.reshuffles import change_round
from contest.judging.states import ScorecardStatus
from tests.counting import counted
from tests.factories import NOON, Make
from tests.judging.pages import Desk, desk_of, words


@dataclass(frozen=True)
class Scene:
    desk: Desk
    round: Round
    judges: list[Judge]

    @property
    def path(self) -> str:
        return self.desk.at(self.round, "change")

    def held(self) -> set[tuple[str, str]]:
        rows = db.session.scalars(select(Assignment).where(Assignment.round_id == self.round.id))
        codes = {judge.id: judge.code for judge in self.judges}
        return {(str(row.submission_id), codes[row.judge_id]) for row in rows}

    def plan(self, wanted: int | None = 2, *leaving: int, **asked: Any) -> ChangePlan:
        facts = round_by_id(self.round.id)
        assert facts is not None
        return change_plan(facts, Asked(wanted, frozenset(self.judges[at].id for at in leaving), **asked))

    def put(self, plan: ChangePlan, reason: str = "Giám khảo ốm", expected: str | None = None) -> None:
        with unit_of_work():
            change_round(
                edition_id=self.desk.edition_id,
                round_id=self.round.id,
                asked=plan.asked,
                reason=reason,
                expected=plan.digest if expected is None else expected,
                actor_id=None,
                now=NOON,
            )

    def digest(self, query: str) -> str:
        return self.desk.get(f"{self.path}?{query}").text.split('name="digest" value="')[1].split('"')[0]


@pytest.fixture
def scene(app: Flask, make: Make) -> Scene:
    """Six submissions, two of four judges each; the first judge has handed one in and begun another."""
    desk = desk_of(app, make)
    round_ = make.round(desk.edition, rules=RoundRules(judges_per_submission=2, min_judges=1))
    names = ("An", "Bo", "Cu", "Do")
    judges = [make.judge(desk.edition, make.user(name), code=f"J{at}") for at, name in enumerate(names)]
    for at in range(6):
        submission = make.submission(desk.edition, code=f"BT-{at}")
        for judge in (judges[at % 4], judges[(at + 1) % 4]):
            row = make.assignment(round_, judge, submission)
            if judge is judges[0] and at in (0, 3):
                make.scorecard(row, [10, 12] if at == 0 else [3, None], STATUS[at])
    with unit_of_work():
        lock_rubric(round_id=round_.id, now=NOON)
    return Scene(desk, round_, judges)


QUERIES = 21
STATUS = {0: ScorecardStatus.SUBMITTED, 3: ScorecardStatus.DRAFT}


@pytest.mark.both_databases
def test_several_judges_leave_at_once_and_exactly_what_was_shown_happens(app: Flask, scene: Scene) -> None:
    before = scene.held()
    plan = scene.plan(2, 0, 2)
    assert (plan.moves.moved, plan.moves.surplus) == ((), ())
    assert {one.judge.name for one in plan.touched() if one.leaves} == {"An", "Cu"}
    scene.put(plan)
    after = scene.held()
    assert {pair for pair in before if pair[1] in ("J1", "J3")} <= after
    gained = after - before
    assert {pair[1] for pair in gained} <= {"J1", "J3"}
    assert len(gained) == len(plan.moves.added)
    states = db.session.execute(select(Assignment.judge_id, Scorecard.status).join(Scorecard)).all()
    assert sorted(status.value for _, status in states) == ["submitted", "voided"]
    assert [(line.judge, line.reason) for line in panel_changes_of(scene.desk.edition_id)] == [
        ("An", "Giám khảo ốm"),
        ("Cu", "Giám khảo ốm"),
    ]


@pytest.mark.both_databases
def test_the_number_of_judges_changes_after_the_first_score_in_writing(app: Flask, scene: Scene) -> None:
    version = scene.round.rubric_version
    plan = scene.plan(3)
    assert (len(plan.moves.added), plan.moves.surplus, plan.empty()) == (6, (), ())
    scene.put(plan, "Thêm một giám khảo")
    assert len(scene.held()) == 18
    facts = round_by_id(scene.round.id)
    assert facts is not None
    assert (facts.rules.judges_per_submission, facts.rubric_version) == (3, version)
    said = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "round.seats_set")).one().facts
    assert (said["before"], said["after"], said["reason"]) == (2, 3, "Thêm một giám khảo")
    fewer = scene.plan(1)
    assert len(fewer.moves.surplus) == 12
    scene.put(fewer)
    begun = db.session.scalars(select(Assignment.submission_id).join(Scorecard)).all()
    assert len(begun) == 2  # what was begun is there still


@pytest.mark.parametrize(
    ("values", "code"),
    [({"reason": " "}, "change_without_reason"), ({"expected": "x"}, "effect_changed")],
)
def test_a_refused_change_changes_nothing(app: Flask, scene: Scene, values: dict[str, str], code: str) -> None:
    before = scene.held()
    with pytest.raises(RuleBroken, match=code):
        scene.put(scene.plan(3, 1), **values)
    assert scene.held() == before
    assert panel_changes_of(scene.desk.edition_id) == ()


def test_nothing_to_change_is_no_change_and_a_stranger_leaves_nothing(app: Flask, make: Make, scene: Scene) -> None:
    with pytest.raises(RuleBroken, match="nothing_to_change"):
        scene.put(scene.plan())
    stranger = make.judge(make.edition("khac"))
    with pytest.raises(NotFound):
        scene.put(ChangePlan(**{**_fields(scene.plan()), "asked": Asked(2, frozenset({stranger.id}))}))
    with unit_of_work() as session:
        session.get_one(Round, scene.round.id).state = RoundState.CLOSED
    with pytest.raises(RuleBroken, match="assignments_closed"):
        scene.put(scene.plan(3))


def _fields(plan: ChangePlan) -> dict[str, Any]:
    return {name: getattr(plan, name) for name in ChangePlan.__dataclass_fields__}


def test_a_paper_begun_after_the_preview_makes_it_void(app: Flask, make: Make, scene: Scene) -> None:
    plan = scene.plan(2, 1, fate=Fate.ASIDE)
    row = db.session.scalars(select(Assignment).where(Assignment.judge_id == scene.judges[1].id)).first()
    assert row is not None
    make.scorecard(row, [1, 1])
    with pytest.raises(RuleBroken, match="effect_changed"):
        scene.put(plan)


def test_the_page_shows_who_gains_and_loses_then_does_it_and_writes_to_those_only(noon: Any, scene: Scene) -> None:
    desk, leaver = scene.desk, scene.desk.person(scene.judges[2])
    query = f"seats=2&fate=stay&late=seats&leave={leaver}"
    shown = words(desk.get(f"{scene.path}?{query}"))
    assert "3 seats get a judge 3 go with those who leave 0 go: fewer judges wanted 0 move" in shown
    assert "Cu J2 · leaves 3 → 0" in shown
    assert "How sure the ranking will be cannot be told yet" in shown
    before = scene.held()
    sent = {"seats": "2", "fate": "stay", "late": "seats", "leave": leaver, "digest": scene.digest(query), "mail": "y"}
    assert desk.post(scene.path, **sent).status_code == 422
    assert desk.post(scene.path, **{**sent, "digest": "x"}, reason="Ốm").status_code == 409
    assert scene.held() == before
    assert desk.post(scene.path, **sent, reason="Ốm").status_code == 303
    mails = {mail.recipient_name: mail.body for mail in db.session.scalars(select(OutboxMail))}
    touched = {"Cu", *({"J0": "An", "J1": "Bo", "J3": "Do"}[pair[1]] for pair in scene.held() - before)}
    assert set(mails) == touched
    assert "you no longer judge" in mails["Cu"] or "không còn" in mails["Cu"]


def test_a_wrong_wish_is_shown_again(scene: Scene) -> None:
    assert scene.desk.get(f"{scene.path}?seats=0&fate=stay").status_code == 422
    assert scene.desk.get(f"{scene.path}?seats=2&fate=stay&leave=ai").status_code == 422
    assert scene.desk.get(f"{scene.path}?seats=abc&fate=stay").status_code == 422


def test_once_enough_is_scored_the_page_says_how_sure_the_ranking_will_be(make: Make, scene: Scene) -> None:
    for at, row in enumerate(db.session.scalars(select(Assignment).outerjoin(Scorecard).where(Scorecard.id.is_(None)))):
        make.scorecard(row, [(at * 7) % 19, (at * 5) % 17])
    more, fewer = scene.plan(4), scene.plan(2)
    assert fewer.sure is not None
    assert more.sure is not None
    assert more.sure[1] < more.sure[0] == fewer.sure[0] == fewer.sure[1]
    assert "a fair result is known to about ±" in words(scene.desk.get(f"{scene.path}?seats=4&fate=stay"))


def test_the_preview_asks_as_many_queries_for_two_leavers_as_for_one(app: Flask, scene: Scene) -> None:
    people = [scene.desk.person(judge) for judge in scene.judges]
    with counted(app) as one:
        scene.desk.get(f"{scene.path}?seats=2&fate=stay&leave={people[0]}")
    with counted(app) as two:
        scene.desk.get(f"{scene.path}?seats=2&fate=stay&leave={people[0]}&leave={people[1]}")
    assert len(one) == len(two) == QUERIES


def test_the_calculator_knows_the_round_and_sets_its_rule(app: Flask, make: Make) -> None:
    desk = desk_of(app, make)
    round_ = make.round(desk.edition, rules=RoundRules(judges_per_submission=2), state=RoundState.DRAFT)
    for _ in range(4):
        make.submission(desk.edition)
        make.judge(desk.edition)
    path = desk.at(round_, "capacity")
    shown = words(desk.get(path))
    assert "4 judges per submission are possible" in shown
    assert "Everybody can judge everything That takes each judge 60 minutes." in shown
    tight = words(desk.get(f"{path}?entries=40&reading=7&scoring=5&available=180&judges=6&wanted=3"))
    assert "2 judges per submission are possible 8 judges are needed 360 minutes short" in tight
    assert "For 3 judges per submission 8 judges are needed: invite 2 more." in tight
    assert "For everybody to judge everything, each judge would need 480 minutes." in tight
    assert desk.get(f"{path}?entries=-1").status_code == 422
    assert desk.post(path, seats="all").status_code == 303
    assert _seats(round_) is None
    assert desk.post(path, seats="3").status_code == 303
    assert _seats(round_) == 3
    with unit_of_work():
        lock_rubric(round_id=round_.id, now=NOON)
    assert desk.post(path, seats="2").status_code == 409
    assert 'name="seats" value=' not in desk.get(path).text
    assert "/change" in desk.get(path).text


def _seats(round_: Round) -> int | None:
    db.session.expire_all()
    facts = round_by_id(round_.id)
    assert facts is not None
    return facts.rules.judges_per_submission
