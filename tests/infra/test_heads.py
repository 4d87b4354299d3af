"""Signed heads: what was kept outside shows an end that was cut off and a history that was written anew."""

from __future__ import annotations

import json
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from contest.accounts.roles import Role
from contest.editions.jobs import sign_heads
from contest.editions.models import Edition
from contest.infra import audit, clock, heads
from contest.infra.db import db, unit_of_work
from contest.infra.mail import OutboxMail
from tests.factories import Make
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


@pytest.mark.both_databases
def test_lg_04_a_head_names_the_root_and_an_entry_is_proved_under_it(app: Flask, folder: Path, noon: datetime) -> None:
    act(noon, "a", "b", "c")
    head = heads.sign(folder, now=noon)
    act(noon, "d", "e")
    proof = heads.prove("edition:3", 2, size=3)
    assert proof.holds
    assert proof.under(head)
    assert heads.Proof.read(json.loads(json.dumps(proof.written()))) == proof
    assert not heads.prove("edition:3", 2).under(head)
    assert not replace(proof, seq=3).holds
    assert not replace(proof, digest="ab" * 32).holds
    assert heads.flaws(head, folder) == []
    for seq, size in ((0, 3), (4, 3), (6, None)):
        with pytest.raises(IndexError):
            heads.prove("edition:3", seq, size=size)


def test_lg_04_a_tree_that_was_written_anew_below_its_end_is_told(app: Flask, folder: Path, noon: datetime) -> None:
    """The root covers every digest: one swapped in the middle shows although the last one is the same."""
    act(noon, "a", "b", "c")
    head = heads.sign(folder, now=noon)
    with unguarded() as session:
        session.execute(text("UPDATE audit_entries SET digest = previous WHERE seq = 2"))
    assert heads.flaws(head, folder) == [heads.HeadFlaw.TRAIL]


def test_a_head_from_before_there_were_trees_still_holds(app: Flask, folder: Path, noon: datetime) -> None:
    act(noon, "a", "b")
    head = heads.sign(folder, now=noon)
    old = heads.Head(head.at, {scope: end[:2] for scope, end in head.ends.items()})
    signed = heads.Head(old.at, old.ends, head.key, b64encode(heads._key(folder).sign(old.said)).decode())  # noqa: SLF001
    assert heads.flaws(heads.Head.read(json.loads(signed.file)), folder) == []


def _act_that_fails(noon: datetime) -> None:
    with unit_of_work():
        audit.record(at=noon, actor_id=None, scope="edition:3", action="round.published")
        _ = 1 // 0


@pytest.mark.both_databases
def test_lg_05_a_head_is_signed_and_kept_with_the_act(app: Flask, folder: Path, noon: datetime) -> None:
    act(noon, "round.updated", "round.finalised")
    head, *others = heads.kept_heads("edition:3")
    assert not others
    assert head.ends["edition:3"][0] == 2
    assert heads.flaws(head, folder) == []
    assert heads.head_at("edition:3", reason="round.finalised", subject="", at=noon) == head
    assert heads.head_at("edition:3", reason="round.published", subject="", at=noon) is None
    with pytest.raises(ZeroDivisionError):
        _act_that_fails(noon)
    assert len(heads.kept_heads("edition:3")) == 1


def test_lg_05_observers_are_mailed_and_can_check_what_they_kept(
    app: Flask, make: Make, folder: Path, noon: datetime, tmp_path: Path
) -> None:
    edition = make.edition()
    for number, email in enumerate(("a@example.org", "b@example.org", None)):
        make.member(edition, Role.OBSERVER, make.user(f"Quan sát {number}", email=email))
    make.member(edition, Role.ORGANISER, make.user("Phạm Minh Tổ", email="c@example.org"))
    act(noon, "round.published", scope=f"edition:{edition.id}")
    mails = db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
    assert [one.recipient for one in mails] == ["a@example.org", "b@example.org"]
    (head,) = heads.kept_heads(f"edition:{edition.id}")
    assert head.short in mails[0].subject
    kept = tmp_path / "head.json"
    kept.write_text(mails[0].body[mails[0].body.index("{") :])
    run = app.test_cli_runner().invoke
    assert run(args=["audit", "verify", "--head", str(kept)]).exit_code == 0
    with unguarded() as session:
        session.execute(text("DELETE FROM audit_entries"))
    assert run(args=["audit", "verify", "--head", str(kept)]).exit_code == 1


def test_lg_05_the_command_signs_and_mails_at_intervals(app: Flask, make: Make, noon: datetime) -> None:
    edition = make.edition()
    make.member(edition, Role.OBSERVER, make.user("Quan sát", email="a@example.org"))
    act(noon, "a", scope=f"edition:{edition.id}")
    assert app.test_cli_runner().invoke(args=["audit", "head", "--mail"]).exit_code == 0
    assert db.session.scalars(select(OutboxMail.recipient).order_by(OutboxMail.id)).all() == ["a@example.org"]
    assert heads.kept_heads(f"edition:{edition.id}", reason="head.periodic")


def test_lg_04_the_command_proves_an_entry(app: Flask, noon: datetime, tmp_path: Path) -> None:
    act(noon, "a", "b", "c")
    run = app.test_cli_runner().invoke
    kept, proof = tmp_path / "head.json", tmp_path / "proof.json"
    run(args=["audit", "head", "--out", str(kept)])
    act(noon, "d")
    made = run(args=["audit", "prove", "edition:3", "2", "--head", str(kept), "--out", str(proof)])
    assert (made.exit_code, made.output.splitlines()[0][:24]) == (0, "edition:3 entry 2 of 3: ")
    assert run(args=["audit", "verify", "--proof", str(proof)]).exit_code == 0
    for arguments in (["edition:3", "9"], ["edition:9", "1"], ["edition:3", "4", "--head", str(kept)]):
        assert run(args=["audit", "prove", *arguments]).exit_code == 1
    written = json.loads(proof.read_text())
    proof.write_text(json.dumps({**written, "seq": 3}))
    answer = run(args=["audit", "verify", "--proof", str(proof)])
    assert (answer.exit_code, answer.output) == (1, "proof.json: the proof does not hold\n")
    with unguarded() as session:
        session.execute(text("UPDATE audit_entries SET digest = previous WHERE seq = 2"))
    answer = run(args=["audit", "prove", "edition:3", "1", "--head", str(kept)])
    assert "the trail no longer leads to this head" in answer.output


def scored_edition(make: Make, observers: int = 2) -> str:
    edition = make.edition()
    make.round(edition, state="scoring")
    for number in range(observers):
        make.member(edition, Role.OBSERVER, make.user(f"Quan sát {number}", email=f"o{number}@example.org"))
    return f"edition:{edition.id}"


@pytest.mark.both_databases
def test_lg_05_the_worker_signs_and_mails_while_a_round_is_scored(app: Flask, make: Make, noon: datetime) -> None:
    scope = scored_edition(make)
    act(noon, "a", scope=scope)

    def after(minutes: int) -> list[int]:
        with clock.stopped_at(noon + timedelta(minutes=minutes)):
            sign_heads()
        return [head.ends[scope][0] for head in heads.kept_heads(scope)]

    length = audit.length_of(scope)
    assert after(0) == [length]
    assert after(16) == [length]  # nothing new: no mail every quarter of an hour for nothing
    act(noon, "b", scope=scope)
    assert after(14) == [length]
    assert after(16) == [length + 1, length]
    assert after(40) == [length + 1, length]
    assert [one.recipient for one in db.session.scalars(select(OutboxMail).order_by(OutboxMail.id))] == [
        "o0@example.org",
        "o1@example.org",
    ] * 2


def test_lg_05_no_head_is_signed_when_nobody_scores_or_none_is_wanted(
    app: Flask, make: Make, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = make.edition()
    make.round(edition, state="open")
    act(noon, "a", scope=f"edition:{edition.id}")
    sign_heads()
    make.round(edition, "r2", state="scoring")
    with monkeypatch.context() as patch:
        patch.setitem(app.config, "HEADS_EVERY_MINUTES", 0)
        sign_heads()
    assert heads.kept_heads(f"edition:{edition.id}") == []
    sign_heads()
    assert len(heads.kept_heads(f"edition:{edition.id}")) == 1


@pytest.mark.both_databases
def test_lg_05_of_workers_at_the_same_time_one_signs(app: Flask, make: Make, noon: datetime) -> None:
    scope = scored_edition(make)
    act(noon, "a", scope=scope)
    gate = Barrier(4)

    def work() -> None:
        with app.app_context(), clock.stopped_at(noon):
            assert heads.is_due(scope, now=noon)
            db.session.remove()
            gate.wait(30)
            with unit_of_work():
                heads.keep_when_due(scope, now=noon)
            db.session.remove()

    with ThreadPoolExecutor(4) as pool:
        for one in [pool.submit(work) for _ in range(4)]:
            one.result()
    db.session.rollback()
    assert len(heads.kept_heads(scope)) == 1


@pytest.mark.parametrize("observers", [0, 1, 2])
def test_lg_05_too_few_observers_are_told(
    app: Flask, make: Make, client: FlaskClient, noon: datetime, observers: int
) -> None:
    scope, warned = scored_edition(make, observers), observers < 2
    edition = db.session.get_one(Edition, int(scope.partition(":")[2]))
    make.member(edition, Role.OBSERVER, make.user("Không có thư", email=None))
    make.sign_in(client, make.member(edition, Role.ORGANISER))
    client.set_cookie("locale", "en")
    page = client.get(f"/e/{edition.code}/organise/").text
    assert ("Fewer than two observers keep the signed audit trail" in page) is warned
    said = app.test_cli_runner().invoke(args=["check"]).stderr
    assert (f"{edition.code} is being scored and has {observers} observers" in said) is warned
    with unit_of_work() as session:
        session.execute(text("UPDATE rounds SET state = 'closed'"))
    assert "Fewer than two observers" not in client.get(f"/e/{edition.code}/organise/").text
    assert "is being scored" not in app.test_cli_runner().invoke(args=["check"]).stderr
