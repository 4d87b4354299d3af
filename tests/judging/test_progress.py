"""Case 8: progress divides by real assignments; who withdrew, or may not, is neither done nor expected."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from contest.editions.facts import RoundFacts
from contest.editions.models import Round
from contest.editions.queries import round_by_id
from contest.editions.rules import RoundRules
from contest.infra import audit
from contest.infra.db import unit_of_work
from contest.judging.models import Advancement, Conflict
from contest.judging.papers import WITHOUT_MARKS, PaperState
from contest.judging.progress import NOTHING, Seat, Tally, by_judge, by_submission, tally
from contest.judging.queries.panel import Work, work_by_round
from contest.judging.queries.progress import REMINDED, Reminders, progress_of, reminders_of
from contest.judging.states import ScorecardStatus
from contest.submissions.lifecycle import SubmissionStatus
from tests.conftest import NOON
from tests.counting import counted
from tests.factories import Make

seats = st.lists(
    st.builds(
        Seat,
        judge=st.integers(0, 3),
        submission=st.integers(0, 3),
        state=st.sampled_from(PaperState),
        updated_at=st.one_of(st.none(), st.integers(0, 9).map(lambda hours: NOON + timedelta(hours=hours))),
    )
)


@given(seats)
def test_case_8_a_tally_divides_by_real_assignments(listed: list[Seat]) -> None:
    found = tally(listed)
    states = [seat.state for seat in listed]
    assert found.aside == sum(states.count(one) for one in WITHOUT_MARKS)
    assert found.assigned == len(listed) - found.aside
    assert found.done == states.count(PaperState.SUBMITTED)
    assert found.open == found.assigned - found.done
    assert found.complete == (found.assigned > 0 and found.done == found.assigned)
    assert found.last == max((seat.updated_at for seat in listed if seat.updated_at), default=None)


@given(seats)
def test_both_ways_of_grouping_add_up_to_the_whole(listed: list[Seat]) -> None:
    whole = tally(listed)
    for groups in (by_judge(listed), by_submission(listed)):
        for name in ("done", "drafts", "not_started", "recused", "abstained", "voided", "assigned", "open"):
            assert sum(getattr(one, name) for one in groups.values()) == getattr(whole, name)


def test_nothing_is_not_complete() -> None:
    assert tally([]) == NOTHING
    assert not NOTHING.complete


def facts(round_: Round) -> RoundFacts:
    one = round_by_id(round_.id)
    assert one is not None
    return one


@pytest.mark.both_databases
def test_case_8_the_page_counts_what_judges_really_have(app: Flask, make: Make) -> None:
    edition = make.edition()
    round_ = make.round(edition, rules=RoundRules(judges_per_submission=3, min_judges=2))
    judge, idle = make.judge(edition, make.user("An")), make.judge(edition, make.user("Bình"))
    for status in ScorecardStatus:
        make.scorecard(make.assignment(round_, judge, make.submission(edition)), [1, 1], status)
    make.assignment(round_, judge, make.submission(edition))
    barred = make.submission(edition)
    make.scorecard(make.assignment(round_, judge, barred), [1, 1])
    gone = make.submission(edition, status=SubmissionStatus.WITHDRAWN)
    make.scorecard(make.assignment(round_, judge, gone), [1, 1])
    with unit_of_work() as session:
        session.add(Conflict(judge_id=judge.id, submission_id=barred.id))
    found = progress_of(facts(round_))
    assert found.total == Tally(done=1, drafts=1, not_started=1, recused=1, abstained=1, voided=1, last=NOON)
    assert found.conflicted == 1
    assert [(one.judge.id, one.tally.assigned, one.tally.done) for one in found.judges] == [
        (judge.id, 3, 1),
        (idle.id, 0, 0),
    ]
    assert [(one.tally.assigned, one.wanted, one.needed) for one in found.submissions] == [
        (1, 3, 2),
        (1, 3, 2),
        (0, 3, 2),
        (0, 3, 2),
        (0, 3, 2),
        (1, 3, 2),
        (0, 3, 2),
    ]
    assert work_by_round(edition.id) == {round_.id: Work(3, 1)}


@pytest.mark.both_databases
def test_where_everybody_judges_everything_a_conflict_is_not_wanted(app: Flask, make: Make) -> None:
    edition = make.edition()
    round_ = make.round(edition)
    make.submission(edition, make.team(edition, school="ĐH Luật"))
    make.judge(edition, make.user("An"), organisation="Đại học Luật")
    make.judge(edition, make.user("Bình"))
    assert [one.wanted for one in progress_of(facts(round_)).submissions] == [1]


@pytest.mark.both_databases
def test_a_later_round_counts_who_advanced(app: Flask, make: Make) -> None:
    edition = make.edition()
    judge, inside, outside = make.judge(edition), make.submission(edition), make.submission(edition)
    make.round(edition, "r1")
    final = make.round(edition, "final")
    with unit_of_work() as session:
        session.add(Advancement(round_id=final.id, submission_id=inside.id, decided_at=NOON))
    for submission in (inside, outside):
        make.assignment(final, judge, submission)
    found = progress_of(facts(final))
    assert found.total.assigned == 1
    assert [one.submission.id for one in found.submissions] == [inside.id]


@pytest.mark.both_databases
def test_reminders_are_counted_per_round(app: Flask, make: Make) -> None:
    edition = make.edition()
    first, other = make.round(edition, "r1"), make.round(edition, "r2")
    judge = make.judge(edition)

    def note(round_: Round, at: datetime) -> None:
        with unit_of_work():
            audit.record(
                at=at,
                actor_id=None,
                scope=f"edition:{edition.id}",
                action=REMINDED,
                subject=f"judge:{judge.id}",
                round=round_.code,
            )

    note(first, NOON)
    note(first, NOON + timedelta(hours=1))
    assert reminders_of(facts(first)) == {judge.id: Reminders(2, NOON + timedelta(hours=1))}
    assert reminders_of(facts(other)) == {}


@pytest.mark.both_databases
@pytest.mark.parametrize("size", [1, 3])
def test_progress_takes_the_same_number_of_queries(app: Flask, make: Make, size: int) -> None:
    edition = make.edition()
    round_ = make.round(edition)
    for _ in range(size):
        judge, submission = make.judge(edition), make.submission(edition)
        make.scorecard(make.assignment(round_, judge, submission), [1, 1])
    one = facts(round_)
    with counted(app) as queries:
        progress_of(one)
    assert len(queries) == 12
