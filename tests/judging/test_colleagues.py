"""Two judges of one school or firm on one submission: allowed, pointed out, or never."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from contest.editions.models import Round
from contest.editions.rules import RoundRules
from contest.errors import RuleBroken
from contest.infra.db import db, unit_of_work
from contest.judging.colleagues import barred, together
from contest.judging.models import Assignment, Judge
from contest.judging.planning import BarReason, Board, Candidate, Holding, propose
from contest.judging.queries.conflict_rules import colleagues_of
from contest.judging.queries.panel import judges_of
from contest.judging.services import conflict_rules, panel
from contest.judging.states import Colleagues
from contest.submissions.models import Submission
from tests.factories import Make

FIRM = frozenset({(0, 1), (0, 2), (1, 2)})


def board(submissions: int, judges: int, wanted: int | None, **more: object) -> Board:
    empty = Board((frozenset(),) * submissions, (Candidate(),) * judges, wanted, {}, {})
    return replace(empty, **more)  # type: ignore[arg-type]  # any field


def test_who_sits_together() -> None:
    pairs = [(0, 0), (0, 1), (0, 3), (1, 2), (1, 3), (2, 1), (2, 2)]
    assert together(pairs, FIRM) == [(0, 0, 1), (2, 1, 2)]
    assert together(pairs, frozenset()) == []


def test_who_stays_keeps_the_seat_else_who_fits() -> None:
    def part(held: set[tuple[int, int]]) -> frozenset[tuple[int, int]]:
        return barred([(0, 0, 1)], FIRM, stays=held.__contains__, fits=lambda pair: float(pair[1] == 1))

    assert part(set()) == {(0, 0), (0, 2)}
    assert part({(0, 0)}) == {(0, 1), (0, 2)}
    assert part({(0, 0), (0, 1)}) == {(0, 2)}


@given(st.integers(1, 6), st.integers(1, 6), st.integers(1, 3), st.integers(0, 9), st.booleans())
def test_a_plan_keeps_colleagues_apart_and_says_why_a_seat_is_empty(
    submissions: int,
    judges: int,
    wanted: int,
    seed: int,
    keep: bool,  # noqa: FBT001  # drawn
) -> None:
    friends = frozenset((one, other) for one, other in FIRM if other < judges)
    one = board(submissions, judges, wanted, colleagues=friends, keep_apart=True)
    found = propose(one, seed=seed, keep=keep)
    assert together(found.pairs, friends) == []
    most = min(wanted, judges - max(0, min(judges, 3) - 1))
    assert len(found.pairs) == submissions * most
    for gap in found.gaps:
        assert {bar.reason for bar in gap.bars} <= {BarReason.CONFLICT}


def test_papers_that_were_begun_together_stay_together() -> None:
    held = {(0, 0): Holding.STARTED, (0, 1): Holding.STARTED}
    found = propose(board(1, 4, 3, held=held, colleagues=FIRM, keep_apart=True), seed=0, keep=True)
    assert found.pairs == ((0, 0), (0, 1), (0, 3))


def test_a_plan_that_may_only_warns() -> None:
    assert len(propose(board(2, 3, 3, colleagues=FIRM), seed=0, keep=False).pairs) == 6


class Room:
    """A round with two entries and three judges, two of whom come from one firm under two names."""

    def __init__(self, make: Make, noon: datetime, rule: Colleagues) -> None:
        self.noon, self.edition = noon, make.edition()
        self.round: Round = make.round(self.edition, rules=RoundRules(judges_per_submission=2))
        self.entries: list[Submission] = [make.submission(self.edition) for _ in range(2)]
        firms = ("Công ty Sao Mai", "Morning Star", "Trường Đại học Luật")
        self.judges: list[Judge] = [
            make.judge(self.edition, make.user(f"Người {n}"), organisation=firm) for n, firm in enumerate(firms)
        ]
        with unit_of_work():
            conflict_rules.set_rules(
                edition_id=self.edition.id, colleagues=rule, teams_declare=False,
                aliases=[("Cty Sao Mai", "Morning Star")], actor_id=None, now=noon,
            )  # fmt: skip

    def put(self, entry: int, judge: int) -> None:
        with unit_of_work():
            panel.assign_one(
                round_id=self.round.id, submission_id=self.entries[entry].id, judge_id=self.judges[judge].id,
                actor_id=None, now=self.noon,
            )  # fmt: skip


def test_kept_apart_by_plan_by_hand_and_by_list(app: Flask, make: Make, noon: datetime) -> None:
    room = Room(make, noon, Colleagues.NEVER)
    by = {"round_id": room.round.id, "actor_id": None, "now": noon}
    room.put(0, 0)
    with pytest.raises(RuleBroken, match="colleagues_together"):
        room.put(0, 1)
    pairs = [(room.entries[1].id, room.judges[n].id) for n in (0, 1)]
    with pytest.raises(RuleBroken, match="colleagues_together"), unit_of_work():
        panel.apply_plan(pairs=pairs, **by)  # type: ignore[arg-type]  # all three
    with unit_of_work():
        panel.apply_proposal(seed=1, keep=False, expected=None, **by)  # type: ignore[arg-type]  # all three
    seated = db.session.execute(select(Assignment.submission_id, Assignment.judge_id)).all()
    assert len(seated) == 4
    friends = {room.judges[0].id, room.judges[1].id}
    for entry in room.entries:
        assert len(friends & {judge for one, judge in seated if one == entry.id}) == 1


@pytest.mark.parametrize("rule", [Colleagues.ALLOW, Colleagues.WARN])
def test_together_where_it_is_no_rule(app: Flask, make: Make, noon: datetime, rule: Colleagues) -> None:
    room = Room(make, noon, rule)
    room.put(0, 0)
    room.put(0, 1)
    pairs, apart = colleagues_of(room.edition.id, judges_of(room.edition.id))
    assert (len(pairs), apart) == (0 if rule is Colleagues.ALLOW else 1, False)


def test_an_edition_without_rules_warns(app: Flask, make: Make) -> None:
    edition = make.edition()
    for name in ("Lý Cảnh", "Cao Minh"):
        make.judge(edition, make.user(name), organisation="Sao Mai")
    assert colleagues_of(edition.id, judges_of(edition.id)) == (frozenset({(0, 1)}), False)
