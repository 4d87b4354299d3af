"""The judge's pages through the test client: the list, a paper, saving, withdrawing, files."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.test import TestResponse

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.editions.models import Criterion, Round
from contest.editions.parts import PartKind
from contest.editions.phases import SETTLED, RoundState
from contest.editions.rules import RoundRules
from contest.infra import cache, clock
from contest.infra.db import db, unit_of_work
from contest.judging.models import Assignment, Conflict, Scorecard, ScoreEventRow
from contest.judging.queries.desk import desk_of
from contest.judging.states import ScorecardStatus
from contest.submissions.models import Submission, Team
from tests.counting import counted
from tests.factories import Make
from tests.judging.test_desk import hand_in

KEY = "0123456789abcdef"
EVENT = ("event", "changed_since", "receipt")


class Judging:
    """A signed-in judge with one paper of a round with C1, C2 (0 to 10 by 0.5) and, if asked, buttons from 1 to 5."""

    def __init__(self, make: Make, client: FlaskClient, *, buttons: bool = False, **round_values: Any) -> None:
        self.make, self.client = make, client
        self.edition = make.edition()
        self.judge = make.judge(self.edition, make.user("Nguyễn Thị Minh Khai"))
        self.round = make.round(self.edition, **round_values)
        if buttons:
            self._add_buttons()
        self.submission = make.submission(self.edition, title="Bản đồ <ngập>")
        self.paper = make.assignment(self.round, self.judge, self.submission)
        self.code, self.id = self.submission.code, self.paper.public_id
        self.desk_url = f"/e/{self.edition.code}/judging/"
        self.url = self.desk_url + self.id
        self.edition_id, self.user_id = self.edition.id, self.judge.user_id
        make.sign_in(client, make_user(self.judge.user_id))

    def _add_buttons(self) -> None:
        with unit_of_work() as session:
            session.get_one(Round, self.round.id).criteria.append(
                Criterion(
                    code="C3",
                    name_vi="Tác động",
                    name_en="Impact",
                    description_vi="Ai được lợi?",
                    minimum=Decimal(1),
                    maximum=Decimal(5),
                    step=Decimal(1),
                    weight=Decimal("1.5"),
                    max_points=4,
                    guidance=[{"mark": "3", "vi": "Có người cần", "en": "Somebody needs it"}],
                    position=9,
                )
            )

    def more(self, count: int = 1, status: ScorecardStatus | None = None) -> list[str]:
        """Assign further papers; return their public ids."""
        papers = [
            self.make.assignment(self.round, self.judge, self.make.submission(self.edition)) for _ in range(count)
        ]
        for paper in papers if status else ():
            self.make.scorecard(paper, [1, 2], status or ScorecardStatus.DRAFT)
        return [paper.public_id for paper in papers]

    def page(self) -> str:
        answer = self.client.get(self.url)
        assert answer.status_code == 200
        return answer.text

    def post(self, marks: dict[str, str] | None = None, *, headers: Any = None, **values: Any) -> TestResponse:
        marked = {f"mark-{code}": text for code, text in (marks or {}).items()}
        data = {"version": "0", "rubric_version": "1", "key": KEY, "feedback": "", "private_note": "", **marked}
        return self.client.post(self.url, data={**data, **values}, headers=headers)

    def autosave(self, marks: dict[str, str] | None = None, **values: Any) -> TestResponse:
        return self.post(marks, headers={"X-Requested-With": "autosave"}, **values)

    def stored(self) -> tuple[str, int, dict[str, int]] | None:
        """Status, version and points by criterion code, straight from the tables."""
        db.session.rollback()
        card = db.session.query(Scorecard).filter_by(assignment_id=self.paper.id).one_or_none()
        if card is None:
            return None
        names = {c.id: c.code for c in db.session.query(Criterion).filter_by(round_id=self.round.id)}
        return card.status.value, card.version, {names[s.criterion_id]: s.points for s in card.scores}

    def change(self, model: Any, row_id: int, **values: Any) -> None:
        with unit_of_work() as session:
            row = session.get_one(model, row_id)
            for name, value in values.items():
                setattr(row, name, value)


def make_user(user_id: int) -> Any:
    return type("Person", (), {"id": user_id})()


def said(answer: TestResponse) -> dict[str, Any]:
    """The JSON of an answer."""
    body: dict[str, Any] = answer.get_json()
    return body


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return found[1]


def text_of(page: str) -> str:
    """The words of a page on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.fixture
def judging(make: Make, client: FlaskClient, noon: datetime) -> Judging:
    return Judging(make, client)


@pytest.fixture
def english(client: FlaskClient) -> None:
    client.set_cookie("locale", "en")


# The list


def test_the_list_shows_progress_states_and_the_next_paper(judging: Judging, english: None) -> None:
    judging.more(2, ScorecardStatus.SUBMITTED)
    judging.more(1, ScorecardStatus.DRAFT)
    page = judging.client.get(judging.desk_url).text
    assert "2/4" in text_of(page)
    assert page.count('class="is-submitted"') == 2
    assert [page.count(f'class="is-{state}"') for state in ("draft", "not_started", "recused")] == [1, 1, 0]
    assert f"Continue with {judging.code}" in text_of(page)
    assert f'<a class="btn btn-primary btn-lg" href="{judging.url}">' in page
    assert "Bản đồ &lt;ngập&gt;" in page


def test_the_list_stands_in_the_judges_own_order(judging: Judging) -> None:
    judging.more(6)
    page = judging.client.get(judging.desk_url).text
    (desk,) = desk_of(judging.edition_id, judging.user_id)
    shown = re.findall(r'<li class="is-\w+"><a href="[^"]*/judging/(\w+)"', page)
    assert shown == [row.public_id for row in desk.rows]


def test_an_untouched_round_says_start_and_a_finished_one_rejoices(judging: Judging, english: None) -> None:
    assert f"Start with {judging.code}" in text_of(judging.client.get(judging.desk_url).text)
    judging.make.scorecard(judging.paper, [1, 2])
    assert "Everything is submitted" in judging.client.get(judging.desk_url).text


def test_a_judge_without_papers_reads_why(make: Make, client: FlaskClient, english: None) -> None:
    edition = make.edition()
    make.sign_in(client, make_user(make.judge(edition).user_id))
    assert "Nothing to score right now" in client.get(f"/e/{edition.code}/judging/").text


def test_the_list_tells_when_a_round_is_not_open_yet_over_or_closed(
    judging: Judging, noon: datetime, english: None
) -> None:
    judging.change(Round, judging.round.id, opens_at=noon + timedelta(hours=2))
    assert "Scoring opens at 08/10/2026 14:00" in text_of(judging.client.get(judging.desk_url).text)
    judging.change(Round, judging.round.id, opens_at=None, closes_at=noon - timedelta(hours=2))
    assert "Scoring closed at 08/10/2026 10:00" in text_of(judging.client.get(judging.desk_url).text)
    judging.change(Round, judging.round.id, state=RoundState.CLOSED)
    closed = judging.client.get(judging.desk_url).text
    assert "Closed rounds" in closed
    assert f'href="{judging.url}"' in closed
    judging.change(Round, judging.round.id, state=RoundState.DRAFT)
    assert judging.code not in judging.client.get(judging.desk_url).text


@pytest.mark.parametrize("size", [1, 3])
def test_the_list_asks_the_same_statements_whatever_its_length(judging: Judging, app: Flask, size: int) -> None:
    judging.more(size - 1)
    judging.client.get(judging.desk_url)
    with counted(app) as statements:
        judging.client.get(judging.desk_url)
    assert len(statements) == 7


def test_a_blind_list_and_paper_name_nobody(make: Make, client: FlaskClient, noon: datetime) -> None:
    judging = Judging(make, client, rules=RoundRules(blind=True))
    judging.change(Team, judging.submission.team_id, name="Sao Mai", school="THPT Gia Định", mentor_name="Thầy Bình")
    file_id = hand_in(judging.submission, make.part(judging.edition, "slides", PartKind.FILE).id, "Sao Mai.pdf")
    for page in (client.get(judging.desk_url).text, judging.page()):
        for name in ("Sao Mai", "Gia Định", "Bình", "Trần Anh Dung"):
            assert name not in page
    assert f"/judging/files/{file_id}" in judging.page()


# One paper


def test_a_paper_shows_rubric_submission_and_empty_fields(
    make: Make, client: FlaskClient, noon: datetime, english: None
) -> None:
    judging = Judging(make, client, buttons=True)
    page = judging.page()
    words = text_of(page)
    assert "Bản đồ &lt;ngập&gt;" in page
    assert "<ngập>" not in page
    assert "1. Criterion 1 0 to 10, step 0.5 · weight 1" in words
    assert "3. Impact 1 to 5 · weight 1.5" in words
    assert "Ai được lợi?" in words
    assert "3 Somebody needs it" in words
    assert "Đội" in words
    assert [page.count('type="radio"'), page.count("checked"), page.count('inputmode="decimal"')] == [5, 0, 2]
    assert (hidden(page, "version"), hidden(page, "rubric_version")) == ("0", "1")
    assert re.search(r"<output data-total>–</output> / 27.5", page)
    assert "Comment to the team" in words
    assert "The team reads this" in words
    assert "the team never sees" in words.lower()


def test_a_paper_shows_what_is_stored(make: Make, client: FlaskClient, noon: datetime) -> None:
    judging = Judging(make, client, buttons=True)
    judging.post({"C1": "8.5", "C3": "3"}, feedback="Rõ & gọn", private_note="Hỏi lại")
    page = judging.page()
    assert re.search(r'name="mark-C1" id="c0-mark" value="8,5"', page)
    assert re.search(r'name="mark-C2" id="c1-mark" value=""', page)
    assert re.findall(r'value="(\d)" autocomplete="off" checked', page) == ["3"]
    assert '<p class="bv-meaning" data-meaning>Có người cần</p>' in page
    assert "\nRõ &amp; gọn</textarea>" in page
    assert "\nHỏi lại</textarea>" in page
    assert "<output data-total>13</output>" in page
    assert hidden(page, "version") == "1"
    assert "08/10/2026 12:00" in page


def test_two_judges_and_two_papers_never_mix_on_the_kept_page(judging: Judging, app: Flask) -> None:
    (second,) = judging.more(1)
    judging.post({"C1": "9,5"}, feedback="của Khai")
    colleague = judging.make.judge(judging.edition, judging.make.user("Trần Văn B"))
    theirs = judging.make.assignment(judging.round, colleague, judging.submission)
    other = app.test_client()
    judging.make.sign_in(other, make_user(colleague.user_id))
    neighbours = re.compile(r'href="[^"]*" rel="(?:prev|next)"')
    mine, empty = (
        neighbours.sub("", one) for one in (judging.page(), judging.client.get(judging.desk_url + second).text)
    )
    foreign = other.get(judging.desk_url + theirs.public_id).text
    assert "9,5" in mine
    assert "9,5" not in empty
    assert "9,5" not in foreign
    assert "của Khai" not in foreign
    assert "Nguyễn Thị Minh Khai" in mine
    assert "Nguyễn Thị Minh Khai" not in foreign
    assert "Trần Văn B" in foreign
    assert judging.id not in foreign
    assert second not in mine
    assert foreign.count(theirs.public_id) == mine.count(judging.id) == empty.count(second)


def test_no_page_depends_on_what_other_judges_gave(judging: Judging) -> None:
    colleague = judging.make.judge(judging.edition)
    theirs = judging.make.assignment(judging.round, colleague, judging.submission)
    mask: Callable[[str], str] = lambda page: re.sub(r'name="(key|csrf_token)" value="[^"]*"', "", page)  # noqa: E731
    before = mask(judging.page()), mask(judging.client.get(judging.desk_url).text)
    judging.make.scorecard(theirs, [20, 20])
    judging.client.get(judging.url)  # the tokens of a page without a session secret differ once
    assert (mask(judging.page()), mask(judging.client.get(judging.desk_url).text)) == before


def test_the_page_follows_language_theme_round_and_rubric(judging: Judging) -> None:
    assert "Tiêu chí 1" in judging.page()
    judging.client.set_cookie("locale", "en")
    judging.client.set_cookie("theme", "dark")
    page = judging.page()
    assert "Criterion 1" in page
    assert 'data-bs-theme="dark"' in page
    judging.change(Round, judging.round.id, name_en="Grand round")
    assert "Grand round" in judging.page()
    with unit_of_work() as session:
        row = session.get_one(Round, judging.round.id)
        row.criteria[0].name_en, row.rubric_version = "Novelty", 2
    page = judging.page()
    assert "Novelty" in page
    assert hidden(page, "rubric_version") == "2"


def test_a_changed_submission_is_shown_at_once(judging: Judging) -> None:
    assert "theo thời gian thực" in judging.page()
    judging.change(Submission, judging.submission.id, summary="Bản mới", title="Tên mới", version=2)
    page = judging.page()
    assert "Bản mới" in page
    assert "Tên mới" in page


def test_a_message_of_the_last_act_is_shown_once_and_not_kept(judging: Judging, english: None) -> None:
    (second,) = judging.more(1)
    judging.post({"C1": "1", "C2": "2"}, act="submit")
    there = judging.desk_url + second
    assert f"{judging.code} is submitted." in text_of(judging.client.get(there).text)
    assert "is submitted." not in text_of(judging.client.get(there).text)


def test_a_paper_asks_four_statements(judging: Judging, app: Flask) -> None:
    judging.post({"C1": "1", "C2": "2"})
    judging.client.get(judging.url)
    with counted(app) as statements:
        judging.client.get(judging.url)
    assert len(statements) == 4


def test_the_page_says_how_far_the_judge_is_and_leads_to_the_neighbours(judging: Judging) -> None:
    judging.more(2, ScorecardStatus.SUBMITTED)
    judging.more(1, ScorecardStatus.ABSTAINED)
    around = order_of(judging)
    assert len(around) == 4
    for place, public_id in enumerate(around):
        page = judging.client.get(judging.desk_url + public_id).text
        if 'rel="next"' not in page:
            continue  # an abstention shows no marks
        assert "<strong>2/3</strong>" in page
        links = dict(re.findall(r'href="([^"]*)" rel="(prev|next)"', page))
        shown = {rel: href.rpartition("/")[2] for href, rel in links.items() if href}
        wanted = {
            "prev": around[place - 1] if place else "",
            "next": around[place + 1] if place + 1 < len(around) else "",
        }
        assert shown == {rel: one for rel, one in wanted.items() if one}


def order_of(judging: Judging) -> list[str]:
    """The judge's papers in reading order."""
    rounds = desk_of(judging.edition_id, judging.user_id)
    return [row.public_id for row in rounds[0].rows]


@pytest.mark.parametrize("state", [RoundState.CLOSED, *sorted(SETTLED)])
def test_a_closed_round_can_be_read_only(judging: Judging, state: RoundState) -> None:
    judging.post({"C1": "8"})
    judging.change(Round, judging.round.id, state=state)
    page = judging.page()
    assert '<fieldset class="bv-paper-write" id="marks" disabled>' in page
    assert 'type="submit" name="act"' not in page
    assert 'name="mark-C1" id="c0-mark" value="8"' in page
    assert "/recuse" not in page


def test_a_round_that_is_only_open_can_be_read_and_withdrawn_from(judging: Judging, english: None) -> None:
    judging.change(Round, judging.round.id, state=RoundState.OPEN)
    page = judging.page()
    assert '<fieldset class="bv-paper-write" id="marks" disabled>' in page
    assert "Marks are not open yet." in page
    assert "/recuse" in page
    assert judging.post({"C1": "8"}).status_code == 409
    assert "You can read already" in text_of(judging.client.get(judging.desk_url).get_data(as_text=True))
    recused = judging.client.post(f"{judging.url}/recuse", data={"reason": "Cháu ruột tôi"})
    assert recused.status_code == 303
    assert db.session.scalars(select(Scorecard.status)).one() is ScorecardStatus.RECUSED


def test_a_submitted_paper_offers_to_save_a_change_and_no_autosave(judging: Judging, english: None) -> None:
    assert 'data-outbox="draft"' in judging.page()
    judging.post({"C1": "8", "C2": "7"}, act="submit")
    page = judging.page()
    assert 'data-outbox="submitted"' in page
    assert re.findall(r'name="act" value="(\w+)"', page) == ["submit"]
    assert "Submitted 08/10/2026 12:00" in text_of(page)


# Who may


def test_visitors_sign_in_first(client: FlaskClient, make: Make) -> None:
    edition = make.edition()
    answer = client.get(f"/e/{edition.code}/judging/")
    assert (answer.status_code, answer.location) == (303, f"/sign-in?next=/e/{edition.code}/judging/")
    assert client.post(f"/e/{edition.code}/judging/x").status_code == 401


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.JUDGE, Role.CHAIR)])
def test_other_roles_are_refused_without_a_hint(judging: Judging, app: Flask, role: Role) -> None:
    person = app.test_client()
    judging.make.sign_in(person, judging.make.member(judging.edition, role))
    statuses = {person.get(judging.desk_url + name).status_code for name in (judging.id, "khongcoday1", "")}
    assert statuses == {403}


def strip(answer: TestResponse) -> tuple[int, str]:
    """What an answer says apart from the address that was asked and the token of the page."""
    body = re.sub(r'value="[^"]*"', "", answer.text)
    return answer.status_code, body


@pytest.mark.parametrize("tail", ["", "/recuse"])
@pytest.mark.parametrize("verb", ["get", "post"])
def test_a_foreign_paper_is_the_same_404_as_a_missing_one(judging: Judging, app: Flask, verb: str, tail: str) -> None:
    colleague = judging.make.judge(judging.edition)
    other = app.test_client()
    judging.make.sign_in(other, make_user(colleague.user_id))
    data = {"version": "0", "rubric_version": "1", "key": KEY, "mark-C1": "8", "reason": "x"}

    def ask(name: str) -> tuple[int, str]:
        address = judging.desk_url + name + tail
        return strip(other.get(address) if verb == "get" else other.post(address, data=data))

    assert ask(judging.id) == ask("zzzzzzzzzz")
    assert ask(judging.id)[0] == 404
    assert judging.stored() is None


def test_a_paper_of_another_edition_is_not_found_in_this_one(judging: Judging) -> None:
    other = judging.make.edition("khac")
    judging.make.judge(other, db.session.get_one(User, judging.user_id))
    assert judging.client.get(f"/e/{other.code}/judging/").status_code == 200
    assert judging.client.get(f"/e/{other.code}/judging/{judging.id}").status_code == 404


def test_a_conflict_closes_the_paper_at_once(judging: Judging) -> None:
    assert judging.client.get(judging.url).status_code == 200
    with unit_of_work() as session:
        session.add(Conflict(judge_id=judging.judge.id, submission_id=judging.submission.id))
    assert judging.client.get(judging.url).status_code == 404
    assert judging.post({"C1": "8"}).status_code == 404
    assert judging.stored() is None


# Saving


def test_a_draft_is_saved_and_the_page_comes_back(judging: Judging) -> None:
    answer = judging.post({"C1": "8,5", "C2": ""}, act="draft")
    assert (answer.status_code, answer.location) == (303, judging.url)
    assert judging.stored() == ("draft", 1, {"C1": 17})


def test_save_and_next_goes_to_the_next_unscored_paper(judging: Judging) -> None:
    judging.more(2, ScorecardStatus.SUBMITTED)
    (waiting,) = judging.more(1)
    answer = judging.post({"C1": "8"}, act="next")
    assert answer.location == judging.desk_url + waiting
    assert judging.stored() == ("draft", 1, {"C1": 16})


def test_submitting_goes_on_and_the_last_one_ends_at_the_list(judging: Judging) -> None:
    judging.more(1, ScorecardStatus.SUBMITTED)
    answer = judging.post({"C1": "8", "C2": "0"}, act="submit")
    assert (answer.status_code, answer.location) == (303, judging.desk_url)
    assert judging.stored() == ("submitted", 1, {"C1": 16, "C2": 0})


def test_the_answer_to_a_script_holds_what_is_stored_and_nothing_else(judging: Judging) -> None:
    answer = judging.autosave({"C1": "8,50"}, feedback="  Rõ\r\nràng ", private_note="?")
    assert answer.status_code == 200
    event = db.session.scalars(select(ScoreEventRow)).one()
    assert said(answer) == {
        "key": KEY,
        "event": event.code,
        "changed_since": False,
        "version": 1,
        "state": "draft",
        "saved_at": "2026-10-08T05:00:00+00:00",
        "marks": {"C1": "8.5"},
        "feedback": "Rõ\nràng",
        "private_note": "?",
        "total": "8,5",
        "given": 1,
        "criteria": 2,
    }


def test_json_is_taken_as_well(judging: Judging) -> None:
    entry = {"version": 0, "rubric_version": 1, "key": KEY, "marks": {"C1": "8,5", "C2": 3}, "act": "submit"}
    answer = judging.client.post(judging.url, json=entry)
    assert answer.status_code == 200
    assert judging.stored() == ("submitted", 1, {"C1": 17, "C2": 6})


def test_the_same_post_twice_is_one_change(judging: Judging) -> None:
    first = said(judging.autosave({"C1": "8"}))
    with clock.stopped_at(clock.now() + timedelta(minutes=3)):
        again = said(judging.autosave({"C1": "8"}))
    assert again == first
    assert judging.stored() == ("draft", 1, {"C1": 16})


def test_the_same_key_with_other_content_is_refused(judging: Judging) -> None:
    judging.autosave({"C1": "8"})
    answer = judging.autosave({"C1": "9"})
    assert (answer.status_code, said(answer)["error"]) == (409, "key_reused")
    assert judging.stored() == ("draft", 1, {"C1": 16})


def test_a_stale_script_gets_409_and_the_stored_values(judging: Judging) -> None:
    stored = said(judging.autosave({"C1": "8"}))
    answer = judging.autosave({"C1": "9"}, key="another-key")
    assert answer.status_code == 409
    assert said(answer)["error"] == "scorecard_stale"
    assert said(answer)["current"] == {name: one for name, one in stored.items() if name not in EVENT}
    assert set(said(answer)) == {"error", "message", "errors", "current"}
    assert judging.stored() == ("draft", 1, {"C1": 16})


def choices(page: str, name: str) -> list[str]:
    """The values of the radio buttons of a name, in order."""
    return [html.unescape(one) for one in re.findall(rf'type="radio" name="{name}"[^>]* value="([^"]*)"', page)]


def test_a_stale_page_shows_both_versions_line_by_line(judging: Judging, english: None) -> None:
    judging.post({"C1": "8", "C2": "1"}, feedback="cũ", private_note="giữ")
    answer = judging.post(
        {"C1": "9,5", "C2": "1"}, key="another-key", feedback="<mới>", private_note="giữ", act="draft"
    )
    assert answer.status_code == 409
    words = text_of(answer.text)
    assert "Criterion 1 Typed here 9.5 Stored 8" in words
    assert "The same in both: Criterion 2." in words
    assert "Comment to the team Typed here &lt;mới&gt; Stored cũ Both, one after the other cũ &lt;mới&gt;" in words
    assert choices(answer.text, "mark-C1") == ["9,5", "8"]
    assert choices(answer.text, "feedback") == ["<mới>", "cũ", "cũ\n\n<mới>"]
    assert f'href="{judging.url}"' in answer.text
    assert judging.stored() == ("draft", 1, {"C1": 16, "C2": 2})


@pytest.mark.parametrize(("mark", "points"), [("9,5", 19), ("8", 16)])
def test_either_side_of_a_line_can_be_kept_without_a_script(judging: Judging, mark: str, points: int) -> None:
    judging.post({"C1": "8", "C2": "1"}, feedback="cũ")
    page = judging.post({"C1": "9,5", "C2": "1"}, key="another-key", feedback="mới", act="draft").text
    kept = {name: hidden(page, name) for name in ("version", "rubric_version", "key", "mark-C2", "private_note")}
    assert kept["version"] == "1"
    chosen = {"mark-C1": mark, "feedback": choices(page, "feedback")[2]}
    assert judging.client.post(judging.url, data={**kept, **chosen}).status_code == 303
    assert judging.stored() == ("draft", 2, {"C1": points, "C2": 2})
    assert db.session.query(Scorecard).one().feedback == "cũ\n\nmới"


def test_all_that_was_typed_can_be_kept_at_once(judging: Judging) -> None:
    judging.post({"C1": "8", "C2": "1"}, feedback="cũ")
    page = judging.post({"C1": "9", "C2": ""}, key="another-key", feedback="mới", act="draft").text
    whole = page[page.rindex("<form method") :]
    names = ("version", "rubric_version", "key", "mark-C1", "mark-C2", "feedback", "private_note")
    assert judging.client.post(judging.url, data={name: hidden(whole, name) for name in names}).status_code == 303
    assert judging.stored() == ("draft", 2, {"C1": 18})
    assert db.session.query(Scorecard).one().feedback == "mới"


def test_marks_of_a_lost_answer_are_no_conflict(judging: Judging) -> None:
    judging.autosave({"C1": "8"})
    answer = judging.autosave({"C1": "9"}, key="another-key", after=f"older-key-1 {KEY}")
    assert answer.status_code == 200
    assert judging.stored() == ("draft", 2, {"C1": 18})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("11", "Criterion 1: 11 is outside the scale from 0 to 10."),
        ("8.25", "Criterion 1: 8.25 is between two marks. The scale goes from 0 to 10 in steps of 0.5."),
        ("tám", "Criterion 1: “tám” is not a number. Give a mark from 0 to 10 in steps of 0.5."),
        ("1.000", "Criterion 1: “1.000” could also mean a thousand. Give a mark from 0 to 10 in steps of 0.5."),
    ],
)
def test_a_bad_mark_is_named_with_its_limits_and_nothing_is_lost(
    judging: Judging, english: None, text: str, words: str
) -> None:
    answer = judging.post({"C1": text, "C2": "7"}, feedback="Lời dài", private_note="Riêng")
    assert answer.status_code == 422
    page = answer.text
    assert text_of(page).count(words) == 2  # in the summary and at the field
    assert (
        f'class="form-control is-invalid" type="text" inputmode="decimal" name="mark-C1" id="c0-mark" value="{text}"'
        in page
    )
    assert 'name="mark-C2" id="c1-mark" value="7"' in page
    assert "\nLời dài</textarea>" in page
    assert "\nRiêng</textarea>" in page
    assert 'data-save-state="failed"' in page
    assert judging.stored() is None


def test_a_bad_mark_of_a_script_answers_by_field(judging: Judging, english: None) -> None:
    answer = judging.autosave({"C1": "11", "C2": "7"})
    assert answer.status_code == 422
    assert said(answer) == {
        "error": "marks_refused",
        "message": "Nothing was saved: some marks need another look.",
        "errors": {"mark-C1": "Criterion 1: 11 is outside the scale from 0 to 10."},
    }


def test_typed_text_cannot_become_markup(judging: Judging) -> None:
    answer = judging.post({"C1": '"><script>'}, feedback="</textarea><script>")
    assert answer.status_code == 422
    assert "<script>" not in re.sub(r'<script( type="module")? src="[^"]*">', "", answer.text)


def test_an_incomplete_submission_names_each_blank(judging: Judging, english: None) -> None:
    answer = judging.post({"C2": "7"}, act="submit")
    assert answer.status_code == 422
    assert "Criterion 1: no mark yet." in text_of(answer.text)
    assert "Criterion 2" not in text_of(answer.text).split("no mark yet")[0].split("another look")[1]
    assert judging.stored() is None


@pytest.mark.parametrize(
    "values",
    [
        {"version": ""},
        {"version": "-1"},
        {"version": "1e3"},
        {"version": "９"},
        {"rubric_version": "x"},
        {"key": ""},
        {"key": "kurz"},
        {"key": "x" * 65},
        {"key": "khóa-không-ascii"},
        {"mark-C1": "8" * 61},
        {"mark-C1": "8\x00"},
        {"mark-C1": "8\n"},
        {"mark-C9": "8"},
        {"feedback": "a\x00b"},
        {"private_note": "x" * 5001},
        {"feedback": "x" * 5001},
    ],
)
def test_bent_input_is_refused_in_words_and_changes_nothing(judging: Judging, values: dict[str, Any]) -> None:
    assert judging.post(**values).status_code == 422
    answer = judging.autosave(**values)
    assert answer.status_code == 422
    assert said(answer)["message"]
    assert judging.stored() is None


def test_two_marks_for_one_criterion_are_refused_and_change_nothing(judging: Judging) -> None:
    twice: dict[str, Any] = {"mark-C1": ["8", "9"]}
    assert judging.post(**twice).status_code == 400
    answer = judging.autosave(**twice)
    assert (answer.status_code, said(answer)["error"]) == (400, "doubled")
    assert judging.stored() is None


@pytest.mark.parametrize(
    "entry",
    [
        [],
        "x",
        7,
        {"marks": []},
        {"marks": {"C1": 8.5}},
        {"marks": {"C1": True}},
        {"marks": {"C1": ["8"]}},
        {"marks": {"C1": {"a": 1}}},
        {"feedback": 8.5},
        {"key": None},
        {"version": True},
    ],
)
def test_bent_json_is_refused_and_changes_nothing(judging: Judging, entry: Any) -> None:
    base = {"version": 0, "rubric_version": 1, "key": KEY}
    answer = judging.client.post(judging.url, json={**base, **entry} if isinstance(entry, dict) else entry)
    assert (answer.status_code, said(answer)["error"]) == (422, "entry_malformed")
    assert judging.stored() is None


HOSTILE: tuple[Any, ...] = (
    *("NaN", "nan", "inf", "-inf", "+inf", "Infinity", "1e309", "1e1", "-0", "-1", "10.5", "8.25", "0.1", "10 ", " 10"),
    *("10\t", "1.000", "1,000", "８", "٨", "8٫5", "8.", ".5", "8..5", "8,5,0", "0x8", "8_0", "1/2", "∞", "9" * 41),
    *(None, True, False, 8.5, 1e309, -0.5, -1, 11, 10**30, [], ["8"], {}, {"value": "8"}),
)


@pytest.mark.parametrize("mark", HOSTILE, ids=repr)
def test_no_strange_mark_is_stored(judging: Judging, mark: Any) -> None:
    judging.autosave({"C1": "8"})
    for values in ({}, {"submit": True}):
        entry = {"version": 1, "rubric_version": 1, "key": "another-key", "marks": {"C1": mark, "C2": "1"}, **values}
        answer = judging.client.post(judging.url, json=entry)
        assert answer.status_code == 422, said(answer)
        assert said(answer)["message"]
    assert judging.stored() == ("draft", 1, {"C1": 16})
    assert db.session.query(ScoreEventRow).count() == 1


@pytest.mark.parametrize("marks", [{"C1": "8"}, {"C1": "8", "C2": ""}])
def test_handing_in_with_a_blank_is_refused(judging: Judging, marks: dict[str, str]) -> None:
    entry = {"version": 0, "rubric_version": 1, "key": KEY, "marks": marks, "submit": True}
    answer = judging.client.post(judging.url, json=entry)
    assert (answer.status_code, said(answer)["error"]) == (422, "marks_refused")
    assert list(said(answer)["errors"]) == ["mark-C2"]
    assert judging.stored() is None


@pytest.mark.parametrize(
    "values", [{"assignment": "khac"}, {"submit": 1}, {"submit": "true"}, {"after": {"a": 1}}, {"after": [["x"]]}]
)
def test_bent_fields_of_the_protocol_are_refused(judging: Judging, values: dict[str, Any]) -> None:
    entry = {"version": 0, "rubric_version": 1, "key": KEY, "marks": {"C1": "8"}, **values}
    answer = judging.client.post(judging.url, json=entry)
    assert (answer.status_code, said(answer)["error"]) == (422, "entry_malformed")
    assert judging.stored() is None


def test_the_protocol_takes_what_it_says(judging: Judging) -> None:
    first = {"assignment": judging.id, "version": 0, "rubric_version": 1, "key": KEY, "marks": {"C1": "8,5"}}
    assert said(judging.client.post(judging.url, json=first))["event"]
    later = {**first, "key": "another-key", "after": [KEY], "submit": True, "marks": {"C1": 9, "C2": "0"}}
    answer = said(judging.client.post(judging.url, json={**later, "started_at": "2026-10-08T11:59:00+07:00"}))
    assert (answer["state"], answer["version"], answer["given"]) == ("submitted", 2, 2)
    assert re.fullmatch(r"([0-9A-F]{4}-){4}[0-9A-F]{4}", answer["receipt"])


@pytest.mark.parametrize("body", ["null", "{", "", "[1", "\x00"])
def test_json_that_is_none_is_refused(judging: Judging, body: str) -> None:
    answer = judging.client.post(judging.url, data=body, content_type="application/json")
    assert (answer.status_code, said(answer)["error"]) == (422, "entry_malformed")
    assert judging.stored() is None


def test_an_absent_or_empty_mark_of_json_is_a_blank(judging: Judging) -> None:
    entry = {"version": 0, "rubric_version": 1, "key": KEY, "marks": {"C1": ""}}
    assert said(judging.client.post(judging.url, json=entry))["marks"] == {}
    assert judging.stored() == ("draft", 1, {})


def test_a_text_of_exactly_the_limit_is_kept(judging: Judging) -> None:
    assert said(judging.autosave(feedback="đ" * 5000))["feedback"] == "đ" * 5000


def test_unasked_fields_change_nothing(judging: Judging) -> None:
    judging.post({"C1": "8"}, status="submitted", judge_id="99", max_points="1000", locked_at="x", rank="1")
    assert judging.stored() == ("draft", 1, {"C1": 16})


@pytest.mark.parametrize(("late", "status"), [(-1, 200), (0, 409), (1, 409)])
def test_the_last_moment_counts_by_the_servers_clock(judging: Judging, noon: datetime, late: int, status: int) -> None:
    judging.change(Round, judging.round.id, closes_at=noon)
    with clock.stopped_at(noon + timedelta(milliseconds=late)):
        answer = judging.autosave({"C1": "8"})
    assert answer.status_code == status
    assert (judging.stored() is None) is (status == 409)


def test_what_came_too_late_is_shown_to_be_copied(judging: Judging, english: None) -> None:
    judging.change(Round, judging.round.id, state=RoundState.CLOSED)
    answer = judging.post({"C1": "8"}, feedback="Lời <dài>", private_note="Riêng")
    assert answer.status_code == 409
    words = text_of(answer.text)
    assert "Scoring is not open now. Nothing was changed." in words
    assert "Criterion 1: 8" in words
    assert "Comment to the team: Lời &lt;dài&gt;" in words
    assert "Private note: Riêng" in words
    assert judging.stored() is None


def test_marks_on_an_old_rubric_are_refused(judging: Judging) -> None:
    judging.change(Round, judging.round.id, rubric_version=2)
    answer = judging.autosave({"C1": "8"})
    assert (answer.status_code, said(answer)["error"]) == (409, "rubric_changed")


def test_a_save_is_few_statements(judging: Judging, app: Flask) -> None:
    judging.autosave({"C1": "8"})
    with counted(app) as statements:
        judging.autosave({"C1": "9"}, key="another-key", version="1")
    kinds = [statement.split()[0] for statement in statements]
    assert kinds == ["SELECT", "SELECT", "SELECT", "UPDATE", "INSERT", "INSERT"]
    with counted(app) as statements:
        judging.autosave({"C1": "9"}, key="another-text", version="2", feedback="chỉ lời")
    assert [statement.split()[0] for statement in statements] == ["SELECT", "SELECT", "SELECT", "UPDATE", "INSERT"]


# Withdrawing


def test_withdrawing_takes_a_reason_on_a_page_of_its_own(judging: Judging, english: None) -> None:
    assert judging.url + "/recuse" in judging.page()
    assert "Why do you withdraw?" in judging.client.get(judging.url + "/recuse").text
    answer = judging.client.post(judging.url + "/recuse", data={"reason": "  Là <em> tôi "})
    assert (answer.status_code, answer.location) == (303, judging.desk_url)
    assert judging.stored() == ("recused", 1, {})
    page = judging.page()
    assert "Là &lt;em&gt; tôi" in page
    assert "mark-C1" not in page
    assert "theo thời gian thực" not in page
    listing = judging.client.get(judging.desk_url).text
    assert 'class="is-recused"' in listing
    assert "0/0" in text_of(listing)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501, "a\x00b"])
def test_withdrawing_without_a_proper_reason_is_refused(judging: Judging, reason: str) -> None:
    answer = judging.client.post(judging.url + "/recuse", data={"reason": reason})
    assert answer.status_code == 422
    assert judging.stored() is None


def test_nobody_withdraws_from_a_closed_round(judging: Judging) -> None:
    judging.change(Round, judging.round.id, state=RoundState.CLOSED)
    answer = judging.client.get(judging.url + "/recuse")
    assert (answer.status_code, answer.location) == (303, judging.url)
    assert judging.client.post(judging.url + "/recuse", data={"reason": "x"}).status_code == 409
    assert judging.stored() is None


def test_who_withdrew_cannot_score_any_more(judging: Judging) -> None:
    judging.client.post(judging.url + "/recuse", data={"reason": "x"})
    answer = judging.autosave({"C1": "8"}, version="1")
    assert (answer.status_code, said(answer)["error"]) == (409, "paper_recused")
    assert judging.client.get(judging.url + "/recuse").location == judging.url


# Files


def test_a_file_is_sent_as_a_download_in_a_sandbox(judging: Judging, app: Flask) -> None:
    part = judging.make.part(judging.edition, "slides", PartKind.FILE)
    stored = app.extensions["storage"].put(BytesIO(b"%PDF-1.7 x"), limit=100)
    file_id = hand_in(judging.submission, part.id, "Thuyết trình.pdf", storage_key=stored.key, size=stored.size)
    with judging.client.get(f"{judging.desk_url}files/{file_id}") as answer:
        assert answer.status_code == 200
        assert answer.data == b"%PDF-1.7 x"
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert "Thuy%E1%BA%BFt%20tr%C3%ACnh.pdf" in answer.headers["Content-Disposition"]
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["Cache-Control"] == "no-store"
    assert judging.client.get(f"{judging.desk_url}files/khongco").status_code == 404


def test_a_foreign_file_is_the_same_404_as_a_missing_one(judging: Judging, app: Flask) -> None:
    file_id = hand_in(judging.submission, judging.make.part(judging.edition, "slides", PartKind.FILE).id)
    other = app.test_client()
    judging.make.sign_in(other, make_user(judging.make.judge(judging.edition).user_id))
    asked = [strip(other.get(f"{judging.desk_url}files/{name}")) for name in (file_id, "zzzzzzzzzz")]
    assert asked[0] == asked[1]
    assert asked[0][0] == 404


# The menu


def test_the_menu_leads_judges_to_their_papers_and_nobody_else(judging: Judging, app: Flask, english: None) -> None:
    entry = f'href="{judging.desk_url}"'
    home = f"/e/{judging.edition.code}"
    assert entry in judging.client.get(judging.desk_url).text
    captain = app.test_client()
    judging.make.sign_in(captain, judging.make.member(judging.edition, Role.CAPTAIN))
    assert entry not in captain.get(home, follow_redirects=True).text


# With the token switched on


def test_a_page_filled_from_the_kept_frame_carries_a_token_that_works(judging: Judging, app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        judging.page()
        token = hidden(judging.page(), "csrf_token")
        assert judging.autosave({"C1": "8"}).status_code == 400
        assert judging.autosave({"C1": "8"}, csrf_token=token).status_code == 200
        other = app.test_client()
        colleague = judging.make.judge(judging.edition)
        judging.make.sign_in(other, make_user(colleague.user_id))
        theirs = judging.make.assignment(judging.round, colleague, judging.submission).public_id
        page = other.get(judging.desk_url + theirs).text
        assert hidden(page, "csrf_token") != token
        assert token not in page
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def test_emptied_caches_show_the_same_page(judging: Judging) -> None:
    judging.post({"C1": "8"})
    mask: Callable[[str], str] = lambda page: re.sub(r'name="(key|csrf_token)" value="[^"]*"', "", page)  # noqa: E731
    judging.page()
    kept = mask(judging.page())
    cache.clear_all()
    assert mask(judging.page()) == kept


def test_a_paper_that_was_written_on_is_never_taken_away(judging: Judging) -> None:
    judging.post({"C1": "8"})
    with pytest.raises(IntegrityError), unit_of_work() as session:
        session.delete(session.get_one(Assignment, judging.paper.id))
    assert judging.stored() == ("draft", 1, {"C1": 16})


@pytest.fixture
def impatient(app: Flask) -> Iterator[None]:
    """Wait for a lock for a moment only."""
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=50")
    yield
    db.session.rollback()
    db.engine.dispose()


def test_a_database_that_is_locked_asks_to_try_again_and_loses_nothing(judging: Judging, impatient: None) -> None:
    db.session.rollback()
    blocker: Any = db.engine.raw_connection()
    try:
        blocker.driver_connection.execute("BEGIN IMMEDIATE")
        answer = judging.autosave({"C1": "8"})
        assert (answer.status_code, said(answer)["error"], answer.headers["Retry-After"]) == (503, "busy", "2")
        page = judging.post({"C1": "8"})
        assert page.status_code == 503
    finally:
        blocker.driver_connection.execute("ROLLBACK")
        blocker.close()
    assert judging.stored() is None
    assert judging.autosave({"C1": "8"}).status_code == 200
    assert judging.stored() == ("draft", 1, {"C1": 16})
    assert db.session.query(ScoreEventRow).count() == 1
