"""CF-02 and CF-03: keys are changed without signing anybody out, a leaked one opens nothing, and none is shown."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

import run
from config import ConfigError, SigningKey, from_env
from contest.accounts import services
from contest.accounts.second import services as second
from contest.accounts.second.models import AppKey
from contest.errors import RuleBroken
from contest.infra.db import db, unit_of_work
from contest.infra.signing import keys_of, seal, unseal
from tests.factories import Make

OLD, NEW = "o3Yq9_x7LmZp2RtVb8NcWd5FgHj4SaQe", "n7Kd2-w5QzXv8BtLr4HsMf6YpGc9EaUj"
BOTH = SigningKey(NEW, (OLD,))
SAFE = {"APP_ENV": "production", "BASE_URL": "https://thi.example.vn", "SECRET_KEY": NEW}


def use(app: Flask, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    """Run with this key, as the settings would."""
    earlier = keys_of(key)[1:]
    monkeypatch.setitem(app.config, "SECRET_KEY", key)
    monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", list(earlier) or None)
    monkeypatch.setitem(app.config, "WTF_CSRF_SECRET_KEY", [*reversed(earlier), key])


def cookie(app: Flask, token: str) -> str:
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    return str(signer.dumps({"_user_id": token, "_fresh": True}))


def test_cf_02_a_session_holds_with_the_fallback_and_dies_without(
    app: Flask, make: Make, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = make.user("Cô Lan")
    with unit_of_work():
        token = services.start_session(user_id=user.id, device="test", now=noon)
    use(app, monkeypatch, OLD)
    client = app.test_client()
    client.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie(app, token))
    answers = []
    for key in (OLD, BOTH, SigningKey(NEW)):
        use(app, monkeypatch, key)
        answers.append(client.get("/account").status_code)
    assert answers == [200, 200, 303]


def test_cf_02_an_open_page_can_be_sent_with_the_fallback_and_not_without(
    app: Flask, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", value=True)
    use(app, monkeypatch, OLD)
    client = app.test_client()
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").get_data(as_text=True))
    assert found
    sent = {"csrf_token": found[1], "login": "nobody@example.org", "password": "một mật khẩu nào đó"}
    answers = []
    for key in (BOTH, SigningKey(NEW)):
        use(app, monkeypatch, key)
        answers.append(client.post("/sign-in", data=sent).status_code)
    assert answers == [422, 400]


def test_cf_02_a_code_for_the_door_holds_with_the_fallback_and_dies_without(
    app: Flask, make: Make, noon: datetime
) -> None:
    edition, user = make.edition(), make.user("Thầy Minh")

    def issue() -> str:
        with unit_of_work():
            return services.issue_link(
                user_id=user.id, edition_id=edition.id, secret_key=OLD, actor_id=None, now=noon
            ).code

    first, second_code = issue(), issue()
    with unit_of_work():
        services.redeem_code(edition_id=edition.id, code=second_code, secret_key=BOTH, now=noon)
    third = issue()
    with pytest.raises(RuleBroken, match="code_not_valid"), unit_of_work():
        services.redeem_code(edition_id=edition.id, code=third, secret_key=NEW, now=noon)
    assert first != third


def test_cf_02_what_is_sealed_opens_with_the_fallback_and_not_without() -> None:
    sealed = seal(OLD, "test", "bí mật")
    assert (unseal(BOTH, "test", sealed), unseal(NEW, "test", sealed)) == ("bí mật", None)
    assert unseal(OLD, "test", seal(BOTH, "test", "mới")) is None  # whatever is sealed now bears the new key


def test_cf_02_resealed_secrets_need_no_fallback(
    app: Flask, make: Make, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_id = make.user("Bà Hoa").id
    with unit_of_work():
        second.start_app(user_id=user_id, secret_key=OLD)
    use(app, monkeypatch, BOTH)
    secret = second.waiting_secret(user_id, BOTH)
    answer = app.test_cli_runner().invoke(args=["accounts", "reseal"])
    assert (answer.exit_code, answer.output) == (0, "1 sealed with the key in use\n")
    db.session.remove()
    assert secret
    assert second.waiting_secret(user_id, NEW) == secret
    assert db.session.get_one(AppKey, user_id).waiting


def test_the_settings_name_the_keys_in_their_order(tmp_path: Path) -> None:
    made = from_env({**SAFE, "DATA_DIR": str(tmp_path), "SECRET_KEY_FALLBACKS": f"{OLD}, {OLD[::-1]}"}).flask_settings()
    assert made["SECRET_KEY_FALLBACKS"] == [OLD, OLD[::-1]]
    assert made["WTF_CSRF_SECRET_KEY"] == [OLD[::-1], OLD, NEW]
    assert keys_of(made["SECRET_KEY"]) == (NEW, OLD, OLD[::-1])


@pytest.mark.parametrize("weak", ["short", "a" * 40, f"{OLD},x"])
def test_a_weak_fallback_is_refused(weak: str) -> None:
    with pytest.raises(ConfigError, match="SECRET_KEY_FALLBACKS"):
        from_env({**SAFE, "SECRET_KEY_FALLBACKS": weak})


@pytest.mark.parametrize(
    "key", ["change-me-change-me-change-me-0123456789", "my-super-SECRET_KEY-0123456789abcdefghij"]
)
def test_cf_01_a_key_out_of_an_example_is_refused(key: str) -> None:
    with pytest.raises(ConfigError, match="SECRET_KEY must hold"):
        from_env({**SAFE, "SECRET_KEY": key})


@pytest.mark.parametrize(
    ("url", "refused"),
    [
        ("postgresql://app@db.example.vn/contest", True),
        ("postgresql://app@10.0.0.8/contest?sslmode=require", True),
        ("postgresql://app:pw@10.0.0.8/contest", False),
        ("postgresql://app@10.0.0.8/contest?sslcert=a.pem", False),
        ("postgresql://app@127.0.0.1/contest", False),
        ("postgresql:///contest?host=/var/run/postgresql", False),
    ],
)
def test_cf_07_a_database_elsewhere_asks_for_a_password(url: str, *, refused: bool) -> None:
    if refused:
        with pytest.raises(ConfigError, match="DATABASE_URL must name a password"):
            from_env({**SAFE, "DATABASE_URL": url})
    else:
        assert from_env({**SAFE, "DATABASE_URL": url}).database_url.startswith("postgresql+psycopg://")


def test_cf_03_no_file_of_the_repository_holds_a_secret() -> None:
    root = Path(run.__file__).parent
    names = subprocess.run(
        [shutil.which("git") or "git", "ls-files"], cwd=root, capture_output=True, text=True, check=False
    ).stdout.split()
    bad = [name for name in names if re.search(r"(^|/)(\.env|secret_key|audit_key|.*\.(pem|p12|key))$", name)]
    assert bad == []


def test_cf_03_no_page_and_no_log_shows_a_secret(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    canary = SigningKey("canary-9vQ2_x7LmZp2RtVb8NcWd5FgHj4")
    use(app, monkeypatch, canary)
    for name in ("REDIS_URL", "SMTP_URL"):
        monkeypatch.setitem(app.config, name, f"smtp://u:{canary}@127.0.0.1:9")
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", value=False)
    monkeypatch.setitem(app.view_functions, "accounts.sign_in", app.view_functions["home.index"])

    def crash() -> str:
        raise RuntimeError(app.config["BASE_URL"])

    vars(crash)["__guard__"] = "public"
    monkeypatch.setitem(app.view_functions, "home.index", crash)
    client = app.test_client()
    said = "".join(client.get(path).get_data(as_text=True) for path in ("/", "/sign-in", "/no-such-page", "/healthz"))
    assert canary not in said
    assert canary not in caplog.text
    assert "error" in caplog.text
