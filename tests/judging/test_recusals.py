"""A judge withdraws, and it is taken back in writing: the marks leave the ranking at once and come back at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.editions.models import Round
from contest.editions.phases import RoundState
from contest.errors import NotFound, RuleBroken
from contest.infra.db import db, unit_of_work
from contest.judging.models import Conflict, Judge, Scorecard
from contest.judging.papers import PaperFacts
from contest.judging.queries.scores import score_table
from contest.judging.services import scoring
from contest.submissions.models import Submission
from tests.factories import Make
from tests.judging.pages import desk_of, words
from tests.judging.test_judge_views import Judging
from tests.judging.test_panel_conflicts import facts
from tests.judging.test_scoring_services import NOW, Desk, audits


@pytest.fixture
def desk(make: Make) -> Desk:
    return Desk(make)


def take_back(desk: Desk, reason: str = "Trùng tên", **values: Any) -> PaperFacts:
    given = {"actor_id": desk.user_id, "now": NOW, **values}
    with unit_of_work():
        return scoring.take_recusal_back(edition_id=desk.edition_id, assignment=desk.public_id, reason=reason, **given)


def counting(desk: Desk) -> list[tuple[bool, tuple[int | None, ...]]]:
    """Return the cards of the live ranking: whether they count, and their points."""
    round_ = facts(db.session.get_one(Round, desk.round_id))
    cards = score_table(round_, [desk.stored().submission_id]).cards
    return [(card.submitted and not card.recused, tuple(card.points)) for card in cards]


@pytest.mark.both_databases
def test_marks_leave_the_live_ranking_at_once_and_come_back(app: Flask, desk: Desk) -> None:
    desk.save({"C1": "8", "C2": "7"}, submit=True, feedback="Hay", private_note="Riêng")
    before = counting(desk)
    assert before == [(True, (16, 14))]
    desk.recuse("Học trò cũ")
    assert not any(counts for counts, _ in counting(desk))
    back = take_back(desk, " Trùng tên người khác ")
    assert (back.state, back.scorecard and back.scorecard.recusal_reason, desk.points()) == ("submitted", "", (16, 14))
    assert back.scorecard is not None
    assert (back.scorecard.feedback, back.scorecard.private_note) == ("Hay", "Riêng")
    assert counting(desk) == before
    assert [(action, said.get("reason")) for action, said in audits()][1:] == [
        ("scorecard.recused", "Học trò cũ"),
        ("scorecard.resumed", "Trùng tên người khác"),
    ]


def test_a_draft_comes_back_as_a_draft(app: Flask, desk: Desk) -> None:
    desk.save({"C1": "8"})
    desk.recuse()
    assert take_back(desk).state == "draft"
    with pytest.raises(RuleBroken, match="paper_not_recused"):
        take_back(desk)


def test_not_without_a_reason_nor_by_strangers_nor_too_late(app: Flask, make: Make, desk: Desk) -> None:
    desk.recuse()
    with pytest.raises(RuleBroken, match="return_without_reason"):
        take_back(desk, "  ")
    with pytest.raises(NotFound):
        take_back(desk, actor_id=make.user().id)
    with pytest.raises(NotFound):
        _of_another(desk, make.edition("khac").id)
    with unit_of_work() as session:
        session.get_one(Round, desk.round_id).state = RoundState.CLOSED
    for organiser in (False, True):
        with pytest.raises(RuleBroken, match="scoring_closed"):
            take_back(desk, organiser=organiser)


def _of_another(desk: Desk, edition_id: int) -> None:
    with unit_of_work():
        scoring.take_recusal_back(
            edition_id=edition_id, assignment=desk.public_id, actor_id=1, reason="x", now=NOW,
            organiser=True,
        )  # fmt: skip


def test_the_judge_may_until_somebody_else_has_it_the_organiser_also_after(app: Flask, make: Make, desk: Desk) -> None:
    desk.recuse()
    paper = desk.stored()
    card = db.session.query(Scorecard).one()
    edition = db.session.get_one(Round, desk.round_id).edition
    other = make.assignment(
        db.session.get_one(Round, desk.round_id), make.judge(edition), _submission(paper.submission_id),
        created_at=card.updated_at + timedelta(seconds=1),
    )  # fmt: skip
    assert other.id
    with pytest.raises(RuleBroken, match="already_replaced"):
        take_back(desk)
    assert take_back(desk, organiser=True, actor_id=make.user().id).state == "draft"


def _submission(submission_id: int) -> Any:
    return db.session.get_one(Submission, submission_id)


def test_a_declared_conflict_stands_above_it(app: Flask, desk: Desk) -> None:
    desk.recuse()
    paper = desk.stored()
    with unit_of_work() as session:
        session.add(Conflict(judge_id=paper.judge_id, submission_id=paper.submission_id))
    for organiser in (False, True):
        with pytest.raises(NotFound):
            take_back(desk, organiser=organiser)


@pytest.fixture
def judging(app: Flask, make: Make, client: FlaskClient, noon: datetime) -> Judging:
    client.set_cookie("locale", "en")
    return Judging(make, client)


def test_the_judge_finds_the_way_back(judging: Judging) -> None:
    client, url = judging.client, judging.url
    assert client.get(f"{url}/return").location == url
    client.post(f"{url}/recuse", data={"reason": "Học trò <b>"})
    assert f'href="{url}/return"' in client.get(url).text
    page = client.get(f"{url}/return").text
    assert "Học trò &lt;b&gt;" in page
    assert client.post(f"{url}/return", data={"reason": " "}).status_code == 422
    assert client.post(f"{url}/return", data={"reason": "Nhầm"}).location == url
    assert 'name="mark-C1"' in client.get(url).text


def test_the_organiser_sees_withdrawals_and_takes_one_back(app: Flask, make: Make, noon: datetime) -> None:
    room = desk_of(app, make)
    round_ = make.round(room.edition)
    entry = make.submission(room.edition)
    paper = make.assignment(round_, make.judge(room.edition, make.user("Lý Cảnh")), entry)
    make.scorecard(paper, [3, 4])
    judge_user = _user_of(paper.judge_id)
    with unit_of_work():
        scoring.recuse(
            edition_id=room.edition_id, assignment=paper.public_id, actor_id=judge_user, reason="Cháu tôi", now=noon
        )
    assert "Cháu tôi" in words(room.get("judges/conflicts"))
    page = "judges/conflicts/recusals"
    refused = room.post(page, assignment=paper.public_id)
    assert (refused.status_code, "Write why" in words(refused)) == (409, True)
    assert db.session.query(Scorecard.status).scalar() == "recused"
    assert room.post(page, assignment="zzzzzzzzzz", reason="Nhầm").status_code == 404
    assert room.post(page, assignment=paper.public_id, reason="Nhầm").status_code == 303
    assert db.session.query(Scorecard.status).scalar() != "recused"


def _user_of(judge_id: int) -> int:
    return int(db.session.get_one(Judge, judge_id).user_id)
