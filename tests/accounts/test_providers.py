"""What the settings say of providers outside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from config import ConfigError, TestConfig
from contest import create_app
from contest.accounts.outside.providers import Claimed, may_create, read_providers, trusted_address
from contest.errors import RuleBroken

GOOD = {"discovery": "https://id.example.vn/x", "client_id": "c", "client_secret": "s"}


def faults(**values: Any) -> list[str]:
    return read_providers({"school": {**GOOD, **values}})[1]


def test_a_section_becomes_a_provider() -> None:
    google = {**GOOD, "discovery": "https://accounts.google.com/.well-known/openid-configuration"}
    found, wrong = read_providers({"google": google, "school": {**GOOD, "name": "Trường", "hosts": ["k.example.vn"]}})
    assert wrong == []
    assert found["google"].name == "Google"
    assert found["google"].hosts == {"accounts.google.com", "oauth2.googleapis.com", "www.googleapis.com"}
    assert found["school"].name == "Trường"
    assert found["school"].hosts == {"id.example.vn", "k.example.vn"}


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"client_id": ""}, "[school] client_id is missing"),
        ({"client_secret": 5}, "[school] client_secret is missing"),
        ({"discovery": "http://id.example.vn/x"}, "[school] discovery must be an https address"),
        ({"discovery": "http://127.0.0.1:9/x"}, "[school] discovery must be an https address"),
        ({"secret": "x"}, "[school] secret is not known"),
        ({"creates": "example.vn"}, "[school] creates must be a list of domain names"),
        ({"hosts": ["*"]}, "[school] hosts must be a list of domain names"),
    ],
)
def test_faults_are_named(values: dict[str, Any], fault: str) -> None:
    assert faults(**values) == [fault]


def test_the_file_is_read_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "oidc.toml"
    environ = {"DATABASE_URL": "sqlite://", "DATA_DIR": str(tmp_path), "APP_ENV": "test", "OIDC_FILE": str(path)}
    with pytest.raises(ConfigError, match="OIDC_FILE cannot be read"):
        create_app(TestConfig.from_env(environ))
    path.write_text('[school]\ndiscovery = "https://id.example.vn/x"\nclient_id = "c"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"OIDC_FILE: \[school\] client_secret is missing"):
        create_app(TestConfig.from_env(environ))
    path.write_text(path.read_text(encoding="utf-8") + 'client_secret = "s"\n', encoding="utf-8")
    assert list(create_app(TestConfig.from_env(environ)).extensions["outside"]) == ["school"]


def test_only_a_verified_address_or_a_trusted_directory_counts() -> None:
    plain, trusted = (read_providers({"a": {**GOOD, "trusts_every_address": one}})[0]["a"] for one in (False, True))
    claimed = Claimed("i", "s", "a@example.vn", email_verified=False, name="")
    with pytest.raises(RuleBroken, match="outside_unverified"):
        trusted_address(plain, claimed)
    assert trusted_address(trusted, claimed) == "a@example.vn"
    assert not may_create(plain, "a@example.vn")
