"""CF-10: while the database is away nothing opens: no page, no file, no right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from config import TestConfig
from contest import create_app
from contest.infra.db import db
from tests.ports import free_port
from tests.test_routes import address

# Neither asks the database for anything.
NO_DATA = {"static", "web.built", "web.security_txt"}
# Forms that anybody may see, and the program of the device: nobody's data stand there.
HARMLESS = {"/judging-worker.js", "/sign-in", "/sign-in/link"}


@pytest.fixture
def stranded(tmp_path: Path) -> Iterator[Flask]:
    """An application whose PostgreSQL is not there."""
    url = f"postgresql://nobody@127.0.0.1:{free_port()}/none"
    environ = {"APP_ENV": "test", "DATA_DIR": str(tmp_path), "DATABASE_URL": url, "BASE_URL": "http://localhost"}
    app = create_app(TestConfig.from_env(environ))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_cf_10_without_its_database_no_address_opens(stranded: Flask) -> None:
    client = stranded.test_client()
    client.set_cookie(stranded.config["SESSION_COOKIE_NAME"], "not-a-session")
    opened = {}
    for rule in stranded.url_map.iter_rules():
        if "GET" in (rule.methods or set()) and rule.endpoint not in NO_DATA:
            with client.get(address(rule)) as answer:
                if answer.status_code == 200:
                    opened[rule.rule] = answer.get_data(as_text=True)[:80]
    assert set(opened) == HARMLESS
