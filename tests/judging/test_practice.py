"""Practice entries: scored by all, shown side by side, left out of every result."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.editions.phases import RoundState
from contest.editions.queries import round_by_code
from contest.editions.rules import CriterionSpec, LocalText
from contest.errors import NotFound, RuleBroken
from contest.infra.db import db, unit_of_work
from contest.judging.marks import MarksRefused
from contest.judging.models import Score, ScoreEventRow
from contest.judging.papers import Sheet
from contest.judging.practice import Given, PracticeFacts, spreads
from contest.judging.queries.practice import open_practice, practice_of
from contest.judging.services import practice as services
from tests.factories import Make
from tests.judging.pages import words
from tests.judging.test_scoring_services import NOW, Desk

FULL = {"C1": "8,5", "C2": "7"}


class Hall(Desk):
    """A round with one practice entry and its judge."""

    def __init__(self, make: Make, **round_values: Any) -> None:
        super().__init__(make, **round_values)
        self.organiser = make.member(self.edition, Role.ORGANISER, make.user("Phạm Minh Tổ"))
        found = round_by_code(self.edition_id, self.round.code)
        assert found is not None
        self.facts = found
        with unit_of_work():
            self.entry = services.add_practice(
                round_=found,
                title="Bài mẫu",
                summary="Lọc nước bằng cát.",
                anchors={"C1": "6"},
                note="Chưa có số liệu.",
                actor_id=self.organiser.id,
                now=NOW,
            )

    def give(self, texts: dict[str, str], user_id: int | None = None) -> None:
        with unit_of_work():
            services.give_practice(
                edition_id=self.edition_id,
                public_id=self.entry,
                user_id=user_id or self.user_id,
                texts=texts,
                now=NOW,
            )

    def show(self) -> None:
        with unit_of_work():
            services.show_practice(
                edition_id=self.edition_id, public_id=self.entry, actor_id=self.organiser.id, now=NOW
            )


@pytest.mark.both_databases
def test_marks_are_kept_apart_from_every_result(app: Flask, make: Make) -> None:
    hall = Hall(make)
    hall.give({"C1": "5", "C2": "7"})
    hall.give(FULL)
    (facts,) = practice_of(hall.round_id)
    assert [(one.name, dict(one.marks)) for one in facts.given] == [(hall.judge.name, {"C1": "8.5", "C2": "7"})]
    assert db.session.query(Score).count() == 0
    assert db.session.query(ScoreEventRow).count() == 0
    assert round_by_code(hall.edition_id, hall.round.code) == hall.facts  # the rubric is not locked either


def test_after_showing_nothing_changes_and_all_marks_are_needed(app: Flask, make: Make) -> None:
    hall = Hall(make)
    with pytest.raises(MarksRefused):
        hall.give({"C1": "5"})
    with pytest.raises(MarksRefused):
        hall.give({"C1": "50", "C2": "7"})
    with pytest.raises(NotFound):
        hall.give(FULL, hall.organiser.id)
    hall.show()
    with pytest.raises(RuleBroken, match="practice_shown"):
        hall.give(FULL)
    assert practice_of(hall.round_id)[0].given == ()


def test_a_closed_round_is_practised_for_no_more(app: Flask, make: Make) -> None:
    with pytest.raises(RuleBroken, match="practice_over"):
        Hall(make, state=RoundState.CLOSED)


def test_judges_practise_only_while_the_round_is_open(app: Flask, make: Make) -> None:
    hall = Hall(make, state=RoundState.DRAFT)
    assert open_practice(hall.edition_id, hall.user_id) == ()
    with pytest.raises(NotFound):
        hall.give(FULL)


def test_who_sits_on_no_panel_is_offered_no_practice(app: Flask, make: Make) -> None:
    hall = Hall(make)
    chair = make.member(hall.edition, Role.CHAIR, make.user("Lê Thị Chủ Toạ"))
    assert [one.public_id for one in open_practice(hall.edition_id, hall.user_id)] == [hall.entry]
    assert open_practice(hall.edition_id, chair.id) == ()


def test_no_round_has_more_than_a_few(app: Flask, make: Make) -> None:
    hall = Hall(make)
    more: dict[str, Any] = {"round_": hall.facts, "title": "Nữa", "summary": "x", "anchors": {}, "note": "", "now": NOW}
    for _ in range(services.MOST - 1):
        with unit_of_work():
            services.add_practice(actor_id=hall.organiser.id, **more)
    with pytest.raises(RuleBroken, match="practice_enough"), unit_of_work():
        services.add_practice(actor_id=hall.organiser.id, **more)


@given(st.lists(st.integers(0, 20), max_size=6), st.none() | st.integers(0, 20))
def test_the_spread_is_that_of_the_marks(points: list[int], anchor: int | None) -> None:
    scale = [
        CriterionSpec(one, LocalText(one), Decimal(0), Decimal(10), Decimal("0.5"), Decimal(1)) for one in ("C1", "C2")
    ]
    sheet, criterion = Sheet(1, 1, blind=False, criteria=tuple(scale), ids=(1, 2)), scale[0]
    marks = [Decimal(one) / 2 for one in points]
    anchors = {} if anchor is None else {criterion.code: str(Decimal(anchor) / 2)}
    given = tuple(Given(at, f"GK{at}", {criterion.code: str(one)}, NOW) for at, one in enumerate(marks))
    first, other = spreads(sheet, PracticeFacts(1, "p", 1, "", "", anchors, "", None, given))
    assert first.values == tuple(marks)
    assert (first.low, first.high) == ((min(marks), max(marks)) if marks else (None, None))
    assert first.wide == (len(marks) > 1 and max(marks) - min(marks) >= Decimal("2.5"))
    if marks:
        assert first.mean is not None
        assert min(marks) <= first.mean <= max(marks)
        assert abs(first.mean - sum(marks, Decimal(0)) / len(marks)) <= Decimal("0.005")
    assert (first.off is None) == (not marks or anchor is None)
    assert (other.mean, other.wide) == (None, False)


def test_a_judge_sees_the_others_only_once_they_are_shown(app: Flask, make: Make, noon: datetime) -> None:
    hall = Hall(make)
    judge, organiser = app.test_client(), app.test_client()
    make.sign_in(judge, db.session.get_one(User, hall.user_id))
    make.sign_in(organiser, hall.organiser)
    other = make.judge(hall.edition, name="Trần Văn Khác")
    hall.give({"C1": "1", "C2": "2,5"}, other.user_id)
    for one in (judge, organiser):
        one.set_cookie("locale", "en")
    page = f"/e/{hall.edition.code}/judging/practice/{hall.entry}"
    assert "Bài mẫu" in words(judge.get(f"/e/{hall.edition.code}/judging/"))
    before = words(judge.get(page))
    assert "2.5" not in before
    assert "Chưa có số liệu." not in before
    assert judge.post(page, data={"mark-C1": "9", "mark-C2": ""}).status_code == 422
    assert judge.post(page, data={"mark-C1": "9", "mark-C2": "7"}).status_code == 303
    rows = words(organiser.get(f"/e/{hall.edition.code}/organise/rounds/{hall.round.code}/practice"))
    assert "2 of 2 judges have scored it." in rows
    assert rows.count("read differently") == 2
    shown = organiser.post(f"/e/{hall.edition.code}/organise/practice/{hall.entry}/show")
    assert shown.status_code == 303
    after = words(judge.get(page))
    assert "2.5" in after
    assert "Chưa có số liệu." in after
    assert other.name not in after
    assert judge.post(page, data={"mark-C1": "9", "mark-C2": "7"}).status_code == 422
    assert organiser.get(page).status_code == 403
