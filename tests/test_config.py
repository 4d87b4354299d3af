"""The settings: defaults, reading, refusing, and the page that describes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import config
from config import Config, ConfigError, DevConfig, ProdConfig, TestConfig, from_env

ROOT = Path(config.__file__).parent
GOOD_KEY = "k3Yq9_x7LmZp2RtVb8NcWd5FgHj4SaQe"
SAFE = {"APP_ENV": "production", "SECRET_KEY": GOOD_KEY, "BASE_URL": "https://thi.example.vn"}
ALARMS = tuple(name for name in config.SETTINGS if name.startswith("ALARM_"))


def problems(environ: Mapping[str, str]) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        from_env(environ)
    return caught.value.problems


class Recorder(Mapping[str, str]):
    """An empty environment that remembers what was asked of it."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


# The page and the code.


def test_the_page_lists_exactly_the_settings_in_the_same_order() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE) == list(config.SETTINGS)


def test_every_listed_setting_is_read_and_no_other() -> None:
    environ = Recorder()
    from_env(environ)
    assert environ.asked == set(config.SETTINGS)


def test_the_page_names_the_numbers_of_the_code() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    defaults = from_env({}).flask_settings()
    listed = dict(re.findall(r"^\| `([A-Z_]+)` \| `([^`@]+)` \|", page, re.MULTILINE))
    for name in ("PORT", "THREADS", "TRUSTED_PROXIES", "MAX_UPLOAD_MB", "SESSION_HOURS", "SESSION_IDLE_HOURS", *ALARMS):
        assert int(listed[name]) == defaults[name]
    for name in ("APP_ENV", "HOST", "DEFAULT_LOCALE", "DEFAULT_TIMEZONE", "LOG_LEVEL"):
        assert listed[name] == defaults[name]
    assert f"at least {config.MIN_KEY_LENGTH} random characters" in page


# Choosing the class.


@pytest.mark.parametrize(
    ("environ", "kind"),
    [
        ({}, DevConfig),
        ({"APP_ENV": ""}, DevConfig),
        ({"APP_ENV": " development "}, DevConfig),
        ({"APP_ENV": "test"}, TestConfig),
        (SAFE, ProdConfig),
    ],
)
def test_app_env_chooses_the_class(environ: dict[str, str], kind: type[Config]) -> None:
    assert type(from_env(environ)) is kind


def test_an_unknown_app_env_is_refused_by_name() -> None:
    assert problems({"APP_ENV": "prod"}) == ["APP_ENV must be one of development, test, production, not 'prod'"]


def test_without_an_argument_the_process_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_ENV", "test")
    monkeypatch.setenv("THREADS", "7")
    assert from_env().threads == 7


# Reading single values.


@pytest.mark.parametrize(
    ("given_url", "used"),
    [
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u@h:5433/d?sslmode=require", "postgresql+psycopg://u@h:5433/d?sslmode=require"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("sqlite://", "sqlite://"),
    ],
)
def test_database_addresses(given_url: str, used: str) -> None:
    assert from_env({"DATABASE_URL": given_url}).database_url == used


def test_a_relative_database_file_is_meant_from_where_the_person_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert from_env({"DATABASE_URL": "sqlite:///a.db"}).database_url == f"sqlite:///{(tmp_path / 'a.db').as_posix()}"


def test_an_absolute_database_file_is_kept(tmp_path: Path) -> None:
    url = f"sqlite:///{(tmp_path / 'a.db').as_posix()}"
    assert from_env({"DATABASE_URL": url}).database_url == url


def test_the_database_lies_in_the_data_folder_by_default(tmp_path: Path) -> None:
    chosen = from_env({"DATA_DIR": str(tmp_path)})
    assert chosen.database_url == f"sqlite:///{tmp_path.as_posix()}/bang-vang.sqlite3"


def test_the_data_folder_is_beside_the_code_wherever_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert from_env({}).data_dir == ROOT / "var"
    assert from_env({"DATA_DIR": "mine"}).data_dir == tmp_path / "mine"


def test_the_base_url_follows_the_port_and_loses_its_slash() -> None:
    assert from_env({}).base_url == "http://127.0.0.1:8000"
    assert from_env({"PORT": "8123"}).base_url == "http://127.0.0.1:8123"
    assert from_env({"BASE_URL": "https://thi.example.vn/"}).base_url == "https://thi.example.vn"


@pytest.mark.parametrize(("text", "value"), [("1", True), ("Yes", True), ("on", True), ("0", False), ("off", False)])
def test_switches(text: str, *, value: bool) -> None:
    assert from_env({"ALLOW_HTTP": text}).allow_http is value


def test_choices_are_found_whatever_the_case() -> None:
    chosen = from_env({"LOG_LEVEL": "debug", "DEFAULT_LOCALE": "EN"})
    assert (chosen.log_level, chosen.default_locale) == ("DEBUG", "en")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://h/d"),
        ("DATABASE_URL", "file.db"),
        ("DATA_DIR", "~nobody-by-this-name/x"),
        ("BASE_URL", "thi.example.vn"),
        ("BASE_URL", "https://thi.example.vn/bang-vang"),
        ("BASE_URL", "https://thi.example.vn:99999"),
        ("BASE_URL", "https://user@thi.example.vn"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "http"),
        ("THREADS", "-1"),
        ("THREADS", "2.5"),
        ("TRUSTED_PROXIES", "10"),
        ("ALLOW_HTTP", "maybe"),
        ("REDIS_URL", "http://127.0.0.1"),
        ("REDIS_URL", "redis://"),
        ("SMTP_URL", "mail.example.vn:25"),
        ("MAIL_FROM", "Bảng Vàng <a@example.vn>"),
        ("MAIL_FROM", "example.vn"),
        ("MAIL_FROM", "a@b@example.vn"),
        ("DEFAULT_LOCALE", "fr"),
        ("DEFAULT_TIMEZONE", "Asia/Atlantis"),
        ("DEFAULT_TIMEZONE", "../../etc/passwd"),
        ("MAX_UPLOAD_MB", "0"),
        ("SESSION_HOURS", "0"),
        ("SESSION_IDLE_HOURS", "abc"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_a_broken_value_is_one_sentence_that_names_the_setting(name: str, value: str) -> None:
    (sentence,) = problems({name: value})
    assert sentence.startswith(f"{name} must be ")


def test_all_faults_are_told_at_once() -> None:
    told = problems({"APP_ENV": "production", "PORT": "x", "SMTP_URL": "y", "FLASK_DEBUG": "1"})
    assert [sentence.split()[0] for sentence in told] == ["PORT", "SMTP_URL", "SECRET_KEY", "BASE_URL", "FLASK_DEBUG"]


def test_the_error_reads_as_a_list() -> None:
    with pytest.raises(ConfigError) as caught:
        from_env({"PORT": "x", "THREADS": "y"})
    assert str(caught.value) == (
        "The settings cannot be used:\n"
        "  - PORT must be a whole number from 1 to 65535\n"
        "  - THREADS must be a whole number from 1 to 512"
    )


@given(st.sampled_from(sorted(config.SETTINGS)), st.text(st.characters(exclude_characters="\0"), max_size=30))
def test_any_text_is_either_used_or_refused_with_a_sentence(name: str, value: str) -> None:
    told: list[str] = []
    try:
        from_env({name: value})
    except ConfigError as error:  # the other right outcome; anything else fails the test
        told = error.problems
    assert all(sentence.startswith(f"{name} must be ") for sentence in told)
