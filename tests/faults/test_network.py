"""What is promised about a bad network, each promise by its name in the list of reliability."""

from __future__ import annotations

import os
import random
import re
import shutil
from collections.abc import Callable

import pytest
from playwright.sync_api import Request, expect
from pysqlite3 import dbapi2 as sqlite  # two libraries of SQLite in one process lose each other's locks

from contest.accounts.models import UserSession
from contest.editions.models import Round
from contest.editions.phases import RoundState
from contest.infra import clock
from contest.infra.db import release_connections, unit_of_work
from tests.faults.proxy import Cable
from tests.faults.venue import Tablet, Venue

KILLS = int(os.environ.get("FAULT_KILLS", "4"))
RECOVERY_MS = 10_000
WAITING = "Waiting to be sent: 1"

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(900),
    pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed"),
]

Start = Callable[..., Tablet]


def saved(tablet: Tablet, within: int = RECOVERY_MS) -> None:
    expect(tablet.state).to_have_attribute("data-save-state", "saved", timeout=within)


@pytest.mark.parametrize("cable", [Cable.CUT, Cable.DEAD])
def test_rl_03_a_cut_during_a_save_is_told_and_ends_in_one_event(venue: Venue, tablet: Start, cable: Cable) -> None:
    judge, (paper, _) = tablet(), venue.papers
    judge.open_paper(paper)
    venue.proxy.set(cable)
    judge.mark("C1", "7")
    expect(judge.state).to_contain_text(WAITING, timeout=20_000)
    assert venue.events(paper) == []
    venue.proxy.set(Cable.WHOLE)
    saved(judge)
    assert venue.stored(paper) == {"C1": "7"}
    assert len(venue.events(paper)) == 1


def test_rl_04_a_lost_answer_is_asked_for_again_and_is_one_event(venue: Venue, tablet: Start) -> None:
    judge, (paper, _) = tablet(), venue.papers
    judge.open_paper(paper)
    judge.mark("C2", "1")
    saved(judge)  # the token is known: the next request is the save itself
    venue.proxy.set(Cable.DUMB)
    judge.mark("C1", "7")
    expect(judge.state).to_contain_text(WAITING, timeout=20_000)
    assert venue.stored(paper) == {"C1": "7", "C2": "1"}
    known = venue.events(paper)
    venue.proxy.set(Cable.WHOLE)
    saved(judge)
    assert venue.events(paper) == known
    judge.mark("C1", "8")
    expect(judge.state).to_have_attribute("data-save-state", "saving")
    saved(judge)  # what follows is no conflict either
    assert venue.stored(paper) == {"C1": "8", "C2": "1"}


def test_rl_05_a_locked_database_delays_a_mark_and_loses_none(venue: Venue, tablet: Start) -> None:
    judge, (paper, _) = tablet(), venue.papers
    judge.open_paper(paper)
    other = sqlite.connect(venue.folder / "site.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    judge.mark("C1", "7")
    judge.page.wait_for_timeout(10_500)
    expect(judge.state).not_to_have_attribute("data-save-state", "saved")
    assert venue.events(paper) == []
    other.execute("COMMIT")
    other.close()
    saved(judge, 20_000)
    assert venue.stored(paper) == {"C1": "7"}
    assert len(venue.events(paper)) == 1


def test_rl_06_a_server_killed_during_saves_loses_nothing_it_confirmed(venue: Venue, tablet: Start) -> None:
    judge, (paper, _) = tablet(), venue.papers
    judge.open_paper(paper)
    dice = random.Random(6)
    for turn in range(KILLS):
        judge.mark("C2", f"{turn / 2:g}")
        judge.page.wait_for_timeout(dice.randint(600, 1100))
        said = judge.state.get_attribute("data-save-state")
        venue.kill()
        if said == "saved":
            assert venue.stored(paper) == {"C2": f"{turn / 2:g}"}
        venue.start()
        saved(judge, 20_000)
        assert venue.stored(paper) == {"C2": f"{turn / 2:g}"}
        with sqlite.connect(venue.folder / "site.sqlite") as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    events = venue.events(paper)
    assert len(events) == len({event.key for event in events}) == KILLS


def test_rl_09_an_expired_sign_in_keeps_what_was_typed_and_sends_it_afterwards(venue: Venue, tablet: Start) -> None:
    judge, (paper, _) = tablet(), venue.papers
    judge.open_paper(paper)
    with venue.app.app_context():
        with unit_of_work() as session:
            session.query(UserSession).update({UserSession.revoked_at: clock.now()})
        release_connections()
    judge.mark("C1", "7")
    judge.page.locator("[name=feedback]").fill("Rõ ràng và khả thi.")
    expect(judge.page.locator('[data-outbox-panel="signed_out"]')).to_be_visible()
    expect(judge.state).to_contain_text(WAITING)
    judge.context.add_cookies([venue.cookie(venue.judge_id)])  # type: ignore[list-item]  # signed in again, in another tab
    saved(judge)
    assert judge.page.locator("[name=feedback]").input_value() == "Rõ ràng và khả thi."
    assert venue.stored(paper) == {"C1": "7"}


def test_rl_09_a_deadline_that_passes_keeps_what_was_typed_to_be_copied(venue: Venue, tablet: Start) -> None:
    judge, (paper, _) = tablet(), venue.papers
    judge.open_paper(paper)
    with venue.app.app_context():
        with unit_of_work() as session:
            session.get_one(Round, venue.round_id).state = RoundState.CLOSED
        release_connections()
    judge.mark("C1", "7")
    judge.page.locator("[name=feedback]").fill("Rõ ràng và khả thi.")
    refused = judge.page.locator('[data-outbox-panel="refused"]')
    expect(refused).to_be_visible()
    expect(refused.locator("textarea")).to_have_value(re.compile("1. Criterion 1: 7"))
    expect(refused.locator("[data-outbox-late]")).to_be_visible()
    assert venue.stored(paper) == {}
    judge.open_paper(paper)  # a reload, now of a page that is closed
    expect(judge.page.locator('[data-outbox-panel="refused"]')).to_be_visible()
    judge.open(f"{venue.base}device/")
    expect(judge.page.locator("[data-device-refused] textarea")).to_have_value(re.compile("Rõ ràng và khả thi."))


def test_rl_12_clicking_twice_and_sending_twice_is_one_event(venue: Venue, tablet: Start) -> None:
    judge, (paper, _) = tablet(), venue.papers
    sent: list[tuple[str, str]] = []

    def note(request: Request) -> None:
        if request.method == "POST" and not request.url.endswith("/here"):  # that one only says who is at work
            sent.append((request.url, request.post_data or ""))

    judge.page.on("request", note)
    judge.open_paper(paper)
    for number, code in enumerate(venue.codes):
        judge.mark(code, str(number))
    judge.page.locator("button[value=submit]").dblclick()
    judge.page.wait_for_url(lambda address: paper not in address)
    events = venue.events(paper)
    assert len({event.key for event in events}) == len(events)
    assert [event.marks for event in events].count(events[-1].marks) <= 2  # the draft, and the same marks handed in
    token = judge.page.evaluate(f"fetch('{venue.base}device/hello.json').then(a => a.json()).then(a => a.csrf)")
    address, body = sent[-1]
    again = [
        judge.context.request.post(
            address, data=body, headers={"Content-Type": "application/json", "X-CSRFToken": token, "Referer": address}
        ).status
        for _ in range(2)
    ]
    assert again == [200, 200]
    assert venue.events(paper) == events


def test_rl_13_two_devices_of_one_judge_overwrite_nothing_of_each_other(venue: Venue, tablet: Start) -> None:
    paper = venue.papers[0]
    first, second = tablet("first"), tablet("second")
    first.open_paper(paper)
    second.open_paper(paper)
    second.mark("C1", "9")
    saved(second)
    first.mark("C1", "5")
    stale = first.page.locator('[data-outbox-panel="stale"]')
    expect(stale).to_be_visible()
    assert [cell.inner_text() for cell in stale.locator("tbody td").all()][1:] == ["5", "9"]
    assert venue.stored(paper) == {"C1": "9"}
    first.open_paper(paper)  # the question stays over a reload
    expect(stale).to_be_visible()
    stale.locator("[data-outbox-do=mine]").click()
    saved(first)
    assert venue.stored(paper) == {"C1": "5"}
    second.mark("C2", "1.5")
    expect(second.page.locator('[data-outbox-panel="stale"]')).to_be_visible()
    second.page.locator("[data-outbox-do=stored]").click()
    second.page.locator("form[data-outbox-ready]").wait_for()
    expect(second.page.locator('input[name="mark-C1"]:checked')).to_have_value("5")
    assert venue.stored(paper) == {"C1": "5"}


def test_rl_13_two_tabs_of_one_device_show_and_send_the_same(venue: Venue, tablet: Start) -> None:
    judge, (paper, _) = tablet(), venue.papers
    judge.open_paper(paper)
    other = judge.context.new_page()
    other.goto(venue.address + venue.base + paper)
    other.locator("form[data-outbox-ready]").wait_for()
    judge.mark("C1", "5")
    expect(other.locator('input[name="mark-C1"][value="5"]')).to_be_checked()
    other.locator('input[name="mark-C2"]').fill("1.5")
    expect(judge.page.locator('input[name="mark-C2"]')).to_have_value("1.5")
    saved(judge)
    expect(other.locator("[data-save-state]")).to_have_attribute("data-save-state", "saved")
    assert venue.stored(paper) == {"C1": "5", "C2": "1.5"}


def test_rl_15_a_restart_without_network_brings_the_draft_back_and_sends_it_once(venue: Venue, tablet: Start) -> None:
    judge, (paper, _) = tablet(), venue.papers
    judge.open_paper(paper)
    judge.page.locator("html").evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    judge.get_ready()
    judge.open_paper(paper)
    venue.proxy.set(Cable.CUT)
    judge.mark("C1", "7")
    judge.page.locator("[name=private_note]").fill("Hỏi thêm về giá.")
    expect(judge.state).to_contain_text(WAITING)
    judge.page.wait_for_timeout(2000)
    judge.kill()
    judge.start()
    judge.open_paper(paper)
    assert judge.shown() == {"C1": "7"}
    assert judge.page.locator("[name=private_note]").input_value() == "Hỏi thêm về giá."
    expect(judge.state).to_contain_text(WAITING)
    venue.proxy.set(Cable.WHOLE)
    saved(judge)
    assert venue.stored(paper) == {"C1": "7"}
    assert len(venue.events(paper)) == 1


def test_rl_15_another_person_on_the_same_tablet_sees_nothing_and_loses_nothing(venue: Venue, tablet: Start) -> None:
    judge, (paper, _) = tablet(), venue.papers
    judge.get_ready()
    judge.open_paper(paper)
    venue.proxy.set(Cable.CUT)
    judge.mark("C1", "7")
    expect(judge.state).to_contain_text(WAITING)
    venue.proxy.set(Cable.WHOLE)
    judge.context.add_cookies([venue.cookie(venue.other_id)])  # type: ignore[list-item]  # playwright's own mapping
    judge.open(f"{venue.base}device/")
    expect(judge.page.locator("[data-device-strangers]")).to_contain_text("sealed: 1")
    held = judge.page.evaluate(EVERYTHING)
    assert paper not in held["pages"]
    assert len(held["outbox"]) == 1
    assert "C1" not in str(held)
    assert not any("key" in row and row["account"] == held["outbox"][0]["account"] for row in held["device"])
    venue.proxy.set(Cable.CUT)
    judge.open(venue.base + paper)  # what the first judge stored does not open any more
    assert "Ý tưởng" not in judge.page.inner_text("body")
    venue.proxy.set(Cable.WHOLE)
    assert venue.events(paper) == []
    judge.context.add_cookies([venue.cookie(venue.judge_id)])  # type: ignore[list-item]  # as above
    judge.open_paper(paper)
    saved(judge)
    assert venue.stored(paper) == {"C1": "7"}
    assert len(venue.events(paper)) == 1


# Every row of the device's database, bytes as a text of numbers, and the addresses of the pages it keeps.
EVERYTHING = """async () => {
  const database = await new Promise((done) => {
    const asked = indexedDB.open("bang-vang-judging");
    asked.onsuccess = () => done(asked.result);
  });
  const found = {};
  for (const name of database.objectStoreNames) {
    const rows = await new Promise((done) => {
      const asked = database.transaction(name).objectStore(name).getAll();
      asked.onsuccess = () => done(asked.result);
    });
    found[name] = rows.map((row) => ({ ...row, sealed: row.sealed ? new TextDecoder().decode(row.sealed) : "" }));
  }
  database.close();
  const pages = await (await caches.open("judging-pages")).keys();
  return { ...found, pages: pages.map((one) => new URL(one.url).pathname).join(" ") };
}"""
