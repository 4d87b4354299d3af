"""Limits are shared by all processes when there is a Redis."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from redis import Redis

from contest.web.limits import waiting_seconds

ROOT = Path(__file__).resolve().parents[2]
REDIS = os.environ.get("TEST_REDIS_URL", "")
# One process of several: six wrong passwords, then the statuses.
PROCESS = """
from config import from_env
from contest import create_app
app = create_app(from_env())
app.config["WTF_CSRF_ENABLED"] = False
client = app.test_client()
data = {"login": "victim@example.vn", "password": "wrong"}
with app.app_context():
    from contest.infra.db import db
    db.create_all()
print(*[client.post("/sign-in", data=data).status_code for _ in range(6)])
"""


def statuses(folder: Path, redis_url: str) -> list[int]:
    environ = {
        **os.environ,
        "APP_ENV": "test",
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'limits.sqlite'}",
        "REDIS_URL": redis_url,
        "PYTHONPATH": str(ROOT),
    }
    run = subprocess.run(
        [sys.executable, "-c", PROCESS], env=environ, cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [int(word) for word in run.stdout.split()]


@pytest.mark.skipif(not REDIS, reason="TEST_REDIS_URL is not set")
def test_two_processes_count_together(tmp_path: Path) -> None:
    redis = Redis.from_url(REDIS)
    for key in redis.keys("LIMITS:*"):
        redis.delete(key)
    try:
        assert statuses(tmp_path, REDIS) == [422] * 6
        assert statuses(tmp_path, REDIS) == [422] * 4 + [429] * 2
        kept = " ".join(str(key) for key in redis.keys("LIMITS:*"))
        assert "sign_in" in kept
        assert "victim" not in kept
    finally:
        for key in redis.keys("LIMITS:*"):
            redis.delete(key)
        redis.close()


def test_without_its_redis_the_site_counts_alone(tmp_path: Path) -> None:
    assert statuses(tmp_path, "redis://127.0.0.1:1/0") == [422] * 6


@pytest.mark.parametrize(
    ("reset_at", "now", "seconds"),
    [
        (1_000.0 + 901, 1_000.0, 900),  # the library rounds the end up: all attempts in one second
        (1_900.0, 1_000.5, 900),
        (1_900.0, 1_899.2, 1),
        (1_900.0, 1_950.0, 1),  # the clock went past the end meanwhile
    ],
)
def test_nobody_waits_longer_than_the_window_or_less_than_a_second(reset_at: float, now: float, seconds: int) -> None:
    assert waiting_seconds(reset_at, now, 900) == seconds
