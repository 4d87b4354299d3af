"""The settings in use: what production refuses, the development key, and what Flask gets."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import config
from config import ConfigError, from_env, kept_key
from contest.home.cli.gunicorn_server import server_settings

ROOT = Path(config.__file__).parent
GOOD_KEY = "k3Yq9_x7LmZp2RtVb8NcWd5FgHj4SaQe"
SAFE = {"APP_ENV": "production", "SECRET_KEY": GOOD_KEY, "BASE_URL": "https://thi.example.vn"}


def problems(environ: Mapping[str, str]) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        from_env(environ)
    return caught.value.problems


def settings(folder: Path, environ: Mapping[str, str]) -> dict[str, Any]:
    return from_env({"DATA_DIR": str(folder), **environ}).flask_settings()


# Production.


@pytest.mark.parametrize("key", ["", "short", "a" * 40, "changeme" * 2, "ab" * 30])
def test_production_refuses_a_weak_key(key: str) -> None:
    (sentence,) = problems({**SAFE, "SECRET_KEY": key})
    assert sentence.startswith("SECRET_KEY must hold at least 32 random characters")


def test_production_accepts_http_only_when_told_so() -> None:
    plain = {**SAFE, "BASE_URL": "http://10.0.0.5:8000"}
    assert [sentence.split()[0] for sentence in problems(plain)] == ["BASE_URL"]
    assert from_env({**plain, "ALLOW_HTTP": "1"}).https is False


def test_production_refuses_debug() -> None:
    assert problems({**SAFE, "FLASK_DEBUG": "1"}) == ["FLASK_DEBUG must be off"]


@pytest.mark.parametrize(
    "url", ["redis://10.0.0.7:6379/0", "rediss://cache.example.vn", "redis://user@cache.example.vn"]
)
def test_production_refuses_an_open_redis(url: str) -> None:
    (sentence,) = problems({**SAFE, "REDIS_URL": url})
    assert sentence.startswith("REDIS_URL must name a password")


@pytest.mark.parametrize("url", ["redis://:secret@10.0.0.7:6379/0", "redis://127.0.0.1:6379/0", "redis://localhost"])
def test_production_takes_a_redis_with_a_password_or_of_this_machine(url: str) -> None:
    assert from_env({**SAFE, "REDIS_URL": url}).redis_url == url


def test_production_answers_under_its_own_names_alone(tmp_path: Path) -> None:
    known = settings(tmp_path, {**SAFE, "EXTRA_HOSTS": "Chamthi.example.vn, 10.0.0.5"})["HOSTS"]
    assert known == ["thi.example.vn", "chamthi.example.vn", "10.0.0.5", "localhost", "127.0.0.1"]
    assert settings(tmp_path, {})["HOSTS"] is None
    assert problems({**SAFE, "EXTRA_HOSTS": "https://a.example.vn"})[0].startswith("EXTRA_HOSTS must be host names")


def test_production_uses_the_given_key_and_writes_none(tmp_path: Path) -> None:
    assert settings(tmp_path, SAFE)["SECRET_KEY"] == GOOD_KEY
    assert list(tmp_path.iterdir()) == []


def test_secrets_are_not_shown_when_settings_are_printed() -> None:
    environ = {
        **SAFE,
        "SMTP_URL": "smtp://u:hidden1@h",
        "REDIS_URL": "redis://:hidden2@h",
        "DATABASE_URL": "postgres://u:hidden3@h/d",
    }
    shown = repr(from_env(environ))
    assert GOOD_KEY not in shown
    assert "hidden" not in shown


def test_a_start_that_is_refused_shows_sentences_and_no_traceback() -> None:
    environ = {
        **os.environ,
        "APP_ENV": "production",
        "SECRET_KEY": "",
        "BASE_URL": SAFE["BASE_URL"],
        "FLASK_DEBUG": "0",
    }
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "routes"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(
        "The settings cannot be used:\n  - SECRET_KEY must hold at least 32 random characters"
    )
    assert "Traceback" not in done.stderr


# The development key.


def test_development_makes_a_key_once(tmp_path: Path) -> None:
    first = settings(tmp_path / "new", {})["SECRET_KEY"]
    assert settings(tmp_path / "new", {})["SECRET_KEY"] == first
    assert len(first) >= 64
    assert settings(tmp_path / "other", {})["SECRET_KEY"] != first


@pytest.mark.skipif(os.name == "nt", reason="Windows has no mode bits")
def test_only_the_owner_reads_the_key(tmp_path: Path) -> None:
    settings(tmp_path / "new", {})
    assert stat.S_IMODE((tmp_path / "new" / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_many_first_starts_at_once_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: kept_key(tmp_path), range(64)))
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_a_disk_without_hard_links_keeps_the_key_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(source: Path, target: Path) -> None:
        raise PermissionError(source, target)

    monkeypatch.setattr(os, "link", no_links)
    assert kept_key(tmp_path) == kept_key(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_the_key_of_the_process_that_was_first_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def beaten(source: Path, target: Path) -> None:
        assert source.exists()
        target.write_text(GOOD_KEY, encoding="ascii")
        raise FileExistsError(target)

    monkeypatch.setattr(os, "link", beaten)
    assert kept_key(tmp_path) == GOOD_KEY
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_a_damaged_key_file_is_refused_not_used(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("", encoding="ascii")
    with pytest.raises(ConfigError, match="is damaged"):
        kept_key(tmp_path)


def test_a_given_key_wins_in_development(tmp_path: Path) -> None:
    assert settings(tmp_path, {"SECRET_KEY": "mine"})["SECRET_KEY"] == "mine"
    assert list(tmp_path.iterdir()) == []


def test_a_data_folder_that_cannot_be_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="ascii")
    with pytest.raises(ConfigError, match="DATA_DIR cannot be used"):
        settings(tmp_path / "file", {})


# What Flask gets.


def test_reading_touches_no_file(tmp_path: Path) -> None:
    from_env({"DATA_DIR": str(tmp_path / "new")})
    assert not (tmp_path / "new").exists()


def test_cookies_over_http(tmp_path: Path) -> None:
    made = settings(tmp_path, {"PORT": "8001"})
    cookie = {name: value for name, value in made.items() if name.startswith("SESSION_COOKIE_")}
    assert cookie == {
        "SESSION_COOKIE_NAME": "session-8001",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": False,
    }


@pytest.mark.parametrize(
    ("base_url", "name"),
    [("https://thi.example.vn", "__Host-session"), ("https://thi.example.vn:8443", "__Host-session-8443")],
)
def test_cookies_over_https_are_bound_to_the_host(tmp_path: Path, base_url: str, name: str) -> None:
    made = settings(tmp_path, {**SAFE, "BASE_URL": base_url})
    assert (made["SESSION_COOKIE_NAME"], made["SESSION_COOKIE_SECURE"]) == (name, True)
    assert made["PREFERRED_URL_SCHEME"] == "https"


def test_limits_and_lifetimes(tmp_path: Path) -> None:
    made = settings(tmp_path, {"MAX_UPLOAD_MB": "10", "SESSION_HOURS": "24", "SESSION_IDLE_HOURS": "2"})
    assert made["MAX_UPLOAD_BYTES"] == 10 * 1024 * 1024
    assert made["MAX_CONTENT_LENGTH"] == 11 * 1024 * 1024
    assert made["PERMANENT_SESSION_LIFETIME"] == timedelta(days=1)
    assert made["SESSION_IDLE_LIFETIME"] == timedelta(hours=2)


def test_cf_05_what_is_sent_is_limited(tmp_path: Path) -> None:
    made = settings(tmp_path, SAFE)
    assert made["MAX_CONTENT_LENGTH"] == 51 * 1024 * 1024
    assert made["MAX_FORM_MEMORY_SIZE"] == 2 * 1024 * 1024
    assert made["MAX_FORM_PARTS"] == 2000


@pytest.mark.skipif(os.name == "nt", reason="gunicorn needs fork()")
def test_cf_05_gunicorn_limits_heads_ends_hanging_workers_and_renews_them() -> None:
    made = server_settings("127.0.0.1", 8000, threads=4)
    assert (made["timeout"], made["graceful_timeout"]) == (60, 30)
    assert (made["max_requests"], made["max_requests_jitter"]) == (20_000, 2_000)
    assert (made["limit_request_line"], made["limit_request_fields"], made["limit_request_field_size"]) == (
        8190,
        100,
        8190,
    )


def test_rate_limits_use_redis_when_it_is_named(tmp_path: Path) -> None:
    alone, shared = settings(tmp_path, {}), settings(tmp_path, {"REDIS_URL": "redis://127.0.0.1:6379/3"})
    assert (alone["RATELIMIT_STORAGE_URI"], alone["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"]) == ("memory://", False)
    assert shared["RATELIMIT_STORAGE_URI"] == "redis://127.0.0.1:6379/3"
    assert shared["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] is True


def test_language_and_mail(tmp_path: Path) -> None:
    made = settings(tmp_path, {"BASE_URL": "https://thi.example.vn", "SMTP_URL": "smtps://u:p@mail.example.vn"})
    assert (made["BABEL_DEFAULT_LOCALE"], made["BABEL_DEFAULT_TIMEZONE"]) == ("vi", "Asia/Ho_Chi_Minh")
    assert (made["SMTP_URL"], made["MAIL_FROM"]) == ("smtps://u:p@mail.example.vn", "no-reply@thi.example.vn")


def test_flask_gets_every_setting_under_its_own_name(tmp_path: Path) -> None:
    assert set(config.SETTINGS) <= set(settings(tmp_path, {}))
