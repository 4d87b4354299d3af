"""`./run.py bench letters`: the letters of a round of 500 teams, drafted from 1,500 comments, and as one PDF."""

from __future__ import annotations

import argparse
import os
import resource
import secrets
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import update

from benchmarks import Report, Row
from benchmarks._contest import CODE, DONE, SENTENCE, SUBMISSIONS, build
from config import from_env
from contest import create_app
from contest.editions.queries import edition_by_code, round_by_code
from contest.feedback import services
from contest.feedback.exports import letters_pdf
from contest.feedback.states import Languages
from contest.infra import clock
from contest.infra.db import release_connections, unit_of_work
from contest.judging.models import Scorecard

COMMENT = SENTENCE * 3


def run(args: list[str]) -> Report:
    """Draft, approve and release every letter of the published round, then set them all in one file."""
    argparse.ArgumentParser(prog="bench letters", description=__doc__, allow_abbrev=False).parse_args(args)
    with tempfile.TemporaryDirectory(prefix="bench-letters-") as folder:
        url = f"sqlite:///{(Path(folder) / 'bench.sqlite3').as_posix()}"
        settings = {"APP_ENV": "production", "ALLOW_HTTP": "1", "BASE_URL": "http://127.0.0.1", "LOG_LEVEL": "ERROR"}
        secret = secrets.token_urlsafe(48)
        app = create_app(
            from_env({**os.environ, **settings, "SECRET_KEY": secret, "DATA_DIR": folder, "DATABASE_URL": url})
        )
        build(app)
        with app.test_request_context():
            rows, wrong = _measured()
            release_connections()
    return Report.of(rows, wrong=wrong, database="sqlite", letters="both languages, with result and rank")


def _measured() -> tuple[list[Row], int]:
    edition = edition_by_code(CODE)
    round_ = round_by_code(edition.id, DONE) if edition else None
    if edition is None or round_ is None:
        raise RuntimeError("there is no contest")
    by: dict[str, Any] = {"round_id": round_.id, "actor_id": None, "now": clock.now()}
    with unit_of_work() as session:
        session.execute(update(Scorecard).values(feedback=COMMENT))
    with unit_of_work():
        comments, drafting = _timed(lambda: services.prepare_letters(languages=Languages.BOTH, with_place=True, **by))
    with unit_of_work():
        services.approve_unflagged(**by)
    with unit_of_work():
        released, releasing = _timed(lambda: services.release_screened(**by))
    data, setting = _timed(lambda: letters_pdf(edition, round_))
    rows: list[Row] = [
        {"what": "drafted comments", "count": comments, "seconds": drafting},
        {"what": "released letters", "count": released, "seconds": releasing},
        {"what": "one PDF", "count": released, "seconds": setting, "bytes": len(data), "peak MB": _peak()},
    ]
    return rows, int(released != SUBMISSIONS)


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    found = work()
    return found, round(time.perf_counter() - began, 2)


def _peak() -> int:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
