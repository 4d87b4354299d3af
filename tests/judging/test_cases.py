"""What happened to others: the acceptance cases about who counts."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from contest.accounts.models import User
from contest.editions import services as editions
from contest.editions.models import Edition, Round
from contest.editions.queries import round_by_id
from contest.editions.rules import CriterionSpec, LocalText, RoundRules, Rubric
from contest.errors import RuleBroken
from contest.infra.db import db, unit_of_work
from contest.judging.models import Assignment, Judge, Scorecard
from contest.judging.panel_change import Fate
from contest.judging.panel_list import PanelEntry
from contest.judging.papers import Entry
from contest.judging.queries.desk import desk_of, paper_of, sheet_of
from contest.judging.queries.panel import work_of
from contest.judging.queries.progress import progress_of
from contest.judging.queries.scores import score_table
from contest.judging.scoring import MarkState
from contest.judging.services import panel, scoring
from contest.judging.states import ScorecardStatus
from tests.conftest import NOON
from tests.factories import Make

pytestmark = pytest.mark.both_databases


def facts(round_: Round) -> Any:
    found = round_by_id(round_.id)
    assert found is not None
    return found


def write(round_: Round, assignment: Assignment, judge: Judge, texts: dict[str, str], *, submit: bool = True) -> None:
    """The judge saves through the service, as the page does."""
    edition_id, key = round_.edition_id, f"key-{assignment.public_id}-{sorted(texts.items())}"
    with unit_of_work():
        paper = paper_of(edition_id, assignment.public_id)
        assert paper is not None
        entry = Entry(paper.version, sheet_of(paper.round).rubric_version, key[:64], texts, submit=submit)
        scoring.save_scorecard(
            edition_id=edition_id, assignment=assignment.public_id, actor_id=judge.user_id, entry=entry, now=NOON
        )


def pairs(edition: Edition) -> list[tuple[int, int, int]]:
    rows = db.session.execute(
        select(Assignment.round_id, Assignment.submission_id, Assignment.judge_id)
        .join(Round, Round.id == Assignment.round_id)
        .where(Round.edition_id == edition.id)
    )
    return [tuple(row) for row in rows]  # type: ignore[misc]  # three columns


def test_case_07_a_judge_joins_leaves_and_the_number_changes_and_nobody_gets_an_entry_twice(
    app: Flask, make: Make, noon: datetime
) -> None:
    edition = make.edition()
    round_ = make.round(edition, rules=RoundRules(judges_per_submission=1))
    submissions = [make.submission(edition) for _ in range(6)]
    first, second = make.judge(edition, make.user("An")), make.judge(edition, make.user("Bình"))
    given: dict[str, Any] = {"round_id": round_.id, "actor_id": None, "now": NOON}
    with unit_of_work():
        panel.apply_proposal(seed=1, keep=False, expected=None, **given)
    begun = db.session.scalars(select(Assignment).where(Assignment.judge_id == first.id)).first()
    assert begun is not None
    write(round_, begun, first, {"C1": "8", "C2": "7"})
    late: dict[str, Any] = {"reason": "Thay người ốm"}
    with unit_of_work():
        third = panel.add_judge(edition_id=edition.id, entry=PanelEntry(name="Cúc"), actor_id=None, now=NOON, **late)
        panel.let_leave(
            edition_id=edition.id, judge_id=first.id, successor_id=second.id, fate=Fate.STAY, expected=None,
            actor_id=None, now=NOON, reason="Đi công tác",
        )  # fmt: skip
    with unit_of_work() as session:
        session.get_one(Round, round_.id).rules = {"judges_per_submission": 2}
    with unit_of_work():
        panel.apply_proposal(seed=2, keep=True, expected=None, reason="Thêm một giám khảo mỗi bài", **given)
    held = pairs(edition)
    assert len(held) == len(set(held))
    assert {judge for _, _, judge in held} == {first.id, second.id, third}
    for submission in submissions:
        judging = [judge for _, entry, judge in held if entry == submission.id]
        assert len(judging) == len(set(judging)) == 2
    assert [judge for _, _, judge in held].count(first.id) == 1  # the paper that was handed in stays
    assert db.session.scalars(select(Scorecard.status)).all() == [ScorecardStatus.SUBMITTED]


def test_case_08_skip_never_counts_as_done_and_progress_divides_by_real_assignments(
    app: Flask, make: Make, noon: datetime
) -> None:
    edition = make.edition()
    round_ = make.round(edition, rules=RoundRules(judges_per_submission=1))
    judge = make.judge(edition, make.user("An"))
    submissions = [make.submission(edition) for _ in range(4)]
    skipped, withdrawn, zero, _blank = papers = [make.assignment(round_, judge, one) for one in submissions]
    write(round_, skipped, judge, {"C1": "9", "C2": "9"})
    write(round_, zero, judge, {"C1": "0", "C2": "0"})
    acts: dict[str, Any] = {"edition_id": edition.id, "actor_id": judge.user_id, "now": NOON}
    with unit_of_work():
        scoring.abstain(assignment=skipped.public_id, reason="Vắng mặt lúc trình bày", **acts)
        scoring.recuse(assignment=withdrawn.public_id, reason="Người nhà", **acts)
    total = progress_of(facts(round_)).total
    assert (total.assigned, total.done, total.open, total.abstained, total.recused) == (2, 1, 1, 1, 1)
    assert not total.complete
    assert (work_of(edition.id)[judge.id].assigned, work_of(edition.id)[judge.id].done) == (2, 1)
    (desk,) = desk_of(edition.id, judge.user_id)
    assert (desk.done, desk.total) == (1, 2)
    # Abstained, recused, zero and blank are four different things, and only the zero counts.
    cards = {card.submission: card for card in score_table(facts(round_), [one.id for one in submissions]).cards}
    assert [cards[place].state(0) for place in range(4)] == [
        MarkState.ABSTAINED, MarkState.RECUSED, MarkState.GIVEN, MarkState.BLANK,
    ]  # fmt: skip
    assert [cards[place].counts for place in range(4)] == [False, False, True, False]
    with unit_of_work():
        scoring.resume(assignment=skipped.public_id, **acts)
    assert progress_of(facts(round_)).total.assigned == 3
    assert len(papers) == 4


def test_case_21_a_changed_panel_keeps_or_voids_the_old_scorecard_and_the_rubric_locks_at_the_first_score(
    app: Flask, make: Make, noon: datetime
) -> None:
    edition = make.edition()
    round_ = make.round(edition, rules=RoundRules(judges_per_submission=1))
    judges = [make.judge(edition, make.user(name)) for name in ("An", "Bình", "Cúc")]
    submissions = [make.submission(edition) for _ in range(2)]
    rubric = Rubric((CriterionSpec("X", LocalText("X"), Decimal(0), Decimal(5), Decimal(1), Decimal(1)),))
    kept, voided = (
        make.assignment(round_, judge, submission) for judge, submission in zip(judges, submissions, strict=False)
    )
    with unit_of_work():  # nothing is scored: the rubric is free
        editions.set_rules(round_id=round_.id, rules=RoundRules(judges_per_submission=1), actor_id=None, now=NOON)
    write(round_, kept, judges[0], {"C1": "8", "C2": "7"})
    write(round_, voided, judges[1], {"C1": "3", "C2": "4"})
    with pytest.raises(RuleBroken), unit_of_work():
        editions.replace_rubric(round_id=round_.id, rubric=rubric, actor_id=None, now=NOON)
    before = facts(round_).rubric
    for judge, fate in ((judges[0], Fate.STAY), (judges[1], Fate.ASIDE)):
        with unit_of_work():
            panel.let_leave(
                edition_id=edition.id, judge_id=judge.id, successor_id=judges[2].id, fate=fate, expected=None,
                actor_id=None, now=NOON, reason="Nghỉ ốm",
            )  # fmt: skip
    table = score_table(facts(round_), [one.id for one in submissions])
    counted = {(card.submission, table.judges[card.judge].id): card.counts for card in table.cards}
    assert counted == {(0, judges[0].id): True, (1, judges[2].id): False}
    old = db.session.scalars(select(Scorecard).where(Scorecard.assignment_id == voided.id)).one()
    assert (old.status, old.recusal_reason, sorted(score.points for score in old.scores)) == (
        ScorecardStatus.VOIDED, "Nghỉ ốm", [6, 8],
    )  # fmt: skip
    assert facts(round_).rubric == before
    assert db.session.get_one(User, judges[1].user_id).is_active
