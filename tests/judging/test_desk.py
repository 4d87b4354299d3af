"""What the judge's pages read: the list, one paper, the sheet, files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from contest.editions.models import Edition, Round
from contest.editions.phases import RoundState
from contest.editions.rules import LocalText, RoundRules, Source
from contest.infra.db import db, unit_of_work
from contest.judging.models import Conflict, Judge
from contest.judging.papers import DeskRound, PaperState
from contest.judging.queries.desk import desk_of, paper_of, readable_file, sheet_of
from contest.judging.states import ScorecardStatus
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission, SubmissionFile
from tests.counting import counted
from tests.factories import Make

NOW = datetime(2026, 10, 8, 5, 0, tzinfo=UTC)
both = pytest.mark.both_databases


def codes(desk: DeskRound) -> list[str]:
    return sorted(row.code for row in desk.rows)


def hand_in(submission: Submission, part_id: int, name: str = "Đội Sao Mai.pdf", **values: Any) -> str:
    """Add a file to a submission and return its public id."""
    with unit_of_work() as session:
        file = SubmissionFile(
            **{
                "submission_id": submission.id,
                "part_id": part_id,
                "filename": name,
                "content_type": "application/pdf",
                "size": 3,
                "sha256": "0" * 64,
                "storage_key": f"key{submission.id}{len(name)}{len(values)}",
                "uploaded_at": NOW,
                **values,
            }
        )
        session.add(file)
    db.session.refresh(file)
    return file.public_id


@both
def test_the_list_tells_round_by_round_what_was_done(make: Make) -> None:
    edition = make.edition()
    judge = make.judge(edition)
    track = make.track(edition, "A", name_vi="Học sinh", name_en="Pupils")
    second, first = make.round(edition, "r2", position=2), make.round(edition, "r1", position=1)
    subs = [make.submission(edition, title=f"Ý {i}", track_id=track.id) for i in range(4)]
    papers = [make.assignment(first, judge, submission) for submission in subs]
    make.assignment(second, judge, subs[0])
    make.scorecard(papers[0], [1, 2])
    make.scorecard(papers[1], [1, None], ScorecardStatus.DRAFT)
    make.scorecard(papers[2], [None, None], ScorecardStatus.RECUSED)
    found = desk_of(edition.id, judge.user_id)
    assert [(desk.round.code, desk.done, desk.total) for desk in found] == [("r1", 1, 3), ("r2", 0, 1)]
    states = {row.public_id: row.state for row in found[0].rows}
    assert [states[paper.public_id] for paper in papers] == [
        PaperState.SUBMITTED,
        PaperState.DRAFT,
        PaperState.RECUSED,
        PaperState.NOT_STARTED,
    ]
    line = next(row for row in found[1].rows)
    assert (line.code, line.title, line.track) == (subs[0].code, "Ý 0", LocalText("Học sinh", "Pupils"))


@both
def test_the_list_holds_nobody_elses_and_nothing_hidden(make: Make) -> None:
    edition, other_edition = make.edition(), make.edition("khac")
    judge, colleague = make.judge(edition), make.judge(edition)
    elsewhere = make.judge(other_edition)
    open_, draft = make.round(edition, "r1"), make.round(edition, "r0", state=RoundState.DRAFT)
    mine, theirs, gone, barred, later = (make.submission(edition) for _ in range(5))
    make.assignment(open_, judge, mine)
    make.assignment(open_, colleague, theirs)
    make.assignment(open_, judge, gone)
    make.assignment(open_, judge, barred)
    make.assignment(draft, judge, later)
    make.assignment(make.round(other_edition, "x1"), elsewhere, make.submission(other_edition))
    with unit_of_work() as session:
        session.get_one(Submission, gone.id).status = SubmissionStatus.DISQUALIFIED
        session.add(Conflict(judge_id=judge.id, submission_id=barred.id))
    found = desk_of(edition.id, judge.user_id)
    assert [codes(desk) for desk in found] == [[mine.code]]
    assert desk_of(other_edition.id, judge.user_id) == ()


@pytest.mark.parametrize("blind", [False, True])
def test_a_blind_list_names_no_team(make: Make, *, blind: bool) -> None:
    edition = make.edition()
    judge = make.judge(edition)
    round_ = make.round(edition, rules=RoundRules(blind=blind))
    make.assignment(round_, judge, make.submission(edition, make.team(edition, name="Sao Mai")))
    (desk,) = desk_of(edition.id, judge.user_id)
    assert [row.team for row in desk.rows] == ["" if blind else "Sao Mai"]


def test_two_judges_read_in_different_orders_and_each_always_in_the_same(make: Make) -> None:
    edition = make.edition()
    round_ = make.round(edition)
    subs = [make.submission(edition) for _ in range(8)]
    orders = []
    for _ in range(2):
        judge = make.judge(edition)
        for submission in subs:
            make.assignment(round_, judge, submission)
        first, again = (tuple(row.code for row in desk_of(edition.id, judge.user_id)[0].rows) for _ in range(2))
        assert first == again
        orders.append(first)
    assert orders[0] != orders[1]
    assert sorted(orders[0]) == sorted(orders[1])


@pytest.mark.parametrize("size", [1, 3])
def test_the_list_is_one_statement_once_the_rubric_is_known(app: Flask, make: Make, size: int) -> None:
    edition = make.edition()
    judge, round_ = make.judge(edition), make.round(edition)
    for _ in range(size):
        make.scorecard(make.assignment(round_, judge, make.submission(edition)), [1, 2])
    edition_id, user_id = edition.id, judge.user_id
    with counted(app) as first:
        desk_of(edition_id, user_id)
    with counted(app) as again:
        desk_of(edition_id, user_id)
    assert (len(first), len(again)) == (3, 1)


@both
def test_a_paper_carries_its_scorecard_whole(make: Make) -> None:
    edition = make.edition()
    judge, round_, submission = (
        make.judge(edition),
        make.round(edition, criteria=3),
        make.submission(edition, title="Ý"),
    )
    paper = make.assignment(round_, judge, submission)
    found = paper_of(edition.id, paper.public_id)
    assert found is not None
    assert (found.id, found.judge_id, found.judge_user_id, found.submission_id) == (
        paper.id,
        judge.id,
        judge.user_id,
        submission.id,
    )
    assert (found.code, found.title, found.track, found.listed, found.scorecard) == (
        submission.code,
        "Ý",
        None,
        True,
        None,
    )
    make.scorecard(paper, [0, None, 20], ScorecardStatus.DRAFT)
    found = paper_of(edition.id, paper.public_id)
    assert found is not None
    assert found.points(sheet_of(found.round)) == (0, None, 20)
    assert found.round.code == "r1"


@both
def test_a_scorecard_without_marks_has_none(make: Make) -> None:
    edition = make.edition()
    paper = make.assignment(make.round(edition), make.judge(edition), make.submission(edition))
    make.scorecard(paper, [None, None], ScorecardStatus.DRAFT)
    found = paper_of(edition.id, paper.public_id)
    assert found is not None
    assert found.scorecard is not None
    assert found.scorecard.marks == {}


def test_a_paper_is_found_in_its_own_edition_only(make: Make) -> None:
    edition, other = make.edition(), make.edition("khac")
    paper = make.assignment(make.round(edition), make.judge(edition), make.submission(edition))
    assert paper_of(edition.id, paper.public_id) is not None
    assert paper_of(other.id, paper.public_id) is None
    assert paper_of(edition.id, "khong-co") is None


def test_a_paper_is_one_statement(app: Flask, make: Make) -> None:
    edition = make.edition()
    paper = make.assignment(make.round(edition), make.judge(edition), make.submission(edition))
    make.scorecard(paper, [3, 4])
    edition_id, public_id = edition.id, paper.public_id
    with counted(app) as statements:
        paper_of(edition_id, public_id)
    assert len(statements) == 1


@both
def test_a_held_paper_is_the_same_paper(make: Make) -> None:
    edition = make.edition()
    paper = make.assignment(make.round(edition), make.judge(edition), make.submission(edition))
    make.scorecard(paper, [3, 4])
    edition_id, public_id = edition.id, paper.public_id
    with unit_of_work():
        held = paper_of(edition_id, public_id, hold=True)
    assert held == paper_of(edition_id, public_id)


@both
def test_the_sheet_holds_what_judges_fill_and_nothing_else(make: Make) -> None:
    edition = make.edition()
    round_ = make.round(edition, criteria=3, rules=RoundRules(blind=True))
    with unit_of_work() as session:
        session.get_one(Round, round_.id).criteria[1].source = Source.AUDIENCE
    paper = make.assignment(round_, make.judge(edition), make.submission(edition))
    found = paper_of(edition.id, paper.public_id)
    assert found is not None
    sheet = sheet_of(found.round)
    assert [criterion.code for criterion in sheet.criteria] == ["C1", "C3"]
    wanted = [c.id for c in db.session.get_one(Round, round_.id).criteria if c.source is Source.JUDGES]
    assert list(sheet.ids) == wanted
    assert (sheet.blind, sheet.rubric_version) == (True, 1)


class Library:
    """A judge with one submission that holds one file."""

    def __init__(self, make: Make, **rules: Any) -> None:
        self.edition: Edition = make.edition()
        self.judge: Judge = make.judge(self.edition)
        self.round = make.round(self.edition, rules=RoundRules(**rules))
        self.submission = make.submission(self.edition)
        self.part = make.part(self.edition, "slides")
        self.paper = make.assignment(self.round, self.judge, self.submission)
        self.file_id = hand_in(self.submission, self.part.id)

    def name(self, file_id: str = "", user_id: int = 0) -> str | None:
        found = readable_file(self.edition.id, file_id or self.file_id, user_id or self.judge.user_id)
        return None if found is None else found.name


@both
def test_an_assigned_judge_reads_the_file_under_its_name(make: Make) -> None:
    assert Library(make).name() == "Đội Sao Mai.pdf"


def test_a_file_of_a_blind_round_carries_no_name_of_the_team(make: Make) -> None:
    library = Library(make, blind=True)
    assert library.name() == f"{library.submission.code}-slides.pdf"


def test_a_name_hidden_in_one_round_stays_hidden_in_the_next(make: Make) -> None:
    library = Library(make, blind=True)
    make.assignment(make.round(library.edition, "r2"), library.judge, library.submission)
    assert library.name() == f"{library.submission.code}-slides.pdf"


def test_a_file_is_closed_to_everybody_else(make: Make) -> None:
    library = Library(make)
    colleague, elsewhere = make.judge(library.edition), make.edition("khac")
    assert library.name(user_id=colleague.user_id) is None
    assert library.name(file_id="khongco") is None
    assert readable_file(elsewhere.id, library.file_id, library.judge.user_id) is None


def test_a_replaced_file_is_closed(make: Make) -> None:
    library = Library(make)
    old = hand_in(library.submission, library.part.id, "cũ.pdf", superseded_at=NOW)
    assert library.name(file_id=old) is None


def test_a_judge_who_withdrew_reads_no_file_unless_another_round_opens_it(make: Make) -> None:
    library = Library(make)
    make.scorecard(library.paper, [None, None], ScorecardStatus.RECUSED)
    assert library.name() is None
    make.assignment(make.round(library.edition, "r2"), library.judge, library.submission)
    assert library.name() == "Đội Sao Mai.pdf"


def test_a_conflict_closes_the_file_at_once(make: Make) -> None:
    library = Library(make)
    with unit_of_work() as session:
        session.add(Conflict(judge_id=library.judge.id, submission_id=library.submission.id))
    assert library.name() is None


def test_files_stay_open_to_read_after_the_round(make: Make) -> None:
    library = Library(make)
    with unit_of_work() as session:
        row = session.get_one(Round, library.round.id)
        row.state, row.closes_at = RoundState.CLOSED, NOW - timedelta(days=1)
    assert library.name() == "Đội Sao Mai.pdf"
