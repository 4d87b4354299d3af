"""Writing on a paper: what is stored, what is refused, and what happens when two write at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from contest.editions.models import Round
from contest.editions.phases import SETTLED, RoundState
from contest.errors import NotFound, RuleBroken
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.judging.marks import MarksRefused
from contest.judging.models import Assignment, Conflict, Score, Scorecard
from contest.judging.papers import Entry, PaperFacts, StaleScorecard
from contest.judging.queries.desk import paper_of, sheet_of
from contest.judging.services import scoring
from contest.judging.states import ScorecardStatus
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission
from tests.factories import Make

NOW = datetime(2026, 10, 8, 5, 0, tzinfo=UTC)
both = pytest.mark.both_databases


class Desk:
    """One judge with one paper of a round with criteria C1 and C2 (0 to 10 by 0.5)."""

    def __init__(self, make: Make, **round_values: Any) -> None:
        make.edition("mua-khac")  # so that ids of editions and of their rows differ
        edition = make.edition()
        self.edition, self.edition_id = edition, edition.id
        self.judge = make.judge(edition)
        self.user_id = self.judge.user_id
        self.round = make.round(edition, **round_values)
        self.submission = make.submission(edition)
        self.assignment = make.assignment(self.round, self.judge, self.submission)
        self.public_id, self.assignment_id, self.round_id = self.assignment.public_id, self.assignment.id, self.round.id

    def save(
        self, marks: Mapping[str, str] | None = None, *, now: datetime = NOW, user_id: int | None = None, **values: Any
    ) -> PaperFacts:
        entry = Entry(**{"version": 0, "rubric_version": 1, "key": "key-1", "texts": marks or {}, **values})
        with unit_of_work():
            return scoring.save_scorecard(
                edition_id=self.edition_id,
                assignment=self.public_id,
                actor_id=user_id or self.user_id,
                entry=entry,
                now=now,
            )

    def recuse(self, reason: str = "Người nhà", *, now: datetime = NOW) -> PaperFacts:
        with unit_of_work():
            return scoring.recuse(
                edition_id=self.edition_id, assignment=self.public_id, actor_id=self.user_id, reason=reason, now=now
            )

    def stored(self) -> PaperFacts:
        db.session.rollback()
        paper = paper_of(self.edition_id, self.public_id)
        assert paper is not None
        return paper

    def points(self) -> tuple[int | None, ...]:
        paper = self.stored()
        return paper.points(sheet_of(paper.round))


@pytest.fixture
def desk(make: Make) -> Desk:
    return Desk(make)


def audits() -> list[tuple[str, dict[str, Any]]]:
    db.session.rollback()
    rows = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [(one.action, one.facts) for one in rows if one.action.startswith("scorecard.")]


def count(model: Any) -> int:
    db.session.rollback()
    return len(db.session.scalars(select(model)).all())


@both
def test_a_draft_keeps_marks_blanks_and_both_texts_apart(desk: Desk) -> None:
    answer = desk.save({"C1": "8,5"}, feedback="Ý tưởng rõ.", private_note="Cần hỏi thêm.")
    paper = desk.stored()
    assert answer == paper
    card = paper.scorecard
    assert card is not None
    assert desk.points() == (17, None)
    assert (card.status, card.version, card.feedback, card.private_note) == (
        ScorecardStatus.DRAFT,
        1,
        "Ý tưởng rõ.",
        "Cần hỏi thêm.",
    )
    assert (card.updated_at, card.submitted_at) == (NOW, None)
    assert audits() == []


@both
def test_a_zero_is_a_mark_and_a_blank_is_none(desk: Desk) -> None:
    desk.save({"C1": "0", "C2": ""})
    assert desk.points() == (0, None)
    assert count(Score) == 1


@both
def test_a_later_save_changes_adds_and_clears_marks(desk: Desk) -> None:
    desk.save({"C1": "8", "C2": "3"})
    later = NOW + timedelta(minutes=1)
    answer = desk.save({"C2": "3.5"}, version=1, key="key-2", now=later)
    assert answer == desk.stored()
    assert desk.points() == (None, 7)
    assert answer.version == 2
    assert answer.scorecard is not None
    assert answer.scorecard.updated_at == later


@both
def test_the_first_mark_locks_the_rubric_and_a_text_alone_does_not(desk: Desk) -> None:
    desk.save({}, feedback="Chưa chấm")
    assert desk.stored().round.locked is False
    desk.save({"C1": "1"}, version=1, key="key-2")
    assert desk.stored().round.locked is True
    assert db.session.get_one(Round, desk.round_id).locked_at == NOW


@both
def test_submitting_needs_every_mark_and_is_all_or_nothing(desk: Desk) -> None:
    with pytest.raises(MarksRefused) as refused:
        desk.save({"C1": "8"}, submit=True)
    assert [(p.code, p.criterion.code) for p in refused.value.problems] == [("mark_missing_here", "C2")]
    assert count(Scorecard) == count(Score) == 0
    answer = desk.save({"C1": "8", "C2": "7.5"}, submit=True)
    assert answer.scorecard is not None
    assert (answer.state, answer.scorecard.submitted_at) == ("submitted", NOW)
    said = {"round": "r1", "submission": desk.stored().code, "version": 1, "fingerprint": answer.proof}
    assert audits() == [("scorecard.submitted", said)]


@both
def test_submit_scorecard_submits_whatever_the_entry_says(desk: Desk) -> None:
    entry = Entry(version=0, rubric_version=1, key="key-1", texts={"C1": "1", "C2": "2"})
    with unit_of_work():
        answer = scoring.submit_scorecard(
            edition_id=desk.edition_id, assignment=desk.public_id, actor_id=desk.user_id, entry=entry, now=NOW
        )
    assert answer.state == "submitted"
    assert desk.stored() == answer


@both
def test_a_submitted_paper_may_be_changed_but_stays_complete(desk: Desk) -> None:
    desk.save({"C1": "8", "C2": "7"}, submit=True)
    with pytest.raises(MarksRefused):
        desk.save({"C1": "9"}, version=1, key="key-2")
    assert desk.points() == (16, 14)
    later = NOW + timedelta(hours=1)
    answer = desk.save({"C1": "9", "C2": "7"}, version=1, key="key-2", now=later)
    assert desk.points() == (18, 14)
    assert answer.scorecard is not None
    assert (answer.state, answer.scorecard.submitted_at) == ("submitted", NOW)
    assert [action for action, _ in audits()] == ["scorecard.submitted", "scorecard.changed"]


@both
def test_the_same_entry_twice_answers_the_same_and_changes_once(desk: Desk) -> None:
    first = desk.save({"C1": "8", "C2": "7"}, submit=True)
    again = desk.save({"C1": "8", "C2": "7"}, submit=True, now=NOW + timedelta(minutes=5))
    assert again == first == desk.stored()
    assert len(audits()) == 1


@both
def test_a_repeat_is_answered_even_after_the_round_closed(desk: Desk) -> None:
    first = desk.save({"C1": "8"})
    with unit_of_work():
        db.session.get_one(Round, desk.round_id).state = RoundState.CLOSED
    assert desk.save({"C1": "8"}).scorecard == first.scorecard


@both
@pytest.mark.parametrize(
    "other", [{"texts": {"C1": "9"}}, {"feedback": "khác"}, {"private_note": "x"}, {"submit": True}]
)
def test_a_key_belongs_to_one_content(desk: Desk, other: dict[str, Any]) -> None:
    desk.save({"C1": "8"})
    with pytest.raises(RuleBroken, match="key_reused"):
        desk.save(**{"marks": {"C1": "8"}, **{"marks" if k == "texts" else k: v for k, v in other.items()}})
    assert desk.points() == (16, None)


@both
def test_a_stale_version_is_refused_with_what_is_stored(desk: Desk) -> None:
    stored = desk.save({"C1": "8"})
    with pytest.raises(StaleScorecard) as refused:
        desk.save({"C1": "2"}, key="key-2")
    assert refused.value.paper == stored
    assert desk.points() == (16, None)


@both
def test_a_page_that_heard_no_answer_may_go_on_after_its_own_save(desk: Desk) -> None:
    desk.save({"C1": "8"}, key="lost")
    desk.save({"C1": "9"}, key="key-2", after=("older", "lost"))
    assert desk.points() == (18, None)


@both
def test_a_foreign_save_in_between_is_never_overwritten(desk: Desk) -> None:
    desk.save({"C1": "8"}, key="lost")
    desk.save({"C1": "3"}, key="other-tab", version=1)
    with pytest.raises(StaleScorecard):
        desk.save({"C1": "9"}, key="key-3", after=("lost",))
    assert desk.points() == (6, None)


@both
@pytest.mark.parametrize(
    ("opens", "closes", "open_"),
    [
        (None, None, True),
        (timedelta(0), None, True),
        (timedelta(milliseconds=1), None, False),
        (None, timedelta(milliseconds=1), True),
        (None, timedelta(0), False),
        (None, timedelta(milliseconds=-1), False),
    ],
)
def test_the_window_is_decided_to_the_millisecond(
    make: Make, opens: timedelta | None, closes: timedelta | None, *, open_: bool
) -> None:
    desk = Desk(
        make, opens_at=None if opens is None else NOW + opens, closes_at=None if closes is None else NOW + closes
    )
    if open_:
        assert desk.save({"C1": "8"}).version == 1
        return
    with pytest.raises(RuleBroken, match="scoring_closed"):
        desk.save({"C1": "8"})
    with pytest.raises(RuleBroken, match="scoring_closed"):
        desk.recuse()
    assert count(Scorecard) == 0


@pytest.mark.parametrize("state", [RoundState.CLOSED, *sorted(SETTLED)])
def test_a_closed_round_takes_no_marks(make: Make, state: RoundState) -> None:
    desk = Desk(make, state=state)
    with pytest.raises(RuleBroken, match="scoring_closed"):
        desk.save({"C1": "8"})
    assert count(Scorecard) == 0


def test_only_the_assigned_judge_finds_the_paper(desk: Desk, make: Make) -> None:
    other = make.judge(make.edition("khac"))
    with pytest.raises(NotFound):
        desk.save({"C1": "8"}, user_id=other.user_id)
    desk.edition_id += 1
    with pytest.raises(NotFound):
        desk.save({"C1": "8"})
    assert count(Scorecard) == 0


def test_a_paper_vanishes_with_its_submission_its_round_or_a_conflict(make: Make) -> None:
    desk = Desk(make)

    def refused() -> None:
        with pytest.raises(NotFound):
            desk.save({"C1": "8"})
        with pytest.raises(NotFound):
            desk.recuse()

    with unit_of_work():
        db.session.get_one(Round, desk.round_id).state = RoundState.DRAFT
    refused()
    with unit_of_work() as session:
        session.get_one(Round, desk.round_id).state = RoundState.SCORING
        submission_id = session.get_one(Assignment, desk.assignment_id).submission_id
        session.get_one(Submission, submission_id).status = SubmissionStatus.WITHDRAWN
    refused()
    with unit_of_work() as session:
        session.get_one(Submission, submission_id).status = SubmissionStatus.SUBMITTED
        judge_id = session.get_one(Assignment, desk.assignment_id).judge_id
        session.add(Conflict(judge_id=judge_id, submission_id=submission_id))
    refused()


@both
def test_marks_typed_on_another_rubric_are_refused(desk: Desk) -> None:
    with pytest.raises(RuleBroken, match="rubric_changed"):
        desk.save({"C1": "8"}, rubric_version=2)
    assert count(Scorecard) == 0


@both
def test_the_sheet_follows_the_version_of_the_rubric(desk: Desk) -> None:
    before = sheet_of(desk.stored().round)
    with unit_of_work() as session:
        row = session.get_one(Round, desk.round_id)
        row.criteria[0].name_vi = "Tính mới"
        row.rubric_version = 2
    after = sheet_of(desk.stored().round)
    assert (before.rubric_version, after.rubric_version) == (1, 2)
    assert [c.name.vi for c in after.criteria] == ["Tính mới", "Tiêu chí 2"]


@both
@pytest.mark.parametrize(
    "text", ["10,5", "-0.5", "8.25", "abc", "1e1", "NaN", "inf", "1e309", "８", "1.000", "--1", "8,5,"]
)
def test_a_bad_mark_stores_nothing_of_the_entry(desk: Desk, text: str) -> None:
    with pytest.raises(MarksRefused):
        desk.save({"C1": text, "C2": "5"}, feedback="Lời dài")
    assert count(Scorecard) == count(Score) == 0


def test_a_mark_for_no_criterion_is_refused(desk: Desk) -> None:
    with pytest.raises(RuleBroken, match="criterion_unknown"):
        desk.save({"C1": "8", "C9": "5"})
    assert count(Scorecard) == 0


@both
def test_recusing_keeps_the_marks_stored_and_ends_the_writing(desk: Desk) -> None:
    desk.save({"C1": "8"}, feedback="Tốt", private_note="?")
    answer = desk.recuse("Là người hướng dẫn")
    assert answer == desk.stored()
    card = answer.scorecard
    assert card is not None
    assert (card.status, card.recusal_reason, card.feedback, card.private_note, card.version) == (
        ScorecardStatus.RECUSED,
        "Là người hướng dẫn",
        "Tốt",
        "?",
        2,
    )
    assert desk.points() == (16, None)
    assert desk.recuse("lần nữa") == answer
    with pytest.raises(RuleBroken, match="paper_recused"):
        desk.save({"C1": "9"}, version=2, key="key-2")
    assert [(action, facts["reason"]) for action, facts in audits()] == [("scorecard.recused", "Là người hướng dẫn")]


@both
def test_recusing_before_any_mark_locks_nothing(desk: Desk) -> None:
    answer = desk.recuse()
    assert (answer.state, answer.version) == ("recused", 1)
    assert answer == desk.stored()
    assert answer.round.locked is False


def together(app: Flask, *acts: Any) -> list[Any]:
    """Run the acts in one thread each, released at once; return what each returned or raised."""
    barrier = Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Any) -> None:
        with app.app_context():
            barrier.wait()
            try:
                results[place] = act()
            except (RuleBroken, NotFound) as refused:
                results[place] = refused
            finally:
                db.session.remove()

    threads = [Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@both
@pytest.mark.parametrize("started", [False, True])
def test_of_two_saves_at_once_exactly_one_wins(app: Flask, desk: Desk, *, started: bool) -> None:
    version = desk.save({"C2": "1"}, key="before").version if started else 0
    results = together(
        app,
        *(lambda n=n: desk.save({"C1": str(n)}, version=version, key=f"key-{n}") for n in range(4)),
    )
    won = [answer for answer in results if isinstance(answer, PaperFacts)]
    lost = [answer for answer in results if isinstance(answer, StaleScorecard)]
    assert (len(won), len(lost)) == (1, 3)
    assert desk.stored().scorecard == won[0].scorecard
    assert all(answer.paper.scorecard == won[0].scorecard for answer in lost)
    assert desk.stored().version == version + 1


@both
def test_a_double_post_at_once_is_one_change(app: Flask, desk: Desk) -> None:
    send = lambda: desk.save({"C1": "8", "C2": "7"}, submit=True)  # noqa: E731
    results = together(app, *[send] * 6)
    assert [type(answer) for answer in results] == [PaperFacts] * 6
    assert len({answer.scorecard.version for answer in results}) == 1
    assert all(answer.scorecard == desk.stored().scorecard for answer in results)
    assert len(audits()) == 1


@both
def test_different_papers_of_a_round_are_saved_at_once(app: Flask, make: Make) -> None:
    desk = Desk(make)
    papers = [make.assignment(desk.round, desk.judge, make.submission(desk.edition)).public_id for _ in range(5)]

    def send(public_id: str) -> PaperFacts:
        with unit_of_work():
            return scoring.save_scorecard(
                edition_id=desk.edition_id,
                assignment=public_id,
                actor_id=desk.user_id,
                entry=Entry(version=0, rubric_version=1, key=public_id, texts={"C1": "8"}),
                now=NOW,
            )

    results = together(app, *(lambda p=p: send(p) for p in papers))
    assert [type(answer) for answer in results] == [PaperFacts] * 5
    assert count(Scorecard) == 5


@both
def test_nothing_is_stored_after_a_close_that_ran_at_once(app: Flask, desk: Desk) -> None:
    def close() -> str:
        with unit_of_work() as session:
            row = session.scalars(select(Round).where(Round.id == desk.round_id).with_for_update()).one()
            row.state = RoundState.CLOSED
            paper = paper_of(desk.edition_id, desk.public_id)
            return f"closed at version {paper.version if paper else None}"

    results = together(app, close, lambda: desk.save({"C1": "8"}), lambda: desk.save({"C1": "8"}, key="other"))
    # Whoever came first, what stood when the round closed is what stands now.
    assert results[0] == f"closed at version {desk.stored().version}"
    with pytest.raises(RuleBroken, match="scoring_closed"):
        desk.save({"C1": "1"}, version=desk.stored().version, key="late")


@both
@pytest.mark.parametrize("started", [False, True])
def test_a_save_and_a_recusal_at_once_leave_one_truth(app: Flask, desk: Desk, *, started: bool) -> None:
    version = desk.save({"C2": "1"}, key="before").version if started else 0
    saved, recused = together(app, lambda: desk.save({"C1": "8"}, version=version), desk.recuse)
    state = desk.stored().state
    if isinstance(saved, PaperFacts):
        assert isinstance(recused, StaleScorecard) or recused.state == state == "recused"
    else:
        assert recused.state == state == "recused"
        assert isinstance(saved, RuleBroken)


def test_the_sheet_of_a_round_that_is_gone_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        sheet_of(replace(desk.stored().round, id=9999))
