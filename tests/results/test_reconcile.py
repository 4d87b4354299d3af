"""Everything adds up, or the difference is named with its entry and its judge (TRUST RS-10)."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from contest.editions.facts import RoundFacts
from contest.editions.models import Criterion
from contest.editions.queries import round_by_id
from contest.errors import RuleBroken
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.judging.models import Assignment, Conflict, Judge, Score, Scorecard
from contest.judging.states import ScorecardStatus
from contest.results.models import RulingRow, Snapshot
from contest.results.queries import live_report
from contest.results.queries.books import reconciliation_of
from contest.results.reconcile import FATES, Difference, Fate, Paper, Reconciliation, Rows, Tally, reconcile
from contest.results.rulings import RulingKind
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission
from tests.factories import Make
from tests.results import way
from tests.results.conftest import Scored

PAIRS = tuple((f"E{entry}", f"J{judge}") for entry in (1, 2, 3) for judge in (1, 2))


def paper(pair: tuple[str, str], status: str = "submitted", marks: tuple[str, ...] = ("C1", "C2")) -> Paper:
    return Paper(pair, status, marks, points=len(marks) * 5, rubric_version=1)


def whole(**values: object) -> Rows:
    papers = tuple(paper(pair) for pair in PAIRS)
    rows = Rows(("C1", "C2"), 1, PAIRS, papers, frozenset(PAIRS), closing={one.pair: one.noted for one in papers})
    return replace(rows, **values)  # type: ignore[arg-type]


def test_what_adds_up_has_no_difference() -> None:
    found = reconcile(whole())
    assert (found.holds, found.differences, found.missing) == (True, (), ())
    assert found.total == Tally(expected=6, scored=6)
    assert dict(found.entries)["E1"] == Tally(expected=2, scored=2)
    assert dict(found.judges)["J2"] == Tally(expected=3, scored=3)


def test_the_four_fates_are_told_apart() -> None:
    papers = (paper(PAIRS[0]), paper(PAIRS[1], "abstained", ()), paper(PAIRS[2], "recused"), paper(PAIRS[3], "draft"))
    found = reconcile(whole(papers=papers, counted=frozenset(PAIRS[:1]), closing=None))
    assert found.holds
    assert found.total == Tally(expected=6, scored=1, abstained=1, recused=1, missing=3)
    assert found.missing == PAIRS[3:]
    assert set(FATES.values()) == set(Fate)


def test_every_state_of_a_scorecard_has_a_fate() -> None:
    assert set(FATES) == {status.value for status in ScorecardStatus}


def test_a_declared_conflict_puts_a_scorecard_aside() -> None:
    found = reconcile(whole(aside=frozenset(PAIRS[:1]), counted=frozenset(PAIRS[1:])))
    assert found.holds
    assert (found.total.scored, found.total.recused) == (5, 1)


def test_a_draft_with_every_mark_may_count() -> None:
    papers = (paper(PAIRS[0], "draft"), *(paper(pair) for pair in PAIRS[1:]))
    assert reconcile(whole(papers=papers, closing=None, complete=True)).total.scored == 6
    half = (paper(PAIRS[0], "draft", ("C1",)), *papers[1:])
    found = reconcile(whole(papers=half, closing=None, complete=True, counted=frozenset(PAIRS[1:])))
    assert (found.total.missing, found.holds) == (1, True)


def test_a_missing_part_excuses_its_blank_marks() -> None:
    papers = (paper(PAIRS[0], marks=("C1",)), *(paper(pair) for pair in PAIRS[1:]))
    refused = reconcile(whole(papers=papers, closing=None, counted=frozenset(PAIRS[1:])))
    assert refused.differences == (Difference("mark_missing", "E1", "J1", "C2"),)
    assert reconcile(whole(papers=papers, closing=None, excused={"E1": frozenset({"C2"})})).holds


DAMAGE: dict[str, dict[str, object]] = {
    "seat_twice": {"seats": (*PAIRS, PAIRS[0])},
    "paper_twice": {"papers": (*(paper(pair) for pair in PAIRS), paper(PAIRS[0]))},
    "paper_without_seat": {"seats": PAIRS[1:], "closing": None},
    "mark_missing": {"papers": (paper(PAIRS[0], marks=("C1",)), *(paper(p) for p in PAIRS[1:])), "closing": None},
    "mark_foreign": {"papers": (paper(PAIRS[0], marks=("C1", "C2", "?")), *(paper(p) for p in PAIRS[1:]))},
    "mark_twice": {"papers": (paper(PAIRS[0], marks=("C1", "C2", "C2")), *(paper(p) for p in PAIRS[1:]))},
    "rubric_outdated": {"papers": (replace(paper(PAIRS[0]), rubric_version=0), *(paper(p) for p in PAIRS[1:]))},
    "not_counted": {"counted": frozenset(PAIRS[1:])},
    "counted_wrongly": {"papers": (paper(PAIRS[0], "recused"), *(paper(p) for p in PAIRS[1:]))},
    "vanished": {"seats": PAIRS[1:], "papers": tuple(paper(p) for p in PAIRS[1:]), "counted": frozenset(PAIRS[1:])},
    "appeared": {"closing": {pair: paper(pair).noted for pair in PAIRS[1:]}},
    "changed": {"papers": (replace(paper(PAIRS[0]), points=11), *(paper(p) for p in PAIRS[1:]))},
    "trace_lost": {"traced": frozenset(PAIRS[:1])},
}


@pytest.mark.parametrize("code", DAMAGE)
def test_every_kind_of_damage_is_named_with_entry_and_judge(code: str) -> None:
    found = reconcile(whole(**DAMAGE[code]))
    assert [(one.entry, one.judge) for one in found.differences if one.code == code] == [PAIRS[0]]
    assert {(one.entry, one.judge) for one in found.differences} == {PAIRS[0]}
    assert not found.holds


@given(st.permutations(range(6)), st.permutations(range(6)))
def test_the_order_of_rows_means_nothing(seats: list[int], papers: list[int]) -> None:
    rows = whole(seats=tuple(PAIRS[i] for i in seats), papers=tuple(paper(PAIRS[i]) for i in papers))
    assert reconcile(rows) == reconcile(whole())


class Vandal:
    """Somebody with the database open: deletes, copies or changes one row at random, and says which paper it hit."""

    def __init__(self, scored: Scored, seed: int) -> None:
        self.scored, self.random = scored, random.Random(seed)
        self.cards = db.session.scalars(select(Scorecard).order_by(Scorecard.id)).all()
        self.card = self.random.choice(self.cards)
        self.seat = db.session.get_one(Assignment, self.card.assignment_id)
        self.entry = next(one.code for one in scored.submissions if one.id == self.seat.submission_id)
        self.judge = next(one.code for one in scored.judges if one.id == self.seat.judge_id)

    def delete_mark(self) -> None:
        mark = self.random.choice(self.card.scores)
        db.session.execute(
            delete(Score).where(Score.scorecard_id == mark.scorecard_id, Score.criterion_id == mark.criterion_id)
        )

    def delete_card(self) -> None:
        db.session.execute(delete(Score).where(Score.scorecard_id == self.card.id))
        db.session.execute(delete(Scorecard).where(Scorecard.id == self.card.id))

    def delete_seat(self) -> None:
        self.delete_card()
        db.session.execute(delete(Assignment).where(Assignment.id == self.seat.id))

    def copy_to_another_judge(self) -> None:
        other = db.session.scalars(select(Judge).where(Judge.id.not_in([one.id for one in self.scored.judges]))).one()
        seat = Assignment(
            round_id=self.seat.round_id, judge_id=other.id, submission_id=self.seat.submission_id,
            created_at=self.seat.created_at,
        )  # fmt: skip
        seat.scorecard = Scorecard(status=self.card.status, updated_at=self.card.updated_at)
        seat.scorecard.scores = [
            Score(criterion_id=one.criterion_id, points=one.points, max_points=one.max_points)
            for one in self.card.scores
        ]
        db.session.add(seat)
        self.judge = other.code

    def copy_to_another_round(self) -> None:
        """Move a mark onto a criterion of the final."""
        mark = self.random.choice(self.card.scores)
        foreign = db.session.scalars(select(Criterion).where(Criterion.round_id == self.scored.final.id).limit(1)).one()
        mark.criterion_id = foreign.id

    def change_mark(self) -> None:
        mark = self.random.choice(self.card.scores)
        mark.points = (mark.points + 1) % (mark.max_points + 1)

    def take_back(self) -> None:
        self.card.status = ScorecardStatus.DRAFT

    def age(self) -> None:
        self.card.rubric_version = 9

    ACTS = (
        *(delete_mark, delete_card, delete_seat, change_mark, take_back, age),
        *(copy_to_another_judge, copy_to_another_round),
    )


@pytest.mark.both_databases
@pytest.mark.parametrize("act", Vandal.ACTS, ids=lambda act: act.__name__)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_rs_10_a_row_that_is_deleted_copied_or_changed_stops_confirming_and_names_the_paper(
    app: Flask, make: Make, scored: Scored, noon: datetime, act: object, seed: int
) -> None:
    make.judge(scored.edition, name="Người thứ ba")
    way.close(scored.facts, scored.first.id, noon)
    with unit_of_work():
        vandal = Vandal(scored, seed)
        act(vandal)  # type: ignore[operator]  # one of Vandal's methods
    with pytest.raises(RuleBroken, match="reconcile_") as refused:
        way.confirm(scored.facts, scored.first.id, scored.organiser.id, noon)
    assert (refused.value.facts["entry"], refused.value.facts["judge"]) == (vandal.entry, vandal.judge)


@pytest.mark.both_databases
@pytest.mark.parametrize("act", Vandal.ACTS, ids=lambda act: act.__name__)
def test_rs_10_finalising_looks_again(app: Flask, make: Make, scored: Scored, noon: datetime, act: object) -> None:
    make.judge(scored.edition, name="Người thứ ba")
    way.close(scored.facts, scored.first.id, noon)
    way.confirm(scored.facts, scored.first.id, scored.organiser.id, noon)
    with unit_of_work():
        vandal = Vandal(scored, 4)
        act(vandal)  # type: ignore[operator]  # one of Vandal's methods
    with pytest.raises(RuleBroken, match="reconcile_") as refused:
        way.freeze(scored.facts, scored.first.id, scored.organiser.id, noon)
    assert (refused.value.facts["entry"], refused.value.facts["judge"]) == (vandal.entry, vandal.judge)
    assert db.session.query(Snapshot).count() == 0


@pytest.mark.both_databases
def test_rs_10_a_paper_lost_before_closing_is_known_from_the_trail(app: Flask, scored: Scored, noon: datetime) -> None:
    card = db.session.scalars(select(Scorecard).order_by(Scorecard.id)).first()
    assert card is not None
    with unit_of_work() as session:
        session.add(
            AuditEntry(
                at=noon, actor_id=scored.judges[0].user_id, scope=f"edition:{scored.edition.id}",
                action="scorecard.submitted", subject=f"scorecard:{card.id + 1000}",
                chained={"round": "r1", "submission": scored.submissions[1].code, "version": 1},
            )
        )  # fmt: skip
    found = reconciliation_of(_round(scored), live_report(scored.facts, _round(scored)))
    assert found.differences == (Difference("trace_lost", scored.submissions[1].code, scored.judges[0].code),)


def _round(scored: Scored) -> RoundFacts:
    found = round_by_id(scored.first.id)
    assert found is not None
    return found


@pytest.mark.both_databases
def test_the_rows_are_read_as_they_are_stored(app: Flask, make: Make, scored: Scored, noon: datetime) -> None:
    extra = [make.judge(scored.edition) for _ in range(3)]
    entry = scored.submissions[0]
    for judge, status in zip(extra, (ScorecardStatus.RECUSED, ScorecardStatus.ABSTAINED, None), strict=True):
        seat = make.assignment(scored.first, judge, entry)
        if status is not None:
            make.scorecard(seat, [1, None], status)
    with unit_of_work() as session:
        session.add(Conflict(judge_id=scored.judges[0].id, submission_id=entry.id, reason="Chú ruột"))
    found = reconciliation_of(_round(scored), live_report(scored.facts, _round(scored)))
    assert found.differences == ()
    assert dict(found.entries)[entry.code] == Tally(expected=5, scored=1, abstained=1, recused=2, missing=1)
    assert found.missing == ((entry.code, extra[2].code),)


def test_a_missing_part_is_read_from_its_ruling(app: Flask, make: Make, scored: Scored, noon: datetime) -> None:
    with unit_of_work() as session:
        criterion = session.scalars(select(Criterion).where(Criterion.round_id == scored.first.id)).first()
        assert criterion is not None
        criterion.part_code = "video"
        card = session.scalars(select(Scorecard).order_by(Scorecard.id)).first()
        assert card is not None
        session.execute(delete(Score).where(Score.scorecard_id == card.id, Score.criterion_id == criterion.id))
    assert [one.code for one in _found(scored).differences] == ["mark_missing"]
    with unit_of_work() as session:
        session.add(
            RulingRow(
                round_id=scored.first.id, submission_id=scored.submissions[0].id, kind=RulingKind.MISSING_PART,
                value="video", reason="Không nộp video", author="BTC", decided_at=noon,
            )
        )  # fmt: skip
    assert _found(scored).differences == ()


def _found(scored: Scored) -> Reconciliation:
    return reconciliation_of(_round(scored), live_report(scored.facts, _round(scored)))


def test_the_rows_of_who_left_the_round_are_left_out(app: Flask, scored: Scored, noon: datetime) -> None:
    way.close(scored.facts, scored.first.id, noon)
    with unit_of_work() as session:
        session.get_one(Submission, scored.submissions[0].id).status = SubmissionStatus.WITHDRAWN
    found = _found(scored)
    assert (found.total.expected, found.differences) == (4, ())
