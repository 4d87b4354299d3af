"""Kept proposals of a world, something to undo, and a plan in the making."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from flask import Flask
from PIL import Image

from contest.editions.models import Edition, Round
from contest.editions.phases import BEFORE_CLOSE, RoundState
from contest.editions.queries import round_by_id
from contest.infra import background
from contest.infra.db import db, unit_of_work
from contest.judging.adjusting import Hand
from contest.judging.jobs import PLAN_JOB
from contest.judging.models import Assignment, AssignmentDeployment
from contest.judging.queries.assignments import plan_of
from contest.judging.queries.proposals import places_of
from contest.judging.services.assignments import pin_one
from contest.judging.services.proposals import keep_proposal
from contest.stage.models import Ceremony
from contest.stage.queries.ceremony import ceremony_of, logos_of
from contest.stage.services.ceremony import add_logo, pair_phone
from contest.submissions.models import Submission
from tests.factories import NOON, Make

if TYPE_CHECKING:
    from tests.sweep.world import Side


def keep_plans(make: Make, side: Side, edition_id: int, rounds: list[Round], submitted: list[Submission]) -> None:
    """Keep a proposal of every round that is not over; the open one has something to undo and a plan in the making."""
    by: dict[str, Any] = {"actor_id": side.people["organiser"].id, "now": NOON}
    scored, edition = rounds[1], db.session.get_one(Edition, edition_id)
    third = make.judge(edition, make.user("Ông Xa"))
    with unit_of_work() as session:  # of the papers in the round that is being scored one can still be taken away
        pair = {"submission_id": submitted[1].id, "judge_id": third.id}
        session.add(Assignment(round_id=scored.id, created_at=NOON, **pair))
    for row in rounds:
        facts = round_by_id(row.id)
        if facts is not None and facts.state in BEFORE_CLOSE and row is not rounds[-1]:  # that one may be removed
            plan = plan_of(facts, seed=1, keep=True)
            mine = [tuple(pair.values())] if row.id == scored.id else []
            with unit_of_work():
                keep_proposal(plan=plan, hand=Hand(added=places_of(plan.board, mine)), **by)
    open_ = next(row for row in rounds if row.state is RoundState.OPEN)
    pinned: dict[str, Any] = {"submission_id": submitted[0].id, "judge_id": side.judges["judge"].id}
    with unit_of_work() as session:
        pin_one(round_id=open_.id, pinned=True, **pinned, **by)
        session.add(
            AssignmentDeployment(
                round_id=open_.id, action="assignments.planned", proposal=1, removed=[], added=[],
                pinned=[list(pinned.values())], done_at=NOON, done_by=by["actor_id"],
            )
        )  # fmt: skip
        arguments = {"round_id": open_.id, "seed": 1, "keep": False}
        job = background.enqueue(scope=f"edition:{edition_id}", kind=PLAN_JOB, arguments=arguments, **by)
        side.ids["planned round"], side.ids["job_id"] = [open_.code], [job.public_id]


def _picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (8, 8), "#a2181e").save(out, "PNG")
    return out.getvalue()


PICTURE = _picture()


def hold_ceremony(app: Flask, side: Side, edition_id: int) -> None:
    """Prepare the ceremony of a finalised round, with a logo and a paired phone."""
    by: dict[str, Any] = {"actor_id": side.people["organiser"].id, "now": NOON}
    with unit_of_work() as session:
        finalised = {"edition_id": edition_id, "state": RoundState.FINALISED}
        round_ = session.query(Round).filter_by(**finalised).one()
        row = Ceremony(edition_id=edition_id, round_id=round_.id, places=[], readings={}, created_at=NOON)
        session.add(row)
        session.flush()  # its public id is needed
        side.ids["ceremony_id"] = [row.public_id]
    ceremony = ceremony_of(edition_id, side.ids["ceremony_id"][0])
    assert ceremony is not None
    with unit_of_work():
        add_logo(ceremony=ceremony, name="Nhà tài trợ", data=PICTURE, storage=app.extensions["storage"], **by)
        side.ids["pairing"] = [pair_phone(ceremony=ceremony, **by)]
    side.ids["logo_id"] = [one.public_id for one in logos_of(ceremony.id)]
