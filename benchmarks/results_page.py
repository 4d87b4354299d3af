"""`./run.py bench results-page`: what the page of fair scores costs, in processor time beside a page that says hello.

--submissions N  of the round whose page is asked for (default 500)
--large N        submissions whose fair scores are computed without a page (default 5,000)
--times N        how often each page is asked for (default 15)
"""

from __future__ import annotations

import argparse
import random
import re
import secrets
import statistics
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from time import perf_counter, process_time

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from benchmarks import Report, Row
from benchmarks._contest import CODE, DONE, contest
from benchmarks._hello import app as hello
from config import from_env
from contest import create_app
from contest.accounts import services as accounts
from contest.editions.queries import edition_by_code, round_by_code
from contest.editions.rules import Aggregate, RoundRules
from contest.exchange.bundle.model import Bundle, BundleJudge, BundleScore, BundleSubmission
from contest.exchange.services import load_bundle
from contest.infra import cache, clock
from contest.infra.db import db, unit_of_work
from contest.results.fairness import fairness_of
from contest.results.queries import frozen_report, latest_snapshot

PANEL, PER_JUDGE = 5, 42
PAGE = f"/e/{CODE}/organise/results/{DONE}/fairness"
MINUTES = f"/e/{CODE}/organise/results/{DONE}/minutes"
RANKING = f"/e/{CODE}/organise/results/{DONE}"


@dataclass(frozen=True, slots=True)
class Spent:
    """One measurement: processor and wall time in milliseconds."""

    cpu: float
    wall: float


def run(args: list[str]) -> Report:
    """Build two contests, ask for pages with empty and with full caches, and compute the large one."""
    parser = argparse.ArgumentParser(prog="bench results-page", description=__doc__, allow_abbrev=False)
    parser.add_argument("--submissions", type=int, default=500)
    parser.add_argument("--large", type=int, default=5000)
    parser.add_argument("--times", type=int, default=15)
    options = parser.parse_args(args)
    with tempfile.TemporaryDirectory(prefix="bench-page-") as folder:
        app = _app(Path(folder) / "page", options.submissions)
        client, wrong = _signed_in(app), 0
        bare = _several(lambda: hello.test_client().get("/").status_code == 200, options.times)  # noqa: PLR2004
        rows = [_row("hello", bare[0], bare[0].cpu, bare[1])]
        for name, address, holds in (
            ("fairness", PAGE, options.submissions),
            ("minutes", MINUTES, options.submissions),
            ("ranking", RANKING, options.submissions),
        ):
            for state, forget in (("cold", True), ("warm", False)):
                ask = _asking(client, address, holds, forget=forget)
                spent, failed = _several(ask, 3 if forget else options.times)
                wrong += failed
                rows.append(_row(f"{name}, {state}", spent, bare[0].cpu, failed))
        large = _app(Path(folder) / "large", options.large)
        rows.append(_computed(large, options.large, bare[0].cpu))
    return Report.of(
        rows,
        wrong=wrong,
        contest=f"{options.submissions} submissions x {PANEL} judges, fair scores are the rule, finalised",
        database="sqlite",
    )


def _app(folder: Path, submissions: int) -> Flask:
    folder.mkdir()
    app = create_app(
        from_env(
            {
                "APP_ENV": "production",
                "ALLOW_HTTP": "1",
                "BASE_URL": "http://127.0.0.1",
                "SECRET_KEY": secrets.token_urlsafe(48),
                "DATA_DIR": str(folder),
                "DATABASE_URL": f"sqlite:///{(folder / 'bench.sqlite3').as_posix()}",
                "LOG_LEVEL": "ERROR",
            }
        )
    )
    with app.app_context():
        upgrade()
        with unit_of_work():
            load_bundle(_contest(submissions), actor_id=None, now=clock.now())
    return app


def _contest(submissions: int) -> Bundle:
    """Return a round that was published, each submission with five of the judges, who differ."""
    luck, whole = random.Random(2026), contest()
    judges = [f"GK{number:03d}" for number in range(1, max(PANEL, submissions * PANEL // PER_JUDGE) + 1)]
    kind = {judge: luck.gauss(0, 1.5) for judge in judges}
    first = replace(whole.edition.rounds[0], rules=RoundRules(min_judges=3, aggregate=Aggregate.SEVERITY))
    codes = [f"BT-{number:04d}" for number in range(1, submissions + 1)]
    return replace(
        whole,
        edition=replace(whole.edition, rounds=(first,)),
        submissions=tuple(BundleSubmission(code=code, title=f"Ý tưởng {code}", team=f"Đội {code}") for code in codes),
        judges=tuple(BundleJudge(code, f"Giám khảo {code}", email=f"{code.lower()}@example.org") for code in judges),
        assignments=(),
        scores=tuple(_scores(luck, codes, kind)),
        advancements=(),
    )


def _scores(luck: random.Random, codes: list[str], kind: dict[str, float]) -> Iterator[BundleScore]:
    for code in codes:
        level = luck.gauss(12, 2.5)
        for judge in sorted(luck.sample(sorted(kind), PANEL)):
            for place in range(1, 7):
                mark = round(level + kind[judge] + luck.gauss(0, 1.5))
                yield BundleScore(DONE, judge, code, f"C{place}", max(0, min(20, mark)))


def _signed_in(app: Flask) -> FlaskClient:
    """Return a client in which an administrator has signed in with a one-time link."""
    with app.app_context(), unit_of_work():
        now = clock.now()
        user = accounts.create_user(name="Quản trị", email="admin@example.org", now=now, is_admin=True)
        link = accounts.issue_link(
            user_id=user.id,
            edition_id=None,
            secret_key=app.config["SECRET_KEY"],
            actor_id=None,
            now=now,
            life=timedelta(hours=1),
        )
    client = app.test_client()
    page = client.get(f"/s/{link.token}").get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]*)"', page)
    if found is None or client.post(f"/s/{link.token}", data={"csrf_token": found[1]}).status_code != 303:  # noqa: PLR2004
        raise RuntimeError("nobody could sign in")
    return client


def _asking(client: FlaskClient, address: str, holds: int, *, forget: bool) -> Callable[[], bool]:
    def ask() -> bool:
        if forget:
            cache.clear_all()
        answer = client.get(address)
        page = answer.get_data(as_text=True)
        return answer.status_code == 200 and len(set(re.findall(r"BT-\d{4}", page))) == holds  # noqa: PLR2004

    ask()  # what the process does once in its life is not measured
    return ask


def _several(ask: Callable[[], bool], times: int) -> tuple[Spent, int]:
    """Return the medians and how often the answer was not right."""
    spent, failed = [], 0
    for _ in range(times):
        cpu, wall = process_time(), perf_counter()
        failed += not ask()
        spent.append(Spent(1000 * (process_time() - cpu), 1000 * (perf_counter() - wall)))
    middle = [statistics.median(getattr(one, name) for one in spent) for name in ("cpu", "wall")]
    return Spent(*middle), failed


def _row(name: str, spent: Spent, bare: float, failed: int) -> Row:
    return {
        "page": name,
        "cpu ms": round(spent.cpu, 2),
        "wall ms": round(spent.wall, 2),
        "x hello": round(spent.cpu / bare),
        "wrong": failed,
    }


def _computed(app: Flask, submissions: int, bare: float) -> Row:
    """Compute the fair scores of a large round from its snapshot, and from the report in memory."""
    with app.app_context():
        edition = edition_by_code(CODE)
        round_ = edition and round_by_code(edition.id, DONE)
        snapshot = round_ and latest_snapshot(round_.id)
        if not snapshot:
            raise RuntimeError("the large round was not finalised")
        report = frozen_report(snapshot.id)
        spent, failed = _several(lambda: len(fairness_of(report).tracks[0].lines) == submissions, 3)
        db.session.remove()
    return _row(f"computing {submissions} x {PANEL}", spent, bare, failed)
