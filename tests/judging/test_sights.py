"""SC-02: the committee sees the marks of single judges only if the season says so, and each look is noted."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.editions.models import Edition
from contest.editions.phases import RoundState
from contest.infra import cache, clock
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.judging.models import Assignment, Look, Score, Scorecard
from contest.judging.states import ScorecardStatus
from contest.judging.views.sights import PAGES, PARTLY
from tests.factories import Make
from tests.judging.test_judge_views import text_of

both = pytest.mark.both_databases


class Contest:
    """Two judges who gave every submission different marks with the same mean, and an organiser."""

    def __init__(self, app: Flask, make: Make) -> None:
        self.app, self.edition = app, make.edition()
        self.round = make.round(self.edition, state=RoundState.SCORING)
        judges = [make.judge(self.edition) for _ in range(2)]
        self.submissions = [make.submission(self.edition) for _ in range(3)]
        for place, submission in enumerate(self.submissions):
            for judge, points in zip(judges, (6 + place, 14 + place), strict=True):
                paper = make.assignment(self.round, judge, submission)
                make.scorecard(paper, [points, points], ScorecardStatus.SUBMITTED)
                self.paper = paper.public_id
        self.organiser: User = make.member(self.edition, Role.ORGANISER, make.user("Phạm Minh Tổ"))
        self.client = app.test_client()
        make.sign_in(self.client, self.organiser)
        self.client.set_cookie("locale", "en")
        self.base = f"/e/{self.edition.code}/organise/"
        self.history = f"{self.base}record/{self.paper}"

    def swap(self) -> None:
        """Give each judge the marks of the other: every mean, result and rank stays."""
        with unit_of_work() as session:
            for submission in self.submissions:
                scores = session.scalars(
                    select(Score)
                    .join(Scorecard, Scorecard.id == Score.scorecard_id)
                    .join(Assignment, Assignment.id == Scorecard.assignment_id)
                    .where(Assignment.submission_id == submission.id)
                ).all()
                total = sum({score.points for score in scores})
                for score in scores:
                    score.points = total - score.points
        cache.clear_all()

    def close(self) -> None:
        with unit_of_work() as session:
            session.get_one(Edition, self.edition.id).marks_shown = False

    def pages(self) -> dict[str, tuple[int, str]]:
        """Every page of the committee that this contest has an address for, by endpoint."""
        known = {
            "edition_code": self.edition.code,
            "round_code": self.round.code,
            "submission_code": self.submissions[0].code,
            "public_id": self.paper,
        }
        found = {}
        for rule in self.app.url_map.iter_rules():
            if not rule.rule.startswith("/e/<edition_code>/organise/") or "GET" not in (rule.methods or ()):
                continue
            if not rule.arguments <= known.keys() or "stream" in rule.rule:
                continue
            path = rule.rule
            for name, value in known.items():
                path = re.sub(rf"<(\w+:)?{name}>", value, path)
            answer = self.client.get(path)
            body = answer.get_data(as_text=True) if answer.mimetype in ("text/html", "text/csv") else ""
            body = re.sub(r'name="(csrf_token|key)" value="[^"]*"', "", body)
            body = re.sub(r'seed=\d+|id="seed"[^>]*', "", body)  # suggestions by chance
            found[rule.endpoint] = (answer.status_code, body)
        return found


@pytest.fixture
def contest(app: Flask, make: Make, noon: datetime) -> Contest:
    return Contest(app, make)


def log() -> list[tuple[int, str, str]]:
    db.session.rollback()
    rows = db.session.execute(select(Look.user_id, Look.page, Look.subject).order_by(Look.id))
    return [(row.user_id, row.page, row.subject) for row in rows]


@pytest.mark.trust
def test_sc_02_closed_no_page_tells_the_marks_of_single_judges(contest: Contest) -> None:
    contest.close()
    contest.pages()  # whatever the first look leaves behind
    before = contest.pages()
    contest.swap()
    after = contest.pages()
    assert [name for name in before if before[name] != after[name]] == []
    asked = PAGES.keys() - PARTLY
    assert {name: before[name][0] for name in asked & before.keys()} == dict.fromkeys(asked & before.keys(), 403)
    assert before["results.ranking"][0] == 200


@pytest.mark.trust
def test_sc_02_open_they_are_told_on_the_named_pages_only(contest: Contest) -> None:
    contest.pages()
    before = contest.pages()
    contest.swap()
    after = contest.pages()
    telling = {name for name in before if before[name] != after[name]}
    assert telling >= {"results.ranking", "results.sum_of"}
    assert telling <= PAGES.keys()


@both
def test_sc_02_each_look_is_noted_once_a_day(contest: Contest) -> None:
    for _ in range(2):
        assert contest.client.get(contest.history).status_code == 200
    ranking = contest.client.get(f"{contest.base}results/{contest.round.code}")
    assert ranking.status_code == 200
    mine = contest.organiser.id
    assert log() == [(mine, "record.history", contest.paper), (mine, "results.ranking", contest.round.code)]
    with clock.stopped_at(clock.now() + timedelta(days=1)):
        contest.client.get(contest.history)
    assert log()[2:] == [(mine, "record.history", contest.paper)]
    shown = text_of(contest.client.get(contest.base + "marks-seen").text)
    assert f"Phạm Minh Tổ History of a score sheet {contest.paper}" in shown


def test_a_refused_look_and_pages_without_marks_are_not_noted(contest: Contest, make: Make) -> None:
    observer = contest.app.test_client()
    make.sign_in(observer, make.member(contest.edition, Role.OBSERVER))
    assert observer.get(contest.history).status_code == 403
    contest.client.get(contest.base)
    contest.close()
    assert contest.client.get(contest.history).status_code == 403
    assert log() == []


@both
def test_opening_and_closing_stand_in_the_trail(contest: Contest) -> None:
    for shown in ("0", "0", "1"):
        assert contest.client.post(contest.base + "marks-seen", data={"shown": shown}).status_code == 303
        answer = contest.client.get(contest.history)
        assert answer.status_code == (200 if shown == "1" else 403)
    acts = db.session.scalars(
        select(AuditEntry.action).where(AuditEntry.action.startswith("marks.")).order_by(AuditEntry.id)
    ).all()
    assert acts == ["marks.closed", "marks.opened"]


def test_closed_marks_say_where_to_open_them(contest: Contest) -> None:
    contest.close()
    assert "Who looked" in text_of(contest.client.get(contest.history).text)


def test_the_log_is_not_written_by_whoever_only_asks_again(contest: Contest) -> None:
    contest.client.get(contest.history)
    before = db.session.execute(text("SELECT first_at FROM looks")).scalar_one()
    with clock.stopped_at(clock.now() + timedelta(minutes=5)):
        contest.client.get(contest.history)
    db.session.rollback()
    assert db.session.execute(text("SELECT first_at FROM looks")).scalar_one() == before
