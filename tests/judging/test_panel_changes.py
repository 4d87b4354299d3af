"""The panel changes in writing once scoring has begun: late, removed, replaced, left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from contest.accounts.models import Membership
from contest.editions.models import Edition, Round
from contest.editions.phases import RoundState
from contest.editions.queries import round_by_id
from contest.editions.rules import RoundRules
from contest.editions.services import lock_rubric
from contest.errors import NotFound, RuleBroken
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.judging.models import Assignment, Judge, PanelChange, Scorecard
from contest.judging.panel_change import Fate
from contest.judging.panel_list import PanelEntry
from contest.judging.queries.assignments import round_board
from contest.judging.queries.panel import judges_of
from contest.judging.queries.panel_changes import begun_round, leaving_plan, panel_changes_of
from contest.judging.queries.scores import score_table
from contest.judging.services import panel
from contest.judging.states import PanelChangeKind, ScorecardStatus
from contest.submissions.models import Submission
from tests.conftest import NOON
from tests.factories import Make
from tests.judging.pages import Desk, desk_of, words


@dataclass
class Scene:
    """A round in the middle of its scoring: one judge with a paper in every state, and another one with the first."""

    edition: Edition
    round: Round
    judge: Judge
    other: Judge
    submissions: list[Submission]

    def statuses(self, judge: Judge) -> dict[str, str | None]:
        rows = db.session.execute(
            select(Submission.code, Scorecard.status)
            .select_from(Assignment)
            .join(Submission, Submission.id == Assignment.submission_id)
            .outerjoin(Scorecard)
            .where(Assignment.judge_id == judge.id)
            .order_by(Submission.id)
        )
        return {code: status and status.value for code, status in rows}

    def leave(self, fate: Fate = Fate.STAY, successor: Judge | None = None, **values: Any) -> Any:
        said: dict[str, Any] = {"reason": "Ốm nặng", "expected": None, **values}
        with unit_of_work():
            return panel.let_leave(
                edition_id=self.edition.id,
                judge_id=self.judge.id,
                successor_id=successor.id if successor else None,
                fate=fate,
                actor_id=None,
                now=NOON,
                **said,
            )


STATES = ("draft", "submitted", "recused", "abstained")


@pytest.fixture
def scene(app: Flask, make: Make) -> Scene:
    edition = make.edition()
    round_ = make.round(edition, rules=RoundRules(judges_per_submission=1))
    judge, other = make.judge(edition, make.user("Trần An")), make.judge(edition, make.user("Lê Bình"))
    submissions = [make.submission(edition, code=name) for name in ("blank", *STATES, "both")]
    make.assignment(round_, judge, submissions[0])
    for submission, status in zip(submissions[1:5], STATES, strict=True):
        points: list[int | None] = [10, None] if status == "draft" else [10, 12]
        make.scorecard(make.assignment(round_, judge, submission), points, ScorecardStatus(status))
    make.assignment(round_, judge, submissions[5])
    make.scorecard(make.assignment(round_, other, submissions[5]), [4, 4])
    with unit_of_work():
        lock_rubric(round_id=round_.id, now=NOON)
    return Scene(edition, round_, judge, other, submissions)


@pytest.mark.both_databases
def test_a_successor_takes_what_is_not_finished_and_what_counts_stays(app: Flask, scene: Scene) -> None:
    effect = scene.leave(successor=scene.other)
    assert scene.statuses(scene.judge) == {
        "draft": "voided", "submitted": "submitted", "recused": "recused", "abstained": "abstained",
    }  # fmt: skip
    assert scene.statuses(scene.other) == {"blank": None, "draft": None, "both": "submitted"}
    assert (effect.count("passed_on"), effect.count("voided"), effect.count("kept"), effect.empty) == (2, 1, 3, 1)
    kept = db.session.scalars(
        select(Scorecard).join(Assignment).where(Scorecard.status == ScorecardStatus.VOIDED)
    ).one()
    assert (kept.recusal_reason, kept.version, [score.points for score in kept.scores]) == ("Ốm nặng", 2, [10])


@pytest.mark.both_databases
def test_set_aside_scorecards_stay_on_record_and_count_for_nothing(app: Flask, scene: Scene) -> None:
    scene.leave(Fate.ASIDE, scene.other)
    assert scene.statuses(scene.judge)["submitted"] == "voided"
    assert scene.statuses(scene.other) == {"blank": None, "draft": None, "submitted": None, "both": "submitted"}
    facts = round_by_id(scene.round.id)
    assert facts is not None
    table = score_table(facts, [one.id for one in scene.submissions])
    cards = [(scene.submissions[card.submission].code, table.judges[card.judge].id) for card in table.cards]
    assert ("submitted", scene.judge.id) not in cards
    assert ("submitted", scene.other.id) in cards
    assert len(cards) == len(set(cards))


def test_a_judge_all_of_whose_papers_are_set_aside_is_no_judge_of_the_round(app: Flask, make: Make) -> None:
    edition = make.edition()
    round_, submission = make.round(edition), make.submission(edition)
    gone, stays = make.judge(edition), make.judge(edition)
    for judge in (gone, stays):
        make.scorecard(make.assignment(round_, judge, submission), [1, 1])
    Scene(edition, round_, gone, stays, [submission]).leave(Fate.ASIDE)
    facts = round_by_id(round_.id)
    assert facts is not None
    assert [judge.id for judge in score_table(facts, [submission.id]).judges] == [stays.id]


def test_leaving_without_a_successor_empties_seats(app: Flask, scene: Scene) -> None:
    effect = scene.leave()
    assert (effect.empty, effect.count("passed_on")) == (3, 0)
    assert "blank" not in scene.statuses(scene.judge)
    assert scene.statuses(scene.other) == {"both": "submitted"}


def test_who_left_is_out_of_every_later_plan_and_cannot_enter(app: Flask, make: Make, scene: Scene) -> None:
    fresh = make.submission(scene.edition)
    scene.leave()
    roles = select(Membership.role).where(Membership.user_id == scene.judge.user_id)
    assert db.session.scalars(roles).all() == []
    board = round_board(round_by_id(scene.round.id))  # type: ignore[arg-type]  # it is there
    place = [judge.id for judge in board.judges].index(scene.judge.id)
    assert board.board.judges[place].max_load == 1  # what was handed in; nothing new fits beside it
    with pytest.raises(RuleBroken, match="judge_left"), unit_of_work():
        panel.assign_one(
            round_id=scene.round.id, submission_id=fresh.id, judge_id=scene.judge.id, actor_id=None, now=NOON,
            reason="Thử",
        )  # fmt: skip


def test_rounds_that_are_over_stay_as_they_are(app: Flask, make: Make, scene: Scene) -> None:
    over = make.round(scene.edition, "qua", state=RoundState.CLOSED)
    past = make.assignment(over, scene.judge, scene.submissions[0])
    make.scorecard(past, [5, 5])
    scene.leave(Fate.ASIDE, scene.other)
    assert db.session.scalars(select(Scorecard.status).where(Scorecard.assignment_id == past.id)).one() == "submitted"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"reason": "  "}, "leave_without_reason"),
        ({"expected": "anders"}, "effect_changed"),
    ],
)
def test_a_refused_departure_changes_nothing(app: Flask, scene: Scene, values: dict[str, Any], code: str) -> None:
    before = scene.statuses(scene.judge)
    with pytest.raises(RuleBroken, match=code):
        scene.leave(**values)
    assert scene.statuses(scene.judge) == before
    assert db.session.query(PanelChange).count() == 0


def test_nobody_succeeds_themselves_or_comes_from_elsewhere_or_leaves_twice(
    app: Flask, make: Make, scene: Scene
) -> None:
    stranger = make.judge(make.edition("khac"))
    with pytest.raises(RuleBroken, match="successor_same"):
        scene.leave(successor=scene.judge)
    with pytest.raises(NotFound):
        scene.leave(successor=stranger)
    scene.leave()
    with pytest.raises(RuleBroken, match="judge_left"):
        scene.leave()


def test_the_effect_that_was_shown_is_the_one_that_happens(app: Flask, make: Make, scene: Scene) -> None:
    known = {judge.id: judge for judge in judges_of(scene.edition.id)}
    shown = leaving_plan(known[scene.judge.id], known[scene.other.id], Fate.STAY, scene.edition.id)
    assert shown.names[scene.round.id, scene.submissions[0].id][1] == "blank"
    again = leaving_plan(known[scene.judge.id], known[scene.other.id], Fate.STAY, scene.edition.id)
    assert again.digest == shown.digest
    make.scorecard(db.session.scalars(select(Assignment).where(Assignment.judge_id == scene.judge.id)).first(), [1, 1])  # type: ignore[arg-type]  # it is there
    with pytest.raises(RuleBroken, match="effect_changed"):
        scene.leave(successor=scene.other, expected=shown.digest)


def test_it_is_on_record(app: Flask, scene: Scene) -> None:
    scene.leave(Fate.ASIDE, scene.other)
    (line,) = panel_changes_of(scene.edition.id)
    assert (line.kind, line.judge, line.successor, line.set_aside, line.reason) == (
        PanelChangeKind.REPLACED, "Trần An", "Lê Bình", True, "Ốm nặng",
    )  # fmt: skip
    facts = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "judge.replaced")).one().facts
    assert (facts["reason"], facts["voided"], facts["passed_on"]) == ("Ốm nặng", 2, 3)


def entry(name: str) -> PanelEntry:
    return PanelEntry(name=name)


@pytest.mark.both_databases
def test_nobody_joins_or_goes_without_a_reason_once_a_round_has_its_first_score(
    app: Flask, make: Make, scene: Scene
) -> None:
    idle = make.judge(scene.edition, make.user("Hồ Cúc"))
    assert begun_round(scene.edition.id) == "r1"
    scope: dict[str, Any] = {"edition_id": scene.edition.id, "actor_id": None, "now": NOON}
    with pytest.raises(RuleBroken, match="reason_needed"), unit_of_work():
        panel.add_judge(entry=entry("Muộn"), **scope)
    with pytest.raises(RuleBroken, match="reason_needed"), unit_of_work():
        panel.remove_judge(judge_id=idle.id, reason="  ", **scope)
    with unit_of_work():
        panel.add_judge(entry=entry("Muộn"), reason="Thay người ốm", **scope)
        panel.remove_judge(judge_id=idle.id, reason="Không nhận lời", **scope)
    assert [(line.kind, line.judge, line.reason) for line in panel_changes_of(scene.edition.id)] == [
        (PanelChangeKind.LATE, "Muộn", "Thay người ốm"),
        (PanelChangeKind.REMOVED, "Hồ Cúc", "Không nhận lời"),
    ]


@pytest.mark.parametrize("state", [RoundState.DRAFT, RoundState.CLOSED])
def test_between_rounds_the_panel_is_free(app: Flask, make: Make, scene: Scene, state: RoundState) -> None:
    with unit_of_work() as session:
        session.get_one(Round, scene.round.id).state = state
    assert begun_round(scene.edition.id) == ""
    with unit_of_work():
        panel.add_judge(edition_id=scene.edition.id, entry=entry("Mới"), actor_id=None, now=NOON)
    assert panel_changes_of(scene.edition.id) == ()


@pytest.mark.parametrize("act", ["assign_one", "unassign_one", "clear_unstarted", "apply_plan", "apply_proposal"])
def test_assignments_of_a_round_with_scores_change_in_writing_only(
    app: Flask, make: Make, scene: Scene, act: str
) -> None:
    facts: dict[str, dict[str, Any]] = {
        "assign_one": {"submission_id": scene.submissions[1].id, "judge_id": scene.other.id},
        "unassign_one": {"submission_id": scene.submissions[0].id, "judge_id": scene.judge.id},
        "clear_unstarted": {},
        "apply_plan": {"pairs": [(scene.submissions[3].id, scene.other.id)]},
        "apply_proposal": {"seed": 1, "keep": False, "expected": None},
    }
    make.submission(scene.edition)
    given: dict[str, Any] = {"round_id": scene.round.id, "actor_id": None, "now": NOON, **facts[act]}
    before = (scene.statuses(scene.judge), scene.statuses(scene.other))
    with pytest.raises(RuleBroken, match="reason_needed"), unit_of_work():
        getattr(panel, act)(**given)
    assert (scene.statuses(scene.judge), scene.statuses(scene.other)) == before
    with unit_of_work():
        getattr(panel, act)(**given, reason="Bù chỗ trống")
    assert (scene.statuses(scene.judge), scene.statuses(scene.other)) != before
    last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last is not None
    assert last.facts["reason"] == "Bù chỗ trống"


def test_a_plan_that_changes_nothing_needs_no_reason(app: Flask, scene: Scene) -> None:
    held = [(one.id, scene.judge.id) for one in (scene.submissions[0], scene.submissions[5])]
    with unit_of_work():
        done = panel.apply_plan(round_id=scene.round.id, pairs=held, actor_id=None, now=NOON)
    assert (done.added, done.removed) == (0, 0)


@pytest.fixture
def desk(app: Flask, make: Make) -> Desk:
    return desk_of(app, make)


def test_the_page_shows_the_effect_first_then_does_it(desk: Desk, noon: Any) -> None:
    make = desk.make
    round_ = make.round(desk.edition)
    judge, other = make.judge(desk.edition, make.user("Trần An")), make.judge(desk.edition, make.user("Lê Bình"))
    submission = make.submission(desk.edition, code="BT-7")
    make.scorecard(make.assignment(round_, judge, submission), [1, 1])
    with unit_of_work():
        lock_rubric(round_id=round_.id, now=NOON)
    path = f"judges/{desk.person(judge)}/leave"
    assert f"/{path}" in desk.get(f"judges/{desk.person(judge)}").text
    shown = words(desk.get(f"{path}?successor={desk.person(other)}&fate=aside"))
    assert "BT-7" in shown
    assert "is set aside, its marks stay on record" in shown
    assert "gets it" in shown
    assert db.session.scalars(select(Scorecard.status)).one() == "submitted"
    answer = desk.get(f"{path}?successor={desk.person(other)}&fate=aside")
    digest = answer.text.split('name="digest" value="')[1].split('"')[0]
    sent = {"successor": desk.person(other), "fate": "aside", "digest": digest}
    assert desk.post(path, **sent, reason="").status_code == 422
    assert desk.post(path, **{**sent, "digest": "x"}, reason="Ốm").status_code == 409
    assert desk.post(path, **sent, reason="Ốm").status_code == 303
    assert db.session.scalars(select(Scorecard.status)).one() == "voided"
    listed = words(desk.get("judges"))
    assert "Trần An was replaced → Lê Bình" in listed
    assert "Ốm" in listed
    assert desk.get(path).status_code == 404


def test_the_pages_ask_for_the_reason_and_refuse_without(desk: Desk, noon: Any) -> None:
    make = desk.make
    round_ = make.round(desk.edition)
    judge = make.judge(desk.edition, make.user("Trần An"))
    submission, other = make.submission(desk.edition), make.submission(desk.edition)
    make.scorecard(make.assignment(round_, judge, submission), [1, 1])
    by_hand = desk.at(round_, f"assignments/{other.public_id}")
    assert 'name="reason"' not in desk.get("judges/new").text + desk.get(by_hand).text
    with unit_of_work():
        lock_rubric(round_id=round_.id, now=NOON)
    assert 'name="reason"' in desk.get("judges/new").text
    assert 'name="reason"' in desk.get(by_hand).text
    new = {"name": "Hồ Muộn"}
    refused = desk.post("judges/new", **new)
    assert (refused.status_code, "written reason" in words(refused)) == (422, True)
    assert desk.post("judges/new", **new, reason="Thay người ốm").status_code == 303
    assert desk.post(f"{by_hand}/assign", judge=desk.person(judge)).status_code == 409
    assert desk.post(f"{by_hand}/assign", judge=desk.person(judge), reason="x" * 501).status_code == 409
    assert desk.post(f"{by_hand}/assign", judge=desk.person(judge), reason="Bù").status_code == 303
    assert desk.post(desk.at(round_, "assignments/clear")).status_code == 409
    assert desk.post(desk.at(round_, "assignments/clear"), reason="Chia lại").status_code == 303
