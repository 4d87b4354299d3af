"""Extra scorecards that would settle the podium: where it is close, never against a conflict, in one click."""

from __future__ import annotations

import random
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from contest.editions.models import Round
from contest.editions.phases import RoundState
from contest.editions.rules import RoundRules
from contest.editions.services import lock_rubric
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.judging.models import Assignment, Judge
from contest.judging.scoring import Scorecard
from contest.judging.services import panel
from contest.results.inputs import RoundInputs
from contest.results.topup import TopUp, Wish, top_ups
from contest.submissions.models import Submission
from tests.counting import counted
from tests.factories import NOON, Make
from tests.judging.pages import Desk, desk_of, words
from tests.results.fair_panels import rubric


def inputs(n: int, judges: int, k: int, seed: int, tracks: int = 1) -> RoundInputs:
    """Draw a round: n submissions of k of the judges each, two criteria."""
    draw = random.Random(seed)
    strict = [draw.randint(-2, 2) for _ in range(judges)]
    cards = [
        Scorecard(
            judge,
            one,
            tuple(min(20, max(0, 18 - one + strict[judge] + draw.randint(-2, 2))) for _ in range(2)),
            submitted=True,
        )
        for one in range(n)
        for judge in draw.sample(range(judges), k)
    ]
    places: tuple[int | None, ...] = tuple(one % tracks for one in range(n)) if tracks > 1 else (None,) * n
    return RoundInputs(RoundRules(), rubric(), places, tuple(cards))


def scored(given_: RoundInputs) -> set[tuple[int, int]]:
    return {(card.submission, card.judge) for card in given_.cards}


def found(round_: RoundInputs, barred: set[tuple[int, int]] | None = None, room: int = 99, **wish: Any) -> TopUp:
    judges = 1 + max(card.judge for card in round_.cards)
    (one,) = top_ups(round_, [room] * judges, barred or set(), Wish(**{"count": 5, "per_judge": 5, **wish}))
    return one


@settings(max_examples=12)
@given(st.integers(0, 10**6))
def test_proposals_obey_whatever_the_round_looks_like(seed: int) -> None:
    draw = random.Random(seed)
    round_ = inputs(draw.randint(4, 10), 5, draw.randint(2, 4), seed, tracks=draw.choice([1, 2]))
    barred = {(one, other) for one in range(len(round_.tracks)) for other in range(5) if draw.random() < 0.2}
    room = [draw.choice([0, 1, 2, 9]) for _ in range(5)]
    wish = Wish(draw.randint(1, 6), draw.randint(1, 3), draw.random() < 0.5)
    pairs = []
    for track in top_ups(round_, room, barred, wish):
        assert len(track.extras) <= wish.count
        assert all(0 <= one.chance <= 1 and 0 < one.worth <= 1 + 1e-9 for one in track.extras)
        own = [(one.submission, one.judge) for one in track.extras]
        assert all(round_.tracks[one] == track.track for one, _ in own)
        assert all(sum(other == judge for _, other in own) <= wish.per_judge for judge in range(5))
        pairs += own
    assert len(pairs) == len(set(pairs))
    assert not set(pairs) & (barred | scored(round_))
    assert all(sum(other == judge for _, other in pairs) <= room[judge] for judge in range(5))


def test_extra_scorecards_stand_where_the_podium_is_close_and_make_it_surer() -> None:
    round_ = inputs(12, 6, 2, seed=3)
    one = found(round_, count=6)
    assert len(one.extras) == 6
    assert one.after > one.sure
    assert {extra.place for extra in one.extras} <= set(range(1, 8))  # nobody from the far end
    assert one.extras[0].worth == 1.0


def test_no_room_no_proposal_and_the_podium_is_told_all_the_same() -> None:
    one = found(inputs(8, 4, 2, seed=1), room=0)
    assert (one.extras, len(one.podium)) == ((), 3)
    assert one.after == one.sure


def test_what_cannot_be_compared_is_said() -> None:
    cards = [Scorecard(judge, one, (one, one), submitted=True) for one in range(6) for judge in (0, 1, 2)]
    apart = [Scorecard(judge + 3, one + 6, (one, one), submitted=True) for one in range(6) for judge in (0, 1, 2)]
    whole = RoundInputs(RoundRules(), rubric(), (None,) * 12, tuple(cards + apart))
    assert found(whole).note == "judges_not_linked"
    assert top_ups(RoundInputs(RoundRules(), rubric(), (None,) * 2, ()), [], set(), Wish(3, 1)) == ()


Scene = tuple[Desk, Round, list[Judge], list[Submission]]


@pytest.fixture
def scene(app: Flask, make: Make) -> Scene:
    """Eight submissions, two of four judges each, all handed in; one judge is full, one conflict is declared."""
    desk = desk_of(app, make)
    round_ = make.round(desk.edition, rules=RoundRules(judges_per_submission=2))
    judges = [make.judge(desk.edition, code=f"J{at}") for at in range(4)]
    entries = [make.submission(desk.edition, code=f"E{at}") for at in range(8)]
    draw = random.Random(5)
    for at, entry in enumerate(entries):
        for judge in (at % 4, (at + 1 + at // 4) % 4):
            marks: list[int | None] = [16 - at + judge + draw.randint(0, 2), 14 - at + draw.randint(0, 2)]
            make.scorecard(make.assignment(round_, judges[judge], entry), marks)
    with unit_of_work():
        lock_rubric(round_id=round_.id, now=NOON)
        db.session.get_one(Judge, judges[3].id).max_load = 4
        panel.declare_conflict(
            edition_id=desk.edition_id, judge_id=judges[0].id, submission_id=entries[2].id, reason="Người nhà",
            actor_id=None, now=NOON,
        )  # fmt: skip
    return desk, round_, judges, entries


def keys(desk: Desk, path: str) -> list[str]:
    return [part.split('"')[0] for part in desk.get(path).text.split('name="pair" value="')[1:]]


@pytest.mark.both_databases
def test_the_page_proposes_and_one_click_assigns_in_writing(app: Flask, noon: Any, scene: Scene) -> None:
    desk, round_, judges, entries = scene
    path = f"results/{round_.code}/top-up"
    shown = words(desk.get(path))
    assert "Those on the podium belong there with" in shown
    offered = keys(desk, path)
    assert offered
    assert not any(key.endswith(f":{desk.person(judges[3])}") for key in offered)  # full
    assert f"{entries[2].public_id}:{desk.person(judges[0])}" not in offered  # a conflict
    sent = {"count": "5", "each": "2"}
    before = db.session.query(Assignment).count()
    assert desk.post(path, **sent, pair=offered[0]).status_code == 422  # no reason
    assert desk.post(path, **sent, pair="x:y", reason="Sát nút").status_code == 409
    assert desk.post(path, **sent, reason="Sát nút").status_code == 303  # nothing was ticked
    assert db.session.query(Assignment).count() == before
    assert desk.post(path, **sent, pair=offered, one=offered[0], reason="Sát nút").status_code == 303
    assert db.session.query(Assignment).count() == before + 1
    rest = keys(desk, path)
    assert offered[0] not in rest
    assert desk.post(path, **sent, pair=rest, reason="Sát nút").status_code == 303
    assert db.session.query(Assignment).count() == before + 1 + len(rest)
    pair = {"submission": entries[2].public_id, "judge": desk.person(judges[0])}
    assert desk.post(path, **sent, **pair, reason="Sát nút").status_code == 409  # the conflict again
    told = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "results.topped_up").order_by(AuditEntry.id)
    ).all()
    assert [(one.facts["count"], one.facts["reason"]) for one in told] == [(1, "Sát nút"), (len(rest), "Sát nút")]


def test_nothing_is_assigned_once_scoring_is_over(noon: Any, scene: Scene) -> None:
    desk, round_, _judges, _entries = scene
    path = f"results/{round_.code}/top-up"
    offered = keys(desk, path)
    with unit_of_work() as session:
        session.get_one(Round, round_.id).state = RoundState.CLOSED
    assert 'name="pair"' not in desk.get(path).text
    assert desk.post(path, count="5", each="2", pair=offered, reason="Muộn").status_code == 409
    assert desk.get(f"{path}?count=0").status_code == 422


def test_the_page_asks_as_often_whatever_it_proposes(app: Flask, noon: Any, scene: Scene) -> None:
    desk, round_, _judges, _entries = scene
    counts = []
    for asked in (1, 3):
        with counted(app) as queries:
            desk.get(f"results/{round_.code}/top-up?count={asked}&each=1")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_empty_round_says_so(app: Flask, make: Make) -> None:
    desk = desk_of(app, make)
    round_ = make.round(desk.edition)
    assert "Nothing is scored yet" in words(desk.get(f"results/{round_.code}/top-up"))
