"""The page of panel health: signs in words, for the committee only."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.accounts.roles import Role
from contest.editions.models import Edition, Round
from contest.editions.phases import RoundState
from contest.editions.rules import RoundRules
from contest.infra.db import db, unit_of_work
from contest.judging.events import EventKind
from contest.judging.health import Finding, Sign
from contest.judging.models import Assignment, Judge, Scorecard, ScoreEventRow
from contest.judging.states import ScorecardStatus
from contest.judging.views.health_words import ADVICE, LABELS, NOTICED, noticed_words
from tests.counting import counted
from tests.factories import Make

PAGE = "/e/mua-thu-2026/organise/rounds/r1/health"
MARKS = [(18, 15), (9, 6), (14, 17), (4, 7), (16, 12), (11, 8), (5, 2), (12, 14)]


class Panel:
    """Four judges and eight submissions; three judges mark about alike, the last as told."""

    def __init__(self, make: Make, last: list[tuple[int, int]]) -> None:
        self.make = make
        self.edition: Edition = make.edition()
        self.round: Round = make.round(self.edition, "r1", rules=RoundRules(min_judges=2))
        self.judges: list[Judge] = [make.judge(self.edition, make.user(name=f"Giám khảo {n}")) for n in range(4)]
        self.submissions = [make.submission(self.edition, title=f"Ý tưởng {n}") for n in range(len(MARKS))]
        for at, one in enumerate(self.submissions):
            for number, judge in enumerate(self.judges[:3]):
                first, second = MARKS[at]
                seat = make.assignment(self.round, judge, one)
                make.scorecard(seat, [first + (at + number) % 3 - 1, second + (at * number) % 3 - 1])
        for one, marks in zip(self.submissions, last, strict=False):
            make.scorecard(make.assignment(self.round, self.judges[3], one), list(marks))

    def page(self, client: FlaskClient, locale: str = "en") -> str:
        self.make.sign_in(client, self.make.member(self.edition, Role.ORGANISER))
        client.set_cookie("locale", locale)
        answer = client.get(PAGE)
        assert answer.status_code == 200
        return " ".join(answer.get_data(as_text=True).split())


def change(round_: Round, **values: object) -> None:
    with unit_of_work():
        row = db.session.get_one(Round, round_.id)
        for name, value in values.items():
            setattr(row, name, value)


def test_an_honest_panel_stands_out_in_nothing(make: Make, client: FlaskClient, noon: datetime) -> None:
    page = Panel(make, MARKS).page(client)
    assert "Nothing stands out" in page
    assert "32 scorecards handed in so far are looked at" in page
    assert "Giám khảo" not in page


@pytest.mark.both_databases
def test_the_same_marks_everywhere_are_noticed_with_a_hint(make: Make, client: FlaskClient, noon: datetime) -> None:
    page = Panel(make, [(12, 9)] * 8).page(client)
    assert "Giám khảo 3" in page
    assert "8 of 8 scorecards have the very same marks." in page
    assert "Perhaps the submissions really seemed alike." in page
    assert "Giám khảo 0" not in page


def test_one_mark_for_all_criteria_is_noticed(make: Make, client: FlaskClient, noon: datetime) -> None:
    page = Panel(make, [((a + b) // 2, (a + b) // 2) for a, b in MARKS]).page(client)
    assert "On 8 of 8 scorecards all criteria have one and the same mark." in page


def test_the_very_marks_of_another_judge_name_both(make: Make, client: FlaskClient, noon: datetime) -> None:
    panel = Panel(make, [])
    for at, one in enumerate(panel.submissions):
        first, second = MARKS[at]
        make.scorecard(make.assignment(panel.round, panel.judges[3], one), [first + at % 3 - 1, second - 1])
    page = panel.page(client)
    assert "All 8 shared submissions have the very same marks as those of Giám khảo 3." in page
    assert "All 8 shared submissions have the very same marks as those of Giám khảo 0." in page


def test_an_upside_down_scale_is_asked_about(make: Make, client: FlaskClient, noon: datetime) -> None:
    panel = Panel(make, [(20 - a, 20 - b) for a, b in MARKS])
    fifth = make.judge(panel.edition)  # against four the matter is clear
    for (first, second), one in zip(MARKS, panel.submissions, strict=True):
        make.scorecard(make.assignment(panel.round, fifth, one), [first, second])
    page = panel.page(client)
    assert "Perhaps the scale was read the wrong way round." in page


def test_a_submission_that_cannot_reach_its_judges_is_named_at_once(
    make: Make, client: FlaskClient, noon: datetime
) -> None:
    panel = Panel(make, [])
    lonely = make.submission(panel.edition, title="Ý tưởng lẻ loi")
    make.scorecard(make.assignment(panel.round, panel.judges[0], lonely), [10, 10])
    waiting = make.submission(panel.edition, title="Ý tưởng đang chờ")
    for judge in panel.judges[:2]:
        make.assignment(panel.round, judge, waiting)
    page = panel.page(client)
    assert "Ý tưởng lẻ loi" in page
    assert "Scorecards handed in: 1, needed: 2." in page
    assert "Ý tưởng đang chờ" not in page
    change(panel.round, state=RoundState.CLOSED)
    assert "Ý tưởng đang chờ" in panel.page(client)


class Clocked:
    """Scorecards with times: judges 0 to 2 take half an hour each, the last one as told."""

    def __init__(self, make: Make, noon: datetime) -> None:
        self.panel = Panel(make, MARKS)
        self.noon = noon
        self.cards: list[list[Scorecard]] = [
            [
                db.session.scalars(
                    select(Scorecard)
                    .join(Assignment, Assignment.id == Scorecard.assignment_id)
                    .where(Assignment.judge_id == judge.id, Assignment.submission_id == one.id)
                ).one()
                for one in self.panel.submissions
            ]
            for judge in self.panel.judges
        ]
        for number in range(3):
            self.hand_in(number, apart=timedelta(minutes=30 + number))

    def hand_in(self, judge: int, *, apart: timedelta, took: timedelta | None = None, actor: int | None = None) -> None:
        """Hand the scorecards in `apart` from each other; with `took` there was a first save so long before."""
        with unit_of_work():
            for at, card in enumerate(self.cards[judge]):
                card.submitted_at = self.noon + apart * at
                db.session.add(card)
                for moment in () if took is None else (card.submitted_at - took, card.submitted_at):
                    db.session.add(self._event(card, moment, actor or self.panel.judges[judge].user_id))

    def _event(self, card: Scorecard, at: datetime, actor: int) -> ScoreEventRow:
        self.count = getattr(self, "count", 0) + 1
        return ScoreEventRow(
            code=f"e{self.count}",
            round_id=self.panel.round.id,
            assignment_id=card.assignment_id,
            actor_id=actor,
            kind=EventKind.SAVED,
            final=False,
            version=self.count,
            rubric_version=1,
            at=at,
            key=None,
            content="",
            marks={},
            feedback_changed=False,
            note_changed=False,
            previous="",
            digest=f"d{self.count}",
        )


@pytest.mark.both_databases
def test_a_judge_who_hands_in_one_after_the_other_is_asked_about_the_time(
    make: Make, client: FlaskClient, noon: datetime
) -> None:
    clocked = Clocked(make, noon)
    clocked.hand_in(3, apart=timedelta(minutes=2))
    page = clocked.panel.page(client)
    assert "A scorecard takes 2.0 minutes, with the others 31.0." in page
    assert "Perhaps the marks were noted on paper first." in page
    assert "Giám khảo 3" in page
    assert "Giám khảo 0" not in page


@pytest.mark.both_databases
def test_the_time_begins_with_the_first_save(make: Make, client: FlaskClient, noon: datetime) -> None:
    """Drafts that are all handed in within minutes at the end were not quick."""
    clocked = Clocked(make, noon)
    clocked.hand_in(3, apart=timedelta(minutes=1), took=timedelta(minutes=25))
    assert "A scorecard takes" not in clocked.panel.page(client)


def test_few_minutes_between_first_save_and_hand_in_are_noticed(
    make: Make, client: FlaskClient, noon: datetime
) -> None:
    clocked = Clocked(make, noon)
    clocked.hand_in(3, apart=timedelta(minutes=90), took=timedelta(minutes=3))
    assert "A scorecard takes 3.0 minutes, with the others 31.0." in clocked.panel.page(client)


def test_what_another_person_typed_in_has_no_time(make: Make, client: FlaskClient, noon: datetime) -> None:
    clocked = Clocked(make, noon)
    secretary = make.user()
    clocked.hand_in(3, apart=timedelta(minutes=1), took=timedelta(seconds=30), actor=secretary.id)
    assert "A scorecard takes" not in clocked.panel.page(client)


def test_a_pause_is_no_time_for_a_scorecard(make: Make, client: FlaskClient, noon: datetime) -> None:
    """Four scorecards of two minutes each, with a night between any two: nothing is known."""
    clocked = Clocked(make, noon)
    clocked.hand_in(3, apart=timedelta(hours=12))
    assert "A scorecard takes" not in clocked.panel.page(client)


def test_nobody_is_behind_before_half_of_the_time(make: Make, client: FlaskClient, noon: datetime) -> None:
    panel = Panel(make, [])
    for one in panel.submissions:
        make.assignment(panel.round, panel.judges[3], one)
    told = "0 of 8 scorecards are handed in."
    assert told not in panel.page(client)  # nobody said until when
    change(panel.round, opens_at=noon - timedelta(hours=1), closes_at=noon + timedelta(hours=9))
    assert told not in panel.page(client)
    change(panel.round, closes_at=noon + timedelta(minutes=30))
    assert told in panel.page(client)
    change(panel.round, opens_at=None, closes_at=None, state=RoundState.CLOSED)
    assert told in panel.page(client)


def test_drafts_and_withdrawals_are_not_looked_at(make: Make, client: FlaskClient, noon: datetime) -> None:
    panel = Panel(make, [(12, 9)] * 8)
    with unit_of_work() as session:
        mine = session.query(Scorecard).filter(Scorecard.assignment.has(judge_id=panel.judges[3].id))
        for number, card in enumerate(mine):
            card.status = ScorecardStatus.DRAFT if number % 2 else ScorecardStatus.RECUSED
    page = panel.page(client)
    assert "24 scorecards handed in so far are looked at" in page
    assert "Nothing stands out" in page


def test_before_scoring_there_is_nothing_to_see(make: Make, client: FlaskClient, noon: datetime) -> None:
    edition = make.edition()
    make.round(edition, "r1", state=RoundState.DRAFT)
    make.sign_in(client, make.member(edition, Role.ORGANISER))
    client.set_cookie("locale", "en")
    assert "Come back when more scorecards are handed in." in client.get(PAGE).get_data(as_text=True)


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.CHAIR, 200), (Role.SECRETARY, 200), (Role.JUDGE, 403), (Role.CAPTAIN, 403), (Role.MENTOR, 403)],
)
def test_it_is_for_the_committee(make: Make, client: FlaskClient, noon: datetime, role: Role, status: int) -> None:
    panel = Panel(make, [(12, 9)] * 8)
    make.sign_in(client, make.member(panel.edition, role))
    answer = client.get(PAGE)
    assert answer.status_code == status
    assert ("Giám khảo 3" in answer.get_data(as_text=True)) is (status == 200)


def test_strangers_learn_nothing(make: Make, client: FlaskClient, noon: datetime) -> None:
    Panel(make, [])
    assert client.get(PAGE).status_code == 303
    make.sign_in(client, make.user())
    assert client.get(PAGE).status_code == 404


def test_the_cost_does_not_grow_with_the_panel(app: Flask, make: Make, client: FlaskClient, noon: datetime) -> None:
    panel = Panel(make, MARKS[:2])
    panel.page(client)
    with counted(app) as few:
        client.get(PAGE)
    for one in panel.submissions[2:]:
        make.scorecard(make.assignment(panel.round, panel.judges[3], one), [12, 9])
    with counted(app) as many:
        client.get(PAGE)
    assert len(many) == len(few)


def test_every_sign_has_a_name_a_sentence_and_an_advice() -> None:
    assert set(LABELS) == set(NOTICED) == set(ADVICE) == set(Sign)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (Finding(Sign.DRIFT, judge=0, facts={"cards": 9, "change": -2.5}), "They became stricter."),
        (Finding(Sign.DRIFT, judge=0, facts={"cards": 9, "change": 2.5}), "They became kinder."),
        (
            Finding(Sign.HALO, judge=0, facts={"spread": 0.021, "usual": 0.12}),
            "lie 2% of the scale apart, with the others 12%.",
        ),
        (Finding(Sign.SPLIT, submission=0, facts={"low": 4.04, "high": 17.96}), "run from 4.0 to 18.0."),
        (
            Finding(Sign.FAST, judge=0, facts={"minutes": 1.5, "usual": 12.0}),
            "takes 1.5 minutes, with the others 12.0.",
        ),
        (Finding(Sign.WILD_SCORES, judge=0, facts={"cards": 9, "wild": 2}), "2 of 9 totals lie far"),
        (Finding(Sign.DISAGREES, judge=0, facts={"cards": 9, "times": 6.04}), "6.0 times as much"),
        (
            Finding(Sign.EXTREMES, judge=0, facts={"cards": 18, "seen": 17, "usual": 0.1}),
            "17 of 18 marks are the lowest",
        ),
    ],
)
def test_numbers_stand_in_the_sentences(app: Flask, found: Finding, told: str) -> None:
    with app.test_request_context(headers={"Cookie": "locale=en"}):
        assert told in noticed_words(found, "")
