"""LG-10: a result is promised before the ceremony, opened after it, and checked on the page and by the script alone."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from contest.editions.queries import round_by_id
from contest.errors import RuleBroken
from contest.exchange.queries import results_bundle
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.results import services
from contest.results import verify_results as script
from contest.results.announcing import sealed
from contest.results.models import ResultCommitment, Snapshot
from contest.results.services.announcing import announce
from tests.factories import Make
from tests.results.conftest import Scored, scored
from tests.results.way import finalise

__all__ = ["scored"]


@pytest.fixture
def promised(scored: Scored, noon: datetime) -> str:
    finalise(scored.facts, scored.first.id, scored.organiser.id, noon)
    with unit_of_work():
        return announce(
            edition=scored.facts, round_id=scored.first.id, actor_id=scored.organiser.id, now=noon + timedelta(hours=1)
        )


def publish(scored: Scored, noon: datetime) -> None:
    with unit_of_work():
        services.publish_round(
            edition=scored.facts, round_id=scored.first.id, actor_id=scored.organiser.id, now=noon + timedelta(hours=2)
        )


def page_of(client: FlaskClient, scored: Scored, name: str = "promise") -> tuple[int, str]:
    client.set_cookie("locale", "en")
    answer = client.get(f"/e/{scored.facts.code}/results/r1/{name}")
    return answer.status_code, answer.text


@pytest.mark.both_databases
def test_lg_10_before_publication_only_the_code_and_its_time_are_told(
    client: FlaskClient, scored: Scored, promised: str
) -> None:
    status, page = page_of(client, scored)
    assert (status, promised in page) == (200, True)
    row = db.session.scalars(select(ResultCommitment)).one()
    snapshot = db.session.scalars(select(Snapshot)).one()
    assert row.nonce not in page
    assert snapshot.fingerprint[:16] not in page
    for title in re.findall(r'"title":"([^"]+)"', snapshot.payload):
        assert title not in page
    assert page_of(client, scored, "promise.json")[0] == 404


@pytest.mark.both_databases
def test_lg_10_after_publication_everybody_can_compute_it(
    client: FlaskClient, scored: Scored, promised: str, noon: datetime
) -> None:
    publish(scored, noon)
    status, page = page_of(client, scored)
    assert status == 200
    assert "The published result is the one that was promised." in page
    told = json.loads(page_of(client, scored, "promise.json")[1])
    assert told["digest"] == promised
    assert sealed(told["nonce"], told["document"]) == promised
    assert len(bytes.fromhex(told["nonce"])) == 32
    assert promised in page_of(client, scored, "promise")[1]
    assert "/results/r1/promise" in client.get(f"/e/{scored.facts.code}/results/r1").text


def test_lg_10_the_same_result_has_another_code_each_time(scored: Scored, promised: str, noon: datetime) -> None:
    with unit_of_work() as session:
        session.execute(text("DELETE FROM result_commitments"))
    with unit_of_work():
        again = announce(edition=scored.facts, round_id=scored.first.id, actor_id=scored.organiser.id, now=noon)
    assert again != promised


def test_lg_10_a_result_changed_in_the_database_after_the_promise_is_noticed(
    client: FlaskClient, scored: Scored, promised: str, noon: datetime
) -> None:
    publish(scored, noon)
    payload = db.session.scalars(select(Snapshot.payload)).one()
    changed = re.sub(r'"result":"(\d)', lambda found: f'"result":"{(int(found[1]) + 1) % 10}', payload, count=1)
    assert changed != payload
    with unit_of_work() as session:  # as somebody does who may drop triggers
        guards = session.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'snapshots' ORDER BY name")
        ).all()
        for name, _made in guards:
            session.execute(text(f"DROP TRIGGER {name}"))
        session.execute(text("UPDATE snapshots SET payload = :payload"), {"payload": changed})
        for _name, made in guards:
            session.execute(text(made))
    assert "The published result is not the one that was promised." in page_of(client, scored)[1]


def test_lg_10_only_a_frozen_result_that_is_not_public_is_promised_and_once(
    scored: Scored, noon: datetime, client: FlaskClient, make: Make, app: Flask
) -> None:
    by = {"edition": scored.facts, "round_id": scored.first.id, "actor_id": scored.organiser.id, "now": noon}

    def promise() -> str:
        with unit_of_work():
            return announce(**by)  # type: ignore[arg-type]  # as announce takes them

    with pytest.raises(RuleBroken, match="announce_frozen_only"):
        promise()
    assert page_of(client, scored)[0] == 404
    finalise(scored.facts, scored.first.id, scored.organiser.id, noon)
    organiser = app.test_client()
    make.sign_in(organiser, scored.organiser)
    address = f"/e/{scored.facts.code}/organise/results/r1"
    assert organiser.post(f"{address}/promise").status_code == 303
    digest = promise()
    assert promise() == digest
    assert digest in organiser.get(address).text
    acts = db.session.scalars(
        select(AuditEntry.action).where(AuditEntry.action == "results.promised").order_by(AuditEntry.id)
    ).all()
    assert acts == ["results.promised"]
    publish(scored, noon)
    with pytest.raises(RuleBroken, match="announce_frozen_only"):
        promise()


def test_lg_10_the_script_checks_the_promise_against_the_bundle(
    client: FlaskClient, scored: Scored, promised: str, noon: datetime, tmp_path: Path
) -> None:
    publish(scored, noon)
    round_ = round_by_id(scored.first.id)
    assert round_ is not None
    bundle, promise = tmp_path / "r1.zip", tmp_path / "promise.json"
    bundle.write_bytes(results_bundle(round_))
    promise.write_text(page_of(client, scored, "promise.json")[1], encoding="utf-8")

    def check(*more: str) -> tuple[int, str]:
        said: list[str] = []
        status = script.main([str(bundle), "--language", "en", "--commitment", str(promise), *more], said.append)
        return status, "\n".join(said)

    status, said = check("--announced", promised)
    assert (status, "the result is the one promised before" in said) == (0, True), said
    assert check("--announced", "0" * 64)[0] == 1
    told = json.loads(promise.read_text(encoding="utf-8"))
    document = json.loads(told["document"])
    document["results"][0][3] = "1.00"
    forged = json.dumps(document)
    promise.write_text(json.dumps({**told, "document": forged}))
    assert "does not fit its own number" in check()[1]
    promise.write_text(
        json.dumps({"digest": sealed(told["nonce"], forged), "nonce": told["nonce"], "document": forged})
    )
    status, said = check()
    assert (status, "this result is not the one that was promised" in said) == (1, True)
    promise.write_text("[]")
    assert check()[0] == 2
