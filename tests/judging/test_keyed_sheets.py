"""Score sheets on paper: printed, typed in by one person, confirmed by a second."""

from __future__ import annotations

from io import BytesIO
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.editions.phases import RoundState
from contest.errors import NotFound, RuleBroken
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.judging.keyed import SheetsDiffer
from contest.judging.marks import MarksRefused
from contest.judging.models import KeyedPaper, Score, Scorecard
from contest.judging.papers import Entry
from contest.judging.queries.keyed import keyed_of
from contest.judging.services.conflicts import declare_conflict
from contest.judging.services.judges import remove_judge
from contest.judging.services.keyed import key_sheet, return_sheet
from contest.judging.states import KeyedState, ScorecardStatus
from contest.results.services.rows import has_scorecards
from tests.factories import Make
from tests.judging.pages import words
from tests.judging.test_scoring_services import NOW, Desk

both = pytest.mark.both_databases
MARKS = {"C1": "8,5", "C2": "7"}


class Table(Desk):
    """A judge's paper and two persons who type."""

    def __init__(self, make: Make, **round_values: Any) -> None:
        super().__init__(make, **round_values)
        self.first = make.member(self.edition, Role.SECRETARY, make.user("Ngô Thị Thư")).id
        self.second = make.member(self.edition, Role.ORGANISER, make.user("Đỗ Văn Duyệt")).id

    def key(self, actor_id: int, marks: dict[str, str] | None = None, **values: Any) -> KeyedState:
        now, photo, storage = values.pop("now", NOW), values.pop("photo", None), values.pop("storage", None)
        texts = MARKS if marks is None else marks
        entry = Entry(**{"version": 0, "rubric_version": 1, "key": f"key-{actor_id}", "texts": texts, **values})
        with unit_of_work():
            return key_sheet(
                edition_id=self.edition_id,
                assignment=self.public_id,
                actor_id=actor_id,
                entry=entry,
                now=now,
                photo=photo,
                storage=storage,
            )


def points() -> list[tuple[int, int]]:
    return [(one.criterion_id, one.points) for one in db.session.scalars(select(Score).order_by(Score.criterion_id))]


@both
def test_what_two_persons_read_alike_is_the_judges_scorecard(app: Flask, make: Make) -> None:
    table = Table(make)
    assert table.key(table.first) is KeyedState.WAITING
    assert db.session.scalars(select(Scorecard)).all() == []
    assert table.key(table.second, {"C1": "8.50", "C2": "7,0"}, feedback="Hay.") is KeyedState.ENTERED
    card = db.session.scalars(select(Scorecard)).one()
    assert (card.status, card.feedback, [one[1] for one in points()]) == (ScorecardStatus.SUBMITTED, "Hay.", [17, 14])
    trail = {one.action: one for one in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))}
    assert trail["sheet.entered"].actor_id == table.second
    assert trail["sheet.entered"].facts["judge_id"] == table.judge.id
    assert trail["sheet.entered"].facts["keyed_by"] == table.first
    (kept,) = keyed_of(table.assignment_id)
    assert (kept.state, kept.keyed_by_name, kept.decided_by_name) == (
        KeyedState.ENTERED,
        "Ngô Thị Thư",
        "Đỗ Văn Duyệt",
    )


def test_one_person_alone_never_makes_a_scorecard(app: Flask, make: Make) -> None:
    table = Table(make)
    table.key(table.first)
    assert table.key(table.first, {"C1": "9", "C2": "7"}, key="key-again") is KeyedState.WAITING
    assert db.session.scalars(select(Scorecard)).all() == []
    assert [one.marks for one in keyed_of(table.assignment_id)] == [{"C1": "9", "C2": "7"}]


def test_a_line_that_differs_is_named_and_nothing_counts(app: Flask, make: Make) -> None:
    table = Table(make)
    table.key(table.first)
    with pytest.raises(SheetsDiffer) as differs:
        table.key(table.second, {"C1": "8,5", "C2": "1"})
    assert [one.code for one in differs.value.criteria] == ["C2"]
    assert db.session.scalars(select(Scorecard)).all() == []
    with unit_of_work():
        return_sheet(
            edition_id=table.edition_id,
            assignment=table.public_id,
            actor_id=table.second,
            reason="Số 1, không phải số 7",
            now=NOW,
        )
    assert table.key(table.second, {"C1": "8,5", "C2": "1"}, key="key-anew") is KeyedState.WAITING
    assert table.key(table.first, {"C1": "8,5", "C2": "1"}, key="key-last") is KeyedState.ENTERED
    assert [one.state for one in keyed_of(table.assignment_id)] == [KeyedState.RETURNED, KeyedState.ENTERED]
    assert [one[1] for one in points()] == [17, 2]


def test_the_same_page_sent_twice_counts_once(app: Flask, make: Make) -> None:
    table = Table(make)
    table.key(table.first)
    assert [table.key(table.second) for _ in range(2)] == [KeyedState.ENTERED] * 2
    assert db.session.scalars(select(Scorecard)).one().version == 1


def test_what_cannot_be_typed_in_is_refused_and_nothing_is_kept(app: Flask, make: Make) -> None:
    table = Table(make)
    with pytest.raises(RuleBroken, match="sheet_of_your_own"):
        table.key(table.user_id)
    with pytest.raises(MarksRefused):
        table.key(table.first, {"C1": "8,5"})
    with pytest.raises(MarksRefused):
        table.key(table.first, {"C1": "11", "C2": "7"})
    with pytest.raises(RuleBroken, match="rubric_changed"):
        table.key(table.first, rubric_version=2)
    with pytest.raises(RuleBroken, match="picture_unreadable"):
        table.key(table.first, photo=b"no picture", storage=app.extensions["storage"])
    with pytest.raises(NotFound):
        return_sheet(edition_id=table.edition_id, assignment=table.public_id, actor_id=table.first, reason="x", now=NOW)
    table.save(MARKS, submit=True)
    with pytest.raises(RuleBroken, match="sheet_scored_online"):
        table.key(table.first)
    assert db.session.scalars(select(KeyedPaper)).all() == []


def test_a_round_that_is_not_scored_takes_no_sheet(app: Flask, make: Make) -> None:
    table = Table(make, state=RoundState.CLOSED)
    with pytest.raises(RuleBroken, match="scoring_closed"):
        table.key(table.first)


@both
def test_of_two_who_type_at_the_same_moment_one_is_the_second(app: Flask, make: Make) -> None:
    table = Table(make)
    barrier, states = Barrier(2), []

    def type_in(actor_id: int) -> None:
        with app.app_context():
            barrier.wait()
            states.append(table.key(actor_id))
            db.session.remove()

    threads = [Thread(target=type_in, args=(one,)) for one in (table.first, table.second)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(states) == [KeyedState.ENTERED, KeyedState.WAITING]
    db.session.rollback()
    assert len(keyed_of(table.assignment_id)) == 1


@both
def test_a_sheet_that_waits_is_no_blank_paper(app: Flask, make: Make) -> None:
    table = Table(make)
    table.key(table.first)
    with unit_of_work():
        declared = declare_conflict(
            edition_id=table.edition_id,
            judge_id=table.judge.id,
            submission_id=table.submission.id,
            reason="Cùng cơ quan",
            actor_id=table.second,
            now=NOW,
        )
    assert (declared.removed, declared.put_aside) == (0, 1)
    with pytest.raises(RuleBroken, match="judge_has_scorecards"), unit_of_work():
        remove_judge(edition_id=table.edition_id, judge_id=table.judge.id, reason="", actor_id=table.second, now=NOW)
    assert has_scorecards(table.round_id)
    assert len(keyed_of(table.assignment_id)) == 1


# Pages


@pytest.fixture
def table(app: Flask, make: Make) -> Table:
    return Table(make)


def client_of(app: Flask, make: Make, user_id: int) -> Any:
    client = app.test_client()
    make.sign_in(client, db.session.get_one(User, user_id))
    client.set_cookie("locale", "en")
    return client


def test_a_sheet_for_each_assignment_is_printed_with_its_code(app: Flask, make: Make, table: Table) -> None:
    organiser = client_of(app, make, table.second)
    base = f"/e/{table.edition.code}/organise/rounds/{table.round.code}/sheets"
    text = organiser.get(f"{base}/print").get_data(as_text=True)
    assert text.count("bv-score-sheet-qr") == 1
    assert table.public_id in text
    assert table.judge.name in text
    assert table.submission.code in text
    assert organiser.get(f"{base}/print?spare=2").get_data(as_text=True).count("bv-score-sheet-head") == 3
    assert organiser.get(f"{base}/print?judge=khong-co").get_data(as_text=True).count("bv-score-sheet-head") == 0
    table.save(MARKS, submit=True)
    assert organiser.get(f"{base}/print?open=1").get_data(as_text=True).count("bv-score-sheet-head") == 0


def test_the_second_person_never_sees_what_the_first_one_read(
    app: Flask, make: Make, table: Table, noon: object
) -> None:
    base = f"/e/{table.edition.code}/organise/rounds/{table.round.code}/sheets"
    sheet = f"/e/{table.edition.code}/organise/sheets/{table.public_id}"
    first, second = client_of(app, make, table.first), client_of(app, make, table.second)
    sent = {
        "version": "0",
        "rubric_version": "1",
        "key": "first-key",
        "mark-C1": "8,5",
        "mark-C2": "7",
        "feedback": "Rõ.",
    }
    picture = BytesIO()
    Image.new("RGB", (30, 40), "white").save(picture, "PNG")
    picture.seek(0)
    answer = first.post(sheet, data={**sent, "photo": (picture, "phieu.png")})
    assert (answer.status_code, answer.location) == (303, base)
    own, other = first.get(sheet).get_data(as_text=True), second.get(sheet).get_data(as_text=True)
    assert 'value="8,5"' in own
    assert "Rõ." in own
    assert 'value="8,5"' not in other
    assert "Rõ." not in other
    assert "You are the second person" in other
    with second.get(f"{sheet}/photo") as photo:
        assert (photo.status_code, photo.mimetype) == (200, "image/jpeg")
    differs = second.post(sheet, data={**sent, "key": "second-key", "mark-C2": "1"})
    assert differs.status_code == 422
    assert words(differs).count("Look at the paper again.") == 1
    assert second.post(f"{sheet}/return", data={"reason": ""}).status_code == 422
    done = second.post(sheet, data={**sent, "key": "second-key-2"})
    assert done.status_code == 303
    assert "from paper" in words(second.get(base))
    assert [one[1] for one in points()] == [17, 14]


def test_only_the_committee_types_and_a_foreign_sheet_is_missing(
    app: Flask, make: Make, table: Table, noon: object
) -> None:
    judge = client_of(app, make, table.user_id)
    base = f"/e/{table.edition.code}/organise/sheets"
    assert judge.get(f"{base}/{table.public_id}").status_code == 403
    organiser = client_of(app, make, table.second)
    assert organiser.get(f"{base}/zzzzzzzzzz").status_code == 404
    assert organiser.get(f"{base}/{table.public_id}/photo").status_code == 404
