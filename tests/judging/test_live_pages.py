"""The live desk: check in, next entry, away and back, and two judges who ask at the same moment."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from contest.accounts.models import User
from contest.editions.models import Round
from contest.editions.phases import RoundState
from contest.editions.queries import round_by_id
from contest.editions.rules import RoundRules
from contest.errors import NotFound, RuleBroken
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.judging.models import Assignment, Judge
from contest.judging.queries.live import Event, event_of
from contest.judging.rooms.states import EntryState
from contest.judging.services import live, panel
from contest.judging.states import ScorecardStatus
from contest.submissions.models import Submission
from tests.counting import counted
from tests.factories import NOON, Make
from tests.judging.pages import Desk, desk_of, words


@dataclass(frozen=True)
class Scene:
    desk: Desk
    round: Round
    judges: list[Judge]
    entries: list[Submission]

    def do(self, act: Any, judge: int | None = None, **facts: Any) -> Any:
        given = {} if judge is None else {"judge_id": self.judges[judge].id}
        with unit_of_work():
            return act(round_id=self.round.id, actor_id=None, now=NOON, **given, **facts)

    def next(self, judge: int) -> list[str]:
        ids = self.do(live.hand_out, judge)
        rows = select(Submission.code).join(Assignment).where(Assignment.public_id.in_(ids)).order_by(Submission.code)
        return list(db.session.scalars(rows))

    def finish(self, make: Make, judge: int) -> None:
        rows = select(Assignment).where(Assignment.judge_id == self.judges[judge].id, Assignment.scorecard == None)  # noqa: E711  SQL
        for row in db.session.scalars(rows).all():
            make.scorecard(row, [5, 5])

    def seen(self) -> dict[str, int]:
        event = self.event()
        return {one.line.code: one.seen for one in event.entries()}

    def event(self) -> Event:
        facts = round_by_id(self.round.id)
        assert facts is not None
        found = event_of(facts)
        assert found is not None
        return found


@pytest.fixture
def scene(app: Flask, make: Make) -> Scene:
    """Four entries, three judges, each entry to be seen by two."""
    desk = desk_of(app, make)
    round_ = make.round(desk.edition, rules=RoundRules(judges_per_submission=2))
    judges = [make.judge(desk.edition, make.user(name), code=f"J{at}") for at, name in enumerate(("An", "Bo", "Cu"))]
    return Scene(desk, round_, judges, [make.submission(desk.edition, code=f"E{at}") for at in range(4)])


@pytest.fixture
def opened(scene: Scene) -> Scene:
    scene.do(live.open_desk, batch=1)
    return scene


@pytest.mark.both_databases
def test_who_is_present_gets_the_least_seen_entry_and_the_same_again_until_it_is_scored(
    app: Flask, make: Make, opened: Scene
) -> None:
    for judge in (0, 1):
        opened.do(live.check_in, judge)
    assert (opened.next(0), opened.next(0), opened.next(1)) == (["E0"], ["E0"], ["E1"])
    opened.finish(make, 0)
    assert opened.next(0) == ["E2"]
    assert opened.seen() == {"E0": 1, "E1": 1, "E2": 1, "E3": 0}
    told = [facts["submissions"] for facts in db.session.scalars(
        select(AuditEntry.facts).where(AuditEntry.action == "live.handed_out").order_by(AuditEntry.id)
    )]  # fmt: skip
    assert told == [["E0"], ["E1"], ["E2"]]


@pytest.mark.both_databases
def test_two_judges_who_ask_at_the_same_moment_never_exceed_and_never_double(app: Flask, make: Make) -> None:
    """Eight judges ask for three entries each, all at once: every entry has its two judges, nobody anything twice."""
    edition = make.edition()
    round_ = make.round(edition, rules=RoundRules(judges_per_submission=2))
    judges = [make.judge(edition).id for _ in range(8)]
    entries = [make.submission(edition).id for _ in range(6)]
    act: dict[str, Any] = {"round_id": round_.id, "actor_id": None, "now": NOON}
    with unit_of_work():
        live.open_desk(batch=3, **act)
        for judge in judges:
            live.check_in(judge_id=judge, **act)
    start = Barrier(8)

    def ask(judge: int) -> int:
        with app.app_context():
            start.wait()
            try:
                with unit_of_work():
                    return len(live.hand_out(judge_id=judge, **act))
            except RuleBroken as refused:
                return 0 if refused.code == "nothing_next" else -100
            finally:
                db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        handed = list(pool.map(ask, judges))
    db.session.rollback()
    pairs = db.session.execute(select(Assignment.submission_id, Assignment.judge_id)).all()
    assert len(pairs) == len(set(pairs)) == sum(handed) == 12
    assert Counter(one for one, _ in pairs) == dict.fromkeys(entries, 2)
    assert max(Counter(other for _, other in pairs).values()) <= 3


def test_a_conflict_is_never_handed_out_and_a_full_judge_gets_nothing(app: Flask, make: Make, opened: Scene) -> None:
    with unit_of_work():
        panel.declare_conflict(
            edition_id=opened.desk.edition_id, judge_id=opened.judges[0].id, submission_id=opened.entries[0].id,
            reason="Học trò", actor_id=None, now=NOON,
        )  # fmt: skip
        db.session.get_one(Judge, opened.judges[1].id).max_load = 1
    for judge in (0, 1):
        opened.do(live.check_in, judge)
    assert opened.next(0) == ["E1"]
    assert opened.next(1) == ["E0"]
    opened.finish(make, 1)
    with pytest.raises(RuleBroken, match="nothing_next"):
        opened.next(1)


def test_what_a_judge_withdrew_from_never_comes_back(app: Flask, make: Make, opened: Scene) -> None:
    opened.do(live.check_in, 0)
    opened.next(0)
    row = db.session.scalars(select(Assignment)).one()
    make.scorecard(row, [None, None], ScorecardStatus.RECUSED)
    assert opened.next(0) == ["E1"]
    assert opened.seen()["E0"] == 0


def test_an_entry_that_is_away_is_skipped_and_comes_back(app: Flask, make: Make, opened: Scene) -> None:
    opened.do(live.set_entry, submission_id=opened.entries[0].id, state=EntryState.AWAY)
    opened.do(live.set_entry, submission_id=opened.entries[1].id, state=EntryState.BUSY)
    for judge in (0, 1):
        opened.do(live.check_in, judge)
    assert (opened.next(0), opened.next(1)) == (["E2"], ["E3"])
    opened.do(live.set_entry, submission_id=opened.entries[0].id, state=EntryState.PRESENT)
    opened.finish(make, 0)
    assert opened.next(0) == ["E0"]


def test_opening_takes_back_what_was_planned_and_who_goes_gives_back(app: Flask, make: Make, scene: Scene) -> None:
    for entry in scene.entries:
        make.assignment(scene.round, scene.judges[2], entry)
    first = select(Assignment).order_by(Assignment.id).limit(1)
    make.scorecard(db.session.scalars(first).one(), [1, None], ScorecardStatus.DRAFT)
    assert scene.do(live.open_desk, batch=2) == 3
    scene.do(live.check_in, 0)
    assert scene.next(0) == ["E1", "E2"]
    assert scene.do(live.check_out, 0) == 2
    assert scene.seen() == {"E0": 1, "E1": 0, "E2": 0, "E3": 0}  # the draft of who never came stays
    with pytest.raises(RuleBroken, match="judge_not_present"):
        scene.next(0)
    scene.do(live.check_in, 0)
    assert len(scene.next(0)) == 2
    assert scene.do(live.close_desk) == 2
    with pytest.raises(RuleBroken, match="desk_closed"):
        scene.do(live.check_in, 0)


def test_strangers_and_those_who_left_are_not_let_in(app: Flask, make: Make, opened: Scene) -> None:
    other = make.edition("khac")
    stranger, foreign = make.judge(other), make.submission(other)
    by: dict[str, Any] = {"round_id": opened.round.id, "actor_id": None, "now": NOON}
    with pytest.raises(NotFound), unit_of_work():
        live.check_in(judge_id=stranger.id, **by)
    with pytest.raises(NotFound), unit_of_work():
        live.check_out(judge_id=opened.judges[0].id, **by)
    with pytest.raises(NotFound), unit_of_work():
        live.hand_out(judge_id=stranger.id, **by)
    with pytest.raises(NotFound), unit_of_work():
        live.set_entry(submission_id=foreign.id, state=EntryState.AWAY, **by)
    with unit_of_work():
        db.session.get_one(Judge, opened.judges[0].id).left_at = NOON
    with pytest.raises(RuleBroken, match="judge_left"):
        opened.do(live.check_in, 0)


def test_nothing_is_handed_out_before_scoring_is_open(app: Flask, opened: Scene) -> None:
    opened.do(live.check_in, 0)
    with unit_of_work() as session:
        session.get_one(Round, opened.round.id).state = RoundState.OPEN
    with pytest.raises(RuleBroken, match="live_before_scoring"):
        opened.next(0)


def test_the_secretary_runs_the_desk_from_the_page(noon: Any, scene: Scene) -> None:
    desk, at = scene.desk, scene.desk.at(scene.round, "live")
    person = desk.person(scene.judges[0])
    assert "Open the desk" in words(desk.get(at))
    assert desk.get(f"{at}/judges/{person}").status_code == 404
    assert desk.post(f"{at}/open", batch="9").status_code == 422
    assert desk.post(f"{at}/open", batch="1").status_code == 303
    assert "0 judges are here" in words(desk.get(at))
    assert desk.post(f"{at}/next", judge=person).status_code == 409
    answer = desk.post(f"{at}/in", judge=person, back="judge")
    assert answer.location == desk.url(f"{at}/judges/{person}")
    assert "Next would be: E0" in words(desk.get(f"{at}/judges/{person}"))
    assert desk.post(f"{at}/next", judge=person).status_code == 303
    assert "Goes to E0" in words(desk.get(f"{at}/judges/{person}"))
    assert "E0 Ý tưởng" in words(desk.get(at))
    assert desk.post(f"{at}/entry", submission=scene.entries[1].public_id, state="away").status_code == 303
    assert desk.post(f"{at}/entry", submission=scene.entries[1].public_id, state="lost").status_code == 409
    assert desk.post(f"{at}/entry", submission="nobody", state="away").status_code == 404
    assert "1 entries are away or busy" in words(desk.get(at))
    assert desk.get(f"{at}/badges").text.count("bv-qr-name") == 3
    assert desk.post(f"{at}/out", judge=person).status_code == 303
    assert desk.post(f"{at}/in", judge="nobody").status_code == 404
    assert desk.post(f"{at}/close").status_code == 303
    assert "Open the desk" in words(desk.get(at))


def test_a_judge_asks_for_the_next_entry_from_the_own_desk(noon: Any, make: Make, opened: Scene) -> None:
    client = opened.desk.app.test_client()
    make.sign_in(client, db.session.get_one(User, opened.judges[0].user_id))
    client.set_cookie("locale", "en")
    home = f"/e/{opened.desk.code}/judging/"
    ask = f"{home}live/{opened.round.code}/next"
    assert "Tell the desk that you are here" in words(client.get(home))
    assert client.post(ask).location == home
    assert "is not checked in" in words(client.get(home))
    opened.do(live.check_in, 0)
    assert "Next entry" in words(client.get(home))
    first = client.post(ask)
    assert first.status_code == 303
    assert client.get(first.location).status_code == 200
    assert client.post(ask).location == first.location
    for _ in range(3):
        opened.finish(make, 0)
        assert client.post(ask).location != home
    opened.finish(make, 0)
    assert client.post(ask).location == home
    assert "Nothing is waiting for you right now" in words(client.get(home))


@pytest.mark.parametrize("judges", [1, 3])
def test_the_page_asks_as_often_for_three_judges_as_for_one(app: Flask, make: Make, judges: int) -> None:
    desk = desk_of(app, make)
    round_ = make.round(desk.edition, rules=RoundRules(judges_per_submission=2))
    room = Scene(desk, round_, [make.judge(desk.edition) for _ in range(judges)], [make.submission(desk.edition)])
    room.do(live.open_desk, batch=1)
    for at in range(judges):
        room.do(live.check_in, at)
    desk.get(desk.at(round_, "live"))
    with counted(app) as queries:
        desk.get(desk.at(round_, "live"))
    assert len(queries) == QUERIES


QUERIES = 20
