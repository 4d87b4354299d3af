"""The progress page and reminders: who is late, a fresh way in by mail or by hand, and a record of it."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from contest.accounts.models import SignInLink, User
from contest.accounts.roles import Role
from contest.editions.models import Round
from contest.editions.phases import RoundState
from contest.errors import NotFound
from contest.infra import clock
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.infra.mail import OutboxMail
from contest.judging.models import Judge
from contest.judging.queries.progress import REMINDED
from contest.judging.services.reminders import PAUSE, due_for_reminder
from contest.judging.states import ScorecardStatus
from tests.counting import counted
from tests.factories import NOON, Make
from tests.judging.pages import Desk, desk_of, words


@pytest.fixture
def desk(app: Flask, make: Make, noon: datetime) -> Desk:
    return desk_of(app, make)


@pytest.fixture
def round_(desk: Desk) -> Round:
    return desk.make.round(desk.edition, name_vi="Sơ khảo", name_en="Heat", closes_at=NOON + timedelta(days=2))


def judge_with(desk: Desk, round_: Round, name: str, *states: ScorecardStatus | None, **values: object) -> Judge:
    """A judge with one assignment per state; none is one that was not begun."""
    judge = desk.make.judge(desk.edition, desk.make.user(name, **values))
    for state in states:
        assignment = desk.make.assignment(round_, judge, desk.make.submission(desk.edition))
        if state is not None:
            desk.make.scorecard(assignment, [1, 1], state)
    return judge


DONE, DRAFT, OUT = ScorecardStatus.SUBMITTED, ScorecardStatus.DRAFT, ScorecardStatus.RECUSED


def remind(desk: Desk, round_: Round, judge: Judge | None = None) -> object:
    fields = {"judge": desk.person(judge)} if judge else {}
    return desk.post(desk.at(round_, "progress/remind"), **fields)


def mails() -> list[OutboxMail]:
    return list(db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


def reminded() -> list[tuple[str, str]]:
    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.action == REMINDED).order_by(AuditEntry.id))
    return [(row.facts["round"], row.facts["by"]) for row in rows]


def test_nothing_assigned_says_so(desk: Desk, round_: Round) -> None:
    assert "Nothing is assigned yet" in words(desk.get(desk.at(round_, "progress")))


def test_case_8_the_page_shows_shares_of_real_assignments(desk: Desk, round_: Round) -> None:
    judge_with(desk, round_, "Trần Ánh", DONE, DRAFT, None, OUT)
    judge_with(desk, round_, "Lê Bình", DONE)
    desk.make.judge(desk.edition, desk.make.user("Cao Minh"))
    text = words(desk.get(desk.at(round_, "progress")))
    assert "Scorecards handed in 2/4 2/4" in text
    assert "1 in draft, 1 not started. 1 withdrawal, not counted." in text
    assert re.search(r"Trần Ánh GK\d+ 1/3 1/3 1 withdrawal 08/10/2026 12:00 – Remind", text)
    assert re.search(r"Lê Bình GK\d+ 1/1 1/1 08/10/2026 12:00 – Done", text)
    assert "Without assignments: Cao Minh." in text


def test_submissions_that_lack_judges_are_marked(desk: Desk) -> None:
    round_ = desk.make.round(desk.edition, rules=None)
    with unit_of_work() as session:
        session.get_one(Round, round_.id).rules = {"judges_per_submission": 3, "min_judges": 2}
    one, two, three, four = (desk.make.submission(desk.edition) for _ in range(4))
    judges = [desk.make.judge(desk.edition, desk.make.user(f"Giám khảo {number}")) for number in range(3)]
    desk.make.assignment(round_, judges[0], two)
    for judge in judges[:2]:
        desk.make.assignment(round_, judge, three)
    for judge in judges:
        desk.make.scorecard(desk.make.assignment(round_, judge, four), [1, 1])
    text = words(desk.get(desk.at(round_, "progress")))
    assert f"{one.code} {one.title} 0/0 0/0 No judge" in text
    assert f"{two.code} {two.title} 0/1 0/1 too few judges to be ranked: 2 needed" in text
    assert f"{three.code} {three.title} 0/2 0/2 1 seat is empty" in text
    assert f"{four.code} {four.title} 3/3 3/3 Done" in text


def test_one_judge_is_reminded_by_mail_with_a_way_in(desk: Desk, round_: Round) -> None:
    judge = judge_with(desk, round_, "Trần Ánh", DONE, DRAFT, None, email="anh@example.org", locale="en")
    judge_with(desk, round_, "Lê Bình", None)
    answer = desk.post(desk.at(round_, "progress/remind"), judge=desk.person(judge))
    assert (answer.status_code, answer.location) == (303, desk.url(desk.at(round_, "progress")))
    (mail,) = mails()
    assert (mail.recipient, mail.recipient_name, mail.scope) == (
        "anh@example.org",
        "Trần Ánh",
        f"edition:{desk.edition_id}",
    )
    assert mail.subject == "2 scorecards are waiting for you: Heat"
    assert "you have handed in 1 of 3 scorecards" in mail.body
    assert "Scoring closes on 10/10/2026 12:00." in mail.body
    assert reminded() == [("r1", "mail")]
    text = words(desk.get(desk.at(round_, "progress")))
    assert "1 reminder is in the outbox." in text
    assert re.search(r"Trần Ánh GK\d+ 1/3 1/3 08/10/2026 12:00 08/10/2026 12:00", text)


def test_the_link_of_a_reminder_opens_the_judges_list(desk: Desk, round_: Round) -> None:
    judge = judge_with(desk, round_, "Trần Ánh", None)
    desk.post(desk.at(round_, "progress/remind"), judge=desk.person(judge))
    path = re.search(r"http://localhost(/s/\S+)", mails()[0].body)
    assert path is not None
    phone = desk.app.test_client()
    answer = phone.post(path.group(1))
    assert (answer.status_code, answer.location) == (303, f"/e/{desk.code}/judging/")
    assert phone.get(answer.location).status_code == 200


def test_a_reminder_speaks_the_judges_language(desk: Desk, round_: Round) -> None:
    judge_with(desk, round_, "Trần Ánh", None, locale="vi")
    judge_with(desk, round_, "Ann Lee", None, locale="en")
    judge_with(desk, round_, "Bo Li", None, locale=None)
    remind(desk, round_)
    subjects = {mail.recipient_name: mail.subject for mail in mails()}
    assert subjects["Ann Lee"] == "1 scorecard is waiting for you: Heat"
    assert "Sơ khảo" in subjects["Trần Ánh"]
    assert subjects["Bo Li"] == subjects["Trần Ánh"]


def test_all_who_are_late_are_reminded_and_nobody_else(desk: Desk, round_: Round) -> None:
    for name, states in (("Một", (None,)), ("Hai", (DRAFT,)), ("Ba", (DONE,)), ("Bốn", (OUT,)), ("Năm", ())):
        judge_with(desk, round_, name, *states)
    remind(desk, round_)
    assert {mail.recipient_name for mail in mails()} == {"Một", "Hai"}
    assert len(reminded()) == 2


def test_without_an_address_the_text_is_shown_once(desk: Desk, round_: Round) -> None:
    judge_with(desk, round_, "Trần Ánh", None, email=None)
    judge_with(desk, round_, "Lê Bình", None)
    answer = desk.post(desk.at(round_, "progress/remind"))
    assert answer.status_code == 200
    page = html.unescape(answer.get_data(as_text=True))
    assert "Shown this one time only" in page
    assert "Trần Ánh" in page
    assert page.count("http://localhost/s/") == 2  # in the text and behind its button
    assert [mail.recipient_name for mail in mails()] == ["Lê Bình"]
    assert sorted(by for _, by in reminded()) == ["hand", "mail"]


def test_nobody_is_reminded_twice_within_ten_minutes(desk: Desk, round_: Round) -> None:
    judge = judge_with(desk, round_, "Trần Ánh", None)
    path = desk.at(round_, "progress/remind")
    assert desk.post(path).status_code == 303
    again = desk.post(path, judge=desk.person(judge))
    assert again.status_code == 409
    assert "The last reminder went out at 08/10/2026 12:00." in words(again)
    judge_with(desk, round_, "Lê Bình", None)
    assert desk.post(path).status_code == 303
    assert [mail.recipient_name for mail in mails()] == ["Trần Ánh", "Lê Bình"]
    with clock.stopped_at(NOON + PAUSE):
        assert desk.post(path).status_code == 303
        assert "2 times" in words(desk.get(desk.at(round_, "progress")))


def test_who_is_done_needs_no_reminder(desk: Desk, round_: Round) -> None:
    judge = judge_with(desk, round_, "Trần Ánh", DONE)
    for answer in (desk.post(desk.at(round_, "progress/remind"), judge=desk.person(judge)),):
        assert answer.status_code == 409
        assert "nobody needs a reminder" in words(answer)
    assert mails() == []


@pytest.mark.parametrize("state", [one for one in RoundState if one is not RoundState.SCORING])
def test_only_an_open_round_reminds(desk: Desk, state: RoundState) -> None:
    round_ = desk.make.round(desk.edition, state=state)
    judge_with(desk, round_, "Trần Ánh", None)
    answer = desk.post(desk.at(round_, "progress/remind"))
    assert answer.status_code == 409
    assert "Scoring of round r1 is not open" in words(answer)
    assert "Remind" not in words(desk.get(desk.at(round_, "progress"))).replace("Reminded", "")
    assert mails() == []


def test_the_way_in_never_goes_where_the_organiser_could_take_it(desk: Desk, round_: Round) -> None:
    judge = judge_with(desk, round_, "Trần Ánh", None, email="anh@example.org")
    with unit_of_work() as session:
        session.get_one(Judge, judge.id).email = "organiser@example.org"
    desk.make.member(desk.make.edition("khac"), Role.ORGANISER, db.session.get_one(User, judge.user_id))
    remind(desk, round_)
    (mail,) = mails()
    assert (mail.recipient, mail.scope) == ("anh@example.org", "accounts")
    assert "/s/" in mail.body


def test_no_link_is_made_for_an_account_out_of_reach_without_an_address(desk: Desk, round_: Round) -> None:
    judge = judge_with(desk, round_, "Trần Ánh", None, email=None)
    desk.make.member(desk.make.edition("khac"), Role.ORGANISER, db.session.get_one(User, judge.user_id))
    page = html.unescape(remind(desk, round_).get_data(as_text=True))  # type: ignore[attr-defined]  # an answer
    assert f"http://localhost/e/{desk.code}/judging/" in page
    assert "/s/" not in page
    assert db.session.scalar(select(func.count(SignInLink.id))) == 0


def test_foreign_rounds_and_judges_are_not_found(desk: Desk, round_: Round) -> None:
    other = desk.make.edition("khac")
    stranger = desk.make.judge(other)
    desk.make.round(other, "xa")
    assert desk.get("rounds/xa/progress").status_code == 404
    assert desk.post("rounds/xa/progress/remind").status_code == 404
    assert desk.post(desk.at(round_, "progress/remind"), judge=desk.person(stranger)).status_code == 404
    assert desk.post(desk.at(round_, "progress/remind"), judge="").status_code == 404


def test_the_service_knows_only_its_own_judges_and_rounds(desk: Desk, round_: Round) -> None:
    stranger = desk.make.judge(desk.make.edition("khac"))
    for round_id, judge_id in ((round_.id, stranger.id), (999, None)):
        with pytest.raises(NotFound), unit_of_work():
            due_for_reminder(round_id=round_id, judge_id=judge_id, now=NOON)


@pytest.mark.parametrize("size", [1, 3])
def test_the_page_takes_the_same_number_of_queries(desk: Desk, round_: Round, size: int) -> None:
    for number in range(size):
        judge_with(desk, round_, f"Giám khảo {number}", DONE, None)
    with counted(desk.app) as queries:
        assert desk.get("rounds/r1/progress").status_code == 200
    # the session, the edition, two for the round, eight for its progress
    assert len(queries) == 18


@pytest.mark.parametrize("role", [Role.CHAIR, Role.OBSERVER])
def test_readers_follow_but_do_not_remind(app: Flask, make: Make, noon: datetime, role: Role) -> None:
    desk = desk_of(app, make, role)
    round_ = make.round(desk.edition)
    judge_with(desk, round_, "Trần Ánh", None)
    page = desk.get(desk.at(round_, "progress"))
    assert page.status_code == 200
    assert "<form" not in page.get_data(as_text=True).partition("<main")[2]
    assert desk.post(desk.at(round_, "progress/remind")).status_code == 403


def test_the_overview_counts_judges_and_scorecards(desk: Desk, round_: Round) -> None:
    judge_with(desk, round_, "Trần Ánh", DONE, None)
    text = words(desk.get(""))
    assert "1 Judges 1 has not signed in yet" in text
    assert "1/2 Scorecards handed in Heat" in text
