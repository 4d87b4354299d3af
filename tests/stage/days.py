"""A final with a drawn order, its people, and short ways to act."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.roles import Role
from contest.editions.facts import RoundFacts
from contest.editions.queries import round_by_code
from contest.editions.rules import RoundRules
from contest.infra.db import unit_of_work
from contest.judging.services.draw import draw_order
from contest.stage.pitching import Act, TurnState
from contest.stage.queries.pitching import Stage, stage_of
from contest.stage.services import pitching as services
from contest.stage.timer import Command
from tests.factories import NOON, Make

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
RULES = RoundRules(pitch_minutes=5, answer_minutes=3, change_minutes=2)


class Day:
    """A round in scoring whose teams are drawn."""

    def __init__(self, make: Make, teams: int = 4, rules: RoundRules = RULES) -> None:
        self.make = make
        self.edition = make.edition()
        self.row = make.round(self.edition, "final", rules=rules, opens_at=NOON)
        self.entries = [make.submission(self.edition) for _ in range(teams)]
        self.organiser = make.member(self.edition, Role.ORGANISER)
        if teams:
            with unit_of_work():
                draw_order(round_=self.round, seed="5 2 6", reason="", actor_id=self.organiser.id, now=NOON)

    @property
    def round(self) -> RoundFacts:
        found = round_by_code(self.edition.id, "final")
        assert found is not None
        return found

    @property
    def stage(self) -> Stage:
        return stage_of(self.round)

    @property
    def codes(self) -> list[str]:
        return [one.turn.code for one in self.stage.lines]

    def states(self) -> dict[str, TurnState]:
        return {one.turn.code: one.turn.state for one in self.stage.lines}

    def act(self, code: str, *acts: Act, reason: str = "vắng", now: datetime = NOON) -> None:
        for one in acts:
            with unit_of_work():
                services.act(round_=self.round, code=code, act=one, reason=reason, actor_id=self.organiser.id, now=now)

    def press(self, command: Command, now: datetime, **more: Any) -> bool:
        given = {"key": "", "claimed": None, **more}
        with unit_of_work():
            return services.press(round_=self.round, command=command, actor_id=None, now=now, **given)

    def place(self, code: str, place: int, reason: str = "Kẹt xe") -> None:
        with unit_of_work():
            services.place(round_=self.round, code=code, place=place, reason=reason, actor_id=None, now=NOON)

    def client(self, app: Flask) -> FlaskClient:
        client = app.test_client()
        client.set_cookie("locale", "en")
        self.make.sign_in(client, self.organiser)
        return client

    @property
    def address(self) -> str:
        return f"/e/{self.edition.code}/organise/rounds/final/stage"
