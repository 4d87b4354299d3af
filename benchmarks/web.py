"""`./run.py bench web`: how fast the busiest pages are, each as a share of what bare Flask does under the same server.

--seconds N         length of one round of load (default 1.5)
--rounds N          how often each page has its turn (default 5)
--database-url URL  a PostgreSQL server; tables are made in a schema of their own and dropped at the end
"""

from __future__ import annotations

import argparse
import json
import re
import secrets
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import create_engine, text

from benchmarks import Report, Row
from benchmarks._contest import FINALISTS, JUDGES, PANEL, SUBMISSIONS, Stage, build, stored_papers
from benchmarks._load import Saving, Visit
from benchmarks._servers import NAME, ROOT, THREADS, Server, free_port, served
from config import from_env
from contest import create_app

CONNECTIONS = 8
SPARE = 60.0  # seconds that a round of load may take on top of its own
PAGES = ("hello", "scoring", "save", "ranking")


@dataclass
class Page:
    """One page and what was measured on it, round by round."""

    kind: str
    server: Server
    lanes: list[dict[str, Any]]
    rates: list[float] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    size: int = 0
    busy: float = 0.0

    def load(self, seconds: float) -> float:
        """Send one round and note it; return the requests per second."""
        plan = {"kind": self.kind, "port": self.server.port, "seconds": seconds, "lanes": self.lanes}
        before = self.server.cpu_seconds()
        found = _round_of_load(plan, seconds)
        self.cpu.append((self.server.cpu_seconds() - before) / max(found["sent"], 1))
        self.lanes = found["lanes"]
        self.rates.append(len(found["times"]) / found["seconds"])
        self.times += found["times"]
        self.wrong += found["wrong"]
        self.size = found["bytes"] or self.size
        self.busy = max(self.busy, found["busy"])
        return self.rates[-1]

    def row(self, name: str) -> Row:
        """Return the line of the table."""
        hundredths = statistics.quantiles(self.times, n=100) if len(self.times) > 1 else [0.0] * 99
        return {
            "page": name,
            "req/s": round(statistics.median(self.rates), 1),
            "share %": round(100 * statistics.median(self.shares), 1),
            "cpu ms": round(1000 * statistics.median(self.cpu), 2),
            "p50 ms": round(1000 * hundredths[49], 2),
            "p95 ms": round(1000 * hundredths[94], 2),
            "bytes": self.size,
            "requests": len(self.times),
            "wrong": len(self.wrong),
        }


def run(args: list[str]) -> Report:
    """Build, serve, load in turns, then count in the database what the saves left."""
    parser = argparse.ArgumentParser(prog="bench web", description=__doc__, allow_abbrev=False)
    parser.add_argument("--seconds", type=float, default=1.5)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--database-url", default="")
    options = parser.parse_args(args)
    with ExitStack() as stack:
        stack.enter_context(_ended_politely())
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-web-"))
        database = stack.enter_context(_database(options.database_url, Path(folder)))
        environ = {**_environ(Path(folder), database), "PYTHONPATH": str(ROOT)}
        app = create_app(from_env(environ))
        stage = build(app)
        bare = stack.enter_context(served("benchmarks._hello:app", "/", environ, free_port()))
        ours = stack.enter_context(served("wsgi:app", "/healthz", environ, free_port()))
        pages = _pages(stage, bare, ours)
        _take_turns(pages, options.rounds, options.seconds)
        miscounted = _miscounted(app, pages["save"])
    for problem in [*(reason for page in pages.values() for reason in page.wrong), *miscounted]:
        print(f"wrong: {problem}", file=sys.stderr)
    return Report.of(
        [page.row(name) for name, page in pages.items()],
        wrong=sum(len(page.wrong) for page in pages.values()) + len(miscounted),
        server=f"{NAME}, 1 process, {THREADS} threads, {CONNECTIONS} connections",
        database=database.partition("://")[0],
        contest=f"{SUBMISSIONS} submissions x {PANEL} judges of {JUDGES}, {FINALISTS} papers open",
        start_seconds=round(ours.seconds, 2),
        load_generator_busy=round(max(page.busy for page in pages.values()), 2),
    )


@contextmanager
def _ended_politely() -> Iterator[None]:
    """Make a request to end (a closed terminal, `kill`) unwind like Ctrl+C, so that no server stays behind."""

    def leave(number: int, _frame: object) -> NoReturn:
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _database(url: str, folder: Path) -> Iterator[str]:
    """Yield the address of an empty database that is gone afterwards."""
    if not url:
        yield f"sqlite:///{(folder / 'bench.sqlite3').as_posix()}"
        return
    schema = f"bench_{secrets.token_hex(4)}"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    try:
        yield f"{url}{'&' if '?' in url else '?'}options=-csearch_path%3D{schema}"
    finally:
        with engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        engine.dispose()


def _environ(folder: Path, database: str) -> dict[str, str]:
    """Return the settings of a public server, on plain HTTP because nothing leaves this machine."""
    return {
        "APP_ENV": "production",
        "ALLOW_HTTP": "1",
        "BASE_URL": "http://127.0.0.1",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "DATA_DIR": str(folder),
        "DATABASE_URL": database,
        "LOG_LEVEL": "WARNING",
    }


def _pages(stage: Stage, bare: Server, ours: Server) -> dict[str, Page]:
    """Sign the judge in, open every paper once, and return what each connection will send."""
    link = HTTPConnection("127.0.0.1", ours.port, timeout=SPARE)
    cookie, token = _sign_in(link, stage.link)
    papers = stage.papers[:CONNECTIONS]
    forms = [_form(link, path, cookie) for path in papers]
    link.close()
    hello = [Visit("/", contains="hello") for _ in range(CONNECTIONS)]
    scoring = [Visit(path, contains=f'action="{path}"', cookie=cookie) for path in papers]
    ranking = [Visit(stage.ranking, contains=stage.last_title) for _ in range(CONNECTIONS)]
    blank = {f"C{number}": 0 for number in range(1, 7)}
    saves = [
        Saving(path, status=303, cookie=cookie, form={**form, "csrf_token": token}, marks=dict(blank))
        for path, form in zip(papers, forms, strict=True)
    ]
    lanes: dict[str, Sequence[Visit]] = {"hello": hello, "scoring": scoring, "save": saves, "ranking": ranking}
    return {
        name: Page(
            "save" if name == "save" else "visit",
            bare if name == "hello" else ours,
            [asdict(lane) for lane in lanes[name]],
        )
        for name in PAGES
    }


def _sign_in(link: HTTPConnection, path: str) -> tuple[str, str]:
    """Use the one-time link as a person does; return the cookie and a token for forms."""
    cookie, page = _ask(link, "GET", path, "")
    token = _hidden(page, "csrf_token")
    cookie, _ = _ask(link, "POST", path, cookie, urlencode({"csrf_token": token}))
    cookie, page = _ask(link, "GET", "/account", cookie)  # the page puts the secret of its token into the cookie
    return cookie, _hidden(page, "csrf_token")


def _form(link: HTTPConnection, path: str, cookie: str) -> dict[str, str]:
    _, page = _ask(link, "GET", path, cookie)
    return {"rubric_version": _hidden(page, "rubric_version"), "private_note": "", "after": ""}


def _ask(link: HTTPConnection, method: str, path: str, cookie: str, body: str | None = None) -> tuple[str, str]:
    """Return the cookie to go on with, and the page."""
    headers = {"Cookie": cookie} if cookie else {}
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    link.request(method, path, body, headers)
    answer = link.getresponse()
    page = answer.read().decode()
    if answer.status not in (200, 303):
        raise RuntimeError(f"{method} {path} answered {answer.status}")
    return (answer.getheader("Set-Cookie") or cookie).partition(";")[0], page


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    if found is None:
        raise RuntimeError(f"the page has no field {name}")
    return found[1]


def _take_turns(pages: dict[str, Page], rounds: int, seconds: float) -> None:
    """Load one page after the other, in turns; a share compares with the bare rounds right before and after it."""
    bare = pages["hello"]
    others = [page for page in pages.values() if page is not bare]
    before = bare.load(seconds)
    for _ in range(rounds):
        for page in others:
            rate = page.load(seconds)
            after = bare.load(seconds)
            page.shares.append(2 * rate / (before + after))
            bare.shares.append(after / statistics.median(bare.rates))
            before = after


def _round_of_load(plan: dict[str, Any], seconds: float) -> dict[str, Any]:
    """Run one round in a process of its own."""
    command = [sys.executable, "-m", "benchmarks._load"]
    child = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        figures, _ = child.communicate(json.dumps(plan), timeout=seconds + SPARE)
    finally:
        child.kill()
        child.wait()
    found: dict[str, Any] = json.loads(figures)
    return found


def _miscounted(app: Flask, saves: Page) -> list[str]:
    """Return how the database differs from what was answered as saved: a save lost, doubled, or with other marks."""
    stored = stored_papers(app)
    wanted = {lane["path"]: (lane["version"], lane["marks"]) for lane in saves.lanes}
    return [
        f"{path} holds {stored.get(path)}, {wanted.get(path)} was saved"
        for path in sorted(stored.keys() | wanted.keys())
        if stored.get(path) != wanted.get(path)
    ]
