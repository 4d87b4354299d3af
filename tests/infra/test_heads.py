"""Signed heads: what was kept outside shows an end that was cut off and a history that was written anew."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from contest.infra import audit, heads
from contest.infra.db import unit_of_work
from tests.infra.test_audit import unguarded


@pytest.fixture
def folder(app: Flask) -> Path:
    return Path(app.config["DATA_DIR"])


def act(noon: datetime, *actions: str, scope: str = "edition:3") -> None:
    for action in actions:
        with unit_of_work():
            audit.record(at=noon, actor_id=None, scope=scope, action=action)


@pytest.mark.both_databases
def test_a_head_holds_while_the_trail_grows(app: Flask, folder: Path, noon: datetime) -> None:
    act(noon, "a", "b")
    act(noon, "c", scope="accounts")
    head = heads.sign(folder, now=noon)
    assert {scope: end[0] for scope, end in head.ends.items()} == {"edition:3": 2, "accounts": 1}
    act(noon, "d")
    assert heads.flaws(heads.Head.read(json.loads(json.dumps(head.written()))), folder) == []


@pytest.mark.both_databases
def test_an_end_that_is_cut_off_is_shown_by_a_head_alone(app: Flask, folder: Path, noon: datetime) -> None:
    act(noon, "a", "b", "c")
    head = heads.sign(folder, now=noon)
    with unguarded() as session:
        session.execute(text("DELETE FROM audit_entries WHERE seq = 3"))
    assert audit.broken() == []
    assert heads.flaws(head, folder) == [heads.HeadFlaw.TRAIL]


def test_a_history_written_anew_is_shown_by_a_head_alone(app: Flask, folder: Path, noon: datetime) -> None:
    act(noon, "a", "b")
    head = heads.sign(folder, now=noon)
    with unguarded() as session:
        session.execute(text("DELETE FROM audit_entries"))
    act(noon, "z", "b")
    assert audit.broken() == []
    assert heads.flaws(head, folder) == [heads.HeadFlaw.TRAIL]


def test_a_head_that_was_changed_or_signed_elsewhere_is_refused(
    app: Flask, folder: Path, noon: datetime, tmp_path: Path
) -> None:
    act(noon, "a")
    head = heads.sign(folder, now=noon)
    later = heads.Head("2027-01-01T00:00:00.000+00:00", head.ends, head.key, head.signature)
    assert heads.flaws(later, folder) == [heads.HeadFlaw.SIGNATURE]
    assert heads.flaws(heads.sign(tmp_path, now=noon), folder) == [heads.HeadFlaw.SIGNATURE]
    broken = heads.Head(head.at, head.ends, head.key, "no base64!")
    assert heads.flaws(broken, folder) == [heads.HeadFlaw.SIGNATURE]


def test_the_key_is_made_once_and_for_its_owner_alone(app: Flask, folder: Path, tmp_path: Path, noon: datetime) -> None:
    first, second = heads.sign(tmp_path, now=noon), heads.sign(tmp_path, now=noon)
    assert first == second
    assert (tmp_path / heads.KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(heads.KEY_FILE)] == [heads.KEY_FILE]


def test_the_commands_sign_and_verify(app: Flask, noon: datetime, tmp_path: Path) -> None:
    act(noon, "a", "b")
    run = app.test_cli_runner().invoke
    kept, other = tmp_path / "head.json", tmp_path / "other.json"
    signed = run(args=["audit", "head", "--out", str(kept)])
    assert heads.Head.read(json.loads(kept.read_text())).short in signed.output
    assert run(args=["audit", "verify", "--head", str(kept)]).output == "1 chains and 1 heads hold\n"
    other.write_text("[]")
    answer = run(args=["audit", "verify", "--head", str(other)])
    assert (answer.exit_code, answer.output) == (1, "other.json: this is no head of an audit trail\n")
    with unguarded() as session:
        session.execute(text("UPDATE audit_entries SET action = 'z' WHERE seq = 2"))
    answer = run(args=["audit", "verify", "--head", str(kept)])
    assert (answer.exit_code, answer.output) == (1, "edition:3: entry 2 does not fit (content)\n")
