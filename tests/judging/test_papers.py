"""A judge's paper as one request sees it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from contest.editions.facts import RoundHead
from contest.editions.phases import RoundState
from contest.editions.rules import CriterionSpec, LocalText, RoundKind
from contest.judging.papers import (
    DeskRound,
    DeskRow,
    PaperFacts,
    PaperState,
    ScorecardFacts,
    Sheet,
    StaleScorecard,
    state_of,
)
from contest.judging.states import ScorecardStatus

NOW = datetime(2026, 10, 8, 5, 0, tzinfo=UTC)
HEAD = RoundHead(
    id=2,
    edition_id=1,
    code="r1",
    name=LocalText("Vòng 1"),
    kind=RoundKind.PRELIMINARY,
    state=RoundState.SCORING,
    opens_at=None,
    closes_at=None,
    position=1,
    rubric_version=1,
    locked=False,
)
PAPER = PaperFacts(
    id=5,
    public_id="x",
    judge_id=3,
    judge_user_id=7,
    round=HEAD,
    submission_id=4,
    submission_version=1,
    code="BT-001",
    title="Ý tưởng",
    track=None,
    listed=True,
)
CARD = ScorecardFacts(
    id=9,
    status=ScorecardStatus.DRAFT,
    version=3,
    marks={11: 4, 13: 0},
    feedback="",
    private_note="",
    recusal_reason="",
    updated_at=NOW,
    submitted_at=None,
    last_key="k",
    last_digest="d",
)


def criterion(code: str, weight: str) -> CriterionSpec:
    return CriterionSpec(code, LocalText(), Decimal(1), Decimal(5), Decimal(1), Decimal(weight))


SHEET = Sheet(
    round_id=2,
    rubric_version=1,
    blind=False,
    criteria=(criterion("A", "1"), criterion("B", "2.5"), criterion("C", "0")),
    ids=(11, 12, 13),
)


def test_without_a_scorecard_nothing_was_started() -> None:
    assert (PAPER.state, PAPER.version, PAPER.points(SHEET)) == (PaperState.NOT_STARTED, 0, (None, None, None))


@pytest.mark.parametrize("status", list(ScorecardStatus))
def test_the_state_is_that_of_the_scorecard(status: ScorecardStatus) -> None:
    paper = replace(PAPER, scorecard=replace(CARD, status=status))
    assert (paper.state.value, paper.version) == (status.value, 3)
    assert state_of(status) is paper.state


def test_points_stand_in_the_order_of_the_sheet_with_zero_and_blank_apart() -> None:
    assert replace(PAPER, scorecard=CARD).points(SHEET) == (4, None, 0)


def test_the_highest_total_weighs_each_criterion() -> None:
    assert SHEET.maximum == Decimal("17.5")
    assert replace(SHEET, criteria=(), ids=()).maximum == 0


@pytest.mark.parametrize("state", list(RoundState))
@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize("user_id", [7, 8, None])
def test_a_paper_opens_to_its_judge_while_it_is_listed_and_past_the_set_up(
    state: RoundState, user_id: int | None, *, listed: bool
) -> None:
    paper = replace(PAPER, round=replace(HEAD, state=state), listed=listed)
    assert paper.opens_to(user_id) is (user_id == 7 and listed and state is not RoundState.DRAFT)


def test_progress_divides_by_what_is_the_judges_to_score() -> None:
    states = [PaperState.SUBMITTED, PaperState.SUBMITTED, PaperState.DRAFT, PaperState.NOT_STARTED, PaperState.RECUSED]
    desk = DeskRound(HEAD, tuple(DeskRow(i, f"p{i}", "", "", None, "", s) for i, s in enumerate(states)))
    assert (desk.done, desk.total) == (2, 4)


def test_a_stale_answer_carries_what_is_stored() -> None:
    stale = StaleScorecard(PAPER)
    assert (stale.code, stale.facts, stale.paper) == ("scorecard_stale", {}, PAPER)
