"""`./run.py bench scoring-page`: the first load of the scoring page by a real Chromium over a slow line.

--loads N   how often, each time with an empty cache (default 5); the table shows medians
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks import Report, Row
from benchmarks._first_load import KBIT_PER_SECOND, LATENCY_MS, Load, first_load
from benchmarks._jury import build
from benchmarks._servers import NAME, ROOT, free_port, served
from benchmarks.web import _database, _ended_politely, _environ
from config import from_env
from contest import create_app

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
MOST_BYTES = 150_000


def run(args: list[str]) -> Report:
    """Measure over the slow line and without one; wrong is a load above the promised bytes."""
    parser = argparse.ArgumentParser(prog="bench scoring-page", description=__doc__, allow_abbrev=False)
    parser.add_argument("--loads", type=int, default=5)
    options = parser.parse_args(args)
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("chromium is not installed: apt-get install chromium")
    with _ended_politely(), ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-page-")))
        database = stack.enter_context(_database("", folder))
        environ = {**_environ(folder, database), "PYTHONPATH": str(ROOT)}
        (seat,) = build(create_app(from_env(environ)), 1)
        ours = stack.enter_context(served("wsgi:app", "/healthz", environ, free_port()))
        play = stack.enter_context(sync_playwright())
        browser = play.chromium.launch(executable_path=chromium, args=FLAGS)
        address = f"http://localhost:{ours.port}"
        name, _equals, value = seat.cookie.partition("=")
        cookies = [{"name": name, "value": value, "url": address}]
        slow = _loads(browser, address + seat.path, cookies, options.loads, slow=True)
        fast = _loads(browser, address + seat.path, cookies, options.loads, slow=False)
        browser.close()
    return Report.of(
        [_row(f"{KBIT_PER_SECOND} kbit/s, {LATENCY_MS} ms", slow), _row("this machine", fast)],
        wrong=sum(load.size >= MOST_BYTES for load in (*slow, *fast)),
        server=NAME,
        bytes_by_kind=", ".join(f"{kind} {size:,}" for kind, size in sorted(slow[0].kinds().items())),
    )


def _loads(browser: Browser, address: str, cookies: list[dict[str, str]], count: int, *, slow: bool) -> list[Load]:
    return [first_load(browser, address, cookies, slow=slow) for _ in range(count)]


def _row(line: str, loads: list[Load]) -> Row:
    return {
        "line": line,
        "painted ms": round(statistics.median(load.paint for load in loads)),
        "usable ms": round(statistics.median(load.usable for load in loads)),
        "all there ms": round(statistics.median(load.done for load in loads)),
        "bytes": max(load.size for load in loads),
    }
