"""Work too long for a request: rows that a thread of any serving process claims, carries out and reports on.

A package registers what it can do: `@kind("assign")` above a function of one `Task`; the edge asks for it with
`enqueue` in its unit of work and shows `job_of` until it is over. A function opens its own units of work. It may run
twice, when a process dies in the middle of it: what it writes must bear that.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Event, Thread
from time import monotonic
from typing import Any

from flask import Flask, current_app
from sqlalchemy import JSON, ForeignKey, Index, String, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from contest.errors import Refused
from contest.infra import clock, wiping
from contest.infra.db import Base, db, unit_of_work
from contest.infra.types import EnumText, UtcDateTime, public_id

LEASE = timedelta(seconds=30)
BEAT_SECONDS = 5.0
POLL_SECONDS = 1.0
MOST_ATTEMPTS = 3
CRASHED = "crashed"
logger = logging.getLogger(__name__)


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


OPEN_STATES = (JobState.WAITING, JobState.RUNNING)


class Job(Base):
    """One piece of work. `scope` names what it hangs on, e.g. "edition:3"; `beat_at` is the last sign of life.

    `error` is a code with `facts` in `result` when the work was refused, or the name of what went wrong.
    """

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_state_id", "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=public_id)
    scope: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[JobState] = mapped_column(EnumText(JobState), default=JobState.WAITING)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    beat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str] = mapped_column(String(300), default="")
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)


wiping.in_scope(Job.scope)


@dataclass(frozen=True, slots=True)
class Task:
    """A claimed job as its function sees it."""

    job_id: int
    attempt: int
    arguments: Mapping[str, Any]
    actor_id: int | None

    def report(self, done: int, total: int) -> None:
        """Write how far the work is, in a unit of work of its own; not to be called inside another one."""
        with unit_of_work():
            _write(self, done=done, total=total, beat_at=clock.now())


Chore = Callable[[], None]
_chores: list[tuple[float, Chore]] = []


def every(seconds: float) -> Callable[[Chore], Chore]:
    """Register something small that every worker does at its start and again after so many seconds.

    It opens its own units of work, and bears that another process does the same at the same time.
    """

    def register(chore: Chore) -> Chore:
        _chores.append((seconds, chore))
        return chore

    return register


Work = Callable[[Task], Mapping[str, Any]]
_kinds: dict[str, Work] = {}


def kind(name: str) -> Callable[[Work], Work]:
    """Register the function that does the jobs of a kind; it returns what the page needs of the result."""

    def register(work: Work) -> Work:
        if name in _kinds:
            raise ValueError(f"jobs of the kind {name!r} are registered twice")
        _kinds[name] = work
        return work

    return register


def enqueue(
    *, scope: str, kind: str, arguments: Mapping[str, Any], actor_id: int | None, now: datetime
) -> Job:  # the address of its page needs the public id
    """Ask for work in the running unit of work; while the same is waiting or running, return that. Flushes for the id.

    Raises `KeyError` for an unknown kind.
    """
    _kinds[kind]
    for job in db.session.scalars(select(Job).where(Job.scope == scope, Job.kind == kind, Job.state.in_(OPEN_STATES))):
        if job.arguments == dict(arguments):
            return job
    job = Job(scope=scope, kind=kind, arguments=dict(arguments), created_at=now, created_by=actor_id)
    db.session.add(job)
    db.session.flush()  # the public id is made on insert and goes into an address
    return job


def job_of(scope: str, public: str) -> Job | None:
    """Return a job of the scope by its public id."""
    return db.session.scalar(select(Job).where(Job.scope == scope, Job.public_id == public))


def latest_of(scope: str, kind: str) -> Job | None:
    """Return the newest job of a kind in a scope."""
    return db.session.scalar(select(Job).where(Job.scope == scope, Job.kind == kind).order_by(Job.id.desc()).limit(1))


def claim(*, now: datetime) -> Task | None:
    """Take the oldest job that waits, or whose process has given no sign of life for a while.

    One that was begun too often is given up as "crashed".
    """
    orphaned = (Job.state == JobState.RUNNING) & (Job.beat_at < now - LEASE)
    free = (
        select(Job)
        .where(or_(Job.state == JobState.WAITING, orphaned))
        .order_by(Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    job = db.session.scalar(free)
    if job is None:
        return None
    if job.attempts >= MOST_ATTEMPTS:
        job.state, job.error, job.finished_at = JobState.FAILED, CRASHED, now
        return None
    job.state, job.attempts = JobState.RUNNING, job.attempts + 1
    job.started_at, job.beat_at, job.done = job.started_at or now, now, 0
    return Task(job.id, job.attempts, dict(job.arguments), job.created_by)


def run_next() -> bool:
    """Carry out one job, if there is one; tell whether there was. Needs an application context."""
    with unit_of_work():
        task = claim(now=clock.now())
        name = "" if task is None else db.session.get_one(Job, task.job_id).kind
    if task is None:
        return False
    with _Heart(current_app._get_current_object(), task):  # type: ignore[attr-defined]  # noqa: SLF001  the one way
        _carry_out(task, name)
    return True


def _carry_out(task: Task, name: str) -> None:
    values: dict[str, Any]
    try:
        values = {"state": JobState.DONE, "result": dict(_kinds[name](task)), "error": ""}
    except Refused as refused:
        facts = {key: str(value) for key, value in refused.facts.items()}
        values = {"state": JobState.FAILED, "error": refused.code, "result": facts}
    except Exception as error:
        logger.exception("job %s (%s) failed", task.job_id, name)
        values = {"state": JobState.FAILED, "error": f"{type(error).__name__}"[:300]}
    with unit_of_work():
        _write(task, finished_at=clock.now(), **values)


def _write(task: Task, **values: Any) -> None:
    """Write on a job as long as it is this attempt's; one that was taken over is left alone."""
    mine = (Job.id == task.job_id, Job.state == JobState.RUNNING, Job.attempts == task.attempt)
    db.session.execute(update(Job).where(*mine).values(**values), execution_options={"synchronize_session": False})


class _Heart(Thread):
    """Gives signs of life while a job computes and reports nothing."""

    def __init__(self, app: Flask, task: Task) -> None:
        super().__init__(name="job-heart", daemon=True)
        self._app, self._task, self._over = app, task, Event()

    def run(self) -> None:
        while not self._over.wait(BEAT_SECONDS):
            try:
                with self._app.app_context(), unit_of_work():
                    _write(self._task, beat_at=clock.now())
            except Exception:
                logger.exception("a job gave no sign of life")

    def __enter__(self) -> None:
        self.start()

    def __exit__(self, *problem: object) -> None:
        self._over.set()
        self.join()


class Worker(Thread):
    """Carries out jobs one after another until `stop()`; every serving process may have one."""

    def __init__(self, app: Flask, *, poll_seconds: float = POLL_SECONDS) -> None:
        super().__init__(name="jobs", daemon=True)
        self._app, self._poll_seconds, self._over = app, poll_seconds, Event()
        self._due: dict[Chore, float] = {}

    def run(self) -> None:
        """Work until stopped; a fault of the database is logged and tried again."""
        while not self._over.is_set():
            found = False
            try:
                with self._app.app_context():
                    found = run_next()
            except Exception:
                logger.exception("the worker stumbled and goes on")
            self._tidy()
            if not found:
                self._over.wait(self._poll_seconds)

    def _tidy(self) -> None:
        """Do the chores that are due; one that stumbles waits for its next turn."""
        for seconds, chore in _chores:
            if monotonic() < self._due.get(chore, 0):
                continue
            self._due[chore] = monotonic() + seconds
            try:
                with self._app.app_context():
                    chore()
            except Exception:
                logger.exception("a chore stumbled and is done again later")

    def stop(self, timeout: float | None = 30) -> None:
        """Let the job in hand be finished, then end the thread."""
        self._over.set()
        self.join(timeout)


def start_worker(app: Flask, *, poll_seconds: float = POLL_SECONDS) -> Worker:
    """Start the thread of a serving process."""
    worker = Worker(app, poll_seconds=poll_seconds)
    worker.start()
    return worker
