"""Long work: claimed once, reported, taken over after a crash, given up in the end, never lost."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from contest.errors import RuleBroken
from contest.infra import background, clock
from contest.infra.background import Job, JobState, Task
from contest.infra.db import db, unit_of_work

pytestmark = pytest.mark.both_databases
SCOPE = "edition:1"


@pytest.fixture
def kinds(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Kinds of this test only."""
    mine: dict[str, Any] = {}
    monkeypatch.setattr(background, "_kinds", mine)
    return mine


def ask(kind: str = "count", now: datetime | None = None, **arguments: Any) -> str:
    with unit_of_work():
        job = background.enqueue(scope=SCOPE, kind=kind, arguments=arguments, actor_id=None, now=now or clock.now())
        return str(job.public_id)


def job(public_id: str) -> Job:
    db.session.rollback()  # what another thread has written is seen in a new transaction only
    found = background.job_of(SCOPE, public_id)
    assert found is not None
    return found


def test_work_is_done_once_and_tells_how_far_it_is(app: Flask, noon: datetime, kinds: dict[str, Any]) -> None:
    seen: list[tuple[int, int, JobState]] = []

    @background.kind("count")
    def count(task: Task) -> Mapping[str, Any]:
        task.report(1, 3)
        row = job(public)
        seen.append((row.done, row.total, row.state))
        return {"sum": task.arguments["a"] + 1}

    public = ask(a=2)
    assert job(public).state is JobState.WAITING
    assert background.run_next()
    assert not background.run_next()
    row = job(public)
    assert seen == [(1, 3, JobState.RUNNING)]
    assert (row.state, row.result, row.error, row.finished_at, row.attempts) == (JobState.DONE, {"sum": 3}, "", noon, 1)


def test_the_same_wish_twice_is_one_job(app: Flask, noon: datetime, kinds: dict[str, Any]) -> None:
    kinds["count"] = lambda task: {}
    first = ask(a=1)
    assert ask(a=1) == first
    assert ask(a=2) != first
    background.run_next()
    assert ask(a=1) != first
    latest = background.latest_of(SCOPE, "count")
    assert latest is not None
    assert latest.arguments == {"a": 1}
    assert background.job_of("edition:2", first) is None


def test_nobody_can_ask_for_unknown_work(app: Flask, noon: datetime, kinds: dict[str, Any]) -> None:
    with pytest.raises(KeyError):
        ask("unheard-of")
    background.kind("once")(lambda task: {})
    with pytest.raises(ValueError, match="registered twice"):
        background.kind("once")(lambda task: {})


def test_a_refusal_and_a_fault_are_written_down(app: Flask, noon: datetime, kinds: dict[str, Any]) -> None:
    def refuse(task: Task) -> Mapping[str, Any]:
        raise RuleBroken("proposals_full", limit=12)

    def fail(task: Task) -> Mapping[str, Any]:
        with unit_of_work() as session:
            session.add(Job(scope=SCOPE, kind="ghost", arguments={}, created_at=noon))
            raise OSError("no room")

    kinds |= {"refuse": refuse, "fail": fail}
    refused, failed = ask("refuse"), ask("fail")
    assert background.run_next()
    assert background.run_next()
    one, other = job(refused), job(failed)
    assert (one.state, one.error, one.result) == (JobState.FAILED, "proposals_full", {"limit": "12"})
    assert (other.state, other.error, other.result) == (JobState.FAILED, "OSError", None)
    assert db.session.scalar(select(Job.id).where(Job.kind == "ghost")) is None


def test_work_of_a_process_that_died_is_taken_over(app: Flask, noon: datetime, kinds: dict[str, Any]) -> None:
    kinds["count"] = lambda task: {"attempt": task.attempt}
    public = ask()
    with unit_of_work():
        assert background.claim(now=noon) is not None  # and then its process dies
    with unit_of_work():
        assert background.claim(now=noon + background.LEASE) is None
    with clock.stopped_at(noon + background.LEASE + timedelta(seconds=1)):
        assert background.run_next()
    assert (job(public).state, job(public).result) == (JobState.DONE, {"attempt": 2})


def test_who_was_given_up_writes_nothing_any_more(app: Flask, noon: datetime, kinds: dict[str, Any]) -> None:
    kinds["count"] = lambda task: {}
    public = ask()
    with unit_of_work():
        slow = background.claim(now=noon)
    later = noon + background.LEASE + timedelta(seconds=1)
    with unit_of_work():
        assert background.claim(now=later) is not None
    assert slow is not None
    slow.report(9, 9)
    assert (job(public).done, job(public).attempts) == (0, 2)


def test_what_dies_too_often_is_given_up(app: Flask, noon: datetime, kinds: dict[str, Any]) -> None:
    kinds["count"] = lambda task: {}
    public, now = ask(), noon
    for _ in range(background.MOST_ATTEMPTS):
        with unit_of_work():
            assert background.claim(now=now) is not None
        now += background.LEASE + timedelta(seconds=1)
    with unit_of_work():
        assert background.claim(now=now) is None
    assert (job(public).state, job(public).error) == (JobState.FAILED, background.CRASHED)
    assert not background.run_next()


def test_a_job_that_computes_in_silence_stays_alive(
    app: Flask, kinds: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "BEAT_SECONDS", 0.01)
    beats: list[datetime | None] = []

    def think(task: Task) -> Mapping[str, Any]:
        first = job(public).beat_at
        for _ in range(500):
            if job(public).beat_at != first:
                break
            threading.Event().wait(0.01)
        beats.extend((first, job(public).beat_at))
        return {}

    kinds["think"] = think
    public = ask("think")
    assert background.run_next()
    assert beats[0] is not None
    assert beats[1] is not None
    assert beats[1] > beats[0]


def test_two_workers_share_the_work(app: Flask, kinds: dict[str, Any]) -> None:
    done: list[int] = []
    all_done = threading.Event()

    def count(task: Task) -> Mapping[str, Any]:
        done.append(task.arguments["number"])
        if len(done) == 4:
            all_done.set()
        return {}

    kinds["count"] = count
    asked = [ask(number=number) for number in range(4)]
    workers = [background.start_worker(app, poll_seconds=0.01) for _ in range(2)]
    assert all_done.wait(20)
    for worker in workers:
        worker.stop()
        assert not worker.is_alive()
    assert sorted(done) == [0, 1, 2, 3]
    assert {job(public).state for public in asked} == {JobState.DONE}


def test_chores_are_done_when_due_and_one_that_stumbles_stops_no_other(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []

    def stumble() -> None:
        raise ZeroDivisionError

    moment = [100.0]
    monkeypatch.setattr(background, "monotonic", lambda: moment[0])
    monkeypatch.setattr(background, "_chores", [(60, stumble), (60, lambda: done.append("swept"))])
    worker = background.Worker(app)
    for moment[0] in (100.0, 159.0, 160.0, 161.0):
        worker._tidy()  # noqa: SLF001  one turn, without its thread

    assert done == ["swept", "swept"]
    assert [record.message for record in caplog.records] == ["a chore stumbled and is done again later"] * 2
