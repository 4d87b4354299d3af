"""What a device typed without network is kept whatever happened meanwhile: to be copied, and with the organiser."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from contest.editions.models import Criterion, Round
from contest.infra import clock
from contest.infra.db import db, release_connections, unit_of_work
from contest.judging.models import Assignment, LatePaper
from contest.judging.services.assignments import unassign_one
from contest.judging.states import LateCause, LateState
from tests.faults.proxy import Cable
from tests.faults.venue import Tablet, Venue

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(900),
    pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed"),
]

Start = Callable[..., Tablet]


def type_offline(judge: Tablet, venue: Venue, paper: str) -> None:
    judge.get_ready()
    judge.open_paper(paper)
    venue.proxy.set(Cable.CUT)
    judge.mark("C1", "7")
    judge.page.locator("[name=feedback]").fill("Rõ ràng và khả thi.")
    judge.page.locator("[name=private_note]").fill("Hỏi thêm về giá.")
    expect(judge.state).to_contain_text("Waiting to be sent: 1")


def offered(venue: Venue) -> list[tuple[LateCause, LateState, str, str, str]]:
    """What waits for the organiser: cause, state, the first mark, both texts."""
    with venue.app.app_context():
        rows = db.session.query(LatePaper).filter_by(round_id=venue.round_id).order_by(LatePaper.id).all()
        found = [(row.cause, row.state, row.marks.get("C1", ""), row.feedback, row.private_note) for row in rows]
        release_connections()
        return found


def is_kept(judge: Tablet, venue: Venue, paper: str, cause: LateCause) -> None:
    """The page shows what was typed to be copied; the organiser has it; no mark was stored."""
    refused = judge.page.locator('[data-outbox-panel="refused"]')
    expect(refused).to_be_visible(timeout=20_000)
    expect(refused.locator("textarea")).to_have_value(re.compile(r"Criterion 1: 7[\s\S]*Rõ ràng và khả thi."))
    expect(refused.locator("textarea")).to_have_value(re.compile("Hỏi thêm về giá."))
    expect(refused.locator("[data-outbox-late]")).to_be_visible()
    assert offered(venue) == [(cause, LateState.OFFERED, "7", "Rõ ràng và khả thi.", "Hỏi thêm về giá.")]
    refused.locator("[data-outbox-late] a").click()
    expect(judge.page.locator("main")).to_contain_text("Rõ ràng và khả thi.")
    judge.open(f"{venue.base}device/")  # also after the page is closed
    expect(judge.page.locator("[data-device-refused] textarea")).to_have_value(re.compile("Hỏi thêm về giá."))


def test_a_paper_that_was_given_to_somebody_else_meanwhile(venue: Venue, tablet: Start) -> None:
    judge, paper = tablet(), venue.papers[0]
    type_offline(judge, venue, paper)
    with venue.app.app_context():
        row = db.session.query(Assignment).filter_by(public_id=paper).one()
        ids = {"round_id": row.round_id, "submission_id": row.submission_id, "judge_id": row.judge_id}
        with unit_of_work():
            unassign_one(**ids, actor_id=None, now=clock.now(), reason="Đổi giám khảo")
        release_connections()
    venue.proxy.set(Cable.WHOLE)
    is_kept(judge, venue, paper, LateCause.GONE)
    with venue.app.app_context():
        assert db.session.query(Assignment).filter_by(public_id=paper).count() == 0
        release_connections()


def test_a_rubric_that_was_changed_meanwhile(venue: Venue, tablet: Start) -> None:
    judge, paper = tablet(), venue.papers[0]
    type_offline(judge, venue, paper)
    with venue.app.app_context():
        with unit_of_work() as session:
            session.get_one(Round, venue.round_id).rubric_version += 1
            first = session.query(Criterion).filter_by(round_id=venue.round_id, code="C2").one()
            first.name_vi, first.name_en = "Tính mới", "Novelty"
        release_connections()
    venue.proxy.set(Cable.WHOLE)
    is_kept(judge, venue, paper, LateCause.RUBRIC)
    assert venue.stored(paper) == {}
