"""Titles first: judges look, declare and bid before anything is assigned."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from contest.accounts.models import User
from contest.editions.models import Round
from contest.editions.phases import RoundState
from contest.editions.rules import RoundRules
from contest.errors import NotFound, RuleBroken
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.infra.mail import OutboxMail
from contest.judging.conflicts import ConflictReason
from contest.judging.models import Advancement, Assignment, Conflict, Judge, JudgeBid, TitlesAnswer
from contest.judging.queries.bids import bids_of, open_calls
from contest.judging.queries.conflicts import declarations_of
from contest.judging.services import bids, panel
from contest.judging.states import Bid, Party
from contest.judging.titles import TitleWord
from contest.submissions.models import Submission
from tests.counting import counted
from tests.factories import Make
from tests.judging.pages import Desk, desk_of, words

UNCLE = TitleWord(None, ConflictReason.RELATIVE, "Chú của đội trưởng")


class Room:
    """An edition with a round whose titles are open to two judges, and three submissions."""

    def __init__(self, make: Make, noon: datetime, **rules: Any) -> None:
        self.make, self.noon = make, noon
        self.edition = make.edition()
        self.round = make.round(self.edition, rules=RoundRules(**rules), state=RoundState.DRAFT)
        self.judges = [make.judge(self.edition, make.user(name)) for name in ("Lý Cảnh", "Cao Minh")]
        self.submissions = [
            make.submission(self.edition, make.team(self.edition, name=f"Đội {n}", school=f"Trường số {n}"))
            for n in range(3)
        ]
        self.open()

    def open(self) -> None:
        with unit_of_work():
            bids.open_titles(round_id=self.round.id, actor_id=None, now=self.noon)

    def say(self, *said: TitleWord, judge: int = 0) -> None:
        words = {one.public_id: word for one, word in zip(self.submissions, said, strict=False)}
        with unit_of_work():
            bids.answer_titles(round_id=self.round.id, user_id=self.judges[judge].user_id, words=words, now=self.noon)

    def pair(self, judge: int, submission: int) -> tuple[int, int]:
        return self.submissions[submission].id, self.judges[judge].id


@pytest.fixture
def room(app: Flask, make: Make, noon: datetime) -> Room:
    return Room(make, noon)


@pytest.mark.both_databases
def test_one_answer_holds_bids_and_conflicts_and_can_be_changed(room: Room) -> None:
    room.say(TitleWord(Bid.WANT), UNCLE, TitleWord(Bid.RATHER_NOT))
    room.say(TitleWord(Bid.CAN), judge=1)
    assert bids_of(room.edition.id) == {
        room.pair(0, 0): Bid.WANT,
        room.pair(0, 2): Bid.RATHER_NOT,
        room.pair(1, 0): Bid.CAN,
    }
    (one,) = declarations_of(room.edition.id)[room.pair(0, 1)]
    assert (one.party, one.kind, one.note, one.by, one.at) == (
        Party.JUDGE, ConflictReason.RELATIVE, "Chú của đội trưởng", "Lý Cảnh", room.noon,
    )  # fmt: skip
    room.say(UNCLE, TitleWord(Bid.CAN))
    assert bids_of(room.edition.id) == {
        room.pair(0, 1): Bid.CAN,
        room.pair(0, 2): Bid.RATHER_NOT,
        room.pair(1, 0): Bid.CAN,
    }
    assert set(declarations_of(room.edition.id)) == {room.pair(0, 0)}
    assert db.session.scalar(select(func.count()).select_from(TitlesAnswer)) == 2
    actions = list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    assert actions[-5:] == [
        "titles.answered", "titles.answered", "conflict.declared", "conflict.withdrawn", "titles.answered",
    ]  # fmt: skip


def test_the_same_answer_again_declares_nothing_anew(room: Room) -> None:
    room.say(TitleWord(Bid.WANT), UNCLE)
    room.say(TitleWord(Bid.WANT), UNCLE)
    actions = list(db.session.scalars(select(AuditEntry.action)))
    assert actions.count("conflict.declared") == 1


def test_a_judge_takes_back_no_word_of_the_organiser(room: Room) -> None:
    judge, submission = room.judges[0], room.submissions[1]
    with unit_of_work():
        panel.declare_conflict(
            edition_id=room.edition.id, judge_id=judge.id, submission_id=submission.id, reason="Bạn học",
            actor_id=None, now=room.noon,
        )  # fmt: skip
    room.say(TitleWord(), UNCLE)
    room.say(TitleWord(), TitleWord(Bid.CAN))
    (left,) = declarations_of(room.edition.id)[room.pair(0, 1)]
    assert (left.party, left.note) == (Party.ORGANISER, "Bạn học")


def test_what_is_refused(room: Room, make: Make, noon: datetime) -> None:
    with pytest.raises(RuleBroken, match="conflict_without_reason"):
        room.say(TitleWord(Bid.WANT), TitleWord(None, ConflictReason.RELATIVE, "  "))
    assert bids_of(room.edition.id) == {}
    stranger = make.judge(make.edition("khac"))
    with pytest.raises(NotFound), unit_of_work():
        bids.answer_titles(round_id=room.round.id, user_id=stranger.user_id, words={}, now=noon)
    words = {make.submission(make.edition("xa")).public_id: TitleWord(Bid.WANT)}
    with pytest.raises(NotFound), unit_of_work():
        bids.answer_titles(round_id=room.round.id, user_id=room.judges[0].user_id, words=words, now=noon)
    with unit_of_work():
        bids.close_titles(round_id=room.round.id, actor_id=None, now=noon)
    with pytest.raises(RuleBroken, match="titles_closed"):
        room.say(TitleWord(Bid.WANT))
    room.open()
    with unit_of_work() as session:
        session.get_one(Judge, room.judges[0].id).left_at = noon
    with pytest.raises(NotFound):
        room.say(TitleWord(Bid.WANT))
    with unit_of_work() as session:
        session.get_one(Round, room.round.id).state = RoundState.CLOSED
    with pytest.raises(RuleBroken, match="titles_closed"):
        room.say(TitleWord(Bid.WANT), judge=1)
    for verb in (bids.open_titles, bids.close_titles):
        with pytest.raises(RuleBroken, match="titles_too_late"), unit_of_work():
            verb(round_id=room.round.id, actor_id=None, now=noon)


def test_opening_and_closing_are_audited_once(room: Room, noon: datetime) -> None:
    room.open()
    for _ in range(2):
        with unit_of_work():
            bids.close_titles(round_id=room.round.id, actor_id=None, now=noon)
    actions = list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    assert actions == ["titles.opened", "titles.closed"]


@pytest.mark.parametrize("blind", [True, False])
def test_a_blind_round_shows_no_names(app: Flask, make: Make, noon: datetime, blind: bool) -> None:  # noqa: FBT001  # parametrised
    room = Room(make, noon, blind=blind)
    page = _client(app, make, room.judges[0]).get(_url(room)).text
    for n in range(3):
        assert (f"Đội {n}" in page) is not blind
        assert (f"Trường số {n}" in page) is not blind


def _client(app: Flask, make: Make, judge: Judge) -> FlaskClient:
    client = app.test_client()
    make.sign_in(client, db.session.get_one(User, judge.user_id))
    client.set_cookie("locale", "en")
    return client


def _url(room: Room) -> str:
    return f"/e/{room.edition.code}/judging/titles/{room.round.code}"


def test_the_form_saves_all_at_once_without_a_script(app: Flask, make: Make, room: Room) -> None:
    client, url = _client(app, make, room.judges[0]), _url(room)
    assert f'href="{url}"' in client.get(f"/e/{room.edition.code}/judging/").text
    first, second, third = (one.public_id for one in room.submissions)
    sent = {f"kind-{one}": "" for one in (first, second, third)} | {
        f"bid-{first}": "want", f"kind-{second}": "relative", f"reason-{second}": "Cháu <b> gái",
    }  # fmt: skip
    answer = client.post(url, data=sent)
    assert (answer.status_code, answer.location) == (303, f"/e/{room.edition.code}/judging/")
    assert f"You will not be given {room.submissions[1].code}" in client.get(answer.location).text
    page = client.get(url).text
    assert "Cháu &lt;b&gt; gái" in page
    assert f'id="want-{first}" value="want" checked' in page
    assert f'id="none-{third}" value="none" checked' in page


def test_a_conflict_without_a_reason_comes_back_with_everything_typed(app: Flask, make: Make, room: Room) -> None:
    client, url = _client(app, make, room.judges[0]), _url(room)
    first, second, _ = (one.public_id for one in room.submissions)
    sent = {f"kind-{first}": "", f"bid-{first}": "rather_not", f"kind-{second}": "mentor"}
    answer = client.post(url, data=sent)
    assert answer.status_code == 422
    assert "write in a few words what you are to this team" in words(answer)
    assert f'id="rather_not-{first}" value="rather_not" checked' in answer.text
    assert '<option value="mentor" selected>' in answer.text
    assert db.session.scalar(select(func.count(Conflict.id))) == 0


@pytest.mark.parametrize(("field", "value"), [("bid", "always"), ("kind", "sponsor"), ("reason", "x" * 301)])
def test_other_values_are_refused(app: Flask, make: Make, room: Room, field: str, value: str) -> None:
    one = room.submissions[0].public_id
    sent = {f"kind-{one}": "relative", f"reason-{one}": "Chú", f"{field}-{one}": value}
    assert _client(app, make, room.judges[0]).post(_url(room), data=sent).status_code == 409
    assert db.session.scalar(select(func.count(Conflict.id))) == 0


def test_titles_are_not_there_before_and_after(app: Flask, make: Make, noon: datetime, room: Room) -> None:
    client, url = _client(app, make, room.judges[0]), _url(room)
    assert client.get(f"/e/{room.edition.code}/judging/titles/khong-co").status_code == 404
    with unit_of_work():
        bids.close_titles(round_id=room.round.id, actor_id=None, now=noon)
    assert [client.get(url).status_code, client.post(url).status_code] == [404, 404]
    assert open_calls(room.edition.id, room.judges[0].user_id) == ()


def test_a_later_round_shows_those_who_advanced(app: Flask, make: Make, noon: datetime, room: Room) -> None:
    final = make.round(room.edition, "final", state=RoundState.DRAFT)
    with unit_of_work() as session:
        session.add(Advancement(round_id=final.id, submission_id=room.submissions[1].id, decided_at=noon))
    with unit_of_work():
        bids.open_titles(round_id=final.id, actor_id=None, now=noon)
    page = _client(app, make, room.judges[0]).get(f"/e/{room.edition.code}/judging/titles/final").text
    assert [one.code in page for one in room.submissions] == [False, True, False]


@pytest.fixture
def desk(app: Flask, make: Make) -> Desk:
    return desk_of(app, make)


def test_the_organiser_opens_sees_who_answered_reminds_and_closes(desk: Desk, noon: datetime) -> None:
    round_ = desk.make.round(desk.edition, state=RoundState.DRAFT)
    entry = desk.make.submission(desk.edition)
    first = desk.make.judge(desk.edition, desk.make.user("Lý Cảnh"), email="ly@example.org")
    desk.make.judge(desk.edition, desk.make.user("Cao Minh"), email="cao@example.org")
    page = desk.at(round_, "titles")
    assert "Not shown to the judges yet" in words(desk.get(page))
    assert desk.post(f"{page}/remind").status_code == 409
    assert desk.post(f"{page}/open").status_code == 303
    with unit_of_work():
        said = {entry.public_id: TitleWord(Bid.WANT)}
        bids.answer_titles(round_id=round_.id, user_id=first.user_id, words=said, now=noon)
    shown = words(desk.get(page))
    assert "Judges who have answered 1/2" in shown
    assert "Cao Minh not yet" in shown
    assert desk.post(f"{page}/remind").status_code == 303
    sent = list(db.session.execute(select(OutboxMail.recipient_name, OutboxMail.body)))
    assert [row.recipient_name for row in sent] == ["Cao Minh"]
    assert f"next=/e/{desk.code}/judging/titles/{round_.code}" in sent[0].body
    assert desk.post(f"{page}/close").status_code == 303
    assert "Closed since" in words(desk.get(page))
    assert desk.post(f"{page}/dance").status_code == 404


@pytest.mark.parametrize("size", [1, 3])
def test_the_page_of_titles_takes_as_many_queries_for_one_title_as_for_three(
    app: Flask, make: Make, noon: datetime, size: int
) -> None:
    room = Room(make, noon)
    if size == 1:
        with unit_of_work() as session:
            for one in room.submissions[1:]:
                session.delete(session.get_one(Submission, one.id))
    client, url = _client(app, make, room.judges[0]), _url(room)
    client.get(url)
    with counted(app) as queries:
        assert client.get(url).status_code == 200
    assert len(queries) == 9


def test_a_removed_judge_leaves_no_word_behind(room: Room, noon: datetime) -> None:
    room.say(TitleWord(Bid.WANT), UNCLE)
    with unit_of_work():
        panel.remove_judge(edition_id=room.edition.id, judge_id=room.judges[0].id, actor_id=None, now=noon)
    assert [
        db.session.scalar(select(func.count()).select_from(model)) for model in (JudgeBid, Conflict, TitlesAnswer)
    ] == [0, 0, 0]


def test_declaring_takes_an_assignment_away_at_once(room: Room) -> None:
    room.make.assignment(room.round, room.judges[0], room.submissions[1])
    room.say(TitleWord(), UNCLE)
    assert db.session.scalar(select(func.count(Assignment.id))) == 0
