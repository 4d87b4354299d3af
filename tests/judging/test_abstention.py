"""A judge abstains: no conflict, no zero, no blank; taken back while scoring is open."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.editions.models import Round
from contest.editions.phases import RoundState
from contest.errors import NotFound, RuleBroken
from contest.infra.db import db, unit_of_work
from contest.judging.models import Scorecard
from contest.judging.papers import PaperFacts
from contest.judging.services import scoring
from contest.judging.states import ScorecardStatus
from tests.factories import Make
from tests.judging.test_judge_views import Judging
from tests.judging.test_scoring_services import NOW, Desk, audits


@pytest.fixture
def desk(make: Make) -> Desk:
    return Desk(make)


def abstain(desk: Desk, reason: str = "Vắng mặt", **values: Any) -> PaperFacts:
    given = {"actor_id": desk.user_id, "now": NOW, **values}
    with unit_of_work():
        return scoring.abstain(edition_id=desk.edition_id, assignment=desk.public_id, reason=reason, **given)


def resume(desk: Desk, **values: Any) -> PaperFacts:
    given = {"actor_id": desk.user_id, "now": NOW, **values}
    with unit_of_work():
        return scoring.resume(edition_id=desk.edition_id, assignment=desk.public_id, **given)


@pytest.mark.both_databases
def test_marks_and_words_stay_stored_and_come_back(app: Flask, desk: Desk) -> None:
    desk.save({"C1": "8", "C2": "7"}, submit=True, feedback="Hay", private_note="Riêng")
    answer = abstain(desk, "Không nghe được")
    assert answer == desk.stored()
    card = answer.scorecard
    assert card is not None
    assert (card.status, card.recusal_reason, card.feedback, card.private_note, desk.points()) == (
        ScorecardStatus.ABSTAINED, "Không nghe được", "Hay", "Riêng", (16, 14),
    )  # fmt: skip
    back = resume(desk).scorecard
    assert back is not None
    assert (back.status, back.recusal_reason, back.feedback, desk.points(), back.version) == (
        ScorecardStatus.DRAFT, "", "Hay", (16, 14), 3,
    )  # fmt: skip
    assert [(action, facts.get("reason")) for action, facts in audits()][1:] == [
        ("scorecard.abstained", "Không nghe được"),
        ("scorecard.resumed", ""),
    ]


def test_repeating_changes_nothing(app: Flask, desk: Desk) -> None:
    first = abstain(desk)
    assert abstain(desk, "Lý do khác") == first
    assert (first.state, first.version) == ("abstained", 1)
    back = resume(desk)
    assert resume(desk) == back


def test_nothing_is_written_on_an_abstained_paper_before_it_is_taken_back(app: Flask, desk: Desk) -> None:
    abstain(desk)
    with pytest.raises(RuleBroken, match="paper_abstained"):
        desk.save({"C1": "8"}, version=1)
    resume(desk)
    assert desk.save({"C1": "8"}, version=2).state == "draft"


@pytest.mark.parametrize("verb", [abstain, resume])
def test_only_the_assigned_judge_while_scoring_is_open(app: Flask, make: Make, desk: Desk, verb: Any) -> None:
    if verb is resume:
        abstain(desk)
    with pytest.raises(NotFound):
        verb(desk, actor_id=make.user().id)
    for state in (RoundState.OPEN, RoundState.CLOSED):
        with unit_of_work() as session:
            session.get_one(Round, desk.round_id).state = state
        with pytest.raises(RuleBroken, match="scoring_closed"):
            verb(desk)
    with unit_of_work() as session:
        session.get_one(Round, desk.round_id).state = RoundState.SCORING
        session.get_one(Round, desk.round_id).closes_at = NOW + timedelta(hours=1)
    with pytest.raises(RuleBroken, match="scoring_closed"):
        verb(desk, now=NOW + timedelta(hours=1))
    verb(desk, now=NOW + timedelta(hours=1) - timedelta(seconds=1))


def test_recused_and_set_aside_papers_are_no_abstentions(app: Flask, desk: Desk) -> None:
    desk.recuse()
    for verb in (abstain, resume):
        with pytest.raises(RuleBroken, match="paper_recused"):
            verb(desk)
    with unit_of_work() as session:
        session.query(Scorecard).one().status = ScorecardStatus.VOIDED
    for verb in (abstain, resume):
        with pytest.raises(RuleBroken, match="paper_voided"):
            verb(desk)
    with pytest.raises(RuleBroken, match="paper_voided"):
        desk.recuse()


def test_a_conflict_found_later_still_withdraws(app: Flask, desk: Desk) -> None:
    abstain(desk)
    assert desk.recuse("Người nhà").state == "recused"


@pytest.fixture
def judging(app: Flask, make: Make, client: FlaskClient, noon: Any) -> Judging:
    client.set_cookie("locale", "en")
    return Judging(make, client)


def test_the_pages_lead_to_it_and_back(judging: Judging) -> None:
    client, url = judging.client, judging.url
    assert f'href="{url}/abstain"' in client.get(url).text
    assert "Why can you not judge it?" in client.get(f"{url}/abstain").text
    assert client.post(f"{url}/abstain", data={"reason": " "}).status_code == 422
    assert client.post(f"{url}/abstain", data={"reason": "x" * 501}).status_code == 422
    answer = client.post(f"{url}/abstain", data={"reason": "Vắng <em> mặt"})
    assert (answer.status_code, answer.location) == (303, judging.desk_url)
    page = client.get(url).text
    assert "You have abstained from this submission" in page
    assert "Vắng &lt;em&gt; mặt" in page
    assert 'name="mark-C1"' not in page
    listing = client.get(judging.desk_url).text
    assert 'class="is-abstained"' in listing
    assert "Abstained" in listing
    assert client.get(f"{url}/abstain").location == url
    assert client.post(f"{url}/resume").location == url
    assert 'name="mark-C1"' in client.get(url).text


def test_a_save_from_another_tab_is_refused_as_a_conflict(judging: Judging) -> None:
    judging.client.post(f"{judging.url}/abstain", data={"reason": "x"})
    entry = {"version": 1, "rubric_version": 1, "key": "0123456789abcdef", "marks": {"C1": "8"}}
    answer = judging.client.post(judging.url, json=entry, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()["error"]) == (409, "paper_abstained")


def test_after_the_end_it_stays(judging: Judging) -> None:
    judging.client.post(f"{judging.url}/abstain", data={"reason": "x"})
    with unit_of_work() as session:
        session.get_one(Round, judging.round.id).state = RoundState.CLOSED
    page = judging.client.get(judging.url).text
    assert "You have abstained" in page
    assert "/resume" not in page
    assert judging.client.post(f"{judging.url}/resume").status_code == 409
    assert db.session.query(Scorecard.status).scalar() == "abstained"


def test_a_paper_that_was_set_aside_says_so(judging: Judging) -> None:
    judging.make.scorecard(judging.paper, [1, 1], ScorecardStatus.VOIDED)
    with unit_of_work() as session:
        session.query(Scorecard).one().recusal_reason = "Đổi hội đồng"
    page = judging.client.get(judging.url).text
    assert "This score sheet was set aside" in page
    assert "Đổi hội đồng" in page
    assert 'name="mark-C1"' not in page
