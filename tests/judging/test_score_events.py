"""The record of a scorecard: one event per change, kept by the database itself; keys, moments, closing in flight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from contest.accounts.models import User
from contest.editions.models import Edition, Round
from contest.editions.phases import RoundState
from contest.errors import RuleBroken
from contest.infra import clock, wiping
from contest.infra.db import db, unit_of_work
from contest.infra.signing import fingerprint
from contest.judging.events import (
    EventKind,
    MarkChange,
    ScoreEvent,
    changes,
    digest_start,
    first_broken,
    receipt_of,
)
from contest.judging.marks import MarksRefused
from contest.judging.models import Assignment, Judge, Scorecard, ScoreEventRow
from contest.judging.papers import Entry, PaperFacts
from contest.judging.queries.desk import paper_of
from contest.judging.services import scoring
from tests.factories import Make
from tests.judging.test_scoring_services import NOW, Desk

both = pytest.mark.both_databases


@pytest.fixture
def desk(make: Make) -> Desk:
    return Desk(make)


def rows() -> list[ScoreEventRow]:
    db.session.rollback()
    return list(db.session.scalars(select(ScoreEventRow).order_by(ScoreEventRow.id)))


def told() -> list[tuple[str, int, dict[str, str]]]:
    return [(row.kind.value, row.version, row.marks) for row in rows()]


def read(row: ScoreEventRow, assignment: str) -> ScoreEvent:
    names = ("code", "actor_id", "kind", "final", "version", "rubric_version", "at", "content", "marks", "digest")
    values = {name: getattr(row, name) for name in (*names, "feedback_changed", "note_changed", "previous")}
    return ScoreEvent(assignment=assignment, key=row.key or "", **values)


# One event per change


@both
def test_every_change_is_one_event_chained_to_the_one_before(desk: Desk) -> None:
    first = desk.save({"C1": "8,5"}, feedback="Rõ")
    desk.save({"C1": "8.5", "C2": "0"}, version=1, key="key-2", submit=True)
    desk.save({"C1": "9", "C2": "0"}, version=2, key="key-3", private_note="Riêng")
    desk.recuse()
    assert told() == [
        ("saved", 1, {"C1": "8.5"}),
        ("submitted", 2, {"C1": "8.5", "C2": "0"}),
        ("changed", 3, {"C1": "9", "C2": "0"}),
        ("recused", 4, {"C1": "9", "C2": "0"}),
    ]
    stored = [read(row, desk.public_id) for row in rows()]
    assert first.event == stored[0]
    assert first_broken(stored, fingerprint) is None
    assert [one.previous for one in stored[1:]] == [one.digest for one in stored[:-1]]
    assert [(one.feedback_changed, one.note_changed) for one in stored] == [
        *((True, False), (True, False), (False, True), (False, False)),
    ]
    assert [one.key for one in stored] == ["key-1", "key-2", "key-3", ""]
    assert desk.stored().proof == stored[-1].digest


@both
def test_an_event_says_who_when_and_on_which_rubric(desk: Desk) -> None:
    desk.save({"C1": "8"}, now=NOW + timedelta(microseconds=7))
    row = rows()[0]
    assert (row.actor_id, row.at, row.rubric_version) == (desk.user_id, NOW + timedelta(microseconds=7), 1)
    assert (row.round_id, row.assignment_id, len(row.code)) == (desk.round_id, desk.assignment_id, 12)


@both
def test_what_is_refused_leaves_no_event(desk: Desk) -> None:
    with pytest.raises(MarksRefused):
        desk.save({"C1": "11"})
    with pytest.raises(MarksRefused):
        desk.save({"C1": "8"}, submit=True)
    assert rows() == []


@both
def test_scorecard_marks_and_event_are_stored_together_or_not_at_all(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any, **_values: Any) -> None:
        raise OSError("power")

    monkeypatch.setattr(scoring, "trace", fail)
    with pytest.raises(OSError, match="power"):
        desk.save({"C1": "8", "C2": "7"}, submit=True)
    assert rows() == []
    assert desk.stored().scorecard is None
    assert desk.points() == (None, None)


# The database keeps what it has

CHANGES = (
    "UPDATE score_events SET marks = '{}'",
    "UPDATE score_events SET at = '2020-01-01 00:00:00'",
    "UPDATE score_events SET version = version + 1",
    "DELETE FROM score_events",
)


@both
@pytest.mark.parametrize("statement", CHANGES)
def test_the_database_refuses_to_change_or_delete_an_event(desk: Desk, statement: str) -> None:
    desk.save({"C1": "8"})
    with pytest.raises(IntegrityError, match="a score event is never"), unit_of_work() as session:
        session.execute(text(statement))
    assert told() == [("saved", 1, {"C1": "8"})]


def test_sqlite_refuses_to_replace_an_event(desk: Desk) -> None:
    desk.save({"C1": "8"})
    columns = ", ".join(column.name for column in ScoreEventRow.__table__.columns if column.name != "marks")
    copied = text(f"INSERT OR REPLACE INTO score_events (marks, {columns}) SELECT '{{}}', {columns} FROM score_events")  # noqa: S608
    with pytest.raises(IntegrityError, match="never deleted"), unit_of_work() as session:
        session.execute(copied)
    assert told() == [("saved", 1, {"C1": "8"})]


@both
def test_postgresql_refuses_to_empty_the_table(desk: Desk) -> None:
    desk.save({"C1": "8"})
    if db.engine.dialect.name == "sqlite":
        assert len(rows()) == 1
        return
    with pytest.raises(DBAPIError, match="never deleted"), unit_of_work() as session:
        session.execute(text("TRUNCATE score_events"))
    assert len(rows()) == 1


@both
def test_the_events_of_a_rehearsal_go_with_it(desk: Desk) -> None:
    desk.save({"C1": "8"})
    with unit_of_work():
        db.session.get_one(Edition, desk.edition_id).is_test = True
    with unit_of_work() as session:
        counts = {"score_events": session.execute(text("DELETE FROM score_events")).rowcount}  # type: ignore[attr-defined]
    assert counts == {"score_events": 1}
    assert "score_events" in wiping.covered()


# Keys


@both
def test_a_key_sent_again_much_later_answers_what_it_was_answered_and_changes_nothing(desk: Desk) -> None:
    first = desk.save({"C1": "8"}, feedback="Rõ")
    desk.save({"C1": "9", "C2": "1"}, version=1, key="key-2", submit=True, now=NOW + timedelta(minutes=1))
    again = desk.save({"C1": "8"}, feedback="Rõ", now=NOW + timedelta(minutes=9))
    assert (again.event, again.version, again.state) == (first.event, 1, "draft")
    assert again.scorecard is not None
    assert first.scorecard is not None
    assert (again.scorecard.marks, again.scorecard.updated_at) == (first.scorecard.marks, NOW)
    assert (again.scorecard.feedback, again.scorecard.last_key) == ("Rõ", "key-1")
    assert again.proof != first.proof
    assert [kind for kind, *_ in told()] == ["saved", "submitted"]
    assert desk.points() == (18, 2)


@both
@pytest.mark.parametrize(
    "other", [{"texts": {"C1": "9"}}, {"feedback": "khác"}, {"private_note": "x"}, {"submit": True}]
)
def test_an_earlier_key_with_another_content_is_refused(desk: Desk, other: dict[str, Any]) -> None:
    desk.save({"C1": "8"})
    desk.save({"C1": "9"}, version=1, key="key-2")
    entry = {"texts": {"C1": "8"}, "version": 2, **other}
    with pytest.raises(RuleBroken) as refused:
        desk.save(entry.pop("texts"), **entry)
    assert refused.value.code == "key_reused"
    assert len(rows()) == 2


@both
def test_a_key_belongs_to_its_paper_and_to_its_person(desk: Desk, make: Make) -> None:
    desk.save({"C1": "8"})
    mine = make.assignment(desk.round, desk.judge, make.submission(desk.edition))
    other = make.judge(desk.edition)
    theirs = make.assignment(desk.round, other, desk.submission)

    def save(assignment: str, user_id: int) -> PaperFacts:
        entry = Entry(version=0, rubric_version=1, key="key-1", texts={"C1": "8"})
        with unit_of_work():
            return scoring.save_scorecard(
                edition_id=desk.edition_id, assignment=assignment, actor_id=user_id, entry=entry, now=NOW
            )

    mine_id, their_id, their_user = mine.public_id, theirs.public_id, other.user_id
    with pytest.raises(RuleBroken) as refused:
        save(mine_id, desk.user_id)
    assert refused.value.code == "key_reused"
    assert save(their_id, their_user).version == 1
    assert len(rows()) == 2


def at_once(app: Flask, count: int, act: Any) -> list[Any]:
    """Run `act(number)` in threads released together; return answers and refusals."""
    barrier, found = Barrier(count), [None] * count

    def run(number: int) -> None:
        with app.app_context():
            barrier.wait()
            try:
                found[number] = act(number)
            except RuleBroken as refused:
                found[number] = refused  # type: ignore[call-overload]
            finally:
                db.session.remove()

    threads = [Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@both
def test_the_same_post_twenty_times_at_once_is_one_event(desk: Desk, app: Flask) -> None:
    db.session.remove()
    answers = at_once(app, 20, lambda _number: desk.save({"C1": "8"}))
    codes = {one.event.code for one in answers}
    assert len(codes) == 1
    assert [row.code for row in rows()] == list(codes)
    assert {one.version for one in answers} == {1}


@both
def test_one_key_on_two_papers_at_once_is_stored_once(desk: Desk, app: Flask, make: Make) -> None:
    other = make.assignment(desk.round, desk.judge, make.submission(desk.edition)).public_id
    targets = (desk.public_id, other)
    user_id, edition_id = desk.user_id, desk.edition_id
    db.session.remove()

    def save(number: int) -> PaperFacts:
        entry = Entry(version=0, rubric_version=1, key="key-1", texts={"C1": "8"})
        with unit_of_work():
            return scoring.save_scorecard(
                edition_id=edition_id, assignment=targets[number], actor_id=user_id, entry=entry, now=NOW
            )

    answers = at_once(app, 2, save)
    assert sorted("stored" if isinstance(one, PaperFacts) else one.code for one in answers) == ["key_reused", "stored"]
    assert len(rows()) == 1


# The moment


@both
@pytest.mark.parametrize("late", [0, 1])
def test_the_deadline_is_the_first_moment_outside(desk: Desk, late: int) -> None:
    with unit_of_work():
        db.session.get_one(Round, desk.round_id).closes_at = NOW
    desk.save({"C1": "8"}, now=NOW - timedelta(milliseconds=1))
    with pytest.raises(RuleBroken) as refused:
        desk.save({"C1": "9"}, version=1, key="key-2", now=NOW + timedelta(milliseconds=late))
    assert refused.value.code == "scoring_closed"
    assert told() == [("saved", 1, {"C1": "8"})]


def fifty_papers(desk: Desk, make: Make) -> list[str]:
    """The paper of the desk, and as many as there are other judges."""
    first = make.judge(desk.edition)
    people = [User(name=f"GK {number}", created_at=NOW) for number in range(48)]
    with unit_of_work() as session:
        session.add_all(people)
        session.flush()  # their ids are wanted
        judges = [Judge(edition_id=desk.edition_id, user_id=one.id, code=one.name, name=one.name) for one in people]
        session.add_all(judges)
        session.flush()  # as above
        ids = [first.id, *(judge.id for judge in judges)]
        values = {"round_id": desk.round_id, "submission_id": desk.submission.id, "created_at": NOW}
        papers = [Assignment(judge_id=one, **values) for one in ids]
        session.add_all(papers)
        session.flush()  # as above
        found = [paper.public_id for paper in papers]
    return [desk.public_id, *found]


@both
def test_nothing_is_stored_after_the_close_while_saves_are_in_flight(desk: Desk, app: Flask, make: Make) -> None:
    papers = fifty_papers(desk, make)
    edition_id, round_id = desk.edition_id, desk.round_id
    people = [found.judge_user_id for one in papers if (found := paper_of(edition_id, one))]
    db.session.remove()

    def close() -> datetime:
        with unit_of_work() as session:
            row = session.get_one(Round, round_id, with_for_update=True)
            moment = clock.now()
            row.state = RoundState.CLOSED
        return moment

    def act(number: int) -> Any:
        if number == len(papers):
            return close()
        entry = Entry(version=0, rubric_version=1, key=f"key-{number}", texts={"C1": "8"})
        with unit_of_work():
            held = scoring.hold(
                edition_id=edition_id, assignment=papers[number], actor_id=people[number], key=entry.key
            )
            return scoring.save_held(held, actor_id=held.judge_user_id, entry=entry, now=clock.now())

    *answers, closed = at_once(app, len(papers) + 1, act)
    stored = [one for one in answers if isinstance(one, PaperFacts)]
    assert {one.code for one in answers if not isinstance(one, PaperFacts)} <= {"scoring_closed"}
    assert {row.code for row in rows()} == {one.event.code for one in stored if one.event}
    assert all(row.at < closed for row in rows())
    assert len(rows()) == len(db.session.scalars(select(Scorecard)).all())


# The core

EVENT = ScoreEvent(
    code="k7m2", assignment="abc", actor_id=3, kind=EventKind.SUBMITTED, final=True, version=2, rubric_version=1,
    at=NOW, key="key", content="c", marks={"C1": "8.5"}, feedback_changed=False, note_changed=True, previous="",
)  # fmt: skip
OTHERS: tuple[Mapping[str, Any], ...] = (
    {"code": "k7m3"}, {"assignment": "abd"}, {"actor_id": 4}, {"kind": EventKind.CHANGED}, {"final": False},
    {"version": 3}, {"rubric_version": 2}, {"at": NOW + timedelta(microseconds=1)}, {"key": "kez"}, {"content": "d"},
    {"marks": {"C1": "8"}}, {"feedback_changed": True}, {"note_changed": False}, {"previous": "x"},
)  # fmt: skip


@pytest.mark.parametrize("other", OTHERS, ids=lambda other: next(iter(other)))
def test_the_fingerprint_covers_all_that_an_event_says(other: Mapping[str, Any]) -> None:
    assert fingerprint(replace(EVENT, **other).said()) != fingerprint(EVENT.said())


def test_a_broken_chain_names_the_first_version_that_does_not_fit() -> None:
    first = replace(EVENT, version=1, digest="")
    first = replace(first, digest=fingerprint(first.said()))
    second = replace(EVENT, previous=first.digest)
    second = replace(second, digest=fingerprint(second.said()))
    assert first_broken([], fingerprint) is None
    assert first_broken([first, second], fingerprint) is None
    assert first_broken([second], fingerprint) == 2
    assert first_broken([replace(first, marks={"C1": "10"}), second], fingerprint) == 1
    assert first_broken([first, replace(second, digest=first.digest)], fingerprint) == 2


def test_a_receipt_is_read_back_however_it_is_typed() -> None:
    digest = "a1b2c3d4e5f60718293a" + "0" * 44
    assert receipt_of(digest) == "A1B2-C3D4-E5F6-0718-293A"
    for typed in ("A1B2-C3D4-E5F6-0718-293A", " a1b2c3d4 e5f6 0718 293a\n"):
        assert digest_start(typed) == digest[:20]
    for typed in ("", "A1B2", "A1B2-C3D4-E5F6-0718-293G", "A1B2-C3D4-E5F6-0718-293A-0000", "%" * 20, "１" * 20):
        assert digest_start(typed) is None
    assert replace(EVENT, digest=digest).receipt == "A1B2-C3D4-E5F6-0718-293A"
    assert replace(EVENT, digest=digest, final=False).receipt == ""


MARKS = st.dictionaries(st.sampled_from(["C1", "C2", "C3"]), st.sampled_from(["0", "1", "8.5"]))


@given(before=MARKS, after=MARKS)
def test_changes_lead_from_one_set_of_marks_to_the_other(before: dict[str, str], after: dict[str, str]) -> None:
    found = changes(before, after)
    walked = {**before, **{one.criterion: one.after for one in found}}
    assert {code: mark for code, mark in walked.items() if mark} == after
    assert all(one.before != one.after and before.get(one.criterion, "") == one.before for one in found)


def test_a_blank_is_no_zero_in_a_change() -> None:
    assert changes({"C1": "0"}, {"C2": "0"}) == (MarkChange("C1", "0", ""), MarkChange("C2", "", "0"))
