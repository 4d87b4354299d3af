"""Closed panels with anchors: saved, planned, put in force, kept."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from contest.editions.models import Round
from contest.editions.phases import RoundState
from contest.errors import NotFound, RuleBroken
from contest.infra.db import db, unit_of_work
from contest.judging.models import Assignment, Judge
from contest.judging.queries.rooms import anchors_of, panels_of_round
from contest.judging.services import panel
from contest.judging.services.round_panels import save_panels
from tests.factories import NOON, Make
from tests.judging.pages import Desk, desk_of, words


@pytest.fixture
def scene(app: Flask, make: Make) -> tuple[Desk, Round, list[Judge]]:
    desk = desk_of(app, make)
    round_ = make.round(desk.edition)
    names = ("An", "Bo", "Cu", "Do")
    judges = [make.judge(desk.edition, make.user(name), code=f"J{at}") for at, name in enumerate(names)]
    for at in range(8):
        make.submission(desk.edition, code=f"E{at}")
    return desk, round_, judges


Scene = tuple[Desk, Round, list[Judge]]


def sent(desk: Desk, judges: list[Judge], *numbers: int, anchors: int = 2) -> dict[str, object]:
    seats = {f"judge-{desk.person(judge)}": str(number) for judge, number in zip(judges, numbers, strict=True)}
    return {**seats, "panels": "2", "anchors": str(anchors), "name-1": "Đỏ", "name-2": "Xanh"}


@pytest.mark.both_databases
def test_panels_are_saved_planned_and_put_in_force_with_their_anchors(app: Flask, noon: Any, scene: Scene) -> None:
    desk, round_, judges = scene
    at = desk.at(round_, "panels")
    assert "fall into" not in words(desk.get(at))
    assert desk.post(at, **sent(desk, judges, 1, 1, 2, 2)).location == desk.url(f"{at}?anchors=2")
    lines = panels_of_round(round_.id)
    assert [(one.name, set(one.judges)) for one in lines] == [
        ("Đỏ", {judges[0].id, judges[1].id}),
        ("Xanh", {judges[2].id, judges[3].id}),
    ]
    assert "fall into 2 groups" in words(desk.get(f"{at}?anchors=0"))
    page = desk.get(f"{at}?anchors=2")
    assert "With 2 entries that all panels judge, the judges can be compared" in words(page)
    assert "Đỏ An, Bo 5 Xanh Cu, Do 5" in words(page)
    digest = page.text.split('name="digest" value="')[1].split('"')[0]
    assert desk.post(f"{at}/apply", anchors="2", digest="x").status_code == 409
    assert desk.post(f"{at}/apply", anchors="2", digest=digest).status_code == 303
    rows = db.session.execute(select(Assignment.submission_id, Assignment.judge_id)).all()
    assert len(rows) == len(set(rows)) == 2 * 4 + 6 * 2
    anchors = anchors_of(round_.id)
    assert set(anchors) == {s for s in {one for one, _ in rows} if sum(one == s for one, _ in rows) == 4}
    assert "Judged by all panels" in words(desk.get(at))


def test_a_panel_of_nobody_a_wrong_number_and_strangers_are_refused(app: Flask, make: Make, scene: Scene) -> None:
    desk, round_, judges = scene
    at = desk.at(round_, "panels")
    assert desk.post(at, **sent(desk, judges, 1, 1, 1, 0)).status_code == 409
    assert desk.post(at, **sent(desk, judges, 1, 1, 3, 2)).status_code == 422
    assert desk.post(at, **{**sent(desk, judges, 1, 1, 2, 2), "panels": "0"}).status_code == 409
    assert desk.post(f"{at}/apply", anchors="1", digest="x").status_code == 409
    assert panels_of_round(round_.id) == ()
    by: dict[str, Any] = {"round_id": round_.id, "names": ["Một"], "actor_id": None, "now": NOON}
    with pytest.raises(RuleBroken, match="panel_number_wrong"), unit_of_work():
        save_panels(members={judges[0].id: 2}, **by)
    stranger = make.judge(make.edition("khac")).id
    with pytest.raises(NotFound), unit_of_work():
        save_panels(members={stranger: 1}, **by)


def test_who_is_removed_from_the_panel_sits_nowhere_and_closed_rounds_keep_theirs(app: Flask, scene: Scene) -> None:
    desk, round_, judges = scene
    desk.post(desk.at(round_, "panels"), **sent(desk, judges, 1, 2, 2, 0))
    with unit_of_work():
        panel.remove_judge(edition_id=desk.edition_id, judge_id=judges[1].id, actor_id=None, now=NOON)
    assert [one.judges for one in panels_of_round(round_.id)] == [{judges[0].id}, {judges[2].id}]
    with unit_of_work() as session:
        session.get_one(Round, round_.id).state = RoundState.CLOSED
    assert "Scoring of this round is over" in words(desk.get(desk.at(round_, "panels")))
    assert desk.post(desk.at(round_, "panels"), **sent(desk, judges[:1], 1)).status_code in (409, 422)
